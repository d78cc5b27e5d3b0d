"""A report of three years from plan to paper: every construct of a plan printed, read back out of the document."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

import pytest
from docx import Document

from generator.office.template import compile_template
from generator.pipeline.check_reports import check_template
from generator.stages.figures import broken_series, listing_rows, standing_rows
from generator.stages.render import FILTERS, Content, Rendered, render
from report_cases import forms
from years_sample import DIRECTORY, RETURNS, STANDINGS, YEARS, dataset, gave, made, plan, quotes, returned

SAID = (
    gave(2024, "DV-0001", kien_nghi=[{"noi_nhan": "UBND tỉnh", "noi_dung": "Bố trí vốn"}]),
    returned("KN-01", "DV-0003", 2025, {"ton_tai": "Đường xa."}),
    returned("KN-01", "DV-0001", 2023, {"ton_tai": "Thiếu cán bộ"}),
    returned(
        "KN-02", "XA-0001", 2025,
        nhu_cau=[{"noi_dung": "Làm cầu", "loai": "cong_trinh_ha_tang", "uu_tien": "1", "gia_tri_du_kien": 1_500_000}],
    ),
    returned("KN-00", "BAN", 2025, cau_phai_co=[{"phan": "i", "cau": "Câu phải có."}]),
)  # fmt: skip


@cache
def content() -> Content:
    gathered = quotes(*RETURNS, *SAID)
    found = [*made(), *gathered.figures()]
    return Content(
        figures=found,
        listings={
            one.code: listing_rows(one, plan(), forms(), found, YEARS, STANDINGS, DIRECTORY) for one in plan().listings
        },
        quotes=gathered.texts(),
        words={"cac_nam": [str(year) for year in YEARS], "tu_nam": "2023", "den_nam": "2025"},
        standings={one.code: standing_rows(one, STANDINGS, YEARS, DIRECTORY) for one in plan().standing_lists},
        broken=broken_series(dataset(), plan(), YEARS),
    )


def document(*paragraphs: str, table: Sequence[Sequence[str]] = ()) -> bytes:
    made_here = Document()
    for text in paragraphs:
        made_here.add_paragraph(text)
    if table:
        grid = made_here.add_table(len(table), len(table[0]))
        for row, cells in enumerate(table):
            for column, text in enumerate(cells):
                grid.cell(row, column).text = text
    stream = io.BytesIO()
    made_here.save(stream)
    return stream.getvalue()


def rendered(source: bytes) -> Rendered:
    """The document; every name in it is one that check knows."""
    checked, faults = check_template(source, "x.docx", plan(), forms())
    assert checked is not None, faults
    assert not faults, [(one.code, dict(one.params)) for one in faults]
    compiled, _ = compile_template(source, "x.docx", FILTERS)
    assert compiled is not None
    found, issues = render(compiled, content(), plan(), "x.docx")
    assert found is not None, issues
    return found


def text_of(tag: str) -> str:
    return Document(io.BytesIO(rendered(document(tag)).content)).paragraphs[0].text


def table_of(*rows: Sequence[str]) -> tuple[list[list[str]], Rendered]:
    found = rendered(document(table=rows))
    (grid,) = Document(io.BytesIO(found.content)).tables
    return [[cell.text for cell in row.cells] for row in grid.rows], found


def test_an_annex_has_a_column_for_each_year_and_a_sign_for_each_kind_of_missing():
    shown, found = table_of(
        ["TT", "Đơn vị", "{%tc for n in cac_nam %}", "{{ n }}", "{%tc endfor %}"],
        ["{%tr for d in don_vi_nam %}", "", "", "", ""],
        ["{{ d.tt }}", "{{ d.ten }}", "{%tc for o in d.tung_nam %}", "{{ o | dong }}", "{%tc endfor %}"],
        ["{%tr endfor %}", "", "", "", ""],
    )
    assert shown == [
        ["TT", "Đơn vị", "2023", "2024", "2025"],
        ["1", "Sở (minh họa) 01", "10.100.000", "5.300.000", "x"],
        ["2", "Sở (minh họa) 02", "20.400.000", "…", "x"],
        ["3", "Sở (minh họa) 03", "x", "x", "34.200.000"],
    ]
    assert found.printed["theo_don_vi_nam[DV-0001,2024]"] == ("5.300.000",)


def test_headings_stand_above_their_members_with_their_own_numbers():
    shown, _ = table_of(
        ["{%tr for d in xa_duoi_huyen %}", "", "", ""],
        ["{{ d.tt }}", "{{ d.ten }}", "{% if d.cap == 1 %}A{% else %}b{% endif %}", "{{ d.gia_tri | so }}"],
        ["{%tr endfor %}", "", "", ""],
    )
    assert shown == [
        ["I", "Bắc Trà My", "A", "24.600.000"],
        ["1", "xã (minh họa) B", "b", "24.600.000"],
        ["2", "xã (minh họa) C", "b", "0"],
        ["II", "Nam Trà My", "A", "45.400.000"],
        ["3", "xã (minh họa) A", "b", "45.400.000"],
    ]


def test_scaled_parts_and_shares_add_up_as_they_are_shown():
    shown, _ = table_of(
        ["{%tr for d in linh_vuc_nam %}", "", "", ""],
        ["{{ d.ma }}", "{{ d.trieu | so }}", "{{ d.phan | phan_tram }}", "{{ d.tang | so }}"],
        ["{%tr endfor %}", "", "", ""],
        ["Tổng", "{{ linh_vuc_trieu.tong | so }}", "{% if linh_vuc_trieu.tong == 70 %}100%{% endif %}", ""],
    )
    assert shown == [
        ["chinh_tri", "0", "0%", "…"],
        ["kinh_te", "21", "29,1%", "-100"],
        ["an_sinh", "45", "64,9%", "197"],
        ["quoc_phong", "4", "6%", "…"],
        ["Tổng", "70", "100%", ""],
    ]


WITH_TOPICS = """\
{% for c in ton_tai %}{{ c.ten }}:{% for y in c.y_kien %} {{ y.noi_dung }} ({{ y.don_vi }}, {{ y.nam }}){% endfor %}; \
{% endfor %}"""
WHO_SENT = """\
{% for r in ai_da_gui %}{{ r.bieu }} {{ r.han | ngay }} {{ r.ngay_nhan | ngay }} {{ r.lan }} {{ r.trang_thai_chu }}; \
{% endfor %}"""
BY_YEAR = """\
{% for r in nam_nam %}{% if r.ma == 'DV-0002' %}{% for n in r.nam %}{{ n.nam }} {{ n.chu }}; {% endfor %}{% endif %}\
{% endfor %}"""
TOPICS = "Giao thông, hạ tầng: Đường xa (Sở (minh họa) 03, 2025); Ý kiến khác: Thiếu cán bộ (Sở (minh họa) 01, 2023); "
ON_TIME = "20/12/2025 01/12/2025 1 Đúng hạn; "


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("{% if giam_ngheo.dut_doan %}đổi chuẩn{% elif giam_ngheo.co %}so được{% endif %}", "đổi chuẩn"),
        ("{{ giam_ngheo.muc | phan_tram }}", "x"),
        ("{% if nam_cuoi_so_nam_dau.tang %}tăng {{ nam_cuoi_so_nam_dau.muc | phan_tram }}{% endif %}", "tăng 12,1%"),
        ("{{ theo_nam['2024'] | tien }}, {{ da_gui_theo_nam['2023'] | dem }} xã", "5,3\u00a0triệu đồng, 03 xã"),
        (
            "{% for n in cac_nam %}{{ n }}: {{ theo_nam[n] | dong }}; {% endfor %}",
            "2023: 30.500.000; 2024: 5.300.000; 2025: 34.200.000; ",
        ),
        (
            WITH_TOPICS,
            TOPICS,
        ),
        (
            "{% for c in kien_nghi %}{{ c.ten }}: {% for y in c.y_kien %}{{ y.noi_dung }}{% endfor %}{% endfor %}",
            "UBND tỉnh: Bố trí vốn",
        ),
        (
            "{% for n in nhu_cau %}{{ n.loai }}: {{ n.gia_tri_du_kien | dong }}{% endfor %}",
            "Công trình hạ tầng: 1.500.000",
        ),
        ("{% for c in cau_i %}{{ c.noi_dung }}{% endfor %}", "Câu phải có."),
        (
            "{% for r in xa_ngheo %}{{ r.ten_nay }}: {{ r.dau }} {{ r.cuoi }} {{ r.giam | phan_tram }}; {% endfor %}",
            "xã (minh họa) A: 100 80 20%; xã (minh họa) B: 50 40 x; xã (minh họa) C: 30 x …; ",
        ),
        (WHO_SENT, f"KN-01 {ON_TIME}KN-02 {ON_TIME}KN-02 {ON_TIME}KN-02 20/12/2025   Được miễn; "),
        (BY_YEAR, "2023 Muộn; 2024 Chưa gửi; 2025 Không phải báo cáo; "),
    ],
)
def test_what_a_template_asks_is_printed(tag, text):
    assert text_of(tag) == text


def test_a_number_beside_a_text_is_noted_as_printed_like_any_other():
    found = rendered(document("{% for n in nhu_cau %}{{ n.gia_tri_du_kien | dong }}{% endfor %}"))
    assert found.printed == {"nhu_cau.gia_tri_du_kien[KN-02/2025/XA-0001/r1/5]": ("1.500.000",)}


def test_shares_of_nothing_are_signs_and_no_fault():
    compiled, _ = compile_template(document("{{ ty_trong.kinh_te | phan_tram }}"), "x.docx", FILTERS)
    nothing = [one for one in made() if not one.code.startswith("ty_trong")]
    found, issues = render(compiled, Content(nothing), plan(), "x.docx")
    assert found is not None, issues
    assert Document(io.BytesIO(found.content)).paragraphs[0].text == "…"
