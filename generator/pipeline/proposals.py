"""Proposals: what the assignments ask for: communes without a giver, silent givers, who is gone, who is no longer poor.

In:   registry, the period's first and last day, the day of the map, who was silent in which year. Out: names for a
      report, in Vietnamese order.
Pure. Imports lineage, model, pipeline.changes, vietnamese.order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from generator.lineage import Lineage
from generator.model import Assignment, Partner, Registry
from generator.pipeline.changes import Versions, closed_givers
from generator.vietnamese.order import order_key

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A giver that was merged or dissolved, and who stands for it on the day of the map."""

    name: str
    heirs: tuple[str, ...]


def receivers_on(registry: Registry, day: date) -> tuple[Partner, ...]:
    """Whoever receives on that day, by name: in its own role, or as the heir of somebody who received."""
    lineage, versions = Lineage(registry.events), Versions(registry.partners)
    codes = dict.fromkeys(
        heir
        for one in registry.partners
        if one.receives and (one.since is None or one.since <= day)
        for heir in lineage.heirs(one.code, one.until + _DAY if one.until else date.min, day)
    )
    standing = [found for code in codes if (found := versions.on(code, day)) is not None]
    return _by_name(one for one in standing if one.valid_within(day, day) and not _ceased(one, versions))


def _ceased(one: Partner, versions: Versions) -> bool:
    """Whether it received once and does so no more, under the same code."""
    return not one.receives and any(other.receives for other in versions.of(one.code))


def without_giver(registry: Registry, day: date) -> tuple[Partner, ...]:
    """Receivers of that day to whom no assignment in force leads.

    An assignment that ended only because one side was merged goes on with the heirs of both.
    """
    helped = assigned_on(registry, day)
    return tuple(one for one in receivers_on(registry, day) if one.code not in helped)


def assigned_on(registry: Registry, day: date) -> Mapping[str, frozenset[str]]:
    """By receiver that stands on that day: the givers that stand then and are assigned to it."""
    lineage, versions = Lineage(registry.events), Versions(registry.partners)
    ended = {(code, event.day) for event in registry.events for code in event.sources if code != event.target}
    found: dict[str, set[str]] = {}
    for one in registry.assignments:
        if not _in_force(one, day, ended):
            continue
        span = (one.since or date.min, day)
        givers = [code for code in lineage.heirs(one.giver, *span) if _stands(code, versions, day)]
        for receiver in lineage.heirs(one.receiver, *span):
            if givers and _stands(receiver, versions, day):
                found.setdefault(receiver, set()).update(givers)
    return {receiver: frozenset(givers) for receiver, givers in found.items()}


def _in_force(one: Assignment, day: date, ended: set[tuple[str, date]]) -> bool:
    if one.since is not None and one.since > day:
        return False
    if one.until is None or one.until >= day:
        return True
    return bool({(one.giver, one.until + _DAY), (one.receiver, one.until + _DAY)} & ended)


def _stands(code: str, versions: Versions, day: date) -> bool:
    found = versions.on(code, day)
    return found is not None and found.valid_within(day, day)


def no_longer_hard(registry: Registry, day: date) -> tuple[Partner, ...]:
    """Receivers of that day that were, or whose forebears were, đặc biệt khó khăn and are known not to be any more."""
    lineage, versions = Lineage(registry.events), Versions(registry.partners)

    def was_hard(one: Partner) -> bool:
        line = (one.code, *lineage.forebears(one.code, date.min, day))
        return any(earlier.hard for code in line for earlier in versions.of(code))

    return tuple(one for one in receivers_on(registry, day) if one.hard is False and was_hard(one))


def succeeded_givers(registry: Registry, start: date, end: date, day: date) -> tuple[Succeeded, ...]:
    """Givers that ended within the period, in order of days, each with those who stand for it on the day.

    Who ends only after the day still stands on its map; an heir of the same name has nothing to be told.
    """
    lineage, versions = Lineage(registry.events), Versions(registry.partners)
    found = []
    for event in closed_givers(registry, start, min(end, day)):
        for code in event.sources:
            old = versions.on(code, event.day - _DAY)
            if old is not None and old.gives and code != event.target:
                heirs = tuple(versions.name(heir, day) for heir in lineage.heirs(code, event.day, day))
                if heirs != (old.name,):
                    found.append(Succeeded(old.name, heirs))
    # a giver that was merged into a namesake, which ended in turn, is one name with one fate
    return tuple(dict.fromkeys(found))


def silent_years(
    registry: Registry, silent: Iterable[tuple[int, frozenset[str], frozenset[str]]], end: date
) -> Mapping[str, tuple[int, ...]]:
    """By giver: the years, the latest first, for which it sent nothing, up to the last one without a gap.

    `silent` are the years backwards from the last one, each with the codes that owed and those that sent nothing; it
    is read only as far as somebody is still silent. Silent before a merger is who had only silent forebears.
    """
    lineage, found, lines = Lineage(registry.events), dict[str, list[int]](), dict[str, frozenset[str]]()
    for at, (year, owed, nothing) in enumerate(silent):
        if at == 0:
            lines = {code: frozenset((code, *lineage.forebears(code, date.min, end))) for code in nothing}
        lines = {code: line for code, line in lines.items() if line & owed and line & owed <= nothing}
        if not lines:
            break
        for code in lines:
            found.setdefault(code, []).append(year)
    return {code: tuple(years) for code, years in found.items()}


def _by_name(found: Iterable[Partner]) -> tuple[Partner, ...]:
    return tuple(sorted(found, key=lambda one: (order_key(one.name), one.code)))
