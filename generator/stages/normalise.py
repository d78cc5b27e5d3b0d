"""Normalise: raw cells -> typed values with their cells, and an issue for each cell that does not fit.

In:   RawWorkbook, Form, the lists its choices draw from. Out: Returned (values and layout), issues.
Pure. Imports definitions (forms, grid, fieldtypes, returned), vietnamese, office.workbook.address, model, issues.
Conservation: each cell that holds something ends as a value, in an issue, or as an issue `cell.not_read`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from generator.definitions.fieldtypes import FIELD_TYPES, FieldType, raw_text
from generator.definitions.forms import Choice, Field, Form, Sheet, SheetKind
from generator.definitions.grid import (
    CALCULATED_COLUMNS,
    CODES_ROW,
    COLUMNS_MARK,
    END_MARK,
    IDENTITY_SHEET,
    KEY_ROW,
    LISTS_SHEET,
    NUMBER_COLUMN,
    TOTAL_MARK,
    TOTAL_ROW,
    UNIT_ROW,
    VALUE_COLUMN,
    VALUE_MARK,
    edition,
    sheet_mark,
)
from generator.definitions.returned import Layout, Returned, TableLayout
from generator.issues import Issue, Place, issue
from generator.model import CellKey, Raw, RawSheet, RawWorkbook, Scalar, Value
from generator.office.workbook.address import address
from generator.vietnamese.numbers import format_number
from generator.vietnamese.text import clean

MOST_NOT_READ = 200
"""So many cells that were not read are listed one by one; the rest of the file is counted."""
LONGEST_SHOWN = 200
"""So many letters of a cell that was not read are shown."""

_MARK_ROWS, _MARK_COLUMNS = 40, 12
"""A sheet's mark is looked for so far down and to the right: rows and columns may have been inserted before it."""
_NOT_CALCULATED = "công thức chưa được tính"
_NOTHING: tuple[Raw, ...] = ()

Lists = Mapping[str, tuple[Choice, ...]]
_Key = tuple[int, int]
"""A row and a column, as in CellKey but cheaper to make: there are thousands."""


class _Asked(NamedTuple):
    """A field with all that its cells are read by, put together once for a column."""

    column: int
    field: Field
    type: FieldType
    choices: tuple[Choice, ...]
    table: str


@dataclass(slots=True)
class _Found:
    """A sheet of the workbook that carries the mark of a sheet of the form."""

    raw: RawSheet
    form_sheet: Sheet
    mark_column: int = 1
    marks: dict[str, int] = field(default_factory=dict)
    """Row of each mark; of two equal marks the first one stands."""
    second: list[tuple[str, int]] = field(default_factory=list)
    """Marks that stood before already, with their rows: somebody copied a row."""
    odd: Set[_Key] = frozenset()
    """Cells that hold something although their raw value is empty: errors and uncalculated formulas."""
    taken: set[_Key] = field(default_factory=set)
    """Cells that were read."""
    own: set[_Key] = field(default_factory=set)
    """Cells that are ours whatever they hold: codes and totals."""

    def row(self, number: int) -> tuple[Raw, ...]:
        return self.raw.rows[number - 1] if 0 < number <= len(self.raw.rows) else _NOTHING

    def at(self, key: _Key) -> Raw:
        row = self.row(key[0])
        return row[key[1] - 1] if key[1] <= len(row) else None

    def filled(self, key: _Key) -> bool:
        return key in self.odd or _holds(self.at(key))

    @property
    def height(self) -> int:
        """The last row that holds anything."""
        return max(len(self.raw.rows), max((row for row, _ in self.odd), default=0))


