"""Charts of a report: the numbers of the table, noted as they are printed, and a sentence for who cannot see them."""

from __future__ import annotations

import io
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

sys.path.insert(0, str(Path(__file__).parents[1] / "office"))

from drawn_charts import chart_xml, document, drawing
from test_chart import shown

from generator.definitions.plans import Listing, ReportPlan
from generator.definitions.plans_charts import ChartSpec
from generator.model import Figure
from generator.office.template import compile_template
from generator.stages.figures import Row
from generator.stages.render import FILTERS, Content, render

BASE = ReportPlan(
    "x", "x", "KN-01", "x.docx", "x.docx", listings=(Listing("bang", "x", "linh_vuc", {"gia_tri": "theo"}),)
)
WORDS = {"nam": 2025, "nam_truoc": 2024, "tu_nam": 2024, "den_nam": 2025, "cac_nam": ["2024", "2025"]}


def figure(code: str, value: int | Decimal) -> Figure:
    return Figure(code, code, value, "đồng", "sum", ("a/1",))


FIGURES = {
    (code, row): figure(f"{code}[{row}]", value)
    for code, row, value in (
        ("theo", "kinh_te", 12_345_678_900),
        ("theo", "an_sinh", 499_999),
        ("truoc", "kinh_te", 7_000_000),
        ("tung", "2024", 3_000_000),
        ("tung", "2025", 0),
    )
}
TOTAL, BEFORE, NOTHING = figure("tong", 9_000_000), figure("da_co", 4), figure("khong", 0)


def row(code: str, name: str, level: int = 2) -> Row:
    cells = {"gia_tri": FIGURES.get(("theo", code)), "truoc": FIGURES.get(("truoc", code))}
    series = {"tung_nam": [FIGURES[("tung", "2024")], FIGURES[("tung", "2025")] if code == "kinh_te" else None]}
    return Row(code, name, "", None, False, False, cells, series, level=level)


ROWS = [row("nhom", "Nhóm", level=1), row("kinh_te", "kinh tế"), row("an_sinh", "An sinh {{ x }}"), row("khac", "Khác")]
CONTENT = Content([*FIGURES.values(), TOTAL, BEFORE, NOTHING], {"bang": ROWS}, words=WORDS)


def drawn(
    spec: ChartSpec, *, body: str = "bieu_do.mau", content: Content = CONTENT
) -> tuple[list[object], str, dict[str, tuple[str, ...]]]:
    """Series of the picture, alternative text, and how the figures were printed."""
    template = document([chart_xml("column", ["a"], {"x": [1]})], ["Mở đầu {{ nam }}", drawing("rId11", 1, body)])
    compiled, faults = compile_template(template, "x.docx", FILTERS)
    assert compiled is not None, faults
    plan = ReportPlan("x", "x", "KN-01", "x.docx", "x.docx", listings=BASE.listings, charts=(spec,))
    rendered, issues = render(compiled, content, plan, "x.docx")
    assert rendered is not None, issues
    text = Document(io.BytesIO(rendered.content)).element.body.xpath("//@descr")[0]
    return list(shown(rendered.content)), text, dict(rendered.printed)


TWO = {"gia_tri": "Năm {nam}", "truoc": "Năm {nam_truoc}"}


def test_columns_of_a_listing_are_series_over_its_rows_in_millions() -> None:
    spec = ChartSpec("mau", "giá trị", "triệu đồng", "bang", TWO, scale="trieu", without=frozenset({"khac"}))
    series, text, printed = drawn(spec)
    names = ["Kinh tế", "An sinh { { x } }"]
    assert series == [("Năm 2025", names, {0: "12345.6789", 1: "0.499999"}), ("Năm 2024", names, {0: "7"})]
    assert text.startswith("Biểu đồ giá trị (triệu đồng). Năm 2025: Kinh tế 12.346; An sinh")
    assert text.endswith("Năm 2024: Kinh tế 7; An sinh { { x } } chưa có số liệu.")
    assert printed["theo[kinh_te]"] == ("12.346 triệu đồng",)


