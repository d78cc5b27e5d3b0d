"""The blank: a workbook that an office recognises, that guides while somebody types, and that knows who it is."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl import load_workbook

from blank_cases import CAMPAIGN, FILLED, LISTS, PREFILL, RECEIVER, blank, kn01, sheet_named, shipped
from generator.definitions import grid
from generator.definitions.forms import Choice, Field, Form, Sheet, SheetKind, Table
from generator.model import Scalar
from generator.stages.blank import compile_blank
from generator.stages.blank.styles import text_height

# --- who it is ------------------------------------------------------------------------------


def test_identity_stands_on_a_hidden_sheet_in_names_and_in_properties() -> None:
    book = shipped()
    on_sheet = {row[0].value: str(row[1].value) for row in book["_KN"].iter_rows()}
    in_names = {}
    for key in ("FORM", "VERSION", "PARTNER", "YEAR"):
        title, cell = next(iter(book.defined_names[f"KN_{key}"].destinations))
        in_names[key.lower()] = str(book[title][cell.replace("$", "")].value)
    in_properties = {one.name.removeprefix("ketnghia_"): one.value for one in book.custom_doc_props.props}
    assert on_sheet == {"form": "KN-01", "version": grid.edition(kn01()), "partner": "DV-0007", "year": "2025"}
    assert in_names == on_sheet
    assert in_properties == on_sheet


def test_each_sheet_carries_its_mark_in_a_hidden_row_and_column() -> None:
    for sheet in kn01().sheets:
        found = sheet_named(sheet.title)
        assert found["A1"].value == f"KN-01/{sheet.code}"
        assert found.column_dimensions["A"].hidden
        assert found.row_dimensions[1].hidden
        assert found.row_dimensions[8].hidden


def test_fields_and_columns_are_marked_by_their_codes() -> None:
    fields, table = sheet_named("Triển khai"), sheet_named("Hoạt động hỗ trợ")
    marks = {row[0].value: row[4].value for row in fields.iter_rows(min_row=9) if row[0].value}
    assert (fields["A8"].value, fields["E8"].value) == ("#cot", "#gia_tri")
    assert list(marks) == [single.code for single in kn01().sheets[2].fields]
    assert [table["A8"].value, table["C8"].value, table["R8"].value] == ["#cot", "thoi_gian", "ghi_chu"]
    assert (table["A11"].value, table["A112"].value) == ("#tong", "#het")
    assert [table[f"B{row}"].value for row in (12, 13, 111)] == [1, 2, 100]


def test_the_board_and_the_first_day_of_the_period_are_its_author_and_date() -> None:
    properties = shipped().properties
    assert properties.creator == properties.lastModifiedBy == RECEIVER
    assert properties.created == properties.modified == datetime(2024, 12, 15)  # noqa: DTZ001  as the file has it


def test_equal_input_gives_equal_bytes_also_when_authored_again() -> None:
    again = compile_blank(kn01(), LISTS, CAMPAIGN, receiver=RECEIVER)
    answers: dict[tuple[str, int, str], Scalar] = {("", 0, "thu_truong"): "Nguyễn Văn A"}
    assert again.fill(PREFILL) == blank().fill(PREFILL)
    assert again.fill(PREFILL, answers) == blank().fill(PREFILL, answers)


# --- what it looks like ---------------------------------------------------------------------


def test_every_sheet_prints_on_a4_as_wide_as_the_page() -> None:
    for sheet in kn01().sheets:
        found = sheet_named(sheet.title)
        assert int(found.page_setup.paperSize) == 9
        assert found.page_setup.orientation == ("landscape" if sheet.landscape else "portrait")
        assert found.sheet_properties.pageSetUpPr is not None
        assert found.sheet_properties.pageSetUpPr.fitToPage
        assert (found.page_setup.fitToWidth, found.page_setup.fitToHeight) == (1, 0)
        assert found.oddFooter.right.text == "Trang &P/&N"
        assert found.print_area.partition("!")[2].startswith("$B$2:")
        if sheet.kind is not SheetKind.GUIDE:
            assert found.print_title_rows == "$9:$10"


def test_the_title_block_says_which_form_from_whom_to_whom_and_by_when() -> None:
    for title in FILLED:
        shown = {cell.value for row in sheet_named(title)["B2:R7"] for cell in row if cell.value}
        assert {
            "Biểu số: KN-01",
            "Ngày nhận báo cáo: 20/12/2025",
            "Đơn vị báo cáo: Sở (minh họa) 07",
            f"Đơn vị nhận báo cáo: {RECEIVER}",
            "Kỳ báo cáo: Năm 2025 (từ ngày 15/12/2024 đến ngày 14/12/2025)",
        } <= shown
    assert "Đơn vị tính: đồng" in {cell.value for cell in sheet_named("Hoạt động hỗ trợ")[7]}


def test_filled_sheets_end_with_date_and_two_signatures() -> None:
    for title in FILLED:
        shown = {cell.value for row in sheet_named(title).iter_rows(min_row=20) for cell in row}
        assert {"Người lập biểu", "(Ký, họ tên)", "Thủ trưởng đơn vị", "(Ký, họ tên, đóng dấu)"} <= shown


def test_tables_have_keys_totals_on_top_frozen_header_and_filters() -> None:
    table = sheet_named("Hoạt động hỗ trợ")
    assert [table.cell(10, column).value for column in (3, 4, 9, 11, 12)] == ["A", "B", "1", "2", "3=1×2"]
    assert table["L11"].value == "=SUM(L12:L112)"
    assert table["K11"].value is None
    assert table.freeze_panes == "C12"
    assert table.auto_filter.ref == "C11:R111"
    assert sheet_named("Triển khai").freeze_panes == "A11"


def test_it_opens_on_the_first_cell_to_fill() -> None:
    book = shipped()
    assert book.active is not None
    assert book.active.title == "Thông tin chung"
    cursor = book.active.sheet_view.selection[-1].activeCell
    assert cursor is not None
    assert book.active[f"A{cursor[1:]}"].value == "thu_truong"


def test_only_the_forms_sheets_are_visible() -> None:
    states = {found.title: found.sheet_state for found in shipped().worksheets}
    assert [title for title, state in states.items() if state == "visible"] == [one.title for one in kn01().sheets]
    assert states["_KN"] == states["_DanhSach"] == "hidden"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("ngắn", 10, 1),
        ("một\nhai", 30, 2),
        ("Đóng góp của cán bộ, công chức, viên chức, người lao động", 17, 4),
        ("x" * 200, 20, 10),
    ],
)
def test_a_row_is_as_high_as_its_text_wraps(text: str, width: float, lines: int) -> None:
    # an estimate may give a row too much, never too little
    assert lines <= round((text_height(text, width, 12) - 3) / 15.6) <= lines + 2


# --- what it allows -------------------------------------------------------------------------


def test_sheets_are_locked_without_password_but_for_the_work_in_tables() -> None:
    for found in shipped().worksheets:
        assert found.protection.sheet
        assert found.protection.password is None
    for title in FILLED:
        allowed = sheet_named(title).protection
        names = ("formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter")
        # openpyxl's True means "forbidden"
        assert not any(getattr(allowed, name) for name in names)
        assert allowed.formatCells


def test_exactly_the_cells_for_answers_are_unlocked() -> None:
    form = kn01()
    for sheet in form.sheets:
        where = grid.sheet_grid(sheet)
        expected = {where.fields[one.code] for one in sheet.fields if not one.locked}
        if sheet.table:
            columns = [where.columns[one.code] for one in sheet.table.columns if not one.locked]
            expected |= {(row, column) for row in range(12, 112) for column in columns}
        open_cells = {
            (cell.row, cell.column)
            for row in sheet_named(sheet.title).iter_rows()
            for cell in row
            if not cell.protection.locked
        }
        assert open_cells == expected, sheet.title


def validations(title: str) -> dict[str, object]:
    return {str(one.sqref): one for one in sheet_named(title).data_validations.dataValidation}


def test_lists_drop_down_from_the_hidden_sheet() -> None:
    form, lists = kn01(), shipped()["_DanhSach"]
    labels = {code: [choice.label for choice in choices] for code, choices in form.choices.items()}
    labels["@communes"] = ["xã Trà Leng", "xã Trà Don", "xã A Tiêng", "xã Ch'ơm", "xã Trà Dơn"]
    for sheet in form.sheets:
        for single in sheet.table.columns if sheet.table else sheet.fields:
            if single.type not in ("choice", "partner", "yes_no"):
                continue
            column = grid.sheet_grid(sheet).columns.get(single.code, 5)
            row = 12 if sheet.table else grid.sheet_grid(sheet).fields[single.code].row
            check = next(
                one
                for one in sheet_named(sheet.title).data_validations.dataValidation
                if (row, column) in {cell for part in one.sqref.ranges for cell in part.cells}
            )
            match = re.fullmatch(r"'_DanhSach'!(\$[A-Z]+\$\d+:\$[A-Z]+\$\d+)", check.formula1)
            assert match, single.code
            shown = [cell.value for (cell,) in lists[match[1].replace("$", "")]]
            assert shown == labels.get(single.choices, ["Có", "Không"]), single.code


def test_a_check_reaches_the_locked_end_row_so_that_rows_put_in_above_it_are_checked_too() -> None:
    assert {"C12:C112", "L12:L112", "R12:R112"} <= set(validations("Hoạt động hỗ trợ"))


@pytest.mark.parametrize(
    ("cells", "kind", "style"),
    [("L12:L112", "whole", "warning"), ("N12:N112", "whole", "stop"), ("F12:F112", "list", "stop")],
)
def test_a_check_stops_or_warns(cells: str, kind: str, style: str) -> None:
    check = validations("Hoạt động hỗ trợ")[cells]
    assert (check.type, check.errorStyle or "stop", check.showErrorMessage) == (kind, style, True)  # type: ignore[attr-defined]


def monster_form() -> Form:
    """Labels, helps and lists longer than anything a spreadsheet program takes."""
    choices = {"dai": tuple(Choice(f"c{number}", f"{'Rất dài ' * 30}{number}") for number in range(300))}
    columns = (
        Field("a", 'Nhãn & <rất> "dài" ' * 20, "choice", choices="dai", help="Trợ giúp " * 100, key="A"),
        Field("b", "=1+1", "money", help="=1+1", key="=B", total=True),
        Field("c", "Ngày", "date"),
    )
    sheets = (
        Sheet("bang", "Bảng của Ch'ơm", SheetKind.TABLE, table=Table("bang", columns, rows=5)),
        Sheet("kiem_tra", "Kiểm tra", SheetKind.CHECKS),
    )
    return Form("KN-99", "1", "BIỂU <THỬ> & SỬA", "Ban hành…", "gives", sheets, choices)


def test_no_hint_or_message_is_longer_than_excel_takes() -> None:
    books = [shipped(), load_workbook(io.BytesIO(compile_blank(monster_form(), {}, CAMPAIGN).fill({})))]
    checks = [one for book in books for found in book.worksheets for one in found.data_validations.dataValidation]
    assert len(checks) > 50
    for check in checks:
        assert len(check.promptTitle or "") <= 32
        assert len(check.errorTitle or "") <= 32
        assert len(check.prompt or "") <= 255
        assert len(check.error or "") <= 255
        assert len(check.formula1 or "") <= 255
        assert not (check.formula1 or "").startswith('"')


def test_a_label_that_begins_like_a_formula_stays_text() -> None:
    book = load_workbook(io.BytesIO(compile_blank(monster_form(), {}, CAMPAIGN).fill({})))
    assert book["Bảng của Ch'ơm"]["D9"].value == "=1+1"
    assert book["Bảng của Ch'ơm"]["D9"].data_type != "f"


def test_a_form_without_campaign_says_nothing_of_deadline_and_sender() -> None:
    bare = compile_blank(replace(monster_form(), role=""), {}, None)
    found = load_workbook(io.BytesIO(bare.fill({})))
    shown = [str(cell.value) for row in found.worksheets[0].iter_rows() for cell in row if cell.value]
    assert "Biểu số: KN-99" in shown
    assert not [text for text in shown if text.startswith(("Đơn vị báo cáo", "Ngày nhận", "Kỳ báo cáo"))]
    assert found["_KN"]["B4"].value is None


def test_the_blank_tells_every_text_that_nobody_typed() -> None:
    own = {str(value) for value in PREFILL.values()} | {"Đơn vị báo cáo: Sở (minh họa) 07"}
    for sheet in kn01().sheets:
        if sheet.kind is SheetKind.CHECKS:
            continue
        shown = {str(cell.value) for row in sheet_named(sheet.title).iter_rows() for cell in row if cell.value}
        assert shown <= blank().printed[sheet.code] | own, sheet.title


def test_the_guide_explains_every_field_once() -> None:
    shown = [cell.value for row in sheet_named("Hướng dẫn").iter_rows() for cell in row if cell.value]
    for _, single in kn01().paths():
        if not single.locked:
            assert single.label in shown
    assert shown.count("Xã được phân công") == 1
    assert "Gửi trước hết ngày 20/12/2025, kèm công văn đã ký." in shown
    assert "Gửi đến: vanthu@bandantoc.example." in shown
