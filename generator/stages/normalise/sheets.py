"""Finding the sheets of a form again in a workbook, under whatever name they now go, and their cells.

In:   RawWorkbook, Form. Out: Found by sheet code, and further copies of sheets.
Pure. Imports definitions (forms, grid, near_labels), normalise.found, layers and repairs, vietnamese, model.

Sheets as we sent them out are known by their hidden marks, at the cost of a few comparisons. Only where a mark, a
code or a heading is not as it was do the other layers look: headings and labels, then the order of neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.definitions.forms import Form, Sheet, SheetKind
from generator.definitions.grid import COLUMNS_MARK, IDENTITY_SHEET, LISTS_SHEET, VALUE_MARK, sheet_mark
from generator.definitions.near_labels import heading_key
from generator.model import RawSheet, RawWorkbook
from generator.stages.normalise.found import Found, Key, Repair, holds
from generator.stages.normalise.layers import Texts, texts_of
from generator.stages.normalise.repairs import match_sheet, mended
from generator.vietnamese.text import clean

__all__ = ["Found", "Key", "Repair", "holds", "known_sheets"]

_MARK_ROWS, _MARK_COLUMNS = 40, 12
"""A sheet's mark is looked for so far down and to the right: rows and columns may have been inserted before it."""
_TITLE_ROWS = 12
"""The title of a sheet stands so far down."""
_LIKE_OURS = 0.5
"""What share of a sheet's headings must be found for it to be that sheet."""


def known_sheets(raw: RawWorkbook, form: Form) -> tuple[dict[str, Found], list[Found]]:
    """Sheets by their code, and further copies of them: known by their mark, under whatever name they now go.

    A sheet that lost its mark but kept its name and its hidden row of codes is known by its name; any other by the
    headings that stand in it. What had to be repaired is in the sheets' `repairs`.
    """
    found, copies = _marked(raw, form)
    texts: dict[str, Texts] = {}
    for code, one in found.items():
        if not _intact(one):
            found[code] = mended(one, _texts(texts, one.raw))
    _find_generated(raw, form, found, copies)
    lost = [sheet for sheet in form.sheets if sheet.code not in found and _is_filled_in(sheet)]
    if lost:
        _find_lost(raw, lost, found, copies, texts)
    return found, copies


def _marked(raw: RawWorkbook, form: Form) -> tuple[dict[str, Found], list[Found]]:
    by_mark = {sheet_mark(form, sheet): sheet for sheet in form.sheets}
    by_title = {clean(sheet.title).casefold(): sheet for sheet in form.sheets}
    found: dict[str, Found] = {}
    copies: list[Found] = []
    unmarked: list[RawSheet] = []
    for sheet in raw.sheets:
        marked = _marked_sheet(sheet, by_mark)
        if marked is None:
            unmarked.append(sheet)
            continue
        before = found.setdefault(marked.form_sheet.code, marked)
        # of two with one mark the one that kept its name is meant
        if before is not marked and by_title.get(clean(sheet.name).casefold()) is marked.form_sheet:
            found[marked.form_sheet.code], marked = marked, before
        if found[marked.form_sheet.code] is not marked:
            copies.append(marked)
    for sheet in unmarked:
        named = by_title.get(clean(sheet.name).casefold())
        if named and named.code not in found and any(row and row[0] == COLUMNS_MARK for row in sheet.rows):
            found[named.code] = _found(sheet, named, 1)
    return found, copies


def _marked_sheet(sheet: RawSheet, by_mark: Mapping[str, Sheet]) -> Found | None:
    for row in sheet.rows[:_MARK_ROWS]:
        for column, raw in enumerate(row[:_MARK_COLUMNS], start=1):
            if isinstance(raw, str) and raw and raw.strip() in by_mark:
                return _found(sheet, by_mark[raw.strip()], column)
    return None


def _found(sheet: RawSheet, known: Sheet, mark_column: int) -> Found:
    found = Found(sheet, known, mark_column, odd=sheet.uncalculated.union(sheet.errors))
    for number, row in enumerate(sheet.rows, start=1):
        mark = row[mark_column - 1] if mark_column <= len(row) else None
        if mark and isinstance(mark, str) and (mark := mark.strip()) and found.marks.setdefault(mark, number) != number:
            found.second.append((mark, number))
    return found


def _is_filled_in(sheet: Sheet) -> bool:
    return sheet.kind in (SheetKind.FIELDS, SheetKind.TABLE)


