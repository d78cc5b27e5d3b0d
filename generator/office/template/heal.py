"""Heal: tags that Word split over runs, found again and replaced in the tree by markers.

In:   the tree of a part. Out: every tag as typed, with its paragraph; in the tree a marker where the tag began.
Works on the tree and never on serialised XML, so nothing that Word puts between its letters can hide a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from generator.office import wordpart
from generator.office.wordpart import PARAGRAPH, RUN, TEXT, Element, above

# Noncharacters: legal in XML, in no font and on no keyboard. A template that holds one is refused.
MARK_OPEN, MARK_CLOSE = "\ufdd0", "\ufdd1"
MARKER = re.compile(rf"(?:<\?x )?{MARK_OPEN}(\d+){MARK_CLOSE}(?:\?>)?")
"""A marker in the serialised part, within a text or in place of a whole paragraph, row or cell."""

_EDGE = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_LETTERS = {wordpart.TAB: "\t", wordpart.BREAK: "\n", wordpart.RETURN: "\n", wordpart.HYPHEN: "-"}
_AROUND = 60


class Line(NamedTuple):
    """A paragraph with its printing elements, each with its text; paragraphs of text boxes inside are their own."""

    element: Element
    pieces: list[tuple[Element, str]]
    text: str


class Typed(NamedTuple):
    """A tag as typed, from `start` to `end` of its line's text; `fault` is the issue code of what is no whole tag."""

    line: Line
    start: int
    end: int
    fault: str = ""


def excerpt(text: str, start: int = 0, end: int = 0) -> str:
    """The text near a spot, cut to what fits into a message."""
    first, last = max(0, start - _AROUND), min(end, start + 5 * _AROUND) + _AROUND
    return f"{'…' if first else ''}{' '.join(text[first:last].split())}{'…' if last < len(text) else ''}"


def lines(root: Element) -> list[Line]:
    """All paragraphs that print something, in document order."""
    found: dict[Element, list[tuple[Element, str]]] = {}
    for element in root.iter(TEXT, *_LETTERS):
        parent, host = element.getparent(), above(element, PARAGRAPH)
        # A tab also stands in the tab stops of a paragraph's format, where it prints nothing.
        prints = element.tag == TEXT or (parent is not None and parent.tag == RUN)
        if host is not None and prints:
            found.setdefault(host, []).append((element, _LETTERS.get(str(element.tag), element.text or "")))
    return [Line(host, pieces, "".join(text for _, text in pieces)) for host, pieces in found.items()]


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
        at, ends, kept = begins, begins + len(text), ""
        while tag is not None and tag.start < ends:
            if tag.start >= begins:
                kept += f"{text[at - begins : tag.start - begins]}{MARK_OPEN}{number}{MARK_CLOSE}"
            at = min(tag.end, ends)
            if tag.end > ends:
                break
            tag, number = next(waiting, (None, 0))
        kept += text[at - begins :]
        begins = ends
        if kept == text:
            continue
        if element.tag == TEXT:
            element.text = kept
            element.set(wordpart.SPACE, "preserve")
        else:
            wordpart.remove(element)


def marker(number: int) -> Element:
    """A marker that stands for a whole paragraph, row or cell."""
    return etree.ProcessingInstruction("x", f"{MARK_OPEN}{number}{MARK_CLOSE}")


def tidy(root: Element) -> None:
    """Drop what only serves editing: spelling marks, cached page breaks, ids of edits."""
    etree.strip_elements(root, *wordpart.TRACES, with_tail=False)
    for element in root.iter(PARAGRAPH, RUN, wordpart.ROW):
        for name in wordpart.TRACE_MARKS.intersection(element.keys()):
            del element.attrib[str(name)]
