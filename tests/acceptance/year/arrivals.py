"""How it all came: loose in folders, in archives, in mails of every make.

In:   what was sent, with its bytes. Out: files under inputs/<year>/; each delivery knows where it lies.
Imports zipfile, the email package and the modules beside it; nothing of the project's own code.
"""

from __future__ import annotations

import email
import email.utils
import importlib.util
import io
import os
import struct
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from types import ModuleType

from year import world
from year.making import ending
from year.sent import Sent, at

SHEET_TYPE = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = b"%PDF-1.4 cong van da ky (minh hoa)"
REGISTRAR = "van-thu@minhhoa.example"
"""An address that belongs to nobody in the registry."""
OUTLOOK = Path(__file__).resolve().parents[2] / "stages" / "test_outlook.py"
MAIL_DAY = at(12, 16, 9, 30)
NO_WORKBOOK = "thư không có biểu.eml"


def deliver(sent: Sequence[Sent], inputs: Path) -> None:
    """Writes everything under inputs/<year>/."""
    _name(sent)
    groups: dict[str, list[Sent]] = {}
    for number, one in enumerate(sent):
        if one.way == "folder":
            _loose(one, inputs, number)
        else:
            groups.setdefault(one.way, []).append(one)
    for way, several in groups.items():
        how, _, which = way.partition(" ")
        (_zipped if how == "zip" else _mailed)(which, several, inputs)
    nothing = _letter(REGISTRAR, "nothing", MAIL_DAY)
    nothing.add_attachment(PDF, "application", "pdf", filename="công văn.pdf")
    (inputs / NO_WORKBOOK).write_bytes(bytes(nothing))


def _name(sent: Sequence[Sent]) -> None:
    """A name that occurs once in the whole year."""
    for number, one in enumerate(sent):
        if not one.name:
            one.name = f"{one.partner} báo cáo {one.form} số {number}.{ending(one.program)}"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _loose(one: Sent, inputs: Path, number: int) -> None:
    """In a folder of the day, at depth below one, or anywhere with the file's own time."""
    day = f"{one.received:%Y-%m-%d}"
    folder = (day, f"{day}/văn thư/cụm {number % 4}", f"{day}", f"chép tay/{number % 3}")[number % 4]
    path = inputs / folder / one.name
    _write(path, one.content)
    if not folder.startswith(day):
        os.utime(path, (one.received.timestamp(),) * 2)
    one.file = path.relative_to(inputs).as_posix()


# --- archives ----------------------------------------------------------------------------------------


