"""What was done so that a workbook could be read although somebody changed its structure: told, never silent.

In:   the sheets that were found. Out: issues. Pure. Imports normalise.found and copies, the addresses, model, issues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.issues import Issue, Place, issue
from generator.office.workbook.address import address
from generator.stages.normalise.copies import holds_answers
from generator.stages.normalise.found import Found

_MOST_SPANS = 10
"""So many runs of hidden rows are named."""


def repaired(sheets: Mapping[str, Found], copies: Iterable[Found], file: str) -> Iterator[Issue]:
    """Issues about whole sheets: what was repaired in each, which rows of it are hidden, which stand twice."""
    for found in sheets.values():
        for code, key, params in found.repairs:
            cell = address(*key) if key else ""
            yield issue(code, Place(file, found.raw.name, cell), **params)
        yield from _hidden(found, file)
    for copy in copies:
        first = sheets[copy.form_sheet.code]
        if first.raw.name != copy.raw.name:
            code = "sheet.twice" if holds_answers(copy, first) else "sheet.empty_copy"
            told = {"sheet": copy.form_sheet.title, "first": first.raw.name, "copy": copy.raw.name}
            yield issue(code, Place(file, copy.raw.name), **told)


def _hidden(found: Found, file: str) -> Iterator[Issue]:
    """One warning a sheet where rows that were read are hidden: whoever signed it may not have seen them."""
    cells = sorted(key for key in found.taken if key[0] in found.raw.hidden) if found.raw.hidden else []
    if cells:
        rows = list(dict.fromkeys(row for row, _ in cells))
        told = {"rows": _spans(rows), "count": len(rows)}
        yield issue("structure.hidden_rows", Place(file, found.raw.name, address(*cells[0])), **told)


def _spans(rows: list[int]) -> str:
    """Numbers of rows as people name them: 12–14, 20."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in spans[:_MOST_SPANS]]
    return ", ".join([*shown, *["…"] * (len(spans) > _MOST_SPANS)])
