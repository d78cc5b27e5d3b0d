"""Workers: whatever a file makes its reader do, by time, memory or its death, costs that file and no other."""

from __future__ import annotations

import ctypes
import mmap
import os
import pickle
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.model import Delivery, Verdict
from generator.pipeline import workers
from generator.pipeline.examine import Examined
from generator.pipeline.workers import Task, examine_all, examine_carefully
from generator.stages.ingest import archive
from generator.stages.register.blocks import Entry, unpack_issues

GROWN = 400 << 20


def read_badly(content: bytes, delivery: Delivery, context: object) -> Examined:
    """Does what the file says; runs in a worker."""
    del delivery, context
    match content.rsplit(b"/", 1)[-1]:
        case b"segfault":
            ctypes.string_at(0)
        case b"abort":
            os.abort()
        case b"leave":
            os._exit(0)
        case b"grow":
            # real pages, one by one, as a reader that lays out a bomb takes them; then it goes on for ever
            held = mmap.mmap(-1, GROWN)
            for at in range(0, GROWN, mmap.PAGESIZE):
                held[at] = 1
            time.sleep(60)
        case b"ask too much":
            bytearray(8 << 30)
        case b"sleep":
            time.sleep(60)
    return Examined(None, Verdict.ACCEPTED, ())


@pytest.fixture
def task(tmp_path: Path) -> Task:
    context = tmp_path / "context"
    context.write_bytes(pickle.dumps(None))
    return Task(tmp_path / "archive", context, read_badly)


def delivered(task: Task, *contents: str) -> list[Delivery]:
    """Deliveries in the archive, each of which says what its reader will do."""
    found = []
    for number, content in enumerate(contents, start=1):
        sha256 = archive.keep(task.archive, f"{number}/{content}".encode(), _write)
        found.append(Delivery(number, 2025, f"{number}.xlsx", sha256, datetime(2025, 12, 1, tzinfo=UTC)))
    return found


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def reasons(entries: list[Entry]) -> list[str]:
    """Why each delivery could not be read; "" where it was."""
    return [next((issue.params["reason"] for issue in unpack_issues(one.issues)), "") for one in entries]


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test can wait for; the watch looks from outside, so the workers need not know of them."""
    monkeypatch.setattr(workers, "FILE_SECONDS", 4.0)
    monkeypatch.setattr(workers, "CHUNK_SECONDS", 6.0)
    monkeypatch.setattr(workers, "MEMORY", 300 << 20)


@pytest.mark.usefixtures("strict")
def test_a_reader_that_dies_or_takes_too_much_costs_one_file(task: Task) -> None:
    contents = ["", "segfault", "", "abort", "leave", "grow", "ask too much", "sleep", ""]
    found = list(examine_carefully(delivered(task, *contents), task))
    gone = "trình đọc tự dừng"
    assert reasons(found) == ["", gone, "", gone, gone, "quá 300 MB bộ nhớ", "MemoryError", "quá 4 giây", ""]
    assert [one.verdict is Verdict.UNREADABLE for one in found] == [reason != "" for reason in reasons(found)]
    assert [one.delivery.sequence for one in found] == [*range(1, 10)]


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(("bad", "reason"), [("segfault", "trình đọc tự dừng"), ("grow", "quá 300 MB bộ nhớ")])
def test_in_a_pool_too_a_bad_file_costs_one_file(task: Task, bad: str, reason: str) -> None:
    contents = [bad if number == 30 else "" for number in range(workers.FEW + 20)]
    found = [one for entries in examine_all(delivered(task, *contents), task, None) for one in entries]
    assert [one.delivery.sequence for one in found] == [*range(1, len(contents) + 1)]
    assert reasons(found) == [reason if content else "" for content in contents]


def test_the_memory_of_a_process_that_has_ended_is_nothing() -> None:
    ended = workers.multiprocessing.get_context("spawn").Process(target=os.getpid)
    ended.start()
    assert workers.memory_of(ended) >= 0
    ended.join()
    assert workers.memory_of(ended) == 0
