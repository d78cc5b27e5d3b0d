"""What arrives is found, kept and written down: folder, archive, journal."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model import Delivery, DeliveryKind
from generator.stages.ingest import archive
from generator.stages.ingest.folder import VIETNAM, find, received_at
from generator.stages.ingest.journal import Journal, append, read_journal

NOON = 1_760_072_400  # 2025-10-10 12:00 in Vietnam


def _found(root: Path) -> tuple[list[str], list[tuple[str, str]]]:
    found, issues = find(root, root, lambda path: path.relative_to(root).as_posix())
    return [one.file for one in found], [(one.code, one.place.file) for one in issues]


def _put(path: Path, content: bytes = b"x", modified: int = NOON) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (modified, modified))


def test_returns_are_found_at_any_depth_and_in_order_of_receipt_then_name(tmp_path: Path) -> None:
    _put(tmp_path / "b.xlsx")
    _put(tmp_path / "a.XLSM")
    _put(tmp_path / "2025-01-05" / "sở" / "y tế.xlsx")
    _put(tmp_path / "c" / "d" / "e" / "old.xlsx", modified=NOON - 86_400)
    assert _found(tmp_path) == (["2025-01-05/sở/y tế.xlsx", "c/d/e/old.xlsx", "a.XLSM", "b.xlsx"], [])


@pytest.mark.parametrize(
    "name",
    ["~$bao-cao.xlsx", ".an.xlsx", ".thu-muc/bao-cao.xlsx", "quyet-dinh.xlsx", "Quyet-Dinh.XLSX", "Thumbs.db"],
)
def test_what_is_no_return_is_passed_over_without_a_word(tmp_path: Path, name: str) -> None:
    _put(tmp_path / name)
    assert _found(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bieu.xlsx", "workbook"),
        ("bieu.XLSM", "workbook"),
        ("bieu.ods", "workbook"),
        ("bieu.Xls", "workbook"),
        ("bieu.xlsb", "workbook"),
        ("thu.eml", "message"),
        ("thu.MSG", "message"),
        ("cac bieu.zip", "bundle"),
        ("cong van.pdf", "enclosure"),
        ("thuyet minh.docx", "enclosure"),
    ],
)
def test_the_ending_tells_what_a_file_is(tmp_path: Path, name: str, kind: str) -> None:
    _put(tmp_path / name)
    found, issues = find(tmp_path, tmp_path, lambda path: path.name)
    assert ([(one.file, one.kind.value) for one in found], issues) == ([(name, kind)], [])


@pytest.mark.parametrize("name", ["cac-bieu.rar", "cac-bieu.7z", "cac-bieu.tar.gz"])
def test_an_archive_of_another_kind_is_an_error_that_says_so(tmp_path: Path, name: str) -> None:
    _put(tmp_path / name)
    assert _found(tmp_path) == ([], [("delivery.other_archive", name)])


@pytest.mark.parametrize("name", ["anh.bmp", "bao-cao.exe", "khong-duoi", "xlsx"])
def test_a_file_of_another_kind_is_told_of(tmp_path: Path, name: str) -> None:
    _put(tmp_path / name)
    assert _found(tmp_path) == ([], [("delivery.skipped", name)])


def test_a_file_that_is_far_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "lon.xlsx").open("wb") as stream:
        stream.truncate(64 * 1024 * 1024 + 1)
    assert _found(tmp_path) == ([], [("delivery.too_large", "lon.xlsx")])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX systems have named pipes")
def test_a_pipe_that_would_never_end_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ong.xlsx")
    assert _found(tmp_path) == ([], [("delivery.skipped", "ong.xlsx")])


def test_links_that_lead_in_a_circle_are_not_followed(tmp_path: Path) -> None:
    _put(tmp_path / "a" / "b.xlsx")
    (tmp_path / "a" / "lai").symlink_to(tmp_path, target_is_directory=True)
    assert _found(tmp_path) == (["a/b.xlsx"], [])


def test_a_link_that_leads_nowhere_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "mat.xlsx").symlink_to(tmp_path / "khong-co.xlsx")
    assert _found(tmp_path) == ([], [("delivery.unopenable", "mat.xlsx")])


@pytest.mark.parametrize(
    ("folders", "received"),
    [
        (("inputs", "2025"), "2025-10-10T12:00:00+07:00"),
        (("inputs", "2025", "2025-12-01"), "2025-12-01T00:00:00+07:00"),
        (("2025-12-01", "2025-12-24", "so-y-te"), "2025-12-24T00:00:00+07:00"),
        (("2025-12-01", "2025-13-45"), "2025-12-01T00:00:00+07:00"),
        (("2025-12-01-bo-sung",), "2025-10-10T12:00:00+07:00"),
    ],
)
def test_a_folder_named_by_a_day_says_when_the_file_was_received(folders: tuple[str, ...], received: str) -> None:
    assert received_at(folders, NOON + 0.7).isoformat() == received


@pytest.mark.parametrize("modified", [-1e18, 1e18, 253_402_300_799.0])
def test_a_broken_clock_ends_no_run(modified: float) -> None:
    assert received_at((), modified).tzinfo is VIETNAM


# --- archive ------------------------------------------------------------------------------------


def test_the_archive_gives_back_what_was_stored(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"abc")
    (tmp_path / "archive").mkdir()
    sha256 = archive.store(tmp_path / "archive", source, Path.write_bytes)
    assert sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert archive.load(tmp_path / "archive", sha256, "a.xlsx") == (b"abc", None)


def test_bytes_that_were_changed_or_lost_in_the_archive_are_never_used(tmp_path: Path) -> None:
    (tmp_path / ("0" * 64)).write_bytes(b"something else")
    codes = []
    for sha256 in ("0" * 64, "1" * 64):
        content, fault = archive.load(tmp_path, sha256, "a.xlsx")
        assert content == b""
        assert fault is not None
        codes.append(fault.code)
    assert codes == ["archive.damaged", "archive.missing"]


# --- journal ------------------------------------------------------------------------------------


def _delivery(sequence: int, file: str = "inputs/2025/sở y tế.xlsx") -> Delivery:
    received = datetime(2025, 12, 1, 8, 0, tzinfo=VIETNAM) + timedelta(minutes=sequence)
    return Delivery(sequence, 2025, file, f"{sequence:064x}", received)


def _read(path: Path) -> tuple[Journal, list[str]]:
    journal, issues = read_journal(path, "inputs/journal.jsonl")
    return journal, [one.code for one in issues]


def _written(path: Path, count: int) -> tuple[Delivery, ...]:
    deliveries = tuple(map(_delivery, range(1, count + 1)))
    append(path, Journal(), deliveries)
    return deliveries


def test_the_journal_gives_back_what_was_appended_a_line_each(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    first = _written(path, 2)
    journal, _ = _read(path)
    append(path, journal, [_delivery(3)])
    assert _read(path)[0].deliveries == (*first, _delivery(3))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0]) == {
        "sequence": 1,
        "year": 2025,
        "file": "inputs/2025/sở y tế.xlsx",
        "sha256": f"{1:064x}",
        "received": "2025-12-01T08:01:00+07:00",
    }


@given(cut=st.integers(1, 1_000_000), count=st.integers(1, 4))
def test_wherever_a_crash_tore_the_last_line_the_lines_before_it_stand(
    tmp_path_factory: pytest.TempPathFactory, cut: int, count: int
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    deliveries = _written(path, count)
    content = path.read_bytes()
    last = content.rstrip(b"\n").rfind(b"\n") + 1
    cut = last + cut % (len(content) - last)
    path.write_bytes(content[:cut])

    journal, codes = _read(path)
    whole = cut == len(content) - 1  # only the line end is missing: the line itself is there
    assert journal.deliveries == (deliveries if whole else deliveries[:-1])
    assert codes == ([] if whole or cut == last else ["journal.healed"])

    again = deliveries[len(journal.deliveries) :] or (_delivery(count + 1),)
    append(path, journal, again)
    assert _read(path) == (append(path, _read(path)[0], ()), [])
    assert _read(path)[0].deliveries == (*journal.deliveries, *again)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "null",
        "[]",
        '{"sequence": 2}',
        '{"sequence": 2, "year": 2025, "file": "a", "sha256": "../../x", "received": "2025-12-01T08:01:00+07:00"}',
        '{"sequence": 2, "year": 2025, "file": "a", "sha256": "%s", "received": "2025-12-01"}' % ("0" * 64),
        '{"sequence": 1, "year": 2025, "file": "a", "sha256": "%s", "received": "2025-12-01T08:01+07:00"}' % ("0" * 64),
        "[" * 100_000,
    ],
)
def test_an_unreadable_line_in_the_middle_is_told_of_and_costs_only_itself(tmp_path: Path, line: str) -> None:
    path = tmp_path / "journal.jsonl"
    _written(path, 3)
    first, _, third = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{first}\n{line}\n{third}\n", encoding="utf-8")
    journal, codes = _read(path)
    assert [one.sequence for one in journal.deliveries] == [1, 3]
    assert codes == (["journal.damaged"] if line else [])


def test_what_came_by_mail_keeps_its_kind_sender_and_mail_and_is_written_only_where_it_says_something(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.jsonl"
    loose = _delivery(1)
    mail = replace(_delivery(2), kind=DeliveryKind.MESSAGE, sender="a@so.example", message="1@so.example")
    append(path, Journal(), [loose, mail], {2})
    journal, codes = _read(path)
    assert (journal.deliveries, journal.unfinished, codes) == ((loose, mail), {2}, [])
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert set(lines[0]) == {"sequence", "year", "file", "sha256", "received"}
    told = {"kind": "message", "sender": "a@so.example", "message": "1@so.example", "unfinished": True}
    assert {key: lines[1].get(key) for key in told} == told


@pytest.mark.parametrize(
    ("more", "readable"),
    [
        ({}, True),
        ({"kind": "workbook"}, True),
        ({"a key of next year": [1]}, True),
        ({"kind": "a kind of next year"}, False),
        ({"kind": ["workbook"]}, False),
        ({"sender": 7}, False),
        ({"message": None}, False),
    ],
)
def test_old_lines_and_unknown_keys_are_read_and_what_makes_no_sense_is_told_of(
    tmp_path: Path, more: dict[str, object], readable: bool
) -> None:
    path = tmp_path / "journal.jsonl"
    _written(path, 2)
    first, second = path.read_text(encoding="utf-8").splitlines()
    path.write_text(json.dumps({**json.loads(first), **more}) + f"\n{second}\n", encoding="utf-8")
    journal, codes = _read(path)
    assert [one.sequence for one in journal.deliveries] == ([1, 2] if readable else [2])
    assert codes == ([] if readable else ["journal.damaged"])


def test_a_journal_that_does_not_exist_yet_is_empty(tmp_path: Path) -> None:
    assert _read(tmp_path / "journal.jsonl") == (Journal(), [])
