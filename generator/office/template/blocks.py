"""Blocks: whether every `for` and `if` is closed, in its order and in the same kind of place.

In:   the tags of a part in document order. Out: all faults at once.
Two tags of a block in like places (each in a paragraph of the same cell, each in place of a row of the same
table …) keep the XML between them balanced however often it is repeated; anything else is refused here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from generator.issues import Issue
from generator.office.template.tags import CLOSINGS, Tag
from generator.office.wordpart import PARAGRAPH, RUN, TEXT, Element

MAX_DEPTH = 15  # Python itself refuses twenty loops inside each other
_CROSSED = (PARAGRAPH, RUN, TEXT)
_OPENINGS = {"endfor": ("for",), "endif": ("if",), "elif": ("if",), "else": ("if", "for")}


class Anchored(NamedTuple):
    """A tag and the element in which its marker stands."""

    tag: Tag
    anchor: Element


def check_blocks(ordered: Iterable[Anchored]) -> list[Issue]:
    """Everything wrong with the nesting of the tags, in document order."""
    issues: list[Issue] = []
    stack: list[tuple[Anchored, str]] = []
    for anchored in ordered:
        tag, word = anchored.tag, anchored.tag.word
        if word in CLOSINGS:
            stack.append((anchored, word))
            if len(stack) == MAX_DEPTH + 1:
                issues.append(tag.fault("template.block_too_deep", limit=MAX_DEPTH))
        elif word in _OPENINGS:
            depth = _matching(stack, word)
            if depth < 0:
                issues.append(tag.fault("template.block_unopened"))
                continue
            # What was opened inside and never closed is named now, so that one lost endfor gives one issue.
            issues += [_unclosed(opened) for opened, _ in stack[depth + 1 :]]
            opening = stack[depth][0]
            stack[depth:] = [] if word.startswith("end") else [(opening, word)]
            if not _alike(opening.anchor, anchored.anchor):
                issues.append(tag.fault("template.block_crosses", opened=opening.tag.place.spot))
    return issues + [_unclosed(opened) for opened, _ in stack]


def _matching(stack: list[tuple[Anchored, str]], word: str) -> int:
    """The innermost open block that the tag belongs to; -1 without one. After `else` only the end may come."""
    for depth in range(len(stack) - 1, -1, -1):
        opening, latest = stack[depth]
        if opening.tag.word in _OPENINGS[word]:
            return -1 if latest == "else" and not word.startswith("end") else depth
    return -1


def _unclosed(opened: Anchored) -> Issue:
    closing = f"{{%{opened.tag.scope} {CLOSINGS[opened.tag.word]} %}}"
    return opened.tag.fault("template.block_unclosed", closing=closing)


def _alike(one: Element, other: Element) -> bool:
    """Whether both places hang under one ancestor by the same chain of paragraph, run and text."""
    first, second = [one, *one.iterancestors()], [other, *other.iterancestors()]
    while first and second and first[-1] is second[-1]:
        first.pop()
        second.pop()
    kinds = [element.tag for element in first]
    return kinds == [element.tag for element in second] and all(kind in _CROSSED for kind in kinds)
