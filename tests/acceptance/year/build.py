"""The year built once: the workspace by the real command line, every file by the script, then taken in.

In:   a folder that all test processes share. Out: Record: the workspace, what was sent, what a person sees of a form.
Imports desk (the command line) and the modules beside it; nothing of the project's own code.
"""

from __future__ import annotations

import fcntl
import pickle
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from desk import ketnghia, worked

from year import arrivals, expected, making, stories, telling, world
from year.paper import Seen, fill_raw, seen
from year.sent import Sent

SEEN_AT = {"KN-01": "DV-0001", "KN-02": "XA-0001", "KN-00": "TT-0001"}
"""In whose blank a person looks where everything stands; all blanks of a form look the same."""
IN_JANUARY = (*SEEN_AT.values(), world.MERGED[0], world.CLOSED_BEFORE)
"""Who was sent a blank before the year's changes were written down."""
HEAD_ROW, FIRST_ROW = 9, 12


@dataclass(frozen=True)
class Record:
    """The finished year."""

    workspace: Path
    sent: Sequence[Sent]
    looks: Mapping[str, Seen]
    first_run: str
    """What the first ingest said, before anything was decided."""


def record(folder: Path) -> Record:
    """The year as it stands after the last decision; whoever comes second waits for it. Nobody writes into it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = folder / "record.pickle"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_build(folder)))
        found: Record = pickle.loads(kept.read_bytes())
        return found


def _build(folder: Path) -> Record:
    workspace, early = folder / "ws", folder / "early"
    worked(early, "init", early)
    shutil.copytree(early, workspace)
    world.write_registry(early / "inputs" / "registry.xlsx", early=True)
    worked(early, "blank", world.YEAR, *(word for code in IN_JANUARY for word in ("--partner", code)))
    world.write_registry(workspace / "inputs" / "registry.xlsx")
    worked(workspace, "check")
    worked(workspace, "blank", world.YEAR - 1)
    blanks = {
        "2025": workspace / "outputs" / "2025" / "blanks",
        "2024": workspace / "outputs" / "2024" / "blanks",
        "early": early / "outputs" / "2025" / "blanks",
    }
    looks = {form: seen((blanks["early"] / f"{code}-{form}-2025.xlsx").read_bytes()) for form, code in SEEN_AT.items()}
    _last_year(workspace, looks, blanks["2024"])
    # what was planned last year stands in this year's blanks by now
    worked(workspace, "blank", world.YEAR)
    sent = telling.everything(looks)
    making.make(sent, looks, blanks, folder / "made")
    arrivals.deliver(sent, workspace / "inputs" / str(world.YEAR))
    first = ketnghia(workspace, "ingest", world.YEAR)
    assert first.code == 1  # errors stand in what came
    _decide(workspace, looks)
    assert ketnghia(workspace, "ingest", world.YEAR).code == 0  # what was judged anew has no error left
    for one in sent:
        one.content = b""
    return Record(workspace, sent, looks, first.out)


def _last_year(workspace: Path, looks: Mapping[str, Seen], blanks: Path) -> None:
    for paper in stories.last_year():
        path = workspace / "inputs" / "2024" / "2024-12-10" / f"{paper.partner}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        blank = (blanks / f"{paper.partner}-KN-01-2024.xlsx").read_bytes()
        path.write_bytes(fill_raw(blank, paper.typed(looks["KN-01"])))
    worked(workspace, "ingest", world.YEAR - 1)


def _decide(workspace: Path, looks: Mapping[str, Seen]) -> None:
    """Writes the decisions into the workbook that the program laid ready."""
    path = workspace / "inputs" / str(world.YEAR) / "quyet-dinh.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Quyết định"]
    columns = {str(cell.value): cell.column for cell in sheet[HEAD_ROW] if cell.value}
    for row, answers in enumerate(expected.decisions(looks), start=FIRST_ROW):
        for heading, value in answers.items():
            sheet.cell(row, columns[heading]).value = value
    book.save(path)
