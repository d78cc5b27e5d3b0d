"""Word comments put beside the paragraphs of a document, or beside words of them; everything else stays as it is.

In:   the bytes of a .docx, remarks, who writes them and on which day. Out: the bytes of a new .docx.
Imports office.document, package, wordpart; issues; lxml. The same input gives the same bytes.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from generator.issues import Place, RefusedError, issue
from generator.office.document import main_part, tree
from generator.office.package import Package, open_package
from generator.office.wordpart import PARAGRAPH, RUN, SPACE, TEXT, WORD, above

Element = etree._Element

_W = f"{{{WORD}}}"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_RELATION = f"{{{_PACKAGE}relationships}}Relationship"
_TYPES = "[Content_Types].xml"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_LONGEST = 4_000
"""Characters of one remark: the text may quote a hostile document."""
_INITIALS = 9
_SIZE = "18"
"""Half points."""
_NOT_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class Remark(NamedTuple):
    """What is said of a paragraph: its number counts all `w:p` of the body part from 0 in document order, those of
    tables and text boxes too, which is `office.document.Paragraph.number`. Lines of `text` become paragraphs."""

    paragraph: int
    text: str
    span: tuple[int, int] | None = None
    """Start and end of the words it is about, counted in the text of the paragraph's own `w:t`; None: all of it."""
    author: str = ""
    """Who says it, where it is not the author of all."""


class _Piece(NamedTuple):
    """A run with the span of the paragraph's text that it holds."""

    start: int
    end: int
    run: Element


def commented(content: bytes, remarks: Sequence[Remark], *, author: str, day: date | None) -> bytes:
    """The document with a comment for each remark, in the order of the text; those already there are kept.

    Runs are cut where a remark's words begin and end; the pieces look as the run did.

    A remark on a paragraph that does not exist stands at the last one. Without remarks the bytes come back as they
    are; without a day the comments carry none. RefusedError (office.*, inspect.not_word) when it is no document.
    """
    package, issues = open_package(content, "")
    if package is None:
        raise RefusedError(*issues)
    main = main_part(package)
    root = tree(package, main)
    paragraphs = [] if root is None else list(root.iter(PARAGRAPH))
    if root is None or not paragraphs:
        raise RefusedError(issue("inspect.not_word", Place()))
    if not remarks:
        return content
    changes = _Parts(package, main)
    by_paragraph: dict[int, list[Remark]] = defaultdict(list)
    for remark in remarks:
        by_paragraph[min(max(remark.paragraph, 0), len(paragraphs) - 1)].append(remark)
    number = changes.next_number()
    for at in sorted(by_paragraph):
        found = sorted(by_paragraph[at], key=lambda remark: remark.span or (-1, -1))
        pieces = _pieces(paragraphs[at], sorted({cut for remark in found for cut in remark.span or ()}))
        for remark in found:
            changes.comments.append(_comment(number, remark.text, remark.author or author, day))
            _mark(paragraphs[at], _within(pieces, remark.span), number)
            number += 1
    changed: dict[str, bytes | None] = {main: _bytes(root), **changes.written()}
    return package.replace(changed)


class _Parts:
    """The part of comments, found or made, with what makes it known to the document."""

    def __init__(self, package: Package, main: str) -> None:
        folder, name = posixpath.split(main)
        self._relations_name = posixpath.join(folder, "_rels", f"{name}.rels")
        self._relations = tree(package, self._relations_name)
        if self._relations is None:
            self._relations = etree.fromstring(f'<Relationships xmlns="{_PACKAGE}relationships"/>'.encode())
        known = [one for one in self._relations.iter(_RELATION) if one.get("Type") == _KIND]
        self._types: Element | None = None
        target = known[0].get("Target", "") if known else ""
        self.name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        existing = tree(package, self.name) if known else None
        if existing is None:
            self.name = self.name if known else _free(package, folder)
            existing = etree.Element(_W + "comments", nsmap={"w": WORD})
            self._announce(package, folder, bool(known))
        self.comments = existing

    def _announce(self, package: Package, folder: str, related: bool) -> None:
        if not related:
            assert self._relations is not None
            used = {one.get("Id", "") for one in self._relations.iter(_RELATION)}
            free = next(f"rIdNhanXet{n}" for n in range(1, len(used) + 2) if f"rIdNhanXet{n}" not in used)
            target = posixpath.relpath(self.name, folder or ".")
            etree.SubElement(self._relations, _RELATION, {"Id": free, "Type": _KIND, "Target": target})
        self._types = tree(package, _TYPES)
        if self._types is not None:
            override = f"{{{_PACKAGE}content-types}}Override"
            etree.SubElement(self._types, override, {"PartName": f"/{self.name}", "ContentType": _MEDIA})

    def next_number(self) -> int:
        """The first number that no comment has."""
        used = [one.get(_W + "id", "") for one in self.comments.iterchildren(_W + "comment")]
        return max((int(text) for text in used if text.isascii() and text.isdigit() and len(text) < 9), default=-1) + 1

    def written(self) -> dict[str, bytes]:
        """The parts that change, by name."""
        assert self._relations is not None
        parts = {self.name: _bytes(self.comments), self._relations_name: _bytes(self._relations)}
        return parts if self._types is None else {**parts, _TYPES: _bytes(self._types)}


