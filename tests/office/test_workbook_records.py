"""What programs at hand do not write, record by record and tag by tag: .ods, .xlsb and .xls made by hand."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Iterable
from datetime import date, datetime

import pytest

from generator.issues import has_errors
from generator.model import CellKey, Raw, RawSheet
from generator.office.package import open_package
from generator.office.workbook.read import read_workbook


def first(content: bytes) -> RawSheet:
    workbook, issues = read_workbook(content, "a.xlsx")
    assert workbook is not None, issues
    return workbook.sheets[0]


def codes(content: bytes) -> list[str]:
    began = time.process_time()
    workbook, issues = read_workbook(content, "a.xlsx")
    assert (workbook is None) == has_errors(issues)
    assert time.process_time() - began < 3  # two seconds, on a machine that is busy with other work too
    return [found.code for found in issues]


def seen(content: bytes) -> tuple[tuple[tuple[Raw, ...], ...], dict[CellKey, str], set[CellKey]]:
    sheet = first(content)
    return sheet.rows, dict(sheet.errors), set(sheet.uncalculated)


# --- .ods -----------------------------------------------------------------------------------

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()


def ods_of(tables: str, styles: str = "", head: str = "", mimetype: str = SPREADSHEET, **parts: str) -> bytes:
    xml = (
        f"{head}<office:document-content {SPACES} {CALC}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": mimetype, "content.xml": xml, **parts})


def ods(rows: str) -> bytes:
    return ods_of(f'<table:table table:name="A">{rows}</table:table>')


def row(cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{cells}</table:table-row>"


def typed(kind: str, more: str = "", text: str = "") -> str:
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell office:value-type="{kind}" {more}>{shown}</table:table-cell>'


def words(inside: str) -> str:
    return f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'


ONE = typed("float", 'office:value="1"')


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (typed("float", 'office:value="-1.5e3"'), -1500.0),
        (typed("percentage", 'office:value="0.125"', "12,5%"), 0.125),
        (typed("currency", 'office:currency="VND" office:value="500"', "500 đ"), 500.0),
        (typed("float", 'office:value="mười"', "mười"), "mười"),
        (typed("float", 'office:value="1"', "TRUE"), True),
        (typed("boolean", 'office:boolean-value="false"'), False),
        (typed("date", 'office:date-value="2025-03-14"'), date(2025, 3, 14)),
        (typed("date", 'office:date-value="2025-03-14T00:00:00"'), date(2025, 3, 14)),
        (typed("date", 'office:date-value="2025-03-14T07:30:00.5Z"'), datetime.fromisoformat("2025-03-14T07:30:00")),
        (typed("date", 'office:date-value="2025-02-30"', "30/2/2025"), "30/2/2025"),
        (typed("time", 'office:time-value="PT07H30M00S"'), "07:30:00"),
        (typed("time", 'office:time-value="PT36H00M00.000S"'), "1 day, 12:00:00"),
        (typed("string", 'office:string-value="nghĩa" table:formula="of:=A1"', "chữ"), "nghĩa"),
        (words("<text:p>một</text:p><text:p/><text:p>hai</text:p>"), "một\n\nhai"),
        (words("<text:p> a\n  b<text:s text:c='3'/>c<text:tab/>d<text:line-break/>e </text:p>"), "a b   c\td\ne"),
        (words("<text:p>xã <text:span>Trà <text:a>Don</text:a></text:span></text:p>"), "xã Trà Don"),
        (words("<office:annotation><text:p>ghi chú</text:p></office:annotation><text:p>x</text:p>"), "x"),
        (words("<text:p>x<text:note><text:p>chú</text:p></text:note></text:p>"), "x"),
        ("<table:covered-table-cell office:value-type='float' office:value='3'/>", 3.0),
    ],
)
def test_ods_cells_are_read_by_their_type(cell: str, value: Raw) -> None:
    assert seen(ods(row(cell))) == (((value,),), {}, set())


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        (typed("string", 'calcext:value-type="error" table:formula="of:=1/0"', "#DIV/0!"), "#DIV/0!"),
        (typed("string", 'calcext:value-type="error" table:formula="of:=x"', "Err:508"), "Err:508"),
        (typed("string", 'table:formula="of:=1/0" office:string-value=""', "#N/A"), "#N/A"),
        (typed("error", "", ""), "#UNKNOWN!"),
        (typed("float", 'office:value="0" table:formula="of:=1/0"', "#REF!"), "#REF!"),
    ],
)
def test_ods_errors_are_told(cell: str, error: str) -> None:
    assert seen(ods(row("<table:table-cell/>" + cell))) == ((), {CellKey(1, 2): error}, set())


def test_an_ods_formula_without_a_result_is_told_and_one_with_an_empty_text_is_not() -> None:
    formula = '<table:table-cell table:formula="of:=A1">{}</table:table-cell>'
    assert seen(ods(row(formula.format("") + formula.format("<text:p/>")))) == ((), {}, {CellKey(1, 1)})


def test_ods_repeats_stand_for_as_many_cells() -> None:
    rows = (
        row("<table:table-cell table:number-columns-repeated='16384'/>", 'table:number-rows-repeated="2"')
        + row("<table:table-cell table:number-columns-repeated='2'/>" + ONE, 'table:number-rows-repeated="2"')
        + "<table:table-header-rows>"
        + row(typed("float", 'office:value="2" table:number-columns-repeated="2"'))
        + f"</table:table-header-rows><table:table-row-group><table:table-row-group>{row(ONE)}"
        + "</table:table-row-group></table:table-row-group>"
        + row("<table:table-cell/>", 'table:number-rows-repeated="1048570"')
    )
    empty, filled = ("", "", ""), ("", "", 1.0)
    assert first(ods(rows)).rows == (empty, empty, filled, filled, (2.0, 2.0, ""), (1.0, "", ""))


def test_only_the_cells_of_the_sheets_are_read() -> None:
    table = f'<table:table table:name="{{}}">{row(ONE)}</table:table>'
    elsewhere = (
        f"<table:tracked-changes>{row(ONE)}</table:tracked-changes><table:shapes>{table.format('S')}</table:shapes>"
    )
    links = f"<table:dde-links><table:dde-link>{table.format('D')}</table:dde-link></table:dde-links>"
    hidden = '<style:style style:name="an"><style:table-properties table:display="false"/></style:style>'
    shown = table.format('B" table:style-name="an')
    workbook, _ = read_workbook(ods_of(elsewhere + table.format("A") + shown + links, hidden), "a")
    assert workbook is not None
    assert [(sheet.name, sheet.visible, sheet.rows) for sheet in workbook.sheets] == [
        ("A", True, ((1.0,),)),
        ("B", False, ((1.0,),)),
    ]


MOST = 'table:number-{}-repeated="{}"'
FULL = typed("float", 'office:value="1" ' + MOST.format("columns", 16384))
WRONG = typed("error", MOST.format("columns", 16384))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ods(row(FULL, MOST.format("rows", 1048576))), "office.too_large"),
        (ods(row(FULL, MOST.format("rows", "9" * 30))), "office.too_large"),
        (ods(row(FULL) * 400), "office.too_large"),
        (ods(row(WRONG, MOST.format("rows", 300))), "office.too_large"),
        (ods(row("", MOST.format("rows", 1048576)) + row(ONE)), "office.too_large"),
        (ods(row(f"<table:table-cell {MOST.format('columns', 16384)}/>{ONE}")), "office.too_large"),
        (ods(row(ONE * 400_000)), "office.too_large"),
        (ods("<text:p>" * 100_000), "office.unreadable"),
        (ods_of("", head='<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "office.unsafe"),
        (ods_of(""), "office.unreadable"),
        (ods_of('<table:table table:name="A"/><table:table table:name="a"/>'), "office.unreadable"),
        (ods_of("", mimetype="application/vnd.oasis.opendocument.text"), "office.not_workbook"),
        (ods_of("", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "office.encrypted"),
        (zipped({"mimetype": SPREADSHEET, "content.xml": " " * 100_000_000}), "office.unsafe"),
    ],
)
def test_an_ods_that_is_a_bomb_or_no_sense_is_refused(content: bytes, code: str) -> None:
    assert codes(content) == [code]


@pytest.mark.parametrize("count", [1, 300])
def test_an_ods_may_have_many_sheets(count: int) -> None:
    tables = "".join(f'<table:table table:name="S{place}">{row(ONE)}</table:table>' for place in range(count))
    assert codes(ods_of(tables)) == []


# --- .xlsb ----------------------------------------------------------------------------------


def record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size = len(body)
    while size > 127:
        head, size = head + bytes([size & 127 | 128]), size >> 7
    return head + bytes([size]) + body


def wide(text: str) -> bytes:
    return struct.pack("<L", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def cell(kind: int, column: int, value: bytes, style: int = 0) -> bytes:
    return record(kind, struct.pack("<LL", column, style) + value)


def line(number: int) -> bytes:
    return record(0, struct.pack("<L", number) + bytes(13))


RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
STYLES = (
    record(44, struct.pack("<H", 164) + wide("dd/mm/yyyy"))
    + record(617, bytes(4))
    + b"".join(record(47, struct.pack("<HH", 0, number)) for number in (0, 164, 46, 10))
    + record(618)
)


def xlsb(cells: bytes, names: Iterable[str] = ("A",), settings: int = 0) -> bytes:
    sheets = list(names)
    book = record(153, struct.pack("<LL", settings, 0)) + b"".join(
        record(156, struct.pack("<LL", number % 2, number) + wide(f"r{number}") + wide(name))
        for number, name in enumerate(sheets)
    )
    links = "".join(
        f'<Relationship Id="r{number}" Type="{RELATION}" Target="worksheets/s{number}.bin"/>'
        for number in range(len(sheets))
    )
    texts = record(19, b"\0" + wide("xã Trà Don")) + record(19, b"\1" + wide("hai\ndòng") + bytes(8))
    return zipped(
        {
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f"<Relationships>{links}</Relationships>",
            "xl/styles.bin": STYLES,
            "xl/sharedStrings.bin": texts,
            **{f"xl/worksheets/s{number}.bin": cells for number in range(len(sheets))},
        }
    )


DOUBLE = struct.Struct("<d").pack
FLAGS = struct.Struct("<H").pack


@pytest.mark.parametrize(
    ("cells", "rows", "errors", "uncalculated"),
    [
        (cell(2, 0, struct.pack("<l", -150 << 2 | 2)), ((-150.0,),), {}, set()),
        (cell(2, 0, struct.pack("<L", 12345 << 2 | 3)), ((123.45,),), {}, set()),
        (cell(5, 1, DOUBLE(0.1)), (("", 0.1),), {}, set()),
        (cell(5, 0, DOUBLE(45730), 1), ((date(2025, 3, 14),),), {}, set()),
        (cell(5, 0, DOUBLE(1.5), 2), (("1 day, 12:00:00",),), {}, set()),
        (cell(5, 0, DOUBLE(0.125), 3), ((0.125,),), {}, set()),
        (cell(4, 0, b"\1"), ((True,),), {}, set()),
        (cell(7, 0, struct.pack("<L", 1)), (("hai\ndòng",),), {}, set()),
        (cell(6, 0, wide("xã 🏠")), (("xã 🏠",),), {}, set()),
        (cell(62, 0, b"\1" + wide("đậm")), (("đậm",),), {}, set()),
        (cell(3, 2, b"\x07"), (), {(1, 3): "#DIV/0!"}, set()),
        (cell(11, 0, b"\x17" + FLAGS(0)), (), {(1, 1): "#REF!"}, set()),
        (cell(3, 0, b"\xee"), (), {(1, 1): "#UNKNOWN!"}, set()),
        (cell(8, 0, wide("kết quả") + FLAGS(0)), (("kết quả",),), {}, set()),
        (cell(8, 0, wide("") + FLAGS(0)), (), {}, set()),
        (cell(8, 0, wide("") + FLAGS(2)), (), {}, {(1, 1)}),
        (cell(9, 0, DOUBLE(3) + FLAGS(0)), ((3.0,),), {}, set()),
        (cell(10, 0, b"\0" + FLAGS(0)), ((False,),), {}, set()),
        (cell(1, 3, b"") + record(14, bytes(4) + b"\x2a"), (), {(1, 5): "#N/A"}, set()),
        (record(12, bytes(4)) + record(16, bytes(4) + DOUBLE(9)), (("", 9.0),), {}, set()),
    ],
)
def test_xlsb_cells_are_read_record_by_record(
    cells: bytes, rows: object, errors: dict[tuple[int, int], str], uncalculated: set[tuple[int, int]]
) -> None:
    assert seen(xlsb(line(0) + cells)) == (rows, errors, uncalculated)


def test_xlsb_days_may_count_from_1904_and_its_sheets_may_be_hidden() -> None:
    workbook, _ = read_workbook(xlsb(line(0) + cell(5, 0, DOUBLE(45730 - 1462), 1), ("A", "Ẩn"), 1), "a")
    assert workbook is not None
    assert [(sheet.name, sheet.visible) for sheet in workbook.sheets] == [("A", True), ("Ẩn", False)]
    assert workbook.sheets[0].rows == ((date(2025, 3, 14),),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (xlsb(line(1_048_575) + cell(5, 16_383, DOUBLE(1))), "cell.not_read"),
        (xlsb(line(0xFFFFFFF0) + cell(5, 0, DOUBLE(1))), "office.unreadable"),
        (xlsb(line(0) + cell(5, 16_384, DOUBLE(1))), "office.unreadable"),
        (xlsb(cell(5, 0, DOUBLE(1))), "office.unreadable"),
        (xlsb(line(0) + cell(5, 0, b"")), "office.unreadable"),
        (xlsb(line(0) + cell(5, 0, DOUBLE(1), 99)), "office.unreadable"),
        (xlsb(line(0) + cell(7, 0, b"\xff\xff\0\0")), "office.unreadable"),
        (xlsb(line(0) + cell(6, 0, b"\xff\xff\xff\x7f")), "office.unreadable"),
        (xlsb(line(0) + record(12, bytes(4)) * 20_000), "office.unreadable"),
        (xlsb((line(0) + record(12, bytes(4)) * 9) * 31_000), "office.too_large"),
        (xlsb(b"\x05\xff\xff\xff\x7f"), "office.unreadable"),
        (xlsb(b"", ("A", "a")), "office.unreadable"),
    ],
)
def test_an_xlsb_that_is_a_bomb_or_no_sense_is_refused(content: bytes, code: str) -> None:
    assert codes(content) == [code]


def test_an_xlsb_that_lacks_its_sheet_is_unreadable() -> None:
    package, _ = open_package(xlsb(b""), "")
    assert package is not None
    assert codes(package.replace({"xl/worksheets/s0.bin": None})) == ["office.unreadable"]
