"""Registering: every line of the journal that is not in the register, or was judged or decided of otherwise.

In:   the journal, decisions, an open register, the judge. Out: the register up to date; what was judged now.
Imports the stages register and ingest, pipeline.workspace, workers, judging, rulings (docs/adr/0010).
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.issues import Issue, Place, issue
from generator.model import Delivery, DeliveryKind
from generator.pipeline.judging import Judge
from generator.pipeline.progress import Progress
from generator.pipeline.rulings import decided_years, decisions_digest, place_of, ruled_by, targets
from generator.pipeline.workspace import Workspace
from generator.stages.ingest.journal import Journal
from generator.stages.register.blocks import Entry, faults_of

if TYPE_CHECKING:
    from generator.stages.register.database import Register

Known = Mapping[int, tuple[int, str, str]]
"""What is registered: sequence -> (year, sha256, by which definitions it was judged)."""


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


def is_stale(workspace: Workspace, register: Register, journal: Journal, judge: Judge) -> bool:
    """Whether a delivery is not registered, or not as it would be judged or decided of today, or has no line."""
    known, lines = register.known(), _by_year(journal)
    if _vanished(known, journal):
        return True
    for year in _years(workspace, register, lines):
        fresh = _unregistered(register, known, year, lines.get(year, []), judge) is None
        if (not fresh or _to_decide(workspace, register, year, judge) is not None) and year in judge.years():
            return True
    return False


def _years(workspace: Workspace, register: Register, lines: Mapping[int, Sequence[Delivery]]) -> list[int]:
    """Years with deliveries or with decisions, now or when they were last applied."""
    return sorted({*lines, *decided_years(workspace), *register.decided_years()})


def _to_decide(workspace: Workspace, register: Register, year: int, judge: Judge) -> str | None:
    """What the year's decisions are to be applied from; None when they already are."""
    made_from = decisions_digest(workspace, year)
    if made_from:
        told = f"{made_from}/{register.last(year)}/{_judged_by(register, year, judge)}"
        made_from = hashlib.sha256(told.encode()).hexdigest()
    return made_from if register.decisions_made_from(year) != made_from else None


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


class Registered(NamedTuple):
    """What bringing the register up to date came to."""

    judged: set[int]
    """Sequences judged now."""
    years: set[int]
    """Years of which anything may stand otherwise now."""
    issues: list[Issue]
    """Years that cannot be judged."""


def registered(
    workspace: Workspace,
    register: Register,
    journal: Journal,
    judge: Judge,
    executor: Executor | None,
    progress: Progress,
) -> Registered:
    """Brings the register up to date.

    Year after year, for what counts in one year is a neighbour of the next. First everything as it arrived, which
    makes the revisions; then what officers decided of single deliveries.
    """
    done = Registered(set(), set(), [])
    known, lines = register.known(), _by_year(journal)  # what one year's turn changes is only that year's
    for year in _vanished(known, journal):
        register.forget(year)
    for year in _years(workspace, register, lines):
        deliveries = lines.get(year, [])
        todo = _unregistered(register, known, year, deliveries, judge) or []
        if not todo and _to_decide(workspace, register, year, judge) is None:
            continue
        if year not in judge.years():
            done.issues.append(judge.no_campaign(year))
            continue
        done.years.add(year)
        if todo and len(todo) == len(deliveries):
            register.forget(year)
        _register_year(workspace, register, year, todo, judge, executor, progress)
        done.judged.update(one.sequence for one in todo)
        done.judged.update(_decided(workspace, register, year, deliveries, judge, executor, progress))
    return done


def _register_year(
    workspace: Workspace,
    register: Register,
    year: int,
    deliveries: Sequence[Delivery],
    judge: Judge,
    executor: Executor | None,
    progress: Progress,
) -> None:
    judged_by = _judged_by(register, year, judge)

    def context() -> object:
        return judge.context(year, register.counted(year - 1), {})

    for entries in _examined(workspace, deliveries, judge, context, executor, progress):
        register.add(entries, judged_by)


def _decided(
    workspace: Workspace,
    register: Register,
    year: int,
    deliveries: Sequence[Delivery],
    judge: Judge,
    executor: Executor | None,
    progress: Progress,
) -> set[int]:
    """Applies the year's decisions: only the deliveries whose decisions changed are examined again."""
    made_from = _to_decide(workspace, register, year, judge)
    if made_from is None:
        return set()
    decisions, issues = judge.decisions(year) if made_from else ((), [])
    meant, unmet = targets(decisions, register.arrived(year))
    before = register.ruled(year)
    standing = {number: ruled_by(several) for number, several in meant.items()}
    changed = {number: meant[number] for number, made in standing.items() if before.get(number) != made}
    todo = [one for one in deliveries if one.sequence in changed]
    entries: list[Entry] = []

    def context() -> object:
        return judge.context(year, register.counted(year - 1), changed)

    for some in _examined(workspace, todo, judge, context, executor, progress):
        # A reader that fails now has read this file before: the return stays as it arrived.
        entries += [one for one in some if one.ruled]
    failed = changed.keys() - {one.delivery.sequence for one in entries}
    issues += [
        issue("decision.cannot_accept", place_of(one), partner=one.partner) for n in sorted(failed) for one in meant[n]
    ]
    unchanged = standing.keys() - changed.keys()
    faults = register.ruling_faults(unchanged) | {one.delivery.sequence: faults_of(one) for one in entries}
    issues += [*unmet, *(fault for _, several in sorted(faults.items()) for fault in several)]
    kept = {number: made for number, made in standing.items() if number not in failed}
    # what failed is tried again by the next run
    register.rule(year, "" if failed else made_from, kept, entries, sorted(issues, key=lambda one: _row_of(one.place)))
    return set(changed) | (before.keys() - standing.keys())


def _row_of(place: Place) -> tuple[int, Place]:
    """Issues at decisions are told in the order of their rows: row 9 before row 10."""
    digits = place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (int(digits) if digits.isdecimal() else 0), place


def _examined(
    workspace: Workspace,
    deliveries: Sequence[Delivery],
    judge: Judge,
    context: Callable[[], object],
    executor: Executor | None,
    progress: Progress,
) -> Iterator[list[Entry]]:
    """Entries of the deliveries in their order; the context is asked for only when there is one to examine."""
    from generator.pipeline.workers import Task, examine_all  # noqa: PLC0415  multiprocessing

    if not deliveries:
        return
    done = 0
    with tempfile.TemporaryDirectory(prefix="ketnghia-") as folder:
        path = Path(folder) / "context"
        path.write_bytes(pickle.dumps(context()))
        for entries in examine_all(deliveries, Task(workspace.archive, path, judge.examine()), executor):
            yield entries
            done += len(entries)
            progress(done, len(deliveries))
