"""Restating five years to any map moves values between partners and never changes what they add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model import Counted, Event, EventKind, Partner, Registry
from generator.stages.merge import Dataset, merge
from histories import histories
from merge_cases import keys, merged, returned
from report_cases import counted, forms, gift

NUMBERS = ("gia_tri", "so_ho", "so_nguoi")
GROUPS = ("nam", "loai", "linh_vuc", "nguon")
FIELDS = {"nha_o": "an_sinh", "con_giong": "kinh_te", "bien_gioi": "quoc_phong"}


class Given(NamedTuple):
    """One row of a return, as it was made up."""

    year: int
    giver: str
    receiver: str
    loai: str
    nguon: str
    gia_tri: int | None
    so_ho: int | None
    so_nguoi: int | None

    def group(self, key: str) -> object:
        named = {"nam": str(self.year), "linh_vuc": FIELDS[self.loai]}
        return named.get(key) or getattr(self, key)


def as_givers(registry: Registry) -> Registry:
    """The same history, lived by givers."""

    def giver(code: str) -> str:
        return code.replace("XA", "DV")

    partners = tuple(replace(one, code=giver(one.code), gives=True, receives=False) for one in registry.partners)
    events = tuple(
        replace(one, sources=tuple(map(giver, one.sources)), target=giver(one.target)) for one in registry.events
    )
    return replace(registry, partners=partners, events=events)


def together(one: Registry, other: Registry) -> Registry:
    return replace(one, partners=(*one.partners, *other.partners), events=(*one.events, *other.events))


REGISTRIES = st.builds(together, histories(), histories().map(as_givers))
AMOUNTS = st.one_of(st.none(), st.integers(0, 10**13))
HEADS = st.one_of(st.none(), st.integers(0, 10**6))


@st.composite
def stories(draw: st.DrawFn) -> tuple[Registry, list[Given], date]:
    """A registry, rows that name whoever was there in their year (or was not), and the day of a map."""
    registry = draw(REGISTRIES)
    givers = st.sampled_from(sorted({one.code for one in registry.partners if one.gives}))
    receivers = st.sampled_from([*sorted({one.code for one in registry.partners if one.receives}), "XA-0999"])
    rows = st.builds(
        Given, st.integers(2010, 2025), givers, receivers, st.sampled_from([*FIELDS]),
        st.sampled_from(["don_vi", "long_ghep"]), AMOUNTS, HEADS, HEADS,
    )  # fmt: skip
    return registry, draw(st.lists(rows, max_size=12)), draw(st.dates(date(2009, 1, 1), date(2032, 1, 1)))


def as_given(rows: Iterable[Given]) -> list[Counted]:
    """The rows as returns of their givers."""
    found: dict[tuple[str, int], list[Given]] = {}
    for row in rows:
        found.setdefault((row.giver, row.year), []).append(row)
    return [
        counted(
            giver,
            [
                gift(one.gia_tri, one.loai, one.nguon, one.receiver, so_ho=one.so_ho, so_nguoi=one.so_nguoi)
                for one in told
            ],
            year=year,
        )
        for (giver, year), told in found.items()
    ]


def as_received(rows: Iterable[Given]) -> list[Counted]:
    """The same rows as returns of their receivers, which are not asked for the source."""
    found: dict[tuple[str, int], list[Given]] = {}
    for row in rows:
        found.setdefault((row.receiver, row.year), []).append(row)
    columns = ("loai", *NUMBERS)
    return [
        returned(
            "KN-02",
            receiver,
            year,
            [{"don_vi": one.giver} | {name: getattr(one, name) for name in columns} for one in told],
            "nhan_duoc",
        )
        for (receiver, year), told in found.items()
    ]


def total(rows: Sequence[Given], number: str) -> Counter[object]:
    return sums((None, getattr(row, number)) for row in rows)


def sums(pairs: Iterable[tuple[object, object]]) -> Counter[object]:
    found: Counter[object] = Counter()
    for group, value in pairs:
        found[group] += 0 if value is None or pd.isna(value) else int(str(value))
    return +found


@given(stories())
@settings(max_examples=25, deadline=None)
def test_restating_never_changes_a_total(story: tuple[Registry, list[Given], date]) -> None:
    registry, rows, day = story
    for frame_key, returns in ((("KN-01", "hoat_dong"), as_given(rows)), (("KN-02", "nhan_duoc"), as_received(rows))):
        if not returns:
            continue
        frame = merge(returns, registry, forms(), map_date=day).frames[frame_key]
        assert len(frame) == len(rows)
        # groups without a name would be lost here
        for party in ("don_vi_nay", "ben_giup", "ben_giup_nay", "noi_nhan", "noi_nhan_nay"):
            table = frame.groupby(party, observed=True)[[*NUMBERS]].sum()
            assert [total(rows, number) for number in NUMBERS] == [
                sums((None, one) for one in table[number]) for number in NUMBERS
            ]
        for number, key in product(NUMBERS, GROUPS):
            if key in frame:
                wanted = sums((row.group(key), getattr(row, number)) for row in rows)
                assert sums(zip(frame[key].tolist(), frame[number].tolist(), strict=True)) == wanted


@given(stories())
@settings(max_examples=40, deadline=None)
def test_every_row_has_one_receiver_and_one_giver_then_and_on_the_map(
    story: tuple[Registry, list[Given], date],
) -> None:
    registry, rows, day = story
    frame = merge(as_given(rows), registry, forms(), map_date=day).frames.get(("KN-01", "hoat_dong"))
    if frame is None:
        return
    wanted = [
        (row.giver, row.receiver, stands_for(registry, row.giver, row.year, day),
         stands_for(registry, row.receiver, row.year, day))
        for row in rows
    ]  # fmt: skip
    found = keys(frame, "ben_giup", "noi_nhan", "ben_giup_nay", "noi_nhan_nay")
    assert Counter(found) == Counter(wanted)


def stands_for(registry: Registry, code: str, year: int, day: date) -> str:
    """The plain rule: walk through the events day by day; whoever is alone at the end is the heir."""
    standing = {code}
    period = date(year - 1, 12, 15)
    for today in sorted({event.day for event in registry.events if period <= event.day <= day}):
        events = [event for event in registry.events if event.day == today]
        gone = {source for event in events for source in event.sources}
        follow = {event.target for event in events for source in event.sources if source in standing and event.target}
        standing = (standing - gone) | follow
    return next(iter(standing)) if len(standing) == 1 else code


@given(stories(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_neither_returns_nor_events_nor_partners_need_an_order(
    story: tuple[Registry, list[Given], date], chance: object
) -> None:
    registry, rows, day = story

    def shuffled(some: Sequence[object]) -> tuple[object, ...]:
        mixed = list(some)
        chance.shuffle(mixed)  # type: ignore[attr-defined]
        return tuple(mixed)

    returns = [*as_given(rows), *as_received(rows)]
    wanted = merge(returns, registry, forms(), map_date=day)
    other = replace(registry, events=shuffled(registry.events), partners=shuffled(registry.partners))
    found = merge(shuffled(returns), other, forms(), map_date=day)
    assert found.submissions == wanted.submissions
    for key, frame in wanted.frames.items():
        pd.testing.assert_frame_equal(found.frames[key], frame)


# --- the cases that once doubled or lost something elsewhere -----------------------------------


def partner(code: str, since: date | None = None, until: date | None = None) -> Partner:
    return Partner(code, f"{code} (minh họa)", "", code[0] == "D", code[0] == "X", since=since, until=until)


def by(dataset: Dataset, *names: str) -> dict[object, int]:
    frame = dataset.frames["KN-01", "hoat_dong"]
    return {key: int(value) for key, value in frame.groupby([*names], observed=True)["gia_tri"].sum().items()}


def test_givers_merged_within_a_period_count_once_under_their_heir_with_all_their_years() -> None:
    returns = [
        counted("DV-0002", [gift(1, commune="XA-0003")], year=2023),
        counted("DV-0003", [gift(10, commune="XA-0003")], year=2023),
        counted("DV-0002", [gift(100, commune="XA-0003")], year=2024),
        counted("DV-0009", [gift(1000, commune="XA-0003")], year=2025),
        counted("DV-0003", [gift(10000, commune="XA-0003")], year=2025),
    ]
    dataset = merged(*returns)
    assert by(dataset, "ben_giup_nay", "nam") == {
        ("DV-0009", "2023"): 11,
        ("DV-0009", "2024"): 100,
        ("DV-0009", "2025"): 11000,
    }
    assert by(dataset, "ben_giup") == {"DV-0002": 101, "DV-0003": 10010, "DV-0009": 1000}


def test_communes_merged_twice_within_a_period_end_in_one() -> None:
    first, second = date(2025, 3, 1), date(2025, 7, 1)
    events = (
        Event(second, EventKind.MERGE, ("XA-0003", "XA-0004"), "XA-0005"),
        Event(first, EventKind.MERGE, ("XA-0001", "XA-0002"), "XA-0003"),
    )
    registry = Registry(tuple(partner(f"XA-000{n}") for n in range(1, 6)), events=events)
    returns = [counted("DV-0001", [gift(10**n, commune=f"XA-000{n}") for n in range(1, 6)])]
    assert by(merge(returns, registry, forms(), map_date=date(2025, 12, 14)), "noi_nhan_nay") == {"XA-0005": 111110}
    assert by(merge(returns, registry, forms(), map_date=date(2025, 3, 1)), "noi_nhan_nay") == {
        "XA-0003": 1110, "XA-0004": 10000, "XA-0005": 100000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([(EventKind.MERGE, "XA-0001 XA-0002", "XA-0001")], {"XA-0001": 110, "XA-0003": 1000}),
        (
            [(EventKind.SPLIT, "XA-0001", "XA-0001"), (EventKind.SPLIT, "XA-0001", "XA-0003")],
            {"XA-0001": 10, "XA-0002": 100, "XA-0003": 1000},
        ),
        ([(EventKind.RENAME, "XA-0001", "XA-0001")], {"XA-0001": 10, "XA-0002": 100, "XA-0003": 1000}),
        (
            [(EventKind.MERGE, "XA-0001", "XA-0002"), (EventKind.MERGE, "XA-0002", "XA-0001")],
            {"XA-0001": 10, "XA-0002": 100, "XA-0003": 1000},
        ),
        ([(EventKind.MERGE, "XA-0001 XA-0003", "XA-0404")], {"XA-0002": 100, "XA-0404": 1010}),
    ],
    ids=["into_one_of_them", "off_a_part", "renamed", "into_each_other", "into_a_code_nobody_knows"],
)
def test_codes_that_go_on_keep_what_is_theirs(
    events: list[tuple[EventKind, str, str]], found: dict[object, int]
) -> None:
    happened = tuple(Event(date(2025, 7, 1), kind, tuple(old.split()), new) for kind, old, new in events)
    registry = Registry(tuple(partner(f"XA-000{n}") for n in range(1, 4)), events=happened)
    returns = [counted("DV-0001", [gift(10**n, commune=f"XA-000{n}")], year=2022 + n) for n in range(1, 4)]
    assert by(merge(returns, registry, forms()), "noi_nhan_nay") == found


def test_a_row_of_a_partner_that_was_split_stays_under_its_name() -> None:
    dataset = merged(counted("DV-0001", [gift(7, commune="XA-0004"), gift(5, commune="XA-0041")], year=2023))
    assert by(dataset, "noi_nhan_nay") == {"XA-0004": 7, "XA-0041": 5}


def test_a_map_older_than_a_row_leaves_it_where_it_was_reported() -> None:
    returns = [counted("DV-0001", [gift(7, commune="XA-0009")], year=2025)]
    assert by(merged(*returns, map_date=date(2021, 1, 1)), "noi_nhan_nay") == {"XA-0009": 7}


def test_the_first_and_the_last_day_there_are_can_be_asked_for() -> None:
    returns = [counted("DV-0001", [gift(7, commune="XA-0001"), gift(5, commune="XA-0999")], year=2025)]
    assert by(merged(*returns, map_date=date.max), "noi_nhan_nay") == {"XA-0009": 7, "XA-0999": 5}
    assert by(merged(*returns, map_date=date.min), "noi_nhan_nay") == {"XA-0001": 7, "XA-0999": 5}
