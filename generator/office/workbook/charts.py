"""Charts: a native chart of a drawn table, with its values cached for programs that do not calculate.

In:   a sheet being drawn, its table, a chart. Out: the chart on the sheet, beside a narrow table, else below it.
Imports openpyxl.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.utils import get_column_letter, quote_sheetname

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from generator.office.workbook.tables import Chart, TableSheet

_COLORS = ("2F5D8A", "C8553D", "5B8C5A", "D9A441", "7B5E8A", "52606D")
_DIGIT_CM = 0.2
_UPRIGHT = 12  # categories whose names find room side by side; those of more stand upright
_BESIDE, _BELOW_MOST, _HEIGHT = 17, 27, 9


def place_chart(drawn: Worksheet, sheet: TableSheet, chart: Chart) -> None:
    """Draws the chart onto the sheet."""
    made = LineChart() if chart.kind == "line" else BarChart()
    if isinstance(made, BarChart):
        made.type = "bar" if chart.kind == "bar" else "col"
        made.gapWidth = 40
    if chart.stacked:
        made.grouping = "stacked"
        if isinstance(made, BarChart):
            made.overlap = 100
    rows = list(sheet.rows)
    categories = _categories(drawn, sheet, [row[chart.categories] for row in rows], chart.categories)
    for number, place in enumerate(chart.series):
        series = _series(drawn, sheet, [row[place] for row in rows], place)
        series.cat = categories
        color = _COLORS[number % len(_COLORS)]
        if chart.kind == "line":
            series.graphicalProperties.line = LineProperties(solidFill=color, w=28_000)
            series.smooth = False
        else:
            series.graphicalProperties = GraphicalProperties(solidFill=color)
        made.series.append(series)
    _dress(made, chart, crowded=len(rows) > _UPRIGHT)
    made.height = _HEIGHT
    if sheet.chart_beside:
        made.width = _BESIDE
        drawn.add_chart(made, f"{get_column_letter(len(sheet.columns) + 2)}{sheet.head_row}")
    else:
        made.width = min(_BELOW_MOST, int(sheet.width * _DIGIT_CM))
        drawn.add_chart(made, f"A{sheet.last_row + 4 + len(sheet.notes)}")


def _categories(drawn: Worksheet, sheet: TableSheet, values: list[object], place: int) -> AxDataSource:
    shown = [f"{one:%d/%m}" if isinstance(one, date) else "" if one is None else str(one) for one in values]
    cached = StrData(ptCount=len(shown), pt=[StrVal(idx=number, v=text) for number, text in enumerate(shown)])
    return AxDataSource(strRef=StrRef(f=_range(drawn, sheet, place), strCache=cached))


def _series(drawn: Worksheet, sheet: TableSheet, values: list[object], place: int) -> Series:
    last = sheet.head_row + len(values)
    reference = Reference(drawn, min_col=place + 1, min_row=sheet.head_row + 1, max_row=last)
    series: Series = SeriesFactory(reference, title=sheet.columns[place].heading)
    points = [NumVal(idx=number, v=str(value or 0)) for number, value in enumerate(values)]
    cached = NumData(formatCode="#,##0", ptCount=len(points), pt=points)
    series.val = NumDataSource(numRef=NumRef(f=_range(drawn, sheet, place), numCache=cached))
    return series


def _range(drawn: Worksheet, sheet: TableSheet, place: int) -> str:
    letter = get_column_letter(place + 1)
    first, last = sheet.head_row + 1, sheet.head_row + len(sheet.rows)
    return f"{quote_sheetname(drawn.title)}!${letter}${first}:${letter}${last}"


def _dress(made: BarChart | LineChart, chart: Chart, *, crowded: bool) -> None:
    heading = Paragraph(
        pPr=ParagraphProperties(defRPr=_letters(1300, bold=True)),
        r=[RegularTextRun(rPr=_letters(1300, bold=True), t=chart.title)],
    )
    made.title = Title(tx=Text(rich=RichText(p=[heading])), overlay=False)
    for axis in (made.x_axis, made.y_axis):
        axis.delete = False
        axis.txPr = _small_print(900)
    if crowded and chart.kind != "bar":
        made.x_axis.txPr = _small_print(800, RichTextProperties(rot=-5_400_000, vert="horz"))
    made.y_axis.number_format, made.x_axis.number_format = "#,##0", "dd/mm"
    made.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="D5DFEA")))
    made.legend = Legend(legendPos="b", txPr=_small_print(1000)) if len(chart.series) > 1 else None


def _small_print(size: int, turned: RichTextProperties | None = None) -> RichText:
    letters = _letters(size)
    return RichText(bodyPr=turned, p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)])


def _letters(size: int, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(latin=Font(typeface="Times New Roman"), sz=size, b=bold)
