"""Recount: every figure of a year recomputed from the archived workbooks, without any code of the project.

    python tests/acceptance/recount.py TRACE.json INPUTS

In:   the answer of `ketnghia trace YEAR --json`, the folder inputs/. Out: how many figures and cells were checked;
      exit code 1 with each difference. Plain openpyxl, json and arithmetic.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.workbook import Workbook

WORDS = {"": 1, "đồng": 1, "nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9}
AMOUNT = re.compile(r"(\d[\d.]*)(?:,(\d+))? ?(tỷ|triệu|nghìn)?(?: ?đồng)?")


@dataclass
class Recounted:
    """What was checked, and where the report says otherwise."""

    figures: int = 0
    cells: int = 0
    differences: list[str] = field(default_factory=list)


@cache
def workbook(path: Path) -> Workbook:
    """An archived return as openpyxl reads it. The archive's names have no suffix, so it is opened as a stream."""
    with path.open("rb") as stream:
        return openpyxl.load_workbook(stream, data_only=True)


def number(typed: object) -> int:
    """What a cell counts: a number, or an amount in words ("12.500.000 đồng", "1,2 tỷ")."""
    if isinstance(typed, int | float) and not isinstance(typed, bool):
        assert typed == int(typed), typed
        return int(typed)
    found = AMOUNT.fullmatch(unicodedata.normalize("NFC", str(typed)).strip())
    assert found is not None, f"no number: {typed!r}"
    whole, decimals = found[1].replace(".", ""), found[2] or ""
    exact = Decimal(f"{whole}.{decimals or 0}") * WORDS[found[3] or ""]
    assert exact == int(exact)
    return int(exact)


def text(typed: object) -> str:
    """What a cell says, for comparing."""
    return unicodedata.normalize("NFC", str(typed)).strip()


def said(book: Workbook, code: str) -> str:
    """What a return says of itself: codes stand in the hidden column A, answers in column E."""
    sheet = book["Thông tin chung"]
    row = next(row for row in sheet.iter_rows(min_row=9, max_col=1) if row[0].value == code)
    return text(sheet[f"E{row[0].row}"].value)


def year_of(book: Workbook) -> int:
    """The year that the return itself says it is of."""
    return int(said(book, "nam_bao_cao"))


def identity(book: Workbook) -> tuple[int, str, str]:
    """Year, form and partner, by the return itself."""
    form = str(book["Thông tin chung"]["A1"].value).partition("/")[0]
    return year_of(book), form, said(book, "ma_don_vi")


Decided = Mapping[tuple[int, str, str, str, str], object]
"""What the board put in the place of a cell, by year, form, partner, sheet and cell."""


def decided(inputs: Path) -> Decided:
    """Every correction in the board's own workbooks of decisions."""
    found: dict[tuple[int, str, str, str, str], object] = {}
    for path in inputs.glob("*/quyet-dinh.xlsx"):
        sheet = openpyxl.load_workbook(path, data_only=True)["Quyết định"]
        codes = {cell.column: str(cell.value) for cell in sheet[8][2:] if cell.value}
        for cells in sheet.iter_rows(min_row=11):
            row = {codes[cell.column]: text(cell.value) for cell in cells if cell.column in codes and cell.value}
            if row.get("quyet_dinh") == "Sửa số liệu":
                key = (int(path.parent.name), row["bieu"], row["don_vi"], row["trang"], row["o"])
                found[key] = row["gia_tri_moi"]
    return found


def stands(book: Workbook, sheet: str, cell: str, rulings: Decided) -> object:
    """What a cell counts as: the board's correction, else what was typed."""
    corrected = rulings.get((*identity(book), sheet, cell))
    return book[sheet][cell].value if corrected is None else corrected


def changed(typed: Sequence[object], years: Sequence[int]) -> Decimal:
    """By how many per cent the last year's sum differs from the sum of the year before it."""
    sums = {year: sum(number(one) for one, of in zip(typed, years, strict=True) if of == year) for year in set(years)}
    this, last = max(sums), min(sums)
    percent = Decimal((sums[this] - sums[last]) * 100) / Decimal(sums[last])
    return percent.quantize(Decimal("0.1"), ROUND_HALF_UP)


AGGREGATIONS: Mapping[str, Callable[[Sequence[object]], int]] = {
    "sum": lambda typed: sum(map(number, typed)),
    "count": lambda typed: sum(one not in (None, "") for one in typed),
    "distinct": lambda typed: len({text(one) for one in typed}),
    "latest": lambda typed: number(typed[-1]) if typed else 0,
}


def recount(trace: Sequence[Mapping[str, Any]], inputs: Path) -> Recounted:
    """Every figure that has values, recomputed by the aggregation that it names."""
    done, rulings = Recounted(), decided(inputs)
    for figure in trace:
        if figure["aggregation"] == "obligations":
            continue
        cells = figure["cells"]
        if len(cells) != len(figure["values"]) or len({one["id"] for one in cells}) != len(cells):
            done.differences.append(f"{figure['figure']}: {len(figure['values'])} values, {len(cells)} cells")
        books = [workbook(inputs / "archive" / one["sha256"]) for one in cells]
        typed = [stands(book, one["sheet"], one["cell"], rulings) for book, one in zip(books, cells, strict=True)]
        if figure["aggregation"] == "change":
            ours: int | Decimal = changed(typed, [year_of(book) for book in books])
        else:
            ours = AGGREGATIONS[figure["aggregation"]](typed)
        if ours != Decimal(str(figure["value"])):
            done.differences.append(f"{figure['figure']}: printed {figure['value']}, cells give {ours}")
        empty = [one["cell"] for one, content in zip(cells, typed, strict=True) if content in (None, "")]
        if empty:
            done.differences.append(f"{figure['figure']}: nothing stands in {', '.join(empty)}")
        done.figures += 1
        done.cells += len(cells)
    return done


def activities(book: Workbook, rulings: Decided) -> list[dict[str, object]]:
    """The rows of "Hoạt động hỗ trợ" between the total row and the end mark, by the codes in hidden row 8."""
    sheet = book["Hoạt động hỗ trợ"]
    codes = {cell.column: str(cell.value) for cell in sheet[8][2:] if cell.value}
    marks = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}
    found = []
    for row in sheet.iter_rows(min_row=marks["#tong"] + 1, max_row=marks["#het"] - 1):
        answers = {
            codes[cell.column]: stands(book, sheet.title, cell.coordinate, rulings)
            for cell in row
            if cell.column in codes and cell.value is not None
        }
        if answers:
            found.append(answers)
    return found


if __name__ == "__main__":
    result = recount(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
    print(f"{result.figures} figures recomputed from {result.cells} cells, {len(result.differences)} differ")
    print("\n".join(result.differences))
    sys.exit(bool(result.differences))
