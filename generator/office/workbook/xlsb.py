"""Reading .xlsb: every cell, error and formula without a result from the records of its binary parts.

In:   an opened Package with xl/workbook.bin, hostile. Out: OpenedWorkbook; RefusedError otherwise. Layout: [MS-XLSB].
Imports office.package, office.workbook, model, issues. One pass over the records; no library stands between.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from generator.model import CellKey, Raw
from generator.office.package import Package
from generator.office.workbook.opened import (
    ERRORS,
    MAX_STEPS,
    UNKNOWN_ERROR,
    Gathered,
    OpenedWorkbook,
    format_kind,
    notes_of,
    packed_number,
    sheets_of,
    shown_as,
    too_large,
)
from generator.office.workbook.parts import BINARY_WORKBOOK, custom_properties, macros, sheet_parts, unreadable

_STRINGS, _STYLES = "xl/sharedStrings.bin", "xl/styles.bin"

_ROW, _RK, _ERROR, _TRUTH, _REAL, _TEXT, _SHARED = 0, 2, 3, 4, 5, 6, 7
_BLANK, _SHORT_KINDS, _KIND_BEFORE = 1, range(12, 19), 11
"""A short cell stands right of the one before and leaves out its column; else it is of the kind 11 before it."""
_FORMULA_TEXT, _FORMULA_REAL, _FORMULA_TRUTH, _FORMULA_ERROR = 8, 9, 10, 11
_STRING, _FORMAT, _STYLE, _RICH, _ROWS_END, _SETTINGS, _SHEET = 19, 44, 47, 62, 146, 153, 156
_CELL_STYLES, _CELL_STYLES_END = 617, 618
_FORMULAS = frozenset({_FORMULA_TEXT, _FORMULA_REAL, _FORMULA_TRUTH, _FORMULA_ERROR})
_LINKED_OUTSIDE, _LINKED, _LINKS = 355, frozenset({355, 357, 358, 667}), 362
_REFERENCE = rb"[\x39-\x3d\x59-\x5d\x79-\x7d]"
"""Tokens that begin with a number of the list of links: a name, a cell, an area."""
_ALWAYS = 2
"""Flag of a formula: to be calculated whenever the file is opened."""
_SINCE_1904 = 1
_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14

_LONG, _SHORT, _DOUBLE = struct.Struct("<L"), struct.Struct("<H"), struct.Struct("<d")


class _Record(NamedTuple):
    """One record: its kind and its content."""

    kind: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the cells of all sheets refer to."""

    texts: list[str]
    kinds: list[str]
    """Style -> what it shows a number as (format_kind)."""
    since_1904: bool


class _Steps:
    """Counts the records of a workbook, so that no file keeps us for long."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._left = MAX_STEPS

    def records(self, part: str) -> Iterator[_Record]:
        """The records of a part in order. Raises RefusedError: office.too_large after MAX_STEPS of them."""
        whole = self._package.read(part)
        at, end = 0, len(whole)
        while at < end:
            self._left -= 1
            if self._left < 0:
                raise too_large(self._package.file, most=MAX_STEPS)
            kind = whole[at]
            at += 1
            if kind & 0x80:
                kind, at = kind & 0x7F | (whole[at] & 0x7F) << 7, at + 1
            size = shift = 0
            while True:
                size |= (whole[at] & 0x7F) << shift
                at, shift = at + 1, shift + 7
                if shift == 28 or not whole[at - 1] & 0x80:
                    break
            if at + size > end:
                raise IndexError
            yield _Record(kind, whole[at : at + size])
            at += size


def read_xlsb(package: Package) -> OpenedWorkbook:
    """The workbook. Raises RefusedError: office.unreadable, office.too_large, office.damaged."""
    try:
        return _opened(package)
    except (IndexError, struct.error):
        # a record that ends too early, or points at a text or style that is not there
        raise unreadable(package, BINARY_WORKBOOK) from None


def _opened(package: Package) -> OpenedWorkbook:
    steps = _Steps(package)
    listed = []
    since_1904 = False
    linked: list[bool] = []
    links = b""
    for kind, body in steps.records(_spelled(package, BINARY_WORKBOOK)):
        if kind == _SHEET:
            relationship, at = _text(body, 8)
            listed.append((_text(body, at)[0], relationship, not _LONG.unpack_from(body)[0]))
        elif kind == _SETTINGS:
            since_1904 = bool(body[0] & _SINCE_1904)
        elif kind in _LINKED:
            linked.append(kind == _LINKED_OUTSIDE)
        elif kind == _LINKS:
            links = body
    shared = _Shared(_texts(package, steps), _kinds(package, steps), since_1904)
    outside = _outside(linked, links)
    gathered = [
        _sheet(Gathered(sheet.name, sheet.visible), steps.records(sheet.part), shared, outside)
        for sheet in sheet_parts(package, BINARY_WORKBOOK, listed)
        if sheet.part
    ]
    seen = sheets_of(gathered, package.file)
    notes = (*macros(package), *notes_of(seen, package.file))
    return OpenedWorkbook(tuple(one.sheet for one in seen), custom_properties(package), {}, notes)


def _outside(linked: list[bool], links: bytes) -> re.Pattern[bytes] | None:
    """What finds a reference to another workbook among the bytes of a formula: its token, then its number in the list.

    [MS-XLSB] 2.4.664: each line names a workbook and two of its sheets.
    """
    lines = [_LONG.unpack_from(links, at)[0] for at in range(4, len(links) - 11, 12)]
    numbers = [_SHORT.pack(number) for number, line in enumerate(lines[:0xFFFF]) if line < len(linked) and linked[line]]
    return re.compile(_REFERENCE + b"(?:" + b"|".join(map(re.escape, numbers)) + b")") if numbers else None


def _spelled(package: Package, part: str) -> str:
    """The part as the package spells it, "" without one."""
    return next((name for name in package.names() if name.casefold() == part.casefold()), "")


def _texts(package: Package, steps: _Steps) -> list[str]:
    part = _spelled(package, _STRINGS)
    return [_text(body, 1)[0] for kind, body in steps.records(part) if kind == _STRING] if part else []


def _kinds(package: Package, steps: _Steps) -> list[str]:
    part = _spelled(package, _STYLES)
    codes: dict[int, str] = {}
    kinds = []
    within = False
    for kind, body in steps.records(part) if part else ():
        if kind == _FORMAT:
            codes[_SHORT.unpack_from(body)[0]] = _text(body, 2)[0]
        elif kind in (_CELL_STYLES, _CELL_STYLES_END):
            within = kind == _CELL_STYLES
        elif kind == _STYLE and within:
            (number,) = _SHORT.unpack_from(body, 2)
            kinds.append(format_kind(number, codes.get(number)))
    return kinds


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends; the length of all ones means none."""
    (length,) = _LONG.unpack_from(body, at)
    start = at + 4
    if length == 0xFFFFFFFF:
        return "", start
    end = start + 2 * length
    if end > len(body):
        raise IndexError
    return body[start:end].decode("utf-16-le", "replace"), end


