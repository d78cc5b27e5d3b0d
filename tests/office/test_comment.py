"""Comments stand at their paragraphs, keep what was there, and come out the same on every day."""

from __future__ import annotations

import io
import json
import subprocess
import time
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

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


def spanned(content: bytes) -> list[tuple[str, str]]:
    """Each comment with the words of its range, in the order of the comments."""
    root = docx.Document(io.BytesIO(content)).element
    open_: set[str] = set()
    words: dict[str, str] = {}
    for one in root.iter(*(qn(f"w:{name}") for name in ("commentRangeStart", "commentRangeEnd", "t", "tab"))):
        name = one.tag.rpartition("}")[2]
        if name == "commentRangeStart":
            open_.add(one.get(qn("w:id")))
        elif name == "commentRangeEnd":
            open_.remove(one.get(qn("w:id")))
            words.setdefault(one.get(qn("w:id")), "")
        else:
            for number in open_:
                words[number] = words.get(number, "") + ("\t" if name == "tab" else one.text or "")
    return [(one.text, words[str(one.comment_id)]) for one in docx.Document(io.BytesIO(content)).comments]


def sentence() -> bytes:
    """A paragraph of two runs, the first bold with a tab between its texts: "có 12 đơn vị\tvà 33,3 tỷ đồng hết"."""
    made = docx.Document()
    paragraph = made.add_paragraph()
    run = paragraph.add_run("có 12 đơn vị")
    run.bold = True
    run.add_tab()
    run.add_text("và 33,3 tỷ đồng")
    paragraph.add_run(" hết")
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([(3, 5)], ["12"]),
        ([(15, 27), (3, 5)], ["12", "33,3 tỷ đồng"]),
        ([(0, 2)], ["có"]),
        ([(12, 14)], ["và"]),
        ([(6, 14)], ["đơn vị\tvà"]),
        ([(23, 31)], ["đồng hết"]),
        ([(3, 5), (3, 5), None], ["có 12 đơn vị\tvà 33,3 tỷ đồng hết", "12", "12"]),
        ([(3, 12), (6, 19)], ["12 đơn vị\t", "đơn vị\tvà 33,3"]),
        ([(90, 99)], [" hết"]),
        ([(31, 31)], [" hết"]),
    ],
)
def test_a_remark_on_words_stands_around_just_these(spans: list[tuple[int, int] | None], words: list[str]) -> None:
    remarks = [Remark(0, str(at), span) for at, span in enumerate(spans)]
    made = commented(sentence(), remarks, author="Soát", day=DAY)
    assert [told for _, told in spanned(made)] == words
    paragraph = docx.Document(io.BytesIO(made)).paragraphs[0]
    assert paragraph.text == "có 12 đơn vị\tvà 33,3 tỷ đồng hết"
    assert all(run.bold is (True if run.text.strip() not in ("hết", "") else None) for run in paragraph.runs)


def test_words_of_a_paragraph_without_runs_are_the_paragraph() -> None:
    bare = docx.Document()
    bare.add_paragraph()
    kept = io.BytesIO()
    bare.save(kept)
    assert spanned(commented(kept.getvalue(), [Remark(0, "x", (0, 3))], author="Soát", day=DAY)) == [("x", "")]


def test_a_remark_may_have_an_author_of_its_own() -> None:
    made = commented(document(), [Remark(0, "a"), Remark(0, "b", None, "Người khác")], author="Soát", day=DAY)
    assert said(made) == [("Soát", "a"), ("Người khác", "b")]


def test_many_words_of_one_paragraph_are_marked_in_time_that_grows_with_them() -> None:
    def seconds(count: int) -> float:
        made = docx.Document()
        made.add_paragraph("12 " * count)
        kept = io.BytesIO()
        made.save(kept)
        remarks = [Remark(0, "x", (3 * at, 3 * at + 2)) for at in range(count)]
        start = time.process_time()
        commented(kept.getvalue(), remarks, author="Soát", day=None)
        return time.process_time() - start

    few, many = min(seconds(250) for _ in range(3)), seconds(2_000)
    assert many < 24 * few, f"{few:.3f} s for 250, {many:.3f} s for 2 000"


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
        ("chu", commented(sentence(), [Remark(0, "a", (3, 12)), Remark(0, "b", (6, 19))], author="Soát", day=None)),
    ):
        path = tmp_path / f"{name}.docx"
        path.write_bytes(content)
        judged = subprocess.run([VALIDATOR, path], capture_output=True, text=True, timeout=120, check=False)
        counts.append([one["description"] for one in json.loads(judged.stdout)["errors"]])
    assert counts == [[], [], [], []]


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(RefusedError):
        commented(b"PK", [Remark(0, "x")], author="Soát", day=DAY)
