"""Sums that newspapers published: returns of illustrative senders that add up to them, and how they are printed."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from generator.definitions.plans import FigureSpec, ReportPlan
from generator.model import Counted, Figure, Registry, Scalar
from generator.stages.figures import figures
from generator.stages.merge import Dataset, merge
from generator.stages.render import FILTERS, NO_BREAK
from generator.vietnamese.amounts import scaled_money
from report_cases import counted, forms

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("tong-*/expected.csv"))
NUMBERS = ("gia_tri", "so_nguoi", "so_buoi_quan_triet", "luot_nguoi_quan_triet")
GROUPS = "so_nhom"
HEADLINE = 36_000_000_000
"""What the title of the article of Nghệ An says."""

Line = Mapping[str, str]


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def answers(line: Line) -> dict[str, Scalar]:
    beside = ("nam", "don_vi", "so_dong")
    told = {name: text for name, text in line.items() if text and name not in beside}
    return {name: int(text) if name in NUMBERS else text for name, text in told.items()}


@cache
def returns(name: str) -> tuple[Counted, ...]:
    """One return for each unit and year; a line that stands for several activities is so many rows."""
    rows: dict[tuple[int, str], list[dict[str, Scalar]]] = {}
    for line in lines(CASES / name / "hoat-dong.csv"):
        told = {"noi_dung": "Hoạt động (minh họa)", **answers(line)}
        rows.setdefault((int(line["nam"]), line["don_vi"]), []).extend([told] * int(line["so_dong"]))
    single = CASES / name / "trien-khai.csv"
    fields = {(int(line["nam"]), line["don_vi"]): answers(line) for line in lines(single)} if single.exists() else {}
    return tuple(
        counted(code, rows.get((year, code), ()), fields.get((year, code)), year=year)
        for year, code in sorted({*rows, *fields})
    )


@cache
def dataset(name: str) -> Dataset:
    return merge(returns(name), Registry(), forms())


def choice(text: str) -> dict[str, frozenset[str]]:
    key, _, code = text.partition("=")
    return {key: frozenset({code})} if text else {}


def made(name: str, line: Line) -> list[Figure]:
    """The figure that a line of expected.csv describes, or one for each of its groups."""
    form, _, path = line["tu"].partition(".")
    table, _, column = path.rpartition(".")
    by = (line["theo"],) if line["theo"] else ()
    way = "sum" if line["cach"] == GROUPS else line["cach"]
    chosen, left = choice(line["chi_tinh"]), choice(line["khong_tinh"])
    spec = FigureSpec("x", line["ten"], form, table, column, way, "", by, chosen, left, "all")
    years = sorted({one.submission.year for one in returns(name)})
    plan = replace(ReportPlan("tong", "", "KN-01", "", ""), period="years", figures=(spec,))
    found = figures(dataset(name), plan, forms(), years, {})
    return [one for one in found if one.code.partition("[")[0] == "x"]


def expectations() -> list[tuple[str, Line]]:
    return [(name, line) for name in NAMES for line in lines(CASES / name / "expected.csv")]


@pytest.mark.parametrize(
    ("name", "line"), expectations(), ids=lambda one: one if isinstance(one, str) else one["ten"].replace(" ", "-")
)
def test_a_published_sum_is_what_its_rows_give_and_is_printed_as_it_was_published(name: str, line: Line) -> None:
    found = made(name, line)
    value = sum(bool(one.values) for one in found) if line["cach"] == GROUPS else found[0].value
    assert value == int(line["gia_tri"])
    assert str(FILTERS[line["cach_in"]](value)).replace(NO_BREAK, " ") == line["in"]


def test_there_is_a_case_for_each_publication_about_sums() -> None:
    assert NAMES == [
        "tong-binh-thuan-2016-2020",
        "tong-nghe-an-2013",
        "tong-quang-nam-2012-2017",
        "tong-quang-nam-2023",
    ]
    assert all((CASES / name / "README.txt").read_text(encoding="utf-8").strip() for name in NAMES)


def test_the_parts_of_nghe_an_do_not_reach_its_headline() -> None:
    whole = next(line for line in lines(CASES / "tong-nghe-an-2013" / "expected.csv") if line["ten"].startswith("tổng"))
    (total,) = made("tong-nghe-an-2013", whole)
    assert scaled_money(HEADLINE) == "36 tỷ đồng"
    assert scaled_money(HEADLINE - int(total.value)) == "gần 5,7 tỷ đồng"


@pytest.mark.parametrize("name", NAMES)
def test_a_sum_is_the_same_in_whatever_order_returns_came(name: str) -> None:
    other = merge(reversed(returns(name)), Registry(), forms())
    assert other.submissions == dataset(name).submissions
    for key, frame in dataset(name).frames.items():
        assert other.frames[key].equals(frame)
