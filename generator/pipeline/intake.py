"""Intake: what arrived goes into the archive, the journal and the register; in that order, so that nothing is lost.

In:   a workspace, a year, paths. Out: IngestSummary; a register that is up to date with the journal.
Imports the stages ingest and register, pipeline.workspace, workers, judging. One way for `ingest` and `rebuild`:
every line of the journal that is not in the register, or was judged by other definitions, is registered.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.issues import Issue, Place, UnusableError, has_errors, issue
from generator.model import Delivery, Verdict
from generator.pipeline.judging import Judge, judge_of
from generator.pipeline.kept import settle, settled
from generator.pipeline.workspace import Workspace, legible, locked, unusable, write_atomic
from generator.stages.ingest import archive
from generator.stages.ingest.folder import Found, find, unopenable
from generator.stages.ingest.journal import Journal, append, read_journal

if TYPE_CHECKING:
    from generator.stages.register.database import Register

Progress = Callable[[int, int], None]
"""Called with how many deliveries are registered, and of how many."""

Known = Mapping[int, tuple[int, str, str]]
"""What is registered: sequence -> (year, sha256, by which definitions it was judged)."""

_AT_A_TIME = 100  # deliveries archived before one write of the journal: one wait for the disk instead of a hundred


def silent(_done: int, _total: int) -> None:
    """Shows nothing."""


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What one run took in."""

    year: int
    found: int
    """Returns that lie there, new and known."""
    new: tuple[Delivery, ...] = ()
    judged: int = 0
    """Deliveries of the year judged in this run: the new ones, and all of them after a change of forms or registry."""
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    """Where the deliveries judged in this run leave their obligations."""
    notes: tuple[Issue, ...] = ()
    """What was not taken in, and faults of journal and archive."""
    issues: tuple[Issue, ...] = ()
    """What stands in the deliveries judged in this run, unless a later one already replaced them."""

    @property
    def failed(self) -> bool:
        """Whether an error stands in what was judged (exit code 1)."""
        return has_errors((*self.notes, *self.issues))


def ingest(
    workspace: Workspace,
    year: int,
    paths: Sequence[Path] = (),
    *,
    executor: Executor | None = None,
    progress: Progress = silent,
    judge: Judge | None = None,
) -> IngestSummary:
    """Takes in everything new under inputs/<year>/, or at the given paths, and registers it.

    Safe to run again and again, and to be killed at any moment. Raises RefusedError for a year without a
    campaign and for a faulty registry or form, UnusableError when the disk refuses or another run is at work.
    """
    judge = judge or judge_of(workspace)
    with locked(workspace):
        journal, notes = read_journal(workspace.journal, workspace.relative(workspace.journal))
        stands = any(one.year == year for one in journal.deliveries) and settled(workspace, judge.fingerprint)
        if not stands:
            _require(workspace, journal, judge, year)
        found, left = _found(workspace, year, paths)
        journal, new, lost = _journalled(workspace, year, journal, found)
        notes += [*left, *lost]
        if stands and not new:
            return IngestSummary(year, len(found), notes=tuple(notes))
        with open_register(workspace) as register:
            judged, stale = _registered(workspace, register, journal, judge, executor, progress)
            summary = _summary(register, year, len(found), new, judged, [*notes, *stale])
        if not stale:
            settle(workspace, judge.fingerprint)
        return summary


def open_register(workspace: Workspace) -> Register:
    """The workspace's register. Loaded here: a run that finds nothing new does without SQLAlchemy, half of its time."""
    from generator.stages.register.database import Register  # noqa: PLC0415

    return Register.open(workspace.register)


