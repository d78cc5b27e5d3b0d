"""One file says how the office writes: reports and letters follow it, and so does inspection."""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn

from generator.cli import main
from generator.definitions.load import load_messages
from generator.definitions.load_layout import load_layers
from generator.issues import RefusedError
from generator.model import Delivery, Partner, Registry, Setting
from generator.office.document import read_document
from generator.pipeline.desk import Desk
from generator.pipeline.house import LETTER, REPORT, house_of
from generator.pipeline.letters import make_letters
from generator.pipeline.letters_check import load_letter
from generator.pipeline.report import make_report
from generator.pipeline.report_period import year_period
from generator.pipeline.workspace import Workspace
from generator.stages.inspect import inspect
from generator.stages.register.blocks import pack
from generator.stages.register.database import Register
from generator.vietnamese.house import NO_BREAK
from generator.vietnamese.order import order_key
from report_cases import TEMPLATES, counted, forms, gift, partner, registry

DAY = date(2025, 12, 29)
OTHER = {"wanted: true": "wanted: false", "like: hòa": "like: hoà", "word: lẻ": "word: linh"}
"""The shipped choices and the other ones."""
GIVERS = ("Đoàn (minh họa) Thủy lợi", "Sở (minh họa) Đỏ", "Dân quân (minh họa)", "Sở (minh họa) Dệt")
SOME = (
    *(partner(f"DV-{at:04d}", name) for at, name in enumerate(GIVERS, start=1)),
    Partner("XA-0001", "xã Hòa Bắc", "xa", False, True, district="Nam Trà My"),
    Partner("XA-0002", "xã Hoà Nam", "xa", False, True, district="Nam Trà My"),
)


def bare(folder: Path) -> Workspace:
    """A workspace with the shipped templates and nothing else."""
    shutil.copytree(TEMPLATES, folder / "templates")
    (folder / "inputs").mkdir()
    (folder / "outputs").mkdir()
    return Workspace(folder)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return bare(tmp_path)


def choose(workspace: Workspace, changes: dict[str, str]) -> None:
    """Changes the office's choices as somebody does with a text editor."""
    path = workspace.templates / "standards" / "co-quan.yaml"
    text = path.read_text(encoding="utf-8")
    for before, after in changes.items():
        assert text.count(before + ",") + text.count(before + "\n") == 1, before
        text = re.sub(rf"{before}(?=[,\n])", after, text)
    path.write_text(text, encoding="utf-8")


def known(issuer: str = "SỞ DÂN TỘC VÀ TÔN GIÁO") -> Registry:
    found = registry(owed=("KN-01",))
    settings = tuple(one for one in found.settings if one.name != "co_quan_ban_hanh")
    return replace(found, partners=SOME, settings=(*settings, Setting("co_quan_ban_hanh", issuer)))


def filled(workspace: Workspace) -> Register:
    rows = [gift(5_000_000, "nha_o", so_ho=5), gift(1_234_567, "van_hoa_the_thao", commune="XA-0002")]
    said = {"ton_tai": "Bà con khoẻ, hòa thuận; 5 xã còn xoá nhà tạm", "so_buoi_quan_triet": 3}
    returns = [counted("DV-0001", rows, said), counted("DV-0004", rows, {**said, "ton_tai": "Việc xóa nhà tạm chậm"})]
    workspace.register.unlink(missing_ok=True)
    register = Register.open(workspace.register)
    entries = []
    for number, one in enumerate(returns, start=1):
        file = one.submission
        delivery = Delivery(number, file.year, file.file, file.sha256, one.received)
        entries.append(pack(delivery, file, one.verdict, []))
    register.add(entries, "x")
    return register


def report(workspace: Workspace, issuer: str = "SỞ DÂN TỘC VÀ TÔN GIÁO") -> bytes:
    of = known(issuer)
    with filled(workspace) as register:
        return make_report(workspace, year_period(of, 2025), of, forms(), register).rendered.content


def letter(workspace: Workspace, issuer: str = "SỞ DÂN TỘC VÀ TÔN GIÁO") -> bytes:
    of = known(issuer)
    with filled(workspace) as register:
        desk = Desk(workspace, 2025, of.campaigns[-1], of, forms(), register, (), ())
        definition, found = load_letter(workspace.templates / "letters" / "don-doc.yaml")
        assert definition is not None, found
        return make_letters(desk, definition, DAY)[0].render("DV-0002")[0]


def texts(content: bytes) -> str:
    body = Document(io.BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in one.iter(qn("w:t"))) for one in body.iter(qn("w:p")))


