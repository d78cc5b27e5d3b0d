"""The second look at a sheet's XML: what the fast reader hides, and whether it may be let near it.

In:   the bytes of a sheet part, hostile. Out: Look: error cells, formulas without a result or to another file, and
      how far its cells reach. None when the XML cannot be read.
Imports model, office.workbook.address and the standard library. Linear in the size of the XML.

Nearly every sheet is plain: unprefixed, each cell with its address, all of them inside 9,999 rows and 702
columns. A few searches for bytes show that. A sheet that reaches further, as one does whose columns were formatted
down to the last row, is searched for the few cells that hold something; what is not even so goes to an XML parser.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from generator.model import CellKey
from generator.office.workbook.address import column_number

_PLAIN_ROWS, _PLAIN_COLUMNS = 9_999, 702
_PLAIN_GRID = 16_000_000
"""Cells of 24 bytes that the reader may lay out for a plain sheet before the exact extent is known."""

_CLASSES = bytes.maketrans(
    b"123456789abcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ'", b"0" * 9 + b"A" * 51 + b'"'
)
_LONG_ROW, _LONG_COLUMN = b'00000"', b'"AAA0'
_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["'](?!utf-?8["']|us-ascii["'])""", re.I)
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>')
_RESULT = re.compile(rb"<v(?: [^>]*)?>[^<]")
_VALUE = re.compile(rb"<v(?: [^>]*)?>([^<]*)</v>")
_FOLDED = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?(?!xml\s).*?\?>", re.DOTALL)
_FORMULA = re.compile(rb"<f(?: [^>]*)?>([^<]*)</f>")
_PREFIXED = re.compile(rb":(?:c|row|v|is|f)[ />]")
_OUTSIDE = re.compile(
    r"""\[[0-9]+\]|file:|\['[^']+'\#|\[[^\]']*\.(?:xls|ods)[^\]]*\]|^[^!'"(]{1,40}\|""", re.IGNORECASE
)
_PERHAPS_OUTSIDE = re.compile(rb"\[|\||file:|&#(?:0*(?:[0-9]{1,2}|1[0-2][0-9])|x0*[0-7]?[0-9a-f]);", re.IGNORECASE)
"""What any formula that `_OUTSIDE` finds holds while it is still escaped; our own long checks hold none of it."""
_MOST_MARKS = 1_000_000
"""Tags that an XML parser takes in at most some seconds; a full return has 20,000."""
_REFERENCE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,10})")


@dataclass(frozen=True, slots=True)
class Look:
    """What the second look found in one sheet."""

    errors: dict[CellKey, str] = field(default_factory=dict)
    uncalculated: frozenset[CellKey] = frozenset()
    outside: Mapping[CellKey, str] = field(default_factory=dict)
    """Formulas that take something out of another file or program."""
    grid: int = 0
    """Rows x columns from A1 to the last cells with a value; 0 where the sheet is plainly small."""


def plainer(xml: bytes) -> bytes:
    """The same XML without comments and processing instructions, and with quoted text (CDATA) as plain text.

    The fast reader passes over such text in a cell as if nothing stood there.
    """
    if b"<!" not in xml and xml.count(b"<?") < 2:
        return xml
    return _FOLDED.sub(lambda found: _escaped(found[1]) if found[1] else b"", xml)


def _escaped(text: bytes) -> bytes:
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def is_outside(formula: str) -> bool:
    """Whether a formula takes something out of another file (as the formats write that) or program."""
    return _OUTSIDE.search(formula) is not None


def look(xml: bytes) -> Look | None:
    """The second look at a sheet part; None when it is not well-formed UTF-8 XML without a document type.

    Raises OverflowError where there are more cells than can be looked at in a few seconds.
    """
    if not is_plain_utf8(xml):
        return None
    found = _plain_look(xml)
    return found if found is not None else _parsed_look(xml)


def is_plain_utf8(xml: bytes) -> bool:
    """Whether the part says nothing of an encoding other than UTF-8 and does not look like one."""
    return not (_ENCODING.match(xml) or xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:200])


# --- the plain sheet: searches for bytes ----------------------------------------------------


def _plain_look(xml: bytes) -> Look | None:
    """The look at a plain sheet, or None when it is not plain."""
    start = xml.find(b"<sheetData")
    # A single byte is found many times faster than two: ask for "<!" only when there is a "!".
    if start < 0 or (b"!" in xml and b"<!" in xml):
        return None
    cells = xml[start : xml.rfind(b"</sheetData")]
    grid = 0 if _is_small(cells) else _reach(cells)
    if grid is None:
        return None
    errors = _errors(cells)
    if errors is None:
        return None
    uncalculated, outside = set(), {}
    formula = cells.find(b"</f>")
    if formula >= 0:
        for one in cells_with(cells, b"<f", formula):
            if one is None:
                return None
            if not _RESULT.search(one.content) and not (b't="str"' in one.attributes and b"<v" in one.content):
                uncalculated.add(one.key)
            if text := outside_formula(one.content):
                outside[one.key] = text
    return Look(errors, frozenset(uncalculated), outside, grid)


