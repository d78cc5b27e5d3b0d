"""Registry: the board's workbook -> Registry, and the first workbook made from the reviewed CSV files.

In:   inputs/registry.xlsx, or templates/registry/*.csv; the form DM-01 in templates/forms/registry.yaml.
Out:  Registry, issues with sheet and cell; workbook bytes. Written and read with the machinery of every form.
Imports definitions.load, stages blank, read, normalise, validate.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Form
from generator.definitions.load import load_forms, shown_path
from generator.definitions.returned import Neighbours, Returned, Row
from generator.definitions.rules import PATTERNS
from generator.definitions.schema import nearest
from generator.issues import CODES, Issue, Place, has_errors, issue
from generator.model import (
    Assignment,
    Campaign,
    LegalBasis,
    Partner,
    Registry,
    Scalar,
    Setting,
)
from generator.pipeline.workspace import Workspace
from generator.stages.normalise import normalise
from generator.stages.read import read
from generator.stages.validate import validate

REGISTRY_FORM = "DM-01"
MANY_ROWS = frozenset({"kinh_gui", "noi_nhan", "chuc_vu_ky"})
"""Settings that may have several rows of one date: each is a line."""

_PARTNER_CODE = re.compile(r"[A-Z]{2}-[0-9]{4}")
_SPLIT = re.compile(r"[,;\s]+")
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)
_FULL_DATE = 10


# --- reading ------------------------------------------------------------------------------------


def load_registry(workspace_root: Path) -> tuple[Registry | None, list[Issue]]:
    """The registry of a workspace, or None when it is missing or has an error; all faults with sheet and cell.

    Faults of the forms are not told here: `check` tells them; a fault in DM-01 itself is, for nothing can be read.
    """
    workspace = Workspace(workspace_root)
    forms, form_faults = load_forms(workspace.templates / "forms")
    file = workspace.relative(workspace.registry)
    if REGISTRY_FORM not in forms:
        return None, [*form_faults, issue("registry.no_form", Place(shown_path(workspace.templates / "forms")))]
    try:
        content = workspace.registry.read_bytes()
    except OSError:
        return None, [issue("registry.missing", Place(file))]
    return read_registry(content, file, forms)


def read_registry(content: bytes, file: str, forms: Mapping[str, Form]) -> tuple[Registry | None, list[Issue]]:
    """The registry in a workbook's bytes; `forms` holds DM-01 and every form that a campaign may ask for."""
    form = forms[REGISTRY_FORM]
    raw, found = read(content, file, {REGISTRY_FORM: form})
    if raw is None or has_errors(found):
        return None, found
    returned, faults = normalise(raw, form, {}, file, 0)
    # no rule of DM-01 asks for the period; what is required is checked as in every form
    faults = [*found, *faults, *validate(returned, form, Neighbours(_FIRST, _LAST))]
    registry, wrong = registry_of(returned, form, forms)
    faults += wrong
    return (None if has_errors(faults) else registry), faults


@dataclass(slots=True)
class _Rows:
    """The rows of a registry workbook while they become records, and what is wrong with them."""

    returned: Returned
    form: Form
    issues: list[Issue] = field(default_factory=list)

    def fault(self, code: str, path: str, row: int, **params: str | int) -> None:
        self.issues.append(Issue(code, CODES[code], self.returned.place(path, row), _texts(params)))

    def day(self, table: str, row: int, answers: Row, code: str) -> date | None:
        """A day; None where the cell is empty or names no single day (noted)."""
        iso = _text(answers, code)
        if not iso:
            return None
        if len(iso) == _FULL_DATE:
            return date.fromisoformat(iso)
        self.fault("registry.not_a_day", f"{table}.{code}", row, value=answers[code].raw)
        return None

    def span(self, table: str, row: int, answers: Row) -> tuple[date | None, date | None]:
        """From and to; a span that ends before it begins is noted."""
        since, until = (self.day(table, row, answers, code) for code in ("tu_ngay", "den_ngay"))
        if since and until and since > until:
            self.fault("registry.dates_swapped", f"{table}.den_ngay", row)
        return since, until

    def mail(self, path: str, row: int, written: str) -> None:
        """Notes what cannot be a mail address; several may stand in one cell."""
        pattern, example = PATTERNS["email"]
        for one in filter(None, _SPLIT.split(written)):
            if not pattern.fullmatch(one):
                self.fault("registry.bad_email", path, row, value=one, example=example)


