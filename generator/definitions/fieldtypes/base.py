"""What every field type has: its faces, the reading of a cell, and how a raw value is shown.

In:   raw cells. Out: the base of the family. Pure. Imports definitions.forms, vietnamese, model.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from generator.definitions.forms import Choice, Field
from generator.model import Raw, Scalar
from generator.vietnamese.dates import format_date
from generator.vietnamese.numbers import format_number

_LARGEST_EXACT = 2**53
_LARGEST_SPELLED = 10**21
"""A longer number says nothing when it is spelled out."""
_YEARS = range(1900, 2101)
LONGEST_ANSWER = 300
"""A longer text is no answer of a list, and comparing it with every label would take its time."""
ISO_DAY = len("2025-03-14")
NO_PARAMS: Mapping[str, str] = MappingProxyType({})


class Reading(NamedTuple):
    """What a raw cell means: the value, and the code of an issue where there is something to say."""

    value: Scalar
    issue: str = ""
    params: Mapping[str, str] = NO_PARAMS


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


def shown_text(raw: Raw) -> str:
    """A raw value as people write it: 14/3/2025, 10.000.000, 2025; text as it was typed."""
    if isinstance(raw, date):
        told = raw_text(raw)
        return f"{format_date(told[:ISO_DAY])}{told[ISO_DAY:]}"
    if isinstance(raw, str | bool) or raw is None or not abs(raw) < _LARGEST_SPELLED:
        return raw_text(raw)
    number = Decimal(int(raw)) if raw == int(raw) else Decimal(repr(round(raw, 6)))
    return str(number) if number in _YEARS else format_number(number)


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
