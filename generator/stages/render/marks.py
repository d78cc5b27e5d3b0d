"""Marks: where a draft prints its figures, told by invisible signs around them that never reach a file.

In:   texts as they are printed, with what they are; the rendered tree and bytes that hold the signs. Out: the lines of
      the body with the marks in them, and the bytes without signs, which are those of the document that is signed.
Imports office.package, office.wordpart, issues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple
from xml.sax.saxutils import escape

from generator.issues import RefusedError
from generator.office.package import open_package
from generator.office.wordpart import PARAGRAPH, ROW, TABLE, TEXT, TEXT_BOX, Element, above

# Noncharacters: legal in XML, in no font and on no keyboard; the template engine uses two others while it compiles.
_BEGIN, _MIDDLE, _END = "\ufde0", "\ufde1", "\ufde2"
_SIGNED = re.compile(f"{_BEGIN}([0-9]{{1,9}}){_MIDDLE}([^{_BEGIN}{_MIDDLE}{_END}]*){_END}")


class Kind(StrEnum):
    """What a mark stands around."""

    FIGURE = "figure"
    UNTOLD = "untold"
    """The sign for a number that there is not."""
    WORD = "word"
    """A word of the letterhead that is not set."""


class Mark(NamedTuple):
    """What was printed somewhere: the code of a figure, or the name of a word."""

    kind: Kind
    name: str
    text: str


class Line(NamedTuple):
    """A paragraph of the body as it is printed."""

    number: int
    """As `office.comment.Remark` counts."""
    text: str
    table: int
    """Number of the table that it stands in, from 1; 0 outside tables."""
    row: int
    """Number of its row, through all tables from 1; 0 outside tables."""
    marks: tuple[tuple[Mark, int, int], ...]
    """Each with start and end of its text."""


class Marked(str):
    """A text that prints itself between signs; to whoever looks at it, it is the text and nothing else."""

    number: int | None = None

    def __str__(self) -> str:
        text = str.__str__(self)
        return text if self.number is None else f"{_BEGIN}{self.number}{_MIDDLE}{text}{_END}"


class Marks:
    """What one rendering marks, in the order in which it was made; `unset` are the words of the letterhead to mark."""

    def __init__(self, unset: Iterable[str] = ()) -> None:
        self.unset = frozenset(unset)
        self._made: list[Mark] = []

    def around(self, kind: Kind, name: str, text: Marked) -> Marked:
        """The text, marked from now on."""
        text.number = len(self._made)
        self._made.append(Mark(kind, name, str.__str__(text)))
        return text

    def within(self, sentence: str, printed: Mapping[str, str]) -> str:
        """The sentence with each figure in it marked; they stand in it in this order, by code."""
        told, at = [], 0
        for code, text in printed.items():
            start = sentence.find(text, at)
            if start >= 0:
                told += [sentence[at:start], str(self.around(Kind.FIGURE, code, Marked(text)))]
                at = start + len(text)
        return "".join([*told, sentence[at:]])

    def lines(self, root: Element) -> Iterator[Line]:
        """Every paragraph that has text or a mark, in document order; in text boxes Word takes no remarks."""
        texts: dict[Element, list[str]] = {}
        for piece in root.iter(TEXT):
            host = above(piece, PARAGRAPH)
            if host is not None and piece.text:
                texts.setdefault(host, []).append(piece.text)
        tables: dict[Element | None, int] = {None: 0}
        rows: dict[Element | None, int] = {None: 0}
        for number, paragraph in enumerate(root.iter(PARAGRAPH)):
            if paragraph in texts and above(paragraph, TEXT_BOX) is None:
                text, marks = self._parted("".join(texts[paragraph]))
                table, row = above(paragraph, TABLE), above(paragraph, ROW)
                at = tables.setdefault(table, len(tables)), rows.setdefault(row, len(rows))
                yield Line(number, text, *at, tuple(marks))

    def without_signs(self, content: bytes, parts: Iterable[str]) -> bytes:
        """The document with the signs taken out of these parts."""
        package, issues = open_package(content, "")
        if package is None:
            raise RefusedError(*issues)
        return package.replace({name: self.plain(package.read(name).decode()).encode() for name in parts})

    def plain(self, signed: str) -> str:
        """A text, or a whole part as it is written, with the signs taken out."""
        return _SIGNED.sub(lambda sign: sign[0] if self._of(sign) is None else sign[2], signed)

    def _of(self, sign: re.Match[str]) -> Mark | None:
        """What a sign stands for; None for what only looks like one of ours, and stays text."""
        made = self._made[int(sign[1])] if int(sign[1]) < len(self._made) else None
        return made if made is not None and escape(made.text) in (sign[2], escape(sign[2])) else None

    def _parted(self, signed: str) -> tuple[str, list[tuple[Mark, int, int]]]:
        """The text without signs, and where the marks stand in it."""
        found: list[tuple[Mark, int, int]] = []
        pieces, at, length = [], 0, 0
        for sign in _SIGNED.finditer(signed):
            mark = self._of(sign)
            if mark is not None:
                pieces += [signed[at : sign.start()], sign[2]]
                length += len(pieces[-2])
                found.append((mark, length, length + len(sign[2])))
                length, at = length + len(sign[2]), sign.end()
        return "".join([*pieces, signed[at:]]), found
