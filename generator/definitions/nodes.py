"""Nodes: a definition file as a tree of texts, lists and maps that know their lines.

In:   nothing; `definitions.load` makes them from a file. Out: Node, NodeKind.
Pure. Imports the standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NodeKind(StrEnum):
    """What a node is; the value is its name for people."""

    TEXT = "chữ hoặc số"
    LIST = "danh sách"
    MAP = "nhóm khóa: giá trị"


@dataclass(frozen=True, slots=True)
class Node:
    """One piece of a file with the line it starts on, counted from 1."""

    kind: NodeKind
    line: int
    text: str = ""
    quoted: bool = False
    parts: tuple[Node, ...] = ()
    """Members of a list."""
    entries: tuple[tuple[Node, Node], ...] = ()
    """Keys and values of a map, in the order of the file."""

    @property
    def empty(self) -> bool:
        """Whether the author wrote nothing here (`key:` with no value, or `~`)."""
        return self.kind is NodeKind.TEXT and not self.quoted and self.text in ("", "~", "null")
