"""PDF pages: how many a PDF has, which fonts it shows and holds, and whether it is as we wrote it.

In:   the bytes of a PDF that LibreOffice made; of the .docx it was made of. Out: pages, fonts, what was replaced; the
      bytes without what differs from run to run.
Imports pypdf, office.package. PDF names: ISO 32000-1, 7.5.5 (trailer), 9.6-9.9 (fonts).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date
from io import BytesIO
from types import MappingProxyType
from typing import Any, NamedTuple

from generator.office.package import open_package

ALIKE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "timesnewroman": frozenset({"liberationserif", "tinos"}),
        "arial": frozenset({"liberationsans", "arimo"}),
        "couriernew": frozenset({"liberationmono", "cousine"}),
        "calibri": frozenset({"carlito"}),
        "cambria": frozenset({"caladea"}),
        "symbol": frozenset({"opensymbol"}),
        "wingdings": frozenset({"opensymbol"}),
    }
)
"""Fonts whose letters are as wide as those of the font asked for: lines and pages end at the same words."""

_ASKED = re.compile(rb'<w:rFonts\b[^>]*>|<a:latin typeface="[^"+][^"]*"')
_FACE = re.compile(rb'(?:w:(?:ascii|hAnsi|cs|eastAsia)|typeface)="([^"+][^"]*)"')
_PART = re.compile(r"word/(?:document|styles|numbering|header\d*|footer\d*|footnotes|endnotes|charts/chart\d*)\.xml")
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_STYLE = re.compile(r"(?:ps)?(?:mt)?[,-]?(?:bold)?(?:italic|oblique)?(?:regular)?(?:mt)?$")
_ID = re.compile(rb"/ID\s*\[\s*<([0-9A-Fa-f]{32})>\s*<([0-9A-Fa-f]{32})>\s*\]")
_DATE = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)(\d{14})([+\-Z][^)]*\))")
_CHECKSUM = re.compile(rb"(/DocChecksum\s*/)([0-9A-Fa-f]{32})")
_TRAILER = re.compile(rb"\bstartxref\b")
_NOTHING = b"0" * 32


class PdfFont(NamedTuple):
    """A font of a PDF by its PostScript name without the mark of a subset, e.g. "LiberationSerif-Bold"."""

    name: str
    embedded: bool


class PdfPages(NamedTuple):
    """What a PDF shows."""

    number: int
    fonts: tuple[PdfFont, ...]
    """Each once, by name."""


class FontsJudged(NamedTuple):
    """Families of fonts, each list in the order of the alphabet."""

    alike: tuple[str, ...]
    """Stand for a font that was asked for, with letters of the same widths."""
    replaced: tuple[str, ...]
    """Nobody asked for them, and their letters have other widths."""
    missing: tuple[str, ...]
    """Not in the file: another computer shows what it has."""


def read_pages(content: bytes) -> PdfPages | None:
    """Pages and fonts of a PDF; None when it cannot be read."""
    from pypdf import PdfReader  # noqa: PLC0415  slow to import, and only those who want a PDF need it
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(BytesIO(content))
        pages = list(reader.pages)
        seen: set[int] = set()
        fonts = {font for page in pages for font in _fonts(page.get("/Resources"), seen)}
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return PdfPages(len(pages), tuple(sorted(fonts))) if pages else None


def marked_pages(content: bytes) -> list[int]:
    """The page of each entry of a PDF's outline, in order, from 0; none when it cannot be read."""
    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(BytesIO(content))
        numbers = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages) if page.indirect_reference}
        return [numbers[entry.page.idnum] for entry in _flat(reader.outline)]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def asked_fonts(document: bytes) -> frozenset[str]:
    """The fonts that a .docx names for its text and its charts; those of unused styles too."""
    package, _ = open_package(document, "")
    if package is None:
        return frozenset()
    parts = (package.read(name) for name in package.names() if _PART.fullmatch(name))
    faces = (face for part in parts for mark in _ASKED.finditer(part) for face in _FACE.findall(mark[0]))
    return frozenset(face.decode("utf-8", "replace") for face in set(faces))


