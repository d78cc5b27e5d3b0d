"""Cell addresses: row and column numbers to "I14" and back.

In:   numbers from 1, or an address as people write it. Out: the other one.
Imports model and the standard library.
"""

from __future__ import annotations

import re
from functools import cache

from generator.model import CellKey

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


@cache
def column_letters(column: int) -> str:
    """The letters of a column counted from 1: "A", "Z", "AA" … ValueError outside Excel's 16,384."""
    if not 1 <= column <= MAX_COLUMN:
        raise ValueError(column)
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """The column, from 1, of letters in either case; it may lie beyond Excel's last one."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """The address of a cell, both counted from 1: address(14, 9) == "I14"."""
    return f"{column_letters(column)}{row}"


def parse_address(text: str) -> CellKey:
    """The cell that "I14", "i14" or "$I$14" names. ValueError for anything else, also beyond XFD1048576."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    found = CellKey(int(match[2]), column_number(match[1]))
    if found.row > MAX_ROW or found.column > MAX_COLUMN:
        raise ValueError(text)
    return found
