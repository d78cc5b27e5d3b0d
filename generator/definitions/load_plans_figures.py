"""Load the figures of plans: what is computed from values, from obligations, and from other figures.

In:   entries of a plan, the forms by code. Out: FigureSpec, StateSpec, Comparison, Ratio, Scaled, Share in the order of
      the file; a figure whose source or aggregation is unknown is left out, with its fault.
Pure. Imports definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.definitions.aggregations import AGGREGATIONS, Aggregation
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
    ALL_YEARS,
    SCALES,
    STATES,
    THIS_YEAR,
    YEAR_KEY,
    YEARS,
    Comparison,
    FigureSpec,
    Ratio,
    Scaled,
    Share,
    StateSpec,
)
from generator.definitions.plans_names import TOTAL_GROUP
from generator.definitions.schema import Entries, Key, Kind, Reader

_LABEL, _TEXT = {"label": Key(Kind.TEXT, required=True)}, Key(Kind.TEXT, required=True)
_FIGURE = _LABEL | {
    "from": _TEXT,
    "aggregation": _TEXT,
    "by": Key(Kind.TEXTS),
    "where": Key(Kind.MAP),
    "without": Key(Kind.MAP),
    "with": Key(Kind.TEXTS),
    "unit": Key(Kind.TEXT),
    "year": Key(Kind.TEXT),
}
_STATE = _LABEL | {"form": _TEXT, "state": _TEXT, "unit": Key(Kind.TEXT), "by": Key(Kind.TEXTS), "year": Key(Kind.TEXT)}
_COMPARISON = _LABEL | {"current": _TEXT, "previous": _TEXT, "series": Key(Kind.TEXT)}
_RATIO = _LABEL | {"of": _TEXT, "over": _TEXT, "digits": Key(Kind.WHOLE)}
_SCALED = _LABEL | {"of": _TEXT, "total": _TEXT, "unit": Key(Kind.TEXT), "digits": Key(Kind.WHOLE)}
_SHARE = _LABEL | {"of": _TEXT, "digits": Key(Kind.WHOLE)}

MOST_KEYS = 3
"""Keys of one figure; four would make a report that nobody reads."""
MOST_DIGITS = 2
"""Decimals of a scaled figure or a share."""


def figures(entries: Entries, forms: Mapping[str, Form], reader: Reader) -> Iterator[FigureSpec]:
    """Figures made from values."""
    for code, node in members_of(entries, "figures", reader):
        given = reader.entries(node, _FIGURE)
        source = read_source(given, forms, reader)
        aggregation = _aggregation(given, reader)
        year = one_of(given, "year", THIS_YEAR, YEARS, "plan.unknown_year", reader)
        if source is None or aggregation is None:
            continue
        if not aggregation.takes(source.field):
            params = {"name": aggregation.name, "type": source.field.type, "field": given.get("from")}
            allowed = ", ".join(sorted(aggregation.types))
            reader.fault("plan.wrong_aggregation", given.line_of("aggregation"), allowed=allowed, **params)
        unit = given.get("unit", aggregation.unit(source.field))
        if not unit:
            reader.fault("plan.no_unit", node, name=code)
        yield FigureSpec(
            code=code,
            label=given.get("label", ""),
            form=source.form.code,
            table=source.table,
            column=source.field.code,
            aggregation=aggregation.name,
            unit=unit,
            by=_by(given, source, reader),
            where=read_filter(given, "where", source, reader),
            without=read_filter(given, "without", source, reader),
            beside=_beside(given, source, reader),
            year=year,
            line=node.line,
        )


def _aggregation(given: Entries, reader: Reader) -> Aggregation | None:
    name = given.get("aggregation")
    if name is not None and name not in AGGREGATIONS:
        reader.unknown("plan.unknown_aggregation", given.line_of("aggregation"), name, AGGREGATIONS)
    return AGGREGATIONS.get(name) if name is not None else None


def _by(given: Entries, source: Source, reader: Reader) -> tuple[str, ...]:
    by: tuple[str, ...] = given.get("by", ())
    keys = source.keys()
    for key in by:
        if key not in keys:
            reader.unknown("plan.unknown_key", given.line_of("by"), key, keys)
    if len(by) > MOST_KEYS or len(set(by)) < len(by):
        reader.fault("plan.too_many_keys", given.line_of("by"), limit=MOST_KEYS)
    return by


def _beside(given: Entries, source: Source, reader: Reader) -> tuple[str, ...]:
    """Columns of the same table that must be filled too."""
    written: tuple[str, ...] = given.get("with", ())
    known = [column.code for column in source.columns()]
    for code in written:
        if code not in known:
            reader.unknown("plan.unknown_field", given.line_of("with"), code, known, form=source.form.code)
    return written


def states(entries: Entries, forms: Mapping[str, Form], reader: Reader) -> Iterator[StateSpec]:
    """Figures counted from who owes and who sent."""
    for code, node in members_of(entries, "states", reader):
        given = reader.entries(node, _STATE)
        form, by = given.get("form"), given.get("by", ())
        if form is not None and form not in forms:
            reader.unknown("plan.unknown_form", given.line_of("form"), form, forms)
        for key in by:
            if key != YEAR_KEY:
                reader.unknown("plan.unknown_key", given.line_of("by"), key, (YEAR_KEY,))
        state = one_of(given, "state", next(iter(STATES)), STATES, "plan.unknown_state", reader)
        year = one_of(given, "year", ALL_YEARS if by else THIS_YEAR, YEARS, "plan.unknown_year", reader)
        unit = given.get("unit", "đơn vị")
        yield StateSpec(code, given.get("label", ""), form or "", state, unit, by, year, node.line)


def known_figures(
    plain: Iterable[FigureSpec], counted: Iterable[StateSpec], forms: Mapping[str, Form]
) -> dict[str, Known | None]:
    """What comparisons, shares and listings may name, by code."""
    found: dict[str, Known | None] = {}
    for spec in plain:
        source_field = forms[spec.form].field(f"{spec.table}.{spec.column}" if spec.table else spec.column)
        codes = Source(forms[spec.form], spec.table, source_field).keys() if source_field and spec.by else {}
        found[spec.code] = Known(spec.by, codes, spec, spec.form)
    return found | {state.code: Known(state.by, form=state.form) for state in counted}


# --- computed from other figures --------------------------------------------------------------


def comparisons(
    entries: Entries, known: dict[str, Known | None], forms: Mapping[str, Form], reader: Reader
) -> Iterator[Comparison]:
    """Comparisons; each becomes known to listings as a figure by the key that its sides share."""
    figures_only = dict(known)
    for code, node in members_of(entries, "comparisons", reader):
        given = reader.entries(node, _COMPARISON)
        known[code] = _of_both(code, node, given, ("current", "previous"), figures_only, reader)
        series_form, series = _series(given, forms, reader)
        yield Comparison(
            code,
            given.get("label", ""),
            given.get("current", ""),
            given.get("previous", ""),
            series,
            series_form,
            node.line,
        )


def _of_both(
    code: str, node: Node, given: Entries, sides: tuple[str, str], known: dict[str, Known | None], reader: Reader
) -> Known | None:
    """What is known of a figure made of two others, which are divided by one and the same key or by none."""
    found = [referred(given.get(side), given.line_of(side), known, reader) for side in sides]
    left = [there.left(named) for side in found if side is not None for named, there in (side,)]
    if len(left) < len(sides) or (first := found[0]) is None:
        return None
    if left[0] != left[1] or left[0] is None or len(left[0]) > 1:
        reader.fault("plan.wrong_comparison", node, name=code)
        return None
    return Known(left[0], first[1].codes, form=first[1].form)


def ratios(entries: Entries, known: dict[str, Known | None], reader: Reader) -> Iterator[Ratio]:
    """Rates of one figure to another; each becomes known to listings as a figure by the key that its sides share."""
    figures_only = dict(known)
    for code, node in members_of(entries, "ratios", reader):
        given = reader.entries(node, _RATIO)
        known[code] = _of_both(code, node, given, ("of", "over"), figures_only, reader)
        digits = _digits(given, 1, reader)
        yield Ratio(code, given.get("label", ""), given.get("of", ""), given.get("over", ""), digits, node.line)


def _series(given: Entries, forms: Mapping[str, Form], reader: Reader) -> tuple[str, str]:
    """Form and code of the single choice field that tells whether two years can be compared."""
    source = read_source(given, forms, reader, "series")
    if source is None:
        return "", ""
    if source.table or source.field.type != "choice":
        reader.fault("plan.wrong_series", given.line_of("series"), name=given.get("series"))
    return source.form.code, source.field.code


def scaled(entries: Entries, known: dict[str, Known | None], reader: Reader) -> Iterator[Scaled]:
    """Scaled figures. The total must be of the very values that the parts are of: only then can they add up."""
    for code, node in members_of(entries, "scaled", reader):
        given = reader.entries(node, _SCALED)
        parts = _parts(code, given, known, reader)
        total = referred(given.get("total"), given.line_of("total"), known, reader)
        if parts is not None and total is not None and not _same_values(parts, total):
            reader.fault("plan.wrong_total", given.line_of("total"), name=given.get("total"), of=given.get("of"))
        if parts is not None and parts[1].unit != "đồng":
            reader.fault("plan.not_money", given.line_of("of"), name=given.get("of"))
        unit = one_of(given, "unit", next(iter(SCALES)), SCALES, "plan.unknown_scale", reader)
        digits = _digits(given, 1 if unit == "ty" else 0, reader)
        yield Scaled(code, given.get("label", ""), given.get("of", ""), given.get("total", ""), unit, digits, node.line)


def shares(entries: Entries, known: dict[str, Known | None], reader: Reader) -> Iterator[Share]:
    """Shares of the whole."""
    for code, node in members_of(entries, "shares", reader):
        given = reader.entries(node, _SHARE)
        _parts(code, given, known, reader)
        yield Share(code, given.get("label", ""), given.get("of", ""), _digits(given, 1, reader), node.line)


def _parts(
    code: str, given: Entries, known: dict[str, Known | None], reader: Reader
) -> tuple[tuple[str, ...], FigureSpec] | None:
    """Groups in brackets and the figure whose groups are parts of a whole; makes them known to listings too."""
    found = referred(given.get("of"), given.line_of("of"), known, reader)
    known[code] = None
    if found is None:
        return None
    named, there = found
    left = there.left(named)
    if there.spec is None or left is None or len(left) != 1 or there.spec.aggregation not in ("sum", "count"):
        reader.fault("plan.wrong_parts", given.line_of("of"), name=given.get("of"))
        return None
    codes = there.codes.get(left[0]) or frozenset()
    known[code] = Known(left, {left[0]: codes | {TOTAL_GROUP} if codes else codes}, form=there.form)
    return named.keys, there.spec


def _same_values(parts: tuple[tuple[str, ...], FigureSpec], total: tuple[object, Known]) -> bool:
    keys, spec = parts
    named, there = total
    other = there.spec
    return other is not None and (
        (*_rows_of(spec), spec.by[1:], keys) == (*_rows_of(other), other.by, getattr(named, "keys", ()))
    )


def _rows_of(spec: FigureSpec) -> tuple[object, ...]:
    """What decides which values a figure is of."""
    taken = (spec.form, spec.table, spec.column, spec.aggregation)
    return (*taken, spec.where, spec.without, spec.beside, spec.year)


def _digits(given: Entries, default: int, reader: Reader) -> int:
    digits: int = given.get("digits", default)
    if not 0 <= digits <= MOST_DIGITS:
        reader.fault("plan.bad_digits", given.line_of("digits"), digits=digits, limit=MOST_DIGITS)
        return default
    return digits
