"""The cases of the gallery, and the made-up registry in which each of them has partners of its own.

In:   tests/cases/<name>/inputs/recipe.yaml. Out: Case records; the registry of a workspace.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator.definitions.load import load_forms
from generator.pipeline.registry import registry_workbook

CASES = Path(__file__).parent / "cases"
RECIPE = "recipe.yaml"
YEARS = (2024, 2025)
BEFORE, YEAR = YEARS
DECISION = "Quyết định (minh họa)"

GROUPS: Mapping[str, str] = {
    "cau-truc": "Trang, dòng, cột bị thay đổi",
    "gia-tri": "Số, ngày, lựa chọn ghi chưa đúng",
    "o-noi-doi": "Ô hiện lỗi, công thức, tổng không khớp",
    "quy-tac": "Số liệu chưa khớp nhau",
    "khong-doc": "Nội dung nằm ngoài biểu",
    "doi-chieu": "Khác với năm trước, với đơn vị khác",
    "gui-lai": "Gửi lại, gửi nhầm",
    "tep-hong": "Tệp hỏng, tệp lạ",
    "thu-va-nen": "Thư và tệp nén",
}
"""Groups of cases in the order of the page, with their headings."""


@dataclass(frozen=True, slots=True)
class Case:
    """One folder of the gallery."""

    name: str
    said: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        return CASES / self.name

    @property
    def number(self) -> int:
        return int(self.said["number"])

    @property
    def year(self) -> int:
        """The year whose letters are looked at."""
        return int(self.said.get("year", YEAR))

    @property
    def givers(self) -> tuple[str, ...]:
        return tuple(f"DV-{self.number * 10 + at:04}" for at in range(int(self.said.get("givers", 1))))

    @property
    def commune(self) -> str:
        return f"XA-{self.number * 10:04}"

    def expected(self, name: str) -> str:
        """A file of expected/."""
        return (self.folder / "expected" / name).read_text(encoding="utf-8")


@cache
def cases() -> Mapping[str, Case]:
    """Every case by name."""
    found = sorted(CASES.glob(f"*/inputs/{RECIPE}"))
    return {
        path.parents[1].name: Case(path.parents[1].name, yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in found
    }


# --- the registry -------------------------------------------------------------------------------


def names_of(case: Case) -> dict[str, str]:
    own = {code: f"Sở (minh họa) {code[3:]}" for code in case.givers}
    own[case.commune] = f"xã (minh họa) {case.commune[3:]}"
    return own | case.said.get("names", {})


def _tables(chosen: Iterable[Case]) -> dict[str, list[dict[str, str]]]:
    """Rows of the registry: the board's year, and the partners of every case."""
    forms = {BEFORE: "KN-01, KN-02, KN-03", YEAR: "KN-01, KN-02"}
    found: dict[str, list[dict[str, str]]] = {
        "campaigns": [
            {
                "nam": str(year),
                "tu_ngay": f"{year - 1}-12-15",
                "den_ngay": f"{year}-12-14",
                "han_gui": f"{year}-12-20",
                "noi_gui": "ketnghia@minhhoa.example",
                "bieu": forms[year],
            }
            for year in YEARS
        ],
        "settings": [{"ten": "ten_co_quan", "gia_tri": "Cơ quan thường trực (minh họa)"}],
    }
    for case in chosen:
        for table, rows in case.said.get("registry", {}).items():
            found.setdefault(table, []).extend({key: str(value) for key, value in row.items()} for row in rows)
        for code, name in names_of(case).items():
            gives = code.startswith("DV-")
            found.setdefault("partners", []).append(
                {
                    "ma": code,
                    "ten": name,
                    "loai": "so_ban_nganh" if gives else "xa",
                    "giup_do": "Có" if gives else "Không",
                    "nhan": "Không" if gives else "Có",
                    "thu_dien_tu": f"{code.lower()}@minhhoa.example",
                    **{key: str(day) for key, day in case.said.get("ends", {}).get(code, {}).items()},
                }
            )
            if gives:
                ends = case.said.get("ends", {}).get(code, {}).get("den_ngay", "")
                pair = {"don_vi": code, "xa": case.commune, "den_ngay": str(ends), "quyet_dinh": DECISION}
                found.setdefault("assignments", []).append(pair)
    return found


def write_registry(workspace: Path, chosen: Iterable[Case]) -> None:
    folder = workspace / "templates" / "registry"
    shutil.rmtree(folder)
    folder.mkdir()
    for table, rows in _tables(chosen).items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        written = io.StringIO()
        writer = csv.DictWriter(written, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{table}.csv").write_text(written.getvalue(), encoding="utf-8")
    forms, _ = load_forms(workspace / "templates" / "forms")
    content, faults = registry_workbook(forms, folder)
    assert faults == [], faults
    (workspace / "inputs" / "registry.xlsx").write_bytes(content)
