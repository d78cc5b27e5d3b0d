"""The summary of several years: from the register to a document that holds what the years say together."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from generator.cli import main
from generator.issues import RefusedError
from generator.model import Counted, Delivery
from generator.pipeline.init import init
from generator.pipeline.report import make_report
from generator.pipeline.report_files import Made, Written, packed_ids, unpacked_ids, write_report
from generator.pipeline.report_period import year_period, years_period
from generator.pipeline.tracing import answer, asked_period, document_figures, period_figures
from generator.pipeline.workspace import Workspace
from generator.stages.register.blocks import pack
from generator.stages.register.database import Register
from report_cases import TEMPLATES, forms
from report_years_cases import BY_YEAR, EVE, KNOWN, PLAN, RETURNS, TOTAL, YEARS, template


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the shipped forms and a small summary of its own."""
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    reports = tmp_path / "templates" / "reports"
    (reports / "tong-ket.yaml").write_text(PLAN, encoding="utf-8")
    (reports / "tong-ket.docx").write_bytes(template())
    (tmp_path / "inputs").mkdir()
    (tmp_path / "outputs").mkdir()
    return Workspace(tmp_path)


def filled(workspace: Workspace, returns: Sequence[Counted]) -> Register:
    workspace.register.unlink(missing_ok=True)
    register = Register.open(workspace.register)
    entries = []
    for number, one in enumerate(returns, start=1):
        said = one.submission
        delivery = Delivery(number, said.year, said.file, said.sha256, one.received)
        entries.append(pack(delivery, said, one.verdict, []))
    register.add(entries, "x")
    return register


def made(workspace: Workspace, returns: Sequence[Counted] = RETURNS, day: date | None = None) -> Made:
    with filled(workspace, returns) as register:
        return make_report(workspace, years_period(KNOWN, 2023, 2025, day), KNOWN, forms(), register)


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += ["\t".join(cell.text for cell in row.cells) for row in table.rows]
    return "\n".join(lines).replace("\u00a0", " ")


# --- what the document says -----------------------------------------------------------------


def test_years_add_up_and_are_compared_from_the_first_to_the_last(workspace):
    text = text_of(made(workspace).rendered.content)
    assert "03 năm 2023-2025, Sở Dân tộc và Tôn giáo, bản đồ 14/12/2025" in text
    assert "Năm 2023: 61.200.000" in text
    assert "Năm 2024: 90.800.000" in text
    assert "Năm 2025: 130.800.000" in text
    assert "Cả kỳ 282.800.000, tăng 113,7%, tự kê 2024: 5.000.000" in text
    assert "Căn cứ 16-CT/TU" in text
    assert "2305/KH-UBND" not in text


def test_scaled_years_and_shares_add_up_as_they_are_shown(workspace):
    found = {one.code: one for one in made(workspace).figures}
    assert sum(found[f"nam_trieu[{year}]"].value for year in YEARS) == found["nam_trieu[tong]"].value == 283
    assert sum(found[f"ty_trong[{year}]"].value for year in YEARS) == 100


@pytest.mark.parametrize(
    ("day", "rows"),
    [
        (None, [("xã Trà Tập", TOTAL, 61_200_000, 90_800_000, 130_800_000)]),
        (
            EVE,
            [
                ("xã Trà Tập", 101_200_000, 10_400_000, 90_800_000, 0),
                ("xã Trà Cang", 50_800_000, 50_800_000, 0, 0),
                # what was given to the merged commune cannot be divided: it stays where it was reported
                ("xã Trà Tập", 130_800_000, 0, 0, 130_800_000),
            ],
        ),
    ],
)
def test_communes_are_shown_on_the_map_of_the_day_that_was_asked_for(workspace, day, rows):
    text = text_of(made(workspace, day=day).rendered.content)
    shown = [line.replace(".", "").replace("; ", "\t").split("\t") for line in text.splitlines() if "\t" in line]
    numbers = [(name, *(int(cell) if cell.isdigit() else 0 for cell in cells[:4])) for name, *cells in shown]
    assert sorted(one for one in numbers if one[1]) == sorted(rows)


def test_gifts_that_only_receivers_tell_stand_apart_with_their_cells(workspace):
    report = made(workspace)
    assert "Chỉ nơi nhận kê: 04 khoản, 19.000.000" in text_of(report.rendered.content)
    found = {one.code: one for one in report.figures}
    # the gift of the giver that was not heard is among them, and told again by itself
    silent = found["gia_tri_don_vi_chua_tong_hop"].values
    assert (found["gia_tri_don_vi_chua_tong_hop"].value, found["so_khoan_don_vi_chua_tong_hop"].value) == (9_000_000, 1)
    own = sorted(set(found["gia_tri_chi_noi_nhan_ke"].values) - set(silent))
    assert own == ["KN-02/2024/XA-0001/r1/10", "KN-02/2025/XA-0003/r1/5"]
    assert len(found["so_khoan_chi_noi_nhan_ke"].values) == 4
    with filled(workspace, RETURNS) as register:
        stored = register.values((*own, *silent, *found["gia_tri_ke_lai"].values))
    assert sorted(one.value.value for one in stored.values()) == [3_000_000, 7_000_000, 9_000_000, 111_000_000]
    assert (found["so_dong_ke_lai"].value, found["gia_tri_ke_lai"].value) == (1, 111_000_000)


