"""Rows of tables on pages: totals kept with the rows above, tall rows free to break instead of running off the page.

In:   the tree of a part, changed in place. Out: whether anything changed.
Imports office.wordpart, lxml. WordprocessingML names: ISO/IEC 29500-1, 17.3.1.15 (keepNext), 17.4.6 (cantSplit),
17.4.78 (tblHeader).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from lxml import etree

from generator.office.wordpart import (
    CELL,
    CELL_WIDTH,
    PARAGRAPH,
    ROW,
    TABLE,
    TEXT,
    VALUE,
    WIDTH,
    WORD,
    Element,
)

_W = f"{{{WORD}}}"
_FORM, _STYLE, _KEEP = _W + "pPr", _W + "pStyle", _W + "keepNext"
_ROW_FORM, _WHOLE = _W + "trPr", _W + "cantSplit"
_HEADER_ROW = f"{_ROW_FORM}/{_W}tblHeader"
_OFF = frozenset({"0", "false", "off"})
_LETTER_TWIPS, _TALL_LINES = 105, 15
"""A letter of 11 points takes about half of that; half a page across has some thirty lines under a heading."""
_WORDY = etree.XPath("w:tr/w:tc[string-length() > 60]", namespaces={"w": WORD})
"""Cells that may take so many lines, in any column wider than 7 mm: few of the many, found without looking at each."""


def settle_rows(root: Element, plain: Callable[[str], str] = str) -> bool:
    """Settles the rows of every table that may break over pages: one whose first row repeats as its heading.

    Its last two rows stay together, and with a note: LibreOffice keeps rows together, but no row with a paragraph below
    the table, so a note had better be the table's last row, a single cell. A row that may be higher than half a page
    may break, for one that may not is cut off at the end of the page. Authors cannot say this in a template, where one
    row stands for many. `plain` gives a text as it will be read, where it carries signs yet.
    """
    changed = False
    for table in root.iter(TABLE):
        rows = list(table.iterchildren(ROW))
        if len(rows) > 1 and is_header(rows[0]):
            changed = True
            _keep_last(table, rows)
            for cell in cast("list[Element]", _WORDY(table)):
                _free_tall(cell, plain)
    return changed


def is_header(row: Element) -> bool:
    """Whether a row repeats at the top of every page."""
    mark = row.find(_HEADER_ROW)
    return mark is not None and mark.get(VALUE, "1") not in _OFF


def _keep_last(table: Element, rows: list[Element]) -> None:
    below = table.getnext()
    if len(rows[-1].findall(CELL)) == 1:  # the note
        kept = rows[-3:-1]
    elif below is not None and below.tag == PARAGRAPH and next(below.iter(TEXT), None) is not None:
        kept = rows[-2:]
    else:
        kept = rows[-2:-1]
    for row in kept:
        if not is_header(row):
            _keep(row)


def _keep(row: Element) -> None:
    for paragraph in row.iter(PARAGRAPH):
        form = paragraph.find(_FORM)
        if form is None:
            form = etree.Element(_FORM)
            paragraph.insert(0, form)
        mark = form.find(_KEEP)
        if mark is None:
            mark = etree.Element(_KEEP)
            form.insert(1 if form.find(_STYLE) is not None else 0, mark)
        mark.attrib.clear()


def _free_tall(cell: Element, plain: Callable[[str], str]) -> None:
    row = cell.getparent()
    whole = row.find(f"{_ROW_FORM}/{_WHOLE}") if row is not None else None
    form = whole.getparent() if whole is not None else None
    if whole is not None and form is not None and _lines(cell, plain) > _TALL_LINES:
        form.remove(whole)


def _lines(cell: Element, plain: Callable[[str], str]) -> float:
    """About how many lines the words of a cell take."""
    width = cell.find(CELL_WIDTH)
    room = width.get(WIDTH, "") if width is not None else ""
    if not room.isdigit() or int(room) == 0:
        return 0
    letters = sum(len(plain(piece.text or "")) for piece in cell.iter(TEXT))
    return letters * _LETTER_TWIPS / int(room)
