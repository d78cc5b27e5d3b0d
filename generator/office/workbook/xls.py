"""Reading .xls (Excel 95 to 2003): every cell, error and formula without a result from the records of its stream.

In:   an opened Compound with a Workbook or Book stream, hostile. Out: OpenedWorkbook; RefusedError otherwise.
      Layout: [MS-XLS]. Imports office.compound, office.workbook, model, issues. One pass over the records.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from generator.issues import Place, RefusedError, issue
from generator.model import CellKey
from generator.office.compound import Compound, compound_properties
from generator.office.workbook.opened import (
    ERRORS,
    MAX_STEPS,
    UNKNOWN_ERROR,
    Gathered,
    OpenedWorkbook,
    format_kind,
    notes_of,
    packed_number,
    sheets_of,
    shown_as,
    too_large,
)

STREAMS = ("Workbook", "Book")
"""Names of the stream: since Excel 97, and before."""
_MACROS = "_VBA_PROJECT_CUR"
"""Storage of the macros."""

_BEGIN, _END, _CONTINUE, _PASSWORD, _CODEPAGE, _DATES = 0x809, 0x0A, 0x3C, 0x2F, 0x42, 0x22
_SHEET, _FORMAT, _STYLE, _STRINGS = 0x85, 0x41E, 0xE0, 0xFC
_NUMBER, _RK, _RKS, _SHARED, _LABEL, _RICH, _TRUTH = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6, 0x205
_FORMULA, _RESULT = 0x06, 0x207
_LINKED, _LINKS, _NOT_OUTSIDE = 0x1AE, 0x17, (b"\x01\x04", b"\x01\x3a")
_ODD_FORMULAS = (0x206, 0x406)
"""What versions before Excel 95 write for a formula; some programs still do."""
_EXCEL_97, _EXCEL_95, _CELLS, _GRID = 0x600, 0x500, 0x10, 0
_ALWAYS = 1
"""Flag of a formula: to be calculated whenever the file is opened."""
_WIDE, _EXTENDED, _RUNS = 1, 4, 8
_MOST_COLUMNS = 256

_HEAD, _WORDS, _TWO, _LONG, _DOUBLE = (struct.Struct(f"<{kind}") for kind in ("2H", "3H", "H", "L", "d"))


class _Record(NamedTuple):
    """One record with all that continues it. `at` is where it stands in the stream."""

    kind: int
    body: bytes
    at: int
    more: tuple[bytes, ...] = ()


@dataclass(slots=True)
class _Book:
    """What the first part of the stream says for all sheets."""

    wide: bool = True
    """Whether texts are Unicode (since Excel 97); before, they are bytes of a code page."""
    codec: str = "cp1252"
    since_1904: bool = False
    books: list[bool] = field(default_factory=list)
    """Whether each workbook that formulas refer to is another one than this."""
    outside: re.Pattern[bytes] | None = None
    """References within a formula that lead to another workbook."""
    listed: list[tuple[int, Gathered]] = field(default_factory=list)
    """Where each sheet begins."""
    codes: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    _kinds: dict[int, str] = field(default_factory=dict)

    def note_link(self, kind: int, body: bytes) -> None:
        """Keeps what a record tells of the workbooks that formulas refer to."""
        if kind == _LINKED:
            self.books.append(body[2:4] not in _NOT_OUTSIDE)
        elif kind == _LINKS:
            self.outside = _outside(body, self.books)

    def kind(self, style: int) -> str:
        """What a style shows a number as (format_kind); asked when all styles are known."""
        if style not in self._kinds:
            number = self.styles[style] if self.styles else 0
            self._kinds[style] = format_kind(number, self.codes.get(number))
        return self._kinds[style]


def read_xls(compound: Compound) -> OpenedWorkbook:
    """The workbook. Raises RefusedError: office.encrypted, office.unreadable, office.too_large, office.damaged."""
    stream = compound.read(next(name for name in STREAMS if name in compound.names()))
    try:
        seen = sheets_of(_Reading(stream, compound.file).sheets(), compound.file)
    except (IndexError, struct.error):
        raise _refused("office.unreadable", compound.file) from None
    macros = [issue("office.macros", Place(compound.file))] if _MACROS in compound.storages() else []
    notes = (*macros, *notes_of(seen, compound.file))
    return OpenedWorkbook(tuple(one.sheet for one in seen), compound_properties(compound), {}, notes)


def _refused(code: str, file: str) -> RefusedError:
    return RefusedError(issue(code, Place(file)))


class _Reading:
    """One stream being read: records are taken in order, each sheet from where the list of sheets says."""

    def __init__(self, stream: bytes, file: str) -> None:
        self._stream, self._file = stream, file
        self._left = MAX_STEPS
        self._book = _Book()

    def sheets(self) -> list[Gathered]:
        """Every sheet of cells in order."""
        self._read_book()
        starts = [at for at, _ in self._book.listed]
        # two sheets at one place would make a small file large
        if not starts or len(set(starts)) < len(starts):
            raise IndexError
        return [self._read_sheet(at, sheet) for at, sheet in self._book.listed]

    def _step(self, count: int = 1) -> None:
        self._left -= count
        if self._left < 0:
            raise too_large(self._file, most=MAX_STEPS)

    def _records(self, at: int) -> Iterator[_Record]:
        """The records of one part of the stream from its first to its last one, without those of charts within."""
        depth = 0
        while True:
            self._step()
            kind, size = _HEAD.unpack_from(self._stream, at)
            body = self._stream[at + 4 : at + 4 + size]
            if len(body) < size:
                raise IndexError
            start, at = at, at + 4 + size
            depth += (kind == _BEGIN) - (kind == _END)
            if depth == 0:
                return
            if kind in (_STRINGS, _RESULT):
                more = self._continued(at)
                at += sum(4 + len(part) for part in more)
                yield _Record(kind, body, start, more)
            elif depth == 1:
                yield _Record(kind, body, start)

    def _continued(self, at: int) -> tuple[bytes, ...]:
        parts = []
        while self._stream[at : at + 2] == b"\x3c\0":
            self._step()
            size = _HEAD.unpack_from(self._stream, at)[1]
            parts.append(self._stream[at + 4 : at + 4 + size])
            at += 4 + size
        return tuple(parts)

    # --- what the first part says ---

    def _read_book(self) -> None:
        book = self._book
        for record in self._records(0):
            kind, body = record.kind, record.body
            if kind == _BEGIN:
                version = _TWO.unpack_from(body)[0]
                if version not in (_EXCEL_97, _EXCEL_95):
                    raise IndexError
                book.wide = version == _EXCEL_97
            elif kind == _PASSWORD:
                raise _refused("office.encrypted", self._file)
            elif kind == _CODEPAGE:
                book.codec = _codec(_TWO.unpack_from(body)[0])
            elif kind == _DATES:
                book.since_1904 = _TWO.unpack_from(body)[0] == 1
            elif kind == _SHEET:
                self._list_sheet(body)
            elif kind == _FORMAT:
                code = self._long_text(body, 2) if book.wide else self._short_text(body, 2)
                book.codes[_TWO.unpack_from(body)[0]] = code
            elif kind == _STYLE:
                book.styles.append(_TWO.unpack_from(body, 2)[0])
            elif kind == _STRINGS:
                book.texts = self._shared_texts(record)
            elif book.wide:
                book.note_link(kind, body)

    def _list_sheet(self, body: bytes) -> None:
        at, state, content = struct.unpack_from("<LBB", body)
        if content == _GRID:
            self._book.listed.append((at, Gathered(self._short_text(body, 6), not state & 3)))

    def _short_text(self, body: bytes, at: int) -> str:
        """A text whose length takes one byte."""
        return self._run(body, at + 1, body[at])

    def _long_text(self, body: bytes, at: int) -> str:
        """A text whose length takes two bytes."""
        return self._run(body, at + 2, _TWO.unpack_from(body, at)[0])

    def _run(self, body: bytes, at: int, length: int) -> str:
        if self._book.wide:
            return _Text((body[at + 1 :],)).take(length, body[at] & _WIDE)
        if at + length > len(body):
            raise IndexError
        return body[at : at + length].decode(self._book.codec, "replace")

    def _shared_texts(self, record: _Record) -> list[str]:
        reader = _Text((record.body[8:], *record.more))
        (count,) = _LONG.unpack_from(record.body, 4)
        texts: list[str] = []
        while len(texts) < count and not reader.at_end():
            self._step()
            length, flags = struct.unpack("<HB", reader.skip(3))
            runs = _TWO.unpack(reader.skip(2))[0] if flags & _RUNS else 0
            extended = _LONG.unpack(reader.skip(4))[0] if flags & _EXTENDED else 0
            texts.append(reader.take(length, flags & _WIDE))
            reader.skip(4 * runs + extended)
        return texts

    # --- the cells ---

    def _read_sheet(self, at: int, sheet: Gathered) -> Gathered:
        if self._stream[at : at + 2] != b"\x09\x08" or _TWO.unpack_from(self._stream, at + 6)[0] != _CELLS:
            raise IndexError
        awaited: CellKey | None = None
        for record in self._records(at):
            kind, body = record.kind, record.body
            if kind == _RESULT and awaited:
                self._put_result(sheet, awaited, record)
                awaited = None
            elif kind == _RKS:
                self._put_many(sheet, body)
            elif kind in (_FORMULA, *_ODD_FORMULAS):
                awaited = self._put_formula(sheet, body)
            elif kind in _CELL_KINDS:
                self._put(sheet, kind, body)
        return sheet

    def _put(self, sheet: Gathered, kind: int, body: bytes) -> None:
        row, column, style = _WORDS.unpack_from(body)
        key = _key(row, column)
        if kind == _SHARED:
            sheet.put(*key, self._book.texts[_LONG.unpack_from(body, 6)[0]])
        elif kind in (_LABEL, _RICH):
            sheet.put(*key, self._long_text(body, 6))
        elif kind == _TRUTH and body[7]:
            sheet.errors[key] = ERRORS.get(body[6], UNKNOWN_ERROR)
        elif kind == _TRUTH:
            sheet.put(*key, bool(body[6]))
        elif kind == _RK:
            self._put_number(sheet, key, style, packed_number(_LONG.unpack_from(body, 6)[0]))
        else:
            self._put_number(sheet, key, style, _DOUBLE.unpack_from(body, 6)[0])

    def _put_number(self, sheet: Gathered, key: CellKey, style: int, number: float) -> None:
        kind = self._book.kind(style)
        sheet.put(*key, shown_as(kind, number, self._book.since_1904) if kind else number)

    def _put_many(self, sheet: Gathered, body: bytes) -> None:
        """A run of numbers side by side in one row."""
        row, column = _HEAD.unpack_from(body)
        self._step(len(body) // 6)
        for number, at in enumerate(range(4, len(body) - 6, 6), column):
            style, packed = struct.unpack_from("<HL", body, at)
            self._put_number(sheet, _key(row, number), style, packed_number(packed))

    def _put_formula(self, sheet: Gathered, body: bytes) -> CellKey | None:
        """Keeps the result; the cell, when its text stands in a record to come."""
        row, column, style = _WORDS.unpack_from(body)
        key = _key(row, column)
        if self._book.outside and self._book.outside.search(body, 22):
            sheet.outside[key] = ""
        kind, value, mark, flags = body[6], body[8], body[12:14], _TWO.unpack_from(body, 14)[0]
        if mark != b"\xff\xff":
            self._put_number(sheet, key, style, _DOUBLE.unpack_from(body, 6)[0])
        elif kind == 0:
            return key
        elif kind == 1:
            sheet.put(*key, bool(value))
        elif kind == 2:
            sheet.errors[key] = ERRORS.get(value, UNKNOWN_ERROR)
        elif flags & _ALWAYS:
            # no result, and a wish to have one: nobody's program has calculated it yet
            sheet.uncalculated.add(key)
        return None

    def _put_result(self, sheet: Gathered, key: CellKey, record: _Record) -> None:
        body = record.body
        if self._book.wide:
            length, flags = struct.unpack_from("<HB", body)
            sheet.put(*key, _Text((body[3:], *record.more)).take(length, flags & _WIDE))
        else:
            whole = b"".join((body[2:], *record.more))[: _TWO.unpack_from(body)[0]]
            sheet.put(*key, whole.decode(self._book.codec, "replace"))


def _key(row: int, column: int) -> CellKey:
    if column >= _MOST_COLUMNS:
        raise IndexError
    return CellKey(row + 1, column + 1)


def _outside(body: bytes, books: list[bool]) -> re.Pattern[bytes] | None:
    """What finds a reference to another workbook among the bytes of a formula: its token, then its number in the list.

    [MS-XLS] 2.4.105: each line names a workbook and two of its sheets. A number that looks the same is possible, but
    only in a workbook that is linked to others.
    """
    (count,) = _TWO.unpack_from(body)
    lines = [_WORDS.unpack_from(body, 2 + 6 * number)[0] for number in range(min(count, (len(body) - 2) // 6))]
    numbers = [_TWO.pack(number) for number, line in enumerate(lines) if line < len(books) and books[line]]
    return re.compile(_REFERENCE + b"(?:" + b"|".join(map(re.escape, numbers)) + b")") if numbers else None


_REFERENCE = rb"[\x39-\x3d\x59-\x5d\x79-\x7d]"
"""Tokens that begin with a number of that list: a name, a cell, an area."""
_CELL_KINDS = frozenset({_NUMBER, _RK, _SHARED, _LABEL, _RICH, _TRUTH})


class _Text:
    """Texts that go on from one record to the next: there, a byte says anew how wide the letters are."""

    def __init__(self, parts: tuple[bytes, ...]) -> None:
        self._parts = parts
        self._part = self._at = 0

    def at_end(self) -> bool:
        """Whether nothing is left."""
        while self._part < len(self._parts) and self._at >= len(self._parts[self._part]):
            self._part, self._at = self._part + 1, 0
        return self._part == len(self._parts)

    def skip(self, count: int) -> bytes:
        """The next bytes, whatever records they stand in."""
        taken = []
        while count:
            if self.at_end():
                raise IndexError
            taken.append(self._parts[self._part][self._at : self._at + count])
            self._at += len(taken[-1])
            count -= len(taken[-1])
        return b"".join(taken)

    def take(self, length: int, wide: int) -> str:
        """The next letters: one byte each, or two when `wide`."""
        pieces = []
        while length:
            if self._part >= len(self._parts):
                raise IndexError
            part = self._parts[self._part]
            piece = part[self._at : self._at + (2 * length if wide else length)]
            letters = len(piece) // 2 if wide else len(piece)
            self._at += len(piece)
            pieces.append(piece[: 2 * letters] if wide else piece.decode("latin-1").encode("utf-16-le"))
            length -= letters
            if length:
                self._part += 1
                wide = self._parts[self._part][0] & _WIDE
                self._at = 1
        return b"".join(pieces).decode("utf-16-le", "replace")


def _codec(page: int) -> str:
    """Python's name of a code page; a strange one is read as Western."""
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return "mac_roman" if page == 0x8000 else "cp1252"
