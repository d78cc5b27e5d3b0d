"""One return, whatever program saved it in whatever format, is read as the same cells; nothing hostile gets further."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blank_cases import COMMUNES, LISTS, PREFILL, blank, kn01
from generator.definitions.grid import IDENTITY_SHEET, LISTS_SHEET
from generator.demo.answers import sample_answers
from generator.issues import Issue, has_errors
from generator.model import CellKey, Partner, Raw, RawSheet, Value
from generator.office.package import open_package
from generator.office.workbook.address import address
from generator.office.workbook.read import OpenedWorkbook, read_workbook
from generator.stages.normalise import normalise
from generator.stages.read import read
from real_programs import CLIENTS, run

GIVER = Partner("DV-0007", "Sở (minh họa) 07", "so", gives=True, receives=False)
LONG = 'Kết quả nổi bật (minh họa):\n- tặng 10 con bò giống; <5 hộ> & "điển hình"\n' + "rất dài, " * 18 + "hết."
LONGEST = "Bài học\n" * 4_000
SAVED = ("libreoffice.ods", "libreoffice.xls", "sheetjs.ods", "sheetjs.xls", "sheetjs.xlsb")
KEEPS_PROPERTIES = ("libreoffice.ods", "libreoffice.xls")
OURS, LOSES_HIDING = (IDENTITY_SHEET, LISTS_SHEET), ("sheetjs.ods",)
"""SheetJS writes no visibility into .ods."""

Save = Callable[[bytes], dict[str, bytes]]


def save_everywhere(
    content: bytes, folder: Path, soffice: Callable[..., Path], node_client: Callable[..., str]
) -> dict[str, bytes]:
    """Program and ending -> the workbook as that program saves it."""
    source = folder / "a.xlsx"
    source.write_bytes(content)
    saved = {
        f"libreoffice.{ending}": soffice(source, ending, folder / "office").read_bytes() for ending in ("ods", "xls")
    }
    kinds = (("ods", "ods"), ("xls", "biff8"), ("xlsb", "xlsb"))
    node_client("convert", source, *(word for ending, kind in kinds for word in (folder / f"a.{ending}", kind)))
    return saved | {f"sheetjs.{ending}": (folder / f"a.{ending}").read_bytes() for ending, _ in kinds}


@pytest.fixture(scope="module")
def save(
    tmp_path_factory: pytest.TempPathFactory, soffice: Callable[..., Path], node_client: Callable[..., str]
) -> Save:
    return lambda content: save_everywhere(content, tmp_path_factory.mktemp("saved"), soffice, node_client)


def opened(content: bytes) -> OpenedWorkbook:
    # the name lies: what a file is, its content says
    workbook, issues = read_workbook(content, "bao-cao.xlsx")
    assert workbook is not None, issues
    return workbook


def codes(content: bytes) -> list[str]:
    workbook, issues = read_workbook(content, "a.xls")
    assert (workbook is None) == has_errors(issues)
    return [found.code for found in issues]


# --- a filled KN-01 -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled() -> bytes:
    answers = sample_answers(GIVER, [choice.code for choice in COMMUNES], 2025, 1)
    answers["", 0, "ket_qua_noi_bat"] = LONG
    answers["", 0, "dien_thoai"] = "0905 123 456"
    answers["hoat_dong", 1, "gia_tri"] = 123_456_789_012_345
    answers["hoat_dong", 1, "thoi_gian"] = "2025-03"
    return blank().fill(PREFILL, answers)


@pytest.fixture(scope="module")
def returns(filled: bytes, save: Save) -> dict[str, bytes]:
    return save(filled)


def taken(content: bytes) -> tuple[tuple[Value, ...], list[Issue]]:
    raw, issues = read(content, "a", {"KN-01": kn01()})
    assert raw is not None, issues
    assert (raw.identity.form, raw.identity.partner, raw.identity.year) == ("KN-01", "DV-0007", 2025)
    returned, found = normalise(raw, kn01(), LISTS, "a", 2025, blank().printed, frozenset(map(str, PREFILL.values())))
    return returned.values, [*issues, *found]


@pytest.mark.parametrize("name", SAVED)
def test_a_return_in_any_format_gives_the_same_values_at_the_same_cells(
    filled: bytes, returns: dict[str, bytes], name: str
) -> None:
    values, issues = taken(filled)
    found_values, found_issues = taken(returns[name])
    assert found_values == values
    # a sheet of ours that a program has shown again is listed as anybody's
    assert [one for one in found_issues if name not in LOSES_HIDING or one.place.sheet not in OURS] == issues
    found = {(one.table, one.row, one.field): one.value for one in values}
    assert found["hoat_dong", 1, "gia_tri"] == 123_456_789_012_345
    assert found["", 0, "ket_qua_noi_bat"] == LONG
    assert len(values) > 100


@pytest.mark.parametrize("name", SAVED)
def test_every_sheet_keeps_its_name_and_the_hidden_ones_stay_hidden(
    filled: bytes, returns: dict[str, bytes], name: str
) -> None:
    wanted, sheets = opened(filled).sheets, opened(returns[name]).sheets
    assert [sheet.name for sheet in sheets] == [sheet.name for sheet in wanted]
    if name not in LOSES_HIDING:
        assert [sheet.visible for sheet in sheets] == [sheet.visible for sheet in wanted]
        assert not next(sheet for sheet in sheets if sheet.name == IDENTITY_SHEET).visible


@pytest.mark.parametrize("name", KEEPS_PROPERTIES)
def test_custom_properties_are_read_where_a_program_keeps_them(
    filled: bytes, returns: dict[str, bytes], name: str
) -> None:
    wanted = opened(filled).properties
    assert wanted["ketnghia_partner"] == "DV-0007"
    assert wanted.items() <= opened(returns[name]).properties.items()


# --- odd cells ------------------------------------------------------------------------------


ODD: dict[str, tuple[object, str, Raw]] = {
    "A1": (-1_500_000, "#,##0", -1_500_000.0),
    "B1": (123_456_789_012_345, "#,##0", 123_456_789_012_345.0),
    "C1": (0.125, "0.00%", 0.125),
    "D1": (0.07, "General", 0.07),
    "E1": (12.34, '#,##0.00 "đ"', 12.34),
    "A2": (date(2025, 3, 14), "dd/mm/yyyy", date(2025, 3, 14)),
    "B2": (
        datetime.fromisoformat("2025-03-14T07:30:00"),
        "dd/mm/yyyy hh:mm",
        datetime.fromisoformat("2025-03-14T07:30:00"),
    ),
    "C2": (0.3125, "hh:mm", "07:30:00"),
    "D2": (date(2025, 3, 1), 'mm"/"yyyy', date(2025, 3, 1)),
    "E2": (date(2025, 3, 1), "[$-42A]d mmmm yyyy", date(2025, 3, 1)),
    "A3": (LONG, "General", LONG),
    "B3": ("  đầu   giữa", "@", "  đầu   giữa"),
    "C3": ("0905123456", "@", "0905123456"),
    "D3": ("Trà Leng\tTrà Don", "General", "Trà Leng\tTrà Don"),
    "E3": (True, "General", True),
    "A4": ("ĐẮK LẮK – “Ngọk Réo”", "General", "ĐẮK LẮK – “Ngọk Réo”"),
    "B4": ("1e5", "@", "1e5"),
    "C4": (LONGEST, "General", LONGEST),
    "Z60": (7, "General", 7.0),
}
ERRORS = {"A6": "#DIV/0!", "B6": "#N/A", "C6": "#REF!", "D6": "#VALUE!", "E6": "#NAME?"}


@pytest.fixture(scope="module")
def odd() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Số liệu & lỗi"
    for place, (value, shown, _) in ODD.items():
        sheet[place] = value  # type: ignore[assignment]
        sheet[place].number_format = shown
    for place, error in ERRORS.items():
        sheet[place] = error
    sheet.merge_cells("H1:J2")
    sheet["H1"] = "gộp"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["A"].hidden = True
    sheet.protection.sheet = True
    workbook.create_sheet("Ẩn").sheet_state = "hidden"
    workbook["Ẩn"]["B2"] = "khuất"
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


@pytest.fixture(scope="module")
def oddities(odd: bytes, save: Save) -> dict[str, bytes]:
    return {"openpyxl.xlsx": odd} | save(odd)


def cells(sheet: RawSheet) -> dict[str, Raw]:
    return {
        address(row, column): raw
        for row, line in enumerate(sheet.rows, 1)
        for column, raw in enumerate(line, 1)
        if raw != ""
    }


@pytest.mark.parametrize("name", SAVED)
def test_odd_cells_are_read_as_what_was_typed(oddities: dict[str, bytes], name: str) -> None:
    first, hidden = opened(oddities[name]).sheets
    wanted = {place: raw for place, (_, _, raw) in ODD.items()} | {"H1": "gộp"}
    found = cells(first)
    if name == "sheetjs.xls":  # it cuts texts after 255 letters
        del wanted["C4"], found["C4"]
    if name == "sheetjs.ods":  # it writes moments as UTC of its own clock, and tabs as spaces
        for place in ("B2", "C2", "D3"):
            del wanted[place], found[place]
    assert found == wanted
    assert {place: type(raw) for place, raw in found.items()} == {place: type(raw) for place, raw in wanted.items()}
    assert (hidden.name, cells(hidden)) == ("Ẩn", {"B2": "khuất"})


@pytest.mark.parametrize("name", [name for name in SAVED if name != "sheetjs.ods"])
def test_error_cells_are_told_with_their_error(oddities: dict[str, bytes], name: str) -> None:
    errors = opened(oddities[name]).sheets[0].errors
    assert errors == {CellKey(6, column): error for column, error in enumerate(ERRORS.values(), 1)}


# --- other files of Office ------------------------------------------------------------------


def test_a_workbook_with_a_password_is_told_so(odd: bytes, tmp_path: Path) -> None:
    source, targets = tmp_path / "a.xlsx", [tmp_path / "a.xls", tmp_path / "a.ods"]
    source.write_bytes(odd)
    run(["/usr/bin/python3", CLIENTS / "lock_uno.py", source, "bí mật", *targets])
    assert [codes(target.read_bytes()) for target in targets] == [["office.encrypted"]] * 2


def test_a_text_document_is_no_workbook(tmp_path: Path, soffice: Callable[..., Path]) -> None:
    letter = tmp_path / "cong-van.txt"
    letter.write_text("Kính gửi Ban Dân tộc (minh họa)", encoding="utf-8")
    assert codes(soffice(letter, "doc:MS Word 97", tmp_path / "out").read_bytes()) == ["office.not_workbook"]


# --- broken files ---------------------------------------------------------------------------


BREAKS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8)
CUTS = st.one_of(st.just(1.0), st.floats(0, 1))


def broken(content: bytes, breaks: list[tuple[float, int]], cut: float) -> bytes:
    changed = bytearray(content)
    for place, byte in breaks:
        changed[int(place * len(changed))] = byte
    return bytes(changed[: int(cut * len(changed))])


def read_quickly(content: bytes) -> None:
    began = time.process_time()
    found = codes(content)
    assert not found or found[0].startswith("office.")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", SAVED)
def test_flipped_and_missing_bytes_never_raise_and_never_hang(oddities: dict[str, bytes], name: str) -> None:
    @settings(max_examples=60)
    @given(BREAKS, CUTS)
    def check(breaks: list[tuple[float, int]], cut: float) -> None:
        read_quickly(broken(oddities[name], breaks, cut))

    check()


@pytest.mark.parametrize("name", [name for name in SAVED if not name.endswith(".xls")])
def test_damage_inside_a_sound_zip_never_raises_and_never_hangs(oddities: dict[str, bytes], name: str) -> None:
    package, _ = open_package(oddities[name], "")
    assert package is not None
    parts = [part for part in package.names() if package.read(part)]

    @settings(max_examples=80)
    @given(st.sampled_from(parts), BREAKS, CUTS)
    def check(part: str, breaks: list[tuple[float, int]], cut: float) -> None:
        read_quickly(package.replace({part: broken(package.read(part), breaks, cut)}))

    check()
