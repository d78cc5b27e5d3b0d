"""What the officer's guide says is so: its commands print what it shows, its pictures show what the program makes.

The year is played once, by one test: it takes longer than all other tests of the documentation.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import guide_pictures
from generator.definitions.load import load_messages
from guide_year import ACTS, FOLDER, GUIDE, pattern, play

TEXT = GUIDE.read_text(encoding="utf-8")
TEMPLATES = GUIDE.parents[1] / "templates"
ALL_PICTURES = 2_000_000


def test_a_year_goes_as_the_guide_tells_and_its_pictures_show(tmp_path: Path) -> None:
    typed = list(play(tmp_path))
    for one in typed:
        told = one.told.strip("\n") + "\n" if one.told.strip() else ""
        assert pattern(told).fullmatch(one.printed), f"$ {one.command}\n{one.printed}\nbut the guide says:\n{one.told}"
    assert {"init", "check", "blank", "ingest", "status", "issues", "export", "report", "trace", "rebuild"} == {
        one.command.split()[1] for one in typed
    }
    made_from = json.loads(guide_pictures.SOURCES.read_text(encoding="utf-8"))
    stands = {name: guide_pictures.told(one, tmp_path / FOLDER) for name, one in guide_pictures.TAKEN.items()}
    assert {name for name, told in stands.items() if made_from.get(name) != told} == set(), "run `make pictures`"


def test_every_picture_of_the_guide_is_taken_and_shown() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", TEXT)
    assert sorted(shown) == sorted(guide_pictures.TAKEN)
    made_from = json.loads(guide_pictures.SOURCES.read_text(encoding="utf-8"))
    assert sorted(made_from) == sorted(guide_pictures.TAKEN)
    assert sum(path.stat().st_size for path in guide_pictures.PICTURES.iterdir()) < ALL_PICTURES


def test_what_people_do_between_the_commands_is_told_once() -> None:
    assert re.findall(r"^<!-- làm: (.+?) -->$", TEXT, re.MULTILINE) == list(ACTS)


def test_every_fault_in_the_table_is_one_that_the_program_tells() -> None:
    messages, faults = load_messages(TEMPLATES / "messages")
    assert not faults
    sentences = [re.sub(r"\{\w+\}", "…", sentence) for sentence, _ in messages.texts.values()]
    (table,) = re.findall(r"^\| thông báo \|.*?\n\n", TEXT, re.MULTILINE | re.DOTALL)
    told = [line.split("|")[1].strip() for line in table.splitlines()[2:] if line]
    assert len(told) > 20

    def says(sentence: str, fault: str) -> bool:
        return re.search(".*".join(re.escape(part.strip()) for part in fault.split("…")), sentence) is not None

    assert [fault for fault in told if not any(says(sentence, fault) for sentence in sentences)] == []


def test_the_guide_needs_no_knowledge_of_programming() -> None:
    assert re.findall(r"\b(?:python|json|yaml|csv|sqlite|regex)\b", TEXT, re.IGNORECASE) == []
    assert "dữ liệu" not in TEXT  # one word per thing: số liệu
