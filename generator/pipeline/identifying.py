"""Identifying: whose return a workbook is by what it shows, and where that contradicts what it carries hidden.

In:   the raw workbook, its answers, the names of partners. Out: Identity and issues; a doubt is asked, never decided.
Pure. Imports the stage read for what covers say, definitions, vietnamese, model, issues.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from generator.definitions.forms import Form, SheetKind
from generator.definitions.returned import Returned
from generator.issues import Issue, Place, issue
from generator.model import Campaign, Identity, RawWorkbook
from generator.stages.read import Line, cover
from generator.vietnamese.text import clean, matching_key

Names = Mapping[str, Set[str]]
"""Codes of the partners that bear a name, by its matching key."""

_UNREAD, _TWICE, _MISSING, _WRONG_YEAR = "cell.not_read", "sheet.twice", "sheet.missing", "delivery.wrong_year"


def completed(
    said: Identity, returned: Returned, form: Form, raw: RawWorkbook, names: Names, owing: Set[str]
) -> tuple[Identity, list[Issue]]:
    """The identity with what its hidden part lacks: from the form's own cells, else from the lines of the title blocks.

    A name that several bear, or none, is no identity: the issues say so.
    """
    shown = {
        asked.prefill: returned.single(asked.code)
        for sheet in form.sheets
        for asked in sheet.fields
        if asked.prefill in ("partner.code", "campaign.year")
    }
    partner, year = shown.get("partner.code"), shown.get("campaign.year")
    said = replace(
        said,
        partner=said.partner or (partner if isinstance(partner, str) else ""),
        year=said.year or (year if isinstance(year, int) else 0),
    )
    found: list[Issue] = []
    if said.partner and said.year:
        return said, found
    lines = cover(raw.sheets)
    if not said.year and len({line.said for line in lines.years}) == 1:
        first = lines.years[0]
        said = replace(said, year=int(first.said))
        found.append(issue("delivery.year_by_heading", _at(returned.file, first), value=first.said))
    if not said.partner:
        code, told = _by_name(lines.units, returned, names, owing)
        return replace(said, partner=code), [*found, *told]
    return said, found


def _by_name(units: Sequence[Line], returned: Returned, names: Names, owing: Set[str]) -> tuple[str, list[Issue]]:
    """The one partner that the title blocks name, and that it was known by its name."""
    by_key = _by_key(units)
    if len(by_key) != 1:
        return "", [] if not by_key else [_two_returns(returned.file, list(by_key.values()))]
    ((key, line),) = by_key.items()
    bearing = names.get(key, frozenset())
    codes = sorted(bearing & owing or bearing)
    if not codes:
        return "", []
    place = _at(returned.file, line)
    if len(codes) > 1:
        return "", [issue("delivery.partner_unclear", place, value=line.said, codes=", ".join(codes))]
    return codes[0], [issue("delivery.partner_by_name", place, value=line.said, code=codes[0])]


# --- what contradicts the identity ------------------------------------------------------------


def doubted(
    said: Identity, returned: Returned, form: Form, raw: RawWorkbook, faults: Iterable[Issue], names: Names
) -> list[Issue]:
    """Where the cover names another partner or another year: somebody reused a blank, or copied a return."""
    found: list[Issue] = []
    if not said.partner or not names:
        return found
    for asked in (single for sheet in form.sheets for single in sheet.fields if single.prefill == "partner.name"):
        shown = returned.single(asked.code)
        if isinstance(shown, str):
            found += _name_doubted(said, shown, returned.place(asked.code), names)
    told_of = {one.code for one in faults}
    # what a cover says that was not printed by us is among the cells that were not read
    if _UNREAD in told_of:
        lines = cover(raw.sheets)
        if _TWICE in told_of and len(_by_key(lines.units)) > 1:
            return found  # two returns in one file: `gathered` says so
        found += (
            doubt for line in lines.units for doubt in _name_doubted(said, line.said, _at(returned.file, line), names)
        )
        odd = [line for line in lines.years if line.said != str(said.year)]
        for line in odd[:1] if said.year else ():
            told = {"value": line.said, "expected": said.year, "at": line.cell}
            found.append(issue("delivery.year_line_differs", _at(returned.file, line), **told))
    first = {one.code: one for one in reversed(found)}
    if "delivery.name_of_another" in first:
        first.pop("delivery.name_differs", None)
    return list(first.values())


def _name_doubted(said: Identity, shown: str, place: Place, names: Names) -> list[Issue]:
    bearing = names.get(matching_key(shown))
    if bearing is None:
        return [issue("delivery.name_differs", place, value=clean(shown), expected=said.partner)]
    if said.partner in bearing:
        return []
    told = {"value": clean(shown), "owner": ", ".join(sorted(bearing)), "expected": said.partner}
    return [issue("delivery.name_of_another", place, **told)]


# --- what is too much or too little for one return --------------------------------------------


def gathered(issues: Sequence[Issue], raw: RawWorkbook, form: Form, file: str) -> list[Issue]:
    """The issues with those told as one that have one cause: two returns in one file, or a part of one."""
    twice = [one for one in issues if one.code == _TWICE]
    if twice:
        units = _by_key(cover(raw.sheets).units)
        if len(units) > 1:
            told = _two_returns(file, list(units.values()))
            follows = {_TWICE, "delivery.name_of_another", "delivery.name_differs"}
            return [told, *(one for one in issues if one.code not in follows)]
    missing = [one.params["sheet"] for one in issues if one.code == _MISSING]
    asked = [sheet.title for sheet in form.sheets if sheet.kind in (SheetKind.FIELDS, SheetKind.TABLE)]
    if len(missing) >= 2 and 2 * len(missing) >= len(asked):
        has = [title for title in asked if title not in missing]
        told = _part(file, has, missing)
        return [told, *(one for one in issues if one.code != _MISSING)]
    return list(issues)


def _two_returns(file: str, lines: Sequence[Line]) -> Issue:
    first, second = (f"{line.said} (trang “{line.sheet}”)" for line in lines[:2])
    return issue("delivery.two_returns", Place(file, lines[1].sheet, lines[1].cell), first=first, second=second)


def _part(file: str, has: Sequence[str], missing: Sequence[str]) -> Issue:
    named = [", ".join(f"“{title}”" for title in titles) for titles in (has, missing)]
    return issue("delivery.part_of_return", Place(file), has=named[0], missing=named[1])


# --- a year that was forgotten ----------------------------------------------------------------


def year_forgotten(
    issues: Sequence[Issue], said: Identity, returned: Returned, form: Form, campaign: Campaign
) -> list[Issue]:
    """The issues; where the workbook is of another year but most dates lie in the period, that is asked instead."""
    if said.year in (0, campaign.year):
        return list(issues)
    start, end = campaign.start.isoformat(), campaign.end.isoformat()
    dates = {path for path, asked in form.paths() if asked.type == "date" and "." in path}
    days = [one.value for one in returned.values if f"{one.table}.{one.field}" in dates and isinstance(one.value, str)]
    within = sum(start[: len(day)] <= day <= end[: len(day)] for day in days)
    if not within or 2 * within < len(days):
        return list(issues)
    told = {"value": said.year, "expected": campaign.year, "count": within}
    rest = [one for one in issues if one.code != _WRONG_YEAR]
    return [issue("delivery.year_forgotten", Place(returned.file), **told), *rest]


def _by_key(lines: Iterable[Line]) -> dict[str, Line]:
    """The first line that names each unit."""
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(matching_key(line.said), line)
    return found


def _at(file: str, line: Line) -> Place:
    return Place(file, line.sheet, line.cell)
