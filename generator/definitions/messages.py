"""Messages: the sentence and the cure of every issue code, as people read them.

In:   an Issue, and the texts of templates/messages/. Out: Vietnamese sentences with the issue's params filled in.
Pure. Imports nodes, schema, issues, vietnamese. A text may hold {param}, parts in [[ ]] that are left out when a
param in them is empty, and {{ }} for braces. Params are hostile text: only ever put in, never interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.definitions.nodes import Node
from generator.definitions.schema import Key, Kind, Reader, Shape
from generator.issues import CODES, Issue
from generator.vietnamese.text import clean

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BRACES = re.compile(r"\{\{|\}\}|" + PLACEHOLDER.pattern)
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
LONGEST_PARAM = 200
"""A cell may hold 32 767 characters; a sentence quotes the beginning."""

_SHAPE: Shape = {"sentence": Key(Kind.TEXT, required=True), "cure": Key(Kind.TEXT, required=True)}


@dataclass(frozen=True, slots=True)
class Messages:
    """Sentence and cure by code. A code without texts is shown as itself, so that no issue is ever lost."""

    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def sentence(self, found: Issue) -> str:
        """What is wrong."""
        return _filled(self.texts.get(found.code, (found.code, ""))[0], found.params)

    def cure(self, found: Issue) -> str:
        """What to do about it; "" only for a code without texts."""
        return _filled(self.texts.get(found.code, ("", ""))[1], found.params)

    def render(self, found: Issue) -> str:
        """Place, sentence, cure and code, as a terminal or a log shows an issue."""
        place = str(found.place)
        head = f"{place}: {self.sentence(found)}" if place else self.sentence(found)
        return f"{head}\n    {self.cure(found)}  [{found.code}]"


def _filled(text: str, params: Mapping[str, str]) -> str:
    """The text with its params; optional parts with an empty param left out."""

    def kept(part: re.Match[str]) -> str:
        names = PLACEHOLDER.findall(part[1])
        return part[1] if all(params.get(name) for name in names) else ""

    def put(found: re.Match[str]) -> str:
        return found[0][0] if found[1] is None else _shown(params.get(found[1], "…"))

    return _BRACES.sub(put, _OPTIONAL.sub(kept, text)).strip()


def _shown(value: str) -> str:
    """A param on one line and not too long."""
    line = " ".join(clean(value[: 2 * LONGEST_PARAM]).split())
    return line if len(line) <= LONGEST_PARAM else f"{line[:LONGEST_PARAM]}…"


def read_messages(root: Node, reader: Reader, known: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Sentences and cures of one file; notes codes that do not exist or that another file has already given."""
    texts: dict[str, tuple[str, str]] = {}
    lines = {key.text: key.line for key, _ in root.entries}
    for code, node in reader.entries(root, None).nodes.items():
        line = lines.get(code, node.line)
        if code not in CODES:
            reader.unknown("message.unknown_code", line, code, CODES)
        elif code in known:
            reader.fault("message.twice", line, name=code)
        entries = reader.entries(node, _SHAPE)
        texts[code] = (entries.get("sentence", code), entries.get("cure", ""))
    return texts
