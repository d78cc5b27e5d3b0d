"""Workspace: the folder a command works in, its paths, its lock, and writing a file that is whole or not there.

In:   a folder's path; bytes to write. Out: Workspace with every path of the house; files on the disk.
Imports issues only. What the disk refuses becomes an UnusableError that says in Vietnamese what to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from generator.issues import Place, UnusableError, issue

LONGEST_NAME = 180
"""Bytes of UTF-8 that a file name of ours may have: file systems stop at 255, and Vietnamese letters take three."""

MARKER = ".minh-hoa"
"""The file under inputs/ that says: everything here is illustrative, every page must say so."""

_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with templates/, inputs/ and outputs/, and where everything lies in it (design, section 4)."""

    root: Path

    @property
    def templates(self) -> Path:
        """Forms, reports, letters, messages: what the board may change."""
        return self.root / "templates"

    @property
    def inputs(self) -> Path:
        """Everything a person gave."""
        return self.root / "inputs"

    @property
    def outputs(self) -> Path:
        """Everything that can be deleted and made again."""
        return self.root / "outputs"

    @property
    def registry(self) -> Path:
        """The board's workbook of partners, assignments, campaigns and settings."""
        return self.inputs / "registry.xlsx"

    @property
    def journal(self) -> Path:
        """One line a delivery, in the order of arrival."""
        return self.inputs / "journal.jsonl"

    @property
    def archive(self) -> Path:
        """The bytes of every delivery, named by their SHA-256."""
        return self.inputs / "archive"

    @property
    def register(self) -> Path:
        """The derived database."""
        return self.outputs / "register.sqlite"

    def year_inputs(self, year: int) -> Path:
        """Where the returns of a year are dropped."""
        return self.inputs / str(year)

    def year_outputs(self, year: int) -> Path:
        """Where the documents of a year are written."""
        return self.outputs / str(year)

    @property
    def illustrative(self) -> bool:
        """Whether the inputs are a demo's."""
        return (self.inputs / MARKER).is_file()

    def relative(self, path: Path) -> str:
        """The path as users read it: from the workspace, with forward slashes; outside it, only the name."""
        try:
            shown = path.relative_to(self.root).as_posix()
        except ValueError:
            shown = path.name
        return legible(shown)


def open_workspace(path: str | Path) -> Workspace:
    """The workspace in that folder; UnusableError `workspace.missing` when it has no templates/ or no inputs/."""
    workspace = Workspace(Path(path).absolute())
    for folder in (workspace.templates, workspace.inputs):
        if not folder.is_dir():
            place = Place(legible(str(path)))
            raise UnusableError(issue("workspace.missing", place, folder=folder.name))
    return workspace


def legible(text: str) -> str:
    """The text in NFC, with what is no Unicode (a file name in an old encoding) replaced, so that it can be printed."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def safe_name(text: str) -> str:
    """A file name made of the text that every system accepts, Windows too; never empty."""
    name = _ILLEGAL.sub("-", unicodedata.normalize("NFC", text)).strip().strip("-. ")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    stem, suffix = os.path.splitext(name)  # noqa: PTH122  a Path would read ".." and "C:" into the name
    room = LONGEST_NAME - len(suffix.encode())
    if room > 0:
        name = stem.encode()[:room].decode(errors="ignore").rstrip("-. ") + suffix
    return name or "khong-ten"


def write_atomic(path: Path, content: bytes) -> None:
    """Writes the file whole, or leaves what stood there and raises an UnusableError that says why.

    The folder is made when it is missing. The bytes are on the disk before the name points to them.
    """
    with whole_file(path) as stream:
        stream.write(content)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file when the block ends well; else all stays as it was (see write_atomic)."""
    # Its name is short and starts with a dot, so that a killed run leaves nothing that anybody reads.
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("x+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise unusable(error, path) from error
    finally:
        # After the replacement there is nothing left to remove; after a failure the disk gets its room back.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


_DISK_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_WINDOWS_DISK_FULL = frozenset({39, 112})
_WINDOWS_IN_USE = frozenset({32, 33})


def unusable(error: OSError, path: Path | str | None = None) -> UnusableError:
    """What the disk refused, as an issue with its cure: full, read-only, open elsewhere, not a folder."""
    place = Place(_shown(path if path is not None else error.filename or ""))
    windows = getattr(error, "winerror", None)
    if error.errno in _DISK_FULL or windows in _WINDOWS_DISK_FULL:
        return UnusableError(issue("workspace.disk_full", place))
    if error.errno == errno.EROFS:
        return UnusableError(issue("workspace.read_only", place))
    if isinstance(error, PermissionError) or windows in _WINDOWS_IN_USE:
        return UnusableError(issue("workspace.file_open", place))
    if isinstance(error, NotADirectoryError | FileExistsError | IsADirectoryError):
        return UnusableError(issue("workspace.not_folder", place))
    return UnusableError(issue("workspace.refused", place, reason=legible(error.strerror or str(error))))


def _shown(path: Path | str | bytes | int) -> str:
    if isinstance(path, bytes | int):
        return ""
    try:
        return legible(Path(path).relative_to(Path.cwd()).as_posix())
    except (ValueError, OSError):
        return legible(str(path))


@contextlib.contextmanager
def locked(workspace: Workspace) -> Iterator[None]:
    """Keeps every other run that writes out of the workspace; UnusableError `workspace.locked` when one is at work.

    The lock is an open SQLite transaction on an empty file: the system itself lets go of it when the
    process ends in whatever way, on Windows as elsewhere, so a killed run never leaves the workspace locked
    and no process number has to be judged dead or alive (docs/adr/0005).
    """
    path = workspace.inputs / ".ketnghia.lock"
    connection: sqlite3.Connection | None = None
    try:
        try:
            connection = sqlite3.connect(path, timeout=0, isolation_level=None)
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            # Nothing is ever written to the file, so any other complaint is about the folder or the disk.
            code = "workspace.locked" if "locked" in str(error) else "workspace.refused"
            raise UnusableError(issue(code, Place(workspace.relative(path)), reason=str(error))) from error
        yield
    finally:
        if connection is not None:
            connection.close()
