"""Report period: the year or the span of years that a report covers, and the map it is shown on.

In:   registry, first and last year, the day whose map is asked for. Out: Period; RefusedError with every reason.
Pure. Imports model, issues, the stage obligations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from generator.issues import Issue, Place, RefusedError, issue
from generator.model import Campaign, Registry
from generator.stages.obligations import campaign_of

REGISTRY = Place("inputs/registry.xlsx")
YEAR_PLAN, YEARS_PLAN = "so-ket", "tong-ket"


@dataclass(frozen=True, slots=True)
class Period:
    """One year, or several years in a row; each has a campaign."""

    campaigns: tuple[Campaign, ...]
    """In order of years, one a year."""
    map_date: date
    """The day whose map restated figures are shown on."""

    @property
    def campaign(self) -> Campaign:
        """That of the last year: its settings and its returns speak for the period."""
        return self.campaigns[-1]

    @property
    def years(self) -> tuple[int, ...]:
        """Every year of the period."""
        return tuple(one.year for one in self.campaigns)

    @property
    def first(self) -> int:
        """The first year."""
        return self.campaigns[0].year

    @property
    def last(self) -> int:
        """The last year."""
        return self.campaigns[-1].year

    @property
    def start(self) -> date:
        """The first day."""
        return self.campaigns[0].start

    @property
    def end(self) -> date:
        """The last day."""
        return self.campaigns[-1].end

    @property
    def single(self) -> bool:
        """Whether it is one year."""
        return len(self.campaigns) == 1

    @property
    def name(self) -> str:
        """What users type and folders are called: "2025", "2021-2025"."""
        return str(self.last) if self.single else f"{self.first}-{self.last}"

    @property
    def plan(self) -> str:
        """File stem of the report's plan."""
        return YEAR_PLAN if self.single else YEARS_PLAN

    @property
    def read(self) -> tuple[int, ...]:
        """The years whose returns are read: a single year is compared with the one before."""
        return (self.last - 1, self.last) if self.single else self.years


def year_period(registry: Registry, year: int, map_date: date | None = None) -> Period:
    """The period of a year-end report; RefusedError as `years_period`."""
    return _period(registry, range(year, year + 1), map_date)


def years_period(registry: Registry, first: int, last: int, map_date: date | None = None) -> Period:
    """The period from one year to a later one.

    RefusedError when they are the wrong way round, when a year has no campaign, or when the map date lies before the
    period or after all that the registry knows; all that is wrong is told at once.
    """
    if first >= last:
        raise RefusedError(issue("report.years_order", Place(), first=first, last=last))
    return _period(registry, range(first, last + 1), map_date)


def _period(registry: Registry, years: range, map_date: date | None) -> Period:
    campaigns = [campaign_of(registry, year) for year in years]
    missing = [year for year, one in zip(years, campaigns, strict=True) if one is None]
    if missing:
        raise RefusedError(_no_campaign(registry, missing))
    found = tuple(one for one in campaigns if one is not None)
    day = map_date or found[-1].end
    # A later map differs from that of the last known day in nothing: whoever asks for it mistyped a year.
    latest = max(found[-1].end, *(one.day for one in registry.events), *(one.end for one in registry.campaigns))
    if not found[0].start <= day <= latest:
        shown = {"day": _shown(day), "first": _shown(found[0].start), "last": _shown(latest)}
        raise RefusedError(issue("report.map_date", Place(), **shown))
    return Period(found, day)


def _no_campaign(registry: Registry, missing: list[int]) -> Issue:
    known = ", ".join(str(year) for year in sorted(one.year for one in registry.campaigns))
    return issue("year.no_campaign", REGISTRY, year=", ".join(map(str, missing)), years=known or "chưa có năm nào")


def _shown(day: date) -> str:
    return day.strftime("%d/%m/%Y")
