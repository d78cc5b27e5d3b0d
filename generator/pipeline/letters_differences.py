"""Letters' differences: what both sides of a gift say differently, as rows of a letter to each side.

In:   Desk, what the year's returns show together. Out: by code of a partner its groups of rows, one for each side.
Pure but for what it is given. Imports pipeline (comparing, context, desk), stages (compare, render), vietnamese.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from generator.office.workbook.address import parse_address
from generator.pipeline.comparing import DIFFERENCES, Compared, kind_labels
from generator.pipeline.context import partner_names
from generator.pipeline.desk import Desk
from generator.stages.compare import Gift, Pair, total
from generator.stages.render import NO_BREAK, NO_NUMBER, shown_text
from generator.vietnamese.dates import format_date
from generator.vietnamese.numbers import format_number
from generator.vietnamese.order import order_key

LONGEST = 160
"""A cell of a return may hold pages; a letter quotes the beginning."""
_UNITS: Mapping[str, str] = {"value": " (đồng)"}
_NOT_TOLD, _UNGIVEN, _UNLIKE = "không kê khoản này", "không ghi", "khác nhau"
_COUNTED = ("value", "households", "people")

Row = dict[str, object]


class _Told(NamedTuple):
    """A row, and between whom."""

    giver: str
    receiver: str
    row: Row


def differences_of(desk: Desk, compared: Compared) -> Iterator[tuple[str, dict[str, object]]]:
    """Each partner that has a difference with its rows, grouped by the other side; both sides get the same rows.

    Gifts that only one side tells, although the other has reported, are differences too.
    """
    names, kinds = partner_names(desk.registry, desk.campaign), kind_labels(desk)
    groups: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    givers: set[str] = set()
    for giver, receiver, row in _rows(compared, kinds):
        givers.add(giver)
        groups[giver][receiver].append(row)
        groups[receiver][giver].append(row)
    for code, others in sorted(groups.items()):
        count, told = 0, []
        for other, rows in sorted(others.items(), key=lambda one: (order_key(names.get(one[0], "")), one[0])):
            told.append({"ten": shown_text(names.get(other, other)), "dong": _numbered(rows, count)})
            count += len(rows)
        yield code, {"la_ben_cho": code in givers, "so_dong": count, "nhom": told}


def _numbered(rows: Sequence[Row], before: int) -> list[Row]:
    return [{**row, "tt": str(before + at)} for at, row in enumerate(rows, start=1)]


def _rows(compared: Compared, kinds: Mapping[str, str]) -> Iterator[_Told]:
    for pair in compared.comparison.pairs:
        for what in pair.differs:
            yield _told(pair.given, pair.received, _row(pair, what, kinds))
    for gift in compared.comparison.only_given:
        yield _told((gift,), (), _one_sided((gift,), (), kinds))
    for gift in compared.comparison.only_received:
        yield _told((), (gift,), _one_sided((), (gift,), kinds))


def _told(given: Sequence[Gift], received: Sequence[Gift], row: Row) -> _Told:
    first = (*given, *received)[0]
    return _Told(first.giver, first.receiver, row)


def _row(pair: Pair, what: str, kinds: Mapping[str, str]) -> Row:
    """One thing that differs, with both figures and where each stands."""
    spot = _value_spot if what == "value" else _row_spot
    figures: tuple[str, str]
    difference = _UNLIKE
    if what in _COUNTED:
        ours, theirs = (total(getattr(gift, what) for gift in side) for side in (pair.given, pair.received))
        figures = (_number(ours), _number(theirs))
        if ours is not None and theirs is not None:
            difference = format_number(ours - theirs)
    else:
        figures = (_words(pair.given, what, kinds), _words(pair.received, what, kinds))
    return {
        **_gift_names((*pair.given, *pair.received), kinds),
        "muc": f"{DIFFERENCES[what]}{_UNITS.get(what, '')}",
        "ben_cho": figures[0],
        "o_ben_cho": _places(pair.given, spot),
        "ben_nhan": figures[1],
        "o_ben_nhan": _places(pair.received, spot),
        "chenh_lech": difference,
    }


def _one_sided(given: Sequence[Gift], received: Sequence[Gift], kinds: Mapping[str, str]) -> Row:
    ours, theirs = (total(gift.value for gift in side) for side in (given, received))
    told = ours if given else theirs
    return {
        **_gift_names((*given, *received), kinds),
        "muc": f"{DIFFERENCES['value']}{_UNITS['value']}",
        "ben_cho": _number(ours) if given else _NOT_TOLD,
        "o_ben_cho": _places(given, _value_spot),
        "ben_nhan": _number(theirs) if received else _NOT_TOLD,
        "o_ben_nhan": _places(received, _value_spot),
        "chenh_lech": NO_NUMBER if told is None else format_number(told if given else -told),
    }


def _gift_names(gifts: Sequence[Gift], kinds: Mapping[str, str]) -> Row:
    """What was given: the words of the first that has any; both sides name one gift differently."""
    content = next((gift.content for gift in gifts if gift.content), "")
    kind = kinds.get(gifts[0].kind, gifts[0].kind)
    return {
        "noi_dung": _short(content or kind),
        "loai": shown_text(kind),
        "thoi_gian": next((format_date(gift.day) for gift in gifts if gift.day), ""),
    }


def _words(gifts: Sequence[Gift], what: str, kinds: Mapping[str, str]) -> str:
    said = (format_date(gift.day) if what == "day" else kinds.get(gift.kind, gift.kind) for gift in gifts)
    return shown_text("; ".join(dict.fromkeys(filter(None, said)))) or _UNGIVEN


def _number(value: int | None) -> str:
    return _UNGIVEN if value is None else format_number(value)


def _places(gifts: Sequence[Gift], spot: Callable[[Gift], str]) -> str:
    """Where it stands in the workbook that was sent: file, sheet and cells, each file and sheet once."""
    found: dict[tuple[str, str], list[str]] = {}
    for gift in gifts:
        found.setdefault((PurePosixPath(gift.place.file).name, gift.place.sheet), []).append(spot(gift))
    told = (
        f"tệp {shown_text(file)}, trang {shown_text(sheet)}, {', '.join(spots)}"
        for (file, sheet), spots in found.items()
    )
    return "; ".join(told)


def _value_spot(gift: Gift) -> str:
    return f"ô{NO_BREAK}{gift.place.cell}"


def _row_spot(gift: Gift) -> str:
    """The row of the return: the record of a gift keeps the cell of its value only."""
    return f"dòng{NO_BREAK}{parse_address(gift.place.cell).row}"


def _short(text: str) -> str:
    line = " ".join(shown_text(text).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()}…"
