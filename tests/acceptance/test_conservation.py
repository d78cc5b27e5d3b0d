"""Property 2: each cell that a partner typed ends as a value, in an issue, or on the list of cells not read."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from desk import export, told_json
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from round_trip import blank, filled, random_answers, taken_in
from typed_cells import Address, Cell, RawBook, Typed, column_of, row_of

from generator.pipeline.examine import Examined

CHECKS, CALCULATED = "Kiểm tra", range(4, 10)
"""The checks sheet asks nothing and is calculated in these columns."""
LISTED = 200
"""So many cells that were not read are listed one by one; of the rest the number is told."""


def ended(examined: Examined) -> list[Address]:
    """Where every value and every issue of the return stands."""
    values = examined.submission.values if examined.submission else ()
    return [(one.sheet, one.cell) for one in values] + [(one.place.sheet, one.place.cell) for one in examined.issues]


def may_be_typed(where: Address) -> bool:
    """Whether something typed there is somebody's answer."""
    return where[0] != CHECKS or (column_of(where[1]) not in CALCULATED and row_of(where[1]) != 7)


@cache
def empty_book() -> RawBook:
    return RawBook(filled({}))


@cache
def printed_texts() -> frozenset[str]:
    """What the blank itself says: a copied heading or row number is nobody's answer."""
    return frozenset[str]().union(*blank().printed.values())


@cache
def titles() -> tuple[str, ...]:
    return tuple(empty_book().parts)


def says_nought(text: str) -> bool:
    """Whether a text says 0: typed over the total of a table without rows it agrees, and there is nothing to tell."""
    return not text.strip("+-0.,")


anything: st.SearchStrategy[Typed] = st.one_of(
    st.sampled_from(["12.500.000 đồng", "khoảng vài chục", "x", "Trà Dơn", "=1+1", "2025", "\u00a0a", "#het?", "<b>&"]),
    st.text(
        st.characters(min_codepoint=33, max_codepoint=0x1EFF, exclude_categories=("C", "Z", "M")), min_size=1
    ).filter(lambda text: text not in printed_texts() and not says_nought(text)),
    st.integers(-(10**16), 10**16).filter(lambda number: not 0 <= number <= 400),
    st.floats(0.001, 1e9).filter(lambda number: not number.is_integer()),
    st.booleans(),
)
places = st.builds(
    lambda title, row, column: (title, f"{get_column_letter(column)}{row}"),
    st.sampled_from(titles()),
    st.integers(1, 130),
    st.integers(1, 24),
)


@settings(max_examples=60)
@given(st.randoms(use_true_random=False), st.dictionaries(places, anything, max_size=25))
def test_whatever_is_typed_wherever_is_never_dropped(chance: random.Random, typed: dict[Address, Typed]) -> None:
    book = RawBook(filled(random_answers(chance, 0.3)))
    before = book.cells()
    own = {where: value for where, value in typed.items() if may_be_typed(where) and _is_free(before, where)}
    content = book.with_typed(own)
    found = ended(taken_in(content))
    answered = {where for where, cell in RawBook(content).cells().items() if cell.filled and cell.unlocked}
    assert (own.keys() | answered) - set(found) == set()


def _is_free(cells: Mapping[Address, Cell], where: Address) -> bool:
    """Whether the cell is the partner's to type in: unlocked, or empty in a sheet whose protection was taken off."""
    cell = cells.get(where)
    return cell is None or cell.unlocked or not cell.filled


@pytest.mark.parametrize("count", [LISTED - 1, LISTED + 57])
def test_very_many_cells_in_the_wrong_place_are_listed_and_the_rest_counted(count: int) -> None:
    typed: dict[Address, Typed] = {("Đánh giá", f"J{row}"): f"ghi chú {row}" for row in range(200, 200 + count)}
    found = taken_in(empty_book().with_typed(typed)).issues
    listed = {(one.place.sheet, one.place.cell) for one in found if one.code == "cell.not_read"}
    beyond = sum(int(one.params["count"]) for one in found if one.code == "cell.more_not_read")
    assert listed <= set(typed)
    assert len(listed) + beyond == count


def test_a_value_is_never_counted_twice() -> None:
    for seed in range(5):
        examined = taken_in(filled(random_answers(random.Random(seed))))
        assert examined.submission is not None
        cells = [(one.sheet, one.cell) for one in examined.submission.values]
        assert len(cells) == len(set(cells))


@pytest.mark.parametrize("year", [2024, 2025])
def test_every_cell_typed_in_the_demo_is_exported_or_in_an_issue(demo: Path, year: int) -> None:
    lines = [json.loads(line) for line in (demo / "inputs" / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    archived = {one["file"]: one["sha256"] for one in lines}
    status = told_json(demo, "status", year, "--json")
    read = {(row["file"], row["sheet"], row["cell"]) for row in export(demo, year)}
    counted = [row["file"] for row in status if row["counted_revision"] and row["counted_revision"] == row["revision"]]
    assert len(counted) >= 8
    cells = 0
    for file in counted:
        book = RawBook((demo / "inputs" / "archive" / archived[file]).read_bytes())
        typed = {where for where, cell in book.cells().items() if cell.filled and cell.unlocked}
        cells += len(typed)
        assert {(file, *where) for where in typed} <= read
    assert cells > 800
