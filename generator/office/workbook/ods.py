"""Reading .ods: every cell, error and formula without a result from content.xml.

In:   an opened Package with content.xml, hostile. Out: OpenedWorkbook; RefusedError otherwise. Layout: ODF 1.3.
      Repeats are counted before they are laid out.
Imports office.package, office.workbook, model, issues and the standard library. One pass of an XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from xml.parsers import expat

from generator.issues import Issue, Place, RefusedError, issue
from generator.model import CellKey, Raw
from generator.office.package import Package
from generator.office.workbook.look import is_outside, is_plain_utf8
from generator.office.workbook.opened import (
    MAX_GRID,
    UNKNOWN_ERROR,
    Gathered,
    OpenedWorkbook,
    day_or_moment,
    notes_of,
    sheets_of,
    time_text,
    too_large,
)
from generator.office.workbook.parts import parsed, unreadable

CONTENT = "content.xml"
_KIND, _META, _MANIFEST = "mimetype", "meta.xml", "META-INF/manifest.xml"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT, _STYLE = (f"{_SPACE}{name}:1.0 " for name in ("office", "table", "text", "style"))
_META_NAME = f"{{{_SPACE}meta:1.0}}"
_CALC_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"

_DOCUMENT, _STYLES, _STYLE_OF = _OFFICE + "document-content", _OFFICE + "automatic-styles", _STYLE + "style"
_LOOKS, _BODY, _SHEETS, _SHEET = (
    _STYLE + "table-properties",
    _OFFICE + "body",
    _OFFICE + "spreadsheet",
    _TABLE + "table",
)
_ROW, _CELLS = _TABLE + "table-row", frozenset({_TABLE + "table-cell", _TABLE + "covered-table-cell"})
_PARAGRAPH, _SPACES, _TAB, _BREAK, _NOTE = (_TEXT + name for name in ("p", "s", "tab", "line-break", "note"))
_VALUE_TYPE, _FORMULA = _OFFICE + "value-type", _TABLE + "formula"
_ROWS_REPEATED, _COLUMNS_REPEATED = _TABLE + "number-rows-repeated", _TABLE + "number-columns-repeated"
_SPACES_REPEATED = _TEXT + "c"
_GROUPS = (_TABLE + "table-row-group", _TABLE + "table-header-rows", _TABLE + "table-rows")

_WITHIN: Mapping[str, frozenset[str]] = {
    "": frozenset({_DOCUMENT}),
    _DOCUMENT: frozenset({_STYLES, _BODY}),
    _STYLES: frozenset({_STYLE_OF}),
    _STYLE_OF: frozenset({_LOOKS}),
    _BODY: frozenset({_SHEETS}),
    _SHEETS: frozenset({_SHEET}),
    **dict.fromkeys((_SHEET, *_GROUPS), frozenset({_ROW, *_GROUPS})),
    _ROW: _CELLS,
    **dict.fromkeys(_CELLS, frozenset({_PARAGRAPH})),
}
"""What is read within what. The rest - notes on cells, drawings, tracked changes, linked tables - holds cells and
texts too, which nobody sees in the grid."""

_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14
_LARGEST, _MOST_MARKS = 32 << 20, 600_000
"""Bytes, and tags and attributes together, that the parser takes in at most two seconds. A full return has 50,000."""
_MOST_SPACES = 100
_FAULT, _WEIGHT = "error", 50
"""Cells that an error, or a formula without a result, counts for: each is kept by its address and told."""
_ERROR = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)|Err:[0-9]{3}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,9}))?)?Z?")
_LENGTH = re.compile(r"PT([0-9]{1,6})H([0-9]{1,6})M([0-9]{1,6})(?:[.,]([0-9]{1,9}))?S")
_PLAIN = re.compile(r"[^ \t\r\n\0-\2]+(?: [^ \t\r\n\0-\2]+)*")
_BLANKS = re.compile(r"[ \t\r\n]+")


def is_ods(package: Package) -> bool:
    """Whether the package is a spreadsheet of OpenDocument (its templates too)."""
    return CONTENT in package and _KIND in package and package.read(_KIND).strip().startswith(_SPREADSHEET)


def read_ods(package: Package) -> OpenedWorkbook:
    """The workbook. Raises RefusedError: office.encrypted, office.unsafe, office.unreadable, office.too_large."""
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise RefusedError(issue("office.encrypted", Place(package.file)))
    xml = package.read(CONTENT)
    if b"<!DOCTYPE" in xml:
        raise RefusedError(issue("office.unsafe", Place(package.file, spot=CONTENT)))
    if len(xml) > _LARGEST or xml.count(b"<") + xml.count(b"=") > _MOST_MARKS:
        raise too_large(package.file, most=_MOST_MARKS)
    if not is_plain_utf8(xml):
        raise unreadable(package, CONTENT)
    tables = _Tables(package.file)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = tables.start
    parser.EndElementHandler = tables.end
    parser.CharacterDataHandler = tables.text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise unreadable(package, CONTENT) from None
    if not tables.sheets:
        raise unreadable(package, CONTENT)
    seen = sheets_of(tables.sheets, package.file)
    notes = [*_macros(package), *notes_of(seen, package.file)]
    return OpenedWorkbook(tuple(one.sheet for one in seen), _properties(package), {}, tuple(notes))


def _macros(package: Package) -> list[Issue]:
    """A note where the workbook carries macros of LibreOffice; a library without a module is none."""
    scripts = [name for name in package.names() if name.startswith(("Basic/", "Scripts/"))]
    modules = [name for name in scripts if not name.endswith(("/", "script-lc.xml", "script-lb.xml"))]
    return [issue("office.macros", Place(package.file))] if modules else []


def _properties(package: Package) -> dict[str, str]:
    if _META not in package:
        return {}
    return {
        str(one.get(_META_NAME + "name")): "".join(map(str, one.itertext())).strip()
        for one in parsed(package, _META).iter(_META_NAME + "user-defined")
        if one.get(_META_NAME + "name")
    }


class _Tables:
    """Handlers that follow the tables, and put each cell where its repeats let it stand."""

    def __init__(self, file: str) -> None:
        self.sheets: list[Gathered] = []
        self._file = file
        self._open = [""]
        self._ignored = 0
        self._style = ""
        self._hidden: set[str] = set()
        self._left = MAX_GRID
        self._row = self._column = self._rows = self._columns = 0
        self._is_hidden = False
        self._line: dict[int, Raw] = {}
        self._errors: dict[int, str] = {}
        self._uncalculated: list[int] = []
        self._cell: Mapping[str, str] = {}
        self._paragraphs: list[list[str]] = []

    # --- the parser's events ---

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._ignored:
            self._ignored += 1
            return
        within = _WITHIN.get(self._open[-1])
        if not (tag in within if within else _is_text(tag)):
            self._ignored = 1
            return
        self._open.append(tag)
        if tag in _CELLS:
            self._columns = _count(attributes.get(_COLUMNS_REPEATED), _MOST_COLUMNS)
            self._cell, self._paragraphs = attributes, []
        elif tag == _PARAGRAPH:
            self._paragraphs.append([])
        elif tag in _SIGNS:
            self._paragraphs[-1].append(_SIGNS[tag] * _count(attributes.get(_SPACES_REPEATED), _MOST_SPACES))
        elif tag == _ROW:
            self._row += 1
            self._rows = _count(attributes.get(_ROWS_REPEATED), _MOST_ROWS)
            self._column = 0
            self._is_hidden = attributes.get(_TABLE + "visibility", "visible") != "visible"
        else:
            self._start_other(tag, attributes)

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _SHEET:
            name, style = attributes.get(_TABLE + "name", ""), attributes.get(_TABLE + "style-name", "")
            self.sheets.append(Gathered(name, style not in self._hidden))
            self._row = 0
        elif tag == _STYLE_OF:
            self._style = attributes.get(_STYLE + "name", "")
        elif tag == _LOOKS and attributes.get(_TABLE + "display") == "false":
            self._hidden.add(self._style)

    def text(self, text: str) -> None:
        if not self._ignored and self._paragraphs and self._open[-1].startswith(_TEXT):
            self._paragraphs[-1].append(text)

    def end(self, tag: str) -> None:
        if self._ignored:
            self._ignored -= 1
            return
        self._open.pop()
        if tag in _CELLS:
            if self._paragraphs or _VALUE_TYPE in self._cell or _FORMULA in self._cell:
                self._finish_cell()
            self._column += self._columns
        elif tag == _ROW:
            self._finish_row()

    # --- cells and rows ---

    def _finish_cell(self) -> None:
        cell, first = self._cell, self._column + 1
        kind, has_formula = cell.get(_VALUE_TYPE, ""), _FORMULA in cell
        text = "\n".join(map(_paragraph, self._paragraphs))
        if has_formula and is_outside(formula := cell[_FORMULA]):
            self._take(_WEIGHT)
            self.sheets[-1].outside[CellKey(self._row, first)] = formula
        error = self._error(kind, text) if has_formula or kind == _FAULT or _CALC_TYPE in cell else ""
        raw = "" if error else _value(kind, cell, text)
        if error:
            self._errors.update(dict.fromkeys(self._repeated(first, _WEIGHT), error))
        elif raw != "":
            self._line.update(dict.fromkeys(self._repeated(first), raw))
        elif has_formula and not kind and not self._paragraphs:
            # a formula that was calculated to nothing has no type either, but an empty paragraph
            self._uncalculated += self._repeated(first, _WEIGHT)

    def _repeated(self, first: int, weight: int = 1) -> range:
        """The columns that the cell takes, counted."""
        self._take(self._columns * weight)
        if first + self._columns - 1 > _MOST_COLUMNS:
            raise too_large(self._file, self.sheets[-1].name)
        return range(first, first + self._columns)

    def _error(self, kind: str, text: str) -> str:
        """The error that the cell shows, "" for none; programs differ in what they call its type."""
        is_told = _FAULT in (kind, self._cell.get(_CALC_TYPE))
        if not is_told and not (_FORMULA in self._cell and _ERROR.fullmatch(text)):
            return ""
        return text or UNKNOWN_ERROR

    def _finish_row(self) -> None:
        last = self._row + self._rows - 1
        if self._line or self._errors or self._uncalculated:
            rare = len(self._errors) + len(self._uncalculated)
            self._take((len(self._line) + rare * _WEIGHT) * (self._rows - 1))
            sheet = self.sheets[-1]
            if last > _MOST_ROWS:
                raise too_large(self._file, sheet.name)
            if self._is_hidden:
                sheet.hidden.update(range(self._row, last + 1))
            for row in range(self._row, last + 1):
                sheet.filled[row] = self._line
                if rare:
                    sheet.errors.update({CellKey(row, column): error for column, error in self._errors.items()})
                    sheet.uncalculated.update(CellKey(row, column) for column in self._uncalculated)
            self._line, self._errors, self._uncalculated = {}, {}, []
        self._row = last

    def _take(self, cells: int) -> None:
        """Counts cells before they are laid out: three attributes can ask for 17 thousand million."""
        self._left -= cells
        if self._left < 0:
            raise too_large(self._file, self.sheets[-1].name)


_SIGNS = {_SPACES: "\0", _TAB: "\1", _BREAK: "\2"}
"""Signs that no XML holds stand for the spaces that are meant, until those that only lay out the XML are gone."""
_MEANT = str.maketrans("\0\1\2", " \t\n")


def _is_text(tag: str) -> bool:
    return tag.startswith(_TEXT) and tag != _NOTE


def _count(text: str | None, most: int) -> int:
    """How often something repeats: 1 when it does not say, at most one more than there is place for."""
    if text is None or not text.isdecimal() or not (number := int(text[:12])):
        return 1
    return min(number, most + 1)


def _paragraph(pieces: list[str]) -> str:
    if len(pieces) == 1 and _PLAIN.fullmatch(pieces[0]):
        return pieces[0]
    text = "".join(pieces)
    return _BLANKS.sub(" ", text).strip(" ").translate(_MEANT)


def _value(kind: str, cell: Mapping[str, str], text: str) -> Raw:
    """The value by its type; the text that is shown, where the value makes no sense."""
    if kind in ("float", "percentage", "currency"):
        return _number(cell.get(_OFFICE + "value", ""), text)
    if kind == "boolean" and cell.get(_OFFICE + "boolean-value") in ("true", "false"):
        return cell[_OFFICE + "boolean-value"] == "true"
    if kind == "date":
        return _moment(cell.get(_OFFICE + "date-value", ""), text)
    if kind == "time":
        return _length(cell.get(_OFFICE + "time-value", ""), text)
    return cell.get(_OFFICE + "string-value", text)


def _number(said: str, text: str) -> Raw:
    if text in ("TRUE", "FALSE"):  # LibreOffice's way with what was true or false in an .xlsx
        return text == "TRUE"
    try:
        return float(said)
    except ValueError:
        return text


def _moment(said: str, text: str) -> Raw:
    match = _MOMENT.fullmatch(said)
    try:
        return day_or_moment(datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00:00'}")) if match else text
    except ValueError:
        return text


def _length(said: str, text: str) -> Raw:
    match = _LENGTH.fullmatch(said)
    if match is None:
        return text
    hours, minutes, seconds = map(int, match.groups()[:3])
    return time_text(timedelta(hours=hours, minutes=minutes, seconds=seconds))
