"""Intake: what arrived goes into the archive, the journal and the register; in that order, so that nothing is lost.

In:   a workspace, a year, paths. Out: IngestSummary; a register that is up to date with journal and decisions.
Imports the stages ingest and register, pipeline.workspace, workers, judging. One way for `ingest` and `rebuild`:
every line of the journal that is not in the register, or was judged by other definitions, is registered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.issues import Issue, Place, UnusableError, has_errors, issue
from generator.model import Delivery, Verdict
from generator.pipeline.arrivals import found_in, journalled, workbooks
from generator.pipeline.judging import Judge, judge_of
from generator.pipeline.kept import papers_of, settle, settled, unsettled
from generator.pipeline.progress import Progress, silent
from generator.pipeline.registering import is_stale, open_register, registered, require
from generator.pipeline.rulings import decisions_file
from generator.pipeline.workspace import Workspace, locked, unusable, write_atomic
from generator.stages.ingest.journal import Journal, read_journal

if TYPE_CHECKING:
    from generator.stages.register.database import Register


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What one run took in."""

    year: int
    found: int
    """Workbooks that lie there, new and known, those in mails and archives included."""
    new: tuple[Delivery, ...] = ()
    judged: int = 0
    """Deliveries of the year judged in this run: the new ones, and all of them after a change of forms or registry."""
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    """Where the deliveries judged in this run leave their obligations."""
    decided: int = 0
    """Deliveries of the year that stand as officers decided."""
    notes: tuple[Issue, ...] = ()
    """What was not taken in, faults of journal and archive, and what is wrong with decisions."""
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
        stands = any(one.year == year for one in journal.deliveries) and settled(workspace, year, judge.fingerprint)
        if not stands:
            require(workspace, journal, judge, year)
        found, left = found_in(workspace, year, paths)
        journal, new, lost = journalled(workspace, year, journal, found)
        notes += [*left, *lost]
        if stands and not new:
            return IngestSummary(year, workbooks(journal, year, found), notes=tuple(notes))
        papers = dict(unsettled(workspace))
        if any(one.year == year for one in journal.deliveries):
            _offer_decisions(workspace, year)
        with open_register(workspace) as register:
            done = registered(workspace, register, journal, judge, executor, progress)
            decided = register.decision_issues(year)
            notes += [*done.issues, *decided]
            for one in sorted({year, *done.years}):
                papers[one] = after_registering(workspace, one, register, journal, judge)
            # after the papers: what only several returns together show stands in the register by then
            summary = _summary(register, year, workbooks(journal, year, found), new, done.judged, notes)
        if not done.issues and not has_errors(decided):  # a faulty decision is told until it is mended
            settle(workspace, judge.fingerprint, papers)
        return summary


def after_registering(workspace: Workspace, year: int, register: Register, journal: Journal, judge: Judge) -> list[str]:
    """Writes the papers of a year whose register is up to date; what lies under outputs/<year>/ then.

    A year without a campaign has none.
    """
    if year in judge.years():
        judge.papers(year, register, [one for one in journal.deliveries if one.year == year], silent)
    return papers_of(workspace, year)


def _offer_decisions(workspace: Workspace, year: int) -> None:
    """Puts an empty workbook of decisions beside the returns where there is none; never over one."""
    path = decisions_file(workspace, year)
    if path.exists():
        return
    from generator.definitions.load import load_forms  # noqa: PLC0415  brings YAML along
    from generator.pipeline.decisions import DECISIONS_FORM, decisions_workbook  # noqa: PLC0415

    forms, _ = load_forms(workspace.templates / "forms")
    if DECISIONS_FORM in forms:
        write_atomic(path, decisions_workbook(forms[DECISIONS_FORM]))


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
        if is_stale(workspace, register, journal, judge):
            with locked(workspace):
                journal, issues = read_journal(workspace.journal, workspace.relative(workspace.journal))
                unsettled(workspace)
                done = registered(workspace, register, journal, judge, executor, progress)
                for year in sorted(done.years):
                    after_registering(workspace, year, register, journal, judge)
                issues += done.issues
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
        unsettled(workspace)
        papers: dict[int, list[str]] = {}
        faults: list[Issue] = []
        with open_register(workspace) as register:
            done = registered(workspace, register, journal, judge, executor, progress)
            for year in sorted({one.year for one in journal.deliveries}):
                faults += register.decision_issues(year)
                papers[year] = after_registering(workspace, year, register, journal, judge)
        if not done.issues and not has_errors(faults):
            settle(workspace, judge.fingerprint, papers)
    return len(done.judged), [*issues, *done.issues, *faults]


def _summary(
    register: Register, year: int, found: int, new: Sequence[Delivery], judged: set[int], notes: Iterable[Issue]
) -> IngestSummary:
    told = list(notes)
    summary = IngestSummary(year, found, tuple(new), decided=register.decided(year), notes=tuple(told))
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
