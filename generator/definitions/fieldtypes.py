"""Field types: the closed family of answers, each with all its faces.

In:   raw cells, Field, the choices it draws from. Out: a Reading; the cell's check in the blank; its text in
      a document; its line in the guide; its form in the register.
Pure. Imports vietnamese, definitions.forms, model. A new type is a class here and a row in FIELD_TYPES.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isclose, isfinite
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from generator.definitions.forms import Choice, Field
from generator.definitions.near_labels import nearest_label
from generator.model import Raw, Scalar
from generator.vietnamese.dates import format_date, read_date
from generator.vietnamese.numbers import NumberReading, format_number, read_money, read_number
from generator.vietnamese.text import clean, matching_key

LARGEST_WHOLE = 10**15
"""From here on a spreadsheet program changes the last digits when it saves: it keeps fifteen."""
_LARGEST_EXACT = 2**53

_EXCEL_EPOCH = date(1899, 12, 30)
_PLAUSIBLE_SERIALS = range(36526, 55153)  # the days of 2000 to 2050
_FIRST_YEAR = 1910
"""A cell of date format turns a typed 3 into 03/01/1900 and a typed 2025 into 17/7/1905: nobody meant those."""
_YEAR = re.compile(r"(?:năm )?(20[0-9]{2})")
_LONGEST_ANSWER = 300
"""A longer text is no answer of a list, and comparing it with every label would take its time."""
_ISO_DAY = len("2025-03-14")
_NO_PARAMS: Mapping[str, str] = MappingProxyType({})


class Reading(NamedTuple):
    """What a raw cell means: the value, and the code of an issue where there is something to say."""

    value: Scalar
    issue: str = ""
    params: Mapping[str, str] = _NO_PARAMS


@dataclass(frozen=True, slots=True)
class CellCheck:
    """The check a spreadsheet program makes while somebody types. Help, never control: pasting goes round it."""

    kind: str
    """"list", "whole", "decimal" or "length"."""
    minimum: int | None = None
    maximum: int | None = None
    strict: bool = True
    """False: the program warns and lets the answer stand."""
    message: str = ""


def raw_text(raw: Raw) -> str:
    """A raw value as text: whole floats without ".0", dates in ISO form."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < _LARGEST_EXACT else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(sep=" ")
    if isinstance(raw, int) and raw.bit_length() > 1_000:
        return hex(raw)  # Python refuses to write so many decimal digits
    return str(raw)


class FieldType(ABC):
    """One kind of answer. The faces below are all that the rest of the house knows of it."""

    name: ClassVar[str]
    description: ClassVar[str]
    """One Vietnamese line for the guide and the documentation."""
    number_format: ClassVar[str] = "General"
    align: ClassVar[str] = "left"
    wrap: ClassVar[bool] = True
    numeric: ClassVar[bool] = False
    """Whether values of this type can be added up."""

    @abstractmethod
    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        """The typed value of a raw cell that is not empty. `year` completes a date that lacks one."""

    def cell_check(self, field: Field) -> CellCheck | None:
        """The check of the blank's cell, or None."""
        del field
        return None

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        """The value as a document prints it."""
        del field, choices
        return "" if value is None else str(value)

    def guide(self, field: Field) -> str:
        """The line of the guide sheet on how to answer."""
        del field
        return self.description


class Text(FieldType):
    """One line of text."""

    name = "text"
    description = "Ghi chữ, một dòng ngắn gọn."
    number_format = "@"  # else the program makes a date of "3/2025" and drops the first 0 of a telephone number
    longest: ClassVar[int] = 500

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        text = clean(raw if isinstance(raw, str) else raw_text(raw))
        if isinstance(raw, date) and len(text) == _ISO_DAY:
            text = format_date(text)
        if len(text) > self.longest:
            return Reading(text, "cell.too_long", {"length": str(len(text)), "longest": str(self.longest)})
        return Reading(text)

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("length", 0, self.longest, message=f"Không quá {self.longest} ký tự.")


