"""Recount: every figure that a plan declares, made anew from the rows of the archive, beside what the manifest says.

    python tests/acceptance/recount_figures.py WORKSPACE MANIFEST...

In:   a demo's workspace and the manifests of its reports. Out: how much was compared, each difference; exit code 1
      with any. The plan is read as YAML for what each figure should be; no code of the project.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from recount_archive import Row, forms, rows, states

UNKNOWN = "chua_ro"
Groups = dict[tuple[str, ...], list[Any]]

AGGREGATIONS: Mapping[str, Callable[[Sequence[Any]], int]] = {
    "sum": sum,
    "count": len,
    "distinct": lambda values: len(set(values)),
    "latest": lambda values: int(values[-1]) if values else 0,
}
MADE_ELSEWHERE = ("change", "ratio", "scaled", "share", "obligations", "value")
"""Figures that are computed from others (recount.py does that), counted from states, or one cell's number."""


@dataclass
class Compared:
    """What was compared and what differs."""

    figures: int = 0
    groups: int = 0
    rows: int = 0
    differences: list[str] = field(default_factory=list)
    not_recounted: list[str] = field(default_factory=list)
    """Codes of figures that no plan declares: what only the comparison of both sides can tell."""


def compare(workspace: Path, manifest: Mapping[str, Any]) -> Compared:
    """Every figure of a report beside its recount; every group with a value must be there."""
    plan = yaml.load((workspace / manifest["plan"]["file"]).read_text(encoding="utf-8"), yaml.CSafeLoader)
    years = [int(year) for year in manifest["years"]]
    every = rows(workspace, date.fromisoformat(manifest["map_date"]))
    said = {one["code"]: one for one in manifest["figures"]}
    done = Compared(rows=sum(row.year in years for row in every))
    known = set()
    for code, spec in plan["figures"].items():
        for group, values in grouped(spec, every, years).items():
            name = f"{code}[{','.join(group)}]" if group else code
            known.add(name)
            ours = AGGREGATIONS[spec["aggregation"]](values)
            _judge(done, name, ours, said.get(name))
    for name, told in _states(workspace, plan, years):
        known.add(name)
        _judge(done, name, told, said.get(name))
    heads = set(plan["figures"])
    for name, figure in said.items():
        if name in known or figure["aggregation"] in MADE_ELSEWHERE:
            continue
        if name.partition("[")[0] in heads:
            _judge(done, name, 0, figure)  # a group without anything
        else:
            done.not_recounted.append(name)
    return done


def _judge(done: Compared, name: str, ours: int, said: Mapping[str, Any] | None) -> None:
    done.groups += "[" in name
    done.figures += 1
    if said is None:
        if ours:
            done.differences.append(f"{name}: {ours} in the archive, no figure")
    elif int(said["value"]) != ours:
        done.differences.append(f"{name}: {ours} in the archive, {said['value']} in the report")


def grouped(spec: Mapping[str, Any], every: Sequence[Row], years: Sequence[int]) -> Groups:
    """The values of a figure by its groups; without keys one group, ()."""
    form, _, path = spec["from"].partition(".")
    table, _, column = path.rpartition(".")
    wanted = _years(spec.get("year", "this"), years)
    by = spec.get("by", [])
    by = [by] if isinstance(by, str) else by
    found: Groups = defaultdict(list)
    if not by:
        found[()] = []
    for row in every:
        if (row.form, row.table) != (form, table) or row.year not in wanted or column not in row.answers:
            continue
        if all(row.keys.get(key) in map(str, codes) for key, codes in spec.get("where", {}).items()) and not any(
            row.keys.get(key) in map(str, codes) for key, codes in spec.get("without", {}).items()
        ):
            found[tuple(row.keys.get(key, UNKNOWN) for key in by)].append(row.answers[column])
    return found


def _years(named: str, years: Sequence[int]) -> Sequence[int]:
    return {"all": years, "first": years[:1], "previous": [years[-1] - 1]}.get(named, years[-1:])


COUNTS = {
    "so_don_vi": "phai_bao_cao",
    "so_don_vi_da_bao_cao": "da_bao_cao",
    "so_don_vi_chua_tong_hop": "chua_tong_hop",
    "so_don_vi_dung_han": "dung_han",
    "so_don_vi_muon": "muon",
    "so_don_vi_khong_phat_sinh": "khong_phat_sinh",
    "so_don_vi_cho_chinh_sua": "cho_chinh_sua",
    "so_don_vi_chua_gui": "chua_gui",
    "so_don_vi_duoc_mien": "duoc_mien",
}
"""What every report counts of the senders of its own form, in its last year."""


def _states(workspace: Path, plan: Mapping[str, Any], years: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Figures that count who owes and who sent."""
    for code, state in COUNTS.items():
        yield code, states(workspace, plan["form"], years[-1])[state]
    for code, spec in plan.get("states", {}).items():
        definition = forms(workspace / "templates" / "forms")[spec["form"]]
        for year in years if spec.get("by") else _years(spec.get("year", "this"), years):
            # a form over several years is owed once, when they are over
            owed = years[-1] if "years" in definition else year
            name = f"{code}[{year}]" if spec.get("by") else code
            yield name, states(workspace, spec["form"], owed)[spec["state"]]


if __name__ == "__main__":
    failed = False
    for path in map(Path, sys.argv[2:]):
        result = compare(Path(sys.argv[1]), json.loads(path.read_text(encoding="utf-8")))
        print(
            f"{path.name}: {result.figures} figures ({result.groups} in groups) recounted from {result.rows} rows,"
            f" {len(result.differences)} differ; by no plan: {', '.join(result.not_recounted) or 'none'}"
        )
        print("\n".join(result.differences[:60]))
        failed = failed or bool(result.differences)
    sys.exit(failed)
