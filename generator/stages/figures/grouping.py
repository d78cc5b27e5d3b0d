"""Grouping: the values of a dataset -> figures, one for each group of a figure's keys.

In:   dataset, FigureSpec, forms, the period, the standings. Out: Figures in the order of their groups.
Pure. Imports model, definitions, pandas frames by way of the dataset it is handed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, product
from math import prod
from typing import Any, Protocol

import pandas as pd

from generator.definitions.aggregations import AGGREGATIONS
from generator.definitions.forms import SIDES, Choice, Form
from generator.definitions.plans import (
    DISTRICT_KEYS,
    FRAME_KEYS,
    GIVER_KEYS,
    PARTNER_KEYS,
    RECEIVER_KEYS,
    SIDE_KEY,
    TODAY,
    UNIT_KEY,
    YEAR_KEY,
    FigureSpec,
    ReportPlan,
    grouped_code,
    reference,
    years_of,
)
from generator.model import Figure, Scalar
from generator.stages.figures.standings import Standings, State, of_form
from generator.vietnamese.order import order_key

UNKNOWN = "chua_ro"
"""Group of the rows whose key is empty, so that groups always add up to their total."""
UNKNOWN_NAME = "Chưa rõ"
MOST_GROUPS = 50_000
"""Groups of one figure. Beyond that only those that have values are made, and those a listing asks for."""

Group = tuple[str, ...]


class Merged(Protocol):
    """What is asked of a dataset (`stages.merge.Dataset`; stages do not import each other)."""

    @property
    def frames(self) -> Mapping[tuple[str, str], pd.DataFrame]:
        """One frame for each (form, table)."""

    def ids(self, frame: pd.DataFrame, column: str) -> tuple[str, ...]:
        """Ids of a column's values."""


@dataclass(frozen=True)
class Period:
    """The years of a report, who owed what in them, and what the forms ask."""

    forms: Mapping[str, Form]
    years: Sequence[int]
    standings: Standings
    plan: ReportPlan
    today: dict[str, dict[tuple[str, int], str]] = field(default_factory=dict)
    """By form: who stands today for a sender of a year, as the dataset has it."""
    arrived: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By form: the years of which the dataset has rows, also of who owed nothing."""

    def form_of(self, key: str, form: str) -> Form | None:
        """The yearly form that the partners of a key owe; of a sender the form itself."""
        role = "gives" if key in GIVER_KEYS else "receives" if key in RECEIVER_KEYS else ""
        if not role or self.forms[form].role == role:
            return self.forms[form]
        return next((one for one in self.forms.values() if one.role == role and one.years == 1), None)

    def sent_by(self, key: str, form: str) -> bool:
        """Whether the groups of a key are the senders of the form, so that their state decides on their numbers."""
        role = self.forms[form].role
        return key in (UNIT_KEY, UNIT_KEY + TODAY) or key in {"gives": GIVER_KEYS, "receives": RECEIVER_KEYS}.get(
            role, ()
        )

    def counted(self, key: str, form: str, year: int) -> dict[str, None]:
        """Codes of a key's groups whose return of a year counts, in the order of the registry."""
        told = self.today.get(form, {}) if key.endswith(TODAY) else {}
        codes = (
            one.obligation.partner.code
            for one in of_form(self.standings, self.forms[form], year, self.years)
            if one.counted
        )
        return dict.fromkeys(told.get((code, year), code) for code in codes)

    def reported(self, form: str, year: int) -> bool:
        """Whether anybody's return of a year counts."""
        there = of_form(self.standings, self.forms[form], year, self.years)
        return year in self.arrived.get(form, ()) or any(one.counted for one in there)

    def said_nothing_happened(self, form: str, year: int) -> bool:
        """Whether a giver's return counts that reports no activity: it says 0 where it leaves a field empty.

        A receiver's says only that it was given nothing; it still has villages and households.
        """
        there = of_form(self.standings, self.forms[form], year, self.years)
        return self.forms[form].role == "gives" and any(one.counted and one.state is State.NIL for one in there)


