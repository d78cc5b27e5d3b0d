"""Normalise: raw cells -> typed values with their cells, and an issue for each cell that does not fit.

In:   RawWorkbook, Form, the lists its choices draw from. Out: Returned (values and layout), issues.
Pure. Imports definitions (forms, grid, fieldtypes, returned), vietnamese, office.workbook.address, model, issues.
Conservation: each cell that holds something ends as a value, in an issue, or as an issue `cell.not_read`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from generator.definitions.fieldtypes import FIELD_TYPES, raw_text
from generator.definitions.forms import Choice, Field, Form, Sheet, SheetKind
from generator.definitions.grid import (
    CODES_ROW,
    COLUMNS_MARK,
    END_MARK,
    IDENTITY_SHEET,
    KEY_ROW,
    LISTS_SHEET,
    MARK_COLUMN,
    NUMBER_COLUMN,
    TOTAL_MARK,
    TOTAL_ROW,
    VALUE_COLUMN,
    VALUE_MARK,
    sheet_mark,
)
from generator.definitions.returned import Layout, Returned, TableLayout
from generator.issues import Issue, Place, issue
from generator.model import CellKey, Raw, RawSheet, RawWorkbook, Scalar, Value
from generator.office.workbook.address import address
from generator.vietnamese.text import clean

MOST_NOT_READ = 200
"""So many cells that were not read are listed one by one; the rest of the file is counted."""

Lists = Mapping[str, tuple[Choice, ...]]


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
    taken: dict[str, set[CellKey]] = field(default_factory=dict)
    """Cells of each sheet that were looked at, by the sheet's name in this workbook."""

    def choices(self, asked: Field) -> tuple[Choice, ...]:
        return self.lists.get(asked.choices) or self.form.choices.get(asked.choices, ())

    def take(self, sheet: RawSheet, key: CellKey, asked: Field, table: str = "", row: int = 0) -> None:
        """One cell that belongs to a field: a value where it holds something, an issue where it does not fit."""
        self.taken[sheet.name].add(key)
        cell = address(key.row, key.column)
        shown_error = sheet.errors.get(key)
        raw = _at(sheet, key)
        if shown_error:
            self._add(asked, table, row, None, shown_error, sheet.name, cell)
            self.issues.append(issue("cell.error_value", Place(self.file, sheet.name, cell), value=shown_error))
        elif key in sheet.uncalculated:
            self._add(asked, table, row, None, "", sheet.name, cell)
            self.issues.append(issue("cell.not_calculated", Place(self.file, sheet.name, cell)))
        elif _holds(raw):
            reading = FIELD_TYPES[asked.type].parse(raw, asked, self.choices(asked), self.year)
            self._add(asked, table, row, reading.value, raw_text(raw), sheet.name, cell)
            if reading.issue:
                place = Place(self.file, sheet.name, cell)
                self.issues.append(issue(reading.issue, place, field=asked.label, **reading.params))

    def _add(self, asked: Field, table: str, row: int, value: Scalar, raw: str, sheet: str, cell: str) -> None:
        self.values.append(Value(table, row, asked.code, value, raw, sheet, cell))


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
    reading = _Reading(form, lists, file, year)
    sheets = _sheets_by_mark(raw, form)
    for sheet in form.sheets:
        found = sheets.get(sheet.code)
        if sheet.kind in (SheetKind.GUIDE, SheetKind.CHECKS):
            continue
        if found is None:
            reading.issues.append(issue("sheet.missing", Place(file), sheet=sheet.title))
            continue
        reading.taken[found.name] = set()
        if sheet.table:
            _take_table(reading, found, sheet)
        else:
            _take_fields(reading, found, sheet)
    if printed is not None:
        names = {found.name: code for code, found in sheets.items()}
        reading.issues.extend(_not_read(reading, raw, form, names, printed))
    layout = Layout(reading.fields, reading.tables)
    return Returned(file, tuple(reading.values), layout), reading.issues


def _at(sheet: RawSheet, key: CellKey) -> Raw:
    if key.row > len(sheet.rows) or key.column > len(sheet.rows[key.row - 1]):
        return None
    return sheet.rows[key.row - 1][key.column - 1]


def _holds(raw: Raw) -> bool:
    return raw is not None and raw != "" and (not isinstance(raw, str) or clean(raw) != "")


def _mark(row: tuple[Raw, ...]) -> str:
    first = row[MARK_COLUMN - 1] if row else None
    return first.strip() if isinstance(first, str) else ""


def _sheets_by_mark(raw: RawWorkbook, form: Form) -> dict[str, RawSheet]:
    """Sheets by their code: known by the mark in column A, under whatever name they now go."""
    codes = {sheet_mark(form, sheet): sheet.code for sheet in form.sheets}
    found: dict[str, RawSheet] = {}
    for sheet in raw.sheets:
        for row in sheet.rows[:CODES_ROW]:
            if _mark(row) in codes:
                found.setdefault(codes[_mark(row)], sheet)
                break
    return found


