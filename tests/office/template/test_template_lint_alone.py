"""The lint of Word templates on its own: what it rightly leaves alone, foreign text, hostile files."""

from __future__ import annotations

import io
import time

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from hypothesis import given
from hypothesis import strategies as st
from wordfile import MAIN, Grid, rewritten, with_body, word

from generator.issues import Issue
from generator.office.template_lint import lint, tables_in
from generator.office.template_lint_parts import foreign_kind
from generator.office.template_lint_reading import anchors, headings, read_manuscript


def told(content: bytes) -> list[tuple[str, str]]:
    manuscript = read_manuscript(content, "mau.docx")
    issues: list[Issue] = lint(manuscript, tables_in(manuscript))
    return [(one.code.removeprefix("template."), one.place.spot) for one in issues]


def run(text: str, form: str = "") -> str:
    return f'<w:r><w:rPr>{form}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(code: str) -> str:
    return f'<w:p><w:fldSimple w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'


REPEATED = "<w:trPr><w:tblHeader/></w:trPr>"


def rows(*kinds: tuple[str, str]) -> str:
    """A table of two columns, a row for each (format, text); the column beside holds the same."""
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    made = "".join(f"<w:tr>{form}{cell.format(text) * 2}</w:tr>" for form, text in kinds)
    return f"<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{made}</w:tbl><w:p/>"


ALONE = {
    "quotations and dots around tags": word("Nêu “{{ a }}” và {{ b }}… (2021 – 2025)"),
    "a dash and dots that are text inside a tag": word('{% if a == "–" or a == "…" %}x{% endif %}'),
    "a set in braces": word("Tập {1; 2}, giá trị {…} và { }."),
    "brackets": word("Điều [1], [[1]], a << b >> c, «trích lời một câu dài»."),
    "a tag cut over runs that look alike": with_body(
        f"<w:p>{run('{{ a', '<w:b/>')}{run('b }}', '<w:b/><w:bCs/>')}</w:p>"
    ),
    "only the last brace is bold": with_body(f"<w:p>{run('{{ ab ')}{run('}}', '<w:b/>')}</w:p>"),
    "a command in two formats": with_body(f"<w:p>{run('{% if ')}{run('a', '<w:b/>')}{run(' %}x{% endif %}')}</w:p>"),
    "a page number": with_body(field(" PAGE ") + field(" NUMPAGES \\* MERGEFORMAT ") + field(" REF a \\h ")),
    "a header that repeats whole": with_body(rows((REPEATED, "TT"), (REPEATED, "1"), ("", "{%tr for x in y %}"))),
    "a table that does not grow": with_body(rows(("", "Nơi nhận"), ("", "{{ ten }}"))),
    "a mark that is switched off": with_body(
        rows(('<w:trPr><w:tblHeader w:val="0"/></w:trPr>', "Nơi nhận"), ("", "{{ ten }}"))
    ),
    "an empty document": with_body("<w:p/>"),
}


@pytest.mark.parametrize("name", ALONE)
def test_what_is_as_it_should_be_is_left_alone(name: str) -> None:
    assert [one for one in told(ALONE[name]) if one[0] != "tag_split"] == []


def test_tags_that_look_alike_in_all_their_pieces_give_one_note_for_the_file() -> None:
    cut = f"<w:p>{run('{{ a')}{run('b }}')}</w:p>"
    assert told(with_body(cut * 3)) == [("tag_split", "đoạn 1")]


def test_bold_that_a_style_gives_to_both_pieces_is_no_difference() -> None:
    """A heading is bold by its style: a piece that says so once more looks the same."""
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{}{}</w:p>'
    assert told(with_body(heading.format(run("{{ "), run("a }}", "<w:b/>")))) == [("tag_split", "đoạn 1")]
    assert ("tag_format", "đoạn 1") in told(with_body(heading.format(run("{{ "), run("a }}", '<w:b w:val="0"/>'))))


