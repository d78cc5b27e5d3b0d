"""The same twenty filled returns, whatever program saved them in whatever format, give the same values."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from round_trip import FORMS, Address, filled, forms, random_answers, taken_in
from saved_by import as_strict, as_xlsm, by_libreoffice, by_node, by_openpyxl

from generator.issues import Issue
from generator.model import Scalar
from generator.pipeline.examine import Examined

Returns = Mapping[str, Mapping[str, bytes]]

SENT = ("KN-01", "KN-02", "KN-01", "KN-00", "KN-02", "KN-03") * 3 + ("KN-00", "KN-03")
KINDS = (
    "openpyxl", "strict", "xlsm", "libreoffice.xlsx", "libreoffice.xls", "libreoffice.ods", "exceljs.xlsx",
    "sheetjs.xlsx", "sheetjs.xlsm", "sheetjs.xlsb", "sheetjs.xls", "sheetjs.ods",
)  # fmt: skip

ESCAPED, MEANT = "_x0041_", "A"
UNESCAPED = ("sheetjs.xlsx", "sheetjs.xlsm")
"""SheetJS does not escape again what looks like an escape: its .xlsx holds an A, and every program reads an A."""
SHOWN = ("sheetjs.ods",)
"""SheetJS writes no visibility into .ods: our hidden sheets come back as somebody's."""


def code_of(name: str) -> str:
    return name[:5].upper()


@pytest.fixture(scope="module")
def answers() -> Mapping[str, dict[Address, Scalar]]:
    return {
        f"{code.lower()}-{number:02}": random_answers(Random(number), 0.85, code) for number, code in enumerate(SENT)
    }


@pytest.fixture(scope="module")
def returns(answers: Mapping[str, dict[Address, Scalar]], tmp_path_factory: pytest.TempPathFactory) -> Returns:
    """Program and format -> the returns, each program run once for all of them."""
    own = {name: filled(given, code_of(name)) for name, given in answers.items()}
    folder = tmp_path_factory.mktemp("formats")
    with ThreadPoolExecutor(2) as both:
        office = both.submit(by_libreoffice, own, folder / "libreoffice")
        node = both.submit(by_node, own, folder / "node")
        saved: dict[str, Mapping[str, bytes]] = {"own": own}
        for kind, again in (("openpyxl", by_openpyxl), ("strict", as_strict), ("xlsm", as_xlsm)):
            saved[kind] = {name: again(content) for name, content in own.items()}
        return saved | office.result() | node.result()


@pytest.fixture(scope="module")
def read(returns: Returns) -> Mapping[str, Examined]:
    return {name: taken_in(content, *FORMS) for name, content in returns["own"].items()}


def answered(examined: Examined, code: str) -> dict[Address, Scalar]:
    """The answers of unlocked fields."""
    assert examined.submission is not None, examined.issues
    locked = {(path.rpartition(".")[0], field.code) for path, field in forms()[code].paths() if field.locked}
    return {
        (value.table, value.row, value.field): value.value
        for value in examined.submission.values
        if (value.table, value.field) not in locked
    }


def meant(value: Scalar, kind: str) -> Scalar:
    """What the file that the program saved really holds."""
    return value.replace(ESCAPED, MEANT) if kind in UNESCAPED and isinstance(value, str) else value


def told(examined: Examined, kind: str) -> list[Issue]:
    """The issues, but for what the program's own ways add to them."""
    added = {"office.macros"} if kind == "xlsm" else set()
    added |= {"cell.not_read", "cell.more_not_read"} if kind in SHOWN else set()
    return [one for one in examined.issues if one.code not in added]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_returns_in_any_format_give_the_same_values(
    kind: str, returns: Returns, answers: Mapping[str, dict[Address, Scalar]], read: Mapping[str, Examined]
) -> None:
    for name, given in answers.items():
        examined = taken_in(returns[kind][name], *FORMS)
        assert answered(examined, code_of(name)) == {where: meant(value, kind) for where, value in given.items()}, name
        own = read[name]
        assert examined.verdict == own.verdict
        if kind not in UNESCAPED:
            assert told(examined, kind) == told(own, ""), name
            assert examined.submission is not None
            assert own.submission is not None
            assert examined.submission.values == own.submission.values, name


def test_every_field_type_of_the_forms_is_drawn(answers: Mapping[str, dict[Address, Scalar]]) -> None:
    types = {(code, field.code): field.type for code in FORMS for _, field in forms()[code].paths() if not field.locked}
    drawn = {types[code_of(name), where[2]] for name, given in answers.items() for where in given}
    assert drawn == set(types.values())
    assert len(answers) == 20
