"""Property 1: what is filled into a blank is what is read, whatever it is and whatever program saved it."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from round_trip import Address, filled, form, random_answers, taken_in

from generator.issues import Issue
from generator.model import Scalar
from generator.pipeline.examine import Examined


def read_back(examined: Examined) -> dict[Address, Scalar]:
    """The answers of unlocked fields."""
    assert examined.submission is not None
    locked = {(path.rpartition(".")[0], field.code) for path, field in form().paths() if field.locked}
    return {
        (value.table, value.row, value.field): value.value
        for value in examined.submission.values
        if (value.table, value.field) not in locked
    }


def reading_faults(examined: Examined) -> list[Issue]:
    """What was found amiss before any rule of the form was asked."""
    return [one for one in examined.issues if one.code.startswith(("cell.", "field.", "sheet.", "table.", "delivery."))]


@settings(max_examples=60)
@given(st.randoms(use_true_random=False), st.sampled_from([0.2, 0.8, 1.0]))
def test_reading_a_filled_blank_gives_the_answers_back(chance: random.Random, share: float) -> None:
    answers = random_answers(chance, share)
    examined = taken_in(filled(answers))
    assert read_back(examined) == answers
    assert reading_faults(examined) == []


def test_every_field_type_of_the_form_is_drawn() -> None:
    drawn = {where[2] for seed in range(8) for where in random_answers(random.Random(seed), 1.0)}
    assert drawn == {field.code for _, field in form().paths() if not field.locked}


def test_the_answers_survive_being_opened_and_saved_by_libreoffice(tmp_path: Path) -> None:
    seed = random.Random().randrange(10**6)
    sent = {f"{number}.xlsx": random_answers(random.Random(seed + number), 0.9) for number in range(4)}
    for name, answers in sent.items():
        (tmp_path / name).write_bytes(filled(answers))
    saved = _saved_by_libreoffice(tmp_path, list(sent))
    for name, answers in sent.items():
        examined = taken_in((saved / name).read_bytes())
        assert read_back(examined) == answers, f"seed {seed}, file {name}"
        assert reading_faults(examined) == [], f"seed {seed}, file {name}"


def _saved_by_libreoffice(folder: Path, names: list[str]) -> Path:
    """All files opened and saved again in one call of the office."""
    office = shutil.which("soffice")
    if office is None:
        pytest.fail("LibreOffice is missing: apt-get install --no-install-recommends libreoffice-calc-nogui")
    saved, profile = folder / "saved", folder / "profile"
    command = [office, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(saved)]
    done = subprocess.run(
        [*command, *(str(folder / name) for name in names)], capture_output=True, check=False, timeout=120
    )
    assert sorted(path.name for path in saved.glob("*.xlsx")) == sorted(names), done.stderr.decode()
    return saved
