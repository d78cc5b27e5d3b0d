"""The command `inspect`: hand-laid documents, comments, JSON, exit codes, and files that are no documents."""

from __future__ import annotations

import io
import json
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result
from lxml import etree

from generator.cli import main
from hand_laid import MODELS
from lawful import lawful_report


def ran(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["inspect", *map(str, arguments)])


def found(result: Result) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = json.loads(result.stdout)
    return listed


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    made = lawful_report()
    made.parts["ten_loai"].runs[0].font.bold = False
    made.tables["phu_luc_I"].cell(1, 1).paragraphs[0].runs[0].font.name = "Arial"
    path = tmp_path / "báo cáo.docx"
    path.write_bytes(made.bytes())
    return path


@pytest.mark.parametrize("name", list(MODELS))
def test_nothing_is_found_in_a_document_laid_out_by_hand(
    name: str, tmp_path: Path, soffice: Callable[..., Path]
) -> None:
    source = tmp_path / f"{name}.fodt"
    source.write_text(MODELS[name](), encoding="utf-8")
    saved = soffice(source, "docx:MS Word 2007 XML", tmp_path / "docx")
    result = ran(saved, "--json")
    assert [(one["code"], one["place"], one["found"]) for one in found(result)] == []
    assert result.exit_code == 0


def test_each_finding_says_place_rule_source_found_and_required(spoilt: Path) -> None:
    result = ran(spoilt, "--json")
    assert result.exit_code == 1
    bold, font = found(result)
    assert bold["place"] == "đoạn 1"
    assert (bold["code"], bold["severity"], bold["rule"]) == ("inspect.bold", "error", "ten_loai.bold")
    assert (bold["found"], bold["required"]) == ("chữ không đậm", "chữ đậm")
    assert "30/2020/NĐ-CP, Phụ lục I, mục II.5" in bold["source"]
    assert bold["layer"] == "quoc_gia"
    assert (font["place"], font["found"]) == ("Bảng 4, dòng 2, cột 2", "phông Arial")


def test_the_words_for_people_name_the_place_and_the_cure(spoilt: Path) -> None:
    printed = ran(spoilt).output
    assert "báo cáo.docx:đoạn 1: Tên loại văn bản: chữ không đậm, phải là chữ đậm" in printed
    assert "bấm Ctrl+B" in printed
    assert "1 văn bản: 2 lỗi, 0 nhắc nhở." in printed


def test_warnings_alone_leave_with_0(tmp_path: Path) -> None:
    made = lawful_report()
    made.parts["doan_4"].runs[0].text += " Họp ngày 5 tháng 12 năm 2025."
    path = tmp_path / "nhac.docx"
    path.write_bytes(made.bytes())
    result = ran(path, "--json")
    assert [one["severity"] for one in found(result)] == ["warning"]
    assert result.exit_code == 0


def test_comments_stand_at_the_places_in_a_copy(spoilt: Path) -> None:
    before = spoilt.read_bytes()
    result = ran(spoilt, "--comments")
    copy = spoilt.with_name("báo cáo-nhan-xet.docx")
    assert result.exit_code == 1
    assert spoilt.read_bytes() == before
    said = [comment.text for comment in docx.Document(str(copy)).comments]
    assert [text.split(":")[0] for text in said] == ["đoạn 1", "Bảng 4, dòng 2, cột 2"]
    marked = docx.Document(str(copy)).tables[3].cell(1, 1).paragraphs[0]._p
    assert [child.tag.rpartition("}")[2] for child in marked][1] == "commentRangeStart"


def test_a_copy_that_somebody_worked_in_is_never_overwritten(spoilt: Path) -> None:
    ran(spoilt, "--comments")
    copy = spoilt.with_name("báo cáo-nhan-xet.docx")
    made = copy.read_bytes()
    ran(spoilt, "--comments")
    assert not spoilt.with_name("báo cáo-nhan-xet-2.docx").exists(), "the same comments need no second copy"
    copy.write_bytes(made + b" ")
    ran(spoilt, "--comments")
    assert copy.read_bytes() == made + b" "
    assert spoilt.with_name("báo cáo-nhan-xet-2.docx").read_bytes() == made


