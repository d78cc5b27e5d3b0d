"""Markdown of the generated pages: head, tables, code.

In:   words. Out: Markdown. Imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

HEAD = "<!-- Generated from the code: change the code or templates/, then run `make docs`. -->\n\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; an empty cell is a space."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell or ' ' for cell in row)} |\n" for row in lines)


def text(words: str) -> str:
    """Words as Markdown shows them as they are, on one line of a table."""
    plain = words.replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\|*])", r"\\\1", " ".join(plain.split()))


def code(name: str) -> str:
    """A name as code; nothing for no name."""
    return f"`{name}`" if name else ""
