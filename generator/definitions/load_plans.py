"""Load plans: templates/reports/*.yaml -> ReportPlan, every name in them checked against the forms.

In:   the path of a plan, the forms by code. Out: the plan, and all its faults at once with file:line.
Imports definitions, issues. Reads the one file it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.definitions.aggregations import AGGREGATIONS, Aggregation
from generator.definitions.forms import Field, Form
from generator.definitions.load import read_tree
from generator.definitions.nodes import Node, NodeKind
from generator.definitions.plans import (
    COUNTS,
    PREVIOUS_YEAR,
    STANDARD_NAMES,
    THIS_YEAR,
    UNIT_KEY,
    Comparison,
    FigureSpec,
    Listing,
    Quote,
    ReportPlan,
)
from generator.definitions.schema import Entries, Key, Kind, Reader
from generator.issues import Issue, has_errors

_PLAN = {
    "code": Key(Kind.TEXT, required=True),
    "title": Key(Kind.TEXT, required=True),
    "form": Key(Kind.TEXT, required=True),
    "template": Key(Kind.TEXT, required=True),
    "output": Key(Kind.TEXT, required=True),
    "figures": Key(Kind.MAP),
    "comparisons": Key(Kind.MAP),
    "listings": Key(Kind.MAP),
    "quotes": Key(Kind.MAP),
    "words": Key(Kind.MAP),
}
_FIGURE = {
    "label": Key(Kind.TEXT, required=True),
    "from": Key(Kind.TEXT, required=True),
    "aggregation": Key(Kind.TEXT, required=True),
    "by": Key(Kind.TEXTS),
    "where": Key(Kind.MAP),
    "without": Key(Kind.MAP),
    "unit": Key(Kind.TEXT),
    "year": Key(Kind.TEXT),
}
_COMPARISON = {name: Key(Kind.TEXT, required=True) for name in ("label", "current", "previous")}
_LISTING = {
    "label": Key(Kind.TEXT, required=True),
    "by": Key(Kind.TEXT, required=True),
    "columns": Key(Kind.MAP, required=True),
}
_QUOTE = {"label": Key(Kind.TEXT, required=True), "from": Key(Kind.TEXT, required=True), "beside": Key(Kind.TEXTS)}

_FILE_NAME = re.compile(r"[a-z0-9-]+\.docx")
_COLUMN = re.compile(r"(?P<figure>[a-z0-9_]+)(?:\[(?P<keys>[a-z0-9_]+(?:,[a-z0-9_]+)*)\])?")
MOST_KEYS = 2
"""Keys of one figure; three would make a report that nobody reads."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a figure or quote is taken from: "KN-01.hoat_dong.gia_tri", every part of it known."""

    form: Form
    table: str
    field: Field

    def keys(self) -> dict[str, frozenset[str]]:
        """Keys that rows of this source can be grouped and filtered by, with their codes (empty: any code)."""
        found: dict[str, frozenset[str]] = {UNIT_KEY: frozenset()}
        sheet_table = self.form.table(self.table) if self.table else None
        columns = sheet_table.columns if sheet_table else [one for sheet in self.form.sheets for one in sheet.fields]
        for column in columns:
            if column.type == "yes_no":
                found[column.code] = frozenset({"co", "khong"})
            elif column.type == "partner":
                found |= {column.code: frozenset(), "huyen": frozenset()}
            elif column.type == "choice":
                choices = self.form.choices.get(column.choices, ())
                found[column.code] = frozenset(choice.code for choice in choices)
                groups = frozenset(choice.group for choice in choices if choice.group)
                found |= {name: groups for name, of in self.form.choices.items() if _covers(of, groups)}
        return found


def _covers(choices: Iterable[Any], groups: frozenset[str]) -> bool:
    return bool(groups) and groups <= {choice.code for choice in choices}


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
    figures = tuple(_figures(entries, forms, reader))
    declared: dict[str, FigureSpec | None] = dict.fromkeys(code for code, _ in _members(entries, "figures", reader))
    by_code = declared | {spec.code: spec for spec in figures}
    quotes = tuple(_quotes(entries, forms, reader))
    told = {code for code, _ in _members(entries, "quotes", reader)} | set(declared)
    plan = ReportPlan(
        code=entries.get("code", ""),
        title=entries.get("title", ""),
        form=entries.get("form", ""),
        template=entries.get("template", ""),
        output=entries.get("output", ""),
        figures=figures,
        comparisons=tuple(_comparisons(entries, by_code, reader)),
        listings=tuple(_listings(entries, by_code, reader)),
        quotes=quotes,
        words=_words(entries, reader),
        file=reader.file,
        unread=frozenset(told - {spec.code for spec in figures} - {quote.code for quote in quotes}),
    )
    _check_names(entries, reader)
    return plan, reader.issues


