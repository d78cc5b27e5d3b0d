"""What users meet when something is wrong: a clear Vietnamese sentence, its cure, the right exit code, no harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk import document, export, ketnghia, report, standing, without_results, worked
from failures import (
    FORM,
    PLAN,
    REPORT,
    WORD,
    Situation,
    another_run,
    appended,
    file_in_the_way,
    folder_in_the_way,
    gone,
    junk,
    narrowed,
    nothing,
    plain_user,
    read_only,
    replaced,
    small_disk,
    word_template,
)

WRONG_TYPE = replaced(
    FORM, "type: integer\n        prefill: campaign.year", "type: interger\n        prefill: campaign.year"
)
NO_YEAR = "Danh bạ không có đợt báo cáo năm 2031; các năm đang có: 2024, 2025."
IN_THE_WAY = "chỗ cần một thư mục lại là một tệp, hoặc ngược lại"

SITUATIONS = (
    Situation("year_ingest", nothing, ("ingest", 2031), 1, "year.no_campaign", "inputs/registry.xlsx", NO_YEAR),
    Situation("year_report", nothing, ("report", "year", 2031), 1, "year.no_campaign", "registry.xlsx", NO_YEAR),
    Situation("year_status", nothing, ("status", 2031, "--json"), 1, "year.no_campaign", "registry.xlsx", NO_YEAR),
    Situation("year_blank", nothing, ("blank", 2031), 1, "year.no_campaign", "registry.xlsx", NO_YEAR),
    Situation("form_check", WRONG_TYPE, ("check",), 1, "form.unknown_type", f"{FORM}:98", "không có kiểu “interger”"),
    Situation("form_report", WRONG_TYPE, REPORT, 1, "form.unknown_type", f"{FORM}:98", "không có kiểu “interger”"),
    Situation("form_blank", replaced(FORM, "    title: Thông tin chung", "    title: [Thông tin chung"),
              ("blank", 2025), 1, "yaml.syntax", f"{FORM}:78", "Không hiểu cách viết"),
    Situation("plan_figure", replaced(PLAN, "from: KN-01.so_van_ban", "from: KN-01.so_van_bản"),
              REPORT, 1, "plan.unknown_field", f"{PLAN}:", "so_van_bản"),
    Situation("word_name", appended("Tổng {{ tong_gia_tr }} đồng"), REPORT, 1, "report.unknown_name", f"{WORD}:đoạn",
              "không có tên này: “Tổng {{ tong_gia_tr }} đồng”"),
    Situation("word_open", appended("Tổng {% if tong_gia_tri đồng"), REPORT, 1, "template.tag_unclosed", f"{WORD}:đoạn",
              "mở ra mà không đóng"),
    Situation("word_code", appended("{{ ''.__class__ }}"), REPORT, 1, "template.unsafe", f"{WORD}:đoạn",
              "không được phép"),
    Situation("word_table", word_template(narrowed), REPORT, 1, "geometry.row_width", "Bảng", "cột"),
    Situation("word_junk", junk(WORD), REPORT, 1, "office.damaged", WORD, "bị hỏng"),
    Situation("word_gone", gone(WORD), REPORT, 1, "report.no_template", PLAN, "Không có mẫu Word “so-ket.docx”"),
    Situation("registry_gone", gone("inputs/registry.xlsx"), REPORT, 1, "registry.missing", "inputs/registry.xlsx",
              "Không mở được danh bạ"),
    Situation("folder_is_file", file_in_the_way("outputs/2025"), REPORT, 3, "workspace.not_folder", "outputs/2025",
              IN_THE_WAY),
    Situation("outputs_is_file", file_in_the_way("outputs"), ("blank", 2025), 3, "workspace.not_folder", "outputs",
              IN_THE_WAY),
    Situation("register_is_folder", folder_in_the_way("outputs/register.sqlite"), ("status", 2025), 3,
              "workspace.refused", "register.sqlite", "Hệ thống không cho đọc hoặc ghi"),
    Situation("no_report", nothing, ("trace", "la.docx", "x"), 1, "trace.no_report", "la.docx",
              "Không tìm thấy báo cáo"),
    Situation("no_path", nothing, ("ingest", 2025, "khong-co.xlsx"), 1, "inputs.no_path", "khong-co.xlsx",
              "Không có tệp"),
)  # fmt: skip


def faults(told: str) -> list[tuple[str, str, str]]:
    """Each fault as the user reads it: the line with place and sentence, the cure below it, the code."""
    return re.findall(r"^(.+)\n {4}(\S.*)  \[([a-z_.]+)\]$", told, re.MULTILINE)


def check_told(told: str, issue: str, place: str, sentence: str) -> None:
    """One line says where and what, the next one what to do, in Vietnamese."""
    line, cure, _ = next(one for one in faults(told) if one[2] == issue)
    assert place in line
    assert sentence in line
    assert re.search("[à-ỹđ]", cure), cure
    assert "{" not in re.sub(r"\{\{[^}]*\}\}|\{%[^}]*%\}", "", cure)


@pytest.mark.parametrize("met", SITUATIONS, ids=[met.name for met in SITUATIONS])
def test_a_fault_is_told_with_its_place_its_cure_and_the_right_exit_code(met: Situation, demo_copy: Path) -> None:
    made = document(demo_copy, 2025).read_bytes()
    met.prepare(demo_copy)
    before = standing(demo_copy)
    ran = ketnghia(demo_copy, *met.words)
    assert ran.code == met.code, ran.told
    check_told(ran.told, met.issue, met.place, met.sentence)
    assert standing(demo_copy) == before
    if document(demo_copy, 2025).exists():
        assert document(demo_copy, 2025).read_bytes() == made
    if "--json" in met.words:
        assert ran.out == ""


def test_a_folder_that_is_no_workspace_is_told_to_whoever_works_in_it(tmp_path: Path) -> None:
    for words in (("status", 2025), REPORT, ("check",)):
        ran = ketnghia(tmp_path, *words)
        assert ran.code == 3
        check_told(ran.told, "workspace.missing", str(tmp_path), "Đây không phải là không gian làm việc")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_inputs_folder_is_no_error_and_says_where_to_put_files(tmp_path: Path) -> None:
    worked(tmp_path, "init", tmp_path / "ws")
    told = worked(tmp_path / "ws", "ingest", 2025)
    check_told(told, "inputs.empty", "inputs/2025", "Chưa có tệp nào để tiếp nhận")
    report(tmp_path / "ws", 2025)  # a report of nothing is a report


# --- outputs that cannot be written ---------------------------------------------------------------


def test_an_output_that_may_not_be_written_stays_and_is_explained(demo_copy: Path) -> None:
    path = document(demo_copy, 2025)
    path.write_bytes(b"old")
    path.with_name(f"{path.stem}.manifest.json").unlink()
    with read_only(path.parent):
        for words in (REPORT, ("export", 2025), ("blank", 2025)):
            ran = ketnghia(demo_copy, *words, preexec_fn=plain_user)
            assert ran.code == 3, ran.told
            check_told(ran.told, "workspace.file_open", "outputs/2025", "đang mở trong Excel, Word hoặc bị cấm")
    assert path.read_bytes() == b"old"
    worked(demo_copy, *REPORT)


@pytest.mark.parametrize("words", [REPORT, ("export", 2025), ("blank", 2025)], ids=lambda words: words[0])
def test_on_a_full_disk_the_old_file_stays(demo_copy: Path, words: tuple[object, ...]) -> None:
    if words[0] == "export":  # the demo wrote the others
        worked(demo_copy, *words)
    before = standing(demo_copy)
    ran = ketnghia(demo_copy, *words, preexec_fn=small_disk(9_000))
    assert ran.code == 3, ran.told
    check_told(ran.told, "workspace.disk_full", "", "ổ đĩa đã đầy")
    assert standing(demo_copy) == before
    assert not list(demo_copy.rglob("*.tmp"))


@pytest.mark.parametrize(("most", "issue"), [(100, "workspace.refused"), (70_000, "workspace.disk_full")])
def test_taking_in_on_a_full_disk_is_explained_and_can_be_finished(
    demo: Path, tmp_path: Path, most: int, issue: str
) -> None:
    """Whatever the disk has no room for first: the register, or what is needed to judge a return."""
    workspace = without_results(demo, tmp_path / "ws")
    ran = ketnghia(workspace, "ingest", 2024, preexec_fn=small_disk(most))
    assert ran.code == 3, ran.told
    check_told(ran.told, issue, "", "")
    assert ketnghia(workspace, "ingest", 2024).code == 1
    assert export(workspace, 2024) == export(demo, 2024)


def test_while_another_command_writes_the_second_one_is_told_to_wait(demo_copy: Path) -> None:
    with another_run(demo_copy):
        ran = ketnghia(demo_copy, "ingest", 2025)
        assert ran.code == 3
        check_told(ran.told, "workspace.locked", ".ketnghia.lock", "Một lệnh khác đang ghi")
    worked(demo_copy, "ingest", 2025)


def test_a_register_that_broke_is_made_again_without_a_word_of_the_user(demo_copy: Path) -> None:
    rows = export(demo_copy, 2025)
    junk("outputs/register.sqlite")(demo_copy)
    assert export(demo_copy, 2025) == rows
