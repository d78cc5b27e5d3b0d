"""Invents what the board itself notes of a year: documents, inspections, meetings, judgement, directions.

In:   the board, the year, a seed. Out: answers of form KN-00. Pure.
"""

from __future__ import annotations

from datetime import date

from generator.demo import stories
from generator.demo.answers import REFORM, Answers, draw_of, put_rows
from generator.model import Partner, Scalar


def board_answers(partner: Partner, year: int, seed: int) -> Answers:
    """A complete, faultless return of the board."""
    draw = draw_of(seed, year, partner.code, "thuong-truc")
    answers: Answers = {
        ("", 0, "nguoi_tong_hop"): "Chuyên viên tổng hợp (minh họa)",
        ("", 0, "uu_diem"): draw.choice(stories.STRENGTHS),
        ("", 0, "ton_tai"): draw.choice(stories.WEAK_POINTS),
        ("", 0, "nguyen_nhan_khach_quan"): stories.BOARD_CAUSES[0],
        ("", 0, "nguyen_nhan_chu_quan"): stories.BOARD_CAUSES[1],
        ("", 0, "phuong_huong"): stories.BOARD_DIRECTION,
        ("", 0, "nhiem_vu"): stories.BOARD_TASKS,
    }
    documents = [
        {
            "so_ky_hieu": f"{draw.randint(20, 900)}/{sign}",
            "ngay": date(year, month, draw.randint(5, 25)).isoformat(),
            "co_quan": _body(partner, year, month),
            "trich_yeu": subject.format(year=year),
        }
        for sign, subject, month in stories.GUIDANCE
    ]
    inspections = [
        {
            "dot": f"Đoàn kiểm tra đợt {number} năm {year} (minh họa)",
            "thoi_gian": f"{year}-{month:02d}",
            "noi_dung": subject,
            "ket_qua": result,
        }
        for number, month, (subject, result) in (
            (1, 4, stories.INSPECTIONS[2 * year % len(stories.INSPECTIONS)]),
            (2, 9, stories.INSPECTIONS[(2 * year + 1) % len(stories.INSPECTIONS)]),
        )
    ]
    meeting: dict[str, Scalar] = {
        "ten": f"Hội nghị giao ban công tác kết nghĩa năm {year} (minh họa)",
        "thoi_gian": date(year, 7, draw.randint(5, 25)).isoformat(),
        "so_dai_bieu": draw.randint(90, 180),
        "ket_qua": stories.MEETINGS[year % len(stories.MEETINGS)],
    }
    sentences = [{"phan": part, "cau": said.format(year=year)} for part, said in stories.SENTENCES]
    if year == REFORM.year:
        sentences.append({"phan": "ii", "cau": stories.REFORM_SENTENCE})
    proposals = [{"noi_nhan": to, "noi_dung": said} for to, said in stories.BOARD_PROPOSALS]
    if year >= REFORM.year:
        proposals = [{**one, "noi_nhan": one["noi_nhan"].replace("tỉnh", "thành phố")} for one in proposals]
    return {
        **answers,
        **put_rows("van_ban", documents),
        **put_rows("dot_kiem_tra", inspections),
        **put_rows("hoi_nghi", [meeting]),
        **put_rows("kien_nghi", proposals),
        **put_rows("cau_phai_co", sentences),
    }


def _body(partner: Partner, year: int, month: int) -> str:
    """The board's name; in the year of its renaming plainly what it is, for the documents are of several months."""
    return "Cơ quan thường trực" if year == REFORM.year and month < REFORM.month else partner.name
