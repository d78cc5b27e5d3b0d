"""Context: figures, rows, quotes and words -> every name of a template with its value.

In:   Content, the plan. Out: a tree of names; figures in it print themselves and note how.
Imports render.marks and printing, model, definitions.plans, vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Protocol

from generator.definitions.plans import Comparison, Listing, Ratio, ReportPlan, reference
from generator.definitions.plans_names import TOTAL_GROUP
from generator.model import Figure
from generator.stages.render.marks import Kind, Marked, Marks
from generator.stages.render.printing import Printed, Untold
from generator.vietnamese.amounts import roman
from generator.vietnamese.text import clean

NO_NUMBER = "…"
"""What stands in a table where there is no number and the plan names no sign for the reason."""
UNTOLD = Untold(NO_NUMBER)
SIGNS: Mapping[str, str] = MappingProxyType({"khong_phai_bao_cao": "x", "dut_doan": "x"})
"""Signs that differ from NO_NUMBER unless the plan's word `ky_hieu_<state>` says otherwise."""
STATE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "dung_han": "Đúng hạn",
        "muon": "Muộn",
        "khong_phat_sinh": "Không phát sinh",
        "cho_chinh_sua": "Chờ chỉnh sửa",
        "chua_gui": "Chưa gửi",
        "duoc_mien": "Được miễn",
        "ngoai_danh_sach": "Ngoài danh sách",
        "khong_phai_bao_cao": "Không phải báo cáo",
    }
)
"""What a listing of standings calls a state, unless the plan's word `trang_thai_<state>` says otherwise."""

# A new line or a tab between two signs becomes an element of its own, and they stand side by side in the text.
_TAG_SIGNS = re.compile(r"(?<=\{)(?=[\n\t]*[{%#])|(?<=[}%#])(?=[\n\t]*\})")
_HEADING = 1


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
    @property
    def series(self) -> Mapping[str, Sequence[Figure | None]]: ...
    @property
    def states(self) -> Sequence[str]: ...
    @property
    def cell_states(self) -> Mapping[str, str]: ...
    @property
    def level(self) -> int: ...
    @property
    def district(self) -> str: ...
    @property
    def name_today(self) -> str: ...


class ReportedRow(Protocol):
    """A row that says who has reported, as `stages.figures` makes it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def due(self) -> date: ...
    @property
    def received(self) -> date | None: ...
    @property
    def revision(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def late(self) -> bool: ...
    @property
    def pending(self) -> bool: ...
    @property
    def years(self) -> Sequence[tuple[int, str]]: ...


@dataclass(frozen=True, slots=True)
class Content:
    """All that a document says."""

    figures: Sequence[Figure]
    listings: Mapping[str, Sequence[ListingRow]] = field(default_factory=dict)
    quotes: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    """Texts; figures for numbers; lists of quotes where they are grouped."""
    words: Mapping[str, object] = field(default_factory=dict)
    """Values of plans.STANDARD_NAMES."""
    communes: Mapping[str, str] = field(default_factory=dict)
    """By code of a giver: the names of the communes assigned to it."""
    standings: Mapping[str, Sequence[ReportedRow]] = field(default_factory=dict)
    """By code of the plan's standing lists."""
    broken: frozenset[str] = frozenset()
    """Codes of the comparisons whose series is broken, with their groups."""
    unreported: Sequence[str] = ()
    """Codes of the figures that nobody has told the numbers of."""


def shown_text(text: str) -> str:
    """A text as it may stand in a document: what looks like a tag in a partner's words is no tag."""
    return _TAG_SIGNS.sub(" ", clean(text))


