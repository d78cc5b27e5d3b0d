"""Texts -> keys that sort them as a Vietnamese dictionary and ICU (locale vi, numbers by value) do.

In:   any text. Out: a tuple to sort by; two texts have equal keys only if they are equal once cleaned.
Imports vietnamese.text only. Source of the rules: domain facts, section 5.6; CLDR for signs and tones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from generator.vietnamese.text import clean, halfwidth

OrderKey = tuple[tuple[tuple[int, int, str], ...], tuple[tuple[int, ...], ...], tuple[int, ...], str]
"""Letters, signs and numbers of the whole text; then its tones; then its capitals; then the text itself."""

# Spaces and signs count, and stand before numbers and letters: "Tà Bhing" before "Tam Kỳ", "Ch'ơm" before "Chà Vàl".
_SIGN, _NUMBER, _LETTER, _OTHER = range(4)
_SIGNS = {sign: place for place, sign in enumerate("\t\n _-–—,;:!?.…'\"“”()[]{}@*/\\&#%`^+<=>|~$")}
_SAME_SIGN = str.maketrans("’‘ʼ‐‑−", "'''---")
_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_SHAPES = {"\u0306": "ă", "\u0302": "âêô", "\u031b": "ơư"}
_BARE = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u"}
_SHAPED = {(_BARE[letter], mark): letter for mark, letters in _SHAPES.items() for letter in letters}
_TONES = {mark: place for place, mark in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}
_FOREIGN_MARK = 6
_ELEMENT = re.compile(r"[0-9]+|.[\u0300-\u036f]*", re.DOTALL)


@lru_cache(maxsize=8192)  # the names of a registry, which every list of a run sorts again
def order_key(text: str) -> OrderKey:
    """What to sort the text by: a ă â b c d đ …; "Sở 2" before "Sở 10".

    Tones (ngang, huyền, hỏi, ngã, sắc, nặng) decide only between texts whose letters are all the same, capitals
    (after small letters) only where the tones are the same too.
    """
    kept = clean(text)
    primary, tones, capitals = [], [], []
    for element in _ELEMENT.findall(unicodedata.normalize("NFD", halfwidth(kept).translate(_SAME_SIGN))):
        base = element[0].lower()
        if "0" <= base <= "9":
            # By length, then by digits: the value, without making a number of a thousand digits.
            digits = element.lstrip("0")
            primary.append((_NUMBER, len(digits), digits))
            marks = ""
        else:
            letter, marks = _letter(base, element[1:])
            primary.append(_place(letter))
        tones.append(tuple(_TONES.get(mark, _FOREIGN_MARK + ord(mark)) for mark in marks))
        capitals.append(int(base != element[0]))
    return tuple(primary), tuple(tones), tuple(capitals), kept


def _letter(base: str, marks: str) -> tuple[str, str]:
    """The letter that a base and its marks make (a and a breve are ă), and the marks left over."""
    for mark in marks:
        if shaped := _SHAPED.get((base, mark)):
            return shaped, marks.replace(mark, "", 1)
    return base, marks


def _place(sign: str) -> tuple[int, int, str]:
    """Where a letter or sign stands among all; what is in neither list stands last, in Unicode's order."""
    if sign in _LETTERS:
        return _LETTER, _LETTERS[sign], ""
    if sign in _SIGNS:
        return _SIGN, _SIGNS[sign], ""
    return _OTHER, ord(sign[0]), ""
