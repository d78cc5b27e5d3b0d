"""Letters: what templates/letters/ may say: a plan for each kind of letter, and every name its Word template may use.

In:   nothing. Out: LetterPlan; closed tables of kinds and names, with what users read for each.
Pure. Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

REMIND, RECONCILE, RESULT = "don-doc", "ra-soat", "ket-qua"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        REMIND: "công văn đôn đốc nơi chưa gửi hoặc chưa sửa báo cáo",
        RECONCILE: "công văn đề nghị hai bên rà soát, đối chiếu số liệu khác nhau",
        RESULT: "công văn thông báo kết quả tiếp nhận báo cáo",
    }
)
"""Every kind of letter; its plan is templates/letters/<kind>.yaml."""

NAME, YEAR = "{ten}", "{nam}"
"""What a plan may leave open: the partner's name in `addressed`, the year in `subject` and `output`."""


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """What one kind of letter says of itself."""

    kind: str
    subject: str
    """The V/v of every letter, with {nam} for the year."""
    template: str
    output: str
    """Name of the file of all letters together; that of one letter has the partner's code before it."""
    nobody: str
    """What is said when no letter is to be written."""
    drafted_by: str = ""
    """Short name of who drafts it: the end of the number's code and of "Lưu: VT"."""
    leave_out: tuple[str, ...] = ()
    """Lines of the setting `noi_nhan` that such a letter is not sent to."""
    addressed: Mapping[str, str] = field(default_factory=dict)
    """By kind of partner how it is addressed: "Ủy ban nhân dân {ten}"; others by their name."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Words that the template prints by name."""
    file: str = ""


SHARED: Mapping[str, str] = MappingProxyType(
    {
        "minh_hoa": "có phải số liệu minh họa không (dùng sau if)",
        "nam": "năm báo cáo",
        "ngay": "ngày của công văn",
        "nam_ban_hanh": "năm của ngày công văn",
        "ky_tu": "ngày đầu kỳ báo cáo",
        "ky_den": "ngày cuối kỳ báo cáo",
        "han_gui": "hạn gửi báo cáo chung",
        "noi_gui": "địa chỉ nhận báo cáo",
        "co_quan_chu_quan": "cơ quan chủ quản, chữ hoa",
        "co_quan_ban_hanh": "cơ quan ban hành, chữ hoa",
        "ten_co_quan": "tên cơ quan ban hành viết trong câu",
        "ky_hieu": "ký hiệu công văn, ví dụ BDT-VP",
        "dia_danh": "địa danh ghi ở ngày tháng",
        "trich_yeu": "trích yếu, từ dòng subject",
        "noi_nhan": "danh sách nơi nhận",
        "chuc_vu_ky": "các dòng quyền hạn, chức vụ của người ký",
        "nguoi_ky": "họ tên người ký",
    }
)
"""Names that are the same in every letter of a run: the only ones a header or footer may print."""
OWN: Mapping[str, str] = MappingProxyType(
    {
        "ma": "mã đơn vị",
        "ten": "tên đơn vị như trong danh bạ",
        "kinh_gui": "tên đơn vị ghi sau Kính gửi",
    }
)
"""Names of the one it is addressed to."""

_OF_FORM: Mapping[str, str] = MappingProxyType(
    {
        "bieu": "mã biểu, ví dụ KN-01",
        "ten_bieu": "tên biểu",
        "han": "hạn gửi của đơn vị",
        "so_ngay": "số ngày quá hạn đến ngày công văn; 0 nếu chưa quá hạn",
        "con_ngay": "số ngày còn lại đến hạn; 0 nếu đã quá hạn",
        "lan": "bản nộp lần thứ mấy",
        "ngay_nhan": "ngày nhận bản nộp ấy",
        "tinh_trang": "mã tình trạng, dùng sau if",
        "tinh_trang_chu": "tình trạng bằng chữ",
        "so_loi": "số lỗi phải sửa",
        "so_canh_bao": "số cảnh báo",
        "da_tinh": "bản nộp trước đó đã được tính lần thứ mấy; 0 nếu chưa",
        "muon": "có gửi muộn không (dùng sau if)",
    }
)
_OF_FAULT: Mapping[str, str] = MappingProxyType({"o": "trang và ô", "noi_dung": "lỗi", "cach_sua": "cách sửa"})
_OF_DIFFERENCE: Mapping[str, str] = MappingProxyType(
    {
        "tt": "số thứ tự",
        "noi_dung": "nội dung hỗ trợ",
        "loai": "loại hoạt động",
        "thoi_gian": "thời gian",
        "muc": "khác nhau về: giá trị (đồng), số hộ, số người…",
        "ben_cho": "số liệu của đơn vị giúp đỡ",
        "o_ben_cho": "tệp, trang, ô của đơn vị giúp đỡ",
        "ben_nhan": "số liệu của nơi nhận",
        "o_ben_nhan": "tệp, trang, ô của nơi nhận",
        "chenh_lech": "chênh lệch: đơn vị giúp đỡ trừ nơi nhận",
    }
)

Record = Mapping[str, "str | Record"]
"""A name with its meaning, or with what each member of the list has below it."""

NAMES: Mapping[str, Record] = MappingProxyType(
    {
        REMIND: {"chua_gui": _OF_FORM, "cho_sua": _OF_FORM},
        RECONCILE: {
            "la_ben_cho": "đơn vị nhận công văn là đơn vị giúp đỡ (dùng sau if)",
            "so_dong": "số dòng khác nhau",
            "nhom": {"ten": "tên bên kia", "dong": _OF_DIFFERENCE},
        },
        RESULT: {
            "cac_bieu": {**_OF_FORM, "can_sua": _OF_FAULT, "so_con_lai": "số lỗi không kê hết"},
            "con_phai_lam": "đơn vị còn phải gửi hoặc sửa báo cáo không (dùng sau if)",
        },
    }
)
"""What each kind of letter has beside SHARED and OWN."""

LISTS: Mapping[str, str] = MappingProxyType(
    {
        "chua_gui": "các biểu chưa nhận được",
        "cho_sua": "các biểu đã gửi nhưng quá hạn mà chưa dùng được",
        "cac_bieu": "các biểu đơn vị phải gửi",
        "can_sua": "các lỗi phải sửa đầu tiên của biểu",
        "nhom": "các bên có số liệu khác",
        "dong": "các chỗ khác nhau với bên ấy",
    }
)
"""What users read for each list."""
