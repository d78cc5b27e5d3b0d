"""Property 7: a document that Word would repair, or with a tag left in it, is not written; an edited one stays."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from desk import document, ketnghia, report, told_json, worked
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TAG = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")


def edit(path: Path, sentence: str) -> bytes:
    """The document after somebody added a sentence in Word; its bytes."""
    opened = docx.Document(str(path))
    opened.add_paragraph(sentence)
    opened.save(str(path))
    return path.read_bytes()


def beside(path: Path, suffix: str) -> Path:
    """The document of that further name."""
    return path.with_name(f"{path.stem}{suffix}.docx")


def test_a_document_edited_in_word_is_never_overwritten(demo_copy: Path) -> None:
    path = document(demo_copy, 2025)
    clean, manifest = path.read_bytes(), path.with_name(f"{path.stem}.manifest.json").read_bytes()
    edited = edit(path, "Câu của lãnh đạo thêm vào.")
    first = ketnghia(demo_copy, "report", "year", 2025)
    assert first.code == 0
    assert "[report.edited]" in first.err
    assert "bao-cao-so-ket-2025-moi.docx" in first.told
    assert path.read_bytes() == edited
    assert beside(path, "-moi").read_bytes() == clean

    edited_too = edit(beside(path, "-moi"), "Câu thứ hai.")
    worked(demo_copy, "report", "year", 2025)
    assert (path.read_bytes(), beside(path, "-moi").read_bytes()) == (edited, edited_too)
    assert beside(path, "-moi-2").read_bytes() == clean

    path.unlink()
    worked(demo_copy, "report", "year", 2025)
    assert (path.read_bytes(), path.with_name(f"{path.stem}.manifest.json").read_bytes()) == (clean, manifest)


def test_an_unedited_document_is_replaced_when_the_figures_change(demo_copy: Path) -> None:
    path = document(demo_copy, 2025)
    before = path.read_bytes()
    lines = (demo_copy / "inputs" / "journal.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    last = max(number for number, line in enumerate(lines) if "-KN-01-2025" in line and line.count(".xlsx") == 1)
    late = demo_copy.joinpath(*Path(json.loads(lines[last])["file"]).parts[:4])  # the mail, where it came in one
    late.unlink()  # what was taken in stays: inputs/2025 is only where files are dropped
    assert report(demo_copy, 2025).read_bytes() == before
    (demo_copy / "inputs" / "journal.jsonl").write_text("".join(lines[:last]), encoding="utf-8")
    assert report(demo_copy, 2025).read_bytes() != before
    assert not beside(path, "-moi").exists()


def test_the_reports_follow_the_decree_on_form_to_the_letter(demo: Path) -> None:
    documents = sorted(demo.glob("outputs/*/bao-cao-*.docx"))
    assert len(documents) > 2
    assert told_json(demo, "inspect", *documents, "--json") == []


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_manifest_names_the_bytes_of_everything_the_document_was_made_from(demo: Path, year: int) -> None:
    path = document(demo, year)
    told = json.loads(path.with_name(f"{path.stem}.manifest.json").read_text(encoding="utf-8"))
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    for part in ("plan", "template", "registry"):
        assert told[part]["sha256"] == hashlib.sha256((demo / told[part]["file"]).read_bytes()).hexdigest()
    for one in told["inputs"]:
        archived = (demo / "inputs" / "archive" / one["sha256"]).read_bytes()
        assert hashlib.sha256(archived).hexdigest() == one["sha256"]
    used = {value.rpartition("/")[0] for figure in told["figures"] for value in figure["values"]}
    assert used <= {one["key"] for one in told["inputs"]}


# --- what Word would have to repair ---------------------------------------------------------------


def parts(path: Path) -> Iterator[tuple[str, Any]]:
    """Every XML part of the document."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, etree.fromstring(package.read(name))


@pytest.mark.parametrize("year", [2024, 2025])
def test_no_tag_is_left_in_any_part(demo: Path, year: int) -> None:
    for name, tree in parts(document(demo, year)):
        for paragraph in tree.iter(f"{W}p"):
            said = "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
            assert not TAG.search(said), f"{name}: {said}"
        assert not TAG.search("".join(tree.itertext())), name


@pytest.mark.parametrize("year", [2024, 2025])
def test_every_row_fills_the_grid_of_its_table_and_every_cell_ends_with_a_paragraph(demo: Path, year: int) -> None:
    found = 0
    for name, tree in parts(document(demo, year)):
        for table in tree.iter(f"{W}tbl"):
            width = len(table.findall(f"{W}tblGrid/{W}gridCol"))
            merged_above = [False] * width
            for row in table.findall(f"{W}tr"):
                at, merged = 0, [False] * width
                for cell in row.findall(f"{W}tc"):
                    span = int(_value(cell, "gridSpan") or 1)
                    merge = cell.find(f"{W}tcPr/{W}vMerge")
                    if merge is not None and merge.get(f"{W}val") != "restart":
                        assert merged_above[at], f"{name}: a merge that nothing began"
                    merged[at : at + span] = [merge is not None] * span
                    assert cell[-1].tag == f"{W}p"
                    at += span
                assert at == width, name
                merged_above, found = merged, found + 1
        names = [one.get(f"{W}name") for one in tree.iter(f"{W}bookmarkStart")]
        assert len(names) == len(set(names))
    assert found > 20


def _value(cell: Any, name: str) -> str | None:
    told = cell.find(f"{W}tcPr/{W}{name}")
    return None if told is None else str(told.get(f"{W}val"))


def test_wide_annexes_are_landscape_and_repeat_their_headers(demo: Path) -> None:
    opened = docx.Document(str(document(demo, 2025)))
    sections = list(opened.sections)
    assert [one.page_width > one.page_height for one in sections] == [False, True, True, True, False, True, False]
    annexes = [one for one in opened.tables if one.rows[0].cells[0].text == "TT"]
    assert len(annexes) == 7
    for annex in annexes:
        repeated = [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in annex.rows]
        heads = next(at for at, row in enumerate(annex.rows) if row.cells[0].text == "A") + 1
        assert repeated[:heads] == [True] * heads
        assert not any(repeated[heads:])
    footers = {"".join(one.text for one in section.footer.paragraphs) for section in sections}
    assert footers == {"SỐ LIỆU MINH HỌA - KHÔNG CÓ GIÁ TRỊ SỬ DỤNG"}


def test_soffice_opens_it(demo: Path, tmp_path: Path, soffice: Any) -> None:
    made = soffice(document(demo, 2025), "pdf", tmp_path)
    assert made.read_bytes().startswith(b"%PDF")
