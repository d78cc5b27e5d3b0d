"""Field types: the closed family of answers, each with all its faces.

In:   raw cells, Field, the choices it draws from. Out: a Reading; the cell's check in the blank; its text in
      a document; its line in the guide; its form in the register.
Pure. Imports vietnamese, definitions.forms, model. A new type is a class here and a row in FIELD_TYPES.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from generator.definitions.forms import Choice, Field
from generator.model import Raw, Scalar
from generator.vietnamese.dates import format_date, read_date
from generator.vietnamese.numbers import NumberReading, format_number, read_money, read_number
from generator.vietnamese.text import bare_key, clean, matching_key

LONGEST_TEXT = 32_767
"""Excel's own limit for the text of a cell."""
LARGEST_WHOLE = 2**53
"""Above this a spreadsheet's own numbers are no longer exact to the unit."""

_EXCEL_EPOCH = date(1899, 12, 30)
_PLAUSIBLE_SERIALS = range(36526, 55153)  # the days of 2000 to 2050
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
        return str(int(raw)) if raw.is_integer() and abs(raw) < LARGEST_WHOLE else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time().isoformat() == "00:00:00" else raw.isoformat(sep=" ")
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

    def stored(self, value: Scalar) -> str | int | bool | None:
        """The value as JSON keeps it."""
        return str(value) if isinstance(value, Decimal) else value

    def restored(self, stored: str | int | bool | None) -> Scalar:
        """The value that `stored` was made from."""
        return stored


class Text(FieldType):
    """One line of text."""

    name = "text"
    description = "Ghi chữ, một dòng ngắn gọn."
    longest: ClassVar[int] = 500

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        text = clean(raw_text(raw))
        if len(text) > self.longest:
            return Reading(text, "cell.too_long", {"length": str(len(text)), "longest": str(self.longest)})
        return Reading(text)

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("length", 0, self.longest, message=f"Không quá {self.longest} ký tự.")


class Paragraph(Text):
    """Free text of several lines."""

    name = "paragraph"
    description = "Ghi chữ, có thể nhiều dòng (xuống dòng bằng Alt+Enter)."
    longest = 5_000


def _plain_number(raw: float) -> Decimal:
    # 30 * 1.1 arrives as 33.00000000000001: what the partner saw on the screen is 33
    return Decimal(repr(round(float(raw), 6))).normalize() if not float(raw).is_integer() else Decimal(int(raw))


class _Number(FieldType):
    align = "right"
    wrap = False
    numeric = True
    whole: ClassVar[bool] = True

    def _read_text(self, text: str) -> NumberReading:
        return read_number(text, grouping_expected=self.whole)

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        shown = raw_text(raw)
        if isinstance(raw, bool):
            return Reading(None, "cell.not_a_number", {"value": shown})
        if isinstance(raw, int | float):
            return self._judge(_plain_number(raw), shown)
        if isinstance(raw, date):
            return Reading(None, "cell.date_for_number", {"value": format_date(shown[:10])})
        reading = self._read_text(clean(shown))
        if reading.ambiguous:
            first, second = (format_number(value) for value in reading.ambiguous[:2])
            return Reading(None, "cell.ambiguous_number", {"value": shown, "first": first, "second": second})
        if reading.value is None:
            return Reading(None, "cell.not_a_number", {"value": shown})
        return self._judge(reading.value, shown)

    def _judge(self, number: Decimal, shown: str) -> Reading:
        if abs(number) >= LARGEST_WHOLE:
            return Reading(None, "cell.too_large", {"value": shown})
        if number < 0:
            return Reading(None, "cell.negative", {"value": shown})
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

    def restored(self, stored: str | int | bool | None) -> Scalar:
        return None if stored is None else Decimal(str(stored))


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
            return Reading(shown[:10])
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            # a date typed into a cell of format General arrives as its serial number
            if float(raw).is_integer() and int(raw) in _PLAUSIBLE_SERIALS:
                iso = (_EXCEL_EPOCH + timedelta(days=int(raw))).isoformat()
                return Reading(iso, "cell.date_as_serial", {"value": shown, "date": format_date(iso)})
            if not ((float(raw).is_integer() and 1 <= raw <= 12) or 2000 <= raw <= 2100):
                return Reading(None, "cell.not_a_date", {"value": shown})
            shown = f"tháng {shown}" if raw <= 12 else shown
        reading = read_date(clean(shown), year=year or None)
        if reading.iso is not None:
            return Reading(reading.iso)
        if reading.ambiguous:
            guess = " hoặc ".join(format_date(iso) for iso in reading.ambiguous)
            return Reading(None, "cell.ambiguous_date", {"value": shown, "guess": guess})
        return Reading(None, "cell.not_a_date", {"value": shown})

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return format_date(value) if isinstance(value, str) and value else ""


@lru_cache(maxsize=1024)
def _choices_by_key(choices: tuple[Choice, ...]) -> Mapping[str, str]:
    """Matching keys of labels and codes; a key that two choices share is left out and so never decides."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for choice in choices:
        for key in {matching_key(choice.label), matching_key(choice.code)}:
            if found.setdefault(key, choice.code) != choice.code:
                shared.add(key)
    return {key: code for key, code in found.items() if key not in shared}


def nearest_label(text: str, choices: Sequence[Choice]) -> str:
    """The label that looks most like the text, or "" when none does. A hint for people, never a decision."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  only wanted when somebody mistyped

    found = process.extractOne(bare_key(text), [bare_key(choice.label) for choice in choices], scorer=fuzz.WRatio)
    return choices[found[2]].label if found and found[1] >= 75 else ""


class ChoiceType(FieldType):
    """One answer of a list; the register keeps its code."""

    name = "choice"
    description = "Chọn một mục trong danh sách thả xuống."

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        shown = clean(raw_text(raw))
        for choice in choices:  # lists are short, and an exact label is what the dropdown writes
            if shown == choice.label:
                return Reading(choice.code)
        code = _choices_by_key(tuple(choices)).get(matching_key(shown))
        if code is not None:
            return Reading(code)
        near = nearest_label(shown, choices)
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
        key = matching_key(shown)
        if key in _YES:
            return Reading(True)
        if key in _NO:
            return Reading(False)
        return Reading(None, "cell.not_yes_no", {"value": shown})

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("list", message="Chọn Có hoặc Không.")

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return {True: "Có", False: "Không"}.get(value, "") if isinstance(value, bool) else ""


FIELD_TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
        type_.name: type_
        for type_ in (
            Text(),
            Paragraph(),
            Integer(),
            Money(),
            Quantity(),
            Date(),
            ChoiceType(),
            PartnerType(),
            YesNo(),
        )
    }
)
"""Every field type there is, by the name that definitions use."""

YES_NO_CHOICES = (Choice("co", "Có"), Choice("khong", "Không"))
"""The list that a yes_no cell of the blank drops down."""
