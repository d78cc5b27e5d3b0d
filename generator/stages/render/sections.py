"""Sections of a report against those that its plan declares: none lost, none turned, none without its page number.

In:   the tree of a document or of its template, the plan. Out: an issue for each difference, with the section it is in.
Imports definitions.plans, office.sections, issues.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.definitions.plans import ReportPlan
from generator.definitions.plans_sections import EDGES, SectionSpec
from generator.issues import Issue, Place, issue
from generator.office.package import Package
from generator.office.sections import SectionFound, sections_of
from generator.office.wordpart import Element

_NEAR_MM = 1.0
_EDGES = dict(zip(EDGES, ("lề trên", "lề dưới", "lề trái", "lề phải"), strict=True))
_NUMBERS = {"top": "ở lề trên", "bottom": "ở lề dưới", "none": "không có"}


def check_sections(root: Element, package: Package, plan: ReportPlan, file: str) -> list[Issue]:
    """Every way in which the sections differ from the plan; nothing where the plan declares none.

    Codes: report.section_lost when there are more or fewer of them or an annex does not begin one, then nothing else
    is judged; report.section_differs.
    """
    if not plan.sections:
        return []
    found = sections_of(root, package)
    missing = [one.begins for one in plan.sections if one.begins and not any(_begins(one, other) for other in found)]
    if missing or len(found) != len(plan.sections):
        told = {"found": len(found), "wanted": len(plan.sections), "missing": ", ".join(missing), "plan": plan.file}
        return [issue("report.section_lost", Place(file), **told)]
    return [
        issue("report.section_differs", _place(file, at, spec), what=what, found=seen, wanted=wanted, plan=plan.file)
        for at, (spec, other) in enumerate(zip(plan.sections, found, strict=True), start=1)
        for what, seen, wanted in _differences(spec, other)
    ]


def _begins(spec: SectionSpec, found: SectionFound) -> bool:
    return found.begins == spec.begins


def _place(file: str, at: int, spec: SectionSpec) -> Place:
    return Place(file, spot=f"phần {at} ({spec.begins})" if spec.begins else f"phần {at}")


def _differences(spec: SectionSpec, found: SectionFound) -> Iterator[tuple[str, str, str]]:
    """What differs, as it is, as it is declared."""
    page = spec.page
    width, height = page.size()
    if spec.begins and not _begins(spec, found):
        yield "dòng đầu", f"“{found.begins[:60]}”", f"“{spec.begins}”"
    if abs(found.width - width) > _NEAR_MM or abs(found.height - height) > _NEAR_MM:
        yield "khổ giấy", f"{found.width:.0f} x {found.height:.0f} mm", f"{width} x {height} mm"
    for edge, wide, wanted in zip(EDGES, found.margins, page.margins, strict=False):
        if abs(wide - wanted) > _NEAR_MM:
            yield _EDGES[edge], f"{wide:.0f} mm", f"{wanted} mm"
    if found.number != page.page_number:
        yield "số trang", _NUMBERS[found.number], _NUMBERS[page.page_number]
    if found.first_number != (page.first_number and page.page_number != "none"):
        yield "số trang ở trang đầu", *_yes_or_no(found.first_number)
    if found.start != page.start:
        yield "trang đầu", _begun(found.start), _begun(page.start)
    yield from _tables(spec, found.header_rows)


def _tables(spec: SectionSpec, rows: Sequence[int]) -> Iterator[tuple[str, str, str]]:
    for number, repeated in enumerate(rows, start=1):
        if repeated < spec.header_rows:
            what = f"số dòng tiêu đề lặp lại của bảng {number} trong phần"
            yield what, str(repeated), f"ít nhất {spec.header_rows}"


def _yes_or_no(found: bool) -> tuple[str, str]:
    return ("có", "không có") if found else ("không có", "có")


def _begun(start: int) -> str:
    return f"đánh số từ {start}" if start else "đánh số nối tiếp phần trước"
