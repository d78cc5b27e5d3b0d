"""Trace: a figure's code or its printed text -> the values, cells and other figures it was made from.

In:   figures as a report printed them, what somebody asks, values by id with their cells.
Out:  Traced records, and the objects of the JSON contract (design 5).
Pure. Imports model, definitions.aggregations, vietnamese; rapidfuzz for near misses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from types import MappingProxyType

from rapidfuzz import fuzz, process

from generator.definitions.aggregations import CHANGE, LABELS, OBLIGATIONS, RATIO, SCALED, SHARE
from generator.definitions.plans_names import TOTAL_GROUP
from generator.model import Figure, Scalar
from generator.vietnamese.numbers import format_number
from generator.vietnamese.text import clean, matching_key

NEAR_MISSES = 5
FORMULAS: Mapping[str, str] = MappingProxyType(
    {
        CHANGE: "(A − B) / B × 100",
        RATIO: "A / B × 100",
        SHARE: "A / tổng các số hạng × 100, làm tròn sao cho các phần cộng lại đúng 100",
        SCALED: "A chia cho đơn vị tính, làm tròn sao cho các phần cộng lại bằng tổng",
    }
)
"""By aggregation of a figure that is computed from others: how, with A, B… for its parts in their order."""
_SUM_OF_PARTS = "tổng các số hạng"
_TOTAL = f"[{TOTAL_GROUP}]"


@dataclass(frozen=True, slots=True)
class Traced:
    """A figure with every text that it was printed as."""

    figure: Figure
    printed: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The texts it was printed as, else its number in Vietnamese style."""
        return " | ".join(self.printed) or format_number(self.figure.value)

    @property
    def origin(self) -> str:
        """What it is and how it was made, in words: "tổng giá trị hỗ trợ: tổng của 50 ô"."""
        return f"{self.figure.label}: {self.making}"

    @property
    def making(self) -> str:
        """How it was made, in words: "tổng của 50 ô"."""
        words = LABELS.get(self.figure.aggregation, self.figure.aggregation)
        return words if self.figure.aggregation == OBLIGATIONS else f"{words} {len(self.figure.values)} ô"

    @property
    def formula(self) -> str:
        """How it was computed from its parts; "" for a figure that was made from values alone."""
        formula = FORMULAS.get(self.figure.aggregation, "") if self.figure.parts else ""
        if self.figure.aggregation == SHARE and self.figure.code.endswith(_TOTAL):
            return formula.replace("A /", f"{_SUM_OF_PARTS} /")
        return formula


@dataclass(frozen=True, slots=True)
class Changed:
    """What an officer's decision made of a cell. Its fields are the object `decision` of the JSON."""

    place: str
    """Where the decision stands: file, sheet and cell."""
    before: str
    """What the partner typed."""
    after: str
    """What the officer typed."""
    reason: str
    by: str
    day: str
    """In ISO form."""


@dataclass(frozen=True, slots=True)
class Source:
    """A value of a figure and the cell it stands in."""

    id: str
    file: str
    sha256: str
    sheet: str
    cell: str
    value: Scalar
    raw: str = ""
    decision: Changed | None = None
    """What corrected the cell; None where it counts as it came."""


def decided(cell: Source) -> str:
    """What was decided of a cell: what stood there, what counts now, why, by whom, where; "" for nothing."""
    one = cell.decision
    if one is None:
        return ""
    year, month, day = one.day.split("-")
    return (
        f"{cell.sheet}!{cell.cell}: đơn vị ghi “{one.before}”, sửa thành “{one.after}” theo quyết định của {one.by} "
        f"ngày {day}/{month}/{year}: {one.reason} ({one.place})."
    )


def find(figures: Sequence[Traced], what: str) -> list[Traced]:
    """The figures of that code (* for any text) or printed as that text; all for "".

    Spaces and their kinds do not matter, nor do capitals; "33,3 tỷ" finds "hơn 33,3 tỷ đồng".
    """
    asked = _plain(what)
    if not asked:
        return list(figures)
    by_code = [one for one in figures if one.figure.code == asked or fnmatchcase(one.figure.code, _glob(asked))]
    return by_code or [one for one in figures if any(_says(text, asked) for text in (*one.printed, one.shown))]


