"""Draft notes: a figure with its cells and parts -> what the comment beside it says, in words of a clerk.

In:   Traced figures, their sources, what is doubtful, names by code. Out: texts, line by line.
Pure. Imports the stage trace, definitions, model, vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from generator.definitions.aggregations import CHANGE, OBLIGATIONS, RATIO
from generator.definitions.plans_names import TOTAL_GROUP
from generator.model import Figure
from generator.stages.trace import Source, Traced, decided, letter_of
from generator.vietnamese.numbers import format_number

MOST = 3
"""Contributions, decisions and doubts that a comment names; of the rest it gives the number."""
MOST_PARTS, MOST_MEMBERS = 6, 10
TOTAL_NAME = "tổng"

_PLAIN = re.compile(r"[\w.\-]+")
_ROUNDED = ("hơn ", "gần ", "khoảng ")


@dataclass(frozen=True, slots=True)
class Known:
    """All that comments of one draft are told from."""

    target: str
    """What `trace` is to be asked: "2025", "2021-2025", or the document."""
    figures: Mapping[str, Traced]
    sources: Mapping[str, Source]
    """By id of the value."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Partners and choices by code."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """By code of a figure, without its group: the question whose answers it is made from."""
    warned: Mapping[tuple[str, str, str], Sequence[str]] = field(default_factory=dict)
    """By file, sheet and cell: warnings that stand, and faults that were accepted."""
    waiting: Collection[tuple[str, str, str]] = frozenset()
    """Form, year and partner of the returns that count while their correction waits."""
    incomparable: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By code of a figure: why it is compared with nothing."""
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By code of a figure that counts units: their names."""


def named(figure: Figure, known: Known) -> str:
    """What the figure is: "Giá trị hỗ trợ theo lĩnh vực (An sinh xã hội)"."""
    keys = figure.code.partition("[")[2].removesuffix("]")
    told = [TOTAL_NAME if key == TOTAL_GROUP else known.names.get(key, key) for key in keys.split(",")] if keys else []
    label = figure.label[:1].upper() + figure.label[1:]
    # What is told beside a text or in a sentence says in its label what it is of.
    return f"{label} ({', '.join(told)})" if told and "." not in figure.code.partition("[")[0] else label


def amount(figure: Figure) -> str:
    """The exact number with its unit."""
    number = format_number(figure.value)
    return f"{number}%" if figure.unit == "%" else f"{number} {figure.unit}".rstrip()


def question(target: str, code: str) -> str:
    """What to type to be told all of it."""
    asked = code if _PLAIN.fullmatch(code) else f'"{code}"'
    return f"ketnghia trace {target} {asked}"


def doubts(one: Traced, known: Known) -> list[str]:
    """What may be wrong with the figure, each in a line."""
    cells = _cells(one, known)
    told = [
        f"{cell.sheet}!{cell.cell} ({_whose(cell, known)}): {text}"
        for cell in cells
        for text in known.warned.get((cell.file, cell.sheet, cell.cell), ())
    ]
    returns = dict.fromkeys(tuple(_key(cell.id).split("/")[:3]) for cell in cells)
    waiting = [
        known.names.get(partner, partner) for form, year, partner in returns if (form, year, partner) in known.waiting
    ]
    lines = [f"- {text}" for text in told[:MOST]]
    if len(told) > MOST:
        lines.append(f"- và {len(told) - MOST} cảnh báo khác, xem ketnghia issues")
    if lines:
        lines.insert(0, "Cảnh báo còn đứng ở các ô đã tính:")
    if waiting:
        lines.append(f"Đang tính bản cũ, bản sửa còn chờ chỉnh: {_some(waiting)}.")
    return lines + [f"Không so sánh được: {why}." for why in known.incomparable.get(one.figure.code, ())]


