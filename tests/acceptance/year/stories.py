"""Who did what: the 200 workbooks of the year, each with what must be found in it.

In:   what a person sees of each form. Out: every delivery in the order of its making.
Imports the modules beside it; nothing of the project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from year import faults, world
from year.gifts import (
    ANIMALS,
    CALLED,
    HOUSES,
    MILLION,
    MODELS,
    OWN,
    PRESENTS,
    SCHOLARSHIPS,
    STAFF,
    Gift,
    changed,
    nil_of_giver,
    paper_of_giver,
    paper_of_receiver,
    received,
    usual,
)
from year.paper import ACTIVITIES, PLAN, TOTAL_ROW, Paper, Seen
from year.sent import Fault, Sent, at

DELIVERIES = 200
SILENT = ("DV-0070", "DV-0071", "DV-0072", "DV-0073", "HU-0016", "XA-0319", "HU-0014")
EXEMPT = world.DISSOLVED
EXTENDED, EXTENDED_TO = "DV-0064", date(2025, 12, 31)
LATE = ("DV-0060", "DV-0061", "DV-0062", "DV-0063", "DV-0064", "XA-0320", "HU-0015")
LATE_DAY, LAST_DAY = at(12, 27), at(12, 20)
NIL = ("DV-0051", "DV-0052")
NIL_WITHOUT_REASON, NIL_WITH_ROWS, NOTHING = "DV-0053", "DV-0054", "DV-0055"
CORRECTED = ("DV-0031", "DV-0032", "DV-0033", "DV-0034", "DV-0035", "DV-0036")
WAITING = ("DV-0037", "DV-0038", "DV-0039", "DV-0040", "DV-0041", "DV-0042")
ACCEPTED_BY_DECISION, CORRECTED_BY_DECISION = "DV-0043", "DV-0044"
WORSE = ("DV-0049", "DV-0050")
SWAPPED = ("DV-0056", "DV-0057")
WRONG_CODE, WRONG_YEAR, WRONG_YEAR_FIRST = "DV-0058", "DV-0059", "DV-0065"
MANY_ROWS, EXTRA_COLUMN, SLIPPED, UNASSIGNED = "DV-0066", "DV-0067", "DV-0068", "DV-0069"
WARNED = ("DV-0021", "DV-0022", "DV-0023", "DV-0025", "DV-0026", "DV-0027")
OUTSIDE = "DV-0024"
JOINT = ("DV-0001", "DV-0002")
LAST_YEAR = ("DV-0005", "DV-0007", "DV-0008", "DV-0009", "DV-0010")
"""Givers whose return of 2024 counts."""
TREND, NO_SUCH_LINE, FAR_FROM_PLAN, TOLD_AGAIN, AS_PLANNED = LAST_YEAR
TWICE, TO_PREDECESSOR = "DV-0014", "DV-0013"


# --- what each side tells ----------------------------------------------------------------------------


def _present(giver: str, receiver: str, key: str, content: str, day: date, value: int, people: int) -> Gift:
    return Gift(giver, receiver, PRESENTS, content, "Hiện vật", day, STAFF, value, people=people, key=key)


def _shared(giver: str, other: str) -> Gift:
    gift = _present(
        giver, _receiver(giver), f"joint of {giver}", "Quà Tết chung cho hộ nghèo", date(2025, 1, 20), 40 * MILLION, 80
    )
    return changed(gift, with_whom=world.label(other, "gives"))


def _receiver(giver: str) -> str:
    return world.receivers_of()[giver][0]


def _models(giver: str, receiver: str, value: int) -> Gift:
    return Gift(
        giver, receiver, MODELS, "Mô hình trồng quế", "Tiền", date(2025, 11, 3), CALLED, value, households=3, people=12
    )


def _old_receiver(giver: str) -> str:
    """The commune of before the reform that was assigned to a giver."""
    return next(receiver for one, receiver, _, _ in world.assignments() if one == giver)


def _one_of_many(number: int) -> Gift:
    day = date(2025, 1, 1) + timedelta(days=number)
    receiver = _receiver(MANY_ROWS)
    return _present(MANY_ROWS, receiver, "many", f"Quà cho hộ số {number}", day, 1_000_000 + number, 2)


MANY = tuple(map(_one_of_many, range(1, 111)))


def _slipped(gifts: list[Gift]) -> list[Gift]:
    """Houses in thousands of đồng among four usual rows."""
    receiver = _receiver(SLIPPED)
    houses = changed(gifts[0], price=60_000, amount=1, value=60_000, households=1, people=4)
    more = [
        _present(SLIPPED, receiver, f"present {n}", f"Quà đợt {n}", date(2025, n, 2), n * 90 * MILLION, 50)
        for n in (1, 2, 3)
    ]
    return [houses, *gifts[1:], *more]


TOLD_BEFORE = Gift(
    TOLD_AGAIN,
    _old_receiver(TOLD_AGAIN),
    HOUSES,
    "Sửa 1 nhà dột",
    "Tiền",
    date(2024, 11, 5),
    OWN,
    55 * MILLION,
    households=1,
    people=4,
    key="told before",
)
"""A gift of last year's return that is told again."""

