"""Verdicts come of the issues alone, and nobody is refused without being told of at least one fault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blank_cases import ROOT
from generator.definitions.load import load_messages
from generator.issues import CODES, Issue, Place, Severity, issue
from generator.model import COUNTED, Verdict
from generator.pipeline.reply_facts import _REFUSED
from generator.pipeline.verdicts import REFUSING, VERDICTS, verdict
from generator.stages.reply.faults import grouped, told

MESSAGES, _ = load_messages(Path(ROOT) / "templates" / "messages")

any_issue = st.builds(
    lambda code, severity, cell: Issue(code, severity or CODES[code], Place("a.xlsx", "Trang", cell), {"value": "1"}),
    st.sampled_from(sorted(CODES)),
    st.sampled_from([None, *Severity]),
    st.sampled_from(["", "B2", "C12", "D12"]),
)


@given(st.lists(any_issue, max_size=8), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_the_issues_does_not_matter(found: list[Issue], nil: bool, chance: object) -> None:
    mixed = list(found)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert verdict(mixed, nil=nil) is verdict(found, nil=nil)


@given(st.lists(any_issue, max_size=8), st.booleans())
def test_nobody_is_refused_without_a_fault_that_says_why(found: Sequence[Issue], nil: bool) -> None:
    stands = verdict(found, nil=nil)
    faults = grouped(told(found, MESSAGES, None), None)
    named = [one for one in faults if one.severity is Severity.ERROR and one.sentence and one.cure]
    errors = [one for one in found if one.severity is Severity.ERROR]
    if stands is Verdict.WAITING_FOR_CORRECTION or (stands in _REFUSED and errors):
        assert named
    assert sum(one.count for one in faults if one.severity is Severity.ERROR) <= len(errors)


@given(st.lists(any_issue, max_size=8), st.booleans())
def test_what_counts_has_no_error_and_what_has_none_counts(found: list[Issue], nil: bool) -> None:
    errors = any(one.severity is Severity.ERROR for one in found)
    refused = any(one.code in REFUSING for one in found)
    assert (verdict(found, nil=nil) in COUNTED) is not (errors or refused)


@pytest.mark.parametrize("code", ["office.damaged", "archive.missing", "delivery.reader_failed"])
def test_what_could_not_be_opened_is_unreadable_whatever_else_is_known(code: str) -> None:
    others = [issue("delivery.wrong_year", Place()), issue("rule.product", Place())]
    assert verdict([*others, issue(code, Place())]) is Verdict.UNREADABLE


def test_every_refusal_is_an_error_that_exists_and_every_verdict_has_its_words() -> None:
    assert {CODES[code] for code in REFUSING} == {Severity.ERROR}
    assert set(VERDICTS) == set(Verdict)
