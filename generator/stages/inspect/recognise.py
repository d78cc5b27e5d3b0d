"""Recognise: which part of a document is which element of the law, by text and place and not by names of styles.

In:   a Document, the standard's words. Out: Recognised. Pure. Imports the readers of head, opening, body and ending.
"""

from __future__ import annotations

import re

from generator.definitions.layout import LayoutStandard
from generator.office.document import Document, Paragraph
from generator.stages.inspect.body import read_body
from generator.stages.inspect.ending import annex_number, find_ending, read_annexes, read_signature
from generator.stages.inspect.letterhead import read_head
from generator.stages.inspect.opening import LETTER, read_opening
from generator.stages.inspect.records import Recognised, pieces

_ADDRESS = re.compile(r"(địa chỉ|điện thoại|đt|email|e-mail|thư điện tử|website|trang thông tin|fax)\b", re.IGNORECASE)


def recognise(document: Document, standard: LayoutStandard) -> Recognised:
    """Every element found, in reading order."""
    found = Recognised()
    blocks = document.blocks
    first = next((block for block in blocks if not isinstance(block, Paragraph) or block.text.strip()), None)
    found.annex_only = first is not None and annex_number(first) is not None
    head = 0 if found.annex_only else read_head(blocks, standard, found)
    head += 0 if found.annex_only else read_opening(blocks[head:], standard, found)
    signed, annex = (0, 0) if found.annex_only else find_ending(blocks[head:], standard)
    signed, annex = head + signed, head + annex
    read_body(blocks[head:signed], found)
    read_signature(blocks[signed:annex], standard, found)
    found.main_end = blocks[annex - 1].section if annex else 0
    read_annexes(blocks[annex:], found)
    if not found.kind and found.of("trich_yeu_cong_van", "kinh_gui"):
        found.kind = LETTER
    _address(document, found)
    return found


def _address(document: Document, found: Recognised) -> None:
    """The address at the foot of the first page."""
    for section in document.sections[:1]:
        parts = section.footers.get("first" if section.title_page else "default", ())
        for paragraph in parts:
            for piece in pieces(paragraph):
                if _ADDRESS.match(piece.text):
                    found.add("dia_chi", piece)
