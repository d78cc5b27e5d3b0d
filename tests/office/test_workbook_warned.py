"""What is told of a workbook that is read: cells far off, links, macros; and what only bears a workbook's name."""

from __future__ import annotations

import io
import struct
from time import process_time

import openpyxl
import pytest
import test_workbook_read as xlsx
import test_workbook_records as new
import test_workbook_xls as old

from generator.office.package import open_package
from generator.office.workbook.read import read_workbook


def told(content: bytes) -> list[tuple[str, str]]:
    """Code and cell of each issue of a workbook that is read."""
    workbook, issues = read_workbook(content, "a.xlsx")
    assert workbook is not None, issues
    return [(one.code, one.place.cell) for one in issues]


# --- sheets that reach far ------------------------------------------------------------------


FAR = (b'<c r="XFD1048576"><v>1.5</v></c>', b'<c r="XFD1048576" t="inlineStr"><is><t>gh\xc3\xac</t></is></c>')


@pytest.mark.parametrize(("cell", "shown"), [*zip(FAR, ("1.5", "ghì"), strict=True)])
@pytest.mark.parametrize("before", [True, False])
def test_a_note_far_off_is_told_by_its_cell_and_the_sheet_is_read(cell: bytes, shown: str, before: bool) -> None:
    rows = [b'<row r="1"><c r="A1"><v>1</v></c></row>', b'<row r="1048576">' + cell + b"</row>"]
    workbook, issues = read_workbook(xlsx.with_rows(b"".join(reversed(rows) if before else rows)), "a.xlsx")
    assert workbook is not None
    assert workbook.sheets[0].rows == ((1.0,),)
    assert [(one.code, one.place.cell, one.params["value"]) for one in issues] == [
        ("cell.not_read", "XFD1048576", shown)
    ]


def test_a_million_formatted_empty_rows_are_read_in_a_moment() -> None:
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (n, n, n) for n in range(2, 300_001))
    began = process_time()
    found = xlsx.first(xlsx.with_rows(b'<row r="1"><c r="A1"><v>1</v></c></row>' + empty))
    assert found.rows == ((1.0,),)
    assert process_time() - began < 3


LINKED = (
    ("[1]Sheet1!A1", True),
    ("'[2]S&amp;ổ 1'!B2*2", True),
    ("'file:///C:\\a\\[b.xlsx]S'!A1", True),
    ("'C:\\a\\[b.xlsx]S'!A1", True),
    ("cmd|'/c calc'!A1", True),
    ("SUM(A1:A3)", False),
    ("Bang[so_luong]*2", False),
    ('IF(A1="a|b",1,2)', False),
)


@pytest.mark.parametrize("prologue", [b"", b"<!-- x -->"])
@pytest.mark.parametrize(("formula", "outside"), LINKED)
def test_a_formula_that_looks_into_another_file_is_told(formula: str, outside: bool, prologue: bytes) -> None:
    row = b'<row r="1"><c r="A1"><f>' + formula.encode() + b"</f><v>7</v></c></row>"
    workbook, issues = read_workbook(xlsx.with_rows(prologue + row), "a.xlsx")
    assert workbook is not None
    assert workbook.sheets[0].rows == ((7.0,),)
    assert [(one.code, one.place.cell) for one in issues] == ([("office.linked_cell", "A1")] if outside else [])


# --- formulas that look into other files ----------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "outside"),
    [
        ("of:=['file:///C:/so/khac.ods'#$S.A1]", True),
        ("of:=['../khac.ods'#$'Trang 1'.B2]*2", True),
        ("of:=[1]Sheet1![.A1]", True),
        ("of:=DDE(&quot;soffice&quot;;&quot;file:///a.ods&quot;;&quot;A1&quot;)", True),
        ("of:=SUM([.A1:.A3])", False),
        ("of:=[$'S #2'.A1]", False),
    ],
)
def test_an_ods_formula_that_looks_into_another_file_is_told(formula: str, outside: bool) -> None:
    cell = new.typed("float", f'office:value="7" table:formula="{formula}"', "7")
    assert told(new.ods(new.row(cell))) == ([("office.linked_cell", "A1")] if outside else [])


OWN, OTHER = struct.pack("<2H", 1, 0x401), struct.pack("<2H", 1, 5) + b"\0khac.xls"
LINKS = struct.pack("<H", 2) + struct.pack("<3h", 0, 0, 0) + struct.pack("<3h", 1, 0, 0)
"""Two lines: number 0 leads into this workbook, number 1 into the other one."""


