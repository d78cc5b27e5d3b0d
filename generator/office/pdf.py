"""PDF: Word documents -> PDF by LibreOffice, many in one start, so that one bad document costs one document.

In:   the bytes of documents. Out: the bytes of each PDF, or why there is none. Works in a temporary folder with a
      profile of its own, so that an office that is open on the screen is not disturbed and nothing is left behind.
Imports the standard library, psutil.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

BATCH = 150
"""Documents of one start: starting takes as long as some ten letters (measured)."""
START_SECONDS, FILE_SECONDS, SECONDS_PER_KILOBYTE, LIGHT = 60.0, 3.0, 3.0, 30.0
"""What one start may take, each document, and each kilobyte above LIGHT: ten times what was measured on two quiet
cores, since the office PC is slow and busy."""
LOOK_SECONDS = 0.2
PATIENCE = 3
"""How many documents may hang alone before the rest is no longer tried: then it is LibreOffice that hangs."""
_LATE = "LibreOffice chạy quá lâu nên đã bị dừng"
_PROGRAMS = ("soffice", "libreoffice")
_WINDOWS_FOLDERS = ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)", "LOCALAPPDATA")
_HEAD, _END = b"%PDF-", b"%%EOF"

Step = Callable[[int, int], None]


class Converted(NamedTuple):
    """What became of one document."""

    content: bytes
    """The PDF; nothing when there is none."""
    reason: str
    """Why there is none, in words for people; "" when there is one."""


class _Start(NamedTuple):
    """One start of LibreOffice: whether it outlived its time, and what it printed."""

    late: bool
    printed: str


def find_office(environ: Mapping[str, str] = os.environ) -> Path | None:
    """LibreOffice as it is on the search path, else where its installers put it; None where there is none."""
    for name in _PROGRAMS:
        found = shutil.which(name, path=environ.get("PATH", ""))
        if found:
            return Path(found)
    return next((path for path in _usual(environ) if path.is_file()), None)


def _usual(environ: Mapping[str, str]) -> Iterator[Path]:
    for folder in (environ[name] for name in _WINDOWS_FOLDERS if environ.get(name)):
        # The .com beside the .exe waits for the end and prints to the console.
        for below in ("LibreOffice", "Programs/LibreOffice"):
            yield from (Path(folder, below, "program", name) for name in ("soffice.com", "soffice.exe"))
    for root in ("/", environ.get("HOME", "/")):
        yield Path(root, "Applications/LibreOffice.app/Contents/MacOS/soffice")
    yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)
    yield from (Path("/usr/lib/libreoffice/program/soffice"), Path("/snap/bin/libreoffice"))


def convert(
    documents: Sequence[bytes],
    office: Path,
    *,
    batch: int = BATCH,
    seconds: float | None = None,
    step: Step | None = None,
) -> Iterator[Converted]:
    """The PDF of each .docx, in their order.

    `batch` documents are given to one start; those that it left without a PDF are tried once more, each alone.
    `seconds` is the time one start may take, by default as `allowed` reckons; then it is ended with all its children.
    `step(done, total)` is told how far the work is. OSError when the temporary folder refuses or the program cannot
    be started.
    """
    patience = PATIENCE
    for first in range(0, len(documents), batch):
        several = documents[first : first + batch]
        told = None if step is None else _Told(step, first, len(documents))
        made = _converted(several, office, seconds, told)
        for document, one in zip(several, made, strict=True):
            if one.content or len(several) == 1 or patience == 0:
                yield one
                continue
            (alone,) = _converted([document], office, seconds, None)
            patience -= alone.reason == _LATE
            yield alone
        if step is not None:
            step(first + len(several), len(documents))


def allowed(documents: Sequence[bytes]) -> float:
    """Seconds that one start may take for these documents."""
    heavy = sum(max(0.0, len(document) / 1024 - LIGHT) for document in documents)
    return START_SECONDS + FILE_SECONDS * len(documents) + SECONDS_PER_KILOBYTE * heavy


class _Told(NamedTuple):
    """Tells how many PDFs lie there so far."""

    step: Step
    before: int
    total: int

    def look(self, folder: Path) -> None:
        self.step(self.before + sum(1 for _ in folder.glob("*.pdf")), self.total)


def _converted(documents: Sequence[bytes], office: Path, seconds: float | None, told: _Told | None) -> list[Converted]:
    """One start for all of them."""
    with tempfile.TemporaryDirectory(prefix="ketnghia-pdf-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        target = folder / "pdf"
        target.mkdir()
        # Short names of our own: the command line of Windows is short, and people's names are not.
        names = [f"{number:05}" for number in range(len(documents))]
        for name, document in zip(names, documents, strict=True):
            (folder / f"{name}.docx").write_bytes(document)
        profile = (folder / "profile").as_uri()
        options = ["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
        command = [str(office), f"-env:UserInstallation={profile}", *options, "--convert-to", "pdf", "--outdir", "pdf"]
        limit = allowed(documents) if seconds is None else seconds
        start = _run([*command, *(f"{name}.docx" for name in names)], folder, limit, told)
        return [_judged(target / f"{name}.pdf", start) for name in names]


def _judged(path: Path, start: _Start) -> Converted:
    """LibreOffice ends with 0 also when it made nothing, so the file itself is looked at."""
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    if content.startswith(_HEAD) and _END in content[-1024:]:
        return Converted(content, "")
    if start.late:
        return Converted(b"", _LATE)
    said = " ".join(start.printed.split())
    return Converted(b"", f"LibreOffice báo: {said[-150:]}" if said else "LibreOffice không tạo ra tệp nào")


def _run(command: Sequence[str], folder: Path, seconds: float, told: _Told | None) -> _Start:
    """Runs LibreOffice to its end or to the end of our patience."""
    printed = folder / "printed.txt"
    # To a file, not a pipe: a grandchild that outlives its parent would keep a pipe open.
    with printed.open("wb") as stream:
        child = subprocess.Popen(  # noqa: S603  the program we found, and file names of our own
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            late = not _ended(child, seconds, folder / "pdf", told)
        finally:
            _end(child)
    return _Start(late, printed.read_text(encoding="utf-8", errors="replace"))


def _ended(child: subprocess.Popen[bytes], seconds: float, target: Path, told: _Told | None) -> bool:
    """Whether it ended by itself in time."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        try:
            child.wait(LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            if told is not None:
                told.look(target)
        else:
            return True
    return False


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ends the program with all its children; LibreOffice's first process is only a starter."""
    if child.poll() is not None:
        return
    import psutil  # noqa: PLC0415  nobody needs it as long as nothing hangs

    try:
        starter = psutil.Process(child.pid)
        family = [*starter.children(recursive=True), starter]
    except psutil.Error:
        family = []
    for one in family:
        try:
            one.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(family, timeout=10)
    child.wait()
