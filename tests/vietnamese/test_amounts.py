"""Sums and counts in running text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.vietnamese.amounts import Amount, counted, roman, scale_money, scaled_money, whole_parts
from generator.vietnamese.numbers import read_money


@pytest.mark.parametrize(
    ("dong", "text"),
    [
        (33_312_500_000, "hơn 33,3 tỷ đồng"),
        (3_590_000_000, "gần 3,6 tỷ đồng"),
        (3_550_000_000, "gần 3,6 tỷ đồng"),
        (3_600_000_000, "3,6 tỷ đồng"),
        (2_000_000_000, "2 tỷ đồng"),
        (2_000_000_001, "hơn 2 tỷ đồng"),
        (1_234_560_000_000, "gần 1.234,6 tỷ đồng"),
        (120_000_000, "120 triệu đồng"),
        (120_540_000, "hơn 120,5 triệu đồng"),
        (999_949_999, "hơn 999,9 triệu đồng"),
        (999_950_000, "gần 1 tỷ đồng"),
        (1_000_000, "1 triệu đồng"),
        (999_999, "999.999 đồng"),
        (45_500, "45.500 đồng"),
        (0, "0 đồng"),
        (-45_500, "-45.500 đồng"),
        (-120_000_000, "-120 triệu đồng"),
        (-33_312_500_000, "khoảng -33,3 tỷ đồng"),
    ],
)
def test_a_sum_is_scaled_and_says_when_it_was_rounded(dong: int, text: str) -> None:
    assert scaled_money(dong) == text


def test_the_word_of_exactness_can_be_left_out() -> None:
    assert scaled_money(33_312_500_000, word=False) == "33,3 tỷ đồng"
    assert scale_money(33_312_500_000) == Amount("hơn", "33,3", "tỷ đồng")
    assert not scale_money(33_312_500_000).exact
    assert scale_money(33_300_000_000).exact


@given(st.integers(0, 10**15))
def test_the_word_tells_on_which_side_of_the_value_the_printed_sum_lies(dong: int) -> None:
    amount = scale_money(dong)
    reading = read_money(amount.text)
    printed = reading.value if reading.value is not None else reading.ambiguous[0]
    assert amount.word == ("" if printed == dong else "gần" if printed > dong else "hơn")
    assert abs(printed - dong) * 20 <= max(printed, Decimal(dong))


@pytest.mark.parametrize(
    ("n", "noun", "text"),
    [
        (9, "", "09"),
        (9, "huyện", "09 huyện"),
        (12, "xã", "12 xã"),
        (1234, "hộ", "1.234 hộ"),
        (0, "đơn vị", "0 đơn vị"),
        (-3, "", "-3"),
    ],
)
def test_small_counts_have_a_leading_zero(n: int, noun: str, text: str) -> None:
    assert counted(n, noun) == text


def test_the_leading_zero_is_a_switch() -> None:
    assert counted(9, "huyện", leading_zero=False) == "9 huyện"


@pytest.mark.parametrize(
    ("parts", "unit", "shown"),
    [
        ([20_400_000, 45_400_000, 4_200_000], 10**6, [21, 45, 4]),
        ([45_400_000, 20_400_000, 4_200_000], 10**6, [46, 20, 4]),
        ([1, 1, 1], 3, [1, 0, 0]),
        ([1000, 1000, 1000], 3, [334, 333, 333]),
        ([0, 0], 10, [0, 0]),
        ([], 10, []),
        ([5], 10, [1]),
        ([4], 10, [0]),
    ],
)
def test_the_largest_remainders_get_the_missing_units_and_the_first_of_equals_goes_before(parts, unit, shown):
    assert whole_parts(parts, unit) == shown


sums = st.lists(st.integers(0, 10**13), max_size=30)


@given(sums, st.sampled_from([1, 7, 10**5, 10**6, 10**9]))
def test_parts_add_up_to_the_rounded_total_and_none_strays_by_a_unit(parts, unit):
    shown = whole_parts(parts, unit)
    assert abs(sum(shown) * unit - sum(parts)) * 2 <= unit
    assert all(abs(one * unit - part) < unit for one, part in zip(shown, parts, strict=True))
    assert all(one == 0 for one, part in zip(shown, parts, strict=True) if part == 0)


@given(sums, st.sampled_from([10**5, 10**6]), st.randoms())
def test_which_units_are_given_depends_on_the_parts_and_not_on_their_order(parts, unit, chance):
    mixed = list(parts)
    chance.shuffle(mixed)
    assert sorted(whole_parts(mixed, unit)) == sorted(whole_parts(parts, unit))


@given(sums.filter(lambda parts: sum(parts) > 0), st.integers(0, 2))
def test_shares_add_up_to_a_hundred(parts, digits):
    assert sum(whole_parts([part * 100 * 10**digits for part in parts], sum(parts))) == 100 * 10**digits


@pytest.mark.parametrize(("parts", "unit"), [([1, -1], 10), ([1], 0)])
def test_what_is_below_zero_is_not_shared_out(parts, unit):
    with pytest.raises(ValueError, match="below zero"):
        whole_parts(parts, unit)


@pytest.mark.parametrize(("number", "text"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (93, "XCIII")])
def test_parts_are_numbered_in_roman_figures(number, text):
    assert roman(number) == text


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12), st.sampled_from([10, 10**6]), st.booleans())
def test_parts_add_up_to_a_total_that_is_shown_already(parts: list[int], unit: int, up: bool) -> None:
    total = -(-sum(parts) // unit) if up else sum(parts) // unit
    shown = whole_parts(parts, unit, total)
    assert sum(shown) == total
    assert all(abs(one * unit - part) < unit for one, part in zip(shown, parts, strict=True))


@pytest.mark.parametrize(("total", "shown"), [(0, [1, 1, 3]), (9, [2, 2, 3]), (6, [1, 2, 3])])
def test_a_total_that_no_rounding_reaches_moves_no_part_by_a_whole_unit(total: int, shown: list[int]) -> None:
    assert whole_parts([12, 17, 30], 10, total) == shown
