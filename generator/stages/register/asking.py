"""Asking: everything the register answers: where obligations stand, what counts, values by id, what arrived.

In:   an open connection. Out: records, with decisions applied and with what only several returns together show.
Imports tables, blocks, states, definitions.reasons, model, issues; SQLAlchemy Core. Writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sql

from generator.definitions.reasons import explained as with_reasons
from generator.issues import Issue
from generator.model import Correction, Counted, Decision, Submission, Value, Verdict
from generator.stages.register.blocks import Answers, unpack_answers, unpack_issues, unpack_ruled, unpack_values
from generator.stages.register.states import ObligationState, judged, state_of
from generator.stages.register.tables import blocks, deliveries, explained, kept, reasons, rulings, standing, years

DECISIONS, BETWEEN = "decisions", "between"
"""Topics of a year that are made from more than its deliveries."""

_BATCH = 20  # blocks fetched at a time: few enough for memory, many enough to be quick


class Stored(NamedTuple):
    """A value by its id, with the delivery it came in and what an officer changed in it."""

    id: str
    value: Value
    file: str
    sha256: str
    received: datetime
    correction: Correction | None = None
    decision: Decision | None = None


class Arrived(NamedTuple):
    """A registered delivery as it stands, strays and repeats too."""

    sequence: int
    year: int
    file: str
    sha256: str
    received: datetime
    form: str
    partner: str
    verdict: Verdict
    revision: int
    """0 for a stray."""
    repeats: bool
    """Whether it says what an earlier delivery of that revision said."""
    errors: int
    warnings: int


class Details(NamedTuple):
    """What the register keeps of a delivery beyond its row."""

    version: str
    stated_year: int
    values: tuple[Value, ...]
    """With corrections applied; `raw` stays what the partner typed."""
    issues: tuple[Issue, ...]
    """A warning that was explained by then says so (definitions.reasons.EXPLAINED)."""
    corrections: tuple[Correction, ...]
    decided: tuple[str, ...]
    """Places of the decisions that were applied."""


class Asking:
    """The questions; the register itself adds how it is opened and written."""

    def __init__(self, connection: sql.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def known(self) -> Mapping[int, tuple[int, str, str]]:
        """What is registered: sequence -> (year, sha256, by which definitions it was judged)."""
        columns = deliveries.c
        query = sql.select(columns.sequence, columns.year, columns.sha256, columns.judged_by)
        return {row.sequence: (row.year, row.sha256, row.judged_by) for row in self._rows(query)}

    def states(self, year: int) -> list[ObligationState]:
        """Where each obligation stands of which something arrived, by form and partner."""
        return judged(self._of_year(year))[0]

    def strays(self, year: int) -> list[ObligationState]:
        """Deliveries that belong to no obligation: unreadable, not our form, of the wrong partner or year.

        Only while the file of that name has not been replaced by a better one.
        """
        return judged(self._of_year(year))[1]

    def repeats(self, year: int) -> list[ObligationState]:
        """Deliveries that say nothing new, each with the revision whose content it repeats."""
        return [state_of(row) for row in self._of_year(year) if row.repeats]

    def arrived(self, year: int) -> list[Arrived]:
        """Every registered delivery of the year in the order of arrival, strays and repeats too."""
        return [
            Arrived(
                sequence=row.sequence,
                year=row.year,
                file=row.file,
                sha256=row.sha256,
                received=datetime.fromisoformat(row.received),
                form=row.form,
                partner=row.partner,
                verdict=Verdict(row.verdict),
                revision=row.revision,
                repeats=row.repeats,
                errors=row.errors,
                warnings=row.warnings,
            )
            for row in self._of_year(year)
        ]

    def details(self, sequences: Iterable[int]) -> dict[int, Details]:
        """What is kept of those deliveries; what is not registered is left out."""
        wanted = sorted(set(sequences))
        reasons_of = self._reasons_by_then(wanted)
        found = {}
        for block in self._blocks(wanted):
            details = _details(block)
            given = reasons_of.get(block.sequence, {})
            found[block.sequence] = details._replace(
                issues=tuple(with_reasons(details.issues, details.values, given)) if given else details.issues
            )
        return found

    def reasons(self, year: int) -> dict[tuple[str, str], dict[str, str]]:
        """The reasons that each form and partner gave for warnings in that year, by the warning's key; the last one
        given for a warning stands."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        columns = reasons.c
        for row in self._rows(sql.select(reasons).where(columns.year == year).order_by(columns.sequence)):
            found.setdefault((row.form, row.partner), {})[row.key] = row.reason
        return found

    def issues(self, year: int, partner: str | None = None) -> list[tuple[ObligationState, Issue]]:
        """The faults of the current revisions and of the strays, in the order of partners and of arrival.

        With what the comparison of several returns found in them, and the reasons given for warnings.
        """
        states, strays = judged(self._of_year(year))
        wanted = {state.sequence: state for state in (*states, *strays) if partner is None or state.partner == partner}
        given = self.reasons(year)
        found = []
        for block in self._blocks(list(wanted)):
            state, issues = wanted[block.sequence], _issues(block)
            own = given.get((state.form, state.partner))
            if own:
                issues = with_reasons(issues, unpack_values(block.packed), own)
            found += [(state, one) for one in issues]
        return found

    def counted(self, year: int, form: str | None = None) -> Iterator[Counted]:
        """The submissions that count, by form and partner, one at a time."""
        for row, block in self._counted_blocks(year, form):
            yield _counted(row, block, unpack_values(block.packed))

    def answers(self, year: int) -> Iterator[tuple[Counted, Answers]]:
        """The submissions that count, without their values, each with its answers by column."""
        for row, block in self._counted_blocks(year, None):
            yield _counted(row, block, ()), unpack_answers(block.packed)

    def counted_digest(self, year: int) -> str:
        """A hash that changes exactly when what counts in that year changes."""
        told = [f"{one.form}/{one.partner}/{one.counted_content}" for one in self.states(year) if one.counted]
        return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest() if told else ""

    def values(self, ids: Iterable[str]) -> dict[str, Stored]:
        """Values by id ("KN-01/2025/DV-0001/r1/57"), with file and cell; unknown ids are left out."""
        wanted: dict[str, list[tuple[str, int]]] = {}
        for value_id in ids:
            key, _, number = value_id.rpartition("/")
            if number.isdecimal():
                wanted.setdefault(key, []).append((value_id, int(number)))
        found: dict[str, Stored] = {}
        for key, asked in wanted.items():
            pair = self._submission(key)
            if pair is None:
                continue
            row, block = pair
            values, ruled = unpack_values(block.packed), unpack_ruled(block.ruled)
            corrected = {(one.table, one.row, one.field): one for one in ruled.corrections}
            decisions = {one.place: one for one in ruled.decisions}
            for value_id, position in asked:
                if 1 <= position <= len(values):
                    value = values[position - 1]
                    correction = corrected.get((value.table, value.row, value.field))
                    decision = decisions.get(correction.place) if correction else None
                    received = datetime.fromisoformat(row.received)
                    found[value_id] = Stored(value_id, value, row.file, row.sha256, received, correction, decision)
        return found

    # --- decisions, comparison ----------------------------------------------------------------

    def ruled(self, year: int) -> dict[int, str]:
        """Deliveries of the year that were decided of, each with what the ruling was made from."""
        query = sql.select(rulings.c.sequence, rulings.c.made_from).join_from(
            rulings, deliveries, rulings.c.sequence == deliveries.c.sequence
        )
        return {row.sequence: row.made_from for row in self._rows(query.where(deliveries.c.year == year))}

    def decided(self, year: int) -> int:
        """How many deliveries of the year a decision changed."""
        query = sql.select(rulings.c.ruled).where(rulings.c.sequence == deliveries.c.sequence)
        return sum(
            bool(unpack_ruled(row.ruled).decisions) for row in self._rows(query.where(deliveries.c.year == year))
        )

    def ruling_faults(self, sequences: Iterable[int]) -> dict[int, tuple[Issue, ...]]:
        """What was wrong with the decisions of those deliveries when they were applied, by sequence."""
        found: dict[int, tuple[Issue, ...]] = {}
        for batch in _batches(sorted(set(sequences))):
            query = sql.select(rulings.c.sequence, rulings.c.ruled).where(rulings.c.sequence.in_(batch))
            found |= {row.sequence: unpack_ruled(row.ruled).faults for row in self._rows(query)}
        return found

    def decisions_made_from(self, year: int) -> str:
        """What the year's decisions were applied from; "" while none ever were."""
        return self._topic(year, DECISIONS)[0]

    def decided_years(self) -> list[int]:
        """Years whose decisions were applied."""
        query = sql.select(years.c.year).where(years.c.topic == DECISIONS, years.c.made_from != "")
        return sorted(row.year for row in self._rows(query))

    def last(self, year: int) -> int:
        """The sequence of the year's latest registered delivery; 0 for none."""
        query = sql.select(sql.func.max(deliveries.c.sequence)).where(deliveries.c.year == year)
        return self._rows(query)[0][0] or 0

    def decision_issues(self, year: int) -> list[Issue]:
        """What is wrong with the year's decisions themselves, in the order of their rows."""
        return self._topic(year, DECISIONS)[1]

    def between_made_from(self, year: int) -> str:
        """What the year's comparison was made from; "" while there was none."""
        return self._topic(year, BETWEEN)[0]

    def _topic(self, year: int, topic: str) -> tuple[str, list[Issue]]:
        query = sql.select(years).where(years.c.year == year, years.c.topic == topic)
        rows = self._rows(query)
        return (rows[0].made_from, unpack_issues(rows[0].issues)) if rows else ("", [])

    def _reasons_by_then(self, sequences: Sequence[int]) -> dict[int, dict[str, str]]:
        """For each delivery the reasons that its partner had given when it came, itself included."""
        found: dict[int, dict[str, str]] = {}
        given, arrived = reasons.c, deliveries.c
        for batch in _batches(sequences):
            query = (
                sql.select(arrived.sequence, given.key, given.reason)
                .join_from(deliveries, reasons, sql.and_(given.partner == arrived.partner, given.form == arrived.form))
                .where(arrived.sequence.in_(batch), given.year == arrived.year, given.sequence <= arrived.sequence)
                .order_by(arrived.sequence, given.sequence)
            )
            for row in self._rows(query):
                found.setdefault(row.sequence, {})[row.key] = row.reason
        return found

    # --- inside -------------------------------------------------------------------------------

    def _submission(self, key: str) -> tuple[sql.Row[Any], sql.Row[Any]] | None:
        parts = key.split("/")
        if len(parts) != 4 or not parts[1].isdecimal() or not parts[3][1:].isdecimal():
            return None
        columns = deliveries.c
        query = sql.select(columns.sequence, columns.file, columns.sha256, columns.received).where(
            columns.form == parts[0],
            columns.year == int(parts[1]),
            columns.partner == parts[2],
            columns.revision == int(parts[3][1:]),
            columns.repeats.is_(False),
        )
        rows = self._rows(query)
        return (rows[0], next(self._blocks([rows[0].sequence]))) if rows else None

    def _counted_blocks(self, year: int, form: str | None) -> Iterator[tuple[sql.Row[Any], sql.Row[Any]]]:
        rows = self._of_year(year)
        by_sequence = {row.sequence: row for row in rows}
        states = [one for one in judged(rows)[0] if one.counted and (form is None or one.form == form)]
        for block in self._blocks([one.counted_sequence for one in states]):
            yield by_sequence[block.sequence], block

    def _of_year(self, year: int) -> Sequence[sql.Row[Any]]:
        return self._rows(standing().where(deliveries.c.year == year).order_by(deliveries.c.sequence))

    def _blocks(self, sequences: Sequence[int]) -> Iterator[sql.Row[Any]]:
        """The blocks of those deliveries, in that order."""
        for batch in _batches(sequences):
            found = {row.sequence: row for row in self._rows(kept().where(blocks.c.sequence.in_(batch)))}
            yield from (found[number] for number in batch if number in found)

    def _rows(self, query: sql.Select[Any]) -> Sequence[sql.Row[Any]]:
        with explained(self._path):
            rows = self._connection.execute(query).all()
            # A transaction left open would keep other commands from writing.
            self._connection.rollback()
            return rows


def _batches(sequences: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(sequences), _BATCH):
        yield sequences[start : start + _BATCH]


def _issues(block: sql.Row[Any]) -> list[Issue]:
    return [*unpack_issues(block.issues), *(unpack_issues(block.between) if block.between else ())]


def _details(block: sql.Row[Any]) -> Details:
    ruled = unpack_ruled(block.ruled)
    return Details(
        version=block.version,
        stated_year=block.stated,
        values=unpack_values(block.packed),
        issues=tuple(_issues(block)),
        corrections=ruled.corrections,
        decided=tuple(one.place for one in ruled.decisions),
    )


def _counted(row: sql.Row[Any], block: sql.Row[Any], values: tuple[Value, ...]) -> Counted:
    submission = Submission(
        form=row.form,
        version=block.version,
        partner=row.partner,
        year=row.year,
        sha256=row.sha256,
        file=row.file,
        values=values,
    )
    key = f"{row.form}/{row.year}/{row.partner}/r{row.revision}"
    return Counted(key, submission, datetime.fromisoformat(row.received), Verdict(row.verdict))
