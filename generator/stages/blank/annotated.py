"""The workbook that a reply sends back: today's blank with what was read, its faults coloured, noted and listed.

In:   form, lists, campaign, receiver; then a partner's prefills, its answers as read, marks and leftovers.
Out:  workbook bytes, equal for equal input; it is itself a return that reads as the same answers.
Imports openpyxl through `author`, office, definitions, issues, model. Authored once, then a patch for each reply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from generator.definitions import grid
from generator.definitions.fieldtypes import raw_text
from generator.definitions.forms import Choice, Form
from generator.issues import Severity
from generator.model import Campaign, Scalar
from generator.office.workbook.address import address, parse_address
from generator.office.workbook.fill import CellError, CompiledWorkbook, Filling, compile_workbook
from generator.stages.blank.answered import answer_holes, hole_name, seen, texts_of, with_rows_fitted
from generator.stages.blank.author import author
from generator.stages.blank.corrections_sheet import (
    SUMMARY_HOLE,
    CorrectionsSheet,
    Leftover,
    Mark,
    cut_corrections,
)
from generator.stages.blank.draft import Address, Draft
from generator.stages.blank.marking import VML_DEFAULT, Note, with_notes, with_twins
from generator.stages.blank.strings import PartnerStrings

MOST_ROWS = 2_000
"""So many rows of a table are filled back in; a return with more has to be mended where it is."""

_TYPES, _STYLES = "[Content_Types].xml", "xl/styles.xml"
_NUMBER_CODES = frozenset({"cell.negative", "cell.not_whole", "cell.too_large"})
"""Faults of what is a number after all."""
_NUMBERS_AS_DATES = range(1900, 1910)
_HEADS = {Severity.ERROR: "Phải sửa", Severity.WARNING: "Nên xem lại"}


class AsTyped(NamedTuple):
    """An answer that could not be read: what stood in the cell, and the code of the fault."""

    raw: str
    code: str


Answer = Scalar | AsTyped


@dataclass(frozen=True, slots=True)
class _Compiled:
    """An annotated blank with room for so many rows, cut up."""

    draft: Draft
    strings: PartnerStrings
    answers: CompiledWorkbook
    corrections: CorrectionsSheet
    corrections_part: str
    types: bytes
    formats: int
    names: Mapping[tuple[str, str], str]
    """The hole of each cell for an answer, by sheet and address."""


@dataclass
class Annotator:
    """Writes annotated workbooks of one form and campaign; blanks with more rows are drawn when a return needs them."""

    form: Form
    lists: Mapping[str, tuple[Choice, ...]]
    campaign: Campaign | None
    receiver: str
    _made: dict[tuple[int, ...], _Compiled] = field(default_factory=dict)

    def fits(self, answers: Iterable[Address]) -> bool:
        """Whether no row lies beyond what is filled back in."""
        return max((row for _, row, _ in answers), default=0) <= MOST_ROWS

    def fill(
        self,
        prefill: Mapping[str, Scalar],
        answers: Mapping[Address, Answer],
        marks: Sequence[Mark],
        leftovers: Sequence[Leftover] = (),
        summary: str = "",
    ) -> bytes:
        """The workbook for one return.

        Marks are listed in the order of sheets and cells, errors first; a mark on a cell colours it and puts a
        note there. What the board prefills is written as today's prefill says. KeyError for an answer that the
        form does not have or beyond MOST_ROWS.
        """
        made = self._compiled(answers)
        shown = {
            one: _shown(made.draft, one, answer)
            for one, answer in answers.items()
            if not _prefilled(self.form, one, prefill)
        }
        order = {title: place for place, title in enumerate(made.draft.parts)}
        ordered = sorted(marks, key=lambda mark: _sheet_order(mark, order))
        notes = _notes(ordered, order)
        holes = {hole_name(one): value for one, value in shown.items()}
        sheets = with_rows_fitted(made.answers.sheets(holes, _colours(made, notes)), made.draft, shown)
        changed: dict[str, bytes | None] = {**sheets}
        overrides = []
        for title, found in _by_sheet(notes).items():
            part = made.draft.parts[title]
            xml = sheets.get(part) or made.strings.package.read(part)
            parts, override = with_notes(part, xml, found, made.draft.widths[title], self.receiver or self.form.code)
            changed |= parts
            overrides.append(override)
        changed[made.corrections_part] = made.corrections.xml(ordered, leftovers)
        changed[_TYPES] = made.types.replace(b"</Types>", f"{''.join(overrides)}</Types>".encode())
        return made.strings.fill({**texts_of(made.draft, prefill), SUMMARY_HOLE: summary}, changed)

    def _compiled(self, answers: Iterable[Address]) -> _Compiled:
        needed: dict[str, int] = {}
        for table, row, _ in answers:
            needed[table] = max(needed.get(table, 0), row)
        tables = [sheet.table for sheet in self.form.sheets if sheet.table]
        room = tuple(_room(table.rows, needed.get(table.code, 0)) for table in tables)
        if room not in self._made:
            rows = dict(zip((table.code for table in tables), room, strict=True))
            self._made[room] = _compile(self.form, rows, self.lists, self.campaign, self.receiver)
        return self._made[room]


def _room(rows: int, needed: int) -> int:
    """So many rows that few different blanks are ever drawn: the form's own number, doubled until it is enough."""
    room = max(rows, 1)
    while room < min(needed, MOST_ROWS):
        room *= 2
    return room


