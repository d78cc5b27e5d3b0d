"""Parts: what is found inside a mail or an archive, what kind of file a name promises, and names for the nameless.

In:   names and content types as a sender's program wrote them. Out: records, kinds, names that are legible.
Pure. Imports model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from generator.model import DeliveryKind

VIETNAM = timezone(timedelta(hours=7))
"""Deadlines are days of Vietnam's clock, wherever the computer thinks it stands; it knows no summer time."""

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes. A filled form has some 40 KB; what is larger than this is a mistake or an attack."""
MOST_PARTS = 200
"""Files taken out of one mail or archive, nested ones included."""
MOST_BYTES = 128 * 1024 * 1024
"""Bytes that one mail or archive may hold when everything in it is unpacked."""
DEEPEST = 6
"""Mails and archives within one another."""

OTHER_ARCHIVES = frozenset({".rar", ".7z", ".tar", ".gz", ".tgz"})
"""Archives that we do not open; the officer is told."""

_KINDS = {
    **dict.fromkeys((".xlsx", ".xlsm", ".ods", ".xls", ".xlsb"), DeliveryKind.WORKBOOK),
    **dict.fromkeys((".eml", ".msg"), DeliveryKind.MESSAGE),
    ".zip": DeliveryKind.BUNDLE,
    **dict.fromkeys((".pdf", ".docx", ".doc"), DeliveryKind.ENCLOSURE),
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_SUFFIXES = {
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": ".xlsb",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.ms-excel": ".xls",
    "application/msexcel": ".xls",
    "application/vnd.ms-outlook": ".msg",
    "message/rfc822": ".eml",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "text/plain": ".txt",
    "text/html": ".html",
}
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$|\.7z$")
_DRIVE = re.compile(r"[A-Za-z]:")
_SAYING_NOTHING = frozenset({"", ".bin", ".dat", ".tmp", ".file"})
_DIRECTIONS = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside a mail or an archive, or a mail inside a mail."""

    name: str
    """As the sender's program wrote it, "" where it wrote none; hostile until `names_in` made it legible."""
    content: bytes = b""
    type: str = ""
    """Content type in lower case; "" where nothing tells."""
    inline: bool = False
    """Whether the text shows it (it has a Content-ID), as the logo of a signature."""
    parts: tuple[Part, ...] | None = None
    """What is in it, where it is a mail that was read together with the one around it."""
    fault: str = ""
    """Code of the issue that says why its content cannot be had."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as saved: who sent it, when it was received, and all that hangs on it."""

    message: str
    """Its Message-ID without brackets; "" where it has none."""
    sender: str
    received: datetime | None
    """By the last server that passed it on, on Vietnam's clock; None where it does not say."""
    parts: tuple[Part, ...]


@dataclass(slots=True)
class Budget:
    """What may still be taken out of one container of the folder."""

    parts: int = MOST_PARTS
    size: int = MOST_BYTES

    def spend(self, size: int) -> bool:
        """Whether so many bytes more may be unpacked; then they are."""
        if size > self.size:
            return False
        self.size -= size
        return True


def kind_of(name: str) -> DeliveryKind | None:
    """What a file of that name is; None where we would not know what to do with it."""
    return _KINDS.get(name[name.rfind(".") :].lower() if "." in name else "")


def named(part: Part, number: int) -> str:
    """The part's name, with an ending that tells what it is; without a name one made of its number and type."""
    name = legible_name(part.name).rstrip(". ")
    start = max(name.rfind("/"), name.rfind("\\")) + 1
    suffix = _SUFFIX.search(name, start)
    ending = suffix.group().lower() if suffix else ""
    told = _SUFFIXES.get(part.type, "")
    if len(name) - start > len(ending):
        workbook_misnamed = kind_of(name) is None and kind_of(told) is DeliveryKind.WORKBOOK
        if ending not in _SAYING_NOTHING and not workbook_misnamed:
            return name
        return name + (told or _sniffed(part.content))
    if ending in _SAYING_NOTHING:
        ending = told or _sniffed(part.content) or ".bin"
    return f"{name[:start]}dinh-kem-{number}{ending}"


def _sniffed(content: bytes) -> str:
    """The ending that the first bytes tell of; a program that names its files badly mostly calls them octets."""
    head = content[:4096]
    if head.startswith(b"PK\x03\x04"):
        if b"opendocument.spreadsheet" in head:
            return ".ods"
        if b"[Content_Types].xml" in head or b"[Content_Types].xml" in content[-65536:]:
            return ".docx" if b"word/document.xml" in content else ".xlsx"
        return ".zip"
    return ".pdf" if head.startswith(b"%PDF-") else ""


def legible_name(name: str) -> str:
    """The name as a person reads it: NFC, one line, no marks that turn the direction of reading."""
    text = _DIRECTIONS.sub("", name.encode("utf-8", "replace").decode())
    return " ".join(unicodedata.normalize("NFC", text).split())


class Names:
    """Legible paths inside one container, each given once, whatever case a file system ignores."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def path(self, folder: str, name: str) -> str:
        """`folder` and the name, made legal; a second one of that name gets " (2)".

        Folders that the name itself holds are kept, but for what leads out of the container.
        """
        steps = [legible_name(step) for step in re.split(r"[/\\]", name)]
        steps = [self._clean(step) for step in steps if step.strip(". ") and not _DRIVE.fullmatch(step)]
        steps = steps or ["khong-ten"]
        path = "/".join((folder, *steps[-DEEPEST:]))
        end = path.rfind(".") if "." in steps[-1] else len(path)
        given = path
        while given.casefold() in self._taken:
            number = self._next[path.casefold()] = self._next.get(path.casefold(), 1) + 1
            given = f"{path[:end]} ({number}){path[end:]}"
        self._taken.add(given.casefold())
        return given


def on_our_clock(moment: datetime | None) -> datetime | None:
    """The moment on Vietnam's clock in whole seconds; None for none, and for what no server's clock has shown."""
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1980 <= aware.year <= 2200:
        return None
    return aware.astimezone(VIETNAM).replace(microsecond=0)
