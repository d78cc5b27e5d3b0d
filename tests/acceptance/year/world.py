"""The world of the year: 80 givers, 65 communes, 15 districts, what happens to them, and who therefore owes what.

In:   the reviewed CSV of the shipped map. Out: the registry as an officer retypes it; obligations by plain rules.
Imports csv and openpyxl; nothing of the project.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

YEAR = 2025
START, END, DEADLINE = date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20)
REFORM = date(2025, 7, 1)
"""The day on which communes were merged and the district level ended."""
CSV_FOLDER = Path(__file__).resolve().parents[3] / "templates" / "registry"
HEAD_ROW, FIRST_ROW = 9, 12
"""Where the registry's tables have their headings and begin, as anybody sees who opens it."""

KINDS = (
    ("Sở, ban, ngành", "Sở"),
    ("Đơn vị sự nghiệp", "Đơn vị sự nghiệp"),
    ("Hội, đoàn thể", "Hội"),
    ("Doanh nghiệp", "Doanh nghiệp"),
    ("Lực lượng vũ trang", "Đơn vị vũ trang"),
)
BY_THEMSELVES = ("HU-0013", "HU-0017")
"""Districts that this year's board leaves out: they organise their own help."""
BOARD = "TT-0001"


@dataclass(frozen=True, slots=True)
class Version:
    """A partner as it stood from one day to another; None: open."""

    code: str
    name: str
    kind: str
    gives: bool
    receives: bool
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of partners on a day; no heirs: dissolved."""

    day: date
    kind: str
    sources: tuple[str, ...]
    heirs: tuple[str, ...]


# --- the givers: what happens to them is invented --------------------------------------------------

MERGED, MERGED_INTO = ("DV-0076", "DV-0077"), "DV-0081"
DISSOLVED, CLOSED_BEFORE, SPLIT, FOUNDED, RENAMED = "DV-0078", "DV-0079", "DV-0080", "DV-0082", "DV-0075"
PARTS = ("DV-0083", "DV-0084")
CHANGES = (
    Change(date(2024, 12, 1), "Giải thể", (CLOSED_BEFORE,), ()),
    Change(date(2025, 3, 1), "Sáp nhập", MERGED, (MERGED_INTO,)),
    Change(date(2025, 4, 1), "Đổi tên", (RENAMED,), (RENAMED,)),
    Change(date(2025, 5, 1), "Giải thể", (DISSOLVED,), ()),
    Change(date(2025, 6, 1), "Thành lập mới", (), (FOUNDED,)),
    Change(date(2025, 8, 1), "Chia", (SPLIT,), PARTS),
)


def giver_name(number: int) -> str:
    """An invented name that says that it is invented."""
    return f"{KINDS[number % len(KINDS)][1]} (minh họa) {number:02}"


@cache
def givers() -> tuple[Version, ...]:
    """Every version of every invented giver."""
    ends = {source: change.day for change in CHANGES for source in change.sources if source not in change.heirs}
    begins = {heir: change.day for change in CHANGES for heir in change.heirs if heir not in change.sources}
    found = []
    for number in range(1, 85):
        code, kind = f"DV-{number:04}", KINDS[number % len(KINDS)][0]
        until = ends[code] - timedelta(days=1) if code in ends else None
        version = Version(code, giver_name(number), kind, True, False, begins.get(code), until)
        if code == RENAMED:
            day = next(change.day for change in CHANGES if change.heirs == (code,))
            found.append(Version(code, version.name, kind, True, False, None, day - timedelta(days=1)))
            version = Version(code, f"{version.name} (đổi tên)", kind, True, False, day, None)
        found.append(version)
    return tuple(found)


# --- the map: as shipped -----------------------------------------------------------------------------


@cache
def _shipped(name: str) -> tuple[Mapping[str, str], ...]:
    with (CSV_FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return tuple(csv.DictReader(stream))


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None


@cache
def shipped_partners() -> tuple[Version, ...]:
    """Communes, districts and the board, with their roles of this year."""
    return tuple(
        Version(
            row["ma"],
            row["ten"],
            row["loai"],
            row["giup_do"] == "Có" and row["ma"] not in BY_THEMSELVES,
            row["nhan"] == "Có" and row["ma"] not in BY_THEMSELVES,
            _day(row["tu_ngay"]),
            _day(row["den_ngay"]),
        )
        for row in _shipped("partners")
        if not row["ma"].startswith("DV-")
    )


@cache
def old_communes() -> tuple[Version, ...]:
    """The 65 receiving communes of before 1-7-2025, in the order of the registry."""
    last = REFORM - timedelta(days=1)
    return tuple(one for one in shipped_partners() if one.code.startswith("XA-") and one.receives and one.until == last)


@cache
def changes() -> tuple[Change, ...]:
    """All that ended a partner: the invented ones, then those of the shipped map."""
    told = {"sap_nhap": "Sáp nhập", "chia": "Chia", "giai_the": "Giải thể"}
    shipped = (
        Change(
            date.fromisoformat(row["ngay"]),
            told[row["loai"]],
            tuple(code.strip() for code in row["tu_ma"].split(",")),
            (row["den_ma"],) if row["den_ma"] else (),
        )
        for row in _shipped("events")
        if row["loai"] in told and not row["tu_ma"].startswith("DV-")
    )
    return (*CHANGES, *shipped)


def answers_for(code: str) -> tuple[str, ...]:
    """Who answers for a partner after what happened within the period: its last heirs, itself when it has none."""
    for change in changes():
        if START <= change.day <= END and code in change.sources and code not in change.heirs:
            return tuple(last for heir in change.heirs for last in answers_for(heir)) or (code,)
    return (code,)


def _in_period(one: Version) -> bool:
    return (one.since is None or one.since <= END) and (one.until is None or one.until >= START)


@cache
def versions() -> Mapping[str, Version]:
    """The last version of each partner that stood on a day of the period."""
    found: dict[str, Version] = {}
    for one in (*givers(), *shipped_partners()):
        if _in_period(one):
            found[one.code] = one
    return found


def owing(role: str) -> list[str]:
    """Codes of those who owe a form in a role: who stood in it and was not succeeded, and the heirs of the others."""
    found: set[str] = set()
    for one in (*givers(), *shipped_partners()):
        if getattr(one, role) and _in_period(one):
            found.update(answers_for(one.code))
    return sorted(found)


def owed() -> list[tuple[str, str]]:
    """(form, partner) of every obligation of the year."""
    return [
        *(("KN-01", code) for code in owing("gives")),
        *(("KN-02", code) for code in owing("receives")),
        ("KN-00", BOARD),
    ]


# --- who is assigned to whom --------------------------------------------------------------------------


@cache
def assignments() -> tuple[tuple[str, str, date, date | None], ...]:
    """Giver, receiver, from, to: every old commune has a giver, some have two; districts as shipped."""
    communes, since = old_communes(), date(2020, 4, 16)
    ends = {one.code: one.until for one in givers()}
    found: list[tuple[str, str, date, date | None]] = []
    for number in range(1, 81):
        code, commune = f"DV-{number:04}", communes[(number - 1) % len(communes)]
        assert commune.until is not None
        found.append((code, commune.code, since, min(ends[code] or commune.until, commune.until)))
    founded = next(one for one in givers() if one.code == FOUNDED)
    found.append((FOUNDED, communes[20].code, founded.since or since, communes[20].until))
    leave_out = set(BY_THEMSELVES)
    found += [
        (row["don_vi"], row["xa"], since, _day(row["den_ngay"]))
        for row in _shipped("assignments")
        if row["don_vi"].startswith("HU-") and not leave_out & {row["don_vi"], row["xa"]}
    ]
    return tuple(found)


@cache
def receivers_of() -> Mapping[str, tuple[str, ...]]:
    """Whoever stands at the end of the period for the receivers of each giver that stands then."""
    found: dict[str, dict[str, None]] = {}
    for giver, receiver, _, until in assignments():
        if until is not None and until < START:
            continue
        for owner in answers_for(giver):
            found.setdefault(owner, {}).update(dict.fromkeys(answers_for(receiver)))
    return {owner: tuple(several) for owner, several in found.items()}


def label(code: str, role: str) -> str:
    """What a list of the blank calls a partner: its name, and from or until when where a namesake is listed too.

    `role` is "gives" for the list of givers, "receives" for that of receivers.
    """
    version = versions()[code]
    if sum(one.name == version.name and getattr(one, role) for one in versions().values()) == 1:
        return version.name
    if version.until and version.until < END:
        return f"{version.name} (đến {_shown(version.until)})"
    return f"{version.name} (từ {_shown(version.since or START)})"


def _shown(day: date) -> str:
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"{day.day:02}/{month}/{day.year}"


# --- the registry, retyped ------------------------------------------------------------------------------


def address_of(code: str) -> str:
    """The mail address of a partner; nobody lives there."""
    return f"{code.lower()}@minhhoa.example"


def write_registry(path: Path, *, early: bool = False) -> None:
    """Retypes the registry as an officer does; `early`: as it stood in January 2025, before this year's changes."""
    book = openpyxl.load_workbook(path)
    _write(book["Đơn vị"], _partner_rows(book["Đơn vị"], early=early))
    _write(book["Phân công"], _assignment_rows(early=early))
    _write(book["Biến động"], _event_rows(book["Biến động"], early=early))
    book.save(path)


