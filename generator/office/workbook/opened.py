"""What every reader of workbooks gives back, and what they share: the grid of a sheet, days, limits.

In:   cells that a reader found, one by one. Out: OpenedWorkbook; RefusedError where the limits are passed.
Imports model, issues, address. Pure.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from generator.issues import Issue, Place, RefusedError, issue
from generator.model import CellKey, Raw, RawSheet
from generator.office.workbook.address import address

MAX_GRID = 5_000_000
"""Cells from A1 to the last value, all sheets together; a value in XFD1048576 would ask for 17 thousand million."""
MOST_FAR = 1_000
"""Cells far off, of one sheet, that are told one by one; who has more has no return of ours."""
_FAR_ROW, _FAR_COLUMN = 20_000, 250
_MOST_TOLD, _LONGEST_SHOWN = 1_000, 200
MAX_STEPS = 300_000
"""Records or texts that a reader of ours takes one by one, in at most two seconds. A full return has 4,000."""

ERRORS: Mapping[int, str] = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""How both binary formats number the errors."""
UNKNOWN_ERROR = "#UNKNOWN!"

_DAYS, _DURATIONS = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}), frozenset({46})
"""Built-in formats of days and times, also those of other languages, and of durations."""
_DOUBLE = struct.Struct("<d")
_UNSHOWN = re.compile(r'"[^"]*"?|[\\_*].|General', re.IGNORECASE | re.DOTALL)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_DAY_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_FIRST, _LAST, _LEAP = 1, 2_958_466, 60
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  cells know no time zone
_SINCE_1904 = 1462


@dataclass(frozen=True, slots=True)
class OpenedWorkbook:
    """Every sheet of cells in order; chart sheets are left out.

    Numbers are floats as the file holds them, also whole ones; empty cells are "". A time of day or a
    duration, which only a wrong cell format can make, comes as text "07:30:00". A hostile file can hold a
    number that is infinite or none (nan).
    """

    sheets: tuple[RawSheet, ...]
    properties: Mapping[str, str]
    """Custom document properties as text."""
    names: Mapping[str, str]
    """Names defined for the whole workbook -> their reference as text, without "="; told of .xlsx only."""
    notes: tuple[Issue, ...] = ()
    """What the grids do not show: cells far off (cell.not_read), formulas that look into other files, macros."""


NOTHING_FAR: Mapping[CellKey, Raw] = MappingProxyType({})


class Seen(NamedTuple):
    """A sheet as read, and beside it what its grid does not show."""

    sheet: RawSheet
    outside: Mapping[CellKey, str]
    """Formulas that take something out of another file or program."""
    far: Mapping[CellKey, Raw] = NOTHING_FAR
    """Cells that hold something so far off that no grid is laid out for them."""


@dataclass(slots=True)
class Gathered:
    """A sheet while its cells are being found; rows and columns count from 1."""

    name: str
    visible: bool = True
    filled: dict[int, dict[int, Raw]] = field(default_factory=dict)
    errors: dict[CellKey, str] = field(default_factory=dict)
    uncalculated: set[CellKey] = field(default_factory=set)
    outside: dict[CellKey, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, raw: Raw) -> None:
        """Keep a value; an empty text is no value."""
        if raw != "":
            self.filled.setdefault(row, {})[column] = raw


def sheets_of(gathered: Iterable[Gathered], file: str) -> list[Seen]:
    """The sheets laid out.

    Raises RefusedError: office.too_large when their grids pass MAX_GRID together, office.unreadable when one has
    no name or shares it with another, which no program allows.
    """
    gathered = list(gathered)
    names = {sheet.name.casefold() for sheet in gathered}
    if len(names) < len(gathered) or "" in names:
        raise RefusedError(issue("office.unreadable", Place(file)))
    left = MAX_GRID
    seen = []
    for sheet in gathered:
        rows, far = laid_out(sheet.filled, left), dict[CellKey, Raw]()
        if rows is None:
            near, far = _split(sheet.filled)
            rows = laid_out(near, left) if len(far) <= MOST_FAR else None
        if rows is None:
            raise too_large(file, sheet.name)
        left -= len(rows) * len(rows[0]) if rows else 0
        unseen = frozenset(sheet.hidden)
        raw = RawSheet(sheet.name, rows, sheet.errors, frozenset(sheet.uncalculated), sheet.visible, hidden=unseen)
        seen.append(Seen(raw, sheet.outside, far))
    return seen


