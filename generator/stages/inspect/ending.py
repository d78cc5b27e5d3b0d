"""The end of a document: who signs, who receives it, and its annexes.

In:   the blocks after the text has begun. Out: where the end begins, and its elements.
Pure. Imports stages.inspect.records, office.document, definitions.layout, vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.definitions.layout import LayoutStandard
from generator.office.document import Paragraph, Table
from generator.stages.inspect.records import LEFT, RIGHT, RULED, Piece, Recognised, pieces, whole

_RECIPIENTS = re.compile(r"nơi\s+nhận\b")
_AUTHORITY = re.compile(r"(T/M|K/T|T/L|T/U|TM|KT|TL|TUQ|Q)(?![\w])")
_ANNEX = re.compile(r"(?i:phụ lục)(?:\s+(?:số\s*)?([IVXLC]+[a-h]?|[ivxlc]+|\d{1,2}[a-h]?|[A-Ha-h]))?\s*[.:]?")
_ENCLOSED = re.compile(r"\(?\s*(ban hành )?kèm theo\b")
_DRAFTER = re.compile(r"[A-ZĐ]{1,6}\.\s?\(?\d+")
_DASH = re.compile(r"[-–—•+]")
_TITLE_LINES = 6


def annex_number(block: Paragraph | Table) -> str | None:
    """The number of an annex that begins here, "" for one without; None where none begins."""
    if isinstance(block, Table):
        return None
    first = next(pieces(block), None)
    if first is None or len(first.text) > 20:
        return None
    named = _ANNEX.fullmatch(first.text)
    return None if named is None else (named[1] or "")


def find_ending(blocks: Sequence[Paragraph | Table], standard: LayoutStandard) -> tuple[int, int]:
    """Where signature and recipients begin, and where the first annex does; the number of blocks where they do not."""
    annex = next((at for at, block in enumerate(blocks) if annex_number(block) is not None), len(blocks))
    named = [at for at in range(annex) if any(_RECIPIENTS.match(piece.low) for piece in _sided(blocks[at]))]
    if named:
        start = named[-1]
    else:
        signed = [at for at in range(annex) if _is_signature(blocks[at], standard)]
        start = signed[-1] if signed else annex
    while 0 < start < annex and isinstance(blocks[start], Paragraph) and _is_signature(blocks[start - 1], standard):
        start -= 1
    return start, annex


def _is_signature(block: Paragraph | Table, standard: LayoutStandard) -> bool:
    lines = list(_sided(block))
    if isinstance(block, Table) and (len(block.rows) > 4 or len(block.rows[0] if block.rows else ()) > 3):
        return False
    named = [piece for piece in lines if _authority(piece, standard)]
    return bool(named) and (isinstance(block, Table) or named[0].paragraph.shape.alignment in ("center", "right"))


def _authority(piece: Piece, standard: LayoutStandard) -> bool:
    """Whether a line names an office or the authority to sign."""
    if len(piece.text) > 80 or piece.text.endswith((".", ";", ":")):
        return False
    if _AUTHORITY.match(piece.text):
        return True
    upper = piece.text.upper()
    named = any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", upper) for word in standard.words.get("offices", ()))
    return named and len(piece.text.split()) <= 12 and (piece.text.isupper() or piece.side == RIGHT)


def _sided(block: Paragraph | Table) -> Iterator[Piece]:
    if isinstance(block, Paragraph):
        yield from pieces(block, tabs=True)
        return
    if len(block.rows) > 6:
        return
    for row in block.rows:
        for cell in row:
            side = "" if len(row) == 1 else LEFT if cell is row[0] else RIGHT
            for paragraph in cell.paragraphs:
                yield from pieces(paragraph, side)


def read_signature(blocks: Sequence[Paragraph | Table], standard: LayoutStandard, found: Recognised) -> None:
    """Notes who signs and who receives."""
    signers: list[Piece] = []
    listed = False
    for block in blocks:
        for piece in _sided(block):
            if _RECIPIENTS.match(piece.low):
                found.add("noi_nhan", piece)
                listed = True
            elif piece.side == RIGHT or (piece.side != LEFT and not _DASH.match(piece.text)):
                signers.append(piece)
            elif _DRAFTER.match(piece.text):
                found.add("ky_hieu_soan_thao", piece)
            elif listed:
                found.add("danh_sach_noi_nhan", piece)
            elif not _DASH.match(piece.text):
                signers.append(piece)
            else:
                found.add("danh_sach_noi_nhan", piece)
    _signers(
        [piece for piece in signers if not piece.text.startswith("(") and not RULED.fullmatch(piece.text)],
        standard,
        found,
    )


def _signers(lines: Sequence[Piece], standard: LayoutStandard, found: Recognised) -> None:
    """Offices first; the last line is the name unless it names an office."""
    named = len(lines) > 1 and not _authority(lines[-1], standard)
    for piece in lines[: len(lines) - named]:
        found.add("quyen_han", piece)
    if named:
        found.add("ho_ten", lines[-1])


def read_annexes(blocks: Sequence[Paragraph | Table], found: Recognised) -> None:
    """Notes the heads of the annexes; what follows them is text and tables."""
    at = 0
    while at < len(blocks):
        number = annex_number(blocks[at])
        if number is None:
            _told(blocks[at], found)
            at += 1
            continue
        at = _annex(blocks, at, number, found)


def _annex(blocks: Sequence[Paragraph | Table], at: int, number: str, found: Recognised) -> int:
    heading, *others = pieces(_as_paragraph(blocks[at]))
    group = len(found.of("phu_luc")) + 1
    found.add("phu_luc", heading, number, group)
    titled = list(others)
    at += 1
    for _ in range(_TITLE_LINES):
        block = blocks[at] if at < len(blocks) else None
        if block is None or isinstance(block, Table) or annex_number(block) is not None:
            break
        lines = [piece for piece in pieces(block) if not RULED.fullmatch(piece.text)]
        enclosed = any(_ENCLOSED.match(piece.low) for piece in lines)
        if lines and not enclosed and titled and not (lines[0].bold and lines[0].paragraph.shape.alignment == "center"):
            break
        titled += lines
        at += 1
        if enclosed:
            break
    enclosed_at = next((n for n, piece in enumerate(titled) if _ENCLOSED.match(piece.low)), len(titled))
    for n, piece in enumerate(titled):
        found.add("ten_phu_luc" if n < enclosed_at else "kem_theo", piece, number, group)
    return at


def _as_paragraph(block: Paragraph | Table) -> Paragraph:
    assert isinstance(block, Paragraph)  # annex_number found one
    return block


def _told(block: Paragraph | Table, found: Recognised) -> None:
    if isinstance(block, Table):
        found.tables.append(block)
    found.told += [whole(one) for one in (block.note if isinstance(block, Table) else [block]) if one.text.strip()]
