"""Heal: tags that Word split over runs, found again and replaced in the tree by markers.

In:   the tree of a part. Out: every tag as typed, with its paragraph; in the tree a marker where the tag began.
Works on the tree and never on serialised XML, so formatting, spelling marks or bookmarks between the letters
of a tag cannot hide it. Imports the names of Word's elements and places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from generator.office.template import names
from generator.office.template.places import Element

MARK_OPEN, MARK_CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters: legal in XML, in no font and no keyboard. A template that holds one is refused."""

_EDGE = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_LETTERS = {names.TAB: "\t", names.BREAK: "\n", names.RETURN: "\n", names.HYPHEN: "-"}
_AROUND = 60


class Piece(NamedTuple):
    """An element of a run that prints text."""

    element: Element
    text: str


class Line(NamedTuple):
    """A paragraph and what it prints, without the paragraphs of text boxes inside it."""

    element: Element
    pieces: list[Piece]
    text: str


class Typed(NamedTuple):
    """A tag as typed: `start` and `end` in its line's text; `fault` instead of a tag is an issue code."""

    line: Line
    start: int
    end: int
    fault: str = ""

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]

    @property
    def sentence(self) -> str:
        """The words around the tag, so that a person recognises the spot."""
        return excerpt(self.line.text, self.start, self.end)


def excerpt(text: str, start: int = 0, end: int = 0) -> str:
    """The text near a spot, cut to what fits into a message."""
    first, last = max(0, start - _AROUND), end + _AROUND
    near = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{near}{'…' if last < len(text) else ''}"


def lines(root: Element) -> list[Line]:
    """All paragraphs that print something, in document order. One pass, each piece to its nearest paragraph."""
    found: dict[Element, list[Piece]] = {}
    for element in root.iter(names.TEXT, *_LETTERS):
        parent = element.getparent()
        # A tab also stands in the tab stops of a paragraph's format, where it prints nothing.
        if element.tag != names.TEXT and (parent is None or parent.tag != names.RUN):
            continue
        host = next(element.iterancestors(names.PARAGRAPH), None)
        if host is not None:
            letters = _LETTERS.get(str(element.tag))
            found.setdefault(host, []).append(Piece(element, (element.text or "") if letters is None else letters))
    return [Line(host, pieces, "".join(piece.text for piece in pieces)) for host, pieces in found.items()]


def find(line: Line) -> list[Typed]:
    """The tags of a paragraph from left to right, and what looks like a tag but is not whole."""
    found: list[Typed] = []
    start = -1
    for edge in _EDGE.finditer(line.text):
        sign = edge.group()
        if sign in _CLOSING:
            if start >= 0:
                found.append(Typed(line, start, edge.start(), "template.tag_unclosed"))
            start = edge.start()
        elif start >= 0:
            whole = _CLOSING[line.text[start : start + 2]] == sign
            found.append(Typed(line, start, edge.end(), "" if whole else "template.tag_unclosed"))
            start = -1
        elif sign != "#}":
            found.append(Typed(line, edge.start(), edge.end(), "template.tag_unopened"))
    if start >= 0:
        found.append(Typed(line, start, len(line.text), "template.tag_unclosed"))
    return found


def mark(line: Line, tags: Iterable[tuple[Typed, int]]) -> None:
    """Put the marker of each numbered tag where it begins, and take out the rest of its text.

    The marker stands in the run of the tag's first letter, so the value gets that letter's format.
    """
    waiting = iter(tags)
    tag, number = next(waiting, (None, 0))
    begins = 0
    for element, text in line.pieces:
        ends = begins + len(text)
        kept: list[str] = []
        at = begins
        while tag is not None and tag.start < ends:
            if tag.start >= begins:
                kept += (text[at - begins : tag.start - begins], f"{MARK_OPEN}{number}{MARK_CLOSE}")
            at = min(tag.end, ends)
            if tag.end > ends:
                break
            tag, number = next(waiting, (None, 0))
        kept.append(text[at - begins :])
        _write(element, text, "".join(kept))
        begins = ends


def _write(element: Element, before: str, after: str) -> None:
    if after == before:
        return
    if element.tag == names.TEXT:
        element.text = after
        element.set(names.SPACE, "preserve")
        return
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def marker(number: int) -> Element:
    """A marker that stands for a whole paragraph, row or cell."""
    return etree.ProcessingInstruction("x", f"{MARK_OPEN}{number}{MARK_CLOSE}")


MARKER = re.compile(rf"(?:<\?x )?{MARK_OPEN}(\d+){MARK_CLOSE}(?:\?>)?")
"""Both kinds of marker in the serialised part; the group is the number."""


def tidy(root: Element) -> None:
    """Drop what only serves editing: spelling marks, cached page breaks, ids of edits."""
    etree.strip_elements(root, names.PROOF, names.RENDERED_BREAK, with_tail=False)
    for element in root.iter(names.PARAGRAPH, names.RUN, names.ROW):
        for name in names.EDITING_TRACES.intersection(element.keys()):
            del element.attrib[str(name)]
