"""Between the head and the text: the kind of document, what it is about, whom it is sent to, what it rests on.

In:   the blocks after the head. Out: these elements, and how many blocks they take.
Pure. Imports stages.inspect.records, office.document, definitions.layout; rapidfuzz.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from generator.definitions.layout import LayoutStandard
from generator.office.document import Paragraph, Table
from generator.stages.inspect.records import RULED, Piece, Recognised, pieces, ruled_lengths, typed_line
from generator.vietnamese.text import matching_key

LETTER = "CÔNG VĂN"
_NEAR = 88
_SEARCHED = 8
_ADDRESSED = re.compile(r"k[ií]nh\s+(gửi|trình)\b")
_GROUND = re.compile(r"(căn cứ|xét đề nghị|theo đề nghị|xét)\s")
_DASH = re.compile(r"[-–—•+]\s*\S")
_HEADING = re.compile(r"[IVXL]+[.\-)]\s|\d{1,2}[.)]\s|(phần|chương|mục|điều)\s+(\d+|[ivxl]+)\b", re.IGNORECASE)
_LONGEST_SUBJECT = 400


def read_opening(blocks: Sequence[Paragraph | Table], standard: LayoutStandard, found: Recognised) -> int:
    """Notes the elements between head and text; gives how many blocks they take."""
    at = _kind(blocks, standard, found)
    if found.kind and found.kind != LETTER:
        at = _subject(blocks, at, found)
    at = _addressees(blocks, at, found)
    return _grounds(blocks, at, found)


def _kind(blocks: Sequence[Paragraph | Table], standard: LayoutStandard, found: Recognised) -> int:
    kinds = {matching_key(name): name for name in standard.kinds()}
    for at, block in enumerate(blocks[:_SEARCHED]):
        if isinstance(block, Table):
            break
        for piece in pieces(block):
            name = _kind_of(piece, kinds)
            if name:
                found.kind = name
                found.add("ten_loai", piece)
                return at
            if len(piece.text) > 60 or _HEADING.match(piece.text) or _ADDRESSED.match(piece.low):
                return 0
    return 0


def _kind_of(piece: Piece, kinds: dict[str, str]) -> str:
    """The name of a kind of document that stands alone, or begins a bold line."""
    if len(piece.text) > 120:
        return ""
    key = piece.key
    for known, name in kinds.items():
        if key == known or (len(key) > 5 and abs(len(key) - len(known)) < 3 and fuzz.ratio(key, known) >= _NEAR):
            return name
        begun = key.startswith(f"{known} ") and piece.text.isupper()
        if begun and piece.bold and piece.paragraph.shape.alignment == "center":
            return name
    return ""


def _subject(blocks: Sequence[Paragraph | Table], at: int, found: Recognised) -> int:
    """The lines under the kind, until a line is drawn or the text begins."""
    drawn: list[float] = []
    kind, seen = found.of("ten_loai")[0].piece.text, False
    while at < len(blocks):
        block = blocks[at]
        if isinstance(block, Table):
            break
        lines = [piece for piece in pieces(block) if not (not seen and piece.text == kind)]
        seen = True
        ruled = [piece for piece in lines if RULED.fullmatch(piece.text)]
        for piece in ruled:
            drawn += typed_line(piece)
        texts = [piece for piece in lines if piece not in ruled]
        if texts and (drawn or not all(_is_subject(piece, found) for piece in texts)):
            break
        for piece in texts:
            found.add("trich_yeu", piece)
        drawn += ruled_lengths(block)
        at += 1
    if drawn:
        found.lines["trich_yeu"] = drawn
    return at


def _is_subject(piece: Piece, found: Recognised) -> bool:
    if len(piece.text) > _LONGEST_SUBJECT or _ADDRESSED.match(piece.low) or _GROUND.match(piece.low):
        return False
    if _HEADING.match(piece.text):
        return False
    shape = piece.paragraph.shape
    if shape.alignment == "center" or (piece.bold and shape.first < 5):
        return True
    return not found.of("trich_yeu") and shape.first < 5 and not piece.text.endswith((".", ":", ";"))


def _addressees(blocks: Sequence[Paragraph | Table], at: int, found: Recognised) -> int:
    """“Kính gửi” and the list under it; also where they stand in a table without lines."""
    while at < len(blocks):
        lines = [piece for one in _paragraphs(blocks[at]) for piece in pieces(one)]
        if lines and not found.of("kinh_gui"):
            if not _ADDRESSED.match(lines[0].low):
                break
            found.kind = found.kind or LETTER
            found.add("kinh_gui", lines[0])
            lines = lines[1:]
            if lines and isinstance(blocks[at], Paragraph) and not _DASH.match(lines[0].text):
                lines = lines[1:]
        elif lines and not _DASH.match(lines[0].text):
            break
        for piece in lines:
            found.add("noi_kinh_gui", piece)
        at += 1
    return at


def _paragraphs(block: Paragraph | Table) -> list[Paragraph]:
    if isinstance(block, Paragraph):
        return [block]
    if len(block.rows) > 3:
        return []
    return [one for row in block.rows for cell in row for one in cell.paragraphs]


def _grounds(blocks: Sequence[Paragraph | Table], at: int, found: Recognised) -> int:
    """The grounds: paragraphs that begin with “Căn cứ”; a sentence that goes on to say something is text."""
    grounds: list[Piece] = []
    end = at
    for offset, block in enumerate(blocks[at:], 1):
        if isinstance(block, Table):
            break
        lines = list(pieces(block))
        if not lines:
            continue
        if len(lines) > 1 or not _GROUND.match(lines[0].low):
            break
        grounds.append(lines[0])
        end = at + offset
    if grounds and (grounds[-1].text.endswith(":") or (len(grounds) == 1 and not _is_ground(grounds[0]))):
        grounds.pop()
        end = at if not grounds else end - 1
    for piece in grounds:
        found.add("can_cu", piece)
    return end


def _is_ground(piece: Piece) -> bool:
    return piece.italic or piece.text.endswith(";")
