"""Numbers and sums of money as people type them -> exact decimals, or the readings between which a person must choose.

In:   any text. Out: NumberReading; and the other way, a number in Vietnamese style. No float, no locale.
Reading never raises. Imports vietnamese.text only. Source of the rules: domain facts, section 5.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from generator.vietnamese.text import clean, halfwidth


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a text says: one value; or none and the readings it may have; or neither, when it is not a number."""

    value: Decimal | None = None
    ambiguous: tuple[Decimal, ...] = ()


_NOTHING = NumberReading()

_SIGNS = str.maketrans("−–’‘ʼ´`", "--'''''")
_SPACED_GROUP = re.compile(r"(?<=[0-9])([.,]) (?=[0-9]{3}(?![0-9]))")
_BRACKETS = re.compile(r"\( ?([0-9][^()]*)\)")
_GROUPS = {
    # Two groups, or a group and the other sign for decimals, can be read in one way only.
    ".": re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|\.[0-9]{3},[0-9]+)"),
    ",": re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|,[0-9]{3}\.[0-9]+)"),
    " ": re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?"),
    "'": re.compile(r"[1-9][0-9]{0,2}(?:'[0-9]{3})+(?:[.,][0-9]+)?"),
}
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_SIMPLE = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_MAX_WHOLE, _MAX_DIGITS = 18, 24  # what the register's 64-bit integers and exact decimal arithmetic can hold
_MAX_LENGTH = 60

_BILLION, _MILLION, _THOUSAND = 10**9, 10**6, 10**3
_SCALES = {
    **dict.fromkeys(("tỷ", "tỉ", "ty", "tỷđ", "tỉđ"), _BILLION),
    **dict.fromkeys(("triệu", "trieu", "tr", "trđ", "trd"), _MILLION),
    **dict.fromkeys(("nghìn", "nghin", "ngàn", "ngan", "k"), _THOUSAND),
}
_CURRENCY = "(?:đồng việt nam|đồng|dong|vnđ|vnd|đ|₫)"
_CURRENCY_BEFORE = re.compile(rf"{_CURRENCY} ?(?=[0-9])")
_CURRENCY_AFTER = re.compile(rf"(?:(?<=[0-9])| ){_CURRENCY}(?: chẵn)?\.?$")
_ROUND = re.compile(rf"(?<=[0-9])[.,]-(?= ?(?:{_CURRENCY}\.?)?$)")
_HALF = re.compile(r"(?<=[^\W\d_]) ?(?:rưỡi|ruoi)(?![^\W_])")
_AND = re.compile(r"(?<=[^\W\d_])(?:,| và)(?= [0-9])")
_PART = re.compile(r" ?([0-9][0-9.,]*(?: [0-9]{3}(?![0-9]))*) ?([^\W\d_]*)")
_TIMES = re.compile(r" ?(?:[×*]|(?<![^\W\d_])x(?![^\W\d_])) ?")
_FIGURES = re.compile(r"[0-9.,]+")
_PIECES = re.compile(r"([0-9][0-9.,]*) ?([^\W\d_]+(?: [^\W\d_]+)?)")
_PER_PIECE = re.compile(r" ?/ ?[^\W\d_]+(?: [^\W\d_]+)?$")
_NO_PIECES = frozenset({*_SCALES, "đồng", "dong", "vnđ", "vnd", "đ"})