def _errors(cells: bytes) -> dict[CellKey, str] | None:
    """The cells that show an error; None where one is not plain."""
    errors: dict[CellKey, str] = {}
    # The text of every Excel error begins with "#".
    if b"#" in cells and b"'e'" in cells:
        return None
    if b"#" in cells and b't="e"' in cells:
        for one in cells_with(cells, b't="e"', cells.find(b't="e"')):
            if one is None:
                return None
            value = _VALUE.search(one.content)
            if b't="e"' in one.attributes and value and value[1]:
                errors[one.key] = value[1].decode("utf-8", "replace")
    return errors


def outside_formula(content: bytes) -> str:
    """The formula among the content of a cell, when it takes something out of another file; "" else."""
    told = _FORMULA.search(content)
    perhaps = told is not None and _PERHAPS_OUTSIDE.search(told[1])
    text = html.unescape(told[1].decode("utf-8", "replace")) if told and perhaps else ""
    return text if text and is_outside(text) else ""


def _reach(cells: bytes) -> int | None:
    """Rows x columns that hold something, of a sheet whose cells all tell their address; None when they do not."""
    if cells.count(b"<c") != cells.count(b'<c r="') or _PREFIXED.search(cells):
        return None
    if cells.count(b"<v") + cells.count(b"<is") > _MOST_MARKS:
        raise OverflowError
    last_row = last_column = 0
    for mark in (b"<v", b"<is"):
        for one in cells_with(cells, mark, cells.find(mark)):
            if one is None:
                return None
            last_row, last_column = max(last_row, one.key.row), max(last_column, one.key.column)
    return last_row * last_column


def _is_small(cells: bytes) -> bool:
    """Whether the grid is within _PLAIN_GRID for certain, also if cells leave out their address."""
    classes = cells.translate(_CLASSES)
    if _LONG_ROW in classes or _LONG_COLUMN in classes:
        return False
    rows = cells.split(b"<row")
    # The shortest cell that moves on by a column is "<c/>".
    unaddressed = max(map(len, rows)) // 4
    if (_PLAIN_ROWS + len(rows)) * (_PLAIN_COLUMNS + unaddressed) <= _PLAIN_GRID:
        return True
    return len(rows) <= _PLAIN_ROWS and cells.count(b"<c") == cells.count(b'<c r="')


class FoundCell(NamedTuple):
    """A cell in the bytes of a sheet: where it begins and ends, and what stands in it."""

    key: CellKey
    attributes: bytes
    content: bytes
    start: int
    end: int


def cells_with(cells: bytes, mark: bytes, at: int) -> Iterator[FoundCell | None]:
    """Each cell that holds the mark, the first one around `at`; None, and the end, at one that is not plain."""
    done = 0
    while at >= 0:
        start = max(done, cells.rfind(b"<c ", done, at))
        head = _CELL.match(cells, start)
        end = cells.find(b"</c>", at)
        if head is None or end < 0:
            yield None
            return
        key = CellKey(int(head[2]), column_number(head[1].decode()))
        yield FoundCell(key, head[3], cells[head.end() : end], start, end + len(b"</c>"))
        done = end
        at = cells.find(mark, end)


# --- any sheet: an XML parser ---------------------------------------------------------------


class _Cells:
    """Handlers that follow the cells of a sheet, counting positions as the reader does."""

    def __init__(self) -> None:
        self.errors: dict[CellKey, str] = {}
        self.uncalculated: set[CellKey] = set()
        self.outside: dict[CellKey, str] = {}
        self.last_row = self.last_column = 0
        self._row = self._column = 0
        self._type = ""
        self._text: list[str] = []
        self._formula: list[str] = []
        self._in_value = self._in_formula = self._has_formula = self._has_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._place(attributes.get("r"))
            self._type = attributes.get("t", "")
            self._text, self._formula = [], []
            self._has_formula = self._has_value = False
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() and len(number) < 12 else self._row + 1
            self._column = 0
        elif name in ("v", "is"):
            self._in_value = self._has_value = True
        elif name == "f":
            self._in_formula = self._has_formula = True

    def text(self, text: str) -> None:
        if self._in_value:
            self._text.append(text)
        elif self._in_formula:
            self._formula.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in ("v", "is"):
            self._in_value = False
        elif name == "f":
            self._in_formula = False
        elif name == "c":
            self._finish(CellKey(self._row, self._column), "".join(self._text))

    def _place(self, reference: str | None) -> None:
        match = _REFERENCE.fullmatch(reference) if reference else None
        if match:
            self._row, self._column = int(match[2]), column_number(match[1])
        else:
            self._column += 1

    def _finish(self, key: CellKey, text: str) -> None:
        calculated_to_nothing = self._type == "str" and self._has_value
        if self._type == "e" and text:
            self.errors[key] = text
        elif self._has_formula and not text and not calculated_to_nothing:
            self.uncalculated.add(key)
        if self._has_formula and is_outside(formula := "".join(self._formula)):
            self.outside[key] = formula
        if self._has_value or self._type == "e":
            self.last_row = max(self.last_row, key.row)
            self.last_column = max(self.last_column, key.column)


def _parsed_look(xml: bytes) -> Look | None:
    # A document type inside a comment is refused as well; no program writes one.
    if b"<!DOCTYPE" in xml:
        return None
    if xml.count(b"<") > _MOST_MARKS:
        raise OverflowError
    cells = _Cells()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        return None
    return Look(cells.errors, frozenset(cells.uncalculated), cells.outside, cells.last_row * cells.last_column)
