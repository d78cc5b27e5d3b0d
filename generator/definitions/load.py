"""Load: the files in templates/ become records; every name in them is checked, all faults are told at once.

In:   paths (or the text of a file). Out: Form, Messages …, and issues with file:line. Nothing here raises.
The one definition module that touches files and YAML. Imports nodes, schema, form_reading, messages; issues; PyYAML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from generator.definitions.form_reading import read_form
from generator.definitions.forms import Form
from generator.definitions.messages import Messages, read_messages
from generator.definitions.nodes import Node, NodeKind
from generator.definitions.schema import Reader
from generator.issues import CODES, Issue, Place, has_errors, issue

LARGEST_TEXT = 1_000_000
"""Characters in a definition file; ours have some 20 000."""
DEEPEST = 20
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Refused(Exception):  # noqa: N818  never leaves this module
    """The fault that ends the reading of a file."""

    def __init__(self, code: str, line: int, **params: object) -> None:
        super().__init__(code)
        self.code, self.line, self.params = code, line, params


@dataclass(slots=True)
class _Open:
    """A list or map whose end has not come yet."""

    kind: NodeKind
    line: int
    parts: list[Node] = field(default_factory=list)

    def closed(self) -> Node:
        if self.kind is NodeKind.LIST:
            return Node(self.kind, self.line, parts=tuple(self.parts))
        return Node(self.kind, self.line, entries=tuple(zip(self.parts[::2], self.parts[1::2], strict=True)))


def compose(text: str, file: str) -> tuple[Node | None, list[Issue]]:
    """The root of a YAML text. Anchors, aliases, tags, a second document and deep nests are refused.

    One issue at most: after a fault of spelling the rest of a file cannot be trusted.
    """
    try:
        return _tree(text), []
    except _Refused as fault:
        return None, [issue(fault.code, Place(file, line=fault.line), **fault.params)]
    except yaml.YAMLError as fault:
        line, column = _position(fault, text)
        return None, [issue("yaml.syntax", Place(file, line=line), column=column)]


@lru_cache(maxsize=64)  # every stage of a run asks for the same few files; a node is never changed
def _tree(text: str) -> Node:
    if len(text) > LARGEST_TEXT:
        raise _Refused("yaml.too_large", 0, limit=LARGEST_TEXT)
    root = _Open(NodeKind.LIST, 1)
    stack = [root]
    # events, not PyYAML's composer: that one recurses, and a nest of brackets would end in a RecursionError
    events: Any = yaml.parse(text, Loader=_LOADER)
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused("yaml.alias", line)
        if tag := getattr(event, "tag", None):
            raise _Refused("yaml.tag", line, tag=tag)
        if isinstance(event, yaml.ScalarEvent):
            stack[-1].parts.append(Node(NodeKind.TEXT, line, event.value, quoted=bool(event.style)))
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(stack) > DEEPEST:
                raise _Refused("yaml.too_deep", line, limit=DEEPEST)
            stack.append(_Open(_kind_of(event), line))
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = stack.pop().closed()
            stack[-1].parts.append(closed)
        elif isinstance(event, yaml.DocumentStartEvent) and root.parts:
            raise _Refused("yaml.second_document", line)
    if not root.parts or root.parts[0].empty:
        raise _Refused("yaml.empty", 1)
    return root.parts[0]


def _kind_of(event: yaml.Event) -> NodeKind:
    return NodeKind.MAP if isinstance(event, yaml.MappingStartEvent) else NodeKind.LIST


def _position(fault: yaml.YAMLError, text: str) -> tuple[int, int]:
    """Line and column of a fault of spelling, both from 1."""
    mark: Any = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    if mark is not None:
        return mark.line + 1, mark.column + 1
    position = getattr(fault, "position", 0)  # a character that YAML does not allow
    before = text[: position if isinstance(position, int) else 0]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def shown_path(path: Path) -> str:
    """What places call a file: from "templates/" on, as the workspace has it; else the path as given."""
    parts = path.parts
    if "templates" in parts:
        return "/".join(parts[len(parts) - 1 - parts[::-1].index("templates") :])
    return path.as_posix()


def read_tree(path: Path, text: str | None = None) -> tuple[Node | None, Reader]:
    """The tree of a definition file and the Reader that holds its faults so far. Reads the file without a text."""
    file = shown_path(path)
    if text is None:
        try:
            with path.open("rb") as opened:
                content = opened.read(4 * LARGEST_TEXT)  # more is refused by its length below
            text = content.decode("utf-8-sig")
        except OSError:
            return None, Reader(file, [issue("definition.unreadable", Place(file))])
        except UnicodeDecodeError as fault:
            line = content[: fault.start].count(b"\n") + 1
            return None, Reader(file, [issue("yaml.encoding", Place(file, line=line))])
    root, found = compose(text, file)
    return root, Reader(file, found)


def load_form(path: Path, text: str | None = None) -> tuple[Form | None, list[Issue]]:
    """The form in a file, or None when it has an error; all faults, by line."""
    form, found = _read_form(path, text)
    return (None if has_errors(found) else form), found


def _read_form(path: Path, text: str | None = None) -> tuple[Form | None, list[Issue]]:
    root, reader = read_tree(path, text)
    form = read_form(root, reader) if root else None
    return form, sorted(reader.issues, key=lambda found: found.place)


def load_forms(folder: Path) -> tuple[Mapping[str, Form], list[Issue]]:
    """Every form of a folder that has no error, by code; two files with one code are a fault."""
    forms, broken, found = survey_forms(folder)
    return {code: form for code, form in forms.items() if code not in broken}, found


def survey_forms(folder: Path) -> tuple[Mapping[str, Form], frozenset[str], list[Issue]]:
    """Every form as far as it can be read, the codes of those that have an error, and all faults.

    For judging what names a form: a report does not get a fault of its own from the fault of its form.
    """
    forms: dict[str, Form] = {}
    broken: set[str] = set()
    found: list[Issue] = []
    for path in _files(folder, found):
        form, faults = _read_form(path)
        found += faults
        if form is None:
            continue
        if form.code in forms:
            params = {"name": form.code, "first": forms[form.code].file}
            found.append(issue("form.two_forms", Place(form.file, line=1), **params))
            continue
        forms[form.code] = form
        if has_errors(faults):
            broken.add(form.code)
    return forms, frozenset(broken), found


def load_messages(folder: Path, shipped: Path | None = None) -> tuple[Messages, list[Issue]]:
    """Sentence and cure of every code, from all files of the folder; a code without one is a fault.

    A workspace older than the program has no sentence for a newer code: then the one in `shipped` stands.
    """
    found: list[Issue] = []
    texts: dict[str, tuple[str, str]] = {}
    for path in _files(folder, found):
        root, reader = read_tree(path)
        texts |= read_messages(root, reader, texts) if root else {}
        found += reader.issues
    if shipped is not None and shipped.resolve() != folder.resolve():
        texts = {**load_messages(shipped)[0].texts, **texts}
    place = Place(shown_path(folder))
    found += [issue("message.missing", place, name=code) for code in CODES if code not in texts]
    return Messages(texts), found


def _files(folder: Path, found: list[Issue]) -> list[Path]:
    """The definition files of a folder in order of name; notes a folder that has none."""
    files = sorted(path for path in folder.glob("*.yaml") if path.is_file())
    if not files:
        found.append(issue("definition.no_files", Place(shown_path(folder))))
    return files


__all__ = ["Reader", "compose", "load_form", "load_forms", "load_messages", "read_tree", "shown_path", "survey_forms"]
