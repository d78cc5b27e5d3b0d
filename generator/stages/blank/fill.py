"""Blanks of one form and one campaign: authored once, then a patch for each partner.

In:   form, lists, campaign, receiver; then what is prefilled for a partner, and answers for demo and tests.
Out:  workbook bytes, equal for equal input.
Imports openpyxl through `author`, office, definitions, model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from types import MappingProxyType

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Choice, Form
from generator.model import Campaign, Scalar
from generator.office.workbook.address import address
from generator.office.workbook.fill import CompiledWorkbook, Filling, Hole, compile_workbook
from generator.stages.blank.answer_sheets import list_code
from generator.stages.blank.author import COMMUNES, author
from generator.stages.blank.draft import PARTNER_LINE, Address, Draft
from generator.stages.blank.fitting import Placed, needed_heights, with_heights
from generator.stages.blank.strings import PartnerStrings, SheetChange
from generator.stages.blank.styles import BODY, SMALL

PARTNER_NAME = "partner.name"
_ASSIGNED = "assigned."
_NOTHING: Mapping[Address, Scalar] = MappingProxyType({})
_ISO = re.compile(r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
_QUARTERS = ("I", "II", "III", "IV")


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
        texts = dict(self._shown(prefill))
        if not answers:
            return self._strings.fill(texts)
        seen = {_hole_name(address): self._seen(address, value) for address, value in answers.items()}
        return self._strings.fill(texts, self._with_answers.fill(seen), self._fitted(answers, seen))

    @cached_property
    def _with_answers(self) -> CompiledWorkbook:
        """The workbook cut up at every cell for an answer; only the demo and tests ask for it."""
        holes = {
            _hole_name(one): Hole(title, address(key.row, key.column))
            for one, (title, key) in self._draft.answers.items()
        }
        return compile_workbook(self._strings.content, holes)

    def _fitted(self, answers: Mapping[Address, Scalar], seen: Mapping[str, Filling]) -> dict[str, SheetChange]:
        """For each sheet's part, what raises the rows whose answers take several lines."""
        placed: dict[str, list[Placed]] = {}
        for where in answers:
            title, key = self._draft.answers[where]
            shown = seen[_hole_name(where)]
            if isinstance(shown, str):
                size = SMALL if where[0] else BODY
                width = self._draft.widths[title].get(key.column, 1.0)
                placed.setdefault(self._draft.parts[title], []).append(Placed(shown, key.row, width, size))
        return {part: partial(with_heights, heights=needed_heights(texts)) for part, texts in placed.items()}

    @property
    def printed(self) -> Mapping[str, frozenset[str]]:
        """The texts that every copy carries, by sheet code, clean and numbers as text: what nobody typed.

        What is prefilled for one partner is not among them.
        """
        return self._draft.printed

    def _shown(self, prefill: Mapping[str, Scalar]) -> Iterator[tuple[str, str]]:
        """Every hole with what is written into it."""
        for name, value in prefill.items():
            yield name, "" if value is None else str(value)
        if PARTNER_NAME in prefill:
            yield PARTNER_LINE, f"Đơn vị báo cáo: {prefill[PARTNER_NAME]}"
        yield from self._communes(prefill)

    def _communes(self, prefill: Mapping[str, Scalar]) -> Iterator[tuple[str, str]]:
        """The list of communes with the partner's own ones first, in the order of their prefills."""
        communes = self._draft.lists.get(COMMUNES, ())
        labels = {choice.label: None for choice in communes}
        own: dict[str, None] = {}
        for name, value in prefill.items():
            if name.startswith(_ASSIGNED):
                # "xã Trà Tập, huyện Nam Trà My" is prefilled, "xã Trà Tập" stands in the list
                label = next((text for text in (str(value), str(value).partition(",")[0]) if text in labels), None)
                if label is not None:
                    own[label] = None
        if own:
            for number, label in enumerate(own | labels, start=1):
                yield f"commune.{number}", label

    def _seen(self, where: Address, value: Scalar) -> Filling:
        """The answer as it stands in the cell: a label, Có or Không, a real date, a number, text."""
        table, _, code = where
        field = self.form.field(f"{table}.{code}" if table else code)
        if field is None or value is None:
            return None
        type_ = FIELD_TYPES[field.type]
        if field.type == "date" and isinstance(value, str):
            return _typed_date(value)
        if isinstance(value, bool) or field.choices:
            # what is no code of the list is what a careless partner typed over the dropdown
            return type_.text(value, field, self._draft.lists.get(list_code(field), ())) or str(value)
        return value


def _hole_name(where: Address) -> str:
    return "\t".join((where[0], str(where[1]), where[2]))


def _typed_date(iso: str) -> date | str:
    """A date as somebody would type it: a real day, else "tháng 3/2025", "quý I/2025", "năm 2025"."""
    match = _ISO.fullmatch(iso)
    if match is None:
        return iso
    if match["day"]:
        try:
            return date.fromisoformat(iso)
        except ValueError:
            return iso
    if match["quarter"]:
        return f"quý {_QUARTERS[int(match['quarter']) - 1]}/{match['year']}"
    return f"tháng {int(match['month'])}/{match['year']}" if match["month"] else f"năm {match['year']}"


def compile_blank(
    form: Form, lists: Mapping[str, tuple[Choice, ...]], campaign: Campaign | None, *, receiver: str = ""
) -> Blank:
    """The blank of a form for a campaign; None for the board's own registry.

    `lists` are the lists known only at run time ("@communes"); `receiver` is the body that the form goes to.
    """
    strings, draft = author(form, lists, campaign, receiver)
    return Blank(form, draft, strings)
