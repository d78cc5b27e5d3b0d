"""Sources of plans: what a figure or quote is taken from, and what one part of a plan may name of another.

In:   entries of a plan, the forms by code. Out: the field a path names, the keys its rows can be grouped by, and
      references to figures; what is unknown is noted with its near miss.
Pure. Imports definitions.forms, plans, schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.definitions.forms import SIDES, Field, Form
from generator.definitions.nodes import Node
from generator.definitions.plans import (
    DISTRICT_KEYS,
    FROM,
    GIVER_KEYS,
    KIND_KEY,
    RECEIVER_KEYS,
    SIDE_KEY,
    TO,
    TODAY,
    UNIT_KEY,
    YEAR_KEY,
    FigureSpec,
    Reference,
    reference,
)
from generator.definitions.schema import Entries, Kind, Reader


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure or quote is taken from: "KN-01.hoat_dong.gia_tri", every part of it known."""

    form: Form
    table: str
    field: Field
    kinds: frozenset[str] = frozenset()
    """Codes of the kinds of partners; empty: any."""

    def columns(self) -> list[Field]:
        """The columns beside it; of a single field all single fields of the form."""
        table = self.form.table(self.table) if self.table else None
        return list(table.columns) if table else [one for sheet in self.form.sheets for one in sheet.fields]

    def keys(self) -> dict[str, frozenset[str]]:
        """Keys that rows of this source can be grouped and filtered by, with their codes (empty: any code)."""
        any_code: frozenset[str] = frozenset()
        found = {UNIT_KEY: any_code, UNIT_KEY + TODAY: any_code, YEAR_KEY: any_code}
        columns = self.columns()
        named = {column.choices for column in columns if column.type == "partner"} if self.table else set()
        if self.form.role in ("gives", "both") or "@givers" in named:
            found |= dict.fromkeys(GIVER_KEYS, any_code)
        if self.form.role in ("receives", "both") or named - {"@givers"}:
            found |= dict.fromkeys((*RECEIVER_KEYS, *DISTRICT_KEYS), any_code)
        if self.form.role == "both":
            found[SIDE_KEY] = frozenset(side.code for side in SIDES)
        for column in columns:
            if column.type == "yes_no":
                found[column.code] = frozenset({"co", "khong"})
            elif column.type == "partner":
                found |= {column.code: any_code, DISTRICT_KEYS[0]: any_code}
            elif column.type == "choice":
                choices = self.form.choices.get(column.choices, ())
                found[column.code] = frozenset(choice.code for choice in choices)
                groups = frozenset(choice.group for choice in choices if choice.group)
                found |= {name: groups for name, of in self.form.choices.items() if _covers(of, groups)}
        return found


def _kinds(forms: Mapping[str, Form]) -> frozenset[str]:
    """The kinds of partners: the list of that name in the form of the registry."""
    lists = (form.choices[KIND_KEY] for form in forms.values() if KIND_KEY in form.choices)
    return frozenset(choice.code for choice in next(lists, ()))


def _covers(choices: Iterable[Any], groups: frozenset[str]) -> bool:
    return bool(groups) and groups <= {choice.code for choice in choices}


def read_source(given: Entries, forms: Mapping[str, Form], reader: Reader, key: str = "from") -> Source | None:
    """The field that "KN-01.hoat_dong.gia_tri" or "KN-01.ton_tai" names; what is unknown of it is noted."""
    written = given.get(key)
    if written is None:
        return None
    form_code, _, path = written.partition(".")
    line = given.line_of(key)
    form = forms.get(form_code)
    if form is None:
        reader.unknown("plan.unknown_form", line, form_code, forms)
        return None
    found = form.field(path)
    if found is None:
        known = [f"{form_code}.{known_path}" for known_path, _ in form.paths()]
        reader.unknown("plan.unknown_field", line, written, known, form=form_code)
        return None
    return Source(form, path.rpartition(".")[0], found, _kinds(forms))


def read_filter(given: Entries, name: str, source: Source, reader: Reader) -> dict[str, frozenset[str]]:
    """A closed filter: key -> codes, all of them known."""
    node = given.get(name)
    if node is None:
        return {}
    keys = source.keys() | {KIND_KEY: source.kinds}
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


def members_of(entries: Entries, key: str, reader: Reader) -> list[tuple[str, Node]]:
    """The named members of a map, in the order of the file."""
    node = entries.get(key)
    return list(reader.entries(node, None).nodes.items()) if node is not None else []


def one_of(given: Entries, key: str, default: str, known: Iterable[str], code: str, reader: Reader) -> str:
    """A word out of a closed list, or its default; any other word is noted."""
    written: str = given.get(key, default)
    names = list(known)
    if written not in names:
        reader.unknown(code, given.line_of(key), written, names)
    return written


@dataclass(frozen=True, slots=True)
class Known:
    """What other parts of a plan may name: a figure, comparison, scaled figure or share."""

    by: tuple[str, ...] = ()
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By key: the groups there are; empty: any."""
    spec: FigureSpec | None = None
    form: str = ""

    def left(self, named: Reference) -> tuple[str, ...] | None:
        """The keys that stand before those in brackets; None where the brackets hold too many."""
        more = len(self.by) - len(named.keys)
        return self.by[:more] if more >= 0 else None


def referred(
    written: str | None, where: Node | int, known: Mapping[str, Known | None], reader: Reader
) -> tuple[Reference, Known] | None:
    """The figure that is named and what is known of it; what is unknown of it is noted.

    None too where the figure has a fault of its own, which is told already.
    """
    if written is None:
        return None
    named = reference(written)
    if named is None or named.code not in known:
        reader.unknown("plan.unknown_figure", where, named.code if named else written, known)
        return None
    there = known[named.code]
    if there is None:
        return None
    for key, group in zip(there.by[len(there.by) - len(named.keys) :], named.keys, strict=False):
        if key == YEAR_KEY:
            if group not in (FROM, TO) and not (group.isascii() and group.isdigit() and len(group) == 4):
                reader.unknown("plan.unknown_choice", where, group, (FROM, TO), key=key)
        elif there.codes.get(key) and group not in there.codes[key]:
            reader.unknown("plan.unknown_choice", where, group, there.codes[key], key=key)
    return named, there
