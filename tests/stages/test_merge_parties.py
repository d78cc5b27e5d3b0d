"""Who gave, who received and where: as reported, and restated to the map of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from generator.stages.merge import merge
from merge_cases import BEFORE, PARTNERS, REGISTRY, gifts, keys, merged, returned
from report_cases import forms


@pytest.mark.parametrize(
    ("year", "commune", "district", "heir", "district_now"),
    [
        (2024, "XA-0001", "Nam Trà My", "XA-0009", None),
        (2025, "XA-0002", "Nam Trà My", "XA-0009", None),
        (2025, "XA-0009", None, "XA-0009", None),
        (2022, "XA-0003", "Bắc Trà My", "XA-0003", "Nam Trà My"),
        (2023, "XA-0003", "Nam Trà My", "XA-0003", "Nam Trà My"),
        (2022, "XA-0004", "Tây Giang", "XA-0004", "Tây Giang"),
        (2023, "XA-0041", "Tây Giang", "XA-0041", "Tây Giang"),
        (2023, "XA-0005", "Phước Sơn", "XA-0005", "Phước Sơn"),
        (2025, "XA-0077", None, "XA-0077", None),
    ],
)
def test_a_receiver_has_its_district_of_the_year_and_its_heir_on_the_map(
    year: int, commune: str, district: str | None, heir: str, district_now: str | None
) -> None:
    frame = merged(gifts(year, commune), gifts(2025, sender="DV-0003")).frames["KN-01", "hoat_dong"]
    wanted = ("noi_nhan", "huyen", "noi_nhan_nay", "huyen_nay", "nam")
    assert keys(frame, *wanted) == [(commune, district, heir, district_now, str(year))]


def test_a_map_before_the_reform_leaves_the_old_communes_and_finds_the_new_one_a_district() -> None:
    frame = merged(gifts(2025, "XA-0001", "XA-0009"), map_date=BEFORE).frames["KN-01", "hoat_dong"]
    assert keys(frame, "noi_nhan_nay", "huyen_nay") == [("XA-0001", "Nam Trà My"), ("XA-0009", "Nam Trà My")]


def test_a_split_into_one_district_keeps_that_district() -> None:
    registry = replace(
        REGISTRY,
        partners=tuple(replace(one, district="Tây Giang mới") if "XA-004" in one.code else one for one in PARTNERS),
    )
    frame = merge([gifts(2022, "XA-0004")], registry, forms(), map_date=date(2025, 12, 14)).frames["KN-01", "hoat_dong"]
    assert keys(frame, "noi_nhan_nay", "huyen_nay") == [("XA-0004", "Tây Giang mới")]


def test_the_giver_is_the_sender_of_its_own_return_and_a_column_of_the_receivers() -> None:
    received = returned(
        "KN-02", "XA-0001", 2024, [{"don_vi": "DV-0002", "gia_tri": 5}, {"gia_tri": 6}], "nhan_duoc", {"so_ho": 9}
    )
    dataset = merged(received, gifts(2024, "XA-0002", sender="DV-0003"), gifts(2025))
    wanted = ("don_vi_nay", "ben_giup", "ben_giup_nay", "noi_nhan", "noi_nhan_nay", "huyen")
    assert keys(dataset.frames["KN-02", "nhan_duoc"], *wanted) == [
        ("XA-0009", "DV-0002", "DV-0009", "XA-0001", "XA-0009", "Nam Trà My"),
        ("XA-0009", None, None, "XA-0001", "XA-0009", "Nam Trà My"),
    ]
    assert keys(dataset.frames["KN-01", "hoat_dong"], *wanted) == [
        ("DV-0009", "DV-0003", "DV-0009", "XA-0002", "XA-0009", "Nam Trà My")
    ]
    assert keys(dataset.frames["KN-02", ""], "noi_nhan", "huyen") == [("XA-0001", "Nam Trà My")]
    assert "noi_nhan" not in dataset.frames["KN-01", ""]


def test_a_sender_is_of_the_kind_it_was_in_that_year_whatever_its_code() -> None:
    town = replace(PARTNERS[0], code="HU-0099", name="huyện mới", kind="huyen", since=None, until=date(2024, 12, 14))
    ward = replace(town, kind="xa", since=date(2024, 12, 15), until=None)
    registry = replace(REGISTRY, partners=(*PARTNERS, town, ward))
    returns = [returned("KN-02", "HU-0099", year, [], "nhan_duoc", {"so_ho": 9}) for year in (2024, 2025)]
    frame = merge(returns, registry, forms(), map_date=date(2025, 12, 14)).frames["KN-02", ""]
    assert keys(frame, "nam", "loai_don_vi") == [("2024", "huyen"), ("2025", "xa")]


def test_a_column_of_the_form_goes_before_a_derived_key_of_its_name() -> None:
    asked = returned("KN-02", "XA-0001", 2024, [{"noi_nhan": "UBND tỉnh", "noi_dung": "Thêm đường"}], "kien_nghi")
    frame = merged(asked).frames["KN-02", "kien_nghi"]
    assert frame["noi_nhan#"].tolist() == [1]
    assert "noi_nhan" not in frame
    assert keys(frame, "noi_nhan_nay") == [("XA-0001",)]
