"""What holds for every form that partners or the board fill in, and that each can be read back as it was filled."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_forms import random_answers, shipped, there_and_back

from generator.definitions.forms import SheetKind
from generator.definitions.rules import RULES

CODES = ("KN-00", "KN-01", "KN-02", "KN-03")
NEW = ("KN-00", "KN-02", "KN-03")
LONGEST_HINT, LONGEST_TITLE = 255, 31
"""Excel cuts hints and refuses titles that are longer."""

every_form = pytest.mark.parametrize("code", CODES)


@every_form
def test_the_guide_stands_first_and_the_checks_last(code: str) -> None:
    kinds = [sheet.kind for sheet in shipped(code).sheets]
    assert (kinds[0], kinds[-1]) == (SheetKind.GUIDE, SheetKind.CHECKS)
    assert all(len(sheet.title) <= LONGEST_TITLE and sheet.heading for sheet in shipped(code).sheets)
    assert shipped(code).intro


@every_form
def test_each_field_has_help_that_fits_an_input_hint(code: str) -> None:
    assert [path for path, field in shipped(code).paths() if not 0 < len(field.help) <= LONGEST_HINT] == []


@every_form
def test_the_key_row_of_each_table_is_complete(code: str) -> None:
    for sheet in shipped(code).sheets:
        keys = [column.key for column in sheet.table.columns] if sheet.table else []
        assert "" not in keys
        assert len(set(keys)) == len(keys)


@every_form
def test_a_table_is_not_wider_than_its_page_stays_readable(code: str) -> None:
    for sheet in shipped(code).sheets:
        width = sum(column.width for column in sheet.table.columns) if sheet.table else 0
        assert width <= (215 if sheet.landscape else 125), sheet.title


@every_form
def test_numbers_that_are_counted_say_of_what(code: str) -> None:
    counted = {path: field for path, field in shipped(code).paths() if field.type in ("integer", "money")}
    unitless = {path for path, field in counted.items() if not field.unit}
    assert unitless <= {"nam_bao_cao", "hoat_dong.dong_ke_hoach"}


@every_form
def test_what_the_board_prefills_is_locked_and_nothing_else_is(code: str) -> None:
    fields = dict(shipped(code).paths())
    assert {path for path, field in fields.items() if field.locked} == {
        path for path, field in fields.items() if field.prefill
    }
    wanted = {"partner.code", "partner.name", "campaign.year", "campaign.period"}
    assert wanted <= {field.prefill for field in fields.values()}


@every_form
def test_each_rule_says_why_and_what_is_expected(code: str) -> None:
    form = shipped(code)
    for rule in form.rules:
        assert rule.why
        assert rule.label
        assert RULES[rule.type].hint(rule, form).endswith(".")


@pytest.mark.parametrize("code", NEW)
@settings(max_examples=12, deadline=None)
@given(chance=st.randoms(use_true_random=False), share=st.sampled_from([0.3, 1.0]))
def test_reading_a_filled_blank_gives_the_answers_back(code: str, chance: random.Random, share: float) -> None:
    answers = random_answers(shipped(code), chance, share)
    read, issues = there_and_back(code, answers)
    assert read == answers
    assert issues == []


@pytest.mark.parametrize("code", NEW)
def test_an_empty_blank_holds_no_answer(code: str) -> None:
    assert there_and_back(code, {}) == ({}, [])
