"""Compile a workbook once, fill it many times: only the sheets with a filled hole are written anew.

In:   a template of ours (plain XML as openpyxl writes it) and its holes, each a sheet and a cell. Out: the
      bytes of a filled copy; equal values give equal bytes.
Imports office.package, office.workbook, issues. A template that is broken raises RefusedError.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from generator.issues import RefusedError
from generator.office.package import LEVEL, Package, open_package
from generator.office.workbook.address import address, column_number, parse_address
from generator.office.workbook.parts import CUSTOM, custom_properties, unreadable, workbook_parts

MAX_CELL_TEXT = 32_767
"""Excel's limit; it offers to repair a file with a longer text, so the text is cut."""


class CellError(NamedTuple):
    """What a cell shows instead of a value: "#REF!"; a text that is no error of Excel's is written as #N/A."""

    text: str


Filling = str | int | Decimal | date | CellError | None
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})

_ROW = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_ROW_NUMBER = re.compile(rb'\sr="(\d+)"')
_SPANS = re.compile(rb'\sspans="[^"]*"')
_CELL = re.compile(rb'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>.*?</c>)', re.DOTALL)
_STYLE = re.compile(rb'\ss="(\d+)"')
_SHEET_CELLS = re.compile(rb"<sheetData\s*/>|<sheetData>(.*?)</sheetData>", re.DOTALL)
# What XML cannot hold, or what Excel would read as such an escape.
_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CUSTOM_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
)


class Hole(NamedTuple):
    """A cell that is filled: the sheet's title and the address, ("Hoạt động", "C5")."""

    sheet: str
    cell: str


class _Slot(NamedTuple):
    """Where a hole's cell stands among the pieces of its sheet, how the cell begins, and its format."""

    part: str
    piece: int
    start: str
    style: str

    def head(self, style: int | None = None) -> str:
        number = self.style if style is None else str(style)
        return f'{self.start} s="{number}"' if number else self.start


@dataclass(frozen=True, slots=True)
class CompiledWorkbook:
    """A template cut up at its holes. `fill` takes a time that grows with the filled sheets only."""

    _package: Package
    _pieces: Mapping[str, tuple[bytes, ...]]
    _slots: Mapping[str, _Slot]
    _properties: Mapping[str, str]

    def fill(
        self,
        values: Mapping[str, Filling],
        *,
        properties: Mapping[str, str] = MappingProxyType({}),
        level: int = LEVEL,
    ) -> bytes:
        """The workbook's bytes with each named hole filled; None and "" empty the cell, its format stays.

        Holes that are not named keep the template's content. A date becomes Excel's serial number. Custom
        properties are set or overwritten as text. KeyError for a name that is no hole, ValueError for a
        date before 1900 or a Decimal that is no number.
        """
        changes = self.sheets(values)
        if properties:
            changes[CUSTOM] = _custom_part({**self._properties, **properties})
        return self._package.replace(changes, level)

    def sheets(
        self, values: Mapping[str, Filling], styles: Mapping[str, int] = MappingProxyType({})
    ) -> dict[str, bytes]:
        """The XML of the sheets with a filled hole, by part; for whoever changes more of the workbook than these.

        `styles` gives a hole another of the workbook's cell formats, by number; what stands in it stays when it
        is not filled. Errors as in `fill`.
        """
        changed: dict[str, list[bytes]] = {}
        for name in (*values, *(styles.keys() - values.keys())):
            slot = self._slots[name]
            pieces = changed.get(slot.part)
            if pieces is None:
                pieces = changed[slot.part] = list(self._pieces[slot.part])
            head = slot.head(styles.get(name))
            if name in values:
                pieces[slot.piece] = cell_xml(head, values[name]).encode()
            else:
                pieces[slot.piece] = _restyled(pieces[slot.piece], slot, head)
        return {part: b"".join(pieces) for part, pieces in changed.items()}

    def style(self, name: str) -> int:
        """Number of the format of a hole's cell. KeyError for a name that is no hole."""
        return int(self._slots[name].style or 0)


