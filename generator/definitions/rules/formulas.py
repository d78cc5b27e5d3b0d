"""The in-sheet face of rules: Excel expressions that count faults and find the first one.

In:   a Form and its field paths. Out: CellFormula and the pieces it is built from.
Pure. Imports definitions.forms, grid, and the addresses of office.workbook. Only functions that Excel 2010,
LibreOffice and Google Sheets share; English names and commas, as the file format stores them.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.definitions.forms import Form
from generator.definitions.grid import FIRST_COLUMN, FIRST_TABLE_ROW, sheet_grid
from generator.office.workbook.address import address

_BELOW_LAST_ROW = 1_048_577


@dataclass(frozen=True, slots=True)
class CellFormula:
    """Two expressions without "=": how many faults there are, and the row of the first one."""

    sheet: str
    """Code of the sheet whose cells are judged."""
    column: int
    """Column of the cell that a link should lead to."""
    count: str
    first: str


def _absolute(row: int, column: int) -> str:
    letters = address(row, column).rstrip("0123456789")
    return f"${letters}${row}"


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def reference(form: Form, path: str) -> str:
    """The cell of a single field, or the whole range of a column, as a formula writes it."""
    sheet = form.sheet_of(path)
    grid = sheet_grid(sheet)
    if "." not in path:
        key = grid.fields[path]
        return f"{_quoted(sheet.title)}!{_absolute(key.row, key.column)}"
    column = grid.columns[path.rpartition(".")[2]]
    return f"{_quoted(sheet.title)}!{_absolute(FIRST_TABLE_ROW, column)}:{_absolute(grid.last_row, column)}"


def table_cells(form: Form, table: str) -> str:
    """The range of all answers of a table."""
    sheet = form.sheet_of(table)
    grid = sheet_grid(sheet)
    first, last = _absolute(FIRST_TABLE_ROW, FIRST_COLUMN), _absolute(grid.last_row, grid.width)
    return f"{_quoted(sheet.title)}!{first}:{last}"


def used_rows(form: Form, path: str) -> str:
    """For each row of the path's table: whether anything stands in it."""
    table = form.table(path.rpartition(".")[0])
    assert table is not None, path
    filled = "+".join(holds(form, f"{table.code}.{column.code}") for column in table.columns)
    return f"(({filled})>0)"


def holds(form: Form, path: str) -> str:
    """Whether something stands in a cell, or in each cell of a column; blanks alone are nothing."""
    return f'(TRIM({reference(form, path)})<>"")'


def text_literal(text: str) -> str:
    """A text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'


def conjunction(*conditions: str) -> str:
    """All conditions at once, for ranges as for single cells."""
    return "*".join(f"({condition})" for condition in conditions)


def single_faults(form: Form, path: str, wrong: str) -> CellFormula:
    """A fault at a single field while `wrong` holds."""
    sheet = form.sheet_of(path)
    key = sheet_grid(sheet).fields[path]
    # an answer that is text where a number is compared breaks the arithmetic: that too wants a look
    return CellFormula(sheet.code, key.column, f"IFERROR(IF({wrong},1,0),1)", f"ROW({reference(form, path)})")


def column_faults(form: Form, path: str, wrong: str) -> CellFormula:
    """The rows of a table in which `wrong` holds; the link leads to the column of `path`."""
    sheet = form.sheet_of(path)
    column = sheet_grid(sheet).columns[path.rpartition(".")[2]]
    cells = reference(form, path)
    # "*1" first: in a spreadsheet every logical value counts as greater than any number
    faulty = f"((({wrong})*1)>0)"
    first = f"{_BELOW_LAST_ROW}-SUMPRODUCT(MAX({faulty}*({_BELOW_LAST_ROW}-ROW({cells}))))"
    return CellFormula(
        sheet.code,
        column,
        f"IFERROR(SUMPRODUCT({faulty}*1),1)",
        f"IFERROR({first},{FIRST_TABLE_ROW})",
    )
