"""Recount: who was who, and stands for whom on the map of another day, straight from the registry workbook.

In:   the path of inputs/registry.xlsx. Out: Registry. Plain openpyxl; no code of the project.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from openpyxl.workbook.workbook import Workbook
from recount_reading import grid, opened_book

Line = dict[str, object]
"""A row of a table by the codes of its columns; what is empty is left out."""
YES = "Có"
BOARD = "Cơ quan thường trực"
DAY = timedelta(days=1)


def table_lines(book: Workbook, sheet: str) -> list[tuple[int, Line]]:
    """Number and answers of each row between the total row and the end mark, by the codes in hidden row 8."""
    return lines_of(grid(book, sheet))


def lines_of(rows: Sequence[tuple[object, ...]]) -> list[tuple[int, Line]]:
    """The same of a sheet that is read already."""
    first = next(at for at, row in enumerate(rows) if row and row[0] == "#tong") + 1
    codes = [str(code or "") for code in rows[7]]
    found = []
    for number, row in enumerate(rows[first:], start=1):
        answers = zip(codes[2:], row[2:], strict=False)
        line = {code: value for code, value in answers if code and value not in (None, "")}
        if line:
            found.append((number, line))
    return found


def day(typed: object) -> date | None:
    """The date of a cell, None for an empty one."""
    if isinstance(typed, datetime):
        return typed.date()
    assert typed is None or isinstance(typed, date), typed
    return typed


@dataclass(frozen=True)
class Version:
    """One row of the sheet "Đơn vị"."""

    code: str
    name: str
    kind: str
    gives: bool
    receives: bool
    district: str
    since: date
    until: date

    def within(self, first: date, last: date) -> bool:
        """Whether it stood on any day of the span."""
        return self.since <= last and self.until >= first


@dataclass(frozen=True)
class Campaign:
    """One row of the sheet "Đợt báo cáo"."""

    start: date
    end: date
    due: date
    forms: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Registry:
    """The sheets that decide on names, places, successors and periods. One read is one key of what is remembered."""

    versions: Sequence[Version]
    events: Mapping[date, Sequence[tuple[tuple[str, ...], str]]]
    """By day, ascending: from which codes to which one ("" for dissolved)."""
    campaigns: Mapping[int, Campaign]
    by_code: Mapping[str, Sequence[Version]] = field(default_factory=dict)
    subjects: Sequence[str] = ()
    """What the documents are about that a report is based on."""

    @cache  # noqa: B019  a run reads few registries
    def heirs(self, code: str, since: date, until: date) -> frozenset[str]:
        """Who stands for a code on the day `until`, for what happened from `since` on."""
        standing = {code}
        for when, events in self.events.items():
            if since <= when <= until:
                gone = standing & {source for sources, _ in events for source in sources}
                new = {target for sources, target in events if gone & set(sources)}
                standing = (standing - gone) | (new - {""})
        return frozenset(standing)

    def last(self, code: str, since: date, until: date) -> set[str]:
        """The heirs of a code; where nobody is left, whoever was dissolved last in its place."""
        standing = {code}
        for when in (when for when in self.events if since <= when <= until):
            standing = {heir for one in standing for heir in self.heirs(one, when, when)} or standing
        return standing

    @cache  # noqa: B019  a run reads few registries
    def kin(self, code: str, since: date, until: date) -> frozenset[str]:
        """The code with all that it became and all that became it in the span."""
        after, before = {code}, {code}
        for when, events in self.events.items():
            if since <= when <= until:
                after |= {target for sources, target in events if after & set(sources)}
        for when in reversed(self.events):
            if since <= when <= until:
                before |= {source for sources, target in self.events[when] if target in before for source in sources}
        return frozenset((after | before) - {""})

    def today(self, code: str, year: int, map_date: date) -> str:
        """The one heir of a code named in that year; itself where there is none or more than one."""
        heirs = self.heirs(code, self.campaigns[year].start, map_date)
        return next(iter(heirs)) if len(heirs) == 1 else code

    def version(self, code: str, when: date) -> Version | None:
        """What a code was on a day, else before it."""
        begun = [one for one in self.by_code.get(code, ()) if one.since <= when]
        return max(begun, key=lambda one: one.since) if begun else None

    def district(self, code: str, when: date) -> str:
        """Where a code lay on a day, or at its end before it."""
        found = self.version(code, when)
        return found.district if found else ""

    def district_today(self, code: str, year: int, map_date: date) -> str:
        """Where on the map a code lies that was named in that year."""
        heirs = self.heirs(code, self.campaigns[year].start, map_date)
        districts = {self.district(one, map_date) for one in heirs}
        return districts.pop() if len(districts) == 1 else self.district(code, map_date)

    def named(self, label: str, year: int) -> str:
        """The code behind a name of a year's list."""
        found = self.known(label, year)
        assert found, (label, year)
        return found

    @cache  # noqa: B019  a run reads few registries
    def known(self, label: str, year: int) -> str:
        """The code behind a name, told apart from its namesakes by what stands in brackets; "" for no partner."""
        period = self.campaigns[year]
        name, bracket, told = label.removesuffix(")").rpartition(" (") if label.endswith(")") else (label, "", "")
        there = [one for one in self.versions if one.within(period.start, period.end)]
        plain = {one.code for one in there if one.name == label}
        if len(plain) == 1 or not bracket:
            return plain.pop() if len(plain) == 1 else ""
        ends = {f"đến {vietnamese(one.until)}": one.code for one in there if one.name == name}
        ends |= {f"từ {vietnamese(one.since)}": one.code for one in there if one.name == name}
        ends |= {one.district: one.code for one in there if one.name == name and one.district}
        ends |= {one.code: one.code for one in there if one.name == name}
        return ends.get(told, "")

    @cache  # noqa: B019  a run reads few registries
    def owing(self, role: str, year: int) -> frozenset[str]:
        """Who has to answer in a role for a year: whoever stood in it, or whoever took its place meanwhile."""
        period = self.campaigns[year]
        found: set[str] = set()
        for one in self.versions:
            if in_role(one, role) and one.within(period.start, period.end):
                found |= self.last(one.code, period.start, period.end)
        return frozenset(found)


