"""Issues list: the faults of the current revisions, grouped, as `ketnghia issues` prints them.

In:   register, messages, a year, perhaps one partner. Out: IssueRow for each fault; groups of equal faults.
Imports the stage register, definitions.messages, model, issues.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.definitions.messages import Messages
from generator.issues import Severity
from generator.stages.register.database import Register

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One fault; its fields are the JSON contract (design, section 5)."""

    year: int
    form: str
    partner: str
    file: str
    sheet: str
    cell: str
    severity: Severity
    code: str
    message: str
    cure: str

    def contract(self) -> dict[str, object]:
        """The row as `issues --json` gives it."""
        return {name: getattr(self, name) for name in self.__slots__}


def issue_rows(register: Register, messages: Messages, year: int, partner: str | None = None) -> list[IssueRow]:
    """Every fault of the current revisions and of what could not be filed, by partner, errors first."""
    rows = [
        IssueRow(
            year=year,
            form=state.form,
            partner=state.partner,
            file=found.place.file or state.file,
            sheet=found.place.sheet,
            cell=found.place.cell,
            severity=found.severity,
            code=found.code,
            message=messages.sentence(found),
            cure=messages.cure(found),
        )
        for state, found in register.issues(year, partner)
    ]
    # sorted() keeps the order of sheets and cells within each severity
    return sorted(rows, key=lambda row: (row.partner, row.form, row.file, _ORDER[row.severity]))


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """The same fault at several cells of one sheet: one sentence, many places."""

    row: IssueRow
    cells: tuple[str, ...]


def grouped(rows: Iterable[IssueRow]) -> list[IssueGroup]:
    """Faults that read the same in one sheet, together, in the order in which each first appears."""
    found: dict[tuple[str, ...], list[IssueRow]] = {}
    for row in rows:
        key = (row.partner, row.form, row.file, row.severity, row.code, row.sheet, row.message)
        found.setdefault(key, []).append(row)
    return [IssueGroup(rows[0], tuple(row.cell for row in rows if row.cell)) for rows in found.values()]
