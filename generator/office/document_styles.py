"""What a paragraph or a run of a Word file really looks like, whatever its styles are called.

In:   the trees of styles.xml and theme1.xml, the format elements of a paragraph or run. Out: Face and Shape.
Imports office.wordpart, lxml. Order of rank: document defaults, table style, paragraph style (basedOn chain), list
level, character style, direct formatting; on-off marks of styles cancel out in pairs as Word does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from generator.office.wordpart import VALUE, WORD

Element = etree._Element
Properties = dict[str, str]

_W = f"{{{WORD}}}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OFF = frozenset({"0", "false", "off", "none"})
_TOGGLES = ("b", "i", "caps", "vanish")
_KEPT = {_W + name: name for name in (*_TOGGLES, "sz", "u", "color", "jc", "contextualSpacing", "pageBreakBefore")}
_BORDERS = ("top", "bottom")
_DEEPEST = 30
"""Styles based on each other; Word allows eleven."""
MM_PER_TWIP = 25.4 / 1440
_SAME_INDENT = {"hanging": "firstLine", "firstLine": "hanging"}
_EDGES = {"start": "left", "end": "right"}


class Face(NamedTuple):
    """How letters look. `fonts`: of plain and of accented letters, one name when both are alike."""

    fonts: tuple[str, ...]
    size: float
    bold: bool
    italic: bool
    underline: bool
    capitals: bool
    colour: str
    """Six hexadecimal digits; "" for automatic, which prints black."""
    hidden: bool


class Shape(NamedTuple):
    """How a paragraph is set. Lengths in millimetres, spacing in points."""

    alignment: str
    """"left", "center", "right" or "both"."""
    first: float
    """Indent of the first line against the left edge of the others; negative when it hangs."""
    left: float
    right: float
    before: float
    after: float
    line: float
    """Spacing of lines as a multiple; 0 where it is exact or at least so many points."""
    exact: float
    top_border: bool
    bottom_border: bool
    page_break: bool
    same_apart: bool
    """No space between paragraphs of one style."""


_ALIGNMENTS = {"start": "left", "end": "right", "distribute": "both", "": "left"}


class Styles:
    """The styles of one file, with what was worked out kept, since a long table repeats few formats."""

    def __init__(self, styles: Element | None, theme: Element | None) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self._default: dict[str, str] = {}
        self._faces: dict[object, Face] = {}
        self._shapes: dict[object, Shape] = {}
        self._chains: dict[tuple[str, str, str], Properties] = {}
        self._theme = _theme_fonts(theme)
        self._run_defaults: Properties = {}
        self._paragraph_defaults: Properties = {}
        if styles is not None:
            self._read(styles)

    def _read(self, root: Element) -> None:
        for style in root.iterchildren(_W + "style"):
            kind, name = style.get(_W + "type", "paragraph"), style.get(_W + "styleId", "")
            self._styles[kind, name] = style
            if style.get(_W + "default", "0") not in _OFF:
                self._default[kind] = name
        defaults = root.find(_W + "docDefaults")
        if defaults is not None:
            self._run_defaults = self.run_properties(defaults.find(f"{_W}rPrDefault/{_W}rPr"))
            self._paragraph_defaults = properties(defaults.find(f"{_W}pPrDefault/{_W}pPr"))

    def default(self, kind: str) -> str:
        """The id of the style that stands where none is named."""
        return self._default.get(kind, "")

    def list_of(self, style: str) -> tuple[str, str]:
        """Number and level of the list that a paragraph style belongs to; ("", "") for none."""
        chained = self._chain("paragraph", style or self.default("paragraph"), "pPr")
        return chained.get("numId", ""), chained.get("ilvl", "0")

    def face(self, table: str, style: str, character: str, direct: Element | None) -> Face:
        """How the letters of a run look, with the styles of its table, its paragraph and its own."""
        key = (table, style, character, _signature(direct))
        if key not in self._faces:
            self._faces[key] = self._face(table, style, character, direct)
        return self._faces[key]

    def _face(self, table: str, style: str, character: str, direct: Element | None) -> Face:
        chained = [
            self._chain("table", table, "rPr") if table else {},
            self._chain("paragraph", style or self.default("paragraph"), "rPr"),
            self._chain("character", character, "rPr") if character else {},
        ]
        found = dict(self._run_defaults)
        for one in chained:
            _lay(found, {name: value for name, value in one.items() if name not in _TOGGLES})
        for toggle in _TOGGLES:
            given = [one.get(toggle) for one in (self._run_defaults, *chained)]
            odd = sum(value == "1" for value in given[1:]) % 2 == 1
            found[toggle] = "1" if given[0] == "1" or odd else "0"
        _lay(found, self.run_properties(direct))
        plain, accented = found.get("ascii", "Times New Roman"), found.get("hAnsi", "Times New Roman")
        colour = found.get("color", "")
        return Face(
            fonts=(plain,) if plain == accented else (plain, accented),
            size=_number(found.get("sz", "20")) / 2,
            bold=found["b"] == "1",
            italic=found["i"] == "1",
            underline=found.get("u", "none") not in _OFF,
            capitals=found["caps"] == "1",
            colour="" if colour in ("auto", "000000") else colour.upper(),
            hidden=found["vanish"] == "1",
        )

    def shape(self, table: str, style: str, level: Element | None, direct: Element | None) -> Shape:
        """How a paragraph is set; `level` is the format of the list level it belongs to."""
        key = (table, style, _signature(level), _signature(direct))
        if key not in self._shapes:
            found = dict(self._paragraph_defaults)
            if table:
                _lay(found, self._chain("table", table, "pPr"))
            _lay(found, self._chain("paragraph", style or self.default("paragraph"), "pPr"))
            _lay(found, properties(level))
            _lay(found, properties(direct))
            self._shapes[key] = _shape(found)
        return self._shapes[key]

    def _chain(self, kind: str, name: str, part: str) -> Properties:
        """The properties of a style with those of the styles it is based on."""
        key = (kind, name, part)
        if key not in self._chains:
            line: list[Element] = []
            style = self._styles.get((kind, name))
            while style is not None and len(line) < _DEEPEST:
                line.append(style)
                based = style.find(_W + "basedOn")
                style = self._styles.get((kind, based.get(VALUE, ""))) if based is not None else None
            found: Properties = {}
            for one in reversed(line):
                element = one.find(_W + part)
                _lay(found, self.run_properties(element) if part == "rPr" else properties(element))
            self._chains[key] = found
        return self._chains[key]

    def run_properties(self, element: Element | None) -> Properties:
        """What a run's format element says itself; theme fonts by their names."""
        found = properties(element)
        for script in ("ascii", "hAnsi"):
            theme = found.pop(f"{script}Theme", "")
            if theme:
                found[script] = self._theme.get(theme[:5], found.get(script, "Times New Roman"))
        return found


