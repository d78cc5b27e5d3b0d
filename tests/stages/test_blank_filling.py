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

from blank_cases import PREFILL, blank, kn01, sheet_named
from generator.definitions import grid
from generator.model import Scalar

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
