"""Plans: what a report is made of, as data; the records that templates/reports/*.yaml are loaded into.

In:   nothing. Out: ReportPlan and its parts, and the names that a Word template may use.
Pure. Imports plans_names. `definitions.load_plans` makes these records and checks every name in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from generator.definitions.plans_charts import ChartSpec
from generator.definitions.plans_names import (
    ADDED,
    COUNTS,
    LEGAL_BASIS,
    LEGAL_BASIS_PARTS,
    STANDARD_LISTS,
    STANDARD_NAMES,
    STATES,
)
from generator.definitions.plans_sections import SectionSpec

__all__ = ["ADDED", "COUNTS", "LEGAL_BASIS", "LEGAL_BASIS_PARTS", "STANDARD_LISTS", "STANDARD_NAMES", "STATES"]

UNIT_KEY, YEAR_KEY = "don_vi", "nam"
"""Keys of grouping: the partner that sent the submission, and the year it is about."""
TODAY = "_nay"
"""Ending of a key that is restated to the map of one day: `noi_nhan_nay` beside `noi_nhan`."""
GIVER_KEYS, RECEIVER_KEYS = ("ben_giup", "ben_giup_nay"), ("noi_nhan", "noi_nhan_nay")
DISTRICT_KEYS = ("huyen", "huyen_nay")
PARTNER_KEYS = (UNIT_KEY, UNIT_KEY + TODAY, *GIVER_KEYS, *RECEIVER_KEYS)
"""Keys whose groups are partners."""
KIND_KEY = "loai_don_vi"
"""Key of filters only: what kind of partner sent the row, as the registry had it at the end of that year."""
SIDE_KEY = "vai_tro"
"""Key of forms that both sides send, with forms.SIDES: whether the sender tells what it gave or what it received."""
FRAME_KEYS: Mapping[str, str] = MappingProxyType({UNIT_KEY: "partner", YEAR_KEY: "year"})
"""Keys that are not columns of their own name in the dataset, with their column there."""

THIS_YEAR, PREVIOUS_YEAR, FIRST_YEAR, LAST_YEAR, ALL_YEARS = "this", "previous", "first", "last", "all"
YEARS = (THIS_YEAR, PREVIOUS_YEAR, FIRST_YEAR, LAST_YEAR, ALL_YEARS)
"""What a plan may say of a figure's year. In the report of one year first, last and all are this one."""
PERIODS = ("year", "years")

_REFERENCE = re.compile(r"(?P<code>[a-z][a-z0-9_]*)(?:\[(?P<keys>[^\[\]]+)\])?")
FROM, TO = "{from}", "{to}"
"""In brackets: the first and the last year of the period."""


class Reference(NamedTuple):
    """A figure as a plan names it: "gia_tri[kinh_te]", "gia_tri_theo_nam[{to}]"."""

    code: str
    keys: tuple[str, ...]
    """What stands in brackets: the groups of the figure's last keys."""

    def group(self, *before: str) -> str:
        """The code of the figure in this group: keys that come before those in brackets."""
        return grouped_code(self.code, (*before, *self.keys))


def reference(written: str, years: Sequence[int] = ()) -> Reference | None:
    """What a plan names, with the years of the period put in; None for what has not this shape."""
    shape = _REFERENCE.fullmatch(written)
    if shape is None:
        return None
    keys = tuple(key.strip() for key in shape["keys"].split(",")) if shape["keys"] else ()
    named = {FROM: str(years[0]), TO: str(years[-1])} if years else {}
    return Reference(shape["code"], tuple(named.get(key, key) for key in keys))


def grouped_code(code: str, group: Sequence[str]) -> str:
    """Code of a figure in a group: "gia_tri[DV-0001,kinh_te]". Signs that would part it otherwise become spaces."""
    return f"{code}[{','.join(key.translate(_PARTING) for key in group)}]" if group else code


_PARTING = str.maketrans(",[]", "   ")


