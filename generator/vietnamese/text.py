"""Text as people type it -> text that can be kept, and keys by which two spellings are found to be one.

In:   any text, hostile or not. Out: clean text, a matching key, a bare key. Nothing here raises.
Imports the standard library only. Source of the rules: domain facts, sections 5.2 and 5.3.
"""

from __future__ import annotations

import re
import unicodedata

# Plain ASCII and precomposed Latin letters need no work; most cells of a return are that and leave at once.
_SUSPECT = re.compile(r"[^\x20-\x7e\xc0-\u024f\u1e00-\u1eff]|[ÐðƉ]|_x00|  |^ | $")
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control, format, bidirectional and joining characters, lone surrogates, what XML cannot hold.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_ODD_SPACE = re.compile("[\xa0\u115f\u1160\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]")
_ESCAPE = re.compile("_x000[Dd]_\n|_x00([01][0-9A-Fa-f])_")
_MARK_HEAP = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_SPACES = re.compile(" {2,}")
_LINE_EDGE = re.compile(" ?\n ?")
_D_WITH_STROKE = str.maketrans("ÐƉðɖ", "ĐĐđđ")

_APOSTROPHES = dict.fromkeys(map(ord, "’‘‛ʼʻʹˈ′`´＇"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_SAME_SIGN = {**_APOSTROPHES, **_DASHES}
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

_TONE = re.compile("[\u0300\u0309\u0303\u0301\u0323]")
_VOWELS = re.compile("(?:[aeiouy][\u0300-\u036f]*){2,}")
# "kỳ" but not "thuý": y is the whole rhyme after a consonant, and "qu" counts as one.
_FINAL_Y = re.compile(r"(?:(?<=[bcdfghjklmnpqrstvwxzđ])|(?<=qu))[yỳỷỹýỵ](?![^\W\d_])")
_Y_TO_I = str.maketrans("yỳỷỹýỵ", "iìỉĩíị")
_ACCENTS = re.compile("[\u0300-\u036f]")


def clean(text: str) -> str:
    """The text in NFC with plain spaces and without what nobody can see; cleaning twice changes nothing.

    Newlines and tabs stay. Excel's `_x000D_` is the line end it stands for. Ð and Ɖ, which look like Đ, become
    Đ everywhere ("QÐ-UBND" too): no word of ours has the other letters. Spaces are single, none at a line's edge.
    """
    if not _SUSPECT.search(text):
        return text
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    if "_x00" in text:
        text = _ESCAPE.sub(_unescape, text)
    text = unicodedata.normalize("NFC", _MARK_HEAP.sub(_fewer_marks, text))
    text = _ODD_SPACE.sub(" ", text.translate(_D_WITH_STROKE))
    return _LINE_EDGE.sub("\n", _SPACES.sub(" ", text)).strip()


def halfwidth(text: str) -> str:
    """The text with the full-width digits, letters and signs of East Asian keyboards as ASCII."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def matching_key(text: str) -> str:
    """What two spellings of one name share; accents stay, so that Trà Don is not Trà Dơn.

    Folded: case, tone placement (hoà = hòa), final i/y (kỳ = kì), apostrophes, dashes, spaces. A key is for
    comparing only: a name is always printed as the registry spells it.
    """
    # Lower case can be decomposed where the capital was not, hence the second cleaning.
    key = clean(clean(text).casefold().translate(_SAME_SIGN))
    if not key.isascii():
        key = unicodedata.normalize("NFC", _VOWELS.sub(_tone_last, unicodedata.normalize("NFD", key)))
    return " ".join(_FINAL_Y.sub(lambda found: found[0].translate(_Y_TO_I), key).split())


def bare_key(text: str) -> str:
    """The matching key without accents (đ is d): for hints only, since it makes Trà Don and Trà Dơn one."""
    return unaccented(matching_key(text))


def unaccented(text: str) -> str:
    """The text without accents, every letter else as it stands: "Kỳ báo cáo" -> "Ky bao cao"."""
    letters = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", letters.replace("đ", "d").replace("Đ", "D"))


def _unescape(found: re.Match[str]) -> str:
    """The line end or tab behind `_x000D_`, a space for any other control character."""
    return {"0D": "\n", "0A": "\n", "09": "\t"}.get((found[1] or "0D").upper(), " ")


def _fewer_marks(found: re.Match[str]) -> str:
    """A run of signs with at most 30 combining marks: sorting a heap of them takes quadratic time."""
    kept, marks = [], 0
    for sign in found[0]:
        marks += unicodedata.combining(sign) != 0
        if marks <= 30 or not unicodedata.combining(sign):
            kept.append(sign)
    return "".join(kept)


def _tone_last(found: re.Match[str]) -> str:
    """A run of vowels with its tone after the last one: one place for all habits of placing it."""
    return _TONE.sub("", found[0]) + "".join(_TONE.findall(found[0]))
