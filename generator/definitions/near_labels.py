"""Near labels: which choices somebody may have meant, and which heading a text may be. Hints, never decisions.

In:   a text, choices. Out: their labels; the key of a heading. Pure. Imports definitions.forms, vietnamese; rapidfuzz.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from generator.definitions.forms import Choice
from generator.vietnamese.legacy import guessed
from generator.vietnamese.text import bare_key, halfwidth, matching_key

OR = "” hay “"
LONGEST_HEADING = 160
"""Letters of the longest text that is taken for a heading."""

MOST_NAMED = 4
"""So many labels are suggested at most."""

_KIND = re.compile(r"^(?:xã|xa|phường|phuong|thị trấn|thi tran|thị xã|thi xa|huyện|huyen|thành phố|thanh pho) (?=.)")
_LISTED = re.compile(r"[,;/+]| và ")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SIGNS = re.compile(r"[^a-z0-9]+")
_ORDINAL = re.compile(r"^(?:[0-9]{1,2}|[a-z]|[ivx]{1,4}) (?=[a-z])")


def nearest_label(text: str, choices: Sequence[Choice]) -> str:
    """The label that looks most like the text, or "" when none does; several where nothing decides between them.

    Several bear one name; several are one without accents (Trà Don, Trà Dơn); the text names several; or is of
    before Unicode.
    """
    key = matching_key(text)
    namesakes = [choice.label for choice in choices if key and matching_key(choice.label.partition(" (")[0]) == key]
    if namesakes:
        return OR.join(namesakes)
    labels = _labels(tuple(choices))
    bare = without_kind(bare_key(text))
    alike = [label for label, full, short in labels if bare and bare in (full, short)]
    parts = {without_kind(bare_key(part)) for part in _LISTED.split(text)} - {""}
    named = alike or [label for label, full, short in labels if full in parts or short in parts]
    if named:
        return OR.join(named[:MOST_NAMED])
    meant = guessed(text)
    return nearest_label(meant, choices) if meant and meant != text else _most_like(text, labels)


def without_kind(key: str) -> str:
    """The key of a place without the word for its kind: "trà don" of "xã trà don"."""
    return _KIND.sub("", key, count=1)


@lru_cache(maxsize=64)
def _labels(choices: tuple[Choice, ...]) -> tuple[tuple[str, str, str], ...]:
    """Each label with its key without accents, and that without the word for its kind."""
    keys = ((choice.label, bare_key(choice.label)) for choice in choices)
    return tuple((label, key, without_kind(key)) for label, key in keys)


def _most_like(text: str, labels: Sequence[tuple[str, str, str]]) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  only wanted when somebody mistyped

    found = process.extract(bare_key(text), [full for _, full, _ in labels], scorer=fuzz.WRatio, limit=MOST_NAMED)
    near = [labels[place][0] for _, score, place in found if score >= max(75, found[0][1])]
    return OR.join(near)


# --- headings ---------------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def heading_key(text: str) -> str:
    """What a heading and the same one typed again share: letters and digits, no accents, no remark in brackets.

    A number or letter before it ("1. ", "a) ") is left out too. "" for what is too long to be a heading.
    """
    if len(text) > LONGEST_HEADING:
        return ""
    key = bare_key(halfwidth(text))
    # a heading that is nothing but a remark is that remark
    bare = _SIGNS.sub(" ", _REMARK.sub(" ", key)).strip() or _SIGNS.sub(" ", key).strip()
    return _ORDINAL.sub("", bare)


def likeness(text: str, label: str) -> float:
    """How much a heading looks like the label it may have been, 0 to 100."""
    from rapidfuzz import fuzz  # noqa: PLC0415  only wanted when somebody typed a heading anew

    return fuzz.ratio(heading_key(text), heading_key(label))
