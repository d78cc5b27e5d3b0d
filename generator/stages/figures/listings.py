"""Listings: figures and standings -> the rows that a template loops over.

In:   Listing, plan, forms, the figures, the period, the standings, what the registry says of partners (Directory).
Out:  Row: cells in the order of the listing, headings before their members. StandingRow: who has reported.
Pure. Imports model, definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from generator.definitions.forms import Choice, Form
from generator.definitions.plans import (
    DISTRICT_KEYS,
    PARTNER_KEYS,
    TODAY,
    YEAR_KEY,
    Listing,
    ReportPlan,
    StandingList,
    Under,
    reference,
)
from generator.definitions.plans_names import TOTAL_GROUP
from generator.model import Figure
from generator.stages.figures.grouping import UNKNOWN, UNKNOWN_NAME, Period, choices_of
from generator.stages.figures.standings import Standing, Standings, State, of_form, together
from generator.vietnamese.order import order_key

HEADING, MEMBER = 1, 2


@dataclass(frozen=True, slots=True)
class Directory:
    """What the registry says of partners, by code; what is not there is taken from the obligations."""

    names: Mapping[str, str]
    """As last called within the period; of namesakes who followed one another, the earlier with its last day."""
    names_today: Mapping[str, str] = field(default_factory=dict)
    """As called on the day of the map; of a code that is gone, the name of whoever stands for it."""
    districts: Mapping[str, str] = field(default_factory=dict)
    """At the end of the period, else on its last valid day within."""
    districts_today: Mapping[str, str] = field(default_factory=dict)
    today: Mapping[str, str] = field(default_factory=dict)
    """Who alone stands for a code on the day of the map; a code that is not there stands for itself."""
    assigned: Sequence[str] = ()
    """Who is named in an assignment of the period, giver or receiver, in the order of the registry."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a listing. A cell is a Figure, or None where the state of the row allows no number."""

    code: str
    name: str
    group: str
    """Code of the wider choice that a choice belongs to."""
    state: State | None
    late: bool
    pending: bool
    cells: Mapping[str, Figure | None]
    """Of a heading only those columns that it has."""
    series: Mapping[str, Sequence[Figure | None]] = field(default_factory=dict)
    """A cell for each year of the period, in order."""
    states: Sequence[State] = ()
    """The state in each year of the period; () where the rows are no partners."""
    cell_states: Mapping[str, State] = field(default_factory=dict)
    """State of the cells that name one year in brackets."""
    level: int = MEMBER
    district: str = ""
    name_today: str = ""


@dataclass(frozen=True, slots=True)
class StandingRow:
    """An obligation as a row; over years one row for a partner and form, with its states by year."""

    code: str
    name: str
    form: str
    district: str
    due: date
    received: date | None
    revision: int
    state: State
    late: bool
    pending: bool
    years: Sequence[tuple[int, State]] = ()


def rows(
    listing: Listing,
    plan: ReportPlan,
    found: Sequence[Figure],
    period: Period,
    directory: Directory,
) -> list[Row]:
    """The rows of a listing. Of partners those that `members` says, then whoever has values besides."""
    by_code = {figure.code: figure for figure in found}
    if listing.by in PARTNER_KEYS:
        made = list(_partner_rows(listing, plan, found, by_code, period, directory))
    else:
        made = list(_group_rows(listing, found, by_code, period, directory))
    return _under(listing, listing.under, made, found, by_code, period) if listing.under else made


# --- cells ----------------------------------------------------------------------------------


def _cells(
    columns: Mapping[str, str], group: str, by_code: Mapping[str, Figure], years: Sequence[int]
) -> dict[str, Figure | None]:
    named = ((name, reference(written, years)) for name, written in columns.items())
    return {name: by_code.get(one.group(group)) if one else None for name, one in named}


def _series(
    columns: Mapping[str, str], group: str, by_code: Mapping[str, Figure], years: Sequence[int]
) -> dict[str, tuple[Figure | None, ...]]:
    named = ((name, reference(written, years)) for name, written in columns.items())
    return {
        name: tuple(by_code.get(one.group(group, str(year))) if one else None for year in years) for name, one in named
    }


