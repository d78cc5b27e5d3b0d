"""Properties 3 and 4: made again from inputs/, killed, shuffled or on another day, everything is the same."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import desk
import pytest
from desk import document, export, ketnghia, report, standing, told_json, without_results, worked

YEARS = (2024, 2025)
KILLS, KILLED = 10, 2024
"""How often an ingest is killed, and of which year: before the reform more communes send."""


def results(workspace: Path, year: int) -> dict[str, Any]:
    """What leaves the house of a year, made anew: the dataset and the report."""
    return {"json": export(workspace, year), "docx": report(workspace, year).read_bytes()}


def dataset_workbook(workspace: Path, **more: Any) -> bytes:
    """The dataset of 2025 as a workbook, made anew."""
    worked(workspace, "export", 2025, **more)
    return (workspace / "outputs" / "2025" / "so-lieu-2025.xlsx").read_bytes()


def blanks(workspace: Path) -> dict[str, bytes]:
    """The blanks of 2025 as they lie there."""
    return {path.name: path.read_bytes() for path in (workspace / "outputs" / "2025" / "blanks").iterdir()}


@pytest.fixture(scope="module")
def expected(demo: Path) -> Mapping[int, Mapping[str, Any]]:
    """The results of the demo as it stands."""
    return {year: {"json": export(demo, year), "docx": document(demo, year).read_bytes()} for year in YEARS}


# --- the same inputs ----------------------------------------------------------------------------


def test_outputs_that_were_deleted_come_out_the_same(demo_copy: Path, expected: Mapping[int, Any]) -> None:
    shutil.rmtree(demo_copy / "outputs")
    assert {year: results(demo_copy, year) for year in YEARS} == expected
    assert len(expected[2025]["json"]) > 1000


def test_taking_in_twice_changes_nothing(demo_copy: Path, expected: Mapping[int, Any]) -> None:
    before = standing(demo_copy)
    for year in YEARS:
        again = worked(demo_copy, "ingest", year)
        assert ", 0 tệp mới." in again
    assert standing(demo_copy) == before
    assert export(demo_copy, 2025) == expected[2025]["json"]


LATER = """
import time, datetime
import pandas, openpyxl  # their C parts must meet the classes they were built for
SHIFT = 86_400 * 1000.5
real_time, real_gmtime, real_localtime = time.time, time.gmtime, time.localtime
time.time = lambda: real_time() + SHIFT
time.time_ns = lambda: int(time.time() * 10**9)
time.gmtime = lambda seconds=None: real_gmtime(time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: real_localtime(time.time() if seconds is None else seconds)
class Kind(type):
    def __instancecheck__(cls, one): return isinstance(one, cls.__mro__[1])
    def __subclasscheck__(cls, one): return issubclass(one, cls.__mro__[1])
class Date(datetime.date, metaclass=Kind):
    @classmethod
    def today(cls): return datetime_.fromtimestamp(time.time()).date()
datetime_ = datetime.datetime
class DateTime(datetime_, metaclass=Kind):
    @classmethod
    def now(cls, tz=None): return datetime_.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls): return datetime_.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)
    @classmethod
    def today(cls): return datetime_.fromtimestamp(time.time())
