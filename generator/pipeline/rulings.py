"""Rulings: which delivery each decision means, and which decisions do not go together.

In:   a year's decisions, what arrived. Out: decisions by delivery, issues at the decisions.
Imports model, issues, pipeline.workspace and nothing heavy: a run that finds nothing new asks here too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Protocol

from generator.issues import Issue, Place, issue
from generator.model import Decision, Ruling, Verdict
from generator.pipeline.workspace import Workspace, unusable

NAME = "quyet-dinh.xlsx"

_VIETNAM = timezone(timedelta(hours=7))
_SHEET_AND_CELL = frozenset({Ruling.ACCEPT, Ruling.CORRECT})


class Arrival(Protocol):
    """A registered delivery: `generator.stages.register.asking.Arrived`."""

    @property
    def sequence(self) -> int: ...
    @property
    def received(self) -> datetime: ...
    @property
    def form(self) -> str: ...
    @property
    def partner(self) -> str: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def revision(self) -> int: ...
    @property
    def repeats(self) -> bool: ...


# --- the workbook, unopened -----------------------------------------------------------------------


def decisions_file(workspace: Workspace, year: int) -> Path:
    """Where the decisions of a year are written."""
    return workspace.year_inputs(year) / NAME


def decided_years(workspace: Workspace) -> list[int]:
    """Years that have a workbook of decisions."""
    found = [path.parent.name for path in workspace.inputs.glob(f"[0-9]*/{NAME}")]
    return sorted(int(name) for name in found if name.isascii() and name.isdecimal() and len(name) == 4)


def decisions_digest(workspace: Workspace, year: int) -> str:
    """Hash of the year's workbook of decisions; "" while there is none. UnusableError when the disk refuses."""
    path = decisions_file(workspace, year)
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise unusable(error, path) from error


# --- which delivery is meant ----------------------------------------------------------------------


def ruled_by(decisions: Iterable[Decision]) -> str:
    """A hash that changes exactly when one of the decisions does."""
    told = "\n".join(repr(astuple(one)) for one in decisions)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def place_of(decision: Decision) -> Place:
    """The place of a decision as a place of an issue."""
    file, _, rest = decision.place.partition(":")
    sheet, _, cell = rest.rpartition("!")
    return Place(file, sheet, cell)


def targets(
    decisions: Iterable[Decision], arrived: Sequence[Arrival]
) -> tuple[Mapping[int, tuple[Decision, ...]], list[Issue]]:
    """The decisions that accept or correct, by the delivery they mean; and what is wrong with the others.

    That is the revision they name, else the latest one received up to the end of their day in Vietnam. Of two
    corrections of one cell the first stands.
    """
    by_key: dict[tuple[str, str], list[Arrival]] = {}
    for one in arrived:
        if one.form and one.partner and not one.repeats:
            by_key.setdefault((one.form, one.partner), []).append(one)
    meant: dict[int, list[Decision]] = {}
    issues: list[Issue] = []
    for decision in decisions:
        sent = by_key.get((decision.form, decision.partner), [])
        if decision.ruling not in _SHEET_AND_CELL:
            issues += _needless(decision, sent)
            continue
        target = _target(decision, sent)
        if isinstance(target, Issue):
            issues.append(target)
        else:
            meant.setdefault(target, []).append(decision)
    found: dict[int, tuple[Decision, ...]] = {}
    for number, several in sorted(meant.items()):
        told, stands = opposed(several, of_one_delivery=True)
        issues += told
        found[number] = tuple(stands)
    return found, issues


def _needless(decision: Decision, sent: Sequence[Arrival]) -> list[Issue]:
    """A warning where somebody is let off who sent a return."""
    if decision.ruling is not Ruling.EXEMPT or not any(one.revision for one in sent):
        return []
    return [issue("decision.exempt_but_sent", place_of(decision), partner=decision.partner, form=decision.form)]


def _target(decision: Decision, sent: Sequence[Arrival]) -> int | Issue:
    """The sequence of the delivery that is meant, or why there is none."""
    filed = [one for one in sent if one.revision]
    told = {"partner": decision.partner, "form": decision.form}
    if not filed and sent:
        return issue("decision.cannot_accept", place_of(decision), **told)
    if decision.revision:
        named = [one.sequence for one in filed if one.revision == decision.revision]
        latest = max((one.revision for one in filed), default=0)
        shown = {"revision": str(decision.revision), "latest": str(latest or "")}
        return named[0] if named else issue("decision.no_revision", place_of(decision), **told, **shown)
    end = datetime.combine(decision.day, time.max, tzinfo=_VIETNAM)
    by_then = [one.sequence for one in filed if one.received <= end]
    if by_then:
        return max(by_then)
    return issue("decision.no_return", place_of(decision), **told, day=f"{decision.day:%d/%m/%Y}")


# --- which do not go together -----------------------------------------------------------------------


def opposed(decisions: Iterable[Decision], *, of_one_delivery: bool = False) -> tuple[list[Issue], list[Decision]]:
    """Issues at decisions that say again what an earlier one says, or the contrary; and those that stand.

    `of_one_delivery`: it is known that all of them mean the same one.
    """
    stands: list[Decision] = []
    issues: list[Issue] = []
    said: dict[tuple[object, ...], Decision] = {}
    ruled: dict[tuple[str, str], dict[str, Decision]] = {}
    for one in decisions:
        what = _what(one, of_one_delivery)
        first = said.get(what)
        others = ruled.setdefault((one.form, one.partner), {})
        contrary = next((other for name, other in others.items() if name in _CONTRARY[one.ruling]), None)
        if first is not None or contrary is not None:
            earlier = first or contrary
            same = first is not None and (first.value, first.due) == (one.value, one.due)
            told = {"first": place_of(earlier).cell if earlier else ""}
            issues.append(issue("decision.twice" if same else "decision.contradicts", place_of(one), **told))
            continue
        said[what] = one
        others.setdefault(one.ruling, one)
        stands.append(one)
    return issues, stands


_CONTRARY: Mapping[Ruling, frozenset[Ruling]] = {
    Ruling.ACCEPT: frozenset({Ruling.EXEMPT}),
    Ruling.CORRECT: frozenset({Ruling.EXEMPT}),
    Ruling.EXEMPT: frozenset({Ruling.ACCEPT, Ruling.CORRECT, Ruling.EXTEND}),
    Ruling.EXTEND: frozenset({Ruling.EXEMPT}),
}


def _what(one: Decision, of_one_delivery: bool) -> tuple[object, ...]:
    """What a decision decides of; two of one kind that decide of the same are the same or contrary."""
    cell = (one.form, one.partner, one.ruling, one.sheet.strip().casefold(), one.cell)
    # Without a revision the day says which delivery is meant. An extension on a later day is no contradiction:
    # the later date holds.
    return cell if of_one_delivery else (*cell, one.revision, one.day)