def read_number(text: str, *, grouping_expected: bool = False) -> NumberReading:
    """The number that the text is: "." groups and "," decimals, the US way round where only that is possible.

    "12.500" and "12,500" have two readings, the grouped one first; `grouping_expected` (money, columns of whole
    numbers) takes it. "1.5" cannot be grouping and is 1.5 even then. "(5)" is -5 for bookkeepers, 5 for others.
    No percent and no exponent. More than 18 digits before or 24 digits in all are not a number here.
    """
    spelled = _spelled(text)
    if " " in spelled:
        spelled = _SPACED_GROUP.sub(r"\1", spelled)
    if spelled.startswith("(") and (bracketed := _BRACKETS.fullmatch(spelled)):
        return _either_sign(read_number(bracketed[1], grouping_expected=grouping_expected))
    sign, digits = _signed(spelled)
    for group, shape in _GROUPS.items():
        if shape.fullmatch(digits):
            return _one(sign, digits.replace(group, ""))
    if not _SIMPLE.fullmatch(digits):
        return _NOTHING
    if not _ONE_GROUP.fullmatch(digits):
        return _one(sign, digits)
    grouped = _one(sign, digits.replace(".", "").replace(",", ""))
    if grouping_expected or grouped.value is None:
        return grouped
    return NumberReading(ambiguous=(grouped.value, Decimal(sign + digits.replace(",", "."))))


def read_money(text: str) -> NumberReading:
    """The whole number of đồng that the text is, with or without words: "1,2 tỷ", "3tr5", "500k", "30 x 1tr".

    A bare tail counts the next smaller word: "2 tỷ 350" is 2.350.000.000; glued, it is decimals: "3tr5" is
    3.500.000. "2 tỷ 5" (spoken: 2,5 tỷ), "2 tỷ 350 đồng" and "1.500 triệu" have two readings. Prices per unit
    ("1tr2/suất"), parts of a đồng, approximations and sums from 10^18 are not readable.
    """
    spelled = _spelled(text)
    if len(spelled) > _MAX_LENGTH:
        return _NOTHING
    if _FIGURES.fullmatch(spelled):
        return _reading(_amounts(spelled))
    spelled = _AND.sub("", _HALF.sub("5", _SPACED_GROUP.sub(r"\1", spelled)))
    if bracketed := _BRACKETS.fullmatch(spelled):
        return _either_sign(read_money(bracketed[1]))
    worked_out, equals, stated = spelled.partition("=")
    readings = _worked_out(worked_out.strip())
    if equals:
        # "30 x 500.000 = 15.000.000": both sides must be sums, and where they differ both are told
        told = _worked_out(stated.strip())
        readings = [*readings, *told] if readings and told else []
    return _reading(readings)


def _worked_out(spelled: str) -> list[int]:
    """All amounts that a sum, or a number of pieces times their price, may mean."""
    factors = _TIMES.split(spelled)
    if len(factors) == 1:
        return _amounts(spelled)
    if len(factors) != 2 or "-" in spelled:
        return []
    # One factor counts pieces, the other is their price: money times money means nothing.
    for count, price in (factors, factors[::-1]):
        pieces = _pieces(count)
        if pieces is not None:
            return [pieces * amount for amount in _amounts(_PER_PIECE.sub("", price))]
    return []


def _pieces(count: str) -> int | None:
    """The whole number in "30" or "30 suất"; None where that is money or nothing to count."""
    named = _PIECES.fullmatch(count)
    if named and not _NO_PIECES.isdisjoint(named[2].split()):
        return None
    pieces = read_number(named[1] if named else count, grouping_expected=True).value
    return int(pieces) if pieces is not None and pieces == int(pieces) else None


def format_number(value: int | Decimal, decimals: int | None = None) -> str:
    """The number in Vietnamese style, 1.234.567,5; exactly `decimals` decimals (half up), or as many as it has."""
    if decimals is not None:
        exact = Context(prec=max(len(Decimal(value).as_tuple().digits), Decimal(value).adjusted() + 1) + decimals + 2)
        value = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, exact)
    text = f"{Decimal(value):,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not value:
        text = text.removeprefix("-")
    return text.translate(str.maketrans(".,", ",."))


def _spelled(text: str) -> str:
    """The text in lower case and half width, every minus a hyphen; a line end stays and spoils a number."""
    return clean(halfwidth(clean(text)).casefold().translate(_SIGNS))


