"""Examine judges whole deliveries: whose they are, of which year, and where they stand then."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from generator.definitions.forms import Form
from generator.definitions.grid import edition
from generator.definitions.load import load_form, load_messages
from generator.definitions.returned import Returned
from generator.issues import CODES, Place, Severity, issue
from generator.lineage import Closed
from generator.model import Campaign, Delivery, Event, EventKind, Partner, Registry, Scalar, Verdict
from generator.pipeline.examine import ExamineContext, Examined, examine, verdict
from generator.pipeline.judging import addresses_of
from generator.stages.blank.fill import Blank, compile_blank
from generator.stages.register.blocks import content_hash
from spreadsheet_tables import COMMUNES, LISTS, found

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "Ban Dân tộc", ("KN-01",))
NEXT_CAMPAIGN = replace(CAMPAIGN, year=2026, start=date(2025, 12, 15), end=date(2026, 12, 14))
DELIVERY = Delivery(1, 2025, "inputs/2025/so-y-te.xlsx", "0" * 64, datetime(2025, 12, 1, tzinfo=UTC))
PREFILL: Mapping[str, Scalar] = {
    "partner.code": "DV-0001",
    "partner.name": "Sở (minh họa) 01",
    "assigned.1": "xã Trà Tập",
}
Answers = dict[tuple[str, int, str], Scalar]
GIFT: Mapping[str, Scalar] = {
    "thoi_gian": "2025-03-14",
    "xa": COMMUNES[0].code,
    "loai": "qua",
    "noi_dung": "Tặng quà Tết",
    "hinh_thuc": "hien_vat",
    "so_luong": Decimal("10.5"),
    "don_vi_tinh": "suất",
    "don_gia": 500_000,
    "gia_tri": 5_250_000,
    "nguon": "don_vi",
    "so_ho": 10,
    "so_nguoi": 40,
}
CONTACT: Answers = {
    ("", 0, "thu_truong"): "Nguyễn Văn A, Giám đốc",
    ("", 0, "nguoi_phu_trach"): "Trần Thị B",
    ("", 0, "dien_thoai"): "0905 123 456",
    ("", 0, "so_buoi_quan_triet"): 2,
    ("", 0, "luot_nguoi_quan_triet"): 40,
    ("", 0, "ket_qua_noi_bat"): "Tốt.",
    ("", 0, "ton_tai"): "Không.",
}
GOOD: Answers = CONTACT | {("hoat_dong", 1, code): value for code, value in GIFT.items()}


@pytest.fixture(scope="module")
def form() -> Form:
    loaded, issues = load_form(TEMPLATES / "forms" / "kn-01.yaml")
    assert loaded is not None, issues
    return loaded


@pytest.fixture(scope="module")
def blank(form: Form) -> Blank:
    return compile_blank(form, LISTS, CAMPAIGN, receiver="Ban Dân tộc")


@pytest.fixture(scope="module")
def context(form: Form, blank: Blank) -> ExamineContext:
    return ExamineContext(
        CAMPAIGN,
        {form.code: form},
        LISTS,
        {form.code: frozenset({"DV-0001", "DV-0002"})},
        {"DV-0001": frozenset({COMMUNES[0].code})},
        {form.code: blank.printed},
        {"DV-0001": frozenset({"Đơn vị báo cáo: Sở (minh họa) 01"})},
    )


def with_cells(content: bytes, changes: Mapping[tuple[str, str], object]) -> bytes:
    """The workbook after somebody typed into cells, by sheet and address."""
    book = load_workbook(io.BytesIO(content))
    for (sheet, cell), value in changes.items():
        book[sheet][cell] = value
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def codes(examined: Examined, severity: Severity = Severity.ERROR) -> list[str]:
    return [one.code for one in examined.issues if one.severity is severity]


def test_a_right_return_is_accepted_with_every_value_and_nothing_unread(blank: Blank, context: ExamineContext) -> None:
    examined = examine(blank.fill(PREFILL, GOOD), DELIVERY, context)
    assert found(list(examined.issues)) == []
    assert examined.verdict is Verdict.ACCEPTED
    submission = examined.submission
    assert submission is not None
    assert (submission.form, submission.version, submission.partner, submission.year) == (
        "KN-01",
        edition(blank.form),
        "DV-0001",
        2025,
    )
    assert (submission.sha256, submission.file) == (DELIVERY.sha256, DELIVERY.file)
    read_back = {(one.table, one.row, one.field): one.value for one in submission.values}
    assert {key: read_back[key] for key in GOOD} == GOOD


def test_a_warning_lets_the_return_in(blank: Blank, context: ExamineContext) -> None:
    late = GOOD | {("hoat_dong", 1, "thoi_gian"): "2025-12-15"}
    examined = examine(blank.fill(PREFILL, late), DELIVERY, context)
    assert examined.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    assert codes(examined, Severity.WARNING) == ["rule.within_period"]


def test_an_error_makes_the_return_wait(blank: Blank, context: ExamineContext) -> None:
    wrong = GOOD | {("hoat_dong", 1, "gia_tri"): 5_000_000}
    examined = examine(blank.fill(PREFILL, wrong), DELIVERY, context)
    assert examined.verdict is Verdict.WAITING_FOR_CORRECTION
    assert codes(examined) == ["rule.product"]


def test_a_nil_return_is_nil_only_with_its_reason(blank: Blank, context: ExamineContext) -> None:
    nil = CONTACT | {("", 0, "khong_phat_sinh"): True}
    without = examine(blank.fill(PREFILL, nil), DELIVERY, context)
    assert (without.verdict, codes(without)) == (Verdict.WAITING_FOR_CORRECTION, ["rule.nil_without_reason"])
    reason = nil | {("", 0, "ly_do_khong_phat_sinh"): "Đơn vị mới thành lập"}
    assert examine(blank.fill(PREFILL, reason), DELIVERY, context).verdict is Verdict.NIL


def test_an_empty_blank_waits(blank: Blank, context: ExamineContext) -> None:
    examined = examine(blank.fill(PREFILL), DELIVERY, context)
    assert examined.verdict is Verdict.WAITING_FOR_CORRECTION
    assert "rule.nothing_reported" in codes(examined)


def test_a_return_of_another_year_does_not_count(blank: Blank, context: ExamineContext) -> None:
    next_year = replace(context, campaign=NEXT_CAMPAIGN)
    examined = examine(blank.fill(PREFILL, GOOD), DELIVERY, next_year)
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR
    assert codes(examined) == ["delivery.wrong_year"]
    assert examined.issues[0].params == {"value": "2025", "expected": "2026"}
    assert examined.submission is not None
    assert examined.submission.year == 2025


def test_a_return_of_a_partner_that_owes_nothing_does_not_count(blank: Blank, context: ExamineContext) -> None:
    examined = examine(blank.fill(PREFILL | {"partner.code": "DV-0099"}, GOOD), DELIVERY, context)
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR
    assert codes(examined) == ["delivery.unknown_partner"]


@pytest.mark.parametrize(
    ("heirs", "code", "params"),
    [
        (
            ("Sở (minh họa) 02 (DV-0002)",),
            "delivery.partner_succeeded",
            {"value": "DV-0001", "day": "01/03/2025", "heir": "Sở (minh họa) 02 (DV-0002)"},
        ),
        ((), "delivery.partner_closed", {"value": "DV-0001", "day": "01/03/2025"}),
    ],
)
def test_a_return_of_a_partner_that_is_no_more_says_who_stands_for_it(
    blank: Blank, context: ExamineContext, heirs: tuple[str, ...], code: str, params: Mapping[str, str]
) -> None:
    gone = replace(
        context,
        partners={"KN-01": frozenset({"DV-0002"})},
        closed={"DV-0001": Closed(date(2025, 3, 1), heirs)},
    )
    examined = examine(blank.fill(PREFILL, GOOD), DELIVERY, gone)
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR
    assert [(one.code, dict(one.params)) for one in examined.issues] == [(code, params)]
    still_owing = replace(gone, partners=context.partners)
    assert examine(blank.fill(PREFILL, GOOD), DELIVERY, still_owing).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("sender", "codes_found"),
    [
        ("", []),
        ("someone@nowhere.example", []),
        ("so01@donvi.example", []),
        ("Chung@Donvi.example", []),
        ("SO02@donvi.example", ["delivery.other_sender"]),
    ],
)
def test_a_return_that_comes_from_another_partners_address_is_asked_about_and_still_counts(
    blank: Blank, context: ExamineContext, sender: str, codes_found: list[str]
) -> None:
    known = replace(
        context,
        addresses={
            "so01@donvi.example": frozenset({"DV-0001"}),
            "so02@donvi.example": frozenset({"DV-0002"}),
            "chung@donvi.example": frozenset({"DV-0001", "DV-0002"}),
        },
    )
    examined = examine(blank.fill(PREFILL, GOOD), replace(DELIVERY, sender=sender), known)
    assert [one.code for one in examined.issues] == codes_found
    assert examined.verdict is (Verdict.ACCEPTED_WITH_WARNINGS if codes_found else Verdict.ACCEPTED)
    assert examined.submission is not None
    assert content_hash(examined.submission.values, examined.issues) == content_hash(examined.submission.values, [])


def test_an_address_speaks_for_every_partner_that_has_it_and_for_whoever_followed_them() -> None:
    def partner(code: str, email: str) -> Partner:
        return Partner(code, code, "xa", gives=False, receives=True, email=email)

    registry = Registry(
        partners=(
            partner("XA-0001", "Văn thư <Mot@xa.example>; chung@huyen.example"),
            partner("XA-0002", "chung@huyen.example"),
            partner("XA-0003", ""),
        ),
        events=(Event(date(2025, 7, 1), EventKind.MERGE, ("XA-0001",), "XA-0003"),),
    )
    assert addresses_of(registry, date(2025, 6, 30)) == {
        "mot@xa.example": {"XA-0001"},
        "chung@huyen.example": {"XA-0001", "XA-0002"},
    }
    assert addresses_of(registry, date(2025, 12, 14)) == {
        "mot@xa.example": {"XA-0001", "XA-0003"},
        "chung@huyen.example": {"XA-0001", "XA-0002", "XA-0003"},
    }


def test_a_swapped_return_is_refused_and_its_sender_named(blank: Blank, context: ExamineContext) -> None:
    swapped = with_cells(blank.fill(PREFILL, GOOD), {("Thông tin chung", "E12"): "DV-0002"})
    known = replace(context, addresses={"so02@donvi.example": frozenset({"DV-0002"})})
    examined = examine(swapped, replace(DELIVERY, sender="so02@donvi.example"), known)
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR
    assert [one.code for one in examined.issues] == ["delivery.wrong_partner", "delivery.other_sender"]


def test_a_blank_on_which_somebody_typed_another_code_does_not_count(blank: Blank, context: ExamineContext) -> None:
    content = with_cells(blank.fill(PREFILL, GOOD), {("Thông tin chung", "E12"): "DV-0002"})
    examined = examine(content, DELIVERY, context)
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR
    assert found(list(examined.issues)) == ["Thông tin chung!E12 delivery.wrong_partner"]


def test_a_blank_on_which_somebody_typed_another_year_does_not_count(blank: Blank, context: ExamineContext) -> None:
    content = with_cells(blank.fill(PREFILL, GOOD), {("Thông tin chung", "E14"): 2024})
    assert found(list(examine(content, DELIVERY, context).issues)) == ["Thông tin chung!E14 delivery.wrong_year"]


def without_identity(content: bytes) -> bytes:
    book = load_workbook(io.BytesIO(content))
    del book["_KN"]
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    for name in [name for name in book.defined_names if name.startswith("KN_")]:
        del book.defined_names[name]
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_copied_workbook_is_known_by_its_own_cells(blank: Blank, context: ExamineContext) -> None:
    examined = examine(without_identity(blank.fill(PREFILL, GOOD)), DELIVERY, context)
    assert examined.submission is not None
    assert (examined.submission.partner, examined.submission.year) == ("DV-0001", 2025)
    assert "delivery.other_version" in codes(examined, Severity.NOTE)
    assert codes(examined, Severity.WARNING) == []
    assert codes(examined) == []


def test_a_workbook_that_names_nobody_does_not_count(blank: Blank, context: ExamineContext) -> None:
    nobody = with_cells(without_identity(blank.fill(PREFILL, GOOD)), {("Thông tin chung", "E12"): None})
    examined = examine(nobody, DELIVERY, context)
    assert examined.verdict is Verdict.WRONG_PARTNER_OR_YEAR
    assert codes(examined) == ["delivery.no_partner"]


def test_a_file_that_is_no_workbook_is_unreadable(context: ExamineContext) -> None:
    examined = examine(b"Kinh gui ...", DELIVERY, context)
    assert (examined.verdict, examined.submission) == (Verdict.UNREADABLE, None)
    assert all(one.place.file == DELIVERY.file for one in examined.issues)


def test_a_workbook_of_somebody_else_is_not_our_form(blank: Blank, context: ExamineContext) -> None:
    examined = examine(blank.fill(PREFILL, GOOD), DELIVERY, replace(context, forms={}))
    assert (examined.verdict, examined.submission) == (Verdict.NOT_OUR_FORM, None)


def test_last_years_return_is_held_against_this_one(blank: Blank, context: ExamineContext) -> None:
    first = examine(blank.fill(PREFILL, GOOD), DELIVERY, context)
    assert first.submission is not None
    before = Returned("", tuple(one._replace(value=1) for one in first.submission.values if one.field == "gia_tri"))
    examined = examine(blank.fill(PREFILL, GOOD), DELIVERY, replace(context, previous={("KN-01", "DV-0001"): before}))
    assert codes(examined, Severity.WARNING) == ["rule.trend"]
    assert [one.place.cell for one in examined.issues if one.code == "rule.trend"] == ["L11"]


def test_all_of_it_can_be_sent_to_another_process(blank: Blank, context: ExamineContext) -> None:
    content = blank.fill(PREFILL, GOOD)
    sent = pickle.loads(pickle.dumps(context))
    examined = examine(content, DELIVERY, sent)
    assert pickle.loads(pickle.dumps(examined)) == examine(content, DELIVERY, context)


def test_a_damaged_file_never_raises(blank: Blank, context: ExamineContext) -> None:
    content = blank.fill(PREFILL, GOOD)
    for cut in range(0, len(content), max(1, len(content) // 12)):
        assert examine(content[:cut], DELIVERY, context).verdict is Verdict.UNREADABLE
    for at in range(7, len(content), max(1, len(content) // 25)):
        spoilt = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        assert isinstance(examine(spoilt, DELIVERY, context).verdict, Verdict)


@pytest.mark.parametrize(
    ("given", "nil", "stands"),
    [
        ([], False, Verdict.ACCEPTED),
        ([], True, Verdict.NIL),
        (["cell.not_read"], False, Verdict.ACCEPTED),
        (["rule.unique"], False, Verdict.ACCEPTED_WITH_WARNINGS),
        (["rule.unique"], True, Verdict.NIL),
        (["rule.product", "rule.unique"], False, Verdict.WAITING_FOR_CORRECTION),
        (["rule.product"], True, Verdict.WAITING_FOR_CORRECTION),
        (["rule.product", "delivery.wrong_year"], False, Verdict.WRONG_PARTNER_OR_YEAR),
        (["delivery.wrong_partner"], True, Verdict.WRONG_PARTNER_OR_YEAR),
        (["delivery.identity_disagrees"], False, Verdict.WRONG_PARTNER_OR_YEAR),
        (["delivery.unknown_partner"], False, Verdict.WRONG_PARTNER_OR_YEAR),
        (["delivery.no_partner"], False, Verdict.WRONG_PARTNER_OR_YEAR),
        (["delivery.not_our_form"], False, Verdict.NOT_OUR_FORM),
        (["delivery.other_version"], False, Verdict.ACCEPTED),
        (["sheet.twice"], False, Verdict.WAITING_FOR_CORRECTION),
        (["field.twice"], True, Verdict.WAITING_FOR_CORRECTION),
    ],
)
def test_a_verdict_follows_from_the_issues_alone(given: list[str], nil: bool, stands: Verdict) -> None:
    assert verdict([issue(code, Place()) for code in given], nil=nil) is stands


def test_every_issue_of_a_return_reads_as_a_sentence_with_a_cure(blank: Blank, context: ExamineContext) -> None:
    messages, _ = load_messages(TEMPLATES / "messages")
    content = with_cells(
        blank.fill(PREFILL, GOOD),
        {
            ("Hoạt động hỗ trợ", "C12"): "31/02/2025",
            ("Hoạt động hỗ trợ", "D13"): "xã Trà Đơn",
            ("Hoạt động hỗ trợ", "K12"): "nhiều tiền",
            ("Hoạt động hỗ trợ", "L13"): -5,
            ("Hoạt động hỗ trợ", "L11"): 77,
            ("Hoạt động hỗ trợ", "Z99"): "ghi chú riêng",
            ("Triển khai", "E12"): "12.5",
            ("Thông tin chung", "E16"): "gọi sau",
        },
    )
    examined = examine(content, DELIVERY, context)
    assert len({one.code for one in examined.issues}) >= 7
    for one in examined.issues:
        assert one.code in CODES
        written = messages.render(one)
        assert "{" not in written, written
        assert written.startswith(DELIVERY.file)
