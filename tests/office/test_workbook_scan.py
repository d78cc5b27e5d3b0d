"""Scanning workbooks: equal to the fast reader and the second look on every plain workbook, silent on any other."""

from __future__ import annotations

import io
from datetime import date
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model import CellKey, RawSheet
from generator.office.package import open_package
from generator.office.workbook.address import address
from generator.office.workbook.opened import Seen
from generator.office.workbook.parts import workbook_parts
from generator.office.workbook.read import MAX_GRID, _read_any
from generator.office.workbook.scan import scan

MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"


def saved(cells: dict[str, object], formats: dict[str, str] | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for place, value in cells.items():
        sheet[place] = value  # type: ignore[assignment]
    for place, code in (formats or {}).items():
        sheet[place].number_format = code
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


SST = f'<sst {MAIN.decode()}><si><t>chữ</t></si><si><t xml:space="preserve"> a&amp;b </t></si></sst>'.encode()
BASE = saved({"A1": "chữ", "B1": 1, "C1": date(2025, 3, 14), "D1": "Trà"}, {"E1": "0.00", "F1": "hh:mm"})


def with_rows(rows: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    xml = b"<worksheet " + MAIN + b">" + before + b"<sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"
    return with_parts({SHEET: xml})


def with_parts(parts: dict[str, bytes]) -> bytes:
    package, _ = open_package(BASE, "")
    assert package is not None
    return package.replace({STRINGS: SST, **parts})


def scanned(content: bytes, most: int = MAX_GRID) -> tuple[Seen, ...] | None:
    package, _ = open_package(content, "")
    assert package is not None
    return scan(package, workbook_parts(package), most)


def read(content: bytes) -> tuple[Seen, ...]:
    package, _ = open_package(content, "")
    assert package is not None
    return _read_any(package, content, workbook_parts(package))


def same(content: bytes) -> RawSheet:
    """The first sheet as scanned, having seen that the fast reader finds the very same."""
    found = scanned(content)
    assert found is not None
    assert repr(found) == repr(read(content))
    return found[0].sheet


def cell(place: str, body: str, attributes: str = "") -> bytes:
    return f'<c r="{place}"{attributes}>{body}</c>'.encode()


def row(number: int, *cells: bytes) -> bytes:
    return b'<row r="%d" spans="1:9" x14ac:dyDescent="0.25">' % number + b"".join(cells) + b"</row>"


@pytest.mark.parametrize(
    ("body", "attributes", "expected"),
    [
        ("<v>12</v>", "", 12.0),
        ("<v>-1.5E3</v>", ' t="n"', -1500.0),
        ("<v>0</v>", ' t="s"', "chữ"),
        ("<v>1</v>", ' t="s"', " a&b "),
        ("<f>A2</f><v>ch&#7919;</v>", ' t="str"', "chữ"),
        ("<v>1</v>", ' t="b"', True),
        ("<v>0</v>", ' t="b"', False),
        ("<f>1+1</f><v>2</v>", "", 2.0),
        ('<f t="shared" ref="A1:A2" si="0">A2&gt;1</f><v>2</v>', "", 2.0),
        ('<f t="shared" si="0"/><v>2</v>', "", 2.0),
        ("<f>A2</f><v>a &amp; &lt;b&gt; &quot;c&quot; &apos;d&apos;</v>", ' t="str"', "a & <b> \"c\" 'd'"),
        ("<v>45730</v>", ' s="1"', date(2025, 3, 14)),
        ("<v>61</v>", ' s="1"', date(1900, 3, 1)),
    ],
)
def test_a_plain_cell_is_read_as_the_fast_reader_reads_it(body: str, attributes: str, expected: object) -> None:
    content = with_rows(row(2, b'<c r="A2" s="1"/>', cell("B2", body, attributes)))
    assert same(content).rows == (("", ""), ("", expected))


@pytest.mark.parametrize(
    ("body", "attributes", "is_uncalculated"),
    [
        ("<f>1+1</f>", "", True),
        ("<f>1+1</f><v></v>", "", True),
        ("<f>1+1</f><v></v>", ' t="str"', False),
        ("<f>1+1</f>", ' t="str"', True),
        ("<v></v>", "", False),
        ("", "", False),
    ],
)
def test_a_formula_without_a_result_is_told(body: str, attributes: str, is_uncalculated: bool) -> None:
    found = same(with_rows(row(3, cell("B3", body, attributes), cell("C3", "<v>1</v>"))))
    assert found.uncalculated == ({CellKey(3, 2)} if is_uncalculated else frozenset())


ODD_CELLS = [
    cell("A1", "<v>#N/A</v>", ' t="e"'),
    cell("A1", "<is><t>a</t></is>", ' t="inlineStr"'),
    cell("A1", "<v>45730.5</v>", ' s="1"'),
    cell("A1", "<v>60</v>", ' s="1"'),
    cell("A1", "<v>0.5</v>", ' s="3"'),
    cell("A1", "<v>99</v>", ' t="s"'),
    cell("A1", "<v>-1</v>", ' t="s"'),
    cell("A1", "<v>nan</v>"),
    cell("A1", "<v>1e999</v>"),
    cell("A1", "<v>1_0</v>"),
    cell("A1", "<v> 1</v>"),
    cell("A1", "<v>2</v>", ' t="b"'),
    cell("A1", "<v></v>", ' t="b"'),
    cell("A1", "<v>a &#10; b</v>", ' t="str"'),
    cell("A1", "<v> a</v>", ' t="str"'),
    cell("A1", "<v>_x000D_</v>", ' t="str"'),
    cell("A1", "<v>1</v>", ' s="99"'),
    cell("A1", "<v>1</v><v>2</v>"),
    cell("A1", "<!-- 2 --><v>1</v>"),
    cell("A1", "<v><![CDATA[1]]></v>"),
    cell("A1", "<x:v>1</x:v>"),
    cell("A1", "<v>1</v>", ' cm="1"'),
    b"<c><v>1</v></c>",
    b'<c t="n" r="A1"><v>1</v></c>',
    b"<c r='A1'><v>1</v></c>",
    b'<c r="A1"><v>1</v></c >',
    b'<x:c r="A1"><x:v>1</x:v></x:c>',
    b'<c r="XFD1"><v>1</v></c>',
    b'<c r="A10000"><v>1</v></c>',
    b'<c r="A0"><v>1</v></c>',
    b'<c r="A1"><v>1</v>',
    b'text<c r="A1"><v>1</v></c>',
]


@pytest.mark.parametrize("odd", ODD_CELLS)
def test_whatever_is_not_plain_is_left_to_the_fast_reader(odd: bytes) -> None:
    assert scanned(with_rows(row(1, odd))) is None


@pytest.mark.parametrize(
    "rows",
    [
        row(2, cell("A2", "<v>1</v>")) + row(1, cell("A1", "<v>1</v>")),
        cell("A1", "<v>1</v>"),
        b'<row r="1"><row r="2"></row></row>',
        row(1, cell("A1", "<v>1</v>")) + b"</sheetData><sheetData>" + row(2, cell("A2", "<v>1</v>")),
    ],
)
def test_rows_out_of_order_or_place_are_left_to_the_fast_reader(rows: bytes) -> None:
    assert scanned(with_rows(rows)) is None


@pytest.mark.parametrize(
    "strings",
    [
        "<si><r><t>a</t></r><r><t>b</t></r></si>",
        "<si><t>a</t><rPh><t>b</t></rPh></si>",
        "<si><t> a</t></si>",
        "<si><t>a&#10;b</t></si>",
        "<si><t>_x0041_</t></si>",
        "<si><t>a\rb</t></si>",
        "<si><t/></si>",
        "<si><t>a</t></si><!-- x -->",
    ],
)
def test_strings_that_readers_may_take_differently_are_not_plain(strings: str) -> None:
    sst = b"<sst " + MAIN + b">" + strings.encode() + b"</sst>"
    assert scanned(with_parts({STRINGS: sst})) is None


@pytest.mark.parametrize("most", [5, 11])
def test_grids_beyond_the_limit_are_left_to_who_refuses_them(most: int) -> None:
    content = with_rows(row(3, cell("D3", "<v>1</v>")))
    assert scanned(content, most) is None
    assert scanned(content, 12) is not None


def test_comments_before_or_after_the_cells_are_not_plain() -> None:
    rows = row(1, cell("A1", "<v>1</v>"))
    assert scanned(with_rows(rows, before=b"<!-- -->")) is None
    assert scanned(with_rows(rows, after=b"<!-- -->")) is None


def test_days_counted_from_1904_are_not_plain() -> None:
    package, _ = open_package(BASE, "")
    assert package is not None
    workbook = package.read("xl/workbook.xml").replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>')
    assert b"date1904" in workbook
    assert scanned(with_parts({"xl/workbook.xml": workbook})) is None


@pytest.mark.parametrize("code", ["dd/mm/yyyy", "yyyy-mm-dd", "d.m.yy", "#,##0", "0.00%", "@", "#,##0.##", "General"])
def test_formats_of_days_and_numbers_are_told_apart_as_the_fast_reader_does(code: str) -> None:
    assert same(saved({"A1": 45730, "B1": 7}, {"A1": code})).rows[0][1] == 7.0


@pytest.mark.parametrize("code", ["hh:mm", "[h]:mm", '0 "ngày"', "dd/mm/yyyy hh:mm", "[Red]0", "mmm", "#,##0;(#,##0)"])
def test_other_formats_are_not_plain_where_a_number_stands_in_them(code: str) -> None:
    assert scanned(saved({"A1": 45730}, {"A1": code})) is None
    assert scanned(saved({"A1": True}, {"A1": code})) is not None


TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
    st.sampled_from(["a\nb", " lề ", "&<>\"'", "_x000D_", "", "=A1", "Trà Don", "a\tb"]),
)
CONTENT = st.one_of(
    TEXTS,
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**15), 10**15),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)


