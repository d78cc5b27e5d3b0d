"""Every issue code is raised somewhere, has a case that raises it, and its words fit what it is told with.

Read from the sources of the program and of its tests; the cases that no other test makes are in test_issue_cases.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path

from generator.definitions.load import load_messages
from generator.definitions.messages import PLACEHOLDER
from generator.issues import CODES

ROOT = Path(__file__).resolve().parents[1]
MESSAGES, _ = load_messages(ROOT / "templates" / "messages")
CODE = re.compile(r"\b[a-z]+\.[a-z_]+\b")

BUILT = {
    "definitions/rule_reading.py": {
        'f"form.unknown_{kind}"': ("field", "column", "table", "operator", "pattern"),
    },
}
"""Codes that are put together from a closed table of kinds: by file, the expression and the kinds."""

SHORT = {
    "office/template/test_template_faults.py": "template.",
    "test_arrivals.py": "delivery.",
    "stages/test_bundle.py": "delivery.",
    "stages/test_inspect.py": "inspect.",
    "definitions/test_values_of_dates.py": "cell.",
    "definitions/test_values_of_lists.py": "cell.",
    "definitions/test_values_of_numbers.py": "cell.",
}
"""Tests that write codes without their group."""


def _trees(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        if "node_modules" not in path.parts:
            yield path.relative_to(folder).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _said(tree: ast.Module) -> frozenset[str]:
    """All texts of a module but its docstrings."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told)
    return frozenset(node.value for node in found if isinstance(node.value, str))


@cache
def _program() -> Mapping[str, ast.Module]:
    """The modules of the program, but for the table of codes itself."""
    return {name: tree for name, tree in _trees(ROOT / "generator") if name != "issues.py"}


def _missing(found: set[str]) -> list[str]:
    return [code for code in CODES if code not in found]


# --- what the sources say ---------------------------------------------------------------------------


def _built() -> Iterator[tuple[str, str]]:
    """The codes of BUILT with their files."""
    for file, expressions in BUILT.items():
        for expression, kinds in expressions.items():
            yield from ((file, expression.removeprefix('f"').replace('{kind}"', kind)) for kind in kinds)


def test_every_code_is_raised_somewhere() -> None:
    raised = set(chain.from_iterable(_said(tree) for tree in _program().values()))
    assert _missing(raised | {code for _, code in _built()}) == [], "delete a code that nothing raises, with its words"
    for file, expressions in BUILT.items():
        source = (ROOT / "generator" / file).read_text(encoding="utf-8")
        assert all(expression in source for expression in expressions)


def test_every_code_has_a_case() -> None:
    cases: set[str] = set()
    for file, tree in _trees(ROOT / "tests"):
        said = _said(tree)
        cases.update(chain.from_iterable(CODE.findall(text) for text in said))
        cases |= {f"{SHORT[file]}{text}" for text in said if file in SHORT}
    for path in (ROOT / "tests" / "cases").rglob("*.txt"):
        cases.update(CODE.findall(path.read_text(encoding="utf-8")))
    assert _missing(cases) == [], "write a test that raises the code"


# --- what the words are filled with -----------------------------------------------------------------

ADDED = {
    "unknown": {"name", "near", "known"},
    "one_of": {"name", "near", "known"},
    "_once": {"name", "first"},
    "Reading": {"value", "field"},
}
"""Params that a function adds to those it is called with."""
MARKED = ("office/template", "pipeline/report_names.py")
"""Code whose faults are told with the mark they stand in."""
KEEPERS = ("Reading", "_fault", "Repair")
"""What keeps a code with a map of params, for an issue that is made later."""


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Each code that is an argument as it stands, with the call."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        for argument in call.args:
            if isinstance(argument, ast.Constant) and argument.value in CODES:
                yield str(argument.value), call


def _loose(tree: ast.Module) -> set[str]:
    """Every name that a module uses for a param: keywords and texts that could be keys of a map."""
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    return {word for word in keywords | _said(tree) if word and word.isidentifier()}


def _params(call: ast.Call, loose: set[str]) -> set[str]:
    """What a call passes on; where it passes a map, any name that its module uses counts."""
    name = ast.unparse(call.func).rpartition(".")[2]
    given = {keyword.arg or "" for keyword in call.keywords}
    return ADDED.get(name, set()) | (loose if "" in given or name in KEEPERS else given)


def _passed() -> Mapping[str, set[str]]:
    """By code, the params that it may be told with."""
    passed: dict[str, set[str]] = defaultdict(set)
    for file, tree in _program().items():
        loose = _loose(tree) | ADDED["unknown"]
        # a mark of a Word template adds itself, the text around it and its plan to whatever fault it has
        marks = {"tag", "text", "plan"} if file.startswith(MARKED) else set()
        called = set()
        for code, call in _calls(tree):
            called.add(code)
            passed[code] |= _params(call, loose) | marks
        kept = {text for text in _said(tree) if text in CODES} | {code for one, code in _built() if one == file}
        for code in kept - called:
            passed[code] |= loose | marks
    return passed


def test_a_sentence_and_a_cure_ask_only_for_what_the_code_is_told_with() -> None:
    passed = _passed()
    asked = {code: set(PLACEHOLDER.findall(" ".join(MESSAGES.texts[code]))) for code in CODES}
    assert {code: names - passed[code] for code, names in asked.items() if names - passed[code]} == {}


# --- how the words read -----------------------------------------------------------------------------

ENGLISH = re.compile(
    r"\b(file|sheet|cell|error|row|column|value|field|form|table|folder|mail|email|warning|note|number|date|"
    r"click|report|partner|return|workbook|blank|register|invalid|missing)\b",
    re.IGNORECASE,
)
NOT_PROSE = re.compile(r"`[^`]*`|\([^()]*\)|Excel Workbook|Word Document|(error|warning|note) (?=\()|\S*[/\\.{}_]\S+")
"""Commands, what an English Excel calls a thing, words of a definition with their meaning, paths, placeholders."""


def _with_and_without_optional_parts(text: str) -> tuple[str, str]:
    return re.sub(r"\[\[|\]\]", "", text).rstrip(), re.sub(r"\[\[.*?\]\]", "", text).rstrip()


def test_messages_are_whole_sentences_in_composed_vietnamese() -> None:
    odd = [
        (code, text)
        for code in CODES
        for text in MESSAGES.texts[code]
        if not all(one.endswith((".", "?")) for one in _with_and_without_optional_parts(text))
        or not unicodedata.is_normalized("NFC", text)
        or "  " in text
    ]
    assert odd == []


def test_messages_use_no_english_word_where_there_is_a_vietnamese_one() -> None:
    found = {
        code: words
        for code in CODES
        if (words := set(ENGLISH.findall(NOT_PROSE.sub(" ", " ".join(MESSAGES.texts[code])))))
    }
    assert found == {}
