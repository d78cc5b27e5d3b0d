"""The compiled blanks of a campaign: what is sent out, and so also what a return carries that nobody typed.

In:   forms, registry, campaign. Out: Blank by form code.
Imports the stage blank, pipeline.context.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from generator.definitions.forms import Choice, Form
from generator.model import Campaign, Registry
from generator.pipeline.context import run_time_lists
from generator.stages.blank import Blank, compile_blank

RECEIVERS = ("don_vi_nhan_bao_cao", "ten_co_quan")
"""The settings that name who receives the returns; the first one that says something counts."""


def compile_blanks(forms: Mapping[str, Form], registry: Registry, campaign: Campaign) -> Mapping[str, Blank]:
    """The compiled blank of each form that the campaign asks for, as every partner gets it."""
    lists, receiver = run_time_lists(registry, campaign), receiver_at(registry, campaign.deadline)
    return {
        code: _drawn(pickle.dumps((forms[code], _asked(forms[code], lists), campaign, receiver)))
        for code in campaign.forms
        if code in forms
    }


@lru_cache(maxsize=12)
def _drawn(told: bytes) -> Blank:
    """The blank of what was told, pickled so that it can be looked up: drawing one costs a third of a second, and
    whoever goes the whole way in one process asks for the same one to send out, to fill and to judge by."""
    form, lists, campaign, receiver = pickle.loads(told)  # noqa: S301  pickled by our caller a moment ago
    return compile_blank(form, lists, campaign, receiver=receiver)


def _asked(form: Form, lists: Mapping[str, tuple[Choice, ...]]) -> Mapping[str, tuple[Choice, ...]]:
    """The lists that a form draws from: a blank carries no other."""
    codes = {asked.choices for _, asked in form.paths()}
    return {code: choices for code, choices in lists.items() if code in codes}


def receiver_at(registry: Registry, day: date) -> str:
    """Name of the receiving body on that day by the settings; "" when they do not say."""
    for name in RECEIVERS:
        valid = [one for one in registry.settings if one.name == name and (one.since is None or one.since <= day)]
        if valid:
            return max(valid, key=lambda one: one.since or date.min).value
    return ""