class Columns:
    """Columns of the dataset as plain lists, each made once for all figures of a report."""

    def __init__(self, dataset: Merged) -> None:
        self._dataset = dataset
        self._lists: dict[tuple[str, str, str], list[Any]] = {}
        self._named: dict[tuple[object, ...], frozenset[str]] = {}

    def frame(self, spec: FigureSpec) -> pd.DataFrame | None:
        """The spec's frame, if it has the spec's column."""
        frame = self._dataset.frames.get((spec.form, spec.table))
        return frame if frame is not None and f"{spec.column}#" in frame else None

    def ids(self, spec: FigureSpec, frame: pd.DataFrame) -> list[str]:
        """The id of each row's value; "" where there is none."""
        key = (spec.form, spec.table, f"{spec.column}#")
        if key not in self._lists:
            there = iter(self._dataset.ids(frame, spec.column))
            self._lists[key] = [next(there) if at else "" for at in frame[f"{spec.column}#"].tolist()]
        return self._lists[key]

    def values(self, spec: FigureSpec, frame: pd.DataFrame) -> list[Any]:
        """Each row's value; of texts and quantities, which can only be counted, the id."""
        if spec.column not in frame:
            return self.ids(spec, frame)
        return self._list(spec, spec.column, frame[spec.column].tolist)

    def keys(self, spec: FigureSpec, frame: pd.DataFrame, key: str) -> list[str]:
        """Each row's code of a key of grouping; UNKNOWN where it is empty."""
        return self._list(spec, f"={key}", lambda: key_column(frame, key))

    def named(self, spec: FigureSpec, key: str, years: Sequence[int]) -> frozenset[str]:
        """Every code of a key that a row of these years has, whatever else the row tells."""
        asked = (spec.form, spec.table, key, *years)
        if asked not in self._named:
            frame = self.frame(spec)
            there = () if frame is None else compress(self.keys(spec, frame, key), frame["year"].isin(years))
            self._named[asked] = frozenset(there)
        return self._named[asked]

    def _list(self, spec: FigureSpec, name: str, make: Callable[[], list[Any]]) -> list[Any]:
        key = (spec.form, spec.table, name)
        if key not in self._lists:
            self._lists[key] = make()
        return self._lists[key]


def key_column(frame: pd.DataFrame, key: str) -> list[str]:
    """Each row's code of a key as text; UNKNOWN where it is empty or the frame does not have the key."""
    column = FRAME_KEYS.get(key, key)
    if column not in frame:
        return [UNKNOWN] * len(frame)
    if key == YEAR_KEY:
        return [str(year) for year in frame[column].tolist()]
    return [code if isinstance(code, str) and code else UNKNOWN for code in frame[column].astype(object).tolist()]


def senders_today(dataset: Merged) -> dict[str, dict[tuple[str, int], str]]:
    """By form, sender and year: who stands for the sender on the map of today."""
    found: dict[str, dict[tuple[str, int], str]] = {}
    for (form, _), frame in dataset.frames.items():
        if UNIT_KEY + TODAY in frame:
            there = frame.drop_duplicates(["partner", "year"])
            keys = zip(there["partner"].tolist(), there["year"].tolist(), strict=True)
            found.setdefault(form, {}).update(zip(keys, key_column(there, UNIT_KEY + TODAY), strict=True))
    return found


def years_arrived(dataset: Merged) -> dict[str, frozenset[int]]:
    """By form: the years of which there are rows."""
    found: dict[str, frozenset[int]] = {}
    for (form, _), frame in dataset.frames.items():
        found[form] = found.get(form, frozenset()) | frozenset(map(int, frame["year"].unique()))
    return found


def plain_figures(spec: FigureSpec, columns: Columns, period: Period) -> Iterator[tuple[Group, Figure]]:
    """The figure, or one for each group: those that have values, and those of whom the returns say that it is 0.

    Where nobody's return counts, or nobody answered the question, there is no figure: that is not 0.
    """
    aggregation = AGGREGATIONS[spec.aggregation]
    found = _grouped(spec, columns, years_of(spec.year, period.years))
    for group in _groups(spec, period, found, columns):
        values, ids = found.get(group, ((), ()))
        yield (
            group,
            Figure(
                grouped_code(spec.code, group),
                spec.label,
                aggregation.apply(values),
                spec.unit,
                spec.aggregation,
                tuple(ids),
            ),
        )


