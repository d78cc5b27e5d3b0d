"""The sections of a report against its plan: what is lost, turned or no longer numbered is told with its section."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from generator.definitions.load_plans import load_plan
from generator.definitions.plans import ReportPlan
from generator.issues import Issue, Severity
from generator.office.package import open_package
from generator.office.sections import DOCUMENT
from generator.stages.render import check_sections
from report_cases import TEMPLATES, forms

FILE = "bao-cao.docx"
Change = Callable[[Any], object]


@cache
def _plan(name: str) -> ReportPlan:
    plan, found = load_plan(TEMPLATES / "reports" / f"{name}.yaml", forms())
    assert plan is not None, found
    return plan


def judged(name: str, change: Change | None = None) -> list[Issue]:
    """What is said of a shipped template after a change in Word."""
    path = TEMPLATES / "reports" / f"{name}.docx"
    content = path.read_bytes()
    if change is not None:
        document = Document(str(path))
        change(document)
        saved = io.BytesIO()
        document.save(saved)
        content = saved.getvalue()
    package, _ = open_package(content, FILE)
    assert package is not None
    return check_sections(etree.fromstring(package.read(DOCUMENT)), package, _plan(name), FILE)


@pytest.mark.parametrize("name", ["so-ket", "tong-ket"])
def test_the_shipped_templates_are_as_their_plans_declare(name: str) -> None:
    assert judged(name) == []


def _lose(number: int) -> Change:
    """Takes away the break behind a section: it runs into the next one."""

    def change(document: Any) -> None:
        mark = document.sections[number - 1]._sectPr
        mark.getparent().remove(mark)

    return change


def _rename(old: str, new: str) -> Change:
    def change(document: Any) -> None:
        next(one for one in document.paragraphs if one.text == old).runs[0].text = new

    return change


@pytest.mark.parametrize(
    ("change", "found", "missing"),
    [
        (_lose(2), "6", "Phụ lục II"),
        (_lose(1), "6", "Phụ lục I"),
        (_rename("Phụ lục III", "Phụ lục số III"), "7", "Phụ lục III"),
        (lambda document: document.add_section(), "8", ""),
    ],
)
def test_a_section_more_or_less_is_told_once(change: Change, found: str, missing: str) -> None:
    (told,) = judged("so-ket", change)
    assert (told.code, told.severity, told.place.file) == ("report.section_lost", Severity.ERROR, FILE)
    assert (told.params["found"], told.params["wanted"], told.params["missing"]) == (found, "7", missing)


def _section(number: int, **attributes: Any) -> Change:
    def change(document: Any) -> None:
        for name, value in attributes.items():
            setattr(document.sections[number - 1], name, value)

    return change


def _xml(number: int, path: str, attribute: str, value: str | None) -> Change:
    def change(document: Any) -> None:
        mark = document.sections[number - 1]._sectPr.find(qn(path))
        if value is None:
            mark.getparent().remove(mark)
        else:
            mark.set(qn(attribute), value)

    return change


def _no_number(document: Any) -> None:
    for mark in document.sections[0].header._element.iter(qn("w:instrText")):
        mark.text = " DATE "


def _number_on_first(document: Any) -> None:
    number, first = document.sections[0].header.paragraphs[0], document.sections[0].first_page_header.paragraphs[0]
    for run in number._p.findall(qn("w:r")):
        first._p.append(run.__copy__())


def _no_repeat(document: Any) -> None:
    heading = next(one._p for one in document.paragraphs if one.text == "Phụ lục II")
    table = next(one for one in heading.itersiblings() if one.tag == qn("w:tbl"))
    marks = list(table.iter(qn("w:tblHeader")))
    marks[-1].getparent().remove(marks[-1])


def _swap(document: Any) -> None:
    _rename("Phụ lục II", "tạm")(document)
    _rename("Phụ lục III", "Phụ lục II")(document)
    _rename("tạm", "Phụ lục III")(document)


ALL = range(1, 8)


@pytest.mark.parametrize(
    ("change", "sections", "what", "found", "wanted"),
    [
        (_section(2, page_width=Mm(210), page_height=Mm(297)), [2], "khổ giấy", "210 x 297 mm", "297 x 210 mm"),
        (_section(5, page_width=Mm(216), page_height=Mm(279)), [5], "khổ giấy", "216 x 279 mm", "210 x 297 mm"),
        (_section(1, left_margin=Mm(20)), [1], "lề trái", "20 mm", "30 mm"),
        (_section(6, bottom_margin=Mm(10)), [6], "lề dưới", "10 mm", "20 mm"),
        (_section(6, gutter=Mm(5)), [6], "lề trái", "30 mm", "25 mm"),
        (_no_number, ALL, "số trang", "không có", "ở lề trên"),
        (_number_on_first, ALL, "số trang ở trang đầu", "có", "không có"),
        (_xml(3, "w:titlePg", "w:val", None), [3], "số trang ở trang đầu", "có", "không có"),
        (_xml(4, "w:pgNumType", "w:start", None), [4], "trang đầu", "đánh số nối tiếp phần trước", "đánh số từ 1"),
        (_xml(4, "w:pgNumType", "w:start", "9"), [4], "trang đầu", "đánh số từ 9", "đánh số từ 1"),
        (_no_repeat, [3], "số dòng tiêu đề lặp lại của bảng 1 trong phần", "2", "ít nhất 3"),
        (_swap, [3], "dòng đầu", "“Phụ lục III”", "“Phụ lục II”"),
    ],
)
def test_what_differs_is_told_with_its_section(
    change: Change, sections: list[int], what: str, found: str, wanted: str
) -> None:
    told = [one for one in judged("so-ket", change) if one.params["what"] == what]
    assert {one.code for one in told} == {"report.section_differs"}
    spots = [one.place.spot.partition(" (")[0] for one in told]
    first = told[0]
    assert spots[: len(sections)] == [f"phần {number}" for number in sections]
    assert (first.params["found"], first.params["wanted"]) == (found, wanted)


def test_a_plan_without_sections_judges_none() -> None:
    package, _ = open_package((TEMPLATES / "reports" / "so-ket.docx").read_bytes(), FILE)
    assert package is not None
    without = ReportPlan("x", "x", "KN-01", "x.docx", "x.docx")
    assert check_sections(etree.fromstring(package.read(DOCUMENT)), package, without, FILE) == []
