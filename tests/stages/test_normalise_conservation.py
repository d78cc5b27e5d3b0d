"""Conservation: what somebody typed ends as a value, in an issue, or on the list of cells not read."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.definitions import grid
from generator.model import CellKey, Raw, RawSheet, RawWorkbook
from generator.office.workbook.address import address
from generator.stages.normalise import normalise
from generator.vietnamese.text import clean
from spreadsheet_tables import FILE, LISTS, YEAR, SheetCells, drawn_sheets, printed, small_form, workbook

FORM = small_form()
PRINTED = printed(FORM)

CELLS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["so_ho", grid.END_MARK, grid.TOTAL_MARK, grid.COLUMNS_MARK, "KN-01/bang", "KN-01/chung", "Quà"]),
    st.floats(),
    st.booleans(),
    st.just(datetime(2025, 3, 14)),  # noqa: DTZ001
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
SPOTS = st.tuples(st.integers(1, 26), st.integers(1, 14))
TYPED = st.dictionaries(SPOTS, CELLS, max_size=30)
ERRORS = st.dictionaries(SPOTS.map(lambda key: CellKey(*key)), st.just("#REF!"), max_size=3)


@settings(max_examples=150)
@given(chung=TYPED, bang=TYPED, errors=ERRORS, own=TYPED)
def test_every_cell_that_somebody_typed_ends_somewhere(
    chung: dict[tuple[int, int], Raw],
    bang: dict[tuple[int, int], Raw],
    errors: dict[CellKey, str],
    own: dict[tuple[int, int], Raw],
) -> None:
    drawn = drawn_sheets(FORM, "")
    drawn["chung"].cells.update(chung)
    drawn["bang"].cells.update(bang)
    drawn["bang"].errors.update(errors)
    for key in errors:
        drawn["bang"].cells.pop(key, None)
    # a sheet with a mark of ours would be a copy of that sheet
    drawn["own"] = SheetCells("Riêng", {key: raw for key, raw in own.items() if not str(raw).startswith("KN-01/")})
    returned, issues = normalise(workbook(drawn), FORM, LISTS, FILE, YEAR, PRINTED)
    ended = {(one.sheet, one.cell) for one in returned.values} | {(one.place.sheet, one.place.cell) for one in issues}
    ended = {(sheet, cell) for sheet, cell in ended if cell}
    typed = {
        (sheet.name, address(*key))
        for code, sheet in drawn.items()
        for key, raw in [*sheet.cells.items(), *sheet.errors.items()]
        if raw != "" and not _is_empty(raw) and not _is_ours(_prints(code, sheet), key, raw)
    }
    counted = sum(int(one.params["count"]) for one in issues if one.code == "cell.more_not_read")
    totals = {("Hoạt động", address(row, 9)) for row in range(1, 27)}  # a total that is right, or an error, is ours
    assert len(typed - ended - totals) <= counted
    assert len({(one.sheet, one.cell) for one in returned.values}) == len(returned.values)


def _is_empty(raw: Raw) -> bool:
    return isinstance(raw, str) and not any(sign.isprintable() and not sign.isspace() for sign in raw)


def _prints(code: str, sheet: SheetCells) -> frozenset[str]:
    """What the blank has on this sheet; on one that bears another sheet's mark as well, what it has on that one."""
    marked = {str(raw).removeprefix("KN-01/") for raw in sheet.cells.values() if str(raw).startswith("KN-01/")}
    return frozenset().union(*(PRINTED.get(one, frozenset()) for one in {code, *marked}))


def _is_ours(texts: frozenset[str], key: tuple[int, int], raw: Raw) -> bool:
    """Whether the blank has this very content."""
    if isinstance(raw, str):
        return clean(raw) in texts or raw.startswith("KN-01/")  # marks say which sheet it is
    return key[1] <= 2 and isinstance(raw, float) and raw in range(100) and str(int(raw)) in texts


@settings(max_examples=60)
@given(sheets=st.lists(st.lists(st.lists(CELLS, max_size=6), max_size=12), max_size=4))
def test_no_workbook_breaks_it(sheets: list[list[list[Raw]]]) -> None:
    raw = tuple(RawSheet(f"S{n}", tuple(tuple(row) for row in rows)) for n, rows in enumerate(sheets))
    normalise(RawWorkbook(workbook({}).identity, raw), FORM, LISTS, FILE, YEAR, PRINTED)


@pytest.mark.usefixtures("no_collector")
def test_ten_times_the_rows_take_ten_times_as_long() -> None:
    def seconds(count: int) -> float:
        drawn = drawn_sheets(FORM, "")
        drawn["bang"] = drawn["bang"].inserted(row=19, count=count)
        for row in range(12, 12 + count):
            drawn["bang"].cells.update({(row, 5): f"Quà {row}", (row, 9): 1000.0, (row, 12): "lạ", (row, 6): "Tiền"})
        raw = workbook(drawn)
        start = time.process_time()
        returned, _ = normalise(raw, FORM, LISTS, FILE, YEAR, PRINTED)
        assert len(returned.values) == 3 * count
        return time.process_time() - start

    assert min(seconds(6_000) for _ in range(3)) < 40 * min(seconds(600) for _ in range(3))
