"""Saved mails are opened whatever program wrote them: every attachment is found, and nothing they hold raises."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model import DeliveryKind
from generator.pipeline.workspace import safe_name
from generator.stages.ingest.mail import read_mail, received, sender
from generator.stages.ingest.parts import Part, named
from generator.stages.ingest.unpack import Unpacked, unpack

XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOOK = b"PK\x03\x04 a workbook, or so it says \x00\x01\xff\r\n" * 3
BOUNDARY_HEAD = b"From: Mot <mot@so.example>\r\nMIME-Version: 1.0\r\n"


def opened(content: bytes) -> Unpacked:
    return unpack(content, "inputs/2025/thu.eml", DeliveryKind.MESSAGE, safe_name)


def files(content: bytes) -> list[tuple[str, str]]:
    return [(one.file.removeprefix("inputs/2025/thu.eml/"), one.kind.value) for one in opened(content).inner]


def codes(content: bytes) -> list[str]:
    return [one.code for one in opened(content).issues]


def letter(*names: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Nguyễn Văn A (minh họa) <a@so-y-te.example>"
    message["Message-ID"] = "<1@so-y-te.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Kính gửi Ban Dân tộc, xin gửi báo cáo.")
    for name in names:
        message.add_attachment(BOOK, "application", XLSX, filename=name)
    return message


def one_part(head: bytes, body: bytes) -> bytes:
    """A mail with one part, its headers written as given."""
    parts = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n%s\r\n\r\n%s\r\n--b--\r\n' % (head, body)
    return BOUNDARY_HEAD + parts


# --- names ----------------------------------------------------------------------------------------

PACKED = base64.encodebytes(BOOK)
TYPE = b"Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (TYPE + b'; name="bieu.xlsx"', "bieu.xlsx"),
        (TYPE + b'\r\nContent-Disposition: attachment; filename="bieu.xlsx"', "bieu.xlsx"),
        (TYPE + b'; name="khac.xlsx"\r\nContent-Disposition: inline; filename=bieu.xlsx', "bieu.xlsx"),
        (TYPE + b"\r\nContent-Disposition: attachment; filename*=UTF-8''B%C3%A1o%20c%C3%A1o.xlsx", "Báo cáo.xlsx"),
        (
            TYPE + b"\r\nContent-Disposition: attachment;\r\n filename*0*=UTF-8''B%C3%A1o%20c;\r\n"
            b" filename*1*=%C3%A1o;\r\n filename*2=.xlsx",
            "Báo cáo.xlsx",
        ),
        (TYPE + b'; name="=?UTF-8?B?QsOhbyBjw6FvLnhsc3g=?="', "Báo cáo.xlsx"),
        # a letter cut in two by the fold of the header
        (TYPE + b';\r\n name="=?UTF-8?Q?B=C3?=\r\n =?UTF-8?Q?=A1o_c=C3=A1o.xlsx?="', "Báo cáo.xlsx"),
        (TYPE + b'; name="=?windows-1258?Q?B=E1o_c=E1o.xlsx?="', "Báo cáo.xlsx"),
        (TYPE + b'; name="=?khong-co?B?QsOhbyBjw6FvLnhsc3g=?="', "Báo cáo.xlsx"),
        (TYPE + b'; name="B\xc3\xa1o c\xc3\xa1o.xlsx"', "Báo cáo.xlsx"),
        (TYPE + b'; name="B\xe1o c\xe1o.xlsx"', "Báo cáo.xlsx"),
        (TYPE + b'; name="Ba\xcc\x81o ca\xcc\x81o.xlsx"', "Báo cáo.xlsx"),
        (TYPE, "dinh-kem-1.xlsx"),
        (b"Content-Type: application/octet-stream", "dinh-kem-1.zip"),
        (TYPE + b'; name=".xlsx"', "dinh-kem-1.xlsx"),
        (TYPE + b'; name="bao cao 2025.12"', "bao cao 2025.12.xlsx"),
        (TYPE + b'; name="bieu.dat"', "bieu.dat.xlsx"),
        (TYPE + b'; name="../../../etc/bieu.xlsx"', "etc/bieu.xlsx"),
        (TYPE + rb'; name="C:\\Users\\A\\bieu.xlsx"', "Users/A/bieu.xlsx"),
        (TYPE + b'; name="con.xlsx"', "_con.xlsx"),
        (TYPE + b'; name="bieu.xlsx. . "', "bieu.xlsx"),
        (TYPE + '; name="\u202exslx.bieu.xlsx"'.encode(), "xslx.bieu.xlsx"),
        (TYPE + b'; name="a<b>|c?.xlsx"', "a-b-c.xlsx"),
    ],
)
def test_an_attachment_has_the_name_that_its_sender_saw_made_legal(head: bytes, name: str) -> None:
    content = one_part(head + b"\r\nContent-Transfer-Encoding: base64", PACKED)
    found = opened(content)
    if name.endswith(".zip"):  # octets without a name that begin like a zip are looked into
        assert [(one.code, one.place.file) for one in found.issues] == [
            ("delivery.bundle_unreadable", f"inputs/2025/thu.eml/{name}")
        ]
        return
    assert [(one.file, one.content) for one in found.inner] == [(f"inputs/2025/thu.eml/{name}", BOOK)]
    assert found.issues == []


def test_attachments_of_one_name_are_told_apart_whatever_their_case() -> None:
    assert [name for name, _ in files(bytes(letter("bieu.xlsx", "BIEU.xlsx", "bieu (2).xlsx", "bieu.xlsx")))] == [
        "bieu.xlsx",
        "BIEU (2).xlsx",
        "bieu (2) (2).xlsx",
        "bieu (3).xlsx",
    ]


@given(st.text(max_size=300), st.integers(1, 9))
def test_whatever_a_name_holds_it_becomes_one_that_every_system_accepts(name: str, number: int) -> None:
    content = BOUNDARY_HEAD + b"\r\n"
    assert read_mail(content) is not None
    told = named(Part(name, BOOK, f"application/{XLSX}"), number)
    (inner,) = unpack_parts([Part(told, BOOK)]).inner
    steps = inner.file.removeprefix("x.eml/").split("/")
    for step in steps:
        assert step == safe_name(step)
        assert step.strip(". ") == step
    assert len(steps) <= 6


def unpack_parts(parts: Sequence[Part]) -> Unpacked:
    from generator.stages.ingest import unpack as module

    opening = module._Opening(module.Names(safe_name))
    opening._take(parts, "x.eml", module.NOWHERE, 0)
    return opening.found


# --- ways of packing ------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "binary", "8bit"])
def test_every_transfer_encoding_gives_the_same_bytes(encoding: str) -> None:
    body = BOOK
    if encoding == "base64":
        body = PACKED
    elif encoding == "quoted-printable":
        body = binascii.b2a_qp(BOOK, istext=False)
    content = one_part(TYPE + b"; name=bieu.xlsx\r\nContent-Transfer-Encoding: " + encoding.encode(), body)
    assert [one.content for one in opened(content).inner] == [BOOK]


def _uuencoded(content: bytes, name: str) -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return f"begin 644 {name}\n".encode() + b"".join(lines) + b"`\nend\n"


def test_a_file_that_an_old_program_pasted_into_the_text_is_found() -> None:
    text = b"Kinh gui Ban\n\n" + _uuencoded(BOOK, "mot.xlsx") + b"\nva\n" + _uuencoded(b"PK2", "hai.xlsx")
    content = b"From: a@so.example\nSubject: bao cao\n\n" + text
    assert [(one.file, one.content) for one in opened(content).inner] == [
        ("inputs/2025/thu.eml/mot.xlsx", BOOK),
        ("inputs/2025/thu.eml/hai.xlsx", b"PK2"),
    ]


def test_text_that_only_speaks_of_beginning_is_no_file() -> None:
    assert files(b"From: a@so.example\n\nbegin 644 to work\nand so on\n") == []


def test_a_mail_that_is_nothing_but_its_workbook_gives_the_workbook() -> None:
    content = BOUNDARY_HEAD + TYPE + b"; name=bieu.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\n" + PACKED
    assert files(content) == [("bieu.xlsx", "workbook")]


def test_workbooks_shown_inline_count_and_logos_do_not() -> None:
    message = letter()
    message.add_attachment(BOOK, "application", XLSX, filename="bieu.xlsx", disposition="inline", cid="<x@so>")
    message.add_attachment(b"\x89PNG" + b"x" * 50_000, "image", "png", filename="logo.png", cid="<logo@so>")
    message.add_attachment(b"GIF89a", "image", "gif", filename="gach.gif")
    message.add_attachment(b"\xff\xd8" + b"x" * 50_000, "image", "jpeg", filename="cong-van.jpg")
    message.add_attachment(b"%PDF-1.7", "application", "pdf", filename="cong-van.pdf")
    message.add_attachment("ghi chú", filename="ghi-chu.txt")
    assert files(bytes(message)) == [
        ("bieu.xlsx", "workbook"),
        ("cong-van.jpg", "enclosure"),
        ("cong-van.pdf", "enclosure"),
        ("ghi-chu.txt", "enclosure"),
    ]


def test_a_digital_signature_is_no_enclosure() -> None:
    message = MIMEMultipart("signed", protocol="application/pkcs7-signature")
    message["From"] = "a@so.example"
    message.attach(MIMEApplication(BOOK, XLSX, name="bieu.xlsx"))
    message.attach(MIMEApplication(b"0\x82", "pkcs7-signature", name="smime.p7s"))
    assert files(message.as_bytes()) == [("bieu.xlsx", "workbook")]


def test_what_is_attached_to_a_forwarded_mail_counts_as_sent_by_whoever_forwarded_it() -> None:
    inner = letter("xa.xlsx", Received="from a by b; Mon, 1 Dec 2025 07:00:00 +0700")
    del inner["Message-ID"]
    outer = letter("huyen.xlsx", Received="from c by d; Wed, 3 Dec 2025 09:30:00 +0700")
    outer.replace_header("From", "huyen@huyen.example")
    outer.add_attachment(inner)
    found = opened(bytes(outer))
    assert [one.file for one in found.inner] == [
        "inputs/2025/thu.eml/huyen.xlsx",
        "inputs/2025/thu.eml/thu-kem.eml/xa.xlsx",
    ]
    assert {one.stamp for one in found.inner} == {found.stamp}
    assert (found.stamp.sender, found.stamp.message) == ("huyen@huyen.example", "1@so-y-te.example")
    assert str(found.stamp.received) == "2025-12-03 09:30:00+07:00"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: message/rfc822; name=chuyen.eml\r\nContent-Transfer-Encoding: base64",
        b"Content-Type: application/octet-stream; name=chuyen.eml\r\nContent-Transfer-Encoding: base64",
    ],
)
def test_a_mail_packed_like_a_file_is_opened_too(head: bytes) -> None:
    content = one_part(head, base64.encodebytes(bytes(letter("xa.xlsx"))))
    assert files(content) == [("chuyen.eml/xa.xlsx", "workbook")]


# --- broken mails ---------------------------------------------------------------------------------


def test_a_mail_that_forgot_its_boundary_is_read_by_the_lines_that_look_like_one() -> None:
    whole = one_part(TYPE + b"; name=bieu.xlsx\r\nContent-Transfer-Encoding: base64", PACKED)
    assert files(whole.replace(b'; boundary="b"', b"")) == [("bieu.xlsx", "workbook")]


def test_a_mail_cut_off_in_the_middle_gives_what_is_there() -> None:
    content = bytes(letter("mot.xlsx", "hai.xlsx"))
    found = opened(content[: content.rindex(b"Content-Type")])
    assert [one.file for one in found.inner][:1] == ["inputs/2025/thu.eml/mot.xlsx"]


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 no mail at all", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_a_file_that_is_no_mail_is_told_of(content: bytes) -> None:
    assert codes(content) == ["delivery.mail_unreadable"]


def test_a_mail_made_to_wear_a_parser_out_is_refused_at_once() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000))
    assert codes(b"From: a@so.example\n" + nested) == ["delivery.mail_unreadable"]


def test_mails_within_mails_end_somewhere_and_what_is_deeper_is_told_of() -> None:
    message = letter("bieu.xlsx")
    for _ in range(9):
        outer = letter()
        outer.add_attachment(bytes(message), "application", "octet-stream", filename="thu.eml")
        message = outer
    assert codes(bytes(message)) == ["delivery.too_deep"]
    message = letter("bieu.xlsx")
    for _ in range(9):
        outer = letter()
        outer.add_attachment(message)
        message = outer
    assert codes(bytes(message)) == ["delivery.too_deep"]


@pytest.mark.parametrize("count", [201, 700])
def test_of_too_many_attachments_the_first_are_taken_and_the_rest_told_of(count: int) -> None:
    content = bytes(letter(*(f"{number}.xlsx" for number in range(count))))
    assert (len(files(content)), codes(content)) == (200, ["delivery.too_many_parts"])


def test_an_archive_that_we_cannot_open_is_kept_and_told_of() -> None:
    message = letter()
    message.add_attachment(b"Rar!", "application", "vnd.rar", filename="bieu.rar")
    assert (files(bytes(message)), codes(bytes(message))) == ([("bieu.rar", "enclosure")], ["delivery.other_archive"])


SOUND = bytes(letter("bieu.xlsx", Received="from a by b; Wed, 3 Dec 2025 09:30:00 +0700"))
CHANGES = st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.binary(max_size=12)), min_size=1, max_size=12)


@settings(deadline=2_000)
@given(CHANGES)
def test_whatever_is_changed_in_a_mail_it_raises_nothing(changes: list[tuple[int, bytes]]) -> None:
    content = bytearray(SOUND)
    for at, change in changes:
        content[at : at + len(change)] = change
    opened(bytes(content))


HEADERS = st.sampled_from(
    ["From", "Received", "Message-ID", "Content-Type", "Content-Disposition", "Content-Transfer-Encoding"]
)
TOKENS = "=?utf-8?|?=|B?|Q?|(|)|;|<|>|@|filename*0*=|filename*1|name=|''|%|multipart/mixed|message/rfc822|boundary=|x|é"
PIECES = st.one_of(
    st.sampled_from(TOKENS.split("|")), st.sampled_from(['"', "\\", "\r\n ", ",", ":", "=", "Mon, 9 Foo", "base64"])
)


@settings(deadline=2_000)
@given(st.lists(st.tuples(HEADERS, st.lists(PIECES, max_size=30).map("".join)), max_size=8), st.binary(max_size=200))
def test_whatever_a_header_says_it_raises_nothing(headers: list[tuple[str, str]], body: bytes) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    opened(head.encode() + b"\r\n" + body)


# --- sender and time ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("a@so.example", "a@so.example"),
        ("Ông A <A.Nguyen@SO-Y-TE.Example>", "A.Nguyen@so-y-te.example"),
        ('"b@khac.example" <a@so.example>', "a@so.example"),
        ("=?UTF-8?B?w5RuZyBB?= <a@so.example>", "a@so.example"),
        ("=?UTF-8?Q?S=E1=BB=9F_=3Cx=40y.example=3E?= <a@so.example>", "a@so.example"),
        ("a@so.example, b@so.example", "a@so.example"),
        ("a@so.example (Ông A)", "a@so.example"),
        ("khong co dia chi", ""),
        ("", ""),
        ("<<<<@>>>>", ""),
    ],
)
def test_the_sender_is_the_address_alone_its_domain_in_lower_case(header: str, address: str) -> None:
    assert sender(header) == address


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("from a by b with ESMTP id 1; Wed, 3 Dec 2025 09:30:00 +0700 (ICT)", "2025-12-03T09:30:00+07:00"),
        ("from a; by b; Wed, 3 Dec 2025 23:59:59 -0000", "2025-12-04T06:59:59+07:00"),
        ("from a by b;\r\n Wed, 3 Dec 2025 02:30:00 GMT", "2025-12-03T09:30:00+07:00"),
        ("from a by b Wed, 3 Dec 2025 09:30:00 +0700", None),
        ("from a by b; yesterday", None),
        ("from a by b; Wed, 3 Dec 0025 09:30:00 +9999", None),
        ("from a by b; Wed, 3 Dec 9999 23:30:00 -2359", None),
        ("", None),
    ],
)
def test_received_is_the_time_after_the_last_semicolon(header: str, moment: str | None) -> None:
    found = received(header)
    assert (found.isoformat() if found else None) == moment


def test_the_top_server_says_when_a_mail_was_received_and_the_time_of_sending_says_nothing() -> None:
    top = b"Received: from b by c; Wed, 3 Dec 2025 09:30:00 +0700\r\n"
    below = b"Received: from a by b; Tue, 2 Dec 2025 09:30:00 +0700\r\nDate: Mon, 1 Dec 2025 09:30:00 +0700\r\n\r\n"
    assert str(opened(top + below).stamp.received) == "2025-12-03 09:30:00+07:00"
    assert opened(below[below.index(b"Date") :]).stamp.received is None


def test_a_mail_without_message_id_is_known_by_its_bytes() -> None:
    message = letter("a.xlsx")
    del message["Message-ID"]
    first, second = opened(bytes(message)), opened(bytes(message) + b"\r\n")
    assert len(first.stamp.message) == 64
    assert first.stamp.message != second.stamp.message
