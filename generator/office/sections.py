"""Sections of a Word file: the set-up of each one's pages, how it begins, and which rows its tables repeat.

In:   the tree of the body, the package for headers and footers. Out: a record for each section, in order.
Imports office.package, office.wordpart, lxml. WordprocessingML names: ISO/IEC 29500-1, 17.6 (sections).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lxml import etree

from generator.office.package import Package
from generator.office.wordpart import BODY, PARAGRAPH, ROW, TABLE, TEXT, VALUE, WORD, Element

DOCUMENT = "word/document.xml"
_W = f"{{{WORD}}}"
_SECTION, _FORM = _W + "sectPr", _W + "pPr"
_HEADER_ROW = f"{_W}trPr/{_W}tblHeader"
_STYLE = f"{_W}tblPr/{_W}tblStyle"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LINK = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_PAGE = re.compile(r"\s*PAGE\b", re.IGNORECASE)
_TAG_ALONE = re.compile(r"\s*\{%p\b.*%\}\s*", re.DOTALL)
_OFF = frozenset({"0", "false", "off"})
_MM = 25.4 / 1440
_KINDS = ("header", "footer")


class SectionFound(NamedTuple):
    """What a section is like; lengths in millimetres."""

    width: float
    height: float
    margins: tuple[float, float, float, float]
    """Top, bottom, left, right."""
    start: int
    """The number its first page begins with; 0 when the numbers go on."""
    number: str
    """Where the page number stands on its pages: "top", "bottom" or "none"."""
    first_number: bool
    """Whether its first page shows the number too."""
    begins: str
    """The words of its first paragraph with words outside tables; that a tag alone fills does not count."""
    header_rows: tuple[int, ...]
    """Of each ruled table: how many rows it repeats at the top of every page."""


def sections_of(root: Element, package: Package) -> list[SectionFound]:
    """The sections of a body whose tree is given; none when it has no body."""
    body = root.find(BODY)
    if body is None:
        return []
    links = _links(package)
    shown: dict[str, bool] = {}
    found = []
    for setup, blocks in parted(body):
        shown |= _references(setup, links, package)
        found.append(_section(setup, blocks, shown))
    return found


def parted(body: Element) -> Iterator[tuple[Element, list[Element]]]:
    """The set-up of each section of a body and what stands in it, the paragraph that ends it too."""
    blocks: list[Element] = []
    for child in body:
        if child.tag == _SECTION:
            yield child, blocks
            return
        blocks.append(child)
        setup = child.find(f"{_FORM}/{_SECTION}") if child.tag == PARAGRAPH else None
        if setup is not None:
            yield setup, blocks
            blocks = []


def _section(setup: Element, blocks: Sequence[Element], shown: Mapping[str, bool]) -> SectionFound:
    page, margins, numbers = (setup.find(_W + name) for name in ("pgSz", "pgMar", "pgNumType"))
    other_first = _is_on(setup.find(_W + "titlePg"))
    number = next((kind for kind in _KINDS if shown.get(f"{kind} default")), "")
    first = "first" if other_first else "default"
    return SectionFound(
        width=_mm(page, "w"),
        height=_mm(page, "h"),
        margins=(
            _mm(margins, "top"),
            _mm(margins, "bottom"),
            _mm(margins, "left") + _mm(margins, "gutter"),
            _mm(margins, "right"),
        ),
        start=_whole(numbers, "start"),
        number={"header": "top", "footer": "bottom"}.get(number, "none"),
        first_number=any(shown.get(f"{kind} {first}") for kind in _KINDS),
        begins=next(filter(None, map(_words, blocks)), ""),
        header_rows=tuple(_header_rows(one) for one in blocks if one.tag == TABLE and one.find(_STYLE) is not None),
    )


def _words(block: Element) -> str:
    if block.tag != PARAGRAPH:
        return ""
    text = "".join(piece.text or "" for piece in block.iter(TEXT))
    return "" if _TAG_ALONE.fullmatch(text) else " ".join(text.split())


def _header_rows(table: Element) -> int:
    count = 0
    for row in table.iterchildren(ROW):
        if not _is_on(row.find(_HEADER_ROW)):
            break
        count += 1
    return count


def _references(setup: Element, links: Mapping[str, str], package: Package) -> dict[str, bool]:
    """Which headers and footers a section brings, and whether they show the page number; the others go on."""
    found = {}
    for kind in _KINDS:
        for reference in setup.iterchildren(f"{_W}{kind}Reference"):
            name = links.get(reference.get(_REL, ""), "")
            found[f"{kind} {reference.get(_W + 'type', 'default')}"] = _shows_number(package, name)
    return found


def _shows_number(package: Package, name: str) -> bool:
    root = _tree(package, name)
    if root is None:
        return False
    written = (mark.text or "" for mark in root.iter(_W + "instrText"))
    simple = (mark.get(_W + "instr", "") for mark in root.iter(_W + "fldSimple"))
    return any(_PAGE.match(text) for one in (written, simple) for text in one)


def _links(package: Package) -> dict[str, str]:
    root = _tree(package, "word/_rels/document.xml.rels")
    found = root.iter(_LINK) if root is not None else ()
    return {one.get("Id", ""): posixpath.normpath(f"word/{one.get('Target', '')}") for one in found}


def _tree(package: Package, name: str) -> Element | None:
    if name not in package:
        return None
    try:
        return etree.fromstring(package.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _is_on(mark: Element | None) -> bool:
    return mark is not None and mark.get(VALUE, "1") not in _OFF


def _whole(element: Element | None, attribute: str) -> int:
    text = "" if element is None else element.get(_W + attribute, "")
    return int(text) if text.lstrip("-").isdigit() and text.isascii() and len(text) < 8 else 0


def _mm(element: Element | None, attribute: str) -> float:
    return _whole(element, attribute) * _MM
