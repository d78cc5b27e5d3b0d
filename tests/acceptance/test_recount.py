"""Every figure of the demo's reports is what its cells give, and no cell that counts is left out of them."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import recount
import yaml
from desk import (
    ROOT,
    annex_one,
    document,
    grouped,
    paragraphs,
    plain,
    scaled,
    tables,
    told_json,
    whole_text,
)

YEARS = (2024, 2025)
FIELDS = ("chinh_tri", "kinh_te", "an_sinh", "quoc_phong")


@pytest.fixture(scope="module", params=YEARS)
def year(request: pytest.FixtureRequest) -> int:
    """Both years of the demo."""
    found: int = request.param
    return found


@pytest.fixture(scope="module")
def trace(demo: Path, year: int) -> list[dict[str, Any]]:
    """Every figure of the year's report with its cells."""
    return told_json(demo, "trace", year, "--json")


@pytest.fixture(scope="module")
def status(demo: Path, year: int) -> list[dict[str, Any]]:
    """Who owes and where it stands."""
    return told_json(demo, "status", year, "--json")


def test_every_figure_is_its_aggregation_of_the_cells_that_trace_lists(
    demo: Path, year: int, trace: list[dict[str, Any]]
) -> None:
    done = recount.recount(trace, demo / "inputs")
    print(f"{year}: {done.figures} figures recomputed from {done.cells} cells")
    assert done.differences == []
    assert done.figures == sum(one["aggregation"] != "obligations" for one in trace) > 100
    assert done.cells > 500


def test_the_recount_knows_nothing_of_the_project() -> None:
    told = ast.parse(Path(recount.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(told) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert "generator" not in ast.dump(ast.Module(list(imports), []))


def test_a_figure_that_is_not_what_its_cells_give_is_found(demo: Path, trace: list[dict[str, Any]]) -> None:
    total = next(one for one in trace if one["figure"] == "tong_gia_tri")
    raised, shortened = {**total, "value": total["value"] + 1}, {**total, "cells": total["cells"][1:]}
    assert len(recount.recount([total], demo / "inputs").differences) == 0
    assert len(recount.recount([raised], demo / "inputs").differences) == 1
    assert len(recount.recount([shortened], demo / "inputs").differences) == 2


def test_counts_of_partners_are_those_of_the_status(trace: list[dict[str, Any]], status: list[dict[str, Any]]) -> None:
    counts = {one["figure"]: one["value"] for one in trace if one["aggregation"] == "obligations"}
    owed = [row for row in status if row["due"] and row["form"] == "KN-01"]
    counted = [row for row in owed if row["counted_revision"]]
    late = [row for row in counted if date.fromisoformat(row["received"][:10]) > date.fromisoformat(row["due"])]
    verdicts = Counter(row["verdict"] for row in owed)
    assert counts == {
        "so_don_vi": len(owed),
        "so_don_vi_da_bao_cao": len(counted),
        "so_don_vi_chua_tong_hop": len(owed) - len(counted) - verdicts["exempt"],
        "so_don_vi_dung_han": len(counted) - len(late),
        "so_don_vi_muon": len(late),
        "so_don_vi_khong_phat_sinh": verdicts["nil"],
        "so_don_vi_cho_chinh_sua": sum(
            verdicts[name] for name in ("waiting_for_correction", "wrong_partner_or_year", "unreadable", "not_our_form")
        ),
        "so_don_vi_chua_gui": verdicts["missing"],
        "so_don_vi_duoc_mien": verdicts["exempt"],
    }
    assert len(owed) == 12
    assert late


def _lists() -> tuple[dict[str, str], dict[str, str]]:
    """Field of each kind and label of each source, from the form as a clerk reads it."""
    form = yaml.safe_load((ROOT / "templates" / "forms" / "kn-01.yaml").read_text(encoding="utf-8"))
    kinds = {one["label"]: one["group"] for one in form["choices"]["loai"].values()}
    return kinds, form["choices"]["nguon"]


def _counted_rows(demo: Path, status: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, object]]]:
    """Every activity in the archived files of the revisions that count, with the sender's name; without trace."""
    lines = [json.loads(line) for line in (demo / "inputs" / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    archived = {one["file"]: one["sha256"] for one in lines}
    rulings = recount.decided(demo / "inputs")
    for row in status:
        if row["form"] == "KN-01" and row["counted_revision"] and row["counted_revision"] == row["revision"]:
            book = recount.workbook(demo / "inputs" / "archive" / archived[row["file"]])
            for answers in recount.activities(book, rulings):
                yield row["partner_name"], answers


def test_totals_recounted_from_the_archive_stand_in_the_document(
    demo: Path, year: int, status: list[dict[str, Any]]
) -> None:
    assert all(row["counted_revision"] in (0, row["revision"]) for row in status)
    kinds, sources = _lists()
    sums: Counter[tuple[str, str]] = Counter()
    for name, answers in _counted_rows(demo, status):
        amount = recount.number(answers.get("gia_tri", 0))
        source = recount.text(answers["nguon"])
        for whose in (name, "Tổng cộng"):
            sums[whose, "count"] += 1
            sums[whose, "total"] += amount
            sums[whose, kinds[recount.text(answers["loai"])]] += amount
            sums[whose, source] += amount
            sums[whose, "ho"] += recount.number(answers.get("so_ho", 0))
            sums[whose, "nguoi"] += recount.number(answers.get("so_nguoi", 0))
    path = document(demo, year)
    columns = ("count", "total", *FIELDS, sources["long_ghep"], "ho", "nguoi")
    annex = annex_one(path)
    status = [row for row in status if row["form"] == "KN-01"]
    counted = {row["partner_name"] for row in status if row["counted_revision"]}
    for name in (*counted, "Tổng cộng"):
        assert annex[name][:-1] == [grouped(sums[name, column]) for column in columns], name
    for row in status:
        if row["due"] and not row["counted_revision"]:
            assert annex[row["partner_name"]][:-1] == ["…"] * len(columns)
    assert len(annex) == 13

    prose = "\n".join(paragraphs(path))
    assert f"tổng giá trị {scaled(sums['Tổng cộng', 'total'])}" in prose
    for label in sources.values():
        if sums["Tổng cộng", label]:
            assert scaled(sums["Tổng cộng", label]) in prose, label
    by_field = next(table for table in tables(path) if table[0][0] == "Lĩnh vực")
    assert [row[2] for row in by_field[1:]] == [grouped(sums["Tổng cộng", code]) for code in (*FIELDS, "total")]


def test_every_printed_figure_is_in_the_document_and_every_number_of_its_tables_is_a_figure(
    demo: Path, year: int, trace: list[dict[str, Any]]
) -> None:
    path = document(demo, year)
    manifest = json.loads(path.with_name(f"{path.stem}.manifest.json").read_text(encoding="utf-8"))
    printed = {one["code"]: one["printed"] for one in manifest["figures"]}
    assert {(code, text) for code, texts in printed.items() for text in texts or [""]} == {
        (one["figure"], one["printed"]) for one in trace
    }
    said = whole_text(path)
    missing = [(code, text) for code, texts in printed.items() for text in texts if plain(text) not in said]
    assert missing == []
    figures = {plain(text) for texts in printed.values() for text in texts}
    for table in (next(one for one in tables(path) if one[0][0] == "Lĩnh vực")[1:], list(annex_one(path).values())):
        numbers = {cell for row in table for cell in row if re.fullmatch(r"[\d.]+", cell)}
        assert numbers <= figures
        assert len(numbers) > 5
