"""Compiled: a Word template opened, checked and cut up once, then rendered many times.

In:   the bytes of a .docx and the filters its tags may use; later the values. Out: bytes of a .docx, or issues.
Renders a part as one string; the tree is built again only where a loop repeats ids or a table may lose its shape.
Imports the modules of this engine, the package below it and issues.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import TracebackType

from jinja2 import Template, UndefinedError
from jinja2.sandbox import SecurityError
from lxml import etree

from generator.issues import Issue, Place, RefusedError, has_errors, issue
from generator.office.package import Package, open_package
from generator.office.template import names
from generator.office.template.places import Element
from generator.office.template.references import Reference, references
from generator.office.template.repair import repair
from generator.office.template.sandbox import Filters, Sandbox, TooLongError, ValueKindError, context_of, guard
from generator.office.template.source import Source, read_source
from generator.office.template.tags import Tag

MAX_PART = 20 << 20
"""Bytes of one part of a template; a template is prose and a few rows."""
MAX_OUTPUT = 128 << 20
"""Characters of one rendered part: a package opens members up to this size."""
_CONTENT_TYPES = "[Content_Types].xml"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_TYPE = re.compile(r"application/vnd\.openxmlformats-officedocument\.wordprocessingml\.([a-z.]+)\+xml")
_LABELS = {
    "document.main": "",
    "header": "Đầu trang {}",
    "footer": "Chân trang {}",
    "footnotes": "Chú thích cuối trang",
    "endnotes": "Chú thích cuối văn bản",
}
_NOT_FILLED = re.compile(r"word/(?:charts|diagrams)/[^/]+\.xml")
_TAG_BYTES = re.compile(rb"\{\{[^{}]{0,80}|\{%[^{}]{0,80}")


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    template: Template
    tags: Mapping[int, Tag]
    repair: bool


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A template without faults. Holds no state of a rendering: threads may share it."""

    file: str
    references: tuple[Reference, ...]
    """Every name of the context that a tag asks for, in document order, each with its place."""
    _package: Package
    _parts: tuple[_Part, ...]

    def render(self, context: Mapping[str, object]) -> tuple[bytes | None, list[Issue]]:
        """The filled document, or the first fault of each part.

        Equal values give equal bytes. Codes: template.value_missing, template.value_kind, template.tag_failed,
        template.unsafe, template.too_long, template.output_broken.
        """
        changes: dict[str, bytes] = {}
        issues: list[Issue] = []
        for part in self._parts:
            rendered = _rendered(part, context, Place(self.file))
            if isinstance(rendered, Issue):
                issues.append(rendered)
            else:
                changes[part.name] = rendered
        return (None, issues) if issues else (self._package.replace(changes), [])


def compile_template(
    content: bytes, file: str, filters: Mapping[str, Callable[..., object]] | None = None
) -> tuple[CompiledTemplate | None, list[Issue]]:
    """The template ready to render, or all its faults at once; `file` is only used to say where.

    `filters` are the only functions that tags may call, beside join, length, upper, lower, first, last, default.
    """
    package, issues = open_package(content, file)
    if package is None:
        return None, issues
    try:
        return _compiled(package, filters or {})
    except RefusedError as refused:
        return None, list(refused.issues)


def _compiled(package: Package, filters: Filters) -> tuple[CompiledTemplate | None, list[Issue]]:
    issues: list[Issue] = []
    parts: list[_Part] = []
    used: list[Reference] = []
    sandbox = Sandbox(filters)
    for name, label in _text_parts(package):
        place = Place(package.file, spot=label)
        source, faults = read_source(_parsed(package, name), place, label, sandbox)
        issues += faults
        if source.tags and not has_errors(faults):
            parts.append(_part(name, source, filters, used, place))
    issues += _in_other_parts(package)
    if has_errors(issues):
        return None, issues
    return CompiledTemplate(package.file, tuple(used), package, tuple(parts)), issues


def _part(name: str, source: Source, filters: Filters, used: list[Reference], place: Place) -> _Part:
    run_text = f'<{source.prefix}t xml:space="preserve">'
    line_break, tab = (f"</{source.prefix}t><{source.prefix}{sign}/>{run_text}" for sign in ("br", "tab"))
    sandbox = Sandbox(filters, (line_break, tab))
    try:
        tree = sandbox.parse(source.text)
        used.extend(references(tree, source.tags))
        template = sandbox.from_string(guard(tree))
    except Exception as fault:  # each tag was sound by itself, so only Jinja2's or Python's own limits are left
        raise RefusedError(issue("template.broken", place, reason=f"các thẻ quá phức tạp ({fault})")) from fault
    return _Part(name, template, source.tags, source.repair)


