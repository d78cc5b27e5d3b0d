"""What a year's blanks and returns share: run-time lists, who is assigned to whom, what is prefilled, what is judged.

In:   the registry, a campaign, the forms, last year's counted returns. Out: lists, prefills, ExamineContext.
Imports definitions, lineage, model, the stage obligations, pipeline.examine. No file is opened here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from generator.definitions.forms import Choice, Form
from generator.definitions.returned import Returned
from generator.lineage import Closed, Lineage
from generator.model import Campaign, Counted, Partner, Registry, Scalar
from generator.pipeline.examine import ExamineContext
from generator.stages.obligations import IN_ROLE, last_versions, obligations, owing
from generator.vietnamese.amounts import scaled_money
from generator.vietnamese.dates import format_date
from generator.vietnamese.order import order_key
from generator.vietnamese.text import clean

COMMUNES = "@communes"
"""Code of the list of receiving partners, which only the registry knows."""
GIVERS = "@givers"
"""Code of the list of giving partners."""
PLAN_TABLE = "ke_hoach"
"""The table whose rows come back, a year later, as the prefilled plan."""


# --- run-time lists -----------------------------------------------------------------------------


def run_time_lists(registry: Registry, campaign: Campaign) -> Mapping[str, tuple[Choice, ...]]:
    """The lists of choices that the registry decides, by code, in Vietnamese order.

    Whoever was in the role on any day of the period, and whoever stands for them since; names that recur are told
    apart.
    """
    return {COMMUNES: communes(registry, campaign), GIVERS: givers(registry, campaign)}


def communes(registry: Registry, campaign: Campaign) -> tuple[Choice, ...]:
    """The receivers of the campaign's period, predecessors and heirs alike."""
    return _choices(registry, campaign, "receives")


def givers(registry: Registry, campaign: Campaign) -> tuple[Choice, ...]:
    """The givers of the campaign's period, predecessors and heirs alike."""
    return _choices(registry, campaign, "gives")


def commune_labels(registry: Registry, campaign: Campaign) -> Mapping[str, str]:
    """By code of a receiver what the list calls it; one that ended before the period by what its heirs are called."""
    labels, lineage = {choice.code: choice.label for choice in communes(registry, campaign)}, Lineage(registry.events)
    for code in {one.code for one in registry.partners if one.receives} - labels.keys():
        heirs = [labels[heir] for heir in lineage.heirs(code, date.min, campaign.end) if heir in labels]
        if heirs:
            labels[code] = ", ".join(heirs)
    return labels


def _choices(registry: Registry, campaign: Campaign, role: str) -> tuple[Choice, ...]:
    latest, stands = last_versions(registry.partners, campaign), owing(registry, campaign, role)
    within = (one for one in registry.partners if IN_ROLE[role](one) and one.valid_within(campaign.start, campaign.end))
    named = {one.code: latest[one.code] for one in (*within, *stands)}
    labels = _labels(named, campaign)
    order = sorted(named, key=lambda code: (order_key(named[code].name), code))
    return tuple(Choice(code, labels[code]) for code in order)


def _labels(named: Mapping[str, Partner], campaign: Campaign) -> Mapping[str, str]:
    """What each partner is called in a list: its name, with as much more as tells it from its namesakes."""
    names = Counter(one.name for one in named.values())
    told = {
        code: one.name if names[one.name] == 1 else f"{one.name} ({_apart(one, campaign)})"
        for code, one in named.items()
    }
    again = Counter(told.values())
    return {code: label if again[label] == 1 else f"{named[code].name} ({code})" for code, label in told.items()}


def _apart(partner: Partner, campaign: Campaign) -> str:
    """What tells two partners of one name apart: the day one ended or began within the period, its district or code."""
    if partner.until and partner.until < campaign.end:
        return f"đến {format_date(partner.until.isoformat())}"
    if partner.since and partner.since > campaign.start:
        return f"từ {format_date(partner.since.isoformat())}"
    return partner.district or partner.code


def partner_names(registry: Registry, campaign: Campaign) -> dict[str, str]:
    """The name of each partner by its code: as its last version of the period bears it, else ever."""
    names = {partner.code: partner.name for partner in registry.partners}
    return names | {code: one.name for code, one in last_versions(registry.partners, campaign).items()}


# --- who is assigned to whom, and who is gone ---------------------------------------------------


def assigned(registry: Registry, campaign: Campaign) -> Mapping[str, tuple[str, ...]]:
    """Codes of the receivers of each giver that stands at the end of the period.

    Assignments of the period go on with the heirs of both sides. Whoever receives now comes first, in the order of
    the registry, then whoever received earlier in the period.
    """
    return _paired(registry, campaign, mirrored=False)


def receivers_givers(registry: Registry, campaign: Campaign) -> Mapping[str, tuple[str, ...]]:
    """The same from the other side: codes of the givers of each receiver that stands at the end of the period."""
    return _paired(registry, campaign, mirrored=True)


def _paired(registry: Registry, campaign: Campaign, *, mirrored: bool) -> Mapping[str, tuple[str, ...]]:
    lineage, latest = Lineage(registry.events), last_versions(registry.partners, campaign)
    now: dict[str, dict[str, None]] = {}
    before: dict[str, dict[str, None]] = {}
    for one in registry.assignments:
        if not one.valid_within(campaign.start, campaign.end):
            continue
        ours, theirs = (one.receiver, one.giver) if mirrored else (one.giver, one.receiver)
        span = (one.since or date.min, campaign.end)
        stand = [code for code in lineage.heirs(theirs, *span) if code in latest]
        others = [code for code in lineage.succession(theirs, *span) if code in latest]
        owners = [code for code in lineage.last(ours, *span) if code in latest]
        for owner in owners or [ours]:
            now.setdefault(owner, {}).update(dict.fromkeys(stand))
            before.setdefault(owner, {}).update(dict.fromkeys(others or [theirs]))
    return {owner: tuple(now[owner] | before[owner]) for owner in now}


