"""Printing: how a tag wants its value written, and what was written of each figure.

In:   a figure or another value of the context. Out: text; how a figure was printed is noted, and marked in a draft.
Imports render.marks, model, vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import total_ordering
from types import MappingProxyType

from generator.model import Figure
from generator.stages.render.marks import Kind, Marked, Marks
from generator.vietnamese.amounts import scaled_money
from generator.vietnamese.dates import format_date, long_date
from generator.vietnamese.house import NO_BREAK, USUAL, HouseStyle, number_words
from generator.vietnamese.numbers import format_number

Filters = Mapping[str, Callable[..., object]]
_AFTER_NUMBER, _BEFORE_NUMBER = re.compile(r"(?<=\d) (?=[^\W\d])"), re.compile(r" (?=\d)")


@total_ordering
class Printed:
    """A figure inside a template: prints itself, compares as its number, and notes how it was printed."""

    __slots__ = ("_marks", "_notes", "figure")

    def __init__(self, figure: Figure, notes: dict[str, list[str]], marks: Marks | None = None) -> None:
        self.figure = figure
        self._notes = notes
        self._marks = marks

    def noted(self, text: str) -> str:
        texts = self._notes.setdefault(self.figure.code, [])
        if text not in texts:
            texts.append(text)
        return text if self._marks is None else self._marks.around(Kind.FIGURE, self.figure.code, Marked(text))

    def __str__(self) -> str:
        return str(self.noted(format_number(self.figure.value)))

    def __bool__(self) -> bool:
        return bool(self.figure.value)

    def __eq__(self, other: object) -> bool:
        return self.figure.value == _number(other)

    def __lt__(self, other: object) -> bool:
        number = _number(other)
        return NotImplemented if number is None else self.figure.value < number

    def __hash__(self) -> int:
        return hash(self.figure.value)


class Untold(Marked):
    """What stands for a number that nobody has told: prints its sign, and is neither 0 nor more or less than that."""

    def __bool__(self) -> bool:
        return False

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__


def _number(value: object) -> int | Decimal | None:
    if isinstance(value, Printed):
        return value.figure.value
    return value if isinstance(value, int | Decimal) else None


# --- filters: how a tag wants its value written ----------------------------------------------


def _numeric(write: Callable[[int | Decimal], str]) -> Callable[[object], object]:
    """A filter for numbers. Signs in place of a number ("…", "x") pass; what is no number raises, with its place."""

    def filtered(value: object) -> object:
        if isinstance(value, str):
            return value
        number = _number(value)
        if number is None:
            raise TypeError(f"cần một số, gặp {type(value).__name__}")
        text = write(number)
        return value.noted(text) if isinstance(value, Printed) else text

    return filtered


def _money(value: int | Decimal) -> str:
    """Only the number holds on to its unit: a longer unbreakable piece tears holes into a justified line."""
    return _AFTER_NUMBER.sub(NO_BREAK, scaled_money(int(value)))


def _share(value: int | Decimal) -> str:
    return f"{format_number(abs(Decimal(value)))}%"


def _day(value: object) -> str:
    if isinstance(value, date):
        return format_date(value.isoformat())
    if isinstance(value, str):
        return format_date(value) if value else ""
    raise TypeError(f"cần một ngày, gặp {type(value).__name__}")


def _long_day(value: object) -> str:
    if isinstance(value, date):
        return _BEFORE_NUMBER.sub(NO_BREAK, long_date(value))
    raise TypeError(f"cần một ngày, gặp {type(value).__name__}")


def _capital(value: object) -> str:
    """The text as it begins a sentence or a line; the rest of it stays."""
    if isinstance(value, str):
        return value[:1].upper() + value[1:]
    raise TypeError(f"cần chữ, gặp {type(value).__name__}")


def filters_in(style: HouseStyle) -> Filters:
    """Filters of a template, {{ tong_gia_tri | tien }}, as an office writes. Closed; the engine refuses any other."""
    return MappingProxyType(
        {
            "tien": _numeric(_money),
            "dong": _numeric(lambda value: format_number(int(value))),
            "so": _numeric(format_number),
            "dem": _numeric(lambda value: style.count(int(value))),
            "bang_chu": _numeric(lambda value: number_words(int(value), style.tens_word)),
            "phan_tram": _numeric(_share),
            "ngay": _day,
            "ngay_dai": _long_day,
            "hoa_dau": _capital,
        }
    )


FILTERS = filters_in(USUAL)
"""The filters as an office writes that chose nothing."""

FILTER_NOTES: Mapping[str, str] = MappingProxyType(
    {
        "tien": "số tiền viết gọn trong câu: hơn 33,3 tỷ đồng",
        "dong": "số tiền đủ đến đồng, không kèm đơn vị: 33.312.000.000",
        "so": "số: 1.234",
        "dem": "số đếm trong câu, dưới 10 có số 0 đứng trước (theo quy ước của cơ quan): 09",
        "bang_chu": "số nguyên viết bằng chữ, không kèm đơn vị: một trăm lẻ năm",
        "phan_tram": "phần trăm, không dấu: 12,5%",
        "ngay": "ngày ngắn: 05/11/2025",
        "ngay_dai": "ngày đầy đủ: ngày 05 tháng 11 năm 2025",
        "hoa_dau": "chữ có chữ cái đầu viết hoa, dùng ở đầu câu, đầu dòng: Xã Trà Tập",
    }
)
"""Line of each filter in the reference."""
