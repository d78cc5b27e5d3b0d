"""A template is dressed for an office: the line under its name fits any name, its words are reworded, nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from generator.office.dressed import reworded, underlined
from generator.office.type_width import width_mm
from lawful import Lawful, ruled, write

TEMPLATES = Path(__file__).parents[2] / "templates"
NAME = "co_quan_ban_hanh"
SHIPPED = sorted([*(TEMPLATES / "letters").glob("*.docx"), *(TEMPLATES / "reports").glob("*.docx")])
NAMES = {
    "SỞ Y TẾ": "SỞ Y TẾ",
    "BAN DÂN TỘC": "BAN DÂN TỘC",
    "SỞ DÂN TỘC VÀ TÔN GIÁO": "SỞ DÂN TỘC VÀ TÔN GIÁO",
    "ỦY BAN NHÂN DÂN TỈNH QUẢNG NAM": "ỦY BAN NHÂN DÂN TỈNH",
    "BAN CHỈ ĐẠO CÁC CHƯƠNG TRÌNH MỤC TIÊU QUỐC GIA": "TRÌNH MỤC TIÊU QUỐC GIA",
}
"""A name, and the longest line that it makes in a cell of 66 mm."""


def lines_under(content: bytes) -> list[float]:
    """Millimetres of every line below the name, out of the width of its cell."""
    cell = Document(io.BytesIO(content)).tables[0].cell(0, 0)
    found = []
    for paragraph in cell.paragraphs:
        form = paragraph._p.pPr
        if form is not None and form.find(qn("w:pBdr")) is not None:
            sides = paragraph.paragraph_format
            assert sides.left_indent is not None
            assert sides.right_indent == sides.left_indent
            found.append((cell.width - 2 * sides.left_indent) / Mm(1))
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", NAMES)
def test_the_line_is_between_a_third_and_a_half_of_any_name(path: Path, name: str) -> None:
    found = lines_under(underlined(path.read_bytes(), NAME, name))
    long = width_mm(NAMES[name], 13, bold=True)
    assert found
    for line in found:
        assert long / 3 < line < long / 2, (line, long)


def test_a_line_that_belongs_to_another_name_stays() -> None:
    content = SHIPPED[0].read_bytes()
    assert underlined(content, "khong_co_ten_nay", "SỞ Y TẾ") == content


def test_margins_of_the_cell_are_no_room_for_the_name() -> None:
    made = Lawful(Document())
    table = made.file.add_table(1, 1)
    table.autofit = False
    cell = table.cell(0, 0)
    cell.width = Mm(66)
    write(cell.paragraphs[0], f"{{{{ {NAME} }}}}", 13, bold=True)
    ruled(cell.add_paragraph(), 3)
    stream = io.BytesIO()
    made.file.save(stream)
    (line,) = lines_under(underlined(stream.getvalue(), NAME, "BAN DÂN TỘC"))
    # Word keeps 1.9 mm on either side unless the table says otherwise, and a border begins behind it
    assert line - 2 * 1.905 == pytest.approx(0.4 * width_mm("BAN DÂN TỘC", 13, bold=True), abs=0.1)


def test_words_are_reworded_in_text_and_never_in_marks() -> None:
    content = SHIPPED[0].read_bytes()
    assert reworded(content, lambda text: text) == content
    shouted = Document(io.BytesIO(reworded(content, lambda text: text.replace("Nơi nhận", "Gửi"))))
    texts = [cell.text for table in shouted.tables for row in table.rows for cell in row.cells]
    assert any(text.startswith("Gửi:") for text in texts)
    assert not any("Nơi nhận" in text for text in texts)


@pytest.mark.parametrize("content", [b"", b"khong phai tep Word"])
def test_what_is_no_word_file_comes_back_as_it_is(content: bytes) -> None:
    assert reworded(content, str.upper) == content
    assert underlined(content, NAME, "SỞ Y TẾ") == content
