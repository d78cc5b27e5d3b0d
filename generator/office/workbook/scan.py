"""The scan: all cells of a workbook whose sheets are written in the plain form that nearly every program writes.

In:   an opened Package and its parts, hostile. Out: the sheets as the fast reader gives them with the second look
      at them, or None: then the fast reader has to do it. Nothing is guessed: one byte that is not of the plain
      form sends the whole workbook there. Linear in the size of the XML; a third of the fast reader's time.
Imports office.package, office.workbook, model and the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from generator.model import CellKey, Raw, RawSheet
from generator.office.package import Package
from generator.office.workbook.address import column_number
from generator.office.workbook.hidden import hidden_rows
from generator.office.workbook.look import is_plain_utf8, outside_formula
from generator.office.workbook.opened import Seen, laid_out
from generator.office.workbook.parts import WorkbookParts

_WORKBOOK, _SST, _STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
READ = frozenset({_WORKBOOK, _SST, _STYLES})
"""Parts that a scan reads beside the sheets, and so finds whole."""

_CELL = re.compile(
    rb'<c r="([A-Z]{1,2}+)([1-9][0-9]{0,3}+)"([^<>/]*+)>'
    rb"(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?(?:<v>([^<]*+)</v>)?</c>"
)
_GROUPS = 5
_MAYBE_OUTSIDE = re.compile(rb"[\[|]|file:", re.IGNORECASE)
_ATTRIBUTES = re.compile(rb'(?: s="([0-9]{1,5})")?(?: t="(n|s|str|b)")?')
_EMPTY_ROWS = re.compile(rb"(?:<row [^<>/]*+>(?:\0|<c [^<>/]*+/>)*+</row>|<row [^<>/]*+/>)*+")
"""A plain sheet's rows with a zero byte, which no XML has, for each cell that holds something."""
_STRING = re.compile(r'<si><t( xml:space="preserve")?>([^<]*)</t></si>')
_STRINGS_HEAD = re.compile(r"\s*(?:<\?xml[^<>]*\?>\s*)?<sst [^<>]*>")
_FORMAT = re.compile(r'<numFmt numFmtId="([0-9]{1,5})" formatCode="([^"<>]*)"/>')
_STYLE = re.compile(r'<xf numFmtId="([0-9]{1,5})"')
_NUMBER = re.compile(rb"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][-+]?[0-9]{1,2})?")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos);|#([1-9][0-9]{2,4});)?")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

_NUMBERS = frozenset({*range(14), *range(37, 41), 48, 49})
"""Built-in formats of numbers and text."""
_NUMBER_CODE = re.compile(r"General|@|[#0,.% ]+")
_DATE_CODE = re.compile(r"(?=.*[dy])[dmy]+(?:[-/. ][dmy]+)*", re.IGNORECASE)
_BUILT_IN_DATE = 14
_EPOCH, _SERIALS = date(1899, 12, 30), range(61, 2_958_466)
"""Serials of days on which all programs agree: before 1 March 1900 one of them counts a day that never was."""


_SHARED, _RESULT, _TRUTH = "s", "str", "b"
_NUMERIC, _DAY, _OTHER = "number", "day", "other"
_DIGITS = 16
_LARGEST = 8 << 20
"""Bytes of a part that are taken apart at once; a cell of 17 bytes makes some 200."""


class _OddError(Exception):
    """Something is not of the plain form; never leaves this module."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the cells of all sheets refer to."""

    strings: Mapping[bytes, str]
    """Texts by their number as cells write it."""
    days: frozenset[bytes]
    """Styles that show a number as a day."""
    numbers: frozenset[bytes]
    """Styles that show a number as it is."""
    kinds: dict[bytes, str] = field(default_factory=dict)
    """What cells hold, by their attributes."""


def scan(package: Package, parts: WorkbookParts, most: int) -> tuple[Seen, ...] | None:
    """Every sheet of cells in order, or None when a part is not of the plain form or the grids exceed `most` cells.

    Raises RefusedError (office.damaged) as Package.read does.
    """
    try:
        shared = _shared(package)
        sheets = []
        for sheet in parts.sheets:
            if sheet.part:
                xml = package.read(sheet.part)
                rows, uncalculated, outside = _rows(xml, shared, most)
                most -= len(rows) * len(rows[0]) if rows else 0
                unseen = hidden_rows(xml, len(rows))
                raw = RawSheet(sheet.name, rows, {}, uncalculated, sheet.visible, hidden=unseen)
                sheets.append(Seen(raw, outside))
    except (_OddError, UnicodeDecodeError, LookupError):
        return None
    return tuple(sheets)


# --- what the cells refer to ----------------------------------------------------------------


def _shared(package: Package) -> _Shared:
    if b"date1904" in (workbook := package.read(_WORKBOOK)) and b'date1904="false"' not in workbook:
        raise _OddError
    strings = _strings(package.read(_SST)) if _SST in package else {}
    return _Shared(strings, *_styles(package.read(_STYLES)))


def _strings(xml: bytes) -> Mapping[bytes, str]:
    whole = xml.decode()
    head, end = _STRINGS_HEAD.match(whole), whole.rfind("</sst>")
    if head is None or end < 0 or len(xml) > _LARGEST or not is_plain_utf8(xml):
        raise _OddError
    # between two plain strings there is nothing: runs, phonetic signs and comments are not plain
    found = _STRING.split(whole[head.end() : end])
    if "".join(found[::3]).strip():
        raise _OddError
    if "&" not in whole and "_x" not in whole and "\r" not in whole and None not in found[1::3]:
        return _numbered(found[2::3])
    return _numbered([_text(text, kept=mark is not None) for mark, text in zip(found[1::3], found[2::3], strict=True)])


