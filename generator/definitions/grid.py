"""Where everything of a form stands in its blank: rows and columns, from the form alone.

In:   a Form. Out: for each sheet the cells of fields, columns, header, total row and end mark.
Pure. `blank` writes by it, in-sheet formulas point by it. Reading finds fields by the marks written
in the hidden column A and the hidden row of codes, so that inserted rows and columns do no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from generator.definitions.forms import Form, Sheet, SheetKind
from generator.model import CellKey

COLUMNS_MARK = "#cot"
"""In column A: this hidden row holds the codes of the columns."""
TOTAL_MARK = "#tong"
"""In column A: this row holds totals; it is recomputed, never read."""
END_MARK = "#het"
"""In column A: the rows of the table end above this one."""
VALUE_MARK = "#gia_tri"
"""In the row of codes of a fields sheet: the column that holds the answers."""

IDENTITY_SHEET, LISTS_SHEET = "_KN", "_DanhSach"
"""Hidden sheets: who the workbook is, and the lists that dropdowns draw from."""

CORRECTIONS_CODE, CORRECTIONS_TITLE = "can_sua", "Cần sửa"
"""The sheet that a reply puts before the sheets of a form: what is to be mended. Its mark is like theirs."""

MARK_COLUMN, NUMBER_COLUMN, FIRST_COLUMN = 1, 2, 3
LABEL_COLUMN, UNIT_COLUMN, VALUE_COLUMN, HELP_COLUMN = 3, 4, 5, 6
HEAD_ROW, TITLE_ROW, PERIOD_ROW, UNIT_ROW = 2, 5, 6, 7
CODES_ROW, HEADER_ROW, KEY_ROW = 8, 9, 10
FIRST_FIELD_ROW = 11
TOTAL_ROW, FIRST_TABLE_ROW = 11, 12
CALCULATED_COLUMNS = range(4, 10)
"""Columns of a checks sheet whose cells are calculated, so that no text in them is anybody's answer."""


def edition(form: Form) -> str:
    """What a blank says of the form it was made from: the version, and a sign of which fields it asked for.

    Whoever adds a question need not remember to raise the version: a return whose sign differs was made from an
    older blank, and what it lacks was never asked.
    """
    paths = "\n".join(path for path, _ in form.paths())
    return f"{form.version}-{sha256(paths.encode()).hexdigest()[:8]}"


def sheet_mark(form: Form, sheet: Sheet) -> str:
    """What cell A1 of a sheet says, so that it is known under any name: "KN-01/hoat_dong"."""
    return f"{form.code}/{sheet.code}"


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """The cells of one sheet. Rows and columns count from 1."""

    sheet: Sheet
    fields: Mapping[str, CellKey]
    """Cell of each single field's answer."""
    headings: Mapping[int, str]
    """Rows that carry a heading, with its text."""
    columns: Mapping[str, int]
    """Column number of each table column."""
    last_row: int
    """Last row of fields or of the table's rows; the end mark of a table stands in the row below."""
    width: int
    """Last column in use."""


@lru_cache(maxsize=256)
def _fields_grid(sheet: Sheet) -> SheetGrid:
    cells: dict[str, CellKey] = {}
    headings: dict[int, str] = {}
    row = FIRST_FIELD_ROW
    for single in sheet.fields:
        if single.heading:
            headings[row] = single.heading
            row += 1
        cells[single.code] = CellKey(row, VALUE_COLUMN)
        row += 1
    return SheetGrid(sheet, cells, headings, {}, row - 1, HELP_COLUMN)


@lru_cache(maxsize=256)
def _table_grid(sheet: Sheet) -> SheetGrid:
    assert sheet.table is not None
    columns = {column.code: FIRST_COLUMN + number for number, column in enumerate(sheet.table.columns)}
    last_row = FIRST_TABLE_ROW + sheet.table.rows - 1
    return SheetGrid(sheet, {}, {}, columns, last_row, FIRST_COLUMN + len(columns) - 1)


def sheet_grid(sheet: Sheet) -> SheetGrid:
    """The grid of a sheet; a guide or checks sheet has no cells of its own."""
    if sheet.kind is SheetKind.TABLE:
        return _table_grid(sheet)
    return _fields_grid(sheet)
