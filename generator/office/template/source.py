"""Source: a part of the package becomes one Jinja2 source, each tag on its own line.

In:   the tree of a part, which is used up. Out: the source, which tag stands on which line, the faults of the part.
Paragraph, row and cell tags take the place of their host in the tree; then the part is serialised once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml import etree

from generator.issues import Issue, Place, issue
from generator.office import chart, wordpart
from generator.office.template import heal
from generator.office.template.tags import CLOSINGS, Tag, read_tag
from generator.office.wordpart import PARAGRAPH, RUN, TEXT, Element, above, spots

_HOSTS = {"p": (PARAGRAPH, "đoạn văn"), "tr": (wordpart.ROW, "dòng"), "tc": (wordpart.CELL, "ô")}
_CROSSED = (PARAGRAPH, RUN, TEXT)
_OPENINGS = {"endfor": ("for",), "endif": ("if",), "elif": ("if",), "else": ("if", "for")}
_MAX_DEPTH = 15  # Python itself refuses twenty loops inside each other
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Source:
    """A part cut up, and the tag that begins on each line."""

    text: str
    tags: dict[int, Tag]
    repair: str
    """What rendering may leave: "cells" that end without a paragraph, or "all": ids twice, grids that do not fit."""


def read_source(root: Element, place: Place) -> tuple[Source, list[Issue]]:
    """The part's source; with any issue it must not be compiled. `place.spot` is the part's label."""
    chart.name_charts(root)
    spot_of, lines = spots(root, place.spot), heal.lines(root)
    issues = _left_by_review(root, lines, spot_of, place)
    tags: list[Tag] = []
    guests: dict[Element, list[int]] = {}
    for line in lines:
        where, marks = Place(place.file, spot=spot_of[line.element]), []
        for typed in heal.find(line):
            tag = read_tag(typed, where)
            if typed.fault:
                issues.append(tag.fault(typed.fault))
                continue
            if tag.scope in _HOSTS:
                host = line.element if tag.scope == "p" else above(line.element, _HOSTS[tag.scope][0])
                if host is not None:
                    guests.setdefault(host, []).append(len(tags))
                else:
                    issues.append(tag.fault("template.tag_outside_table"))
            marks.append((typed, len(tags)))
            tags.append(tag)
        heal.mark(line, marks)
    issues += _hoist(root, guests, tags)
    heal.tidy(root)
    issues += _misplaced(root, spot_of, place)
    source, faults = _assemble(root, tags, place)
    return source, issues + faults


def _left_by_review(root: Element, lines: list[heal.Line], spot_of: dict[Element, str], place: Place) -> list[Issue]:
    """Tracked changes and comments: one issue for each paragraph that holds some."""
    texts = {line.element: line.text for line in lines}
    issues: dict[tuple[str, Element | None], Issue] = {}
    for code, kinds in (("template.tracked_changes", wordpart.TRACKED), ("template.comments", wordpart.COMMENTS)):
        for element in root.iter(*kinds):
            # A row or table may be marked outside any paragraph: name the first one in it.
            around = above(element, wordpart.ROW, wordpart.TABLE)
            host = above(element, PARAGRAPH)
            host = next((root if around is None else around).iter(PARAGRAPH), None) if host is None else host
            spot, text = ("", "") if host is None else (spot_of[host], heal.excerpt(texts.get(host, "")))
            issues.setdefault((code, host), issue(code, replace(place, spot=spot), text=text))
    return list(issues.values())


def _hoist(root: Element, guests: dict[Element, list[int]], tags: list[Tag]) -> list[Issue]:
    """Put the tags with a scope in the place of their hosts. Content that would vanish is an issue."""
    issues: list[Issue] = []
    for host, numbers in guests.items():
        # A section break stays where a block begins or ends; between its branches it would be there only at times.
        words = {tags[number].word for number in numbers}
        if words <= CLOSINGS.keys() or words <= {*CLOSINGS.values()}:
            wordpart.set_section_apart(host, before=words <= CLOSINGS.keys())
        tag, lost = tags[numbers[0]], _lost(host, {*numbers})
        issues += [tag.fault("template.tag_swallows_text", host=_HOSTS[tag.scope][1], lost=lost)] if lost else []
    # Half a bookmark is a broken file: where one end goes with a host, the other goes too.
    ends = {end.get(wordpart.IDENTIFIER) for host in guests for end in host.iter(*wordpart.BOOKMARKS)}
    for end in list(root.iter(*wordpart.BOOKMARKS)) if ends else ():
        if end.get(wordpart.IDENTIFIER) in ends:
            wordpart.remove(end)
    for host, numbers in guests.items():
        for number in numbers:
            host.addprevious(heal.marker(number))
        wordpart.remove(host)
    return issues


def _lost(host: Element, own: set[int]) -> str:
    """What vanishes with the host besides its own tags, shortened; empty when nothing does."""
    text = "".join(element.text or "" for element in host.iter(TEXT))
    text = heal.MARKER.sub(lambda mark: "" if int(mark[1]) in own else "{…}", text)
    lost = next(host.iter(*wordpart.WORDLESS), None)
    return heal.excerpt(text) if text.strip() or lost is None else str(etree.QName(lost).localname)


def _assemble(root: Element, tags: list[Tag], place: Place) -> tuple[Source, list[Issue]]:
    """Serialise once; between the markers the XML is literal, and no tag can hide in it."""
    pieces = heal.MARKER.split(etree.tostring(root, encoding="unicode"))
    order, literals = [int(number) for number in pieces[1::2]], pieces[2::2]
    anchors = _anchors(root)
    ours = {*order} & anchors.keys() & {*range(len(tags))}
    if len(ours) < len(order) or any(heal.MARK_OPEN in piece for piece in pieces[::2]):
        foreign = issue("template.broken", place, reason="mẫu chứa ký tự đặc biệt U+FDD0")
        return Source("", {}, ""), [foreign]
    issues = _check_blocks((tags[number], anchors[number]) for number in order)
    text = [_DECLARATION, pieces[0]]
    line, loops, repeats_ids = 1 + _DECLARATION.count("\n") + pieces[0].count("\n"), 0, False
    tag_at: dict[int, Tag] = {}
    for number, literal in zip(order, literals, strict=True):
        tag_at[line] = tags[number]
        text += (tags[number].source(), literal)
        line += text[-2].count("\n") + literal.count("\n")
        loops += {"for": 1, "endfor": -1}.get(tags[number].word, 0)
        repeats_ids |= loops > 0 and ("docPr" in literal or "bookmarkStart" in literal)
    return Source("".join(text), tag_at, "all" if repeats_ids else _repair(root)), issues


def _anchors(root: Element) -> dict[int, Element]:
    """The element in which each marker stands, by number."""
    anchors: dict[int, Element] = {}
    for element in root.iter(TEXT, etree.ProcessingInstruction):
        host = element if element.tag == TEXT else element.getparent()
        if host is not None:
            anchors.update((int(number), host) for number in heal.MARKER.findall(element.text or ""))
    return anchors


def _misplaced(root: Element, spot_of: dict[Element, str], place: Place) -> list[Issue]:
    """Tags where no value can be put: field codes, alternative texts, drawings' own text."""
    issues = []
    for element in root.iter(etree.Element):
        for text in (element.text or "", *element.attrib.values()):
            if ("{{" in text or "{%" in text) and element.tag not in wordpart.TEXTS:
                host = above(element, PARAGRAPH)
                spot = spot_of[host] if host is not None else place.spot
                issues.append(issue("template.tag_misplaced", replace(place, spot=spot), tag=heal.excerpt(str(text))))
    return issues


