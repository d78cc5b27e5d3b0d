"""The lines that are drawn in a Word file: shapes of DrawingML, and of the VML of before 2010.

In:   the element of a drawing. Out: lengths in millimetres. Imports lxml only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

Element = etree._Element

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_GEOMETRY = "{http://schemas.openxmlformats.org/drawingml/2006/main}prstGeom"
_VML, _OFFICE = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}"
_LINES = frozenset({"line", "straightConnector1"})
_EMU_PER_MM = 36_000
_THIN = 36_000
"""What is lower than a millimetre is a line, whatever shape it was drawn with."""
_POINTS = re.compile(r"(?:^|;)\s*width:\s*([0-9]{1,4}(?:\.[0-9]{1,4})?)pt")
_MM_PER_POINT = 25.4 / 72


def drawn_lines(drawing: Element) -> Iterator[float]:
    """Lengths in millimetres of the drawn lines; of a drawing written twice the newer writing counts."""
    for shape in drawing.iter(_PLACED + "anchor", _PLACED + "inline", _VML + "line", _VML + "shape", _VML + "rect"):
        if next(shape.iterancestors(_FALLBACK), None) is not None:
            continue
        if shape.tag in (_PLACED + "anchor", _PLACED + "inline"):
            extent, geometry = shape.find(_PLACED + "extent"), next(shape.iter(_GEOMETRY), None)
            long, high = _whole(extent, "cx"), _whole(extent, "cy")
            if (geometry is not None and geometry.get("prst") in _LINES) or 0 <= high < _THIN:
                yield long / _EMU_PER_MM
        elif shape.tag == _VML + "line":
            ends = [_points(shape.get(end, "0,0").split(",")[0]) for end in ("from", "to")]
            yield abs(ends[1] - ends[0]) * _MM_PER_POINT
        elif "connector" in shape.get("type", "") or shape.get(_OFFICE + "connectortype"):
            width = _POINTS.search(shape.get("style", ""))
            yield float(width[1]) * _MM_PER_POINT if width else 0


def _points(text: str) -> float:
    try:
        number = float(text.strip().removesuffix("pt"))
    except ValueError:
        return 0
    return number if -1e5 < number < 1e5 else 0


def _whole(element: Element | None, attribute: str) -> int:
    text = "" if element is None else element.get(attribute, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
