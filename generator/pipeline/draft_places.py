"""Draft places: the lines of a rendered report -> where a draft has something to say.

In:   the lines of the body with their marks. Out: Places: figures to explain, numbers and words that are not there,
      what is filled in by hand. Pure. Imports the stage render, definitions.plans_names.
Figures of the body are explained all, in annexes only the totals: their rows are answered by `trace`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from generator.definitions.plans_names import TOTAL_GROUP
from generator.stages.render import NO_NUMBER, Kind, Line, Mark

ANNEX = re.compile(r"phụ lục(?: (?:[ivxlc]+[a-z]?|\d+))?", re.IGNORECASE)
"""The line that an annex begins with."""
TITLE = "báo cáo"
HAND_FILLED = {
    "số văn bản, ghi khi phát hành (cả ở đầu các phụ lục)": re.compile(r"\s*Số:\s+/"),
    "ngày, tháng ký": re.compile(r"ngày\s{2,}tháng"),
}
"""What the law has written by hand when the report is signed."""
_TOTAL = re.compile(r"(?:tổng|cộng)\b", re.IGNORECASE)


class Told(NamedTuple):
    """A mark where it stands."""

    line: int
    mark: Mark
    span: tuple[int, int]


class Empty(NamedTuple):
    """A table with signs in the place of numbers: the first of these cells, and how many there are."""

    line: int
    cells: int


class Places(NamedTuple):
    """Where a draft has something to say; lines are numbers of paragraphs."""

    title: int
    figures: tuple[Told, ...]
    untold: tuple[Told, ...]
    """Signs in the place of a number within a sentence."""
    unset: tuple[Told, ...]
    """Words of the letterhead that are not set, each where it is first asked for."""
    empty: tuple[Empty, ...]
    by_hand: tuple[tuple[int, str], ...]
    """What is written by hand, with its line."""


def places(lines: Sequence[Line]) -> Places:
    """Everything that is to be said of these lines, in their order."""
    body = list(takewhile(lambda line: line.table or not ANNEX.fullmatch(line.text.strip()), lines))
    spoken = [*body, *_totals(lines[len(body) :])]
    told = [Told(line.number, mark, (start, end)) for line in spoken for mark, start, end in line.marks]
    cells = {line.number for line in spoken if line.table and line.text.strip() == NO_NUMBER}
    every = [Told(line.number, mark, (start, end)) for line in lines for mark, start, end in line.marks]
    unset = {one.mark.name: one for one in reversed(every) if one.mark.kind is Kind.WORD}
    return Places(
        title=next((line.number for line in body if line.text.strip().casefold() == TITLE), 0),
        figures=tuple(one for one in told if one.mark.kind is Kind.FIGURE),
        untold=tuple(one for one in told if one.mark.kind is Kind.UNTOLD and one.line not in cells),
        unset=tuple(sorted(unset.values(), key=lambda one: (one.line, one.span))),
        empty=tuple(_empty([line for line in spoken if line.number in cells])),
        by_hand=tuple(_by_hand(body)),
    )


def keys_of(code: str) -> frozenset[str]:
    """The groups that a figure's code names: a unit, a commune, a year."""
    keys = code.partition("[")[2].removesuffix("]")
    return frozenset(keys.split(",")) - {TOTAL_GROUP} if keys else frozenset()


def _totals(lines: Sequence[Line]) -> Iterator[Line]:
    """What stands in an annex outside the rows of its members."""
    heads: dict[int, str] = {}
    groups: dict[int, list[frozenset[str]]] = {}
    for line in lines:
        heads.setdefault(line.row, line.text)
        groups.setdefault(line.row, []).extend(
            keys_of(mark.name) for mark, _, _ in line.marks if mark.kind is Kind.FIGURE
        )
    for line in lines:
        found = groups[line.row]
        # A row tells of one member when all its figures share a group; a row of signs only its head tells apart.
        total = not frozenset.intersection(*found) if found else _TOTAL.match(heads[line.row].strip())
        if not line.row or total:
            yield line


def _empty(cells: Sequence[Line]) -> Iterator[Empty]:
    by_table: dict[int, list[int]] = {}
    for cell in cells:
        by_table.setdefault(cell.table, []).append(cell.number)
    yield from (Empty(numbers[0], len(numbers)) for numbers in by_table.values())


def _by_hand(body: Sequence[Line]) -> Iterator[tuple[int, str]]:
    for what, pattern in HAND_FILLED.items():
        found = next((line.number for line in body if pattern.search(line.text)), None)
        if found is not None:
            yield found, what
