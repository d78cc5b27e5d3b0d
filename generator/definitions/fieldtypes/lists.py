"""Answers of a list: choices, partners, yes and no.

In:   raw cells, the choices. Out: Reading: a code, a truth, or what to ask. Pure. Imports the base of the family,
      near_labels, vietnamese, definitions.forms, model. Whatever only looks like a label is suggested, never taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from generator.definitions.fieldtypes.base import LONGEST_ANSWER, CellCheck, FieldType, Reading, raw_text
from generator.definitions.forms import Choice, Field
from generator.definitions.near_labels import nearest_label, without_kind
from generator.model import Raw, Scalar
from generator.vietnamese.text import clean, halfwidth, matching_key, unaccented

_KINDS = {"x": "xã", "p": "phường", "tt": "thị trấn", "tx": "thị xã", "tp": "thành phố", "h": "huyện"}
_ABBREVIATED = re.compile(r"(?:(x|p|h|tt|tx|tp)\. ?|(tt|tx|tp) )(?=.)")


@lru_cache(maxsize=64)
def _answers(choices: tuple[Choice, ...]) -> Mapping[str, str]:
    """Codes by label and by matching key of label and code; a key that two choices share never decides."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for choice in choices:
        for key in {matching_key(choice.label), matching_key(choice.code)}:
            if found.setdefault(key, choice.code) != choice.code:
                shared.add(key)
    # an exact label is what the dropdown writes; of two equal ones the first stands, as in the list
    exact = {choice.label: choice.code for choice in reversed(choices)}
    return {key: code for key, code in found.items() if key not in shared} | exact


@lru_cache(maxsize=64)
def _loose_answers(choices: tuple[Choice, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Codes by label without the word for its kind ("Trà Don"), and by label without accents; unique ones only."""
    short: dict[str, set[str]] = {}
    bare: dict[str, set[str]] = {}
    for choice in choices:
        key = matching_key(choice.label)
        short.setdefault(without_kind(key), set()).add(choice.code)
        for name in {key, without_kind(key)}:
            bare.setdefault(unaccented(name), set()).add(choice.code)
    return _unique(short), _unique(bare)


def _unique(found: Mapping[str, set[str]]) -> dict[str, str]:
    return {key: min(codes) for key, codes in found.items() if len(codes) == 1}


_LATEST: dict[int, tuple[tuple[Choice, ...], Mapping[str, str]]] = {}
_MOST_LISTS = 64


def _answers_of(choices: Sequence[Choice]) -> Mapping[str, str]:
    """As `_answers`, without hashing two hundred choices for each cell: the same tuple comes again and again."""
    kept = _LATEST.get(id(choices))
    if kept is not None and kept[0] is choices:
        return kept[1]
    if not isinstance(choices, tuple):
        return _answers(tuple(choices))
    if len(_LATEST) >= _MOST_LISTS:
        _LATEST.clear()
    found = _answers(choices)
    # the tuple is kept beside its answers, so that its id cannot become another one's
    _LATEST[id(choices)] = (choices, found)
    return found


class ChoiceType(FieldType):
    """One answer of a list; the register keeps its code."""

    name = "choice"
    description = "Chọn một mục trong danh sách thả xuống."

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        answers = _answers_of(choices)
        if isinstance(raw, str) and raw in answers:
            return Reading(answers[raw])
        shown = clean(raw_text(raw))
        key = self._key(shown[:LONGEST_ANSWER])
        code = answers.get(shown) or answers.get(key)
        if code is None and isinstance(raw, str):
            code = self._loosely(key, choices)
        if code is not None:
            return Reading(code)
        near = nearest_label(shown, choices) if len(shown) <= LONGEST_ANSWER else ""
        if near:
            return Reading(None, "cell.choice_unknown", {"value": shown, "near": near})
        return Reading(None, "cell.choice_not_listed", {"value": shown})

    def _key(self, shown: str) -> str:
        return matching_key(halfwidth(shown)).strip(" .;,")

    def _loosely(self, key: str, choices: Sequence[Choice]) -> str | None:
        """The code of the only label that is the key when accents are left out, of a key that has none itself."""
        return _loose_answers(tuple(choices))[1].get(key) if key == unaccented(key) and not key.isdecimal() else None

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("list", message="Chọn một mục trong danh sách.")

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return next((choice.label for choice in choices if choice.code == value), "")


class PartnerType(ChoiceType):
    """A partner of the registry, chosen by name; the register keeps its code."""

    name = "partner"
    description = "Chọn tên đơn vị trong danh sách thả xuống."

    def _key(self, shown: str) -> str:
        key = super()._key(shown)
        found = _ABBREVIATED.match(key)
        return f"{_KINDS[found[1] or found[2]]} {key[found.end() :]}" if found else key

    def _loosely(self, key: str, choices: Sequence[Choice]) -> str | None:
        # people leave out "xã" where only one place has the name; its accents decide, as everywhere
        return _loose_answers(tuple(choices))[0].get(key) or super()._loosely(key, choices)

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("list", strict=False, message="Chọn tên trong danh sách để không nhầm đơn vị.")


def _keys(*words: str) -> frozenset[str]:
    return frozenset(map(matching_key, words))


_YES_SIGNS = "c x v ✓ ✔ ✅ ☑ ☒ √ true yes y ok 1"
_YES = _keys(*_YES_SIGNS.split(), "có", "co", "đúng", "dung", "rồi", "roi", "đã", "có rồi", "đã có", "co roi", "da co")
_NO_SIGNS = "không khong ko k kg chưa chua sai false no n 0 ✗ ✘ ✕"
_NO = _keys(*_NO_SIGNS.split(), "chưa có", "chua co", "không có", "khong co", "ko có", "ko co", "không phải")
"""Words as their matching keys. A lone dash, "có/không" and "không rõ" are neither: they are asked about."""


class YesNo(FieldType):
    """Yes or no."""

    name = "yes_no"
    description = "Chọn Có hoặc Không."
    align = "center"
    wrap = False

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        shown = clean(raw_text(raw))
        key = matching_key(halfwidth(shown[:LONGEST_ANSWER])).strip(" .;,!()[]")
        if key in _YES:
            return Reading(True)
        if key in _NO:
            return Reading(False)
        return Reading(None, "cell.not_yes_no", {"value": shown})

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("list", message="Chọn Có hoặc Không.")

    def text(self, value: Scalar, field: Field, choices: Sequence[Choice] = ()) -> str:
        return {True: "Có", False: "Không"}.get(value, "") if isinstance(value, bool) else ""
