"""Who stands for whom after mergers, splits, renames and dissolutions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.lineage import Lineage
from generator.model import Event, EventKind, Registry
from generator.stages.obligations import obligations
from histories import histories

D0, D1, D2, D3 = date(2019, 12, 15), date(2020, 2, 1), date(2025, 1, 1), date(2025, 7, 1)
END = date(2025, 12, 14)


def merge(day: date, sources: str, target: str) -> Event:
    return Event(day, EventKind.MERGE, tuple(sources.split()), target)


def split(day: date, source: str, target: str) -> Event:
    return Event(day, EventKind.SPLIT, (source,), target)


def rename(day: date, code: str) -> Event:
    return Event(day, EventKind.RENAME, (code,), code)


def dissolve(day: date, code: str) -> Event:
    return Event(day, EventKind.DISSOLVE, (code,), "")


@pytest.mark.parametrize(
    ("events", "heirs"),
    [
        ([], "A"),
        ([merge(D1, "A B", "C")], "C"),
        ([merge(D1, "A B", "C"), merge(D3, "C D", "E")], "E"),
        ([merge(D3, "C D", "E"), merge(D1, "A B", "C")], "E"),
        ([merge(D3, "C D", "E"), merge(D3, "A B", "C")], "E"),
        ([rename(D1, "A"), merge(D3, "A B", "C")], "C"),
        ([rename(D1, "A"), rename(D1, "A")], "A"),
        ([merge(D1, "A B", "A")], "A"),
        ([split(D1, "A", "C"), split(D1, "A", "B")], "C B"),
        ([split(D1, "A", "A"), split(D1, "A", "B"), merge(D3, "B X", "Y")], "A Y"),
        ([split(D1, "A", "B"), split(D1, "A", "C"), merge(D3, "B C", "D")], "D"),
        ([dissolve(D1, "A")], ""),
        ([merge(D1, "A B", "C"), dissolve(D3, "C")], ""),
        ([Event(D1, EventKind.FOUND, (), "A")], "A"),
        ([merge(END + timedelta(days=1), "A", "C")], "A"),
        ([merge(D0 - timedelta(days=1), "A", "C")], "A"),
        ([merge(D0, "A", "C")], "C"),
        ([merge(END, "A", "C")], "C"),
    ],
)
def test_whoever_stands_for_a_code_is_found_over_every_event_of_the_span(events: list[Event], heirs: str) -> None:
    assert Lineage(tuple(events)).heirs("A", D0, END) == tuple(heirs.split())


def test_a_code_that_comes_back_after_a_merger_was_undone_is_followed_in_time() -> None:
    lineage = Lineage((merge(D1, "A B", "C"), split(D2, "C", "A"), split(D2, "C", "B")))
    assert lineage.heirs("A", D0, END) == ("A", "B")
    assert lineage.heirs("A", D0, D1) == ("C",)


@pytest.mark.parametrize(
    ("events", "last"),
    [
        ([], "A"),
        ([merge(D1, "A B", "C")], "C"),
        ([dissolve(D1, "A")], "A"),
        ([merge(D1, "A B", "C"), dissolve(D3, "C")], "C"),
        ([split(D1, "A", "B"), split(D1, "A", "C"), dissolve(D3, "C")], "B"),
        ([split(D1, "A", "B"), split(D1, "A", "C"), dissolve(D2, "B"), dissolve(D3, "C")], "B C"),
    ],
)
def test_where_nobody_is_left_whoever_was_dissolved_last_is_told(events: list[Event], last: str) -> None:
    assert Lineage(tuple(events)).last("A", D0, END) == tuple(last.split())


def test_forebears_are_told_nearest_first_and_never_the_code_itself() -> None:
    lineage = Lineage((merge(D1, "A B", "C"), rename(D2, "C"), merge(D3, "C D", "E")))
    assert lineage.forebears("E", D0, END) == ("C", "D", "A", "B")
    assert lineage.forebears("E", D2, END) == ("C", "D")
    assert lineage.forebears("C", D0, END) == ("A", "B")
    assert lineage.forebears("A", D0, END) == ()


def test_everybody_on_the_way_is_told_oldest_first() -> None:
    lineage = Lineage((merge(D1, "A B", "C"), rename(D2, "C"), merge(D3, "C D", "E")))
    assert lineage.succession("A", D0, END) == ("A", "C", "E")
    assert lineage.succession("Z", D0, END) == ("Z",)


@pytest.mark.parametrize("length", [2, 3, 50])
def test_codes_that_become_each_other_on_one_day_are_circles_and_stay(length: int) -> None:
    ring = [merge(D1, f"C{n}", f"C{(n + 1) % length}") for n in range(length)]
    tail = [merge(D1, "X", "C0"), merge(D1, "C1", "Y")]
    lineage = Lineage((*ring, *tail))
    assert lineage.circles == frozenset(ring)
    assert lineage.heirs("C0", D0, END) == ("C0",)
    assert lineage.heirs("X", D0, END) == ("C0",)


def test_a_long_chain_of_one_day_is_followed_to_its_end() -> None:
    lineage = Lineage(tuple(merge(D1, f"C{n}", f"C{n + 1}") for n in range(5_000)))
    assert lineage.circles == frozenset()
    assert lineage.heirs("C0", D0, END) == ("C5000",)
    assert len(lineage.forebears("C5000", D0, END)) == 5_000


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_there_are_do_no_harm(day: date) -> None:
    assert Lineage((rename(day, "A"), merge(day, "A", "B"))).heirs("A", date.min, date.max) == ("A", "B")


# --- whole histories ----------------------------------------------------------------------------


@given(histories())
@settings(max_examples=60, deadline=None)
def test_on_every_day_whoever_lives_has_one_version_and_stands_for_itself(registry: Registry) -> None:
    lineage = Lineage(registry.events)
    for day in {one.since for one in registry.partners} | {one.until for one in registry.partners} | {END}:
        if day is None:
            continue
        living = [one.code for one in registry.partners if one.valid_within(day, day)]
        assert len(living) == len(set(living))
        for code in living:
            assert lineage.heirs(code, day + timedelta(days=1), day) == (code,)


@given(histories(), st.dates(date(2010, 1, 1), END), st.dates(date(2010, 1, 1), END))
@settings(max_examples=60, deadline=None)
def test_heirs_of_heirs_are_the_heirs_of_the_longer_span(registry: Registry, one: date, other: date) -> None:
    lineage, middle = Lineage(registry.events), min(one, other)
    for code in {partner.code for partner in registry.partners}:
        at_once = lineage.heirs(code, date.min, END)
        step = lineage.heirs(code, date.min, middle)
        in_steps = [heir for mid in step for heir in lineage.heirs(mid, middle + timedelta(days=1), END)]
        assert set(in_steps) == set(at_once)
        assert all(code in lineage.forebears(heir, date.min, END) for heir in at_once if heir != code)
        living = {partner.code for partner in registry.partners if partner.valid_within(END, END)}
        assert set(at_once) <= living


@given(histories())
@settings(max_examples=60, deadline=None)
def test_nobody_of_a_period_is_lost_and_nobody_owes_twice(registry: Registry) -> None:
    lineage = Lineage(registry.events)
    for campaign in registry.campaigns:
        owed = [one.partner.code for one in obligations(registry, campaign.year)]
        assert len(owed) == len(set(owed))
        for partner in registry.partners:
            if partner.valid_within(campaign.start, campaign.end):
                heirs = lineage.heirs(partner.code, campaign.start, campaign.end)
                followed = lineage.succession(partner.code, campaign.start, campaign.end)
                assert set(heirs) <= set(owed) if heirs else set(followed) & set(owed)
        within = [event for event in registry.events if campaign.start < event.day <= campaign.end]
        succeeded = {source for event in within for source in event.sources if event.target not in ("", source)}
        assert not succeeded & set(owed)
