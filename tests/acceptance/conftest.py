"""The demo that acceptance tests start from: made once by the real command, then copied."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import desk
import pytest

YEARS = (2024, 2025)
SMALL = ("demo", "--partners", 12, "--years", "2024-2025")
"""Large enough for every habit, small enough to be made anew in every run."""

os.environ.setdefault("RECOUNT_BY", "calamine")
"""Who reads the archive for the recount; test_five_years shows that openpyxl reads the same."""


@pytest.fixture(scope="session")
def meeting_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of one run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@pytest.fixture(scope="session")
def demo(meeting_room: Path) -> Path:
    """A finished demo workspace of two years. Nobody writes into it."""
    return desk.shared(meeting_room / "acceptance-demo", SMALL)


@pytest.fixture(scope="session")
def whole_demo(meeting_room: Path) -> Path:
    """The demo as `make demo` makes it: five years and the whole map. Nobody writes into it."""
    return desk.shared(meeting_room / "acceptance-whole-demo", ["demo"], seconds=desk.PATIENCE)


@pytest.fixture
def demo_copy(demo: Path, tmp_path: Path) -> Path:
    """A finished demo workspace of one's own."""
    return Path(shutil.copytree(demo, tmp_path / "ws"))


@pytest.fixture(scope="session")
def record(meeting_room: Path) -> Any:
    """A finished year of 200 deliveries (year.build.Record). Nobody writes into it."""
    from year import build

    return build.record(meeting_room / "acceptance-year")
