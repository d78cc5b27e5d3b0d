"""TNEF: the winmail.dat that Outlook makes of attachments when it trusts the receiver to have Outlook too.

In:   its bytes. Out: the files in it; None when it is none. Source of the layout: MS-OXTNEF, MS-OXCDATA.
Touches no file. Imports parts. Every length is held against what is left, so that every loop ends.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.stages.ingest.parts import DEEPEST, Part

SIGNATURE = b"\x78\x9f\x3e\x22"

_CODEPAGE, _TITLE, _FILE, _RENDERING, _PROPERTIES = 0x9007, 0x8010, 0x800F, 0x9002, 0x9005
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _CONTENT, _TYPE, _CONTENT_ID = 0x3707, 0x3704, 0x3001, 0x3701, 0x370E, 0x3712

_FIXED = {
    0x02: 4,
    0x03: 4,
    0x04: 4,
    0x05: 8,
    0x06: 8,
    0x07: 8,
    0x0A: 4,
    0x0B: 4,
    0x14: 8,
    0x40: 8,
    0x48: 16,
    0x00: 4,
    0x01: 4,
}
_OBJECT, _TEXT8, _TEXT, _BINARY = 0x0D, 0x1E, 0x1F, 0x102
_SHORTEST = 9  # level, tag and length of an attribute
_IID_LENGTH = 16  # an object's bytes start with the id of what it is


class _EndError(Exception):
    """The bytes end before what they promise; never leaves this module."""


class _Reader:
    """Bytes read from front to back."""

    def __init__(self, content: bytes, at: int = 0) -> None:
        self._content = memoryview(content)
        self._at = at

    @property
    def left(self) -> int:
        return len(self._content) - self._at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise _EndError
        self._at += count
        return bytes(self._content[self._at - count : self._at])

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self.take(size), "little")


class _Attachment:
    """An attachment while its attributes come in, one after the other."""

    def __init__(self) -> None:
        self.title = ""
        self.content = b""
        self.properties: dict[int, bytes | str] = {}

    def part(self, depth: int) -> Part:
        texts = [self.properties.get(one) for one in (_LONG_NAME, _SHORT_NAME)]
        names = [text for text in (*texts, self.title, self.properties.get(_SHOWN_NAME)) if isinstance(text, str)]
        name = next((one for one in names if one), "")
        type_, shown = self.properties.get(_TYPE), self.properties.get(_CONTENT_ID)
        content, object_ = self.content, self.properties.get(_CONTENT)
        if isinstance(object_, bytes):
            content = content or object_
            inner = object_[_IID_LENGTH:] if object_[_IID_LENGTH : _IID_LENGTH + 4] == SIGNATURE else b""
            if inner:  # a mail that was attached
                found = tnef_parts(inner, depth + 1)
                if found is None:
                    return Part(name, inner, fault="delivery.too_deep")
                return Part(f"{name or 'thu-kem'}.eml", parts=tuple(found))
        return Part(name, content, type_.lower() if isinstance(type_, str) else "", inline=bool(shown))


def tnef_parts(content: bytes, depth: int = 0) -> list[Part] | None:
    """The files, in their order; None for bytes that are no TNEF. What ends too early gives the files before that."""
    if not content.startswith(SIGNATURE) or depth > DEEPEST:
        return None
    reader, codepage, found = _Reader(content, at=6), "cp1258", list[_Attachment]()
    broken = False
    try:
        while reader.left >= _SHORTEST:  # a line end or two after the last one are nobody's loss
            reader.take(1)
            attribute, body = reader.number() & 0xFFFF, reader.take(reader.number())
            reader.take(min(2, reader.left))  # its sum, which some programs get wrong and others leave out
            if attribute == _CODEPAGE:
                codepage = f"cp{int.from_bytes(body[:4], 'little')}"
            elif attribute == _RENDERING:
                found.append(_Attachment())
            elif found:
                _apply(found[-1], attribute, body, codepage)
    except _EndError:
        broken = True
    parts = [one.part(depth) for one in found]
    if broken:
        parts.append(Part("winmail.dat", content, fault="delivery.part_damaged"))
    return parts


def _apply(attachment: _Attachment, attribute: int, body: bytes, codepage: str) -> None:
    if attribute == _TITLE:
        attachment.title = _text(body, codepage)
    elif attribute == _FILE:
        attachment.content = body
    elif attribute == _PROPERTIES:
        attachment.properties.update(_properties(_Reader(body), codepage))


def _properties(reader: _Reader, codepage: str) -> Iterator[tuple[int, bytes | str]]:
    for _ in range(reader.number()):
        kind, property_ = reader.number(2), reader.number(2)
        if property_ >= 0x8000:  # a named one: its name comes first
            reader.take(16)
            if reader.number():
                _padded(reader)
            else:
                reader.number()
        for value in _values(reader, kind):
            match kind & 0x0FFF:
                case 0x1E:
                    yield property_, _text(value, codepage)
                case 0x1F:
                    yield property_, _text(value, "utf-16-le")
                case _:
                    yield property_, value


def _values(reader: _Reader, kind: int) -> Iterator[bytes]:
    base = kind & 0x0FFF
    sized = base in (_OBJECT, _TEXT8, _TEXT, _BINARY)
    if not sized and base not in _FIXED:
        raise _EndError  # its length cannot be known, so nothing after it can be found
    for _ in range(reader.number() if sized or kind & 0x1000 else 1):
        yield _padded(reader) if sized else reader.take(_FIXED[base])


def _padded(reader: _Reader) -> bytes:
    length = reader.number()
    value = reader.take(length)
    reader.take(min(-length % 4, reader.left))
    return value


def _text(value: bytes, codepage: str) -> str:
    for one in (codepage, "utf-8", "cp1258"):
        try:
            return value.decode(one).partition("\0")[0]
        except (LookupError, ValueError):
            continue
    return value.decode("utf-8", "replace").partition("\0")[0]
