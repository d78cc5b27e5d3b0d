"""Status and issues: every obligation has its row, every stray delivery too, and each row says what to do next."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.cli.output import emit_json, emit_table, guarded, progress
from generator.definitions.messages import Messages
from generator.issues import Issue, Place, RefusedError, Severity, UnusableError
from generator.model import (
    Campaign,
    Decision,
    Delivery,
    Partner,
    Registry,
    Ruling,
    Submission,
    Value,
    Verdict,
)
from generator.pipeline.issues_list import decision_rows, grouped, issue_rows
from generator.pipeline.status import StatusRow, completeness, status
from generator.pipeline.verdicts import VERDICTS
from generator.stages.register.blocks import Entry, pack
from generator.stages.register.database import Register

VIETNAM = timezone(timedelta(hours=7))
DUE = date(2025, 12, 20)
REGISTRY = Registry(
    partners=tuple(Partner(f"DV-000{n}", f"Sở {n}", "so", gives=True, receives=False) for n in (1, 2, 3)),
    campaigns=(Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), DUE, "ban@example.vn", ("KN-01",)),),
)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register.open(tmp_path / "register.sqlite") as opened:
        yield opened


def _entry(sequence: int, day: int, partner: str, verdict: Verdict, *issues: Issue) -> Entry:
    delivery = Delivery(
        sequence, 2025, f"inputs/2025/{sequence}.xlsx", f"{sequence:064x}", datetime(2025, 12, day, tzinfo=VIETNAM)
    )
    if not partner:
        return pack(delivery, None, verdict, issues)
    value = Value("", 0, "so_van_ban", sequence, str(sequence), "Triển khai", "E5")
    return pack(
        delivery, Submission("KN-01", "1", partner, 2025, delivery.sha256, delivery.file, (value,)), verdict, issues
    )


def _rows(register: Register, today: date = DUE, decisions: Sequence[Decision] = ()) -> dict[str, StatusRow]:
    rows = status(REGISTRY, register, 2025, today, decisions)
    assert len(rows) == len({row.partner or row.file for row in rows}), "two rows for one partner"
    return {row.partner or row.file: row for row in rows}


def test_who_sent_nothing_is_waited_for_and_then_reminded(register: Register) -> None:
    for today, late, told in [
        (date(2025, 12, 20), False, "Chờ đơn vị gửi, hạn 20/12/2025."),
        (date(2025, 12, 23), True, "Đôn đốc: quá hạn 3 ngày."),
    ]:
        row = _rows(register, today)["DV-0001"]
        assert (row.verdict, row.received, row.revision, row.late, row.next) == (Verdict.MISSING, None, 0, late, told)


def test_a_revision_that_waits_leaves_the_accepted_one_standing(register: Register) -> None:
    fault = Issue("rule.required", Severity.ERROR, Place("x"))
    register.add([_entry(1, 19, "DV-0001", Verdict.ACCEPTED)], "f")
    register.add([_entry(2, 24, "DV-0001", Verdict.WAITING_FOR_CORRECTION, fault)], "f")
    row = _rows(register)["DV-0001"]
    assert (row.verdict, row.revision, row.counted_revision, row.errors) == ("waiting_for_correction", 2, 1, 1)
    assert not row.late, "the first revision was in time"
    assert "bản nộp lần 1 vẫn được tính" in row.next


@pytest.mark.parametrize(("day", "late"), [(20, False), (21, True)])
def test_a_return_is_late_from_the_day_after_the_deadline(register: Register, day: int, late: bool) -> None:
    register.add([_entry(1, day, "DV-0002", Verdict.ACCEPTED)], "f")
    assert _rows(register)["DV-0002"].late is late


def test_what_belongs_to_no_obligation_has_a_row_of_its_own(register: Register) -> None:
    register.add([_entry(1, 1, "", Verdict.UNREADABLE), _entry(2, 1, "DV-0999", Verdict.WRONG_PARTNER_OR_YEAR)], "f")
    rows = _rows(register)
    assert {key: row.verdict for key, row in rows.items() if row.due is None} == {
        "inputs/2025/1.xlsx": Verdict.UNREADABLE,
        "DV-0999": Verdict.WRONG_PARTNER_OR_YEAR,
    }
    assert [key for key, row in rows.items() if row.due] == ["DV-0001", "DV-0002", "DV-0003"]


def test_the_json_of_a_row_holds_what_the_contract_promises(register: Register) -> None:
    register.add([_entry(1, 19, "DV-0001", Verdict.ACCEPTED)], "f")
    told = _rows(register)["DV-0001"].contract()
    promised = {
        "year": 2025,
        "form": "KN-01",
        "partner": "DV-0001",
        "partner_name": "Sở 1",
        "due": DUE,
        "received": datetime(2025, 12, 19, tzinfo=VIETNAM),
        "revision": 1,
        "verdict": "accepted",
        "errors": 0,
        "warnings": 0,
    }
    assert {name: told[name] for name in promised} == promised


def _ruled(partner: str, ruling: Ruling, due: date | None = None) -> Decision:
    reason, place = "Mới thành lập", "inputs/2025/quyet-dinh.xlsx:Quyết định!D12"
    return Decision(2025, "KN-01", partner, ruling, reason, "Trưởng phòng", date(2025, 12, 1), place, due=due)


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        (None, "exempt"),
        (Verdict.WAITING_FOR_CORRECTION, "exempt"),
        (Verdict.WRONG_PARTNER_OR_YEAR, "exempt"),
        (Verdict.ACCEPTED, "accepted"),
        (Verdict.NIL, "nil"),
    ],
)
def test_who_is_let_off_is_exempt_unless_a_return_counts(
    register: Register, sent: Verdict | None, verdict: str
) -> None:
    if sent:
        register.add([_entry(1, 28, "DV-0001", sent)], "f")
    row = _rows(register, date(2026, 1, 1), [_ruled("DV-0001", Ruling.EXEMPT)])["DV-0001"]
    assert (row.verdict, row.exempt) == (verdict, "Mới thành lập")
    if verdict == "exempt":
        assert (row.late, row.next) == (False, "")


def test_late_is_judged_by_the_partners_own_extended_deadline(register: Register) -> None:
    register.add([_entry(1, 24, "DV-0001", Verdict.ACCEPTED), _entry(2, 24, "DV-0002", Verdict.ACCEPTED)], "f")
    longer = [_ruled("DV-0001", Ruling.EXTEND, date(2025, 12, 24))]
    rows = _rows(register, date(2025, 12, 26), longer)
    assert [(rows[code].late, rows[code].due) for code in ("DV-0001", "DV-0002", "DV-0003")] == [
        (False, date(2025, 12, 24)),
        (True, DUE),
        (True, DUE),
    ]


def test_completeness_counts_each_obligation_once_and_never_more_than_there_are(register: Register) -> None:
    register.add(
        [
            _entry(1, 19, "DV-0001", Verdict.ACCEPTED),
            _entry(2, 21, "DV-0001", Verdict.WAITING_FOR_CORRECTION),
            _entry(3, 22, "DV-0002", Verdict.WAITING_FOR_CORRECTION),
            _entry(4, 22, "DV-0777", Verdict.ACCEPTED),
            _entry(5, 22, "", Verdict.UNREADABLE),
        ],
        "f",
    )
    whole = completeness(_rows(register, decisions=[_ruled("DV-0003", Ruling.EXEMPT)]).values())
    assert (whole.owed, whole.exempt, whole.expected) == (3, 1, 2)
    assert (whole.received, whole.counted, whole.waiting, whole.missing) == (2, 1, 2, 0)
    assert (whole.on_time, whole.late) == (1, 1)
    assert (whole.received_share, whole.counted_share, whole.on_time_share) == (1, 0.5, 0.5)


def test_a_year_that_expects_nothing_has_no_share(register: Register) -> None:
    everybody = [_ruled(f"DV-000{n}", Ruling.EXEMPT) for n in (1, 2, 3)]
    whole = completeness(_rows(register, decisions=everybody).values())
    assert (whole.expected, whole.received_share, whole.counted_share) == (0, 0, 0)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["DV-0001", "DV-0002", "DV-0009"]), st.sampled_from(Verdict)), max_size=12))
def test_no_share_is_ever_above_one(sent: list[tuple[str, Verdict]]) -> None:
    with TemporaryDirectory() as folder, Register.open(Path(folder) / "r.sqlite") as register:
        register.add([_entry(n, n, partner, how) for n, (partner, how) in enumerate(sent, start=1)], "f")
        whole = completeness(status(REGISTRY, register, 2025, DUE, [_ruled("DV-0001", Ruling.EXEMPT)]))
    assert 0 <= whole.counted <= whole.received <= whole.expected == whole.owed - whole.exempt
    assert whole.on_time + whole.late == whole.received == whole.expected - whole.missing


def test_every_verdict_has_its_words() -> None:
    assert set(VERDICTS) == set(Verdict)
    assert len(set(VERDICTS.values())) == len(VERDICTS)


# --- issues -------------------------------------------------------------------------------------

MESSAGES = Messages({"rule.required": ("Chưa ghi “{field}”.", "Ghi vào ô này."), "rule.odd": ("Lạ.", "Xem lại.")})


def _fault(code: str, severity: Severity, cell: str, **params: str) -> Issue:
    return Issue(code, severity, Place("inputs/2025/1.xlsx", "Triển khai", cell), params)


def test_issues_give_sentence_cure_and_cell_with_errors_first(register: Register) -> None:
    odd = _fault("rule.odd", Severity.WARNING, "E4")
    empty = _fault("rule.required", Severity.ERROR, "E5", field="Số văn bản")
    register.add([_entry(1, 1, "DV-0001", Verdict.WAITING_FOR_CORRECTION, odd, empty)], "f")
    rows = [row.contract() for row in issue_rows(register, MESSAGES, 2025)]
    assert rows == [
        {
            "year": 2025,
            "form": "KN-01",
            "partner": "DV-0001",
            "file": "inputs/2025/1.xlsx",
            "sheet": "Triển khai",
            "cell": cell,
            "severity": severity,
            "code": code,
            "message": message,
            "cure": cure,
            "reason": "",
        }
        for cell, severity, code, message, cure in [
            ("E5", "error", "rule.required", "Chưa ghi “Số văn bản”.", "Ghi vào ô này."),
            ("E4", "warning", "rule.odd", "Lạ.", "Xem lại."),
        ]
    ]


def test_what_is_wrong_with_decisions_is_listed_with_its_own_file(register: Register) -> None:
    place = Place("inputs/2025/quyet-dinh.xlsx", "Quyết định", "B12")
    odd, wrong = (Issue(f"rule.{code}", how, place, {"field": "x"}) for code, how in _TWO)
    register.rule(2025, "made", {}, [], [odd, wrong])
    rows = [row.contract() for row in decision_rows(register, MESSAGES, 2025)]
    assert [(row["code"], row["file"], row["cell"], row["partner"]) for row in rows] == [
        ("rule.required", "inputs/2025/quyet-dinh.xlsx", "B12", ""),
        ("rule.odd", "inputs/2025/quyet-dinh.xlsx", "B12", ""),
    ]


_TWO = (("odd", Severity.WARNING), ("required", Severity.ERROR))


def test_equal_faults_of_one_sheet_are_one_group(register: Register) -> None:
    faults = [_fault("rule.required", Severity.ERROR, cell, field="Xã") for cell in ("D12", "D13", "D14")]
    other = _fault("rule.required", Severity.ERROR, "C12", field="Thời gian")
    register.add([_entry(1, 1, "DV-0001", Verdict.WAITING_FOR_CORRECTION, faults[0], other, *faults[1:])], "f")
    groups = grouped(issue_rows(register, MESSAGES, 2025))
    assert [group.cells for group in groups] == [("D12", "D13", "D14"), ("C12",)]


def test_issues_of_one_partner_can_be_asked_for(register: Register) -> None:
    for number, partner in enumerate(("DV-0001", "DV-0002"), start=1):
        fault = _fault("rule.odd", Severity.ERROR, "E5")
        register.add([_entry(number, 1, partner, Verdict.WAITING_FOR_CORRECTION, fault)], "f")
    assert [row.partner for row in issue_rows(register, MESSAGES, 2025, "DV-0002")] == ["DV-0002"]


# --- how it is printed ----------------------------------------------------------------------------


def test_a_partners_words_neither_move_the_cursor_nor_break_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    emit_table("Bảng", ("Mã", "Tên"), [("DV-0001", "Sở\x1b[2J\n[bold]Y tế[/bold]\u202e"), (None, 3)])
    assert capsys.readouterr().out.splitlines() == [
        "# Bảng",
        "Mã\tTên",
        "DV-0001\tSở [2J [bold]Y tế[/bold]",
        "\t3",
    ]


def test_progress_off_a_terminal_is_a_few_plain_lines_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Đang kiểm tra") as show:
        for done in range(25, 1001, 25):
            show(done, 1000)
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 10
    assert told.err.splitlines()[-1] == "Đang kiểm tra: 1000/1000"


def test_json_keeps_vietnamese_and_writes_dates_as_iso(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json([{"tên": "Sở Y tế", "due": DUE, "verdict": Verdict.NIL}])
    told = capsys.readouterr().out
    assert "Sở Y tế" in told
    assert json.loads(told) == [{"tên": "Sở Y tế", "due": "2025-12-20", "verdict": "nil"}]


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (RefusedError(Issue("year.no_campaign", Severity.ERROR, Place("a"), {"year": "2031"})), 1, "2031"),
        (UnusableError(Issue("workspace.locked", Severity.ERROR, Place("a"))), 3, "Chờ lệnh kia chạy xong"),
        (OSError(errno.ENOSPC, "No space left on device", "a"), 3, "ổ đĩa đã đầy"),
    ],
)
def test_a_failure_is_a_sentence_and_an_exit_code(
    capsys: pytest.CaptureFixture[str], failure: Exception, code: int, said: str
) -> None:
    @guarded
    def fail() -> None:
        raise failure

    with pytest.raises(SystemExit) as ended:
        fail()
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (code, "")
    assert said in told.err
