"""Answered: questions whose cell is empty although the answer is known, or stands beside it.

In:   the issues of one return, who it is of. Out: the issues, with what is known of an empty cell.
Pure. Imports definitions (forms, returned), the addresses, model, issues.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.definitions.forms import Form
from generator.definitions.returned import Returned
from generator.issues import Issue, Place, issue
from generator.model import Identity
from generator.office.workbook.address import address, parse_address

_REQUIRED, _UNREAD = "rule.required", "cell.not_read"
_OF_PARTNER = frozenset({"partner.code", "partner.name"})
_OF_YEAR = frozenset({"campaign.year", "campaign.first_year", "campaign.period"})
"""What we fill in ourselves for a partner, and for a year, once we know which."""
_NEXT = 2
"""An answer typed beside its cell stands at most so many columns to the right."""
_LONGEST = 60


def answered(issues: Sequence[Issue], said: Identity, returned: Returned, form: Form) -> list[Issue]:
    """The issues; not asked is what the workbook's identity says, for nobody can type into those locked cells.

    Where the cell of a required answer is empty and one single cell beside it is not, the issue tells of that cell.
    """
    known = _known(said, returned, form)
    beside: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for one in issues:
        if one.code == _UNREAD and one.place.cell:
            key = parse_address(one.place.cell)
            beside.setdefault((one.place.sheet, key.row), []).append((key.column, one.params.get("value", "")))
    asked = [one for one in issues if one.code != _REQUIRED or one.place not in known]
    return [_told(one, beside) if one.code == _REQUIRED and one.place.cell else one for one in asked]


def _known(said: Identity, returned: Returned, form: Form) -> frozenset[Place]:
    """The locked cells whose content is known without them."""
    prefills = (_OF_PARTNER if said.partner else frozenset()) | (_OF_YEAR if said.year else frozenset())
    fields = (single for sheet in form.sheets for single in sheet.fields if single.locked)
    return frozenset(returned.place(one.code) for one in fields if one.prefill in prefills)


def _told(found: Issue, beside: Mapping[tuple[str, int], Sequence[tuple[int, str]]]) -> Issue:
    key = parse_address(found.place.cell)
    right = [(column, text) for column, text in beside.get((found.place.sheet, key.row), ()) if column > key.column]
    if len(right) != 1 or right[0][0] > key.column + _NEXT:
        return found
    ((column, text),) = right
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    told = {**found.params, "at": address(key.row, column), "beside": shown}
    return issue("rule.required", found.place, found.severity, **told)
