"""How the sample partners behave: punctual, late, silent, careless; each in turn, another one every year.

In:   who sends what, in which year. Out: Conduct: the arrivals, what the board rules on them, what becomes of each.
Pure. Imports model, demo.answers, vietnamese.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from generator.demo.answers import Address, Answers
from generator.model import COUNTED, Partner, Ruling, Scalar, Verdict
from generator.vietnamese.numbers import format_number

AMOUNT: Address = ("hoat_dong", 1, "gia_tri")
PRICE: Address = ("hoat_dong", 1, "don_gia")
POOR: Address = ("", 0, "ngheo_cuoi_ky")
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Arrival:
    """One workbook that a sample partner sends."""

    form: str
    partner: str
    year: int
    """Campaign under which it arrives."""
    day: str
    """Day of arrival, YYYY-MM-DD."""
    suffix: str
    answers: Answers
    verdict: Verdict = Verdict.ACCEPTED
    """What becomes of it in the end, the board's decisions included. That the other side of a gift tells otherwise, so
    that something is asked after all, is not foreseen."""
    fault: str = ""
    """Code of the issue that the fault must raise."""
    blank_year: int = 0
    """Year of the blank that was filled, where a wrong one was taken."""
    torn: bool = False
    """Whether the file breaks off half-way."""
    sender: str = ""
    """Partner from whose address it comes, where that is another one."""

    @property
    def stem(self) -> str:
        """Name of the file without its ending."""
        return f"{self.partner}-{self.form}-{self.year}{self.suffix}"


@dataclass(frozen=True, slots=True)
class Rule:
    """What the board decides, before it is a row of its workbook."""

    form: str
    partner: str
    ruling: Ruling
    reason: str
    where: Address | None = None
    value: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Conduct:
    """What a partner did about one form in one year."""

    habit: str
    arrivals: tuple[Arrival, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether something of it stands in the report."""
        return any(one.verdict in COUNTED for one in self.arrivals)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who has to send which form."""

    form: str
    partner: Partner
    year: int
    answers: Answers
    nil: Answers
    """What it would send in a year without anything to tell."""
    stranger: str = ""
    """A commune that is not assigned to it."""
    first: bool = False
    """Whether there is no year before in which a blank was sent out."""
    early: str = ""
    """Month and day on which it had to be quick, because it was dissolved; "" for everybody else."""

    def arrival(
        self,
        answers: Answers | None = None,
        day: str = "12-17",
        suffix: str = "",
        verdict: Verdict = Verdict.ACCEPTED,
        fault: str = "",
    ) -> Arrival:
        """The return as it arrives on that day of the year."""
        told = self.answers if answers is None else answers
        arrived = f"{self.year}-{self.early or day}"
        return Arrival(self.form, self.partner.code, self.year, arrived, suffix, told, verdict, fault)

    def rule(self, ruling: Ruling, reason: str) -> Rule:
        """A decision about this return."""
        return Rule(self.form, self.partner.code, ruling, reason)


_Way = Callable[[Sender], Conduct]


def _punctual(sender: Sender) -> Conduct:
    return Conduct("punctual", (sender.arrival(),))


def _late(sender: Sender) -> Conduct:
    return Conduct("late", (sender.arrival(day="12-29"),))


def _silent(_: Sender) -> Conduct:
    return Conduct("silent")


def _nil(sender: Sender) -> Conduct:
    return Conduct("nil", (sender.arrival(sender.nil, verdict=Verdict.NIL),))


def _types_words(sender: Sender) -> Conduct:
    """Types amounts as people do: "12.500.000 đồng" is read as well as a number."""
    amount = sender.answers.get(AMOUNT)
    told: Answers = {AMOUNT: f"{format_number(amount)} đồng"} if isinstance(amount, int) else {}
    return Conduct("types_words", (sender.arrival(sender.answers | told),))


def _wrong(sender: Sender) -> tuple[Answers, str]:
    """The return with one number that does not add up, and the code of that fault."""
    where, code = (PRICE, "rule.product") if sender.form == "KN-01" else (POOR, "rule.sum")
    told = sender.answers.get(where)
    more = 500_000 if where == PRICE else 7
    return sender.answers | {where: (told if isinstance(told, int) else 0) + more}, code


def _corrects(sender: Sender) -> Conduct:
    """Sends what does not add up, then the corrected return."""
    wrong, code = _wrong(sender)
    faulty = sender.arrival(wrong, "12-16", verdict=Verdict.WAITING_FOR_CORRECTION, fault=code)
    return Conduct("corrects", (faulty, sender.arrival(day="12-19", suffix="-sua")))


def _vague(sender: Sender) -> Answers:
    return sender.answers | {AMOUNT: "khoảng vài chục triệu"}


def _waits(sender: Sender) -> Conduct:
    waits = sender.arrival(_vague(sender), verdict=Verdict.WAITING_FOR_CORRECTION, fault="cell.not_a_number")
    return Conduct("waits", (waits,))


def _strays(sender: Sender) -> Conduct:
    """Helps a commune that is not assigned: allowed, but a reason is asked."""
    if not sender.stranger:
        return _punctual(sender)
    told = sender.answers | {("hoat_dong", 1, "xa"): sender.stranger}
    return Conduct("strays", (sender.arrival(told, verdict=Verdict.ACCEPTED_WITH_WARNINGS, fault="rule.assigned"),))


def _tears(sender: Sender) -> Conduct:
    """A file that broke off on its way, then the whole one."""
    half = replace(sender.arrival(day="12-15", verdict=Verdict.UNREADABLE), torn=True)
    return Conduct("tears", (half, sender.arrival(day="12-18", suffix="-gui-lai")))


def _forgets_year(sender: Sender) -> Conduct:
    """Fills last year's blank."""
    if sender.first:
        return _late(sender)
    old = sender.arrival(verdict=Verdict.WRONG_PARTNER_OR_YEAR, fault="delivery.wrong_year")
    return Conduct("forgets_year", (replace(old, blank_year=sender.year - 1),))


