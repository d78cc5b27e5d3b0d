"""Workbooks as partners rework them: filled returns of three forms, each function gives one back changed.

Changes are made with openpyxl on what `Blank.fill` wrote, so that the hidden ids and names are there or gone as in
a real file.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from generator.definitions.forms import Field, Form
from generator.definitions.grid import IDENTITY_SHEET, LISTS_SHEET
from generator.definitions.load import load_form
from generator.issues import Issue
from generator.model import Campaign, Delivery, Scalar
from generator.pipeline.examine import ExamineContext, Examined, examine
from generator.stages.blank import compile_blank
from generator.vietnamese.text import matching_key, unaccented
from spreadsheet_tables import COMMUNES, LISTS

FORMS = ("KN-01", "KN-02", "KN-03")
CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "a@b.example", FORMS)
LAST_YEAR = replace(CAMPAIGN, year=2024, start=date(2023, 12, 15), end=date(2024, 12, 14))
DELIVERY = Delivery(1, 2025, "inputs/2025/a.xlsx", "0" * 64, datetime(2025, 12, 1, tzinfo=UTC))
NAMES = {"DV-0001": "Sở (minh họa) 01", "DV-0002": "Hội (minh họa) 02", "XA-0001": "xã Trà Tập"}
SENDER = {"KN-01": "DV-0001", "KN-02": "XA-0001", "KN-03": "DV-0001"}
TABLE = {"KN-01": "Hoạt động hỗ trợ", "KN-02": "Hỗ trợ nhận được", "KN-03": "Số liệu các năm"}
ACTIVITIES = TABLE["KN-01"]
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
Answers = dict[tuple[str, int, str], Scalar]


@cache
def context() -> ExamineContext:
    """The year's context, with the names of three partners."""
    bearing: dict[str, set[str]] = {}
    for code, name in NAMES.items():
        bearing.setdefault(matching_key(name), set()).add(code)
    forms = {code: shipped(code) for code in FORMS}
    return ExamineContext(
        CAMPAIGN,
        forms,
        LISTS,
        dict.fromkeys(FORMS, frozenset(NAMES)),
        {"DV-0001": frozenset({COMMUNES[0].code})},
        {code: blank(code).printed for code in FORMS},
        {code: frozenset({code, name, f"Đơn vị báo cáo: {name}"}) for code, name in NAMES.items()},
        names={key: frozenset(codes) for key, codes in bearing.items()},
    )


@cache
def blank(code: str, campaign: Campaign = CAMPAIGN):  # type: ignore[no-untyped-def]
    return compile_blank(shipped(code), LISTS, campaign, receiver="Ban Dân tộc (minh họa)")


@cache
def shipped(code: str) -> Form:
    form, issues = load_form(TEMPLATES / "forms" / f"{code.lower()}.yaml")
    assert form is not None, issues
    return form


def answer(form: Form, single: Field, number: int) -> Scalar:
    """An answer of the field's type, another one for each number."""
    if single.type in ("choice", "partner"):
        listed = LISTS.get(single.choices) or form.choices[single.choices]
        return listed[number % len(listed)].code
    given: Mapping[str, Scalar] = {
        "integer": number + 2,
        "money": 1_500_000 + number,
        "quantity": Decimal(number) + Decimal("0.5"),
        "date": f"2025-03-{number % 28 + 1:02}",
        "yes_no": False,
        "year": 2025,
    }
    return given.get(single.type, f"{single.label} thứ {number}\n=1+1")


@cache
def answers(code: str) -> Answers:
    """An answer to every question of a form but the optional ones of some rows; two rows apart in each table."""
    form, given = shipped(code), {}
    for sheet in form.sheets:
        for number, single in enumerate(sheet.fields):
            if not single.locked:
                given["", 0, single.code] = answer(form, single, number)
        for row in (1, 2, 5) if sheet.table else ():
            for number, column in enumerate(sheet.table.columns if sheet.table else ()):
                if not column.locked and (column.required or row != 2):
                    given[sheet.table.code, row, column.code] = answer(form, column, number + row)  # type: ignore[union-attr]
    return given


def prefill(partner: str) -> Mapping[str, Scalar]:
    return {"partner.code": partner, "partner.name": NAMES[partner]}


@cache
def filled(code: str) -> bytes:
    """A filled return as our own blank carries it."""
    content: bytes = blank(code).fill(prefill(SENDER[code]), answers(code))
    return content


def judged(content: bytes, **known: object) -> Examined:
    return examine(content, DELIVERY, replace(context(), **known))  # type: ignore[arg-type]


def values(examined: Examined) -> Counter[tuple[str, str, str]]:
    """What was read, whatever cell it stood in and whichever row of its table."""
    assert examined.submission is not None
    return Counter((one.table, one.field, str(one.value)) for one in examined.submission.values)


@cache
def expected(code: str) -> Counter[tuple[str, str, str]]:
    return values(judged(filled(code)))


def told(examined: Examined, group: str = "structure.") -> list[str]:
    """Codes of a group, in order."""
    return [one.code for one in examined.issues if one.code.startswith(group)]


