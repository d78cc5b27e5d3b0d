"""Dataset: what merge gives, and the words that it and the makers of its frames share.

In:   nothing. Out: Dataset, Answers and the names of columns that no form has.
Pure. Imports model, definitions.forms, pandas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from generator.definitions.forms import SIDES
from generator.model import Scalar

Answers = tuple[Sequence[str], Sequence[int], Sequence[str], Sequence[Scalar]]
"""Table, row, field and value of all values of a submission, each as a column."""
NUMBERS = frozenset({"integer", "money", "year"})
KEYS = frozenset({"choice", "partner", "date", "yes_no"})
POSITION = "#"
"""`gia_tri#` is where, in its submission, the value of column `gia_tri` stands (from 1; 0: there is none)."""

YEAR = "nam"
GIVER, RECEIVER, DISTRICT = "ben_giup", "noi_nhan", "huyen"
SENDER_NOW = "don_vi_nay"
SENDER_KIND = "loai_don_vi"
NOW = "_nay"
"""Ends the name of a key that is restated to the map of the day."""
SIDE = "vai_tro"
"""In a form that both sides send: whether the sender tells what it gave or what it received."""
GAVE, RECEIVED = (side.code for side in SIDES)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Counted submissions of one or more years, merged; the same whatever the order they came in.

    A frame has the columns `submission` (number in `submissions`), `partner` (who sent it), `year`, `row`, a column
    for each key and number of the table, its derived keys, and for every column of the form its positions
    (`<code>#`). Money and counts are Int64, never floats; quantities and texts have positions only.

    Derived keys, where they can be derived; empty where nothing is known: `nam`, the year as text; `ben_giup` and
    `noi_nhan`, who gave and who received, and `huyen`, the receiver's district at the end of the row's period, all
    as reported; `loai_don_vi`, of what kind the sender was at that time; `don_vi_nay`, `ben_giup_nay`,
    `noi_nhan_nay`, `huyen_nay`, the same restated to the map of a day: the only heir of whoever was named then, else
    whoever was named. A column of the form goes before a derived key of the same name, but for `nam`.
    """

    submissions: tuple[str, ...] = ()
    """Keys of the submissions, sorted."""
    frames: Mapping[tuple[str, str], pd.DataFrame] = field(default_factory=dict)
    """By (form, table); table "" holds the single fields, one row a submission."""
    left_out: tuple[str, ...] = ()
    """Ids of the values of rows that tell totals of a year which counts already by another return, or of no year."""

    def ids(self, frame: pd.DataFrame, column: str) -> tuple[str, ...]:
        """Ids of a column's values, in the order of the frame's rows; rows without a value are left out."""
        pairs = zip(frame["submission"].tolist(), frame[column + POSITION].tolist(), strict=True)
        return tuple(f"{self.submissions[code]}/{position}" for code, position in pairs if position)