def _slips(sender: Sender) -> Conduct:
    """Writes its smallest price in thousands of đồng: it adds up, but it is far from all that others cost."""
    amounts = {where: value for where, value in sender.answers.items() if where[::2] == AMOUNT[::2]}
    row = min(amounts, key=lambda where: int(str(amounts[where])), default=AMOUNT)[1]
    slip = (("hoat_dong", row, "gia_tri"), ("hoat_dong", row, "don_gia"))
    told = {where: _divided(sender.answers[where]) for where in slip if where in sender.answers}
    slipped = sender.arrival(sender.answers | told, verdict=Verdict.ACCEPTED_WITH_WARNINGS, fault="rule.peers")
    return Conduct("slips", (slipped,))


def _divided(value: Scalar) -> Scalar:
    return value // _THOUSAND if isinstance(value, int) else value


def _corrected(sender: Sender) -> Conduct:
    """Writes an amount in words that say little; asked on the telephone, and corrected by a decision."""
    rule = replace(
        sender.rule(Ruling.CORRECT, "Đã hỏi lại đơn vị qua điện thoại (minh họa)"),
        where=AMOUNT,
        value=str(sender.answers.get(AMOUNT, 0)),
    )
    return Conduct("corrected", (sender.arrival(_vague(sender), fault="cell.not_a_number"),), (rule,))


def _accepted(sender: Sender) -> Conduct:
    """Sends what does not add up and explains it; accepted by a decision."""
    wrong, code = _wrong(sender)
    rule = sender.rule(Ruling.ACCEPT, "Đơn vị đã giải trình: đơn giá gồm cả công vận chuyển (minh họa)")
    arrived = sender.arrival(wrong, verdict=Verdict.ACCEPTED_WITH_WARNINGS, fault=code)
    return Conduct("accepted", (arrived,), (rule,))


def _exempt(sender: Sender) -> Conduct:
    reason = "Đơn vị đang sắp xếp tổ chức, được miễn báo cáo kỳ này (minh họa)"
    return Conduct("exempt", (), (sender.rule(Ruling.EXEMPT, reason),))


def _extended(sender: Sender) -> Conduct:
    """Sends after the deadline, but within a day of its own."""
    reason = "Xã bị mưa lũ chia cắt, đơn vị xin lùi hạn (minh họa)"
    rule = replace(sender.rule(Ruling.EXTEND, reason), due=f"{sender.year}-12-31")
    return Conduct("extended", (sender.arrival(day="12-28"),), (rule,))


def _joint(sender: Sender) -> Conduct:
    """Told by the season, which knows the other giver."""
    return replace(_punctual(sender), habit="joint")


def _swaps(sender: Sender) -> Conduct:
    """Told by the season, which knows whose mail it went with."""
    return replace(_punctual(sender), habit="swaps")


GIVERS_HABITS: Mapping[str, _Way] = MappingProxyType(
    {
        "punctual": _punctual,
        "types_words": _types_words,
        "late": _late,
        "corrects": _corrects,
        "punctual_too": _punctual,
        "waits": _waits,
        "strays": _strays,
        "nil": _nil,
        "joint": _joint,
        "silent": _silent,
        "tears": _tears,
        "slips": _slips,
        "punctual_as_well": _punctual,
        "forgets_year": _forgets_year,
        "corrected": _corrected,
        "late_too": _late,
        "extended": _extended,
        "exempt": _exempt,
        "accepted": _accepted,
        "swaps": _swaps,
    }
)
RECEIVERS_HABITS: tuple[_Way, ...] = (
    *(_punctual, _late, _punctual, _punctual, _corrects, _punctual),
    *(_punctual, _punctual, _extended, _punctual, _punctual, _silent),
    *(_punctual, _punctual, _late, _punctual, _punctual, _tears),
    *(_punctual, _punctual, _punctual, _late, _punctual),
)
FINAL_HABITS: tuple[_Way, ...] = (_punctual, _punctual, _punctual, _late, _punctual, _silent)
"""For the form of several years."""

_FEW = 24
"""Up to so many givers everybody has a habit; of more, one in three has."""


def habit_of(number: int, year: int, count: int) -> _Way:
    """What a giver does in a year, by its number among so many; the habits move on, so that nobody is always late."""
    habits = tuple(GIVERS_HABITS.values())
    if count <= _FEW:
        return habits[(number + 7 * year) % len(habits)]
    if (number + year) % 3:
        return _punctual
    return habits[(number // 3 + 7 * year) % len(habits)]


def turn(habits: Sequence[_Way], number: int, year: int) -> _Way:
    """The habit whose turn it is."""
    return habits[(number + 5 * year) % len(habits)]
