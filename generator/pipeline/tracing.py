"""Tracing: a period or a document, and a figure's code or printed text -> its values, their cells and its arithmetic.

In:   a workspace, what somebody asks. Out: the figures found, each value with file, sheet and cell, and the figures
      that each was computed from.
Imports pipeline.report, report_files and report_period, the stages trace and register. Writes nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from generator.definitions.forms import Form
from generator.issues import Issue, Place, RefusedError, issue
from generator.model import Figure, Registry
from generator.pipeline.report import make_report
from generator.pipeline.report_files import MANIFEST_SUFFIX, Made, manifest_of, read_manifest, unpacked_ids
from generator.pipeline.report_period import Period, year_period, years_period
from generator.pipeline.workspace import Workspace, legible
from generator.stages.register.database import Register, Stored
from generator.stages.trace import Changed, Source, Traced, as_objects, find, near, parts_of, wanted_ids

_PERIOD = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """All figures of a report, and the values that it left out."""

    figures: tuple[Traced, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures that were asked for, with the cells of their values by id."""

    figures: tuple[Traced, ...]
    sources: Mapping[str, Source]
    issues: tuple[Issue, ...] = ()
    """A note with near misses when nothing was found, and one when values were left out."""
    parts: Mapping[str, Traced] = field(default_factory=dict)
    """By code: the figures that those were computed from."""

    def contract(self) -> list[dict[str, object]]:
        """The answer as `trace --json` gives it (design, section 5)."""
        return as_objects(self.figures, self.sources, self.parts)


def asked_period(registry: Registry, target: str) -> Period | None:
    """The period that a target names, "2025" or "2021-2025"; None when it names a document. RefusedError as they."""
    named = _PERIOD.fullmatch(target.strip())
    if named is None:
        return None
    first, last = int(named[1]), int(named[2] or named[1])
    return years_period(registry, first, last) if named[2] else year_period(registry, first)


def period_figures(
    workspace: Workspace, period: Period, registry: Registry, forms: Mapping[str, Form], register: Register
) -> Known:
    """The figures of the period's report as it would be made now."""
    return known_of(make_report(workspace, period, registry, forms, register))


def known_of(made: Made) -> Known:
    """The figures of a report in memory."""
    return Known(
        tuple(Traced(figure, tuple(made.rendered.printed.get(figure.code, ()))) for figure in made.figures),
        made.left_out,
    )


def document_figures(workspace: Workspace, document: Path) -> Known:
    """The figures of a document: from the manifest that names its hash, else from the one beside it.

    A document that was edited in Word is known by its name only. RefusedError `trace.no_report` when it is not known.
    """
    shown = legible(str(document))
    try:
        content = document.read_bytes()
    except OSError:
        raise RefusedError(issue("trace.no_report", Place(shown), name=shown)) from None
    sha256 = hashlib.sha256(content).hexdigest()
    beside = read_manifest(manifest_of(document))
    if beside is not None and beside.get("sha256") == sha256:
        return _known(beside)
    for manifest in _manifests(workspace, document):
        if manifest.get("sha256") == sha256:
            return _known(manifest)
    if beside is None:
        raise RefusedError(issue("trace.no_report", Place(shown), name=shown))
    return _known(beside)


def answer(register: Register, known: Known, what: str, target: str) -> Answer:
    """The figures of that code or printed text, with their cells; without any, a note with near misses.

    A note also when a value of a five-year return was left out, because its year has a return of its own.
    """
    found = find(known.figures, what)
    issues = []
    if not found:
        near_misses = ", ".join(near(known.figures, what))
        issues.append(issue("trace.no_figure", Place(), what=what, target=target, near=near_misses))
    if known.left_out:
        stored = register.values(known.left_out[:1]).get(known.left_out[0])
        first = f"{stored.file}:{stored.value.sheet}!{stored.value.cell}" if stored else known.left_out[0]
        issues.append(issue("trace.left_out", Place(), count=len(known.left_out), first=first))
    return Answer(tuple(found), sources_of(register, found), tuple(issues), parts_of(found, known.figures))


def sources_of(register: Register, found: Iterable[Traced]) -> dict[str, Source]:
    """The cells of the values that these figures were made from, by id."""
    return {value_id: _source(one) for value_id, one in register.values(wanted_ids(found)).items()}


def _source(one: Stored) -> Source:
    value, corrected, ruled = one.value, one.correction, one.decision
    changed = None
    if corrected is not None and ruled is not None:
        changed = Changed(
            corrected.place, corrected.before, corrected.after, ruled.reason, ruled.by, ruled.day.isoformat()
        )
    return Source(one.id, one.file, one.sha256, value.sheet, value.cell, value.value, value.raw, changed)


def _manifests(workspace: Workspace, document: Path) -> Iterator[dict[str, object]]:
    """Every manifest beside the document and under outputs/, in order of name."""
    folders = dict.fromkeys((document.parent, *sorted(workspace.outputs.glob("*"))))
    for folder in folders:
        for path in sorted(folder.glob(f"*{MANIFEST_SUFFIX}")) if folder.is_dir() else ():
            manifest = read_manifest(path)
            if manifest is not None:
                yield manifest


def _known(manifest: Mapping[str, object]) -> Known:
    """The figures of a manifest; what is not of its form is left out, since anybody may have changed the file."""
    told = manifest.get("figures")
    found = (_traced(one) for one in (told if isinstance(told, list) else ()))
    return Known(tuple(one for one in found if one is not None), unpacked_ids(_texts(manifest.get("left_out"))))


def _traced(told: object) -> Traced | None:
    if not isinstance(told, dict) or not isinstance(told.get("code"), str):
        return None
    value = told.get("value")
    try:
        number = value if isinstance(value, int) else Decimal(str(value))
    except InvalidOperation:
        return None
    words = [str(told.get(name, "")) for name in ("label", "unit", "aggregation")]
    values, parts = unpacked_ids(_texts(told.get("values"))), _texts(told.get("parts"))
    figure = Figure(told["code"], words[0], number, words[1], words[2], values, parts)
    return Traced(figure, _texts(told.get("printed")))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, Iterable) and not isinstance(value, str) else ()
