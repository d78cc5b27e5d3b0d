"""Plans of charts: what a chart of a report shows, as data.

In:   nothing. Out: ChartSpec. Pure; imports nothing of ours. `definitions.load_plans_charts` makes these records.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CHART_YEARS = ("nam", "nam_truoc", "tu_nam", "den_nam")
"""Names of years that the words of a chart may hold in braces, as a template knows them: "Năm {nam_truoc}"."""

_NAMED_YEAR = re.compile(r"\{\s*(\w+)\s*\}")


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart that somebody drew in the template; its alternative text there is "bieu_do.<code>".

    Exactly one of columns, years, rows and figures says what it shows.
    """

    code: str
    label: str
    """What the chart shows, within a sentence: "giá trị hỗ trợ theo lĩnh vực"."""
    unit: str
    listing: str = ""
    """The listing whose rows are drawn; headings are not."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of the listing -> name of its series; rows are the categories."""
    years: str = ""
    """A series of the listing: each year is a series, rows are the categories."""
    rows: str = ""
    """A series of the listing: each row is a series, years are the categories."""
    figures: Mapping[str, str] = field(default_factory=dict)
    """Figure, with its keys in brackets -> its name as a category; all in one series, named by the unit."""
    without: frozenset[str] = frozenset()
    """Codes of rows that are not drawn."""
    when: Mapping[str, str] = field(default_factory=dict)
    """Column -> figure: the column is drawn only where that figure is more than nothing."""
    scale: str = ""
    """One of plans.SCALES: the figures are đồng and are drawn in that unit; "": as they are."""
    totals: str = ""
    """With `years` and `scale`: a figure by year in that unit, as tables show it. Each year's parts add up to it."""
    line: int = 0


def named_years(text: str) -> tuple[str, ...]:
    """The names that stand in braces."""
    return tuple(_NAMED_YEAR.findall(text))


def with_years(text: str, words: Mapping[str, object]) -> str:
    """The text with the years of the period put in."""
    return _NAMED_YEAR.sub(lambda named: str(words.get(named[1], "")), text)
