"""What was done so that a workbook could be read although somebody changed its structure: told, never silent.

In:   the sheets that were found. Out: issues. Pure. Imports normalise.found, the addresses, model, issues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.issues import Issue, Place, issue
from generator.office.workbook.address import address
from generator.stages.normalise.found import Found


def repaired(sheets: Mapping[str, Found], copies: Iterable[Found], file: str) -> Iterator[Issue]:
    """Issues about whole sheets: what was repaired in each, which stand twice."""
    for found in sheets.values():
        for code, key, params in found.repairs:
            cell = address(*key) if key else ""
            yield issue(code, Place(file, found.raw.name, cell), **params)
    for copy in copies:
        first = sheets[copy.form_sheet.code].raw.name
        if first != copy.raw.name:
            yield issue("sheet.twice", Place(file, copy.raw.name), sheet=copy.form_sheet.title, first=first)
