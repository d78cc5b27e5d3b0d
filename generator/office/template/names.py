"""Names of WordprocessingML elements and attributes that the template engine touches.

In:   nothing. Out: qualified names as lxml spells them. Imports nothing.
"""

from __future__ import annotations

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{WORD}}}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"

DOCUMENT = _W + "document"
PARAGRAPH, RUN, TEXT = _W + "p", _W + "r", _W + "t"
TAB, BREAK, RETURN, HYPHEN = _W + "tab", _W + "br", _W + "cr", _W + "noBreakHyphen"
TABLE, ROW, CELL = _W + "tbl", _W + "tr", _W + "tc"
GRID, GRID_COLUMN, GRID_SPAN = _W + "tblGrid", _W + "gridCol", _W + "gridSpan"
GRID_BEFORE, GRID_AFTER = _W + "gridBefore", _W + "gridAfter"
ROW_FORMAT, CELL_FORMAT, CELL_WIDTH = _W + "trPr", _W + "tcPr", _W + "tcW"
TEXT_BOX, CONTROL_CONTENT = _W + "txbxContent", _W + "sdtContent"
HEADER, FOOTER, FOOTNOTE, ENDNOTE = _W + "hdr", _W + "ftr", _W + "footnote", _W + "endnote"
BOOKMARK, BOOKMARK_END = _W + "bookmarkStart", _W + "bookmarkEnd"
PROOF, RENDERED_BREAK = _W + "proofErr", _W + "lastRenderedPageBreak"
DRAWING_ID = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"

LOST_WITH_HOST = (_W + "drawing", _W + "pict", _W + "object", _W + "sectPr", _W + "footnoteReference")
"""Content without text that would vanish with the paragraph or row that a tag replaces."""

TRACKED = tuple(
    _W + name
    for name in (
        *("ins", "del", "moveFrom", "moveTo", "moveFromRangeStart", "moveToRangeStart"),
        *("cellIns", "cellDel", "cellMerge", "numberingChange", "pPrChange", "rPrChange"),
        *("sectPrChange", "tblPrChange", "tblGridChange", "trPrChange", "tcPrChange", "tblPrExChange"),
    )
)
COMMENTS = (_W + "commentRangeStart", _W + "commentReference")

VALUE, IDENTIFIER, NAME, KIND, WIDTH = _W + "val", _W + "id", _W + "name", _W + "type", _W + "w"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
EDITING_TRACES = frozenset(
    {
        *(_W + name for name in ("rsidR", "rsidRDefault", "rsidRPr", "rsidP", "rsidTr", "rsidDel", "rsidSect")),
        *(_W14 + name for name in ("paraId", "textId")),
    }
)
"""Attributes that only serve Word's own merging of edits; a paragraph id must not repeat, so loops cannot keep it."""
