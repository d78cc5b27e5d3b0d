"""What was done so that a workbook could be read although somebody changed its structure: told, never silent.

In:   the sheets that were found. Out: issues. Pure. Imports normalise.found and copies, the addresses, model, issues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.issues import Issue, Place, issue
from generator.office.workbook.address import address
from generator.stages.normalise.copies import holds_answers
from generator.stages.normalise.found import Found


def repaired(sheets: Mapping[str, Found], copies: Iterable[Found], file: str) -> Iterator[Issue]:
    """Issues about whole sheets: what was repaired in each, which stand twice."""
    for found in sheets.values():
        for code, key, params in found.repairs:
            cell = address(*key) if key else ""
            yield issue(code, Place(file, found.raw.name, cell), **params)
    for copy in copies:
        first = sheets[copy.form_sheet.code]
        if first.raw.name != copy.raw.name:
            code = "sheet.twice" if holds_answers(copy, first) else "sheet.empty_copy"
            told = {"sheet": copy.form_sheet.title, "first": first.raw.name, "copy": copy.raw.name}
            yield issue(code, Place(file, copy.raw.name), **told)
