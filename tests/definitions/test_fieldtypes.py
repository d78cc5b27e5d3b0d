"""Every field type reads what offices really type, says what it cannot read, and keeps what it read."""

from __future__ import annotations

import json
import re
import time as clock
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.definitions.fieldtypes import FIELD_TYPES, LARGEST_WHOLE, Reading, nearest_label, raw_text
from generator.definitions.forms import Choice, Field

KINDS = (Choice("qua", "Quà"), Choice("nha_o", "Nhà ở"), Choice("con_giong", "Con giống"))
COMMUNES = (
    Choice("XA-0001", "xã Trà Don"),
    Choice("XA-0002", "xã Trà Dơn"),
    Choice("XA-0003", "xã Phước Hòa"),
    Choice("XA-0004", "thị trấn Tam Kỳ"),
    Choice("XA-0005", "xã Tr'Hy"),
)
LISTS = {"choice": KINDS, "partner": COMMUNES}


def read(kind: str, raw: object, *, year: int = 2025, minimum: int | None = None) -> Reading:
    asked = Field("cot", "Cột", kind, minimum=minimum)
    return FIELD_TYPES[kind].parse(raw, asked, LISTS.get(kind, ()), year)  # type: ignore[arg-type]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


READ = [
    # text and paragraphs: one spelling of Unicode, nothing invisible, dates as people write them
    ("text", "  Tặng  bò ", "Tặng bò"),
    ("text", "Tặng bò", "Tặng bò"),
    ("text", "a\u0306\u0301n", "ắn"),
    ("text", "ă\u0301n", "ắn"),
    ("text", "QÐ-UBND", "QĐ-UBND"),
    ("text", "15\u00a0/\u200bKH", "15 /KH"),
    ("text", 905123456.0, "905123456"),
    ("text", 1.5, "1.5"),
    ("text", moment("2025-12-15"), "15/12/2025"),
    ("text", moment("2025-12-15 08:30"), "2025-12-15 08:30:00"),
    ("text", True, "TRUE"),
    ("paragraph", "một_x000D_\nhai", "một\nhai"),
    # whole numbers: one separator before three digits is grouping
    ("integer", 12.0, 12),
    ("integer", "12", 12),
    ("integer", " 12 ", 12),
    ("integer", "1.200", 1200),
    ("integer", "0", 0),
    ("integer", -0.0, 0),
    ("integer", 9.99999999999998, 10),
    # years: four digits, of this century
    ("year", 2023.0, 2023),
    ("year", "2023", 2023),
    ("year", " Năm 2023 ", 2023),
    # money: words of scale, either sign for thousands, never a float
    ("money", 12_500_000.0, 12_500_000),
    ("money", "12.500.000", 12_500_000),
    ("money", "12,500,000", 12_500_000),
    ("money", "12 500 000", 12_500_000),
    ("money", "5 triệu", 5_000_000),
    ("money", "1,2 tỷ", 1_200_000_000),
    ("money", "3tr5", 3_500_000),
    ("money", "2 tỷ 350", 2_350_000_000),
    ("money", "500k", 500_000),
    ("money", "200 nghìn", 200_000),
    ("money", "200 ngàn", 200_000),
    ("money", "90tr", 90_000_000),
    ("money", "12.500.000 đồng", 12_500_000),
    ("money", "12.500.000đ", 12_500_000),
    ("money", "12.500.000 VNĐ", 12_500_000),
    ("money", "30 x 1tr", 30_000_000),
    ("money", "12.500", 12_500),
    ("money", 33_000_000.000000004, 33_000_000),
    # quantities: decimals allowed, what the screen showed is meant
    ("quantity", 1.5, Decimal("1.5")),
    ("quantity", "1,5", Decimal("1.5")),
    ("quantity", "1.234,5", Decimal("1234.5")),
    ("quantity", 30 * 1.1, Decimal(33)),
    ("quantity", 0.1 + 0.2, Decimal("0.3")),
    ("quantity", 4e-8, Decimal("4E-8")),
    # dates: the precision that was typed, day before month
    ("date", moment("2025-03-14"), "2025-03-14"),
    ("date", moment("2025-03-14 15:30"), "2025-03-14"),
    ("date", date(2025, 3, 14), "2025-03-14"),
    ("date", datetime(2025, 3, 14, 23, 0, tzinfo=timezone(timedelta(hours=7))), "2025-03-14"),
    ("date", "14/3/2025", "2025-03-14"),
    ("date", "16.4.2020", "2020-04-16"),
    ("date", "7-8-2025", "2025-08-07"),
    ("date", "ngày 05 tháng 11 năm 2018", "2018-11-05"),
    ("date", "tháng 3/2024", "2024-03"),
    ("date", "3/2025", "2025-03"),
    ("date", "Quý II/2024", "2024-Q2"),
    ("date", "14/3", "2025-03-14"),
    ("date", "tháng 3", "2025-03"),
    ("date", "14/3/25", "2025-03-14"),
    ("date", "2025", "2025"),
    ("date", 2025.0, "2025"),
    ("date", 3.0, "2025-03"),
    # choices: the label, its code, and every spelling of either; accents decide
    ("choice", "Nhà ở", "nha_o"),
    ("choice", " nhà  ở", "nha_o"),
    ("choice", "NHÀ Ở", "nha_o"),
    ("choice", "nha_o", "nha_o"),
    ("partner", "xã Trà Don", "XA-0001"),
    ("partner", "xã Trà Dơn", "XA-0002"),
    ("partner", "Xã Phước Hoà", "XA-0003"),
    ("partner", "thị trấn Tam Kì", "XA-0004"),
    ("partner", "xã Tr’Hy", "XA-0005"),
    ("partner", "XA-0003", "XA-0003"),
    # yes and no
    ("yes_no", "Có", True),
    ("yes_no", "có", True),
    ("yes_no", "x", True),
    ("yes_no", True, True),
    ("yes_no", 1.0, True),
    ("yes_no", "Không", False),
    ("yes_no", "KHÔNG", False),
    ("yes_no", False, False),
    ("yes_no", 0.0, False),
]


