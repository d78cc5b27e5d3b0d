"""Render: figures, listings, quotes and words + a compiled Word template -> the bytes of a document.

In:   what is to be printed, by name; the compiled template. Out: DOCX bytes, and how each figure was printed.
      A document that Word would repair, or with a tag left in it, is refused with the place of the fault.
Imports model, definitions.plans, office.template, office.geometry, vietnamese. Changes nothing, reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import total_ordering
from types import MappingProxyType
from typing import Protocol

from generator.definitions.plans import Comparison, ReportPlan
from generator.issues import Issue
from generator.model import Figure
from generator.office.geometry import Element, check_geometry
from generator.office.template import CompiledTemplate
from generator.vietnamese.amounts import counted, scaled_money
from generator.vietnamese.dates import format_date, long_date
from generator.vietnamese.numbers import format_number
from generator.vietnamese.text import clean

NO_BREAK = "\u00a0"
NO_NUMBER = "…"
"""What stands in a table where there is no number and the plan names no sign for the reason."""
ROW_NAMES = ("tt", "ma", "ten", "nhom", "trang_thai", "da_tong_hop", "ghi_chu", "xa_phan_cong")
"""What every row of a listing has beside its figures."""
COMPARISON_NAMES = ("co", "tang", "giam", "khong_doi", "muc")

_AFTER_NUMBER, _BEFORE_NUMBER = re.compile(r"(?<=\d) (?=[^\W\d])"), re.compile(r" (?=\d)")
# A new line or a tab between two signs becomes an element of its own, and they stand side by side in the text.
_TAG_SIGNS = re.compile(r"(?<=\{)(?=[\n\t]*[{%#])|(?<=[}%#])(?=[\n\t]*\})")


class ListingRow(Protocol):
    """A row as `stages.figures` makes it (stages do not import each other)."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def state(self) -> str | None: ...
    @property
    def late(self) -> bool: ...
    @property
    def pending(self) -> bool: ...
    @property
    def cells(self) -> Mapping[str, Figure | None]: ...


@dataclass(frozen=True, slots=True)
class Content:
    """All that a document says."""

    figures: Sequence[Figure]
    listings: Mapping[str, Sequence[ListingRow]] = field(default_factory=dict)
    quotes: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    words: Mapping[str, object] = field(default_factory=dict)
    """Values of plans.STANDARD_NAMES."""
    communes: Mapping[str, str] = field(default_factory=dict)
    """By code of a giver: the names of the communes assigned to it."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document, and by code of figure every text that it was printed as, in order."""

    content: bytes
    printed: Mapping[str, tuple[str, ...]]


@total_ordering
class _Printed:
    """A figure inside a template: prints itself, compares as its number, and notes how it was printed."""

    __slots__ = ("_notes", "figure")

    def __init__(self, figure: Figure, notes: dict[str, list[str]]) -> None:
        self.figure = figure
        self._notes = notes

    def noted(self, text: str) -> str:
        texts = self._notes.setdefault(self.figure.code, [])
        if text not in texts:
            texts.append(text)
        return text

    def __str__(self) -> str:
        return self.noted(format_number(self.figure.value))

    def __bool__(self) -> bool:
        return bool(self.figure.value)

    def __eq__(self, other: object) -> bool:
        return self.figure.value == _number(other)

    def __lt__(self, other: object) -> bool:
        number = _number(other)
        return NotImplemented if number is None else self.figure.value < number

    def __hash__(self) -> int:
        return hash(self.figure.value)


def _number(value: object) -> int | Decimal | None:
    if isinstance(value, _Printed):
        return value.figure.value
    return value if isinstance(value, int | Decimal) else None


# --- filters: how a tag wants its value written ----------------------------------------------


def _numeric(write: Callable[[int | Decimal], str]) -> Callable[[object], object]:
    """A filter for numbers. Signs in place of a number ("…", "x") pass; what is no number raises, with its place."""

    def filtered(value: object) -> object:
        if isinstance(value, str):
            return value
        number = _number(value)
        if number is None:
            raise TypeError(f"cần một số, gặp {type(value).__name__}")
        text = write(number)
        return value.noted(text) if isinstance(value, _Printed) else text

    return filtered


def _money(value: int | Decimal) -> str:
    """Only the number holds on to its unit: a longer unbreakable piece tears holes into a justified line."""
    return _AFTER_NUMBER.sub(NO_BREAK, scaled_money(int(value)))


def _share(value: int | Decimal) -> str:
    return f"{format_number(abs(Decimal(value)))}%"


def _day(value: object) -> str:
    if isinstance(value, date):
        return format_date(value.isoformat())
    if isinstance(value, str):
        return format_date(value)
    raise TypeError(f"cần một ngày, gặp {type(value).__name__}")


def _long_day(value: object) -> str:
    if isinstance(value, date):
        return _BEFORE_NUMBER.sub(NO_BREAK, long_date(value))
    raise TypeError(f"cần một ngày, gặp {type(value).__name__}")


FILTERS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {
        "tien": _numeric(_money),
        "dong": _numeric(lambda value: format_number(int(value))),
        "so": _numeric(format_number),
        "dem": _numeric(lambda value: counted(int(value))),
        "phan_tram": _numeric(_share),
        "ngay": _day,
        "ngay_dai": _long_day,
    }
)
"""Filters of a template: {{ tong_gia_tri | tien }}. Closed; the engine refuses any other."""

