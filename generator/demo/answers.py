"""Invents the answers of one sample return, always the same for the same seed, year and partner.

In:   a partner, the codes of its communes, the year, a seed. Out: answers by (table, row, field), as typed values.
Pure. Imports model and demo.stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random

from generator.demo import stories
from generator.demo.stories import STORIES, Story
from generator.model import Partner, Scalar

Address = tuple[str, int, str]
"""Table ("" for a single answer), row from 1 (0), field."""
Answers = dict[Address, Scalar]

_SOURCES = ("ngan_sach", "don_vi", "dong_gop", "van_dong", "long_ghep")
_QUARTERS = ("1", "2", "3", "4")


def sample_answers(partner: Partner, communes: Sequence[str], year: int, seed: int) -> Answers:
    """A complete, faultless return of a giving unit. Amounts are whole đồng."""
    draw = Random(f"{seed}/{year}/{partner.code}")  # noqa: S311  invents samples, guards nothing
    answers: Answers = {}
    answers.update(_contact(draw, partner, year))
    answers.update(_steering(draw, year))
    answers.update(_activities(draw, communes, year))
    answers.update(_assessment(draw))
    answers.update(_plan(draw, communes))
    addressee, wish = draw.choice(stories.PROPOSALS)
    answers["kien_nghi", 1, "noi_nhan"] = addressee
    answers["kien_nghi", 1, "noi_dung"] = wish
    return answers


def nil_answers(partner: Partner, year: int, seed: int) -> Answers:
    """A return that says, with its reason, that nothing happened in the period."""
    draw = Random(f"{seed}/{year}/{partner.code}")  # noqa: S311  invents samples, guards nothing
    answers: Answers = {**_contact(draw, partner, year), **_steering(draw, year), **_assessment(draw)}
    answers["", 0, "khong_phat_sinh"] = True
    answers["", 0, "ly_do_khong_phat_sinh"] = stories.IDLE_REASON
    return answers


def _contact(draw: Random, partner: Partner, year: int) -> Answers:
    number = int(partner.code.rpartition("-")[2])
    return {
        ("", 0, "thu_truong"): f"Thủ trưởng {number:02d} (minh họa)",
        ("", 0, "nguoi_phu_trach"): f"Cán bộ {number:02d} (minh họa)",
        ("", 0, "dien_thoai"): f"0235 000 {number:04d}",
        ("", 0, "thu_dien_tu"): partner.email,
        ("", 0, "so_cong_van"): f"{draw.randint(100, 900)}/BC-MH{number:02d}",
        ("", 0, "ngay_cong_van"): date(year, 12, draw.randint(10, 18)).isoformat(),
        ("", 0, "nguoi_ky"): f"Thủ trưởng {number:02d} (minh họa)",
        ("", 0, "khong_phat_sinh"): False,
    }


def _steering(draw: Random, year: int) -> Answers:
    sessions, surveys, planned = draw.randint(1, 6), draw.randint(1, 3), draw.random() < 0.8
    answers: Answers = {
        ("", 0, "so_buoi_quan_triet"): sessions,
        ("", 0, "luot_nguoi_quan_triet"): sessions * draw.randint(25, 70),
        ("", 0, "so_van_ban"): draw.randint(1, 5),
        ("", 0, "so_ky_ket"): draw.randint(0, 2),
        ("", 0, "so_dot_khao_sat"): surveys,
        ("", 0, "thoi_gian_khao_sat"): f"tháng {draw.randint(3, 6)}/{year}",
        ("", 0, "co_ke_hoach"): planned,
        ("", 0, "so_cuoc_lam_viec"): draw.randint(1, 5),
        ("", 0, "luot_can_bo_tang_cuong"): draw.randint(0, 3),
        ("", 0, "thay_doi_phu_trach"): draw.random() < 0.2,
    }
    if planned:
        answers["", 0, "so_ke_hoach"] = f"{draw.randint(10, 90)}/KH"
        answers["", 0, "ngay_ke_hoach"] = date(year, draw.randint(1, 3), draw.randint(3, 27)).isoformat()
    return answers


def _activities(draw: Random, communes: Sequence[str], year: int) -> Answers:
    answers: Answers = {}
    for row, story in enumerate(draw.sample(STORIES, k=draw.randint(4, 9)), start=1):
        for code, value in _activity(draw, story, draw.choice(communes), year).items():
            answers["hoat_dong", row, code] = value
    return answers


def _activity(draw: Random, story: Story, commune: str, year: int) -> dict[str, Scalar]:
    quantity = draw.randint(*story.quantities)
    price = round(draw.randint(*story.prices), -2 if story.prices[0] >= 1000 else 0) * 1000
    month, day = draw.randint(1, 11), draw.randint(2, 27)
    row: dict[str, Scalar] = {
        "thoi_gian": date(year, month, day).isoformat() if draw.random() < 0.7 else f"{year}-{month:02d}",
        "xa": commune,
        "thon": draw.choice(stories.VILLAGES),
        "loai": story.kind,
        "noi_dung": draw.choice(story.contents),
        "hinh_thuc": story.form,
        "so_luong": Decimal(quantity),
        "don_vi_tinh": story.measure,
        "don_gia": price,
        "gia_tri": quantity * price,
        "nguon": draw.choice(_SOURCES),
    }
    if story.households_each:
        households = quantity * story.households_each
        row["so_ho"] = households
        row["so_nguoi"] = households * draw.randint(3, 5)
    return row


def _assessment(draw: Random) -> Answers:
    answers: Answers = {
        ("", 0, "ket_qua_noi_bat"): draw.choice(stories.RESULTS),
        ("", 0, "ton_tai"): draw.choice(stories.SHORTCOMINGS),
        ("", 0, "nguyen_nhan_khach_quan"): draw.choice(stories.CAUSES_OUTSIDE),
        ("", 0, "nguyen_nhan_chu_quan"): draw.choice(stories.CAUSES_INSIDE),
        ("", 0, "bai_hoc"): draw.choice(stories.LESSONS),
    }
    if draw.random() < 0.4:
        answers["", 0, "dien_hinh"] = draw.choice(stories.EXAMPLES)
    return answers


def _plan(draw: Random, communes: Sequence[str]) -> Answers:
    answers: Answers = {}
    for row, story in enumerate(draw.sample(STORIES, k=draw.randint(2, 4)), start=1):
        quantity = draw.randint(*story.quantities)
        planned: dict[str, Scalar] = {
            "noi_dung": story.contents[0],
            "xa": draw.choice(communes),
            "loai": story.kind,
            "so_luong": Decimal(quantity),
            "don_vi_tinh": story.measure,
            "gia_tri_du_kien": quantity * draw.randint(*story.prices) * 1000,
            "nguon": draw.choice(_SOURCES),
            "quy": draw.choice(_QUARTERS),
        }
        for code, value in planned.items():
            answers["ke_hoach", row, code] = value
    return answers
