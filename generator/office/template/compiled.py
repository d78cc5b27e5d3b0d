"""Compiled: a Word template opened, checked and cut up once, then rendered many times.

In:   the bytes of a .docx and the filters its tags may use; later the values. Out: bytes of a .docx, or issues.
Renders a part as one string; a tree is built again only where a loop repeats ids or a table may lose its shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from types import MappingProxyType, SimpleNamespace
from typing import cast

from jinja2 import Template
from jinja2.exceptions import SecurityError, UndefinedError
from lxml import etree

from generator.issues import Issue, Place, RefusedError, issue
from generator.office.package import Package, open_package
from generator.office.template.sandbox import Filters, Sandbox, TooLongError, ValueKindError, counted_context, guard
from generator.office.template.source import read_source
from generator.office.template.tags import Reference, Tag, references, syntax_tree
from generator.office.wordpart import WORD, Element, cells_end_well, repair

# Bytes of a part in the template, which is prose and a few rows, and rendered: a package opens no larger member.
MAX_PART, MAX_OUTPUT = 20 << 20, 128 << 20
_CONTENT_TYPES = "[Content_Types].xml"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_TYPE = re.compile(r"application/vnd\.openxmlformats-officedocument\.wordprocessingml\.([a-z.]+)\+xml")
_LABELS = {"document.main": "", "header": "Đầu trang {}", "footer": "Chân trang {}"}
_LABELS |= {"footnotes": "Chú thích cuối trang", "endnotes": "Chú thích cuối văn bản"}
_NOTHING = cast("etree.ParserTarget", SimpleNamespace(close=lambda: None))
"""A parser target that keeps nothing: the text is only proved to be XML."""
_STRICT = partial(etree.XMLParser, resolve_entities=False, no_network=True, load_dtd=False, collect_ids=False)
_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (UndefinedError, "template.value_missing"),
    (SecurityError, "template.unsafe"),
    (ValueKindError, "template.value_kind"),
    (TooLongError, "template.too_long"),
    (Exception, "template.tag_failed"),
)


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    template: Template
    tags: Mapping[int, Tag]
    batch: int
    repair: str


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A template without faults, and every name of the context that its tags ask for, in document order.

    Holds no state of a rendering: threads may share it.
    """

    references: tuple[Reference, ...]
    _package: Package
    _parts: tuple[_Part, ...]

    def render(
        self, context: Mapping[str, object], trees: dict[str, Element] | None = None
    ) -> tuple[bytes | None, list[Issue]]:
        """The filled document, or the first fault of each part; equal values give equal bytes.

        `trees`, where given, takes the tree of each filled part, so that a check need not parse it again.
        Codes: template.value_missing, .value_kind, .tag_failed, .unsafe, .too_long, .output_broken.
        """
        changes: dict[str, bytes] = {}
        issues: list[Issue] = []
        for part in self._parts:
            try:
                changes[part.name] = _proved(_filled(part, context), part, trees)
            except Exception as fault:  # values and filters are the caller's: whatever they raise has a place
                issues.append(_issue(fault, part, Place(self._package.file)))
        return (None, issues) if issues else (self._package.replace(changes), [])


def compile_template(
    content: bytes, file: str, filters: Mapping[str, Callable[..., object]] = MappingProxyType({})
) -> tuple[CompiledTemplate | None, list[Issue]]:
    """The template ready to render, or all its faults at once; `file` is only used to say where.

    `filters` are the only functions that tags may call, beside join, length, upper, lower, first, last, default.
    """
    package, issues = open_package(content, file)
    if package is None:
        return None, issues
    parts: list[_Part] = []
    used: list[Reference] = []
    try:
        for name, label in text_parts(package):
            issues += _compiled_part(name, part_tree(package, name), Place(file, spot=label), filters, parts, used)
    except RefusedError as refused:
        issues += refused.issues
    return (None, issues) if issues else (CompiledTemplate(tuple(used), package, tuple(parts)), [])


