"""House style: how an office writes what the law leaves to it: counts below ten, tones, numbers in words.

In:   numbers and our own words, never a partner's. Out: Vietnamese text (NFC).
Imports vietnamese.amounts only. Source of the rules: domain facts, sections 2.4, 2.5 and 5.2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from generator.vietnamese.amounts import counted

OLD_TONES, NEW_TONES = "hòa", "hoà"
"""The two habits, named by one word: in an open oa, oe, uy the first vowel bears the tone, or the second."""
TENS_WORDS = ("lẻ", "linh")
NO_BREAK = "\u00a0"

_TONES = "\u0300\u0309\u0303\u0301\u0323"
_O, _U = "òỏõóọÒỎÕÓỌ", "ùủũúụÙỦŨÚỤ"
_AE, _Y = "àảãáạèẻẽéẹÀẢÃÁẠÈẺẼÉẸ", "ỳỷỹýỵỲỶỸÝỴ"
# A letter behind leaves no choice ("hoàn", "khuỷu"), nor does "qu", which is one consonant ("quý").
_OPEN = re.compile(rf"(?:[{_O}][aeAE]|[oO][{_AE}]|(?<![qQ])(?:[{_U}][yY]|[uU][{_Y}]))(?![^\W\d_]|[\u0300-\u036f])")
_NATION = re.compile("(cộng hòa xã hội chủ nghĩa việt nam)", re.IGNORECASE)
"""The law itself spells this name, and no office does."""
# Days and months have their own zeros (ND 30), parts of numbers and dates none.
_NOT_DATED = r"(?<![Nn]gày[ \u00a0])(?<![Tt]háng[ \u00a0])(?<![\w.,/–-])"
_COUNT = re.compile(_NOT_DATED + r"0([1-9])[ \u00a0](?=[^\W\d_])")

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
_SCALES = ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"))


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """The choices of one office; what it does not choose stays as usual, tones as they were typed."""

    leading_zero: bool = True
    """"05 xã" instead of "5 xã" in running text; a cell of a table has plain numbers in any case."""
    tones: str = ""
    """OLD_TONES, NEW_TONES, or "" for as typed."""
    tens_word: str = TENS_WORDS[0]
    """What stands for empty tens in a number in words: "một trăm lẻ năm"."""

    def count(self, number: int, noun: str = "") -> str:
        """A count in running text: "05 xã", "12 xã", "1.234 hộ"; 0 stays "0"."""
        return counted(number, noun, leading_zero=self.leading_zero)

    def own_words(self, text: str) -> str:
        """Our own words as the office writes them; doing it twice changes nothing more.

        Words of partners and names of the registry must not come here: they are printed as they were written.
        """
        text = _COUNT.sub(rf"{'0' * self.leading_zero}\1{NO_BREAK}", text)
        return text if text.isascii() else toned(text, self.tones)


USUAL = HouseStyle()
"""The style of an office that chose nothing."""


def toned(text: str, placement: str) -> str:
    """The text with its tones in the old or the new place; as it was for any other placement."""
    if placement not in (OLD_TONES, NEW_TONES):
        return text
    between = _NATION.split(text)
    between[::2] = [_OPEN.sub(lambda found: _vowels(found[0], placement), part) for part in between[::2]]
    return "".join(between)


def _vowels(vowels: str, placement: str) -> str:
    """Two vowels, of which one bears the tone."""
    spread = unicodedata.normalize("NFD", vowels)
    tone = next(mark for mark in spread if mark in _TONES)
    first, second = list(spread.replace(tone, ""))
    order = (first, tone, second) if placement == OLD_TONES else (first, second, tone)
    return unicodedata.normalize("NFC", "".join(order))


def number_words(number: int, tens_word: str = TENS_WORDS[0]) -> str:
    """A whole number in words: "hai nghìn không trăm lẻ năm", "âm một", "hai mươi mốt"."""
    if number < 0:
        return f"âm {number_words(-number, tens_word)}"
    return " ".join(_words(number, tens_word, inside=False)) or _DIGITS[0]


def _words(number: int, tens_word: str, *, inside: bool) -> Iterator[str]:
    """`inside`: larger groups have been read, so that empty hundreds and tens are said."""
    for scale, name in _SCALES:
        group, number = divmod(number, scale)
        if group:
            yield from _words(group, tens_word, inside=inside)
            yield name
            inside = True
    hundreds, below = divmod(number, 100)
    tens, ones = divmod(below, 10)
    if hundreds or (inside and below):
        yield f"{_DIGITS[hundreds]} trăm"
        inside = True
    if tens:
        yield "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    elif ones and inside:
        yield tens_word
    if ones:
        yield _AFTER_TENS.get(ones, _DIGITS[ones]) if tens > 1 or (tens and ones == 5) else _DIGITS[ones]
