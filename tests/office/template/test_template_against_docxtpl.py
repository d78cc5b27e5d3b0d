"""The same templates rendered by docxtpl, the yardstick, print the same text."""

from __future__ import annotations

import io
from collections.abc import Mapping

import docxtpl
import jinja2
import pytest
from wordfile import Block, Grid, texts, word

from generator.office.template import compile_template

UNITS = [
    {"ten": "Sở Y tế", "so": 3, "xa": [{"ten": "Xã Sơn Hà"}, {"ten": "Xã Trà Bồng"}], "dat": True},
    {"ten": "Sở Công Thương", "so": 12, "xa": [], "dat": False},
    {"ten": "Hội Nông dân", "so": 7, "xa": [{"ten": "Xã Ba Tơ"}], "dat": True},
]
CONTEXT = {"tinh": "Quảng Ngãi", "nam": 2025, "don_vi": UNITS, "nam_list": [2021, 2022, 2023], "rong": [], "co": True}

ROWS = Grid(
    [
        ["TT", "Đơn vị", "Số"],
        ["{%tr for d in don_vi %}", "", ""],
        ["{{ loop.index }}", "{{ d.ten }}", "{{ d.so }}"],
        ["{%tr endfor %}", "", ""],
    ]
)
COLUMNS = Grid(
    [
        ["Chỉ tiêu", "{%tc for n in nam_list %}", "Năm {{ n }}", "{%tc endfor %}"],
        ["Số hộ", "{%tc for n in nam_list %}", "{{ n + 1 }}", "{%tc endfor %}"],
    ]
)
MERGED = Grid(
    [
        ["TT", "Đơn vị", "Kết quả năm {{ nam }}", ""],
        ["", "", "Số", "Đạt"],
        ["{%tr for d in don_vi %}", "", "", ""],
        ["{{ loop.index }}", "{{ d.ten }}", "{{ d.so }}", "{% if d.dat %}x{% endif %}"],
        ["{%tr endfor %}", "", "", ""],
        ["", "Cộng", "{{ don_vi|length }}", ""],
    ],
    merged=[((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3))],
)
NESTED_ROWS = Grid(
    [
        ["{%tr for d in don_vi %}", ""],
        ["{{ d.ten }}", "{% if d.xa %}{{ d.xa|length }} xã{% else %}không{% endif %}"],
        ["{%tr for x in d.xa %}", ""],
        ["- {{ x.ten }}", "{{ loop.index }}/{{ loop.length }}"],
        ["{%tr endfor %}", ""],
        ["{%tr endfor %}", ""],
    ]
)

CASES: Mapping[str, list[Block]] = {
    "a value in a sentence": ["Tỉnh {{ tinh }}, năm {{ nam }}."],
    "split runs": ["Tỉnh {¦{ ti¦nh }¦}, {¦% if¦ co %¦}có{%¦ endif %}."],
    "a loop over paragraphs": ["{%p for d in don_vi %}", "{{ loop.index }}. {{ d.ten }}", "{%p endfor %}", "Hết"],
    "nested loops over paragraphs": [
        "{%p for d in don_vi %}",
        "{{ d.ten }}:",
        "{%p for x in d.xa %}",
        "+ {{ x.ten }}",
        "{%p endfor %}",
        "{%p endfor %}",
    ],
    "a loop inside a sentence": [
        "Gồm {% for d in don_vi %}{{ d.ten }}{% if not loop.last %}, {% endif %}{% endfor %}."
    ],
    "conditions over paragraphs": ["{%p if nam > 2024 %}", "Mới", "{%p else %}", "Cũ", "{%p endif %}"],
    "elif": ["{% if nam == 1 %}a{% elif nam == 2025 %}b{% else %}c{% endif %}"],
    "a condition that spans paragraphs": ["Đầu {% if not co %}bỏ", "giữa", "bỏ{% endif %} cuối"],
    "a loop that spans paragraphs": ["{% for n in nam_list %}Năm {{ n }}", "hết{% endfor %} rồi"],
    "a loop over rows": [ROWS],
    "a loop over columns": [COLUMNS],
    "merged header cells": [MERGED],
    "nested loops over rows": [NESTED_ROWS],
    "loops inside a cell": [Grid([["{% for x in nam_list %}{{ x }};{% endfor %}", "{{ tinh|upper }}"]])],
    "an else of an empty loop": ["{% for x in rong %}{{ x }}{% else %}không có{% endfor %}"],
    "filters": ["{{ nam_list|join(', ') }} {{ tinh|lower }} {{ nam_list|first }} {{ thieu|default('-') }}"],
    "comments": ["a{# không in #}b", "{#p bỏ cả đoạn #}", "c"],
    "smart quotes": ["{{ nam_list|join(“, ”) }}{% if tinh == ‘Quảng Ngãi’ %} đúng{% endif %}"],
    "angle brackets in a tag": ["{% if nam > 2000 and nam < 3000 %}đúng{% endif %}"],
    "set": ["{% set x = nam %}{{ x - 1 }}"],
    "braces that are no tags": ["Tập {a} và { b }", "100%"],
}


def by_docxtpl(content: bytes, context: Mapping[str, object]) -> bytes:
    template = docxtpl.DocxTemplate(io.BytesIO(content))
    template.render(context, jinja2.Environment(autoescape=True))
    buffer = io.BytesIO()
    template.save(buffer)
    return buffer.getvalue()


def by_us(content: bytes, context: Mapping[str, object]) -> bytes:
    compiled, issues = compile_template(content, "mau.docx")
    assert (compiled is not None, issues) == (True, [])
    rendered, issues = compiled.render(context)
    assert issues == []
    return rendered


@pytest.mark.parametrize("blocks", CASES.values(), ids=CASES.keys())
def test_the_text_is_that_of_docxtpl(blocks):
    content = word(*blocks)
    assert texts(by_us(content, CONTEXT)) == texts(by_docxtpl(content, CONTEXT))


def test_headers_and_footers_are_filled_as_docxtpl_does():
    content = word("Thân", header=["Tỉnh {¦{ tinh }}", ROWS], footer=["{%p if co %}", "Năm {{ nam }}", "{%p endif %}"])
    ours = texts(by_us(content, CONTEXT))
    assert ours == texts(by_docxtpl(content, CONTEXT))
    assert "Tỉnh Quảng Ngãi" in ours


@pytest.mark.parametrize("value", ["A & B <C> \"d\" 'e'", "dòng một\ndòng hai", "cột\tsau", "a > b && c < d"])
def test_special_signs_in_values_print_as_docxtpl_prints_them_with_escaping_on(value):
    content = word("[{{ x }}]", Grid([["{{ x }}", "sau"]]))
    assert texts(by_us(content, {"x": value})) == texts(by_docxtpl(content, {"x": value}))
