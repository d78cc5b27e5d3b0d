"""Load plans: templates/reports/*.yaml -> ReportPlan, every name in them checked against the forms.

In:   the path of a plan, the forms by code. Out: the plan, and all its faults at once with file:line.
Imports definitions, issues. Reads the one file it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from generator.definitions.forms import Form
from generator.definitions.load import read_tree
from generator.definitions.load_plans_charts import charts
from generator.definitions.load_plans_figures import comparisons, figures, known_figures, ratios, scaled, shares, states
from generator.definitions.load_plans_listings import listings, quotes, standing_lists
from generator.definitions.load_plans_sections import sections
from generator.definitions.load_plans_sources import Known, members_of
from generator.definitions.nodes import NodeKind
from generator.definitions.plans import (
    ADDED,
    COUNTS,
    FROM,
    PERIODS,
    STANDARD_NAMES,
    TO,
    ReportPlan,
    Topic,
)
from generator.definitions.schema import Entries, Key, Kind, Reader
from generator.issues import Issue, has_errors
from generator.vietnamese.text import matching_key

_PARTS = ("figures", "states", "comparisons", "ratios", "scaled", "shares", "listings", "quotes", "words")
"""Parts of a plan whose members are names of the template."""
_PLAN = {
    "code": Key(Kind.TEXT, required=True),
    "title": Key(Kind.TEXT, required=True),
    "form": Key(Kind.TEXT, required=True),
    "template": Key(Kind.TEXT, required=True),
    "output": Key(Kind.TEXT, required=True),
    "period": Key(Kind.TEXT),
    "topics": Key(Kind.MAP),
    **dict.fromkeys(("charts", "pages", "sections"), Key(Kind.MAP)),
    **{part: Key(Kind.MAP) for part in _PARTS},
}
_TOPIC = {"label": Key(Kind.TEXT, required=True), "words": Key(Kind.TEXTS, required=True)}

_FILE_NAME = re.compile(r"[a-z0-9-]+\.docx")


def load_plan(path: Path, forms: Mapping[str, Form], text: str | None = None) -> tuple[ReportPlan | None, list[Issue]]:
    """The plan of a file (or of `text`, shown under the file's name) unless it has an error, and every fault in it."""
    plan, found = survey_plan(path, forms, text)
    return (None if has_errors(found) else plan), found


def survey_plan(
    path: Path, forms: Mapping[str, Form], text: str | None = None
) -> tuple[ReportPlan | None, list[Issue]]:
    """The plan as far as it can be read, and every fault in it; None when the file holds no map at all.

    For judging what names its figures: a Word template does not get a fault of its own from the fault of its plan.
    """
    root, reader = read_tree(path, text)
    if root is None:
        return None, reader.issues
    entries = reader.entries(root, _PLAN)
    _check_heads(entries, forms, reader)
    topics = _topics(entries, reader)
    plain, counted = tuple(figures(entries, forms, reader)), tuple(states(entries, forms, reader))
    known: dict[str, Known | None] = dict.fromkeys(
        code for part in ("figures", "states") for code, _ in members_of(entries, part, reader)
    )
    known |= known_figures(plain, counted, forms)
    compared = tuple(comparisons(entries, known, forms, reader))
    rates = tuple(ratios(entries, known, reader))
    in_units = tuple(scaled(entries, known, reader))
    shared = tuple(shares(entries, known, reader))
    listed = tuple(listings(entries, known, forms, reader))
    quoted = tuple(quotes(entries, forms, topics, reader))
    told = {code for part in _PARTS[:-1] for code, _ in members_of(entries, part, reader)}
    plan = ReportPlan(
        code=entries.get("code", ""),
        title=entries.get("title", ""),
        form=entries.get("form", ""),
        template=entries.get("template", ""),
        output=entries.get("output", ""),
        period=entries.get("period", PERIODS[0]),
        figures=plain,
        states=counted,
        comparisons=compared,
        ratios=rates,
        scaled=in_units,
        shares=shared,
        listings=listed,
        standing_lists=tuple(standing_lists(entries, forms, reader)),
        quotes=quoted,
        charts=tuple(charts(entries, listed, known, reader)),
        sections=tuple(sections(entries, reader)),
        topics=topics,
        words=_words(entries, reader),
        file=reader.file,
    )
    _check_names(entries, reader)
    return _with_unread(plan, told), reader.issues


def _with_unread(plan: ReportPlan, told: set[str]) -> ReportPlan:
    """The plan with the names of what could not be read from it."""
    return replace(plan, unread=frozenset(told - set(plan.names())))


def _check_heads(entries: Entries, forms: Mapping[str, Form], reader: Reader) -> None:
    form, period = entries.get("form"), entries.get("period")
    if form is not None and form not in forms:
        reader.unknown("plan.unknown_form", entries.line_of("form"), form, forms)
    if period is not None and period not in PERIODS:
        reader.unknown("plan.unknown_period", entries.line_of("period"), period, PERIODS)
    for key in ("template", "output"):
        name = entries.get(key)
        if name is not None and not _FILE_NAME.fullmatch(_dated(name)):
            reader.fault("plan.bad_file_name", entries.line_of(key), name=name, key=key)


def _dated(name: str) -> str:
    return name.replace("{year}", "2025").replace(FROM, "2021").replace(TO, "2025")


def _check_names(entries: Entries, reader: Reader) -> None:
    """A name of the template means one thing: codes are unaccented, and no two parts share one."""
    seen: dict[str, int] = {}
    reserved = {*COUNTS, *ADDED, *STANDARD_NAMES}
    for part in _PARTS:
        node = entries.get(part)
        for key_node, _ in node.entries if node is not None else ():
            code = reader.value(key_node, part, Kind.CODE)
            if code in reserved:
                reader.fault("plan.reserved_name", key_node, name=code)
            elif code in seen:
                reader.fault("plan.duplicate_name", key_node, name=code, first=seen[code])
            elif code is not None:
                seen[code] = key_node.line


def _topics(entries: Entries, reader: Reader) -> tuple[Topic, ...]:
    return tuple(_read_topics(entries, reader))


def _read_topics(entries: Entries, reader: Reader) -> Iterable[Topic]:
    """The topics in the order of the file. A word of two topics would always fall to the first: that is a fault."""
    seen: dict[str, str] = {}
    for code, node in members_of(entries, "topics", reader):
        given = reader.entries(node, _TOPIC)
        words: tuple[str, ...] = given.get("words", ())
        for word in words:
            key = matching_key(word)
            if not key or key in seen:
                reader.fault("plan.topic_word_twice", given.line_of("words"), word=word, first=seen.get(key, ""))
            seen.setdefault(key, given.get("label", code))
        yield Topic(code, given.get("label", ""), words)


def _words(entries: Entries, reader: Reader) -> dict[str, str]:
    words: dict[str, str] = {}
    for name, node in members_of(entries, "words", reader):
        text = "" if node.kind is NodeKind.TEXT and node.empty else reader.value(node, name, Kind.TEXT)
        if text is not None:
            words[name] = text
    return words
