"""Long tables cut where a page ends, in the copy of a document that becomes a PDF: nobody can see the cut.

In:   the bytes of a .docx, a way to print documents. Out: bytes in which no table is longer than LibreOffice can lay
      out well: its time grows with the square of the rows of one table.
Imports office.package, pdf_pages, sections, table_rows, wordpart; lxml. Word needs no such cut, and it could not be
hidden there: Word joins tables that touch, and repeats the heading of the first one only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from generator.office.package import Package, open_package
from generator.office.pdf_pages import marked_pages
from generator.office.sections import DOCUMENT, parted
from generator.office.table_rows import is_header
from generator.office.wordpart import BODY, CELL, GRID, PARAGRAPH, ROW, TABLE, TEXT, VALUE, WORD, Element

MOST_ROWS, LONGEST = 500, 2000
"""Rows of a piece; a table of no more than LONGEST rows is printed sooner whole than in pieces (measured)."""
Print = Callable[[Sequence[bytes]], Sequence[bytes]]
"""Documents -> the PDF of each, nothing for one that could not be made."""

_W = f"{{{WORD}}}"
_FORM, _TABLE_FORM, _LEVEL = _W + "pPr", _W + "tblPr", _W + "outlineLvl"
_REFERENCES = (_W + "headerReference", _W + "footerReference")
_AFTER_LEVEL = frozenset(_W + name for name in ("divId", "cnfStyle", "rPr", "sectPr", "pPrChange"))
_CONTINUED = f"{_W}tcPr/{_W}vMerge"
_THIN = (
    f'<w:p xmlns:w="{WORD}"><w:pPr>{{0}}<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)
"""Two tables need a paragraph between them, else they are one; this is a point high and begins the new page."""


@dataclass(slots=True)
class _Long:
    """A long table on its way: the rows before `start` have their pages."""

    table: Element
    before: list[Element]
    """What stands before it in its section."""
    setup: Element
    references: list[Element]
    headers: list[Element]
    rows: list[Element]
    start: int = 0
    cuts: list[int] = field(default_factory=list)


def cut_long_tables(content: bytes, print_: Print, most: int = MOST_ROWS, longest: int = LONGEST) -> bytes:
    """The document with each table of more than `longest` rows cut into pieces of at most `most`, each on a new page.

    The pages are those of the uncut document: pieces are printed one after the other to see where a page ends. What
    cannot be printed, or has no heading that repeats, stays whole. The same bytes when there is nothing to cut.
    """
    package, _ = open_package(content, "")
    if package is None or DOCUMENT not in package:
        return content
    root = etree.fromstring(package.read(DOCUMENT), etree.XMLParser(resolve_entities=False, no_network=True))
    found = list(_long_tables(root, longest))
    going = found
    while going:
        printed = print_([_piece(root, package, one, most) for one in going])
        going = [one for one, pdf in zip(going, printed, strict=True) if _cut(one, pdf, most)]
    if not any(one.cuts for one in found):
        return content
    for one in found:
        _part(one)
    return package.replace({DOCUMENT: etree.tostring(root, encoding="UTF-8", standalone=True)})


def _long_tables(root: Element, longest: int) -> Iterator[_Long]:
    """The first long table of each section; those are the annexes."""
    body, references = root.find(BODY), list[Element]()
    for setup, blocks in parted(body) if body is not None else ():
        own = [one for one in setup if one.tag in _REFERENCES]
        references = own or references
        for at, block in enumerate(blocks):
            if block.tag == TABLE and len(block) > longest:
                rows = list(block.iterchildren(ROW))
                headers = list(_headers(rows))
                body_rows = rows[len(headers) :]
                if headers and len(body_rows) > longest:
                    yield _Long(block, blocks[:at], setup, references, headers, body_rows)
                    break


def _headers(rows: Sequence[Element]) -> Iterator[Element]:
    for row in rows:
        if not is_header(row):
            return
        yield row


def _piece(root: Element, package: Package, one: _Long, most: int) -> bytes:
    """A document that shows the next rows on their pages, each row marked in the outline."""
    known = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    alone = etree.Element(root.tag, {str(name): str(value) for name, value in root.attrib.items()}, nsmap=known)
    body = etree.SubElement(alone, BODY)
    body.extend(deepcopy(one.before) if one.start == 0 else [_thin()])
    for mark in list(body.iter(_LEVEL)):
        _drop(mark)
    table = etree.SubElement(body, TABLE)
    table.extend(deepcopy([part for part in one.table if part.tag in (_TABLE_FORM, GRID)]))
    table.extend(deepcopy(one.headers))
    shown = deepcopy(one.rows[one.start : one.start + most])
    for row in shown:
        _mark(row)
    table.extend(shown)
    setup = deepcopy(one.setup)
    if not any(part.tag in _REFERENCES for part in setup):
        setup[:0] = deepcopy(one.references)
    body.append(setup)
    return package.replace({DOCUMENT: etree.tostring(alone, encoding="UTF-8", standalone=True)})


def _mark(row: Element) -> None:
    """Puts the first words of a row into the outline, which nobody sees but which has pages."""
    paragraph = next((one for one in row.iter(PARAGRAPH) if any((t.text or "").strip() for t in one.iter(TEXT))), None)
    if paragraph is None:
        return
    form = paragraph.find(_FORM)
    if form is None:
        form = etree.Element(_FORM)
        paragraph.insert(0, form)
    level = etree.Element(_LEVEL, {VALUE: "0"})
    form.insert(sum(part.tag not in _AFTER_LEVEL for part in form), level)


def _cut(one: _Long, pdf: bytes, most: int) -> bool:
    """Notes where the last page of these rows begins; whether there are rows left that must be printed."""
    pages = marked_pages(pdf)
    if len(pages) != min(most, len(one.rows) - one.start) or pages[-1] == pages[0]:
        return False
    at = one.start + pages.index(pages[-1])
    while at > one.start and _is_continued(one.rows[at]):
        at -= 1
    if at == one.start:
        return False
    one.cuts.append(at)
    one.start = at
    return len(one.rows) - at > most


def _is_continued(row: Element) -> bool:
    marks = (cell.find(_CONTINUED) for cell in row.iterchildren(CELL))
    return any(mark is not None and mark.get(VALUE) != "restart" for mark in marks)


def _part(one: _Long) -> None:
    """Parts the table at its cuts."""
    for first, end in reversed(list(zip(one.cuts, [*one.cuts[1:], len(one.rows)], strict=True))):
        table = etree.Element(TABLE)
        table.extend(deepcopy([part for part in one.table if part.tag in (_TABLE_FORM, GRID)]))
        table.extend(deepcopy(one.headers))
        table.extend(one.rows[first:end])
        one.table.addnext(table)
        one.table.addnext(_thin("<w:pageBreakBefore/>"))


def _thin(more: str = "") -> Element:
    return etree.fromstring(_THIN.format(more))


def _drop(mark: Element) -> None:
    parent = mark.getparent()
    if parent is not None:
        parent.remove(mark)
