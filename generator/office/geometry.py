"""Geometry: what Word would repair in a document, found before the document is written.

In:   the bytes of a .docx. Out: an issue for each fault, with a place such as "Bảng 2, dòng 3".
Imports office.package, issues. Schema validators pass all of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple, cast

from lxml import etree

from generator.issues import Issue, Place, RefusedError, issue
from generator.office.package import Package, open_package

Element = etree._Element

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{_WORD}}}"
_PARAGRAPH, _TABLE, _ROW, _CELL = _W + "p", _W + "tbl", _W + "tr", _W + "tc"
_GRID, _GRID_COLUMN = _W + "tblGrid", _W + "gridCol"
_CELL_FORM, _SPAN, _MERGE = _W + "tcPr", _W + "gridSpan", _W + "vMerge"
_BEFORE, _AFTER = f"{_W}trPr/{_W}gridBefore", f"{_W}trPr/{_W}gridAfter"
_HEADER_ROW = f"{_W}trPr/{_W}tblHeader"
_BOOKMARK, _VALUE = _W + "bookmarkStart", _W + "val"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_HOMES = tuple(_W + name for name in ("hdr", "ftr", "footnote", "endnote", "txbxContent"))
"""What must hold a paragraph besides cells, which must also end with one."""
_CONTROLS = frozenset({_W + "sdt", _W + "sdtContent", _W + "customXml"})
_NOT_CONTENT = frozenset({_W + name for name in ("tcPr", "bookmarkStart", "bookmarkEnd", "proofErr")})
_PART = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_OTHER_PART = re.compile(r"word/(?:charts|diagrams|comments)[^/]*(?:/[^/]+)?\.xml|docProps/core\.xml")
_ALL_TEXT = etree.XPath("string(.)", smart_strings=False)
_BRACE = re.compile("[{}]")
_ODD_ROWS = etree.XPath(
    "w:tr[count(w:tc) != $width or count(w:tc/w:p[not(following-sibling::*[1])]) != $width or $width = 0]"
    "| *[self::w:sdt or self::w:customXml]//w:tr",
    namespaces={"w": _WORD},
)
"""The rows of a table that are not, or may not be, a cell for each column with a paragraph at its end."""
_TAG = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_TEXTS = (_W + "t", "{http://schemas.openxmlformats.org/drawingml/2006/main}t")
_OFF = frozenset({"0", "false", "off"})
_SPECIAL = tuple(_W + name for name in ("gridSpan", "vMerge", "gridBefore", "gridAfter", "tblHeader"))
"""What makes a row more than a row of single cells, beside content controls."""


_STRICT = partial(etree.XMLParser, resolve_entities=False, no_network=True, collect_ids=False)


class _Cell(NamedTuple):
    """A cell on the grid: its first column from 1, its span, and its part in a vertical merge."""

    column: int
    span: int
    merge: str
    """"" none, "restart", or "continue"."""
    element: Element


def check_geometry(content: bytes, file: str, parsed: Mapping[str, Element] = MappingProxyType({})) -> list[Issue]:
    """Every fault of a document that Word would repair or that shows a tag; none in a sound document.

    `parsed` holds the trees of parts that the caller has parsed already, by name.
    Codes: geometry.row_width, .orphan_merge, .cell_without_paragraph, .row_without_cells, .table_without_rows,
    .part_without_paragraph, .header_gap, .duplicate_id, .tag_left; those of `open_package` and office.damaged
    where it cannot be opened.
    """
    package, found = open_package(content, file)
    if package is None:
        return found
    parts = sorted((name for name in package.names() if _PART.fullmatch(name)), key="word/document.xml".__ne__)
    seen: dict[tuple[str, str], str] = {}
    for name in parts:
        root = parsed[name] if name in parsed else _parsed(package, name, found)
        if root is not None:
            label = "" if name == "word/document.xml" else name.removeprefix("word/").removesuffix(".xml")
            found += _tables(root, file, label)
            found += _empty_homes(root, file, label)
            # The spot of every paragraph is dear: it is only reckoned where there may be a tag.
            if _BRACE.search(str(_ALL_TEXT(root))):
                found += _tags_left(root, file, label)
            found += _ids(root, file, seen)
    for name in package.names():
        if _OTHER_PART.fullmatch(name):
            found += _tags_in(_parsed(package, name, found), Place(file, spot=name))
    return found


def _parsed(package: Package, name: str, found: list[Issue]) -> Element | None:
    try:
        return etree.fromstring(package.read(name), _STRICT())
    except RefusedError as refused:
        found += refused.issues
    except (etree.XMLSyntaxError, ValueError):
        found.append(issue("office.damaged", Place(package.file, spot=name)))
    return None


# --- tables ---------------------------------------------------------------------------------


def _tables(root: Element, file: str, label: str) -> Iterator[Issue]:
    special = {row for mark in root.iter(*_SPECIAL, *_CONTROLS) for row in islice(mark.iterancestors(_ROW), 1)}
    for number, table in enumerate(root.iter(_TABLE), start=1):
        prefix = f"{label}, bảng {number}" if label else f"Bảng {number}"
        grid = table.find(_GRID)
        width = 0 if grid is None else len(grid.findall(_GRID_COLUMN))
        rows = list(_children(table, _ROW))
        if not rows:
            yield issue("geometry.table_without_rows", Place(file, spot=prefix))
        above: tuple[int, Sequence[_Cell]] = (0, ())
        # Nearly every row is plain: libxml2 passes them at a glance, and looking closely costs twenty times as much.
        odd = {*cast("list[Element]", _ODD_ROWS(table, width=width))}
        for at, row in enumerate(rows, start=1):
            if row not in odd and row not in special:
                continue
            place = Place(file, spot=f"{prefix}, dòng {at}")
            cells, taken = _row(row)
            if not cells:
                yield issue("geometry.row_without_cells", place)
            elif taken != width:
                yield issue("geometry.row_width", place, taken=taken, width=width)
            # A plain row above is merged with nothing.
            yield from _cells(cells, above[1] if above[0] == at - 1 else (), place)
            above = (at, cells)
        yield from _headers(rows, special, Place(file, spot=prefix))


def _children(parent: Element, tag: str) -> Iterator[Element]:
    """The children of a tag, also those that stand in a content control."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _CONTROLS:
            yield from _children(child, tag)


