"""Geometry: every fault that Word would repair is found with its place, and sound documents have none."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from lxml import etree

from generator.office.geometry import check_geometry
from generator.office.wordpart import cells_end_well

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
P = "<w:p/>"
FOOT = f'<w:ftr xmlns:w="{W}"><w:p><w:r><w:t>{{}}</w:t></w:r></w:p></w:ftr>'


def document(body: str, **parts: str) -> bytes:
    """A .docx with this body (`w:` is WordprocessingML, `wp:` its drawings) and further parts under word/."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        drawings = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{W}" xmlns:wp="{drawings}"><w:body>{body}</w:body></w:document>',
        )
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def cell(span: int = 1, merge: str = "", content: str = P) -> str:
    form = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    form += "<w:vMerge/>" if merge == "continue" else f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return f"<w:tc><w:tcPr>{form}</w:tcPr>{content}</w:tc>"


def row(*cells: str, form: str = "") -> str:
    return f"<w:tr><w:trPr>{form}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str, columns: int = 2) -> str:
    return f"<w:tbl><w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


HEAD = "<w:tblHeader/>"
TWO = row(cell(), cell())
FAULTS = {
    "too few columns": (table(TWO, row(cell())), "geometry.row_width", "Bảng 1, dòng 2"),
    "too many columns": (table(row(cell(2), cell())), "geometry.row_width", "Bảng 1, dòng 1"),
    "grid too short": (table(TWO, columns=1), "geometry.row_width", "Bảng 1, dòng 1"),
    "too few columns in a content control": (
        table(TWO, f"<w:sdt><w:sdtContent>{row(cell())}</w:sdtContent></w:sdt>"),
        "geometry.row_width",
        "Bảng 1, dòng 2",
    ),
    "left out before": (
        table(row(cell(), cell(), form='<w:gridBefore w:val="1"/>')),
        "geometry.row_width",
        "Bảng 1, dòng 1",
    ),
    "continuation without start": (
        table(TWO, row(cell(), cell(merge="continue"))),
        "geometry.orphan_merge",
        "Bảng 1, dòng 2, ô 2",
    ),
    "continuation beside its start": (
        table(row(cell(merge="restart"), cell()), row(cell(), cell(merge="continue"))),
        "geometry.orphan_merge",
        "Bảng 1, dòng 2, ô 2",
    ),
    "continuation of another width": (
        table(row(cell(2, "restart"), cell()), row(cell(merge="continue"), cell(2)), columns=3),
        "geometry.orphan_merge",
        "Bảng 1, dòng 2, ô 1",
    ),
    "cell without a paragraph": (
        table(row(cell(content=""), cell())),
        "geometry.cell_without_paragraph",
        "Bảng 1, dòng 1, ô 1",
    ),
    "cell that ends with a table": (
        table(row(cell(content=P + table(TWO)), cell())),
        "geometry.cell_without_paragraph",
        "Bảng 1, dòng 1, ô 1",
    ),
    "row without cells": (table(TWO, row()), "geometry.row_without_cells", "Bảng 1, dòng 2"),
    "table without rows": (P + table() + table(TWO), "geometry.table_without_rows", "Bảng 1"),
    "repeated row after a gap": (
        table(row(cell(), cell(), form=HEAD), TWO, row(cell(), cell(), form=HEAD)),
        "geometry.header_gap",
        "Bảng 1, dòng 3",
    ),
    "repeated row that cuts a merge": (
        table(row(cell(merge="restart"), cell(), form=HEAD), row(cell(merge="continue"), cell())),
        "geometry.header_gap",
        "Bảng 1, dòng 2",
    ),
    "two drawings of one id": (
        '<w:p><wp:docPr id="3" name="a"/></w:p><w:p><wp:docPr id="3" name="b"/></w:p>',
        "geometry.duplicate_id",
        "",
    ),
    "two bookmarks of one id": (
        '<w:p><w:bookmarkStart w:id="1" w:name="a"/><w:bookmarkStart w:id="1" w:name="b"/></w:p>',
        "geometry.duplicate_id",
        "",
    ),
    "tag in a cell": (
        table(TWO, row(cell(), cell(content="<w:p><w:r><w:t>{</w:t></w:r><w:r><w:t>{ x }</w:t></w:r></w:p>"))),
        "geometry.tag_left",
        "Bảng 1, dòng 2, cột 2",
    ),
    "tag in a paragraph": (
        f"{P}<w:p><w:r><w:t>Ban {{% if x %}}</w:t></w:r></w:p>",
        "geometry.tag_left",
        "đoạn 2",
    ),
}


