"""The clients that fill blanks in other tests do type what they are told, and keep what they must not touch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

CLIENTS = ("exceljs", "sheetjs", "libreoffice")
SHEET = "Hoạt động hỗ trợ"
TYPED: dict[str, object] = {
    "A5": 12,
    "B5": 12_500_000_000,
    "C5": 0.5,
    "D5": "Trà Leng: 05 nhà ở & 2 < 3",
    "E5": True,
    "F5": {"date": "2025-03-14"},
    "G5": "0905123456",
    "H105": "dòng cuối",
}
READ: dict[str, object] = {**TYPED, "F5": date(2025, 3, 14)}


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """A small blank: one protected sheet with unlocked cells and a dropdown, one hidden sheet, a name, a property."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = SHEET
    sheet["A1"] = "Biểu số 01"
    for row in sheet["A5:H105"]:
        for cell in row:
            cell.protection = Protection(locked=False)
    sheet.protection.sheet = True
    dropdown = DataValidation("list", "danh_muc!$A$1:$A$2", allow_blank=True)
    dropdown.add("D5:D105")
    sheet.add_data_validation(dropdown)
    lists = workbook.create_sheet("danh_muc")
    lists["A1"], lists["A2"] = "Nhà ở", "Học bổng"
    lists.sheet_state = "hidden"
    workbook.defined_names["kn_bieu"] = DefinedName("kn_bieu", attr_text="danh_muc!$A$1")
    path = tmp_path / "blank.xlsx"
    workbook.save(path)
    return path


def _entries(values: dict[str, object]) -> list[dict[str, object]]:
    return [{"sheet": SHEET, "cell": cell, "value": value} for cell, value in values.items()]


def _plain(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_saves_exactly_what_was_typed(
    client: str, blank: Path, tmp_path: Path, fill_with: Callable[..., Path]
) -> None:
    saved = openpyxl.load_workbook(fill_with(client, blank, tmp_path / "filled.xlsx", _entries(TYPED)))
    sheet = saved[SHEET]
    assert {cell: _plain(sheet[cell].value) for cell in TYPED} == READ
    assert {cell: type(_plain(sheet[cell].value)) for cell in TYPED} == {cell: type(READ[cell]) for cell in READ}
    assert sheet["A1"].value == "Biểu số 01"
    assert saved["danh_muc"].sheet_state == "hidden"
    assert "kn_bieu" in saved.defined_names


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_types_formulas_and_empties_cells(
    client: str, blank: Path, tmp_path: Path, fill_with: Callable[..., Path]
) -> None:
    first = fill_with(client, blank, tmp_path / "first.xlsx", _entries({"A5": 3, "B5": 4, "D5": "bỏ đi"}))
    entries = _entries({"C5": {"formula": "A5*B5"}, "D5": None})
    sheet = openpyxl.load_workbook(fill_with(client, first, tmp_path / "second.xlsx", entries))[SHEET]
    assert sheet["C5"].value == "=A5*B5"
    assert not sheet["D5"].value


def test_only_libreoffice_leaves_the_result_beside_a_formula(
    blank: Path, tmp_path: Path, fill_with: Callable[..., Path]
) -> None:
    entries = _entries({"A5": 3, "B5": 4, "C5": {"formula": "A5*B5"}})
    results = {}
    for client in CLIENTS:
        filled = fill_with(client, blank, tmp_path / f"{client}.xlsx", entries)
        results[client] = openpyxl.load_workbook(filled, read_only=False, data_only=True)[SHEET]["C5"].value
    assert results == {"exceljs": None, "sheetjs": None, "libreoffice": 12}


@pytest.mark.parametrize("client", ["exceljs", "libreoffice"])
def test_a_locked_cell_cannot_be_typed_into(
    client: str, blank: Path, tmp_path: Path, fill_with: Callable[..., Path]
) -> None:
    with pytest.raises(pytest.fail.Exception, match=f"{SHEET}!A1 is locked"):
        fill_with(client, blank, tmp_path / "filled.xlsx", _entries({"A1": "khác"}))


@pytest.mark.parametrize("client", CLIENTS)
def test_a_missing_sheet_is_named(client: str, blank: Path, tmp_path: Path, fill_with: Callable[..., Path]) -> None:
    with pytest.raises(pytest.fail.Exception, match='no sheet "Không có"'):
        fill_with(client, blank, tmp_path / "filled.xlsx", [{"sheet": "Không có", "cell": "A1", "value": 1}])


def test_libreoffice_converts_a_workbook_to_pdf(blank: Path, tmp_path: Path, soffice: Callable[..., Path]) -> None:
    assert soffice(blank, "pdf", tmp_path / "pdf").read_bytes().startswith(b"%PDF-")