def _marked_rows(sheet: RawSheet) -> dict[str, int]:
    """Row number of each mark in column A; of two equal marks the first one stands."""
    found: dict[str, int] = {}
    for number, row in enumerate(sheet.rows, start=1):
        if mark := _mark(row):
            found.setdefault(mark, number)
    return found


def _take_fields(reading: _Reading, found: RawSheet, sheet: Sheet) -> None:
    marks = _marked_rows(found)
    codes = found.rows[marks[COLUMNS_MARK] - 1] if COLUMNS_MARK in marks else ()
    column = codes.index(VALUE_MARK) + 1 if VALUE_MARK in codes else VALUE_COLUMN
    for single in sheet.fields:
        if single.code not in marks:
            place = Place(reading.file, found.name)
            reading.issues.append(issue("field.missing", place, field=single.label, code=single.code))
            continue
        key = CellKey(marks[single.code], column)
        reading.fields[single.code] = (found.name, key)
        reading.take(found, key, single)


def _take_table(reading: _Reading, found: RawSheet, sheet: Sheet) -> None:
    table = sheet.table
    if table is None:
        return
    marks = _marked_rows(found)
    if COLUMNS_MARK not in marks:
        reading.issues.append(issue("table.marks_missing", Place(reading.file, found.name), sheet=sheet.title))
        return
    codes = [code if isinstance(code, str) else "" for code in found.rows[marks[COLUMNS_MARK] - 1]]
    columns = {column.code: codes.index(column.code) + 1 for column in table.columns if column.code in codes}
    for column in table.columns:
        if column.code not in columns:
            place = Place(reading.file, found.name)
            reading.issues.append(issue("field.missing", place, field=column.label, code=column.code))
    above = marks.get(TOTAL_MARK, marks[COLUMNS_MARK] + TOTAL_ROW - CODES_ROW)
    reading.tables[table.code] = TableLayout(found.name, columns, above)
    asked = [(columns[column.code], column) for column in table.columns if column.code in columns]
    for number in _rows_with_content(found, above, marks.get(END_MARK, len(found.rows) + 1), list(columns.values())):
        for at, column in asked:
            reading.take(found, CellKey(number, at), column, table.code, number - above)


def _rows_with_content(sheet: RawSheet, above: int, end: int, columns: list[int]) -> Iterator[int]:
    """Numbers of the rows between `above` and `end` in which some column of the table holds something."""
    odd = {key.row for key in sheet.errors if key.column in columns}
    odd |= {key.row for key in sheet.uncalculated if key.column in columns}
    for number in range(above + 1, min(end, len(sheet.rows) + 1)):
        row = sheet.rows[number - 1]
        if number in odd or any(at <= len(row) and _holds(row[at - 1]) for at in columns):
            yield number


def _not_read(
    reading: _Reading, raw: RawWorkbook, form: Form, names: Mapping[str, str], printed: Mapping[str, Set[str]]
) -> Iterator[Issue]:
    """An issue for each cell that holds something we neither read nor printed ourselves."""
    checks = {sheet.code for sheet in form.sheets if sheet.kind is SheetKind.CHECKS}
    left = MOST_NOT_READ
    beyond = 0
    for sheet in raw.sheets:
        code = names.get(sheet.name, "")
        if sheet.name in (IDENTITY_SHEET, LISTS_SHEET) or code in checks:
            continue
        for key in _foreign_cells(sheet, reading.taken.get(sheet.name, set()), printed.get(code, frozenset())):
            if left:
                left -= 1
                place = Place(reading.file, sheet.name, address(key.row, key.column))
                yield issue("cell.not_read", place, value=sheet.errors.get(key) or raw_text(_at(sheet, key)))
            else:
                beyond += 1
    if beyond:
        yield issue("cell.more_not_read", Place(reading.file), count=beyond)


def _foreign_cells(sheet: RawSheet, taken: Set[CellKey], printed: Set[str]) -> Iterator[CellKey]:
    marks = _marked_rows(sheet)
    own_rows = {marks.get(TOTAL_MARK), marks.get(COLUMNS_MARK), marks.get(COLUMNS_MARK, 0) + KEY_ROW - CODES_ROW}
    ours = bool(printed)
    for number, row in enumerate(sheet.rows, start=1):
        if ours and number in own_rows:
            continue
        for column, raw in enumerate(row, start=1):
            key = CellKey(number, column)
            if (not _holds(raw) and key not in sheet.errors) or key in taken:
                continue
            # row numbers and marks stand in the first two columns; elsewhere a number is never our own
            text = isinstance(raw, str) or column <= NUMBER_COLUMN
            if ours and text and clean(raw_text(raw)) in printed:
                continue
            yield key