@dataclass(slots=True)
class _Reading:
    """What is known of the workbook while it is read."""

    form: Form
    lists: Lists
    file: str
    year: int
    values: list[Value] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    fields: dict[str, tuple[str, CellKey]] = field(default_factory=dict)
    tables: dict[str, TableLayout] = field(default_factory=dict)
    older: bool = False
    """Whether the blank was made from another edition of the form: what it lacks was never asked."""

    def asked(self, single: Field, column: int, table: str = "") -> _Asked:
        choices = self.lists.get(single.choices) or self.form.choices.get(single.choices, ())
        return _Asked(column, single, FIELD_TYPES[single.type], choices, table)

    def note(self, code: str, found: _Found, key: _Key | None = None, /, **params: object) -> None:
        """An issue at a cell, or at the sheet."""
        cell = address(*key) if key else ""
        self.issues.append(issue(code, Place(self.file, found.raw.name, cell), **params))

    def absent(self, found: _Found, asked: Field) -> None:
        """A field that the workbook does not have: deleted, or newer than the blank."""
        code = "field.newer" if self.older else "field.missing"
        self.note(code, found, field=asked.label, code=asked.code)

    def take(self, found: _Found, key: _Key, raw: Raw, column: _Asked, row: int = 0) -> None:
        """One cell of a field: a value where it holds something, an issue where that does not fit."""
        _, asked, type_, choices, table = column
        value: Scalar = None
        if key in found.odd:
            shown = found.raw.errors.get(CellKey(*key), "")
            if shown:
                self.note("cell.error_value", found, key, field=asked.label, value=shown)
            else:
                self.note("cell.not_calculated", found, key, field=asked.label)
        elif _holds(raw):
            value, code, params = type_.parse(raw, asked, choices, self.year)
            shown = raw if isinstance(raw, str) else raw_text(raw)
            if code:
                self.note(code, found, key, field=asked.label, **params)
        else:
            return
        found.taken.add(key)
        self.values.append(Value(table, row, asked.code, value, shown, found.raw.name, address(*key)))


def normalise(
    raw: RawWorkbook,
    form: Form,
    lists: Lists,
    file: str,
    year: int,
    printed: Mapping[str, Set[str]] | None = None,
) -> tuple[Returned, list[Issue]]:
    """Every answer of the workbook, typed, with the cell it stands in, in the order of the form.

    `printed` names, by sheet code, the texts that the blank itself carries; with it, cells that hold
    anything else outside the fields are listed as not read.
    """
    reading = _Reading(form, lists, file, year, older=raw.identity.version not in ("", edition(form)))
    sheets, copies = _known_sheets(raw, form)
    for sheet in form.sheets:
        found = sheets.get(sheet.code)
        if sheet.kind in (SheetKind.GUIDE, SheetKind.CHECKS):
            continue
        if found is None:
            code = "sheet.newer" if reading.older else "sheet.missing"
            reading.issues.append(issue(code, Place(file), sheet=sheet.title))
        elif sheet.table:
            _take_table(reading, found, sheet, printed)
        else:
            _take_fields(reading, found, sheet)
    for copy in copies:
        first = sheets[copy.form_sheet.code].raw.name
        reading.note("sheet.twice", copy, sheet=copy.form_sheet.title, first=first)
    if printed is not None:
        by_name = {found.raw.name: found for found in (*sheets.values(), *copies)}
        _note_not_read(reading, raw, by_name, printed)
    layout = Layout(reading.fields, reading.tables)
    return Returned(file, tuple(reading.values), layout), reading.issues


# --- finding things again --------------------------------------------------------------------


def _holds(raw: Raw) -> bool:
    if isinstance(raw, str):
        # only what begins oddly can be nothing but spaces and invisible signs
        return raw != "" and (" " < raw[0] < "\x7f" or clean(raw) != "")
    return raw is not None


def _known_sheets(raw: RawWorkbook, form: Form) -> tuple[dict[str, _Found], list[_Found]]:
    """Sheets by their code, and further copies of them: known by their mark, under whatever name they now go.

    A sheet that lost its mark but kept its name and its hidden row of codes is known by its name.
    """
    by_mark = {sheet_mark(form, sheet): sheet for sheet in form.sheets}
    by_title = {clean(sheet.title).casefold(): sheet for sheet in form.sheets}
    found: dict[str, _Found] = {}
    copies: list[_Found] = []
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


def _marked_sheet(sheet: RawSheet, by_mark: Mapping[str, Sheet]) -> _Found | None:
    for row in sheet.rows[:_MARK_ROWS]:
        for column, raw in enumerate(row[:_MARK_COLUMNS], start=1):
            if isinstance(raw, str) and raw and raw.strip() in by_mark:
                return _found(sheet, by_mark[raw.strip()], column)
    return None


