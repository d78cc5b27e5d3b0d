"""Draw: tables for the office as a workbook that is printed as it is: heading, table, totals, chart.

In:   table sheets: rows of plain values, columns that say how they look. Out: xlsx bytes, equal for equal input.
Imports openpyxl (only when it draws) and the standard library. openpyxl draws all but the rows: those are written as
XML beside it, ten times quicker, and totals with their cached results, which openpyxl cannot write.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from generator.office.workbook.looks import (
    LINE,
    WRAPPED,
    Kind,
    Looks,
    Tone,
    house_fonts,
    text_height,
    text_lines,
    wrapped_letters,
)
from generator.office.workbook.tables import Chart, Column, Link, Rows, TableSheet

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Chart", "Column", "Kind", "Link", "Rows", "TableSheet", "Tone", "draw_workbook", "write_workbook"]

LONGEST_CELL = 32_767
MOST_LINKS = 65_530
"""Links that Excel reads from a sheet; the cells beyond keep their text."""
EXACT = 999_999_999_999_999
"""The largest number of which a spreadsheet program keeps every digit; larger ones are written as text."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_EPOCH, _FIRST_SURE_DAY = date(1899, 12, 30), date(1900, 3, 1)
_CHART_COLUMNS = 11
_SHORT = 120  # texts up to this length are remembered: most stand in a table many times
_CHUNK = 2_000  # rows joined before they are compressed


def draw_workbook(sheets: Sequence[TableSheet], *, title: str, creator: str, day: date) -> bytes:
    """The workbook. `day` is when it says it was made: never today's, so that another day makes the same bytes.

    Values are typed by what they are: numbers, dates and moments (wall time) are such, text is never a formula,
    whatever it begins with; True and False are "Có" and "Không"; None is empty.
    """
    written = io.BytesIO()
    write_workbook(sheets, written, title=title, creator=creator, day=day)
    return written.getvalue()


def write_workbook(sheets: Sequence[TableSheet], stream: BinaryIO, *, title: str, creator: str, day: date) -> None:
    """What `draw_workbook` draws, onto a stream, a few thousand rows in memory at a time."""
    from openpyxl.workbook import Workbook  # noqa: PLC0415  124 ms that nobody pays who draws nothing

    book = Workbook()
    book.remove(book.worksheets[0])
    house_fonts(book)
    looks = Looks(book)
    for sheet in sheets:
        _draw_frame(book, sheet, looks, title)
    bodies = [_Body(sheet, looks) for sheet in sheets]
    moment = datetime.combine(day, datetime.min.time())
    book.properties.creator = book.properties.lastModifiedBy = _plain(creator)
    book.properties.title, book.properties.created = _plain(title), moment
    book.calculation.fullCalcOnLoad = False
    frame = io.BytesIO()
    book.save(frame)
    _write_whole(frame, bodies, stream, moment)


# --- what openpyxl draws: all but the rows -----------------------------------------------------


