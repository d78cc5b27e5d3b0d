"""Merge: the submissions that count -> one dataset of keys and numbers.

In:   Counted submissions in any order, the registry, the forms by code.
Out:  Dataset: for each table of each form (and for its single fields) one frame of ids, keys and numbers.
      Raw text and places stay behind; they are fetched by value id with `values_by_id`.
Pure. Imports model, definitions.forms, pandas.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from generator.definitions.forms import Field, Form
from generator.model import Counted, Registry, Scalar, Value

NUMBERS = frozenset({"integer", "money"})
KEYS = frozenset({"choice", "partner", "date", "yes_no"})
POSITION = "#"
"""`gia_tri#` is where, in its submission, the value of column `gia_tri` stands (from 1; 0: there is none)."""
DISTRICT = "huyen"
"""Derived key: the district of the partner that a row names."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Counted submissions of one or more years, merged; the same whatever the order they came in.

    A frame has the columns `submission` (number in `submissions`), `partner`, `year`, `row`, a column for each
    key and number of the table, its derived keys, and for every column of the form its positions (`<code>#`).
    Money and counts are Int64, never floats; quantities and texts have positions only.
    """

    submissions: tuple[str, ...] = ()
    """Keys of the submissions, sorted."""
    frames: Mapping[tuple[str, str], pd.DataFrame] = field(default_factory=dict)
    """By (form, table); table "" holds the single fields, one row a submission."""

    def ids(self, frame: pd.DataFrame, column: str) -> tuple[str, ...]:
        """Ids of a column's values, in the order of the frame's rows; rows without a value are left out."""
        pairs = zip(frame["submission"].tolist(), frame[column + POSITION].tolist(), strict=True)
        return tuple(f"{self.submissions[code]}/{position}" for code, position in pairs if position)


@dataclass(slots=True)
class _Column:
    """A column while it is collected: which row has which value at which position."""

    at: array[int] = field(default_factory=lambda: array("i"))
    position: array[int] = field(default_factory=lambda: array("i"))
    values: list[Scalar] = field(default_factory=list)
    """Left empty for texts and quantities."""


@dataclass(slots=True)
class _Rows:
    """A table while it is collected: for each row its submission, in order of arrival, and its number."""

    submission: array[int] = field(default_factory=lambda: array("i"))
    row: array[int] = field(default_factory=lambda: array("i"))
    columns: dict[str, _Column] = field(default_factory=dict)


class _Arrived(NamedTuple):
    """What is kept of a submission once its values are collected."""

    key: str
    partner: str
    year: int


def merge(counted: Iterable[Counted], registry: Registry, forms: Mapping[str, Form]) -> Dataset:
    """The dataset of the submissions whose form is known. One that comes twice under one key counts once.

    Takes one submission after the other and keeps none, so that they may come straight out of the register.
    """
    arrived: dict[str, _Arrived] = {}
    collected: dict[tuple[str, str], _Rows] = {}
    kept = {code: _kept(form) for code, form in forms.items()}
    for one in counted:
        said = one.submission
        if said.form in forms and one.key not in arrived:
            _collect(len(arrived), said.form, said.values, kept[said.form], collected)
            arrived[one.key] = _Arrived(one.key, said.partner, said.year)
    keys = sorted(arrived)
    places = _Places(
        list(arrived.values()),
        {key: rank for rank, key in enumerate(keys)},
        {partner.code: partner.district for partner in registry.partners},
    )
    frames = {}
    for form_code in sorted({key.partition("/")[0] for key in keys} & forms.keys()):
        for table, columns in _tables(forms[form_code]).items():
            rows = collected.get((form_code, table), _Rows())
            frames[form_code, table] = _frame(rows, places, forms[form_code], columns)
    return Dataset(tuple(keys), frames)


def values_by_id(counted: Iterable[Counted], wanted: Iterable[str]) -> dict[str, Value]:
    """The values of these ids, with their places and raw text; an id that leads nowhere is left out."""
    positions: dict[str, list[int]] = {}
    for value_id in wanted:
        key, _, tail = value_id.rpartition("/")
        if tail.isascii() and tail.isdigit():
            positions.setdefault(key, []).append(int(tail))
    found = {}
    for one in counted:
        values = one.submission.values
        for wanted_position in positions.get(one.key, ()):
            if 0 < wanted_position <= len(values):
                found[f"{one.key}/{wanted_position}"] = values[wanted_position - 1]
    return found


def _kept(form: Form) -> frozenset[tuple[str, str]]:
    """Table and code of the columns whose values a dataset holds."""
    return frozenset(
        (table, column.code)
        for table, columns in _tables(form).items()
        for column in columns
        if column.type in NUMBERS | KEYS
    )


def _collect(
    code: int,
    form: str,
    values: Iterable[Value],
    kept: frozenset[tuple[str, str]],
    collected: dict[tuple[str, str], _Rows],
) -> None:
    """Adds a submission's values; values of one row of a table find each other whatever their order."""
    row_at: dict[tuple[str, int], int] = {}
    for position, value in enumerate(values, start=1):
        rows = collected.get((form, value.table))
        if rows is None:
            rows = collected[form, value.table] = _Rows()
        at = row_at.get((value.table, value.row))
        if at is None:
            at = row_at[value.table, value.row] = len(rows.row)
            rows.submission.append(code)
            rows.row.append(value.row)
        if value.value is None or value.value == "":
            continue
        column = rows.columns.get(value.field)
        if column is None:
            column = rows.columns[value.field] = _Column()
        column.at.append(at)
        column.position.append(position)
        if (value.table, value.field) in kept:
            column.values.append(value.value)


