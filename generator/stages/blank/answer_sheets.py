"""The sheets that are filled in: single questions one below the other, or a table.

In:   a draft and a sheet of its form. Out: the sheet drawn, its answers and holes known to the draft.
Imports openpyxl, definitions, model. Every row and column stands where `definitions.grid` says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from openpyxl.formatting.rule import FormulaRule, Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from generator.definitions import grid
from generator.definitions.fieldtypes import FIELD_TYPES, CellCheck
from generator.definitions.forms import Field, Sheet, Table
from generator.model import Campaign, CellKey
from generator.stages.blank import styles
from generator.stages.blank.draft import Draft, Page, list_code, period_text, years_of
from generator.stages.blank.styles import Look, text_height

LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
"""Excel repairs a workbook whose hints are longer than this."""
PARAGRAPH_HEIGHT = 80.0
_PLAIN_FORMAT = 190
"""Number of our own format in a conditional style; those below 164 are Excel's."""
_CAMPAIGN_WIDE = "campaign."
_NO_LIMIT = 1_000_000_000_000_000


def campaign_prefill(name: str, campaign: Campaign | None) -> str | int | date | None:
    """What is prefilled alike for every partner, or None when the name asks for something of one partner."""
    if campaign is None:
        return None
    known: dict[str, str | int | date] = {
        "campaign.year": campaign.year,
        "campaign.first_year": campaign.year - years_of(campaign) + 1,
        "campaign.period": period_text(campaign),
        "campaign.deadline": campaign.deadline,
        "campaign.send_to": campaign.send_to,
    }
    return known.get(name)


# --- single questions -----------------------------------------------------------------------


def draw_fields(draft: Draft, sheet: Sheet) -> None:
    """Draws a sheet of single questions: number, question, unit, answer, hint."""
    has_units = any(single.unit for single in sheet.fields)
    long_answers = sum(single.type == "paragraph" for single in sheet.fields) * 2 > len(sheet.fields)
    widths = {2: 5.0, 3: 22.0, 5: 54.0, 6: 25.0} if long_answers else {2: 5.0, 3: 34.0, 5: 36.0, 6: 32.0}
    if has_units:
        widths |= {grid.UNIT_COLUMN: 12.0, grid.VALUE_COLUMN: 26.0}
    page = draft.page(sheet, widths)
    page.header(*_fields_header(has_units))
    page.put(grid.CODES_ROW, grid.MARK_COLUMN, grid.COLUMNS_MARK, styles.PLAIN)
    page.put(grid.CODES_ROW, grid.VALUE_COLUMN, grid.VALUE_MARK, styles.PLAIN)
    where = grid.sheet_grid(sheet)
    for row, heading in where.headings.items():
        page.span(row, 2, page.last_column, heading, styles.HEADING)
        page.height(row, max(21, text_height(heading, page.width(2, 6), styles.SMALL, bold=True) + 4))
    told = ""
    for number, single in enumerate(sheet.fields, start=1):
        # what ten rows of last year's plan have in common is said at the first one
        hint = "" if single.help == told else single.help
        told = single.help
        _draw_field(page, replace(single, help=hint), where.fields[single.code], number, units=has_units)
    last_row = page.foot(where.last_row + 2)
    first = next((single for single in sheet.fields if not single.locked), sheet.fields[0] if sheet.fields else None)
    cursor = where.fields[first.code] if first else CellKey(grid.FIRST_FIELD_ROW, grid.VALUE_COLUMN)
    page.finish(last_row, f"A{grid.FIRST_FIELD_ROW}", f"{get_column_letter(cursor.column)}{cursor.row}")


def _fields_header(units: bool) -> tuple[dict[int, str], dict[int, str]]:
    texts = {2: "TT", 3: "Nội dung", 4: "Đơn vị tính", 5: "Trả lời", 6: "Cách ghi"}
    keys = {2: "A", 3: "B", 4: "C", 5: "1", 6: "D"}
    if not units:
        del texts[grid.UNIT_COLUMN], keys[grid.UNIT_COLUMN]
        keys[grid.HELP_COLUMN] = "C"
    return texts, keys


