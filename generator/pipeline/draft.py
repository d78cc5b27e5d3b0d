"""Draft: a report -> the same document with a Word comment beside each figure that says where it comes from.

In:   what a report is made of, and the sentences of issues. Out: Made, under a name of its own: its text is that of the
      report to the letter, and the report itself is not touched.
Imports pipeline.report, tracing, draft_places and draft_notes, the stages register and trace, office.comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from generator.definitions.forms import Form
from generator.definitions.messages import Messages
from generator.definitions.plans import STATES, ReportPlan, reference
from generator.definitions.reasons import EXPLAINED
from generator.issues import CODES, Issue, Place, Severity
from generator.model import Registry
from generator.office.comment import Remark, commented
from generator.pipeline.draft_notes import Known, doubts, note
from generator.pipeline.draft_places import Places, places
from generator.pipeline.report import make_report
from generator.pipeline.report_content import names_on
from generator.pipeline.report_files import Made
from generator.pipeline.report_period import Period
from generator.pipeline.tracing import known_of, sources_of
from generator.pipeline.workspace import Workspace
from generator.stages.figures import Standing, State
from generator.stages.register.database import Register
from generator.stages.trace import parts_of

SUFFIX = "-du-thao"
SOURCE, REVIEW = "Nguồn số liệu", "Cần xem lại"
"""Authors of the comments: Word gives each a colour of its own, and can hide the comments of one."""
MOST_NAMED = 8
"""Units without a counted return that are named for each state; the annex on reporting lists all."""

ACCEPTED = "decision.accepted"
_COUNTED_OF = ("so_don_vi_da_bao_cao", "so_don_vi")
"""The figures beside which it is said who has not reported."""
_STATES = {State.MISSING: "chưa gửi", State.WAITING: "chờ chỉnh sửa"}


def make_draft(
    messages: Messages,
    workspace: Workspace,
    period: Period,
    registry: Registry,
    forms: Mapping[str, Form],
    register: Register,
) -> Made:
    """The draft of a period's report. RefusedError as `make_report`."""
    made = make_report(workspace, period, registry, forms, register, marked=True)
    there = places(made.rendered.lines)
    name = made.name.removesuffix(".docx") + f"{SUFFIX}.docx"
    figures = {one.figure.code: one for one in known_of(made).figures}
    wanted = [figures[code] for code in dict.fromkeys(one.mark.name for one in there.figures)]
    known = Known(
        target=_target(workspace, period, name),
        figures=parts_of(wanted, figures.values()) | {one.figure.code: one for one in wanted},
        sources=sources_of(register, wanted),
        names=_names(registry, period, forms),
        columns=dict(_columns(made.definition.plan, forms)),
        warned=_warned(register, period, messages),
        waiting=frozenset(_waiting(made)),
        incomparable=_incomparable(made, forms),
        members=dict(_members(made)),
    )
    remarks = [*_remarks(made, there, messages), *_notes(there, known)]
    content = commented(made.rendered.content, remarks, author=SOURCE, day=None)
    return replace(made, name=name, rendered=replace(made.rendered, content=content))


# --- what the comments are told from --------------------------------------------------------


def _target(workspace: Workspace, period: Period, name: str) -> str:
    """What `trace` must be asked to answer of these figures: of another map only the document itself knows."""
    if period.map_date == period.end:
        return period.name
    return workspace.relative(workspace.outputs / period.name / name)


def _names(registry: Registry, period: Period, forms: Mapping[str, Form]) -> dict[str, str]:
    """Partners and choices by code; a code that means this here and that there is left as it is."""
    labels: dict[str, set[str]] = {}
    for choice in (one for form in forms.values() for choices in form.choices.values() for one in choices):
        labels.setdefault(choice.code, set()).add(choice.label)
    choices = {code: next(iter(told)) for code, told in labels.items() if len(told) == 1}
    return {**choices, **names_on(registry, period)}


