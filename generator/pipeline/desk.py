"""Desk: what the papers of a year are made from, gathered once: replies, comparison, state of reporting.

In:   a workspace and what was loaded of it. Out: Desk. Imports model, definitions.forms, the stage register.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.definitions.forms import Form
from generator.model import Campaign, Decision, Delivery, Registry
from generator.pipeline.workspace import Workspace
from generator.stages.register.database import Register


@dataclass(frozen=True, slots=True)
class Desk:
    """One year's record, open for reading. The register is up to date and stays the caller's to close."""

    workspace: Workspace
    year: int
    campaign: Campaign
    registry: Registry
    forms: Mapping[str, Form]
    register: Register
    deliveries: tuple[Delivery, ...]
    """The year's lines of the journal, of every kind, in the order of arrival."""
    decisions: tuple[Decision, ...]
    """The year's decisions, in the order of their rows."""
