"""Field types: the closed family of answers, each with all its faces.

In:   raw cells, Field, the choices it draws from. Out: a Reading; the cell's check in the blank; its text in
      a document; its line in the guide; its form in the register.
Pure. Imports the modules of this package. A new type is a class in one of them and a row in FIELD_TYPES.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.definitions.fieldtypes.base import CellCheck, FieldType, Reading, raw_text, shown_text
from generator.definitions.fieldtypes.dates import Date
from generator.definitions.fieldtypes.lists import ChoiceType, PartnerType, YesNo
from generator.definitions.fieldtypes.numbers import LARGEST_WHOLE, Integer, Money, Quantity, Year
from generator.definitions.fieldtypes.texts import Paragraph, Text
from generator.definitions.forms import Choice
from generator.definitions.near_labels import nearest_label

__all__ = [
    "FIELD_TYPES",
    "LARGEST_WHOLE",
    "YES_NO_CHOICES",
    "CellCheck",
    "FieldType",
    "Reading",
    "nearest_label",
    "raw_text",
    "shown_text",
]

_FAMILY = (Text(), Paragraph(), Integer(), Year(), Money(), Quantity(), Date(), ChoiceType(), PartnerType(), YesNo())
FIELD_TYPES: Mapping[str, FieldType] = MappingProxyType({type_.name: type_ for type_ in _FAMILY})
"""Every field type there is, by the name that definitions use."""

YES_NO_CHOICES = (Choice("co", "Có"), Choice("khong", "Không"))
"""The list that a yes_no cell of the blank drops down."""