GIVER_SAYS: Mapping[str, Callable[[list[Gift]], list[Gift]]] = {
    JOINT[0]: lambda gifts: [*gifts, _shared(JOINT[0], JOINT[1])],
    JOINT[1]: lambda gifts: [*gifts, _shared(JOINT[1], JOINT[0])],
    TO_PREDECESSOR: lambda gifts: [changed(gifts[0], receiver=_old_receiver(TO_PREDECESSOR)), *gifts[1:]],
    TWICE: lambda gifts: [*gifts, changed(gifts[0], key="once more")],
    OUTSIDE: lambda gifts: [changed(gifts[0], day=date(2024, 11, 20)), *gifts[1:]],
    MANY_ROWS: lambda gifts: [*gifts, *MANY],
    SLIPPED: _slipped,
    UNASSIGNED: lambda gifts: [*gifts, _models(UNASSIGNED, "XA-0298", 30 * MILLION)],
    NO_SUCH_LINE: lambda gifts: [changed(gifts[0], plan_line=7), *gifts[1:]],
    FAR_FROM_PLAN: lambda gifts: [changed(gifts[0], plan_line=1), *gifts[1:]],
    AS_PLANNED: lambda gifts: [changed(gifts[0], plan_line=1), *gifts[1:]],
    TOLD_AGAIN: lambda gifts: [*gifts, TOLD_BEFORE],
    **dict.fromkeys((*NIL, NOTHING, NIL_WITHOUT_REASON), lambda _: []),
}


def told_by_giver(giver: str) -> list[Gift]:
    """The rows that the giver types when it makes no slip but its own."""
    gifts = list(usual()[giver])
    return GIVER_SAYS[giver](gifts) if giver in GIVER_SAYS else gifts


