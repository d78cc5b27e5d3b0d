"""`init` makes a workspace that `check` finds sound; `check` tells all faults of templates and registry at once."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.issues import UnusableError
from generator.pipeline.check import check
from generator.pipeline.init import shipped_templates


def ketnghia(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("khong-gian") / "moi"
    root.mkdir()
    (root / "ghi-chu.txt").write_text("của tôi", encoding="utf-8")
    result = ketnghia("init", root)
    assert result.exit_code == 0, result.output
    return root


@pytest.fixture
def workspace(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "w"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_init_makes_every_shipped_file_and_the_registry(pristine: Path) -> None:
    assert (pristine / "inputs" / "registry.xlsx").is_file()
    assert (pristine / "outputs").is_dir()
    shipped = shipped_templates()
    for folder in ("forms", "messages", "registry"):
        for path in (shipped / folder).iterdir():
            assert (pristine / "templates" / folder / path.name).read_bytes() == path.read_bytes()
    assert not list(pristine.rglob("*.py*"))


def test_a_new_workspace_has_no_fault(pristine: Path) -> None:
    result = ketnghia("-w", pristine, "check", "--comments")
    assert (result.exit_code, result.output.startswith("Không có lỗi")) == (0, True), result.output
    assert not list((pristine / "outputs").iterdir())


def test_init_changes_nothing_where_it_would_overwrite(workspace: Path) -> None:
    form = workspace / "templates" / "forms" / "kn-01.yaml"
    form.write_text("của tôi", encoding="utf-8")
    (workspace / "inputs" / "registry.xlsx").unlink()
    result = ketnghia("init", workspace)
    assert result.exit_code == 3
    assert "[workspace.would_overwrite]" in result.output
    assert form.read_text(encoding="utf-8") == "của tôi"
    assert not (workspace / "inputs" / "registry.xlsx").exists()


def test_init_lets_foreign_files_be(pristine: Path) -> None:
    assert (pristine / "ghi-chu.txt").read_text(encoding="utf-8") == "của tôi"


def test_init_below_a_file_says_why_it_cannot(tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("x", encoding="utf-8")
    result = ketnghia("init", tmp_path / "tep" / "w")
    assert (result.exit_code, "Traceback" in result.output) == (3, False)


def test_check_tells_faults_of_all_files_at_once_with_place_cure_and_code(workspace: Path) -> None:
    change(workspace / "templates" / "forms" / "kn-01.yaml", "result: hoat_dong.gia_tri", "result: hoat_dong.gia_trj")
    change(workspace / "templates" / "forms" / "kn-01.yaml", "code: tong_gia_tri_so_nam_truoc", "code: Tổng giá trị")
    change(workspace / "templates" / "messages" / "registry.yaml", "registry.twice:", "registry.twise:")
    result = ketnghia("-w", workspace, "check")
    assert result.exit_code == 1
    lines = (workspace / "templates" / "forms" / "kn-01.yaml").read_text(encoding="utf-8").splitlines()
    wrong = 1 + next(number for number, line in enumerate(lines) if "gia_trj" in line)
    assert f"templates/forms/kn-01.yaml:{wrong}: Quy tắc nhắc đến cột “hoat_dong.gia_trj”" in result.output
    assert "Có phải là “hoat_dong.gia_tri”?" in result.output
    for code in ("form.unknown_column", "definition.bad_code", "message.unknown_code"):
        assert f"[{code}]" in result.output


def test_a_warning_alone_leaves_the_exit_code_at_zero(
    workspace: Path, write_registry: Callable[[Path, str, str, str], None]
) -> None:
    write_registry(workspace, "campaigns", "2025-12-20", "2025-12-01")
    result = ketnghia("-w", workspace, "check")
    assert (result.exit_code, "[registry.deadline_early]" in result.output) == (0, True), result.output


def test_a_fault_of_the_registry_is_told_with_sheet_and_cell(
    workspace: Path, write_registry: Callable[[Path, str, str, str], None]
) -> None:
    write_registry(workspace, "assignments", "DV-0001,XA-0001", "DV-0001,XA-9999")
    result = ketnghia("-w", workspace, "check")
    assert result.exit_code == 1
    assert "inputs/registry.xlsx:Phân công!D12: Phân công cho mã “XA-9999”" in result.output


@pytest.fixture
def write_registry() -> Callable[[Path, str, str, str], None]:
    """Makes the workspace's registry anew from its CSV files after a change in one of them."""

    def write(workspace: Path, table: str, old: str, new: str) -> None:
        from generator.definitions.load import load_forms
        from generator.pipeline.registry import registry_workbook

        change(workspace / "templates" / "registry" / f"{table}.csv", old, new)
        forms, _ = load_forms(workspace / "templates" / "forms")
        content, issues = registry_workbook(forms, workspace / "templates" / "registry")
        assert issues == []
        (workspace / "inputs" / "registry.xlsx").write_bytes(content)

    return write


@pytest.mark.parametrize("left", ["", "templates", "inputs"])
def test_a_folder_that_is_no_workspace_is_unusable(tmp_path: Path, left: str) -> None:
    (tmp_path / left).mkdir(exist_ok=True)
    with pytest.raises(UnusableError) as raised:
        check(tmp_path)
    assert [found.code for found in raised.value.issues] == ["workspace.missing"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rules for names")
def test_a_definition_that_is_a_folder_or_a_dead_link_does_no_harm(workspace: Path) -> None:
    (workspace / "templates" / "forms" / "la.yaml").mkdir()
    (workspace / "templates" / "forms" / "chet.yaml").symlink_to("khong-co")
    assert ketnghia("-w", workspace, "check").exit_code == 0


def test_a_workspace_older_than_the_program_speaks_of_newer_faults_with_the_shipped_words(workspace: Path) -> None:
    (workspace / "templates" / "messages" / "registry.yaml").unlink()
    assert ketnghia("-w", workspace, "check").exit_code == 0
    (workspace / "inputs" / "registry.xlsx").unlink()
    result = ketnghia("-w", workspace, "check")
    assert result.exit_code == 1
    assert "[registry.missing]" in result.output
    assert "registry.missing:" not in result.output


def test_faults_of_forms_plans_and_word_templates_are_told_at_once_and_no_fault_twice_over(workspace: Path) -> None:
    forms, reports = workspace / "templates" / "forms", workspace / "templates" / "reports"
    change(forms / "kn-01.yaml", "type: quantity", "type: quantty")
    change(forms / "kn-01.yaml", "code: so_ky_ket", "code: so_van_ban")
    change(reports / "so-ket.yaml", "KN-01.hoat_dong.gia_tri", "KN-09.hoat_dong.gia_tri")
    template = docx.Document(str(reports / "so-ket.docx"))
    for sentence in ("Một {{ tong_gia_tr | tien }}", "Hai {% if x", "Ba {{ to\u0302\u0309ng }}"):
        template.add_paragraph(sentence)
    template.save(str(reports / "so-ket.docx"))
    result = ketnghia("-w", workspace, "check")
    codes = re.findall(r"\[([a-z_]+\.[a-z_]+)\]$", result.output, re.MULTILINE)
    assert sorted(codes) == [
        "form.two_fields",
        "form.unknown_type",
        *["plan.unknown_field"] * 2,  # both reports ask for the field that lost its code
        "plan.unknown_form",
        "report.decomposed_name",
        "report.unknown_name",
        "report.unknown_name",
        "template.tag_unclosed",
    ]
