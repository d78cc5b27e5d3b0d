"""Rules that judge one answer, or the answers of one row, by themselves.

In and out: as every rule type. Pure. Imports as rules.base does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from types import MappingProxyType

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Field, Form, Rule
from generator.definitions.returned import Neighbours, Returned
from generator.definitions.rules.base import (
    Param,
    RuleType,
    answer_groups,
    answers_at,
    label_of,
    number_beside,
    number_of,
    numbers_at,
    short,
    shown_number,
)
from generator.definitions.rules.formulas import (
    CellFormula,
    column_faults,
    conjunction,
    holds,
    reference,
    single_faults,
    text_literal,
    used_rows,
)
from generator.issues import Issue, issue
from generator.model import Scalar
from generator.vietnamese.numbers import format_number


class Required(RuleType):
    """An answer that must be given; in a table, in every row that holds something."""

    name = "required"
    params = (Param("field", "field"), Param("or", "field", False))
    description = "Phải có trả lời (hoặc có trả lời ở ô thay thế); trong bảng thì ở mọi dòng có số liệu."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        path, other = rule.params["field"], rule.params.get("or", "")
        # an answer beside the field stands for it: the name of a giver that no list knows
        codes = {short(path), short(other)}
        asked = form.field(path)
        zero = "0" if asked and FIELD_TYPES[asked.type].numeric else ""
        labels = {"field": label_of(form, path), "other": label_of(form, other), "zero": zero}
        return [
            issue("rule.required", returned.place(path, row), rule.severity, **labels)
            for row, answers in answer_groups(returned, path)
            if codes.isdisjoint(answers) and returned.asks(path)
        ]

    def formula(self, rule: Rule, form: Form) -> CellFormula | None:
        path = rule.params["field"]
        empty = conjunction(*(f"1-{holds(form, one)}" for one in (path, rule.params.get("or")) if one))
        if "." not in path:
            return single_faults(form, path, f"({empty})>0")
        return column_faults(form, path, conjunction(used_rows(form, path), empty))

    def hint(self, rule: Rule, form: Form) -> str:
        other = f" hoặc “{label_of(form, rule.params['or'])}”" if rule.params.get("or") else ""
        return f"Phải ghi “{label_of(form, rule.params['field'])}”{other}."


class Range(RuleType):
    """A number between two bounds, both allowed."""

    name = "range"
    params = (Param("field", "field"), Param("minimum", "number", False), Param("maximum", "number", False))
    description = "Số phải nằm trong khoảng cho phép."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        path, found = rule.params["field"], []
        low, high = rule.params.get("minimum"), rule.params.get("maximum")
        for row, number in numbers_at(returned, path):
            if (low is None or number >= low) and (high is None or number <= high):
                continue
            found.append(
                issue(
                    "rule.range",
                    returned.place(path, row),
                    rule.severity,
                    field=label_of(form, path),
                    value=shown_number(form, path, number),
                    expected=self._expected(low, high),
                )
            )
        return found

    @staticmethod
    def _expected(low: int | Decimal | None, high: int | Decimal | None) -> str:
        if low is None:
            return "là số" if high is None else f"không quá {format_number(high)}"
        return f"từ {format_number(low)}" + (f" đến {format_number(high)}" if high is not None else " trở lên")

    def formula(self, rule: Rule, form: Form) -> CellFormula | None:
        path = rule.params["field"]
        cells = reference(form, path)
        bounds = [
            f"({cells}{operator}{rule.params[name]})"
            for name, operator in (("minimum", "<"), ("maximum", ">"))
            if rule.params.get(name) is not None
        ]
        if not bounds:
            return None
        outside = f"ISNUMBER({cells})*({'+'.join(bounds)}>0)"
        return single_faults(form, path, outside) if "." not in path else column_faults(form, path, outside)

    def hint(self, rule: Rule, form: Form) -> str:
        expected = self._expected(rule.params.get("minimum"), rule.params.get("maximum"))
        return f"“{label_of(form, rule.params['field'])}” phải {expected}."


_OPERATORS: Mapping[str, tuple[Callable[[Decimal | int, Decimal | int], bool], str, str]] = MappingProxyType(
    {
        "<=": (le, ">", "không được lớn hơn"),
        ">=": (ge, "<", "không được nhỏ hơn"),
        "<": (lt, ">=", "phải nhỏ hơn"),
        ">": (gt, "<=", "phải lớn hơn"),
        "=": (eq, "<>", "phải bằng"),
    }
)
"""Operator -> its test, the opposite operator in a formula, and its words."""
OPERATORS = tuple(_OPERATORS)


class Compare(RuleType):
    """Two numbers in a stated order: of one row, of two single answers, or each row's beside one single answer."""

    name = "compare"
    params = (Param("left", "field"), Param("operator", "operator"), Param("right", "field", single_too=True))
    description = "So sánh hai số của cùng một dòng, hai ô của phiếu, hoặc một cột của bảng với một ô của phiếu."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        left, right = rule.params["left"], rule.params["right"]
        holds, _, words = _OPERATORS[rule.params["operator"]]
        found = []
        left_code = short(left)
        for row, answers in answer_groups(returned, left):
            first, second = number_of(answers, left_code), number_beside(returned, answers, right)
            if first is None or second is None or holds(first, second):
                continue
            there = returned.place(right, row)
            found.append(
                issue(
                    "rule.compare",
                    returned.place(left, row),
                    rule.severity,
                    left=label_of(form, left),
                    left_value=shown_number(form, left, first),
                    words=words,
                    right=label_of(form, right),
                    right_value=shown_number(form, right, second),
                    # a cell of another sheet is found by its sheet's name
                    right_cell=there.cell if "." in right or "." not in left else f"{there.sheet}!{there.cell}",
                )
            )
        return found

    def formula(self, rule: Rule, form: Form) -> CellFormula | None:
        left, right = rule.params["left"], rule.params["right"]
        first, second = reference(form, left), reference(form, right)
        opposite = _OPERATORS[rule.params["operator"]][1]
        wrong = f"ISNUMBER({first})*ISNUMBER({second})*({first}{opposite}{second})"
        return single_faults(form, left, wrong) if "." not in left else column_faults(form, left, wrong)

    def hint(self, rule: Rule, form: Form) -> str:
        words = _OPERATORS[rule.params["operator"]][2]
        return f"“{label_of(form, rule.params['left'])}” {words} “{label_of(form, rule.params['right'])}”."


