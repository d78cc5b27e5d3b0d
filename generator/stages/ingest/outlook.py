"""Outlook: a message saved by Outlook (.msg) -> the same Letter as a saved mail gives.

In:   the bytes of the file, hostile until shown otherwise. Out: a Letter; None for what is no message.
Touches no file. Imports parts, mail (for the headers that Outlook keeps), olefile. Layout: MS-OXMSG, MS-OXPROPS.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from generator.stages.ingest.mail import headers_of, message_id, sender
from generator.stages.ingest.parts import DEEPEST, MOST_PARTS, Budget, Letter, Part, on_our_clock

if TYPE_CHECKING:
    from olefile import OleFileIO

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_#"

_HEADERS, _MESSAGE_ID, _DELIVERED, _CODEPAGE, _SUBJECT = 0x007D, 0x1035, 0x0E06, 0x3FFD, 0x0037
_FROM = (0x5D02, 0x0065, 0x5D01, 0x0C1F)
"""Addresses of whom it was sent for, then of whoever sent it: as mail, then in whatever way Outlook knows them."""
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _CONTENT, _TYPE, _CONTENT_ID = 0x3707, 0x3704, 0x3001, 0x3701, 0x370E, 0x3712

_TOP, _INNER, _ATTACHED = 32, 24, 8  # bytes before the properties of a message, of one inside it, of an attachment
_BEGINNING = datetime(1601, 1, 1, tzinfo=UTC)

Folder = tuple[str, ...]


def read_outlook(content: bytes, budget: Budget) -> Letter | None:
    """The message with all its attachments, as far as the budget reaches; None when the file is no message."""
    if not content.startswith(_COMPOUND):
        return None
    import olefile  # noqa: PLC0415  most runs meet no such file

    try:
        # strict, for where it forgives, a few KB may say that they hold gigabytes
        with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT) as compound:
            if not compound.exists(_PROPERTIES):
                return None
            return _Message(compound, budget).letter()
    except Exception:  # a hostile file finds holes in every parser; it is kept and told of
        return None


class _Message:
    """A compound file that is a message, and what may still be taken out of it."""

    def __init__(self, compound: OleFileIO, budget: Budget) -> None:
        self._compound = compound
        self._budget = budget
        self._streams: dict[Folder, list[str]] = {}
        for path in compound.listdir(streams=True, storages=True):
            self._streams.setdefault(tuple(path[:-1]), []).append(path[-1])

    def letter(self) -> Letter:
        fixed = self._fixed((), _TOP)
        codepage = _codepage(fixed)
        said, address, received = headers_of(self._text((), _HEADERS, codepage))
        said = said or message_id(self._text((), _MESSAGE_ID, codepage))
        for tag in _FROM:
            address = address or sender(self._text((), tag, codepage))
        return Letter(said, address, received or _moment(fixed), tuple(self._attached((), codepage, 0)))

    def _attached(self, folder: Folder, codepage: str, depth: int) -> Iterator[Part]:
        """The attachments in the order of their numbers."""
        names = sorted(name for name in self._streams.get(folder, ()) if name.startswith(_ATTACHMENT))
        for name in names[: MOST_PARTS + 1]:  # one too many, so that it is told of
            yield self._part((*folder, name), codepage, depth)

    def _part(self, folder: Folder, codepage: str, depth: int) -> Part:
        names = (self._text(folder, tag, codepage) for tag in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
        name = next(filter(None, names), "")
        inner = (*folder, f"__substg1.0_{_CONTENT:04X}000D")
        if inner in self._streams:  # a mail that was attached
            if depth >= DEEPEST:
                return Part(name, fault="delivery.too_deep")
            page = _codepage(self._fixed(inner, _INNER))
            inside = tuple(self._attached(inner, page, depth + 1))
            return Part(f"{name or self._text(inner, _SUBJECT, page) or 'thu-kem'}.eml", parts=inside)
        size = self._size(folder, _CONTENT, 0x0102)
        if size and not self._budget.spend(size):
            return Part(name, fault="delivery.too_much_inside")
        type_ = self._text(folder, _TYPE, codepage).lower()
        shown = bool(self._text(folder, _CONTENT_ID, codepage))
        return Part(name, self._stream(folder, _CONTENT, 0x0102), type_, inline=shown)

    def _fixed(self, folder: Folder, head: int) -> Mapping[int, bytes]:
        """The properties of fixed length: number -> eight bytes."""
        path = "/".join((*folder, _PROPERTIES))
        if not self._compound.exists(path) or not self._budget.spend(self._compound.get_size(path)):
            return {}
        content = self._compound.openstream(path).read()[head:]
        whole = content[: len(content) // 16 * 16]
        return {tag >> 16: value for tag, _, value in struct.iter_unpack("<LL8s", whole)}

    def _size(self, folder: Folder, tag: int, kind: int) -> int:
        path = "/".join((*folder, f"__substg1.0_{tag:04X}{kind:04X}"))
        return self._compound.get_size(path) if self._compound.get_type(path) == 2 else 0

    def _stream(self, folder: Folder, tag: int, kind: int) -> bytes:
        """The content of a property; what it costs was spent before."""
        if not self._size(folder, tag, kind):
            return b""
        content = self._compound.openstream("/".join((*folder, f"__substg1.0_{tag:04X}{kind:04X}"))).read()
        return content if isinstance(content, bytes) else b""

    def _text(self, folder: Folder, tag: int, codepage: str) -> str:
        for kind, charset in ((0x001F, "utf-16-le"), (0x001E, codepage)):
            size = self._size(folder, tag, kind)
            if size and self._budget.spend(size):
                return _decoded(self._stream(folder, tag, kind), charset).rstrip("\0")
        return ""


def _codepage(fixed: Mapping[int, bytes]) -> str:
    return f"cp{int.from_bytes(fixed.get(_CODEPAGE, b'')[:4], 'little') or 1258}"


def _decoded(text: bytes, charset: str) -> str:
    try:
        return text.decode("utf-8" if charset == "cp65001" else charset)
    except (LookupError, ValueError):
        return text.decode("utf-8", "replace")


def _moment(fixed: Mapping[int, bytes]) -> datetime | None:
    """When it was delivered: tenths of a microsecond since 1601, UTC."""
    ticks = int.from_bytes(fixed.get(_DELIVERED, b""), "little")
    try:
        return on_our_clock(_BEGINNING + timedelta(microseconds=ticks // 10)) if ticks else None
    except OverflowError:
        return None
