"""Retold: rows that tell the totals of a past year, and which of them must not count.

In:   the frames of a form that covers several years, all submissions, History.
Out:  those frames by the year that each row is about, and what was left out of them.
Pure. Imports definitions.forms, pandas. Source of the rule: KN-03 is asked only for years without a yearly return.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from generator.definitions.forms import Form
from generator.stages.merge.dataset import GAVE, POSITION, RECEIVED
from generator.stages.merge.frames import Arrived
from generator.stages.merge.history import History

_ROLES = {"gives": GAVE, "receives": RECEIVED}
_SENSIBLE = range(1900, 2200)

_Returns = defaultdict[tuple[str, int], set[int]]
"""By partner and year told of: the years of the returns that tell it."""


class Retold:
    """Judges rows by what else was returned for their year, by the sender or by whoever it followed."""

    def __init__(self, history: History, submissions: Sequence[Arrived], forms: Mapping[str, Form]) -> None:
        self._submissions = submissions
        self._history = history
        self._yearly = {
            (_ROLES[forms[one.form].role], one.partner, one.year)
            for one in submissions
            if forms[one.form].role in _ROLES and forms[one.form].years == 1
        }

    def without(self, form: Form, table: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[int, int]]]:
        """The frame without rows that must not count, and submission and position of each value in those.

        Only a table that asks for a year, of a form that covers several, tells past years; `year` becomes that one.
        """
        column = _year_column(form, table)
        if not column or frame.empty:
            return frame, []
        years = frame[column].fillna(0).astype("int64").tolist()
        told = list(zip(frame["submission"].tolist(), years, strict=True))
        returns: _Returns = defaultdict(set)
        for submission, about in told:
            said = self._submissions[submission]
            returns[said.partner, about].add(said.year)
        counts = {one: self._counts(self._submissions[one[0]], one[1], form.years, returns) for one in {*told}}
        keep = np.array([counts[one] for one in told])
        kept = frame[keep].reset_index(drop=True)
        return kept.assign(year=kept[column].astype("int16").to_numpy()), _places(frame[~keep])

    def _counts(self, said: Arrived, about: int, years: int, returns: _Returns) -> bool:
        """Whether nobody told that year better: in a yearly return, in a later one, or as heir in one of this year."""
        if about not in _SENSIBLE:
            return False
        first, last = min(about, said.year), max(about, said.year)
        kin = self._history.kin(said.partner, first, last)
        side = self._history.side(said.partner, said.year - years + 1, said.year)
        sides = [side] if side else [GAVE, RECEIVED]
        if any((one, code, about) in self._yearly for one in sides for code in kin):
            return False
        if any(later > said.year for code in kin for later in returns.get((code, about), ())):
            return False
        heirs = self._history.successors(said.partner, first, said.year)
        return not any(said.year in returns.get((code, about), ()) for code in heirs)


def _year_column(form: Form, table: str) -> str:
    found = form.table(table) if form.years > 1 and table else None
    return next((column.code for column in found.columns if column.type == "year"), "") if found else ""


def _places(left: pd.DataFrame) -> list[tuple[int, int]]:
    """Submission and position of every value of these rows."""
    submissions = left["submission"].tolist()
    columns = [name for name in left.columns if name.endswith(POSITION)]
    return [
        (submission, position)
        for name in columns
        for submission, position in zip(submissions, left[name].tolist(), strict=True)
        if position
    ]
