"""Mail: a saved message (.eml) -> who sent it, when it was received, and everything that hangs on it.

In:   the bytes of the file, hostile until shown otherwise. Out: a Letter; None for what is no message.
Touches no file. Imports parts, tnef, the standard library's email package; what that raises never leaves this module.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr, parsedate_to_datetime
from itertools import islice

from generator.stages.ingest.parts import DEEPEST, Letter, Part, on_our_clock
from generator.stages.ingest.tnef import SIGNATURE, tnef_parts

_LONGEST_HEADER = 4 * 1024
_MOST_WALKED = 500
_MOST_MULTIPARTS = 100
_MOST_STEPS = 20_000_000  # the parser holds each line against every boundary that is open

_HEADERS = ("From", "Received", "Date", "Subject", "MIME-Version", "Content-Type", "Message-ID")
_MULTIPART = re.compile(rb"multipart/", re.IGNORECASE)
_LOST_BOUNDARY = re.compile(r'^--([^\r\n"]{1,200})\r?\n(?=Content-)', re.IGNORECASE | re.MULTILINE)
_UUENCODED = re.compile(rb"begin [0-7]{3,4} (.+)")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()]+@[^\s<>@,;:\"()]+")
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})


class _Raw(Compat32):
    """Headers as they stand, cut to a bearable length: the parsers of header values are slow on long ones."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002  its base class asks for the name
        return value[:_LONGEST_HEADER]


def read_mail(content: bytes) -> Letter | None:
    """The message with all its attachments; None when the file is no message, or one made to wear a parser out."""
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    multiparts = len(_MULTIPART.findall(content))
    if multiparts > _MOST_MULTIPARTS or multiparts * content.count(b"\n") > _MOST_STEPS:
        return None
    try:
        message = message_from_bytes(content, policy=_Raw())
        if not any(name in message for name in _HEADERS):
            return None
        parts = tuple(islice(_attached(message, 0), _MOST_WALKED + 1))
        if len(parts) > _MOST_WALKED:
            parts = (*parts[:_MOST_WALKED], Part("", fault="delivery.too_many_parts"))
        return Letter(*_stamp(message), parts)
    except Exception:  # hostile headers find holes in every parser; the file is kept and told of
        return None


def headers_of(text: str) -> tuple[str, str, datetime | None]:
    """Message-ID, sender and time of receipt by a block of headers, as Outlook keeps one; empty where it has none."""
    try:
        return _stamp(message_from_bytes(text.lstrip().encode("utf-8", "replace"), policy=_Raw()))
    except Exception:  # as above
        return "", "", None


def _stamp(message: Message) -> tuple[str, str, datetime | None]:
    return (
        message_id(_header(message, "Message-ID")),
        sender(_header(message, "From")),
        received(_header(message, "Received")),
    )


def _header(message: Message, name: str) -> str:
    return str(message.get(name) or "")


def message_id(header: str) -> str:
    """The Message-ID without brackets, as short as it may be; "" where none is told."""
    bracketed = re.search(r"<([^<>\s]+)>", header)
    said = bracketed.group(1) if bracketed else header.strip()
    return "".join(letter for letter in _decoded(said) if letter.isprintable())[:250]


def sender(header: str) -> str:
    """The address in a From header, its domain in lower case, without the name that may say anything; or ""."""
    text = _decoded(header)  # encoded words stay closed: a name may hold another's address
    candidates = (parseaddr(text)[1], *reversed(_ADDRESS.findall(text)))
    found = next((one for one in candidates if _ADDRESS.fullmatch(one)), "")
    if not found:
        return ""
    local, _, domain = found.strip("'.").rpartition("@")
    address = f"{local}@{domain.lower()}"
    return address if address.isprintable() and len(address) <= 250 else ""


def received(header: str) -> datetime | None:
    """The time that stands after the last ";" of a Received header; None where it is no time."""
    if ";" not in header:
        return None
    try:
        return on_our_clock(parsedate_to_datetime(header.rpartition(";")[2].strip()))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# --- parts --------------------------------------------------------------------------------------


def _attached(part: Message, depth: int) -> Iterator[Part]:
    """What hangs on the message, in the order of its parts; the text itself is not given."""
    type_ = part.get_content_type()
    if part.is_multipart() and type_ == "message/rfc822":
        yield _nested(part, depth)
    elif part.is_multipart():
        for one in part.get_payload():
            if isinstance(one, Message):
                yield from _attached(one, depth)
    elif part.get_content_maintype() == "multipart":
        yield from _rescued(part, depth)
    else:
        yield from _leaf(part, type_)


