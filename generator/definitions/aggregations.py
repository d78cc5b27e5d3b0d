"""Aggregations: the closed family of ways from many values to one figure, each with all its faces.

In:   typed values in order. Out: the figure's number; the aggregation's words for a reader; its unit.
Pure. Imports model. A new aggregation is a row in AGGREGATIONS; a plan may name nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from generator.definitions.forms import Field
from generator.model import Scalar

OBLIGATIONS = "obligations"
"""Aggregation of a figure counted from who owes and who sent; it has no values."""
CHANGE = "change"
"""Aggregation of a comparison: (this year - last year) / last year x 100, of the values of both years."""
RATIO = "ratio"
"""Aggregation of one figure in per cent of another: A / B x 100, of the values of both."""
SCALED, SHARE = "scaled", "share"
"""Aggregations of one figure's group in triệu or tỷ đồng, and in per cent of the whole, rounded so that the parts add
up to what is shown of the whole."""
VALUE = "value"
"""Aggregation of a figure that is one value, printed beside a partner's text."""

NUMBERS = frozenset({"integer", "money"})


@dataclass(frozen=True, slots=True)
class Aggregation:
    """One way to make a figure. The values of a figure are always exactly those that `apply` was given."""

    name: str
    label: str
    """Words for `trace`, put before the number of cells: "tổng của" 50 ô."""
    apply: Callable[[Sequence[Scalar]], int]
    """The figure of these values, which are all present; of none it is 0."""
    types: frozenset[str] = frozenset()
    """Names of the field types that it can take; empty: any."""
    keeps_unit: bool = False
    """Whether the figure has the field's unit; otherwise the plan must name one."""
    description: str = ""
    """Line in the reference of aggregations."""

    def takes(self, field: Field) -> bool:
        """Whether this field's values can be put together in this way."""
        return not self.types or field.type in self.types

    def unit(self, field: Field) -> str:
        """The figure's unit unless the plan names another; households and people summed are "lượt"."""
        unit = field.unit or ("đồng" if field.type == "money" else "")
        if not self.keeps_unit:
            return ""
        return f"lượt {unit}" if unit in ("hộ", "người") else unit


def _sum(values: Sequence[Scalar]) -> int:
    return sum(int(value) for value in values if value is not None)


def _distinct(values: Sequence[Scalar]) -> int:
    return len(set(values))


AGGREGATIONS: Mapping[str, Aggregation] = MappingProxyType(
    {
        one.name: one
        for one in (
            Aggregation(
                "sum",
                "tổng của",
                _sum,
                NUMBERS,
                keeps_unit=True,
                description="Tổng các giá trị; ô trống không tính là 0.",
            ),
            Aggregation("count", "đếm", len, description="Đếm các ô có giá trị."),
            Aggregation(
                "distinct",
                "đếm các giá trị khác nhau của",
                _distinct,
                NUMBERS | frozenset({"choice", "partner", "date", "yes_no"}),
                description="Đếm các giá trị khác nhau.",
            ),
            Aggregation(
                "latest",
                "giá trị cuối cùng của",
                lambda values: _sum(values[-1:]),
                NUMBERS,
                keeps_unit=True,
                description="Giá trị cuối cùng theo thứ tự năm, đơn vị, lần nộp, dòng.",
            ),
        )
    }
)
"""Every aggregation by the name that a plan gives it."""

LABELS: Mapping[str, str] = MappingProxyType(
    {one.name: one.label for one in AGGREGATIONS.values()}
    | {
        OBLIGATIONS: "đếm theo danh bạ và sổ tiếp nhận",
        CHANGE: "mức tăng, giảm (%) giữa hai năm của",
        RATIO: "tỷ lệ (%) giữa hai số liệu, từ",
        SCALED: "quy ra triệu, tỷ đồng, làm tròn để các phần cộng lại bằng tổng, từ",
        SHARE: "tỷ trọng (%), làm tròn để các phần cộng lại bằng 100, của",
        VALUE: "giá trị tại",
    }
)
"""Words for a reader, of every aggregation that a figure can have."""


def change(current: int | Decimal, previous: int | Decimal) -> Decimal | None:
    """Per cent by which the figure changed, to one decimal (half up); None over a base that is not above zero."""
    if previous <= 0:
        return None
    percent = (Decimal(current) - Decimal(previous)) * 100 / Decimal(previous)
    return percent.quantize(Decimal("0.1"), ROUND_HALF_UP)


def ratio(of: int | Decimal, over: int | Decimal, digits: int) -> Decimal | None:
    """Per cent that `of` is of `over`, to so many decimals (half up); None over what is not above zero."""
    if over <= 0:
        return None
    return (Decimal(of) * 100 / Decimal(over)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
