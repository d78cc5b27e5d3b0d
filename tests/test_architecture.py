"""The house keeps its budgets and its words: what import-linter and ruff cannot say is checked here, in `make lint`.

Reads files only and imports nothing of the package, so that it also judges modules that do not run yet.
"""

from __future__ import annotations

import ast
import configparser
import io
import re
import tokenize
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "generator"

FILE_LINES = 400
FUNCTION_LINES = 60
TEMPLATE_ENGINE_LINES = 900
DEPTH = 2

FORBIDDEN_NAMES = frozenset(["data", "info", "item", "handle", "process", "manager", "utils", "helpers", "common"])

CONFIG = configparser.ConfigParser()
CONFIG.read(ROOT / "setup.cfg", encoding="utf-8")
PURE_CONTRACT = CONFIG["importlinter:contract:pure"]

PURE_STAGES = ("obligations", "normalise", "validate", "merge", "compare", "figures", "trace")
PURE_DEFINITIONS = (
    "aggregations",
    "fieldtypes",
    "forms",
    "grid",
    "layout",
    "letters",
    "near_labels",
    "plans",
    "prefills",
    "reasons",
    "returned",
    "rules",
)
PURE_MODULES = (
    "generator.issues",
    "generator.lineage",
    "generator.model",
    "generator.vietnamese",
    *(f"generator.definitions.{name}" for name in PURE_DEFINITIONS),
    *(f"generator.stages.{name}" for name in PURE_STAGES),
)
"""Modules and packages that reach no file, database, clock, network or YAML (the floors, in the design)."""

IMPURE_IMPORTS = frozenset(
    name for name in PURE_CONTRACT["forbidden_modules"].split() if not name.startswith("generator.")
)
IMPURE_CALLS = frozenset({"open", "input", "print", "eval", "exec", "compile", "__import__", "breakpoint"})
CLOCK_CALLS = frozenset({("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")})

# --- what there is ------------------------------------------------------------------------------


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


IGNORED = [".git/", *(line for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split() if line[0] != "!")]


def _is_ignored(path: Path) -> bool:
    """Whether .gitignore leaves it out. Read here, because there may be no git where the tests run."""
    return any(
        fnmatch(_shown(path), pattern) if "/" in pattern[:-1] else fnmatch(path.name, pattern.rstrip("/"))
        for pattern in IGNORED
    )


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if _is_ignored(path) or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


FILES = tuple(_walk(ROOT))
PYTHON = tuple(path for path in FILES if path.suffix == ".py")
OURS = tuple(path for path in PYTHON if PACKAGE in path.parents)


@cache
def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path) or "", _shown(path))


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_pure(module: str) -> bool:
    return any(module == pure or module.startswith(f"{pure}.") for pure in PURE_MODULES)


PURE = tuple(path for path in OURS if _is_pure(_module(path)))


# --- budgets ------------------------------------------------------------------------------------


def test_no_file_is_longer_than_its_budget() -> None:
    lengths = {_shown(path): (_text(path) or "").count("\n") for path in PYTHON}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_its_budget() -> None:
    long = {
        f"{_shown(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in PYTHON
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= FUNCTION_LINES
    }
    assert long == {}


def test_the_word_template_engine_stays_small() -> None:
    lines = sum((_text(path) or "").count("\n") for path in (PACKAGE / "office" / "template").glob("*.py"))
    assert lines <= TEMPLATE_ENGINE_LINES


def test_no_folder_lies_deeper_than_two() -> None:
    deep = [_shown(path) for path in OURS if len(path.relative_to(PACKAGE).parent.parts) > DEPTH]
    assert deep == []


# --- words --------------------------------------------------------------------------------------


def test_every_module_says_what_it_is() -> None:
    silent = [_shown(path) for path in PYTHON if _tree(path).body and not ast.get_docstring(_tree(path))]
    assert silent == []


def _names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names that a module gives: functions, classes, arguments, variables, attributes of self, import aliases."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()):
                yield node.attr, node.lineno
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node.lineno
            case ast.Import() | ast.ImportFrom():
                yield from ((alias.asname, node.lineno) for alias in node.names if alias.asname)


def test_no_name_is_one_of_those_that_say_nothing() -> None:
    found = [
        f"{_shown(path)}:{line} {name}"
        for path in PYTHON
        for name, line in [(path.stem, 0), (path.parent.name, 0), *_names(_tree(path))]
        if name.strip("_").lower() in FORBIDDEN_NAMES
    ]
    assert found == []


# --- floors that import-linter does not see -----------------------------------------------------


