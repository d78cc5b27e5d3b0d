"""A Word file as plain records: every paragraph with what it says, where it stands and what it really looks like.

In:   the bytes of a .docx, hostile until shown otherwise. Out: Document, or the issues that say why not.
Imports office.package, wordpart, document_styles, document_lists; issues. Nothing is judged here.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from generator.issues import Issue, Place, RefusedError, issue
from generator.office.document_drawn import drawn_lines
from generator.office.document_lists import Lists
from generator.office.document_records import Cell, Document, Paragraph, Run, Section, Spot, Table
from generator.office.document_styles import MM_PER_TWIP, Styles
from generator.office.package import Package, open_package
from generator.office.wordpart import BODY, CELL, PARAGRAPH, ROW, RUN, SPAN, TABLE, VALUE, WORD, count

Element = etree._Element

_W = f"{{{WORD}}}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_INLINE = frozenset(_W + name for name in ("hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple", "moveTo"))
_BLOCKS = frozenset(_W + name for name in ("sdt", "sdtContent", "customXml", "ins"))
_SIGNS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-", _W + "ptab": "\t"}
_TEXT, _INSTRUCTION, _PROPERTIES = _W + "t", _W + "instrText", _W + "pPr"
_DRAWN = frozenset(
    (_W + "drawing", _W + "pict", "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent")
)
_PAGE = re.compile(r"\s*PAGE\b", re.IGNORECASE)
_STRICT = partial(etree.XMLParser, resolve_entities=False, no_network=True, collect_ids=False, remove_comments=True)
DEEPEST = 20
"""Tables within tables that are followed; deeper ones are not read."""


def read_document(content: bytes, file: str) -> tuple[Document | None, list[Issue]]:
    """The file as records, or the reason why it cannot be read; `file` only says where.

    Codes: office.* of the package, inspect.not_word when it is another kind of office file, office.damaged when a
    part is no XML.
    """
    package, issues = open_package(content, file)
    if package is None:
        return None, issues
    try:
        main = main_part(package)
        root = tree(package, main)
        body = root.find(BODY) if root is not None else None
        if body is None:
            return None, [issue("inspect.not_word", Place(file))]
        return _Reading(package, main, file).document(body), []
    except RefusedError as refused:
        return None, list(refused.issues)


def main_part(package: Package) -> str:
    """The name of the part that holds the body; the usual one where the package does not say."""
    root = tree(package, "_rels/.rels")
    for relation in root.iter(_RELATIONS) if root is not None else ():
        if relation.get("Type", "").endswith("/officeDocument"):
            return relation.get("Target", "").lstrip("/")
    return "word/document.xml"


def tree(package: Package, name: str) -> Element | None:
    """The tree of a part; None where there is no such part. RefusedError office.damaged when it is no XML."""
    if name not in package:
        return None
    try:
        return etree.fromstring(package.read(name), _STRICT())
    except etree.XMLSyntaxError as error:
        raise RefusedError(issue("office.damaged", Place(package.file, spot=name))) from error


class _Setting(NamedTuple):
    """What a paragraph takes from where it stands."""

    table: str
    room: float
    spot: Spot | None


class _Reading:
    """One reading of one file; counts paragraphs, tables, lists and sections as it goes."""

    def __init__(self, package: Package, main: str, file: str) -> None:
        self._package, self._file, self._folder = package, file, posixpath.dirname(main)
        self._targets = self._relations(main)
        self._styles = Styles(self._related("/styles"), self._related("/theme"))
        self._lists = Lists(self._related("/numbering"))
        self._sections: list[Element] = []
        self._numbers: dict[Element, int] = {}
        self._outside, self._tables, self._section = 0, 0, 1
        self._latest: dict[str, dict[str, tuple[Paragraph, ...]]] = {"header": {}, "footer": {}}

    def _relations(self, main: str) -> list[tuple[str, str, str]]:
        folder, name = posixpath.split(main)
        root = tree(self._package, posixpath.join(folder, "_rels", f"{name}.rels"))
        found = root.iter(_RELATIONS) if root is not None else ()
        return [(one.get("Id", ""), one.get("Type", ""), one.get("Target", "")) for one in found]

    def _related(self, kind: str) -> Element | None:
        for _, type_, target in self._targets:
            if type_.endswith(kind):
                return tree(self._package, self._path(target))
        return None

    def _path(self, target: str) -> str:
        return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{self._folder}/{target}")

    def document(self, body: Element) -> Document:
        self._sections = list(body.iter(_W + "sectPr"))
        self._numbers = {one: number for number, one in enumerate(body.iter(PARAGRAPH))}
        blocks = tuple(self._blocks(body, None, "", 0))
        sections = tuple(self._set_up(at, one) for at, one in enumerate(self._sections, 1))
        return Document(self._file, blocks, sections)

    # --- the body ---

    def _blocks(self, parent: Element, spot: Spot | None, table: str, depth: int) -> Iterator[Paragraph | Table]:
        for child in parent:
            if child.tag == PARAGRAPH:
                yield self._paragraph(child, _Setting(table, self._room(), spot))
            elif child.tag == TABLE:
                yield self._table(child, depth)
            elif child.tag in _BLOCKS:
                yield from self._blocks(child, spot, table, depth)

    def _room(self) -> float:
        """Between the margins of the section that is being read."""
        at = min(self._section, len(self._sections)) - 1
        return _page(self._sections[at], "width") - _margins(self._sections[at]) if at >= 0 else 165

    def _table(self, element: Element, depth: int) -> Table:
        self._tables += 1
        number, section = self._tables, self._section
        style = element.find(f"{_W}tblPr/{_W}tblStyle")
        name = style.get(VALUE, "") if style is not None else self._styles.default("table")
        rows = enumerate(_children(element, ROW), 1)
        return Table(number, tuple(self._row(row, number, at, name, depth) for at, row in rows), section)

    def _row(self, row: Element, table: int, at: int, style: str, depth: int) -> tuple[Cell, ...]:
        column = 1 + count(row, f"{_W}trPr/{_W}gridBefore", 0)
        cells = []
        for element in _children(row, CELL):
            span = count(element, SPAN, 1)
            width = element.find(f"{_W}tcPr/{_W}tcW")
            room = _twips(width, "w") if width is not None and width.get(_W + "type") == "dxa" else 0
            spot = Spot(0, table, at, column)
            cells.append(Cell(column, span, tuple(self._cell(element, _Setting(style, room, spot), depth))))
            column += span
        return tuple(cells)

    def _cell(self, parent: Element, setting: _Setting, depth: int) -> Iterator[Paragraph]:
        for child in parent:
            if child.tag == PARAGRAPH:
                yield self._paragraph(child, setting)
            elif child.tag == TABLE and depth < DEEPEST:
                nested = self._table(child, depth + 1)
                yield from (one for row in nested.rows for cell in row for one in cell.paragraphs)
            elif child.tag in _BLOCKS:
                yield from self._cell(child, setting, depth)

    def _paragraph(self, element: Element, setting: _Setting) -> Paragraph:
        if setting.spot is None:
            self._outside += 1
        form = element.find(_PROPERTIES)
        named = form.find(_W + "pStyle") if form is not None else None
        style = named.get(VALUE, "") if named is not None else ""
        level, label = self._label(form, style)
        found = _Found([], [], False, False)
        for run in _runs(element, 0):
            self._run(run, (setting.table, style), found)
        section = self._section
        paragraph = Paragraph(
            number=self._numbers.get(element, 0),
            spot=setting.spot or Spot(self._outside),
            runs=_joined(found.runs),
            shape=self._styles.shape(setting.table, style, level, form),
            style=style,
            section=section,
            room=setting.room,
            lines=tuple(found.lines),
            picture=found.picture,
            page_number=found.page_number,
            label=label,
        )
        if form is not None and form.find(_W + "sectPr") is not None:
            self._section += 1
        return paragraph

    def _label(self, form: Element | None, style: str) -> tuple[Element | None, str]:
        listed = form.find(_W + "numPr") if form is not None else None
        name, depth = self._styles.list_of(style)
        for mark in listed if listed is not None else ():
            if mark.tag == _W + "numId":
                name = mark.get(VALUE, "")
            elif mark.tag == _W + "ilvl":
                depth = mark.get(VALUE, "0")
        if name in ("", "0"):
            return None, ""
        level = self._lists.level(name, depth)
        return (level.find(_PROPERTIES) if level is not None else None), self._lists.label(name, depth)

    def _run(self, run: Element, styles: tuple[str, str], found: _Found) -> None:
        form, text = None, []
        for child in run:
            if child.tag == _TEXT:
                text.append(child.text or "")
            elif child.tag == _W + "rPr":
                form = child
            elif child.tag == _W + "br" and child.get(_W + "type") in ("page", "column"):
                continue
            elif child.tag in _SIGNS:
                text.append(_SIGNS[child.tag])
            elif child.tag == _INSTRUCTION:
                found.page_number |= _PAGE.match(child.text or "") is not None
            elif child.tag in _DRAWN:
                found.picture = True
                found.lines += drawn_lines(child)
        if text:
            character = form.find(_W + "rStyle") if form is not None else None
            name = character.get(VALUE, "") if character is not None else ""
            face = self._styles.face(*styles, name, form)
            written = "".join(text)
            if not face.hidden:
                found.runs.append(Run(written.upper() if face.capitals else written, face))

    # --- pages ---

    def _set_up(self, number: int, element: Element) -> Section:
        headers = {"header": dict(self._latest["header"]), "footer": dict(self._latest["footer"])}
        self._section = number
        targets = {name: target for name, _, target in self._targets}
        for kind, parts in headers.items():
            for reference in element.iterchildren(f"{_W}{kind}Reference"):
                name = self._path(targets.get(reference.get(_REL, ""), ""))
                root = tree(self._package, name)
                shown = self._part(root) if root is not None else ()
                parts[reference.get(_W + "type", "default")] = shown
        self._latest = headers
        margins, pages = element.find(_W + "pgMar"), element.find(_W + "pgNumType")
        title = element.find(_W + "titlePg")
        return Section(
            number=number,
            width=_page(element, "width"),
            height=_page(element, "height"),
            top=_twips(margins, "top"),
            bottom=_twips(margins, "bottom"),
            left=_twips(margins, "left") + _twips(margins, "gutter"),
            right=_twips(margins, "right"),
            title_page=title is not None and title.get(VALUE, "1") not in ("0", "false", "off"),
            start=round(_twips(pages, "start") / MM_PER_TWIP),
            headers=headers["header"],
            footers=headers["footer"],
        )

    def _part(self, root: Element) -> tuple[Paragraph, ...]:
        """The paragraphs of a header or footer, those of tables and text boxes in it too."""
        return tuple(
            self._paragraph(one, _Setting(self._styles.default("table"), self._room(), Spot(0)))
            for one in root.iter(PARAGRAPH)
        )


@dataclass(slots=True)
class _Found:
    """What the runs of a paragraph hold."""

    runs: list[Run] = field(default_factory=list)
    lines: list[float] = field(default_factory=list)
    picture: bool = False
    page_number: bool = False


def _runs(parent: Element, depth: int) -> Iterator[Element]:
    """The runs of a paragraph in order, those of links and kept insertions too, not those of text boxes."""
    for child in parent:
        if child.tag == RUN:
            yield child
        elif child.tag in _INLINE and depth < DEEPEST:
            if child.tag == _W + "fldSimple" and _PAGE.match(child.get(_W + "instr", "")):
                mark = etree.Element(RUN)
                etree.SubElement(mark, _INSTRUCTION).text = "PAGE"
                yield mark
            yield from _runs(child, depth + 1)


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    """Neighbours that look alike as one run: an editor splits runs wherever somebody typed."""
    if len(runs) < 2:
        return tuple(runs)
    return tuple(Run("".join(one.text for one in same), face) for face, same in groupby(runs, lambda run: run.face))


def _children(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _BLOCKS:
            yield from _children(child, tag)


def _twips(element: Element | None, attribute: str) -> float:
    """A length in millimetres; 0 where it is not rightly there."""
    text = "" if element is None else element.get(_W + attribute, "")
    return int(text) * MM_PER_TWIP if text.lstrip("-").isdigit() and text.isascii() and len(text) < 8 else 0


def _page(section: Element, side: str) -> float:
    return _twips(section.find(_W + "pgSz"), side[0])


def _margins(section: Element) -> float:
    margins = section.find(_W + "pgMar")
    return _twips(margins, "left") + _twips(margins, "right") + _twips(margins, "gutter")


__all__ = ["Cell", "Document", "Paragraph", "Run", "Section", "Spot", "Table", "main_part", "read_document", "tree"]
