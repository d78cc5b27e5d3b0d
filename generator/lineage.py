"""Lineage: who stands for a partner after mergers, splits, renames and dissolutions.

In:   events. Out: Lineage: heirs and forebears of a code over a span of days; Closed.
Pure. Imports model. Asked once for each partner and assignment, so every answer costs only the events on its way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import cached_property

from generator.model import Event

_Changes = dict[str, list[tuple[int, tuple[str, ...]]]]
"""By code: the days (as ordinals) on which something became of it, in order, and the codes it became."""


_NOTHING: tuple[int, tuple[str, ...]] = (0, ())


class _Fate(Enum):
    """What became of a code in a span."""

    STANDS = auto()
    BECAME = auto()
    DISSOLVED = auto()


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a partner may send nothing more: the first day on which it was gone, and who stands for it."""

    day: date
    heirs: tuple[str, ...]
    """Names with their codes: "xã Trà Tập (XA-0301)"; empty when it was dissolved without an heir."""


@dataclass(frozen=True)
class Lineage:
    """What became of whom. Codes that become each other on one day cannot be followed and stay what they are."""

    events: tuple[Event, ...]

    def heirs(self, code: str, since: date, until: date) -> tuple[str, ...]:
        """Who stands for `code` on the day `until`, after the events from `since` to `until`, both days included.

        Itself when nothing ended it, nobody when it was dissolved, several after a split, in the order of the events.
        """
        return tuple(one for one, fate in self._followed(code, since, until) if fate is _Fate.STANDS)

    def last(self, code: str, since: date, until: date) -> tuple[str, ...]:
        """The heirs; where there are none, whoever was dissolved last in its place. Never empty."""
        told = self._followed(code, since, until)
        heirs = tuple(one for one, fate in told if fate is _Fate.STANDS)
        return heirs or tuple(one for one, fate in told if fate is _Fate.DISSOLVED)

    def succession(self, code: str, since: date, until: date) -> tuple[str, ...]:
        """Everybody who stood for `code` on a day of the span: itself first, then whoever followed."""
        return tuple(dict.fromkeys(one for one, _ in self._followed(code, since, until)))

    def forebears(self, code: str, since: date, until: date) -> tuple[str, ...]:
        """Codes whose events in the span lead to `code`, the nearest first; never itself."""
        waiting = deque([(code, until.toordinal())])
        seen = dict.fromkeys(waiting)
        while waiting:
            one, last = waiting.popleft()
            for day, sources in self._origins.get(one, ()):
                for step in [(source, day) for source in sources if since.toordinal() <= day <= last]:
                    if step not in seen:
                        seen[step] = None
                        waiting.append(step)
        return tuple(dict.fromkeys(one for one, _ in seen if one != code))

    @cached_property
    def circles(self) -> frozenset[Event]:
        """Events of one day that lead back to where they began: each is a fault of the registry."""
        days: dict[date, list[Event]] = {}
        for event in self.events:
            days.setdefault(event.day, []).append(event)
        return frozenset(event for events in days.values() for event in _circular(events))

    @cached_property
    def _changes(self) -> _Changes:
        return _by_day((source, event.day, event.target) for event in self._usable() for source in event.sources)

    @cached_property
    def _origins(self) -> _Changes:
        pairs = ((event.target, event.day, source) for event in self._usable() for source in event.sources)
        # latest day first, as forebears are looked for backwards
        return {code: found[::-1] for code, found in _by_day(pairs).items() if code}

    def _usable(self) -> Iterator[Event]:
        return (event for event in self.events if event not in self.circles)

    def _followed(self, code: str, since: date, until: date) -> list[tuple[str, _Fate]]:
        """Each code on the way with its fate; parts of a split in the order of its events."""
        if code not in self._changes:
            return [(code, _Fate.STANDS)]
        waiting, seen, told = [(code, since.toordinal())], set[tuple[str, int]](), []
        while waiting:
            one, first = waiting.pop()
            day, targets = self._next(one, first, until.toordinal())
            if (one, day) in seen:
                continue
            seen.add((one, day))
            told.append((one, _Fate.STANDS if not day else _Fate.BECAME if targets else _Fate.DISSOLVED))
            # whoever goes on under its own code is not asked again for the same day
            waiting.extend((target, day + (target == one)) for target in reversed(targets))
        return told

    def _next(self, code: str, first: int, last: int) -> tuple[int, tuple[str, ...]]:
        """The first thing that became of a code in the span: its day and the new codes; 0 when nothing did."""
        changes = self._changes.get(code, ())
        place = bisect_left(changes, first, key=lambda change: change[0])
        return changes[place] if place < len(changes) and changes[place][0] <= last else _NOTHING


def _by_day(pairs: Iterable[tuple[str, date, str]]) -> _Changes:
    """By first code: the days in order with the other codes of that day; an empty other code says nothing."""
    found: dict[str, dict[int, dict[str, None]]] = {}
    for code, day, other in pairs:
        others = found.setdefault(code, {}).setdefault(day.toordinal(), {})
        if other:
            others[other] = None
    return {code: [(day, tuple(days[day])) for day in sorted(days)] for code, days in found.items()}


def _circular(events: list[Event]) -> Iterator[Event]:
    """The events of one day that are on a way from themselves to themselves."""
    steps = {(source, event.target) for event in events for source in event.sources if event.target not in ("", source)}
    # what neither leads to an end nor comes from a beginning
    backwards = _without_ends({(target, source) for source, target in _without_ends(steps)})
    for event in events:
        if any((event.target, source) in backwards for source in event.sources):
            yield event


def _without_ends(steps: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The steps that are left when those that lead to an end are taken away, again and again."""
    goes_on = Counter(source for source, _ in steps)
    comes: dict[str, list[str]] = {}
    for source, target in steps:
        comes.setdefault(target, []).append(source)
    ends, left = [code for code in comes if not goes_on[code]], set(steps)
    while ends:
        end = ends.pop()
        for source in comes.get(end, ()):
            left.discard((source, end))
            goes_on[source] -= 1
            if not goes_on[source]:
                ends.append(source)
    return left
