"""Rules that look back a year: rows told twice, what became of last year's plan, stocks that go on.

In and out: as every rule type. Pure. Imports as rules.base does. Where last year is not known, nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from generator.definitions.forms import Form, Rule
from generator.definitions.returned import Neighbours, Returned, Row
from generator.definitions.rules.base import (
    Param,
    RuleType,
    answer_groups,
    label_of,
    number_of,
    short,
    shown_number,
)
from generator.issues import Issue, issue
from generator.model import Scalar
from generator.vietnamese.amounts import scaled_money
from generator.vietnamese.text import matching_key


class Repeated(RuleType):
    """No row that last year's return already told: the same gift would count in two years."""

    name = "repeated"
    params = (Param("columns", "columns"),)
    description = "Không có dòng nào trùng hẳn với một dòng của bản nộp năm trước."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        paths: Sequence[str] = rule.params["columns"]
        if neighbours.previous is None:
            return []
        codes = [short(path) for path in paths]
        known = {_key(answers, codes): answers for _, answers in answer_groups(neighbours.previous, paths[0])}
        found = []
        for row, answers in answer_groups(returned, paths[0]):
            twin = known.get(_key(answers, codes))
            if twin is not None and None not in _key(answers, codes):
                at = next(iter(twin.values()))
                shown = {"twin": at.cell, "sheet": at.sheet, "file": neighbours.previous.file}
                found.append(issue("rule.repeated", returned.place(paths[0], row), rule.severity, **shown))
        return found

    def hint(self, rule: Rule, form: Form) -> str:
        names = ", ".join(f"“{label_of(form, path)}”" for path in rule.params["columns"])
        return f"Không kê lại dòng đã kê năm trước (trùng {names})."


def _key(answers: Row, codes: Sequence[str]) -> tuple[Scalar, ...]:
    values = (answers[code].value if code in answers else None for code in codes)
    return tuple(matching_key(value) if isinstance(value, str) else value for value in values)


class Carried(RuleType):
    """A stock that begins where last year's return let it end, as long as both are counted by one standard."""

    name = "carried"
    params = (Param("field", "field"), Param("from", "field"), Param("same", "field", False))
    description = "Số đầu kỳ phải bằng số cuối kỳ của bản nộp năm trước, khi cùng một chuẩn (ô ở same không đổi)."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        path, origin, same = rule.params["field"], rule.params["from"], rule.params.get("same", "")
        last = neighbours.previous
        if last is None or (same and last.single(same) != returned.single(same)):
            return []
        now, before = number_of(returned.singles, path), number_of(last.singles, origin)
        if now is None or before is None or now == before:
            return []
        labels = {"field": label_of(form, path), "origin": label_of(form, origin)}
        shown = {"value": shown_number(form, path, now), "before": shown_number(form, origin, before)}
        return [issue("rule.carried", returned.place(path), rule.severity, **labels, **shown)]

    def hint(self, rule: Rule, form: Form) -> str:
        same = f", khi “{label_of(form, rule.params['same'])}” không đổi" if rule.params.get("same") else ""
        now, before = label_of(form, rule.params["field"]), label_of(form, rule.params["from"])
        return f"“{now}” bằng “{before}” của biểu năm trước{same}."


class Planned(RuleType):
    """What was planned last year against what was done: lines that do not exist, amounts far from the plan.

    Lines are counted as the blank prints them: the rows of last year's plan in order, from 1.
    """

    name = "planned"
    params = (
        Param("line", "column"),
        Param("value", "column"),
        Param("plan", "table"),
        Param("planned", "column", elsewhere=True),
        Param("ratio", "number"),
    )
    description = "Dòng kế hoạch được nhắc đến phải có trong kế hoạch năm trước, và giá trị không lệch quá nhiều lần."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        if neighbours.previous is None:
            return []
        plan = [row for _, row in sorted(neighbours.previous.rows(rule.params["plan"]).items())]
        done: dict[int, list[tuple[int, Row]]] = {}
        for number, row in answer_groups(returned, rule.params["line"]):
            line = number_of(row, short(rule.params["line"]))
            if line is not None:
                done.setdefault(int(line), []).append((number, row))
        return [
            found
            for line, rows in sorted(done.items())
            for found in self._of_line(rule, form, returned, plan, line, rows)
        ]

    def _of_line(
        self,
        rule: Rule,
        form: Form,
        returned: Returned,
        plan: Sequence[Row],
        line: int,
        rows: Sequence[tuple[int, Row]],
    ) -> Iterator[Issue]:
        if not 1 <= line <= len(plan):
            for number, _ in rows:
                place = returned.place(rule.params["line"], number)
                yield issue("rule.plan_line", place, rule.severity, value=line, lines=len(plan))
            return
        planned = number_of(plan[line - 1], short(rule.params["planned"]))
        values = [number_of(row, short(rule.params["value"])) for _, row in rows]
        spent = sum((value for value in values if value is not None), Decimal(0))
        ratio = rule.params["ratio"]
        if planned and spent and not planned / ratio <= spent <= planned * ratio:
            place = returned.place(rule.params["value"], rows[0][0])
            shown = {"value": scaled_money(int(spent)), "planned": scaled_money(int(planned))}
            yield issue(
                "rule.plan_value", place, rule.severity, line=line, field=label_of(form, rule.params["value"]), **shown
            )

    def hint(self, rule: Rule, form: Form) -> str:
        label, ratio = label_of(form, rule.params["line"]), rule.params["ratio"]
        return f"“{label}” là số dòng có trong kế hoạch năm trước; giá trị không lệch kế hoạch quá {ratio} lần."
