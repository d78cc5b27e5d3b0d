"""Filling a compiled workbook gives what openpyxl's load, edit and save gives, in equal bytes every time."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from generator.office.workbook.address import address
from generator.office.workbook.fill import CompiledWorkbook, Filling, Hole, compile_workbook
from generator.office.workbook.read import read_workbook

UTF8_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
DAY = date(2025, 12, 14)
HOLES = {
    "ten": Hole("Bìa", "C2"),
    "nam": Hole("Bìa", "C3"),
    "ngay": Hole("Bìa", "C4"),
    "thieu_o": Hole("Bìa", "H2"),
    "thieu_dong": Hole("Bìa", "B8"),
    "truoc_het": Hole("Bìa", "A1"),
    "tien": Hole("Hoạt động", "B5"),
    "giua": Hole("Hoạt động", "A3"),
}
VALUES: dict[str, Filling] = {
    "ten": "Sở Y tế <tỉnh> & 'Huế'\nhai dòng ",
    "nam": 2025,
    "ngay": DAY,
    "thieu_o": Decimal("12.50"),
    "thieu_dong": "  lùi vào",
    "truoc_het": "đầu",
    "tien": 1_500_000_000,
    "giua": None,
}


def template() -> bytes:
    workbook = openpyxl.Workbook()
    cover = workbook.active
    assert cover is not None
    cover.title = "Bìa"
    cover["C2"].font = Font(bold=True)
    cover["C3"] = "sẽ thay"
    cover["C4"].number_format = "dd/mm/yyyy"
    cover["D4"] = "=C3+1"
    cover["B12"] = "cuối"
    cover.merge_cells("C6:D6")
    cover.freeze_panes = "B3"
    cover.protection.sheet = True
    cover["C2"].protection = Protection(locked=False)
    table = workbook.create_sheet("Hoạt động")
    for row in range(4, 30):
        for column in range(1, 5):
            table.cell(row, column).number_format = "#,##0"
    choice = DataValidation(type="list", formula1="=DM!$A$1:$A$3")
    choice.add("A4:A29")
    table.add_data_validation(choice)
    lists = workbook.create_sheet("DM")
    lists.sheet_state = "hidden"
    lists["A1"] = "Có"
    workbook.defined_names["KN_BIEU"] = DefinedName("KN_BIEU", attr_text="'Bìa'!$C$2")
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


TEMPLATE = template()
COMPILED = compile_workbook(TEMPLATE, HOLES)


def by_openpyxl(values: Mapping[str, Filling]) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(TEMPLATE))
    for name, value in values.items():
        cell = workbook[HOLES[name].sheet][HOLES[name].cell]
        style = cell.number_format
        cell.value = value
        cell.number_format = style
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def inventory(content: bytes) -> dict[str, object]:
    """All that openpyxl knows of a workbook and a partner would notice."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    found: dict[str, object] = {"names": {name: one.attr_text for name, one in workbook.defined_names.items()}}
    for sheet in workbook:
        found[sheet.title] = (
            {
                cell.coordinate: (cell.value, cell.number_format, cell.font.b, cell.protection.locked)
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None or cell.has_style
            },
            sheet.sheet_state,
            sheet.freeze_panes,
            sheet.protection.sheet,
            [str(merged) for merged in sheet.merged_cells.ranges],
            [(str(one.sqref), one.type, one.formula1) for one in sheet.data_validations.dataValidation],
        )
    return found


def test_a_filled_copy_has_the_inventory_of_load_edit_and_save() -> None:
    assert inventory(COMPILED.fill(VALUES)) == inventory(by_openpyxl(VALUES))


def test_a_copy_with_nothing_filled_is_the_template() -> None:
    assert inventory(COMPILED.fill({})) == inventory(TEMPLATE)
    some = {"tien": 5}
    assert inventory(COMPILED.fill(some)) == inventory(by_openpyxl(some))


def test_equal_values_give_equal_bytes_from_templates_compiled_twice() -> None:
    again = compile_workbook(TEMPLATE, dict(reversed(HOLES.items())))
    values = dict(reversed(VALUES.items()))
    assert again.fill(values, properties={"a": "1"}) == COMPILED.fill(VALUES, properties={"a": "1"})


def test_filling_leaves_the_compiled_template_as_it_was() -> None:
    before = COMPILED.fill({"nam": 1})
    COMPILED.fill(VALUES)
    assert COMPILED.fill({"nam": 1}) == before


def test_sheets_nobody_fills_keep_their_compressed_bytes() -> None:
    filled = COMPILED.fill({"nam": 1})
    old, new = zipfile.ZipFile(io.BytesIO(TEMPLATE)), zipfile.ZipFile(io.BytesIO(filled))
    assert new.testzip() is None
    assert new.read("xl/worksheets/sheet2.xml") == old.read("xl/worksheets/sheet2.xml")
    assert (
        new.getinfo("xl/worksheets/sheet2.xml").compress_size == old.getinfo("xl/worksheets/sheet2.xml").compress_size
    )


