"""Mutated returns: good returns of every format, damaged by bytes or in their XML, and what became of their cells.

    python tests/fuzz_returns.py [N] [SEED] [FOLDER]     (make fuzz N=…): any number; failing inputs are kept in FOLDER

In:   a seed. Out: a mutation of a good return with the cells whose content it changed; and faults found in what our
      reading made of it: an exception, too much time, a typed cell whose content is gone without a word.
"""

from __future__ import annotations

import io
import re
import struct
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

for place in (Path(__file__).parent, Path(__file__).parent / "acceptance", Path(__file__).parents[1]):
    if str(place) not in sys.path:
        sys.path.append(str(place))

from round_trip import SENDERS, filled, random_answers, taken_in  # noqa: E402
from saved_by import as_strict, as_xlsm, by_node  # noqa: E402
from typed_cells import RawBook  # noqa: E402

from generator.model import Verdict  # noqa: E402
from generator.pipeline.examine import Examined  # noqa: E402

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Mutation:
    """A damaged return. `typed` are the cells whose content must end somewhere, by sheet and address."""

    seed: int
    kind: str
    content: bytes
    typed: frozenset[tuple[str, str]] = frozenset()


@cache
def good(kind: str, number: int) -> bytes:
    """A good return; the same for the same number."""
    content = filled(random_answers(Random(number), 0.5))
    return {"xlsx": lambda: content, "strict": lambda: as_strict(content), "xlsm": lambda: as_xlsm(content)}[kind]()


def other_formats(folder: Path) -> dict[str, bytes]:
    """The same good return as SheetJS saves it in formats that we cannot write ourselves, by program and format."""
    saved = by_node({"fuzz": good("xlsx", 0)}, folder, ("sheetjs.xlsb", "sheetjs.xls", "sheetjs.ods"))
    return {kind: books["fuzz"] for kind, books in saved.items()}


# --- by bytes: of the whole file, or of one member of its zip ---------------------------------


def flipped(chance: Random, content: bytes) -> bytes:
    """Some bits turned over."""
    broken = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        at = chance.randrange(len(broken))
        broken[at] ^= 1 << chance.randrange(8)
    return bytes(broken)


def cut(chance: Random, content: bytes) -> bytes:
    """The end, the beginning or a piece in the middle gone."""
    first, last = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return chance.choice((content[:last], content[first:], content[:first] + content[last:]))


def repeated(chance: Random, content: bytes) -> bytes:
    """A piece that stands there several times."""
    first = chance.randrange(len(content))
    last = min(len(content), first + chance.choice((1, 40, 4000)))
    return content[:last] + content[first:last] * chance.choice((1, 2, 50)) + content[last:]


def overwritten(chance: Random, content: bytes) -> bytes:
    """Numbers that lie, or another file's beginning."""
    at = chance.randrange(len(content))
    lies = (b"\xff" * 4, b"\0" * 4, struct.pack("<L", 1 << 31), b"PK\3\4", b"<!DOCTYPE", b"\xd0\xcf\x11\xe0")
    lie = chance.choice(lies)
    return content[:at] + lie + content[at + len(lie) :]


BY_BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (flipped, cut, repeated, overwritten)


def in_member(chance: Random, content: bytes) -> bytes:
    """One member damaged inside a sound zip."""
    members = unzipped(content)
    name = chance.choice(sorted(members))
    members[name] = chance.choice(BY_BYTES)(chance, members[name] or b" ")
    return zipped(members)


def of_members(chance: Random, content: bytes) -> bytes:
    """A member gone, twice, under another name, or swapped with another one."""
    members = unzipped(content)
    one, other = chance.sample(sorted(members), 2)
    match chance.randrange(4):
        case 0:
            del members[one]
        case 1:
            members[one], members[other] = members[other], members[one]
        case 2:
            members[one.upper()] = members.pop(one)
        case _:
            members[f"../{one}"] = members[one]
    return zipped(members)


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in members.items():
            # without a time of its own the same seed would make other bytes a moment later
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


# --- in the XML of a sheet: what a cell holds, and how it is written ---------------------------

_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
HELD: tuple[tuple[str, bytes], ...] = (
    ("e", b"<f>A1</f><v>#REF!</v>"), ("e", b"<v>#N/A</v>"), ("e", b"<v>#SPILL!</v>"), ("e", b"<v>#odd?</v>"),
    ("", b"<f>1+1</f>"), ("", b"<f>1+1</f><v></v>"), ("str", b"<f>A1</f><v>ba</v>"), ("", b"<f>[1]S!A1</f><v>5</v>"),
    ("", b"<v>-0</v>"), ("", b"<v>1E+15</v>"), ("", b"<v>1e308</v>"), ("", b"<v>1e999</v>"), ("", b"<v>NaN</v>"),
    ("", b"<v>12a</v>"), ("", b"<v>45000.25</v>"), ("", b"<v>0.1</v>"), ("", b"<v>-7</v>"), ("b", b"<v>1</v>"),
    ("b", b"<v>0</v>"), ("d", b"<v>2025-03-14T00:00:00</v>"), ("d", b"<v>hm</v>"), ("n", b"<v>99999999999</v>"),
    ("inlineStr", "<is><t>khoảng vài chục</t></is>".encode()), ("inlineStr", b"<is><t>1.250.000</t></is>"),
    ("inlineStr", b"<is><r><t>hai</t></r><r><t xml:space='preserve'> ph</t></r></is>"),
    ("inlineStr", b"<is><t>=1+1</t></is>"),
    ("inlineStr", b"<is><t>03/14/2025</t></is>"), ("inlineStr", b"<is><t>#REF!</t></is>"),
)  # fmt: skip
"""Type and content of a cell that somebody's program may have written, each with something in it."""