@pytest.mark.parametrize(("kind", "raw", "value"), READ)
def test_what_offices_type_is_read(kind: str, raw: object, value: object) -> None:
    reading = read(kind, raw)
    assert (reading.value, reading.issue) == (value, "")
    assert type(reading.value) is type(value)


FAULTS = [
    *(("year", raw, "cell.not_a_year") for raw in ("23", 202.0, "2.023", "năm ngoái", 1999.0, True)),
    ("year", moment("2023-01-01"), "cell.not_a_year"),
    ("integer", "mười hai", "cell.not_a_number"),
    ("integer", "-", "cell.word_for_none"),
    ("integer", "12 buổi", "cell.other_unit"),
    ("integer", True, "cell.not_a_number"),
    ("integer", float("nan"), "cell.not_a_number"),
    ("integer", float("inf"), "cell.not_a_number"),
    ("integer", float("-inf"), "cell.not_a_number"),
    ("integer", 1.5, "cell.not_whole"),
    ("integer", "1,5", "cell.not_whole"),
    ("integer", -1.0, "cell.negative"),
    ("integer", "-3", "cell.negative"),
    ("integer", 1e300, "cell.too_large"),
    ("integer", -1e300, "cell.too_large"),
    pytest.param("integer", 10**5000, "cell.too_large", id="integer-endless"),
    ("integer", moment("2025-03-14"), "cell.date_for_number"),
    ("integer", moment("1900-01-12"), "cell.date_for_number"),
    ("money", float(LARGEST_WHOLE), "cell.too_large"),
    ("money", "1tr2/suất", "cell.other_unit"),
    ("money", "2 tỷ 5", "cell.ambiguous_number"),
    ("money", "1.500 triệu", "cell.ambiguous_number"),
    ("quantity", "12.500", "cell.ambiguous_number"),
    ("quantity", "nhiều", "cell.not_a_number"),
    ("date", "Tết Nguyên đán 2024", "cell.not_a_date"),
    ("date", "31/02/2025", "cell.not_a_date"),
    ("date", "03/14/2024", "cell.ambiguous_date"),
    ("date", True, "cell.not_a_date"),
    ("date", 2025.1, "cell.not_a_date"),
    ("date", 13.0, "cell.not_a_date"),
    ("date", float("nan"), "cell.not_a_date"),
    ("date", float("inf"), "cell.not_a_date"),
    pytest.param("date", 10**5000, "cell.not_a_date", id="date-endless"),
    ("date", moment("1900-01-03"), "cell.not_a_date"),
    ("date", moment("1905-07-17"), "cell.not_a_date"),
    ("choice", "Nhà o", "cell.choice_unknown"),
    ("choice", "Khác", "cell.choice_not_listed"),
    ("choice", True, "cell.choice_not_listed"),
    ("choice", "y" * 32_767, "cell.choice_not_listed"),
    ("partner", "xã Trà Đơn", "cell.choice_unknown"),
    ("yes_no", "có lẽ", "cell.not_yes_no"),
    ("yes_no", 2.0, "cell.not_yes_no"),
]


