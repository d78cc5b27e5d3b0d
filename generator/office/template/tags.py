"""Tags: one tag as typed becomes a checked tag, or the issues that say what is wrong with it.

In:   the words between the braces, their place and sentence. Out: Tag, and all faults of syntax and of safety.
Each tag is parsed alone, so that one fault does not hide the next; what a tag may contain is a closed table of
Jinja2's syntax nodes. Imports the sandbox and issues.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError, nodes

from generator.issues import Issue, Place, issue
from generator.office.template.heal import Typed
from generator.office.template.sandbox import BLOCK_END, BLOCK_START, VALUE_END, VALUE_START, Sandbox

WORDS = ("for", "endfor", "if", "elif", "else", "endif", "set")
CLOSINGS = {"for": "endfor", "if": "endif"}
_JINJA_WORDS = frozenset(
    "autoescape block break call continue debug do extends filter from import include macro pluralize raw trans with "
    "endautoescape endblock endcall endfilter endmacro endraw endset endtrans endwith "
    "cellbg colspan hm vm".split()
)
_MAX_TAG = 500

_SCOPE = re.compile(r"(p|tr|tc|r)\s+(?=\S)")
_SCOPED_VALUE = re.compile(r"(?:p|tr|tc|r) +(?!(?:if|is|in|and|or|not|else)\b)\w")
# Word's typing help: quotes made curly, spaces made unbreakable, invisible signs pasted along.
_TYPING = str.maketrans(
    {
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("\n\t\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)

_PLAIN = (
    *(nodes.Template, nodes.Output, nodes.For, nodes.If, nodes.Assign, nodes.Name, nodes.TemplateData),
    *(nodes.Const, nodes.Tuple, nodes.List, nodes.Keyword, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.CondExpr),
    *(nodes.Concat, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod),
)
_LOOP_CALLS = ("cycle", "changed")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that may be compiled."""

    kind: str
    """"{{", "{%" or "{#"."""
    word: str
    """The command of a block tag: one of WORDS; empty for a value or a comment."""
    body: str
    scope: str
    """What the tag replaces: "p" its paragraph, "tr" its row, "tc" its cell, "" only itself."""
    typed: str
    place: Place
    text: str
    """The sentence around it."""

    def fault(self, code: str, **params: object) -> Issue:
        return issue(code, self.place, tag=self.typed, text=self.text, **params)

    def source(self) -> str:
        """The tag as Jinja2 reads it: exactly one line, so that a line number names the tag."""
        if self.kind == "{#":
            return ""
        start, end = (VALUE_START, VALUE_END) if self.kind == "{{" else (BLOCK_START, BLOCK_END)
        return f"{start} {self.body}\n{end}"


def read_tag(found: Typed, place: Place, sandbox: Sandbox) -> tuple[Tag, list[Issue]]:
    """The tag, and every fault in it. A tag with faults still has its scope and word, so that blocks are checked."""
    typed = " ".join(unicodedata.normalize("NFC", found.text).translate(_TYPING).split())
    kind, inner = typed[:2], typed[2:-2]
    body, scope, word = inner.strip(), "", ""
    if kind != "{{":
        scoped = _SCOPE.match(body)
        if scoped:
            scope, body = scoped[1], body[scoped.end() :]
    if kind == "{%":
        word = body.split(" ", 1)[0]
    tag = Tag(kind, word, body, scope, typed, place, found.sentence)
    return tag, [] if kind == "{#" else list(_faults(tag, inner, sandbox))


def _faults(tag: Tag, inner: str, sandbox: Sandbox) -> Iterable[Issue]:
    trimmed = inner[:1] in ("-", "+") or inner[-1:] in ("-", "+")
    if trimmed or tag.scope == "r" or (tag.kind == "{{" and _SCOPED_VALUE.match(inner)) or tag.word in _JINJA_WORDS:
        yield tag.fault("template.tag_unsupported")
    elif tag.kind == "{%" and tag.word not in WORDS:
        yield tag.fault("template.tag_unknown", word=tag.word, near=_near(tag.word, WORDS))
    elif tag.word in ("else", "endfor", "endif"):
        if tag.body != tag.word:
            yield tag.fault("template.tag_syntax")
    else:
        try:
            tree = None if len(tag.body) > _MAX_TAG else sandbox.parse(_alone(tag))
        except (TemplateSyntaxError, RecursionError, ValueError):
            tree = None
        if tree is None:
            yield tag.fault("template.tag_syntax")
        else:
            yield from _unsafe(tree, tag, sandbox)


def _alone(tag: Tag) -> str:
    """The tag with what it needs around it to be a whole template."""
    before = f"{BLOCK_START}if 0{BLOCK_END}" if tag.word == "elif" else ""
    closing = "endif" if tag.word == "elif" else CLOSINGS.get(tag.word)
    return before + tag.source() + (f"{BLOCK_START}{closing}{BLOCK_END}" if closing else "")


def _unsafe(tree: nodes.Template, tag: Tag, sandbox: Sandbox) -> Iterable[Issue]:
    """What the closed tables do not allow; each kind of fault once."""
    for node in tree.find_all(nodes.Node):
        if isinstance(node, (nodes.Filter, nodes.Test)):
            tables = sandbox.filters if isinstance(node, nodes.Filter) else sandbox.tests
            known = sorted(name for name in tables if name[0].isalpha())
            if node.name not in known:
                near = _near(node.name, known)
                yield tag.fault("template.filter_unknown", name=node.name, known=", ".join(known), near=near)
        if not _is_safe(node):
            yield tag.fault("template.unsafe")
            return


def _is_safe(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Call):
        return _is_loop_call(node)
    if isinstance(node, nodes.Getattr):
        return not node.attr.startswith("_")
    if isinstance(node, nodes.Getitem):
        return isinstance(node.arg, nodes.Name) or _is_plain_key(node.arg)
    if isinstance(node, nodes.Name):
        return not node.name.startswith("_")
    if isinstance(node, nodes.For):
        return not node.recursive
    if isinstance(node, (nodes.List, nodes.Tuple)):
        # Constants, or the names that a `for` unpacks into: lists of lists could double at each `set`.
        return all(isinstance(p, nodes.Const) or (isinstance(p, nodes.Name) and p.ctx == "store") for p in node.items)
    return isinstance(node, _PLAIN)


def _is_loop_call(node: nodes.Call) -> bool:
    """`loop.cycle(…)` and `loop.changed(…)` are the only calls there are."""
    called = node.node
    return (
        isinstance(called, nodes.Getattr)
        and called.attr in _LOOP_CALLS
        and isinstance(called.node, nodes.Name)
        and called.node.name == "loop"
        and not (node.dyn_args or node.dyn_kwargs)
    )


def _is_plain_key(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and not str(node.value).startswith("_")


def _near(word: str, known: Iterable[str]) -> str:
    """The cure's last words: what was probably meant; empty when nothing is near."""
    close = get_close_matches(word, list(known), 1)
    return f" Có phải định viết “{close[0]}”?" if close else ""
