"""Blanks: the workbooks that a year's partners owe, prefilled, written to outputs/<year>/blanks/.

In:   a workspace, a year, the partners wanted. Out: files, and which ones.
Imports the stage obligations, pipeline.compiled, context, decisions, intake, judging and workspace.
Refuses before the first file is written: half a set of blanks would be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.definitions.schema import nearest
from generator.issues import Issue, Place, RefusedError, issue
from generator.model import Campaign, Obligation, Registry, Scalar
from generator.pipeline.compiled import compile_blanks
from generator.pipeline.context import commune_labels, plan_lines, prefills, roles_of
from generator.pipeline.decisions import load_decisions
from generator.pipeline.intake import refreshed
from generator.pipeline.judging import load_forms_or_refuse, load_registry_or_refuse
from generator.pipeline.workspace import Workspace, safe_name, write_atomic
from generator.stages.obligations import campaign_of, obligations

_FEW = 50
"""So many blanks are written before anybody looks for a progress bar."""


class Written(NamedTuple):
    """What `blank` wrote."""

    folder: str
    """Relative to the workspace."""
    files: tuple[str, ...]


def write_blanks(
    workspace: Workspace,
    year: int,
    partners: Sequence[str] = (),
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Written:
    """Writes the blanks that are owed in a year and not exempt, or only those of the given partners.

    RefusedError with every fault when the forms or the registry have one, the year has no campaign, or a given
    partner is unknown or owes nothing; UnusableError when the disk refuses.
    """
    forms, registry = load_forms_or_refuse(workspace), load_registry_or_refuse(workspace)
    campaign = campaign_of(registry, year)
    if campaign is None:
        years = ", ".join(str(one.year) for one in registry.campaigns) or "chưa có năm nào"
        raise RefusedError(issue("year.no_campaign", _place(workspace), year=year, years=years))
    decisions, _ = load_decisions(workspace, year, registry)
    owed = [one for one in obligations(registry, year, decisions, roles_of(forms)) if one.form in forms]
    faults = list(_partner_faults(workspace, registry, owed, year, partners))
    if faults:
        raise RefusedError(*faults)
    # whoever is let off gets a blank only when it is asked for by name
    named = frozenset(partners)
    wanted = [one for one in owed if (one.partner.code in named if named else not one.exempt)]
    blanks = compile_blanks({one.form: forms[one.form] for one in wanted}, registry, campaign)
    plans = last_plans(workspace, registry, campaign)
    prefilled = {form: prefills(registry, campaign, plans, forms[form].role) for form in blanks}
    folder = workspace.year_outputs(year) / "blanks"
    files = []
    for done, one in enumerate(wanted, start=1):
        name = safe_name(f"{one.partner.code}-{one.form}-{year}.xlsx")
        write_atomic(folder / name, blanks[one.form].fill(prefilled[one.form].get(one.partner.code) or _identity(one)))
        files.append(name)
        if len(wanted) > _FEW:
            tell(done, len(wanted))
    return Written(workspace.relative(folder), tuple(files))


def last_plans(workspace: Workspace, registry: Registry, campaign: Campaign) -> Mapping[str, tuple[str, ...]]:
    """The lines that each partner planned last year, by its code, from the returns that count."""
    register, _ = refreshed(workspace)
    with register:
        counted = list(register.counted(campaign.year - 1))
    return plan_lines(counted, commune_labels(registry, campaign))


def _partner_faults(
    workspace: Workspace, registry: Registry, owed: Sequence[Obligation], year: int, partners: Sequence[str]
) -> Iterator[Issue]:
    """An issue for each given partner that is unknown, or owes nothing in the year."""
    known = {partner.code for partner in registry.partners}
    owing = {one.partner.code for one in owed}
    for code in partners:
        if code not in known:
            near = nearest(code, sorted(owing or known))
            yield issue("blank.unknown_partner", _place(workspace), partner=code, near=near)
        elif code not in owing:
            yield issue("blank.owes_nothing", _place(workspace), partner=code, year=year)


def _identity(owed: Obligation) -> Mapping[str, Scalar]:
    return {"partner.code": owed.partner.code, "partner.name": owed.partner.name}


def _place(workspace: Workspace) -> Place:
    return Place(workspace.relative(workspace.registry))
