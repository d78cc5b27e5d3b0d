"""Every fault of a template is told with its place and its sentence, at compile and at run time."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import docx
import pytest
import yaml
from wordfile import MAIN, Grid, main_part, rewritten, with_body, word

from generator.issues import CODES
from generator.office.template import compile_template

MESSAGES = Path(__file__).parents[3] / "templates" / "messages" / "template.yaml"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
TABLE = Grid([["TT", "Tên"], ["{%tr for d in ds %}", ""], ["{{ loop.index }}", "{{ d.ten }}"], ["{%tr endfor %}", ""]])


def faults(content, **filters):
    compiled, issues = compile_template(content, "mau.docx", filters)
    assert (compiled is None) == bool(issues)
    return [(found.code.removeprefix("template."), found.place.spot) for found in issues]


CASES = {
    "an open value": (["Số {{ tong và"], [("tag_unclosed", "đoạn 1")]),
    "an open command": (["a", "{% if x", "b"], [("tag_unclosed", "đoạn 2")]),
    "an open tag before a whole one": (["{{ a và {{ b }}"], [("tag_unclosed", "đoạn 1")]),
    "a tag closed by the other sign": (["{% if x }} a"], [("tag_unclosed", "đoạn 1")]),
    "a closing sign alone": (["tổng }} xã"], [("tag_unopened", "đoạn 1")]),
    "a tag over two paragraphs": (["{{ a", "b }}"], [("tag_unclosed", "đoạn 1"), ("tag_unopened", "đoạn 2")]),
    "no expression": (["{{ }}"], [("tag_syntax", "đoạn 1")]),
    "two names in a row": (["{{ tong gia tri }}"], [("tag_syntax", "đoạn 1")]),
    "a for without in": (["{% for x %}a{% endfor %}"], [("tag_syntax", "đoạn 1")]),
    "an else with a condition": (["{% if a %}{% else b %}{% endif %}"], [("tag_syntax", "đoạn 1")]),
    "a misspelt command": (
        ["{% fro x in y %}{% endfor %}"],
        [("block_unopened", "đoạn 1"), ("tag_unsupported", "đoạn 1")],
    ),
    "rich text": (["{{r ten }}"], [("tag_unsupported", "đoạn 1")]),
    "a sub-document": (["{{p phu_luc }}"], [("tag_unsupported", "đoạn 1")]),
    "a cell merge": ([Grid([["{% colspan n %}x"]])], [("tag_unsupported", "Bảng 1, dòng 1, cột 1")]),
    "an include": (["{% include 'a' %}"], [("tag_unsupported", "đoạn 1")]),
    "a macro": (["{% macro m() %}{% endmacro %}"], [("tag_unsupported", "đoạn 1")] * 2),
    "white-space control": (["{%- if a %}{% endif -%}"], [("tag_unsupported", "đoạn 1")] * 2),
    "a loop never closed": (["{%p for x in y %}", "{{ x }}"], [("block_unclosed", "đoạn 1")]),
    "an end without a start": (["{% endif %}"], [("block_unopened", "đoạn 1")]),
    "blocks across each other": (
        ["{% for x in y %}{% if x %}{% endfor %}{% endif %}"],
        [("block_unclosed", "đoạn 1"), ("block_unopened", "đoạn 1")],
    ),
    "two else": (["{% if a %}{% else %}{% else %}{% endif %}"], [("block_unopened", "đoạn 1")]),
    "a row tag outside a table": (
        ["{%tr for x in y %}", "{%tr endfor %}"],
        [("tag_outside_table", f"đoạn {n}") for n in (1, 2)],
    ),
    "text beside a paragraph tag": (["Mất {%p if a %}", "{%p endif %}"], [("tag_swallows_text", "đoạn 1")]),
    "text in the row of a row tag": (
        [Grid([["{%tr for x in y %}", "Mất"], ["{{ x }}", ""], ["{%tr endfor %}", ""]])],
        [("tag_swallows_text", "Bảng 1, dòng 1, cột 1")],
    ),
    "a block opened in a cell and closed in another": (
        [Grid([["{% if a %}x", "y{% endif %}"]])],
        [("block_crosses", "Bảng 1, dòng 1, cột 2")],
    ),
    "a block opened for rows and closed for paragraphs": (
        [Grid([["{%tr for x in y %}"], ["{%p endfor %}"]])],
        [("block_crosses", "Bảng 1, dòng 2, cột 1")],
    ),
    "an unknown filter": (["{{ a|tien }}"], [("filter_unknown", "đoạn 1")]),
    "an unknown test": (["{% if a is dep %}{% endif %}"], [("filter_unknown", "đoạn 1")]),
    "too many loops in each other": (
        ["{% if a %}" * 16 + "{% endif %}" * 16],
        [("block_too_deep", "đoạn 1")],
    ),
    "several faults at once": (
        ["{{ a b }}", TABLE, "{{ c|la }}", "{% for", Grid([["x", "{{ d( }}"]])],
        [
            ("tag_unclosed", "đoạn 3"),
            ("tag_syntax", "đoạn 1"),
            ("filter_unknown", "đoạn 2"),
            ("tag_syntax", "Bảng 2, dòng 1, cột 2"),
        ],
    ),
}


@pytest.mark.parametrize(("blocks", "expected"), CASES.values(), ids=CASES.keys())
def test_faults_are_told_with_their_places(blocks, expected):
    assert sorted(faults(word(*blocks))) == sorted(expected)


def test_faults_in_headers_and_footers_name_the_part():
    content = word("Thân", header=["{{ a"], footer=[Grid([["x", "{{ b b }}"]])])
    # python-docx begins a header with an empty paragraph.
    assert faults(content) == [
        ("tag_unclosed", "Đầu trang 1, đoạn 2"),
        ("tag_syntax", "Chân trang 1, bảng 1, dòng 1, cột 2"),
    ]


def test_a_column_is_counted_as_the_grid_counts_it():
    grid = Grid([["TT", "Năm", "", "{{ a b }}"]], merged=[((0, 1), (0, 2))])
    assert faults(word(grid)) == [("tag_syntax", "Bảng 1, dòng 1, cột 4")]


def test_the_sentence_around_the_fault_is_told():
    _, (found,) = compile_template(word("Trong năm, tổng giá trị đạt {{ tong gia tri }} triệu đồng."), "mau.docx")
    assert found.params["text"] == "Trong năm, tổng giá trị đạt {{ tong gia tri }} triệu đồng."
    assert found.params["tag"] == "{{ tong gia tri }}"


def test_what_was_meant_is_suggested():
    _, issues = compile_template(word("{{ a|joim }}{% endfro %}"), "mau.docx")
    assert [found.params["near"] for found in issues] == [
        "join",
        "endfor",
    ]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ('<w:ins w:id="1" w:author="A"><w:r><w:t>mới</w:t></w:r></w:ins>', "template.tracked_changes"),
        ('<w:del w:id="1" w:author="A"><w:r><w:delText>cũ</w:delText></w:r></w:del>', "template.tracked_changes"),
        ('<w:moveFrom w:id="1" w:author="A"><w:r><w:t>đi</w:t></w:r></w:moveFrom>', "template.tracked_changes"),
        ('<w:r><w:rPr><w:rPrChange w:id="1" w:author="A"/></w:rPr><w:t>x</w:t></w:r>', "template.tracked_changes"),
        ('<w:commentRangeStart w:id="1"/><w:r><w:t>ghi</w:t></w:r>', "template.comments"),
    ],
)
def test_what_review_left_is_refused_with_its_place(inside, code):
    content = with_body(f"<w:p/><w:p><w:r><w:t>Câu </w:t></w:r>{inside}</w:p>")
    compiled, (found,) = compile_template(content, "mau.docx")
    assert (compiled, found.code, found.place.spot) == (None, code, "đoạn 2")
    assert found.params["text"].startswith("Câu") or found.params["text"] == "x"


@pytest.mark.parametrize(
    "inside",
    [
        "<w:r><w:instrText>DATE {{ a }}</w:instrText></w:r>",
        f'<w:r><w:drawing><d:docPr xmlns:d="{DRAWING}" id="1" descr="{{{{ a }}}}"/></w:drawing></w:r>',
    ],
    ids=["field code", "alternative text"],
)
def test_a_tag_where_nothing_can_be_filled_in_is_told(inside):
    assert faults(with_body(f"<w:p>{inside}</w:p>")) == [("tag_misplaced", "đoạn 1")]


SECTION = "<w:pPr><w:sectPr/></w:pPr>"


def _paragraph(text, properties=""):
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    "content",
    [
        _paragraph("{%p if a %}", SECTION) + _paragraph("Có") + _paragraph("{%p endif %}"),
        _paragraph("{%p if a %}") + _paragraph("Có") + _paragraph("{%p endif %}", SECTION),
        _paragraph("{%p for x in a %}") + _paragraph("Có") + _paragraph("{%p endfor %}", SECTION),
    ],
    ids=["where a block begins", "where it ends", "where a loop ends"],
)
@pytest.mark.parametrize("a", [[1, 2], []], ids=["kept", "left out"])
def test_a_section_break_stays_where_a_block_begins_or_ends(content, a):
    compiled, found = compile_template(with_body(content), "mau.docx")
    assert found == []
    rendered, _ = compiled.render({"a": a})
    document = docx.Document(io.BytesIO(rendered))
    assert len(document.sections) == 2
    assert {paragraph.text for paragraph in document.paragraphs} - {""} == ({"Có"} if a else set())


def test_a_section_break_between_the_branches_of_a_block_is_told():
    content = with_body(_paragraph("{%p if a %}") + _paragraph("{%p else %}", SECTION) + _paragraph("{%p endif %}"))
    assert faults(content) == [("tag_swallows_text", "đoạn 2")]


# --- at run time ----------------------------------------------------------------------------


def boom(value):
    raise ValueError("hỏng")


RUN_TIME = {
    "an unknown name": ("{{ khong_co }}", "value_missing"),
    "an unknown field": ("{{ d.khong_co }}", "value_missing"),
    "a field of an unknown name": ("{{ khong.co }}", "value_missing"),
    "a condition on an unknown name": ("{% if khong_co %}{% endif %}", "value_missing"),
    "a loop over an unknown name": ("{% for x in khong_co %}{% endfor %}", "value_missing"),
    "a sum with an unknown name": ("{{ khong_co + 1 }}", "value_missing"),
    "nothing": ("{{ rong }}", "value_kind"),
    "a list": ("{{ ds }}", "value_kind"),
    "a truth value": ("{{ dung }}", "value_kind"),
    "a text times a number": ("{{ 'a' * 3 }}", "value_kind"),
    "a loop over a number": ("{% for x in so %}{% endfor %}", "tag_failed"),
    "a division by zero": ("{{ so / 0 }}", "tag_failed"),
    "a filter that fails": ("{{ so|boom }}", "tag_failed"),
}


@pytest.mark.parametrize(("tag", "code"), RUN_TIME.values(), ids=RUN_TIME.keys())
def test_run_time_faults_have_their_place_too(tag, code):
    grid = Grid(
        [["TT", "Số"], ["{%tr for d in ds %}", ""], ["{{ loop.index }}", f"Số là {tag} xã"], ["{%tr endfor %}", ""]]
    )
    compiled, issues = compile_template(word("Đầu {{ so }}", grid, "Cuối {{ so }}"), "mau.docx", {"boom": boom})
    assert issues == []
    rendered, (found,) = compiled.render({"ds": [{"ten": "a"}], "so": 7, "dung": True, "rong": None})
    assert (rendered, found.code, found.place.spot) == (None, f"template.{code}", "Bảng 1, dòng 3, cột 2")
    assert found.params["text"] == f"Số là {tag} xã"


def test_each_part_tells_its_first_run_time_fault():
    compiled, _ = compile_template(word("{{ a }}", header=["{{ b }}"]), "mau.docx")
    _, issues = compiled.render({})
    assert [str(found.place) for found in issues] == ["mau.docx:đoạn 1", "mau.docx:Đầu trang 1, đoạn 2"]


# --- references -----------------------------------------------------------------------------


def test_references_name_what_the_context_must_hold_with_places():
    content = word(
        "{{ tong }} {{ ky.nam }}", "{% for d in ds %}{{ d.ten }} {{ loop.index }}{% endfor %}{% set x = tong %}{{ x }}"
    )
    compiled, _ = compile_template(content, "mau.docx")
    assert [(found.name, found.path, found.place.spot) for found in compiled.references] == [
        ("tong", "tong", "đoạn 1"),
        ("ky", "ky.nam", "đoạn 1"),
        ("ds", "ds", "đoạn 2"),
        ("ds", "ds[].ten", "đoạn 2"),
        ("tong", "tong", "đoạn 2"),
        ("tong", "tong", "đoạn 2"),
    ]


def test_a_name_typed_in_decomposed_unicode_is_the_composed_one():
    typed = unicodedata.normalize("NFD", "{{ đơn_vị }} {% for h in hộ %}{{ h.số }}{% endfor %}")
    compiled, _ = compile_template(word(typed), "mau.docx")
    assert {found.path for found in compiled.references} == {"đơn_vị", "hộ", "hộ[].số"}
    rendered, issues = compiled.render({"đơn_vị": "Sở Y tế", "hộ": [{"số": 5}]})
    assert issues == []
    assert "Sở Y tế 5" in main_part(rendered).decode().replace('</w:t><w:t xml:space="preserve">', "")


# --- files that are no templates ------------------------------------------------------------

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;'
    "</w:t></w:r></w:p></w:body></w:document>"
)
BROKEN = {
    "no zip": b"day la van ban",
    "nothing": b"",
    "half a zip": word("a")[:900],
    "no document": rewritten(word("a"), {MAIN: None}),
    "no content types": rewritten(word("a"), {"[Content_Types].xml": None}),
    "broken content types": rewritten(word("a"), {"[Content_Types].xml": b"<Types"}),
    "broken XML": rewritten(word("a"), {MAIN: b"<w:document>"}),
    "declared entities": rewritten(word("a"), {MAIN: ENTITIES.encode()}),
    "declared entities in UTF-16": rewritten(word("a"), {MAIN: ENTITIES.encode("utf-16")}),
    "another namespace": rewritten(word("a"), {MAIN: b"<document xmlns='http://purl.oclc.org/ooxml/x'/>"}),
    "a bomb": rewritten(word("a"), {"word/theme/theme1.xml": b" " * (40 << 20)}),
    "a huge document": rewritten(word("a"), {MAIN: b"<a>" + bytes(range(32, 59)) * 900_000 + b"</a>"}),
    "the marker's own sign": word("a \ufdd0" + "0\ufdd1 {{ b }}"),
    "a member outside": rewritten(word("a"), {"../a.xml": b"<a/>"}),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_hostile_or_broken_file_is_an_issue_and_nothing_raises(content):
    compiled, issues = compile_template(content, "mau.docx")
    assert compiled is None
    assert [found.place.file for found in issues] == ["mau.docx"]


@pytest.mark.parametrize("name", ["no document", "broken XML", "declared entities", "the marker's own sign"])
def test_a_package_that_is_no_word_text_of_ours_is_a_broken_template(name):
    (found,) = compile_template(BROKEN[name], "mau.docx")[1]
    assert found.code == "template.broken"
    assert found.params["reason"]


def told():
    """All issues that the cases of this file make, at compile and at run time."""
    for blocks, _ in CASES.values():
        yield from compile_template(word(*blocks), "mau.docx")[1]
    for content in BROKEN.values():
        yield from compile_template(content, "mau.docx")[1]
    for tag, _ in RUN_TIME.values():
        compiled, _ = compile_template(word(tag), "mau.docx", {"boom": boom})
        yield from compiled.render({"so": 7, "rong": None, "ds": [], "dung": True, "d": {}})[1]


def test_each_issue_fills_its_sentence_and_its_cure():
    messages = yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))
    for found in told():
        if found.code.startswith("template."):
            params = {"near": "", **found.params}  # what was meant is added by those who know the names
            sentence, cure = (messages[found.code][line].format(**params) for line in ("sentence", "cure"))
            assert len(sentence) > 20 < len(cure)


def test_messages_are_those_of_the_codes_and_composed():
    text = MESSAGES.read_text(encoding="utf-8")
    assert set(yaml.safe_load(text)) <= set(CODES)
    assert unicodedata.is_normalized("NFC", text)
