"""Reply facts: what each delivery of a year is answered with, as things stood when it had just arrived.

In:   Desk. Out: for each delivery a Case, and from a Case its facts and the marks of its workbook.
Imports the stages reply, blank (records only), obligations, register; pipeline.compiled, context, desk. All of it is
a function of inputs/: no clock, and "still missing" counts only what came before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone

from generator.definitions.forms import Choice, Form
from generator.definitions.messages import Messages
from generator.issues import Severity
from generator.model import (
    COUNTED,
    Correction,
    Decision,
    Delivery,
    DeliveryKind,
    Obligation,
    Partner,
    Ruling,
    Value,
    Verdict,
)
from generator.pipeline.compiled import receiver_at
from generator.pipeline.context import roles_of
from generator.pipeline.desk import Desk
from generator.stages.blank import Address, Answer, AsTyped, Leftover, Mark
from generator.stages.obligations import last_versions, obligations
from generator.stages.register.asking import Arrived, Details
from generator.stages.reply.changes import changes, totals
from generator.stages.reply.facts import FAULTY, Corrected, Office, Outcome, Owed, ReplyFacts, Ruled
from generator.stages.reply.faults import Told, explained, grouped, repaired, told, unread
from generator.stages.reply.mail import addresses
from generator.stages.reply.places import Places

_VIETNAM = timezone(timedelta(hours=7))
_OTHER_SENDER = "delivery.other_sender"
_REPLY_TO = "thu_dien_tu"
"""Code of the question for the address that replies go to."""
_REFUSED: Mapping[Verdict, Outcome] = {
    Verdict.NOT_OUR_FORM: Outcome.NOT_OUR_FORM,
    Verdict.UNREADABLE: Outcome.UNREADABLE,
    Verdict.WRONG_PARTNER_OR_YEAR: Outcome.WRONG_PARTNER_OR_YEAR,
}
MARKED = frozenset({Outcome.WAITING, Outcome.WARNED, Outcome.IDENTICAL, Outcome.DECIDED, Outcome.NIL})
"""Outcomes whose faults go back in a workbook."""


@dataclass(frozen=True, slots=True)
class Case:
    """One delivery, and what was known when it had just arrived."""

    arrived: Arrived
    judged: Arrived
    """The delivery whose verdict and faults are told: of a repeat the first of its revision, which may be ruled on."""
    delivery: Delivery
    earlier: Arrived | None
    """The revision before it."""
    standing: int
    """The accepted revision that counted before it; 0 for none."""
    first: datetime
    """When the first revision came."""
    obligation: Obligation | None
    owed: tuple[tuple[Obligation, bool], ...]
    """What else the partner owed, and whether something came of it that had to be mended."""
    enclosures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearBook:
    """What the answers of one year have in common."""

    desk: Desk
    messages: Messages
    lists: Mapping[str, tuple[Choice, ...]]
    partners: Mapping[str, Partner]
    senders: Mapping[str, str]
    """Code of the only partner of a mail address."""
    obligations: tuple[Obligation, ...]
    by_place: Mapping[str, Decision] = field(default_factory=dict)


def year_book(desk: Desk, messages: Messages, lists: Mapping[str, tuple[Choice, ...]]) -> YearBook:
    """What the answers of the desk's year have in common."""
    latest = last_versions(desk.registry.partners, desk.campaign)
    partners = {one.code: one for one in desk.registry.partners} | dict(latest)
    owners: dict[str, set[str]] = {}
    for one in latest.values():
        for address in addresses(one.email):
            owners.setdefault(address.casefold(), set()).add(one.code)
    return YearBook(
        desk=desk,
        messages=messages,
        lists=lists,
        partners=partners,
        senders={address: next(iter(codes)) for address, codes in owners.items() if len(codes) == 1},
        obligations=obligations(desk.registry, desk.year, desk.decisions, roles_of(desk.forms)),
        by_place={one.place: one for one in desk.decisions},
    )


def cases(book: YearBook) -> Iterator[Case]:
    """Every workbook that arrived, in order, with what was known by then."""
    by_sequence = {one.sequence: one for one in book.desk.deliveries}
    owed: dict[str, list[Obligation]] = {}
    for one in book.obligations:
        owed.setdefault(one.partner.code, []).append(one)
    with_it = _enclosures(book.desk.deliveries)
    filed: dict[tuple[str, str], Arrived] = {}
    revisions: dict[tuple[str, str, int], Arrived] = {}
    standing: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], datetime] = {}
    for arrived in book.desk.register.arrived(book.desk.year):
        delivery = by_sequence.get(arrived.sequence)
        if delivery is None or delivery.kind is not DeliveryKind.WORKBOOK:
            continue
        key = (arrived.form, arrived.partner)
        own = owed.get(arrived.partner, [])
        case = Case(
            arrived=arrived,
            judged=revisions.get((*key, arrived.revision), arrived) if arrived.repeats else arrived,
            delivery=delivery,
            earlier=filed.get(key) if arrived.revision and not arrived.repeats else None,
            standing=standing.get(key, 0),
            first=first.get(key, arrived.received),
            obligation=next((one for one in own if one.form == arrived.form), None),
            owed=tuple(
                (one, (one.form, arrived.partner) in filed)
                for one in own
                if one.form != arrived.form and not one.exempt and not standing.get((one.form, arrived.partner))
            ),
            enclosures=with_it.get(delivery.message, ()) if delivery.message else (),
        )
        if arrived.revision and not arrived.repeats:
            filed[key] = revisions[*key, arrived.revision] = arrived
            first.setdefault(key, arrived.received)
            if arrived.verdict in COUNTED:
                standing[key] = arrived.revision
        yield case