def _check_heads(entries: Entries, forms: Mapping[str, Form], reader: Reader) -> None:
    form = entries.get("form")
    if form is not None and form not in forms:
        reader.unknown("plan.unknown_form", entries.line_of("form"), form, forms)
    for key in ("template", "output"):
        name = entries.get(key)
        if name is not None and not _FILE_NAME.fullmatch(name.replace("{year}", "2025")):
            reader.fault("plan.bad_file_name", entries.line_of(key), name=name, key=key)


def _members(entries: Entries, key: str, reader: Reader) -> list[tuple[str, Node]]:
    """The named members of a map, in the order of the file."""
    node = entries.get(key)
    return list(reader.entries(node, None).nodes.items()) if node is not None else []


def _check_names(entries: Entries, reader: Reader) -> None:
    """A name of the template means one thing: codes are unaccented, and no two parts share one."""
    seen: dict[str, int] = {}
    for part in ("figures", "comparisons", "listings", "quotes", "words"):
        node = entries.get(part)
        for key_node, _ in node.entries if node is not None else ():
            code = reader.value(key_node, part, Kind.CODE)
            if code in COUNTS or code in STANDARD_NAMES:
                reader.fault("plan.reserved_name", key_node, name=code)
            elif code in seen:
                reader.fault("plan.duplicate_name", key_node, name=code, first=seen[code])
            elif code is not None:
                seen[code] = key_node.line


# --- figures --------------------------------------------------------------------------------


def _figures(entries: Entries, forms: Mapping[str, Form], reader: Reader) -> Iterable[FigureSpec]:
    for code, node in _members(entries, "figures", reader):
        given = reader.entries(node, _FIGURE)
        source = _source(given, forms, reader)
        aggregation = _aggregation(given, reader)
        year = given.get("year", THIS_YEAR)
        if year not in (THIS_YEAR, PREVIOUS_YEAR):
            reader.unknown("plan.unknown_year", given.line_of("year"), year, (THIS_YEAR, PREVIOUS_YEAR))
        if source is None or aggregation is None:
            continue
        if not aggregation.takes(source.field):
            params = {"name": aggregation.name, "type": source.field.type, "field": given.get("from")}
            allowed = ", ".join(sorted(aggregation.types))
            reader.fault("plan.wrong_aggregation", given.line_of("aggregation"), allowed=allowed, **params)
        unit = given.get("unit", aggregation.unit(source.field))
        if not unit:
            reader.fault("plan.no_unit", node, name=code)
        yield FigureSpec(
            code=code,
            label=given.get("label", ""),
            form=source.form.code,
            table=source.table,
            column=source.field.code,
            aggregation=aggregation.name,
            unit=unit,
            by=_by(given, source, reader),
            where=_filter(given, "where", source, reader),
            without=_filter(given, "without", source, reader),
            year=year,
            line=node.line,
        )


def _source(given: Entries, forms: Mapping[str, Form], reader: Reader) -> _Source | None:
    """The field that "KN-01.hoat_dong.gia_tri" or "KN-01.ton_tai" names; what is unknown of it is noted."""
    written = given.get("from")
    if written is None:
        return None
    form_code, _, path = written.partition(".")
    line = given.line_of("from")
    form = forms.get(form_code)
    if form is None:
        reader.unknown("plan.unknown_form", line, form_code, forms)
        return None
    field = form.field(path)
    if field is None:
        known = [f"{form_code}.{known_path}" for known_path, _ in form.paths()]
        reader.unknown("plan.unknown_field", line, written, known, form=form_code)
        return None
    return _Source(form, path.rpartition(".")[0], field)


def _aggregation(given: Entries, reader: Reader) -> Aggregation | None:
    name = given.get("aggregation")
    if name is not None and name not in AGGREGATIONS:
        reader.unknown("plan.unknown_aggregation", given.line_of("aggregation"), name, AGGREGATIONS)
    return AGGREGATIONS.get(name) if name is not None else None


