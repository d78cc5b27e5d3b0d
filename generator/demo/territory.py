"""Which part of the shipped map a demo of so many givers needs, and who helps whom in it.

In:   rows of the shipped partners, assignments and events, how many givers. Out: Territory, codes only.
Pure. A commune is never taken without those it was merged with: half a merger would be another map.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from generator.pipeline.registry_checks import SPLIT

Line = dict[str, str]
"""A row of a shipped CSV file by its column."""
Pair = tuple[str, str]
"""Giver and receiver."""

MERGED_GIVERS, _MERGED = ("DV-0013", "DV-0014"), "DV-0015"
"""The departments that became one on 1-3-2025, and the one."""
_BOARD = "TT-"


@dataclass(frozen=True, slots=True)
class Territory:
    """The partners of a demo and their assignments."""

    givers: tuple[str, ...]
    """Giving units as they stand until the merger of 2025."""
    merged_giver: str
    """Who stands for two of them afterwards; "" in a small demo."""
    others: Set[str]
    """Communes before and after 1-7-2025, districts, the board."""
    pairs: tuple[Pair, ...]

    def touches(self, event: Line) -> bool:
        """Whether everybody in the event is in the demo."""
        codes = (*filter(None, SPLIT.split(event["tu_ma"])), *filter(None, [event["den_ma"]]))
        return all(code in self.others or code in self.givers or code == self.merged_giver for code in codes)


class _Group(NamedTuple):
    """The communes that became one on 1-7-2025."""

    target: str
    receivers: tuple[str, ...]
    """Those of its communes that receive."""
    members: tuple[str, ...]


def territory(partners: Sequence[Line], assignments: Sequence[Line], events: Sequence[Line], count: int) -> Territory:
    """The map for so many givers: a few need one district only, from fourteen on the pairs of districts are there too.

    The last group of communes has no giver in any size: every report has to tell of such.
    """
    shipped = [row["ma"] for row in partners if row["ma"].startswith("DV-") and row["ma"] != _MERGED]
    givers = tuple([*shipped, *(f"DV-{number:04d}" for number in range(len(shipped) + 2, count + 2))][:count])
    merged = set(MERGED_GIVERS) <= set(givers)
    pairs = [(row["don_vi"], row["xa"]) for row in assignments if row["don_vi"] in givers]
    groups = _groups(partners, events)
    opened = [*_spread(givers, pairs, groups[:-1]), groups[-1]]
    others = {code for group in opened for code in (*group.members, group.target)}
    if merged:
        districts = {row["ma"] for row in partners if row["ma"].startswith("HU-")}
        pairs += [(row["don_vi"], row["xa"]) for row in assignments if row["don_vi"] in districts]
        others |= districts
    others |= {row["ma"] for row in partners if row["ma"].startswith(_BOARD)}
    return Territory(givers, _MERGED if merged else "", others, tuple(pairs))


def _groups(partners: Sequence[Line], events: Sequence[Line]) -> list[_Group]:
    """Receiving communes by what they were merged into, in the order of their codes."""
    receiving = {row["ma"] for row in partners if row["ma"].startswith("XA-") and row["nhan"] == "Có"}
    found = []
    for row in events:
        if row["loai"] == "sap_nhap" and row["den_ma"] in receiving:
            members = tuple(SPLIT.split(row["tu_ma"]))
            found.append(_Group(row["den_ma"], tuple(sorted(receiving & set(members))), members))
    return sorted(found, key=lambda group: group.receivers)


def _spread(givers: Sequence[str], pairs: list[Pair], groups: Sequence[_Group]) -> list[_Group]:
    """Gives a commune to each giver without one (added to the pairs); the groups that are in use then.

    A further group is opened when every commune in use has a giver; the rest become second givers.
    """
    load = Counter(receiver for _, receiver in pairs)
    opened = [group for group in groups if any(load[code] for code in group.receivers)]
    waiting = [group for group in groups if group not in opened]
    placed = {giver for giver, _ in pairs}
    for giver in givers:
        if giver in placed:
            continue
        communes = [code for group in opened for code in group.receivers]
        least = min(communes, key=lambda code: load[code])
        if load[least] and waiting:
            opened.append(waiting.pop(0))
            least = opened[-1].receivers[0]
        pairs.append((giver, least))
        load[least] += 1
    return opened
