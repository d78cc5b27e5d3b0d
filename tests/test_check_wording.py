"""Typed numbers beside figures: which are told, and which rightly stand as they are."""

from __future__ import annotations

import io

import docx
import pytest

from generator.office.template_lint import tables_in
from generator.office.template_lint_reading import read_manuscript
from generator.pipeline.check_wording import Figures, typed_numbers

FIGURES = Figures(
    {
        "tổng giá trị hỗ trợ": "{{ tong_gia_tri | tien }}",
        "số hộ nghèo": "{{ ho_ngheo | dem }}",
        "tỷ lệ hộ nghèo": "{{ ty_le | so }}",
    },
    frozenset({"tong_gia_tri", "ho_ngheo", "ty_le", "so_don_vi"}),
    frozenset({"hộ", "xã", "đơn vị"}),
)

TOLD = {
    "Có 12 {{ so_don_vi }} tham gia.": "12",
    "Có {{ so_don_vi }}12 tham gia.": "12",
    "Năm 20{{ nam }} đã qua.": "20",
    "Tổng cộng 1.234 triệu đồng.": "1.234 triệu đồng",
    "Tổng số 1.234.567.000 đồng, gồm tiền và hiện vật.": "1.234.567.000 đồng",
    "Số hộ nghèo: 120 hộ.": "120 hộ",
    "SỐ HỘ NGHÈO CÒN 1.120": "1.120",
    "Tỷ lệ hộ nghèo còn 12,5%.": "12,5%",
    "Hỗ trợ {{ tong_gia_tri | tien }} cho 15 xã và 07 đơn vị.": "15 xã; 07 đơn vị",
    "Hỗ trợ {{ x | tien }}, tăng 12,4% so với năm trước.": "12,4%",
}
ALONE = (
    "Thực hiện Chỉ thị số 23-CT/TU ngày 22/10/2012, {{ tong_gia_tri | tien }} đã được hỗ trợ.",
    "Giai đoạn 2021 - 2025, tổng giá trị hỗ trợ là {{ tong_gia_tri | tien }}.",
    "Tổng giá trị hỗ trợ năm 2025 là {{ tong_gia_tri | tien }}.",
    "Tổng giá trị hỗ trợ của 05 năm là {{ tong_gia_tri | tien }}, gấp 02 lần giai đoạn trước.",
    "{{ d.ten }} theo Nghị định số 07/2021/NĐ-CP, khoản 2 Điều 5, mục 4.1.",
    "Bảng 2. Tổng giá trị hỗ trợ đợt 1 năm {{ nam }}",
    "Cột 4, cột 7 là tỷ lệ hộ nghèo; cột 3 đến 5 là {{ ho_ngheo | dem }} hộ.",
    "{% if ho_ngheo > 0 %}Còn {{ ho_ngheo | dem }} hộ.{% endif %}",
    "Tổng cộng các đơn vị nêu ở Phụ lục 2.",
    "Mẫu in “hơn 12 hộ” khi có {{ ho_ngheo | dem }} hộ.",
    "Mức hỗ trợ là 50 triệu đồng một nhà.",
    "1. {{ tong_gia_tri | tien }}; 2) {{ so_don_vi }}",
    "{% if a %}5{% else %}2{% endif %}. Tình hình {{ nam }}",
    "Quý 4/{{ nam }}, ngày 15 tháng 01 năm {{ nam }}.",
)


def found(document: docx.document.Document) -> list[tuple[str, str, str]]:
    saved = io.BytesIO()
    document.save(saved)
    manuscript = read_manuscript(saved.getvalue(), "mau.docx")
    told = typed_numbers(manuscript, tables_in(manuscript), FIGURES)
    return [(one.place.spot, one.params["number"], one.params["near"]) for one in told]


@pytest.fixture(scope="module")
def by_sentence() -> dict[str, tuple[str, str]]:
    """What is told of each sentence: the numbers, and the tag that could stand for them."""
    document = docx.Document()
    for sentence in (*TOLD, *ALONE):
        document.add_paragraph(sentence)
    places = {spot: (number, near) for spot, number, near in found(document)}
    sentences = enumerate((*TOLD, *ALONE), 1)
    return {sentence: places[f"đoạn {at}"] for at, sentence in sentences if f"đoạn {at}" in places}


@pytest.mark.parametrize("sentence", TOLD)
def test_a_number_that_stands_where_a_figure_belongs_is_told(
    sentence: str, by_sentence: dict[str, tuple[str, str]]
) -> None:
    assert by_sentence[sentence][0] == TOLD[sentence]


@pytest.mark.parametrize("sentence", ALONE)
def test_numbers_of_documents_dates_columns_and_rules_are_left_alone(
    sentence: str, by_sentence: dict[str, tuple[str, str]]
) -> None:
    assert sentence not in by_sentence


def test_the_tag_of_the_figure_that_is_named_is_offered(by_sentence: dict[str, tuple[str, str]]) -> None:
    assert by_sentence["Số hộ nghèo: 120 hộ."][1] == "{{ ho_ngheo | dem }}"
    assert by_sentence["Tổng cộng 1.234 triệu đồng."][1] == ""


def test_a_cell_is_told_where_its_row_is_filled_or_named_and_not_where_it_numbers_columns() -> None:
    document = docx.Document()
    rows = [
        ("TT", "Nội dung", "Năm nay"),
        ("A", "B", "1"),
        ("1", "{{ d.ten }}", "{{ d.so | so }}"),
        ("2", "Số hộ nghèo", "1.250"),
        ("3", "{{ ho_ngheo | so }}", "15,5"),
        ("4", "Ghi chú", "12"),
    ]
    table = document.add_table(len(rows), 3)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    assert found(document) == [
        ("Bảng 1, dòng 4, cột 3", "1.250", "{{ ho_ngheo | dem }}"),
        ("Bảng 1, dòng 5, cột 3", "15,5", ""),
    ]
