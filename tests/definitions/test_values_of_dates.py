"""Dates and years as people type them: each form with what it must mean, or what must be asked."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from typed_values import asks, check, read

DATES = [
    ("22/10/2012", "2012-10-22"),
    ("16.4.2020", "2020-04-16"),
    ("7-8-2025", "2025-08-07"),
    ("07–08–2025", "2025-08-07"),
    ("14 / 3 / 2025", "2025-03-14"),
    ("14 3 2025", "2025-03-14"),
    ("14/3/2025.", "2025-03-14"),
    ("14/3/2025;", "2025-03-14"),
    ("(14/3/2025)", "2025-03-14"),
    ("'14/3/2025", "2025-03-14"),
    ("１４／３／２０２５", "2025-03-14"),
    ("14\u00a0/\u00a03/2025", "2025-03-14"),
    ("ngày 05 tháng 11 năm 2018", "2018-11-05"),
    ("Ngày 05 tháng 11 năm 2018", "2018-11-05"),
    ("Ngày 14/3/2025", "2025-03-14"),
    ("ngày 14-3-2025", "2025-03-14"),
    ("14 tháng 3 năm 2025", "2025-03-14"),
    ("14 tháng 3, 2025", "2025-03-14"),
    ("14 thg 3, 2025", "2025-03-14"),
    ("Thứ Sáu, 14 tháng 3, 2025", "2025-03-14"),
    ("thứ sáu ngày 14/3/2025", "2025-03-14"),
    ("Thứ 6, ngày 14/3/2025", "2025-03-14"),
    ("T6 14/3/2025", "2025-03-14"),
    ("14/3/2025 (thứ sáu)", "2025-03-14"),
    ("chủ nhật 16/3/2025", "2025-03-16"),
    ("thứ hai ngày 14/3/2025", asks("not_a_date")),
    ("14/3/2025 08:30", "2025-03-14"),
    ("08:30 14/3/2025", "2025-03-14"),
    ("8h30 ngày 14/3/2025", "2025-03-14"),
    ("8 giờ 00, ngày 14/3/2025", "2025-03-14"),
    ("14/3/2025 00:00:00", "2025-03-14"),
    ("2025-03-14", "2025-03-14"),
    ("2025-03-14T08:30:00", "2025-03-14"),
    ("2025/03/14", "2025-03-14"),
    ("2025.3.14", "2025-03-14"),
    ("14/3/25", "2025-03-14"),
    ("14.3.25", "2025-03-14"),
    ("14/5/98", "1998-05-14"),
    ("14/3", "2025-03-14"),
    ("ngày 14 tháng 3", "2025-03-14"),
    ("tháng 3/2025", "2025-03"),
    ("Tháng 3 / 2025", "2025-03"),
    ("tháng 03-2025", "2025-03"),
    ("tháng 3.2025", "2025-03"),
    ("tháng 3 năm 2025", "2025-03"),
    ("tháng 3, 2025", "2025-03"),
    ("tháng 3 2025", "2025-03"),
    ("thg 3 2025", "2025-03"),
    ("T3/2025", "2025-03"),
    ("T.3/2025", "2025-03"),
    ("Th3/2025", "2025-03"),
    ("3/2025", "2025-03"),
    ("03-2025", "2025-03"),
    ("2025-03", "2025-03"),
    ("tháng 3", "2025-03"),
    ("tháng 3/25", "2025-03"),
    ("đầu tháng 3/2025", "2025-03"),
    ("giữa tháng 3/2025", "2025-03"),
    ("Cuối tháng 3 năm 2025", "2025-03"),
    ("trong tháng 3/2025", "2025-03"),
    ("Quý II/2024", "2024-Q2"),
    ("quý 2/2024", "2024-Q2"),
    ("Quí II năm 2024", "2024-Q2"),
    ("Q2/2024", "2024-Q2"),
    ("Q2 2024", "2024-Q2"),
    ("Quý 2 năm 2024", "2024-Q2"),
    ("Quý II", "2025-Q2"),
    ("Quý 2, 2024", "2024-Q2"),
    ("2025", "2025"),
    ("năm 2025", "2025"),
    ("cả năm 2025", "2025"),
    ("trong năm 2025", "2025"),
    (2025.0, "2025"),
    (3.0, "2025-03"),
    (datetime(2025, 3, 14, 8, 30), "2025-03-14"),  # noqa: DTZ001
    (date(2025, 3, 14), "2025-03-14"),
    # both readings, or the only possible one, are told and not taken
    ("03/14/2025", asks("ambiguous_date", guess="14/3/2025")),
    ("3-14-25", asks("ambiguous_date", guess="14/3/2025")),
    ("3/25", asks("ambiguous_date", guess="tháng 3/2025 hoặc 25/3/2025")),
    ("II/2025", asks("ambiguous_date", guess="quý II/2025 hoặc tháng 02/2025")),
    ("14032025", asks("ambiguous_date", guess="14/3/2025")),
    (14032025.0, asks("ambiguous_date", guess="14/3/2025")),
    ("20250314", asks("ambiguous_date", guess="14/3/2025")),
    ("14-3/2025", asks("ambiguous_date", guess="14/3/2025")),
    ("14/3-2025", asks("ambiguous_date", guess="14/3/2025")),
    ("22/10.2012", asks("ambiguous_date", guess="22/10/2012")),
    ("14,3,2025", asks("ambiguous_date", guess="14/3/2025")),
    # spans: asked for one day or month
    ("10-15/3/2025", asks("date_span", near="10/3/2025")),
    ("10 - 15/3/2025", asks("date_span", near="10/3/2025")),
    ("từ 10/3 đến 15/3/2025", asks("date_span", near="10/3/2025")),
    ("từ ngày 10/3/2025 đến ngày 15/3/2025", asks("date_span", near="10/3/2025")),
    ("10/3/2025 - 15/3/2025", asks("date_span", near="10/3/2025")),
    ("10/3-15/4/2025", asks("date_span", near="10/3/2025")),
    ("10, 11/3/2025", asks("date_span", near="10/3/2025")),
    ("10 và 12/3/2025", asks("date_span", near="10/3/2025")),
    ("14/3/2025; 20/4/2025", asks("date_span", near="14/3/2025")),
    ("tháng 3-4/2025", asks("date_span", near="tháng 3/2025")),
    ("tháng 3 và 4/2025", asks("date_span", near="tháng 3/2025")),
    ("tháng 3, 4/2025", asks("date_span", near="tháng 3/2025")),
    ("từ tháng 3 đến tháng 5 năm 2025", asks("date_span", near="tháng 3/2025")),
    ("tháng 12/2024 - tháng 2/2025", asks("date_span", near="tháng 12/2024")),
    ("quý I và II/2025", asks("date_span", near="quý I/2025")),
    ("2024-2025", asks("date_span", near="năm 2024")),
    ("6 tháng đầu năm 2025", asks("date_span", near="")),
    ("9 tháng năm 2025", asks("date_span", near="")),
    ("cuối năm 2025", asks("date_span", near="năm 2025")),
    ("đầu năm 2025", asks("date_span", near="năm 2025")),
    # no dates
    ("Tết Nguyên đán 2024", asks("not_a_date")),
    ("10/3 âm lịch", asks("not_a_date")),
    ("khoảng tháng 3/2025", asks("not_a_date")),
    ("tháng Giêng 2025", asks("not_a_date")),
    ("31/02/2025", asks("not_a_date")),
    ("29/02/2025", asks("not_a_date")),
    ("13/13/2025", asks("not_a_date")),
    ("tháng 13/2025", asks("not_a_date")),
    ("Quý V/2025", asks("not_a_date")),
    ("14/3/025", asks("not_a_date")),
    ("99999999", asks("not_a_date")),
    ("thường xuyên", asks("not_a_date")),
    ("-", asks("not_a_date")),
    (2025.1, asks("not_a_date")),
    (datetime(1900, 1, 3), asks("not_a_date")),  # noqa: DTZ001
]


@pytest.mark.parametrize(("raw", "expected"), DATES)
def test_a_date_with_the_precision_that_was_typed(raw: object, expected: object) -> None:
    check(read("date", raw), expected)


@pytest.mark.parametrize("raw", [45730.0, "45730", "45730.0", 45730.35, "45.730"])
def test_the_serial_number_of_a_day_is_read_and_told(raw: object) -> None:
    if raw == "45.730":
        check(read("date", raw), asks("not_a_date"))
    else:
        assert read("date", raw)[:2] == ("2025-03-14", "cell.date_as_serial")


YEARS = [
    ("2025", 2025),
    ("２０２５", 2025),
    ("Năm 2025", 2025),
    ("năm2025", 2025),
    ("nam 2025", 2025),
    ("2025.", 2025),
    (2025.0, 2025),
    ("25", asks("not_a_year")),
    ("2.025", asks("not_a_year")),
    ("2024-2025", asks("not_a_year")),
    ("3/2025", asks("not_a_year")),
]


@pytest.mark.parametrize(("raw", "expected"), YEARS)
def test_a_year(raw: object, expected: object) -> None:
    check(read("year", raw), expected)