def _draw_field(page: Page, single: Field, cell: CellKey, number: int, *, units: bool) -> None:
    row = cell.row
    page.put(row, grid.MARK_COLUMN, single.code, styles.PLAIN)
    page.put(row, grid.NUMBER_COLUMN, number, styles.NUMBER)
    page.put(row, grid.LABEL_COLUMN, single.label, styles.LABEL)
    if units:
        page.put(row, grid.UNIT_COLUMN, single.unit, styles.UNIT)
    page.put(row, grid.HELP_COLUMN, single.help, styles.HELP)
    page.put(row, cell.column, _authored(page.draft, single), _answer_look(single, styles.BODY))
    needed = max(
        text_height(single.label, page.widths[grid.LABEL_COLUMN]),
        text_height(single.help, page.widths[grid.HELP_COLUMN], 10),
        _least_height(single),
    )
    page.height(row, needed)
    page.draft.answers["", 0, single.code] = (page.worksheet.title, cell)
    if single.prefill and not single.prefill.startswith(_CAMPAIGN_WIDE):
        page.draft.hole(single.prefill, page.worksheet, row, cell.column)
    if not single.locked:
        _add_check(page, single, f"{get_column_letter(cell.column)}{row}")


def _least_height(single: Field) -> float:
    """Room for what comes later, since the row of a protected sheet is not fitted to it by itself."""
    if single.type == "paragraph":
        return PARAGRAPH_HEIGHT
    # a partner's name may take 120 letters, a line of last year's plan two lines
    return {"partner": 66 if single.prefill == "partner.name" else 21, "plan": 36}.get(
        single.prefill.partition(".")[0], 21
    )


def _authored(draft: Draft, single: Field) -> object:
    return campaign_prefill(single.prefill, draft.campaign) if single.prefill.startswith(_CAMPAIGN_WIDE) else None


def _answer_look(single: Field, size: float) -> Look:
    type_ = FIELD_TYPES[single.type]
    # a year is no quantity: 2025, not 2.025
    number_format = "General" if single.prefill in ("campaign.year", "campaign.first_year") else type_.number_format
    horizontal = "left" if single.locked else type_.align
    vertical = "top" if single.type == "paragraph" else "center"
    shape = styles.align(horizontal, vertical, wrap=type_.wrap, indent=0 if horizontal == "center" else 1)
    return styles.answer(number_format, shape, locked=single.locked, size=size)


# --- tables ---------------------------------------------------------------------------------


def draw_table(draft: Draft, sheet: Sheet) -> None:
    """Draws a table: header, keys, totals on top, open rows, end mark."""
    table, where = sheet.table, grid.sheet_grid(sheet)
    assert table is not None, sheet.code
    widths = {grid.NUMBER_COLUMN: 5.0} | {where.columns[column.code]: column.width for column in table.columns}
    page = draft.page(sheet, widths)
    if any(column.type == "money" for column in table.columns):
        page.span(grid.UNIT_ROW, 2, page.last_column, f"Đơn vị tính: {draft.form.unit}", styles.UNIT_LINE)
        page.height(grid.UNIT_ROW, 17)
    texts = {where.columns[column.code]: column.label for column in table.columns}
    keys = {where.columns[column.code]: column.key for column in table.columns}
    page.header({grid.NUMBER_COLUMN: "TT"} | texts, {grid.NUMBER_COLUMN: ""} | keys)
    page.put(grid.CODES_ROW, grid.MARK_COLUMN, grid.COLUMNS_MARK, styles.PLAIN)
    for column in table.columns:
        page.put(grid.CODES_ROW, where.columns[column.code], column.code, styles.PLAIN)
    end_row = where.last_row + 1
    _draw_totals(page, table, where, end_row)
    _draw_rows(page, table, where)
    page.put(end_row, grid.MARK_COLUMN, grid.END_MARK, styles.PLAIN)
    # within the table, so that the ranges of the sheet Kiểm tra grow with it
    more = "Thiếu dòng: chèn thêm dòng vào giữa bảng, phía trên dòng có số thứ tự cuối cùng."
    page.put(end_row, grid.FIRST_COLUMN, more, styles.END)
    for column in table.columns:
        letter = get_column_letter(where.columns[column.code])
        # the locked end row is within, so that rows inserted just above it are checked and summed too
        _add_check(page, column, f"{letter}{grid.FIRST_TABLE_ROW}:{letter}{end_row}")
    _mark_gaps(page, table, where)
    first, last = get_column_letter(grid.FIRST_COLUMN), get_column_letter(where.width)
    # without the locked column B, since a protected range that holds a locked cell cannot be sorted
    page.worksheet.auto_filter.ref = f"{first}{grid.TOTAL_ROW}:{last}{where.last_row}"
    last_row = page.foot(end_row + 2)
    page.finish(last_row, f"C{grid.FIRST_TABLE_ROW}", f"{first}{grid.FIRST_TABLE_ROW}")


