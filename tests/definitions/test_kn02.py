"""The shipped form KN-02 asks a commune or district what forms-and-reports asks for; each rule has both its cases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shipped_forms import NEIGHBOURS, Answers, as_text, faults, shipped

from generator.issues import Severity
from spreadsheet_tables import normalised

SHEETS = {
    "huong_dan": "Hướng dẫn",
    "thong_tin_chung": "Thông tin chung",
    "tinh_hinh": "Tình hình",
    "nhan_duoc": "Hỗ trợ nhận được",
    "danh_gia": "Đánh giá",
    "nhu_cau": "Nhu cầu năm sau",
    "kien_nghi": "Kiến nghị",
    "kiem_tra": "Kiểm tra",
}
FIELDS = {
    **dict.fromkeys(["ma_don_vi", "ten_don_vi", "ky_bao_cao", "thu_truong", "nguoi_phu_trach"], "text"),
    **dict.fromkeys(["dien_thoai", "thu_dien_tu", "so_cong_van", "nguoi_ky"], "text"),
    "nam_bao_cao": "integer",
    "ngay_cong_van": "date",
    **{f"don_vi_phan_cong_{number}": "text" for number in range(1, 9)},
    "khong_phat_sinh": "yes_no",
    "ly_do_khong_phat_sinh": "paragraph",
    **dict.fromkeys(["so_thon", "so_thon_dbkk", "so_ho", "so_nguoi", "so_ho_dtts", "so_nguoi_dtts"], "integer"),
    "chuan_ngheo": "choice",
    "chuan_ngheo_khac": "text",
    **dict.fromkeys(["ngheo_dau_ky", "thoat_ngheo", "thoat_ngheo_ket_nghia", "tai_ngheo", "ngheo_moi"], "integer"),
    **dict.fromkeys(["ngheo_tang_giam_khac", "ngheo_cuoi_ky", "can_ngheo"], "integer"),
    **dict.fromkeys(["thon_co_duong_o_to", "ho_co_dien", "ho_co_nuoc"], "integer"),
    **dict.fromkeys(["km_duong", "km_duong_cung_hoa"], "quantity"),
    **dict.fromkeys(["nha_tam", "nha_da_xoa", "nha_da_xoa_ket_nghia"], "integer"),
    "nhan_duoc.don_vi": "partner",
    **dict.fromkeys(["nhan_duoc.don_vi_khac", "nhan_duoc.noi_dung", "nhan_duoc.don_vi_tinh"], "text"),
    "nhan_duoc.ghi_chu": "text",
    "nhan_duoc.thoi_gian": "date",
    **dict.fromkeys(["nhan_duoc.loai", "nhan_duoc.hinh_thuc", "nhan_duoc.tinh_trang"], "choice"),
    "nhan_duoc.so_luong": "quantity",
    "nhan_duoc.gia_tri": "money",
    **dict.fromkeys(["nhan_duoc.so_ho", "nhan_duoc.so_nguoi"], "integer"),
    **dict.fromkeys(["hieu_qua", "dien_hinh", "ton_tai", "nguyen_nhan_khach_quan"], "paragraph"),
    **dict.fromkeys(["nguyen_nhan_chu_quan", "tam_tu_nguyen_vong", "de_nghi_khen_thuong"], "paragraph"),
    **dict.fromkeys(["nhu_cau.noi_dung", "nhu_cau.thon", "nhu_cau.don_vi_tinh", "nhu_cau.ghi_chu"], "text"),
    **dict.fromkeys(["nhu_cau.loai", "nhu_cau.uu_tien", "nhu_cau.nguon"], "choice"),
    "nhu_cau.so_luong": "quantity",
    "nhu_cau.gia_tri_du_kien": "money",
    "nhu_cau.so_ho": "integer",
    "kien_nghi.noi_nhan": "text",
    "kien_nghi.noi_dung": "paragraph",
}

RIGHT: Answers = {
    "ma_don_vi": "XA-0001",
    "ten_don_vi": "xã Trà Tập",
    "nam_bao_cao": "2025",
    "thu_truong": "Nguyễn Văn A",
    "nguoi_phu_trach": "Trần Thị B",
    "dien_thoai": '"0905 123 456"',
    "thu_dien_tu": "xa@tratap.example",
    "so_thon": "7",
    "so_thon_dbkk": "7",
    "so_ho": "800",
    "so_nguoi": "3300",
    "so_ho_dtts": "790",
    "so_nguoi_dtts": "3250",
    "chuan_ngheo": "Giai đoạn 2021-2025 (Nghị định 07/2021/NĐ-CP)",
    "ngheo_dau_ky": "320",
    "thoat_ngheo": "40",
    "thoat_ngheo_ket_nghia": "12",
    "tai_ngheo": "2",
    "ngheo_moi": "5",
    "ngheo_tang_giam_khac": "-3",
    "ngheo_cuoi_ky": "284",
    "can_ngheo": "60",
    "thon_co_duong_o_to": "6",
    "km_duong": "32.5",
    "km_duong_cung_hoa": "20",
    "ho_co_dien": "780",
    "ho_co_nuoc": "700",
    "nha_tam": "45",
    "nha_da_xoa": "20",
    "nha_da_xoa_ket_nghia": "4",
    "hieu_qua": "Đàn bò tăng",
    "ton_tai": "Giúp chủ yếu dịp Tết",
    "tam_tu_nguyen_vong": "Mong được giúp tiêu thụ sản phẩm",
    "nhan_duoc[1].don_vi": "Sở (minh họa) 01",
    "nhan_duoc[1].thoi_gian": "2025-03-14",
    "nhan_duoc[1].loai": "Con giống",
    "nhan_duoc[1].noi_dung": "Bò giống",
    "nhan_duoc[1].hinh_thuc": "Hiện vật",
    "nhan_duoc[1].so_luong": "10",
    "nhan_duoc[1].gia_tri": "150000000",
    "nhan_duoc[1].so_ho": "10",
    "nhan_duoc[1].so_nguoi": "42",
    "nhan_duoc[2].don_vi_khac": "Nhóm thiện nguyện (minh họa)",
    "nhan_duoc[2].thoi_gian": "2025-01-20",
    "nhan_duoc[2].loai": "Quà",
    "nhan_duoc[2].noi_dung": "Quà Tết",
    "nhan_duoc[2].hinh_thuc": "Hiện vật",
    "nhan_duoc[2].gia_tri": "40000000",
    "nhan_duoc[2].so_ho": "80",
    "nhan_duoc[2].so_nguoi": "330",
    "nhu_cau[1].noi_dung": "Nhà ở cho hộ nghèo",
    "nhu_cau[1].loai": "Nhà ở",
    "nhu_cau[1].uu_tien": "Rất cần",
    "nhu_cau[1].gia_tri_du_kien": "400000000",
    "nhu_cau[1].so_ho": "5",
    "kien_nghi[1].noi_nhan": "UBND tỉnh",
    "kien_nghi[1].noi_dung": "Phân công thêm một đơn vị",
}
TWIN = {path.replace("[1]", "[2]"): answer for path, answer in RIGHT.items() if path.startswith("nhan_duoc[1]")}
NEED_TWIN = {path.replace("[1]", "[2]"): answer for path, answer in RIGHT.items() if path.startswith("nhu_cau[1]")}

WRONG: list[tuple[Answers, dict[str, list[str]]]] = [
    *(
        ({field: ""}, {f"{field}_con_thieu": [field]})
        for field in ("so_thon_dbkk", "so_ho_dtts", "so_nguoi_dtts", "thoat_ngheo_ket_nghia", "can_ngheo")
    ),
    *(({field: ""}, {f"{field}_con_thieu": [field]}) for field in ("hieu_qua", "ton_tai", "tam_tu_nguyen_vong")),
    ({"dien_thoai": '"0905"'}, {"dien_thoai_dung_dang": ["dien_thoai"]}),
    ({"thu_dien_tu": "xa"}, {"thu_dien_tu_dung_dang": ["thu_dien_tu"]}),
    ({"khong_phat_sinh": "Có"}, {"khong_phat_sinh_hoac_co_dong": ["khong_phat_sinh"]}),
    (
        {path: "" for path in RIGHT if path.startswith("nhan_duoc")},
        {"khong_phat_sinh_hoac_co_dong": ["khong_phat_sinh"]},
    ),
    (
        {path: "" for path in RIGHT if path.startswith("nhan_duoc")} | {"khong_phat_sinh": "Có"},
        {"khong_phat_sinh_hoac_co_dong": ["ly_do_khong_phat_sinh"]},
    ),
    ({"so_thon_dbkk": "8"}, {"thon_dbkk_khong_qua_thon": ["so_thon_dbkk"]}),
    (
        {"so_nguoi": "799", "so_nguoi_dtts": "799"},
        {"nguoi_khong_it_hon_ho_toan_xa": ["so_nguoi"]},
    ),
    ({"so_ho_dtts": "801"}, {"ho_dtts_khong_qua_ho": ["so_ho_dtts"]}),
    ({"so_nguoi_dtts": "3301"}, {"nguoi_dtts_khong_qua_nguoi": ["so_nguoi_dtts"]}),
    ({"chuan_ngheo": "Chuẩn khác (ghi rõ ở dòng dưới)"}, {"chuan_khac_thi_ghi_ten": ["chuan_ngheo_khac"]}),
    ({"ngheo_cuoi_ky": "285"}, {"ngheo_cuoi_ky_khop": ["ngheo_cuoi_ky"]}),
    ({"ngheo_tang_giam_khac": ""}, {"ngheo_cuoi_ky_khop": ["ngheo_cuoi_ky"]}),
    ({"thoat_ngheo_ket_nghia": "41"}, {"thoat_ket_nghia_khong_qua_thoat": ["thoat_ngheo_ket_nghia"]}),
    (
        {"thoat_ngheo": "321", "ngheo_cuoi_ky": "3"},
        {"thoat_khong_qua_dau_ky": ["thoat_ngheo"]},
    ),
    (
        {"ngheo_moi": "522", "ngheo_cuoi_ky": "801"},
        {"ngheo_khong_qua_ho": ["ngheo_cuoi_ky"]},
    ),
    ({"can_ngheo": "801"}, {"can_ngheo_khong_qua_ho": ["can_ngheo"]}),
    ({"thon_co_duong_o_to": "8"}, {"duong_o_to_khong_qua_thon": ["thon_co_duong_o_to"]}),
    ({"km_duong_cung_hoa": "32.6"}, {"cung_hoa_khong_qua_duong": ["km_duong_cung_hoa"]}),
    ({"ho_co_dien": "801"}, {"dien_khong_qua_ho": ["ho_co_dien"]}),
    ({"ho_co_nuoc": "801"}, {"nuoc_khong_qua_ho": ["ho_co_nuoc"]}),
    ({"nha_tam": "801"}, {"nha_tam_khong_qua_ho": ["nha_tam"]}),
    ({"nha_da_xoa_ket_nghia": "21"}, {"nha_ket_nghia_khong_qua_nha": ["nha_da_xoa_ket_nghia"]}),
    ({"nhan_duoc[2].don_vi_khac": ""}, {"ghi_ai_giup": ["nhan_duoc[2].don_vi"]}),
    ({"nhan_duoc[1].don_vi": "Hội (minh họa) 02"}, {"don_vi_duoc_phan_cong": ["nhan_duoc[1].don_vi"]}),
    ({"nhan_duoc[2].thoi_gian": "2024-12-14"}, {"thoi_gian_trong_ky": ["nhan_duoc[2].thoi_gian"]}),
    ({"nhan_duoc[2].gia_tri": ""}, {"tien_hien_vat_co_gia_tri": ["nhan_duoc[2].gia_tri"]}),
    ({"nhan_duoc[1].so_nguoi": "9"}, {"nguoi_khong_it_hon_ho": ["nhan_duoc[1].so_nguoi"]}),
    (
        {"nhan_duoc[2].so_ho": "801", "nhan_duoc[2].so_nguoi": "900"},
        {"ho_huong_loi_khong_qua_ho": ["nhan_duoc[2].so_ho"]},
    ),
    ({"nhan_duoc[1].so_nguoi": "3301"}, {"nguoi_huong_loi_khong_qua_nguoi": ["nhan_duoc[1].so_nguoi"]}),
    (TWIN, {"ho_tro_khong_trung": ["nhan_duoc[2].don_vi"]}),
    ({"nhan_duoc[1].gia_tri": "150"}, {"gia_tri_khong_lech_bac": ["nhan_duoc[1].gia_tri"]}),
    ({"nhu_cau[1].so_ho": "801"}, {"ho_can_giup_khong_qua_ho": ["nhu_cau[1].so_ho"]}),
    ({"nhu_cau[1].gia_tri_du_kien": "400"}, {"nhu_cau_khong_lech_bac": ["nhu_cau[1].gia_tri_du_kien"]}),
    (NEED_TWIN, {"nhu_cau_khong_trung": ["nhu_cau[2].noi_dung"]}),
]
BEFORE: Answers = {
    "chuan_ngheo": RIGHT["chuan_ngheo"],
    "ngheo_cuoi_ky": "320",
    "nhan_duoc[1].thoi_gian": "2024-03-14",
    "nhan_duoc[1].gia_tri": "10000000",
}
"""The return of the year before, as far as it matters."""
LAST_YEAR: list[tuple[Answers, dict[str, list[str]]]] = [
    ({}, {}),
    ({"ngheo_cuoi_ky": "319"}, {"dau_ky_bang_cuoi_ky_nam_truoc": ["ngheo_dau_ky"]}),
    ({"ngheo_cuoi_ky": "319", "chuan_ngheo": "2016_2020"}, {}),
    ({"nhan_duoc[1].gia_tri": "9000000"}, {"tong_gia_tri_so_nam_truoc": ["Hỗ trợ nhận được"]}),
    (
        {path: answer for path, answer in RIGHT.items() if path.startswith("nhan_duoc[1]")},
        {"khong_ke_lai_nam_truoc": ["nhan_duoc[1].don_vi"]},
    ),
]


def test_it_has_the_eight_sheets_in_order() -> None:
    assert {sheet.code: sheet.title for sheet in shipped("KN-02").sheets} == SHEETS
    assert [sheet.code for sheet in shipped("KN-02").sheets] == list(SHEETS)


def test_it_asks_exactly_the_agreed_fields_with_their_types() -> None:
    assert {path: field.type for path, field in shipped("KN-02").paths()} == FIELDS


@pytest.mark.parametrize("name", ["linh_vuc", "loai", "hinh_thuc", "nguon"])
def test_both_sides_of_a_gift_choose_from_the_same_list(name: str) -> None:
    assert shipped("KN-02").choices[name] == shipped("KN-01").choices[name]


def test_a_nil_return_is_told_as_in_the_givers_form() -> None:
    nil = {code: next(rule for rule in shipped(code).rules if rule.type == "nil") for code in ("KN-01", "KN-02")}
    assert nil["KN-02"].params == {**nil["KN-01"].params, "table": "nhan_duoc"}


def test_the_district_is_told_that_its_communes_report_for_themselves() -> None:
    assert any(line.startswith("Huyện chỉ kê") for line in shipped("KN-02").intro)


def test_a_right_return_breaks_no_rule() -> None:
    assert faults(shipped("KN-02"), RIGHT) == {}


@pytest.mark.parametrize(("changes", "expected"), WRONG, ids=[next(iter(one)) for _, one in WRONG])
def test_a_rule_finds_its_fault_and_no_other_rule_does(changes: Answers, expected: dict[str, list[str]]) -> None:
    assert faults(shipped("KN-02"), {**RIGHT, **changes}) == expected


def test_every_stated_rule_has_a_failing_return() -> None:
    judged = {code for _, expected in (*WRONG, *LAST_YEAR) for code in expected}
    assert {rule.code for rule in shipped("KN-02").rules} == judged


@pytest.mark.parametrize(("changes", "expected"), LAST_YEAR)
def test_a_return_is_held_against_last_years(changes: Answers, expected: dict[str, list[str]]) -> None:
    form = shipped("KN-02")
    before, _ = normalised(form, as_text(form, {**BEFORE, **changes}))
    assert faults(form, RIGHT, replace(NEIGHBOURS, previous=before)) == expected


def test_a_movement_without_its_opening_stock_is_asked_for_once() -> None:
    assert faults(shipped("KN-02"), {**RIGHT, "ngheo_dau_ky": ""}) == {"bat_buoc_ngheo_dau_ky": ["ngheo_dau_ky"]}


@pytest.mark.parametrize("code", ["thoi_gian_trong_ky", "ho_tro_khong_trung", "thoat_khong_qua_dau_ky"])
def test_what_may_be_true_after_all_only_asks_for_a_reason(code: str) -> None:
    assert next(rule.severity for rule in shipped("KN-02").rules if rule.code == code) is Severity.WARNING


@pytest.mark.parametrize("code", ["ngheo_cuoi_ky_khop", "thoat_ket_nghia_khong_qua_thoat", "ho_huong_loi_khong_qua_ho"])
def test_what_cannot_be_true_waits_for_correction(code: str) -> None:
    assert next(rule.severity for rule in shipped("KN-02").rules if rule.code == code) is Severity.ERROR
