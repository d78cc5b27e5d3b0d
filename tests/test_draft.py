"""The draft of a report: a comment at each figure whose command gives that figure, marks on what is missing."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from draft_cases import KNOWN, Case, drafted, empty_workspace, filled, many_returns
from draft_reading import Placed, Spoken, spoken, texts, to_be_told
from generator.cli import main
from generator.issues import Place
from generator.pipeline.init import init
from generator.pipeline.inspecting import inspect_files
from generator.pipeline.report_files import write_report
from generator.pipeline.report_period import year_period, years_period
from generator.pipeline.tracing import answer, document_figures, known_of
from generator.pipeline.workspace import Workspace

VALIDATOR = Path(__file__).parent / "clients" / "node_modules" / ".bin" / "ooxml-validator"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return empty_workspace(tmp_path_factory.mktemp("du-thao"))


@pytest.fixture(scope="module")
def year_case(workspace: Workspace) -> Case:
    return Case(workspace, year_period(KNOWN, 2025))


@pytest.fixture(scope="module")
def years_case(workspace: Workspace) -> Case:
    return Case(workspace, years_period(KNOWN, 2024, 2025))


@pytest.fixture(params=["year", "years"])
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.getfixturevalue(f"{request.param}_case")
    return found


# --- a comment at each figure ---------------------------------------------------------------


def code_of(comment: Spoken) -> str:
    return comment.asked[-1]


def test_each_figure_of_the_body_and_of_the_totals_has_one_comment_and_no_row_has_any(case: Case) -> None:
    expected = sorted(to_be_told(case.by_hand))
    found = sorted(Placed(*one[:3], code_of(one)) for one in case.figures)
    in_sentences = [one for one in found if one.code.startswith("bien_dong_tom_tat")]
    assert [one for one in found if one not in in_sentences] == expected
    assert len(expected) > 100
    assert [case.figures[found.index(one)].words for one in in_sentences] == ["10 đơn vị", "10 đơn vị"]


def test_the_line_of_each_comment_typed_as_it_stands_gives_the_figure_it_stands_beside(
    case: Case, workspace: Workspace
) -> None:
    known = known_of(case.signed)
    assert {one.asked[2] for one in case.figures} == {case.draft.period.name}
    with filled(workspace, many_returns()) as register:
        for code in sorted({code_of(one) for one in case.figures}):
            (found,) = answer(register, known, code, case.draft.period.name).figures
            printed = {one.words for one in case.figures if code_of(one) == code}
            assert printed <= {*found.printed}, code


def test_the_numbers_that_a_comment_tells_are_those_that_trace_tells(case: Case, workspace: Workspace) -> None:
    known = known_of(case.signed)
    comments = {code_of(one): one.text for one in case.figures}
    with filled(workspace, many_returns()) as register:
        told = answer(register, known, "", "").contract()
    for one in told:
        if (text := comments.get(one["figure"])) is None:
            continue
        exact = f"{one['value']:,}" if isinstance(one["value"], int) else str(one["value"]).rstrip("0").rstrip(".")
        exact = exact.replace(",", "_").replace(".", ",").replace("_", ".")
        assert f": {exact}" in text.partition("\n")[0], text
        returns = {value.rpartition("/")[0] for value in one["values"]}
        if returns and one["aggregation"] != "obligations":
            assert f" {len(one['cells'])} ô" in text, text
            assert f"trong {len(returns)} báo cáo" in text, text
        cells = {f"{cell['sheet']}!{cell['cell']}" for cell in one["cells"]}
        named = [line for line in text.split("\n") if line.startswith("- ") and "!" in line]
        assert all(any(cell in line for cell in cells) for line in named), text
        assert [line.partition(" = ")[0] for line in text.split("\n") if " = " in line] == [
            "ABCDEF"[at] for at in range(min(len(one["parts"]), 6))
        ]


def test_the_largest_contributions_come_first(year_case: Case) -> None:
    text = next(one.text for one in year_case.figures if code_of(one) == "tong_gia_tri")
    assert text.replace("\u00a0", " ").split("\n") == [
        "Tổng giá trị hỗ trợ: 14.340.000 đồng. Chữ in “hơn 14,3 triệu đồng” đã làm tròn.",
        "Cách làm: tổng của 8 ô “Giá trị”, trong 4 báo cáo (KN-01; năm 2025).",
        "Nhiều nhất:",
        "- 4.936.000: Sở (minh họa) 04, hoat_dong!F12, tệp dv-0004-r1.xlsx",
        "- 3.702.000: Sở (minh họa) 03, hoat_dong!F12, tệp dv-0003-r1.xlsx",
        "- 2.468.000: Sở (minh họa) 02, hoat_dong!F12, tệp dv-0002-r1.xlsx",
        "ketnghia trace 2025 tong_gia_tri",
    ]


# --- the document itself --------------------------------------------------------------------


def test_the_signed_document_is_what_it_was_and_the_draft_says_the_same(case: Case) -> None:
    assert case.marked.rendered.content == case.signed.rendered.content
    assert texts(case.draft.rendered.content) == texts(case.signed.rendered.content)
    assert not list(spoken(case.signed.rendered.content))
    with (
        zipfile.ZipFile(io.BytesIO(case.signed.rendered.content)) as old,
        zipfile.ZipFile(io.BytesIO(case.draft.rendered.content)) as new,
    ):
        assert {*new.namelist()} - {*old.namelist()} == {"word/comments.xml"}
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}


def test_a_draft_is_the_same_on_every_run_and_in_any_order_of_arrival(workspace: Workspace, year_case: Case) -> None:
    again = drafted(workspace, [*reversed(many_returns())])
    assert again.rendered.content == year_case.draft.rendered.content


def test_the_law_on_form_and_the_open_xml_sdk_say_of_the_draft_what_they_say_of_the_report(
    case: Case, tmp_path: Path
) -> None:
    paths = [tmp_path / "bao-cao.docx", tmp_path / "du-thao.docx"]
    for path, made in zip(paths, (case.signed, case.draft), strict=True):
        path.write_bytes(made.rendered.content)
    signed, draft = ([replace(one, place=Place()) for one in each.issues] for each in inspect_files(paths, tmp_path))
    assert draft == signed
    judged = subprocess.run([VALIDATOR, paths[1]], capture_output=True, text=True, timeout=120, check=False)
    assert json.loads(judged.stdout)["errors"] == []


def test_the_draft_lies_beside_the_report_and_disturbs_it_not(workspace: Workspace, case: Case) -> None:
    folder = workspace.outputs / case.draft.period.name
    shutil.rmtree(folder, ignore_errors=True)
    signed = write_report(workspace, case.signed)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    draft = write_report(workspace, case.draft)
    assert draft.document.name == signed.document.name.replace(".docx", "-du-thao.docx")
    assert before.items() <= {path.name: path.read_bytes() for path in folder.iterdir()}.items()
    assert [one.figure.code for one in document_figures(workspace, draft.document).figures] == [
        one.figure.code for one in document_figures(workspace, signed.document).figures
    ]
    worked_in = draft.document.read_bytes() + b" "
    draft.document.write_bytes(worked_in)
    again = write_report(workspace, case.draft)
    assert draft.document.read_bytes() == worked_in
    assert again.document.name == draft.document.name.replace(".docx", "-moi.docx")
    assert [one.code for one in again.issues if one.code == "report.edited"] == ["report.edited"]


def test_of_another_map_only_the_draft_itself_is_asked(workspace: Workspace) -> None:
    made = drafted(workspace, many_returns(), years_period(KNOWN, 2024, 2025, date(2025, 6, 30)))
    assert {one.asked[2] for one in spoken(made.rendered.content) if one.asked} == {
        f"outputs/2024-2025/{made.name}",
    }


# --- the command ----------------------------------------------------------------------------


def test_the_command_writes_the_draft_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "viec"
    init(root)
    run = CliRunner()
    made = run.invoke(main, ["-w", str(root), "report", "year", "2025", "--draft"])
    assert (made.exit_code, made.exception) == (0, None), made.output
    assert "Đã ghi outputs/2025/bao-cao-so-ket-2025-du-thao.docx" in made.output
    written = root / "outputs/2025/bao-cao-so-ket-2025-du-thao.docx"
    names = {path.name for path in written.parent.iterdir()}
    assert {name for name in names if name.endswith(".docx")} == {written.name}
    manifest = json.loads(written.with_name("bao-cao-so-ket-2025-du-thao.manifest.json").read_text(encoding="utf-8"))
    assert manifest["sha256"] == hashlib.sha256(written.read_bytes()).hexdigest()
    asked = next(one.asked for one in spoken(written.read_bytes()) if one.asked[-1:] == ["so_don_vi"])
    told = run.invoke(main, ["-w", str(root), *asked[1:], "--json"])
    assert [one["figure"] for one in json.loads(told.stdout)] == ["so_don_vi"]
