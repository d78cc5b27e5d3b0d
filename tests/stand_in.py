"""A stand-in for the reader: a "workbook" is a line of JSON that says what it holds and how it behaves.

Importable, so that worker processes find it; run as a program, it ingests a workspace, to be killed while it does.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.issues import Issue, Place, issue
from generator.model import Delivery, Submission, Value, Verdict
from generator.pipeline.examine import Examined, verdict
from generator.pipeline.intake import ingest
from generator.pipeline.judging import Judge
from generator.pipeline.workspace import Workspace, open_workspace

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
    submission = Submission(
        "KN-01", "1", said.get("partner", "DV-0001"), said.get("year", 2025), delivery.sha256, delivery.file, values
    )
    return Examined(submission, verdict(found), found)


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


def judge(fingerprint: str) -> Judge:
    """A judge that asks the stand-in."""
    return Judge(
        years=lambda: YEARS,
        fingerprint=fingerprint,
        context=lambda year, previous: {"year": year, "before": sum(1 for _ in previous)},
        examine=lambda: examine,
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
    ingest(open_workspace(sys.argv[1]), 2025, judge=judge("today"))
