"""Recount: which archived workbook counts for each partner, form and year, and what stands in it.

In:   a demo's workspace with its answer key. Out: Return and Row. Plain openpyxl, email, zipfile, json, yaml.
The answer key says which delivery counts and what decisions put in the place of what was typed; the bytes are taken
out of mail or archive as anybody would, and must lie in inputs/archive/ under their hash. No code of the project.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from email import message_from_bytes
from email.message import Message
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from recount import number, text
from recount_reading import opened_book, sheet_of
from recount_registry import Registry, lines_of, read_registry, table_lines

ANSWER_KEY = Path("outputs") / "minh-hoa" / "dap-an.json"
NUMBERS = ("integer", "money", "year")


Key = tuple[str, str, int]
"""Form, partner and year."""


@dataclass(frozen=True)
class Return:
    """A workbook that counts."""

    form: str
    partner: str
    year: int
    archived: Path
    corrected: Mapping[tuple[str, int, str], str]


@dataclass
class Row:
    """A row of a table, or all single answers of a return, with the keys that it can be grouped by."""

    form: str
    table: str
    sender: str
    year: int
    """The year that it tells of."""
    number: int
    answers: dict[str, Any]
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """The answer key: every arrival, and who was let off."""

    arrivals: Mapping[Key, Sequence[Mapping[str, Any]]]
    """As they came, by form, partner and year."""
    exempt: frozenset[Key]


@cache
def answer_key(workspace: Path) -> Told:
    """What the demo says it sent, as it came: by year and day."""
    lines = json.loads((workspace / ANSWER_KEY).read_text(encoding="utf-8"))
    arrivals: dict[Key, list[Mapping[str, Any]]] = defaultdict(list)
    for one in lines:
        if "file" in one:
            arrivals[one["form"], one["partner"], one["year"]].append(one)
    exempt = {(one["form"], one["partner"], one["year"]) for one in lines if "exempt" in one}
    return Told(dict(arrivals), frozenset(exempt))


def opened(workspace: Path, file: str) -> bytes:
    """The bytes behind a path that may lead into archives and mails."""
    steps = [*Path(file).parts]
    path = workspace / "inputs"
    while not path.is_file():
        path /= steps.pop(0)
    if not steps:
        return path.read_bytes()
    content = members(path)[steps[0]]
    for at, step in enumerate(steps[1:]):
        content = _members(content, steps[at])[step]
    return content


@cache
def members(path: Path) -> Mapping[str, bytes]:
    """What lies in an archive or hangs on a mail, by its name."""
    return _members(path.read_bytes(), path.name)


def _members(content: bytes, name: str) -> Mapping[str, bytes]:
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {each: archive.read(each) for each in archive.namelist()}
    return dict(_attached(message_from_bytes(content, policy=default)))


def _attached(mail: Message) -> Iterator[tuple[str, bytes]]:
    for part in mail.walk():
        inside = part.get_payload()
        if (name := part.get_filename()) is None:
            continue
        if isinstance(inside, list):  # a mail within the mail
            first = inside[0]
            assert isinstance(first, Message)
            yield name, first.as_bytes()
        else:
            found = part.get_payload(decode=True)
            assert isinstance(found, bytes)
            if name == "winmail.dat":
                yield from _unwrapped(found)
            else:
                yield name, found


def _unwrapped(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What Outlook wrapped: attributes one after the other, each with its length; a name stands before its content."""
    at, name = 6, ""
    while at < len(content):
        _, tag, length = struct.unpack_from("<BLL", content, at)
        body, at = content[at + 9 : at + 9 + length], at + 11 + length
        if tag == 0x00018010:
            name = body.rstrip(b"\0").decode()
        elif tag == 0x0006800F:
            yield name, body


@cache
def counted(workspace: Path) -> list[Return]:
    """The last delivery that counts of each partner, form and year, out of the archive."""
    last: dict[Key, Mapping[str, Any]] = {}
    for key, arrivals in answer_key(workspace).arrivals.items():
        for one in sorted(arrivals, key=lambda one: str(one["day"])):
            if one["counts"]:
                last[key] = one
    found = []
    for (form, partner, year), one in sorted(last.items()):
        content = opened(workspace, f"{year}/{one['file']}")
        archived = workspace / "inputs" / "archive" / hashlib.sha256(content).hexdigest()
        assert archived.read_bytes() == content
        corrected = {(table, row, name): value for table, row, name, value in one["corrected"]}
        found.append(Return(form, partner, year, archived, corrected))
    return found


