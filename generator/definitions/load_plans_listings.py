"""Load the listings and quotes of plans: rows to loop over, and what partners wrote.

In:   entries of a plan, the forms by code, the figures that are known.
Out:  Listing, StandingList and Quote in the order of the file, every name in them checked.
Pure. Imports definitions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.definitions.forms import Form
from generator.definitions.load_plans_sources import (
    Known,
    Source,
    members_of,
    one_of,
    read_filter,
    read_source,
    referred,
)
from generator.definitions.nodes import Node
from generator.definitions.plans import (
    DISTRICT_KEYS,
    MEMBERS,
    PARTNER_KEYS,
    THIS_YEAR,
    YEAR_KEY,
    YEARS,
    Listing,
    Quote,
    StandingList,
    Topic,
    Under,
)
from generator.definitions.plans_names import ROW_NAMES
from generator.definitions.schema import Entries, Key, Kind, Reader

_LISTING = {
    "label": Key(Kind.TEXT, required=True),
    "by": Key(Kind.TEXT),
    "columns": Key(Kind.MAP),
    "series": Key(Kind.MAP),
    "under": Key(Kind.MAP),
    "members": Key(Kind.TEXT),
    "of": Key(Kind.TEXT),
    "forms": Key(Kind.TEXTS),
}
_UNDER = {"by": Key(Kind.TEXT, required=True), "columns": Key(Kind.MAP), "series": Key(Kind.MAP)}
_QUOTE = {
    "label": Key(Kind.TEXT, required=True),
    "from": Key(Kind.TEXT, required=True),
    "beside": Key(Kind.TEXTS),
    "where": Key(Kind.MAP),
    "group": Key(Kind.TEXT),
    "topics": Key(Kind.FLAG),
    "verbatim": Key(Kind.FLAG),
    "year": Key(Kind.TEXT),
}
STANDINGS = "standings"
"""What a listing is `of` when its rows are obligations and not groups of figures."""


def listings(
    entries: Entries, known: Mapping[str, Known | None], forms: Mapping[str, Form], reader: Reader
) -> Iterator[Listing]:
    """The listings whose rows are groups of figures."""
    for code, node in members_of(entries, "listings", reader):
        given = reader.entries(node, _LISTING)
        if "of" in given.nodes:
            continue
        by = given.get("by", "")
        if not by:
            reader.fault("definition.missing_key", node, key="by")
        columns = _columns(given, "columns", (by,), known, reader)
        series = _columns(given, "series", (by, YEAR_KEY), known, reader)
        if "columns" not in given.nodes and not series:
            reader.fault("plan.no_columns", node, name=code)
        _check_row_names((*columns, *series), given, reader)
        under = _under(given, by, _form_of(columns, series, known, forms), known, reader)
        members = one_of(given, "members", MEMBERS[0], MEMBERS, "plan.unknown_members", reader)
        if "members" in given.nodes and by not in PARTNER_KEYS:
            reader.fault("plan.wrong_members", given.line_of("members"), by=by)
        form = _form_of(columns, series, known, forms)
        yield Listing(
            code=code,
            label=given.get("label", ""),
            by=by,
            columns=columns,
            series=series,
            under=under,
            members=members,
            form=form.code if form else "",
            line=node.line,
        )


def _check_row_names(names: Sequence[str], given: Entries, reader: Reader) -> None:
    for name in names:
        if name in ROW_NAMES or names.count(name) > 1:
            reader.fault("plan.reserved_column", given.line, name=name)


def _columns(
    given: Entries, key: str, by: tuple[str, ...], known: Mapping[str, Known | None], reader: Reader
) -> dict[str, str]:
    """Columns by name: each a figure whose first keys are `by`, with its other keys in brackets."""
    columns: dict[str, str] = {}
    for name, node in members_of(given, key, reader):
        written = reader.value(node, name, Kind.TEXT)
        if written is not None:
            columns[name] = written
            _check_column(written, by, node, known, reader)
    return columns


def _check_column(
    written: str, by: tuple[str, ...], node: Node, known: Mapping[str, Known | None], reader: Reader
) -> None:
    found = referred(written, node, known, reader)
    if found is None:
        return
    named, there = found
    if there.left(named) != by:
        has = ", ".join(there.by) or "–"
        reader.fault("plan.wrong_column", node, name=written, by=", ".join(by), has=has)


def _form_of(
    columns: Mapping[str, str],
    series: Mapping[str, str],
    known: Mapping[str, Known | None],
    forms: Mapping[str, Form],
) -> Form | None:
    """The form of the first column's figure."""
    for written in (*columns.values(), *series.values()):
        there = known.get(written.partition("[")[0])
        if there is not None and there.form in forms:
            return forms[there.form]
    return None


