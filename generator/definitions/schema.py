"""Schema: nodes of a definition file -> Python values of the kinds a definition expects, every fault noted.

In:   Nodes, and the keys that a map may have. Out: values; issues gathered in the Reader, with file:line,
      the near miss and what is allowed. Forms, reports, messages and layout standards are all read with it.
Pure. Imports nodes, issues, vietnamese; rapidfuzz for hints.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from generator.definitions.nodes import Node, NodeKind
from generator.issues import Issue, Place, issue
from generator.vietnamese.text import bare_key, clean, unaccented

CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TRUE, _FALSE = frozenset({"true", "yes", "có", "co"}), frozenset({"false", "no", "không", "khong"})
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,9})?")
_NOT_CODE = re.compile(r"[^a-z0-9]+")


class Kind(StrEnum):
    """What a value must be; the value is what the author is told."""

    TEXT = "chữ"
    CODE = "mã không dấu"
    FLAG = "true hoặc false"
    WHOLE = "số nguyên"
    NUMBER = "số"
    TEXTS = "danh sách các dòng chữ"
    LIST = "danh sách"
    MAP = "nhóm khóa: giá trị"
    ANY = "bất kỳ"


class Key(NamedTuple):
    """One key that a map may have. LIST, MAP and ANY are handed on as nodes."""

    kind: Kind
    required: bool = False


Shape = Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class Entries:
    """A map that was read: only keys that were given and could be read are there."""

    line: int
    values: Mapping[str, Any]
    nodes: Mapping[str, Node]

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or the default."""
        return self.values.get(key, default)

    def node(self, key: str) -> Node | None:
        """Where the value stands."""
        return self.nodes.get(key)

    def line_of(self, key: str) -> int:
        """The line of a key's value, else that of the map."""
        found = self.nodes.get(key)
        return found.line if found else self.line


def nearest(written: str, known: Iterable[str]) -> str:
    """The known name that looks most like what was written, or "". A hint for people, never a decision."""
    names = list(known)
    found = process.extractOne(
        bare_key(written[:200]), [bare_key(name) for name in names], scorer=fuzz.ratio, score_cutoff=60
    )
    return names[found[2]] if found else ""


def as_code(written: str) -> str:
    """The code that an author meant by a label: "Tổng giá trị" -> "tong_gia_tri"; "" when nothing is left."""
    code = _NOT_CODE.sub("_", unaccented(clean(written[:200]).casefold())).strip("_")
    return code if CODE.fullmatch(code) else ""


@dataclass(slots=True)
class Reader:
    """Reads the nodes of one file and gathers what is wrong with them."""

    file: str
    issues: list[Issue] = field(default_factory=list)

    def fault(self, code: str, where: Node | int, **params: object) -> None:
        """Notes an issue at a node or line."""
        line = where if isinstance(where, int) else where.line
        self.issues.append(issue(code, Place(self.file, line=line), **params))

    def unknown(self, code: str, where: Node | int, written: str, known: Iterable[str], **params: object) -> None:
        """Notes a name that does not exist, with the near miss and all names there are."""
        names = sorted(known)
        listed = ", ".join(names[:40]) + (", …" if len(names) > 40 else "")
        self.fault(code, where, name=written, near=nearest(written, names), known=listed, **params)

    def entries(self, node: Node, shape: Shape | None) -> Entries:
        """A map read by its shape; without a shape any key is allowed and every value stays a node."""
        if node.kind is not NodeKind.MAP:
            self._wrong(node, "", Kind.MAP)
            return Entries(node.line, {}, {})
        values: dict[str, Any] = {}
        nodes: dict[str, Node] = {}
        for key_node, value_node in node.entries:
            key = unicodedata.normalize("NFC", key_node.text)
            if key_node.kind is not NodeKind.TEXT or not key:
                self._wrong(key_node, "", Kind.TEXT)
            elif key in nodes:
                self.fault("yaml.duplicate_key", key_node, key=key, first=nodes[key].line)
            elif shape is not None and key not in shape:
                self.unknown("definition.unknown_key", key_node, key, shape)
            else:
                nodes[key] = value_node
                value = value_node if shape is None else self.value(value_node, key, shape[key].kind)
                if value is not None:
                    values[key] = value
        for key, wanted in (shape or {}).items():
            if wanted.required and key not in nodes:
                self.fault("definition.missing_key", node, key=key)
        return Entries(node.line, values, nodes)

    def value(self, node: Node, key: str, kind: Kind) -> Any:
        """The value of a node as its kind wants it, or None when it is something else (noted)."""
        if kind is Kind.ANY:
            return node
        if kind in (Kind.LIST, Kind.MAP):
            fits = node.kind is (NodeKind.LIST if kind is Kind.LIST else NodeKind.MAP)
            return node if fits else self._wrong(node, key, kind)
        if kind is Kind.TEXTS:
            if node.kind is not NodeKind.LIST:
                return self._wrong(node, key, kind)
            return tuple(text for part in node.parts if (text := self.value(part, key, Kind.TEXT)) is not None)
        if node.kind is not NodeKind.TEXT or node.empty:
            return self._wrong(node, key, kind)
        return self._scalar(node, key, kind)

    def _scalar(self, node: Node, key: str, kind: Kind) -> Any:
        text = unicodedata.normalize("NFC", node.text)
        if kind is Kind.TEXT:
            return text
        if kind is Kind.CODE:
            return self._code(node)
        if kind is Kind.FLAG and text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        if kind is Kind.WHOLE and _WHOLE.fullmatch(text):
            return int(text)
        if kind is Kind.NUMBER and _NUMBER.fullmatch(text):
            return int(text) if _WHOLE.fullmatch(text) else Decimal(text)
        return self._wrong(node, key, kind)

    def _code(self, node: Node) -> str:
        """The code as written; a bad one is noted and kept, so that what names it does not fail as well."""
        composed = unicodedata.normalize("NFC", node.text)
        if composed != node.text:
            self.fault("definition.decomposed_code", node, name=composed, suggestion=as_code(composed))
        elif not CODE.fullmatch(node.text):
            self.fault("definition.bad_code", node, name=node.text, suggestion=as_code(node.text))
        return composed

    def _wrong(self, node: Node, key: str, kind: Kind) -> None:
        found = "để trống" if node.empty else f"“{node.text[:60]}”" if node.kind is NodeKind.TEXT else str(node.kind)
        self.fault("definition.wrong_type", node, key=key, expected=str(kind), found=found)
