"""Changes: what a revision says otherwise than the one before it, and the totals that it comes to.

In:   Form, lists, the values of both. Out: Changes in the order of the form, totals of each table.
Pure. Imports definitions (fieldtypes, forms), vietnamese.numbers, model, facts. Rows are matched by what they say
first, so that a row inserted at the top is one new row and not a hundred other ones. Linear in the values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Choice, Field, Form, Sheet
from generator.model import Scalar, Value
from generator.stages.reply.facts import Change, TableTotals
from generator.vietnamese.numbers import format_number

Lists = Mapping[str, Sequence[Choice]]
Row = Mapping[str, Value]

_ROW_FIELDS = 4
"""So many answers tell which row is meant."""


def shown(form: Form, lists: Lists, value: Value) -> str:
    """An answer as people read it; what could not be read as it was typed."""
    asked = form.field(f"{value.table}.{value.field}" if value.table else value.field)
    if asked is None or value.value is None:
        return value.raw
    return _text(form, lists, asked, value.value) or value.raw or str(value.value)


def _text(form: Form, lists: Lists, asked: Field, value: Scalar) -> str:
    choices = lists.get(asked.choices) or form.choices.get(asked.choices, ())
    return FIELD_TYPES[asked.type].text(value, asked, tuple(choices))


def changes(form: Form, lists: Lists, before: Iterable[Value], after: Iterable[Value]) -> tuple[Change, ...]:
    """What is new, gone or another, sheet by sheet; nothing for two equal ones."""
    old, new = _by_table(before), _by_table(after)
    found: list[Change] = []
    for sheet in form.sheets:
        if sheet.table:
            found += _of_table(form, lists, sheet, old.get(sheet.table.code, {}), new.get(sheet.table.code, {}))
            continue
        was, now = old.get("", {}).get(0, {}), new.get("", {}).get(0, {})
        for single in sheet.fields:
            found += _of_answer(
                form, lists, f"{sheet.title}, {single.label}", was.get(single.code), now.get(single.code)
            )
    return tuple(found)


def _by_table(values: Iterable[Value]) -> dict[str, dict[int, dict[str, Value]]]:
    found: dict[str, dict[int, dict[str, Value]]] = defaultdict(lambda: defaultdict(dict))
    for value in values:
        found[value.table][value.row][value.field] = value
    return found


def _of_answer(form: Form, lists: Lists, place: str, was: Value | None, now: Value | None) -> Iterator[Change]:
    if _said(was) != _said(now):
        yield Change(place, shown(form, lists, was) if was else "", shown(form, lists, now) if now else "")


def _said(value: Value | None) -> tuple[Scalar, str]:
    if value is None:
        return (None, "")
    return (value.value, "" if value.value is not None else value.raw)


def _of_table(
    form: Form, lists: Lists, sheet: Sheet, old: Mapping[int, Row], new: Mapping[int, Row]
) -> Iterator[Change]:
    gone, come = _unequal(old, new)
    for number in sorted(gone.keys() | come.keys()):
        was, now = gone.get(number), come.get(number)
        place = f"{sheet.title}, dòng {number}"
        if was and now and _akin(was, now):
            for asked in sheet.table.columns if sheet.table else ():
                yield from _of_answer(form, lists, f"{place}, {asked.label}", was.get(asked.code), now.get(asked.code))
            continue
        if was:
            yield Change(place, _summary(form, lists, sheet, was), "")
        if now:
            yield Change(place, "", _summary(form, lists, sheet, now))


def _unequal(old: Mapping[int, Row], new: Mapping[int, Row]) -> tuple[dict[int, Row], dict[int, Row]]:
    """The rows of each that the other does not have, wherever they stand."""
    known: dict[frozenset[tuple[str, Scalar, str]], list[int]] = defaultdict(list)
    for number, row in sorted(old.items(), reverse=True):
        known[_content(row)].append(number)
    come: dict[int, Row] = {}
    for number, row in sorted(new.items()):
        equal = known.get(_content(row))
        if equal:
            equal.pop()
        else:
            come[number] = row
    return {number: old[number] for numbers in known.values() for number in numbers}, come


def _content(row: Row) -> frozenset[tuple[str, Scalar, str]]:
    return frozenset((code, *_said(value)) for code, value in row.items())


def _akin(was: Row, now: Row) -> bool:
    """Whether two rows of one number are one row that was changed: at least half of what they say is the same."""
    same = sum(_said(was.get(code)) == _said(value) for code, value in now.items())
    return same * 2 >= max(len(was), len(now))


def _summary(form: Form, lists: Lists, sheet: Sheet, row: Row) -> str:
    """A row told by its first answers and its sums."""
    assert sheet.table is not None
    columns = [one for one in sheet.table.columns if one.code in row]
    told = columns[:_ROW_FIELDS] + [one for one in columns[_ROW_FIELDS:] if one.total and one.type == "money"]
    texts = (f"{shown(form, lists, row[one.code])}{f' {one.unit}' if one.total else ''}" for one in told)
    return "; ".join(text for text in texts if text)


def totals(form: Form, values: Iterable[Value]) -> tuple[TableTotals, ...]:
    """Rows and sums of each table that holds something."""
    rows: dict[str, set[int]] = defaultdict(set)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for value in values:
        rows[value.table].add(value.row)
        if isinstance(value.value, int | Decimal) and not isinstance(value.value, bool):
            sums[value.table, value.field] += value.value
    found = []
    for sheet in form.sheets:
        table = sheet.table
        if table and rows.get(table.code):
            summed = tuple(
                (one.label, f"{format_number(sums[table.code, one.code])} {one.unit}".strip())
                for one in table.columns
                if one.total and (table.code, one.code) in sums
            )
            found.append(TableTotals(sheet.title, len(rows[table.code]), summed))
    return tuple(found)
