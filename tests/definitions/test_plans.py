"""Plans and their Word templates: every fault is told at once, with its line or spot and the near miss."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest
from docx import Document

from generator.definitions.aggregations import AGGREGATIONS, LABELS, change
from generator.definitions.load import load_messages
from generator.definitions.load_plans import load_plan
from generator.definitions.plans import COUNTS, STANDARD_LISTS, STANDARD_NAMES
from generator.issues import Severity
from generator.pipeline.check_reports import check_reports, check_template, load_report
from generator.stages.render import FILTER_NOTES, FILTERS
from report_cases import TEMPLATES, forms

PATH = Path("templates/reports/so-ket.yaml")
HEAD = """\
code: so-ket
title: Sơ kết
form: KN-01
template: so-ket.docx
output: bao-cao-{year}.docx
"""
FIGURE = """\
figures:
  tong:
    label: tổng
    from: KN-01.hoat_dong.gia_tri
    aggregation: sum
"""
BY_KIND = """\
  b: {label: x, from: KN-01.hoat_dong.gia_tri, aggregation: sum, by: [loai]}
  c: {label: x, from: KN-01.hoat_dong.gia_tri, aggregation: sum, by: [nam], year: all}
  d: {label: x, from: KN-01.hoat_dong.gia_tri, aggregation: sum, year: all}
  f: {label: x, from: KN-01.hoat_dong.gia_tri, aggregation: sum, by: [nguon]}
