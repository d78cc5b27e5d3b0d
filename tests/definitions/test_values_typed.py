"""Values as people type them: some three hundred forms, each with what it must mean or what must be asked."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from generator.definitions.fieldtypes import FIELD_TYPES, Reading
from generator.definitions.forms import Choice, Field

KINDS = (
    Choice("qua", "Quà"),
    Choice("nha_o", "Nhà ở"),
    Choice("con_giong", "Con giống"),
    Choice("y_te", "Cơ sở y tế, thiết bị y tế"),
    Choice("hoc_bong", "Học bổng, đỡ đầu học sinh"),
    Choice("ky_thuat", "Chuyển giao kỹ thuật"),
)
COMMUNES = (
    Choice("XA-0001", "xã Trà Don"),
    Choice("XA-0002", "xã Trà Dơn"),
    Choice("XA-0003", "xã Phước Hòa"),
    Choice("XA-0004", "phường Tam Kỳ"),
    Choice("XA-0005", "xã Ch'ơm"),
    Choice("XA-0006", "thị trấn Thạnh Mỹ"),
    Choice("XA-0007", "xã Trà My"),
    Choice("XA-0008", "thị trấn Trà My"),
    Choice("XA-0009", "xã Đắc Pring"),
    Choice("XA-0010", "xã Trà Tập"),
)
LISTS = {"choice": KINDS, "partner": COMMUNES}
UNITS = {"integer": "hộ", "money": "đồng"}


def read(kind: str, raw: object, *, unit: str | None = None, minimum: int | None = None) -> Reading:
    asked = Field("cot", "Cột", kind, unit=UNITS.get(kind, "") if unit is None else unit, minimum=minimum)
    return FIELD_TYPES[kind].parse(raw, asked, LISTS.get(kind, ()), 2025)  # type: ignore[arg-type]


def asks(code: str, **told: str) -> tuple[str, dict[str, str]]:
    """The issue to be told, with some of its params."""
    return f"cell.{code}", told


def check(reading: Reading, expected: object) -> None:
    if isinstance(expected, tuple):
        code, told = expected
        assert (reading.issue, reading.value) == (code, None)
        assert {name: reading.params.get(name, "") for name in told} == told
    else:
        assert (reading.issue, reading.value) == ("", expected)
        assert type(reading.value) is type(expected)


COUNTS = [
    # plain, in every width and with every sign that may group
    ("30", 30),
    (" 30 ", 30),
    ("\u00a030\u200b", 30),
    ("３０", 30),
    ("030", 30),
    ("+30", 30),
    ("1.200", 1200),
    ("1,200", 1200),
    ("12,500", 12500),
    ("1 200", 1200),
    ("1\u00a0200", 1200),
    ("1\u2009200", 1200),
    ("1\u202f200", 1200),
    ("1'200", 1200),
    ("1’200’300", 1200300),
    ("1. 200", 1200),
    ("1.200.300", 1200300),
    ("1. 200. 300", 1200300),
    ("30,0", 30),
    ("30,00", 30),
    ("30.0", 30),
    (-0.0, 0),
    ("-0", 0),
    ("−0", 0),
    (30.0, 30),
    (1e14, 10**14),
    # both are whole: which, only its author knows
    ("12,000", asks("ambiguous_number", first="12.000", second="12")),
    # the unit of the column, or another word for it
    ("30 hộ", 30),
    ("30hộ", 30),
    ("30 Hộ", 30),
    ("30 hộ.", 30),
    ("1.200 hộ", 1200),
    ("30 hộ dân", 30),
    ("30 hộ gia đình", 30),
    ("30 gia đình", 30),
    ("30 ho", 30),
    ("30 ho\u0323\u0302", 30),
    ("３０　hộ", 30),
    # another unit: asked
    ("30 người", asks("other_unit", number="30", unit="người", expected="hộ")),
    ("30 suất", asks("other_unit", number="30", unit="suất")),
    ("30%", asks("other_unit", number="30", unit="%")),
    ("1,5 triệu", asks("other_unit", number="1,5", unit="triệu")),
    ("500.000 đồng", asks("other_unit", number="500.000", unit="đồng")),
    ("500.000đ", asks("other_unit", unit="đ")),
    ("30 hộ nghèo", asks("other_unit", unit="hộ nghèo")),
    ("30/50 hộ", asks("not_a_number")),
    # not exact: asked for one number
    ("khoảng 30", asks("not_exact", number="30")),
    ("Khoảng 30 hộ", asks("not_exact", number="30")),
    ("gần 30", asks("not_exact", number="30")),
    ("hơn 30 hộ", asks("not_exact", number="30")),
    ("trên 1.200 hộ", asks("not_exact", number="1.200")),
    ("dưới 30", asks("not_exact", number="30")),
    ("ước 30", asks("not_exact", number="30")),
    ("ước tính 30", asks("not_exact", number="30")),
    ("~30", asks("not_exact", number="30")),
    ("≈ 30", asks("not_exact", number="30")),
    (">30", asks("not_exact", number="30")),
    ("<= 30", asks("not_exact", number="30")),
    ("trên dưới 30", asks("not_exact", number="30")),
    ("tối thiểu 30", asks("not_exact", number="30")),
    ("30 trở lên", asks("not_exact", number="30")),
    ("30+", asks("not_exact", number="30")),
    ("30-40", asks("not_exact")),
    ("30 – 40 hộ", asks("not_exact")),
    ("30 đến 40", asks("not_exact")),
    ("từ 30 đến 40 hộ", asks("not_exact")),
    ("30~40", asks("not_exact")),
    ("1E+15", asks("not_exact")),
    ("1,2E+06", asks("not_exact")),
    ("1.2e6", asks("not_exact")),
    # no number at all: 0 or nothing, only its author knows
    ("không", asks("word_for_none")),
    ("Không có", asks("word_for_none")),
    ("ko", asks("word_for_none")),
    ("-", asks("word_for_none")),
    ("–", asks("word_for_none")),
    ("—", asks("word_for_none")),
    ("chưa có", asks("word_for_none")),
    ("chưa rõ", asks("word_for_none")),
    ("n/a", asks("word_for_none")),
    ("//", asks("word_for_none")),
    ("...", asks("word_for_none")),
    # slips of the pen
    ("3O", asks("not_a_number", near="30")),
    ("l2", asks("not_a_number", near="12")),
    ("12,5o", asks("not_a_number")),
    ("mười hai", asks("not_a_number", near="")),
    ("30 hộ, 120 người", asks("not_a_number")),
    ("30; 40", asks("not_a_number")),
    ("30+40", asks("not_a_number")),
    ("=30+40", asks("not_a_number")),
    ("1.23.456", asks("not_a_number")),
    ("٣٠", asks("not_a_number")),
    ("", asks("not_a_number")),
    # below zero, and what may be
    ("-3", asks("negative")),
    ("−3 hộ", asks("negative")),
    ("(3)", asks("ambiguous_number", first="-3", second="3")),
    ("(1.200)", asks("ambiguous_number", first="-1.200", second="1.200")),
    ("1,5", asks("not_whole", value="1,5")),
    ("1/2", asks("not_a_number")),
    (1e15, asks("too_large")),
    ("1.000.000.000.000.000", asks("too_large")),
    (datetime(2025, 3, 14), asks("date_for_number")),  # noqa: DTZ001
    (True, asks("not_a_number")),
]


@pytest.mark.parametrize(("raw", "expected"), COUNTS)
def test_a_count_of_households(raw: object, expected: object) -> None:
    check(read("integer", raw), expected)


UNITS_TYPED = [
    ("người", "120 người", 120),
    ("người", "120 nhân khẩu", 120),
    ("người", "120 khẩu", 120),
    ("người", "120 hộ", asks("other_unit", unit="hộ", expected="người")),
    ("lượt người", "120 lượt người", 120),
    ("lượt người", "120 lượt", 120),
    ("lượt người", "120 người", asks("other_unit", unit="người", expected="lượt người")),
    ("nhà", "2 nhà", 2),
    ("nhà", "2 căn", 2),
    ("nhà", "2 ngôi nhà", 2),
    ("nhà", "2 căn nhà", 2),
    ("thôn", "3 thôn", 3),
    ("buổi", "12 buổi", 12),
    ("buổi", "12 cuộc", asks("other_unit", unit="cuộc")),
    ("văn bản", "4 văn bản", 4),
    ("văn bản", "4 vb", asks("other_unit", unit="vb")),
    ("bản", "4 bản", 4),
    ("", "12 buổi", asks("other_unit", number="12", unit="buổi", expected="")),
    ("", "dòng 3", asks("not_a_number")),
    ("%", "15%", 15),
    ("%", "15 %", 15),
    ("%", "15 phần trăm", 15),
]


@pytest.mark.parametrize(("unit", "raw", "expected"), UNITS_TYPED)
def test_the_unit_typed_with_a_count(unit: str, raw: object, expected: object) -> None:
    check(read("integer", raw, unit=unit), expected)


SUMS = [
    ("1.234.567", 1_234_567),
    ("1.234.567,00", 1_234_567),
    ("1,234,567.00", 1_234_567),
    ("1 234 567", 1_234_567),
    ("1\u202f234\u202f567", 1_234_567),
    ("1'234'567", 1_234_567),
    ("12.500", 12_500),
    ("12,500", 12_500),
    ("12.500 đồng", 12_500),
    ("12.000đ", 12_000),
    ("5000000", 5_000_000),
    ("５００００００", 5_000_000),
    ("5.000.000 đ", 5_000_000),
    ("5.000.000 VNĐ", 5_000_000),
    ("5.000.000VND", 5_000_000),
    ("5.000.000 vnÐ", 5_000_000),
    ("5.000.000 đồng.", 5_000_000),
    ("5.000.000,-", 5_000_000),
    ("5.000.000.-", 5_000_000),
    ("5.000.000,-đ", 5_000_000),
    ("5.000.000 đồng chẵn", 5_000_000),
    ("+5.000.000", 5_000_000),
    ("1,2 tỷ", 1_200_000_000),
    ("1,2 tỉ", 1_200_000_000),
    ("1,2 TỶ", 1_200_000_000),
    ("1,2 ty\u0309", 1_200_000_000),
    ("1.2 tỷ đồng", 1_200_000_000),
    ("3tr5", 3_500_000),
    ("3 tr 5", asks("ambiguous_number")),
    ("3Tr5", 3_500_000),
    ("3tr500", 3_500_000),
    ("3tr500k", 3_500_000),
    ("3tr05", 3_050_000),
    ("3,5tr", 3_500_000),
    ("3.5 trđ", 3_500_000),
    ("500k", 500_000),
    ("500 K", 500_000),
    ("500 nghìn", 500_000),
    ("500 ngàn đồng", 500_000),
    ("500 nghìn đ", 500_000),
    ("1,2tỷ", 1_200_000_000),
    ("2 tỷ 350", 2_350_000_000),
    ("2 tỷ 350 triệu", 2_350_000_000),
    ("2 tỷ 350tr", 2_350_000_000),
    ("2 tỷ, 350 triệu", 2_350_000_000),
    ("2tỷ350", 2_350_000_000),
    ("2 tỷ rưỡi", 2_500_000_000),
    ("3 triệu rưỡi", 3_500_000),
    ("1tr rưỡi", 1_500_000),
    ("30 x 1tr", 30_000_000),
    ("30x1tr", 30_000_000),
    ("30 × 1 triệu", 30_000_000),
    ("30 * 500.000", 15_000_000),
    ("30 suất x 500.000đ", 15_000_000),
    ("30 suất x 500.000đ/suất", 15_000_000),
    ("30 suất × 500 nghìn đồng", 15_000_000),
    ("500.000đ x 30 suất", 15_000_000),
    ("30 x 500.000 = 15.000.000", 15_000_000),
    ("30 suất x 500.000đ = 15.000.000đ", 15_000_000),
    ("30 x 500.000 = 16.000.000", asks("ambiguous_number", first="15.000.000", second="16.000.000")),
    ("5 triệu đồng", 5_000_000),
    ("5 triệu", 5_000_000),
    ("5 trieu dong", 5_000_000),
    ("0 đồng", 0),
    ("-0", 0),
    ("0đ", 0),
    ("2 tỷ 5", asks("ambiguous_number", first="2.005.000.000", second="2.500.000.000")),
    ("1.500 triệu", asks("ambiguous_number", first="1.500.000.000", second="1.500.000")),
    ("2,350 tỷ", asks("ambiguous_number", first="2.350.000.000.000", second="2.350.000.000")),
    ("2,35 tỷ", 2_350_000_000),
    ("hơn 2 tỷ", asks("not_exact", number="2.000.000.000")),
    ("gần 500 triệu đồng", asks("not_exact", number="500.000.000")),
    ("khoảng 3tr5", asks("not_exact", number="3.500.000")),
    ("trên 1,2 tỷ", asks("not_exact", number="1.200.000.000")),
    ("~500k", asks("not_exact", number="500.000")),
    ("2 tỷ hơn", asks("not_exact", number="2.000.000.000")),
    ("5-10 triệu", asks("not_exact", number="")),
    ("5 đến 10 triệu", asks("not_exact", number="")),
    ("từ 5 triệu đến 10 triệu", asks("not_exact")),
    ("5tr-10tr", asks("not_exact")),
    ("1,2E+09", asks("not_exact")),
    ("1tr2/suất", asks("other_unit", number="1.200.000", unit="/suất")),
    ("500.000đ/suất", asks("other_unit", number="500.000", unit="/suất")),
    ("500.000 đồng/hộ", asks("other_unit", number="500.000", unit="/hộ")),
    ("500 USD", asks("other_unit", number="500", unit="usd")),
    ("30 suất", asks("other_unit", number="30", unit="suất", expected="đồng")),
    ("15%", asks("other_unit", number="15", unit="%")),
    ("$500", asks("not_a_number")),
    ("500.000 + 300.000", asks("not_a_number")),
    ("2 con bò", asks("other_unit", unit="con bò")),
    ("không", asks("word_for_none")),
    ("-", asks("word_for_none")),
    ("1,5", asks("not_whole")),
    ("0,5 đồng", asks("not_whole")),
    ("(500.000)", asks("ambiguous_number", first="-500.000", second="500.000")),
    ("-500.000", asks("negative")),
    ("5.OOO.OOO", asks("not_a_number", near="5.000.000")),
    ("5 triệu (năm triệu đồng)", asks("not_a_number")),
    ("999 tỷ 999 triệu", 999_999_000_000),
    ("999.999 tỷ", asks("ambiguous_number", first="999.999.000.000.000", second="999.999.000.000")),
    ("1.000.000 tỷ", asks("too_large")),
    (1e15, asks("too_large")),
    (0.5, asks("not_whole")),
    (33_000_000.000000004, 33_000_000),
]


@pytest.mark.parametrize(("raw", "expected"), SUMS)
def test_a_sum_of_money_in_dong(raw: object, expected: object) -> None:
    check(read("money", raw), expected)


QUANTITIES = [
    ("", "1,5", Decimal("1.5")),
    ("", "1.5", Decimal("1.5")),
    ("", "0,125", Decimal("0.125")),
    ("", "1.234,5", Decimal("1234.5")),
    ("", "1.234.567,5", Decimal("1234567.5")),
    ("", "1,234,567.5", Decimal("1234567.5")),
    ("", "1 234,5", Decimal("1234.5")),
    ("", "1\u2009234,5", Decimal("1234.5")),
    ("", "１２，５", Decimal("12.5")),
    ("", "12.500", asks("ambiguous_number", first="12.500", second="12,5")),
    ("", "12,500", asks("ambiguous_number", first="12.500", second="12,5")),
    ("km", "12.500 km", asks("ambiguous_number", first="12.500", second="12,5")),
    ("km", "1,5 km", Decimal("1.5")),
    ("km", "1,5km", Decimal("1.5")),
    ("km", "1,5 ki lô mét", Decimal("1.5")),
    ("km", "1.500 m", asks("other_unit", unit="m", expected="km")),
    ("km", "500m", asks("other_unit", number="500", unit="m")),
    ("", "1,5 tấn", asks("other_unit", number="1,5", unit="tấn", expected="")),
    ("", "30 suất", asks("other_unit", number="30", unit="suất")),
    ("", "khoảng 1,5", asks("not_exact", number="1,5")),
    ("", "1,5-2", asks("not_exact")),
    ("", "1/2", asks("not_a_number")),
    ("", "½", asks("not_a_number")),
    ("", "15%", asks("other_unit", unit="%")),
    ("%", "15,5%", Decimal("15.5")),
    ("%", "15,5 %", Decimal("15.5")),
    ("", "(1,5)", asks("ambiguous_number", first="-1,5", second="1,5")),
    ("", "không", asks("word_for_none")),
    ("", -0.0, Decimal(0)),
    ("", "-0,0", Decimal(0)),
    ("", "2m x 3m", asks("not_a_number")),
]


@pytest.mark.parametrize(("unit", "raw", "expected"), QUANTITIES)
def test_a_quantity_with_decimals(unit: str, raw: object, expected: object) -> None:
    check(read("quantity", raw, unit=unit), expected)


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


_YES = [
    "x",
    "X",
    "✓",
    "✔",
    "✅",
    "☑",
    "☒",
    "√",
    "v",
    "V",
    "Có",
    "CÓ",
    "có",
    " có ",
    "co",
    "Có.",
    "c",
    "có rồi",
    "đã có",
]
_YES += ["rồi", "đã", "Đúng", "yes", "Y", "true", "TRUE", "1", 1.0, True, "co\u0301", "ｘ", "[x]", "(x)"]
_NO = [
    "Không",
    "KHÔNG",
    "không",
    "khong",
    "ko",
    "k",
    "K",
    "chưa",
    "Chưa có",
    "chua",
    "không có",
    "Không.",
    "sai",
    "no",
    "n",
]
_NO += ["false", "0", 0.0, False, "✗", "✘"]
_UNSURE = [
    "có lẽ",
    "-",
    "?",
    "Có/Không",
    "2",
    2.0,
    "không rõ",
    "chưa rõ",
    "đang làm",
    "một phần",
    "xx",
    "☐",
    "50%",
    ".",
]


@pytest.mark.parametrize("raw", _YES)
def test_yes(raw: object) -> None:
    check(read("yes_no", raw), True)


@pytest.mark.parametrize("raw", _NO)
def test_no(raw: object) -> None:
    check(read("yes_no", raw), False)


@pytest.mark.parametrize("raw", _UNSURE)
def test_neither_yes_nor_no(raw: object) -> None:
    check(read("yes_no", raw), asks("not_yes_no"))


CHOICES = [
    ("choice", "Nhà ở", "nha_o"),
    ("choice", "nhà  Ở", "nha_o"),
    ("choice", "Nha\u0300 o\u031b\u0309", "nha_o"),
    ("choice", "NHÀ Ở.", "nha_o"),
    ("choice", "nha o", "nha_o"),
    ("choice", "Con giong", "con_giong"),
    ("choice", "Chuyển giao kĩ thuật", "ky_thuat"),
    ("choice", "chuyen giao ky thuat", "ky_thuat"),
    ("choice", "co so y te, thiet bi y te", "y_te"),
    ("choice", "Nhà o", asks("choice_unknown", near="Nhà ở")),
    ("choice", "Con giông", asks("choice_unknown", near="Con giống")),
    ("choice", "Cơ sở y tế", asks("choice_unknown", near="Cơ sở y tế, thiết bị y tế")),
    ("choice", "Nhµ ë", asks("choice_unknown", near="Nhà ở")),
    ("choice", "Nhaø ôû", asks("choice_unknown", near="Nhà ở")),
    ("choice", "Khác", asks("choice_not_listed")),
    ("choice", "1", asks("choice_not_listed")),
    ("choice", "Quà, Nhà ở", asks("choice_unknown", near="Quà” hay “Nhà ở")),
    ("partner", "xã Trà Don", "XA-0001"),
    ("partner", "Trà Don", "XA-0001"),
    ("partner", "TRÀ DƠN", "XA-0002"),
    ("partner", "Xã Trà Dơn", "XA-0002"),
    ("partner", "x. Trà Dơn", "XA-0002"),
    ("partner", "xã Tra\u0300 Do\u031bn", "XA-0002"),
    ("partner", "tra don", asks("choice_unknown", near="xã Trà Don” hay “xã Trà Dơn")),
    ("partner", "Xa Tra Don", asks("choice_unknown", near="xã Trà Don” hay “xã Trà Dơn")),
    ("partner", "xã Trà Đơn", asks("choice_unknown", near="xã Trà Don” hay “xã Trà Dơn")),
    ("partner", "xã Tra Dơn", asks("choice_unknown", near="xã Trà Don” hay “xã Trà Dơn")),
    ("partner", "xã Phước Hoà", "XA-0003"),
    ("partner", "Phuoc Hoa", "XA-0003"),
    ("partner", "phường Tam Kì", "XA-0004"),
    ("partner", "P. Tam Kỳ", "XA-0004"),
    ("partner", "xã Ch’ơm", "XA-0005"),
    ("partner", "Ch`ơm", "XA-0005"),
    ("partner", "Ch´ơm", "XA-0005"),
    ("partner", "TT Thạnh Mỹ", "XA-0006"),
    ("partner", "TT. Thạnh Mĩ", "XA-0006"),
    ("partner", "xã Thạnh Mỹ", asks("choice_unknown", near="thị trấn Thạnh Mỹ")),
    ("partner", "Trà My", asks("choice_unknown", near="xã Trà My” hay “thị trấn Trà My")),
    ("partner", "xã Ðắc Pring", "XA-0009"),
    ("partner", "Dac Pring", "XA-0009"),
    ("partner", "xã Trà Tâp", asks("choice_unknown", near="xã Trà Tập")),
    ("partner", "XA-0010", "XA-0010"),
    ("partner", "Mường Lát", asks("choice_not_listed")),
]


@pytest.mark.parametrize(("kind", "raw", "expected"), CHOICES)
def test_an_answer_of_a_list(kind: str, raw: object, expected: object) -> None:
    check(read(kind, raw), expected)


TEXTS = [
    ("hòa", "hòa"),
    ("Thăm hỏi gia đình chính sách", "Thăm hỏi gia đình chính sách"),
    ("QÐ-UBND", "QĐ-UBND"),
    ("Ống thép Ø16", "Ống thép Ø16"),
    ("Thép Ø16", "Thép Ø16"),
    ("100 m²", "100 m²"),
    ("½ con bò", "½ con bò"),
    ("Công ty TNHH Müller", "Công ty TNHH Müller"),
    ("35 °C ± 2", "35 °C ± 2"),
    ("3 × 4 m", "3 × 4 m"),
    ("Tam Kú", "Tam Kú"),
    ("Thôn 2", "Thôn 2"),
    ("Céng hßa x· héi chñ nghÜa ViÖt Nam", asks("legacy_text", reading="Cộng hòa xã hội chủ nghĩa Việt Nam")),
    ("Ban D©n téc tØnh Qu¶ng Nam", asks("legacy_text", reading="Ban Dân tộc tỉnh Quảng Nam")),
    ("TÆng bß gièng", asks("legacy_text", reading="Tặng bò giống")),
    ("§µ N½ng", asks("legacy_text", reading="Đà Nẵng")),
    ("Coäng hoøa xaõ hoäi", asks("legacy_text", reading="Cộng hòa xã hội")),
    ("Taëng boø gioáng cho hoä ngheøo", asks("legacy_text", reading="Tặng bò giống cho hộ nghèo")),
    ("Tam Kyø", asks("legacy_text", reading="Tam Kỳ")),
    ("Quáº£ng Nam", asks("legacy_text", reading="Quảng Nam")),
]


@pytest.mark.parametrize("kind", ["text", "paragraph"])
@pytest.mark.parametrize(("raw", "expected"), TEXTS)
def test_a_text(kind: str, raw: object, expected: object) -> None:
    check(read(kind, raw), expected)
