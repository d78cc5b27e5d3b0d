"""Reasons: what a partner says for a warning, and how the same warning is known again in a later return.

In:   issues and values of a return; the sheet Cần sửa of a workbook that came back. Out: the key of each warning,
      issues `cell.reason_given`, and warnings with the reason that stands for them.
Pure. Imports definitions (fieldtypes, grid), the addresses of office.workbook, vietnamese.text, model, issues.
A reason belongs to a code, a field and a value, in whatever row they now stand: it is asked for once, and again
only when the value is another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from generator.definitions.fieldtypes import raw_text
from generator.definitions.grid import CORRECTIONS_CODE
from generator.issues import Issue, Place, Severity, issue
from generator.model import CellKey, Raw, RawSheet, RawWorkbook, Value
from generator.office.workbook.address import address
from generator.vietnamese.text import clean

GIVEN = "cell.reason_given"
EXPLAINED = "explained"
"""The param of a warning that holds the partner's reason."""
HEADER = "Lý do (nếu số liệu đúng)"
"""The head of the column of reasons on the sheet Cần sửa."""
REASON_COLUMN = 7
"""Where that column stands when its head was typed over."""
LONGEST = 500
"""Letters of a reason that are kept; the file has all."""

_WARNING_MARK, _ROW_MARK = "#ly_do", "#dong"
_WORDS = 5
"""Words of a warning's mark: itself, code, field, value, the reason that stood there."""
_MARK_ROWS, _MARK_COLUMNS = 40, 12
_MOST_LISTED = 100


def warning_keys(issues: Sequence[Issue], values: Iterable[Value]) -> list[str]:
    """For each issue how it is known again, "" where it is no warning; without spaces at its ends."""
    at: dict[tuple[str, str], Value] | None = None
    keys = []
    for one in issues:
        if one.severity is Severity.WARNING:
            if at is None:  # most returns have no warning at all
                at = {(value.sheet, value.cell): value for value in values}
            keys.append(_key(one, at.get((one.place.sheet, one.place.cell))))
        else:
            keys.append("")
    return keys


def _key(found: Issue, value: Value | None) -> str:
    if value is None:  # of an empty cell, a sheet or the file: what is said of it
        told = sorted((name, text) for name, text in found.params.items() if name != EXPLAINED)
        return f"{found.code} - {_digest(repr(told))}"
    said = value.value.normalize() if isinstance(value.value, Decimal) else value.value
    where = f"{value.table}.{value.field}" if value.table else value.field
    return f"{found.code} {where} {_digest(value.raw if said is None else str(said))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def explained(issues: Sequence[Issue], values: Iterable[Value], reasons: Mapping[str, str]) -> list[Issue]:
    """The issues; each warning for which a reason was given carries it as the param EXPLAINED."""
    if not reasons:
        return list(issues)
    keys = warning_keys(issues, values)
    return [
        replace(one, params={**one.params, EXPLAINED: reasons[key]}) if reasons.get(key) else one
        for one, key in zip(issues, keys, strict=True)
    ]


# --- the sheet Cần sửa ----------------------------------------------------------------------


def row_mark(key: str = "", reason: str = "") -> str:
    """What the hidden first column says of a row of the sheet.

    With a key the row takes a reason; a reason that already stands there is no new one.
    """
    return f"{_WARNING_MARK} {key} {_digest(clean(reason))}" if key else _ROW_MARK


def reasons_in(raw: RawWorkbook, file: str) -> Iterator[Issue]:
    """A note for each reason that was typed, and for whatever else was typed beside or below our rows."""
    for sheet in raw.sheets:
        at = _corrections_mark(sheet)
        if at is not None:
            yield from _told(sheet, at, file)


def _corrections_mark(sheet: RawSheet) -> CellKey | None:
    for row, cells in enumerate(sheet.rows[:_MARK_ROWS], start=1):
        for column, raw in enumerate(cells[:_MARK_COLUMNS], start=1):
            if isinstance(raw, str) and raw.strip().endswith(f"/{CORRECTIONS_CODE}"):
                return CellKey(row, column)
    return None


def _told(sheet: RawSheet, mark: CellKey, file: str) -> Iterator[Issue]:
    head, column = _reason_column(sheet, mark)
    marks = [_text(row[mark.column - 1]) if mark.column <= len(row) else "" for row in sheet.rows]
    if not any(text.partition(" ")[0] in (_ROW_MARK, _WARNING_MARK) for text in marks):
        return  # of an edition that had no place for reasons
    foreign: list[tuple[CellKey, str]] = []
    for number, (row, said) in enumerate(zip(sheet.rows, marks, strict=True), start=1):
        if number <= head:
            continue
        words = said.split()
        ours = words[:1] in ([_ROW_MARK], [_WARNING_MARK])
        for place, content in enumerate(row, start=1):
            text = _text(content)
            if not text or place == mark.column or (ours and place < column):
                continue
            if place == column and words[:1] == [_WARNING_MARK] and len(words) == _WORDS:
                if _digest(clean(text)) != words[-1]:
                    where = Place(file, sheet.name, address(number, place))
                    yield issue(GIVEN, where, key=" ".join(words[1:-1]), reason=text[:LONGEST])
            else:
                foreign.append((CellKey(number, place), text))
    yield from _foreign(foreign, sheet, file)


def _foreign(cells: Sequence[tuple[CellKey, str]], sheet: RawSheet, file: str) -> Iterator[Issue]:
    for key, text in cells[:_MOST_LISTED]:
        yield issue("cell.not_read", Place(file, sheet.name, address(*key)), value=text[:200])
    if len(cells) > _MOST_LISTED:
        yield issue("cell.more_not_read", Place(file), count=len(cells) - _MOST_LISTED)


def _reason_column(sheet: RawSheet, mark: CellKey) -> tuple[int, int]:
    """The row of the heads and the column of reasons, both counted from 1."""
    for number, row in enumerate(sheet.rows[:_MARK_ROWS], start=1):
        for column, raw in enumerate(row[: 2 * _MARK_COLUMNS], start=1):
            if isinstance(raw, str) and clean(raw) == HEADER:
                return number, column
    return mark.row + 8, mark.column + REASON_COLUMN - 1


def _text(raw: Raw) -> str:
    if raw is None or raw == "":
        return ""
    return clean(raw) if isinstance(raw, str) else raw_text(raw)
