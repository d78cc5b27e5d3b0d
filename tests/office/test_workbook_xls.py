"""Old workbooks, record by record, in compound files made by hand: what is read, and what goes no further."""

from __future__ import annotations

import struct
import time
from datetime import date

import pytest

from generator.issues import has_errors
from generator.model import Raw
from generator.office.compound import OLE2, compound_properties, open_compound
from generator.office.workbook.opened import format_kind, packed_number, shown_as
from generator.office.workbook.read import OpenedWorkbook, read_workbook

FREE, END, TABLE, MORE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


def compound(streams: dict[str, bytes], *, loop: bool = False, size: int = 0) -> bytes:
    """A compound file of 512-byte sectors; streams are padded so that none goes to the mini stream.

    `loop` makes each chain bite its tail; `size` is what the directory says of each stream instead of the truth.
    """
    body, table, entries = b"", [], [entry("Root Entry", 5, 1 if streams else FREE, END, 0)]
    for number, (name, content) in enumerate(streams.items(), 1):
        whole = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        start, count = len(table), len(whole) // 512
        table += [*range(start + 1, start + count), start if loop else END]
        right = number + 1 if number < len(streams) else FREE
        entries.append(entry(name, 2, FREE, start, size or len(whole), right))
        body += whole
    lines = b"".join(entries)
    directory = len(table)
    table += [*range(directory + 1, directory + -(-len(lines) // 512)), END]
    body += lines.ljust(-(-len(lines) // 512) * 512, b"\0")
    parts = -(-(len(table) + 200) // 127)
    first = len(table)
    table += [TABLE] * parts
    names = [*range(first, first + parts)]
    further = first + parts
    chains = [names[109:][at : at + 127] for at in range(0, len(names[109:]), 127)]
    table += [MORE] * len(chains)
    table += [FREE] * (parts * 128 - len(table))
    body += struct.pack(f"<{len(table)}L", *table)
    for number, chain in enumerate(chains, 1):
        following = further + number if number < len(chains) else END
        body += struct.pack("<128L", *chain, *[FREE] * (127 - len(chain)), following)
    head = OLE2 + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9L", 0, parts, directory, 0, 4096, END, 0, further if chains else END, len(chains))
    return head + struct.pack("<109L", *names[:109], *[FREE] * (109 - len(names[:109]))) + body


def entry(name: str, kind: int, child: int, start: int, size: int, right: int = FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBB3L36xLQ", text, len(text), kind, 1, FREE, right, child, start, size)


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


def begin(kind: int, version: int = 0x600) -> bytes:
    return record(0x809, struct.pack("<4H2L", version, kind, 0, 0, 0, 0))


FORMATS = record(0x41E, struct.pack("<HHB", 164, 10, 0) + b"dd/mm/yyyy")
STYLES = b"".join(record(0xE0, struct.pack("<2H16x", 0, number)) for number in (0, 164, 46))


def stream(cells: bytes, book: bytes = b"", names: tuple[str, ...] = ("A",), version: int = 0x600) -> bytes:
    """A book whose sheets all hold these cells; every second one is hidden."""
    head = begin(5, version) + FORMATS * (version == 0x600) + STYLES + book
    listed = [(b"\1" + name.encode("utf-16-le")) if version == 0x600 else name.encode("cp1252") for name in names]
    at = len(head) + sum(4 + 7 + len(name) for name in listed) + 4
    sheet = begin(0x10, version) + cells + record(10)
    for number, name in enumerate(listed):
        head += record(0x85, struct.pack("<LBBB", at, number % 2, 0, len(names[number])) + name)
        at += len(sheet)
    return head + record(10) + sheet * len(names)


def opened(content: bytes) -> OpenedWorkbook:
    workbook, issues = read_workbook(content, "a.xlsx")
    assert workbook is not None, issues
    return workbook


def codes(content: bytes) -> list[str]:
    began = time.process_time()
    workbook, issues = read_workbook(content, "a.xlsx")
    assert (workbook is None) == has_errors(issues)
    assert time.process_time() - began < 3  # two seconds, on a machine that is busy with other work too
    return [found.code for found in issues]


def at(column: int, style: int = 0) -> bytes:
    return struct.pack("<3H", 0, column, style)


def double(number: float) -> bytes:
    return struct.pack("<d", number)


def result(kind: int, value: int = 0, flags: int = 0) -> bytes:
    return struct.pack("<B5sH", kind, bytes([0, value, 0, 0, 0]), 0xFFFF) + struct.pack("<HL", flags, 0)


TEXTS = struct.pack("<2L", 5, 5) + b"".join(
    (
        struct.pack("<HB", 3, 0) + b"plain"[:3],
        struct.pack("<HB", 4, 1) + "đậm ".encode("utf-16-le"),
        struct.pack("<HBH", 2, 8, 1) + b"ab" + bytes(4),
        struct.pack("<HBL", 2, 4, 6) + b"cd" + bytes(6),
    )
)
LAST = struct.pack("<HB", 6, 1) + "Ngọ".encode("utf-16-le")
CONTINUED = record(0xFC, TEXTS + LAST) + record(0x3C, b"\0" + b"k x")


def text(number: int) -> bytes:
    return record(0xFD, at(0) + struct.pack("<L", number))


CELLS: list[tuple[bytes, object, dict[tuple[int, int], str], set[tuple[int, int]]]] = [
    (record(0x203, at(1) + double(-0.1)), (("", -0.1),), {}, set()),
    (record(0x203, at(0, 1) + double(45730)), ((date(2025, 3, 14),),), {}, set()),
    (record(0x203, at(0, 2) + double(1.5)), (("1 day, 12:00:00",),), {}, set()),
    (record(0x27E, at(0) + struct.pack("<l", -7 << 2 | 2)), ((-7.0,),), {}, set()),
    (
        record(0xBD, struct.pack("<2H", 0, 1) + struct.pack("<HLHL", 0, 4 << 2 | 2, 0, 5 << 2 | 3) + b"\2\0"),
        (("", 4.0, 0.05),),
        {},
        set(),
    ),
    (text(0), (("pla",),), {}, set()),
    (text(1), (("đậm ",),), {}, set()),
    (text(2), (("ab",),), {}, set()),
    (text(3), (("cd",),), {}, set()),
    (text(4), (("Ngọk x",),), {}, set()),
    (record(0x204, at(0) + struct.pack("<HB", 2, 1) + "xã".encode("utf-16-le")), (("xã",),), {}, set()),
    (record(0x205, at(0) + b"\1\0"), ((True,),), {}, set()),
    (record(0x205, at(2) + b"\x07\1"), (), {(1, 3): "#DIV/0!"}, set()),
    (record(0x06, at(0) + double(2.5) + bytes(6)), ((2.5,),), {}, set()),
    (record(0x406, at(0) + double(2.5) + bytes(6)), ((2.5,),), {}, set()),
    (record(0x06, at(0) + result(1, 1)), ((True,),), {}, set()),
    (record(0x06, at(0) + result(2, 0x2A)), (), {(1, 1): "#N/A"}, set()),
    (record(0x06, at(0) + result(3)), (), {}, set()),
    (record(0x06, at(0) + result(3, flags=1)), (), {}, {(1, 1)}),
    (
        record(0x06, at(0) + result(0))
        + record(0x4BC)
        + record(0x207, struct.pack("<HB", 4, 0) + b"ab")
        + record(0x3C, b"\1" + "cđ".encode("utf-16-le")),
        (("abcđ",),),
        {},
        set(),
    ),
    (begin(0x20) + record(0x203, at(5) + double(1)) + record(10) + text(0), (("pla",),), {}, set()),
]


@pytest.mark.parametrize(("cells", "rows", "errors", "uncalculated"), CELLS)
def test_cells_are_read_record_by_record(
    cells: bytes, rows: object, errors: dict[tuple[int, int], str], uncalculated: set[tuple[int, int]]
) -> None:
    (sheet,) = opened(compound({"Workbook": stream(cells, CONTINUED)})).sheets
    assert (sheet.rows, sheet.errors, sheet.uncalculated) == (rows, errors, uncalculated)


def test_days_may_count_from_1904() -> None:
    cells = record(0x203, at(0, 1) + double(45730 - 1462))
    book = compound({"Workbook": stream(cells, record(0x22, b"\1\0"))})
    assert opened(book).sheets[0].rows == ((date(2025, 3, 14),),)


@pytest.mark.parametrize(
    ("page", "written"), [(1258, "Đà Nẵng (cũ)"), (1252, "Café"), (9999, "Café"), (0x8000, "Café")]
)
def test_texts_before_excel_97_are_of_a_code_page(page: int, written: str) -> None:
    codec = {1258: "cp1258", 0x8000: "mac_roman"}.get(page, "cp1252")
    # code page 1258 writes most tone marks as letters of their own
    shown = written.replace("ẵ", "ă\u0303").replace("ũ", "u\u0303") if page == 1258 else written
    label = shown.encode(codec)
    cells = record(0x204, at(0) + struct.pack("<H", len(label)) + label)
    cells += record(0x06, at(1) + result(0)) + record(0x207, struct.pack("<H", 2) + b"ok")
    book = compound({"Book": stream(cells, record(0x42, struct.pack("<H", page)), version=0x500)})
    assert opened(book).sheets[0].rows == ((shown, "ok"),)


def test_sheets_keep_their_names_and_visibility_and_there_may_be_many() -> None:
    names = tuple(f"Biểu {number}" for number in range(300))
    sheets = opened(compound({"Workbook": stream(text(0), CONTINUED, names)})).sheets
    assert [sheet.name for sheet in sheets] == list(names)
    assert [sheet.visible for sheet in sheets] == [True, False] * 150


def test_charts_among_the_sheets_are_left_out() -> None:
    whole = stream(text(0), CONTINUED, ("A", "B"))
    chart = whole.replace(struct.pack("<BBB", 1, 0, 1) + b"\1B\0", struct.pack("<BBB", 1, 2, 1) + b"\1B\0")
    assert [sheet.name for sheet in opened(compound({"Workbook": chart})).sheets] == ["A"]


# --- what is no workbook, or no sense -------------------------------------------------------

NUMBER = record(0x203, at(0) + double(1))
SOUND = stream(NUMBER)
MANY = NUMBER * 310_000
FAR = b"".join(record(0x203, struct.pack("<3Hd", row, 255, 0, 1)) for row in range(30_000, 31_500))
CUT_TEXT = record(0xFC, struct.pack("<2L", 1, 1) + b"\xff\xff\0abc")
MANY_TEXTS = record(0xFC, struct.pack("<2L", 1, FREE)) + record(0x3C, b"\1\0\0a" * 2000) * 160
NO_SHEET_THERE = record(0x85, struct.pack("<LBBB", 7, 0, 0, 1) + b"\0B")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "office.encrypted"),
        (compound({"WordDocument": b"x", "1Table": b"y"}), "office.not_workbook"),
        (compound({"__properties_version1.0": b"x"}), "office.not_workbook"),
        (compound({}), "office.not_workbook"),
        (compound({"Workbook": stream(NUMBER, record(0x2F, bytes(54)))}), "office.encrypted"),
        (compound({"Workbook": b""}), "office.unreadable"),
        (compound({"Workbook": b"\x09\0\4\0" + bytes(40)}), "office.unreadable"),
        (compound({"Workbook": stream(NUMBER, version=0x400)}), "office.unreadable"),
        (compound({"Workbook": stream(NUMBER, names=())}), "office.unreadable"),
        (compound({"Workbook": stream(NUMBER, names=("A", "a"))}), "office.unreadable"),
        (compound({"Workbook": stream(text(9), CONTINUED)}), "office.unreadable"),
        (compound({"Workbook": stream(record(0x203, at(256) + double(1)))}), "office.unreadable"),
        (compound({"Workbook": stream(record(0x203, at(0)))}), "office.unreadable"),
        (compound({"Workbook": stream(record(0x203, at(0, 99) + double(1)))}), "office.unreadable"),
        (compound({"Workbook": stream(b"", CUT_TEXT)}), "office.unreadable"),
        (compound({"Workbook": stream(NUMBER, NO_SHEET_THERE)}), "office.unreadable"),
        (compound({"Workbook": stream(FAR)}), "office.too_large"),
        (compound({"Workbook": stream(MANY)}), "office.too_large"),
        (compound({"Workbook": stream(b"", MANY_TEXTS)}), "office.too_large"),
        (compound({"Workbook": SOUND}, loop=True, size=1 << 30), "office.damaged"),
        (compound({"Workbook": SOUND}, size=1 << 30), "office.damaged"),
        (compound({"Workbook": SOUND}, size=9000), "office.damaged"),
        (compound({"Workbook": SOUND})[:700], "office.damaged"),
        (OLE2, "office.damaged"),
        (OLE2 + bytes(5000), "office.damaged"),
    ],
)
def test_what_is_no_old_workbook_or_a_bomb_is_refused_with_its_code(content: bytes, code: str) -> None:
    assert codes(content) == [code]


def test_two_sheets_at_one_place_are_refused() -> None:
    whole = stream(NUMBER, names=("A", "B"))
    starts = [place for place in range(len(whole)) if whole[place : place + 2] == b"\x09\x08"]
    same = whole.replace(struct.pack("<LBBB", starts[2], 1, 0, 1), struct.pack("<LBBB", starts[1], 1, 0, 1))
    assert same != whole
    assert codes(compound({"Workbook": same})) == ["office.unreadable"]


def test_a_text_count_that_lies_takes_no_memory() -> None:
    lying = record(0xFC, struct.pack("<2L", FREE, FREE) + struct.pack("<HB", 1, 0) + b"a")
    assert opened(compound({"Workbook": stream(text(0), lying)})).sheets[0].rows == (("a",),)


def test_a_directory_that_names_itself_ends() -> None:
    content = bytearray(compound({"Workbook": SOUND}))
    place = content.index("Workbook".encode("utf-16-le"))
    struct.pack_into("<3L", content, place + 68, 1, 1, 1)
    assert open_compound(bytes(content), "a").names() == ("Workbook",)


# --- properties and numbers -----------------------------------------------------------------

PROPERTIES = "\x05DocumentSummaryInformation"
OWN = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")


def section(names: dict[int, str], values: dict[int, bytes]) -> bytes:
    listed = struct.pack("<L", len(names))
    for number, name in names.items():
        listed += struct.pack("<2L", number, len(name.encode()) + 1) + name.encode() + b"\0"
    parts = {0: listed.ljust(-(-len(listed) // 4) * 4, b"\0"), 1: struct.pack("<LHH", 2, 65001, 0), **values}
    places, body, start = b"", b"", 8 + 8 * len(parts)
    for number, part in parts.items():
        places += struct.pack("<2L", number, start + len(body))
        body += part
    return struct.pack("<2L", start + len(body), len(parts)) + places + body


def properties(content: bytes) -> bytes:
    return struct.pack("<2HL16sL16sL", 0xFFFE, 0, 0, bytes(16), 1, OWN, 48) + content


def test_custom_properties_of_an_old_workbook_are_read() -> None:
    values = {
        2: struct.pack("<2L", 30, 8) + b"DV-0007\0",
        3: struct.pack("<2L", 31, 4) + "Sở\0\0".encode("utf-16-le"),
        4: struct.pack("<Ll", 3, 2025),
        5: struct.pack("<LL", 11, 0xFFFF),
        6: struct.pack("<LQ", 64, 0),
    }
    names = {2: "ketnghia_partner", 3: "Đơn vị", 4: "year", 5: "yes", 6: "moment", 9: "absent"}
    book = compound({"Workbook": SOUND, PROPERTIES: properties(section(names, values))})
    assert opened(book).properties == {"ketnghia_partner": "DV-0007", "Đơn vị": "Sở", "year": "2025", "yes": "true"}


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 5000, properties(b"\xff" * 5000), properties(section({2: "a"}, {}))]
)
def test_properties_that_make_no_sense_are_none(content: bytes) -> None:
    assert compound_properties(open_compound(compound({PROPERTIES: content}), "a")) == {}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", ""),
        ("#,##0", ""),
        ("0.0E+00", ""),
        ('#,##0 "đồng"', ""),
        ("[Red]0;[Blue]-0", ""),
        ("_-* #,##0 _₫_-", ""),
        (r"\d0", ""),
        ("@", ""),
        ("# ?/?", ""),
        ("dd/mm/yyyy", "day"),
        ("[$-42A]dd/mm/yyyy;@", "day"),
        ('"ngày" dd', "day"),
        ("mmm-yy", "day"),
        ("h:mm AM/PM", "day"),
        ("[h]:mm", "duration"),
        ("[ss].00", "duration"),
    ],
)
def test_a_format_shows_a_number_or_a_day(code: str, kind: str) -> None:
    assert format_kind(164, code) == kind


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [
        ("", 45730.0, 45730.0),
        ("day", 0.3125, "07:30:00"),
        ("day", 1.0, date(1900, 1, 1)),
        ("day", 59.0, date(1900, 2, 28)),
        ("day", 61.0, date(1900, 3, 1)),
        ("day", 2958465.0, date(9999, 12, 31)),
        ("day", 2958466.0, 2958466.0),
        ("day", -3.0, -3.0),
        ("day", float("inf"), float("inf")),
        ("duration", 1.5, "1 day, 12:00:00"),
    ],
)
def test_a_number_is_shown_as_the_fast_reader_shows_it(kind: str, number: float, shown: Raw) -> None:
    found = shown_as(kind, number)
    assert (found, type(found)) == (shown, type(shown))
    assert str(shown_as(kind, float("nan"))) == "nan"


def test_packed_numbers_are_unpacked() -> None:
    packed = [1 << 2 | 2, (-1 << 2 | 2) & FREE, 123 << 2 | 3, 0x3FF00000, 0x3FF00001, (1 << 29) - 1 << 2 | 2]
    assert [packed_number(one) for one in packed] == [1.0, -1.0, 1.23, 1.0, 0.01, float((1 << 29) - 1)]