"""


def faults(text: str) -> list[tuple[str, int, str]]:
    """Code, line and near miss of every fault of a plan."""
    plan, issues = load_plan(PATH, forms(), text)
    assert (plan is None) == bool(issues)
    return [(found.code, found.place.line, found.params.get("near", "")) for found in issues]


def test_the_shipped_reports_have_no_fault():
    assert check_reports(TEMPLATES / "reports", forms()) == []
    assert load_plan(TEMPLATES / "reports" / "so-ket.yaml", forms())[0] is not None


FAULTS = {
    "form of the report": (HEAD.replace("KN-01", "KN-1"), [("plan.unknown_form", 3, "KN-01")]),
    "file name": (HEAD.replace("so-ket.docx", "../so-ket.docx"), [("plan.bad_file_name", 4, "")]),
    "key of the plan": (HEAD + "figure: {}\n", [("definition.unknown_key", 6, "figures")]),
    "form of a figure": (HEAD + FIGURE.replace("KN-01", "KN-91"), [("plan.unknown_form", 9, "KN-01")]),
    "field of a figure": (
        HEAD + FIGURE.replace("gia_tri", "gia_try"),
        [("plan.unknown_field", 9, "KN-01.hoat_dong.gia_tri")],
    ),
    "aggregation": (HEAD + FIGURE.replace("sum", "summ"), [("plan.unknown_aggregation", 10, "sum")]),
    "sum of texts": (HEAD + FIGURE.replace("gia_tri", "noi_dung"), [("plan.wrong_aggregation", 10, "")]),
    "key of grouping": (HEAD + FIGURE + "    by: [linh_vucc]\n", [("plan.unknown_key", 11, "linh_vuc")]),
    "four keys": (HEAD + FIGURE + "    by: [don_vi, loai, xa, nguon]\n", [("plan.too_many_keys", 11, "")]),
    "code of a filter": (HEAD + FIGURE + "    where: {nguon: [l_ghep]}\n", [("plan.unknown_choice", 11, "long_ghep")]),
    "kind of sender": (HEAD + FIGURE + "    where: {loai_don_vi: [huyenn]}\n", [("plan.unknown_choice", 11, "huyen")]),
    "kind of sender as groups": (HEAD + FIGURE + "    by: [loai_don_vi]\n", [("plan.unknown_key", 11, "don_vi")]),
    "key of a filter": (HEAD + FIGURE + "    without: {nguonn: [long_ghep]}\n", [("plan.unknown_key", 11, "nguon")]),
    "year": (HEAD + FIGURE + "    year: prevous\n", [("plan.unknown_year", 11, "previous")]),
    "count without a unit": (HEAD + FIGURE.replace("sum", "count"), [("plan.no_unit", 8, "")]),
    "accents in a name": (HEAD + FIGURE.replace("tong:", "tổng:"), [("definition.bad_code", 7, "")]),
    "name of every report": (HEAD + FIGURE.replace("tong:", "so_don_vi:"), [("plan.reserved_name", 7, "")]),
    "one name twice": (HEAD + FIGURE + "words: {tong: x}\n", [("plan.duplicate_name", 11, "")]),
    "comparison": (
        HEAD + FIGURE + "comparisons:\n  a: {label: x, current: tong, previous: tongg}\n",
        [("plan.unknown_figure", 12, "tong")],
    ),
    "comparison of unlike groups": (
        HEAD + FIGURE + "  b: {label: x, from: KN-01.hoat_dong.gia_tri, aggregation: sum, by: [loai]}\n"
        "comparisons:\n  a: {label: x, current: tong, previous: b}\n",
        [("plan.wrong_comparison", 13, "")],
    ),
    "column of a listing": (
        HEAD + FIGURE + "listings:\n  a: {label: x, by: don_vi, columns: {b: tongg, c: tong}}\n",
        [("plan.unknown_figure", 12, "tong"), ("plan.wrong_column", 12, "")],
    ),
    "field of a quote": (
        HEAD + "quotes:\n  a: {label: x, from: KN-01.ton_taii}\n"
        "  b: {label: x, from: KN-01.kien_nghi.noi_dung, beside: [noi_nhann]}\n",
        [("plan.unknown_field", 7, "KN-01.ton_tai"), ("plan.unknown_field", 8, "noi_nhan")],
    ),
    "period": (HEAD + "period: yeears\n", [("plan.unknown_period", 6, "years")]),
    "state": (
        HEAD + "states:\n  a: {label: x, form: KN-2, state: da_bao_ca, by: [nm]}\n",
        [("plan.unknown_form", 7, "KN-02"), ("plan.unknown_key", 7, "nam"), ("plan.unknown_state", 7, "da_bao_cao")],
    ),
    "group of a comparison": (
        HEAD + FIGURE + BY_KIND + 'comparisons:\n  a: {label: x, current: "b[nha_oo]", previous: "c[{too}]"}\n',
        [("plan.unknown_choice", 16, "nha_o"), ("plan.unknown_choice", 16, "{to}")],
    ),
    "series of a comparison": (
        HEAD + FIGURE + "comparisons:\n  a: {label: x, current: tong, previous: tong, series: KN-02.so_ho}\n",
        [("plan.wrong_series", 12, "")],
    ),
    "parts that are no parts": (
        HEAD + FIGURE + "shares:\n  a: {label: x, of: tong, digits: 3}\n",
        [("plan.wrong_parts", 12, ""), ("plan.bad_digits", 12, "")],
    ),
    "ratio of what is divided otherwise": (
        HEAD + FIGURE + BY_KIND + "ratios:\n  a: {label: x, of: b, over: tong, digits: 3}\n  e: {label: x, of: tog}\n",
        [
            ("plan.wrong_comparison", 16, ""),
            ("plan.bad_digits", 16, ""),
            ("definition.missing_key", 17, ""),
            ("plan.unknown_figure", 17, "tong"),
        ],
    ),
    "column beside": (
        HEAD + FIGURE.rstrip() + "\n    with: [so_hoo]\n",
        [("plan.unknown_field", 11, "so_ho")],
    ),
    "total of other values": (
        HEAD + FIGURE + BY_KIND + "scaled:\n  a: {label: x, of: b, total: d, unit: trieuu}\n",
        [("plan.wrong_total", 16, ""), ("plan.unknown_scale", 16, "trieu")],
    ),
    "scaled counts": (
        HEAD + FIGURE + "  b: {label: x, from: KN-01.hoat_dong.so_ho, aggregation: sum, by: [loai]}\n"
        "  c: {label: x, from: KN-01.hoat_dong.so_ho, aggregation: sum}\n"
        "scaled:\n  a: {label: x, of: b, total: c}\n",
        [("plan.not_money", 14, "")],
    ),
    "series of a listing": (
        HEAD + FIGURE + BY_KIND + "listings:\n  a: {label: x, by: loai, series: {e: b, tt: c}}\n",
        [("plan.wrong_column", 16, ""), ("plan.wrong_column", 16, ""), ("plan.reserved_column", 16, "")],
    ),
    "listing without columns": (HEAD + "listings:\n  a: {label: x, by: loai}\n", [("plan.no_columns", 7, "")]),
    "members of a listing": (
        HEAD + FIGURE + BY_KIND + "listings:\n  a: {label: x, by: loai, columns: {e: b}, members: owin}\n",
        [("plan.unknown_members", 16, "owing"), ("plan.wrong_members", 16, "")],
    ),
    "heading of a listing": (
        HEAD + FIGURE + BY_KIND + "listings:\n"
        "  a: {label: x, by: loai, columns: {e: b}, under: {by: nguon, columns: {g: f}}}\n",
        [("plan.wrong_under", 16, ""), ("plan.column_not_below", 16, "")],
    ),
    "listing of something else": (
        HEAD + "listings:\n  a: {label: x, of: standing, forms: [KN-1]}\n",
        [("plan.unknown_listing", 7, "standings"), ("plan.unknown_form", 7, "KN-01")],
    ),
    "group of a quote": (
        HEAD + "quotes:\n  a: {label: x, from: KN-01.kien_nghi.noi_dung, beside: [noi_nhan], group: noi_nha}\n",
        [("plan.wrong_group", 7, "noi_nhan")],
    ),
    "filter of a quote": (
        HEAD + "quotes:\n  a: {label: x, from: KN-00.cau_phai_co.cau, where: {phan: [vv], nam: ['2025']}}\n",
        [("plan.unknown_choice", 7, "v"), ("plan.unknown_key", 7, "")],
    ),
    "topics of a quote": (
        HEAD + "quotes:\n  a: {label: x, from: KN-01.ton_tai, topics: true}\n", [("plan.wrong_topics", 7, "")]
    ),
    "word of two topics": (
        HEAD + "topics:\n  a: {label: x, words: [vốn]}\n  b: {label: y, words: [Vốn]}\n",
        [("plan.topic_word_twice", 8, "")],
    ),
    "missing label": (HEAD + FIGURE.replace("    label: tổng\n", ""), [("definition.missing_key", 8, "")]),
    "not a map": ("- a\n", [("definition.wrong_type", 1, "")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_fault_has_its_line_and_near_miss(text, expected):
    found = faults(text)
    assert found[: len(expected)] == expected


def test_a_plan_may_compare_one_group_with_one_group_of_another_figure():
    text = HEAD + FIGURE + BY_KIND + 'comparisons:\n  a: {label: x, current: "b[nha_o]", previous: "c[{from}]"}\n'
    assert faults(text) == []


def test_all_faults_of_a_plan_are_told_in_one_run():
    text = HEAD.replace("KN-01", "KN-9") + FIGURE.replace("sum", "summ") + "    by: [nguonn]\n    year: x\n"
    codes = {code for code, _, _ in faults(text)}
    assert {"plan.unknown_form", "plan.unknown_aggregation", "plan.unknown_year"} <= codes


def test_households_and_people_summed_are_turns():
    text = HEAD + FIGURE.replace("gia_tri", "so_ho")
    plan, _ = load_plan(PATH, forms(), text)
    assert [spec.unit for spec in plan.figures] == ["lượt hộ"]


@pytest.mark.parametrize(
    ("this", "last", "percent"),
    [(150, 100, "50.0"), (100, 150, "-33.3"), (100, 100, "0.0"), (0, 5, "-100.0"), (2_001, 2_000, "0.1"),
     (5, 0, None), (5, -1, None)],
)  # fmt: skip
def test_a_change_is_rounded_half_up_and_has_no_value_over_nothing(this, last, percent):
    assert (None if percent is None else percent) == (None if (found := change(this, last)) is None else str(found))


def test_every_aggregation_and_filter_has_its_words():
    assert set(AGGREGATIONS) < set(LABELS)
    assert all(one.label and one.description for one in AGGREGATIONS.values())
    assert set(FILTERS) == set(FILTER_NOTES)
    assert set(STANDARD_LISTS) < set(STANDARD_NAMES)
    assert not set(COUNTS) & set(STANDARD_NAMES)


# --- the Word template ----------------------------------------------------------------------


def docx(*paragraphs: str, cells: tuple[str, ...] = ()) -> bytes:
    """A template with these paragraphs and one row of these cells."""
    made = Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if cells:
        grid = made.add_table(1, len(cells))
        for at, text in enumerate(cells):
            grid.cell(0, at).text = text
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def template_faults(content: bytes) -> list[tuple[str, str, str]]:
    """Code, spot and near miss of every fault in a template beside the shipped plan; its charts are not drawn there."""
    plan, _ = load_plan(TEMPLATES / "reports" / "so-ket.yaml", forms())
    _, found = check_template(content, "templates/reports/so-ket.docx", plan, forms())
    told = [(one.code, one.place.spot, one.params.get("near", "")) for one in found]
    return [one for one in told if one[0] != "report.chart_not_drawn"]


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("Tổng {{ tong_gia_try | tien }}", "report.unknown_name", "tong_gia_tri"),
        ("{{ gia_tri_theo_linh_vuc.kinh_tee }}", "report.unknown_part", "kinh_te"),
        ("{{ so_voi_nam_truoc.tangg }}", "report.unknown_part", "tang"),
        ("{{ tong_gia_tri.kinh_te }}", "report.unknown_part", ""),
        ("{% for d in phu_luc_1 %}{{ d.gia_trii }}{% endfor %}", "report.unknown_part", "gia_tri"),
        ("{% for d in phu_luc_9 %}{{ d.ten }}{% endfor %}", "report.unknown_name", "phu_luc_1"),
        ("{% for d in tong_gia_tri %}{{ d.ten }}{% endfor %}", "report.unknown_part", ""),
        ("{{ phu_luc_1.gia_tri }}", "report.unknown_part", ""),
        ("{% for v in can_cu %}{{ v.soo }}{% endfor %}", "report.unknown_part", "so"),
        ("{{ tong_gia_tri | tienn }}", "template.filter_unknown", None),
        ("{% if tong_gia_tri %}x", "template.block_unclosed", None),
    ],
)  # fmt: skip
def test_an_unknown_name_has_its_spot_and_near_miss(text, code, near):
    found = template_faults(docx("Mở đầu", text))
    assert found[0][0] == code
    assert found[0][1] == "đoạn 2"
    assert near in (None, found[0][2])


def test_a_comparison_in_a_row_is_one_number_whose_parts_stand_under_its_own_name():
    listing = "listings:\n  k: {label: x, by: loai, columns: {so: a}}\n"
    plan, _ = load_plan(
        PATH, forms(), HEAD + FIGURE + BY_KIND + "comparisons:\n  a: {label: x, current: b, previous: b}\n" + listing
    )
    content = docx("{% for d in k %}{{ d.so | phan_tram }} {{ d.so.giam }}{% endfor %}")
    _, found = check_template(content, "x.docx", plan, forms())
    assert [(one.code, one.params["part"]) for one in found] == [("report.unknown_part", "giam")]


def test_a_fault_in_a_table_is_told_by_row_and_column():
    found = template_faults(docx("Mở đầu", cells=("a", "{{ tong_gia_try }}")))
    assert found == [("report.unknown_name", "Bảng 1, dòng 1, cột 2", "tong_gia_tri")]


def test_unknown_names_are_told_beside_a_tag_left_open():
    found = template_faults(docx("{{ tong_gia_try }}", "{% for d in phu_luc_1 %}{{ d.ten }}"))
    assert {code for code, _, _ in found} == {"template.block_unclosed", "report.unknown_name"}


def test_a_tag_in_decomposed_unicode_works_and_is_told():
    plan, _ = load_plan(PATH, forms(), HEAD + "words: {}\n")
    tag = unicodedata.normalize("NFD", "{% if nam == 'năm' %}x{% endif %}")
    template, found = check_template(docx(tag), "x.docx", plan, forms())
    assert template is not None
    assert {(one.code, one.severity) for one in found} == {("report.decomposed_name", Severity.WARNING)}


def test_a_missing_template_is_an_issue(tmp_path):
    plan = tmp_path / "so-ket.yaml"
    plan.write_text(HEAD, encoding="utf-8")
    definition, found = load_report(plan, forms())
    assert definition is None
    assert [one.code for one in found] == ["report.no_template"]


@pytest.mark.parametrize(
    "code", ["plan.unknown_form", "report.unknown_name", "report.unknown_part", "geometry.tag_left"]
)
def test_a_fault_reads_as_a_sentence_with_its_cure(code):
    messages, _ = load_messages(TEMPLATES / "messages")
    sentence, cure = messages.texts[code]
    assert sentence.endswith((".", "]."))
    assert cure
