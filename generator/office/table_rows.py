"""Rows of tables: the last rows kept together, so that no total stands alone at the top of a page.

In:   the tree of a part, changed in place. Out: whether anything changed.
Imports office.wordpart, lxml. WordprocessingML names: ISO/IEC 29500-1, 17.3.1 (keepNext), 17.4.49 (tblHeader).
"""

from __future__ import annotations

from lxml import etree

from generator.office.wordpart import PARAGRAPH, ROW, TABLE, VALUE, WORD, Element

_W = f"{{{WORD}}}"
_FORM, _STYLE, _KEEP = _W + "pPr", _W + "pStyle", _W + "keepNext"
_HEADER_ROW = f"{_W}trPr/{_W}tblHeader"
_OFF = frozenset({"0", "false", "off"})


def keep_last_rows(root: Element) -> bool:
    """Keeps the last but one row of every table that may break over pages together with its last one.

    Such a table repeats header rows; its author cannot say this in a template, where one row stands for many.
    """
    changed = False
    for table in root.iter(TABLE):
        rows = list(table.iterchildren(ROW))
        if len(rows) > 2 and is_header(rows[0]) and not is_header(rows[-2]):
            changed = True
            for paragraph in rows[-2].iter(PARAGRAPH):
                _keep(paragraph)
    return changed


def is_header(row: Element) -> bool:
    """Whether a row repeats at the top of every page."""
    mark = row.find(_HEADER_ROW)
    return mark is not None and mark.get(VALUE, "1") not in _OFF


def _keep(paragraph: Element) -> None:
    form = paragraph.find(_FORM)
    if form is None:
        form = etree.Element(_FORM)
        paragraph.insert(0, form)
    mark = form.find(_KEEP)
    if mark is None:
        mark = etree.Element(_KEEP)
        form.insert(1 if form.find(_STYLE) is not None else 0, mark)
    mark.attrib.clear()
