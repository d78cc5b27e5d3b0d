"""Blanks filled by LibreOffice, ExcelJS and SheetJS go in; what was typed comes out, to the cell and the total."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import returns_table as typed
from desk import (
    annex_one,
    assigned_communes,
    columns,
    document,
    export,
    field_cells,
    grouped,
    ketnghia,
    paragraphs,
    registry_names,
    report,
    scaled,
    told_json,
    whole_text,
    worked,
)
from openpyxl.worksheet.worksheet import Worksheet

YEAR = 2025
SENDERS = {"libreoffice": "DV-0002", "exceljs": "DV-0007", "sheetjs": "DV-0006"}
FAULTY = "DV-0003"
NAMES, COMMUNES = registry_names(), assigned_communes()

Expected = dict[tuple[str, int, str], tuple[object, str, str]]


def _blank(workspace: Path, partner: str) -> Path:
    return workspace / "outputs" / str(YEAR) / "blanks" / f"{partner}-KN-01-{YEAR}.xlsx"


def _said(value: Any, commune: str) -> Any:
    """The table's word, with the sender's own commune in it."""
    if not isinstance(value, str) or unicodedata.normalize("NFC", value) != typed.OWN_COMMUNE:
        return value
    return commune if value == typed.OWN_COMMUNE else unicodedata.normalize("NFD", commune)


def _answers(path: Path, partner: str) -> Iterator[tuple[tuple[str, int, str], str, str, Any, Any]]:
    """Each answer of the table: what it is, its sheet and cell in this blank, what is typed, what is expected."""
    book = openpyxl.load_workbook(path)
    code = COMMUNES[partner][0]
    for sheet, field, entered, expected in typed.SINGLE:
        yield ("", 0, field), sheet, field_cells(book[sheet])[field], entered, expected
    for table, (sheet, rows) in typed.TABLES.items():
        letters = columns(book[sheet])
        for row, answers in rows.items():
            for field, (entered, expected) in answers.items():
                cell = f"{letters[field]}{typed.FIRST_ROW + row - 1}"
                yield (table, row, field), sheet, cell, _said(entered, NAMES[code]), _said(expected, code)


def _prefilled(path: Path, partner: str) -> Expected:
    """What the board itself wrote into the blank: it comes back beside the answers."""
    sheet = openpyxl.load_workbook(path)["Thông tin chung"]
    assert isinstance(sheet, Worksheet)
    cells = field_cells(sheet)
    known: dict[str, object] = {
        "ma_don_vi": partner,
        "ten_don_vi": NAMES[partner],
        "nam_bao_cao": YEAR,
        "ky_bao_cao": "từ ngày 15/12/2024 đến ngày 14/12/2025",
    }
    # the communes that the giver had until 30-6-2025 and those that followed them: as the blank was sent out
    shown = {f"xa_phan_cong_{at}": sheet[cells[f"xa_phan_cong_{at}"]].value for at in range(1, 7)}
    known |= {code: name for code, name in shown.items() if name}
    # of a name that goes on in another commune the blank says until when it was this one
    assert all(any(str(one).startswith(NAMES[code]) for one in shown.values()) for code in COMMUNES[partner])
    return {("", 0, code): (value, "Thông tin chung", cells[code]) for code, value in known.items()}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with its blanks, as the board makes it."""
    folder = tmp_path_factory.mktemp("clients") / "ws"
    worked(folder, "init", folder)
    worked(folder, "blank", YEAR)
    return folder


def _fill(workspace: Path, fill_with: Callable[..., Path], client: str, partner: str, **changed: object) -> None:
    """Fills the partner's blank from the table and drops it where returns are dropped."""
    source = _blank(workspace, partner)
    entries = [
        {"sheet": sheet, "cell": cell, "value": changed.get(where[2], value)}
        for where, sheet, cell, value, _ in _answers(source, partner)
    ]
    target = workspace / "inputs" / str(YEAR) / "2025-12-17" / f"báo cáo của {partner}.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    fill_with(client, source, target, entries)


