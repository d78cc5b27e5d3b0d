"""Fonts of before Unicode: which cells of a workbook hold text in one, and which part of their text.

In:   a package whose parts were read and found sound. Out: by sheet name and cell, the text part by part with its
      font. Imports office.package, office.workbook (parts, address), model; lxml.

A font numbers its letters in its own way, so that "§µ N½ng" in .VnTime is Đà Nẵng; what that way is, the language's
own module knows. Only .xlsx is looked into: other formats are recognised by what their letters look like.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import etree

from generator.model import CellKey, RawSheet
from generator.office.package import Package
from generator.office.workbook.address import column_number
from generator.office.workbook.parts import SheetPart

Runs = tuple[tuple[str, str], ...]
"""The text of a cell part by part, each with its font."""

_STYLES, _STRINGS = "xl/styles.xml", "xl/sharedstrings.xml"
_OLD = re.compile(r"\.vn[a-z]|v(?:ni|ps)[- ]", re.IGNORECASE)
_ANY_OLD = re.compile(rb"""=["'] ?(?:\.vn[a-z]|v(?:ni|ps)[- ])""", re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def with_old_fonts(package: Package, parts: Sequence[SheetPart], sheets: Sequence[RawSheet]) -> tuple[RawSheet, ...]:
    """The sheets with what `old_fonts` finds in them."""
    found = old_fonts(package, parts)
    return tuple(replace(sheet, fonts=found.get(sheet.name, {})) for sheet in sheets) if found else tuple(sheets)


def old_fonts(package: Package, sheets: Sequence[SheetPart]) -> dict[str, dict[CellKey, Runs]]:
    """By sheet name, the cells with text in a font of before Unicode; {} for nearly every workbook, at little cost."""
    names = {name.casefold(): name for name in package.names()}
    styles = package.read(names[_STYLES]) if _STYLES in names else b""
    strings = package.read(names[_STRINGS]) if _STRINGS in names else b""
    if not (_ANY_OLD.search(styles) or _ANY_OLD.search(strings)):
        return {}
    fonts = _style_fonts(styles)
    shared = [_runs(one) for one in _elements(strings, "si")]
    found = {}
    for sheet in sheets:
        if sheet.part and (cells := dict(_cells(package.read(sheet.part), fonts, shared))):
            found[sheet.name] = cells
    return found


def _elements(xml: bytes, tag: str) -> Iterator[etree._Element]:
    """The elements of that name one by one, whatever their prefix; those before it are let go. None of broken XML."""
    if b"<!DOCTYPE" in xml:
        return
    try:
        for _, element in etree.iterparse(
            io.BytesIO(xml), tag=f"{{*}}{tag}", resolve_entities=False, no_network=True, load_dtd=False
        ):
            yield element
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError:
        return


def _named(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    return element.iterchildren(f"{{*}}{tag}")


def _style_fonts(styles: bytes) -> list[str]:
    """The font of each cell style, in their order."""
    fonts: list[str] = []
    for listed in _elements(styles, "fonts"):
        named = ((str(name.get("val") or "") for name in _named(font, "name")) for font in _named(listed, "font"))
        fonts.extend(next(names, "") for names in named)
    styled = []
    for listed in _elements(styles, "cellXfs"):
        for style in _named(listed, "xf"):
            number = str(style.get("fontId") or "")
            styled.append(fonts[int(number)] if number.isdecimal() and int(number) < len(fonts) else "")
    return styled


def _runs(string: etree._Element) -> Runs:
    """The parts of a text with their fonts, "" where a part has the cell's own."""
    found = [("".join(str(text.text or "") for text in _named(string, "t")), "")]
    for run in _named(string, "r"):
        text = "".join(str(one.text or "") for one in _named(run, "t"))
        fonts = (str(font.get("val") or "") for looks in _named(run, "rPr") for font in _named(looks, "rFont"))
        found.append((text, next(fonts, "")))
    return tuple((text, font) for text, font in found if text)


def _cells(xml: bytes, fonts: Sequence[str], shared: Sequence[Runs]) -> Iterator[tuple[CellKey, Runs]]:
    for cell in _elements(xml, "c"):
        kind, at = str(cell.get("t") or ""), _REFERENCE.fullmatch(str(cell.get("r") or ""))
        if at is None or kind not in ("s", "inlineStr", "str"):
            continue
        style, value = str(cell.get("s") or "0"), next((str(one.text or "") for one in _named(cell, "v")), "")
        own = fonts[int(style)] if style.isdecimal() and int(style) < len(fonts) else ""
        if kind == "s":
            runs = shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ()
        else:
            runs = next((_runs(one) for one in _named(cell, "is")), ((value, ""),))
        runs = tuple((text, font or own) for text, font in runs)
        if any(_OLD.match(font.strip()) for _, font in runs):
            yield CellKey(int(at[2]), column_number(at[1])), runs