datetime.date, datetime.datetime = Date, DateTime
"""
"""A sitecustomize for another day: every Python clock of the command shows it."""


def overdue(workspace: Path, **more: Any) -> int:
    """By how many days the status says that somebody is late: it is the one command that asks for the day."""
    return int(worked(workspace, "status", 2025, **more).partition("quá hạn ")[2].partition(" ngày")[0])


def test_the_same_inputs_give_the_same_bytes_on_another_day(
    demo_copy: Path, expected: Mapping[int, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "later"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(LATER, encoding="utf-8")
    later = {"PYTHONPATH": f"{folder}{os.pathsep}{desk.ROOT}"}
    # who was let off after the blanks went out gets none now
    shutil.rmtree(demo_copy / "outputs" / "2025" / "blanks")
    worked(demo_copy, "blank", 2025)
    workbook_today, blanks_today = dataset_workbook(demo_copy), blanks(demo_copy)
    assert overdue(demo_copy, env=later) - overdue(demo_copy) in (1000, 1001)  # the command does see the other day
    shutil.rmtree(demo_copy / "outputs")
    for words in (("blank", 2025), ("report", "year", 2025)):
        worked(demo_copy, *words, env=later)
    assert document(demo_copy, 2025).read_bytes() == expected[2025]["docx"]
    assert dataset_workbook(demo_copy, env=later) == workbook_today
    assert blanks(demo_copy) == blanks_today

    days = [time.strftime(form).encode() for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d")]
    for path in (document(demo_copy, 2025), demo_copy / "outputs" / "2025" / "so-lieu-2025.xlsx"):
        with zipfile.ZipFile(path) as package:
            assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert [name for name in package.namelist() if any(day in package.read(name) for day in days)] == []


# --- another order ------------------------------------------------------------------------------


def test_the_order_in_which_partners_send_changes_nothing(
    demo: Path, expected: Mapping[int, Any], tmp_path: Path
) -> None:
    """Other folders, names and hours; the day, which the report prints, stays."""
    seed = random.Random().randrange(10**6)
    chance = random.Random(seed)
    workspace = without_results(demo, tmp_path / "ws")
    for year in YEARS:
        _shuffle(workspace / "inputs" / str(year), year, chance)
        ketnghia(workspace, "ingest", year)
    for year in YEARS:
        found = results(workspace, year)
        assert found["docx"] == expected[year]["docx"], f"seed {seed}"
        assert _without_places(found["json"]) == _without_places(expected[year]["json"]), f"seed {seed}"
        moved = {row["file"] for row in found["json"]} - {row["file"] for row in expected[year]["json"]}
        assert len(moved) > 10


def _shuffle(folder: Path, year: int, chance: random.Random) -> None:
    for number, path in enumerate(sorted(folder.glob("*/*.xlsx"))):
        morning = datetime.fromisoformat(f"{path.parent.name}T00:00:00+07:00").timestamp()
        target = folder / f"hộp thư {chance.randint(1, 3)}" / f"{chance.randrange(10**6)}-{number}.xlsx"
        target.parent.mkdir(exist_ok=True)
        path.rename(target)
        os.utime(target, (morning + chance.randrange(86_000),) * 2)
    for left in folder.glob(f"{year}-*"):
        if not any(left.iterdir()):  # mails and archives tell their own day and stay
            left.rmdir()


def _without_places(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "file"} for row in rows]


# --- killed at any moment -----------------------------------------------------------------------


def test_an_ingest_killed_at_any_moment_and_run_again_ends_as_one_left_alone(
    meeting_room: Path, tmp_path: Path
) -> None:
    calm = desk.shared(meeting_room / "acceptance-sixty", ["demo", "--partners", 60, "--years", KILLED], desk.PATIENCE)
    workspace = without_results(calm, tmp_path / "ws")
    seed = random.Random().randrange(10**6)
    chance = random.Random(seed)
    # one moment in each tenth of the time, the early ones first: a run that ends leaves the later ones nothing to do
    moments = [0.2 + 0.28 * (number + chance.random()) for number in range(KILLS)]
    ended = sum(_killed(workspace, moment) for moment in moments)
    assert ended < KILLS, f"no run was cut short, seed {seed}"
    assert ketnghia(workspace, "ingest", KILLED).code in (0, 1)

    journal = [json.loads(line) for line in (workspace / "inputs/journal.jsonl").read_text("utf-8").splitlines()]
    assert journal == [json.loads(line) for line in (calm / "inputs/journal.jsonl").read_text("utf-8").splitlines()], (
        f"seed {seed}"
    )
    kept = {path.name: path.read_bytes() for path in (workspace / "inputs/archive").iterdir() if path.name[0] != "."}
    assert kept.keys() == {line["sha256"] for line in journal}
    assert len(journal) > 150
    assert all(hashlib.sha256(content).hexdigest() == name for name, content in kept.items())
    assert export(workspace, KILLED) == export(calm, KILLED), f"seed {seed}"
    said = told_json(workspace, "status", KILLED, "--json")
    assert said == told_json(calm, "status", KILLED, "--json"), f"seed {seed}"


def _killed(workspace: Path, seconds: float) -> bool:
    """Starts an ingest with its workers and kills them all after that time; whether it had ended by itself."""
    with subprocess.Popen(
        [*desk.PROGRAM, "--workspace", str(workspace), "ingest", str(KILLED)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=desk.ROOT,
        start_new_session=True,
    ) as child:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return False
    return True