def test_cells_stand_in_order_of_row_and_column() -> None:
    xml = zipfile.ZipFile(io.BytesIO(COMPILED.fill(VALUES))).read("xl/worksheets/sheet1.xml").decode()
    places = [xml.index(f'<c r="{cell}"') for cell in ("A1", "C2", "H2", "C3", "C4", "D4", "B8", "B12")]
    assert places == sorted(places)


def test_properties_are_set_and_overwritten_as_text() -> None:
    once = COMPILED.fill({}, properties={"Đơn vị": 'A & "B"', "year": "2024"})
    twice = compile_workbook(once, HOLES).fill({}, properties={"year": "2025"})
    for content, year in ((once, "2024"), (twice, "2025")):
        properties = openpyxl.load_workbook(io.BytesIO(content)).custom_doc_props  # type: ignore[attr-defined]
        found = {one.name: one.value for one in properties.props}
        assert found == {"Đơn vị": 'A & "B"', "year": year}
        workbook, _ = read_workbook(content, "")
        assert workbook is not None
        assert workbook.properties == found


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, True),
        (-7, -7),
        (Decimal("0.1"), 0.1),
        (Decimal("1E+3"), 1000),
        ("", None),
        ("a\rb\x07c", "a_x000D_b_x0007_c"),
        ("gõ _x000D_ thật", "gõ _x005F_x000D_ thật"),
        ("=1+1", "=1+1"),
        ("x" * 40_000, "x" * 32_767),
        ("😀\ud83d", "😀_xD83D_"),
    ],
)
def test_every_kind_of_value_is_written_so_that_excel_reads_it(value: Filling, shown: object) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(COMPILED.fill({"ten": value})))["Bìa"]
    assert sheet["C2"].value == shown
    assert sheet["C2"].font.b


@pytest.mark.parametrize(
    ("day", "serial"),
    [
        (date(1900, 1, 1), 1),
        (date(1900, 2, 28), 59),
        (date(1900, 3, 1), 61),
        (date(2025, 6, 1), 45809),
        (datetime.fromisoformat("2025-06-01T12:00:00"), 45809.5),
    ],
)
def test_a_day_is_written_as_excels_serial_number(day: date, serial: float) -> None:
    assert openpyxl.load_workbook(io.BytesIO(COMPILED.fill({"ten": day})))["Bìa"]["C2"].value == serial


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), date(1899, 12, 31)])
def test_what_excel_cannot_hold_is_refused(value: Filling) -> None:
    with pytest.raises(ValueError, match=r"."):
        COMPILED.fill({"ten": value})


def test_unknown_holes_and_sheets_and_double_holes_are_refused() -> None:
    with pytest.raises(KeyError):
        COMPILED.fill({"khac": 1})
    with pytest.raises(KeyError):
        compile_workbook(TEMPLATE, {"x": Hole("Không có", "A1")})
    with pytest.raises(ValueError, match="two holes"):
        compile_workbook(TEMPLATE, {"x": Hole("Bìa", "A1"), "y": Hole("Bìa", "A1")})


# --- round trip -----------------------------------------------------------------------------


GRID = {address(row, column): (row, column) for row in range(2, 42) for column in range(1, 51)}
WIDE: CompiledWorkbook = compile_workbook(TEMPLATE, {cell: Hole("Hoạt động", cell) for cell in GRID})


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(GRID)),
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
            st.integers(-(2**53), 2**53),
            st.booleans(),
            st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4),
        ),
        max_size=40,
    )
)
def test_what_is_filled_is_read_back(values: dict[str, Filling]) -> None:
    workbook, issues = read_workbook(WIDE.fill(values), "")
    assert not issues
    assert workbook is not None
    rows = workbook.sheets[1].rows
    found = {
        address(row, column): value
        for row, cells in enumerate(rows, 1)
        for column, value in enumerate(cells, 1)
        if value != ""
    }
    assert found.keys() == values.keys()
    for cell, value in values.items():
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            assert found[cell] == pytest.approx(float(value), rel=1e-15)
        else:
            assert found[cell] == value


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_a_filled_copy(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(COMPILED.fill(VALUES, properties={"year": "2025"}))
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", UTF8_CSV]
    subprocess.run([*command, "--outdir", tmp_path, tmp_path / "a.xlsx"], check=True, capture_output=True, timeout=60)
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8"))))
    assert rows[0][0] == "đầu"
    assert (rows[1][2], rows[1][7]) == ("Sở Y tế <tỉnh> & 'Huế'\nhai dòng ", "12.5")
    assert (rows[2][2], rows[3][2], rows[3][3]) == ("2025", "14/12/2025", "2026")
    assert (rows[7][1], rows[11][1]) == ("  lùi vào", "cuối")