def _grouped(spec: FigureSpec, columns: Columns, years: Sequence[int]) -> dict[Group, tuple[list[Scalar], list[str]]]:
    """The values and their ids by group; without `by` there is one group, ()."""
    groups: dict[Group, tuple[list[Scalar], list[str]]] = {}
    frame = columns.frame(spec)
    if frame is None:
        return groups
    chosen = frame["year"].isin(years) & (frame[f"{spec.column}#"] > 0)
    for key, codes in spec.where.items():
        chosen &= _is_one_of(frame, key, codes)
    for key, codes in spec.without.items():
        chosen &= ~_is_one_of(frame, key, codes)
    for column in spec.beside:
        chosen &= frame[f"{column}#"] > 0 if f"{column}#" in frame else False
    picked = chosen.to_numpy()
    if not picked.any():
        return groups
    values, ids = compress(columns.values(spec, frame), picked), compress(columns.ids(spec, frame), picked)
    if not spec.by:
        return {(): (list(values), list(ids))}
    keys = zip(*(compress(columns.keys(spec, frame, key), picked) for key in spec.by), strict=True)
    for group, value, value_id in zip(keys, values, ids, strict=True):
        of_group = groups.get(group)
        if of_group is None:
            of_group = groups[group] = ([], [])
        of_group[0].append(value)
        of_group[1].append(value_id)
    return groups


def _is_one_of(frame: pd.DataFrame, key: str, codes: Collection[str]) -> Any:
    column = FRAME_KEYS.get(key, key)
    if key == YEAR_KEY:
        return frame[column].isin([int(code) for code in codes if code.isascii() and code.isdigit()])
    return frame[column].isin(codes) if column in frame else pd.Series(False, index=frame.index)


# --- which groups there are -------------------------------------------------------------------


def _groups(spec: FigureSpec, period: Period, found: Mapping[Group, object], columns: Columns) -> Iterable[Group]:
    if not spec.by:
        return [()] if found or _allowed(spec, period)(()) else []
    members = [
        _members(key, spec, period, {group[at] for group in found} | _also_named(key, spec, period, columns))
        for at, key in enumerate(spec.by)
    ]
    if not _zeros_mean_none(spec, period):
        wanted: Iterable[Group] = ()
    elif prod(map(len, members)) <= MOST_GROUPS:
        wanted = product(*members)
    else:
        wanted = _asked_for(spec, period, members)
    allowed = _allowed(spec, period)
    chosen = {group for group in wanted if group in found or allowed(group)} | found.keys()
    places = [{member: at for at, member in enumerate(of_key)} for of_key in members]
    return sorted(chosen, key=lambda group: [place[key] for place, key in zip(places, group, strict=True)])


def _also_named(key: str, spec: FigureSpec, period: Period, columns: Columns) -> frozenset[str]:
    """Who is named in rows that a filter leaves out: of it too there is a number, 0, as of whoever is listed."""
    if key not in (*RECEIVER_KEYS, *GIVER_KEYS, *DISTRICT_KEYS) or period.sent_by(key, spec.form):
        return frozenset()
    return columns.named(spec, key, years_of(spec.year, period.years))


def _zeros_mean_none(spec: FigureSpec, period: Period) -> bool:
    """Whether a group without values can be a figure of 0. An empty answer of its sender is not: nobody said 0."""
    return not (_asks(spec) and any(period.sent_by(key, spec.form) for key in spec.by))


def _asks(spec: FigureSpec) -> bool:
    """Whether the figure is an answer to a question, of which nobody's silence makes a number."""
    return spec.aggregation == "latest" or (spec.aggregation == "sum" and not spec.table)


