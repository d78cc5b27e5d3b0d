"""Where the fields of a sheet stand by each witness: hidden codes, headings and labels, the order of neighbours.

In:   the texts of a raw sheet, the fields asked for. Out: Seen by each witness, and what they agree on.
Pure. Imports definitions (forms, near_labels), normalise.found, model.

A table's columns lie along its header row, the questions of a sheet of fields along the column of their labels:
`line` is that row or column, `places` are the columns or rows along it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from generator.definitions.forms import Field
from generator.definitions.near_labels import LONGEST_HEADING, heading_key, likeness
from generator.model import Raw, RawSheet
from generator.stages.normalise.found import Key

MOST_ROWS, MOST_COLUMNS = 3_000, 120
"""Headings are looked for so far down and to the right."""
_ALIKE, _NEARLY = 60.0, 78.0
"""How much a heading must look like its label when its neighbours on both sides, or on one, say it is that one."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Where the texts of a sheet stand: as they are, for hidden codes, and by their key, for headings."""

    codes: Mapping[str, list[Key]]
    keys: Mapping[str, list[Key]]


class Seen(NamedTuple):
    """Where one witness sees the fields."""

    line: int
    places: dict[str, int]


NOWHERE = Seen(0, {})


@dataclass(slots=True)
class Agreed:
    """Where the fields stand by the best agreement of the witnesses."""

    places: dict[str, int]
    line: int
    """The header row or the column of labels; 0 where only the codes are left."""
    coded: bool
    """Whether the hidden codes were followed, and not the headings against or without them."""
    by_text: list[str] = field(default_factory=list)
    by_position: list[str] = field(default_factory=list)
    contradicted: list[tuple[str, str]] = field(default_factory=list)
    """Code, and the code whose heading stands there."""


def texts_of(sheet: RawSheet) -> Texts:
    """The texts of a sheet that may be codes or headings, with their cells in order of rows."""
    codes: dict[str, list[Key]] = {}
    keys: dict[str, list[Key]] = {}
    for number, row in enumerate(sheet.rows[:MOST_ROWS], start=1):
        for column, raw in enumerate(row[:MOST_COLUMNS], start=1):
            if isinstance(raw, str) and raw and len(raw) <= LONGEST_HEADING:
                codes.setdefault(raw.strip(), []).append((number, column))
                if key := heading_key(raw):
                    keys.setdefault(key, []).append((number, column))
    return Texts(codes, keys)


def by_codes(texts: Texts, asked: Sequence[Field], *, across: bool) -> Seen:
    """Where the hidden codes are: the line with most of them, of equal ones the first."""
    lines: dict[int, dict[str, int]] = {}
    for one in asked:
        for line, places in _along(texts.codes.get(one.code, ()), across).items():
            lines.setdefault(line, {})[one.code] = places[0]
    return _fullest(lines)


def by_headings(texts: Texts, asked: Sequence[Field], *, across: bool) -> Seen:
    """Where the headings are: the line with most of them. A header may take two rows, one below the other."""
    lines: dict[int, dict[str, int]] = {}
    for key, codes in _keyed(asked).items():
        for line, places in _along(texts.keys.get(key, ()), across).items():
            lines.setdefault(line, {}).update(zip(codes, sorted(places), strict=False))
    found = _fullest(lines)
    for beside in (found.line + 1, found.line - 1) if across else ():
        for code, place in lines.get(beside, {}).items():
            if code not in found.places and place not in found.places.values():
                found.places[code] = place
    return found


def agreed(
    asked: Sequence[Field], coded: Seen, headed: Seen, line: Mapping[int, Raw] = MappingProxyType({})
) -> Agreed | None:
    """What the witnesses agree on; None when neither sees half of the fields.

    The codes are followed unless the headings, seen elsewhere, contradict most of them: then somebody moved what
    is visible. `line` is the header row or the column of labels, for headings that were typed anew.
    """
    half = max(1, (len(asked) + 1) // 2)
    together = sum(coded.places.get(code) == place for code, place in headed.places.items())
    follow = bool(coded.places) and (len(headed.places) < half or 2 * together >= min(*map(len, (coded[1], headed[1]))))
    if not follow and len(headed.places) < half:
        return None
    base, other = (coded, headed) if follow else (headed, NOWHERE)
    found = Agreed(dict(base.places), headed.line if headed.places else 0, follow)
    used = set(base.places.values())
    for code, place in other.places.items():
        if code not in found.places and place not in used:
            found.places[code] = place
            found.by_text.append(code)
            used.add(place)
    if not follow:
        found.by_text = list(found.places)
    elif len(found.places) < half and len(headed.places) < half:
        return None
    shown = {place: code for code, place in headed.places.items()}
    # questions of one wording are told apart by their order alone, which a deleted row changes
    keys = {one.code: heading_key(one.label) for one in asked}
    found.contradicted = [
        (code, shown[place])
        for code, place in found.places.items()
        if place in shown and keys[shown[place]] != keys[code]
    ]
    _by_position(asked, found, line)
    return found


def _by_position(asked: Sequence[Field], found: Agreed, line: Mapping[int, Raw]) -> None:
    """Fields that neither code nor heading shows, but whose place between their neighbours does."""
    used = set(found.places.values())
    position = 0
    while position < len(asked):
        if asked[position].code in found.places:
            position += 1
            continue
        end = position
        while end < len(asked) and asked[end].code not in found.places:
            end += 1
        before = found.places[asked[position - 1].code] if position else None
        after = found.places[asked[end].code] if end < len(asked) else None
        for one, place, least in _gap(asked[position:end], before, after):
            text = _text_at(line, place)
            if place > 0 and place not in used and text is not None and likeness(text, one.label) >= least:
                found.places[one.code] = place
                found.by_position.append(one.code)
                used.add(place)
        position = end


def _gap(asked: Sequence[Field], before: int | None, after: int | None) -> Iterable[tuple[Field, int, float]]:
    """The places that the fields of a gap would have, and how much the heading there must look like theirs."""
    if before is not None and after is not None:
        if after - before - 1 == len(asked):
            return [(one, before + number, _ALIKE) for number, one in enumerate(asked, start=1)]
        return ()
    if before is not None:
        return [(one, before + number, _NEARLY) for number, one in enumerate(asked, start=1)]
    if after is not None:
        return [(one, after - len(asked) + number, _NEARLY) for number, one in enumerate(asked)]
    return ()


def _text_at(line: Mapping[int, Raw], place: int) -> str | None:
    raw = line.get(place)
    return raw if isinstance(raw, str) and raw.strip() else None


def _keyed(asked: Sequence[Field]) -> dict[str, list[str]]:
    """Codes by the key of their label; several questions of one wording follow one another."""
    keyed: dict[str, list[str]] = {}
    for one in asked:
        keyed.setdefault(heading_key(one.label), []).append(one.code)
    keyed.pop("", None)
    return keyed


def _along(cells: Iterable[Key], across: bool) -> dict[int, list[int]]:
    lines: dict[int, list[int]] = {}
    for row, column in cells:
        line, place = (row, column) if across else (column, row)
        lines.setdefault(line, []).append(place)
    return lines


def _fullest(lines: Mapping[int, dict[str, int]]) -> Seen:
    if not lines:
        return NOWHERE
    line = min(lines, key=lambda one: (-len(lines[one]), one))
    return Seen(line, dict(lines[line]))
