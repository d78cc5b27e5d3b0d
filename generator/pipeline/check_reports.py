"""Check reports: a plan and its Word template, checked against the forms and against each other.

In:   the folder templates/reports/, the forms by code. Out: ReportDefinition, and every fault with its place: file:line
      in a plan, table/row/column and the sentence in a Word file.
Imports definitions.load_plans, stages.render, office.template, office.geometry.
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
from generator.definitions.schema import nearest
from generator.issues import Issue, Place, RefusedError, has_errors, issue
from generator.office.geometry import paragraph_spots
from generator.office.package import open_package
from generator.office.sections import DOCUMENT
from generator.office.template import CompiledTemplate, compile_template
from generator.pipeline.check_charts import check_charts
from generator.pipeline.report_names import Parts, fault_of, names_of
from generator.stages.render import FILTERS, check_sections

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_VALUE_TAG = re.compile(r"\{\{\s*(\w+)")
_BOUND = re.compile(r"\{%(?:p|tr|tc)?\s*(?:for|set)\s+(\w+)")
_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")


@dataclass(frozen=True, slots=True)
class ReportDefinition:
    """A report that can be made: its plan and compiled template, with the hashes of both files."""

    plan: ReportPlan
    template: CompiledTemplate
    template_file: str
    plan_sha256: str
    template_sha256: str


class _Typed(NamedTuple):
    """A tag as somebody typed it, with the paragraph around it."""

    tag: str
    place: Place
    sentence: str


def check_reports(folder: Path, forms: Mapping[str, Form]) -> list[Issue]:
    """Every fault of every plan and its template; a folder without plans has none."""
    found: list[Issue] = []
    for path in sorted(folder.glob("*.yaml")):
        definition, faults = load_report(path, forms)
        found += faults
        if definition is not None:
            found += _sections(path.parent / definition.plan.template, definition)
    return found


def _sections(path: Path, definition: ReportDefinition) -> list[Issue]:
    """Where the sections of the template are not as its plan declares them; a report is written all the same."""
    package, _ = open_package(path.read_bytes(), definition.template_file)
    if package is None or DOCUMENT not in package:
        return []
    root = etree.fromstring(package.read(DOCUMENT), etree.XMLParser(resolve_entities=False, no_network=True))
    return check_sections(root, package, definition.plan, definition.template_file)


def load_report(path: Path, forms: Mapping[str, Form]) -> tuple[ReportDefinition | None, list[Issue]]:
    """The report of a plan file, or all faults of plan and template; warnings do not stop it."""
    plan, found = survey_plan(path, forms)
    if plan is None:
        return None, found
    template_path = path.parent / plan.template
    try:
        content = template_path.read_bytes()
    except OSError:
        return None, [*found, issue("report.no_template", Place(plan.file), name=plan.template, plan=plan.file)]
    file = shown_path(template_path)
    template, faults = check_template(content, file, plan, forms)
    found += faults
    if template is None or has_errors(found):
        return None, found
    return ReportDefinition(plan, template, file, _hash(path.read_bytes()), _hash(content)), found


def check_template(
    content: bytes, file: str, plan: ReportPlan, forms: Mapping[str, Form]
) -> tuple[CompiledTemplate | None, list[Issue]]:
    """The compiled template, and what it asks for that the report does not have, with the near miss."""
    template, found = check_names(content, file, names_of(plan, forms), plan.file)
    return template, found + (list(check_charts(content, file, plan)) if template is not None else [])


def check_names(
    content: bytes, file: str, names: Mapping[str, Parts], plan: str
) -> tuple[CompiledTemplate | None, list[Issue]]:
    """The compiled template, and what it asks for that is not among the names; `plan` is the file that has them."""
    template, found = compile_template(content, file, FILTERS)
    typed = list(_typed_tags(content, file))
    found += _decomposed(typed)
    if template is None:
        # Its faults are told already; the names are still looked at, so that one run shows everything.
        return None, found + list(_unknown_in_broken(typed, names, plan))
    sentences = {one.place.spot: one.sentence for one in typed}
    told = set()
    for reference in template.references:
        fault = fault_of(reference.name, reference.path, names)
        key = (reference.place, reference.path)
        if fault is not None and key not in told:
            told.add(key)
            code, params = fault
            sentence = sentences.get(reference.place.spot, "")
            found.append(issue(code, reference.place, plan=plan, text=sentence, **params))
    return template, found


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- what is asked for ----------------------------------------------------------------------


def _unknown_in_broken(typed: list[_Typed], names: Mapping[str, Parts], plan: str) -> Iterator[Issue]:
    """Unknown first names of value tags, in a template that could not be compiled."""
    bound = {found[1] for one in typed for found in _BOUND.finditer(one.tag)} | {"loop"}
    for one in typed:
        value = _VALUE_TAG.match(unicodedata.normalize("NFC", one.tag))
        if value and value[1] not in bound and value[1] not in names:
            near = nearest(value[1], names)
            params = {"name": value[1], "near": near, "plan": plan, "text": one.sentence}
            yield issue("report.unknown_name", one.place, **params)


def _decomposed(typed: list[_Typed]) -> Iterator[Issue]:
    """Tags typed in decomposed Unicode: they work, yet nobody finds them by searching."""
    for one in typed:
        composed = unicodedata.normalize("NFC", one.tag)
        if composed != one.tag:
            yield issue("report.decomposed_name", one.place, name=composed, text=one.sentence)


def _typed_tags(content: bytes, file: str) -> Iterator[_Typed]:
    """Every tag of the template as it was typed, runs put together."""
    package, _ = open_package(content, file)
    if package is None:
        return
    for name in package.names():
        part = _PART.fullmatch(name)
        if part is None:
            continue
        try:
            root = etree.fromstring(package.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
        except (etree.XMLSyntaxError, ValueError, RefusedError):
            continue  # told by compile_template
        label = "" if part[1] == "document" else part[1]
        for paragraph, spot in paragraph_spots(root, label):
            text = "".join(piece.text or "" for piece in paragraph.iter(_TEXT))
            sentence = unicodedata.normalize("NFC", " ".join(text.split()))
            for found in _TAG.finditer(text):
                yield _Typed(found[0], Place(file, spot=spot), sentence)
