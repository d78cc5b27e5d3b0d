"""Folder: what lies under a folder, however deep: returns, mails, archives, each with its name and time of receipt.

In:   a folder or file, and how to name what is in it. Out: Found files, and issues for what is not taken.
Reads the folder and the files' bytes once. Imports model, issues, parts.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from generator.issues import Issue, Place, issue
from generator.model import DeliveryKind
from generator.stages.ingest.parts import LARGEST_FILE, OTHER_ARCHIVES, VIETNAM, kind_of

__all__ = ["OWN_FILES", "VIETNAM", "Found", "digest", "find", "received_at", "unopenable"]

OWN_FILES = frozenset({"quyet-dinh.xlsx"})
"""The board's own workbooks that lie among the returns."""
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be a delivery."""

    path: Path
    file: str
    """The name the journal will keep."""
    received: datetime
    sha256: str
    kind: DeliveryKind = DeliveryKind.WORKBOOK


def find(base: Path, root: Path, name: Callable[[Path], str]) -> tuple[list[Found], list[Issue]]:
    """Every file under `base` (or `base` itself) that is kept, and what was not taken with the reason.

    Ordered by time received and name, never by what the file system happened to list first. Skipped without
    a word: hidden files, the lock files of Excel (`~$…`), the board's own workbook of decisions. Folders above
    `root` say nothing about when a file was received.
    """
    found: list[Found] = []
    issues: list[Issue] = []
    for path in _walk(base, name, issues):
        kind = kind_of(path.name)
        if kind is None:
            code = "delivery.other_archive" if path.suffix.lower() in OTHER_ARCHIVES else "delivery.skipped"
            issues.append(issue(code, Place(name(path)), extension=path.suffix or "?"))
            continue
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):  # a pipe or a device would never end
                issues.append(issue("delivery.skipped", Place(name(path)), extension="?"))
            elif status.st_size > LARGEST_FILE:
                size, limit = (round(amount / 2**20, 1) for amount in (status.st_size, LARGEST_FILE))
                issues.append(issue("delivery.too_large", Place(name(path)), size=size, limit=f"{limit:g}"))
            else:
                received = received_at(path.parts[len(root.parts) : -1], status.st_mtime)
                found.append(Found(path, name(path), received, digest(path), kind))
        except OSError as error:
            issues.append(unopenable(name(path), error))
    return sorted(found, key=lambda each: (each.received, each.file, each.sha256)), sorted(issues, key=_by_place)


def unopenable(file: str, error: OSError) -> Issue:
    """The issue of a file or folder that cannot be read now; it is found again in the next run."""
    return issue("delivery.unopenable", Place(file), reason=error.strerror or type(error).__name__)


def _by_place(found: Issue) -> tuple[Place, str]:
    return found.place, found.code


def _walk(base: Path, name: Callable[[Path], str], issues: list[Issue]) -> Iterator[Path]:
    """The visible files under a folder. Links to folders are not followed: they may lead in a circle."""
    folders = [base]
    while folders:
        folder = folders.pop()
        if not folder.is_dir():
            yield folder
            continue
        try:
            entries = list(folder.iterdir())
        except OSError as error:
            issues.append(unopenable(name(folder), error))
            continue
        for entry in entries:
            if _is_ours(entry.name) or (entry.is_symlink() and entry.is_dir()):
                continue
            if entry.is_dir():
                folders.append(entry)
            else:
                yield entry


def _is_ours(name: str) -> bool:
    lowered = name.lower()
    return lowered.startswith((".", "~$")) or lowered in OWN_FILES or lowered in _SYSTEM_FILES


def received_at(folders: Sequence[str], modified: float) -> datetime:
    """The day of the nearest folder named YYYY-MM-DD, else the file's time (design, section 6, "Received").

    `modified` counts seconds since 1970 in UTC. Whole seconds, on Vietnam's clock.
    """
    for folder in reversed(folders):
        if _DAY.fullmatch(folder):
            try:
                day = date.fromisoformat(folder)
            except ValueError:
                continue  # 2025-13-45 is a name, not a day
            return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    try:
        return (_EPOCH + timedelta(seconds=int(modified))).astimezone(VIETNAM)
    except OverflowError:  # a broken clock or file system; the order of names then decides
        return _EPOCH.astimezone(VIETNAM)


def digest(path: Path) -> str:
    """SHA-256 of the file, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
