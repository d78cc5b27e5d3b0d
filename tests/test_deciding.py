"""Deciding, the whole way: from the workbook of decisions to what counts, what is told and what is traced."""

from __future__ import annotations

import io
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
from openpyxl import load_workbook

import stand_in
from generator.definitions.load import load_messages
from generator.issues import CODES
from generator.model import Figure, Scalar
from generator.pipeline.intake import IngestSummary, ingest, rebuild, refreshed
from generator.pipeline.tracing import Known, answer
from generator.pipeline.workspace import Workspace
from generator.stages.register.database import Register
from generator.stages.trace import Traced

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


# --- the whole way ------------------------------------------------------------------------------------

BAD = {"codes": ["rule.required"]}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return stand_in.workspace(tmp_path / "ws")


def take_in(workspace: Workspace, fingerprint: str = "today") -> IngestSummary:
    with ThreadPoolExecutor(1) as executor:
        return ingest(workspace, 2025, judge=stand_in.judge(fingerprint, workspace.root), executor=executor)


def take_in_blindly(workspace: Workspace) -> IngestSummary:
    """As `take_in`, with a judge that does not open the workbook of decisions."""
    with ThreadPoolExecutor(1) as executor:
        return ingest(workspace, 2025, judge=stand_in.judge("today"), executor=executor)


def standing(workspace: Workspace) -> list[tuple[str, str, int, int, list[Scalar]]]:
    """Partner, verdict, revision, counted revision and counted amounts of each obligation."""
    with ThreadPoolExecutor(1) as executor:
        register, issues = refreshed(workspace, judge=stand_in.judge("today", workspace.root), executor=executor)
    assert issues == []
    with register:
        amounts = {one.submission.partner: [v.value for v in one.submission.values] for one in register.counted(2025)}
        return [
            (one.partner, one.verdict.value, one.revision, one.counted, amounts.get(one.partner, []))
            for one in register.states(2025)
        ]


def dump(workspace: Workspace) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(workspace.register)
    try:
        tables = ("deliveries", "blocks", "rulings", "years")
        return [row for table in tables for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
    finally:
        connection.close()


def test_a_decision_changes_only_the_return_it_means_and_only_once(workspace: Workspace) -> None:
    for number in (1, 2, 3):
        stand_in.drop(workspace.root, f"{number}.xlsx", partner=f"DV-000{number}", amounts=[number], **BAD)
    take_in(workspace)
    stand_in.decide(workspace.root, {"ruling": "chap_nhan", "partner": "DV-0002"})
    summary = take_in(workspace)
    assert (summary.judged, summary.decided) == (1, 1)
    assert standing(workspace) == [
        ("DV-0001", "waiting_for_correction", 1, 0, []),
        ("DV-0002", "accepted_with_warnings", 1, 1, [2]),
        ("DV-0003", "waiting_for_correction", 1, 0, []),
    ]
    before = dump(workspace)
    assert (take_in(workspace).judged, dump(workspace)) == (0, before)
    correction = {"ruling": "sua_so_lieu", "partner": "DV-0003", "cell": "J11", "value": 30}
    stand_in.decide(workspace.root, {"ruling": "chap_nhan", "partner": "DV-0002"}, correction)
    assert take_in(workspace).judged == 1, "the ruling that did not change is not made again"


def test_a_decision_that_is_taken_back_leaves_the_return_as_it_came(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1], **BAD)
    take_in(workspace)
    untouched = standing(workspace)
    path = stand_in.decide(workspace.root, {"ruling": "chap_nhan"})
    take_in(workspace)
    assert standing(workspace) != untouched
    path.unlink()
    assert (take_in(workspace).judged, standing(workspace)) == (1, untouched)
    assert take_in(workspace).judged == 0


def test_a_later_return_is_judged_on_its_own_and_the_decided_one_stands_while_it_waits(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1], **BAD)
    correct_it = {"ruling": "sua_so_lieu", "cell": "J11", "value": 9, "day": "2025-10-10"}
    stand_in.decide(workspace.root, {"ruling": "chap_nhan", "day": "2025-10-10"}, correct_it)
    take_in(workspace)
    assert standing(workspace) == [("DV-0001", "accepted_with_warnings", 1, 1, [9])]
    stand_in.drop(workspace.root, "2.xlsx", modified=1_765_000_000, amounts=[2], **BAD)
    take_in(workspace)
    assert standing(workspace) == [("DV-0001", "waiting_for_correction", 2, 1, [9])]


def test_a_correction_makes_no_revision_and_the_same_file_again_still_repeats(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1])
    stand_in.decide(workspace.root, {"ruling": "sua_so_lieu", "cell": "J11", "value": 5})
    take_in(workspace)
    stand_in.drop(workspace.root, "2.xlsx", amounts=[1])
    take_in(workspace)
    assert standing(workspace) == [("DV-0001", "accepted", 1, 1, [5])]