def closed(registry: Registry, campaign: Campaign) -> Mapping[str, Closed]:
    """By code: why a partner that is gone, and owes nothing in the period, may not send a return any more."""
    lineage, latest = Lineage(registry.events), last_versions(registry.partners, campaign)
    owes = {one.code for role in ("both", "board") for one in owing(registry, campaign, role, lineage)}
    last: dict[str, date | None] = {}
    for one in sorted(registry.partners, key=lambda partner: partner.since or date.min):
        if one.since is None or one.since <= campaign.end:
            last[one.code] = one.until
    found = {}
    for code, until in last.items():
        if until is not None and until < campaign.end and code not in owes:
            heirs = [latest[heir] for heir in lineage.last(code, date.min, campaign.end) if heir in latest]
            names = tuple(f"{heir.name} ({heir.code})" for heir in heirs if heir.code != code)
            found[code] = Closed(until + timedelta(days=1), names)
    return found


# --- what is prefilled --------------------------------------------------------------------------


def prefills(
    registry: Registry, campaign: Campaign, plans: Mapping[str, tuple[str, ...]], role: str = ""
) -> Mapping[str, Mapping[str, Scalar]]:
    """What the board writes into the blank of everybody who may owe one, by partner code and prefill name.

    Assigned are the receivers in a form of the role "gives", the givers in one of the role "receives", else both,
    for there are districts that give and receive. Heirs get the plans of the period's predecessors after their own.
    """
    lineage, lists = Lineage(registry.events), run_time_lists(registry, campaign)
    labels = {choice.code: choice.label for choices in lists.values() for choice in choices}
    receivers = assigned(registry, campaign) if role != "receives" else {}
    donors = receivers_givers(registry, campaign) if role != "gives" else {}
    found: dict[str, Mapping[str, Scalar]] = {}
    for partner in (*owing(registry, campaign, "both", lineage), *owing(registry, campaign, "board", lineage)):
        code = partner.code
        names: dict[str, Scalar] = {"partner.code": code, "partner.name": partner.name}
        pairs = [labels[one] for one in (*receivers.get(code, ()), *donors.get(code, ())) if one in labels]
        names.update({f"assigned.{number}": label for number, label in enumerate(pairs, start=1)})
        line = (code, *lineage.forebears(code, campaign.start, campaign.end))
        planned = [told for one in line for told in plans.get(one, ())]
        names.update({f"plan.{number}": told for number, told in enumerate(planned, start=1)})
        found[code] = names
    return found


def plan_lines(counted: Iterable[Counted], labels: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Last year's plan of each partner as lines: "Cấp bò giống sinh sản - xã Trà Tập - 120 triệu đồng"."""
    found: dict[str, tuple[str, ...]] = {}
    for one in counted:
        rows = Returned(one.submission.file, one.submission.values).rows(PLAN_TABLE)
        lines = []
        for _, answers in sorted(rows.items()):
            said = {code: value.value for code, value in answers.items()}
            amount = said.get("gia_tri_du_kien")
            parts = [
                str(said.get("noi_dung") or ""),
                labels.get(str(said.get("xa")), ""),
                scaled_money(amount, word=False) if isinstance(amount, int) else "",
            ]
            lines.append(" - ".join(part for part in parts if part))
        if lines:
            found[one.submission.partner] = tuple(lines)
    return found


# --- what is judged -----------------------------------------------------------------------------


def examine_context(
    registry: Registry,
    campaign: Campaign,
    forms: Mapping[str, Form],
    printed: Mapping[str, Mapping[str, frozenset[str]]],
    previous: Iterable[Counted] = (),
) -> ExamineContext:
    """Everything one year's deliveries are judged by. `printed` are the texts of each form's blank."""
    counted = tuple(previous)
    owed: dict[str, set[str]] = {}
    for one in obligations(registry, campaign.year, roles=roles_of(forms)):
        owed.setdefault(one.form, set()).add(one.partner.code)
    prefilled = prefills(registry, campaign, plan_lines(counted, commune_labels(registry, campaign)))
    return ExamineContext(
        campaign=campaign,
        forms={code: forms[code] for code in campaign.forms if code in forms},
        lists=run_time_lists(registry, campaign),
        partners={form: frozenset(codes) for form, codes in owed.items()},
        assigned=_neighbours(registry, campaign),
        printed=printed,
        own_texts={code: _own_texts(names) for code, names in prefilled.items()},
        previous={
            (one.submission.form, one.submission.partner): Returned(one.submission.file, one.submission.values)
            for one in counted
        },
        closed=closed(registry, campaign),
    )


def roles_of(forms: Mapping[str, Form]) -> Mapping[str, str]:
    """Who owes each form, as the forms themselves say."""
    return {code: form.role for code, form in forms.items()}


def _neighbours(registry: Registry, campaign: Campaign) -> Mapping[str, frozenset[str]]:
    """The other side of each partner's assignments: receivers of a giver, givers of a receiver."""
    receivers, donors = assigned(registry, campaign), receivers_givers(registry, campaign)
    return {code: frozenset((*receivers.get(code, ()), *donors.get(code, ()))) for code in {*receivers, *donors}}


def _own_texts(names: Mapping[str, Scalar]) -> frozenset[str]:
    texts = {clean(str(value)) for value in names.values() if value}
    return frozenset(texts | {f"Đơn vị báo cáo: {text}" for text in (clean(str(names["partner.name"])),)})
