"""Letters' files: letters in memory -> documents on the disk, beside those that somebody edited.

In:   letters by name, a folder. Out: documents, and one manifest of their hashes; what is no longer due is removed.
Imports pipeline.workspace, issues.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from generator.issues import Issue, Place, RefusedError, issue
from generator.pipeline.workspace import Workspace, unusable, write_atomic

MANIFEST = "letters.manifest.json"
MOST_COPIES = 1000
"""How many edited documents of one name are stepped round."""

_Hashes = dict[str, list[str]]


class Placed(NamedTuple):
    """Where the letters lie, in their order, and what is to be said about them."""

    paths: tuple[Path, ...]
    issues: tuple[Issue, ...]


def place_letters(workspace: Workspace, folder: Path, letters: Mapping[str, bytes], *, replaced: str = "") -> Placed:
    """Writes letters by their paths below the folder; one that somebody edited stays, the new one stands beside it.

    `replaced` begins the paths of older letters that these replace: what is not among them any more is removed
    unless it was edited. UnusableError when the disk refuses.
    """
    manifest = folder / MANIFEST
    known, issues = _read(manifest), list[Issue]()
    targets: dict[str, bytes] = {}
    for name, content in letters.items():
        free = _free(folder, name, content, known)
        if free != name:
            place = Place(workspace.relative(folder / name))
            issues.append(issue("report.edited", place, written=Path(free).name))
        targets[free] = content
    fresh = {name: [_hash(content)] for name, content in targets.items()}
    # Old and new hashes first: cut short at any letter, the next run still knows each as ours.
    _write(manifest, {**known, **{name: [*known.get(name, ()), *fresh[name]] for name in fresh}}, known)
    for name, content in targets.items():
        path = folder / name
        if not _says(path, content):
            write_atomic(path, content)
    gone = [name for name in known if replaced and name.startswith(replaced) and name not in fresh]
    issues += _removed(workspace, folder, gone, known)
    kept = {name: hashes for name, hashes in known.items() if (folder / name).is_file()}
    _write(manifest, {**kept, **fresh}, None)
    return Placed(tuple(folder / name for name in targets), tuple(issues))


def _removed(workspace: Workspace, folder: Path, names: Iterable[str], known: _Hashes) -> Iterable[Issue]:
    for name in names:
        path = folder / name
        if not path.is_file():
            continue
        if _hash(path.read_bytes()) not in known[name]:
            yield issue("letters.kept", Place(workspace.relative(path)))
            continue
        try:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        except OSError as error:
            raise unusable(error, path) from error


def _free(folder: Path, name: str, content: bytes, known: _Hashes) -> str:
    """The first name whose document is not there, is ours unedited, or says the same already."""
    stem, _, suffix = name.rpartition(".")
    for number in range(MOST_COPIES):
        ending = "" if number == 0 else "-moi" if number == 1 else f"-moi-{number}"
        candidate = f"{stem}{ending}.{suffix}"
        path = folder / candidate
        if not path.exists():
            return candidate
        if path.is_file():
            there = path.read_bytes()
            if there == content or _hash(there) in known.get(candidate, ()):
                return candidate
    raise RefusedError(issue("workspace.not_folder", Place(name)))


def _says(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(manifest: Path) -> _Hashes:
    """The hashes of every letter written, by path; nothing where there is no manifest that can be read."""
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: [str(one) for one in hashes] for name, hashes in found.items() if isinstance(hashes, list)}


def _write(manifest: Path, hashes: _Hashes, there: _Hashes | None) -> None:
    if hashes != there:
        write_atomic(manifest, json.dumps(hashes, ensure_ascii=False, indent=0, sort_keys=True).encode())
