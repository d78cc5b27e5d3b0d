"""Compare: the two sides of every gift, the giver's row and the receiver's, put side by side; never added up.

In:   gifts as both sides report them, who has reported. Out: Pairs with what differs, gifts nobody can answer for,
      gifts that two givers seem to report both, prices out of scale.
Pure. Imports model, issues, vietnamese.text. Everything is joined by keys, so a year costs n log n.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from generator.issues import Place
from generator.vietnamese.text import bare_key, matching_key

TOLERANCE = 1_000
"""Đồng by which two sides may differ whatever the amount: what people round away."""
TOLERANCE_SHARE = 100
"""One part in so many by which two sides may differ: a price estimated on each side."""
_CLOSE_DAYS = 45
"""A gift is written down on the day of the transfer by one side and of the ceremony by the other."""
_LONGEST_KEY = 80
_FULL_DATE = 10


@dataclass(frozen=True, slots=True)
class Gift:
    """One row of help as one side reports it."""

    key: str
    """Submission it stands in: "KN-01/2025/DV-0001/r2"."""
    row: int
    giver: str
    receiver: str
    """Codes of both partners as they stand at the end of the period."""
    kind: str
    day: str
    """ISO date of its precision, "" where none was given."""
    content: str
    value: int | None
    households: int | None
    people: int | None
    place: Place
    """The cell of the value."""
    price: int | None = None
    unit: str = ""
    """Unit of measure that the price is for, as typed."""
    joint: str = ""
    """The other giver that the row names, as typed."""
    households_cell: str = ""
    price_cell: str = ""
    """Where these two stand on the sheet of `place`; "" where the row has none."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What both sides say of one gift, or of several of one kind that only together come to the same."""

    given: tuple[Gift, ...]
    received: tuple[Gift, ...]
    differs: tuple[str, ...] = ()
    """Which of "value", "kind", "day", "households", "people" differ."""


@dataclass(frozen=True, slots=True)
class Joint:
    """Rows of two givers that look like one gift reported twice."""

    first: Gift
    second: Gift


@dataclass(frozen=True, slots=True)
class Comparison:
    """A year's gifts, each in exactly one of these places."""

    pairs: tuple[Pair, ...] = ()
    only_given: tuple[Gift, ...] = ()
    """The receiver has reported, and not this."""
    only_received: tuple[Gift, ...] = ()
    """The giver has reported, and not this; or the giver owes no report."""
    unanswered: tuple[Gift, ...] = ()
    """The other side has not reported yet."""


def compare(
    given: Iterable[Gift], received: Iterable[Gift], givers_heard: Set[str], receivers_heard: Set[str]
) -> Comparison:
    """Every gift of both sides, paired where both report it. The order of the input does not matter.

    `givers_heard` and `receivers_heard` are the codes of those whose return counts.
    """
    groups: dict[tuple[str, str], tuple[list[Gift], list[Gift]]] = defaultdict(lambda: ([], []))
    for side, gifts in enumerate((given, received)):
        for gift in gifts:
            groups[gift.giver, gift.receiver][side].append(gift)
    pairs: list[Pair] = []
    only: tuple[list[Gift], list[Gift]] = ([], [])
    unanswered: list[Gift] = []
    for (giver, receiver), (ours, theirs) in sorted(groups.items()):
        found, left_given, left_received = _paired(sorted(ours, key=_order), sorted(theirs, key=_order))
        pairs += found
        (only[0] if receiver in receivers_heard else unanswered).extend(left_given)
        (only[1] if giver in givers_heard else unanswered).extend(left_received)
    return Comparison(tuple(pairs), tuple(only[0]), tuple(only[1]), tuple(unanswered))


def _order(gift: Gift) -> tuple[str, str, int, str, int]:
    return gift.kind, gift.day, gift.value or 0, gift.key, gift.row


# --- pairing ------------------------------------------------------------------------------------

_JOINS: Sequence[Callable[[Gift], Hashable]] = (
    lambda gift: (gift.kind, gift.value, gift.day),
    lambda gift: (gift.kind, gift.value, gift.day[:7]),
    lambda gift: (gift.kind, gift.value) if gift.value is not None else None,
    lambda gift: (gift.kind, gift.day) if len(gift.day) == _FULL_DATE else None,
    lambda gift: (gift.kind, _content(gift)) if gift.content else None,
    lambda gift: (gift.kind, gift.day[:7]) if gift.day else None,
    lambda gift: (gift.value, gift.day[:7]) if gift.value else None,
)
"""From what can only be the same gift to what most likely is; None joins nothing."""
_LOOSE = 3
"""From this join on values may differ: what agrees but for rounding, or only as a sum, is paired before."""


