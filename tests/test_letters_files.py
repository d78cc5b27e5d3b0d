"""Letters on the disk, their templates and plans, and the command that writes them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import letters_command, main
from generator.definitions.letters import KINDS
from generator.office.package import open_package
from generator.pipeline.letters_check import check_letters
from generator.pipeline.letters_files import place_letters
from generator.pipeline.workspace import Workspace
from report_cases import TEMPLATES


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the shipped letters and nothing else."""
    shutil.copytree(TEMPLATES / "letters", tmp_path / "templates" / "letters")
    return Workspace(tmp_path)


# --- the files ------------------------------------------------------------------------------


def test_a_letter_that_somebody_edited_is_never_overwritten(tmp_path):
    workspace, folder = Workspace(tmp_path), tmp_path / "outputs/2025/letters"
    first = place_letters(workspace, folder, {"don-doc/A.docx": b"one"})
    (folder / "don-doc/A.docx").write_bytes(b"numbered and signed")
    again = place_letters(workspace, folder, {"don-doc/A.docx": b"two"})
    assert (folder / "don-doc/A.docx").read_bytes() == b"numbered and signed"
    assert [path.name for path in (*first.paths, *again.paths)] == ["A.docx", "A-moi.docx"]
    assert [one.code for one in again.issues] == ["report.edited"]
    third = place_letters(workspace, folder, {"don-doc/A.docx": b"three"})
    assert [path.name for path in third.paths] == ["A-moi.docx"]


def test_a_letter_without_reason_any_more_goes_unless_it_was_edited(tmp_path):
    workspace, folder = Workspace(tmp_path), tmp_path / "outputs/2025/letters"
    letters = {f"don-doc/{name}.docx": name.encode() for name in "ABC"} | {"ra-soat/D.docx": b"D"}
    place_letters(workspace, folder, letters)
    (folder / "don-doc/B.docx").write_bytes(b"edited")
    left = place_letters(workspace, folder, {"don-doc/C.docx": b"C"}, replaced="don-doc/")
    assert sorted(path.name for path in folder.rglob("*.docx")) == ["B.docx", "C.docx", "D.docx"]
    assert [(one.code, one.place.file) for one in left.issues] == [
        ("letters.kept", "outputs/2025/letters/don-doc/B.docx")
    ]


def test_a_run_cut_short_is_not_taken_for_an_edit(tmp_path, monkeypatch):
    workspace, folder = Workspace(tmp_path), tmp_path / "letters"
    place_letters(workspace, folder, {"A.docx": b"one"})

    def refuse(path: Path, content: bytes) -> None:
        if path.suffix == ".docx":
            path.write_bytes(content)
            raise KeyboardInterrupt
        path.write_bytes(content)

    monkeypatch.setattr("generator.pipeline.letters_files.write_atomic", refuse)
    with pytest.raises(KeyboardInterrupt):
        place_letters(workspace, folder, {"A.docx": b"two"})
    monkeypatch.undo()
    assert [path.name for path in place_letters(workspace, folder, {"A.docx": b"three"}).paths] == ["A.docx"]


# --- templates ------------------------------------------------------------------------------


def test_the_shipped_letters_have_no_fault():
    assert check_letters(TEMPLATES / "letters") == []
    assert sorted(path.stem for path in (TEMPLATES / "letters").glob("*.yaml")) == sorted(KINDS)


def _edited(workspace: Workspace, part: str, old: str, new: str) -> None:
    path = workspace.templates / "letters" / "don-doc.docx"
    package, _ = open_package(path.read_bytes(), "x")
    assert package is not None
    text = package.read(part).decode()
    assert old in text
    path.write_bytes(package.replace({part: text.replace(old, new, 1).encode()}))


@pytest.mark.parametrize(
    ("part", "old", "new", "code"),
    [
        ("word/document.xml", "{{ noi_gui }}", "{{ noi_gi }}", "report.unknown_name"),
        ("word/document.xml", "{{ b.bieu }}", "{{ b.bieux }}", "report.unknown_part"),
        ("word/document.xml", "{%p endif %}", "", "template.block_unclosed"),
        ("word/footer1.xml", "{% if minh_hoa %}", "{{ kinh_gui }}{% if minh_hoa %}", "letters.header_name"),
    ],
)
def test_a_fault_in_a_template_is_told_with_its_place(workspace, part, old, new, code):
    _edited(workspace, part, old, new)
    found = check_letters(workspace.templates / "letters")
    assert code in [one.code for one in found]
    assert all(one.place.spot for one in found if one.code == code)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("template: don-doc.docx", "template: mat.docx", "report.no_template", 0),
        ("template: don-doc.docx", "template: ../mat.docx", "plan.bad_file_name", 4),
        ("subject:", "subjcet:", "definition.unknown_key", 3),
        ("  thoi_han:", "  ngay:", "plan.reserved_name", 17),
    ],
)
def test_a_fault_in_a_plan_is_told_with_its_line(workspace, old, new, code, line):
    path = workspace.templates / "letters" / "don-doc.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    found = {one.code: one.place.line for one in check_letters(workspace.templates / "letters")}
    assert found[code] == line


# --- the command ----------------------------------------------------------------------------


def test_the_command_knows_every_kind():
    assert tuple(KINDS) == letters_command.KINDS


def test_the_command_writes_letters_and_says_when_there_is_no_reason(tmp_path):
    def run(*typed: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["-w", str(tmp_path / "ws"), *typed])
        return result.exit_code, result.output

    assert run("init", str(tmp_path / "ws"))[0] == 0
    code, said = run("letters", "2025", "--kind", "don-doc", "--day", "2025-12-29", "--partner", "DV-0001")
    assert code == 0, said
    assert "Đã ghi outputs/2025/letters/don-doc/DV-0001-cong-van-don-doc-2025.docx" in said
    code, said = run("letters", "2025", "--kind", "don-doc", "--day", "2025-12-29", "--one-file", "-p", "DV-0001")
    assert (code, said.strip()) == (0, "Đã ghi 1 công văn vào outputs/2025/letters/cong-van-don-doc-2025.docx")
    code, said = run("letters", "2025", "--kind", "ra-soat")
    assert (code, "Không có số liệu nào của hai bên khác nhau" in said) == (0, True)
    assert run("letters", "2025", "--kind", "don-doc", "--partner", "DV-9999")[0] == 1
    assert run("letters", "2025", "--kind", "don-doc", "--day", "29/12")[0] == 2
    assert run("letters", "1999", "--kind", "don-doc")[0] == 1
