"""The answer key of a demo: what each delivery is, what was typed in it and what it really should say.

In:   seasons and their parcels. Out: records for JSON. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.demo.answers import Address, Answers
from generator.demo.habits import Arrival, Rule
from generator.demo.parcels import Parcel
from generator.demo.season import Season
from generator.model import COUNTED, Ruling, Scalar


def told(season: Season, sent: Sequence[Parcel]) -> Iterator[dict[str, object]]:
    """One record for each workbook that arrived, then one for each partner that was let off."""
    year = season.campaign.year
    places = {one: parcel for parcel in sent for one in _ids(parcel.arrivals)}
    for conduct in season.conducts:
        for one in conduct.arrivals:
            parcel = places[id(one)]
            yield {
                "year": year,
                "form": one.form,
                "partner": one.partner,
                "file": parcel.place(one),
                "day": one.day,
                "way": parcel.way,
                "habit": conduct.habit,
                "verdict": one.verdict.value,
                "counts": one.verdict in COUNTED,
                "fault": one.fault,
                "values": _values(one.answers),
                "corrected": _values(_corrected(one, conduct.rules)),
            }
        for rule in conduct.rules:
            if rule.ruling is Ruling.EXEMPT:
                yield {"year": year, "form": rule.form, "partner": rule.partner, "exempt": rule.reason}


def _ids(arrivals: Iterable[Arrival]) -> Iterator[int]:
    return map(id, arrivals)


def _corrected(one: Arrival, rules: Iterable[Rule]) -> Answers:
    """The values that decisions put in the place of what was typed, as numbers where they are."""
    found: dict[Address, Scalar] = {}
    for rule in rules:
        if rule.ruling is Ruling.CORRECT and rule.where is not None:
            found[rule.where] = int(rule.value) if rule.value.isdecimal() else rule.value
    return found if one.verdict in COUNTED else {}


def _values(answers: Mapping[Address, Scalar]) -> list[list[object]]:
    return [[table, row, field, str(value)] for (table, row, field), value in answers.items()]
