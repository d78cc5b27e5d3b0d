"""Invents the answers of one sample return of a giver, always the same for the same seed, year and partner.

In:   a partner, the codes of its communes, the year, a seed. Out: answers by (table, row, field), as typed values.
Pure. Imports model and demo.stories.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random

from generator.demo import stories
from generator.demo.stories import STORIES, Story
from generator.model import Partner, Scalar

Address = tuple[str, int, str]
"""Table ("" for a single answer), row from 1 (0), field."""
Answers = dict[Address, Scalar]
Stands = Callable[[str, date], str]
"""Who stands for a commune on a day; "" when nobody does any more."""

_SOURCES = ("ngan_sach", "don_vi", "don_vi", "dong_gop", "van_dong", "long_ghep")
_QUARTERS = ("1", "2", "3", "4")
_BASE_YEAR = 2020
_LAST_MONTH = 11
REFORM = date(2025, 7, 1)


def draw_of(seed: int, year: int, code: str, part: str) -> Random:
    """The dice of one part of one return: another part, year or partner does not change how they fall."""
    return Random(f"{seed}/{year}/{code}/{part}")  # noqa: S311  invents samples, guards nothing


def sample_answers(
    partner: Partner,
    communes: Sequence[str],
    year: int,
    seed: int,
    *,
    planned: bool = False,
    stands: Stands = lambda code, _: code,
) -> Answers:
    """A complete, faultless return of a giving unit. Amounts are whole đồng.

    `planned`: last year's return counted, so that its plan is in the blank and rows may refer to it. Without a
    commune that stands, nothing happened.
    """
    if not communes:
        return nil_answers(partner, year, seed)
    answers = {**_head(partner, year, seed), ("", 0, "khong_phat_sinh"): False}
    answers.update(_activities(partner.code, communes, year, seed, planned, stands))
    last = date(year, 12, 14)
    answers.update(_plan(partner.code, [stands(code, last) or code for code in communes], year, seed))
    draw = draw_of(seed, year, partner.code, "kien_nghi")
    if draw.random() < 0.6:
        answers.update(proposal(draw.choice(stories.PROPOSALS), year))
    return answers


def nil_answers(partner: Partner, year: int, seed: int) -> Answers:
    """A return that says, with its reason, that nothing happened in the period."""
    answers = _head(partner, year, seed)
    answers["", 0, "khong_phat_sinh"] = True
    answers["", 0, "ly_do_khong_phat_sinh"] = stories.IDLE_REASON
    return answers


def contact(draw: Random, partner: Partner, year: int) -> Answers:
    """Who answers for a return and the dispatch that comes with it; nobody's name."""
    number = int(partner.code.rpartition("-")[2])
    month = partner.until.month if partner.until and partner.until < date(year, 12, 14) else 12
    return {
        ("", 0, "thu_truong"): f"Thủ trưởng {number:02d} (minh họa)",
        ("", 0, "nguoi_phu_trach"): f"Cán bộ {number:02d} (minh họa)",
        ("", 0, "dien_thoai"): f"0235 000 {number:04d}",
        ("", 0, "thu_dien_tu"): partner.email or f"{partner.code.lower()}@minhhoa.example",
        ("", 0, "so_cong_van"): f"{draw.randint(100, 900)}/BC-MH{number:02d}",
        ("", 0, "ngay_cong_van"): date(year, month, draw.randint(10, 14)).isoformat(),
        ("", 0, "nguoi_ky"): f"Thủ trưởng {number:02d} (minh họa)",
    }


def proposal(told: tuple[str, str], year: int) -> Answers:
    """The one row of proposals; since the reform the province is a city."""
    addressee, wish = told
    if year >= REFORM.year:
        addressee = addressee.replace("nhân dân tỉnh", "nhân dân thành phố")
    return {("kien_nghi", 1, "noi_nhan"): addressee, ("kien_nghi", 1, "noi_dung"): wish}


def rows_of(answers: Answers, table: str) -> Mapping[int, dict[str, Scalar]]:
    """The rows of a table by number, each by field."""
    found: dict[int, dict[str, Scalar]] = {}
    for (where, row, code), value in answers.items():
        if where == table:
            found.setdefault(row, {})[code] = value
    return found


