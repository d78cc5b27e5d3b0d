"""The shipped forms KN-00, KN-02 and KN-03 for their tests: returns as answers by path, judged rule by rule.

A path is "so_ho" for a single field, "nhan_duoc[2].so_ho" for the second row of a table. An answer is written as
in `spreadsheet_tables`; "" leaves the cell empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from generator.definitions.forms import Field, Form
from generator.definitions.load import load_form
from generator.definitions.returned import Neighbours, Returned
from generator.definitions.rules import RULES, all_rules
from generator.issues import Issue
from generator.model import Campaign, Scalar
from generator.stages.blank import Blank, compile_blank
from generator.stages.normalise import normalise
from generator.stages.read import read
from spreadsheet_tables import FILE, LISTS, YEAR, normalised

FORMS = Path(__file__).resolve().parents[2] / "templates" / "forms"
CAMPAIGN = Campaign(YEAR, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "a@b.example", ("KN-02",))
NEIGHBOURS = Neighbours(CAMPAIGN.start, CAMPAIGN.end, frozenset({"DV-0001", "XA-0001"}))
PARTNER = {"KN-00": "TT-0001", "KN-02": "XA-0001", "KN-03": "DV-0001"}

Answers = Mapping[str, str]
Address = tuple[str, int, str]
_PATH = re.compile(r"(?:(?P<table>\w+)\[(?P<row>\d+)\]\.)?(?P<code>\w+)")
_WORDS = (
    "hỗ trợ",
    "Trà Dơn",
    "A & B",
    "<b>",
    '"ngoặc"',
    "'=1+1",
    "=1+1",
    "-5",
    "1.234,5",
    "3/2025",
    "Không",
    "0905",
    "…",
)


@cache
def shipped(code: str) -> Form:
    """A form as it is shipped; it has no fault."""
    form, issues = load_form(FORMS / f"{code.lower()}.yaml")
    assert issues == []
    assert form is not None
    return form


@cache
def blank(code: str) -> Blank:
    """The blank of the year."""
    return compile_blank(shipped(code), LISTS, CAMPAIGN, receiver="Ban Dân tộc (minh họa)")


def as_text(form: Form, answers: Answers) -> str:
    """The answers in the small language of `spreadsheet_tables`."""
    singles: dict[str, dict[str, str]] = {}
    tables: dict[str, dict[int, dict[str, str]]] = {}
    for path, answer in answers.items():
        part = _PATH.fullmatch(path)
        assert part, path
        if part["table"]:
            tables.setdefault(part["table"], {}).setdefault(int(part["row"]), {})[part["code"]] = answer
        else:
            singles.setdefault(form.sheet_of(path).code, {})[path] = answer
    lines: list[str] = []
    for sheet, given in singles.items():
        lines += [f"# {sheet}", *(f"{code} | {answer}" for code, answer in given.items())]
    for table, rows in tables.items():
        codes = list(dict.fromkeys(code for row in rows.values() for code in row))
        lines += [f"# {table}", f"| {' | '.join(codes)} |"]
        for number in range(1, max(rows) + 1):
            lines.append("| " + " | ".join(rows.get(number, {}).get(code, "") for code in codes) + " |")
    return "\n".join(lines)


def faults(form: Form, answers: Answers, neighbours: Neighbours = NEIGHBOURS) -> dict[str, list[str]]:
    """By rule that found something: the paths of the cells it names."""
    returned, issues = normalised(form, as_text(form, answers))
    assert issues == []
    found = {
        rule.code: [path_of(form, returned, one) for one in RULES[rule.type].check(rule, form, returned, neighbours)]
        for rule in all_rules(form)
    }
    return {code: paths for code, paths in found.items() if paths}


def path_of(form: Form, returned: Returned, found: Issue) -> str:
    """The path of the cell that an issue names."""
    for path, _ in form.paths():
        table, _, code = path.rpartition(".")
        for row in range(1, 9) if table else (0,):
            if returned.place(path, row) == found.place:
                return f"{table}[{row}].{code}" if table else path
    # a rule on a whole column names its sheet
    return found.place.sheet


# --- there and back -----------------------------------------------------------------------------


def random_answers(form: Form, chance: Random, share: float) -> dict[Address, Scalar]:
    """An answer to about that share of all questions, in some rows of each table."""
    answers: dict[Address, Scalar] = {}
    for sheet in form.sheets:
        for single in sheet.fields:
            if not single.locked and chance.random() < share:
                answers["", 0, single.code] = _answer(form, chance, single)
        if sheet.table:
            for row in chance.sample(range(1, sheet.table.rows + 1), k=chance.randint(1, 5)):
                for column in sheet.table.columns:
                    if chance.random() < share:
                        answers[sheet.table.code, row, column.code] = _answer(form, chance, column)
    return answers


def _answer(form: Form, chance: Random, field: Field) -> Scalar:
    low, high = field.minimum or 0, field.maximum or 10**9
    if field.type in ("choice", "partner"):
        return chance.choice(LISTS.get(field.choices) or form.choices[field.choices]).code
    if field.type in ("text", "paragraph"):
        lines = 1 if field.type == "text" else chance.randint(1, 3)
        return "\n".join(" ".join(chance.choices(_WORDS, k=chance.randint(1, 6))) for _ in range(lines))
    drawn: Mapping[str, Scalar] = {
        "integer": chance.randint(low, high),
        "year": chance.randint(2000, 2099),
        "money": chance.choice((0, chance.randint(0, 10**13))),
        "quantity": Decimal(chance.randint(0, 10**6)) / chance.choice((1, 10, 100)),
        "date": (date(2001, 1, 1) + timedelta(days=chance.randint(0, 30_000))).isoformat(),
        "yes_no": chance.random() < 0.5,
    }
    return drawn[field.type]


def there_and_back(code: str, answers: Mapping[Address, Scalar]) -> tuple[dict[Address, Scalar], list[Issue]]:
    """What is read of a blank filled with the answers, without what was prefilled; and all issues of reading."""
    form = shipped(code)
    prefill = {"partner.code": PARTNER[code], "partner.name": "Đơn vị (minh họa)", "assigned.1": "Sở (minh họa) 01"}
    raw, issues = read(blank(code).fill(prefill, answers), FILE, {code: form})
    assert raw is not None
    assert (raw.identity.form, raw.identity.partner, raw.identity.year) == (code, PARTNER[code], YEAR)
    own = frozenset(prefill.values()) | {"Đơn vị báo cáo: Đơn vị (minh họa)"}
    returned, more = normalise(raw, form, LISTS, FILE, YEAR, blank(code).printed, own)
    locked = {(path.rpartition(".")[0], field.code) for path, field in form.paths() if field.locked}
    values = {
        (value.table, value.row, value.field): value.value
        for value in returned.values
        if (value.table, value.field) not in locked
    }
    return values, [*issues, *more]
