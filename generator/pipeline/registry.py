"""Registry: the board's workbook -> Registry, and the first workbook made from the reviewed CSV files.

In:   inputs/registry.xlsx, or templates/registry/*.csv; the form DM-01 in templates/forms/registry.yaml.
Out:  Registry, issues with sheet and cell; workbook bytes. Written and read with the machinery of every form.
Imports definitions.load, stages blank, read, normalise, validate, pipeline.registry_checks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Form
from generator.definitions.load import load_forms, shown_path
from generator.definitions.returned import Neighbours, Returned, Row
from generator.definitions.schema import nearest
from generator.issues import Issue, Place, has_errors, issue
from generator.model import (
    Assignment,
    Campaign,
    Event,
    EventKind,
    LegalBasis,
    Partner,
    Registry,
    Scalar,
    Setting,
)
from generator.pipeline.registry_checks import FIRST, LAST, SPLIT, Found, Rows, check, text_of
from generator.pipeline.workspace import Workspace
from generator.stages.normalise import normalise
from generator.stages.read import read
from generator.stages.validate import validate

REGISTRY_FORM = "DM-01"
AREAS: Mapping[str, str] = {"1": "I", "2": "II", "3": "III"}
"""Khu vực by its code in the list of choices."""

_EVENT_KINDS = frozenset(EventKind)


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
    faults = [*found, *faults, *validate(returned, form, Neighbours(FIRST, LAST))]
    registry, wrong = registry_of(returned, form, forms)
    faults += wrong
    return (None if has_errors(faults) else registry), faults


def registry_of(returned: Returned, form: Form, forms: Mapping[str, Form]) -> tuple[Registry, list[Issue]]:
    """The records of every row that is complete, and what contradicts itself; `forms` are those that may be owed."""
    rows = Rows(returned, form)
    found = Found(
        list(_partners(rows)),
        list(_assignments(rows)),
        list(_events(rows)),
        list(_campaigns(rows, forms)),
        list(_legal_bases(rows)),
        list(_settings(rows)),
    )
    check(rows, found, {code: one.role for code, one in forms.items()})
    registry = Registry(
        partners=tuple(record for _, record in found.partners),
        assignments=tuple(record for _, record in found.assignments),
        campaigns=tuple(record for _, record in found.campaigns),
        legal_bases=tuple(record for _, record in found.legal_bases),
        settings=tuple(record for _, record in found.settings),
        events=tuple(record for _, record in found.events),
    )
    return registry, rows.issues


def _yes_or_no(answers: Row, code: str) -> bool | None:
    said = answers[code].value if code in answers else None
    return said if isinstance(said, bool) else None


def _partners(rows: Rows) -> Iterator[tuple[int, Partner]]:
    for row, answers in rows.returned.rows("partners").items():
        since, until = rows.span("partners", row, answers)
        code = text_of(answers, "ma")
        rows.code("partners.ma", row, code)
        rows.mail("partners.thu_dien_tu", row, text_of(answers, "thu_dien_tu"))
        for said, day in (("khu_vuc", "khu_vuc_tu_ngay"), ("dbkk", "dbkk_tu_ngay")):
            rows.known_since(row, answers, said, day, until)
        if not code or not text_of(answers, "ten"):
            continue
        yield (
            row,
            Partner(
                code=code,
                name=text_of(answers, "ten"),
                kind=text_of(answers, "loai"),
                gives=_yes_or_no(answers, "giup_do") is True,
                receives=_yes_or_no(answers, "nhan") is True,
                district=text_of(answers, "huyen"),
                since=since,
                until=until,
                email=text_of(answers, "thu_dien_tu"),
                contact=text_of(answers, "lien_he"),
                statistics_code=text_of(answers, "ma_thong_ke"),
                area=AREAS.get(text_of(answers, "khu_vuc"), ""),
                hard=_yes_or_no(answers, "dbkk"),
            ),
        )


def _assignments(rows: Rows) -> Iterator[tuple[int, Assignment]]:
    for row, answers in rows.returned.rows("assignments").items():
        since, until = rows.span("assignments", row, answers)
        giver, receiver = text_of(answers, "don_vi"), text_of(answers, "xa")
        if giver and receiver:
            yield row, Assignment(giver, receiver, since, until, text_of(answers, "quyet_dinh"))


def _events(rows: Rows) -> Iterator[tuple[int, Event]]:
    for row, answers in rows.returned.rows("events").items():
        day, kind = rows.day("events", row, answers, "ngay"), text_of(answers, "loai")
        sources = tuple(dict.fromkeys(filter(None, SPLIT.split(text_of(answers, "tu_ma")))))
        target = text_of(answers, "den_ma")
        for path, codes in (("events.tu_ma", sources), ("events.den_ma", (target,))):
            for code in codes:
                rows.code(path, row, code)
        if day and kind in _EVENT_KINDS:
            yield row, Event(day, EventKind(kind), sources, target, text_of(answers, "van_ban"))


def _campaigns(rows: Rows, forms: Mapping[str, Form]) -> Iterator[tuple[int, Campaign]]:
    owed = [code for code, form in forms.items() if form.role]
    for row, answers in rows.returned.rows("campaigns").items():
        start, end = rows.span("campaigns", row, answers)
        deadline = rows.day("campaigns", row, answers, "han_gui")
        extended = rows.day("campaigns", row, answers, "gia_han")
        rows.mail("campaigns.noi_gui", row, text_of(answers, "noi_gui"))
        codes = tuple(filter(None, SPLIT.split(text_of(answers, "bieu"))))
        for code in codes:
            if code not in owed:
                known = {"near": nearest(code, owed), "known": ", ".join(owed)}
                rows.fault("registry.unknown_form", "campaigns.bieu", row, value=code, **known)
        year = answers["nam"].value if "nam" in answers else None
        if not (isinstance(year, int) and start and end and deadline):
            continue
        yield row, Campaign(year, start, end, deadline, text_of(answers, "noi_gui"), codes, extended)


def _legal_bases(rows: Rows) -> Iterator[tuple[int, LegalBasis]]:
    kinds = {choice.code: choice.label for choice in rows.form.choices.get("loai_van_ban", ())}
    for row, answers in rows.returned.rows("documents").items():
        since, until = rows.span("documents", row, answers)
        issued = rows.day("documents", row, answers, "ngay_ban_hanh")
        number, kind = text_of(answers, "so_ky_hieu"), text_of(answers, "loai")
        if issued and number:
            body, subject = text_of(answers, "co_quan"), text_of(answers, "trich_yeu")
            yield row, LegalBasis(number, issued, body, subject, kinds.get(kind, kind), since or issued, until)


def _settings(rows: Rows) -> Iterator[tuple[int, Setting]]:
    for row, answers in rows.returned.rows("settings").items():
        since = rows.day("settings", row, answers, "tu_ngay")
        if name := text_of(answers, "ten"):
            yield row, Setting(name, text_of(answers, "gia_tri"), since)


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