def test_nobody_inside_imports_the_root_of_the_package() -> None:
    found = []
    for path in OURS:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Import):
                found += [f"{_shown(path)}:{node.lineno}" for alias in node.names if alias.name == "generator"]
            elif isinstance(node, ast.ImportFrom) and (node.level or node.module == "generator"):
                found.append(f"{_shown(path)}:{node.lineno}")
    assert found == [], "write `from generator.x import y`, also for neighbours"


def test_the_package_of_definitions_is_empty() -> None:
    assert _text(PACKAGE / "definitions" / "__init__.py") == "", "pure stages must not reach YAML through it"


def test_the_contract_of_pure_modules_names_each_that_exists() -> None:
    existing = {_module(path) for path in OURS}
    named = set(PURE_CONTRACT["source_modules"].split())
    assert named == existing.intersection(PURE_MODULES), "add it to source_modules in setup.cfg"
    forbidden = {name for name in PURE_CONTRACT["forbidden_modules"].split() if name.startswith("generator.")}
    assert forbidden == existing.intersection({"generator.definitions.load"})


def _impure(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                for alias in node.names:
                    if alias.name.partition(".")[0] in IMPURE_IMPORTS:
                        yield node.lineno, alias.name
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in IMPURE_IMPORTS:
                yield node.lineno, module
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_CALLS:
                yield node.lineno, f"{name}()"
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if (
                owner,
                name,
            ) in CLOCK_CALLS:
                yield node.lineno, f"{owner}.{name}"


def test_pure_modules_touch_no_file_no_clock_and_no_network() -> None:
    found = [f"{_shown(path)}:{line} {what}" for path in PURE for line, what in _impure(_tree(path))]
    assert found == []


def test_pure_modules_do_not_know_how_things_are_stored() -> None:
    found = [
        f"{_shown(path)}:{token.start[0]} {token.string}"
        for path in PURE
        for token in tokenize.generate_tokens(io.StringIO(_text(path) or "").readline)
        if token.type == tokenize.NAME and re.search("yaml|sqlite|sqlalchemy", token.string.lower())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import os.path", "os.path"),
        ("from pathlib import Path", "pathlib"),
        ("open('x')", "open()"),
        ("import datetime as dt\ndt.datetime.now()", "datetime.now"),
        ("from datetime import date\ndate.today()", "date.today"),
    ],
)
def test_the_check_of_pure_modules_sees(source: str, what: str) -> None:
    assert [found for _, found in _impure(ast.parse(source))] == [what]


# --- what the repository must not carry ---------------------------------------------------------

# This file is searched too, and none of the patterns matches its own source.
HOMES = re.compile(r"(?<![\w.%*-])/(?:home|root|work|Users)/\w")
REGISTRIES = re.compile(r"registry\.npmjs|registry\.yarnpkg|pypi\.org/simple|files\.pythonhosted")


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """The text of a file, or the texts inside an Office file, each with the name to show."""
    text = _text(path)
    if text is not None:
        yield _shown(path), text
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                yield f"{_shown(path)}!{name}", package.read(name).decode("utf-8", "replace")


@pytest.mark.parametrize("pattern", [HOMES, REGISTRIES], ids=["folders of a developer's machine", "registry hosts"])
def test_the_repository_names_no(pattern: re.Pattern[str]) -> None:
    found = [f"{name}: {hit[0]}" for path in FILES for name, text in _texts(path) for hit in pattern.finditer(text)]
    assert found == []


def test_what_people_read_is_composed_unicode() -> None:
    folders = [ROOT / "generator", ROOT / "templates", ROOT / "docs"]
    decomposed = [
        f"{_shown(path)}:{number}"
        for path in FILES
        if any(folder in path.parents for folder in folders)
        for number, line in enumerate((_text(path) or "").splitlines(), 1)
        if not unicodedata.is_normalized("NFC", line)
    ]
    assert decomposed == []


def test_every_package_is_shipped() -> None:
    shipped = set(CONFIG["options"]["packages"].split())
    assert {_module(path.parent / "__init__.py") for path in OURS} == shipped - {"ketnghia_templates"}


def test_no_two_test_files_have_one_name() -> None:
    names = Counter(path.name for path in PYTHON if path.name.startswith("test_"))
    assert [name for name, count in names.items() if count > 1] == [], "pytest imports them by their names alone"


def test_every_dependency_has_its_reason_on_record() -> None:
    page = (ROOT / "docs" / "adr" / "0002-dependencies.md").read_text(encoding="utf-8")
    required = {re.split("[<>=~! ]", line)[0] for line in CONFIG["options"]["install_requires"].split("\n") if line}
    assert set(re.findall(r"^\| ([a-z][a-z0-9-]+) \|", page, re.MULTILINE)) - {"package"} == required
