"""The charts of both reports: the numbers of the tables in picture, workbook, words and PDF."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from desk import ketnghia
from lxml import etree

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
ENDS = {"c": CHART[1:-1], "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}
REPORTS = ("outputs/2025/bao-cao-so-ket-2025.docx", "outputs/2024-2025/bao-cao-tong-ket-2024-2025.docx")
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Numbers = list[list[object]]


def links(package: zipfile.ZipFile, part: str) -> dict[str, str]:
    folder, _, name = part.rpartition("/")
    root = etree.fromstring(package.read(f"{folder}/_rels/{name}.rels"))
    return {one.get("Id", ""): one.get("Target", "").removeprefix("../") for one in root}


def charts(path: Path) -> list[tuple[str, Numbers, Numbers]]:
    """Of each chart in the order of the document: alternative text, numbers of the picture and of the workbook.

    Both as rows: names of series, then a category with its numbers.
    """
    found = []
    with zipfile.ZipFile(path) as package:
        body = etree.fromstring(package.read("word/document.xml"))
        targets = links(package, "word/document.xml")
        for mark in body.iter(f"{CHART}chart"):
            part = f"word/{targets[mark.get(LINK, '')]}"
            text = mark.xpath("ancestor::wp:inline/wp:docPr/@descr", namespaces=ENDS)[0]
            workbook = next(iter(links(package, part).values()))
            sheet = openpyxl.load_workbook(io.BytesIO(package.read(f"word/{workbook}"))).worksheets[0]
            rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
            found.append((text, cached(etree.fromstring(package.read(part))), rows))
    return found


def cached(root: etree._Element) -> Numbers:
    series = [(one.xpath("string(c:tx//c:v)", namespaces=ENDS), points(one)) for one in root.iter(f"{CHART}ser")]
    categories = [str(text) for text in root.xpath("//c:ser[1]/c:cat//c:v/text()", namespaces=ENDS)]
    heads: list[object] = [None, *(name for name, _ in series)]
    return [heads, *([name, *(told.get(at) for _, told in series)] for at, name in enumerate(categories))]


def points(series: etree._Element) -> Mapping[int, int | float]:
    return {int(one.get("idx")): number(one[0].text) for one in series.xpath("c:val//c:pt", namespaces=ENDS)}


def number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def table(path: Path, *heads: str) -> dict[str, list[str]]:
    """The body's table whose first row begins so: cells by their first one."""
    for one in docx.Document(str(path)).tables:
        rows = [[cell.text for cell in row.cells] for row in one.rows]
        if tuple(rows[0][: len(heads)]) == heads:
            return {row[0]: row[1:] for row in rows}
    raise AssertionError(heads)


def printed(value: object) -> str:
    """A number of a chart as a table prints it."""
    rounded = Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{rounded:,}".replace(",", ".")


def columns(numbers: Numbers) -> dict[object, list[str]]:
    return {name: [printed(value) for value in values] for name, *values in numbers[1:]}


@pytest.mark.parametrize("name", REPORTS)
def test_each_report_has_three_charts_whose_picture_workbook_and_words_agree(demo: Path, name: str) -> None:
    found = charts(demo / name)
    assert len(found) >= 3
    for text, picture, workbook in found:
        assert picture == workbook
        told = [value for row in picture[1:] for value in row[1:] if value is not None]
        assert told
        assert "bieu_do" not in text
        assert all(printed(value) in text for value in told)


def test_the_charts_of_the_year_show_the_numbers_of_its_tables(demo: Path) -> None:
    path = demo / REPORTS[0]
    fields, sources, plans = (picture for _, picture, _ in charts(path)[:3])
    rows = table(path, "Lĩnh vực", "Số hoạt động", "Giá trị năm 2025")
    assert columns(fields) == {name: [rows[str(name)][1], rows[str(name)][3]] for name, *_ in fields[1:]}
    rows = table(path, "Nguồn", "Giá trị năm 2025")
    assert columns(sources) == {name: rows[str(name)][:1] for name, *_ in sources[1:]}
    rows = table(path, "Lĩnh vực", "Kế hoạch của đơn vị")
    assert columns(plans) == {name: [rows[str(name)][1], rows[str(name)][3]] for name, *_ in plans[1:]}


def test_the_charts_of_several_years_show_the_numbers_of_their_tables(demo: Path) -> None:
    path = demo / REPORTS[1]
    years, fields = (picture for _, picture, _ in charts(path)[:2])
    rows = table(path, "Năm", "Số hoạt động", "Số nơi được hỗ trợ")
    assert columns(years) == {year: rows[str(year)][2:4] for year in ("2024", "2025")}
    rows = table(path, "Lĩnh vực", "Số hoạt động", "Giá trị")
    for name, *values in fields[1:]:
        total = Decimal(rows[str(name)][1].replace(".", ""))
        assert abs(sum(Decimal(str(value)) for value in values) - total) < 1  # each is rounded only where it is shown


def test_the_numbers_of_a_chart_can_be_traced_to_their_cells(demo: Path) -> None:
    _, picture, _ = charts(demo / REPORTS[1])[1]
    shown = printed(max(value for row in picture[1:] for value in row[1:] if isinstance(value, int | float)))
    found = json.loads(ketnghia(demo, "trace", demo / REPORTS[1], f"{shown} triệu đồng", "--json").out)
    assert any(one["figure"].startswith("gia_tri_theo_linh_vuc_nam[") and one["cells"] for one in found)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice draws the picture")
def test_libreoffice_draws_the_numbers_with_points_between_thousands(demo: Path, tmp_path: Path) -> None:
    for name in REPORTS:
        run: Sequence[str | Path] = (
            *("soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}"),
            *("--convert-to", "pdf", "--outdir", tmp_path, demo / name),
        )
        subprocess.run(run, check=True, capture_output=True, timeout=180)
        pdf = tmp_path / Path(name).with_suffix(".pdf").name
        told = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, timeout=60).stdout
        words = told.decode().split()
        for _, picture, _ in charts(demo / name):
            assert all(printed(value) in words for row in picture[1:] for value in row[1:] if value is not None)
