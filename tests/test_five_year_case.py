"""The small five-year case, tables added up by hand: every cell comes out of the merge, as reported and restated."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

import pandas as pd
import pytest

from generator.model import Counted, Registry, Scalar, Verdict
from generator.pipeline.registry import read_registry, registry_workbook
from generator.stages.merge import Dataset, merge
from report_cases import counted, forms

CASE = Path(__file__).parent / "cases" / "nam-nam-nho"
YEARS = ("2021", "2022", "2023", "2024", "2025")
TABLES = {"KN-01": "hoat_dong", "KN-02": "nhan_duoc", "KN-03": "tong_hop"}
SENDER = {"KN-01": "don_vi", "KN-02": "xa", "KN-03": "don_vi"}
SENT_IN = {"KN-01": "nam", "KN-02": "nam", "KN-03": "nam_gui"}


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def registry() -> Registry:
    content, faults = registry_workbook(forms(), CASE / "registry")
    found, issues = read_registry(content, "registry.xlsx", forms())
    assert found is not None
    assert [*faults, *issues] == []
    return found


@cache
def returns() -> tuple[Counted, ...]:
    """One return for each sender and year of the CSV files; a line without answers is a nil return."""
    found = []
    for form, table in TABLES.items():
        whose = (SENT_IN[form], SENDER[form])
        told = sorted(lines(CASE / "returns" / f"{form.lower()}.csv"), key=lambda line: [line[one] for one in whose])
        for (year, sender), of_sender in groupby(told, key=lambda line: [line[one] for one in whose]):
            rows = [row for line in of_sender if (row := answers(line, whose))]
            one = counted(
                sender, fields=None if rows else {"khong_phat_sinh": True}, year=int(year), tables={table: rows}
            )
            verdict = Verdict.ACCEPTED if rows else Verdict.NIL
            key = f"{form}/{year}/{sender}/r1"
            found.append(replace(one, key=key, verdict=verdict, submission=replace(one.submission, form=form)))
    return tuple(found)


def answers(line: Mapping[str, str], whose: Sequence[str]) -> dict[str, Scalar]:
    numbers = ("gia_tri", "so_ho", "nam")
    return {name: int(text) if name in numbers else text for name, text in line.items() if text and name not in whose}


@cache
def merged(map_date: str) -> Dataset:
    day = date.fromisoformat(map_date) if map_date else None
    return merge(returns(), registry(), forms(), map_date=day)


def expected(name: str) -> dict[str, tuple[int, ...]]:
    table = {
        line["ma"]: tuple(int(line[one]) for one in (*YEARS, "tong"))
        for line in lines(CASE / "expected" / f"{name}.csv")
    }
    assert "tong" in table
    return table


def computed(frame: pd.DataFrame, number: str, key: str) -> dict[str, tuple[int, ...]]:
    """Groups by year, with a column and a row of totals; "" for rows whose key is empty."""
    cells = frame[[number, "nam"]].assign(ma=frame[key].astype(object).where(frame[key].notna(), ""))
    table = cells.pivot_table(
        number, "ma", "nam", "sum", margins=True, margins_name="tong", observed=True, fill_value=0
    ).reindex(columns=[*YEARS, "tong"], fill_value=0)
    return {str(code): tuple(int(one) for one in row) for code, *row in table.itertuples()}


INDEX = lines(CASE / "tables.csv")


@pytest.mark.parametrize(
    "asked", INDEX, ids=lambda asked: f"{asked['tep']}:{asked['theo']}@{asked['ban_do'] or 'cuoi-ky'}"
)
def test_every_cell_is_what_was_added_up_by_hand(asked: Mapping[str, str]) -> None:
    frame = merged(asked["ban_do"]).frames[asked["bieu"], asked["bang"]]
    wanted, found = expected(asked["tep"]), computed(frame, asked["cot"], asked["theo"])
    # whoever got nothing has a row of zeros by hand and no row in the frame
    missing = {code: cells for code, cells in wanted.items() if code not in found}
    assert all(not any(cells) for cells in missing.values())
    assert found | missing == wanted


@pytest.mark.parametrize("name", sorted({asked["tep"] for asked in INDEX}))
def test_the_tables_made_by_hand_add_up(name: str) -> None:
    table = expected(name)
    total = table.pop("tong")
    assert tuple(map(sum, zip(*table.values(), strict=True))) == total
    assert all(sum(row[:-1]) == row[-1] for row in table.values())


def test_every_table_is_asked_for_and_explained() -> None:
    named = {asked["tep"] for asked in INDEX}
    assert {path.stem for path in (CASE / "expected").glob("*.csv")} == named | {"khong-tinh"}


def test_what_does_not_count_is_told_value_by_value() -> None:
    left = {}
    for one in returns():
        for at, value in enumerate(one.submission.values, start=1):
            if f"{one.key}/{at}" in merged("").left_out:
                left.setdefault((one.key, value.row), {})[value.field] = str(value.value)
    assert [*left.values()] == [
        {name: line[name] for name in ("nam", "linh_vuc", "gia_tri", "so_ho")}
        for line in lines(CASE / "expected" / "khong-tinh.csv")
    ]


def test_the_order_in_which_returns_came_is_of_no_account() -> None:
    other = merge(reversed(returns()), registry(), forms())
    for key, frame in merged("").frames.items():
        pd.testing.assert_frame_equal(other.frames[key], frame)
