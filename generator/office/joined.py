"""Joined: several documents of one template put behind each other in one file, each beginning on a page of its own.

In:   the bytes of the first document and the bodies of all. Out: the bytes of one document with a section for each:
      its own page numbers from 1, its own first page.
Imports office.package, office.wordpart, issues, lxml. All must come of one template: styles, headers and relationships
are those of the first.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from generator.issues import RefusedError
from generator.office.package import open_package
from generator.office.wordpart import BODY, PARAGRAPH, VALUE, WORD, Element, repair

DOCUMENT = "word/document.xml"
_W = f"{{{WORD}}}"
_SECTION, _PARAGRAPH_FORM = _W + "sectPr", _W + "pPr"
_TYPE, _NUMBERING, _START = _W + "type", _W + "pgNumType", _W + "start"
_BEFORE_TYPE = tuple(_W + name for name in ("headerReference", "footerReference", "footnotePr", "endnotePr"))
_BEFORE_NUMBERING = (
    *_BEFORE_TYPE,
    _TYPE,
    *(_W + name for name in ("pgSz", "pgMar", "paperSrc", "pgBorders", "lnNumType")),
)


def joined(first: bytes, roots: Iterable[Element]) -> tuple[bytes, Element]:
    """One document of all bodies, and its tree for a check; `roots` are the trees of word/document.xml, used up.

    Ids of drawings and bookmarks are made unique again. RefusedError when the first cannot be opened.
    """
    package, found = open_package(first, "")
    if package is None:
        raise RefusedError(*found)
    whole: Element | None = None
    for root in roots:
        body = root.find(BODY)
        if body is None:
            continue
        _own_pages(body)
        if whole is None:
            whole = root
            continue
        target = whole.find(BODY)
        if target is not None:
            _close_section(target)
            target.extend(list(body))
    if whole is None:
        return first, etree.fromstring(package.read(DOCUMENT))
    repair(whole)
    return package.replace({DOCUMENT: etree.tostring(whole, encoding="UTF-8", standalone=True)}), whole


def _own_pages(body: Element) -> None:
    """The first section of a document begins a page, and counts its pages from 1."""
    section = next(body.iter(_SECTION), None)
    if section is None:
        return
    _set(section, _TYPE, _BEFORE_TYPE, VALUE, "nextPage")
    _set(section, _NUMBERING, _BEFORE_NUMBERING, _START, "1")


def _set(section: Element, tag: str, before: tuple[str, ...], attribute: str, value: str) -> None:
    """An attribute of a part of the section; the schema wants the parts in their order."""
    part = section.find(tag)
    if part is None:
        part = etree.Element(tag)
        section.insert(sum(child.tag in before for child in section), part)
    part.set(attribute, value)


def _close_section(body: Element) -> None:
    """The last section ends within the text: its form moves into the last paragraph, so that no page is added."""
    section = body.find(_SECTION)
    if section is None:
        return
    body.remove(section)
    last = body[-1] if len(body) else None
    if last is None or last.tag != PARAGRAPH or last.find(f"{_PARAGRAPH_FORM}/{_SECTION}") is not None:
        last = etree.SubElement(body, PARAGRAPH)
    form = last.find(_PARAGRAPH_FORM)
    if form is None:
        form = etree.Element(_PARAGRAPH_FORM)
        last.insert(0, form)
    form.append(section)
