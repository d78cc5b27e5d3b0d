"""Read: the bytes of a delivery -> sheets of raw cells, and who the workbook says it is.

In:   bytes, the delivery's path, the forms there are. Out: RawWorkbook, issues; what its cover says of itself.
Imports office.workbook, definitions (forms, grid, near_labels), vietnamese, model, issues. No file is opened here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from generator.definitions.forms import Form
from generator.definitions.grid import IDENTITY_SHEET, LISTS_SHEET
from generator.definitions.near_labels import LONGEST_HEADING, heading_key
from generator.issues import Issue, Place, issue
from generator.model import Identity, RawSheet, RawWorkbook
from generator.office.workbook.address import address, column_number
from generator.office.workbook.read import OpenedWorkbook, read_workbook
from generator.vietnamese.text import bare_key, clean

_KEYS = ("form", "version", "partner", "year")
PROPERTY_PREFIX = "ketnghia_"
"""Custom document properties repeat the identity under these names: ketnghia_form, …"""
NAME_PREFIX = "KN_"
"""And so do defined names: KN_FORM, …"""
_MARK_ROWS, _MARK_COLUMNS = 40, 12
"""Rows and columns may have been inserted before the mark of a sheet."""
_TITLE_ROWS, _TITLE_COLUMNS = 12, 40
"""The title block of a sheet: form, period, unit."""
_HEADING_ROWS = 200
"""Headings that tell one form from another stand above this row."""
_LIKE_A_FORM, _AHEAD = 0.5, 1.25
"""What share of a sheet's headings must be found, and how far ahead of the next form a form must be."""

_REFERENCE = re.compile(r"'?(?P<sheet>[^'!]+)'?!\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[0-9]{1,7})")
_FORM_LINE = re.compile(r"bieu(?: so| mau)? ?:? ?(?P<code>[a-z]{2} ?- ?[0-9]{2})\b")
_UNIT_LINE = re.compile(
    r"\s*(?:Đơn\s+vị|Don\s+vi)\s+(?:báo\s+cáo|bao\s+cao)\s*:?(?P<name>.*)", re.IGNORECASE | re.DOTALL
)
_PERIOD_LINE = re.compile(r"ki bao cao ?:? ?(?:nam |(?:[0-9]{2} nam )?20[0-9]{2} ?- ?)?(?P<year>20[0-9]{2})\b")


class Line(NamedTuple):
    """A line of a title block: what it says, and where."""

    said: str
    sheet: str
    cell: str


class Cover(NamedTuple):
    """What the title blocks of a workbook say of it, sheet by sheet, to whoever looks at it."""

    units: tuple[Line, ...] = ()
    years: tuple[Line, ...] = ()


def read(content: bytes, file: str, forms: Mapping[str, Form]) -> tuple[RawWorkbook | None, list[Issue]]:
    """The workbook's sheets and identity, or None with the issue that says why it could not be read."""
    opened, issues = read_workbook(content, file)
    if opened is None:
        return None, issues
    place = Place(file)
    hidden, properties = _from_hidden_sheet(opened.sheets) or _from_names(opened), _from_properties(opened)
    for key in _KEYS:
        if hidden.get(key) and properties.get(key) and hidden[key] != properties[key]:
            issues.append(issue("delivery.identity_disagrees", place, first=hidden[key], second=properties[key]))
    said = {key: hidden.get(key) or properties.get(key, "") for key in _KEYS}
    if not said["form"]:
        said["form"] = _from_marks(opened.sheets, forms)
    if not said["form"] and (shown := _from_titles(opened.sheets, forms) or _from_headings(opened.sheets, forms)):
        said["form"] = shown
        issues.append(issue("structure.form_by_text", place, form=shown))
    if said["form"] not in forms:
        issues.append(issue("delivery.not_our_form", place, forms=", ".join(sorted(forms))))
    year = int(said["year"]) if said["year"].isdecimal() and len(said["year"]) == 4 else 0
    identity = Identity(said["form"], said["version"], said["partner"], year)
    return RawWorkbook(identity, opened.sheets), issues


