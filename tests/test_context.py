"""What a year's blanks and returns share: lists, assignments that follow mergers, prefills, who is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from generator.definitions.load import load_forms
from generator.lineage import Closed
from generator.model import Assignment, Campaign, Event, EventKind, Partner, Registry
from generator.pipeline.context import (
    COMMUNES,
    GIVERS,
    assigned,
    closed,
    commune_labels,
    examine_context,
    prefills,
    receivers_givers,
    run_time_lists,
)

FORMS, _ = load_forms(Path(__file__).resolve().parents[1] / "templates" / "forms")
CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "", ("KN-01",))
NEXT = Campaign(2026, date(2025, 12, 15), date(2026, 12, 14), date(2026, 12, 20), "", ("KN-01",))
DAY, OLD = date(2025, 7, 1), date(2025, 6, 30)


def giver(code: str, name: str, since: date | None = None, until: date | None = None) -> Partner:
    return Partner(code, name, "so_ban_nganh", gives=True, receives=False, since=since, until=until)


def commune(code: str, name: str, since: date | None = None, until: date | None = None, district: str = "") -> Partner:
    return Partner(code, name, "xa", gives=False, receives=True, district=district, since=since, until=until)


BOARD = Partner("TT-0001", "Ban Dân tộc", "thuong_truc", gives=False, receives=False)
MERGED = Registry(
    partners=(
        giver("DV-0001", "Sở A", until=OLD),
        giver("DV-0002", "Sở B", until=OLD),
        giver("DV-0003", "Sở AB", since=DAY),
        giver("DV-0004", "Sở C"),
        commune("XA-0001", "xã Trà Tập", until=OLD),
        commune("XA-0002", "xã Trà Cang", until=OLD),
        commune("XA-0003", "xã Trà Tập", since=DAY),
        commune("XA-0004", "xã Trà Don"),
        BOARD,
    ),
    assignments=(
        Assignment("DV-0001", "XA-0001", date(2020, 4, 16), OLD),
        Assignment("DV-0002", "XA-0002", date(2020, 4, 16), OLD),
        Assignment("DV-0002", "XA-0004", date(2020, 4, 16)),
        Assignment("DV-0004", "XA-0001", date(2020, 4, 16), OLD),
        Assignment("DV-0004", "XA-0004", date(2020, 4, 16), date(2024, 12, 14)),
    ),
    campaigns=(CAMPAIGN, NEXT),
    events=(
        Event(DAY, EventKind.MERGE, ("DV-0001", "DV-0002"), "DV-0003"),
        Event(DAY, EventKind.MERGE, ("XA-0001", "XA-0002"), "XA-0003"),
    ),
)
"""Two givers and two communes merge in the middle of the period of 2025; one commune keeps its name."""


def shown(registry: Registry, campaign: Campaign, code: str) -> list[tuple[str, str]]:
    return [(choice.code, choice.label) for choice in run_time_lists(registry, campaign)[code]]


def test_predecessors_and_heirs_of_the_period_are_told_apart_in_both_lists() -> None:
    assert shown(MERGED, CAMPAIGN, COMMUNES) == [
        ("XA-0002", "xã Trà Cang"),
        ("XA-0004", "xã Trà Don"),
        ("XA-0001", "xã Trà Tập (đến 30/6/2025)"),
        ("XA-0003", "xã Trà Tập (từ 01/7/2025)"),
    ]
    assert [label for _, label in shown(MERGED, CAMPAIGN, GIVERS)] == ["Sở A", "Sở AB", "Sở B", "Sở C"]


def test_a_year_later_only_the_heirs_are_listed() -> None:
    assert [label for _, label in shown(MERGED, NEXT, COMMUNES)] == ["xã Trà Don", "xã Trà Tập"]
    assert [label for _, label in shown(MERGED, NEXT, GIVERS)] == ["Sở AB", "Sở C"]


@pytest.mark.parametrize(
    ("first", "second", "labels"),
    [
        (("", None), ("", None), ["xã Tam Thành (XA-0001)", "xã Tam Thành (XA-0002)"]),
        (("Phú Ninh", None), ("Núi Thành", None), ["xã Tam Thành (Phú Ninh)", "xã Tam Thành (Núi Thành)"]),
        (("Phú Ninh", None), ("Phú Ninh", None), ["xã Tam Thành (XA-0001)", "xã Tam Thành (XA-0002)"]),
        (("Phú Ninh", OLD), ("Phú Ninh", OLD), ["xã Tam Thành (XA-0001)", "xã Tam Thành (XA-0002)"]),
    ],
)
def test_names_that_recur_are_always_told_apart(
    first: tuple[str, date | None], second: tuple[str, date | None], labels: list[str]
) -> None:
    registry = Registry(
        (
            commune("XA-0001", "xã Tam Thành", district=first[0], until=first[1]),
            commune("XA-0002", "xã Tam Thành", district=second[0], until=second[1]),
        )
    )
    assert [label for _, label in shown(registry, CAMPAIGN, COMMUNES)] == labels


def test_an_heir_without_the_role_is_listed_because_it_answers_for_it() -> None:
    heir = Partner("XA-0009", "xã Mới", "xa", gives=False, receives=False, since=DAY)
    registry = Registry(
        (commune("XA-0001", "xã Cũ", until=OLD), heir), events=(Event(DAY, EventKind.MERGE, ("XA-0001",), "XA-0009"),)
    )
    assert [label for _, label in shown(registry, CAMPAIGN, COMMUNES)] == ["xã Cũ", "xã Mới"]


def test_assignments_go_on_with_the_heirs_of_both_sides() -> None:
    assert assigned(MERGED, CAMPAIGN) == {
        "DV-0003": ("XA-0003", "XA-0004", "XA-0001", "XA-0002"),
        "DV-0004": ("XA-0003", "XA-0001"),
    }
    assert receivers_givers(MERGED, CAMPAIGN) == {
        "XA-0003": ("DV-0003", "DV-0004", "DV-0001", "DV-0002"),
        "XA-0004": ("DV-0003", "DV-0002"),
    }


def test_an_assignment_that_was_never_ended_goes_on_with_the_heirs_a_year_later() -> None:
    assert assigned(MERGED, NEXT) == {"DV-0003": ("XA-0004",)}


def test_without_an_heir_an_assignment_stays_with_who_had_it() -> None:
    registry = Registry(
        (giver("DV-0001", "Sở A", until=OLD), commune("XA-0001", "xã B", until=OLD)),
        (Assignment("DV-0001", "XA-0001"),),
        events=(Event(DAY, EventKind.DISSOLVE, ("DV-0001", "XA-0001"), ""),),
    )
    assert assigned(registry, CAMPAIGN) == {"DV-0001": ("XA-0001",)}


def test_everybody_who_owes_is_prefilled_and_nobody_else() -> None:
    found = prefills(MERGED, CAMPAIGN, {"DV-0001": ("a",), "DV-0003": ("c",), "DV-0002": ("b",)})
    assert found == {
        "DV-0003": {
            "partner.code": "DV-0003",
            "partner.name": "Sở AB",
            "assigned.1": "xã Trà Tập (từ 01/7/2025)",
            "assigned.2": "xã Trà Don",
            "assigned.3": "xã Trà Tập (đến 30/6/2025)",
            "assigned.4": "xã Trà Cang",
            "plan.1": "c",
            "plan.2": "a",
            "plan.3": "b",
        },
        "DV-0004": {
            "partner.code": "DV-0004",
            "partner.name": "Sở C",
            "assigned.1": "xã Trà Tập (từ 01/7/2025)",
            "assigned.2": "xã Trà Tập (đến 30/6/2025)",
        },
        "XA-0003": {
            "partner.code": "XA-0003",
            "partner.name": "xã Trà Tập",
            "assigned.1": "Sở AB",
            "assigned.2": "Sở C",
            "assigned.3": "Sở A",
            "assigned.4": "Sở B",
        },
        "XA-0004": {
            "partner.code": "XA-0004",
            "partner.name": "xã Trà Don",
            "assigned.1": "Sở AB",
            "assigned.2": "Sở B",
        },
        "TT-0001": {"partner.code": "TT-0001", "partner.name": "Ban Dân tộc"},
    }


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("gives", ["huyện Phước Sơn"]),
        ("receives", ["huyện Đại Lộc"]),
        ("both", ["huyện Phước Sơn", "huyện Đại Lộc"]),
    ],
)
def test_a_district_that_gives_and_receives_sees_the_side_that_the_form_asks_for(role: str, names: list[str]) -> None:
    codes = {"HU-0001": "huyện Quế Sơn", "HU-0002": "huyện Phước Sơn", "HU-0003": "huyện Đại Lộc"}
    registry = Registry(
        tuple(Partner(code, name, "huyen", gives=True, receives=True) for code, name in codes.items()),
        (Assignment("HU-0001", "HU-0002"), Assignment("HU-0003", "HU-0001")),
    )
    found = prefills(registry, CAMPAIGN, {}, role)["HU-0001"]
    assert [name for key, name in found.items() if key.startswith("assigned.")] == names


def test_whoever_changed_its_name_is_prefilled_with_the_last_one() -> None:
    registry = Registry((giver("DV-0001", "Sở B", since=DAY), giver("DV-0001", "Sở A", until=OLD)))
    assert [names["partner.name"] for names in prefills(registry, CAMPAIGN, {}).values()] == ["Sở B"]


def test_a_commune_of_last_years_plan_is_called_by_its_heir() -> None:
    assert commune_labels(MERGED, NEXT) == {
        "XA-0001": "xã Trà Tập",
        "XA-0002": "xã Trà Tập",
        "XA-0003": "xã Trà Tập",
        "XA-0004": "xã Trà Don",
    }


def test_whoever_was_succeeded_may_not_send_and_its_heirs_are_named() -> None:
    by_commune = Closed(DAY, ("xã Trà Tập (XA-0003)",))
    gone = {code: Closed(DAY, ("Sở AB (DV-0003)",)) for code in ("DV-0001", "DV-0002")}
    for campaign in (CAMPAIGN, NEXT):
        assert closed(MERGED, campaign) == gone | {"XA-0001": by_commune, "XA-0002": by_commune}


@pytest.mark.parametrize(
    "events", [(), (Event(DAY, EventKind.DISSOLVE, ("DV-0001",), ""),)], ids=["ended", "dissolved"]
)
def test_whoever_ended_without_an_heir_is_closed_from_the_next_period_on(events: tuple[Event, ...]) -> None:
    registry = Registry((giver("DV-0001", "Sở A", until=OLD),), events=events)
    assert closed(registry, CAMPAIGN) == {}
    assert closed(registry, NEXT) == {"DV-0001": Closed(DAY, ())}


def test_whoever_merged_into_one_that_was_dissolved_is_told_who_answers_in_that_period() -> None:
    registry = Registry(
        (commune("HU-0001", "huyện A", until=date(2024, 12, 31)), commune("HU-0002", "huyện B", date(2025, 1, 1), OLD)),
        events=(
            Event(date(2025, 1, 1), EventKind.MERGE, ("HU-0001",), "HU-0002"),
            Event(DAY, EventKind.DISSOLVE, ("HU-0002",), ""),
        ),
    )
    assert closed(registry, CAMPAIGN) == {"HU-0001": Closed(date(2025, 1, 1), ("huyện B (HU-0002)",))}
    assert closed(registry, NEXT) == {"HU-0001": Closed(date(2025, 1, 1), ()), "HU-0002": Closed(DAY, ())}


def test_a_return_is_judged_by_everybody_who_owes_its_form() -> None:
    campaign = Campaign(2025, CAMPAIGN.start, CAMPAIGN.end, CAMPAIGN.deadline, "", tuple(FORMS))
    context = examine_context(replace(MERGED, campaigns=(campaign,)), campaign, FORMS, {})
    roles = {
        "gives": {"DV-0003", "DV-0004"},
        "receives": {"XA-0003", "XA-0004"},
        "both": {"DV-0003", "DV-0004", "XA-0003", "XA-0004"},
        "board": {"TT-0001"},
        "": set(),
    }
    for code, form in FORMS.items():
        assert context.partners.get(code, frozenset()) == roles[form.role]
    assert context.lists.keys() == {COMMUNES, GIVERS}
    assert context.assigned["DV-0004"] == {"XA-0003", "XA-0001"}
    assert context.assigned["XA-0004"] == {"DV-0003", "DV-0002"}
    assert {"Sở AB", "Sở B"} <= context.own_texts["XA-0004"]
    assert context.own_texts.keys() == {"DV-0003", "DV-0004", "XA-0003", "XA-0004", "TT-0001"}
    assert context.closed.keys() == {"DV-0001", "DV-0002", "XA-0001", "XA-0002"}
