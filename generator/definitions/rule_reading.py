"""Rule reading: a node of a form's rules -> Rule, its params checked against the rule's type.

In:   the Node, the Form as read so far, the Reader. Out: a Rule; faults in the Reader.
Pure. Imports forms, rules, nodes, schema; issues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from generator.definitions.forms import Field, Form, Rule
from generator.definitions.nodes import Node, NodeKind
from generator.definitions.rules import OPERATORS, PATTERNS, RULES, Param
from generator.definitions.schema import Entries, Key, Kind, Reader, Shape
from generator.issues import Severity

_NEEDED = Key(Kind.TEXT, required=True)
_RULE: Shape = {
    "code": Key(Kind.CODE, required=True),
    "type": _NEEDED,
    "label": _NEEDED,
    "why": _NEEDED,
    "severity": Key(Kind.TEXT),
}
_MANY = frozenset({"fields", "columns", "codes"})
_PATHS = frozenset({"field", "fields", "column", "columns"})
_TRUE_OR_FALSE: Mapping[str, bool] = MappingProxyType({"true": True, "false": False})


def read_rule(node: Node, form: Form, reader: Reader) -> Rule:
    """The rule as far as it could be read. Params stand beside the rule's own keys."""
    kind = _type_named(node)
    params = RULES[kind].params if kind in RULES else ()
    # a rule of unknown type has no known params: its other keys are not reported as unknown as well
    shape = {**_RULE, **{param.name: _key_of(param) for param in params}} if params else None
    entries = reader.entries(node, shape)
    if shape is None:
        entries = reader.entries(_only(node, _RULE), _RULE)
        if kind:
            reader.unknown("form.unknown_rule", entries.line_of("type"), kind, RULES)
    code = entries.get("code", "")
    severity = entries.get("severity", "error")
    if severity not in list(Severity):
        reader.unknown("form.unknown_severity", entries.line_of("severity"), severity, Severity)
        severity = "error"
    return Rule(
        code=code,
        type=kind,
        label=entries.get("label", ""),
        params=_read_params(params, entries, form, reader),
        severity=Severity(severity),
        why=entries.get("why", ""),
        line=node.line,
    )


def _type_named(node: Node) -> str:
    return next((value.text for key, value in node.entries if key.text == "type"), "")


def _only(node: Node, shape: Shape) -> Node:
    kept = tuple(entry for entry in node.entries if entry[0].text in shape)
    return Node(node.kind, node.line, node.text, node.quoted, node.parts, kept)


def _key_of(param: Param) -> Key:
    if param.kind in _MANY:
        return Key(Kind.LIST, param.required)
    return Key(Kind.NUMBER if param.kind == "number" else Kind.TEXT, param.required)


def _read_params(params: tuple[Param, ...], entries: Entries, form: Form, reader: Reader) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    tables: dict[str, str] = {}
    for param in params:
        value = entries.get(param.name)
        if value is None:
            continue
        nodes = value.parts if isinstance(value, Node) else (entries.nodes[param.name],)
        if isinstance(value, Node) and not nodes:
            reader.fault("definition.wrong_type", value, key=param.name, expected=str(Kind.TEXTS), found="rỗng")
        read = [_read_one(param, node, entries, form, reader) for node in nodes]
        found[param.name] = tuple(read) if param.kind in _MANY else value
        for path, node in zip(read, nodes, strict=True):
            if param.kind in _PATHS and isinstance(path, str) and form.field(path):
                table = path.rpartition(".")[0]
                if param.elsewhere or (param.single_too and not table):
                    continue
                first = tables.setdefault("", path)
                if table != first.rpartition(".")[0]:
                    reader.fault("form.rule_mixed_tables", node, name=path, first=first)
    return found


def _read_one(param: Param, node: Node, entries: Entries, form: Form, reader: Reader) -> Any:
    """One value of a param, checked by its kind."""
    if node.kind is not NodeKind.TEXT:
        return reader.value(node, param.name, Kind.TEXT)
    if param.kind == "codes":
        return _read_code(node, entries, form, reader)
    known: Mapping[str, Callable[[], list[str]]] = {
        "field": lambda: [path for path, _ in form.paths()],
        "column": lambda: [path for path, _ in form.paths() if "." in path],
        "table": lambda: [sheet.table.code for sheet in form.sheets if sheet.table],
        "operator": lambda: list(OPERATORS),
        "pattern": lambda: list(PATTERNS),
    }
    kind = param.kind.removesuffix("s")
    if kind in known and node.text not in (names := known[kind]()):
        reader.unknown(f"form.unknown_{kind}", node, node.text, names, param=param.name)
    return node.text


def _read_code(node: Node, entries: Entries, form: Form, reader: Reader) -> Any:
    """An answer that a rule waits for: a choice of the field that the rule asks first, or true and false."""
    asked = form.field(entries.get("when", "")) or Field("", "", "")
    if asked.type == "yes_no":
        if node.text not in _TRUE_OR_FALSE:
            reader.unknown("form.unknown_answer", node, node.text, _TRUE_OR_FALSE, field=asked.code)
        return _TRUE_OR_FALSE.get(node.text, False)
    codes = [choice.code for choice in form.choices.get(asked.choices, ())]
    if codes and node.text not in codes:
        reader.unknown("form.unknown_answer", node, node.text, codes, field=asked.code)
    return node.text
