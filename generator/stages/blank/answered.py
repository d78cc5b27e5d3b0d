"""What stands in a partner's copy: its own names, its own ones first in the lists, answers as somebody would type them.

In:   a draft, what is prefilled for a partner, typed answers. Out: texts by hole, cells' fillings, fitted rows.
Imports definitions, office.workbook, model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.model import Scalar
from generator.office.workbook.address import address
from generator.office.workbook.fill import Filling, Hole
from generator.stages.blank.draft import PARTNER_LINE, Address, Draft, list_code, listed_hole, run_time_lists
from generator.stages.blank.fitting import Placed, needed_heights, with_heights
from generator.stages.blank.styles import BODY, SMALL

PARTNER_NAME = "partner.name"
_ASSIGNED = "assigned."
_ISO = re.compile(r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
_FIRST_YEAR = 1910
_QUARTERS = ("I", "II", "III", "IV")


def texts_of(draft: Draft, prefill: Mapping[str, Scalar]) -> dict[str, str]:
    """Every hole of a copy with what is written into it."""
    texts = {name: "" if value is None else str(value) for name, value in prefill.items()}
    if PARTNER_NAME in prefill:
        texts[PARTNER_LINE] = f"Đơn vị báo cáo: {prefill[PARTNER_NAME]}"
    assigned = [str(value) for name, value in prefill.items() if name.startswith(_ASSIGNED)]
    for code in run_time_lists(draft):
        for number, label in enumerate(_own_first(draft, code, assigned), start=1):
            texts[listed_hole(code, number)] = label
    return texts


def _own_first(draft: Draft, code: str, assigned: list[str]) -> Iterator[str]:
    """The labels of a list with the partner's own ones first, in the order of their prefills."""
    labels = {choice.label: None for choice in draft.lists[code]}
    own: dict[str, None] = {}
    for text in assigned:
        # "xã Trà Tập, huyện Nam Trà My" is prefilled, "xã Trà Tập" stands in the list
        label = next((one for one in (text, text.partition(",")[0]) if one in labels), None)
        if label is not None:
            own[label] = None
    yield from own | labels


def seen(draft: Draft, where: Address, value: Scalar) -> Filling:
    """The answer as it stands in the cell: a label, Có or Không, a real date, a number, text."""
    table, _, code = where
    field = draft.fields.get(f"{table}.{code}" if table else code)
    if field is None or value is None:
        return None
    type_ = FIELD_TYPES[field.type]
    if field.type == "date" and isinstance(value, str):
        return _typed_date(value)
    if isinstance(value, bool) or field.choices:
        # what is no code of the list is what a careless partner typed over the dropdown
        return type_.text(value, field, draft.lists.get(list_code(field), ())) or str(value)
    return value


def _typed_date(iso: str) -> date | str:
    """A date as somebody would type it: a real day, else "tháng 3/2025", "quý I/2025", "năm 2025"."""
    match = _ISO.fullmatch(iso)
    if match is None:
        return iso
    if match["day"]:
        try:
            day = date.fromisoformat(iso)
        except ValueError:
            return iso
        # earlier ones a cell of date format makes of a bare number, so as dates nobody would read them
        return day if day.year >= _FIRST_YEAR else iso
    if match["quarter"]:
        return f"quý {_QUARTERS[int(match['quarter']) - 1]}/{match['year']}"
    return f"tháng {int(match['month'])}/{match['year']}" if match["month"] else f"năm {match['year']}"


def hole_name(where: Address) -> str:
    """The name of an answer's hole."""
    return "\t".join((where[0], str(where[1]), where[2]))


def answer_holes(draft: Draft) -> dict[str, Hole]:
    """Every cell for an answer, by the name of its hole."""
    return {hole_name(one): Hole(title, address(key.row, key.column)) for one, (title, key) in draft.answers.items()}


def with_rows_fitted(sheets: Mapping[str, bytes], draft: Draft, answers: Mapping[Address, Filling]) -> dict[str, bytes]:
    """The sheets, by part, with the rows raised whose answers take several lines."""
    placed: dict[str, list[Placed]] = {}
    for where, shown in answers.items():
        if isinstance(shown, str):
            title, key = draft.answers[where]
            width = draft.widths[title].get(key.column, 1.0)
            text = Placed(shown, key.row, width, SMALL if where[0] else BODY)
            placed.setdefault(draft.parts[title], []).append(text)
    return {part: with_heights(xml, needed_heights(placed.get(part, ()))) for part, xml in sheets.items()}
