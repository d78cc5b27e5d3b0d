"""A small language for Word files in tests: text is a paragraph, a list of rows is a table, "¦" splits a run.

In:   blocks in order. Out: bytes of a .docx, and the text read back. Uses python-docx only.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

MAIN = "word/document.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Grid:
    """A table; `merged` names corners ((row, column), (row, column)) counted from 0."""

    rows: Sequence[Sequence[str]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


Block = str | Grid


def word(*blocks: Block, header: Sequence[Block] = (), footer: Sequence[Block] = ()) -> bytes:
    document = docx.Document()
    for block in blocks:
        _write(document, block)
    section = document.sections[0]
    for part, part_blocks in ((section.header, header), (section.footer, footer)):
        for block in part_blocks:
            _write(part, block)
    return saved(document)


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write(parent: object, block: Block) -> None:
    if isinstance(block, str):
        _type(parent.add_paragraph(), block)
        return
    size = (len(block.rows), len(block.rows[0]))
    table = parent.add_table(*size) if isinstance(parent, Document) else parent.add_table(*size, docx.shared.Cm(16))
    for row, texts in zip(table.rows, block.rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _type(cell.paragraphs[0], text)
    for (top, left), (bottom, right) in block.merged:
        table.cell(top, left).merge(table.cell(bottom, right))


def _type(paragraph: Paragraph, text: str) -> None:
    for number, run in enumerate(text.split("¦")):
        paragraph.add_run(run).bold = bool(number % 2)


def texts(content: bytes) -> list[str]:
    """Every paragraph and every row of the body, header and footer, in order."""
    document = docx.Document(io.BytesIO(content))
    header, footer = document.sections[0].header, document.sections[0].footer
    # Asking a section for a header that it does not have would make one.
    parts = [part for part in (header, document, footer) if part is document or not part.is_linked_to_previous]
    return [line for part in parts for line in _lines(part)]


def _lines(part: object) -> list[str]:
    lines: list[str] = []
    for block in part.iter_inner_content():
        if isinstance(block, Table):
            # Cells are read from the row's own elements, so that a merged cell counts once.
            lines += [" | ".join(_cell(cell) for cell in row.findall(f"{W}tc")) for row in block._tbl.findall(f"{W}tr")]
        else:
            lines.append(block.text)
    return lines


def _cell(cell: etree._Element) -> str:
    return "/".join(
        "".join(
            {f"{W}br": "\n", f"{W}tab": "\t"}.get(str(sign.tag), sign.text or "")
            for sign in paragraph.iter(f"{W}t", f"{W}br", f"{W}tab")
        )
        for paragraph in cell.iter(f"{W}p")
    )


def rewritten(content: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The package with members changed, added or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members.update({name: part for name, part in changes.items() if part is not None})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in members.items():
            if changes.get(name, part) is not None:
                new.writestr(name, part)
    return buffer.getvalue()


def main_part(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(MAIN)


def with_body(xml: str) -> bytes:
    """A document whose body is this XML, for what python-docx cannot write."""
    content = word()
    part = main_part(content).decode()
    start = part.index("<w:body>") + len("<w:body>")
    return rewritten(content, {MAIN: (part[:start] + xml + part[start:]).encode()})
