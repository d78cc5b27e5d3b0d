"""The shipped map of partners, read plainly from templates/registry/*.csv: the four states, every merger, the traps.

Nothing of the package is imported: the map is judged by what is known of the province, not by our own reader.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "registry"

# the mountain districts: district, statistics code and name of the new commune, statistics codes of its predecessors
MERGERS = [
    ("Tây Giang", "20443", "Hùng Sơn", "20437 20440 20443 20446"),
    ("Tây Giang", "20455", "Tây Giang", "20449 20452 20455 20464"),
    ("Tây Giang", "20458", "Avương", "20458 20461"),
    ("Đông Giang", "20467", "Đông Giang", "20467 20470 20488 20491"),
    ("Đông Giang", "20476", "Sông Kôn", "20473 20476 20479"),
    ("Đông Giang", "20485", "Sông Vàng", "20482 20485"),
    ("Đông Giang", "20494", "Bến Hiên", "20494 20497"),
    ("Nam Giang", "20698", "La Êê", "20698 20699"),
    ("Nam Giang", "20704", "La Dêê", "20704 20705"),
    ("Nam Giang", "20707", "Nam Giang", "20701 20707"),
    ("Nam Giang", "20710", "Bến Giằng", "20702 20710 20713"),
    ("Nam Giang", "20716", "Đắc Pring", "20716 20719"),
    ("Phước Sơn", "20722", "Khâm Đức", "20722 20725"),
    ("Phước Sơn", "20728", "Phước Hiệp", "20728 20729"),
    ("Phước Sơn", "20734", "Phước Năng", "20731 20734 20737"),
    ("Phước Sơn", "20740", "Phước Chánh", "20740 20743"),
    ("Phước Sơn", "20752", "Phước Thành", "20746 20749 20752"),
    ("Bắc Trà My", "20900", "Trà My", "20899 20900 20911 20914"),
    ("Bắc Trà My", "20908", "Trà Liên", "20902 20905 20908"),
    ("Bắc Trà My", "20920", "Trà Đốc", "20917 20920"),
    ("Bắc Trà My", "20923", "Trà Tân", "20923 20926"),
    ("Bắc Trà My", "20929", "Trà Giáp", "20929 20932"),
    ("Nam Trà My", "20938", "Trà Leng", "20935 20938"),
    ("Nam Trà My", "20941", "Trà Tập", "20941 20947"),
    ("Nam Trà My", "20944", "Nam Trà My", "20944 20956"),
    ("Nam Trà My", "20950", "Trà Linh", "20950 20953"),
    ("Nam Trà My", "20959", "Trà Vân", "20959 20962"),
    ("Hiệp Đức", "20767", "Việt An", "20764 20767 20785 20788"),
    ("Hiệp Đức", "20770", "Phước Trà", "20770 20773 20776"),
    ("Hiệp Đức", "20779", "Hiệp Đức", "20758 20779 20782"),
]
# the earlier ones: day, district, what came of it, what it was made of
EARLIER_MERGERS = [
    ("2020-02-01", "Quế Sơn", "xã Quế Mỹ", "xã Quế Cường, xã Phú Thọ"),
    ("2020-02-01", "Nông Sơn", "xã Ninh Phước", "xã Quế Ninh, xã Quế Phước"),
    ("2020-02-01", "Hiệp Đức", "thị trấn Tân Bình", "thị trấn Tân An, xã Quế Bình"),
    ("2025-01-01", "Quế Sơn", "xã Quế Lộc", "xã Quế Lộc, xã Sơn Viên"),
    ("2025-01-01", "Hiệp Đức", "xã Quế Tân", "xã Hiệp Hòa, xã Hiệp Thuận"),
    ("2025-01-01", "Thăng Bình", "xã Bình Định", "xã Bình Định Bắc, xã Bình Định Nam"),
    ("2025-01-01", "Thăng Bình", "xã Bình Phú", "xã Bình Chánh, xã Bình Phú"),
    ("2025-01-01", "Duy Xuyên", "xã Duy Tân", "xã Duy Thu, xã Duy Tân"),
    ("2025-01-01", "Tiên Phước", "xã Tiên Sơn", "xã Tiên Cẩm, xã Tiên Sơn"),
    ("2025-01-01", "Tam Kỳ", "phường An Xuân", "phường Phước Hòa, phường An Xuân"),
    ("2025-01-01", "Phú Ninh", "thị trấn Phú Thịnh", "thị trấn Phú Thịnh, xã Tam Vinh"),
]
SAME_NAME_SAME_CODE = (
    "La Êê, La Dêê, Phước Hiệp, Phước Năng, Phước Chánh, Phước Thành, Trà Đốc, Trà Tân, Trà Giáp, Trà Tập, Trà Linh, "
    "Trà Vân, Duy Nghĩa"
)


Line = Mapping[str, str]


@cache
def lines(sheet: str) -> tuple[Line, ...]:
    with (FOLDER / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def on(day: str, prefix: str = "XA-") -> list[Line]:
    """The rows of a kind of code that hold on a day; ISO days compare as texts."""
    return [
        one
        for one in lines("partners")
        if one["ma"].startswith(prefix) and one["tu_ngay"] <= day and (not one["den_ngay"] or day <= one["den_ngay"])
    ]


def place_name(name: str) -> str:
    return re.sub(r"^(xã|phường|thị trấn) ", "", name)


def codes_of(event: Line) -> list[str]:
    return [code for code in re.split(r",\s*", event["tu_ma"]) if code]


def day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def by_code(rows: Sequence[Line]) -> dict[str, Line]:
    return {one["ma"]: one for one in rows}


def merger_into(code: str) -> Line:
    (event,) = [one for one in lines("events") if one["loai"] == "sap_nhap" and one["den_ma"] == code]
    return event


# --- the four states ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "communes", "districts"),
    [
        ("2013-06-30", 244, 18),
        ("2020-01-31", 244, 18),
        ("2020-02-01", 241, 18),
        ("2021-01-01", 241, 18),
        ("2024-12-31", 241, 18),
        ("2025-01-01", 233, 17),
        ("2025-03-01", 233, 17),
        ("2025-06-30", 233, 17),
        ("2025-07-01", 78, 0),
        ("2025-09-01", 78, 0),
    ],
)
def test_the_province_has_so_many_communes_and_districts_on_a_day(day: str, communes: int, districts: int) -> None:
    assert (len(on(day)), len(on(day, "HU-"))) == (communes, districts)


@pytest.mark.parametrize(
    ("day", "district", "phuong", "thi_tran", "xa"),
    [
        ("2013-06-30", "", 18, 13, 213),  # as the province published them
        ("2013-06-30", "Điện Bàn", 0, 1, 19),
        ("2016-01-01", "Điện Bàn", 7, 0, 13),
        ("2023-04-10", "Điện Bàn", 12, 0, 8),
        ("2023-04-09", "Nông Sơn", 0, 0, 6),
        ("2023-04-10", "Nông Sơn", 0, 1, 5),
        ("2020-02-25", "Hiệp Đức", 0, 1, 10),
        ("2025-01-01", "Quế Sơn", 0, 3, 15),
        ("2025-06-30", "Tiên Phước", 0, 1, 13),
    ],
)
def test_wards_towns_and_communes_are_as_many_as_published(
    day: str, district: str, phuong: int, thi_tran: int, xa: int
) -> None:
    kinds = Counter(
        "thị trấn" if one["ten"].startswith("thị trấn ") else one["ten"].split()[0]
        for one in on(day)
        if district in {"", one["huyen"]}
    )
    assert kinds == Counter({"phường": phuong, "thị trấn": thi_tran, "xã": xa})


def test_every_commune_has_a_district_until_there_are_none() -> None:
    for day in ("2013-06-30", "2021-01-01", "2025-03-01"):
        districts = {re.sub(r"^(huyện|thị xã|thành phố) ", "", one["ten"]) for one in on(day, "HU-")}
        assert {one["huyen"] for one in on(day)} == districts
    assert {one["huyen"] for one in on("2025-07-01")} == {""}


def test_nine_districts_gave_and_nine_received() -> None:
    rows = on("2021-01-01", "HU-")
    gives = {one["ma"] for one in rows if one["giup_do"] == "Có"}
    receives = {one["ma"] for one in rows if one["nhan"] == "Có"}
    pairs = [(one["don_vi"], one["xa"]) for one in lines("assignments") if one["don_vi"].startswith("HU-")]
    assert len(gives) == len(receives) == 9
    assert not gives & receives
    assert {giver for giver, _ in pairs} == gives
    assert {receiver for _, receiver in pairs} == receives


def test_the_communes_assigned_in_2020_are_65_by_district() -> None:
    counted = Counter(one["huyen"] for one in on("2021-01-01") if one["nhan"] == "Có")
    assert counted == {
        "Bắc Trà My": 10,
        "Nam Trà My": 10,
        "Tây Giang": 10,
        "Đông Giang": 11,
        "Phước Sơn": 11,
        "Nam Giang": 11,
        "Hiệp Đức": 2,
    }


def test_where_not_all_communes_of_a_district_received_the_choice_is_called_inferred() -> None:
    whole = {"Nam Trà My", "Tây Giang", "Đông Giang"}
    for one in on("2021-01-01"):
        if one["nhan"] == "Có" and one["huyen"] not in whole:
            assert "suy ra" in one["nguon"], one["ten"]


def test_after_july_2025_the_successors_of_the_receivers_receive() -> None:
    old, new = by_code(on("2025-06-30")), by_code(on("2025-07-01"))
    receiving = {code for code, one in old.items() if one["nhan"] == "Có"}
    heirs = {
        one["den_ma"] for one in lines("events") if one["ngay"] == "2025-07-01" and receiving & set(codes_of(one))
    } - {""}
    assert {code for code, one in new.items() if one["nhan"] == "Có"} == {code for code in heirs if code[:3] == "XA-"}


# --- mergers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("district", "code", "name", "old"), MERGERS)
def test_a_mountain_commune_of_july_2025_is_made_of_its_predecessors(
    district: str, code: str, name: str, old: str
) -> None:
    (new,) = [one for one in on("2025-07-01") if one["ma_thong_ke"] == code]
    event = merger_into(new["ma"])
    before = by_code(on("2025-06-30"))
    merged = [before[one] for one in codes_of(event)]
    assert new["ten"] == f"xã {name}"
    assert event["ngay"] == new["tu_ngay"] == "2025-07-01"
    assert "1659/NQ-UBTVQH15" in event["van_ban"]
    assert sorted(one["ma_thong_ke"] for one in merged) == old.split()
    assert {one["huyen"] for one in merged} == {district}


@pytest.mark.parametrize(("day", "district", "name", "old"), EARLIER_MERGERS)
def test_an_earlier_merger_stands_with_its_day(day: str, district: str, name: str, old: str) -> None:
    (new,) = [one for one in on(day) if (one["ten"], one["huyen"]) == (name, district)]
    event = merger_into(new["ma"])
    before = by_code(on(day_before(day)))
    assert event["ngay"] == new["tu_ngay"] == day
    assert sorted(before[code]["ten"] for code in codes_of(event)) == sorted(old.split(", "))


def test_each_of_the_233_goes_whole_into_exactly_one_new_commune() -> None:
    old, new = by_code(on("2025-06-30")), by_code(on("2025-07-01"))
    went: dict[str, list[str]] = defaultdict(list)
    for event in lines("events"):
        if event["ngay"] == "2025-07-01" and event["den_ma"] in new:
            for code in codes_of(event):
                went[code].append(event["den_ma"])
    assert set(went) == set(old)
    assert {len(targets) for targets in went.values()} == {1}
    assert {target for (target,) in went.values()} == set(new)


def test_nong_son_and_que_son_became_one_district() -> None:
    (new,) = [one for one in on("2025-03-01", "HU-") if one["ten"] == "huyện Quế Sơn"]
    event = merger_into(new["ma"])
    before = by_code(on("2024-12-31", "HU-"))
    assert event["ngay"] == "2025-01-01"
    assert {before[code]["ten"] for code in codes_of(event)} == {"huyện Quế Sơn", "huyện Nông Sơn"}


def test_the_last_seventeen_districts_were_dissolved_without_an_heir() -> None:
    dissolved = [one for one in lines("events") if one["loai"] == "giai_the"]
    assert {one["ngay"] for one in dissolved} == {"2025-07-01"}
    assert {one["den_ma"] for one in dissolved} == {""}
    assert {code for one in dissolved for code in codes_of(one)} == set(by_code(on("2025-06-30", "HU-")))


# --- the same partner in a new version ----------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "kind", "before", "after"),
    [
        ("2015-03-11", "doi_loai", "huyện Điện Bàn", "thị xã Điện Bàn"),
        ("2015-03-11", "doi_loai", "thị trấn Vĩnh Điện", "phường Vĩnh Điện"),
        ("2020-02-01", "doi_loai", "xã Hương An", "thị trấn Hương An"),
        ("2023-04-10", "doi_loai", "xã Quế Trung", "thị trấn Trung Phước"),
        ("2023-04-10", "doi_loai", "xã Điện Thắng Bắc", "phường Điện Thắng Bắc"),
        ("2023-04-10", "doi_loai", "xã Điện Thắng Trung", "phường Điện Thắng Trung"),
        ("2023-04-10", "doi_loai", "xã Điện Thắng Nam", "phường Điện Thắng Nam"),
        ("2023-04-10", "doi_loai", "xã Điện Minh", "phường Điện Minh"),
        ("2023-04-10", "doi_loai", "xã Điện Phương", "phường Điện Phương"),
        ("2025-01-01", "chuyen_dia_ban", "xã Phước Ninh", "xã Phước Ninh"),
        ("2025-01-01", "chuyen_dia_ban", "thị trấn Trung Phước", "thị trấn Trung Phước"),
        ("2025-07-01", "doi_loai", "thị trấn Thạnh Mỹ", "xã Thạnh Mỹ"),
        ("2025-07-01", "chuyen_dia_ban", "xã Tân Hiệp", "xã Tân Hiệp"),
        ("2025-07-01", "chuyen_dia_ban", "xã Tam Hải", "xã Tam Hải"),
        ("2025-03-01", "doi_ten", "Ban Dân tộc tỉnh Quảng Nam", "Sở Dân tộc và Tôn giáo tỉnh Quảng Nam"),
    ],
)
def test_a_change_of_name_kind_or_district_keeps_the_code(day: str, kind: str, before: str, after: str) -> None:
    (old,) = [one for one in on(day_before(day), "") if one["ten"] == before]
    (new,) = [one for one in on(day, "") if one["ten"] == after]
    (event,) = [one for one in lines("events") if one["ngay"] == day and one["den_ma"] == new["ma"]]
    assert old["ma"] == new["ma"]
    assert (event["loai"], codes_of(event)) == (kind, [new["ma"]])


# --- traps of identity --------------------------------------------------------------------------


def test_every_new_commune_reuses_the_statistics_code_of_a_predecessor() -> None:
    old = by_code(on("2025-06-30"))
    for one in on("2025-07-01"):
        if one["ma"] in old:
            assert one["ma_thong_ke"] == old[one["ma"]]["ma_thong_ke"]
        else:
            assert one["ma_thong_ke"] in {old[code]["ma_thong_ke"] for code in codes_of(merger_into(one["ma"]))}


def test_a_statistics_code_says_nothing_about_identity() -> None:
    """Lists that write the old La Êê "Laêê" count 64 other names and 12 equal ones; one spelling gives 63 and 13."""
    old = {one["ma_thong_ke"]: one["ten"] for one in on("2025-06-30")}
    new = {one["ma_thong_ke"]: one["ten"] for one in on("2025-07-01")}
    equal = {place_name(name) for code, name in new.items() if old[code] == name}
    assert equal - {"Tân Hiệp", "Tam Hải"} == set(SAME_NAME_SAME_CODE.split(", "))
    assert len(new) - len(equal) == 63
    assert (old["20938"], new["20938"]) == ("xã Trà Dơn", "xã Trà Leng")


def test_four_new_communes_carry_an_old_name_with_another_statistics_code() -> None:
    old = {one["ten"]: one["ma_thong_ke"] for one in on("2025-06-30")}
    other = {one["ten"] for one in on("2025-07-01") if old.get(one["ten"], one["ma_thong_ke"]) != one["ma_thong_ke"]}
    assert other == {"xã Đắc Pring", "xã Phước Trà", "xã Trà Leng", "xã Sông Kôn"}


def test_tra_don_and_tra_don_with_a_horn_are_two_partners_of_one_district() -> None:
    found = {one["ten"]: one for one in on("2021-01-01") if one["huyen"] == "Nam Trà My"}
    assert found["xã Trà Don"]["ma"] != found["xã Trà Dơn"]["ma"]


def test_a_merged_commune_is_another_partner_than_its_namesake_before() -> None:
    old, new = ({one["ten"]: one["ma"] for one in on(day)} for day in ("2025-06-30", "2025-07-01"))
    kept = {name for name in old.keys() & new.keys() if old[name] == new[name]}
    assert old["xã Trà Leng"] != new["xã Trà Leng"]
    assert kept == {"xã Tân Hiệp", "xã Tam Hải"}


def test_the_communes_of_nam_tra_my_keep_the_first_ten_codes() -> None:
    found = [place_name(one["ten"]) for one in lines("partners") if "XA-0001" <= one["ma"] <= "XA-0010"]
    assert ", ".join(found) == (
        "Trà Tập, Trà Cang, Trà Mai, Trà Don, Trà Dơn, Trà Leng, Trà Linh, Trà Nam, Trà Vân, Trà Vinh"
    )


# --- what holds for every row -------------------------------------------------------------------


def test_the_versions_of_a_code_follow_each_other_without_overlap_or_gap() -> None:
    versions: dict[str, list[Line]] = defaultdict(list)
    for one in lines("partners"):
        versions[one["ma"]].append(one)
    for code, found in versions.items():
        found.sort(key=lambda one: one["tu_ngay"])
        for earlier, later in pairwise(found):
            assert earlier["den_ngay"] == day_before(later["tu_ngay"]), code


def test_no_two_partners_bear_one_name_on_one_day() -> None:
    starts = {one["tu_ngay"] for one in lines("partners")}
    for day in starts:
        names = Counter(one["ten"] for one in on(day or "2012-10-22", ""))
        assert [name for name, count in names.items() if count > 1] == []


def test_every_event_ends_its_sources_the_day_before_and_starts_its_target() -> None:
    ends = {(one["ma"], one["den_ngay"]) for one in lines("partners")}
    starts = {(one["ma"], one["tu_ngay"]) for one in lines("partners")}
    for event in lines("events"):
        assert all((code, day_before(event["ngay"])) in ends for code in codes_of(event)), event
        assert not event["den_ma"] or (event["den_ma"], event["ngay"]) in starts, event


def test_every_row_that_ends_and_every_row_that_begins_has_an_event() -> None:
    ended = {(code, day_before(one["ngay"])) for one in lines("events") for code in codes_of(one)}
    begun = {(one["den_ma"], one["ngay"]) for one in lines("events") if one["den_ma"]}
    for one in lines("partners"):
        assert not one["den_ngay"] or (one["ma"], one["den_ngay"]) in ended, one["ten"]
        assert not one["tu_ngay"] or (one["ma"], one["tu_ngay"]) in begun, one["ten"]


def test_an_assignment_stays_within_the_life_of_both_partners() -> None:
    for one in lines("assignments"):
        for code, role in ((one["don_vi"], "giup_do"), (one["xa"], "nhan")):
            for day in (one["tu_ngay"], one["den_ngay"]):
                assert [row[role] for row in on(day, code)] == ["Có"], one


def test_every_row_names_its_source_and_is_written_in_nfc() -> None:
    for sheet in ("partners", "assignments", "events", "campaigns", "documents", "settings"):
        for one in lines(sheet):
            assert one["nguon"], one
            assert all(unicodedata.is_normalized("NFC", text) and text == text.strip() for text in one.values()), one


def test_whoever_gives_and_is_no_district_is_called_illustrative() -> None:
    for one in lines("partners"):
        if one["giup_do"] == "Có" and not one["ma"].startswith("HU-"):
            assert "(minh họa)" in one["ten"]
            assert one["thu_dien_tu"].endswith(".example")
    assert all("minh họa" in one["quyet_dinh"] for one in lines("assignments"))


def test_nothing_is_claimed_of_area_or_hardship_that_no_source_says() -> None:
    assert {one["khu_vuc"] + one["dbkk"] for one in lines("partners")} == {""}