@pytest.mark.parametrize(("kind", "raw", "code"), FAULTS)
def test_what_cannot_be_read_is_no_value_and_says_why(kind: str, raw: object, code: str) -> None:
    reading = read(kind, raw)
    assert (reading.value, reading.issue) == (None, code)


def test_both_readings_of_an_ambiguous_number_are_named() -> None:
    assert read("quantity", "12.500").params == {"value": "12.500", "first": "12.500", "second": "12,5"}


def test_the_day_that_was_probably_meant_is_named() -> None:
    assert read("date", "03/14/2024").params == {"value": "03/14/2024", "guess": "14/3/2024"}


def test_a_near_miss_names_the_label_and_decides_nothing() -> None:
    assert read("choice", "Con giông").params == {"value": "Con giông", "near": "Con giống"}
    assert nearest_label("quà tặng tết", KINDS) in ("", "Quà")


def test_a_name_that_several_bear_names_them_all() -> None:
    both = (Choice("XA-0006", "xã Trà Leng (đến 30/6/2025)"), Choice("XA-0321", "xã Trà Leng (từ 01/7/2025)"))
    told = nearest_label("Xã Trà  Leng", (Choice("XA-0320", "xã Trà Liên"), *both))
    assert told == "xã Trà Leng (đến 30/6/2025)” hay “xã Trà Leng (từ 01/7/2025)"


@pytest.mark.parametrize(
    ("raw", "iso"), [(45730.0, "2025-03-14"), (45730, "2025-03-14"), (36526.0, "2000-01-01"), (55152.0, "2050-12-30")]
)
def test_the_serial_number_of_a_day_is_read_and_asked_about(raw: float, iso: str) -> None:
    assert read("date", raw)[:2] == (iso, "cell.date_as_serial")


def test_a_text_beyond_its_length_is_kept_whole_and_warned_of() -> None:
    reading = read("text", "a" * 501)
    assert reading == ("a" * 501, "cell.too_long", {"length": "501", "longest": "500"})
    assert read("paragraph", "a" * 501).issue == ""
    assert read("paragraph", "a" * 32_767).issue == "cell.too_long"


def test_a_field_that_may_sink_says_so_by_its_minimum() -> None:
    assert read("integer", -3.0, minimum=-100).value == -3
    assert read("integer", -3.0, minimum=0).issue == "cell.negative"


def test_a_label_that_two_choices_share_by_spelling_never_decides() -> None:
    twins = (Choice("a", "Hoà Phú"), Choice("b", "Hòa Phú"))
    asked = Field("cot", "Cột", "choice")
    assert FIELD_TYPES["choice"].parse("Hòa Phú", asked, twins).value == "b"
    assert FIELD_TYPES["choice"].parse("HÒA PHÚ", asked, twins).value is None


def test_lists_that_are_equal_in_length_and_address_are_not_mixed_up() -> None:
    asked = Field("cot", "Cột", "choice")
    for number in range(200):
        fresh = (Choice(f"c{number}", "Quà"),)
        assert FIELD_TYPES["choice"].parse("Quà", asked, fresh).value == f"c{number}"
        assert FIELD_TYPES["choice"].parse("Quà", asked, list(fresh)).value == f"c{number}"


# --- what any cell may hold -------------------------------------------------------------------

RAWS = st.one_of(
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, UTC])),
    st.times(),
    st.timedeltas(),
    st.none(),
)


@settings(max_examples=300)
@given(kind=st.sampled_from(sorted(FIELD_TYPES)), raw=RAWS, year=st.sampled_from([0, 2025]))
def test_no_raw_value_breaks_a_field_type(kind: str, raw: object, year: int) -> None:
    reading = read(kind, raw, year=year)
    assert (reading.value is None) <= (reading.issue != "")
    assert json.dumps([str(reading.value), dict(reading.params)])


