"""Faults: the issues of one return as its sender is told them: in the blank's places, grouped, errors first.

In:   issues, messages, Places. Out: Told (one a cell, for the workbook) and Faults (one a sentence, for the mail).
Pure. Imports definitions (messages, reasons), issues, model, places, facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from generator.definitions.forms import Form
from generator.definitions.messages import Messages
from generator.definitions.reasons import EXPLAINED, warning_keys
from generator.issues import CODES, Issue, Severity
from generator.model import Value
from generator.office.workbook.address import parse_address
from generator.stages.reply.facts import Explained, Fault, Unread
from generator.stages.reply.places import Places, Spot

NOT_READ, MORE_NOT_READ = "cell.not_read", "cell.more_not_read"
_OFFICE_ONLY = ("decision.", "delivery.other_sender")
"""How the codes of warnings begin that speak to the officer: of decisions, and of another partner's address."""

_REPAIRS = (
    *("structure.", "sheet.", "table.", "field."),
    *("delivery.other_version", "delivery.year_by_heading", "cell.legacy_font", "office.macros"),
)
"""How the codes begin whose notes tell what is odd in a file that was read all the same."""
_CALCULATED = frozenset({"rule.product", "rule.sum", "table.total_differs"})
"""Codes whose `expected` is what was worked out."""


class Told(NamedTuple):
    """A fault at its place in the blank."""

    spot: Spot
    severity: Severity
    sentence: str
    cure: str
    code: str = ""
    about: str = ""
    """What the fault is of, usually a field: faults of one code about the same are told together."""
    detail: str = ""
    """What stands in this cell, and what should, for where several are told together."""
    key: str = ""
    """How a warning is known again in a later return; "" for an error."""
    reason: str = ""
    """Why it is right all the same, in the partner's words."""


def told(
    issues: Sequence[Issue], messages: Messages, places: Places | None, values: Iterable[Value] = ()
) -> tuple[Told, ...]:
    """Errors and warnings, each with its words: whatever refuses a return is among them.

    Places are the sender's own where the form is not known. `values` are those of the return: a warning is known
    again by what it is said of. Warnings that are only the office's business are left out.
    """
    found = []
    for one, key in zip(issues, warning_keys(issues, values), strict=True):
        if one.severity is Severity.ERROR or (
            one.severity is Severity.WARNING and not one.code.startswith(_OFFICE_ONLY)
        ):
            moved = replace(one, params=places.moved(one)) if places else one
            spot = places.of(one) if places else Spot(one.place.sheet, one.place.cell)
            found.append(
                Told(
                    spot,
                    one.severity,
                    messages.sentence(moved),
                    messages.cure(moved),
                    code=one.code,
                    about=one.params.get("field") or one.params.get("left", ""),
                    detail=_detail(one),
                    key=key,
                    reason=one.params.get(EXPLAINED, ""),
                )
            )
    return tuple(found)


def _detail(found: Issue) -> str:
    value, expected = found.params.get("value", ""), found.params.get("expected", "")
    if found.code in _CALCULATED:
        return f"ghi {value}, tính được {expected}"
    return f"“{value}”" if value else ""


def grouped(found: Sequence[Told], form: Form | None) -> tuple[Fault, ...]:
    """One fault for all cells of a sheet that have the same thing wrong; errors first, then sheet by sheet.

    Within a sheet in the order of the first cell. Sentence and cure are those of the first cell; of the others that
    read otherwise the fault tells what stands there. What the partner gave a reason for is asked no more.
    """
    order = {sheet.title: number for number, sheet in enumerate(form.sheets)} if form else {}
    groups: dict[tuple[object, ...], list[Told]] = {}
    for one in sorted((one for one in found if not one.reason), key=lambda one: _order(one, order)):
        alike = (one.code, one.about) if one.code and one.about and one.spot.cell else (one.sentence,)
        groups.setdefault((one.severity, one.spot.sheet, one.cure, *alike), []).append(one)
    return tuple(map(_fault, groups.values()))


def repaired(issues: Iterable[Issue], messages: Messages) -> tuple[str, ...]:
    """What was put right so that the file could be read, each once, with its sheet."""
    told = (
        f"Trang {one.place.sheet}: {messages.sentence(one)}" if one.place.sheet else messages.sentence(one)
        for one in issues
        if CODES.get(one.code) is Severity.NOTE and one.code.startswith(_REPAIRS)
    )
    return tuple(dict.fromkeys(told))


def _fault(several: Sequence[Told]) -> Fault:
    first = several[0]
    same = dict.fromkeys(one.spot.cell for one in several if one.sentence == first.sentence and one.spot.cell)
    others = {one.spot.cell: one.detail for one in several if one.sentence != first.sentence}
    return Fault(first.severity, first.sentence, first.cure, first.spot.sheet, tuple(same), tuple(others.items()))


def explained(found: Sequence[Told], form: Form | None) -> tuple[Explained, ...]:
    """The warnings that the partner gave a reason for, one for each sentence and reason, in the order of the sheets."""
    order = {sheet.title: number for number, sheet in enumerate(form.sheets)} if form else {}
    told = sorted((one for one in found if one.reason), key=lambda one: _order(one, order))
    return tuple(dict.fromkeys(Explained(one.spot.sheet, one.spot.cell, one.sentence, one.reason) for one in told))


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
