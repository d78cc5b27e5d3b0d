"""Counted: submissions one after the other -> their values by column -> the frames of all forms.

In:   Counted submissions in any order, the registry, the forms by code, the day of the map.
Out:  Dataset. Keeps no submission, only what the frames are made of.
Pure. Imports model, definitions.forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from generator.definitions.forms import Form
from generator.model import Counted, Registry, Value
from generator.stages.merge.dataset import Answers, Dataset
from generator.stages.merge.frames import Arrived, Places, Stream, columns_kept, frames_of
from generator.stages.merge.history import History
from generator.stages.merge.parties import Parties
from generator.stages.merge.retold import Retold


def merge(
    counted: Iterable[Counted], registry: Registry, forms: Mapping[str, Form], *, map_date: date | None = None
) -> Dataset:
    """The dataset of the submissions whose form is known. One that comes twice under one key counts once.

    `map_date` is the day of the map that keys are restated to: without it the last day of the last year's period.
    """
    return merge_answers(
        ((one, _answers(one.submission.values)) for one in counted), registry, forms, map_date=map_date
    )


def _answers(values: Sequence[Value]) -> Answers:
    tables, rows, fields, typed = list(zip(*values, strict=True))[:4] or ((),) * 4
    return tables, rows, fields, typed


def merge_answers(
    counted: Iterable[tuple[Counted, Answers]],
    registry: Registry,
    forms: Mapping[str, Form],
    *,
    map_date: date | None = None,
) -> Dataset:
    """The same with the values given by column; those of the submissions themselves are not asked for.

    Takes one submission after the other and keeps none, so that they may come straight out of the register.
    """
    arrived: dict[str, Arrived] = {}
    streams = {code: Stream(columns_kept(form)) for code, form in forms.items()}
    for one, answers in counted:
        said = one.submission
        if said.form in forms and one.key not in arrived:
            streams[said.form].take(len(arrived), answers)
            arrived[one.key] = Arrived(one.key, said.form, said.partner, said.year)
    keys = sorted(arrived)
    rank = {key: at for at, key in enumerate(keys)}
    submissions = [arrived[key] for key in keys]
    places = Places(submissions, np.array([rank[key] for key in arrived], dtype="int64"))
    history = History(registry, map_date or _last_day(submissions, registry))
    parties, retold = Parties(history, submissions, forms), Retold(history, submissions, forms)
    frames: dict[tuple[str, str], pd.DataFrame] = {}
    left_out: list[tuple[int, int]] = []
    for code in sorted({one.form for one in submissions}):
        for table, frame in frames_of(forms[code], streams[code], places):
            kept, left = retold.without(forms[code], table, frame)
            frames[code, table] = parties.named(forms[code], table, kept)
            left_out += left
    ids = tuple(f"{keys[submission]}/{position}" for submission, position in sorted(left_out))
    return Dataset(tuple(keys), frames, ids)


def _last_day(submissions: Sequence[Arrived], registry: Registry) -> date:
    """The last day of the last year that returns came for."""
    last = max((one.year for one in submissions), default=0)
    return History(registry, date.max).period(last)[1] if last else date.max