def _columns(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[HEAD_ROW] if cell.value}


def _read(sheet: Worksheet) -> Iterator[dict[str, Any]]:
    columns = _columns(sheet)
    for row in range(FIRST_ROW, sheet.max_row):
        answers = {name: sheet.cell(row, at).value for name, at in columns.items() if name != "TT"}
        if sheet.cell(row, 1).value:
            return
        if any(value not in (None, "") for value in answers.values()):
            yield answers


def _write(sheet: Worksheet, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = {name: at for name, at in _columns(sheet).items() if name != "TT"}
    end = next(row for row in range(FIRST_ROW, sheet.max_row + 1) if sheet.cell(row, 1).value)
    assert len(rows) < end - FIRST_ROW
    for at in range(end - FIRST_ROW):
        answers = rows[at] if at < len(rows) else {}
        assert answers.keys() <= columns.keys()
        for name, column in columns.items():
            sheet.cell(FIRST_ROW + at, column).value = answers.get(name)


def _partner_rows(sheet: Worksheet, *, early: bool) -> list[dict[str, Any]]:
    found = [_giver_row(one) for one in (_early_givers() if early else givers())]
    live = {one.code for one in versions().values() if one.gives or one.receives}
    for row in _read(sheet):
        code, since, until = row["Mã"], row["Từ ngày"], row["Đến ngày"]
        if code.startswith("DV-"):
            continue
        if code in BY_THEMSELVES:
            row["Giúp đỡ"] = row["Nhận"] = "Không"
        if code in live:
            row["Thư điện tử"] = address_of(code)
        if early and since and since.date() > START + timedelta(days=30):
            continue
        if early and until and until.date() >= REFORM - timedelta(days=1):
            row["Đến ngày"] = None
        if not (early and code == BOARD and since):
            found.append(row)
    if early:
        for row in found:
            if row["Mã"] == BOARD:
                row["Đến ngày"] = None
    return found


def _giver_row(one: Version) -> dict[str, Any]:
    return {
        "Mã": one.code,
        "Tên": one.name,
        "Loại": one.kind,
        "Giúp đỡ": "Có",
        "Nhận": "Không",
        "Từ ngày": one.since,
        "Đến ngày": one.until,
        "Thư điện tử": address_of(one.code),
        "Nguồn": "Minh họa, không phải đơn vị thật",
    }


def _early_givers() -> Iterable[Version]:
    for number in range(1, 81):
        code = f"DV-{number:04}"
        yield Version(code, giver_name(number), KINDS[number % len(KINDS)][0], True, False)


def _assignment_rows(*, early: bool) -> list[dict[str, Any]]:
    told = [one for one in assignments() if not (early and one[0] == FOUNDED)]
    return [
        {
            "Mã đơn vị giúp đỡ": giver,
            "Mã xã nhận": receiver,
            "Từ ngày": since,
            "Đến ngày": None if early and until and until > date(2025, 1, 1) else until,
            "Quyết định": "Quyết định phân công (minh họa)",
        }
        for giver, receiver, since, until in told
        if not (early and until and until < START)
    ]


def _event_rows(sheet: Worksheet, *, early: bool) -> list[dict[str, Any]]:
    kept = [row for row in _read(sheet) if not str(row["Từ các mã"] or "").startswith("DV-")]
    if early:
        return [row for row in kept if row["Ngày"].date() <= date(2025, 1, 1)]
    return kept + [
        {
            "Ngày": change.day,
            "Loại biến động": change.kind,
            "Từ các mã": ", ".join(change.sources) or None,
            "Thành mã": heir or None,
            "Văn bản": "Quyết định (minh họa)",
        }
        for change in CHANGES
        for heir in change.heirs or ("",)
    ]