class Paragraph(Text):
    """Free text of several lines."""

    name = "paragraph"
    description = "Ghi chữ, có thể nhiều dòng (xuống dòng bằng Alt+Enter)."
    number_format = "General"  # as "@" some programs show long text as ####
    longest = 5_000


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
            return Reading(None, "cell.date_for_number", {"value": format_date(raw_text(raw)[:_ISO_DAY])})
        shown = raw_text(raw)
        reading = self._read_text(clean(raw)) if isinstance(raw, str) else None
        if reading and reading.ambiguous:
            first, second = (format_number(value) for value in reading.ambiguous[:2])
            return Reading(None, "cell.ambiguous_number", {"value": shown, "first": first, "second": second})
        if reading is None or reading.value is None:
            return Reading(None, "cell.not_a_number", {"value": shown})
        return self._judge(reading.value, raw, field)

    def _judge(self, number: Decimal, raw: Raw, field: Field) -> Reading:
        if not -LARGEST_WHOLE < number < LARGEST_WHOLE:
            return Reading(None, "cell.too_large", {"value": raw_text(raw)})
        # a field that counts up and down says so by its minimum
        if number < 0 and (field.minimum is None or field.minimum >= 0):
            return Reading(None, "cell.negative", {"value": raw_text(raw)})
        if not self.whole:
            return Reading(number)
        if number != number.to_integral_value():
            return Reading(None, "cell.not_whole", {"value": format_number(number)})
        return Reading(int(number))

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return format_number(value) if isinstance(value, int | Decimal) else ""


class Integer(_Number):
    """A count: a whole number, never negative."""

    name = "integer"
    description = "Ghi số nguyên, ví dụ 12. Không có thì ghi 0; chưa rõ thì để trống."
    number_format = "#,##0"

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("whole", field.minimum or 0, field.maximum, message="Chỉ ghi số nguyên, ví dụ 12.")

    def guide(self, field: Field) -> str:
        return f"{self.description} Đơn vị tính: {field.unit}." if field.unit else self.description


class Year(FieldType):
    """A year, which is no quantity: written without points, never added up."""

    name = "year"
    description = "Ghi năm bằng bốn chữ số, ví dụ 2023."
    number_format = "0"
    align = "center"
    wrap = False

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        shown = raw_text(raw)
        found = _YEAR.fullmatch(clean(shown[:_LONGEST_ANSWER]).casefold())
        return Reading(int(found[1])) if found else Reading(None, "cell.not_a_year", {"value": shown})

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("whole", field.minimum or 2000, field.maximum or 2100, message=self.description)


class Money(_Number):
    """A sum of money: a whole number of đồng, never a float."""

    name = "money"
    description = "Ghi số tiền bằng đồng, ví dụ 12.500.000. Không có thì ghi 0; chưa rõ thì để trống."
    number_format = "#,##0"

    def _read_text(self, text: str) -> NumberReading:
        return read_money(text)

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


def _whole_of(raw: Raw) -> int:
    """The whole number that a cell holds; 0 for everything else."""
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() else 0
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else 0


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
                return Reading(None, "cell.not_a_date", {"value": format_date(shown[:_ISO_DAY])})
            return Reading(shown[:_ISO_DAY])
        # a date typed into a cell of format General arrives as its serial number
        whole = _whole_of(raw)
        if whole in _PLAUSIBLE_SERIALS:
            iso = (_EXCEL_EPOCH + timedelta(days=whole)).isoformat()
            return Reading(iso, "cell.date_as_serial", {"value": shown, "date": format_date(iso)})
        # of bare numbers only months and years count: 2025.1 may have been typed for October
        if isinstance(raw, str) or 2000 <= whole <= 2100:
            reading = read_date(clean(shown), year=year or None)
        else:
            reading = read_date(f"tháng {shown}" if 1 <= whole <= 12 else "", year=year or None)
        if reading.ambiguous:
            guess = " hoặc ".join(format_date(iso) for iso in reading.ambiguous)
            return Reading(None, "cell.ambiguous_date", {"value": shown, "guess": guess})
        return Reading(reading.iso) if reading.iso else Reading(None, "cell.not_a_date", {"value": shown})

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return format_date(value) if isinstance(value, str) and value else ""


