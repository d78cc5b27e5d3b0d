"""Marked: the command line, but every figure that a document prints stands between marks that name it.

    python tests/acceptance/marked.py --workspace COPY report year 2025

In:   the words of a command. Out: what the command does; a DOCX of such a run says of each number, at its place, of
      which figure it is. Only the hand that writes a figure is changed; without the marks the text is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable

BEGIN, MIDDLE, END = "\ue000", "\ue001", "\ue002"
"""Signs that no text of anybody bears."""
MARK = re.compile(f"{BEGIN}([^{MIDDLE}]*){MIDDLE}([^{END}]*){END}")


def parted(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without marks; start, end and code of each figure in it."""
    found: list[tuple[int, int, str]] = []
    plain, at = "", 0
    for mark in MARK.finditer(text):
        plain += text[at : mark.start()]
        found.append((len(plain), len(plain) + len(mark[2]), mark[1]))
        plain, at = plain + mark[2], mark.end()
    return plain + text[at:], found


def _marking(noted: Callable[..., str]) -> Callable[..., str]:
    def marked(self: object, text: str) -> str:
        code = self.figure.code  # type: ignore[attr-defined]
        return f"{BEGIN}{code}{MIDDLE}{noted(self, text)}{END}"

    return marked


def main() -> None:
    """Runs the command with marks."""
    from generator.cli import main as run
    from generator.stages.render.printing import Printed

    Printed.noted = _marking(Printed.noted)  # type: ignore[method-assign]
    run()


if __name__ == "__main__":
    main()
