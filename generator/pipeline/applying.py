"""Applying: officers' decisions on one return: cells corrected before it is judged, its errors let in afterwards.

In:   the raw workbook and its return as it arrived, the decisions. Out: the workbook to judge, corrections, faults.
Runs in worker processes: no files, no clock, no database. Imports definitions, vietnamese, addresses, model, rulings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Choice, Field, Form
from generator.definitions.returned import Returned
from generator.issues import Issue, Place, Severity, issue
from generator.model import CellKey, Correction, Decision, RawSheet, RawWorkbook, Ruling, Value
from generator.office.workbook.address import address, parse_address
from generator.pipeline.rulings import place_of
from generator.vietnamese.text import clean, matching_key

EMPTY = "(để trống)"
"""What an officer types as the new value of a cell that is to count as empty."""

Key = tuple[str, int, str]
"""Table, row and field of a value."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What corrections make of a return."""

    raw: RawWorkbook
    """The workbook as if the officer's words stood in its cells."""
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Issue, ...] = ()
    """One for each correction, at its cell."""
    applied: tuple[Decision, ...] = ()
    faults: tuple[Issue, ...] = ()
    """Why a correction could not be made; at the decision."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of the return that a form's field stands in."""

    key: Key
    field: Field
    sheet: str
    at: CellKey


def corrected(
    raw: RawWorkbook,
    returned: Returned,
    form: Form,
    lists: Mapping[str, tuple[Choice, ...]],
    decisions: Iterable[Decision],
    year: int,
) -> Corrected:
    """The workbook with every correction that fits its cell; the others are told and change nothing."""
    typed: dict[tuple[str, CellKey], str] = {}
    made: list[tuple[Decision, Correction, Issue]] = []
    faults: list[Issue] = []
    said = {value[:3]: value.raw for value in returned.values}
    for decision in decisions:
        cell = _cell(decision, returned, form)
        if isinstance(cell, Issue):
            faults.append(cell)
            continue
        choices = lists.get(cell.field.choices) or form.choices.get(cell.field.choices, ())
        wrong = _misfit(decision, cell.field, choices, year)
        if wrong is not None:
            faults.append(wrong)
            continue
        where = (cell.sheet, address(*cell.at))
        if (cell.sheet, cell.at) in typed:  # named once by the sheet's title and once by its present name
            first = next(one.place.rpartition("!")[2] for one, kept, _ in made if (kept.sheet, kept.cell) == where)
            faults.append(issue("decision.contradicts", place_of(decision), first=first))
            continue
        typed[cell.sheet, cell.at] = "" if empties(decision) else decision.value
        made.append(_made(decision, cell, said.get(cell.key, ""), returned.file))
    return Corrected(
        raw=_with_cells(raw, typed),
        corrections=tuple(one for _, one, _ in made),
        notes=tuple(one for _, _, one in made),
        applied=tuple(one for one, _, _ in made),
        faults=tuple(faults),
    )


def empties(decision: Decision) -> bool:
    """Whether the new value is that there is none."""
    return matching_key(decision.value.strip("() ")) == matching_key(EMPTY.strip("()"))


def _made(decision: Decision, cell: _Cell, before: str, file: str) -> tuple[Decision, Correction, Issue]:
    table, row, code = cell.key
    where = address(*cell.at)
    after = EMPTY if empties(decision) else decision.value
    note = issue(
        "decision.corrected",
        Place(file, cell.sheet, where),
        field=cell.field.label,
        old=before or EMPTY,
        new=after,
        place=decision.place,
    )
    return decision, Correction(table, row, code, cell.sheet, where, before, after, decision.place), note


def _misfit(decision: Decision, field: Field, choices: Sequence[Choice], year: int) -> Issue | None:
    """Why the field cannot take the officer's value."""
    if field.locked:
        return issue("decision.locked_cell", place_of(decision), cell=decision.cell, field=field.label)
    if empties(decision):
        return None
    type_ = FIELD_TYPES[field.type]
    if type_.parse(decision.value, field, choices, year).value is not None:
        return None
    told = {"value": decision.value, "field": field.label, "expected": type_.guide(field)}
    return issue("decision.bad_value", place_of(decision), **told)