# --- the cells ------------------------------------------------------------------------------


def _sheet(sheet: Gathered, records: Iterator[_Record], shared: _Shared, outside: re.Pattern[bytes] | None) -> Gathered:
    row = column = 0
    for kind, body in records:
        if kind in _SHORT_KINDS:
            column += 1
            _put(sheet, CellKey(row, column), kind - _KIND_BEFORE, _COLUMN + body, shared)
        elif kind in _CELLS:
            column = _LONG.unpack_from(body)[0] + 1
            _put(sheet, CellKey(row, column), kind, body, shared)
            if outside and kind in _FORMULAS and outside.search(body, 16):
                sheet.outside[CellKey(row, column)] = ""
        elif kind == _ROW:
            row, column = _LONG.unpack_from(body)[0] + 1, 0
        elif kind == _ROWS_END:
            break
    return sheet


def _put(sheet: Gathered, key: CellKey, kind: int, body: bytes, shared: _Shared) -> None:
    if not 0 < key.row <= _MOST_ROWS or key.column > _MOST_COLUMNS:
        raise IndexError
    if kind in (_ERROR, _FORMULA_ERROR):
        sheet.errors[key] = ERRORS.get(body[8], UNKNOWN_ERROR)
    elif kind != _BLANK:
        raw = _VALUES[kind](body, shared)
        sheet.put(*key, raw)
        if raw == "" and kind == _FORMULA_TEXT and _SHORT.unpack_from(body, _text(body, 8)[1])[0] & _ALWAYS:
            # no result, and a wish to have one: nobody's program has calculated it yet
            sheet.uncalculated.add(key)


def _number(body: bytes, number: float, shared: _Shared) -> Raw:
    style = _LONG.unpack_from(body, 4)[0] & 0xFFFFFF
    # a workbook may leave out its styles
    kind = shared.kinds[style] if shared.kinds else ""
    return shown_as(kind, number, shared.since_1904) if kind else number


def _packed(body: bytes, shared: _Shared) -> Raw:
    return _number(body, packed_number(_LONG.unpack_from(body, 8)[0]), shared)


def _real(body: bytes, shared: _Shared) -> Raw:
    (number,) = _DOUBLE.unpack_from(body, 8)
    return _number(body, number, shared)


def _truth(body: bytes, shared: _Shared) -> Raw:
    del shared
    return bool(body[8])


def _own_text(body: bytes, shared: _Shared) -> Raw:
    del shared
    return _text(body, 8)[0]


def _rich_text(body: bytes, shared: _Shared) -> Raw:
    del shared
    return _text(body, 9)[0]


def _shared_text(body: bytes, shared: _Shared) -> Raw:
    return shared.texts[int(_LONG.unpack_from(body, 8)[0])]


_VALUES: dict[int, Callable[[bytes, _Shared], Raw]] = {
    _RK: _packed,
    _REAL: _real,
    _FORMULA_REAL: _real,
    _TRUTH: _truth,
    _FORMULA_TRUTH: _truth,
    _TEXT: _own_text,
    _FORMULA_TEXT: _own_text,
    _RICH: _rich_text,
    _SHARED: _shared_text,
}
_CELLS = frozenset({_BLANK, _ERROR, _FORMULA_ERROR, *_VALUES})
_COLUMN = bytes(4)
