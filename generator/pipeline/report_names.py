"""Report names: every name that the template of a plan may use, with what each has below it.

In:   ReportPlan, forms. Out: names as a tree; why a path leads nowhere.
Pure. Imports definitions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.definitions.forms import SIDES, Form
from generator.definitions.plans import (
    DISTRICT_KEYS,
    PARTNER_KEYS,
    SIDE_KEY,
    YEAR_KEY,
    FigureSpec,
    Listing,
    Quote,
    ReportPlan,
    StandingList,
    reference,
)
from generator.definitions.plans_names import (
    COMPARISON_NAMES,
    GROUP_NAMES,
    ROW_NAMES,
    SAID_NAMES,
    STANDARD_LISTS,
    STANDARD_RECORDS,
    STANDING_NAMES,
    TOTAL_GROUP,
    YEAR_STATE_NAMES,
)
from generator.definitions.schema import nearest

EACH = "[]"
"""The step from a list to each of its rows."""

Parts = Mapping[str, "Parts | None"]
"""What a name has below it; None: any name (the codes of partners)."""

_ANY: Parts = {"*": None}
_STEP = re.compile(r"\[\]|[^.\[\]]+")


def names_of(plan: ReportPlan, forms: Mapping[str, Form]) -> dict[str, Parts]:
    """Every name of the report with what it has below it."""
    found: dict[str, Parts] = {name: {} for name in plan.names()}
    found |= dict.fromkeys(plan.unread, _ANY)
    found |= {name: {EACH: {}} for name in STANDARD_LISTS}
    found |= {name: {EACH: _leaves(*parts)} for name, parts in STANDARD_RECORDS.items()}
    below = {spec.code: _keys(spec, forms) for spec in plan.figures}
    below |= {state.code: [_ANY for _ in state.by] for state in plan.states}
    found |= {code: _nested(keys, {}) for code, keys in below.items()}
    for comparison in plan.comparisons:
        found[comparison.code] = _nested(_left(comparison.current, below), _leaves(*COMPARISON_NAMES))
    for ratio in plan.ratios:
        found[ratio.code] = _nested(_left(ratio.of, below), {})
    for scaled in plan.scaled:
        found[scaled.code] = _nested(_left(scaled.of, below), {}) | {TOTAL_GROUP: {}}
    for share in plan.shares:
        found[share.code] = _nested(_left(share.of, below), {}) | {TOTAL_GROUP: {}}
    found |= {one.code: {EACH: _row(one)} for one in plan.listings}
    found |= {one.code: {EACH: _standing(one)} for one in plan.standing_lists}
    found |= {one.code: {EACH: _quoted(one)} for one in plan.quotes}
    return found


def fault_of(name: str, path: str, names: Mapping[str, Parts]) -> tuple[str, dict[str, str]] | None:
    """Why a path leads nowhere: code of the issue and its params."""
    if name not in names:
        return "report.unknown_name", {"name": name, "near": nearest(name, names)}
    below: Parts | None = names[name]
    walked = name
    for step in _STEP.findall(path.removeprefix(name)):
        if below is None or ("*" in below and step not in below):
            return None
        if step not in below:
            known = [part for part in below if part != EACH]
            params = {"near": nearest(step, known), "known": ", ".join(known) or "chỉ dùng trực tiếp tên này"}
            if step == EACH:
                params["known"] = "giá trị này không phải danh sách"
            elif EACH in below:
                params["known"] = "lặp bằng for rồi dùng tên của dòng"
            return "report.unknown_part", {"name": walked, "part": "for" if step == EACH else step, **params}
        walked = f"{walked}.{step}" if step != EACH else walked
        below = below[step]
    return None


def _leaves(*names: str) -> dict[str, Parts | None]:
    return {name: {} for name in names}


def _keys(spec: FigureSpec, forms: Mapping[str, Form]) -> list[Parts]:
    """For each key of a figure the codes of its groups."""
    return [_codes(forms[spec.form], key) for key in spec.by]


def _codes(form: Form, key: str) -> Parts:
    """The codes that a key divides by, where a form's list says them; any for partners, districts and years."""
    if key in PARTNER_KEYS or key in DISTRICT_KEYS or key == YEAR_KEY:
        return _ANY
    if key == SIDE_KEY and form.role == "both":
        return _leaves(*(side.code for side in SIDES))
    column = next((field for _, field in form.paths() if field.code == key), None)
    if column is not None and column.type == "yes_no":
        return _leaves("co", "khong")
    codes = [choice.code for choice in form.choices.get(column.choices if column else key, ())]
    return _leaves(*codes) if codes else _ANY


def _left(written: str, below: Mapping[str, list[Parts]]) -> list[Parts]:
    """The keys that are left of a figure when its last ones stand in brackets."""
    named = reference(written)
    keys = below.get(named.code, []) if named else []
    return keys[: len(keys) - len(named.keys)] if named else []


def _nested(keys: list[Parts], last: Parts) -> dict[str, Parts | None]:
    """One level for each key, with `last` below the codes of the last one."""
    parts = dict(last)
    for codes in reversed(keys):
        parts = dict(codes) if "*" in codes else dict.fromkeys(codes, parts)
    return parts


def _row(listing: Listing) -> Parts:
    """A cell is one number or sign, also that of a comparison: its parts stand under the comparison's own name."""
    return _leaves(*ROW_NAMES, *listing.columns) | {name: {EACH: {}} for name in listing.series}


def _standing(one: StandingList) -> Parts:
    years: dict[str, Parts | None] = {YEAR_KEY: {EACH: _leaves(*YEAR_STATE_NAMES)}} if one.by_year else {}
    return _leaves(*STANDING_NAMES) | years


def _quoted(quote: Quote) -> Parts:
    said: Parts = _leaves(*SAID_NAMES, *quote.beside)
    name, texts = GROUP_NAMES
    return {name: {}, texts: {EACH: said}} if quote.group or quote.topics else said
