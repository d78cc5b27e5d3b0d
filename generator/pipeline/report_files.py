"""Report files: a report in memory -> the document and its manifest on the disk; and manifests read again.

In:   Made, a workspace. Out: outputs/<period>/<document>.docx and beside it <document>.manifest.json. A document that
      somebody edited is never overwritten.
Imports the stages figures, render and trace, office.package, pipeline.check_reports, report_period, workspace.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from generator.issues import Issue, Place, RefusedError, issue
from generator.model import Figure
from generator.office.package import open_package
from generator.pipeline.check_reports import ReportDefinition
from generator.pipeline.report_period import Period
from generator.pipeline.workspace import Workspace, whole_file, write_atomic
from generator.stages.figures import Standings
from generator.stages.render import Rendered
from generator.stages.trace import plain_number

MANIFEST_SUFFIX = ".manifest.json"
MOST_COPIES = 1000
"""How many edited documents of one report are stepped round."""

_CORE = "docProps/core.xml"


@dataclass(frozen=True, slots=True)
class Made:
    """A report in memory: the document, its figures, and what it was made from."""

    definition: ReportDefinition
    period: Period
    name: str
    rendered: Rendered
    figures: tuple[Figure, ...]
    sources: tuple[tuple[str, str, str], ...]
    """Key, file and hash of every submission that counted."""
    issues: tuple[Issue, ...]
    """Warnings and notes only; an error refuses."""
    left_out: tuple[str, ...] = ()
    """Ids of values that were left out because another return says the same (KN-03 beside a yearly return)."""
    standings: Standings = field(default_factory=dict)
    """Where the obligations stand, by form and year."""
    broken: frozenset[str] = frozenset()
    """Codes of the comparisons whose series is broken, with their groups."""


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


def write_report(workspace: Workspace, made: Made) -> Written:
    """Writes document and manifest; beside a document that somebody edited, under a name of its own."""
    wanted = workspace.outputs / made.period.name / made.name
    document = _free(wanted, made.rendered.content)
    issues = list(made.issues)
    if document != wanted:
        issues.append(issue("report.edited", Place(workspace.relative(wanted)), written=document.name))
    # The document first: cut short between the two, the next run finds the same bytes and writes the manifest.
    write_atomic(document, made.rendered.content)
    manifest = manifest_of(document)
    with whole_file(manifest) as stream:
        stream.writelines(_manifest(made, document.name, workspace))
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


# --- inside ---------------------------------------------------------------------------------


def _free(wanted: Path, content: bytes) -> Path:
    """The first name whose document is not there, is ours unedited, or says the same already."""
    return next(one for one in names_beside(wanted) if not one.exists() or _is_ours(one, content))


def names_beside(wanted: Path) -> Iterator[Path]:
    """The wanted name, then names beside it, to step round what somebody edited. RefusedError when all are taken."""
    for number in range(MOST_COPIES):
        ending = "" if number == 0 else "-moi" if number == 1 else f"-moi-{number}"
        yield wanted.with_name(f"{wanted.stem}{ending}{wanted.suffix}")
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


def _manifest(made: Made, name: str, workspace: Workspace) -> Iterator[bytes]:
    """What the document was made from and by what; no time of making, so that it is the same on every run.

    An entry a line, an input a line, a figure a line: it can be read, searched and compared. It comes line by line,
    since that of five years with a thousand partners is long.
    """
    definition = made.definition
    registry = workspace.registry
    told: dict[str, object] = {
        "report": definition.plan.code,
        "years": list(made.period.years),
        "map_date": made.period.map_date.isoformat(),
        "output": name,
        "sha256": _hash(made.rendered.content),
        "tool": _version(),
        "plan": {"file": definition.plan.file, "sha256": definition.plan_sha256},
        "template": {"file": definition.template_file, "sha256": definition.template_sha256},
        "registry": {
            "file": workspace.relative(registry),
            "sha256": _hash(registry.read_bytes()) if registry.is_file() else "",
        },
        "left_out": packed_ids(made.left_out),
    }
    for key, value in told.items():
        yield f"{'{' if key == 'report' else ','}\n{_json(key)}: {_json(value)}".encode()
    inputs = ({"key": key, "file": file, "sha256": sha256} for key, file, sha256 in made.sources)
    yield from _lines("inputs", inputs)
    yield from _lines("figures", _figures(made.figures, made.rendered.printed))
    yield b"\n}\n"


def _lines(key: str, members: Iterable[object]) -> Iterator[bytes]:
    """A list with a member a line."""
    yield f",\n{_json(key)}: [".encode()
    for at, member in enumerate(members):
        yield f"{',' if at else ''}\n {_json(member)}".encode()
    yield b"\n]"


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
            "values": packed_ids(figure.values),
            **({"parts": list(figure.parts)} if figure.parts else {}),
        }


def packed_ids(ids: Iterable[str]) -> list[str]:
    """Ids of values as a manifest holds them, those of one return in a row together: ["KN-01/2025/DV-0001/r1/5,9"]."""
    runs = groupby((value_id.rpartition("/") for value_id in ids), key=lambda parts: parts[0])
    return [f"{key}/{','.join(position for *_, position in run)}" for key, run in runs]


def unpacked_ids(packed: Iterable[str]) -> tuple[str, ...]:
    """The ids that `packed_ids` packed, in their order."""
    runs = (one.rpartition("/") for one in packed)
    return tuple(f"{key}/{position}" for key, _, positions in runs for position in positions.split(","))


def _version() -> str:
    try:
        return version("ketnghia-reports")
    except PackageNotFoundError:  # run from the repository
        return "-"


def with_properties(content: bytes, title: str, creator: str, day: date) -> bytes:
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
