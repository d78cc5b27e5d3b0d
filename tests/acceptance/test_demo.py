"""The demo is what it says: its answer key holds, its communes fare without a break, and it is the same every time."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from desk import REGISTRY, document, standing, told_json, worked

YEARS = (2024, 2025)
FIVE_YEARS = range(2021, 2026)
LET_IN = {"accepted": {"accepted", "accepted_with_warnings"}}
"""That the other side of a gift tells otherwise, which is a warning, is not foreseen."""


def answer_key(workspace: Path) -> list[dict[str, Any]]:
    """What the demo says of its own deliveries."""
    found = json.loads((workspace / "outputs/minh-hoa/dap-an.json").read_text(encoding="utf-8"))
    assert isinstance(found, list)
    return found


def owed(workspace: Path, year: int) -> dict[tuple[str, str], dict[str, Any]]:
    """The status of each obligation by form and partner."""
    rows = told_json(workspace, "status", year, "--json")
    return {(row["form"], row["partner"]): row for row in rows if row["due"]}


@pytest.mark.parametrize("year", YEARS)
def test_every_obligation_ends_as_the_answer_key_says(demo: Path, year: int) -> None:
    last = {(one["form"], one["partner"]): one for one in answer_key(demo) if one["year"] == year}
    for key, row in owed(demo, year).items():
        told = last.get(key, {})
        expected = "exempt" if "exempt" in told else told.get("verdict", "missing")
        assert row["verdict"] in LET_IN.get(expected, {expected}), key
        if "file" in told:
            assert row["file"] == f"inputs/{year}/{told['file']}"


@pytest.mark.parametrize("year", YEARS)
def test_every_fault_of_the_answer_key_is_found_where_it_was_made(demo: Path, year: int) -> None:
    last = {(one["form"], one["partner"]): one for one in answer_key(demo) if one["year"] == year and "file" in one}
    found = {(one["file"], one["code"]) for one in told_json(demo, "issues", year, "--json")}
    for one in last.values():
        if one["fault"] and not one["corrected"]:
            assert (f"inputs/{year}/{one['file']}", one["fault"]) in found, one["habit"]


def test_returns_arrive_in_every_way_that_needs_no_other_program(demo: Path) -> None:
    lines = [json.loads(line) for line in (demo / "inputs/journal.jsonl").read_text("utf-8").splitlines()]
    kinds = Counter(one.get("kind", "workbook") for one in lines)
    assert {"workbook", "message", "bundle", "enclosure"} <= kinds.keys()
    ways = {one["way"] for one in answer_key(demo) if "way" in one}
    assert ways >= {
        "folder",
        "loose",
        "zip",
        "mail",
        "forward",
        "winmail",
        "xlsm",
    }


def test_a_demo_of_the_same_seed_has_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "other"):
        worked(tmp_path / name, "demo", "--partners", 2, "--years", "2025")
        made.append({file: content for file, content in standing(tmp_path / name).items() if "sqlite" not in file})
    assert made[0] == made[1]


# --- five years and the whole map ---------------------------------------------------------------


def test_the_whole_demo_has_the_map_of_the_decision_and_of_the_reform(whole_demo: Path) -> None:
    before, after = (Counter(form for form, _ in owed(whole_demo, year)) for year in (2024, 2025))
    assert before == {"KN-01": 89 + 9, "KN-02": 65 + 9, "KN-00": 1}
    assert (after["KN-01"], after["KN-02"]) == (88 + 9, 28 + 9)
    assert after["KN-03"] > 100
    assert all(document(whole_demo, year).exists() for year in FIVE_YEARS)
    assert (whole_demo / "outputs/2021-2025/bao-cao-tong-ket-2021-2025.docx").exists()


def _poverty(workspace: Path, field: str) -> dict[tuple[int, str], int]:
    found = {}
    for one in answer_key(workspace):
        if one.get("form") == "KN-02" and one.get("counts"):
            said = {code: value for table, _, code, value in one["values"] if not table}
            found[one["year"], one["partner"]] = int(said[field])
    return found


def test_poor_households_go_on_where_they_stood_the_year_before(whole_demo: Path) -> None:
    first, last = _poverty(whole_demo, "ngheo_dau_ky"), _poverty(whole_demo, "ngheo_cuoi_ky")
    pairs = [(key, (key[0] - 1, key[1])) for key in first if (key[0] - 1, key[1]) in last]
    assert len(pairs) > 180
    assert [key for key, before in pairs if first[key] != last[before]] == []


def test_a_commune_of_the_reform_begins_with_what_its_communes_ended_with(whole_demo: Path) -> None:
    first, last = _poverty(whole_demo, "ngheo_dau_ky"), _poverty(whole_demo, "ngheo_cuoi_ky")
    parts: dict[str, list[str]] = defaultdict(list)
    with (REGISTRY / "events.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["ngay"] == "2025-07-01" and row["loai"] == "sap_nhap":
                parts[row["den_ma"]] += row["tu_ma"].split(", ")
    with (REGISTRY / "partners.csv").open(encoding="utf-8-sig", newline="") as stream:
        receiving = {row["ma"] for row in csv.DictReader(stream) if row["nhan"] == "Có"}
    checked = 0
    for heir, codes in parts.items():
        told = [last.get((2024, code)) for code in codes if code in receiving]
        if (2025, heir) in first and None not in told:
            assert first[2025, heir] == sum(number for number in told if number is not None), heir
            checked += 1
    assert checked > 15
