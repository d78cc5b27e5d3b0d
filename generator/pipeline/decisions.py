"""Decisions: the board's own workbook of rulings -> Decision records, and the empty workbook to write them in.

In:   inputs/<year>/quyet-dinh.xlsx, the form QD-01, the registry. Out: decisions in the order of their rows, issues.
Imports definitions, model; the stages blank, read, normalise, validate, obligations; pipeline.workspace, rulings.
A row with an error is told and decides nothing. What a row means for a delivery is found in `rulings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from generator.definitions.forms import Form
from generator.definitions.load import load_forms
from generator.definitions.returned import Neighbours, Returned, Row
from generator.definitions.schema import nearest
from generator.issues import Issue, Place, Severity, has_errors, issue
from generator.model import Campaign, Decision, Registry, Ruling
from generator.office.workbook.address import address, parse_address
from generator.pipeline.rulings import decisions_file, opposed
from generator.pipeline.workspace import Workspace, unusable
from generator.stages.normalise import normalise
from generator.stages.obligations import ROLES, campaign_of, obligations
from generator.stages.read import read
from generator.stages.validate import validate
from generator.vietnamese.dates import format_date

DECISIONS_FORM = "QD-01"
TABLE = "quyet_dinh"

_USES: Mapping[Ruling, frozenset[str]] = {
    Ruling.ACCEPT: frozenset({"lan", "trang", "o"}),
    Ruling.CORRECT: frozenset({"lan", "trang", "o", "gia_tri_moi"}),
    Ruling.EXEMPT: frozenset(),
    Ruling.EXTEND: frozenset({"han_moi"}),
}
"""What each ruling needs beyond partner, form, reason, by whom and day."""

_FULL_DATE = 10
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)


def load_decisions(workspace: Workspace, year: int, registry: Registry) -> tuple[tuple[Decision, ...], list[Issue]]:
    """The decisions of a year in the order of their rows, and what is wrong with them; none without a workbook.

    UnusableError when the workbook is there and the disk refuses it: without it the year would stand otherwise.
    """
    path = decisions_file(workspace, year)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return (), []
    except OSError as error:
        raise unusable(error, path) from error
    forms, _ = load_forms(workspace.templates / "forms")
    return read_decisions(content, workspace.relative(path), year, registry, forms)


def read_decisions(
    content: bytes, file: str, year: int, registry: Registry, forms: Mapping[str, Form]
) -> tuple[tuple[Decision, ...], list[Issue]]:
    """The decisions in a workbook's bytes; `forms` holds QD-01 and every form that may be owed."""
    campaign, form = campaign_of(registry, year), forms.get(DECISIONS_FORM)
    if form is None or campaign is None:
        return (), [issue("decision.no_form", Place(file), form=DECISIONS_FORM)] if form is None else []
    raw, found = read(content, file, {DECISIONS_FORM: form})
    if raw is None or has_errors(found):
        return (), found
    returned, faults = normalise(raw, form, {}, file, year)
    faults = [*found, *faults, *validate(returned, form, Neighbours(_FIRST, _LAST))]
    roles = {**ROLES, **{code: one.role for code, one in forms.items()}}
    owed = {(one.form, one.partner.code) for one in obligations(registry, year, roles=roles)}
    rows = _Rows(returned, form, campaign, {one.code for one in registry.partners}, owed, faults)
    decisions = list(_decisions(rows, year))
    told, stands = opposed(decisions)
    return tuple(stands), [*rows.issues, *told]


@dataclass(slots=True)
class _Rows:
    """The rows of the workbook while they become decisions, and what is wrong with them."""

    returned: Returned
    form: Form
    campaign: Campaign
    partners: set[str]
    owed: set[tuple[str, str]]
    issues: list[Issue] = field(default_factory=list)

    def fault(self, code: str, column: str, row: int, **params: object) -> None:
        """Notes an issue at a cell of a row."""
        self.issues.append(issue(code, self.place(column, row), **params))

    def place(self, column: str, row: int) -> Place:
        """The cell of a column in a row."""
        return self.returned.place(f"{TABLE}.{column}", row)

    def label(self, column: str) -> str:
        """What the officer calls the column."""
        asked = self.form.field(f"{TABLE}.{column}")
        return asked.label if asked else column

    def day(self, row: int, answers: Row, column: str) -> date | None:
        """A day; None where the cell is empty or names no single day (noted)."""
        iso = _text(answers, column)
        if len(iso) == _FULL_DATE:
            return date.fromisoformat(iso)
        if iso:
            self.fault("decision.not_a_day", column, row, value=answers[column].raw)
        return None


def _text(answers: Row, code: str) -> str:
    found = answers.get(code)
    return str(found.value) if found and found.value is not None else ""


