"""Blank: Form + lists + campaign -> the workbook that partners fill in; authored once, patched for each partner.

`compile_blank` is slow (drawing), `Blank.fill` is quick (a patch). `Annotator` writes the same workbook with what
was read of a return and with its faults shown, as a reply sends it back.
"""

from __future__ import annotations

from generator.stages.blank.annotated import Annotator, Answer, AsTyped
from generator.stages.blank.corrections_sheet import Leftover, Mark, place_text
from generator.stages.blank.draft import Address
from generator.stages.blank.fill import Blank, compile_blank

__all__ = ["Address", "Annotator", "Answer", "AsTyped", "Blank", "Leftover", "Mark", "compile_blank", "place_text"]
