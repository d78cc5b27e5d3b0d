"""The shipped form KN-00 keeps what only the board knows; each rule has both its cases."""

from __future__ import annotations

import pytest
from shipped_forms import Answers, blank, faults, shipped

from generator.model import Scalar
from generator.stages.read import read
from spreadsheet_tables import FILE

SHEETS = {
    "huong_dan": "Hướng dẫn",
    "thong_tin_chung": "Thông tin chung",
    "van_ban": "Văn bản chỉ đạo",
    "dot_kiem_tra": "Đợt kiểm tra",
    "hoi_nghi": "Hội nghị",
    "nhan_dinh": "Nhận định",
    "phuong_huong": "Phương hướng",
    "kien_nghi": "Kiến nghị",
    "cau_phai_co": "Câu phải có",
    "kiem_tra": "Kiểm tra",
}
FIELDS = {
    **dict.fromkeys(["ma_don_vi", "ten_don_vi", "ky_bao_cao", "nguoi_tong_hop"], "text"),
    "nam_bao_cao": "integer",
    **dict.fromkeys(["van_ban.so_ky_hieu", "van_ban.co_quan", "dot_kiem_tra.dot", "hoi_nghi.ten"], "text"),
    **dict.fromkeys(["van_ban.ngay", "dot_kiem_tra.thoi_gian", "hoi_nghi.thoi_gian"], "date"),
    **dict.fromkeys(["van_ban.trich_yeu", "dot_kiem_tra.noi_dung", "dot_kiem_tra.ket_qua"], "paragraph"),
    "hoi_nghi.so_dai_bieu": "integer",
    "hoi_nghi.ket_qua": "paragraph",
    **dict.fromkeys(["uu_diem", "ton_tai", "nguyen_nhan_khach_quan", "nguyen_nhan_chu_quan"], "paragraph"),
    **dict.fromkeys(["phuong_huong", "nhiem_vu", "kien_nghi.noi_dung", "cau_phai_co.cau"], "paragraph"),
    "kien_nghi.noi_nhan": "text",
    "cau_phai_co.phan": "choice",
}
RIGHT: Answers = {
    "ma_don_vi": "TT-0001",
    "ten_don_vi": "Ban Dân tộc (minh họa)",
    "nam_bao_cao": "2025",
    "nguoi_tong_hop": "Nguyễn Văn A",
    "uu_diem": "Các đơn vị chủ động hơn",
    "ton_tai": "Một số đơn vị gửi muộn",
    "phuong_huong": "Giúp sinh kế là chính",
    "van_ban[1].so_ky_hieu": "125/KH-UBND",
    "van_ban[1].ngay": "2025-02-14",
    "van_ban[1].co_quan": "UBND tỉnh",
    "van_ban[1].trich_yeu": "về kế hoạch năm 2025",
    "dot_kiem_tra[1].dot": "Đợt 1",
    "dot_kiem_tra[1].thoi_gian": "2025-06-10",
    "dot_kiem_tra[1].noi_dung": "Kiểm tra 5 đơn vị",
    "dot_kiem_tra[1].ket_qua": "Đạt",
    "hoi_nghi[1].ten": "Hội nghị sơ kết",
    "hoi_nghi[1].thoi_gian": "2025-01-10",
    "kien_nghi[1].noi_nhan": "UBND tỉnh",
    "kien_nghi[1].noi_dung": "Điều chỉnh phân công",
    "cau_phai_co[1].phan": "IV. Phương hướng, nhiệm vụ",
    "cau_phai_co[1].cau": "Tiếp tục thực hiện Chỉ thị số 23-CT/TU.",
}


def _twice(table: str) -> Answers:
    return {path.replace("[1]", "[2]"): answer for path, answer in RIGHT.items() if path.startswith(f"{table}[")}


WRONG: list[tuple[Answers, dict[str, list[str]]]] = [
    *(({field: ""}, {f"{field}_con_thieu": [field]}) for field in ("uu_diem", "ton_tai", "phuong_huong")),
    ({"van_ban[1].ngay": "2024-12-14"}, {"van_ban_trong_ky": ["van_ban[1].ngay"]}),
    ({"dot_kiem_tra[1].thoi_gian": "2025-12-15"}, {"kiem_tra_trong_ky": ["dot_kiem_tra[1].thoi_gian"]}),
    ({"hoi_nghi[1].thoi_gian": "2026-01-10"}, {"hoi_nghi_trong_ky": ["hoi_nghi[1].thoi_gian"]}),
    (_twice("van_ban"), {"van_ban_khong_trung": ["van_ban[2].so_ky_hieu"]}),
    (_twice("kien_nghi"), {"kien_nghi_khong_trung": ["kien_nghi[2].noi_nhan"]}),
    (_twice("cau_phai_co"), {"cau_khong_trung": ["cau_phai_co[2].cau"]}),
]


def test_it_has_its_sheets_in_order_and_is_the_boards() -> None:
    form = shipped("KN-00")
    assert [(sheet.code, sheet.title) for sheet in form.sheets] == list(SHEETS.items())
    assert form.role == "board"


def test_it_asks_exactly_the_agreed_fields_with_their_types() -> None:
    assert {path: field.type for path, field in shipped("KN-00").paths()} == FIELDS


def test_a_sentence_belongs_to_one_of_the_five_parts_of_the_report() -> None:
    labels = [choice.label for choice in shipped("KN-00").choices["phan"]]
    assert [label.partition(".")[0] for label in labels] == ["I", "II", "III", "IV", "V"]


def test_a_right_return_breaks_no_rule() -> None:
    assert faults(shipped("KN-00"), RIGHT) == {}


@pytest.mark.parametrize(("changes", "expected"), WRONG, ids=[next(iter(one)) for _, one in WRONG])
def test_a_rule_finds_its_fault_and_no_other_rule_does(changes: Answers, expected: dict[str, list[str]]) -> None:
    assert faults(shipped("KN-00"), {**RIGHT, **changes}) == expected


def test_every_stated_rule_has_a_failing_return() -> None:
    assert {rule.code for rule in shipped("KN-00").rules} == {code for _, expected in WRONG for code in expected}


def test_the_board_is_not_told_to_send_a_letter_to_itself() -> None:
    prefill: dict[str, Scalar] = {"partner.code": "TT-0001", "partner.name": "Ban Dân tộc (minh họa)"}
    raw, _ = read(blank("KN-00").fill(prefill), FILE, {"KN-00": shipped("KN-00")})
    assert raw is not None
    shown = [cell for sheet in raw.sheets for row in sheet.rows for cell in row if isinstance(cell, str)]
    assert "Đơn vị báo cáo: Ban Dân tộc (minh họa)" in shown
    assert not [text for text in shown if text.startswith(("Đơn vị nhận báo cáo", "Gửi trước", "Gửi đến:"))]
