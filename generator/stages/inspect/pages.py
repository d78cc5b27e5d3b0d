"""The pages against their rules: paper, margins, page numbers, those of the annexes too.

In:   the sections of a document, what was recognised, the standard. Out: faults with the section they are in.
Pure. Imports stages.inspect.records, formats, office.document, definitions.layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generator.definitions.layout import LayoutStandard, Rule
from generator.office.document import Document, Paragraph, Section, Table
from generator.stages.inspect.formats import between, bold, italic, number, size
from generator.stages.inspect.records import Found, Piece, Recognised

_PAPER_MM, _MARGIN_MM = 1.5, 0.7
_SHORT = 2200
"""Letters that surely fit one page with head and signature: there no page number is seen."""
_EDGES = {"margin_top": "top", "margin_bottom": "bottom", "margin_left": "left", "margin_right": "right"}
_NAMES = {"margin_top": "trên", "margin_bottom": "dưới", "margin_left": "trái", "margin_right": "phải"}
_ALIGNMENTS = {"center": "ở giữa", "left": "bên trái", "right": "bên phải", "both": "bên trái"}
_TOP = "ở giữa, trong lề trên của trang"


class PageFault(NamedTuple):
    """A fault of a section's pages."""

    rule: Rule
    section: int
    found: str
    required: str


def judge_pages(document: Document, found: Recognised, standard: LayoutStandard) -> Iterator[PageFault]:
    """Every fault of the pages, section by section."""
    wide = {block.section for block in document.blocks if isinstance(block, Table)}
    for section in document.sections:
        landscape = section.width > section.height
        for rule in standard.rules.get("trang_ngang" if landscape else "trang_doc", ()):
            yield from _page(rule, section)
        only = standard.rule("trang_doc", "landscape")
        if only and landscape and section.number not in wide:
            yield PageFault(only, section.number, "trang ngang không có bảng", "trang dọc; trang ngang chỉ khi có bảng")
    yield from _numbers(document, found, standard)


def _page(rule: Rule, section: Section) -> Iterator[PageFault]:
    if rule.family == "paper":
        width, height = rule.value("width", section.width), rule.value("height", section.height)
        if abs(section.width - width) > _PAPER_MM or abs(section.height - height) > _PAPER_MM:
            given = f"{number(round(section.width))} x {number(round(section.height))} mm"
            yield PageFault(rule, section.number, given, f"A4, {number(width)} x {number(height)} mm")
    elif rule.family in _EDGES:
        given_mm, low, high = getattr(section, _EDGES[rule.family]), rule.value("min"), rule.value("max")
        if not low - _MARGIN_MM <= given_mm <= high + _MARGIN_MM:
            name = _NAMES[rule.family]
            required = f"lề {name} {between(low, high, 'mm')}"
            yield PageFault(rule, section.number, f"lề {name} {number(round(given_mm, 1))} mm", required)


def _numbered(parts: tuple[Paragraph, ...]) -> Paragraph | None:
    return next((one for one in parts if one.page_number), None)


def _numbers(document: Document, found: Recognised, standard: LayoutStandard) -> Iterator[PageFault]:
    rule = standard.rule("so_trang", "page_number")
    if rule is not None and document.sections:
        yield from _place(document, rule)
    if standard.rule("so_trang", "first_page") is not None:
        yield from _first_page(document, standard)
    own = standard.rule("so_trang", "own_pages")
    numbered = any(_numbered(section.headers.get("default", ())) for section in document.sections[:1])
    if own is not None and not found.annex_only and numbered:
        yield from _own_pages(document, found, own)
    yield from _looks(document, standard)


def _place(document: Document, rule: Rule) -> Iterator[PageFault]:
    """Page numbers stand in the middle of the top margin; a document of one page needs none."""
    anywhere = False
    for section in document.sections:
        foot = next((_numbered(parts) for parts in section.footers.values() if _numbered(parts)), None)
        head = _numbered(section.headers.get("default", ()))
        anywhere = anywhere or foot is not None or head is not None
        if foot is not None:
            yield PageFault(rule, section.number, "số trang ở chân trang", _TOP)
        elif head is not None and head.shape.alignment != rule.value("alignment") and not _is_framed(head):
            where = _ALIGNMENTS.get(head.shape.alignment, "")
            yield PageFault(rule, section.number, f"số trang {where}", _TOP)
    if not anywhere and _letters(document) > _SHORT:
        yield PageFault(rule, 1, "không có số trang", _TOP)


def _is_framed(paragraph: Paragraph) -> bool:
    """Whether tabs put the number in the middle, as Word's own header style does."""
    return "".join(run.text for run in paragraph.runs).startswith("\t")


def _letters(document: Document) -> int:
    return sum(
        len(block.text) if isinstance(block, Paragraph) else 100 * len(block.rows) for block in document.blocks[:2000]
    )


def _first_page(document: Document, standard: LayoutStandard) -> Iterator[PageFault]:
    rule = standard.rule("so_trang", "first_page")
    for section in document.sections[:1]:
        shown = section.headers.get("first" if section.title_page else "default", ())
        if rule is not None and _numbered(shown) is not None:
            yield PageFault(rule, section.number, "trang thứ nhất hiện số trang", "không hiện số ở trang thứ nhất")


def _own_pages(document: Document, found: Recognised, rule: Rule) -> Iterator[PageFault]:
    """Each annex begins a section whose pages are counted from 1."""
    before = found.main_end
    for annex in found.of("phu_luc"):
        section = annex.piece.paragraph.section
        given = ""
        if section == before:
            given = f"{annex.piece.text} chung phần (section) với trang trước nên đánh số tiếp"
        elif section <= len(document.sections) and document.sections[section - 1].start != 1:
            given = f"trang của {annex.piece.text} đánh số tiếp theo trang trước"
        if given:
            yield PageFault(rule, section, given, "số trang của từng phụ lục bắt đầu từ 1")
        before = section


def _looks(document: Document, standard: LayoutStandard) -> Iterator[PageFault]:
    """Size, weight and slant of the numbers."""
    nothing = Recognised()
    for section in document.sections:
        shown = _numbered(section.headers.get("default", ()))
        if shown is None:
            continue
        # the number itself holds no letter; its looks are judged as a letter's
        runs = tuple(run._replace(text="x") for run in shown.runs if run.text.strip())
        one = Found("so_trang", Piece("x", runs, shown))
        font, colour = standard.rule("so_trang", "font"), standard.rule("so_trang", "colour")
        for run in runs[:1]:
            if font and any(name != font.value("name") for name in run.face.fonts):
                yield PageFault(
                    font, section.number, f"số trang phông {run.face.fonts[0]}", f"phông {font.value('name')}"
                )
            if colour and run.face.colour:
                yield PageFault(colour, section.number, f"số trang màu #{run.face.colour}", "màu đen")
        for family, check in (("size", size), ("bold", bold), ("italic", italic)):
            rule = standard.rule("so_trang", family)
            if rule is None:
                continue
            for fault in check(one, rule, nothing):
                yield PageFault(rule, section.number, f"số trang {fault.found}", fault.required)
