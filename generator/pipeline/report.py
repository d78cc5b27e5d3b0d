"""Report: the register -> an official document and its manifest, of a year or of several years.

In:   a workspace and a Period. Out: outputs/<period>/<document>.docx and beside it <document>.manifest.json, byte for
      byte the same on every run.
Imports the stages figures, render and register, and the pipeline's parts of a report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from generator.definitions.forms import Form
from generator.definitions.plans import PERIODS, ReportPlan
from generator.issues import Issue, Place, RefusedError, issue
from generator.model import Registry
from generator.pipeline.check_reports import ReportDefinition, load_report
from generator.pipeline.house import REPORT, House, house_of
from generator.pipeline.intake import refreshed
from generator.pipeline.judging import judge_of, load_forms_or_refuse, load_registry_or_refuse
from generator.pipeline.letterhead import letterhead, unset_words
from generator.pipeline.progress import Progress, silent
from generator.pipeline.report_content import communes_of, directory, gather, silences
from generator.pipeline.report_files import Made, Written, with_properties, write_report
from generator.pipeline.report_period import Period, year_period, years_period
from generator.pipeline.report_words import SUMMARIES, Words, report_words
from generator.pipeline.workspace import Workspace
from generator.stages.figures import broken_series, figures, listing_rows, standing_rows, unreported
from generator.stages.register.database import Register
from generator.stages.render import Content, Marks, Rendered, render

__all__ = ["Maker", "Written", "make_report", "report_year", "report_years"]


Maker = Callable[[Workspace, Period, Registry, Mapping[str, Form], Register], Made]
"""What makes the document of a period: `make_report`, or `draft.make_draft`."""


def report_year(
    workspace: Workspace,
    year: int,
    progress: Progress = silent,
    map_date: date | None = None,
    make: Maker | None = None,
) -> Written:
    """The year-end report made from the register, brought up to date first, and written.

    RefusedError when the year has no campaign, the map date makes no sense, templates or registry have a fault, or
    the document would be broken.
    """
    return _report(workspace, lambda registry: year_period(registry, year, map_date), progress, make or make_report)


def report_years(
    workspace: Workspace,
    first: int,
    last: int,
    progress: Progress = silent,
    map_date: date | None = None,
    make: Maker | None = None,
) -> Written:
    """The summary of all years from the first to the last, as `report_year`."""
    return _report(
        workspace, lambda registry: years_period(registry, first, last, map_date), progress, make or make_report
    )


def _report(workspace: Workspace, period_of: Callable[[Registry], Period], progress: Progress, make: Maker) -> Written:
    registry = load_registry_or_refuse(workspace)
    period = period_of(registry)
    judge = judge_of(workspace, registry)
    forms = load_forms_or_refuse(workspace)
    register, issues = refreshed(workspace, judge=judge, progress=progress)
    with register:
        made = make(workspace, period, registry, forms, register)
    written = write_report(workspace, made)
    return replace(written, issues=(*issues, *written.issues))


def make_report(
    workspace: Workspace,
    period: Period,
    registry: Registry,
    forms: Mapping[str, Form],
    register: Register,
    *,
    marked: bool = False,
) -> Made:
    """The report of a period; `marked`: also where each figure stands. RefusedError with all faults of making it."""
    ours = house_of(workspace.root, REPORT, registry, period.end)
    forms = ours.words(forms)
    definition, found = _definition(workspace, period, forms, ours)
    plan = definition.plan
    gathered = gather(workspace, period, registry, forms, register, plan)
    standings = gathered.standings.get((plan.form, period.last), ())
    quiet = silences(workspace, period, registry, forms, register, plan.form)
    told = report_words(registry, period, quiet, ours.style)
    words, missing = letterhead(registry, period, standings, ours.style, illustrative=workspace.illustrative)
    marks = Marks(unset_words(words, missing)) if marked else None
    made = [
        *figures(gathered.dataset, plan, forms, period.years, gathered.standings),
        *gathered.quotes.figures(),
        *gathered.one_sided.figures(),
        *gathered.told_again.figures(gathered.dataset.left_out),
        *told.figures,
    ]
    known = directory(registry, period)
    content = Content(
        figures=made,
        listings={
            one.code: listing_rows(one, plan, forms, made, period.years, gathered.standings, known)
            for one in plan.listings
        },
        quotes=gathered.quotes.texts(),
        words={**(told.marked(marks) if marks else told).words, **words},
        communes=communes_of(registry, period),
        standings={
            one.code: standing_rows(one, gathered.standings, period.years, known) for one in plan.standing_lists
        },
        broken=broken_series(gathered.dataset, plan, period.years),
        unreported=unreported(plan, forms, period.years, gathered.standings, made),
    )
    name = plan.output_name(period.years)
    rendered, faults = render(definition.template, content, plan, name, marks)
    if rendered is None:
        raise RefusedError(*faults)
    document = with_properties(rendered.content, _title(plan, period), str(words["ten_co_quan"]), period.end)
    return Made(
        definition,
        period,
        name,
        Rendered(document, {**rendered.printed, **_in_sentences(told, definition)}, rendered.lines),
        tuple(made),
        gathered.sources,
        (*found, *missing, *faults),
        gathered.dataset.left_out,
        gathered.standings,
        content.broken,
    )


def _title(plan: ReportPlan, period: Period) -> str:
    return f"{plan.title} năm {period.last}" if period.single else f"{plan.title} {period.name}"


def _definition(
    workspace: Workspace, period: Period, forms: Mapping[str, Form], ours: House
) -> tuple[ReportDefinition, list[Issue]]:
    definition, found = load_report(workspace.templates / "reports" / f"{period.plan}.yaml", forms, ours)
    if definition is None:
        raise RefusedError(*found)
    if definition.plan.period != (wanted := PERIODS[0] if period.single else PERIODS[1]):
        raise RefusedError(issue("report.wrong_period", Place(definition.plan.file), period=wanted))
    return definition, found


def _in_sentences(told: Words, definition: ReportDefinition) -> dict[str, tuple[str, ...]]:
    """The counts that stand in sentences made here, where the template prints these sentences."""
    if all(one.name != SUMMARIES for one in definition.template.references):
        return {}
    return {code: (text,) for code, text in told.printed.items()}
