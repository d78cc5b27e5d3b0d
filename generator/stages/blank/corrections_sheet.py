"""The sheet Cần sửa of a reply's workbook: what is to be mended, with links, and the cells that were not read.

In:   a draft; then, for each copy, its marks and leftovers. Out: the sheet drawn with one specimen of each kind of
      row; the XML of a copy's sheet, its rows made after the specimens.
Imports openpyxl, definitions.grid, office.workbook.fill, issues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from openpyxl.utils import get_column_letter

from generator.definitions import grid
from generator.definitions.forms import Sheet, SheetKind
from generator.definitions.reasons import HEADER, REASON_COLUMN, row_mark
from generator.issues import Severity
from generator.office.workbook.fill import cell_xml
from generator.stages.blank import styles
from generator.stages.blank.draft import Draft
from generator.stages.blank.styles import SMALL, Look, text_height

SUMMARY_HOLE = "corrections.summary"
MOST_LISTED = 2_000
"""So many faults, and so many unread cells, have a row of their own."""

_COLUMNS = {2: "TT", 3: "Ở đâu", 4: "Nội dung", 5: "Cách sửa", 6: "Mức độ", REASON_COLUMN: HEADER}
_WIDTHS = {2: 5.0, 3: 25.0, 4: 44.0, 5: 44.0, 6: 13.0, REASON_COLUMN: 34.0}
_HEADING = tuple(
    styles.HEADING._replace(align=styles.align("left", wrap=False, indent=1), border=styles.box(left, right))
    for left, right in ((True, False), (False, False), (False, False), (False, False), (False, False), (False, True))
)
_TEXT = styles.LABEL._replace(font=styles.font(SMALL))
_LINK = styles.CHECK_LINK._replace(font=styles.link_font(SMALL))
_SEVERE = Look(
    styles.font(SMALL, bold=True, color=styles.FAULT_INK), styles.align("center"), styles.FAULT_FILL, _TEXT.border
)
_DOUBT = Look(
    styles.font(SMALL, bold=True, color=styles.DOUBT_INK), styles.align("center"), styles.DOUBT_FILL, _TEXT.border
)
_QUIET = _TEXT._replace(align=styles.align("center"))
_NUMBER = styles.NUMBER
_REASON = styles.answer("@", styles.align("left", indent=1), locked=False, size=SMALL)

_KINDS: dict[str, tuple[Look, ...]] = {
    "heading": _HEADING,
    "error": (_NUMBER, _LINK, _TEXT, _TEXT, _SEVERE, _TEXT),
    "warning": (_NUMBER, _LINK, _TEXT, _TEXT, _DOUBT, _REASON),
    "explained": (_NUMBER, _LINK, _TEXT, _TEXT, _QUIET, _REASON),
    "unread": (_NUMBER, _TEXT, _TEXT, _TEXT, _QUIET, _TEXT),
}
"""The looks of the cells B to G of each kind of row."""
_TITLES = {
    "error": "PHẢI SỬA",
    "warning": "NÊN XEM LẠI (sai thì sửa; đúng thì ghi lý do vào ô vàng bên phải)",
    "explained": "ĐÃ NÊU LÝ DO (không phải làm gì)",
}
_WORDS = {"error": "Phải sửa", "warning": "Nên xem lại", "explained": "Đã nêu lý do"}
_UNREAD_CURE = "Nếu là số liệu, chuyển vào đúng ô của biểu; nếu là ghi chép riêng thì không cần làm gì."

_SPECIMEN = re.compile(rb'<row r="(\d+)"[^>]*>.*?</row>', re.DOTALL)
_STYLE = re.compile(rb'<c r="[B-G]\d+" s="(\d+)"')
_DIMENSION = re.compile(rb"<dimension [^>]*/>")


class Mark(NamedTuple):
    """A fault at a place of the workbook that goes back: sheet by title, cell as "K14"; "" where there is none."""

    sheet: str
    cell: str
    severity: Severity
    sentence: str
    cure: str
    key: str = ""
    """How a warning is known again (definitions.reasons): its row takes a reason. "" for none."""
    reason: str = ""
    """The reason that the partner gave already."""

    @property
    def kind(self) -> str:
        """The kind of its row."""
        return "explained" if self.reason else self.severity.value


class Leftover(NamedTuple):
    """A cell of the sender's own file that was not read, and what stands in it."""

    sheet: str
    cell: str
    content: str


def draw_corrections(draft: Draft) -> None:
    """Draws the sheet, first in the workbook and open, with one specimen of each kind of row below the header."""
    sheet = Sheet(
        grid.CORRECTIONS_CODE, grid.CORRECTIONS_TITLE, SheetKind.CHECKS, "Các nội dung cần sửa", landscape=True
    )
    page = draft.page(sheet, _WIDTHS)
    worksheet = page.worksheet
    worksheet.sheet_properties.tabColor = styles.FAULT_INK
    page.span(grid.UNIT_ROW, 2, page.last_column, None, styles.SUMMARY)
    draft.hole(SUMMARY_HOLE, worksheet, grid.UNIT_ROW, 2)
    page.height(grid.UNIT_ROW, 40)
    for column, text in _COLUMNS.items():
        page.put(grid.HEADER_ROW, column, text, styles.HEADER)
    page.height(grid.HEADER_ROW, 24)
    worksheet.row_dimensions[grid.KEY_ROW].hidden = True
    for row, looks in enumerate(_KINDS.values(), start=grid.FIRST_FIELD_ROW):
        for column, look in enumerate(looks, start=2):
            page.put(row, column, "x", look)
    worksheet.print_title_rows = f"{grid.HEADER_ROW}:{grid.HEADER_ROW}"
    worksheet.freeze_panes = f"A{grid.FIRST_FIELD_ROW}"
    for selection in worksheet.sheet_view.selection:
        selection.activeCell = selection.sqref = f"C{grid.FIRST_FIELD_ROW}"
    draft.workbook.move_sheet(worksheet, -(len(draft.workbook.worksheets) - 1))
    draft.workbook.active = 0
    for number, other in enumerate(draft.workbook.worksheets):
        other.sheet_view.tabSelected = number == 0


