"""Normalise: raw cells -> typed values with their cells, and an issue for each cell that does not fit.

In:   RawWorkbook, Form, the lists its choices draw from. Out: Returned (values and layout), issues.
Pure. Imports definitions (forms, grid, fieldtypes, returned), vietnamese, office.workbook.address, model, issues.
Conservation: each cell that holds something ends as a value, in an issue, or as an issue `cell.not_read`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from math import isclose
from typing import NamedTuple

from generator.definitions.fieldtypes import FIELD_TYPES, FieldType, raw_text, shown_text
from generator.definitions.forms import Choice, Field, Form, Sheet, SheetKind
from generator.definitions.grid import (
    CODES_ROW,
    COLUMNS_MARK,
    END_MARK,
    NUMBER_COLUMN,
    TOTAL_MARK,
    TOTAL_ROW,
    edition,
)
from generator.definitions.returned import Layout, Returned, TableLayout
from generator.issues import Issue, Place, issue
from generator.model import CellKey, Raw, RawWorkbook, Scalar, Value
from generator.office.workbook.address import address, column_letters
from generator.stages.normalise.columns import swapped_days
from generator.stages.normalise.copies import only_named, own_totals
from generator.stages.normalise.foreign import LONGEST_SHOWN, Printed, not_read
from generator.stages.normalise.sheets import Found, Key, holds, known_sheets
from generator.stages.normalise.structure import repaired
from generator.vietnamese.dates import format_date
from generator.vietnamese.legacy import decoded_runs, encoding_of
from generator.vietnamese.numbers import format_number

_NOTHING: tuple[Raw, ...] = ()

Lists = Mapping[str, tuple[Choice, ...]]


class _Asked(NamedTuple):
    """A field with all that its cells are read by, put together once for a column."""

    column: int
    letters: str
    field: Field
    type: FieldType
    choices: tuple[Choice, ...]
    table: str


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
    old_fonts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By sheet, the texts that were read by their font of before Unicode, each with the font."""
    older: bool = False
    """Whether the blank was made from another edition of the form: what it lacks was never asked."""

    def asked(self, single: Field, column: int, table: str = "") -> _Asked:
        choices = self.lists.get(single.choices) or self.form.choices.get(single.choices, ())
        return _Asked(column, column_letters(column), single, FIELD_TYPES[single.type], choices, table)

    def note(self, code: str, found: Found, key: Key | None = None, /, **params: object) -> None:
        """An issue at a cell, or at the sheet."""
        cell = address(*key) if key else ""
        self.issues.append(issue(code, Place(self.file, found.raw.name, cell), **params))

    def shown(self, found: Found, key: Key, raw: str, asked: Field) -> str:
        """The text of a cell as its old fonts show it, which is what the partner saw; "" where nobody can tell."""
        runs = found.raw.fonts.get(CellKey(*key), ())
        font = next((font for _, font in runs if encoding_of(font)), "")
        text = decoded_runs(runs) if font else raw
        if text is None:
            self.note("cell.legacy_text", found, key, field=asked.label, value=raw, font=font)
            return ""
        if text != raw:
            self.old_fonts.setdefault(found.raw.name, []).append((font, text))
        return text

    def absent(self, found: Found, asked: Field) -> None:
        """A field that the workbook does not have: deleted, or newer than the blank."""
        code = "field.newer" if self.older else "field.missing"
        self.note(code, found, field=asked.label, code=asked.code)

    def take(self, found: Found, key: Key, raw: Raw, column: _Asked, row: int = 0) -> None:
        """One cell of a field: a value where it holds something, an issue where that does not fit."""
        _, letters, asked, type_, choices, table = column
        value: Scalar = None
        if found.odd and key in found.odd:
            shown = found.raw.errors.get(CellKey(*key), "")
            if shown:
                self.note("cell.error_value", found, key, field=asked.label, value=shown)
            else:
                self.note("cell.not_calculated", found, key, field=asked.label)
        elif holds(raw):
            shown = raw if isinstance(raw, str) else raw_text(raw)
            if found.raw.fonts and isinstance(raw, str) and CellKey(*key) in found.raw.fonts:
                raw = self.shown(found, key, raw, asked)
                shown = raw or shown
            if raw != "":
                value, code, params = type_.parse(raw, asked, choices, self.year)
                if code:
                    self.note(code, found, key, field=asked.label, **params)
        else:
            return
        found.taken.add(key)
        self.values.append(Value(table, row, asked.code, value, shown, found.raw.name, f"{letters}{key[0]}"))


def normalise(
    raw: RawWorkbook,
    form: Form,
    lists: Lists,
    file: str,
    year: int,
    printed: Printed | None = None,
    own: Set[str] = frozenset(),
) -> tuple[Returned, list[Issue]]:
    """Every answer of the workbook, typed, with the cell it stands in, in the order of the form.

    `printed` names, by sheet code, the texts that the blank itself carries, `own` those that only this
    partner's carries; with `printed`, cells that hold anything else outside the fields are listed as not read.
    """
    reading = _Reading(form, lists, file, year, older=raw.identity.version not in ("", edition(form)))
    sheets, copies = known_sheets(raw, form)
    for sheet in form.sheets:
        found = sheets.get(sheet.code)
        if sheet.kind in (SheetKind.GUIDE, SheetKind.CHECKS):
            continue
        if found is None:
            code = "sheet.newer" if reading.older else "sheet.missing"
            reading.issues.append(issue(code, Place(file), sheet=sheet.title))
        elif sheet.table:
            ours = frozenset() if printed is None else {*own, *printed.get(sheet.code, ())}
            _take_table(reading, found, sheet, ours)
        else:
            _take_fields(reading, found, sheet)
    for sheet_name, texts in reading.old_fonts.items():
        told = {"count": len(texts), "font": texts[0][0], "reading": texts[0][1]}
        reading.issues.append(issue("cell.legacy_font", Place(file, sheet_name), **told))
    reading.issues += repaired(sheets, copies, file)
    if printed is not None:
        named = tuple(only_named(raw, form, sheets, copies))
        reading.issues += not_read(raw, (*sheets.values(), *copies, *named), printed, own, file)
    layout = Layout(reading.fields, reading.tables)
    return Returned(file, tuple(reading.values), layout), reading.issues


