"""Load layouts: templates/standards/*.yaml -> the layers of the law on form, every name in them checked.

In:   the folder. Out: the layers, and all faults at once with file:line. Imports definitions, issues.
Reads the files it is given and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.definitions.layout import ELEMENTS, FAMILIES, LAYERS, NAMES, ElementPart, Layer, RulePart, Setting
from generator.definitions.load import read_tree, shown_path
from generator.definitions.nodes import Node
from generator.definitions.schema import Entries, Key, Kind, Reader
from generator.issues import Issue, Place, Severity, issue

_FILE = {
    "code": Key(Kind.CODE, required=True),
    "layer": Key(Kind.CODE, required=True),
    "document": Key(Kind.TEXT, required=True),
    "kinds": Key(Kind.TEXTS),
    "words": Key(Kind.MAP),
    "elements": Key(Kind.MAP, required=True),
}
_SEVERITIES = tuple(one.value for one in Severity)
_ELEMENT = {
    "label": Key(Kind.TEXT),
    "source": Key(Kind.TEXT),
    "severity": Key(Kind.CODE),
    "rules": Key(Kind.MAP, required=True),
}
_RULE = {"source": Key(Kind.TEXT), "severity": Key(Kind.CODE), "wanted_rule": Key(Kind.FLAG)}
_WORDS = {name: Key(Kind.TEXTS) for name in ("kinds", "offices", "honours", "marks", "scopes")}


def load_layers(folder: Path) -> tuple[tuple[Layer, ...], list[Issue]]:
    """Every layer of the folder in order of file name, and every fault; the national layer must be among them."""
    layers, found = [], []
    for path in sorted(one for one in folder.glob("*.yaml") if one.is_file()):
        root, reader = read_tree(path)
        if root is not None:
            layers.append(_layer(root, reader))
        found += reader.issues
    if not any(one.layer == LAYERS[0] for one in layers):
        found.append(issue("definition.no_files", Place(shown_path(folder))))
    return tuple(layers), found


def _layer(root: Node, reader: Reader) -> Layer:
    entries = reader.entries(root, _FILE)
    layer = _one_of(entries, "layer", LAYERS, reader)
    elements = entries.node("elements")
    words = entries.node("words")
    national = layer == LAYERS[0]
    return Layer(
        code=entries.get("code", ""),
        layer=layer,
        document=entries.get("document", ""),
        kinds=entries.get("kinds", ()),
        words=dict(reader.entries(words, _WORDS).values) if words else {},
        elements=_elements(elements, layer, national, reader) if elements else {},
        file=reader.file,
    )


def _elements(node: Node, layer: str, national: bool, reader: Reader) -> Mapping[str, ElementPart]:
    entries = reader.entries(node, {name: Key(Kind.MAP) for name in ELEMENTS})
    return {name: _element(one, layer, national, reader) for name, one in entries.values.items()}


def _element(node: Node, layer: str, national: bool, reader: Reader) -> ElementPart:
    shape = {**_ELEMENT, "label": Key(Kind.TEXT, national), "source": Key(Kind.TEXT, national)}
    entries = reader.entries(node, shape)
    rules = entries.node("rules")
    named = reader.entries(rules, {name: Key(Kind.MAP) for name in FAMILIES}).values if rules else {}
    return ElementPart(
        label=entries.get("label", ""),
        source=entries.get("source", ""),
        severity=_one_of(entries, "severity", _SEVERITIES, reader),
        rules={name: _rule(name, one, layer, national, reader) for name, one in named.items()},
    )


def _rule(family: str, node: Node, layer: str, national: bool, reader: Reader) -> RulePart:
    """What a layer says of a rule; a layer that overrides gives only the values that it changes."""
    wanted = FAMILIES[family].values
    shape = {**_RULE, **{name: Key(key.kind, key.required and national) for name, key in wanted.items()}}
    entries = reader.entries(node, shape)
    settings = {
        name: Setting(_plain(value), layer, reader.file, entries.line_of(name))
        for name, value in entries.values.items()
        if name in wanted
    }
    for name, setting in settings.items():
        known = NAMES.get((family, name), ())
        for given in setting.value if isinstance(setting.value, tuple) else (setting.value,):
            if known and given not in known:
                reader.unknown("definition.unknown_value", setting.line, given, known, key=name)
    severity = _one_of(entries, "severity", _SEVERITIES, reader)
    return RulePart(entries.get("source", ""), severity, entries.get("wanted_rule", True), settings)


def _plain(value: Any) -> Any:
    """Numbers as floats, which is what measures are compared with."""
    return value if isinstance(value, str | bool | tuple) else float(value)


def _one_of(entries: Entries, key: str, known: tuple[str, ...], reader: Reader) -> str:
    """A name from a closed table; "" when it is not given or not there."""
    given: str = entries.get(key, "")
    if given and given not in known:
        reader.unknown("definition.unknown_key", entries.line_of(key), given, known)
        return ""
    return given
