"""Finding the sheets of a form again in a workbook, under whatever name they now go, and their cells.

In:   RawWorkbook, Form. Out: Found by sheet code, and further copies of sheets.
Pure. Imports definitions (forms, grid), vietnamese, model.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from generator.definitions.forms import Form, Sheet
from generator.definitions.grid import COLUMNS_MARK, sheet_mark
from generator.model import Raw, RawSheet, RawWorkbook
from generator.vietnamese.text import clean

_MARK_ROWS, _MARK_COLUMNS = 40, 12
"""A sheet's mark is looked for so far down and to the right: rows and columns may have been inserted before it."""
_NOTHING: tuple[Raw, ...] = ()

Key = tuple[int, int]
"""A row and a column, as in CellKey but cheaper to make: there are thousands."""


@dataclass(slots=True)
class Found:
    """A sheet of the workbook that carries the mark of a sheet of the form."""

    raw: RawSheet
    form_sheet: Sheet
    mark_column: int = 1
    marks: dict[str, int] = field(default_factory=dict)
    """Row of each mark; of two equal marks the first one stands."""
    second: list[tuple[str, int]] = field(default_factory=list)
    """Marks that stood before already, with their rows: somebody copied a row."""
    odd: Set[Key] = frozenset()
    """Cells that hold something although their raw value is empty: errors and uncalculated formulas."""
    taken: set[Key] = field(default_factory=set)
    """Cells that were read."""
    left: int = 0
    right: int = 0
    whole: set[int] = field(default_factory=set)
    """Rows of which every cell that holds something was read from column `left` + 1 to `right`."""
    own: set[Key] = field(default_factory=set)
    """Cells that are ours whatever they hold: codes and totals."""

    def row(self, number: int) -> tuple[Raw, ...]:
        return self.raw.rows[number - 1] if 0 < number <= len(self.raw.rows) else _NOTHING

    def at(self, key: Key) -> Raw:
        row = self.row(key[0])
        return row[key[1] - 1] if key[1] <= len(row) else None

    def filled(self, key: Key) -> bool:
        return key in self.odd or holds(self.at(key))

    @property
    def height(self) -> int:
        """The last row that holds anything."""
        return max(len(self.raw.rows), max((row for row, _ in self.odd), default=0))


def holds(raw: Raw) -> bool:
    if isinstance(raw, str):
        # only what begins oddly can be nothing but spaces and invisible signs
        return raw != "" and (" " < raw[0] < "\x7f" or clean(raw) != "")
    return raw is not None


def known_sheets(raw: RawWorkbook, form: Form) -> tuple[dict[str, Found], list[Found]]:
    """Sheets by their code, and further copies of them: known by their mark, under whatever name they now go.

    A sheet that lost its mark but kept its name and its hidden row of codes is known by its name.
    """
    by_mark = {sheet_mark(form, sheet): sheet for sheet in form.sheets}
    by_title = {clean(sheet.title).casefold(): sheet for sheet in form.sheets}
    found: dict[str, Found] = {}
    copies: list[Found] = []
    unmarked: list[RawSheet] = []
    for sheet in raw.sheets:
        marked = _marked_sheet(sheet, by_mark)
        if marked is None:
            unmarked.append(sheet)
            continue
        before = found.setdefault(marked.form_sheet.code, marked)
        # of two with one mark the one that kept its name is meant
        if before is not marked and by_title.get(clean(sheet.name).casefold()) is marked.form_sheet:
            found[marked.form_sheet.code], marked = marked, before
        if found[marked.form_sheet.code] is not marked:
            copies.append(marked)
    for sheet in unmarked:
        named = by_title.get(clean(sheet.name).casefold())
        if named and named.code not in found and any(row and row[0] == COLUMNS_MARK for row in sheet.rows):
            found[named.code] = _found(sheet, named, 1)
    return found, copies


def _marked_sheet(sheet: RawSheet, by_mark: Mapping[str, Sheet]) -> Found | None:
    for row in sheet.rows[:_MARK_ROWS]:
        for column, raw in enumerate(row[:_MARK_COLUMNS], start=1):
            if isinstance(raw, str) and raw and raw.strip() in by_mark:
                return _found(sheet, by_mark[raw.strip()], column)
    return None


def _found(sheet: RawSheet, known: Sheet, mark_column: int) -> Found:
    found = Found(sheet, known, mark_column, odd=sheet.uncalculated.union(sheet.errors))
    for number, row in enumerate(sheet.rows, start=1):
        mark = row[mark_column - 1] if mark_column <= len(row) else None
        if mark and isinstance(mark, str) and (mark := mark.strip()) and found.marks.setdefault(mark, number) != number:
            found.second.append((mark, number))
    return found
