"""What the year must end with: states, issues and totals, by plain rules from what was typed and sent.

In:   every delivery, in any order. Out: the state of each obligation, what must be told of it, sums to the đồng.
Imports the modules beside it; nothing of the project.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from year import stories, world
from year.gifts import KIND_CODES, SOURCE_CODES, Gift
from year.paper import ACTIVITIES, GENERAL, RECEIVED, Seen
from year.sent import Fault, Sent

COUNTED = frozenset({"accepted", "accepted_with_warnings", "nil"})
FILED = COUNTED | {"waiting_for_correction"}
KEY = tuple[str, str]
TABLES: Mapping[str, str] = {"KN-01": ACTIVITIES, "KN-02": RECEIVED}


@dataclass
class State:
    """Where an obligation ends."""

    form: str
    partner: str
    due: date
    verdict: str = "missing"
    revision: int = 0
    first: datetime | None = None
    current: Sent | None = None
    counted: Sent | None = None
    told: list[Fault] = field(default_factory=list)
    """What is told of the current revision, in the end."""

    @property
    def late(self) -> bool:
        """Whether the first revision came after its day."""
        return self.first is not None and self.first.date() > self.due


def states(sent: Sequence[Sent], looks: Mapping[str, Seen]) -> dict[KEY, State]:
    """The state of every obligation; numbers the revisions on the way."""
    found = {}
    for form, partner in world.owed():
        due = stories.EXTENDED_TO if partner == stories.EXTENDED else world.DEADLINE
        found[form, partner] = State(form, partner, due)
    for one in sorted(sent, key=lambda each: each.received):
        if (one.form, one.partner) in found:
            _take(found[one.form, one.partner], one)
    _decide(found, looks)
    for state in found.values():
        if state.current is not None and state.partner not in DECIDED:
            state.told = list(state.current.faults)
    _compare(found, looks)
    for state in found.values():
        # what only the comparison warns of makes an accepted return one with warnings
        if state.verdict == "accepted" and any(one.severity == "warning" for one in state.told):
            state.verdict = "accepted_with_warnings"
    return found


def _take(state: State, one: Sent) -> None:
    if one.stands not in FILED:
        if not state.revision:
            state.verdict, state.current = one.stands, one
        return
    if one.repeats is not None:
        one.revision = one.repeats.revision
        return
    state.revision += 1
    one.revision = state.revision
    state.first = state.first or one.received
    state.verdict, state.current = one.stands, one
    if one.stands in COUNTED:
        state.counted = one


# --- decisions -------------------------------------------------------------------------------------------

ACCEPTED, RIGHT = stories.ACCEPTED_BY_DECISION, stories.CORRECTED_BY_DECISION
DECIDED = frozenset({ACCEPTED, RIGHT})


def decisions(looks: Mapping[str, Seen]) -> list[dict[str, object]]:
    """The rows that the officer writes, by the headings of the workbook of decisions."""
    look, day = looks["KN-01"], {"Người quyết định": "Trưởng phòng (minh họa)", "Ngày": date(2026, 1, 5)}
    value = stories.told_by_giver(RIGHT)[0].value
    return [
        {"Mã đơn vị": ACCEPTED, "Biểu": "KN-01", "Quyết định": "Chấp nhận", "Lý do": "Đã hỏi qua điện thoại", **day},
        {
            "Mã đơn vị": RIGHT, "Biểu": "KN-01", "Quyết định": "Sửa số liệu", "Trang": ACTIVITIES,
            "Ô": look.cell(ACTIVITIES, "Giá trị", 1), "Giá trị mới": str(value), "Lý do": "Cộng nhầm", **day,
        },
        {"Mã đơn vị": stories.EXEMPT, "Biểu": "KN-01", "Quyết định": "Miễn báo cáo", "Lý do": "Đã giải thể", **day},
        {
            "Mã đơn vị": stories.EXTENDED, "Biểu": "KN-01", "Quyết định": "Gia hạn",
            "Hạn mới": stories.EXTENDED_TO, "Lý do": "Bão lũ", **day,
        },
    ]  # fmt: skip


def _decide(found: Mapping[KEY, State], looks: Mapping[str, Seen]) -> None:
    exempt = found["KN-01", stories.EXEMPT]
    exempt.verdict = "exempt"
    accepted, right = found["KN-01", ACCEPTED], found["KN-01", RIGHT]
    accepted.verdict, accepted.counted = "accepted_with_warnings", accepted.current
    right.verdict, right.counted = "accepted", right.current
    assert accepted.current is not None
    let_in = [one._replace(noted=True) for one in accepted.current.faults]
    accepted.told = [Fault("decision.accepted"), *let_in]
    right.told = [Fault("decision.corrected", ACTIVITIES, looks["KN-01"].cell(ACTIVITIES, "Giá trị", 1))]


# --- both sides of a gift --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A gift as it stands in a return that counts."""

    state: State
    gift: Gift
    number: int
    value_cell: str
    """Where the value stands; where none was typed, where the row begins."""


