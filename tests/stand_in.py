"""A stand-in for the reader: a "workbook" is a line of JSON that says what it holds and how it behaves.

Importable, so that worker processes find it; run as a program, it ingests a workspace, to be killed while it does.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from generator.issues import Issue, Place, Severity, issue
from generator.model import Correction, Decision, Delivery, Ruling, Submission, Value, Verdict
from generator.pipeline.examine import Examined, verdict
from generator.pipeline.intake import ingest
from generator.pipeline.judging import Judge
from generator.pipeline.workspace import Workspace, open_workspace
from generator.stages.register.blocks import Ruled

YEARS = (2024, 2025)


def examine(content: bytes, delivery: Delivery, context: Mapping[str, Any]) -> Examined:
    """What the file says of itself; `do` makes it misbehave, as hostile files do."""
    try:
        said = json.loads(content)
    except ValueError:
        broken = issue("office.not_zip", Place(delivery.file))
        return Examined(None, Verdict.UNREADABLE, (broken,))
    _misbehave(said.get("do", ""))
    time.sleep(said.get("sleep", 0))
    values = tuple(
        Value("hoat_dong", row, "gia_tri", amount, str(amount), "Hoạt động hỗ trợ", f"J{row + 10}")
        for row, amount in enumerate(said.get("amounts", []), start=1)
    )
    found = tuple(Issue(code, issue(code, Place()).severity, Place(delivery.file)) for code in said.get("codes", []))
    ruled = None
    if decided := context.get("ruled", {}).get(delivery.sequence):
        ruled, values, found = _ruled(decided, values, found)
    submission = Submission(
        "KN-01", "1", said.get("partner", "DV-0001"), said.get("year", 2025), delivery.sha256, delivery.file, values
    )
    return Examined(submission, verdict(found), found, ruled)


def _ruled(
    decided: tuple[Decision, ...], values: tuple[Value, ...], found: tuple[Issue, ...]
) -> tuple[Ruled, tuple[Value, ...], tuple[Issue, ...]]:
    """What decisions make of a return: an accepted one has only notes, a corrected cell the officer's amount."""
    new = {one.cell: one for one in decided if one.ruling is Ruling.CORRECT}
    corrections = tuple(
        Correction(value.table, value.row, value.field, value.sheet, value.cell, value.raw, one.value, one.place)
        for value in values
        if (one := new.get(value.cell))
    )
    values = tuple(value._replace(value=int(new[value.cell].value)) if value.cell in new else value for value in values)
    if any(one.ruling is Ruling.ACCEPT for one in decided):
        found = (*(replace(one, severity=Severity.NOTE) for one in found), issue("decision.accepted", Place()))
    return Ruled(decided, corrections), values, found


def _misbehave(how: str) -> None:
    match how:
        case "hang":
            time.sleep(600)
        case "abort":
            os.abort()
        case "raise":
            raise ValueError("the reader met something it does not know")
        case "fill":
            bytes(8 << 30).count(1)
        case "panic":
            raise PanicError


class PanicError(BaseException):
    """What a panic of the fast reader is: no Exception."""


def judge(fingerprint: str, root: Path | None = None) -> Judge:
    """A judge that asks the stand-in; with a root also for the decisions that `decide` wrote."""
    return Judge(
        years=lambda: YEARS,
        fingerprint=fingerprint,
        context=lambda year, previous, ruled: {"year": year, "before": sum(1 for _ in previous), "ruled": ruled},
        examine=lambda: examine,
        decisions=lambda year: (decisions(root, year) if root else (), []),
        papers=lambda *_: None,
    )


def decide(root: Path, *rows: Mapping[str, Any], year: int = 2025) -> Path:
    """Writes the year's decisions: ruling, partner, and what else a row says."""
    path = root / "inputs" / str(year) / "quyet-dinh.xlsx"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def decisions(root: Path, year: int) -> tuple[Decision, ...]:
    """The decisions that `decide` wrote."""
    path = root / "inputs" / str(year) / "quyet-dinh.xlsx"
    rows = json.loads(path.read_bytes()) if path.exists() else []
    return tuple(
        Decision(
            year,
            "KN-01",
            row.get("partner", "DV-0001"),
            Ruling(row["ruling"]),
            "Đã hỏi",
            "Trưởng phòng",
            date.fromisoformat(row.get("day", "2025-12-31")),
            f"inputs/{year}/quyet-dinh.xlsx:Quyết định!D{number}",
            row.get("revision", 0),
            "Hoạt động hỗ trợ" if "cell" in row else "",
            row.get("cell", ""),
            str(row.get("value", "")),
        )
        for number, row in enumerate(rows, start=12)
    )


def workspace(root: Path) -> Workspace:
    """A workspace with nothing in it."""
    for folder in ("templates", "inputs/2025"):
        (root / folder).mkdir(parents=True)
    return open_workspace(root)


def drop(root: Path, name: str, modified: int = 1_760_000_000, **said: Any) -> Path:
    """Puts a "workbook" into inputs/2025; the same answers and name give the same bytes."""
    path = root / "inputs" / "2025" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    os.utime(path, (modified, modified))
    return path


if __name__ == "__main__":
    ingest(open_workspace(sys.argv[1]), 2025, judge=judge("today", Path(sys.argv[1])))