def _intact(found: Found) -> bool:
    """Whether every code stands where it is looked for, and under or beside it the heading that was printed there."""
    sheet = found.form_sheet
    if not _is_filled_in(sheet):
        return True
    codes_row = found.marks.get(COLUMNS_MARK, 0)
    codes = found.row(codes_row)
    if sheet.table is None:
        return VALUE_MARK in codes and all(
            one.code in found.marks and one.label in found.row(found.marks[one.code]) for one in sheet.fields
        )
    header = found.row(codes_row + 1)
    first, end = found.mark_column + 1, found.mark_column + 1 + len(sheet.table.columns)
    if codes[first:end] == tuple(one.code for one in sheet.table.columns):
        return header[first:end] == tuple(one.label for one in sheet.table.columns)
    places = {code: place for place, code in enumerate(codes) if code}
    if codes.count("") + len(places) < len(codes):  # a column that was copied keeps the place of the first one
        places = {code: codes.index(code) for code in places}
    width = len(header)
    return all(
        (place := places.get(column.code, width)) < width and header[place] == column.label
        for column in sheet.table.columns
    )


def _texts(known: dict[str, Texts], sheet: RawSheet) -> Texts:
    if sheet.name not in known:
        known[sheet.name] = texts_of(sheet)
    return known[sheet.name]


# --- sheets without a mark --------------------------------------------------------------------


def _find_lost(
    raw: RawWorkbook, lost: Iterable[Sheet], found: dict[str, Found], copies: list[Found], texts: dict[str, Texts]
) -> None:
    """Finds sheets of the form by what stands in them; the best match of all goes first and keeps its cells.

    What matches a sheet that was found already is one more copy of it.
    """
    ours = (IDENTITY_SHEET, LISTS_SHEET)
    # a guide explains every field by its heading
    generated = {one.raw.name for one in found.values() if not _is_filled_in(one.form_sheet)}
    sheets = [one for one in raw.sheets if (one.visible or one.name not in ours) and one.name not in generated]
    by_name = {sheet.name: sheet for sheet in sheets}
    used: dict[str, set[Key]] = {}
    for one in (*found.values(), *copies):
        used.setdefault(one.raw.name, set()).update(_headings_of(one))
    matches = [
        match
        for form_sheet in lost
        for sheet in sheets
        for match in match_sheet(sheet, form_sheet, _texts(texts, sheet))
        if match.share >= _LIKE_OURS
    ]
    for match in sorted(matches, key=lambda one: (-one.share, -one.hits)):
        taken = used.setdefault(match.sheet, set())
        if not taken.isdisjoint(match.cells):
            continue
        taken |= match.cells
        sheet = by_name[match.sheet]
        made = mended(Found(sheet, match.form_sheet, 1, odd=sheet.uncalculated.union(sheet.errors)), match.texts)
        # that the whole sheet is read by its headings says enough
        told = [one for one in made.repairs if one.code != "structure.fields_by_text"]
        made.repairs = [Repair("structure.sheet_by_text", None, {"sheet": match.form_sheet.title}), *told]
        if found.setdefault(match.form_sheet.code, made) is not made:
            copies.append(made)


def _find_generated(raw: RawWorkbook, form: Form, found: dict[str, Found], copies: Iterable[Found]) -> None:
    """Finds a copied guide or sheet of checks by its name or title, so that what it says is not taken for answers."""
    known = {IDENTITY_SHEET, LISTS_SHEET, *(one.raw.name for one in (*found.values(), *copies))}
    for sheet in raw.sheets:
        if sheet.name in known or not sheet.rows:
            continue
        titles = {heading_key(one) for row in sheet.rows[:_TITLE_ROWS] for one in row if isinstance(one, str)}
        for made in form.sheets:
            titled = heading_key(made.title) == heading_key(sheet.name) or heading_key(made.heading) in titles - {""}
            if not _is_filled_in(made) and made.code not in found and titled:
                odd = sheet.uncalculated.union(sheet.errors)
                first = min((n for row in sheet.rows for n, one in enumerate(row, start=1) if holds(one)), default=2)
                found[made.code] = Found(sheet, made, first - 1, odd=odd)
                break


def _headings_of(found: Found) -> Iterator[Key]:
    """The cells of a sheet's own headings, which no other sheet of the form can have."""
    codes_row = found.marks.get(COLUMNS_MARK, 0)
    if found.form_sheet.table is None:
        for one in found.form_sheet.fields:
            row = found.marks.get(one.code, 0)
            yield from ((row, column) for column in range(1, len(found.row(row)) + 1))
    else:
        for row in (codes_row, codes_row + 1):
            yield from ((row, column) for column in range(1, len(found.row(row)) + 1))
