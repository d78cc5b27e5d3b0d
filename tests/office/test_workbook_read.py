"""Reading workbooks: every value openpyxl wrote, what the fast reader hides, and hostile files refused."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from generator.issues import has_errors
from generator.model import CellKey, RawSheet
from generator.office.package import open_package
from generator.office.workbook.address import address, parse_address
from generator.office.workbook.look import look
from generator.office.workbook.read import OpenedWorkbook, read_workbook

MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def saved(workbook: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def workbook_of(cells: dict[str, object], title: str = "Hoạt động") -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for place, value in cells.items():
        sheet[place] = value  # type: ignore[assignment]
    return saved(workbook)


PLAIN = workbook_of({"A1": 1, "B2": "x"})


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    package, _ = open_package(content, "")
    assert package is not None
    return package.replace(parts)


def with_rows(rows: bytes, head: bytes = b"<worksheet " + MAIN + b">") -> bytes:
    xml = head + b"<sheetData>" + rows + b"</sheetData></worksheet>"
    return with_parts(PLAIN, {"xl/worksheets/sheet1.xml": xml})


def opened(content: bytes) -> OpenedWorkbook:
    workbook, issues = read_workbook(content, "a.xlsx")
    assert [str(found.code) for found in issues] == []
    assert workbook is not None
    return workbook


def first(content: bytes) -> RawSheet:
    return opened(content).sheets[0]


def codes(content: bytes) -> list[str]:
    workbook, issues = read_workbook(content, "a.xlsx")
    assert (workbook is None) == has_errors(issues)
    return [found.code for found in issues]


# --- values ---------------------------------------------------------------------------------


MIDNIGHT = datetime.fromisoformat("1950-01-01")
CONTENTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(-1e300, 1e300),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_\ufffe\uffff"), min_size=1, max_size=30
    ),
    st.sampled_from(["  đầu dòng", "hai\ndòng", "Đoa\u0300n", "1e5", "'", '<&>"', "\u00a0"]),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.datetimes(MIDNIGHT, MIDNIGHT.replace(year=2100)).map(lambda moment: moment.replace(microsecond=0)),
).filter(lambda content: not (isinstance(content, str) and content.startswith("=")))


def shown(value: object) -> object:
    """A value as both readers give it: a date at midnight may come as either, whole numbers as either."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return pytest.approx(value, rel=1e-14)
    return "" if value is None else value


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(1, 12), st.integers(1, 30)), CONTENTS, max_size=25))
def test_every_value_is_read_as_openpyxl_wrote_it(cells: dict[tuple[int, int], object]) -> None:
    sheet = first(workbook_of({address(row, column): value for (row, column), value in cells.items()}))
    found = {
        (row, column): value
        for row, values in enumerate(sheet.rows, 1)
        for column, value in enumerate(values, 1)
        if value != ""
    }
    wanted = {place: value for place, value in cells.items() if value is not None}
    assert found.keys() == wanted.keys()
    for place, value in wanted.items():
        assert shown(found[place]) == shown(value)
        assert isinstance(found[place], bool) == isinstance(value, bool)


def test_rows_begin_at_a1_and_end_at_the_last_value() -> None:
    content = with_rows(
        b'<row r="2"><c r="B2"><v>5</v></c><c r="D2" t="inlineStr"><is><t></t></is></c></row>'
        b'<row r="9"><c r="Z9" s="0"/></row>'
    )
    assert first(content).rows == (("", ""), ("", 5.0))
    assert first(with_rows(b"")).rows == ()


def test_a_time_or_a_duration_is_read_as_text() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = 0.3125, 1.5
    sheet["A1"].number_format, sheet["B1"].number_format = "hh:mm", "[h]:mm"
    assert first(saved(workbook)).rows == (("07:30:00", "1 day, 12:00:00"),)


def test_sheets_keep_their_order_names_and_visibility_and_chart_sheets_are_left_out() -> None:
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Ẩn & khuất").sheet_state = "hidden"
    workbook.create_chartsheet("Biểu đồ", 1)
    workbook.create_sheet("Cuối").sheet_state = "veryHidden"
    workbook["Cuối"]["A1"] = 3
    workbook["Ẩn & khuất"]["A1"] = 2
    sheets = opened(saved(workbook)).sheets
    assert [(sheet.name, sheet.visible) for sheet in sheets] == [
        ("Sheet", True),
        ("Ẩn & khuất", False),
        ("Cuối", False),
    ]
    assert [sheet.rows for sheet in sheets] == [(), ((2.0,),), ((3.0,),)]


