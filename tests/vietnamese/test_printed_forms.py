"""Every printed form of a number or a date reads back as itself, and no machine's locale has a say in it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from babel.dates import format_date as babel_date
from babel.dates import format_datetime, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Field
from generator.vietnamese.amounts import counted, scale_money, scaled_money
from generator.vietnamese.dates import DateReading, format_date, long_date, read_date
from generator.vietnamese.numbers import format_number, read_money, read_number

ROOT = Path(__file__).resolve().parents[2]
SPACES = ["\u00a0", "\u2009", "\u202f", "\u2007", "'", "’"]
wholes = st.integers(0, 10**15 - 1)
days = st.dates(date(1970, 1, 1), date(2069, 12, 31))


# --- numbers ----------------------------------------------------------------------------------


@given(
    wholes,
    st.sampled_from(["", " đ", "đ", " đồng", " VNĐ", " ₫", "\u00a0₫", " đồng Việt Nam", " đồng chẵn", ",-", ",-đ"]),
)
def test_a_sum_with_the_words_for_its_currency(value: int, currency: str) -> None:
    assert read_money(format_number(value) + currency).value == value


@given(wholes.filter(lambda value: value >= 1000), st.sampled_from(SPACES))
def test_a_number_grouped_by_any_sign_that_groups(value: int, space: str) -> None:
    printed = format_number(value).replace(".", space)
    assert read_number(printed).value == value
    assert read_money(printed).value == value


@given(st.integers(10**6, 10**15 - 1))
def test_a_scaled_sum_reads_back_as_what_it_says(value: int) -> None:
    amount = scale_money(value)
    tenth = (10**9 if amount.unit == "tỷ đồng" else 10**6) // 10
    said = (value + tenth // 2) // tenth * tenth
    reading = read_money(amount.text)
    assert said in (reading.value, *reading.ambiguous)
    assert reading.value == said or "," not in amount.number
    asked = FIELD_TYPES["money"].parse(scaled_money(value), Field("a", "A", "money", unit="đồng"))
    # what is rounded is said to be so, and never taken for the sum
    assert asked.value == value or asked.issue in ("cell.not_exact", "cell.ambiguous_number", "cell.other_unit")


@given(
    st.integers(0, 10**9),
    st.sampled_from(["hộ", "người", "lượt người", "buổi", "văn bản", "đại biểu", "thôn", "nhà", "km"]),
)
def test_a_count_with_its_noun_in_the_column_of_that_noun(value: int, noun: str) -> None:
    reading = FIELD_TYPES["integer"].parse(counted(value, noun), Field("a", "A", "integer", unit=noun))
    assert (reading.value, reading.issue) == (value, "")


@given(st.decimals(-(10**9), 10**9, places=3, allow_nan=False))
def test_a_number_as_babel_prints_it(value: Decimal) -> None:
    printed = format_decimal(value, "#,##0.###", locale="vi")
    reading = read_number(printed)
    assert value in (reading.value, *reading.ambiguous)
    whole = int(value)
    assert read_money(format_currency(whole, "VND", locale="vi")).value == whole
    assert read_money(format_currency(whole, "VND", locale="vi", format_type="name")).value == whole


@given(st.integers(0, 10_000))
def test_a_percentage_as_babel_prints_it_in_a_column_of_percent(value: int) -> None:
    printed = format_percent(Decimal(value) / 1000, "#,##0.0%", locale="vi")
    reading = FIELD_TYPES["quantity"].parse(printed, Field("a", "A", "quantity", unit="%"))
    assert reading.value == Decimal(value) / 10


# --- dates ------------------------------------------------------------------------------------


@given(days, st.sampled_from(["short", "medium", "long", "full"]))
def test_a_day_as_babel_prints_it(day: date, form: str) -> None:
    assert read_date(babel_date(day, form, locale="vi")) == DateReading(day.isoformat())


@given(days, st.times())
def test_a_moment_as_babel_prints_it(day: date, clock: time) -> None:
    moment = datetime.combine(day, clock)
    assert read_date(format_datetime(moment, "short", locale="vi")) == DateReading(day.isoformat())
    assert read_date(format_datetime(moment, "medium", locale="vi")) == DateReading(day.isoformat())
    assert read_date(moment.isoformat(" ")) == DateReading(day.isoformat())
    assert read_date(moment.isoformat()) == DateReading(day.isoformat())


@pytest.mark.parametrize(
    ("skeleton", "length"),
    [
        ("yMd", 10),
        ("yMEd", 10),
        ("yMMMEd", 10),
        ("yMMMM", 7),
        ("yMMM", 7),
        ("yM", 7),
        ("yQQQ", 7),
        ("yQQQQ", 7),
        ("y", 4),
    ],
)
@given(day=days)
def test_a_part_of_a_date_as_babel_prints_it(skeleton: str, length: int, day: date) -> None:
    iso = f"{day.year}-Q{(day.month + 2) // 3}" if "Q" in skeleton else day.isoformat()[:length]
    assert read_date(format_skeleton(skeleton, day, locale="vi")) == DateReading(iso)


@given(days)
def test_a_day_in_the_forms_of_offices(day: date) -> None:
    d, m, y = day.day, day.month, day.year
    forms = [
        *(f"{d}{sign}{m}{sign}{y}" for sign in "/.-"),
        *(f"{d:02d}{sign}{m:02d}{sign}{y % 100:02d}" for sign in "/.-"),
        f"ngày {d:02d} tháng {m:02d} năm {y}",
        f"Ngày {d} tháng {m}/{y}",
        f"{d} / {m} / {y}",
        f"8h30 ngày {d}/{m}/{y}",
        f"{d}/{m}/{y}, 14:05",
        long_date(day),
        format_date(day.isoformat()),
    ]
    for printed in forms:
        assert read_date(printed) == DateReading(day.isoformat()), printed


@given(days)
def test_the_day_of_the_week_must_be_the_right_one(day: date) -> None:
    names = ["thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"]
    for place, name in enumerate(names):
        reading = read_date(f"{name}, ngày {day.day}/{day.month}/{day.year}")
        assert reading == (DateReading(day.isoformat()) if place == day.weekday() else DateReading())


# --- the machine ------------------------------------------------------------------------------

TYPED = [
    ("integer", "1.200 hộ"),
    ("integer", "İ12"),
    ("money", "1.234.567,00 đ"),
    ("money", "2 TỶ 350 TRIỆU"),
    ("quantity", "1.234,5"),
    ("quantity", "12.500"),
    ("date", "14/3/2025"),
    ("date", "03/04/2025"),
    ("date", "THỨ SÁU, 14 THÁNG 3, 2025"),
    ("date", "03/14/2025"),
    ("date", "Mar 14, 2025"),
    ("yes_no", "CÓ"),
    ("text", "Ban D©n téc"),
]
SCRIPT = """
import json, locale, sys
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Field
typed = json.load(sys.stdin)
read = [FIELD_TYPES[kind].parse(text, Field("a", "A", kind, unit="hộ"), (), 2025) for kind, text in typed]
print(json.dumps([[str(one.value), one.issue, dict(one.params)] for one in read]))
"""


@pytest.mark.parametrize("name", ["C", "de_DE.UTF-8", "tr_TR.UTF-8"])
def test_the_locale_of_the_machine_changes_nothing(name: str) -> None:
    here = [FIELD_TYPES[kind].parse(text, Field("a", "A", kind, unit="hộ"), (), 2025) for kind, text in TYPED]
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(TYPED),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "LC_ALL": name, "LANG": name, "TZ": "America/Anchorage"},
    )
    assert json.loads(found.stdout) == [[str(one.value), one.issue, dict(one.params)] for one in here]


@pytest.mark.parametrize("folder", ["generator/vietnamese", "generator/definitions/fieldtypes"])
def test_nothing_that_reads_values_asks_for_the_locale_or_the_clock(folder: str) -> None:
    for path in sorted((ROOT / folder).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert imported.isdisjoint({"locale", "babel", "time", "calendar"}), path.name
        assert called.isdisjoint({"strptime", "strftime", "today", "now"}), path.name
