"""Plans of sections: what each section of a report's Word file must look like, as data.

In:   nothing. Out: PageSpec, SectionSpec. Pure; imports nothing of ours. `definitions.load_plans_sections` makes these
records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PAPERS: Mapping[str, tuple[int, int]] = MappingProxyType({"A4": (210, 297), "A3": (297, 420)})
"""Width and height of an upright sheet, in millimetres (ISO 216)."""
PORTRAIT, LANDSCAPE = "portrait", "landscape"
ORIENTATIONS = (PORTRAIT, LANDSCAPE)
NUMBER_PLACES = ("top", "bottom", "none")
"""Where a page number stands: in the header, in the footer, nowhere."""
EDGES = ("top", "bottom", "left", "right")
"""The order of `margins`, that in which the decree on form names them."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A kind of page that sections share."""

    code: str
    paper: str = "A4"
    """One of PAPERS."""
    orientation: str = PORTRAIT
    margins: tuple[int, ...] = ()
    """In millimetres, in the order of EDGES; none: not judged."""
    page_number: str = "top"
    """One of NUMBER_PLACES."""
    first_number: bool = False
    """Whether the first page of the section shows its number too."""
    start: int = 0
    """The number of the first page; 0: the numbers go on from the section before."""

    def size(self) -> tuple[int, int]:
        """Width and height of the page as it lies, in millimetres."""
        short, long = PAPERS.get(self.paper, (0, 0))
        return (long, short) if self.orientation == LANDSCAPE else (short, long)


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A section of the document, in the order in which they come."""

    code: str
    page: PageSpec
    begins: str = ""
    """The words of its first paragraph; "": not judged."""
    header_rows: int = 0
    """How many rows each ruled table in it repeats on every page at least."""
    line: int = 0
