"""The nouns of the house: frozen records that travel from stage to stage.

In:   nothing. Out: records only, no behaviour beyond what a record says of itself.
Imports the standard library only; every other floor may import this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

Scalar = str | int | bool | Decimal | None
"""A typed value. Money and counts are int; dates are ISO text of their precision ("2025-03-14", "2025-03")."""

Raw = str | int | float | bool | date | datetime | None
"""What a spreadsheet reader finds in a cell. A number may be float even when it was typed as an integer."""


# --- the registry: who is who, at which date -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Partner:
    """One version of a partner, valid on the days from `since` to `until` (both included; None: open)."""

    code: str
    """Our own stable code, DV-0001 or XA-0001; never the statistics code, which recurs."""
    name: str
    kind: str
    gives: bool
    receives: bool
    district: str = ""
    since: date | None = None
    until: date | None = None
    email: str = ""
    """One or several addresses, as the registry writes them."""
    contact: str = ""
    statistics_code: str = ""
    """Code of the statistics office; recurs after mergers, so it is shown and never matched by."""
    area: str = ""
    """Khu vực "I", "II" or "III"; "" where it is not known."""
    hard: bool | None = None
    """Whether it is đặc biệt khó khăn; None where it is not known."""

    def valid_within(self, start: date, end: date) -> bool:
        """Whether this version stood on any day of the period."""
        return (self.since is None or self.since <= end) and (self.until is None or self.until >= start)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Giver and receiver twinned by a decision, on the days from `since` to `until`."""

    giver: str
    receiver: str
    since: date | None = None
    until: date | None = None
    decision: str = ""

    def valid_within(self, start: date, end: date) -> bool:
        """Whether the assignment stood on any day of the period."""
        return (self.since is None or self.since <= end) and (self.until is None or self.until >= start)