def test_what_real_programs_saved_comes_out_exactly(workspace: Path, fill_with: Callable[..., Path]) -> None:
    for client, partner in SENDERS.items():
        _fill(workspace, fill_with, client, partner)
    _fill(workspace, fill_with, "sheetjs", FAULTY, so_van_ban="vài văn bản")
    taken_in = ketnghia(workspace, "ingest", YEAR)
    assert taken_in.code == 1  # an error stands in one of the four
    assert "[cell.not_a_number]" in taken_in.out

    _check_export(workspace)
    owed = _check_status(workspace)
    _check_report(workspace, owed)


def _check_export(workspace: Path) -> None:
    rows = export(workspace, YEAR)
    assert {row["partner"] for row in rows} == set(SENDERS.values())
    for client, partner in SENDERS.items():
        path = _blank(workspace, partner)
        expected = _prefilled(path, partner)
        expected |= {where: (value, sheet, cell) for where, sheet, cell, _, value in _answers(path, partner)}
        own = [row for row in rows if row["partner"] == partner]
        found = {(row["table"], row["row"], row["field"]): (row["value"], row["sheet"], row["cell"]) for row in own}
        assert len(found) == len(own)
        assert found == expected, client
        assert {type(value) for value, _, _ in found.values()} <= {str, int, float, bool}
        assert {(row["file"], row["revision"]) for row in own} == {
            (f"inputs/2025/2025-12-17/báo cáo của {partner}.xlsx", 1)
        }
        assert next(row["raw"] for row in own if row["field"] == "gia_tri" and row["row"] == 2) == "12.500.000 đồng"


def _check_status(workspace: Path) -> int:
    """Where each giver stands; how many givers owe a return."""
    told = told_json(workspace, "status", YEAR, "--json")
    rows = {row["partner"]: row for row in told if row["form"] == "KN-01"}
    expected = dict.fromkeys(rows, "missing")
    # LibreOffice has calculated the totals, and a sum does not count what was typed as text
    expected |= {"DV-0002": "accepted_with_warnings", "DV-0006": "accepted", "DV-0007": "accepted"}
    assert {code: row["verdict"] for code, row in rows.items()} == expected | {FAULTY: "waiting_for_correction"}
    assert rows["DV-0002"]["received"].startswith("2025-12-17")
    faults = told_json(workspace, "issues", YEAR, "--json")
    sheet = openpyxl.load_workbook(_blank(workspace, FAULTY))["Triển khai"]
    assert isinstance(sheet, Worksheet)
    assert {(one["partner"], one["code"], one["sheet"], one["cell"]) for one in faults} == {
        ("DV-0002", "table.total_differs", "Hoạt động hỗ trợ", "L11"),
        ("DV-0002", "table.total_differs", "Hoạt động hỗ trợ", "N11"),
        ("DV-0002", "table.total_differs", "Kế hoạch năm sau", "H11"),
        (FAULTY, "cell.not_a_number", "Triển khai", field_cells(sheet)["so_van_ban"]),
    }
    return len(rows)


def _check_report(workspace: Path, owed: int) -> None:
    report(workspace, YEAR)
    path = document(workspace, YEAR)
    annex, senders = annex_one(path), len(SENDERS)
    fields = [typed.AMOUNTS[code] for code in ("chinh_tri", "kinh_te", "an_sinh", "quoc_phong")]
    one = [typed.COUNT, typed.TOTAL, *fields, typed.MERGED_IN, typed.HOUSEHOLDS, typed.PEOPLE]
    for partner in SENDERS.values():
        assert annex[NAMES[partner]] == [*map(grouped, one), ""]
    assert annex["Tổng cộng"][:-1] == [grouped(number * senders) for number in one]
    assert annex[NAMES[FAULTY]] == ["…"] * len(one) + ["Chờ chỉnh sửa"]
    prose = " ".join(paragraphs(path))
    assert f"tổng giá trị {scaled(typed.TOTAL * senders)}" in prose
    assert f"{grouped(1250 * senders)} lượt người dự" in prose
    assert f"03/{owed} đơn vị kết nghĩa có báo cáo được tổng hợp" in prose
    # a partner's words that look like tags stay words, and its signs stay signs
    assert typed.LIKE_A_TAG.replace(" ", "") in prose.replace(" ", "")
    assert "Làm được 2 nhà & 1 đường. Trẻ em < 6 tuổi được khám > 95%" in prose
    assert not re.search(r"\{[{%#]|[}%#]\}", whole_text(path))
