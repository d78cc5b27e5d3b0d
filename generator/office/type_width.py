"""How wide a line of text is in Times New Roman, told without a font file.

In:   text, size in points, bold or not. Out: millimetres. Imports the standard library only.
The widths are those of the typeface's metrics (thousandths of the size), which every clone of it keeps.
"""

from __future__ import annotations

import unicodedata

MM_PER_POINT = 25.4 / 72

# fmt: off
_PLAIN = (
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
)
_BOLD = (
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944,
    722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333, 500, 556, 444, 556,
    444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394,
    220, 394, 520,
)
# fmt: on
_OWN = {
    "Đ": (722, 722),
    "đ": (500, 556),
    "Ơ": (722, 778),
    "ơ": (529, 554),
    "Ư": (776, 796),
    "ư": (542, 600),
    "–": (500, 500),
    "—": (1000, 1000),
    "…": (1000, 1000),
    "’": (333, 333),
    "“": (444, 500),
    "”": (444, 500),
}  # fmt: skip
"""Signs that are not as wide as the letter under their accent."""


def width_mm(text: str, points: float, *, bold: bool) -> float:
    """The width of one line of the text in millimetres; an accented letter is as wide as its bare one."""
    return sum(_width(letter, bold) for letter in unicodedata.normalize("NFC", text)) / 1000 * points * MM_PER_POINT


def _width(letter: str, bold: bool) -> int:
    known = _OWN.get(letter)
    if known is None:
        bare = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", bare[:2]) if "\u031b" in bare else bare[0]
        known = _OWN.get(base)
        if known is None:
            position = ord(base) - 32 if len(base) == 1 else -1
            known = (_PLAIN[position], _BOLD[position]) if 0 <= position < len(_PLAIN) else (500, 500)
    return known[bold]
