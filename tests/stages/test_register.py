"""The register keeps what was examined, tells revisions apart and says where each obligation stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from generator.issues import Issue, Place, Severity, UnusableError
from generator.model import Delivery, Scalar, Submission, Value, Verdict
from generator.stages.register.blocks import Entry, content_hash, pack, unpack_issues, unpack_values
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
    monkeypatch.setattr("generator.stages.register.database._BUSY", 0.05)
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