def _by(given: Entries, source: _Source, reader: Reader) -> tuple[str, ...]:
    by: tuple[str, ...] = given.get("by", ())
    keys = source.keys()
    for key in by:
        if key not in keys:
            reader.unknown("plan.unknown_key", given.line_of("by"), key, keys)
    if len(by) > MOST_KEYS or len(set(by)) < len(by):
        reader.fault("plan.too_many_keys", given.line_of("by"), limit=MOST_KEYS)
    return by


def _filter(given: Entries, name: str, source: _Source, reader: Reader) -> dict[str, frozenset[str]]:
    """A closed filter: key -> codes, all of them known."""
    node = given.get(name)
    if node is None:
        return {}
    keys = source.keys()
    found: dict[str, frozenset[str]] = {}
    for key, value_node in reader.entries(node, None).nodes.items():
        codes = reader.value(value_node, key, Kind.TEXTS)
        if key not in keys:
            reader.unknown("plan.unknown_key", value_node, key, keys)
        elif codes is not None:
            for code in codes:
                if keys[key] and code not in keys[key]:
                    reader.unknown("plan.unknown_choice", value_node, code, keys[key], key=key)
            found[key] = frozenset(codes)
    return found


# --- comparisons, listings, quotes, words ---------------------------------------------------


def _comparisons(entries: Entries, figures: Mapping[str, FigureSpec | None], reader: Reader) -> Iterable[Comparison]:
    for code, node in _members(entries, "comparisons", reader):
        given = reader.entries(node, _COMPARISON)
        for side in ("current", "previous"):
            name = given.get(side)
            if name is not None and name not in figures:
                reader.unknown("plan.unknown_figure", given.line_of(side), name, figures)
        current, previous = given.get("current", ""), given.get("previous", "")
        sides = [spec.by for name in (current, previous) if (spec := figures.get(name)) is not None]
        if len(sides) == 2 and (sides[0] != sides[1] or len(sides[0]) > 1):
            reader.fault("plan.wrong_comparison", node, name=code)
        yield Comparison(code, given.get("label", ""), current, previous, node.line)


def _listings(entries: Entries, figures: Mapping[str, FigureSpec | None], reader: Reader) -> Iterable[Listing]:
    for code, node in _members(entries, "listings", reader):
        given = reader.entries(node, _LISTING)
        by = given.get("by", "")
        columns: dict[str, str] = {}
        for name, column_node in _members(given, "columns", reader):
            written = reader.value(column_node, name, Kind.TEXT)
            if written is not None:
                columns[name] = written
                _check_column(written, by, column_node, figures, reader)
        yield Listing(code, given.get("label", ""), by, columns, node.line)


def _check_column(written: str, by: str, node: Node, figures: Mapping[str, FigureSpec | None], reader: Reader) -> None:
    """A column names a figure that is grouped by the listing's key, with as many more keys as stand in brackets."""
    shape = _COLUMN.fullmatch(written)
    if shape is None or shape["figure"] not in figures:
        reader.unknown("plan.unknown_figure", node, written, figures)
        return
    spec = figures[shape["figure"]]
    if spec is None:  # its own fault is told
        return
    more = len(shape["keys"].split(",")) if shape["keys"] else 0
    if spec.by[:1] != (by,) or len(spec.by) != 1 + more:
        reader.fault("plan.wrong_column", node, name=written, by=by, has=", ".join(spec.by) or "–")


def _quotes(entries: Entries, forms: Mapping[str, Form], reader: Reader) -> Iterable[Quote]:
    for code, node in _members(entries, "quotes", reader):
        given = reader.entries(node, _QUOTE)
        source = _source(given, forms, reader)
        if source is None:
            continue
        beside: tuple[str, ...] = given.get("beside", ())
        table = source.form.table(source.table) if source.table else None
        known = [column.code for column in table.columns] if table else []
        for name in beside:
            if name not in known:
                reader.unknown("plan.unknown_field", given.line_of("beside"), name, known, form=source.form.code)
        yield Quote(code, given.get("label", ""), source.form.code, source.table, source.field.code, beside, node.line)


def _words(entries: Entries, reader: Reader) -> dict[str, str]:
    words: dict[str, str] = {}
    for name, node in _members(entries, "words", reader):
        text = "" if node.kind is NodeKind.TEXT and node.empty else reader.value(node, name, Kind.TEXT)
        if text is not None:
            words[name] = text
    return words
