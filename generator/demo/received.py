"""Invents what a sample commune or district returns: how it fares, what it was given, what it needs.

In:   a receiver, its state, the gifts that its givers made, the year, a seed. Out: answers of form KN-02.
Pure. Most gifts are told as the givers tell them, some otherwise, some not at all, and a few nobody else tells of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from generator.demo import stories
from generator.demo.answers import Answers, contact, draw_of, proposal, put_rows
from generator.demo.communes import State, situation
from generator.demo.stories import STORIES
from generator.model import Partner, Scalar

MOST_GIFTS = 95
"""The blank has rows for a hundred."""
_TOLD = ("thoi_gian", "loai", "noi_dung", "hinh_thuc", "so_luong", "don_vi_tinh", "gia_tri", "so_ho", "so_nguoi")
_CONDITIONS = ("su_dung_tot", "su_dung_tot", "da_cap_phat", "chua_su_dung", "kem_hieu_qua")


@dataclass(frozen=True, slots=True)
class Gift:
    """One row of a giver's return, for the receiver that stands for its commune at the end of the period."""

    giver: str
    row: dict[str, Scalar]


def received_answers(
    partner: Partner, state: State, gifts: Sequence[Gift], givers: Sequence[str], year: int, seed: int
) -> Answers:
    """A complete, faultless return of a receiver; nil where nothing came. `givers` are those assigned to it."""
    draw = draw_of(seed, year, partner.code, "nhan")
    answers = contact(draw, partner, year)
    answers.update({("", 0, code): value for code, value in situation(state, year).items()})
    rows = list(_mirrored(draw, gifts, state))[:MOST_GIFTS]
    if draw.random() < 0.25:
        rows.append(_unanswered(draw, givers, year))
    answers.update(put_rows("nhan_duoc", rows))
    answers["", 0, "khong_phat_sinh"] = not rows
    if not rows:
        answers["", 0, "ly_do_khong_phat_sinh"] = stories.NOTHING_RECEIVED
    answers.update(_assessment(draw))
    answers.update(_needs(draw, partner.code.startswith("HU-"), state))
    if draw.random() < 0.7:
        answers.update(proposal(draw.choice(stories.COMMUNE_PROPOSALS), year))
    return answers


def _mirrored(draw: Random, gifts: Sequence[Gift], state: State) -> list[dict[str, Scalar]]:
    found = []
    for gift in gifts:
        chance = draw.random()
        if chance < 0.015:  # forgotten
            continue
        row = {code: gift.row[code] for code in _TOLD if code in gift.row}
        row["don_vi"], row["tinh_trang"] = gift.giver, draw.choice(_CONDITIONS)
        value, households = row.get("gia_tri"), row.get("so_ho")
        if chance < 0.04 and isinstance(value, int):
            row["gia_tri"] = value * draw.choice((80, 90, 110)) // 100
        elif chance < 0.05 and isinstance(households, int) and households > 1:
            row["so_ho"] = households - 1
        elif row["hinh_thuc"] == "ky_thuat" and chance > 0.85:
            del row["gia_tri"]  # nobody told the commune what it cost
        if isinstance(row.get("so_ho"), int):
            row["so_ho"] = min(int(str(row["so_ho"])), state["so_ho"])
        found.append(row)
    return found


def _unanswered(draw: Random, givers: Sequence[str], year: int) -> dict[str, Scalar]:
    """A gift that no giver reports: of an assigned one that forgot it, or of somebody outside."""
    quantity, price = draw.randint(10, 40), draw.randint(3, 9) * 100_000
    households = quantity
    row: dict[str, Scalar] = {
        "thoi_gian": f"{year}-{draw.randint(1, 5):02d}-{draw.randint(2, 27):02d}",
        "loai": "qua",
        "noi_dung": "Tặng nhu yếu phẩm cho hộ khó khăn",
        "hinh_thuc": "hien_vat",
        "so_luong": Decimal(quantity),
        "don_vi_tinh": "suất",
        "gia_tri": quantity * price,
        "so_ho": households,
        "so_nguoi": households * 4,
        "tinh_trang": "da_cap_phat",
    }
    if givers and draw.random() < 0.5:
        return {"don_vi": draw.choice(givers), **row}
    return {"don_vi_khac": draw.choice(stories.OTHER_DONORS), **row}


def _assessment(draw: Random) -> Answers:
    return {
        ("", 0, "hieu_qua"): draw.choice(stories.EFFECTS),
        ("", 0, "ton_tai"): draw.choice(stories.WEAKNESSES),
        ("", 0, "nguyen_nhan_khach_quan"): draw.choice(stories.CAUSES_OUTSIDE),
        ("", 0, "tam_tu_nguyen_vong"): draw.choice(stories.WISHES),
    }


def _needs(draw: Random, district: bool, state: State) -> Answers:
    rows = []
    for number, story in enumerate(draw.sample(STORIES, k=draw.randint(2, 4))):
        quantity = draw.randint(*story.quantities)
        row: dict[str, Scalar] = {
            "noi_dung": story.contents[-1],
            "loai": story.kind,
            "uu_tien": "1" if number == 0 else draw.choice(("2", "2", "3")),
            "so_luong": Decimal(quantity),
            "don_vi_tinh": story.measure,
            "gia_tri_du_kien": quantity * draw.randint(*story.prices) * 1000,
        }
        if not district:
            row["thon"] = draw.choice(stories.VILLAGES)
        if story.households_each:
            row["so_ho"] = min(quantity * story.households_each, state["so_ho"])
        rows.append(row)
    return put_rows("nhu_cau", rows)
