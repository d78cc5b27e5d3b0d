"""Blanks of one form and one campaign: authored once, then a patch for each partner.

In:   form, lists, campaign, receiver; then what is prefilled for a partner, and answers for demo and tests.
Out:  workbook bytes, equal for equal input.
Imports openpyxl through `author`, office, definitions, model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from generator.definitions.forms import Choice, Form
from generator.model import Campaign, Scalar
from generator.office.workbook.fill import CompiledWorkbook, compile_workbook
from generator.stages.blank.answered import answer_holes, hole_name, seen, texts_of, with_rows_fitted
from generator.stages.blank.author import author
from generator.stages.blank.draft import Address, Draft
from generator.stages.blank.strings import PartnerStrings

_NOTHING: Mapping[Address, Scalar] = MappingProxyType({})


@dataclass(frozen=True)
class Blank:
    """The blank of a form, ready to be written for any partner."""

    form: Form
    _draft: Draft
    _strings: PartnerStrings

    def fill(self, prefill: Mapping[str, Scalar], answers: Mapping[Address, Scalar] = _NOTHING) -> bytes:
        """The workbook for one partner.

        `prefill` by name: "partner.code", "partner.name", "assigned.1", "plan.1" …; names that the form does not
        ask for are ignored. `answers` by table, row and field, as typed values; each is written the way the
        partner would see it. KeyError for an address that the form does not have.
        """
        texts = texts_of(self._draft, prefill)
        if not answers:
            return self._strings.fill(texts)
        shown = {one: seen(self._draft, one, value) for one, value in answers.items()}
        sheets = self._with_answers.sheets({hole_name(one): value for one, value in shown.items()})
        return self._strings.fill(texts, with_rows_fitted(sheets, self._draft, shown))

    @cached_property
    def _with_answers(self) -> CompiledWorkbook:
        """The workbook cut up at every cell for an answer; only the demo and tests ask for it."""
        return compile_workbook(self._strings.content, answer_holes(self._draft))

    @property
    def printed(self) -> Mapping[str, frozenset[str]]:
        """The texts that every copy carries, by sheet code, clean and numbers as text: what nobody typed.

        What is prefilled for one partner is not among them.
        """
        return self._draft.printed


def compile_blank(
    form: Form, lists: Mapping[str, tuple[Choice, ...]], campaign: Campaign | None, *, receiver: str = ""
) -> Blank:
    """The blank of a form for a campaign; None for the board's own registry.

    `lists` are the lists known only at run time ("@communes", "@givers"): of those that the form asks for, the
    partner's own ones stand first in its copy. `receiver` is the body that the form goes to.
    """
    strings, draft = author(form, lists, campaign, receiver)
    return Blank(form, draft, strings)
