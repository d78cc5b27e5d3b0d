"""The gallery of tests/cases/: every way a return can go wrong comes to the issues, verdict and letter beside it.

All cases arrive in one workspace, each from partners of its own, and are taken in by the real commands once for all
test processes. `python tests/gallery.py --write NAME` writes what a case expects anew, after it was read.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gallery import RUNS, build
from gallery_cases import GROUPS, cases
from generator.definitions.load import load_messages
from generator.issues import CODES

ROOT = Path(__file__).resolve().parents[1]
NAMES = sorted(cases())
LEAST = 80
LONGEST_LETTER = 60
"""Lines of a letter: two screens of a small laptop at most, the list of cells that were not read included."""

RETURNED = ("office.", "delivery.", "sheet.", "table.", "field.", "cell.", "structure.", "rule.", "between.")
"""How the codes begin that a return or a delivery can raise; all others speak of templates, registry, commands."""

PROVED_ELSEWHERE: Mapping[str, str] = {
    # no file can bring these about by itself: a reader that dies, a disk that refuses
    "delivery.reader_failed": "test_issue_cases.py",
    "delivery.unopenable": "stages/test_ingest.py",
}
"""Codes that no case raises, with the tests that do."""


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What came of every case; whichever test process comes first takes them in, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "gallery"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "results.json"
        if not done.is_file():
            shutil.rmtree(folder, ignore_errors=True)
            build(folder, list(cases().values()))
    found: Mapping[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    return found


# --- what comes of a case -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_case_comes_to_its_issues_and_verdicts(name: str, results: Mapping[str, Any]) -> None:
    expected = json.loads(cases()[name].expected("issues.json"))
    assert results[name]["issues"] == expected["issues"]
    assert results[name]["verdicts"] == expected["verdicts"]


@pytest.mark.parametrize("name", NAMES)
def test_the_officer_gets_the_letter_that_was_read(name: str, results: Mapping[str, Any]) -> None:
    folder = cases()[name].folder / "expected"
    for kind in ("reply", "told"):
        path = folder / f"{kind}.txt"
        assert results[name][kind] == (path.read_text(encoding="utf-8") if path.is_file() else "")


# --- the letters --------------------------------------------------------------------------------


def _letters() -> list[tuple[str, str]]:
    found = [(name, cases()[name].folder / "expected" / "reply.txt") for name in NAMES]
    texts = [(name, path.read_text(encoding="utf-8")) for name, path in found if path.is_file()]
    return [(name, one) for name, text in texts for one in re.split(r"^(?=Tiêu đề: )", text, flags=re.MULTILINE)[1:]]


def test_no_letter_is_longer_than_two_screens_and_each_tells_what_to_do() -> None:
    wrong = [
        (name, len(letter.splitlines()))
        for name, letter in _letters()
        if len(letter.splitlines()) > LONGEST_LETTER
        or not re.search(r"VIỆC CẦN LÀM|không phải làm gì|không phải gửi", letter)
    ]
    assert wrong == []


def test_no_refusal_comes_without_its_reason() -> None:
    empty = [
        name
        for name, letter in _letters()
        if re.search(r"phải sửa|không đọc được|chưa được tính", letter.splitlines()[0])
        and not re.search(r"^(1\. |- )\S", letter, re.MULTILINE)
    ]
    assert empty == []


def test_letters_hold_nothing_that_only_a_programmer_reads() -> None:
    wrong = re.compile(
        r"[{}]|\[\[|\]\]|\bNone\b|\bTrue\b|\bFalse\b|\b[a-z]+\.[a-z]+_[a-z_]+\b|inputs/|outputs/|  +\S+ +$"
    )
    found = {name: hits for name, letter in _letters() if (hits := wrong.findall(letter))}
    assert found == {}
    assert all(unicodedata.is_normalized("NFC", letter) for name, letter in _letters())


# --- all codes ----------------------------------------------------------------------------------


def test_every_code_that_a_return_can_raise_occurs_in_some_case() -> None:
    raised = {row[0] for name in NAMES for row in json.loads(cases()[name].expected("issues.json"))["issues"]}
    wanted = {code for code in CODES if code.startswith(RETURNED)}
    assert sorted(wanted - raised - set(PROVED_ELSEWHERE)) == []
    assert sorted(set(PROVED_ELSEWHERE) & raised) == [], "take it out of PROVED_ELSEWHERE"
    for code, file in PROVED_ELSEWHERE.items():
        told = (Path(__file__).parent / file).read_text(encoding="utf-8")
        assert re.search(rf"\b({re.escape(code)}|{code.partition('.')[2]})\b", told), code


@pytest.mark.parametrize("code", sorted(code for code in CODES if code.startswith(RETURNED)))
def test_a_code_of_returns_has_a_sentence_and_a_cure_that_a_clerk_understands(code: str) -> None:
    messages, _ = load_messages(ROOT / "templates" / "messages")
    for text in messages.texts[code]:
        assert unicodedata.is_normalized("NFC", text)
        bare = re.sub(r"\[\[|\]\]|\{\w+\}", "", text).strip()
        assert bare.endswith((".", "?"))
        assert text[0].isupper() or text[0] in "“{"
        assert not re.search(r"\b[a-z]+\.[a-z]+_[a-z_]+\b", bare)
        assert re.search(r"[àáảãạăâđèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵ]", bare)


# --- the folders --------------------------------------------------------------------------------


def test_there_are_enough_cases_and_every_group_has_some() -> None:
    assert len(NAMES) >= LEAST
    per_group = Counter(case.said["group"] for case in cases().values())
    assert set(per_group) == set(GROUPS)
    assert min(per_group.values()) >= 3


def test_cases_do_not_meet_each_other() -> None:
    numbers = Counter(case.number for case in cases().values())
    assert [number for number, count in numbers.items() if count > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_what_was_done_and_what_to_type(name: str) -> None:
    case = cases()[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert set(case.said) >= {"title", "group", "number", "did", "fix", "files"}
    for key in ("title", "did", "fix"):
        assert unicodedata.is_normalized("NFC", case.said[key])
        assert case.said[key].endswith(".") is (key != "title")
    assert (case.folder / "command").read_text(encoding="utf-8").splitlines() == [
        f"ketnghia {words} {case.year}" for words in RUNS
    ]
