"""How the sample communes fare: people, poverty, roads and houses, year after year without a break.

In:   the code of a commune or district, its forebears, the years, a seed. Out: answers of the sheet "Tình hình".
Pure. The end of a year is the beginning of the next; whoever was merged has the sums of those it was merged from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from random import Random

from generator.model import Scalar

State = Mapping[str, int]
"""Numbers by field of the form; lengths of roads in tenths of a kilometre."""

_TENTHS = ("km_duong", "km_duong_cung_hoa")
_DISTRICT_SIZE = 9
"""How many communes a sample district is as large as."""
_STRANGERS_POOR = 40
"""Poor households that a town brings into a merger which did not report before."""


def standard_of(year: int) -> str:
    """The poverty standard of a year's review, as the form codes it: that of 2021-2025 is applied from 2022 on."""
    return "2021_2025" if year >= 2022 else "2016_2020"


def states(code: str, years: Sequence[int], seed: int) -> dict[int, State]:
    """The commune or district in each of the years, which follow one another."""
    draw = Random(f"{seed}/{code}/tinh-hinh")  # noqa: S311  invents samples, guards nothing
    size = _DISTRICT_SIZE if code.startswith("HU-") else 1
    now = _beginning(draw, size)
    found: dict[int, State] = {}
    for year in years:
        now = _a_year_later(draw, now, size)
        found[year] = now
    return found


def merged(parts: Iterable[State], strangers: int) -> State:
    """What a merger of reporting communes, and of so many that never reported, has to tell."""
    sums: dict[str, int] = {}
    for part in parts:
        for code, number in part.items():
            sums[code] = sums.get(code, 0) + number
    poor = strangers * _STRANGERS_POOR
    sums["ngheo_tang_giam_khac"] += poor
    sums["ngheo_cuoi_ky"] += poor
    for code, each in (("so_ho", 900), ("so_nguoi", 3_600), ("so_thon", 5), ("can_ngheo", 60), ("ho_co_dien", 880)):
        sums[code] += strangers * each
    return sums


def situation(state: State, year: int) -> dict[str, Scalar]:
    """The answers of the sheet by field code."""
    told: dict[str, Scalar] = dict(state)
    for code in _TENTHS:
        told[code] = Decimal(state[code]) / 10
    return {**told, "chuan_ngheo": standard_of(year)}


def _beginning(draw: Random, size: int) -> dict[str, int]:
    """The day before the first year: only what the years carry on."""
    households = size * draw.randint(320, 780)
    villages = size * draw.randint(4, 7)
    road = size * draw.randint(180, 420)
    return {
        "so_thon": villages,
        "so_thon_dbkk": villages - draw.randint(0, 1) * size,
        "so_ho": households,
        "so_nguoi": households * draw.randint(39, 45) // 10,
        "so_ho_dtts": households * draw.randint(90, 98) // 100,
        "ngheo_cuoi_ky": households * draw.randint(44, 60) // 100,
        "can_ngheo": households * draw.randint(7, 12) // 100,
        "thon_co_duong_o_to": villages * draw.randint(5, 8) // 10,
        "km_duong": road,
        "km_duong_cung_hoa": road * draw.randint(25, 40) // 100,
        "ho_co_dien": households * draw.randint(80, 92) // 100,
        "ho_co_nuoc": households * draw.randint(60, 78) // 100,
        "nha_tam": households * draw.randint(12, 20) // 100,
    }


def _a_year_later(draw: Random, before: State, size: int) -> dict[str, int]:
    poor = before["ngheo_cuoi_ky"]
    left = poor * draw.randint(70, 140) // 1000
    again, new = draw.randint(0, 3 * size), draw.randint(1, 8 * size)
    moved = draw.randint(-2, 2) * size
    households = before["so_ho"] + draw.randint(2, 9) * size
    people = before["so_nguoi"] + draw.randint(8, 40) * size
    native = min(households, before["so_ho_dtts"] + draw.randint(2, 6) * size)
    mended = min(before["nha_tam"], draw.randint(6, 16) * size)
    hard = min(before["km_duong"], before["km_duong_cung_hoa"] + draw.randint(4, 22) * size)
    reached = before["thon_co_duong_o_to"] + draw.randint(0, 1) * size
    return {
        "so_thon": before["so_thon"],
        "so_thon_dbkk": before["so_thon_dbkk"],
        "so_ho": households,
        "so_nguoi": people,
        "so_ho_dtts": native,
        "so_nguoi_dtts": people * native // households,
        "ngheo_dau_ky": poor,
        "thoat_ngheo": left,
        "thoat_ngheo_ket_nghia": left * draw.randint(12, 35) // 100,
        "tai_ngheo": again,
        "ngheo_moi": new,
        "ngheo_tang_giam_khac": moved,
        "ngheo_cuoi_ky": poor - left + again + new + moved,
        "can_ngheo": max(0, before["can_ngheo"] + draw.randint(-4, 3) * size),
        "thon_co_duong_o_to": min(before["so_thon"], reached),
        "km_duong": before["km_duong"],
        "km_duong_cung_hoa": hard,
        "ho_co_dien": min(households, before["ho_co_dien"] + draw.randint(5, 18) * size),
        "ho_co_nuoc": min(households, before["ho_co_nuoc"] + draw.randint(6, 24) * size),
        "nha_tam": before["nha_tam"] - mended,
        "nha_da_xoa": mended,
        "nha_da_xoa_ket_nghia": mended * draw.randint(15, 45) // 100,
    }
