"""Kept: what a run may leave in outputs/ so that the next one need not find it out again.

In:   a workspace, what something was made from. Out: the texts of the blanks; whether the register stands as left.
Both can be deleted at any time: what is missing, broken or made from anything else is found out anew.
Imports pipeline.workspace, rulings and the standard library: a run that finds nothing new loads nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.issues import UnusableError
from generator.pipeline.rulings import decided_years, decisions_digest
from generator.pipeline.workspace import Workspace, write_atomic

Papers = Mapping[int, Sequence[str]]
"""Files that a year's record was written down as, from outputs/<year>/ on, by year."""

Texts = Mapping[str, Mapping[str, frozenset[str]]]
"""Texts that a blank carries, by form and sheet code."""

_DRAWN_BY = ("stages/blank", "definitions", "pipeline/compiled.py")
"""Code that draws a blank from forms and registry."""
_REGISTERED_BY = ("stages/register",)
"""Code that decides how a register is laid out."""
_WORDED_BY = ("messages", "replies")
"""Folders of templates/ that papers are worded by."""


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


def settled(workspace: Workspace, year: int, fingerprint: str) -> bool:
    """Whether journal, decisions, register and fingerprint are as `settle` left them, and the year's papers there."""
    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, OSError, UnusableError):
        told = _told(_stamp(workspace))
        written = set(told["papers"][str(year)])
        same = told["stands"] == _standing(workspace, fingerprint) and told["worded"] == _wording(workspace)
        return bool(same) and written <= set(papers_of(workspace, year))
    return False


def unsettled(workspace: Workspace) -> Papers:
    """The papers that were written and are worded as today; from now on nothing is settled.

    So a run cut short is seen, and so is that the papers of a year no longer say what the register holds.
    """
    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, OSError):
        told = _told(_stamp(workspace))
        _stamp(workspace).unlink(missing_ok=True)
        if told["worded"] == _wording(workspace):
            return {int(year): [str(name) for name in names] for year, names in told["papers"].items()}
    return {}


def settle(workspace: Workspace, fingerprint: str, papers: Papers) -> None:
    """Remembers that the register holds all of the journal and decisions, judged by this fingerprint.

    `papers` are those that say what it holds. The register is closed.
    """
    with contextlib.suppress(OSError, UnusableError):
        told = {"stands": _standing(workspace, fingerprint), "worded": _wording(workspace)}
        _keep(_stamp(workspace), told | {"papers": {str(year): list(papers[year]) for year in papers}})


def papers_of(workspace: Workspace, year: int) -> list[str]:
    """What lies under outputs/<year>/, in order of name."""
    folder = workspace.year_outputs(year)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _stamp(workspace: Workspace) -> Path:
    return workspace.outputs / ".settled.json"


def _standing(workspace: Workspace, fingerprint: str) -> list[object]:
    """What changes with every change of journal, decisions or register.

    The database is told by size and time, for it is large.
    """
    register = workspace.register.stat()
    unfinished = workspace.register.with_name(f"{workspace.register.name}-journal").exists()
    journal = hashlib.sha256(workspace.journal.read_bytes()).hexdigest()
    code = _sources(_REGISTERED_BY)
    decisions = [[year, decisions_digest(workspace, year)] for year in decided_years(workspace)]
    return [fingerprint, code, journal, decisions, register.st_size, register.st_mtime_ns, unfinished]


def _wording(workspace: Workspace) -> str:
    """Hash of the wording that papers are written in."""
    told = hashlib.sha256()
    for folder in _WORDED_BY:
        for path in sorted((workspace.templates / folder).rglob("*")):
            told.update(path.name.encode("utf-8", "surrogateescape"))
            told.update(path.read_bytes() if path.is_file() else b"")
    return told.hexdigest()


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
