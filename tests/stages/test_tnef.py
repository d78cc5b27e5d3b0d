"""The winmail.dat that Outlook sends to those it takes for its own gives up what is in it, whole or cut off."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st
from test_mail import BOOK, codes, files, letter, opened

from generator.stages.ingest.tnef import tnef_parts


def _attribute(level: int, tag: int, body: bytes) -> bytes:
    return struct.pack("<BLL", level, tag, len(body)) + body + struct.pack("<H", sum(body) & 0xFFFF)


def _property(kind: int, tag: int, value: bytes) -> bytes:
    if kind in (0x1E, 0x1F, 0x102, 0x0D):
        return struct.pack("<HHLL", kind, tag, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return struct.pack("<HH", kind, tag) + value


def _attachment(title: bytes, content: bytes, *properties: bytes) -> bytes:
    told = struct.pack("<L", len(properties)) + b"".join(properties)
    rendering = _attribute(2, 0x00069002, b"\0" * 14)
    body = _attribute(2, 0x0006800F, content) if content else b""
    return rendering + _attribute(2, 0x00018010, title + b"\0") + body + _attribute(2, 0x00069005, told)


def winmail(*attachments: bytes) -> bytes:
    head = struct.pack("<LH", 0x223E9F78, 1) + _attribute(1, 0x00089006, b"\0\0\1\0")
    return head + _attribute(1, 0x00069007, struct.pack("<LL", 1258, 0)) + b"".join(attachments)


LONG_NAME = _property(0x1F, 0x3707, "Báo cáo năm.xlsx\0".encode("utf-16-le"))
NAMED = struct.pack("<HH16sLL", 0x03, 0x8001, b"\7" * 16, 0, 5) + b"\0\0\0\0"


def test_the_files_in_winmail_dat_are_taken_out_under_their_long_names() -> None:
    numbers = (_property(0x03, 0x0E20, b"\1\0\0\0"), _property(0x0B, 0x7FFE, b"\0\0\0\0"), NAMED)
    content = winmail(
        _attachment(b"BAOCAO~1.XLS", BOOK, *numbers, LONG_NAME), _attachment(b"B\xe1o c\xe1o.pdf", b"%PDF")
    )
    message = letter()
    message.add_attachment(content, "application", "ms-tnef", filename="winmail.dat")
    assert [(one.file, one.content) for one in opened(bytes(message)).inner] == [
        ("inputs/2025/thu.eml/Báo cáo năm.xlsx", BOOK),
        ("inputs/2025/thu.eml/Báo cáo.pdf", b"%PDF"),
    ]


def test_a_mail_attached_within_winmail_dat_is_opened() -> None:
    inner = b"\1" * 16 + winmail(_attachment(b"xa.xlsx", BOOK))
    content = winmail(_attachment(b"FW bao cao", b"", _property(0x0D, 0x3701, inner)))
    message = letter()
    message.add_attachment(content, "application", "octet-stream", filename="winmail.dat")
    assert files(bytes(message)) == [("FW bao cao.eml/xa.xlsx", "workbook")]


def test_a_winmail_dat_that_is_cut_off_gives_what_is_whole_and_is_told_of() -> None:
    content = winmail(_attachment(b"mot.xlsx", BOOK), _attachment(b"hai.xlsx", BOOK))
    message = letter()
    message.add_attachment(content[:-40], "application", "ms-tnef", filename="winmail.dat")
    assert files(bytes(message))[0] == ("mot.xlsx", "workbook")
    assert codes(bytes(message)) == ["delivery.part_damaged"]


TNEF = winmail(_attachment(b"mot.xlsx", BOOK, NAMED, LONG_NAME), _attachment(b"hai", b"", LONG_NAME))


@given(st.lists(st.tuples(st.integers(4, len(TNEF) - 1), st.binary(max_size=6)), max_size=8), st.integers(0, len(TNEF)))
def test_whatever_a_winmail_dat_holds_it_raises_nothing(changes: list[tuple[int, bytes]], end: int) -> None:
    content = bytearray(TNEF)
    for at, change in changes:
        content[at : at + len(change)] = change
    tnef_parts(bytes(content[:end]))
