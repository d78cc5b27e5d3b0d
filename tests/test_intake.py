"""Taking in: nothing that arrived is lost or counted twice, whatever a file does and whenever a run is killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stand_in
from generator.issues import RefusedError, UnusableError
from generator.model import DeliveryKind, Verdict
from generator.pipeline import workers
from generator.pipeline.intake import IngestSummary, ingest, rebuild, refreshed
from generator.pipeline.workspace import Workspace, locked
from generator.stages.ingest.journal import append, read_journal
from generator.stages.register.states import ObligationState


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return stand_in.workspace(tmp_path / "ws")


def take_in(workspace: Workspace, *paths: Path, fingerprint: str = "today", year: int = 2025) -> IngestSummary:
    """Ingests in this process, where nothing is hostile."""
    with ThreadPoolExecutor(1) as executor:
        return ingest(workspace, year, paths, judge=stand_in.judge(fingerprint), executor=executor)


def states(workspace: Workspace, year: int = 2025) -> list[ObligationState]:
    register, issues = refreshed(workspace, judge=stand_in.judge("today"))
    with register:
        assert issues == []
        return register.states(year)


def dump(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the register holds."""
    connection = sqlite3.connect(workspace.register)
    try:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("deliveries", "blocks", "rulings", "years")
        }
    finally:
        connection.close()


def codes(summary: IngestSummary) -> Counter[str]:
    return Counter(one.code for one in (*summary.notes, *summary.issues))


# --- the same again -----------------------------------------------------------------------------


def test_running_twice_changes_nothing(workspace: Workspace) -> None:
    for number in range(5):
        stand_in.drop(workspace.root, f"{number}.xlsx", partner=f"DV-{number:04}", amounts=[number])
    first = take_in(workspace)
    journal, registered = workspace.journal.read_bytes(), dump(workspace)
    second = take_in(workspace)
    assert (len(first.new), first.judged, len(second.new), second.judged, second.found) == (5, 5, 0, 0, 5)
    assert (workspace.journal.read_bytes(), dump(workspace)) == (journal, registered)


def test_new_content_under_the_same_name_is_the_next_revision(workspace: Workspace) -> None:
    for amount in (1, 2, 3):
        stand_in.drop(workspace.root, "so-y-te.xlsx", amounts=[amount])
        take_in(workspace)
    assert [(one.revision, one.counted, one.sequence) for one in states(workspace)] == [(3, 3, 3)]


def test_the_same_content_saved_again_is_no_revision(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    take_in(workspace)
    stand_in.drop(workspace.root, "a (2).xlsx", amounts=[1], saved_by="another program")
    summary = take_in(workspace)
    assert ([(one.revision, one.sequence) for one in states(workspace)], len(summary.new)) == ([(1, 1)], 1)
    assert codes(summary) == {"delivery.identical": 1}
    assert not summary.failed


def test_a_file_moved_to_another_folder_counts_once(workspace: Workspace) -> None:
    path = stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    take_in(workspace)
    (path.parent / "da-nhan").mkdir()
    path.rename(path.parent / "da-nhan" / "a.xlsx")
    take_in(workspace)
    assert [(one.revision, one.file) for one in states(workspace)] == [(1, "inputs/2025/a.xlsx")]


def test_the_time_of_receipt_is_kept_for_ever(workspace: Workspace) -> None:
    path = stand_in.drop(workspace.root, "2025-12-01/a.xlsx", amounts=[1])
    take_in(workspace)
    shutil.move(path.parent, path.parent.with_name("2025-12-31"))
    workspace.register.unlink()
    take_in(workspace)
    assert [one.received.isoformat() for one in states(workspace)] == ["2025-12-01T00:00:00+07:00"]


def test_paths_outside_the_workspace_are_kept_in_it(workspace: Workspace, tmp_path: Path) -> None:
    other = stand_in.drop(stand_in.workspace(tmp_path / "usb").root, "2025-11-02/sở y tế.xlsx", amounts=[7])
    summary = take_in(workspace, other, other.parent)
    assert [one.file for one in summary.new] == ["2025-11-02/sở y tế.xlsx", "sở y tế.xlsx"]
    shutil.rmtree(tmp_path / "usb")
    rebuild(workspace, judge=stand_in.judge("today"))
    (state,) = states(workspace)
    assert (state.revision, state.received.isoformat()) == (1, "2025-11-02T00:00:00+07:00")


arrivals = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.integers(0, 2), st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=12)
@given(arrivals)
def test_every_delivery_is_kept_once_and_a_rebuild_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, arrived: list[tuple[str, int, int, bool]]
) -> None:
    workspace = stand_in.workspace(tmp_path_factory.mktemp("ws"))
    expected = set()
    for name, partner, amount, now in [*arrived, ("a", 0, 0, True)]:
        stand_in.drop(workspace.root, f"{name}.xlsx", partner=f"DV-000{partner}", amounts=[amount])
        if now:
            take_in(workspace)
            there = workspace.year_inputs(2025).iterdir()
            expected |= {(f"inputs/2025/{path.name}", path.read_bytes()) for path in there}
    take_in(workspace)
    lines = [json.loads(line) for line in workspace.journal.read_text(encoding="utf-8").splitlines()]
    kept = [(one["file"], (workspace.archive / one["sha256"]).read_bytes()) for one in lines]
    assert sorted(kept) == sorted(expected)
    assert [one["sequence"] for one in lines] == list(range(1, len(lines) + 1))
    before = dump(workspace)
    shutil.rmtree(workspace.outputs)
    with ThreadPoolExecutor(1) as executor:
        assert rebuild(workspace, judge=stand_in.judge("today"), executor=executor) == (len(lines), [])
    assert dump(workspace) == before


