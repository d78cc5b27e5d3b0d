"""Rules: the closed family of checks, each with all its faces.

A new rule type is a class in `answers` or `whole` and a row in RULES. Definitions name rules; they never hold code.
Pure. Imports the modules of this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.definitions.forms import Form, Rule
from generator.definitions.rules.answers import (
    OPERATORS,
    PATTERNS,
    Compare,
    Matches,
    Product,
    Range,
    Required,
    Requires,
    Sum,
)
from generator.definitions.rules.base import Param, RuleType
from generator.definitions.rules.formulas import CellFormula
from generator.definitions.rules.whole import Assigned, Nil, Peers, Trend, Unique, WithinPeriod
from generator.issues import Severity

RULES: Mapping[str, RuleType] = MappingProxyType(
    {
        type_.name: type_
        for type_ in (
            Required(),
            Range(),
            Compare(),
            Sum(),
            Product(),
            Requires(),
            Matches(),
            Unique(),
            WithinPeriod(),
            Assigned(),
            Nil(),
            Peers(),
            Trend(),
        )
    }
)
"""Every rule type there is, by the name that forms use."""


def all_rules(form: Form) -> tuple[Rule, ...]:
    """The rules of a form: one for each field marked required, then those that it states."""
    implied = tuple(
        Rule(
            f"bat_buoc_{path.replace('.', '_')}", "required", f"Đã ghi “{field.label}”", {"field": path}, Severity.ERROR
        )
        for path, field in form.paths()
        if field.required
    )
    return implied + form.rules


__all__ = ["OPERATORS", "PATTERNS", "RULES", "CellFormula", "Param", "RuleType", "all_rules"]
