"""What the cells of a column tell of each other: days and months that a spreadsheet program may have swapped.

In:   the raw cells of a column of dates. Out: the cells that may be another day, with both readings.
Pure. Imports normalise.sheets, model.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from generator.model import Raw
from generator.stages.normalise.sheets import Key

_NUMERIC = re.compile(r"\s*([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})\s*")
_MONTHS = 12


class Swapped(NamedTuple):
    """A day that may have been meant for another: as it is read, and with day and month the other way round."""

    key: Key
    read: str
    other: str


class _Day(NamedTuple):
    key: Key
    day: int
    month: int
    year: int
    typed: bool
    """Whether it stands there as text."""


def swapped_days(cells: Iterable[tuple[Key, Raw]]) -> list[Swapped]:
    """The cells of a column whose day and month somebody's program may have swapped.

    A program set to month before day keeps a typed 14/3/2025 as text, and makes the 4th of March out of 3/4/2025:
    so days as text that cannot be months, beside real dates of which none is later than a 12th, are the sign of it.
    Texts that can only be month before day cast doubt on all others too.
    """
    days = list(_days(cells))
    day_first = any(one.typed and one.day > _MONTHS for one in days)
    month_first = any(one.typed and one.month > _MONTHS for one in days)
    plain = any(not one.typed and one.day > _MONTHS for one in days)
    doubtful = [
        one
        for one in days
        if one.day <= _MONTHS and one.month <= _MONTHS and one.day != one.month
        if (month_first if one.typed else (day_first or month_first) and not plain)
    ]
    return [Swapped(one.key, _iso(one, one.month, one.day), _iso(one, one.day, one.month)) for one in doubtful]


def _days(cells: Iterable[tuple[Key, Raw]]) -> Iterator[_Day]:
    for key, raw in cells:
        if isinstance(raw, date):
            yield _Day(key, raw.day, raw.month, raw.year, typed=False)
        elif isinstance(raw, str) and (found := _NUMERIC.fullmatch(raw)):
            year = int(found[3])
            typed = _Day(key, int(found[1]), int(found[2]), year + 2000 if year < 100 else year, typed=True)
            # 31/02/2025 is no day either way round, and so says nothing of the others
            if _is_day(typed.year, typed.month, typed.day) or _is_day(typed.year, typed.day, typed.month):
                yield typed


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= _MONTHS and year >= 1 and 1 <= day <= monthrange(year, month)[1]


def _iso(one: _Day, month: int, day: int) -> str:
    return f"{one.year:04d}-{month:02d}-{day:02d}"
