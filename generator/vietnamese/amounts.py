"""Sums and counts -> the words of a report: scaled money with its exactness, counts in house style.

In:   whole numbers (money in đồng). Out: Vietnamese text. Exact arithmetic only.
Imports vietnamese.numbers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator.vietnamese.numbers import format_number

_BILLION, _MILLION = 10**9, 10**6


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum as prose names it: "hơn" + "33,3" + "tỷ đồng"."""

    word: str
    """"gần" when rounded up, "hơn" when rounded down, "" when exact."""
    number: str
    unit: str

    @property
    def exact(self) -> bool:
        """Whether the text says neither more nor less than the value."""
        return not self.word

    @property
    def text(self) -> str:
        """The number with its unit, without the word of exactness."""
        return f"{self.number} {self.unit}"


def scale_money(value: int) -> Amount:
    """The sum in tỷ or triệu đồng with at most one decimal (half up), below a million in đồng.

    Below zero "hơn" and "gần" could be read both ways, so a rounded negative sum is "khoảng".
    """
    size = abs(value)
    unit, name = (_BILLION, "tỷ đồng") if size >= _BILLION else (_MILLION, "triệu đồng")
    if size < _MILLION:
        return Amount("", format_number(value), "đồng")
    tenths = (size * 10 + unit // 2) // unit
    if tenths >= 10_000 and unit == _MILLION:  # 999,96 triệu is nearly 1 tỷ, not 1.000 triệu
        unit, name, tenths = _BILLION, "tỷ đồng", 10
    printed = tenths * unit // 10
    word = "" if printed == size else "khoảng" if value < 0 else "gần" if printed > size else "hơn"
    return Amount(word, format_number(Decimal(tenths if value > 0 else -tenths) / 10), name)


def scaled_money(value: int, *, word: bool = True) -> str:
    """The sum for running text: "hơn 33,3 tỷ đồng", "120 triệu đồng", "45.500 đồng"; `word=False` drops "hơn"."""
    amount = scale_money(value)
    return f"{amount.word} {amount.text}" if word and amount.word else amount.text


def counted(n: int, noun: str = "", *, leading_zero: bool = True) -> str:
    """The count in running text: "09 huyện", "12 huyện", "1.234 hộ"; 0 stays "0". The zero is a house style."""
    text = f"0{n}" if leading_zero and 0 < n < 10 else format_number(n)
    return f"{text} {noun}" if noun else text


def whole_parts(parts: Sequence[int], unit: int, total: int | None = None) -> list[int]:
    """The parts in whole units that add up to the total: as it is shown already, else their sum rounded half up.

    Largest remainder: each part is rounded down, then those with the largest remainders get one more, the first of
    equals first. No part is a whole unit or more away from its exact value; a total that would need that is not
    reached. ValueError below zero.
    """
    if unit <= 0 or any(part < 0 for part in parts):
        raise ValueError("parts of a whole are not below zero, and a unit is above it")
    shown = [part // unit for part in parts]
    missing = ((2 * sum(parts) + unit) // (2 * unit) if total is None else total) - sum(shown)
    inexact = [at for at, part in enumerate(parts) if part % unit]
    for at in sorted(inexact, key=lambda at: -(parts[at] % unit))[: max(missing, 0)]:
        shown[at] += 1
    return shown


_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """The number of a part of a document: 4 is "IV"."""
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text