def compile_workbook(content: bytes, holes: Mapping[str, Hole]) -> CompiledWorkbook:
    """The template cut up at its holes; a hole's cell, and its row, may be missing from the template.

    Raises RefusedError for bytes that are no workbook, KeyError for a sheet that is not there, ValueError
    for an address that is none and for two holes in one cell.
    """
    package, issues = open_package(content, "")
    if package is None:
        raise RefusedError(*issues)
    package = _with_custom_part(package)
    part_of = {sheet.name: sheet.part for sheet in workbook_parts(package).sheets}
    wanted: dict[str, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for name, hole in holes.items():
        row, column = parse_address(hole.cell)
        if wanted[part_of[hole.sheet]][row].setdefault(column, name) != name:
            raise ValueError(f"two holes in {hole.sheet}!{hole.cell}")
    pieces: dict[str, tuple[bytes, ...]] = {}
    slots: dict[str, _Slot] = {}
    for part, rows in wanted.items():
        cut = _Cut(part, slots)
        match = _SHEET_CELLS.search(xml := package.read(part))
        if match is None:
            raise unreadable(package, part)
        cut.keep(xml[: match.start()] + b"<sheetData>")
        _cut_rows(cut, match[1] or b"", rows)
        cut.keep(b"</sheetData>" + xml[match.end() :])
        pieces[part] = tuple(cut.pieces)
    return CompiledWorkbook(package, pieces, slots, custom_properties(package))


# --- cutting --------------------------------------------------------------------------------


class _Cut:
    """The pieces of one sheet while they are cut."""

    def __init__(self, part: str, slots: dict[str, _Slot]) -> None:
        self.pieces: list[bytes] = []
        self._part = part
        self._slots = slots

    def keep(self, xml: bytes) -> None:
        self.pieces.append(xml)

    def hole(self, name: str, row: int, column: int, cell: bytes, attributes: bytes) -> None:
        style = _STYLE.search(attributes)
        number = style[1].decode() if style else ""
        self._slots[name] = _Slot(self._part, len(self.pieces), f'<c r="{address(row, column)}"', number)
        self.pieces.append(cell)


def _cut_rows(cut: _Cut, xml: bytes, wanted: Mapping[int, Mapping[int, str]]) -> None:
    """Cut the rows at their holes; rows that are missing are put in where they belong."""
    missing = iter(sorted(wanted))
    following = next(missing, None)
    done = 0
    for match in _ROW.finditer(xml):
        number = int(_ROW_NUMBER.search(match[1])[1])  # type: ignore[index]
        if following is None or number < following:
            continue
        cut.keep(xml[done : match.start()])
        while following is not None and following < number:
            _cut_row(cut, following, b' r="%d"' % following, b"", wanted[following])
            following = next(missing, None)
        if following == number:
            _cut_row(cut, number, match[1], match[2] or b"", wanted[number])
            following = next(missing, None)
            done = match.end()
        else:
            done = match.start()
    cut.keep(xml[done:])
    while following is not None:
        _cut_row(cut, following, b' r="%d"' % following, b"", wanted[following])
        following = next(missing, None)


def _cut_row(cut: _Cut, row: int, attributes: bytes, xml: bytes, wanted: Mapping[int, str]) -> None:
    # The spans are a hint that a cell put in could make wrong.
    cut.keep(b"<row" + _SPANS.sub(b"", attributes) + b">")
    columns = sorted(wanted)
    done = 0
    for column, cell, cell_attributes in _cells(xml):
        while done < len(columns) and columns[done] < column:
            cut.hole(wanted[columns[done]], row, columns[done], b"", b"")
            done += 1
        if done < len(columns) and columns[done] == column:
            cut.hole(wanted[column], row, column, cell, cell_attributes)
            done += 1
        else:
            cut.keep(cell)
    for column in columns[done:]:
        cut.hole(wanted[column], row, column, b"", b"")
    cut.keep(b"</row>")


def _cells(row: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Column, XML and attributes of each cell of a row."""
    for match in _CELL.finditer(row):
        yield column_number(match[1].decode()), match[0], match[2]


# --- writing --------------------------------------------------------------------------------


def cell_xml(head: str, value: Filling) -> str:
    """The XML of a cell with this value; `head` is its start with address and style: `<c r="C5" s="7"`."""
    if value is None or value == "":
        return head + "/>"
    if isinstance(value, str):
        return f'{head} t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'{head} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f"{head}><v>{_serial(value)}</v></c>"
    if isinstance(value, CellError):
        return f'{head} t="e"><v>{value.text if value.text in _ERRORS else "#N/A"}</v></c>'
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(value)
    return f"{head}><v>{value}</v></c>"


def _restyled(cell: bytes, slot: _Slot, head: str) -> bytes:
    """The cell as it stands in the template with another format."""
    return head.encode() + cell[len(slot.head()) :] if cell else f"{head}/>".encode()


def _escaped(text: str) -> str:
    said = _UNSAYABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text[:MAX_CELL_TEXT])
    return escape(said)


def _serial(day: date) -> int | float:
    """Excel's serial number of a day, in the 1900 system, which counts a 29 February 1900 that never was."""
    days = day.toordinal() - date(1899, 12, 30).toordinal()
    if days <= 60:
        days -= 1
    if days < 1:
        raise ValueError(day)
    if not isinstance(day, datetime):
        return days
    seconds = day.hour * 3600 + day.minute * 60 + day.second + day.microsecond / 1e6
    return days + seconds / 86_400 if seconds else days


def _custom_part(properties: Mapping[str, str]) -> bytes:
    found = [_CUSTOM_HEAD]
    for number, (name, text) in enumerate(properties.items(), 2):
        found.append(
            f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" '
            f"name={quoteattr(_UNSAYABLE.sub('', name))}><vt:lpwstr>{_escaped(text)}</vt:lpwstr></property>"
        )
    found.append("</Properties>")
    return "".join(found).encode()


def _with_custom_part(package: Package) -> Package:
    """The package with a part for custom properties, its content type and its relationship."""
    if CUSTOM in package:
        return package
    types, relations = package.read("[Content_Types].xml"), package.read("_rels/.rels")
    override = f'<Override PartName="/{CUSTOM}" ContentType="{_CUSTOM_TYPE}"/></Types>'
    relation = f'<Relationship Id="rIdCustom" Type="{_CUSTOM_RELATION}" Target="{CUSTOM}"/></Relationships>'
    content = package.replace(
        {
            "[Content_Types].xml": types.replace(b"</Types>", override.encode()),
            "_rels/.rels": relations.replace(b"</Relationships>", relation.encode()),
            CUSTOM: _custom_part({}),
        }
    )
    opened, issues = open_package(content, package.file)
    if opened is None:
        raise RefusedError(*issues)
    return opened