def _decisions(rows: _Rows, year: int) -> Iterator[Decision]:
    """The rows in which nothing is wrong."""
    wrong = _rows_with_errors(rows)
    for row, answers in sorted(rows.returned.rows(TABLE).items()):
        if row in wrong:
            continue
        before = len(rows.issues)
        decision = _decision(rows, row, answers, year)
        if decision is not None:
            _check(rows, row, decision, answers)
        if decision is not None and not has_errors(rows.issues[before:]):
            yield decision


def _rows_with_errors(rows: _Rows) -> set[int]:
    """Numbers of the rows that reading or the rules of the form found an error in."""
    table = rows.returned.layout.tables.get(TABLE)
    cells = [one.place.cell for one in rows.issues if one.severity is Severity.ERROR and one.place.cell]
    return {parse_address(cell).row - table.above for cell in cells} if table else set()


def _decision(rows: _Rows, row: int, answers: Row, year: int) -> Decision | None:
    day, due = rows.day(row, answers, "ngay"), rows.day(row, answers, "han_moi")
    kind, revision = _text(answers, "quyet_dinh"), answers["lan"].value if "lan" in answers else 0
    if day is None or not kind:
        return None
    return Decision(
        year=year,
        form=_text(answers, "bieu").upper(),
        partner=_text(answers, "don_vi").upper(),
        ruling=Ruling(kind),
        reason=_text(answers, "ly_do"),
        by=_text(answers, "nguoi_quyet_dinh"),
        day=day,
        place=str(rows.place("quyet_dinh", row)),
        revision=revision if isinstance(revision, int) else 0,
        sheet=_text(answers, "trang"),
        cell=_address(_text(answers, "o")),
        value=_text(answers, "gia_tri_moi"),
        due=due,
    )


def _address(written: str) -> str:
    """The address as it is kept, "$k$15" as K15; what is none stays as it is."""
    try:
        return address(*parse_address(written.replace(" ", "")))
    except ValueError:
        return written


def _check(rows: _Rows, row: int, decision: Decision, answers: Row) -> None:
    """Notes what is wrong with a decision that stands alone."""
    partner, form, year = decision.partner, decision.form, decision.year
    if partner not in rows.partners:
        rows.fault("decision.unknown_partner", "don_vi", row, value=partner, near=nearest(partner, rows.partners))
    elif form not in rows.campaign.forms:
        rows.fault("decision.unknown_form", "bieu", row, value=form, year=year, known=", ".join(rows.campaign.forms))
    elif (form, partner) not in rows.owed:
        rows.fault("decision.owes_nothing", "don_vi", row, value=partner, form=form, year=year)
    if decision.ruling in (Ruling.ACCEPT, Ruling.CORRECT):
        _check_cell(rows, row, decision)
    if decision.ruling is Ruling.EXTEND:
        _check_due(rows, row, decision, answers)
    _check_unused(rows, row, decision, answers)


def _check_cell(rows: _Rows, row: int, decision: Decision) -> None:
    ruling, corrects = _label_of(rows, decision), decision.ruling is Ruling.CORRECT
    if not (decision.sheet and decision.cell) and (corrects or decision.sheet or decision.cell):
        rows.fault("decision.no_cell", "trang" if decision.cell else "o", row, ruling=ruling)
    elif decision.cell and not _is_address(decision.cell):
        rows.fault("decision.bad_cell", "o", row, value=decision.cell)
    elif corrects and not decision.value:
        rows.fault("decision.no_value", "gia_tri_moi", row, cell=decision.cell)


def _check_due(rows: _Rows, row: int, decision: Decision, answers: Row) -> None:
    general = rows.campaign.due
    if decision.due is None:
        if "han_moi" not in answers:
            rows.fault("decision.no_due", "han_moi", row, value=decision.partner)
    elif decision.due <= general:
        shown = format_date(decision.due.isoformat()), format_date(general.isoformat())
        rows.fault("decision.due_early", "han_moi", row, value=shown[0], due=shown[1])


def _check_unused(rows: _Rows, row: int, decision: Decision, answers: Row) -> None:
    """Nothing that an officer typed is passed over in silence."""
    for column in ("lan", "trang", "o", "gia_tri_moi", "han_moi"):
        if column in answers and column not in _USES[decision.ruling]:
            told = {"ruling": _label_of(rows, decision), "field": rows.label(column), "value": answers[column].raw}
            rows.fault("decision.not_used", column, row, **told)


def _is_address(text: str) -> bool:
    try:
        parse_address(text)
    except ValueError:
        return False
    return True


def _label_of(rows: _Rows, decision: Decision) -> str:
    return next((one.label for one in rows.form.choices[TABLE] if one.code == decision.ruling), decision.ruling)


def decisions_workbook(form: Form) -> bytes:
    """The empty workbook of decisions; the same bytes every time."""
    from generator.stages.blank import compile_blank  # noqa: PLC0415  openpyxl is slow to import, reading needs none

    return compile_blank(form, {}, None).fill({})
