"""Comparing: what only a year's returns together show, told to those concerned and laid out for the officer.

In:   Desk. Out: Compared; issues kept in the register.
Imports the stage compare, pipeline.gifts, context and desk.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from generator.issues import Issue, Place, issue
from generator.pipeline.context import partner_names
from generator.pipeline.desk import Desk
from generator.pipeline.gifts import SIDES, Sides, sides_of, standing
from generator.stages.compare import Comparison, Gift, Joint, Pair, Unlike, compare, joint_gifts, total, unlike_peers
from generator.vietnamese.amounts import scaled_money
from generator.vietnamese.numbers import format_number

DIFFERENCES: Mapping[str, str] = {
    "value": "giá trị",
    "kind": "loại hoạt động",
    "day": "thời gian",
    "households": "số hộ",
    "people": "số người",
}
"""What users read for each thing that may differ."""


class Compared(NamedTuple):
    """All that a year's returns show together."""

    sides: Sides
    comparison: Comparison
    joint: tuple[Joint, ...]
    unlike: tuple[Unlike, ...]


def compare_year(desk: Desk) -> Compared:
    """Compares the counted returns of the year and keeps what is found in the register, beside their own issues."""
    compared = compared_year(desk)
    made_from = _made_from(desk)
    if desk.register.between_made_from(desk.year) != made_from:
        names = partner_names(desk.registry, desk.campaign)
        sequences = {
            f"{state.form}/{state.year}/{state.partner}/r{state.counted}": state.counted_sequence
            for state in desk.register.states(desk.year)
            if state.counted
        }
        found: dict[int, list[Issue]] = defaultdict(list)
        for key, told in issues_of(compared, names):
            found[sequences[key]].append(told)
        desk.register.set_between(desk.year, made_from, found)
    return compared


def compared_year(desk: Desk) -> Compared:
    """What the counted returns of the year show together; nothing is written."""
    counted = (one for side in SIDES for one in desk.register.counted(desk.year, side.form))
    sides = sides_of(counted, standing(desk.registry, desk.campaign))
    comparison = compare(sides.given, sides.received, sides.givers_heard, sides.receivers_heard)
    names = partner_names(desk.registry, desk.campaign)
    return Compared(sides, comparison, joint_gifts(sides.given, names.items()), unlike_peers(sides.given))


def _made_from(desk: Desk) -> str:
    events = "".join(map(repr, desk.registry.events))
    told = f"{desk.register.counted_digest(desk.year)}/{desk.campaign}/{events}"
    return hashlib.sha256(told.encode()).hexdigest()


# --- what is told to those concerned ------------------------------------------------------------


def issues_of(compared: Compared, names: Mapping[str, str]) -> Iterator[tuple[str, Issue]]:
    """Each issue with the key of the submission that it stands in."""
    for pair in compared.comparison.pairs:
        yield from _of_pair(pair, names)
    for gift in compared.comparison.only_given:
        yield gift.key, issue("between.only_given", gift.place, value=_amount(gift), other=_name(names, gift.receiver))
    for gift in compared.comparison.only_received:
        yield gift.key, issue("between.only_received", gift.place, value=_amount(gift), other=_name(names, gift.giver))
    for joint in compared.joint:
        for one, other in ((joint.first, joint.second), (joint.second, joint.first)):
            shown = {"value": _amount(one), "other": _name(names, other.giver), "other_place": _cell(other)}
            yield one.key, issue("between.joint_gift", one.place, **shown)
    for unlike in compared.unlike:
        shown = {"value": scaled_money(unlike.gift.price or 0), "typical": scaled_money(unlike.typical, word=False)}
        place = _beside(unlike.gift.place, unlike.gift.price_cell)
        yield unlike.gift.key, issue("between.unlike_peers", place, peers=unlike.peers, **shown)
    yield from _of_households(compared.sides, names)


def _of_pair(pair: Pair, names: Mapping[str, str]) -> Iterator[tuple[str, Issue]]:
    if not pair.differs:
        return
    sides = ((pair.given, pair.received, pair.received[0].receiver), (pair.received, pair.given, pair.given[0].giver))
    for ours, theirs, partner in sides:
        first, shown = ours[0], {"other": _name(names, partner), "other_place": ", ".join(map(_cell, theirs))}
        if "value" in pair.differs:
            values = {"value": _sum(ours), "other_value": _sum(theirs)}
            yield first.key, issue("between.value_differs", first.place, **values, **shown)
        else:
            yield first.key, issue("between.differs", first.place, what=differences(pair), **shown)


def _of_households(sides: Sides, names: Mapping[str, str]) -> Iterator[tuple[str, Issue]]:
    for gift in sides.given:
        known = sides.households.get(gift.receiver)
        if known is not None and gift.households is not None and gift.households > known:
            shown = {"value": format_number(gift.households), "expected": format_number(known)}
            place = _beside(gift.place, gift.households_cell)
            yield gift.key, issue("between.households", place, other=_name(names, gift.receiver), **shown)


def _beside(place: Place, cell: str) -> Place:
    """Another cell of the same row, or the place itself where that answer has none."""
    return replace(place, cell=cell) if cell else place


def differences(pair: Pair) -> str:
    """What differs, in words."""
    return ", ".join(DIFFERENCES[name] for name in pair.differs)


def _name(names: Mapping[str, str], code: str) -> str:
    return names.get(code, code)


def _amount(gift: Gift) -> str:
    return scaled_money(gift.value) if gift.value is not None else "không ghi giá trị"


def _sum(gifts: Iterable[Gift]) -> str:
    amount = total(gift.value for gift in gifts)
    return scaled_money(amount) if amount is not None else "không ghi giá trị"


def _cell(gift: Gift) -> str:
    """Where it stands in the other's workbook; whose it is, the sentence says."""
    return f"trang {gift.place.sheet}, ô {gift.place.cell}"


# --- what the officer's workbook asks -----------------------------------------------------------------


def kind_labels(desk: Desk) -> Mapping[str, str]:
    """What users read for each kind of help."""
    found: dict[str, str] = {}
    for side in SIDES:
        form = desk.forms.get(side.form)
        asked = form.field(f"{side.table}.loai") if form else None
        if form and asked:
            found |= {choice.code: choice.label for choice in form.choices.get(asked.choices, ())}
    return found


def by_receiver(compared: Compared) -> Sequence[tuple[str, tuple[int, int, int, int]]]:
    """Receivers by code: what givers say they gave, what the receiver says it got, pairs, pairs that differ in value.

    The two amounts stand beside each other and are never added: they are the two sides of the same gifts.
    """
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for at, gifts in enumerate((compared.sides.given, compared.sides.received)):
        for gift in gifts:
            found[gift.receiver][at] += gift.value or 0
    for pair in compared.comparison.pairs:
        counts = found[pair.given[0].receiver]
        counts[2] += 1
        counts[3] += "value" in pair.differs
    return [(code, (told[0], told[1], told[2], told[3])) for code, told in sorted(found.items())]
