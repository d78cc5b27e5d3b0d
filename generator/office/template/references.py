"""References: which names of the context a template asks for, each with its place.

In:   the syntax tree of a part and its tags by line. Out: Reference records in document order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from generator.issues import Place
from generator.office.template.tags import Tag


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that the context must hold. `path` goes on from it: `dong.ten` in a loop over don_vi is don_vi[].ten."""

    name: str
    path: str
    place: Place


def references(body: Iterable[nodes.Node], tags: Mapping[int, Tag], bound: dict[str, str]) -> Iterator[Reference]:
    """Every use of a name that the template does not bind itself; `bound` names stand for a path, or for nothing."""
    for node in body:
        path = _path(node, bound)
        if path:
            yield Reference(path.replace("[", ".").split(".")[0], path, tags[node.lineno].place)
        elif isinstance(node, nodes.For):
            yield from references([node.iter], tags, bound)
            over = _path(node.iter, bound)
            inner = {**bound, "loop": "", **_targets(node.target, f"{over}[]" if over else "")}
            yield from references([*([node.test] if node.test else ()), *node.body], tags, inner)
            yield from references(node.else_, tags, {**bound})
        elif isinstance(node, nodes.Assign):
            yield from references([node.node], tags, bound)
            bound.update(_targets(node.target, _path(node.node, bound) or ""))
        elif path is None:
            yield from references(node.iter_child_nodes(), tags, bound)


def _targets(target: nodes.Node, path: str) -> dict[str, str]:
    """The names that a `for` or `set` binds; only a single one goes on with the path."""
    if isinstance(target, nodes.Name):
        return {target.name: path}
    return {name.name: "" for name in target.find_all(nodes.Name)}


def _path(node: nodes.Node, bound: Mapping[str, str]) -> str | None:
    """The path from a name of the context; empty when it starts from a bound name; None when it is no path."""
    match node:
        case nodes.Name():
            return bound.get(node.name, node.name)
        case nodes.Getattr(node=start, attr=key) | nodes.Getitem(node=start, arg=nodes.Const(value=str(key))):
            path = _path(start, bound)
            return f"{path}.{key}" if path else path
    return None
