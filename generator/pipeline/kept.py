"""Kept: what a run may leave in outputs/ so that the next one need not find it out again.

In:   a workspace, what something was made from. Out: the texts of the blanks; whether the register stands as left.
Both can be deleted at any time: what is missing, broken or made from anything else is found out anew.
Imports pipeline.workspace and the standard library, so that a run that finds nothing new loads nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.issues import UnusableError
from generator.pipeline.workspace import Workspace, write_atomic

Texts = Mapping[str, Mapping[str, frozenset[str]]]
"""Texts that a blank carries, by form and sheet code."""

_DRAWN_BY = ("stages/blank", "definitions", "pipeline/compiled.py")
"""Code that draws a blank from forms and registry."""
_REGISTERED_BY = ("stages/register",)
"""Code that decides how a register is laid out."""


def texts_of_blanks(workspace: Workspace, year: int, fingerprint: str, draw: Callable[[], Texts]) -> Texts:
    """What the year's blanks carry: as kept for this fingerprint, else drawn and kept. Drawing takes a second."""
    path = workspace.outputs / f".blanks-{year}.json"
    made_from = hashlib.sha256(f"{fingerprint}/{year}/{_sources(_DRAWN_BY)}".encode()).hexdigest()
    with contextlib.suppress(ValueError, TypeError, AttributeError, KeyError):
        told = _told(path)
        if told["made_from"] == made_from:
            return {
                form: {sheet: frozenset(map(str, texts)) for sheet, texts in sheets.items()}
                for form, sheets in told["texts"].items()
            }
    drawn = draw()
    texts = {form: {sheet: sorted(found) for sheet, found in sheets.items()} for form, sheets in drawn.items()}
    _keep(path, {"made_from": made_from, "texts": texts})
    return drawn


def settled(workspace: Workspace, fingerprint: str) -> bool:
    """Whether journal and register are byte for byte as `settle` left them, and judged by the same fingerprint."""
    with contextlib.suppress(ValueError, TypeError, KeyError, OSError):
        return bool(_told(_stamp(workspace))["stands"] == _standing(workspace, fingerprint))
    return False


def settle(workspace: Workspace, fingerprint: str) -> None:
    """Remembers that the register holds all of the journal, judged by this fingerprint. The register is closed."""
    with contextlib.suppress(OSError):
        stands = _standing(workspace, fingerprint)
        if not settled(workspace, fingerprint):
            _keep(_stamp(workspace), {"stands": stands})


def _stamp(workspace: Workspace) -> Path:
    return workspace.outputs / ".settled.json"


def _standing(workspace: Workspace, fingerprint: str) -> list[object]:
    """What changes with every change of journal or register: a database is told by size and time, for it is large."""
    register = workspace.register.stat()
    unfinished = workspace.register.with_name(f"{workspace.register.name}-journal").exists()
    journal = hashlib.sha256(workspace.journal.read_bytes()).hexdigest()
    code = _sources(_REGISTERED_BY)
    return [fingerprint, code, journal, register.st_size, register.st_mtime_ns, unfinished]


def _sources(sources: Sequence[str]) -> str:
    """Hash of our own code: a new version may draw and register otherwise."""
    told = hashlib.sha256()
    here = Path(__file__).resolve().parents[1]
    for source in sources:
        for path in sorted((here / source).rglob("*.py")) if (here / source).is_dir() else (here / source,):
            told.update(path.read_bytes() if path.is_file() else b"")
    return told.hexdigest()


def _told(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except OSError:
        return {}
    return told if isinstance(told, dict) else {}


def _keep(path: Path, told: object) -> None:
    # a disk that refuses costs the next run a second, not this one its work
    with contextlib.suppress(UnusableError):
        write_atomic(path, json.dumps(told, ensure_ascii=False).encode())
