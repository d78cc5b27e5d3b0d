"""Native charts: found by their alternative text, refilled in picture, workbook and words; all else untouched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal

import openpyxl
import pytest
from drawn_charts import C, chart_xml, document, drawing, paragraph
from lxml import etree

from generator.office.chart import ChartContent, ChartSeries, chart_code, charts_of, refilled

FIELDS = ("Chính trị", "Kinh tế", "An sinh")
CHART = "word/charts/chart1.xml"
ENDS = {"c": C}


def drawn(kind: str = "column", *, series: int = 2, points: int = 3, code: str = "bieu_do.mau") -> bytes:
    sample = {f"Mẫu {at}": [at + 1.0] * points for at in range(series)}
    chart = chart_xml(kind, [f"mục {at}" for at in range(points)], sample)
    return document([chart], ["Trước", drawing("rId11", 1, code), "Sau"])


def told(*series: ChartSeries, categories: Sequence[str] = FIELDS) -> ChartContent:
    return ChartContent(categories, series, description="Câu mô tả.")


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def shown(content: bytes, name: str = CHART) -> list[tuple[str, list[str], dict[int, str]]]:
    """Name, categories and cached numbers by place of each series, as a viewer reads them."""
    found = []
    for series in etree.fromstring(parts(content)[name]).iter(f"{{{C}}}ser"):
        names = series.xpath("c:tx//c:v/text()", namespaces=ENDS)
        categories = series.xpath("c:cat//c:v/text()", namespaces=ENDS)
        points = series.xpath("c:val//c:pt", namespaces=ENDS)
        counts = series.xpath("c:cat//c:ptCount/@val | c:val//c:ptCount/@val", namespaces=ENDS)
        assert counts == [str(len(categories))] * 2
        found.append((names[0], categories, {int(one.get("idx")): one[0].text for one in points}))
    return found


def in_workbook(content: bytes, name: str) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(parts(content)[name]))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


TWO = told(ChartSeries("Năm 2025", [1200, 0, 35]), ChartSeries("Năm 2024", [900, Decimal("12.5"), None]))


@pytest.mark.parametrize("kind", ["column", "bar", "line", "pie"])
@pytest.mark.parametrize(("series", "points"), [(2, 3), (1, 2), (3, 5), (1, 6)])
def test_a_chart_of_any_size_shows_exactly_what_it_is_told(kind: str, series: int, points: int) -> None:
    made = refilled(drawn(kind, series=series, points=points), {"mau": TWO}.get)
    assert shown(made) == [
        ("Năm 2025", list(FIELDS), {0: "1200", 1: "0", 2: "35"}),
        ("Năm 2024", list(FIELDS), {0: "900", 1: "12.5"}),
    ]


def test_the_workbook_holds_the_numbers_of_the_picture_where_its_formulas_say() -> None:
    made = refilled(drawn(), {"mau": TWO}.get)
    assert in_workbook(made, "word/embeddings/Microsoft_Excel_Sheet1.xlsx") == [
        [None, "Năm 2025", "Năm 2024"],
        ["Chính trị", 1200, 900],
        ["Kinh tế", 0, 12.5],
        ["An sinh", 35, None],
    ]
    formulas = etree.fromstring(parts(made)[CHART]).xpath("//c:f/text()", namespaces=ENDS)
    categories = "'Số liệu'!$A$2:$A$4"
    assert formulas == [
        *("'Số liệu'!$B$1", categories, "'Số liệu'!$B$2:$B$4"),
        *("'Số liệu'!$C$1", categories, "'Số liệu'!$C$2:$C$4"),
    ]


def test_a_missing_value_is_a_gap_and_not_a_zero() -> None:
    root = etree.fromstring(parts(refilled(drawn(), {"mau": TWO}.get))[CHART])
    assert root.xpath("//c:dispBlanksAs/@val", namespaces=ENDS) == ["gap"]


def test_the_style_of_the_author_stays_and_a_new_series_gets_a_look_of_its_own() -> None:
    before = drawn(series=1)
    looks = "//c:ser/c:spPr"
    old = etree.fromstring(parts(before)[CHART]).xpath(looks, namespaces=ENDS)
    new = etree.fromstring(parts(refilled(before, {"mau": TWO}.get))[CHART]).xpath(looks, namespaces=ENDS)
    assert etree.tostring(new[0], method="c14n2") == etree.tostring(old[0], method="c14n2")
    assert etree.tostring(new[1], method="c14n2") != etree.tostring(old[0], method="c14n2")


@pytest.mark.parametrize("kind", ["column", "line"])
def test_new_series_all_look_different(kind: str) -> None:
    many = told(*(ChartSeries(f"Năm {year}", [1, 2, 3]) for year in range(2019, 2025)))
    root = etree.fromstring(parts(refilled(drawn(kind, series=1), {"mau": many}.get))[CHART])
    looks = root.xpath("//c:ser/c:spPr | //c:ser/c:marker", namespaces=ENDS)
    per_series = 2 if kind == "line" else 1
    pairs = [
        b"".join(etree.tostring(one) for one in looks[at : at + per_series]) for at in range(0, len(looks), per_series)
    ]
    assert len(pairs) == len(set(pairs)) == 6


def test_a_pie_gets_a_look_for_each_new_slice_and_forgets_those_that_are_gone() -> None:
    for before, after in ((2, 5), (5, 2)):
        content = told(
            ChartSeries("Nguồn", list(range(1, after + 1))), categories=[f"nguồn {at}" for at in range(after)]
        )
        root = etree.fromstring(parts(refilled(drawn("pie", series=1, points=before), {"mau": content}.get))[CHART])
        assert root.xpath("//c:dPt/c:idx/@val", namespaces=ENDS) == [str(at) for at in range(after)]


def test_series_are_numbered_without_gaps_and_repeats() -> None:
    root = etree.fromstring(parts(refilled(drawn(series=1), {"mau": TWO}.get))[CHART])
    assert root.xpath("//c:ser/c:idx/@val", namespaces=ENDS) == ["0", "1"]
    assert root.xpath("//c:ser/c:order/@val", namespaces=ENDS) == ["0", "1"]


def test_the_number_format_is_told_to_labels_and_axes_that_follow_the_numbers() -> None:
    content = ChartContent(FIELDS, TWO.series, number_format="0.0")
    root = etree.fromstring(parts(refilled(drawn(), {"mau": content}.get))[CHART])
    assert set(root.xpath("//c:dLbls/c:numFmt/@formatCode | //c:formatCode/text()", namespaces=ENDS)) == {"0.0"}
    assert root.xpath("//c:catAx/c:numFmt/@formatCode", namespaces=ENDS) == ["General"]


def test_a_chart_without_any_number_keeps_its_frame() -> None:
    root = etree.fromstring(parts(refilled(drawn(), {"mau": ChartContent((), ())}.get))[CHART])
    assert root.xpath("count(//c:ser)", namespaces=ENDS) == 1
    assert root.xpath("//c:numCache/c:pt", namespaces=ENDS) == []


def test_the_alternative_text_becomes_the_sentence() -> None:
    body = etree.fromstring(parts(refilled(drawn(), {"mau": TWO}.get))["word/document.xml"])
    assert body.xpath("//@descr") == ["Câu mô tả."]


def test_a_name_in_the_title_of_the_alternative_text_is_found_and_taken_away() -> None:
    chart = chart_xml("bar", FIELDS, {"x": [1, 2, 3]})
    made = refilled(document([chart], [drawing("rId11", 1, "", title="bieu_do.mau")]), {"mau": TWO}.get)
    assert b"bieu_do" not in parts(made)["word/document.xml"]


@pytest.mark.parametrize("alternative", ["", "Hình của người soạn"])
def test_a_name_in_the_first_cell_of_the_sample_is_found_where_the_alternative_text_was_lost(alternative: str) -> None:
    chart = chart_xml("bar", FIELDS, {"bieu_do.mau": [1, 2, 3], "x": [1, 2, 3]})
    content = document([chart], [drawing("rId11", 1, alternative)])
    assert [one.code for one in charts_of(content, "mau.docx")[0]] == ["mau"]
    made = refilled(content, {"mau": TWO}.get)
    assert shown(made) == shown(refilled(drawn(), {"mau": TWO}.get))
    assert etree.fromstring(parts(made)["word/document.xml"]).xpath("//@descr") == ["Câu mô tả."]


def test_everything_else_is_copied_and_equal_input_gives_equal_bytes() -> None:
    before = drawn()
    made = refilled(before, {"mau": TWO}.get)
    assert made == refilled(before, {"mau": TWO}.get)
    same = parts(before).items() & parts(made).items()
    assert {name for name, _ in same} >= {"_rels/.rels", "word/_rels/document.xml.rels"}


def test_refilling_again_gives_the_same_numbers() -> None:
    one_name = ChartContent(TWO.categories, TWO.series, description="bieu_do.mau")
    made = refilled(drawn(), {"mau": one_name}.get)
    assert shown(refilled(made, {"mau": TWO}.get)) == shown(refilled(drawn(), {"mau": TWO}.get))


def test_a_document_with_nothing_to_refill_stays_byte_for_byte() -> None:
    plain = document([], ["Chỉ có chữ"])
    assert refilled(plain, {"mau": TWO}.get) == plain
    static = drawn(code="Ảnh minh họa do người soạn vẽ")
    assert refilled(static, {"mau": TWO}.get) == static


def test_a_chart_that_the_document_does_not_show_leaves_with_its_sample() -> None:
    charts = [chart_xml("column", FIELDS, {"x": [1, 2, 3]})] * 2
    both = document(charts, [drawing("rId12", 1, "bieu_do.mau")])
    names = parts(refilled(both, {"mau": TWO}.get))
    assert sorted(name for name in names if "chart" in name.lower() or "embeddings" in name) == [
        "word/charts/_rels/chart2.xml.rels",
        "word/charts/chart2.xml",
        "word/embeddings/Microsoft_Excel_Sheet2.xlsx",
    ]
    assert b"chart1.xml" not in names["[Content_Types].xml"] + names["word/_rels/document.xml.rels"]


def test_two_charts_are_refilled_each_with_its_own() -> None:
    charts = [chart_xml("column", FIELDS, {"x": [1, 2, 3]})] * 2
    both = document(charts, [drawing("rId11", 1, "bieu_do.mau"), drawing("rId12", 2, "bieu_do.hai")])
    made = refilled(both, {"mau": TWO, "hai": told(ChartSeries("Hai", [7, 8, 9]))}.get)
    assert shown(made)[0][0] == "Năm 2025"
    assert shown(made, "word/charts/chart2.xml") == [("Hai", list(FIELDS), {0: "7", 1: "8", 2: "9"})]


@pytest.mark.parametrize("workbook", [None, "rId9"])
def test_a_chart_without_a_workbook_gets_one(workbook: str | None) -> None:
    chart = chart_xml("column", FIELDS, {"x": [1, 2, 3]}, workbook=workbook)
    made = refilled(document([chart], [drawing("rId11", 1, "bieu_do.mau")], workbooks=False), {"mau": TWO}.get)
    assert in_workbook(made, "word/embeddings/bieu_do_1.xlsx")[1] == ["Chính trị", 1200, 900]
    assert b"../embeddings/bieu_do_1.xlsx" in parts(made)["word/charts/_rels/chart1.xml.rels"]


def test_hostile_words_neither_break_the_chart_nor_the_workbook() -> None:
    content = told(ChartSeries('A & "B" <c>\x00', [1]), categories=["]]> \x0b&lt;"])
    made = refilled(drawn(), {"mau": content}.get)
    assert shown(made) == [('A & "B" <c>', ["]]> &lt;"], {0: "1"})]
    assert in_workbook(made, "word/embeddings/Microsoft_Excel_Sheet1.xlsx")[0][1] == 'A & "B" <c>'


def test_the_words_of_a_title_are_set_in_its_own_style() -> None:
    chart = chart_xml("column", FIELDS, {"x": [1, 2, 3]}, title="Tên mẫu")
    content = ChartContent(FIELDS, TWO.series, title="Giá trị năm 2025")
    made = refilled(document([chart], [drawing("rId11", 1, "bieu_do.mau")]), {"mau": content}.get)
    root = etree.fromstring(parts(made)[CHART])
    title = root.xpath("//c:title//*[local-name()='t']/text()", namespaces=ENDS)
    assert title == ["Giá trị năm 2025"]
    assert b'b="1"' in parts(made)[CHART]


# --- finding ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bieu_do.linh_vuc", "linh_vuc"),
        ("{{ bieu_do.linh_vuc }}", "linh_vuc"),
        ("{{bieu_do.linh_vuc}}\n", "linh_vuc"),
        ("\xa0bieu_do . linh_vuc ", "linh_vuc"),
        ("bieu_do", ""),
        ("Biểu đồ giá trị hỗ trợ", ""),
        ("xem bieu_do.linh_vuc", ""),
        ("", ""),
    ],
)
def test_the_name_is_read_as_a_clerk_types_it(text: str, code: str) -> None:
    assert chart_code(text) == code


def test_every_chart_of_a_template_is_found_with_its_place_and_whether_a_loop_repeats_it() -> None:
    charts = [
        chart_xml("column", FIELDS, {"x": [1, 2, 3]}),
        chart_xml("line", (), {}),
        chart_xml("pie", "ab", {"x": [1]}),
    ]
    body = [
        "Mở đầu",
        drawing("rId11", 1, "bieu_do.mot"),
        "{%p for d in danh_sach %}",
        drawing("rId12", 2, "bieu_do.hai"),
        "{%p endfor %}",
        "{%p if co %}",
        drawing("rId13", 3, "Hình vẽ"),
        "{%p endif %}",
    ]
    found, issues = charts_of(document(charts, body), "mau.docx")
    assert issues == []
    assert [(one.code, one.place.spot, one.refillable, one.in_loop) for one in found] == [
        ("mot", "đoạn 2", True, False),
        ("hai", "đoạn 4", False, True),
        ("", "đoạn 7", True, False),
    ]


def test_a_tag_in_the_words_of_a_chart_is_told() -> None:
    chart = chart_xml("column", FIELDS, {"x": [1, 2, 3]}, title="Năm {{ nam }}")
    found, _ = charts_of(document([chart], [drawing("rId11", 1, "bieu_do.mau")]), "mau.docx")
    assert [one.tag for one in found] == ["{{ nam }}"]


def test_a_kind_that_has_points_in_a_plane_cannot_be_refilled() -> None:
    chart = chart_xml("line", FIELDS, {"x": [1, 2, 3]}).replace(b"lineChart", b"scatterChart")
    content = document([chart], [drawing("rId11", 1, "bieu_do.mau")])
    assert [one.refillable for one in charts_of(content, "mau.docx")[0]] == [False]
    assert refilled(content, {"mau": TWO}.get) == content


def test_a_file_that_is_no_package_is_told_and_not_raised() -> None:
    assert [one.code for one in charts_of(b"PK hong", "mau.docx")[1]] == ["office.damaged"]
    broken = document([b"<hong"], [paragraph("x"), drawing("rId11", 1, "bieu_do.mau")])
    assert [one.code for one in charts_of(broken, "mau.docx")[1]] == ["office.damaged"]


def test_a_series_has_a_value_for_each_category() -> None:
    with pytest.raises(ValueError, match="each category"):
        told(ChartSeries("x", [1]))
