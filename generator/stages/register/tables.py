"""Tables: how the register is laid out in its file, how that is opened, and what the disk's refusals mean.

In:   a path. Out: the tables, a connection, the query that every question about a year starts from.
Imports model, issues; SQLAlchemy Core. What was decided or compared lies beside what arrived, never over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, IntegrityError

from generator.issues import Place, UnusableError, issue
from generator.model import Verdict

SCHEMA = 4
"""Raised whenever the tables or the blocks change: a register of another version is made anew."""

_BUSY = 30  # seconds to wait for another command's transaction

TABLES = sql.MetaData()
deliveries = sql.Table(
    "deliveries",
    TABLES,
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
blocks = sql.Table(
    "blocks",
    TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("version", sql.Text, nullable=False),
    sql.Column("stated", sql.Integer, nullable=False),
    sql.Column("issues", sql.LargeBinary, nullable=False),
    sql.Column("packed", sql.LargeBinary, nullable=False),
)
rulings = sql.Table(  # a delivery as the officer's decisions leave it
    "rulings",
    TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("made_from", sql.Text, nullable=False),
    sql.Column("verdict", sql.Text, nullable=False),
    sql.Column("content", sql.Text, nullable=False),
    sql.Column("errors", sql.Integer, nullable=False),
    sql.Column("warnings", sql.Integer, nullable=False),
    sql.Column("issues", sql.LargeBinary, nullable=False),
    sql.Column("packed", sql.LargeBinary, nullable=False),
    sql.Column("ruled", sql.LargeBinary, nullable=False),
)
between = sql.Table(  # what only several returns together show
    "between",
    TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("warnings", sql.Integer, nullable=False),
    sql.Column("issues", sql.LargeBinary, nullable=False),
)
reasons = sql.Table(  # what partners said for warnings: asked once a year, so found by partner
    "reasons",
    TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("key", sql.Text, primary_key=True),
    sql.Column("year", sql.Integer, nullable=False),
    sql.Column("form", sql.Text, nullable=False),
    sql.Column("partner", sql.Text, nullable=False, index=True),
    sql.Column("reason", sql.Text, nullable=False),
)
years = sql.Table(  # what a whole year's rulings and comparisons were made from
    "years",
    TABLES,
    sql.Column("year", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("topic", sql.Text, primary_key=True),
    sql.Column("made_from", sql.Text, nullable=False),
    sql.Column("issues", sql.LargeBinary, nullable=False),
)


def standing() -> sql.Select[Any]:
    """Deliveries as they stand: with what was decided of them and what was found between them."""
    arrived = deliveries.c
    verdict = sql.func.coalesce(rulings.c.verdict, arrived.verdict)
    warned = sql.func.coalesce(between.c.warnings, 0)
    clouded = sql.and_(verdict == Verdict.ACCEPTED.value, warned > 0)
    own = [column for column in arrived if column.name not in ("verdict", "content", "errors", "warnings")]
    return sql.select(
        *own,
        sql.case((clouded, Verdict.ACCEPTED_WITH_WARNINGS.value), else_=verdict).label("verdict"),
        sql.func.coalesce(rulings.c.content, arrived.content).label("content"),
        sql.func.coalesce(rulings.c.errors, arrived.errors).label("errors"),
        (sql.func.coalesce(rulings.c.warnings, arrived.warnings) + warned).label("warnings"),
    ).select_from(
        deliveries.outerjoin(rulings, arrived.sequence == rulings.c.sequence).outerjoin(
            between, arrived.sequence == between.c.sequence
        )
    )


def kept() -> sql.Select[Any]:
    """The blocks of deliveries as they stand; `ruled` is None where nothing was decided, `between` where nothing was
    found."""
    return sql.select(
        blocks.c.sequence,
        blocks.c.version,
        blocks.c.stated,
        sql.func.coalesce(rulings.c.issues, blocks.c.issues).label("issues"),
        sql.func.coalesce(rulings.c.packed, blocks.c.packed).label("packed"),
        rulings.c.ruled,
        between.c.issues.label("between"),
    ).select_from(
        blocks.outerjoin(rulings, blocks.c.sequence == rulings.c.sequence).outerjoin(
            between, blocks.c.sequence == between.c.sequence
        )
    )


def connected(path: Path) -> sql.Connection:
    """An open connection to the file, which SQLite makes when there is none."""
    url = URL.create("sqlite", database=str(path))
    # Without a pool a closed connection lets go of the file, which Windows needs before it can be deleted.
    return sql.create_engine(url, poolclass=sql.NullPool, connect_args={"timeout": _BUSY}).connect()


@contextmanager
def explained(path: Path) -> Iterator[None]:
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


def storable(text: str) -> str:
    """The text as SQLite takes it: half a letter of a hostile file becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
