"""The tables of the benchmark: costs, ratios, growth, where the rest goes, what was aimed at.

In:   costs of every step. Out: text. The usual way is measured on a few files and multiplied, which every table says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measure import Cost
from benchmarks.sample import Originals, Sample

NAMES = {
    "blank": "blanks, prefilled",
    "read": "read",
    "judge": "normalise + validate",
    "register": "register",
    "merge": "merge",
    "report": "report: compile, fill, check",
    "fill": "  of it: filled and checked",
    "whole": "whole way",
}
MOST_MEMORY = 300.0


@dataclass(frozen=True, slots=True)
class Compared:
    """All costs of one sample."""

    returns: int
    few: int
    """Files that the usual way was measured on."""
    compared: int
    """Values that were compared with the cells they stand in."""
    ours: Mapping[str, Cost]
    """By step; "prepare" is what a run needs before its first file, "ingest" and "made" are whole commands."""
    usual: Mapping[str, Cost]
    floor: Mapping[str, Cost]

    def our(self, name: str) -> Cost:
        """What a step costs us; the whole way are two commands."""
        if name == "fill":
            report = self.ours["report"]
            took = report.told["fill"] + report.told["check"]
            return Cost(took, took, report.peak)
        if name != "whole":
            return self.ours[name]
        first, second = self.ours["ingest"], self.ours["made"]
        return Cost(first.cpu + second.cpu, first.wall + second.wall, max(first.peak, second.peak))

    def usually(self, name: str) -> Cost | None:
        """What the usual way costs for all returns; None where it has no such step."""
        times, whole = self.returns / self.few, self.usual["whole"]
        if name in ("read", "merge"):
            cpu, wall = whole.told[name]
            return Cost(cpu * times, wall * times, whole.peak)
        if name == "whole":
            more = [sum(pair) * (times - 1) for pair in zip(whole.told["read"], whole.told["merge"], strict=True)]
            return Cost(whole.cpu + more[0], whole.wall + more[1], whole.peak)
        found = self.usual.get("report" if name == "fill" else name)
        if found is None or name != "blank":
            return found
        return Cost(found.cpu * times, found.wall * times, found.peak)

    def least(self, name: str) -> Cost | None:
        """The floor, where a step has one; of the whole way those of reading and of the report."""
        if name == "whole":
            read, report = self.floor["read"], self.floor["report"]
            return Cost(read.cpu + report.cpu, read.wall + report.wall, max(read.peak, report.peak))
        return self.floor.get(name)

    def ratio(self, name: str) -> float:
        """How many times our CPU time the usual way takes."""
        usual = self.usually(name)
        return usual.cpu / self.our(name).cpu if usual else math.nan

    def wall_ratio(self, name: str) -> float:
        """How many times our wall time the usual way takes."""
        usual = self.usually(name)
        return usual.wall / self.our(name).wall if usual else math.nan


def heading(sample: Sample, originals: Originals) -> str:
    """What is measured."""
    values = len(next(iter(originals.answers.values())))
    size = sample.files[0].stat().st_size / 1024
    saved = "saved again by LibreOffice in one call" if originals.resaved else "as Blank.fill wrote them"
    differ = len(originals.answers)
    return f"""Returns of form KN-01: {values} answers in 8 sheets, {size:.0f} KB; {differ} differ, {saved};
the others are these under other units' names. Ratios are of CPU time; each step runs in a process of its own.
usual: pandas.read_excel(engine="openpyxl") sheet by sheet and concat; docxtpl with the same template and context;
       openpyxl load-edit-save for blanks. Measured on some files and multiplied. It checks, keeps and traces nothing.
