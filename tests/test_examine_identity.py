"""Examine says whose return a reworked workbook is, of which year, how much of it; a doubt is asked, never guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openpyxl import Workbook

from generator.definitions.load import load_messages
from generator.issues import Severity
from generator.model import Verdict
from generator.vietnamese.text import matching_key
from reworked import (
    ACTIVITIES,
    DELIVERY,
    LAST_YEAR,
    TEMPLATES,
    Answers,
    answers,
    blank,
    changed,
    copied,
    deleted,
    expected,
    filled,
    judged,
    only,
    opened,
    places,
    prefill,
    saved,
    sheets_of,
    told,
    values,
)

MESSAGES, _ = load_messages(TEMPLATES / "messages")

# --- editions, parts, several returns ----------------------------------------------------------


def test_an_older_edition_is_migrated_and_what_it_did_not_ask_is_listed() -> None:
    def aged(book: Workbook) -> None:
        book["_KN"]["B2"].value = "0-00000000"
        del book.custom_doc_props["ketnghia_version"]  # type: ignore[attr-defined]

    content = changed(
        filled("KN-01"), aged, deleted("Triển khai", rows=[13]), lambda book: book.remove(book["Kiến nghị"])
    )
    examined = judged(content)
    assert only(examined, "delivery.other_version").params["value"] == "0-00000000"
    assert only(examined, "field.newer").params["code"] == "luot_nguoi_quan_triet"
    assert only(examined, "sheet.newer").params["sheet"] == "Kiến nghị"
    assert not {"field.missing", "sheet.missing"} & {one.code for one in examined.issues}


def test_a_column_whose_code_an_older_edition_had_otherwise_is_read_by_its_heading() -> None:
    def aged(book: Workbook) -> None:
        book["_KN"]["B2"].value = "0-00000000"
        del book.custom_doc_props["ketnghia_version"]  # type: ignore[attr-defined]
        book[ACTIVITIES]["N8"].value = "so_ho_huong_loi"

    examined = judged(changed(filled("KN-01"), aged))
    assert values(examined) == expected("KN-01")
    assert only(examined, "structure.fields_by_text").params["fields"] == "Số hộ hưởng lợi"


def test_a_part_of_a_return_says_what_it_has_and_what_it_lacks() -> None:
    def rest_gone(book: Workbook) -> None:
        for sheet in sheets_of(book):
            if sheet.title != ACTIVITIES:
                book.remove(sheet)

    examined = judged(changed(filled("KN-01"), rest_gone))
    assert examined.verdict is Verdict.WAITING_FOR_CORRECTION
    assert only(examined, "delivery.part_of_return").params["has"] == f"“{ACTIVITIES}”"
    assert "“Thông tin chung”, “Triển khai”" in only(examined, "delivery.part_of_return").params["missing"]
    assert "sheet.missing" not in told(examined, "sheet.")


def appended(first: bytes, second: bytes) -> bytes:
    """The sheets of the second workbook after those of the first, values only."""
    book, other = opened(first), opened(second)
    for sheet in sheets_of(other):
        target = book.create_sheet(f"{sheet.title} 2")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and cell.data_type != "f":
                    target.cell(cell.row, cell.column).value = cell.value
    return saved(book)


@pytest.mark.parametrize("hidden", [True, False])
def test_two_returns_in_one_workbook_are_told_apart_and_none_is_guessed(hidden: bool) -> None:
    first = blank("KN-01").fill(prefill("DV-0001"), answers("KN-01"))
    second = blank("KN-01").fill(prefill("DV-0002"), answers("KN-01"))
    content = appended(first, second) if hidden else appended(copied(first), copied(second))
    examined = judged(content)
    assert only(examined, "delivery.two_returns").params == {
        "first": "Sở (minh họa) 01 (trang “Hướng dẫn”)",
        "second": "Hội (minh họa) 02 (trang “Hướng dẫn 2”)",
    }
    assert "sheet.twice" not in told(examined, "sheet.")
    assert examined.verdict not in (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS)


# --- whose it is, and of which year ------------------------------------------------------------


def nameless(content: bytes) -> bytes:
    """Copied as values, and the cell of the code emptied."""
    book = opened(copied(content))
    for row in book["Thông tin chung"].iter_rows():
        for cell in row:
            if cell.value == "DV-0001":
                cell.value = None
    return saved(book)


def test_a_copy_without_its_code_is_known_by_the_name_on_its_cover() -> None:
    examined = judged(nameless(filled("KN-01")))
    found = only(examined, "delivery.partner_by_name")
    assert (found.severity, found.params) == (Severity.WARNING, {"value": "Sở (minh họa) 01", "code": "DV-0001"})
    assert examined.submission is not None
    assert (examined.submission.partner, examined.submission.year) == ("DV-0001", 2025)
    assert places(examined, "cell.not_read") == []


def emptied(*cells: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for cell in cells:
            book["Thông tin chung"][cell].value = None

    return change


def anonymous(*keys: str) -> Callable[[Workbook], None]:
    """Without what the hidden sheet and the properties say of these keys."""

    def change(book: Workbook) -> None:
        for row in book["_KN"].iter_rows():
            if row[0].value in keys:
                row[1].value = None
        for key in keys:
            del book.custom_doc_props[f"ketnghia_{key}"]  # type: ignore[attr-defined]

    return change


@pytest.mark.parametrize(
    ("lost", "cell", "told_by"),
    [("partner", "E12", "delivery.partner_by_name"), ("year", "E14", "delivery.year_by_heading")],
)
def test_what_was_found_out_again_is_not_asked_in_a_cell_that_is_locked(lost: str, cell: str, told_by: str) -> None:
    examined = judged(changed(filled("KN-01"), anonymous(lost), emptied(cell)))
    assert only(examined, told_by).severity in (Severity.WARNING, Severity.NOTE)
    assert "rule.required" not in [one.code for one in examined.issues if one.severity is Severity.ERROR]
    assert examined.verdict is judged(filled("KN-01")).verdict
    assert examined.submission is not None
    assert (examined.submission.partner, examined.submission.year) == ("DV-0001", 2025)


def test_a_year_that_nothing_tells_is_not_asked_as_a_wrong_one() -> None:
    content = changed(filled("KN-01"), anonymous("year"), emptied("E14"), covers("Kỳ báo cáo", "Kỳ"))
    examined = judged(content)
    assert only(examined, "delivery.no_year").params["expected"] == "2025"
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR


def test_the_name_of_a_partner_that_nobody_knows_is_no_second_question() -> None:
    examined = judged(changed(filled("KN-01"), covers("Sở (minh họa) 01", "Sở (minh họa) Một")), partners={})
    assert only(examined, "delivery.unknown_partner").params["value"] == "DV-0001"
    assert "delivery.name_differs" not in [one.code for one in examined.issues]


@pytest.mark.parametrize(
    ("typed", "at"), [({"F16": "Giám đốc Nguyễn A"}, "F16"), ({"F16": "Giám đốc", "G16": "Nguyễn A"}, ""), ({}, "")]
)
def test_what_stands_beside_an_empty_answer_is_told_with_the_question(typed: dict[str, str], at: str) -> None:
    def beside(book: Workbook) -> None:
        for cell, text in typed.items():
            book["Thông tin chung"][cell].value = text

    examined = judged(changed(filled("KN-01"), emptied("E16"), beside))
    found = only(examined, "rule.required")
    assert (found.place.cell, found.params.get("at", "")) == ("E16", at)
    assert ("Ô F16 bên cạnh đang ghi “Giám đốc Nguyễn A”" in MESSAGES.sentence(found)) is bool(at)


def test_a_name_that_two_partners_bear_is_asked_about() -> None:
    twins = {matching_key("Sở (minh họa) 01"): frozenset({"DV-0001", "DV-0002"})}
    examined = judged(nameless(filled("KN-01")), names=twins)
    assert only(examined, "delivery.partner_unclear").params["codes"] == "DV-0001, DV-0002"
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR


def test_of_two_partners_of_one_name_the_one_that_owes_the_form_is_meant() -> None:
    twins = {matching_key("Sở (minh họa) 01"): frozenset({"DV-0001", "XA-0009"})}
    examined = judged(nameless(filled("KN-01")), names=twins)
    assert only(examined, "delivery.partner_by_name").params["code"] == "DV-0001"


def test_a_copy_of_one_sheet_has_its_year_from_the_line_of_the_period() -> None:
    examined = judged(copied(filled("KN-01"), sheets=[ACTIVITIES]))
    assert only(examined, "delivery.year_by_heading").params == {"value": "2025"}
    assert examined.submission is not None
    assert examined.submission.year == 2025


def covers(old: str, new: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for sheet in sheets_of(book):
            for row in sheet.iter_rows(max_row=14):
                for cell in row:
                    if isinstance(cell.value, str) and old in cell.value:
                        cell.value = cell.value.replace(old, new)

    return change


def test_another_partners_blank_with_ones_own_name_is_asked_about_and_never_guessed() -> None:
    examined = judged(changed(filled("KN-01"), covers("Sở (minh họa) 01", "Hội (minh họa) 02")))
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR
    assert only(examined, "delivery.name_of_another").params == {
        "value": "Hội (minh họa) 02",
        "owner": "DV-0002",
        "expected": "DV-0001",
    }


def test_a_single_sheet_of_another_partner_is_seen() -> None:
    def change(book: Workbook) -> None:
        covers("Sở (minh họa) 01", "Hội (minh họa) 02")(book)
        covers("Hội (minh họa) 02", "Sở (minh họa) 01")(book)
        for row in book[ACTIVITIES].iter_rows(max_row=4):
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("Đơn vị báo cáo"):
                    cell.value = "Đơn vị báo cáo: Hội (minh họa) 02"

    examined = judged(changed(filled("KN-01"), change))
    assert only(examined, "delivery.name_of_another").place.sheet == ACTIVITIES


def test_a_name_that_nobody_bears_is_a_warning() -> None:
    examined = judged(changed(filled("KN-01"), covers("Sở (minh họa) 01", "Sở (minh họa) Một")))
    found = only(examined, "delivery.name_differs")
    assert (found.severity, found.params["value"]) == (Severity.WARNING, "Sở (minh họa) Một")


def test_last_years_blank_with_this_years_dates_is_asked_about() -> None:
    singles = {key: value for key, value in answers("KN-01").items() if key[0] != "hoat_dong"}
    days: Answers = {("hoat_dong", row, "thoi_gian"): "2025-03-14" for row in (1, 2, 3)}
    content = blank("KN-01", LAST_YEAR).fill(prefill("DV-0001"), singles | days)
    examined = judged(content)
    assert only(examined, "delivery.year_forgotten").params == {"value": "2024", "expected": "2025", "count": "3"}
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR
    old: Answers = {("hoat_dong", row, "thoi_gian"): "2024-03-14" for row in (1, 2, 3)}
    examined = judged(blank("KN-01", LAST_YEAR).fill(prefill("DV-0001"), singles | old))
    assert [one.code for one in examined.issues if one.severity is Severity.ERROR] == ["delivery.wrong_year"]


def test_a_heading_of_another_year_on_this_years_blank_is_a_warning() -> None:
    examined = judged(changed(filled("KN-01"), covers("Năm 2025", "Năm 2024")))
    assert only(examined, "delivery.year_line_differs").params == {"value": "2024", "expected": "2025", "at": "B6"}


def test_what_was_repaired_reads_as_a_sentence_with_a_cure() -> None:
    examined = judged(nameless(filled("KN-01")))
    for one in examined.issues:
        written = MESSAGES.render(one)
        assert "{" not in written
        assert written.startswith(DELIVERY.file)
