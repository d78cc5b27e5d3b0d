"""Rules that look back a year: rows told twice, plans and what was done, totals out of scale, stocks that go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from generator.definitions.forms import Rule
from generator.definitions.returned import Neighbours
from generator.definitions.rules import RULES
from generator.issues import Issue
from spreadsheet_tables import normalised, small_form

PERIOD = Neighbours(date(2024, 12, 15), date(2025, 12, 14), frozenset({"XA-0001"}))
REPEATED = {"columns": ("bang.noi_dung", "bang.gia_tri")}
PLANNED = {
    "line": "bang.so_ho",
    "value": "bang.gia_tri",
    "plan": "bang",
    "planned": "bang.don_gia",
    "ratio": 10,
}
TREND = {"column": "bang.gia_tri", "ratio": 20}
CARRIED = {"field": "so_buoi", "from": "so_luot", "same": "dien_thoai"}


def rows(*lines: str) -> str:
    return "# bang\n" + "\n".join(f"| {line} |" for line in lines)


def answers(given: dict[str, str]) -> str:
    return "# chung\n" + "\n".join(f"{code} | {answer}" for code, answer in given.items())


def judged(kind: str, params: dict[str, object], before: str | None, now: str) -> list[Issue]:
    form = small_form()
    previous = normalised(form, before)[0] if before is not None else None
    returned, _ = normalised(form, now)
    return RULES[kind].check(Rule("luat", kind, "Luật", params), form, returned, replace(PERIOD, previous=previous))


def cells(issues: list[Issue]) -> list[str]:
    return [f"{one.place.sheet}!{one.place.cell}" for one in issues]


BEFORE = rows("noi_dung | gia_tri", "Tặng bò | 15000000", "Quà Tết | 3000000", "Học bổng | ")


@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param(rows("noi_dung | gia_tri", "Tặng bò | 15000000"), ["Hoạt động!E12"], id="the same row"),
        pytest.param(rows("noi_dung | gia_tri", "Gạo | 1", "TẶNG  BÒ | 15000000"), ["Hoạt động!E13"], id="respelled"),
        pytest.param(rows("noi_dung | gia_tri", "Tặng bò | 16000000"), [], id="another value"),
        pytest.param(rows("noi_dung | gia_tri", "Học bổng | "), [], id="a row that leaves a column open"),
    ],
)
def test_a_row_that_last_year_told_already_is_found(now: str, found: list[str]) -> None:
    issues = judged("repeated", REPEATED, BEFORE, now)
    assert cells(issues) == found
    assert all(one.code == "rule.repeated" and one.params["twin"] == "E12" for one in issues)


PLAN = rows("noi_dung | don_gia", "Bò giống | 60000000", "Quà | 3000000", "Khám bệnh | ")


@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param(rows("so_ho | gia_tri", "1 | 58000000", "2 | 3100000"), [], id="as planned"),
        pytest.param(rows("so_ho | gia_tri", "1 | 30000000", "1 | 28000000"), [], id="in two parts"),
        pytest.param(rows("so_ho | gia_tri", " | 58000000"), [], id="outside the plan"),
        pytest.param(rows("so_ho | gia_tri", "3 | 9000000000"), [], id="the plan gave no value"),
        pytest.param(rows("so_ho | gia_tri", "4 | 1000000"), [("rule.plan_line", "J12")], id="no such line"),
        pytest.param(rows("so_ho | gia_tri", "1 | 58000"), [("rule.plan_value", "I12")], id="in thousands"),
        pytest.param(
            rows("so_ho | gia_tri", "2 | 20000000", "2 | 10000001"), [("rule.plan_value", "I12")], id="ten times more"
        ),
    ],
)
def test_what_was_done_is_held_against_the_plan_line_that_it_names(now: str, found: list[tuple[str, str]]) -> None:
    assert [(one.code, one.place.cell) for one in judged("planned", PLANNED, PLAN, now)] == found


@pytest.mark.parametrize(
    ("kind", "params"),
    [("repeated", REPEATED), ("planned", PLANNED), ("trend", TREND), ("carried", CARRIED)],
)
def test_nothing_is_judged_where_last_year_is_not_known(kind: str, params: dict[str, object]) -> None:
    now = rows("noi_dung | gia_tri | so_ho", "Tặng bò | 15000000 | 99") + "\n" + answers({"so_buoi": "8"})
    assert judged(kind, params, None, now) == []


@pytest.mark.parametrize(
    ("before", "now", "faults"),
    [
        ("1000", "20000", 0),
        ("1000", "20001", 1),
        ("20000", "1000", 0),
        ("20001", "1000", 1),
        ("", "5", 0),
        ("5", "", 0),
    ],
)
def test_a_total_is_held_against_last_years(before: str, now: str, faults: int) -> None:
    issues = judged("trend", TREND, rows("gia_tri", before), rows("gia_tri", now))
    assert len(issues) == faults
    assert all((one.place.sheet, one.place.cell) == ("Hoạt động", "I11") for one in issues)


@pytest.mark.parametrize(
    ("before", "now", "places"),
    [
        ({"so_luot": "7"}, {"so_buoi": "7"}, []),
        ({"so_luot": "7"}, {"so_buoi": "8"}, ["Thông tin chung!E15"]),
        ({"so_luot": "7", "dien_thoai": "a"}, {"so_buoi": "8", "dien_thoai": "a"}, ["Thông tin chung!E15"]),
        # another standard, or nothing to hold it against
        ({"so_luot": "7", "dien_thoai": "a"}, {"so_buoi": "8", "dien_thoai": "b"}, []),
        ({"so_luot": "7"}, {"so_luot": "8"}, []),
        ({"so_buoi": "7"}, {"so_buoi": "8"}, []),
    ],
)
def test_a_stock_goes_on_from_where_last_year_ended(
    before: dict[str, str], now: dict[str, str], places: list[str]
) -> None:
    issues = judged("carried", CARRIED, answers(before), answers(now))
    assert cells(issues) == places
    assert {one.code for one in issues} <= {"rule.carried"}
