"""Archive: the bytes of every delivery, kept under their SHA-256.

In:   a file that arrived; later, the hash of a delivery. Out: the same bytes, checked; an issue when they are gone.
Reads and writes inputs/archive/ only; how a file is written whole is passed in. Imports issues.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from generator.issues import Issue, Place, issue


def store(archive: Path, source: Path, write: Callable[[Path, bytes], None]) -> str:
    """Keeps the file's bytes and returns their SHA-256. Bytes that are kept already are not written again.

    The hash is of the bytes that were written, not of an earlier look at a file that may have changed since.
    """
    return keep(archive, source.read_bytes(), write)


def keep(archive: Path, content: bytes, write: Callable[[Path, bytes], None]) -> str:
    """Keeps bytes that came inside a mail or an archive, as `store` keeps those of a file."""
    sha256 = hashlib.sha256(content).hexdigest()
    kept = archive / sha256
    # A file of the right length under its own hash can only be damaged by a fault of the disk, which `load` finds.
    if not (kept.is_file() and kept.stat().st_size == len(content)):
        write(kept, content)
    return sha256


def tidied(archive: Path) -> frozenset[str]:
    """The hashes of what is kept, after half-written files that a killed run left were removed."""
    if not archive.is_dir():
        return frozenset()
    names = frozenset(path.name for path in archive.iterdir())
    for name in names:
        if name.startswith(".") and name.endswith(".tmp"):
            (archive / name).unlink(missing_ok=True)
    return names


def settle(archive: Path) -> None:
    """Makes the names of stored files lasting, before the journal speaks of them."""
    directory = getattr(os, "O_DIRECTORY", None)
    if directory is None or not archive.is_dir():  # Windows knows no such step and needs none
        return
    opened = os.open(archive, os.O_RDONLY | directory)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def load(archive: Path, sha256: str, file: str) -> tuple[bytes, Issue | None]:
    """The bytes of a delivery, or the issue that says why they cannot be had. `file` is the place of the issue."""
    try:
        content = (archive / sha256).read_bytes()
    except OSError:
        return b"", issue("archive.missing", Place(file), sha256=sha256)
    if hashlib.sha256(content).hexdigest() != sha256:
        return b"", issue("archive.damaged", Place(file), sha256=sha256)
    return content, None
