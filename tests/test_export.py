"""Export: every value that counts, typed, with its cell; and the commands that print what the register holds."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from generator.cli import main
from generator.definitions.forms import Choice, Field, Form, Sheet, SheetKind, Table
from generator.definitions.load import load_forms
from generator.model import Counted, Scalar, Submission, Value, Verdict
from generator.pipeline.context import COMMUNES, communes, prefills
from generator.pipeline.init import init
from generator.pipeline.registry import load_registry
from generator.pipeline.verdicts import VERDICTS
from generator.stages.blank import compile_blank
from generator.stages.export import (
    HEADINGS,
    ExportRow,
    definitions,
    export_rows,
    harmless,
    sources,
    write_csv,
    write_json,
    write_xlsx,
)

FORM = Form(
    "KN-01",
    "1",
    "Báo cáo",
    "",
    "gives",
    (
        Sheet(
            "hoat_dong",
            "Hoạt động",
            SheetKind.TABLE,
            table=Table("hoat_dong", (Field("gia_tri", "Giá trị", "money", unit="đồng"),)),
        ),
    ),
)
TYPED: list[tuple[Scalar, object]] = [
    (12_500_000, 12_500_000),
    (Decimal("1.5"), 1.5),
    (Decimal("30"), 30),
    (Decimal("0.1234567890123456789"), "0.1234567890123456789"),
    ("xã Trà Tập", "xã Trà Tập"),
    (True, True),
    (None, None),
    ("=1+1", "=1+1"),
]


def _counted() -> Counted:
    values = tuple(
        Value("hoat_dong", row, "gia_tri", value, str(value), "Hoạt động", f"J{row + 10}")
        for row, (value, _) in enumerate(TYPED, start=1)
    )
    submission = Submission("KN-01", "1", "DV-0001", 2025, "0" * 64, "inputs/2025/a.xlsx", values)
    received = datetime(2025, 12, 1, tzinfo=timezone(timedelta(hours=7)))
    return Counted("KN-01/2025/DV-0001/r2", submission, received, Verdict.ACCEPTED)


def _rows() -> list[ExportRow]:
    return list(export_rows([_counted()], {"KN-01": FORM}, {"DV-0001": "Sở Y tế"}))


def _xlsx(rows: list[ExportRow]) -> io.BytesIO:
    """The workbook of those rows."""
    stream = io.BytesIO()
    (told,) = sources([_counted()], {"DV-0001": "Sở Y tế"}, VERDICTS)
    written = [told._replace(values=len(rows))]
    write_xlsx(rows, written, definitions([FORM]), stream, title="T", creator="C", day=date(2025, 12, 20))
    return stream


def test_json_gives_every_value_typed_with_its_cell() -> None:
    stream = io.StringIO()
    write_json(_rows(), stream)
    told = json.loads(stream.getvalue())
    assert [one["value"] for one in told] == [value for _, value in TYPED]
    assert told[1] == {
        "id": "KN-01/2025/DV-0001/r2/2",
        "year": 2025,
        "form": "KN-01",
        "partner": "DV-0001",
        "partner_name": "Sở Y tế",
        "table": "hoat_dong",
        "row": 2,
        "field": "gia_tri",
        "label": "Giá trị",
        "value": 1.5,
        "unit": "đồng",
        "raw": "1.5",
        "file": "inputs/2025/a.xlsx",
        "sha256": "0" * 64,
        "sheet": "Hoạt động",
        "cell": "J12",
        "revision": 2,
    }


def test_json_of_nothing_is_an_empty_list() -> None:
    stream = io.StringIO()
    write_json([], stream)
    assert json.loads(stream.getvalue()) == []


def test_a_value_of_an_older_form_is_not_left_out() -> None:
    (row, *_) = _rows()
    stream = io.StringIO()
    write_json([row._replace(label="", unit="")], stream)
    submission = Submission("KN-99", "1", "X", 2020, "", "", (Value("", 0, "cu", 1, "1", "A", "A1"),))
    counted = Counted("KN-99/2020/X/r1", submission, datetime(2020, 1, 1), Verdict.ACCEPTED)  # noqa: DTZ001
    assert [(one.field, one.label) for one in export_rows([counted], {}, {})] == [("cu", "")]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+84 235 3851234", "'+84 235 3851234"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        (" =1+1", "' =1+1"),
        ('"=1+1', "'\"=1+1"),
        ("'=1+1", "''=1+1"),
        ("\u00a0@SUM(A1)", "'\u00a0@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("xã A;=1+1", "xã A;'=1+1"),
        ("xã A; =1+1;@b", "xã A;' =1+1;'@b"),
        ("a\t-1", "a\t'-1"),
        ("- Tặng quà", "'- Tặng quà"),
        ("Kết quả:\n- Tặng quà; nhà ở", "Kết quả:\n- Tặng quà; nhà ở"),
        (" -12,5 ", " -12,5 "),
        ("-12,5", "-12,5"),
        ("+12", "+12"),
        ("xã Trà Tập", "xã Trà Tập"),
        ("", ""),
    ],
)
def test_nothing_in_a_csv_is_run_as_a_formula(text: str, written: str) -> None:
    assert harmless(text) == written


def test_csv_opens_in_excel_with_vietnamese_headings() -> None:
    stream = io.StringIO()
    write_csv(_rows(), stream)
    assert stream.getvalue().startswith("\ufeffMã giá trị,Năm,")
    lines = list(csv.reader(io.StringIO(stream.getvalue()[1:], newline="")))
    assert {len(line) for line in lines} == {len(HEADINGS)} == {len(ExportRow._fields)}
    place = ExportRow._fields.index("value")
    assert [line[place] for line in lines[1:]] == [
        "12500000",
        "1.5",
        "30",
        "0.1234567890123456789",
        "xã Trà Tập",
        "Có",
        "",
        "'=1+1",
    ]


def test_xlsx_holds_text_as_text_and_is_the_same_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*_rows(), _rows()[0]._replace(raw="#N/A", label="\x07chuông", file="\ud800", value=12_345_678_901_234_567)]
    first = _xlsx(rows)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("generator.stages.export.SHEET_ROWS", 100)
    assert _xlsx(rows).getvalue() == first.getvalue()
    sheet = load_workbook(first).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    place = ExportRow._fields.index("value") + 1
    assert [(sheet.cell(row, place).value, sheet.cell(row, place).data_type) for row in (2, 3, 5, 6, 7, 9)] == [
        (12_500_000, "n"),
        (1.5, "n"),
        (0.1234567890123456789, "n"),
        ("xã Trà Tập", "s"),
        ("Có", "s"),
        ("=1+1", "s"),
    ]
    assert sheet.cell(10, place).value == "12345678901234567", "a program would round what has more than 15 digits"
    raw, label = (ExportRow._fields.index(name) + 1 for name in ("raw", "label"))
    assert (sheet.cell(10, raw).value, sheet.cell(10, raw).data_type) == ("#N/A", "s")
    assert sheet.cell(10, label).value == "chuông"


def test_more_rows_than_a_sheet_holds_go_on_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.stages.export.SHEET_ROWS", 3)
    rows = _rows()
    book = load_workbook(_xlsx(rows))
    assert [(sheet.title, sheet.max_row) for sheet in book][:3] == [("Số liệu", 4), ("Số liệu 2", 4), ("Số liệu 3", 3)]
    found = [sheet.cell(row, 1).value for sheet in book.worksheets[:3] for row in range(2, sheet.max_row + 1)]
    assert found == [row.id for row in rows]
    assert [sheet.auto_filter.ref for sheet in book.worksheets[:3]] == ["A1:Q4", "A1:Q4", "A1:Q3"]


def test_xlsx_names_the_submissions_that_count_and_explains_every_question() -> None:
    book = load_workbook(_xlsx(_rows()), data_only=True)
    assert book.sheetnames == ["Số liệu", "Nguồn", "Giải thích"]
    told, total = list(book["Nguồn"].iter_rows(min_row=2, values_only=True))
    assert told == (
        "KN-01/2025/DV-0001/r2",
        "KN-01",
        "DV-0001",
        "Sở Y tế",
        2,
        datetime(2025, 12, 1),  # noqa: DTZ001
        "đạt",
        8,
        "inputs/2025/a.xlsx",
        "0" * 64,
    )
    assert total[7] == 8
    (asked,) = book["Giải thích"].iter_rows(min_row=2, values_only=True)
    assert asked[:6] == ("KN-01", "Hoạt động", "hoat_dong", "gia_tri", "Giá trị", "đồng")
    assert "đồng" in asked[6]


def test_a_choice_is_explained_by_the_code_that_stands_among_the_values() -> None:
    kinds = Field("loai", "Loại", "choice", choices="loai", help="Chọn.", required=True)
    sheet = Sheet("a", "Chung", SheetKind.FIELDS, fields=(kinds,))
    form = Form("KN-01", "1", "", "", "gives", (sheet,), {"loai": (Choice("qua", "Quà"), Choice("nha_o", "Nhà ở"))})
    (asked,) = definitions([form])
    assert (asked.table, asked.field, asked.choices) == ("", "loai", "qua = Quà; nha_o = Nhà ở")
    assert (asked.required, asked.help) == (True, "Chọn.")


def test_nothing_to_export_is_a_workbook_that_says_which_columns_there_are() -> None:
    stream = io.BytesIO()
    write_xlsx([], [], [], stream, title="T", creator="C", day=date(2025, 12, 20))
    book = load_workbook(stream)
    assert book.sheetnames == ["Số liệu", "Nguồn", "Giải thích"]
    assert [cell.value for cell in book["Số liệu"][1]] == list(HEADINGS)


# --- the commands, on a real workspace ------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one good return, one with a text for a number, and one that is no workbook."""
    root = tmp_path_factory.mktemp("ws") / "ws"
    init(root)
    forms, _ = load_forms(root / "templates" / "forms")
    registry, faults = load_registry(root)
    assert registry is not None, faults
    campaign = next(one for one in registry.campaigns if one.year == 2025)
    blank = compile_blank(forms["KN-01"], {COMMUNES: communes(registry, campaign)}, campaign)
    prefill = prefills(registry, campaign, {})
    folder = root / "inputs" / "2025" / "2025-12-10"
    folder.mkdir(parents=True)
    nil: dict[tuple[str, int, str], Scalar] = {
        ("", 0, "thu_truong"): "Nguyễn Văn An",
        ("", 0, "nguoi_phu_trach"): "Trần Thị Bình",
        ("", 0, "dien_thoai"): "0235 3851 234",
        ("", 0, "khong_phat_sinh"): True,
        ("", 0, "ly_do_khong_phat_sinh"): "Năm nay chưa được phân công.",
    }
    first, second = sorted(prefill)[:2]
    (folder / "một.xlsx").write_bytes(blank.fill(prefill[first], nil))
    (folder / "hai.xlsx").write_bytes(blank.fill(prefill[second], {("", 0, "dien_thoai"): "không có"}))
    (folder / "ba.xlsx").write_bytes(b"this is no workbook")
    (folder / "bốn.doc").write_bytes(b"x")
    return root