@cache
def forms(folder: Path) -> Mapping[str, Any]:
    """The form definitions as a clerk reads them, by code."""
    found = (yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) for path in sorted(folder.glob("*.yaml")))
    return {one["form"]: one for one in found}


@cache
def rows(workspace: Path, map_date: date) -> Sequence[Row]:
    """Every row that counts in a report up to the day of the map, in the order of form, year, partner and row."""
    registry = read_registry(workspace / "inputs" / "registry.xlsx")
    definitions = forms(workspace / "templates" / "forms")
    found = []
    for row, sent in _counted_rows(workspace):
        keys = _keys(row, definitions[row.form], sent, registry, map_date)
        found.append(replace(row, keys=keys))
    return found


@cache
def _counted_rows(workspace: Path) -> Sequence[tuple[Row, int]]:
    """Every row that counts, not yet on any map, and the year of the return it stands in."""
    registry = read_registry(workspace / "inputs" / "registry.xlsx")
    returns = counted(workspace)
    yearly = {(one.form, one.partner, one.year) for one in returns}
    found: list[tuple[Row, int]] = []
    for one in returns:
        definition, year = forms(workspace / "templates" / "forms")[one.form], one.year
        told = _rows(one, definition, registry)
        found += [(row, year) for row in told if _counts(row, definition, year, registry, yearly)]
    return found


def _rows(one: Return, definition: Mapping[str, Any], registry: Registry) -> Iterator[Row]:
    known = {str(row[0]): row[1] for row in sheet_of(one.archived, "_KN")}
    assert (known["form"], known["partner"], int(str(known["year"]))) == (one.form, one.partner, one.year)
    singles: dict[str, Any] = {}
    for sheet in definition["sheets"]:
        if sheet["kind"] == "fields":
            columns = {each["code"]: each for each in sheet["fields"] if "repeat" not in each}
            cells = {str(row[0]): row[4] for row in sheet_of(one.archived, sheet["title"]) if len(row) > 4}
            singles |= _coded({name: cells.get(name) for name in columns}, ("", 0), columns, one, registry)
        elif sheet["kind"] == "table":
            columns = {each["code"]: each for each in sheet["columns"]}
            for row, line in lines_of(sheet_of(one.archived, sheet["title"])):
                yield Row(
                    one.form,
                    sheet["code"],
                    one.partner,
                    one.year,
                    row,
                    _coded(line, (sheet["code"], row), columns, one, registry),
                )
    yield Row(one.form, "", one.partner, one.year, 0, singles)


def _coded(
    line: Mapping[str, object],
    place: tuple[str, int],
    columns: Mapping[str, Any],
    one: Return,
    registry: Registry,
) -> dict[str, Any]:
    """Answers as codes and numbers; what a decision corrected as it says."""
    found: dict[str, Any] = {}
    for name in columns:
        typed: object = one.corrected.get((*place, name), line.get(name))
        if typed is None or typed == "":
            continue
        if (*place, name) in one.corrected and columns[name]["type"] in NUMBERS:
            found[name] = int(str(typed))
        else:
            found[name] = _code(typed, columns[name], one, registry)
    return found


def _code(typed: object, column: Mapping[str, Any], one: Return, registry: Registry) -> object:
    kind = column["type"]
    if kind in NUMBERS:
        return number(typed)
    if kind == "yes_no":
        return {"có": "co", "không": "khong"}[text(typed).casefold()]
    if kind == "partner":
        return registry.named(text(typed), one.year)
    if kind == "choice":
        choices = _choices(one.form, column["choices"])
        return choices[text(typed).casefold()]
    return unicodedata.normalize("NFC", str(typed))


@cache
def _choices(form: str, name: str) -> Mapping[str, str]:
    """Code of each label of a list."""
    shipped = Path(__file__).resolve().parents[2] / "templates" / "forms"
    listed = forms(shipped)[form]["choices"][name]
    return {(one["label"] if isinstance(one, dict) else one).casefold(): code for code, one in listed.items()}


