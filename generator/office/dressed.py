"""Dressed: a Word template made ready for one office: its words reworded, the line under a name as long as it asks.

In:   the bytes of a .docx; what rewords a text; a name and what will stand in its place. Out: bytes of a .docx, the
      same ones where nothing had to change.
Imports office.package, office.type_width, office.wordpart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from lxml import etree

from generator.office.package import Package, open_package
from generator.office.type_width import width_mm
from generator.office.wordpart import PARAGRAPH, TEXT, WORD, Element

SHARE_OF_NAME = 0.4
"""How long the line under a name is: between the third and the half of it that the law allows."""

_W = f"{{{WORD}}}"
_DOCUMENT = "word/document.xml"
_WORDS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|charts/chart\d*)\.xml")
_BETWEEN = re.compile(r">([^<>]+)<")
_CELL, _WIDTH, _FORM, _INDENT = _W + "tc", f"{_W}tcPr/{_W}tcW", _W + "pPr", _W + "ind"
_TABLE, _MARGINS = _W + "tbl", f"{_W}tblPr/{_W}tblCellMar"
_BORDERS = (f"{_W}pPr/{_W}pBdr/{_W}top", f"{_W}pPr/{_W}pBdr/{_W}bottom")
_AFTER_INDENT = frozenset(
    _W + name
    for name in (
        *("contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment"),
        *("textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
    )
)
_DEFAULT_MARGIN = 108
_TWIPS_PER_MM = 1440 / 25.4
_POINTS = 13
"""The size of a name in a head; the law allows 12 too, and the share leaves room for that."""
_ONLY_TAG = re.compile(r"\s*\{%.*%\}\s*")
_STRICT = partial(etree.XMLParser, resolve_entities=False, no_network=True, load_dtd=False)


def reworded(content: bytes, reword: Callable[[str], str]) -> bytes:
    """The document with every text in it reworded, tags and all; a part that is not in UTF-8 stays as it is."""
    package, _ = open_package(content, "")
    if package is None:
        return content
    changes: dict[str, bytes] = {}
    for name in filter(_WORDS.fullmatch, package.names()):
        try:
            before = package.read(name).decode("utf-8")
        except UnicodeDecodeError:
            continue
        after = _BETWEEN.sub(lambda found: f">{reword(found[1])}<", before)
        if after != before:
            changes[name] = after.encode()
    return package.replace(dict(changes)) if changes else content


def underlined(content: bytes, name: str, text: str) -> bytes:
    """The template with the line below {{ name }} fitted to the text that will be printed there.

    The line is an empty paragraph with a border, in the same cell as the name; a drawn shape is left alone.
    """
    package, _ = open_package(content, "")
    root = _body(package) if package is not None else None
    if package is None or root is None:
        return content
    printed = re.compile(rf"\{{\{{\s*{re.escape(name)}\s*\}}\}}")
    changed = False
    for paragraph in root.iter(PARAGRAPH):
        if not printed.search(_text(paragraph)):
            continue
        room = _room(paragraph)
        if room > 0:
            for line in _lines_below(paragraph):
                _indent(line, round((room - _length(text, room)) / 2))
                changed = True
    if not changed:
        return content
    return package.replace({_DOCUMENT: etree.tostring(root, encoding="UTF-8", standalone=True)})


def _body(package: Package) -> Element | None:
    """The tree of the body; None where the template is broken, which compiling it will tell."""
    try:
        return etree.fromstring(package.read(_DOCUMENT), _STRICT())
    except (KeyError, ValueError, etree.XMLSyntaxError):
        return None


def _text(paragraph: Element) -> str:
    return "".join(piece.text or "" for piece in paragraph.iter(TEXT))


def _lines_below(paragraph: Element) -> list[Element]:
    """The bordered empty paragraphs that follow, tags between them passed over."""
    found = []
    for below in paragraph.itersiblings():
        text = _text(below)
        if below.tag != PARAGRAPH or (text.strip() and not _ONLY_TAG.fullmatch(text)):
            break
        if not text.strip() and any(below.find(border) is not None for border in _BORDERS):
            found.append(below)
    return found


def _room(paragraph: Element) -> int:
    """The width in twips that the cell leaves for text; 0 where nobody can say."""
    cell = next(paragraph.iterancestors(_CELL), None)
    width = None if cell is None else cell.find(_WIDTH)
    if width is None or width.get(_W + "type") != "dxa":
        return 0
    margins = next(paragraph.iterancestors(_TABLE)).find(_MARGINS)
    taken = 0
    for sides in (("left", "start"), ("right", "end")):
        given = [None if margins is None else margins.find(_W + side) for side in sides]
        mark = next((one for one in given if one is not None), None)
        taken += _DEFAULT_MARGIN if mark is None else _number(mark.get(_W + "w"))
    return _number(width.get(_W + "w")) - taken


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 6 else 0


def _length(text: str, room: int) -> float:
    """Twips of the line: a share of the longest line that the text makes in that room."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width_mm(longer, _POINTS, bold=True) * _TWIPS_PER_MM <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    longest = max(width_mm(line, _POINTS, bold=True) for line in lines) * _TWIPS_PER_MM
    return SHARE_OF_NAME * min(longest, room)


def _indent(line: Element, twips: int) -> None:
    form = line.find(_FORM)
    assert form is not None  # it has a border
    for old in form.findall(_INDENT):
        form.remove(old)
    indent = etree.Element(_INDENT, {_W + "left": str(twips), _W + "right": str(twips)})
    after = next((child for child in form if child.tag in _AFTER_INDENT), None)
    if after is None:
        form.append(indent)
    else:
        after.addprevious(indent)
