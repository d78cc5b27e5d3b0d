"""Render: figures, listings, quotes and words + a compiled Word template -> the bytes of a document.

In:   what is to be printed, by name; the compiled template. Out: DOCX bytes, and how each figure was printed; for a
      draft also where.
      A document that Word would repair, or with a tag left in it, is refused with the place of the fault.
Imports model, definitions.plans, office.template, office.geometry, vietnamese. Changes nothing, reads no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from generator.definitions.plans import ReportPlan
from generator.definitions.plans_names import COMPARISON_NAMES, ROW_NAMES
from generator.issues import Issue, RefusedError
from generator.office.chart import refilled
from generator.office.geometry import Element, check_geometry
from generator.office.package import open_package
from generator.office.sections import DOCUMENT
from generator.office.table_rows import settle_rows
from generator.office.template import CompiledTemplate
from generator.office.wordpart import BODY
from generator.stages.render.charts import chart_contents
from generator.stages.render.context import NO_NUMBER, Content, context, shown_text
from generator.stages.render.marks import Kind, Line, Mark, Marks
from generator.stages.render.printing import FILTER_NOTES, FILTERS, Filters, filters_in
from generator.stages.render.sections import check_sections
from generator.vietnamese.house import NO_BREAK

__all__ = [
    "COMPARISON_NAMES",
    "FILTERS",
    "FILTER_NOTES",
    "NO_BREAK",
    "NO_NUMBER",
    "ROW_NAMES",
    "Content",
    "Filters",
    "Kind",
    "Line",
    "Mark",
    "Marks",
    "Rendered",
    "check_sections",
    "context",
    "filters_in",
    "render",
    "shown_text",
]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document, and by code of figure every text that it was printed as, in order."""

    content: bytes
    printed: Mapping[str, tuple[str, ...]]
    lines: tuple[Line, ...] = ()
    """The paragraphs of the body with what was marked in them; () for a document that is no draft."""


def render(
    template: CompiledTemplate, content: Content, plan: ReportPlan, file: str, marks: Marks | None = None
) -> tuple[Rendered | None, list[Issue]]:
    """The document, or why it is not written: a name without a value, broken geometry, a tag left.

    Sections that are not as the plan declares them are errors too, yet such a document is written.
    `file` is what places call the document. With `marks` the same document comes with the lines of its body.
    """
    notes: dict[str, list[str]] = {}
    trees: dict[str, Element] = {}
    rendered, issues = template.render(context(content, plan, notes, marks), trees)
    if rendered is None:
        return None, issues
    try:
        rendered = refilled(rendered, chart_contents(plan, content, notes), trees)
    except RefusedError as refused:
        return None, [*issues, *refused.issues]
    package, found = open_package(rendered, file)
    if package is None:
        return None, [*issues, *found]
    if DOCUMENT in trees:
        if settle_rows(trees[DOCUMENT], marks.plain if marks else str):
            whole = etree.tostring(trees[DOCUMENT], encoding="UTF-8", standalone=True)
            rendered = package.replace({DOCUMENT: whole})
        issues += check_sections(trees[DOCUMENT], package, plan, file)
    broken = check_geometry(rendered, file, trees)
    if broken:
        return None, [*issues, *broken]
    printed = {code: tuple(texts) for code, texts in notes.items()}
    if marks is None:
        return Rendered(rendered, printed), issues
    body = next((root for root in trees.values() if root.find(BODY) is not None), None)
    lines = () if body is None else tuple(marks.lines(body))
    return Rendered(marks.without_signs(rendered, trees), printed, lines), issues
