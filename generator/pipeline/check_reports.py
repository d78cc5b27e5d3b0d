"""Check reports: a plan and its Word template, checked against the forms and against each other.

In:   the folder templates/reports/, the forms by code. Out: ReportDefinition, and every fault with its place: file:line
      in a plan, table/row/column and the sentence in a Word file.
Imports definitions.load_plans, stages.render, office.template, template_lint_reading; pipeline (check_templates …).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from generator.definitions.forms import Form
from generator.definitions.load import shown_path
from generator.definitions.load_plans import survey_plan
from generator.definitions.plans import ReportPlan
from generator.issues import Issue, Place, has_errors, issue
from generator.office.package import open_package
from generator.office.sections import DOCUMENT
from generator.office.template import CompiledTemplate, compile_template
from generator.office.template.tags import read_tag
from generator.office.template_lint_reading import Manuscript, read_manuscript
from generator.pipeline.check_charts import check_charts
from generator.pipeline.check_templates import for_makers, judged
from generator.pipeline.check_wording import figures_of
from generator.pipeline.house import House
from generator.pipeline.report_names import Parts, fault_of, names_of
from generator.stages.render import FILTERS, Filters, check_sections

_BOUND = re.compile(r"\{%(?:p|tr|tc)?\s*(?:for|set)\s+([\w, ]+?)\s*(?:=|\bin\b)", re.IGNORECASE)
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_SHAPE = re.compile(r"\|\s*\w+|\bis\s+(?:not\s+)?\w+|\w+\s*=(?!=)")
_PATH = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_SCOPE = re.compile(r"\{[{%](?:p|tr|tc)?(?=\s)|\{[{%]", re.IGNORECASE)
_UNREAD = ("template.tag_syntax", "template.tag_unsupported")
_COMMANDS = ("for", "in", "if", "elif", "else", "endif", "endfor", "set")
_KEYWORDS = frozenset({*_COMMANDS, "not", "and", "or", "is", "true", "false", "none", "loop"})


@dataclass(frozen=True, slots=True)
class ReportDefinition:
    """A report that can be made: its plan and compiled template, with the hashes of both files."""

    plan: ReportPlan
    template: CompiledTemplate
    template_file: str
    plan_sha256: str
    template_sha256: str


class _Survey(NamedTuple):
    """A plan with its template, as far as both could be read, and everything there is to say of them."""

    plan: ReportPlan | None
    content: bytes
    manuscript: Manuscript | None
    template: CompiledTemplate | None
    found: list[Issue]


class _Typed(NamedTuple):
    """A tag as somebody typed it and as it is read, with the paragraph around it."""

    tag: str
    plain: str
    place: Place
    sentence: str


def check_reports(folder: Path, forms: Mapping[str, Form]) -> list[Issue]:
    """Every fault of every plan and its template, and what an author should know; a folder without plans has none."""
    found: list[Issue] = []
    for path in sorted(folder.glob("*.yaml")):
        survey = _survey(path, forms)
        found += survey.found
        if survey.plan is not None and survey.manuscript is not None and not has_errors(survey.found):
            found += _sections(survey.content, survey.manuscript.file, survey.plan)
    return found


def _sections(content: bytes, file: str, plan: ReportPlan) -> list[Issue]:
    """Where the sections of the template are not as its plan declares them; a report is written all the same."""
    package, _ = open_package(content, file)
    if package is None or DOCUMENT not in package:
        return []
    root = etree.fromstring(package.read(DOCUMENT), etree.XMLParser(resolve_entities=False, no_network=True))
    return check_sections(root, package, plan, file)


def load_report(
    path: Path, forms: Mapping[str, Form], house: House | None = None
) -> tuple[ReportDefinition | None, list[Issue]]:
    """The report of a plan file, in the words of the house if one is given, or all faults; warnings do not stop it.

    What only the author of the template should know is left to `check`.
    """
    plan, content, manuscript, template, found = _survey(path, forms, house)
    if plan is None or manuscript is None or template is None or has_errors(found):
        return None, found
    definition = ReportDefinition(plan, template, manuscript.file, _hash(path.read_bytes()), _hash(content))
    return definition, for_makers(found)


def _survey(path: Path, forms: Mapping[str, Form], house: House | None = None) -> _Survey:
    plan, found = survey_plan(path, forms)
    if plan is None:
        return _Survey(None, b"", None, None, found)
    plan = house.words(plan) if house else plan
    template_path = path.parent / plan.template
    try:
        content = template_path.read_bytes()
    except OSError:
        missing = issue("report.no_template", Place(plan.file), name=plan.template, plan=plan.file)
        return _Survey(plan, b"", None, None, [*found, missing])
    manuscript = read_manuscript(content, shown_path(template_path))
    dressed, filters = (house.template(content), house.filters) if house else (content, FILTERS)
    template, faults = _checked(manuscript, dressed, plan, forms, filters)
    told = judged(manuscript, content, found + faults, names_of(plan, forms), figures_of(plan))
    return _Survey(plan, content, manuscript, template, told)


def check_template(
    content: bytes, file: str, plan: ReportPlan, forms: Mapping[str, Form], filters: Filters = FILTERS
) -> tuple[CompiledTemplate | None, list[Issue]]:
    """The compiled template, and what it asks for that the report does not have, with the near miss."""
    return _checked(read_manuscript(content, file), content, plan, forms, filters)


def _checked(
    manuscript: Manuscript, content: bytes, plan: ReportPlan, forms: Mapping[str, Form], filters: Filters
) -> tuple[CompiledTemplate | None, list[Issue]]:
    template, found = check_names(manuscript, content, names_of(plan, forms), plan.file, filters)
    return template, found + (check_charts(content, manuscript.file, plan) if template is not None else [])


def check_names(
    manuscript: Manuscript, content: bytes, names: Mapping[str, Parts], plan: str, filters: Filters = FILTERS
) -> tuple[CompiledTemplate | None, list[Issue]]:
    """The compiled template, and what it asks for that is not among the names; `plan` is the file that has them."""
    template, found = compile_template(content, manuscript.file, filters)
    typed = list(_typed_tags(manuscript))
    found += _decomposed(typed)
    if template is None:
        # Its faults are told already; the names are still looked at, so that one run shows everything.
        unread = {(one.place.spot, one.params.get("tag", "")) for one in found if one.code in _UNREAD}
        readable = [one for one in typed if (one.place.spot, one.plain) not in unread]
        return None, found + list(_unknown_in_broken(readable, names, plan))
    told = set()
    for reference in template.references:
        fault = fault_of(reference.name, reference.path, names)
        key = (reference.place, reference.path)
        if fault is not None and key not in told:
            told.add(key)
            code, params = fault
            sentence = _sentence(typed, reference.place, reference.path)
            found.append(issue(code, reference.place, plan=plan, text=sentence, **params))
    return template, found


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- what is asked for ----------------------------------------------------------------------


def _typed_tags(manuscript: Manuscript) -> Iterator[_Typed]:
    """Every whole tag of the template as it was typed, runs put together."""
    for part in manuscript.parts:
        for spot, line, found in part.lines:
            sentence = unicodedata.normalize("NFC", " ".join(line.text.split())) if found else ""
            place = Place(manuscript.file, spot=spot)
            for one in found:
                if not one.fault:
                    yield _Typed(line.text[one.start : one.end], read_tag(one, place).typed, place, sentence)


def _sentence(typed: list[_Typed], place: Place, path: str) -> str:
    """The paragraph that asks for a path: a cell may hold several."""
    there = [one for one in typed if one.place == place]
    last = path.rpartition(".")[2].removesuffix("[]")
    asking = [one for one in there if last in one.plain]
    return next((one.sentence for one in (*asking, *there)), "")


def _unknown_in_broken(typed: list[_Typed], names: Mapping[str, Parts], plan: str) -> Iterator[Issue]:
    """Names that lead nowhere in a template that could not be compiled; rows of loops are not followed."""
    bound = set(_KEYWORDS)
    for one in typed:
        bound.update(name.strip() for found in _BOUND.finditer(one.plain) for name in found[1].split(","))
    for one in typed:
        bare = _SHAPE.sub(" ", _STRING.sub(" ", _SCOPE.sub(" ", one.plain)))
        for path in dict.fromkeys(_PATH.findall("" if one.plain.startswith("{#") else bare)):
            name = path.partition(".")[0]
            fault = fault_of(name, path, names) if name.lower() not in bound else None
            if fault is not None:
                code, params = fault
                yield issue(code, one.place, plan=plan, text=one.sentence, **params)


def _decomposed(typed: list[_Typed]) -> Iterator[Issue]:
    """Tags typed in decomposed Unicode: they work, yet nobody finds them by searching."""
    for one in typed:
        composed = unicodedata.normalize("NFC", one.tag)
        if composed != one.tag:
            yield issue("report.decomposed_name", one.place, name=composed, text=one.sentence)
