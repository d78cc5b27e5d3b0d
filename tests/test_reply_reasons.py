"""Reasons for warnings: typed into the workbook that went back, asked for once, seen by the board."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from generator.model import (
    Verdict,
)
from generator.pipeline.issues_list import grouped, issue_rows
from generator.stages.register.database import Register
from reply_office import (
    DOUBTFUL,
    GOOD,
    MESSAGES,
    Office,
    attached,
    text,
    workbook,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Register.open(tmp_path / "outputs" / "register.sqlite") as register:
        yield Office(tmp_path, register)


REASON = "Huyện giao thêm theo công văn 12/UBND"


def explained(back: bytes, reason: str = REASON, **cells: object) -> bytes:
    """The workbook that went back with the reason typed beside its only warning, and other cells typed over."""
    book = load_workbook(io.BytesIO(back))
    sheet = book["Cần sửa"]
    assert not sheet["G12"].protection.locked
    sheet["G12"].value = reason
    for cell, value in cells.items():
        book["Hoạt động hỗ trợ"][cell].value = value  # type: ignore[index]
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_reason_typed_beside_the_warning_is_noted_and_not_asked_for_again(office: Office) -> None:
    assert office.receives(workbook(DOUBTFUL)) is Verdict.ACCEPTED_WITH_WARNINGS
    first = office.answers()["DV-0001-KN-01-r1.eml"]
    assert "vào cột “Lý do (nếu số liệu đúng)” (chỉ hỏi một lần)" in text(first)
    assert office.receives(explained(attached(first))) is Verdict.ACCEPTED_WITH_WARNINGS, "the board still sees it"
    second = office.answers()["DV-0001-KN-01-r2.eml"]
    assert "KẾT QUẢ: Biểu đạt" in text(second)
    assert f"Lý do: “{REASON}”" in text(second)
    assert list(second.iter_attachments()) == []


def test_a_reason_stands_for_later_revisions_while_the_value_stands(office: Office) -> None:
    office.receives(workbook(DOUBTFUL))
    office.receives(explained(attached(office.answers()["DV-0001-KN-01-r1.eml"])))
    later = {where if not where[0] else (where[0], 7, where[2]): said for where, said in DOUBTFUL.items()}
    office.receives(workbook({**later, ("", 0, "ton_tai"): "Khác."}))  # a blank of last month, the row further down
    told = text(office.answers()["DV-0001-KN-01-r3.eml"])
    assert "KẾT QUẢ: Biểu đạt" in told
    assert REASON in told


def test_another_value_is_asked_about_anew(office: Office) -> None:
    moved = {**GOOD, ("hoat_dong", 1, "thoi_gian"): "2025-12-20"}
    office.receives(workbook(moved))
    office.receives(explained(attached(office.answers()["DV-0001-KN-01-r1.eml"])))
    assert "KẾT QUẢ: Biểu đạt" in text(office.answers()["DV-0001-KN-01-r2.eml"])
    office.receives(workbook({**moved, ("hoat_dong", 1, "thoi_gian"): "2025-12-21"}))
    told = text(office.answers()["DV-0001-KN-01-r3.eml"])
    assert "Còn 1 chỗ đề nghị đơn vị xem lại" in told
    assert REASON not in told


def test_an_answer_does_not_know_of_a_reason_that_came_later(office: Office) -> None:
    office.receives(workbook(DOUBTFUL))
    before = office.answers()["DV-0001-KN-01-r1.eml"].as_bytes()
    office.receives(explained(attached(office.answers()["DV-0001-KN-01-r1.eml"])))
    assert office.answers()["DV-0001-KN-01-r1.eml"].as_bytes() == before


def test_a_reason_stands_in_the_next_workbook_and_sent_back_as_it_is_says_nothing_new(office: Office) -> None:
    office.receives(workbook(DOUBTFUL))
    office.receives(explained(attached(office.answers()["DV-0001-KN-01-r1.eml"]), L12="hai mươi triệu và hai con lợn"))
    back = attached(office.answers()["DV-0001-KN-01-r2.eml"])
    sheet = load_workbook(io.BytesIO(back))["Cần sửa"]
    assert [sheet[f"{column}14"].value for column in "DFG"] == [
        "“xã Trà Don” không có trong danh sách được phân công kết nghĩa.",
        "Đã nêu lý do",
        REASON,
    ]
    office.receives(back)
    (note,) = office.register.details([3])[3].issues and [
        one for one in office.register.details([3])[3].issues if "explained" in one.params
    ]
    assert note.params["explained"] == REASON
    assert "cell.reason_given" not in {one.code for one in office.register.details([3])[3].issues}


def test_the_board_sees_the_reason_beside_the_warning(office: Office) -> None:
    office.receives(workbook(DOUBTFUL))
    office.receives(explained(attached(office.answers()["DV-0001-KN-01-r1.eml"])))
    rows = issue_rows(office.register, MESSAGES, 2025)
    assert [(row.code, row.reason) for row in rows] == [("rule.assigned", REASON), ("cell.reason_given", "")]
    assert f"Lý do của đơn vị: “{REASON}”" in grouped(rows)[0].text()


def test_what_is_typed_elsewhere_on_the_sheet_of_faults_is_listed_as_not_read(office: Office) -> None:
    office.receives(workbook(DOUBTFUL))
    book = load_workbook(io.BytesIO(attached(office.answers()["DV-0001-KN-01-r1.eml"])))
    for cell in ("G11", "H12", "D30"):
        book["Cần sửa"][cell].value = f"ghi ở {cell}"
    written = io.BytesIO()
    book.save(written)
    office.receives(written.getvalue())
    found = office.register.details([2])[2].issues
    assert {(one.place.sheet, one.place.cell) for one in found if one.code == "cell.not_read"} == {
        ("Cần sửa", "G11"),
        ("Cần sửa", "H12"),
        ("Cần sửa", "D30"),
    }
