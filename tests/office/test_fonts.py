"""Which cells of a workbook hold text in a font of before Unicode is found in the file itself."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from generator.model import CellKey
from generator.office.package import open_package
from generator.office.workbook.fonts import old_fonts, with_old_fonts
from generator.office.workbook.parts import workbook_parts
from generator.office.workbook.read import read_workbook
from generator.vietnamese.legacy import decoded_runs

FILE = "bieu.xlsx"


def saved(cells: dict[str, tuple[Any, str]], **changes: tuple[bytes, bytes]) -> bytes:
    """A workbook with these values in these fonts; `changes` replaces bytes of parts by the end of their name."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Hoạt động"
    for where, (value, font) in cells.items():
        sheet[where] = value
        if font:
            sheet[where].font = Font(name=font)
    target = io.BytesIO()
    book.save(target)
    content = target.getvalue()
    if not changes:
        return content
    package, _ = open_package(content, FILE)
    assert package is not None
    parts = {f"xl/{name}.xml": package.read(f"xl/{name}.xml").replace(*pair) for name, pair in changes.items()}
    return package.replace(parts)


def texts(content: bytes) -> dict[str, dict[tuple[int, int], str | None]]:
    package, _ = open_package(content, FILE)
    assert package is not None
    found = old_fonts(package, workbook_parts(package).sheets)
    return {name: {tuple(key): decoded_runs(runs) for key, runs in cells.items()} for name, cells in found.items()}


def test_the_font_of_a_cell_tells_how_its_text_is_read() -> None:
    cells = {
        "A1": ("TÆng bß gièng", ".VnTime"),
        "B2": ("x· trµ don", ".VnTimeH"),
        "C3": ("Taëng boø gioáng", "VNI-Times"),
        "D4": ("Tặng bò giống", "Times New Roman"),
        "E5": (12.5, ".VnTime"),
        "F6": ("Tặng bò giống", ".VnTime"),
    }
    assert texts(saved(cells)) == {
        "Hoạt động": {
            (1, 1): "Tặng bò giống",
            (2, 2): "XÃ TRÀ DON",
            (3, 3): "Tặng bò giống",
            (6, 6): "Tặng bò giống",
        }
    }


def test_each_part_of_a_cell_is_read_by_its_own_font() -> None:
    mixed = CellRichText(
        "TÆng ",
        TextBlock(InlineFont(rFont="Times New Roman"), "bò "),
        TextBlock(InlineFont(rFont="VNI-Times"), "gioáng"),
    )
    plain = CellRichText("Tặng ", TextBlock(InlineFont(rFont=".VnTime"), "bß"))
    assert texts(saved({"A1": (mixed, ".VnTime"), "A2": (plain, "")})) == {
        "Hoạt động": {(1, 1): "Tặng bò giống", (2, 1): "Tặng bò"}
    }


def test_a_workbook_without_such_a_font_is_not_looked_into() -> None:
    assert texts(saved({"A1": ("§µ N½ng", "Times New Roman")})) == {}


@pytest.mark.parametrize(
    "pair",
    [
        (b"<fonts", b"<fonts><broken"),
        (b"<styleSheet", b"<!DOCTYPE a><styleSheet"),
        (b'fontId="1"', b'fontId="99999999999"'),
        (b'fontId="1"', b'fontId="-1"'),
    ],
)
def test_styles_that_make_no_sense_tell_nothing(pair: tuple[bytes, bytes]) -> None:
    assert texts(saved({"A1": ("TÆng bß", ".VnTime")}, styles=pair)) == {}


def test_the_sheets_of_a_workbook_carry_what_was_found() -> None:
    content = saved({"B2": ("TÆng bß", ".VnTime")})
    opened, _ = read_workbook(content, FILE)
    package, _ = open_package(content, FILE)
    assert opened is not None
    assert package is not None
    (sheet,) = with_old_fonts(package, workbook_parts(package).sheets, opened.sheets)
    assert sheet.fonts == {CellKey(2, 2): (("TÆng bß", ".VnTime"),)}
    assert sheet.rows == opened.sheets[0].rows
