"""Hidden rows: which rows of a sheet a filter or a hand has hidden from whoever looks at it.

In:   the XML of a sheet of an .xlsx, hostile. Out: the numbers of its hidden rows.
Imports the standard library only. Linear in the size of the XML.
"""

from __future__ import annotations

import re

_MARK = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_ROW = re.compile(rb"""<(?:\w{1,20}:)?row\s(?:[^<>]*\s)?r=["']([1-9][0-9]{0,6})["']""")
_LONGEST_TAG = 1_000


def hidden_rows(xml: bytes, last: int) -> frozenset[int]:
    """The numbers of the hidden rows of a sheet's XML up to the row `last`."""
    rows = set()
    for found in _MARK.finditer(xml):
        # hidden are a few rows and columns: it is quicker to look back from them than to look at every row
        begin, end = xml.rfind(b"<", max(0, found.start() - _LONGEST_TAG), found.start()), found.end() + _LONGEST_TAG
        row = _ROW.match(xml[begin : xml.find(b">", found.end(), end) + 1]) if begin >= 0 else None
        if row and int(row[1]) <= last:
            rows.add(int(row[1]))
    return frozenset(rows)