def _counts(
    row: Row, definition: Mapping[str, Any], sent: int, registry: Registry, yearly: set[tuple[str, str, int]]
) -> bool:
    """Whether a row about a past year counts: not when the sender, or its kin, returned that year itself."""
    if "years" not in definition or "nam" not in row.answers:
        return True
    row.year = row.answers["nam"]
    end = registry.campaigns[sent].end
    kin = registry.kin(row.sender, registry.campaigns[row.year].start, end)
    sender = registry.version(row.sender, end)
    assert sender is not None
    own = "KN-01" if sender.gives else "KN-02"
    return not any((own, code, row.year) in yearly for code in kin)


def _keys(row: Row, definition: Mapping[str, Any], sent: int, registry: Registry, map_date: date) -> dict[str, str]:
    """Who gave, who received and where, as reported and restated to the map of a day; kinds by their field."""
    end = registry.campaigns[sent].end
    found = {name: str(value) for name, value in row.answers.items() if isinstance(value, str)}
    found |= {"nam": str(row.year), "don_vi": row.sender, "don_vi_nay": registry.today(row.sender, sent, map_date)}
    kinds = definition["choices"].get("loai", {})
    if row.answers.get("loai") in kinds and isinstance(kinds[row.answers["loai"]], dict):
        found["linh_vuc"] = kinds[row.answers["loai"]]["group"]
    if sent_by := registry.version(row.sender, end):
        found["loai_don_vi"] = _choices("DM-01", "loai_don_vi")[sent_by.kind.casefold()]
    sides = _sides(row, definition["role"], registry, end)
    if definition["role"] == "both":
        found["vai_tro"] = "giup" if "ben_giup" in sides else "nhan"
    for side, code in sides.items():
        if code:
            found[side], found[f"{side}_nay"] = code, registry.today(code, sent, map_date)
    if sides.get("noi_nhan"):
        about = registry.campaigns[row.year].end
        found["huyen"] = registry.district(sides["noi_nhan"], about)
        found["huyen_nay"] = registry.district_today(sides["noi_nhan"], sent, map_date)
    return {name: value for name, value in found.items() if value}


def _sides(row: Row, role: str, registry: Registry, end: date) -> dict[str, str]:
    if role == "gives":
        return {"ben_giup": row.sender, "noi_nhan": row.answers.get("xa", "")}
    if role == "receives":
        return {"noi_nhan": row.sender, "ben_giup": row.answers.get("don_vi", "")}
    if role == "both":
        sender = registry.version(row.sender, end)
        assert sender is not None
        return {"ben_giup" if sender.gives else "noi_nhan": row.sender}
    return {}


@cache
def states(workspace: Path, form: str, year: int) -> Counter[str]:
    """How many owe a form in a year, sent it in time, late, or not: out of the registry and the answer key."""
    registry, told = read_registry(workspace / "inputs" / "registry.xlsx"), answer_key(workspace)
    role = forms(workspace / "templates" / "forms")[form]["role"]
    found: Counter[str] = Counter()
    if form not in registry.campaigns[year].forms:
        return found
    extended = _extended(workspace, year)
    for code in registry.owing(role, year):
        mine = told.arrivals.get((form, code, year), ())
        due = max(registry.campaigns[year].due, extended.get((form, code), date.min))
        counts = [one for one in mine if one["counts"]]
        exempt = (form, code, year) in told.exempt
        late = bool(counts) and date.fromisoformat(min(one["day"] for one in mine)) > due
        found["phai_bao_cao"] += not (exempt and not mine)
        found["da_bao_cao"] += bool(counts)
        found["chua_tong_hop"] += not counts and not exempt
        found["dung_han"] += bool(counts) and not late
        found["muon"] += late
        found["khong_phat_sinh"] += bool(counts) and counts[-1]["verdict"] == "nil"
        found["cho_chinh_sua"] += bool(mine) and not counts
        found["chua_gui"] += not mine and not exempt
        found["duoc_mien"] += exempt and not mine
    return found


@cache
def _extended(workspace: Path, year: int) -> dict[tuple[str, str], date]:
    """The later day that the board gave to some, out of its own workbook."""
    path = workspace / "inputs" / str(year) / "quyet-dinh.xlsx"
    if not path.is_file():
        return {}
    lines = table_lines(opened_book(path.read_bytes()), "Quyết định")
    return {
        (str(line["bieu"]), str(line["don_vi"])): line["han_moi"].date()  # type: ignore[attr-defined]
        for _, line in lines
        if "han_moi" in line
    }