def _numbered(texts: Sequence[str]) -> Mapping[bytes, str]:
    return {b"%d" % number: text for number, text in enumerate(texts)}


def _text(text: str, *, kept: bool) -> str:
    """The text that is meant; readers differ in the spaces at its ends and in escaped signs, so those are not plain."""
    if "\r" in text or "_x" in text or (not kept and text and (text[0].isspace() or text[-1].isspace())):
        raise _OddError
    return _ENTITY.sub(_sign, text) if "&" in text else text


def _sign(entity: re.Match[str]) -> str:
    if entity[1]:
        return _SIGNS[entity[1]]
    letter = chr(int(entity[2] or 0))
    if not letter.isalpha():  # signs and spaces may be written so for a reason
        raise _OddError
    return letter


def _styles(xml: bytes) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Numbers of the cell styles that show days, and of those that show plain numbers."""
    text = xml.decode()
    start, end = text.find("<cellXfs"), text.find("</cellXfs>")
    if start < 0 or end < 0 or not is_plain_utf8(xml) or "<!" in text:
        raise _OddError
    named = _FORMAT.findall(text, 0, start)
    codes = {int(number): code for number, code in named}
    formats = list(map(int, _STYLE.findall(text, start, end)))
    if len(formats) != text.count("<xf ", start, end) or len(named) != text.count("<numFmt ", 0, start):
        raise _OddError
    days, plain = {_BUILT_IN_DATE} - codes.keys(), _NUMBERS - codes.keys()
    days |= {number for number, code in codes.items() if _DATE_CODE.fullmatch(code)}
    plain |= {number for number, code in codes.items() if _NUMBER_CODE.fullmatch(code)}
    if 0 not in plain:
        raise _OddError
    styles = [(b"%d" % place, number) for place, number in enumerate(formats)]
    return (
        frozenset(place for place, number in styles if number in days),
        frozenset(place for place, number in styles if number in plain) | {b""},
    )


# --- the cells ------------------------------------------------------------------------------


def _rows(
    xml: bytes, shared: _Shared, most: int
) -> tuple[tuple[tuple[Raw, ...], ...], frozenset[CellKey], dict[CellKey, str]]:
    """The rows from A1 to the last cell that holds something, formulas without a result and those to other files."""
    start, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    # comments and the like: within the rows the patterns below leave no place for them
    hidden = xml.find(b"<!", 0, start) >= 0 or xml.find(b"<!", end) >= 0
    if start < 0 or end < 0 or hidden or len(xml) > _LARGEST or not is_plain_utf8(xml):
        raise _OddError
    found = _CELL.split(xml[start + len(b"<sheetData>") : end])
    step = _GROUPS + 1
    if _EMPTY_ROWS.fullmatch(b"\0".join(found[::step])) is None:
        raise _OddError
    filled: dict[int, dict[int, Raw]] = {}
    uncalculated: set[CellKey] = set()
    outside: dict[CellKey, str] = {}
    strings, kinds = shared.strings, shared.kinds
    latest, row, cells = b"", 0, {}
    columns = (found[place::step] for place in range(1, step))
    for letters, number, attributes, formula, value in zip(*columns, strict=True):
        if number != latest:
            if int(number) <= row:
                raise _OddError
            latest, row = number, int(number)
            cells = filled[row] = {}
        kind = kinds.get(attributes) or _kind(attributes, shared)
        if formula and _MAYBE_OUTSIDE.search(formula) and (text := outside_formula(formula)):
            outside[CellKey(row, _column(letters))] = text
        if value:
            raw = strings[value] if kind == _SHARED else _value(kind, value)
            if raw != "":
                cells[_column(letters)] = raw
        elif formula and not (kind == _RESULT and value is not None):
            uncalculated.add(CellKey(row, _column(letters)))
        elif value is not None and kind not in (_RESULT, _NUMERIC):
            raise _OddError
    grid = laid_out(filled, most)
    if grid is None:
        raise _OddError
    return grid, frozenset(uncalculated), outside


def _kind(attributes: bytes, shared: _Shared) -> str:
    """What a cell of these attributes holds, and kept for the next one: a workbook has some dozens of them."""
    match = _ATTRIBUTES.fullmatch(attributes)
    if match is None:
        raise _OddError
    style, kind = match.groups(default=b"")
    found = kind.decode()
    if kind in (b"", b"n"):
        found = _NUMERIC if style in shared.numbers else _DAY if style in shared.days else _OTHER
    return shared.kinds.setdefault(attributes, found)


def _value(kind: str, value: bytes) -> Raw:
    if kind == _NUMERIC:
        return float(value) if len(value) < _DIGITS and value.isdigit() else _number(value)
    if kind == _DAY:
        serial = _number(value)
        if not serial.is_integer() or int(serial) not in _SERIALS:
            raise _OddError
        return _EPOCH + timedelta(days=int(serial))
    if kind == _RESULT:
        return _text(value.decode(), kept=False)
    if kind == _TRUTH and value in (b"0", b"1"):
        return value == b"1"
    raise _OddError


@cache
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


def _number(value: bytes) -> float:
    if _NUMBER.fullmatch(value) is None:
        raise _OddError
    return float(value)
