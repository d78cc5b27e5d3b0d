"""Figures: the dataset, who owes and who sent -> every number of a report with the values it was made from.

In:   Dataset, ReportPlan, forms, the year, the standings of its obligations.
Out:  model.Figure in a stable order (that of the plan; groups in the order of the registry or of their list),
      and the rows of the plan's listings.
Pure. Imports model, definitions, pandas frames by way of the dataset it is handed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import compress, product
from typing import Any, Protocol

import pandas as pd

from generator.definitions.aggregations import AGGREGATIONS, CHANGE, OBLIGATIONS, change
from generator.definitions.forms import Choice, Form
from generator.definitions.plans import (
    COUNTS,
    FRAME_KEYS,
    PREVIOUS_YEAR,
    UNIT_KEY,
    Comparison,
    FigureSpec,
    Listing,
    ReportPlan,
)
from generator.model import COUNTED, Counted, Figure, Obligation, Scalar, Verdict
from generator.vietnamese.text import bare_key, clean, matching_key

UNKNOWN = "chua_ro"
"""Group of the rows whose key is empty, so that groups always add up to their total."""
UNKNOWN_NAME = "Chưa rõ"


_NOTHING = frozenset({"", "khong", "khong co", "khong co gi", "chua co", "0"})
_MANY_LETTERS = re.compile(r"(?:\w\W*){20}")
"""More than any word for "nothing" has, told at a glance."""


Answers = tuple[Sequence[str], Sequence[int], Sequence[str], Sequence[Scalar]]
"""Table, row, field and value of all values of a submission, each as a column."""


class Merged(Protocol):
    """What is asked of a dataset (`stages.merge.Dataset`; stages do not import each other)."""

    @property
    def frames(self) -> Mapping[tuple[str, str], pd.DataFrame]:
        """One frame for each (form, table)."""

    def ids(self, frame: pd.DataFrame, column: str) -> tuple[str, ...]:
        """Ids of a column's values."""


