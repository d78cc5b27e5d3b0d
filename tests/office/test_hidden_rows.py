"""Rows that a filter or a hand has hidden are told with the sheet; what stands in them is read like any other."""

from __future__ import annotations

import io
import time

import pytest
from openpyxl import Workbook
from test_workbook_records import ods

from generator.office.workbook.hidden import hidden_rows
from generator.office.workbook.read import read_workbook


def hidden(content: bytes) -> tuple[frozenset[int], int]:
    """The hidden rows of the first sheet, and how many rows were read."""
    opened, issues = read_workbook(content, "a")
    assert opened is not None, issues
    return opened.sheets[0].hidden, len(opened.sheets[0].rows)


def xlsx(*rows: int) -> bytes:
    book = Workbook()
    for row in range(1, 6):
        book.active.cell(row, 1).value = row  # type: ignore[union-attr]
    for row in rows:
        book.active.row_dimensions[row].hidden = True  # type: ignore[union-attr]
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("rows", [(), (2,), (2, 3, 5), (4, 9)])
def test_hidden_rows_of_an_xlsx_are_known_as_far_as_something_stands(rows: tuple[int, ...]) -> None:
    assert hidden(xlsx(*rows)) == ({row for row in rows if row <= 5}, 5)


@pytest.mark.parametrize(("visibility", "rows"), [("collapse", {2, 3}), ("filter", {2, 3}), ("visible", set())])
def test_hidden_rows_of_an_ods_are_known(visibility: str, rows: set[int]) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="2" table:visibility="{visibility}">{cell}</table:table-row>'
    whole = f"<table:table-row>{cell}</table:table-row>"
    assert hidden(ods(f"{whole}{row}{whole}")) == (rows, 4)


@pytest.mark.parametrize(
    ("xml", "rows"),
    [
        (b'<row r="2" spans="1:3" hidden="1"><c r="A2"/></row>', {2}),
        (b'<x:row hidden="true" r="3"/>', {3}),
        (b"<row r='4' customHeight='1' hidden='1'/>", {4}),
        (b'<row r="5" hidden="0"/><row r="6" zeroHeight="1"/>', set()),
        (b'<row r="7"/><col min="1" hidden="1"/>', set()),
        (b'<row r="99" hidden="1"/>', set()),
    ],
)
def test_a_row_is_hidden_in_whatever_way_a_program_writes_it(xml: bytes, rows: set[int]) -> None:
    assert hidden_rows(xml, 10) == rows


@pytest.mark.usefixtures("no_collector")
def test_odd_rows_are_searched_in_a_time_that_grows_with_their_size() -> None:
    start = time.process_time()
    assert hidden_rows(b'<row hidden="1" ' + b' r="x"' * 300_000, 10) == frozenset()
    assert hidden_rows(b"<row " * 300_000 + b" hidden=", 10) == frozenset()
    assert time.process_time() - start < 5
