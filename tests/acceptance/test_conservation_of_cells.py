"""Property 2 over all workbooks there are: each non-empty unlocked cell of every delivery, found in the raw XML without
our reader, ended in a value, in an issue, or on the list of cells that were not read; and that list went back.

The workbooks are those of the demo (good and faulty), of the year of 200 deliveries, and of the gallery of faults.
"""

from __future__ import annotations

import fcntl
import io
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from lxml import etree
from typed_cells import Address, RawBook

from gallery import build
from gallery_cases import cases
from generator.model import Verdict
from generator.pipeline.replies import name_of
from generator.stages.register.asking import Arrived, Details
from generator.stages.register.database import Register

NOT_READ, MORE = "cell.not_read", "cell.more_not_read"
NOTHING_READ = frozenset({Verdict.UNREADABLE, Verdict.NOT_OUR_FORM})
"""Of these files no cell is looked at, and the reply says so of the whole file."""
YEARS = (2024, 2025)


class Taken(NamedTuple):
    """A delivery that was taken in: its bytes, what the register keeps, and the reply."""

    arrived: Arrived
    content: bytes
    details: Details
    reply: Path


def taken_in(workspace: Path) -> Iterator[Taken]:
    """Every workbook of the workspace that is a zip of XML; others have cells that only our own reader finds."""
    with Register.open(workspace / "outputs" / "register.sqlite") as register:
        for year in YEARS:
            arrived = register.arrived(year)
            details = register.details(one.sequence for one in arrived)
            for one in arrived:
                content = (workspace / "inputs" / "archive" / one.sha256).read_bytes()
                reply = workspace / "outputs" / str(year) / "replies" / name_of(one)
                yield Taken(one, content, details[one.sequence], reply)


def typed(content: bytes) -> set[Address] | None:
    """Non-empty unlocked cells by the raw XML; None for what is no such workbook."""
    try:
        cells = RawBook(content).cells()
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, AssertionError, etree.LxmlError):
        return None
    return {where for where, cell in cells.items() if cell.filled and cell.unlocked}


def ended(details: Details) -> set[Address]:
    """Where every value and every issue stands."""
    values = {(one.sheet, one.cell) for one in details.values}
    return values | {(one.place.sheet, one.place.cell) for one in details.issues}


def unread_sheets(details: Details) -> set[str]:
    """Sheets of which an error says that their table was not found: what looks like the blank's own there is told
    with the sheet."""
    return {one.place.sheet for one in details.issues if one.code == "table.marks_missing"}


@pytest.fixture(scope="session")
def gallery(meeting_room: Path) -> Path:
    """The workspace of the gallery, made by whoever comes first. Nobody writes into it."""
    folder = meeting_room / "gallery"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "results.json").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            build(folder, list(cases().values()))
    return folder


@pytest.fixture(params=["demo", "year", "gallery"])
def workspace(request: pytest.FixtureRequest) -> Path:
    if request.param == "year":
        record: Any = request.getfixturevalue("record")
        return Path(record.workspace)
    return Path(request.getfixturevalue(request.param))


def test_every_typed_cell_of_every_delivery_is_a_value_an_issue_or_listed(workspace: Path) -> None:
    lost: dict[str, set[Address]] = {}
    books = cells = 0
    for one in taken_in(workspace):
        own = typed(one.content)
        if own is None or one.arrived.verdict in NOTHING_READ:
            continue
        books, cells = books + 1, cells + len(own)
        left = {(sheet, cell) for sheet, cell in own - ended(one.details) if sheet not in unread_sheets(one.details)}
        counted = sum(int(found.params["count"]) for found in one.details.issues if found.code == MORE)
        if len(left) > counted:
            lost[one.arrived.file] = left
    assert lost == {}
    assert (books > 30, cells > 1500) == (True, True), (books, cells)


def test_every_cell_that_was_not_read_is_told_in_the_reply(workspace: Path) -> None:
    untold: dict[str, list[str]] = {}
    listed = 0
    for one in taken_in(workspace):
        places = [
            f"{found.place.sheet}, ô {found.place.cell}" for found in one.details.issues if found.code == NOT_READ
        ]
        # of a repeat and of a file of the wrong partner or year the reply tells why it does not count
        if not places or one.arrived.repeats or one.arrived.verdict is Verdict.WRONG_PARTNER_OR_YEAR:
            continue
        listed += len(places)
        said = _said(one.reply)
        if missing := [place for place in places if place not in said]:
            untold[one.arrived.file] = missing
    assert untold == {}


def test_every_refusal_names_a_fault(workspace: Path) -> None:
    for one in taken_in(workspace):
        if one.arrived.verdict in NOTHING_READ | {Verdict.WRONG_PARTNER_OR_YEAR, Verdict.WAITING_FOR_CORRECTION}:
            assert one.details.issues, one.arrived.file
            assert {"KẾT QUẢ", "VIỆC CẦN LÀM"} <= {
                line.partition(":")[0] for line in _said(one.reply).splitlines()
            } or "được miễn" in _said(one.reply), one.arrived.file


def _said(reply: Path) -> str:
    """The letter, the full list and the sheet Cần sửa that went along, as one text."""
    message = message_from_bytes(reply.read_bytes(), policy=policy.default)
    body = message.get_body()
    assert body is not None
    told = [str(body.get_content())]
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if str(part.get_filename()).endswith(".txt"):
            told.append(content.decode("utf-8-sig"))
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["Cần sửa"]
            told += [str(text) for row in sheet.iter_rows(values_only=True) for text in row if text]
    return "\n".join(told)
