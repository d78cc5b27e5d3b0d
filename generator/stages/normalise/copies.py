"""Sheets that stand for nothing: second copies of a sheet, and those that kept only the name of one.

In:   sheets that were found, their copies, the raw workbook. Out: whether a copy holds answers; what of it is ours.
Pure. Imports definitions (forms, grid, near_labels), normalise.found, model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.definitions.forms import Form, Sheet
from generator.definitions.grid import (
    CODES_ROW,
    COLUMNS_MARK,
    END_MARK,
    TOTAL_MARK,
    TOTAL_ROW,
)
from generator.definitions.near_labels import heading_key
from generator.model import RawWorkbook
from generator.stages.normalise.found import Found, Key


def holds_answers(copy: Found, first: Found) -> bool:
    """Whether somebody typed into a copy; where nobody can tell, he did.

    What was filled in beforehand, and stands in the first sheet as well, is taken for ours.
    """
    sheet = copy.form_sheet
    if sheet.table is None:
        copy.own |= {key for key, there in _prefilled(copy, first) if copy.at(key) == first.at(there)}
        column = copy.value_column
        rows = [copy.marks[one.code] for one in sheet.fields if not one.locked and one.code in copy.marks]
        return not rows or any(copy.filled((row, column)) for row in rows)
    copy.own |= own_totals(copy)
    codes_row, end = copy.marks.get(COLUMNS_MARK, 0), copy.marks.get(END_MARK, 0)
    if not codes_row or not end:
        return True
    codes = copy.row(codes_row)
    columns = [codes.index(one.code) + 1 for one in sheet.table.columns if not one.locked and one.code in codes]
    above = copy.marks.get(TOTAL_MARK, codes_row + TOTAL_ROW - CODES_ROW)
    return any(copy.filled((row, column)) for row in range(above + 1, end) for column in columns)


def own_totals(found: Found) -> set[Key]:
    """The sums in the row of totals of a table of which nothing is read: they are worked out, nobody typed them."""
    row = found.marks.get(TOTAL_MARK, 0)
    numbers = {(row, at) for at, raw in enumerate(found.row(row), start=1) if not isinstance(raw, str)}
    return numbers | {key for key in found.odd if key[0] == row}


def _prefilled(copy: Found, first: Found) -> Iterator[tuple[Key, Key]]:
    """The cells of a copy that were filled in beforehand, each with the same one of the first sheet."""
    for one in copy.form_sheet.fields:
        if one.locked and one.code in copy.marks and one.code in first.marks:
            yield (copy.marks[one.code], copy.value_column), (first.marks[one.code], first.value_column)


def only_named(raw: RawWorkbook, form: Form, found: Mapping[str, Found], copies: Iterable[Found]) -> Iterator[Found]:
    """Sheets that bear the name of a sheet that was not found: nothing is read of them, and what we printed is ours."""
    used = {one.raw.name for one in (*found.values(), *copies)}
    lost: dict[str, Sheet] = {heading_key(one.title): one for one in form.sheets if one.code not in found}
    for sheet in raw.sheets if lost else ():
        named = lost.get(heading_key(sheet.name))
        if named and sheet.name not in used:
            yield Found(sheet, named, odd=sheet.uncalculated.union(sheet.errors))
