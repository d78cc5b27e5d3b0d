"""How a biểu mẫu looks: fonts, colours, borders, and how high a row of wrapped text must be.

In:   nothing. Out: openpyxl styles shared by every sheet, and `paint`, `text_height`.
Imports openpyxl only. Style of a Vietnamese statistical form: domain facts, section 3.3.
"""

from __future__ import annotations

from copy import copy
from math import ceil
from typing import NamedTuple
from weakref import WeakKeyDictionary

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray

FONT = "Times New Roman"
BODY, SMALL, TITLE = 12, 11, 13

_INK, _SOFT, _FAINT = "FF1F2933", "FF52606D", "FF7B8794"

_LINE = Side(style="thin", color="FF9AA5B1")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_NO_BOX = Border()


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", start_color=f"FF{color}", end_color=f"FF{color}")


ANSWER_FILL = _fill("FFF9DB")
PREFILLED_FILL = _fill("EDEFF2")
HEADER_FILL = _fill("D5DFEA")
KEY_FILL = _fill("EDF2F7")
HEADING_FILL = _fill("E6EDF5")
TOTAL_FILL = _fill("E2E8F0")
GOOD_FILL, FAULT_FILL, DOUBT_FILL = _fill("DDF0DC"), _fill("FADBD8"), _fill("FDEFC3")
MARK_FAULT, MARK_DOUBT = "FFF8B4AC", "FFFFCF70"
"""Colours of the answers that a reply marks: told at a glance from the pale yellow of the others."""
GOOD_INK, FAULT_INK, DOUBT_INK = "FF1E6B2B", "FF9B1C1C", "FF8A5A00"

OPEN, LOCKED = Protection(locked=False), Protection(locked=True)


class Look(NamedTuple):
    """All that one kind of cell looks like."""

    font: Font = Font(name=FONT, size=BODY, color=_INK)
    align: Alignment = Alignment(vertical="center", wrap_text=True)
    fill: PatternFill | None = None
    border: Border = _NO_BOX
    protection: Protection = LOCKED
    number_format: str = "General"


def font(size: float = BODY, *, bold: bool = False, italic: bool = False, color: str = _INK) -> Font:
    """A font of the house's family."""
    return Font(name=FONT, size=size, bold=bold, italic=italic, color=color)


def box(left: bool, right: bool) -> Border:
    """Lines above and below a cell, and at its sides where asked for."""
    return Border(left=_LINE if left else None, right=_LINE if right else None, top=_LINE, bottom=_LINE)


def link_font(size: float) -> Font:
    """The font of a link."""
    return Font(name=FONT, size=size, color="FF1D4ED8", underline="single")


def align(horizontal: str, vertical: str = "center", *, wrap: bool = True, indent: int = 0) -> Alignment:
    """An alignment; text wraps unless told otherwise."""
    return Alignment(horizontal=horizontal, vertical=vertical, wrap_text=wrap, indent=indent)


PLAIN = Look()
FORM_NUMBER = Look(font(bold=True), align("left"))
HEAD_LINE = Look(font(SMALL), align("left", "top"))
HEAD_RIGHT = Look(font(SMALL), align("left", "top", indent=1))
HEAD_ITALIC = Look(font(SMALL, italic=True), align("left", "top"))
TITLE_LINE = Look(font(TITLE, bold=True), align("center"))
PERIOD_LINE = Look(font(BODY, italic=True), align("center"))
UNIT_LINE = Look(font(SMALL, italic=True), align("right", "bottom"))
HEADER = Look(font(SMALL, bold=True), align("center"), HEADER_FILL, _BOX)
KEY = Look(font(10, italic=True, color=_SOFT), align("center"), KEY_FILL, _BOX)
HEADING = Look(font(SMALL, bold=True), align("left", indent=1), HEADING_FILL, _BOX)
NUMBER = Look(font(SMALL, color=_SOFT), align("center"), None, _BOX)
LABEL = Look(font(BODY), align("left", indent=1), None, _BOX)
UNIT = Look(font(SMALL), align("center"), None, _BOX)
HELP = Look(font(10, italic=True, color=_SOFT), align("left", indent=1), None, _BOX)
TOTAL = Look(font(SMALL, bold=True), align("right", "top", wrap=False, indent=1), TOTAL_FILL, _BOX, LOCKED, "#,##0")
TOTAL_WORD = Look(font(SMALL, bold=True), align("left", "top", indent=1, wrap=False), TOTAL_FILL, _BOX)
END = Look(font(10, italic=True, color=_FAINT), align("left", wrap=False))
FOOT_DATE = Look(font(BODY, italic=True), align("center", wrap=False))
FOOT_BOLD = Look(font(BODY, bold=True), align("center", wrap=False))
FOOT_NOTE = Look(font(SMALL, italic=True), align("center", wrap=False))
TEXT = Look(font(BODY), align("left", "top"))
STEP = Look(font(BODY), align("center", "top"))
SECTION = Look(font(BODY, bold=True), align("left", "bottom"))
CHECK_TEXT = Look(font(BODY), align("left", indent=1), None, _BOX)
CHECK_RESULT = Look(font(BODY, bold=True), align("left", indent=1), None, _BOX)
CHECK_LINK = Look(link_font(BODY), align("left", indent=1), None, _BOX)
SUMMARY = Look(font(TITLE, bold=True), align("center"), KEY_FILL, _BOX)


def answer(number_format: str, shape: Alignment, *, locked: bool, size: float) -> Look:
    """The look of a cell for an answer: yellow to be filled in, grey when the board has filled it."""
    fill, protection = (PREFILLED_FILL, LOCKED) if locked else (ANSWER_FILL, OPEN)
    return Look(font(size), shape, fill, _BOX, protection, number_format)


_PAINTED: WeakKeyDictionary[object, dict[int, tuple[Look, StyleArray]]] = WeakKeyDictionary()
"""What each look became in a workbook. The look is kept beside it, so that no other one can get its id."""


def paint(cell: Cell, look: Look) -> Cell:
    """Gives the cell the look and returns it. The first cell of a look is styled, the others share what it got."""
    painted = _PAINTED.setdefault(cell.parent.parent, {})
    known = painted.get(id(look))
    if known is not None:
        cell._style = copy(known[1])  # type: ignore[attr-defined]
        return cell
    cell.font, cell.alignment, cell.border = look.font, look.align, look.border
    cell.protection, cell.number_format = look.protection, look.number_format
    if look.fill is not None:
        cell.fill = look.fill
    painted[id(look)] = (look, copy(cell._style))  # type: ignore[attr-defined]
    return cell


def text_height(text: str, width: float, size: float = BODY, *, bold: bool = False) -> float:
    """Points that the text needs when it is wrapped into a column of this width.

    An estimate, since only a spreadsheet program measures type: in this family a letter takes a tenth less than
    the digit that widths are counted in.
    """
    letters = max(1.0, (width - 2.2) * 1.1 * BODY / size * (0.93 if bold else 1.0))
    return sum(_lines(line, letters) for line in text.split("\n")) * size * 1.3 + 3


def _lines(text: str, letters: float) -> int:
    """How many lines words take that are broken only between each other, or when one is longer than a line."""
    if len(text) <= letters:
        return 1
    lines, room = 1, letters
    for word in text.split(" "):
        if len(word) > room:
            lines, room = lines + 1, letters
            if len(word) > letters:
                lines += ceil(len(word) / letters) - 1
        room -= len(word) + 1
    return lines
