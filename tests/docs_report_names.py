"""The page of names: everything that a tag of a report's Word template may say, from the code and the shipped plans.

In:   the closed tables of the package, templates/. Out: the page's text.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docs_markdown import HEAD
from docs_markdown import code as _code
from docs_markdown import table as _table
from docs_markdown import text as _text
from generator.definitions.load import load_forms
from generator.definitions.load_plans import load_plan
from generator.definitions.plans import (
    ALL_YEARS,
    DISTRICT_KEYS,
    MEMBERS,
    PARTNER_KEYS,
    SCALES,
    STATES,
    YEAR_KEY,
    YEARS,
    ReportPlan,
)
from generator.definitions.plans_names import (
    ADDED,
    COMPARISON_NAMES,
    COUNTS,
    GROUP_NAMES,
    ROW_NAMES,
    SAID_NAMES,
    STANDARD_NAMES,
    STANDARD_RECORDS,
    STANDING_NAMES,
    TOTAL_GROUP,
    YEAR_STATE_NAMES,
)
from generator.stages.render import FILTER_NOTES
from generator.stages.render.context import SIGNS, STATE_WORDS

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def _plans() -> list[ReportPlan]:
    """The plans that are shipped, by file name."""
    forms, faults = load_forms(TEMPLATES / "forms")
    assert not faults, faults
    found = []
    for path in sorted((TEMPLATES / "reports").glob("*.yaml")):
        plan, faults = load_plan(path, forms)
        assert plan is not None, faults
        found.append(plan)
    return found


def _codes(names: Iterable[str]) -> str:
    return ", ".join(map(_code, names))


PLAN_PARTS = (
    (
        "figures",
        "from, aggregation, by, where, without, with, year, unit",
        "`{{ name }}`; divided: `{{ name.group }}`, `{{ name['2025'] }}`",
    ),
    ("states", f"form, state ({_codes(STATES)}), unit, by: [{YEAR_KEY}], year", "the same"),
    ("comparisons", "current, previous, series", f"`{{{{ name.part }}}}`: {_codes(COMPARISON_NAMES)}"),
    ("ratios", "of, over, digits", "`{{ name \\| phan_tram }}`; divided: `{{ name.group \\| phan_tram }}`"),
    (
        "scaled",
        f"of, total, unit ({_codes(SCALES)}), digits",
        f"`{{{{ name.group \\| so }}}}`; `{{{{ name.{TOTAL_GROUP} \\| so }}}}` is the total that the parts add up to",
    ),
    ("shares", "of, digits", "`{{ name.group \\| phan_tram }}`: together exactly 100"),
    (
        "listings",
        f"by, columns, series, under, members ({_codes(MEMBERS)})",
        f"rows with their columns, lists for `series` (a cell for each year), and {_codes(ROW_NAMES)}",
    ),
    (
        "listings of standings",
        f"of: standings, forms, by: {YEAR_KEY}",
        f"rows with {_codes(STANDING_NAMES)}; by year also `nam`, a list with {_codes(YEAR_STATE_NAMES)}",
    ),
    (
        "quotes",
        "from, beside, where, group, topics, verbatim, year",
        f"{_codes(SAID_NAMES)}, what stands beside; with `group` or `topics` a list of {_codes(GROUP_NAMES)}",
    ),
    ("topics", "label, words", "the groups of quotes with `topics: true`, in this order"),
    ("words", "name: text", "`{{ name }}`"),
)
"""What a plan may say: its parts, the keys of their members, and what the template gets."""

KEY_NOTES = {
    "don_vi": "sender of the return, as reported",
    "ben_giup": "who gave",
    "noi_nhan": "who received",
    "huyen": "district of who received, at the end of the row's period",
    "nam": "the year that the row is about",
}
"""Keys that the dataset adds to those of a form; the first four also with `_nay`, restated to the map of one day."""


def _of_plans() -> str:
    """What every form of definition may say, whatever the plan."""
    assert {key.removesuffix("_nay") for key in (*PARTNER_KEYS, *DISTRICT_KEYS, YEAR_KEY)} == set(KEY_NOTES)
    signs = "".join(f", {_code(f'ky_hieu_{state}')} ({sign} unless given)" for state, sign in SIGNS.items())
    return (
        "\n## What a plan may say\n\n"
        + _table(("part", "keys", "in the template"), ((_code(part), *rest) for part, *rest in PLAN_PARTS))
        + f"\nYears (`year:`): {_codes(YEARS)}; a figure by `{YEAR_KEY}` wants `year: {ALL_YEARS}`. The last keys of a "
        'figure stand in brackets:\n`gia_tri[kinh_te]`, `"theo_nam[{from}]"`, `"theo_nam[{to}]"`. `under: {by: huyen, '
        "columns: …}` puts rows under headings\n(`cap` 1; members have `cap` 2). A comparison in a row is printed by "
        "`so`, with its sign.\n\nKeys beside the choices, partners and yes-no columns of a form:\n\n"
        + _table(("key", "groups"), ((_code(key), note) for key, note in KEY_NOTES.items()))
        + "\nEach also as today, on the map of one day: `don_vi_nay`, `ben_giup_nay`, `noi_nhan_nay`, `huyen_nay`.\n\n"
        + f"Words that a plan may set: `ky_hieu_<state>` in the place of a number{signs},\n`ghi_chu_<state>` beside a "
        "row, `trang_thai_<state>` in a listing of standings, `y_kien_khac` for texts without a topic. States:\n\n"
        + _table(("state", "words"), ((_code(state), words) for state, words in STATE_WORDS.items()))
    )


def _of_plan(plan: ReportPlan) -> str:
    """The names of one report."""
    named = (*plan.figures, *plan.states, *plan.ratios, *plan.scaled, *plan.shares)
    keys = plan.keys()
    figures = ((_code(one.code), _text(one.label), _codes(keys.get(one.code, ()))) for one in named)
    columns = [(one.code, one.label, _codes((*one.columns, *one.series))) for one in plan.listings]
    columns += [(one.code, one.label, "who has reported: " + ", ".join(one.forms)) for one in plan.standing_lists]
    listings = ((_code(name), _text(label), of) for name, label, of in columns)
    compared = ((_code(one.code), f"{_text(one.label)}: {one.current} / {one.previous}") for one in plan.comparisons)
    shapes = {True: "by topic", False: ""}
    quoted = (
        (_code(one.code), _text(one.label), f"by {_code(one.group)}" if one.group else shapes[one.topics])
        for one in plan.quotes
    )
    parts = (
        ("Figures", ("name", "meaning", "by"), figures),
        ("Comparisons", ("name", "meaning"), compared),
        ("Listings", ("name", "meaning", "columns"), listings),
        ("Quotes", ("name", "meaning", "grouped"), quoted),
    )
    return f"\n## {plan.code}\n" + "".join(
        f"\n### {title} of {plan.code}\n\n{_table(head, rows)}" for title, head, rows in parts
    )


def report_names_page() -> str:
    """Everything that a tag of a report's Word template may say."""
    meanings = {**STANDARD_NAMES, **COUNTS, **ADDED}
    named = (
        (_code(name), _text(meaning), _codes(STANDARD_RECORDS.get(name, ()))) for name, meaning in meanings.items()
    )
    return "".join(
        [
            f"{HEAD}# Names for the Word template\n\nWhat a tag in a Word template of `templates/reports/` may say: ",
            "`{{ tong_gia_tri | tien }}`. Figures stand in the plan\nbeside it (`.yaml`); add one there and its ",
            "name works in Word.\n\n## Filters: how a value is written\n\n",
            _table(("filter", "written as"), ((_code(name), _text(note)) for name, note in FILTER_NOTES.items())),
            "\n## Names that every report has\n\n",
            _table(("name", "meaning", "each has"), named),
            _of_plans(),
            *map(_of_plan, _plans()),
        ]
    )
