"""Messages saved by Outlook say the same as saved mails do; a compound file made by hand stands for Outlook's."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model import DeliveryKind
from generator.pipeline.workspace import safe_name
from generator.stages.ingest.outlook import read_outlook
from generator.stages.ingest.parts import Budget
from generator.stages.ingest.unpack import Unpacked, unpack

Tree = Mapping[str, "bytes | Tree"]
BOOK = b"PK\x03\x04 a workbook, or so it says"

# --- a compound file, as [MS-CFB] tells -----------------------------------------------------------

_END, _FREE, _FAT_MARK, _NOTHING = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096


class _Chains:
    """Sectors of one size in a row, and the table that chains them."""

    def __init__(self, size: int) -> None:
        self.size, self.content, self.table = size, bytearray(), list[int]()

    def add(self, content: bytes) -> int:
        if not content:
            return _END
        first, count = len(self.table), -(-len(content) // self.size)
        self.table += [first + number + 1 for number in range(count - 1)] + [_END]
        self.content += content.ljust(count * self.size, b"\0")
        return first


def compound(tree: Tree) -> bytes:
    """The bytes of a compound file that holds the storages and streams."""
    big, mini = _Chains(_SECTOR), _Chains(_MINI)
    lines: list[list[object]] = [["Root Entry", 5, _NOTHING, _NOTHING, _NOTHING, _END, 0]]
    lines[0][4] = _children(tree, lines, big, mini)
    lines[0][5], lines[0][6] = big.add(bytes(mini.content)), len(mini.content)
    mini_table = big.add(_longs(mini.table))
    directory = big.add(b"".join(map(_line, lines)))
    count = 1
    while count * 128 < len(big.table) + count:
        count += 1
    at = len(big.table)
    assert count <= 109
    table = _longs([*big.table, *[_FAT_MARK] * count]).ljust(count * _SECTOR, b"\xff")
    head = struct.pack("<8s16x5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9L", 0, count, directory, 0, _CUTOFF, mini_table, -(-len(mini.table) // 128), _END, 0)
    head += _longs([at + number for number in range(count)]).ljust(436, b"\xff")
    return head + bytes(big.content) + table


def _longs(numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}L", *numbers)


def _line(line: list[object]) -> bytes:
    name = str(line[0]).encode("utf-16-le")
    return name.ljust(64, b"\0") + struct.pack("<HBB3L16x4x16xLQ", len(name) + 2, line[1], 1, *line[2:])


def _children(tree: Tree, lines: list[list[object]], big: _Chains, mini: _Chains) -> int:
    """Adds what a storage holds; the number of the topmost line in their tree."""
    numbers = []
    for name in sorted(tree, key=lambda one: (len(one), one.upper())):
        inside = tree[name]
        lines.append([name, 2, _NOTHING, _NOTHING, _NOTHING, _END, 0])
        line = lines[-1]
        numbers.append(len(lines) - 1)
        if isinstance(inside, bytes):
            line[5] = (mini if len(inside) < _CUTOFF else big).add(inside)
            line[6] = len(inside)
        else:
            line[1], line[5] = 1, 0
            line[4] = _children(inside, lines, big, mini)
    return _balanced(numbers, lines)


def _balanced(numbers: list[int], lines: list[list[object]]) -> int:
    if not numbers:
        return _NOTHING
    middle = len(numbers) // 2
    lines[numbers[middle]][2] = _balanced(numbers[:middle], lines)
    lines[numbers[middle]][3] = _balanced(numbers[middle + 1 :], lines)
    return numbers[middle]


# --- a message in it, as [MS-OXMSG] tells ---------------------------------------------------------


def text(tag: int, value: str) -> dict[str, bytes]:
    return {f"__substg1.0_{tag:04X}001F": value.encode("utf-16-le")}


def narrow(tag: int, value: bytes) -> dict[str, bytes]:
    return {f"__substg1.0_{tag:04X}001E": value}


def fixed(head: int, **properties: int) -> dict[str, bytes]:
    """The stream of numbers: names are "p" and the tag with its kind."""
    told = b"".join(struct.pack("<LLQ", int(name[1:], 16), 6, value) for name, value in properties.items())
    return {"__properties_version1.0": bytes(head) + told}


def attached(number: int, content: bytes | Tree, *streams: Mapping[str, bytes]) -> Tree:
    kind = "0102" if isinstance(content, bytes) else "000D"
    inside: dict[str, bytes | Tree] = {f"__substg1.0_3701{kind}": content, **fixed(8)}
    for one in streams:
        inside |= one
    return {f"__attach_version1.0_#{number:08X}": inside}


def message(*pieces: Tree, **properties: int) -> bytes:
    tree: dict[str, bytes | Tree] = {**fixed(32, **properties)}
    for piece in pieces:
        tree |= piece
    return compound(tree)


HEADERS = text(
    0x007D,
    "Received: from a by b; Wed, 3 Dec 2025 09:30:00 +0700\r\n"
    "From: =?UTF-8?B?w5RuZyBB?= <A@SO.example>\r\nMessage-ID: <7@so.example>\r\n\r\n",
)
DELIVERED = int((datetime(2025, 12, 5, 1, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7


def opened(content: bytes) -> Unpacked:
    return unpack(content, "thu.msg", DeliveryKind.MESSAGE, safe_name)


def test_attachments_come_out_whole_under_their_long_names_whatever_their_length() -> None:
    long = bytes(range(256)) * 1_000
    content = message(
        HEADERS,
        attached(1, long, text(0x3707, "Báo cáo năm.xlsx"), text(0x3704, "BAOCAO~1.XLS")),
        attached(0, BOOK, text(0x3704, "BIEU.XLS")),
        attached(2, b"%PDF", text(0x3001, "công văn.pdf")),
        attached(3, b"", text(0x3707, "rong.xlsx")),
    )
    assert [(one.file, one.kind.value, one.content) for one in opened(content).inner] == [
        ("thu.msg/BIEU.XLS", "workbook", BOOK),
        ("thu.msg/Báo cáo năm.xlsx", "workbook", long),
        ("thu.msg/công văn.pdf", "enclosure", b"%PDF"),
        ("thu.msg/rong.xlsx", "workbook", b""),
    ]


def test_logos_of_the_signature_are_left_out() -> None:
    logo = attached(0, b"x" * 50_000, text(0x3707, "image001.png"), text(0x3712, "logo@so"))
    assert opened(message(HEADERS, logo)).inner == []


def test_a_message_attached_to_a_message_counts_as_sent_with_the_outer_one() -> None:
    inner = {**fixed(24), **text(0x0037, "Báo cáo xã"), **attached(0, BOOK, text(0x3707, "xa.xlsx"))}
    found = opened(message(HEADERS, attached(0, inner)))
    assert [(one.file, one.stamp.message) for one in found.inner] == [
        ("thu.msg/Báo cáo xã.eml/xa.xlsx", "7@so.example")
    ]


def test_an_archive_attached_to_a_message_is_opened() -> None:
    from test_bundle import zipped

    content = message(HEADERS, attached(0, zipped(("bieu.ods", BOOK)), text(0x3707, "cac bieu.zip")))
    assert [one.file for one in opened(content).inner] == ["thu.msg/cac bieu.zip/bieu.ods"]


def test_the_headers_that_the_server_wrote_say_who_sent_it_and_when_it_came() -> None:
    stamp = opened(message(HEADERS, text(0x0C1F, "khac@khac.example"), p0E060040=DELIVERED)).stamp
    assert (stamp.message, stamp.sender, str(stamp.received)) == (
        "7@so.example",
        "A@so.example",
        "2025-12-03 09:30:00+07:00",
    )


@pytest.mark.parametrize(
    ("streams", "address"),
    [
        ({**text(0x5D02, "a@so.example"), **text(0x5D01, "b@so.example")}, "a@so.example"),
        ({**text(0x0065, "/O=SO/OU=X/CN=A"), **text(0x5D01, "b@SO.example")}, "b@so.example"),
        (text(0x0C1F, "c@so.example"), "c@so.example"),
        (narrow(0x0C1F, b"c@so.example\0"), "c@so.example"),
        (text(0x0C1F, "/O=SO/OU=X/CN=A"), ""),
    ],
)
def test_without_headers_outlook_s_own_properties_tell_it(streams: Tree, address: str) -> None:
    stamp = opened(message(streams, text(0x1035, "<8@so.example>"), p0E060040=DELIVERED)).stamp
    assert (stamp.message, stamp.sender, str(stamp.received)) == (
        "8@so.example",
        address,
        "2025-12-05 08:00:00+07:00",
    )


def test_narrow_names_are_read_by_the_page_that_the_message_tells() -> None:
    part = attached(0, BOOK, narrow(0x3707, "Отчёт.xlsx".encode("cp1251")))
    assert [one.file for one in opened(message(part, p3FFD0003=1251)).inner] == ["thu.msg/Отчёт.xlsx"]
    assert [one.file for one in opened(message(part, p3FFD0003=99)).inner] != []


def test_a_message_saved_under_the_ending_of_a_mail_is_read_all_the_same() -> None:
    found = unpack(message(attached(0, BOOK, text(0x3707, "a.xlsx"))), "x.eml", DeliveryKind.MESSAGE, safe_name)
    assert [one.file for one in found.inner] == ["x.eml/a.xlsx"]


@pytest.mark.parametrize("content", [compound({"Workbook": b"x"}), compound({}), message(HEADERS)[:600]])
def test_another_compound_file_is_no_message(content: bytes) -> None:
    assert read_outlook(content, Budget()) is None
    assert [one.code for one in opened(content).issues] == ["delivery.mail_unreadable"]


def test_many_streams_that_share_one_chain_of_sectors_are_refused() -> None:
    """A file of some MB that says it holds gigabytes."""
    pieces = [
        attached(number, bytes(1 << 20) if not number else b"", text(0x3707, f"{number}.xlsx")) for number in range(40)
    ]
    content = bytearray(message(*pieces))
    name = "__substg1.0_37010102".encode("utf-16-le")
    places = [at for at in range(512, len(content), 128) if content[at : at + len(name)] == name]
    told = next(content[at + 116 : at + 128] for at in places if content[at + 120 : at + 124] != bytes(4))
    for at in places:
        content[at + 116 : at + 128] = told
    assert [one.code for one in opened(bytes(content)).issues] == ["delivery.mail_unreadable"]


def test_what_goes_beyond_the_budget_is_told_of() -> None:
    letter = read_outlook(message(attached(0, b"x" * 9_000), attached(1, b"y" * 9_000)), Budget(size=10_000))
    assert letter is not None
    assert [(len(one.content), one.fault) for one in letter.parts] == [(9_000, ""), (0, "delivery.too_much_inside")]


def test_a_few_bytes_that_say_they_hold_gigabytes_are_refused_at_once() -> None:
    content = bytearray(message(HEADERS, attached(0, BOOK, text(0x3707, "a.xlsx"))))
    root = content.index("Root Entry".encode("utf-16-le"))
    content[root + 120 : root + 124] = struct.pack("<L", 3 << 30)
    assert [one.code for one in opened(bytes(content)).issues] == ["delivery.mail_unreadable"]


SOUND = message(HEADERS, attached(0, BOOK, text(0x3707, "a.xlsx")), attached(1, b"x" * 5_000, text(0x3707, "b.xlsx")))


@settings(deadline=2_000)
@given(
    st.lists(st.tuples(st.integers(8, len(SOUND) - 1), st.binary(min_size=1, max_size=8)), max_size=8),
    st.integers(500, len(SOUND)),
)
def test_whatever_is_changed_in_a_message_it_raises_nothing(changes: list[tuple[int, bytes]], end: int) -> None:
    content = bytearray(SOUND)
    for at, change in changes:
        content[at : at + len(change)] = change
    opened(bytes(content[:end]))