def years_of(named: str, years: Sequence[int]) -> tuple[int, ...]:
    """The years that `year:` of a figure means in a period (ascending): one of YEARS."""
    meant = {
        PREVIOUS_YEAR: (years[-1] - 1,),
        FIRST_YEAR: (years[0],),
        ALL_YEARS: tuple(years),
    }
    return meant.get(named, (years[-1],))


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """One figure, or one for each group when `by` names keys."""

    code: str
    label: str
    form: str
    table: str
    """Code of the table, "" for a single field."""
    column: str
    aggregation: str
    """Name in `aggregations.AGGREGATIONS`."""
    unit: str
    by: tuple[str, ...] = ()
    """Keys of grouping: `don_vi`, a choice, partner or yes-no column of the table, or a derived key."""
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Only rows whose key is one of these codes."""
    without: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Not the rows whose key is one of these codes; rows without the key stay."""
    year: str = THIS_YEAR
    beside: tuple[str, ...] = ()
    """Only rows in which these columns have values too: both sides of a rate are of the same rows."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class StateSpec:
    """How many obligations of a form stand in a state, in one year or in each year of the period."""

    code: str
    label: str
    form: str
    state: str
    """One of STATES."""
    unit: str = "đơn vị"
    by: tuple[str, ...] = ()
    """Nothing, or `nam`."""
    year: str = THIS_YEAR
    line: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure of one year against one of another, in per cent."""

    code: str
    label: str
    current: str
    """A figure, or one group of it: "gia_tri_theo_nam[{to}]"."""
    previous: str
    series: str = ""
    """Code of a single choice field of `series_form`: where the returns of both years do not all give one and the
    same answer (another poverty standard), the series is broken and there is no comparison."""
    series_form: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure in per cent of another: poor households of all households."""

    code: str
    label: str
    of: str
    """A figure, or one group of it; both sides are divided by the same keys."""
    over: str
    digits: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True)
class Scaled:
    """A figure by one key in triệu or tỷ đồng, rounded so that the parts add up to the rounded total."""

    code: str
    label: str
    of: str
    total: str
    unit: str = "trieu"
    """One of SCALES."""
    digits: int = 0
    line: int = 0


SCALES: Mapping[str, tuple[int, str]] = MappingProxyType({"trieu": (10**6, "triệu đồng"), "ty": (10**9, "tỷ đồng")})
"""Units of scaled figures: how many đồng, and how it is written."""


@dataclass(frozen=True, slots=True)
class Share:
    """Per cents of the groups of a figure by one key, rounded so that they add up to exactly 100."""

    code: str
    label: str
    of: str
    digits: int = 1
    line: int = 0


MEMBERS = ("owing", "assigned", "present")
"""Whose rows a listing by partners has: who owes the form, who is named in an assignment, or only who has figures."""


@dataclass(frozen=True, slots=True)
class Under:
    """Headings of a listing: its rows are put under their district, or under the wider choice they belong to."""

    by: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """Figures by `by` itself, for the heading row."""
    series: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows for a template to loop over: one for each member of a key, with figures as its columns.

    Members of a key of partners are as `members` says; of a choice, the choices of its list; of `nam`, the years.
    """

    code: str
    label: str
    by: str
    columns: Mapping[str, str]
    """Name in the template -> a figure, with its further keys in brackets: "gia_tri[kinh_te]"."""
    series: Mapping[str, str] = field(default_factory=dict)
    """Name in the template -> a figure by the listing's key and `nam`: a list of cells, one for each year."""
    under: Under | None = None
    members: str = "owing"
    form: str = ""
    """The form whose obligations decide on the rows' states."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class StandingList:
    """Rows that say who has reported: one for each obligation of these forms, or for each partner over the years."""

    code: str
    label: str
    forms: tuple[str, ...]
    by_year: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """What partners write about: a text belongs to the first topic one of whose words it holds as whole words."""

    code: str
    label: str
    words: tuple[str, ...]


OTHER_TOPIC = "Ý kiến khác"
"""Topic of the texts that belong to no other; a plan's word `y_kien_khac` takes its place."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Free text of partners, quoted with its source: a list of {don_vi, noi_dung} in the template.

    Of a table also the columns named in `beside`: the words of a choice; a number is a figure of its own.
    """

    code: str
    label: str
    form: str
    table: str
    column: str
    beside: tuple[str, ...] = ()
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Only rows whose choice is one of these codes."""
    group: str = ""
    """A column of `beside`: the template gets a list of {ten, y_kien}, one for each text that stands there."""
    topics: bool = False
    """Whether the template gets a list of {ten, y_kien} by the plan's topics."""
    verbatim: bool = False
    """Whether the text is printed as it was written, with its full stop."""
    year: str = THIS_YEAR
    """Of several years each quote says its own: `nam`."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """A report: its figures, comparisons, listings and quotes, and the Word file that prints them."""

    code: str
    title: str
    form: str
    """The form whose obligations the report counts."""
    template: str
    """File name of the Word template, beside the plan."""
    output: str
    """Name of the document, with {year}, or {from} and {to}."""
    period: str = "year"
    """One of PERIODS."""
    figures: tuple[FigureSpec, ...] = ()
    states: tuple[StateSpec, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    scaled: tuple[Scaled, ...] = ()
    shares: tuple[Share, ...] = ()
    listings: tuple[Listing, ...] = ()
    standing_lists: tuple[StandingList, ...] = ()
    quotes: tuple[Quote, ...] = ()
    charts: tuple[ChartSpec, ...] = ()
    sections: tuple[SectionSpec, ...] = ()
    """Every section of the document in order; none: they are not judged."""
    topics: tuple[Topic, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    """Fixed words of this report that the template may use, by name."""
    file: str = ""
    unread: frozenset[str] = frozenset()
    """What the file declares but has a fault; empty in a plan that a report is made from."""

    def names(self) -> Iterator[str]:
        """Every name that a template of this report may use."""
        yield from COUNTS
        yield from ADDED
        yield from STANDARD_NAMES
        named = (self.figures, self.states, self.comparisons, self.ratios, self.scaled, self.shares)
        for part in (*named, self.listings, self.standing_lists, self.quotes):
            yield from (one.code for one in part)
        yield from self.words

    def keys(self) -> dict[str, tuple[str, ...]]:
        """By code of a figure or state: the keys it is divided by."""
        return {spec.code: spec.by for spec in self.figures} | {state.code: state.by for state in self.states}

    def output_name(self, years: Sequence[int]) -> str:
        """The document's name for a period."""
        first, last = str(years[0]), str(years[-1])
        return self.output.replace("{year}", last).replace(FROM, first).replace(TO, last)
