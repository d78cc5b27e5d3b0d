"""Decisions: what officers rule in quyet-dinh.xlsx is read with its cells, and finds the delivery it means."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import stand_in
from generator.definitions.forms import Form
from generator.definitions.load import load_form
from generator.issues import Issue, Severity
from generator.model import Campaign, Decision, Partner, Registry, Ruling, Scalar, Verdict
from generator.pipeline.decisions import decisions_workbook, load_decisions, read_decisions
from generator.pipeline.rulings import decided_years, targets
from generator.stages.blank import compile_blank
from generator.stages.blank.fill import Blank
from generator.stages.ingest.folder import VIETNAM
from generator.stages.register.asking import Arrived

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