def _tables(form: Form) -> dict[str, Sequence[Field]]:
    tables: dict[str, Sequence[Field]] = {"": [single for sheet in form.sheets for single in sheet.fields]}
    tables.update({sheet.table.code: sheet.table.columns for sheet in form.sheets if sheet.table})
    return tables


class _Places(NamedTuple):
    """What stands behind the numbers of submissions, in order of arrival."""

    arrived: Sequence[_Arrived]
    rank: Mapping[str, int]
    districts: Mapping[str, str]


def _frame(rows: _Rows, places: _Places, form: Form, columns: Sequence[Field]) -> pd.DataFrame:
    arrived = [places.arrived[code] for code in rows.submission]
    count = len(arrived)
    parts: dict[str, object] = {
        "submission": np.array([places.rank[one.key] for one in arrived], dtype="int32"),
        "partner": pd.Categorical([one.partner for one in arrived]),
        "year": np.array([one.year for one in arrived], dtype="int16"),
        "row": np.array(rows.row, dtype="int32"),
    }
    for column in columns:
        cells = rows.columns.get(column.code, _Column())
        at = np.array(cells.at, dtype="int32")
        positions = np.zeros(count, dtype="int32")
        positions[at] = np.array(cells.position, dtype="int32")
        parts[column.code + POSITION] = positions
        if column.type in NUMBERS | KEYS:
            values: list[Scalar] = [None] * count
            for row, value in zip(cells.at, cells.values, strict=True):
                values[row] = value
            parts[column.code] = _typed(column, values)
            parts.update(_derived(column, values, form, places.districts))
    return pd.DataFrame(parts).sort_values(["submission", "row"], kind="stable", ignore_index=True)


def _typed(column: Field, values: list[Scalar]) -> object:
    """Numbers as Int64; keys as text in categories, yes and no as "co" and "khong" like any other choice."""
    if column.type in NUMBERS:
        return pd.array([None if value is None else int(value) for value in values], dtype="Int64")
    if column.type == "yes_no":
        return pd.Categorical([None if value is None else "co" if value else "khong" for value in values])
    return pd.Categorical(values)


def _derived(
    column: Field, values: list[Scalar], form: Form, districts: Mapping[str, str]
) -> dict[str, pd.Categorical]:
    """The wider key of a column: the list that its choices are grouped by, or a partner's district."""
    if column.type == "partner":
        return {DISTRICT: pd.Categorical([districts.get(str(value)) or None for value in values])}
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