def zipped(several: Sequence[Sent], inside: Mapping[str, bytes] | None = None) -> bytes:
    """An archive of these; names in UTF-8."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for one in several:
            package.writestr(f"Huyện/{one.name}", one.content)
        for name, content in (inside or {}).items():
            package.writestr(name, content)
    return written.getvalue()


def _zipped(which: str, several: Sequence[Sent], inputs: Path) -> None:
    day = several[0].received
    name = f"{day:%Y-%m-%d}/{which}.zip"
    content = zipped(several)
    if which == "in it":
        content = zipped([], {"gói con/bên trong.zip": content, "đọc trước.txt": "Kính gửi".encode()})
    if which == "old names":
        content = _old_names(several)
    _write(inputs / name, content)
    for one in several:
        one.received = day
        one.file = name


def _old_names(several: Sequence[Sent]) -> bytes:
    """An archive whose names are in the Vietnamese code page, unmarked, as old programs write them."""
    written, names = io.BytesIO(), {}
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for number, one in enumerate(several):
            stand_in = f"{number:04}".ljust(len(_cp1258(one.name)), "z")
            names[stand_in.encode()] = _cp1258(one.name)
            package.writestr(stand_in, one.content)
    content = written.getvalue()
    for stand_in, name in names.items():
        content = content.replace(stand_in, name)
    return content


def _cp1258(text: str) -> bytes:
    found = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            found += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, mark = (
                unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter)[:-1]),
                unicodedata.normalize("NFD", letter)[-1],
            )
            found += (base + mark).encode("cp1258")
    return found


# --- mails ---------------------------------------------------------------------------------------------


def _letter(sender: str, name: str, received: datetime) -> EmailMessage:
    message = EmailMessage()
    message["Received"] = f"from a by b.example; {email.utils.format_datetime(received)}"
    message["Received"] = "from c by a.example; Mon, 1 Sep 2025 08:00:00 +0700"
    message["From"] = f"Văn thư <{sender}>"
    message["To"] = "ketnghia@sodantoctongiao.example"
    message["Subject"] = "Báo cáo công tác kết nghĩa năm 2025 (minh họa)"
    message["Message-ID"] = f"<{name.replace(' ', '-')}@minhhoa.example>"
    message.set_content("Kính gửi báo cáo.\n")
    return message


def _attach(message: EmailMessage, several: Sequence[Sent]) -> EmailMessage:
    for one in several:
        message.add_attachment(one.content, "application", SHEET_TYPE, filename=one.name)
    return message


def _mailed(which: str, several: Sequence[Sent], inputs: Path) -> None:
    received = several[0].received.replace(hour=9, minute=30)
    sender = world.address_of(several[0].partner) if len(several) == 1 else REGISTRAR
    sender = {"swapped 1": "dv-0057@minhhoa.example", "swapped 2": "dv-0056@minhhoa.example"}.get(which, sender)
    content, suffix = _MAKES.get(which, _usual)(_letter(sender, which, received), several), "eml"
    if which == "outlook":
        content, suffix = _by_outlook(sender, several[0], received), "msg"
    name = f"hộp thư/{which}.{suffix}"
    _write(inputs / name, content)
    if which == "twice":
        _write(inputs / f"hộp thư/bản sao của {which}.{suffix}", content)
    for one in several:
        one.received, one.sender, one.file = received, sender, name


def _usual(message: EmailMessage, several: Sequence[Sent]) -> bytes:
    return bytes(_attach(message, several))


def _signed(message: EmailMessage, several: Sequence[Sent]) -> bytes:
    message.add_attachment(PDF, "application", "pdf", filename="công văn đã ký.pdf")
    return bytes(_attach(message, several))


def _html(message: EmailMessage, several: Sequence[Sent]) -> bytes:
    message.add_alternative("<p>Kính gửi <b>báo cáo</b></p>", subtype="html")
    return bytes(_attach(message, several))


def _forwarded(message: EmailMessage, several: Sequence[Sent]) -> bytes:
    inner = _attach(_letter("ai-do@minhhoa.example", "inner", at(12, 1)), several)
    message.add_attachment(inner)
    return bytes(message)


def _nested(message: EmailMessage, several: Sequence[Sent]) -> bytes:
    """A mail in a mail in a mail, each by the older classes of the package."""
    inner = _attach(_letter("ai-do@minhhoa.example", "deep", at(12, 1)), several)
    middle = MIMEMultipart()
    middle["From"], middle["Subject"] = "ai-do@minhhoa.example", "Fwd: báo cáo"
    middle.attach(MIMEText("Chuyển tiếp.", "plain", "utf-8"))
    middle.attach(MIMEMessage(email.message_from_bytes(bytes(inner))))
    message.add_attachment(middle.as_bytes(), "application", "octet-stream", filename="thư chuyển.eml")
    return bytes(message)


def _long_names(message: EmailMessage, several: Sequence[Sent]) -> bytes:
    """RFC 2231: a name in pieces, percent-encoded."""
    outer = MIMEMultipart()
    outer["From"] = email.utils.formataddr(email.utils.parseaddr(str(message["From"])))
    for name in ("Received", "To", "Message-ID"):
        for value in message.get_all(name):
            outer[name] = str(value)
    for one in several:
        part = MIMEApplication(one.content, SHEET_TYPE)
        encoded = "".join(f"%{byte:02X}" for byte in one.name.encode())
        pieces = [encoded[start : start + 60] for start in range(0, len(encoded), 60)]
        told = ";\r\n ".join(
            f"filename*{n}*={chr(39).join(('UTF-8', '', piece)) if n == 0 else piece}" for n, piece in enumerate(pieces)
        )
        part["Content-Disposition"] = f"attachment;\r\n {told}"
        outer.attach(part)
    return outer.as_bytes()


def _zip_attached(message: EmailMessage, several: Sequence[Sent]) -> bytes:
    message.add_attachment(zipped(several), "application", "zip", filename="các biểu.zip")
    return bytes(message)


def _winmail(message: EmailMessage, several: Sequence[Sent]) -> bytes:
    """winmail.dat, as Outlook packs what it sends to other programs ([MS-OXTNEF])."""
    told = b"".join(_rich(one) for one in several)
    head = struct.pack("<LH", 0x223E9F78, 1) + _attribute(1, 0x00089006, struct.pack("<L", 0x10000))
    head += _attribute(1, 0x00069007, struct.pack("<LL", 1258, 0))
    message.add_attachment(head + told, "application", "ms-tnef", filename="winmail.dat")
    return bytes(message)


def _rich(one: Sent) -> bytes:
    name = f"{one.name}\0".encode("utf-16-le")
    long_name = struct.pack("<HHLL", 0x1F, 0x3707, 1, len(name)) + name + b"\0" * (-len(name) % 4)
    return (
        _attribute(2, 0x00069002, b"\0" * 14)
        + _attribute(2, 0x00018010, b"BAOCAO~1.XLS\0")
        + _attribute(2, 0x0006800F, one.content)
        + _attribute(2, 0x00069005, struct.pack("<L", 1) + long_name)
    )


def _attribute(level: int, tag: int, body: bytes) -> bytes:
    return struct.pack("<BLL", level, tag, len(body)) + body + struct.pack("<H", sum(body) & 0xFFFF)


def _by_outlook(sender: str, one: Sent, received: datetime) -> bytes:
    """A .msg: the compound file that the tests of that reader write by hand."""
    make = _outlook()
    headers = "\r\n".join(
        (
            f"Received: from a by b; {email.utils.format_datetime(received)}",
            f"From: <{sender}>",
            "Message-ID: <outlook@minhhoa.example>",
            "",
            "",
        )
    )
    attached = make.attached(0, one.content, make.text(0x3707, one.name))
    return bytes(make.message(make.text(0x007D, headers), attached))


def _outlook() -> ModuleType:
    told = importlib.util.spec_from_file_location("outlook_files", OUTLOOK)
    assert told is not None
    assert told.loader is not None
    found = importlib.util.module_from_spec(told)
    sys.modules[told.name] = found
    told.loader.exec_module(found)
    return found


_MAKES: Mapping[str, Callable[[EmailMessage, Sequence[Sent]], bytes]] = {
    "forwarded": _forwarded,
    "nested": _nested,
    "long names": _long_names,
    "zip attached": _zip_attached,
    "winmail": _winmail,
    "signed": _signed,
    "html": _html,
}
