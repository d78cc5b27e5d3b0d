"""Who gave, who received and where: as reported, and restated to the map of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from generator.model import Campaign, Counted, Event, EventKind, Partner, Registry, Scalar
from generator.stages.merge import Dataset, merge
from report_cases import counted, forms, gift

REFORM = date(2025, 7, 1)
BEFORE = date(2025, 6, 30)


def version(
    code: str, district: str = "", since: date | None = None, until: date | None = None, *, both: bool = False
) -> Partner:
    gives = code.startswith("DV")
    return Partner(code, f"{code} (minh họa)", "", gives or both, not gives or both, district, since, until)


def returned(
    form: str,
    sender: str,
    year: int,
    rows: Sequence[Mapping[str, Scalar]] = (),
    table: str = "tong_hop",
    fields: Mapping[str, Scalar] | None = None,
    revision: int = 1,
) -> Counted:
    """A return of any form, with these rows in one table."""
    one = counted(sender, (), fields, year=year, tables={table: rows}, revision=revision)
    return replace(one, key=f"{form}/{year}/{sender}/r{revision}", submission=replace(one.submission, form=form))


def event(kind: EventKind, day: date, sources: str, target: str) -> Event:
    return Event(day, kind, tuple(sources.split()), target)


PARTNERS = (
    version("DV-0001"),
    version("DV-0002", until=date(2025, 2, 28)),
    version("DV-0003", until=date(2025, 2, 28)),
    version("DV-0009", since=date(2025, 3, 1)),
    version("XA-0001", "Nam Trà My", until=BEFORE),
    version("XA-0002", "Nam Trà My", until=BEFORE),
    version("XA-0003", "Bắc Trà My", until=date(2022, 12, 31)),
    version("XA-0003", "Nam Trà My", since=date(2023, 1, 1)),
    version("XA-0004", "Tây Giang", until=date(2023, 6, 30)),
    version("XA-0041", "Tây Giang", since=date(2023, 7, 1)),
    version("XA-0042", "Đông Giang", since=date(2023, 7, 1)),
    version("XA-0005", "Phước Sơn", until=date(2024, 3, 31)),
    version("XA-0009", "", since=REFORM),
)
EVENTS = (
    event(EventKind.MERGE, date(2025, 3, 1), "DV-0002 DV-0003", "DV-0009"),
    event(EventKind.MERGE, REFORM, "XA-0001 XA-0002", "XA-0009"),
    event(EventKind.MOVE, date(2023, 1, 1), "XA-0003", "XA-0003"),
    event(EventKind.SPLIT, date(2023, 7, 1), "XA-0004", "XA-0041"),
    event(EventKind.SPLIT, date(2023, 7, 1), "XA-0004", "XA-0042"),
    event(EventKind.DISSOLVE, date(2024, 4, 1), "XA-0005", ""),
)
CAMPAIGNS = tuple(
    Campaign(year, date(year - 1, 12, 15), date(year, 12, 14), date(year, 12, 20), "", ()) for year in range(2021, 2026)
)
REGISTRY = Registry(PARTNERS, (), CAMPAIGNS, events=EVENTS)


def merged(*returns: Counted, map_date: date | None = None) -> Dataset:
    return merge(returns, REGISTRY, forms(), map_date=map_date)


def keys(frame: pd.DataFrame, *names: str) -> list[tuple[object, ...]]:
    return [
        tuple(None if pd.isna(one) else one for one in row)
        for row in frame[list(names)].astype(object).itertuples(index=False)
    ]


def gifts(year: int, *communes: str, sender: str = "DV-0001") -> Counted:
    return counted(sender, [gift(5, commune=commune) for commune in communes], {"so_van_ban": 1}, year=year)


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


def test_a_column_of_the_form_goes_before_a_derived_key_of_its_name() -> None:
    asked = returned("KN-02", "XA-0001", 2024, [{"noi_nhan": "UBND tỉnh", "noi_dung": "Thêm đường"}], "kien_nghi")
    frame = merged(asked).frames["KN-02", "kien_nghi"]
    assert frame["noi_nhan#"].tolist() == [1]
    assert "noi_nhan" not in frame
    assert keys(frame, "noi_nhan_nay") == [("XA-0001",)]