def test_names_and_custom_properties_are_read() -> None:
    workbook = openpyxl.Workbook()
    workbook.defined_names["KN_BIEU"] = DefinedName("KN_BIEU", attr_text="Sheet!$A$1")
    workbook["Sheet"].defined_names["RIENG"] = DefinedName("RIENG", attr_text="Sheet!$B$1")
    workbook.custom_doc_props.append(StringProperty(name="Đơn vị", value="DV-0001 & Cty"))  # type: ignore[attr-defined]
    found = opened(saved(workbook))
    assert found.names == {"KN_BIEU": "Sheet!$A$1"}
    assert found.properties == {"Đơn vị": "DV-0001 & Cty"}


# --- what the fast reader hides -------------------------------------------------------------


SECOND_LOOK = [
    (b'<row r="3"><c r="B3" t="e"><v>#REF!</v></c></row>', {(3, 2): "#REF!"}, set()),
    (b'<row r="3"><c r="B3" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>', {(3, 2): "#DIV/0!"}, set()),
    (b"<row r='3'><c t='e' r='B3'><v>#N/A</v></c></row>", {(3, 2): "#N/A"}, set()),
    (b'<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row>', {(1, 2): "#N/A"}, set()),
    (b'<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c><c r="B1"><v>2</v></c></row>', {(1, 1): "#SPILL!"}, set()),
    (b'<row r="1"><c r="A1" t="str"><f>B1</f><v>t="e" #</v></c></row>', {}, set()),
    (b'<row r="1"><c r="A1"><f>B1</f></c></row>', {}, {(1, 1)}),
    (b'<row r="1"><c r="A1"><f>B1</f><v></v></c></row>', {}, {(1, 1)}),
    (b'<row r="1"><c r="A1"><f>B1</f><v/></c></row>', {}, {(1, 1)}),
    (b'<row r="1"><c r="A1"><f>B1</f><v>0</v></c></row>', {}, set()),
    (b'<row r="1"><c r="A1" t="str"><f>""</f><v></v></c></row>', {}, set()),
    (b'<row r="1"><c r="A1" t="str"><f>""</f></c></row>', {}, {(1, 1)}),
    (
        b'<row r="1"><c r="A1"><f t="shared" si="0">C1</f><v>1</v></c><c r="B1"><f t="shared" si="0"/></c></row>',
        {},
        {(1, 2)},
    ),
    (b'<row r="1"><!-- <c r="A1" t="e"> --><c r="B1"><v>1</v></c></row>', {}, set()),
]


@pytest.mark.parametrize(("rows", "errors", "uncalculated"), SECOND_LOOK)
@pytest.mark.parametrize("prefix", [False, True])
def test_error_cells_and_formulas_without_a_result_are_told(
    rows: bytes, errors: dict[tuple[int, int], str], uncalculated: set[tuple[int, int]], prefix: bool
) -> None:
    content = with_rows(rows)
    if prefix:
        xml = b"<x:worksheet xmlns:x=" + MAIN[6:] + b"><x:sheetData>" + rows + b"</x:sheetData></x:worksheet>"
        for tag in (b"row", b"c ", b"c>", b"v", b"f"):
            xml = xml.replace(b"<" + tag, b"<x:" + tag).replace(b"</" + tag, b"</x:" + tag)
        content = with_parts(PLAIN, {"xl/worksheets/sheet1.xml": xml})
    sheet = first(content)
    assert sheet.errors == {CellKey(*place): text for place, text in errors.items()}
    assert sheet.uncalculated == {CellKey(*place) for place in uncalculated}