def _paired(ours: list[Gift], theirs: list[Gift]) -> tuple[list[Pair], list[Gift], list[Gift]]:
    """Pairs of one giver and one receiver, and what is left over on each side."""
    pairs: list[Pair] = []
    for number, join in enumerate(_JOINS):
        if not ours or not theirs:
            break
        if number == _LOOSE:
            for agreeing in (_close, _agreeing):
                found, ours, theirs = agreeing(ours, theirs)
                pairs += found
        found, ours, theirs = _joined(ours, theirs, join)
        pairs += found
    found, ours, theirs = _together(ours, theirs)
    return [*pairs, *found], ours, theirs


def _joined(
    ours: list[Gift], theirs: list[Gift], join: Callable[[Gift], Hashable]
) -> tuple[list[Pair], list[Gift], list[Gift]]:
    waiting: dict[Hashable, list[Gift]] = defaultdict(list)
    for gift in reversed(theirs):
        if (key := join(gift)) is not None:
            waiting[key].append(gift)
    pairs, left, taken = [], [], set()
    for gift in ours:
        key = join(gift)
        if key is not None and waiting.get(key):
            other = waiting[key].pop()
            taken.add((other.key, other.row))
            pairs.append(_pair((gift,), (other,)))
        else:
            left.append(gift)
    return pairs, left, _without(theirs, taken)


def _close(ours: list[Gift], theirs: list[Gift]) -> tuple[list[Pair], list[Gift], list[Gift]]:
    """Pairs of one kind whose values are the same but for rounding: two sorted lists walked together."""
    pairs, taken = [], set()
    by_kind: dict[str, list[Gift]] = defaultdict(list)
    for gift in sorted(theirs, key=lambda one: (one.value or 0, _order(one))):
        by_kind[gift.kind].append(gift)
    at: dict[str, int] = defaultdict(int)
    for gift in sorted(ours, key=lambda one: (one.value or 0, _order(one))):
        candidates = by_kind.get(gift.kind, [])
        while at[gift.kind] < len(candidates):
            other = candidates[at[gift.kind]]
            if same_value(gift.value, other.value):
                pairs.append(_pair((gift,), (other,)))
                taken |= {(gift.key, gift.row), (other.key, other.row)}
                at[gift.kind] += 1
                break
            if (other.value or 0) > (gift.value or 0):
                break
            at[gift.kind] += 1
    return pairs, _without(ours, taken), _without(theirs, taken)


def _without(gifts: list[Gift], taken: Set[tuple[str, int]]) -> list[Gift]:
    return [gift for gift in gifts if (gift.key, gift.row) not in taken]


def _agreeing(ours: list[Gift], theirs: list[Gift]) -> tuple[list[Pair], list[Gift], list[Gift]]:
    """What comes to the same value only together: one side split what the other summed up."""
    return _together(ours, theirs, lambda pair: "value" not in pair.differs and len(pair.given) != len(pair.received))


def _together(
    ours: list[Gift], theirs: list[Gift], wanted: Callable[[Pair], bool] = lambda _: True
) -> tuple[list[Pair], list[Gift], list[Gift]]:
    """All that is left of one kind on both sides as one pair."""
    kinds: dict[str, tuple[list[Gift], list[Gift]]] = defaultdict(lambda: ([], []))
    for side, gifts in enumerate((ours, theirs)):
        for gift in gifts:
            kinds[gift.kind][side].append(gift)
    together = (_pair(tuple(first), tuple(second)) for first, second in kinds.values() if first and second)
    pairs = [pair for pair in together if wanted(pair)]
    taken = {(gift.key, gift.row) for pair in pairs for gift in (*pair.given, *pair.received)}
    return pairs, _without(ours, taken), _without(theirs, taken)


def _pair(given: tuple[Gift, ...], received: tuple[Gift, ...]) -> Pair:
    return Pair(given, received, tuple(_differences(given, received)))


def _differences(given: tuple[Gift, ...], received: tuple[Gift, ...]) -> Iterator[str]:
    if not same_value(total(gift.value for gift in given), total(gift.value for gift in received)):
        yield "value"
    if {gift.kind for gift in given} != {gift.kind for gift in received}:
        yield "kind"
    if len(given) == len(received) == 1 and _far_apart(given[0].day, received[0].day):
        yield "day"
    for name in ("households", "people"):
        first, second = (total(getattr(gift, name) for gift in side) for side in (given, received))
        if first is not None and second is not None and first != second:
            yield name