def put_rows(table: str, rows: Sequence[Mapping[str, Scalar]]) -> Answers:
    """Rows as answers, numbered from 1."""
    return {(table, row, code): value for row, told in enumerate(rows, start=1) for code, value in told.items()}


def _head(partner: Partner, year: int, seed: int) -> Answers:
    draw = draw_of(seed, year, partner.code, "chung")
    return {**contact(draw, partner, year), **_steering(draw, year), **_assessment(draw)}


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


# --- what was done ------------------------------------------------------------------------------


def _activities(partner: str, communes: Sequence[str], year: int, seed: int, planned: bool, stands: Stands) -> Answers:
    draw = draw_of(seed, year, partner, "hoat_dong")
    told = list(_realised(draw, partner, communes, year, seed)) if planned else []
    chosen = draw.sample(STORIES, k=draw.randint(4, 8))
    done = {row["loai"] for row in told}
    told += [_activity(draw, story, draw.choice(communes), year, partner) for story in chosen if story.kind not in done]
    rows = [row for row in (_dated(draw, row, year, stands) for row in told) if row["xa"]]
    return put_rows("hoat_dong", rows)


def _activity(draw: Random, story: Story, commune: str, year: int, partner: str) -> dict[str, Scalar]:
    quantity = draw.randint(*story.quantities)
    price = _price(draw, story, year, partner)
    row: dict[str, Scalar] = {
        "thoi_gian": "",
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


def _price(draw: Random, story: Story, year: int, partner: str) -> int:
    """Đồng for one unit of measure: a little more each year, and more from those who can."""
    means = 85 + 5 * (sum(map(ord, partner)) % 8) + 5 * max(0, min(year - _BASE_YEAR, 10))
    thousands = draw.randint(*story.prices) * means // 100
    return (round(thousands, -2) if story.prices[0] >= 1000 else max(thousands, story.prices[0])) * 1000


def _realised(draw: Random, partner: str, communes: Sequence[str], year: int, seed: int) -> list[dict[str, Scalar]]:
    """Some of what was planned a year ago, at about the price that was foreseen."""
    found = []
    for number, plan in rows_of(_plan(partner, communes, year - 1, seed), "ke_hoach").items():
        story = next(one for one in STORIES if one.kind == plan["loai"])
        if draw.random() < 0.7:
            row = _activity(draw, story, str(plan["xa"]), year, partner)
            found.append({**row, "noi_dung": plan["noi_dung"], "dong_ke_hoach": number})
    return found


def _dated(draw: Random, row: dict[str, Scalar], year: int, stands: Stands) -> dict[str, Scalar]:
    """The row with a day, and the commune as it was called then; what was dissolved was helped before."""
    month, day = draw.randint(1, _LAST_MONTH), draw.randint(2, 27)
    code = str(row["xa"])
    standing = stands(code, date(year, month, day))
    if not standing:
        month = 1 + month % (REFORM.month - 1)
        standing = stands(code, date(year, month, day))
    exact = date(year, month, day).isoformat() if draw.random() < 0.7 else f"{year}-{month:02d}"
    return {**row, "thoi_gian": exact, "xa": standing}


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


def _plan(partner: str, communes: Sequence[str], year: int, seed: int) -> Answers:
    draw = draw_of(seed, year, partner, "ke_hoach")
    rows = []
    for story in draw.sample(STORIES, k=draw.randint(2, 4)):
        quantity = draw.randint(*story.quantities)
        planned: dict[str, Scalar] = {
            "noi_dung": story.contents[0],
            "xa": draw.choice(communes),
            "loai": story.kind,
            "so_luong": Decimal(quantity),
            "don_vi_tinh": story.measure,
            "gia_tri_du_kien": quantity * _price(draw, story, year + 1, partner),
            "nguon": draw.choice(_SOURCES),
            "quy": draw.choice(_QUARTERS),
        }
        rows.append(planned)
    return put_rows("ke_hoach", rows)
