"""A Word file is read as it really looks: styles, defaults, theme fonts, lists, sections, drawn lines."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.shared import Pt

from generator.office.document import Document, Paragraph, Table, read_document
from generator.office.document_lists import counted
from generator.office.type_width import width_mm

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DRAWN = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def word(body: str, **parts: str) -> Document:
    kept = io.BytesIO()
    kinds = {"styles": "styles", "theme": "theme", "numbering": "numbering"}
    relations = "".join(
        f'<Relationship Id="r{name}" Type="http://x/{kinds[name]}" Target="{name}.xml"/>' for name in parts
    )
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr("word/document.xml", f"<w:document {SPACE}><w:body>{body}</w:body></w:document>")
        namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
        file.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{namespace}">{relations}</Relationships>')
        for name, part in parts.items():
            file.writestr(f"word/{name}.xml", part)
    read, faults = read_document(kept.getvalue(), "x.docx")
    assert faults == []
    assert read is not None
    return read


def first(read: Document) -> Paragraph:
    block = read.blocks[0]
    assert isinstance(block, Paragraph)
    return block


STYLES = f"""<w:styles {SPACE}>
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/><w:sz w:val="22"/>
</w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:styleId="Goc" w:default="1"><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Con"><w:basedOn w:val="Goc"/><w:rPr><w:sz w:val="28"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Vong"><w:basedOn w:val="Vong"/><w:rPr><w:caps/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Dam"><w:rPr><w:b/></w:rPr></w:style></w:styles>"""
THEME = f"""<a:theme {DRAWN}><a:themeElements><a:fontScheme><a:minorFont><a:latin typeface="Cambria"/></a:minorFont>
</a:fontScheme></a:themeElements></a:theme>"""


@pytest.mark.parametrize(
    ("paragraph", "run", "size", "bold", "fonts"),
    [
        ("", "", 11, True, ("Cambria",)),
        ('<w:pStyle w:val="Con"/>', "", 14, True, ("Cambria",)),
        ('<w:pStyle w:val="Con"/>', '<w:rStyle w:val="Dam"/>', 14, False, ("Cambria",)),
        ("", '<w:b w:val="0"/><w:sz w:val="26"/>', 13, False, ("Cambria",)),
        ("", '<w:rFonts w:ascii="Arial"/>', 11, True, ("Arial", "Cambria")),
        ('<w:pStyle w:val="Khong"/>', "", 11, False, ("Cambria",)),
    ],
)
def test_letters_look_as_the_styles_together_say(
    paragraph: str, run: str, size: float, bold: bool, fonts: tuple[str, ...]
) -> None:
    body = f"<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>chữ</w:t></w:r></w:p>"
    face = first(word(body, styles=STYLES, theme=THEME)).runs[0].face
    assert (face.size, face.bold, face.fonts) == (size, bold, fonts)


def test_capitals_of_a_format_are_read_as_capitals_even_where_a_style_is_based_on_itself() -> None:
    body = '<w:p><w:pPr><w:pStyle w:val="Vong"/></w:pPr><w:r><w:t>báo cáo</w:t></w:r></w:p>'
    assert first(word(body, styles=STYLES)).text == "BÁO CÁO"


def test_automatic_numbers_belong_to_the_text() -> None:
    level = '<w:lvl w:ilvl="{0}"><w:start w:val="1"/><w:numFmt w:val="{1}"/><w:lvlText w:val="{2}"/></w:lvl>'
    levels = level.format(0, "upperRoman", "%1.") + level.format(1, "lowerLetter", "%2)")
    numbering = (
        f'<w:numbering {SPACE}><w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    body = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="5"/></w:numPr></w:pPr></w:p>'
        for depth in (0, 1, 1, 0, 1)
    )
    read = word(body, numbering=numbering)
    assert [one.label for one in read.blocks if isinstance(one, Paragraph)] == ["I.", "a)", "b)", "II.", "a)"]


@pytest.mark.parametrize(
    ("count", "kind", "label"),
    [(4, "upperRoman", "IV"), (27, "lowerLetter", "aa"), (7, "decimalZero", "07"), (10**8, "lowerRoman", "mmmcmxcix")],
)
def test_numbers_are_written_as_word_writes_them(count: int, kind: str, label: str) -> None:
    assert counted(count, kind) == label


def test_places_are_counted_as_a_clerk_counts() -> None:
    made = docx.Document()
    made.add_paragraph("Một")
    table = made.add_table(2, 3)
    table.cell(1, 0).merge(table.cell(1, 1))
    table.cell(1, 2).text = "Ô"
    made.add_paragraph("Hai").paragraph_format.space_before = Pt(6)
    kept = io.BytesIO()
    made.save(kept)
    read, _ = read_document(kept.getvalue(), "x.docx")
    assert read is not None
    _, grid, closing = read.blocks
    assert isinstance(grid, Table)
    assert isinstance(closing, Paragraph)
    assert str(grid.rows[1][1].paragraphs[0].spot) == "Bảng 1, dòng 2, cột 3"
    assert (str(closing.spot), closing.shape.before) == ("đoạn 2", 6)


@pytest.mark.parametrize(
    ("text", "points", "millimetres"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, 95.7),
        ("Độc lập - Tự do - Hạnh phúc", 14, 60.5),
        ("BAN DÂN TỘC", 13, 31.8),
        ("SỞ DÂN TỘC VÀ TÔN GIÁO", 13, 60.5),
    ],
)
def test_widths_are_those_measured_on_paper(text: str, points: float, millimetres: float) -> None:
    assert width_mm(text, points, bold=True) == pytest.approx(millimetres, abs=0.1)
