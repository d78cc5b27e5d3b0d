"""Checks of the registry: what contradicts itself, with sheet and cell.

In:   the rows of a registry workbook and the records made of them. Out: issues, gathered in Rows.
Imports definitions, issues, lineage, model, the stage obligations. An error would make a wrong report; a board can live
with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from generator.definitions.forms import Form
from generator.definitions.returned import Returned, Row
from generator.definitions.rules import PATTERNS
from generator.definitions.schema import nearest
from generator.issues import CODES, Issue
from generator.lineage import Lineage
from generator.model import Assignment, Campaign, Event, EventKind, LegalBasis, Partner, Registry, Setting
from generator.stages.obligations import owing

MANY_ROWS = frozenset({"kinh_gui", "noi_nhan", "chuc_vu_ky"})
"""Settings that may have several rows of one date: each is a line."""
SPLIT = re.compile(r"[,;\s]+")
"""What stands between several codes or addresses in one cell."""
FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
"""Stand for open ends."""

_PARTNER_CODE = re.compile(r"[A-Z]{2}-[0-9]{4}")
_FULL_DATE = 10
_OWN_KINDS = frozenset({"xa", "huyen", "thuong_truc"})
"""Kinds that nothing else can turn into; a giving unit may change from one of the other kinds to another."""

_Versions = Mapping[str, Sequence[tuple[int, Partner]]]
"""The versions of each code with their rows, in order of their first days."""


@dataclass(slots=True)
class Rows:
    """The rows of a registry workbook while they become records, and what is wrong with them."""

    returned: Returned
    form: Form
    issues: list[Issue] = field(default_factory=list)

    def fault(self, code: str, path: str, row: int, **params: object) -> None:
        """Notes an issue at "table.column" of a row; days are told as people write them."""
        told = {name: shown(value) if isinstance(value, date) else str(value) for name, value in params.items()}
        self.issues.append(Issue(code, CODES[code], self.returned.place(path, row), told))

    def cell(self, path: str, row: int) -> str:
        """Address of a cell, to be named in an issue of another one."""
        return self.returned.place(path, row).cell

    def day(self, table: str, row: int, answers: Row, code: str) -> date | None:
        """A day; None where the cell is empty or names no single day (noted)."""
        iso = text_of(answers, code)
        if not iso:
            return None
        if len(iso) == _FULL_DATE:
            return date.fromisoformat(iso)
        self.fault("registry.not_a_day", f"{table}.{code}", row, value=answers[code].raw)
        return None

    def span(self, table: str, row: int, answers: Row) -> tuple[date | None, date | None]:
        """From and to; a span that ends before it begins is noted."""
        since, until = (self.day(table, row, answers, code) for code in ("tu_ngay", "den_ngay"))
        if since and until and since > until:
            self.fault("registry.dates_swapped", f"{table}.den_ngay", row)
        return since, until

    def known_since(self, row: int, answers: Row, said: str, code: str, until: date | None) -> None:
        """Notes a day from which something is said to hold that says nothing, or holds after its row has ended."""
        day = self.day("partners", row, answers, code)
        if day and said not in answers:
            self.fault("registry.day_alone", f"partners.{code}", row)
        elif day and until and day > until:
            self.fault("registry.day_after_end", f"partners.{code}", row, until=until)

    def mail(self, path: str, row: int, written: str) -> None:
        """Notes what cannot be a mail address; several may stand in one cell."""
        pattern, example = PATTERNS["email"]
        for one in filter(None, SPLIT.split(written)):
            if not pattern.fullmatch(one):
                self.fault("registry.bad_email", path, row, value=one, example=example)

    def code(self, path: str, row: int, written: str) -> None:
        """Notes what cannot be the code of a partner."""
        if written and not _PARTNER_CODE.fullmatch(written):
            self.fault("registry.bad_partner_code", path, row, value=written)


@dataclass(frozen=True, slots=True)
class Found:
    """The records of a registry with the rows they stand in."""

    partners: Sequence[tuple[int, Partner]]
    assignments: Sequence[tuple[int, Assignment]]
    events: Sequence[tuple[int, Event]]
    campaigns: Sequence[tuple[int, Campaign]]
    legal_bases: Sequence[tuple[int, LegalBasis]]
    settings: Sequence[tuple[int, Setting]]


def text_of(answers: Row, code: str) -> str:
    """An answer as text; "" where there is none."""
    found = answers.get(code)
    return str(found.value) if found and found.value is not None else ""


def shown(day: date) -> str:
    """A day as people write it."""
    return day.strftime("%d/%m/%Y")


def check(rows: Rows, found: Found, roles: Mapping[str, str]) -> None:
    """Notes what the records say against each other; what one row says alone is noted when it is read.

    `roles` says who owes each form.
    """
    versions: dict[str, list[tuple[int, Partner]]] = {}
    for row, partner in sorted(found.partners, key=lambda told: (told[1].since or FIRST, told[0])):
        versions.setdefault(partner.code, []).append((row, partner))
    _check_partners(rows, found.partners, versions)
    _check_assignments(rows, versions, found.assignments)
    _check_events(rows, versions, found.events)
    _check_ends(rows, versions, found.events)
    _check_campaigns(rows, found.campaigns)
    _check_owed(rows, found, roles)
    documents = ((row, (basis.number, basis.body)) for row, basis in found.legal_bases)
    _check_once(rows, "documents.so_ky_hieu", documents)
    single = ((row, (one.name, one.since)) for row, one in found.settings if one.name not in MANY_ROWS)
    _check_once(rows, "settings.ten", single)


def _check_once(rows: Rows, path: str, keys: Iterable[tuple[int, object]]) -> None:
    """Notes a row whose key an earlier row has."""
    seen: dict[object, int] = {}
    for row, key in keys:
        if (first := seen.setdefault(key, row)) != row:
            rows.fault("registry.twice", path, row, first=rows.cell(path, first))


# --- partners and assignments -------------------------------------------------------------------


def _check_partners(rows: Rows, partners: Sequence[tuple[int, Partner]], versions: _Versions) -> None:
    for key, code, path in (
        (lambda one: one.code, "registry.overlap", "partners.ma"),
        (lambda one: f"{one.name}, {one.district}".strip(", "), "registry.same_name", "partners.ten"),
    ):
        _check_overlap(rows, partners, key, code, path)
    for told in versions.values():
        for (first, before), (row, after) in pairwise(told):
            if before.kind != after.kind and {before.kind, after.kind} & _OWN_KINDS:
                cell = rows.cell("partners.loai", first)
                rows.fault("registry.kind_contradicts", "partners.loai", row, value=after.code, first=cell)


def _check_overlap(
    rows: Rows, partners: Sequence[tuple[int, Partner]], key: Callable[[Partner], str], code: str, path: str
) -> None:
    """Notes rows that say the same at the same time: in order of their first days, the latest last day decides."""
    latest: dict[str, tuple[date, int, str]] = {}
    for row, one in sorted(partners, key=lambda found: (found[1].since or FIRST, found[0])):
        until, first, owner = latest.get(key(one), (date.min, 0, ""))
        if (one.since or FIRST) <= until and (path == "partners.ma" or owner != one.code):
            rows.fault(code, path, row, value=key(one), first=rows.cell(path, first))
        if (one.until or LAST) > until:
            latest[key(one)] = (one.until or LAST, row, one.code)


def _check_assignments(rows: Rows, versions: _Versions, assignments: Sequence[tuple[int, Assignment]]) -> None:
    for row, one in assignments:
        _check_side(rows, row, "assignments.don_vi", one, one.giver, versions)
        _check_side(rows, row, "assignments.xa", one, one.receiver, versions)
    pairs = ((row, (one.giver, one.receiver, one.since)) for row, one in assignments)
    _check_once(rows, "assignments.don_vi", pairs)


def _check_side(rows: Rows, row: int, path: str, one: Assignment, code: str, versions: _Versions) -> None:
    """Giver or receiver of an assignment: known, in its role, and there while the assignment holds."""
    told = [version for _, version in versions.get(code, ())]
    if not told:
        rows.fault("registry.unknown_partner", path, row, value=code, near=nearest(code, versions))
        return
    gives = path == "assignments.don_vi"
    if not any(version.gives if gives else version.receives for version in told):
        rows.fault("registry.wrong_role", path, row, value=code, role="giúp đỡ" if gives else "nhận")
    for day, end in ((one.since, "tu_ngay"), (one.until, "den_ngay")):
        if day and not _there(told, day):
            rows.fault("registry.partner_not_valid", f"assignments.{end}", row, value=code, day=day)
    if one.until is None and all(version.until for version in told):
        ended = max(version.until for version in told if version.until)
        rows.fault("registry.assignment_open", "assignments.den_ngay", row, value=code, day=ended)


def _there(versions: Iterable[Partner], day: date) -> bool:
    return any(version.valid_within(day, day) for version in versions)


# --- events -------------------------------------------------------------------------------------

_SHAPES: Mapping[EventKind, tuple[str, Callable[[Event], bool]]] = {
    EventKind.MERGE: ("ít nhất một mã cũ và một mã mới", lambda one: bool(one.sources and one.target)),
    EventKind.SPLIT: ("một mã cũ và một mã mới", lambda one: len(one.sources) == 1 and bool(one.target)),
    EventKind.RENAME: ("cùng một mã ở hai cột", lambda one: one.sources == (one.target,)),
    EventKind.RETYPE: ("cùng một mã ở hai cột", lambda one: one.sources == (one.target,)),
    EventKind.MOVE: ("cùng một mã ở hai cột", lambda one: one.sources == (one.target,)),
    EventKind.DISSOLVE: ("chỉ các mã cũ", lambda one: bool(one.sources) and not one.target),
    EventKind.FOUND: ("chỉ mã mới", lambda one: not one.sources and bool(one.target)),
}
"""What each kind of event says in its two columns of codes."""


def _check_events(rows: Rows, versions: _Versions, events: Sequence[tuple[int, Event]]) -> None:
    circles = Lineage(tuple(event for _, event in events)).circles
    _check_once(rows, "events.ngay", ((row, (one.day, one.kind, one.sources, one.target)) for row, one in events))
    ended: dict[tuple[str, date], tuple[int, Event]] = {}
    for row, one in events:
        needed, fits = _SHAPES[one.kind]
        if not fits(one):
            rows.fault("registry.event_codes", "events.tu_ma", row, needed=needed)
            continue
        if one in circles:
            rows.fault("registry.event_circle", "events.tu_ma", row, value=", ".join(one.sources))
        for source in one.sources:
            _check_source(rows, row, one, source, versions)
            first, other = ended.setdefault((source, one.day), (row, one))
            if first != row and other != one and _contradict(other, one):
                cell = rows.cell("events.tu_ma", first)
                rows.fault("registry.event_contradicts", "events.tu_ma", row, value=source, first=cell)
        if one.target:
            _check_target(rows, row, one, versions)


def _contradict(one: Event, other: Event) -> bool:
    """Whether two events cannot both happen to a partner on one day: parts of a split can, a new name and type can."""
    goes_on = (one.sources == (one.target,), other.sources == (other.target,))
    return not all(goes_on) and {one.kind, other.kind} != {EventKind.SPLIT}


def _check_source(rows: Rows, row: int, one: Event, code: str, versions: _Versions) -> None:
    """A partner that something became of: there on the day before, and gone from the day unless it goes on."""
    told = [version for _, version in versions.get(code, ())]
    if not told:
        rows.fault("registry.event_unknown", "events.tu_ma", row, value=code, near=nearest(code, versions))
    elif not _there(told, max(one.day, FIRST) - timedelta(days=1)):
        rows.fault("registry.event_source_gone", "events.tu_ma", row, value=code, day=one.day)
    elif _there(told, one.day) and code != one.target and one.kind is not EventKind.SPLIT:
        rows.fault("registry.event_source_stays", "events.tu_ma", row, value=code, day=one.day)


def _check_target(rows: Rows, row: int, one: Event, versions: _Versions) -> None:
    """What came of an event: there on its day, and with a row of its own from that day on."""
    told = [version for _, version in versions.get(one.target, ())]
    if not told:
        near = nearest(one.target, versions)
        rows.fault("registry.event_unknown", "events.den_ma", row, value=one.target, near=near)
    elif not _there(told, one.day):
        rows.fault("registry.event_target_absent", "events.den_ma", row, value=one.target, day=one.day)
    elif not any(version.since == one.day for version in told):
        rows.fault("registry.event_target_older", "events.den_ma", row, value=one.target, day=one.day)


def _check_ends(rows: Rows, versions: _Versions, events: Sequence[tuple[int, Event]]) -> None:
    """Notes where a partner is lost: its row ends, nothing of it follows the next day, and no event says why."""
    told = {(source, event.day) for _, event in events for source in event.sources}
    for code, known in versions.items():
        for (row, one), following in zip(known, [*known[1:], None], strict=True):
            if one.until is None:
                continue
            after = min(one.until, LAST) + timedelta(days=1)
            if (code, after) in told or (following and (following[1].since or FIRST) <= after):
                continue
            rows.fault("registry.ends_unexplained", "partners.den_ngay", row, value=code, day=one.until)


# --- campaigns ----------------------------------------------------------------------------------


def _check_campaigns(rows: Rows, campaigns: Sequence[tuple[int, Campaign]]) -> None:
    for row, one in campaigns:
        days = (one.end - one.start).days + 1
        if one.end.year != one.year:
            rows.fault("registry.campaign_year", "campaigns.nam", row, value=one.year, end=one.end)
        if not 300 <= days <= 400:
            rows.fault("registry.campaign_length", "campaigns.den_ngay", row, days=days)
        if one.deadline < one.end:
            rows.fault("registry.deadline_early", "campaigns.han_gui", row)
        if one.extended and one.extended <= one.deadline:
            rows.fault("registry.extension_early", "campaigns.gia_han", row, day=one.deadline)
    _check_once(rows, "campaigns.nam", ((row, one.year) for row, one in campaigns))
    for first, row, other in _overlapping(campaigns):
        rows.fault(
            "registry.campaign_overlap", "campaigns.tu_ngay", row, first=rows.cell("campaigns.nam", first), value=other
        )


def _check_owed(rows: Rows, found: Found, roles: Mapping[str, str]) -> None:
    """Notes a form of a campaign that nobody of the registry owes."""
    lineage = Lineage(tuple(event for _, event in found.events))
    registry = Registry(tuple(partner for _, partner in found.partners))
    for row, one in found.campaigns:
        for form in one.forms:
            if roles.get(form) and not owing(registry, one, roles[form], lineage):
                rows.fault("registry.form_unowed", "campaigns.bieu", row, value=form)


def _overlapping(campaigns: Sequence[tuple[int, Campaign]]) -> Iterator[tuple[int, int, int]]:
    """Rows of two campaigns that share a day, and the year of the first one; one year twice is told otherwise."""
    ordered = sorted(campaigns, key=lambda told: (told[1].start, told[0]))
    for (first, before), (row, after) in pairwise(ordered):
        if after.start <= before.end and after.year != before.year:
            yield first, row, before.year
