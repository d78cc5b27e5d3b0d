"""Register: the database of what was registered; derived, it can be made anew from inputs/ at any time.

In:   examined deliveries, packed; what was decided of them; what their comparison found. Out: see `asking`.
Imports tables, asking, blocks, states, model, issues; SQLAlchemy Core. A submission's values are one block
(docs/adr/0004); decisions lie beside them (docs/adr/0010).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sql
from sqlalchemy.exc import DatabaseError, OperationalError

from generator.issues import Issue, Severity
from generator.stages.register.asking import BETWEEN, DECISIONS, Arrived, Asking, Details, Stored
from generator.stages.register.blocks import Entry, pack_issues
from generator.stages.register.states import FILED
from generator.stages.register.tables import (
    SCHEMA,
    TABLES,
    between,
    blocks,
    connected,
    deliveries,
    explained,
    reasons,
    rulings,
    storable,
    years,
)

__all__ = ["Arrived", "Details", "Register", "Stored"]


class Register(Asking):
    """The open register. Use it in a `with` block."""

    def __init__(self, connection: sql.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._revisions: dict[int, dict[tuple[str, str], dict[str, int]]] = {}

    @classmethod
    def open(cls, path: Path) -> Self:
        """The register in that file; an empty one where there is none, or where it is of another version or damaged.

        Raises UnusableError when the disk refuses.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with explained(path):
            connection = connected(path)
            try:
                fits = connection.exec_driver_sql("PRAGMA user_version").scalar() == SCHEMA
                connection.rollback()
            except OperationalError:  # locked or refused, which says nothing about what is in it
                connection.close()
                raise
            except DatabaseError:
                fits = False
            if not fits:
                connection.close()
                # Deleted, not altered: everything in it can be had from inputs/ again.
                path.unlink(missing_ok=True)
                path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
                connection = connected(path)
                TABLES.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
                connection.commit()
        return cls(connection, path)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def add(self, entries: Sequence[Entry], judged_by: str) -> None:
        """Registers deliveries in one transaction: all of them or none.

        They must come in the order of the journal, later than what is registered of their year: the order
        makes the revisions.
        """
        try:
            with explained(self._path), self._connection.begin():
                rows = [self._row(entry, judged_by) for entry in entries]
                if rows:
                    self._connection.execute(sql.insert(deliveries), rows)
                    self._connection.execute(sql.insert(blocks), [_block(entry) for entry in entries])
                if given := [row for entry in entries for row in _reasons(entry)]:
                    self._connection.execute(sql.insert(reasons), given)
        except BaseException:
            self._revisions.clear()  # it remembers revisions that were never written
            raise

    def forget(self, year: int) -> None:
        """Takes a year out, with all that was decided and found in it, so that it is registered anew."""
        self._revisions.pop(year, None)
        sequences = _sequences(year)
        with explained(self._path), self._connection.begin():
            for table in (blocks, rulings, between, reasons):
                self._connection.execute(sql.delete(table).where(table.c.sequence.in_(sequences)))
            self._connection.execute(sql.delete(deliveries).where(deliveries.c.year == year))
            self._connection.execute(sql.delete(years).where(years.c.year == year))

    def rule(
        self,
        year: int,
        made_from: str,
        standing: Mapping[int, str],
        entries: Sequence[Entry],
        issues: Sequence[Issue],
    ) -> None:
        """Keeps what decisions make of deliveries, in one transaction.

        `standing` says of every delivery that is decided of, by its sequence, what the ruling was made from;
        `entries` are those that changed. A ruling that stands no longer goes, and the delivery is as it arrived.
        `issues` are what is wrong with the decisions themselves.
        """
        with explained(self._path), self._connection.begin():
            stale = set(self._ruled_now(year)) - set(standing) | {one.delivery.sequence for one in entries}
            for number in sorted(stale):
                self._connection.execute(sql.delete(rulings).where(rulings.c.sequence == number))
            if entries:
                rows = [_ruling(one, standing[one.delivery.sequence]) for one in entries]
                self._connection.execute(sql.insert(rulings), rows)
            self._write_topic(year, DECISIONS, made_from, issues)

    def _ruled_now(self, year: int) -> Sequence[int]:
        query = sql.select(rulings.c.sequence).where(rulings.c.sequence.in_(_sequences(year)))
        return self._connection.execute(query).scalars().all()

    def set_between(self, year: int, made_from: str, found: Mapping[int, Sequence[Issue]]) -> None:
        """Keeps what only several returns together show, by sequence; replaces what was kept of the year as a whole."""
        rows = [
            {
                "sequence": number,
                "warnings": sum(one.severity is Severity.WARNING for one in issues),
                "issues": pack_issues(issues),
            }
            for number, issues in sorted(found.items())
            if issues
        ]
        with explained(self._path), self._connection.begin():
            self._connection.execute(sql.delete(between).where(between.c.sequence.in_(_sequences(year))))
            if rows:
                self._connection.execute(sql.insert(between), rows)
            self._write_topic(year, BETWEEN, made_from, ())

    def _write_topic(self, year: int, topic: str, made_from: str, issues: Sequence[Issue]) -> None:
        self._connection.execute(sql.delete(years).where(years.c.year == year, years.c.topic == topic))
        row = {"year": year, "topic": topic, "made_from": made_from, "issues": pack_issues(issues)}
        self._connection.execute(sql.insert(years), [row])

    def _row(self, entry: Entry, judged_by: str) -> dict[str, Any]:
        delivery, revision, repeats = entry.delivery, 0, False
        if entry.verdict in FILED:
            known = self._revisions_of(delivery.year).setdefault((entry.form, entry.partner), {})
            repeats = entry.content in known
            revision = known.setdefault(entry.content, len(known) + 1)
        return {
            "sequence": delivery.sequence,
            "year": delivery.year,
            "file": storable(delivery.file),
            "sha256": delivery.sha256,
            "received": delivery.received.isoformat(),
            "judged_by": judged_by,
            "verdict": entry.verdict.value,
            "form": storable(entry.form),
            "partner": storable(entry.partner),
            "revision": revision,
            "repeats": repeats,
            "content": entry.content,
            "errors": entry.errors,
            "warnings": entry.warnings,
        }

    def _revisions_of(self, year: int) -> dict[tuple[str, str], dict[str, int]]:
        """Revision by content, by form and partner: read once a year, then kept along.

        By what the partner sent: a decision makes no revision.
        """
        if year not in self._revisions:
            found: dict[tuple[str, str], dict[str, int]] = {}
            columns = deliveries.c
            query = sql.select(columns.form, columns.partner, columns.content, columns.revision)
            for form, partner, content, revision in self._connection.execute(
                query.where(columns.year == year, columns.revision > 0)
            ):
                found.setdefault((form, partner), {})[content] = revision
            self._revisions[year] = found
        return self._revisions[year]


def _sequences(year: int) -> sql.Select[Any]:
    return sql.select(deliveries.c.sequence).where(deliveries.c.year == year)


def _block(entry: Entry) -> dict[str, Any]:
    return {
        "sequence": entry.delivery.sequence,
        "version": storable(entry.version),
        "stated": entry.year,
        "issues": entry.issues,
        "packed": entry.values,
    }


def _reasons(entry: Entry) -> list[dict[str, Any]]:
    """One row for each warning that was explained; of two reasons for one the later cell stands."""
    own = {"sequence": entry.delivery.sequence, "year": entry.delivery.year}
    whose = {"form": storable(entry.form), "partner": storable(entry.partner)}
    told = {storable(key): storable(text) for key, text in entry.reasons}
    return [{**own, **whose, "key": key, "reason": text} for key, text in told.items()]


def _ruling(entry: Entry, made_from: str) -> dict[str, Any]:
    return {
        "sequence": entry.delivery.sequence,
        "made_from": made_from,
        "verdict": entry.verdict.value,
        "content": entry.content,
        "errors": entry.errors,
        "warnings": entry.warnings,
        "issues": entry.issues,
        "packed": entry.values,
        "ruled": entry.ruled,
    }
