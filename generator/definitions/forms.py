"""Forms as data: the records that templates/forms/*.yaml are loaded into.

In:   nothing. Out: Form and its parts, and the questions every stage asks of them.
Pure. Imports issues at most. `definitions.load` makes these records and checks every name in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from generator.issues import Severity


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a list. `group` is the code of a wider choice (a kind of help belongs to a field of work)."""

    code: str
    label: str
    group: str = ""


SIDES = (Choice("giup", "bên giúp đỡ"), Choice("nhan", "nơi nhận"))
"""Who sends a form that both sides send."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question: a single cell, or a column of a table."""

    code: str
    label: str
    type: str
    """Name in `fieldtypes.FIELD_TYPES`."""
    required: bool = False
    unit: str = ""
    choices: str = ""
    """Code of the list that a choice or partner field draws from."""
    help: str = ""
    prefill: str = ""
    """What the board writes into the blank, by name from `PREFILLS` ("" leaves it to the partner)."""
    locked: bool = False
    key: str = ""
    """What stands in the key row of a table: "A", "1", "3=1×2"."""
    width: float = 14
    heading: str = ""
    """A heading row printed above this field."""
    total: bool = False
    """Whether the table's total row sums this column."""
    minimum: int | None = None
    maximum: int | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A plain range of rows, unlocked; rows may be inserted anywhere between its first row and its end mark."""

    code: str
    columns: tuple[Field, ...]
    rows: int = 100

    def column(self, code: str) -> Field | None:
        """The column of that code, if there is one."""
        return next((column for column in self.columns if column.code == code), None)


class SheetKind(StrEnum):
    """What a sheet is for: guide and checks are generated, the other two are filled in."""

    GUIDE = "guide"
    FIELDS = "fields"
    TABLE = "table"
    CHECKS = "checks"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook. A `fields` sheet has fields, a `table` sheet one table."""

    code: str
    title: str
    kind: SheetKind
    heading: str = ""
    fields: tuple[Field, ...] = ()
    table: Table | None = None
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a form. `params` are checked against the rule type when the form is loaded."""

    code: str
    type: str
    """Name in `rules.RULES`."""
    label: str
    """What the sheet Kiểm tra calls it."""
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR
    why: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A workbook that a kind of partner owes every year."""

    code: str
    version: str
    title: str
    issued_with: str
    """The line "Ban hành kèm theo …" of the title block."""
    role: str
    """Who owes it: "gives", "receives", "both" (whoever does either) or "board"; "" for the board's own registry."""
    sheets: tuple[Sheet, ...]
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    unit: str = "đồng"
    years: int = 1
    """How many years a return covers; the campaign's is the last of them."""
    intro: tuple[str, ...] = ()
    """Paragraphs that open the sheet Hướng dẫn."""
    file: str = ""

    def field(self, path: str) -> Field | None:
        """The field at "field" or "table.column"."""
        table_code, _, code = path.rpartition(".")
        if table_code:
            table = self.table(table_code)
            return table.column(code) if table else None
        return next((found for sheet in self.sheets for found in sheet.fields if found.code == path), None)

    def table(self, code: str) -> Table | None:
        """The table of that code, if there is one."""
        return next((sheet.table for sheet in self.sheets if sheet.table and sheet.table.code == code), None)

    def sheet_of(self, path: str) -> Sheet:
        """The sheet that holds a field path, a table or a sheet code; KeyError when there is none."""
        head = path.split(".", maxsplit=1)[0]
        for sheet in self.sheets:
            if head in (sheet.code, sheet.table.code if sheet.table else "") or any(
                f.code == path for f in sheet.fields
            ):
                return sheet
        raise KeyError(path)

    def paths(self) -> Iterator[tuple[str, Field]]:
        """Every field with its path, in the order of the sheets."""
        for sheet in self.sheets:
            for single in sheet.fields:
                yield single.code, single
            if sheet.table:
                for column in sheet.table.columns:
                    yield f"{sheet.table.code}.{column.code}", column
