"""What keeps a text from being a number, so that people can be told what to type.

In:   a text that is no plain number, and how the number in it is read. Out: Doubt; whether two words name one unit.
Pure. Imports vietnamese (numbers, text). Nothing found here is ever taken for a value: it is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from generator.vietnamese.numbers import NumberReading
from generator.vietnamese.text import bare_key, clean, halfwidth, matching_key, unaccented


class DoubtKind(StrEnum):
    """Why a text is no number."""

    UNIT = "unit"
    """A number, and a unit behind it."""
    ESTIMATE = "estimate"
    """About, more than, from … to: no single number."""
    NONE = "none"
    """Words or signs for none, or for not known."""
    SLIP = "slip"
    """The letter o or l where a digit was meant."""


class Doubt(NamedTuple):
    """Why a text is no number, and the number that stands in it, if there is one."""

    kind: DoubtKind
    number: Decimal | None = None
    unit: str = ""


Read = Callable[[str], NumberReading]
_MAX_LENGTH = 60

# All are matched against the text without accents and capitals: "khoang 30" and "Khoảng 30" are asked about alike.
_ESTIMATED = re.compile(
    r"(?:(?:(?:uoc|khoang|chung|tam|co|do|gan|hon|tren|duoi|toi thieu|toi da|it nhat|nhieu nhat|khong qua|xap xi)"
    r"(?: (?:tinh|dat|chung|khoang|hon|duoi|gan|tren))*(?: |(?=[0-9])))|[~≈≤≥±]|[<>]=?) ?(?=[0-9])"
)
_OPEN = re.compile(r" ?(?:\+|(?:tro|do) (?:len|xuong|lai)|(?:co )?(?:hon|le|may))$")
_RANGE = re.compile(r" ?(?:[-~]|(?<![^\W\d_])(?:den|toi|hoac|hay)(?![^\W\d_])) ?")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)? ?e ?[+-]?[0-9]{1,3}")
_NO_ANSWER = re.compile(r"[-–—−./…_ ]+")
_NONE = re.compile(
    r"(?:khong|ko|k|chua)(?: (?:co|ro|biet|ghi|tinh duoc|thong ke(?: duoc)?|phat sinh))?|n/a|na|nil|none|null"
)
_UNIT = re.compile(r"(.*[0-9]) ?(%|[^\W\d_](?:[^\W\d_]|[ ²³'/.](?=[^\W\d_])){0,29}[²³]?)\.?", re.DOTALL)
_PER = re.compile(r"(.*[^ /]) ?(/ ?[^\W\d_](?:[^\W\d_]| (?=[^\W\d_])){0,29})\.?", re.DOTALL)
_LOOKALIKE = re.compile(r"[0-9o.,]*(?:[li](?=[0-9o])[0-9o.,]*)*")
_DIGITS = str.maketrans("oli", "011")

_SAME = {
    "hộ": ("hộ dân", "hộ gia đình", "gia đình"),
    "người": ("nhân khẩu", "khẩu"),
    "lượt người": ("lượt",),
    "lượt hộ": ("lượt",),
    "nhà": ("căn", "căn nhà", "ngôi nhà", "cái nhà"),
    "km": ("ki lô mét", "kilômét", "cây số"),
    "đồng": ("đ", "₫", "vnđ", "vnd", "đồng việt nam"),
    "%": ("phần trăm",),
}
"""Words that name the same unit: one and the same thing counted, never a larger, smaller or wider one."""


def same_unit(typed: str, unit: str) -> bool:
    """Whether the word that was typed names the unit; without accents it does too ("30 ho")."""
    key = matching_key(typed)
    return any(key in (matching_key(word), bare_key(word)) for word in (unit, *_SAME.get(unit, ()))) if unit else False


def without_unit(text: str, unit: str) -> str:
    """The text without the unit at its end, where that is the one asked for: "30 hộ" of a count of hộ is "30"."""
    found = _UNIT.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    return found[1] if found and same_unit(found[2], unit) else text


def doubt(text: str, read: Read, unit: str = "") -> Doubt | None:
    """Why a text that `read` cannot read is no number of that unit; None when there is no number to be seen in it."""
    spelled = clean(halfwidth(clean(text[: 2 * _MAX_LENGTH])).casefold())
    bare = unaccented(spelled)
    if len(spelled) > _MAX_LENGTH or len(bare) != len(spelled):
        return None
    if _NO_ANSWER.fullmatch(spelled) or _NONE.fullmatch(bare_key(spelled).strip(" .")):
        return Doubt(DoubtKind.NONE)
    if _EXPONENT.fullmatch(spelled):
        return Doubt(DoubtKind.ESTIMATE)

    def read_own(part: str) -> NumberReading:
        return read(without_unit(part.strip(), unit))

    return _estimate(spelled, bare, read_own) or _slip(spelled, read_own) or _other_unit(spelled, read)


def _says_something(reading: NumberReading) -> bool:
    return reading.value is not None or bool(reading.ambiguous)


def _estimate(spelled: str, bare: str, read: Read) -> Doubt | None:
    """More or less, more than, from … to."""
    start = _ESTIMATED.match(bare)
    end = _OPEN.search(bare)
    if start or end:
        inner = read(spelled[start.end() if start else 0 : end.start() if end else None])
        if _says_something(inner):
            return Doubt(DoubtKind.ESTIMATE, inner.value)
    begun = 3 if bare.startswith("tu ") else start.end() if start else 0
    for sign in _RANGE.finditer(re.sub("[–—−]", "-", bare), begun + 1):
        first, second = spelled[begun : sign.start()], spelled[sign.end() :]
        if first[:1].isdigit() and second[:1].isdigit() and all(_says_something(read(one)) for one in (first, second)):
            return Doubt(DoubtKind.ESTIMATE)
    return None


def _slip(spelled: str, read: Read) -> Doubt | None:
    """Letters that look like digits between digits."""
    if not _LOOKALIKE.fullmatch(spelled) or not re.search("[0-9]", spelled) or not re.search("[oli]", spelled):
        return None
    found = read(spelled.translate(_DIGITS)).value
    return None if found is None else Doubt(DoubtKind.SLIP, found)


def _other_unit(spelled: str, read: Read) -> Doubt | None:
    """A number with words behind it."""
    for form in (_PER, _UNIT):
        found = form.fullmatch(spelled)
        if found and _says_something(reading := read(found[1].strip())):
            return Doubt(DoubtKind.UNIT, reading.value, found[2].replace("/ ", "/"))
    return None
