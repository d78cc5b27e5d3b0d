"""Long tables in a PDF: cut where a page ends, so that the reader sees the pages of the uncut table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from generator.office.long_tables import LONGEST, cut_long_tables
from generator.office.package import open_package
from generator.office.pdf import convert, find_office
from generator.office.sections import DOCUMENT
from generator.office.table_rows import settle_rows
from printed_pages import Page, pages_of

ROWS, MOST = 170, 70


def _row(texts: Sequence[str], form: str = "") -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'
        for text in texts
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{form}</w:trPr>{cells}</w:tr>"


def document(rows: int, *, header: bool = True, words: int = 1, note: str = "") -> bytes:
    """An annex: a heading, a table whose rows are one to three lines high, a total; in the table a note; a line."""
    made = Document()
    made.add_paragraph("PHỤ LỤC")
    heading = _row(["TT", "Tên", "Giá trị"], "<w:tblHeader/>") if header else ""
    body = (_row([str(at), "đơn vị (minh họa) " * (words + at % 3), f"{at}.000"]) for at in range(1, rows + 1))
    form = '<w:tblStyle w:val="TableGrid"/><w:tblW w:w="9000" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    grid = '<w:gridCol w:w="3000"/>' * 3
    table = f"<w:tbl {nsdecls('w')}><w:tblPr>{form}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{heading}{''.join(body)}"
    last = made.element.body[-1]
    noted = _row([note]) if note else ""
    last.addprevious(parse_xml(table + _row(["", "Tổng cộng", "999"]) + noted + "</w:tbl>"))
    made.add_paragraph("Chú thích: hết bảng.")
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def tables(content: bytes) -> list[list[str]]:
    """The first cell of each row of each table."""
    found = []
    for table in Document(io.BytesIO(content)).element.body.iter(qn("w:tbl")):
        firsts = (next(row.iter(qn("w:tc"))) for row in table.iter(qn("w:tr")))
        found.append(["".join(piece.text or "" for piece in one.iter(qn("w:t"))) for one in firsts])
    return found


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Page], list[Page]]:
    """The cut document; the pages of the whole one and of the cut one, by LibreOffice."""
    office = find_office()
    assert office is not None, "LibreOffice is missing: see OFFICE_PACKAGES in conftest.py"
    whole, folder = document(ROWS), tmp_path_factory.mktemp("printed")
    cut = cut_long_tables(whole, partial(_printed, office), MOST, MOST)
    for name, pdf in zip(("whole", "cut"), _printed(office, [whole, cut]), strict=True):
        (folder / f"{name}.pdf").write_bytes(pdf)
    return cut, pages_of(folder / "whole.pdf"), pages_of(folder / "cut.pdf")


def _printed(office: Path, documents: Sequence[bytes]) -> list[bytes]:
    return [one.content for one in convert(documents, office)]


def test_no_table_is_longer_than_wanted_and_no_row_is_lost(printed: tuple[bytes, list[Page], list[Page]]) -> None:
    pieces = tables(printed[0])
    assert len(pieces) >= ROWS // MOST
    assert all(piece[0] == "TT" and len(piece) <= MOST + 1 for piece in pieces)
    rows = [text for piece in pieces for text in piece[1:]]
    assert rows == [str(at) for at in range(1, ROWS + 1)] + [""]


def test_the_reader_sees_the_pages_of_the_whole_table(printed: tuple[bytes, list[Page], list[Page]]) -> None:
    _, whole, cut = printed
    assert len(whole) > 5
    assert [[line.text for line in page.lines] for page in cut] == [
        [line.text for line in page.lines] for page in whole
    ]
    for seen, expected in zip(cut, whole, strict=True):
        for line, other in zip(seen.lines, expected.lines, strict=True):
            assert abs(line.top - other.top) < 1.5, "a cut takes a point of its page"


def test_the_heading_prints_at_the_top_of_each_page_only(printed: tuple[bytes, list[Page], list[Page]]) -> None:
    for number, page in enumerate(printed[2]):
        heads = [at for at, line in enumerate(page.lines) if line.text == "TT Tên Giá trị"]
        assert heads == [0 if number else 1]


def _never(_: Sequence[bytes]) -> list[bytes]:
    raise AssertionError("nothing is printed where nothing is cut")


@pytest.mark.parametrize("content", [document(MOST - 1), document(ROWS, header=False), b"PK not a document"])
def test_what_needs_no_cut_or_cannot_hide_one_stays_as_it_is(content: bytes) -> None:
    assert cut_long_tables(content, _never, MOST, MOST) == content


def test_a_table_that_is_printed_sooner_whole_stays_whole() -> None:
    content = document(LONGEST - 1)
    assert cut_long_tables(content, _never) == content
    asked: list[int] = []
    cut_long_tables(document(LONGEST + 1), lambda several: asked.append(len(several)) or [b""] * len(several))
    assert asked == [1]


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.6 broken %%EOF"])
def test_a_table_that_cannot_be_printed_stays_whole(pdf: bytes) -> None:
    content = document(ROWS)
    assert cut_long_tables(content, lambda several: [pdf for _ in several], MOST, MOST) == content


# --- rows on pages ------------------------------------------------------------------------------


def _settled(content: bytes) -> list[etree._Element]:
    package, _ = open_package(content, "x")
    assert package is not None
    root = etree.fromstring(package.read(DOCUMENT))
    settle_rows(root)
    return list(root.iter(qn("w:tr")))


def _is_kept(row: etree._Element) -> bool:
    return all(one.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for one in row.iter(qn("w:p")))


def test_the_last_rows_stay_together_and_with_their_note() -> None:
    rows = _settled(document(5))
    assert [_is_kept(row) for row in rows] == [False] * 5 + [True, True]
    assert not any(_is_kept(row) for row in _settled(document(5, header=False))), "that one holds a letterhead"


def test_a_note_in_the_table_keeps_the_last_rows_and_lets_go_of_what_follows() -> None:
    rows = _settled(document(5, note="Chú thích: hết bảng."))
    assert [_is_kept(row) for row in rows] == [False] * 5 + [True, True, False]


def test_a_row_that_may_be_higher_than_half_a_page_may_break() -> None:
    short, tall = _settled(document(3)), _settled(document(3, words=40))
    whole = f"{qn('w:trPr')}/{qn('w:cantSplit')}"
    assert all(row.find(whole) is not None for row in short)
    assert [row.find(whole) is not None for row in tall] == [True, False, False, False, True]