def test_the_register_is_the_same_when_it_is_made_anew(workspace: Workspace) -> None:
    for number in (1, 2):
        stand_in.drop(workspace.root, f"{number}.xlsx", partner=f"DV-000{number}", amounts=[number], **BAD)
    take_in(workspace)
    stand_in.decide(workspace.root, {"ruling": "chap_nhan"}, {"ruling": "chap_nhan", "partner": "DV-0009"})
    take_in(workspace)
    before = dump(workspace)
    with ThreadPoolExecutor(1) as executor:
        rebuild(workspace, judge=stand_in.judge("today", workspace.root), executor=executor)
    assert dump(workspace) == before
    workspace.register.unlink()
    standing(workspace)
    assert dump(workspace) == before
    assert take_in(workspace).judged == 0


def test_a_correction_of_last_year_has_this_years_returns_judged_again(workspace: Workspace) -> None:
    judge = stand_in.judge("today", workspace.root)
    (workspace.inputs / "2024").mkdir()
    old = stand_in.drop(workspace.root, "old.xlsx", amounts=[1], year=2024)
    old.rename(workspace.inputs / "2024" / "old.xlsx")
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1])
    with ThreadPoolExecutor(1) as executor:
        ingest(workspace, 2024, judge=judge, executor=executor)
        ingest(workspace, 2025, judge=judge, executor=executor)
        stand_in.decide(workspace.root, {"ruling": "sua_so_lieu", "cell": "J11", "value": 5}, year=2024)
        assert ingest(workspace, 2024, judge=judge, executor=executor).judged == 2


def test_what_is_wrong_with_a_decision_is_told_on_every_run_until_it_is_mended(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1], partner="DV-0002", codes=["delivery.wrong_partner"])
    stand_in.decide(workspace.root, {"ruling": "chap_nhan", "partner": "DV-0002"})
    for _ in range(2):
        summary = take_in(workspace)
        assert "decision.cannot_accept" in [one.code for one in summary.notes]
        assert summary.failed
    stand_in.decide(workspace.root)
    assert not [one for one in take_in(workspace).notes if one.code.startswith("decision.")]


def test_the_first_ingest_of_a_year_offers_the_workbook_and_never_writes_over_one(workspace: Workspace) -> None:
    forms = workspace.templates / "forms"
    forms.mkdir()
    (forms / "qd-01.yaml").write_bytes((TEMPLATES / "forms" / "qd-01.yaml").read_bytes())
    path = workspace.inputs / "2025" / "quyet-dinh.xlsx"
    take_in_blindly(workspace)
    assert not path.exists(), "nothing arrived yet"
    stand_in.drop(workspace.root, "1.xlsx", amounts=[1])
    take_in_blindly(workspace)
    offered = path.read_bytes()
    assert load_workbook(io.BytesIO(offered)).sheetnames[:2] == ["Hướng dẫn", "Quyết định"]
    assert take_in_blindly(workspace).judged == 0
    path.write_bytes(b"the officer's own")
    stand_in.drop(workspace.root, "2.xlsx", amounts=[2])
    take_in_blindly(workspace)
    assert path.read_bytes() == b"the officer's own"


def test_every_code_of_decisions_has_its_sentence_and_cure() -> None:
    messages, faults = load_messages(TEMPLATES / "messages")
    assert faults == []
    asked = {code for code in CODES if code.startswith("decision.")}
    assert asked <= set(messages.texts)


def test_a_corrected_value_is_traced_to_the_decision_that_changed_it(workspace: Workspace) -> None:
    stand_in.drop(workspace.root, "1.xlsx", amounts=[70, 3])
    stand_in.decide(workspace.root, {"ruling": "sua_so_lieu", "cell": "J11", "value": 7})
    take_in(workspace)
    figure = Figure("tong", "Tổng", 10, "đồng", "sum", ("KN-01/2025/DV-0001/r1/1", "KN-01/2025/DV-0001/r1/2"))
    with Register.open(workspace.register) as register:
        (told,) = answer(register, Known((Traced(figure, ("10",)),)), "tong", "2025").contract()
    first, second = cast("list[dict[str, Any]]", told["cells"])
    assert (first["value"], first["raw"], second["value"]) == (7, "70", 3)
    assert first["decision"] == {
        "place": "inputs/2025/quyet-dinh.xlsx:Quyết định!D12",
        "before": "70",
        "after": "7",
        "reason": "Đã hỏi",
        "by": "Trưởng phòng",
        "day": "2025-12-31",
    }
    assert "decision" not in second
