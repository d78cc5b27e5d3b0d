"""What inspection works with: a line of text with its looks, the elements found, and what is wrong.

In:   paragraphs as office.document reads them. Out: Piece, Found, Recognised, Finding.
Pure. Imports office.document, definitions.layout, issues, vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from generator.issues import Issue
from generator.office.document import Paragraph, Run, Table
from generator.office.type_width import width_mm
from generator.vietnamese.text import clean, matching_key

LEFT, RIGHT = "trai", "phai"
RULED = re.compile(r"[_\-–—‒―]{3,}|\*")
"""A line that somebody drew with signs."""


_RAISED = 0.65
"""How large Word sets raised letters."""


class Piece(NamedTuple):
    """A line that stands on its own: a paragraph, or a part of it between tabs or line breaks."""

    text: str
    runs: tuple[Run, ...]
    paragraph: Paragraph
    side: str = ""
    """Left or right where the page is split; "" where it is not."""
    apart: bool = False
    """Whether it is set with tabs, so that the paragraph's alignment says nothing of it."""

    @property
    def key(self) -> str:
        """The text for comparing, without regard to case and tone placement."""
        return matching_key(self.text)

    @property
    def low(self) -> str:
        """The text in small letters, as it is spelt."""
        return self.text.casefold()

    @property
    def bold(self) -> bool:
        """Whether most of it is bold."""
        return _share(self.runs, lambda run: run.face.bold) > 0.5

    @property
    def italic(self) -> bool:
        """Whether most of it is italic."""
        return _share(self.runs, lambda run: run.face.italic) > 0.5

    def starting(self, length: int) -> Piece:
        """Its first letters only."""
        kept, left = [], length
        for run in self.runs:
            if left > 0:
                kept.append(Run(run.text[:left], run.face))
                left -= len(run.text)
        return self._replace(text=self.text[:length], runs=tuple(kept))


def _share(runs: Sequence[Run], wanted: object) -> float:
    letters = [(len(run.text.strip()), run) for run in runs]
    total = sum(length for length, _ in letters)
    assert callable(wanted)
    return sum(length for length, run in letters if wanted(run)) / total if total else 0


class Found(NamedTuple):
    """An element of the law found in the document."""

    element: str
    piece: Piece
    number: str = ""
    """What it is numbered with, as printed: "I", "3", "đ"."""
    group: int = 0
    """What belongs together: lists are judged by the group."""


@dataclass(slots=True)
class Recognised:
    """What was found in a document, in its order."""

    found: list[Found] = field(default_factory=list)
    lines: dict[str, list[float]] = field(default_factory=dict)
    """Lengths in millimetres of the lines under an element; signs typed for a line may have two."""
    tables: list[Table] = field(default_factory=list)
    """Tables that hold figures, not layout."""
    told: list[Piece] = field(default_factory=list)
    """What the language is judged by, in order; figures in tables are not."""
    kind: str = ""
    """The kind of document as the words of the standard name it; "" where it shows none."""
    party: bool = False
    annex_only: bool = False
    main_end: int = 0
    """Number of the last section before the annexes."""
    body: list[Paragraph | Table] = field(default_factory=list)

    _by: dict[str, list[Found]] = field(default_factory=dict)
    _first: dict[tuple[str, int], Found] = field(default_factory=dict)

    def of(self, *elements: str) -> list[Found]:
        """What was found of these elements, each in reading order."""
        if len(elements) == 1:
            return self._by.get(elements[0], [])
        return [one for element in elements for one in self._by.get(element, ())]

    def first(self, one: Found) -> bool:
        """Whether it is the first line of its element, within its group."""
        return self._first.get((one.element, one.group)) is one

    def last(self, one: Found) -> bool:
        """Whether it is the last line of its element."""
        return self._by[one.element][-1] is one

    def add(self, element: str, piece: Piece, number: str = "", group: int = 0) -> None:
        """Notes an element."""
        one = Found(element, piece, number, group)
        self.found.append(one)
        self._by.setdefault(element, []).append(one)
        self._first.setdefault((element, group), one)


class Finding(NamedTuple):
    """An issue and the number of the paragraph where a comment can be put."""

    issue: Issue
    paragraph: int


def pieces(paragraph: Paragraph, side: str = "", *, tabs: bool = False) -> Iterator[Piece]:
    """The lines of a paragraph that hold text, split at line breaks and, where asked, at tabs into left and right."""
    if not any(sign in run.text for run in paragraph.runs for sign in "\n\t"):
        if paragraph.text.strip():
            yield Piece(clean(paragraph.text), paragraph.runs, paragraph, side)
        return
    for line in _split(paragraph.runs, "\n"):
        parts = [part for part in _split(line, "\t") if _text(part)] if tabs and not side else [line]
        for at, part in enumerate(parts):
            text = clean(" ".join(_text(part).split()))
            if not text:
                continue
            if len(parts) > 1:
                yield Piece(text, tuple(part), paragraph, LEFT if at == 0 else RIGHT, apart=True)
            else:
                tabbed = tabs and "\t" in "".join(run.text for run in line)
                yield Piece(text, tuple(part), paragraph, side or (RIGHT if tabbed else ""), apart=tabbed)


def whole(paragraph: Paragraph) -> Piece:
    """A paragraph as one piece."""
    return Piece(clean(" ".join(paragraph.text.split())), paragraph.runs, paragraph)


def _text(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs).strip()


def _split(runs: Sequence[Run], sign: str) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split(sign)
        lines[-1].append(Run(first, run.face))
        lines += [[Run(other, run.face)] for other in others]
    return lines


def typed_line(piece: Piece) -> list[float]:
    """The lengths that a line typed with signs may have: signs raised above the line are smaller."""
    size = max((run.face.size for run in piece.runs), default=0)
    long = width_mm(piece.text, size, bold=False)
    return [long, long * _RAISED]


def ruled_lengths(paragraph: Paragraph) -> list[float]:
    """Lengths of the lines that a paragraph draws: shapes, or a border across what its indents leave."""
    shape = paragraph.shape
    lengths = list(paragraph.lines)
    if (shape.top_border or shape.bottom_border) and paragraph.room:
        lengths.append(paragraph.room - shape.left - shape.right)
    elif shape.top_border or shape.bottom_border:
        lengths.append(0)
    return lengths
