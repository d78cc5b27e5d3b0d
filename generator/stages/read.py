"""Read: the bytes of a delivery -> sheets of raw cells, and who the workbook says it is.

In:   bytes, the delivery's path, the forms there are. Out: RawWorkbook, issues.
Imports office.workbook, definitions.forms, definitions.grid, model, issues. No file is opened here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.definitions.forms import Form
from generator.definitions.grid import IDENTITY_SHEET
from generator.issues import Issue, Place, issue
from generator.model import Identity, RawSheet, RawWorkbook
from generator.office.workbook.read import OpenedWorkbook, read_workbook

_KEYS = ("form", "version", "partner", "year")
PROPERTY_PREFIX = "ketnghia_"
"""Custom document properties repeat the identity under these names: ketnghia_form, …"""
_MARK_ROWS, _MARK_COLUMNS = 40, 12
"""Rows and columns may have been inserted before the mark of a sheet."""


def read(content: bytes, file: str, forms: Mapping[str, Form]) -> tuple[RawWorkbook | None, list[Issue]]:
    """The workbook's sheets and identity, or None with the issue that says why it could not be read."""
    opened, issues = read_workbook(content, file)
    if opened is None:
        return None, issues
    place = Place(file)
    hidden, properties = _from_hidden_sheet(opened.sheets), _from_properties(opened)
    for key in _KEYS:
        if hidden.get(key) and properties.get(key) and hidden[key] != properties[key]:
            issues.append(issue("delivery.identity_disagrees", place, first=hidden[key], second=properties[key]))
    said = {key: hidden.get(key) or properties.get(key, "") for key in _KEYS}
    if not said["form"]:
        said["form"] = _from_marks(opened.sheets, forms)
    if said["form"] not in forms:
        issues.append(issue("delivery.not_our_form", place, forms=", ".join(sorted(forms))))
    year = int(said["year"]) if said["year"].isdecimal() and len(said["year"]) == 4 else 0
    identity = Identity(said["form"], said["version"], said["partner"], year)
    return RawWorkbook(identity, opened.sheets), issues


def _text(raw: object) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw).strip() if raw is not None else ""


def _from_hidden_sheet(sheets: Iterable[RawSheet]) -> dict[str, str]:
    for sheet in sheets:
        if sheet.name == IDENTITY_SHEET:
            return {_text(row[0]): _text(row[1]) for row in sheet.rows if len(row) > 1 and _text(row[0]) in _KEYS}
    return {}


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
