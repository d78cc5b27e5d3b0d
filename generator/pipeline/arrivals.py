"""Arrivals: what lies under inputs/<year>/ or at given paths -> the archive and the journal, in that order.

In:   a workspace, a year, paths. Out: what was found, the journal with a line for each new delivery, faults.
Imports the stages ingest, pipeline.workspace. Nothing is read here beyond what tells one file from another; a mail or
an archive is opened once, when it is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from generator.issues import Issue, Place, issue
from generator.model import Delivery, DeliveryKind
from generator.pipeline.workspace import Workspace, legible, safe_name, unusable, write_atomic
from generator.stages.ingest import archive
from generator.stages.ingest.folder import Found, find, unopenable
from generator.stages.ingest.journal import Journal, append
from generator.stages.ingest.unpack import CONTAINERS, NOWHERE, Inner, Stamp, Unpacked, unpack

_OF_USE = frozenset({DeliveryKind.WORKBOOK, DeliveryKind.MESSAGE})
"""What an archive is expected to hold; of a mail without a workbook the mail itself is told."""


def found_in(workspace: Workspace, year: int, paths: Sequence[Path]) -> tuple[list[Found], list[Issue]]:
    """The files that lie there, in order of receipt and name, and what is not taken; mails and archives unopened."""
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


def workbooks(journal: Journal, year: int, found: Iterable[Found]) -> int:
    """How many workbooks lie there, those in mails and archives that the journal knows included."""
    loose, containers = 0, set[str]()
    for one in found:
        loose += one.kind is DeliveryKind.WORKBOOK
        if one.kind in CONTAINERS:
            containers.add(one.file)
    inside = {one.file for one in journal.deliveries if one.year == year and one.kind is DeliveryKind.WORKBOOK}
    return loose + (sum(any(_above(file, containers)) for file in inside) if containers else 0)


def _above(file: str, containers: set[str]) -> Iterator[str]:
    """The containers in which the path says that the file lies."""
    end = file.find("/")
    while end >= 0:
        if file[:end] in containers:
            yield file[:end]
        end = file.find("/", end + 1)


# --- what is new ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the journal before it has its number."""

    order: tuple[datetime, str, int]
    """By receipt and name; what is in a container before the container, so that a killed run finds the rest again."""
    file: str
    sha256: str
    received: datetime
    kind: DeliveryKind
    stamp: Stamp = NOWHERE
    unfinished: bool = False


@dataclass(slots=True)
class _Known:
    """What the journal holds of a year, and what is left of it in the archive."""

    lines: dict[tuple[str, str], int]
    """(file, hash) -> sequence."""
    mails: dict[tuple[str, str], str]
    """(mail, hash of what hung on it) -> where that was first."""
    saved: dict[str, str]
    """Mail -> where it was saved first."""
    gaps: set[str]
    """Paths under which something is missing from the archive."""
    kept: frozenset[str]
    unfinished: frozenset[int]
    repeated: dict[str, str] = field(default_factory=dict)
    """Mails met again in this run -> where they were first."""

    def done_with(self, one: Found) -> bool:
        """Whether nothing of the file is to be looked at again."""
        sequence = self.lines.get((one.file, one.sha256))
        if sequence is None or one.sha256 not in self.kept:
            return False
        return one.kind not in CONTAINERS or not (sequence in self.unfinished or one.file in self.gaps)

    def again(self, line: _Line) -> bool:
        """Whether the journal has the line, or the same mail brought it before under another name."""
        if (line.file, line.sha256) in self.lines:
            return True
        if line.kind in CONTAINERS or not line.stamp.message:
            self.saved.setdefault(line.stamp.message, line.file)
            return False
        first = self.mails.setdefault((line.stamp.message, line.sha256), line.file)
        if first.startswith(f"{line.stamp.file}/"):
            return False
        self.repeated[line.stamp.file] = self.saved.get(line.stamp.message, first)
        return True


