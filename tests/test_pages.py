"""The reports on paper, names of 120 letters: nothing runs off a page or stands alone, sections are as declared."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import _Row

from benchmarks.five_years import FIRST, LAST, prepare
from generator.definitions.load_plans import load_plan
from generator.definitions.plans import ReportPlan
from generator.model import Registry
from generator.office.pdf import convert, find_office
from generator.pipeline.judging import load_forms_or_refuse, load_registry_or_refuse
from generator.pipeline.report import make_report
from generator.pipeline.report_period import year_period, years_period
from generator.pipeline.workspace import Workspace
from generator.stages.register.database import Register
from printed_pages import Page, clipped, pages_of
from report_cases import TEMPLATES, forms

PARTNERS = 10
KINDS = ("so-ket", "tong-ket")
POINTS = 72 / 25.4
LONG = (
    " và các tổ chức, doanh nghiệp, hợp tác xã, hội, đoàn thể trực thuộc cùng tham gia giúp đỡ xã miền núi đặc biệt khó"
)


class Printed(NamedTuple):
    document: Path
    pages: list[Page]
    plan: ReportPlan

    def sections(self) -> list[list[Page]]:
        """The pages of each section: its first page is the one without a number."""
        found: list[list[Page]] = []
        for page in self.pages:
            if not page.number:
                found.append([])
            found[-1].append(page)
        return found


class Sample(NamedTuple):
    workspace: Workspace
    registry: Registry

    def made(self, register: Path) -> list[bytes]:
        """Both reports out of a register."""
        periods = (year_period(self.registry, LAST), years_period(self.registry, FIRST, LAST))
        known = load_forms_or_refuse(self.workspace)
        with Register.open(register) as opened:
            several = [make_report(self.workspace, period, self.registry, known, opened) for period in periods]
        assert [one.issues for one in several] == [(), ()]
        return [one.rendered.content for one in several]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A few partners whose names are as long as names may be, and their returns of five years."""
    workspace = Workspace(tmp_path_factory.mktemp("pages") / "ws")
    prepare(workspace.root, PARTNERS)
    registry = load_registry_or_refuse(workspace)
    long = tuple(replace(one, name=(one.name + LONG)[:120].strip()) for one in registry.partners)
    return Sample(workspace, replace(registry, partners=long))


@pytest.fixture(scope="module")
def printed(sample: Sample) -> Mapping[str, Printed]:
    """Both reports, printed by LibreOffice in one start."""
    made = sample.made(sample.workspace.register)
    office = find_office()
    assert office is not None, "LibreOffice is missing: see OFFICE_PACKAGES in conftest.py"
    found = {}
    for kind, content, pdf in zip(KINDS, made, convert(made, office), strict=True):
        path = sample.workspace.outputs / f"{kind}.docx"
        path.write_bytes(content)
        path.with_suffix(".pdf").write_bytes(pdf.content)
        found[kind] = Printed(path, pages_of(path.with_suffix(".pdf")), _plan(kind))
    return found


@cache
def _plan(kind: str) -> ReportPlan:
    plan, found = load_plan(TEMPLATES / "reports" / f"{kind}.yaml", forms())
    assert plan is not None, found
    return plan


@pytest.fixture(params=KINDS)
def report(request: pytest.FixtureRequest, printed: Mapping[str, Printed]) -> Printed:
    return printed[request.param]


def test_each_section_has_the_pages_that_the_plan_declares(report: Printed) -> None:
    sections = report.sections()
    assert len(sections) == len(report.plan.sections)
    for declared, pages in zip(report.plan.sections, sections, strict=True):
        for page in pages:
            assert (page.width, page.height) == pytest.approx([side * POINTS for side in declared.page.size()], abs=1)
        assert [page.number for page in pages] == ["", *(str(number) for number in range(2, len(pages) + 1))]
        assert pages[0].lines[0].text == declared.begins or not declared.begins


