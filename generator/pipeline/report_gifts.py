"""Report gifts: what only the receivers report of the help of givers that have reported, as figures.

In:   register, registry, Period. Out: two figures with the ids of their values: rows, and their value in đồng.
Imports the stages compare and register, pipeline.gifts. One year's gifts are held at a time. They are the rows of the
sheet "Chỉ bên nhận kê" of that year's doi-chieu.xlsx.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.model import Campaign, Counted, Figure, Registry
from generator.pipeline.gifts import SIDES, sides_of, standing
from generator.pipeline.report_period import Period
from generator.stages.compare import compare
from generator.stages.register.database import Register

ROWS, VALUE = "so_khoan_chi_noi_nhan_ke", "gia_tri_chi_noi_nhan_ke"
LABELS = {ROWS: "số khoản hỗ trợ chỉ nơi nhận kê", VALUE: "giá trị các khoản hỗ trợ chỉ nơi nhận kê"}
_COLUMN = "gia_tri"
_RECEIVED = next(side for side in SIDES if not side.gives)


def only_received(register: Register, registry: Registry, period: Period) -> tuple[Figure, Figure]:
    """How many gifts of the period only the receiver reports though the giver has reported, and their value.

    The value of a gift without an amount is not known and adds nothing; the gift counts by the first cell of its row.
    """
    rows: list[str] = []
    amounts: list[tuple[str, int]] = []
    for campaign in period.campaigns:
        for first, amount in _of_year(register, registry, campaign):
            rows.append(first if amount is None else amount[0])
            if amount is not None:
                amounts.append(amount)
    total = sum(value for _, value in amounts)
    return (
        Figure(ROWS, LABELS[ROWS], len(rows), "khoản", "count", tuple(rows)),
        Figure(VALUE, LABELS[VALUE], total, "đồng", "sum", tuple(value_id for value_id, _ in amounts)),
    )


def _of_year(
    register: Register, registry: Registry, campaign: Campaign
) -> Iterator[tuple[str, tuple[str, int] | None]]:
    """Of each gift: the id of the first value of its row; id and amount where there is one. In order of keys, rows."""
    cells: dict[tuple[str, int], tuple[str, tuple[str, int] | None]] = {}

    def noted() -> Iterator[Counted]:
        for side in SIDES:
            for one in register.counted(campaign.year, side.form):
                if side is _RECEIVED:
                    cells.update(_cells(one))
                yield one

    sides = sides_of(noted(), standing(registry, campaign))
    found = compare(sides.given, sides.received, sides.givers_heard, sides.receivers_heard).only_received
    for key in sorted((gift.key, gift.row) for gift in found):
        yield cells[key]


def _cells(one: Counted) -> dict[tuple[str, int], tuple[str, tuple[str, int] | None]]:
    """By key and row of each gift that a return lists: its first cell, and its amount."""
    found: dict[tuple[str, int], tuple[str, tuple[str, int] | None]] = {}
    for position, value in enumerate(one.submission.values, start=1):
        if value.table != _RECEIVED.table or value.value is None:
            continue
        key, value_id = (one.key, value.row), f"{one.key}/{position}"
        first, amount = found.get(key, (value_id, None))
        if value.field == _COLUMN and isinstance(value.value, int) and not isinstance(value.value, bool):
            amount = (value_id, value.value)
        found[key] = (first, amount)
    return found
