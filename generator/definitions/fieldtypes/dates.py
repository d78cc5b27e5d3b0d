"""Dates of the precision that was typed.

In:   raw cells. Out: Reading: ISO text, or what to ask. Pure. Imports the base of the family, vietnamese,
      definitions.forms, model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from math import isfinite

from generator.definitions.fieldtypes.base import ISO_DAY, FieldType, Reading, raw_text
from generator.definitions.forms import Choice, Field
from generator.model import Raw, Scalar
from generator.vietnamese.dates import format_date, read_date, read_span
from generator.vietnamese.text import clean

_EXCEL_EPOCH = date(1899, 12, 30)
_PLAUSIBLE_SERIALS = range(36526, 55153)  # the days of 2000 to 2050
_SERIAL = re.compile(r"[0-9]{5}(?:[.,][0-9]{1,12})?")
_FIRST_YEAR = 1910
"""A cell of date format turns a typed 3 into 03/01/1900 and a typed 2025 into 17/7/1905: nobody meant those."""


def _whole_of(raw: Raw) -> int:
    """The whole number that a cell holds; 0 for everything else."""
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() else 0
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else 0


def _as_typed(raw: Raw, shown: str) -> str:
    """The text to read: of bare numbers only months, years and days without signs count.

    2025.1 may have been typed for October.
    """
    whole = _whole_of(raw)
    if isinstance(raw, str) or 2000 <= whole <= 2100 or 1_000_000 <= whole < 100_000_000:
        return shown
    return f"tháng {whole}" if 1 <= whole <= 12 else ""


class Date(FieldType):
    """A day, or only its month, quarter or year: kept as ISO text of that precision."""

    name = "date"
    description = "Ghi ngày (14/3/2025) hoặc tháng (3/2025)."
    number_format = "dd/mm/yyyy"
    align = "center"
    wrap = False

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        shown = raw_text(raw)
        if isinstance(raw, date):
            if raw.year < _FIRST_YEAR:
                return Reading(None, "cell.not_a_date", {"value": format_date(shown[:ISO_DAY])})
            return Reading(shown[:ISO_DAY])
        # a date typed into a cell of format General arrives as its serial number, pasted from there as its text
        number = float(raw.replace(",", ".")) if isinstance(raw, str) and _SERIAL.fullmatch(raw) else raw
        days = _whole_of(int(number) if isinstance(number, float) and isfinite(number) else number)
        if days in _PLAUSIBLE_SERIALS:
            iso = (_EXCEL_EPOCH + timedelta(days=days)).isoformat()
            return Reading(iso, "cell.date_as_serial", {"value": shown, "date": format_date(iso)})
        return self._typed(clean(_as_typed(raw, shown)), shown, year)

    def _typed(self, typed: str, shown: str, year: int) -> Reading:
        """What a text means, or what to ask about it."""
        reading = read_date(typed, year=year or None)
        if reading.iso:
            return Reading(reading.iso)
        if reading.ambiguous:
            guess = " hoặc ".join(format_date(iso) for iso in reading.ambiguous)
            return Reading(None, "cell.ambiguous_date", {"value": shown, "guess": guess})
        first = read_span(typed, year=year or None)
        if first is not None:
            return Reading(
                None, "cell.date_span", {"value": shown, "near": format_date(first)} if first else {"value": shown}
            )
        return Reading(None, "cell.not_a_date", {"value": shown})

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return format_date(value) if isinstance(value, str) and value else ""
