"""Rules that need more than one row: twins, the period, the assignments, nil returns, amounts out of scale.

In and out: as every rule type. Pure. Imports as rules.base does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal

from generator.definitions.forms import Form, Rule
from generator.definitions.returned import Neighbours, Returned
from generator.definitions.rules.base import (
    Param,
    RuleType,
    answer_groups,
    answers_at,
    label_of,
    numbers_at,
    short,
)
from generator.definitions.rules.formulas import (
    CellFormula,
    column_faults,
    conjunction,
    holds,
    reference,
    single_faults,
    table_cells,
)
from generator.issues import Issue, issue
from generator.model import Scalar
from generator.vietnamese.amounts import scaled_money
from generator.vietnamese.dates import format_date
from generator.vietnamese.text import matching_key


def _is_spelled(form: Form, path: str) -> bool:
    found = form.field(path)
    return found is None or found.type in ("text", "paragraph")


class Unique(RuleType):
    """No two rows that say the same in all these columns."""

    name = "unique"
    params = (Param("columns", "columns"),)
    description = "Không có hai dòng trùng nhau ở các cột đã nêu."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        paths: Sequence[str] = rule.params["columns"]
        seen: dict[tuple[object, ...], int] = {}
        found = []
        # only what people spell needs a key; dates, choices and numbers are one and the same already
        spelled = [_is_spelled(form, path) for path in paths]
        for row, values in self._alike(returned, paths, spelled):
            key = tuple(
                matching_key(value) if keyed and isinstance(value, str) else value
                for value, keyed in zip(values, spelled, strict=True)
            )
            if (first := seen.setdefault(key, row)) != row:
                twin = returned.place(paths[0], first).cell
                found.append(issue("rule.unique", returned.place(paths[0], row), rule.severity, twin=twin))
        return found

    @staticmethod
    def _alike(
        returned: Returned, paths: Sequence[str], spelled: Sequence[bool]
    ) -> Iterator[tuple[int, tuple[Scalar, ...]]]:
        """What the rows say in the columns, of those that another row equals in all that nobody spells.

        A key takes long to make, and such rows are few. A row that says nothing in a column has no twin.
        """
        codes = [short(path) for path in paths]
        groups: dict[tuple[Scalar, ...], list[int]] = {}
        said: dict[int, tuple[Scalar, ...]] = {}
        for row, answers in answer_groups(returned, paths[0]):
            values = tuple(answers[code].value if code in answers else None for code in codes)
            if None not in values:
                said[row] = values
                fixed = tuple(value for value, keyed in zip(values, spelled, strict=True) if not keyed)
                groups.setdefault(fixed, []).append(row)
        few = {row for rows in groups.values() if len(rows) > 1 for row in rows}
        return ((row, values) for row, values in said.items() if row in few)

    def formula(self, rule: Rule, form: Form) -> CellFormula | None:
        paths = rule.params["columns"]
        same = ",".join(f"{reference(form, path)},{self._criterion(reference(form, path))}" for path in paths)
        # COUNTIFS takes an empty criterion for zero, so only rows whose columns are all filled are judged
        filled = conjunction(*(holds(form, path) for path in paths))
        return column_faults(form, paths[0], f"{filled}*(COUNTIFS({same})>1)")

    @staticmethod
    def _criterion(cells: str) -> str:
        """What COUNTIFS finds a cell's content by: its wildcards and signs taken as letters, its length bounded."""
        # Excel's criteria fail beyond 255 letters, so a long text is found by its beginning
        whole = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cells},"~","~~"),"*","~*"),"?","~?")'
        start = f'SUBSTITUTE(SUBSTITUTE(LEFT({cells},200),"~","?"),"*","?")&"*"'
        return f'"="&REPT({whole},1*(LEN({whole})<=250))&REPT({start},1*(LEN({whole})>250))'

    def hint(self, rule: Rule, form: Form) -> str:
        names = ", ".join(f"“{label_of(form, path)}”" for path in rule.params["columns"])
        return f"Không ghi hai dòng trùng nhau về {names}."


class WithinPeriod(RuleType):
    """A date inside the campaign's period, as far as its precision tells."""

    name = "within_period"
    params = (Param("field", "field"),)
    description = "Thời gian phải nằm trong kỳ báo cáo."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        path = rule.params["field"]
        start, end = neighbours.start.isoformat(), neighbours.end.isoformat()
        found = []
        for row, answer in answers_at(returned, path):
            iso = answer.value
            if not isinstance(iso, str) or "Q" in iso or start[: len(iso)] <= iso <= end[: len(iso)]:
                continue
            found.append(
                issue(
                    "rule.within_period",
                    returned.place(path, row),
                    rule.severity,
                    field=label_of(form, path),
                    value=format_date(iso),
                    start=format_date(start),
                    end=format_date(end),
                )
            )
        return found

    def hint(self, rule: Rule, form: Form) -> str:
        return f"“{label_of(form, rule.params['field'])}” nằm trong kỳ báo cáo."


class Assigned(RuleType):
    """A partner that is assigned to the sender in this period."""

    name = "assigned"
    params = (Param("field", "field"),)
    description = "Xã, đơn vị phải thuộc danh sách được phân công kết nghĩa."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        path = rule.params["field"]
        return [
            issue("rule.assigned", returned.place(path, row), rule.severity, value=answer.raw)
            for row, answer in answers_at(returned, path)
            if answer.value not in neighbours.assigned
        ]

    def hint(self, rule: Rule, form: Form) -> str:
        name = label_of(form, rule.params["field"])
        return f"“{name}” có trong danh sách được phân công kết nghĩa; nếu khác thì ghi rõ lý do ở cột ghi chú."


