"""Workers: deliveries are examined in other processes, so that a file which hangs or aborts costs one file.

In:   deliveries in journal order, how one is examined, an executor. Out: packed entries in the same order.
Imports the stages ingest.archive and register.blocks; multiprocessing. Spawn only: the office PC runs Windows.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from generator.issues import Issue, Place, issue
from generator.model import Delivery, Submission, Verdict
from generator.pipeline.verdicts import verdict
from generator.stages.ingest import archive
from generator.stages.register.blocks import Entry, Ruled, pack

CHUNK = 25
FEW = 40
"""Up to so many files one careful child is as quick as a pool: two spawned workers cost 0.2-0.4 s to start (measured),
a file some 10 ms. Never in our own process: a file that aborts the reader would abort the whole run."""

CHUNK_SECONDS = 30.0
FILE_SECONDS = 20.0
START_SECONDS = 60.0
MEMORY = 1 << 30
"""Bytes of memory that a worker may hold: watched from outside, for a reader at work listens to nobody."""
ADDRESSES = 2 << 30
"""Bytes of address space of a worker, where the platform lets us limit it: what asks for more at once gets none."""
LOOK_SECONDS = 0.1
"""How often the watch looks at a worker that has not answered yet."""


class Examined(Protocol):
    """What became of a delivery: `generator.pipeline.examine.Examined`."""

    @property
    def submission(self) -> Submission | None: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def issues(self) -> tuple[Issue, ...]: ...
    @property
    def ruled(self) -> Ruled | None: ...


Examine = Callable[[bytes, Delivery, Any], Examined]
"""Bytes, delivery and the context of its year; a function of a module, so that it can be sent to a worker."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker has to know, in few bytes: the context lies in a file that each worker reads once."""

    archive: Path
    context: Path
    examine: Examine


def examine_one(task: Task, delivery: Delivery) -> Entry:
    """The packed entry of one delivery; whatever the reader does short of dying becomes an issue."""
    content, fault = archive.load(task.archive, delivery.sha256, delivery.file)
    if fault is not None:
        return pack(delivery, None, verdict((fault,)), (fault,))
    try:
        examined = task.examine(content, delivery, _context(task.context))
        return pack(delivery, examined.submission, examined.verdict, examined.issues, examined.ruled)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        return failed(delivery, type(error).__name__)


def failed(delivery: Delivery, reason: str) -> Entry:
    """The entry of a delivery whose reading had to be given up."""
    found = issue("delivery.reader_failed", Place(delivery.file), reason=reason)
    return pack(delivery, None, verdict((found,)), (found,))


def examine_chunk(task: Task, deliveries: Sequence[Delivery]) -> list[Entry]:
    """The entries of several deliveries: what an executor is given at a time."""
    return [examine_one(task, delivery) for delivery in deliveries]


@lru_cache(maxsize=1)
def _context(path: Path) -> object:
    return pickle.loads(path.read_bytes())  # noqa: S301  written by the run that started this worker


def examine_all(deliveries: Sequence[Delivery], task: Task, executor: Executor | None) -> Iterator[list[Entry]]:
    """Entries of all deliveries, in their order, a chunk at a time.

    Without an executor a pool of our own is made, or for a few files one careful child. A chunk that fails or
    takes too long is examined again, file by file, by careful children.
    """
    chunks = [deliveries[start : start + CHUNK] for start in range(0, len(deliveries), CHUNK)]
    if executor is not None:
        yield from _by_executor(chunks, task, _Pool(executor))
    elif len(deliveries) <= FEW:
        for chunk in chunks:
            yield list(examine_carefully(chunk, task))
    else:
        with _own_pool() as pool:
            yield from _by_executor(chunks, task, pool)


@dataclass(frozen=True, slots=True)
class _Pool:
    """An executor, and what may be known of its workers: none, where it is somebody else's."""

    executor: Executor
    workers: Callable[[], Collection[BaseProcess]] = tuple

    def stop(self) -> None:
        """Ends the workers: nothing else stops a process that does not listen."""
        for worker in self.workers():
            worker.kill()

    def answer(self, future: Future[list[Entry]]) -> list[Entry]:
        """The entries of a chunk. Raises what the chunk raised, TimeoutError, or MemoryError."""
        deadline = time.monotonic() + CHUNK_SECONDS
        while True:
            try:
                return future.result(min(LOOK_SECONDS, max(0.0, deadline - time.monotonic())))
            except TimeoutError:
                if future.done() or time.monotonic() >= deadline:
                    raise
                if any(memory_of(worker) > MEMORY for worker in self.workers()):
                    raise MemoryError from None