def _draw_frame(book: Workbook, sheet: TableSheet, looks: Looks, title: str) -> None:
    drawn = book.create_sheet(sheet.title)
    count, room = len(sheet.columns), sheet.width
    # the heading stands over the chart too
    span = count + _CHART_COLUMNS if sheet.chart_beside else count
    above = [(sheet.heading, "heading")] if sheet.heading else []
    for row, (text, look) in enumerate([*above, *((line, "line") for line in sheet.lines)], start=1):
        _written(drawn, row, 1, text, looks, look)
        drawn.merge_cells(start_row=row, end_row=row, start_column=1, end_column=span)
        drawn.row_dimensions[row].height = text_height(text, room + 9 * (span - count), title=look == "heading")
    for number, column in enumerate(sheet.columns, start=1):
        _written(drawn, sheet.head_row, number, column.heading, looks, "header")
        drawn.column_dimensions[_letters(number)].width = column.width
    heights = (text_height(column.heading, column.width - 1) for column in sheet.columns)
    drawn.row_dimensions[sheet.head_row].height = max(20.0, *heights) + 4
    _draw_links(drawn, sheet)
    # its place is all that counts: it tells openpyxl how large the sheet is, and is cut out with the links
    drawn.cell(_end_row(sheet), count, "x")
    for row, text in enumerate(sheet.notes, start=_note_row(sheet)):
        drawn.merge_cells(start_row=row, end_row=row, start_column=1, end_column=count)
        drawn.row_dimensions[row].height = text_height(text, room)
    drawn.freeze_panes = drawn.cell(sheet.head_row + 1, sheet.frozen + 1).coordinate
    drawn.auto_filter.ref = f"A{sheet.head_row}:{_letters(count)}{sheet.last_row}"
    drawn.sheet_view.zoomScale = 100
    _set_up_print(drawn, sheet, title)
    if sheet.chart is not None and len(sheet.rows):
        from generator.office.workbook.charts import place_chart  # noqa: PLC0415

        place_chart(drawn, sheet, sheet.chart)


def _written(drawn: Worksheet, row: int, column: int, text: str, looks: Looks, look: str) -> None:
    from openpyxl.cell.cell import Cell  # noqa: PLC0415

    cell = drawn.cell(row, column)
    if isinstance(cell, Cell):  # nothing is merged yet where we write
        looks.paint(cell, look)
        cell.value, cell.data_type = _plain(text), "s"


def _draw_links(drawn: Worksheet, sheet: TableSheet) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink  # noqa: PLC0415

    places = [place for place, column in enumerate(sheet.columns) if column.kind == "link"]
    if not places:
        return
    found = (
        (row, place, one)
        for row, cells in enumerate(sheet.rows, start=sheet.head_row + 1)
        for place in places
        if isinstance(one := cells[place], Link)
    )
    for (row, place, link), _ in zip(found, range(MOST_LINKS), strict=False):
        cell = drawn.cell(row, place + 1, "x")
        inside = link.target.startswith("#")
        address = None if inside else quote(link.target, safe="/:@?=&%,;+")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, target=address, location=link.target[1:] if inside else None)


def _set_up_print(drawn: Worksheet, sheet: TableSheet, title: str) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    setup = drawn.page_setup
    setup.paperSize, setup.orientation = 9, "landscape" if sheet.landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    drawn.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    drawn.print_title_rows = f"{sheet.head_row}:{sheet.head_row}"
    drawn.print_options.horizontalCentered = True
    margins = drawn.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.7, 0.3, 0.35
    font, footer = '&"Times New Roman,Regular"&10', drawn.oddFooter
    if footer is not None:
        footer.left.text = font + _plain(title).replace("&", "&&")
        footer.right.text = font + "Trang &P/&N"


def _note_row(sheet: TableSheet) -> int:
    """Where the notes begin: after the totals and an empty row."""
    return _total_row(sheet) + 2


def _total_row(sheet: TableSheet) -> int:
    """Where the totals are; the last row of the table where there are none."""
    return sheet.last_row + int(any(column.total for column in sheet.columns))


def _end_row(sheet: TableSheet) -> int:
    return _note_row(sheet) + len(sheet.notes) - 1 if sheet.notes else _total_row(sheet)


# --- the rows ------------------------------------------------------------------------------------