class _Names:
    """What is needed to put names to the content of one document."""

    def __init__(self, content: Content, plan: ReportPlan, notes: dict[str, list[str]], marks: Marks | None) -> None:
        self.content = content
        self.plan = plan
        self.keys = plan.keys()
        self.marks = marks
        self.printed = {figure.code: Printed(figure, notes, marks) for figure in content.figures}

    def shown(self, value: object) -> object:
        """A value as it may stand in a document."""
        if isinstance(value, str):
            return shown_text(value)
        if isinstance(value, Figure):
            return self.printed[value.code]
        if isinstance(value, list | tuple):
            return [self.shown(member) for member in value]
        if isinstance(value, Mapping):
            return {name: self.shown(member) for name, member in value.items()}
        return value

    def word(self, name: str, value: object) -> object:
        """A word of the document; in a draft one that is not set is marked."""
        shown = self.shown(value)
        if self.marks is None or name not in self.marks.unset or not isinstance(shown, str):
            return shown
        return self.marks.around(Kind.WORD, name, Marked(shown))

    def untold(self, code: str, sign: Untold = UNTOLD) -> Untold:
        """What stands for the number of that code; in a draft it is marked."""
        if self.marks is not None:
            sign = Untold(sign)
            self.marks.around(Kind.UNTOLD, code, sign)
        return sign

    def sign(self, state: str | None) -> Untold:
        """What stands in the place of a number that the state does not allow."""
        default = SIGNS.get(state or "", NO_NUMBER)
        return Untold(self.plan.words.get(f"ky_hieu_{state}", default) if state else default)

    def notes(self, row: ListingRow | ReportedRow, *, own: bool) -> str:
        """What is to be said of a row; `own`: its state too."""
        words = self.plan.words
        notes = [words.get(f"ghi_chu_{row.state}", "")] if own and row.state else []
        if row.late and row.state != "muon":
            notes.append(words.get("ghi_chu_muon", ""))
        if row.pending:
            notes.append(words.get("ghi_chu_cho_ban_sua", ""))
        return "; ".join(note for note in notes if note)


def context(
    content: Content, plan: ReportPlan, notes: dict[str, list[str]], marks: Marks | None = None
) -> dict[str, object]:
    """Every name of the plan with its value; figures in it note into `notes` how they are printed.

    With `marks`, for a draft, what is printed of them is marked.
    """
    names = _Names(content, plan, notes, marks)
    found: dict[str, object] = {name: names.word(name, value) for name, value in content.words.items()}
    found |= {name: names.shown(text) for name, text in plan.words.items()}
    found |= {code: {} for code, keys in plan.keys().items() if keys}
    for code, value in names.printed.items():
        _put(found, code, value)
    for code in content.unreported:
        _put(found, code, names.untold(code))
    for comparison in plan.comparisons:
        found[comparison.code] = _compared(comparison, found, names)
    for ratio in plan.ratios:
        found[ratio.code] = _rated(ratio, found, names)
    shared = [(one.code, one.of) for one in plan.scaled] + [(one.code, one.of) for one in plan.shares]
    for code, of in shared:
        there = found.get(code)
        found[code] = _unshared(of, found) | (there if isinstance(there, dict) else {})
    for listing in plan.listings:
        found[listing.code] = _rows(listing, content.listings.get(listing.code, ()), names)
    for reported in plan.standing_lists:
        found[reported.code] = _reported(content.standings.get(reported.code, ()), names)
    for quote in plan.quotes:
        found[quote.code] = names.shown(list(content.quotes.get(quote.code, ())))
    return found


def _put(found: dict[str, object], code: str, value: object) -> None:
    """Puts a figure under its name; one of a group under name.key.key. One beside a text has no name of its own."""
    name, _, keys = code.partition("[")
    if "." in name:
        return
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


def _compared(comparison: Comparison, found: Mapping[str, object], names: _Names) -> dict[str, object]:
    """A comparison; of figures by group, one under each group that this year's figure has."""
    named = reference(comparison.current)
    groups = found.get(named.code) if named else None
    if named is None or not isinstance(groups, dict) or len(names.keys.get(named.code, ())) == len(named.keys):
        return _comparison(comparison.code, names)
    return {group: _comparison(f"{comparison.code}[{group}]", names) for group in groups}


def _rated(ratio: Ratio, found: Mapping[str, object], names: _Names) -> object:
    """A ratio, or one under each group that its figure has; a sign where there is no number."""
    named = reference(ratio.of)
    groups = found.get(named.code) if named else None
    there = found[ratio.code] if ratio.code in found else names.untold(ratio.code)
    if named is None or not isinstance(groups, dict) or len(names.keys.get(named.code, ())) == len(named.keys):
        return there
    return dict.fromkeys(groups, UNTOLD) | (there if isinstance(there, dict) else {})