def _under(
    given: Entries, by: str, form: Form | None, known: Mapping[str, Known | None], reader: Reader
) -> Under | None:
    """The headings: districts above partners, or the wider choices above the choices that belong to them."""
    node = given.get("under")
    if node is None:
        return None
    heads = reader.entries(node, _UNDER)
    above = heads.get("by", "")
    fits = above in DISTRICT_KEYS if by in PARTNER_KEYS else form is not None and above in _wider(form, by)
    if not fits:
        reader.fault("plan.wrong_under", heads.line_of("by"), name=above, by=by)
    columns = _columns(heads, "columns", (above,), known, reader)
    series = _columns(heads, "series", (above, YEAR_KEY), known, reader)
    for name in (*columns, *series):
        own = given.get("columns") if name in columns else given.get("series")
        if own is None or name not in [key.text for key, _ in own.entries]:
            reader.fault("plan.column_not_below", heads.line, name=name)
    return Under(above, columns, series)


def _wider(form: Form, key: str) -> set[str]:
    """The lists that the choices of a column belong to."""
    column = next((field for _, field in form.paths() if field.code == key and field.type == "choice"), None)
    groups = {choice.group for choice in form.choices.get(column.choices if column else "", ()) if choice.group}
    return {name for name, of in form.choices.items() if groups and groups <= {choice.code for choice in of}}


def standing_lists(entries: Entries, forms: Mapping[str, Form], reader: Reader) -> Iterator[StandingList]:
    """The listings whose rows are obligations: `of: standings`."""
    for code, node in members_of(entries, "listings", reader):
        given = reader.entries(node, _LISTING)
        if "of" not in given.nodes:
            continue
        one_of(given, "of", STANDINGS, (STANDINGS,), "plan.unknown_listing", reader)
        named: tuple[str, ...] = given.get("forms", ())
        for form in named:
            if form not in forms:
                reader.unknown("plan.unknown_form", given.line_of("forms"), form, forms)
        if not named:
            reader.fault("definition.missing_key", node, key="forms")
        by = one_of(given, "by", YEAR_KEY, (YEAR_KEY,), "plan.unknown_key", reader) if "by" in given.nodes else ""
        yield StandingList(code, given.get("label", ""), named, bool(by), node.line)


def quotes(entries: Entries, forms: Mapping[str, Form], topics: Sequence[Topic], reader: Reader) -> Iterator[Quote]:
    """What partners wrote, and what stands beside it."""
    for code, node in members_of(entries, "quotes", reader):
        given = reader.entries(node, _QUOTE)
        source = read_source(given, forms, reader)
        year = one_of(given, "year", THIS_YEAR, YEARS, "plan.unknown_year", reader)
        if source is None:
            continue
        beside: tuple[str, ...] = given.get("beside", ())
        known = [column.code for column in source.columns()] if source.table else []
        for name in beside:
            if name not in known:
                reader.unknown("plan.unknown_field", given.line_of("beside"), name, known, form=source.form.code)
        group, by_topic = given.get("group", ""), given.get("topics", False)
        if group and group not in beside:
            reader.unknown("plan.wrong_group", given.line_of("group"), group, beside)
        if by_topic and (group or not topics):
            reader.fault("plan.wrong_topics", given.line_of("topics"), name=code)
        yield Quote(
            code=code,
            label=given.get("label", ""),
            form=source.form.code,
            table=source.table,
            column=source.field.code,
            beside=beside,
            where=_choices_only(read_filter(given, "where", source, reader), given, source, reader),
            group=group,
            topics=by_topic,
            verbatim=given.get("verbatim", False),
            year=year,
            line=node.line,
        )


def _choices_only(
    where: Mapping[str, frozenset[str]], given: Entries, source: Source, reader: Reader
) -> Mapping[str, frozenset[str]]:
    """The filter of a quote: by choices of its own row, since it is applied before anything is derived."""
    own = {column.code for column in source.columns() if column.type == "choice"}
    for key in where:
        if key not in own:
            reader.unknown("plan.unknown_key", given.line_of("where"), key, own)
    return where