class _Body:
    """The rows of one sheet as XML, and what is cut out of openpyxl's drawing for them."""

    def __init__(self, sheet: TableSheet, looks: Looks) -> None:
        self.sheet = sheet
        self.letters = [_letters(number) for number in range(1, len(sheet.columns) + 1)]
        self.plain = [looks.number(column.kind) for column in sheet.columns]
        self.quoted = [looks.number(column.kind, quoted=True) for column in sheet.columns]
        self.total = [looks.number(column.kind, Tone.STRONG) for column in sheet.columns]
        self.note = looks.named("note")
        self.wrapped = [
            (place, wrapped_letters(column.width))
            for place, column in enumerate(sheet.columns)
            if column.kind in WRAPPED
        ]
        self.toned = {
            (tone, place, risky): looks.number(column.kind, tone, quoted=risky)
            for tone in dict.fromkeys(sheet.tones.values())  # in order, so that equal tables have equal styles
            for place, column in enumerate(sheet.columns)
            for risky in (False, True)
        }
        self.sums: list[int | Decimal] = [0] * len(sheet.columns)

    def pieces(self) -> Iterator[bytes]:
        """The XML of everything under the headings."""
        lines: list[str] = []
        for line in chain(self._rows(), self._totals(), self._notes()):
            lines.append(line)
            if len(lines) == _CHUNK:
                yield "".join(lines).encode()
                lines.clear()
        yield "".join(lines).encode()

    def _rows(self) -> Iterator[str]:
        first = self.sheet.head_row + 1
        summed = [place for place, column in enumerate(self.sheet.columns) if column.total]
        tones = self.sheet.tones
        toned_rows = {row for row, _ in tones}
        if not len(self.sheet.rows):
            nothing = [self.sheet.empty, *[None] * (len(self.letters) - 1)]
            yield self._row(first, nothing, self.plain, self.quoted)
        for index, cells in enumerate(self.sheet.rows):
            for place in summed:
                self.sums[place] += _addend(cells[place])
            plain, quoted = self.plain, self.quoted
            if index in toned_rows:
                plain, quoted = self._tones(index, risky=False), self._tones(index, risky=True)
            yield self._row(first + index, cells, plain, quoted)

    def _tones(self, index: int, *, risky: bool) -> list[str]:
        tones, styles = self.sheet.tones, self.quoted if risky else self.plain
        whole = tones.get((index, -1))
        found = [tones.get((index, place), whole) for place in range(len(styles))]
        return [styles[place] if tone is None else self.toned[tone, place, risky] for place, tone in enumerate(found)]

    def _row(self, number: int, cells: Iterable[object], plain: Sequence[str], quoted: Sequence[str]) -> str:
        values = tuple(cells)
        written = "".join(
            [
                _cell(value, f'<c r="{letter}{number}" s="', style, risky)
                for value, letter, style, risky in zip(values, self.letters, plain, quoted, strict=True)
            ]
        )
        # not every program grows a row by itself when it opens a workbook
        lines = max((text_lines(_shown(values[place]), letters) for place, letters in self.wrapped), default=1)
        return f'<row r="{number}" ht="{LINE * lines + 3:g}">{written}</row>'

    def _totals(self) -> Iterator[str]:
        columns, sheet = self.sheet.columns, self.sheet
        if not any(column.total for column in columns):
            return
        row, cells = sheet.last_row + 1, []
        word = next((place for place, column in enumerate(columns) if column.width >= 10 and not column.total), 0)
        for place, (column, letter, style) in enumerate(zip(columns, self.letters, self.total, strict=True)):
            start = f'<c r="{letter}{row}" s="'
            if column.total:
                rows = f"{letter}{sheet.head_row + 1}:{letter}{sheet.last_row}"
                cells.append(f'{start}{style}"><f>SUBTOTAL(9,{rows})</f><v>{self.sums[place]}</v></c>')
            else:
                cells.append(_cell("Tổng cộng" if place == word else None, start, style, style))
        yield f'<row r="{row}" ht="{LINE + 6:g}">{"".join(cells)}</row>'

    def _notes(self) -> Iterator[str]:
        for row, text in enumerate(self.sheet.notes, start=_note_row(self.sheet)):
            height = text_height(text, self.sheet.width)
            cell = _cell(text, f'<c r="A{row}" s="', self.note, self.note)
            yield f'<row r="{row}" ht="{height:.2f}" customHeight="1">{cell}</row>'


def _shown(value: object) -> str:
    """The text of a cell, as far as it can be too long for its column."""
    return value if isinstance(value, str) else value.text if isinstance(value, Link) else ""


