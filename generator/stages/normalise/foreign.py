"""Cells of a workbook that hold something which nobody read and we did not print: they are listed, never dropped.

In:   the sheets with the cells that were read, the texts that the blank carries. Out: issues cell.not_read.
Pure. Imports normalise.found, definitions (fieldtypes, forms, grid), vietnamese, the addresses, model, issues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import lru_cache
from typing import NamedTuple

from generator.definitions.fieldtypes import FIELD_TYPES, raw_text, shown_text
from generator.definitions.forms import Sheet, SheetKind
from generator.definitions.grid import (
    CALCULATED_COLUMNS,
    CODES_ROW,
    COLUMNS_MARK,
    CORRECTIONS_CODE,
    END_MARK,
    IDENTITY_SHEET,
    KEY_ROW,
    LISTS_SHEET,
    NUMBER_COLUMN,
    TOTAL_MARK,
    TOTAL_ROW,
    UNIT_ROW,
)
from generator.issues import Issue, Place, issue
from generator.model import CellKey, Raw, RawSheet, RawWorkbook
from generator.office.workbook.address import address
from generator.stages.normalise.found import Found, Key, holds
from generator.vietnamese.text import clean

MOST_NOT_READ = 200
"""So many cells that were not read are listed one by one; the rest of the file is counted."""
LONGEST_SHOWN = 200
"""So many letters of a cell that was not read are shown."""
_NOT_CALCULATED = "công thức chưa được tính"
_UNIT_LINE = "Đơn vị báo cáo:"
"""Of what is filled in for one partner only this stands outside the fields: the same words elsewhere are an answer."""

Printed = Mapping[str, Set[str]]
"""The texts that the blank itself carries, by sheet code."""


def not_read(raw: RawWorkbook, known: Iterable[Found], printed: Printed, own: Set[str], file: str) -> Iterator[Issue]:
    """An issue for each cell that holds something we neither read nor printed ourselves."""
    by_name: dict[str, list[Found]] = {}
    for found in known:
        by_name.setdefault(found.raw.name, []).append(found)
    listed = 0
    for sheet in raw.sheets:
        if (sheet.name in (IDENTITY_SHEET, LISTS_SHEET) and not sheet.visible) or _is_corrections(sheet):
            continue
        here = by_name.get(sheet.name) or [Found(sheet, _NO_SHEET, odd=sheet.uncalculated.union(sheet.errors))]
        texts = [printed[found.form_sheet.code] for found in here if found.form_sheet.code in printed]
        cells = _foreign_cells(_together(here), frozenset().union(*texts), own if texts else frozenset())
        below: dict[int, set[int]] = {}
        for key in cells:
            below.setdefault(key[0], set()).add(key[1])
            listed += 1
            if listed <= MOST_NOT_READ:
                shown = sheet.errors.get(CellKey(*key)) or _shown(here[0], key) or _NOT_CALCULATED
                yield issue("cell.not_read", Place(file, sheet.name, address(*key)), value=shown[:LONGEST_SHOWN])
        for found in here if below else ():
            yield from _rows_below(found, below, file)
    if listed > MOST_NOT_READ:
        yield issue("cell.more_not_read", Place(file), count=listed - MOST_NOT_READ)


def _shown(found: Found, key: Key) -> str:
    """What a cell holds as people write it: below a column of dates a number is a day that lost its format."""
    raw, columns = found.at(key), found.form_sheet.table.columns if found.form_sheet.table else ()
    codes = found.row(found.marks.get(COLUMNS_MARK, 0))
    code = codes[key[1] - 1] if key[1] <= len(codes) else ""
    asked = next((one for one in columns if one.code == code and one.type == "date"), None)
    if asked and isinstance(raw, float):
        read = FIELD_TYPES["date"].parse(raw, asked)
        return read.params["date"] if read.issue == "cell.date_as_serial" else shown_text(raw)
    return shown_text(raw)


def _together(here: list[Found]) -> Found:
    """What was read of a sheet on which several sheets of the form stand now; mostly there is one."""
    first = here[0]
    if len(here) == 1:
        return first
    both = Found(first.raw, first.form_sheet, first.mark_column, dict(first.marks), odd=first.odd)
    for found in here:
        both.marks.pop(END_MARK, None)  # what lies between marks of one may be of another
        both.key_row = max(both.key_row, found.key_row)
        both.taken |= found.taken
        both.own |= found.own | set(_numbers_of(found))
        # what is read row by row is known by its rows
        both.taken |= {(row, column) for row in found.whole for column in range(found.left + 1, found.right + 1)}
    return both


def _numbers_of(found: Found) -> Iterator[Key]:
    """The numbers before the rows, and the keys of the columns, of a sheet that is not the only one in its place."""
    column = NUMBER_COLUMN + found.mark_column - 1
    for number, row in enumerate(found.raw.rows, start=1):
        if 0 < column <= len(row) and isinstance(row[column - 1], float):
            yield number, column
    keys = {one.key for one in found.form_sheet.table.columns} if found.form_sheet.table else frozenset()
    for place, raw in enumerate(found.row(found.key_row), start=1):
        if raw_text(raw) in keys:
            yield found.key_row, place


def _rows_below(found: Found, foreign: Mapping[int, Set[int]], file: str) -> Iterator[Issue]:
    """An error where rows stand below the end of a table that look like rows of it: nobody would count them."""
    table, end = found.form_sheet.table, found.marks.get(END_MARK, 0)
    if table is None or not end:
        return
    codes = found.row(found.marks.get(COLUMNS_MARK, 0))
    places = {codes.index(column.code) + 1 for column in table.columns if column.code in codes}
    enough = min(len(places), max(3, sum(column.required for column in table.columns) // 2))
    rows = [row for row in sorted(foreign) if row > end and len(foreign[row] & places) >= enough]
    if rows and enough:
        first = address(rows[0], min(foreign[rows[0]] & places))
        told = {"sheet": found.form_sheet.title, "count": len(rows)}
        yield issue("structure.rows_below", Place(file, found.raw.name, first), **told)


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


_NO_TEXT: frozenset[Raw] = frozenset({"", None})
_TITLE_ROWS = 40
"""The title of a sheet stands above this row, also when some rows were inserted before it."""

_WHOLE_NUMBERS = {int, bool}
"""Equal to a number of ours, and yet none: a program keeps ours as float."""


@lru_cache(maxsize=64)
def _prints(printed: frozenset[str]) -> _Prints:
    digits = {text for text in printed if text.isdigit()}
    numbers = {float(text) for text in digits if text.isascii()}
    return _Prints(printed, frozenset({"", None, *(printed - digits)}), frozenset({"", None, *printed, *numbers}))


def _key_row(found: Found) -> int:
    """The row of keys, where our numbers stand in every column; 0 where nobody knows it."""
    table = found.form_sheet.table
    if found.key_row or table is None or COLUMNS_MARK in found.marks:
        return found.key_row or found.marks.get(COLUMNS_MARK, CODES_ROW) + KEY_ROW - CODES_ROW
    keys = {column.key for column in table.columns} - {""}
    for number, row in enumerate(found.raw.rows[:_TITLE_ROWS], start=1):
        shown = {raw for raw in row if holds(raw)}
        if shown and shown <= keys and 2 * len(shown) >= len(keys):
            return number
    return 0


def _answer_rows(found: Found) -> range:
    """The rows of a table that hold answers, where their beginning and end are marked."""
    codes_row, end = found.marks.get(COLUMNS_MARK, 0), found.marks.get(END_MARK, 0)
    if found.form_sheet.table is None or not codes_row:
        return range(0)
    return range(found.marks.get(TOTAL_MARK, codes_row + TOTAL_ROW - CODES_ROW) + 1, end)


def _locked_columns(found: Found) -> frozenset[int]:
    """The columns of a table that we print ourselves."""
    columns = found.form_sheet.table.columns if found.form_sheet.table else ()
    codes = found.row(found.marks.get(COLUMNS_MARK, 0))
    return frozenset(codes.index(one.code) + 1 for one in columns if one.locked and one.code in codes)


def _foreign_cells(found: Found, printed: Set[str], own: Set[str]) -> Iterator[Key]:
    """Cells that hold something and are neither taken nor ours, row by row; then errors and uncalculated formulas."""
    known = found.taken | found.own
    checks = found.form_sheet.kind is SheetKind.CHECKS
    # row numbers and marks stand in the first columns, keys in their row; elsewhere a number is never our own
    numbered = max(0, NUMBER_COLUMN + found.mark_column - 1)
    key_row, answers, locked = _key_row(found), _answer_rows(found), _locked_columns(found)
    own = frozenset(text for text in own if text.startswith(_UNIT_LINE))
    shift = found.mark_column - 1
    calculated = range(CALCULATED_COLUMNS.start + min(0, shift), CALCULATED_COLUMNS.stop + max(0, shift))
    blank = ("",) * (found.right - found.left)
    printed, texts, heads = _prints(frozenset(printed))
    for number, row in enumerate(found.raw.rows, start=1):
        # most rows of a table hold nothing but their number, most of a page only what we printed
        looked_at = (*row[: found.left], *blank, *row[found.right :]) if number in found.whole else row
        # whatever stands among the answers of a table was typed, even if it is a word that we print
        among = number in answers
        if (_NO_TEXT if among else texts).issuperset(looked_at[numbered:]):
            looked_at = looked_at[:numbered]
            if heads.issuperset(looked_at) and _WHOLE_NUMBERS.isdisjoint(map(type, looked_at)):
                continue
        for column, raw in enumerate(looked_at, start=1):
            if raw == "" or raw is None or (number, column) in known:
                continue
            if isinstance(raw, str):
                mine = raw in printed or raw in own or clean(raw) in printed or clean(raw) in own
                answer = raw.isdigit() or (among and column not in locked)
                mine = mine and (column <= numbered or number == key_row or not answer)
            else:
                mine = (column <= numbered or number == key_row) and isinstance(raw, float) and raw in heads
            if not mine and holds(raw) and not (checks and (column in calculated or number == UNIT_ROW)):
                yield number, column
    if not checks:
        yield from sorted(found.odd - known)
