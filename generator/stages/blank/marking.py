"""Marks on cells: twins of every cell format in red and amber, and notes that show when the pointer rests on a cell.

In:   the parts of a workbook of ours; places with their texts. Out: changed and new parts.
Imports office.workbook.address. Notes are the classic ones (ECMA-376 part 1, 18.7; their boxes in VML), because
every spreadsheet program since 2007 shows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape

from generator.model import CellKey
from generator.office.workbook.address import address
from generator.stages.blank.styles import FONT, MARK_DOUBT, MARK_FAULT

LONGEST_NOTE = 500
"""Letters of a note: more would cover the sheet. The sheet Cần sửa has the whole text."""

_FILLS = re.compile(rb'<fills count="(\d+)">(.*?)</fills>', re.DOTALL)
_FORMATS = re.compile(rb'<cellXfs count="(\d+)">(.*?)</cellXfs>', re.DOTALL)
_FILL_ID = re.compile(rb' fillId="\d+"')
_APPLY = re.compile(rb' applyFill="[^"]*"')
_HEIGHT = re.compile(rb'<row r="(\d+)"[^>]*? ht="([0-9.]+)"')
_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_DEFAULT = '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
_LEGACY = f'<legacyDrawing xmlns:r="{_OFFICE}" r:id="rId1"/></worksheet>'.encode()
_COMMENTS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>{}</author></authors>'
    "<commentList>"
)
_VML_HEAD = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{}"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BOX = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_FONT = f'<sz val="10"/><color rgb="FF1F2933"/><rFont val="{FONT}"/><family val="1"/>'

_BOX_WIDTH, _LINE_HEIGHT, _LETTERS = 330, 17, 50
"""Pixels of a note's width and of a line in it, and letters that stand in a line."""
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 64, 24
"""Pixels of a column and a row that say nothing of themselves."""


class Note(NamedTuple):
    """What shows at a cell."""

    key: CellKey
    head: str
    text: str


# --- colours --------------------------------------------------------------------------------


def with_twins(styles: bytes) -> tuple[bytes, int]:
    """The workbook's styles with every cell format a second time in red and a third time in amber, and how many
    formats there were: that number further on is the red twin of a format, twice that number the amber one.
    """
    fills, formats = _FILLS.search(styles), _FORMATS.search(styles)
    assert fills is not None
    assert formats is not None
    first, count = int(fills[1]), int(formats[1])
    added = "".join(
        f'<fill><patternFill patternType="solid"><fgColor rgb="{color}"/><bgColor rgb="{color}"/></patternFill></fill>'
        for color in (MARK_FAULT, MARK_DOUBT)
    )
    twins = [
        _FILL_ID.sub(b' fillId="%d" applyFill="1"' % fill, _APPLY.sub(b"", formats[2])) for fill in (first, first + 1)
    ]
    changed = b'<fills count="%d">%b%b</fills>' % (first + 2, fills[2], added.encode())
    known = b'<cellXfs count="%d">%b</cellXfs>' % (count * 3, b"".join((formats[2], *twins)))
    return styles.replace(fills[0], changed).replace(formats[0], known), count


# --- notes ----------------------------------------------------------------------------------


def with_notes(
    part: str, xml: bytes, notes: list[Note], widths: Mapping[int, float], author: str
) -> tuple[dict[str, bytes | None], str]:
    """The sheet with its notes and the parts they stand in, and their line for the content types.

    The sheet must have no relations of its own: ours have none. `widths` are those of its columns, in digits.
    """
    number = int("".join(filter(str.isdigit, part)))
    comments, drawing = f"xl/comments{number}.xml", f"xl/drawings/vmlDrawing{number}.vml"
    heights = {int(row): float(points) * 4 / 3 for row, points in _HEIGHT.findall(xml)}
    folder, _, name = part.rpartition("/")
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/vmlDrawing" Target="/{drawing}"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/comments" Target="/{comments}"/></Relationships>'
    )
    ordered = sorted(notes)
    boxes = "".join(
        _BOX.format(
            number=1024 * number + place,
            anchor=_anchor(note, widths, heights),
            row=note.key.row - 1,
            column=note.key.column - 1,
        )
        for place, note in enumerate(ordered, start=1)
    )
    told = "".join(map(_comment, ordered))
    parts: dict[str, bytes | None] = {
        part: xml.replace(b"</worksheet>", _LEGACY),
        f"{folder}/_rels/{name}.rels": relations.encode(),
        comments: f"{_COMMENTS_HEAD.format(_said(author))}{told}</commentList></comments>".encode(),
        drawing: f"{_VML_HEAD.format(number)}{boxes}</xml>".encode(),
    }
    return parts, f'<Override PartName="/{comments}" ContentType="{_COMMENTS_TYPE}"/>'


def _comment(note: Note) -> str:
    text = note.text if len(note.text) <= LONGEST_NOTE else f"{note.text[:LONGEST_NOTE].rstrip()}…"
    return (
        f'<comment ref="{address(*note.key)}" authorId="0"><text><r><rPr><b/>{_FONT}</rPr>'
        f'<t xml:space="preserve">{_said(note.head)}\n</t></r><r><rPr>{_FONT}</rPr>'
        f'<t xml:space="preserve">{_said(text)}</t></r></text></comment>'
    )


def _said(text: str) -> str:
    return escape(_UNSAYABLE.sub("", text))


def _anchor(note: Note, widths: Mapping[int, float], heights: Mapping[int, float]) -> str:
    """Column, pixels, row, pixels of the upper left corner, then of the lower right one; all counted from 0."""
    lines = 1 + sum(1 + len(line) // _LETTERS for line in note.text[:LONGEST_NOTE].split("\n"))
    right, right_rest = note.key.column + 1, _BOX_WIDTH + 12
    while right_rest > (width := _pixels(widths, right)):
        right, right_rest = right + 1, right_rest - width
    bottom, bottom_rest = note.key.row, lines * _LINE_HEIGHT + 14
    while bottom_rest > (height := int(heights.get(bottom, _DEFAULT_HEIGHT))):
        bottom, bottom_rest = bottom + 1, bottom_rest - height
    corner = (note.key.column, 12, note.key.row - 1, 2, right - 1, right_rest, bottom - 1, bottom_rest)
    return ", ".join(map(str, corner))


def _pixels(widths: Mapping[int, float], column: int) -> int:
    last = max(widths, default=0)
    # a column between the shown ones that has no width is hidden
    return int(widths[column] * 7 + 5) if column in widths else (_DEFAULT_WIDTH if column > last else 0)
