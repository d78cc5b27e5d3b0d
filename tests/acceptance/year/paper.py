"""A workbook as a person fills it: by the titles, labels and headings that stand on the screen.

In:   blanks, answers by label. Out: bytes of the filled workbook, and the address of each cell that was typed.
Imports openpyxl and the raw XML of typed_cells; nothing of the project.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string
from typed_cells import Address, RawBook

ACTIVITIES, RECEIVED = "Hoạt động hỗ trợ", "Hỗ trợ nhận được"
GENERAL, CONDUCT, STATE, JUDGED = "Thông tin chung", "Triển khai", "Tình hình", "Đánh giá"
PLAN, NEEDS = "Kế hoạch năm sau", "Nhu cầu năm sau"
FIRST_ROW, TOTAL_ROW = 12, 11
ANSWERS = "E"
"""Column in which single answers are written, under the heading "Trả lời"."""
EXCEL_DAY_NULL = date(1899, 12, 30)
NO_CELL = ("", "")


@dataclass(frozen=True)
class Seen:
    """What a person sees of a form: where each label and each heading stands."""

    fields: Mapping[Address, str]
    """(title, label) -> cell of the answer."""
    columns: Mapping[Address, str]
    """(title, heading) -> letter of the column."""

    def cell(self, title: str, label: str, row: int = 0) -> str:
        """The cell for an answer; `row` counts the rows of a table from 1."""
        return f"{self.columns[title, label]}{FIRST_ROW + row - 1}" if row else self.fields[title, label]


@cache
def seen(blank: bytes) -> Seen:
    """Looks at a blank of the form; every partner's looks the same."""
    book = openpyxl.load_workbook(io.BytesIO(blank))
    fields, columns = {}, {}
    for sheet in book:
        if sheet.sheet_state != "visible":
            continue
        head = {str(cell.value): cell.column_letter for cell in sheet[9] if cell.value}
        if head.get("Trả lời") == ANSWERS:
            labels = ((row[0].value, row[0].row) for row in sheet.iter_rows(min_row=11, min_col=3, max_col=3))
            fields.update({(sheet.title, str(label)): f"{ANSWERS}{row}" for label, row in labels if label})
        else:
            columns.update({(sheet.title, heading): letter for heading, letter in head.items()})
    return Seen(fields, columns)


@dataclass
class Paper:
    """What one partner typed into one blank."""

    form: str
    partner: str
    singles: dict[Address, Any] = field(default_factory=dict)
    """(title, label) -> what was typed."""
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Title of the table -> rows by heading; an empty row was left empty."""
    beside: dict[Address, Any] = field(default_factory=dict)
    """(title, cell) -> what was typed where nothing is asked, or over what was printed."""
    inserted: tuple[str, int, int] | None = None
    """Title, row and number of rows that were inserted into a table."""
    inserted_column: tuple[str, str, str] | None = None
    """Title, letter and heading of a column that was inserted, with a word in its first row."""

    def again(self) -> Paper:
        """A copy to be changed."""
        return copy.deepcopy(self)

    def typed(self, look: Seen) -> dict[Address, Any]:
        """Everything that was typed, by title and cell, before anything was inserted."""
        found = {(title, look.cell(title, label)): value for (title, label), value in self.singles.items()}
        for title, rows in self.rows.items():
            for number, answers in enumerate(rows, start=1):
                found.update({(title, look.cell(title, name, number)): value for name, value in answers.items()})
        return {**found, **self.beside}

    def places(self, look: Seen) -> set[Address]:
        """Where the answers stand in the file that was sent."""
        return {
            (title, self.moved(title, cell)) for title, cell in self.typed(look) if (title, cell) not in self.beside
        }

    def moved(self, title: str, cell: str) -> str:
        """Where a cell stands after the column was inserted."""
        if self.inserted_column is None or self.inserted_column[0] != title:
            return cell
        letter, row = cell.rstrip("0123456789"), cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        column = column_index_from_string(letter)
        after = column >= column_index_from_string(self.inserted_column[1])
        return f"{openpyxl.utils.get_column_letter(column + after)}{row}"


def fill_raw(blank: bytes, typed: Mapping[Address, Any]) -> bytes:
    """Typed by a program that keeps everything else as it is, as Excel does."""
    return RawBook(blank).with_typed({where: _raw(value) for where, value in typed.items() if value is not None})


def _raw(value: Any) -> Any:
    return (value - EXCEL_DAY_NULL).days if isinstance(value, date) else value


def fill_openpyxl(blank: bytes, typed: Mapping[Address, Any], paper: Paper) -> bytes:
    """Typed and saved by openpyxl, which forgets what it does not know, after rows or a column were inserted."""
    book = openpyxl.load_workbook(io.BytesIO(blank))
    if paper.inserted:
        title, row, amount = paper.inserted
        book[title].insert_rows(row, amount)
    for (title, cell), value in typed.items():
        book[title][cell] = value
        if value == "#REF!":
            book[title][cell].data_type = "e"
    if paper.inserted_column:
        title, letter, heading = paper.inserted_column
        book[title].insert_cols(column_index_from_string(letter))
        book[title][f"{letter}9"], book[title][f"{letter}{FIRST_ROW}"] = heading, "ghi riêng"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