def findings(workspace: Workspace, content: bytes) -> list[str]:
    """What inspection says of the language and of lines, with the choices of the workspace."""
    layers, faults = load_layers(workspace.templates / "standards")
    assert faults == []
    document, broken = read_document(content, "x.docx")
    assert (broken, document is None) == ([], False)
    told = [one.issue for one in inspect(document, layers)]
    return [
        f"{one.code} {one.params['found']}" for one in told if one.code in ("inspect.house_style", "inspect.line_below")
    ]


class Written(NamedTuple):
    """A workspace, its report and a letter."""

    workspace: Workspace
    report: bytes
    letter: bytes


def written(folder: Path, changes: dict[str, str]) -> Written:
    made = bare(folder)
    choose(made, changes)
    return Written(made, report(made), letter(made))


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """As shipped."""
    return written(tmp_path_factory.mktemp("thuong"), {})


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """All choices the other way."""
    return written(tmp_path_factory.mktemp("khac"), OTHER)


# --- what is written ------------------------------------------------------------------------


def spaced(content: bytes) -> str:
    return texts(content).replace(NO_BREAK, " ")


@pytest.mark.parametrize(
    ("before", "after"), [("có 02/04 đơn vị", "có 2/4 đơn vị"), ("Văn hóa, thể thao", "Văn hoá, thể thao")]
)
def test_counts_and_tones_of_a_report_follow_the_choice(
    usual: Written, other: Written, before: str, after: str
) -> None:
    assert (before in spaced(usual.report), after in spaced(usual.report)) == (True, False)
    assert (before in spaced(other.report), after in spaced(other.report)) == (False, True)


@pytest.mark.parametrize(
    ("before", "after"), [("đã quá hạn 09 ngày", "đã quá hạn 9 ngày"), ("thời hạn 05 ngày", "thời hạn 5 ngày")]
)
def test_counts_of_a_letter_follow_the_choice(usual: Written, other: Written, before: str, after: str) -> None:
    assert (before in spaced(usual.letter), after in spaced(usual.letter)) == (True, False)
    assert (before in spaced(other.letter), after in spaced(other.letter)) == (False, True)


@pytest.mark.parametrize(
    "kept",
    [
        "hoẻ, hòa thuận; 5 xã còn xoá nhà tạm",
        "xóa nhà tạm chậm",
        "ã Hòa Bắc",
        "ã Hoà Nam",
        *GIVERS,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Ủy ban nhân dân tỉnh",
    ],
)
def test_partners_names_and_quotations_are_printed_as_they_were_written(
    usual: Written, other: Written, kept: str
) -> None:
    assert kept in spaced(usual.report)
    assert kept in spaced(other.report)


def test_a_template_can_print_a_number_in_words_in_either_house(workspace: Workspace) -> None:
    path = workspace.templates / "letters" / "don-doc.docx"
    opened = Document(path)
    line = next(one for one in opened.paragraphs if one.text.startswith("Triển khai"))
    line.insert_paragraph_before("Bằng chữ: {{ 105 | bang_chu }} đồng, {{ 5 | bang_chu | hoa_dau }}.", line.style)
    opened.save(path)
    assert "Bằng chữ: một trăm lẻ năm đồng, Năm." in spaced(letter(workspace))
    choose(workspace, OTHER)
    assert "Bằng chữ: một trăm linh năm đồng, Năm." in spaced(letter(workspace))


def test_what_a_number_counts_stays_on_its_line(usual: Written, other: Written) -> None:
    for content in (usual.report, usual.letter, other.report, other.letter):
        told = re.sub(r"“[^”]*”", "", texts(content))
        assert re.findall(r"\b\d{1,3} (?:đơn vị|hoạt động|lượt|hộ|xã|ngày làm việc|khoản)\b", told) == []
        assert re.search(rf"\d{NO_BREAK}(?:đơn|ngày)", told)


def test_the_usual_choice_and_none_at_all_write_the_same(usual: Written, workspace: Workspace) -> None:
    (workspace.templates / "standards" / "co-quan.yaml").write_text(
        "code: co_quan\nlayer: co_quan\ndocument: Quy ước\nelements:\n  than_van_ban:\n    rules: {}\n",
        encoding="utf-8",
    )
    assert letter(workspace) == usual.letter


