"""Report gifts: what only the receivers report of the help they got, as figures.

In:   the returns of a period as they pass by, registry, Period. Out: figures with the ids of their values: rows, and
      their value in đồng; the same again of those whose giver has no return that counts.
Pure. Imports the stages compare and register's records, pipeline.gifts. One year's gifts are held at a time. They are
what that year's doi-chieu.xlsx lists as told by the receiver only, or as waiting for the giver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from generator.definitions.forms import Form
from generator.definitions.plans_names import ADDED
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
_ALL = ("so_khoan_chi_noi_nhan_ke", "gia_tri_chi_noi_nhan_ke")
_SILENT = ("so_khoan_don_vi_chua_tong_hop", "gia_tri_don_vi_chua_tong_hop")
_AGAIN = ("so_dong_ke_lai", "gia_tri_ke_lai")


@dataclass(frozen=True, slots=True)
class _Found:
    """Ids of rows by one of their values, and of amounts with what they are."""

    rows: list[str] = field(default_factory=list)
    amounts: list[tuple[str, int]] = field(default_factory=list)


class OneSided:
    """Gathers the gifts of both sides while the returns of one year after the other pass by."""

    def __init__(self, registry: Registry, period: Period) -> None:
        self._standing = {one.year: standing(registry, one) for one in period.campaigns}
        self._year = 0
        self._gifts: dict[bool, list[Gift]] = {True: [], False: []}
        self._heard: dict[bool, set[str]] = {True: set(), False: set()}
        self._cells: dict[tuple[str, int], tuple[int, int | None]] = {}
        """By key and row of what a receiver tells: places of its first value and of its amount."""
        self._found: tuple[_Found, _Found] = (_Found(), _Found())
        """Of givers that have reported, and of those that have not."""

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
        """How many gifts of the period only the receiver reports and their value, then how many of these are of
        givers that have no return that counts, and their value.

        The value of a gift without an amount is not known and adds nothing; such a gift counts by the first cell of
        its row.
        """
        self._finish()
        told, silent = self._found
        every = _Found(sorted(told.rows + silent.rows), sorted(told.amounts + silent.amounts))
        return tuple(
            figure
            for found, names in ((every, _ALL), (silent, _SILENT))
            for figure in (_counted(names[0], found.rows), _summed(names[1], found.amounts))
        )

    def _finish(self) -> None:
        """Compares the year that has passed and keeps only the ids of what was found."""
        compared = compare(self._gifts[True], self._gifts[False], self._heard[True], self._heard[False])
        unanswered = [gift for gift in compared.unanswered if (gift.key, gift.row) in self._cells]
        for found, gifts in zip(self._found, (compared.only_received, unanswered), strict=True):
            for gift in sorted(gifts, key=lambda one: (one.key, one.row)):
                first, amount = self._cells[gift.key, gift.row]
                found.rows.append(f"{gift.key}/{amount or first}")
                if amount is not None and gift.value is not None:
                    found.amounts.append((f"{gift.key}/{amount}", gift.value))
        self._gifts, self._heard, self._cells = {True: [], False: []}, {True: set(), False: set()}, {}


def _rows(side: Side, answers: Answers) -> dict[int, _Cells]:
    """The rows of the side's table that hold something."""
    found: dict[int, _Cells] = {}
    for at, (table, row, column, value) in enumerate(zip(*answers, strict=True), start=1):
        if table == side.table and value is not None:
            found.setdefault(row, {})[column] = (value, at)
    return found


class ToldAgain:
    """Finds the rows of a summary form that were left out, since their years count already by yearly returns."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = {code for code, form in forms.items() if form.years > 1}
        self._answers: dict[str, Answers] = {}

    def take(self, one: Counted, answers: Answers) -> None:
        """Remembers the answers of a summary form; there is one of them for many years."""
        if one.submission.form in self._forms:
            self._answers[one.key] = answers

    def figures(self, left_out: Iterable[str]) -> tuple[Figure, ...]:
        """How many rows hold these values, each row by one of them, and the amounts in them."""
        rows: dict[tuple[str, str, int], str] = {}
        amounts: list[tuple[str, int]] = []
        for value_id in left_out:
            key, _, position = value_id.rpartition("/")
            table, row, column, value = (part[int(position) - 1] for part in self._answers[key])
            rows.setdefault((key, str(table), int(str(row))), value_id)
            if column == VALUE and isinstance(value, int):
                amounts.append((value_id, value))
        return _counted(_AGAIN[0], list(rows.values()), "dòng"), _summed(_AGAIN[1], amounts)


def _counted(name: str, rows: Sequence[str], unit: str = "khoản") -> Figure:
    return Figure(name, ADDED[name], len(rows), unit, "count", tuple(rows))


def _summed(name: str, amounts: Sequence[tuple[str, int]]) -> Figure:
    ids = tuple(value_id for value_id, _ in amounts)
    return Figure(name, ADDED[name], sum(amount for _, amount in amounts), "đồng", "sum", ids)