def refreshed(
    workspace: Workspace,
    *,
    judge: Judge | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> tuple[Register, list[Issue]]:
    """The open register, brought up to date first: for `status`, `export`, `report` … after outputs/ was deleted.

    The caller closes it. While another run holds the workspace, it is given as it stands, with an issue that says so.
    """
    judge = judge or judge_of(workspace)
    journal, issues = read_journal(workspace.journal, workspace.relative(workspace.journal))
    register = open_register(workspace)
    try:
        if _stale(register, journal, judge):
            with locked(workspace):
                journal, issues = read_journal(workspace.journal, workspace.relative(workspace.journal))
                _, stale = _registered(workspace, register, journal, judge, executor, progress)
                issues += stale
    except UnusableError as error:
        if any(one.code != "workspace.locked" for one in error.issues):
            register.close()
            raise
        issues += error.issues
    except BaseException:
        register.close()
        raise
    return register, issues


def rebuild(
    workspace: Workspace,
    *,
    judge: Judge | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> tuple[int, list[Issue]]:
    """Makes the register anew from journal and archive; how many deliveries it holds, and what could not be had."""
    judge = judge or judge_of(workspace)
    with locked(workspace):
        try:
            workspace.register.unlink(missing_ok=True)
        except OSError as error:
            raise unusable(error, workspace.register) from error
        journal, issues = read_journal(workspace.journal, workspace.relative(workspace.journal))
        with open_register(workspace) as register:
            judged, stale = _registered(workspace, register, journal, judge, executor, progress)
    return len(judged), [*issues, *stale]


# --- finding and keeping ----------------------------------------------------------------------------


def _found(workspace: Workspace, year: int, paths: Sequence[Path]) -> tuple[list[Found], list[Issue]]:
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


def _journalled(
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


# --- registering ------------------------------------------------------------------------------------


def _require(workspace: Workspace, journal: Journal, judge: Judge, year: int) -> None:
    """RefusedError for a year without a campaign.

    Where deliveries of the year are registered under today's definitions it must have one: that saves reading
    the registry.
    """
    deliveries = _by_year(journal).get(year)
    with open_register(workspace) as register:
        if not deliveries or _unregistered(register, register.known(), year, deliveries, judge) is not None:
            judge.require(year)


def _stale(register: Register, journal: Journal, judge: Judge) -> bool:
    """Whether a delivery is not registered, or not as it would be judged today, or registered without a line."""
    known = register.known()
    return bool(_vanished(known, journal)) or any(
        _unregistered(register, known, year, deliveries, judge) is not None and year in judge.years()
        for year, deliveries in _by_year(journal).items()
    )


def _by_year(journal: Journal) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = {}
    for delivery in sorted(journal.deliveries, key=lambda one: (one.year, one.sequence)):
        found.setdefault(delivery.year, []).append(delivery)
    return found


def _vanished(known: Known, journal: Journal) -> list[int]:
    """Years that are registered but no longer in the journal: somebody put an older journal back."""
    return sorted({year for year, _, _ in known.values()} - {one.year for one in journal.deliveries})


def _judged_by(register: Register, year: int, judge: Judge) -> str:
    """The year's own fingerprint: a return is also judged beside what counts in the year before."""
    return hashlib.sha256(f"{judge.fingerprint}/{year}/{register.counted_digest(year - 1)}".encode()).hexdigest()


def _unregistered(
    register: Register, known: Known, year: int, deliveries: Sequence[Delivery], judge: Judge
) -> list[Delivery] | None:
    """What is to be registered of a year: None for nothing, all of it when anything was judged otherwise.

    The registered deliveries of a year are always the first of its lines, because revisions follow their order.
    """
    of_year = {number: told[1:] for number, told in known.items() if told[0] == year}
    expected = _judged_by(register, year, judge)
    first = deliveries[: len(of_year)]
    if {one.sequence: (one.sha256, expected) for one in first} != of_year:
        return list(deliveries)
    return list(deliveries[len(of_year) :]) or None


def _registered(
    workspace: Workspace,
    register: Register,
    journal: Journal,
    judge: Judge,
    executor: Executor | None,
    progress: Progress,
) -> tuple[set[int], list[Issue]]:
    """Brings the register up to date: the sequences judged now, and issues of years that cannot be judged.

    Year after year, for what counts in one year is a neighbour of the next.
    """
    judged: set[int] = set()
    issues: list[Issue] = []
    known = register.known()  # what one year's turn changes is only that year's
    for year in _vanished(known, journal):
        register.forget(year)
    for year, deliveries in _by_year(journal).items():
        todo = _unregistered(register, known, year, deliveries, judge)
        if todo is None:
            continue
        if year not in judge.years():
            issues.append(judge.no_campaign(year))
            continue
        if len(todo) == len(deliveries):
            register.forget(year)
        _register_year(workspace, register, year, todo, judge, executor, progress)
        judged |= {one.sequence for one in todo}
    return judged, issues


def _register_year(
    workspace: Workspace,
    register: Register,
    year: int,
    deliveries: Sequence[Delivery],
    judge: Judge,
    executor: Executor | None,
    progress: Progress,
) -> None:
    from generator.pipeline.workers import Task, examine_all  # noqa: PLC0415  multiprocessing

    judged_by, done = _judged_by(register, year, judge), 0
    with tempfile.TemporaryDirectory(prefix="ketnghia-") as folder:
        context = Path(folder) / "context"
        context.write_bytes(pickle.dumps(judge.context(year, register.counted(year - 1))))
        task = Task(workspace.archive, context, judge.examine())
        for entries in examine_all(deliveries, task, executor):
            register.add(entries, judged_by)
            done += len(entries)
            progress(done, len(deliveries))


def _summary(
    register: Register, year: int, found: int, new: Sequence[Delivery], judged: set[int], notes: Iterable[Issue]
) -> IngestSummary:
    told = list(notes)
    summary = IngestSummary(year, found, tuple(new), notes=tuple(told))
    if not judged:
        return summary
    current = [one for one in (*register.states(year), *register.strays(year)) if one.sequence in judged]
    arrived = {one.sequence for one in new}
    told += [
        issue("delivery.identical", Place(one.file), revision=one.revision)
        for one in register.repeats(year)
        if one.sequence in arrived
    ]
    return replace(
        summary,
        judged=len(judged),
        verdicts=Counter(one.verdict for one in current),
        notes=tuple(told),
        issues=tuple(found for state, found in register.issues(year) if state.sequence in judged),
    )
