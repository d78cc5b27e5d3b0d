"""Check: everything in templates/ and the registry, judged at once like a compiler does.

In:   a workspace. Out: every issue, in order of file and line, and the messages to show them with.
Imports definitions.load, load_layout, the stage reply, pipeline.check_reports, letters_check, init, registry,
workspace.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from generator.definitions.load import load_messages, survey_forms
from generator.definitions.load_layout import load_layers
from generator.definitions.messages import Messages
from generator.issues import Issue
from generator.pipeline.check_reports import check_reports
from generator.pipeline.init import shipped_templates
from generator.pipeline.letters_check import check_letters
from generator.pipeline.registry import REGISTRY_FORM, load_registry
from generator.pipeline.workspace import Workspace, open_workspace
from generator.stages.reply import load_replies
from generator.vietnamese.order import OrderKey, order_key


class Checked(NamedTuple):
    """What `check` found, and what it looked at."""

    issues: tuple[Issue, ...]
    messages: Messages
    forms: int
    workspace: Workspace


def check(root: str | Path) -> Checked:
    """All faults of a workspace's templates and registry. UnusableError when the folder is no workspace."""
    workspace = open_workspace(root)
    forms, broken, found = survey_forms(workspace.templates / "forms")
    messages, faults = load_messages(workspace.templates / "messages", shipped_templates() / "messages")
    found += faults
    found += check_reports(workspace.templates / "reports", forms)
    found += check_letters(workspace.templates / "letters")
    found += load_replies(workspace.templates / "replies", shipped_templates() / "replies")[1]
    standards = workspace.templates / "standards"
    found += load_layers(standards)[1] if standards.is_dir() else []  # else the shipped law is used
    if REGISTRY_FORM in forms:  # else its own faults are told above, and no registry can be read
        found += [one for one in load_registry(workspace.root)[1] if not _follows(one, broken)]
    # a fault may be met twice on the way; it is told once
    unique = dict.fromkeys((one.place, one.code, tuple(one.params.items()), one.severity) for one in found)
    ordered = sorted(
        (Issue(code, severity, place, dict(params)) for place, code, params, severity in unique), key=_order
    )
    return Checked(tuple(ordered), messages, len(forms), workspace)


def _follows(found: Issue, broken: frozenset[str]) -> bool:
    """Whether the registry only seems wrong, because it names a form whose own faults are told."""
    return found.code == "registry.unknown_form" and found.params.get("value") in broken


def _order(found: Issue) -> tuple[str, int, str, OrderKey, str]:
    place = found.place
    return place.file, place.line, place.sheet, order_key(f"{place.cell}{place.spot}"), found.code
