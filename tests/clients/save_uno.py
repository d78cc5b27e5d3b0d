"""Open workbooks and save each in several formats, as somebody does in LibreOffice, by remote control (UNO).

    /usr/bin/python3 save_uno.py FOLDER xlsx xls ods

In:   a folder of .xlsx files. Out: FOLDER/<ending>/<name>.<ending> for each ending. One office for all of them: opening
      a workbook takes longer than saving it. Runs on Debian's own Python, as fill_uno.py does.
"""

from __future__ import annotations

import sys
import tempfile
import time
import uuid
from pathlib import Path

from fill_uno import _option, connect, start, stop

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}


def main(arguments: list[str]) -> int:
    """The exit code of one run."""
    if len(arguments) < 2 or not set(arguments[1:]) <= FILTERS.keys():
        print(__doc__, file=sys.stderr)
        return 2
    source, endings = Path(arguments[0]).resolve(), arguments[1:]
    for ending in endings:
        (source / ending).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ketnghia-uno-", ignore_cleanup_errors=True) as folder:
        pipe = f"ketnghia-{uuid.uuid4().hex}"
        office = start(pipe, Path(folder))
        try:
            desktop = connect(pipe, office, time.monotonic() + 60)
            for path in sorted(source.glob("*.xlsx")):
                document = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (_option("Hidden", True),))
                for ending in endings:
                    target = source / ending / f"{path.stem}.{ending}"
                    document.storeToURL(target.as_uri(), (_option("FilterName", FILTERS[ending]),))
                document.close(True)
        finally:
            stop(office)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