# --- single fields ---------------------------------------------------------------------------


def _take_fields(reading: _Reading, found: Found, sheet: Sheet) -> None:
    column = found.value_column
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
            _note_twice(reading, found, CellKey(row, column), CellKey(found.marks[code], column), asked[code])


def _note_twice(reading: _Reading, found: Found, key: CellKey, first: CellKey, asked: Field) -> None:
    shown = found.raw.errors.get(key) or shown_text(found.at(key))
    told = {"field": asked.label, "at": address(*key), "value": shown[:LONGEST_SHOWN], "first": address(*first)}
    reading.note("field.twice", found, key, **told)


# --- tables ----------------------------------------------------------------------------------


def _take_table(reading: _Reading, found: Found, sheet: Sheet, ours: Set[str]) -> None:
    table = sheet.table
    if table is None:
        return
    if COLUMNS_MARK not in found.marks:
        reading.note("table.marks_missing", found, sheet=sheet.title)
        found.own |= own_totals(found)
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
    ours = frozenset() if end else ours
    asked = [reading.asked(one, columns[one.code], table.code) for one in table.columns if one.code in columns]
    odd_rows = {row for row, _ in found.odd}
    typed = [one.column for one in asked if not one.field.locked]
    places = {one.column for one in asked}
    # side by side, as we send them out, every cell between the first and the last one is read
    together = len(places) == max(places, default=0) - min(places, default=1) + 1
    if together and places:
        found.left, found.right = min(places) - 1, max(places)
    for number in _rows_with_content(found, above, end or found.height + 1, typed, ours):
        row = found.row(number)
        width, odd = len(row), number in odd_rows
        if together:
            found.whole.add(number)
        for one in asked:
            raw = row[one.column - 1] if one.column <= width else ""
            if raw != "" or odd:
                reading.take(found, (number, one.column), raw, one, number - above)
    numbers = NUMBER_COLUMN + found.mark_column - 1
    for number in range(above + table.rows + 1, min(end, found.height + 1) if end else 0):
        # the workbook of a reply has as many numbered rows as its answers need
        if found.at((number, numbers)) == number - above:
            found.own.add((number, numbers))
    rows = range(above + 1, end or found.height + 1)
    _note_swapped_days(reading, found, asked, rows)
    _note_copied_columns(reading, found, asked, codes, rows)
    _judge_totals(reading, found, sheet, columns, rows)


def _note_swapped_days(reading: _Reading, found: Found, asked: Sequence[_Asked], rows: range) -> None:
    """A warning with both readings at each date that a program set to month before day may have swapped."""
    for column, _, one, type_, *_ in asked:
        if type_.name != "date":
            continue
        keys = ((row, column) for row in range(rows.start, min(rows.stop, len(found.raw.rows) + 1)))
        for key, read, other in swapped_days((key, found.at(key)) for key in keys if key in found.taken):
            told = {"field": one.label, "first": format_date(read), "second": format_date(other)}
            reading.note("cell.date_maybe_swapped", found, key, **told)


def _note_copied_columns(
    reading: _Reading,
    found: Found,
    asked: Sequence[_Asked],
    codes: Sequence[Raw],
    rows: range,
) -> None:
    """An error at the first answer of a column whose code stood before already; the others are listed as not read."""
    for at, _, column, *_ in asked:
        for copy in (place for place, code in enumerate(codes, start=1) if code == column.code and place != at):
            row = next((row for row in rows if row <= found.height and found.filled((row, copy))), 0)
            if row:
                found.taken.add((row, copy))
                _note_twice(reading, found, CellKey(row, copy), CellKey(row, at), column)


def _rows_with_content(found: Found, above: int, end: int, columns: Sequence[int], ours: Set[str]) -> Iterator[int]:
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
        if number in odd or any(at <= len(row) and holds(row[at - 1]) and row[at - 1] not in ours for at in columns):
            yield number


def _judge_totals(reading: _Reading, found: Found, sheet: Sheet, columns: Mapping[str, int], rows: range) -> None:
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
        stated = FIELD_TYPES[column.type].parse(raw, column).value if isinstance(raw, int | float | str) else None
        number = raw if isinstance(raw, int | float) and not isinstance(raw, bool) else None
        if key in found.odd or number is not None or stated is not None:
            found.own.add(key)
        given = [one.value for one in reading.values if one.field == column.code and one.table == table.code]
        ours = sum((value for value in given if isinstance(value, int | Decimal)), Decimal(0))
        if isinstance(stated, int | Decimal):
            value, differs = format_number(stated), stated != ours
        else:
            # a sum of what is no whole number is no whole number, and right all the same
            differs = number is not None and not isclose(number, _plain_sum(found, key[1], rows), rel_tol=1e-9)
            value = shown_text(raw)[:LONGEST_SHOWN]
        if differs:
            shown = {"field": column.label, "value": value, "expected": format_number(ours)}
            reading.note("table.total_differs", found, key, **shown)


def _plain_sum(found: Found, column: int, rows: range) -> float:
    """What an office program adds up in a column: its numbers, whatever we think of them."""
    cells = (found.at((row, column)) for row in rows if row <= found.height)
    return sum(cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool))
