"""Read says who a workbook is from three places, and refuses to choose where two of them disagree."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.packaging.custom import StringProperty

from generator.definitions.grid import IDENTITY_SHEET
from generator.model import Identity, RawWorkbook
from generator.stages.read import PROPERTY_PREFIX, read
from spreadsheet_tables import FILE, drawn_sheets, found, small_form

FORM = small_form()
FORMS = {"KN-01": FORM}
WHO = {"form": "KN-01", "version": "1", "partner": "DV-0001", "year": "2025"}
IDENTITY = Identity("KN-01", "1", "DV-0001", 2025)


def content(
    *,
    hidden: Mapping[str, object] | None = None,
    properties: Mapping[str, str] | None = None,
    marks: bool = True,
    shift: int = 0,
) -> bytes:
    """A return that says who it is in the hidden sheet, in its properties, by its marks."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in drawn_sheets(FORM, "# chung\nso_buoi | 3").values():
        page = book.create_sheet(sheet.name)
        for (row, column), raw in sheet.cells.items():
            if marks or (row, column) != (1, 1):
                page.cell(row + shift, column + shift).value = raw
    if hidden is not None:
        page = book.create_sheet(IDENTITY_SHEET)
        page.sheet_state = "hidden"
        for row in hidden.items():
            page.append(row)
    for key, value in (properties or {}).items():
        book.custom_doc_props.append(StringProperty(name=PROPERTY_PREFIX + key, value=value))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def opened(made: bytes) -> tuple[RawWorkbook, list[str]]:
    raw, issues = read(made, FILE, FORMS)
    assert raw is not None, issues
    return raw, found(issues)


def test_the_sheets_are_read_with_their_cells() -> None:
    raw, issues = opened(content(hidden=WHO))
    assert [sheet.name for sheet in raw.sheets] == [
        "Hướng dẫn",
        "Thông tin chung",
        "Hoạt động",
        "Kiểm tra",
        IDENTITY_SHEET,
    ]
    assert raw.sheets[1].rows[14][4] == 3.0
    assert raw.sheets[4].visible is False
    assert issues == []


@pytest.mark.parametrize(
    ("hidden", "properties"),
    [
        (WHO, WHO),
        (WHO, None),
        (None, WHO),
        ({"form": "KN-01", "version": "1"}, {"partner": "DV-0001", "year": "2025"}),
        ({**WHO, "year": 2025, "version": 1}, WHO),
        ({**WHO, "partner": " DV-0001 "}, WHO),
        ({**WHO, "colour": "red"}, WHO),
    ],
)
def test_who_it_is_stands_in_the_hidden_sheet_or_in_the_properties(
    hidden: Mapping[str, object] | None, properties: Mapping[str, str] | None
) -> None:
    raw, issues = opened(content(hidden=hidden, properties=properties))
    assert raw.identity == IDENTITY
    assert issues == []


@pytest.mark.parametrize("shift", [0, 1, 3])
def test_a_copied_workbook_is_known_by_its_marks(shift: int) -> None:
    raw, issues = opened(content(shift=shift))
    assert raw.identity == Identity("KN-01", "", "", 0)
    assert issues == []


@pytest.mark.parametrize("key", sorted(WHO))
def test_two_places_that_disagree_are_an_error_and_both_are_named(key: str) -> None:
    raw, issues = read(content(hidden=WHO, properties={**WHO, key: "KHAC"}), FILE, FORMS)
    assert raw is not None
    (one,) = issues
    assert (one.code, one.params) == ("delivery.identity_disagrees", {"first": WHO[key], "second": "KHAC"})
    assert one.place.file == FILE


def test_a_workbook_of_somebody_else_is_not_our_form() -> None:
    book = load_workbook(io.BytesIO(content(marks=False)))
    for page in book.worksheets:
        for cell in (*page["A"], *page["C"], *page[8], *page[9]):
            cell.value = None
    made = io.BytesIO()
    book.save(made)
    raw, issues = opened(made.getvalue())
    assert raw.identity == Identity()
    assert issues == ["delivery.not_our_form"]


def test_a_form_that_we_do_not_have_is_not_our_form() -> None:
    assert opened(content(hidden={**WHO, "form": "KN-99"}))[1] == ["delivery.not_our_form"]


@pytest.mark.parametrize(
    ("written", "year"), [("2025", 2025), ("25", 0), ("năm 2025", 0), ("", 0), (2025.5, 0), ("²⁰²⁵", 0)]
)
def test_a_year_is_four_digits(written: object, year: int) -> None:
    assert opened(content(hidden={**WHO, "year": written}))[0].identity.year == year


@pytest.mark.parametrize("made", [b"", b"PK\x03\x04", b"Ma don vi,Ten\n", content()[:500]])
def test_what_is_no_workbook_is_told_and_not_raised(made: bytes) -> None:
    raw, issues = read(made, FILE, FORMS)
    assert raw is None
    assert [one.code.partition(".")[0] for one in issues] == ["office"]


def test_a_zip_without_a_workbook_is_no_workbook() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("ghi-chu.txt", "a")
    raw, issues = read(made.getvalue(), FILE, FORMS)
    assert raw is None
    assert [one.code for one in issues] == ["office.not_workbook"]


def test_errors_and_formulas_without_result_are_known() -> None:
    book = load_workbook(io.BytesIO(content(hidden=WHO)))
    page = book["Hoạt động"]
    page["J12"], page["K12"] = "=1+1", "#REF!"
    made = io.BytesIO()
    book.save(made)
    sheet = opened(made.getvalue())[0].sheets[2]
    assert sheet.uncalculated == {(12, 10)}
    assert sheet.errors == {(12, 11): "#REF!"}
