"""The registry of a demo: a part of the shipped one, cut or stretched to so many giving units and the years asked for.

In:   the folder of shipped CSV files, how many partners, which years. Out: the workbook's bytes.
Imports definitions.load, pipeline.registry, demo.territory, model. Added units are invented and named so.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from generator.definitions.forms import Form
from generator.demo.territory import MERGED_GIVERS, Line, Territory, territory
from generator.issues import RefusedError, has_errors
from generator.pipeline.registry import REGISTRY_FORM, registry_workbook

_BESIDE_GIVERS = 200
"""Rows that communes, districts and the board take of the two large tables, at most."""
_YEARLY = "KN-01, KN-02, KN-00"
_AT_THE_END = "KN-01, KN-02, KN-00, KN-03"
ILLUSTRATIVE = "Minh họa, không phải đơn vị thật"
_KINDS = ("so_ban_nganh", "su_nghiep", "hoi_doan_the", "doanh_nghiep", "so_ban_nganh", "vu_trang")


def most_partners(forms: Mapping[str, Form]) -> int:
    """How many givers the registry workbook has rows for, beside the shipped partners and assignments."""
    partners, assignments = forms[REGISTRY_FORM].table("partners"), forms[REGISTRY_FORM].table("assignments")
    return min(table.rows for table in (partners, assignments) if table) - _BESIDE_GIVERS


def demo_registry(shipped: Path, forms: Mapping[str, Form], partners: int, years: Sequence[int]) -> bytes:
    """The registry workbook. RefusedError with the faults of the CSV files when they have any."""
    found = {path.stem: _read(path) for path in sorted(shipped.glob("*.csv"))}
    land = territory(found["partners"], found["assignments"], found.get("events", []), partners)
    found["partners"] = list(_partners(found["partners"], land))
    found["assignments"] = list(_assignments(found["assignments"], land))
    if "events" in found:
        found["events"] = [row for row in found["events"] if land.touches(row)]
    found["campaigns"] = list(_campaigns(found["campaigns"], years))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, rows in found.items():
            _write(folder / f"{name}.csv", rows)
        content, faults = registry_workbook(forms, folder)
    if has_errors(faults):
        raise RefusedError(*faults)
    return content


def _read(path: Path) -> list[Line]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, rows: Sequence[Line]) -> None:
    if not rows:
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _partners(rows: Sequence[Line], land: Territory) -> Iterable[Line]:
    known = {row["ma"]: row for row in rows}
    for number, code in enumerate(land.givers):
        yield known.get(code) or known[land.givers[0]] | {
            "ma": code,
            "ten": f"Đơn vị (minh họa) {code[-3:]}",
            "loai": _KINDS[number % len(_KINDS)],
            "thu_dien_tu": f"don-vi-{code[-3:]}@minhhoa.example",
            "nguon": ILLUSTRATIVE,
        }
    if land.merged_giver:
        yield known[land.merged_giver]
    yield from (row for row in rows if row["ma"] in land.others)


def _assignments(rows: Sequence[Line], land: Territory) -> Iterable[Line]:
    ends = {giver: row["den_ngay"] for row in rows for giver in MERGED_GIVERS if row["don_vi"] == giver}
    shipped = {(row["don_vi"], row["xa"]): row for row in rows}
    for pair in land.pairs:
        giver, receiver = pair
        yield shipped.get(pair) or rows[0] | {
            "don_vi": giver,
            "xa": receiver,
            "den_ngay": ends.get(giver, rows[0]["den_ngay"]),
        }


def _campaigns(rows: Sequence[Line], years: Sequence[int]) -> Iterable[Line]:
    shipped = {int(row["nam"]): row for row in rows}
    for year in years:
        campaign = shipped.get(year) or rows[0] | {
            "nam": str(year),
            "tu_ngay": f"{year - 1}-12-15",
            "den_ngay": f"{year}-12-14",
            "han_gui": f"{year}-12-20",
        }
        # one form for several years is asked for once, when they are over
        yield campaign | {"bieu": _AT_THE_END if year == years[-1] and len(years) > 1 else _YEARLY}
