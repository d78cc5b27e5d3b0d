"""Archives are opened within limits; names in ten encodings come out as their senders saw them; nothing raises."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model import DeliveryKind
from generator.pipeline.workspace import safe_name
from generator.stages.ingest.bundle import unzipped
from generator.stages.ingest.parts import Budget
from generator.stages.ingest.unpack import Unpacked, unpack

BOOK = b"PK\x03\x04 a workbook, or so it says"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, member in members:
            archive.writestr(zipfile.ZipInfo(name), member, method)
    return content.getvalue()


def by_hand(name: bytes, member: bytes, *, flags: int = 0, extra: bytes = b"", size: int | None = None) -> bytes:
    """A zip of one stored member, written to the letter as asked."""
    size = len(member) if size is None else size
    told = struct.pack("<5H3L2H", 20, flags, 0, 0, 0x21, zlib.crc32(member), len(member), size, len(name), len(extra))
    local = b"PK\x03\x04" + told + name + extra + member
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + told + struct.pack("<3H2L", 0, 0, 0, 0, 0) + name + extra
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + end


def windows_page(text: str) -> bytes:
    """The text as Vietnamese Windows wrote it: the tone a letter of its own after its vowel."""
    letters = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
        letters.append(unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones)) + tones)
    return "".join(letters).encode("cp1258")


def opened(content: bytes) -> Unpacked:
    return unpack(content, "bieu.zip", DeliveryKind.BUNDLE, safe_name)


def files(content: bytes) -> list[tuple[str, str]]:
    return [(one.file.removeprefix("bieu.zip/"), one.kind.value) for one in opened(content).inner]


def faults(content: bytes) -> list[tuple[str, str]]:
    return [(one.code.removeprefix("delivery."), str(one.place)) for one in opened(content).issues]


def test_every_file_is_taken_with_its_folder_and_what_systems_leave_behind_is_not() -> None:
    content = zipped(
        ("xa 1/bieu.xlsx", BOOK),
        ("xa 2/bieu.xls", b"2"),
        ("xa 2/", b""),
        ("cong van.pdf", b"3"),
        ("__MACOSX/xa 1/._bieu.xlsx", b"4"),
        ("xa 1/.DS_Store", b"5"),
        ("xa 1/Thumbs.db", b"6"),
        ("xa 1/~$bieu.xlsx", b"7"),
    )
    assert [(one.file, one.content) for one in opened(content).inner] == [
        ("bieu.zip/xa 1/bieu.xlsx", BOOK),
        ("bieu.zip/xa 2/bieu.xls", b"2"),
        ("bieu.zip/cong van.pdf", b"3"),
    ]
    assert [kind for _, kind in files(content)] == ["workbook", "workbook", "enclosure"]
    assert faults(content) == []


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        ("Báo cáo xã Trà Dơn.xlsx".encode(), 0x800, "Báo cáo xã Trà Dơn.xlsx"),
        ("Báo cáo xã Trà Dơn.xlsx".encode(), 0, "Báo cáo xã Trà Dơn.xlsx"),
        ("Bieu s\u00f4\u0301 1.xlsx".encode(), 0x800, "Bieu số 1.xlsx"),
        (windows_page("Báo cáo đợt 1 của Sở Y tế.xlsx"), 0, "Báo cáo đợt 1 của Sở Y tế.xlsx"),
        ("Résumé.xlsx".encode("cp437"), 0, "Résumé.xlsx"),
        (b"bieu.xlsx", 0, "bieu.xlsx"),
    ],
)
def test_names_come_out_as_their_senders_saw_them(raw: bytes, flags: int, name: str) -> None:
    assert files(by_hand(raw, BOOK, flags=flags)) == [(name, "workbook")]


def test_the_name_that_info_zip_adds_in_utf_8_goes_before_the_old_one() -> None:
    name = "Báo cáo.xlsx".encode()
    extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, 0) + name
    assert files(by_hand(b"B?o c?o.xlsx", BOOK, extra=extra)) == [("Báo cáo.xlsx", "workbook")]


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("../../../etc/bieu.xlsx", "etc/bieu.xlsx"),
        ("/etc/bieu.xlsx", "etc/bieu.xlsx"),
        ("..\\..\\bieu.xlsx", "bieu.xlsx"),
        ("C:\\Windows\\bieu.xlsx", "Windows/bieu.xlsx"),
        ("\\\\may-chu\\o-dia\\bieu.xlsx", "may-chu/o-dia/bieu.xlsx"),
        ("aux/con.xlsx", "_aux/_con.xlsx"),
        ("bieu.xlsx:an.xlsx", "bieu.xlsx-an.xlsx"),
        ("a/b/c/d/e/f/g/h/bieu.xlsx", "d/e/f/g/h/bieu.xlsx"),
        ("bieu\u202excod.xlsx", "bieuxcod.xlsx"),
        ("x" * 300 + ".xlsx", "x" * 175 + ".xlsx"),
    ],
)
def test_a_name_that_leads_out_or_into_trouble_is_made_harmless(name: str, becomes: str) -> None:
    assert files(zipped((name, BOOK))) == [(becomes, "workbook")]


def test_names_that_differ_only_in_case_or_form_are_told_apart() -> None:
    content = zipped(("Số.xlsx", b"1"), ("so\u0302\u0301.xlsx".upper(), b"2"), ("SỐ.xlsx", b"3"))
    assert [name for name, _ in files(content)] == ["Số.xlsx", "SỐ (2).XLSX", "SỐ (3).xlsx"]


def test_archives_within_archives_are_opened_but_not_for_ever() -> None:
    content = zipped(("bieu.xlsx", BOOK))
    for depth in range(1, 9):
        content = zipped((f"lop {depth}.zip", content), (f"bieu {depth}.xlsx", BOOK))
    assert [name.rpartition("/")[2] for name, _ in files(content)] == [
        f"bieu {number}.xlsx" for number in (2, 3, 4, 5, 6, 7, 8)
    ]
    assert [code for code, _ in faults(content)] == ["too_deep"]


def test_mails_in_an_archive_are_mails_that_reached_us() -> None:
    mail = b"From: a@so.example\nMessage-ID: <%d@so>\nReceived: x; Wed, 3 Dec 2025 09:30:00 +0700\n"
    mail += b"Content-Type: application/octet-stream; name=bieu.xlsx\n\nbook"
    found = opened(zipped(("1.eml", mail % 1), ("2.eml", mail % 2))).inner
    assert [(one.file, one.kind.value, one.stamp.message, one.stamp.file) for one in found] == [
        ("bieu.zip/1.eml/bieu.xlsx", "workbook", "1@so", "bieu.zip/1.eml"),
        ("bieu.zip/1.eml", "message", "1@so", "bieu.zip/1.eml"),
        ("bieu.zip/2.eml/bieu.xlsx", "workbook", "2@so", "bieu.zip/2.eml"),
        ("bieu.zip/2.eml", "message", "2@so", "bieu.zip/2.eml"),
    ]


# --- what cannot be had ---------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\xff" * 18, zipped(("a.xlsx", BOOK))[:-30]])
def test_what_is_no_archive_is_told_of(content: bytes) -> None:
    assert faults(content) == [("bundle_unreadable", "bieu.zip")]


def test_a_member_with_a_password_is_told_of_and_the_others_are_taken() -> None:
    assert faults(by_hand(b"kin.xlsx", BOOK, flags=1)) == [("bundle_encrypted", "bieu.zip/kin.xlsx")]
    inside = zipped(("kin.zip", by_hand(b"kin.xlsx", BOOK, flags=1)), ("mo.xlsx", BOOK))
    assert (files(inside), faults(inside)) == (
        [("mo.xlsx", "workbook")],
        [("bundle_encrypted", "bieu.zip/kin.zip/kin.xlsx")],
    )


def test_a_member_whose_bytes_changed_on_the_way_is_told_of_and_the_others_are_taken() -> None:
    content = zipped(("hong.xlsx", b"x" * 100), ("mo.xlsx", BOOK), method=zipfile.ZIP_STORED)
    content = content.replace(b"x" * 100, b"x" * 99 + b"y")
    assert (files(content), faults(content)) == ([("mo.xlsx", "workbook")], [("part_damaged", "bieu.zip/hong.xlsx")])


def test_a_member_packed_in_a_way_that_may_take_all_memory_is_told_of() -> None:
    assert faults(zipped(("la.xlsx", BOOK), method=zipfile.ZIP_LZMA)) == [("part_damaged", "bieu.zip/la.xlsx")]


def test_a_bomb_is_not_unpacked() -> None:
    assert faults(zipped(("bom.xlsx", bytes(70 << 20)))) == [("too_much_inside", "bieu.zip/bom.xlsx")]
    assert faults(zipped(("bom.xlsx", bytes(9 << 20)))) == [("too_much_inside", "bieu.zip/bom.xlsx")]


def test_all_members_together_have_a_limit_whatever_each_declares() -> None:
    noise = zlib.compress(bytes(1))  # small, and not of the ratio that a bomb has
    content = zipped(*((f"{number}.xlsx", noise + bytes(7 << 20)) for number in range(20)))
    assert len(files(content)) == 18
    assert {code for code, _ in faults(content)} == {"too_much_inside"}


def test_a_member_that_is_longer_than_it_says_gives_nothing_false() -> None:
    assert faults(by_hand(b"a.xlsx", BOOK, size=5)) == [("part_damaged", "bieu.zip/a.xlsx")]
    assert faults(by_hand(b"a.xlsx", BOOK, size=500)) == [("part_damaged", "bieu.zip/a.xlsx")]


def test_of_too_many_members_the_first_are_taken_and_the_rest_told_of() -> None:
    content = zipped(*((f"{number}.xlsx", BOOK) for number in range(250)))
    assert (len(files(content)), faults(content)) == (200, [("too_many_parts", "bieu.zip")])


def test_a_directory_of_a_hundred_thousand_lines_is_not_even_listed() -> None:
    assert unzipped(b"PK\x01\x02" * 100_000, Budget()) is None


SOUND = zipped(("xa/bieu.xlsx", BOOK * 5), ("Số.ods", b"2"), ("trong.zip", zipped(("a.xlsx", b"3"))))


@settings(deadline=2_000)
@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=8)), max_size=8),
    st.integers(len(SOUND) - 40, len(SOUND)),
)
def test_whatever_is_changed_in_an_archive_it_raises_nothing(changes: list[tuple[int, bytes]], end: int) -> None:
    content = bytearray(SOUND)
    for at, change in changes:
        content[at : at + len(change)] = change
    opened(bytes(content[:end]))
