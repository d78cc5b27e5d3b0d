"""The whole record of a year, made again: without outputs, and killed thirty times."""

from __future__ import annotations

import email
import hashlib
import json
import random
import shutil
import time
from email import policy
from pathlib import Path
from typing import Any

from desk import export, ketnghia, standing, told_json, worked
from test_again import _killed
from year import stories, world
from year.build import Record
from year.gifts import paper_of_giver
from year.paper import fill_raw

YEAR, KILLS = world.YEAR, 30

# --- once more from inputs/ ----------------------------------------------------------------------------------


def _left_behind(workspace: Path) -> dict[str, Any]:
    """What leaves the house of the year, made anew where a command makes it."""
    for kind in ("csv", "json"):
        worked(workspace, "export", YEAR, "--format", kind, "--output", workspace / "outputs" / str(YEAR) / f"x.{kind}")
    worked(workspace, "export", YEAR)
    found: dict[str, Any] = {
        name: content
        for name, content in standing(workspace).items()
        if name.startswith(f"outputs/{YEAR}/") and "/blanks/" not in name and "bao-cao-so-ket" not in name
    }
    return found | {
        "status": worked(workspace, "status", YEAR, "--json"),
        "issues": worked(workspace, "issues", YEAR, "--json"),
    }


def test_without_outputs_everything_comes_out_again_byte_for_byte(record: Record, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(record.workspace, tmp_path / "ws"))
    before = _left_behind(workspace)
    shutil.rmtree(workspace / "outputs")
    # no order may depend on how Python scatters its sets this time
    worked(workspace, "rebuild", env={"PYTHONHASHSEED": "7"})
    again = ketnghia(workspace, "ingest", YEAR)
    assert ", 0 tệp mới." in again.out
    after = _left_behind(workspace)
    assert after.keys() == before.keys()
    assert [name for name in before if before[name] != after[name]] == []
    assert sum("/replies/" in name for name in before) == stories.DELIVERIES


# --- corrected in the workbook of the reply ------------------------------------------------------------------


def test_what_waits_is_accepted_once_the_marked_cells_of_its_reply_are_set_right(
    record: Record, tmp_path: Path
) -> None:
    """The officer of a unit opens the workbook that came with the reply, types into the red cells and sends it back."""
    workspace = Path(shutil.copytree(record.workspace, tmp_path / "ws"))
    look, told = record.looks["KN-01"], {}
    for code in stories.WAITING:
        first = next(one for one in record.sent if one.partner == code)
        right = paper_of_giver(code, stories.told_by_giver(code)).typed(look)
        cells = {(fault.sheet, fault.cell): right[fault.sheet, fault.cell] for fault in first.faults}
        name, content = _attached(workspace / "outputs" / str(YEAR) / "replies" / f"{code}-KN-01-r1.eml")
        path = workspace / "inputs" / str(YEAR) / "2025-12-30" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(fill_raw(content, cells))
        told[code] = first
    assert len(told) == 6
    assert ketnghia(workspace, "ingest", YEAR).code == 0
    rows = {row["partner"]: row for row in told_json(workspace, "status", YEAR, "--json") if row["form"] == "KN-01"}
    found = {code: (rows[code]["revision"], rows[code]["counted_revision"], rows[code]["errors"]) for code in told}
    assert found == dict.fromkeys(told, (2, 2, 0))
    exported = export(workspace, YEAR)
    for code in told:
        typed = sum(gift.value or 0 for gift in stories.told_by_giver(code))
        own = [
            one for one in exported if (one["partner"], one["table"], one["field"]) == (code, "hoat_dong", "gia_tri")
        ]
        assert sum(one["value"] for one in own) == typed, code


def _attached(path: Path) -> tuple[str, bytes]:
    """The workbook that hangs on a reply."""
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    (part,) = message.iter_attachments()
    return str(part.get_filename()), part.get_payload(decode=True)


# --- killed at any moment ------------------------------------------------------------------------------------


def test_thirty_kills_lose_nothing_and_double_nothing(record: Record, tmp_path: Path) -> None:
    """A part of the year with all its mails and archives; the last run ends as one that was left alone."""
    calm = _part_of(record, tmp_path / "calm")
    workspace = Path(shutil.copytree(calm, tmp_path / "ws"))
    began = time.monotonic()
    assert ketnghia(calm, "ingest", YEAR).code in (0, 1)
    whole = time.monotonic() - began
    seed = random.Random().randrange(10**6)
    chance = random.Random(seed)
    # early moments first: a run that ends leaves the later ones nothing to do
    moments = [whole * (0.05 + 0.9 * ((number + chance.random()) / KILLS) ** 2) for number in range(KILLS)]
    ended = sum(_killed(workspace, moment) for moment in moments)
    assert ended < KILLS - 5, f"too few runs were cut short, seed {seed}"
    assert ketnghia(workspace, "ingest", YEAR).code in (0, 1)

    lines = [(one / "inputs" / "journal.jsonl").read_text("utf-8").splitlines() for one in (workspace, calm)]
    assert lines[0] == lines[1], f"seed {seed}"
    archived = {path.name for path in (workspace / "inputs" / "archive").iterdir() if path.name[0] != "."}
    assert archived == {json.loads(line)["sha256"] for line in lines[0]}
    for path in (workspace / "inputs" / "archive").iterdir():
        if path.name[0] != ".":
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    before, after = _left_behind(calm), _left_behind(workspace)
    assert after.keys() == before.keys(), f"seed {seed}"
    assert [name for name in before if before[name] != after[name]] == [], f"seed {seed}"


def _part_of(record: Record, target: Path) -> Path:
    """The mails, the archives and what came on the first day, before anything was taken in."""
    inputs = record.workspace / "inputs"
    shutil.copytree(record.workspace / "templates", target / "templates")
    (target / "inputs" / str(YEAR)).mkdir(parents=True)
    shutil.copy2(inputs / "registry.xlsx", target / "inputs" / "registry.xlsx")
    for path in sorted((inputs / str(YEAR)).rglob("*")):
        name = path.relative_to(inputs).as_posix()
        early = name.split("/")[1] == "2025-12-01"
        wanted = early or path.suffix in (".eml", ".msg", ".zip")
        if path.is_file() and wanted:
            (target / "inputs" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / "inputs" / name)
    return target
