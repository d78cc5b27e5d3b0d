"""Render: figures become words, each noted as it was printed; a broken document is refused."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.definitions.plans import Comparison, FigureSpec, Listing, Quote, ReportPlan
from generator.model import Figure
from generator.office.template import compile_template
from generator.stages.figures import Row, State
from generator.stages.render import FILTERS, Content, render

TOTAL = Figure("tong", "tổng", 33_312_000_000, "đồng", "sum", ("a/1",))


def spec(code: str, *by: str) -> FigureSpec:
    return FigureSpec(code, code, "KN-01", "hoat_dong", "gia_tri", "sum", "đồng", by)


PLAN = ReportPlan(
    code="x",
    title="x",
    form="KN-01",
    template="x.docx",
    output="x.docx",
    figures=(spec("tong"), spec("theo", "linh_vuc"), spec("theo_hai", "don_vi", "linh_vuc")),
    comparisons=(
        Comparison("so_sanh", "x", "tong", "truoc"),
        Comparison("so_sanh_theo", "x", "theo", "theo_truoc"),
    ),
    listings=(Listing("bang", "x", "don_vi", {"gia_tri": "theo_dv"}),),
    quotes=(Quote("y_kien", "x", "KN-01", "", "ton_tai"),),
    words={
        "ky_hieu_duoc_mien": "x",
        "ghi_chu_chua_gui": "Chưa gửi",
        "ghi_chu_khong_phat_sinh": "Không phát sinh",
        "ghi_chu_muon": "Gửi muộn",
        "ghi_chu_cho_ban_sua": "Bản sửa đang chờ",
    },
)


def printed(text: str, content: Content) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The text of a one-paragraph document, and how its figures were printed."""
    template = Document()
    template.add_paragraph(text)
    stream = io.BytesIO()
    template.save(stream)
    compiled, faults = compile_template(stream.getvalue(), "x.docx", FILTERS)
    assert compiled is not None, faults
    rendered, issues = render(compiled, content, PLAN, "bao-cao.docx")
    assert rendered is not None, issues
    told = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(rendered.content)).paragraphs)
    return told, dict(rendered.printed)


@pytest.mark.parametrize(
    ("tag", "value", "text"),
    [
        ("tong | tien", 33_312_000_000, "hơn 33,3\u00a0tỷ đồng"),
        ("tong | tien", 120_000_000, "120\u00a0triệu đồng"),
        ("tong | tien", 0, "0\u00a0đồng"),
        ("tong | dong", 33_312_000_000, "33.312.000.000"),
        ("tong | so", 1_234, "1.234"),
        ("tong | dem", 9, "09"),
        ("tong | dem", 12, "12"),
        ("tong | dem", 0, "0"),
        ("tong | phan_tram", Decimal("-4.8"), "4,8%"),
        ("tong", 1_234_567, "1.234.567"),
    ],
)
def test_a_figure_is_written_as_asked_and_noted_as_written(tag, value, text):
    content = Content([Figure("tong", "tổng", value, "đồng", "sum")])
    assert printed(f"{{{{ {tag} }}}}", content) == (text, {"tong": (text,)})


def test_a_figure_printed_twice_is_noted_in_each_form_once():
    told = printed("{{ tong | tien }}, {{ tong | dong }}, {{ tong | tien }}", Content([TOTAL]))[1]
    assert told == {"tong": ("hơn 33,3\u00a0tỷ đồng", "33.312.000.000")}


def test_a_figure_that_only_decides_is_not_noted_as_printed():
    text = "{% if tong > 0 and tong != 5 and tong >= tong %}có{% endif %}"
    assert printed(text, Content([TOTAL])) == ("có", {})


@pytest.mark.parametrize(
    ("tag", "text"), [("ngay | ngay", "05/02/2025"), ("ngay | ngay_dai", "ngày\u00a005 tháng\u00a002 năm\u00a02025")]
)
def test_a_date_is_written_as_the_decree_wants(tag, text):
    assert printed(f"{{{{ {tag} }}}}", Content([], words={"ngay": date(2025, 2, 5)}))[0] == text


@pytest.mark.parametrize(
    ("change", "text"),
    [(Decimal("12.5"), "tăng 12,5%"), (Decimal("-3.0"), "giảm 3%"), (Decimal("0.0"), "bằng"), (None, "chưa có")],
)
def test_a_comparison_chooses_its_phrase(change, text):
    asked = (
        "{% if so_sanh.tang %}tăng {{ so_sanh.muc | phan_tram }}"
        "{% elif so_sanh.giam %}giảm {{ so_sanh.muc | phan_tram }}"
        "{% elif so_sanh.khong_doi %}bằng{% else %}chưa có{% endif %}"
    )
    figures = [] if change is None else [Figure("so_sanh", "x", change, "%", "change")]
    assert printed(asked, Content(figures))[0] == text


