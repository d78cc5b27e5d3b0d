"""A part of a Word file: its elements by name, where its paragraphs stand in a clerk's words, how it is made whole.

In:   the tree of a part. Out: the spot of each paragraph; the tree repaired in place. Imports lxml only.
Word refuses a cell without a closing paragraph and a table without rows; ids of drawings and bookmarks must not
repeat; a table whose cells were multiplied needs a grid that fits. Whatever fills parts can break these.
"""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from itertools import accumulate, pairwise

from lxml import etree

Element = etree._Element

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W, _W14 = f"{{{WORD}}}", "{http://schemas.microsoft.com/office/word/2010/wordml}"
BODY, PARAGRAPH, RUN, TEXT, TEXT_BOX = _W + "body", _W + "p", _W + "r", _W + "t", _W + "txbxContent"
TEXTS = (TEXT, _W + "delText")
TAB, BREAK, RETURN, HYPHEN = _W + "tab", _W + "br", _W + "cr", _W + "noBreakHyphen"
TABLE, ROW, CELL, GRID, GRID_COLUMN = _W + "tbl", _W + "tr", _W + "tc", _W + "tblGrid", _W + "gridCol"
SPAN, BEFORE, AFTER = f"{_W}tcPr/{_W}gridSpan", f"{_W}trPr/{_W}gridBefore", f"{_W}trPr/{_W}gridAfter"
BOOKMARKS, CELL_WIDTH = (_W + "bookmarkStart", _W + "bookmarkEnd"), f"{_W}tcPr/{_W}tcW"
VALUE, IDENTIFIER, NAME, WIDTH = _W + "val", _W + "id", _W + "name", _W + "w"
DRAWING_ID = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
HOMES = (CELL, TEXT_BOX, _W + "hdr", _W + "ftr", _W + "footnote", _W + "endnote")
"""What must hold a paragraph; a cell must also end with one."""
WORDLESS = (_W + "drawing", _W + "pict", _W + "object", _W + "sectPr", _W + "footnoteReference")
"""Content without text, which would vanish unnoticed with a paragraph or row that a tag replaces."""
_REVISED = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "numberingChange", "tblGridChange")
_FORMATTED = ("pPrChange", "rPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange")
TRACKED = tuple(_W + name for name in (*_REVISED, *_FORMATTED))
COMMENTS = (_W + "commentRangeStart", _W + "commentReference")
TRACES = (_W + "proofErr", _W + "lastRenderedPageBreak")
_RSIDS = ("rsidR", "rsidRDefault", "rsidRPr", "rsidP", "rsidTr", "rsidDel", "rsidSect")
TRACE_MARKS = frozenset((*(_W + name for name in _RSIDS), _W14 + "paraId", _W14 + "textId"))
"""Attributes that only serve Word's own merging of edits; a paragraph id must not repeat, so loops cannot keep it."""


def spots(root: Element, label: str) -> dict[Element, str]:
    """The spot of each paragraph: "Bảng 2, dòng 3, cột 4", "đoạn 5", "Đầu trang 1, đoạn 1"; `label` names the part.

    Tables are counted in document order, nested ones too; columns as the grid counts them; paragraphs outside
    tables from 1, empty ones too.
    """
    found: dict[Element | None, str] = {}
    cells: dict[Element, str] = {}
    tables: dict[Element | None, int] = {}
    rows: dict[Element | None, int] = defaultdict(int)
    columns: dict[Element | None, int] = defaultdict(int)
    paragraphs = 0
    for element in root.iter(TABLE, ROW, CELL, PARAGRAPH):
        if element.tag == TABLE:
            tables[element] = len(tables) + 1
        elif element.tag == ROW:
            rows[above(element, TABLE)] += 1
            columns[element] = 1 + count(element, BEFORE, 0)
        elif element.tag == CELL:
            row, table = above(element, ROW), above(element, TABLE)
            table_word = "bảng" if label else "Bảng"
            cells[element] = f"{table_word} {tables.get(table, 0)}, dòng {rows[table]}, cột {columns[row]}"
            columns[row] += count(element, SPAN, 1)
        elif (host := above(element, CELL, TEXT_BOX)) is None:
            paragraphs += 1
            found[element] = f"đoạn {paragraphs}"
        elif host.tag == CELL:
            found[element] = cells[host]
        else:
            found[element] = f"{found.get(above(host, PARAGRAPH), '')}, hộp văn bản".lstrip(", ")
    return {element: f"{label}, {spot}".lstrip(", ") for element, spot in found.items() if element is not None}