def _free(package: Package, folder: str) -> str:
    """A name for the part of comments that nothing in the package has."""
    names = {name.casefold() for name in package.names()}
    candidates = ["comments.xml", *(f"comments{n}.xml" for n in range(2, len(names) + 3))]
    return next(
        posixpath.join(folder, one) for one in candidates if posixpath.join(folder, one).casefold() not in names
    )


def _comment(number: int, text: str, author: str, day: date | None) -> Element:
    initials = "".join(word[0] for word in author.split())[:_INITIALS].upper()
    marks = {"id": str(number), "author": author, "initials": initials}
    if day is not None:
        marks["date"] = f"{day.isoformat()}T00:00:00Z"
    comment = etree.Element(_W + "comment", {_W + name: value for name, value in marks.items()})
    for line in _plain(text[:_LONGEST]).split("\n"):
        paragraph = etree.SubElement(comment, PARAGRAPH)
        # The style of the document's prose, 14 points with its spacing, would fill the margin with three lines.
        form = etree.SubElement(paragraph, _W + "pPr")
        etree.SubElement(form, _W + "spacing", {_W + "before": "0", _W + "after": "0"})
        etree.SubElement(form, _W + "ind", {_W + "firstLine": "0"})
        run = etree.SubElement(paragraph, RUN)
        etree.SubElement(etree.SubElement(run, _W + "rPr"), _W + "sz", {_W + "val": _SIZE})
        etree.SubElement(run, _W + "t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}).text = line
    return comment


def _plain(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text.replace("\r", ""))


def _pieces(paragraph: Element, cuts: Sequence[int]) -> list[_Piece]:
    """The paragraph's own runs in order, cut at these places of its text; nothing where nothing is to be cut."""
    found: list[_Piece] = []
    for run in [one for one in paragraph.iter(RUN) if above(one, PARAGRAPH) is paragraph] if cuts else ():
        found += _parted(run, found[-1].end if found else 0, cuts)
    return found


def _parted(run: Element, at: int, cuts: Sequence[int]) -> Iterator[_Piece]:
    """The run in pieces, from that place of the text on; what it holds besides text goes with the text before it."""
    form, piece, begun = run.find(_W + "rPr"), run, at
    for child in [one for one in run if one is not form]:
        text = (child.text or "") if child.tag == TEXT else ""
        places = cuts[bisect_left(cuts, at) : bisect_left(cuts, at + len(text))]
        edges = [at, *(cut for cut in places if cut > at), at + len(text)]
        for start, end in pairwise(edges):
            if start > begun and (start > at or places[:1] == [at]):
                yield _Piece(begun, start, piece)
                piece, begun = _alike(piece, form), start
            part = child if start == at else etree.Element(TEXT)
            if len(edges) > 2:
                part.text = text[start - at : end - at]
                part.set(SPACE, "preserve")
            if piece is not run:
                piece.append(part)
        at += len(text)
    yield _Piece(begun, at, piece)


def _alike(run: Element, form: Element | None) -> Element:
    """An empty run of that form after this one."""
    new = etree.Element(RUN)
    if form is not None:
        new.append(deepcopy(form))
    run.addnext(new)
    return new


def _within(pieces: Sequence[_Piece], span: tuple[int, int] | None) -> tuple[Element, Element] | None:
    """The first and the last run of a span; None where the whole paragraph is meant, or has no run."""
    if span is None or not pieces:
        return None
    first = min(bisect_right(pieces, span[0], key=lambda piece: piece.end), len(pieces) - 1)
    last = max(bisect_left(pieces, span[1], key=lambda piece: piece.start) - 1, first)
    return pieces[first].run, pieces[last].run


def _mark(paragraph: Element, ends: tuple[Element, Element] | None, number: int) -> None:
    """The range of a comment around these runs, else around what the paragraph holds, and the sign of it after."""
    name = _W + "id"
    start, end = (etree.Element(_W + f"commentRange{side}", {name: str(number)}) for side in ("Start", "End"))
    sign = etree.Element(RUN)
    etree.SubElement(sign, _W + "commentReference", {name: str(number)})
    if ends is not None:
        ends[0].addprevious(start)
        ends[1].addnext(sign)
        ends[1].addnext(end)
        return
    form = paragraph.find(_W + "pPr")
    paragraph.insert(0 if form is None else 1, start)
    paragraph.extend((end, sign))


def _bytes(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
