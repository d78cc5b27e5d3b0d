"""The charts of a plan and those drawn in its Word template: every fault with its line or place and the near miss."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "office"))

from drawn_charts import chart_xml, document, drawing

from generator.definitions.load_plans import load_plan
from generator.issues import Severity
from generator.pipeline.check_reports import check_template
from report_cases import forms

PATH = Path("templates/reports/so-ket.yaml")
PLAN = """\
code: so-ket
title: Sơ kết
form: KN-01
template: so-ket.docx
output: bao-cao-{year}.docx
figures:
  tong: {label: tổng, from: KN-01.hoat_dong.gia_tri, aggregation: sum}
  theo: {label: theo, from: KN-01.hoat_dong.gia_tri, aggregation: sum, by: [linh_vuc]}
  qua_nam: {label: theo năm, from: KN-01.hoat_dong.gia_tri, aggregation: sum, by: [linh_vuc, nam], year: all}
  ca_nam: {label: tổng các năm, from: KN-01.hoat_dong.gia_tri, aggregation: sum, year: all}
  moi_nam: {label: các năm, from: KN-01.hoat_dong.gia_tri, aggregation: sum, by: [nam], year: all}
scaled: {trieu_moi_nam: {label: các năm, of: moi_nam, total: ca_nam, unit: trieu}}
listings:
  bang: {label: bảng, by: linh_vuc, columns: {gia_tri: theo}, series: {tung_nam: qua_nam}}
