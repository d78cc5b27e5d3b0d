"""Tracing: a year or a document, and a figure's code or printed text -> its values and their cells.

In:   a workspace, what somebody asks. Out: the figures found, each value with file, sheet and cell.
Imports pipeline.report, the stages trace and register. Writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from generator.definitions.forms import Form
from generator.issues import Issue, Place, RefusedError, issue
from generator.model import Figure, Registry
from generator.pipeline.report import MANIFEST_SUFFIX, make_report, manifest_of, read_manifest
from generator.pipeline.workspace import Workspace, legible
from generator.stages.register.database import Register, Stored
from generator.stages.trace import Changed, Source, Traced, as_objects, find, near, wanted_ids


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures that were asked for, with the cells of their values by id."""

    figures: tuple[Traced, ...]
    sources: Mapping[str, Source]
    issues: tuple[Issue, ...] = ()
    """A note with near misses when nothing was found."""

    def contract(self) -> list[dict[str, object]]:
        """The answer as `trace --json` gives it (design, section 5)."""
        return as_objects(self.figures, self.sources)


def year_figures(
    workspace: Workspace, year: int, registry: Registry, forms: Mapping[str, Form], register: Register
) -> list[Traced]:
    """The figures of the year's report as it would be made now."""
    made = make_report(workspace, year, registry, forms, register)
    return [Traced(figure, tuple(made.rendered.printed.get(figure.code, ()))) for figure in made.figures]


def document_figures(workspace: Workspace, document: Path) -> list[Traced]:
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
        return _figures(beside)
    for manifest in _manifests(workspace, document):
        if manifest.get("sha256") == sha256:
            return _figures(manifest)
    if beside is None:
        raise RefusedError(issue("trace.no_report", Place(shown), name=shown))
    return _figures(beside)


def answer(register: Register, figures: list[Traced], what: str, target: str) -> Answer:
    """The figures of that code or printed text, with their cells; without any, a note with near misses."""
    found = find(figures, what)
    if not found:
        told = issue("trace.no_figure", Place(), what=what, target=target, near=", ".join(near(figures, what)))
        return Answer((), {}, (told,))
    stored = register.values(wanted_ids(found))
    sources = {value_id: _source(one) for value_id, one in stored.items()}
    return Answer(tuple(found), sources)


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


def _figures(manifest: Mapping[str, object]) -> list[Traced]:
    """The figures of a manifest; what is not of its form is left out, since anybody may have changed the file."""
    told = manifest.get("figures")
    return [traced for one in (told if isinstance(told, list) else ()) if (traced := _traced(one)) is not None]


def _traced(told: object) -> Traced | None:
    if not isinstance(told, dict) or not isinstance(told.get("code"), str):
        return None
    value = told.get("value")
    try:
        number = value if isinstance(value, int) else Decimal(str(value))
    except InvalidOperation:
        return None
    words = [str(told.get(name, "")) for name in ("label", "unit", "aggregation")]
    figure = Figure(told["code"], words[0], number, words[1], words[2], _texts(told.get("values")))
    return Traced(figure, _texts(told.get("printed")))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, Iterable) and not isinstance(value, str) else ()