class Sum(RuleType):
    """A total that equals its parts; judged where the total and at least one part are given.

    With `minus` it is a movement: the first part is the opening stock, without which nothing can be judged.
    What else is empty counts as nothing.
    """

    name = "sum"
    params = (Param("total", "field"), Param("parts", "fields"), Param("minus", "fields", False))
    description = "Tổng phải bằng các thành phần cộng lại, trừ đi các ô ở minus (cuối kỳ = đầu kỳ + tăng − giảm)."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        total_path, found = rule.params["total"], []
        total_code, part_codes = short(total_path), [short(path) for path in rule.params["parts"]]
        minus_codes = [short(path) for path in rule.params.get("minus", ())]
        for row, answers in answer_groups(returned, total_path):
            total = number_of(answers, total_code)
            given = {code: number_of(answers, code) for code in (*part_codes, *minus_codes) if code in answers}
            parts = [number for code in part_codes if (number := given.get(code)) is not None]
            less = [number for code in minus_codes if (number := given.get(code)) is not None]
            expected = sum(parts, Decimal(0)) - sum(less, Decimal(0))
            known = part_codes[0] in given if minus_codes else parts
            if total is None or not known or None in given.values() or total == expected:
                continue
            found.append(
                issue(
                    "rule.sum",
                    returned.place(total_path, row),
                    rule.severity,
                    field=label_of(form, total_path),
                    value=format_number(total),
                    terms=_terms(parts, less),
                    expected=format_number(expected),
                )
            )
        return found

    def formula(self, rule: Rule, form: Form) -> CellFormula | None:
        total_path, minus = rule.params["total"], rule.params.get("minus", ())
        total, parts = reference(form, total_path), [reference(form, path) for path in rule.params["parts"]]
        given = "+".join(f"ISNUMBER({part})" for part in (parts[:1] if minus else parts))
        expected = "+".join(parts) + "".join(f"-{reference(form, path)}" for path in minus)
        wrong = f"ISNUMBER({total})*(({given})>0)*({total}<>{expected})"
        return (
            single_faults(form, total_path, wrong) if "." not in total_path else column_faults(form, total_path, wrong)
        )

    def hint(self, rule: Rule, form: Form) -> str:
        parts = " + ".join(f"“{label_of(form, path)}”" for path in rule.params["parts"])
        less = "".join(f" − “{label_of(form, path)}”" for path in rule.params.get("minus", ()))
        return f"“{label_of(form, rule.params['total'])}” = {parts}{less}."


def _terms(parts: Sequence[int | Decimal], less: Sequence[int | Decimal]) -> str:
    """The sum as somebody would work it out on paper: "120 + 3 − 25"."""
    signed = [*((number < 0, number) for number in parts), *((number >= 0, number) for number in less)]
    written = "".join(f" {'−' if taken else '+'} {format_number(abs(Decimal(number)))}" for taken, number in signed)
    return written.removeprefix(" + ").removeprefix(" ")