def _nested(part: Message, depth: int) -> Part:
    """The mail that was attached or forwarded; kept whole where it was packed like a file, or lies too deep."""
    inner = part.get_payload(0)
    assert isinstance(inner, Message)
    name = _name(part) or "thu-kem.eml"
    packed = _header(part, "Content-Transfer-Encoding").strip().lower() in ("base64", "quoted-printable")
    if packed or depth >= DEEPEST:
        if packed:
            inner["Content-Transfer-Encoding"] = _header(part, "Content-Transfer-Encoding").strip()
        return Part(_with_ending(name), _payload(inner) if packed else inner.as_bytes(), "message/rfc822")
    return Part(_with_ending(name), type="message/rfc822", parts=tuple(_attached(inner, depth + 1)))


def _with_ending(name: str) -> str:
    return name if name.lower().endswith(".eml") else f"{name}.eml"


def _rescued(part: Message, depth: int) -> Iterator[Part]:
    """The parts of a message that forgot to say how they are kept apart: by the first line that looks like it."""
    text = part.get_payload()
    boundary = _LOST_BOUNDARY.search(text) if isinstance(text, str) else None
    if not boundary or not isinstance(text, str) or depth >= DEEPEST:
        return
    head = f'Content-Type: multipart/mixed; boundary="{boundary.group(1).rstrip()}"\r\n\r\n'
    again = message_from_bytes((head + text).encode("utf-8", "surrogateescape"), policy=_Raw())
    if again.is_multipart():
        yield from _attached(again, depth + 1)


def _leaf(part: Message, type_: str) -> Iterator[Part]:
    name, content = _name(part), _payload(part)
    attached = bool(name) or part.get_content_disposition() == "attachment"
    if type_ in _SIGNATURES:
        return
    if type_ in _TNEF or content.startswith(SIGNATURE) or name.lower() in ("winmail.dat", "win.dat"):
        found = tnef_parts(content)
        yield from found if found is not None else [Part(name or "winmail.dat", content, fault="delivery.part_damaged")]
    elif part.get_content_maintype() != "text" or attached:
        yield Part(name, content, type_, inline=bool(part.get("Content-ID")))
    elif type_ == "text/plain":
        yield from _uuencoded(content)


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _uuencoded(text: bytes) -> Iterator[Part]:
    """Files that an old program pasted into the text, line by line between "begin" and "end"."""
    if b"begin " not in text:
        return
    name, content = "", bytearray()
    for line in text.splitlines():
        begun = _UUENCODED.fullmatch(line)
        if begun:
            name, content = _decoded(begun.group(1).decode("ascii", "surrogateescape")), bytearray()
        elif name and line.strip() == b"end":
            yield Part(name, bytes(content))
            name = ""
        elif name:
            try:
                content += binascii.a2b_uu(line)
            except binascii.Error:  # it was text after all, or the file is torn: its reader will tell
                continue


# --- names --------------------------------------------------------------------------------------


def _name(part: Message) -> str:
    """The file name by Content-Disposition, else by Content-Type: RFC 2231, RFC 2047, and what ignores both."""
    for parameter, header in (("filename", "Content-Disposition"), ("name", "Content-Type")):
        try:
            said = part.get_param(parameter, None, header)
        except Exception:  # numbered pieces (name*0*=) that contradict each other
            said = None
        if isinstance(said, tuple):
            charset, _, text = said
            return _bytes_as_text(text.encode("latin-1", "replace"), charset or "utf-8")
        if said:
            return spoken(str(said))
    return ""


def spoken(text: str) -> str:
    """The header's text with its encoded words read; as it stands where they are broken."""
    if "=?" not in text:
        return _decoded(text)
    try:
        pieces = decode_header(text.replace("\r", "").replace("\n", ""))
    except Exception:  # an encoded word that is none
        return _decoded(text)
    return "".join(
        _bytes_as_text(piece, charset or "utf-8") if isinstance(piece, bytes) else piece for piece, charset in pieces
    )


def _decoded(text: str) -> str:
    """Text whose bytes were not ASCII, against the rules of mail: UTF-8, else the Vietnamese Windows page."""
    return _bytes_as_text(text.encode("utf-8", "surrogateescape"), "utf-8") if not text.isascii() else text


def _bytes_as_text(text: bytes, charset: str) -> str:
    for one in (charset, "utf-8", "cp1258"):
        try:
            return text.decode(one)
        except (LookupError, ValueError):  # an unknown charset, or one that the bytes are not in
            continue
    return text.decode("utf-8", "replace")