def test_nothing_runs_off_the_page(report: Printed) -> None:
    for declared, pages in zip(report.plan.sections, report.sections(), strict=True):
        top, bottom, left, right = (edge * POINTS for edge in declared.page.margins)
        for page in pages:
            assert page.lines, "no page is empty"
            for line in page.lines:
                assert line.left > left - 3, line
                assert line.right < page.width - right + 3, line
                assert line.top > top - 3, line
                assert line.bottom < page.height - bottom + 3, line


def test_no_line_of_a_table_is_drawn_through_words(report: Printed) -> None:
    assert list(clipped(report.document.with_suffix(".pdf"))) == []


def _tables(report: Printed) -> Iterator[tuple[list[Page], str]]:
    """The pages of each annex with the words of its table's last heading row."""
    document = Document(str(report.document))
    at = 0
    keys: dict[int, str] = {}
    for block in document.element.body:
        if block.tag == qn("w:tbl") and at not in keys:
            rows = [
                row for row in block.iter(qn("w:tr")) if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
            ]
            cells = ("".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in (rows[-1] if rows else ()))
            keys[at] = " ".join(filter(None, cells))
        at += block.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
    for number, pages in enumerate(report.sections()):
        if number:
            yield pages, keys[number]


def _total(page: Page) -> int:
    """Which line of a page is that of the total; -1: none."""
    return next((at for at, line in enumerate(page.lines) if "Tổng cộng" in line.text), -1)


def test_the_heading_of_a_table_is_on_each_of_its_pages(report: Printed) -> None:
    several = 0
    for pages, key in _tables(report):
        last = next((at for at, page in enumerate(pages) if _total(page) >= 0), 0)
        for page in pages[: last + 1]:
            assert key in [line.text for line in page.lines], (page.lines[0], key)
        several += last > 0
    assert several >= 2, "annexes of several pages are what this is about"


def test_no_total_stands_alone_on_a_page(report: Printed) -> None:
    for pages, key in _tables(report):
        for page in pages:
            at, texts = _total(page), [line.text for line in page.lines]
            if at >= 0 and key in texts:
                assert at > texts.index(key) + 1, texts


def _is_note(row: _Row) -> bool:
    return {one.style.name for cell in row.cells for one in cell.paragraphs} == {"KN Chú thích bảng"}


def test_no_note_stands_on_a_page_without_rows_of_its_table(report: Printed) -> None:
    document = Document(str(report.document))
    last = [table.rows[-1] for table in document.tables]
    notes = {" ".join(row._tr.xpath("string(.)").split()) for row in last if _is_note(row)}
    found = 0
    for pages, key in _tables(report):
        for page in pages:
            texts = [line.text for line in page.lines]
            begins = next((at for at, text in enumerate(texts) if any(one.startswith(text) for one in notes)), 0)
            if begins and key in texts:
                found += 1
                assert begins > texts.index(key) + 1, texts
    assert found >= 5, notes


def test_no_heading_stands_alone_at_the_end_of_a_page(report: Printed) -> None:
    document = Document(str(report.document))
    kn = ("tên bảng", "phụ lục", "tên phụ lục", "kèm theo", "đơn vị tính", "nhóm ý kiến")
    heads = ("heading", *(f"kn {name}" for name in kn))
    names = {
        " ".join(one.text.split())
        for one in document.paragraphs
        if one.style is not None and one.style.name is not None and one.style.name.lower().startswith(heads)
    }
    assert len(names) > 30
    for page in report.pages[:-1]:
        last = page.lines[-1].text
        assert not any(name.endswith(last) for name in names if len(last) > 12 or name == last), (page.number, last)


def test_an_annex_without_rows_says_so(sample: Sample, tmp_path: Path) -> None:
    for content in sample.made(tmp_path / "nobody.sqlite"):
        ruled = [table for table in Document(io.BytesIO(content)).tables if table.style.name == "Table Grid"]
        assert len(ruled) > 6
        for table in ruled:
            body = [row for row in table.rows if next(row._tr.iter(qn("w:tblHeader")), None) is None]
            texts = [" ".join(cell.text for cell in row.cells) for row in body if not _is_note(row)]
            assert any(text.strip() and "Tổng cộng" not in text for text in texts), table.rows[0].cells[1].text
