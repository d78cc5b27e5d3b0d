"""Judging: what the returns of each year are judged by, and a fingerprint of it.

In:   a workspace's forms and registry. Out: Judge: the years there are, each year's context, the fingerprint.
Imports definitions.load, pipeline.registry, decisions, context, examine and the stage blank, when they are needed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.definitions.forms import Form
from generator.issues import Issue, Place, RefusedError, has_errors, issue
from generator.lineage import Lineage
from generator.model import Counted, Decision, Delivery, Registry
from generator.pipeline.kept import Texts, texts_of_blanks
from generator.pipeline.workspace import Workspace
from generator.vietnamese.text import matching_key

if TYPE_CHECKING:
    from generator.pipeline.workers import Examine
    from generator.stages.register.database import Register


_ADDRESS = re.compile(r"[^\s,;<>()\"]+@[^\s,;<>()\"]+")

Papers = Callable[[int, "Register", Sequence[Delivery], Callable[[int, int], None]], None]
"""From a year, its register that is up to date, the year's lines of the journal, and what shows the progress."""

Rulings = Mapping[int, tuple[Decision, ...]]
"""What was decided of single deliveries, by their sequence."""


@dataclass(frozen=True, slots=True)
class Judge:
    """How deliveries are judged. What it gives is loaded when it is asked for: mostly nothing is new."""

    years: Callable[[], tuple[int, ...]]
    """Years with a campaign; the returns of another year cannot be judged. RefusedError for a faulty registry."""
    fingerprint: str
    """Changes whenever the same file might be judged otherwise."""
    context: Callable[[int, Iterable[Counted], Rulings], object]
    """From a year, the submissions that count in the year before and the decisions on single deliveries, what
    `examine` is given. May take a second."""
    examine: Callable[[], Examine]
    decisions: Callable[[int], tuple[tuple[Decision, ...], list[Issue]]]
    """A year's decisions in the order of their rows, and what is wrong with them."""
    papers: Papers
    """Writes what a year's record is written down as."""

    def require(self, year: int) -> None:
        """RefusedError `year.no_campaign`, naming the years there are, when the year has none."""
        if year not in self.years():
            raise RefusedError(self.no_campaign(year))

    def no_campaign(self, year: int) -> Issue:
        """The issue of a year without a campaign."""
        shown = ", ".join(map(str, self.years())) or "chưa có năm nào"
        return issue("year.no_campaign", Place("inputs/registry.xlsx"), year=year, years=shown)


def judge_of(workspace: Workspace, registry: Registry | None = None) -> Judge:
    """The judge of a workspace; its registry is loaded when it is not given and something has to be judged."""

    @cache
    def known() -> Registry:
        return registry if registry is not None else load_registry_or_refuse(workspace)

    def context(year: int, previous: Iterable[Counted], ruled: Rulings = MappingProxyType({})) -> object:
        return _context(workspace, known(), year, previous, ruled)

    def papers(
        year: int, register: Register, deliveries: Sequence[Delivery], progress: Callable[[int, int], None]
    ) -> None:
        from generator.pipeline.papers import desk_of, write_papers  # noqa: PLC0415  draws with a slow library

        forms = load_forms_or_refuse(workspace)
        write_papers(desk_of(workspace, year, known(), forms, register, deliveries), progress)

    return Judge(
        years=lambda: tuple(sorted(campaign.year for campaign in known().campaigns)),
        fingerprint=_fingerprint(workspace),
        context=context,
        examine=_examine,
        decisions=lambda year: _decisions(workspace, year, known()),
        papers=papers,
    )


def _examine() -> Examine:
    from generator.pipeline.examine import examine  # noqa: PLC0415  brings the reader and every rule along

    return examine


def load_registry_or_refuse(workspace: Workspace) -> Registry:
    """The registry; RefusedError with all its faults when it cannot be used."""
    from generator.pipeline.registry import load_registry  # noqa: PLC0415  reads a workbook

    registry, faults = load_registry(workspace.root)
    if registry is None:
        load_forms_or_refuse(workspace)  # a faulty form makes the registry look faulty: the cause is told alone
        raise RefusedError(*faults)
    return registry


def load_forms_or_refuse(workspace: Workspace) -> Mapping[str, Form]:
    """Every form by code; RefusedError with all faults when one has an error."""
    from generator.definitions.load import load_forms  # noqa: PLC0415  brings YAML along

    forms, faults = load_forms(workspace.templates / "forms")
    if has_errors(faults):
        raise RefusedError(*faults)
    return forms


def _decisions(workspace: Workspace, year: int, registry: Registry) -> tuple[tuple[Decision, ...], list[Issue]]:
    from generator.pipeline.decisions import load_decisions  # noqa: PLC0415  reads a workbook

    return load_decisions(workspace, year, registry)


def _context(
    workspace: Workspace, registry: Registry, year: int, previous: Iterable[Counted], ruled: Rulings
) -> object:
    from generator.pipeline.context import examine_context  # noqa: PLC0415

    campaign = next(one for one in registry.campaigns if one.year == year)
    forms = load_forms_or_refuse(workspace)

    def drawn() -> Texts:
        from generator.pipeline.compiled import compile_blanks  # noqa: PLC0415  brings openpyxl along

        return {code: blank.printed for code, blank in compile_blanks(forms, registry, campaign).items()}

    # What the blank itself says is no answer of the partner.
    printed = texts_of_blanks(workspace, year, _fingerprint(workspace), drawn)
    context = examine_context(registry, campaign, forms, printed, previous)
    return replace(context, addresses=addresses_of(registry, campaign.end), names=names_of(registry), decisions=ruled)


def addresses_of(registry: Registry, until: date) -> Mapping[str, frozenset[str]]:
    """Codes of the partners that each mail address, in small letters, may speak for: one may serve several.

    Whoever stands for a partner by that day may go on writing from its address.
    """
    lineage, found = Lineage(registry.events), dict[str, set[str]]()
    for partner in registry.partners:
        for address in _ADDRESS.findall(partner.email.casefold()):
            found.setdefault(address, set()).update(lineage.succession(partner.code, date.min, until))
    return {address: frozenset(codes) for address, codes in found.items()}


def names_of(registry: Registry) -> Mapping[str, frozenset[str]]:
    """Codes of the partners that bear a name, or bore it, by its matching key: names recur."""
    found: dict[str, set[str]] = {}
    for partner in registry.partners:
        found.setdefault(matching_key(partner.name), set()).add(partner.code)
    return {name: frozenset(codes) for name, codes in found.items()}


def _fingerprint(workspace: Workspace) -> str:
    """Hash of the forms, the registry and our own version: byte for byte, so a look at them takes no time."""
    told = hashlib.sha256()
    try:
        told.update(version("ketnghia-reports").encode())
    except PackageNotFoundError:  # run from the repository
        told.update(b"-")
    for path in (*sorted((workspace.templates / "forms").glob("*.yaml")), workspace.registry):
        told.update(f"\n{path.name}\n".encode())
        told.update(_content(path))
    return told.hexdigest()


def _content(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""
