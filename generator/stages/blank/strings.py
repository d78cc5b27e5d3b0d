"""What differs from partner to partner, gathered in one part: a copy of the blank is one small part written anew.

In:   a workbook whose cells hold hole marks ("@@partner.name@@"), as openpyxl writes it. Out: the same workbook
      with those cells pointing into a table of shared strings, and copies with the table filled.
Imports office.package and issues. The name of the partner stands on every sheet; written into the cells it would
make all sheets new in every copy, five times the work (docs of the format: ECMA-376 part 1, 18.4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from xml.sax.saxutils import escape

from generator.issues import RefusedError
from generator.office.package import Package, open_package

_MARK = "@@{}@@"
_CELL = re.compile(rb'<c r="([A-Z]+\d+)"((?: s="\d+")?) t="inlineStr"><is><t>@@([^@<]+)@@</t></is></c>')
_TEXT = re.compile(rb"@@([^@<]+)@@")
_SHEETS, _STRINGS, _PROPERTIES = "xl/worksheets/", "xl/sharedStrings.xml", "docProps/custom.xml"
_TYPES, _RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OVERRIDE = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_RELATION = (
    b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    b'Target="sharedStrings.xml" Id="rIdStrings"/></Relationships>'
)
_ONCE = 9
"""Deflate level of what is packed once and copied for everybody: smaller mails for no time."""
# what XML cannot hold, and what Excel would take for such an escape
_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def hole_mark(name: str) -> str:
    """What an authored cell or property holds in place of what differs."""
    return _MARK.format(name)


@dataclass(frozen=True, slots=True)
class PartnerStrings:
    """The workbook with its table of shared strings. `names` are in the order of the table."""

    content: bytes
    names: tuple[str, ...]
    package: Package
    _head: bytes
    _properties: tuple[bytes, ...]
    """The part of custom properties, cut at its holes: text, name, text, name … text."""

    def with_parts(self, changed: Mapping[str, bytes | None]) -> PartnerStrings:
        """The same with other parts in every copy, packed once."""
        content = self.package.replace(changed, _ONCE)
        return replace(self, content=content, package=opened(content))

    def fill(self, texts: Mapping[str, str], changed: Mapping[str, bytes | None] = MappingProxyType({})) -> bytes:
        """A copy with each hole filled; a hole without a text is an empty cell.

        `changed` are other parts as they shall be in this copy (answers filled in), new ones too.
        """
        table = "".join(f'<si><t xml:space="preserve">{_escaped(texts.get(name, ""))}</t></si>' for name in self.names)
        properties = [
            escape(_UNSAYABLE.sub("", texts.get(part.decode(), ""))).encode() if number % 2 else part
            for number, part in enumerate(self._properties)
        ]
        written = {**changed, _STRINGS: self._head + table.encode() + b"</sst>", _PROPERTIES: b"".join(properties)}
        return self.package.replace(written)


def gather(members: Mapping[str, bytes], package: Package) -> PartnerStrings:
    """The workbook of these members with every marked cell pointing into the table of shared strings."""
    names: dict[str, int] = {}
    uses = 0

    def shared(match: re.Match[bytes]) -> bytes:
        nonlocal uses
        uses += 1
        number = names.setdefault(match[3].decode(), len(names))
        return b'<c r="%b"%b t="s"><v>%d</v></c>' % (match[1], match[2], number)

    changed = dict(members)
    for name in sorted(members):
        if name.startswith(_SHEETS):
            changed[name] = _CELL.sub(shared, members[name])
    changed[_TYPES] = members[_TYPES].replace(b"</Types>", _OVERRIDE)
    changed[_RELATIONS] = members[_RELATIONS].replace(b"</Relationships>", _RELATION)
    head = f'<sst xmlns="{_SPREADSHEET}" count="{uses}" uniqueCount="{len(names)}">'.encode()
    changed[_STRINGS] = head + b"</sst>"
    content = package.replace(changed, _ONCE)
    return PartnerStrings(content, tuple(names), opened(content), head, tuple(_TEXT.split(members[_PROPERTIES])))


def opened(content: bytes) -> Package:
    """A workbook of ours as a package; RefusedError would be a mistake of this program."""
    package, issues = open_package(content, "")
    if package is None:
        raise RefusedError(*issues)
    return package


def _escaped(text: str) -> str:
    return escape(_ESCAPE.sub("_x005F_", _UNSAYABLE.sub("", text)))