def rows(found: Mapping[KEY, State], form: str, looks: Mapping[str, Seen]) -> Iterator[Row]:
    """Every row of help in the returns of a form that count."""
    for state in found.values():
        if state.form != form or state.counted is None or state.counted.paper is None:
            continue
        title, look = TABLES[form], looks[form]
        first = "Thời gian" if form == "KN-01" else "Đơn vị kết nghĩa"
        for number, gift in enumerate(state.counted.gifts, start=1):
            heading = first if gift.value is None else "Giá trị"
            yield Row(state, gift, number, state.counted.paper.moved(title, look.cell(title, heading, number)))


def _known_as(gift: Gift) -> tuple[str, str, str]:
    giver, receiver, what = gift.known_as
    return giver, world.answers_for(receiver)[0], what


def _compare(found: Mapping[KEY, State], looks: Mapping[str, Seen]) -> None:
    given, received = defaultdict(list), defaultdict(list)
    for row in rows(found, "KN-01", looks):
        given[_known_as(row.gift)].append(row)
    for row in rows(found, "KN-02", looks):
        received[_known_as(row.gift)].append(row)
    for key in {**given, **received}:
        ours, theirs = given[key], received[key]
        if ours and theirs:
            code = _difference(ours, theirs)
            if code:
                _tell(ours[0], code)
                _tell(theirs[0], code)
            continue
        other = found["KN-02", key[1]] if ours else found["KN-01", key[0]]
        if other.counted is not None:
            for row in ours or theirs:
                _tell(row, "between.only_given" if ours else "between.only_received")
    joint = [row for several in given.values() for row in several if row.gift.with_whom]
    assert len(joint) == 2
    slipped = [row for several in given.values() for row in several if row.gift.price == 60_000]
    assert len(slipped) == 1
    for row in joint:
        _tell(row, "between.joint_gift")
    _tell(slipped[0], "between.unlike_peers", _price_cell(slipped[0], looks))


def _price_cell(row: Row, looks: Mapping[str, Seen]) -> str:
    title, paper = TABLES[row.state.form], row.state.counted and row.state.counted.paper
    assert paper is not None
    return paper.moved(title, looks[row.state.form].cell(title, "Đơn giá", row.number))


def _tell(row: Row, code: str, cell: str = "") -> None:
    if row.state.counted is row.state.current:
        row.state.told.append(Fault(code, TABLES[row.state.form], cell or row.value_cell))


def _difference(ours: Sequence[Row], theirs: Sequence[Row]) -> str:
    first, second = [row.gift for row in ours], [row.gift for row in theirs]
    one, other = _sum(first, "value"), _sum(second, "value")
    if one is not None and other is not None and abs(one - other) > max(1000, max(one, other) // 100):
        return "between.value_differs"
    days = first[0].day, second[0].day
    apart = (
        len(first) == len(second) and all(isinstance(day, date) for day in days) and abs((days[0] - days[1]).days) > 45
    )
    counts = any(_sum(first, name) != _sum(second, name) for name in ("households", "people"))
    return "between.differs" if apart or counts else ""


def _sum(gifts: Sequence[Gift], name: str) -> int | None:
    known = [getattr(gift, name) for gift in gifts if getattr(gift, name) is not None]
    return sum(known) if known else None


# --- sums ------------------------------------------------------------------------------------------------


@dataclass
class Sums:
    """What was given, in đồng: the giver's side counts."""

    total: int = 0
    givers: Counter[str] = field(default_factory=Counter)
    receivers: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    households: int = 0
    people: int = 0


def sums(found: Mapping[KEY, State], looks: Mapping[str, Seen], form: str = "KN-01") -> Sums:
    """The sums of one side; the two sides are never added."""
    done = Sums()
    for row in rows(found, form, looks):
        gift, value = row.gift, row.gift.value or 0
        done.total += value
        done.givers[gift.giver] += value
        done.receivers[gift.receiver] += value
        done.kinds[KIND_CODES[gift.kind]] += value
        done.sources[SOURCE_CODES[gift.source]] += value
        done.households += gift.households or 0
        done.people += gift.people or 0
    return done


PREFILLED = ("Mã đơn vị", "Tên đơn vị", "Tên xã, huyện", "Tên cơ quan thường trực", "Năm báo cáo", "Kỳ báo cáo")


def own_cells(one: Sent, look: Seen) -> set[tuple[str, str]]:
    """Every cell of the file that must come out: what was typed, and who and when was printed."""
    assert one.paper is not None
    printed = {
        (GENERAL, cell) for (title, label), cell in look.fields.items() if title == GENERAL and label in PREFILLED
    }
    return one.paper.places(look) | printed
