"""The register keeps what was examined, tells revisions apart and says where each obligation stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from generator.issues import Issue, Place, Severity, UnusableError
from generator.model import Correction, Decision, Delivery, Ruling, Scalar, Submission, Value, Verdict
from generator.stages.register.blocks import (
    Entry,
    Ruled,
    content_hash,
    pack,
    unpack_issues,
    unpack_ruled,
    unpack_values,
)
from generator.stages.register.database import Register

VIETNAM = timezone(timedelta(hours=7))
GOOD, WARNED, WAITING = Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS, Verdict.WAITING_FOR_CORRECTION
WRONG, UNREADABLE = Verdict.WRONG_PARTNER_OR_YEAR, Verdict.UNREADABLE

scalars = st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False)
values = st.builds(Value, st.text(), st.integers(0, 500), st.text(), scalars, st.text(), st.text(), st.text())
places = st.builds(Place, st.text(), st.text(), st.text(), st.integers(0, 10**6), st.text())
faults = st.builds(
    Issue, st.text(), st.sampled_from(Severity), places, st.dictionaries(st.text(), st.text(), max_size=3)
)


def _amount(value: Scalar, row: int = 1, raw: str = "", cell: str = "J11") -> Value:
    return Value("hoat_dong", row, "gia_tri", value, raw, "Hoạt động hỗ trợ", cell)


def _entry(
    sequence: int,
    verdict: Verdict = GOOD,
    amounts: Sequence[Scalar] = (1,),
    *,
    partner: str = "DV-0001",
    file: str = "",
    issues: Sequence[Issue] = (),
) -> Entry:
    received = datetime(2025, 12, sequence, tzinfo=VIETNAM)
    delivery = Delivery(sequence, 2025, file or f"inputs/2025/{sequence}.xlsx", f"{sequence:064x}", received)
    if verdict is UNREADABLE:
        return pack(delivery, None, verdict, issues)
    said = tuple(_amount(amount, row) for row, amount in enumerate(amounts, start=1))
    submission = Submission("KN-01", "1", partner, 2025, delivery.sha256, delivery.file, said)
    return pack(delivery, submission, verdict, issues)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register.open(tmp_path / "register.sqlite") as opened:
        yield opened


@given(st.lists(values, max_size=20), st.lists(faults, max_size=5))
def test_values_and_issues_come_out_of_their_blocks_as_they_went_in(said: list[Value], found: list[Issue]) -> None:
    delivery = Delivery(1, 2025, "a.xlsx", "0" * 64, datetime(2025, 12, 1, tzinfo=VIETNAM))
    entry = pack(delivery, Submission("KN-01", "1", "DV-0001", 2025, "0" * 64, "a.xlsx", tuple(said)), GOOD, found)
    restored = unpack_values(entry.values)
    assert restored == tuple(said)
    assert [type(value.value) for value in restored] == [type(value.value) for value in said]
    assert unpack_issues(entry.issues) == found


def test_answers_are_the_values_that_count_without_their_places(register: Register) -> None:
    register.add(
        [_entry(1, amounts=(7, Decimal("1.5"), None)), _entry(2, WAITING, amounts=(9,), partner="DV-0002")], "f"
    )
    ((one, answers),) = register.answers(2025)
    assert (one.key, one.submission.values) == ("KN-01/2025/DV-0001/r1", ())
    (whole,) = register.counted(2025)
    assert list(zip(*answers, strict=True)) == [value[:4] for value in whole.submission.values]


def test_half_a_letter_of_a_hostile_file_ends_nothing(register: Register) -> None:
    register.add([_entry(1, amounts=("\ud800",), partner="DV-\udfff", file="\ud8ff.xlsx")], "f")
    assert [one.submission.values[0].value for one in register.counted(2025)] == ["\ud800"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (_amount(12, raw="12"), _amount(12, raw="12,0", cell="K15"), True),
        (_amount(Decimal("1.50")), _amount(Decimal("1.5")), True),
        (_amount(12), _amount(13), False),
        (_amount(12, row=1), _amount(12, row=2), False),
        (_amount(1), _amount(True), False),
        (_amount(1), _amount("1"), False),
        (_amount(None, raw="12,5o"), _amount(None, raw="12,5"), False),
        (_amount(None, raw="12,5o"), _amount(None, raw="12,5o", cell="K15"), True),
    ],
)
def test_content_is_what_was_answered_not_how_a_program_wrote_it(first: Value, second: Value, same: bool) -> None:
    assert (content_hash([first], []) == content_hash([second], [])) is same


@given(st.permutations([_amount(n, row=n) for n in range(1, 6)]))
def test_content_does_not_depend_on_the_order_in_which_cells_were_read(said: list[Value]) -> None:
    assert content_hash(said, []) == content_hash([_amount(n, row=n) for n in range(1, 6)], [])


@pytest.mark.parametrize(
    ("arrived", "revision", "verdict", "counted"),
    [
        ([(GOOD, 1)], 1, GOOD, 1),
        ([(GOOD, 1), (GOOD, 2)], 2, GOOD, 2),
        ([(GOOD, 1), (WAITING, 2)], 2, WAITING, 1),
        ([(GOOD, 1), (WAITING, 2), (WARNED, 3)], 3, WARNED, 3),
        ([(WAITING, 1), (WAITING, 2)], 2, WAITING, 0),
        ([(WAITING, 1), (GOOD, 2), (WAITING, 3), (WAITING, 4)], 4, WAITING, 2),
        ([(GOOD, 1), (GOOD, 1)], 1, GOOD, 1),
        ([(GOOD, 1), (GOOD, 2), (GOOD, 1)], 2, GOOD, 2),
        ([(Verdict.NIL, 1)], 1, Verdict.NIL, 1),
        ([(WRONG, 1)], 0, WRONG, 0),
        ([(GOOD, 1), (WRONG, 2)], 1, GOOD, 1),
        ([(WRONG, 1), (GOOD, 2)], 1, GOOD, 1),
        ([(GOOD, 1), (UNREADABLE, 2)], 1, GOOD, 1),
    ],
)
def test_the_latest_revision_speaks_and_the_latest_accepted_one_counts(
    register: Register, arrived: list[tuple[Verdict, int]], revision: int, verdict: Verdict, counted: int
) -> None:
    register.add([_entry(number, how, [amount]) for number, (how, amount) in enumerate(arrived, start=1)], "f")
    (state,) = register.states(2025)
    assert (state.revision, state.verdict, state.counted) == (revision, verdict, counted)
    keys = [one.key for one in register.counted(2025)]
    assert keys == ([f"KN-01/2025/DV-0001/r{counted}"] if counted else [])


def test_a_correction_does_not_make_a_partner_late(register: Register) -> None:
    register.add([_entry(3, WAITING, [1]), _entry(28, GOOD, [2])], "f")
    (state,) = register.states(2025)
    assert (state.first_received.day, state.received.day) == (3, 28)


def test_who_sends_the_good_revision_again_takes_the_faulty_one_back(register: Register) -> None:
    register.add([_entry(1, GOOD, (5,)), _entry(2, WAITING, (None,)), _entry(3, GOOD, (5,))], "v1")
    (state,) = register.states(2025)
    assert (state.revision, state.verdict, state.counted, state.received.day) == (1, GOOD, 1, 3)
    assert [one.submission.values[0].value for one in register.counted(2025)] == [5]
    register.add([_entry(4, GOOD, (6,)), _entry(5, WAITING, (None,))], "v1")
    (state,) = register.states(2025)
    assert (state.revision, state.verdict, state.counted) == (3, GOOD, 3)


def test_revisions_go_on_after_the_register_was_closed(tmp_path: Path) -> None:
    for number, amount in enumerate((1, 2, 1), start=1):
        with Register.open(tmp_path / "r.sqlite") as register:
            register.add([_entry(number, amounts=[amount])], "f")
    with Register.open(tmp_path / "r.sqlite") as register:
        assert [(one.revision, one.counted) for one in register.states(2025)] == [(2, 2)]
        assert [(one.sequence, one.revision) for one in register.repeats(2025)] == [(3, 1)]


def test_what_belongs_to_no_obligation_is_listed_until_a_better_file_of_that_name_comes(register: Register) -> None:
    register.add([_entry(1, UNREADABLE, file="a.xlsx"), _entry(2, UNREADABLE, file="b.xlsx")], "f")
    assert [one.file for one in register.strays(2025)] == ["a.xlsx", "b.xlsx"]
    register.add([_entry(3, GOOD, file="a.xlsx")], "f")
    assert [one.file for one in register.strays(2025)] == ["b.xlsx"]


def test_issues_are_those_of_the_current_revisions_only(register: Register) -> None:
    old, new, lost = (
        Issue(code, Severity.ERROR, Place("x"), {"value": "đ"}) for code in ("rule.old", "rule.new", "office.x")
    )
    register.add([_entry(1, WAITING, [1], issues=[old]), _entry(2, WAITING, [2], issues=[new])], "f")
    register.add([_entry(3, UNREADABLE, issues=[lost])], "f")
    register.add([_entry(4, GOOD, [3], partner="DV-0002")], "f")
    assert [(state.partner, found) for state, found in register.issues(2025)] == [("DV-0001", new), ("", lost)]
    assert [found for _, found in register.issues(2025, "DV-0001")] == [new]
    assert [(one.partner, one.errors) for one in register.states(2025)] == [("DV-0001", 1), ("DV-0002", 0)]


def test_every_value_can_be_asked_for_by_its_id(register: Register) -> None:
    register.add([_entry(1, GOOD, [5, Decimal("1.5")]), _entry(2, GOOD, [7])], "f")
    ids = [f"KN-01/2025/DV-0001/{rest}" for rest in ("r1/2", "r2/1", "r1/0", "r1/3", "r9/1", "rx/1", "r1/²", "r1/x")]
    found = register.values([*ids, "", "/", "a/b/c/d/1", "KN-01/x/DV-0001/r1/1"])
    assert {key: (one.value.value, one.file, one.value.cell) for key, one in found.items()} == {
        "KN-01/2025/DV-0001/r1/2": (Decimal("1.5"), "inputs/2025/1.xlsx", "J11"),
        "KN-01/2025/DV-0001/r2/1": (7, "inputs/2025/2.xlsx", "J11"),
    }


def test_a_chunk_is_registered_whole_or_not_at_all(register: Register) -> None:
    register.add([_entry(1)], "f")
    with pytest.raises(IntegrityError):
        register.add([_entry(2, amounts=[2]), _entry(1, amounts=[3])], "f")
    assert set(register.known()) == {1}
    register.add([_entry(2, amounts=[2])], "f")
    assert [one.revision for one in register.states(2025)] == [2]


def test_a_year_can_be_forgotten_and_registered_again(register: Register) -> None:
    register.add([_entry(1), _entry(2, amounts=[2])], "old")
    before = register.counted_digest(2025)
    register.forget(2025)
    assert (register.known(), register.states(2025), register.counted_digest(2025)) == ({}, [], "")
    register.add([_entry(1), _entry(2, amounts=[2])], "new")
    assert (register.known()[2], register.counted_digest(2025)) == ((2025, f"{2:064x}", "new"), before)


# --- what arrived, what was decided, what several returns show -----------------------------------


def test_every_delivery_is_listed_in_the_order_of_arrival_strays_and_repeats_too(register: Register) -> None:
    register.add([_entry(1, WAITING), _entry(2, UNREADABLE), _entry(3, WAITING), _entry(4, GOOD, [2])], "f")
    assert [(one.sequence, one.verdict, one.revision, one.repeats) for one in register.arrived(2025)] == [
        (1, WAITING, 1, False),
        (2, UNREADABLE, 0, False),
        (3, WAITING, 1, True),
        (4, GOOD, 2, False),
    ]
    assert register.arrived(2024) == []


def test_details_give_values_and_issues_of_the_deliveries_asked_for(register: Register) -> None:
    fault = Issue("rule.odd", Severity.WARNING, Place("x"), {})
    register.add([_entry(1, WARNED, (5,), issues=[fault]), _entry(2, UNREADABLE)], "f")
    found = register.details([2, 1, 9])
    assert sorted(found) == [1, 2]
    assert ([one.value for one in found[1].values], found[1].issues, found[1].stated_year) == ([5], (fault,), 2025)
    assert (found[2].values, found[2].version, found[2].decided) == ((), "", ())


def test_what_several_returns_show_counts_as_their_warning_until_it_is_shown_no_more(register: Register) -> None:
    register.add([_entry(1, GOOD), _entry(2, WAITING, partner="DV-0002"), _entry(3, GOOD, partner="DV-0003")], "f")
    odd = Issue("rule.odd", Severity.WARNING, Place("x", "Hoạt động hỗ trợ", "J11"), {"value": "đ"})
    note = Issue("rule.told", Severity.NOTE, Place("x"), {})
    register.set_between(2025, "first", {1: [odd, note], 2: [odd], 3: [note]})
    assert register.between_made_from(2025) == "first"
    assert [(one.verdict, one.warnings) for one in register.states(2025)] == [(WARNED, 1), (WAITING, 1), (GOOD, 0)]
    assert [one.verdict for one in register.counted(2025)] == [WARNED, GOOD]
    assert [(state.partner, one.code) for state, one in register.issues(2025)] == [
        ("DV-0001", "rule.odd"),
        ("DV-0001", "rule.told"),
        ("DV-0002", "rule.odd"),
        ("DV-0003", "rule.told"),
    ]
    assert register.details([1])[1].issues == (odd, note)
    register.set_between(2025, "second", {})
    assert [one.verdict for one in register.states(2025)] == [GOOD, WAITING, GOOD]
    register.forget(2025)
    assert register.between_made_from(2025) == ""


DECISION = Decision(
    2025,
    "KN-01",
    "DV-0001",
    Ruling.CORRECT,
    "Gõ thừa số 0",
    "Trưởng phòng",
    date(2025, 12, 20),
    "inputs/2025/quyet-dinh.xlsx:Quyết định!A14",
    sheet="Hoạt động hỗ trợ",
    cell="J11",
    value="7",
)
CORRECTION = Correction("hoat_dong", 1, "gia_tri", "Hoạt động hỗ trợ", "J11", "70", "7", DECISION.place)


def _decided(sequence: int, verdict: Verdict, amount: int, faults: Sequence[Issue] = ()) -> Entry:
    plain = _entry(sequence, verdict, (amount,))
    submission = Submission("KN-01", "1", "DV-0001", 2025, plain.delivery.sha256, plain.delivery.file, (_amount(7),))
    return pack(plain.delivery, submission, verdict, (), Ruled((DECISION,), (CORRECTION,), tuple(faults)))


def test_a_ruling_stands_over_what_arrived_and_keeps_revision_and_repeats(register: Register) -> None:
    register.add([_entry(1, WAITING, (70,))], "f")
    before = register.counted_digest(2025)
    register.rule(2025, "made", {1: "one"}, [_decided(1, GOOD, 7)], [])
    assert (register.decisions_made_from(2025), register.ruled(2025)) == ("made", {1: "one"})
    (counted,) = register.counted(2025)
    assert (counted.key, counted.submission.values[0].value) == ("KN-01/2025/DV-0001/r1", 7)
    assert register.counted_digest(2025) != before
    stored = register.values(["KN-01/2025/DV-0001/r1/1"])["KN-01/2025/DV-0001/r1/1"]
    assert (stored.value.value, stored.correction, stored.decision) == (7, CORRECTION, DECISION)
    assert register.details([1])[1].corrections == (CORRECTION,)
    register.add([_entry(2, WAITING, (70,))], "f")
    assert [(one.revision, one.repeats, one.verdict) for one in register.arrived(2025)] == [
        (1, False, GOOD),
        (1, True, WAITING),
    ]


def test_a_ruling_that_is_withdrawn_leaves_the_return_as_it_arrived(register: Register) -> None:
    register.add([_entry(1, WAITING, (70,)), _entry(2, GOOD, (3,), partner="DV-0002")], "f")
    fault = Issue("decision.bad_value", Severity.ERROR, Place("q"), {"value": "x"})
    register.rule(2025, "made", {1: "one"}, [_decided(1, GOOD, 7, [fault])], [fault])
    assert (register.ruling_faults([1, 2]), register.decision_issues(2025)) == ({1: (fault,)}, [fault])
    register.rule(2025, "again", {}, [], [])
    assert (register.ruled(2025), register.decision_issues(2025)) == ({}, [])
    assert [one.verdict for one in register.states(2025)] == [WAITING, GOOD]
    assert [one.value for one in register.details([1])[1].values] == [70]


@given(st.dates(), st.dates() | st.none(), st.text(), st.lists(faults, max_size=3))
def test_rulings_come_out_of_their_block_as_they_went_in(
    day: date, due: date | None, text: str, found: list[Issue]
) -> None:
    decision = Decision(2025, "KN-01", text, Ruling.EXTEND, text, text, day, text, 2, text, text, text, due)
    ruled = Ruled((decision,), (CORRECTION,), tuple(found))
    assert unpack_ruled(pack(_entry(1).delivery, None, GOOD, (), ruled).ruled) == ruled


@pytest.mark.parametrize("spoil", ["other version", "no database", "empty"])
def test_a_register_that_cannot_be_used_is_made_anew(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "register.sqlite"
    with Register.open(path) as register:
        register.add([_entry(1)], "f")
    if spoil == "other version":
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
    else:
        path.write_bytes(b"" if spoil == "empty" else b"this is no database at all" * 100)
    with Register.open(path) as register:
        assert register.known() == {}
        register.add([_entry(1)], "f")


def test_a_register_that_another_command_writes_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.stages.register.tables._BUSY", 0.05)
    path = tmp_path / "register.sqlite"
    with Register.open(path) as register:
        register.add([_entry(1)], "f")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(UnusableError) as told, Register.open(path):
        pass
    other.close()
    assert [one.code for one in told.value.issues] == ["workspace.locked"]
    with Register.open(path) as register:
        assert set(register.known()) == {1}
