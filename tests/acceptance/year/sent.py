"""What was sent: each delivery with how it was made, how it came and what must be found in it.

Imports the modules beside it; nothing of the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from year.paper import Paper

VIETNAM = timezone(timedelta(hours=7))
WARNINGS = frozenset(
    {
        "rule.assigned",
        "rule.unique",
        "rule.within_period",
        "rule.matches",
        "rule.peers",
        "rule.trend",
        "rule.repeated",
        "rule.plan_line",
        "rule.plan_value",
        "rule.range",
        "table.total_differs",
        "delivery.other_sender",
        "between.value_differs",
        "between.joint_gift",
        "between.unlike_peers",
        "between.households",
        "decision.accepted",
    }
)
NOTES = frozenset(
    {"cell.not_read", "between.differs", "between.only_given", "between.only_received", "decision.corrected"}
)


class Fault(NamedTuple):
    """What must be told of a delivery."""

    code: str
    sheet: str = ""
    cell: str = ""
    warns: bool = False
    """Whether a rule that is an error elsewhere only warns here."""
    noted: bool = False
    """Whether an officer has let the error in, so that it is only told."""

    @property
    def severity(self) -> str:
        """How bad it is."""
        if self.noted:
            return "note"
        if self.warns or self.code in WARNINGS:
            return "warning"
        return "note" if self.code in NOTES else "error"


@dataclass
class Sent:
    """One workbook that arrived, or something that should have been one."""

    form: str
    partner: str
    received: datetime
    paper: Paper | None = None
    faults: list[Fault] = field(default_factory=list)
    program: str = "raw"
    """What saved it: raw (keeps all, as Excel), openpyxl, or a converter by its name."""
    blank: str = "2025"
    """Which blank was filled: of this year, of last year, or of January before anything changed."""
    way: str = "folder"
    name: str = ""
    content: bytes = b""
    """The bytes themselves, for what is no filled blank; else made later."""
    verdict: str = ""
    """For what is no revision of anybody: unreadable, not_our_form, wrong_partner_or_year."""
    gifts: Sequence[Any] = ()
    nil: bool = False
    repeats: Sent | None = None
    file: str = ""
    """Where the journal says that it lies; known when everything is packed."""
    sender: str = ""
    revision: int = 0

    @property
    def stands(self) -> str:
        """The verdict of this delivery alone, as it came."""
        if self.verdict:
            return self.verdict
        severities = {one.severity for one in self.faults}
        if "error" in severities:
            return "waiting_for_correction"
        if self.nil:
            return "nil"
        return "accepted_with_warnings" if "warning" in severities else "accepted"


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2025) -> datetime:
    """A moment in Vietnam."""
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)
