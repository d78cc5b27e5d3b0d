"""Which workspace a demo may write in: an empty one, or one that holds nothing but what a demo wrote.

In:   a workspace. Out: the marker inputs/.minh-hoa, which lists what the demo wrote; UnusableError otherwise.
Imports pipeline.workspace, issues.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from generator.issues import Place, UnusableError, issue
from generator.pipeline.workspace import MARKER, Workspace, write_atomic

_NOT_CONTENT = frozenset({".gitkeep", ".ketnghia.lock", MARKER})
_KEPT = ("archive/", "journal.jsonl")
"""What a run that was cut short may have kept of the planned files, under names nobody can plan."""


def claim(workspace: Workspace, planned: Iterable[str]) -> None:
    """Takes the inputs for a demo: what an earlier demo wrote is removed, anything else is refused.

    The marker is written before the first file, so that a demo that was cut short is still known as one.
    """
    ours = _listed(workspace)
    for path in _content(workspace):
        name = path.relative_to(workspace.inputs).as_posix()
        if not _is_ours(path, name, ours):
            raise UnusableError(issue("workspace.not_demo", Place(str(workspace.root)), first=f"inputs/{name}"))
    if workspace.inputs.is_dir():
        for path in list(_content(workspace)):
            path.unlink()
        for folder in sorted((path for path in workspace.inputs.rglob("*") if path.is_dir()), reverse=True):
            with contextlib.suppress(OSError):  # a folder that still holds something stays
                folder.rmdir()
    _mark(workspace, dict.fromkeys((*planned, "registry.xlsx"), ""))


def seal(workspace: Workspace) -> None:
    """Records what the inputs hold at the end of the demo, so that a later change by a person is seen."""
    found = {path.relative_to(workspace.inputs).as_posix(): _hash(path) for path in _content(workspace)}
    _mark(workspace, found)


def _mark(workspace: Workspace, files: dict[str, str]) -> None:
    text = json.dumps({"files": files}, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomic(workspace.inputs / MARKER, text.encode())


def _listed(workspace: Workspace) -> dict[str, str]:
    try:
        found = json.loads((workspace.inputs / MARKER).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {str(name): str(told) for name, told in found.items()} if isinstance(found, dict) else {}


def _content(workspace: Workspace) -> Iterator[Path]:
    if workspace.inputs.is_dir():
        for path in sorted(workspace.inputs.rglob("*")):
            if path.is_file() and path.name not in _NOT_CONTENT:
                yield path


def _is_ours(path: Path, name: str, ours: dict[str, str]) -> bool:
    if name in ours:
        return ours[name] in ("", _hash(path))
    unfinished = bool(ours) and not all(ours.values())
    return unfinished and name.startswith(_KEPT)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