def test_formulas_that_openpyxl_wrote_are_not_calculated() -> None:
    sheet = first(workbook_of({"A1": "=1+1", "C5": "=A1", "D5": 3}))
    assert sheet.uncalculated == {CellKey(1, 1), CellKey(5, 3)}
    assert sheet.rows[4][3] == 3


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "e", "str", "n"]), st.booleans(), st.sampled_from(["", "#REF!", "12", "&lt;f"])),
        max_size=30,
    )
)
def test_the_search_for_bytes_and_the_parser_see_the_same(cells: list[tuple[str, bool, str]]) -> None:
    rows = "".join(
        f'<row r="{row}"><c r="C{row}"{f" t={kind!r}".replace(chr(39), chr(34)) if kind else ""}>'
        f"{'<f>A1</f>' if formula else ''}{f'<v>{text}</v>' if text else ''}</c></row>"
        for row, (kind, formula, text) in enumerate(cells, 1)
        if kind != "e" or text in ("", "#REF!")
    )
    plain = look(b"<worksheet><sheetData>" + rows.encode() + b"</sheetData></worksheet>")
    parsed = look(b"<worksheet><!-- x --><sheetData>" + rows.encode() + b"</sheetData></worksheet>")
    assert plain is not None
    assert parsed is not None
    assert (plain.errors.keys(), plain.uncalculated) == (parsed.errors.keys(), parsed.uncalculated)


# --- limits ---------------------------------------------------------------------------------


GHOSTS = [
    b'<row r="1"><c r="A1"><v>1</v></c><c r="A99999999"><v>1</v></c><c r="ZZZZ2"><v>1</v></c></row>',
    b"<row r='1'><c r='xfd1048576'><v>1</v></c></row>",
    b"<row/>" * 500_000 + b"<row>" + b"<c/>" * 20_000 + b"<c><v>1</v></c></row>",
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="9999">' + b"<c/>" * 20_000 + b"<c><v>1</v></c></row>",
]


@pytest.mark.parametrize("rows", GHOSTS)
def test_a_ghost_cell_at_the_end_of_the_sheet_does_not_blow_memory(rows: bytes) -> None:
    assert codes(with_rows(rows)) == ["office.too_large"]


def test_sheets_that_together_span_too_many_cells_are_refused() -> None:
    workbook = openpyxl.Workbook()
    for number in range(6):
        workbook.create_sheet(str(number)).cell(9_000, 100, 1)
    assert codes(saved(workbook)) == ["office.too_large"]


def test_one_part_under_two_names_is_refused() -> None:
    package, _ = open_package(PLAIN, "")
    assert package is not None
    xml = package.read("xl/workbook.xml")
    start, end = xml.index(b"<sheet "), xml.index(b"</sheets>")
    again = xml[start:end].replace("Hoạt động".encode(), b"B").replace(b'sheetId="1"', b'sheetId="2"')
    assert codes(package.replace({"xl/workbook.xml": xml[:end] + again + xml[end:]})) == ["office.unreadable"]


def test_many_formatted_empty_cells_are_no_obstacle() -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert first(with_rows(rows)).rows == ((1.0,),)


def test_a_long_column_is_read_whole() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (row, row, row) for row in range(1, 20_001))
    assert first(with_rows(rows)).rows[-1] == (20_000.0,)


def test_one_long_text_in_very_many_cells_is_refused() -> None:
    strings = b"<sst " + MAIN + b"><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    rows = b"".join(b'<row r="%d">' % row + b'<c t="s"><v>0</v></c>' * 50 + b"</row>" for row in range(1, 1_001))
    content = with_parts(with_rows(rows), {"xl/sharedStrings.xml": strings})
    assert codes(content) == ["office.too_large"]


def test_a_skeleton_too_large_for_a_tree_is_refused() -> None:
    package, _ = open_package(PLAIN, "")
    assert package is not None
    long = b"<a>" + b"x" * (17 << 20) + b"</a>"
    assert codes(package.replace({"docProps/custom.xml": long}, level=0)) == ["office.too_large"]


# --- hostile and strange files --------------------------------------------------------------


