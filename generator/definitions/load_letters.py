"""Load letters: templates/letters/<kind>.yaml -> LetterPlan, every fault at once with file:line.

In:   the path of a plan. Out: LetterPlan and issues. Reads the one file it is given.
Imports definitions (load, letters, schema, nodes), issues.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from generator.definitions.letters import NAMES, OWN, SHARED, YEAR, LetterPlan
from generator.definitions.load import read_tree
from generator.definitions.nodes import NodeKind
from generator.definitions.schema import Entries, Key, Kind, Reader
from generator.issues import Issue, has_errors

_SHAPE = {
    "subject": Key(Kind.TEXT, required=True),
    "template": Key(Kind.TEXT, required=True),
    "output": Key(Kind.TEXT, required=True),
    "nobody": Key(Kind.TEXT, required=True),
    "drafted_by": Key(Kind.TEXT),
    "leave_out": Key(Kind.TEXTS),
    "addressed": Key(Kind.MAP),
    "words": Key(Kind.MAP),
}
_FILE_NAME = re.compile(r"[a-z0-9-]+\.docx")


def load_letter_plan(path: Path) -> tuple[LetterPlan | None, list[Issue]]:
    """The plan of the kind that the file is named after, unless it has an error; every fault in it."""
    root, reader = read_tree(path)
    if root is None:
        return None, reader.issues
    entries = reader.entries(root, _SHAPE)
    _check_files(entries, reader)
    words = _texts(entries, "words", reader)
    _check_words(entries, path.stem, reader)
    plan = LetterPlan(
        kind=path.stem,
        subject=entries.get("subject", ""),
        template=entries.get("template", ""),
        output=entries.get("output", ""),
        nobody=entries.get("nobody", ""),
        drafted_by=entries.get("drafted_by", ""),
        leave_out=entries.get("leave_out", ()),
        addressed=_texts(entries, "addressed", reader),
        words=words,
        file=reader.file,
    )
    return (None if has_errors(reader.issues) else plan), reader.issues


def _check_files(entries: Entries, reader: Reader) -> None:
    for key in ("template", "output"):
        name = entries.get(key)
        if name is not None and not _FILE_NAME.fullmatch(name.replace(YEAR, "2025")):
            reader.fault("plan.bad_file_name", entries.line_of(key), name=name, key=key)


def _check_words(entries: Entries, kind: str, reader: Reader) -> None:
    """A word is a name of the template: unaccented, and none that every letter of the kind has."""
    reserved = {*SHARED, *OWN, *NAMES.get(kind, ())}
    node = entries.get("words")
    for key_node, _ in node.entries if node is not None else ():
        if reader.value(key_node, "words", Kind.CODE) in reserved:
            reader.fault("plan.reserved_name", key_node, name=key_node.text)


def _texts(entries: Entries, key: str, reader: Reader) -> Mapping[str, str]:
    """A map of texts; an empty one is an empty text."""
    node = entries.get(key)
    if node is None:
        return {}
    found = {}
    for name, text in reader.entries(node, None).nodes.items():
        empty = text.kind is NodeKind.TEXT and text.empty
        value = "" if empty else reader.value(text, name, Kind.TEXT)
        if value is not None:
            found[name] = value
    return found
