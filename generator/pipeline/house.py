"""House: how this office writes, and what that makes of templates, plans and messages before they are used.

In:   a workspace's templates/standards/ (the layer of the agency), the registry's name of the issuing body. Out: House.
Imports definitions (layout, load_layout), office.dressed, stages.render, pipeline (init, letterhead), vietnamese.house.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, cast

from generator.definitions.layout import Layer, house_style, merged
from generator.definitions.load_layout import load_layers
from generator.issues import RefusedError, has_errors
from generator.model import Registry
from generator.office.dressed import reworded, underlined
from generator.pipeline.init import shipped_templates
from generator.pipeline.letterhead import setting
from generator.stages.render import FILTERS, NO_BREAK, Filters, filters_in
from generator.vietnamese.house import USUAL, HouseStyle

REPORT, LETTER = "BÁO CÁO", "CÔNG VĂN"
"""Kinds of document as the standards name them."""
ISSUER = "co_quan_ban_hanh"
"""The name in the head under which a line is drawn."""

# What a number counts stays on its line: a tag that prints one, and the word behind it.
_COUNTED = re.compile(r"((?:\|\s*(?:dem|so|dong|bang_chu)|\{\{\s*so_nam)\s*\}\}) (?=[^\W\d_])")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class House:
    """The style of the office, and who issues the document; without either everything stays as it was typed."""

    style: HouseStyle = USUAL
    issuer: str = ""

    def template(self, content: bytes) -> bytes:
        """A Word template in our own words, its line below the issuer as long as the law asks."""
        content = reworded(content, self._template_text)
        return underlined(content, ISSUER, self.issuer) if self.issuer else content

    def _template_text(self, text: str) -> str:
        return self.style.own_words(_COUNTED.sub(rf"\1{NO_BREAK}", text) if "}}" in text else text)

    def words(self, record: _T) -> _T:
        """A plan, a form or messages with every text of ours respelled; codes have no accents and stay."""
        return cast("_T", _respelled(record, self.style))

    @property
    def filters(self) -> Filters:
        """What tags may do to a value, in this style."""
        return filters_in(self.style) if self.style != USUAL else FILTERS


def house_of(root: Path, kind: str, registry: Registry, day: date) -> House:
    """The house for a kind of document issued on a day; RefusedError with every fault of the standards."""
    return House(house_style(merged(standard_layers(root), kind)), " ".join(setting(registry, ISSUER, day) or ()))


def standard_layers(root: Path) -> Sequence[Layer]:
    """The law on form and what the office makes of it: the workspace's own, else the shipped; RefusedError as above."""
    own = root / "templates" / "standards"
    layers, faults = load_layers(own if own.is_dir() else shipped_templates() / "standards")
    if has_errors(faults):
        raise RefusedError(*faults)
    return layers


def _respelled(value: Any, style: HouseStyle) -> Any:
    """The same records all the way down; whatever is not text, record, list or map is left as it is."""
    if isinstance(value, str):
        return value if isinstance(value, Enum) or value.isascii() else _same_or(value, style.own_words(value))
    if is_dataclass(value) and not isinstance(value, type):
        ours = {one.name: _respelled(getattr(value, one.name), style) for one in fields(value) if one.init}
        changed = {name: one for name, one in ours.items() if one is not getattr(value, name)}
        return replace(value, **changed) if changed else value
    return _respelled_members(value, style) if isinstance(value, Mapping | tuple | list) else value


def _respelled_members(value: Any, style: HouseStyle) -> Any:
    if isinstance(value, Mapping):
        entries = {key: _respelled(one, style) for key, one in value.items()}
        return value if all(entries[key] is one for key, one in value.items()) else entries
    made = [_respelled(one, style) for one in value]
    if all(one is before for one, before in zip(made, value, strict=True)):
        return value
    return type(value)(*made) if hasattr(value, "_fields") else type(value)(made)


def _same_or(before: str, after: str) -> str:
    """What is not changed stays the same object, and with it every record around it."""
    return before if before == after else after
