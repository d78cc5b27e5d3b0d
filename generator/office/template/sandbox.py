"""The sandbox: what a template may ask of Jinja2, and how a value becomes text of a Word run.

In:   the filters the caller allows. Out: an environment in which names, attributes, arithmetic and those filters
work, and nothing else; each printed value escaped.
The syntax tree is checked against a closed table before anything is compiled (tags.py); this is the second wall.
Imports Jinja2 only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

Filters = Mapping[str, Callable[..., object]]

BUILTIN_FILTERS = ("default", "first", "join", "last", "length", "lower", "upper")
TESTS = ("defined", "undefined", "none", "odd", "even", "divisibleby", "string", "number", "in")
COMPARISONS = ("eq", "equalto", "ne", "lt", "le", "gt", "ge", "==", "!=", "<", "<=", ">", ">=")
ARITHMETIC = frozenset({"+", "-", "*", "/", "//", "%"})

# Control characters cannot occur in parsed XML, so no text of a document is ever taken for one of these.
BLOCK_START, BLOCK_END = "\x01", "\x02"
VALUE_START, VALUE_END = "\x03", "\x04"

MAX_STEPS = 2_000_000
"""Turns of all loops of one rendering: 10,000 rows of 100 cells, twice."""
_MAX_BITS = 4_096
_MAX_TEXT = 1_000_000
_STEPS, _BOUNDED = "_steps", "_bounded"

_SPECIAL = re.compile("[&<>\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]|_[xX]000[dD]_")
_RETURN = re.compile(r"(?:\r|_[xX]000[dD]_)+(?=\n|\Z)")
_BREAK = re.compile("[\r\x0b\x0c\x85\u2028\u2029]|_[xX]000[dD]_")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_NUMBERS = (int, float, Decimal)
_UNPRINTABLE = (bool, float, bytes, list, tuple, dict, set, frozenset)


class ValueKindError(Exception):
    """A value that has no text of its own: nothing, a list, an object without words."""


class TooLongError(Exception):
    """A rendering that outgrew its limits."""


class Steps:
    """Counts the turns of all loops of one rendering. The only mutable thing in it, and private to it."""

    def __init__(self) -> None:
        self.left = MAX_STEPS

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise TooLongError


@pass_context
def _counted(context: Context, values: Iterable[object]) -> list[object]:
    turns = list(values)
    context.parent[_STEPS].take(len(turns))
    return turns


def _bounded(value: object) -> object:
    """Stops a text that doubles with each `set`; lists cannot be built in a template."""
    if isinstance(value, str) and len(value) > _MAX_TEXT:
        raise TooLongError
    return value


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox without globals, with arithmetic on numbers only and fast plain attributes."""

    intercepted_binops = ARITHMETIC

    def __init__(self, filters: Filters, breaks: tuple[str, str] = ("", "")) -> None:
        super().__init__(
            block_start_string=BLOCK_START,
            block_end_string=BLOCK_END,
            variable_start_string=VALUE_START,
            variable_end_string=VALUE_END,
            comment_start_string="\x05",
            comment_end_string="\x06",
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            finalize=printer(*breaks),
            cache_size=0,
        )
        builtin = {name: self.filters[name] for name in BUILTIN_FILTERS}
        self.filters = {**builtin, **filters, _STEPS: _counted, _BOUNDED: _bounded}
        self.tests = {name: self.tests[name] for name in (*TESTS, *COMPARISONS)}
        self.globals = {}

    def getattr(self, obj: object, attribute: str) -> object:
        """Plain records first: Jinja's general check costs more than the rest of a cell."""
        kind = obj.__class__
        if kind is dict:
            if attribute in obj:  # type: ignore[operator]
                return obj[attribute]  # type: ignore[index]
        elif attribute in getattr(kind, "__dataclass_fields__", ()) or attribute in getattr(kind, "_fields", ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Arithmetic on numbers: a text times a million, or `%` on a text, is never meant."""
        for side in (left, right):
            if isinstance(side, Undefined):
                str(side)  # raises, naming what is missing
            if not isinstance(side, _NUMBERS):
                raise ValueKindError(type(side).__name__)
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, int) and result.bit_length() > _MAX_BITS:
            raise TooLongError
        return result


def guard(tree: nodes.Template) -> nodes.Template:
    """The tree with every loop counted and every `set` bounded."""
    for loop in tree.find_all(nodes.For):
        loop.iter = _through(_STEPS, loop.iter)
    for assign in tree.find_all(nodes.Assign):
        assign.node = _through(_BOUNDED, assign.node)
    return tree


def _through(name: str, node: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def context_of(values: Mapping[str, object]) -> dict[str, object]:
    """The caller's names with the counter of this rendering beside them; no template can name the counter."""
    return {**values, _STEPS: Steps()}


def printer(line_break: str, tab: str) -> Callable[[object], str]:
    """What prints a value: its text, escaped; new lines and tabs as these pieces of XML.

    Raises ValueKindError for what has no text of its own: None, a truth value, a list, a binary fraction
    (money and counts are int or Decimal), an object without `__str__`.
    """
    special = _SPECIAL.search

    def printed(value: object) -> str:
        text = value if value.__class__ is str else _text(value)
        if special(text) is None:  # type: ignore[arg-type]
            return text  # type: ignore[return-value]
        clean = cleaned(str(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return clean.replace("\n", line_break).replace("\t", tab)

    return printed


def _text(value: object) -> str:
    if isinstance(value, Undefined):
        return str(value)
    wordless = type(value).__str__ is object.__str__ and not isinstance(value, int)
    if value is None or wordless or isinstance(value, _UNPRINTABLE):
        raise ValueKindError(type(value).__name__)
    return str(value)


def cleaned(text: str) -> str:
    """The text as Word can hold it: one sign for a new line, no control characters.

    A carriage return before a new line or at the end goes (Excel writes it as `_x000D_`); alone between words it
    is a new line, as are the vertical tab, form feed and Unicode's separators, so that words do not stick together.
    """
    return _DROPPED.sub("", _BREAK.sub("\n", _RETURN.sub("", text)))
