"""Counts, sums of money, quantities and years.

In:   raw cells. Out: Reading: an exact number, or what to ask. Pure. Imports the base of the family, vietnamese,
      definitions.forms, model. No float is kept and no locale is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import isclose, isfinite
from typing import ClassVar

from generator.definitions.fieldtypes.base import (
    ISO_DAY,
    LONGEST_ANSWER,
    CellCheck,
    FieldType,
    Reading,
    raw_text,
    shown_text,
)
from generator.definitions.forms import Choice, Field
from generator.model import Raw, Scalar
from generator.vietnamese.dates import format_date
from generator.vietnamese.doubts import Doubt, DoubtKind, doubt, without_unit
from generator.vietnamese.numbers import NumberReading, format_number, read_money, read_number
from generator.vietnamese.text import clean, halfwidth

LARGEST_WHOLE = 10**15
"""From here on a spreadsheet program changes the last digits when it saves: it keeps fifteen."""
_YEAR = re.compile(r"(?:(?:năm|nam) ?)?(20[0-9]{2})\.?")
_NO_DECIMALS = re.compile(r"([1-9][0-9]{0,2}),000")


def _plain_number(raw: float) -> Decimal:
    """What the partner saw on the screen: 30 * 1.1 arrives as 33.00000000000001, which is 33."""
    if isinstance(raw, int) or raw.is_integer():
        return Decimal(int(raw))
    rounded = round(raw, 6)
    return Decimal(repr(rounded if isclose(rounded, raw, rel_tol=1e-9) else raw)).normalize()


class _Number(FieldType):
    align = "right"
    wrap = False
    numeric = True
    whole: ClassVar[bool] = True

    def _read_text(self, text: str) -> NumberReading:
        return read_number(text, grouping_expected=self.whole)

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        if (isinstance(raw, int) and not isinstance(raw, bool)) or (isinstance(raw, float) and isfinite(raw)):
            # nearly every number: there is nothing to judge, and no decimal needed to see it
            if 0 <= raw < LARGEST_WHOLE and (whole := int(raw)) == raw:
                return Reading(whole if self.whole else Decimal(whole))
            return self._judge(_plain_number(raw), raw, field)
        if isinstance(raw, date):
            return Reading(None, "cell.date_for_number", {"value": format_date(raw_text(raw)[:ISO_DAY])})
        if not isinstance(raw, str):
            return Reading(None, "cell.not_a_number", {"value": raw_text(raw)})
        return self._typed(raw, field)

    def _typed(self, raw: str, field: Field) -> Reading:
        """What a text means, with or without the field's own unit behind the number."""
        reading = self._read_text(clean(raw))
        if reading.value is None and not reading.ambiguous:
            reading = self._read_text(without_unit(halfwidth(clean(raw)), field.unit))
        if reading.ambiguous:
            first, second = (format_number(value) for value in reading.ambiguous[:2])
            return Reading(None, "cell.ambiguous_number", {"value": raw, "first": first, "second": second})
        if reading.value is None:
            return _asked(raw, doubt(raw, self._read_text, field.unit), field)
        return self._judge(reading.value, raw, field)

    def _judge(self, number: Decimal, raw: Raw, field: Field) -> Reading:
        if not -LARGEST_WHOLE < number < LARGEST_WHOLE:
            return Reading(None, "cell.too_large", {"value": shown_text(raw)})
        # a field that counts up and down says so by its minimum
        if number < 0 and (field.minimum is None or field.minimum >= 0):
            return Reading(None, "cell.negative", {"value": shown_text(raw)})
        if not self.whole:
            return Reading(number)
        if number != number.to_integral_value():
            return Reading(None, "cell.not_whole", {"value": format_number(number)})
        return Reading(int(number))

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return format_number(value) if isinstance(value, int | Decimal) else ""


def _asked(typed: str, found: Doubt | None, field: Field) -> Reading:
    """What to ask about a text that is no number: its code tells why, its params the number that stands in it."""
    if found is None:
        return Reading(None, "cell.not_a_number", {"value": typed})
    number = "" if found.number is None else format_number(found.number)
    digits = number.replace(".", "")  # as it can be typed: read in one way only
    if found.kind is DoubtKind.UNIT:
        told = {"value": typed, "number": number, "digits": digits, "unit": found.unit, "expected": field.unit}
        return Reading(None, "cell.other_unit", told)
    if found.kind is DoubtKind.ESTIMATE:
        return Reading(None, "cell.not_exact", {"value": typed, "number": number, "digits": digits})
    if found.kind is DoubtKind.NONE:
        return Reading(None, "cell.word_for_none", {"value": typed})
    return Reading(None, "cell.not_a_number", {"value": typed, "near": number})


class Integer(_Number):
    """A count: a whole number, never negative."""

    name = "integer"
    description = "Ghi số nguyên, ví dụ 12. Không có thì ghi 0; chưa rõ thì để trống."
    number_format = "#,##0"

    def _read_text(self, text: str) -> NumberReading:
        # 12,000 is a whole number both ways: twelve with three decimals, or twelve thousand the American way
        if found := _NO_DECIMALS.fullmatch(text):
            few = Decimal(found[1])
            return NumberReading(ambiguous=(few * 1000, few))
        return super()._read_text(text)

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("whole", field.minimum or 0, field.maximum, message="Chỉ ghi số nguyên, ví dụ 12.")

    def guide(self, field: Field) -> str:
        return f"{self.description} Đơn vị tính: {field.unit}." if field.unit else self.description


class Money(_Number):
    """A sum of money: a whole number of đồng, never a float."""

    name = "money"
    description = "Ghi số tiền bằng đồng, ví dụ 12.500.000. Không có thì ghi 0; chưa rõ thì để trống."
    number_format = "#,##0"

    def _read_text(self, text: str) -> NumberReading:
        reading = read_money(text)
        if reading.value is not None or reading.ambiguous:
            return reading
        # a part of a đồng is no sum, and yet a number: it is told that a whole one is wanted
        return read_number(text, grouping_expected=True)

    def cell_check(self, field: Field) -> CellCheck | None:
        message = "Ghi số tiền bằng đồng, chỉ gồm chữ số, ví dụ 12500000."
        return CellCheck("whole", field.minimum or 0, field.maximum, strict=False, message=message)


class Quantity(_Number):
    """A quantity that may have decimals: 1,5 tấn."""

    name = "quantity"
    description = "Ghi số lượng, được dùng số lẻ, ví dụ 1,5."
    number_format = "#,##0.##"
    whole = False

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("decimal", field.minimum or 0, field.maximum, message="Chỉ ghi số, ví dụ 12 hoặc 1,5.")


class Year(FieldType):
    """A year, which is no quantity: written without points, never added up."""

    name = "year"
    description = "Ghi năm bằng bốn chữ số, ví dụ 2023."
    number_format = "0"
    align = "center"
    wrap = False

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        shown = raw_text(raw)
        found = _YEAR.fullmatch(halfwidth(clean(shown[:LONGEST_ANSWER])).casefold())
        return Reading(int(found[1])) if found else Reading(None, "cell.not_a_year", {"value": shown})

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("whole", field.minimum or 2000, field.maximum or 2100, message=self.description)
