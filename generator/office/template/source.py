"""Source: a part of the package becomes one Jinja2 source, each tag on its own line.

In:   the XML of a part. Out: the source, which tag stands on which line, and every fault of the part at once.
Paragraph, row and cell tags take the place of their host in the tree; then the part is serialised once.
Imports the modules of this engine below it and issues.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from generator.issues import Issue, Place, issue
from generator.office.template import heal, names
from generator.office.template.blocks import Spotted, check_blocks
from generator.office.template.places import Element, spots
from generator.office.template.repair import has_repeated_ids, needs_repair
from generator.office.template.sandbox import Sandbox
from generator.office.template.tags import Tag, read_tag

_HOSTS = {"p": names.PARAGRAPH, "tr": names.ROW, "tc": names.CELL}
_HOST_WORDS = {"p": "đoạn văn", "tr": "dòng", "tc": "ô"}
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Source:
    """A part ready to be compiled. `tags` is empty when there is nothing to fill in."""

    text: str
    tags: dict[int, Tag]
    """The tag that begins on each line."""
    prefix: str
    """How the part names Word's namespace, colon included."""
    repair: bool
    """Whether rendering may leave ids twice, a cell without a paragraph or a grid that does not fit."""


def read_source(root: Element, place: Place, label: str, sandbox: Sandbox) -> tuple[Source, list[Issue]]:
    """The part's source; with any issue of severity error it must not be compiled."""
    spot_of = spots(root, label)
    lines = heal.lines(root)
    issues = _left_by_review(root, lines, spot_of, place)
    found: list[Spotted] = []
    for line in lines:
        marks: list[tuple[heal.Typed, int]] = []
        for typed in heal.find(line):
            where = Place(place.file, spot=spot_of[line.element])
            if typed.fault:
                issues.append(issue(typed.fault, where, tag=heal.excerpt(typed.text), text=typed.sentence))
                continue
            tag, faults = read_tag(typed, where, sandbox)
            issues += faults
            marks.append((typed, len(found)))
            found.append(Spotted(tag, line.element, len(found)))
        heal.mark(line, marks)
    issues += _hoist(root, found)
    heal.tidy(root)
    source, block_issues = _assemble(root, found, place)
    issues += block_issues or []
    if not issues:
        issues += _misplaced(root, spot_of, place)
    return source, issues


def _left_by_review(
    root: Element, lines: Iterable[heal.Line], spot_of: dict[Element, str], place: Place
) -> list[Issue]:
    """Tracked changes and comments: one issue for each paragraph that holds some."""
    texts = {line.element: heal.excerpt(line.text) for line in lines}
    issues: dict[tuple[str, Element | None], Issue] = {}
    for code, kinds in (("template.tracked_changes", names.TRACKED), ("template.comments", names.COMMENTS)):
        for element in root.iter(*kinds):
            inside = next(element.iterancestors(names.PARAGRAPH), None)
            # A whole inserted row or table is marked outside the paragraphs: name the first one in it or after it.
            host = inside if inside is not None else next(element.itersiblings(names.PARAGRAPH), None)
            where = Place(place.file, spot=spot_of.get(host, "") if host is not None else "")
            issues.setdefault((code, host), issue(code, where, text=texts.get(host, "") if host is not None else ""))
    return list(issues.values())


# --- tags that stand for their paragraph, row or cell ---------------------------------------


def _hoist(root: Element, found: list[Spotted]) -> list[Issue]:
    """Put the tags with a scope in the place of their hosts. Content that would vanish is an issue."""
    issues: list[Issue] = []
    guests: dict[Element, list[Spotted]] = {}
    for spotted in found:
        if not spotted.tag.scope or spotted.tag.scope not in _HOSTS:
            continue
        kind = _HOSTS[spotted.tag.scope]
        host = spotted.line if kind == names.PARAGRAPH else next(spotted.line.iterancestors(kind), None)
        if host is None:
            issues.append(spotted.tag.fault("template.tag_outside_table"))
        else:
            guests.setdefault(host, []).append(spotted)
    for host, tags in guests.items():
        lost = _lost(host, tags)
        if lost:
            issues.append(
                tags[0].tag.fault("template.tag_swallows_text", host=_HOST_WORDS[tags[0].tag.scope], lost=lost)
            )
    _drop_bookmarks(root, guests)
    for host, tags in guests.items():
        parent = host.getparent()
        if parent is not None:
            parent[parent.index(host) : parent.index(host) + 1] = [heal.marker(spotted.number) for spotted in tags]
    return issues