def _groups_of(columns: Iterable[str], found: Sequence[Figure], *, with_values: bool = False) -> list[str]:
    """First keys of these columns' figures, in the order of the figures; what is unknown last."""
    heads = {column.partition("[")[0] for column in columns}
    groups: dict[str, None] = {}
    for figure in found:
        head, _, rest = figure.code.partition("[")
        if rest and head in heads and (figure.values or not with_values):
            groups.setdefault(rest.removesuffix("]").partition(",")[0])
    groups.pop(TOTAL_GROUP, None)
    if UNKNOWN in groups:
        del groups[UNKNOWN]
        groups[UNKNOWN] = None
    return list(groups)


# --- rows of partners -----------------------------------------------------------------------


@dataclass(slots=True)
class _Owed:
    """The obligations behind one row, by year."""

    by_year: dict[int, list[Standing]] = field(default_factory=dict)

    def states(self, years: Sequence[int]) -> tuple[State, ...]:
        return tuple(together(one.state for one in self.by_year.get(year, ())) for year in years)

    def last(self) -> list[Standing]:
        return self.by_year[max(self.by_year)] if self.by_year else []


def _owed(listing: Listing, form: Form | None, period: Period, directory: Directory) -> dict[str, _Owed]:
    """By code of the row."""
    found: dict[str, _Owed] = {}
    restated = listing.by.endswith(TODAY)
    for year in period.years:
        for standing in of_form(period.standings, form, year, period.years):
            code = standing.obligation.partner.code
            row = directory.today.get(code, code) if restated else code
            found.setdefault(row, _Owed()).by_year.setdefault(year, []).append(standing)
    return found


def _partner_rows(
    listing: Listing,
    plan: ReportPlan,
    found: Sequence[Figure],
    by_code: Mapping[str, Figure],
    period: Period,
    directory: Directory,
) -> Iterator[Row]:
    owed = _owed(listing, period.form_of(listing.by, listing.form or plan.form), period, directory)
    written = (*listing.columns.values(), *listing.series.values())
    present = _groups_of(written, found, with_values=True)
    there = set(present)
    chosen: dict[str, Iterable[str]] = {
        "owing": owed,
        "assigned": [code for code in directory.assigned if code in owed or code in there],
        "present": [code for code in owed if code in there],
    }
    codes = dict.fromkeys((*chosen[listing.members], *present))
    made = (_partner_row(code, listing, owed.get(code), by_code, period, directory) for code in codes)
    yield from sorted(made, key=lambda row: (row.code == UNKNOWN, order_key(row.name), row.code))


def _partner_row(
    code: str,
    listing: Listing,
    owed: _Owed | None,
    by_code: Mapping[str, Figure],
    period: Period,
    directory: Directory,
) -> Row:
    years, last = period.years, owed.last() if owed else []
    states = owed.states(years) if owed else tuple(State.UNLISTED for _ in years)
    partner = last[-1].obligation.partner if last else None
    own = partner.name if partner is not None and partner.code == code else code
    name = directory.names.get(code, own)
    restated = listing.by.endswith(TODAY)
    if restated:
        name = directory.names_today.get(code, name)
    districts = directory.districts_today if restated else directory.districts
    single = len(years) == 1
    return Row(
        code=code,
        name=UNKNOWN_NAME if code == UNKNOWN else name,
        group="",
        state=None if code == UNKNOWN else _state(states),
        late=single and any(one.late for one in last),
        pending=any(one.pending for one in last),
        cells=_cells(listing.columns, code, by_code, years),
        series=_series(listing.series, code, by_code, years),
        states=states,
        cell_states=dict(_cell_states(listing, states, years)),
        district=districts.get(code, partner.district if partner else ""),
        name_today=directory.names_today.get(code, name),
    )


def _state(states: Sequence[State]) -> State:
    """The state of the row as a whole. Being late in one year of several says nothing of them all."""
    whole = together(states)
    return State.ON_TIME if whole is State.LATE and len(states) > 1 else whole


def _cell_states(listing: Listing, states: Sequence[State], years: Sequence[int]) -> Iterator[tuple[str, State]]:
    """The state of the year that a column names in brackets."""
    of_year = {str(year): state for year, state in zip(years, states, strict=True)}
    for name, written in listing.columns.items():
        named = reference(written, years)
        for key in named.keys if named else ():
            if key in of_year:
                yield name, of_year[key]


# --- rows of other groups -------------------------------------------------------------------


