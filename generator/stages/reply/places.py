"""Places: where a cell of the sender's workbook stands in the blank of today.

In:   Form, the values that were read with their cells. Out: addresses of answers and spots of the blank.
Pure. Imports definitions (forms, grid), office.workbook.address, issues, model. Rows and columns may have been
inserted and sheets renamed; what the values show of it holds for the empty cells beside them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from generator.definitions.forms import Field, Form, Sheet
from generator.definitions.grid import TOTAL_ROW, sheet_grid
from generator.issues import Issue
from generator.model import CellKey, Value
from generator.office.workbook.address import address, parse_address

Address = tuple[str, int, str]
"""Table ("" for a single field), row from 1 (0 for a single field), field."""

_CELL_PARAMS = ("twin", "right_cell", "first")
"""Params of issues that name another cell of the same sheet."""


class Spot(NamedTuple):
    """A place of the blank: title of the sheet, and the cell; "" for the sheet as a whole."""

    sheet: str
    cell: str


class Places:
    """Asked for each fault of one return."""

    def __init__(self, form: Form, values: Iterable[Value]) -> None:
        self._form = form
        self._cells: dict[tuple[str, str], Address] = {}
        self._sheets: dict[str, Sheet] = {}
        self._above: dict[str, int] = {}
        self._columns: dict[tuple[str, int], str] = {}
        by_title = {sheet.title: sheet for sheet in form.sheets}
        homes = _homes(form)
        for table, row, code, _, _, name, cell in values:
            self._cells[name, cell] = (table, row, code)
            if name not in self._sheets:
                self._sheets[name] = homes[table, "" if table else code]
            if table:
                key = parse_address(cell)
                self._above[name] = key.row - row
                self._columns[name, key.column] = code
        self._sheets = {**by_title, **self._sheets}

    def spot(self, sheet: str, cell: str, label: str = "") -> Spot:
        """Where that cell of the sender's stands in the blank; the sheet alone when the cell is none of ours.

        `label` is that of the field, where it is known: an empty answer is found by it.
        """
        known = self._sheets.get(sheet)
        if known is None:
            return Spot("", "")
        if not cell:
            return Spot(known.title, "")
        where = self._cells.get((sheet, cell))
        if where is not None:
            return self.cell_of(where)
        key = parse_address(cell)
        found = self._in_table(known, sheet, key, label) if known.table else _in_fields(known, key, label)
        return Spot(known.title, address(*found) if found else "")

    def cell_of(self, where: Address) -> Spot:
        """The cell of an answer in the blank."""
        table, row, code = where
        sheet = self._form.sheet_of(table or code)
        grid = sheet_grid(sheet)
        key = CellKey(TOTAL_ROW + row, grid.columns[code]) if table else grid.fields[code]
        return Spot(sheet.title, address(*key))

    def of(self, found: Issue) -> Spot:
        """Where a fault stands in the blank. A field that was deleted is found by its code or label."""
        label = str(found.params.get("field") or found.params.get("left") or "")
        code = found.params.get("code", "")
        if not found.place.cell and code:
            sheet = next((one for one in self._form.sheets if any(each.code == code for each in one.fields)), None)
            if sheet is not None:
                return Spot(sheet.title, address(*sheet_grid(sheet).fields[code]))
        return self.spot(found.place.sheet, found.place.cell, label)

    def moved(self, found: Issue) -> Mapping[str, str]:
        """The fault's params with the cells they name as they are in the blank."""
        moved = dict(found.params)
        for name in _CELL_PARAMS:
            try:
                parse_address(moved.get(name, ""))
            except ValueError:
                continue
            moved[name] = self.spot(found.place.sheet, moved[name]).cell or moved[name]
        return moved

    def _in_table(self, sheet: Sheet, name: str, key: CellKey, label: str) -> CellKey | None:
        """The cell in a table's row, or in its total row."""
        assert sheet.table is not None
        row = key.row - self._above.get(name, TOTAL_ROW)
        columns = sheet_grid(sheet).columns
        code = self._columns.get((name, key.column)) or _labelled(sheet.table.columns, label)
        code = code or next((one for one, column in columns.items() if column == key.column), "")
        return CellKey(TOTAL_ROW + row, columns[code]) if code in columns and row >= 0 else None


def _homes(form: Form) -> dict[tuple[str, str], Sheet]:
    """The sheet of each table, and of each single field."""
    found: dict[tuple[str, str], Sheet] = {}
    for sheet in form.sheets:
        if sheet.table:
            found[sheet.table.code, ""] = sheet
        found |= {("", single.code): sheet for single in sheet.fields}
    return found


def _labelled(fields: Iterable[Field], label: str) -> str:
    """The code of the only field of that label; "" for none."""
    found = [one.code for one in fields if label and one.label == label]
    return found[0] if len(found) == 1 else ""


def _in_fields(sheet: Sheet, key: CellKey, label: str) -> CellKey | None:
    cells = sheet_grid(sheet).fields
    code = _labelled(sheet.fields, label)
    if code:
        return cells[code]
    return key if key in cells.values() else None
