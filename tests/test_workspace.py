"""The workspace: files are whole or not there, names are legal on Windows, and two runs never write at once."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.issues import UnusableError
from generator.pipeline.workspace import (
    Workspace,
    legible,
    locked,
    open_workspace,
    safe_name,
    unusable,
    whole_file,
    write_atomic,
)


def _codes(error: UnusableError) -> list[str]:
    return [one.code for one in error.issues]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for folder in ("templates", "inputs"):
        (tmp_path / folder).mkdir()
    return open_workspace(tmp_path)


@pytest.mark.parametrize("missing", ["templates", "inputs"])
def test_a_folder_without_its_parts_is_no_workspace(tmp_path: Path, missing: str) -> None:
    (tmp_path / {"templates": "inputs", "inputs": "templates"}[missing]).mkdir()
    with pytest.raises(UnusableError) as told:
        open_workspace(tmp_path)
    assert [(one.code, one.params["folder"]) for one in told.value.issues] == [("workspace.missing", missing)]


def test_paths_are_shown_from_the_workspace_with_forward_slashes(workspace: Workspace) -> None:
    assert workspace.relative(workspace.year_inputs(2025) / "sở" / "y tế.xlsx") == "inputs/2025/sở/y tế.xlsx"
    assert workspace.relative(Path("/elsewhere/a.xlsx")) == "a.xlsx"
    assert legible("bao-c\udce1o.xlsx") == "bao-c\ufffdo.xlsx"


# --- writing ------------------------------------------------------------------------------------


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writing_makes_the_folder_and_replaces_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.docx"
    for content in (b"old", b"new and longer", b""):
        write_atomic(path, content)
        assert path.read_bytes() == content
    assert _left(path.parent) == ["c.docx"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "bao-cao.docx"
    path.write_bytes(b"old")
    # a limit on the size of files is what a full disk is to a program
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from generator.issues import UnusableError\n"
        "from generator.pipeline.workspace import write_atomic\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: write_atomic(Path(sys.argv[1]), bytes(100_000))\n"
        "except UnusableError as error: print(error.issues[0].code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("workspace.disk_full", "")
    assert (path.read_bytes(), _left(tmp_path)) == (b"old", ["bao-cao.docx"])


def test_a_fault_while_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), whole_file(path) as stream:
        stream.write(bytes(1 // len(b"")))
    assert (path.read_bytes(), _left(tmp_path)) == (b"old", ["a.json"])


def test_a_file_where_a_folder_should_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_bytes(b"")
    for path in (tmp_path / "outputs" / "a.docx", tmp_path / "outputs" / "2025" / "a.docx"):
        with pytest.raises(UnusableError) as told:
            write_atomic(path, b"x")
        assert _codes(told.value) == ["workspace.not_folder"]


def test_a_folder_where_the_file_should_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "a.docx").mkdir()
    with pytest.raises(UnusableError) as told:
        write_atomic(tmp_path / "a.docx", b"x")
    assert _codes(told.value) == ["workspace.not_folder"]
    assert _left(tmp_path) == ["a.docx"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a"), "workspace.disk_full"),
        (OSError(errno.EROFS, "Read-only file system", "a"), "workspace.read_only"),
        (PermissionError(errno.EACCES, "Permission denied", "a"), "workspace.file_open"),
        (OSError(errno.EIO, "Input/output error", "a"), "workspace.refused"),
        (OSError("something"), "workspace.refused"),
    ],
)
def test_what_the_disk_refuses_has_its_own_sentence(error: OSError, code: str) -> None:
    assert _codes(unusable(error)) == [code]


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sở Y tế.xlsx", "Sở Y tế.xlsx"),
        ("a/b\\c:d*e?.xlsx", "a-b-c-d-e.xlsx"),
        ("CON", "_CON"),
        ("nul.xlsx", "_nul.xlsx"),
        ("..", "khong-ten"),
        ("", "khong-ten"),
        (" tên có dấu cách. ", "tên có dấu cách"),
        ("So\u031b\u0309 Y te\u0302\u0301", "Sở Y tế"),
    ],
)
def test_a_file_name_is_legal_everywhere(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text())
def test_no_text_makes_an_unusable_file_name(text: str) -> None:
    name = safe_name(text.encode("utf-8", "replace").decode())
    assert 0 < len(name.encode()) <= 200
    assert not set(name) & set('<>:"/\\|?*\0\n\r\t')
    assert name == name.strip(" .")
    assert safe_name(name) == name


# --- the lock -----------------------------------------------------------------------------------

HOLD = (
    "import sys, time\n"
    "from generator.pipeline.workspace import locked, open_workspace\n"
    "with locked(open_workspace(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    time.sleep(60)\n"
)


def test_a_second_run_is_told_to_wait_and_a_killed_run_leaves_no_lock(workspace: Workspace) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, workspace.root], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(UnusableError) as told, locked(workspace):
            pass
        assert _codes(told.value) == ["workspace.locked"]
        child.kill()
    with locked(workspace):
        pass


def test_the_lock_is_let_go_after_a_fault(workspace: Workspace) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), locked(workspace):
            raise ZeroDivisionError
    with locked(workspace), pytest.raises(UnusableError), locked(workspace):
        pass