def test_names_in_prose_and_annexes_stand_in_the_order_of_the_alphabet(usual: Written) -> None:
    in_order = ["Dân quân (minh họa)", "Đoàn (minh họa) Thủy lợi", "Sở (minh họa) Dệt", "Sở (minh họa) Đỏ"]
    assert sorted(GIVERS, key=order_key) == in_order
    (told,) = re.findall(r"chưa gửi báo cáo \(([^)]*\)[^)]*\)[^)]*)\)", texts(usual.report))
    assert told == "Dân quân (minh họa), Sở (minh họa) Đỏ"
    annexes = [
        names
        for table in Document(io.BytesIO(usual.report)).tables
        if len(names := [row.cells[1].text for row in table.rows if row.cells[1].text in GIVERS]) > 1
    ]
    assert annexes[0] == in_order
    # Phụ lục IV lists some of them again, by what has become of their returns
    assert [sorted(names, key=order_key) for names in annexes] == annexes


# --- what is inspected ----------------------------------------------------------------------


def test_a_document_of_ours_is_found_right_in_its_own_house(usual: Written, other: Written) -> None:
    for house in (usual, other):
        assert findings(house.workspace, house.report) == findings(house.workspace, house.letter) == []


def test_the_same_document_is_told_of_in_another_house(usual: Written, other: Written) -> None:
    assert {"inspect.house_style “02 đơn vị”"} <= set(findings(other.workspace, usual.report))
    assert {"inspect.house_style “2 đơn vị”"} <= set(findings(usual.workspace, other.report))


@pytest.mark.parametrize("issuer", ["SỞ Y TẾ", "BAN DÂN TỘC", "ỦY BAN NHÂN DÂN TỈNH QUẢNG NAM"])
def test_the_line_under_the_issuer_is_right_for_any_name(workspace: Workspace, issuer: str) -> None:
    assert findings(workspace, letter(workspace, issuer)) == []
    if issuer == "SỞ Y TẾ":  # a report has the same head, and takes longer
        assert findings(workspace, report(workspace, issuer)) == []


def test_the_choice_of_a_workspace_is_what_the_command_inspects_by(usual: Written, other: Written) -> None:
    path = other.workspace.root / "cua-nha-khac.docx"
    path.write_bytes(usual.report)
    result = CliRunner().invoke(main, ["-w", str(other.workspace.root), "inspect", str(path), "--json"])
    told = {one["code"]: one["layer"] for one in json.loads(result.stdout)}
    assert told["inspect.house_style"] == "co_quan"


def test_a_rule_that_is_lifted_is_not_judged_and_leaves_words_as_they_were_typed(workspace: Workspace) -> None:
    choose(workspace, {"tones: {like: hòa": "tones: {wanted_rule: false, like: hoà"})
    assert house_of(workspace.root, LETTER, known(), DAY).style.tones == ""


# --- wrong choices --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        ({"like: hòa": "like: hoa"}, "tones", "Khóa “like” không nhận giá trị “hoa”."),
        ({"word: lẻ": "word: lẽ"}, "tens_word", "Ghi một trong các giá trị: linh, lẻ."),
        ({"wanted: true": "wanted: tùy"}, "wanted:", "true hoặc false"),
    ],
)
def test_a_wrong_choice_is_told_with_its_line_and_the_right_ones(
    workspace: Workspace, change: dict[str, str], line: str, said: str
) -> None:
    choose(workspace, change)
    path = workspace.templates / "standards" / "co-quan.yaml"
    rows = path.read_text(encoding="utf-8").splitlines()
    number = next(at for at, row in enumerate(rows, start=1) if line in row and not row.lstrip().startswith("#"))
    messages, _ = load_messages(TEMPLATES / "messages")
    with pytest.raises(RefusedError) as refused:
        letter(workspace)
    (told,) = refused.value.issues
    assert (told.place.file, told.place.line) == ("templates/standards/co-quan.yaml", number)
    assert said in messages.render(told)


def test_check_tells_of_a_wrong_choice_too(workspace: Workspace) -> None:
    choose(workspace, {"like: hòa": "like: hoa"})
    result = CliRunner().invoke(main, ["-w", str(workspace.root), "check"])
    assert "co-quan.yaml:2" in result.output
    assert "[definition.unknown_value]" in result.output


def test_kinds_of_documents_may_differ_by_their_own_layer(workspace: Workspace) -> None:
    layer = workspace.templates / "standards" / "cong-van.yaml"
    text = layer.read_text(encoding="utf-8")
    layer.write_text(f"{text}  van_ban:\n    rules:\n      count_zeros: {{wanted: false}}\n", encoding="utf-8")
    assert house_of(workspace.root, REPORT, known(), DAY).style.leading_zero
    assert not house_of(workspace.root, LETTER, known(), DAY).style.leading_zero
    assert "đã quá hạn 9 ngày" in spaced(letter(workspace))
