"""Frames: the values of a form's submissions, column by column -> one frame for each of its tables.

In:   Stream of all values of a form, Places. Out: by table: rows with ids, keys and numbers, sorted; their wider keys.
Pure. Imports model, definitions.forms, pandas.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from generator.definitions.forms import Field, Form
from generator.model import Scalar
from generator.stages.merge.dataset import KEYS, NUMBERS, POSITION, Answers


@dataclass(slots=True)
class Stream:
    """All values of a form's submissions while they are collected, one column for each thing known of them.

    Only what a dataset holds is kept of a value; of any other, whether there is one.
    """

    kept: frozenset[tuple[str, str]]
    number: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(count().__next__))
    """Number of each (table, field) that was met."""
    arrived: array[int] = field(default_factory=lambda: array("i"))
    sizes: array[int] = field(default_factory=lambda: array("i"))
    columns: array[int] = field(default_factory=lambda: array("i"))
    rows: array[int] = field(default_factory=lambda: array("i"))
    values: list[Scalar] = field(default_factory=list)

    def take(self, code: int, answers: Answers) -> None:
        """Adds the submission that arrived as that number."""
        tables, rows, fields, values = answers
        columns = list(zip(tables, fields, strict=True))
        self.arrived.append(code)
        self.sizes.append(len(values))
        self.columns.extend(map(self.number.__getitem__, columns))
        self.rows.extend(rows)
        kept = self.kept
        self.values += [
            value if column in kept else None if value is None or value == "" else True
            for column, value in zip(columns, values, strict=True)
        ]


class Arrived(NamedTuple):
    """What is kept of a submission once its values are collected."""

    key: str
    form: str
    partner: str
    year: int


class Places(NamedTuple):
    """What stands behind the numbers of submissions."""

    submissions: Sequence[Arrived]
    """In the order of their keys."""
    rank: np.ndarray[Any, Any]
    """By order of arrival: the place in `submissions`."""


def columns_kept(form: Form) -> frozenset[tuple[str, str]]:
    """Table and code of the columns whose values a dataset holds."""
    return frozenset(
        (table, column.code)
        for table, columns in _tables(form).items()
        for column in columns
        if column.type in NUMBERS | KEYS
    )


def _tables(form: Form) -> dict[str, Sequence[Field]]:
    tables: dict[str, Sequence[Field]] = {"": [single for sheet in form.sheets for single in sheet.fields]}
    tables.update({sheet.table.code: sheet.table.columns for sheet in form.sheets if sheet.table})
    return tables


class _Cells(NamedTuple):
    """Values of one or several columns, in order of arrival; a submission by its place in `submissions`."""

    submission: np.ndarray[Any, Any]
    row: np.ndarray[Any, Any]
    position: np.ndarray[Any, Any]
    value: np.ndarray[Any, Any]

    def at(self, chosen: np.ndarray[Any, Any]) -> _Cells:
        return _Cells(*(part[chosen] for part in self))


def frames_of(form: Form, stream: Stream, places: Places) -> Iterator[tuple[str, pd.DataFrame]]:
    """The frame of every table of a form, by the table's code."""
    sizes = np.array(stream.sizes, dtype="int64")
    ends = np.cumsum(sizes)
    position = np.arange(1, len(stream.values) + 1) - np.repeat(ends - sizes, sizes)
    value = np.empty(len(stream.values), dtype=object)
    value[:] = stream.values
    submission = np.repeat(places.rank[np.array(stream.arrived, dtype="int64")], sizes)
    cells = _Cells(submission, np.array(stream.rows, dtype="int64"), position, value)
    columns = np.array(stream.columns, dtype="int32")
    # Sorted by column once, so that each column is a slice.
    order = np.argsort(columns, kind="stable")
    edges = np.searchsorted(columns[order], np.arange(len(stream.number) + 1))
    found = {column: order[edges[at] : edges[at + 1]] for column, at in stream.number.items()}
    for table, fields in _tables(form).items():
        of_table = {name: cells.at(chosen) for (where, name), chosen in found.items() if where == table}
        yield table, _frame(of_table, places, form, fields)


_ROW_BITS = 32
_NO_CELLS = _Cells(*(np.zeros(0, dtype=kind) for kind in ("int64", "int64", "int64", "object")))


def _frame(cells: Mapping[str, _Cells], places: Places, form: Form, columns: Sequence[Field]) -> pd.DataFrame:
    # Values of one row find each other by submission and row in one number, which also sorts the rows.
    marks = {code: (one.submission << _ROW_BITS) | one.row for code, one in cells.items()}
    rows = np.unique(np.concatenate([*marks.values(), np.zeros(0, dtype="int64")]))
    submission = rows >> _ROW_BITS
    parts: dict[str, object] = {
        "submission": submission.astype("int32"),
        "partner": pd.Categorical([places.submissions[at].partner for at in submission.tolist()]),
        "year": np.array([one.year for one in places.submissions], dtype="int16")[submission],
        "row": (rows & ((1 << _ROW_BITS) - 1)).astype("int32"),
    }
    for column in columns:
        found = cells.get(column.code, _NO_CELLS)
        there = (found.value != None) & (found.value != "")  # noqa: E711  element by element
        at = np.searchsorted(rows, marks[column.code][there]) if column.code in marks else np.zeros(0, dtype="int64")
        positions = np.zeros(len(rows), dtype="int32")
        positions[at] = found.position[there]
        parts[column.code + POSITION] = positions
        if column.type in NUMBERS | KEYS:
            values = np.full(len(rows), None, dtype=object)
            values[at] = found.value[there]
            parts[column.code] = _typed(column, values, positions > 0)
            parts.update(_derived(column, values.tolist(), form))
    return pd.DataFrame(parts)


def _typed(column: Field, values: np.ndarray[Any, Any], there: np.ndarray[Any, Any]) -> object:
    """Numbers as Int64; keys as text in categories, yes and no as "co" and "khong" like any other choice."""
    if column.type in NUMBERS:
        numbers = np.zeros(len(values), dtype="int64")
        numbers[there] = values[there].astype("int64")
        return pd.arrays.IntegerArray(numbers, ~there)
    if column.type == "yes_no":
        return pd.Categorical([None if value is None else "co" if value else "khong" for value in values])
    return pd.Categorical(values.tolist())


def _derived(column: Field, values: list[Scalar], form: Form) -> dict[str, pd.Categorical]:
    """The wider key of a column: the list that its choices are grouped by."""
    name = derived_key(form, column)
    if not name:
        return {}
    groups = {choice.code: choice.group for choice in form.choices[column.choices]}
    return {name: pd.Categorical([groups.get(str(value)) or None for value in values])}


def derived_key(form: Form, column: Field) -> str:
    """Code of the list that a choice column's answers are grouped by ("linh_vuc" for `loai`), "" if none."""
    groups = {choice.group for choice in form.choices.get(column.choices, ()) if choice.group}
    if column.type != "choice" or not groups:
        return ""
    lists = ((name, {choice.code for choice in choices}) for name, choices in form.choices.items())
    return next((name for name, codes in lists if groups <= codes), "")
