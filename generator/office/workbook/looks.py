"""Looks: what the cells of a table for the office look like, in the fonts and colours of our blanks.

In:   a workbook being drawn. Out: the number of each style in it. Imports openpyxl, and only when it is used.
"""

from __future__ import annotations

from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.styles import Border
    from openpyxl.workbook import Workbook

FONT = "Times New Roman"
BODY, TITLE = 11, 14
LINE = 15.0
"""Points that a line of the table takes."""

Kind = Literal["text", "wrapped", "code", "whole", "money", "share", "value", "day", "moment", "link"]
"""How a column looks. "code" is short text in the middle; "share" is a part of 1, shown in per cent; "value" holds
numbers and texts, each where a spreadsheet program puts it by itself."""


class Tone(StrEnum):
    """What a colour says: all is well, a fault, a doubt; beside the point; a sum."""

    GOOD = "good"
    FAULT = "fault"
    DOUBT = "doubt"
    QUIET = "quiet"
    STRONG = "strong"


class _Shape(NamedTuple):
    horizontal: str
    wrap: bool = False
    number_format: str = "General"
    link: bool = False


_SHAPES: dict[str, _Shape] = {
    "text": _Shape("left"),
    "wrapped": _Shape("left", wrap=True),
    "code": _Shape("center"),
    "whole": _Shape("right", number_format="#,##0"),
    "money": _Shape("right", number_format="#,##0"),
    "share": _Shape("center", number_format="0.0%"),
    "value": _Shape("general"),
    "day": _Shape("center", number_format="dd/mm/yyyy"),
    "moment": _Shape("center", number_format="dd/mm/yyyy hh:mm"),
    "link": _Shape("left", wrap=True, link=True),
}
WRAPPED = frozenset(kind for kind, shape in _SHAPES.items() if shape.wrap)
"""Kinds whose cells grow with their text."""
_INK, _SOFT, _BLUE = "FF1F2933", "FF52606D", "FF1D4ED8"
_FILLS = {Tone.GOOD: "DDF0DC", Tone.FAULT: "FADBD8", Tone.DOUBT: "FDEFC3", Tone.STRONG: "E2E8F0"}
_INKS = {Tone.GOOD: "FF1E6B2B", Tone.FAULT: "FF9B1C1C", Tone.DOUBT: "FF8A5A00", Tone.QUIET: "FF7B8794"}
_HEADER_FILL, _LINE = "D5DFEA", "FF9AA5B1"


class Looks:
    """The styles of one workbook, each made once; cells written as XML name them by number."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._numbers: dict[tuple[str, Tone | None, bool], str] = {}
        self._scratch = book.create_sheet("scratch")
        book.remove(self._scratch)

    def number(self, kind: str, tone: Tone | None = None, *, quoted: bool = False) -> str:
        """The style of a cell of that kind. Quoted: what is typed there again stays text."""
        key = (kind, tone, quoted)
        if key not in self._numbers:
            cell = self._new()
            _paint_shape(cell, _SHAPES[kind], tone)
            if quoted:
                cell.quotePrefix = True
            self._numbers[key] = str(cell.style_id)
        return self._numbers[key]

    def named(self, look: str) -> str:
        """The style of what is no cell of the table: heading, line, header, note."""
        key = (look, None, False)
        if key not in self._numbers:
            self._numbers[key] = str(self.paint(self._new(), look).style_id)
        return self._numbers[key]

    def paint(self, cell: Cell, look: str) -> Cell:
        """The cell with the look of what is no cell of the table."""
        from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

        title, header = look == "heading", look == "header"
        size = TITLE if title else BODY
        color = _INK if title or header else _SOFT
        cell.font = Font(name=FONT, size=size, bold=title or header, italic=not (title or header), color=color)
        across = "left" if look == "note" else "center"
        cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=True)
        if header:
            cell.fill = PatternFill("solid", start_color=f"FF{_HEADER_FILL}", end_color=f"FF{_HEADER_FILL}")
            cell.border = _box()
        return cell

    def _new(self) -> Cell:
        from openpyxl.cell.cell import Cell  # noqa: PLC0415

        return Cell(self._scratch, row=1, column=1)


def _paint_shape(cell: Cell, shape: _Shape, tone: Tone | None) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

    color = _BLUE if shape.link else _INKS.get(tone, _INK) if tone else _INK
    underline: Literal["single"] | None = "single" if shape.link else None
    cell.font = Font(name=FONT, size=BODY, bold=tone is Tone.STRONG, color=color, underline=underline)
    indent = 1 if shape.horizontal in ("left", "right") else 0
    cell.alignment = Alignment(horizontal=shape.horizontal, vertical="center", wrap_text=shape.wrap, indent=indent)
    cell.border, cell.number_format = _box(), shape.number_format
    if tone in _FILLS:
        cell.fill = PatternFill("solid", start_color=f"FF{_FILLS[tone]}", end_color=f"FF{_FILLS[tone]}")


def _box() -> Border:
    from openpyxl.styles import Border, Side  # noqa: PLC0415

    line = Side(style="thin", color=_LINE)
    return Border(left=line, right=line, top=line, bottom=line)


def house_fonts(book: Workbook) -> None:
    """Makes the house's font the first of the workbook: widths are counted in its digits."""
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils.indexed_list import IndexedList  # noqa: PLC0415

    book._fonts = IndexedList([Font(name=FONT, size=BODY, color=_INK)])  # type: ignore[attr-defined]
    for named in book._named_styles:  # type: ignore[attr-defined]
        named.font = Font(name=FONT, size=BODY, color=_INK)


def text_height(text: str, width: float, *, title: bool = False) -> float:
    """Points for a text wrapped into that many digits' width: merged cells do not grow by themselves."""
    size = TITLE if title else BODY
    return text_lines(text, max(4.0, width * 1.05 * BODY / size)) * size * 1.35 + 4


def wrapped_letters(width: float) -> float:
    """How many letters a line of a wrapped cell holds, indented as ours are."""
    return max(4.0, (width - 2.5) * 1.1)


def text_lines(text: str, letters: float) -> int:
    """How many lines of so many letters the words take, broken between each other."""
    if len(text) <= letters and "\n" not in text:
        return 1
    return sum(_broken(line, letters) for line in text.split("\n"))


def _broken(line: str, letters: float) -> int:
    lines, used = 1, 0.0
    for word in line.split(" "):
        if used and used + len(word) > letters:
            lines, used = lines + 1, 0.0
        if len(word) > letters:  # a path: broken wherever the line ends
            lines, used = lines + ceil(len(word) / letters) - 1, letters
        used += len(word) + 1
    return lines
