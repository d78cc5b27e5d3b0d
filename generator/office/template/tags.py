"""Tags: what was typed between braces becomes a checked tag, or the issues that say what is wrong with it.

In:   tags as typed, their places; later the whole source. Out: Tag; the syntax tree, or all faults of syntax and
safety at once. What a tag may contain is a closed table of Jinja2's syntax nodes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError, nodes

from generator.issues import Issue, Place, issue
from generator.office.template.heal import Typed, excerpt
from generator.office.template.sandbox import BLOCK_END, BLOCK_START, VALUE_END, VALUE_START, Sandbox

CLOSINGS = {"for": "endfor", "if": "endif"}
_BARE = ("else", "endfor", "endif")
_WORDS = ("for", "if", "elif", "set", *_BARE)
_MAX_TAG = 500

_SCOPE = re.compile(r"(p|tr|tc|r)\s+(?=\S)")
# docxtpl's rich text and sub-documents, and Jinja2's white-space control, which would cut into the XML.
_FOREIGN = re.compile(r"\{\{(?:p|tr|tc|r) +(?!(?:if|is|in|and|or|not)\b)\w|\{[{%][-+]|.*[-+][}%]\}\Z|\{% ?r ")
# Word's typing help: quotes made curly, invisible signs pasted along.
_TYPING = str.maketrans("“”„‟″‘’‚‛′", "\"\"\"\"\"'''''", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
_PLAIN = (
    *(nodes.Template, nodes.Output, nodes.If, nodes.Assign, nodes.TemplateData, nodes.Keyword, nodes.Filter),
    *(
        nodes.Test,
        nodes.Compare,
        nodes.Operand,
        nodes.And,
        nodes.Or,
        nodes.Not,
        nodes.Neg,
        nodes.Pos,
        nodes.CondExpr,
        nodes.Const,
    ),
    *(nodes.Concat, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod),
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, its place and the sentence around it. `kind` is "{{", "{%" or "{#", `word` the command of a block tag.

    `scope` says what the tag replaces: "p" its paragraph, "tr" its row, "tc" its cell, "" only itself.
    """

    kind: str
    word: str
    body: str
    scope: str
    typed: str
    place: Place
    text: str

    def fault(self, code: str, **params: object) -> Issue:
        return issue(code, self.place, None, tag=self.typed, text=self.text, **params)

    def source(self) -> str:
        """The tag as Jinja2 reads it: exactly one line, so that a line number names the tag."""
        if self.kind == "{#":
            return ""
        start, end = (VALUE_START, VALUE_END) if self.kind == "{{" else (BLOCK_START, BLOCK_END)
        return f"{start} {self.body}\n{end}"


def read_tag(found: Typed, place: Place) -> Tag:
    """The tag cleaned of what Word does to typing: NFC, straight quotes, plain spaces."""
    typed = " ".join(unicodedata.normalize("NFC", found.text).translate(_TYPING).split())
    kind, body, scope = typed[:2], typed[2:-2].strip(), ""
    scoped = _SCOPE.match(body) if kind != "{{" else None
    if scoped:
        scope, body = scoped[1], body[scoped.end() :]
    word = body.lstrip("-+ ").split(" ", 1)[0].rstrip("-+") if kind == "{%" else ""
    return Tag(kind, word, body, scope, typed, place, excerpt(found.line.text, found.start, found.end))


def syntax_tree(
    text: str, tags: Mapping[int, Tag], sandbox: Sandbox, is_nested: bool
) -> tuple[nodes.Template | None, list[Issue]]:
    """The whole source as Jinja2's tree, or every fault of its tags; `is_nested` when its blocks are in order."""
    foreign = [tag for tag in tags.values() if _is_foreign(tag)]
    tree = _parsed(text, sandbox) if is_nested and not foreign else None
    if tree is not None and all(len(tag.body) <= _MAX_TAG for tag in tags.values()):
        issues = list(_unsafe(tree, tags, sandbox))
        return (None if issues else tree), issues
    # Something is wrong: each tag by itself now, so that one fault does not hide the next.
    issues = [tag.fault("template.tag_unsupported", near=_near(tag.word, _WORDS)) for tag in foreign]
    for tag in tags.values():
        if tag.kind != "{#" and tag not in foreign:
            alone = _parsed(_alone(tag), sandbox)
            issues += [tag.fault("template.tag_syntax")] if alone is None else _unsafe(alone, {0: tag}, sandbox)
    return None, issues


def _is_foreign(tag: Tag) -> bool:
    return bool(_FOREIGN.match(tag.typed)) or (tag.kind == "{%" and tag.word not in _WORDS)


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
            known = sorted(name for name in tables if not name.startswith("_"))
            if node.name not in known:
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
    """The cure's last words: what was probably meant; empty when nothing is near."""
    close = get_close_matches(word, list(known), 1)
    return f" Có phải định viết “{close[0]}”?" if close else ""