def remove(element: Element) -> None:
    """Take an element out of its tree."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def set_section_apart(paragraph: Element, *, before: bool) -> None:
    """Give the section break that a paragraph carries, if any, an empty paragraph of its own beside it."""
    section = paragraph.find(f"{_W}pPr/{_W}sectPr")
    if section is not None:
        bare = etree.Element(PARAGRAPH)
        bare.append(deepcopy(paragraph[0]))
        remove(section)
        (paragraph.addprevious if before else paragraph.addnext)(bare)


def count(element: Element, path: str, missing: int) -> int:
    """A small number from an element's format, such as a cell's gridSpan; `missing` when it is not (rightly) there."""
    return min(number(element.find(path), VALUE, missing), 1000)


def number(element: Element | None, attribute: str, missing: int = 0) -> int:
    """A whole number from an attribute that anybody may have written; `missing` when it is none."""
    text = "" if element is None else element.get(attribute, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else missing


def above(element: Element, *tags: str) -> Element | None:
    """The nearest ancestor of one of these kinds."""
    return next(element.iterancestors(*tags), None)


# --- making a part whole --------------------------------------------------------------------


def cells_end_well(content: bytes) -> bool:
    """Whether every cell of a part as it is written ends with a paragraph, told without a tree; False if unsure."""
    cells = content.count(b"</w:tc>")
    return cells == content.count(b"</w:p></w:tc>") + content.count(b"<w:p/></w:tc>") > 0 == content.count(b"<w:tc/>")


def repair(root: Element) -> None:
    """The rendered tree made whole, in place."""
    _number_again(root)
    for kind, child in ((ROW, CELL), (TABLE, ROW)):
        for element in list(root.iter(kind)):
            if next(element.iter(child), None) is None:
                remove(element)
    for table in root.iter(TABLE):
        _fit_grid(table)
    for home in root.iter(*HOMES):
        if all(child.tag != PARAGRAPH for child in (list(home)[-1:] if home.tag == CELL else home)):
            etree.SubElement(home, PARAGRAPH)


def _number_again(root: Element) -> None:
    """Number drawings, and bookmarks with both their ends, in document order; a repeated name gets its number."""
    for new, drawing in enumerate(root.iter(DRAWING_ID), 1):
        drawing.set("id", str(new))
    latest: dict[str, str] = {}
    used: set[str] = set()
    for new, end in enumerate(root.iter(*BOOKMARKS), 1):
        old, name = end.get(IDENTIFIER, ""), end.get(NAME, "")
        if end.tag == BOOKMARKS[0]:
            latest[old] = str(new)
            end.set(NAME, f"{name}_{new}" if name in used else name)
            used.add(name)
        end.set(IDENTIFIER, latest.get(old, str(new)))


def _fit_grid(table: Element) -> None:
    """As many grid columns as the widest row has, over the width of the grid before; cell widths follow the grid.

    A cell that took the whole grid, as that of a note does, takes the new one. A table whose rows fill its grid is
    left as it is.
    """
    grid = table.find(GRID)
    if grid is None:
        return
    rows = [row for row in table.iter(ROW) if above(row, TABLE) is table]
    across = {row for row in rows if [span for _, span in _cells(row) if span] == [len(grid)]}
    widest = max((_cells(row) for row in rows if row not in across or len(across) == len(rows)), key=_columns)
    if _columns(widest) in (0, len(grid)):
        return
    for spanned in (row.find(f"{CELL}/{SPAN}") for row in across):
        if spanned is not None:
            spanned.set(VALUE, str(_columns(widest)))
    wished = [max(1, number(_width(cell), WIDTH) // span) for cell, span in widest for _ in range(span)]
    total, shares = sum(number(column, WIDTH) for column in grid), sum(wished)
    edges = [edge * total // shares for edge in accumulate(wished, initial=0)]
    for column in list(grid):
        grid.remove(column)
    grid.extend(etree.Element(GRID_COLUMN, {WIDTH: str(end - start)}) for start, end in pairwise(edges))
    for row in rows:
        at = 0
        for cell, span in _cells(row):
            width = _width(cell)
            if width is not None:
                width.set(WIDTH, str(edges[at + span] - edges[at]))
            at += span


def _columns(row: list[tuple[Element | None, int]]) -> int:
    return sum(span for _, span in row)


def _cells(row: Element) -> list[tuple[Element | None, int]]:
    """The cells of a row with the grid columns each takes; None for columns left out before and after."""
    cells = [(cell, count(cell, SPAN, 1)) for cell in row.iter(CELL) if above(cell, ROW) is row]
    return [(None, count(row, BEFORE, 0)), *cells, (None, count(row, AFTER, 0))]


def _width(cell: Element | None) -> Element | None:
    return cell.find(CELL_WIDTH) if cell is not None else None
