"""Normalise finds every answer again whatever was moved, types it, and drops nothing without a word."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from generator.definitions import grid
from generator.definitions.returned import Returned
from generator.issues import Issue, Severity
from generator.model import CellKey, Identity, Raw, RawSheet, Value
from generator.office.workbook.address import address
from generator.stages.normalise import LONGEST_SHOWN, MOST_NOT_READ, normalise
from spreadsheet_tables import (
    FILE,
    LISTS,
    YEAR,
    SheetCells,
    drawn_sheets,
    found,
    printed,
    small_form,
    workbook,
)

FORM = small_form()
PRINTED = printed(FORM)
FULL = """
    # chung
    ma_don_vi | DV-0001
    nam | 2025
    so_buoi | 3
    co_ke_hoach | Có
    ngay_ke_hoach | 14/3/2025
    # bang
    | thoi_gian  | xa          | hinh_thuc | so_luong | don_gia | gia_tri |
    | 2025-03-14 | xã Trà Don  | Hiện vật  | 1.5      | 1 triệu | 1500000 |
    | 3/2025     | XA-0003     | tiền      | "2"      |         | "0"     |
"""
VALUES = [
    ("", 0, "ma_don_vi", "DV-0001", "DV-0001", "Thông tin chung!E11"),
    ("", 0, "nam", 2025, "2025", "Thông tin chung!E12"),
    ("", 0, "so_buoi", 3, "3", "Thông tin chung!E15"),
    ("", 0, "co_ke_hoach", True, "Có", "Thông tin chung!E17"),
    ("", 0, "ngay_ke_hoach", "2025-03-14", "14/3/2025", "Thông tin chung!E19"),
    ("bang", 1, "thoi_gian", "2025-03-14", "2025-03-14", "Hoạt động!C12"),
    ("bang", 1, "xa", "XA-0002", "xã Trà Don", "Hoạt động!D12"),
    ("bang", 1, "hinh_thuc", "hien_vat", "Hiện vật", "Hoạt động!F12"),
    ("bang", 1, "so_luong", Decimal("1.5"), "1.5", "Hoạt động!G12"),
    ("bang", 1, "don_gia", 1_000_000, "1 triệu", "Hoạt động!H12"),
    ("bang", 1, "gia_tri", 1_500_000, "1500000", "Hoạt động!I12"),
    ("bang", 2, "thoi_gian", "2025-03", "3/2025", "Hoạt động!C13"),
    ("bang", 2, "xa", "XA-0003", "XA-0003", "Hoạt động!D13"),
    ("bang", 2, "hinh_thuc", "tien", "tiền", "Hoạt động!F13"),
    ("bang", 2, "so_luong", Decimal(2), "2", "Hoạt động!G13"),
    ("bang", 2, "gia_tri", 0, "0", "Hoạt động!I13"),
]


def taken(sheets: dict[str, SheetCells]) -> tuple[Returned, list[Issue]]:
    return normalise(workbook(sheets), FORM, LISTS, FILE, YEAR, PRINTED)


def shown(values: tuple[Value, ...]) -> list[tuple[object, ...]]:
    return [(*one[:5], f"{one.sheet}!{one.cell}") for one in values]


def what(values: tuple[Value, ...]) -> list[tuple[object, ...]]:
    """The values without their place."""
    return [one[:5] for one in values]


def test_every_answer_is_typed_and_keeps_its_cell_and_what_was_written() -> None:
    returned, issues = taken(drawn_sheets(FORM, FULL))
    assert shown(returned.values) == VALUES
    assert issues == []
    assert returned.file == FILE


def test_a_blank_holds_no_values_and_no_faults() -> None:
    assert taken(drawn_sheets(FORM, "")) == (Returned(FILE, (), taken(drawn_sheets(FORM, ""))[0].layout), [])


# --- what people move -------------------------------------------------------------------------


@pytest.mark.parametrize("row", [1, 3, 8, 11, 12, 13])
@pytest.mark.parametrize("column", [0, 1, 3, 5, 40])
def test_inserted_rows_and_columns_change_the_cells_and_nothing_else(row: int, column: int) -> None:
    drawn = drawn_sheets(FORM, FULL)
    moved = {code: sheet.inserted(row=row, count=2).inserted(column=column) for code, sheet in drawn.items()}
    returned, issues = taken(moved)
    if row == 13:  # inserted between two rows of the table: the second one is now the fourth
        fields, first, second = VALUES[:5], VALUES[5:11], [(one[0], 4, *one[2:]) for one in VALUES[11:]]
    else:
        fields, first, second = VALUES[:5], VALUES[5:11], VALUES[11:]
        if row == 12:
            first = [(one[0], 3, *one[2:]) for one in first]
            second = [(one[0], 4, *one[2:]) for one in second]
    assert what(returned.values) == [one[:5] for one in (*fields, *first, *second)]
    assert issues == []
    raw = {sheet.name: sheet for sheet in workbook(moved).sheets}
    assert all(at(raw[one.sheet], one.cell) != "" for one in returned.values)


def at(sheet: RawSheet, cell: str) -> Raw:
    for number, row in enumerate(sheet.rows, start=1):
        for column, raw in enumerate(row, start=1):
            if address(number, column) == cell:
                return raw
    return ""


def test_sheets_are_known_under_any_name_in_any_order_and_hidden() -> None:
    drawn = drawn_sheets(FORM, FULL)
    for number, sheet in enumerate(drawn.values()):
        sheet.name, sheet.visible = f"Trang {number}", number % 2 == 0
    returned, issues = taken(dict(reversed(drawn.items())))
    assert what(returned.values) == [one[:5] for one in VALUES]
    assert {one.sheet for one in returned.values} == {"Trang 1", "Trang 2"}
    assert issues == []


def test_a_sheet_that_lost_its_mark_is_known_by_its_name() -> None:
    drawn = drawn_sheets(FORM, FULL)
    del drawn["bang"].cells[1, 1]
    drawn["bang"].name = "HOẠT ĐỘNG"
    assert what(taken(drawn)[0].values) == [one[:5] for one in VALUES]


def test_rows_inserted_beyond_those_of_the_blank_are_read() -> None:
    drawn = drawn_sheets(FORM, "")
    drawn["bang"] = drawn["bang"].inserted(row=20, count=300)
    for row in range(12, 320):
        drawn["bang"].cells[row, 10] = float(row)
    returned, issues = taken(drawn)
    assert [one.row for one in returned.values] == list(range(1, 309))
    assert issues == []


# --- what people break ------------------------------------------------------------------------


def test_a_missing_sheet_is_an_error_and_the_rest_is_read() -> None:
    drawn = drawn_sheets(FORM, FULL)
    del drawn["chung"]
    returned, issues = taken(drawn)
    assert found(issues) == ["sheet.missing"]
    assert shown(returned.values) == VALUES[5:]


def test_a_missing_field_is_an_error_and_its_cell_is_listed() -> None:
    drawn = drawn_sheets(FORM, FULL)
    del drawn["chung"].cells[15, 1]
    drawn["chung"].cells[15, grid.LABEL_COLUMN] = ""
    issues = taken(drawn)[1]
    assert found(issues) == ["Thông tin chung field.missing", "Thông tin chung!E15 cell.not_read"]


def test_a_table_without_its_codes_is_an_error_and_its_cells_are_listed() -> None:
    drawn = drawn_sheets(FORM, "# bang\n| so_ho |\n| 7 |")
    for row in (grid.CODES_ROW, grid.HEADER_ROW):
        for column in range(1, 12):
            drawn["bang"].cells.pop((row, column), None)
    returned, issues = taken(drawn)
    assert found(issues) == ["Hoạt động table.marks_missing", "Hoạt động!J12 cell.not_read"]
    assert returned.values == ()


def test_a_missing_column_is_an_error_and_its_cells_are_listed() -> None:
    drawn = drawn_sheets(FORM, "# bang\n| so_ho | so_nguoi |\n| 7 | 8 |")
    drawn["bang"].cells[grid.CODES_ROW, 10] = 5.0
    del drawn["bang"].cells[grid.HEADER_ROW, 10]
    returned, issues = taken(drawn)
    assert found(issues) == [
        "Hoạt động field.missing",
        "Hoạt động!J8 cell.not_read",
        "Hoạt động!J12 cell.not_read",
    ]
    assert [one.field for one in returned.values] == ["so_nguoi"]


def test_without_its_end_mark_a_table_ends_where_the_signatures_begin() -> None:
    drawn = drawn_sheets(FORM, FULL)
    del drawn["bang"].cells[20, 1]
    returned, issues = taken(drawn)
    assert shown(returned.values) == VALUES
    assert issues == []


def test_error_cells_and_uncalculated_formulas_are_errors_at_their_cells() -> None:
    drawn = drawn_sheets(FORM, "# chung\nso_buoi | #N/A\n# bang\n| so_ho | gia_tri |\n| 1 | #REF! |\n| =? | |")
    drawn["bang"].errors[CellKey(19, 11)] = "#VALUE!"  # in a row that holds nothing else, far below the others
    returned, issues = taken(drawn)
    assert found(issues) == [
        "Thông tin chung!E15 cell.error_value",
        "Hoạt động!I12 cell.error_value",
        "Hoạt động!J13 cell.not_calculated",
        "Hoạt động!K19 cell.error_value",
    ]
    assert [(one.field, one.value, one.raw) for one in returned.values] == [
        ("so_buoi", None, "#N/A"),
        ("gia_tri", None, "#REF!"),
        ("so_ho", 1, "1"),
        ("so_ho", None, ""),
        ("so_nguoi", None, "#VALUE!"),
    ]


def test_an_error_below_the_last_row_that_holds_anything_is_seen() -> None:
    drawn = drawn_sheets(FORM, "")
    drawn["bang"].errors[CellKey(500, 11)] = "#REF!"
    drawn["bang"].uncalculated.add(CellKey(501, 11))
    del drawn["bang"].cells[20, 1]
    assert found(taken(drawn)[1]) == ["Hoạt động!K500 cell.error_value", "Hoạt động!K501 cell.not_calculated"]
    drawn = drawn_sheets(FORM, "")
    drawn["bang"].errors[CellKey(500, 11)] = "#REF!"
    assert found(taken(drawn)[1]) == ["Hoạt động!K500 cell.not_read"]


def test_an_unreadable_cell_is_a_value_of_nothing_with_an_issue_at_its_cell() -> None:
    returned, issues = taken(drawn_sheets(FORM, "# bang\n| so_ho |\n| mười |"))
    assert shown(returned.values) == [("bang", 1, "so_ho", None, "mười", "Hoạt động!J12")]
    assert found(issues) == ["Hoạt động!J12 cell.not_a_number"]
    assert issues[0].params == {"field": "Cột so_ho", "value": "mười"}


def test_cells_of_spaces_and_invisible_signs_are_empty() -> None:
    drawn = drawn_sheets(FORM, "")
    for row, text in enumerate(("  ", "\u00a0", "\u200b\ufeff", "\n", "\u3164"), start=12):
        drawn["bang"].cells[row, 5] = text
    assert taken(drawn)[0].values == ()
    assert taken(drawn)[1] == []


def test_a_row_that_holds_only_what_we_filled_in_is_no_row() -> None:
    sheet = next(one for one in FORM.sheets if one.table)
    assert sheet.table is not None
    locked = tuple(replace(one, locked=one.code == "noi_dung") for one in sheet.table.columns)
    prefilled = replace(sheet, table=replace(sheet.table, columns=locked))
    form = replace(FORM, sheets=tuple(prefilled if one is sheet else one for one in FORM.sheets))
    drawn = drawn_sheets(form, "# bang\n| noi_dung | so_ho |\n| Năm 2021 | |\n| Năm 2022 | 5 |\n| viết thêm | |")
    own = PRINTED | {"bang": PRINTED["bang"] | {"Năm 2021", "Năm 2022"}}
    returned, issues = normalise(workbook(drawn), form, LISTS, FILE, YEAR, own)
    assert [(one.row, one.field, one.value) for one in returned.values] == [
        (2, "noi_dung", "Năm 2022"),
        (2, "so_ho", 5),
    ]
    assert found(issues) == ["Hoạt động!E14 cell.not_read"]


def test_of_merged_cells_the_first_one_is_the_answer() -> None:
    returned, issues = taken(drawn_sheets(FORM, "# bang\n| noi_dung | so_ho |\n| Quà | 1 |\n| | 2 |"))
    assert [(one.row, one.field) for one in returned.values] == [(1, "noi_dung"), (1, "so_ho"), (2, "so_ho")]
    assert issues == []


# --- what people copy -------------------------------------------------------------------------


def test_a_copied_question_is_an_error_only_where_it_holds_an_answer() -> None:
    drawn = drawn_sheets(FORM, FULL)
    drawn["chung"] = drawn["chung"].inserted(row=16)
    for column in (1, 2, 3):
        drawn["chung"].cells[16, column] = drawn["chung"].cells[15, column]
    assert taken(drawn)[1] == []
    drawn["chung"].cells[16, grid.VALUE_COLUMN] = 4.0
    returned, issues = taken(drawn)
    assert found(issues) == ["Thông tin chung!E16 field.twice"]
    assert issues[0].params == {"field": "Số buổi", "first": "E15", "at": "E16", "value": "4"}
    assert returned.single("so_buoi") == 3


def test_a_copied_column_is_an_error_only_where_it_holds_an_answer() -> None:
    drawn = drawn_sheets(FORM, "# bang\n| so_ho |\n| 1 |")
    drawn["bang"].cells[grid.CODES_ROW, 12] = "so_ho"
    assert taken(drawn)[1] == []
    drawn["bang"].cells[13, 12], drawn["bang"].cells[14, 12] = 5.0, 6.0
    returned, issues = taken(drawn)
    assert found(issues) == ["Hoạt động!L13 field.twice", "Hoạt động!L14 cell.not_read"]
    assert [one.value for one in returned.values] == [1]


def test_a_copied_sheet_is_an_error_and_the_one_with_the_name_counts() -> None:
    drawn = drawn_sheets(FORM, "# bang\n| so_ho |\n| 1 |")
    copy = drawn_sheets(FORM, "# bang\n| so_ho |\n| 2 |")["bang"]
    copy.name = "Hoạt động (2)"
    for sheets in ({**drawn, "copy": copy}, {"copy": copy, **drawn}):
        returned, issues = taken(sheets)
        assert shown(returned.values) == [("bang", 1, "so_ho", 1, "1", "Hoạt động!J12")]
        assert found(issues) == ["Hoạt động (2) sheet.twice", "Hoạt động (2)!J12 cell.not_read"]


# --- totals and what stands outside the fields ------------------------------------------------


def test_the_partners_total_is_held_against_the_rows() -> None:
    drawn = drawn_sheets(FORM, "# bang\n| gia_tri |\n| 1000 |\n| 2 triệu |")
    drawn["bang"].cells[grid.TOTAL_ROW, 9] = 2_001_000.0
    assert taken(drawn)[1] == []
    drawn["bang"].cells[grid.TOTAL_ROW, 9] = 1000.0
    (one,) = taken(drawn)[1]
    assert found([one]) == ["Hoạt động!I11 table.total_differs"]
    assert one.params == {"field": "Cột gia_tri", "value": "1.000", "expected": "2.001.000"}


@pytest.mark.parametrize(
    ("total", "codes"),
    [
        (-1.0, ["table.total_differs"]),
        (12.25, ["table.total_differs"]),
        (True, ["cell.not_read"]),
        (1e300, ["table.total_differs"]),
    ],
)
def test_a_total_that_no_column_can_have_is_told_too(total: float, codes: list[str]) -> None:
    drawn = drawn_sheets(FORM, "# bang\n| gia_tri |\n| 1000 |")
    drawn["bang"].cells[grid.TOTAL_ROW, 9] = total
    assert [one.code for one in taken(drawn)[1]] == codes


def test_the_programs_sum_of_numbers_that_do_not_fit_is_not_held_against_the_partner() -> None:
    drawn = drawn_sheets(FORM, "# bang\n| gia_tri |\n| 0.25 |\n| 1000 |")
    drawn["bang"].cells[grid.TOTAL_ROW, 9] = 1000.25
    assert [one.code for one in taken(drawn)[1]] == ["cell.not_whole"]


def test_a_total_that_was_not_calculated_says_nothing() -> None:
    drawn = drawn_sheets(FORM, "# bang\n| gia_tri |\n| 1000 |")
    drawn["bang"].uncalculated.add(CellKey(grid.TOTAL_ROW, 9))
    assert taken(drawn)[1] == []


@pytest.mark.parametrize(
    ("row", "column", "raw"),
    [
        (11, 10, 5.0),  # the total of a column that has none
        (11, 9, "khoảng 5 triệu"),
        (9, 13, "cột riêng"),
        (10, 9, "ghi chú"),
        (8, 14, "so_ho_moi"),
        (14, 13, "ngoài bảng"),
        (14, 13, "7"),
        (14, 1, "dán nhầm cột"),
        (14, 2, "TT"),
        (25, 3, "dưới bảng"),
        (3, 4, 12.0),
        (3, 4, True),
        (3, 4, datetime(2025, 1, 2)),  # noqa: DTZ001
    ],
)
def test_what_stands_outside_the_fields_is_listed(row: int, column: int, raw: Raw) -> None:
    drawn = drawn_sheets(FORM, "")
    drawn["bang"].cells[row, column] = raw
    assert found(taken(drawn)[1]) == [f"Hoạt động!{address(row, column)} cell.not_read"]


def test_notes_on_the_sheet_of_checks_are_listed_and_its_results_are_not() -> None:
    drawn = drawn_sheets(FORM, "")
    drawn["kiem_tra"].cells.update({(11, 4): "Đạt", (11, 7): 0.0, (7, 2): "Biểu đã đủ", (40, 3): "Lý do: mưa lũ"})
    drawn["kiem_tra"].uncalculated.add(CellKey(12, 4))
    assert found(taken(drawn)[1]) == ["Kiểm tra!C40 cell.not_read"]


def test_all_cells_of_a_foreign_sheet_are_listed_and_our_hidden_ones_are_not() -> None:
    drawn = drawn_sheets(FORM, "")
    drawn["own"] = SheetCells("Bảng tính", {(1, 1): "a", (2, 2): 3.0})
    drawn["lists"] = SheetCells(grid.LISTS_SHEET, {(1, 1): "a"}, visible=False)
    drawn["id"] = SheetCells(grid.IDENTITY_SHEET, {(1, 1): "form"}, visible=False)
    assert found(taken(drawn)[1]) == ["Bảng tính!A1 cell.not_read", "Bảng tính!B2 cell.not_read"]
    drawn["lists"].visible = True
    assert found(taken(drawn)[1])[2:] == [f"{grid.LISTS_SHEET}!A1 cell.not_read"]


def test_the_list_of_cells_not_read_ends_and_the_rest_is_counted() -> None:
    drawn = drawn_sheets(FORM, "")
    drawn["own"] = SheetCells("Riêng", {(row, 1): "x" * 5_000 for row in range(1, MOST_NOT_READ + 8)})
    issues = taken(drawn)[1]
    assert Counter(one.code for one in issues) == {"cell.not_read": MOST_NOT_READ, "cell.more_not_read": 1}
    assert issues[-1].params == {"count": "7"}
    assert len(issues[0].params["value"]) == LONGEST_SHOWN


def test_without_the_texts_of_the_blank_nothing_is_listed() -> None:
    drawn = drawn_sheets(FORM, "")
    drawn["bang"].cells[30, 30] = "riêng"
    assert normalise(workbook(drawn), FORM, LISTS, FILE, YEAR)[1] == []


def test_what_an_older_blank_was_never_asked_is_a_note_and_the_rest_is_read() -> None:
    older = replace(FORM, sheets=FORM.sheets[:1])
    raw = workbook(drawn_sheets(older, ""), Identity("KN-01", grid.edition(older), "DV-0001", YEAR))
    _, issues = normalise(raw, FORM, LISTS, FILE, YEAR)
    assert issues
    assert {one.severity for one in issues} == {Severity.NOTE}
    assert {one.code for one in issues} <= {"sheet.newer", "field.newer"}
