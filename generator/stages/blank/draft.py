"""A blank while it is authored, and what all its sheets share: title block, print set-up, protection, foot.

In:   the form, its lists, the campaign, the receiver. Out: a workbook drawn sheet by sheet, with a mark in
      each cell that differs from partner to partner, and the cells for answers.
Imports openpyxl, definitions, model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.worksheet import Worksheet

from generator.definitions import grid
from generator.definitions.forms import Choice, Field, Form, Sheet
from generator.model import Campaign, CellKey
from generator.stages.blank import styles
from generator.stages.blank.strings import hole_mark
from generator.stages.blank.styles import Look, paint, text_height

Address = tuple[str, int, str]
"""Code of the table ("" for a single field), number of the row from 1 (0 for a single field), code of the field."""

YES_NO = "@yes_no"
"""Code of the list that a yes_no cell drops down."""

PARTNER_LINE = "head.partner"
"""The hole of the title block that names who reports."""

_WIDE = 150
"""Width in digits from which a sheet is shown smaller."""
_FORBIDDEN_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_TAB_COLORS = {"guide": "FF7B8794", "fields": "FFE0B93A", "table": "FFE0B93A", "checks": "FF3F8F4F"}


@dataclass
class Draft:
    """What is being drawn. Answers are found by sheet title and cell."""

    form: Form
    lists: Mapping[str, tuple[Choice, ...]]
    campaign: Campaign | None
    receiver: str
    workbook: Workbook
    answers: dict[Address, tuple[str, CellKey]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    """Code of a list -> the range on the hidden sheet that drops it down."""

    widths: dict[str, Mapping[int, float]] = field(default_factory=dict)
    """Widths of the shown columns, by sheet title."""
    parts: dict[str, str] = field(default_factory=dict)
    """The part of the package that holds a sheet, by its title; known when the workbook is written."""
    printed: dict[str, frozenset[str]] = field(default_factory=dict)
    """The texts of each sheet, by its code: what stands in every partner's copy."""

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every field by its path."""
        return dict(self.form.paths())

    def hole(self, name: str, sheet: Worksheet, row: int, column: int) -> None:
        """Marks a cell that differs from partner to partner."""
        sheet.cell(row, column).value = hole_mark(name)

    def page(self, sheet: Sheet, widths: Mapping[int, float]) -> Page:
        """The sheet's page, begun: marks, column widths and title block are in place."""
        title = sheet.title.translate(_FORBIDDEN_IN_TITLES)[:31]
        worksheet = self.workbook.create_sheet(title)
        page = Page(self, sheet, worksheet, dict(widths))
        self.widths[title] = page.widths
        page.begin()
        return page


def list_code(single: Field) -> str:
    """Code of the list that a field drops down; yes and no have one of their own."""
    return single.choices or (YES_NO if single.type == "yes_no" else "")


def run_time_lists(draft: Draft) -> tuple[str, ...]:
    """Codes of the lists that only the registry knows: partners, of whom each reader's own ones stand first."""
    return tuple(code for code in draft.lists if code.startswith("@") and code != YES_NO)


def listed_hole(code: str, number: int) -> str:
    """The hole of the entry at that place, from 1, of a list."""
    return f"list.{code[1:]}.{number}"


def format_day(day: date) -> str:
    """A day as a form prints it: 14/12/2025."""
    return f"{day:%d/%m/%Y}"


