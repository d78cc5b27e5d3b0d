"""Running the real programs of the tests: LibreOffice, Node and what else is asked, with an end to their patience."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parent / "clients"
SECONDS = 120


def run(command: Sequence[str | Path], seconds: float = SECONDS, **environment: str) -> str:
    """What the command printed; the test fails when it fails or outlives its time, with all its children ended."""
    shown = " ".join(str(word) for word in command)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        env={**os.environ, **environment},
    ) as child:
        try:
            printed, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            pytest.fail(f"not done after {seconds} s: {shown}")
    if child.returncode:
        pytest.fail(f"exit code {child.returncode}: {shown}\n{printed}")
    return printed
