"""A small registry with every kind of event, and returns of all forms, for the tests of the merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from generator.model import Campaign, Counted, Event, EventKind, Partner, Registry, Scalar
from generator.stages.merge import Dataset, merge
from report_cases import counted, forms, gift

REFORM = date(2025, 7, 1)
BEFORE = date(2025, 6, 30)


def version(
    code: str, district: str = "", since: date | None = None, until: date | None = None, *, both: bool = False
) -> Partner:
    gives = code.startswith("DV")
    return Partner(code, f"{code} (minh họa)", "", gives or both, not gives or both, district, since, until)


def returned(
    form: str,
    sender: str,
    year: int,
    rows: Sequence[Mapping[str, Scalar]] = (),
    table: str = "tong_hop",
    fields: Mapping[str, Scalar] | None = None,
    revision: int = 1,
) -> Counted:
    """A return of any form, with these rows in one table."""
    one = counted(sender, (), fields, year=year, tables={table: rows}, revision=revision)
    return replace(one, key=f"{form}/{year}/{sender}/r{revision}", submission=replace(one.submission, form=form))


def event(kind: EventKind, day: date, sources: str, target: str) -> Event:
    return Event(day, kind, tuple(sources.split()), target)


PARTNERS = (
    version("DV-0001"),
    version("DV-0002", until=date(2025, 2, 28)),
    version("DV-0003", until=date(2025, 2, 28)),
    version("DV-0009", since=date(2025, 3, 1)),
    version("XA-0001", "Nam Trà My", until=BEFORE),
    version("XA-0002", "Nam Trà My", until=BEFORE),
    version("XA-0003", "Bắc Trà My", until=date(2022, 12, 31)),
    version("XA-0003", "Nam Trà My", since=date(2023, 1, 1)),
    version("XA-0004", "Tây Giang", until=date(2023, 6, 30)),
    version("XA-0041", "Tây Giang", since=date(2023, 7, 1)),
    version("XA-0042", "Đông Giang", since=date(2023, 7, 1)),
    version("XA-0005", "Phước Sơn", until=date(2024, 3, 31)),
    version("XA-0009", "", since=REFORM),
)
EVENTS = (
    event(EventKind.MERGE, date(2025, 3, 1), "DV-0002 DV-0003", "DV-0009"),
    event(EventKind.MERGE, REFORM, "XA-0001 XA-0002", "XA-0009"),
    event(EventKind.MOVE, date(2023, 1, 1), "XA-0003", "XA-0003"),
    event(EventKind.SPLIT, date(2023, 7, 1), "XA-0004", "XA-0041"),
    event(EventKind.SPLIT, date(2023, 7, 1), "XA-0004", "XA-0042"),
    event(EventKind.DISSOLVE, date(2024, 4, 1), "XA-0005", ""),
)
CAMPAIGNS = tuple(
    Campaign(year, date(year - 1, 12, 15), date(year, 12, 14), date(year, 12, 20), "", ()) for year in range(2021, 2026)
)
REGISTRY = Registry(PARTNERS, (), CAMPAIGNS, events=EVENTS)


def merged(*returns: Counted, map_date: date | None = None) -> Dataset:
    return merge(returns, REGISTRY, forms(), map_date=map_date)


def keys(frame: pd.DataFrame, *names: str) -> list[tuple[object, ...]]:
    return [
        tuple(None if pd.isna(one) else one for one in row)
        for row in frame[list(names)].astype(object).itertuples(index=False)
    ]


def gifts(year: int, *communes: str, sender: str = "DV-0001") -> Counted:
    return counted(sender, [gift(5, commune=commune) for commune in communes], {"so_van_ban": 1}, year=year)
