"""Template lint, reading: a Word template paragraph by paragraph, with the place of each as a clerk sees it.

In:   the bytes of a template. Out: Manuscript; the heading a place stands under; where a comment on it can stand.
Imports office.package, wordpart, template; issues; lxml. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from lxml import etree

from generator.issues import RefusedError
from generator.office.package import Package, open_package
from generator.office.template import heal
from generator.office.template.compiled import part_tree, text_parts
from generator.office.wordpart import PARAGRAPH, TABLE, TEXT_BOX, VALUE, WORD, Element, above, spots

_W = f"{{{WORD}}}"
_OLD_DRAWING = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
STYLES = "word/styles.xml"
_LEVEL, _STYLE = f"{_W}pPr/{_W}outlineLvl", f"{_W}pPr/{_W}pStyle"
_NUMBERED = re.compile(r"(?:Phụ lục\b|[IVXLC]+\.|\d+(?:\.\d+)*\.)\s*\S", re.IGNORECASE)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_LONGEST_HEADING, _SHOWN = 150, 48
_NO_HEADING = (".", ";", ":", ",")


class Written(NamedTuple):
    """A paragraph that prints something: its place, its text by pieces, its tags and what looks like one."""

    spot: str
    line: heal.Line
    typed: tuple[heal.Typed, ...]


class Part(NamedTuple):
    """The body, a header, a footer or the notes. `label` names it in places; "" for the body."""

    name: str
    label: str
    root: Element
    spots: Mapping[Element, str]
    lines: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A template as it was typed. Without package or parts it cannot be read, which compile_template tells."""

    file: str
    package: Package | None
    parts: tuple[Part, ...]

    def tree(self, name: str) -> Element | None:
        """The tree of any XML part; None where there is none or it is broken."""
        if self.package is None or name not in self.package:
            return None
        try:
            return etree.fromstring(self.package.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
        except (etree.XMLSyntaxError, ValueError, RefusedError):
            return None


def read_manuscript(content: bytes, file: str) -> Manuscript:
    """The template read; `file` only says where."""
    package, _ = open_package(content, file)
    parts: list[Part] = []
    try:
        if package is not None:
            parts += [_part(name, label, part_tree(package, name)) for name, label in text_parts(package)]
    except RefusedError:
        pass  # told by compile_template
    return Manuscript(file, package, tuple(parts))


def _part(name: str, label: str, root: Element) -> Part:
    spot_of = spots(root, label)
    # Word writes a text box twice, for itself and for older programs: once is enough.
    again = {paragraph for old in root.iter(_OLD_DRAWING) for paragraph in old.iter(PARAGRAPH)}
    lines = (line for line in heal.lines(root) if line.element not in again)
    return Part(name, label, root, spot_of, tuple(Written(spot_of[x.element], x, tuple(heal.find(x))) for x in lines))


# --- places for people ----------------------------------------------------------------------


def headings(manuscript: Manuscript) -> dict[str, str]:
    """By spot of the body the heading it stands under, shortened; nothing for what stands before the first one."""
    found: dict[str, str] = {}
    outlined = _outlined(manuscript.tree(STYLES)) if manuscript.parts else frozenset()
    for part in manuscript.parts[:1]:
        texts = {written.line.element: written.line.text for written in part.lines}
        latest = ""
        for paragraph, spot in part.spots.items():
            text = texts.get(paragraph, "")
            if text and above(paragraph, TABLE, TEXT_BOX) is None and _is_heading(paragraph, text, outlined):
                latest = _shortened(text)
            elif latest:
                found.setdefault(spot, latest)
    return found


def _outlined(styles: Element | None) -> frozenset[str]:
    """The styles that make headings."""
    found = styles.iter(_W + "style") if styles is not None else ()
    return frozenset(one.get(_W + "styleId", "") for one in found if one.find(_LEVEL) is not None)


def _is_heading(paragraph: Element, text: str, outlined: frozenset[str]) -> bool:
    style, level = paragraph.find(_STYLE), paragraph.find(_LEVEL)
    if level is not None or (style is not None and style.get(VALUE, "") in outlined):
        return True
    plain = _TAG.sub("", text).strip()
    return len(plain) < _LONGEST_HEADING and not plain.endswith(_NO_HEADING) and _NUMBERED.match(plain) is not None


def _shortened(text: str) -> str:
    shown = " ".join(_TAG.sub("…", text).split())
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN].rstrip()}…"


def anchors(manuscript: Manuscript) -> Iterator[tuple[str, str, int]]:
    """Each paragraph that prints something: its spot, its text, and the number of the paragraph a comment stands at.

    The number counts the paragraphs of the body from 0. Word takes no comment in headers, footers, notes and text
    boxes: what stands there is told at the paragraph that holds the box, or at the first one.
    """
    for part in manuscript.parts:
        numbers = dict(zip(part.root.iter(PARAGRAPH), count())) if not part.label else {}
        for written in part.lines:
            host: Element | None = written.line.element
            while host is not None and (box := above(host, TEXT_BOX)) is not None:
                host = above(box, PARAGRAPH)
            yield written.spot, written.line.text, numbers.get(host, 0) if host is not None else 0