def _found(sheet: RawSheet, known: Sheet, mark_column: int) -> _Found:
    found = _Found(sheet, known, mark_column, odd=sheet.uncalculated.union(sheet.errors))
    for number, row in enumerate(sheet.rows, start=1):
        mark = row[mark_column - 1] if mark_column <= len(row) else None
        if isinstance(mark, str) and (mark := mark.strip()) and found.marks.setdefault(mark, number) != number:
            found.second.append((mark, number))
    return found


# --- single fields ---------------------------------------------------------------------------


def _take_fields(reading: _Reading, found: _Found, sheet: Sheet) -> None:
    codes = found.row(found.marks.get(COLUMNS_MARK, 0))
    column = codes.index(VALUE_MARK) + 1 if VALUE_MARK in codes else VALUE_COLUMN + found.mark_column - 1
    asked = {single.code: single for single in sheet.fields}
    for code, single in asked.items():
        if code not in found.marks:
            reading.absent(found, single)
            continue
        key = CellKey(found.marks[code], column)
        reading.fields[code] = (found.raw.name, key)
        reading.take(found, key, found.at(key), reading.asked(single, column))
    for code, row in found.second:
        if code in asked and found.filled((row, column)):
            found.taken.add((row, column))
            first = address(found.marks[code], column)
            reading.note("field.twice", found, (row, column), field=asked[code].label, first=first)


# --- tables ----------------------------------------------------------------------------------


def _take_table(reading: _Reading, found: _Found, sheet: Sheet, printed: Mapping[str, Set[str]] | None) -> None:
    table = sheet.table
    if table is None:
        return
    if COLUMNS_MARK not in found.marks:
        reading.note("table.marks_missing", found, sheet=sheet.title)
        return
    codes_row = found.marks[COLUMNS_MARK]
    codes = found.row(codes_row)
    columns = {column.code: codes.index(column.code) + 1 for column in table.columns if column.code in codes}
    for column in table.columns:
        if column.code not in columns:
            reading.absent(found, column)
    above = found.marks.get(TOTAL_MARK, codes_row + TOTAL_ROW - CODES_ROW)
    reading.tables[table.code] = TableLayout(found.raw.name, columns, above)
    end = found.marks.get(END_MARK, 0)
    # without its end mark the table runs on into the place for signatures, which is ours
    ours = frozenset() if end or printed is None else printed.get(sheet.code, frozenset())
    asked = [reading.asked(one, columns[one.code], table.code) for one in table.columns if one.code in columns]
    odd_rows = {row for row, _ in found.odd}
    typed = [one.column for one in asked if not one.field.locked]
    for number in _rows_with_content(found, above, end or found.height + 1, typed, ours):
        row = found.row(number)
        width, odd = len(row), number in odd_rows
        for one in asked:
            raw = row[one.column - 1] if one.column <= width else ""
            if raw != "" or odd:
                reading.take(found, (number, one.column), raw, one, number - above)
    _note_copied_columns(reading, found, asked, codes, range(above + 1, end or found.height + 1))
    _judge_totals(reading, found, sheet, columns)


def _note_copied_columns(
    reading: _Reading,
    found: _Found,
    asked: Sequence[_Asked],
    codes: Sequence[Raw],
    rows: range,
) -> None:
    """An error at the first answer of a column whose code stood before already; the others are listed as not read."""
    for at, column, *_ in asked:
        for copy in (place for place, code in enumerate(codes, start=1) if code == column.code and place != at):
            row = next((row for row in rows if row <= found.height and found.filled((row, copy))), 0)
            if row:
                found.taken.add((row, copy))
                reading.note("field.twice", found, (row, copy), field=column.label, first=address(row, at))


