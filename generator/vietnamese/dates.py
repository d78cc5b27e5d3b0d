"""Dates as people type them -> ISO text of the precision that was meant, and back to the words of a document.

In:   any text; ISO text or a date to print. Out: DateReading; Vietnamese text. "Today" is never asked, nor the locale.
Imports vietnamese.text only. Source of the rules: domain facts, section 5.5; ND 30/2020 for the leading zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
_MONTH_WORD, _QUARTER_WORD = r"(?:thang |th?\.? ?)", r"(?:qui |q\.? ?)"

# All are matched against the bare key: no accents, no capitals, one kind of dash and space ("quý" is "qui").
# The first form that fits decides; none of them shares a text with a later one in another meaning.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_FULL_YEAR}(?P<sign>[-/.]){_MONTH}(?P=sign){_DAY}",
        rf"(?:ngay )?{_DAY}{_SIGN}{_MONTH} ?(?P=sign) ?{_YEAR}",
        rf"(?:ngay )?{_DAY} thang {_MONTH}{_OF_YEAR}{_YEAR}",
        rf"(?:ngay )?{_DAY} (?:thang )?{_MONTH},? {_FULL_YEAR}",
        rf"{_MONTH_WORD}{_MONTH}{_OF_YEAR}{_YEAR}",
        rf"{_MONTH_WORD}{_MONTH},? {_FULL_YEAR}",
        rf"{_MONTH}{_SIGN}{_FULL_YEAR}",
        rf"{_FULL_YEAR}[-/.]{_MONTH}",
        rf"{_QUARTER_WORD}{_QUARTER}{_OF_YEAR}{_YEAR}",
        rf"{_QUARTER_WORD}{_QUARTER},? {_FULL_YEAR}",
        rf"{_FULL_YEAR}-q{_QUARTER}",
        rf"(?:nam )?{_FULL_YEAR}",
        rf"(?:ngay )?{_DAY}(?: ?[-/] ?| thang ){_MONTH}",
        rf"thang {_MONTH}",
        rf"qui {_QUARTER}",
    )
)

# Forms that nobody should decide: month and year or day and month, quarter or month, signs of two kinds, no signs.
_SHORT = re.compile(rf"{_MONTH} ?[-/.] ?(?P<year>[0-9]{{2}})")
_NUMERAL = re.compile(rf"(?P<numeral>iv|i{{1,3}}) ?[-/.] ?{_FULL_YEAR}")
_MIXED = re.compile(rf"{_DAY} ?([-/.,]) ?{_MONTH} ?([-/.,]) ?{_FULL_YEAR}")
_GLUED = re.compile(r"[0-9]{7,8}")

_EDGE = " .,;'\"()"
_CLOCK = r"(?:[01]?[0-9]|2[0-3])(?:(?::|h)[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?|h| gio(?: [0-5]?[0-9](?: phut)?)?)"
_TIME_BEFORE = re.compile(rf"(?:luc |vao )?{_CLOCK},? (?=ngay |thu |[0-9])")
_TIME_AFTER = re.compile(rf"(?:(?<=[0-9])t|,? (?:luc )?){_CLOCK}$")
_WEEKDAY = "(?:thu (?P<name>hai|ba|tu|nam|sau|bay)|(?:thu |th ?|t)(?P<number>[2-7])|(?P<sunday>chu nhat|cn))"
_WEEKDAY_BEFORE = re.compile(rf"{_WEEKDAY}[, ] ?(?=ngay |[0-9]{{1,2}}[^0-9:h])")
_WEEKDAY_AFTER = re.compile(rf",? ?\(?{_WEEKDAY}\)?$")
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_PART_OF = re.compile(r"(?:(?:dau|giua|cuoi|trong) (?=thang )|(?:trong|ca) (?=nam |qui ))")

_LONGEST_SPAN = 60
_BETWEEN = re.compile(r" ?(?:-|,|;|&|\+|(?<= )(?:den het|den|toi|va)(?= )) ?")
_PART_OF_YEAR = re.compile(
    r"(?:(?:dau|giua|cuoi) (?P<rest>(?:nam|qui) .*)|[0-9]{1,2} thang (?:(?:dau|cuoi|cua) )*nam .*)"
)
_ROMAN = ("", "I", "II", "III", "IV")
_DAY_LENGTH = len("2025-03-14")
_NEAR_YEARS = 10
_ISO = re.compile(r"([0-9]{4})(?:-Q([1-4])|-(0[1-9]|1[0-2])(?:-([0-3][0-9]))?)?")


def read_date(text: str, *, year: int | None = None) -> DateReading:
    """The date that the text is, day before month; `year` completes a text that names none ("14/3", "tháng 3").

    "03/14/2024" cannot be day before month: no date, but 2024-03-14 to ask about, as for other forms that are no
    date or two ("3/24", "II/2024", "14-3/2024"). Two-digit years are 1970 to 2069, others 1900 to 2100. A time of
    day is left out, a day of the week must be the right one. "Đầu tháng 3/2024" is its month. Impossible dates
    (31/02), spans of time and feasts are not dates here.
    """
    key = _key(text)
    plain = _read(key, year)
    if plain.iso:
        return plain
    key = _TIME_AFTER.sub("", _TIME_BEFORE.sub("", key, count=1), count=1)
    weekday = _WEEKDAY_BEFORE.match(key) or _WEEKDAY_AFTER.search(key)
    if weekday:
        key = f"{key[: weekday.start()]}{key[weekday.end() :]}".strip(_EDGE)
    reading = _read(_PART_OF.sub("", key, count=1), year)
    if weekday and (reading.iso is None or len(reading.iso) < _DAY_LENGTH or not _is_that_day(reading.iso, weekday)):
        return DateReading()
    return reading


def read_span(text: str, *, year: int | None = None) -> str | None:
    """The first day, month, quarter or year (ISO) of a text that names several or a span; None when it does not.

    "" where it is a span without a beginning that could be typed: "6 tháng đầu năm 2024".
    """
    key = _key(text).removeprefix("tu ")
    if len(key) > _LONGEST_SPAN:
        return None
    if part := _PART_OF_YEAR.fullmatch(key):
        return (_read(part["rest"], year).iso or "") if part["rest"] else ""
    for sign in _BETWEEN.finditer(key):
        left, right = key[: sign.start()], key[sign.end() :]
        word = left.partition(" ")[0]
        last = _read(right, year).iso or (_read(f"{word} {right}", year).iso if word in ("thang", "qui") else None)
        if last is None:
            continue
        first = _read(left, int(last[:4])).iso
        if first is None and len(last) == _DAY_LENGTH and left.removeprefix("ngay ").isdecimal():
            day = left.removeprefix("ngay ")
            first = _day(int(last[:4]), int(last[5:7]), int(day)) if len(day) <= 2 else None
        if first is not None:
            return first
    return None


def _key(text: str) -> str:
    """What the forms are matched against."""
    key = bare_key(halfwidth(text)).strip(_EDGE)
    return re.sub(r"\bthg\b", "thang", key) if "thg" in key else key


def _read(key: str, year: int | None) -> DateReading:
    for form in _FORMS:
        found = form.fullmatch(key)
        if found:
            reading = _reading(found.groupdict(), year)
            if reading.iso or reading.ambiguous:
                return reading
            break
    return DateReading(ambiguous=tuple(dict.fromkeys(filter(None, _guesses(key, year)))))


def _guesses(key: str, given_year: int | None) -> Iterator[str | None]:
    """The dates that a text of no certain form may mean."""
    if found := _SHORT.fullmatch(key):
        month, last = int(found["month"]), int(found["year"])
        year = _year(found["year"]) or 0
        # a year that nobody reports on is none: 3/14 was meant for a day
        if given_year is None or -_NEAR_YEARS <= year - given_year <= 1:
            yield f"{year}-{month:02d}" if 1 <= month <= 12 and last > 12 else None
        yield _day(given_year, month, last) if given_year is not None else None
    elif found := _NUMERAL.fullmatch(key):
        place = _ROMAN.index(found["numeral"].upper())
        yield from (f"{found['year']}-Q{place}", f"{found['year']}-{place:02d}")
    elif (found := _MIXED.fullmatch(key)) and 1900 <= int(found["year"]) <= 2100:
        yield _day(int(found["year"]), int(found["month"]), int(found["day"]))
        if found[2] == "-" and int(found["day"]) < int(found["month"]) <= 12:  # from one month to another
            yield f"{found['year']}-{int(found['day']):02d}"
    elif _GLUED.fullmatch(key):
        digits = key.zfill(8)
        for y, m, d in ((digits[4:], digits[2:4], digits[:2]), (digits[:4], digits[4:6], digits[6:])):
            yield _day(int(y), int(m), int(d)) if 1900 <= int(y) <= 2100 else None


def _is_that_day(iso: str, weekday: re.Match[str]) -> bool:
    """Whether the day of the week that was typed with a date is its own."""
    number = weekday["number"]
    meant = 6 if weekday["sunday"] else int(number) - 2 if number else _WEEKDAYS[weekday["name"]]
    return date.fromisoformat(iso).weekday() == meant


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
