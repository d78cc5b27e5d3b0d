"""The text of a document: its parts, chapters, articles, clauses and points, and plain paragraphs.

In:   the blocks between opening and signature. Out: these elements with their numbers.
Pure. Imports stages.inspect.records, office.document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.office.document import Paragraph, Table
from generator.stages.inspect.records import Piece, Recognised, whole

_PART = re.compile(r"(?:phần|chương)\s+(?:thứ\s+)?([ivxlc]+|\d{1,2}|nhất|hai|ba|tư|bốn|năm|sáu)\b[.:]?\s*(.*)", re.I)
_SECTION = re.compile(r"(?:mục|tiểu mục)\s+([ivxlc]+|\d{1,2})\b[.:]?\s*(.*)", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:Điều|ĐIỀU|điều)\s+(\d{1,3})\s*([.:\-)]?)\s*(.*)")
_ROMAN = re.compile(r"([IVXL]{1,6})\s*[.\-–)/]\s*(?=\S)")
_CLAUSE = re.compile(r"(\d{1,2})\s*[.)/]\s*(?=[^\d\s])")
_POINT = re.compile(r"([a-zđ])\s*[).]\s*(?=\S)")
_CAPTION = re.compile(r"(bảng|biểu|biểu đồ|hình|đồ thị|sơ đồ)\s+(số\s+)?\d", re.IGNORECASE)
_NOTE = re.compile(r"(đơn vị tính|đvt|chú thích|ghi chú|nguồn)\b", re.IGNORECASE)
_SENTENCE_END = (".", ";", ":", ",", "…")
_LONGEST_TITLE, _SHORT = 200, 100


def read_body(blocks: Sequence[Paragraph | Table], found: Recognised) -> None:
    """Notes every element of the text in order."""
    titled = ""
    for at, block in enumerate(blocks):
        found.body.append(block)
        if isinstance(block, Table):
            found.tables.append(block)
            found.told += [whole(one) for one in block.note if one.text.strip()]
            titled = ""
            continue
        if not block.text.strip():
            continue
        piece = whole(block)
        found.told.append(piece)
        if titled and _is_title(piece):
            found.add(titled, piece)
            titled = ""
            continue
        titled = _element(piece, blocks, at, found)


def _is_title(piece: Piece) -> bool:
    return len(piece.text) <= _LONGEST_TITLE and (piece.text.isupper() or piece.bold)


def _element(piece: Piece, blocks: Sequence[Paragraph | Table], at: int, found: Recognised) -> str:
    """Notes what a paragraph is; gives the element of the title that must follow, if any."""
    text = piece.text
    for pattern, element in ((_PART, "phan_chuong"), (_SECTION, "muc")):
        named = pattern.fullmatch(text)
        if named and len(text) <= _LONGEST_TITLE and (not named[2] or named[2].isupper()):
            found.add(element, piece, named[1])
            return "" if named[2] else f"ten_{element}"
    article = _ARTICLE.match(text)
    if article and (article[2] or piece.bold):
        short = len(text) <= _LONGEST_TITLE and not text.endswith(_SENTENCE_END)
        head = piece if short else piece.starting(article.start(3) or len(text))
        found.add("dieu", head, article[1], len(found.of("dieu")) + 1)
    elif (roman := _ROMAN.match(text)) and len(text) <= _LONGEST_TITLE:
        found.add("muc_la_ma", piece, roman[1])
    elif clause := _CLAUSE.match(text):
        title = len(text) <= _LONGEST_TITLE and not text.endswith(_SENTENCE_END)
        found.add("khoan_co_ten" if title else "khoan", piece, clause[1])
    elif point := _POINT.match(text):
        found.add("diem", piece, point[1])
    elif not _is_beside(piece, blocks, at):
        found.add("than_van_ban", piece)
    return ""


def _is_beside(piece: Piece, blocks: Sequence[Paragraph | Table], at: int) -> bool:
    """Captions, units and notes of tables and pictures, which the law does not speak of."""
    if _CAPTION.match(piece.text) or _NOTE.match(piece.text) or piece.paragraph.picture:
        return True
    alignment = piece.paragraph.shape.alignment
    if alignment in ("center", "right") and len(piece.text) <= _SHORT:
        return True
    beside = [blocks[n] for n in (at - 1, at + 1) if 0 <= n < len(blocks)]
    return piece.italic and any(isinstance(one, Table) for one in beside)