def _rows_with_content(found: _Found, above: int, end: int, columns: Sequence[int], ours: Set[str]) -> Iterator[int]:
    """Numbers of the rows between `above` and `end` in which some of the columns holds something of the partner's."""
    if not columns:
        return
    left, right = min(columns) - 1, max(columns)
    blank = ("",) * (right - left)
    odd = {row for row, column in found.odd if column in columns}
    for number in range(above + 1, min(end, found.height + 1)):
        row = found.raw.rows[number - 1] if number <= len(found.raw.rows) else _NOTHING
        # nearly all rows of a return are empty: one comparison each
        if number not in odd and row[left:right] == blank:
            continue
        if number in odd or any(at <= len(row) and _holds(row[at - 1]) and row[at - 1] not in ours for at in columns):
            yield number


def _judge_totals(reading: _Reading, found: _Found, sheet: Sheet, columns: Mapping[str, int]) -> None:
    """Totals are recomputed; where the partner's own differs, both are told."""
    row = found.marks.get(TOTAL_MARK)
    table = sheet.table
    if row is None or table is None:
        return
    for column in table.columns:
        key = (row, columns.get(column.code, 0))
        if not column.total or not key[1]:
            continue
        raw = found.at(key)
        stated = FIELD_TYPES[column.type].parse(raw, column).value if isinstance(raw, int | float) else None
        if key in found.odd or stated is not None:
            found.own.add(key)
        given = (one.value for one in reading.values if one.table == table.code and one.field == column.code)
        ours = sum((Decimal(value) for value in given if isinstance(value, int | Decimal)), Decimal(0))
        if isinstance(stated, int | Decimal) and stated != ours:
            shown = {"field": column.label, "value": format_number(stated), "expected": format_number(ours)}
            reading.note("table.total_differs", found, key, **shown)


# --- what was not read -----------------------------------------------------------------------


def _note_not_read(
    reading: _Reading, raw: RawWorkbook, by_name: Mapping[str, _Found], printed: Mapping[str, Set[str]]
) -> None:
    """An issue for each cell that holds something we neither read nor printed ourselves."""
    listed = beyond = 0
    for sheet in raw.sheets:
        if sheet.name in (IDENTITY_SHEET, LISTS_SHEET) and not sheet.visible:
            continue
        found = by_name.get(sheet.name) or _Found(sheet, _NO_SHEET, odd=sheet.uncalculated.union(sheet.errors))
        for key in _foreign_cells(found, printed.get(found.form_sheet.code, frozenset())):
            listed += 1
            if listed > MOST_NOT_READ:
                beyond += 1
                continue
            shown = sheet.errors.get(CellKey(*key)) or raw_text(found.at(key)) or _NOT_CALCULATED
            reading.note("cell.not_read", found, key, value=shown[:LONGEST_SHOWN])
    if beyond:
        reading.issues.append(issue("cell.more_not_read", Place(reading.file), count=beyond))


_NO_SHEET = Sheet("", "", SheetKind.FIELDS)


def _foreign_cells(found: _Found, printed: Set[str]) -> Iterator[_Key]:
    """Cells that hold something and are neither taken nor ours, row by row; then errors and uncalculated formulas."""
    known = found.taken | found.own
    checks = found.form_sheet.kind is SheetKind.CHECKS
    # row numbers and marks stand in the first columns, keys in their row; elsewhere a number is never our own
    numbered = NUMBER_COLUMN + found.mark_column - 1
    key_row = found.marks.get(COLUMNS_MARK, CODES_ROW) + KEY_ROW - CODES_ROW
    digits = {text for text in printed if text.isdigit()}
    numbers = {float(text) for text in digits if text.isascii()}
    texts: set[Raw] = {"", *(printed - digits)}
    for number, row in enumerate(found.raw.rows, start=1):
        # most rows of a table hold nothing but their number, most of a page only what we printed
        looked_at = row[:numbered] if texts.issuperset(row[numbered:]) else row
        for column, raw in enumerate(looked_at, start=1):
            if raw == "" or raw is None or (number, column) in known:
                continue
            if isinstance(raw, str):
                mine = raw in printed or clean(raw) in printed
                mine = mine and (column <= numbered or number == key_row or not raw.isdigit())
            else:
                mine = (column <= numbered or number == key_row) and isinstance(raw, float) and raw in numbers
            if not mine and _holds(raw) and not (checks and (column in CALCULATED_COLUMNS or number == UNIT_ROW)):
                yield number, column
    if not checks:
        yield from sorted(found.odd - known)
