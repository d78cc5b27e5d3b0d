"""Arrivals: what lies under inputs/<year>/ or at given paths -> the archive and the journal, in that order.

In:   a workspace, a year, paths. Out: what was found, the journal with a line for each new delivery, faults.
Imports the stages ingest, pipeline.workspace. Nothing is read here beyond what tells one file from another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from generator.issues import Issue, Place, issue
from generator.model import Delivery
from generator.pipeline.workspace import Workspace, legible, unusable, write_atomic
from generator.stages.ingest import archive
from generator.stages.ingest.folder import Found, find, unopenable
from generator.stages.ingest.journal import Journal, append

_AT_A_TIME = 100  # deliveries archived before one write of the journal: one wait for the disk instead of a hundred


def found_in(workspace: Workspace, year: int, paths: Sequence[Path]) -> tuple[list[Found], list[Issue]]:
    found: list[Found] = []
    issues: list[Issue] = []
    for path in paths or (workspace.year_inputs(year),):
        base = path.absolute()
        inside = base.is_relative_to(workspace.root)
        if not base.exists():
            if paths:
                issues.append(issue("inputs.no_path", Place(legible(str(path)))))
            continue
        root = workspace.root if inside else Path(base.anchor)
        more, faults = find(base, root, workspace.relative if inside else _named_from(base))
        found += more
        issues += faults
    if not found and not issues:
        folder = workspace.relative(workspace.year_inputs(year))
        issues.append(issue("inputs.empty", Place(folder), folder=folder, year=year))
    return sorted(found, key=lambda each: (each.received, each.file, each.sha256)), issues


def _named_from(base: Path) -> Callable[[Path], str]:
    """Names for files outside the workspace: from the given folder on, for the way to it means nothing later."""
    start = base.parent
    return lambda path: legible(path.relative_to(start).as_posix())


def journalled(
    workspace: Workspace, year: int, journal: Journal, found: Iterable[Found]
) -> tuple[Journal, list[Delivery], list[Issue]]:
    """The journal with a line for each file that it did not know, whose bytes are in the archive by then."""
    known = {(one.file, one.sha256) for one in journal.deliveries if one.year == year}
    kept = archive.tidied(workspace.archive)
    new: list[Delivery] = []
    pending: list[Delivery] = []
    issues: list[Issue] = []
    for one in found:
        if (one.file, one.sha256) in known and one.sha256 in kept:
            continue
        try:
            sha256 = archive.store(workspace.archive, one.path, write_atomic)
        except OSError as error:  # of the source: the archive's own refusals are UnusableErrors
            issues.append(unopenable(one.file, error))
            continue
        if (one.file, sha256) not in known:
            known.add((one.file, sha256))
            sequence = journal.last + len(pending) + 1
            pending.append(Delivery(sequence, year, one.file, sha256, one.received))
        if len(pending) == _AT_A_TIME:
            journal = _appended(workspace, journal, pending)
            new += pending
            pending = []
    return _appended(workspace, journal, pending), new + pending, issues


def _appended(workspace: Workspace, journal: Journal, pending: Sequence[Delivery]) -> Journal:
    try:
        if pending:
            archive.settle(workspace.archive)
        return append(workspace.journal, journal, pending)
    except OSError as error:
        raise unusable(error, workspace.journal) from error
