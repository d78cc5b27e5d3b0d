"""How the sample returns travel: loose, in folders by day, in archives, by mail, forwarded, in winmail.dat, as .xlsm.

In:   a season's arrivals, the givers' addresses. Out: Parcels: files for inputs/<year>/, and which workbook lies where.
Imports zipfile, email, office.package. The same parcels have the same bytes on every day.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from generator.demo.habits import Arrival
from generator.office.package import open_package

_WAYS = ("folder", "folder", "mail", "winmail", "loose", "folder", "forward", "folder", "xlsm", "folder")
_TOGETHER = 3
"""One in so many communes sends through somebody who collects returns."""
_TYPES = "[Content_Types].xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""An empty page: the signed dispatch that comes with a return is kept and never read."""

_DISPATCH = "cong-van-minh-hoa.pdf"

Fill = Callable[[Arrival], bytes]
"""The bytes of an arrival's workbook."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file under inputs/<year>/ and the workbooks in it."""

    name: str
    """Path under inputs/<year>/."""
    day: str
    way: str
    arrivals: tuple[Arrival, ...]
    sender: str = ""
    """Mail address it came from."""

    def place(self, one: Arrival) -> str:
        """Where the journal will say that the workbook lies, under inputs/<year>/."""
        if self.way in ("zip", "mail", "mails", "winmail"):
            return f"{self.name}/{one.stem}.xlsx"
        return f"{self.name}/bao-cao-kem.eml/{one.stem}.xlsx" if self.way == "forward" else self.name

    def content(self, fill: Fill) -> bytes:
        """The file's bytes."""
        books = [(f"{one.stem}.xlsx", fill(one)) for one in self.arrivals]
        if self.way == "zip":
            return _zipped(books, self.day)
        if self.way in ("mail", "mails"):
            return bytes(_mail(self, books))
        if self.way == "forward":
            return bytes(_forwarded(self, books))
        if self.way == "winmail":
            return bytes(_from_outlook(self, books))
        return _with_macros(books[0][1]) if self.way == "xlsm" else books[0][1]


def parcels(arrivals: Sequence[Arrival], addresses: Mapping[str, str]) -> tuple[Parcel, ...]:
    """Every workbook in one parcel, by day and name. `addresses` of the partners that have one."""
    together: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    found: list[Parcel] = []
    for one in arrivals:
        number = int(one.partner.rpartition("-")[2])
        if one.sender:
            found.append(_posted(one, "mail", addresses.get(one.sender, "")))
        elif one.form == "KN-02" and one.partner.startswith("XA-") and not number % _TOGETHER:
            together[one.day, "mails" if number % 2 else "zip"].append(one)
        else:
            way = _WAYS[(number + one.year) % len(_WAYS)] if not one.torn and not one.suffix else "folder"
            found.append(_posted(one, way, addresses.get(one.partner, "")))
    for (day, way), several in together.items():
        name = f"cac-xa-gui-chung.{'zip' if way == 'zip' else 'eml'}"
        found.append(Parcel(f"{day}/{name}", day, way, tuple(several), "tong-hop@minhhoa.example"))
    return tuple(sorted(found, key=lambda parcel: (parcel.day, parcel.name)))


def _posted(one: Arrival, way: str, sender: str) -> Parcel:
    endings = {"mail": "eml", "forward": "eml", "winmail": "eml", "xlsm": "xlsm"}
    if endings.get(way) == "eml" and not sender:
        way = "folder"
    name = f"{one.stem}.{endings.get(way, 'xlsx')}"
    return Parcel(name if way == "loose" else f"{one.day}/{name}", one.day, way, (one,), sender)


def _zipped(books: Sequence[tuple[str, bytes]], day: str) -> bytes:
    year, month, number = map(int, day.split("-"))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, content in books:
            member = zipfile.ZipInfo(name, (year, month, number, 8, 0, 0))
            member.create_system = 0
            archive.writestr(member, content)
    return written.getvalue()


def _mail(parcel: Parcel, books: Sequence[tuple[str, bytes]], *, reached: bool = True) -> EmailMessage:
    """The mail with the workbooks and the dispatch; `reached` us, so that a server has stamped it."""
    day, month, year = parcel.day[8:], parcel.day[5:7], parcel.day[:4]
    said = f"{int(day)} {_MONTHS[int(month) - 1]} {year} 09:30:00 +0700"
    message = EmailMessage(policy=SMTP)
    if reached:
        message["Received"] = f"from thu.minhhoa.example by hop-thu.minhhoa.example; {said}"
    message["From"] = parcel.sender
    message["To"] = "ketnghia@bandantoc.example"
    message["Subject"] = f"Báo cáo kết nghĩa năm {parcel.arrivals[0].year} (minh họa)"
    message["Date"] = said
    message["Message-ID"] = f"<{parcel.name.replace('/', '.')}.{int(reached)}@minhhoa.example>"
    message.set_content("Kính gửi cơ quan thường trực, gửi kèm biểu và công văn (minh họa).")
    for name, content in books:
        message.add_attachment(content, *_XLSX, filename=name)
    message.add_attachment(_PDF, "application", "pdf", filename=_DISPATCH)
    # the library draws boundaries by chance; the same mail must be the same bytes
    message.set_boundary(f"ranh-gioi-{int(reached)}")
    return message


def _forwarded(parcel: Parcel, books: Sequence[tuple[str, bytes]]) -> EmailMessage:
    """The mail inside another one, as an office forwards what came to the wrong address."""
    message = _mail(parcel, ())
    message.clear_content()
    message.set_content("Chuyển tiếp báo cáo của đơn vị (minh họa).")
    message.add_attachment(_mail(parcel, books, reached=False), filename="bao-cao-kem.eml")
    message.set_boundary("ranh-gioi-ngoai")
    return message


def _from_outlook(parcel: Parcel, books: Sequence[tuple[str, bytes]]) -> EmailMessage:
    """The mail as Outlook sends it to whoever it thinks has Outlook too: what hangs on it wrapped in winmail.dat."""
    message = _mail(parcel, ())
    message.clear_content()
    message.set_content("Kính gửi cơ quan thường trực, gửi kèm biểu và công văn (minh họa).")
    wrapped = _winmail([*books, (_DISPATCH, _PDF)])
    message.add_attachment(wrapped, "application", "ms-tnef", filename="winmail.dat")
    message.set_boundary("ranh-gioi-outlook")
    return message


def _winmail(files: Sequence[tuple[str, bytes]]) -> bytes:
    """TNEF (MS-OXTNEF): its version and code page, then of each file its beginning, name and content."""
    attributes = [(1, 0x00089006, struct.pack("<L", 0x10000)), (1, 0x00069007, struct.pack("<LL", 1258, 0))]
    for name, content in files:
        attributes += [(2, 0x00069002, bytes(14)), (2, 0x00018010, name.encode() + b"\0"), (2, 0x0006800F, content)]
    written = [struct.pack("<LH", 0x223E9F78, 1)]
    for level, tag, body in attributes:
        written.append(struct.pack("<BLL", level, tag, len(body)) + body + struct.pack("<H", sum(body) & 0xFFFF))
    return b"".join(written)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _with_macros(content: bytes) -> bytes:
    """The workbook as Excel saves one that may hold macros; it holds none."""
    package, _ = open_package(content, "minh-hoa.xlsm")
    assert package is not None
    return package.replace({_TYPES: package.read(_TYPES).replace(_PLAIN, _MACROS)})
