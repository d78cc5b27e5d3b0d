"""Fill a workbook as a partner does whose program is LibreOffice, by remote control (UNO).

    /usr/bin/python3 fill_uno.py IN.xlsx OUT.xlsx VALUES.json [SECONDS]

In:   VALUES.json as fill.mjs describes it; SECONDS after which all is given up (default 120).
Out:  OUT.xlsx, saved as "Calc MS Excel 2007 XML"; exit 1 with a sentence when a sheet is missing or a cell locked.
Runs on Debian's own Python, the only one that has `uno` (package python3-uno); imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException, Locale
from com.sun.star.util import NumberFormat

LOCALE = Locale("vi", "VN", "")


class RefusedError(Exception):
    """The workbook does not let itself be filled like this."""


def main(arguments: list[str]) -> int:
    """The exit code of one run."""
    if len(arguments) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    source, target, values = (Path(argument).resolve() for argument in arguments[:3])
    limit = time.monotonic() + float(arguments[3] if len(arguments) == 4 else 120)
    entries = json.loads(values.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="ketnghia-uno-", ignore_cleanup_errors=True) as folder:
        pipe = f"ketnghia-{uuid.uuid4().hex}"
        office = start(pipe, Path(folder))
        signal.signal(signal.SIGALRM, lambda *_: stop(office))
        signal.alarm(max(1, int(limit - time.monotonic())))
        try:
            fill(connect(pipe, office, limit), source, target, entries)
        except (RefusedError, DisposedException) as error:
            print(f"fill_uno.py: {error}", file=sys.stderr)
            return 1
        finally:
            signal.alarm(0)
            stop(office)
    return 0


def start(pipe: str, folder: Path) -> subprocess.Popen[bytes]:
    """An office of its own profile, listening on a pipe (no port to collide with another worker's)."""
    return subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            f"--accept=pipe,name={pipe};urp;",
            f"-env:UserInstallation={folder.as_uri()}/profile",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # No session bus and no display to wait for.
        env={**os.environ, "SAL_USE_VCLPLUGIN": "svp", "HOME": str(folder)},
    )


def connect(pipe: str, office: subprocess.Popen[bytes], limit: float) -> Any:
    """The desktop of the office, as soon as it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            if office.poll() is not None:
                raise RefusedError(f"soffice ended with code {office.returncode} before it answered") from None
            if time.monotonic() > limit:
                raise RefusedError("soffice did not answer in time") from None
            time.sleep(0.1)


def fill(desktop: Any, source: Path, target: Path, entries: list[dict[str, Any]]) -> None:
    """The source with the entries typed in, stored at the target."""
    document = desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, (_option("Hidden", True),))
    if document is None:
        raise RefusedError(f"cannot open {source.name}")
    sheets = document.Sheets
    for entry in entries:
        if not sheets.hasByName(entry["sheet"]):
            raise RefusedError(f'no sheet "{entry["sheet"]}"')
        sheet = sheets.getByName(entry["sheet"])
        cell = sheet.getCellRangeByName(entry["cell"])
        # The remote control is silent about locked cells; a person would see a message.
        if sheet.isProtected() and cell.CellProtection.IsLocked:
            raise RefusedError(f"{entry['sheet']}!{entry['cell']} is locked")
        type_into(document, cell, entry["value"])
    document.calculateAll()
    document.storeToURL(target.as_uri(), (_option("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)


def type_into(document: Any, cell: Any, value: Any) -> None:
    """The value in the cell, shown as LibreOffice shows what is typed."""
    if value is None:
        cell.setString("")
    elif isinstance(value, bool):
        cell.setValue(float(value))
        _show_as(document, cell, NumberFormat.LOGICAL)
    elif isinstance(value, (int, float)):
        cell.setValue(float(value))
    elif isinstance(value, str):
        cell.setString(value)
    elif "formula" in value:
        cell.setFormula(f"={value['formula']}")
    else:
        null = document.NullDate
        days = date.fromisoformat(value["date"]) - date(null.Year, null.Month, null.Day)
        cell.setValue(float(days.days))
        _show_as(document, cell, NumberFormat.DATE)


def _show_as(document: Any, cell: Any, kind: int) -> None:
    """Leave the cell's own format when it is of the kind already."""
    formats = document.NumberFormats
    if not formats.getByKey(cell.NumberFormat).Type & kind:
        cell.NumberFormat = formats.getStandardFormat(kind, LOCALE)


def _option(name: str, value: object) -> Any:
    option = PropertyValue()
    option.Name, option.Value = name, value
    return option


def stop(office: subprocess.Popen[bytes]) -> None:
    """End the office and what it started; nothing of it is worth waiting for."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(office.pid, signal.SIGKILL)
    office.wait(10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
