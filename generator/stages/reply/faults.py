"""Faults: the issues of one return as its sender is told them: in the blank's places, grouped, errors first.

In:   issues, messages, Places. Out: Told (one a cell, for the workbook) and Faults (one a sentence, for the mail).
Pure. Imports definitions.messages, issues, places, facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from generator.definitions.forms import Form
from generator.definitions.messages import Messages
from generator.issues import Issue, Severity
from generator.office.workbook.address import parse_address
from generator.stages.reply.facts import Fault, Unread
from generator.stages.reply.places import Places, Spot

NOT_READ, MORE_NOT_READ = "cell.not_read", "cell.more_not_read"
_SHOWN = (Severity.ERROR, Severity.WARNING)
_OFFICE_ONLY = ("decision.", "delivery.other_sender")
"""How the codes begin that speak to the officer: of decisions, and of another partner's address."""


class Told(NamedTuple):
    """A fault at its place in the blank."""

    spot: Spot
    severity: Severity
    sentence: str
    cure: str


def told(issues: Iterable[Issue], messages: Messages, places: Places | None) -> tuple[Told, ...]:
    """Errors and warnings, each with its words; places are the sender's own where the form is not known.

    What is only the office's business is left out.
    """
    found = []
    for one in issues:
        if one.severity in _SHOWN and not one.code.startswith(_OFFICE_ONLY):
            moved = replace(one, params=places.moved(one)) if places else one
            spot = places.of(one) if places else Spot(one.place.sheet, one.place.cell)
            found.append(Told(spot, one.severity, messages.sentence(moved), messages.cure(moved)))
    return tuple(found)


def grouped(found: Sequence[Told], form: Form | None) -> tuple[Fault, ...]:
    """One fault for each sentence of a sheet, with all its cells; errors first, then in the order of the sheets."""
    order = {sheet.title: number for number, sheet in enumerate(form.sheets)} if form else {}
    groups: dict[tuple[Severity, str, str, str], dict[str, None]] = {}
    for one in sorted(found, key=lambda one: _order(one, order)):
        cells = groups.setdefault((one.severity, one.spot.sheet, one.sentence, one.cure), {})
        if one.spot.cell:
            cells[one.spot.cell] = None
    return tuple(
        Fault(severity, said, cure, sheet, tuple(cells)) for (severity, sheet, said, cure), cells in groups.items()
    )


def _order(one: Told, sheets: dict[str, int]) -> tuple[bool, int, str, int, int]:
    cell = parse_address(one.spot.cell) if one.spot.cell else (0, 0)
    return (one.severity is not Severity.ERROR, sheets.get(one.spot.sheet, -1), one.spot.sheet, *cell)


def unread(issues: Iterable[Issue]) -> tuple[tuple[Unread, ...], int]:
    """The cells that were not read, where the sender put them; and how many more were only counted."""
    cells, more = [], 0
    for one in issues:
        if one.code == NOT_READ:
            cells.append(Unread(one.place.sheet, one.place.cell, one.params.get("value", "")))
        elif one.code == MORE_NOT_READ:
            more += int(one.params.get("count", "0"))
    return tuple(cells), more
