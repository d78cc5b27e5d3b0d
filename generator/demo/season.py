"""A year of the demo: who owes what, what everybody did and needs, and so everything that arrives.

In:   the registry, the years, a seed. Out: Season by year: arrivals and the board's decisions.
Pure. Imports model, lineage, the stage obligations, pipeline.context and the modules of demo that invent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from generator.demo.answers import REFORM, Answers, nil_answers, rows_of, sample_answers
from generator.demo.board import board_answers
from generator.demo.communes import State, merged, states
from generator.demo.five_years import Totals, five_year_answers
from generator.demo.habits import (
    FINAL_HABITS,
    RECEIVERS_HABITS,
    Arrival,
    Conduct,
    Rule,
    Sender,
    habit_of,
    turn,
)
from generator.demo.received import Gift, received_answers
from generator.lineage import Lineage
from generator.model import COUNTED, Campaign, Partner, Registry, Ruling, Scalar, Verdict
from generator.pipeline.context import receivers_givers
from generator.stages.obligations import campaign_of, obligations

GIVES, RECEIVES, BOARD, FINAL = "KN-01", "KN-02", "KN-00", "KN-03"
_ASSIGNED_SINCE = date(2020, 4, 16)
_BEFORE_DISSOLUTION = "06-24"
_DISSOLVED = "Huyện kết thúc hoạt động từ 01/7/2025 (minh họa)"


@dataclass(frozen=True, slots=True)
class Season:
    """Everything that happened to one campaign."""

    campaign: Campaign
    conducts: tuple[Conduct, ...]

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """Every workbook, in the order of forms and partners."""
        return tuple(one for conduct in self.conducts for one in conduct.arrivals)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every decision, in the same order."""
        return tuple(one for conduct in self.conducts for one in conduct.rules)


def seasons(registry: Registry, years: Sequence[int], seed: int, fields: Mapping[str, str]) -> tuple[Season, ...]:
    """All years in order; `fields` is the field of each kind of help. The same arguments give the same seasons."""
    invented = _Invention(registry, tuple(years), seed, fields)
    return tuple(invented.season(year) for year in years)


