"""Register: the database of what was registered; derived, it can be made anew from inputs/ at any time.

In:   examined deliveries, packed. Out: where each obligation stands, the submissions that count, values by id.
Imports blocks, states, model, issues; SQLAlchemy Core. A submission's values are one block (docs/adr/0004).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import sqlalchemy as sql
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from generator.issues import Issue, Place, UnusableError, issue
from generator.model import Counted, Submission, Value, Verdict
from generator.stages.register.blocks import Answers, Entry, unpack_answers, unpack_issues, unpack_values
from generator.stages.register.states import FILED, ObligationState, judged, state_of

SCHEMA = 2
"""Raised whenever the tables or the blocks change: a register of another version is made anew."""

_BATCH = 20  # blocks fetched at a time: few enough for memory, many enough to be quick
_BUSY = 30  # seconds to wait for another command's transaction

_TABLES = sql.MetaData()
_deliveries = sql.Table(
    "deliveries",
    _TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("year", sql.Integer, nullable=False, index=True),
    sql.Column("file", sql.Text, nullable=False),
    sql.Column("sha256", sql.Text, nullable=False),
    sql.Column("received", sql.Text, nullable=False),
    sql.Column("judged_by", sql.Text, nullable=False),
    sql.Column("verdict", sql.Text, nullable=False),
    sql.Column("form", sql.Text, nullable=False),
    sql.Column("partner", sql.Text, nullable=False),
    sql.Column("revision", sql.Integer, nullable=False),
    sql.Column("repeats", sql.Boolean, nullable=False),
    sql.Column("content", sql.Text, nullable=False),
    sql.Column("errors", sql.Integer, nullable=False),
    sql.Column("warnings", sql.Integer, nullable=False),
)
_blocks = sql.Table(
    "blocks",
    _TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("version", sql.Text, nullable=False),
    sql.Column("stated", sql.Integer, nullable=False),
    sql.Column("issues", sql.LargeBinary, nullable=False),
    sql.Column("packed", sql.LargeBinary, nullable=False),
)


class Stored(NamedTuple):
    """A value by its id, with the delivery it came in."""

    id: str
    value: Value
    file: str
    sha256: str
    received: datetime


class Register:
    """The open register. Use it in a `with` block."""

    def __init__(self, connection: sql.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._revisions: dict[int, dict[tuple[str, str], dict[str, int]]] = {}

    @classmethod
    def open(cls, path: Path) -> Self:
        """The register in that file; an empty one where there is none, or where it is of another version or damaged.

        Raises UnusableError when the disk refuses.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with _explained(path):
            connection = _connected(path)
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
                connection = _connected(path)
                _TABLES.create_all(connection)
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

    # --- writing ----------------------------------------------------------------------------

    def known(self) -> Mapping[int, tuple[int, str, str]]:
        """What is registered: sequence -> (year, sha256, by which definitions it was judged)."""
        columns = _deliveries.c
        query = sql.select(columns.sequence, columns.year, columns.sha256, columns.judged_by)
        return {row.sequence: (row.year, row.sha256, row.judged_by) for row in self._rows(query)}

    def add(self, entries: Sequence[Entry], judged_by: str) -> None:
        """Registers deliveries in one transaction: all of them or none.

        They must come in the order of the journal, later than what is registered of their year: the order
        makes the revisions.
        """
        try:
            with _explained(self._path), self._connection.begin():
                rows = [self._row(entry, judged_by) for entry in entries]
                if rows:
                    self._connection.execute(sql.insert(_deliveries), rows)
                    self._connection.execute(sql.insert(_blocks), [_block(entry) for entry in entries])
        except BaseException:
            self._revisions.clear()  # it remembers revisions that were never written
            raise

    def forget(self, year: int) -> None:
        """Takes a year out, so that it is registered anew from the journal."""
        self._revisions.pop(year, None)
        sequences = sql.select(_deliveries.c.sequence).where(_deliveries.c.year == year)
        with _explained(self._path), self._connection.begin():
            self._connection.execute(sql.delete(_blocks).where(_blocks.c.sequence.in_(sequences)))
            self._connection.execute(sql.delete(_deliveries).where(_deliveries.c.year == year))

    def _row(self, entry: Entry, judged_by: str) -> dict[str, Any]:
        delivery, revision, repeats = entry.delivery, 0, False
        if entry.verdict in FILED:
            known = self._revisions_of(delivery.year).setdefault((entry.form, entry.partner), {})
            repeats = entry.content in known
            revision = known.setdefault(entry.content, len(known) + 1)
        return {
            "sequence": delivery.sequence,
            "year": delivery.year,
            "file": _storable(delivery.file),
            "sha256": delivery.sha256,
            "received": delivery.received.isoformat(),
            "judged_by": judged_by,
            "verdict": entry.verdict.value,
            "form": _storable(entry.form),
            "partner": _storable(entry.partner),
            "revision": revision,
            "repeats": repeats,
            "content": entry.content,
            "errors": entry.errors,
            "warnings": entry.warnings,
        }

    def _revisions_of(self, year: int) -> dict[tuple[str, str], dict[str, int]]:
        """Revision by content, by form and partner: read once a year, then kept along."""
        if year not in self._revisions:
            found: dict[tuple[str, str], dict[str, int]] = {}
            columns = _deliveries.c
            query = sql.select(columns.form, columns.partner, columns.content, columns.revision)
            for form, partner, content, revision in self._connection.execute(
                query.where(columns.year == year, columns.revision > 0)
            ):
                found.setdefault((form, partner), {})[content] = revision
            self._revisions[year] = found
        return self._revisions[year]

    # --- asking -----------------------------------------------------------------------------

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

    def issues(self, year: int, partner: str | None = None) -> list[tuple[ObligationState, Issue]]:
        """The faults of the current revisions and of the strays, in the order of partners and of arrival."""
        states, strays = judged(self._of_year(year))
        wanted = {state.sequence: state for state in (*states, *strays) if partner is None or state.partner == partner}
        found: list[tuple[ObligationState, Issue]] = []
        columns = _blocks.c
        for batch in _batches(list(wanted)):
            query = sql.select(columns.sequence, columns.issues).where(columns.sequence.in_(batch))
            blocks = {row.sequence: row.issues for row in self._rows(query)}
            found += [(wanted[number], one) for number in batch for one in unpack_issues(blocks[number])]
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
            counted = self._submission(key)
            if counted is None:
                continue
            said = counted.submission
            for value_id, position in asked:
                if 1 <= position <= len(said.values):
                    value = said.values[position - 1]
                    found[value_id] = Stored(value_id, value, said.file, said.sha256, counted.received)
        return found

    def _submission(self, key: str) -> Counted | None:
        parts = key.split("/")
        if len(parts) != 4 or not parts[1].isdecimal() or not parts[3][1:].isdecimal():
            return None
        columns = _deliveries.c
        query = sql.select(_deliveries, _blocks.c.version, _blocks.c.stated, _blocks.c.packed).join_from(
            _deliveries, _blocks, columns.sequence == _blocks.c.sequence
        )
        query = query.where(
            columns.form == parts[0],
            columns.year == int(parts[1]),
            columns.partner == parts[2],
            columns.revision == int(parts[3][1:]),
            columns.repeats.is_(False),
        )
        rows = self._rows(query)
        return _counted(rows[0], rows[0], unpack_values(rows[0].packed)) if rows else None

    def _counted_blocks(self, year: int, form: str | None) -> Iterator[tuple[sql.Row[Any], sql.Row[Any]]]:
        rows = self._of_year(year)
        by_sequence = {row.sequence: row for row in rows}
        states = [one for one in judged(rows)[0] if one.counted and (form is None or one.form == form)]
        for batch in _batches([one.counted_sequence for one in states]):
            found = {row.sequence: row for row in self._rows(sql.select(_blocks).where(_blocks.c.sequence.in_(batch)))}
            for number in batch:
                yield by_sequence[number], found[number]

    def _of_year(self, year: int) -> Sequence[sql.Row[Any]]:
        query = sql.select(_deliveries).where(_deliveries.c.year == year).order_by(_deliveries.c.sequence)
        return self._rows(query)

    def _rows(self, query: sql.Select[Any]) -> Sequence[sql.Row[Any]]:
        with _explained(self._path):
            rows = self._connection.execute(query).all()
            # A transaction left open would keep other commands from writing.
            self._connection.rollback()
            return rows


def _connected(path: Path) -> sql.Connection:
    url = URL.create("sqlite", database=str(path))
    # Without a pool a closed connection lets go of the file, which Windows needs before it can be deleted.
    return sql.create_engine(url, poolclass=sql.NullPool, connect_args={"timeout": _BUSY}).connect()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What the database refuses, as an issue with its cure."""
    try:
        yield
    except IntegrityError:
        raise  # a broken program, not a broken disk
    except DatabaseError as error:
        said = str(error.orig)
        kinds = {"full": "disk_full", "readonly": "read_only", "locked": "locked"}
        kind = next((kind for word, kind in kinds.items() if word in said), "refused")
        raise UnusableError(issue(f"workspace.{kind}", Place(path.name), reason=said)) from error


def _block(entry: Entry) -> dict[str, Any]:
    return {
        "sequence": entry.delivery.sequence,
        "version": _storable(entry.version),
        "stated": entry.year,
        "issues": entry.issues,
        "packed": entry.values,
    }


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _batches(sequences: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(sequences), _BATCH):
        yield sequences[start : start + _BATCH]


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
