"""The records of a Word file that was read: sections, paragraphs, tables, runs of letters.

In:   nothing; office.document makes them. Out: records. Imports office.document_styles for Face and Shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from generator.office.document_styles import Face, Shape


class Spot(NamedTuple):
    """Where a paragraph stands: its number outside tables, or table, row and grid column, all from 1."""

    paragraph: int
    table: int = 0
    row: int = 0
    column: int = 0

    def __str__(self) -> str:
        if self.table:
            return f"Bảng {self.table}, dòng {self.row}, cột {self.column}"
        return f"đoạn {self.paragraph}"


class Run(NamedTuple):
    """A stretch of letters that look alike; capitals that only a format makes are capitals here."""

    text: str
    face: Face


class Paragraph(NamedTuple):
    """One paragraph. `number` counts all of the part from 0 in document order, as office.comment does."""

    number: int
    spot: Spot
    runs: tuple[Run, ...]
    shape: Shape
    style: str
    section: int
    room: float
    """Millimetres between the edges of the page or cell it stands in."""
    lines: tuple[float, ...] = ()
    """Lengths in millimetres of the lines drawn in it."""
    picture: bool = False
    page_number: bool = False
    label: str = ""
    """What Word numbers it with; part of `text`, in no run."""

    @property
    def text(self) -> str:
        """What is printed, its automatic number first."""
        written = "".join(run.text for run in self.runs)
        return f"{self.label} {written}" if self.label else written


class Cell(NamedTuple):
    """A cell with its first grid column from 1; paragraphs of tables within it included."""

    column: int
    span: int
    paragraphs: tuple[Paragraph, ...]


class Table(NamedTuple):
    """A table of the body."""

    number: int
    rows: tuple[tuple[Cell, ...], ...]
    section: int

    @property
    def note(self) -> tuple[Paragraph, ...]:
        """The words of its last row, where that is a single cell below rows of several."""
        several = any(len(row) > 1 for row in self.rows)
        return self.rows[-1][0].paragraphs if several and len(self.rows[-1]) == 1 else ()


class Section(NamedTuple):
    """A stretch of pages of one set-up, in millimetres; headers and footers by "default" and "first"."""

    number: int
    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    title_page: bool
    start: int
    """The number its pages begin with; 0 where they go on."""
    headers: Mapping[str, tuple[Paragraph, ...]]
    footers: Mapping[str, tuple[Paragraph, ...]]


@dataclass(frozen=True, slots=True)
class Document:
    """A file read. Blocks are the paragraphs and tables of the body in order; sections are counted from 1."""

    file: str
    blocks: tuple[Paragraph | Table, ...]
    sections: tuple[Section, ...]
