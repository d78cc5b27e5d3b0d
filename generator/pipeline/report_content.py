"""Report content: what a report is made from, gathered from the register year by year.

In:   register, registry, forms, Period, plan. Out: Gathered: dataset, texts of partners, standings, sources.
Imports the stages merge, figures, obligations and register, pipeline.context and decisions. One return after the
other passes by and none is kept, so that many years cost little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generator.definitions.forms import Form
from generator.definitions.plans import ReportPlan
from generator.lineage import Lineage
from generator.model import COUNTED, Counted, Obligation, Registry, Verdict
from generator.pipeline.changes import Versions, names_apart
from generator.pipeline.context import assigned, communes, roles_of
from generator.pipeline.decisions import load_decisions
from generator.pipeline.report_gifts import OneSided, ToldAgain
from generator.pipeline.report_period import Period
from generator.pipeline.workspace import Workspace
from generator.stages.figures import Directory, Quotes, Standing, Standings
from generator.stages.merge import Answers, Dataset, merge_answers
from generator.stages.obligations import obligations
from generator.stages.register.database import Register
from generator.vietnamese.order import order_key


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that the register gives to a report."""

    dataset: Dataset
    quotes: Quotes
    one_sided: OneSided
    told_again: ToldAgain
    standings: Standings
    """By form and year, also of the year that a single one is compared with; partners by code."""
    sources: tuple[tuple[str, str, str], ...]
    """Key, file and hash of every submission that counted."""


@dataclass(slots=True)
class _Passed:
    """What is remembered of the submissions that went into the dataset."""

    sources: list[tuple[str, str, str]] = field(default_factory=list)
    verdicts: dict[tuple[str, int, str], Verdict] = field(default_factory=dict)

    def take(self, one: Counted) -> None:
        said = one.submission
        self.sources.append((one.key, said.file, said.sha256))
        self.verdicts[said.form, said.year, said.partner] = one.verdict


def gather(
    workspace: Workspace,
    period: Period,
    registry: Registry,
    forms: Mapping[str, Form],
    register: Register,
    plan: ReportPlan,
) -> Gathered:
    """The counted returns of the period and of the year before, merged, and where every obligation stands."""
    quotes, passed = Quotes(plan, names_on(registry, period), forms, period.years), _Passed()
    one_sided, told_again = OneSided(registry, period), ToldAgain(forms)
    takers = (quotes.take_answers, one_sided.take, told_again.take)
    passing = _streamed(register, period, takers, passed)
    dataset = merge_answers(passing, registry, forms, map_date=period.map_date)
    standings: dict[tuple[str, int], Sequence[Standing]] = {}
    for year in period.read:
        owed = _owed(workspace, registry, forms, year)
        standings |= {(form, year): found for form, found in _standings(register, owed, year, passed).items()}
    return Gathered(dataset, quotes, one_sided, told_again, standings, tuple(sorted(passed.sources)))


def _streamed(
    register: Register, period: Period, takers: Sequence[Callable[[Counted, Answers], None]], passed: _Passed
) -> Iterator[tuple[Counted, Answers]]:
    for year in period.read:
        for one, answers in register.answers(year):
            for take in takers:
                take(one, answers)
            passed.take(one)
            yield one, answers


def _owed(
    workspace: Workspace, registry: Registry, forms: Mapping[str, Form], year: int
) -> Mapping[str, Sequence[Obligation]]:
    decisions, _ = load_decisions(workspace, year, registry)  # what is wrong with them the intake tells
    found: dict[str, list[Obligation]] = {}
    for one in obligations(registry, year, decisions, roles_of(forms)):
        found.setdefault(one.form, []).append(one)
    return found


def _standings(
    register: Register, owed: Mapping[str, Sequence[Obligation]], year: int, passed: _Passed
) -> Mapping[str, Sequence[Standing]]:
    """Where each obligation of the year stands, by form."""
    states = {(state.form, state.partner): state for state in register.states(year)}
    found: dict[str, list[Standing]] = {form: [] for form in owed}
    for form, one in ((form, one) for form, ones in owed.items() for one in ones):
        state = states.get((form, one.partner.code))
        counted = passed.verdicts.get((form, year, one.partner.code))
        if state is None:
            found[form].append(Standing(one, Verdict.EXEMPT if one.exempt else Verdict.MISSING))
            continue
        verdict, revision = counted or state.verdict, state.counted or state.revision
        waits = bool(counted) and state.verdict not in COUNTED
        found[form].append(Standing(one, verdict, state.first_received, pending=waits, revision=revision))
    return found


def silences(
    workspace: Workspace, period: Period, registry: Registry, forms: Mapping[str, Form], register: Register, form: str
) -> Iterator[tuple[int, frozenset[str], frozenset[str]]]:
    """The years backwards from the last: who owed the form and was not let off, and who of them sent nothing."""
    for year in range(period.last, 0, -1):
        owed = [one for one in _owed(workspace, registry, forms, year).get(form, ()) if not one.exempt]
        if not owed:
            return
        sent = {state.partner for state in register.states(year) if state.form == form}
        codes = frozenset(one.partner.code for one in owed)
        yield year, codes, codes - sent


def names_on(registry: Registry, period: Period) -> dict[str, str]:
    """Name of each partner by its code: as it was called on the last day of the period, else last before."""
    versions = Versions(registry.partners)
    return {one.code: versions.name(one.code, period.end) for one in registry.partners}


def directory(registry: Registry, period: Period) -> Directory:
    """What the registry says of partners at the end of the period and on the day of the map."""
    versions, lineage, day = Versions(registry.partners), Lineage(registry.events), period.map_date
    codes = dict.fromkeys(one.code for one in registry.partners)
    heirs = {code: lineage.heirs(code, period.start, max(day, period.start)) for code in codes}
    today = {code: of[0] for code, of in heirs.items() if len(of) == 1 and of[0] != code}
    districts = {code: found.district for code in codes if (found := versions.on(code, period.end))}
    districts_today = {
        code: found.district for code in codes if (found := versions.on(today.get(code, code), day)) is not None
    }
    sides = {
        code
        for one in registry.assignments
        if one.valid_within(period.start, period.end)
        for side in (one.giver, one.receiver)
        for code in lineage.succession(side, period.start, period.end)
    }
    return Directory(
        names_apart(registry, period.start, period.end),
        {code: versions.name(today.get(code, code), day) for code in codes},
        districts,
        districts_today,
        today,
        tuple(code for code in codes if code in sides),
    )


def communes_of(registry: Registry, period: Period) -> dict[str, str]:
    """By giver: the communes assigned to it in the last year, by name."""
    labels = {choice.code: choice.label for choice in communes(registry, period.campaign)}
    return {
        giver: ", ".join(sorted((labels.get(receiver, receiver) for receiver in receivers), key=order_key))
        for giver, receivers in assigned(registry, period.campaign).items()
    }