def _addend(value: object) -> int | Decimal:
    """What a spreadsheet's sum would add: texts and yes or no add nothing."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    return value if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else 0


def _cell(value: object, start: str, style: str, risky: str) -> str:
    """One cell. `risky` is the style for text that a program would take for a formula if it were typed again."""
    if type(value) is str:  # most are, and there may be millions
        return _text_cell(value, start, style, risky)
    if value is None:
        return f'{start}{style}"/>'
    number = _number(value)
    return f'{start}{style}"><v>{number}</v></c>' if number else _text_cell(_words(value), start, style, risky)


def _number(value: object) -> str:
    """What the cell of a number, a day or a moment holds; "" for what is written as text."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return str(value) if isfinite(value) and -EXACT <= value <= EXACT else ""
    return _serial(value) if isinstance(value, date) else ""


def _words(value: object) -> str:
    if isinstance(value, Link):
        return value.text
    if isinstance(value, bool):
        return "Có" if value else "Không"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _text_cell(text: str, start: str, style: str, risky: str) -> str:
    if not text:
        return f'{start}{style}"/>'
    told = _remembered(text) if len(text) <= _SHORT else _told(text)
    return f'{start}{risky if text.startswith(_RISKY) else style}" t="inlineStr"><is>{told}</is></c>'


def _told(text: str) -> str:
    """The element of a text."""
    kept = _escaped(text)
    return f"<t>{kept}</t>" if kept == kept.strip() else f'<t xml:space="preserve">{kept}</t>'


_remembered = lru_cache(maxsize=8_192)(_told)


def _serial(value: date) -> str:
    """The day as spreadsheets count it, with the hour as its fraction; "" before they count rightly."""
    day = value.date() if isinstance(value, datetime) else value
    if day < _FIRST_SURE_DAY:
        return ""
    whole = (day - _EPOCH).days
    if not isinstance(value, datetime):
        return str(whole)
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return repr(whole + seconds / 86_400)


def _plain(text: str) -> str:
    """The text as a cell can hold it."""
    return _NOT_IN_XML.sub("", text)[:LONGEST_CELL]


def _escaped(text: str) -> str:
    return _LOOKS_ESCAPED.sub("_x005F_", _plain(text)).translate(_ENTITIES)


def _letters(number: int) -> str:
    """The letters of a column: 1 is A, 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# --- both together ----------------------------------------------------------------------------------


def _write_whole(frame: BinaryIO, bodies: Sequence[_Body], stream: BinaryIO, moment: datetime) -> None:
    """The drawing with the rows in their places, without the clock that openpyxl writes into zip and properties."""
    parts = {f"xl/worksheets/sheet{number}.xml": body for number, body in enumerate(bodies, start=1)}
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(stream, "w") as target:
        for name in sorted(source.namelist(), key="[Content_Types].xml".__ne__):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            # not the system this runs on: a workbook drawn on Windows has the same bytes
            member.create_system, member.compress_type = 0, zipfile.ZIP_DEFLATED
            content = source.read(name)
            with target.open(member, "w", force_zip64=True) as out:
                if name in parts:
                    for piece in _spliced(content, parts[name]):
                        out.write(piece)
                elif name == "docProps/core.xml":
                    out.write(_SAVED.sub(rb"\g<1>" + stamp, content))
                else:
                    out.write(content)


def _spliced(drawn: bytes, body: _Body) -> Iterator[bytes]:
    """The sheet with all that openpyxl drew under the headings replaced by the rows."""
    ahead, _, after = drawn.partition(b"</sheetData>")
    first = re.search(rb'<row r="(\d+)"', ahead)
    while first is not None and int(first[1]) <= body.sheet.head_row:
        first = re.compile(rb'<row r="(\d+)"').search(ahead, first.end())
    yield ahead[: first.start()] if first is not None else ahead
    yield from body.pieces()
    yield b"</sheetData>" + after
