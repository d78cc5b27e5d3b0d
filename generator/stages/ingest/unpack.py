"""Unpack: a mail or an archive -> every file in it that the journal keeps, however deep it lies.

In:   the bytes of a container and its path. Out: the files with path, kind and sender, and what could not be had.
Touches no file. Imports model, issues, parts; mail, outlook and bundle when it meets one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import NamedTuple

from generator.issues import Issue, Place, issue
from generator.model import DeliveryKind
from generator.stages.ingest.parts import (
    DEEPEST,
    LARGEST_FILE,
    MOST_BYTES,
    MOST_PARTS,
    OTHER_ARCHIVES,
    Budget,
    Letter,
    Names,
    Part,
    kind_of,
    named,
)

CONTAINERS = frozenset({DeliveryKind.MESSAGE, DeliveryKind.BUNDLE})
_DECORATION = 10 * 1024
"""Bytes up to which a picture is taken for a logo; a photographed page has more."""
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".bmp"})
_LIMITS = {
    "delivery.too_many_parts": {"limit": MOST_PARTS},
    "delivery.too_much_inside": {"limit": MOST_BYTES >> 20, "largest": LARGEST_FILE >> 20},
    "delivery.too_deep": {"limit": DEEPEST},
}


class Stamp(NamedTuple):
    """What the mail that reached us says of itself; all that is in it counts as sent and received with it."""

    message: str
    """Its Message-ID, else the hash of its bytes."""
    sender: str
    received: datetime | None
    file: str
    """Its path: what lies under it came with it."""


NOWHERE = Stamp("", "", None, "")
"""For what came without a mail."""


class Inner(NamedTuple):
    """A file out of a container."""

    file: str
    kind: DeliveryKind
    content: bytes
    stamp: Stamp


@dataclass(slots=True)
class Unpacked:
    """What a container holds; a mail inside an archive comes after what is in the mail."""

    stamp: Stamp = NOWHERE
    """The container's own, where it is a mail."""
    inner: list[Inner] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    """What could not be had; while there is any, the container is not done with."""


def unpack(content: bytes, file: str, kind: DeliveryKind, clean: Callable[[str], str]) -> Unpacked:
    """Everything in the container; never raises for anything it may hold.

    `clean` makes a name legal on every system. Left out without a word: the text of a mail, its signature and
    logos, what a system left in an archive. Paths are unique within the container and the same every time.
    """
    opening = _Opening(Names(clean))
    opening.open(content, file, kind, NOWHERE, 0)
    return opening.found


class _Opening:
    """One container of the folder while it is unpacked."""

    def __init__(self, names: Names) -> None:
        self.found = Unpacked()
        self._names = names
        self._budget = Budget()

    def open(self, content: bytes, file: str, kind: DeliveryKind, stamp: Stamp, depth: int) -> Stamp:
        """Takes what is in a container; the stamp of all that is in it."""
        if depth > DEEPEST:
            self._fault("delivery.too_deep", file)
        elif kind is DeliveryKind.BUNDLE:
            self._open_bundle(content, file, stamp, depth)
        else:
            letter = self._letter(content)
            if letter is None:
                self._fault("delivery.mail_unreadable", file)
            elif not stamp.file:
                message = letter.message or hashlib.sha256(content).hexdigest()
                stamp = Stamp(message, letter.sender, letter.received, file)
            if depth == 0:
                self.found.stamp = stamp
            self._take(letter.parts if letter else (), file, stamp, depth)
        return stamp

    def _letter(self, content: bytes) -> Letter | None:
        """Outlook's file or a mail, whatever its name says."""
        from generator.stages.ingest.mail import read_mail  # noqa: PLC0415  most runs open nothing
        from generator.stages.ingest.outlook import read_outlook  # noqa: PLC0415

        return read_outlook(content, self._budget) or read_mail(content)

    def _open_bundle(self, content: bytes, file: str, stamp: Stamp, depth: int) -> None:
        from generator.stages.ingest.bundle import unzipped  # noqa: PLC0415

        parts = unzipped(content, self._budget)
        if parts is None:
            self._fault("delivery.bundle_unreadable", file)
        else:
            self._take(parts, file, stamp, depth)

    def _take(self, parts: Iterable[Part], folder: str, stamp: Stamp, depth: int) -> None:
        for number, part in enumerate(parts, start=1):
            if _is_decoration(part):
                continue
            if self._budget.parts <= 0 or part.fault == "delivery.too_many_parts":
                self._fault("delivery.too_many_parts", folder)
                return
            file = self._names.path(folder, named(part, number))
            if part.fault:
                self._fault(part.fault, file)
            elif part.parts is None:
                self._keep(part.content, file, stamp, depth)
            elif depth >= DEEPEST:
                self._fault("delivery.too_deep", file)
            else:
                self._take(part.parts, file, stamp, depth + 1)

    def _keep(self, content: bytes, file: str, stamp: Stamp, depth: int) -> None:
        kind = kind_of(file) or DeliveryKind.ENCLOSURE
        self._budget.parts -= 1
        if kind in CONTAINERS:
            own = self.open(content, file, kind, stamp, depth + 1)
            if own != stamp:  # a mail inside an archive is one that reached us
                self.found.inner.append(Inner(file, kind, content, own))
            return
        if PurePosixPath(file).suffix.lower() in OTHER_ARCHIVES:
            self._fault("delivery.other_archive", file)
        self.found.inner.append(Inner(file, kind, content, stamp))

    def _fault(self, code: str, file: str) -> None:
        told = {"extension": PurePosixPath(file).suffix} if code == "delivery.other_archive" else _LIMITS.get(code, {})
        found = issue(code, Place(file), **told)
        if found not in self.found.issues:
            self.found.issues.append(found)


def _is_decoration(part: Part) -> bool:
    """A logo or a line in colour, as signatures have them; it stays in the container's bytes."""
    picture = part.type.startswith("image/") or PurePosixPath(part.name.lower()).suffix in _PICTURES
    return picture and part.parts is None and not part.fault and (part.inline or len(part.content) < _DECORATION)
