"""Dates as people type them, and as a document prints them."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.vietnamese.dates import DateReading, format_date, long_date, read_date, read_span

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
NOTHING = DateReading()


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("22/10/2012", "2012-10-22"),
        ("16.4.2020", "2020-04-16"),
        ("7-8-2025", "2025-08-07"),
        ("7–8–2025", "2025-08-07"),
        ("22 / 10 / 2012", "2012-10-22"),
        ("２２／１０／２０１２", "2012-10-22"),
        ("2025-03-14", "2025-03-14"),
        ("2025/3/14", "2025-03-14"),
        ("2025-03-14 00:00:00", "2025-03-14"),
        ("2025-03-14T00:00:00", "2025-03-14"),
        ("ngày 05 tháng 11 năm 2018", "2018-11-05"),
        ("Ngày 5 tháng 11 năm 2018", "2018-11-05"),
        (unicodedata.normalize("NFD", "ngày 05 tháng 11 năm 2018"), "2018-11-05"),
        ("ngay 5 thang 11 nam 2018", "2018-11-05"),
        ("5 tháng 11/2018", "2018-11-05"),
        ("ngày 14/3/2024", "2024-03-14"),
        ("03/04/2024", "2024-04-03"),
        ("14/3/24", "2024-03-14"),
        ("14/5/01", "2001-05-14"),
        ("14/5/98", "1998-05-14"),
        ("29/02/2024", "2024-02-29"),
        ("tháng 3/2024", "2024-03"),
        ("Tháng 03 / 2024", "2024-03"),
        ("tháng 3 năm 2024", "2024-03"),
        ("tháng 3-24", "2024-03"),
        ("T3/2024", "2024-03"),
        ("t12-2024", "2024-12"),
        ("3/2024", "2024-03"),
        ("03.2024", "2024-03"),
        ("2024-03", "2024-03"),
        ("Quý II/2024", "2024-Q2"),
        ("QUÍ IV-2024", "2024-Q4"),
        ("Quý 2 năm 2024", "2024-Q2"),
        ("quý iii năm 2024", "2024-Q3"),
        ("Q1/2024", "2024-Q1"),
        ("2024-Q2", "2024-Q2"),
        ("2024", "2024"),
        ("năm 2024", "2024"),
        (" \u00a02024 ", "2024"),
        (" " * 100_000 + "14/3/2024\n", "2024-03-14"),
    ],
)
def test_a_date_is_read_with_the_precision_it_was_given(typed: str, iso: str) -> None:
    assert read_date(typed) == DateReading(iso)
    assert read_date(typed, year=1999) == DateReading(iso)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("14/3", "2025-03-14"),
        ("14-3", "2025-03-14"),
        ("ngày 14/3", "2025-03-14"),
        ("ngày 14 tháng 3", "2025-03-14"),
        ("tháng 3", "2025-03"),
        ("Quý II", "2025-Q2"),
    ],
)
def test_a_date_without_a_year_needs_one(typed: str, iso: str) -> None:
    assert read_date(typed, year=2025) == DateReading(iso)
    assert read_date(typed) == NOTHING


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("3/24", ("2024-03", "2025-03-24")),
        ("3/14", ("2025-03-14",)),
        ("12/31", ("2025-12-31",)),
        ("II/2024", ("2024-Q2", "2024-02")),
        ("22/10.2012", ("2012-10-22",)),
        ("14-3/2025", ("2025-03-14",)),
        ("10-12/2025", ("2025-12-10", "2025-10")),
        ("22102012", ("2012-10-22",)),
        ("1032025", ("2025-03-01",)),
        ("20121022", ("2012-10-22",)),
    ],
)
def test_what_no_form_decides_is_asked_about_with_every_reading(typed: str, readings: tuple[str, ...]) -> None:
    assert read_date(typed, year=2025) == DateReading(None, readings)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("10-15/3/2025", "2025-03-10"),
        ("từ 10/3 đến 15/4/2025", "2025-03-10"),
        ("tháng 3 và tháng 4/2025", "2025-03"),
        ("quý I, II/2025", "2025-Q1"),
        ("2021-2025", "2021"),
        ("10/3 đến 15/3", "2025-03-10"),
        ("cuối năm 2024", "2024"),
        ("6 tháng đầu năm 2024", ""),
        ("14/3/2025", None),
        ("2024-03-14-15", None),
        ("10-40/3/2025", None),
        ("hộ A, hộ B", None),
        ("9" * 100_000, None),
        ("1-" * 50_000, None),
    ],
)
def test_a_span_of_time_is_known_by_its_beginning(typed: str, first: str | None) -> None:
    assert read_span(typed, year=2025) == first


@pytest.mark.parametrize(("typed", "proposal"), [("03/14/2024", "2024-03-14"), ("3-14-24", "2024-03-14")])
def test_month_before_day_is_asked_about_and_never_taken(typed: str, proposal: str) -> None:
    assert read_date(typed) == DateReading(None, (proposal,))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "31/02/2024",
        "29/02/2023",
        "0/3/2024",
        "14/0/2024",
        "02/30/2024",
        "13/13/2024",
        "13/2024",
        "tháng 13/2024",
        "tháng 0 năm 2024",
        "Quý V/2024",
        "Quý 0/2024",
        "45365",
        "1/1/1899",
        "9999",
        "22/10/201",
        "2024-03-14-15",
        "Tết Nguyên đán 2024",
        "6 tháng đầu năm 2024",
        "2021-2025",
        "cuối năm 2024",
        "10/3 âm lịch",
        "32/1",
        "0,5",
        "9" * 100_000,
    ],
)
def test_what_is_not_a_date_is_not_read(typed: str) -> None:
    assert read_date(typed, year=2025) == NOTHING


@pytest.mark.parametrize(
    ("iso", "printed"),
    [
        ("2018-11-05", "05/11/2018"),
        ("2025-03-14", "14/3/2025"),
        ("2025-02-05", "05/02/2025"),
        ("2025-01-31", "31/01/2025"),
        ("2025-03", "tháng 3/2025"),
        ("2025-02", "tháng 02/2025"),
        ("2025-Q2", "quý II/2025"),
        ("2025-Q4", "quý IV/2025"),
        ("2025", "năm 2025"),
        ("không rõ", "không rõ"),
        ("", ""),
    ],
)
def test_dates_are_printed_as_decree_30_wants(iso: str, printed: str) -> None:
    assert format_date(iso) == printed


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2018, 11, 5), "ngày 05 tháng 11 năm 2018"),
        (date(2012, 10, 22), "ngày 22 tháng 10 năm 2012"),
        (date(2025, 2, 14), "ngày 14 tháng 02 năm 2025"),
        (date(2025, 3, 9), "ngày 09 tháng 3 năm 2025"),
    ],
)
def test_a_document_is_dated_in_words(day: date, printed: str) -> None:
    assert long_date(day) == printed


@given(days)
def test_every_printed_day_reads_back_as_itself(day: date) -> None:
    iso = day.isoformat()
    for printed in (iso, format_date(iso), long_date(day), f"{day.day}/{day.month}/{day.year}", str(day) + " 00:00:00"):
        assert read_date(printed) == DateReading(iso)


@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(1, 4))
def test_every_printed_month_quarter_and_year_reads_back_as_itself(year: int, month: int, quarter: int) -> None:
    for iso in (f"{year}-{month:02d}", f"{year}-Q{quarter}", f"{year}"):
        assert read_date(iso) == DateReading(iso)
        assert read_date(format_date(iso)) == DateReading(iso)


@given(st.text(alphabet=st.one_of(st.sampled_from("0123456789/.- ngàythángnămquýIVTQ"), st.characters()), max_size=20))
def test_reading_never_raises_and_gives_dates_that_can_be_printed(text: str) -> None:
    reading = read_date(text, year=2025)
    for iso in (reading.iso, *reading.ambiguous):
        assert iso is None or format_date(iso) != iso