def cover(sheets: Iterable[RawSheet]) -> Cover:
    """Units and years that the title blocks name: for a workbook whose hidden identity is gone or doubted."""
    units: list[Line] = []
    years: list[Line] = []
    for sheet, (row, column), text in _title_texts(sheets):
        if unit := _UNIT_LINE.fullmatch(clean(text)):
            name = clean(unit["name"])
            beside = sheet.rows[row - 1][column : column + 1]
            if not name and beside and isinstance(beside[0], str):
                name = clean(beside[0])
            if name:
                units.append(Line(name, sheet.name, address(row, column)))
        elif period := _PERIOD_LINE.match(bare_key(text)):
            years.append(Line(period["year"], sheet.name, address(row, column)))
    return Cover(tuple(units), tuple(years))


# --- what is hidden ---------------------------------------------------------------------------


def _text(raw: object) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw).strip() if raw is not None else ""


def _from_hidden_sheet(sheets: Iterable[RawSheet]) -> dict[str, str]:
    for sheet in sheets:
        if sheet.name == IDENTITY_SHEET:
            return {_text(row[0]): _text(row[1]) for row in sheet.rows if len(row) > 1 and _text(row[0]) in _KEYS}
    return {}


def _from_names(opened: OpenedWorkbook) -> dict[str, str]:
    """The identity by defined names, which follow the hidden sheet when somebody gives it another name."""
    sheets = {sheet.name: sheet for sheet in opened.sheets}
    told = {}
    for key in _KEYS:
        found = _REFERENCE.fullmatch(opened.names.get(NAME_PREFIX + key.upper(), ""))
        sheet = sheets.get(found["sheet"]) if found else None
        if found and sheet:
            row, column = int(found["row"]), column_number(found["column"])
            if 0 < row <= len(sheet.rows) and column <= len(sheet.rows[row - 1]):
                told[key] = _text(sheet.rows[row - 1][column - 1])
    return told


def _from_properties(opened: OpenedWorkbook) -> dict[str, str]:
    return {key: opened.properties.get(PROPERTY_PREFIX + key, "").strip() for key in _KEYS}


def _from_marks(sheets: Iterable[RawSheet], forms: Mapping[str, Form]) -> str:
    """The form whose mark stands at the beginning of some sheet: what survives copying into a new workbook."""
    for sheet in sheets:
        for row in sheet.rows[:_MARK_ROWS]:
            for raw in row[:_MARK_COLUMNS]:
                code, slash, _ = raw.strip().partition("/") if isinstance(raw, str) else ("", "", "")
                if slash and code in forms:
                    return code
    return ""


# --- what is seen -----------------------------------------------------------------------------


def _title_texts(sheets: Iterable[RawSheet]) -> Iterator[tuple[RawSheet, tuple[int, int], str]]:
    for sheet in sheets:
        if sheet.name in (IDENTITY_SHEET, LISTS_SHEET):
            continue
        for number, row in enumerate(sheet.rows[:_TITLE_ROWS], start=1):
            for column, raw in enumerate(row[:_TITLE_COLUMNS], start=1):
                if isinstance(raw, str) and 0 < len(raw) <= LONGEST_HEADING * 2:
                    yield sheet, (number, column), raw


def _from_titles(sheets: Iterable[RawSheet], forms: Mapping[str, Form]) -> str:
    """The form that the line "Biểu số: KN-01" names; "" when the sheets name none, or several."""
    named = {
        found["code"].replace(" ", "").upper()
        for _, _, text in _title_texts(sheets)
        if (found := _FORM_LINE.match(bare_key(text)))
    }
    return next(iter(named)) if len(named) == 1 and named <= forms.keys() else ""


def _from_headings(sheets: Iterable[RawSheet], forms: Mapping[str, Form]) -> str:
    """The form most of whose headings stand in the workbook, if no other one comes near it."""
    shown = {
        heading_key(raw)
        for sheet in sheets
        for row in sheet.rows[:_HEADING_ROWS]
        for raw in row[:_TITLE_COLUMNS]
        if isinstance(raw, str)
    }
    if not shown:
        return ""
    hits = Counter({code: _headings_shown(form, shown) for code, form in forms.items()}).most_common(2)
    (best, most), (_, next_most) = (*hits, ("", 0), ("", 0))[:2]
    return best if most > next_most * _AHEAD else ""


def _headings_shown(form: Form, shown: Set[str]) -> int:
    """How many headings of the form are shown, of those sheets most of which is there."""
    hits = 0
    for sheet in form.sheets:
        labels = {heading_key(one.label) for one in (sheet.table.columns if sheet.table else sheet.fields)}
        here = len(labels & shown)
        hits += here if here > 2 and here >= _LIKE_A_FORM * len(labels) else 0
    return hits
