"""A return as rules see it: single answers, rows of tables, and where each cell stands, filled or empty.

In:   values and the layout that `normalise` found. Out: Returned, Layout, Neighbours.
Pure. Imports model, issues and the addresses of office.workbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from generator.issues import Place
from generator.model import CellKey, Scalar, Value
from generator.office.workbook.address import address


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Where a table stands in one workbook: its sheet's name there, its columns, and the row above its first one."""

    sheet: str
    columns: Mapping[str, int]
    above: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of a form stand in one workbook; rows and columns may have been inserted."""

    fields: Mapping[str, tuple[str, CellKey]] = field(default_factory=dict)
    tables: Mapping[str, TableLayout] = field(default_factory=dict)


Row = Mapping[str, Value]
"""The values of one row of a table, by field code; an empty cell has no entry."""


@dataclass(frozen=True)
class Returned:
    """A return normalised: its values, and the cell of every field whether it holds something or not."""

    file: str
    values: tuple[Value, ...] = ()
    layout: Layout = field(default_factory=Layout)

    @cached_property
    def singles(self) -> Mapping[str, Value]:
        """Single answers by field code."""
        return {value.field: value for value in self.values if not value.table}

    @cached_property
    def tables(self) -> Mapping[str, Mapping[int, Row]]:
        """Rows that hold something, by table code and row number."""
        found: dict[str, dict[int, dict[str, Value]]] = {}
        for value in self.values:
            if value.table:
                found.setdefault(value.table, {}).setdefault(value.row, {})[value.field] = value
        return found

    def rows(self, table: str) -> Mapping[int, Row]:
        """The rows of a table that hold something, by row number."""
        return self.tables.get(table, {})

    def single(self, code: str) -> Scalar:
        """The typed value of a single answer; None where nothing stands or nothing could be read."""
        found = self.singles.get(code)
        return found.value if found else None

    def asks(self, path: str) -> bool:
        """Whether the workbook has the field at all: one made from an older form may not."""
        table_code, _, code = path.rpartition(".")
        if not table_code:
            return code in self.layout.fields
        table = self.layout.tables.get(table_code)
        return table is not None and code in table.columns

    def place(self, path: str, row: int = 0) -> Place:
        """The cell of "field" or of "table.column" in a row, also when it is empty."""
        table_code, _, code = path.rpartition(".")
        if table_code:
            table = self.layout.tables.get(table_code)
            if table is None or code not in table.columns:
                return Place(self.file)
            return Place(self.file, table.sheet, address(table.above + row, table.columns[code]) if row else "")
        if code not in self.layout.fields:
            return Place(self.file)
        sheet, key = self.layout.fields[code]
        return Place(self.file, sheet, address(key.row, key.column))

    def total_place(self, path: str) -> Place:
        """The cell of the total of "table.column", which stands above the first row."""
        table_code, _, code = path.rpartition(".")
        table = self.layout.tables.get(table_code)
        if table is None or code not in table.columns:
            return Place(self.file)
        return Place(self.file, table.sheet, address(table.above, table.columns[code]))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What rules may know beyond the return: the campaign's period, the assignments, last year's return."""

    start: date
    end: date
    assigned: frozenset[str] = frozenset()
    previous: Returned | None = None