@dataclass
class _Invention:
    """What is known of all years while they are invented one after the other."""

    registry: Registry
    years: tuple[int, ...]
    seed: int
    fields: Mapping[str, str]

    def __post_init__(self) -> None:
        self.lineage = Lineage(self.registry.events)
        self.helped: dict[str, dict[str, None]] = defaultdict(dict)
        for one in self.registry.assignments:
            self.helped[one.giver][one.receiver] = None
        self.truth: dict[tuple[str, int], Answers] = {}
        """What each giver really did in a year, whatever it sent."""
        self.counted: dict[tuple[str, int], bool] = {}

    @cached_property
    def states(self) -> Mapping[str, Mapping[int, State]]:
        """How each receiver fares in each year, those that were merged later on included."""
        codes = sorted({one.code for one in self.registry.partners if one.receives})
        return {code: states(code, self.years, self.seed) for code in codes}

    def season(self, year: int) -> Season:
        """One year; the years before it must have been asked for."""
        campaign = campaign_of(self.registry, year)
        assert campaign is not None
        owed: dict[str, list[Partner]] = defaultdict(list)
        # by code: what a partner does must not depend on how it is called
        for one in sorted(obligations(self.registry, year), key=lambda one: one.partner.code):
            owed[one.form].append(one.partner)
        given = self._given(owed[GIVES], year)
        received = self._received(owed[RECEIVES], campaign)
        board = [Conduct("punctual", (self._board(one, year),)) for one in owed[BOARD]]
        final = self._final(owed[FINAL], year)
        return Season(campaign, (*given, *received, *board, *final))

    # --- givers -----------------------------------------------------------------------------------

    def _given(self, givers: Sequence[Partner], year: int) -> list[Conduct]:
        conducts = []
        for number, giver in enumerate(givers):
            known = self.counted.get((giver.code, year - 1), False)
            communes = self._communes(giver.code)
            answers = sample_answers(giver, communes, year, self.seed, planned=known, stands=self._stands)
            self.truth[giver.code, year] = answers
            sender = Sender(
                GIVES,
                giver,
                year,
                answers,
                nil_answers(giver, year, self.seed),
                self._stranger(communes, year),
                first=year == self.years[0],
                early=_early(giver, year),
            )
            conducts.append(_gone(sender, number) or habit_of(number, year, len(givers))(sender))
        conducts = self._told_twice(givers, conducts, year)
        conducts = _swapped(conducts)
        for giver, conduct in zip(givers, conducts, strict=True):
            nothing = any(one.verdict is Verdict.NIL for one in conduct.arrivals)
            if nothing:
                self.truth[giver.code, year] = {}
            self.counted[giver.code, year] = conduct.counted and not nothing
        return conducts

    def _communes(self, giver: str) -> tuple[str, ...]:
        """Communes that the giver, or those it stands for, were assigned, as the assignments name them."""
        line = (giver, *self.lineage.forebears(giver, _ASSIGNED_SINCE, date.max))
        return tuple(dict.fromkeys(code for one in line for code in self.helped.get(one, ())))

    def _stands(self, code: str, day: date) -> str:
        """Who stands for a commune on a day; "" for a district that was dissolved."""
        heirs = self.lineage.heirs(code, _ASSIGNED_SINCE, max(day, _ASSIGNED_SINCE))
        if not heirs or (code.startswith("HU-") and day >= REFORM):
            return ""
        return heirs[0]

    def _stranger(self, communes: Sequence[str], year: int) -> str:
        day = date(year, 1, 15)
        others = (code for code in sorted(self.states) if code.startswith("XA-") and code not in communes)
        return next((code for code in others if self._valid(code, day)), "")

    def _valid(self, code: str, day: date) -> bool:
        return any(one.code == code and one.valid_within(day, day) for one in self.registry.partners)

    def _told_twice(self, givers: Sequence[Partner], conducts: Sequence[Conduct], year: int) -> list[Conduct]:
        """A giver that tells of another's gift as its own: both are asked about it."""
        found = {conduct_partner(one): one for one in conducts if one.arrivals}
        for giver in givers:
            conduct = found.get(giver.code)
            if conduct is None or conduct.habit != "joint":
                continue
            pair = self._shared(giver, givers, found, year)
            if pair is None:
                continue
            other, row = pair
            own = conduct.arrivals[-1]
            number = 1 + max(rows_of(own.answers, "hoat_dong"), default=0)
            added: Answers = {("hoat_dong", number, code): value for code, value in row.items()}
            added["hoat_dong", number, "phoi_hop"] = other.name
            told = replace(own, answers=own.answers | added, fault="between.joint_gift")
            found[giver.code] = _warned(replace(conduct, arrivals=(*conduct.arrivals[:-1], told)))
            found[other.code] = _warned(found[other.code])
        return [found.get(giver.code, conduct) for giver, conduct in zip(givers, conducts, strict=True)]

    def _shared(
        self, giver: Partner, givers: Sequence[Partner], found: Mapping[str, Conduct], year: int
    ) -> tuple[Partner, Mapping[str, Scalar]] | None:
        """A counted giver of one of the same communes, and its row there."""
        communes = {self._stands(code, date(year, 12, 14)) for code in self._communes(giver.code)}
        for other in givers:
            conduct = found.get(other.code)
            if other.code == giver.code or conduct is None or conduct.habit != "punctual":
                continue
            for row in rows_of(conduct.arrivals[-1].answers, "hoat_dong").values():
                if self._stands(str(row["xa"]), date(year, 12, 14)) in communes and row["hinh_thuc"] != "ky_thuat":
                    return other, {code: value for code, value in row.items() if code != "dong_ke_hoach"}
        return None

    # --- receivers --------------------------------------------------------------------------------

    def _received(self, receivers: Sequence[Partner], campaign: Campaign) -> list[Conduct]:
        year = campaign.year
        gifts = self._gifts(receivers, campaign)
        donors = receivers_givers(self.registry, campaign)
        conducts = []
        for number, one in enumerate(receivers):
            answers = received_answers(
                one, self._state(one.code, campaign), gifts[one.code], donors.get(one.code, ()), year, self.seed
            )
            sender = Sender(RECEIVES, one, year, answers, answers, early=_early(one, year))
            conduct = _gone(sender, number + 1) or turn(RECEIVERS_HABITS, number, year)(sender)
            conducts.append(_as_nil(conduct) if answers["", 0, "khong_phat_sinh"] else conduct)
        return conducts

    def _gifts(self, receivers: Sequence[Partner], campaign: Campaign) -> Mapping[str, list[Gift]]:
        """What was really given to each receiver, by whoever stands for its communes when the period ends."""
        found: dict[str, list[Gift]] = {one.code: [] for one in receivers}
        span = (campaign.start, campaign.end)
        for (giver, year), answers in self.truth.items():
            if year != campaign.year:
                continue
            for row in rows_of(answers, "hoat_dong").values():
                for owner in self.lineage.last(str(row["xa"]), *span):
                    if owner in found:
                        found[owner].append(Gift(giver, dict(row)))
        return found

    def _state(self, code: str, campaign: Campaign) -> State:
        """The receiver's own state, or the sums of those it was merged from within the period or before."""
        parts = self._parts(code, campaign.end)
        reported = [self.states[one][campaign.year] for one in parts if one in self.states]
        return merged(reported, len(parts) - len(reported)) if parts else self.states[code][campaign.year]

    def _parts(self, code: str, last: date) -> list[str]:
        events = [one for one in self.registry.events if one.target == code and one.day <= last]
        return [source for one in events for source in one.sources if source != code]

    # --- the board and the last year --------------------------------------------------------------

    def _board(self, partner: Partner, year: int) -> Arrival:
        answers = board_answers(partner, year, self.seed)
        return Sender(BOARD, partner, year, answers, answers).arrival(day="12-19")

    def _final(self, partners: Sequence[Partner], year: int) -> list[Conduct]:
        conducts = []
        for number, one in enumerate(partners):
            answers = five_year_answers(one, self._missing(one.code, number), year, self.seed)
            sender = Sender(FINAL, one, year, answers, answers)
            if _early(one, year):
                conducts.append(Conduct("exempt", (), (sender.rule(Ruling.EXEMPT, _DISSOLVED),)))
            else:
                conducts.append(turn(FINAL_HABITS, number, year)(sender))
        return conducts

    def _missing(self, code: str, number: int) -> Mapping[int, Totals]:
        """The totals of the years that a giver has to make good; one of many also repeats a year it did report."""
        told = {year: self.counted[code, year] for year in self.years if (code, year) in self.counted}
        wanted = [year for year, counted in told.items() if not counted and self.truth[code, year]]
        if number % 29 == 4 and told:
            wanted.append(min(told))
        return {year: self._totals(code, year) for year in dict.fromkeys(wanted)}

    def _totals(self, code: str, year: int) -> Totals:
        sums: dict[str, tuple[int, int, int]] = {}
        for row in rows_of(self.truth[code, year], "hoat_dong").values():
            field = self.fields[str(row["loai"])]
            before = sums.get(field, (0, 0, 0))
            more = [row.get(name) for name in ("gia_tri", "so_ho", "so_nguoi")]
            value, households, people = (new if isinstance(new, int) else 0 for new in more)
            sums[field] = (before[0] + value, before[1] + households, before[2] + people)
        return sums


