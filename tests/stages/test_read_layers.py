"""A return is read whatever was done to its workbook: by hidden codes, else by headings, else by neighbours; and told.

Real blanks are filled, reworked as partners rework them (tests/reworked.py) and examined. Nothing that was typed may
be lost: it is a value, or an issue names its cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from generator.issues import Severity
from generator.model import Verdict
from reworked import (
    ACTIVITIES,
    FORMS,
    SENDER,
    TABLE,
    changed,
    copied,
    deleted,
    expected,
    filled,
    inserted,
    judged,
    moved,
    only,
    opened,
    places,
    retyped,
    saved,
    sheets_of,
    told,
    typed,
    values,
    with_headers,
    without_identity,
    without_marks,
)


def renamed(book: Workbook) -> None:
    for number, sheet in enumerate(sheets_of(book)):
        sheet.title = f"Trang {number}"


def reordered_and_hidden(book: Workbook) -> None:
    book._sheets.reverse()  # type: ignore[attr-defined]
    for sheet in sheets_of(book)[2:]:
        sheet.sheet_state = "hidden"


Rework = Callable[[bytes, str], bytes]
REWORKED: dict[str, tuple[Rework, set[str]]] = {
    "as it came": (lambda content, _: content, set()),
    "sheets renamed, reordered, hidden": (lambda content, _: changed(content, renamed, reordered_and_hidden), set()),
    "hidden identity gone": (lambda content, _: changed(content, without_identity), set()),
    "copied with hidden cells": (lambda content, _: copied(content, visible_only=False), set()),
    "copied as values": (lambda content, _: copied(content), {"structure.form_by_text", "structure.sheet_by_text"}),
    "copied elsewhere, renamed": (
        lambda content, _: changed(copied(content, shift=3), renamed),
        {"structure.form_by_text", "structure.sheet_by_text"},
    ),
    "marks cleared": (lambda content, _: changed(content, without_marks), {"structure.sheet_by_text"}),
    "headings retyped, marks cleared": (
        lambda content, table: changed(content, with_headers(table, retyped), without_marks),
        {"structure.sheet_by_text"},
    ),
    "headings retyped": (lambda content, table: changed(content, with_headers(table, retyped)), set()),
    "first column gone": (
        lambda content, table: changed(content, deleted(table, columns=[1])),
        {"structure.sheet_by_text"},
    ),
    "codes of columns gone": (
        lambda content, table: changed(content, deleted(table, rows=[8])),
        {"structure.fields_by_text"},
    ),
    "rows and columns inserted": (
        lambda content, table: changed(content, inserted(table, row=12, count=2), inserted(table, row=3, column=5)),
        set(),
    ),
    "table moved without its codes": (
        lambda content, table: changed(content, moved(table, "B9:T115", rows=3, columns=2)),
        {"structure.fields_by_text"},
    ),
    "table moved with its codes": (
        lambda content, table: changed(content, moved(table, "B8:T115", rows=4, columns=1)),
        set(),
    ),
}
CASES = [
    (code, how)
    for how in REWORKED
    for code in (FORMS if how in ("as it came", "copied as values", "marks cleared") else FORMS[:2])
]


@pytest.mark.parametrize(("code", "how"), CASES)
def test_nothing_is_lost_whatever_was_reworked_and_what_was_repaired_is_told(code: str, how: str) -> None:
    rework, repairs = REWORKED[how]
    examined = judged(rework(filled(code), TABLE[code]))
    assert examined.submission is not None
    assert values(examined) == expected(code)
    assert (examined.submission.form, examined.submission.partner, examined.submission.year) == (
        code,
        SENDER[code],
        2025,
    )
    assert set(told(examined)) == repairs
    assert {one.severity for one in examined.issues if one.code.startswith("structure.")} <= {Severity.NOTE}
    assert places(examined, "cell.not_read") == []
    assert examined.verdict is judged(filled(code)).verdict


# --- what cannot be repaired without a question -------------------------------------------------


def swapped_headings(book: Workbook) -> None:
    sheet = book[ACTIVITIES]
    sheet["N9"].value, sheet["O9"].value = sheet["O9"].value, sheet["N9"].value


def test_headings_that_contradict_the_hidden_codes_are_asked_about_at_both_cells() -> None:
    examined = judged(changed(filled("KN-01"), swapped_headings))
    assert places(examined, "structure.heading_contradicts") == [f"{ACTIVITIES}!N9", f"{ACTIVITIES}!O9"]
    first = next(one for one in examined.issues if one.code == "structure.heading_contradicts")
    assert first.params == {"field": "Số hộ hưởng lợi", "value": "Số người hưởng lợi", "at": "N9"}
    assert examined.verdict is Verdict.WAITING_FOR_CORRECTION


def test_a_heading_in_other_words_is_known_by_its_neighbours_and_asked_about() -> None:
    content = changed(filled("KN-01"), typed(ACTIVITIES, {"N9": "Số hộ được lợi"}), without_marks)
    examined = judged(content)
    assert values(examined) == expected("KN-01")
    assert places(examined, "structure.field_by_place") == [f"{ACTIVITIES}!N9"]
    assert only(examined, "structure.field_by_place").severity is Severity.WARNING


def test_a_heading_that_is_like_nothing_is_never_guessed_and_its_cells_are_listed() -> None:
    content = changed(filled("KN-01"), typed(ACTIVITIES, {"N9": "Tỷ lệ giải ngân"}), without_marks)
    examined = judged(content)
    assert only(examined, "field.missing").params["code"] == "so_ho"
    lost = expected("KN-01") - values(examined)
    assert {field for _, field, _ in lost} == {"so_ho"}
    unread = set(places(examined, "cell.not_read"))
    assert {f"{ACTIVITIES}!{cell}" for cell in ("N9", "N12", "N16")} <= unread


def test_a_deleted_column_and_a_deleted_question_are_errors_and_the_rest_is_read() -> None:
    content = changed(filled("KN-01"), deleted(ACTIVITIES, columns=[14]), deleted("Triển khai", rows=[13]))
    examined = judged(content)
    missing = [one.params["code"] for one in examined.issues if one.code == "field.missing"]
    assert sorted(missing) == ["luot_nguoi_quan_triet", "so_ho"]
    assert {field for _, field, _ in expected("KN-01") - values(examined)} <= {"luot_nguoi_quan_triet", "so_ho"}
    assert values(examined) - expected("KN-01") == Counter()


def test_one_column_without_its_code_is_read_by_its_heading_and_told() -> None:
    examined = judged(changed(filled("KN-01"), typed(ACTIVITIES, {"L8": None, "N8": "ma_la"})))
    assert values(examined) == expected("KN-01")
    assert only(examined, "structure.fields_by_text").params == {"count": "2", "fields": "Giá trị; Số hộ hưởng lợi"}


def test_a_missing_label_leaves_its_question_unread_and_two_neighbours_do_not_decide_alone() -> None:
    content = changed(filled("KN-01"), typed("Triển khai", {"C13": "Chuyện khác hẳn", "A13": None}))
    examined = judged(content)
    assert only(examined, "field.missing").params["code"] == "luot_nguoi_quan_triet"


# --- below the table, beside the sheets --------------------------------------------------------


@pytest.mark.parametrize("change", [(), (without_marks,)])
def test_notes_below_a_table_are_listed_and_read_as_no_row(change: tuple[Callable[[Workbook], None], ...]) -> None:
    note = "Ghi chú: số liệu tạm tính đến hết tháng 11"
    examined = judged(changed(filled("KN-01"), typed(ACTIVITIES, {"C125": note}), *change))
    assert values(examined) == expected("KN-01")
    assert places(examined, "cell.not_read") == [f"{ACTIVITIES}!C125"]


def test_rows_below_the_end_of_a_table_are_an_error_at_the_first_of_them() -> None:
    row = {"C": "14/3/2025", "D": "xã Trà Don", "F": "Quà", "G": "Gạo", "H": "Hiện vật", "L": 5_000_000}
    cells = {f"{column}{number}": value for number in (119, 120) for column, value in row.items()}
    examined = judged(changed(filled("KN-01"), typed(ACTIVITIES, cells)))
    assert places(examined, "structure.rows_below") == [f"{ACTIVITIES}!C119"]
    assert only(examined, "structure.rows_below").params == {"sheet": ACTIVITIES, "count": "2"}
    assert examined.verdict is Verdict.WAITING_FOR_CORRECTION
    assert {f"{ACTIVITIES}!{cell}" for cell in cells} <= set(places(examined, "cell.not_read"))


def test_two_tables_on_one_sheet_are_both_read_when_copied() -> None:
    book = opened(copied(filled("KN-01")))
    source, target = book["Kế hoạch năm sau"], book[ACTIVITIES]
    below = target.max_row + 4
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None:
                written = target.cell(below + cell.row, cell.column)
                written.value, written.data_type = cell.value, cell.data_type
    del book["Kế hoạch năm sau"]
    examined = judged(saved(book))
    assert values(examined) == expected("KN-01")
    assert places(examined, "cell.not_read") == []
    found = [
        one.params["sheet"] for one in examined.issues if one.place.sheet == ACTIVITIES and one.params.get("sheet")
    ]
    assert found == [ACTIVITIES, "Kế hoạch năm sau"]


def test_every_cell_of_an_extra_sheet_is_listed() -> None:
    def scrap(book: Workbook) -> None:
        book.create_sheet("Nháp").append(["tính thử", 12, "Thời gian", "Xã", "Nội dung"])

    examined = judged(changed(filled("KN-01"), scrap))
    assert values(examined) == expected("KN-01")
    assert places(examined, "cell.not_read") == [f"Nháp!{column}1" for column in "ABCDE"]


def test_a_sheet_of_checks_copied_as_values_is_ours_with_its_results() -> None:
    book = opened(copied(filled("KN-01")))
    book["Kiểm tra"]["C11"], book["Kiểm tra"]["B30"] = "Đạt", "lý do riêng"
    assert places(judged(saved(book)), "cell.not_read") == ["Kiểm tra!B30"]


# --- the form itself ---------------------------------------------------------------------------


def untitled(content: bytes) -> bytes:
    """Copied as values without the title blocks, so that only headings tell which form it is."""
    book = opened(copied(content))
    for sheet in sheets_of(book):
        for row in sheet.iter_rows(max_row=6):
            for cell in row:
                cell.value = None
    return saved(book)


@pytest.mark.parametrize("code", FORMS)
def test_a_form_without_its_title_is_known_by_its_headings(code: str) -> None:
    examined = judged(untitled(filled(code)))
    assert only(examined, "structure.form_by_text").params == {"form": code}
    assert values(examined) == expected(code)


def test_headings_that_two_forms_share_name_no_form() -> None:
    book = opened(untitled(filled("KN-01")))
    for sheet in sheets_of(book):
        if sheet.title != "Kiến nghị":
            book.remove(sheet)
    assert judged(saved(book)).verdict is Verdict.NOT_OUR_FORM
