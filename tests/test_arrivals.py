"""What lies in the folder comes into the journal whole and once, whatever it came in and whenever a run is killed."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

import pytest

import stand_in
from generator.issues import Issue
from generator.model import Delivery
from generator.pipeline.arrivals import found_in, journalled, workbooks
from generator.pipeline.intake import ingest, rebuild
from generator.pipeline.workspace import Workspace
from generator.stages.ingest.journal import read_journal

NOON = 1_760_072_400  # 2025-10-10 12:00 in Vietnam
WEDNESDAY = "from a by b; Wed, 3 Dec 2025 09:30:00 +0700"
THURSDAY = "from a by b; Thu, 4 Dec 2025 09:30:00 +0700"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return stand_in.workspace(tmp_path / "ws")


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for no disk: what must be on it after a crash is tried with real ones, in processes of their own."""

    def write(path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr("generator.pipeline.arrivals.write_atomic", write)


def put(workspace: Workspace, name: str, content: bytes, modified: int = NOON) -> Path:
    path = workspace.year_inputs(2025) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (modified, modified))
    return path


def book(amount: int, partner: str = "DV-0001") -> bytes:
    """What the stand-in reads as a return."""
    return json.dumps({"partner": partner, "amounts": [amount]}).encode()


def mail(
    *attached: tuple[str, bytes], number: int | None = 1, received: str = WEDNESDAY, text: str = "Kính gửi"
) -> bytes:
    message = EmailMessage()
    if received:
        message["Received"] = received
    message["From"] = "Ông A (minh họa) <a@SO.example>"
    if number is not None:
        message["Message-ID"] = f"<{number}@so.example>"
    message.set_content(text)
    for name, content in attached:
        message.add_attachment(content, "application", "octet-stream", filename=name)
    # the library draws the boundary by chance; the same mail must be the same bytes
    return bytes(message).replace((message.get_boundary() or "-").encode(), b"ranh-gioi")