def written(raw: object, place: str, strings: list[str]) -> bytes:
    """A cell as Excel writes it; texts go into `strings`."""
    if isinstance(raw, str):
        strings.append(raw)
        return cell(place, f"<v>{len(strings) - 1}</v>", ' t="s"')
    if isinstance(raw, bool):
        return cell(place, f"<v>{raw:d}</v>", ' t="b"')
    if isinstance(raw, date):
        return cell(place, f"<v>{(raw - date(1899, 12, 30)).days}</v>", ' s="1"')
    return cell(place, f"<v>{raw!r}</v>")


@given(st.dictionaries(st.tuples(st.integers(1, 12), st.integers(1, 30)), CONTENT, max_size=12), st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_scan_equals_what_the_fast_reader_finds(cells: dict[tuple[int, int], object], kept: bool) -> None:
    strings: list[str] = []
    rows = b"".join(
        row(line, *(written(raw, address(*place), strings) for place, raw in sorted(cells.items()) if place[0] == line))
        for line in sorted({line for line, _ in cells})
    )
    opening = '<si><t xml:space="preserve">' if kept else "<si><t>"
    sst = "".join(f"{opening}{escape(text)}</t></si>" for text in strings)
    parts = {SHEET: b"<worksheet " + MAIN + b"><sheetData>" + rows + b"</sheetData></worksheet>"}
    content = with_parts({**parts, STRINGS: f"<sst {MAIN.decode()}>{sst}</sst>".encode()})
    found = scanned(content)
    assert found is None or repr(found) == repr(read(content))
    plain = ((isinstance(raw, str) and raw.isalpha()) or isinstance(raw, int) for raw in cells.values())
    assert found is not None or not all(plain)