def _enclosures(deliveries: Iterable[Delivery]) -> dict[str, tuple[str, ...]]:
    """Names of what came along in each mail."""
    found: dict[str, dict[str, None]] = {}
    for one in deliveries:
        if one.kind is DeliveryKind.ENCLOSURE and one.message:
            found.setdefault(one.message, {})[_name(one.file)] = None
    return {message: tuple(names) for message, names in found.items()}


def _name(file: str) -> str:
    return file.rpartition("/")[2]


# --- the facts of one -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """The facts of one reply, and what its workbook is made from."""

    facts: ReplyFacts
    form: Form | None
    answers: Mapping[Address, Answer]
    marks: tuple[Mark, ...]
    leftovers: tuple[Leftover, ...]

    @property
    def marked(self) -> bool:
        """Whether a workbook with marks goes back."""
        return self.form is not None and self.facts.outcome in MARKED and bool(self.facts.faults)


def answered(book: YearBook, case: Case, details: Details, before: Details | None) -> Answered:
    """What a delivery is answered with; `details` are of what is judged, `before` of the revision before it."""
    arrived, desk = case.arrived, book.desk
    form = desk.forms.get(arrived.form) if arrived.revision else None
    places = Places(form, details.values) if form else None
    found = told(details.issues, book.messages, places, details.values)
    outcome, repeated = _outcome(case, details, found)
    cells, more = unread(details.issues)
    internal = getattr(desk.forms.get(arrived.form), "role", "") == "board"
    partner = book.partners.get(_partner_code(book, case))
    facts = ReplyFacts(
        outcome=outcome,
        office=Office(receiver_at(desk.registry, _day(arrived.received)), desk.campaign.send_to),
        year=desk.year,
        file=_name(case.delivery.file),
        received=arrived.received,
        recipients=_recipients(case, details, partner, internal=internal),
        message=case.delivery.message,
        form=arrived.form,
        partner=partner.code if partner else "",
        partner_name=partner.name if partner else "",
        revision=arrived.revision,
        standing=case.standing if outcome is Outcome.WAITING else 0,
        repeated=repeated,
        due=case.obligation.due if case.obligation else desk.campaign.due,
        late=bool(arrived.revision and case.obligation and _day(case.first) > case.obligation.due),
        stated_year=details.stated_year,
        exempt=case.obligation.exempt if case.obligation else "",
        faults=grouped(found, form),
        explained=explained(found, form),
        repaired=repaired(details.issues, book.messages),
        elsewhere=_elsewhere(details, book),
        internal=internal,
        unread=cells,
        unread_more=more,
        enclosures=case.enclosures,
        owed=tuple(
            Owed(one.form, _title(desk, one.form), one.due, waiting=waiting)
            for one, waiting in case.owed
            if partner and partner.code == arrived.partner
        ),
        forms=_forms(book, partner) if outcome is Outcome.NOT_OUR_FORM else (),
        illustrative=desk.workspace.illustrative,
    )
    if form is None or places is None:
        return Answered(facts, None, {}, (), ())
    facts = _with_values(facts, book, case, form, places, details, before)
    marks = tuple(
        Mark(one.spot.sheet, one.spot.cell, one.severity, one.sentence, one.cure, one.key, one.reason) for one in found
    )
    leftovers = tuple(Leftover(*(one.sheet, one.cell, one.content)) for one in cells)
    return Answered(facts, form, _answers(details), marks, leftovers)


def _with_values(
    facts: ReplyFacts,
    book: YearBook,
    case: Case,
    form: Form,
    places: Places,
    details: Details,
    before: Details | None,
) -> ReplyFacts:
    """The facts with all that the values say."""
    ruled = [book.by_place[place] for place in details.decided if place in book.by_place]
    return replace(
        facts,
        form_title=form.title,
        totals=totals(form, details.values),
        earlier=case.earlier.revision if case.earlier and before else 0,
        changes=changes(form, book.lists, before.values, details.values) if before else (),
        ruled=tuple(_ruled(one) for one in ruled if one.ruling is Ruling.ACCEPT),
        corrected=tuple(_corrected(one, places, book.by_place.get(one.place)) for one in details.corrections),
    )