def registry_of(returned: Returned, form: Form, forms: Mapping[str, Form]) -> tuple[Registry, list[Issue]]:
    """The records of every row that is complete, and what contradicts itself; `forms` are those that may be owed."""
    rows = _Rows(returned, form)
    partners = list(_partners(rows))
    assignments = list(_assignments(rows))
    campaigns = list(_campaigns(rows, forms))
    bases = list(_legal_bases(rows))
    settings = list(_settings(rows))
    _check_partners(rows, partners)
    _check_assignments(rows, partners, assignments)
    _check_once(rows, "campaigns.nam", ((row, campaign.year) for row, campaign in campaigns))
    _check_once(rows, "documents.so_ky_hieu", ((row, (basis.number, basis.body)) for row, basis in bases))
    single = ((row, (one.name, one.since)) for row, one in settings if one.name not in MANY_ROWS)
    _check_once(rows, "settings.ten", single)
    registry = Registry(
        tuple(record for _, record in partners),
        tuple(record for _, record in assignments),
        tuple(record for _, record in campaigns),
        tuple(record for _, record in bases),
        tuple(record for _, record in settings),
    )
    return registry, rows.issues


def _texts(params: Mapping[str, str | int]) -> Mapping[str, str]:
    return {name: str(value) for name, value in params.items()}


def _text(answers: Row, code: str) -> str:
    found = answers.get(code)
    return str(found.value) if found and found.value is not None else ""


def _says_yes(answers: Row, code: str) -> bool:
    return code in answers and answers[code].value is True


def _partners(rows: _Rows) -> Iterator[tuple[int, Partner]]:
    for row, answers in rows.returned.rows("partners").items():
        since, until = rows.span("partners", row, answers)
        code = _text(answers, "ma")
        if code and not _PARTNER_CODE.fullmatch(code):
            rows.fault("registry.bad_partner_code", "partners.ma", row, value=code)
        rows.mail("partners.thu_dien_tu", row, _text(answers, "thu_dien_tu"))
        if not code or not _text(answers, "ten"):
            continue
        yield (
            row,
            Partner(
                code=code,
                name=_text(answers, "ten"),
                kind=_text(answers, "loai"),
                gives=_says_yes(answers, "giup_do"),
                receives=_says_yes(answers, "nhan"),
                district=_text(answers, "huyen"),
                since=since,
                until=until,
                email=_text(answers, "thu_dien_tu"),
                contact=_text(answers, "lien_he"),
            ),
        )


def _assignments(rows: _Rows) -> Iterator[tuple[int, Assignment]]:
    for row, answers in rows.returned.rows("assignments").items():
        since, until = rows.span("assignments", row, answers)
        giver, receiver = _text(answers, "don_vi"), _text(answers, "xa")
        if giver and receiver:
            yield row, Assignment(giver, receiver, since, until, _text(answers, "quyet_dinh"))


def _campaigns(rows: _Rows, forms: Mapping[str, Form]) -> Iterator[tuple[int, Campaign]]:
    owed = [code for code, form in forms.items() if form.role]
    for row, answers in rows.returned.rows("campaigns").items():
        start, end = rows.span("campaigns", row, answers)
        deadline = rows.day("campaigns", row, answers, "han_gui")
        rows.mail("campaigns.noi_gui", row, _text(answers, "noi_gui"))
        codes = tuple(filter(None, _SPLIT.split(_text(answers, "bieu"))))
        for code in codes:
            if code not in owed:
                known = {"near": nearest(code, owed), "known": ", ".join(owed)}
                rows.fault("registry.unknown_form", "campaigns.bieu", row, value=code, **known)
        year = answers["nam"].value if "nam" in answers else None
        if not (isinstance(year, int) and start and end and deadline):
            continue
        if end.year != year:
            rows.fault("registry.campaign_year", "campaigns.nam", row, value=year, end=end.strftime("%d/%m/%Y"))
        if not 300 <= (end - start).days + 1 <= 400:
            rows.fault("registry.campaign_length", "campaigns.den_ngay", row, days=(end - start).days + 1)
        if deadline < end:
            rows.fault("registry.deadline_early", "campaigns.han_gui", row)
        yield row, Campaign(year, start, end, deadline, _text(answers, "noi_gui"), codes)


def _legal_bases(rows: _Rows) -> Iterator[tuple[int, LegalBasis]]:
    kinds = {choice.code: choice.label for choice in rows.form.choices.get("loai_van_ban", ())}
    for row, answers in rows.returned.rows("documents").items():
        since, until = rows.span("documents", row, answers)
        issued = rows.day("documents", row, answers, "ngay_ban_hanh")
        number, kind = _text(answers, "so_ky_hieu"), _text(answers, "loai")
        if issued and number:
            body, subject = _text(answers, "co_quan"), _text(answers, "trich_yeu")
            yield row, LegalBasis(number, issued, body, subject, kinds.get(kind, kind), since or issued, until)


def _settings(rows: _Rows) -> Iterator[tuple[int, Setting]]:
    for row, answers in rows.returned.rows("settings").items():
        since = rows.day("settings", row, answers, "tu_ngay")
        if name := _text(answers, "ten"):
            yield row, Setting(name, _text(answers, "gia_tri"), since)


# --- what contradicts itself --------------------------------------------------------------------


def _check_partners(rows: _Rows, partners: list[tuple[int, Partner]]) -> None:
    for key, code, path in (
        (lambda one: one.code, "registry.overlap", "partners.ma"),
        (lambda one: one.name, "registry.same_name", "partners.ten"),
    ):
        _check_overlap(rows, partners, key, code, path)


