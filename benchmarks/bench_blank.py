"""What a blank costs beside openpyxl's load, edit, save: KN-01 for one partner, and its growth with partners.

In:   templates/forms of the repository. Out: a table on stdout: CPU and wall milliseconds, bytes, ratios.
Run: python benchmarks/bench_blank.py. Each figure is the median of rounds in which both ways ran in turn.
"""

from __future__ import annotations

import gc
import io
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook

from generator.definitions.forms import Choice
from generator.definitions.grid import sheet_grid
from generator.definitions.load import load_forms
from generator.model import Campaign, Scalar
from generator.stages.blank import compile_blank

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 7
REPEATS = 100
"""Ours takes a fraction of a millisecond, so each round repeats it."""
CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "a@b.example", ("KN-01",))
PARTNERS = (100, 1_000)


class Cost(NamedTuple):
    """Milliseconds of one blank."""

    cpu: float
    wall: float


def prefill(number: int) -> dict[str, Scalar]:
    """Ten cells that differ from partner to partner."""
    return {
        "partner.code": f"DV-{number:04}",
        "partner.name": f"Sở (minh họa) {number:02}",
        **{f"assigned.{one}": f"xã {one * 7}" for one in range(1, 4)},
        **{f"plan.{one}": f"Tặng {one} con bò giống" for one in range(1, 6)},
    }


def by_openpyxl(content: bytes, filled: dict[str, Scalar], places: dict[str, list[tuple[str, str]]]) -> bytes:
    """What an office programmer writes: load the template, set the cells, save."""
    book = load_workbook(io.BytesIO(content))
    for name, cells in places.items():
        for title, cell in cells:
            book[title][cell] = filled[name]
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def measured(work: Callable[[], object], repeats: int) -> Cost:
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        work()
    return Cost(
        *((end - start) * 1000 / repeats for start, end in ((cpu, time.process_time()), (wall, time.perf_counter())))
    )


def main() -> None:
    forms, _ = load_forms(ROOT / "templates" / "forms")
    communes = tuple(Choice(f"XA-{number:04}", f"xã {number}") for number in range(1, 80))
    begin = time.process_time()
    blank = compile_blank(forms["KN-01"], {"@communes": communes}, CAMPAIGN, receiver="Ban Dân tộc")
    authored = (time.process_time() - begin) * 1000
    content = blank.fill(prefill(1))
    where = sheet_grid(forms["KN-01"].sheets[1])
    asked = {one.prefill: where.fields[one.code] for one in where.sheet.fields if one.prefill}
    places = {name: [("Thông tin chung", f"E{asked[name].row}")] for name in prefill(1)}
    costs: dict[str, list[Cost]] = {"ours": [], "openpyxl": []}
    for _ in range(ROUNDS):
        costs["ours"].append(measured(lambda: blank.fill(prefill(2)), REPEATS))
        costs["openpyxl"].append(measured(lambda: by_openpyxl(content, prefill(2), places), 1))
    middle = {
        name: Cost(*(statistics.median(getattr(one, kind) for one in found) for kind in Cost._fields))
        for name, found in costs.items()
    }
    print(f"authored once: {authored:.0f} ms CPU; a blank has {len(content):,} bytes")
    print(f"{'way':<24}{'CPU ms':>10}{'wall ms':>10}{'ratio':>8}")
    for name, cost in middle.items():
        print(f"{name:<24}{cost.cpu:>10.3f}{cost.wall:>10.3f}{middle['openpyxl'].cpu / cost.cpu:>8.0f}")
    for count in PARTNERS:
        cost = measured(lambda count=count: [blank.fill(prefill(one)) for one in range(count)], 1)  # type: ignore[misc]
        print(f"{count:>6} blanks: {cost.cpu:8.1f} ms CPU, {cost.cpu / count:.3f} each")


if __name__ == "__main__":
    main()