def test_a_link_to_the_web_stays() -> None:
    document = docx.Document()
    for target in ("https://congbao.chinhphu.vn/", "mailto:a@b.vn"):
        document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    saved = io.BytesIO()
    document.save(saved)
    assert told(saved.getvalue()) == []


def test_a_place_is_named_after_the_heading_it_stands_under() -> None:
    long = "2. " + "Kết quả " * 20
    blocks = ["Mở đầu {{ a }}", "I. ĐẶC ĐIỂM {{ nam }}", "Câu {{ b }}.", long, "1. Đây là một câu, có dấu chấm."]
    manuscript = read_manuscript(word(*blocks, Grid([["{{ c }}"]]), "Phụ lục II", "x {{ d }}"), "mau.docx")
    assert headings(manuscript) == {
        "đoạn 3": "I. ĐẶC ĐIỂM …",
        "đoạn 4": "I. ĐẶC ĐIỂM …",
        "đoạn 5": "I. ĐẶC ĐIỂM …",
        "Bảng 1, dòng 1, cột 1": "I. ĐẶC ĐIỂM …",
        "đoạn 7": "Phụ lục II",
    }


SIGNS = st.sampled_from(
    [*"{}%#|«»[]<>｛｝ .\u00a0\u200b“”‘’–…\n\tđộ12A", "{{", "}}", "{%", "%}", "for", "tr ", "endfor"]
)
TEXTS = st.lists(
    st.lists(SIGNS | st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=12), max_size=5
)


@given(TEXTS)
def test_any_text_can_be_judged_and_every_finding_has_a_place(texts: list[list[str]]) -> None:
    runs = (
        "".join(f"<w:r><w:t><![CDATA[{piece}]]></w:t></w:r>" for piece in text if "]" not in piece) for text in texts
    )
    content = with_body("".join(f"<w:p>{text}</w:p>" for text in runs))
    manuscript = read_manuscript(content, "mau.docx")
    spots = {spot for spot, _, _ in anchors(manuscript)}
    assert {spot for _, spot in told(content)} <= spots


HOSTILE = {
    "nothing": b"",
    "no zip": b"day la van ban",
    "half a zip": word("{{ a }}")[:900],
    "broken XML": rewritten(word("a"), {MAIN: b"<w:document>"}),
    "broken settings": rewritten(word("{{ a }}"), {"word/settings.xml": b"<w:settings", "word/styles.xml": b"<"}),
    "broken relations": rewritten(word("a"), {"word/_rels/document.xml.rels": b"<Relationships"}),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_broken_file_is_judged_as_far_as_it_can_be_read(content: bytes) -> None:
    assert told(content) == []
    foreign_kind(content)


def test_a_field_without_an_end_and_one_in_another_are_read() -> None:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    code = "<w:r><w:instrText>{}</w:instrText></w:r>"
    nested = (
        f"<w:p>{begin}{code.format('IF ')}{begin}{code.format('MERGEFIELD ten')}{end}{code.format('=1')}{end}</w:p>"
    )
    assert told(with_body(nested + f"<w:p>{begin}{code.format('DATE')}</w:p>")) == [("field", "đoạn 1")]


def test_judging_grows_with_the_length_of_the_template(no_collector: None) -> None:
    def seconds(paragraphs: int) -> float:
        sentence = f"<w:p>{run('Đạt {{ a')}{run(' }} và “12” { { b } }.')}</w:p>"
        table = rows((REPEATED, "TT"), *[("", "{{ d.ten }}")] * (paragraphs // 4))
        manuscript = read_manuscript(with_body(sentence * paragraphs + table), "mau.docx")
        start = time.process_time()
        lint(manuscript, tables_in(manuscript))
        return time.process_time() - start

    seconds(100)
    assert min(seconds(2_000) for _ in range(2)) < 10 * max(min(seconds(500) for _ in range(3)), 0.01)
