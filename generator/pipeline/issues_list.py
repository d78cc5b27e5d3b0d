"""Issues list: the faults of the current revisions, grouped, as `ketnghia issues` prints them.

In:   register, messages, a year, perhaps one partner. Out: IssueRow for each fault; groups of equal faults.
Imports the stage register, definitions (messages, reasons), model, issues.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.definitions.messages import Messages
from generator.definitions.reasons import EXPLAINED
from generator.issues import Issue, Severity
from generator.stages.register.database import Register
from generator.stages.register.states import ObligationState

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
"""From what blocks to what only tells."""

MOST_CELLS = 12
"""Cells named in one line; a sentence that fills the screen is read by nobody."""


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
    reason: str = ""
    """Why it is right all the same, in the partner's words; "" while none is given."""

    def contract(self) -> dict[str, object]:
        """The row as `issues --json` gives it."""
        return {name: getattr(self, name) for name in self.__slots__}


def issue_row(found: Issue, messages: Messages, year: int, state: ObligationState | None = None) -> IssueRow:
    """The row of one issue; `state` says whose it is."""
    return IssueRow(
        year=year,
        form=state.form if state else "",
        partner=state.partner if state else "",
        file=found.place.file or (state.file if state else ""),
        sheet=found.place.sheet,
        cell=found.place.cell,
        severity=found.severity,
        code=found.code,
        message=messages.sentence(found),
        cure=messages.cure(found),
        reason=found.params.get(EXPLAINED, ""),
    )


def issue_rows(register: Register, messages: Messages, year: int, partner: str | None = None) -> list[IssueRow]:
    """Every fault of the current revisions and of what could not be filed, by partner, errors first."""
    rows = [issue_row(found, messages, year, state) for state, found in register.issues(year, partner)]
    # sorted() keeps the order of sheets and cells within each severity
    return sorted(rows, key=lambda row: (row.partner, row.form, row.file, SEVERITIES.index(row.severity)))


def decision_rows(register: Register, messages: Messages, year: int) -> list[IssueRow]:
    """What is wrong with the year's decisions themselves, errors first."""
    rows = [issue_row(found, messages, year) for found in register.decision_issues(year)]
    return sorted(rows, key=lambda row: SEVERITIES.index(row.severity))


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """The same fault at several cells of one sheet: one sentence, many places."""

    row: IssueRow
    cells: tuple[str, ...]

    def text(self) -> str:
        """`place: sentence`, cure and code, as a terminal shows it."""
        shown = ", ".join(self.cells[:MOST_CELLS]) + (" …" if len(self.cells) > MOST_CELLS else "")
        sheet = f"{self.row.sheet}!{shown}" if shown else self.row.sheet
        place = ":".join(part for part in (self.row.file, sheet) if part)
        several = f" ({len(self.cells)} ô)" if len(self.cells) > 1 else ""
        told = f"Lý do của đơn vị: “{self.row.reason}”." if self.row.reason else self.row.cure
        return f"{place}: {self.row.message}{several}\n    {told}  [{self.row.code}]"


def grouped(rows: Iterable[IssueRow]) -> list[IssueGroup]:
    """Faults that read the same in one sheet, together, in the order in which each first appears."""
    found: dict[tuple[str, ...], list[IssueRow]] = {}
    for row in rows:
        key = (row.partner, row.form, row.file, row.severity, row.code, row.sheet, row.message, row.reason)
        found.setdefault(key, []).append(row)
    return [IssueGroup(rows[0], tuple(row.cell for row in rows if row.cell)) for rows in found.values()]
