"""What a rule type is: the contract that the whole family keeps.

In:   a Rule of a form, the return, its neighbours. Out: issues; the formula that counts the same faults
      live in the workbook; a hint in words.
Pure. Imports definitions.forms, fieldtypes, returned, rules.formulas; model; issues; vietnamese.
A rule judges only what could be read: an unreadable cell already has an issue of its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import ClassVar, NamedTuple

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Form, Rule
from generator.definitions.returned import Neighbours, Returned
from generator.definitions.rules.formulas import CellFormula
from generator.issues import Issue
from generator.model import Value
from generator.vietnamese.numbers import format_number


class Param(NamedTuple):
    """One parameter of a rule type, checked when a form is loaded."""

    name: str
    kind: str
    """"field", "fields", "column", "columns", "table", "number", "operator", "pattern" or "codes"."""
    required: bool = True
    single_too: bool = False
    """Whether a rule on rows may name one single field here, which then stands beside every row."""
    elsewhere: bool = False
    """Whether it names a column of another table than the rule's other columns."""


_NUMBERS = (int, Decimal)

Answers = Mapping[str, Value]
"""The answers that belong together: the single ones, or those of one row. An empty cell has no entry."""


def number_of(answers: Answers, code: str) -> int | Decimal | None:
    """The number of a field, None where nothing or no number stands."""
    found = answers.get(code)
    value = found.value if found else None
    return value if isinstance(value, _NUMBERS) and value is not True and value is not False else None


def label_of(form: Form, path: str) -> str:
    """What people call the field at a path."""
    found = form.field(path)
    return found.label if found else path


def short(path: str) -> str:
    """The field's own code: "gia_tri" of "hoat_dong.gia_tri"."""
    return path.rpartition(".")[2]


def answer_groups(returned: Returned, path: str) -> Iterable[tuple[int, Answers]]:
    """The single answers (row 0), or each row that holds something, of whatever the path belongs to."""
    table = path.rpartition(".")[0]
    return returned.rows(table).items() if table else ((0, returned.singles),)


def answers_at(returned: Returned, path: str) -> Iterator[tuple[int, Value]]:
    """Each answer at a field path that could be read, with its row (0 for a single one)."""
    code = short(path)
    for row, answers in answer_groups(returned, path):
        found = answers.get(code)
        if found is not None and found.value is not None:
            yield row, found


def number_beside(returned: Returned, answers: Answers, path: str) -> int | Decimal | None:
    """The number of a path as a row sees it: of its own answers, or of the one single field beside all rows."""
    return number_of(answers if "." in path else returned.singles, short(path))


def shown_number(form: Form, path: str, number: int | Decimal) -> str:
    """A number as people write it in that field: a year without points."""
    field = form.field(path)
    return FIELD_TYPES[field.type].text(number, field) if field else format_number(number)


def numbers_at(returned: Returned, path: str) -> Iterator[tuple[int, int | Decimal]]:
    """Each number at a field path, with its row (0 for a single one)."""
    code = short(path)
    for row, answers in answer_groups(returned, path):
        number = number_of(answers, code)
        if number is not None:
            yield row, number


class RuleType(ABC):
    """One kind of rule. The faces below are all that the rest of the house knows of it."""

    name: ClassVar[str]
    params: ClassVar[tuple[Param, ...]]
    description: ClassVar[str]

    @abstractmethod
    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        """One issue for each fault, in the order of rows."""

    def formula(self, rule: Rule, form: Form) -> CellFormula | None:
        """The formula of the sheet Kiểm tra that counts the same faults, or None where a sheet cannot know."""
        del rule, form
        return None

    @abstractmethod
    def hint(self, rule: Rule, form: Form) -> str:
        """What is expected, in one Vietnamese sentence."""
