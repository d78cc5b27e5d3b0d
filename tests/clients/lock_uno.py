"""Save a workbook with a password to open it, as somebody careful does in LibreOffice, by remote control (UNO).

    /usr/bin/python3 lock_uno.py IN.xlsx PASSWORD OUT.xls OUT.ods …

Out: one locked file for each name, of the kind that its ending says. Runs on Debian's own Python, as fill_uno.py does.
"""

from __future__ import annotations

import sys
import tempfile
import time
import uuid
from pathlib import Path

from fill_uno import _option, connect, start, stop

FILTERS = {".xls": "MS Excel 97", ".ods": "calc8"}


def main(arguments: list[str]) -> int:
    """The exit code of one run."""
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    source, password, targets = Path(arguments[0]).resolve(), arguments[1], arguments[2:]
    with tempfile.TemporaryDirectory(prefix="ketnghia-uno-", ignore_cleanup_errors=True) as folder:
        pipe = f"ketnghia-{uuid.uuid4().hex}"
        office = start(pipe, Path(folder))
        try:
            desktop = connect(pipe, office, time.monotonic() + 60)
            document = desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, (_option("Hidden", True),))
            for target in map(Path, targets):
                kind = _option("FilterName", FILTERS[target.suffix])
                document.storeToURL(target.resolve().as_uri(), (kind, _option("Password", password)))
            document.close(True)
        finally:
            stop(office)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
