"""Answers in words.

In:   raw cells. Out: Reading. Pure. Imports the base of the family, vietnamese, definitions.forms, model.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from generator.definitions.fieldtypes.base import ISO_DAY, CellCheck, FieldType, Reading, raw_text
from generator.definitions.forms import Choice, Field
from generator.model import Raw
from generator.vietnamese.dates import format_date
from generator.vietnamese.legacy import guessed
from generator.vietnamese.text import clean


class Text(FieldType):
    """One line of text."""

    name = "text"
    description = "Ghi chữ, một dòng ngắn gọn."
    number_format = "@"  # else the program makes a date of "3/2025" and drops the first 0 of a telephone number
    longest: ClassVar[int] = 500

    def parse(self, raw: Raw, field: Field, choices: Sequence[Choice] = (), year: int = 0) -> Reading:
        if isinstance(raw, str) and (meant := guessed(raw)):
            return Reading(None, "cell.legacy_text", {"value": raw, "reading": meant})
        text = clean(raw if isinstance(raw, str) else raw_text(raw))
        if isinstance(raw, date) and len(text) == ISO_DAY:
            text = format_date(text)
        if len(text) > self.longest:
            return Reading(text, "cell.too_long", {"length": str(len(text)), "longest": str(self.longest)})
        return Reading(text)

    def cell_check(self, field: Field) -> CellCheck | None:
        return CellCheck("length", 0, self.longest, message=f"Không quá {self.longest} ký tự.")


class Paragraph(Text):
    """Free text of several lines."""

    name = "paragraph"
    description = "Ghi chữ, có thể nhiều dòng (xuống dòng bằng Alt+Enter)."
    number_format = "General"  # as "@" some programs show long text as ####
    longest = 5_000
