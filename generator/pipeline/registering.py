"""Registering: every line of the journal that is not in the register, or was judged by other definitions.

In:   the journal, an open register, the judge. Out: the register up to date; which deliveries were judged now.
Imports the stages register and ingest, pipeline.workspace, workers, judging.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from generator.issues import Issue
from generator.model import Delivery, DeliveryKind
from generator.pipeline.judging import Judge
from generator.pipeline.workspace import Workspace
from generator.stages.ingest.journal import Journal

if TYPE_CHECKING:
    from generator.stages.register.database import Register

Progress = Callable[[int, int], None]
"""Called with how many deliveries are registered, and of how many."""

Known = Mapping[int, tuple[int, str, str]]
"""What is registered: sequence -> (year, sha256, by which definitions it was judged)."""


def silent(_done: int, _total: int) -> None:
    """Shows nothing."""


def open_register(workspace: Workspace) -> Register:
    """The workspace's register. Loaded here: a run that finds nothing new does without SQLAlchemy, half of its time."""
    from generator.stages.register.database import Register  # noqa: PLC0415

    return Register.open(workspace.register)


def require(workspace: Workspace, journal: Journal, judge: Judge, year: int) -> None:
    """RefusedError for a year without a campaign.

    Where deliveries of the year are registered under today's definitions it must have one: that saves reading
    the registry.
    """
    deliveries = _by_year(journal).get(year)
    with open_register(workspace) as register:
        if not deliveries or _unregistered(register, register.known(), year, deliveries, judge) is not None:
            judge.require(year)


def is_stale(register: Register, journal: Journal, judge: Judge) -> bool:
    """Whether a delivery is not registered, or not as it would be judged today, or registered without a line."""
    known = register.known()
    return bool(_vanished(known, journal)) or any(
        _unregistered(register, known, year, deliveries, judge) is not None and year in judge.years()
        for year, deliveries in _by_year(journal).items()
    )


def _by_year(journal: Journal) -> dict[int, list[Delivery]]:
    """The workbooks of the journal by year; mails, archives and what else came along are never judged."""
    found: dict[int, list[Delivery]] = {}
    for delivery in sorted(journal.deliveries, key=lambda one: (one.year, one.sequence)):
        if delivery.kind is DeliveryKind.WORKBOOK:
            found.setdefault(delivery.year, []).append(delivery)
    return found


def _vanished(known: Known, journal: Journal) -> list[int]:
    """Years that are registered but no longer in the journal: somebody put an older journal back."""
    return sorted({year for year, _, _ in known.values()} - set(_by_year(journal)))


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


def registered(
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