# --- opening --------------------------------------------------------------------------------


def _text_parts(package: Package) -> Iterator[tuple[str, str]]:
    """Names and labels of the parts that hold text, the body first, headers and footers in order of their names."""
    if _CONTENT_TYPES not in package:
        raise _broken(package.file, "đây không phải tệp Word")
    kinds: dict[str, list[str]] = {}
    for override in _tree(package, _CONTENT_TYPES).iter(_OVERRIDE):
        kind, name = _TYPE.fullmatch(override.get("ContentType", "")), override.get("PartName", "").lstrip("/")
        if kind and name in package:
            kinds.setdefault(kind[1], []).append(name)
    if len(kinds.get("document.main", ())) != 1:
        raise _broken(package.file, "đây không phải tệp Word loại .docx")
    for kind, label in _LABELS.items():
        for number, name in enumerate(sorted(kinds.get(kind, ()), key=lambda part: (len(part), part)), 1):
            yield name, label.format(number)


def _parsed(package: Package, name: str) -> Element:
    root = _tree(package, name)
    if etree.QName(root).namespace != names.WORD:
        raise _broken(package.file, "tệp ở dạng Strict Open XML hoặc không phải văn bản Word")
    return root


def _tree(package: Package, name: str) -> Element:
    content = package.read(name)
    if len(content) > MAX_PART:
        raise _broken(package.file, f"phần {name} quá lớn")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise _broken(package.file, f"phần {name} hỏng ({fault})") from fault
    # Office files never declare a document type; who does wants entities.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _broken(package.file, f"phần {name} khai báo thực thể XML")
    return root


def _broken(file: str, reason: str) -> RefusedError:
    return RefusedError(issue("template.broken", Place(file), reason=reason))


def _in_other_parts(package: Package) -> list[Issue]:
    """Tags in charts and diagrams, which are not filled: they would be printed as they stand."""
    return [
        issue("template.tag_misplaced", Place(package.file, spot=name), tag=found[0].decode("utf-8", "replace"))
        for name in package.names()
        if _NOT_FILLED.fullmatch(name) and (found := _TAG_BYTES.search(package.read(name)))
    ]


# --- rendering ------------------------------------------------------------------------------


def _rendered(part: _Part, context: Mapping[str, object], place: Place) -> bytes | Issue:
    try:
        text = _filled(part.template, context)
    except Exception as fault:  # values and filters are the caller's: whatever they raise has a place
        return _fault(fault, part, place)
    try:
        return _checked(text.encode(), part.repair)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as fault:
        return issue("template.output_broken", place, reason=f"{part.name}: {fault}")


def _filled(template: Template, context: Mapping[str, object]) -> str:
    """The rendered text. Joined in batches, so that a hostile loop is stopped before it fills the memory."""
    pieces = template.root_render_func(template.new_context(context_of(context)))
    batches: list[str] = []
    size = 0
    while batch := "".join(islice(pieces, 2_000)):
        batches.append(batch)
        size += len(batch)
        if size > MAX_OUTPUT:
            raise TooLongError
    return "".join(batches)


def _fault(fault: Exception, part: _Part, place: Place) -> Issue:
    tag = part.tags.get(_line(fault.__traceback__, part.template))
    if tag is None:
        return issue("template.output_broken", place, reason=f"{part.name}: {fault}")
    match fault:
        case UndefinedError():
            return tag.fault("template.value_missing")
        case SecurityError():
            return tag.fault("template.unsafe")
        case ValueKindError():
            return tag.fault("template.value_kind", kind=fault)
        case TooLongError():
            return tag.fault("template.too_long")
        case _:
            return tag.fault("template.tag_failed", reason=f"{type(fault).__name__}: {fault}")


def _line(trace: TracebackType | None, template: Template) -> int:
    """The line of the source that was being rendered: the last frame of the template's own code."""
    line = 0
    while trace is not None:
        if trace.tb_frame.f_globals.get("__jinja_template__") is template:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


class _Nothing:
    """A parser target that keeps nothing: the text is only proved to be XML."""

    def close(self) -> None:
        return None


def _checked(content: bytes, needs_repair: bool) -> bytes:
    """The part parsed strictly; raises etree.XMLSyntaxError. Built into a tree only when it has to be repaired."""
    if not needs_repair:
        etree.fromstring(content, etree.XMLParser(target=_Nothing(), resolve_entities=False, no_network=True))
        return content
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    repair(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
