"""The shipped form KN-03 asks both kinds of partner for five years; each rule has both its cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from shipped_forms import CAMPAIGN, Answers, blank, faults, shipped

from generator.model import Scalar
from generator.stages.blank.draft import spanning
from generator.stages.read import read
from spreadsheet_tables import FILE

SHEETS = {
    "huong_dan": "Hướng dẫn",
    "thong_tin_chung": "Thông tin chung",
    "tong_hop": "Số liệu các năm",
    "danh_gia": "Đánh giá",
    "khen_thuong": "Đề nghị khen thưởng",
    "phuong_huong": "Phương hướng",
    "kiem_tra": "Kiểm tra",
}
FIELDS = {
    **dict.fromkeys(["ma_don_vi", "ten_don_vi", "ky_bao_cao", "thu_truong", "nguoi_phu_trach"], "text"),
    **dict.fromkeys(["dien_thoai", "thu_dien_tu", "so_cong_van", "nguoi_ky"], "text"),
    **dict.fromkeys(["nam_dau", "nam_bao_cao"], "year"),
    "ngay_cong_van": "date",
    "tong_hop.nam": "year",
    "tong_hop.linh_vuc": "choice",
    "tong_hop.gia_tri": "money",
    **dict.fromkeys(["tong_hop.so_ho", "tong_hop.so_nguoi"], "integer"),
    "tong_hop.ghi_chu": "text",
    **dict.fromkeys(["ket_qua_noi_bat", "dien_hinh", "ton_tai", "nguyen_nhan_khach_quan"], "paragraph"),
    **dict.fromkeys(["nguyen_nhan_chu_quan", "bai_hoc", "phuong_huong", "nhiem_vu", "giai_phap"], "paragraph"),
    "khen_thuong.ten": "text",
    "khen_thuong.loai": "choice",
    "khen_thuong.thanh_tich": "paragraph",
}
RIGHT: Answers = {
    "ma_don_vi": "DV-0001",
    "ten_don_vi": "Sở (minh họa) 01",
    "nam_dau": "2021",
    "nam_bao_cao": "2025",
    "thu_truong": "Nguyễn Văn A",
    "nguoi_phu_trach": "Trần Thị B",
    "dien_thoai": '"0905 123 456"',
    "thu_dien_tu": "so@donvi.example",
    "ket_qua_noi_bat": "Giúp 40 hộ thoát nghèo",
    "ton_tai": "Chưa đều giữa các năm",
    "bai_hoc": "Khảo sát trước khi giúp",
    "phuong_huong": "Giúp sinh kế",
    "tong_hop[1].nam": "2021",
    "tong_hop[1].linh_vuc": "An sinh xã hội",
    "tong_hop[1].gia_tri": "150000000",
    "tong_hop[1].so_ho": "30",
    "tong_hop[1].so_nguoi": "120",
    "tong_hop[2].nam": "2025",
    "tong_hop[2].linh_vuc": "An sinh xã hội",
    "tong_hop[2].gia_tri": "90000000",
    "tong_hop[2].so_ho": "12",
    "tong_hop[2].so_nguoi": "12",
    "khen_thuong[1].ten": "Phòng Hành chính (minh họa)",
    "khen_thuong[1].loai": "Tập thể",
    "khen_thuong[1].thanh_tich": "Năm năm liền",
}
AWARD = {path.replace("[1]", "[2]"): answer for path, answer in RIGHT.items() if path.startswith("khen_thuong")}
WRONG: list[tuple[Answers, dict[str, list[str]]]] = [
    *(
        ({field: ""}, {f"{field}_con_thieu": [field]})
        for field in ("ket_qua_noi_bat", "ton_tai", "bai_hoc", "phuong_huong")
    ),
    ({"dien_thoai": '"0905"'}, {"dien_thoai_dung_dang": ["dien_thoai"]}),
    ({"thu_dien_tu": "so"}, {"thu_dien_tu_dung_dang": ["thu_dien_tu"]}),
    ({"tong_hop[1].nam": "2020"}, {"nam_khong_truoc_giai_doan": ["tong_hop[1].nam"]}),
    ({"tong_hop[2].nam": "2026"}, {"nam_khong_sau_giai_doan": ["tong_hop[2].nam"]}),
    ({"tong_hop[2].nam": "2021"}, {"moi_nam_linh_vuc_mot_dong": ["tong_hop[2].nam"]}),
    ({"tong_hop[2].so_nguoi": "11"}, {"nguoi_khong_it_hon_ho": ["tong_hop[2].so_nguoi"]}),
    ({"tong_hop[1].gia_tri": "150"}, {"gia_tri_khong_lech_bac": ["tong_hop[1].gia_tri"]}),
    (AWARD, {"khen_thuong_khong_trung": ["khen_thuong[2].ten"]}),
]


def test_it_has_its_sheets_in_order_and_is_owed_by_both_kinds_of_partner() -> None:
    form = shipped("KN-03")
    assert [(sheet.code, sheet.title) for sheet in form.sheets] == list(SHEETS.items())
    assert (form.role, form.years) == ("both", 5)
    assert "THEO BÁO CÁO CỦA ĐƠN VỊ" in form.title


def test_it_asks_exactly_the_agreed_fields_with_their_types() -> None:
    assert {path: field.type for path, field in shipped("KN-03").paths()} == FIELDS


def test_the_fields_of_help_are_those_of_the_yearly_form() -> None:
    assert shipped("KN-03").choices["linh_vuc"] == shipped("KN-01").choices["linh_vuc"]


def test_a_right_return_breaks_no_rule() -> None:
    assert faults(shipped("KN-03"), RIGHT) == {}


@pytest.mark.parametrize(("changes", "expected"), WRONG, ids=[next(iter(one)) for _, one in WRONG])
def test_a_rule_finds_its_fault_and_no_other_rule_does(changes: Answers, expected: dict[str, list[str]]) -> None:
    assert faults(shipped("KN-03"), {**RIGHT, **changes}) == expected


def test_every_stated_rule_has_a_failing_return() -> None:
    assert {rule.code for rule in shipped("KN-03").rules} == {code for _, expected in WRONG for code in expected}


@pytest.mark.parametrize(
    ("start", "years", "begun"),
    [
        (date(2024, 12, 15), 5, date(2020, 12, 15)),
        (date(2024, 2, 29), 5, date(2020, 2, 28)),
        (date(2024, 2, 29), 2, date(2023, 2, 28)),
        (date(2024, 2, 29), 1, date(2024, 2, 29)),
    ],
)
def test_a_period_of_some_years_begins_on_the_day_of_the_campaigns(start: date, years: int, begun: date) -> None:
    one = replace(CAMPAIGN, start=start)
    spanned = spanning(one, years)
    assert spanned is not None
    assert (spanned.start, spanned.end, spanned.deadline) == (begun, one.end, one.deadline)


def test_the_blank_names_the_five_years_and_their_period() -> None:
    prefill: dict[str, Scalar] = {"partner.code": "DV-0001", "partner.name": "Sở (minh họa) 01"}
    raw, _ = read(blank("KN-03").fill(prefill), FILE, {"KN-03": shipped("KN-03")})
    assert raw is not None
    assert raw.identity.year == CAMPAIGN.year
    shown = {
        cell for sheet in raw.sheets if sheet.name == SHEETS["thong_tin_chung"] for row in sheet.rows for cell in row
    }
    assert "Kỳ báo cáo: 05 năm 2021 - 2025 (từ ngày 15/12/2020 đến ngày 14/12/2025)" in shown
    assert {2021.0, 2025.0, "từ ngày 15/12/2020 đến ngày 14/12/2025"} <= shown
