"""A sheet of a workbook that stands for a sheet of the form, and what was read of it.

In:   raw sheets. Out: Found. Pure. Imports definitions (forms, grid), vietnamese, model.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from generator.definitions.forms import Sheet
from generator.definitions.grid import COLUMNS_MARK, VALUE_COLUMN, VALUE_MARK
from generator.model import Raw, RawSheet
from generator.vietnamese.text import clean

_NOTHING: tuple[Raw, ...] = ()

Key = tuple[int, int]
"""A row and a column, as in CellKey but cheaper to make: there are thousands."""


class Repair(NamedTuple):
    """What had to be done, or could not be decided, for a sheet to be read: an issue that is made later."""

    code: str
    key: Key | None
    params: Mapping[str, object]


@dataclass(slots=True)
class Found:
    """A sheet of the workbook that stands for a sheet of the form: it carries its mark, or its headings."""

    raw: RawSheet
    form_sheet: Sheet
    mark_column: int = 1
    marks: dict[str, int] = field(default_factory=dict)
    """Row of each mark; of two equal marks the first one stands."""
    second: list[tuple[str, int]] = field(default_factory=list)
    """Marks that stood before already, with their rows: somebody copied a row."""
    odd: Set[Key] = frozenset()
    """Cells that hold something although their raw value is empty: errors and uncalculated formulas."""
    taken: set[Key] = field(default_factory=set)
    """Cells that were read."""
    left: int = 0
    right: int = 0
    whole: set[int] = field(default_factory=set)
    """Rows of which every cell that holds something was read from column `left` + 1 to `right`."""
    own: set[Key] = field(default_factory=set)
    """Cells that are ours whatever they hold: codes, totals, headings typed again."""
    codes: tuple[Raw, ...] = ()
    """The row of codes as it was put together where the workbook's own one is lost or incomplete."""
    codes_row: int = 0
    """The row that `codes` stands for; it need not exist."""
    key_row: int = 0
    """The row of keys where the row of codes does not tell it."""
    repairs: list[Repair] = field(default_factory=list)

    def row(self, number: int) -> tuple[Raw, ...]:
        """The cells of a row; () where there is none."""
        if self.codes and number == self.codes_row:
            return self.codes
        return self.raw.rows[number - 1] if 0 < number <= len(self.raw.rows) else _NOTHING

    def at(self, key: Key) -> Raw:
        """What a cell holds; None outside the sheet."""
        row = self.row(key[0])
        return row[key[1] - 1] if 0 < key[1] <= len(row) else None

    def filled(self, key: Key) -> bool:
        """Whether a cell holds anything, be it an error."""
        return key in self.odd or holds(self.at(key))

    @property
    def value_column(self) -> int:
        """The column that holds the answers of a sheet of questions."""
        codes = self.row(self.marks.get(COLUMNS_MARK, 0))
        return codes.index(VALUE_MARK) + 1 if VALUE_MARK in codes else VALUE_COLUMN + self.mark_column - 1

    @property
    def height(self) -> int:
        """The last row that holds anything."""
        return max(len(self.raw.rows), max((row for row, _ in self.odd), default=0))


def holds(raw: Raw) -> bool:
    """Whether a raw value is more than spaces and invisible signs."""
    if isinstance(raw, str):
        # only what begins oddly can be nothing but spaces and invisible signs
        return raw != "" and (" " < raw[0] < "\x7f" or clean(raw) != "")
    return raw is not None