@pytest.mark.parametrize("kind", sorted(FIELD_TYPES))
@pytest.mark.parametrize("signs", ["a", "0", "1 ", "1.", "ắ", "a\u0301", " ", "\n", "tr", "-", "(", "1/"])
def test_the_longest_text_of_a_cell_takes_no_time(kind: str, signs: str) -> None:
    raw = (signs * 32_767)[:32_767]
    start = clock.process_time()
    read(kind, raw)
    assert clock.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (None, ""),
        (True, "TRUE"),
        (12.0, "12"),
        (12.5, "12.5"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (moment("2025-03-14"), "2025-03-14"),
        (moment("2025-03-14 07:30"), "2025-03-14 07:30:00"),
        (date(2025, 3, 14), "2025-03-14"),
        (time(7, 30), "07:30:00"),
        (timedelta(hours=31), "1 day, 7:00:00"),
    ],
)
def test_a_raw_value_is_shown_as_people_know_it(raw: object, text: str) -> None:
    assert raw_text(raw) == text  # type: ignore[arg-type]


# --- faces that belong together ---------------------------------------------------------------

_DAYS = st.dates(min_value=date(1910, 1, 1), max_value=date(2099, 12, 31)).map(date.isoformat)
_YEARS = st.integers(1910, 2099)
_QUARTERS = st.tuples(_YEARS, st.integers(1, 4)).map(lambda found: f"{found[0]}-Q{found[1]}")
VALUES = {
    "text": st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1).map(lambda text: f"a{text}"),
    "integer": st.integers(0, LARGEST_WHOLE - 1),
    "money": st.integers(0, LARGEST_WHOLE - 1),
    "quantity": st.integers(0, 4).flatmap(lambda places: st.decimals(0, 10**9, places=places)),
    "date": st.one_of(_DAYS, _DAYS.map(lambda iso: iso[:7]), _QUARTERS, _YEARS.map(str)),
    "choice": st.sampled_from([choice.code for choice in KINDS]),
    "partner": st.sampled_from([choice.code for choice in COMMUNES]),
    "yes_no": st.booleans(),
}
PRINTED = ("integer", "money", "quantity", "date", "choice", "yes_no", "partner")


@settings(max_examples=200)
@given(st.data())
def test_what_a_type_prints_it_reads_back(draw: st.DataObject) -> None:
    kind = draw.draw(st.sampled_from(PRINTED))
    value = draw.draw(VALUES[kind])
    asked, choices = Field("cot", "Cột", kind), LISTS.get(kind, ())
    text = FIELD_TYPES[kind].text(value, asked, choices)
    reading = read(kind, text)
    if kind == "quantity" and re.fullmatch("[1-9][0-9]{0,2}[.,][0-9]{3}", text):
        # 1.500 and 1,125 can each be read in two ways, and what was meant is one of them
        assert reading.issue == "cell.ambiguous_number"
        assert text in (reading.params["first"], reading.params["second"])
    else:
        assert reading == Reading(value)


@given(st.floats(0, 1e9).map(lambda number: round(number, 4)))
def test_a_quantity_read_from_a_number_is_kept_to_the_last_digit(number: float) -> None:
    value = read("quantity", number).value
    assert float(str(value)) == number


@pytest.mark.parametrize("kind", sorted(FIELD_TYPES))
def test_a_missing_value_is_printed_as_nothing(kind: str) -> None:
    type_ = FIELD_TYPES[kind]
    assert type_.text(None, Field("cot", "Cột", kind), LISTS.get(kind, ())) == ""


@pytest.mark.parametrize("kind", sorted(FIELD_TYPES))
def test_each_type_tells_people_how_to_answer(kind: str) -> None:
    type_, asked = FIELD_TYPES[kind], Field("cot", "Cột", kind, unit="buổi", minimum=1, maximum=9)
    assert type_.description.endswith((".", ")."))
    assert type_.guide(asked).startswith(type_.description)
    check = type_.cell_check(asked)
    assert check is None or (check.message and check.kind in ("list", "whole", "decimal", "length"))
    if type_.numeric:
        assert check is not None
        assert (check.minimum, check.maximum) == (1, 9)


def test_the_guide_of_a_count_names_its_unit() -> None:
    assert FIELD_TYPES["integer"].guide(Field("so", "Số", "integer", unit="buổi")).endswith("Đơn vị tính: buổi.")


def test_a_short_text_stays_what_was_typed_in_the_blank() -> None:
    assert FIELD_TYPES["text"].number_format == "@"