@lru_cache(maxsize=64)
def _answers(choices: tuple[Choice, ...]) -> Mapping[str, str]:
    """Codes by label and by matching key of label and code; a key that two choices share never decides."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for choice in choices:
        for key in {matching_key(choice.label), matching_key(choice.code)}:
            if found.setdefault(key, choice.code) != choice.code:
                shared.add(key)
    # an exact label is what the dropdown writes; of two equal ones the first stands, as in the list
    exact = {choice.label: choice.code for choice in reversed(choices)}
    return {key: code for key, code in found.items() if key not in shared} | exact


_LATEST: dict[int, tuple[tuple[Choice, ...], Mapping[str, str]]] = {}
_MOST_LISTS = 64


def _answers_of(choices: Sequence[Choice]) -> Mapping[str, str]:
    """As `_answers`, without hashing two hundred choices for each cell: the same tuple comes again and again."""
    kept = _LATEST.get(id(choices))
    if kept is not None and kept[0] is choices:
        return kept[1]
    if not isinstance(choices, tuple):
        return _answers(tuple(choices))
    if len(_LATEST) >= _MOST_LISTS:
        _LATEST.clear()
    found = _answers(choices)
    # the tuple is kept beside its answers, so that its id cannot become another one's
    _LATEST[id(choices)] = (choices, found)
    return found


class ChoiceType(FieldType):
    """One answer of a list; the register keeps its code."""

    name = "choice"
    description = "Chọn một mục trong danh sách thả xuống."

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        answers = _answers_of(choices)
        if isinstance(raw, str) and raw in answers:
            return Reading(answers[raw])
        shown = clean(raw_text(raw))
        code = answers.get(shown) or answers.get(matching_key(shown[:_LONGEST_ANSWER]))
        if code is not None:
            return Reading(code)
        near = nearest_label(shown, choices) if len(shown) <= _LONGEST_ANSWER else ""
        if near:
            return Reading(None, "cell.choice_unknown", {"value": shown, "near": near})
        return Reading(None, "cell.choice_not_listed", {"value": shown})

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("list", message="Chọn một mục trong danh sách.")

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return next((choice.label for choice in choices if choice.code == value), "")


class PartnerType(ChoiceType):
    """A partner of the registry, chosen by name; the register keeps its code."""

    name = "partner"
    description = "Chọn tên đơn vị trong danh sách thả xuống."

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("list", strict=False, message="Chọn tên trong danh sách để không nhầm đơn vị.")


_YES = frozenset(matching_key(word) for word in ("có", "x", "✓", "✔", "đúng", "true", "yes", "1"))
_NO = frozenset(matching_key(word) for word in ("không", "ko", "sai", "false", "no", "0"))


class YesNo(FieldType):
    """Yes or no."""

    name = "yes_no"
    description = "Chọn Có hoặc Không."
    align = "center"
    wrap = False

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        shown = clean(raw_text(raw))
        key = matching_key(shown[:_LONGEST_ANSWER])
        if key in _YES:
            return Reading(True)
        if key in _NO:
            return Reading(False)
        return Reading(None, "cell.not_yes_no", {"value": shown})

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("list", message="Chọn Có hoặc Không.")

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return {True: "Có", False: "Không"}.get(value, "") if isinstance(value, bool) else ""


_FAMILY = (Text(), Paragraph(), Integer(), Year(), Money(), Quantity(), Date(), ChoiceType(), PartnerType(), YesNo())
FIELD_TYPES: Mapping[str, FieldType] = MappingProxyType({type_.name: type_ for type_ in _FAMILY})
"""Every field type there is, by the name that definitions use."""

YES_NO_CHOICES = (Choice("co", "Có"), Choice("khong", "Không"))
"""The list that a yes_no cell of the blank drops down."""
