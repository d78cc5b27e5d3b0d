"""The pages of docs/ that are generated from the code: what each one says, and `make docs`, which writes them.

In:   the closed tables of the package, and templates/. Out: the text of each page; run as a program, the files.
      Nothing else may write them: test_docs fails as soon as one is stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import click

from docs_gallery import gallery_page
from docs_markdown import HEAD
from docs_markdown import code as _code
from docs_markdown import table as _table
from docs_markdown import text as _text
from docs_report_names import report_names_page
from generator.cli import main as ketnghia
from generator.definitions.aggregations import AGGREGATIONS, LABELS
from generator.definitions.fieldtypes import FIELD_TYPES, YES_NO_CHOICES, FieldType
from generator.definitions.forms import Choice, Field, Form, Rule
from generator.definitions.load import load_forms, load_messages
from generator.definitions.rules import RULES, RuleType, all_rules
from generator.issues import CODES, Place, issue
from generator.model import Raw, Scalar

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
DOCS = ROOT / "docs"
WIDTH = 80
YEAR = 2025
"""The reporting year of the examples: it completes a date that lacks one."""

SOME_KINDS = (Choice("nha_o", "Nhà ở"), Choice("qua", "Quà"), Choice("con_giong", "Con giống"))
SOME_COMMUNES = (Choice("XA-0001", "xã Trà Tập"), Choice("XA-0002", "xã Trà Don"), Choice("XA-0003", "xã Trà Dơn"))

EXAMPLES: Mapping[str, tuple[Sequence[Choice], Sequence[Raw]]] = {
    "text": ((), ("  Nhà   văn hóa ", 905123456.0, "x" * 501)),
    "paragraph": ((), ("Dòng một\nDòng hai",)),
    "integer": ((), (12.0, "1.234", "30 hộ", "12,5", -3, "khoảng chục")),
    "year": ((), (2023.0, "2023", "năm 2023", "23", "2.023")),
    "money": ((), (12500000, "12.500.000", "12,5 triệu", "1 tỷ 200 triệu", "1.500", "vài chục triệu")),
    "quantity": ((), (1.5, "1,5", "2.000", "1.000,25", "ba con")),
    "date": ((), ("14/3/2025", "3/2025", "tháng 3", "quý II", "2025", "31/2/2025", 45730.0)),
    "choice": (SOME_KINDS, ("Nhà ở", "nha o", "NHÀ Ở", "Nhà ơ tình thương", "Cầu treo")),
    "partner": (SOME_COMMUNES, ("xã Trà Tập", "Tra Tap", "xã Trà Don", "xã Trà Tâp ")),
    "yes_no": (YES_NO_CHOICES, ("Có", "x", "ko", "một phần")),
}
"""By type: the choices, and what people type. A float is a number cell, as the reader hands it over."""


def _forms() -> Mapping[str, Form]:
    forms, faults = load_forms(TEMPLATES / "forms")
    assert not faults, faults
    return forms


# --- commands -----------------------------------------------------------------------------------


def _helps(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """Name and help page of a command and of those below it."""
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None, name
            yield from _helps(below, click.Context(below, context, name, max_content_width=WIDTH))


def cli_page() -> str:
    """Every command's `--help`, whole."""
    pages = _helps(ketnghia, click.Context(ketnghia, None, "ketnghia", terminal_width=WIDTH))
    sections = "".join(f"\n## {path}\n\n```text\n{text.rstrip()}\n```\n" for path, text in pages)
    return (
        f"{HEAD}# Commands\n\nWhat `--help` prints. Every command works in a workspace: a folder with `templates/`, "
        "`inputs/` and `outputs/`.\n\nExit codes: 0 done · 1 an error stands in what the command was asked to judge · "
        f"2 wrong usage · 3 the workspace\nor the environment cannot be used.\n{sections}"
    )


# --- field types --------------------------------------------------------------------------------


def _typed(raw: Raw) -> str:
    if isinstance(raw, str):
        shown = raw if len(raw) < 40 else f"{raw[:3]}… ({len(raw)} letters)"
        visible = re.sub(r"^ +| +$| {2,}", lambda spaces: "␣" * len(spaces[0]), shown.replace("\n", "⏎"))
        return f"“{_text(visible)}”"
    return f"number {raw:.0f}" if isinstance(raw, float) and raw.is_integer() else f"number {raw}"


def _kept(value: Scalar) -> str:
    if value is None:
        return "nothing"
    shown = str(value)
    return _code(shown.replace("\n", "⏎") if len(shown) < 40 else f"{shown[:3]}…")


def _example(kind: FieldType, raw: Raw, choices: Sequence[Choice]) -> tuple[str, ...]:
    asked = Field("vi_du", "Ví dụ", kind.name, choices="vi_du" if choices else "")
    reading = kind.parse(raw, asked, tuple(choices), YEAR)
    printed = kind.text(reading.value, asked, choices) if reading.value is not None else ""
    return (
        _typed(raw),
        _kept(reading.value),
        _text(printed if len(printed) < 40 else f"{printed[:3]}…"),
        _code(reading.issue),
    )


def _field_type(kind: FieldType) -> str:
    choices, raws = EXAMPLES[kind.name]
    check = kind.cell_check(Field("vi_du", "Ví dụ", kind.name))
    strict = "refuses" if check and check.strict else "warns"
    said = f"{kind.description}\n\nWhile typing: {strict}, “{check.message}”\n" if check else f"{kind.description}\n"
    listed = f"\nList of the examples: {', '.join(f'{one.label} (`{one.code}`)' for one in choices)}.\n"
    rows = (_example(kind, raw, choices) for raw in raws)
    head = ("typed", "kept", "printed", "issue")
    return f"\n## {kind.name}\n\n{said}{listed if choices else ''}\n{_table(head, rows)}"


