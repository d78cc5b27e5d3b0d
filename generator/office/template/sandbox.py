"""The sandbox: what a template may ask of Jinja2, and how a value becomes text of a Word run.

In:   the filters the caller allows. Out: an environment in which names, attributes, arithmetic on numbers and those
filters work, and nothing else. The closed table of syntax nodes (tags.py) is the first wall, this the second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import cast

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

Filters = Mapping[str, Callable[..., object]]

_FILTERS = ("default", "first", "join", "last", "length", "lower", "upper")
_TESTS = ("defined", "undefined", "none", "odd", "even", "divisibleby", "string", "number", "in")

# Control characters cannot occur in parsed XML, so no text of a document is ever taken for one of these.
BLOCK_START, BLOCK_END, VALUE_START, VALUE_END, _COMMENT_START, _COMMENT_END = "\x01\x02\x03\x04\x05\x06"

# Turns of all loops of one rendering (10,000 rows of 100 cells, twice); size of a computed number and text.
MAX_STEPS, _MAX_BITS, _MAX_TEXT = 2_000_000, 4_096, 1_000_000
_STEPS, _BOUNDED = "_steps", "_bounded"

_EXCEL_RETURN = re.compile("_[xX]000[dD]_")
_BREAK = re.compile("[\r\x0b\x0c\x85\u2028\u2029]")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_UNPRINTABLE = (bool, float, bytes, list, tuple, dict, set, frozenset)


class ValueKindError(Exception):
    """A value that has no text of its own, or is no number where one is needed."""


class TooLongError(Exception):
    """A rendering that outgrew its limits."""


@pass_context
def _counted(context: Context, values: Iterable[object]) -> list[object]:
    turns, left = list(values), context.parent[_STEPS]
    left[0] -= len(turns)
    if left[0] < 0:
        raise TooLongError
    return turns


def _bounded(value: object) -> object:
    """Stops a text that doubles with each `set`; lists cannot be built in a template."""
    if isinstance(value, str) and len(value) > _MAX_TEXT:
        raise TooLongError
    return value


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox without globals, with arithmetic on numbers only and fast plain attributes."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def __init__(self, filters: Filters, line_break: str, tab: str) -> None:
        super().__init__(
            *(BLOCK_START, BLOCK_END, VALUE_START, VALUE_END, _COMMENT_START, _COMMENT_END),
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            finalize=printer(line_break, tab),
            optimized=False,  # folding constants costs more than a report has constants
            cache_size=0,
        )
        builtin = {name: self.filters[name] for name in _FILTERS}
        self.filters = {**builtin, **filters, _STEPS: _counted, _BOUNDED: _bounded}
        self.tests = {name: self.tests[name] for name in _TESTS}
        self.globals = {}

    def getattr(self, obj: object, attribute: str) -> object:
        """Plain records first: Jinja's general check costs more than the rest of a cell."""
        kind = obj.__class__
        if kind is dict:
            row = cast("dict[str, object]", obj)
            if attribute in row:
                return row[attribute]
        elif attribute in getattr(kind, "__dataclass_fields__", ()) or attribute in getattr(kind, "_fields", ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Arithmetic on numbers: a text times a million, or `%` on a text, is never meant."""
        for side in (left, right):
            if isinstance(side, Undefined):
                str(side)  # raises, as every use of a missing value does
            if not isinstance(side, (int, float, Decimal)):
                raise ValueKindError(type(side).__name__)
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, int) and result.bit_length() > _MAX_BITS:
            raise TooLongError
        return result


def guard(tree: nodes.Template) -> nodes.Template:
    """The tree with every loop counted and every `set` bounded."""
    for node in tree.find_all((nodes.For, nodes.Assign)):
        if isinstance(node, nodes.For):
            node.iter = nodes.Filter(node.iter, _STEPS, [], [], None, None, lineno=node.iter.lineno)
        elif isinstance(node, nodes.Assign):
            node.node = nodes.Filter(node.node, _BOUNDED, [], [], None, None, lineno=node.node.lineno)
    return tree


def counted_context(values: Mapping[str, object]) -> dict[str, object]:
    """The caller's names with the counter of this rendering beside them; no template can name the counter."""
    return {**values, _STEPS: [MAX_STEPS]}


def printer(line_break: str, tab: str) -> Callable[[object], str]:
    """What prints a value: its text, escaped; new lines and tabs as these pieces of XML.

    Raises ValueKindError for what has no text of its own: None, a truth value, a list, a binary fraction
    (money and counts are int or Decimal), an object without `__str__`.
    """

    def printed(value: object) -> str:
        text = value if value.__class__ is str else _text(value)
        # Nearly every value: printable covers all control characters, new lines and odd spaces in one C call.
        if text.isprintable() and "&" not in text and "<" not in text and ">" not in text and "_" not in text:
            return text
        text = cleaned(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return text.replace("\n", line_break).replace("\t", tab)

    return printed


def _text(value: object) -> str:
    wordless = type(value).__str__ is object.__str__ and not isinstance(value, int)
    if value is None or wordless or isinstance(value, _UNPRINTABLE):
        raise ValueKindError(type(value).__name__)
    return str(value)


def cleaned(text: str) -> str:
    """The text as Word can hold it: one sign for all kinds of new line, no control characters.

    A carriage return (Excel writes it as `_x000D_`) goes before a new line and at the end; elsewhere it is one.
    """
    text = _EXCEL_RETURN.sub("\r", text).rstrip("\r").replace("\r\n", "\n")
    return _DROPPED.sub("", _BREAK.sub("\n", text))
