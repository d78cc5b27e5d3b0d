"""What a run keeps for the next one: used while nothing changed, made again when anything did or it is broken."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import stand_in
from generator.pipeline.intake import ingest, refreshed
from generator.pipeline.kept import Texts, settle, settled, texts_of_blanks, unsettled
from generator.pipeline.workspace import Workspace

TEXTS: Texts = {"KN-01": {"hoat_dong": frozenset({"Hoạt động hỗ trợ", "12"}), "kiem_tra": frozenset()}}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return stand_in.workspace(tmp_path)


def drawn_again(workspace: Workspace, fingerprint: str = "today", year: int = 2025) -> bool:
    """Whether the blank had to be drawn; its texts are the right ones either way."""
    drawn: list[Texts] = []

    def draw() -> Texts:
        drawn.append(TEXTS)
        return TEXTS

    assert texts_of_blanks(workspace, year, fingerprint, draw) == TEXTS
    return bool(drawn)


def test_a_blank_is_drawn_once_for_each_year_and_fingerprint(workspace: Workspace) -> None:
    assert drawn_again(workspace)
    assert not drawn_again(workspace)
    assert drawn_again(workspace, year=2024)
    assert not drawn_again(workspace)
    assert drawn_again(workspace, fingerprint="tomorrow")
    assert drawn_again(workspace, fingerprint="today")


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"made_from": 1}', b"\xff\xfe", b"null"])
def test_broken_texts_are_drawn_again(workspace: Workspace, broken: bytes) -> None:
    drawn_again(workspace)
    (workspace.outputs / ".blanks-2025.json").write_bytes(broken)
    assert drawn_again(workspace)
    assert not drawn_again(workspace)


def test_texts_that_cannot_be_kept_are_still_told(workspace: Workspace) -> None:
    workspace.outputs.write_bytes(b"not a folder")
    assert drawn_again(workspace)


def taken_in(workspace: Workspace, fingerprint: str = "today") -> int:
    return ingest(workspace, 2025, judge=stand_in.judge(fingerprint)).judged


@pytest.fixture
def registered(workspace: Workspace) -> Workspace:
    (workspace.inputs / "2025" / "a.xlsx").write_text('{"amounts": [1]}', encoding="utf-8")
    assert taken_in(workspace) == 1
    return workspace


def test_a_register_stands_until_anything_changes(registered: Workspace) -> None:
    assert settled(registered, 2025, "today")
    assert not settled(registered, 2025, "tomorrow")
    assert taken_in(registered) == 0
    with registered.journal.open("ab") as journal:
        journal.write(b"\n")
    assert not settled(registered, 2025, "today")


def test_decisions_wording_and_papers_are_part_of_what_stands(registered: Workspace) -> None:
    decisions = stand_in.decide(registered.root)
    assert not settled(registered, 2025, "today")
    assert taken_in(registered) == 0
    assert settled(registered, 2025, "today")
    decisions.unlink()
    assert not settled(registered, 2025, "today")
    taken_in(registered)
    (registered.templates / "messages").mkdir()
    (registered.templates / "messages" / "a.yaml").write_bytes(b"a")
    assert not settled(registered, 2025, "today")
    paper = registered.year_outputs(2025) / "replies" / "DV-0001.eml"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"a reply")
    taken_in(registered)
    assert settled(registered, 2025, "today")
    paper.unlink()
    assert not settled(registered, 2025, "today")
    assert not settled(registered, 2024, "today"), "nothing was written of that year yet"


def test_papers_of_a_year_are_kept_in_mind_only_while_their_wording_is_todays(registered: Workspace) -> None:
    settle(registered, "today", {2024: ["a.eml"], 2025: []})
    assert unsettled(registered) == {2024: ["a.eml"], 2025: []}
    settle(registered, "today", {2024: ["a.eml"]})
    (registered.templates / "replies").mkdir()
    (registered.templates / "replies" / "a.txt").write_bytes(b"a")
    assert unsettled(registered) == {}


def test_a_command_that_registers_leaves_the_papers_to_the_next_ingest(registered: Workspace) -> None:
    with ThreadPoolExecutor(1) as executor:
        register, _ = refreshed(registered, judge=stand_in.judge("tomorrow"), executor=executor)
    register.close()
    assert unsettled(registered) == {}


def test_a_run_that_was_cut_short_leaves_nothing_settled(registered: Workspace) -> None:
    assert unsettled(registered) == {2025: []}
    assert not settled(registered, 2025, "today")
    assert unsettled(registered) == {}


@pytest.mark.parametrize("what", ["register.sqlite", ".settled.json"])
def test_what_was_deleted_is_made_again(registered: Workspace, what: str) -> None:
    (registered.outputs / what).unlink()
    assert not settled(registered, 2025, "today")
    assert taken_in(registered) == (what == "register.sqlite")
    assert settled(registered, 2025, "today")


def test_a_changed_or_half_written_register_is_looked_at(registered: Workspace) -> None:
    unfinished = registered.register.with_name("register.sqlite-journal")
    unfinished.write_bytes(b"")
    assert not settled(registered, 2025, "today")
    unfinished.unlink()
    registered.register.write_bytes(b"no database at all")
    assert taken_in(registered) == 1


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"stands": 1}'])
def test_a_broken_stamp_is_no_stamp(registered: Workspace, broken: bytes) -> None:
    (registered.outputs / ".settled.json").write_bytes(broken)
    assert not settled(registered, 2025, "today")
    assert taken_in(registered) == 0


def test_a_run_that_finds_nothing_new_loads_nothing_heavy(registered: Workspace) -> None:
    program = (
        "import sys, stand_in; from pathlib import Path; from generator.pipeline.workspace import Workspace;"
        "from generator.pipeline.intake import ingest;"
        f"ingest(Workspace(Path({str(registered.root)!r})), 2025, judge=stand_in.judge('today'));"
        "print([name for name in ('sqlalchemy', 'openpyxl', 'pandas', 'yaml') if name in sys.modules])"
    )
    folder = Path(stand_in.__file__).parent
    found = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