@dataclass
class Page:
    """One sheet while it is drawn. `widths` are those of the columns that are shown, from column B on."""

    draft: Draft
    sheet: Sheet
    worksheet: Worksheet
    widths: dict[int, float]

    @property
    def last_column(self) -> int:
        """The last column that is printed."""
        return max(self.widths)

    def put(self, row: int, column: int, value: object, look: Look) -> None:
        """Writes a value with its look. Text that begins with "=" stays text."""
        cell = self.worksheet.cell(row, column)
        cell.value = value  # type: ignore[assignment]
        if isinstance(value, str) and value.startswith("="):
            cell.data_type = "s"
        paint(cell, look)  # type: ignore[arg-type]

    def calculate(self, row: int, column: int, formula: str, look: Look) -> None:
        """Writes a formula, given without its "="."""
        self.worksheet.cell(row, column).value = f"={formula}"
        paint(self.worksheet.cell(row, column), look)  # type: ignore[arg-type]

    def span(self, row: int, first: int, last: int, value: object, look: Look, rows: int = 1) -> None:
        """Writes a value into cells that are merged from `first` to `last`, every one of them with the look."""
        for line in range(row, row + rows):
            for column in range(first, last + 1):
                paint(self.worksheet.cell(line, column), look)  # type: ignore[arg-type]
        self.put(row, first, value, look)
        if last > first or rows > 1:
            # not merge_cells: it would put bare cells in the place of the painted ones, and then mend their borders
            self.worksheet.merged_cells.add(CellRange(None, first, row, last, row + rows - 1))

    def height(self, row: int, points: float) -> None:
        """Sets the height of a row; a spreadsheet cannot show more than 409 points."""
        self.worksheet.row_dimensions[row].height = round(min(points, 409), 1)

    def width(self, first: int, last: int) -> float:
        """Width of the shown columns from `first` to `last`."""
        return sum(width for column, width in self.widths.items() if first <= column <= last)

    def begin(self) -> None:
        """Marks, widths, title block and print set-up."""
        worksheet = self.worksheet
        worksheet.sheet_properties.tabColor = _TAB_COLORS[self.sheet.kind]
        worksheet.sheet_view.showGridLines = False
        # a wide table is seen whole on an office screen rather than large
        worksheet.sheet_view.zoomScale = 85 if self.width(2, self.last_column) > _WIDE else 100
        worksheet.sheet_format.defaultRowHeight = 18
        self.put(1, grid.MARK_COLUMN, grid.sheet_mark(self.draft.form, self.sheet), styles.PLAIN)
        for row in (1, grid.CODES_ROW):
            worksheet.row_dimensions[row].hidden = True
        worksheet.column_dimensions["A"].hidden = True
        for column in range(grid.NUMBER_COLUMN, self.last_column + 1):
            dimension = worksheet.column_dimensions[get_column_letter(column)]
            if column in self.widths:
                dimension.width = self.widths[column]
            else:
                dimension.hidden = True
        self._title_block()
        self._print_setup()
        self._protect()

    def _title_block(self) -> None:
        form, campaign, last = self.draft.form, self.draft.campaign, self.last_column
        middle = self.middle()
        row = grid.HEAD_ROW
        self.span(row, 2, middle, f"Biểu số: {form.code}", styles.FORM_NUMBER)
        self.span(row + 1, 2, middle, form.issued_with, styles.HEAD_ITALIC)
        deadline = f"Ngày nhận báo cáo: {format_day(campaign.deadline)}" if campaign else ""
        self.span(row + 2, 2, middle, deadline, styles.HEAD_LINE)
        if campaign:
            self.span(row, middle + 1, last, "Đơn vị báo cáo:", styles.HEAD_RIGHT, rows=2)
            self.draft.hole(PARTNER_LINE, self.worksheet, row, middle + 1)
            # the board reports to nobody: what it writes goes into its own report
            if self.draft.receiver and form.role != "board":
                receiver = f"Đơn vị nhận báo cáo: {self.draft.receiver}"
                self.span(row + 2, middle + 1, last, receiver, styles.HEAD_RIGHT)
        self.height(row, 17)
        # two lines for a long name on a wide page, three on a narrow one: what is frozen takes room from the rows
        self.height(
            row + 1,
            max(17 if self.sheet.landscape else 30, text_height(form.issued_with, self.width(2, middle), styles.SMALL)),
        )
        self.height(row + 2, 17)
        title = (self.sheet.heading or self.sheet.title).upper()
        self.span(grid.TITLE_ROW, 2, last, title, styles.TITLE_LINE)
        self.height(grid.TITLE_ROW, max(26, text_height(title, self.width(2, last), styles.TITLE, bold=True) + 4))
        self.span(grid.PERIOD_ROW, 2, last, period_line(campaign), styles.PERIOD_LINE)
        self.height(grid.PERIOD_ROW, 18)
        self.height(grid.UNIT_ROW, 8)

    def middle(self) -> int:
        """The column after which the right half of the page begins."""
        half = self.width(2, self.last_column) * 0.48
        return min(sorted(self.widths)[:-1], key=lambda column: abs(self.width(2, column) - half))

    def _print_setup(self) -> None:
        worksheet = self.worksheet
        worksheet.page_setup.paperSize = 9  # A4
        worksheet.page_setup.orientation = "landscape" if self.sheet.landscape else "portrait"
        worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
        worksheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
        worksheet.print_options.horizontalCentered = True
        margins = worksheet.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.7, 0.3, 0.35
        year = f" - Năm {self.draft.campaign.year}" if self.draft.campaign else ""
        code = self.draft.form.code.replace("&", "&&")
        footer = worksheet.oddFooter
        assert footer is not None
        for part, text in ((footer.left, f"Biểu {code}{year}"), (footer.right, "Trang &P/&N")):
            assert part is not None
            part.text, part.font, part.size = text, f"{styles.FONT},Italic", 10

    def _protect(self) -> None:
        """Locks without a password what is not to be filled in; what openpyxl calls True is forbidden."""
        self.worksheet.protection = SheetProtection(
            sheet=True,
            objects=True,
            scenarios=True,
            formatCells=True,
            formatColumns=False,
            formatRows=False,
            insertRows=False,
            deleteRows=False,
            sort=False,
            autoFilter=False,
        )

    def header(self, texts: Mapping[int, str], keys: Mapping[int, str]) -> None:
        """The header row and the key row."""
        highest = 30.0
        for column, text in texts.items():
            self.put(grid.HEADER_ROW, column, text, styles.HEADER)
            self.put(grid.KEY_ROW, column, keys.get(column, ""), styles.KEY)
            highest = max(highest, text_height(text, self.widths[column], styles.SMALL, bold=True))
        self.height(grid.HEADER_ROW, highest)
        self.height(grid.KEY_ROW, 16)

    def foot(self, row: int) -> int:
        """The place for date and signatures, from this row on; returns its last row."""
        middle, last = self.middle(), self.last_column
        self.span(row, middle + 1, last, "…………, ngày …… tháng …… năm ………", styles.FOOT_DATE)
        signers = (("Người lập biểu", "(Ký, họ tên)"), ("Thủ trưởng đơn vị", "(Ký, họ tên, đóng dấu)"))
        for (name, note), (first, end) in zip(signers, ((2, middle), (middle + 1, last)), strict=True):
            self.span(row + 1, first, end, name, styles.FOOT_BOLD)
            self.span(row + 2, first, end, note, styles.FOOT_NOTE)
        return row + 6

    def finish(self, last_row: int, frozen: str, cursor: str) -> None:
        """Print area and titles, frozen panes, and the cell where the cursor stands."""
        worksheet = self.worksheet
        worksheet.print_area = f"B2:{get_column_letter(self.last_column)}{last_row}"
        if self.sheet.kind != "guide":
            worksheet.print_title_rows = f"{grid.HEADER_ROW}:{grid.KEY_ROW}"
        worksheet.freeze_panes = frozen
        for selection in worksheet.sheet_view.selection:
            selection.activeCell = selection.sqref = cursor


def period_line(campaign: Campaign | None) -> str:
    """The line under the title: which year, from which day to which."""
    if campaign is None:
        return ""
    years = years_of(campaign)
    if years == 1:
        return f"Kỳ báo cáo: Năm {campaign.year} ({period_text(campaign)})"
    return f"Kỳ báo cáo: {years:02d} năm {campaign.year - years + 1} - {campaign.year} ({period_text(campaign)})"


def spanning(campaign: Campaign | None, years: int) -> Campaign | None:
    """The campaign with its period begun so many years before its end: a five-year form asks for all of them."""
    if campaign is None or years == 1:
        return campaign
    start = campaign.start
    # 29 February has no anniversary in most years
    day = min(start.day, 28) if start.month == 2 else start.day
    return replace(campaign, start=date(start.year - years + 1, start.month, day))


def years_of(campaign: Campaign) -> int:
    """How many years the period of the campaign spans."""
    return max(1, round((campaign.end - campaign.start).days / 365.25))


def period_text(campaign: Campaign) -> str:
    """The period in words."""
    return f"từ ngày {format_day(campaign.start)} đến ngày {format_day(campaign.end)}"
