"""Blank: Form + lists + campaign -> the workbook that partners fill in; authored once, patched for each partner.

`compile_blank` is slow (drawing), `Blank.fill` is quick (a patch).
"""

from __future__ import annotations

from generator.stages.blank.draft import Address
from generator.stages.blank.fill import Blank, compile_blank

__all__ = ["Address", "Blank", "compile_blank"]