ENTITY = b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet ' + MAIN + b">"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "office.other_kind"),
        ("<html><table><tr><td>Số liệu</td></tr></table></html>".encode(), "office.other_kind"),
        (b"\x89PNG\r\n\x1a\n", "office.other_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "office.damaged"),
        (with_parts(PLAIN, {"xl/workbook.xml": None}), "office.not_workbook"),  # type: ignore[dict-item]
        (with_parts(PLAIN, {"xl/_rels/workbook.xml.rels": None}), "office.unreadable"),  # type: ignore[dict-item]
        (with_parts(PLAIN, {"xl/worksheets/sheet1.xml": None}), "office.unreadable"),  # type: ignore[dict-item]
        (with_parts(PLAIN, {"xl/workbook.xml": b"<workbook"}), "office.unreadable"),
        (with_parts(PLAIN, {"xl/workbook.xml": b""}), "office.unreadable"),
        (with_parts(PLAIN, {"xl/workbook.xml": ENTITY + b"&a;</worksheet>"}), "office.unsafe"),
        (with_rows(b'<row r="1"><c r="A1"><v>&a;</v></c></row>', ENTITY), "office.unsafe"),
        (with_parts(PLAIN, {"xl/styles.xml": ENTITY + b"</worksheet>"}), "office.unsafe"),
        (with_rows(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "office.unreadable"),
        (with_rows(b'<row r="1"><c r="A1"><v>1'), "office.unreadable"),
        (with_parts(PLAIN, {"xl/worksheets/sheet1.xml": "<worksheet/>".encode("utf-16")}), "office.unreadable"),
        (with_parts(PLAIN, {"docProps/custom.xml": ENTITY + b"&a;</worksheet>"}), "office.unsafe"),
    ],
)
def test_what_is_no_readable_workbook_is_refused_with_its_code(content: bytes, code: str) -> None:
    assert codes(content) == [code]


def test_a_member_that_lies_about_its_size_never_reaches_the_fast_reader() -> None:
    content = bytearray(with_parts(PLAIN, {"xl/theme/theme1.xml": b" " * 1_000_000}))
    entry = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/theme/theme1.xml"))
    struct.pack_into("<L", content, entry + 24, 10)
    assert codes(bytes(content)) == ["office.damaged"]


def test_cut_workbooks_are_refused() -> None:
    for size in range(1, len(PLAIN), 97):
        assert codes(PLAIN[:size])[0] in ("office.other_kind", "office.not_zip", "office.damaged")


def test_flipped_bits_never_raise() -> None:
    chance = random.Random(7)
    content = workbook_of({"A1": "x", "B7": 2.5, "C9": "=A1", "D3": date(2025, 1, 1)})
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stored, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    for base in (content, stored.getvalue()):
        for _ in range(100):
            broken = bytearray(base)
            for _ in range(chance.randint(1, 4)):
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            read_workbook(bytes(broken), "a.xlsx")


def test_damaged_xml_inside_a_sound_zip_never_raises() -> None:
    chance = random.Random(8)
    package, _ = open_package(workbook_of({"A1": "x", "B7": 2.5, "C9": "=A1"}), "")
    assert package is not None
    for _ in range(200):
        name = chance.choice([name for name in package.names() if name.endswith((".xml", ".rels"))])
        broken = bytearray(package.read(name))
        for _ in range(chance.randint(1, 3)):
            broken[chance.randrange(len(broken))] = chance.choice(b"<>/\"'=0A9 \xff&")
        read_workbook(package.replace({name: bytes(broken)}), "a.xlsx")


# --- addresses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [(1, 1, "A1"), (14, 9, "I14"), (7, 26, "Z7"), (7, 27, "AA7"), (1, 702, "ZZ1"), (1048576, 16384, "XFD1048576")],
)
def test_an_address_names_its_cell(row: int, column: int, text: str) -> None:
    assert address(row, column) == text
    assert parse_address(text) == parse_address(text.lower()) == CellKey(row, column)


@pytest.mark.parametrize("text", ["", "A", "1", "A0", "A01", "1A", "XFE1", "A1048577", "AAAA1", "A1:B2", "Ă1", "A١"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^.*$"):
        parse_address(text)


def test_a_dollar_address_is_understood() -> None:
    assert parse_address("$C$5") == CellKey(5, 3)


def test_whole_numbers_stay_floats_for_the_caller_to_decide() -> None:
    assert [type(value) for value in first(workbook_of({"A1": 5, "B1": Decimal("2.50")})).rows[0]] == [float, float]
