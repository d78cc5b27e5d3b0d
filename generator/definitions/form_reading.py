"""Form reading: the tree of a form file -> Form, with every name in it checked.

In:   the root Node of templates/forms/*.yaml and the Reader that gathers its faults. Out: a Form, also a faulty one:
      what could be read is kept, so that one fault does not hide or breed others.
Pure. Imports forms, fieldtypes, prefills, nodes, schema, rule_reading; issues.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Choice, Field, Form, Rule, Sheet, SheetKind, Table
from generator.definitions.nodes import Node, NodeKind
from generator.definitions.prefills import PREFILLS, prefill_name
from generator.definitions.rule_reading import read_rule
from generator.definitions.schema import Entries, Key, Kind, Reader, Shape

FORM_CODE = re.compile(r"[A-Z]{2}-[0-9]{2}")
ROLES = ("gives", "receives", "both", "board", "")
RUN_TIME_LISTS = frozenset({"@communes", "@givers"})
"""Lists that the registry fills when a blank is made; a form may name them without holding them."""
MOST_REPEATS = 50
MOST_ROWS = 5_000
MOST_YEARS = 20
_CHOICE_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_TITLE_BREAKERS = frozenset("[]:*?/\\'")

_TEXT, _FLAG, _WHOLE = Key(Kind.TEXT), Key(Kind.FLAG), Key(Kind.WHOLE)
_NEEDED = Key(Kind.TEXT, required=True)
_NEEDED_CODE = Key(Kind.CODE, required=True)

_FORM: Shape = {
    "form": _NEEDED,
    "version": _NEEDED,
    "title": _NEEDED,
    "issued_with": _NEEDED,
    "role": _NEEDED,
    "unit": _TEXT,
    "years": _WHOLE,
    "intro": Key(Kind.TEXTS),
    "choices": Key(Kind.MAP),
    "sheets": Key(Kind.LIST, required=True),
    "rules": Key(Kind.LIST),
}
_SHEET: Shape = {
    "code": _NEEDED_CODE,
    "title": _NEEDED,
    "kind": _NEEDED,
    "heading": _TEXT,
    "landscape": _FLAG,
    "fields": Key(Kind.LIST),
    "columns": Key(Kind.LIST),
    "rows": _WHOLE,
}
_FIELD: Shape = {
    "code": _NEEDED_CODE,
    "label": _NEEDED,
    "type": _NEEDED,
    "required": _FLAG,
    "unit": _TEXT,
    "choices": _TEXT,
    "help": _TEXT,
    "prefill": _TEXT,
    "locked": _FLAG,
    "key": _TEXT,
    "width": Key(Kind.NUMBER),
    "heading": _TEXT,
    "total": _FLAG,
    "minimum": _WHOLE,
    "maximum": _WHOLE,
    "repeat": _WHOLE,
}
_CHOICE: Shape = {"label": _NEEDED, "group": _TEXT}

Choices = Mapping[str, tuple[Choice, ...]]


def read_form(root: Node, reader: Reader) -> Form | None:
    """The form as far as it could be read; None when the file holds no map at all. Faults are in the reader."""
    if root.kind is not NodeKind.MAP:
        reader.value(root, "form", Kind.MAP)
        return None
    entries = reader.entries(root, _FORM)
    code, role = entries.get("form", ""), entries.get("role", "")
    if code and not FORM_CODE.fullmatch(code):
        reader.fault("form.bad_form_code", entries.line_of("form"), name=code)
    if role not in ROLES:
        reader.unknown("form.unknown_role", entries.line_of("role"), role, filter(None, ROLES))
    choices = _read_choices(entries.get("choices"), reader)
    form = Form(
        code=code,
        version=entries.get("version", ""),
        title=entries.get("title", ""),
        issued_with=entries.get("issued_with", ""),
        role=role,
        sheets=_read_sheets(entries.get("sheets"), choices, reader),
        choices=choices,
        unit=entries.get("unit", "đồng"),
        years=_read_years(entries, reader),
        intro=entries.get("intro", ()),
        file=reader.file,
    )
    # rules are checked against the form's fields, so the form has to stand first
    return replace(form, rules=_read_rules(entries.get("rules"), form, reader))


def _read_years(entries: Entries, reader: Reader) -> int:
    years: int = entries.get("years", 1)
    if 1 <= years <= MOST_YEARS:
        return years
    reader.fault("form.bad_count", entries.line_of("years"), key="years", most=MOST_YEARS)
    return 1


# --- lists of choices ---------------------------------------------------------------------------


def _read_choices(node: Node | None, reader: Reader) -> Choices:
    lists: dict[str, tuple[Choice, ...]] = {}
    grouped: list[tuple[str, Choice, int]] = []
    for key, value in node.entries if node else ():
        code = reader.value(key, "choices", Kind.CODE)
        if value.kind is not NodeKind.MAP:
            reader.value(value, key.text, Kind.MAP)
            continue
        choices = []
        for code_node, choice_node in reader.entries(value, None).nodes.items():
            choice = _read_choice(code_node, choice_node, reader)
            choices.append(choice)
            if choice.group:
                grouped.append((code, choice, choice_node.line))
        if code in lists:
            reader.fault("form.two_lists", key, name=code)
        lists[code] = tuple(choices)
    for code, choice, line in grouped:
        wider = {found.code for name, choices in lists.items() if name != code for found in choices}
        if choice.group not in wider:
            reader.unknown("form.unknown_group", line, choice.group, wider, choice=choice.code)
    return lists


def _read_choice(code: str, node: Node, reader: Reader) -> Choice:
    """A choice: `code: label`, or `code: {label: …, group: …}`."""
    if not _CHOICE_CODE.fullmatch(code):
        reader.fault("form.bad_choice_code", node, name=code)
    if node.kind is NodeKind.TEXT:
        return Choice(code, reader.value(node, code, Kind.TEXT) or "")
    entries = reader.entries(node, _CHOICE)
    return Choice(code, entries.get("label", ""), entries.get("group", ""))


# --- sheets and fields --------------------------------------------------------------------------


def _read_sheets(node: Node | None, choices: Choices, reader: Reader) -> tuple[Sheet, ...]:
    sheets: list[Sheet] = []
    codes: dict[str, int] = {}
    titles: dict[str, int] = {}
    singles: dict[str, int] = {}  # single fields share one space of names over all sheets
    for part in node.parts if node else ():
        entries = reader.entries(part, _SHEET)
        sheet = _read_sheet(entries, choices, singles, reader)
        _once(codes, sheet.code, "form.two_sheets", entries.line_of("code"), reader)
        _once(titles, sheet.title.casefold(), "form.two_titles", entries.line_of("title"), reader)
        if len(sheet.title) > 31 or _TITLE_BREAKERS & set(sheet.title):
            reader.fault("form.bad_title", entries.line_of("title"), name=sheet.title)
        sheets.append(sheet)
    return tuple(sheets)


def _once(seen: dict[str, int], name: str, code: str, line: int, reader: Reader) -> None:
    """Notes a name that was there before, with the line of the first one."""
    if name and seen.setdefault(name, line) != line:
        reader.fault(code, line, name=name, first=seen[name])


def _read_sheet(entries: Entries, choices: Choices, singles: dict[str, int], reader: Reader) -> Sheet:
    code, kind = entries.get("code", ""), entries.get("kind", "")
    if kind and kind not in list(SheetKind):
        reader.unknown("form.unknown_kind", entries.line_of("kind"), kind, SheetKind)
        kind = ""
    for key, home in (("fields", SheetKind.FIELDS), ("columns", SheetKind.TABLE), ("rows", SheetKind.TABLE)):
        if entries.node(key) and kind and kind != home:
            reader.fault("form.wrong_place", entries.line_of(key), key=key, kind=home)
        elif kind == home and key != "rows" and not entries.node(key):
            reader.fault("definition.missing_key", entries.line, key=key)
    table = None
    if "columns" in entries.values:
        columns = _read_fields(entries.get("columns"), choices, {}, reader)
        rows = entries.get("rows", 100)
        if not 1 <= rows <= MOST_ROWS:
            reader.fault("form.bad_count", entries.line_of("rows"), key="rows", most=MOST_ROWS)
        table = Table(code, columns, rows)
    return Sheet(
        code=code,
        title=entries.get("title", ""),
        kind=SheetKind(kind or SheetKind.GUIDE),
        heading=entries.get("heading", ""),
        fields=_read_fields(entries.get("fields"), choices, singles, reader),
        table=table,
        landscape=entries.get("landscape", False),
    )


def _read_fields(node: Node | None, choices: Choices, seen: dict[str, int], reader: Reader) -> tuple[Field, ...]:
    fields: list[Field] = []
    for part in node.parts if node else ():
        entries = reader.entries(part, _FIELD)
        for single in _repeated(_read_field(entries, choices, reader), entries, reader):
            _once(seen, single.code, "form.two_fields", entries.line_of("code"), reader)
            _check_prefill(single, entries, reader)
            fields.append(single)
    return tuple(fields)


def _read_field(entries: Entries, choices: Choices, reader: Reader) -> Field:
    given: dict[str, Any] = {key: value for key, value in entries.values.items() if key != "repeat"}
    if "width" in given:
        given["width"] = float(given["width"])
    single = Field(**{"code": "", "label": "", "type": "", **given, "line": entries.line})
    type_ = FIELD_TYPES.get(single.type)
    if single.type and type_ is None:
        reader.unknown("form.unknown_type", entries.line_of("type"), single.type, FIELD_TYPES, field=single.code)
        single = replace(single, type="text")  # told once; whoever reads on need not stumble over it again
    if single.choices and single.choices not in choices and single.choices not in RUN_TIME_LISTS:
        known = [*choices, *RUN_TIME_LISTS]
        reader.unknown("form.unknown_choices", entries.line_of("choices"), single.choices, known, field=single.code)
    if single.type in ("choice", "partner") and not entries.node("choices"):
        reader.fault("definition.missing_key", entries.line, key="choices")
    if single.total and type_ and not type_.numeric:
        reader.fault("form.total_not_numeric", entries.line_of("total"), field=single.code)
    if single.minimum is not None and single.maximum is not None and single.minimum > single.maximum:
        reader.fault("form.empty_range", entries.line_of("maximum"), field=single.code)
    return single


def _repeated(single: Field, entries: Entries, reader: Reader) -> list[Field]:
    """`repeat: 3` stands for three fields code_1 … code_3, with {n} put in; the heading stands above the first."""
    times = entries.get("repeat")
    if times is None:
        return [single]
    if not 1 <= times <= MOST_REPEATS:
        reader.fault("form.bad_count", entries.line_of("repeat"), key="repeat", most=MOST_REPEATS)
        times = 1
    given = {name: getattr(single, name) for name in Field.__dataclass_fields__}
    return [
        Field(
            **given
            | {name: given[name].replace("{n}", str(number)) for name in ("label", "prefill", "help")}
            | {"code": f"{single.code}_{number}", "heading": single.heading if number == 1 else ""}
        )
        for number in range(1, times + 1)
    ]


def _check_prefill(single: Field, entries: Entries, reader: Reader) -> None:
    if single.prefill and not prefill_name(single.prefill)[0]:
        reader.unknown("form.unknown_prefill", entries.line_of("prefill"), single.prefill, PREFILLS, field=single.code)


# --- rules --------------------------------------------------------------------------------------


def _read_rules(node: Node | None, form: Form, reader: Reader) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    codes: dict[str, int] = {}
    for part in node.parts if node else ():
        rule = read_rule(part, form, reader)
        _once(codes, rule.code, "form.two_rules", part.line, reader)
        rules.append(rule)
    return tuple(rules)
