"""The sheet Kiểm tra, generated and live: what is missing or does not add up, with links to the cells.

In:   a draft and its checks sheet. Out: the sheet drawn; its formulas are those of `definitions.rules`.
Imports openpyxl and definitions. Works in Excel 2010 and later, LibreOffice and Google Sheets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from generator.definitions import grid
from generator.definitions.forms import Form, Sheet
from generator.definitions.rules import RULES, CellFormula, all_rules
from generator.issues import Severity
from generator.stages.blank import styles
from generator.stages.blank.draft import Draft, Page
from generator.stages.blank.styles import text_height

_NUMBER, _TEXT, _RESULT, _LINK = 2, 3, 4, 5
_COUNT, _FIRST, _SEVERITY = 7, 8, 9
"""Hidden columns: number of faults, row of the first one, "error" or "warning"."""
_WIDTHS = {_NUMBER: 5.0, _TEXT: 58.0, _RESULT: 28.0, _LINK: 20.0}


class _Check(NamedTuple):
    """One line of the sheet."""

    text: str
    severity: Severity
    formula: CellFormula


def draw_checks(draft: Draft, sheet: Sheet) -> None:
    """Draws one line for each required field and each rule that a spreadsheet can judge."""
    page = draft.page(sheet, _WIDTHS)
    page.header(
        {_NUMBER: "TT", _TEXT: "Nội dung kiểm tra", _RESULT: "Kết quả", _LINK: "Đến ô"},
        {_NUMBER: "A", _TEXT: "B", _RESULT: "1", _LINK: "2"},
    )
    for column in (_COUNT, _FIRST, _SEVERITY):
        page.worksheet.column_dimensions[get_column_letter(column)].hidden = True
    row = grid.FIRST_FIELD_ROW
    checks = list(_checks(draft.form))
    number = 0
    for judged in draft.form.sheets:
        own = [check for check in checks if check.formula.sheet == judged.code]
        if own:
            page.span(row, 2, page.last_column, f"Trang {judged.title}", styles.HEADING)
            page.height(row, 21)
            row += 1
        for check in own:
            number += 1
            _draw_check(page, row, number, check, judged.title)
            row += 1
    last = max(row - 1, grid.FIRST_FIELD_ROW)
    _draw_summary(page, last)
    _color(page, last)
    row = _draw_later_checks(page, row + 1)
    page.finish(row, f"A{grid.FIRST_FIELD_ROW}", f"C{grid.FIRST_FIELD_ROW}")


def _checks(form: Form) -> Iterator[_Check]:
    """All rules of the form, implied or stated, that a formula can judge and the sender can mend."""
    for rule in all_rules(form):
        formula = RULES[rule.type].formula(rule, form)
        asked = form.field(str(rule.params.get("field", "")))
        if formula is not None and not (asked and asked.locked):
            yield _Check(rule.label or RULES[rule.type].hint(rule, form), rule.severity, formula)


def _draw_check(page: Page, row: int, number: int, check: _Check, title: str) -> None:
    count, first = f"${get_column_letter(_COUNT)}{row}", f"${get_column_letter(_FIRST)}{row}"
    page.put(row, _NUMBER, number, styles.NUMBER)
    page.put(row, _TEXT, check.text, styles.CHECK_TEXT)
    page.calculate(row, _COUNT, check.formula.count, styles.PLAIN)
    page.calculate(row, _FIRST, f'IF({count}>0,{check.formula.first},"")', styles.PLAIN)
    page.put(row, _SEVERITY, check.severity.value, styles.PLAIN)
    words = "Cần xem lại" if check.severity is Severity.ERROR else "Nên xem lại"
    page.calculate(row, _RESULT, f'IF({count}=0,"Đạt","{words}: "&{count}&" chỗ")', styles.CHECK_RESULT)
    column = get_column_letter(check.formula.column)
    target = "#'" + title.replace("'", "''").replace('"', '""') + f"'!{column}"
    link = f'IF({count}=0,"",HYPERLINK("{target}"&{first},"Đến ô {column}"&{first}))'
    page.calculate(row, _LINK, link, styles.CHECK_LINK)
    page.height(row, max(20, text_height(check.text, page.widths[_TEXT])))


def _draw_summary(page: Page, last: int) -> None:
    """The line on top: how many checks are still open, or that the return may be sent."""
    counts, severities = (
        f"${get_column_letter(column)}${grid.FIRST_FIELD_ROW}:${get_column_letter(column)}${last}"
        for column in (_COUNT, _SEVERITY)
    )
    errors = f'COUNTIFS({counts},">0",{severities},"error")'
    doubts = f'COUNTIFS({counts},">0",{severities},"warning")'
    page.span(grid.UNIT_ROW, 2, page.last_column, None, styles.SUMMARY)
    formula = (
        f'IF({errors}>0,"Còn "&{errors}&" nội dung cần xem lại",'
        f'"Biểu đã đủ, có thể gửi"&IF({doubts}>0,"; "&{doubts}&" nội dung nên xem lại",""))'
    )
    page.calculate(grid.UNIT_ROW, 2, formula, styles.SUMMARY)
    page.height(grid.UNIT_ROW, 28)
    errors_left = f'LEFT($B${grid.UNIT_ROW},3)="Còn"'
    summary = f"B{grid.UNIT_ROW}:{get_column_letter(page.last_column)}{grid.UNIT_ROW}"
    _add_color(page, summary, errors_left, styles.FAULT_FILL, styles.FAULT_INK)
    _add_color(page, summary, f"NOT({errors_left})", styles.GOOD_FILL, styles.GOOD_INK)


def _color(page: Page, last: int) -> None:
    """Green, red or amber on each result."""
    row = grid.FIRST_FIELD_ROW
    count, severity = f"${get_column_letter(_COUNT)}{row}", f"${get_column_letter(_SEVERITY)}{row}"
    cells = f"D{row}:D{last}"
    for condition, fill, ink in (
        (f'AND({severity}<>"",{count}=0)', styles.GOOD_FILL, styles.GOOD_INK),
        (f'AND({severity}="error",{count}>0)', styles.FAULT_FILL, styles.FAULT_INK),
        (f'AND({severity}="warning",{count}>0)', styles.DOUBT_FILL, styles.DOUBT_INK),
    ):
        _add_color(page, cells, condition, fill, ink)


def _add_color(page: Page, cells: str, condition: str, fill: PatternFill, ink: str) -> None:
    rule = FormulaRule(  # type: ignore[no-untyped-call]
        formula=[condition], fill=fill, font=Font(color=ink)
    )
    page.worksheet.conditional_formatting.add(cells, rule)


def _draw_later_checks(page: Page, row: int) -> int:
    """What only the receiver can judge, so that nobody is surprised; returns the last row."""
    form = page.draft.form
    hints = [RULES[rule.type].hint(rule, form) for rule in form.rules if RULES[rule.type].formula(rule, form) is None]
    if not hints:
        return row
    page.span(row, 2, page.last_column, "Khi nhận biểu, cơ quan nhận báo cáo còn đối chiếu:", styles.SECTION)
    page.height(row, 24)
    for number, hint in enumerate(hints, start=1):
        row += 1
        page.put(row, _NUMBER, number, styles.STEP)
        page.span(row, _TEXT, page.last_column, hint, styles.TEXT)
        page.height(row, max(19, text_height(hint, page.width(_TEXT, page.last_column))))
    return row