def properties(element: Element | None) -> Properties:
    """What a format element of a run or paragraph says itself, by short names."""
    found: Properties = {}
    for mark in element if element is not None else ():
        name = _KEPT.get(mark.tag)
        if name is not None:
            value: str = mark.get(VALUE, "1")
            found[name] = ("0" if value in _OFF else "1") if name in _TOGGLES else value
        elif mark.tag in (_W + "rFonts", _W + "ind", _W + "spacing"):
            for attribute, given in mark.attrib.items():
                short = str(attribute).removeprefix(_W)
                found[_EDGES.get(short, short)] = str(given)
        elif mark.tag == _W + "pBdr":
            for border in mark:
                edge = str(border.tag).removeprefix(_W)
                if edge in _BORDERS:
                    found[f"border {edge}"] = border.get(VALUE, "none")
        elif mark.tag == _W + "numPr":
            found |= {str(part.tag).removeprefix(_W): part.get(VALUE, "0") for part in mark}
    return found


def _lay(below: Properties, above: Mapping[str, str]) -> None:
    """Properties of higher rank over those below: an indent that hangs and one that does not exclude each other."""
    for name, value in above.items():
        below.pop(_SAME_INDENT.get(name, ""), None)
        below[name] = value


def _shape(found: Properties) -> Shape:
    rule = found.get("lineRule", "auto")
    line = _number(found.get("line", "240"))
    alignment = found.get("jc", "")
    first = _number(found.get("firstLine", "0")) - _number(found.get("hanging", "0"))
    return Shape(
        alignment=_ALIGNMENTS.get(alignment, alignment),
        first=first * MM_PER_TWIP,
        left=_number(found.get("left", "0")) * MM_PER_TWIP,
        right=_number(found.get("right", "0")) * MM_PER_TWIP,
        before=_spacing(found, "before"),
        after=_spacing(found, "after"),
        line=round(line / 240, 3) if rule == "auto" else 0,
        exact=0 if rule == "auto" else line / 20,
        top_border=found.get("border top", "none") not in ("none", "nil"),
        bottom_border=found.get("border bottom", "none") not in ("none", "nil"),
        page_break=found.get("pageBreakBefore", "0") not in _OFF,
        same_apart=found.get("contextualSpacing", "0") not in _OFF,
    )


def _spacing(found: Properties, edge: str) -> float:
    """Points before or after; Word's automatic spacing is 14 points."""
    if found.get(f"{edge}Autospacing", "0") not in _OFF:
        return 14
    return _number(found.get(edge, "0")) / 20


def _number(text: str) -> float:
    """A length that anybody may have written; 0 when it is none."""
    try:
        number = float(text)
    except ValueError:
        return 0
    return number if -1e6 < number < 1e6 else 0


def _signature(element: Element | None) -> object:
    """What tells one format element from another, for looking up what was worked out before."""
    if element is None:
        return None
    return tuple((mark.tag, tuple(mark.attrib.items()), _signature(mark) if len(mark) else None) for mark in element)


def _theme_fonts(theme: Element | None) -> Mapping[str, str]:
    """The theme's typefaces for headings ("major") and text ("minor")."""
    found = {}
    for kind in ("major", "minor"):
        face = None if theme is None else theme.find(f".//{_DRAWN}{kind}Font/{_DRAWN}latin")
        if face is not None and face.get("typeface"):
            found[kind] = face.get("typeface", "")
    return found
