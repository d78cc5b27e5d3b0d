"""Sums and counts in running text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.vietnamese.amounts import Amount, counted, scale_money, scaled_money
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
