"""Every code has a sentence and a cure; hostile params stay text."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.definitions.load import load_messages
from generator.definitions.messages import PLACEHOLDER, Messages
from generator.issues import CODES, Issue, Place, Severity

ROOT = Path(__file__).resolve().parents[2]
MESSAGES, FAULTS = load_messages(ROOT / "templates" / "messages")


def test_the_shipped_messages_have_no_fault() -> None:
    assert [(str(found.place), found.code, dict(found.params)) for found in FAULTS] == []


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_sentence_and_a_cure_in_composed_vietnamese(code: str) -> None:
    for text in MESSAGES.texts[code]:
        assert text.strip()
        assert unicodedata.is_normalized("NFC", text)
        bare = PLACEHOLDER.sub("", text.replace("{{", "").replace("}}", ""))
        assert not re.search(r"\{[^{}]+\}", bare), "a placeholder is {lower_case}"
        assert text.count("[[") == text.count("]]")


def test_every_code_that_the_program_names_is_in_the_table() -> None:
    groups = {code.partition(".")[0] for code in CODES}
    named = re.compile(rf'(?:issue|fault|unknown|_Refused)\(\s*"((?:{"|".join(groups)})\.[a-z_]+)"')
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "generator").rglob("*.py")]
    assert {code for source in sources for code in named.findall(source)} - set(CODES) == set()


SAMPLE = Messages({"a.b": ("Không có “{name}”.", "[[Có phải “{near}”? ]]Dùng: {known}.")})


def sample(**params: str) -> Issue:
    return Issue("a.b", Severity.ERROR, Place("tệp.yaml", line=3), params)


@pytest.mark.parametrize(
    ("params", "sentence", "cure"),
    [
        ({"name": "x", "near": "y", "known": "y, z"}, "Không có “x”.", "Có phải “y”? Dùng: y, z."),
        ({"name": "x", "near": "", "known": "y"}, "Không có “x”.", "Dùng: y."),
        ({"name": "x"}, "Không có “x”.", "Dùng: …."),
        ({"name": "{known}", "known": "bí mật"}, "Không có “{known}”.", "Dùng: bí mật."),
        ({"name": "{{a}}", "known": "{{ % }}"}, "Không có “{{a}}”.", "Dùng: {{ % }}."),
        ({"name": "[[a]]", "known": "{0.__class__}"}, "Không có “[[a]]”.", "Dùng: {0.__class__}."),
        ({"name": "hai\ndòng\x1b[31m", "known": "k"}, "Không có “hai dòng[31m”.", "Dùng: k."),
        ({"name": "d" * 300, "known": "k"}, "Không có “" + "d" * 200 + "…”.", "Dùng: k."),
    ],
)
def test_params_are_put_in_and_never_interpreted(params: dict[str, str], sentence: str, cure: str) -> None:
    assert (SAMPLE.sentence(sample(**params)), SAMPLE.cure(sample(**params))) == (sentence, cure)


def test_doubled_braces_stand_for_one() -> None:
    messages = Messages({"a.b": ("{{{{ {name} }}}} và {{%p", "x")})
    assert messages.sentence(sample(name="tong")) == "{{ tong }} và {%p"


def test_an_issue_reads_place_sentence_cure_and_code() -> None:
    shown = SAMPLE.render(sample(name="x", known="y"))
    assert shown == "tệp.yaml:3: Không có “x”.\n    Dùng: y.  [a.b]"


def test_a_code_without_message_is_shown_as_itself() -> None:
    assert Messages().render(Issue("a.b", Severity.ERROR, Place("f"))).startswith("f: a.b")


@given(st.dictionaries(st.sampled_from(["name", "near", "known"]), st.text(max_size=50)))
def test_no_param_makes_a_message_raise(params: dict[str, str]) -> None:
    assert SAMPLE.render(sample(**params))
