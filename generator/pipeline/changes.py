"""Changes: the events of a period -> sentences of an official report, and the basis of comparison.

In:   registry, first and last day, the day of the map. Out: Change records, one for each event or group of one kind;
      summaries with their counts as figures; one sentence on what is compared with what.
Pure. Imports model, definitions.aggregations, vietnamese.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from generator.definitions.aggregations import OBLIGATIONS
from generator.model import Event, EventKind, Figure, Partner, Registry
from generator.vietnamese.dates import format_date
from generator.vietnamese.house import USUAL, HouseStyle

BOARD, DISTRICT_KIND, COMMUNE_KIND = "thuong_truc", "huyen", "xa"
MOST_NAMED = 4
"""A document that changes more than so many units is told by counts; the list of all changes names them."""
UNKNOWN_DOCUMENT = "chưa rõ"
SUMMARY_FIGURE = "bien_dong_tom_tat.so_don_vi"

_DAY = timedelta(days=1)
_TYPES = ("xã", "phường", "thị trấn", "đặc khu", "huyện", "thị xã", "thành phố")
_NUMBERED = re.compile(r"\b(Nghị quyết|Quyết định|Luật|Nghị định|Chỉ thị|Công văn|Kế hoạch) (?=\d)")
_ORDER = tuple(EventKind)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened on one day by one document: one merger, one split, or all events of another kind together."""

    day: date
    kind: EventKind
    before: tuple[str, ...]
    """Names as they were the day before; of a founding none."""
    after: tuple[str, ...]
    """Names from that day on; of a dissolution none."""
    document: str
    told: str
    """What happened, in words that follow "từ ngày …,"."""

    @property
    def sentence(self) -> str:
        """The whole of it: "Từ ngày 01/7/2025, sắp xếp xã A và xã B thành xã C (Nghị quyết số …)"."""
        return _sentence(self.day, self.told, self.document)

    def row(self) -> dict[str, object]:
        """What a template loops over."""
        return {"ngay": self.day, "noi_dung": self.told, "van_ban": self.document, "cau": self.sentence}


@dataclass(frozen=True, slots=True)
class Summary:
    """All changes of one day by one document in one sentence."""

    day: date
    told: str
    document: str
    printed: Mapping[Figure, str] = field(default_factory=dict)
    """The counts in it, each with its text."""

    def row(self) -> dict[str, object]:
        """What a template loops over; the same parts as a change."""
        sentence = _sentence(self.day, self.told, self.document)
        return {"ngay": self.day, "noi_dung": self.told, "van_ban": self.document, "cau": sentence}


class Versions:
    """Partners by code and day."""

    def __init__(self, partners: Iterable[Partner]) -> None:
        self._found: dict[str, list[Partner]] = {}
        for one in sorted(partners, key=lambda partner: partner.since or date.min):
            self._found.setdefault(one.code, []).append(one)

    def on(self, code: str, day: date) -> Partner | None:
        """The version of that day; outside all versions the nearest earlier one, else the first."""
        versions = self._found.get(code, ())
        begun = [one for one in versions if one.since is None or one.since <= day]
        return begun[-1] if begun else versions[0] if versions else None

    def name(self, code: str, day: date) -> str:
        """What it is called on that day; its code where it is not known."""
        found = self.on(code, day)
        return found.name if found else code

    def of(self, code: str) -> Sequence[Partner]:
        """All versions in order."""
        return self._found.get(code, ())


def names_apart(registry: Registry, start: date, end: date) -> dict[str, str]:
    """The names of partners by code, as last called in the period: "xã Trà Leng (đến 30/6/2025)" where another of
    the same name followed within it."""
    versions = Versions(registry.partners)
    names = {one.code: versions.name(one.code, end) for one in registry.partners}
    stood = {one.code for one in registry.partners if one.valid_within(start, end)}
    namesakes = Counter(names[code] for code in stood)
    for code in stood:
        last = versions.on(code, end)
        if namesakes[names[code]] > 1 and last is not None and last.until is not None and last.until < end:
            names[code] = f"{names[code]} (đến {format_date(last.until.isoformat())})"
    return names


# --- the changes ------------------------------------------------------------------------------


def changes(registry: Registry, start: date, end: date) -> tuple[Change, ...]:
    """What happened from `start` to `end` to givers, receivers, their districts and the board, in order of days.

    Events of partners that neither give nor receive are left out: a report speaks of its own.
    """
    versions, concerned = Versions(registry.partners), _concerned(registry, start, end)
    groups: dict[tuple[object, ...], list[Event]] = {}
    for event in registry.events:
        if start <= event.day <= end and not concerned.isdisjoint((*event.sources, event.target)):
            groups.setdefault(_group(event), []).append(event)
    found = [_change(events, versions) for events in groups.values()]
    return tuple(sorted(found, key=lambda one: (one.day, _ORDER.index(one.kind), one.document)))


