"""Random registries with a history: what hypothesis draws where many tests need partners that merge, split and end."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from generator.model import Campaign, Event, EventKind, Partner, Registry

_KINDS = ("merge", "split", "rename", "dissolve", "found")


@st.composite
def histories(draw: st.DrawFn) -> Registry:
    """Twenty years of partners with every kind of event; a code is used by one partner only."""
    alive: dict[str, date | None] = {f"XA-{number:04d}": None for number in range(1, draw(st.integers(2, 6)) + 1)}
    partners, events, day, number = [], [], date(2010, 1, 1), len(alive)

    def close(code: str) -> None:
        partners.append(_partner(code, alive.pop(code), day - timedelta(days=1)))

    def begin() -> str:
        nonlocal number
        number += 1
        alive[f"XA-{number:04d}"] = day
        return f"XA-{number:04d}"

    for kind in draw(st.lists(st.sampled_from(_KINDS), max_size=12)):
        day += timedelta(days=draw(st.integers(1, 400)))
        some = draw(st.permutations(sorted(alive)))[: draw(st.integers(2, 3))]
        if kind == "merge" and len(some) > 1:
            for code in some:
                close(code)
            events.append(Event(day, EventKind.MERGE, tuple(some), begin()))
        elif kind == "split" and some:
            close(some[0])
            events += [
                Event(day, EventKind.SPLIT, (some[0],), begin()),
                Event(day, EventKind.SPLIT, (some[0],), begin()),
            ]
        elif kind == "rename" and some:
            close(some[0])
            alive[some[0]] = day
            events.append(Event(day, EventKind.RENAME, (some[0],), some[0]))
        elif kind == "dissolve" and some:
            close(some[0])
            events.append(Event(day, EventKind.DISSOLVE, (some[0],), ""))
        elif kind == "found":
            events.append(Event(day, EventKind.FOUND, (), begin()))
    partners += [_partner(code, since, None) for code, since in alive.items()]
    campaigns = tuple(
        Campaign(year, date(year - 1, 12, 15), date(year, 12, 14), date(year, 12, 20), "", ("KN-02",))
        for year in range(2010, 2026)
    )
    return Registry(tuple(draw(st.permutations(partners))), (), campaigns, events=tuple(draw(st.permutations(events))))


def _partner(code: str, since: date | None, until: date | None) -> Partner:
    return Partner(code, f"xã {code} {since}", "xa", gives=False, receives=True, since=since, until=until)
