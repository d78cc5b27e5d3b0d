"""The house style of an office: zeros before small counts, the place of tones, numbers in words.

In:   the pieces of text in order, quotations blanked out; the rule with the office's choice. Out: faults.
Pure. Imports stages.inspect (formats, records), definitions.layout, vietnamese.house. What the office did not choose
is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from generator.definitions.layout import LayoutStandard, Rule
from generator.stages.inspect.formats import Fault
from generator.stages.inspect.records import Piece
from generator.vietnamese.house import toned

_Texts = Sequence[tuple[Piece, str]]

# After these words stands the name of a part, a day or a place in a row, and no count.
_NAMES = re.compile(
    r"(?:số|mục|điều|khoản|điểm|bảng|biểu|phần|chương|phụ lục|lần|thứ|quý|hạng|loại|cấp|vùng|khu vực|đợt|năm|tháng"
    r"|ngày)\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_ASIDE = re.compile(r"\([^)]*(?:\)|$)")
_TENS = re.compile(r"\b(?:trăm|nghìn|ngàn|triệu|tỷ|tỉ)\s+(lẻ|linh)\s+(?:một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín)\b")


def count_zeros(texts: _Texts, rule: Rule, _: LayoutStandard) -> Iterator[Fault]:
    """Counts below ten before the words that the office names."""
    wanted = rule.value("wanted")
    counts = _counts(tuple(rule.value("nouns", ())))
    for piece, text in texts:
        for found in counts.finditer(text):
            if bool(found["zero"]) != wanted and not _NAMES.search(text, 0, found.start()):
                right = f"{'0' * wanted}{found['digit']} {found['noun']}"
                yield Fault(piece, f"“{' '.join(found[0].split())}”", f"“{right}”")


@lru_cache(maxsize=4)
def _counts(nouns: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(nouns, key=len, reverse=True))) or r"(?!)"
    return re.compile(rf"(?<![\w.,/–-])(?P<zero>0?)(?P<digit>[1-9])\s+(?P<noun>{longest_first})\b")


def tones(texts: _Texts, rule: Rule, _: LayoutStandard) -> Iterator[Fault]:
    """Words in small letters whose tone stands in the other place.

    What has a capital may be a name, what follows it a part of one ("Sở Văn hóa"), and so may be what stands in
    brackets; names are written as their bearers write them.
    """
    placement = rule.value("like")
    for piece, text in texts:
        if toned(text, placement) == text:
            continue
        words = _WORD.findall(_ASIDE.sub(" ", text))
        for before, word in pairwise(["", *words]):
            right = toned(word, placement)
            if right != word and word.islower() and not before[:1].isupper():
                yield Fault(piece, f"“{word}”", f"“{right}”")


def tens_word(texts: _Texts, rule: Rule, _: LayoutStandard) -> Iterator[Fault]:
    """The word for empty tens in a number in words."""
    chosen = rule.value("word")
    for piece, text in texts:
        for found in _TENS.finditer(text):
            if found[1] != chosen:
                yield Fault(piece, f"“{found[0]}”", f"“{found[0].replace(f' {found[1]} ', f' {chosen} ')}”")
