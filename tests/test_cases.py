"""Published figures as cases: what the sources print goes in, and what must come of it is written beside it.

Each folder of tests/cases/ says in README.txt what it shows and where its figures are from. Registry cases hold
CSV as the shipped registry does, or counts by district that are spelled out here; return cases hold one return.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from generator.definitions.forms import Form
from generator.definitions.load import load_forms
from generator.issues import Issue
from generator.model import COUNTED, Assignment, Campaign, Delivery, Partner, Registry, Scalar
from generator.pipeline.compiled import compile_blanks
from generator.pipeline.context import assigned, examine_context, prefills, receivers_givers
from generator.pipeline.examine import Examined, examine
from generator.pipeline.registry import read_registry, registry_workbook
from generator.stages.obligations import obligations

ROOT = Path(__file__).resolve().parents[1]
CASES = Path(__file__).parent / "cases"
COUNTS = "by-district.csv"
SINGLE: Mapping[str, Scalar] = {
    "thu_truong": "Nguyễn Văn Minh Họa",
    "nguoi_phu_trach": "Lê Thị Ví Dụ",
    "dien_thoai": "0905 123 456",
    "khong_phat_sinh": False,
    "so_buoi_quan_triet": 0,
    "ket_qua_noi_bat": "Đã giúp xã.",
    "ton_tai": "Đi lại khó khăn.",
}
"""What every giver answers, so that only what the case is about is told."""

REGISTRIES = sorted(path.parents[1].name for path in CASES.glob("*/inputs/campaigns.csv"))
RETURNS = sorted(path.parents[1].name for path in CASES.glob("*/inputs/return.yaml"))


@cache
def forms() -> Mapping[str, Form]:
    """The shipped forms."""
    return load_forms(ROOT / "templates" / "forms")[0]


def expected(case: str, name: str) -> Any:
    """What the case expects."""
    return json.loads((CASES / case / "expected" / f"{name}.json").read_text(encoding="utf-8"))


def told(issues: Sequence[Issue]) -> list[list[str]]:
    """Issues as a case writes them: code, sheet, cell, severity."""
    return sorted([one.code, one.place.sheet, one.place.cell, one.severity.value] for one in issues)


def test_every_case_says_where_its_figures_are_from() -> None:
    names = {*REGISTRIES, *RETURNS}
    assert len(names) >= 8
    for name in names:
        said = (CASES / name / "README.txt").read_text(encoding="utf-8")
        assert "Source:" in said
        assert "illustrative" in said.casefold() or "(minh họa)" in said


# --- registries -------------------------------------------------------------------------------------


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file; none where there is no file."""
    if not path.is_file():
        return []
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def spelled_out(counts: Sequence[Mapping[str, str]], receivers: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Partners and assignments of districts of which only the counts are published: (table, row).

    `receivers`: codes that are shipped; none: they are invented too. Units go round the receivers of their district.
    """
    unit = place = 0
    for row in counts:
        own = receivers[place : place + int(row["noi_nhan"])] if receivers else []
        for _ in range(0 if receivers else int(row["noi_nhan"])):
            own.append(f"XA-{place + len(own) + 1:04}")
            name = f"{row['goi_la']} (minh họa) {own[-1][3:]}"
            yield (
                "partners",
                {"ma": own[-1], "ten": name, "loai": "xa", "giup_do": "Không", "nhan": "Có", "huyen": row["huyen"]},
            )
        place += int(row["noi_nhan"])
        for number in range(int(row["don_vi"])):
            unit += 1
            code = f"DV-{unit:04}"
            name = f"Đơn vị (minh họa) {unit:02}"
            yield "partners", {"ma": code, "ten": name, "loai": "so_ban_nganh", "giup_do": "Có", "nhan": "Không"}
            # the receivers left over when units are fewer go to the last unit of the district
            last = number == int(row["don_vi"]) - 1
            mine = own[number:] if last and number < len(own) else [own[number % len(own)]]
            yield from (("assignments", {"don_vi": code, "xa": one, "quyet_dinh": row["quyet_dinh"]}) for one in mine)


def registry_of(case: str, folder: Path) -> tuple[Registry | None, list[Issue]]:
    """The registry of a case: its CSV into a workbook, and the workbook read; None where an error forbids its use."""
    tables = {path.stem: rows_of(path) for path in (CASES / case / "inputs").glob("*.csv") if path.name != COUNTS}
    counts = rows_of(CASES / case / "inputs" / COUNTS)
    receivers: list[str] = []
    if counts and counts[0]["goi_la"] == "shipped":
        shipped = [row for row in rows_of(ROOT / "templates" / "registry" / "partners.csv") if _stood(row)]
        tables["partners"] = [{**row, "khu_vuc": "", "den_ngay": ""} for row in shipped]
        order = [row["huyen"] for row in counts]
        receivers = [row["ma"] for row in sorted(shipped, key=lambda row: order.index(row["huyen"]))]
    for table, row in spelled_out(counts, receivers):
        tables.setdefault(table, []).append(row)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        written = io.StringIO()
        writer = csv.DictWriter(written, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{name}.csv").write_text(written.getvalue(), encoding="utf-8")
    content, faults = registry_workbook(forms(), folder)
    assert faults == []
    registry, issues = read_registry(content, "inputs/registry.xlsx", forms())
    return registry, issues


def _stood(row: Mapping[str, str]) -> bool:
    """Whether a shipped row is a commune that received under decision 1100/QĐ-UBND of 16-4-2020."""
    return row["ma"].startswith("XA-") and row["nhan"] == "Có" and row["den_ngay"] == "2025-06-30"


def sums_of(registry: Registry) -> dict[str, Any]:
    """What can be counted of a registry: obligations by year and form, pairs, receivers by district and area."""
    found: dict[str, Any] = {}
    for campaign in registry.campaigns:
        owed = Counter(one.form for one in obligations(registry, campaign.year))
        pairs, donors = assigned(registry, campaign), receivers_givers(registry, campaign)
        received = {one.code: one for one in registry.partners if one.code in donors}
        found[str(campaign.year)] = {
            "owed": dict(sorted(owed.items())),
            "units_with_receivers": len(pairs),
            "receivers_with_units": len(donors),
            "receivers_by_district": dict(
                sorted(Counter(one.district for one in received.values() if one.district).items())
            ),
        }
    areas = Counter(one.area for one in registry.partners if one.area)
    return {**found, "communes_by_area": dict(sorted(areas.items()))} if areas else found


@pytest.mark.parametrize("case", REGISTRIES)
def test_a_registry_comes_to_what_is_published(case: str, tmp_path: Path) -> None:
    registry, issues = registry_of(case, tmp_path)
    assert told(issues) == sorted(expected(case, "issues"))
    assert (sums_of(registry) if registry else None) == expected(case, "sums")


def test_counts_by_district_add_up_to_the_totals_that_the_sources_print() -> None:
    totals = {"qd-1100-2020": (None, 65), "dak-nong-1561-2020": (87, 79)}
    for case, (units, places) in totals.items():
        counts = rows_of(CASES / case / "inputs" / COUNTS)
        assert sum(int(row["noi_nhan"]) for row in counts) == places
        assert units is None or sum(int(row["don_vi"]) for row in counts) == units


# --- returns ----------------------------------------------------------------------------------------


def examined(case: str) -> Examined:
    """The return of a case: its rows typed into the blank, saved, and judged."""
    said = yaml.safe_load((CASES / case / "inputs" / "return.yaml").read_text(encoding="utf-8"))
    year: int = said["year"]
    campaign = Campaign(year, date(year - 1, 12, 15), date(year, 12, 14), date(year, 12, 20), "x@x.example", ("KN-01",))
    giver = Partner("DV-0001", said["giver"], "so_ban_nganh", gives=True, receives=False)
    commune = Partner("XA-0001", said["receiver"], "xa", gives=False, receives=True)
    registry = Registry((giver, commune), (Assignment("DV-0001", "XA-0001"),), (campaign,))
    blank = compile_blanks(forms(), registry, campaign)["KN-01"]
    answers = {("", 0, code): value for code, value in SINGLE.items()}
    for number, row in enumerate(said["rows"], start=1):
        answers |= {("hoat_dong", number, code): value for code, value in {"xa": "XA-0001", **row}.items()}
    content = blank.fill(prefills(registry, campaign, {})["DV-0001"], answers)
    if "own_total" in said:
        content = _typed_over(content, said["own_total"])
    context = examine_context(registry, campaign, forms(), {"KN-01": blank.printed})
    delivery = Delivery(1, year, f"inputs/{year}/bieu.xlsx", "0" * 64, datetime(year, 12, 15, tzinfo=UTC))
    return examine(content, delivery, context)


def _typed_over(content: bytes, total: int) -> bytes:
    """The workbook with the partner's own total in place of the sum."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Hoạt động hỗ trợ"]
    column = next(cell.column_letter for cell in sheet[9] if cell.value == "Giá trị")
    sheet[f"{column}11"] = total
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("case", RETURNS)
def test_a_return_with_published_figures_is_judged_as_expected(case: str) -> None:
    found = examined(case)
    assert told(found.issues) == sorted(expected(case, "issues"))
    assert found.submission is not None
    values = [one for one in found.submission.values if one.table == "hoat_dong" and isinstance(one.value, int)]
    sums = Counter[str]()
    for one in values:
        if one.field in ("gia_tri", "so_ho", "so_nguoi") and isinstance(one.value, int):
            sums[one.field] += one.value
    assert {**sums, "counts": found.verdict in COUNTED} == expected(case, "sums")
