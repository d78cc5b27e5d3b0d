"""Merge: the submissions that count -> one dataset of keys and numbers, as reported and on the map of one day.

In:   Counted submissions in any order, the registry, the forms by code, the day of the map.
Out:  Dataset: for each table of each form (and for its single fields) one frame of ids, keys and numbers.
      Raw text and places stay behind; they are fetched by value id from the register.
Pure. Imports lineage, model, definitions.forms, pandas.
"""

from __future__ import annotations

from generator.stages.merge.counted import merge, merge_answers
from generator.stages.merge.dataset import POSITION, Answers, Dataset
from generator.stages.merge.frames import derived_key

__all__ = ["POSITION", "Answers", "Dataset", "derived_key", "merge", "merge_answers"]