class Nil(RuleType):
    """A nil return has a reason and no rows; any other return has rows."""

    name = "nil"
    params = (Param("field", "field"), Param("reason", "field"), Param("table", "table"))
    description = "Báo cáo không phát sinh phải có lý do và không có dòng nào; ngược lại phải có ít nhất một dòng."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        asked, reason, table = rule.params["field"], rule.params["reason"], rule.params["table"]
        nil, rows = returned.single(asked) is True, returned.rows(table)
        names = {"field": label_of(form, asked), "sheet": form.sheet_of(table).title}
        if nil and rows:
            return [issue("rule.nil_with_rows", returned.place(asked), rule.severity, rows=len(rows), **names)]
        if nil and reason not in returned.singles:
            told = {"field": label_of(form, reason), "asked": label_of(form, asked)}
            return [issue("rule.nil_without_reason", returned.place(reason), rule.severity, **told)]
        if not nil and not rows:
            return [issue("rule.nothing_reported", returned.place(asked), rule.severity, **names)]
        return []

    def formula(self, rule: Rule, form: Form) -> CellFormula | None:
        asked, reason = reference(form, rule.params["field"]), reference(form, rule.params["reason"])
        cells = table_cells(form, rule.params["table"])
        nil, rows = f'({asked}="Có")', f'SUMPRODUCT((TRIM({cells})<>"")*1)'
        wrong = f'{nil}*(({rows}>0)+(TRIM({reason})="")>0)+({asked}<>"Có")*({rows}=0)'
        return single_faults(form, rule.params["field"], wrong)

    def hint(self, rule: Rule, form: Form) -> str:
        table, asked = form.sheet_of(rule.params["table"]).title, label_of(form, rule.params["field"])
        return f"Có ít nhất một dòng ở trang “{table}”, hoặc chọn Có ở “{asked}” và ghi lý do."


_FEWEST_PEERS = 3


def _median_without(ordered: Sequence[int | Decimal], left_out: int) -> Decimal:
    """The median of the sorted amounts without the one at a position, in constant time."""
    rest = len(ordered) - 1
    low, high = ((place + (place >= left_out)) for place in ((rest - 1) // 2, rest // 2))
    return (Decimal(ordered[low]) + Decimal(ordered[high])) / 2


class Peers(RuleType):
    """An amount of the same order as its peers: catches sums typed in thousands or millions of đồng.

    Bounds hold for any amount; the ratio holds against the median of the other rows of the return, once
    there are three of them. A mean would be pulled along by the very slip that is looked for.
    """

    name = "peers"
    params = (
        Param("column", "column"),
        Param("lowest", "number", False),
        Param("highest", "number", False),
        Param("ratio", "number", False),
    )
    description = "Số tiền không lệch hàng nghìn lần so với thông thường (nhầm đơn vị nghìn đồng, triệu đồng)."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        path, found = rule.params["column"], []
        amounts = {row: number for row, number in numbers_at(returned, path) if number > 0}
        ordered = sorted(amounts.values())
        for row, amount in amounts.items():
            typical = self._typical(rule, amount, ordered)
            if typical:
                place = returned.place(path, row)
                shown = {"field": label_of(form, path), "value": scaled_money(int(amount)), "typical": typical}
                found.append(issue("rule.peers", place, rule.severity, **shown))
        return found

    @staticmethod
    def _typical(rule: Rule, amount: int | Decimal, ordered: Sequence[int | Decimal]) -> str:
        """What would be usual, in words, when the amount is out of scale; "" when it is not."""
        lowest, highest, ratio = (rule.params.get(name) for name in ("lowest", "highest", "ratio"))
        if lowest is not None and amount < lowest:
            return f"từ {scaled_money(int(lowest))} trở lên"
        if highest is not None and amount > highest:
            return f"không quá {scaled_money(int(highest))}"
        if ratio is None or len(ordered) <= _FEWEST_PEERS:
            return ""
        middle = _median_without(ordered, bisect_left(ordered, amount))
        return f"khoảng {scaled_money(int(middle), word=False)}" if not middle / ratio < amount < middle * ratio else ""

    def hint(self, rule: Rule, form: Form) -> str:
        return f"“{label_of(form, rule.params['column'])}” ghi bằng đồng, không ghi bằng nghìn hay triệu đồng."


class Trend(RuleType):
    """A total of the same order as last year's."""

    name = "trend"
    params = (Param("column", "column"), Param("ratio", "number"))
    description = "Tổng năm nay không gấp (hoặc kém) năm trước quá nhiều lần."

    def check(self, rule: Rule, form: Form, returned: Returned, neighbours: Neighbours) -> list[Issue]:
        path, ratio = rule.params["column"], rule.params["ratio"]
        if neighbours.previous is None:
            return []
        now, before = (
            sum((number for _, number in numbers_at(one, path)), Decimal(0)) for one in (returned, neighbours.previous)
        )
        if now <= 0 or before <= 0 or before / ratio <= now <= before * ratio:
            return []
        shown = {"field": label_of(form, path), "value": scaled_money(int(now)), "before": scaled_money(int(before))}
        # the row above the first one holds the total, where the column has one
        asked = form.field(path)
        place = returned.place(path, 0) if asked is None or not asked.total else returned.total_place(path)
        return [issue("rule.trend", place, rule.severity, **shown)]

    def hint(self, rule: Rule, form: Form) -> str:
        ratio = rule.params["ratio"]
        return f"Tổng “{label_of(form, rule.params['column'])}” không gấp hay kém năm trước quá {ratio} lần."
