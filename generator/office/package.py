"""The zip that every office file is: opened within limits, written the same on every day.

In:   bytes as they arrived, hostile until shown otherwise. Out: members by name, and new zip bytes in which
      unchanged members are copied as they are, still compressed.
Imports issues and the standard library. Nobody above ever sees an error of zlib, struct or zipfile.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from generator.issues import Issue, Place, RefusedError, Severity, issue

MAX_FILE = 64 << 20
MAX_MEMBERS = 2_000
MAX_MEMBER = 128 << 20
MAX_TOTAL = 256 << 20
MAX_RATIO = 300
"""How far a member above RATIO_FROM bytes may shrink; real sheets stay under 100, a bomb is near 1,000."""
RATIO_FROM = 8 << 20

LEVEL = 3
"""Deflate level of changed members: on a form's sheet half the time of level 6 for 6 % more bytes (measured)."""

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_UNSAFE_NAME = re.compile(r"^/|^$|[\\:\0\ufffd]|(?:^|/)\.\.(?:/|$)")
_CONTENT_TYPES = "[Content_Types].xml"

_STORED, _DEFLATED = 0, 8
_ENCRYPTED_FLAG, _UTF8_FLAG = 0x1, 0x800
_DATE_1980 = 0x21
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF

_LOCAL = struct.Struct("<4s5H3L2H")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")


