"""Tables: what a workbook for the office consists of, as records.

In:   nothing. Out: TableSheet and its parts, for `draw`. Imports looks, which imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from generator.office.workbook.looks import Kind, Tone

NARROW = 75
"""Digits; a table up to this width leaves room for its chart beside it on a landscape page."""


class Rows(Protocol):
    """Rows that know their number. They are walked once; once more for links, and for a chart."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Sequence[object]]: ...


class Column(NamedTuple):
    """A column: its heading, its width in digits, how its values look, whether they are summed below."""

    heading: str
    width: float
    kind: Kind = "text"
    total: bool = False


class Link(NamedTuple):
    """A text that leads to "#'Sheet'!A1", to a path relative to the workbook, or to an address ("mailto:…")."""

    text: str
    target: str


class Chart(NamedTuple):
    """A chart of columns of the table, counted from 0. Stacked: the series stand on one another."""

    title: str
    kind: Literal["column", "bar", "line"]
    categories: int
    series: tuple[int, ...]
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class TableSheet:
    """One sheet: heading and lines on top, the table under its headings, notes below."""

    title: str
    """The tab: at most 31 letters, none of []:*?/\\."""
    heading: str
    lines: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Rows
    landscape: bool = True
    chart: Chart | None = None
    tones: Mapping[tuple[int, int], Tone] = field(default_factory=dict)
    """Colours by row and column, both from 0; column -1 is the whole row."""
    notes: tuple[str, ...] = ()
    frozen: int = 0
    """Columns on the left that stay in sight beside the headings."""
    empty: str = "Không có."
    """What stands in place of rows where there are none."""

    @property
    def head_row(self) -> int:
        """Row of the headings, from 1: the heading, the lines, and an empty row when there are any."""
        above = int(bool(self.heading)) + len(self.lines)
        return above + 2 if above else 1

    @property
    def last_row(self) -> int:
        """The last row of the table, without its totals."""
        return self.head_row + max(1, len(self.rows))

    @property
    def width(self) -> float:
        """Digits that fit into the columns together."""
        return sum(column.width for column in self.columns)

    @property
    def chart_beside(self) -> bool:
        """Whether the chart stands beside the table; below it where the table is wide."""
        return self.chart is not None and len(self.rows) > 0 and self.width <= NARROW
