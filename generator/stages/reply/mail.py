"""Mail: subject, body and attachment -> an .eml that opens as a draft, ready to be sent.

In:   texts, addresses, a workbook. Out: bytes, equal for equal input (no date, no random boundary).
Imports the standard library only. Source of the layout: RFC 5322, 2045-2047; X-Unsent is what makes Outlook open a
message as a draft.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_BOUNDARY = "=_ketnghia_phan"
"""Holds a sign that base64 has not, so it cannot stand in any part."""
_LONGEST_LINE = 76
_LONGEST_WORD = 42
"""Bytes of UTF-8 in an encoded word: with its frame and "Subject: " a line stays within 78 signs."""
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_MESSAGE_ID = re.compile(r"<?([^\s<>@\x00-\x1f\x7f-\U0010ffff]{1,250}@[^\s<>@\x00-\x1f\x7f-\U0010ffff]{1,250})>?")
_PIECES = re.compile(r"\S{1,9} ?| ")
"""A word with the space after it; a long word in pieces, none longer than an encoded word."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message before it is written."""

    sender: str
    """Mail address; "" leaves the line out."""
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    answers: str = ""
    """Message-ID of the mail that is answered."""
    files: tuple[tuple[str, bytes], ...] = ()
    """Name and content of what is attached: workbooks (.xlsx) and texts."""


def addresses(text: str) -> tuple[str, ...]:
    """The mail addresses in a text, each once; "Văn thư <a@b.example>; c@d.example" holds two."""
    return tuple(dict.fromkeys(_ADDRESS.findall(text)))


def message_id(text: str) -> str:
    """The text as a Message-ID in its brackets; "" for what is none."""
    found = _MESSAGE_ID.fullmatch(text.strip())
    return f"<{found[1]}>" if found else ""


def written(mail: Mail) -> bytes:
    """The message as RFC 5322 wants it: lines of at most 76 ASCII characters, ended by CR LF."""
    lines = [*_headers(mail), "MIME-Version: 1.0"]
    body = ['Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: base64", "", *_packed(mail.body)]
    if mail.files:
        lines += [f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"', "", f"--{_BOUNDARY}", *body]
        for name, content in mail.files:
            lines += [f"--{_BOUNDARY}", *_attachment(name, content)]
        lines += [f"--{_BOUNDARY}--", ""]
    else:
        lines += [*body, ""]
    return "\r\n".join(lines).encode("ascii")


def _headers(mail: Mail) -> Iterator[str]:
    yield "X-Unsent: 1"
    if mail.sender:
        name = _encoded(mail.sender_name)
        yield f"From: {name}\r\n <{mail.sender}>" if name else f"From: {mail.sender}"
    if mail.recipients:
        yield "To: " + ",\r\n ".join(mail.recipients)
    yield f"Subject: {_encoded(mail.subject)}"
    if mail.answers:
        yield f"In-Reply-To: {mail.answers}"
        yield f"References: {mail.answers}"


def _encoded(text: str) -> str:
    """The text in encoded words, one a line; broken between words, since some programs put a space there."""
    line = _CONTROL.sub(" ", text).encode("utf-8", "replace").decode().strip()
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part).decode('ascii')}?=" for part in _parts(line))


def _parts(line: str) -> Iterator[bytes]:
    part = b""
    for word in _PIECES.findall(line):
        letters = word.encode()
        if len(part) + len(letters) > _LONGEST_WORD and part:
            yield part
            part = b""
        part += letters
    if part:
        yield part


def _packed(text: str) -> Iterable[str]:
    return _base64("\r\n".join(text.splitlines()).encode("utf-8", "replace") + b"\r\n")


def _base64(content: bytes) -> list[str]:
    packed = base64.b64encode(content).decode("ascii")
    return [packed[start : start + _LONGEST_LINE] for start in range(0, len(packed), _LONGEST_LINE)]


def _attachment(name: str, content: bytes) -> Iterator[str]:
    # our own name, made of codes: plain ASCII without quotes
    kind = _WORKBOOK_TYPE if name.endswith(".xlsx") else 'text/plain; charset="utf-8"'
    yield f'Content-Type: {kind};\r\n name="{name}"'
    yield "Content-Transfer-Encoding: base64"
    yield f'Content-Disposition: attachment; filename="{name}"'
    yield ""
    yield from _base64(content)
