"""Three years by hand: two givers that become one, three communes in two districts, a poverty standard that changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from generator.definitions.load_plans import load_plan
from generator.definitions.plans import ReportPlan
from generator.model import (
    Assignment,
    Campaign,
    Counted,
    Event,
    EventKind,
    Figure,
    Obligation,
    Partner,
    Registry,
    Scalar,
    Submission,
    Value,
    Verdict,
)
from generator.stages.figures import Directory, Quotes, Standing, figures
from generator.stages.merge import merge
from report_cases import forms

YEARS = (2023, 2024, 2025)
MERGED = date(2025, 1, 1)
GIVERS = {"DV-0001": "Sở (minh họa) 01", "DV-0002": "Sở (minh họa) 02", "DV-0003": "Sở (minh họa) 03"}
COMMUNES = {
    "XA-0001": ("xã (minh họa) A", "Nam Trà My"),
    "XA-0002": ("xã (minh họa) B", "Bắc Trà My"),
    "XA-0003": ("xã (minh họa) C", "Bắc Trà My"),
}
OLD_STANDARD, STANDARD = "2016_2020", "2021_2025"


def _giver(code: str, since: date | None = None, until: date | None = None) -> Partner:
    return Partner(code, GIVERS[code], "", True, False, since=since, until=until)


PARTNERS = {
    **{code: _giver(code, until=date(2024, 12, 31)) for code in ("DV-0001", "DV-0002")},
    "DV-0003": _giver("DV-0003", since=MERGED),
    **{code: Partner(code, name, "", False, True, district=district) for code, (name, district) in COMMUNES.items()},
}
REGISTRY = Registry(
    tuple(PARTNERS.values()),
    (Assignment("DV-0001", "XA-0001"), Assignment("DV-0002", "XA-0002")),
    tuple(
        Campaign(
            year, date(year - 1, 12, 15), date(year, 12, 14), date(year, 12, 20), "ban@example", ("KN-01", "KN-02")
        )
        for year in YEARS
    ),
    events=(Event(MERGED, EventKind.MERGE, ("DV-0001", "DV-0002"), "DV-0003", "Quyết định 01 (minh họa)"),),
)
DIRECTORY = Directory(
    names={code: partner.name for code, partner in PARTNERS.items()},
    names_today={"DV-0001": GIVERS["DV-0003"], "DV-0002": GIVERS["DV-0003"]},
    today={"DV-0001": "DV-0003", "DV-0002": "DV-0003"},
    assigned=("XA-0001", "XA-0002"),
)


def returned(
    form: str,
    partner: str,
    year: int,
    fields: dict[str, Scalar] | None = None,
    **tables: list[dict[str, Scalar]],
) -> Counted:
    """A return that counts, its values numbered in this order: fields first, then the rows of each table."""
    named = [("", 0, fields or {"ma_don_vi": partner})]
    named += [(table, at, row) for table, of in tables.items() for at, row in enumerate(of, start=1)]
    values = tuple(
        Value(table, row, name, value, str(value), table, f"A{at}")
        for at, (table, row, name, value) in enumerate(
            ((table, row, name, value) for table, row, answers in named for name, value in answers.items()), start=1
        )
    )
    said = Submission(form, "1", partner, year, "0" * 64, f"inputs/{year}/{partner}.xlsx", values)
    return Counted(f"{form}/{year}/{partner}/r1", said, datetime(year, 12, 1, tzinfo=UTC), Verdict.ACCEPTED)


def gave(year: int, giver: str, *gifts: tuple[str, str, int], **more: list[dict[str, Scalar]]) -> Counted:
    """Gifts of (commune, kind, value)."""
    rows: list[dict[str, Scalar]] = [
        {"xa": commune, "loai": kind, "noi_dung": "Hỗ trợ", "gia_tri": value, "nguon": "don_vi"}
        for commune, kind, value in gifts
    ]
    return returned("KN-01", giver, year, hoat_dong=rows, **more)


def poor(year: int, commune: str, households: int, standard: str) -> Counted:
    """What a commune says of its poor households at the end of a year."""
    return returned("KN-02", commune, year, {"ngheo_cuoi_ky": households, "chuan_ngheo": standard})


RETURNS = (
    gave(2023, "DV-0001", ("XA-0001", "nha_o", 10_100_000)),
    gave(2023, "DV-0002", ("XA-0002", "con_giong", 20_400_000)),
    gave(2024, "DV-0001", ("XA-0001", "qua", 5_300_000)),
    gave(2025, "DV-0003", ("XA-0001", "nha_o", 30_000_000), ("XA-0002", "bien_gioi", 4_200_000)),
    poor(2023, "XA-0001", 100, STANDARD),
    poor(2023, "XA-0002", 50, OLD_STANDARD),
    poor(2023, "XA-0003", 30, STANDARD),
    poor(2025, "XA-0001", 80, STANDARD),
    poor(2025, "XA-0002", 40, STANDARD),
)


def _standing(form: str, code: str, year: int, verdict: Verdict = Verdict.ACCEPTED, day: int = 1) -> Standing:
    there = verdict in (Verdict.ACCEPTED, Verdict.NIL)
    at = datetime(year, 12, day, tzinfo=UTC) if there else None
    return Standing(Obligation(PARTNERS[code], form, year, date(year, 12, 20)), verdict, at, revision=int(there))


_GONE = Verdict.MISSING
STANDINGS = {
    ("KN-01", 2023): (_standing("KN-01", "DV-0001", 2023), _standing("KN-01", "DV-0002", 2023, day=28)),
    ("KN-01", 2024): (_standing("KN-01", "DV-0001", 2024), _standing("KN-01", "DV-0002", 2024, _GONE)),
    ("KN-01", 2025): (_standing("KN-01", "DV-0003", 2025),),
    ("KN-02", 2023): tuple(_standing("KN-02", code, 2023) for code in COMMUNES),
    ("KN-02", 2024): tuple(_standing("KN-02", code, 2024, _GONE) for code in COMMUNES),
    ("KN-02", 2025): (
        _standing("KN-02", "XA-0001", 2025),
        _standing("KN-02", "XA-0002", 2025),
        _standing("KN-02", "XA-0003", 2025, Verdict.EXEMPT),
    ),
}


@cache
def plan() -> ReportPlan:
    """The plan that uses everything a plan may say."""
    found, faults = load_plan(Path(__file__).parent / "definitions" / "plan_v2.yaml", forms())
    assert found is not None, faults
    return found


def dataset(returns: tuple[Counted, ...] = RETURNS):
    """The returns merged, restated to the day after the givers became one."""
    return merge(returns, REGISTRY, forms(), map_date=date(2025, 12, 14))


@cache
def made() -> list[Figure]:
    """Every figure of the plan."""
    return figures(dataset(), plan(), forms(), YEARS, STANDINGS)


def quotes(*returns: Counted) -> Quotes:
    """What these returns say, gathered for the plan."""
    gathered = Quotes(plan(), DIRECTORY.names, forms(), YEARS)
    for one in returns:
        gathered.take(one)
    return gathered
