"""Marks of a draft: to whoever looks at it a marked text is the text; only its printing bears signs, which go again."""

from __future__ import annotations

import io
import zipfile

import docx
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from generator.office.wordpart import PARAGRAPH, RUN, TEXT, WORD
from generator.stages.render import Kind, Marks
from generator.stages.render.marks import Marked
from generator.stages.render.printing import Untold

TEXTS = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12)
BODY = "word/document.xml"


def document(*paragraphs: str) -> tuple[bytes, etree._Element]:
    """A package with a body of these paragraphs, and the tree of that body."""
    body = etree.Element(f"{{{WORD}}}body")
    for text in paragraphs:
        run = etree.SubElement(etree.SubElement(body, PARAGRAPH), RUN)
        etree.SubElement(run, TEXT).text = text
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        package.writestr(BODY, etree.tostring(body, encoding="UTF-8"))
    return kept.getvalue(), body


def shown(content: bytes) -> list[str]:
    """The paragraphs of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [one.text or "" for one in etree.fromstring(package.read(BODY)).iter(TEXT)]


@given(TEXTS)
def test_a_marked_text_is_the_text_until_it_is_printed(text):
    marked = Marks().around(Kind.FIGURE, "so_ho", Marked(text))
    assert (marked, len(marked), marked.upper(), hash(marked)) == (text, len(text), text.upper(), hash(text))
    assert bool(marked) is bool(text)
    assert text in str(marked)
    assert str(marked) != text
    assert str(Marked(text)) == text


def test_a_sign_for_a_number_that_is_not_there_is_marked_and_is_still_no_number():
    sign = Marks().around(Kind.UNTOLD, "so_ho", Untold("…"))
    assert (sign, bool(sign), sign > 0, sign < 0) == ("…", False, False, False)


@given(st.lists(st.tuples(TEXTS, TEXTS.filter(bool)), max_size=8), TEXTS)
def test_signs_go_without_a_trace_and_leave_the_places(told, end):
    marks = Marks()
    signed = "".join(
        f"{before}{marks.around(Kind.FIGURE, f'f{at}', Marked(text))!s}" for at, (before, text) in enumerate(told)
    )
    plain = "".join(before + text for before, text in told) + end
    content, made = document(signed + end)
    for line in marks.lines(made):
        assert line.text == plain
        assert [(mark.name, line.text[start:stop]) for mark, start, stop in line.marks] == [
            (f"f{at}", text) for at, (_, text) in enumerate(told)
        ]
    assert shown(marks.without_signs(content, [BODY])) == [plain]


def test_figures_of_a_sentence_are_found_in_their_order():
    marks = Marks()
    told = marks.within("chia 10 xã thành 10 xã và 02 xã", {"a": "10 xã", "b": "10 xã", "c": "02 xã", "d": "77 xã"})
    (line,) = marks.lines(document(told)[1])
    assert line.text == "chia 10 xã thành 10 xã và 02 xã"
    assert [(mark.name, start) for mark, start, _ in line.marks] == [("a", 5), ("b", 17), ("c", 26)]


def test_what_only_looks_like_a_sign_stays_as_somebody_wrote_it():
    marks = Marks()
    sign = str(marks.around(Kind.FIGURE, "so_ho", Marked("5 & 6")))
    foreign = sign.replace("5 & 6", "hơn"), sign.replace("0", "7"), sign[:-1]
    content, made = document(*foreign, sign)
    assert [line.text for line in marks.lines(made)] == [*foreign, "5 & 6"]
    assert shown(marks.without_signs(content, [BODY])) == [*foreign, "5 & 6"]


def test_lines_tell_in_which_table_and_row_they_stand_and_leave_text_boxes_out():
    made = docx.Document()
    made.add_paragraph("Một")
    for _ in range(2):
        table = made.add_table(2, 1)
        for row in table.rows:
            row.cells[0].text = "Ô"
    box = docx.oxml.parse_xml(
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>Hộp</w:t>'
        "</w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    made.paragraphs[0]._p.append(box)
    made.add_paragraph("Hai")
    found = [(line.text, line.table, line.row, line.number) for line in Marks().lines(made.element)]
    assert found == [
        ("Một", 0, 0, 0), ("Ô", 1, 1, 2), ("Ô", 1, 2, 3), ("Ô", 2, 3, 4), ("Ô", 2, 4, 5), ("Hai", 0, 0, 6),
    ]  # fmt: skip
