"""Examine one delivery: read, normalise, validate, and the verdict that follows.

In:   a delivery's bytes and the context of its year. Out: Examined (submission, verdict, issues).
Runs in worker processes: everything here can be pickled, nothing touches files, clock or database.
Imports the stages read, normalise, validate and register.blocks, lineage, pipeline.applying
and rulings.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from generator.definitions.forms import Choice, Form
from generator.definitions.grid import edition
from generator.definitions.reasons import reasons_in
from generator.definitions.returned import Neighbours, Returned
from generator.issues import Issue, Place, issue
from generator.lineage import Closed
from generator.model import Campaign, Decision, Delivery, Identity, RawWorkbook, Ruling, Submission, Verdict
from generator.pipeline.answered import answered
from generator.pipeline.applying import accepted, corrected, own_doing, restored, rulings_of
from generator.pipeline.follow_ons import without_follow_ons
from generator.pipeline.identifying import completed, doubted, gathered, year_forgotten
from generator.pipeline.rulings import place_of
from generator.pipeline.verdicts import REFUSING, verdict
from generator.stages.normalise import normalise
from generator.stages.read import read
from generator.stages.register.blocks import Ruled
from generator.stages.validate import validate


@dataclass(frozen=True, slots=True)
class ExamineContext:
    """What one year's deliveries are judged by."""

    campaign: Campaign
    forms: Mapping[str, Form]
    lists: Mapping[str, tuple[Choice, ...]]
    """Lists of choices that depend on the registry, by code ("@communes")."""
    partners: Mapping[str, Set[str]]
    """Codes of the partners that may send each form in this year."""
    assigned: Mapping[str, frozenset[str]]
    """Receivers assigned to each giver within the period."""
    printed: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """Texts that the blank itself carries, by form and sheet code."""
    own_texts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Texts prefilled for one partner, by its code."""
    previous: Mapping[tuple[str, str], Returned] = field(default_factory=dict)
    """Last year's counted returns, by form and partner."""
    closed: Mapping[str, Closed] = field(default_factory=dict)
    """Partners that were succeeded or dissolved and owe nothing any more, by code."""
    names: Mapping[str, Set[str]] = field(default_factory=dict)
    """Codes of the partners that bear or bore a name, by its matching key."""
    addresses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Codes of the partners that each mail address (in small letters) belongs to: one may serve several."""
    decisions: Mapping[int, tuple[Decision, ...]] = field(default_factory=dict)
    """What officers decided of single deliveries, by their sequence; nothing while they are judged as they came."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a delivery. `submission` is None when nothing in it could be identified."""

    submission: Submission | None
    verdict: Verdict
    issues: tuple[Issue, ...]
    ruled: Ruled | None = None
    """What decisions did to it; None where nothing was decided."""


def examine(content: bytes, delivery: Delivery, context: ExamineContext) -> Examined:
    """The delivery's submission with all its issues; never raises for anything a file may hold."""
    raw, issues = read(content, delivery.file, context.forms)
    if raw is None:
        return Examined(None, verdict(issues), tuple(issues))
    form = context.forms.get(raw.identity.form)
    if form is None:
        return Examined(None, verdict(issues), tuple(issues))
    return _judged(raw, issues, form, delivery, context)


def _judged(raw: RawWorkbook, issues: list[Issue], form: Form, delivery: Delivery, context: ExamineContext) -> Examined:
    """A workbook of a form we know: as it came, or as the decisions on it leave it."""
    decisions = context.decisions.get(delivery.sequence, ())
    returned, faults = _typed(raw, form, delivery, context)
    owing = context.partners.get(form.code, frozenset())
    said, told = completed(raw.identity, returned, form, raw, context.names, owing)
    issues += told
    if said.partner != raw.identity.partner:
        # what was printed for this very partner is known only now
        raw = replace(raw, identity=said)
        returned, faults = _typed(raw, form, delivery, context)
    arrived, values = returned, returned.values
    change = corrected(raw, returned, form, context.lists, rulings_of(decisions, Ruling.CORRECT), context.campaign.year)
    if change.corrections:
        returned, judged = _typed(change.raw, form, delivery, context)
        values = restored(arrived, returned, change.corrections)
        faults = [*own_doing(faults, judged), *change.notes]
    issues += _identity_issues(said, returned, form, context)
    doubts = doubted(said, returned, form, raw, faults, context.names)
    # the name of a partner that nobody knows cannot be another one than in the registry
    unknown = any(one.code == "delivery.unknown_partner" for one in issues)
    issues += (one for one in doubts if not (unknown and one.code == "delivery.name_differs"))
    issues += _sender_issues(said, delivery, context)
    issues = year_forgotten(issues, said, returned, form, context.campaign)
    if verdict(issues) is not Verdict.WRONG_PARTNER_OR_YEAR:
        issues += faults
        issues += validate(returned, form, _neighbours(said, form, context))
        issues = without_follow_ons([*issues, *reasons_in(raw, returned.file)])
        issues = answered(issues, said, returned, form)
    issues = gathered(issues, raw, form, returned.file)
    submission = _submission(said, form, replace(returned, values=values), delivery)
    nil = is_nil(form, returned)
    if not decisions:
        return Examined(submission, verdict(issues, nil=nil), tuple(issues))
    wanted = rulings_of(decisions, Ruling.ACCEPT)
    if verdict(issues) in REFUSING.values():
        refused = tuple(issue("decision.cannot_accept", place_of(one), partner=one.partner) for one in wanted)
        ruled = Ruled(change.applied, change.corrections, (*change.faults, *refused))
        return Examined(submission, verdict(issues), tuple(issues), ruled)
    issues, applied, idle = accepted(issues, wanted, returned, form)
    ruled = Ruled((*change.applied, *applied), change.corrections, (*change.faults, *idle))
    return Examined(submission, verdict(issues, nil=nil), tuple(issues), ruled)


