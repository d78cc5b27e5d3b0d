"""Numbers and money as people type them, and as a report prints them."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.vietnamese.numbers import NumberReading, format_number, read_money, read_number

exact_decimals = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, places=5)


def one(text: str) -> NumberReading:
    return NumberReading(Decimal(text))


def several(*texts: str) -> NumberReading:
    return NumberReading(ambiguous=tuple(map(Decimal, texts)))


NOTHING = NumberReading()


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("12500", one("12500")),
        ("1.234.567,5", one("1234567.5")),
        ("1.234.567", one("1234567")),
        ("1.234,5", one("1234.5")),
        ("1.234,567", one("1234.567")),
        ("1,234,567", one("1234567")),
        ("1,234,567.5", one("1234567.5")),
        ("1,234.567", one("1234.567")),
        ("1 234 567", one("1234567")),
        ("1\u00a0234\u202f567,5", one("1234567.5")),
        ("1.5", one("1.5")),
        ("1,5", one("1.5")),
        ("0,125", one("0.125")),
        ("0.125", one("0.125")),
        ("1234.567", one("1234.567")),
        ("12,3456", one("12.3456")),
        ("12.500", several("12500", "12.5")),
        ("1,234", several("1234", "1.234")),
        ("-12.500", several("-12500", "-12.5")),
        ("１．２３４．５６７，５", one("1234567.5")),
        ("-5", one("-5")),
        ("\u22125,5", one("-5.5")),
        ("- 5", one("-5")),
        ("-0", one("0")),
        ("007", one("7")),
        (" 42 ", one("42")),
        ("9" * 18, one("9" * 18)),
        ("9" * 19, NOTHING),
        ("0,1234567890123456789012345", NOTHING),
        ("+5", one("5")),
        ("+-5", NOTHING),
        ("-+5", NOTHING),
        ("--5", NOTHING),
        ("(5)", several("-5", "5")),
        ("( 1.234.567 )", several("-1234567", "1234567")),
        ("(0)", one("0")),
        ("((5))", NOTHING),
        ("(-5)", NOTHING),
        ("1'234'567,5", one("1234567.5")),
        ("1’234", one("1234")),
        ("1. 234. 567", one("1234567")),
        ("1. 5", NOTHING),
        ("5%", NOTHING),
        ("5 %", NOTHING),
        ("1E+06", NOTHING),
        ("1.23.456", NOTHING),
        ("1.234.56", NOTHING),
        ("1,234,56", NOTHING),
        ("0.123.456", NOTHING),
        ("1.234,567,8", NOTHING),
        ("1 23", NOTHING),
        ("1\n234", NOTHING),
        ("1\t234", NOTHING),
        (".5", NOTHING),
        ("5.", NOTHING),
        ("12,5o", NOTHING),
        ("5 xã", NOTHING),
        ("٣", NOTHING),
        ("²", NOTHING),
        ("NaN", NOTHING),
        ("Infinity", NOTHING),
        ("-", NOTHING),
        ("", NOTHING),
    ],
)
def test_a_number_has_the_value_a_vietnamese_reader_gives_it(typed: str, reading: NumberReading) -> None:
    assert read_number(typed) == reading


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12.500", "12500"),
        ("12,500", "12500"),
        ("-1.234", "-1234"),
        ("1.5", "1.5"),
        ("0.500", "0.5"),
        ("1.234,5", "1234.5"),
    ],
)
def test_where_grouping_is_expected_a_group_of_three_is_a_group(typed: str, value: str) -> None:
    assert read_number(typed, grouping_expected=True) == one(value)


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("12.500", 12_500),
        ("12,500", 12_500),
        ("1.234.567,00", 1_234_567),
        ("33312500000", 33_312_500_000),
        ("5.000.000đ", 5_000_000),
        ("5.000.000 đồng", 5_000_000),
        ("5.000 đ.", 5_000),
        ("5,000,000 VND", 5_000_000),
        ("VNĐ 5.000.000", 5_000_000),
        ("5.000.000 VNÐ", 5_000_000),
        ("5000₫", 5_000),
        ("1,2 tỷ", 1_200_000_000),
        ("1,2 tỉ đồng", 1_200_000_000),
        ("1.2 TỶ", 1_200_000_000),
        ("2 tỷ 350", 2_350_000_000),
        ("2 tỷ 350 triệu", 2_350_000_000),
        ("2 tỷ 350 triệu 500 nghìn", 2_350_500_000),
        ("2 tỷ 350 triệu 500 nghìn 200 đồng", 2_350_500_200),
        ("2 tỷ 50 triệu", 2_050_000_000),
        ("2 tỷ 350,5 triệu", 2_350_500_000),
        ("2tỷ350tr", 2_350_000_000),
        ("5 triệu đồng", 5_000_000),
        ("1,5 triệu", 1_500_000),
        ("1.5tr", 1_500_000),
        ("90tr", 90_000_000),
        ("90 trđ", 90_000_000),
        ("90 trieu dong", 90_000_000),
        ("3tr5", 3_500_000),
        ("1tr2", 1_200_000),
        ("1tr25", 1_250_000),
        ("1tr250", 1_250_000),
        ("1tr05", 1_050_000),
        ("2tỷ5", 2_500_000_000),
        ("5 triệu 200", 5_200_000),
        ("5 triệu 200.000 đồng", 5_200_000),
        ("200 nghìn", 200_000),
        ("200 ngàn đồng", 200_000),
        ("500k", 500_000),
        ("500K", 500_000),
        ("1,5k", 1_500),
        ("30 x 1tr", 30_000_000),
        ("30x1tr", 30_000_000),
        ("30 × 1.000.000", 30_000_000),
        ("30 X 1,5 triệu đồng", 45_000_000),
        ("500k * 12", 6_000_000),
        ("30 suất x 1tr", 30_000_000),
        ("30 suất quà × 500.000đ/suất", 15_000_000),
        ("500.000đ x 30 suất", 15_000_000),
        ("30 x 500.000 = 15.000.000 đồng", 15_000_000),
        ("5 triệu = 5.000.000", 5_000_000),
        ("2 tỷ rưỡi", 2_500_000_000),
        ("3 triệu rưỡi", 3_500_000),
        ("2 tỷ, 350 triệu", 2_350_000_000),
        ("2 tỷ và 350 triệu", 2_350_000_000),
        ("5.000.000,-", 5_000_000),
        ("5.000.000.-đ", 5_000_000),
        ("5.000.000 đồng chẵn.", 5_000_000),
        ("1.234.568\xa0₫", 1_234_568),
        ("1.234.568 đồng Việt Nam", 1_234_568),
        ("1 234 567 đồng", 1_234_567),
        ("-500.000", -500_000),
        ("-5tr", -5_000_000),
        ("0 đồng", 0),
        ("999.999.999.999.999.999", 999_999_999_999_999_999),
    ],
)
def test_money_is_read_in_dong(typed: str, dong: int) -> None:
    assert read_money(typed) == NumberReading(Decimal(dong))


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("2 tỷ 5", ("2005000000", "2500000000")),
        ("2 tỷ 35", ("2035000000", "2350000000")),
        ("5 triệu 2", ("5002000", "5200000")),
        ("2 tỷ 350 đồng", ("2350000000", "2000000350")),
        ("1.500 triệu", ("1500000000", "1500000")),
        ("1,234 tỷ", ("1234000000000", "1234000000")),
        ("2 x 1.500 triệu", ("3000000000", "3000000")),
        ("(500.000 đ)", ("-500000", "500000")),
        ("30 x 500.000 = 16.000.000", ("15000000", "16000000")),
    ],
)
def test_money_with_two_readings_gives_both_and_decides_nothing(typed: str, readings: tuple[str, ...]) -> None:
    assert read_money(typed) == several(*readings)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "đồng",
        "triệu",
        "1tr2/suất",
        "1,5",
        "1,2345 nghìn",
        "1,5 tỷ 200 triệu",
        "2 triệu 5 tỷ",
        "2 tỷ 3 tỷ",
        "2 tỷ 350.000",
        "2 tỷ 1.500 triệu",
        "1 tỷ 1.500 triệu",
        "khoảng 5 triệu",
        "5-10 triệu",
        "5 triệu USD",
        "5 đồng đồng",
        "1tr x 2tr",
        "2 x 3 x 1tr",
        "30 x",
        "5 đồng x 5 đồng",
        "30 x 1tr =",
        "= 5 triệu",
        "1tr = hai",
        "5 rưỡi",
        "x 1tr",
        "-30 x 1tr",
        "1,5 x 1tr",
        "5%",
        "10^6",
        "5 triệu\n3 triệu",
        "999.999.999 tỷ x 1000",
        "1.000.000.000 tỷ",
        "9" * 19,
    ],
)
def test_money_that_cannot_be_trusted_is_not_read(typed: str) -> None:
    assert read_money(typed) == NOTHING


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (0, None, "0"),
        (1234567, None, "1.234.567"),
        (-1234, None, "-1.234"),
        (Decimal("1234567.5"), None, "1.234.567,5"),
        (Decimal("1.50"), None, "1,5"),
        (Decimal("100"), None, "100"),
        (Decimal("1E+3"), None, "1.000"),
        (Decimal("1234.5"), 2, "1.234,50"),
        (Decimal("2.345"), 2, "2,35"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-0.04"), 1, "0,0"),
        (10**30, 1, "1" + ".000" * 10 + ",0"),
        (Decimal("0E-9"), None, "0"),
        (0, 2, "0,00"),
    ],
)
def test_a_number_is_printed_in_vietnamese_style(value: int | Decimal, decimals: int | None, printed: str) -> None:
    assert format_number(value, decimals) == printed


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_a_printed_whole_number_reads_back_as_itself(number: int) -> None:
    printed = format_number(number)
    assert read_number(printed, grouping_expected=True).value == number
    assert read_money(printed).value == number
    assert read_money(printed + " đồng").value == number
    reading = read_number(printed)
    assert number in (reading.value, *reading.ambiguous)


@given(exact_decimals)
def test_a_printed_decimal_reads_back_as_itself(number: Decimal) -> None:
    reading = read_number(format_number(number))
    assert number in (reading.value, *reading.ambiguous)
    assert read_number(format_number(number, 5)).value == number


@given(st.integers(1, 999), st.integers(0, 999), st.integers(0, 999))
def test_money_in_words_is_the_sum_of_its_parts(billions: int, millions: int, thousands: int) -> None:
    text = f"{billions} tỷ {millions} triệu {thousands} nghìn"
    assert read_money(text).value == billions * 10**9 + millions * 10**6 + thousands * 10**3


@given(st.text(alphabet=st.one_of(st.sampled_from("0123456789.,- xkđ×tỷriệungàồ₫"), st.characters()), max_size=30))
def test_reading_never_raises_and_never_gives_one_value_beside_others(text: str) -> None:
    for reading in (read_number(text), read_number(text, grouping_expected=True), read_money(text)):
        assert reading.value is None or not reading.ambiguous
        assert len(reading.ambiguous) != 1
    money = read_money(text)
    for amount in (money.value, *money.ambiguous):
        assert amount is None or amount == int(amount)


def test_reading_a_huge_text_costs_linear_time() -> None:
    begun = time.process_time()
    for text in ("9" * 10**6, "1.234" * 200_000, "1 " * 500_000, "1 x " * 200_000, "1tr" * 300_000):
        assert read_number(text) == NOTHING
        assert read_money(text) == NOTHING
    assert time.process_time() - begun < 5
