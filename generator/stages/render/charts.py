"""Charts of a document: rows and figures that the report prints -> what each chart draws, each number noted.

In:   a plan's chart, Content. Out: ChartContent with the sentence that stands for the picture.
Imports model, definitions.plans, office.chart, vietnamese.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from generator.definitions.plans import SCALES, ReportPlan, reference
from generator.definitions.plans_charts import ChartSpec, with_years
from generator.model import Figure
from generator.office.chart import ChartContent, ChartSeries
from generator.stages.render.context import Content, ListingRow, shown_text
from generator.stages.render.printing import Printed
from generator.vietnamese.amounts import whole_parts
from generator.vietnamese.numbers import format_number

WHOLE_NUMBERS = '[>=999999.5]0"."000"."000;[>=999.5]0"."000;0'
"""Points between thousands whatever the language of the computer: "#,##0" shows commas on a Windows in English, and
in LibreOffice, beside a table that has points."""
WITH_DECIMALS = "[$-42A]#,##0.0"
"""The mark is that of Vietnamese: LibreOffice then writes 1.234,5; Word follows the computer in any case."""
MOST_NUMBERS = 40
"""How many numbers the sentence for a chart tells; of longer series only the highest and the lowest."""
_HEADING = 1
_UNTOLD = "chưa có số liệu"

Cells = Sequence[Figure | None]


def chart_contents(
    plan: ReportPlan, content: Content, notes: dict[str, list[str]]
) -> Callable[[str], ChartContent | None]:
    """What the chart of a code draws; None for a code that the plan does not have. Numbers are noted when asked."""
    specs = {spec.code: spec for spec in plan.charts}
    figures = {figure.code: figure for figure in content.figures} if specs else {}

    def content_of(code: str) -> ChartContent | None:
        spec = specs.get(code)
        return _drawn(spec, content, figures, notes) if spec is not None else None

    return content_of


def _drawn(
    spec: ChartSpec, content: Content, figures: Mapping[str, Figure], notes: dict[str, list[str]]
) -> ChartContent:
    categories, found = _cells(spec, content, figures)
    told = [cell.value for _, cells in found for cell in cells if cell is not None]
    whole = bool(spec.scale) or all(value == int(value) for value in told)
    totals = [figures.get(f"{spec.totals}[{year}]") for year in _years(content)] if spec.totals else [None] * len(found)
    series = []
    for (name, cells), total in zip(found, totals, strict=True):
        values = _values(cells, spec, total)
        for cell, value in zip(cells, values, strict=True):
            if cell is not None and value is not None:
                text = _text(value, whole)
                if text not in notes.get(cell.code, ()):  # else a table or sentence shows the very same
                    Printed(cell, notes).noted(f"{text} {SCALES[spec.scale][1] if spec.scale else cell.unit}")
        series.append(ChartSeries(name, values))
    return ChartContent(
        categories,
        series,
        WHOLE_NUMBERS if whole else WITH_DECIMALS,
        _sentence(with_years(spec.label, content.words), spec.unit, categories, series, whole),
    )


# --- which figures ----------------------------------------------------------------------------


def _cells(
    spec: ChartSpec, content: Content, figures: Mapping[str, Figure]
) -> tuple[list[str], list[tuple[str, Cells]]]:
    """The categories, and by name of a series its figures."""
    years = [str(year) for year in _years(content)]
    if spec.figures:
        names = [with_years(name, content.words) for name in spec.figures.values()]
        return names, [(spec.unit, [_figure(written, content, figures) for written in spec.figures])]
    rows = [
        row for row in content.listings.get(spec.listing, ()) if row.level != _HEADING and row.code not in spec.without
    ]
    names = [_name(row) for row in rows]
    if spec.rows:
        return years, [(_name(row), _padded(row.series.get(spec.rows, ()), len(years))) for row in rows]
    if spec.years:
        by_row = [_padded(row.series.get(spec.years, ()), len(years)) for row in rows]
        return names, [(f"Năm {year}", [cells[at] for cells in by_row]) for at, year in enumerate(years)]
    shown = [column for column in spec.columns if _is_wanted(spec.when.get(column), content, figures)]
    words = {column: with_years(spec.columns[column], content.words) for column in shown}
    return names, [(words[column], [row.cells.get(column) for row in rows]) for column in shown]


def _years(content: Content) -> Sequence[object]:
    years = content.words.get("cac_nam", ())
    return years if isinstance(years, Sequence) else ()


def _padded(cells: Cells, width: int) -> Cells:
    return [*cells, *[None] * (width - len(cells))][:width]


def _name(row: ListingRow) -> str:
    """The name of the row as it stands at the beginning of a table's row."""
    name = shown_text(row.name)
    return name[:1].upper() + name[1:]


def _figure(written: str, content: Content, figures: Mapping[str, Figure]) -> Figure | None:
    years = [int(str(year)) for year in _years(content)]
    named = reference(written, years)
    return figures.get(named.group()) if named is not None else None


def _is_wanted(written: str | None, content: Content, figures: Mapping[str, Figure]) -> bool:
    if written is None:
        return True
    found = _figure(written, content, figures)
    return found is not None and found.value > 0


# --- numbers and words ------------------------------------------------------------------------


def _values(cells: Cells, spec: ChartSpec, total: Figure | None) -> list[int | Decimal | None]:
    """The numbers of a series; with a total they are rounded together, so that they add up to what tables show."""
    there = [cell for cell in cells if cell is not None]
    if total is None or any(cell.value < 0 for cell in there):
        return [None if cell is None else _scaled(cell, spec) for cell in cells]
    shown = iter(whole_parts([int(cell.value) for cell in there], SCALES[spec.scale][0], int(total.value)))
    return [None if cell is None else next(shown) for cell in cells]


def _scaled(figure: Figure, spec: ChartSpec) -> int | Decimal:
    """The number in the chart's unit, with all its digits: only the picture rounds it."""
    if not spec.scale:
        return figure.value
    scaled = Decimal(figure.value) / SCALES[spec.scale][0]
    return int(scaled) if scaled == int(scaled) else scaled


def _text(value: int | Decimal, whole: bool) -> str:
    return format_number(value, 0 if whole else 1)


def _sentence(label: str, unit: str, categories: Sequence[str], series: Sequence[ChartSeries], whole: bool) -> str:
    """The picture in words: what it shows, then the numbers of each series."""
    brief = len(categories) * len(series) > MOST_NUMBERS
    said = [
        f"{one.name}: {_extremes(categories, one, whole) if brief else _all(categories, one, whole)}" for one in series
    ]
    return ". ".join([f"Biểu đồ {label} ({unit})", *said]) + "."


def _all(categories: Sequence[str], series: ChartSeries, whole: bool) -> str:
    pairs = zip(categories, series.values, strict=True)
    return "; ".join(f"{name} {_UNTOLD if value is None else _text(value, whole)}" for name, value in pairs)


def _extremes(categories: Sequence[str], series: ChartSeries, whole: bool) -> str:
    told = [(value, name) for name, value in zip(categories, series.values, strict=True) if value is not None]
    if not told:
        return _UNTOLD
    (most, at_most), (least, at_least) = max(told), min(told)
    return f"cao nhất {at_most} {_text(most, whole)}; thấp nhất {at_least} {_text(least, whole)}"
