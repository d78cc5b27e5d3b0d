"""Merge: what counts becomes frames of keys and numbers, the same in any order."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.stages.merge import merge
from report_cases import counted, forms, gift, partner, registry, values_by_id

RETURNS = (
    counted("DV-0001", [gift(100, so_ho=3), gift(None, "qua"), gift(50, "con_giong", "long_ghep")], {"so_van_ban": 2}),
    counted("DV-0002", [gift(7, commune="XA-0002")], {"co_ke_hoach": True, "ton_tai": "Ít kinh phí"}),
    counted("DV-0001", [gift(900)], year=2024),
    counted("DV-0003", fields={"so_van_ban": 0}),
)
REGISTRY = registry(partner("DV-0001"), partner("DV-0002"))


def frames_of(returns: object) -> dict[tuple[str, str], pd.DataFrame]:
    return dict(merge(returns, REGISTRY, forms()).frames)


@settings(max_examples=10)
@given(order=st.permutations(RETURNS))
def test_a_dataset_does_not_depend_on_the_order_of_the_returns(order):
    merged, expected = merge(order, REGISTRY, forms()), merge(RETURNS, REGISTRY, forms())
    assert merged.submissions == expected.submissions
    for key, frame in expected.frames.items():
        pd.testing.assert_frame_equal(merged.frames[key], frame)


def test_a_return_that_comes_twice_counts_once():
    gifts = frames_of([*RETURNS, RETURNS[0]])["KN-01", "hoat_dong"]
    assert len(gifts) == 5


def test_money_stays_a_whole_number_even_beside_empty_cells():
    values = frames_of(RETURNS)["KN-01", "hoat_dong"]["gia_tri"]
    assert str(values.dtype) == "Int64"
    assert values.tolist() == [900, 100, pd.NA, 50, 7]


def test_a_kind_of_help_brings_its_field_and_a_commune_its_district():
    gifts = frames_of(RETURNS)["KN-01", "hoat_dong"]
    assert gifts["linh_vuc"].tolist() == ["an_sinh", "an_sinh", "an_sinh", "kinh_te", "an_sinh"]
    assert set(gifts["huyen"]) == {"Nam Trà My"}


def test_texts_and_quantities_leave_their_positions_only():
    fields = frames_of(RETURNS)["KN-01", ""]
    assert "ton_tai" not in fields
    assert fields["ton_tai#"].tolist() == [0, 2, 0]


def test_yes_and_no_are_keys_like_any_choice():
    fields = frames_of(RETURNS)["KN-01", ""]
    assert fields["co_ke_hoach"].dropna().tolist() == ["co"]


def test_an_id_leads_to_its_value_and_an_unknown_one_nowhere():
    dataset = merge(RETURNS, REGISTRY, forms())
    gifts = dataset.frames["KN-01", "hoat_dong"]
    ids = dataset.ids(gifts, "gia_tri")
    wanted = (*ids, "KN-01/2025/DV-0001/r1/0", "KN-01/2025/DV-0001/r1/999", "KN-01/2025/DV-0009/r1/1", "x", "a/²")
    found = values_by_id(RETURNS, wanted)
    assert [found[one].value for one in ids] == [900, 100, 50, 7]
    assert set(found) == set(ids)


def test_no_returns_and_an_unknown_form_make_an_empty_dataset():
    assert merge([], REGISTRY, forms()).submissions == ()
    assert merge(RETURNS, REGISTRY, {}).frames == {}


def test_cells_of_one_row_find_each_other_when_they_are_far_apart():
    one = counted("DV-0001", [gift(5), gift(6)])
    scattered = tuple(sorted(one.submission.values, key=lambda value: value.field))
    submission = type(one.submission)("KN-01", "1", "DV-0001", 2025, "a" * 64, "x.xlsx", scattered)
    frame = frames_of([type(one)(one.key, submission, one.received, one.verdict)])["KN-01", "hoat_dong"]
    assert frame["gia_tri"].tolist() == [5, 6]
    assert frame["row"].tolist() == [1, 2]