def test_events_assignments_and_silence_are_told(workspace):
    text = text_of(made(workspace).rendered.content)
    merged = "sắp xếp xã Trà Tập và xã Trà Cang thành xã Trà Tập"
    assert f"Từ ngày 01/7/2025, {merged} (Nghị quyết số 1659/NQ-UBTVQH15 ngày 16/6/2025)" in text
    assert f"Tóm tắt: {merged}" in text
    assert "So sánh: Để so sánh được giữa các năm" in text
    assert "Chưa có: xã Trà Vân" in text
    assert "Chưa có: xã Trà Tập" not in text
    # Hội E owed since the first campaign; Sở D stands for Sở B, which reported in 2024
    assert "Hội E (minh họa): 04 năm liền" in text
    assert text.count("năm liền") == 1
    assert "Sở B (minh họa) thành Sở D (minh họa)" in text
    assert "Hội E (minh họa): 2023 chua_gui 2024 chua_gui 2025 chua_gui" in text
    assert "Sở D (minh họa): 2023 khong_phai_bao_cao 2024 khong_phai_bao_cao 2025 dung_han" in text


# --- files ----------------------------------------------------------------------------------


def written(workspace: Workspace, returns: Sequence[Counted] = RETURNS) -> Written:
    return write_report(workspace, made(workspace, returns))


def test_the_document_lies_in_the_folder_of_its_years_and_is_the_same_on_every_run(workspace):
    first = written(workspace)
    assert first.document == workspace.outputs / "2023-2025" / "bao-cao-tong-ket-2023-2025.docx"
    before = {path.name: path.read_bytes() for path in first.document.parent.iterdir()}
    written(workspace, list(reversed(RETURNS)))
    assert {path.name: path.read_bytes() for path in first.document.parent.iterdir()} == before
    told = json.loads(first.manifest.read_text(encoding="utf-8"))
    assert (told["years"], told["map_date"]) == ([2023, 2024, 2025], "2025-12-14")
    assert told["sha256"] == hashlib.sha256(first.document.read_bytes()).hexdigest()
    assert len(told["inputs"]) == len(RETURNS)


@given(st.lists(st.builds("{}/{}".format, st.sampled_from(["KN-01/2025/A/r1", "B/r2"]), st.integers(1, 9))))
def test_ids_come_back_from_a_manifest_in_their_order(ids):
    assert unpacked_ids(packed_ids(ids)) == tuple(ids)


def test_ids_of_one_return_are_packed_together():
    assert packed_ids(["a/r1/5", "a/r1/9", "b/r1/5", "a/r1/1"]) == ["a/r1/5,9", "b/r1/5", "a/r1/1"]


def test_an_edited_summary_is_kept(workspace):
    first = written(workspace)
    first.document.write_bytes(first.document.read_bytes() + b" ")
    assert written(workspace).document.name == "bao-cao-tong-ket-2023-2025-moi.docx"


@pytest.mark.parametrize(("change", "code"), [("period: years", "report.wrong_period"), ("", "definition.unreadable")])
def test_a_summary_without_a_plan_for_years_is_refused(workspace, change, code):
    plan = workspace.templates / "reports" / "tong-ket.yaml"
    if change:
        plan.write_text(PLAN.replace(change, "period: year"), encoding="utf-8")
    else:
        plan.unlink()
    with pytest.raises(RefusedError) as refused:
        made(workspace)
    assert [found.code for found in refused.value.issues] == [code]


# --- trace ----------------------------------------------------------------------------------


def test_trace_knows_the_arithmetic_and_what_was_left_out_from_years_and_from_the_document(workspace):
    report = written(workspace)
    period = asked_period(KNOWN, "2023-2025")
    assert period is not None
    with Register.open(workspace.register) as register:
        for known in (
            period_figures(workspace, period, KNOWN, forms(), register),
            document_figures(workspace, report.document),
        ):
            found = answer(register, known, "thay_doi", "2023-2025")
            (told,) = found.contract()
            assert told["printed"] == "113,7%"
            assert told["formula"] == "(A − B) / B × 100"
            assert [(part["code"], part["value"]) for part in told["parts"]] == [
                ("theo_nam[2025]", BY_YEAR[2025]),
                ("theo_nam[2023]", BY_YEAR[2023]),
            ]
            assert sum(cell["value"] for cell in told["cells"]) == BY_YEAR[2023] + BY_YEAR[2025]
            (note,) = found.issues
            assert (note.code, note.params["count"]) == ("trace.left_out", "3")
            assert "dv-0004" in note.params["first"]


@pytest.mark.parametrize(("target", "name"), [("2025", "2025"), ("2023-2025", "2023-2025"), ("bao-cao.docx", None)])
def test_a_target_is_a_year_years_or_a_document(target, name):
    found = asked_period(KNOWN, target)
    assert (found.name if found else None) == name


def test_one_year_and_several_are_reported_from_one_register(workspace):
    with filled(workspace, RETURNS) as register:
        year = make_report(workspace, year_period(KNOWN, 2025), KNOWN, forms(), register)
        years = make_report(workspace, years_period(KNOWN, 2024, 2025), KNOWN, forms(), register)
    assert (year.name, years.name) == ("bao-cao-so-ket-2025.docx", "bao-cao-tong-ket-2024-2025.docx")
    of_year = next(one.value for one in year.figures if one.code == "tong_gia_tri")
    assert of_year == next(one.value for one in years.figures if one.code == "theo_nam[2025]") == BY_YEAR[2025]


# --- the commands ---------------------------------------------------------------------------


def test_the_command_refuses_what_makes_no_sense(tmp_path):
    root = tmp_path / "viec"
    init(root)
    for words, exit_code, shown in (
        (["2025", "2024"], 1, "report.years_order"),
        (["2019", "2025"], 1, "year.no_campaign"),
        (["2024", "2025", "--map-date", "2019-01-01"], 1, "report.map_date"),
        (["2024", "2025", "--map-date", "1/7/2025"], 2, "2025-07-01"),
    ):
        refused = CliRunner().invoke(main, ["-w", str(root), "report", "five-year", *words])
        assert (refused.exit_code, shown in refused.output) == (exit_code, True), refused.output
