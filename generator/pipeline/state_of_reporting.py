"""State of reporting: who has sent what in a year, and how it is counted.

In:   rows of status, deliveries, what the register says of them. Out: StateOfReporting, Tally.
Pure. Imports pipeline.status, the stage register's records, model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from generator.model import Campaign, Delivery, Partner, Verdict
from generator.pipeline.status import StatusRow, completeness
from generator.stages.register.asking import Arrived

UNUSABLE = frozenset({Verdict.UNREADABLE, Verdict.NOT_OUR_FORM, Verdict.WRONG_PARTNER_OR_YEAR})
NOT_NAMED = "Chưa rõ loại"


@dataclass(frozen=True, slots=True)
class StateOfReporting:
    """What the sheets are made from."""

    year: int
    campaign: Campaign
    rows: tuple[StatusRow, ...]
    partners: Mapping[str, Partner]
    kinds: Mapping[str, str]
    arrived: tuple[Arrived, ...]
    deliveries: tuple[Delivery, ...]
    replies: Mapping[int, str] = field(default_factory=dict)
    """Names of the replies that lie in the year's folder, by the sequence of the delivery that they answer."""
    illustrative: bool = False

    @property
    def owed(self) -> list[StatusRow]:
        """The obligations, without what arrived beside them."""
        return [row for row in self.rows if row.due is not None]

    def kind(self, code: str) -> str:
        """What users read for the kind of a partner."""
        partner = self.partners.get(code)
        return self.kinds.get(partner.kind, partner.kind) or NOT_NAMED if partner else NOT_NAMED

    def name(self, code: str) -> str:
        """The partner's name; "" for none that is known."""
        partner = self.partners.get(code)
        return partner.name if partner else ""

    def answered(self) -> Mapping[tuple[str, str, int, str], str]:
        """The reply to the delivery that each row speaks of: by form, partner, revision and file."""
        return {
            (one.form, one.partner, one.revision, one.file): self.replies[one.sequence]
            for one in self.arrived
            if one.sequence in self.replies and not one.repeats
        }


class Tally(NamedTuple):
    """How a group of obligations stands. received = on time + late; all of them with exempt, unusable and missing
    are the obligations."""

    owed: int
    exempt: int
    received: int
    on_time: int
    late: int
    accepted: int
    warned: int
    nil: int
    waiting: int
    unusable: int
    missing: int
    received_share: Decimal | None
    """Received of those not exempt; never above 1, and 1 only when nothing is missing. None where all are exempt."""
    counted_share: Decimal | None
    """With a revision that counts, of those not exempt."""


def tally(rows: Sequence[StatusRow]) -> Tally:
    """Counts obligations by their verdicts."""

    def count(*verdicts: Verdict) -> int:
        return sum(row.verdict in verdicts for row in rows)

    done = completeness(rows)
    return Tally(
        owed=done.owed,
        exempt=done.exempt,
        received=done.received,
        on_time=done.on_time,
        late=done.late,
        accepted=count(Verdict.ACCEPTED),
        warned=count(Verdict.ACCEPTED_WITH_WARNINGS),
        nil=count(Verdict.NIL),
        waiting=done.waiting,
        unusable=count(*UNUSABLE),
        missing=count(Verdict.MISSING),
        received_share=share(done.received, done.expected),
        counted_share=share(done.counted, done.expected),
    )


def share(part: int, whole: int) -> Decimal | None:
    """The part of the whole in thousandths, rounded down: the whole only when nothing lacks. None of nothing."""
    return Decimal(part * 1_000 // whole) / 1_000 if whole else None