def _comparison(code: str, names: _Names) -> dict[str, object]:
    """What a sentence asks of a comparison; `co` is false where there is nothing to compare with."""
    value = names.printed.get(code)
    percent = value.figure.value if value is not None else 0
    broken = code in names.content.broken
    return {
        "co": value is not None,
        "tang": percent > 0,
        "giam": percent < 0,
        "khong_doi": value is not None and percent == 0,
        "muc": value if value is not None else names.untold(code, names.sign("dut_doan") if broken else UNTOLD),
        "dut_doan": broken,
    }


def _unshared(of: str, found: Mapping[str, object]) -> dict[str, object]:
    """Every group that a share could have: over a total of nothing it has no number."""
    named = reference(of)
    groups = found.get(named.code) if named else None
    return dict.fromkeys([*groups, TOTAL_GROUP], UNTOLD) if isinstance(groups, dict) else {}


# --- rows -------------------------------------------------------------------------------------


def _rows(listing: Listing, rows: Sequence[ListingRow], names: _Names) -> list[dict[str, object]]:
    """Members are numbered through the whole table, so that the last number says how many there are."""
    shown: list[dict[str, object]] = []
    headings = members = 0
    width = max((len(cells) for row in rows for cells in row.series.values()), default=0)
    for row in rows:
        heading = row.level == _HEADING
        headings, members = headings + heading, members + (not heading)
        shown.append(_row(row, roman(headings) if heading else str(members), listing, width, names))
    return shown


def _row(row: ListingRow, number: str, listing: Listing, width: int, names: _Names) -> dict[str, object]:
    """A row: its numbers or the signs in their places. A heading leaves empty what it has no figure for."""
    heading = row.level == _HEADING
    cells: dict[str, object] = {}
    for name, written in listing.columns.items():
        cells[name] = "" if heading and name not in row.cells else _cell(name, written, row, names)
    for name in row.cells.keys() - cells.keys():
        cells[name] = _cell(name, "", row, names)
    for name in listing.series:
        given = row.series.get(name)
        cells[name] = _series(given, row, names) if given is not None else [""] * width
    return cells | {
        "tt": number,
        "ma": row.code,
        "ten": names.shown(row.name),
        "nhom": row.group,
        "trang_thai": str(row.state) if row.state is not None else "",
        "da_tong_hop": all(cell is not None for cell in row.cells.values()),
        "ghi_chu": names.notes(row, own=True),
        "xa_phan_cong": names.shown(names.content.communes.get(row.code, "")),
        "huyen": names.shown(row.district),
        "ten_nay": names.shown(row.name_today or row.name),
        "cap": row.level,
    }


def _cell(name: str, written: str, row: ListingRow, names: _Names) -> object:
    cell = row.cells.get(name)
    if cell is not None:
        return names.printed[cell.code]
    named = reference(written) if written else None
    if named is not None and named.group(row.code) in names.content.broken:
        return names.sign("dut_doan")
    state = row.cell_states.get(name, row.state)
    return names.sign(str(state) if state is not None else None)


def _series(given: Sequence[Figure | None], row: ListingRow, names: _Names) -> list[object]:
    states: list[str | None] = [str(state) for state in row.states] or [None] * len(given)
    return [
        names.printed[cell.code] if cell is not None else names.sign(state)
        for cell, state in zip(given, states, strict=True)
    ]


def _reported(rows: Sequence[ReportedRow], names: _Names) -> list[dict[str, object]]:
    def word(state: str) -> str:
        return names.plan.words.get(f"trang_thai_{state}", STATE_WORDS.get(state, state))

    return [
        {
            "tt": str(at),
            "ma": row.code,
            "ten": names.shown(row.name),
            "bieu": row.form,
            "huyen": names.shown(row.district),
            "han": row.due,
            "ngay_nhan": row.received or "",
            "lan": str(row.revision) if row.revision else "",
            "trang_thai": str(row.state),
            "trang_thai_chu": word(str(row.state)),
            "ghi_chu": names.notes(row, own=False),
            "nam": [{"nam": str(year), "trang_thai": str(state), "chu": word(str(state))} for year, state in row.years],
        }
        for at, row in enumerate(rows, start=1)
    ]
