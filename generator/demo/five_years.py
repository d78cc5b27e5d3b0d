"""Invents what a sample partner returns at the end of several years: what was learnt, who is to be commended.

In:   a partner, its own activities of years without a return, the last year, a seed. Out: answers of form KN-03.
Pure. Imports model and the modules of demo that invent answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.demo import stories
from generator.demo.answers import Answers, contact, draw_of, put_rows
from generator.model import Partner, Scalar

Totals = Mapping[str, tuple[int, int, int]]
"""By field: value in đồng, households, people."""


def five_year_answers(partner: Partner, totals: Mapping[int, Totals], year: int, seed: int) -> Answers:
    """A complete, faultless return; `totals` of the years for which the partner has to make good."""
    draw = draw_of(seed, year, partner.code, "tong-ket")
    answers = contact(draw, partner, year)
    answers.update(
        {
            ("", 0, "ket_qua_noi_bat"): draw.choice(stories.FIVE_YEAR_RESULTS),
            ("", 0, "ton_tai"): draw.choice(stories.FIVE_YEAR_SHORTCOMINGS),
            ("", 0, "nguyen_nhan_khach_quan"): draw.choice(stories.FIVE_YEAR_CAUSES_OUTSIDE),
            ("", 0, "nguyen_nhan_chu_quan"): draw.choice(stories.FIVE_YEAR_CAUSES_INSIDE),
            ("", 0, "bai_hoc"): draw.choice(stories.FIVE_YEAR_LESSONS),
            ("", 0, "phuong_huong"): draw.choice(stories.DIRECTIONS),
            ("", 0, "nhiem_vu"): draw.choice(stories.TASKS),
            ("", 0, "giai_phap"): draw.choice(stories.SOLUTIONS),
        }
    )
    if draw.random() < 0.5:
        answers["", 0, "dien_hinh"] = draw.choice(stories.FIVE_YEAR_EXAMPLES)
    answers.update(put_rows("tong_hop", _totals(totals)))
    if draw.random() < 0.3:
        number = partner.code.rpartition("-")[2].lstrip("0")
        merits = draw.sample(stories.MERITS, k=draw.randint(1, 2))
        rows = [{"ten": name.format(number=number), "loai": kind, "thanh_tich": why} for name, kind, why in merits]
        answers.update(put_rows("khen_thuong", rows))
    return answers


def _totals(totals: Mapping[int, Totals]) -> Sequence[Mapping[str, Scalar]]:
    rows: list[Mapping[str, Scalar]] = []
    for year, fields in sorted(totals.items()):
        for field, (value, households, people) in sorted(fields.items()):
            row: dict[str, Scalar] = {"nam": year, "linh_vuc": field, "gia_tri": value}
            if households:
                row |= {"so_ho": households, "so_nguoi": people}
            rows.append({**row, "ghi_chu": f"Theo sổ theo dõi của đơn vị năm {year} (minh họa)"})
    return rows