floor: inflate every member and parse the XML without handlers, keep nothing; for blanks: write the same bytes."""


def costs(one: Compared) -> str:
    """The table of one size."""
    proof = f"{one.compared:,} values compared with openpyxl's, the report prints their total"
    head = f"{'':32}{'CPU s':>8}{'wall s':>8}{'CPU ms each':>12}{'peak MB':>9} |"
    head += f"{'usual CPU s':>12}{'wall s':>8}{'MB':>6}{'ratio':>8} |{'floor CPU s':>12}{'ours is':>9}"
    times = f"usual way: {one.few} files x {one.returns / one.few:.1f}"
    lines = ["", f"{one.returns:,} returns ({times}; {proof})", head]
    for name, title in NAMES.items():
        ours, usual, floor = one.our(name), one.usually(name), one.least(name)
        line = f"{title:32}{ours.cpu:8.2f}{ours.wall:8.2f}{ours.cpu / one.returns * 1e3:12.2f}{ours.peak:9.0f} |"
        line += (
            f"{usual.cpu:12.2f}{usual.wall:8.2f}{usual.peak:6.0f}{usual.cpu / ours.cpu:7.1f}x |"
            if usual
            else f"{'-':>34} |"
        )
        line += f"{floor.cpu:12.3f}{ours.cpu / floor.cpu:8.1f}x" if floor else f"{'-':>12}"
        lines.append(line)
    return "\n".join(lines)


def growth(compared: Sequence[Compared]) -> str:
    """How CPU time grows with the number of returns: 1.00 is linear."""
    if len(compared) < 2:
        return ""
    small, large = compared[0], compared[-1]
    times = math.log(large.returns / small.returns)
    slopes = (
        f"{title} {math.log(large.our(name).cpu / small.our(name).cpu) / times:.2f}" for name, title in NAMES.items()
    )
    return f"\nGrowth of CPU time {small.returns:,} -> {large.returns:,} (1.00 is linear): {', '.join(slopes)}"


def rest(one: Compared) -> str:
    """Where the CPU time of the whole way goes."""
    whole = one.our("whole").cpu
    report = one.ours["report"]
    parts = {
        "read": one.ours["read"].cpu,
        "normalise + validate": one.ours["judge"].cpu,
        "register: pack, write": one.ours["register"].cpu,
        "merge: unpack, frames": one.ours["merge"].cpu,
        "figures": one.ours["context"].told["figures"],
        "report: compile the template": report.told["compile"],
        "report: context, fill": one.ours["context"].cpu + report.told["fill"],
        "report: check what Word would repair": report.told["check"],
        "forms, registry, drawn blank, imports": one.ours["prepare"].cpu,
    }
    parts["the rest: archive, journal, summary, processes, imports"] = whole - sum(parts.values())
    ingest, made = one.ours["ingest"].cpu, one.ours["made"].cpu
    lines = [f"\nWhere the {whole:.1f} CPU s of {one.returns:,} returns go (ingest {ingest:.1f}, report {made:.1f})"]
    lines += [f"  {name:56}{cpu:8.2f} s{cpu / whole:7.0%}" for name, cpu in parts.items()]
    return "\n".join(lines)


def aims(one: Compared) -> str:
    """What was aimed at, and whether it is reached."""
    peak = max(one.our(name).peak for name in NAMES)
    lines = [f"\nAims at {one.returns:,} returns"]
    for title, found, aim in (
        ("reading, times the usual way", one.ratio("read"), 20),
        ("blanks, times openpyxl's load-edit-save", one.ratio("blank"), 80),
        ("report from a known template, times docxtpl", one.ratio("fill"), 5),
        ("whole way, times the usual way, CPU", one.ratio("whole"), 10),
        ("whole way, times the usual way, wall", one.wall_ratio("whole"), 10),
    ):
        lines.append(f"  {title:46}{found:8.1f}   aim >= {aim:<5}{_met(found >= aim)}")
    lines.append(f"  {'a first report, its template compiled too':46}{one.ratio('report'):8.1f}   no aim")
    lines.append(f"  {'peak memory, MB':46}{peak:8.0f}   aim <= {MOST_MEMORY:<5.0f}{_met(peak <= MOST_MEMORY)}")
    return "\n".join(lines)


def _met(reached: bool) -> str:
    return "reached" if reached else "MISSED"


def starts(again: Sequence[Cost], beside: Mapping[str, float], returns: int) -> str:
    """What a run costs that has nothing to do."""
    walls, cpus = sorted(one.wall for one in again), sorted(one.cpu for one in again)
    wall, cpu = walls[len(again) // 2], cpus[len(again) // 2]
    ratio = beside["help"] / beside["click"]
    told = f"{beside['help'] * 1e3:.0f} ms beside {beside['click'] * 1e3:.0f} ms of `import click`"
    return f"""
ingest with nothing new among {returns:,}: {wall:.2f} s wall, {cpu:.2f} s CPU (median of {len(again)})
--help: {told}: {ratio:.2f}   aim <= 2.5  {_met(ratio <= 2.5)}"""
