"""Rows high enough for the answers in them, as a spreadsheet program fits them while somebody types.

In:   a sheet's XML as the blank has it, texts with their rows and widths. Out: the XML with these rows higher.
Imports the styles of the blank. Only copies with answers (demo, replies, registry) need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from generator.stages.blank.styles import text_height

_ROW = re.compile(rb'<row r="(\d+)"([^>]*?)(/?)>')
_HEIGHT = re.compile(rb' ht="([0-9.]+)"')
_HIGHEST = 409.0
"""Excel's limit, in points."""


class Placed(NamedTuple):
    """A text in a cell: its row, the width of its column, the size of its type."""

    text: str
    row: int
    width: float
    size: float


def needed_heights(texts: Iterable[Placed]) -> Mapping[int, float]:
    """The height that each row needs for its texts, where one line is not enough."""
    found: dict[int, float] = {}
    for text, row, width, size in texts:
        # most answers are far shorter than their column is wide
        if len(text) > width * 0.7 or "\n" in text:
            found[row] = max(found.get(row, 0.0), min(text_height(text, width, size), _HIGHEST))
    return found


def with_heights(xml: bytes, heights: Mapping[int, float]) -> bytes:
    """The sheet with these rows at least so high; rows that fit themselves to later answers still do."""

    def raised(match: re.Match[bytes]) -> bytes:
        height = heights.get(int(match[1]))
        known = _HEIGHT.search(match[2])
        if height is None or (known and float(known[1]) >= height):
            return match[0]
        return b'<row r="%b"%b ht="%.1f"%b>' % (match[1], _HEIGHT.sub(b"", match[2]), height, match[3])

    return _ROW.sub(raised, xml) if heights else xml