class Product(RuleType):
    """Value = quantity x price where all three are given; half a đồng apart is rounding."""

    name = "product"
    params = (Param("result", "column"), Param("factors", "columns"), Param("tolerance", "number", False))
    description = "Kết quả phải bằng tích các thừa số khi đủ số liệu."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        path, found = rule.params["result"], []
        left, right = (short(factor) for factor in rule.params["factors"])
        code = short(path)
        tolerance = Decimal(rule.params.get("tolerance", 1))
        for row, answers in answer_groups(returned, path):
            result = number_of(answers, code)
            first, second = number_of(answers, left), number_of(answers, right)
            if result is None or first is None or second is None or abs(Decimal(first) * second - result) <= tolerance:
                continue
            found.append(
                issue(
                    "rule.product",
                    returned.place(path, row),
                    rule.severity,
                    field=label_of(form, path),
                    value=format_number(result),
                    factors=f"{format_number(first)} × {format_number(second)}",
                    expected=format_number(Decimal(first) * second),
                )
            )
        return found

    def formula(self, rule: Rule, form: Form) -> CellFormula | None:
        path = rule.params["result"]
        result = reference(form, path)
        first, second = (reference(form, factor) for factor in rule.params["factors"])
        given = f"ISNUMBER({result})*ISNUMBER({first})*ISNUMBER({second})"
        return column_faults(form, path, f"{given}*(ABS({first}*{second}-{result})>{rule.params.get('tolerance', 1)})")

    def hint(self, rule: Rule, form: Form) -> str:
        factors = " × ".join(f"“{label_of(form, path)}”" for path in rule.params["factors"])
        return f"“{label_of(form, rule.params['result'])}” = {factors}."


PATTERNS: Mapping[str, tuple[re.Pattern[str], str]] = MappingProxyType(
    {
        "phone": (re.compile(r"(?=(?:[^0-9]{0,9}[0-9]){8,50}[^0-9]{0,9}\Z)[0-9+(][0-9 .()+;,/-]*"), "0905 123 456"),
        "email": (re.compile(r"(?=.{6,254}\Z)[^@\s;,]{1,64}@[^@\s;,]+\.[^@\s;,]+"), "vanthu@donvi.example"),
    }
)
"""Shape of a text by name, with an example for people. Each looks ahead at a bounded length: texts may be hostile."""


class Matches(RuleType):
    """A text of a known shape: telephone, e-mail."""

    name = "matches"
    params = (Param("field", "field"), Param("pattern", "pattern"))
    description = "Chữ phải đúng dạng đã định (điện thoại, thư điện tử)."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        path = rule.params["field"]
        pattern, example = PATTERNS[rule.params["pattern"]]
        return [
            issue(
                "rule.matches",
                returned.place(path, row),
                rule.severity,
                field=label_of(form, path),
                value=found.raw,
                example=example,
            )
            for row, found in answers_at(returned, path)
            if not pattern.fullmatch(str(found.value))
        ]

    def hint(self, rule: Rule, form: Form) -> str:
        return f"“{label_of(form, rule.params['field'])}” ghi dạng {PATTERNS[rule.params['pattern']][1]}."


def _matches_any(value: Scalar, wanted: Sequence[object]) -> bool:
    return any(value is one or (value == one and type(value) is type(one)) for one in wanted)


class Requires(RuleType):
    """An answer that must be given when another one says so."""

    name = "requires"
    params = (Param("when", "field"), Param("is", "codes"), Param("then", "field"))
    description = "Trả lời này kéo theo phải có trả lời kia."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        when, then = rule.params["when"], rule.params["then"]
        when_code, then_code = short(when), short(then)
        found: list[Issue] = []
        if not returned.asks(then):
            return found
        for row, answers in answer_groups(returned, when):
            asked = answers.get(when_code)
            if asked is None or then_code in answers or not _matches_any(asked.value, rule.params["is"]):
                continue
            labels = {"field": label_of(form, then), "when": label_of(form, when), "value": asked.raw}
            found.append(issue("rule.requires", returned.place(then, row), rule.severity, **labels))
        return found

    def formula(self, rule: Rule, form: Form) -> CellFormula | None:
        when, then = rule.params["when"], rule.params["then"]
        cells, labels = reference(form, when), self._labels(rule, form)
        if "" in labels:  # an answer of a list that is known at run time only
            return None
        wanted = "+".join(f"({cells}={text_literal(label)})" for label in labels)
        wrong = f"(({wanted})>0)*(1-{holds(form, then)})"
        return single_faults(form, then, wrong) if "." not in then else column_faults(form, then, wrong)

    @staticmethod
    def _labels(rule: Rule, form: Form) -> list[str]:
        """What the sheet shows for the codes that the rule names."""
        asked = form.field(rule.params["when"]) or Field("", "", "text")
        kind, choices = FIELD_TYPES[asked.type], form.choices.get(asked.choices, ())
        return [kind.text(value, asked, choices) for value in rule.params["is"]]

    def hint(self, rule: Rule, form: Form) -> str:
        shown = zip(self._labels(rule, form), rule.params["is"], strict=True)
        values = " hoặc ".join(f"“{label or code}”" for label, code in shown)
        when, then = label_of(form, rule.params["when"]), label_of(form, rule.params["then"])
        return f"Khi “{when}” là {values} thì phải ghi “{then}”."
