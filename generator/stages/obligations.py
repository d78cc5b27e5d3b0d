"""Obligations: registry + year -> who owes which form, and by when.

In:   Registry, the year. Out: Obligations, one for each partner and form.
Pure. Imports model.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.model import Campaign, Obligation, Partner, Registry

ROLES: Mapping[str, str] = MappingProxyType(
    {"KN-00": "board", "KN-01": "gives", "KN-02": "receives", "KN-03": "gives or receives"}
)
"""Who owes the forms of the house; a caller with forms of its own passes `roles`."""


def obligations(registry: Registry, year: int, roles: Mapping[str, str] = ROLES) -> tuple[Obligation, ...]:
    """What must arrive in a year, form by form in the campaign's order, partners by code; empty without a campaign.

    Whoever was valid in the form's role on any day of the period owes it once, as its last version of the period.
    A form that nobody of the registry can owe (the board's own) has no obligation here.
    """
    campaign = campaign_of(registry, year)
    if campaign is None:
        return ()
    owing = _valid_partners(registry, campaign)
    return tuple(
        Obligation(partner, form, year, campaign.deadline)
        for form in campaign.forms
        for partner in owing
        if _in_role(partner, roles.get(form, ""))
    )


def campaign_of(registry: Registry, year: int) -> Campaign | None:
    """The campaign of a year, if there is one."""
    return next((campaign for campaign in registry.campaigns if campaign.year == year), None)


def _in_role(partner: Partner, role: str) -> bool:
    return ("gives" in role and partner.gives) or ("receives" in role and partner.receives)


def _valid_partners(registry: Registry, campaign: Campaign) -> list[Partner]:
    """Each partner of the period once, by code: the version that stood last."""
    latest: dict[str, Partner] = {}
    for partner in registry.partners:
        if not partner.valid_within(campaign.start, campaign.end):
            continue
        known = latest.get(partner.code)
        if known is None or _start(partner) >= _start(known):
            latest[partner.code] = partner
    return [latest[code] for code in sorted(latest)]


def _start(partner: Partner) -> int:
    return partner.since.toordinal() if partner.since else 0
