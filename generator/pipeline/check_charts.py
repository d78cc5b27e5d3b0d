"""Check charts: those that are drawn in a Word template against those that its plan names.

In:   the bytes of a template, its plan. Out: every fault, with the place of the chart or the line of the plan.
Imports definitions.plans, office.chart.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.definitions.plans import ReportPlan
from generator.definitions.schema import nearest
from generator.issues import Issue, Place, issue
from generator.office.chart import CHART_NAME, DrawnChart, charts_of


def check_charts(content: bytes, file: str, plan: ReportPlan) -> list[Issue]:
    """What is wrong with the charts of a template that can be opened."""
    drawn, found = charts_of(content, file)
    for one in drawn:
        found += _faults(one, plan)
    shown = {one.code for one in drawn}
    for spec in plan.charts:
        if spec.code not in shown:
            near = nearest(spec.code, [one.code for one in drawn if one.code])
            written = f"{CHART_NAME}.{spec.code}"
            place = Place(plan.file, line=spec.line)
            found.append(issue("report.chart_not_drawn", place, name=spec.code, written=written, near=near, file=file))
    return found


def _faults(one: DrawnChart, plan: ReportPlan) -> Iterator[Issue]:
    known = [spec.code for spec in plan.charts]
    if one.tag:
        yield issue("template.tag_misplaced", one.place, tag=one.tag)
    if not one.code:
        yield issue("report.chart_unnamed", one.place, example=f"{CHART_NAME}.{known[0] if known else 'linh_vuc'}")
        return
    if one.code not in known:
        near = nearest(one.code, known)
        yield issue("report.unknown_chart", one.place, name=one.code, near=near, plan=plan.file)
    if not one.refillable:
        yield issue("report.chart_kind", one.place, name=one.code)
    if one.in_loop:
        yield issue("report.chart_in_loop", one.place, name=one.code)
