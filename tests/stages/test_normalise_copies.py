"""What stands on a copied sheet, in a table that lost its columns or in hidden rows is told; what we printed is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.definitions import grid
from generator.issues import Issue, Severity
from generator.stages.normalise import normalise
from spreadsheet_tables import FILE, LISTS, YEAR, SheetCells, drawn_sheets, found, printed, small_form, workbook

FORM = small_form()
PRINTED = printed(FORM)
OWN = frozenset({"DV-0001", "Sở (minh họa) 01", "xã Trà Tập", "Đơn vị báo cáo: Sở (minh họa) 01"})
COPY = "Hoạt động (2)"


def issues_of(drawn: dict[str, SheetCells]) -> list[Issue]:
    return normalise(workbook(drawn), FORM, LISTS, FILE, YEAR, PRINTED, OWN)[1]


def copied(code: str, written: str, name: str) -> dict[str, SheetCells]:
    """The filled workbook with a copy of one of its sheets, filled otherwise."""
    drawn = drawn_sheets(FORM, "# chung\nma_don_vi | DV-0001\n# bang\n| so_ho |\n| 1 |")
    copy = drawn_sheets(FORM, written)[code]
    copy.name = name
    return {**drawn, "copy": copy}


def test_what_was_filled_in_beforehand_is_an_answer_when_it_stands_in_a_table_without_columns() -> None:
    drawn = drawn_sheets(FORM, "# bang\n| xa | so_ho |\n| xã Trà Tập | 3 |")
    drawn["bang"].cells[4, 3] = "Đơn vị báo cáo: Sở (minh họa) 01"
    # the hidden row of codes, the headings and the keys are gone: the first row moves up to where keys stood
    kept = {key: raw for key, raw in drawn["bang"].cells.items() if not 8 <= key[0] <= 10}
    drawn["bang"].cells = {(row - 3 * (row > 10), column): raw for (row, column), raw in kept.items()}
    assert found(issues_of(drawn)) == [
        "Hoạt động table.marks_missing",
        "Hoạt động!D9 cell.not_read",
        "Hoạt động!J9 cell.not_read",
    ]


def test_words_that_we_print_are_answers_among_the_answers_of_a_copy() -> None:
    label = FORM.field("bang.noi_dung")
    assert label is not None
    drawn = copied("bang", f"# bang\n| xa | noi_dung |\n| xã Trà Tập | {label.label} |", COPY)
    assert found(issues_of(drawn)) == [
        f"{COPY} sheet.twice",
        f"{COPY}!D12 cell.not_read",
        f"{COPY}!E12 cell.not_read",
    ]


@pytest.mark.parametrize(
    ("code", "written", "name"),
    [("bang", "# bang\n| so_ho |", COPY), ("chung", "# chung\nma_don_vi | DV-0001", "Thông tin (2)")],
)
def test_a_copy_that_holds_no_answers_is_only_told(code: str, written: str, name: str) -> None:
    issues = issues_of(copied(code, written, name))
    assert [(one.code, one.severity, one.place.sheet) for one in issues] == [("sheet.empty_copy", Severity.NOTE, name)]


@pytest.mark.parametrize(
    "written", ["# chung\nma_don_vi | DV-0002", "# chung\nma_don_vi | DV-0001\nso_buoi | 3"], ids=["another", "answer"]
)
def test_what_a_copy_of_the_questions_holds_is_listed(written: str) -> None:
    issues = issues_of(copied("chung", written, "Thông tin (2)"))
    assert "cell.not_read" in [one.code for one in issues]


def test_a_sheet_that_kept_only_its_name_does_not_list_what_we_printed() -> None:
    drawn = drawn_sheets(FORM, "# bang\n| noi_dung |\n| Tặng quà |")
    kept = {key: raw for key, raw in drawn["bang"].cells.items() if key[0] > grid.TOTAL_ROW}
    drawn["bang"].cells = {(row - grid.TOTAL_ROW, column): raw for (row, column), raw in kept.items()}
    assert found(issues_of(drawn)) == ["sheet.missing", "Hoạt động!E1 cell.not_read"]


@pytest.mark.parametrize(
    ("hidden", "told"),
    [({12, 13, 15, 19}, ("Hoạt động!J12", "12–13, 15")), ({13}, ("Hoạt động!J13", "13")), ({8, 11, 19}, None)],
)
def test_hidden_rows_count_and_are_told_once_a_sheet(hidden: set[int], told: tuple[str, str] | None) -> None:
    book = workbook(drawn_sheets(FORM, "# bang\n| so_ho |\n| 1 |\n| 2 |\n| 3 |\n| 4 |"))
    sheets = tuple(replace(one, hidden=frozenset(hidden)) for one in book.sheets if one.name != "Thông tin chung")
    kept = tuple(one for one in book.sheets if one.name == "Thông tin chung")
    returned, issues = normalise(replace(book, sheets=(*kept, *sheets)), FORM, LISTS, FILE, YEAR, PRINTED)
    assert [one.value for one in returned.values] == [1, 2, 3, 4]
    shown = [(f"{one.place.sheet}!{one.place.cell}", one.params["rows"]) for one in issues]
    assert shown == ([told] if told else [])
    assert {(one.code, one.severity) for one in issues} <= {("structure.hidden_rows", Severity.WARNING)}
