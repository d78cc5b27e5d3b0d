"""Derived figures: comparisons, ratios, scaled figures and shares, computed from figures that are there already.

In:   the figures by code and group, the plan, the period; for broken series the dataset. Out: Figures with their parts.
Pure. Imports model, definitions, vietnamese.amounts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from generator.definitions.aggregations import CHANGE, RATIO, SCALED, SHARE, change, ratio
from generator.definitions.plans import (
    FRAME_KEYS,
    SCALES,
    THIS_YEAR,
    YEAR_KEY,
    Comparison,
    Ratio,
    ReportPlan,
    Scaled,
    Share,
    grouped_code,
    reference,
    years_of,
)
from generator.definitions.plans_names import TOTAL_GROUP
from generator.model import Figure
from generator.stages.figures.grouping import UNKNOWN, Group, Merged, key_column
from generator.vietnamese.amounts import whole_parts

Index = Mapping[str, Mapping[Group, Figure]]
"""Figures by code and group; one without keys is its group ()."""


def _slice(written: str, index: Index, years: Sequence[int]) -> dict[Group, Figure]:
    """The figures that a plan names, by what is left of their groups before the keys in brackets."""
    named = reference(written, years)
    if named is None:
        return {}
    more = len(named.keys)
    return {
        group[: len(group) - more]: figure
        for group, figure in index.get(named.code, {}).items()
        if group[len(group) - more :] == named.keys
    }


def comparison_figures(
    comparison: Comparison, index: Index, years: Sequence[int], broken: frozenset[str]
) -> Iterator[tuple[Group, Figure]]:
    """The change in per cent; by group, that of each group which had something before and whose series is whole."""
    before = _slice(comparison.previous, index, years)
    for group, this in _slice(comparison.current, index, years).items():
        code, last = grouped_code(comparison.code, group), before.get(group)
        percent = change(this.value, last.value) if last is not None else None
        if last is not None and percent is not None and code not in broken:
            values, parts = (*this.values, *last.values), (this.code, last.code)
            yield group, Figure(code, comparison.label, percent, "%", CHANGE, values, parts)


def ratio_figures(spec: Ratio, index: Index, years: Sequence[int]) -> Iterator[tuple[Group, Figure]]:
    """One figure in per cent of another; by group, of each group that both have and that is not over nothing."""
    whole = _slice(spec.over, index, years)
    for group, part in _slice(spec.of, index, years).items():
        over = whole.get(group)
        percent = ratio(part.value, over.value, spec.digits) if over is not None else None
        if over is not None and percent is not None:
            values, parts = (*part.values, *over.values), (part.code, over.code)
            yield group, Figure(grouped_code(spec.code, group), spec.label, percent, "%", RATIO, values, parts)


def scaled_figures(spec: Scaled, index: Index, years: Sequence[int]) -> Iterator[tuple[Group, Figure]]:
    """Each group in triệu or tỷ đồng, and the total, to which the parts add up as they are shown."""
    parts = _slice(spec.of, index, years)
    total = _slice(spec.total, index, years).get(())
    if total is None:
        return
    per_unit, unit = SCALES[spec.unit]
    shown = _shown([int(figure.value) for figure in parts.values()], per_unit // 10**spec.digits)
    for (group, figure), part in zip(parts.items(), shown, strict=True):
        value = _number(part, spec.digits)
        made_of = (figure.code, total.code)
        code = grouped_code(spec.code, group)
        yield group, Figure(code, spec.label, value, unit, SCALED, figure.values, made_of)
    code = grouped_code(spec.code, (TOTAL_GROUP,))
    sum_of_parts = _number(sum(shown), spec.digits)
    yield (TOTAL_GROUP,), Figure(code, spec.label, sum_of_parts, unit, SCALED, total.values, (total.code,))


def share_figures(spec: Share, index: Index, years: Sequence[int]) -> Iterator[tuple[Group, Figure]]:
    """Per cents of the groups, which add up to exactly 100; nothing where there is nothing to share."""
    parts = _slice(spec.of, index, years)
    numbers = [int(figure.value) for figure in parts.values()]
    whole = sum(numbers)
    if whole <= 0 or min(numbers) < 0:
        return
    shown = whole_parts([number * 100 * 10**spec.digits for number in numbers], whole)
    codes = tuple(figure.code for figure in parts.values())
    for (group, figure), part in zip(parts.items(), shown, strict=True):
        others = tuple(code for code in codes if code != figure.code)
        code = grouped_code(spec.code, group)
        value = _number(part, spec.digits)
        yield group, Figure(code, spec.label, value, "%", SHARE, figure.values, (figure.code, *others))
    values = tuple(value for figure in parts.values() for value in figure.values)
    yield (TOTAL_GROUP,), Figure(grouped_code(spec.code, (TOTAL_GROUP,)), spec.label, 100, "%", SHARE, values, codes)


def _shown(numbers: Sequence[int], unit: int) -> Sequence[int]:
    """Whole units that add up; below zero, where nothing can be shared out, each rounded by itself."""
    if all(number >= 0 for number in numbers):
        return whole_parts(numbers, unit)
    return [(2 * number + unit) // (2 * unit) for number in numbers]


def _number(units: int, digits: int) -> int | Decimal:
    return Decimal(units).scaleb(-digits) if digits else units


# --- broken series ------------------------------------------------------------------------------


def broken_series(dataset: Merged, plan: ReportPlan, years: Sequence[int]) -> frozenset[str]:
    """Codes of the comparisons, with their groups, whose returns do not all give one and the same answer.

    A return without an answer breaks the series too: nobody knows by which standard it counted.
    """
    found: set[str] = set()
    for comparison in plan.comparisons:
        if comparison.series:
            found |= _broken(comparison, dataset, plan, years)
    return frozenset(found)


def _broken(comparison: Comparison, dataset: Merged, plan: ReportPlan, years: Sequence[int]) -> set[str]:
    frame = dataset.frames.get((comparison.series_form, ""))
    by, of_years = _years_compared(comparison, plan, years)
    if frame is None or comparison.series not in frame:
        return set()
    of_years_only = frame[frame["year"].isin(of_years)]
    answers = key_column(of_years_only, comparison.series)
    divides = bool(by) and FRAME_KEYS.get(by[0], by[0]) in frame
    groups = key_column(of_years_only, by[0]) if divides else [""] * len(answers)
    told: dict[str, set[str]] = {}
    for group, answer in zip(groups, answers, strict=True):
        told.setdefault(group, set()).add(answer)
    gone = {group for group, given in told.items() if len(given) > 1 or UNKNOWN in given}
    if divides or not by:
        return {grouped_code(comparison.code, [group] if by else []) for group in gone}
    return {comparison.code} if gone else set()


def _years_compared(comparison: Comparison, plan: ReportPlan, years: Sequence[int]) -> tuple[tuple[str, ...], set[int]]:
    """The key by which the comparison is divided, and the years of both its sides."""
    keys = {spec.code: (spec.by, spec.year) for spec in plan.figures}
    keys |= {state.code: (state.by, state.year) for state in plan.states}
    compared: set[int] = set()
    left: tuple[str, ...] = ()
    for written in (comparison.current, comparison.previous):
        named = reference(written, years)
        by, year = keys.get(named.code, ((), THIS_YEAR)) if named else ((), THIS_YEAR)
        more = len(named.keys) if named else 0
        left = by[: len(by) - more]
        in_brackets = dict(zip(by[len(by) - more :], named.keys if named else (), strict=False))
        named_year = in_brackets.get(YEAR_KEY, "")
        compared |= {int(named_year)} if named_year.isdigit() else set(years_of(year, years))
    return left, compared
