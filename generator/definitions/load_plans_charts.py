"""Load the charts of plans: what each one draws, every column, figure and year in it checked.

In:   entries of a plan, its listings, the figures that are known. Out: ChartSpec in the order of the file.
Pure. Imports definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.definitions.load_plans_sources import Known, members_of, one_of, referred
from generator.definitions.nodes import Node
from generator.definitions.plans import SCALES, YEAR_KEY, Listing
from generator.definitions.plans_charts import CHART_YEARS, ChartSpec, named_years
from generator.definitions.plans_names import ADDED, COUNTS
from generator.definitions.schema import Entries, Key, Kind, Reader

_CHART = {
    "label": Key(Kind.TEXT, required=True),
    "unit": Key(Kind.TEXT, required=True),
    "listing": Key(Kind.TEXT),
    "columns": Key(Kind.MAP),
    "years": Key(Kind.TEXT),
    "rows": Key(Kind.TEXT),
    "figures": Key(Kind.MAP),
    "without": Key(Kind.TEXTS),
    "when": Key(Kind.MAP),
    "scale": Key(Kind.TEXT),
    "totals": Key(Kind.TEXT),
}
_WAYS = ("columns", "years", "rows", "figures")


def charts(
    entries: Entries, listings: Iterable[Listing], known: Mapping[str, Known | None], reader: Reader
) -> Iterator[ChartSpec]:
    """The charts. One with a fault is given too, so that the template does not get a second fault for it."""
    by_code = {listing.code: listing for listing in listings}
    figures = dict(known) | {name: Known() for name in (*COUNTS, *ADDED)}
    for code, node in members_of(entries, "charts", reader):
        given = reader.entries(node, _CHART)
        ways = [way for way in _WAYS if way in given.nodes]
        if len(ways) != 1 or ("listing" in given.nodes) == (ways == ["figures"]):
            reader.fault("plan.wrong_chart", node, name=code)
        listing = _listing(given, by_code, reader)
        columns = _words(given, "columns", reader)
        when = _conditions(given, columns, figures, reader)
        if listing is not None:
            for name in columns:
                _known_in(listing, name, listing.columns, given.line_of("columns"), reader)
            for way in ("years", "rows"):
                if way in given.values:
                    _known_in(listing, given.get(way), listing.series, given.line_of(way), reader)
        drawn = _words(given, "figures", reader)
        for written in drawn:
            _check_figure(written, given.line_of("figures"), figures, reader)
        scale = one_of(given, "scale", "", ("", *SCALES), "plan.unknown_scale", reader)
        _check_totals(given, figures, reader)
        yield ChartSpec(
            code=code,
            label=given.get("label", ""),
            unit=given.get("unit", ""),
            listing=given.get("listing", ""),
            columns=columns,
            years=given.get("years", ""),
            rows=given.get("rows", ""),
            figures=drawn,
            without=frozenset(given.get("without", ())),
            when=when,
            scale=scale,
            totals=given.get("totals", ""),
            line=node.line,
        )


def _check_totals(given: Entries, figures: Mapping[str, Known | None], reader: Reader) -> None:
    """Totals are a rounded figure by year, of a chart whose series are years in a unit of their own."""
    where = given.line_of("totals")
    found = referred(given.get("totals"), where, figures, reader)
    fits = found is not None and found[1].spec is None and found[1].left(found[0]) == (YEAR_KEY,)
    if found is not None and not (fits and {"years", "scale"} <= given.nodes.keys()):
        reader.fault("plan.wrong_total", where, name=given.get("totals"), of=given.get("years", "years"))


def _listing(given: Entries, by_code: Mapping[str, Listing], reader: Reader) -> Listing | None:
    code = given.get("listing")
    if code is None:
        return None
    if code not in by_code:
        reader.unknown("plan.unknown_chart_listing", given.line_of("listing"), code, by_code)
    return by_code.get(code)


def _known_in(listing: Listing, name: str, known: Iterable[str], where: Node | int, reader: Reader) -> None:
    if name not in known:
        reader.unknown("plan.unknown_chart_column", where, name, known, listing=listing.code)


def _words(given: Entries, key: str, reader: Reader) -> dict[str, str]:
    """What is drawn -> its name on the chart, every year in it known."""
    found: dict[str, str] = {}
    for name, node in members_of(given, key, reader):
        words = reader.value(node, name, Kind.TEXT)
        if words is not None:
            found[name] = words
            for year in named_years(words):
                if year not in CHART_YEARS:
                    reader.unknown("plan.unknown_chart_year", node, year, CHART_YEARS)
    return found


def _conditions(
    given: Entries, columns: Mapping[str, str], figures: Mapping[str, Known | None], reader: Reader
) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, node in members_of(given, "when", reader):
        if name not in columns:
            reader.unknown("plan.unknown_chart_column", node, name, columns, listing=given.get("listing", ""))
        written = reader.value(node, name, Kind.TEXT)
        if written is not None:
            found[name] = written
            _check_figure(written, node, figures, reader)
    return found


def _check_figure(written: str, where: Node | int, figures: Mapping[str, Known | None], reader: Reader) -> None:
    """A chart draws single figures: one that is divided by a key must name its group."""
    found = referred(written, where, figures, reader)
    if found is not None and found[1].left(found[0]) != ():
        reader.fault("plan.divided_figure", where, name=written, has=", ".join(found[1].by) or "–")