def _row(row: Element) -> tuple[list[_Cell], int]:
    """The cells of a row on the grid, and how many columns the row takes with what is left out before and after."""
    column = 1 + _count(row, _BEFORE)
    cells = []
    for cell in _children(row, _CELL):
        span, merge = 1, ""
        form = cell.find(_CELL_FORM)
        for mark in form if form is not None else ():
            if mark.tag == _SPAN:
                span = _number(mark, 1)
            elif mark.tag == _MERGE:
                merge = mark.get(_VALUE, "continue")
        cells.append(_Cell(column, span, merge, cell))
        column += span
    return cells, column - 1 + _count(row, _AFTER)


def _count(row: Element, path: str) -> int:
    """How many columns a row leaves out."""
    found = row.find(path)
    return 0 if found is None else _number(found, 0)


def _number(mark: Element, missing: int) -> int:
    """A small whole number that anybody may have written; `missing` when it is none."""
    text = mark.get(_VALUE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else missing


def _cells(cells: Sequence[_Cell], above: Sequence[_Cell], place: Place) -> Iterator[Issue]:
    merged = {(cell.column, cell.span) for cell in above if cell.merge}
    for number, cell in enumerate(cells, start=1):
        content = [child for child in cell.element if child.tag not in _NOT_CONTENT]
        if not content or _last(content).tag != _PARAGRAPH:
            yield issue("geometry.cell_without_paragraph", _of_cell(place, number))
        if cell.merge == "continue" and (cell.column, cell.span) not in merged:
            yield issue("geometry.orphan_merge", _of_cell(place, number))


def _of_cell(row: Place, number: int) -> Place:
    return Place(row.file, spot=f"{row.spot}, ô {number}")


def _last(content: Sequence[Element]) -> Element:
    """The last piece of a cell, looked for inside content controls."""
    last = content[-1]
    while last.tag in _CONTROLS and len(last):
        last = last[-1]
    return last


def _headers(rows: Sequence[Element], special: Set[Element], place: Place) -> Iterator[Issue]:
    """Rows that repeat must be the first ones without a gap, and hold whole vertical merges."""
    repeated = [row in special and _is_header(row) for row in rows]
    count = repeated.index(False) if False in repeated else len(repeated)
    gaps = [at for at in range(count, len(rows)) if repeated[at]]
    if 0 < count < len(rows) and any(cell.merge == "continue" for cell in _row(rows[count])[0]):
        gaps.append(count)
    for at in gaps:
        yield issue("geometry.header_gap", Place(place.file, spot=f"{place.spot}, dòng {at + 1}"))


def _is_header(row: Element) -> bool:
    mark = row.find(_HEADER_ROW)
    return mark is not None and mark.get(_VALUE, "1") not in _OFF


def paragraph_spots(root: Element, label: str = "") -> Iterator[tuple[Element, str]]:
    """Every paragraph with its place: "Bảng 2, dòng 3, cột 4", else "đoạn 5"; `label` names a part but the body.

    Tables are counted in document order, nested ones too; columns as the grid counts them; paragraphs outside
    tables from 1, empty ones too.
    """
    prefix = f"{label}, " if label else ""
    cells: dict[Element, str] = {}
    for number, table in enumerate(root.iter(_TABLE), start=1):
        for at, row in enumerate(_children(table, _ROW), start=1):
            word = "bảng" if label else "Bảng"
            cells.update((c.element, f"{word} {number}, dòng {at}, cột {c.column}") for c in _row(row)[0])
    count = 0
    for paragraph in root.iter(_PARAGRAPH):
        cell = next(paragraph.iterancestors(_CELL), None)
        if cell is None:
            count += 1
        yield paragraph, prefix + (f"đoạn {count}" if cell is None else cells.get(cell, ""))


def _empty_homes(root: Element, file: str, label: str) -> Iterator[Issue]:
    for home in root.iter(*_HOMES):
        if next(home.iter(_PARAGRAPH), None) is None:
            part = label or etree.QName(home).localname
            yield issue("geometry.part_without_paragraph", Place(file, spot=part), part=part)


# --- tags and ids ---------------------------------------------------------------------------


def _tags_left(root: Element, file: str, label: str) -> Iterator[Issue]:
    for paragraph, spot in paragraph_spots(root, label):
        text = "".join(piece.text or "" for piece in paragraph.iter(*_TEXTS))
        left = _TAG.search(text)
        if left:
            yield issue("geometry.tag_left", Place(file, spot=spot), text=text[max(0, left.start() - 20) :][:80])


def _tags_in(root: Element | None, place: Place) -> Iterator[Issue]:
    text = "" if root is None else "".join(str(piece) for piece in root.itertext())
    left = _TAG.search(text)
    if left:
        yield issue("geometry.tag_left", place, text=text[max(0, left.start() - 20) :][:80])


def _ids(root: Element, file: str, seen: dict[tuple[str, str], str]) -> Iterator[Issue]:
    """Ids and names that must be unique in the whole document."""
    marks = [("docPr", "id", _DRAWING, "id")]
    marks += [("bookmark", "id", _BOOKMARK, _W + "id"), ("bookmark", "name", _BOOKMARK, _W + "name")]
    for kind, part, tag, attribute in marks:
        for element in root.iter(tag):
            key = (f"{kind} {part}", element.get(attribute, ""))
            if key in seen:
                yield issue("geometry.duplicate_id", Place(file), kind=kind, id=key[1])
            seen[key] = file