def _columns(plan: ReportPlan, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    for spec in plan.figures:
        asked = forms[spec.form].field(f"{spec.table}.{spec.column}" if spec.table else spec.column)
        if asked is not None:
            yield spec.code, asked.label


def _warned(register: Register, period: Period, messages: Messages) -> dict[tuple[str, str, str], list[str]]:
    """Warnings that stand in returns that count, and faults that were accepted, by file, sheet and cell."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for year in period.read:
        # Of a return that counts while a later one waits nothing is known here but its own block.
        counted = [
            one.counted_sequence
            for one in register.states(year)
            if one.counted and (one.warnings or one.counted_sequence != one.sequence)
        ]
        for details in register.details(counted).values():
            accepting = [one for one in details.issues if one.code == ACCEPTED]
            for one in details.issues:
                # A fault that an officer accepted is a note now: no other note was ever more than one.
                let_in = one.severity is Severity.NOTE and CODES[one.code] is not Severity.NOTE
                if one.place.cell and one.code != ACCEPTED and (let_in or one.severity is Severity.WARNING):
                    key = (one.place.file, one.place.sheet, one.place.cell)
                    told = messages.sentence(one) + (_accepted(one.place, accepting) if let_in else _explained(one))
                    found.setdefault(key, []).append(told)
    return found


def _explained(one: Issue) -> str:
    reason = one.params.get(EXPLAINED, "")
    return f" Nơi gửi giải thích: “{reason}”." if reason else ""


def _accepted(place: Place, accepting: Sequence[Issue]) -> str:
    """By which decision: on this cell, else on the whole return."""
    of_cell = [one for one in accepting if (one.place.sheet, one.place.cell) == (place.sheet, place.cell)]
    for one in [*of_cell, *(one for one in accepting if not one.place.cell)]:
        return f" Đã chấp nhận theo quyết định: {one.params['reason']} ({one.params['place']})."
    return ""


def _waiting(made: Made) -> Iterator[tuple[str, str, str]]:
    for (form, year), standings in made.standings.items():
        yield from ((form, str(year), one.obligation.partner.code) for one in standings if one.pending)


def _members(made: Made) -> Iterator[tuple[str, list[str]]]:
    """By code of a figure that counts obligations in a state: whom it counts, in the last year."""
    plan = made.definition.plan
    counted = [(code, plan.form, state) for state, code in STATES.items()]
    counted += [(one.code, one.form, one.state) for one in plan.states if not one.by]
    values = {figure.code: figure.value for figure in made.figures}
    for code, form, state in counted:
        standings = made.standings.get((form, made.period.last), ())
        names = [one.obligation.partner.name for one in standings if one.state == state]
        # A state in another year, or one that holds several others, has no list of its own here.
        if 0 < len(names) == values.get(code):
            yield code, names


def _incomparable(made: Made, forms: Mapping[str, Form]) -> dict[str, list[str]]:
    """By code of the figures of both sides of a comparison whose series is broken: why."""
    found: dict[str, list[str]] = {}
    for one in made.definition.plan.comparisons:
        asked = forms[one.series_form].field(one.series) if one.series else None
        groups = [
            code.partition("[")[2].removesuffix("]") for code in made.broken if code.partition("[")[0] == one.code
        ]
        for group in sorted(groups):
            for side in (reference(one.current, made.period.years), reference(one.previous, made.period.years)):
                if side is not None and asked is not None:
                    code = side.group(*([group] if group else []))
                    found.setdefault(code, []).append(f"các báo cáo không trả lời giống nhau câu “{asked.label}”")
    return found


# --- the comments ---------------------------------------------------------------------------


def _notes(there: Places, known: Known) -> Iterator[Remark]:
    """A comment beside each printing of a figure; where something is doubtful it has the other colour."""
    told: dict[tuple[str, str], tuple[str, str]] = {}
    for one in there.figures:
        key = (one.mark.name, one.mark.text)
        if key not in told:
            figure = known.figures[one.mark.name]
            told[key] = note(figure, one.mark.text, known), REVIEW if doubts(figure, known) else SOURCE
        text, author = told[key]
        yield Remark(one.line, text, one.span, author)


def _remarks(made: Made, there: Places, messages: Messages) -> Iterator[Remark]:
    """What is missing, and what is left to be done by hand."""
    at = next((one.line for one in there.figures if one.mark.name in _COUNTED_OF), there.title)
    if told := list(_unreported(made)):
        more = f"Xem từng nơi: ketnghia status {made.period.last}"
        yield Remark(at, "\n".join([*told, more]), None, REVIEW)
    placed = {one.mark.name for one in there.unset}
    missing = {one.params["name"]: one for one in made.issues if one.code == "report.no_setting"}
    for name, found in missing.items():
        if name not in placed:
            yield Remark(there.title, _said(found, messages), None, REVIEW)
    for one in there.unset:
        found_here = missing.get(one.mark.name)
        text = _said(found_here, messages) if found_here else UNSIGNED
        yield Remark(one.line, text, one.span, REVIEW)
    labels = dict(_labels(made.definition.plan))
    for one in there.untold:
        label = labels.get(one.mark.name.partition("[")[0], one.mark.name)
        yield Remark(one.line, f"Chưa có số liệu: {label}. {NOT_ZERO}", one.span, REVIEW)
    for table in there.empty:
        which = "Ô này" if table.cells == 1 else f"{table.cells} ô “…” của bảng này"
        yield Remark(table.line, f"{which} chưa có số liệu. {NOT_ZERO}", None, REVIEW)
    for line, what in there.by_hand:
        yield Remark(line, f"Còn để trống: {what}.", None, REVIEW)


UNSIGNED = (
    "Chưa có họ tên người ký. Ghi dòng nguoi_ky ở trang Thiết lập của inputs/registry.xlsx rồi lập lại, hoặc ghi tay."
)
NOT_ZERO = "Chưa có báo cáo nào trả lời được tổng hợp; đây không phải là số 0."


def _said(found: Issue, messages: Messages) -> str:
    return f"{messages.sentence(found)}\n{messages.cure(found)}"


def _labels(plan: ReportPlan) -> Iterator[tuple[str, str]]:
    for specs in (plan.figures, plan.states, plan.comparisons, plan.ratios, plan.scaled, plan.shares):
        yield from ((one.code, one.label) for one in specs)


def _unreported(made: Made) -> Iterator[str]:
    """Who owes a form and has no return that counts, a line for each form and year; the last year by names."""
    plan = made.definition.plan
    used = {spec.form for specs in (plan.figures, plan.states, plan.quotes) for spec in specs}
    for (form, year), standings in sorted(made.standings.items()):
        owed = [one for one in standings if one.state is not State.EXEMPT]
        silent = [one for one in owed if not one.counted]
        if silent and form in used and year in made.period.years:
            told = f"{form} năm {year}: chưa tổng hợp {len(silent)}/{len(owed)} nơi"
            yield f"{told}; {_by_state(silent)}." if year == made.period.last else f"{told}."


def _by_state(silent: Sequence[Standing]) -> str:
    told = []
    for state, words in _STATES.items():
        names = [one.obligation.partner.name for one in silent if one.state is state]
        more = f" và {len(names) - MOST_NAMED} nơi khác" if len(names) > MOST_NAMED else ""
        if names:
            told.append(f"{words}: {', '.join(names[:MOST_NAMED])}{more}")
    return "; ".join(told)