class State(StrEnum):
    """How an obligation stands on paper: things that are never mixed up (design 6.6)."""

    ON_TIME = "dung_han"
    LATE = "muon"
    NIL = "khong_phat_sinh"
    WAITING = "cho_chinh_sua"
    MISSING = "chua_gui"
    EXEMPT = "duoc_mien"
    UNLISTED = "ngoai_danh_sach"
    """It sent what counts, yet the registry says it owes nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An obligation and where it stands."""

    obligation: Obligation
    verdict: Verdict
    """Of the revision that counts; where none does, of the last one."""
    received: datetime | None = None
    """When its first revision came: a correction asked for later does not make a partner late."""
    pending: bool = False
    """Whether a later revision waits for correction while an earlier one counts."""

    @property
    def counted(self) -> bool:
        """Whether its submission is in the dataset."""
        return self.verdict in COUNTED

    @property
    def late(self) -> bool:
        """Whether it came after the day it was due."""
        return self.received is not None and self.received.date() > self.obligation.due

    @property
    def state(self) -> State:
        """What the report says of it."""
        if self.verdict is Verdict.EXEMPT:
            return State.EXEMPT
        if self.verdict is Verdict.MISSING:
            return State.MISSING
        if not self.counted:
            return State.WAITING
        if self.verdict is Verdict.NIL:
            return State.NIL
        return State.LATE if self.late else State.ON_TIME


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a listing. A cell is a Figure, or None where the state of the row allows no number."""

    code: str
    name: str
    group: str
    """Code of the wider choice that a choice belongs to."""
    state: State | None
    late: bool
    pending: bool
    cells: Mapping[str, Figure | None]


def figures(
    dataset: Merged, plan: ReportPlan, forms: Mapping[str, Form], year: int, standings: Sequence[Standing]
) -> list[Figure]:
    """Every figure of the report. Groups that could have values and have none are figures of 0 without values."""
    found = list(_counts(standings))
    columns = _Columns(dataset)
    for spec in plan.figures:
        found += _of_spec(spec, columns, forms[spec.form], year, standings)
    by_code = {figure.code: figure for figure in found}
    for comparison in plan.comparisons:
        found += _compared(comparison, by_code)
    return found


def _compared(comparison: Comparison, by_code: Mapping[str, Figure]) -> Iterator[Figure]:
    """The change in per cent; of figures by group, that of each group which had something last year."""
    for code, this in by_code.items():
        name, _, group = code.partition("[")
        if name == comparison.current:
            suffix = f"[{group}" if group else ""
            last = by_code.get(comparison.previous + suffix)
            percent = change(this.value, last.value) if last is not None else None
            if last is not None and percent is not None:
                values = (*this.values, *last.values)
                yield Figure(comparison.code + suffix, comparison.label, percent, "%", CHANGE, values)


def _counts(standings: Sequence[Standing]) -> Iterator[Figure]:
    owing = [standing for standing in standings if standing.verdict is not Verdict.EXEMPT]
    sent = [standing for standing in owing if standing.counted]
    states = [standing.state for standing in standings]
    numbers = (
        len(owing),
        len(sent),
        len(owing) - len(sent),
        sum(not standing.late for standing in sent),
        sum(standing.late for standing in sent),
        states.count(State.NIL),
        states.count(State.WAITING),
        states.count(State.MISSING),
        states.count(State.EXEMPT),
    )
    for (code, label), number in zip(COUNTS.items(), numbers, strict=True):
        yield Figure(code, label, number, "đơn vị", OBLIGATIONS)


class _Columns:
    """Columns of the dataset as plain lists, each made once for all figures of a report."""

    def __init__(self, dataset: Merged) -> None:
        self._dataset = dataset
        self._lists: dict[tuple[str, str, str], list[Any]] = {}

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
        column = FRAME_KEYS.get(key, key)
        return self._list(
            spec, f"={column}", lambda: [*frame[column].astype(object).where(frame[column].notna(), UNKNOWN)]
        )

    def _list(self, spec: FigureSpec, name: str, make: Callable[[], list[Any]]) -> list[Any]:
        key = (spec.form, spec.table, name)
        if key not in self._lists:
            self._lists[key] = make()
        return self._lists[key]


def _of_spec(
    spec: FigureSpec, columns: _Columns, form: Form, year: int, standings: Sequence[Standing]
) -> Iterator[Figure]:
    aggregation = AGGREGATIONS[spec.aggregation]
    groups = _grouped(spec, columns, year - 1 if spec.year == PREVIOUS_YEAR else year)
    members = [_members(key, form, standings, [group[at] for group in groups]) for at, key in enumerate(spec.by)]
    for group in product(*members):
        values, ids = groups.get(group, ((), ()))
        yield Figure(
            f"{spec.code}[{','.join(group)}]" if group else spec.code,
            spec.label,
            aggregation.apply(values),
            spec.unit,
            spec.aggregation,
            tuple(ids),
        )


def _grouped(spec: FigureSpec, columns: _Columns, year: int) -> dict[tuple[str, ...], tuple[list[Scalar], list[str]]]:
    """The values and their ids by group; without `by` there is one group, ()."""
    groups: dict[tuple[str, ...], tuple[list[Scalar], list[str]]] = {}
    frame = columns.frame(spec)
    if frame is None:
        return groups
    chosen = (frame["year"] == year) & (frame[f"{spec.column}#"] > 0)
    for key, codes in spec.where.items():
        chosen &= frame[FRAME_KEYS.get(key, key)].isin(codes)
    for key, codes in spec.without.items():
        chosen &= ~frame[FRAME_KEYS.get(key, key)].isin(codes)
    picked = chosen.to_numpy()
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


def _members(key: str, form: Form, standings: Sequence[Standing], present: Iterable[str]) -> list[str]:
    """The groups of a key in order: those that could have values, then others that have (unlisted, unknown)."""
    if key == UNIT_KEY:
        listed = [standing.obligation.partner.code for standing in standings if standing.counted]
    else:
        listed = [choice.code for choice in _choices(key, form)]
    rest = sorted(set(present) - set(listed))
    if UNKNOWN in rest:
        rest.remove(UNKNOWN)
        rest.append(UNKNOWN)
    return list(dict.fromkeys(listed)) + rest


def _choices(key: str, form: Form) -> Sequence[Choice]:
    """The list behind a key: a column's choices, or the list that bears the key's name."""
    column = next((field for _, field in form.paths() if field.code == key), None)
    return form.choices.get(column.choices if column else key, ())


# --- what partners wrote ----------------------------------------------------------------------


class Quotes:
    """Gathers the free text of partners while submissions pass by; keeps nothing else of them."""

    def __init__(self, plan: ReportPlan, names: Mapping[str, str]) -> None:
        self._quotes = plan.quotes
        self._names = names
        self._found: dict[str, list[tuple[str, int, dict[str, str]]]] = {quote.code: [] for quote in plan.quotes}
        self._wanted: dict[str, set[tuple[str, str]]] = {}
        for quote in plan.quotes:
            columns = ((quote.table, name) for name in (quote.column, *quote.beside))
            self._wanted.setdefault(quote.form, set()).update(columns)

    def take(self, one: Counted) -> None:
        """Adds what a submission says; a value that is no text is left out."""
        tables, rows, fields, values = list(zip(*one.submission.values, strict=True))[:4] or ((),) * 4
        self.take_answers(one, (tables, rows, fields, values))

    def take_answers(self, one: Counted, answers: Answers) -> None:
        """The same with the values given by column; those of the submission itself are not asked for."""
        said, rows = one.submission, dict[tuple[str, int], dict[str, str]]()
        wanted = self._wanted.get(said.form, set())
        tables, numbers, fields, values = answers
        for at in (at for at, column in enumerate(zip(tables, fields, strict=True)) if column in wanted):
            text = values[at]
            if isinstance(text, str):
                rows.setdefault((tables[at], numbers[at]), {})[fields[at]] = tidy(text)
        for quote in self._quotes:
            for (table, row), found in rows.items():
                text = found.get(quote.column, "")
                if said.form == quote.form and table == quote.table and _says_something(text):
                    beside = {name: found.get(name, "") for name in quote.beside}
                    source = {"don_vi": self._names.get(said.partner, said.partner)}
                    self._found[quote.code].append((one.key, row, source | {"noi_dung": text} | beside))

    def texts(self) -> dict[str, list[dict[str, str]]]:
        """By code of the quote: each text once, with all who said it, in the order of partners and rows."""
        return {code: _grouped_texts(found) for code, found in self._found.items()}


def _grouped_texts(found: Sequence[tuple[str, int, dict[str, str]]]) -> list[dict[str, str]]:
    """Texts that differ in case or spacing only become one, worded as its first partner has it."""
    key_of = cache(matching_key)  # what stands beside a text, a recipient say, is often the same
    groups: dict[tuple[str, ...], dict[str, str]] = {}
    sources: dict[tuple[str, ...], dict[str, None]] = {}
    for _, _, said in sorted(found, key=lambda one: one[:2]):
        key = tuple(key_of(text) for name, text in said.items() if name != UNIT_KEY)
        groups.setdefault(key, said)
        sources.setdefault(key, {})[said[UNIT_KEY]] = None
    return [said | {UNIT_KEY: ", ".join(sources[key])} for key, said in groups.items()]


def tidy(text: str) -> str:
    """A partner's words as one piece of prose: list signs and line ends become "; ", no full stop at the end."""
    lines = (line.strip(" -+*•–\t") for line in clean(text).splitlines())
    return "; ".join(line.rstrip(" .;,") for line in lines if line).rstrip(" .;,")


