"""Journal: one line a delivery, in the order of arrival, never changed once written.

In:   inputs/journal.jsonl; new deliveries. Out: the deliveries it tells of, and issues for lines it cannot read.
Reads and appends that one file. Imports model, issues. The line is JSON: sequence, year, file, sha256, received; and
where they say something: kind, sender, message, unfinished. Keys that a later version writes are passed over.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from generator.issues import Issue, Place, issue
from generator.model import Delivery, DeliveryKind

_KINDS = {kind.value: kind for kind in DeliveryKind}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Journal:
    """What the journal says, and up to which byte it is sound."""

    deliveries: tuple[Delivery, ...] = ()
    sound: int = 0
    """Length in bytes up to the end of the last readable line; what follows was torn by a crash."""
    ended: bool = True
    """Whether the last readable line has its line end."""
    torn: bool = False
    unfinished: frozenset[int] = frozenset()
    """Sequences of mails and archives of which something could not be taken; they are opened again in every run."""

    @property
    def last(self) -> int:
        """The highest sequence number given so far."""
        return self.deliveries[-1].sequence if self.deliveries else 0


def read_journal(path: Path, file: str) -> tuple[Journal, list[Issue]]:
    """The journal as it stands; `file` is the place of its issues.

    Unreadable lines at the end are what a killed run left: they are dropped, and their deliveries will be found
    again. An unreadable line before a readable one is a fault that a person has to look at.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Journal(), []
    deliveries: list[Delivery] = []
    issues: list[Issue] = []
    pending: list[Issue] = []
    unfinished: set[int] = set()
    sound, ended, position = 0, True, 0
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        position += len(line)
        told = _told(line) if line.strip() else None
        read = told and _delivery(told)
        if told and read and read.sequence > (deliveries[-1].sequence if deliveries else 0):
            deliveries.append(read)
            if told.get("unfinished"):
                unfinished.add(read.sequence)
            issues += pending
            pending = []
            sound, ended = position, line.endswith(b"\n")
        elif line.strip():
            pending.append(issue("journal.damaged", Place(file, line=number), line=number))
    if pending:
        issues.append(issue("journal.healed", Place(file)))
    return Journal(tuple(deliveries), sound, ended, bool(pending), frozenset(unfinished)), issues


def _told(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _delivery(told: dict[str, Any]) -> Delivery | None:
    try:
        delivery = Delivery(
            told["sequence"],
            told["year"],
            told["file"],
            told["sha256"],
            _moment(told["received"]),
            _KINDS[told.get("kind", DeliveryKind.WORKBOOK)],
            told.get("sender", ""),
            told.get("message", ""),
        )
    except (ValueError, TypeError, KeyError):
        return None
    # The hash becomes the name of a file: nothing but a hash may stand there.
    numbers = all(isinstance(number, int) and number > 0 for number in (delivery.sequence, delivery.year))
    texts = (delivery.file, delivery.sha256, delivery.sender, delivery.message)
    worded = all(isinstance(text, str) for text in texts)
    return delivery if numbers and worded and _SHA256.fullmatch(delivery.sha256) else None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _line(delivery: Delivery, unfinished: bool) -> bytes:
    told = {
        "sequence": delivery.sequence,
        "year": delivery.year,
        "file": delivery.file,
        "sha256": delivery.sha256,
        "received": delivery.received.isoformat(),
    }
    if delivery.kind is not DeliveryKind.WORKBOOK:
        told["kind"] = delivery.kind.value
    if delivery.sender:
        told["sender"] = delivery.sender
    if delivery.message:
        told["message"] = delivery.message
    if unfinished:
        told["unfinished"] = True
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def append(path: Path, journal: Journal, new: Sequence[Delivery], unfinished: Collection[int] = ()) -> Journal:
    """The journal with the new deliveries, which are on the disk when this returns; torn lines are cut off first.

    `unfinished` are the sequences, among the new ones, of containers that are to be opened again.

    Raises OSError, with the file as it was, when the disk refuses.
    """
    if not new and not journal.torn:
        return journal
    text = (b"" if journal.ended else b"\n") + b"".join(_line(one, one.sequence in unfinished) for one in new)
    path.parent.mkdir(parents=True, exist_ok=True)
    # unbuffered: what a failed write left behind is cut off below, not written once more on closing
    with path.open("r+b" if path.exists() else "xb", buffering=0) as stream:
        stream.truncate(journal.sound)
        stream.seek(journal.sound)
        try:
            _write_all(stream.fileno(), text)
            os.fsync(stream.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                stream.truncate(journal.sound)
            raise
    kept = journal.unfinished.union(unfinished)
    return Journal((*journal.deliveries, *new), journal.sound + len(text), ended=True, unfinished=kept)


def _write_all(descriptor: int, text: bytes) -> None:
    """Writes all of it: the system may take a part at a time."""
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