def test_a_layer_of_the_agency_overrides_single_values_and_is_named(spoilt: Path, tmp_path: Path) -> None:
    standards = tmp_path / "nha" / "templates" / "standards"
    shutil.copytree(Path(__file__).parents[1] / "templates" / "standards", standards)
    layer = standards / "co-quan.yaml"
    layer.write_text(
        "code: co_quan\nlayer: co_quan\ndocument: Quy ước\nelements:\n"
        "  ten_loai:\n    rules:\n      bold: {wanted_rule: false}\n      size: {max: 13, severity: warning}\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(main, ["-w", str(tmp_path / "nha"), "inspect", str(spoilt), "--json"])
    size = found(result)[0]
    assert (size["code"], size["severity"], size["layer"]) == ("inspect.size", "warning", "co_quan")
    assert size["required"] == "cỡ 13"
    assert "inspect.bold" not in {one["code"] for one in found(result)}


def test_a_standard_with_faults_is_refused_with_its_line(spoilt: Path, tmp_path: Path) -> None:
    standards = tmp_path / "nha" / "templates" / "standards"
    shutil.copytree(Path(__file__).parents[1] / "templates" / "standards", standards)
    layer = standards / "co-quan.yaml"
    layer.write_text(
        "code: co_quan\nlayer: co_quan\ndocument: Quy ước\nelements:\n  ten_loai:\n    rules:\n      mau_me: {}\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(main, ["-w", str(tmp_path / "nha"), "inspect", str(spoilt)])
    assert result.exit_code == 1
    assert "co-quan.yaml:7" in result.output


# --- other files ------------------------------------------------------------------------------------


def test_a_party_document_is_judged_by_its_language_only(tmp_path: Path) -> None:
    made = docx.Document()
    for line in ("ĐẢNG CỘNG SẢN VIỆT NAM", "Số 23-CT/TU", "CHỈ THỊ"):
        made.add_paragraph(line)
    for day in ("14/5/2001", "24/5/2001"):
        made.add_paragraph(f"Thực hiện Chỉ thị số 03-CT/TU, ngày {day} của Tỉnh ủy Quảng Nam về công tác kết nghĩa.")
    path = tmp_path / "dang.docx"
    made.save(str(path))
    result = ran(path, "--json")
    assert result.exit_code == 0
    codes = [one["code"] for one in found(result)]
    assert codes[:2] == ["inspect.other_law", "inspect.citation_dates"]


def _zipped(**parts: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "office.not_zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "office.not_zip"),
        (b"PK\x03\x04 broken", "office.damaged"),
        (_zipped(xl__workbook_xml="<workbook/>"), "inspect.not_word"),
        (_zipped(word__document_xml="<w:document"), "office.damaged"),
        (_zipped(word__document_xml="<a/>"), "inspect.not_word"),
    ],
)
def test_what_is_no_word_file_is_said_without_a_traceback(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "la.docx"
    path.write_bytes(content)
    result = ran(path, "--json", "--comments")
    assert [one["code"] for one in found(result)] == [code]
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_file_that_is_not_there_is_said() -> None:
    result = ran("khong-co.docx", "--json")
    assert [one["code"] for one in found(result)] == ["inputs.no_path"]
    assert result.exit_code == 1


def test_ten_thousand_rows_are_judged_within_seconds(tmp_path: Path) -> None:
    made = lawful_report()
    table = made.tables["phu_luc_I"]._tbl
    row = table.tr_lst[-1]
    content = made.bytes()
    parts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    written = etree.tostring(row)
    body = parts["word/document.xml"]
    at = body.rindex(b"</w:tbl>", 0, body.rindex("Phụ lục II".encode()))
    parts["word/document.xml"] = body[:at] + written * 10_000 + body[at:]
    path = tmp_path / "dai.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    start = time.process_time()
    assert found(ran(path, "--json")) == []
    assert time.process_time() - start < 10