@pytest.fixture
def ketnghia(filled: Path, tmp_path: Path) -> Callable[..., Result]:
    """`ketnghia("status", "2025")` run in a copy of the filled workspace."""
    root = shutil.copytree(filled, tmp_path / "ws")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["-w", str(root), *arguments], catch_exceptions=False)

    return call


def test_the_commands_tell_what_came_of_every_file(ketnghia: Callable[..., Result]) -> None:
    taken = ketnghia("ingest", "2025")
    assert taken.exit_code == 1, taken.output
    assert "Năm 2025: 3 tệp" in taken.stdout, "what is no workbook is kept and not counted"
    assert "ba.xlsx: Tệp không phải là" in taken.stdout
    assert ketnghia("ingest", "2025").exit_code == 0, "nothing new was judged"

    rows = json.loads(ketnghia("status", "2025", "--json").stdout)
    by_partner = {row["partner"]: row for row in rows}
    assert (by_partner["DV-0001"]["verdict"], by_partner["DV-0001"]["late"]) == ("nil", False)
    assert by_partner["DV-0001"]["received"] == "2025-12-10T00:00:00+07:00"
    assert by_partner["DV-0002"]["verdict"] == "waiting_for_correction"
    assert by_partner["DV-0003"]["verdict"] == "missing"
    assert (by_partner[""]["verdict"], by_partner[""]["file"]) == ("unreadable", "inputs/2025/2025-12-10/ba.xlsx")
    shown = ketnghia("status", "2025").stdout
    assert "không phát sinh" in shown
    assert "chưa gửi" in shown

    issues = json.loads(ketnghia("issues", "2025", "--partner", "DV-0002", "--json").stdout)
    assert {"rule.required"} <= {one["code"] for one in issues}
    assert {one["partner"] for one in issues} == {"DV-0002"}
    assert all(one["message"] and one["cure"] for one in issues)
    assert "hai.xlsx:Thông tin chung!" in ketnghia("issues", "2025").stdout

    values = json.loads(ketnghia("export", "2025", "--format", "json").stdout)
    found = {one["field"]: (one["value"], one["sheet"], one["partner"]) for one in values}
    assert found["khong_phat_sinh"] == (True, "Thông tin chung", "DV-0001")
    assert {one["partner"] for one in values} == {"DV-0001"}, "what waits for correction does not count"


