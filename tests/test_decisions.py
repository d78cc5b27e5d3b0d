"""Decisions: what officers rule in quyet-dinh.xlsx is read, told apart, applied to the return it means, and shown."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from openpyxl import load_workbook

import stand_in
from generator.definitions.forms import Form
from generator.definitions.load import load_form, load_messages
from generator.issues import CODES, Issue, Severity
from generator.model import Campaign, Decision, Delivery, Figure, Partner, Registry, Ruling, Scalar, Verdict
from generator.pipeline.decisions import decisions_workbook, load_decisions, read_decisions
from generator.pipeline.examine import ExamineContext, Examined, examine
from generator.pipeline.intake import IngestSummary, ingest, rebuild, refreshed
from generator.pipeline.rulings import decided_years, targets
from generator.pipeline.tracing import answer
from generator.pipeline.workspace import Workspace
from generator.stages.blank import compile_blank
from generator.stages.blank.fill import Blank
from generator.stages.ingest.folder import VIETNAM
from generator.stages.register.asking import Arrived
from generator.stages.register.database import Register
from generator.stages.trace import Traced
from spreadsheet_tables import COMMUNES, LISTS

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
FILE = "inputs/2025/quyet-dinh.xlsx"
CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "ban@ban.example", ("KN-01",))
REGISTRY = Registry(
    partners=(
        Partner("DV-0001", "Sở (minh họa) 01", "so_ban_nganh", gives=True, receives=False),
        Partner("DV-0002", "Sở (minh họa) 02", "so_ban_nganh", gives=True, receives=False),
        Partner("XA-0001", "xã Trà Tập", "xa", gives=False, receives=True),
    ),
    campaigns=(CAMPAIGN,),
)
RULED = {"ly_do": "Đã hỏi qua điện thoại", "nguoi_quyet_dinh": "Trưởng phòng (minh họa)", "ngay": "2025-12-22"}
Row = Mapping[str, Scalar]


@pytest.fixture(scope="module")
def form() -> Form:
    loaded, issues = load_form(TEMPLATES / "forms" / "qd-01.yaml")
    assert loaded is not None, issues
    return loaded


@pytest.fixture(scope="module")
def book(form: Form) -> Blank:
    return compile_blank(form, {}, None)


def written(book: Blank, *rows: Row) -> bytes:
    """The workbook of decisions with these rows; what every decision has is filled in unless a row says otherwise."""
    said = {number: {"don_vi": "DV-0001", "bieu": "KN-01", **RULED, **row} for number, row in enumerate(rows, start=1)}
    answers = {
        ("quyet_dinh", number, code): value
        for number, row in said.items()
        for code, value in row.items()
        if value is not None
    }
    return book.fill({}, answers)


def decided(book: Blank, *rows: Row) -> tuple[tuple[Decision, ...], list[Issue]]:
    return read_decisions(written(book, *rows), FILE, 2025, REGISTRY, {book.form.code: book.form})


ACCEPT: Row = {"quyet_dinh": "chap_nhan"}
CORRECT: Row = {"quyet_dinh": "sua_so_lieu", "trang": "Hoạt động hỗ trợ", "o": "$k$12", "gia_tri_moi": "12.500.000"}
EXEMPT: Row = {"quyet_dinh": "mien_bao_cao"}
EXTEND: Row = {"quyet_dinh": "gia_han", "han_moi": "2025-12-31"}


# --- reading the workbook -------------------------------------------------------------------------


def test_every_kind_of_decision_is_read_with_its_place(book: Blank) -> None:
    decisions, issues = decided(
        book, ACCEPT | {"lan": 2}, CORRECT, EXEMPT | {"don_vi": "dv-0002"}, EXTEND | {"bieu": "kn-01"}
    )
    assert issues == []
    assert [(one.ruling, one.partner, one.form, one.revision, one.cell, one.value, one.due) for one in decisions] == [
        (Ruling.ACCEPT, "DV-0001", "KN-01", 2, "", "", None),
        (Ruling.CORRECT, "DV-0001", "KN-01", 0, "K12", "12.500.000", None),
        (Ruling.EXEMPT, "DV-0002", "KN-01", 0, "", "", None),
        (Ruling.EXTEND, "DV-0001", "KN-01", 0, "", "", date(2025, 12, 31)),
    ]
    first = decisions[0]
    assert (first.reason, first.by, first.day) == (RULED["ly_do"], RULED["nguoi_quyet_dinh"], date(2025, 12, 22))
    assert first.place.startswith(f"{FILE}:Quyết định!")
    assert len({one.place for one in decisions}) == 4


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (ACCEPT | {"don_vi": "DV-0003"}, ["decision.unknown_partner"]),
        (ACCEPT | {"bieu": "KN-09"}, ["decision.unknown_form"]),
        (ACCEPT | {"don_vi": "XA-0001"}, ["decision.owes_nothing"]),
        (CORRECT | {"o": None}, ["decision.no_cell"]),
        (CORRECT | {"trang": None}, ["decision.no_cell"]),
        (ACCEPT | {"o": "K12"}, ["decision.no_cell"]),
        (CORRECT | {"o": "K12 và K13"}, ["decision.bad_cell"]),
        (CORRECT | {"gia_tri_moi": None}, ["decision.no_value"]),
        (EXTEND | {"han_moi": None}, ["decision.no_due"]),
        (EXTEND | {"han_moi": "2025-12-20"}, ["decision.due_early"]),
        (EXTEND | {"han_moi": "2026-01"}, ["decision.not_a_day"]),
        (ACCEPT | {"ngay": "2025-12"}, ["decision.not_a_day"]),
        (EXEMPT | {"gia_tri_moi": "0"}, ["decision.not_used"]),
        (EXEMPT | {"lan": 1, "han_moi": "2025-12-31"}, ["decision.not_used", "decision.not_used"]),
        (ACCEPT | {"ly_do": None}, ["rule.required"]),
        (ACCEPT | {"nguoi_quyet_dinh": None}, ["rule.required"]),
        (ACCEPT | {"ngay": None}, ["rule.required"]),
        ({"quyet_dinh": None}, ["rule.required"]),
    ],
)
def test_a_row_that_says_too_little_or_the_wrong_thing_is_told_with_its_cell(
    book: Blank, row: Row, codes: list[str]
) -> None:
    decisions, issues = decided(book, row, ACCEPT | {"don_vi": "DV-0002"})
    assert [one.code for one in issues] == codes
    assert all(one.place.sheet == "Quyết định" and one.place.cell for one in issues)
    blocked = any(one.severity is Severity.ERROR for one in issues)
    assert [one.partner for one in decisions] == ["DV-0001", "DV-0002"][blocked:]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({**CORRECT, "gia_tri_moi": "9"}, "decision.contradicts"),
        (CORRECT, "decision.twice"),
        (EXEMPT, "decision.contradicts"),
        ({**CORRECT, "o": "K13"}, ""),
        ({**CORRECT, "lan": 1}, ""),
        (EXTEND, ""),
        (ACCEPT, ""),
    ],
)
def test_of_two_decisions_that_contradict_each_other_the_first_stands(book: Blank, second: Row, code: str) -> None:
    decisions, issues = decided(book, CORRECT, second)
    assert [one.code for one in issues] == ([code] if code else [])
    assert len(decisions) == (1 if code else 2)
    assert decisions[0].ruling is Ruling.CORRECT


def test_a_second_extension_on_a_later_day_goes_further(book: Blank) -> None:
    later = EXTEND | {"han_moi": "2026-01-05"}
    assert decided(book, EXTEND, later | {"ngay": "2025-12-30"})[1] == []
    assert [one.code for one in decided(book, EXTEND, later)[1]] == ["decision.contradicts"]


def test_a_file_that_is_no_workbook_decides_nothing_and_says_so(form: Form) -> None:
    decisions, issues = read_decisions(b"no workbook", FILE, 2025, REGISTRY, {form.code: form})
    assert (decisions, [one.severity for one in issues]) == ((), [Severity.ERROR])
    assert [one.code for one in read_decisions(b"", FILE, 2025, REGISTRY, {})[1]] == ["decision.no_form"]


def test_a_year_without_the_workbook_has_no_decisions(tmp_path: Path) -> None:
    workspace = stand_in.workspace(tmp_path)
    assert load_decisions(workspace, 2025, REGISTRY) == ((), [])
    assert decided_years(workspace) == []


def test_the_empty_workbook_says_nothing_offers_the_four_rulings_and_is_the_same_every_time(form: Form) -> None:
    content = decisions_workbook(form)
    assert content == decisions_workbook(form)
    assert read_decisions(content, FILE, 2025, REGISTRY, {form.code: form}) == ((), [])
    sheet = load_workbook(io.BytesIO(content))["Quyết định"]
    assert any(check.type == "list" for check in sheet.data_validations.dataValidation)


# --- which delivery is meant ------------------------------------------------------------------------


def _arrived(number: int, day: int, verdict: Verdict, revision: int, *, repeats: bool = False) -> Arrived:
    received = datetime(2025, 12, day, 23, 30, tzinfo=VIETNAM).astimezone(UTC)
    return Arrived(number, 2025, f"{number}.xlsx", "", received, "KN-01", "DV-0001", verdict, revision, repeats, 0, 0)


WAITING = Verdict.WAITING_FOR_CORRECTION
SENT = [
    _arrived(1, 18, WAITING, 1),
    _arrived(2, 20, WAITING, 2),
    _arrived(3, 21, WAITING, 1, repeats=True),
    _arrived(4, 24, WAITING, 3),
]


def _decision(ruling: Ruling, **said: Any) -> Decision:
    plain = Decision(2025, "KN-01", "DV-0001", ruling, "r", "b", date(2025, 12, 22), f"{FILE}:Quyết định!D12")
    return replace(plain, **said)


@pytest.mark.parametrize(
    ("said", "sent", "meant", "code"),
    [
        ({}, SENT, 2, ""),
        ({"day": date(2025, 12, 20)}, SENT, 2, ""),
        ({"day": date(2025, 12, 19)}, SENT, 1, ""),
        ({"day": date(2025, 12, 31)}, SENT, 4, ""),
        ({"revision": 3}, SENT, 4, ""),
        ({"revision": 1}, SENT, 1, ""),
        ({"revision": 4}, SENT, 0, "decision.no_revision"),
        ({"day": date(2025, 12, 1)}, SENT, 0, "decision.no_return"),
        ({"partner": "DV-0002"}, SENT, 0, "decision.no_return"),
        ({}, [_arrived(1, 1, Verdict.WRONG_PARTNER_OR_YEAR, 0)], 0, "decision.cannot_accept"),
    ],
)
def test_a_decision_means_the_revision_it_names_or_the_latest_of_its_day(
    said: dict[str, Any], sent: Sequence[Arrived], meant: int, code: str
) -> None:
    found, issues = targets([_decision(Ruling.ACCEPT, **said)], sent)
    assert list(found) == ([meant] if meant else [])
    assert [one.code for one in issues] == ([code] if code else [])


def test_letting_off_somebody_who_sent_is_told() -> None:
    assert [one.code for one in targets([_decision(Ruling.EXEMPT)], SENT)[1]] == ["decision.exempt_but_sent"]
    assert targets([_decision(Ruling.EXEMPT)], []) == ({}, [])


def test_two_corrections_of_one_cell_on_different_days_contradict_each_other_when_they_mean_one_return() -> None:
    first = _decision(Ruling.CORRECT, sheet="Hoạt động hỗ trợ", cell="K12", value="1")
    second = replace(first, value="2", day=date(2025, 12, 23))
    found, issues = targets([first, second], SENT)
    assert (found, [one.code for one in issues]) == ({2: (first,)}, ["decision.contradicts"])


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


# --- the whole way ------------------------------------------------------------------------------------

BAD = {"codes": ["rule.required"]}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return stand_in.workspace(tmp_path / "ws")


def take_in(workspace: Workspace, fingerprint: str = "today") -> IngestSummary:
    with ThreadPoolExecutor(1) as executor:
        return ingest(workspace, 2025, judge=stand_in.judge(fingerprint, workspace.root), executor=executor)


def take_in_blindly(workspace: Workspace) -> IngestSummary:
    """As `take_in`, with a judge that does not open the workbook of decisions."""
    with ThreadPoolExecutor(1) as executor:
        return ingest(workspace, 2025, judge=stand_in.judge("today"), executor=executor)


def standing(workspace: Workspace) -> list[tuple[str, str, int, int, list[Scalar]]]:
    """Partner, verdict, revision, counted revision and counted amounts of each obligation."""
    with ThreadPoolExecutor(1) as executor:
        register, issues = refreshed(workspace, judge=stand_in.judge("today", workspace.root), executor=executor)
    assert issues == []
    with register:
        amounts = {one.submission.partner: [v.value for v in one.submission.values] for one in register.counted(2025)}
        return [
            (one.partner, one.verdict.value, one.revision, one.counted, amounts.get(one.partner, []))
            for one in register.states(2025)
        ]


def dump(workspace: Workspace) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(workspace.register)
    try:
        tables = ("deliveries", "blocks", "rulings", "years")
        return [row for table in tables for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
    finally:
        connection.close()


def test_a_decision_changes_only_the_return_it_means_and_only_once(workspace: Workspace) -> None:
    for number in (1, 2, 3):
        stand_in.drop(workspace.root, f"{number}.xlsx", partner=f"DV-000{number}", amounts=[number], **BAD)
    take_in(workspace)
    stand_in.decide(workspace.root, {"ruling": "chap_nhan", "partner": "DV-0002"})
    summary = take_in(workspace)
    assert (summary.judged, summary.decided) == (1, 1)
    assert standing(workspace) == [
        ("DV-0001", "waiting_for_correction", 1, 0, []),
        ("DV-0002", "accepted_with_warnings", 1, 1, [2]),
        ("DV-0003", "waiting_for_correction", 1, 0, []),
    ]
    before = dump(workspace)
    assert (take_in(workspace).judged, dump(workspace)) == (0, before)
    correction = {"ruling": "sua_so_lieu", "partner": "DV-0003", "cell": "J11", "value": 30}
    stand_in.decide(workspace.root, {"ruling": "chap_nhan", "partner": "DV-0002"}, correction)
    assert take_in(workspace).judged == 1, "the ruling that did not change is not made again"


def test_a_decision_that_is_taken_back_leaves_the_return_as_it_came(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1], **BAD)
    take_in(workspace)
    untouched = standing(workspace)
    path = stand_in.decide(workspace.root, {"ruling": "chap_nhan"})
    take_in(workspace)
    assert standing(workspace) != untouched
    path.unlink()
    assert (take_in(workspace).judged, standing(workspace)) == (1, untouched)
    assert take_in(workspace).judged == 0


def test_a_later_return_is_judged_on_its_own_and_the_decided_one_stands_while_it_waits(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1], **BAD)
    correct_it = {"ruling": "sua_so_lieu", "cell": "J11", "value": 9, "day": "2025-10-10"}
    stand_in.decide(workspace.root, {"ruling": "chap_nhan", "day": "2025-10-10"}, correct_it)
    take_in(workspace)
    assert standing(workspace) == [("DV-0001", "accepted_with_warnings", 1, 1, [9])]
    stand_in.drop(workspace.root, "2.xlsx", modified=1_765_000_000, amounts=[2], **BAD)
    take_in(workspace)
    assert standing(workspace) == [("DV-0001", "waiting_for_correction", 2, 1, [9])]


def test_a_correction_makes_no_revision_and_the_same_file_again_still_repeats(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1])
    stand_in.decide(workspace.root, {"ruling": "sua_so_lieu", "cell": "J11", "value": 5})
    take_in(workspace)
    stand_in.drop(workspace.root, "2.xlsx", amounts=[1])
    take_in(workspace)
    assert standing(workspace) == [("DV-0001", "accepted", 1, 1, [5])]


def test_the_register_is_the_same_when_it_is_made_anew(workspace: Workspace) -> None:
    for number in (1, 2):
        stand_in.drop(workspace.root, f"{number}.xlsx", partner=f"DV-000{number}", amounts=[number], **BAD)
    take_in(workspace)
    stand_in.decide(workspace.root, {"ruling": "chap_nhan"}, {"ruling": "chap_nhan", "partner": "DV-0009"})
    take_in(workspace)
    before = dump(workspace)
    with ThreadPoolExecutor(1) as executor:
        rebuild(workspace, judge=stand_in.judge("today", workspace.root), executor=executor)
    assert dump(workspace) == before
    workspace.register.unlink()
    standing(workspace)
    assert dump(workspace) == before
    assert take_in(workspace).judged == 0


def test_a_correction_of_last_year_has_this_years_returns_judged_again(workspace: Workspace) -> None:
    judge = stand_in.judge("today", workspace.root)
    (workspace.inputs / "2024").mkdir()
    old = stand_in.drop(workspace.root, "old.xlsx", amounts=[1], year=2024)
    old.rename(workspace.inputs / "2024" / "old.xlsx")
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1])
    with ThreadPoolExecutor(1) as executor:
        ingest(workspace, 2024, judge=judge, executor=executor)
        ingest(workspace, 2025, judge=judge, executor=executor)
        stand_in.decide(workspace.root, {"ruling": "sua_so_lieu", "cell": "J11", "value": 5}, year=2024)
        assert ingest(workspace, 2024, judge=judge, executor=executor).judged == 2


def test_what_is_wrong_with_a_decision_is_told_on_every_run_until_it_is_mended(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1], partner="DV-0002", codes=["delivery.wrong_partner"])
    stand_in.decide(workspace.root, {"ruling": "chap_nhan", "partner": "DV-0002"})
    for _ in range(2):
        summary = take_in(workspace)
        assert "decision.cannot_accept" in [one.code for one in summary.notes]
        assert summary.failed
    stand_in.decide(workspace.root)
    assert not [one for one in take_in(workspace).notes if one.code.startswith("decision.")]


def test_the_first_ingest_of_a_year_offers_the_workbook_and_never_writes_over_one(workspace: Workspace) -> None:
    forms = workspace.templates / "forms"
    forms.mkdir()
    (forms / "qd-01.yaml").write_bytes((TEMPLATES / "forms" / "qd-01.yaml").read_bytes())
    path = workspace.inputs / "2025" / "quyet-dinh.xlsx"
    take_in_blindly(workspace)
    assert not path.exists(), "nothing arrived yet"
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1])
    take_in_blindly(workspace)
    offered = path.read_bytes()
    assert load_workbook(io.BytesIO(offered)).sheetnames[:2] == ["Hướng dẫn", "Quyết định"]
    assert take_in_blindly(workspace).judged == 0
    path.write_bytes(b"the officer's own")
    stand_in.drop(workspace.root, "2.xlsx", amounts=[2])
    take_in_blindly(workspace)
    assert path.read_bytes() == b"the officer's own"


def test_every_code_of_decisions_has_its_sentence_and_cure() -> None:
    messages, faults = load_messages(TEMPLATES / "messages")
    assert faults == []
    asked = {code for code in CODES if code.startswith("decision.")}
    assert asked <= set(messages.texts)


def test_a_corrected_value_is_traced_to_the_decision_that_changed_it(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[70, 3])
    stand_in.decide(workspace.root, {"ruling": "sua_so_lieu", "cell": "J11", "value": 7})
    take_in(workspace)
    figure = Figure("tong", "Tổng", 10, "đồng", "sum", ("KN-01/2025/DV-0001/r1/1", "KN-01/2025/DV-0001/r1/2"))
    with Register.open(workspace.register) as register:
        (told,) = answer(register, [Traced(figure, ("10",))], "tong", "2025").contract()
    first, second = cast("list[dict[str, Any]]", told["cells"])
    assert (first["value"], first["raw"], second["value"]) == (7, "70", 3)
    assert first["decision"] == {
        "place": "inputs/2025/quyet-dinh.xlsx:Quyết định!D12",
        "before": "70",
        "after": "7",
        "reason": "Đã hỏi",
        "by": "Trưởng phòng",
        "day": "2025-12-31",
    }
    assert "decision" not in second
