"""Measuring one step: a process of its own, watched from outside with everything that it starts.

In:   a command. Out: Cost: CPU, wall and peak memory; what the step said of itself.
A step times its own work between imports and end, so that a short one is not drowned in the start of Python;
its memory, and the cost of whole commands, are taken from outside.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

_EVERY = 0.02
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step took."""

    cpu: float
    """Seconds of all processes."""
    wall: float
    peak: float
    """MiB at the worst moment: resident memory of the process and its children, shared pages counted for each."""
    told: dict[str, Any] = field(default_factory=dict)
    """What the step said of itself."""


@dataclass(slots=True)
class Clock:
    """CPU and wall seconds spent inside `with clock.running():`, added up."""

    cpu: float = 0.0
    wall: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Counts while the block runs."""
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.cpu += time.process_time() - cpu
            self.wall += time.perf_counter() - wall


def start_clock() -> Clock:
    """A clock, after what setting up has left behind is gone."""
    gc.collect()
    return Clock()


def run(command: Sequence[str], folder: Path = ROOT, *, accepted: Sequence[int] = (0,), watched: bool = True) -> Cost:
    """Runs a command to its end and watches it; SystemExit with what it said when it ends with another code.

    Not watched, its memory is that of the largest of its processes, and its wall time exact.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        started = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)
        peak = 0
        while True:
            ended, status, usage = os.wait4(started.pid, os.WNOHANG if watched else 0)
            if ended:
                break
            peak = max(peak, _resident(started.pid))
            time.sleep(_EVERY)
        wall = time.perf_counter() - start
        started.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if started.returncode not in accepted:
        raise SystemExit(f"{' '.join(map(str, command))}: {started.returncode}\n{text}")
    told = _told(text)
    return Cost(usage.ru_utime + usage.ru_stime, wall, max(peak / 2**20, usage.ru_maxrss / 2**10), told)


def step(name: str, *arguments: object) -> Cost:
    """Runs a step of benchmarks.steps; CPU and wall are those it counted itself."""
    cost = run([sys.executable, "-m", "benchmarks.steps", name, *map(str, arguments)])
    return Cost(cost.told.pop("cpu"), cost.told.pop("wall"), cost.peak, cost.told)


def _told(text: str) -> dict[str, Any]:
    last = text.strip().rpartition("\n")[2]
    found = json.loads(last) if last.startswith("{") else {}
    return found if isinstance(found, dict) else {}


def _resident(pid: int) -> int:
    total = 0
    try:
        watched = psutil.Process(pid)
        for one in (watched, *watched.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.Error:
        pass  # it ended while we looked
    return total
