"""Tags: what was typed between braces becomes a checked tag, or the issues that say what is wrong with it.

In:   tags as typed, their places; later the whole source. Out: Tag; the syntax tree and the names it asks for, or
all faults of syntax and safety at once. What a tag may contain is a closed table of Jinja2's syntax nodes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError, nodes

from generator.issues import Issue, Place, issue
from generator.office.template.heal import Typed, excerpt
from generator.office.template.sandbox import BLOCK_END, BLOCK_START, VALUE_END, VALUE_START, Sandbox

CLOSINGS = {"for": "endfor", "if": "endif"}
_BARE = ("else", "endfor", "endif")
_WORDS = ("for", "if", "elif", "set", *_BARE)
_MAX_TAG = 300

_SCOPE = re.compile(r"(p|tr|tc|r)\s+(?=\S)", re.IGNORECASE)
# docxtpl's rich text and sub-documents, and Jinja2's white-space control, which would cut into the XML.
_FOREIGN = re.compile(r"\{\{(?:p|tr|tc|r) +(?!(?:if|is|in|and|or|not)\b)\w|\{[{%][-+]|.*[-+][}%]\}\Z|\{% ?r ")
# Word's typing help: quotes made curly, invisible signs pasted along.
_TYPING = str.maketrans("“”„‟″‘’‚‛′", "\"\"\"\"\"'''''", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
_PLAIN = (
    *(nodes.Template, nodes.Output, nodes.If, nodes.Assign, nodes.TemplateData, nodes.Keyword, nodes.Filter),
    *(nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos),
    *(nodes.CondExpr, nodes.Const, nodes.Concat, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod),
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, its place, where in which text it stands. `kind` is "{{", "{%" or "{#", `word` the command of a block tag.

    `scope` says what the tag replaces: "p" its paragraph, "tr" its row, "tc" its cell, "" only itself.
    """

    kind: str
    word: str
    body: str
    scope: str
    typed: str
    place: Place
    around: tuple[str, int, int]

    def fault(self, code: str, **params: object) -> Issue:
        text = excerpt(*self.around)
        return issue(code, self.place, None, tag=self.typed[:_MAX_TAG], text=text, **params)

    def source(self) -> str:
        """The tag as Jinja2 reads it: exactly one line, so that a line number names the tag."""
        if self.kind == "{#":
            return ""
        start, end = (VALUE_START, VALUE_END) if self.kind == "{{" else (BLOCK_START, BLOCK_END)
        return f"{start} {self.body}\n{end}"


def read_tag(found: Typed, place: Place) -> Tag:
    """The tag cleaned of what Word does to typing: NFC, straight quotes, plain spaces."""
    typed = " ".join(unicodedata.normalize("NFC", found.line.text[found.start : found.end]).translate(_TYPING).split())
    kind, body, scope = typed[:2], typed[2:-2].strip(), ""
    scoped = _SCOPE.match(body) if kind != "{{" else None
    if scoped:
        scope, body = scoped[1].lower(), body[scoped.end() :]
    word = body.lstrip("-+ ").split(" ", 1)[0].rstrip("-+") if kind == "{%" else ""
    return Tag(kind, word, body, scope, typed, place, (found.line.text, found.start, found.end))


def syntax_tree(text: str, tags: Mapping[int, Tag], sandbox: Sandbox) -> tuple[nodes.Template | None, list[Issue]]:
    """The whole source as Jinja2's tree, or every fault of its tags; neither when only blocks are wrong."""
    foreign = {tag for tag in tags.values() if _FOREIGN.match(tag.typed) or tag.word not in ("", *_WORDS)}
    tree = None if foreign else _parsed(text, sandbox)
    if tree is not None and all(len(tag.body) <= _MAX_TAG for tag in tags.values()):
        issues = list(_unsafe(tree, tags, sandbox))
        return (None if issues else tree), issues
    # Something is wrong: each tag by itself now, so that one fault does not hide the next.
    issues = []
    for tag in tags.values():
        if tag in foreign:
            issues.append(tag.fault("template.tag_unsupported", near=_near(tag.word.lower(), _WORDS)))
        elif tag.kind != "{#":
            alone = _parsed(_alone(tag), sandbox)
            issues += [tag.fault("template.tag_syntax")] if alone is None else _unsafe(alone, {0: tag}, sandbox)
    return None, issues


def _parsed(text: str, sandbox: Sandbox) -> nodes.Template | None:
    try:
        return sandbox.parse(text)
    except (TemplateSyntaxError, RecursionError, ValueError):
        return None


def _alone(tag: Tag) -> str:
    """The tag with what it needs around it to be a whole template; nothing that parses when it is too long."""
    if tag.word in _BARE and tag.body == tag.word:
        return ""
    if tag.word in _BARE or len(tag.body) > _MAX_TAG:
        return VALUE_START
    before = f"{BLOCK_START}if 0{BLOCK_END}" if tag.word == "elif" else ""
    closing = "endif" if before else CLOSINGS.get(tag.word)
    return before + tag.source() + (f"{BLOCK_START}{closing}{BLOCK_END}" if closing else "")


def _unsafe(tree: nodes.Template, tags: Mapping[int, Tag], sandbox: Sandbox) -> Iterable[Issue]:
    """What the closed tables do not allow."""
    first = next(iter(tags.values()))
    for node in tree.find_all(nodes.Node):
        tag = tags.get(node.lineno, first)
        if isinstance(node, (nodes.Filter, nodes.Test)):
            tables = sandbox.filters if isinstance(node, nodes.Filter) else sandbox.tests
            if node.name not in tables or node.name.startswith("_"):
                known = sorted(name for name in tables if not name.startswith("_"))
                near = _near(node.name, known)
                yield tag.fault("template.filter_unknown", name=node.name, known=", ".join(known), near=near)
        if not _is_safe(node):
            yield tag.fault("template.unsafe")


def _is_safe(node: nodes.Node) -> bool:
    match node:
        case nodes.Getattr(attr=name) | nodes.Name(name=name):
            return not name.startswith("_")
        case nodes.Getitem(arg=key):
            return isinstance(key, (nodes.Name, nodes.Const)) and not str(getattr(key, "value", "")).startswith("_")
        case nodes.Call(node=nodes.Getattr(node=nodes.Name(name="loop"), attr="cycle" | "changed")):
            return not (node.dyn_args or node.dyn_kwargs)
        case nodes.For():
            return not node.recursive
        case nodes.List() | nodes.Tuple():
            # Constants, or the names a `for` unpacks into: lists of lists could double at each `set`.
            return all(getattr(part, "ctx", "") == "store" or isinstance(part, nodes.Const) for part in node.items)
    return isinstance(node, _PLAIN)


def _near(word: str, known: Iterable[str]) -> str:
    """What was probably meant; empty when nothing is near."""
    close = get_close_matches(word, list(known), 1)
    return close[0] if close else ""


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
    several = {name.name: "" for name in target.find_all(nodes.Name)}
    return {target.name: path} if isinstance(target, nodes.Name) else several


def _path(node: nodes.Node, bound: Mapping[str, str]) -> str | None:
    """The path from a name of the context; empty when it starts from a bound name; None when it is no path."""
    match node:
        case nodes.Name():
            return bound.get(node.name, node.name)
        case nodes.Getattr(node=start, attr=key) | nodes.Getitem(node=start, arg=nodes.Const(value=str(key))):
            path = _path(start, bound)
            return f"{path}.{key}" if path else path
    return None