@contextlib.contextmanager
def _own_pool() -> Iterator[_Pool]:
    """A pool of our own, ended whatever happens."""
    spawn = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(max(2, os.cpu_count() or 1), mp_context=spawn, initializer=_begin_limited)
    pool = _Pool(executor, lambda: set(multiprocessing.active_children()) - others)
    try:
        yield pool
    except BaseException:
        pool.stop()  # an interrupted run does not wait for what is still being read
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _by_executor(chunks: Sequence[Sequence[Delivery]], task: Task, pool: _Pool) -> Iterator[list[Entry]]:
    # Only a few chunks are under way at a time: results that nobody has taken yet would fill the memory.
    ahead = 2 * (os.cpu_count() or 1)
    waiting: deque[Future[list[Entry]] | None] = deque()
    sent, usable = 0, True
    for chunk in chunks:
        while usable and sent < len(chunks) and len(waiting) < ahead:
            waiting.append(_submitted(pool.executor, task, chunks[sent]))
            sent += 1
        future = waiting.popleft() if waiting else None
        entries = None
        try:
            entries = pool.answer(future) if future is not None else None
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException:
            pool.stop()
            usable = False
        yield entries if entries is not None else list(examine_carefully(chunk, task))


def _submitted(executor: Executor, task: Task, chunk: Sequence[Delivery]) -> Future[list[Entry]] | None:
    try:
        return executor.submit(examine_chunk, task, chunk)
    except RuntimeError:  # the pool is broken or shut down
        return None


# --- the careful way: one child, one file at a time ------------------------------------------------


def examine_carefully(deliveries: Sequence[Delivery], task: Task) -> Iterator[Entry]:
    """Entries one by one from a child with limits of time and memory; a file that ends the child costs one file.

    The child lives on from file to file: only after a loss is another one started.
    """
    child: _Child | None = None
    try:
        for delivery in deliveries:
            child = child or _Child(task)
            answer = child.ask(delivery)
            if isinstance(answer, str):
                child.end()
                child = None
                answer = failed(delivery, answer)
            yield answer
    finally:
        if child is not None:
            child.end()


class _Child:
    """A process of its own that examines one file at a time."""

    def __init__(self, task: Task) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._worker = spawn.Process(target=_serve, args=(theirs, task), daemon=True)
        self._worker.start()
        theirs.close()  # so that the end of the child is heard here
        # The time to start is not the file's: a virus scanner may look at every module first.
        if not self._pipe.poll(START_SECONDS) or self._received() is None:
            self.end()
            raise RuntimeError("the reader's process does not start")

    def ask(self, delivery: Delivery) -> Entry | str:
        """The entry, or in Vietnamese why there is none."""
        try:
            self._pipe.send(delivery)
        except OSError:
            return "trình đọc tự dừng"
        deadline = time.monotonic() + FILE_SECONDS
        while not self._pipe.poll(min(LOOK_SECONDS, max(0.0, deadline - time.monotonic()))):
            if time.monotonic() >= deadline:
                return f"quá {FILE_SECONDS:g} giây"
            if memory_of(self._worker) > MEMORY:
                return f"quá {MEMORY >> 20} MB bộ nhớ"
        answer = self._received()
        return answer if isinstance(answer, Entry) else "trình đọc tự dừng"

    def _received(self) -> object:
        try:
            return self._pipe.recv()
        except (EOFError, OSError):
            return None

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self._pipe.close()
        self._worker.kill()
        self._worker.join()
        self._worker.close()


def _serve(pipe: Connection, task: Task) -> None:
    """The child's life: says that it is there, then answers until nobody asks any more."""
    _begin_limited()
    _quiet()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        pipe.send("ready")
        while True:
            pipe.send(examine_one(task, pipe.recv()))


def begin() -> None:
    """The first thing a worker does."""
    end_with_parent()
    # Records hold no circles: looking for some at every 700th is a tenth of a worker's time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _begin_limited() -> None:
    begin()
    _limit_memory()


def memory_of(worker: BaseProcess) -> int:
    """Bytes of memory that a process holds now; 0 for one that has ended."""
    import psutil  # noqa: PLC0415  most answers come before anybody looks

    try:
        return int(psutil.Process(worker.pid).memory_info().rss)
    except psutil.Error:
        return 0


def end_with_parent() -> None:
    """Ends this process when the one that started it is gone: a killed run leaves no workers behind."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _quiet() -> None:
    """A reader that aborts prints its inner state; users see our sentence instead."""
    sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  open as long as the process
    os.dup2(sys.stderr.fileno(), 2)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  Windows has none

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
