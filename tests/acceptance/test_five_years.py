"""The summary of five years comes out of the archive without our code, as reported and restated, number by number."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import desk
import marked
import numbers_of_document
import pytest
import recount
import recount_figures
import recount_registry
from desk import told_json, whole_text, worked
from test_recount import run_marked

PERIOD = "2021-2025"
SMALL = ("demo", "--partners", 12, "--years", PERIOD)


@pytest.fixture(scope="module")
def five_years(meeting_room: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo of five years with its summary."""
    made = desk.shared(meeting_room / "acceptance-five-years", SMALL, seconds=300)
    copy = shutil.copytree(made, tmp_path_factory.mktemp("five") / "ws")
    worked(copy, "report", "five-year", 2021, 2025)
    return Path(copy)


@pytest.fixture(scope="module")
def trace(five_years: Path) -> list[dict[str, Any]]:
    """Every figure of the summary with its cells."""
    return told_json(five_years, "trace", PERIOD, "--json")


@pytest.fixture(scope="module")
def marked_summary(five_years: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same summary with every figure between marks."""
    copy = shutil.copytree(five_years, tmp_path_factory.mktemp("marked") / "ws")
    run_marked(copy, "report", "five-year", 2021, 2025)
    return summary(copy)


def summary(workspace: Path) -> Path:
    """Where the summary lies."""
    return workspace / "outputs" / PERIOD / f"bao-cao-tong-ket-{PERIOD}.docx"


def manifest(workspace: Path) -> dict[str, Any]:
    """What the summary says it was made of."""
    path = summary(workspace)
    found: dict[str, Any] = json.loads(path.with_name(f"{path.stem}.manifest.json").read_text(encoding="utf-8"))
    return found


def test_every_total_of_five_years_comes_out_of_the_archive_as_reported_and_restated(five_years: Path) -> None:
    told = manifest(five_years)
    done = recount_figures.compare(five_years, told)
    print(f"{told['output']}: {done.figures} figures recounted from {done.rows} rows of the archive")
    assert done.differences == []
    codes = {one["code"].partition("[")[0] for one in told["figures"]}
    assert codes >= {
        "tong_gia_tri",
        "gia_tri_theo_nam",
        "gia_tri_theo_linh_vuc_nam",
        "gia_tri_theo_nguon",
        "gia_tri_theo_don_vi_nam",
        "gia_tri_theo_noi_nhan_nam",
        "gia_tri_theo_noi_nhan_nay_nam",
        "gia_tri_ke_them_theo_ben_giup_nam",
    }


def test_every_figure_of_five_years_is_what_its_cells_give(five_years: Path, trace: list[dict[str, Any]]) -> None:
    done = recount.recount(trace, five_years / "inputs")
    print(f"{PERIOD}: {done.figures} figures recomputed from {done.cells} cells")
    assert done.differences == []
    assert done.cells > 5000


def test_every_number_of_the_summary_is_traced_and_recounted(
    five_years: Path, trace: list[dict[str, Any]], marked_summary: Path
) -> None:
    found, wrong = numbers_of_document.checked(five_years, marked_summary, trace)
    print(f"{PERIOD}: {found.told()}")
    assert found.lost == []
    assert wrong == []
    assert len(found.traced) > 500


def test_every_row_and_year_of_the_annexes_prints_its_own_figures(five_years: Path, marked_summary: Path) -> None:
    registry = recount_registry.read_registry(five_years / "inputs" / "registry.xlsx")
    checked, wrong = numbers_of_document.misplaced(marked_summary, registry)
    assert wrong == []
    assert checked > 400


def test_without_its_marks_the_marked_summary_is_the_summary(five_years: Path, marked_summary: Path) -> None:
    assert marked.parted(whole_text(marked_summary))[0] == whole_text(summary(five_years))


@pytest.mark.parametrize("map_date", ["2025-06-30", "2025-12-14"])
def test_an_earlier_map_restates_by_its_own_day(
    five_years: Path, tmp_path_factory: pytest.TempPathFactory, map_date: str
) -> None:
    copy = Path(shutil.copytree(five_years, tmp_path_factory.mktemp("map") / "ws"))
    worked(copy, "report", "five-year", 2021, 2025, "--map-date", map_date)
    told = manifest(copy)
    assert told["map_date"] == map_date
    assert recount_figures.compare(copy, told).differences == []


def test_the_summary_of_the_whole_map_comes_out_of_the_archive(
    whole_demo: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = Path(shutil.copytree(whole_demo, tmp_path_factory.mktemp("whole") / "ws"))
    worked(copy, "report", "five-year", 2021, 2025)
    done = recount_figures.compare(copy, manifest(copy))
    print(f"{PERIOD}, whole map: {done.figures} figures recounted from {done.rows} rows of the archive")
    assert done.differences == []
    assert done.rows > 10_000