def zipped(*members: tuple[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, member in members:
            archive.writestr(zipfile.ZipInfo(name), member)
    return content.getvalue()


def arrive(workspace: Workspace, *paths: Path, year: int = 2025) -> tuple[list[Delivery], list[Issue]]:
    """One run of what an ingest does before it registers; nothing that the journal says may be unreadable."""
    journal, faults = read_journal(workspace.journal, "inputs/journal.jsonl")
    found, left = found_in(workspace, year, paths)
    journal, new, issues = journalled(workspace, year, journal, found)
    assert [one.code for one in faults if one.code != "journal.healed"] == []
    again, _ = read_journal(workspace.journal, "inputs/journal.jsonl")
    assert (again.deliveries, again.unfinished) == (journal.deliveries, journal.unfinished)
    for one in new:
        assert (workspace.archive / one.sha256).is_file()
    return new, [*left, *issues]


def told(deliveries: Sequence[Delivery]) -> list[tuple[str, str]]:
    return [(one.file.removeprefix("inputs/2025/"), one.kind.value) for one in deliveries]


def faults(issues: Sequence[Issue]) -> list[tuple[str, str]]:
    return [(one.code.removeprefix("delivery."), one.place.file.removeprefix("inputs/2025/")) for one in issues]


# --- lines ----------------------------------------------------------------------------------------


def test_what_hangs_on_a_mail_has_its_sender_and_time_and_stands_before_the_mail(workspace: Workspace) -> None:
    put(workspace, "thu.eml", mail(("bieu.xlsx", book(1)), ("cong van.pdf", b"%PDF-1.7 scan"), ("hai.ods", book(2))))
    new, issues = arrive(workspace)
    assert told(new) == [
        ("thu.eml/bieu.xlsx", "workbook"),
        ("thu.eml/cong van.pdf", "enclosure"),
        ("thu.eml/hai.ods", "workbook"),
        ("thu.eml", "message"),
    ]
    assert {(one.sender, one.message, str(one.received)) for one in new} == {
        ("a@so.example", "1@so.example", "2025-12-03 09:30:00+07:00")
    }
    assert [one.sequence for one in new] == [1, 2, 3, 4]
    assert issues == []


def test_lines_follow_the_time_of_receipt_whatever_the_files_came_in(workspace: Workspace) -> None:
    put(workspace, "a.eml", mail(("a.xlsx", book(1)), number=1, received=THURSDAY))
    put(workspace, "z.eml", mail(("z.xlsx", book(2)), number=2, received=WEDNESDAY))
    put(workspace, "2025-12-04/b.xlsx", book(3))
    put(workspace, "2025-12-05/c.zip", zipped(("c.xlsx", book(4)), ("d.eml", mail(("d.xlsx", book(5)), number=3))))
    assert told(arrive(workspace)[0]) == [
        ("2025-12-05/c.zip/d.eml/d.xlsx", "workbook"),
        ("2025-12-05/c.zip/d.eml", "message"),
        ("z.eml/z.xlsx", "workbook"),
        ("z.eml", "message"),
        ("2025-12-04/b.xlsx", "workbook"),
        ("a.eml/a.xlsx", "workbook"),
        ("a.eml", "message"),
        ("2025-12-05/c.zip/c.xlsx", "workbook"),
        ("2025-12-05/c.zip", "bundle"),
    ]


@pytest.mark.parametrize(
    ("name", "received", "moment"),
    [
        ("2025-12-24/thu.eml", WEDNESDAY, "2025-12-03T09:30:00+07:00"),
        ("2025-12-24/thu.eml", "", "2025-12-24T00:00:00+07:00"),
        ("thu.eml", "from a by b; sometime", "2025-10-10T12:00:00+07:00"),
    ],
)
def test_a_mail_is_received_when_its_server_says_else_as_any_file(
    workspace: Workspace, name: str, received: str, moment: str
) -> None:
    put(workspace, name, mail(("a.xlsx", book(1)), received=received))
    assert {one.received.isoformat() for one in arrive(workspace)[0]} == {moment}


def test_loose_dispatches_are_kept_and_other_files_are_not(workspace: Workspace) -> None:
    put(workspace, "cong van.pdf", b"%PDF")
    put(workspace, "anh.bmp", b"BM")
    new, issues = arrive(workspace)
    assert (told(new), new[0].message) == ([("cong van.pdf", "enclosure")], "")
    assert faults(issues) == [("skipped", "anh.bmp")]


# --- the same again -------------------------------------------------------------------------------


def test_a_known_mail_or_archive_is_not_opened_again(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    put(workspace, "thu.eml", mail(("a.xlsx", book(1))))
    put(workspace, "bieu.zip", zipped(("b.xlsx", book(2)), ("c.xlsx", book(3))))
    arrive(workspace)
    monkeypatch.setattr("generator.pipeline.arrivals.unpack", None)
    assert arrive(workspace) == ([], [])
    found, _ = found_in(workspace, 2025, ())
    journal, _ = read_journal(workspace.journal, "")
    assert (len(found), workbooks(journal, 2025, found), workbooks(journal, 2024, found)) == (2, 3, 0)


def test_a_thousand_known_mails_cost_only_their_hashes(workspace: Workspace) -> None:
    one = mail(("a.xlsx", book(1)))
    for number in range(1_000):
        put(workspace, f"{number:04}.eml", one.replace(b"<1@", b"<%d@" % number))
    arrive(workspace)
    started = time.process_time()  # others may be at work on the same machine
    assert arrive(workspace) == ([], [])
    assert time.process_time() - started < 1


def test_the_same_mail_from_another_mailbox_brings_nothing_new(workspace: Workspace) -> None:
    put(workspace, "1/thu.eml", mail(("a.xlsx", book(1)), ("b.xlsx", book(2))))
    put(workspace, "2/FW.eml", mail(("a.xlsx", book(1)), ("b.xlsx", book(2)), received=THURSDAY))
    new, issues = arrive(workspace)
    assert told(new) == [
        ("1/thu.eml/a.xlsx", "workbook"),
        ("1/thu.eml/b.xlsx", "workbook"),
        ("1/thu.eml", "message"),
        ("2/FW.eml", "message"),
    ]
    assert [(one.code, one.place.file, one.params["first"]) for one in issues] == [
        ("delivery.known_mail", "inputs/2025/2/FW.eml", "inputs/2025/1/thu.eml")
    ]
    put(workspace, "3/thu.zip", zipped(("thu.eml", mail(("a.xlsx", book(1)), ("b.xlsx", book(2))))))
    new, issues = arrive(workspace)
    assert told(new) == [("3/thu.zip/thu.eml", "message"), ("3/thu.zip", "bundle")]
    assert faults(issues) == [("known_mail", "3/thu.zip/thu.eml")]
    assert arrive(workspace) == ([], [])


def test_what_a_mail_of_the_same_number_brings_in_addition_is_new(workspace: Workspace) -> None:
    put(workspace, "1.eml", mail(("a.xlsx", book(1))))
    arrive(workspace)
    put(workspace, "2.eml", mail(("a.xlsx", book(1)), ("b.xlsx", book(2))))
    new, issues = arrive(workspace)
    assert told(new) == [("2.eml/b.xlsx", "workbook"), ("2.eml", "message")]
    assert faults(issues) == [("known_mail", "2.eml")]


def test_one_return_in_two_mails_is_delivered_twice_and_so_is_one_attached_twice(workspace: Workspace) -> None:
    put(workspace, "1.eml", mail(("a.xlsx", book(1)), ("ban sao.xlsx", book(1)), number=1))
    put(workspace, "2.eml", mail(("a.xlsx", book(1)), number=2))
    new, issues = arrive(workspace)
    assert [file for file, kind in told(new) if kind == "workbook"] == [
        "1.eml/a.xlsx",
        "1.eml/ban sao.xlsx",
        "2.eml/a.xlsx",
    ]
    assert issues == []


def test_a_mail_without_number_is_known_by_its_bytes(workspace: Workspace) -> None:
    put(workspace, "1.eml", mail(("a.xlsx", book(1)), number=None))
    put(workspace, "2.eml", mail(("a.xlsx", book(1)), number=None))
    put(workspace, "3.eml", mail(("a.xlsx", book(1)), number=None, text="Gửi lại"))
    new, issues = arrive(workspace)
    assert [file for file, kind in told(new) if kind == "workbook"] == ["1.eml/a.xlsx", "3.eml/a.xlsx"]
    assert faults(issues) == [("known_mail", "2.eml")]


# --- what a person has to look at -------------------------------------------------------------------


def test_a_mail_without_workbook_is_kept_and_told_of_as_long_as_it_lies_there(workspace: Workspace) -> None:
    path = put(workspace, "hoi.eml", mail())
    put(workspace, "hoi lai.eml", mail())
    put(workspace, "scan.eml", mail(("cong van.pdf", b"%PDF"), number=2))
    put(workspace, "rong.zip", zipped(("cong van.pdf", b"%PDF")))
    put(workspace, "thu.zip", zipped(("hoi.eml", mail(number=3))))
    expected = {
        ("mail_without_workbook", "hoi lai.eml"),
        ("mail_without_workbook", "scan.eml"),
        ("mail_without_workbook", "thu.zip/hoi.eml"),
        ("bundle_without_workbook", "rong.zip"),
    }
    new, issues = arrive(workspace)
    assert len([one for one in new if one.kind.value == "message"]) == 4
    assert set(faults(issues)) == expected
    assert set(faults(arrive(workspace)[1])) == expected
    for name in ("hoi lai.eml", "scan.eml", "rong.zip", "thu.zip"):
        (path.parent / name).unlink()
    assert arrive(workspace) == ([], [])


def test_what_could_not_be_opened_is_kept_and_told_of_in_every_run(workspace: Workspace) -> None:
    secret = bytearray(zipped(("kin.xlsx", book(1))))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        secret[secret.index(mark) + at] |= 1
    put(workspace, "kin.zip", bytes(secret))
    put(workspace, "hong.eml", b"no mail")
    put(workspace, "nua.eml", mail(("mo.xlsx", book(2)), ("kin.zip", bytes(secret))))
    new, issues = arrive(workspace)
    assert told(new) == [
        ("hong.eml", "message"),
        ("kin.zip", "bundle"),
        ("nua.eml/mo.xlsx", "workbook"),
        ("nua.eml", "message"),
    ]
    expected = [
        ("mail_unreadable", "hong.eml"),
        ("bundle_encrypted", "kin.zip/kin.xlsx"),
        ("bundle_encrypted", "nua.eml/kin.zip/kin.xlsx"),
    ]
    assert sorted(faults(issues)) == sorted(expected)
    again, issues = arrive(workspace)
    assert (again, sorted(faults(issues))) == ([], sorted(expected))


def test_what_is_gone_from_the_archive_is_taken_out_of_its_mail_again(workspace: Workspace) -> None:
    put(workspace, "thu.eml", mail(("a.xlsx", book(1)), ("b.xlsx", book(2))))
    new, _ = arrive(workspace)
    (workspace.archive / new[1].sha256).unlink()
    assert arrive(workspace) == ([], [])
    assert (workspace.archive / new[1].sha256).read_bytes() == book(2)


# --- killed at any moment -------------------------------------------------------------------------


def _of_every_kind(workspace: Workspace) -> None:
    for number in range(6):
        put(workspace, f"{number}.xlsx", book(number, f"DV-{number:04}"), NOON + number % 3)
    for number in range(8):
        attached = [(f"{one}.xlsx", book(10 * (number % 6) + one, "DV-0020")) for one in range(3)]
        put(workspace, f"{number}.eml", mail(*attached, ("cv.pdf", b"%PDF"), number=number % 6, received=THURSDAY))
    inner = mail(("m.xlsx", book(900, "DV-0030")), number=90)
    put(workspace, "goi.zip", zipped(("a/x.xlsx", book(901, "DV-0031")), ("thu.eml", inner), ("y.xlsx", book(902))))
    put(workspace, "hong.zip", b"no archive")


def test_wherever_a_run_stopped_writing_the_next_one_ends_with_the_same_journal(
    workspace: Workspace, tmp_path: Path
) -> None:
    _of_every_kind(workspace)
    arrive(workspace)
    whole = workspace.journal.read_bytes()
    kept = sorted(path.name for path in workspace.archive.iterdir())
    lines = whole.splitlines(keepends=True)
    assert len(lines) > 40
    for count in range(len(lines)):
        workspace.journal.write_bytes(b"".join(lines[:count]) + lines[count][: count % 50])
        for name in kept[count % 3 :: 5]:
            (workspace.archive / name).unlink()
        arrive(workspace)
        assert workspace.journal.read_bytes() == whole
        assert sorted(path.name for path in workspace.archive.iterdir()) == kept


def _killed(workspace: Workspace, seconds: float) -> None:
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    command = [sys.executable, stand_in.__file__, str(workspace.root)]
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_an_ingest_of_mails_killed_at_random_moments_loses_and_doubles_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    _of_every_kind(workspace)
    calm = Workspace(tmp_path / "calm")
    shutil.copytree(workspace.root, calm.root)
    with ThreadPoolExecutor(1) as executor:
        ingest(calm, 2025, judge=stand_in.judge("today"), executor=executor)
    chance = random.Random()
    seed = chance.randrange(10**6)
    chance.seed(seed)
    for _ in range(5):
        _killed(workspace, chance.uniform(0.1, 0.6))
    with ThreadPoolExecutor(1) as executor:
        ingest(workspace, 2025, judge=stand_in.judge("today"), executor=executor)
    assert workspace.journal.read_bytes() == calm.journal.read_bytes(), f"seed {seed}"
    archived = [sorted(path.name for path in one.archive.iterdir()) for one in (workspace, calm)]
    assert archived[0] == archived[1], f"seed {seed}"


def test_only_workbooks_are_registered_and_counted(workspace: Workspace) -> None:
    _of_every_kind(workspace)
    with ThreadPoolExecutor(1) as executor:
        summary = ingest(workspace, 2025, judge=stand_in.judge("today"), executor=executor)
        workbooks_in = [one for one in summary.new if one.kind.value == "workbook"]
        assert (summary.found, summary.judged) == (len(workbooks_in), len(workbooks_in)) == (27, 27)
        again = ingest(workspace, 2025, judge=stand_in.judge("today"), executor=executor)
        assert (again.found, len(again.new), again.judged) == (27, 0, 0)
        assert rebuild(workspace, judge=stand_in.judge("today"), executor=executor)[0] == 27