def typed_over(chance: Random, content: bytes) -> tuple[bytes, frozenset[tuple[str, str]]]:
    """Unlocked cells that hold something else now, some of them written in an unusual way."""
    book = RawBook(content)
    unlocked = sorted(where for where, cell in book.cells().items() if cell.unlocked)
    members = unzipped(content)
    typed = frozenset(chance.sample(unlocked, chance.choice((1, 3, 12))))
    for title, address in sorted(typed):
        part = book.parts[title]
        members[part] = _with_cell(members[part], address.encode(), *chance.choice(HELD))
    if chance.random() < 0.4:
        part = book.parts[chance.choice(sorted({title for title, _ in typed}))]
        members[part] = chance.choice(WRITTEN)(members[part])
    return zipped(members), typed


def _with_cell(xml: bytes, address: bytes, kind: str, held: bytes) -> bytes:
    def changed(match: re.Match[bytes]) -> bytes:
        if match[1] != address:
            return match[0]
        style = re.search(rb' s="[0-9]+"', match[2])
        said = f' t="{kind}"'.encode() if kind else b""
        return b'<c r="%b"%b%b>%b</c>' % (address, style[0] if style else b"", said, held)

    return _CELL.sub(changed, xml)


def _prefixed(xml: bytes) -> bytes:
    head = xml.find(b"<worksheet")
    body = re.sub(rb"<(/?)(?=[A-Za-z])(?![A-Za-z]+:)", rb"<\1x:", xml[head:])
    return xml[:head] + body.replace(b'xmlns="', b'xmlns:x="', 1)


WRITTEN: tuple[Callable[[bytes], bytes], ...] = (
    _prefixed,
    lambda xml: xml.replace(b"<sheetData>", b"<sheetData><!-- x -->"),
    lambda xml: re.sub(rb'<c r="([A-Z]+[0-9]+)"', rb"<c r='\1'", xml),
    lambda xml: xml.replace(b'<c r="', b'<c  r="'),
    lambda xml: xml.replace(b"<row ", b"\n  <row "),
    lambda xml: b"\xef\xbb\xbf" + xml,
    lambda xml: re.sub(rb"<v>([^<]*)</v>", rb"<v><![CDATA[\1]]></v>", xml),
    lambda xml: re.sub(rb"<v>([^<]*)</v>", rb"<v>\1<!-- x --></v>", xml),
    lambda xml: xml.replace(b"<v>", b'<v xml:space="preserve">'),
)
"""Other ways to write the same cells."""


# --- one mutation, and what became of it --------------------------------------------------------


def mutation(seed: int, books: Mapping[str, bytes] | None = None) -> Mutation:
    """The mutation of a seed. `books` are further good returns, by kind: formats that real programs saved."""
    chance = Random(seed)
    if chance.random() < 0.5:
        kind = chance.choice(("xlsx", "xlsm"))
        content, typed = typed_over(chance, good(kind, chance.randrange(4)))
        return Mutation(seed, kind, content, typed)
    kinds = sorted({"xlsx", "xlsm", "strict"} | (books or {}).keys())
    kind = chance.choice(kinds)
    content = (books or {}).get(kind) or good(kind, chance.randrange(4))
    change = chance.choice((*BY_BYTES, in_member, in_member, of_members) if content[:2] == b"PK" else BY_BYTES)
    return Mutation(seed, f"{kind} {change.__name__}", change(chance, content))


def faults(mutated: Mutation) -> Iterator[str]:
    """What is wrong with how the mutation was read: nothing, where all is well."""
    began = time.monotonic()
    try:
        examined = taken_in(mutated.content)
    except BaseException as fault:
        if isinstance(fault, (KeyboardInterrupt, SystemExit)):
            raise
        yield f"{type(fault).__name__}: {fault}"
        return
    took = time.monotonic() - began
    if took > SECONDS:
        yield f"{took:.0f} s"
    if examined.verdict is Verdict.UNREADABLE and not examined.issues:
        yield "refused without a word"
    if examined.submission is not None:
        yield from (f"{title}!{cell} is lost" for title, cell in sorted(mutated.typed - set(ended(examined))))
    elif mutated.typed and not examined.issues:
        yield "refused without a word"


def ended(examined: Examined) -> Iterable[tuple[str, str]]:
    """Where every value and every issue stands."""
    values = examined.submission.values if examined.submission else ()
    yield from ((one.sheet, one.cell) for one in values)
    yield from ((one.place.sheet, one.place.cell) for one in examined.issues)


def main(arguments: list[str]) -> int:
    """1 when a mutation was read wrongly."""
    count = int(arguments[0]) if arguments else 2_000
    first = int(arguments[1]) if len(arguments) > 1 else Random().randrange(10**9)
    kept = Path(arguments[2] if len(arguments) > 2 else "build/fuzz")
    print(f"seeds {first} to {first + count - 1}, sender {SENDERS['KN-01']}")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        books = other_formats(Path(folder))
    for seed in range(first, first + count):
        mutated = mutation(seed, books)
        found = list(faults(mutated))
        if found:
            wrong += 1
            kept.mkdir(parents=True, exist_ok=True)
            (kept / f"{seed}.bin").write_bytes(mutated.content)
            print(f"seed {seed} ({mutated.kind}): {'; '.join(found[:4])}", flush=True)
    print(f"{count} mutations, {wrong} read wrongly")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
