"""Follow-ons: faults that are there only because of another one, and vanish with it.

In:   the issues of one return. Out: those that somebody has to do something about, in their order.
Pure. Imports issues. A rule never judges a cell that could not be read; left are totals over such cells, and tables
that are missing as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.issues import Issue, Severity

_WITHOUT_TABLE = frozenset({"sheet.missing", "table.marks_missing"})


def without_follow_ons(issues: Sequence[Issue]) -> list[Issue]:
    """The issues without totals that differ because a cell above them is an error, and without "nothing was
    reported" where the whole table could not be found."""
    unread = {_column(one) for one in issues if one.severity is Severity.ERROR and one.code.startswith("cell.")}
    missing = {one.params.get("sheet", "") for one in issues if one.code in _WITHOUT_TABLE}
    return [
        one
        for one in issues
        if not (one.code == "table.total_differs" and _column(one) in unread)
        and not (one.code == "rule.nothing_reported" and one.params.get("sheet", "") in missing)
    ]


def _column(found: Issue) -> tuple[str, str]:
    return found.place.sheet, found.place.cell.rstrip("0123456789")