FILTER_NOTES: Mapping[str, str] = MappingProxyType(
    {
        "tien": "số tiền viết gọn trong câu: hơn 33,3 tỷ đồng",
        "dong": "số tiền đủ đến đồng, không kèm đơn vị: 33.312.000.000",
        "so": "số: 1.234",
        "dem": "số đếm trong câu, dưới 10 có số 0 đứng trước: 09",
        "phan_tram": "phần trăm, không dấu: 12,5%",
        "ngay": "ngày ngắn: 05/11/2025",
        "ngay_dai": "ngày đầy đủ: ngày 05 tháng 11 năm 2025",
    }
)
"""Line of each filter in the reference."""


# --- context --------------------------------------------------------------------------------


def context(content: Content, plan: ReportPlan, notes: dict[str, list[str]]) -> dict[str, object]:
    """Every name of the plan with its value; figures in it note into `notes` how they are printed."""
    printed = {figure.code: _Printed(figure, notes) for figure in content.figures}
    found: dict[str, object] = {name: _shown(value) for name, value in content.words.items()}
    found |= {name: _shown(text) for name, text in plan.words.items()}
    found |= {spec.code: {} for spec in plan.figures if spec.by}
    for code, value in printed.items():
        _put(found, code, value)
    for comparison in plan.comparisons:
        found[comparison.code] = _compared(comparison, found, printed)
    for listing in plan.listings:
        rows = content.listings.get(listing.code, ())
        found[listing.code] = [_row(row, at, content, plan, printed) for at, row in enumerate(rows, start=1)]
    for quote in plan.quotes:
        texts = content.quotes.get(quote.code, ())
        found[quote.code] = [{name: _shown(text) for name, text in one.items()} for one in texts]
    return found


def _put(found: dict[str, object], code: str, value: _Printed) -> None:
    """Puts a figure under its name; one of a group under name.key.key."""
    name, _, keys = code.partition("[")
    if not keys:
        found[name] = value
        return
    *path, last = keys.removesuffix("]").split(",")
    group = found.setdefault(name, {})
    for key in path:
        assert isinstance(group, dict)
        group = group.setdefault(key, {})
    assert isinstance(group, dict)
    group[last] = value


def _compared(
    comparison: Comparison, found: Mapping[str, object], printed: Mapping[str, _Printed]
) -> dict[str, object]:
    """A comparison; of figures by group, one under each group that this year's figure has."""
    groups = found.get(comparison.current)
    if not isinstance(groups, dict):
        return _comparison(printed.get(comparison.code))
    return {group: _comparison(printed.get(f"{comparison.code}[{group}]")) for group in groups}


def _comparison(value: _Printed | None) -> dict[str, object]:
    """What a sentence asks of a comparison; `co` is false where there is nothing to compare with."""
    percent = value.figure.value if value is not None else 0
    there = value is not None
    return {
        "co": there,
        "tang": percent > 0,
        "giam": percent < 0,
        "khong_doi": there and percent == 0,
        "muc": value if value is not None else NO_NUMBER,
    }


def _row(
    row: ListingRow, at: int, content: Content, plan: ReportPlan, printed: Mapping[str, _Printed]
) -> dict[str, object]:
    state = str(row.state) if row.state is not None else ""
    sign = plan.words.get(f"ky_hieu_{state}", NO_NUMBER)
    notes = [plan.words.get(f"ghi_chu_{state}", "")]
    if row.late and state != "muon":
        notes.append(plan.words.get("ghi_chu_muon", ""))
    if row.pending:
        notes.append(plan.words.get("ghi_chu_cho_ban_sua", ""))
    cells = {name: sign if cell is None else printed[cell.code] for name, cell in row.cells.items()}
    return cells | {
        "tt": str(at),
        "ma": row.code,
        "ten": _shown(row.name),
        "nhom": row.group,
        "trang_thai": state,
        "da_tong_hop": all(cell is not None for cell in row.cells.values()),
        "ghi_chu": "; ".join(note for note in notes if note),
        "xa_phan_cong": _shown(content.communes.get(row.code, "")),
    }


def _shown(value: object) -> object:
    """A value as it may stand in a document: what looks like a tag in a partner's text is no tag."""
    if isinstance(value, str):
        return _TAG_SIGNS.sub(" ", clean(value))
    if isinstance(value, list | tuple):
        return [_shown(member) for member in value]
    if isinstance(value, dict):
        return {name: _shown(member) for name, member in value.items()}
    return value


# --- the document ---------------------------------------------------------------------------


def render(
    template: CompiledTemplate, content: Content, plan: ReportPlan, file: str
) -> tuple[Rendered | None, list[Issue]]:
    """The document, or why it is not written: a name without a value, broken geometry, a tag left.

    `file` is what places call the document.
    """
    notes: dict[str, list[str]] = {}
    trees: dict[str, Element] = {}
    rendered, issues = template.render(context(content, plan, notes), trees)
    if rendered is None:
        return None, issues
    broken = check_geometry(rendered, file, trees)
    if broken:
        return None, [*issues, *broken]
    return Rendered(rendered, {code: tuple(texts) for code, texts in notes.items()}), issues
