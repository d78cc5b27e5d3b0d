"""Template lint, tables: header rows that are to repeat on each page but are not all marked.

In:   a part that was read. Out: its rows as texts; an issue for each table, with the rows to mark.
Imports wordpart, template_lint_reading; issues.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.issues import Issue, Place, issue
from generator.office.template_lint_reading import Part
from generator.office.wordpart import CELL, PARAGRAPH, ROW, TABLE, VALUE, WORD, Element, above

_W = f"{{{WORD}}}"
_REPEATED, _MERGE, _STYLE = f"{_W}trPr/{_W}tblHeader", f"{_W}tcPr/{_W}vMerge", f"{_W}pPr/{_W}pStyle"
_OFF = frozenset({"0", "false", "off"})
_ROW_TAG = re.compile(r"\{%\s*tr\s", re.IGNORECASE)
_LOOP = re.compile(r"\{%\s*tr\s+for\b", re.IGNORECASE)
_COLUMN_MARK = re.compile(r"\(?(?:[A-ZĐ]|\d{1,2}|\d{0,2}\s*=[\d\s+\-x:/().…]*)\)?")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


class Row(NamedTuple):
    """A row of a table: whether it repeats, the texts of its cells with their spots."""

    repeated: bool
    cells: tuple[tuple[str, str], ...]
    element: Element

    @property
    def text(self) -> str:
        """What the whole row says."""
        return " ".join(text for _, text in self.cells)


def tables_of(part: Part) -> list[list[Row]]:
    """The rows of each table that print something or stand in a table that does, in document order."""
    texts: dict[Element, list[str]] = defaultdict(list)
    first: dict[Element, str] = {}
    for paragraph, spot in part.spots.items():
        cell = above(paragraph, CELL)
        if cell is not None:
            first.setdefault(cell, spot)
    for written in part.lines:
        cell = above(written.line.element, CELL)
        if cell is not None:
            texts[cell].append(written.line.text)
    rows: dict[Element, list[tuple[str, str]]] = {}
    for cell, spot in first.items():
        row = above(cell, ROW)
        if row is not None:
            rows.setdefault(row, []).append((spot, "\n".join(texts[cell])))
    tables: dict[Element | None, list[Row]] = defaultdict(list)
    for row, cells in rows.items():
        tables[above(row, TABLE)].append(Row(_is_repeated(row), tuple(cells), row))
    return list(tables.values())


def _is_repeated(row: Element) -> bool:
    mark = row.find(_REPEATED)
    return mark is not None and mark.get(VALUE, "1") not in _OFF


def lint_headers(tables: Sequence[Sequence[Row]], file: str) -> Iterator[Issue]:
    """Tables whose header would repeat in part, or not at all though their rows grow: template.header_rows."""
    for rows in tables:
        # Rows of tags are gone when the document is made.
        shown = [(at, row) for at, row in enumerate(rows, 1) if not _ROW_TAG.search(row.text)]
        grows = next((at for at, row in enumerate(rows, 1) if _LOOP.search(row.text)), 0)
        marked = [at for at, row in shown if row.repeated]
        if not marked:
            yield from _unmarked(rows, grows, file)
            continue
        head = [(at, row) for at, row in shown if not grows or at < grows]
        below = [at for at in marked if grows and at > grows]
        last = max((at for at in marked if at not in below), default=0)
        last = _reach(head, [row for _, row in shown], last)
        missing = [at for at, row in head if at <= last and not row.repeated]
        if missing or below:
            spot = rows[(missing or below)[0] - 1].cells[0][0]
            params = {"marked": _listed(marked), "missing": _listed(missing), "below": _listed(below)}
            yield issue("template.header_rows", Place(file, spot=spot), **params, last=last if missing else "")


def _reach(head: Sequence[tuple[int, Row]], rows: Sequence[Row], last: int) -> int:
    """The last row that belongs to the header: merged down from it, numbering its columns, or set like it."""
    styles = {style for at, row in head if at <= last for style in _styles(row)}
    # Where every row has the style of the header, the style says nothing.
    telling = any(styles.isdisjoint(_styles(row)) for row in rows)
    for at, row in head:
        if at > last:
            own = _styles(row)
            if not (_is_merged(row) or column_numbers(row) or (telling and own and own <= styles)):
                break
            last = at
    return last


def _styles(row: Row) -> frozenset[str]:
    found = (paragraph.find(_STYLE) for paragraph in row.element.iter(PARAGRAPH))
    return frozenset(mark.get(VALUE, "") for mark in found if mark is not None)


def _is_merged(row: Row) -> bool:
    marks = (cell.find(_MERGE) for cell in row.element.iterchildren(CELL))
    return any(mark is not None and mark.get(VALUE, "continue") == "continue" for mark in marks)


def column_numbers(row: Row) -> bool:
    """Whether a row numbers the columns: A, B, 1, 2=3+4."""
    told = [plain for _, text in row.cells if (plain := _TAG.sub("", text).strip())]
    marks = all(_COLUMN_MARK.fullmatch(text) for text in told)
    return marks and len(told) > 1 and (told[0] in ("A", "(A)", "1", "(1)") or any("=" in text for text in told))


def _unmarked(rows: Sequence[Row], grows: int, file: str) -> Iterator[Issue]:
    """A table that grows below a header of which no row is marked."""
    head = [row for row in rows[: max(grows - 1, 0)] if not _ROW_TAG.search(row.text)]
    if head and all("{{" not in row.text for row in head[:1]) and len(head[0].cells) > 1 and head[0].text.strip():
        spot = head[0].cells[0][0]
        missing = _listed(range(1, len(head) + 1))
        params = {"marked": "", "missing": missing, "below": ""}
        yield issue("template.header_rows", Place(file, spot=spot), **params, last=len(head))


def _listed(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows))
