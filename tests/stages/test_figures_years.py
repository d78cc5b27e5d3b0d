"""Figures of several years: by hand, as reported and restated, with what is missing kept apart from zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.model import Figure
from generator.stages.figures import State, broken_series, listing_rows, standing_rows
from report_cases import forms
from years_sample import (
    COMMUNES,
    DIRECTORY,
    GIVERS,
    STANDINGS,
    YEARS,
    dataset,
    gave,
    made,
    plan,
    quotes,
    returned,
)

BY_CODE = {figure.code: figure for figure in made()}


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("tong_nam", 34_200_000, "đồng"),
        ("tong_ca_ky", 70_000_000, "đồng"),
        ("theo_nam[2023]", 30_500_000, "đồng"),
        ("theo_nam[2024]", 5_300_000, "đồng"),
        ("theo_nam[2025]", 34_200_000, "đồng"),
        ("theo_linh_vuc[an_sinh]", 45_400_000, "đồng"),
        ("theo_linh_vuc_nam[kinh_te,2023]", 20_400_000, "đồng"),
        ("theo_linh_vuc_nam[kinh_te,2025]", 0, "đồng"),
        ("theo_don_vi[DV-0001]", 15_400_000, "đồng"),
        ("theo_don_vi_nam[DV-0001,2024]", 5_300_000, "đồng"),
        ("theo_don_vi_nay_nam[DV-0003,2023]", 30_500_000, "đồng"),
        ("theo_don_vi_nay_nam[DV-0003,2025]", 34_200_000, "đồng"),
        ("theo_xa[XA-0002]", 24_600_000, "đồng"),
        ("theo_xa[XA-0003]", 0, "đồng"),
        ("theo_huyen[Bắc Trà My]", 24_600_000, "đồng"),
        ("theo_huyen_nam[Nam Trà My,2024]", 5_300_000, "đồng"),
        ("ngheo_xa_nam[XA-0001,2025]", 80, "hộ"),
        ("ngheo_nam[2023]", 180, "hộ"),
        ("phai_gui", 2, "xã"),
        ("da_gui_theo_nam[2023]", 3, "xã"),
        ("da_gui_theo_nam[2024]", 0, "xã"),
        ("nam_cuoi_so_nam_dau", Decimal("12.1"), "%"),
        ("linh_vuc_cuoi_so_dau[an_sinh]", Decimal("197.0"), "%"),
        ("giam_ngheo_xa[XA-0001]", Decimal("-20.0"), "%"),
        ("linh_vuc_trieu[kinh_te]", 21, "triệu đồng"),
        ("linh_vuc_trieu[an_sinh]", 45, "triệu đồng"),
        ("linh_vuc_trieu[quoc_phong]", 4, "triệu đồng"),
        ("linh_vuc_trieu[tong]", 70, "triệu đồng"),
        ("linh_vuc_nam_cuoi_ty[tong]", Decimal("0.0"), "tỷ đồng"),
        ("ty_trong[an_sinh]", Decimal("64.9"), "%"),
        ("ty_trong[kinh_te]", Decimal("29.1"), "%"),
        ("ty_trong[quoc_phong]", Decimal("6.0"), "%"),
        ("ty_trong[tong]", 100, "%"),
    ],
)
def test_a_figure_of_the_years_is_what_a_person_would_reckon(code, value, unit):
    assert (BY_CODE[code].value, BY_CODE[code].unit) == (value, unit)


@pytest.mark.parametrize(
    "code",
    [
        "theo_don_vi_nam[DV-0002,2024]",
        "theo_don_vi_nam[DV-0003,2023]",
        "ngheo_xa_nam[XA-0003,2025]",
        "giam_ngheo",
        "giam_ngheo_xa[XA-0002]",
        "linh_vuc_cuoi_so_dau[kinh_te_khac]",
    ],
)
def test_where_nothing_counts_or_a_series_is_broken_there_is_no_figure(code):
    assert code not in BY_CODE


def test_what_is_computed_from_figures_names_them_and_keeps_the_values():
    change = BY_CODE["nam_cuoi_so_nam_dau"]
    assert change.parts == ("theo_nam[2025]", "theo_nam[2023]")
    assert change.values == BY_CODE["theo_nam[2025]"].values + BY_CODE["theo_nam[2023]"].values
    share = BY_CODE["ty_trong[kinh_te]"]
    assert share.parts[0] == "theo_linh_vuc[kinh_te]"
    assert set(share.parts) == {f"theo_linh_vuc[{code}]" for code in ("chinh_tri", "kinh_te", "an_sinh", "quoc_phong")}
    assert BY_CODE["linh_vuc_trieu[an_sinh]"].parts == ("theo_linh_vuc[an_sinh]", "tong_ca_ky")
    assert all(part in BY_CODE for figure in made() for part in figure.parts)


def test_every_division_adds_up_to_the_total_as_reported_and_restated():
    for divided in (
        "theo_nam",
        "theo_linh_vuc",
        "theo_loai",
        "theo_don_vi",
        "theo_don_vi_nay_nam",
        "theo_xa",
        "theo_huyen_nam",
    ):
        parts = [figure.value for code, figure in BY_CODE.items() if code.startswith(f"{divided}[")]
        assert sum(parts) == 70_000_000, divided


def test_a_series_is_broken_where_the_standard_changed_and_only_there():
    assert broken_series(dataset(), plan(), YEARS) == {"giam_ngheo", "giam_ngheo_xa[XA-0002]"}


def test_an_answer_that_is_missing_breaks_the_series_too():
    silent = returned("KN-02", "XA-0001", 2025, {"ngheo_cuoi_ky": 5})
    assert "giam_ngheo_xa[XA-0001]" in broken_series(dataset((silent,)), plan(), YEARS)


# --- listings -------------------------------------------------------------------------------


def listed(code: str) -> list:
    listing = next(one for one in plan().listings if one.code == code)
    return listing_rows(listing, plan(), forms(), made(), YEARS, STANDINGS, DIRECTORY)


def numbers(cells: list[Figure | None]) -> list[int | Decimal | None]:
    return [cell.value if cell else None for cell in cells]


def test_a_series_has_a_cell_for_each_year_and_the_state_where_it_has_none():
    shown = {row.code: (numbers(row.series["tung_nam"]), list(row.states)) for row in listed("don_vi_nam")}
    assert shown == {
        "DV-0001": ([10_100_000, 5_300_000, None], [State.ON_TIME, State.ON_TIME, State.NOT_OWED]),
        "DV-0002": ([20_400_000, None, None], [State.LATE, State.MISSING, State.NOT_OWED]),
        "DV-0003": ([None, None, 34_200_000], [State.NOT_OWED, State.NOT_OWED, State.ON_TIME]),
    }


def test_on_the_map_of_today_the_heir_bears_all_years():
    (row,) = listed("don_vi_nay_nam")
    assert (row.code, row.name, numbers(row.series["tung_nam"])) == (
        "DV-0003", GIVERS["DV-0003"], [30_500_000, 5_300_000, 34_200_000],
    )  # fmt: skip


def test_rows_stand_under_their_district_and_a_commune_without_help_has_its_row():
    shown = [(row.level, row.name, row.cells["gia_tri"].value) for row in listed("xa_duoi_huyen")]
    assert shown == [
        (1, "Bắc Trà My", 24_600_000),
        (2, COMMUNES["XA-0002"][0], 24_600_000),
        (2, COMMUNES["XA-0003"][0], 0),
        (1, "Nam Trà My", 45_400_000),
        (2, COMMUNES["XA-0001"][0], 45_400_000),
    ]


def test_choices_stand_under_the_wider_choice_they_belong_to():
    shown = [(row.level, row.code) for row in listed("loai_duoi_linh_vuc")]
    assert shown[:2] == [(1, "chinh_tri"), (2, "tap_huan_can_bo")]
    assert [code for level, code in shown if level == 1] == ["chinh_tri", "kinh_te", "an_sinh", "quoc_phong"]
    assert len([code for level, code in shown if level == 2]) == len(forms()["KN-01"].choices["loai"])


def test_rows_by_year_are_the_years():
    shown = [(row.name, row.cells["gia_tri"].value, row.cells["da_gui"].value) for row in listed("cac_nam_gia_tri")]
    assert shown == [("2023", 30_500_000, 3), ("2024", 5_300_000, 0), ("2025", 34_200_000, 2)]


def test_a_cell_of_one_year_bears_the_state_of_that_year():
    shown = {row.code: (row.cells["cuoi"], row.cell_states.get("cuoi"), row.state) for row in listed("xa_ngheo")}
    assert shown["XA-0003"] == (None, State.EXEMPT, State.ON_TIME)


@pytest.mark.parametrize(
    ("members", "codes"),
    [
        ("owing", ["XA-0001", "XA-0002", "XA-0003"]),
        ("assigned", ["XA-0001", "XA-0002"]),
        ("present", ["XA-0001", "XA-0002"]),
    ],
)
def test_a_plan_says_whose_rows_a_listing_has(members, codes):
    from dataclasses import replace

    listing = next(one for one in plan().listings if one.code == "xa_duoi_huyen")
    chosen = replace(listing, members=members, under=None)
    shown = listing_rows(chosen, plan(), forms(), made(), YEARS, STANDINGS, DIRECTORY)
    assert [row.code for row in shown] == codes


def test_who_has_reported_is_listed_by_form_and_over_the_years_by_partner():
    by_code = {one.code: standing_rows(one, STANDINGS, YEARS, DIRECTORY) for one in plan().standing_lists}
    assert [(row.form, row.code, row.state, row.revision) for row in by_code["ai_da_gui"]] == [
        ("KN-01", "DV-0003", State.ON_TIME, 1),
        ("KN-02", "XA-0001", State.ON_TIME, 1),
        ("KN-02", "XA-0002", State.ON_TIME, 1),
        ("KN-02", "XA-0003", State.EXEMPT, 0),
    ]
    second = next(row for row in by_code["nam_nam"] if row.code == "DV-0002")
    assert second.years == ((2023, State.LATE), (2024, State.MISSING), (2025, State.NOT_OWED))


# --- quotes ---------------------------------------------------------------------------------


def test_texts_fall_to_the_first_topic_one_of_whose_words_they_hold():
    said = ("Đường xa, thiếu kinh phí", "Thiếu vốn.", "Cán bộ kiêm nhiệm", "Đươngf điệnn")
    texts = quotes(*(returned("KN-01", "DV-0001", 2023, {"ton_tai": text}) for text in said)).texts()["ton_tai"]
    assert [(topic["ten"], [one["noi_dung"] for one in topic["y_kien"]]) for topic in texts] == [
        ("Giao thông, hạ tầng", ["Đường xa, thiếu kinh phí"]),
        ("Nguồn lực", ["Thiếu vốn"]),
        ("Ý kiến khác", ["Cán bộ kiêm nhiệm", "Đươngf điệnn"]),
    ]
    assert {one["nam"] for topic in texts for one in topic["y_kien"]} == {"2023"}


def test_proposals_are_grouped_by_whom_they_are_addressed_to():
    asked = [("UBND tỉnh", "Bố trí vốn"), ("ubnd  tỉnh", "Mở đường"), ("", "Tăng biên chế")]
    rows = [{"noi_nhan": whom, "noi_dung": what} for whom, what in asked]
    groups = quotes(gave(2025, "DV-0003", kien_nghi=rows)).texts()["kien_nghi"]
    assert [(group["ten"], [one["noi_dung"] for one in group["y_kien"]]) for group in groups] == [
        ("UBND tỉnh", ["Bố trí vốn", "Mở đường"]),
        ("", ["Tăng biên chế"]),
    ]


def test_a_number_beside_a_text_is_a_figure_with_its_cell_and_rows_with_numbers_stay_apart():
    need = {"noi_dung": "Làm đường", "loai": "cong_trinh_ha_tang", "uu_tien": "1", "gia_tri_du_kien": 5}
    gathered = quotes(returned("KN-02", "XA-0001", 2025, nhu_cau=[need, need, need | {"uu_tien": "2"}]))
    texts = gathered.texts()["nhu_cau"]
    assert [(one["loai"], one["gia_tri_du_kien"].value) for one in texts] == [("Công trình hạ tầng", 5)] * 2
    assert [(one.value, one.unit, one.values) for one in gathered.figures()] == [
        (5, "đồng", ("KN-02/2025/XA-0001/r1/5",)),
        (5, "đồng", ("KN-02/2025/XA-0001/r1/9",)),
    ]


def test_a_sentence_of_the_board_is_printed_as_it_was_written_in_its_part():
    rows = [{"phan": "i", "cau": "Câu một."}, {"phan": "ii", "cau": "Câu hai."}]
    assert [one["noi_dung"] for one in quotes(returned("KN-00", "BAN", 2025, cau_phai_co=rows)).texts()["cau_i"]] == [
        "Câu một."
    ]


def test_only_the_years_that_a_quote_asks_for_are_quoted():
    old = returned("KN-00", "BAN", 2024, cau_phai_co=[{"phan": "i", "cau": "Câu cũ."}])
    assert quotes(old).texts()["cau_i"] == []
