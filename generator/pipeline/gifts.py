"""Gifts: the rows of help in the year's counted returns, from the giver's side and from the receiver's.

In:   the register of a year, lineage, the campaign. Out: Sides: gifts of both sides, who was heard, households.
Imports definitions.returned, the stages compare and register, lineage, model. Which columns mean what stands in SIDES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from generator.definitions.returned import Returned
from generator.issues import Place
from generator.lineage import Lineage
from generator.model import Campaign, Counted, Registry, Scalar
from generator.stages.compare import Gift


class Side(NamedTuple):
    """Where one side of a gift stands in its form."""

    form: str
    table: str
    other: str
    """The column that names the other side."""
    gives: bool
    """Whether the sender of the form is the giver."""


SIDES = (Side("KN-01", "hoat_dong", "xa", gives=True), Side("KN-02", "nhan_duoc", "don_vi", gives=False))
VALUE = "gia_tri"
"""The column of a gift's value."""
_HOUSEHOLDS = "so_ho"
"""A gift's column, and the single answer of the receiver's form that says how many households live there."""
_PRICE = "don_gia"

Standing = Callable[[str], str]
"""From the code that a row or return bears to the code that stands for it at the end of the period."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A year's gifts by side."""

    given: tuple[Gift, ...]
    received: tuple[Gift, ...]
    givers_heard: frozenset[str]
    receivers_heard: frozenset[str]
    households: Mapping[str, int]
    """Households of each receiver, as its own return says."""


def standing(registry: Registry, campaign: Campaign) -> Standing:
    """Follows mergers up to the end of the period, so that a gift to a predecessor meets the successor's row.

    A partner that was split stays itself: nobody knows which part a row means.
    """
    lineage = Lineage(registry.events)
    known: dict[str, str] = {}

    def stands(code: str) -> str:
        if code not in known:
            heirs = lineage.heirs(code, campaign.start, campaign.end)
            known[code] = heirs[0] if len(heirs) == 1 else code
        return known[code]

    return stands


def sides_of(counted: Iterable[Counted], stands: Standing) -> Sides:
    """The gifts of all counted returns of one year, in the order of the returns and of their rows."""
    gifts: dict[bool, list[Gift]] = {True: [], False: []}
    heard: dict[bool, set[str]] = {True: set(), False: set()}
    households: dict[str, int] = {}
    by_form = {side.form: side for side in SIDES}
    for one in counted:
        side = by_form.get(one.submission.form)
        if side is None:
            continue
        returned = Returned(one.submission.file, one.submission.values)
        partner = stands(one.submission.partner)
        heard[side.gives].add(partner)
        gifts[side.gives] += _gifts(one.key, partner, side, returned, stands)
        count = None if side.gives else returned.single(_HOUSEHOLDS)
        if isinstance(count, int):
            households[partner] = count
    return Sides(tuple(gifts[True]), tuple(gifts[False]), frozenset(heard[True]), frozenset(heard[False]), households)


def _gifts(key: str, partner: str, side: Side, returned: Returned, stands: Standing) -> Iterator[Gift]:
    for number, row in returned.rows(side.table).items():
        at = row.get(VALUE) or next(iter(row.values()))
        answers = {field: value.value for field, value in row.items()}
        gift = gift_of(key, number, partner, side, answers, stands, Place(returned.file, at.sheet, at.cell))
        if gift is not None:
            cells = {field: value.cell for field, value in row.items()}
            yield replace(gift, households_cell=cells.get(_HOUSEHOLDS, ""), price_cell=cells.get(_PRICE, ""))


def gift_of(
    key: str, number: int, partner: str, side: Side, row: Mapping[str, Scalar], stands: Standing, place: Place
) -> Gift | None:
    """The gift of a row, whose sender stands as `partner`; None where it names nobody of the registry.

    With somebody outside the registry there is no other side to compare with.
    """
    other = _text(row, side.other)
    if not other:
        return None
    giver, receiver = (partner, stands(other)) if side.gives else (stands(other), partner)
    return Gift(
        key=key,
        row=number,
        giver=giver,
        receiver=receiver,
        kind=_text(row, "loai"),
        day=_text(row, "thoi_gian"),
        content=_text(row, "noi_dung"),
        value=_whole(row, VALUE),
        households=_whole(row, _HOUSEHOLDS),
        people=_whole(row, "so_nguoi"),
        place=place,
        price=_whole(row, _PRICE),
        unit=_text(row, "don_vi_tinh"),
        joint=_text(row, "phoi_hop"),
    )


def _text(row: Mapping[str, Scalar], code: str) -> str:
    value = row.get(code)
    return str(value) if value is not None else ""


def _whole(row: Mapping[str, Scalar], code: str) -> int | None:
    value = row.get(code)
    return int(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