def _allowed(spec: FigureSpec, period: Period) -> Callable[[Group], bool]:
    """Whether a group without values may be a 0: where its sender has a return that counts, in the group's year.

    Of groups that are no senders: where anybody has.
    """
    senders = [at for at, key in enumerate(spec.by) if period.sent_by(key, spec.form)]
    years = years_of(spec.year, period.years)
    year_at = spec.by.index(YEAR_KEY) if YEAR_KEY in spec.by else -1
    if not senders:
        says_zero = period.said_nothing_happened if _asks(spec) else period.reported
        zero = {str(year) for year in years if says_zero(spec.form, year)}
        return (lambda group: group[year_at] in zero) if year_at >= 0 else lambda _: bool(zero)
    at, key = senders[0], spec.by[senders[0]]
    counted = {str(year): period.counted(key, spec.form, year) for year in years}
    if year_at >= 0:
        return lambda group: group[at] in counted.get(group[year_at], ())
    ever = {code for of_year in counted.values() for code in of_year}
    return lambda group: group[at] in ever


def _asked_for(spec: FigureSpec, period: Period, members: Sequence[Sequence[str]]) -> Iterator[Group]:
    """The groups of a figure of many that the cells of listings name."""
    for listing in period.plan.listings:
        for written in (*listing.columns.values(), *listing.series.values()):
            named = reference(written, period.years)
            if named is not None and named.code == spec.code:
                rest = len(members) - len(named.keys)
                yield from product(*members[:rest], *([key] for key in named.keys))


def _members(key: str, spec: FigureSpec, period: Period, present: Collection[str]) -> list[str]:
    """The groups of a key in order: those that could have values, then others that have (unlisted, unknown)."""
    listed = list(dict.fromkeys(_expected(key, spec, period)))
    rest = set(present).difference(listed)
    others = sorted(rest - {UNKNOWN}, key=order_key if key in DISTRICT_KEYS else None)
    if key in DISTRICT_KEYS:
        return sorted([*listed, *others], key=order_key) + [UNKNOWN] * (UNKNOWN in rest)
    return listed + others + [UNKNOWN] * (UNKNOWN in rest)


def _expected(key: str, spec: FigureSpec, period: Period) -> Iterator[str]:
    years = years_of(spec.year, period.years)
    form = period.forms[spec.form]
    if key == YEAR_KEY:
        yield from map(str, years)
    elif period.sent_by(key, spec.form):
        for year in years:
            yield from period.counted(key, spec.form, year)
    elif key in PARTNER_KEYS or key in DISTRICT_KEYS:
        # A key of today knows only the last year's partners; who is gone by then has an heir among them.
        for year in years[-1:] if key.endswith(TODAY) else years:
            owed = of_form(period.standings, period.form_of(_whose(key), spec.form), year, period.years)
            for standing in owed:
                partner = standing.obligation.partner
                code = partner.district if key in DISTRICT_KEYS else partner.code
                if code:
                    yield code
    else:
        yield from (choice.code for choice in choices_of(key, form))


def _whose(key: str) -> str:
    return RECEIVER_KEYS[0] if key in DISTRICT_KEYS else key


def without_number(period: Period, found: Iterable[Figure]) -> list[str]:
    """Codes of the figures that a template may name and that there are not, since nobody has told the number.

    Those divided by partners or districts are not among them: in their rows the state stands for the number.
    """
    there, silent = {figure.code for figure in found}, []
    for spec in period.plan.figures:
        if not set(spec.by) & {*PARTNER_KEYS, *DISTRICT_KEYS}:
            groups = product(*(list(_expected(key, spec, period)) for key in spec.by))
            silent += [code for group in groups if (code := grouped_code(spec.code, group)) not in there]
    return silent


def choices_of(key: str, form: Form) -> Sequence[Choice]:
    """The list behind a key: a column's choices, the two sides, or the list that bears the key's name."""
    if key == SIDE_KEY and form.role == "both":
        return SIDES
    column = next((field for _, field in form.paths() if field.code == key), None)
    return form.choices.get(column.choices if column else key, ())
