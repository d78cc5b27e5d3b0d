"""References: which names of the context a template asks for, each with its place.

In:   the syntax tree of a part and its tags by line. Out: Reference records in document order.
A loop variable counts as what it runs over, so `dong.ten` inside `for dong in don_vi` is `don_vi[].ten`.
Imports tags, issues and Jinja2's nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from generator.issues import Place
from generator.office.template.tags import Tag

Scope = dict[str, str]
"""Names bound by the template, with the path each stands for; empty when it is computed."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that the context must hold. `path` goes on from it: "don_vi[].ten" for a field of each row."""

    name: str
    path: str
    place: Place


def references(tree: nodes.Template, tags: Mapping[int, Tag]) -> Iterator[Reference]:
    """Every use of a name that the template does not bind itself; a longer path hides its own beginning."""
    yield from _within(tree.body, {}, tags)


def _within(body: list[nodes.Node], scope: Scope, tags: Mapping[int, Tag]) -> Iterator[Reference]:
    for node in body:
        if isinstance(node, nodes.For):
            yield from _used(node.iter, scope, tags)
            inner = {**scope, "loop": ""}
            if isinstance(node.target, nodes.Name):
                path = _path(node.iter, scope)
                inner[node.target.name] = f"{path}[]" if path else ""
            else:
                inner.update((name.name, "") for name in node.target.find_all(nodes.Name))
            if node.test is not None:
                yield from _used(node.test, inner, tags)
            yield from _within(node.body, inner, tags)
            yield from _within(node.else_, dict(scope), tags)
        elif isinstance(node, nodes.If):
            yield from _used(node.test, scope, tags)
            yield from _within([*node.body, *node.elif_, *node.else_], scope, tags)
        elif isinstance(node, nodes.Assign):
            yield from _used(node.node, scope, tags)
            targets = [node.target] if isinstance(node.target, nodes.Name) else node.target.find_all(nodes.Name)
            scope.update((target.name, _path(node.node, scope)) for target in targets)
        else:
            yield from _used(node, scope, tags)


def _used(node: nodes.Node, scope: Scope, tags: Mapping[int, Tag]) -> Iterator[Reference]:
    if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
        path = _path(node, scope)
        if path:
            tag = tags.get(node.lineno)
            yield Reference(path.split(".")[0].split("[")[0], path, tag.place if tag else Place())
            return
    for child in node.iter_child_nodes():
        yield from _used(child, scope, tags)


def _path(node: nodes.Node, scope: Scope) -> str:
    """The path from a name of the context; empty when it starts from something computed."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        start = _path(node.node, scope)
        return f"{start}.{node.attr}" if start else ""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        start = _path(node.node, scope)
        return f"{start}.{node.arg.value}" if start and isinstance(node.arg.value, str) else ""
    return ""
