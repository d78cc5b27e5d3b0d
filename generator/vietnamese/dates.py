"""Dates as people type them -> ISO text of the precision that was meant, and back to the words of a document.

In:   any text; ISO text or a date to print. Out: DateReading; Vietnamese text. "Today" is never asked, nor the locale.
Imports vietnamese.text only. Source of the rules: domain facts, section 5.5; ND 30/2020 for the leading zeros.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from generator.vietnamese.text import bare_key, halfwidth


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a text says: ISO text, or none and the readings to ask about, or neither when it is not a date.

    The length tells the precision: "2025-03-14" day, "2025-03" month, "2025-Q2" quarter, "2025" year.
    """

    iso: str | None = None
    ambiguous: tuple[str, ...] = ()


_DAY, _MONTH, _YEAR = "(?P<day>[0-9]{1,2})", "(?P<month>[0-9]{1,2})", "(?P<year>[0-9]{4}|[0-9]{2})"
_FULL_YEAR = "(?P<year>[0-9]{4})"
_QUARTER = "(?P<quarter>[1-4]|iii|ii|iv|i)"
_SIGN = r" ?(?P<sign>[-/.]) ?"
_OF_YEAR = rf"(?: nam |{_SIGN.replace('?P<sign>', '?:')})"

# All are matched against the bare key: no accents, no capitals, one kind of dash and space ("quý" is "qui").
# The first form that fits decides; none of them shares a text with a later one in another meaning.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_FULL_YEAR}(?P<sign>[-/.]){_MONTH}(?P=sign){_DAY}(?:[ t][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.0+)?)?)?",
        rf"(?:ngay )?{_DAY}{_SIGN}{_MONTH} ?(?P=sign) ?{_YEAR}",
        rf"(?:ngay )?{_DAY} thang {_MONTH}{_OF_YEAR}{_YEAR}",
        rf"(?:thang |t ?){_MONTH}{_OF_YEAR}{_YEAR}",
        rf"{_MONTH}{_SIGN}{_FULL_YEAR}",
        rf"{_FULL_YEAR}[-/.]{_MONTH}",
        rf"(?:qui |q ?){_QUARTER}{_OF_YEAR}{_YEAR}",
        rf"{_FULL_YEAR}-q{_QUARTER}",
        rf"(?:nam )?{_FULL_YEAR}",
        rf"(?:ngay )?{_DAY}(?: ?[-/] ?| thang ){_MONTH}",
        rf"thang {_MONTH}",
        rf"qui {_QUARTER}",
    )
)
_ROMAN = ("", "I", "II", "III", "IV")
_ISO = re.compile(r"([0-9]{4})(?:-Q([1-4])|-(0[1-9]|1[0-2])(?:-([0-3][0-9]))?)?")


def read_date(text: str, *, year: int | None = None) -> DateReading:
    """The date that the text is, day before month; `year` completes a text that names none ("14/3", "tháng 3").

    "03/14/2024" cannot be day before month: no date, but 2024-03-14 to ask about. Two-digit years are 1970 to
    2069, others 1900 to 2100. Impossible dates (31/02), spans of time and feasts are not dates here.
    """
    key = bare_key(halfwidth(text))
    for form in _FORMS:
        found = form.fullmatch(key)
        if found:
            return _reading(found.groupdict(), year)
    return DateReading()


def format_date(iso: str) -> str:
    """The date for running text and tables: "05/11/2018", "14/3/2025", "tháng 3/2025", "quý II/2025", "năm 2025".

    A leading zero for days below 10 and the months 1 and 2 (ND 30). Text that is no ISO date comes back as it is.
    """
    found = _ISO.fullmatch(iso)
    if not found:
        return iso
    year, quarter, month, day = found.groups()
    if quarter:
        return f"quý {_ROMAN[int(quarter)]}/{year}"
    if not month:
        return f"năm {year}"
    return f"{day}/{_month(int(month))}/{year}" if day else f"tháng {_month(int(month))}/{year}"


def long_date(day: date) -> str:
    """The date as a document is dated: "ngày 05 tháng 11 năm 2018"."""
    return f"ngày {day.day:02d} tháng {_month(day.month)} năm {day.year}"


def _month(month: int) -> str:
    """The month as ND 30 writes it: 01, 02, 3 … 12."""
    return f"{month:02d}" if month < 3 else str(month)


def _reading(parts: dict[str, str | None], given_year: int | None) -> DateReading:
    """The reading of the parts that a form found; nothing where the year is missing or a part impossible."""
    year = _year(parts["year"]) if parts.get("year") else given_year
    if year is None or not 1900 <= year <= 2100:
        return DateReading()
    if quarter := parts.get("quarter"):
        return DateReading(f"{year}-Q{quarter if quarter.isdecimal() else _ROMAN.index(quarter.upper())}")
    if not parts.get("month"):
        return DateReading(f"{year}")
    month, day = int(parts["month"] or 0), int(parts.get("day") or 0)
    if "day" not in parts:
        return DateReading(f"{year}-{month:02d}" if 1 <= month <= 12 else None)
    if iso := _day(year, month, day):
        return DateReading(iso)
    swapped = _day(year, day, month) if month > 12 and parts.get("year") and parts.get("sign") else None
    return DateReading(ambiguous=(swapped,) if swapped else ())


def _year(digits: str | None) -> int | None:
    """The year, two digits completed to 1970-2069."""
    if not digits:
        return None
    number = int(digits)
    return number if len(digits) == 4 else number + (2000 if number < 70 else 1900)


def _day(year: int, month: int, day: int) -> str | None:
    """The day in ISO, if the calendar has it."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
