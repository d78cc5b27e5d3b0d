"""Chart parts: the XML of a chart that somebody drew, its series, names, numbers and caches put in anew.

In:   the tree of a chart part, what the chart is to show. Out: the tree changed in place; its style stays the author's.
Word shows the caches until somebody opens the workbook, LibreOffice shows nothing else: they are always rewritten.
Imports office.workbook.address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from generator.office.workbook.address import column_letters

Element = etree._Element
Number = int | Decimal

_C, _A = (
    "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "http://schemas.openxmlformats.org/drawingml/2006/main",
)
CHART, _DRAWN = f"{{{_C}}}", f"{{{_A}}}"
SHEET = "Số liệu"
"""Name of the sheet in the workbook behind a chart."""

_LINES = frozenset(CHART + kind for kind in ("lineChart", "line3DChart", "radarChart"))
_PIES = frozenset(CHART + kind for kind in ("pieChart", "pie3DChart", "doughnutChart", "ofPieChart"))
_KINDS = frozenset(CHART + kind for kind in ("barChart", "bar3DChart", "areaChart", "area3DChart")) | _LINES | _PIES
"""Kinds with names along one axis and numbers along the other; points in a plane and shares on a stock are no such."""
_NUMBERED = frozenset(CHART + name for name in ("dLbls", "dLbl", "valAx"))
"""What shows numbers; LibreOffice takes their form from here also where it is said to follow the source."""
_PLAIN_FORMS = frozenset({"General", "0", "#,##0"})
"""Forms that nobody chose: LibreOffice writes them where the form follows the source."""
_AFTER_VALUES = ("smooth", "shape", "bubble3D")
_HEADS = frozenset(CHART + name for name in ("idx", "order", "tx"))
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_OUTLINE = "262626"
LOOKS: tuple[tuple[str, str], ...] = (
    ("", "7F7F7F"),
    ("", "D9D9D9"),
    ("wdUpDiag", "404040"),
    ("", "FFFFFF"),
    ("", "404040"),
    ("pct25", "404040"),
    ("dkHorz", "7F7F7F"),
    ("smGrid", "595959"),
)
"""Fills of new series in turn, pattern (or none) and grey: told apart on a black-and-white print, names in black."""
LINE_LOOKS = (
    ("solid", "circle"),
    ("dash", "square"),
    ("sysDot", "triangle"),
    ("lgDashDot", "diamond"),
    ("sysDash", "x"),
    ("lgDash", "star"),
)
"""Lines of new series in turn: dash and marker."""


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """The numbers of a series, one for each category; None where there is none, which is a gap and not a zero."""

    name: str
    values: Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class ChartContent:
    """What a chart shows. Every series has as many values as there are categories."""

    categories: Sequence[str]
    series: Sequence[ChartSeries]
    number_format: str = "#,##0"
    """As Excel writes it, whatever the language: "," stands for the sign between thousands, also the Vietnamese one."""
    description: str = ""
    """The alternative text: the main numbers in a sentence."""
    title: str = ""
    """The words of the chart's own title, where it has one; "" leaves them."""

    def __post_init__(self) -> None:
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise ValueError("a series needs one value for each category")


def is_refillable(root: Element) -> bool:
    """Whether a chart has a sample series, and only series that `rewrite` knows."""
    series = list(root.iter(CHART + "ser"))
    return bool(series) and all(_kind(one) in _KINDS for one in series)


def first_name(root: Element) -> str:
    """The name of the first series, as it is shown."""
    series = min(root.iter(CHART + "ser"), key=lambda one: _number(one.find(CHART + "order")), default=None)
    name = None if series is None else series.find(f"{CHART}tx//{CHART}v")
    return "" if name is None else name.text or ""


def rewrite(root: Element, content: ChartContent) -> Element:
    """Puts the content into a chart that `is_refillable`; gives the mark that names the workbook behind it."""
    _set_title(root, content.title)
    sample = sorted(root.iter(CHART + "ser"), key=lambda one: _number(one.find(CHART + "order")))
    wanted = content.series or (ChartSeries("", [None] * len(content.categories)),)
    for extra in sample[len(wanted) :]:
        _remove(extra)
    drawn = sample[: len(wanted)]
    for at in range(len(drawn), len(wanted)):
        drawn.append(_another(drawn[-1], at))
    for at, (element, series) in enumerate(zip(drawn, wanted, strict=True)):
        _fill(element, at, series, content)
    for form in root.iter(CHART + "numFmt"):
        follows = form.get("sourceLinked") in ("1", "true") or form.get("formatCode") in _PLAIN_FORMS
        if follows and _kind(form) in _NUMBERED:
            form.set("formatCode", content.number_format)
    _forget(root, len(wanted), max(len(wanted), len(content.categories)))
    _show_gaps(root)
    return _outside(root)