def _repair(root: Element) -> str:
    """Whether the hoisted tags can leave a home without a paragraph, a table without rows or a grid that does not fit.

    A child that stands before the first or after the last tag of its parent is always there.
    """
    found = ""
    for parent in {parent for tag in root.iter(etree.ProcessingInstruction) if (parent := tag.getparent()) is not None}:
        if parent.tag == wordpart.TABLE:
            ends = [child.tag for child in parent if child.tag in (wordpart.ROW, etree.ProcessingInstruction)]
            if wordpart.ROW not in (ends[0], ends[-1]):
                return "all"
        # In a row the grid is at stake, in a content control whatever is around it.
        elif parent.tag != wordpart.BODY and (parent.tag not in wordpart.HOMES or parent[-1].tag != PARAGRAPH):
            if parent.tag != wordpart.CELL:
                return "all"
            found = "cells"
    return found


def _check_blocks(ordered: Iterable[tuple[Tag, Element]]) -> list[Issue]:
    """Whether every `for` and `if` is closed, in its order and in the same kind of place: all faults at once.

    Each tag comes with the element that holds its marker. Two tags of a block in like places (in paragraphs of the
    same cell, in place of rows of the same table …) keep the XML between them balanced however often it is repeated.
    """
    issues: list[Issue] = []
    stack: list[tuple[Tag, Element, str]] = []
    for tag, anchor in ordered:
        word = tag.word
        if word in CLOSINGS:
            stack.append((tag, anchor, word))
            if len(stack) > _MAX_DEPTH:
                return [*issues, tag.fault("template.block_too_deep", limit=_MAX_DEPTH)]
        elif word in _OPENINGS:
            depth = _matching(stack, word)
            if depth < 0:
                issues.append(tag.fault("template.block_unopened"))
                continue
            # What was opened inside and never closed is named now, so that one lost endfor gives one issue.
            issues += [_unclosed(inner) for inner, _, _ in stack[depth + 1 :]]
            opening, opened_in, _ = stack[depth]
            stack[depth:] = [] if word.startswith("end") else [(opening, opened_in, word)]
            if not _alike(opened_in, anchor):
                issues.append(tag.fault("template.block_crosses", opened=opening.place.spot))
    return issues + [_unclosed(opening) for opening, _, _ in stack]


def _matching(stack: list[tuple[Tag, Element, str]], word: str) -> int:
    """The innermost open block that the tag belongs to; -1 without one. After `else` only the end may come."""
    for depth in range(len(stack) - 1, -1, -1):
        opening, _, latest = stack[depth]
        if opening.word in _OPENINGS[word]:
            return -1 if latest == "else" and not word.startswith("end") else depth
    return -1


def _unclosed(tag: Tag) -> Issue:
    return tag.fault("template.block_unclosed", closing=f"{{%{tag.scope} {CLOSINGS[tag.word]} %}}")


def _alike(one: Element, other: Element) -> bool:
    """Whether both places hang under one ancestor by the same chain of paragraph, run and text."""
    first, second = [one, *one.iterancestors()], [other, *other.iterancestors()]
    while first and second and first[-1] is second[-1]:
        first.pop()
        second.pop()
    kinds = [element.tag for element in first]
    return kinds == [element.tag for element in second] and all(kind in _CROSSED for kind in kinds)
