"""States: from one year's deliveries, in the order of arrival, to where each obligation stands.

In:   the register's rows of deliveries. Out: ObligationState for each obligation, and for what belongs to none.
Pure. Imports model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from generator.model import COUNTED, Verdict

FILED = COUNTED | {Verdict.WAITING_FOR_CORRECTION}
"""Verdicts whose submission is a revision of an obligation, whether it counts yet or not."""


class Row(Protocol):
    """A registered delivery, as the database gives it back."""

    @property
    def sequence(self) -> int: ...
    @property
    def year(self) -> int: ...
    @property
    def file(self) -> str: ...
    @property
    def received(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def partner(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def repeats(self) -> bool: ...
    @property
    def content(self) -> str: ...
    @property
    def errors(self) -> int: ...
    @property
    def warnings(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ObligationState:
    """Where one obligation stands; also a delivery that belongs to none (form or partner "")."""

    year: int
    form: str
    partner: str
    revision: int
    """The revision sent last; 0 where nothing of this partner could be filed."""
    verdict: Verdict
    received: datetime
    first_received: datetime
    """When the first revision came: a correction asked for later does not make a partner late."""
    counted: int
    """The latest accepted revision, which stands while a later one waits; 0 for none."""
    errors: int
    warnings: int
    file: str
    sequence: int
    counted_sequence: int = 0
    counted_content: str = ""


def judged(rows: Sequence[Row]) -> tuple[list[ObligationState], list[ObligationState]]:
    """States by form and partner, and strays, of one year's deliveries, which come in the order of arrival."""
    filed: dict[tuple[str, str], ObligationState] = {}
    revisions: dict[tuple[str, str, int], Row] = {}
    strays: dict[str, ObligationState] = {}
    for row in rows:
        if not row.revision:
            strays[row.file] = state_of(row)
            continue
        strays.pop(row.file, None)
        key = (row.form, row.partner)
        said = revisions.setdefault((*key, row.revision), row)
        known = filed.get(key)
        if known is None or not row.repeats:
            filed[key] = state_of(row, known)
        elif known.verdict not in COUNTED and Verdict(said.verdict) in COUNTED:
            # Who sends the good one again takes the faulty one back; an old copy never displaces a good new one.
            filed[key] = replace(state_of(said, known), received=datetime.fromisoformat(row.received))
    # The wrong workbook of a partner of whom nothing else came is where that obligation stands.
    lost = {(one.form, one.partner): one for one in strays.values() if one.form and one.partner}
    states = {**lost, **filed}
    taken = {one.sequence for one in states.values()}
    ordered = [states[key] for key in sorted(states)]
    return ordered, [one for one in strays.values() if one.sequence not in taken]


def state_of(row: Row, earlier: ObligationState | None = None) -> ObligationState:
    """The state after this delivery, given the state before it."""
    verdict = Verdict(row.verdict)
    counts = verdict in COUNTED
    received = datetime.fromisoformat(row.received)
    stands = (row.revision, row.sequence, row.content) if counts and not row.repeats else (0, 0, "")
    if earlier is not None and not counts:
        stands = (earlier.counted, earlier.counted_sequence, earlier.counted_content)
    return ObligationState(
        year=row.year,
        form=row.form,
        partner=row.partner,
        revision=row.revision,
        verdict=verdict,
        received=received,
        first_received=earlier.first_received if earlier is not None else received,
        counted=stands[0],
        errors=row.errors,
        warnings=row.warnings,
        file=row.file,
        sequence=row.sequence,
        counted_sequence=stands[1],
        counted_content=stands[2],
    )
