"""Comparing both sides of a gift: each row ends in exactly one place, and nothing depends on who came first."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.issues import Place
from generator.stages.compare import Comparison, Gift, compare, joint_gifts, same_value, unlike_peers

_row = count(1)


def gift(side: str = "KN-01", **told: object) -> Gift:
    """A gift of DV-0001 to XA-0001, as one side reports it."""
    row = next(_row)
    known = {
        "key": f"{side}/2025/X/r1",
        "row": row,
        "giver": "DV-0001",
        "receiver": "XA-0001",
        "kind": "qua",
        "day": "2025-03-14",
        "content": "Tặng quà Tết",
        "value": 15_000_000,
        "households": 30,
        "people": None,
        "place": Place("a.xlsx", "Hoạt động", f"L{row}"),
    }
    return Gift(**{**known, **told})  # type: ignore[arg-type]


def got(**told: object) -> Gift:
    return gift("KN-02", **told)


def both(given_gifts: list[Gift], received: list[Gift]) -> Comparison:
    return compare(given_gifts, received, {"DV-0001", "DV-0002"}, {"XA-0001"})


@pytest.mark.parametrize(
    ("theirs", "differs"),
    [
        pytest.param({}, (), id="the same"),
        pytest.param({"day": "2025-03"}, (), id="the month only"),
        pytest.param({"day": "2025-04-02"}, (), id="written down three weeks later"),
        pytest.param({"value": 15_000_900}, (), id="rounded"),
        pytest.param({"value": None}, (), id="value left open"),
        pytest.param({"value": 1_500_000}, ("value",), id="a zero lost"),
        pytest.param({"kind": "hoc_bong"}, ("kind",), id="another kind"),
        pytest.param({"households": 25}, ("households",), id="other households"),
        pytest.param({"day": "2025-10-01"}, ("day",), id="half a year later"),
        pytest.param({"value": 14_000_000, "households": 31}, ("value", "households"), id="two things"),
    ],
)
def test_one_row_on_each_side_is_one_pair_that_says_what_differs(
    theirs: dict[str, object], differs: tuple[str, ...]
) -> None:
    found = both([gift()], [got(**theirs)])
    assert [pair.differs for pair in found.pairs] == [differs]
    assert (found.only_given, found.only_received, found.unanswered) == ((), (), ())


def test_the_best_partner_is_taken_before_a_worse_one() -> None:
    first, second = gift(value=10_000_000), gift(value=20_000_000)
    other_second, other_first = got(value=20_000_000, day="2025-03"), got(value=10_000_000, day="2025-03-20")
    found = both([first, second], [other_second, other_first])
    assert {(pair.given, pair.received, pair.differs) for pair in found.pairs} == {
        ((first,), (other_first,), ()),
        ((second,), (other_second,), ()),
    }


def test_what_one_side_summed_up_is_compared_with_the_other_sides_parts_together() -> None:
    whole = gift(value=30_000_000, households=60)
    parts = [got(value=10_000_000, households=20, day="2025-02"), got(value=20_000_000, households=40, day="2025-05")]
    (pair,) = both([whole], parts).pairs
    assert (pair.given, set(pair.received), pair.differs) == ((whole,), set(parts), ())


def test_a_gift_that_only_one_side_reports_is_kept_apart() -> None:
    ours, theirs = gift(kind="nha_o", day="2025-01-05", value=60_000_000), got(kind="y_te", day="2025-08-08", value=7)
    found = both([ours], [theirs])
    assert (found.pairs, found.only_given, found.only_received) == ((), (ours,), (theirs,))


def test_nobody_contradicts_who_has_not_reported_yet() -> None:
    ours, theirs = gift(receiver="XA-0009"), got(giver="DV-0099")
    found = both([ours], [theirs])
    assert found == Comparison(unanswered=(ours, theirs))


_gifts = st.builds(
    lambda giver, receiver, kind, value, day: {
        "giver": giver, "receiver": receiver, "kind": kind, "value": value, "day": day
    },
    st.sampled_from(["DV-0001", "DV-0002"]),
    st.sampled_from(["XA-0001", "XA-0002"]),
    st.sampled_from(["qua", "nha_o"]),
    st.none() | st.sampled_from([1_000_000, 1_000_500, 5_000_000, 0]),
    st.sampled_from(["", "2025-03", "2025-03-14", "2025-04-01", "2024-12-20"]),
)  # fmt: skip


@settings(max_examples=80)
@given(st.lists(_gifts, max_size=12), st.lists(_gifts, max_size=12), st.randoms())
def test_every_row_ends_in_exactly_one_place_whatever_the_order(
    ours: list[dict[str, object]], theirs: list[dict[str, object]], chance: object
) -> None:
    first = [gift(**told) for told in ours]
    second = [got(**told) for told in theirs]
    found = both(first, second)
    places = [
        *(one for pair in found.pairs for one in (*pair.given, *pair.received)),
        *found.only_given,
        *found.only_received,
        *found.unanswered,
    ]
    assert Counter((one.key, one.row) for one in places) == Counter((one.key, one.row) for one in (*first, *second))
    chance.shuffle(first)  # type: ignore[attr-defined]
    chance.shuffle(second)  # type: ignore[attr-defined]
    assert both(first, second) == found


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (0, 0, True),
        (1_000, 0, True),
        (1_001, 0, False),
        (500_000_000, 505_000_000, True),
        (500_000_000, 506_000_000, False),
        (None, 5, True),
    ],
)
def test_values_may_differ_by_a_thousand_or_one_in_a_hundred(first: int | None, second: int | None, same: bool) -> None:
    assert same_value(first, second) is same
    assert same_value(second, first) is same


# --- one gift reported by two givers --------------------------------------------------------------

NAMES = [("DV-0001", "Sở (minh họa) 01"), ("DV-0002", "Hội (minh họa) 02")]


def test_a_row_that_names_another_giver_is_told_when_that_one_reports_the_same_value() -> None:
    ours = gift(joint="Hội (minh họa) 02", content="Cùng Hội tặng bò")
    theirs = gift(giver="DV-0002", content="Bò giống", day="2025-05-01")
    (found,) = joint_gifts([theirs, ours], NAMES)
    assert {found.first, found.second} == {ours, theirs}


def test_the_same_gift_word_for_word_is_told_even_when_nobody_names_the_other() -> None:
    assert len(joint_gifts([gift(), gift(giver="DV-0002")], NAMES)) == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"giver": "DV-0002", "value": 7_500_000}, id="another value: each reported its part"),
        pytest.param({"giver": "DV-0002", "receiver": "XA-0002"}, id="another commune"),
        pytest.param({"giver": "DV-0002", "content": "Gạo cứu trợ"}, id="another content"),
        pytest.param({}, id="the same giver: told by the rule on twin rows"),
    ],
)
def test_gifts_that_only_resemble_each_other_are_not_told(other: dict[str, object]) -> None:
    assert joint_gifts([gift(), gift(**other)], NAMES) == ()


def test_three_givers_of_one_gift_are_told_without_telling_a_row_twice() -> None:
    rows = [gift(giver=f"DV-000{number}") for number in (1, 2, 3)]
    told = [one for found in joint_gifts(rows, NAMES) for one in (found.first, found.second)]
    assert len(told) == len(set(told)) == 2


# --- prices out of scale --------------------------------------------------------------------------


def priced(*prices: int) -> list[Gift]:
    return [
        gift(giver=f"DV-{number:04}", kind="con_giong", unit="con", price=price)
        for number, price in enumerate(prices, start=1)
    ]


@pytest.mark.parametrize(
    ("prices", "found"),
    [
        pytest.param((15_000_000, 14_000_000, 16_000_000, 15_500_000, 15_000), [15_000], id="in thousands"),
        pytest.param((15_000_000, 14_000_000, 16_000_000, 15_500_000, 15), [15], id="in millions"),
        pytest.param((300_000, 14_000_000, 16_000_000, 15_500_000, 15_000_000), [], id="dear is not wrong among few"),
        pytest.param((15_000_000, 14_000_000, 16_000_000, 15_000), [], id="too few to tell"),
        pytest.param((500_000,) * 12 + (20_000,), [20_000], id="many tell more finely"),
    ],
)
def test_a_price_out_of_scale_beside_other_givers_is_found(prices: tuple[int, ...], found: list[int]) -> None:
    assert [one.gift.price for one in unlike_peers(priced(*prices))] == found


def test_a_giver_with_many_rows_does_not_outvote_the_others() -> None:
    rows = priced(15_000_000, 14_000_000, 16_000_000, 15_500_000)
    slips = [replace(row, giver="DV-0099") for row in priced(*[15_000] * 20)]
    found = unlike_peers([*rows, *slips])
    assert {one.gift.giver for one in found} == {"DV-0099"}
    assert {one.typical for one in found} == {15_250_000}
