"""Comments stand at their paragraphs, keep what was there, and come out the same on every day."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest

from generator.issues import RefusedError
from generator.office.comment import Remark, commented

VALIDATOR = Path(__file__).parents[1] / "clients" / "node_modules" / ".bin" / "ooxml-validator"
DAY = date(2026, 3, 5)


def document(*, comment: str = "") -> bytes:
    made = docx.Document()
    for text in ("Một", "Hai", "Ba"):
        made.add_paragraph(text)
    made.add_table(1, 1).cell(0, 0).text = "Bốn"
    if comment:
        made.add_comment(made.paragraphs[0].runs, text=comment, author="Người khác")
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def said(content: bytes) -> list[tuple[str, str]]:
    return [(one.author, one.text) for one in docx.Document(io.BytesIO(content)).comments]


def test_a_comment_stands_around_its_paragraph() -> None:
    made = commented(document(), [Remark(3, "Trong ô"), Remark(1, "Dòng đầu\nDòng sau")], author="Soát", day=DAY)
    assert said(made) == [("Soát", "Dòng đầu\nDòng sau"), ("Soát", "Trong ô")]
    read = docx.Document(io.BytesIO(made))
    assert [child.tag.rpartition("}")[2] for child in read.paragraphs[1]._p] == [
        "commentRangeStart",
        "r",
        "commentRangeEnd",
        "r",
    ]
    assert read.tables[0].cell(0, 0).paragraphs[0]._p.xpath("./w:commentRangeStart/@w:id") == ["1"]


def test_comments_that_were_there_stay() -> None:
    made = commented(document(comment="Ý kiến cũ"), [Remark(2, "Ý kiến mới")], author="Soát", day=DAY)
    assert said(made) == [("Người khác", "Ý kiến cũ"), ("Soát", "Ý kiến mới")]


def test_all_other_parts_stay_byte_for_byte() -> None:
    before = document()
    made = commented(before, [Remark(0, "x")], author="Soát", day=DAY)
    changed = {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(made)) as new:
        assert set(new.namelist()) - set(old.namelist()) <= {"word/comments.xml"}
        assert all(old.read(name) == new.read(name) for name in set(old.namelist()) - changed - {"word/comments.xml"})


def test_the_same_remarks_give_the_same_bytes_and_none_give_the_document_back() -> None:
    before = document()
    once, again = (commented(before, [Remark(0, "x")], author="Soát", day=DAY) for _ in range(2))
    assert once == again
    assert commented(before, [], author="Soát", day=DAY) == before


def test_without_a_day_a_comment_carries_none() -> None:
    made = commented(document(), [Remark(0, "x")], author="Soát", day=None)
    assert docx.Document(io.BytesIO(made)).comments.get(0).timestamp is None


@pytest.mark.parametrize("text", ["\x00\x0b<w:p> & \ud800 ￾", "", "a\r\nb", "x" * 10_000])
def test_any_text_can_be_said(text: str) -> None:
    made = commented(document(), [Remark(99, text)], author="Soát & <Kiểm>", day=DAY)
    ((author, shown),) = said(made)
    assert author == "Soát & <Kiểm>"
    assert "\x00" not in shown


def test_a_remark_counts_the_paragraphs_of_text_boxes_as_the_reader_does() -> None:
    from generator.office.document import Paragraph, read_document

    made = docx.Document()
    for text in ("Một", "Hai"):
        made.add_paragraph(text)
    box = docx.oxml.parse_xml(
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent><w:p/><w:p/>'
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    made.paragraphs[0]._p.append(box)
    kept = io.BytesIO()
    made.save(kept)
    read, _ = read_document(kept.getvalue(), "x.docx")
    assert read is not None
    second = next(one for one in read.blocks if isinstance(one, Paragraph) and one.text == "Hai")
    marked = docx.Document(io.BytesIO(commented(kept.getvalue(), [Remark(second.number, "x")], author="S", day=DAY)))
    assert marked.paragraphs[1]._p.xpath("count(./w:commentRangeStart)") == 1


def test_the_open_xml_sdk_finds_nothing_new(tmp_path: Path) -> None:
    counts = []
    for name, content in (
        ("truoc", document(comment="Cũ")),
        ("sau", commented(document(comment="Cũ"), [Remark(0, "a\nb"), Remark(3, "c")], author="Soát", day=DAY)),
        ("moi", commented(document(), [Remark(0, "a\nb"), Remark(3, "c")], author="Soát", day=None)),
    ):
        path = tmp_path / f"{name}.docx"
        path.write_bytes(content)
        judged = subprocess.run([VALIDATOR, path], capture_output=True, text=True, timeout=120, check=False)
        counts.append([one["description"] for one in json.loads(judged.stdout)["errors"]])
    assert counts == [[], [], []]


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(RefusedError):
        commented(b"PK", [Remark(0, "x")], author="Soát", day=DAY)
