"""The kinds of pages and the sections of a plan: every fault with its line and the near miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.definitions.load_plans import load_plan
from generator.definitions.plans_sections import PageSpec, SectionSpec
from report_cases import TEMPLATES, forms

PATH = Path("templates/reports/so-ket.yaml")
HEAD = """\
code: so-ket
title: Sơ kết
form: KN-01
template: so-ket.docx
output: bao-cao-{year}.docx
"""
NUMBERED = "page_number: bottom, first_number: true, start: 1"
PAGES = f"""\
pages:
  doc: {{margins: [20, 20, 30, 15]}}
  ngang: {{paper: A3, orientation: landscape, margins: [25, 20, 25, 20], {NUMBERED}}}
"""
SECTIONS = """\
sections:
  than: {page: doc}
  phu_luc: {page: ngang, begins: Phụ lục I, header_rows: 2}
"""


def test_a_plan_says_what_the_pages_of_each_section_are() -> None:
    plan, found = load_plan(PATH, forms(), HEAD + PAGES + SECTIONS)
    assert found == []
    assert plan is not None
    upright = PageSpec("doc", margins=(20, 20, 30, 15))
    wide = PageSpec("ngang", "A3", "landscape", (25, 20, 25, 20), "bottom", first_number=True, start=1)
    assert plan.sections == (
        SectionSpec("than", upright, line=10),
        SectionSpec("phu_luc", wide, "Phụ lục I", 2, line=11),
    )
    assert (upright.size(), wide.size()) == ((210, 297), (420, 297))


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("page: doc", "page: docc", ("plan.unknown_page", 10, "doc")),
        ("page: doc", "begins: x", ("definition.missing_key", 10, "")),
        ("header_rows: 2", "header_row: 2", ("definition.unknown_key", 11, "header_rows")),
        ("header_rows: 2", "header_rows: 11", ("plan.wrong_page_number", 11, "")),
        ("header_rows: 2", "header_rows: hai", ("definition.wrong_type", 11, "")),
        ("orientation: landscape", "orientation: landscap", ("plan.wrong_page", 8, "landscape")),
        ("paper: A3", "paper: A33", ("plan.wrong_page", 8, "A3")),
        ("page_number: bottom", "page_number: botom", ("plan.wrong_page", 8, "bottom")),
        ("first_number: true", "first_number: maybe", ("definition.wrong_type", 8, "")),
        ("start: 1", "start: -1", ("plan.wrong_page_number", 8, "")),
        ("[20, 20, 30, 15]", "[20, 20, 30]", ("plan.wrong_page_number", 7, "")),
        ("[20, 20, 30, 15]", "[20, 20, 30, 150]", ("plan.wrong_page_number", 7, "")),
        ("[20, 20, 30, 15]", "[20, 20, 30, rộng]", ("definition.wrong_type", 7, "")),
        ("[20, 20, 30, 15]", "20", ("definition.wrong_type", 7, "")),
    ],
)
def test_a_fault_has_its_line_and_the_near_miss(right: str, wrong: str, expected: tuple[str, int, str]) -> None:
    text = HEAD + PAGES + SECTIONS
    assert text.count(right) == 1
    plan, found = load_plan(PATH, forms(), text.replace(right, wrong))
    assert plan is None
    assert [(one.code, one.place.line, one.params.get("near", "")) for one in found] == [expected]


@pytest.mark.parametrize("name", ["so-ket", "tong-ket"])
def test_the_shipped_plans_declare_every_section_of_their_template(name: str) -> None:
    plan, _ = load_plan(TEMPLATES / "reports" / f"{name}.yaml", forms())
    assert plan is not None
    body, *annexes = plan.sections
    assert body.begins == "", "the body begins with the kind of the document, which its author may change"
    assert all(one.begins.startswith("Phụ lục ") and one.page.start == 1 and one.header_rows for one in annexes)
    assert all(one.page.page_number == "top" and not one.page.first_number for one in plan.sections)
