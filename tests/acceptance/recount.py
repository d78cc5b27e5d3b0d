"""Recount: every figure of a report recomputed from the archived workbooks, without any code of the project.

    python tests/acceptance/recount.py TRACE.json INPUTS

In:   the answer of `ketnghia trace … --json`, the folder inputs/. Out: how many figures and cells were checked;
      exit code 1 with each difference. Plain openpyxl, json and arithmetic.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple
from recount_reading import sheet_of
from recount_registry import read_registry

WORDS = {"": 1, "đồng": 1, "nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9}
AMOUNT = re.compile(r"(-?\d[\d.]*)(?:,(\d+))? ?(tỷ|triệu|nghìn)?(?: ?đồng)?")
COUNTED_ELSEWHERE = "obligations"
"""Figures without cells: who owes and who sent (recount_archive.states)."""

Figure = Mapping[str, Any]


@dataclass
class Recounted:
    """What was checked, and where the report says otherwise."""

    figures: int = 0
    cells: int = 0
    values: dict[str, Decimal] = field(default_factory=dict)
    """By code: what the cells give."""
    differences: list[str] = field(default_factory=list)


def cell_of(path: Path, sheet: str, address: str) -> object:
    """What stands in a cell."""
    row, column = coordinate_to_tuple(address)
    values = sheet_of(path, sheet)[row - 1]
    return values[column - 1] if column <= len(values) else None


def number(typed: object) -> int:
    """What a cell counts: a number, or an amount in words ("12.500.000 đồng", "1,2 tỷ")."""
    exact = quantity(typed)
    assert exact == int(exact), typed
    return int(exact)


def quantity(typed: object) -> Decimal:
    """What a cell counts that may count in parts."""
    if isinstance(typed, int | float) and not isinstance(typed, bool):
        return Decimal(str(typed))
    found = AMOUNT.fullmatch(unicodedata.normalize("NFC", str(typed)).strip())
    assert found is not None, f"no number: {typed!r}"
    whole, decimals = found[1].replace(".", ""), found[2] or ""
    return Decimal(f"{whole}.{decimals or 0}") * WORDS[found[3] or ""]


def text(typed: object) -> str:
    """What a cell says, for comparing."""
    return unicodedata.normalize("NFC", str(typed)).strip()


@cache
def year_of(path: Path) -> int:
    """The year that the return itself says it is of."""
    return next(int(str(row[4])) for row in sheet_of(path, "Thông tin chung") if row and row[0] == "nam_bao_cao")


# --- figures made from cells --------------------------------------------------------------------


def from_cells(figure: Figure, inputs: Path, done: Recounted) -> Decimal:
    """The figure by the aggregation that it names, over what stands in its cells."""
    cells = figure["cells"]
    if len(cells) != len(figure["values"]) or len({one["id"] for one in cells}) != len(cells):
        done.differences.append(f"{figure['figure']}: {len(figure['values'])} values, {len(cells)} cells")
    typed = [_typed(one, inputs, figure["figure"], done) for one in cells]
    done.cells += len(cells)
    match figure["aggregation"]:
        case "sum":
            return Decimal(sum(map(number, typed)))
        case "count":
            return Decimal(sum(one not in (None, "") for one in typed))
        case "distinct":
            places = zip(typed, cells, strict=True)
            return Decimal(len({_identity(one, cell["sha256"], inputs) for one, cell in places}))
        case "latest":
            return Decimal(number(typed[-1]) if typed else 0)
        case "value":
            return quantity(typed[0])
    raise AssertionError(figure["aggregation"])


def _typed(cell: Mapping[str, Any], inputs: Path, code: str, done: Recounted) -> object:
    """What stands in the cell, or what a decision says instead."""
    found = cell_of(inputs / "archive" / cell["sha256"], cell["sheet"], cell["cell"])
    if "decision" in cell:
        if text(found or "") != text(cell["decision"]["before"]):
            done.differences.append(f"{code}: {cell['cell']} says {found!r}, not {cell['decision']['before']!r}")
        return _as_number(cell["decision"]["after"])
    if found in (None, ""):
        done.differences.append(f"{code}: nothing stands in {cell['cell']}")
    return found


def _as_number(typed: object) -> object:
    return int(str(typed)) if str(typed).isdecimal() else typed


def _identity(typed: object, sha256: str, inputs: Path) -> str:
    """What tells one answer from another: of a partner its code, for names change and recur."""
    year = year_of(inputs / "archive" / sha256)
    return read_registry(inputs / "registry.xlsx").known(text(typed), year) or text(typed)


# --- figures made from other figures ------------------------------------------------------------


def changed(this: Decimal, before: Decimal) -> Decimal:
    """By how many per cent something differs from what it was."""
    return ((this - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)


def shared(parts: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """The parts in whole units that add up to their sum in whole units: the largest remainders are rounded up."""
    floors = [part // unit for part in parts]
    missing = int((sum(parts, Decimal(0)) / unit).quantize(Decimal(1), ROUND_HALF_UP) - sum(floors))
    order = sorted(range(len(parts)), key=lambda at: (-(parts[at] % unit), at))
    return [floor + (at in order[:missing]) for at, floor in enumerate(floors)]


def from_parts(figure: Figure, siblings: Sequence[Figure], values: Mapping[str, Decimal]) -> Decimal:
    """A comparison, a share or a scaled amount, from the recounted values of what it names as its parts."""
    parts = [one["code"] for one in figure["parts"]]
    if figure["aggregation"] == "change":
        return changed(values[parts[0]], values[parts[1]])
    if figure["aggregation"] == "ratio":
        places = Decimal(str(figure["value"])).as_tuple().exponent
        return (values[parts[0]] * 100 / values[parts[1]]).quantize(Decimal((0, (1,), places)), ROUND_HALF_UP)  # type: ignore[arg-type]
    digits = max(-Decimal(str(one["value"])).as_tuple().exponent for one in siblings)  # type: ignore[operator]
    step = Decimal(1).scaleb(-digits)
    groups = [one for one in siblings if not one["figure"].endswith("[tong]")]
    bases = [values[one["parts"][0]["code"]] for one in groups]
    if figure["aggregation"] == "share":
        shown = shared([base * 100 / sum(bases) for base in bases], step)
    else:
        shown = shared(bases, {"triệu đồng": 10**6, "tỷ đồng": 10**9}[figure["unit"]] * step)
    if figure["figure"].endswith("[tong]"):
        return sum(shown, Decimal(0)) * step
    return shown[[one["figure"] for one in groups].index(figure["figure"])] * step


# --- all of a report ----------------------------------------------------------------------------


def recount(trace: Sequence[Figure], inputs: Path) -> Recounted:
    """Every figure that has cells or parts, recomputed by the aggregation that it names."""
    done = Recounted()
    by_code = {one["figure"]: one for one in trace}
    later = []
    for code, figure in by_code.items():
        if figure["aggregation"] == COUNTED_ELSEWHERE:
            done.values[code] = Decimal(figure["value"])
        elif figure.get("parts"):
            later.append(figure)
        else:
            _judge(figure, from_cells(figure, inputs, done), done)
    siblings: dict[str, list[Figure]] = {}
    for figure in later:
        siblings.setdefault(figure["figure"].partition("[")[0], []).append(figure)
    for figure in later:
        family = siblings[figure["figure"].partition("[")[0]]
        _judge(figure, from_parts(figure, family, done.values), done)
    return done


def _judge(figure: Figure, ours: Decimal, done: Recounted) -> None:
    done.values[figure["figure"]] = ours
    done.figures += 1
    if ours != Decimal(str(figure["value"])):
        done.differences.append(f"{figure['figure']}: printed {figure['value']}, cells give {ours}")


if __name__ == "__main__":
    result = recount(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
    print(f"{result.figures} figures recomputed from {result.cells} cells, {len(result.differences)} differ")
    print("\n".join(result.differences))
    sys.exit(bool(result.differences))
