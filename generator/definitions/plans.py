"""Plans: what a report is made of, as data; the records that templates/reports/*.yaml are loaded into.

In:   nothing. Out: ReportPlan and its parts, and the names that a Word template may use.
Pure. Imports nothing of ours. `definitions.load_plans` makes these records and checks every name in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

UNIT_KEY = "don_vi"
"""Key of grouping: the partner that sent the submission."""
FRAME_KEYS: Mapping[str, str] = MappingProxyType({UNIT_KEY: "partner"})
"""Keys that are not columns of a form, with their column in the dataset."""

THIS_YEAR, PREVIOUS_YEAR = "this", "previous"

COUNTS: Mapping[str, str] = MappingProxyType(
    {
        "so_don_vi": "số đơn vị phải báo cáo",
        "so_don_vi_da_bao_cao": "số đơn vị đã có báo cáo được tổng hợp",
        "so_don_vi_chua_tong_hop": "số đơn vị chưa có báo cáo được tổng hợp",
        "so_don_vi_dung_han": "số đơn vị gửi đúng hạn",
        "so_don_vi_muon": "số đơn vị gửi muộn",
        "so_don_vi_khong_phat_sinh": "số đơn vị báo cáo không phát sinh",
        "so_don_vi_cho_chinh_sua": "số đơn vị phải chỉnh sửa báo cáo",
        "so_don_vi_chua_gui": "số đơn vị chưa gửi báo cáo",
        "so_don_vi_duoc_mien": "số đơn vị được miễn báo cáo",
    }
)
"""Figures that every report has: how many of how many have reported."""

STANDARD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "minh_hoa": "có phải số liệu minh họa không (dùng sau if)",
        "nam": "năm báo cáo",
        "nam_truoc": "năm trước năm báo cáo",
        "nam_sau": "năm sau năm báo cáo",
        "ky_tu": "ngày đầu kỳ báo cáo",
        "ky_den": "ngày cuối kỳ báo cáo",
        "han_gui": "hạn gửi báo cáo của các đơn vị",
        "can_cu": "danh sách văn bản căn cứ còn hiệu lực tại ngày cuối kỳ",
        "co_quan_chu_quan": "cơ quan chủ quản, chữ hoa",
        "co_quan_ban_hanh": "cơ quan ban hành, chữ hoa",
        "ten_co_quan": "tên cơ quan ban hành viết trong câu",
        "ky_hieu": "ký hiệu văn bản, ví dụ BC-BDT",
        "dia_danh": "địa danh ghi ở ngày tháng",
        "kinh_gui": "danh sách nơi được gửi báo cáo",
        "noi_nhan": "danh sách nơi nhận",
        "chuc_vu_ky": "các dòng quyền hạn, chức vụ của người ký",
        "nguoi_ky": "họ tên người ký",
        "ten_don_vi_chua_gui": "danh sách tên đơn vị chưa gửi",
        "ten_don_vi_cho_chinh_sua": "danh sách tên đơn vị phải chỉnh sửa",
        "ten_don_vi_muon": "danh sách tên đơn vị gửi muộn",
        "ten_don_vi_khong_phat_sinh": "danh sách tên đơn vị không phát sinh",
        "ten_don_vi_duoc_mien": "danh sách tên đơn vị được miễn",
    }
)
"""Names that every template may use beside those of its plan, with their meaning."""
STANDARD_LISTS = (
    "kinh_gui",
    "noi_nhan",
    "chuc_vu_ky",
    "ten_don_vi_chua_gui",
    "ten_don_vi_cho_chinh_sua",
    "ten_don_vi_muon",
    "ten_don_vi_khong_phat_sinh",
    "ten_don_vi_duoc_mien",
)
"""Those of them that are lists of texts."""
LEGAL_BASIS = "can_cu"
LEGAL_BASIS_PARTS = ("loai", "so", "ngay", "co_quan", "trich_yeu")
"""What each document of `can_cu` has."""


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """One figure, or one for each group when `by` names keys."""

    code: str
    label: str
    form: str
    table: str
    """Code of the table, "" for a single field."""
    column: str
    aggregation: str
    """Name in `aggregations.AGGREGATIONS`."""
    unit: str
    by: tuple[str, ...] = ()
    """Keys of grouping: `don_vi`, a choice, partner or yes-no column of the table, or a derived key."""
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Only rows whose key is one of these codes."""
    without: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Not the rows whose key is one of these codes; rows without the key stay."""
    year: str = THIS_YEAR
    line: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure of this year against one of last year, in per cent."""

    code: str
    label: str
    current: str
    previous: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows for a template to loop over: one for each member of a key, with figures as its columns.

    Members of `don_vi` are the partners that owe the form; of a choice, the choices of its list.
    """

    code: str
    label: str
    by: str
    columns: Mapping[str, str]
    """Name in the template -> code of a figure, with further keys in brackets: "gia_tri[kinh_te]"."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """Free text of partners, quoted with its source: a list of {don_vi, noi_dung} in the template.

    Of a table also the columns named in `beside`.
    """

    code: str
    label: str
    form: str
    table: str
    column: str
    beside: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """A report: its figures, comparisons, listings and quotes, and the Word file that prints them."""

    code: str
    title: str
    form: str
    """The form whose obligations the report counts."""
    template: str
    """File name of the Word template, beside the plan."""
    output: str
    """Name of the document, with {year}."""
    figures: tuple[FigureSpec, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    listings: tuple[Listing, ...] = ()
    quotes: tuple[Quote, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    """Fixed words of this report that the template may use, by name."""
    file: str = ""
    unread: frozenset[str] = frozenset()
    """Figures and quotes that the file declares but that have a fault; empty in a plan that a report is made from."""

    def names(self) -> Iterator[str]:
        """Every name that a template of this report may use."""
        yield from COUNTS
        yield from STANDARD_NAMES
        for part in (self.figures, self.comparisons, self.listings, self.quotes):
            yield from (one.code for one in part)
        yield from self.words