def _concerned(registry: Registry, start: date, end: date) -> set[str]:
    """Codes of whom the report speaks, on any day from the one before the period."""
    within = [one for one in registry.partners if one.valid_within(start - _DAY, end)]
    districts = {one.district for one in within if one.receives and one.district}
    return {
        one.code
        for one in within
        if one.gives
        or one.receives
        or one.kind == BOARD
        or (one.kind == DISTRICT_KIND and _bare(one.name) in districts)
    }


def _bare(name: str) -> str:
    """A district's name without its kind: "huyện Nam Trà My" is written "Nam Trà My" beside its communes."""
    return name.removeprefix("huyện ").removeprefix("thị xã ").removeprefix("thành phố ")


def _group(event: Event) -> tuple[object, ...]:
    """Events told in one sentence: the parts of a split; everybody dissolved, founded, moved… by one document."""
    match event.kind:
        case EventKind.MERGE | EventKind.RENAME | EventKind.RETYPE:
            return event.day, event.kind, event.document, event.sources, event.target
        case EventKind.SPLIT:
            return event.day, event.kind, event.document, event.sources
        case _:
            return event.day, event.kind, event.document


def _change(events: Sequence[Event], versions: Versions) -> Change:
    first = events[0]
    day, kind, eve = first.day, first.kind, first.day - _DAY
    sources = tuple(dict.fromkeys(code for event in events for code in event.sources))
    targets = tuple(dict.fromkeys(event.target for event in events if event.target))
    before = tuple(versions.name(code, eve) for code in sources)
    after = tuple(versions.name(code, day) for code in targets)
    told = ""
    match kind:
        case EventKind.MERGE:
            told = _merged(sources, targets, versions, eve, day)
        case EventKind.SPLIT:
            told = f"chia {_listed(before)} thành {_listed(after)}"
        case EventKind.RENAME:
            told = f"{_listed(before)} đổi tên thành {_listed(after)}"
        case EventKind.RETYPE:
            told = f"{_listed(before)} chuyển thành {_listed(after)}"
        case EventKind.MOVE:
            told = _moved(sources, versions, eve, day)
        case EventKind.DISSOLVE:
            told = f"kết thúc hoạt động của {_listed(before)}"
        case EventKind.FOUND:
            told = f"thành lập {_listed(after)}"
    return Change(day, kind, before, after, cited(first.document), told)


def _merged(sources: tuple[str, ...], targets: tuple[str, ...], versions: Versions, eve: date, day: date) -> str:
    """A partner that takes in others keeps its own code; of administrative units one says "sắp xếp"."""
    target = targets[0] if targets else ""
    joined = [versions.name(code, eve) for code in sources if code != target]
    name = versions.name(target, day)
    if target in sources:
        return f"sáp nhập {_listed(joined)} vào {name}"
    kinds = {found.kind for code in sources if (found := versions.on(code, eve)) is not None}
    verb = "sắp xếp" if kinds <= {COMMUNE_KIND, DISTRICT_KIND} else "sáp nhập"
    return f"{verb} {_listed(joined)} thành {name}"


def _moved(sources: tuple[str, ...], versions: Versions, eve: date, day: date) -> str:
    """Units that went the same way together: "chuyển xã A và xã B từ huyện C về huyện D"."""
    ways: dict[tuple[str, str], list[str]] = {}
    for code in sources:
        old, new = versions.on(code, eve), versions.on(code, day)
        way = (old.district if old else "", new.district if new else "")
        ways.setdefault(way, []).append(versions.name(code, day))
    return "; ".join(_way(names, old, new) for (old, new), names in ways.items())


def _way(names: Sequence[str], old: str, new: str) -> str:
    if not new:
        return f"{_listed(names)} không còn thuộc cấp huyện" + (f" (trước là {old})" if old else "")
    return f"chuyển {_listed(names)}" + (f" từ địa bàn {old}" if old else "") + f" về địa bàn {new}"


def cited(document: str) -> str:
    """The document as prose cites it, "Nghị quyết số 1659/NQ-UBTVQH15"; "" where the registry does not know it."""
    if document.casefold().startswith(UNKNOWN_DOCUMENT):
        return ""
    return _NUMBERED.sub(r"\1 số ", document)


def _sentence(day: date, told: str, document: str) -> str:
    shown = f"Từ ngày {format_date(day.isoformat())}, {told}"
    return f"{shown} ({document})" if document else shown


def _listed(names: Sequence[str]) -> str:
    """ "A, B và C"."""
    return f"{', '.join(names[:-1])} và {names[-1]}" if len(names) > 1 else "".join(names)