def only(examined: Examined, code: str) -> Issue:
    (found,) = (one for one in examined.issues if one.code == code)
    return found


def places(examined: Examined, code: str) -> list[str]:
    return [f"{one.place.sheet}!{one.place.cell}" for one in examined.issues if one.code == code]


# --- what people do to a workbook ---------------------------------------------------------------

OURS = (IDENTITY_SHEET, LISTS_SHEET)
Change = Callable[[Workbook], None]


def saved(book: Workbook) -> bytes:
    """The workbook as bytes."""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def opened(content: bytes) -> Workbook:
    """The workbook as openpyxl has it."""
    return load_workbook(io.BytesIO(content))


def changed(content: bytes, *changes: Change) -> bytes:
    """The workbook after the changes."""
    book = opened(content)
    for change in changes:
        change(book)
    return saved(book)


def sheets_of(book: Workbook) -> list[Worksheet]:
    """The sheets that partners see."""
    return [sheet for sheet in book.worksheets if sheet.title not in OURS]


def typed(sheet: str, cells: Mapping[str, object]) -> Change:
    """Somebody typed into cells."""

    def change(book: Workbook) -> None:
        for cell, value in cells.items():
            book[sheet][cell] = value

    return change


def without_identity(book: Workbook) -> None:
    """Neither hidden sheet nor properties nor names say who the workbook is."""
    for title in OURS:
        if title in book.sheetnames:
            del book[title]
    for name in list(book.custom_doc_props.names):  # type: ignore[attr-defined]
        del book.custom_doc_props[name]  # type: ignore[attr-defined]
    for name in list(book.defined_names):
        del book.defined_names[name]


def without_marks(book: Workbook) -> None:
    """The hidden column and the hidden rows are empty."""
    for sheet in sheets_of(book):
        for row in range(1, sheet.max_row + 1):
            sheet.cell(row, 1).value = None
        for row in (1, 8):
            for column in range(1, sheet.max_column + 1):
                sheet.cell(row, column).value = None


def deleted(sheet: str, *, rows: Iterable[int] = (), columns: Iterable[int] = ()) -> Change:
    """Whole rows and columns are gone, the last ones first; merged cells are given up."""

    def change(book: Workbook) -> None:
        page = book[sheet]
        for merged in list(page.merged_cells.ranges):
            page.unmerge_cells(str(merged))
        for row in sorted(rows, reverse=True):
            page.delete_rows(row)
        for column in sorted(columns, reverse=True):
            page.delete_cols(column)

    return change


def inserted(sheet: str, *, row: int = 0, column: int = 0, count: int = 1) -> Change:
    """Empty rows above one, empty columns before one."""

    def change(book: Workbook) -> None:
        page = book[sheet]
        for merged in list(page.merged_cells.ranges):
            page.unmerge_cells(str(merged))
        if row:
            page.insert_rows(row, count)
        if column:
            page.insert_cols(column, count)

    return change


def moved(sheet: str, block: str, *, rows: int = 0, columns: int = 0) -> Change:
    """A block of cells cut out and put elsewhere on the sheet."""

    def change(book: Workbook) -> None:
        page = book[sheet]
        for merged in list(page.merged_cells.ranges):
            page.unmerge_cells(str(merged))
        page.move_range(block, rows=rows, cols=columns)

    return change


def copied(content: bytes, *, visible_only: bool = True, sheets: Iterable[str] = (), shift: int = 0) -> bytes:
    """A new workbook with nothing but values: sheet by sheet, what a person selects and pastes as values.

    `visible_only` leaves out the hidden rows and columns, and so the ids; formulas come without a result.
    """
    book, new = opened(content), Workbook()
    new.remove(new.worksheets[0])
    wanted = tuple(sheets)
    for page in sheets_of(book):
        if wanted and page.title not in wanted:
            continue
        target = new.create_sheet(page.title)
        hidden_rows = {row for row, kept in page.row_dimensions.items() if kept.hidden} if visible_only else set()
        hidden = {column for column, kept in page.column_dimensions.items() if kept.hidden} if visible_only else set()
        rows = [row for row in range(1, page.max_row + 1) if row not in hidden_rows]
        columns = [
            column for column in range(1, page.max_column + 1) if page.cell(1, column).column_letter not in hidden
        ]
        for (down, row), (right, column) in product(enumerate(rows, start=1), enumerate(columns, start=1)):
            cell = page.cell(row, column)
            if cell.value is not None and cell.data_type != "f":
                written = target.cell(down + shift, right + shift)
                written.value = cell.value
                written.data_type = cell.data_type  # text that begins with "=" stays text
    return saved(new)


def retyped(text: str) -> str:
    """A heading as somebody types it again: capitals, spaces, no accents, a remark."""
    return f" {unaccented(text).upper().replace(' ', '  ')} (ghi rõ) "


def with_headers(sheet: str, spelled: Callable[[str], str], row: int = 9) -> Change:
    """The headings of a row spelled otherwise."""

    def change(book: Workbook) -> None:
        for cell in book[sheet][row]:
            if isinstance(cell.value, str):
                cell.value = spelled(cell.value)

    return change