def number_text(value: Number) -> str:
    """A number as XML holds it: all its digits, no exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def printable(text: str) -> str:
    """The text without the signs that XML has no place for."""
    return _UNPRINTABLE.sub("", text)


# --- series -----------------------------------------------------------------------------------


def _fill(element: Element, at: int, series: ChartSeries, content: ChartContent) -> None:
    """Name, categories and values of one series, as references into the workbook with their caches."""
    column, last = column_letters(2 + at), max(2, 1 + len(content.categories))
    _first(element, "idx", 0).set("val", str(at))
    _first(element, "order", 1).set("val", str(at))
    # Extensions hold copies of the sample: ids that must not repeat, labels out of cells, series that are hidden.
    for name in ("extLst", "cat", "val", "tx"):
        for old in element.findall(CHART + name):
            element.remove(old)
    name_mark = etree.Element(CHART + "tx")
    _reference(name_mark, "str", f"'{SHEET}'!${column}$1", [printable(series.name)])
    element.insert(2, name_mark)
    _fit_points(element, len(content.categories))
    names, numbers = etree.Element(CHART + "cat"), etree.Element(CHART + "val")
    _reference(names, "str", f"'{SHEET}'!$A$2:$A${last}", [printable(one) for one in content.categories])
    texts = [None if value is None else number_text(value) for value in series.values]
    _reference(numbers, "num", f"'{SHEET}'!${column}$2:${column}${last}", texts, content.number_format)
    for made in (names, numbers):
        _insert_before(element, made, _AFTER_VALUES)


def _reference(parent: Element, kind: str, formula: str, texts: Sequence[str | None], number_format: str = "") -> None:
    """A reference into the workbook with its cache. A missing value has no point at all: that is a gap."""
    reference = etree.SubElement(parent, f"{CHART}{kind}Ref")
    etree.SubElement(reference, CHART + "f").text = formula
    cache = etree.SubElement(reference, f"{CHART}{kind}Cache")
    if number_format:
        etree.SubElement(cache, CHART + "formatCode").text = number_format
    etree.SubElement(cache, CHART + "ptCount", val=str(len(texts)))
    for at, text in enumerate(texts):
        if text is not None:
            point = etree.SubElement(cache, CHART + "pt", idx=str(at))
            etree.SubElement(point, CHART + "v").text = text


def _fit_points(element: Element, count: int) -> None:
    """Styles of single points: those of points that are gone are dropped; a pie gets one for each new slice."""
    for mark in (*element.findall(CHART + "dPt"), *element.findall(f"{CHART}dLbls/{CHART}dLbl")):
        if _number(mark.find(CHART + "idx")) >= count:
            _remove(mark)
    points = sorted(element.findall(CHART + "dPt"), key=lambda one: _number(one.find(CHART + "idx")))
    if _kind(element) not in _PIES or not points:
        return
    styled, last = {_number(point.find(CHART + "idx")) for point in points}, points[-1]
    for at in range(count):
        if at not in styled:
            added = deepcopy(points[-1])
            _first(added, "idx", 0).set("val", str(at))
            for old in added.findall(CHART + "spPr"):
                added.remove(old)
            _insert_before(added, _filled(at), ("pictureOptions", "extLst"))
            last.addnext(added)
            last = added


def _another(last: Element, at: int) -> Element:
    """A new series after the last one: of its kind, with a look of its own and without the styles of its points."""
    added = deepcopy(last)
    for name in ("dPt", "spPr", "marker", "pictureOptions", "trendline", "errBars"):
        for old in added.findall(CHART + name):
            added.remove(old)
    for old in added.findall(f"{CHART}dLbls/{CHART}dLbl"):
        _remove(old)
    after = 1 + max((place for place, child in enumerate(added) if child.tag in _HEADS), default=-1)
    if _kind(last) in _LINES:
        dash, symbol = LINE_LOOKS[at % len(LINE_LOOKS)]
        added.insert(after, _dashed(dash))
        added.insert(after + 1, _marker(symbol))
    else:
        added.insert(after, _filled(at))
    last.addnext(added)
    return added


def _filled(at: int) -> Element:
    """The look of an area: a grey or a pattern, with a dark outline."""
    pattern, grey = LOOKS[at % len(LOOKS)]
    look = etree.Element(CHART + "spPr")
    if pattern:
        fill = etree.SubElement(look, _DRAWN + "pattFill", prst=pattern)
        _color(etree.SubElement(fill, _DRAWN + "fgClr"), grey)
        _color(etree.SubElement(fill, _DRAWN + "bgClr"), "FFFFFF")
    else:
        _color(etree.SubElement(look, _DRAWN + "solidFill"), grey)
    _line(look, 9525)
    return look


def _dashed(dash: str) -> Element:
    look = etree.Element(CHART + "spPr")
    etree.SubElement(_line(look, 22225), _DRAWN + "prstDash", val=dash)
    return look


def _marker(symbol: str) -> Element:
    marker = etree.Element(CHART + "marker")
    etree.SubElement(marker, CHART + "symbol", val=symbol)
    etree.SubElement(marker, CHART + "size", val="7")
    look = etree.SubElement(marker, CHART + "spPr")
    _color(etree.SubElement(look, _DRAWN + "solidFill"), "FFFFFF")
    _line(look, 9525)
    return marker


def _line(look: Element, width: int) -> Element:
    line = etree.SubElement(look, _DRAWN + "ln", w=str(width))
    _color(etree.SubElement(line, _DRAWN + "solidFill"), _OUTLINE)
    return line


def _color(parent: Element, grey: str) -> None:
    etree.SubElement(parent, _DRAWN + "srgbClr", val=grey)


# --- the chart around them --------------------------------------------------------------------


def _set_title(root: Element, words: str) -> None:
    """The words of the title the author drew, in the style of its first run."""
    title = root.find(f"{CHART}chart/{CHART}title")
    runs = list(title.iter(_DRAWN + "r")) if title is not None and words else []
    for run in runs[1:]:
        _remove(run)
    for text in runs[0].findall(_DRAWN + "t") if runs else ():
        text.text = printable(words)


def _forget(root: Element, series: int, entries: int) -> None:
    """What the sample said of series that are no more: hidden ones, and entries left out of the legend."""
    for group in root.iter(*_KINDS):
        for old in group.findall(CHART + "extLst"):
            group.remove(old)
    pies = next(root.iter(*_PIES), None) is not None
    for entry in list(root.iter(CHART + "legendEntry")):
        if _number(entry.find(CHART + "idx")) >= (entries if pies else series):
            _remove(entry)


def _show_gaps(root: Element) -> None:
    """A missing value is a gap, never a zero and never bridged."""
    chart = _child(root, "chart")
    for old in chart.findall(CHART + "dispBlanksAs"):
        chart.remove(old)
    gaps = etree.Element(CHART + "dispBlanksAs", val="gap")
    _insert_before(chart, gaps, ("showDLblsOverMax", "extLst"))


def _outside(root: Element) -> Element:
    """The mark that names the workbook; made where the sample had none."""
    mark = root.find(CHART + "externalData")
    if mark is None:
        mark = etree.Element(CHART + "externalData")
        _insert_before(root, mark, ("printSettings", "userShapes", "extLst"))
    for old in list(mark):
        mark.remove(old)
    etree.SubElement(mark, CHART + "autoUpdate", val="0")
    return mark


# --- elements ---------------------------------------------------------------------------------


def _kind(element: Element) -> str:
    """What an element stands in: of a series the kind of chart."""
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)


def _number(mark: Element | None) -> int:
    """The small number that a mark holds; 0 when anybody wrote something else."""
    text = "" if mark is None else mark.get("val", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _child(parent: Element, name: str) -> Element:
    found = parent.find(CHART + name)
    return etree.SubElement(parent, CHART + name) if found is None else found


def _first(parent: Element, name: str, at: int) -> Element:
    """The child of that name, made at its place where it is missing."""
    found = parent.find(CHART + name)
    if found is None:
        found = etree.Element(CHART + name)
        parent.insert(at, found)
    return found


def _insert_before(parent: Element, made: Element, names: Sequence[str]) -> None:
    """Puts an element before the first child of these names, else at the end: the schema wants an order."""
    tags = {CHART + name for name in names}
    rest = next((child for child in parent if child.tag in tags), None)
    if rest is None:
        parent.append(made)
    else:
        rest.addprevious(made)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