def _group_rows(
    listing: Listing, found: Sequence[Figure], by_code: Mapping[str, Figure], period: Period, directory: Directory
) -> Iterator[Row]:
    form = period.forms.get(listing.form)
    choices = {choice.code: choice for choice in choices_of(listing.by, form)} if form else {}
    unlisted = Choice("", "")
    # also what nobody has told anything of has its row: its signs say so, and tables side by side stay in step
    all_of_them = map(str, period.years) if listing.by == YEAR_KEY else choices
    present = _groups_of((*listing.columns.values(), *listing.series.values()), found)
    for code in dict.fromkeys((*all_of_them, *present)):
        choice = choices.get(code, unlisted)
        yield Row(
            code=code,
            name=choice.label or _name(code, directory),
            group=choice.group,
            state=None,
            late=False,
            pending=False,
            cells=_cells(listing.columns, code, by_code, period.years),
            series=_series(listing.series, code, by_code, period.years),
        )


def _name(code: str, directory: Directory) -> str:
    """Years and districts are called by their code."""
    return UNKNOWN_NAME if code == UNKNOWN else directory.names.get(code, code)


# --- headings -------------------------------------------------------------------------------


def _under(
    listing: Listing,
    under: Under,
    made: Sequence[Row],
    found: Sequence[Figure],
    by_code: Mapping[str, Figure],
    period: Period,
) -> list[Row]:
    """The rows under their headings. A heading that has values and no rows stays, or the table would not add up."""
    by_district = under.by in DISTRICT_KEYS
    below: dict[str, list[Row]] = {}
    for row in made:
        below.setdefault((row.district if by_district else row.group) or UNKNOWN, []).append(row)
    written = (*under.columns.values(), *under.series.values())
    for code in _groups_of(written, found, with_values=True):
        below.setdefault(code, [])
    labels: dict[str, str] = {}
    if by_district:
        order = sorted(below.keys() - {UNKNOWN}, key=order_key)
    else:
        form = period.forms.get(listing.form)
        labels = {choice.code: choice.label for choice in form.choices.get(under.by, ())} if form else {}
        order = [code for code in labels if code in below]
        order += sorted(below.keys() - labels.keys() - {UNKNOWN})
    shown: list[Row] = []
    for code in [*order, *([UNKNOWN] if UNKNOWN in below else [])]:
        name = UNKNOWN_NAME if code == UNKNOWN else labels.get(code, code)
        cells, series = (
            _cells(under.columns, code, by_code, period.years),
            _series(under.series, code, by_code, period.years),
        )
        district = code if by_district and code != UNKNOWN else ""
        shown.append(
            Row(code, name, "", None, False, False, cells, series, level=HEADING, district=district, name_today=name)
        )
        shown += [replace(row, level=MEMBER) for row in below[code]]
    return shown


# --- who has reported -----------------------------------------------------------------------


def standing_rows(
    listing: StandingList, standings: Standings, years: Sequence[int], directory: Directory
) -> list[StandingRow]:
    """Who has reported: each obligation of the last year, or each partner with its states over the years."""
    made: list[StandingRow] = []
    for form in listing.forms:
        by_partner: dict[str, dict[int, Standing]] = {}
        for year in years if listing.by_year else years[-1:]:
            for one in standings.get((form, year), ()):
                by_partner.setdefault(one.obligation.partner.code, {})[year] = one
        of_form = [_over_years(form, of_years, years, listing, directory) for of_years in by_partner.values()]
        made += sorted(of_form, key=lambda row: (order_key(row.name), row.code))
    return made


def _over_years(
    form: str, of_years: Mapping[int, Standing], years: Sequence[int], listing: StandingList, directory: Directory
) -> StandingRow:
    row = _standing_row(form, of_years[max(of_years)], directory)
    if not listing.by_year:
        return row
    states = ((year, of_years[year].state if year in of_years else State.NOT_OWED) for year in years)
    return replace(row, years=tuple(states))


def _standing_row(form: str, standing: Standing, directory: Directory) -> StandingRow:
    partner = standing.obligation.partner
    return StandingRow(
        code=partner.code,
        name=directory.names.get(partner.code, partner.name),
        form=form,
        district=directory.districts.get(partner.code, partner.district),
        due=standing.obligation.due,
        received=standing.received.date() if standing.received else None,
        revision=standing.revision,
        state=standing.state,
        late=standing.late,
        pending=standing.pending,
    )
