"""Inspecting: Word files and the law on form -> what is wrong with each; and copies with comments at the places.

In:   paths, a workspace's folder (its standards, else the shipped ones). Out: Inspected for each file; copies beside
      the files. Imports the stage inspect, definitions, office.document, office.comment, pipeline.house, workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.definitions.layout import Layer
from generator.definitions.messages import Messages
from generator.issues import Issue, Place, issue
from generator.office.comment import Remark, commented
from generator.office.document import read_document
from generator.pipeline.house import standard_layers
from generator.pipeline.workspace import legible, write_atomic
from generator.stages.inspect import Finding, inspect

AUTHOR = "Soát thể thức"
SUFFIX = "-nhan-xet"
_MOST_COPIES = 1000


@dataclass(frozen=True, slots=True)
class Inspected:
    """One file judged."""

    path: Path
    findings: tuple[Finding, ...]

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What is wrong, in reading order."""
        return tuple(one.issue for one in self.findings)


def inspect_files(paths: Iterable[Path], root: str | Path) -> tuple[Inspected, ...]:
    """Each file judged by the standards of the workspace; RefusedError when those have faults themselves."""
    layers = standard_layers(Path(root))
    return tuple(Inspected(path, tuple(_judged(path, layers))) for path in paths)


def _judged(path: Path, layers: Sequence[Layer]) -> list[Finding]:
    shown = legible(path.as_posix())
    if not path.is_file():
        return [Finding(issue("inputs.no_path", Place(shown)), 0)]
    document, faults = read_document(path.read_bytes(), shown)
    if document is None:
        return [Finding(fault, 0) for fault in faults]
    return inspect(document, layers)


def write_comments(inspected: Inspected, messages: Messages) -> Path | None:
    """Writes the copy with a comment for each finding and says where; None where there is nothing to say.

    A copy that somebody has worked in is never overwritten: the next free name is taken.
    """
    if not any("rule" in one.issue.params for one in inspected.findings):
        return None
    remarks = [Remark(one.paragraph, remark_of(one.issue, messages)) for one in inspected.findings]
    content = commented(inspected.path.read_bytes(), remarks, author=AUTHOR, day=None)
    return write_copy(inspected.path.parent, inspected.path.stem, content)


def write_copy(folder: Path, stem: str, content: bytes) -> Path | None:
    """Writes a copy with comments under the first free name; a copy with the same bytes is left as it is."""
    for number in range(1, _MOST_COPIES):
        target = folder / f"{stem}{SUFFIX}{'' if number == 1 else f'-{number}'}.docx"
        if target.is_file() and target.read_bytes() == content:
            return target
        if not target.exists():
            write_atomic(target, content)
            return target
    return None


def remark_of(found: Issue, messages: Messages) -> str:
    """An issue as a comment says it."""
    return f"{found.place.spot}: {messages.sentence(found)}\n{messages.cure(found)}\n[{found.code}]"


def contract(found: Issue, messages: Messages) -> dict[str, str]:
    """An issue as `--json` prints it."""
    params = found.params
    told = {name: params.get(name, "") for name in ("element", "rule", "source", "layer", "found", "required")}
    return {
        "file": found.place.file,
        "place": found.place.spot,
        "code": found.code,
        "severity": found.severity.value,
        "message": messages.sentence(found),
        "cure": messages.cure(found),
        **told,
        "more": params.get("more", "") or "0",
    }