def _compile(
    form: Form,
    rows: Mapping[str, int],
    lists: Mapping[str, tuple[Choice, ...]],
    campaign: Campaign | None,
    receiver: str,
) -> _Compiled:
    sheets = tuple(
        replace(sheet, table=replace(sheet.table, rows=rows[sheet.table.code])) if sheet.table else sheet
        for sheet in form.sheets
    )
    strings, draft = author(replace(form, sheets=sheets), lists, campaign, receiver, corrections=True)
    styles, formats = with_twins(strings.package.read(_STYLES))
    types = strings.package.read(_TYPES).replace(b"<Override", f"{VML_DEFAULT}<Override".encode(), 1)
    strings = strings.with_parts({_STYLES: styles})
    part = draft.parts[grid.CORRECTIONS_TITLE]
    holes = answer_holes(draft)
    return _Compiled(
        draft=draft,
        strings=strings,
        answers=compile_workbook(strings.content, holes),
        corrections=cut_corrections(strings.package.read(part)),
        corrections_part=part,
        types=types,
        formats=formats,
        names={(hole.sheet, hole.cell): name for name, hole in holes.items()},
    )


# --- answers --------------------------------------------------------------------------------


def _prefilled(form: Form, where: Address, prefill: Mapping[str, Scalar]) -> bool:
    """Whether the board writes this cell, today as well as then."""
    asked = form.field(where[2]) if not where[0] else None
    return asked is not None and asked.locked and (asked.prefill in prefill or asked.prefill.startswith("campaign."))


def _shown(draft: Draft, where: Address, answer: Answer) -> Filling:
    if not isinstance(answer, AsTyped):
        return seen(draft, where, answer)
    if answer.code == "cell.error_value":
        return CellError(answer.raw)
    if answer.code == "cell.not_calculated":
        # the formula is not known any more, and an empty cell would look as if nothing had been meant
        return CellError("#N/A")
    if answer.code == "cell.not_a_date":
        return _never_a_date(answer.raw)
    return _number(answer.raw) if answer.code in _NUMBER_CODES else answer.raw


def _never_a_date(raw: str) -> Filling:
    """The date of the years after 1900 that a cell of date format made of a bare number, as that date again."""
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return raw
    return moment if moment.year in _NUMBERS_AS_DATES else raw


def _number(raw: str) -> Filling:
    """What was a number in the cell as a number again: what a program writes of one is read the same as text."""
    try:
        number = Decimal(raw)
        return number if number.is_finite() and raw_text(float(number)) == raw else raw
    except (InvalidOperation, OverflowError):
        return raw


# --- marks ----------------------------------------------------------------------------------


def _sheet_order(mark: Mark, order: Mapping[str, int]) -> tuple[int, int, int]:
    place = order.get(mark.sheet, -1)
    return (place, *parse_address(mark.cell)) if mark.cell else (place, 0, 0)


def _notes(marks: Sequence[Mark], order: Mapping[str, int]) -> dict[tuple[str, str], list[Mark]]:
    """The marks of each cell that something is still asked of, those of errors first."""
    found: dict[tuple[str, str], list[Mark]] = {}
    for mark in sorted(marks, key=lambda one: one.severity is not Severity.ERROR):
        if mark.cell and mark.sheet in order and not mark.reason:
            found.setdefault((mark.sheet, mark.cell), []).append(mark)
    return found


def _colours(made: _Compiled, notes: Mapping[tuple[str, str], list[Mark]]) -> dict[str, int]:
    """The format of each marked cell for an answer: the twin of its own."""
    found = {}
    for place, marks in notes.items():
        name = made.names.get(place)
        if name is not None:
            further = 1 if marks[0].severity is Severity.ERROR else 2
            found[name] = made.answers.style(name) + further * made.formats
    return found


def _by_sheet(notes: Mapping[tuple[str, str], list[Mark]]) -> dict[str, list[Note]]:
    found: dict[str, list[Note]] = {}
    for (title, cell), marks in notes.items():
        text = "\n".join(f"{mark.sentence} {mark.cure}".strip() for mark in marks)
        head = f"{_HEADS.get(marks[0].severity, 'Lưu ý')} (ô {address(*parse_address(cell))})"
        found.setdefault(title, []).append(Note(parse_address(cell), head, text))
    return found
