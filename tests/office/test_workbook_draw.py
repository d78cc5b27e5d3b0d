"""Draw: what the office sees is typed, printed on A4, never a formula, and the same on another day."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from generator.office.workbook.draw import Chart, Column, Link, TableSheet, Tone, draw_workbook

DAY = date(2025, 12, 20)
MONEY = (Column("Mã", 10), Column("Giá trị (đồng)", 18, "money", total=True))


def _drawn(*sheets: TableSheet) -> bytes:
    return draw_workbook(sheets, title="Tình hình & đối chiếu", creator="Ban (minh họa)", day=DAY)


def _opened(content: bytes, *, results: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=results)


def _one(value: object, kind: str = "text") -> Workbook:
    column = Column("Cột", 20, kind)  # type: ignore[arg-type]
    return _opened(_drawn(TableSheet("Bảng", "", (), (column,), [(value,)])))


@pytest.mark.parametrize(
    ("value", "shown", "stored_as"),
    [
        ("xã Trà Tập", "xã Trà Tập", "s"),
        ("=1+1", "=1+1", "s"),
        ("+84 235", "+84 235", "s"),
        ("-cmd|' /C calc'!A0", "-cmd|' /C calc'!A0", "s"),
        ("@SUM(A1)", "@SUM(A1)", "s"),
        ("\t=1", "\t=1", "s"),
        ("#N/A", "#N/A", "s"),
        ("00123", "00123", "s"),
        ('a & <b> "c"', 'a & <b> "c"', "s"),
        ("chuông\x07, nửa chữ\ud800", "chuông, nửa chữ", "s"),
        ("hai\ndòng", "hai\ndòng", "s"),
        (12_500_000, 12_500_000, "n"),
        (999_999_999_999_999, 999_999_999_999_999, "n"),
        (1_234_567_890_123_456_789, "1234567890123456789", "s"),
        (Decimal("1.5"), 1.5, "n"),
        (-7, -7, "n"),
        (date(2025, 12, 20), datetime(2025, 12, 20), "d"),  # noqa: DTZ001
        (datetime(2025, 12, 20, 8, 30), datetime(2025, 12, 20, 8, 30), "d"),  # noqa: DTZ001
        (date(1899, 1, 2), "02/01/1899", "s"),
        (True, "Có", "s"),
        (False, "Không", "s"),
        (None, None, "n"),
        ("", None, "n"),
    ],
)
def test_a_cell_is_typed_by_what_it_holds_and_never_runs(value: object, shown: object, stored_as: str) -> None:
    kind = "moment" if isinstance(value, datetime) else "day" if isinstance(value, date) else "text"
    cell = _one(value, kind).active["A2"]
    assert (cell.value, cell.data_type) == (shown, stored_as)


@pytest.mark.parametrize(("text", "kept"), [("=1+1", True), ("-5", True), ("\r=1", True), ("xã 1", False)])
def test_text_that_looks_like_a_formula_stays_text_when_it_is_typed_again(text: str, kept: bool) -> None:
    assert _one(text).active["A2"].quotePrefix is kept


def test_text_that_looks_like_an_escape_is_shown_as_it_is() -> None:
    with zipfile.ZipFile(io.BytesIO(_drawn(TableSheet("Bảng", "", (), MONEY, [("_x0041_", 1)])))) as package:
        assert b"_x005F_x0041_" in package.read("xl/worksheets/sheet1.xml")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_every_text_is_valid_xml_and_no_formula(texts: list[str]) -> None:
    content = _drawn(
        TableSheet("Bảng", texts[0], tuple(texts), (Column("Cột", 20, "wrapped"),), [(one,) for one in texts])
    )
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    assert not sheet.findall(".//{*}f")


@given(st.lists(st.integers(-(10**13), 10**13), max_size=30))
@settings(max_examples=30, deadline=None)
def test_a_total_is_there_without_a_calculating_program(amounts: list[int]) -> None:
    content = _drawn(TableSheet("Bảng", "", (), MONEY, [("DV", one) for one in amounts]))
    last = max(1, len(amounts)) + 1
    assert _opened(content, results=True).active.cell(last + 1, 2).value == sum(amounts)
    assert _opened(content).active.cell(last + 1, 2).value == f"=SUBTOTAL(9,B2:B{last})"
    assert _opened(content).active.cell(last + 1, 1).value == "Tổng cộng"


def test_a_total_adds_only_numbers() -> None:
    rows = [("a", 1), ("b", "không rõ"), ("c", None), ("d", Decimal("2.5")), ("e", 0.25), ("g", True)]
    content = _drawn(TableSheet("Bảng", "", (), MONEY, rows))
    assert _opened(content, results=True).active.cell(8, 2).value == 3.75


def test_heading_lines_headers_rows_and_notes_stand_where_a_reader_looks() -> None:
    sheet = TableSheet("Bảng", "TIÊU ĐỀ", ("Năm 2025",), MONEY, [("DV-0001", 5)], notes=("Ghi chú.",), frozen=1)
    book = _opened(_drawn(sheet), results=True)
    assert list(book.active.iter_rows(values_only=True)) == [
        ("TIÊU ĐỀ", None),
        ("Năm 2025", None),
        (None, None),
        ("Mã", "Giá trị (đồng)"),
        ("DV-0001", 5),
        ("Tổng cộng", 5),
        (None, None),
        ("Ghi chú.", None),
    ]
    drawn = book.active
    assert (drawn.freeze_panes, drawn.auto_filter.ref, drawn.print_title_rows) == ("B5", "A4:B5", "$4:$4")
    assert drawn.column_dimensions["B"].width == 18
    assert drawn["A4"].font.name == "Times New Roman"
    assert (drawn["B5"].number_format, drawn["A4"].alignment.wrap_text) == ("#,##0", True)


def test_a_sheet_prints_on_a4_as_wide_as_the_page_with_page_numbers() -> None:
    upright = TableSheet("Dọc", "", (), MONEY, [], landscape=False)
    wide, tall = _opened(_drawn(TableSheet("Ngang", "", (), MONEY, []), upright)).worksheets
    for drawn, turned in ((wide, "landscape"), (tall, "portrait")):
        setup = drawn.page_setup
        assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (9, turned, 1, 0)
        assert drawn.sheet_properties.pageSetUpPr.fitToPage
        assert drawn.oddFooter.right.text.endswith("Trang &P/&N")
        assert "Tình hình && đối chiếu" in drawn.oddFooter.left.text


def test_an_empty_table_says_so() -> None:
    book = _opened(_drawn(TableSheet("Bảng", "", (), MONEY, [], empty="Tất cả đã gửi.")), results=True)
    assert list(book.active.iter_rows(values_only=True))[1:] == [("Tất cả đã gửi.", None), ("Tổng cộng", 0)]


def test_links_lead_into_the_workbook_to_files_beside_it_and_to_addresses() -> None:
    rows = [
        (Link("sang trang", "#'Trang hai'!A1"),),
        (Link("phản hồi", "replies/DV-0001 (lần 1).eml"),),
        (Link("=thư", "mailto:a@xa.example?subject=Đôn đốc"),),
        ("không nối",),
    ]
    column = (Column("Nối", 20, "link"),)
    drawn = _opened(_drawn(TableSheet("Trang một", "", (), column, rows), TableSheet("Trang hai", "", (), MONEY, [])))
    inside, beside, mail, none = (drawn.worksheets[0].cell(row, 1) for row in range(2, 6))
    assert (inside.value, inside.hyperlink.location) == ("sang trang", "'Trang hai'!A1")
    assert beside.hyperlink.target == "replies/DV-0001%20%28l%E1%BA%A7n%201%29.eml"
    assert mail.hyperlink.target == "mailto:a@xa.example?subject=%C4%90%C3%B4n%20%C4%91%E1%BB%91c"
    assert (mail.value, none.value, none.hyperlink) == ("=thư", "không nối", None)


def test_tones_colour_a_cell_or_a_whole_row() -> None:
    tones = {(0, 1): Tone.FAULT, (1, -1): Tone.STRONG}
    drawn = _opened(_drawn(TableSheet("Bảng", "", (), MONEY, [("a", 1), ("b", 2), ("c", 3)], tones=tones))).active
    fills = [[drawn.cell(row, column).fill.fill_type for column in (1, 2)] for row in (2, 3, 4)]
    assert fills == [[None, "solid"], ["solid", "solid"], [None, None]]
    assert (drawn["A3"].font.bold, drawn["A2"].font.bold) == (True, False)


@pytest.mark.parametrize("kind", ["column", "bar", "line"])
def test_a_chart_shows_the_table_even_where_nothing_calculates(kind: str) -> None:
    columns = (Column("Ngày", 12, "day"), Column("Đúng hạn", 10, "whole"), Column("Muộn", 10, "whole"))
    rows = [(date(2025, 12, 19), 3, 0), (date(2025, 12, 21), 0, 2)]
    chart = Chart("Theo ngày", kind, 0, (1, 2), stacked=True)  # type: ignore[arg-type]
    content = _drawn(TableSheet("Theo ngày", "", (), columns, rows, chart=chart))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        drawn = etree.fromstring(package.read("xl/charts/chart1.xml"))
    references = [one.text for one in drawn.findall(".//{*}ser/{*}val//{*}f")]
    assert references == ["'Theo ngày'!$B$2:$B$3", "'Theo ngày'!$C$2:$C$3"]
    assert [one.text for one in drawn.findall(".//{*}ser/{*}val//{*}v")] == ["3", "0", "0", "2"]
    assert [one.text for one in drawn.findall(".//{*}ser/{*}cat//{*}v")] == ["19/12", "21/12"] * 2
    assert "Theo ngày" in [one.text for one in drawn.findall(".//{*}title//{*}t")]


def test_a_chart_of_nothing_is_left_out() -> None:
    content = _drawn(TableSheet("Bảng", "", (), MONEY, [], chart=Chart("Trống", "column", 0, (1,))))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not [name for name in package.namelist() if "chart" in name]


def test_the_same_tables_make_the_same_bytes_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = TableSheet("Bảng", "A", ("b",), MONEY, [("DV", 1)], chart=Chart("C", "column", 0, (1,)))
    first = _drawn(sheet)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    time.sleep(1.1)  # a clock that counts seconds would show
    assert _drawn(sheet) == first
    properties = _opened(first).properties
    assert {properties.created, properties.modified} == {datetime(2025, 12, 20, tzinfo=UTC).replace(tzinfo=None)}
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"


def test_rows_with_long_text_are_high_enough_for_it() -> None:
    column = (Column("Tên", 12, "wrapped"),)
    rows = [("ngắn",), ("một câu dài hơn mười hai chữ nhiều lần liền",)]
    drawn = _opened(_drawn(TableSheet("Bảng", "", (), column, rows))).active
    assert drawn.row_dimensions[3].height >= 3 * drawn.row_dimensions[2].height * 0.8


def test_a_quick_reader_finds_every_row_of_a_large_table() -> None:
    rows = [(f"DV-{number:05d}", number) for number in range(4_000)]
    read = CalamineWorkbook.from_filelike(io.BytesIO(_drawn(TableSheet("Bảng", "T", (), MONEY, rows))))
    found = read.get_sheet_by_name("Bảng").to_python()
    assert [(code, int(amount)) for code, amount in found[3:-1]] == rows
    assert found[-1] == ["Tổng cộng", sum(range(4_000))]
