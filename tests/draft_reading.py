"""Reading of a draft: where its comments stand, told by python-docx and the XML alone."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from docx import Document
from docx.oxml.ns import qn

TOTAL_ROWS = {"Tổng cộng", "Cộng", "Đơn vị kết nghĩa", "Xã, huyện nhận kết nghĩa"}
"""What a cell of a total says, in the annexes that are shipped."""
_EDGES = {qn("w:commentRangeStart"): 1, qn("w:commentRangeEnd"): -1}
_SIGN = re.compile(r"⟦([^|]*)\|([^⟧]*)⟧")


class Spoken(NamedTuple):
    """A comment with the words it stands beside."""

    paragraph: int
    start: int
    end: int
    words: str
    author: str
    text: str

    @property
    def asked(self) -> list[str]:
        """The words of its command, as a terminal takes them; [] where it names none."""
        last = self.text.rpartition("\n")[2]
        return shlex.split(last) if last.startswith("ketnghia trace ") else []


def spoken(content: bytes) -> list[Spoken]:
    """The comments of a document in the order of their words."""
    document = Document(io.BytesIO(content))
    said = {str(one.comment_id): one for one in document.comments}
    found = []
    for number, paragraph in enumerate(document.element.iter(qn("w:p"))):
        text, begun = "", {}
        for one in paragraph.iter(qn("w:t"), *_EDGES):
            key = one.get(qn("w:id"))
            if one.tag == qn("w:t"):
                text += one.text or ""
            elif _EDGES[one.tag] > 0:
                begun[key] = len(text)
            else:
                start = begun.pop(key)
                told = said[key]
                found.append(Spoken(number, start, len(text), text[start:], told.author, told.text))
        assert not begun, "a range ends in the paragraph where it begins"
    return sorted(found, key=lambda one: one[:3])


class Placed(NamedTuple):
    """A figure where it is printed."""

    paragraph: int
    start: int
    end: int
    code: str


def texts(content: bytes) -> list[str]:
    """The paragraphs of the body, those of tables too."""
    return ["".join(one.itertext(qn("w:t"))) for one in Document(io.BytesIO(content)).element.iter(qn("w:p"))]


def to_be_told(signed: bytes) -> Iterator[Placed]:
    """The figures of the body and of the totals, from a document that prints each as "⟦code|text⟧"."""
    in_body = True
    for number, paragraph in enumerate(Document(io.BytesIO(signed)).element.iter(qn("w:p"))):
        text, plain, at = "".join(paragraph.itertext(qn("w:t"))), "", 0
        row = next(paragraph.iterancestors(qn("w:tr")), None)
        cells = {_SIGN.sub(r"\2", "".join(cell.itertext(qn("w:t")))) for cell in row} if row is not None else TOTAL_ROWS
        for sign in _SIGN.finditer(text):
            plain += text[at : sign.start()]
            if in_body or cells & TOTAL_ROWS:
                yield Placed(number, len(plain), len(plain) + len(sign[2]), sign[1])
            plain, at = plain + sign[2], sign.end()
        in_body &= paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None
