"""Sheets that reach far: a note in the last cell, or a million formatted rows, must not make a workbook unreadable.

In:   the bytes of a sheet part that is not small, and of the shared texts. Out: the part with only the cells that hold
      something and lie where a form may reach, and what the others hold.
Imports office.workbook (address, look, opened), model and the standard library. Linear in the size of the XML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from generator.model import CellKey
from generator.office.workbook.look import FoundCell, cells_with
from generator.office.workbook.opened import MOST_FAR, is_far

_TEXT = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
_VALUE = re.compile(rb"<v(?: [^>]*)?>([^<]*)</v>")
_PHONETIC = re.compile(rb"<rPh.*?</rPh>", re.DOTALL)


def near_cells(xml: bytes, strings: bytes) -> tuple[bytes, Mapping[CellKey, str]] | None:
    """The sheet with its filled near cells only, and what its far cells hold as text.

    None where it is not plain, or has too many far cells to tell of each.
    """
    begin, finish = xml.find(b"<sheetData"), xml.rfind(b"</sheetData")
    cells = xml[begin:finish]
    near: dict[int, FoundCell] = {}
    far: list[FoundCell] = []
    # a result or text of its own: a formula without one is known by the second look already
    for mark in (b"<v", b"<is"):
        for one in cells_with(cells, mark, cells.find(mark)):
            if one is None or len(far) > MOST_FAR:
                return None
            if is_far(one.key):
                far.append(one)
            else:
                near[one.start] = one
    texts = strings.split(b"</si>") if far else []
    shown = ((one.key, _shown(one.attributes, one.content, texts)) for one in far)
    rows = _rows(sorted(near.values(), key=lambda one: (one.key, one.start)), cells)
    whole = b"".join((xml[:begin], b"<sheetData>", *rows, xml[finish:]))
    return whole, {key: text for key, text in shown if text.strip()}


def _rows(found: Iterable[FoundCell], cells: bytes) -> Iterable[bytes]:
    for row, ones in groupby(found, key=lambda one: one.key.row):
        yield b'<row r="%d">' % row
        yield from (cells[one.start : one.end] for one in ones)
        yield b"</row>"


def _shown(attributes: bytes, content: bytes, texts: list[bytes]) -> str:
    """What a cell holds, as text."""
    value = _VALUE.search(content)
    if b't="s"' in attributes and value and value[1].isdigit():
        number = int(value[1])
        content = texts[number] if number < len(texts) else b""
    elif value:
        return _decoded(value[1])
    return "".join(map(_decoded, _TEXT.findall(_PHONETIC.sub(b"", content))))


def _decoded(text: bytes) -> str:
    return html.unescape(text.decode("utf-8", "replace"))
