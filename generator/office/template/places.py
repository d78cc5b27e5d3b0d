"""Places: where each paragraph of a part stands, in the words of a clerk.

In:   the tree of a part. Out: "Bảng 2, dòng 3, cột 4", "đoạn 5", "Đầu trang 1, đoạn 1" for every paragraph.
Imports the names of Word's elements only.
"""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

from generator.office.template import names

Element = etree._Element


def spots(root: Element, label: str) -> dict[Element, str]:
    """The spot of each paragraph. `label` names the part ("Đầu trang 1"); it is empty for the body.

    Tables are counted in document order, nested ones too; columns as the grid counts them; paragraphs outside
    tables from 1, empty ones too.
    """
    found: dict[Element, str] = {}
    cells: dict[Element, str] = {}
    tables: dict[Element | None, int] = {}
    rows: dict[Element | None, int] = defaultdict(int)
    columns: dict[Element | None, int] = {}
    paragraphs = 0
    table_word = "bảng" if label else "Bảng"
    for element in root.iter(names.TABLE, names.ROW, names.CELL, names.PARAGRAPH):
        if element.tag == names.TABLE:
            tables[element] = len(tables) + 1
        elif element.tag == names.ROW:
            rows[_above(element, names.TABLE)] += 1
            columns[element] = 1 + setting(element, names.ROW_FORMAT, names.GRID_BEFORE, 0)
        elif element.tag == names.CELL:
            row, table = _above(element, names.ROW), _above(element, names.TABLE)
            column = columns.get(row, 1)
            cells[element] = f"{table_word} {tables.get(table, 0)}, dòng {rows[table]}, cột {column}"
            columns[row] = column + setting(element, names.CELL_FORMAT, names.GRID_SPAN, 1)
        else:
            host = _above(element, names.CELL, names.TEXT_BOX)
            if host is None:
                paragraphs += 1
                found[element] = f"đoạn {paragraphs}"
            elif host.tag == names.CELL:
                found[element] = cells.get(host, "")
            else:
                around = _above(host, names.PARAGRAPH)
                found[element] = f"{found.get(around, '')}, hộp văn bản" if around is not None else "hộp văn bản"
    return {element: f"{label}, {spot}" for element, spot in found.items()} if label else found


def setting(element: Element, group: str, name: str, missing: int) -> int:
    """A whole number from an element's format, such as a cell's gridSpan; `missing` when it is not (rightly) there."""
    found = element.find(f"{group}/{name}")
    text = "" if found is None else found.get(names.VALUE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else missing


def _above(element: Element, *tags: str) -> Element | None:
    return next(element.iterancestors(*tags), None)
