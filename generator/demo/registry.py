"""The registry of a demo: a part of the shipped one, cut or stretched to so many giving units and the years asked for.

In:   the folder of shipped CSV files, how many partners, which years. Out: the workbook's bytes.
Imports definitions.load, pipeline.registry, model. Added units are invented and named so.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from generator.definitions.forms import Form
from generator.issues import RefusedError, has_errors
from generator.pipeline.registry import REGISTRY_FORM, registry_workbook

COMMUNES_EACH = 2
_GIVERS = frozenset(f"DV-{number:04d}" for number in range(1, 13))
_COMMUNES = frozenset(f"XA-{number:04d}" for number in range(1, 11))
"""The communes of one district, up to the day they were merged."""
_FORM = "KN-01"
ILLUSTRATIVE = "Minh họa, không phải đơn vị thật"


def most_partners(forms: Mapping[str, Form]) -> int:
    """How many givers the registry workbook has rows for, beside the shipped partners and two assignments each."""
    partners, assignments = forms[REGISTRY_FORM].table("partners"), forms[REGISTRY_FORM].table("assignments")
    rows = [table.rows for table in (partners, assignments) if table]
    return min(rows) // COMMUNES_EACH - 10


def demo_registry(shipped: Path, forms: Mapping[str, Form], partners: int, years: Sequence[int]) -> bytes:
    """The registry workbook. RefusedError with the faults of the CSV files when they have any."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path in shipped.glob("*.csv"):
            shutil.copy(path, folder)
        # what happened to the other partners would name codes that are not there
        (folder / "events.csv").unlink(missing_ok=True)
        _rewrite(folder / "partners.csv", lambda rows: _partners(rows, partners))
        codes = {row["ma"] for row in _read(folder / "partners.csv")}
        communes = sorted(code for code in codes if code.startswith("XA-"))
        _rewrite(folder / "assignments.csv", lambda rows: _assignments(rows, codes, communes))
        _rewrite(folder / "campaigns.csv", lambda rows: _campaigns(rows, years))
        content, faults = registry_workbook(forms, folder)
    if has_errors(faults):
        raise RefusedError(*faults)
    return content


_Line = dict[str, str]
_Change = Callable[[list[_Line]], Iterable[_Line]]


def _read(path: Path) -> list[_Line]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _rewrite(path: Path, change: _Change) -> None:
    rows = _read(path)
    changed = list(change(rows))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(changed)


def _partners(rows: list[_Line], count: int) -> Iterable[_Line]:
    givers = [row for row in rows if row["ma"] in _GIVERS]
    yield from givers[:count]
    for number in range(len(givers) + 1, count + 1):
        yield givers[0] | {
            "ma": f"DV-{number:04d}",
            "ten": f"Đơn vị (minh họa) {number:03d}",
            "thu_dien_tu": f"don-vi-{number:03d}@minhhoa.example",
            "nguon": ILLUSTRATIVE,
        }
    # without the events that end them, communes have no end
    yield from (row | {"den_ngay": ""} for row in rows if row["ma"] in _COMMUNES)


def _assignments(rows: list[_Line], codes: set[str], communes: Sequence[str]) -> Iterable[_Line]:
    kept = [row for row in rows if row["don_vi"] in codes and row["xa"] in codes]
    yield from kept
    paired = {row["don_vi"] for row in kept}
    for number, giver in enumerate(sorted(code for code in codes if code.startswith("DV-") and code not in paired)):
        for step in range(COMMUNES_EACH):
            commune = communes[(number * COMMUNES_EACH + step) % len(communes)]
            yield kept[0] | {"don_vi": giver, "xa": commune}


def _campaigns(rows: list[_Line], years: Sequence[int]) -> Iterable[_Line]:
    shipped = {int(row["nam"]): row for row in rows}
    for year in years:
        campaign = shipped.get(year) or rows[0] | {
            "nam": str(year),
            "tu_ngay": f"{year - 1}-12-15",
            "den_ngay": f"{year}-12-14",
            "han_gui": f"{year}-12-20",
        }
        yield campaign | {"bieu": _FORM}