def _signed(spelled: str) -> tuple[str, str]:
    """The sign ("" or "-") and the rest; a plus says nothing."""
    if spelled.startswith(("-", "+")):
        return spelled[0].strip("+"), spelled[1:].lstrip()
    return "", spelled


def _either_sign(reading: NumberReading) -> NumberReading:
    """A number in brackets: below zero for bookkeepers, for others the same number."""
    found = reading.ambiguous if reading.value is None else (reading.value,)
    both = tuple(dict.fromkeys(signed for one in found for signed in (-one, one)))
    return NumberReading(abs(both[0])) if len(both) == 1 else NumberReading(ambiguous=both)


def _one(sign: str, digits: str) -> NumberReading:
    """The only reading of digits with at most one decimal sign."""
    whole, _, rest = digits.replace(",", ".").partition(".")
    if len(whole) > _MAX_WHOLE or len(whole) + len(rest) > _MAX_DIGITS:
        return _NOTHING
    value = Decimal(f"{whole}.{rest}" if rest else whole)
    return NumberReading(-value if sign and value else value)


def _reading(amounts: Iterable[int]) -> NumberReading:
    """The possible amounts as a reading, those too large left out and equal ones taken once."""
    possible = [Decimal(amount) for amount in dict.fromkeys(amounts) if abs(amount) < 10**_MAX_WHOLE]
    return NumberReading(possible[0]) if len(possible) == 1 else NumberReading(ambiguous=tuple(possible))


def _amounts(spelled: str) -> list[int]:
    """All amounts that one sum of money may mean, the likelier first."""
    sign, rest = _signed(spelled)
    figures = _CURRENCY_AFTER.sub("", _CURRENCY_BEFORE.sub("", _ROUND.sub("", rest), count=1)).strip()
    plain = read_number(figures, grouping_expected=True).value
    if plain is not None:
        amounts = [int(plain)] if plain == int(plain) and not figures.startswith("-") else []
    else:
        amounts = _scaled(figures, named=figures != rest)
    return [-amount for amount in amounts] if sign else amounts


def _scaled(figures: str, *, named: bool) -> list[int]:
    """Amounts of "2 tỷ 350 triệu" and the like: each part smaller than the one before. `named`: đồng was said."""
    totals, larger, at = [0], 0, 0
    while totals and at < len(figures):
        part = _PART.match(figures, at)
        scale = _SCALES.get(part[2]) if part else None
        if part is None or (part[2] and scale is None) or (scale and larger and scale >= larger):
            return []
        at, first, last = part.end(), not larger, part.end() == len(figures)
        if scale:
            # Only the last part may have decimals: "1,5 tỷ 200 triệu" is a slip of the pen.
            values = [value for value in _products(part[1], scale) if last or value % scale == 0]
            if not first and (len(values) != 1 or values[0] >= larger):
                return []
        elif first or not last:
            return []
        else:
            values = _tail(part[1], larger, glued=not part[0].startswith(" "), named=named)
        totals = [total + value for total in totals for value in values]
        larger = scale or 1
    return totals if larger else []


def _products(number: str, scale: int) -> list[int]:
    """Readings of the number times the scale, where that is a whole number of đồng."""
    reading = read_number(number)
    candidates = reading.ambiguous if reading.value is None else (reading.value,)
    return [int(value * scale) for value in candidates if value * scale == int(value * scale)]


def _tail(number: str, larger: int, *, glued: bool, named: bool) -> list[int]:
    """What a number without a word may mean after one of `larger`."""
    if len(number) <= 3 and number.isdecimal():
        as_decimals = int(number) * larger // 10 ** len(number)
        if glued:
            return [as_decimals]
        readings = [int(number) * larger // 1000, as_decimals, int(number)]
        return list(dict.fromkeys(readings if named else readings[:2]))
    # "5 triệu 200.000": written out, it must fill the places that the word left open.
    written = read_number(number, grouping_expected=True).value
    if written is None or written != int(written) or not larger // 1000 <= written < larger:
        return []
    return [int(written)]
