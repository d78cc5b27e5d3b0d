"""Figures: the dataset, who owes and who sent -> every number of a report with the values it was made from.

In:   Dataset, ReportPlan, forms, the years of the report, the standings of its obligations by form and year.
Out:  model.Figure in a stable order (that of the plan; groups in the order of the registry or of their list),
      the rows of the plan's listings, and what partners wrote.
Pure. Imports model, definitions, vietnamese, pandas frames by way of the dataset it is handed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from generator.definitions.forms import Form
from generator.definitions.plans import Listing, ReportPlan
from generator.model import Figure
from generator.stages.figures import listings
from generator.stages.figures.derived import (
    broken_series,
    comparison_figures,
    ratio_figures,
    scaled_figures,
    share_figures,
)
from generator.stages.figures.grouping import (
    UNKNOWN,
    UNKNOWN_NAME,
    Columns,
    Group,
    Merged,
    Period,
    plain_figures,
    senders_today,
    without_number,
    years_arrived,
)
from generator.stages.figures.listings import Directory, Row, StandingRow, standing_rows
from generator.stages.figures.quotes import Answers, Quotes, tidy
from generator.stages.figures.standings import Standing, Standings, State, counts, of_form, state_figures

__all__ = [
    "UNKNOWN",
    "UNKNOWN_NAME",
    "Answers",
    "Directory",
    "Merged",
    "Quotes",
    "Row",
    "Standing",
    "StandingRow",
    "Standings",
    "State",
    "broken_series",
    "figures",
    "listing_rows",
    "standing_rows",
    "tidy",
    "unreported",
]


def figures(
    dataset: Merged,
    plan: ReportPlan,
    forms: Mapping[str, Form],
    years: Sequence[int],
    standings: Standings,
) -> list[Figure]:
    """Every figure of the report. What has no values though there are returns to say so is a figure of 0 without them.

    `years`: the period, ascending; one year for a year report. `standings`: where the obligations of each form stand
    in each of these years, in the order of the registry. Where a group's own return does not count there is no figure
    at all (a row's state says why), nor where no return counts or nobody answered (`unreported`). Comparisons,
    ratios, scaled figures and shares name their `parts`.
    """
    period = Period(forms, years, standings, plan, senders_today(dataset), years_arrived(dataset))
    own_form = of_form(standings, forms.get(plan.form), years[-1], years)
    found = list(counts(own_form))
    index: dict[str, dict[Group, Figure]] = {}
    columns = Columns(dataset)

    def add(code: str, made: Iterable[tuple[Group, Figure]]) -> None:
        index[code] = dict(made)
        found.extend(index[code].values())

    for spec in plan.figures:
        add(spec.code, plain_figures(spec, columns, period))
    for state in plan.states:
        add(state.code, state_figures(state, standings, forms, years))
    broken = broken_series(dataset, plan, years)
    for comparison in plan.comparisons:
        add(comparison.code, comparison_figures(comparison, index, years, broken))
    for ratio in plan.ratios:
        add(ratio.code, ratio_figures(ratio, index, years))
    for scaled in plan.scaled:
        add(scaled.code, scaled_figures(scaled, index, years))
    for share in plan.shares:
        add(share.code, share_figures(share, index, years))
    return found


def unreported(
    plan: ReportPlan, forms: Mapping[str, Form], years: Sequence[int], standings: Standings, found: Sequence[Figure]
) -> tuple[str, ...]:
    """Codes of the figures that nobody has told the numbers of; the arguments are those the `found` were made with."""
    return tuple(without_number(Period(forms, years, standings, plan), found))


def listing_rows(
    listing: Listing,
    plan: ReportPlan,
    forms: Mapping[str, Form],
    found: Sequence[Figure],
    years: Sequence[int],
    standings: Standings,
    directory: Directory,
) -> list[Row]:
    """The rows of a listing; `found` are the figures of the report, the other arguments those they were made with."""
    return listings.rows(listing, plan, found, Period(forms, years, standings, plan), directory)