def _check_overlap(
    rows: _Rows, partners: list[tuple[int, Partner]], key: Callable[[Partner], str], code: str, path: str
) -> None:
    """Notes rows that say the same at the same time: in order of their first days, the latest last day decides."""
    latest: dict[str, tuple[date, int, str]] = {}
    for row, one in sorted(partners, key=lambda found: (found[1].since or _FIRST, found[0])):
        until, first, owner = latest.get(key(one), (date.min, 0, ""))
        if (one.since or _FIRST) <= until and (path == "partners.ma" or owner != one.code):
            rows.fault(code, path, row, value=key(one), first=rows.returned.place(path, first).cell)
        if (one.until or _LAST) > until:
            latest[key(one)] = (one.until or _LAST, row, one.code)


def _check_assignments(
    rows: _Rows, partners: list[tuple[int, Partner]], assignments: list[tuple[int, Assignment]]
) -> None:
    versions: dict[str, list[Partner]] = {}
    for _, partner in partners:
        versions.setdefault(partner.code, []).append(partner)
    for row, one in assignments:
        _check_side(rows, row, "assignments.don_vi", one, one.giver, versions)
        _check_side(rows, row, "assignments.xa", one, one.receiver, versions)
    pairs = ((row, (one.giver, one.receiver, one.since)) for row, one in assignments)
    _check_once(rows, "assignments.don_vi", pairs)


def _check_side(
    rows: _Rows, row: int, path: str, one: Assignment, code: str, versions: Mapping[str, list[Partner]]
) -> None:
    """Giver or receiver of an assignment: known, in its role, and there while the assignment holds."""
    if code not in versions:
        rows.fault("registry.unknown_partner", path, row, value=code, near=nearest(code, versions))
        return
    gives = path == "assignments.don_vi"
    if not any(version.gives if gives else version.receives for version in versions[code]):
        rows.fault("registry.wrong_role", path, row, value=code, role="giúp đỡ" if gives else "nhận")
    for day, end in ((one.since, "tu_ngay"), (one.until, "den_ngay")):
        if day and not any(version.valid_within(day, day) for version in versions[code]):
            shown = {"value": code, "day": day.strftime("%d/%m/%Y")}
            rows.fault("registry.partner_not_valid", f"assignments.{end}", row, **shown)
    if one.until is None and all(version.until for version in versions[code]):
        ended = max(version.until for version in versions[code] if version.until)
        shown = {"value": code, "day": ended.strftime("%d/%m/%Y")}
        rows.fault("registry.assignment_open", "assignments.den_ngay", row, **shown)


def _check_once(rows: _Rows, path: str, keys: Iterator[tuple[int, object]]) -> None:
    """Notes a row whose key an earlier row has."""
    seen: dict[object, int] = {}
    for row, key in keys:
        if (first := seen.setdefault(key, row)) != row:
            rows.fault("registry.twice", path, row, first=rows.returned.place(path, first).cell)


# --- writing the first one ----------------------------------------------------------------------


def registry_workbook(forms: Mapping[str, Form], folder: Path) -> tuple[bytes, list[Issue]]:
    """The registry workbook with what the CSV files of a folder say; a CSV that cannot be used is an issue."""
    from generator.stages.blank import compile_blank  # noqa: PLC0415  openpyxl is slow to import, reading needs none

    form = forms[REGISTRY_FORM]
    answers: dict[tuple[str, int, str], Scalar] = {}
    found: list[Issue] = []
    for sheet in form.sheets:
        path = folder / f"{sheet.code}.csv"
        if sheet.table and path.is_file():
            found += _take_csv(path, form, sheet.code, answers)
    return compile_blank(form, {}, None).fill({}, answers), found


def _take_csv(path: Path, form: Form, table: str, answers: dict[tuple[str, int, str], Scalar]) -> list[Issue]:
    """Adds the typed values of a CSV file; its header holds the codes of the table's columns."""
    file = shown_path(path)
    try:
        lines = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return [issue("registry.bad_csv", Place(file))]
    found: list[Issue] = []
    # strict=False lets csv read whatever it is given; a row that does not fit its header is an issue below
    reader = csv.DictReader(io.StringIO(lines, newline=""), restkey="", restval="")
    for number, written in enumerate(reader, start=1):
        for code, text in written.items():
            column = form.field(f"{table}.{code}") if code else None
            if column is None:
                found.append(issue("registry.csv_column", Place(file, line=reader.line_num), value=code or str(text)))
            elif text:
                choices = form.choices.get(column.choices, ())
                reading = FIELD_TYPES[column.type].parse(text, column, choices)
                answers[table, number, column.code] = reading.value
                if reading.issue:
                    place = Place(file, line=reader.line_num)
                    found.append(issue(reading.issue, place, field=column.label, **reading.params))
    return found
