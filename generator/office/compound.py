"""The compound file (OLE2) that old office files are: streams by name, opened within limits.

In:   bytes as they arrived, hostile. Out: Compound with the streams of the root storage; storages inside it
      (embedded objects) are left alone. Layout: [MS-CFB]. Imports issues and the standard library.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from generator.issues import Place, RefusedError, issue

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NONE, _ENTRY, _LAST_SECTOR = 0xFFFFFFFF, 128, 0xFFFFFFFA
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MINI = 64
_MOST_ENTRIES = 20_000


class _Entry(NamedTuple):
    """One line of the directory: siblings to the left and right, first child, where its bytes begin."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Compound:
    """An opened compound file; `names` are in the order of the directory tree."""

    file: str
    _content: bytes
    _sector: int
    _table: tuple[int, ...]
    _streams: Mapping[str, _Entry]
    _cutoff: int
    _mini_start: int
    _root: _Entry
    _storages: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Names of the streams in the root storage."""
        return tuple(self._streams)

    def storages(self) -> tuple[str, ...]:
        """Names of the storages in the root storage: folders of embedded objects and macros."""
        return self._storages

    def read(self, name: str) -> bytes:
        """The stream's bytes. Raises KeyError without one, RefusedError (office.damaged) when it is not whole."""
        entry = self._streams[name]
        if entry.size >= self._cutoff:
            return self._long(entry)
        mini = self._long(self._root)
        table = _numbers(
            _joined(self._content, self._sector, self._table, self._mini_start, self.file)[: len(mini) // 16]
        )
        places = _chain(table, entry.start, -(-entry.size // _MINI), self.file)
        return b"".join(mini[place * _MINI : (place + 1) * _MINI] for place in places)[: entry.size]

    def _long(self, entry: _Entry) -> bytes:
        wanted = -(-entry.size // self._sector)
        if entry.size > len(self._content):
            raise _damaged(self.file)
        places = _chain(self._table, entry.start, wanted, self.file)
        whole = b"".join(_sector(self._content, self._sector, place) for place in places)
        if len(whole) < entry.size:  # the last sector may be cut where the file ends
            raise _damaged(self.file)
        return whole[: entry.size]


def open_compound(content: bytes, file: str) -> Compound:
    """The compound file opened. Raises RefusedError: office.damaged."""
    try:
        return _opened(content, file)
    except struct.error:
        raise _damaged(file) from None


def _opened(content: bytes, file: str) -> Compound:
    if not content.startswith(OLE2):
        raise _damaged(file)
    major, _, shift = struct.unpack_from("<3H", content, 26)
    if (major, shift) not in ((3, 9), (4, 12)):
        raise _damaged(file)
    directory, cutoff, mini_start, _, more = struct.unpack_from("<L4x4L", content, 48)
    size = 1 << shift
    table = _table(content, size, more, file)
    lines = _joined(content, size, table, directory, file)
    if len(lines) > _MOST_ENTRIES * _ENTRY:
        raise _damaged(file)
    entries = [_entry(lines, at, major) for at in range(0, len(lines) - _ENTRY + 1, _ENTRY)]
    if not entries or entries[0].kind != _ROOT:
        raise _damaged(file)
    children = list(_children(entries))
    streams = {one.name: one for one in children if one.kind == _STREAM}
    storages = tuple(one.name for one in children if one.kind == _STORAGE)
    return Compound(file, content, size, table, streams, cutoff, mini_start, entries[0], storages)


def _table(content: bytes, size: int, more: int, file: str) -> tuple[int, ...]:
    """Sector -> the next one of its chain. The first 109 parts of the table are named in the header."""
    parts = list(struct.unpack_from("<109L", content, 76))
    seen = set()
    while more < _LAST_SECTOR:
        if more in seen:
            raise _damaged(file)
        seen.add(more)
        numbers = _numbers(_sector(content, size, more))
        if len(numbers) * 4 != size:
            raise _damaged(file)
        parts += numbers[:-1]
        more = numbers[-1]
    parts = [part for part in parts if part < _LAST_SECTOR]
    if len(set(parts)) < len(parts):
        raise _damaged(file)
    # a table of more sectors than the file has is only good for taking memory
    needed = len(content) // size * 4 // size + 1
    return _numbers(b"".join(_sector(content, size, part) for part in parts[:needed]))


def _entry(lines: bytes, at: int, major: int) -> _Entry:
    length, kind = struct.unpack_from("<HB", lines, at + 64)
    left, right, child = struct.unpack_from("<3L", lines, at + 68)
    start, size = struct.unpack_from("<LQ", lines, at + 116)
    name = lines[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    # version 3 leaves the upper half of the size undefined
    return _Entry(name, kind, left, right, child, start, size if major > 3 else size & _NONE)


def _children(entries: list[_Entry]) -> Iterator[_Entry]:
    """What lies in the root storage: a tree of siblings, walked without trusting it to be one."""
    waiting, seen = [entries[0].child], {0}
    while waiting:
        place = waiting.pop()
        if place in seen or place >= len(entries):
            continue
        seen.add(place)
        entry = entries[place]
        yield entry
        waiting += (entry.right, entry.left)


# --- sectors --------------------------------------------------------------------------------


def _sector(content: bytes, size: int, place: int) -> bytes:
    return content[(place + 1) * size : (place + 2) * size]


def _numbers(table: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(table) // 4}L", table[: len(table) // 4 * 4])


def _joined(content: bytes, size: int, table: tuple[int, ...], start: int, file: str) -> bytes:
    """All sectors of a chain of unknown length."""
    return b"".join(_sector(content, size, place) for place in _chain(table, start, None, file))


def _chain(table: tuple[int, ...], start: int, wanted: int | None, file: str) -> list[int]:
    """Sectors from `start` on, `wanted` of them or to the end of the chain; a chain that bites its tail is damaged."""
    places: list[int] = []
    while start < _LAST_SECTOR and (wanted is None or len(places) < wanted):
        if start >= len(table) or len(places) >= len(table):
            raise _damaged(file)
        places.append(start)
        start = table[start]
    if wanted is not None and len(places) < wanted:
        raise _damaged(file)
    return places


def _damaged(file: str) -> RefusedError:
    return RefusedError(issue("office.damaged", Place(file)))


# --- custom document properties: [MS-OLEPS] --------------------------------------------------

_PROPERTIES = "\x05DocumentSummaryInformation"
_OWN = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")
"""Format id of the section that holds the properties people name."""
_DICTIONARY, _CODEPAGE = 0, 1
_SMALL, _WHOLE, _TRUTH, _NARROW, _WIDE = 2, 3, 11, 30, 31
_UNICODE = 1200
_MOST_PROPERTIES = 1_000


def compound_properties(compound: Compound) -> dict[str, str]:
    """The custom document properties as text; those of kinds that no person types are left out.

    Empty when there are none, or they make no sense: they only repeat what the workbook says.
    """
    if _PROPERTIES not in compound.names():
        return {}
    try:
        return _properties(compound.read(_PROPERTIES))
    except (struct.error, RefusedError):
        return {}


def _properties(stream: bytes) -> dict[str, str]:
    (count,) = struct.unpack_from("<L", stream, 24)
    sets = [
        (stream[at : at + 16], struct.unpack_from("<L", stream, at + 16)[0])
        for at in range(28, 28 + 20 * min(count, 2), 20)
    ]
    section = next((stream[start:] for identity, start in sets if identity == _OWN), b"")
    if not section:
        return {}
    (count,) = struct.unpack_from("<L", section, 4)
    places = dict(struct.unpack_from("<2L", section, 8 + 8 * number) for number in range(min(count, _MOST_PROPERTIES)))
    page = struct.unpack_from("<H", section, places[_CODEPAGE] + 4)[0] if _CODEPAGE in places else 1252
    found = {}
    for number, name in _dictionary(section, places.get(_DICTIONARY, 0), page):
        text = _property(section, places[number], page) if number in places else None
        if name and text is not None:
            found[name] = text.strip()
    return found


def _dictionary(section: bytes, at: int, page: int) -> Iterator[tuple[int, str]]:
    """Number and name of each property."""
    (count,) = struct.unpack_from("<L", section, at)
    at += 4
    for _ in range(min(count, _MOST_PROPERTIES)):
        number, length = struct.unpack_from("<2L", section, at)
        size = 2 * length if page == _UNICODE else length
        yield number, _decoded(section[at + 8 : at + 8 + size], page)
        at += 8 + (-(-size // 4) * 4 if page == _UNICODE else size)


def _property(section: bytes, at: int, page: int) -> str | None:
    (kind,) = struct.unpack_from("<L", section, at)
    if kind == _TRUTH:
        return "true" if struct.unpack_from("<H", section, at + 4)[0] else "false"
    if kind in (_SMALL, _WHOLE):
        return str(struct.unpack_from("<h" if kind == _SMALL else "<l", section, at + 4)[0])
    if kind in (_NARROW, _WIDE):
        (length,) = struct.unpack_from("<L", section, at + 4)
        size = 2 * length if kind == _WIDE else length
        return _decoded(section[at + 8 : at + 8 + size], _UNICODE if kind == _WIDE else page)
    return None


def _decoded(text: bytes, page: int) -> str:
    codec = {_UNICODE: "utf-16-le", 65001: "utf-8"}.get(page, f"cp{page}")
    try:
        return text.decode(codec, "replace").partition("\0")[0]
    except LookupError:
        return text.decode("cp1252", "replace").partition("\0")[0]
