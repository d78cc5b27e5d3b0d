"""Normalise: raw cells -> typed values with their cells, and an issue for each cell that does not fit."""

from __future__ import annotations

from generator.stages.normalise.answers import normalise
from generator.stages.normalise.foreign import LONGEST_SHOWN, MOST_NOT_READ

__all__ = ["LONGEST_SHOWN", "MOST_NOT_READ", "normalise"]
