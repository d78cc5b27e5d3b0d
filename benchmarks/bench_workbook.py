"""What reading and filling a workbook cost beside the usual ways and the floor, in one run.

Run: python benchmarks/bench_workbook.py [ROUNDS]. The methods run in turn within each round; a line is the
median CPU time in ms, and how many times our time that is.
"""

from __future__ import annotations

import io
import random
import statistics
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

import openpyxl
import pandas
from openpyxl.styles import Border, Font, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

from generator.office.workbook.fill import Hole, compile_workbook
from generator.office.workbook.read import read_workbook

SHEETS, ROWS, COLUMNS, FILLED = 8, 100, 12, 5


def form() -> bytes:
    """A form as the author of a template writes it: formats, dropdowns, protection, few rows filled."""
    chance = random.Random(1)
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    border = Border(*(Side("thin"),) * 4)
    for number in range(SHEETS):
        sheet = workbook.create_sheet(f"Sheet {number}")
        sheet.freeze_panes, sheet.protection.sheet = "C4", True
        choice = DataValidation(type="list", formula1='"Có,Không"')
        choice.add(f"B4:B{ROWS + 3}")
        sheet.add_data_validation(choice)
        for column in range(1, COLUMNS + 1):
            sheet.cell(3, column, f"Tiêu đề cột {column}").font = Font(bold=True)
        for row in range(4, ROWS + 4):
            for column in range(1, COLUMNS + 1):
                cell = sheet.cell(row, column)
                cell.border, cell.protection = border, Protection(locked=False)
                if row < 4 + FILLED:
                    cell.value = chance.choice([chance.randint(1, 10**8), f"Hỗ trợ {chance.randint(1, 400)} con bò"])
        sheet.cell(ROWS + 5, 1, "Tổng")
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def pandas_sheet_by_sheet(content: bytes) -> None:
    names = openpyxl.load_workbook(io.BytesIO(content), read_only=True).sheetnames
    for name in names:
        pandas.read_excel(io.BytesIO(content), sheet_name=name, header=None, engine="openpyxl")


def calamine_alone(content: bytes) -> None:
    workbook = CalamineWorkbook.from_object(io.BytesIO(content))
    for position in range(len(workbook.sheet_names)):
        workbook.get_sheet_by_index(position).to_python(skip_empty_area=False)


def floor(content: bytes) -> None:
    """Inflate every XML part and parse it; keep nothing."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                expat.ParserCreate().Parse(archive.read(name), True)


def load_edit_save(content: bytes, holes: Mapping[str, Hole], values: Mapping[str, str]) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    for name, hole in holes.items():
        workbook[hole.sheet][hole.cell] = values[name]
    return saved(workbook)


def medians(methods: Mapping[str, tuple[int, Callable[[], object]]], rounds: int) -> dict[str, float]:
    """Median CPU milliseconds of each method, run so many times in each round."""
    found: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(rounds):
        for name, (times, method) in methods.items():
            start = time.process_time()
            for _ in range(times):
                method()
            found[name].append((time.process_time() - start) / times * 1e3)
    return {name: statistics.median(times) for name, times in found.items()}


def printed(title: str, found: Mapping[str, float]) -> None:
    ours = found["ours"]
    print(title)
    for name, milliseconds in found.items():
        print(f"  {name:34} {milliseconds:9.3f} ms  x{milliseconds / ours:7.2f}")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    content = form()
    holes = {f"h{column}": Hole("Sheet 0", f"{'ABCDEFGHIJKL'[column]}2") for column in range(12)}
    values = {name: f"Giá trị {name}" for name in holes}
    compiled = compile_workbook(content, holes)
    cells = [f"{letter}{row}" for row in range(4, 104) for letter in "ABCDEFGHIJKL"]
    many = {cell: Hole("Sheet 1", cell) for cell in cells}
    full = compile_workbook(content, many)
    reading = {
        "ours": (20, lambda: read_workbook(content, "")),
        "calamine alone": (20, lambda: calamine_alone(content)),
        "pandas, openpyxl, sheet by sheet": (1, lambda: pandas_sheet_by_sheet(content)),
        "floor: inflate, expat, no handlers": (20, lambda: floor(content)),
    }
    filling = {
        "ours": (100, lambda: compiled.fill(values)),
        "openpyxl load, edit, save": (1, lambda: load_edit_save(content, holes, values)),
        "ours, 1,200 holes": (50, lambda: full.fill(dict.fromkeys(many, 5))),
        "compile, 1,200 holes": (5, lambda: compile_workbook(content, many)),
    }
    printed(f"read, {SHEETS} sheets, {ROWS} rows, {len(content) // 1024} KB", medians(reading, rounds))
    printed("fill, 12 holes", medians(filling, rounds))


if __name__ == "__main__":
    main()