def journalled(
    workspace: Workspace, year: int, journal: Journal, found: Iterable[Found]
) -> tuple[Journal, list[Delivery], list[Issue]]:
    """The journal with a line for each file that it did not know, whose bytes are in the archive by then.

    Files in new mails and archives have lines of their own, in the order of receipt like all others. The issues
    tell what could not be taken, which mails came a second time, and which hold no workbook.
    """
    lying = list(found)
    known = _known(journal, year, archive.tidied(workspace.archive))
    lines: list[_Line] = []
    issues: list[Issue] = []
    for one in lying:
        if known.done_with(one):
            continue
        try:
            lines += _stored(workspace, one, issues)
        except OSError as error:  # of the source: the archive's own refusals are UnusableErrors
            issues.append(unopenable(one.file, error))
    new: list[Delivery] = []
    unfinished: set[int] = set()
    for line in sorted(lines, key=lambda one: one.order):
        if known.again(line):
            continue
        sequence = known.lines[line.file, line.sha256] = journal.last + len(new) + 1
        sender, message = line.stamp.sender, line.stamp.message
        new.append(Delivery(sequence, year, line.file, line.sha256, line.received, line.kind, sender, message))
        if line.unfinished:
            unfinished.add(sequence)
    journal = _appended(workspace, journal, new, unfinished)
    issues += [issue("delivery.known_mail", Place(file), first=first) for file, first in known.repeated.items()]
    return journal, new, [*issues, *_without_workbook(journal, year, lying)]


def _known(journal: Journal, year: int, kept: frozenset[str]) -> _Known:
    known = _Known({}, {}, {}, set(), kept, journal.unfinished)
    for one in journal.deliveries:
        if one.year != year:
            continue
        known.lines[one.file, one.sha256] = one.sequence
        if one.kind is DeliveryKind.MESSAGE:
            known.saved.setdefault(one.message, one.file)
        elif one.message:
            known.mails.setdefault((one.message, one.sha256), one.file)
        if one.sha256 not in kept:
            steps = one.file.split("/")
            known.gaps |= {"/".join(steps[:count]) for count in range(1, len(steps))}
    return known


def _stored(workspace: Workspace, one: Found, issues: list[Issue]) -> list[_Line]:
    """The lines of a file, after its bytes and those of all that is in it went into the archive."""
    if one.kind not in CONTAINERS:
        sha256 = archive.store(workspace.archive, one.path, write_atomic)
        return [_Line((one.received, one.file, 0), one.file, sha256, one.received, one.kind)]
    content = one.path.read_bytes()
    held = unpack(content, one.file, one.kind, safe_name)
    issues += held.issues
    return _lines_of(workspace, one, content, held)


def _lines_of(workspace: Workspace, one: Found, content: bytes, held: Unpacked) -> list[_Line]:
    def line(number: int, inner: Inner) -> _Line:
        received = inner.stamp.received or one.received
        sha256 = archive.keep(workspace.archive, inner.content, write_atomic)
        return _Line((received, one.file, number), inner.file, sha256, received, inner.kind, inner.stamp)

    lines = [line(number, inner) for number, inner in enumerate(held.inner)]
    received = held.stamp.received or one.received
    last = max((received, *(inner.received for inner in lines)))
    sha256 = archive.keep(workspace.archive, content, write_atomic)
    order = (last, one.file, len(lines))
    return [*lines, _Line(order, one.file, sha256, received, one.kind, held.stamp, bool(held.issues))]


def _without_workbook(journal: Journal, year: int, found: Iterable[Found]) -> list[Issue]:
    """Mails and archives that lie there and brought no workbook: a person has to look at them.

    Told again in every run until the file is moved away. A copy of a mail that was told of is not told of.
    """
    lying = {one.file for one in found if one.kind in CONTAINERS}
    if not lying:
        return []
    of_year = [one for one in journal.deliveries if one.year == year]
    served = {one.message for one in of_year if one.kind is DeliveryKind.WORKBOOK}
    bundles = {one.file for one in of_year if one.kind is DeliveryKind.BUNDLE}
    telling = {file for one in of_year if one.kind in _OF_USE for file in _above(one.file, bundles)}
    issues: list[Issue] = []
    for one in of_year:
        if one.kind not in CONTAINERS or one.sequence in journal.unfinished:
            continue
        there = one.file in lying or any(_above(one.file, lying))
        if one.kind is DeliveryKind.MESSAGE and one.message not in served:
            served.add(one.message)
            if there:
                issues.append(issue("delivery.mail_without_workbook", Place(one.file), sender=one.sender))
        elif one.kind is DeliveryKind.BUNDLE and there and one.file not in telling:
            issues.append(issue("delivery.bundle_without_workbook", Place(one.file)))
    return issues


def _appended(workspace: Workspace, journal: Journal, new: Sequence[Delivery], unfinished: set[int]) -> Journal:
    try:
        if new:
            archive.settle(workspace.archive)
        return append(workspace.journal, journal, new, unfinished)
    except OSError as error:
        raise unusable(error, workspace.journal) from error