# --- the summaries ----------------------------------------------------------------------------


def summaries(found: Sequence[Change], style: HouseStyle = USUAL) -> tuple[Summary, ...]:
    """The changes by day and document, each in one sentence: named when they are few, else counted by type."""
    groups: dict[tuple[date, str], list[Change]] = {}
    for one in found:
        groups.setdefault((one.day, one.document), []).append(one)
    return tuple(
        _summary(at, day, document, group, style) for at, ((day, document), group) in enumerate(groups.items(), 1)
    )


def _summary(at: int, day: date, document: str, group: Sequence[Change], style: HouseStyle) -> Summary:
    if sum(len(one.before) + len(one.after) for one in group) <= MOST_NAMED * 2:
        return Summary(day, "; ".join(one.told for one in group), document)
    printed: dict[Figure, str] = {}
    told = []
    by_kind: dict[EventKind, list[Change]] = {}
    for one in group:
        by_kind.setdefault(one.kind, []).append(one)
    for kind, members in by_kind.items():
        before = _counted(f"{at},{kind},truoc", [name for one in members for name in one.before], printed, style)
        after = _counted(f"{at},{kind},sau", [name for one in members for name in one.after], printed, style)
        told.append(_in_counts(kind, members, before, after))
    return Summary(day, "; ".join(told), document, printed)


def _in_counts(kind: EventKind, members: Sequence[Change], before: str, after: str) -> str:
    if kind is EventKind.MERGE:
        verb = "sắp xếp" if all(one.told.startswith("sắp xếp") for one in members) else "sáp nhập"
        return f"{verb} {before} thành {after}"
    return _COUNTS[kind].format(before=before, after=after)


_COUNTS: Mapping[EventKind, str] = {
    EventKind.SPLIT: "chia {before} thành {after}",
    EventKind.RENAME: "{before} đổi tên",
    EventKind.RETYPE: "{before} chuyển thành {after}",
    EventKind.MOVE: "thay đổi địa bàn trực thuộc của {before}",
    EventKind.DISSOLVE: "kết thúc hoạt động của {before}",
    EventKind.FOUND: "thành lập {after}",
}


def _counted(code: str, names: Sequence[str], printed: dict[Figure, str], style: HouseStyle) -> str:
    """ "65 xã và 07 thị trấn"; each count becomes a figure."""
    texts = []
    for at, (type_, number) in enumerate(sorted(_by_type(names).items(), key=lambda one: _rank(one[0])), 1):
        label = f"số {type_} trong biến động"
        figure = Figure(f"{SUMMARY_FIGURE}[{code},{at}]", label, number, type_, OBLIGATIONS)
        printed[figure] = style.count(number, type_)
        texts.append(printed[figure])
    return _listed(texts)


def _by_type(names: Iterable[str]) -> Counter[str]:
    return Counter(next((type_ for type_ in _TYPES if name.startswith(f"{type_} ")), "đơn vị") for name in names)


def _rank(type_: str) -> int:
    return _TYPES.index(type_) if type_ in _TYPES else len(_TYPES)


# --- the basis of comparison --------------------------------------------------------------------


def basis_of_comparison(found: Sequence[Change], map_date: date) -> str:
    """One sentence on how years before and after a change are compared; "" when nothing changed who is counted."""
    moving = [one for one in found if one.kind in (EventKind.MERGE, EventKind.SPLIT, EventKind.MOVE)]
    if not moving:
        return ""
    day = format_date(map_date.isoformat())
    shown = (
        "Để so sánh được giữa các năm, số liệu của đơn vị đã sắp xếp, sáp nhập được cộng vào đơn vị kế thừa theo địa"
        f" giới hành chính và tổ chức tại ngày {day}"
    )
    if any(one.kind is EventKind.SPLIT for one in moving):
        shown += ", số liệu của đơn vị bị chia giữ ở tên cũ"
    documents = list(dict.fromkeys(_number(one.document) for one in moving if one.document))
    return f"{shown} (theo {_listed(documents)})" if documents else shown


def _number(document: str) -> str:
    """A document without its date, which stands where the change itself is told."""
    return re.sub(r" ngày \d{1,2}/\d{1,2}/\d{4}$", "", document)


def closed_givers(registry: Registry, start: date, end: date) -> Iterator[Event]:
    """Mergers and dissolutions of the period that ended a giver."""
    versions = Versions(registry.partners)
    for event in sorted(registry.events, key=lambda one: (one.day, one.target)):
        if event.kind not in (EventKind.MERGE, EventKind.DISSOLVE) or not start <= event.day <= end:
            continue
        giving = (versions.on(code, event.day - _DAY) for code in event.sources if code != event.target)
        if any(one is not None and one.gives for one in giving):
            yield event