@pytest.mark.parametrize(("link", "outside"), [(0, False), (1, True)])
@pytest.mark.parametrize("token", [b"\x3a", b"\x5a", b"\x7b"])
def test_an_xls_formula_that_looks_into_another_file_is_told(token: bytes, link: int, outside: bool) -> None:
    tokens = token + struct.pack("<3H", link, 0, 0)
    formula = old.record(0x06, old.at(0) + old.double(7) + bytes(6) + struct.pack("<H", len(tokens)) + tokens)
    book = old.record(0x1AE, OWN) + old.record(0x1AE, OTHER) + old.record(0x17, LINKS)
    content = old.compound({"Workbook": old.stream(formula, book)})
    assert told(content) == ([("office.linked_cell", "A1")] if outside else [])


@pytest.mark.parametrize(("link", "outside"), [(0, False), (1, True)])
def test_an_xlsb_formula_that_looks_into_another_file_is_told(link: int, outside: bool) -> None:
    tokens = b"\x5a" + struct.pack("<HLH", link, 0, 0)
    formula = new.cell(9, 0, new.DOUBLE(7) + new.FLAGS(0) + struct.pack("<L", len(tokens)) + tokens)
    links = struct.pack("<L", 2) + struct.pack("<3l", 0, 0, 0) + struct.pack("<3l", 1, 0, 0)
    package, _ = open_package(new.xlsb(new.line(0) + formula), "")
    assert package is not None
    book = package.read("xl/workbook.bin") + new.record(357) + new.record(355, b"\0" * 8) + new.record(362, links)
    assert told(package.replace({"xl/workbook.bin": book})) == ([("office.linked_cell", "A1")] if outside else [])


def test_links_of_hidden_sheets_are_nobodys_answer_and_very_many_are_not_told_one_by_one() -> None:
    rows = "".join(
        new.row(new.typed("float", "office:value='1' table:formula=\"of:=['file:///a.ods'#$S.A1]\"", "1"))
        for _ in range(1_500)
    )
    hidden = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    tables = f'<table:table table:name="A">{rows}</table:table>'
    concealed = f'<table:table table:name="B" table:style-name="h">{rows}</table:table>'
    assert len(told(new.ods_of(tables + concealed, hidden))) == 1_000


# --- macros ---------------------------------------------------------------------------------


def _plain() -> bytes:
    saved = io.BytesIO()
    openpyxl.Workbook().save(saved)
    return saved.getvalue()


def test_macros_are_noted_in_every_format_that_may_carry_them() -> None:
    package, _ = open_package(_plain(), "")
    assert package is not None
    assert told(package.replace({"xl/vbaProject.bin": b"x"})) == [("office.macros", "")]
    package, _ = open_package(new.xlsb(new.line(0)), "")
    assert package is not None
    assert told(package.replace({"xl/vbaProject.bin": b"x"})) == [("office.macros", "")]
    assert told(new.ods_of('<table:table table:name="A"/>', **{"Basic/Standard/Module1.xml": "x"})) == [
        ("office.macros", "")
    ]
    assert told(new.ods_of('<table:table table:name="A"/>', **{"Basic/script-lc.xml": "x"})) == []


# --- what only bears the name ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "tệp rỗng, không có nội dung"),
        (b"\0" * 900, "tệp rỗng, không có nội dung"),
        ("<html><body><table><tr><td>Số liệu</td></tr></table></body></html>".encode(), "trang web (HTML)"),
        (b'\xef\xbb\xbf<!DOCTYPE html PUBLIC "x"><HTML>', "trang web (HTML)"),
        ("<html><table>xã</table></html>".encode("utf-16"), "trang web (HTML)"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "trang web lưu thành một tệp (MHT) hoặc thư"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "bảng tính XML đời 2003"),
        (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "bảng tính XML đời 2003"),
        (
            b'<office:document xmlns:office="x" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>',
            "bảng tính OpenDocument dạng một tệp XML (.fods)",
        ),
        (b"<?xml version='1.0'?><a/>", "tệp XML"),
        ("STT;Đơn vị;Số liệu\n1;Sở (minh họa);3\n".encode(), "văn bản CSV"),
        (b"a\tb\tc\r\n", "văn bản CSV"),
        (b"%PDF-1.7", "tệp PDF"),
        (b"\xff\xd8\xff\xe0", "ảnh chụp"),
        (b"Rar!\x1a\x07", "tệp nén RAR"),
        (b"{\\rtf1", "văn bản RTF"),
    ],
)
def test_what_only_bears_the_name_of_a_workbook_is_told_for_what_it_is(content: bytes, kind: str) -> None:
    workbook, issues = read_workbook(content, "a.xls")
    assert workbook is None
    assert [(one.code, one.params.get("kind")) for one in issues] == [("office.other_kind", kind)]


def test_bytes_that_nobody_knows_are_no_office_file() -> None:
    workbook, issues = read_workbook(b"\x01\x02\x03\x00" * 99, "a.xls")
    assert workbook is None
    assert [one.code for one in issues] == ["office.not_zip"]
