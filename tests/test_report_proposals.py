"""What the assignments ask for: communes without a giver, silent and merged givers, communes that are hard no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from generator.issues import RefusedError
from generator.model import Assignment, Campaign, Event, EventKind, Partner, Registry
from generator.pipeline.proposals import no_longer_hard, silent_years, succeeded_givers, without_giver
from generator.pipeline.report_period import year_period, years_period

JULY, EVE, END = date(2025, 7, 1), date(2025, 6, 30), date(2025, 12, 14)


def commune(code: str, since: date | None = None, until: date | None = None, hard: bool | None = None) -> Partner:
    return Partner(code, f"xã {code}", "xa", False, True, since=since, until=until, hard=hard)


def giver(code: str, since: date | None = None, until: date | None = None) -> Partner:
    return Partner(code, f"Sở {code}", "so_ban_nganh", True, False, since=since, until=until)


MERGED = (commune("A", until=EVE), commune("B", until=EVE), commune("C", since=JULY))
MERGER = Event(JULY, EventKind.MERGE, ("A", "B"), "C")


@pytest.mark.parametrize(
    ("assignments", "alone"),
    [
        ([], ["xã C", "xã D"]),
        ([Assignment("G", "C")], ["xã D"]),
        # the commune was merged while assigned: the heir is helped on
        ([Assignment("G", "A")], ["xã D"]),
        ([Assignment("G", "A", until=EVE)], ["xã D"]),
        # the assignment ended of itself, before or after
        ([Assignment("G", "A", until=date(2025, 3, 1))], ["xã C", "xã D"]),
        ([Assignment("G", "D", until=date(2025, 9, 1))], ["xã C", "xã D"]),
        ([Assignment("G", "D", since=date(2026, 1, 1))], ["xã C", "xã D"]),
        # the giver is gone, with an heir and without
        ([Assignment("M", "C"), Assignment("M", "D")], []),
        ([Assignment("X", "C"), Assignment("X", "D")], ["xã C", "xã D"]),
    ],
)
def test_a_receiver_of_the_map_date_has_no_giver_when_no_assignment_leads_to_it(assignments, alone):
    givers = (giver("G"), giver("M", until=EVE), giver("X", until=EVE))
    events = (MERGER, Event(JULY, EventKind.MERGE, ("M",), "G"), Event(JULY, EventKind.DISSOLVE, ("X",), ""))
    known = Registry((*givers, *MERGED, commune("D")), tuple(assignments), events=events)
    assert [one.name for one in without_giver(known, END)] == alone


def test_before_the_merger_its_communes_are_asked_one_by_one():
    known = Registry((giver("G"), *MERGED), (Assignment("G", "A", until=EVE),), events=(MERGER,))
    assert [one.name for one in without_giver(known, EVE)] == ["xã B"]


def test_a_commune_that_stopped_to_receive_asks_for_nobody():
    now = replace(commune("D", since=JULY), receives=False)
    known = Registry((commune("D", until=EVE), now), events=(Event(JULY, EventKind.RETYPE, ("D",), "D"),))
    assert without_giver(known, END) == ()


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [(True, False, True), (True, None, False), (True, True, False), (None, False, False), (False, False, False)],
)
def test_hard_no_more_is_only_who_was_and_is_known_not_to_be(before, now, found):
    partners = (commune("A", until=EVE, hard=before), commune("B", until=EVE), commune("C", since=JULY, hard=now))
    known = Registry(partners, events=(MERGER,))
    assert [one.code for one in no_longer_hard(known, END)] == (["C"] if found else [])


def test_a_giver_that_was_merged_is_named_with_who_stands_for_it():
    partners = (giver("G", until=EVE), giver("H", until=EVE), giver("K", since=JULY), giver("X", until=EVE))
    events = (Event(JULY, EventKind.MERGE, ("G", "H"), "K"), Event(JULY, EventKind.DISSOLVE, ("X",), ""), MERGER)
    found = succeeded_givers(Registry((*partners, *MERGED), events=events), date(2024, 12, 15), END, END)
    assert sorted((one.name, one.heirs) for one in found) == [
        ("Sở G", ("Sở K",)), ("Sở H", ("Sở K",)), ("Sở X", ()),
    ]  # fmt: skip
    assert succeeded_givers(Registry(partners, events=events), date(2020, 1, 1), EVE, END) == ()


def test_before_the_merger_nobody_is_asked_to_take_over_and_never_from_a_namesake():
    partners = (giver("G", until=EVE), giver("K", since=JULY))
    known = Registry(partners, events=(Event(JULY, EventKind.MERGE, ("G",), "K"),))
    assert succeeded_givers(known, date(2024, 12, 15), END, EVE) == ()
    same = Registry((partners[0], replace(partners[1], name="Sở G")), events=known.events)
    assert succeeded_givers(same, date(2024, 12, 15), END, END) == ()


def test_a_giver_merged_into_a_namesake_that_was_dissolved_is_named_once():
    old, new = giver("G", until=date(2024, 12, 31)), replace(giver("H", since=date(2025, 1, 1), until=EVE), name="Sở G")
    events = (
        Event(date(2025, 1, 1), EventKind.MERGE, ("G",), "H"),
        Event(JULY, EventKind.DISSOLVE, ("H",), ""),
    )
    found = succeeded_givers(Registry((old, new), events=events), date(2024, 12, 15), END, END)
    assert [(one.name, one.heirs) for one in found] == [("Sở G", ())]


def test_a_giver_is_silent_for_the_years_in_a_row_up_to_the_last():
    events = (Event(JULY, EventKind.MERGE, ("G", "H"), "K"),)
    years = [
        (2025, frozenset("KABC"), frozenset("KAB")),
        (2024, frozenset("GHABC"), frozenset("GHAC")),
        (2023, frozenset("GHA"), frozenset("GA")),
        (2022, frozenset("GHA"), frozenset("GH")),
    ]
    known = Registry((), events=events)
    assert silent_years(known, iter(years), END) == {"K": (2025, 2024), "A": (2025, 2024, 2023), "B": (2025,)}


def test_years_are_asked_backwards_only_as_far_as_somebody_is_silent():
    def years():
        yield 2025, frozenset("A"), frozenset[str]()
        raise AssertionError("nobody was silent")

    assert silent_years(Registry(), years(), END) == {}


# --- the period -------------------------------------------------------------------------------


def campaigns(*years: int) -> tuple[Campaign, ...]:
    return tuple(
        Campaign(year, date(year - 1, 12, 15), date(year, 12, 14), date(year, 12, 20), "", ()) for year in years
    )


def test_a_period_spans_its_campaigns_and_is_shown_on_the_map_of_its_last_day():
    known = Registry(campaigns=campaigns(2025, 2023, 2024, 2022))
    found = years_period(known, 2023, 2025)
    assert (found.years, found.name, found.plan) == ((2023, 2024, 2025), "2023-2025", "tong-ket")
    assert (found.start, found.end, found.map_date) == (date(2022, 12, 15), END, END)
    one = year_period(known, 2024, date(2024, 5, 1))
    assert (one.name, one.plan, one.read, one.map_date) == ("2024", "so-ket", (2023, 2024), date(2024, 5, 1))


@pytest.mark.parametrize(
    ("first", "last", "day", "code", "params"),
    [
        (2025, 2024, None, "report.years_order", {"first": "2025", "last": "2024"}),
        (2025, 2025, None, "report.years_order", {"first": "2025", "last": "2025"}),
        (2020, 2025, None, "year.no_campaign", {"year": "2020, 2022", "years": "2021, 2023, 2024, 2025"}),
        (2023, 2024, date(2022, 12, 14), "report.map_date", {"day": "14/12/2022", "first": "15/12/2022"}),
        (2023, 2024, date(2026, 3, 2), "report.map_date", {"last": "01/03/2026"}),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(first, last, day, code, params):
    events = (Event(date(2026, 3, 1), EventKind.FOUND, (), "A"),)
    known = Registry(campaigns=campaigns(2021, 2023, 2024, 2025), events=events)
    with pytest.raises(RefusedError) as refused:
        years_period(known, first, last, day)
    (found,) = refused.value.issues
    assert found.code == code
    assert found.params.items() >= params.items()