def _typed(raw: RawWorkbook, form: Form, delivery: Delivery, context: ExamineContext) -> tuple[Returned, list[Issue]]:
    # What the partner's own blank carried; nothing when the blank is not known.
    printed = context.printed.get(raw.identity.form) or None
    own = context.own_texts.get(raw.identity.partner, frozenset())
    return normalise(raw, form, context.lists, delivery.file, context.campaign.year, printed, own)


def is_nil(form: Form, returned: Returned) -> bool:
    """Whether the return says that nothing happened in the period."""
    return any(returned.single(rule.params["field"]) is True for rule in form.rules if rule.type == "nil")


def _submission(said: Identity, form: Form, returned: Returned, delivery: Delivery) -> Submission:
    return Submission(
        form=form.code,
        version=said.version,
        partner=said.partner,
        year=said.year,
        sha256=delivery.sha256,
        file=delivery.file,
        values=returned.values,
    )


def _neighbours(said: Identity, form: Form, context: ExamineContext) -> Neighbours:
    return Neighbours(
        start=context.campaign.start,
        end=context.campaign.end,
        assigned=context.assigned.get(said.partner, frozenset()),
        previous=context.previous.get((form.code, said.partner)),
    )


def _identity_issues(said: Identity, returned: Returned, form: Form, context: ExamineContext) -> list[Issue]:
    """Whether the workbook is of this year and of a partner that owes this form."""
    year, found = context.campaign.year, []
    place = Place(returned.file)
    if said.version != edition(form):
        versions = {"form": form.code, "value": said.version, "expected": edition(form)}
        found.append(issue("delivery.other_version", place, **versions))
    if said.year != year:
        code = "delivery.wrong_year" if said.year else "delivery.no_year"
        found.append(issue(code, place, value=said.year, expected=year))
    if not said.partner:
        return [*found, issue("delivery.no_partner", place)]
    if said.partner not in context.partners.get(form.code, frozenset()):
        found.append(_not_owing(said.partner, place, context))
    for asked in (single for sheet in form.sheets for single in sheet.fields):
        shown, where = returned.single(asked.code), returned.place(asked.code)
        if asked.prefill == "partner.code" and shown is not None and shown != said.partner:
            found.append(issue("delivery.wrong_partner", where, value=shown, expected=said.partner))
        if asked.prefill == "campaign.year" and shown is not None and shown not in (said.year, year):
            found.append(issue("delivery.wrong_year", where, value=shown, expected=year))
    return found


def _not_owing(partner: str, place: Place, context: ExamineContext) -> Issue:
    """Why a partner's return counts for nobody: another stands for it by now, it is gone, or nobody knows it."""
    closed = context.closed.get(partner)
    if closed is None:
        return issue("delivery.unknown_partner", place, value=partner, year=context.campaign.year)
    day = f"{closed.day:%d/%m/%Y}"
    if not closed.heirs:
        return issue("delivery.partner_closed", place, value=partner, day=day)
    return issue("delivery.partner_succeeded", place, value=partner, day=day, heir=", ".join(closed.heirs))


def _sender_issues(said: Identity, delivery: Delivery, context: ExamineContext) -> list[Issue]:
    """A warning when the mail came from the address of another partner: two returns may have been swapped."""
    owners = context.addresses.get(delivery.sender.casefold(), frozenset()) if delivery.sender else frozenset()
    if not owners or said.partner in owners:
        return []
    told = {"sender": delivery.sender, "owner": ", ".join(sorted(owners)), "value": said.partner or "?"}
    return [issue("delivery.other_sender", Place(delivery.file), **told)]