def judge_fonts(fonts: tuple[PdfFont, ...], asked: Set[str]) -> FontsJudged:
    """What became of the fonts that were asked for."""
    wanted = {_family(name) for name in asked}
    as_wide = {like for name in wanted for like in ALIKE.get(name, ())}
    other = {font.name for font in fonts if _family(font.name) not in wanted}
    alike = {name for name in other if _family(name) in as_wide}
    missing = (font.name for font in fonts if not font.embedded)
    return FontsJudged(_told(alike), _told(other - alike), _told(missing))


def _told(names: Iterable[str]) -> tuple[str, ...]:
    """Each family once: people need not know that bold letters are a font of their own."""
    return tuple(sorted({re.split("[-,]", name)[0] for name in names}))


def settled(content: bytes, document: bytes, day: date) -> bytes:
    """The PDF with the day in place of the time of making, and ids made from what it was made of and what it holds.

    So equal documents give equal PDFs, and `untouched` and `made_of` can tell. A PDF that is built otherwise comes
    back as it is.
    """
    if len(_ID.findall(content)) != 1:
        return content
    stamp = day.strftime("%Y%m%d").encode() + b"000000"
    dated = _DATE.sub(lambda found: found[1] + stamp + found[3], content)
    source = _fingerprint(document)
    bare = _with_ids(dated, source, _NOTHING)
    return _with_ids(bare, source, _fingerprint(bare))


def untouched(content: bytes) -> bool:
    """Whether a PDF is one that `settled` gave, and nobody signed, stamped or changed it since."""
    ids = _ID.findall(content)
    if len(ids) != 1 or len(_TRAILER.findall(content)) != 1:
        return False
    source, own = ids[0]
    return bool(own == _fingerprint(_with_ids(content, source, _NOTHING)))


def made_of(content: bytes, document: bytes) -> bool:
    """Whether a PDF that `settled` gave was made of this very .docx."""
    return any(source == _fingerprint(document) for source, _ in _ID.findall(content))


# --- inside ---------------------------------------------------------------------------------


def _flat(outline: Any) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def _with_ids(content: bytes, source: bytes, own: bytes) -> bytes:
    checked = _CHECKSUM.sub(lambda found: found[1] + own, content)
    return _ID.sub(lambda found: _same_length(found, source, own), checked)


def _same_length(found: re.Match[bytes], source: bytes, own: bytes) -> bytes:
    """The cross-reference table counts bytes, so nothing may move."""
    whole, start = found[0], found.start()
    first, second = found.start(1) - start, found.start(2) - start
    return whole[:first] + source + whole[first + 32 : second] + own + whole[second + 32 :]


def _fingerprint(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest()[:32].upper().encode()


def _fonts(resources: Any, seen: set[int]) -> Iterator[PdfFont]:
    """The fonts of resources and of the drawings in them; what many pages share is looked at once."""
    found = _resolved(resources, seen)
    if found is None:
        return
    for reference in (_resolved(found.get("/Font"), seen) or {}).values():
        font = _resolved(reference, seen)
        if font is not None:
            yield _font(font)
    for reference in (_resolved(found.get("/XObject"), seen) or {}).values():
        drawing = _resolved(reference, seen)
        if drawing is not None and drawing.get("/Subtype") == "/Form":
            yield from _fonts(drawing.get("/Resources"), seen)


def _resolved(value: Any, seen: set[int]) -> Any:
    """What a reference means the first time it is met; None afterwards."""
    number = getattr(value, "idnum", None)
    if number is not None:
        if number in seen:
            return None
        seen.add(number)
    return None if value is None else value.get_object()


def _font(font: Any) -> PdfFont:
    name = _SUBSET.sub("", str(font.get("/BaseFont", "")).lstrip("/"))
    below = font.get("/DescendantFonts")
    described = below.get_object()[0].get_object() if below is not None else font
    about = described.get("/FontDescriptor")
    held = about.get_object() if about is not None else {}
    type3 = font.get("/Subtype") == "/Type3"  # drawn letter by letter in the file itself
    return PdfFont(name, type3 or any(key in held for key in ("/FontFile", "/FontFile2", "/FontFile3")))


def _family(name: str) -> str:
    """ "TimesNewRomanPS-BoldMT", "Times New Roman,Bold" and "Times New Roman" are one family."""
    bare = name.replace(" ", "").casefold()
    return _STYLE.sub("", bare) or bare