def _outcome(case: Case, details: Details, found: Sequence[Told]) -> tuple[Outcome, Outcome | None]:
    """What became of it; for a repeat also what became of the revision that it repeats."""
    verdict = case.judged.verdict
    outcome = _REFUSED.get(verdict)
    if outcome is None and verdict is Verdict.WAITING_FOR_CORRECTION:
        outcome = Outcome.EXEMPT if case.obligation and case.obligation.exempt else Outcome.WAITING
    if outcome is None and details.decided:
        outcome = Outcome.DECIDED
    if outcome is None and verdict is Verdict.NIL:
        outcome = Outcome.NIL
    if outcome is None:
        # a warning that only concerns the office, or has its reason, asks nothing of the sender
        asked = any(one.severity is Severity.WARNING and not one.reason for one in found)
        outcome = Outcome.WARNED if asked else Outcome.ACCEPTED
    return (
        (Outcome.IDENTICAL, outcome)
        if case.arrived.repeats and outcome not in FAULTY - {Outcome.WAITING}
        else (outcome, None)
    )


def _partner_code(book: YearBook, case: Case) -> str:
    """Whose it is; of a file that does not say, the partner whose address it came from."""
    if case.arrived.partner in book.partners:
        return case.arrived.partner
    return next(
        (book.senders[one.casefold()] for one in addresses(case.delivery.sender) if one.casefold() in book.senders), ""
    )


def _recipients(case: Case, details: Details, partner: Partner | None, *, internal: bool) -> tuple[str, ...]:
    """The sender of the mail; else the address that the return gives for replies; else those of the registry.

    Whose return came from another partner's address must hear of it too: two may have swapped theirs. The office
    writes to nobody of its own form.
    """
    if internal:
        return ()
    if any(one.code == _OTHER_SENDER for one in details.issues):
        return tuple(dict.fromkeys((*addresses(case.delivery.sender), *addresses(partner.email if partner else ""))))
    given = next((one.raw for one in details.values if one.field == _REPLY_TO and not one.table), "")
    return (
        addresses(case.delivery.sender)
        or (addresses(given) if case.arrived.revision else ())
        or addresses(partner.email if partner else "")
    )


def _forms(book: YearBook, partner: Partner | None) -> tuple[tuple[str, str], ...]:
    """The forms that the partner owes, or all that partners may owe."""
    own = [one.form for one in book.obligations if partner and one.partner.code == partner.code]
    asked = own or [one for one in book.desk.campaign.forms if getattr(book.desk.forms.get(one), "role", "") != "board"]
    return tuple((code, _title(book.desk, code)) for code in asked)


def _title(desk: Desk, code: str) -> str:
    form = desk.forms.get(code)
    return form.title.capitalize() if form and form.title.isupper() else form.title if form else code


def _ruled(decision: Decision) -> Ruled:
    words = "Chấp nhận biểu" if not decision.cell else f"Chấp nhận nội dung ở trang {decision.sheet}, ô {decision.cell}"
    return Ruled(words, decision.reason, decision.by, decision.day)


def _corrected(one: Correction, places: Places, decision: Decision | None) -> Corrected:
    spot = places.cell_of((one.table, one.row, one.field))
    return Corrected(
        place=f"{spot.sheet}, ô {spot.cell}",
        before=one.before or "(để trống)",
        after=one.after or "(để trống)",
        reason=decision.reason if decision else "",
        by=decision.by if decision else "",
        day=decision.day if decision else None,
    )


def _elsewhere(details: Details, book: YearBook) -> tuple[tuple[str, str], ...]:
    """The address that a return came from although it is another partner's, and whose that is."""
    found = []
    for one in details.issues:
        if one.code == _OTHER_SENDER:
            codes = [code.strip() for code in one.params.get("owner", "").split(",")]
            names = (book.partners[code].name if code in book.partners else code for code in codes)
            found.append((one.params.get("sender", ""), ", ".join(names)))
    return tuple(found)


def _answers(details: Details) -> dict[Address, Answer]:
    """What was read by address; what could not be read as it was typed, with the code of its fault."""
    codes = {(one.place.sheet, one.place.cell): one.code for one in details.issues if one.code.startswith("cell.")}
    return {(one.table, one.row, one.field): _answer(one, codes) for one in details.values}


def _answer(value: Value, codes: Mapping[tuple[str, str], str]) -> Answer:
    if value.value is not None:
        return value.value
    return AsTyped(value.raw, codes.get((value.sheet, value.cell), "")) if value.raw or codes else None


def _day(moment: datetime) -> date:
    """The day by the clock of Vietnam."""
    return (moment.astimezone(_VIETNAM) if moment.tzinfo else moment).date()
