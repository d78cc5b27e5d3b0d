"""The summary of five years for a thousand givers, and the demo as `make demo` makes it: time and memory.

Run:  python -m benchmarks.five_years [--partners 1000] [--no-demo]      (make bench)
In:   nothing; the sample is the demo's, put into the register as it would stand there after the intake.
Out:  a table on stdout: wall and CPU seconds, peak memory, beside what is aimed at.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Cost, run, start_clock

if TYPE_CHECKING:
    from generator.demo.habits import Arrival
    from generator.model import Value

FIRST, LAST, SEED = 2021, 2025, 1
PARTNERS = 1000
MOST_MEMORY, MOST_SECONDS, MOST_DEMO = 400, 20, 90
"""MiB; CPU seconds of the report; wall seconds of the demo."""


def main() -> None:
    """Fills a register, measures the report in a process of its own, then the demo."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="ketnghia-bench-") as folder:
        root = Path(folder) / "five-years"
        prepared = run([sys.executable, "-m", "benchmarks.five_years", "--prepare", str(root), str(asked.partners)])
        cost = run([sys.executable, "-m", "benchmarks.five_years", "--report", str(root)])
        print(shown(asked.partners, prepared, cost), flush=True)
        if not asked.no_demo:
            made = run([sys.executable, "-m", "generator", "--workspace", str(Path(folder) / "demo"), "demo"])
            aims = f"aim <= {MOST_DEMO} s  {_met(made.wall <= MOST_DEMO)}"
            print(f"\nthe demo, whole: {made.wall:.0f} s wall, {made.cpu:.0f} s CPU, {made.peak:.0f} MB   {aims}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.five_years")
    parser.add_argument("--partners", type=int, default=PARTNERS, help="number of givers")
    parser.add_argument("--no-demo", action="store_true", help="the report only")
    return parser.parse_args()


def shown(partners: int, prepared: Cost, cost: Cost) -> str:
    """What was measured, in lines."""
    told = cost.told
    return f"""
## Five years

{partners:,} givers, {FIRST}-{LAST}: {prepared.told["returns"]:,} returns with {prepared.told["values"]:,} values; \
the report has {told["figures"]:,} figures and {told["kilobytes"]:,.0f} KB

  made from the register, s wall     {told["wall"]:8.1f}
  s CPU                              {told["cpu"]:8.1f}   aim <= {MOST_SECONDS:<5}{_met(told["cpu"] <= MOST_SECONDS)}
  peak memory, MB                    {cost.peak:8.0f}   aim <= {MOST_MEMORY:<5}{_met(cost.peak <= MOST_MEMORY)}"""


def _met(reached: bool) -> str:
    return "reached" if reached else "MISSED"


def prepare(root: Path, partners: int) -> Mapping[str, int]:
    """A workspace whose register holds the returns of all years; how many, with how many values."""
    from generator.definitions.load import load_forms
    from generator.demo.registry import demo_registry
    from generator.demo.season import seasons
    from generator.model import Delivery, Submission
    from generator.pipeline.init import copy_templates, shipped_templates
    from generator.pipeline.judging import load_registry_or_refuse
    from generator.pipeline.workspace import Workspace
    from generator.stages.register.blocks import pack
    from generator.stages.register.database import Register

    workspace, years = Workspace(root), range(FIRST, LAST + 1)
    copy_templates(workspace)
    forms, _ = load_forms(workspace.templates / "forms")
    workspace.inputs.mkdir(parents=True)
    workspace.outputs.mkdir()
    source = shipped_templates() / "registry"
    workspace.registry.write_bytes(demo_registry(source, forms, partners, list(years)))
    registry = load_registry_or_refuse(workspace)
    fields = {choice.code: choice.group for choice in forms["KN-01"].choices["loai"]}
    told = {"returns": 0, "values": 0}
    with Register.open(workspace.register) as register:
        for season in seasons(registry, years, SEED, fields):
            year, entries = season.campaign.year, []
            for one in season.arrivals:
                told["returns"] += 1
                number, values = told["returns"], tuple(_values(one))
                told["values"] += len(values)
                file, sha256 = f"inputs/{year}/{one.stem}.xlsx", f"{number:064x}"
                came = datetime.fromisoformat(one.day).replace(tzinfo=UTC)
                said = Submission(one.form, forms[one.form].version, one.partner, year, sha256, file, values)
                entries.append(pack(Delivery(number, year, file, sha256, came), said, one.verdict, ()))
            register.add(entries, "")
    return told


def _values(one: Arrival) -> Iterator[Value]:
    """The answers as values; where each stands is of no account here."""
    from generator.model import Value

    for at, ((table, row, field), answer) in enumerate(one.answers.items(), start=1):
        if field in ("gia_tri", "don_gia") and isinstance(answer, str):
            continue  # an amount in words: the intake, which is not measured here, would read or refuse it
        yield Value(table, row, field, answer, str(answer), table or "Thông tin chung", f"E{at}")


def report(root: Path) -> Mapping[str, float]:
    """Makes and writes the summary out of the register; what it took."""
    from generator.pipeline.judging import load_forms_or_refuse, load_registry_or_refuse
    from generator.pipeline.report import make_report
    from generator.pipeline.report_files import write_report
    from generator.pipeline.report_period import years_period
    from generator.pipeline.workspace import Workspace
    from generator.stages.register.database import Register

    workspace, clock = Workspace(root), start_clock()
    with clock.running():
        registry, forms = load_registry_or_refuse(workspace), load_forms_or_refuse(workspace)
        with Register.open(workspace.register) as register:
            made = make_report(workspace, years_period(registry, FIRST, LAST), registry, forms, register)
        written = write_report(workspace, made)
    size = written.document.stat().st_size / 1024
    return {"wall": clock.wall, "cpu": clock.cpu, "figures": len(made.figures), "kilobytes": size}


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--prepare", folder, count]:
            print(json.dumps(prepare(Path(folder), int(count))))
        case ["--report", folder]:
            print(json.dumps(report(Path(folder))))
        case _:
            main()
