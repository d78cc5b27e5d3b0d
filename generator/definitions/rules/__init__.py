"""Rules: the closed family of checks, each with all its faces.

A new rule type is a class in `answers`, `whole` or `years` and a row in RULES. Definitions never hold code, only names.
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
from generator.definitions.rules.years import Carried, Planned, Repeated

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
            Repeated(),
            Planned(),
            Carried(),
        )
    }
)
"""Every rule type there is, by the name that forms use."""


_LATEST: dict[int, tuple[Form, tuple[Rule, ...]]] = {}
"""The rules of the forms asked for last: each return of a year asks for the same ones."""
_MOST_FORMS = 16


def all_rules(form: Form) -> tuple[Rule, ...]:
    """The rules of a form: those that its fields imply (required, bounds), then those that it states."""
    kept = _LATEST.get(id(form))
    if kept is not None and kept[0] is form:
        return kept[1]
    if len(_LATEST) >= _MOST_FORMS:
        _LATEST.clear()
    # the form is kept beside its rules, so that its id cannot become another one's
    _LATEST[id(form)] = (form, _all_rules(form))
    return _LATEST[id(form)][1]


def _all_rules(form: Form) -> tuple[Rule, ...]:
    implied: list[Rule] = []
    for path, field in form.paths():
        code = path.replace(".", "_")
        if field.required:
            implied.append(Rule(f"bat_buoc_{code}", "required", f"Đã ghi “{field.label}”", {"field": path}))
        if field.minimum is not None or field.maximum is not None:
            bounds = {"field": path, "minimum": field.minimum, "maximum": field.maximum}
            implied.append(Rule(f"khoang_{code}", "range", f"“{field.label}” trong khoảng cho phép", bounds))
    return (*implied, *form.rules)


__all__ = ["OPERATORS", "PATTERNS", "RULES", "CellFormula", "Param", "RuleType", "all_rules"]