def test_a_column_is_left_out_where_its_condition_is_nothing() -> None:
    assert len(drawn(ChartSpec("mau", "x", "đồng", "bang", TWO, when={"truoc": "da_co"}))[0]) == 2
    assert len(drawn(ChartSpec("mau", "x", "đồng", "bang", TWO, when={"truoc": "khong"}))[0]) == 1
    assert len(drawn(ChartSpec("mau", "x", "đồng", "bang", TWO, when={"truoc": "khong_co"}))[0]) == 1


def test_each_year_is_a_series_or_each_row() -> None:
    by_year, _, _ = drawn(
        ChartSpec("mau", "x", "đồng", "bang", years="tung_nam", without=frozenset({"khac", "an_sinh"}))
    )
    assert by_year == [("Năm 2024", ["Kinh tế"], {0: "3000000"}), ("Năm 2025", ["Kinh tế"], {0: "0"})]
    by_row, _, _ = drawn(ChartSpec("mau", "x", "đồng", "bang", rows="tung_nam", without=frozenset({"an_sinh"})))
    years = ["2024", "2025"]
    assert by_row == [("Kinh tế", years, {0: "3000000", 1: "0"}), ("Khác", years, {0: "3000000"})]


def test_parts_of_a_year_add_up_to_what_tables_show_of_the_year() -> None:
    values = {"a": (1_400_000, 2_600_000), "b": (1_400_000, 2_600_000), "c": (1_400_000, None), "d": (0, 600_000)}
    cells = {
        code: [None if value is None else figure(f"tung[{code},{at}]", value) for at, value in enumerate(of_years)]
        for code, of_years in values.items()
    }
    rows = [Row(code, code, "", None, False, False, {}, {"tung_nam": given}) for code, given in cells.items()]
    shown_already = [figure("trieu[2024]", 4), figure("trieu[2025]", 6)]
    content = Content(
        [*(cell for given in cells.values() for cell in given if cell), *shown_already], {"bang": rows}, words=WORDS
    )
    spec = ChartSpec("mau", "x", "triệu đồng", "bang", years="tung_nam", scale="trieu", totals="trieu")
    series, text, printed = drawn(spec, content=content)
    names = ["A", "B", "C", "D"]
    assert series == [
        ("Năm 2024", names, {0: "2", 1: "1", 2: "1", 3: "0"}),
        ("Năm 2025", names, {0: "3", 1: "3", 3: "0"}),
    ]
    assert "Năm 2024: A 2; B 1; C 1; D 0" in text
    assert printed["tung[a,0]"] == ("2 triệu đồng",)


def test_single_figures_are_one_series() -> None:
    figures = {"tong": "Đầu năm {tu_nam}", "theo[kinh_te]": "Kinh tế", "tung[{to}]": "Cuối", "chua_ke": "Chưa kê"}
    series, _, _ = drawn(ChartSpec("mau", "x", "đồng", figures=figures))
    names = ["Đầu năm 2024", "Kinh tế", "Cuối", "Chưa kê"]
    assert series == [("đồng", names, {0: "9000000", 1: "12345678900", 2: "0"})]


def test_numbers_of_a_chart_that_the_document_does_not_show_are_not_noted() -> None:
    spec = ChartSpec("mau", "x", "đồng", "bang", {"gia_tri": "x"})
    _, _, printed = drawn(spec, body="Hình của người soạn")
    assert printed == {}


@pytest.mark.parametrize(("value", "told"), [(Decimal("12.5"), "12,5"), (Decimal("12"), "12")])
def test_a_part_of_a_number_keeps_one_decimal(value: Decimal, told: str) -> None:
    content = Content([figure("tong", value)], words=WORDS)
    template = document([chart_xml("pie", ["a"], {"x": [1]})], ["{{ nam }}", drawing("rId11", 1, "bieu_do.mau")])
    compiled, _ = compile_template(template, "x.docx", FILTERS)
    assert compiled is not None
    plan = ReportPlan(
        "x", "x", "KN-01", "x.docx", "x.docx", charts=(ChartSpec("mau", "x", "%", figures={"tong": "Tổng"}),)
    )
    rendered, _ = render(compiled, content, plan, "x.docx")
    assert rendered is not None
    assert rendered.printed["tong"] == (f"{told} đồng",)
