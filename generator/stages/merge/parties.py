"""Parties: who gave, who received and where, in every row: as reported, and restated to the map of a day.

In:   a frame with its sender, year and partner columns; History. Out: the frame with the derived keys of Dataset.
Pure. Imports definitions.forms, pandas. Each pair of code and year is looked up once, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from generator.definitions.forms import Form
from generator.stages.merge.dataset import (
    DISTRICT,
    GAVE,
    GIVER,
    NOW,
    POSITION,
    RECEIVED,
    RECEIVER,
    SENDER_KIND,
    SENDER_NOW,
    SIDE,
    YEAR,
)
from generator.stages.merge.frames import Arrived
from generator.stages.merge.history import History

_LISTS = {GIVER: "@givers", RECEIVER: "@communes"}
"""The list of choices that a column draws from which names the other side."""
_YEAR_BITS = 16

_Years = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
_Key: TypeAlias = "pd.Categorical[Any]"
_Meaning = Callable[[str, int], str]
"""Code and year -> another key, "" for none."""


class Parties:
    """Adds the derived keys to frames; what it found of a code and year it remembers from frame to frame."""

    def __init__(self, history: History, submissions: Sequence[Arrived], forms: Mapping[str, Form]) -> None:
        self._sent = np.array([one.year for one in submissions], dtype="int64")
        self._years = {code: form.years for code, form in forms.items()}
        self._meanings: Mapping[str, _Meaning] = {
            "heir": cache(history.heir),
            "district": cache(history.district),
            "district_now": cache(history.district_now),
            "kind": cache(history.kind),
        }
        self._side = cache(history.side)

    def named(self, form: Form, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with its derived keys; of a form that neither side sends, with its year and sender."""
        about = frame["year"].to_numpy().astype("int64")
        # Whoever a return names, it names as of the year it was sent, also where it tells of earlier years.
        sent = self._sent[frame["submission"].to_numpy()]
        added = {YEAR: _categories([str(year) for year in np.unique(about)], np.unique(about, return_inverse=True)[1])}
        added |= self._parties(form, table, frame, about, sent)
        own = {name for name in (GIVER, RECEIVER, DISTRICT) if f"{name}{POSITION}" in frame}
        return frame.assign(**{name: key for name, key in added.items() if name not in own})

    def _parties(self, form: Form, table: str, frame: pd.DataFrame, about: _Years, sent: _Years) -> dict[str, _Key]:
        sender = _keys(frame["partner"])
        found = {
            SENDER_NOW: self._looked_up("heir", sender, sent),
            SENDER_KIND: self._looked_up("kind", sender, sent),
        }
        if form.role == "both":
            first_year = self._years[form.code] - 1
            found[SIDE] = _looked_up(lambda code, year: self._side(code, year - first_year, year), sender, sent)
            parties = {GIVER: _only(sender, found[SIDE], GAVE), RECEIVER: _only(sender, found[SIDE], RECEIVED)}
        else:
            parties = _named_parties(form, table, frame, sender)
        for name, codes in parties.items():
            found[name], found[name + NOW] = codes, self._looked_up("heir", codes, sent)
        if RECEIVER in parties:
            found[DISTRICT] = self._looked_up("district", parties[RECEIVER], about)
            found[DISTRICT + NOW] = self._looked_up("district_now", parties[RECEIVER], sent)
        return found

    def _looked_up(self, meaning: str, codes: _Key, years: _Years) -> _Key:
        return _looked_up(self._meanings[meaning], codes, years)


def _named_parties(form: Form, table: str, frame: pd.DataFrame, sender: _Key) -> dict[str, _Key]:
    """The sender on its side of a gift and, where the table asks for it, the other side."""
    mine = {"gives": GIVER, "receives": RECEIVER}.get(form.role)
    if mine is None:
        return {}
    other = RECEIVER if mine == GIVER else GIVER
    columns = asked.columns if (asked := form.table(table)) else ()
    column = next((one.code for one in columns if one.type == "partner" and one.choices == _LISTS[other]), "")
    return {mine: sender} | ({other: _keys(frame[column])} if column else {})


def _keys(column: pd.Series[Any]) -> _Key:
    return pd.Categorical(column)


def _only(codes: _Key, side: _Key, wanted: str) -> _Key:
    """The codes of one side, nothing for the other."""
    return _categories(codes.categories.tolist(), np.where(np.asarray(side) == wanted, codes.codes, -1))


def _looked_up(meaning: _Meaning, codes: _Key, years: _Years) -> _Key:
    """What each code means in its year, every pair looked up once; nothing for no code."""
    pairs, inverse = np.unique((codes.codes.astype("int64") << _YEAR_BITS) | years, return_inverse=True)
    names = codes.categories.tolist()
    meant = [
        meaning(names[pair >> _YEAR_BITS], pair & (1 << _YEAR_BITS) - 1) if pair >= 0 else "" for pair in pairs.tolist()
    ]
    number = {name: at for at, name in enumerate(sorted({*meant} - {""}))}
    return _categories(list(number), np.array([number.get(name, -1) for name in meant], dtype="int64")[inverse])


def _categories(names: list[str], codes: _Years) -> _Key:
    return pd.Categorical.from_codes(codes.astype("int64"), categories=pd.Index(names))