def _says_something(text: str) -> bool:
    """Whether it is more than a word for "nothing"."""
    return bool(_MANY_LETTERS.match(text)) or bare_key(text) not in _NOTHING


# --- listings -------------------------------------------------------------------------------


def rows(
    listing: Listing, form: Form, found: Sequence[Figure], standings: Sequence[Standing], names: Mapping[str, str]
) -> list[Row]:
    """The rows of a listing: for `don_vi` all who owe (and who sent unasked), else the groups that have figures.

    `names` gives the name of a partner by its code.
    """
    by_code = {figure.code: figure for figure in found}
    groups = _groups_of(listing, found)
    if listing.by != UNIT_KEY:
        choices = {choice.code: choice for choice in _choices(listing.by, form)}
        unlisted = Choice("", "")
        return [
            Row(
                group,
                choices.get(group, unlisted).label or names.get(group, UNKNOWN_NAME),
                choices.get(group, unlisted).group,
                None,
                False,
                False,
                _cells(listing, group, by_code),
            )
            for group in groups
        ]
    made = []
    for standing in standings:
        code = standing.obligation.partner.code
        cells = _cells(listing, code, by_code)
        made.append(
            Row(code, standing.obligation.partner.name, "", standing.state, standing.late, standing.pending, cells)
        )
    listed = {row.code for row in made}
    others = [code for code in groups if code not in listed]
    return made + [
        Row(code, names.get(code, code), "", State.UNLISTED, False, False, _cells(listing, code, by_code))
        for code in others
    ]


def _cells(listing: Listing, group: str, by_code: Mapping[str, Figure]) -> dict[str, Figure | None]:
    return {name: by_code.get(_of_group(column, group)) for name, column in listing.columns.items()}


def _of_group(column: str, group: str) -> str:
    """Code of a column's figure in a group: "gia_tri[kinh_te]" of DV-0001 is "gia_tri[DV-0001,kinh_te]"."""
    head, _, rest = column.partition("[")
    return f"{head}[{group},{rest}" if rest else f"{head}[{group}]"


def _groups_of(listing: Listing, found: Sequence[Figure]) -> list[str]:
    """First keys of the listing's figures, in the order of the figures."""
    heads = {column.partition("[")[0] for column in listing.columns.values()}
    groups: dict[str, None] = {}
    for figure in found:
        head, _, rest = figure.code.partition("[")
        if rest and head in heads:
            groups.setdefault(rest.removesuffix("]").partition(",")[0])
    return list(groups)
