"""Mending a sheet whose marks are gone: rows and columns of its fields by whatever layer still tells them.

In:   a sheet, the sheet of the form, its texts. Out: Found with its marks put together again; Match.
Pure. Imports definitions (forms, grid, near_labels), normalise.found and layers, the addresses, model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from generator.definitions.forms import Sheet, Table
from generator.definitions.grid import (
    CODES_ROW,
    COLUMNS_MARK,
    END_MARK,
    NUMBER_COLUMN,
    TOTAL_MARK,
    TOTAL_ROW,
    VALUE_COLUMN,
    VALUE_MARK,
)
from generator.definitions.near_labels import heading_key
from generator.model import Raw, RawSheet
from generator.office.workbook.address import address
from generator.stages.normalise.found import Found, Key, Repair, holds
from generator.stages.normalise.layers import Agreed, Seen, Texts, agreed, by_codes, by_headings

_NUMBERS = frozenset({"tt", "stt", "so tt", "so thu tu"})
_ANSWERS = frozenset({"tra loi", "noi dung tra loi", "so lieu", "ket qua"})
"""What stands above the answers of a sheet of fields."""
_TOTAL = re.compile(r"(?:tong(?: cong| so)?|cong)(?: |$)")
_SIGNED = re.compile(r"(?:nguoi lap bieu|thu truong don vi|.{0,40}ngay .{0,12}thang .{0,12}nam ?.{0,12}$)")
_MORE_ROWS = "thieu dong chen them dong"
"""How the row below a table begins."""
_SEARCHED = 4
"""So many rows below a header are looked at for keys and totals."""


class Match(NamedTuple):
    """How well a raw sheet stands for a sheet of the form."""

    sheet: str
    form_sheet: Sheet
    texts: Texts
    share: float
    hits: int
    cells: frozenset[Key]
    """The headings and codes that matched."""


def match_sheet(sheet: RawSheet, form_sheet: Sheet, texts: Texts) -> list[Match]:
    """The match of a raw sheet with a sheet of the form, if there is any."""
    across = form_sheet.table is not None
    asked = form_sheet.table.columns if form_sheet.table else form_sheet.fields
    best: list[Match] = []
    for seen in (by_codes(texts, asked, across=across), by_headings(texts, asked, across=across)):
        count = len(seen.places)
        named = heading_key(sheet.name) == heading_key(form_sheet.title)
        if count < min(2, len(asked)) or not asked:
            continue
        # the headings of a longer table must not pass for those of a shorter one that has some of them
        row = sheet.rows[seen.line - 1] if across else ()
        others = sum(isinstance(raw, str) and heading_key(raw) not in {"", *_NUMBERS} for raw in row) - count
        share = count / (len(asked) + max(0, others)) + (0.01 if named else 0.0)
        cells = {(seen.line, place) if across else (place, seen.line) for place in seen.places.values()}
        best.append(Match(sheet.name, form_sheet, texts, share, count, frozenset(cells)))
    if not best:
        return []
    first = max(best, key=lambda one: one.share)
    return [first._replace(cells=frozenset().union(*(one.cells for one in best)))]


def mended(found: Found, texts: Texts) -> Found:
    """The sheet with marks and codes put together again from what the layers agree on, as far as they do."""
    if found.form_sheet.table:
        _mend_table(found, found.form_sheet.table, texts)
    else:
        _mend_fields(found, texts)
    return found


# --- tables ----------------------------------------------------------------------------------


def _mend_table(found: Found, table: Table, texts: Texts) -> None:
    coded = _codes_of_table(found, table, texts)
    headed = by_headings(texts, table.columns, across=True)
    result = agreed(table.columns, coded, headed, dict(enumerate(found.row(headed.line), start=1)))
    if result is None:
        return
    header = headed.line
    marked = COLUMNS_MARK in found.marks and coded.line == found.marks[COLUMNS_MARK]
    if not (result.coded and marked):
        _mark_rows(found, table, result, header or coded.line + 1)
    found.codes = _laid_out(result.places)
    found.codes_row = found.marks[COLUMNS_MARK]
    # a heading typed again in other letters is ours all the same
    found.own |= {(header, place) for place in headed.places.values()}
    found.own |= {(header, place) for place, key in _texts_of_row(found, header) if key in _NUMBERS}
    labels = {column.code: column.label for column in table.columns}
    _tell(found, result, labels, {code: (header, place) for code, place in result.places.items()})


def _codes_of_table(found: Found, table: Table, texts: Texts) -> Seen:
    """The row of codes: the one that is marked if it has any, else the one with most of them."""
    row = found.marks.get(COLUMNS_MARK, 0)
    codes = found.row(row)
    places = {column.code: codes.index(column.code) + 1 for column in table.columns if column.code in codes}
    return Seen(row, places) if places else by_codes(texts, table.columns, across=True)


def _mark_rows(found: Found, table: Table, result: Agreed, header: int) -> None:
    """Marks as the blank has them, from what is visible: where rows begin and end, where totals and numbers stand."""
    columns = sorted(result.places.values())
    numbers = next((place for place, raw in _texts_of_row(found, header) if raw in _NUMBERS), columns[0] - 1)
    found.mark_column = numbers - NUMBER_COLUMN + 1
    kept = found.marks.get(TOTAL_MARK, 0) if result.coded else 0
    found.marks = {}
    above = found.key_row = header
    for row in range(header + 1, header + 1 + _SEARCHED):
        if _is_key_row(found, table, result, row):
            above = found.key_row = row
        elif _is_total_row(found, row) or row == kept:
            above = found.marks[TOTAL_MARK] = row
            break
        elif any(found.filled((row, place)) for place in columns):
            break
    # so that the row above the first one is found whether there are totals or not
    found.marks[COLUMNS_MARK] = above - (TOTAL_ROW - CODES_ROW)
    end = _end_of_rows(found, above, columns)
    if end:
        found.marks[END_MARK] = end


def _is_key_row(found: Found, table: Table, result: Agreed, row: int) -> bool:
    """Whether the row repeats the keys of the columns: A, B, 1, 2, 3=1×2."""
    keys = {result.places[column.code]: column.key for column in table.columns if column.code in result.places}
    shown = [(place, _shown(found.at((row, place)))) for place in keys if found.filled((row, place))]
    return bool(shown) and 2 * sum(keys[place] == text for place, text in shown) > len(shown)


def _is_total_row(found: Found, row: int) -> bool:
    first = next((key for _, key in _texts_of_row(found, row) if key), "")
    return bool(_TOTAL.match(first))


def _end_of_rows(found: Found, above: int, columns: list[int]) -> int:
    """The row that ends the table: our own line below it, the signatures, a total, or remarks after a gap."""
    gap = False
    for row in range(above + 1, len(found.raw.rows) + 1):
        texts = [key for _, key in _texts_of_row(found, row) if key]
        if any(key.startswith(_MORE_ROWS) or _SIGNED.match(key) for key in texts) or _is_total_row(found, row):
            return row
        filled = [place for place in columns if found.filled((row, place))]
        if gap and len(filled) == 1 and len(columns) > _SEARCHED and isinstance(found.at((row, filled[0])), str):
            return row
        gap = gap or not filled
    return 0


# --- single questions ------------------------------------------------------------------------


def _mend_fields(found: Found, texts: Texts) -> None:
    asked = found.form_sheet.fields
    marks = {one.code: found.marks[one.code] for one in asked if one.code in found.marks}
    coded = Seen(found.mark_column, marks) if marks else by_codes(texts, asked, across=False)
    headed = by_headings(texts, asked, across=False)
    labels_at = headed.line or coded.line + 2
    line: Mapping[int, Raw] = {
        number: row[labels_at - 1] for number, row in enumerate(found.raw.rows, start=1) if labels_at <= len(row)
    }
    result = agreed(asked, coded, headed, line)
    if result is None:
        return
    found.own |= {(place, headed.line) for place in headed.places.values()}
    first = min(result.places.values())
    codes = found.row(found.marks.get(COLUMNS_MARK, 0))
    if VALUE_MARK not in codes or not result.coded:
        above, column = _above_answers(found, texts, headed.line, first)
        codes_row = found.marks.get(COLUMNS_MARK, 0) if result.coded else 0
        found.marks[COLUMNS_MARK] = found.codes_row = codes_row
        found.codes = ("",) * (column - 1) + (VALUE_MARK,)
        if not marks or not result.coded:
            found.mark_column = max(headed.line, 1) - NUMBER_COLUMN
            found.key_row = above + 1
    found.marks.update(result.places)
    labels = {one.code: one.label for one in asked}
    _tell(found, result, labels, {code: (row, labels_at) for code, row in result.places.items()})


def _above_answers(found: Found, texts: Texts, labels: int, first: int) -> Key:
    """The cell above the answers that says so; without it, as far from the labels as the blank has them."""
    heads = [
        (row, column) for key in _ANSWERS for row, column in texts.keys.get(key, ()) if row < first and column > labels
    ]
    if heads:
        return max(heads)
    column = labels + VALUE_COLUMN - NUMBER_COLUMN - 1 if labels else VALUE_COLUMN + found.mark_column - 1
    return first - 2, column


# --- both ------------------------------------------------------------------------------------


def _tell(found: Found, result: Agreed, labels: Mapping[str, str], places: Mapping[str, Key]) -> None:
    """Keeps what was repaired, to be told: codes that were lost, guesses by place, headings that contradict codes."""
    if result.by_text:
        told = {"fields": "; ".join(labels[code] for code in result.by_text), "count": len(result.by_text)}
        found.repairs.append(Repair("structure.fields_by_text", None, told))
    for code in result.by_position:
        shown = {"field": labels[code], "value": _shown(found.at(places[code]))}
        found.repairs.append(Repair("structure.field_by_place", places[code], shown))
    for code, other in result.contradicted:
        found.repairs.append(
            Repair(
                "structure.heading_contradicts",
                places[code],
                {"field": labels[code], "value": labels[other], "at": address(*places[code])},
            )
        )


def _laid_out(places: Mapping[str, int]) -> tuple[Raw, ...]:
    codes: list[Raw] = [""] * max(places.values())
    for code, place in places.items():
        codes[place - 1] = code
    return tuple(codes)


def _texts_of_row(found: Found, row: int) -> list[tuple[int, str]]:
    """The keys of the texts in a row, with their columns."""
    return [(n, heading_key(raw)) for n, raw in enumerate(found.row(row), start=1) if isinstance(raw, str) and raw]


def _shown(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw).strip() if holds(raw) else ""
