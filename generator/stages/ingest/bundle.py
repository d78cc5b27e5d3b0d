"""Bundle: an archive of returns (.zip) -> the files in it, with the names that their senders saw.

In:   the bytes of the file, hostile until shown otherwise. Out: parts; None for what is no archive that can be opened.
Touches no file: nothing is ever written under a name that stands in an archive. Imports parts.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator

from generator.stages.ingest.parts import LARGEST_FILE, Budget, Part

_ENTRY = b"PK\x01\x02"
_MOST_ENTRIES = 20_000  # so many are listed in a moment; the files taken out are limited by whoever asks
_MOST_RATIO = 300
_RATIO_FROM = 8 << 20
_PIECE = 1 << 20
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_UNICODE_PATH = 0x7075
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def unzipped(content: bytes, budget: Budget) -> Iterator[Part] | None:
    """The files in the order of the archive's directory, each unpacked when it is asked for; None for no archive.

    A part whose content cannot be had carries the reason: encrypted, damaged, too large unpacked.
    """
    if content.count(_ENTRY) > _MOST_ENTRIES:
        return None
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
        members = [one for one in opened.infolist() if not one.is_dir()]
    except (*_FAULTS, struct.error, IndexError, OverflowError):
        return None
    return (_part(opened, one, budget) for one in members if not is_litter(one.filename))


def is_litter(name: str) -> bool:
    """Whether a system left the file there without anybody asking for it."""
    steps = name.replace("\\", "/").lower().split("/")
    return steps[0] == "__macosx" or steps[-1] in ("", ".ds_store", "thumbs.db", "desktop.ini") or steps[-1][:2] == "~$"


def _part(opened: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> Part:
    name = _name(member)
    if member.flag_bits & _ENCRYPTED_FLAG:
        return Part(name, fault="delivery.bundle_encrypted")
    if member.compress_type not in _METHODS:
        return Part(name, fault="delivery.part_damaged")
    bomb = member.file_size > _RATIO_FROM and member.file_size > _MOST_RATIO * member.compress_size
    if bomb or member.file_size > LARGEST_FILE or not budget.spend(member.file_size):
        return Part(name, fault="delivery.too_much_inside")
    try:
        return Part(name, _inflated(opened, member))
    except (*_FAULTS, struct.error, IndexError):
        return Part(name, fault="delivery.part_damaged")


def _inflated(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The member's bytes, never more than it declares (zipfile stops there), checked by its sum."""
    content = bytearray()
    with opened.open(member) as stream:
        while piece := stream.read(_PIECE):
            content += piece
    if len(content) != member.file_size:
        raise zipfile.BadZipFile(member.filename)
    return bytes(content)


# --- names: ten programs, five encodings, no sign which --------------------------------------------


def _name(member: zipfile.ZipInfo) -> str:
    """The name as its sender saw it."""
    said = member.orig_filename.partition("\0")[0]
    if member.flag_bits & _UTF8_FLAG:
        return said
    told = _unicode_path(member.extra)
    if told:
        return told
    try:
        raw = said.encode("cp437")  # what zipfile takes every unmarked name for
    except UnicodeError:
        return said
    return legacy_name(raw)


def legacy_name(raw: bytes) -> str:
    """A name whose encoding nobody tells: UTF-8 where it can be, Vietnamese Windows where that gives letters only,
    else the old page of DOS."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        vietnamese = unicodedata.normalize("NFC", raw.decode("cp1258"))
    except UnicodeDecodeError:
        return raw.decode("cp437")
    # A tone that joined no vowel shows that these were no Vietnamese letters.
    letters = all(one.isascii() or one.isalpha() for one in vietnamese)
    return vietnamese if letters else raw.decode("cp437")


def _unicode_path(extra: bytes) -> str:
    """The name that Info-ZIP adds in UTF-8 beside the old one; "" where it did not."""
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if tag == _UNICODE_PATH and len(field) > 5 and field[0] == 1:
            try:
                return field[5:].decode()
            except UnicodeDecodeError:
                return ""
    return ""
