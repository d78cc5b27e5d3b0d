"""Report gifts: what only the receivers report of the help of givers that have reported, as figures.

In:   the returns of a period as they pass by, registry, Period. Out: two figures with the ids of their values: rows,
      and their value in đồng.
Pure. Imports the stages compare and register's records, pipeline.gifts. One year's gifts are held at a time. They are
the rows of the sheet "Chỉ bên nhận kê" of that year's doi-chieu.xlsx.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.definitions.plans_names import ONE_SIDED
from generator.issues import Place
from generator.model import Counted, Figure, Registry, Scalar
from generator.pipeline.gifts import SIDES, VALUE, Side, gift_of, standing
from generator.pipeline.report_period import Period
from generator.stages.compare import Gift, compare

Answers = tuple[Sequence[str], Sequence[int], Sequence[str], Sequence[Scalar]]
"""Table, row, field and value of all values of a submission, each as a column."""
_Cells = dict[str, tuple[Scalar, int]]
"""The values of a row by field, each with its place in the submission from 1."""
_SIDES = {side.form: side for side in SIDES}
_NOWHERE = Place()


class OneSided:
    """Gathers the gifts of both sides while the returns of one year after the other pass by."""

    def __init__(self, registry: Registry, period: Period) -> None:
        self._standing = {one.year: standing(registry, one) for one in period.campaigns}
        self._year = 0
        self._gifts: dict[bool, list[Gift]] = {True: [], False: []}
        self._heard: dict[bool, set[str]] = {True: set(), False: set()}
        self._cells: dict[tuple[str, int], tuple[int, int | None]] = {}
        """By key and row of what a receiver tells: places of its first value and of its amount."""
        self._rows: list[str] = []
        self._amounts: list[tuple[str, int]] = []

    def take(self, one: Counted, answers: Answers) -> None:
        """Adds the gifts of a return; of a year outside the period nothing."""
        said = one.submission
        side, stands = _SIDES.get(said.form), self._standing.get(said.year)
        if side is None or stands is None:
            return
        if said.year != self._year:
            self._finish()
            self._year = said.year
        partner = stands(said.partner)
        self._heard[side.gives].add(partner)
        for number, cells in _rows(side, answers).items():
            row = {field: value for field, (value, _) in cells.items()}
            gift = gift_of(one.key, number, partner, side, row, stands, _NOWHERE)
            if gift is None:
                continue
            self._gifts[side.gives].append(gift)
            if not side.gives:
                place = cells[VALUE][1] if gift.value is not None else None
                self._cells[one.key, number] = (next(iter(cells.values()))[1], place)

    def figures(self) -> tuple[Figure, ...]:
        """How many gifts of the period only the receiver reports though the giver has reported, and their value.

        The value of a gift without an amount is not known and adds nothing; such a gift counts by the first cell of
        its row.
        """
        self._finish()
        (rows, rows_label), (value, value_label) = ONE_SIDED.items()
        total = sum(amount for _, amount in self._amounts)
        return (
            Figure(rows, rows_label, len(self._rows), "khoản", "count", tuple(self._rows)),
            Figure(value, value_label, total, "đồng", "sum", tuple(value_id for value_id, _ in self._amounts)),
        )

    def _finish(self) -> None:
        """Compares the year that has passed and keeps only the ids of what was found."""
        found = compare(self._gifts[True], self._gifts[False], self._heard[True], self._heard[False]).only_received
        for gift in sorted(found, key=lambda one: (one.key, one.row)):
            first, amount = self._cells[gift.key, gift.row]
            self._rows.append(f"{gift.key}/{amount or first}")
            if amount is not None and gift.value is not None:
                self._amounts.append((f"{gift.key}/{amount}", gift.value))
        self._gifts, self._heard, self._cells = {True: [], False: []}, {True: set(), False: set()}, {}


def _rows(side: Side, answers: Answers) -> dict[int, _Cells]:
    """The rows of the side's table that hold something."""
    found: dict[int, _Cells] = {}
    for at, (table, row, field, value) in enumerate(zip(*answers, strict=True), start=1):
        if table == side.table and value is not None:
            found.setdefault(row, {})[field] = (value, at)
    return found
