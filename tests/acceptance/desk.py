"""The desk of the officer: the real command line, a workspace on the disk, and what its documents say.

Everything is looked at from outside: exit codes, stdout, stderr, JSON, the text of a DOCX by python-docx.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import docx
from docx.table import Table
from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "templates" / "registry"
PROGRAM = (sys.executable, "-m", "generator")
SECONDS = 120
PATIENCE = 900
"""Seconds for what takes a minute where two cores are quiet: others may share them."""

SHOWN_OTHERWISE = re.compile(r"^\.|\.tmp$|-journal$")


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of the command line."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> str:
        """All that the user read."""
        return self.out + self.err


def ketnghia(workspace: Path, *words: object, **more: Any) -> Ran:
    """Runs `ketnghia --workspace … words`; a traceback is never anything that a user may see."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", **more.pop("env", {})}
    environment.pop("KETNGHIA_WORKSPACE", None)
    done = subprocess.run(
        [*PROGRAM, "--workspace", str(workspace), *map(str, words)],
        capture_output=True,
        check=False,
        timeout=more.pop("seconds", SECONDS),
        stdin=subprocess.DEVNULL,
        cwd=more.pop("cwd", ROOT),
        env=environment,
        **more,
    )
    ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in ran.told, ran.told
    return ran


def worked(workspace: Path, *words: object, **more: Any) -> str:
    """What the command printed; it must end with exit code 0."""
    ran = ketnghia(workspace, *words, **more)
    assert ran.code == 0, f"exit code {ran.code}: {words}\n{ran.told}"
    return ran.out


def told_json(workspace: Path, *words: object, **more: Any) -> list[dict[str, Any]]:
    """The one JSON document on stdout."""
    found = json.loads(worked(workspace, *words, **more))
    assert isinstance(found, list)
    return found


def export(workspace: Path, year: int) -> list[dict[str, Any]]:
    """The merged dataset of a year."""
    return told_json(workspace, "export", year, "--format", "json")


def report(workspace: Path, year: int) -> Path:
    """The year-end report, freshly made."""
    worked(workspace, "report", "year", year)
    return document(workspace, year)


def document(workspace: Path, year: int) -> Path:
    """Where the year-end report lies."""
    return workspace / "outputs" / str(year) / f"bao-cao-so-ket-{year}.docx"


# --- workspaces ---------------------------------------------------------------------------------


def shared(folder: Path, words: Sequence[object], seconds: int = SECONDS) -> Path:
    """A workspace that the command makes once for all test processes; whoever comes later waits for it."""
    import fcntl

    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.with_suffix(".done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            worked(folder, *words, seconds=seconds)
            folder.with_suffix(".done").touch()
    return folder


def without_results(source: Path, target: Path) -> Path:
    """A copy of a workspace as it stood before anything was taken in."""
    leave = shutil.ignore_patterns("outputs", "archive", "journal.jsonl", ".ketnghia.lock")
    shutil.copytree(source, target, ignore=leave)
    return target


def standing(workspace: Path) -> dict[str, bytes]:
    """Every file under inputs/ and outputs/ that means something, by its path."""
    return {
        path.relative_to(workspace).as_posix(): path.read_bytes()
        for folder in ("inputs", "outputs")
        for path in sorted((workspace / folder).rglob("*"))
        if path.is_file() and not SHOWN_OTHERWISE.search(path.name)
    }


def registry_names() -> dict[str, str]:
    """Name of each shipped partner by its code, straight from the reviewed CSV."""
    with (REGISTRY / "partners.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["ma"]: row["ten"] for row in csv.DictReader(stream)}


def assigned_communes() -> dict[str, list[str]]:
    """Codes of the communes of each giver, straight from the reviewed CSV."""
    found: dict[str, list[str]] = {}
    with (REGISTRY / "assignments.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["don_vi"], []).append(row["xa"])
    return found


# --- workbooks, by plain openpyxl ---------------------------------------------------------------


def field_cells(sheet: Worksheet) -> dict[str, str]:
    """Address of each single answer by its code: codes stand in the hidden column A, answers in column E."""
    return {
        str(row[0].value): f"E{row[0].row}"
        for row in sheet.iter_rows(min_row=9, max_col=1)
        if row[0].value and not str(row[0].value).startswith("#")
    }


def columns(sheet: Worksheet) -> dict[str, str]:
    """Letter of each column of a table by its code: codes stand in the hidden row 8."""
    return {str(cell.value): cell.column_letter for cell in sheet[8][2:] if cell.value}


# --- documents ----------------------------------------------------------------------------------


def plain(text: str) -> str:
    """The text with plain spaces, in NFC."""
    return unicodedata.normalize("NFC", text.replace("\u00a0", " "))


def paragraphs(path: Path) -> list[str]:
    """The paragraphs of the body, outside tables."""
    return [plain(one.text) for one in docx.Document(str(path)).paragraphs if one.text.strip()]


def tables(path: Path) -> list[list[list[str]]]:
    """The tables of the body as rows of texts; a merged cell says its text once for each column."""
    return [_rows(table) for table in docx.Document(str(path)).tables]


def _rows(table: Table) -> list[list[str]]:
    return [[plain(cell.text) for cell in row.cells] for row in table.rows]


def annex_one(path: Path) -> dict[str, list[str]]:
    """Rows of Annex I by the name of the unit, with the "Tổng cộng" row; columns as the key row counts them."""
    found = next(table for table in tables(path) if table[0][0] == "TT" and "Đơn vị kết nghĩa" in table[0][1])
    return {row[1].partition("\n")[0]: row[2:] for row in found[3:]}


def whole_text(path: Path) -> str:
    """Every text of the document: body, tables, headers and footers."""
    opened = docx.Document(str(path))
    parts = [opened.element.body]
    for section in opened.sections:
        parts += [section.header._element, section.footer._element]  # python-docx has no other way
    return plain("\n".join(_lines(parts)))


def _lines(parts: Sequence[Any]) -> Iterator[str]:
    for part in parts:
        for paragraph in part.iter("{*}p"):
            yield "".join(node.text or "" for node in paragraph.iter("{*}t"))


def grouped(number: int) -> str:
    """1234567 as Vietnamese print it: 1.234.567."""
    return f"{number:,}".replace(",", ".")


def scaled(amount: int) -> str:
    """An amount as the prose says it: tỷ or triệu with one decimal, "hơn" or "gần" only where it was rounded."""
    if amount < 1_000_000:
        return f"{grouped(amount)} đồng"
    unit, word = (10**9, "tỷ") if amount >= 10**9 else (10**6, "triệu")
    exact = Decimal(amount) / unit
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    adverb = "" if rounded == exact else "hơn " if rounded < exact else "gần "
    return f"{adverb}{rounded.normalize():f} {word} đồng".replace(".", ",")
