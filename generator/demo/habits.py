"""How the sample partners behave: punctual, late, silent, careless; each in turn, another one every year.

In:   partners with their communes, a year, a seed. Out: the arrivals of that year and what ought to become of each.
Pure. Imports model, demo.answers, vietnamese.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generator.demo.answers import Address, Answers, nil_answers, sample_answers
from generator.model import Partner, Verdict
from generator.vietnamese.numbers import format_number

AMOUNT: Address = ("hoat_dong", 1, "gia_tri")
PRICE: Address = ("hoat_dong", 1, "don_gia")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file that a sample partner sends."""

    partner: str
    folder: str
    """Day of arrival, as the folder of that name under inputs/<year>/."""
    name: str
    answers: Answers
    year: int
    """Year of the blank that was filled; a partner may take the wrong one."""
    verdict: Verdict
    fault: str = ""
    """Code of the issue that the fault must raise."""
    torn: bool = False
    """Whether the file breaks off half-way."""


@dataclass(frozen=True, slots=True)
class _Sender:
    partner: Partner
    communes: Sequence[str]
    strangers: Sequence[str]
    """Communes that are not assigned to the partner."""
    year: int
    seed: int

    def answers(self) -> Answers:
        return sample_answers(self.partner, self.communes, self.year, self.seed)

    def arrival(
        self, answers: Answers, day: str = "17", verdict: Verdict = Verdict.ACCEPTED, suffix: str = "", fault: str = ""
    ) -> Arrival:
        name = f"{self.partner.code}-KN-01-{self.year}{suffix}.xlsx"
        return Arrival(self.partner.code, f"{self.year}-12-{day}", name, answers, self.year, verdict, fault)


def _punctual(sender: _Sender) -> Iterator[Arrival]:
    yield sender.arrival(sender.answers())


def _late(sender: _Sender) -> Iterator[Arrival]:
    yield sender.arrival(sender.answers(), day="29")


def _silent(_: _Sender) -> Iterator[Arrival]:
    yield from ()


def _nil(sender: _Sender) -> Iterator[Arrival]:
    yield sender.arrival(nil_answers(sender.partner, sender.year, sender.seed), verdict=Verdict.NIL)


def _types_words(sender: _Sender) -> Iterator[Arrival]:
    """Types amounts as people do: "12.500.000 đồng" is read as well as a number."""
    answers = sender.answers()
    amount = answers[AMOUNT]
    if isinstance(amount, int):
        answers[AMOUNT] = f"{format_number(amount)} đồng"
    yield sender.arrival(answers)


def _wrong_product(sender: _Sender) -> Answers:
    answers = sender.answers()
    price = answers[PRICE]
    answers[PRICE] = (price if isinstance(price, int) else 0) + 500_000
    return answers


def _corrects(sender: _Sender) -> Iterator[Arrival]:
    """Sends a product that does not add up, then the corrected return."""
    wrong = _wrong_product(sender)
    yield sender.arrival(wrong, "16", Verdict.WAITING_FOR_CORRECTION, fault="rule.product")
    yield sender.arrival(sender.answers(), "19", suffix="-sua")


def _waits(sender: _Sender) -> Iterator[Arrival]:
    answers = sender.answers()
    answers[AMOUNT] = "khoảng vài chục triệu"
    yield sender.arrival(answers, verdict=Verdict.WAITING_FOR_CORRECTION, fault="cell.not_a_number")


def _strays(sender: _Sender) -> Iterator[Arrival]:
    """Helps a commune that is not assigned: allowed, but a reason is asked."""
    answers = sender.answers()
    answers["hoat_dong", 1, "xa"] = sender.strangers[0]
    yield sender.arrival(answers, verdict=Verdict.ACCEPTED_WITH_WARNINGS, fault="rule.assigned")


def _tears(sender: _Sender) -> Iterator[Arrival]:
    """A file that broke off on its way, then the whole one."""
    whole = sender.arrival(sender.answers(), "18", suffix="-gui-lai")
    yield Arrival(
        whole.partner,
        f"{sender.year}-12-15",
        f"{whole.partner}-KN-01-{sender.year}.xlsx",
        whole.answers,
        sender.year,
        Verdict.UNREADABLE,
        torn=True,
    )
    yield whole


def _forgets_year(sender: _Sender) -> Iterator[Arrival]:
    """Fills last year's blank."""
    sent = sender.arrival(sender.answers())
    yield Arrival(
        sent.partner,
        sent.folder,
        sent.name,
        sent.answers,
        sender.year - 1,
        Verdict.WRONG_PARTNER_OR_YEAR,
        "delivery.wrong_year",
    )


HABITS: Mapping[str, Callable[[_Sender], Iterator[Arrival]]] = MappingProxyType(
    {
        "punctual": _punctual,
        "nil": _nil,
        "types_words": _types_words,
        "late": _late,
        "corrects": _corrects,
        "punctual_too": _punctual,
        "waits": _waits,
        "strays": _strays,
        "punctual_as_well": _punctual,
        "silent": _silent,
        "tears": _tears,
        "forgets_year": _forgets_year,
    }
)


def arrivals(
    givers: Sequence[Partner], assigned: Mapping[str, Sequence[str]], receivers: Sequence[str], year: int, seed: int
) -> tuple[Arrival, ...]:
    """Everything that arrives in a year, in the order of the partners."""
    habits = tuple(HABITS.values())
    found: list[Arrival] = []
    for number, giver in enumerate(givers):
        communes = assigned[giver.code]
        strangers = [code for code in receivers if code not in communes]
        sender = _Sender(giver, communes, strangers, year, seed)
        # the habits move on by five places a year, so that nobody is always the careless one
        found.extend(habits[(number + 5 * year) % len(habits)](sender))
    return tuple(found)