def _lost(host: Element, tags: list[Spotted]) -> str:
    """What vanishes with the host besides its own tags, shortened; empty when nothing does."""
    text = "".join(element.text or "" for element in host.iter(names.TEXT))
    for spotted in tags:
        text = text.replace(f"{heal.MARK_OPEN}{spotted.number}{heal.MARK_CLOSE}", "")
    if text.strip():
        return heal.excerpt(heal.MARKER.sub("{…}", text))
    lost = next(host.iter(*names.LOST_WITH_HOST), None)
    return "" if lost is None else str(etree.QName(lost).localname)


def _drop_bookmarks(root: Element, hosts: Iterable[Element]) -> None:
    """Take out both ends of each bookmark that has an end in a host; half a bookmark is a broken file."""
    ends = {end.get(names.IDENTIFIER) for host in hosts for end in host.iter(names.BOOKMARK, names.BOOKMARK_END)}
    for end in list(root.iter(names.BOOKMARK, names.BOOKMARK_END)) if ends else ():
        parent = end.getparent()
        if parent is not None and end.get(names.IDENTIFIER) in ends:
            parent.remove(end)


# --- the source -----------------------------------------------------------------------------


def _assemble(root: Element, found: list[Spotted], place: Place) -> tuple[Source, list[Issue]]:
    """Serialise once; between the markers the XML is literal, and no tag can hide in it."""
    pieces = heal.MARKER.split(etree.tostring(root, encoding="unicode"))
    order = [found[int(number)] if int(number) < len(found) else None for number in pieces[1::2]]
    if any(heal.MARK_OPEN in piece for piece in pieces[::2]) or None in order or len(set(order)) < len(order):
        return Source("", {}, "", False), [issue("template.broken", place, reason="mẫu chứa ký tự không hợp lệ U+FDD0")]
    ordered = [spotted for spotted in order if spotted is not None]
    issues = check_blocks(ordered, _anchors(root))
    text = [_DECLARATION, pieces[0]]
    line = 1 + _DECLARATION.count("\n") + pieces[0].count("\n")
    tags: dict[int, Tag] = {}
    for spotted, literal in zip(ordered, pieces[2::2], strict=True):
        tags[line] = spotted.tag
        piece = spotted.tag.source()
        text += (piece, literal)
        line += piece.count("\n") + literal.count("\n")
    prefix = next((f"{known}:" for known, uri in root.nsmap.items() if known and uri == names.WORD), "")
    repair = needs_repair(root) or has_repeated_ids(ordered_literals(ordered, pieces[2::2]))
    return Source("".join(text), tags, prefix, repair), issues


def ordered_literals(ordered: list[Spotted], literals: list[str]) -> Iterable[str]:
    """The literal pieces that stand inside a loop."""
    depth = 0
    for spotted, literal in zip(ordered, literals, strict=True):
        depth += {"for": 1, "endfor": -1}.get(spotted.tag.word, 0)
        if depth > 0:
            yield literal


def _anchors(root: Element) -> dict[int, Element]:
    """The element in which each marker stands, by number."""
    anchors: dict[int, Element] = {}
    for element in root.iter(names.TEXT, etree.ProcessingInstruction):
        host = element if element.tag == names.TEXT else element.getparent()
        if host is not None:
            anchors.update((int(number), host) for number in heal.MARKER.findall(element.text or ""))
    return anchors


def _misplaced(root: Element, spot_of: dict[Element, str], place: Place) -> list[Issue]:
    """Tags where no value can be put: field codes, alternative texts, drawings' own text."""
    issues = []
    for element in root.iter(etree.Element):
        for text in (element.text or "", *element.attrib.values()):
            if "{{" in text or "{%" in text:
                host = next(element.iterancestors(names.PARAGRAPH), None)
                where = Place(place.file, spot=spot_of.get(host, "") if host is not None else "")
                issues.append(issue("template.tag_misplaced", where, tag=heal.excerpt(str(text))))
    return issues
