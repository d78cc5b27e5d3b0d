"""Returns as tables inside a test: a small language, so that a case can be read like the sheet it stands for.

    # hoat_dong                       the code of a sheet
    | so_luong | don_gia | gia_tri |  codes of columns (of a fields sheet: one "code | answer" a line)
    | 2        | 500     | 1000    |  the rows of the table, from its first one

A cell is a number, a date (2025-03-14), TRUE or FALSE, an error (#REF!), a formula without a result (=?), or text;
text in double quotes stays text whatever it looks like. Cells stand where the blank has them (definitions.grid).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from generator.definitions import grid
from generator.definitions.forms import Choice, Field, Form, Rule, Sheet, SheetKind, Table
from generator.definitions.returned import Returned
from generator.issues import Issue
from generator.model import CellKey, Identity, Raw, RawSheet, RawWorkbook
from generator.stages.normalise import normalise

FILE = "inputs/2025/so-y-te.xlsx"
YEAR = 2025
COMMUNES = (Choice("XA-0001", "xã Trà Tập"), Choice("XA-0002", "xã Trà Don"), Choice("XA-0003", "xã Trà Dơn"))
GIVERS = (Choice("DV-0001", "Sở (minh họa) 01"), Choice("DV-0002", "Hội (minh họa) 02"))
LISTS = {"@communes": COMMUNES, "@givers": GIVERS}


def _column(code: str, kind: str, **more: object) -> Field:
    return Field(code, f"Cột {code}", kind, **more)  # type: ignore[arg-type]


def small_form(*rules: Rule, **changes: object) -> Form:
    """A form with one field or column of each type. Single answers in "chung", rows in "bang"."""
    choices = {"hinh_thuc": (Choice("tien", "Tiền"), Choice("hien_vat", "Hiện vật"), Choice("ngay_cong", "Ngày công"))}
    fields = (
        Field("ma_don_vi", "Mã đơn vị", "text", locked=True, prefill="partner.code"),
        Field("nam", "Năm báo cáo", "integer", locked=True, prefill="campaign.year"),
        Field("dien_thoai", "Điện thoại", "text", heading="I. LIÊN HỆ"),
        Field("so_buoi", "Số buổi", "integer"),
        Field("so_luot", "Số lượt người", "integer"),
        Field("co_ke_hoach", "Có kế hoạch", "yes_no"),
        Field("so_ke_hoach", "Số kế hoạch", "text"),
        Field("ngay_ke_hoach", "Ngày kế hoạch", "date"),
        Field("khong_phat_sinh", "Không phát sinh", "yes_no"),
        Field("ly_do", "Lý do", "paragraph"),
    )
    columns = (
        _column("thoi_gian", "date"),
        _column("xa", "partner", choices="@communes"),
        _column("noi_dung", "text"),
        _column("hinh_thuc", "choice", choices="hinh_thuc"),
        _column("so_luong", "quantity", key="1"),
        _column("don_gia", "money", key="2"),
        _column("gia_tri", "money", key="3=1×2", total=True),
        _column("so_ho", "integer"),
        _column("so_nguoi", "integer"),
    )
    sheets = (
        Sheet("huong_dan", "Hướng dẫn", SheetKind.GUIDE),
        Sheet("chung", "Thông tin chung", SheetKind.FIELDS, fields=fields),
        Sheet("bang", "Hoạt động", SheetKind.TABLE, table=Table("bang", columns, rows=8)),
        Sheet("kiem_tra", "Kiểm tra", SheetKind.CHECKS),
    )
    form = Form("KN-01", "1", "Biểu thử", "Ban hành kèm theo thử nghiệm", "gives", sheets, choices, rules)
    return replace(form, **changes)  # type: ignore[arg-type]


# --- cells ------------------------------------------------------------------------------------


@dataclass
class SheetCells:
    """A sheet while a test draws it: cells by row and column, and what the fast reader hides."""

    name: str
    cells: dict[tuple[int, int], Raw] = field(default_factory=dict)
    errors: dict[CellKey, str] = field(default_factory=dict)
    uncalculated: set[CellKey] = field(default_factory=set)
    visible: bool = True

    def put(self, row: int, column: int, written: str) -> None:
        """Writes a cell of the small language."""
        if written.startswith("#"):
            self.errors[CellKey(row, column)] = written
        elif written == "=?":
            self.uncalculated.add(CellKey(row, column))
        elif written:
            self.cells[row, column] = typed(written)

    def inserted(self, *, row: int = 0, column: int = 0, count: int = 1) -> SheetCells:
        """The sheet after rows were inserted above `row`, or columns before `column`."""

        def moved(key: tuple[int, int]) -> CellKey:
            down = count if row and key[0] >= row else 0
            right = count if column and key[1] >= column else 0
            return CellKey(key[0] + down, key[1] + right)

        return SheetCells(
            self.name,
            {moved(key): raw for key, raw in self.cells.items()},
            {moved(key): shown for key, shown in self.errors.items()},
            {moved(key) for key in self.uncalculated},
            self.visible,
        )

    def raw(self) -> RawSheet:
        """The sheet as the reader returns it: rows of equal length, empty cells ""."""
        height = max((row for row, _ in self.cells), default=0)
        width = max((column for _, column in self.cells), default=0)
        rows = tuple(tuple(self.cells.get((r, c), "") for c in range(1, width + 1)) for r in range(1, height + 1))
        return RawSheet(self.name, rows, dict(self.errors), frozenset(self.uncalculated), self.visible)


def typed(written: str) -> Raw:
    """The raw value that a reader finds for what was typed; numbers are floats."""
    if written.startswith('"'):
        return written.strip('"')
    if written in ("TRUE", "FALSE"):
        return written == "TRUE"
    try:
        return float(written)
    except ValueError:
        pass
    try:
        day = date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        day = None
    return datetime(day.year, day.month, day.day) if day else written  # noqa: DTZ001  as the reader has it


# --- workbooks --------------------------------------------------------------------------------


def blank_sheet(form: Form, sheet: Sheet) -> SheetCells:
    """A sheet of the blank: marks, codes, labels, keys, row numbers, the words of its foot."""
    drawn = SheetCells(sheet.title)
    cells, where = drawn.cells, grid.sheet_grid(sheet)
    cells[1, 1] = grid.sheet_mark(form, sheet)
    cells[grid.TITLE_ROW, 2] = sheet.title.upper()
    if sheet.kind is SheetKind.FIELDS:
        cells[grid.CODES_ROW, 1], cells[grid.CODES_ROW, grid.VALUE_COLUMN] = grid.COLUMNS_MARK, grid.VALUE_MARK
        cells.update({(row, 2): heading for row, heading in where.headings.items()})
        for number, single in enumerate(sheet.fields, start=1):
            row = where.fields[single.code].row
            cells[row, 1], cells[row, 2], cells[row, grid.LABEL_COLUMN] = single.code, float(number), single.label
    if sheet.table:
        cells[grid.CODES_ROW, 1], cells[grid.TOTAL_ROW, 1] = grid.COLUMNS_MARK, grid.TOTAL_MARK
        cells[grid.TOTAL_ROW, grid.FIRST_COLUMN] = "Tổng cộng"
        for column in sheet.table.columns:
            at = where.columns[column.code]
            cells[grid.CODES_ROW, at], cells[grid.HEADER_ROW, at] = column.code, column.label
            cells[grid.KEY_ROW, at] = column.key
        for number in range(1, sheet.table.rows + 1):
            cells[grid.FIRST_TABLE_ROW + number - 1, 2] = float(number)
        cells[where.last_row + 1, 1] = grid.END_MARK
        cells[where.last_row + 3, 2] = "Người lập biểu"
        cells[where.last_row + 3, where.width] = "Thủ trưởng đơn vị"
    return drawn


def printed(form: Form) -> dict[str, frozenset[str]]:
    """The texts that the blank carries, by sheet code."""
    texts = {}
    for sheet in form.sheets:
        found = blank_sheet(form, sheet).cells.values()
        texts[sheet.code] = frozenset(str(int(raw)) if isinstance(raw, float) else str(raw) for raw in found if raw)
    return texts


def drawn_sheets(form: Form, text: str) -> dict[str, SheetCells]:
    """The sheets of a return that the text describes, by code, in the order of the form."""
    drawn = {sheet.code: blank_sheet(form, sheet) for sheet in form.sheets}
    kinds = {sheet.code: sheet for sheet in form.sheets}
    for code, lines in _blocks(text):
        where, target = grid.sheet_grid(kinds[code]), drawn[code]
        if kinds[code].kind is SheetKind.FIELDS:
            for field_code, answer in lines:
                target.put(where.fields[field_code].row, grid.VALUE_COLUMN, answer)
            continue
        for row, answers in enumerate(lines[1:], start=grid.FIRST_TABLE_ROW):
            for column, answer in zip(lines[0], answers, strict=True):
                target.put(row, where.columns[column], answer)
    return drawn


def workbook(sheets: Mapping[str, SheetCells], identity: Identity | None = None) -> RawWorkbook:
    """The workbook that the reader returns for the sheets."""
    said = identity or Identity("KN-01", "", "DV-0001", YEAR)
    return RawWorkbook(said, tuple(sheet.raw() for sheet in sheets.values()))


def normalised(form: Form, text: str) -> tuple[Returned, list[Issue]]:
    """The return that the text describes, normalised without listing what was not read."""
    return normalise(workbook(drawn_sheets(form, text)), form, LISTS, FILE, YEAR)


def found(issues: list[Issue]) -> list[str]:
    """Each issue as "sheet!cell code", the sheet by its title."""
    shown = (f"{one.place.sheet}!{one.place.cell}" if one.place.cell else one.place.sheet for one in issues)
    return [f"{place} {one.code}".strip() for place, one in zip(shown, issues, strict=True)]


def _blocks(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Each sheet's code with its lines, cut into cells."""
    code, lines = "", []
    for line in (line.strip() for line in text.strip().splitlines()):
        if line.startswith("# "):
            if code:
                yield code, lines
            code, lines = line[2:].strip(), []
        elif line:
            within = line[1:-1] if line.startswith("|") and line.endswith("|") else line
            lines.append([cell.strip() for cell in within.split("|")])
    if code:
        yield code, lines
