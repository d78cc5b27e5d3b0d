"""Blocks: whether every `for` and `if` is closed, in its order and in the same kind of place.

In:   the tags of a part in document order. Out: all faults at once. Imports tags and issues.
Two tags of a block in like places (each in a paragraph of the same cell, each in place of a row of the same
table …) keep the XML between them balanced however often it is repeated; anything else is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.issues import Issue
from generator.office.template import names
from generator.office.template.places import Element
from generator.office.template.tags import CLOSINGS, Tag

MAX_DEPTH = 15
_CROSSED = (names.PARAGRAPH, names.RUN, names.TEXT)
_OPENINGS = {"endfor": ("for",), "endif": ("if",), "elif": ("if",), "else": ("if", "for")}


class Spotted(NamedTuple):
    """A tag in the tree: the paragraph it was typed in and the number of its marker."""

    tag: Tag
    line: Element
    number: int


def check_blocks(ordered: list[Spotted], anchors: Mapping[int, Element]) -> list[Issue]:
    """Everything wrong with the nesting of the tags, in document order."""
    issues: list[Issue] = []
    stack: list[tuple[Spotted, str]] = []
    for spotted in ordered:
        word = spotted.tag.word
        if word in CLOSINGS:
            stack.append((spotted, word))
            if len(stack) == MAX_DEPTH + 1:
                issues.append(spotted.tag.fault("template.block_too_deep", limit=MAX_DEPTH))
        elif word in _OPENINGS:
            depth = _matching(stack, word)
            if depth < 0:
                issues.append(spotted.tag.fault("template.block_unopened"))
                continue
            # What was opened inside and never closed is named now, so that one lost endfor gives one issue.
            issues += [_unclosed(opened) for opened, _ in stack[depth + 1 :]]
            opening = stack[depth][0]
            del stack[depth + 1 :]
            if not _alike(anchors[opening.number], anchors[spotted.number]):
                issues.append(spotted.tag.fault("template.block_crosses", opened=opening.tag.place.spot))
            if word == "else":
                stack[depth] = (opening, "else")
            elif word.startswith("end"):
                del stack[depth:]
    return issues + [_unclosed(opened) for opened, _ in stack]


def _matching(stack: list[tuple[Spotted, str]], word: str) -> int:
    """The innermost open block that the tag belongs to; -1 without one. After `else` only the end may come."""
    openings = _OPENINGS[word]
    for depth in range(len(stack) - 1, -1, -1):
        opening, state = stack[depth]
        if opening.tag.word in openings:
            return -1 if state == "else" and not word.startswith("end") else depth
    return -1


def _unclosed(opened: Spotted) -> Issue:
    closing = f"{{%{opened.tag.scope} {CLOSINGS[opened.tag.word]} %}}"
    return opened.tag.fault("template.block_unclosed", closing=closing)


def _alike(one: Element, other: Element) -> bool:
    """Whether both places hang under one ancestor by the same chain of paragraph, run and text."""
    if one is other:
        return True
    first, second = _chain(one), _chain(other)
    while first and second and first[-1] is second[-1]:
        first.pop()
        second.pop()
    kinds = [element.tag for element in first]
    return kinds == [element.tag for element in second] and all(kind in _CROSSED for kind in kinds)


def _chain(element: Element) -> list[Element]:
    return [element, *element.iterancestors()]
