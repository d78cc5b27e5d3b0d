"""A program in another one's place: what runs under the name of, say, LibreOffice.

In:   a path, Python source. Out: an executable file that runs it, wherever the interpreter lies.
"""

from __future__ import annotations

import shlex
import stat
import sys
from pathlib import Path


def written_program(path: Path, source: str) -> Path:
    """The program at this path; by way of a shell, since a `#!` line takes no interpreter whose path has spaces."""
    script = path.with_name(path.name + "-source.py")
    script.write_text(source, encoding="utf-8")
    called = " ".join(shlex.quote(str(one)) for one in (sys.executable, script))
    path.write_text(f'#!/bin/sh\nexec {called} "$@"\n', encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
