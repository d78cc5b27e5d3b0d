"""Validate: a return against the rules of its form.

In:   Returned, Form, Neighbours. Out: issues, in the order of the rules.
Pure. Imports definitions.rules and what it imports.
"""

from __future__ import annotations

from generator.definitions.forms import Form
from generator.definitions.returned import Neighbours, Returned
from generator.definitions.rules import RULES, all_rules
from generator.issues import Issue


def validate(returned: Returned, form: Form, neighbours: Neighbours) -> list[Issue]:
    """Every fault that a rule of the form finds, each with its cell."""
    found: list[Issue] = []
    for rule in all_rules(form):
        found.extend(RULES[rule.type].check(rule, form, returned, neighbours))
    return found