def _cell(decision: Decision, returned: Returned, form: Form) -> _Cell | Issue:
    """The cell of the return that the decision names."""
    at = parse_address(decision.cell)
    meant = _sheet(decision, returned, form)
    for code, (name, key) in returned.layout.fields.items():
        asked = form.field(code)
        if asked is not None and key == at and name == meant:
            return _Cell(("", 0, code), asked, name, key)
    for code, layout in returned.layout.tables.items():
        table = form.table(code)
        if table is None or layout.sheet != meant:
            continue
        row = at.row - layout.above
        last = max((table.rows, *returned.rows(code)))
        column = next((one for one in table.columns if layout.columns.get(one.code) == at.column), None)
        if column is not None and 1 <= row <= last:
            return _Cell((code, row, column.code), column, layout.sheet, at)
    return issue("decision.no_such_cell", place_of(decision), sheet=decision.sheet, cell=decision.cell)


def _sheet(decision: Decision, returned: Returned, form: Form) -> str:
    """The sheet's name in the workbook: named so by the decision, or by the title that it has in the form."""
    layout = returned.layout
    present = {code: name for code, (name, _) in layout.fields.items()}
    present |= {code: table.sheet for code, table in layout.tables.items()}
    names = {_plain(form.sheet_of(code).title): name for code, name in present.items()}
    names |= {_plain(name): name for name in present.values()}
    return names.get(_plain(decision.sheet), decision.sheet)


def _plain(title: str) -> str:
    return clean(title).casefold()


def _with_cells(raw: RawWorkbook, typed: Mapping[tuple[str, CellKey], str]) -> RawWorkbook:
    by_sheet: dict[str, dict[CellKey, str]] = {}
    for (sheet, key), text in typed.items():
        by_sheet.setdefault(sheet, {})[key] = text
    return replace(raw, sheets=tuple(_typed_into(one, by_sheet.get(one.name, {})) for one in raw.sheets))


def _typed_into(sheet: RawSheet, typed: Mapping[CellKey, str]) -> RawSheet:
    if not typed:
        return sheet
    rows = list(sheet.rows)
    for (number, column), text in typed.items():
        rows += [()] * (number - len(rows))
        row = [*rows[number - 1], *[""] * (column - len(rows[number - 1]))]
        row[column - 1] = text
        rows[number - 1] = tuple(row)
    return replace(
        sheet,
        rows=tuple(rows),
        errors={key: shown for key, shown in sheet.errors.items() if key not in typed},
        uncalculated=sheet.uncalculated - typed.keys(),
    )


def restored(arrived: Returned, judged: Returned, corrections: Iterable[Correction]) -> tuple[Value, ...]:
    """The corrected values in the order in which they arrived, with what the partner typed as their raw text.

    So an id means the same cell before and after a decision: a value that was emptied keeps its position, one that
    was added comes last.
    """
    changed = {(one.table, one.row, one.field) for one in corrections}
    now = {value[:3]: value for value in judged.values}
    before = {value[:3] for value in arrived.values}
    kept = [
        now[value[:3]]._replace(raw=value.raw) if value[:3] in now else value._replace(value=None)
        for value in arrived.values
        if value[:3] in now or value[:3] in changed
    ]
    return (*kept, *(value._replace(raw="") for value in judged.values if value[:3] not in before))


def own_doing(arrived: Iterable[Issue], judged: Iterable[Issue]) -> list[Issue]:
    """The faults of the corrected return without totals that differ only since a row was corrected."""
    known = {one.place for one in arrived if one.code == "table.total_differs"}
    return [one for one in judged if one.code != "table.total_differs" or one.place in known]


def accepted(
    issues: Sequence[Issue], decisions: Iterable[Decision], returned: Returned, form: Form
) -> tuple[list[Issue], list[Decision], list[Issue]]:
    """The issues with every error that was accepted as a note, and a warning for each decision that accepts.

    Also the decisions that let something in, and a note at those that found nothing to accept.
    """
    found, applied, idle = list(issues), list[Decision](), list[Issue]()
    for decision in decisions:
        where = Place(returned.file)
        if decision.cell:
            where = Place(returned.file, _sheet(decision, returned, form), decision.cell)
        let_in = [at for at, one in enumerate(found) if one.severity is Severity.ERROR and _at(where, one.place)]
        if not let_in:
            idle.append(issue("decision.nothing_to_accept", place_of(decision), partner=decision.partner))
            continue
        for at in let_in:
            found[at] = replace(found[at], severity=Severity.NOTE)
        told = {"count": len(let_in), "reason": decision.reason, "place": decision.place}
        found.append(issue("decision.accepted", where, **told))
        applied.append(decision)
    return found, applied, idle


def _at(where: Place, place: Place) -> bool:
    return not where.cell or (_plain(place.sheet), place.cell) == (_plain(where.sheet), where.cell)


def rulings_of(decisions: Iterable[Decision], ruling: Ruling) -> list[Decision]:
    """The decisions of one kind, in their order."""
    return [one for one in decisions if one.ruling is ruling]