def conduct_partner(conduct: Conduct) -> str:
    """Whose conduct it is, where something arrived."""
    return conduct.arrivals[-1].partner


def _early(partner: Partner, year: int) -> str:
    """The day on which a district sent, that would not be there any more in December."""
    gone = partner.until is not None and partner.until < date(year, 12, 14)
    return _BEFORE_DISSOLUTION if gone and partner.until and partner.until.year == year else ""


def _gone(sender: Sender, number: int) -> Conduct | None:
    """What a dissolved district did: every other one sent before it was dissolved, the others were let off."""
    if not sender.early:
        return None
    if number % 2:
        return Conduct("punctual", (sender.arrival(),))
    return Conduct("exempt", (), (sender.rule(Ruling.EXEMPT, _DISSOLVED),))


def _warned(conduct: Conduct) -> Conduct:
    last = conduct.arrivals[-1]
    if last.verdict is not Verdict.ACCEPTED:
        return conduct
    return replace(conduct, arrivals=(*conduct.arrivals[:-1], replace(last, verdict=Verdict.ACCEPTED_WITH_WARNINGS)))


def _as_nil(conduct: Conduct) -> Conduct:
    """What counts of somebody who received nothing counts as nil."""
    arrivals = (replace(one, verdict=Verdict.NIL) if one.verdict in COUNTED else one for one in conduct.arrivals)
    return replace(conduct, arrivals=tuple(arrivals))


def _swapped(conducts: Sequence[Conduct]) -> list[Conduct]:
    """Two neighbours whose returns went with each other's mail: both are asked whether they were swapped."""
    found = list(conducts)
    for number, conduct in enumerate(conducts[:-1]):
        other = conducts[number + 1]
        if conduct.habit == "swaps" and other.habit == "punctual" and conduct.arrivals and other.arrivals:
            found[number] = _sent_by(found[number], conduct_partner(other))
            found[number + 1] = _sent_by(found[number + 1], conduct_partner(conduct))
    return found


def _sent_by(conduct: Conduct, other: str) -> Conduct:
    last = replace(conduct.arrivals[-1], sender=other, fault="delivery.other_sender")
    return _warned(replace(conduct, arrivals=(*conduct.arrivals[:-1], last)))
