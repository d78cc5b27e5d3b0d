"""Load the sections of plans: kinds of pages, and which section has which, every name and number checked.

In:   entries of a plan. Out: SectionSpec in the order of the file.
Pure. Imports definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.definitions.load_plans_sources import members_of
from generator.definitions.plans_sections import EDGES, NUMBER_PLACES, ORIENTATIONS, PAPERS, PageSpec, SectionSpec
from generator.definitions.schema import Entries, Key, Kind, Reader

_PAGE = {
    "paper": Key(Kind.TEXT),
    "orientation": Key(Kind.TEXT),
    "margins": Key(Kind.LIST),
    "page_number": Key(Kind.TEXT),
    "first_number": Key(Kind.FLAG),
    "start": Key(Kind.WHOLE),
}
_SECTION = {
    "page": Key(Kind.TEXT, required=True),
    "begins": Key(Kind.TEXT),
    "header_rows": Key(Kind.WHOLE),
}
MOST_MARGIN, MOST_START, MOST_ROWS = 100, 9999, 10


def sections(entries: Entries, reader: Reader) -> Iterator[SectionSpec]:
    """The sections; pages that no section has are checked too."""
    pages = {page.code: page for page in _pages(entries, reader)}
    for code, node in members_of(entries, "sections", reader):
        given = reader.entries(node, _SECTION)
        named = given.get("page")
        if named is not None and named not in pages:
            reader.unknown("plan.unknown_page", given.line_of("page"), named, pages)
        yield SectionSpec(
            code=code,
            page=pages.get(named, PageSpec("")),
            begins=given.get("begins", ""),
            header_rows=_whole(given, "header_rows", MOST_ROWS, reader),
            line=node.line,
        )


def _pages(entries: Entries, reader: Reader) -> Iterator[PageSpec]:
    for code, node in members_of(entries, "pages", reader):
        given = reader.entries(node, _PAGE)
        yield PageSpec(
            code=code,
            paper=_known(given, "paper", PAPERS, reader),
            orientation=_known(given, "orientation", ORIENTATIONS, reader),
            margins=_margins(given, reader),
            page_number=_known(given, "page_number", NUMBER_PLACES, reader),
            first_number=given.get("first_number", False),
            start=_whole(given, "start", MOST_START, reader),
        )


def _known(given: Entries, key: str, known: Iterable[str], reader: Reader) -> str:
    """One of a closed table; the first where nothing is written."""
    names = list(known)
    written: str = given.get(key, names[0])
    if written not in names:
        reader.unknown("plan.wrong_page", given.line_of(key), written, names, key=key)
        return names[0]
    return written


def _margins(given: Entries, reader: Reader) -> tuple[int, ...]:
    node = given.get("margins")
    if node is None:
        return ()
    found = [reader.value(part, "margins", Kind.WHOLE) for part in node.parts]
    if any(one is None for one in found):
        return ()
    if len(found) != len(EDGES) or not all(0 <= one <= MOST_MARGIN for one in found):
        reader.fault("plan.wrong_page_number", node, key="margins", wanted=f"{len(EDGES)} số từ 0 đến {MOST_MARGIN}")
        return ()
    return tuple(found)


def _whole(given: Entries, key: str, most: int, reader: Reader) -> int:
    number: int = given.get(key, 0)
    if not 0 <= number <= most:
        reader.fault("plan.wrong_page_number", given.line_of(key), key=key, wanted=f"một số từ 0 đến {most}")
        return 0
    return number