def total(numbers: Iterable[int | None]) -> int | None:
    """The sum of what was given; None where nothing was."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def same_value(first: int | None, second: int | None) -> bool:
    """Whether two amounts are the same but for rounding; an amount that one side leaves open contradicts nothing."""
    if first is None or second is None:
        return True
    return abs(first - second) <= max(TOLERANCE, max(first, second) // TOLERANCE_SHARE)


def _far_apart(first: str, second: str) -> bool:
    if len(first) == len(second) == _FULL_DATE:
        return abs((date.fromisoformat(first) - date.fromisoformat(second)).days) > _CLOSE_DAYS
    # months and quarters are told apart only by the year
    return bool(first and second) and first[:4] != second[:4]


def _content(gift: Gift) -> str:
    return bare_key(gift.content)[:_LONGEST_KEY]


# --- one gift reported by two givers --------------------------------------------------------------


def joint_gifts(given: Iterable[Gift], names: Iterable[tuple[str, str]]) -> tuple[Joint, ...]:
    """Rows of different givers to one receiver that look like one gift reported twice with its whole value.

    Either one of the rows names the other giver (`names`: code and name) and kind and value are the same, or
    everything is the same: kind, value, day and content. Each row is told once.
    """
    named = _names_by_key(names)
    same: dict[Hashable, list[Gift]] = defaultdict(list)
    for gift in sorted(given, key=_order):
        if gift.value:
            same[gift.receiver, gift.kind, gift.value].append(gift)
    found: list[Joint] = []
    for gifts in same.values():
        found += _twice(gifts, named)
    return tuple(found)


def _names_by_key(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Giver by the matching key of its name; a name that several bear names nobody."""
    found: dict[str, str] = {}
    for code, name in names:
        key = matching_key(name)
        found[key] = code if found.get(key, code) == code else ""
    return found


def _twice(gifts: list[Gift], named: dict[str, str]) -> Iterator[Joint]:
    """What is told twice among gifts of one receiver, kind and value."""
    told: set[tuple[str, int]] = set()
    by_giver: dict[str, deque[Gift]] = defaultdict(deque)
    by_text: dict[Hashable, list[Gift]] = defaultdict(list)
    for gift in gifts:
        by_giver[gift.giver].append(gift)
        by_text[gift.day, _content(gift)].append(gift)
    for gift in gifts:
        partner = named.get(matching_key(gift.joint), "") if gift.joint else ""
        if partner and partner != gift.giver:
            yield from _told(gift, by_giver[partner], told)
    for alike in by_text.values():
        first = alike[0].giver
        others = deque(gift for gift in alike if gift.giver != first)
        for gift in alike:
            if gift.giver == first and others:
                yield from _told(gift, others, told)


def _told(gift: Gift, others: deque[Gift], told: set[tuple[str, int]]) -> Iterator[Joint]:
    """The gift with the first of the others that was not told yet; those that were are dropped for good."""
    while others and (others[0].key, others[0].row) in told:
        others.popleft()
    if others and (gift.key, gift.row) not in told:
        other = others.popleft()
        told |= {(gift.key, gift.row), (other.key, other.row)}
        yield Joint(gift, other)


# --- amounts unlike those of other givers ---------------------------------------------------------

FEWEST_PEERS = 4
"""Other givers whose prices are needed before one price can be called unusual."""
_RATIO, _RATIO_OF_FEW, _ENOUGH = 20, 100, 10
"""How many times the middle a price may be: more where few others tell what is usual."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """A price far from what other givers paid for the same."""

    gift: Gift
    typical: int
    """The middle of the other givers' prices, đồng."""
    peers: int
    """How many other givers it comes from."""


def unlike_peers(given: Iterable[Gift]) -> tuple[Unlike, ...]:
    """Gifts whose price is out of scale beside other givers' prices for the same kind and unit of measure.

    Each giver counts once, by the middle of its own prices: who mistook the unit everywhere is found as well, and a
    giver with many rows does not outvote the others. Samples are small, so the middle is used and no deviation.
    """
    groups: dict[tuple[str, str], dict[str, list[Gift]]] = defaultdict(lambda: defaultdict(list))
    for gift in sorted(given, key=_order):
        if gift.price and gift.unit:
            groups[gift.kind, matching_key(gift.unit)][gift.giver].append(gift)
    return tuple(found for givers in groups.values() if len(givers) > FEWEST_PEERS for found in _unlike(givers))


def _unlike(givers: Mapping[str, Sequence[Gift]]) -> Iterator[Unlike]:
    middles = {giver: _middle(sorted(gift.price or 0 for gift in gifts)) for giver, gifts in givers.items()}
    ordered, peers = sorted(middles.values()), len(givers) - 1
    ratio = _RATIO if peers >= _ENOUGH else _RATIO_OF_FEW
    for giver, gifts in givers.items():
        at = bisect_left(ordered, middles[giver])
        typical = _middle([*ordered[:at], *ordered[at + 1 :]]) if peers < _ENOUGH else ordered[len(ordered) // 2]
        for gift in gifts:
            if not typical < (gift.price or 0) * ratio < typical * ratio * ratio:
                yield Unlike(gift, typical, peers)


def _middle(ordered: Sequence[int]) -> int:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2