@pytest.mark.parametrize(("body", "code", "spot"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found_with_its_place(body, code, spot):
    found = check_geometry(document(body), "bao-cao.docx")
    assert [(one.code, one.place.spot) for one in found] == [(code, spot)]
    assert found[0].place.file == "bao-cao.docx"


def test_a_tag_in_a_footer_is_found():
    found = check_geometry(document(P, footer1=FOOT.format("{{ nam }}")), "x.docx")
    assert [(one.code, one.place.spot) for one in found] == [("geometry.tag_left", "footer1, đoạn 1")]


def test_a_header_without_a_paragraph_is_found():
    found = check_geometry(document(P, header2=f'<w:hdr xmlns:w="{W}"/>'), "x.docx")
    assert [(one.code, one.place.spot) for one in found] == [("geometry.part_without_paragraph", "header2")]


SOUND = {
    "merged both ways": table(
        row(cell(2, "restart"), cell(), form=HEAD),
        row(cell(2, "continue"), cell(), form=HEAD),
        row(cell(), cell(), cell()),
        columns=3,
    ),
    "left out before and after": table(
        row(cell(), form='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'), columns=3
    ),
    "a table in a cell": table(row(cell(content=table(TWO) + P), cell())),
    "rows and cells in content controls": table(
        f"<w:sdt><w:sdtContent>{row(f'<w:sdt><w:sdtContent>{cell()}</w:sdtContent></w:sdt>', cell())}"
        "</w:sdtContent></w:sdt>"
    ),
    "a paragraph in a content control": table(
        row(cell(content=f"<w:sdt><w:sdtContent>{P}</w:sdtContent></w:sdt>"), cell())
    ),
    "all rows repeat": table(row(cell(), cell(), form=HEAD)),
    "single braces": "<w:p><w:r><w:t>{a} 50% {b}</w:t></w:r></w:p>",
}


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_a_sound_document_has_no_fault(body):
    assert check_geometry(document(body), "x.docx") == []


def test_what_python_docx_writes_is_sound():
    made = Document()
    grid = made.add_table(3, 4)
    grid.cell(0, 0).merge(grid.cell(1, 2))
    stream = io.BytesIO()
    made.save(stream)
    assert check_geometry(stream.getvalue(), "x.docx") == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "office.not_zip"),
        (b"PK\x03\x04 cut", "office.damaged"),
        (document("<w:p>"), "office.damaged"),
    ],
)
def test_what_cannot_be_opened_is_an_issue(content, code):
    assert [one.code for one in check_geometry(content, "x.docx")] == [code]


def test_a_part_that_was_parsed_already_is_judged_by_its_tree():
    tree = etree.fromstring(f'<w:document xmlns:w="{W}"><w:body>{table(TWO, row(cell()))}</w:body></w:document>')
    found = check_geometry(document(P), "x.docx", {"word/document.xml": tree})
    assert [one.code for one in found] == ["geometry.row_width"]


@pytest.mark.parametrize(
    ("content", "well"),
    [
        ("<w:tc><w:p/></w:tc><w:tc><w:tbl/><w:p><w:r/></w:p></w:tc>", True),
        ("<w:tc><w:p/></w:tc><w:tc><w:p/><w:tbl/></w:tc>", False),
        ("<w:tc><w:tcPr/></w:tc>", False),
        ("<w:tc><w:p/></w:tc><w:tc/>", False),
        ("<v:tc><v:p/></v:tc>", False),
        ("", False),
    ],
)
def test_cells_that_end_well_are_told_without_a_tree(content, well):
    assert cells_end_well(content.encode()) is well
