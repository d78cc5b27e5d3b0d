"""Cells of a workbook that hold something which nobody read and we did not print: they are listed, never dropped.

In:   the sheets with the cells that were read, the texts that the blank carries. Out: issues cell.not_read.
Pure. Imports normalise.sheets, definitions (fieldtypes, forms, grid), vietnamese, the addresses, model, issues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import lru_cache
from typing import NamedTuple

from generator.definitions.fieldtypes import raw_text
from generator.definitions.forms import Sheet, SheetKind
from generator.definitions.grid import (
    CALCULATED_COLUMNS,
    CODES_ROW,
    COLUMNS_MARK,
    CORRECTIONS_CODE,
    IDENTITY_SHEET,
    KEY_ROW,
    LISTS_SHEET,
    NUMBER_COLUMN,
    UNIT_ROW,
)
from generator.issues import Issue, Place, issue
from generator.model import CellKey, Raw, RawSheet, RawWorkbook
from generator.office.workbook.address import address
from generator.stages.normalise.sheets import Found, Key, holds
from generator.vietnamese.text import clean

MOST_NOT_READ = 200
"""So many cells that were not read are listed one by one; the rest of the file is counted."""
LONGEST_SHOWN = 200
"""So many letters of a cell that was not read are shown."""
_NOT_CALCULATED = "công thức chưa được tính"

Printed = Mapping[str, Set[str]]
"""The texts that the blank itself carries, by sheet code."""


def not_read(raw: RawWorkbook, known: Iterable[Found], printed: Printed, own: Set[str], file: str) -> Iterator[Issue]:
    """An issue for each cell that holds something we neither read nor printed ourselves."""
    by_name, listed = {found.raw.name: found for found in known}, 0
    for sheet in raw.sheets:
        if (sheet.name in (IDENTITY_SHEET, LISTS_SHEET) and not sheet.visible) or _is_corrections(sheet):
            continue
        found = by_name.get(sheet.name) or Found(sheet, _NO_SHEET, odd=sheet.uncalculated.union(sheet.errors))
        texts = printed.get(found.form_sheet.code)
        for key in _foreign_cells(found, texts or frozenset(), own if texts is not None else frozenset()):
            listed += 1
            if listed <= MOST_NOT_READ:
                shown = sheet.errors.get(CellKey(*key)) or raw_text(found.at(key)) or _NOT_CALCULATED
                yield issue("cell.not_read", Place(file, sheet.name, address(*key)), value=shown[:LONGEST_SHOWN])
    if listed > MOST_NOT_READ:
        yield issue("cell.more_not_read", Place(file), count=listed - MOST_NOT_READ)


def _is_corrections(sheet: RawSheet) -> bool:
    """Whether it is the sheet Cần sửa that a reply put there: all of it is ours."""
    mark = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None
    return isinstance(mark, str) and mark.strip().endswith(f"/{CORRECTIONS_CODE}")


_NO_SHEET = Sheet("", "", SheetKind.FIELDS)


class _Prints(NamedTuple):
    """What the blank prints on a sheet, ready to be compared with whole rows."""

    printed: Set[str]
    texts: frozenset[Raw]
    """What may stand anywhere: nothing, and whatever is no number."""
    heads: frozenset[Raw]
    """What may stand in the first columns: numbers as well, also as the program keeps them."""


_WHOLE_NUMBERS = {int, bool}
"""Equal to a number of ours, and yet none: a program keeps ours as float."""


@lru_cache(maxsize=64)
def _prints(printed: frozenset[str]) -> _Prints:
    digits = {text for text in printed if text.isdigit()}
    numbers = {float(text) for text in digits if text.isascii()}
    return _Prints(printed, frozenset({"", None, *(printed - digits)}), frozenset({"", None, *printed, *numbers}))


def _foreign_cells(found: Found, printed: Set[str], own: Set[str]) -> Iterator[Key]:
    """Cells that hold something and are neither taken nor ours, row by row; then errors and uncalculated formulas."""
    known = found.taken | found.own
    checks = found.form_sheet.kind is SheetKind.CHECKS
    # row numbers and marks stand in the first columns, keys in their row; elsewhere a number is never our own
    numbered = NUMBER_COLUMN + found.mark_column - 1
    key_row = found.marks.get(COLUMNS_MARK, CODES_ROW) + KEY_ROW - CODES_ROW
    blank = ("",) * (found.right - found.left)
    printed, texts, heads = _prints(frozenset(printed))
    for number, row in enumerate(found.raw.rows, start=1):
        # most rows of a table hold nothing but their number, most of a page only what we printed
        looked_at = (*row[: found.left], *blank, *row[found.right :]) if number in found.whole else row
        if texts.issuperset(looked_at[numbered:]):
            looked_at = looked_at[:numbered]
            if heads.issuperset(looked_at) and _WHOLE_NUMBERS.isdisjoint(map(type, looked_at)):
                continue
        for column, raw in enumerate(looked_at, start=1):
            if raw == "" or raw is None or (number, column) in known:
                continue
            if isinstance(raw, str):
                mine = raw in printed or raw in own or clean(raw) in printed or clean(raw) in own
                mine = mine and (column <= numbered or number == key_row or not raw.isdigit())
            else:
                mine = (column <= numbered or number == key_row) and isinstance(raw, float) and raw in heads
            if not mine and holds(raw) and not (checks and (column in CALCULATED_COLUMNS or number == UNIT_ROW)):
                yield number, column
    if not checks:
        yield from sorted(found.odd - known)