def _draw_totals(page: Page, table: Table, where: grid.SheetGrid, end_row: int) -> None:
    row = grid.TOTAL_ROW
    page.put(row, grid.MARK_COLUMN, grid.TOTAL_MARK, styles.PLAIN)
    for position in (grid.NUMBER_COLUMN, *where.columns.values()):
        page.put(row, position, None, styles.TOTAL_WORD)
    totals = any(column.total for column in table.columns)
    page.put(row, grid.FIRST_COLUMN, "Tổng cộng" if totals else None, styles.TOTAL_WORD)
    for column in table.columns:
        if column.total:
            letter = get_column_letter(where.columns[column.code])
            formula = f"SUM({letter}{grid.FIRST_TABLE_ROW}:{letter}{end_row})"
            page.calculate(row, where.columns[column.code], formula, styles.TOTAL)
    # high enough for the filter buttons to stand below the sums
    page.height(row, 33 if totals else 20)


def _draw_rows(page: Page, table: Table, where: grid.SheetGrid) -> None:
    looks = [(column, where.columns[column.code], _answer_look(column, styles.SMALL)) for column in table.columns]
    for number in range(1, table.rows + 1):
        row = grid.FIRST_TABLE_ROW + number - 1
        page.put(row, grid.NUMBER_COLUMN, number, styles.NUMBER)
        for column, position, look in looks:
            page.put(row, position, None, look)
            page.draft.answers[table.code, number, column.code] = (page.worksheet.title, CellKey(row, position))


def _mark_gaps(page: Page, table: Table, where: grid.SheetGrid) -> None:
    """Colours a required cell that is empty in a row where something stands."""
    first, last = get_column_letter(grid.FIRST_COLUMN), get_column_letter(where.width)
    row = grid.FIRST_TABLE_ROW
    for column in table.columns:
        if column.required and not column.locked:
            letter = get_column_letter(where.columns[column.code])
            gap = f'AND(COUNTA(${first}{row}:${last}{row})>0,TRIM(${letter}{row})="")'
            rule = FormulaRule(  # type: ignore[no-untyped-call]
                formula=[gap], fill=styles.FAULT_FILL
            )
            page.worksheet.conditional_formatting.add(f"{letter}{row}:{letter}{where.last_row}", rule)


# --- checks while typing --------------------------------------------------------------------


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _hide_idle_point(page: Page, single: Field, cells: str) -> None:
    """Shows a whole number without the decimal point that a format with optional decimals leaves behind it."""
    if FIELD_TYPES[single.type].number_format.endswith(".##"):
        first = cells.partition(":")[0]
        plain = DifferentialStyle(numFmt=NumberFormat(numFmtId=_PLAIN_FORMAT, formatCode="#,##0"))
        whole = f"AND(ISNUMBER({first}),MOD({first},1)=0)"
        rule = Rule(type="expression", dxf=plain, formula=[whole])
        page.worksheet.conditional_formatting.add(cells, rule)


def _add_check(page: Page, single: Field, cells: str) -> None:
    """The spreadsheet program's own check of an answer, and the hint it shows at the cell."""
    type_ = FIELD_TYPES[single.type]
    check = type_.cell_check(single)
    validation = _validation(page.draft, single, check) or DataValidation()
    validation.allow_blank = True
    validation.showInputMessage = True
    validation.promptTitle = _shortened(single.label, LONGEST_TITLE)
    validation.prompt = _shortened(single.help or type_.guide(single), LONGEST_MESSAGE)
    if check is not None and validation.type is not None:
        validation.showErrorMessage = True
        validation.errorStyle = "stop" if check.strict else "warning"
        validation.errorTitle = _shortened(single.label, LONGEST_TITLE)
        validation.error = _shortened(check.message or type_.guide(single), LONGEST_MESSAGE)
    validation.add(cells)
    page.worksheet.add_data_validation(validation)
    _hide_idle_point(page, single, cells)


def _validation(draft: Draft, single: Field, check: CellCheck | None) -> DataValidation | None:
    """The check as Excel knows it; None where there is nothing to check, or no list to choose from."""
    if check is None:
        return None
    if check.kind == "list":
        source = draft.sources.get(list_code(single))
        return DataValidation(type="list", formula1=source) if source else None
    kind = {"whole": "whole", "decimal": "decimal", "length": "textLength"}.get(check.kind)
    if kind is None:
        return None
    low = check.minimum or 0
    high = _NO_LIMIT if check.maximum is None else check.maximum
    return DataValidation(type=kind, operator="between", formula1=str(low), formula2=str(high))  # type: ignore[arg-type]
