"""What was done so that a workbook could be read although somebody changed its structure: told, never silent.

In:   the sheets that were found. Out: issues. Pure. Imports normalise.sheets, model, issues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.issues import Issue, Place, issue
from generator.stages.normalise.sheets import Found


def repaired(sheets: Mapping[str, Found], copies: Iterable[Found], file: str) -> Iterator[Issue]:
    """Issues about whole sheets: which stand twice."""
    for copy in copies:
        first = sheets[copy.form_sheet.code].raw.name
        yield issue("sheet.twice", Place(file, copy.raw.name), sheet=copy.form_sheet.title, first=first)
