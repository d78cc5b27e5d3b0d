"""Totals that KN-03 tells of past years: each year counts once, and whatever is left out is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model import Counted, EventKind, Scalar, Verdict
from generator.stages.merge import merge
from merge_cases import REGISTRY, event, keys, merged, returned, version
from report_cases import counted, forms

Row = dict[str, Scalar]


def total(year: int | None, value: int, field: str = "an_sinh") -> Row:
    return {"nam": year, "linh_vuc": field, "gia_tri": value}


def summary(sender: str, *rows: Row, year: int = 2025, revision: int = 1) -> Counted:
    return returned("KN-03", sender, year, rows, revision=revision)


def yearly(sender: str, year: int, form: str = "KN-01", verdict: Verdict = Verdict.ACCEPTED) -> Counted:
    return replace(returned(form, sender, year, fields={"so_van_ban": 1}), verdict=verdict)


def told(*returns: Counted) -> list[tuple[object, ...]]:
    return keys(merged(*returns).frames["KN-03", "tong_hop"], "partner", "nam", "gia_tri")


def test_a_total_belongs_to_the_year_that_it_is_about() -> None:
    frame = merged(summary("DV-0001", total(2021, 70), total(2023, 50))).frames["KN-03", "tong_hop"]
    assert frame["year"].tolist() == [2021, 2023]
    assert frame["nam"].tolist() == ["2021", "2023"]
    assert keys(frame, "ben_giup", "noi_nhan", "vai_tro", "huyen") == [("DV-0001", None, "giup", None)] * 2


def test_a_receivers_total_lies_where_it_lay_that_year() -> None:
    frame = merged(summary("XA-0003", total(2022, 70), total(2023, 50))).frames["KN-03", "tong_hop"]
    assert keys(frame, "ben_giup", "noi_nhan", "vai_tro", "huyen", "huyen_nay") == [
        (None, "XA-0003", "nhan", "Bắc Trà My", "Nam Trà My"),
        (None, "XA-0003", "nhan", "Nam Trà My", "Nam Trà My"),
    ]


def test_a_new_commune_tells_of_years_when_its_forebears_lay_in_one_district() -> None:
    frame = merged(summary("XA-0009", total(2022, 70))).frames["KN-03", "tong_hop"]
    assert keys(frame, "noi_nhan", "huyen", "huyen_nay") == [("XA-0009", "Nam Trà My", None)]


@pytest.mark.parametrize(
    ("others", "kept"),
    [
        ([], [70, 50]),
        ([("DV-0001", 2021, "KN-01")], [50]),
        ([("DV-0001", 2021, "KN-01"), ("DV-0001", 2022, "KN-01")], []),
        ([("DV-0001", 2023, "KN-01"), ("DV-0002", 2021, "KN-01")], [70, 50]),
        ([("DV-0001", 2021, "KN-02")], [70, 50]),
    ],
)
def test_a_total_of_a_year_with_a_yearly_return_is_left_out(
    others: list[tuple[str, int, str]], kept: list[int]
) -> None:
    returns = [summary("DV-0001", total(2021, 70), total(2022, 50)), *(yearly(*one) for one in others)]
    assert [value for *_, value in told(*returns)] == kept


@pytest.mark.parametrize("verdict", [Verdict.NIL, Verdict.ACCEPTED_WITH_WARNINGS])
def test_a_nil_return_is_a_return(verdict: Verdict) -> None:
    assert told(summary("DV-0001", total(2021, 70)), yearly("DV-0001", 2021, verdict=verdict)) == []


@pytest.mark.parametrize(
    ("sender", "yearly_of", "year", "counts"),
    [
        ("DV-0009", "DV-0002", 2021, False),
        ("DV-0009", "DV-0003", 2024, False),
        ("DV-0002", "DV-0009", 2025, False),
        ("DV-0002", "DV-0003", 2021, True),
        ("DV-0002", "DV-0009", 2021, False),
    ],
)
def test_a_return_of_a_forebear_or_an_heir_counts_for_the_sender(
    sender: str, yearly_of: str, year: int, counts: bool
) -> None:
    found = told(summary(sender, total(year, 70)), yearly(yearly_of, year))
    assert bool(found) is counts


def test_a_commune_is_measured_by_its_own_yearly_form() -> None:
    rows = (total(2021, 70), total(2022, 50))
    assert [value for *_, value in told(summary("XA-0009", *rows), yearly("XA-0001", 2021, "KN-02"))] == [50]


def test_whoever_gives_and_receives_tells_what_it_gave() -> None:
    registry = replace(REGISTRY, partners=(version("HU-0001", both=True),))
    returns = [summary("HU-0001", total(2021, 70)), yearly("HU-0001", 2021, "KN-02")]
    frame = merge(returns, registry, forms()).frames["KN-03", "tong_hop"]
    assert keys(frame, "ben_giup", "noi_nhan", "gia_tri") == [("HU-0001", None, 70)]


def test_an_heir_in_neither_role_stands_where_its_forebears_stood() -> None:
    heir = replace(version("XA-0009", since=date(2025, 7, 1)), gives=False, receives=False)
    registry = replace(REGISTRY, partners=(*(one for one in REGISTRY.partners if one.code != "XA-0009"), heir))
    frame = merge([summary("XA-0009", total(2022, 70))], registry, forms()).frames["KN-03", "tong_hop"]
    assert frame["noi_nhan"].tolist() == ["XA-0009"]


def test_what_is_left_out_is_told_value_by_value() -> None:
    returns = [
        summary("DV-0001", total(2021, 70), total(2022, 50), total(None, 9)),
        yearly("DV-0001", 2021),
    ]
    dataset = merged(*returns)
    assert told(*returns) == [("DV-0001", "2022", 50)]
    assert dataset.left_out == tuple(f"KN-03/2025/DV-0001/r1/{position}" for position in (1, 2, 3, 8, 9))


def test_the_latest_summary_of_a_year_counts() -> None:
    rows = [summary("DV-0001", total(2022, 70), year=2024), summary("DV-0001", total(2022, 75), total(2021, 3))]
    assert told(*rows) == [("DV-0001", "2022", 75), ("DV-0001", "2021", 3)]
    assert told(summary("DV-0002", total(2022, 70)), summary("DV-0009", total(2022, 75))) == [("DV-0009", "2022", 75)]


def test_whoever_stands_again_after_a_merger_was_undone_keeps_its_totals() -> None:
    undone = (
        event(EventKind.MERGE, date(2022, 3, 1), "DV-0001 DV-0002", "DV-0003"),
        event(EventKind.SPLIT, date(2023, 3, 1), "DV-0003", "DV-0001"),
        event(EventKind.SPLIT, date(2023, 3, 1), "DV-0003", "DV-0002"),
    )
    returns = [summary("DV-0001", total(2021, 70)), summary("DV-0003", total(2021, 99))]
    frame = merge(returns, replace(REGISTRY, events=undone), forms()).frames["KN-03", "tong_hop"]
    assert keys(frame, "partner", "gia_tri") == [("DV-0001", 70)]


def test_other_tables_of_the_summary_stay_in_its_own_year() -> None:
    praised = returned("KN-03", "DV-0001", 2025, [{"ten": "Tổ kết nghĩa (minh họa)", "loai": "tap_the"}], "khen_thuong")
    frame = merged(praised, yearly("DV-0001", 2025)).frames["KN-03", "khen_thuong"]
    assert keys(frame, "year", "loai") == [(2025, "tap_the")]


SENDERS = st.sampled_from(["DV-0001", "DV-0002", "DV-0009", "XA-0001", "XA-0009", "XA-0004", "XA-0042", "DV-0077"])
YEARS = st.integers(2021, 2025)
ROWS = st.lists(st.builds(total, st.one_of(st.none(), YEARS), st.integers(0, 10**12)), max_size=4)


@given(
    st.dictionaries(st.tuples(SENDERS, st.integers(2024, 2025)), ROWS, max_size=5),
    st.sets(st.tuples(SENDERS, YEARS, st.sampled_from(["KN-01", "KN-02"])), max_size=6),
    st.randoms(use_true_random=False),
)
@settings(max_examples=20, deadline=None)
def test_every_value_counts_once_or_is_told_as_left_out(
    told_by: dict[tuple[str, int], Sequence[Row]], sent: set[tuple[str, int, str]], order: object
) -> None:
    returns = [summary(sender, *rows, year=year) for (sender, year), rows in told_by.items()]
    returns += [yearly(*one) for one in sent]
    dataset = merged(*returns)
    frame = dataset.frames.get(("KN-03", "tong_hop"))
    counts = (
        [] if frame is None else [one for code in ("nam", "linh_vuc", "gia_tri") for one in dataset.ids(frame, code)]
    )
    given = [
        f"{one.key}/{at}"
        for one in returns
        for at, value in enumerate(one.submission.values, start=1)
        if value.table == "tong_hop" and value.value is not None
    ]
    assert sorted([*counts, *dataset.left_out]) == sorted(given)
    order.shuffle(returns)  # type: ignore[attr-defined]
    assert merged(*returns).left_out == dataset.left_out


def test_events_after_the_summary_are_none_of_its_kin() -> None:
    later = event(EventKind.MERGE, date(2026, 2, 1), "DV-0001 DV-0009", "DV-0010")
    registry = replace(REGISTRY, events=(*REGISTRY.events, later), partners=(*REGISTRY.partners, version("DV-0010")))
    returns = [summary("DV-0001", total(2021, 70)), counted("DV-0010", year=2021)]
    assert merge(returns, registry, forms()).left_out == ()
