"""Facts: all that a reply says, as records; nothing in them depends on the day it is written.

In:   nothing. Out: ReplyFacts and its parts.
Pure. Imports issues, model.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from generator.issues import Severity


class Outcome(StrEnum):
    """What became of a delivery, as its sender is told; the value is the name of the template."""

    ACCEPTED = "dat"
    WARNED = "dat-co-canh-bao"
    NIL = "khong-phat-sinh"
    WAITING = "cho-chinh-sua"
    WRONG_PARTNER_OR_YEAR = "sai-don-vi-hoac-nam"
    NOT_OUR_FORM = "khong-dung-bieu"
    UNREADABLE = "khong-doc-duoc"
    IDENTICAL = "gui-trung"
    EXEMPT = "duoc-mien"
    DECIDED = "can-bo-quyet-dinh"


FAULTY = frozenset({Outcome.WAITING, Outcome.WRONG_PARTNER_OR_YEAR, Outcome.NOT_OUR_FORM, Outcome.UNREADABLE})
"""Outcomes that refuse something: each must name at least one fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and all the cells of one sheet in which it is."""

    severity: Severity
    sentence: str
    cure: str
    sheet: str
    """Title of the sheet; "" for the whole file."""
    cells: tuple[str, ...]
    """Those that the sentence is said of as it stands."""
    alike: tuple[tuple[str, str], ...] = ()
    """Further cells with the same fault, each with what stands there."""

    @property
    def count(self) -> int:
        """In how many places."""
        return max(1, len(self.cells) + len(self.alike))


@dataclass(frozen=True, slots=True)
class Explained:
    """A warning that the partner gave a reason for."""

    sheet: str
    cell: str
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell of the sender's file that belongs to no question."""

    sheet: str
    cell: str
    content: str


@dataclass(frozen=True, slots=True)
class TableTotals:
    """What was read of a table, so that the sender can compare: rows, and label and sum of each summed column."""

    title: str
    rows: int
    sums: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference from the revision before: a row that came or went, or an answer that is another one now."""

    place: str
    before: str
    """"" for what is new."""
    after: str
    """"" for what is gone."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A form that the partner still owes at the moment of the delivery."""

    form: str
    title: str
    due: date
    waiting: bool
    """Whether something came that has to be mended first."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What an officer decided of this return."""

    words: str
    reason: str
    by: str
    day: date


@dataclass(frozen=True, slots=True)
class Corrected:
    """An answer that an officer replaced, why, and who."""

    place: str
    before: str
    after: str
    reason: str
    by: str
    day: date | None
    """None where the decision is not known any more."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who answers, and where it can be asked."""

    name: str
    address: str
    """Mail address; "" where the campaign names none."""


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """All that one reply says. Lists are whole; the templates' names cut them to a mail's length."""

    outcome: Outcome
    office: Office
    year: int
    file: str
    """Name of the file that came."""
    received: datetime
    recipients: tuple[str, ...] = ()
    message: str = ""
    """Message-ID of the mail that is answered; "" when it did not come by mail."""
    form: str = ""
    form_title: str = ""
    partner: str = ""
    partner_name: str = ""
    revision: int = 0
    """For a repeat, the revision that it repeats."""
    standing: int = 0
    """The accepted revision that counts while this one does not; 0 for none."""
    repeated: Outcome | None = None
    """For a repeat, what became of the revision."""
    due: date | None = None
    late: bool = False
    stated_year: int = 0
    exempt: str = ""
    faults: tuple[Fault, ...] = ()
    unread: tuple[Unread, ...] = ()
    unread_more: int = 0
    totals: tuple[TableTotals, ...] = ()
    earlier: int = 0
    """The revision that `changes` are counted from; 0 when this is the first one."""
    changes: tuple[Change, ...] = ()
    enclosures: tuple[str, ...] = ()
    owed: tuple[Owed, ...] = ()
    ruled: tuple[Ruled, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    explained: tuple[Explained, ...] = ()
    """What the partner gave a reason for: told, asked no more."""
    repaired: tuple[str, ...] = ()
    """What was put right so that the file could be read, in sentences."""
    elsewhere: tuple[tuple[str, str], ...] = ()
    """Mail address and owners where the return came from another partner's address."""
    internal: bool = False
    """Whether the office's own form is answered: a note to itself, sent to nobody."""
    forms: tuple[tuple[str, str], ...] = ()
    """Code and title of the forms that this sender may owe."""
    illustrative: bool = False
    """Whether everything in it is a demo's."""
    workbook: str = ""
    """Name of the attached workbook; "" for none."""
    listing: str = ""
    """Name of the attached text that has in full what the mail cuts short; "" for none."""
