"""Repair: what rendering can break in a Word file although every tag is right.

In:   the tree of a part, before or after rendering. Out: whether repair can be needed; the tree repaired.
Word refuses a cell without a closing paragraph and a table without rows; ids of drawings and bookmarks must not
repeat; a table whose cells were multiplied needs a grid that fits. Imports the names of Word's elements only.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from generator.office.template import names
from generator.office.template.places import Element, setting

_HOMES = (names.CELL, names.HEADER, names.FOOTER, names.TEXT_BOX, names.FOOTNOTE, names.ENDNOTE)
"""What must end with, or at least hold, a paragraph."""


def has_repeated_ids(looped: Iterable[str]) -> bool:
    """Whether a loop repeats a drawing or a bookmark; `looped` is the XML inside loops."""
    return any("docPr" in literal or "bookmarkStart" in literal for literal in looped)


def needs_repair(root: Element) -> bool:
    """Whether the tags can leave a home without a paragraph, a table without rows or a grid that does not fit.

    A child that stands before the first or after the last tag of its parent is always there.
    """
    for tag in root.iter(etree.ProcessingInstruction):
        parent = tag.getparent()
        if parent is None or parent.tag in (names.ROW, names.CONTROL_CONTENT):
            return True
        last = parent[-1]
        if parent.tag in _HOMES and last.tag != names.PARAGRAPH:
            return True
        if parent.tag == names.TABLE and last.tag != names.ROW and not _row_before_tags(parent):
            return True
    return False


def _row_before_tags(table: Element) -> bool:
    first = next((child for child in table if child.tag in (names.ROW, etree.ProcessingInstruction)), None)
    return first is not None and first.tag == names.ROW


def repair(root: Element) -> None:
    """The rendered tree made whole, in place."""
    _unique_ids(root)
    for row in list(root.iter(names.ROW)):
        if next(row.iter(names.CELL), None) is None:
            _remove(row)
    for table in list(root.iter(names.TABLE)):
        if next(table.iter(names.ROW), None) is None:
            _remove(table)
        else:
            _fit_grid(table)
    for home in root.iter(*_HOMES):
        if len(home) == 0 or (home.tag == names.CELL and home[-1].tag != names.PARAGRAPH):
            etree.SubElement(home, names.PARAGRAPH)
        elif home.tag != names.CELL and home.find(names.PARAGRAPH) is None:
            etree.SubElement(home, names.PARAGRAPH)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unique_ids(root: Element) -> None:
    """Number drawings, and bookmarks with both their ends, in document order; a repeated name gets its count."""
    for number, drawing in enumerate(root.iter(names.DRAWING_ID), 1):
        drawing.set("id", str(number))
    open_ids: dict[str, str] = {}
    used: dict[str, int] = {}
    for number, end in enumerate(root.iter(names.BOOKMARK, names.BOOKMARK_END), 1):
        old = end.get(names.IDENTIFIER, "")
        if end.tag == names.BOOKMARK_END:
            end.set(names.IDENTIFIER, open_ids.get(old, str(number)))
            continue
        open_ids[old] = str(number)
        end.set(names.IDENTIFIER, str(number))
        name = end.get(names.NAME, "")
        used[name] = used.get(name, 0) + 1
        if used[name] > 1:
            end.set(names.NAME, f"{name}_{used[name]}")


# --- the grid of a table whose cells were multiplied ----------------------------------------


def _fit_grid(table: Element) -> None:
    """As many grid columns as the widest row has, over the width of the grid before; cell widths follow the grid.

    A table whose rows fill its grid is left as it is.
    """
    grid = table.find(names.GRID)
    rows = [row for row in table.iter(names.ROW) if next(row.iterancestors(names.TABLE), None) is table]
    spans = [_spans(row) for row in rows]
    columns = max(sum(span for _, span in row) for row in spans)
    if grid is None or len(grid) == columns:
        return
    total = sum(_number(column) for column in grid)
    widths = _shares(total, _wished(spans, columns))
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        etree.SubElement(grid, names.GRID_COLUMN, {names.WIDTH: str(width)})
    for row in spans:
        at = 0
        for cell, span in row:
            width_of_cell = cell.find(f"{names.CELL_FORMAT}/{names.CELL_WIDTH}") if cell is not None else None
            if width_of_cell is not None and width_of_cell.get(names.KIND) == "dxa":
                width_of_cell.set(names.WIDTH, str(sum(widths[at : at + span])))
            at += span


def _spans(row: Element) -> list[tuple[Element | None, int]]:
    """The cells of a row with the grid columns each takes; None for columns left out before and after."""
    cells = [cell for cell in row.iter(names.CELL) if next(cell.iterancestors(names.ROW), None) is row]
    spans: list[tuple[Element | None, int]] = [
        (cell, setting(cell, names.CELL_FORMAT, names.GRID_SPAN, 1)) for cell in cells
    ]
    before = setting(row, names.ROW_FORMAT, names.GRID_BEFORE, 0)
    after = setting(row, names.ROW_FORMAT, names.GRID_AFTER, 0)
    return [(None, before), *spans, (None, after)]


def _wished(spans: list[list[tuple[Element | None, int]]], columns: int) -> list[int]:
    """The widths that the first full row without merged cells asks for; even ones without such a row."""
    for row in spans:
        cells = [cell for cell, span in row if span == 1]
        if len(cells) == columns:
            return [
                _number(cell.find(f"{names.CELL_FORMAT}/{names.CELL_WIDTH}")) or 1 for cell in cells if cell is not None
            ]
    return [1] * columns


def _shares(total: int, wished: list[int]) -> list[int]:
    """`total` split in proportion; the parts add up to it exactly."""
    sum_wished, edges = sum(wished), [0]
    for width in wished:
        edges.append(edges[-1] + width)
    at = [edge * total // sum_wished for edge in edges]
    return [after - before for before, after in zip(at, at[1:], strict=False)]


def _number(element: Element | None) -> int:
    text = "" if element is None else element.get(names.WIDTH, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
