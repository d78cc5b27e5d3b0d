"""Pages of a PDF as a reader sees them: each with its size and its lines of words, from top to bottom."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pdfplumber
from lxml import etree

_HTML = "{http://www.w3.org/1999/xhtml}"
_SAME_LINE = 2.5
"""Points by which the tops of words of one line of a table may differ."""


class Line(NamedTuple):
    """Words at one height, across all columns of a table; edges in points."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


class Page(NamedTuple):
    """A page; `lines` without the page number at its top."""

    width: float
    height: float
    number: str
    """The page number that is printed at the top; "" where there is none."""
    lines: tuple[Line, ...]

    @property
    def landscape(self) -> bool:
        return self.width > self.height


def pages_of(pdf: Path) -> list[Page]:
    """Every page, as poppler reads it."""
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    root = etree.fromstring(subprocess.run(command, capture_output=True, check=True).stdout)
    return [_page(one) for one in root.iter(f"{_HTML}page")]


def clipped(pdf: Path) -> Iterator[str]:
    """Where a line of a table is drawn through words: page, height and the letters that are cut off."""
    with pdfplumber.open(pdf) as opened:
        for number, page in enumerate(opened.pages, 1):
            ruled = sorted((edge["top"], edge["x0"], edge["x1"]) for edge in page.horizontal_edges)
            upright = sorted((edge["x0"], edge["top"], edge["bottom"]) for edge in page.vertical_edges)
            cut: dict[int, str] = {}
            for char in page.chars:
                if char["text"].strip() and (_crossed(char, ruled, "xy") or _crossed(char, upright, "yx")):
                    cut[round(char["top"])] = cut.get(round(char["top"]), "") + char["text"]
            yield from (f"page {number}, {height} points from its top: {letters}" for height, letters in cut.items())
            page.close()


def _crossed(char: dict[str, float], rules: list[tuple[float, float, float]], across: str) -> bool:
    """Whether a rule goes through the middle of a letter; accents and tails may touch one."""
    sides = {"x": ("x0", "x1"), "y": ("top", "bottom")}
    start, end = (char[side] for side in sides[across[0]])
    low, high = (char[side] for side in sides[across[1]])
    room = (high - low) * 0.3
    middle = (start + end) / 2
    return any(low + room < at < high - room and begins < middle < ends for at, begins, ends in rules)


def _page(page: etree._Element) -> Page:
    words = [
        Line(word.text or "", *(float(word.get(edge, "0")) for edge in ("xMin", "xMax", "yMin", "yMax")))
        for word in page.iter(f"{_HTML}word")
    ]
    lines: list[list[Line]] = []
    for word in sorted(words, key=lambda one: (one.bottom, one.left)):
        if lines and word.bottom - lines[-1][0].bottom < _SAME_LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    joined = [_joined(sorted(line, key=lambda one: one.left)) for line in lines]
    width, height = float(page.get("width", "0")), float(page.get("height", "0"))
    number = ""
    if joined and joined[0].text.isdigit() and joined[0].bottom < 57:
        number = joined.pop(0).text
    return Page(width, height, number, tuple(joined))


def _joined(words: list[Line]) -> Line:
    return Line(
        " ".join(one.text for one in words),
        min(one.left for one in words),
        max(one.right for one in words),
        min(one.top for one in words),
        max(one.bottom for one in words),
    )