def _glob(asked: str) -> str:
    """The pattern with its brackets taken literally: they belong to codes."""
    return asked.replace("[", "[[]")


def _says(printed: str, asked: str) -> bool:
    """Whether the printed text holds the asked one as whole words and numbers."""
    return f" {_plain(asked).casefold()} " in f" {_plain(printed).casefold()} "


def _plain(text: str) -> str:
    return " ".join(clean(text).split())


def near(figures: Sequence[Traced], what: str) -> list[str]:
    """Codes of figures that look like what was asked, best first: by code or by label."""
    names = {one.figure.code: matching_key(f"{one.figure.code} {one.figure.label}") for one in figures}
    found = process.extract(
        matching_key(what[:200]), names, scorer=fuzz.partial_ratio, score_cutoff=60, limit=NEAR_MISSES
    )
    return [code for _, _, code in found]


def wanted_ids(figures: Iterable[Traced]) -> list[str]:
    """Ids of the values that these figures were made from, each once, in order."""
    return list(dict.fromkeys(value for one in figures for value in one.figure.values))


def parts_of(found: Iterable[Traced], known: Iterable[Traced]) -> dict[str, Traced]:
    """By code: the figures that the found ones were computed from, and what these were computed from in turn."""
    by_code = {one.figure.code: one for one in known}
    waiting = [code for one in found for code in one.figure.parts]
    parts: dict[str, Traced] = {}
    while waiting:
        code = waiting.pop(0)
        if code in by_code and code not in parts:
            parts[code] = by_code[code]
            waiting += by_code[code].figure.parts
    return parts


def arithmetic(one: Traced, parts: Mapping[str, Traced]) -> list[str]:
    """A computed figure in lines: its formula, then each part by its letter; nothing for one made from values."""
    if not one.formula:
        return []
    there = [parts[code].figure for code in one.figure.parts if code in parts]
    shown = (f"{letter_of(at)} = {part.code}: {format_number(part.value)}" for at, part in enumerate(there))
    return [f"{one.figure.code} = {one.formula}", *(f"  {line}" for line in shown)]


def letter_of(at: int) -> str:
    """The name of a part in a formula, from 0: A, B … Z, A1, B1 …"""
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at % 26]
    return f"{letter}{at // 26}" if at >= 26 else letter


def as_objects(
    figures: Iterable[Traced], sources: Mapping[str, Source], parts: Mapping[str, Traced] | None = None
) -> list[dict[str, object]]:
    """The JSON contract of `trace`: one object for each text a figure was printed as, with the cells of its values.

    A figure that stands nowhere in the document has one object, printed as "". `formula` names the `parts` A, B… in
    their order; both are empty for a figure made from values alone.
    """
    known = parts or {}
    return [
        {
            "figure": one.figure.code,
            "label": one.figure.label,
            "printed": text,
            "value": plain_number(one.figure.value),
            "unit": one.figure.unit,
            "aggregation": one.figure.aggregation,
            "values": list(one.figure.values),
            "cells": [_cell(sources[value]) for value in one.figure.values if value in sources],
            "formula": one.formula,
            "parts": [_part(known[code]) for code in one.figure.parts if code in known],
        }
        for one in figures
        for text in one.printed or ("",)
    ]


def _part(one: Traced) -> dict[str, object]:
    return {"code": one.figure.code, "printed": one.shown, "value": plain_number(one.figure.value)}


def _cell(source: Source) -> dict[str, object]:
    """A cell of the contract; `decision` only where one corrected it."""
    decided = {"decision": asdict(source.decision)} if source.decision else {}
    return {
        "id": source.id,
        "file": source.file,
        "sha256": source.sha256,
        "sheet": source.sheet,
        "cell": source.cell,
        "value": plain_number(source.value),
        "raw": source.raw,
        **decided,
    }


def plain_number(value: Scalar) -> Scalar:
    """The value as JSON holds it without loss: a decimal as text."""
    return str(value) if isinstance(value, Decimal) else value