def vietnamese(when: date) -> str:
    """01/7/2025: a zero before a month only where it is 1 or 2."""
    return f"{when.day:02d}/{when.month:02d}/{when.year}" if when.month < 3 else f"{when:%d}/{when.month}/{when.year}"


def in_role(one: Version, role: str) -> bool:
    """Whether a version stands in the role of a form."""
    return {
        "gives": one.gives,
        "receives": one.receives,
        "both": one.gives or one.receives,
        "board": one.kind == BOARD,
    }[role]


@cache
def read_registry(path: Path) -> Registry:
    """The registry workbook."""
    book = opened_book(path.read_bytes())
    versions = [_version(line) for _, line in table_lines(book, "Đơn vị")]
    by_code: dict[str, list[Version]] = defaultdict(list)
    for one in versions:
        by_code[one.code].append(one)
    events: dict[date, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for _, line in table_lines(book, "Biến động"):
        sources = tuple(part.strip() for part in str(line.get("tu_ma", "")).split(",") if part.strip())
        target = str(line.get("den_ma", "")).strip()
        when = day(line["ngay"])
        assert when is not None
        if sources != (target,):  # a new name or kind under the old code
            events[when].append((sources, target))
    campaigns = {int(str(line["nam"])): _campaign(line) for _, line in table_lines(book, "Đợt báo cáo")}
    subjects = [str(line["trich_yeu"]) for _, line in table_lines(book, "Văn bản")]
    return Registry(versions, dict(sorted(events.items())), campaigns, dict(by_code), subjects)


def _version(line: Line) -> Version:
    return Version(
        str(line["ma"]),
        str(line["ten"]),
        str(line["loai"]),
        line["giup_do"] == YES,
        line["nhan"] == YES,
        str(line.get("huyen", "")),
        day(line.get("tu_ngay")) or date.min + DAY,
        day(line.get("den_ngay")) or date.max - DAY,
    )


def _campaign(line: Line) -> Campaign:
    start, end, due = day(line["tu_ngay"]), day(line["den_ngay"]), day(line["han_gui"])
    assert start
    assert end
    assert due
    forms = tuple(part.strip() for part in str(line["bieu"]).split(","))
    return Campaign(start, end, max(due, day(line.get("gia_han")) or due), forms)