def _compiled_part(
    name: str, root: Element, place: Place, filters: Filters, parts: list[_Part], used: list[Reference]
) -> list[Issue]:
    """The part's faults; without any it is added to `parts`, and the names it asks for to `used`."""
    prefix = next((f"{known}:" for known, uri in root.nsmap.items() if known and uri == WORD), "")
    breaks = (f'</{prefix}t><{prefix}{sign}/><{prefix}t xml:space="preserve">' for sign in ("br", "tab"))
    sandbox = Sandbox(filters, *breaks)
    source, issues = read_source(root, place)
    if not source.tags:
        return issues
    tree, faults = syntax_tree(source.text, source.tags, sandbox)
    if tree is None or issues:
        return issues + faults
    try:
        used.extend(references(tree.body, source.tags, {}))
        template = sandbox.from_string(guard(tree))
    except Exception as fault:  # each tag is sound by itself: only Jinja2's or Python's own limits are left
        return [issue("template.broken", place, reason=f"các thẻ quá phức tạp ({fault})")]
    batch = min(5_000, 1 + MAX_OUTPUT // len(source.text))
    parts.append(_Part(name, template, source.tags, batch, source.repair))
    return []


def text_parts(package: Package) -> Iterator[tuple[str, str]]:
    """Names and labels of the parts that hold text: the body, then headers and footers in order of their names."""
    kinds: dict[str, list[str]] = {}
    for override in part_tree(package, _CONTENT_TYPES).iter(_OVERRIDE) if _CONTENT_TYPES in package else ():
        kind, name = _TYPE.fullmatch(override.get("ContentType", "")), override.get("PartName", "").lstrip("/")
        if kind and name in package:
            kinds.setdefault(kind[1], []).append(name)
    if len(kinds.get("document.main", ())) != 1:
        raise _broken(package, "đây không phải tệp Word loại .docx")
    for kind_name, label in _LABELS.items():
        for number, part in enumerate(sorted(kinds.get(kind_name, ()), key=lambda name: (len(name), name)), 1):
            yield part, label.format(number)


def part_tree(package: Package, name: str) -> Element:
    content = package.read(name)
    if len(content) > MAX_PART:
        raise _broken(package, f"phần {name} quá lớn")
    try:
        root = etree.fromstring(content, _STRICT(remove_comments=True, remove_pis=True))
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise _broken(package, f"phần {name} hỏng: {fault}") from fault
    # Office files never declare a document type; who does wants entities.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _broken(package, f"phần {name} khai báo thực thể XML")
    if name != _CONTENT_TYPES and etree.QName(root).namespace != WORD:
        raise _broken(package, "tệp ở dạng Strict Open XML hoặc không phải văn bản Word")
    return root


def _broken(package: Package, reason: str) -> RefusedError:
    return RefusedError(issue("template.broken", Place(package.file), reason=reason))


def _filled(part: _Part, context: Mapping[str, object]) -> bytes:
    """The rendered text. Joined in batches, so that a hostile loop is stopped before it fills the memory."""
    pieces = part.template.root_render_func(part.template.new_context(counted_context(context)))
    batches: list[bytes] = []
    size = 0
    while batch := list(islice(pieces, part.batch)):
        batches.append("".join(batch).encode())
        size += len(batches[-1])
        if size > MAX_OUTPUT:
            raise TooLongError
    return b"".join(batches)


def _proved(content: bytes, part: _Part, trees: dict[str, Element] | None) -> bytes:
    """The part, parsed strictly; a tree is built only when one is asked for or has to be repaired."""
    whole = not part.repair or (part.repair == "cells" and cells_end_well(content))
    if whole and trees is None:
        etree.fromstring(content, _STRICT(target=_NOTHING))
        return content
    root = etree.fromstring(content, _STRICT())
    if trees is not None:
        trees[part.name] = root
    if whole:
        return content
    repair(root)
    return etree.tostring(root, encoding="UTF-8", standalone=True)


def _issue(fault: Exception, part: _Part, place: Place) -> Issue:
    """The fault at the tag that was being rendered: the last frame of the template's own code knows its line."""
    trace, line = fault.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_globals.get("__jinja_template__") is part.template:
            line = part.template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    code = next(code for kind, code in _FAULTS if isinstance(fault, kind))
    if line in part.tags:
        return part.tags[line].fault(code, kind=fault, reason=f"{type(fault).__name__}: {fault}")
    code = "template.output_broken" if code == "template.tag_failed" else code
    return issue(code, place, tag="", text=part.name, reason=f"{part.name}: {fault}")
