"""The annotated workbook: what was read stands in it, its faults show, and sent back it is a return like any other."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from blank_cases import CAMPAIGN, LISTS, PREFILL, RECEIVER, blank, kn01, shipped
from generator.definitions.forms import Choice
from generator.definitions.returned import Returned
from generator.issues import Issue, Severity
from generator.model import Scalar
from generator.stages.blank import Annotator, AsTyped, Leftover, Mark
from generator.stages.normalise import normalise
from generator.stages.read import read

CLIENTS = Path(__file__).resolve().parents[1] / "clients"
ACTIVITIES = "Hoạt động hỗ trợ"
ERROR, WARNING = Severity.ERROR, Severity.WARNING
RED, AMBER = "FFF8B4AC", "FFFFCF70"

TYPED: dict[tuple[str, int, str], Scalar] = {
    ("", 0, "thu_truong"): "Bà A (minh họa)",
    ("", 0, "so_buoi_quan_triet"): 0,
    ("", 0, "co_ke_hoach"): True,
    ("", 0, "ket_qua_noi_bat"): "dòng 1 <&>\ndòng 2",
    ("hoat_dong", 1, "thoi_gian"): "2025-03-14",
    ("hoat_dong", 1, "xa"): "XA-0004",
    ("hoat_dong", 1, "so_luong"): Decimal("1.5"),
    ("hoat_dong", 1, "gia_tri"): 12_500_000,
    ("hoat_dong", 3, "thoi_gian"): "2025-03",
    ("hoat_dong", 3, "noi_dung"): "=1+1",
    ("ke_hoach", 2, "quy"): "4",
}
UNREAD: dict[tuple[str, int, str], AsTyped] = {
    ("hoat_dong", 3, "gia_tri"): AsTyped("hơn chục con", "cell.not_a_number"),
    ("hoat_dong", 3, "so_ho"): AsTyped("-3", "cell.negative"),
    ("hoat_dong", 3, "so_nguoi"): AsTyped("2.5", "cell.not_whole"),
    ("hoat_dong", 4, "gia_tri"): AsTyped("#REF!", "cell.error_value"),
    ("hoat_dong", 5, "gia_tri"): AsTyped("", "cell.not_calculated"),
    ("hoat_dong", 5, "loai"): AsTyped("zzz", "cell.choice_not_listed"),
}
MARKS = (
    Mark(ACTIVITIES, "D12", WARNING, "“xã Trà Dơn” không thuộc các xã được phân công.", "Kiểm tra lại tên xã."),
    Mark(ACTIVITIES, "L14", ERROR, "“hơn chục con” không phải là số.", "Chỉ ghi chữ số."),
    Mark("Thông tin chung", "E17", ERROR, "Chưa ghi “Điện thoại”.", "Ghi vào ô này."),
    Mark("", "", ERROR, "Thiếu trang “Kiến nghị”.", "Không xóa trang của biểu."),
    Mark(ACTIVITIES, "D12", ERROR, "Câu thứ hai ở cùng ô <&>.", "Sửa."),
)
LEFTOVERS = (Leftover("Nháp", "C5", "gọi chị Lan"), Leftover(ACTIVITIES, "T15", "đã chuyển khoản"))


@cache
def annotator() -> Annotator:
    return Annotator(kn01(), LISTS, CAMPAIGN, RECEIVER)


@cache
def content() -> bytes:
    return annotator().fill(PREFILL, {**TYPED, **UNREAD}, MARKS, LEFTOVERS, "Phải sửa 4 chỗ.")


@cache
def book() -> Workbook:
    return load_workbook(io.BytesIO(content()))


def read_back(returned: bytes) -> tuple[Returned, list[Issue]]:
    raw, issues = read(returned, "inputs/2025/lai.xlsx", {"KN-01": kn01()})
    assert raw is not None, issues
    own = frozenset(str(value) for value in PREFILL.values()) | {f"Đơn vị báo cáo: {PREFILL['partner.name']}"}
    found, faults = normalise(raw, kn01(), LISTS, "inputs/2025/lai.xlsx", 2025, blank().printed, own)
    return found, [*issues, *faults]


def test_sent_back_it_reads_as_the_same_answers_and_the_same_faults() -> None:
    found, issues = read_back(content())
    values = {(one.table, one.row, one.field): one.value for one in found.values}
    assert {where: values[where] for where in TYPED} == TYPED
    assert {where: values[where] for where in UNREAD} == dict.fromkeys(UNREAD)
    told = {(one.place.sheet, one.place.cell): one.code for one in issues if one.place.cell}
    assert told == {
        (ACTIVITIES, "L14"): "cell.not_a_number",
        (ACTIVITIES, "N14"): "cell.negative",
        (ACTIVITIES, "O14"): "cell.not_whole",
        (ACTIVITIES, "L15"): "cell.error_value",
        (ACTIVITIES, "L16"): "cell.error_value",
        (ACTIVITIES, "F16"): "cell.choice_not_listed",
    }


@settings(max_examples=25, deadline=None)
@given(
    raw=st.dictionaries(st.sampled_from(["noi_dung", "thon", "ghi_chu"]), st.text(min_size=1, max_size=40)),
    number=st.integers(-(10**14), 10**14),
)
def test_whatever_was_typed_stands_there_again(raw: dict[str, str], number: int) -> None:
    answers: dict[tuple[str, int, str], Scalar | AsTyped] = {("hoat_dong", 2, code): text for code, text in raw.items()}
    answers["hoat_dong", 2, "gia_tri"] = number if number >= 0 else AsTyped(str(number), "cell.negative")
    first, _ = read_back(annotator().fill(PREFILL, answers, MARKS))
    again = {
        (one.table, one.row, one.field): one.value if one.value is not None else AsTyped(one.raw, "cell.negative")
        for one in first.values
    }
    second, issues = read_back(annotator().fill(PREFILL, again, MARKS))
    assert [one[:4] for one in second.values] == [one[:4] for one in first.values]
    assert not [one for one in issues if one.code == "cell.not_read"]


def test_a_faulty_cell_is_coloured_and_says_why_when_the_pointer_rests_on_it() -> None:
    sheet = book()[ACTIVITIES]
    assert sheet["L14"].fill.start_color.rgb == RED
    assert sheet["D12"].fill.start_color.rgb == RED, "an error beside a warning"
    assert book()["Thông tin chung"]["E17"].fill.start_color.rgb == RED, "an empty cell too"
    shown = sheet["D12"].comment
    assert shown is not None
    assert shown.text.split("\n") == [
        "Phải sửa (ô D12)",
        "Câu thứ hai ở cùng ô <&>. Sửa.",
        "“xã Trà Dơn” không thuộc các xã được phân công. Kiểm tra lại tên xã.",
    ]
    notes = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment]
    assert notes == ["D12", "L14"]


def test_a_doubt_is_amber_and_what_is_right_stays_as_it_was() -> None:
    one = Mark(ACTIVITIES, "C12", WARNING, "Ngoài kỳ báo cáo.", "Kiểm tra lại.")
    sheet = load_workbook(io.BytesIO(annotator().fill(PREFILL, TYPED, [one])))[ACTIVITIES]
    assert sheet["C12"].fill.start_color.rgb == AMBER
    assert sheet["C12"].number_format == "dd/mm/yyyy"
    assert not sheet["C12"].protection.locked
    assert sheet["D12"].fill.start_color.rgb == shipped()[ACTIVITIES]["D12"].fill.start_color.rgb


def test_the_first_sheet_lists_errors_first_with_links_that_lead_somewhere() -> None:
    sheet = book().worksheets[0]
    assert (sheet.title, sheet["A1"].value, book().active.title) == ("Cần sửa", "KN-01/can_sua", "Cần sửa")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=11, min_col=2, max_col=6)]
    assert sheet["B7"].value == "Phải sửa 4 chỗ."
    assert [row[:2] for row in rows] == [
        ["PHẢI SỬA: 4 chỗ", None],
        [1, "Cả tệp"],
        [2, "Thông tin chung, ô E17"],
        [3, f"{ACTIVITIES}, ô D12"],
        [4, f"{ACTIVITIES}, ô L14"],
        ["NÊN XEM LẠI (sai thì sửa; đúng thì ghi lý do vào ô vàng bên phải): 1 chỗ", None],
        [5, f"{ACTIVITIES}, ô D12"],
        ["Ô KHÔNG ĐƯỢC ĐỌC trong tệp đã gửi: 2 ô", None],
        [6, "Nháp, ô C5"],
        [7, f"{ACTIVITIES}, ô T15"],
    ]
    assert rows[3][2:] == ["Câu thứ hai ở cùng ô <&>.", "Sửa.", "Phải sửa"]
    assert rows[8][2] == "gọi chị Lan"
    links = {cell.coordinate: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {
        "C13": "'Thông tin chung'!E17",
        "C14": f"'{ACTIVITIES}'!D12",
        "C15": f"'{ACTIVITIES}'!L14",
        "C17": f"'{ACTIVITIES}'!D12",
    }


def test_everything_else_is_the_blank_of_today() -> None:
    assert book().sheetnames[1:] == shipped().sheetnames
    for sheet in shipped().worksheets:
        ours = book()[sheet.title]
        lists = [str(one.sqref) + str(one.formula1) for one in sheet.data_validations.dataValidation]
        assert [str(one.sqref) + str(one.formula1) for one in ours.data_validations.dataValidation] == lists
        assert ours.protection.sheet == sheet.protection.sheet
        assert ours.print_area == sheet.print_area
        assert ours.print_title_rows == sheet.print_title_rows
        assert (ours.page_setup.orientation, ours.freeze_panes) == (sheet.page_setup.orientation, sheet.freeze_panes)
    formulas = [[cell.value for cell in row] for row in shipped()["Kiểm tra"].iter_rows()]
    assert [[cell.value for cell in row] for row in book()["Kiểm tra"].iter_rows()] == formulas
    assert book().security.lockStructure
    assert book().worksheets[0].protection.sheet


def test_more_rows_than_the_blank_has_stand_in_a_longer_one() -> None:
    answers: dict[tuple[str, int, str], Scalar] = {
        ("hoat_dong", row, "noi_dung"): f"Việc {row}" for row in range(1, 251)
    }
    marks = [Mark(ACTIVITIES, "D261", ERROR, "Chưa ghi “Xã”.", "Ghi.")]
    longer = annotator().fill(PREFILL, answers, marks)
    found, issues = read_back(longer)
    assert [one.value for one in found.values if one.table == "hoat_dong"] == [f"Việc {row}" for row in range(1, 251)]
    assert not [one for one in issues if one.code == "cell.not_read"]
    sheet = load_workbook(io.BytesIO(longer))[ACTIVITIES]
    assert sheet["D261"].fill.start_color.rgb == RED
    assert sheet["L11"].value == "=SUM(L12:L412)"
    assert annotator().fits(answers)
    assert not annotator().fits([("hoat_dong", 100_000, "noi_dung")])


def test_what_the_board_prefills_is_as_it_is_today() -> None:
    answers: dict[tuple[str, int, str], Scalar] = {("", 0, "ten_don_vi"): "Tên cũ", ("", 0, "nam_bao_cao"): 1999}
    sheet = load_workbook(io.BytesIO(annotator().fill(PREFILL, answers, [])))["Thông tin chung"]
    assert (sheet["E13"].value, sheet["E14"].value) == (PREFILL["partner.name"], 2025)


def test_equal_input_gives_equal_bytes_from_another_annotator_too() -> None:
    other = Annotator(kn01(), dict(LISTS), CAMPAIGN, RECEIVER)
    assert other.fill(PREFILL, {**TYPED, **UNREAD}, MARKS, LEFTOVERS, "Phải sửa 4 chỗ.") == content()


@pytest.mark.parametrize("text", ["\x00\x0b]]>", "'\"<script>", "=cmd|'/c calc'!A1", "ễ" * 3_000, "_x0041_", "\ud800"])
def test_hostile_texts_leave_a_workbook_of_sound_parts(text: str) -> None:
    made = annotator().fill(
        PREFILL,
        {("hoat_dong", 1, "gia_tri"): AsTyped(text, "cell.not_a_number")},
        [Mark(ACTIVITIES, "L12", ERROR, text, text), Mark("Trang lạ", "B2", WARNING, text, text)],
        [Leftover(text, "Z9", text)],
        text,
    )
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert len(set(package.namelist())) == len(package.namelist())
        for member in package.namelist():
            ElementTree.fromstring(package.read(member))
    shown = load_workbook(io.BytesIO(made))[ACTIVITIES]["L12"].comment
    assert shown is not None
    assert len(shown.text) < 700


def test_the_open_xml_sdk_and_libreoffice_open_it_without_repair(tmp_path: Path) -> None:
    path = tmp_path / "can-sua.xlsx"
    path.write_bytes(content())
    judge = CLIENTS / "node_modules" / ".bin" / "ooxml-validator"
    judged = subprocess.run([judge, path], capture_output=True, text=True, timeout=120, check=False)
    # openpyxl writes the children of a font in an order of its own, which every program reads
    faults = [one for one in json.loads(judged.stdout)["errors"] if "/x:fonts[" not in one["xPath"]]
    assert faults == []
    office = shutil.which("soffice")
    assert office is not None
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    told = [office, "--headless", profile, "--convert-to", "xlsx", "--outdir", tmp_path / "saved", path]
    subprocess.run(told, capture_output=True, timeout=120, check=True)
    saved = (tmp_path / "saved" / "can-sua.xlsx").read_bytes()
    note = load_workbook(io.BytesIO(saved))[ACTIVITIES]["L14"].comment
    assert note is not None
    assert "không phải là số" in note.text
    found, issues = read_back(saved)
    values = {(one.table, one.row, one.field): one.value for one in found.values}
    assert {where: values[where] for where in TYPED} == TYPED
    assert not [one for one in issues if one.code == "cell.not_read"]


def test_a_commune_of_another_list_is_shown_by_its_code() -> None:
    other = Annotator(kn01(), {"@communes": (Choice("XA-0001", "xã A Tiêng"),)}, CAMPAIGN, RECEIVER)
    sheet = load_workbook(io.BytesIO(other.fill(PREFILL, {("hoat_dong", 1, "xa"): "XA-0099"}, [])))[ACTIVITIES]
    assert sheet["D12"].value == "XA-0099"


JUNK = (
    "12 triệu", "1.234,5", "12.500", "1,5", "-3", "2.5", "1e20", "99999999999999999999", "#REF!", "N/A", "31/2/2025",
    "3/2025", "14/3/25", "45000", "2025.1", "TRUE", "có", "xã Trà Tâp", "Tra Don", "'=1+1", "=SUM(A1)", "_x0041_",
    "x\ny", "0905", "50%", "q2", "13", "2025-03-14", "1/1/1500", "1900-01-03", "1905-07-17 02:24:00", "x" * 600,
)  # fmt: skip


def test_whatever_a_careless_hand_leaves_in_any_kind_of_cell_comes_back_the_same() -> None:
    columns = [column.code for sheet in kn01().sheets if sheet.code == "hoat_dong" for column in sheet.table.columns]  # type: ignore[union-attr]
    typed = {
        ("hoat_dong", row, code): AsTyped(junk, "cell.negative" if row % 2 else "cell.not_a_date")
        for row, junk in enumerate(JUNK, start=1)
        for code in columns
    }
    first, faults = read_back(annotator().fill(PREFILL, typed, []))
    codes = {(one.place.sheet, one.place.cell): one.code for one in faults}
    again = {
        one[:3]: one.value if one.value is not None else AsTyped(one.raw, codes[one.sheet, one.cell])
        for one in first.values
    }
    second, same = read_back(annotator().fill(PREFILL, again, []))
    assert [one[:4] for one in second.values] == [one[:4] for one in first.values]
    # a number taken for a date is shown as that date, so it is no number any more
    left = [(one.code, one.place) for one in faults if one.code != "cell.date_as_serial"]
    assert [(one.code, one.place) for one in same] == left
