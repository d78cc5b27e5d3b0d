"""What goes wrong on a board's PC: each situation with how to bring it about, and what must be said."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import docx

FORM, PLAN, WORD = "templates/forms/kn-01.yaml", "templates/reports/so-ket.yaml", "templates/reports/so-ket.docx"
REPORT = ("report", "year", 2025)
PR_CAPBSET_DROP, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER = 24, 1, 2, 3


class Situation(NamedTuple):
    """One thing that goes wrong in a finished demo workspace."""

    name: str
    prepare: Callable[[Path], object]
    words: tuple[object, ...]
    code: int
    """Exit code of the command."""
    issue: str
    place: str
    """What the line of the fault must name."""
    sentence: str
    """Words of the sentence that the user reads."""


def replaced(path: str, old: str, new: str) -> Callable[[Path], object]:
    """A definition with a slip of the pen in it."""

    def prepare(workspace: Path) -> None:
        text = (workspace / path).read_text(encoding="utf-8")
        assert old in text
        (workspace / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return prepare


def junk(path: str) -> Callable[[Path], object]:
    """A file that broke on its way."""
    return lambda workspace: (workspace / path).write_bytes(b"PK\x03\x04 khong con gi\x00" * 9)


def gone(path: str) -> Callable[[Path], object]:
    """A file that somebody deleted."""
    return lambda workspace: (workspace / path).unlink()


def file_in_the_way(path: str) -> Callable[[Path], object]:
    """A file where a folder is needed."""

    def prepare(workspace: Path) -> None:
        shutil.rmtree(workspace / path)
        (workspace / path).write_bytes(b"cua ai do")

    return prepare


def folder_in_the_way(path: str) -> Callable[[Path], object]:
    """A folder where a file is needed."""

    def prepare(workspace: Path) -> None:
        (workspace / path).unlink()
        (workspace / path).mkdir()

    return prepare


def word_template(change: Callable[[Any], object]) -> Callable[[Path], object]:
    """The Word template after somebody worked on it."""

    def prepare(workspace: Path) -> None:
        opened = docx.Document(str(workspace / WORD))
        change(opened)
        opened.save(str(workspace / WORD))

    return prepare


def appended(text: str) -> Callable[[Path], object]:
    """A further paragraph in the template."""
    return word_template(lambda opened: opened.paragraphs[20].insert_paragraph_before(text))


def narrowed(opened: Any) -> None:
    """A cell deleted from the heading of an annex, as dragging a border in Word does."""
    row = opened.tables[-1].rows[0]._tr
    row.remove(row.tc_lst[-1])


def nothing(_: Path) -> None:
    """All is as it should be."""


# --- the disk -----------------------------------------------------------------------------------


def small_disk(most: int) -> Callable[[], None]:
    """For `preexec_fn`: no file can grow beyond so many bytes, as on a disk that is full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def plain_user() -> None:
    """For `preexec_fn`: root too is bound by the permissions of files, as every office user is."""
    if os.geteuid() == 0:
        for capability in (DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER):
            ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder and its files may not be written."""
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@contextmanager
def another_run(workspace: Path) -> Iterator[None]:
    """Another command is writing into the workspace."""
    connection = sqlite3.connect(workspace / "inputs" / ".ketnghia.lock", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()
