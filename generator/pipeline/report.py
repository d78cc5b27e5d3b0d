"""Report: the register of a year -> the official document and its manifest.

In:   a workspace and a year. Out: outputs/YEAR/<document>.docx and beside it <document>.manifest.json, byte for byte
      the same on every run. A document that somebody edited is never overwritten.
Imports definitions, the stages merge, figures, render, register and obligations, pipeline.workspace.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from xml.sax.saxutils import escape

from generator.definitions.forms import Form
from generator.issues import Issue, Place, RefusedError, issue
from generator.model import COUNTED, Campaign, Counted, Figure, Obligation, Registry, Verdict
from generator.office.package import open_package
from generator.pipeline.check_reports import ReportDefinition, load_report
from generator.pipeline.context import assigned, communes, partner_names, roles_of
from generator.pipeline.decisions import load_decisions
from generator.pipeline.intake import refreshed
from generator.pipeline.judging import judge_of, load_forms_or_refuse, load_registry_or_refuse
from generator.pipeline.letterhead import letterhead
from generator.pipeline.progress import Progress, silent
from generator.pipeline.workspace import Workspace, write_atomic
from generator.stages.figures import Quotes, Standing, figures, rows
from generator.stages.merge import Answers, merge_answers
from generator.stages.obligations import campaign_of, obligations
from generator.stages.register.database import Register
from generator.stages.render import Content, Rendered, render
from generator.stages.trace import plain_number

YEAR_REPORT = "so-ket"
MANIFEST_SUFFIX = ".manifest.json"
MOST_COPIES = 1000
"""How many edited documents of one report are stepped round."""

_CORE = "docProps/core.xml"


@dataclass(frozen=True, slots=True)
class Made:
    """A report in memory: the document, its figures, and what it was made from."""

    definition: ReportDefinition
    year: int
    name: str
    rendered: Rendered
    figures: tuple[Figure, ...]
    sources: tuple[tuple[str, str, str], ...]
    """Key, file and hash of every submission that counted."""
    issues: tuple[Issue, ...]
    """Warnings only; an error refuses."""


@dataclass(frozen=True, slots=True)
class Written:
    """Where the report lies, and what is to be said about it."""

    document: Path
    manifest: Path
    made: Made
    issues: tuple[Issue, ...]

    @property
    def path(self) -> Path:
        """The document."""
        return self.document


def report_year(workspace: Workspace, year: int, progress: Progress = silent) -> Written:
    """The year-end report made from the register, brought up to date first, and written.

    RefusedError when the year has no campaign, templates or registry have a fault, or the document would be broken.
    """
    registry = load_registry_or_refuse(workspace)
    judge = judge_of(workspace, registry)
    judge.require(year)
    forms = load_forms_or_refuse(workspace)
    register, issues = refreshed(workspace, judge=judge, progress=progress)
    with register:
        made = make_report(workspace, year, registry, forms, register)
    written = write_report(workspace, made)
    return replace(written, issues=(*issues, *written.issues))


def make_report(
    workspace: Workspace, year: int, registry: Registry, forms: Mapping[str, Form], register: Register
) -> Made:
    """The year-end report. RefusedError with all faults of plan, template or rendering; `registry` has the year."""
    definition, found = load_report(workspace.templates / "reports" / f"{YEAR_REPORT}.yaml", forms)
    campaign = campaign_of(registry, year)
    if definition is None or campaign is None:
        raise RefusedError(*found)
    plan = definition.plan
    names = partner_names(registry, campaign)
    quotes, passed = Quotes(plan, names), _Passed()
    dataset = merge_answers(_both_years(register, year, quotes, passed), registry, forms)
    decisions, _ = load_decisions(workspace, year, registry)  # what is wrong with them the intake tells
    owed = [one for one in obligations(registry, year, decisions, roles_of(forms)) if one.form == plan.form]
    standings = _standings(register, owed, plan.form, year, passed)
    made = figures(dataset, plan, forms, year, standings)
    form = forms[plan.form]
    words, missing = letterhead(registry, campaign, standings, illustrative=workspace.illustrative)
    content = Content(
        figures=made,
        listings={listing.code: rows(listing, form, made, standings, names) for listing in plan.listings},
        quotes=quotes.texts(),
        words=words,
        communes=_communes(registry, campaign),
    )
    name = plan.output.replace("{year}", str(year))
    rendered, faults = render(definition.template, content, plan, name)
    if rendered is None:
        raise RefusedError(*faults)
    finished = Rendered(
        _with_properties(rendered.content, f"{plan.title} năm {year}", str(words["ten_co_quan"]), campaign.end),
        rendered.printed,
    )
    return Made(
        definition, year, name, finished, tuple(made), tuple(sorted(passed.sources)), (*found, *missing, *faults)
    )


def write_report(workspace: Workspace, made: Made) -> Written:
    """Writes document and manifest; beside a document that somebody edited, under a name of its own."""
    folder = workspace.year_outputs(made.year)
    wanted = folder / made.name
    document = _free(wanted, made.rendered.content)
    issues = list(made.issues)
    if document != wanted:
        issues.append(issue("report.edited", Place(workspace.relative(wanted)), written=document.name))
    # The document first: cut short between the two, the next run finds the same bytes and writes the manifest.
    write_atomic(document, made.rendered.content)
    manifest = manifest_of(document)
    write_atomic(manifest, _manifest(made, document.name, workspace))
    return Written(document, manifest, made, tuple(issues))


def manifest_of(document: Path) -> Path:
    """Where the manifest of a document lies."""
    return document.with_name(document.stem + MANIFEST_SUFFIX)


def read_manifest(path: Path) -> dict[str, object] | None:
    """The manifest, or None where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


