"""What a year's blanks and returns share: its communes, who is assigned to whom, what is prefilled, what is judged.

In:   the registry, a campaign, the forms, last year's counted returns. Out: lists, prefills, ExamineContext.
Imports definitions, model, the stage obligations, pipeline.examine. No file is opened here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from generator.definitions.forms import Choice, Form
from generator.definitions.returned import Returned
from generator.model import Assignment, Campaign, Counted, Partner, Registry, Scalar
from generator.pipeline.examine import ExamineContext
from generator.stages.obligations import obligations
from generator.vietnamese.amounts import scaled_money
from generator.vietnamese.dates import format_date
from generator.vietnamese.order import order_key
from generator.vietnamese.text import clean

COMMUNES = "@communes"
"""Code of the list of receiving partners, which only the registry knows."""
PLAN_TABLE = "ke_hoach"
"""The table whose rows come back, a year later, as the prefilled plan."""


def communes(registry: Registry, campaign: Campaign) -> tuple[Choice, ...]:
    """The receivers of the campaign's period in Vietnamese order; names that recur are told apart."""
    valid = _valid(registry.partners, campaign, receives=True)
    names = Counter(partner.name for partner in valid.values())
    return tuple(
        Choice(code, partner.name if names[partner.name] == 1 else f"{partner.name} ({_apart(partner)})")
        for code, partner in sorted(valid.items(), key=lambda pair: order_key(pair[1].name))
    )


def _apart(partner: Partner) -> str:
    """What tells two partners of one name apart: the day the older one ended, or its code."""
    return f"đến {format_date(partner.until.isoformat())}" if partner.until else partner.code


def _valid(partners: Iterable[Partner], campaign: Campaign, *, receives: bool) -> dict[str, Partner]:
    """The last version of each partner of that role valid within the period."""
    found: dict[str, Partner] = {}
    for partner in partners:
        role = partner.receives if receives else partner.gives
        if role and partner.valid_within(campaign.start, campaign.end):
            found[partner.code] = partner
    return found


def assigned(registry: Registry, campaign: Campaign) -> Mapping[str, tuple[str, ...]]:
    """Codes of the receivers assigned to each giver within the period, in the order of the registry."""
    found: dict[str, dict[str, Assignment]] = {}
    for assignment in registry.assignments:
        if assignment.valid_within(campaign.start, campaign.end):
            found.setdefault(assignment.giver, {})[assignment.receiver] = assignment
    return {giver: tuple(receivers) for giver, receivers in found.items()}


def prefills(
    registry: Registry, campaign: Campaign, plans: Mapping[str, tuple[str, ...]]
) -> Mapping[str, Mapping[str, Scalar]]:
    """What the board writes into each giver's blank, by partner code and prefill name."""
    labels = {choice.code: choice.label for choice in communes(registry, campaign)}
    givers, pairs = _valid(registry.partners, campaign, receives=False), assigned(registry, campaign)
    found: dict[str, Mapping[str, Scalar]] = {}
    for code, partner in givers.items():
        names: dict[str, Scalar] = {"partner.code": code, "partner.name": partner.name}
        receivers = [labels[receiver] for receiver in pairs.get(code, ()) if receiver in labels]
        names.update({f"assigned.{number}": label for number, label in enumerate(receivers, start=1)})
        names.update({f"plan.{number}": line for number, line in enumerate(plans.get(code, ()), start=1)})
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


def examine_context(
    registry: Registry,
    campaign: Campaign,
    forms: Mapping[str, Form],
    printed: Mapping[str, Mapping[str, frozenset[str]]],
    previous: Iterable[Counted] = (),
) -> ExamineContext:
    """Everything one year's deliveries are judged by. `printed` are the texts of each form's blank."""
    counted = tuple(previous)
    lists = {COMMUNES: communes(registry, campaign)}
    labels = {choice.code: choice.label for choice in lists[COMMUNES]}
    owed: dict[str, set[str]] = {}
    for obligation in obligations(registry, campaign.year):
        owed.setdefault(obligation.form, set()).add(obligation.partner.code)
    prefilled = prefills(registry, campaign, plan_lines(counted, labels))
    return ExamineContext(
        campaign=campaign,
        forms={code: forms[code] for code in campaign.forms if code in forms},
        lists=lists,
        partners={form: frozenset(codes) for form, codes in owed.items()},
        assigned={giver: frozenset(receivers) for giver, receivers in assigned(registry, campaign).items()},
        printed=printed,
        own_texts={code: _own_texts(names) for code, names in prefilled.items()},
        previous={
            (one.submission.form, one.submission.partner): Returned(one.submission.file, one.submission.values)
            for one in counted
        },
    )


def _own_texts(names: Mapping[str, Scalar]) -> frozenset[str]:
    texts = {clean(str(value)) for value in names.values() if value}
    return frozenset(texts | {f"Đơn vị báo cáo: {text}" for text in (clean(str(names["partner.name"])),)})