RECEIVER_SAYS: Mapping[tuple[str, str], Callable[[Gift], list[Gift]]] = {
    ("DV-0003", HOUSES): lambda gift: [changed(gift, value=(gift.value or 0) * 9 // 10)],
    ("DV-0004", SCHOLARSHIPS): lambda gift: [changed(gift, people=(gift.people or 0) - 1)],
    ("DV-0006", ANIMALS): lambda gift: [changed(gift, day=gift.day + timedelta(days=60))],
    ("DV-0011", SCHOLARSHIPS): lambda _: [],
    ("DV-0012", HOUSES): lambda gift: [gift, _models(gift.giver, gift.receiver, 7_700_000)],
    (JOINT[0], HOUSES): lambda gift: [gift, _shared(JOINT[0], JOINT[1])],
    (MANY_ROWS, HOUSES): lambda gift: [
        gift,
        changed(MANY[0], content="Quà cho các hộ, nhiều đợt", value=sum(one.value or 0 for one in MANY), people=220),
    ],
    (SLIPPED, HOUSES): lambda gift: [gift, *_slipped([gift])[1:]],
    **{(giver, kind): lambda _: [] for giver in (*NIL, NOTHING, NIL_WITHOUT_REASON) for kind in (HOUSES, SCHOLARSHIPS)},
}
"""What receivers tell otherwise than the giver, by giver and kind."""


def told_by_receiver(receiver: str) -> list[Gift]:
    """The rows that the receiver types when it makes no slip."""
    found: list[Gift] = []
    for gift in received(receiver):
        found += RECEIVER_SAYS.get((gift.giver, gift.kind), lambda one: [one])(gift)
    return found


# --- one return after the other ------------------------------------------------------------------------


class Stories:
    """All that was sent, as it is told below."""

    def __init__(self, looks: Mapping[str, Seen]) -> None:
        self.looks = looks
        self.sent: list[Sent] = []

    def giver(self, code: str) -> Sent:
        """A giver's return without a slip of its own."""
        gifts = told_by_giver(code)
        paper = paper_of_giver(code, gifts) if gifts else nil_of_giver(code)
        found = [Fault(name, ACTIVITIES, self._cell(heading, row)) for name, heading, row in _own_faults(code, gifts)]
        return Sent("KN-01", code, self._day(code), paper, found, gifts=gifts, nil=not gifts)

    def receiver(self, code: str) -> Sent:
        """A receiver's return."""
        gifts = told_by_receiver(code)
        return Sent("KN-02", code, self._day(code), paper_of_receiver(code, gifts), gifts=gifts, nil=not gifts)

    def add(self, sent: Sent) -> Sent:
        """Sends it."""
        self.sent.append(sent)
        return sent

    def slipped(self, sent: Sent, slip: faults.Slip) -> Sent:
        """The return with one more slip."""
        assert sent.paper is not None
        sent.faults += slip(sent.paper, self.looks[sent.form])
        return sent

    def _cell(self, heading: str, row: int) -> str:
        looks = self.looks["KN-01"]
        return looks.cell(ACTIVITIES, heading, row) if row else f"{looks.columns[ACTIVITIES, heading]}{TOTAL_ROW}"

    @staticmethod
    def _day(code: str) -> datetime:
        return LATE_DAY if code in LATE else at(12, 1) + timedelta(days=int(code[3:]) % 14)


def _own_faults(code: str, gifts: list[Gift]) -> Iterator[tuple[str, str, int]]:
    """What must be told of the rows that some givers type: code, heading, row (0: the total above them)."""
    last = len(gifts)
    yield from {
        TWICE: [("rule.unique", "Thời gian", last)],
        OUTSIDE: [("rule.within_period", "Thời gian", 1)],
        SLIPPED: [("rule.peers", "Giá trị", 1)],
        UNASSIGNED: [("rule.assigned", "Xã", last)],
        NO_SUCH_LINE: [("rule.plan_line", "Dòng kế hoạch", 1)],
        FAR_FROM_PLAN: [("rule.plan_value", "Giá trị", 1)],
        TOLD_AGAIN: [("rule.within_period", "Thời gian", last), ("rule.repeated", "Thời gian", last)],
        TREND: [("rule.trend", "Giá trị", 0)],
    }.get(code, [])


def last_year() -> list[Paper]:
    """The returns of 2024 that count: a plan of three lines, and something given."""
    found = []
    for giver in LAST_YEAR:
        receiver = _old_receiver(giver)
        value = MILLION if giver == TREND else 55 * MILLION
        gift = changed(TOLD_BEFORE, giver=giver, receiver=receiver, value=value)
        paper = paper_of_giver(giver, [])
        paper.rows = {
            ACTIVITIES: [{**gift.row_of_giver(), "Xã": world.versions()[receiver].name}],
            PLAN: [
                {
                    "Nội dung": f"Việc {line}",
                    "Xã": world.versions()[receiver].name,
                    "Loại hoạt động": HOUSES,
                    "Giá trị dự kiến": planned,
                }
                for line, planned in enumerate(
                    (3 * MILLION if giver == FAR_FROM_PLAN else 100 * MILLION, 5 * MILLION, 9 * MILLION), 1
                )
            ],
        }
        paper.singles["Triển khai", "Ngày kế hoạch"] = date(2024, 2, 20)
        found.append(paper)
    return found