class _Member(NamedTuple):
    """A member as the directory declares it. `start` is where its packed bytes begin."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int


class _Written(NamedTuple):
    """A member as it goes into the new zip."""

    name: bytes
    method: int
    crc: int
    packed: bytes | memoryview
    size: int


class _FaultError(Exception):
    """Why a zip is not opened: an issue code and its params; never leaves this module."""

    def __init__(self, code: str, member: str = "", **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.member = member
        self.params = params


@dataclass(frozen=True, slots=True)
class Package:
    """An opened zip within the limits. Frozen: `replace` gives new bytes and leaves this one as it is."""

    file: str
    _content: bytes
    _members: Mapping[str, _Member]

    def names(self) -> tuple[str, ...]:
        """Names of the members in the order of the zip's directory."""
        return tuple(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The member's bytes, inflated to at most the size it declares.

        Raises KeyError when there is no such member, RefusedError (office.damaged) when its bytes do not
        inflate to the size and checksum of the directory.
        """
        member = self._members[name]
        unpacked = _unpacked(self._content, member)
        if unpacked is None:
            raise RefusedError(issue("office.damaged", Place(self.file, spot=name)))
        return unpacked

    def replace(self, changes: Mapping[str, bytes | None], level: int = LEVEL) -> bytes:
        """New zip bytes with these members changed, added, or (None) left out.

        Same order of members, `[Content_Types].xml` first, new ones last by name; fixed times and attributes,
        so that equal input gives equal bytes.
        """
        names = sorted(self._members, key=_CONTENT_TYPES.__ne__)
        names += sorted(changes.keys() - self._members.keys())
        written = []
        for name in names:
            if name not in changes:
                written.append(self._kept(self._members[name]))
                continue
            change = changes[name]
            if change is not None:
                written.append(_deflated(name, change, level))
        return _zipped(written)

    def _kept(self, member: _Member) -> _Written:
        packed = memoryview(self._content)[member.start : member.start + member.packed]
        return _Written(member.name.encode(), member.method, member.crc, packed, member.size)


def open_package(content: bytes, file: str) -> tuple[Package | None, list[Issue]]:
    """The zip opened, or the reason why not; `file` is only used to say where.

    Codes: office.not_zip (also an old .xls or .doc), office.encrypted, office.damaged, office.unsafe,
    office.too_large. Only the directory and the local headers are looked at here: members are inflated
    when they are read.
    """
    try:
        members = _members(content)
    except _FaultError as fault:
        place = Place(file, spot=fault.member)
        return None, [Issue(fault.code, Severity.ERROR, place, fault.params)]
    except struct.error:
        return None, [issue("office.damaged", Place(file))]
    return Package(file, content, MappingProxyType(members)), []


# --- reading the directory ------------------------------------------------------------------


def _members(content: bytes) -> dict[str, _Member]:
    if len(content) > MAX_FILE:
        raise _FaultError("office.too_large", limit=f"{MAX_FILE >> 20} MB")
    if content.startswith(_OLE2):
        raise _FaultError("office.encrypted" if _ENCRYPTED_STREAM in content else "office.not_zip")
    if not content.startswith(b"PK"):
        raise _FaultError("office.not_zip")
    count, position, end = _directory(content)
    if count > MAX_MEMBERS:
        raise _FaultError("office.too_large", limit=f"{MAX_MEMBERS} trang tính, hình ảnh và phần khác")
    members: dict[str, _Member] = {}
    seen: set[str] = set()
    for _ in range(count):
        member, position = _entry(content, position, end)
        _check_name(member.name, seen)
        members[member.name] = member
    _check_sizes(members.values(), len(content))
    return members


def _directory(content: bytes) -> tuple[int, int, int]:
    """Number of members, and where their directory begins and ends."""
    tail = max(0, len(content) - _END.size)
    if content[tail : tail + 4] != b"PK\x05\x06":
        # A comment, or what a mail gateway appended, follows the end record.
        tail = content.rfind(b"PK\x05\x06", max(0, tail - _FULL_16))
    if tail < 0:
        raise _FaultError("office.damaged")
    _, disk, first_disk, here, count, size, offset, _ = _END.unpack_from(content, tail)
    if _FULL_16 in (here, count) or _FULL_32 in (size, offset):
        signature, _, end64, _ = _LOCATOR64.unpack_from(content, max(0, tail - _LOCATOR64.size))
        if signature != b"PK\x06\x07" or end64 > len(content):
            raise _FaultError("office.damaged")
        signature, _, _, _, disk, first_disk, here, count, size, offset = _END64.unpack_from(content, end64)
        if signature != b"PK\x06\x06":
            raise _FaultError("office.damaged")
    if disk or first_disk or here != count or offset + size > tail:
        raise _FaultError("office.damaged")
    return count, offset, offset + size


def _entry(content: bytes, position: int, end: int) -> tuple[_Member, int]:
    """The directory entry at `position`, and where the next one begins."""
    fields = _ENTRY.unpack_from(content, position)
    signature, flags, method, crc, packed, size = fields[0], fields[3], fields[4], *fields[7:10]
    name_size, extra_size, comment_size, offset = *fields[10:13], fields[16]
    extra_at = position + _ENTRY.size + name_size
    following = extra_at + extra_size + comment_size
    if signature != b"PK\x01\x02" or following > end:
        raise _FaultError("office.damaged")
    raw_name = content[position + _ENTRY.size : extra_at]
    name = raw_name.decode("utf-8" if flags & _UTF8_FLAG else "cp437", errors="replace")
    if flags & _ENCRYPTED_FLAG:
        raise _FaultError("office.encrypted")
    if method not in (_STORED, _DEFLATED):
        raise _FaultError("office.damaged", name)
    if _FULL_32 in (size, packed, offset):
        size, packed, offset = _sizes64(content[extra_at : extra_at + extra_size], size, packed, offset)
    start = _start(content, offset, name)
    if start + packed > len(content) or (method == _STORED and packed != size):
        raise _FaultError("office.damaged", name)
    return _Member(name, method, crc, packed, size, start), following


def _sizes64(extra: bytes, *sizes: int) -> tuple[int, int, int]:
    """Sizes and offset with those that overflow 32 bits taken from the zip64 extra field, in its fixed order."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            size, packed, offset = (next(wide, _FULL_32) if narrow == _FULL_32 else narrow for narrow in sizes)
            return size, packed, offset
        at += 4 + length
    raise _FaultError("office.damaged")


def _start(content: bytes, offset: int, name: str) -> int:
    if offset + _LOCAL.size > len(content) or content[offset : offset + 4] != b"PK\x03\x04":
        raise _FaultError("office.damaged", name)
    name_size, extra_size = struct.unpack_from("<2H", content, offset + 26)
    return int(offset + _LOCAL.size + name_size + extra_size)


def _check_name(name: str, seen: set[str]) -> None:
    """Refuse names that could leave a folder, and two that a reader who ignores case would mix up."""
    folded = name.casefold()
    if folded in seen or _UNSAFE_NAME.search(name):
        raise _FaultError("office.unsafe", name.replace("\0", ""))
    seen.add(folded)


def _check_sizes(members: Iterable[_Member], available: int) -> None:
    total = packed = 0
    for member in members:
        total += member.size
        packed += member.packed
        if member.size > MAX_MEMBER:
            raise _FaultError("office.too_large", member.name, limit=f"{MAX_MEMBER >> 20} MB")
        if member.size > RATIO_FROM and member.size > MAX_RATIO * member.packed:
            raise _FaultError("office.unsafe", member.name)
    if total > MAX_TOTAL:
        raise _FaultError("office.too_large", limit=f"{MAX_TOTAL >> 20} MB")
    # More packed bytes than the file has: members lie over each other, which only bombs do.
    if packed > available:
        raise _FaultError("office.unsafe")


def _unpacked(content: bytes, member: _Member) -> bytes | None:
    """The member's bytes, or None when they are not what the directory declares."""
    packed = memoryview(content)[member.start : member.start + member.packed]
    if member.method == _STORED:
        unpacked = bytes(packed)
    else:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            unpacked = inflater.decompress(packed, member.size + 1)
        except zlib.error:
            return None
        if not inflater.eof:
            return None
    return unpacked if len(unpacked) == member.size and zlib.crc32(unpacked) == member.crc else None


# --- writing --------------------------------------------------------------------------------


def _deflated(name: str, content: bytes, level: int) -> _Written:
    deflater = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflater.compress(content) + deflater.flush()
    return _Written(name.encode(), _DEFLATED, zlib.crc32(content), packed, len(content))


def _zipped(members: list[_Written]) -> bytes:
    parts: list[bytes | memoryview] = []
    directory: list[bytes] = []
    offset = 0
    for name, method, crc, packed, size in members:
        flags = 0 if name.isascii() else _UTF8_FLAG
        shared = (20, flags, method, 0, _DATE_1980, crc, len(packed), size, len(name))
        parts += (_LOCAL.pack(b"PK\x03\x04", *shared, 0), name, packed)
        directory += (_ENTRY.pack(b"PK\x01\x02", 20, *shared, 0, 0, 0, 0, 0, offset), name)
        offset += _LOCAL.size + len(name) + len(packed)
    entries = b"".join(directory)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), len(entries), offset, 0)
    return b"".join((*parts, entries, end))
