"""The summary of five years comes out of the archive without our code, as reported and restated, number by number."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import desk
import marked
import numbers_of_document
import pytest
import recount
import recount_figures
import recount_reading
import recount_registry
from desk import PATIENCE, told_json, whole_text, worked
from test_recount import run_marked

PERIOD = "2021-2025"
SMALL = ("demo", "--partners", 12, "--years", PERIOD)
WHOLE = ((("year", 2025), "2025"), (("five-year", 2021, 2025), PERIOD))
"""The documents that `make demo` ends with: the words of their command, their period."""


@pytest.fixture(scope="module")
def five_years(meeting_room: Path) -> Path:
    """A small demo of five years with its summary. Nobody writes into it."""
    return desk.shared(meeting_room / "acceptance-five-years", SMALL, seconds=PATIENCE)


@pytest.fixture(scope="module")
def trace(five_years: Path) -> list[dict[str, Any]]:
    """Every figure of the summary with its cells."""
    return told_json(five_years, "trace", PERIOD, "--json", seconds=PATIENCE)


@pytest.fixture(scope="module")
def marked_summary(five_years: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same summary with every figure between marks."""
    copy = shutil.copytree(five_years, tmp_path_factory.mktemp("marked") / "ws")
    run_marked(copy, "report", "five-year", 2021, 2025)
    return document_of(Path(copy), PERIOD)


def document_of(workspace: Path, period: str) -> Path:
    """Where the report of a period lies."""
    (found,) = (workspace / "outputs" / period).glob(f"bao-cao-*-{period}.docx")
    return found


def manifest_of(workspace: Path, period: str) -> dict[str, Any]:
    """What the report of a period says it was made of."""
    path = document_of(workspace, period)
    found: dict[str, Any] = json.loads(path.with_name(f"{path.stem}.manifest.json").read_text(encoding="utf-8"))
    return found


def test_every_total_of_five_years_comes_out_of_the_archive_as_reported_and_restated(five_years: Path) -> None:
    told = manifest_of(five_years, PERIOD)
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
    assert marked.parted(whole_text(marked_summary))[0] == whole_text(document_of(five_years, PERIOD))


def test_an_earlier_map_restates_by_its_own_day(five_years: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = Path(shutil.copytree(five_years, tmp_path_factory.mktemp("map") / "ws"))
    worked(copy, "report", "five-year", 2021, 2025, "--map-date", "2025-06-30", seconds=PATIENCE)
    told = manifest_of(copy, PERIOD)
    assert told["map_date"] == "2025-06-30"
    assert recount_figures.compare(five_years, told).differences == []
    communes = {one["code"] for one in told["figures"] if one["code"].startswith("gia_tri_theo_noi_nhan_nay[")}
    later = {one["code"] for one in manifest_of(five_years, PERIOD)["figures"]}
    assert communes - later, "the communes of the old map have no row on the new one"


# --- the whole demo -----------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "name"), WHOLE, ids=[name for _, name in WHOLE])
def test_every_total_of_the_whole_map_comes_out_of_the_archive(
    whole_demo: Path, words: tuple[object, ...], name: str
) -> None:
    del words
    done = recount_figures.compare(whole_demo, manifest_of(whole_demo, name))
    print(f"{name}, whole map: {done.figures} figures recounted from {done.rows} rows of the archive")
    assert done.differences == []
    assert done.figures > 2000
    assert done.rows > 1900


@pytest.mark.parametrize(("words", "name"), WHOLE, ids=[name for _, name in WHOLE])
def test_every_number_of_the_whole_map_is_traced_and_recounted(
    whole_demo: Path, words: tuple[object, ...], name: str, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(whole_demo, tmp_path / "ws", ignore=shutil.ignore_patterns("blanks", "replies")))
    run_marked(copy, "report", *words)
    trace = told_json(whole_demo, "trace", name, "--json", seconds=PATIENCE)
    found, wrong = numbers_of_document.checked(whole_demo, document_of(copy, name), trace)
    print(f"{name}, whole map: {found.told()}")
    assert found.lost == []
    assert wrong == []
    assert len(found.traced) > 2000


def test_what_another_library_reads_is_what_openpyxl_reads(whole_demo: Path) -> None:
    books = sorted(path for path in (whole_demo / "inputs/archive").iterdir() if _is_return(path))[::15]
    checked = 0
    for path in books:
        for sheet in recount_reading.opened_book(path.read_bytes()).sheetnames:
            ours, theirs = (_filled(read(path, sheet)) for read in recount_reading.BY.values())
            assert ours == theirs, (path.name, sheet)
            checked += len(ours)
    print(f"{len(books)} workbooks: {checked} rows read alike")
    assert checked > 3000


def _is_return(path: Path) -> bool:
    return zipfile.is_zipfile(path) and "xl/workbook.xml" in zipfile.ZipFile(path).namelist()


def _filled(rows: recount_reading.Rows) -> dict[int, tuple[object, ...]]:
    return {number: row for number, row in enumerate(rows) if row}
