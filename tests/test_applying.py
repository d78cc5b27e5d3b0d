"""Applying decisions: what the officer says counts, what the partner typed stays, and the rules hold for both."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from generator.definitions.load import load_form
from generator.issues import Issue, Severity
from generator.model import Campaign, Decision, Delivery, Ruling, Scalar, Verdict
from generator.pipeline.examine import ExamineContext, Examined, examine
from generator.stages.blank import compile_blank
from generator.stages.blank.fill import Blank
from spreadsheet_tables import COMMUNES, LISTS

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
FILE = "inputs/2025/quyet-dinh.xlsx"
CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "ban@ban.example", ("KN-01",))
WAITING = Verdict.WAITING_FOR_CORRECTION
Row = Mapping[str, Scalar]


def _decision(ruling: Ruling, **said: Any) -> Decision:
    plain = Decision(2025, "KN-01", "DV-0001", ruling, "r", "b", date(2025, 12, 22), f"{FILE}:Quyết định!D12")
    return replace(plain, **said)


# --- what they make of a return -----------------------------------------------------------------------

PREFILL: Mapping[str, Scalar] = {"partner.code": "DV-0001", "partner.name": "Sở (minh họa) 01"}
Answers = dict[tuple[str, int, str], Scalar]
GIFT: Row = {
    "thoi_gian": "2025-03-14",
    "xa": COMMUNES[0].code,
    "loai": "qua",
    "noi_dung": "Tặng quà Tết",
    "hinh_thuc": "hien_vat",
    "so_luong": 10,
    "don_vi_tinh": "suất",
    "don_gia": 500_000,
    "gia_tri": 5_000_000,
    "nguon": "don_vi",
    "so_ho": 10,
    "so_nguoi": 40,
}
SAID: Answers = {
    ("", 0, "thu_truong"): "Nguyễn Văn A, Giám đốc",
    ("", 0, "nguoi_phu_trach"): "Trần Thị B",
    ("", 0, "dien_thoai"): "0905 123 456",
    ("", 0, "so_buoi_quan_triet"): 2,
    ("", 0, "luot_nguoi_quan_triet"): 40,
    ("", 0, "ket_qua_noi_bat"): "Tốt.",
    ("", 0, "ton_tai"): "Không.",
    **{("hoat_dong", 1, code): value for code, value in GIFT.items()},
}
DELIVERY = Delivery(7, 2025, "inputs/2025/so-01.xlsx", "0" * 64, datetime(2025, 12, 1, tzinfo=UTC))
GIFTS = "Hoạt động hỗ trợ"


@pytest.fixture(scope="module")
def blank() -> Blank:
    loaded, issues = load_form(TEMPLATES / "forms" / "kn-01.yaml")
    assert loaded is not None, issues
    return compile_blank(loaded, LISTS, CAMPAIGN, receiver="Ban Dân tộc (minh họa)")


@pytest.fixture(scope="module")
def context(blank: Blank) -> ExamineContext:
    return ExamineContext(
        CAMPAIGN,
        {"KN-01": blank.form},
        LISTS,
        {"KN-01": frozenset({"DV-0001"})},
        {"DV-0001": frozenset({COMMUNES[0].code})},
    )


def judged(blank: Blank, context: ExamineContext, answers: Answers, *decisions: Decision) -> Examined:
    found = examine(blank.fill(PREFILL, answers), DELIVERY, replace(context, decisions={7: decisions}))
    assert (found.ruled is not None) is bool(decisions)
    return found


def cell(blank: Blank, context: ExamineContext, code: str, row: int = 1) -> str:
    """Where the form puts a column of the gifts: read off a whole return."""
    everything = SAID | {("hoat_dong", 2, name): value for name, value in GIFT.items()}
    found = judged(blank, context, everything).submission
    assert found is not None
    return next(one.cell for one in found.values if one[:3] == ("hoat_dong", row, code))


def correct(at: str, value: str, sheet: str = GIFTS) -> Decision:
    return _decision(Ruling.CORRECT, sheet=sheet, cell=at, value=value, place=f"{FILE}:Quyết định!D12")


def values(examined: Examined) -> dict[tuple[str, int, str], tuple[Scalar, str]]:
    assert examined.submission is not None
    return {one[:3]: (one.value, one.raw) for one in examined.submission.values}


def codes(found: Sequence[Issue]) -> list[str]:
    return [one.code for one in found if one.severity is not Severity.NOTE]


def test_a_corrected_cell_counts_as_the_officer_says_and_keeps_what_the_partner_typed(
    blank: Blank, context: ExamineContext
) -> None:
    slip = SAID | {("hoat_dong", 1, "gia_tri"): 5_000_000_000}
    before = judged(blank, context, slip)
    assert before.verdict is WAITING
    at = cell(blank, context, "gia_tri")
    found = judged(blank, context, slip, correct(at, "5.000.000 đồng"))
    assert found.verdict is Verdict.ACCEPTED
    assert values(found)["hoat_dong", 1, "gia_tri"] == (5_000_000, "5000000000")
    assert found.ruled is not None
    (correction,) = found.ruled.corrections
    assert (correction.sheet, correction.cell, correction.before, correction.after) == (
        GIFTS,
        at,
        "5000000000",
        "5.000.000 đồng",
    )
    (note,) = [one for one in found.issues if one.code == "decision.corrected"]
    assert (note.place.file, note.place.cell, note.severity) == (DELIVERY.file, at, Severity.NOTE)
    assert (note.params["old"], note.params["new"]) == ("5000000000", "5.000.000 đồng")


def test_positions_of_values_are_the_same_before_and_after_a_correction(blank: Blank, context: ExamineContext) -> None:
    less = {key: value for key, value in SAID.items() if key != ("hoat_dong", 1, "so_ho")}
    before = judged(blank, context, less).submission
    ruled = judged(
        blank,
        context,
        less,
        correct(cell(blank, context, "so_ho"), "12"),
        correct(cell(blank, context, "noi_dung"), "(để trống)"),
    )
    after = ruled.submission
    assert before is not None
    assert after is not None
    assert [one[:3] for one in after.values[: len(before.values)]] == [one[:3] for one in before.values]
    added = after.values[len(before.values) :]
    assert [(one.field, one.value, one.raw) for one in added] == [("so_ho", 12, "")]
    assert values(ruled)["hoat_dong", 1, "noi_dung"] == (None, "Tặng quà Tết")
    assert "rule.required" in codes(ruled.issues), "the rules see that the cell is empty now"


def test_what_could_not_be_read_is_read_as_the_officer_writes_it(blank: Blank, context: ExamineContext) -> None:
    at = cell(blank, context, "loai")
    wrong = load_workbook(io.BytesIO(blank.fill(PREFILL, SAID)))
    wrong[GIFTS][at] = "thứ gì đó"
    content = io.BytesIO()
    wrong.save(content)
    plain = examine(content.getvalue(), DELIVERY, context)
    assert [one.code for one in plain.issues if one.severity is Severity.ERROR] == ["cell.choice_unknown"]
    ruled = examine(content.getvalue(), DELIVERY, replace(context, decisions={7: (correct(at, "Quà"),)}))
    assert (ruled.verdict, values(ruled)["hoat_dong", 1, "loai"]) == (Verdict.ACCEPTED, ("qua", "thứ gì đó"))


@pytest.mark.parametrize(
    ("sheet", "column", "value", "code"),
    [
        (GIFTS, "gia_tri", "nhiều lắm", "decision.bad_value"),
        (GIFTS, "gia_tri", "-5", "decision.bad_value"),
        (GIFTS, "loai", "xe đạp bay", "decision.bad_value"),
        ("Trang lạ", "gia_tri", "5000000", "decision.no_such_cell"),
        (GIFTS, "A1", "5000000", "decision.no_such_cell"),
        (GIFTS, "K999", "5000000", "decision.no_such_cell"),
        ("Thông tin chung", "E12", "DV-0002", "decision.locked_cell"),
    ],
)
def test_a_correction_that_cannot_be_made_changes_nothing_and_is_told_at_the_decision(
    blank: Blank, context: ExamineContext, sheet: str, column: str, value: str, code: str
) -> None:
    at = column if column[0].isupper() else cell(blank, context, column)
    found = judged(blank, context, SAID, correct(at, value, sheet))
    assert found.ruled is not None
    assert [one.code for one in found.ruled.faults] == [code]
    assert found.ruled.faults[0].place.file == FILE
    assert values(found) == values(judged(blank, context, SAID))
    assert found.verdict is Verdict.ACCEPTED


def test_the_same_cell_by_two_names_of_its_sheet_is_corrected_once(blank: Blank, context: ExamineContext) -> None:
    at = cell(blank, context, "noi_dung")
    renamed = load_workbook(io.BytesIO(blank.fill(PREFILL, SAID)))
    renamed[GIFTS].title = "Hoạt động 2025"
    content = io.BytesIO()
    renamed.save(content)
    decisions = (correct(at, "Quà Tết"), correct(at, "Gạo", "hoạt  động 2025"))
    found = examine(content.getvalue(), DELIVERY, replace(context, decisions={7: decisions}))
    assert found.ruled is not None
    assert [one.code for one in found.ruled.faults] == ["decision.contradicts"]
    assert values(found)["hoat_dong", 1, "noi_dung"][0] == "Quà Tết"


def test_an_accepted_return_counts_with_its_errors_as_notes_and_one_warning(
    blank: Blank, context: ExamineContext
) -> None:
    wrong = SAID | {("hoat_dong", 1, "gia_tri"): 6_000_000}
    wrong.pop(("", 0, "nguoi_phu_trach"))
    assert sorted(set(codes(judged(blank, context, wrong).issues))) == ["rule.product", "rule.required"]
    found = judged(blank, context, wrong, _decision(Ruling.ACCEPT))
    assert found.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    assert codes(found.issues) == ["decision.accepted"]
    assert {"rule.product", "rule.required"} <= {one.code for one in found.issues}
    assert values(found)["hoat_dong", 1, "gia_tri"][0] == 6_000_000


def test_one_cell_can_be_accepted_while_another_still_waits(blank: Blank, context: ExamineContext) -> None:
    wrong = SAID | {("hoat_dong", 1, "gia_tri"): 6_000_000}
    wrong.pop(("", 0, "nguoi_phu_trach"))
    one_cell = _decision(Ruling.ACCEPT, sheet=GIFTS.upper(), cell=cell(blank, context, "gia_tri"))
    found = judged(blank, context, wrong, one_cell)
    assert (found.verdict, codes(found.issues)) == (WAITING, ["rule.required", "decision.accepted"])


def test_accepting_what_has_no_error_is_told_and_changes_nothing(blank: Blank, context: ExamineContext) -> None:
    found = judged(blank, context, SAID, _decision(Ruling.ACCEPT))
    assert found.verdict is Verdict.ACCEPTED
    assert found.ruled is not None
    assert ([one.code for one in found.ruled.faults], found.ruled.decisions) == (["decision.nothing_to_accept"], ())


def test_a_return_of_another_partner_cannot_be_accepted(blank: Blank, context: ExamineContext) -> None:
    nobody = replace(context, partners={"KN-01": frozenset({"DV-0002"})})
    found = judged(blank, nobody, SAID, _decision(Ruling.ACCEPT))
    assert found.verdict is Verdict.WRONG_PARTNER_OR_YEAR
    assert found.ruled is not None
    assert [one.code for one in found.ruled.faults] == ["decision.cannot_accept"]
