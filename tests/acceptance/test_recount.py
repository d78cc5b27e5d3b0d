"""Every figure of the year reports comes out of the archive without our code; every number printed is a figure."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import marked
import numbers_of_document
import pytest
import recount
import recount_archive
import recount_figures
import recount_reading
import recount_registry
from desk import PATIENCE, document, plain, told_json, whole_text

YEARS = (2024, 2025)
ADDED = {
    *("so_khoan_chi_noi_nhan_ke", "gia_tri_chi_noi_nhan_ke"),
    *("so_khoan_don_vi_chua_tong_hop", "gia_tri_don_vi_chua_tong_hop"),
    *("so_dong_ke_lai", "gia_tri_ke_lai"),
}
"""Figures of no plan, which the comparison of both sides and the summary forms give."""


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
def manifest(demo: Path, year: int) -> dict[str, Any]:
    """What the report says it was made of."""
    path = document(demo, year)
    found: dict[str, Any] = json.loads(path.with_name(f"{path.stem}.manifest.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def marked_report(demo: Path, year: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same report with every figure between marks."""
    copy = shutil.copytree(demo, tmp_path_factory.mktemp("marked") / "ws")
    run_marked(copy, "report", "year", year)
    return document(copy, year)


def run_marked(workspace: Path, *words: object) -> None:
    """Runs a command whose documents name every figure at its place."""
    command = [sys.executable, marked.__file__, "--workspace", str(workspace), *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)


# --- out of the archive -------------------------------------------------------------------------


def test_every_figure_is_its_aggregation_of_the_cells_that_trace_lists(
    demo: Path, year: int, trace: list[dict[str, Any]]
) -> None:
    done = recount.recount(trace, demo / "inputs")
    print(f"{year}: {done.figures} figures recomputed from {done.cells} cells")
    assert done.differences == []
    assert done.figures > 300
    assert done.cells > 1000


def test_every_total_comes_out_of_the_archive_and_the_answer_key_alone(demo: Path, manifest: dict[str, Any]) -> None:
    done = recount_figures.compare(demo, manifest)
    print(f"{manifest['output']}: {done.figures} figures recounted from {done.rows} rows of the archive")
    assert done.differences == []
    assert done.groups > 200
    assert set(done.not_recounted) == ADDED


# --- what is printed ----------------------------------------------------------------------------


def test_every_number_of_the_document_is_traced_and_recounted(
    demo: Path, year: int, trace: list[dict[str, Any]], marked_report: Path
) -> None:
    found, wrong = numbers_of_document.checked(demo, marked_report, trace)
    print(f"{year}: {found.told()}")
    assert found.lost == []
    assert wrong == []
    assert len(found.traced) > 300


def test_every_row_and_column_of_a_table_prints_its_own_figures(demo: Path, marked_report: Path) -> None:
    registry = recount_registry.read_registry(demo / "inputs" / "registry.xlsx")
    checked, wrong = numbers_of_document.misplaced(marked_report, registry)
    assert wrong == []
    assert checked > 100


def test_without_its_marks_the_marked_document_is_the_document(demo: Path, year: int, marked_report: Path) -> None:
    assert marked.parted(whole_text(marked_report))[0] == whole_text(document(demo, year))


def test_trace_and_manifest_name_the_same_printed_texts(trace: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    printed = {one["code"]: one["printed"] for one in manifest["figures"]}
    assert {(code, text) for code, texts in printed.items() for text in texts or [""]} == {
        (one["figure"], one["printed"]) for one in trace
    }


# --- the proof itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "module",
    [recount, recount_reading, recount_registry, recount_archive, recount_figures, numbers_of_document],
    ids=lambda module: module.__name__,
)
def test_the_recount_knows_nothing_of_the_project(module: Any) -> None:
    told = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(told) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert "generator" not in ast.dump(ast.Module(list(imports), []))


def test_a_figure_that_is_not_what_its_cells_give_is_found(demo: Path, trace: list[dict[str, Any]]) -> None:
    total = next(one for one in trace if one["figure"] == "tong_gia_tri")
    raised, shortened = {**total, "value": total["value"] + 1}, {**total, "cells": total["cells"][1:]}
    assert len(recount.recount([total], demo / "inputs").differences) == 0
    assert len(recount.recount([raised], demo / "inputs").differences) == 1
    assert len(recount.recount([shortened], demo / "inputs").differences) == 2


def test_a_figure_that_is_raised_or_left_out_of_a_report_is_found(demo: Path, manifest: dict[str, Any]) -> None:
    figures = [dict(one) for one in manifest["figures"]]
    raised = next(one for one in figures if one["code"].startswith("gia_tri_theo_linh_vuc[") and one["value"])
    gone = next(one for one in figures if one["code"].startswith("gia_tri_theo_nguon[") and one["value"])
    raised["value"] += 1
    figures.remove(gone)
    found = recount_figures.compare(demo, {**manifest, "figures": figures}).differences
    assert [one.partition(":")[0] for one in found] == [raised["code"], gone["code"]]


def test_a_number_that_somebody_typed_is_found_and_a_wrong_one_too(tmp_path: Path) -> None:
    path = tmp_path / "bao-cao-2025.docx"
    typed = docx.Document()
    typed.add_paragraph(f"Có {marked.BEGIN}tong{marked.MIDDLE}05{marked.END} xã và 7 huyện, năm 2025, “12 nhà”.")
    typed.save(str(path))
    found = numbers_of_document.numbers(path, numbers_of_document.re.compile(r"(?!)"), 1, {})
    assert found.traced == [("paragraph", "tong", "05")]
    assert [one.partition(" in ")[0] for one in found.lost] == ["paragraph: “7”"]
    assert sum(map(len, found.passed.values())) == 2
    trace = [{"figure": "tong", "printed": "05", "unit": "xã"}]
    assert numbers_of_document.badly_printed(found, trace, {"tong": recount.Decimal(5)}) == []
    assert len(numbers_of_document.badly_printed(found, trace, {"tong": recount.Decimal(6)})) == 1
    assert len(numbers_of_document.badly_printed(found, [], {"tong": recount.Decimal(5)})) >= 1


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("33312000000", {"33.312.000.000", "hơn 33,3 tỷ đồng"}),
        ("3590000000", {"3.590.000.000", "gần 3,6 tỷ đồng"}),
        ("12000000", {"12.000.000", "12 triệu đồng"}),
        ("999960000", {"999.960.000", "gần 1 tỷ đồng"}),
        ("5", {"5", "05"}),
        ("-12.5", {"-12,5", "12,5%"}),
        ("0", {"0", "0%"}),
    ],
)
def test_a_number_may_be_printed_in_the_ways_of_the_house_only(value: str, texts: set[str]) -> None:
    assert texts <= numbers_of_document.printings(recount.Decimal(value))
    assert plain("1") not in numbers_of_document.printings(recount.Decimal(value))