charts:
"""
GOOD = "  mot: {label: giá trị, unit: đồng, listing: bang, columns: {gia_tri: 'Năm {nam}'}}\n"
YEARS = "  a: {label: x, unit: triệu đồng, listing: bang, years: tung_nam, scale: trieu, totals: trieu_moi_nam}\n"
CHART = chart_xml("column", ["a"], {"x": [1]})


def faults(charts: str) -> list[tuple[str, int, str]]:
    plan, issues = load_plan(PATH, forms(), PLAN + charts)
    assert (plan is None) == bool(issues)
    return [(found.code, found.place.line, found.params.get("near", "")) for found in issues]


@pytest.mark.parametrize(
    "chart",
    [
        GOOD,
        "  a: {label: x, unit: đ, listing: bang, columns: {gia_tri: x}, when: {gia_tri: tong}, without: [kinh_te]}\n",
        "  a: {label: x, unit: triệu đồng, listing: bang, years: tung_nam, scale: trieu}\n",
        "  a: {label: x, unit: triệu đồng, listing: bang, rows: tung_nam, scale: trieu}\n",
        YEARS,
        "  a: {label: x, unit: đồng, figures: {tong: Cả năm, 'theo[kinh_te]': Kinh tế, so_don_vi_muon: Muộn}}\n",
    ],
)
def test_a_chart_may_draw_columns_years_rows_or_figures(chart: str) -> None:
    assert faults(chart) == []


FAULTS = {
    "listing": (GOOD.replace("bang", "bangg"), [("plan.unknown_chart_listing", 16, "bang")]),
    "column": (GOOD.replace("gia_tri", "gia_trii"), [("plan.unknown_chart_column", 16, "gia_tri")]),
    "series": (
        "  a: {label: x, unit: đồng, listing: bang, years: tung_nm}\n", [("plan.unknown_chart_column", 16, "tung_nam")]
    ),
    "year": (GOOD.replace("{nam}", "{nma}"), [("plan.unknown_chart_year", 16, "nam")]),
    "two ways": (
        "  a: {label: x, unit: đ, listing: bang, years: tung_nam, rows: tung_nam}\n", [("plan.wrong_chart", 16, "")]
    ),
    "no way": ("  a: {label: x, unit: đ, listing: bang}\n", [("plan.wrong_chart", 16, "")]),
    "no listing": ("  a: {label: x, unit: đ, columns: {gia_tri: x}}\n", [("plan.wrong_chart", 16, "")]),
    "figure": ("  a: {label: x, unit: đ, figures: {tongg: x}}\n", [("plan.unknown_figure", 16, "tong")]),
    "divided figure": ("  a: {label: x, unit: đ, figures: {theo: x}}\n", [("plan.divided_figure", 16, "")]),
    "condition": (
        GOOD.replace("}}", "}, when: {gia: tong}}"), [("plan.unknown_chart_column", 16, "gia_tri")]
    ),
    "scale": (GOOD.replace("}}", "}, scale: trieuu}"), [("plan.unknown_scale", 16, "trieu")]),
    "totals that are no figure": (
        YEARS.replace("totals: t", "totals: tt"), [("plan.unknown_figure", 16, "trieu_moi_nam")]
    ),
    "totals in đồng": (YEARS.replace("trieu_moi_nam", "moi_nam"), [("plan.wrong_total", 16, "")]),
    "totals without a unit": (YEARS.replace(", scale: trieu", ""), [("plan.wrong_total", 16, "")]),
    "unit": (GOOD.replace(" unit: đồng,", ""), [("definition.missing_key", 16, "")]),
    "key": (GOOD.replace("listing:", "listings:"), [("definition.unknown_key", 16, "listing")]),
}  # fmt: skip


@pytest.mark.parametrize(("charts", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_fault_has_its_line_and_near_miss(charts: str, expected: list[tuple[str, int, str]]) -> None:
    assert faults(charts)[: len(expected)] == expected


# --- the Word template ------------------------------------------------------------------------


def judged(*body: str, charts: tuple[bytes, ...] = (CHART,)) -> list[tuple[str, Severity, str, str]]:
    plan, issues = load_plan(PATH, forms(), PLAN + GOOD)
    assert plan is not None, issues
    _, found = check_template(document(charts, body), "mau.docx", plan, forms())
    return [
        (one.code, one.severity, one.place.spot or str(one.place.line), one.params.get("near", "")) for one in found
    ]


@pytest.mark.parametrize("name", ["bieu_do.mot", "{{ bieu_do.mot }}"])
def test_a_chart_that_the_plan_names_has_no_fault(name: str) -> None:
    assert judged("{%p if tong > 0 %}", drawing("rId11", 1, name), "{%p endif %}") == []


def test_an_unknown_chart_is_told_with_the_near_miss_and_so_is_the_one_that_is_not_drawn() -> None:
    assert judged("Mở đầu", drawing("rId11", 1, "bieu_do.mott")) == [
        ("report.unknown_chart", Severity.ERROR, "đoạn 2", "mot"),
        ("report.chart_not_drawn", Severity.WARNING, "16", "mott"),
    ]


def test_a_chart_without_a_name_would_print_the_numbers_of_its_sample() -> None:
    assert judged(drawing("rId11", 1, "Hình 1"))[0] == ("report.chart_unnamed", Severity.WARNING, "đoạn 1", "")


def test_a_chart_in_a_loop_is_an_error() -> None:
    body = ("{%p for d in bang %}", drawing("rId11", 1, "bieu_do.mot"), "{%p endfor %}")
    assert judged(*body) == [("report.chart_in_loop", Severity.ERROR, "đoạn 2", "")]


def test_a_chart_of_another_kind_is_an_error() -> None:
    chart = chart_xml("line", ["a"], {"x": [1]}).replace(b"lineChart", b"scatterChart")
    assert judged(drawing("rId11", 1, "bieu_do.mot"), charts=(chart,)) == [
        ("report.chart_kind", Severity.ERROR, "đoạn 1", "")
    ]


def test_a_tag_in_the_words_of_a_chart_is_an_error() -> None:
    chart = chart_xml("line", ["a"], {"x": [1]}, title="Năm {{ nam }}")
    assert judged(drawing("rId11", 1, "bieu_do.mot"), charts=(chart,)) == [
        ("template.tag_misplaced", Severity.ERROR, "đoạn 1", "")
    ]
