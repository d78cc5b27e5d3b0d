"""The benchmark: the way from files to report beside the usual way and the floor, in one run.

Run:  python -m benchmarks [--sizes 100,1000] [--sample 30] [--no-resave]      (make bench)
In:   nothing; samples are made here. Out: tables on stdout. First it is proved that all ways find the same.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter

from benchmarks import bench_reply, tables
from benchmarks.equality import same_report, same_values
from benchmarks.measure import Cost, run, step
from benchmarks.sample import YEAR, Originals, Sample, make_originals, make_sample
from benchmarks.steps import judging_context
from benchmarks.tables import Compared
from generator.model import Delivery, Value

KETNGHIA = (sys.executable, "-m", "generator")
FAULTY = (0, 1)
"""Exit codes of an ingest: 1 says that an error stands in a return."""
STEPS = ("blank", "read", "judge", "register", "merge", "context", "report", "prepare")


def main() -> None:
    """Makes samples, measures and prints."""
    asked = _arguments()
    start, sizes = perf_counter(), [int(size) for size in asked.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="ketnghia-bench-") as folder:
        scratch = Path(folder)
        originals = make_originals(scratch / "originals", max(sizes), resave=not asked.no_resave)
        compared = []
        for size in sizes:
            sample = make_sample(scratch / str(size), size, originals)
            if size == sizes[0]:
                print(tables.heading(sample, originals), flush=True)
            compared.append(measured(sample, originals, min(asked.sample, size)))
            print(tables.costs(compared[-1]), flush=True)
        print(tables.growth(compared))
        print(tables.rest(compared[-1]))
        print(tables.aims(compared[-1]))
        print(tables.starts(*starts(sample), len(sample.partners)))
    print("\n## Replies\n")
    bench_reply.main()
    print(f"\nTook {perf_counter() - start:.0f} s.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", default="100,1000", help="numbers of returns")
    parser.add_argument("--sample", type=int, default=30, help="files of the usual way; the rest is extrapolated")
    parser.add_argument("--no-resave", action="store_true", help="returns as we wrote them, without LibreOffice")
    return parser.parse_args()


def measured(sample: Sample, originals: Originals, few: int) -> Compared:
    """Every step of one sample: ours, the usual way, the floor; but first that they find the same."""
    root, count = sample.workspace.root, len(sample.partners)
    values, read = 0, reader(sample)
    for code, filled in islice(originals.answers.items(), few):
        path = sample.folder / f"{code}.xlsx"
        values += same_values(path, read(path), filled)
    ours = {
        "ingest": run([*KETNGHIA, "ingest", str(YEAR)], root, accepted=FAULTY),
        "made": run([*KETNGHIA, "report", "year", str(YEAR)], root),
    }
    usual: dict[str, Cost] = {}
    floor: dict[str, Cost] = {}
    for name in STEPS:  # what is compared runs at once one after the other: a slow minute hits all three
        ours[name] = step(name, root, count)
        if name in ("blank", "report"):
            usual[name] = step(f"usual_{name}", root, few)
        if name in ("blank", "read", "report"):
            floor[name] = step(f"floor_{name}", root, count)
    usual["whole"] = step("usual_whole", root, few)
    written = next(sample.workspace.year_outputs(YEAR).glob("*.docx")).read_bytes()
    same_report(written, (root / "usual.docx").read_bytes(), sample.total)
    return Compared(count, few, values, ours, usual, floor)


def reader(sample: Sample) -> Callable[[Path], tuple[Value, ...]]:
    """Path -> values, by the same function that an ingest runs."""
    from generator.pipeline.examine import examine

    context = judging_context(sample.workspace.root)

    def values(path: Path) -> tuple[Value, ...]:
        found = examine(path.read_bytes(), Delivery(1, YEAR, path.name, "", datetime.now(UTC)), context)
        if found.submission is None:
            raise SystemExit(f"{path.name}: {found.issues}")
        return found.submission.values

    return values


def starts(sample: Sample) -> tuple[list[Cost], dict[str, float]]:
    """Costs of an ingest that finds nothing new; wall seconds of --help and of the least it can do, in turn."""
    root = sample.workspace.root
    again = [run([*KETNGHIA, "ingest", str(YEAR)], root, accepted=FAULTY) for _ in range(5)]
    commands = {"help": [*KETNGHIA, "--help"], "click": [sys.executable, "-c", "import click"]}
    walls: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(7):
        for name, command in commands.items():
            walls[name].append(run(command, root, watched=False).wall)
    return again, {name: statistics.median(found) for name, found in walls.items()}


if __name__ == "__main__":
    main()