# --- gathering ------------------------------------------------------------------------------


class _Passed:
    """What is remembered of the submissions that went into the dataset."""

    def __init__(self) -> None:
        self.sources: list[tuple[str, str, str]] = []
        self.counted: dict[tuple[str, str], Verdict] = {}

    def take(self, one: Counted, *, this_year: bool) -> None:
        said = one.submission
        self.sources.append((one.key, said.file, said.sha256))
        if this_year:
            self.counted[said.form, said.partner] = one.verdict


def _both_years(register: Register, year: int, quotes: Quotes, passed: _Passed) -> Iterator[tuple[Counted, Answers]]:
    for one, answers in register.answers(year):
        quotes.take_answers(one, answers)
        passed.take(one, this_year=True)
        yield one, answers
    for one, answers in register.answers(year - 1):
        passed.take(one, this_year=False)
        yield one, answers


def _standings(
    register: Register, owed_by: Sequence[Obligation], form: str, year: int, passed: _Passed
) -> list[Standing]:
    """Where each of the obligations, all of one form, stands; in their order."""
    states = {state.partner: state for state in register.states(year) if state.form == form}
    found = []
    for owed in owed_by:
        state = states.get(owed.partner.code)
        counted = passed.counted.get((form, owed.partner.code))
        if state is None:
            found.append(Standing(owed, Verdict.EXEMPT if owed.exempt else Verdict.MISSING))
            continue
        verdict = counted or state.verdict
        found.append(
            Standing(owed, verdict, state.first_received, pending=bool(counted) and state.verdict not in COUNTED)
        )
    return found


def _communes(registry: Registry, campaign: Campaign) -> dict[str, str]:
    """By giver: the communes assigned to it, by name."""
    labels = {choice.code: choice.label for choice in communes(registry, campaign)}
    return {
        giver: ", ".join(labels.get(receiver, receiver) for receiver in receivers)
        for giver, receivers in assigned(registry, campaign).items()
    }


# --- writing --------------------------------------------------------------------------------


def _free(wanted: Path, content: bytes) -> Path:
    """The first name whose document is not there, is ours unedited, or says the same already."""
    for number in range(MOST_COPIES):
        ending = "" if number == 0 else "-moi" if number == 1 else f"-moi-{number}"
        candidate = wanted.with_name(f"{wanted.stem}{ending}{wanted.suffix}")
        if not candidate.exists() or _is_ours(candidate, content):
            return candidate
    raise RefusedError(issue("workspace.not_folder", Place(wanted.name)))


def _is_ours(document: Path, content: bytes) -> bool:
    if not document.is_file():
        return False
    there = document.read_bytes()
    if there == content:
        return True
    manifest = read_manifest(manifest_of(document))
    return manifest is not None and manifest.get("sha256") == _hash(there)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _manifest(made: Made, name: str, workspace: Workspace) -> bytes:
    """What the document was made from and by what; no time of making, so that it is the same on every run."""
    definition = made.definition
    registry = workspace.registry
    told = {
        "report": definition.plan.code,
        "year": made.year,
        "output": name,
        "sha256": _hash(made.rendered.content),
        "tool": _version(),
        "plan": {"file": definition.plan.file, "sha256": definition.plan_sha256},
        "template": {"file": definition.template_file, "sha256": definition.template_sha256},
        "registry": {
            "file": workspace.relative(registry),
            "sha256": _hash(registry.read_bytes()) if registry.is_file() else "",
        },
        "inputs": [{"key": key, "file": file, "sha256": sha256} for key, file, sha256 in made.sources],
        "figures": list(_figures(made.figures, made.rendered.printed)),
    }
    # An entry a line, an input a line, a figure a line: it can be read, searched and compared, and costs a third of
    # an indented one.
    entries = (f"{_json(name)}: {_lines(value)}" for name, value in told.items())
    return ("{\n" + ",\n".join(entries) + "\n}\n").encode()


def _lines(value: object) -> str:
    return "[\n " + ",\n ".join(map(_json, value)) + "\n]" if isinstance(value, list) and value else _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _figures(found: Iterable[Figure], printed: Mapping[str, Sequence[str]]) -> Iterator[dict[str, object]]:
    for figure in found:
        yield {
            "code": figure.code,
            "label": figure.label,
            "value": plain_number(figure.value),
            "unit": figure.unit,
            "aggregation": figure.aggregation,
            "printed": list(printed.get(figure.code, ())),
            "values": list(figure.values),
        }


def _version() -> str:
    try:
        return version("ketnghia-reports")
    except PackageNotFoundError:  # run from the repository
        return "-"


def _with_properties(content: bytes, title: str, creator: str, day: date) -> bytes:
    """The document with title, issuer and the last day of the period as its dates."""
    package, found = open_package(content, "")
    if package is None:
        raise RefusedError(*found)
    stamp = f'xsi:type="dcterms:W3CDTF">{day.isoformat()}T00:00:00Z<'
    core = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(creator)}</dc:creator>"
        f"<cp:lastModifiedBy>{escape(creator)}</cp:lastModifiedBy><dc:language>vi-VN</dc:language>"
        f"<dcterms:created {stamp}/dcterms:created><dcterms:modified {stamp}/dcterms:modified>"
        "</cp:coreProperties>"
    )
    return package.replace({_CORE: core.encode()} if _CORE in package else {})
