"""Obligations: registry + year + decisions -> who owes which form, by when, and who is let off.

In:   Registry, the year, what officers decided. Out: Obligations, one for each partner and form.
Pure. Imports lineage, model, vietnamese.order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from generator.lineage import Lineage
from generator.model import Campaign, Decision, Obligation, Partner, Registry, Ruling
from generator.vietnamese.order import order_key

ROLES: Mapping[str, str] = MappingProxyType({"KN-00": "board", "KN-01": "gives", "KN-02": "receives", "KN-03": "both"})
"""Who owes the forms of the house; a caller with forms of its own passes `roles`."""

BOARD = "thuong_truc"
"""Kind of the board itself in the registry."""

IN_ROLE: Mapping[str, Callable[[Partner], bool]] = MappingProxyType(
    {
        "gives": lambda partner: partner.gives,
        "receives": lambda partner: partner.receives,
        "both": lambda partner: partner.gives or partner.receives,
        "board": lambda partner: partner.kind == BOARD,
    }
)
"""Whether a version of a partner is in a role, by the role's name; any other name is nobody's."""


def obligations(
    registry: Registry, year: int, decisions: Sequence[Decision] = (), roles: Mapping[str, str] = ROLES
) -> tuple[Obligation, ...]:
    """What must arrive in a year, form by form in the campaign's order, partners by name; empty without a campaign.

    Whoever was valid in the form's role on any day of the period owes it once, as its last version of the period.
    Whoever was succeeded within the period does not: the heirs of that period owe instead, whatever their own role
    is. Where nobody is left, whoever was dissolved last owes. A decision may exempt, or move the day to a later one.
    """
    campaign = campaign_of(registry, year)
    if campaign is None:
        return ()
    lineage, exempt, extended = Lineage(registry.events), _exempt(decisions, year), _extended(decisions, year)
    found = []
    for form in campaign.forms:
        for partner in owing(registry, campaign, roles.get(form, ""), lineage):
            key = (form, partner.code)
            due = max([campaign.due, *(one.due for one in extended.get(key, ()) if one.due)])
            found.append(Obligation(partner, form, year, due, exempt.get(key, "")))
    return tuple(found)


def campaign_of(registry: Registry, year: int) -> Campaign | None:
    """The campaign of a year, if there is one."""
    return next((campaign for campaign in registry.campaigns if campaign.year == year), None)


def owing(registry: Registry, campaign: Campaign, role: str, lineage: Lineage | None = None) -> tuple[Partner, ...]:
    """Who answers for a role in the campaign's period, by name: each as the last version that stood in it."""
    in_role = IN_ROLE.get(role)
    if in_role is None:
        return ()
    latest = last_versions(registry.partners, campaign)
    lineage, found = lineage or Lineage(registry.events), dict[str, Partner]()
    for partner in registry.partners:
        if in_role(partner) and partner.valid_within(campaign.start, campaign.end):
            last = [code for code in lineage.last(partner.code, campaign.start, campaign.end) if code in latest]
            found.update((code, latest[code]) for code in last or [partner.code])
    return tuple(sorted(found.values(), key=lambda partner: (order_key(partner.name), partner.code)))


def last_versions(partners: Iterable[Partner], campaign: Campaign) -> Mapping[str, Partner]:
    """Each partner of the period by its code: the version that stood last in it."""
    latest: dict[str, Partner] = {}
    for partner in partners:
        if not partner.valid_within(campaign.start, campaign.end):
            continue
        known = latest.get(partner.code)
        if known is None or _start(partner) >= _start(known):
            latest[partner.code] = partner
    return latest


def _start(partner: Partner) -> int:
    return partner.since.toordinal() if partner.since else 0


def _exempt(decisions: Iterable[Decision], year: int) -> Mapping[tuple[str, str], str]:
    """The reason of each exemption by form and partner; without a reason, where the decision stands."""
    return {
        (one.form, one.partner): one.reason or one.place
        for one in decisions
        if one.ruling is Ruling.EXEMPT and one.year == year
    }


def _extended(decisions: Iterable[Decision], year: int) -> Mapping[tuple[str, str], Sequence[Decision]]:
    found: dict[tuple[str, str], list[Decision]] = {}
    for one in decisions:
        if one.ruling is Ruling.EXTEND and one.year == year:
            found.setdefault((one.form, one.partner), []).append(one)
    return found