class EventKind(StrEnum):
    """What may happen to a partner (design: words)."""

    MERGE = "sap_nhap"
    SPLIT = "chia"
    RENAME = "doi_ten"
    RETYPE = "doi_loai"
    MOVE = "chuyen_dia_ban"
    DISSOLVE = "giai_the"
    FOUND = "thanh_lap"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to partners on a day: from then on `target` stands for `sources`.

    Rename, retype and move keep the code, so their only source is the target. Dissolving has no target, founding
    no source. A split is one event for each part.
    """

    day: date
    """First day of the new state."""
    kind: EventKind
    sources: tuple[str, ...]
    target: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A reporting year: its period (ND 09/2019: 15-12 to 14-12), deadline, address and the forms owed."""

    year: int
    start: date
    end: date
    deadline: date
    send_to: str
    forms: tuple[str, ...]
    extended: date | None = None
    """The later deadline that the board granted to everybody."""

    @property
    def due(self) -> date:
        """The last day on which a return is on time, unless a decision grants a partner more."""
        return max(self.deadline, self.extended or self.deadline)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A document that a report may cite ("căn cứ") while it is in force."""

    number: str
    issued: date
    body: str
    subject: str
    kind: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the office (issuer, place, signer…), valid from a date until the next row of its name."""

    name: str
    value: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """All the board knows of partners, assignments, campaigns, legal bases and its own letterhead."""

    partners: tuple[Partner, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()
    settings: tuple[Setting, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Obligation:
    """Partner x form x year that must arrive by `due`."""

    partner: Partner
    form: str
    year: int
    due: date
    exempt: str = ""
    """The reason why a decision lets the partner off; "" for none."""


# --- what arrives ---------------------------------------------------------------------------


class DeliveryKind(StrEnum):
    """What a journalled file is: only workbooks are read and judged."""

    WORKBOOK = "workbook"
    MESSAGE = "message"
    """A saved mail (.eml, .msg); what is attached to it has lines of its own."""
    BUNDLE = "bundle"
    """An archive (.zip); what is in it has lines of its own."""
    ENCLOSURE = "enclosure"
    """Whatever else came along: the signed dispatch as PDF, a DOCX. Kept and listed, never read."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file as it arrived. Its bytes lie in the archive under `sha256`; the journal keeps one line for it."""

    sequence: int
    """Order of arrival in the journal, from 1; decides which revision is later."""
    year: int
    file: str
    """Path as first seen, relative to the workspace, with forward slashes; inside a mail or archive its path and
    the name there: "inputs/2025/thu.eml/bieu.xlsx"."""
    sha256: str
    received: datetime
    kind: DeliveryKind = DeliveryKind.WORKBOOK
    sender: str = ""
    """Mail address of whoever sent it; "" where the file was dropped into the folder."""
    message: str = ""
    """What all files of one mail share: its Message-ID, else the hash of the saved mail; "" outside mails."""


class CellKey(NamedTuple):
    """A cell inside a sheet, both counted from 1."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as read: `rows[r - 1][c - 1]` is the raw value of cell (r, c); None and "" are empty."""

    name: str
    rows: tuple[tuple[Raw, ...], ...]
    errors: Mapping[CellKey, str] = field(default_factory=dict)
    """Cells that show an Excel error (#REF!, #N/A …), which the fast reader returns as empty."""
    uncalculated: frozenset[CellKey] = frozenset()
    """Formula cells saved without a result: nobody's program has calculated them yet."""
    visible: bool = True
    fonts: Mapping[CellKey, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Cells with text in a font of before Unicode (.VnTime, VNI-Times): their text part by part, each with its font."""
    hidden: frozenset[int] = frozenset()
    """Rows that a filter or a hand has hidden; what stands in them counts like any other."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a workbook says it is. Empty text and 0 where it does not say."""

    form: str = ""
    version: str = ""
    partner: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """A delivery opened: who it says it is, and every sheet of raw cells."""

    identity: Identity
    sheets: tuple[RawSheet, ...]


class Value(NamedTuple):
    """One value of a submission with the cell it came from. A NamedTuple: there are 400 in a return."""

    table: str
    """Code of the table, "" for a single field."""
    row: int
    """Number of the row within the table, from 1; 0 for a single field."""
    field: str
    value: Scalar
    raw: str
    """The cell's content as text, before any interpretation."""
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A delivery identified and typed. `file` is the delivery's path; the cells are in the values."""

    form: str
    version: str
    partner: str
    year: int
    sha256: str
    file: str
    values: tuple[Value, ...]


class Ruling(StrEnum):
    """What an officer may rule (design: words)."""

    ACCEPT = "chap_nhan"
    CORRECT = "sua_so_lieu"
    EXEMPT = "mien_bao_cao"
    EXTEND = "gia_han"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer ruled on a doubtful case, as one row of inputs/<year>/quyet-dinh.xlsx says it."""

    year: int
    form: str
    partner: str
    ruling: Ruling
    reason: str
    by: str
    day: date
    place: str
    """Where it stands: "inputs/2025/quyet-dinh.xlsx:Quyết định!B14"; told wherever the decision is shown."""
    revision: int = 0
    """The revision that is accepted or corrected; 0: the latest one received up to the decision's day."""
    sheet: str = ""
    cell: str = ""
    """The cell to correct, or the only cell whose faults are accepted; "" for the whole return."""
    value: str = ""
    """The new value as the officer typed it."""
    due: date | None = None
    """The new deadline of an extension."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that a decision replaced: the partner's own stays readable beside it."""

    table: str
    row: int
    field: str
    sheet: str
    cell: str
    before: str
    """What the partner typed."""
    after: str
    """What the officer typed."""
    place: str
    """Where the decision stands."""


class Verdict(StrEnum):
    """Where an obligation stands; derived from the issues, never set by hand (design: JSON of `status`)."""

    MISSING = "missing"
    EXEMPT = "exempt"
    NIL = "nil"
    UNREADABLE = "unreadable"
    NOT_OUR_FORM = "not_our_form"
    WRONG_PARTNER_OR_YEAR = "wrong_partner_or_year"
    WAITING_FOR_CORRECTION = "waiting_for_correction"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    ACCEPTED = "accepted"


COUNTED = frozenset({Verdict.NIL, Verdict.ACCEPTED_WITH_WARNINGS, Verdict.ACCEPTED})
"""Verdicts whose submission counts in a dataset."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A submission that counts: the accepted revision of an obligation. What the merge is fed with."""

    key: str
    """"KN-01/2025/DV-0001/r2": form, year, partner, revision. A value's id is the key, "/" and its position from 1."""
    submission: Submission
    received: datetime
    verdict: Verdict


# --- what is printed ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a report, and the values it was made from."""

    code: str
    """The plan's code, with the group in brackets where there is one: "gia_tri_theo_don_vi[DV-0001]"."""
    label: str
    value: int | Decimal
    unit: str
    aggregation: str
    values: tuple[str, ...] = ()
    """Ids of the values, in order: "KN-01/2025/DV-0001/r1/57" (form/year/partner/revision/number)."""
    parts: tuple[str, ...] = ()
    """Codes of the figures it was computed from (a comparison, a share, a scaled amount); () for none."""
