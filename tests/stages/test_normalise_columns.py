"""What normalise tells of old fonts, of dates that a program swapped, and of totals typed as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from generator.definitions.returned import Returned
from generator.issues import Issue, Severity
from generator.model import CellKey, Raw
from generator.stages.normalise import normalise
from generator.stages.normalise.columns import swapped_days
from spreadsheet_tables import FILE, LISTS, YEAR, drawn_sheets, found, normalised, printed, small_form, workbook

FORM = small_form()
NOTE_CELL = CellKey(12, 5)


def day(month: int, day_: int) -> datetime:
    return datetime(2025, month, day_)  # noqa: DTZ001  as the reader has it


def with_fonts(*runs: tuple[str, str]) -> tuple[Returned, list[Issue]]:
    """A return whose cell Hoạt động!E12 (noi_dung) holds these parts of text in these fonts."""
    drawn = drawn_sheets(FORM, f"# bang\n| noi_dung |\n| {''.join(text for text, _ in runs)} |")
    book = workbook(drawn)
    sheets = tuple(
        replace(sheet, fonts={NOTE_CELL: tuple(runs)}) if sheet.name == "Hoạt động" else sheet for sheet in book.sheets
    )
    return normalise(replace(book, sheets=sheets), FORM, LISTS, FILE, YEAR, printed(FORM))


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([("TÆng bß gièng", ".VnTime")], "Tặng bò giống"),
        ([("x· trµ don", ".VnTimeH")], "XÃ TRÀ DON"),
        ([("Taëng boø gioáng", "VNI-Times")], "Tặng bò giống"),
        ([("TÆng ", ".VnTime"), ("bò", "Times New Roman"), (" gioáng", "VNI-Helve")], "Tặng bò giống"),
        ([("ch\xadng", ".VnArial")], "chưng"),
    ],
)
def test_text_of_an_old_font_is_read_as_the_font_shows_it_and_told_once(runs: list[tuple[str, str]], text: str) -> None:
    returned, issues = with_fonts(*runs)
    assert [(one.value, one.raw, one.cell) for one in returned.values] == [(text, text, "E12")]
    assert [(one.code, one.severity, one.params["reading"]) for one in issues] == [
        ("cell.legacy_font", Severity.NOTE, text)
    ]


def test_unicode_in_a_cell_of_an_old_font_stays_what_it_is() -> None:
    returned, issues = with_fonts(("Tặng bò giống", ".VnTime"))
    assert ([one.value for one in returned.values], issues) == (["Tặng bò giống"], [])


def test_a_font_without_a_table_is_asked_about_and_its_text_kept_in_the_issue() -> None:
    returned, issues = with_fonts(("T£ng bò", "VPS Times"))
    assert [(one.value, one.raw) for one in returned.values] == [(None, "T£ng bò")]
    assert found(issues) == ["Hoạt động!E12 cell.legacy_text"]
    assert issues[0].params["font"] == "VPS Times"


SWAPS: list[tuple[str, list[Raw], list[tuple[str, str]]]] = [
    ("a program that knows days first", [day(3, 14), day(3, 4), day(1, 2)], []),
    ("text beside dates without a late day", ["14/3/2025", day(3, 4)], [("2025-03-04", "2025-04-03")]),
    ("text beside dates with a late day", ["14/3/2025", day(3, 4), day(5, 20)], []),
    ("the same day either way", ["14/3/2025", day(3, 3)], []),
    ("text of one kind only", ["14/3/2025", "3/4/2025"], []),
    ("months first as text", ["03/14/2025", "03/04/2025"], [("2025-04-03", "2025-03-04")]),
    ("months first, and dates", ["03/14/2025", day(4, 3)], [("2025-04-03", "2025-03-04")]),
    ("a day that is none either way round", ["31/02/2025", "13/13/2025", day(3, 4)], []),
    ("months and words", ["tháng 3/2025", day(3, 4), None, 5.0], []),
]


@pytest.mark.parametrize(("cells", "pairs"), [case[1:] for case in SWAPS], ids=[case[0] for case in SWAPS])
def test_days_that_a_program_may_have_swapped_are_known_by_their_column(
    cells: list[Raw], pairs: list[tuple[str, str]]
) -> None:
    told = swapped_days(((row, 3), raw) for row, raw in enumerate(cells, start=12))
    assert [(one.read, one.other) for one in told] == pairs


def test_a_day_that_may_be_swapped_keeps_its_value_and_both_readings_are_told() -> None:
    returned, issues = normalised(FORM, "# bang\n| thoi_gian |\n| 14/3/2025 |\n| 2025-03-04 |")
    assert [one.value for one in returned.values] == ["2025-03-14", "2025-03-04"]
    assert found(issues) == ["Hoạt động!C13 cell.date_maybe_swapped"]
    assert (issues[0].severity, issues[0].params["first"], issues[0].params["second"]) == (
        Severity.WARNING,
        "04/3/2025",
        "03/4/2025",
    )


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("1.500.000", []),
        ('"1500000"', []),
        ("1,5 triệu", []),
        ("1.600.000 đồng", ["table.total_differs"]),
        ("như trên", ["cell.not_read"]),
    ],
)
def test_a_total_typed_as_text_is_compared_like_any_other(typed: str, codes: list[str]) -> None:
    drawn = drawn_sheets(FORM, "# bang\n| gia_tri |\n| 1 triệu |\n| 500k |")
    drawn["bang"].put(11, 9, typed)
    _, issues = normalise(workbook(drawn), FORM, LISTS, FILE, YEAR, printed(FORM))
    assert [one.code for one in issues] == codes