def field_types_page() -> str:
    """Every field type with examples put through its parser."""
    sections = "".join(_field_type(kind) for kind in FIELD_TYPES.values())
    return (
        f"{HEAD}# Field types\n\nThe `type:` of a field in `templates/forms/*.yaml`. The examples below were put "
        f"through the parser when this page was made,\nfor the reporting year {YEAR}. An empty cell is never 0: it "
        f"has no value.\n{sections}"
    )


# --- rules --------------------------------------------------------------------------------------


def _rule_type(kind: RuleType) -> str:
    live = "yes" if type(kind).formula is not RuleType.formula else "no: a sheet cannot know"
    rows = ((_code(one.name), one.kind, "yes" if one.required else "no") for one in kind.params)
    return f"\n### {kind.name}\n\n{kind.description}\n\nLive in the sheet Kiểm tra: {live}.\n\n" + _table(
        ("param", "kind", "required"), rows
    )


def _stated(rule: Rule, form: Form) -> str:
    kind = RULES[rule.type]
    live = "có" if kind.formula(rule, form) else "không"
    return (
        f"\n### {rule.code}\n\n**{_text(rule.label)}** (`{rule.type}`, {rule.severity.value}; trên trang Kiểm tra: "
        f"{live})\n\n- {_text(kind.hint(rule, form))}\n- Vì sao: {_text(rule.why)}\n"
    )


def rules_page() -> str:
    """Every rule type, then the rules of KN-01 with their reasons."""
    form = _forms()["KN-01"]
    implied = [rule for rule in all_rules(form) if rule not in form.rules]
    rows = (
        (_code(str(rule.params["field"])), _code(rule.type), _text(RULES[rule.type].hint(rule, form)))
        for rule in implied
    )
    return "".join(
        [
            f"{HEAD}# Rules\n\n## Rule types\n\nThe `type:` of a rule in `templates/forms/*.yaml`. Beside its params ",
            "a rule has `code`, `label`, `why` and, if it should only\nwarn, `severity: warning`.\n",
            *(_rule_type(kind) for kind in RULES.values()),
            f"\n## Rules of {form.code}\n",
            *(_stated(rule, form) for rule in form.rules),
            f"\n## Rules that the fields of {form.code} imply\n\n",
            "`required: true`, `minimum:` and `maximum:` of a field make these; all are errors.\n\n",
            _table(("field", "type", "expected"), rows),
        ]
    )


# --- aggregations -------------------------------------------------------------------------------


def aggregations_page() -> str:
    """Every way from values to a figure."""
    rows = (
        (
            _code(one.name),
            _text(one.description),
            f"“{one.label} …”",
            ", ".join(sorted(one.types)) or "any",
            "the field's own" if one.keeps_unit else "to be named",
        )
        for one in AGGREGATIONS.values()
    )
    made = ((_code(name), f"“{LABELS[name]} …”") for name in LABELS if name not in AGGREGATIONS)
    return (
        f"{HEAD}# Aggregations\n\nThe `aggregation:` of a figure in `templates/reports/*.yaml`. An empty cell is left "
        "out, never taken for 0. A sum of\nhouseholds or people is printed as “lượt hộ”, “lượt người”.\n\n"
        + _table(("name", "what it does", "words in `ketnghia trace`", "field types", "unit"), rows)
        + "\nOthers are made by the report itself and not named in a plan:\n\n"
        + _table(("name", "words in `ketnghia trace`"), made)
    )


# --- issue codes --------------------------------------------------------------------------------


def _shown_sentence(text: str) -> str:
    """A sentence with its blanks: parts that may be left out in ⟦ ⟧, doubled braces as the reader sees them."""
    shown = text.replace("[[", "⟦").replace("]]", "⟧")
    return _text(shown.replace("{{", "{").replace("}}", "}"))


def issue_codes_page() -> str:
    """Every issue code with severity, sentence and cure."""
    messages, faults = load_messages(TEMPLATES / "messages")
    assert not faults, faults
    sections = []
    for group, codes in groupby(sorted(CODES), key=lambda code: code.partition(".")[0]):
        rows = []
        for code in codes:
            sentence, cure = messages.texts[code]
            rows.append((_code(code), CODES[code].value, _shown_sentence(sentence), _shown_sentence(cure)))
        sections.append(f"\n## {group}\n\n{_table(('code', 'severity', 'sentence', 'cure'), rows)}")
    sample = messages.render(issue("rule.required", Place("inputs/2025/so-y-te.xlsx", "Triển khai", "C5"), field="…"))
    return (
        f"{HEAD}# Issue codes\n\nEvery fault that the program can tell. The words stand in `templates/messages/*.yaml` "
        "and may be changed there; `{…}` is\nfilled in, a part in ⟦ ⟧ is left out when it has nothing to say. The rule "
        f"of a form may choose another severity.\nOn the terminal:\n\n```text\n{sample}\n```\n{''.join(sections)}"
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "field-types.md": field_types_page,
    "rules.md": rules_page,
    "aggregations.md": aggregations_page,
    "issue-codes.md": issue_codes_page,
    "report-names.md": report_names_page,
    "khi-bao-cao-bi-tra-lai.md": gallery_page,
}
"""Every generated page by its name in docs/."""


def write_pages(folder: Path = DOCS) -> list[str]:
    """Writes the pages that differ; their names."""
    changed = []
    for name, page in PAGES.items():
        path, text = folder / name, page()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(name)
    return changed


if __name__ == "__main__":
    print("\n".join(f"docs/{name}" for name in write_pages()) or "docs: nothing has changed")