def note(one: Traced, text: str, known: Known) -> str:
    """The comment beside a figure that is printed as `text`: what, how, from what, decisions, doubts, how to ask."""
    lines = [f"{named(one.figure, known)}: {amount(one.figure)}."]
    if text.startswith(_ROUNDED):
        lines[0] += f" Chữ in “{text}” đã làm tròn."
    lines += [_making(one, known), *_arithmetic(one, known)]
    if members := known.members.get(one.figure.code):
        lines.append(f"Gồm: {_some(members, MOST_MEMBERS)}.")
    cells = _cells(one, known)
    if one.figure.aggregation not in (CHANGE, RATIO, OBLIGATIONS):
        lines += _largest(one, cells, known)
    decisions = [f"{_whose(cell, known)}, {told}" for cell in cells if (told := decided(cell))]
    lines += [f"Quyết định: {told}" for told in decisions[:MOST]]
    if len(decisions) > MOST:
        lines.append(f"và {len(decisions) - MOST} quyết định khác.")
    return "\n".join([*lines, *doubts(one, known), question(known.target, one.figure.code)])


# --- inside ---------------------------------------------------------------------------------


def _making(one: Traced, known: Known) -> str:
    """How it was made, and from how many returns."""
    figure = one.figure
    keys = dict.fromkeys(map(_key, figure.values))
    column = known.columns.get(figure.code.partition("[")[0], "")
    told = f"Cách làm: {one.making}" + (f" “{column}”" if column else "")
    if figure.aggregation == OBLIGATIONS:
        return f"{told}."
    if not keys:
        return f"{told}; các báo cáo được tổng hợp không có số nào ở đây."
    forms, years = ({key.split("/")[at]: None for key in sorted(keys)} for at in (0, 1))
    return f"{told}, trong {len(keys)} báo cáo ({', '.join(forms)}; năm {', '.join(years)})."


def _arithmetic(one: Traced, known: Known) -> Iterator[str]:
    """The formula, and each part by its letter; nothing for what is made from values alone."""
    if not one.formula:
        return
    places = -int(one.figure.value.as_tuple().exponent) if isinstance(one.figure.value, Decimal) else 0
    rounded = f", làm tròn đến {places} chữ số thập phân" if one.figure.aggregation in (CHANGE, RATIO) else ""
    yield f"Phép tính: {one.formula}{rounded}"
    parts = [known.figures[code].figure for code in one.figure.parts if code in known.figures]
    for at, part in enumerate(parts[:MOST_PARTS]):
        yield f"{letter_of(at)} = {named(part, known)}: {amount(part)}"
    if len(parts) > MOST_PARTS:
        yield f"và {len(parts) - MOST_PARTS} số hạng khác"


def _largest(one: Traced, cells: Sequence[Source], known: Known) -> Iterator[str]:
    """The largest contributions: values of a sum, of a count the returns with most cells."""
    numbers = [cell.value for cell in cells if isinstance(cell.value, int) and not isinstance(cell.value, bool)]
    if one.figure.aggregation in ("count", "distinct") or len(numbers) < len(cells):
        of_return: dict[str, list[Source]] = {}
        for cell in cells:
            of_return.setdefault(_key(cell.id), []).append(cell)
        most = sorted(of_return.values(), key=len, reverse=True)
        found = [f"{len(those)} ô: {_where(those[0], known, more=len(those) > 1)}" for those in most[:MOST]]
        left = len(most) - MOST
    else:
        ordered = sorted(zip(numbers, cells, strict=True), key=lambda pair: -abs(pair[0]))
        found = [f"{format_number(number)}: {_where(cell, known)}" for number, cell in ordered[:MOST] if number]
        left = 0
    if found:
        yield "Nhiều nhất:" if len(cells) > 1 else "Từ ô:"
    yield from (f"- {text}" for text in found)
    if left > 0:
        yield f"- và {left} báo cáo khác"


def _cells(one: Traced, known: Known) -> list[Source]:
    return [known.sources[value] for value in one.figure.values if value in known.sources]


def _where(cell: Source, known: Known, *, more: bool = False) -> str:
    first = "từ ô " if more else ""
    return f"{_whose(cell, known)}, {first}{cell.sheet}!{cell.cell}, tệp {cell.file.rpartition('/')[2]}"


def _whose(cell: Source, known: Known) -> str:
    partner = _key(cell.id).split("/")[2]
    return known.names.get(partner, partner)


def _key(value_id: str) -> str:
    """The return that a value came in: "KN-01/2025/DV-0001/r1"."""
    return value_id.rpartition("/")[0]


def _some(names: Sequence[str], most: int = MOST) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} và {len(names) - most} nơi khác" if len(names) > most else shown
