"""Random answers to every question of a form, as typed values; and how a return is read back without a workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from desk import ROOT, assigned_communes, registry_names

from generator.definitions.forms import Choice, Field, Form
from generator.definitions.load import load_forms
from generator.model import Assignment, Campaign, Delivery, Partner, Registry, Scalar, Setting
from generator.pipeline.compiled import compile_blanks
from generator.pipeline.context import examine_context, prefills, run_time_lists
from generator.pipeline.examine import ExamineContext, Examined, examine
from generator.stages.blank import Blank
from generator.stages.obligations import BOARD

Address = tuple[str, int, str]
YEAR, PARTNER = 2025, "DV-0006"
FORMS = ("KN-00", "KN-01", "KN-02", "KN-03")
SENDERS = {"KN-00": "DV-0001", "KN-01": PARTNER, "KN-02": "XA-0001", "KN-03": "DV-0007"}
"""Whose return of each form is filled."""
FILE = "inputs/2025/bieu.xlsx"
WORDS = (
    "hỗ trợ", "Trà Dơn", "Nóc Ông Ruộng", "đường", "ỷ", "Ấp", "kỳ", "thuý", "A & B", "<b>", "x > 3", '"ngoặc"', "'=1+1",
    "=1+1", "+84", "-5", "@xã", "#REF!", "1.234,5", "3/2025", "TRUE", "Không", "0905", "_x0041_", "{{ x }}", "50%", "…",
    "🐃", "Ch'ơm", "]]>", "&amp;", "12.500.000 đồng",
)  # fmt: skip


@cache
def forms() -> Mapping[str, Form]:
    """The forms of partners and of the board, as shipped."""
    found, _ = load_forms(ROOT / "templates" / "forms")
    return {code: found[code] for code in FORMS}


def form() -> Form:
    """KN-01 as shipped."""
    return forms()["KN-01"]


@cache
def registry() -> Registry:
    """The shipped partners and assignments, the board, and the campaign of one year."""
    partners = tuple(
        Partner(code, name, "", gives=code.startswith("DV-"), receives=code.startswith("XA-"))
        for code, name in registry_names().items()
        if code != SENDERS["KN-00"]
    )
    partners += (Partner(SENDERS["KN-00"], "Ban Dân tộc (minh họa)", BOARD, gives=False, receives=False),)
    pairs = tuple(Assignment(giver, one) for giver, receivers in assigned_communes().items() for one in receivers)
    settings = (Setting("ten_co_quan", "Ban Dân tộc"),)
    return Registry(partners, pairs, (campaign(),), (), settings)


def campaign() -> Campaign:
    """The year's campaign."""
    return Campaign(YEAR, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "x@x.example", FORMS)


@cache
def blank(code: str = "KN-01") -> Blank:
    """The year's blank of a form."""
    return compile_blanks({code: forms()[code]}, registry(), campaign())[code]


@cache
def context(*codes: str) -> ExamineContext:
    """What the year's returns of these forms are judged by, of KN-01 where none is named."""
    asked = {code: forms()[code] for code in codes or ("KN-01",)}
    return examine_context(registry(), campaign(), asked, {code: blank(code).printed for code in asked})


def filled(answers: dict[Address, Scalar], code: str = "KN-01") -> bytes:
    """The blank of the form's partner with these answers typed in."""
    told = prefills(registry(), campaign(), {}, forms()[code].role)
    return blank(code).fill(told[SENDERS[code]], answers)


def taken_in(content: bytes, *codes: str) -> Examined:
    """The return, read, normalised and judged; of one of these forms, of KN-01 where none is named."""
    return examine(content, Delivery(1, YEAR, FILE, "0" * 64, datetime(2025, 12, 1, tzinfo=UTC)), context(*codes))


def random_answers(chance: Random, share: float = 0.8, code: str = "KN-01") -> dict[Address, Scalar]:
    """An answer to about that share of all questions of a form, in some rows of each table."""
    answers: dict[Address, Scalar] = {}
    for sheet in forms()[code].sheets:
        for single in sheet.fields:
            if not single.locked and chance.random() < share:
                answers["", 0, single.code] = random_answer(chance, single, code)
        if sheet.table:
            rows = chance.sample(range(1, sheet.table.rows + 1), k=chance.randint(0, 6))
            for row in rows:
                for column in sheet.table.columns:
                    if not column.locked and chance.random() < share:
                        answers[sheet.table.code, row, column.code] = random_answer(chance, column, code)
    return answers


def random_answer(chance: Random, field: Field, code: str = "KN-01") -> Scalar:
    """A value of the field's type, anywhere in what the type allows."""
    low, high = field.minimum or 0, field.maximum
    drawn: Mapping[str, Callable[[], Scalar]] = {
        "text": lambda: random_text(chance, 1),
        "paragraph": lambda: random_text(chance, 4),
        "integer": lambda: chance.randint(low, high if high is not None else 10**9),
        # six rows of it stay below 10**15, where a spreadsheet's own sums begin to lose digits
        "money": lambda: chance.choice((0, 1, chance.randint(0, 10**6), chance.randint(0, 10**14))),
        "quantity": lambda: Decimal(chance.randint(0, 10**7)) / chance.choice((1, 10, 100, 1000)),
        "year": lambda: chance.randint(low or 2001, high or 2060),
        "date": lambda: random_date(chance),
        "yes_no": lambda: chance.random() < 0.5,
        "choice": lambda: chance.choice(choices(field, code)).code,
        "partner": lambda: chance.choice(choices(field, code)).code,
    }
    return drawn[field.type]()


def choices(field: Field, code: str = "KN-01") -> tuple[Choice, ...]:
    """The list that a field of a form draws from."""
    return run_time_lists(registry(), campaign()).get(field.choices) or forms()[code].choices[field.choices]


def random_text(chance: Random, lines: int) -> str:
    """Words with single spaces, in NFC, of so many lines at most."""
    return "\n".join(
        " ".join(chance.choices(WORDS, k=chance.randint(1, 8))).strip() for _ in range(chance.randint(1, lines))
    )


def random_date(chance: Random) -> str:
    """A day, a month, a quarter or a year."""
    any_day = date(2001, 1, 1) + timedelta(days=chance.randint(0, 30_000))
    month, quarter = f"{any_day.year}-{any_day.month:02d}", f"{any_day.year}-Q{(any_day.month + 2) // 3}"
    return chance.choice((any_day.isoformat(), month, quarter, str(any_day.year)))
