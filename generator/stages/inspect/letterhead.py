"""The head of a document: who issues it, its number, the motto, place and day; found by text and side.

In:   the blocks of a document. Out: the elements of the head, and how many blocks it takes.
Pure. Imports stages.inspect.records, office.document, office.type_width, definitions.layout; rapidfuzz.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from generator.definitions.layout import LayoutStandard
from generator.office.document import Paragraph, Table
from generator.office.type_width import width_mm
from generator.stages.inspect.records import LEFT, RIGHT, RULED, Piece, Recognised, pieces, ruled_lengths, typed_line
from generator.vietnamese.text import matching_key

_MOTTO, _NATION = matching_key("Độc lập - Tự do - Hạnh phúc"), matching_key("Cộng hòa xã hội chủ nghĩa Việt Nam")
_PARTY = matching_key("Đảng Cộng sản Việt Nam")
_NUMBER = re.compile(r"số\b\s*[:.…_/\d]|số\s*$|\d{0,4}\s*/\s*[a-zđ]{2,}[-/]", re.IGNORECASE)
_DAY = re.compile(r"ngày\b.*\btháng\b.*\bnăm\b")
_SIGNED = re.compile(r"(người ký|ký bởi|thời gian ký|signed)\b")
_CONTINUED = re.compile(r"(tỉnh|thành phố|tp|huyện|quận|xã|phường|thị xã|và|của|trực thuộc|về)\b")
_COUNCILS = frozenset(map(matching_key, ("Ủy ban nhân dân", "Hội đồng nhân dân", "UBND", "HĐND")))
_NEAR = 80
_LONGEST_LINE = 80
_MOST_ROWS = 12
"""A table with more rows is no head."""
_SEARCHED = 8
"""Blocks at the top among which a head is looked for."""


def read_head(blocks: Sequence[Paragraph | Table], standard: LayoutStandard, found: Recognised) -> int:
    """Notes what the head holds; gives how many blocks belong to it."""
    taken, seen = 0, False
    left: list[Piece | list[float]] = []
    for at, block in enumerate(blocks[:_SEARCHED]):
        sides = list(_sided(block))
        names = [_name(piece, standard) for piece in sides]
        if isinstance(block, Table) and not any(names):
            break
        if isinstance(block, Paragraph) and sides and not any(names) and not all(p.apart or p.side for p in sides):
            drawn = RULED.fullmatch(sides[0].text) is not None
            if (seen and not drawn) or not _before_head(blocks[at + 1 : _SEARCHED], standard):
                break
        if any(names):
            taken, seen = at + 1, True
        _note(block, sides, names, found, left)
    _agencies(left, found)
    return taken


def _before_head(blocks: Sequence[Paragraph | Table], standard: LayoutStandard) -> bool:
    """Whether the nation or the motto still comes: then what stands above them belongs to the head."""
    named = (_name(piece, standard) for block in blocks for piece in _sided(block))
    return any(name in ("quoc_hieu", "tieu_ngu", "so_ky_hieu") for name in named)


def _sided(block: Paragraph | Table) -> Iterator[Piece]:
    if isinstance(block, Paragraph):
        yield from pieces(block, tabs=True)
        return
    for row in block.rows if len(block.rows) <= _MOST_ROWS else ():
        for cell in row:
            side = "" if len(row) == 1 else LEFT if cell is row[0] else RIGHT
            for paragraph in cell.paragraphs:
                yield from pieces(paragraph, side)


def _name(piece: Piece, standard: LayoutStandard) -> str:
    """Which element of a head a line is, by its text; "" where the text does not say."""
    if len(piece.text) > 200:
        return ""
    key, low = piece.key, piece.low
    for likeness, name in ((_NATION, "quoc_hieu"), (_MOTTO, "tieu_ngu"), (_PARTY, "dang")):
        if fuzz.ratio(key, likeness) >= _NEAR:
            return name
    for words, name in (("marks", "dau_mat_khan"), ("scopes", "pham_vi")):
        if key in map(matching_key, standard.words.get(words, ())):
            return name
    day = _DAY.search(low) and len(low) < _LONGEST_LINE and not low.startswith("(")
    number = _NUMBER.match(low) and len(low) < _LONGEST_LINE
    by_form = (
        (_SIGNED.match(low), "ky_so"),
        (day and piece.side != LEFT, "dia_danh_ngay"),
        (number and piece.side != RIGHT, "so_ky_hieu"),
        (low.startswith(("v/v", "về việc")) and piece.side == LEFT, "trich_yeu_cong_van"),
    )
    return next((name for matches, name in by_form if matches), "")


def _note(
    block: Paragraph | Table,
    sides: Sequence[Piece],
    names: Sequence[str],
    found: Recognised,
    left: list[Piece | list[float]],
) -> None:
    by_paragraph: dict[int, list[tuple[Piece, str]]] = {}
    for piece, name in zip(sides, names, strict=True):
        by_paragraph.setdefault(piece.paragraph.number, []).append((piece, name))
    for paragraph, side in _paragraphs(block):
        for piece, name in by_paragraph.get(paragraph.number, []):
            _note_piece(piece, name, found, left)
        lengths = ruled_lengths(paragraph)
        if lengths:
            texts = by_paragraph.get(paragraph.number)
            _rule(lengths, side or (texts[-1][0].side if texts else ""), found)


def _paragraphs(block: Paragraph | Table) -> Iterator[tuple[Paragraph, str]]:
    if isinstance(block, Paragraph):
        yield block, ""
        return
    for row in block.rows:
        for cell in row:
            for paragraph in cell.paragraphs:
                yield paragraph, "" if len(row) == 1 else LEFT if cell is row[0] else RIGHT


def _note_piece(piece: Piece, name: str, found: Recognised, left: list[Piece | list[float]]) -> None:
    if RULED.fullmatch(piece.text):
        _rule(typed_line(piece), piece.side, found)
        return
    if name == "dang":
        found.party = True
    elif name:
        found.add(name, piece)
        if name == "tieu_ngu" and all(run.face.underline for run in piece.runs if run.text.strip()):
            found.lines.setdefault(name, []).append(_long(piece))
        if name == "so_ky_hieu":
            left.append([])  # what follows on the left is no agency
    elif piece.side != RIGHT and not found.of("so_ky_hieu"):
        left.append(piece)
    elif piece.side == LEFT and found.of("so_ky_hieu") and not found.of("dia_chi"):
        found.add("trich_yeu_cong_van", piece)


def _rule(lengths: list[float], side: str, found: Recognised) -> None:
    """A drawn line belongs to the motto on the right; on the left to the agency, or to the subject of a letter."""
    if side == RIGHT:
        found.lines.setdefault("tieu_ngu", []).extend(lengths)
    elif found.of("trich_yeu_cong_van"):
        found.lines.setdefault("trich_yeu_cong_van", []).extend(lengths)
    elif side == LEFT:
        found.lines.setdefault("co_quan_ban_hanh", []).extend(lengths)
    else:  # floating between both sides: it may belong to either
        for element in ("tieu_ngu", "co_quan_ban_hanh"):
            found.lines.setdefault(element, []).extend(lengths)


def _long(piece: Piece) -> float:
    return sum(width_mm(run.text, run.face.size, bold=run.face.bold) for run in piece.runs)


def _agencies(left: Sequence[Piece | list[float]], found: Recognised) -> None:
    """Who issues it is the last body named on the left, with lines that go on with its name; the others stand above."""
    lines = [piece for piece in left if isinstance(piece, Piece)]
    if not lines:
        return
    start = len(lines) - 1
    while start > 0 and (_CONTINUED.match(lines[start].low) or lines[start - 1].key in _COUNCILS):
        start -= 1
    if start > 1 and any(line.bold != lines[0].bold for line in lines[1:]):
        start = next(at for at, line in enumerate(lines) if line.bold != lines[0].bold)
    for line in lines[:start]:
        found.add("co_quan_chu_quan", line)
    for line in lines[start:]:
        found.add("co_quan_ban_hanh", line)
        if all(run.face.underline for run in line.runs if run.text.strip()):
            found.lines.setdefault("co_quan_ban_hanh", []).append(_long(line))