def is_far(key: CellKey) -> bool:
    """Whether a cell lies where no form reaches: of a grid too large to lay out, it is told of by itself."""
    return key.row > _FAR_ROW or key.column > _FAR_COLUMN


def _split(filled: Mapping[int, Mapping[int, Raw]]) -> tuple[dict[int, dict[int, Raw]], dict[CellKey, Raw]]:
    """The cells near A1, and those far from it; no more of these than are needed to see that they are too many."""
    near: dict[int, dict[int, Raw]] = {}
    far: dict[CellKey, Raw] = {}
    for row, cells in filled.items():
        for column, raw in cells.items():
            if not is_far(CellKey(row, column)):
                near.setdefault(row, {})[column] = raw
            elif len(far) <= MOST_FAR and str(raw).strip():
                far[CellKey(row, column)] = raw
    return near, far


def notes_of(seen: Iterable[Seen], file: str) -> Iterator[Issue]:
    """What the grids do not show, cell by cell; formulas only of sheets that a person sees, and not endlessly many."""
    told = 0
    for sheet, outside, far in seen:
        for key, raw in sorted(far.items(), key=lambda one: one[0]):
            place = Place(file, sheet.name, address(*key))
            yield issue("cell.not_read", place, value=str(raw)[:_LONGEST_SHOWN])
        for key, formula in sorted(outside.items()) if sheet.visible else ():
            told += 1
            if told > _MOST_TOLD:
                break
            place = Place(file, sheet.name, address(*key))
            yield issue("office.linked_cell", place, value=formula[:_LONGEST_SHOWN])


def laid_out(filled: Mapping[int, Mapping[int, Raw]], most: int) -> tuple[tuple[Raw, ...], ...] | None:
    """The cells as rows of equal length from A1 to the last one filled; None when that is more than `most` cells."""
    filled = {row: cells for row, cells in filled.items() if cells}
    if not filled:
        return ()
    height, width = max(filled), max(map(max, filled.values()))
    if height * width > most:
        return None
    blank: tuple[Raw, ...] = ("",) * width
    rows = [blank] * height
    for number, cells in filled.items():
        row = [*blank]
        for column, raw in cells.items():
            row[column - 1] = raw
        rows[number - 1] = (*row,)
    return tuple(rows)


def too_large(file: str, sheet: str = "", most: int = MAX_GRID) -> RefusedError:
    """The exception for more cells than we lay out."""
    return RefusedError(issue("office.too_large", Place(file, sheet), limit=f"{most:,} ô".replace(",", ".")))


def packed_number(packed: int) -> float:
    """The number that 32 bits hold in both binary formats (RK): 30 bits of a double or an integer, or 1/100 of it."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        (number,) = _DOUBLE.unpack((packed & 0xFFFFFFFC).to_bytes(4, "little").rjust(8, b"\0"))
    return number / 100 if packed & 1 else number


# --- numbers that are days ------------------------------------------------------------------


def format_kind(number: int, code: str | None) -> str:
    """ "day", "duration" or "" (a number): what a cell format shows; `code` is None for a built-in one."""
    if code is None:
        return "day" if number in _DAYS else "duration" if number in _DURATIONS else ""
    shown = _UNSHOWN.sub("", code).partition(";")[0]
    if _DURATION.search(shown):
        return "duration"
    return "day" if _DAY_LETTERS.search(_BRACKETS.sub("", shown)) else ""


def shown_as(kind: str, number: float, since_1904: bool = False) -> Raw:
    """A cell's number as its format shows it: a day, a moment, a time of day as text, else the number.

    A number that is no day is left a number. As the fast reader has it, 29 February 1900, which never was,
    is the 28th.
    """
    if not kind or not _FIRST - 1 <= number < _LAST:
        return number
    if kind == "duration":
        return str(timedelta(milliseconds=round(number * 86_400_000)))
    serial = number + _SINCE_1904 if since_1904 else number
    if serial < _FIRST:
        return time_text(timedelta(milliseconds=round(serial * 86_400_000)))
    moment = _EPOCH + timedelta(milliseconds=round((serial + (serial < _LEAP)) * 86_400_000))
    return day_or_moment(moment)


def day_or_moment(moment: datetime) -> date | datetime:
    """The moment; at midnight only its day."""
    return moment.date() if moment.time() == time() else moment


def time_text(length: timedelta) -> str:
    """A time of day as "07:30:00"; a day and more as "1 day, 12:00:00"."""
    return str((_EPOCH + length).time()) if timedelta() <= length < timedelta(days=1) else str(length)
