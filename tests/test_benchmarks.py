"""The benchmark runs and measures what it says: every step once, on two returns, in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import five_years, letters, tables
from benchmarks.__main__ import STEPS, reader
from benchmarks.equality import same_report, same_values
from benchmarks.measure import Clock, Cost, run
from benchmarks.sample import YEAR, Originals, Sample, make_originals, make_sample
from benchmarks.steps import STEPS as ALL_STEPS
from generator.pipeline.intake import ingest
from generator.pipeline.report import report_year

RETURNS = 2


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Originals:
    return make_originals(tmp_path_factory.mktemp("originals") / "a", RETURNS, resave=False)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, originals: Originals) -> Sample:
    made = make_sample(tmp_path_factory.mktemp("sample") / "b", RETURNS, originals)
    assert not ingest(made.workspace, YEAR).failed
    report_year(made.workspace, YEAR)
    return made


def _step(name: str, sample: Sample, count: int) -> Cost:
    clock = Clock()
    told = ALL_STEPS[name](sample.workspace.root, count, clock)
    return Cost(clock.cpu, clock.wall, 1.0, told)


def test_the_sample_is_read_as_it_was_filled_in_and_as_openpyxl_reads_it(sample: Sample, originals: Originals) -> None:
    read = reader(sample)
    for code, filled in originals.answers.items():
        path = sample.folder / f"{code}.xlsx"
        assert same_values(path, read(path), filled) >= 400
    with pytest.raises(SystemExit):
        same_values(path, read(path), {("", 0, "nguoi_ky"): "ai khác"})


def test_every_step_runs_and_the_tables_show_it(sample: Sample, originals: Originals) -> None:
    root = sample.workspace.root
    ours = {name: _step(name, sample, RETURNS) for name in STEPS}
    ours |= {"ingest": Cost(1.0, 1.0, 50.0), "made": Cost(0.5, 0.5, 60.0)}
    usual = {name: _step(f"usual_{name}", sample, 1) for name in ("blank", "report", "whole")}
    floor = {name: _step(f"floor_{name}", sample, RETURNS) for name in ("blank", "read", "report")}
    one = tables.Compared(RETURNS, 1, 1203, ours, usual, floor)
    shown = "\n".join([tables.heading(sample, originals), tables.costs(one), tables.rest(one), tables.aims(one)])
    assert "normalise + validate" in shown
    first = originals.answers[sample.partners[0]]
    amounts = [value for (table, _, field), value in first.items() if (table, field) == ("hoat_dong", "gia_tri")]
    assert usual["whole"].told["total"] == sum(amounts)
    written = next(sample.workspace.year_outputs(YEAR).glob("*.docx")).read_bytes()
    same_report(written, (root / "usual.docx").read_bytes(), sample.total)
    with pytest.raises(SystemExit):
        same_report(written, written, sample.total + 1)


def test_a_command_is_watched_with_what_it_starts(tmp_path: Path) -> None:
    cost = run(["python3", "-c", "x = bytearray(40_000_000); print('{\"n\": 1}')"], tmp_path)
    assert cost.told == {"n": 1}
    assert cost.peak > 40_000_000 / 2**20


def test_five_years_are_measured_out_of_a_filled_register(tmp_path: Path) -> None:
    told = five_years.prepare(tmp_path / "five", 3)
    cost = Cost(1.0, 1.0, 1.0, dict(five_years.report(tmp_path / "five")))
    assert told["values"] > 50 * told["returns"]
    assert cost.told["figures"] > 100
    assert "peak memory, MB" in five_years.shown(3, Cost(1.0, 1.0, 1.0, dict(told)), cost)


def test_letters_are_measured_once_both_ways_say_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["letters", "--count", "3", "--usual", "1"])
    letters.main()
    told = capsys.readouterr().out
    assert "rendered and checked" in told
    assert "3 letters, seconds" in told