def test_export_writes_where_it_is_told(ketnghia: Callable[..., Result], tmp_path: Path) -> None:
    ketnghia("ingest", "2025")
    assert ketnghia("export", "2025").exit_code == 0
    assert load_workbook(tmp_path / "ws" / "outputs" / "2025" / "so-lieu-2025.xlsx").active["A1"].value == "Mã giá trị"
    target = tmp_path / "ra.csv"
    assert ketnghia("export", "2025", "--format", "csv", "--output", str(target)).stdout == ""
    piped = ketnghia("export", "2025", "--format", "csv").stdout_bytes
    assert piped == target.read_bytes()
    assert piped.startswith("\ufeffMã giá trị".encode())


def test_outputs_can_be_deleted_and_made_again(ketnghia: Callable[..., Result], tmp_path: Path) -> None:
    ketnghia("ingest", "2025")
    before = ketnghia("export", "2025", "--format", "json").stdout
    shutil.rmtree(tmp_path / "ws" / "outputs")
    assert ketnghia("export", "2025", "--format", "json").stdout == before
    assert "3 lượt gửi" in ketnghia("rebuild").stdout
    assert ketnghia("export", "2025", "--format", "json").stdout == before


@pytest.mark.parametrize("command", ["status", "issues", "export", "ingest"])
def test_a_year_without_a_campaign_is_answered_with_the_years_there_are(
    ketnghia: Callable[..., Result], command: str
) -> None:
    result = ketnghia(command, "2031")
    assert result.exit_code == 1
    assert "2024, 2025" in result.stderr
    assert "[year.no_campaign]" in result.stderr


