"""Letterhead: what stands in a report besides its figures: issuer, dates, legal bases, names of who did not send.

In:   registry, Period, standings, how the house writes. Out: the values of plans.STANDARD_NAMES; a warning for each
      missing setting.
Pure. Imports model, issues, stages.figures, pipeline.report_period, vietnamese.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from generator.issues import Issue, issue
from generator.model import Registry
from generator.pipeline.report_period import REGISTRY, Period
from generator.stages.figures import Standing, State
from generator.vietnamese.house import USUAL, HouseStyle
from generator.vietnamese.order import order_key

LISTS = ("kinh_gui", "noi_nhan", "chuc_vu_ky")
"""Settings of several lines."""
TEXTS = ("co_quan_chu_quan", "co_quan_ban_hanh", "ten_co_quan", "ky_hieu", "dia_danh")
BLANK = "nguoi_ky"
"""A setting that may be empty until somebody signs."""
UNSET = "…"


def letterhead(
    registry: Registry,
    period: Period,
    standings: Sequence[Standing],
    style: HouseStyle = USUAL,
    *,
    illustrative: bool,
) -> tuple[dict[str, object], list[Issue]]:
    """The standard names of letterhead and period; settings and legal bases are those in force on the last day.

    `standings` are those of the form whose obligations the report counts, in the last year.
    """
    day = period.end
    head, found = heading(registry, day)
    words: dict[str, object] = {
        "minh_hoa": illustrative,
        **_years(period, style),
        "can_cu": _bases(registry, day),
        **head,
    }
    for state in (State.MISSING, State.WAITING, State.NIL, State.EXEMPT):
        words[f"ten_don_vi_{state}"] = _names(one for one in standings if one.state is state)
    words["ten_don_vi_muon"] = _names(one for one in standings if one.counted and one.late)
    return words, found


def _names(standings: Iterable[Standing]) -> list[str]:
    return sorted((one.obligation.partner.name for one in standings), key=order_key)


def heading(registry: Registry, day: date) -> tuple[dict[str, object], list[Issue]]:
    """The settings of the letterhead in force on a day, by name; a warning for each that is missing."""
    found: list[Issue] = []
    words: dict[str, object] = {BLANK: " ".join(setting(registry, BLANK, day) or ())}
    for name in (*TEXTS, *LISTS):
        lines = setting(registry, name, day)
        if lines is None:
            found.append(issue("report.no_setting", REGISTRY, name=name, day=day.strftime("%d/%m/%Y")))
        words[name] = (lines or []) if name in LISTS else " ".join(lines or [UNSET])
    return words, found


def unset_words(words: Mapping[str, object], found: Sequence[Issue]) -> frozenset[str]:
    """Names of the settings that are missing, and of the signer where nobody is named."""
    missing = frozenset(one.params["name"] for one in found if one.code == "report.no_setting")
    return missing if words.get(BLANK) else missing | {BLANK}


def _years(period: Period, style: HouseStyle) -> dict[str, object]:
    return {
        "nam": str(period.last),
        "nam_truoc": str(period.last - 1),
        "nam_sau": str(period.last + 1),
        "tu_nam": str(period.first),
        "den_nam": str(period.last),
        "so_nam": style.count(len(period.years)),
        "cac_nam": [str(year) for year in period.years],
        "ky_tu": period.start,
        "ky_den": period.end,
        "han_gui": period.campaign.deadline,
        "ban_do_ngay": period.map_date,
    }


def setting(registry: Registry, name: str, day: date) -> list[str] | None:
    """The lines of a setting on that day: all rows of its latest date that has come; None when there is none."""
    valid = [one for one in registry.settings if one.name == name and (one.since is None or one.since <= day)]
    if not valid:
        return None
    latest = max(one.since or date.min for one in valid)
    return [one.value for one in valid if (one.since or date.min) == latest and one.value]


def _bases(registry: Registry, day: date) -> list[dict[str, object]]:
    """The documents in force on that day, the oldest first."""
    valid = [
        one
        for one in registry.legal_bases
        if (one.since or one.issued) <= day and (one.until is None or one.until >= day)
    ]
    return [
        {"loai": one.kind, "so": one.number, "ngay": one.issued, "co_quan": one.body, "trich_yeu": one.subject}
        for one in sorted(valid, key=lambda one: (one.issued, one.number))
    ]
