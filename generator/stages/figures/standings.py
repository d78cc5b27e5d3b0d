"""Standings: where each obligation stands on paper, and how many stand there.

In:   obligations with their verdicts. Out: State and Standing, and the figures that are counted from them.
Pure. Imports model, definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from generator.definitions.aggregations import OBLIGATIONS
from generator.definitions.forms import Form
from generator.definitions.plans import StateSpec, grouped_code, years_of
from generator.definitions.plans_names import COUNTS, STATES
from generator.model import COUNTED, Figure, Obligation, Verdict


class State(StrEnum):
    """How an obligation stands on paper: things that are never mixed up (design 6.6)."""

    ON_TIME = "dung_han"
    LATE = "muon"
    NIL = "khong_phat_sinh"
    WAITING = "cho_chinh_sua"
    MISSING = "chua_gui"
    EXEMPT = "duoc_mien"
    UNLISTED = "ngoai_danh_sach"
    """It sent what counts, yet the registry says it owes nothing."""
    NOT_OWED = "khong_phai_bao_cao"
    """In a listing over years: it owed nothing in that year."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An obligation and where it stands."""

    obligation: Obligation
    verdict: Verdict
    """Of the revision that counts; where none does, of the last one."""
    received: datetime | None = None
    """When its first revision came: a correction asked for later does not make a partner late."""
    pending: bool = False
    """Whether a later revision waits for correction while an earlier one counts."""
    revision: int = 0
    """The revision that counts, else the last one; 0 where nothing came."""

    @property
    def counted(self) -> bool:
        """Whether its submission is in the dataset."""
        return self.verdict in COUNTED

    @property
    def late(self) -> bool:
        """Whether it came after the day it was due."""
        return self.received is not None and self.received.date() > self.obligation.due

    @property
    def state(self) -> State:
        """What the report says of it."""
        if self.verdict is Verdict.EXEMPT:
            return State.EXEMPT
        if self.verdict is Verdict.MISSING:
            return State.MISSING
        if not self.counted:
            return State.WAITING
        if self.verdict is Verdict.NIL:
            return State.NIL
        return State.LATE if self.late else State.ON_TIME


Standings = Mapping[tuple[str, int], Sequence[Standing]]
"""By form and year, in the order of the registry."""

_ORDER = (State.LATE, State.ON_TIME, State.NIL, State.UNLISTED, State.WAITING, State.MISSING, State.EXEMPT)


def together(states: Iterable[State]) -> State:
    """The state of several obligations as one row: what counts goes before what waits, that before what is missing."""
    there = set(states)
    return next((state for state in _ORDER if state in there), State.NOT_OWED)


def of_form(standings: Standings, form: Form | None, year: int, years: Sequence[int]) -> Sequence[Standing]:
    """The standings of a form in a year; a return over several years stands where it was due, in the last year."""
    if form is None:
        return ()
    return standings.get((form.code, years[-1] if form.years > 1 and year in years else year), ())


def _owing(standing: Standing) -> bool:
    return standing.verdict is not Verdict.EXEMPT


def _stands(state: State, standing: Standing) -> bool:
    return standing.state is state


_TESTS: Mapping[str, Callable[[Standing], bool]] = MappingProxyType(
    {
        "phai_bao_cao": _owing,
        "da_bao_cao": lambda one: one.counted,
        "chua_tong_hop": lambda one: _owing(one) and not one.counted,
        "dung_han": lambda one: one.counted and not one.late,
        "muon": lambda one: one.counted and one.late,
        **{str(state): partial(_stands, state) for state in (State.NIL, State.WAITING, State.MISSING, State.EXEMPT)},
    }
)
"""Whether a standing is counted, by the name that a plan gives the state."""


def counts(standings: Sequence[Standing]) -> Iterator[Figure]:
    """The figures that every report has (COUNTS), of the standings of its own form."""
    for state, code in STATES.items():
        number = sum(map(_TESTS[state], standings))
        yield Figure(code, COUNTS[code], number, "đơn vị", OBLIGATIONS)


def state_figures(
    spec: StateSpec, standings: Standings, forms: Mapping[str, Form], years: Sequence[int]
) -> Iterator[tuple[tuple[str, ...], Figure]]:
    """The figures of a plan's `states`: one, or one for each of its years."""
    for year in years_of(spec.year, years):
        number = sum(map(_TESTS[spec.state], of_form(standings, forms[spec.form], year, years)))
        group = (str(year),) if spec.by else ()
        yield group, Figure(grouped_code(spec.code, group), spec.label, number, spec.unit, OBLIGATIONS)
