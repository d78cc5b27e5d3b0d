"""Filling a blank: prefilled names however strange, and answers as the partner would see them."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from blank_cases import COMMUNES, PREFILL, blank, kn01, sheet_named
from generator.definitions import grid
from generator.definitions.forms import Choice, Field, Form, Sheet, SheetKind, Table
from generator.model import Scalar
from generator.stages.blank import compile_blank

STRANGE = [
    'Công ty TNHH "A & B" <Đà Nẵng>',
    "D'Ran's 'đơn vị'",
    '=HYPERLINK("x")',
    "@@partner.name@@",
    "_x0041_ và _x00e1_",
    "Trung tâm " + "rất dài " * 14,
    "",
    "名前 \U0001f33e",
]


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_name_stands_in_every_place_as_it_is(name: str) -> None:
    content = blank().fill({"partner.code": name, "partner.name": name})
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for member in package.namelist():
            ElementTree.fromstring(package.read(member))
    book = load_workbook(io.BytesIO(content))
    fields = {row[0].value: row[4].value for row in book["Thông tin chung"].iter_rows(min_row=9) if row[0].value}
    assert (fields["ten_don_vi"] or "") == name
    assert (book["_KN"]["B3"].value or "") == name
    assert book["Triển khai"]["E2"].value == f"Đơn vị báo cáo: {name}"
    assert {one.name: one.value or "" for one in book.custom_doc_props.props}["ketnghia_partner"] == name


@given(name=st.text(max_size=60))
def test_any_name_leaves_a_workbook_that_opens(name: str) -> None:
    book = load_workbook(io.BytesIO(blank().fill({"partner.code": "DV-0001", "partner.name": name})), read_only=True)
    assert book.sheetnames[0] == "Hướng dẫn"


def test_prefills_stand_where_the_form_asks_for_them() -> None:
    fields = {row[0].value: row[4].value for row in sheet_named("Thông tin chung").iter_rows(min_row=9)}
    assert fields["ma_don_vi"] == "DV-0007"
    assert fields["nam_bao_cao"] == 2025
    assert fields["ky_bao_cao"] == "từ ngày 15/12/2024 đến ngày 14/12/2025"
    assert fields["xa_phan_cong_1"] == "xã Trà Leng, huyện Nam Trà My"
    assert fields["ke_hoach_nam_nay_1"] == "Tặng 10 con bò giống"
    assert not fields["xa_phan_cong_3"]


ANSWERS: list[tuple[str, int, str, Scalar, object]] = [
    ("", 0, "thu_truong", "Nguyễn Văn A, Giám đốc", "Nguyễn Văn A, Giám đốc"),
    ("", 0, "khong_phat_sinh", False, "Không"),
    ("", 0, "co_ke_hoach", True, "Có"),
    ("", 0, "so_buoi_quan_triet", 0, 0),
    ("", 0, "ngay_ke_hoach", "2025-02-20", datetime(2025, 2, 20)),  # noqa: DTZ001
    ("hoat_dong", 1, "thoi_gian", "2025-03", "tháng 3/2025"),
    ("hoat_dong", 2, "thoi_gian", "2025-Q4", "quý IV/2025"),
    ("hoat_dong", 3, "thoi_gian", "2025", "năm 2025"),
    ("hoat_dong", 4, "thoi_gian", "giữa năm", "giữa năm"),
    ("hoat_dong", 1, "xa", "XA-0004", "xã Trà Dơn"),
    ("hoat_dong", 1, "loai", "con_giong", "Con giống"),
    ("hoat_dong", 2, "loai", "Quà Tết", "Quà Tết"),
    ("hoat_dong", 1, "so_luong", Decimal("1.5"), 1.5),
    ("hoat_dong", 1, "gia_tri", 9_007_199_254_740_991, 9_007_199_254_740_991),
    ("hoat_dong", 2, "gia_tri", "12 triệu", "12 triệu"),
    ("hoat_dong", 100, "ghi_chu", "dòng <cuối> & hết\nxuống dòng", "dòng <cuối> & hết\nxuống dòng"),
    ("ke_hoach", 100, "quy", "4", "Quý IV"),
    ("kien_nghi", 1, "noi_dung", None, None),
]


def test_answers_stand_where_the_grid_says_as_the_partner_would_see_them() -> None:
    answers = {(table, row, code): value for table, row, code, value, _ in ANSWERS}
    book = load_workbook(io.BytesIO(blank().fill(PREFILL, answers)))
    for table, row, code, _, expected in ANSWERS:
        sheet = kn01().sheet_of(table or code)
        where = grid.sheet_grid(sheet)
        key = (11 + row, where.columns[code]) if table else where.fields[code]
        assert book[sheet.title].cell(*key).value == expected, (table, row, code)
    assert book["_KN"]["B3"].value == "DV-0007"
    assert book["Triển khai"]["E2"].value == "Đơn vị báo cáo: Sở (minh họa) 07"


def test_a_filled_date_looks_like_a_date_and_a_long_answer_raises_its_row() -> None:
    long = "Hỗ trợ cây giống, vật tư và tập huấn kỹ thuật cho các hộ nghèo của thôn " * 4
    answers: dict[tuple[str, int, str], Scalar] = {
        ("hoat_dong", 1, "thoi_gian"): "2025-03-14",
        ("hoat_dong", 1, "noi_dung"): long,
        ("hoat_dong", 2, "noi_dung"): "Ngắn",
    }
    table = load_workbook(io.BytesIO(blank().fill(PREFILL, answers)))["Hoạt động hỗ trợ"]
    assert table["C12"].number_format == "dd/mm/yyyy"
    assert (table.row_dimensions[12].height or 0) > 100
    assert table.row_dimensions[13].height is None


def test_an_address_that_the_form_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        blank().fill(PREFILL, {("hoat_dong", 101, "xa"): "XA-0001"})


def _dropped_down(content: bytes, code: str) -> list[object]:
    lists = load_workbook(io.BytesIO(content))["_DanhSach"]
    column = next(cells for cells in lists.iter_cols() if cells[0].value == code)
    return [cell.value for cell in column[1:] if cell.value]


def test_a_commune_sees_the_units_that_help_it_first_whichever_list_names_them() -> None:
    asked = Field("don_vi", "Đơn vị giúp", "partner", choices="@givers")
    sheet = Sheet("nhan_duoc", "Nhận được", SheetKind.TABLE, table=Table("nhan_duoc", (asked,), rows=3))
    form = Form("KN-92", "1", "BIỂU (minh họa)", "", "receives", (sheet,))
    names = ("Sở (minh họa) 01", "Sở (minh họa) 02", "Hội (minh họa), tỉnh")
    givers = tuple(Choice(f"DV-000{number}", name) for number, name in enumerate(names, start=1))
    made = compile_blank(form, {"@givers": givers, "@communes": COMMUNES}, None)
    prefill = {"partner.code": "XA-0001", "assigned.1": names[2], "assigned.2": f"{names[1]}, tỉnh Quảng Nam"}
    content = made.fill(prefill)
    assert _dropped_down(content, "@givers") == [names[2], names[1], names[0]]
    codes = [cell.value for cell in next(load_workbook(io.BytesIO(content))["_DanhSach"].iter_rows(max_row=1))]
    assert "@communes" not in codes, "a list that no field asks for"


def test_whoever_has_no_assignment_still_has_the_whole_list() -> None:
    shown = _dropped_down(blank().fill({"partner.code": "DV-0009"}), "@communes")
    assert shown == [choice.label for choice in COMMUNES]