# --- what changes how a return is judged ----------------------------------------------------------


def test_after_a_change_of_forms_or_registry_everything_is_judged_again(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    take_in(workspace)
    changed = take_in(workspace, fingerprint="forms of tomorrow")
    assert (len(changed.new), changed.judged, len(dump(workspace)["deliveries"])) == (0, 1, 1)
    assert take_in(workspace, fingerprint="forms of tomorrow").judged == 0


def test_what_counts_in_one_year_is_a_neighbour_of_the_next(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    take_in(workspace)
    earlier = workspace.root / "inputs" / "2024"
    earlier.mkdir()
    shutil.copy(workspace.year_inputs(2025) / "a.xlsx", earlier / "b.xlsx")
    judged_before = dump(workspace)["deliveries"][0][5]
    take_in(workspace, year=2024)
    register, _ = refreshed(workspace, judge=stand_in.judge("today"))
    with register:
        assert {number: told[0] for number, told in register.known().items()} == {1: 2025, 2: 2024}
        assert register.known()[1][2] != judged_before
    assert take_in(workspace).judged == 0


def test_a_register_that_was_deleted_is_made_again_by_whoever_asks(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    take_in(workspace)
    before = dump(workspace)
    shutil.rmtree(workspace.outputs)
    assert len(states(workspace)) == 1
    assert dump(workspace) == before


def test_an_older_journal_put_back_is_followed(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    take_in(workspace)
    old = workspace.journal.read_bytes()
    stand_in.drop(workspace.root, "a.xlsx", amounts=[2])
    take_in(workspace)
    workspace.journal.write_bytes(old)
    assert [(one.revision, one.sequence) for one in states(workspace)] == [(1, 1)]


def test_asking_while_another_run_writes_gives_what_there_is_and_says_so(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    take_in(workspace)
    with locked(workspace):
        register, issues = refreshed(workspace, judge=stand_in.judge("tomorrow"))
        with register:
            assert len(register.states(2025)) == 1
    assert [one.code for one in issues] == ["workspace.locked"]


# --- refusals -----------------------------------------------------------------------------------


def test_a_year_without_a_campaign_is_refused_and_nothing_is_taken_in(workspace: Workspace) -> None:
    (workspace.inputs / "2031").mkdir()
    shutil.copy(stand_in.drop(workspace.root, "a.xlsx"), workspace.inputs / "2031" / "a.xlsx")
    with pytest.raises(RefusedError) as told:
        take_in(workspace, year=2031)
    assert [(one.code, one.params["years"]) for one in told.value.issues] == [("year.no_campaign", "2024, 2025")]
    assert not workspace.journal.exists()


@pytest.mark.parametrize("missing", [True, False])
def test_an_empty_folder_is_a_note_that_says_where_to_put_files(workspace: Workspace, missing: bool) -> None:
    if missing:
        workspace.year_inputs(2025).rmdir()
    summary = take_in(workspace)
    assert (codes(summary), summary.failed) == ({"inputs.empty": 1}, False)


def test_a_path_that_does_not_exist_is_an_error(workspace: Workspace) -> None:
    summary = take_in(workspace, workspace.root / "khong-co.xlsx")
    assert (codes(summary), summary.failed) == ({"inputs.no_path": 1}, True)


def test_outputs_that_cannot_be_written_are_explained_and_nothing_is_lost(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    workspace.outputs.write_bytes(b"somebody's file")
    with pytest.raises(OSError, match="outputs"):
        take_in(workspace)
    workspace.outputs.unlink()
    assert len(take_in(workspace).new) == 1


def test_a_full_disk_loses_no_line_of_the_journal(workspace: Workspace) -> None:
    for number in range(30):
        stand_in.drop(workspace.root, f"{number:02}.xlsx", partner=f"DV-{number:04}", amounts=[number])
    states(workspace)  # so that it is the journal that outgrows the disk
    program = (
        "import resource, sys; import stand_in\n"
        "from generator.issues import UnusableError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "try: stand_in.ingest(stand_in.open_workspace(sys.argv[1]), 2025, judge=stand_in.judge('today'))\n"
        "except UnusableError as error: print(error.issues[0].code)\n"
    )
    done = _run([sys.executable, "-c", program, str(workspace.root)])
    assert done.stdout.decode().strip() == "workspace.disk_full"
    take_in(workspace)
    assert len(states(workspace)) == 30
    assert len(workspace.journal.read_bytes().splitlines()) == 30


# --- hostile files ------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "FILE_SECONDS", 1.5)
    monkeypatch.setattr(workers, "CHUNK_SECONDS", 2.0)


REASONS = {
    "hang": "quá 1.5 giây",
    "abort": "trình đọc tự dừng",
    "raise": "ValueError",
    "panic": "PanicError",
    "fill": "MemoryError",
}


def _with_hostile_files(workspace: Workspace, good: int) -> None:
    for how in REASONS:
        stand_in.drop(workspace.root, f"{how}.xlsx", do=how)
    for number in range(good):
        stand_in.drop(workspace.root, f"{number:03}.xlsx", partner=f"DV-{number:04}", amounts=[number])


@pytest.mark.usefixtures("impatient")
def test_a_file_that_hangs_aborts_or_fills_the_memory_costs_only_itself(workspace: Workspace) -> None:
    _with_hostile_files(workspace, good=6)
    summary = ingest(workspace, 2025, judge=stand_in.judge("today"))
    assert summary.verdicts == {Verdict.ACCEPTED: 6, Verdict.UNREADABLE: 5}
    told = {one.place.file: one.params["reason"] for one in summary.issues}
    assert told == {f"inputs/2025/{how}.xlsx": reason for how, reason in REASONS.items()}
    assert summary.failed


@pytest.mark.usefixtures("impatient")
def test_a_pool_that_a_file_broke_costs_only_that_file(workspace: Workspace) -> None:
    for number in range(workers.FEW + 30):
        stand_in.drop(workspace.root, f"{number:03}.xlsx", partner=f"DV-{number:04}", amounts=[number])
    stand_in.drop(workspace.root, "030-abort.xlsx", do="abort")
    stand_in.drop(workspace.root, "060-hang.xlsx", do="hang")
    shown: list[tuple[int, int]] = []
    summary = ingest(workspace, 2025, judge=stand_in.judge("today"), progress=lambda *how: shown.append(how))
    assert summary.verdicts == {Verdict.ACCEPTED: workers.FEW + 30, Verdict.UNREADABLE: 2}
    assert shown[-1] == (workers.FEW + 32, workers.FEW + 32)


def test_a_delivery_that_is_gone_from_the_archive_is_told_of(workspace: Workspace) -> None:
    path = stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    (delivery,) = take_in(workspace).new
    (workspace.archive / delivery.sha256).write_bytes(b"changed")
    rebuild(workspace, judge=stand_in.judge("today"))
    register, _ = refreshed(workspace, judge=stand_in.judge("today"))
    with register:
        assert [found.code for _, found in register.issues(2025)] == ["archive.damaged"]
    (workspace.archive / delivery.sha256).unlink()
    take_in(workspace)  # the file still lies in its folder
    assert (workspace.archive / delivery.sha256).read_bytes() == path.read_bytes()


# --- killed at any moment -------------------------------------------------------------------------


def _run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, check=False, timeout=60, env=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}


def _killed(workspace: Workspace, after: Callable[[], bool], seconds: float) -> bool:
    """Starts an ingest and kills it when `after` says so or the seconds are over; whether it had ended by itself."""
    command = [sys.executable, stand_in.__file__, str(workspace.root)]
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        until = time.monotonic() + seconds
        while time.monotonic() < until and child.poll() is None and not after():
            time.sleep(0.003)
        ended = child.poll() is not None
        child.send_signal(signal.SIGKILL)
    return ended


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_an_ingest_killed_at_random_moments_ends_as_one_that_was_left_alone(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(60):
        said = {"partner": f"DV-{number % 40:04}", "amounts": [number], "sleep": 0.005}
        stand_in.drop(workspace.root, f"{number * 37 % 60:02}.xlsx", **said)
    correct = {"ruling": "sua_so_lieu", "cell": "J11", "value": 1000}
    stand_in.decide(workspace.root, *({**correct, "partner": f"DV-{number:04}"} for number in range(0, 40, 3)))
    calm = Workspace(tmp_path / "calm")
    shutil.copytree(workspace.root, calm.root)
    assert _run([sys.executable, stand_in.__file__, str(calm.root)]).returncode == 0

    chance = random.Random()
    seed = chance.randrange(10**6)
    chance.seed(seed)
    for kill in range(8):
        stage = chance.randrange(3)
        kept = chance.randrange(60)
        watched = (
            lambda kept=kept: workspace.archive.is_dir() and len(list(workspace.archive.iterdir())) > kept,
            workspace.journal.exists,
            lambda: workspace.register.with_name("register.sqlite-journal").exists(),
        )[stage]
        started = time.monotonic()
        _killed(workspace, watched if kill % 2 else lambda: False, chance.uniform(0.2, 1.6))
        assert time.monotonic() - started < 10
    assert _run([sys.executable, stand_in.__file__, str(workspace.root)]).returncode == 0

    assert workspace.journal.read_bytes() == calm.journal.read_bytes(), f"seed {seed}"
    assert dump(workspace) == dump(calm), f"seed {seed}"
    assert [len(dump(calm)[table]) for table in ("deliveries", "rulings", "years")] == [60, 14, 1]
    archived = [{path.name for path in one.archive.iterdir()} for one in (workspace, calm)]
    assert archived[0] == archived[1], f"seed {seed}"


def test_only_workbooks_are_judged_whatever_else_stands_in_the_journal(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "a.xlsx", amounts=[1])
    take_in(workspace)
    journal, _ = read_journal(workspace.journal, "inputs/journal.jsonl")
    mail = replace(journal.deliveries[0], sequence=2, file="inputs/2025/thu.eml", kind=DeliveryKind.MESSAGE)
    lone = replace(mail, sequence=3, year=2024, file="inputs/2024/cong-van.pdf", kind=DeliveryKind.ENCLOSURE)
    append(workspace.journal, journal, [mail, lone])
    stand_in.drop(workspace.root, "b.xlsx", amounts=[2])
    take_in(workspace)
    assert [(one.revision, one.sequence) for one in states(workspace)] == [(2, 4)]
    assert [row[0] for row in dump(workspace)["deliveries"]] == [1, 4]
    assert take_in(workspace).judged == 0


def test_a_second_ingest_at_the_same_time_is_told_to_wait(workspace: Workspace) -> None:
    with locked(workspace), pytest.raises(UnusableError) as told:
        take_in(workspace)
    assert [one.code for one in told.value.issues] == ["workspace.locked"]