def test_a_folder_that_is_no_workspace_is_answered_with_how_to_make_one(tmp_path: Path) -> None:
    for command in (["ingest", "2025"], ["status", "2025"], ["rebuild"]):
        result = CliRunner().invoke(main, ["-w", str(tmp_path / "không có"), *command])
        assert result.exit_code == 3
        assert "ketnghia init" in result.stderr


def test_outputs_that_are_a_file_are_explained(ketnghia: Callable[..., Result], tmp_path: Path) -> None:
    outputs = tmp_path / "ws" / "outputs"
    shutil.rmtree(outputs)
    outputs.write_bytes(b"")
    result = ketnghia("ingest", "2025")
    assert (result.exit_code, "[workspace.not_folder]" in result.stderr) == (3, True)


def test_an_export_onto_a_folder_is_explained_and_leaves_nothing_behind(
    ketnghia: Callable[..., Result], tmp_path: Path
) -> None:
    ketnghia("ingest", "2025")
    target = tmp_path / "ws" / "outputs" / "2025" / "so-lieu-2025.xlsx"
    target.mkdir(parents=True)
    lying = sorted(os.listdir(target.parent))  # noqa: PTH208
    result = ketnghia("export", "2025")
    assert (result.exit_code, "[workspace.not_folder]" in result.stderr) == (3, True)
    assert sorted(os.listdir(target.parent)) == lying  # noqa: PTH208