@dataclass(frozen=True, slots=True)
class CorrectionsSheet:
    """The sheet cut up around its rows."""

    _before: bytes
    _after: bytes
    _last: bytes
    _styles: dict[str, tuple[int, ...]]

    def xml(self, marks: Sequence[Mark], leftovers: Sequence[Leftover]) -> bytes:
        """The sheet with these marks, in the order given but errors first, and the leftovers below them."""
        rows: list[str] = []
        links: list[str] = []
        for kind, texts, target, mark in _lines(marks, leftovers):
            number = grid.FIRST_FIELD_ROW + len(rows)
            looks = self._styles[kind]
            if not target:  # what leads nowhere must not look like a link
                looks = (looks[0], self._styles["unread" if kind != "heading" else kind][1], *looks[2:])
            rows.append(_row(number, kind, texts, looks, mark))
            if target:
                links.append(f'<hyperlink ref="C{number}" location={quoteattr(target)} display={quoteattr(texts[1])}/>')
        shown = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
        return b"".join((self._before, "".join(rows).encode(), self._after, shown.encode(), self._last))


def cut_corrections(xml: bytes) -> CorrectionsSheet:
    """The drawn sheet without its specimens, and how their cells look."""
    rows = {int(match[1]): match for match in _SPECIMEN.finditer(xml)}
    first = rows[grid.FIRST_FIELD_ROW].start()
    found = {
        kind: tuple(int(number) for number in _STYLE.findall(rows[row][0]))
        for row, kind in enumerate(_KINDS, start=grid.FIRST_FIELD_ROW)
    }
    end, links = xml.index(b"</sheetData>"), xml.index(b"<printOptions")
    return CorrectionsSheet(_DIMENSION.sub(b"", xml[:first]), xml[end:links], xml[links:], found)


def _row(number: int, kind: str, texts: Sequence[str], looks: Sequence[int], mark: str) -> str:
    height = 22.0
    if kind != "heading":
        pairs = zip(texts, _WIDTHS.values(), strict=True)
        height = min(max(height, *(text_height(text, width, SMALL) + 3 for text, width in pairs)), 409.0)
    cells = "".join(
        cell_xml(
            f'<c r="{get_column_letter(column)}{number}" s="{style}"',
            int(text) if column == 2 and text.isdigit() else text,
        )
        for column, (text, style) in enumerate(zip(texts, looks, strict=True), start=2)
    )
    # the hidden first column says whose row it is, also when somebody sorts or inserts rows
    first = cell_xml(f'<c r="A{number}"', mark)
    return f'<row r="{number}" ht="{height:.1f}" customHeight="1">{first}{cells}</row>'


_Line = tuple[str, tuple[str, ...], str, str]


def _lines(marks: Sequence[Mark], leftovers: Sequence[Leftover]) -> Iterator[_Line]:
    """Kind of row, its texts, the place that it leads to, and what the hidden column says of it."""
    number = 0
    for kind, title in _TITLES.items():
        own = [mark for mark in marks if mark.kind == kind]
        if own:
            yield _heading(f"{title}: {len(own)} chỗ")
        for mark in own[:MOST_LISTED]:
            number += 1
            place = place_text(mark.sheet, mark.cell)
            texts = (str(number), place, mark.sentence, mark.cure, _WORDS[kind], mark.reason)
            yield kind, texts, _target(mark), row_mark(mark.key, mark.reason)
        yield from _more(len(own))
    if leftovers:
        yield _heading(f"Ô KHÔNG ĐƯỢC ĐỌC trong tệp đã gửi: {len(leftovers)} ô")
    for one in leftovers[:MOST_LISTED]:
        number += 1
        place = place_text(one.sheet, one.cell)
        texts = (str(number), place, one.content, _UNREAD_CURE if one.cell else "", "Không đọc", "")
        yield "unread", texts, "", row_mark()
    yield from _more(len(leftovers))


def _heading(text: str) -> _Line:
    return "heading", (text, "", "", "", "", ""), "", row_mark()


def _more(count: int) -> Iterable[_Line]:
    return (_heading(f"… và {count - MOST_LISTED} chỗ khác."),) if count > MOST_LISTED else ()


def place_text(sheet: str, cell: str) -> str:
    """A place as people read it: "Hoạt động hỗ trợ, ô K14"."""
    return f"{sheet}, ô {cell}" if sheet and cell else sheet or "Cả tệp"


def _target(mark: Mark) -> str:
    quoted = mark.sheet.replace("'", "''")
    return f"'{quoted}'!{mark.cell or f'C{grid.FIRST_FIELD_ROW}'}" if mark.sheet else ""
