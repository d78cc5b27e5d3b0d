"""Figures: each is the named aggregation of exactly the values it lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.definitions.load_plans import load_plan
from generator.model import Counted, Figure, Verdict
from generator.stages.figures import Directory, Quotes, Standing, State, figures, listing_rows, tidy
from generator.stages.merge import merge
from report_cases import TEMPLATES, counted, forms, gift, partner, registry, standing, values_by_id

PLAN, _ = load_plan(Path(__file__).parent / "plan_year.yaml", forms())
KINDS = {
    "nha_o": "an_sinh",
    "qua": "an_sinh",
    "con_giong": "kinh_te",
    "bien_gioi": "quoc_phong",
    "dao_tao_tin_hoc": "chinh_tri",
}
SOURCES = ("ngan_sach", "don_vi", "long_ghep")


def made(returns: Sequence[Counted], standings: Sequence[Standing] = ()) -> dict[str, Figure]:
    dataset = merge(returns, registry(partner("DV-0001"), partner("DV-0002")), forms())
    return {figure.code: figure for figure in figures(dataset, PLAN, forms(), (2025,), {("KN-01", 2025): standings})}


@pytest.fixture
def two_years() -> list[Counted]:
    return [
        counted("DV-0001", [gift(1_000, so_ho=2, so_nguoi=9), gift(None), gift(300, "con_giong", "long_ghep")]),
        counted("DV-0002", [gift(50, "qua", commune="XA-0002", so_ho=4)], {"ma_don_vi": "DV-0002", "so_van_ban": 3}),
        counted("DV-0001", [gift(1_200)], {"ma_don_vi": "DV-0001"}, year=2024),
    ]


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("tong_gia_tri", 1_350, "đồng"),
        ("tong_gia_tri_nam_truoc", 1_200, "đồng"),
        ("gia_tri_truc_tiep", 1_050, "đồng"),
        ("gia_tri_long_ghep", 300, "đồng"),
        ("so_hoat_dong", 4, "hoạt động"),
        ("so_xa_duoc_ho_tro", 2, "xã"),
        ("luot_ho", 6, "lượt hộ"),
        ("luot_nguoi", 9, "lượt người"),
        ("so_van_ban", 3, "văn bản"),
        ("gia_tri_theo_linh_vuc[an_sinh]", 1_050, "đồng"),
        ("gia_tri_theo_linh_vuc[kinh_te]", 300, "đồng"),
        ("gia_tri_theo_linh_vuc[quoc_phong]", 0, "đồng"),
        ("gia_tri_theo_don_vi[DV-0001]", 1_300, "đồng"),
        ("gia_tri_theo_don_vi_linh_vuc[DV-0002,an_sinh]", 50, "đồng"),
        ("gia_tri_long_ghep_theo_don_vi[DV-0001]", 300, "đồng"),
        ("so_voi_nam_truoc", Decimal("12.5"), "%"),
        ("linh_vuc_so_voi_nam_truoc[an_sinh]", Decimal("-12.5"), "%"),
    ],
)
def test_a_figure_is_what_a_person_would_reckon(two_years, code, value, unit):
    figure = made(two_years, [standing("DV-0001"), standing("DV-0002")])[code]
    assert (figure.value, figure.unit) == (value, unit)


def test_there_is_no_percentage_over_nothing(two_years):
    found = made(two_years[:2])
    assert "so_voi_nam_truoc" not in found
    assert "linh_vuc_so_voi_nam_truoc[kinh_te]" not in made(two_years)


gifts = st.lists(
    st.builds(
        gift,
        st.none() | st.integers(0, 10**12),
        st.sampled_from([*KINDS, None]),
        st.sampled_from([*SOURCES, None]),
        st.sampled_from(["XA-0001", "XA-0002"]),
        so_ho=st.none() | st.integers(0, 500),
    ),
    max_size=6,
)
returns = st.lists(gifts, min_size=1, max_size=5).map(
    lambda many: [counted(f"DV-{at:04d}", rows, year=2025 - at % 2) for at, rows in enumerate(many)]
)


@settings(max_examples=12)
@given(returns=returns, choose=st.data())
def test_a_figure_is_the_aggregation_of_its_values_and_order_changes_nothing(returns, choose):
    standings = [standing(one.submission.partner) for one in returns if one.submission.year == 2025]
    found = made(returns, standings)
    assert made(choose.draw(st.permutations(returns)), standings) == found
    values = values_by_id(returns, [value for figure in found.values() for value in figure.values])
    for figure in found.values():
        typed = [values[one].value for one in figure.values]
        if figure.aggregation == "sum":
            assert figure.value == sum(typed)
        elif figure.aggregation == "count":
            assert figure.value == len(typed)
        elif figure.aggregation == "distinct":
            assert figure.value == len(set(typed))


@settings(max_examples=12)
@given(returns=returns)
def test_groups_add_up_to_their_total_even_where_the_key_is_empty(returns):
    found = made(returns, [standing("DV-0001")])
    for total, groups in (
        ("tong_gia_tri", "gia_tri_theo_linh_vuc["),
        ("tong_gia_tri", "gia_tri_theo_nguon["),
        ("tong_gia_tri", "gia_tri_theo_loai["),
        ("tong_gia_tri", "gia_tri_theo_don_vi["),
        ("so_hoat_dong", "so_hoat_dong_theo_don_vi["),
    ):
        parts = [figure for code, figure in found.items() if code.startswith(groups)]
        assert sum(figure.value for figure in parts) == found[total].value
        ids = [one for figure in parts for one in figure.values]
        assert sorted(ids) == sorted(found[total].values)


# --- who sent and who did not ---------------------------------------------------------------


STATES = [
    (standing("DV-0001"), State.ON_TIME),
    (standing("DV-0002", received=date(2025, 12, 21)), State.LATE),
    (standing("DV-0003", Verdict.NIL), State.NIL),
    (standing("DV-0004", Verdict.WAITING_FOR_CORRECTION), State.WAITING),
    (standing("DV-0005", Verdict.UNREADABLE), State.WAITING),
    (standing("DV-0006", Verdict.MISSING, None), State.MISSING),
    (standing("DV-0007", Verdict.EXEMPT, None), State.EXEMPT),
]


@pytest.mark.parametrize(("one", "state"), STATES)
def test_an_obligation_stands_in_one_of_the_states_that_differ_on_paper(one, state):
    assert one.state is state


def test_the_last_day_is_still_in_time():
    assert not standing("DV-0001", received=date(2025, 12, 20)).late


def test_those_who_owe_are_counted_without_those_exempt():
    found = made([], [one for one, _ in STATES])
    assert {code: found[code].value for code in found if code.startswith("so_don_vi_") or code == "so_don_vi"} == {
        "so_don_vi": 6,
        "so_don_vi_da_bao_cao": 3,
        "so_don_vi_chua_tong_hop": 3,
        "so_don_vi_dung_han": 2,
        "so_don_vi_muon": 1,
        "so_don_vi_khong_phat_sinh": 1,
        "so_don_vi_cho_chinh_sua": 2,
        "so_don_vi_chua_gui": 1,
        "so_don_vi_duoc_mien": 1,
        "so_don_vi_co_ke_hoach": 0,
        "so_don_vi_thay_doi_phu_trach": 0,
    }


def shown_rows(returns: Sequence[Counted], standings: Sequence[Standing]) -> list:
    listing = next(one for one in PLAN.listings if one.code == "phu_luc_1")
    found = list(made(returns, standings).values())
    directory = Directory({"DV-0009": "Sở lạ"})
    return listing_rows(listing, PLAN, forms(), found, (2025,), {("KN-01", 2025): standings}, directory)


def test_a_row_has_numbers_only_where_a_return_counts():
    shown = shown_rows([counted("DV-0001", [gift(5)])], [one for one, _ in STATES])
    cells = {row.code: row.cells["gia_tri"] for row in shown}
    assert [code for code, figure in cells.items() if figure is not None] == ["DV-0001", "DV-0002", "DV-0003"]
    assert (cells["DV-0001"].value, cells["DV-0003"].value) == (5, 0)


def test_who_sent_without_owing_has_a_row_of_its_own_and_counts_in_the_total():
    returns = [counted("DV-0001", [gift(5)]), counted("DV-0009", [gift(7)])]
    shown = shown_rows(returns, [standing("DV-0001")])
    assert [(row.name, row.state) for row in shown][1:] == [("Sở lạ", State.UNLISTED)]
    assert sum(row.cells["gia_tri"].value for row in shown) == made(returns)["tong_gia_tri"].value == 12


# --- what partners wrote --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("- Đường xa.\n+ Mưa nhiều;\n\n", "Đường xa. Mưa nhiều"),
        ("- đường xa;\n- mưa nhiều.", "đường xa; mưa nhiều"),
        ("Hai việc:\n- làm đường;\n- sửa cầu.", "Hai việc: làm đường; sửa cầu"),
        ("  Kinh phí ít . ", "Kinh phí ít"),
        ("Một câu", "Một câu"),
        ("…", "…"),
        ("-", ""),
    ],
)
def test_a_quote_is_one_piece_of_prose(written, printed):
    assert tidy(written) == printed


def test_an_answer_of_several_lines_is_quoted_line_by_line_where_it_is_quoted_as_written():
    quotes = Quotes(load_plan(TEMPLATES / "reports" / "so-ket.yaml", forms())[0], {})
    written = "- Giao kế hoạch từ quý I.\n\n- Kiểm tra ít nhất 02 đợt;\nKhông có\n+ Sơ kết (cuối năm)"
    quotes.take(counted("TT-0001", fields={"nhiem_vu": written}, form="KN-00"))
    assert [one["noi_dung"] for one in quotes.texts()["nhiem_vu_chung"]] == [
        "Giao kế hoạch từ quý I.", "Kiểm tra ít nhất 02 đợt;", "Sơ kết (cuối năm).",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("years", "told"),
    [((2021,), "2021"), ((2021, 2022), "2021, 2022"), ((2025, 2021, 2023, 2024), "2021, 2023 - 2025")],
)
def test_what_was_said_in_several_years_is_quoted_once_with_its_years(years, told):
    plan = load_plan(TEMPLATES / "reports" / "tong-ket.yaml", forms())[0]
    quotes = Quotes(plan, {}, years=range(2021, 2026))
    for year in years:
        quotes.take(counted("TT-0001", fields={"ton_tai": "Báo cáo còn chậm."}, form="KN-00", year=year))
    assert [one["nam"] for one in quotes.texts()["ton_tai_thuong_truc"]] == [told]


def test_the_same_words_are_quoted_once_with_all_who_said_them():
    quotes = Quotes(PLAN, {"DV-0001": "Sở A", "DV-0002": "Hội B", "DV-0003": "Hội C"})
    for code, text in (("DV-0002", "Đường  xa."), ("DV-0001", "đường xa"), ("DV-0003", "Không có")):
        quotes.take(counted(code, fields={"ton_tai": text}))
    assert quotes.texts()["ton_tai"] == [{"ma": "", "don_vi": "Hội B, Sở A", "noi_dung": "Đường xa"}]


def test_a_quote_from_a_table_brings_what_stands_beside_it():
    quotes = Quotes(PLAN, {})
    quotes.take(counted("DV-0001", tables={"kien_nghi": [{"noi_nhan": "UBND tỉnh", "noi_dung": "Bố trí vốn"}]}))
    said = {"ma": "DV-0001", "don_vi": "DV-0001", "noi_dung": "Bố trí vốn", "noi_nhan": "UBND tỉnh"}
    assert quotes.texts()["kien_nghi"] == [said]