def test_figures_by_group_are_found_under_their_codes():
    figures = [
        Figure("theo[kinh_te]", "x", 5, "đồng", "sum"),
        Figure("theo[an_sinh]", "x", 0, "đồng", "sum"),
        Figure("theo_hai[DV-0001,kinh_te]", "x", 7, "đồng", "sum"),
        Figure("so_sanh_theo[kinh_te]", "x", Decimal(2), "%", "change"),
    ]
    text = (
        "{{ theo.kinh_te | so }} {{ theo.an_sinh | so }} {{ theo_hai['DV-0001'].kinh_te | so }} "
        "{% if so_sanh_theo.kinh_te.tang %}tăng{% endif %} {% if not so_sanh_theo.an_sinh.co %}không có{% endif %}"
    )
    assert printed(text, Content(figures))[0] == "5 0 7 tăng không có"


def row(code: str, state: State, value: int | None, *, late: bool = False, pending: bool = False) -> Row:
    figure = None if value is None else Figure(f"theo_dv[{code}]", "x", value, "đồng", "sum")
    return Row(code, f"Sở {code}", "", state, late, pending, {"gia_tri": figure})


def test_five_states_are_five_things_on_paper():
    rows = [
        row("A", State.ON_TIME, 5),
        row("B", State.LATE, 6, late=True),
        row("C", State.NIL, 0, late=True),
        row("D", State.MISSING, None),
        row("E", State.EXEMPT, None),
        row("F", State.ON_TIME, 7, pending=True),
    ]
    figures = [one.cells["gia_tri"] for one in rows if one.cells["gia_tri"]]
    text = "{% for d in bang %}{{ d.tt }} {{ d.gia_tri | dong }} {{ d.ghi_chu }}; {% endfor %}"
    assert printed(text, Content(figures, {"bang": rows}))[0] == (
        "1 5 ; 2 6 Gửi muộn; 3 0 Không phát sinh; Gửi muộn; 4 … Chưa gửi; 5 x ; 6 7 Bản sửa đang chờ; "
    )


LONG = "Hội " + "nông dân " * 12
HOSTILE = [
    ("Công ty A & B <Hà Nội> 5<6", "Công ty A & B <Hà Nội> 5<6"),
    (LONG, LONG.strip()),
    ("a\u0000b\u000bc", "abc"),
    ("{{ tong }} {% if %} }} %} {# #}", "{ { tong } } { % if % } } } % } { # # }"),
    ("{{{{{%", "{ { { { { %"),
    ("Tra\u0300 Tâ\u0323p", "Trà Tập"),
]


@pytest.mark.parametrize(("said", "expected"), HOSTILE)
def test_what_partners_write_is_text_and_nothing_else(said, expected):
    content = Content([TOTAL], quotes={"y_kien": [{"don_vi": said, "noi_dung": said}]}, words={"ten": said})
    told, noted = printed("{% for y in y_kien %}[{{ y.don_vi }}|{{ y.noi_dung }}]{% endfor %}[{{ ten }}]", content)
    words = ["".join(part.split()) for part in told.strip("[]").replace("][", "|").split("|")]
    assert words == ["".join(expected.split())] * 3
    assert noted == {}


@settings(max_examples=15)
@example(said="%\n}")
@given(said=st.text(st.sampled_from("{}%#&<>\n\t\u0000 aĐ|")))
def test_no_text_of_a_partner_stops_a_report(said):
    content = Content([], quotes={"y_kien": [{"don_vi": said, "noi_dung": said}]})
    told, _ = printed("{% for y in y_kien %}{{ y.noi_dung }}{% endfor %}", content)
    assert "".join(told.split()) == "".join(said.replace("\0", "").split())


def test_a_name_without_a_value_refuses_the_document():
    template = Document()
    template.add_paragraph("{{ khong_co }}")
    stream = io.BytesIO()
    template.save(stream)
    compiled, _ = compile_template(stream.getvalue(), "x.docx", FILTERS)
    rendered, issues = render(compiled, Content([]), PLAN, "x.docx")
    assert rendered is None
    assert [one.code for one in issues] == ["template.value_missing"]


def test_a_number_filter_on_words_of_another_kind_has_its_place():
    template = Document()
    template.add_paragraph("{{ danh_sach | tien }}")
    stream = io.BytesIO()
    template.save(stream)
    compiled, _ = compile_template(stream.getvalue(), "x.docx", FILTERS)
    rendered, issues = render(compiled, Content([], words={"danh_sach": ["a"]}), PLAN, "x.docx")
    assert rendered is None
    assert [(one.code, one.place.spot) for one in issues] == [("template.tag_failed", "đoạn 1")]


def test_a_document_with_broken_geometry_is_refused():
    template = Document()
    table = template.add_table(1, 2)
    row_element = table.rows[0]._tr
    row_element.remove(row_element.tc_lst[1])
    template.add_paragraph("{{ tong }}")
    stream = io.BytesIO()
    template.save(stream)
    compiled, faults = compile_template(stream.getvalue(), "x.docx", FILTERS)
    assert compiled is not None, faults
    rendered, issues = render(compiled, Content([TOTAL]), PLAN, "bao-cao.docx")
    assert rendered is None
    assert [(one.code, one.place.file, one.place.spot) for one in issues] == [
        ("geometry.row_width", "bao-cao.docx", "Bảng 1, dòng 1")
    ]
