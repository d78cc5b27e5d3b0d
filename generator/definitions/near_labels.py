"""Near labels: which choices somebody may have meant. A hint for people, never a decision.

In:   a text, choices. Out: their labels. Pure. Imports definitions.forms, vietnamese; rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.definitions.forms import Choice
from generator.vietnamese.text import bare_key, matching_key

OR = "” hay “"


def nearest_label(text: str, choices: Sequence[Choice]) -> str:
    """The label that looks most like the text, or "" when none does; of a name that several bear, all of them."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  only wanted when somebody mistyped

    key = matching_key(text)
    namesakes = [choice.label for choice in choices if key and matching_key(choice.label.partition(" (")[0]) == key]
    if namesakes:
        return OR.join(namesakes)
    found = process.extractOne(bare_key(text), [bare_key(choice.label) for choice in choices], scorer=fuzz.WRatio)
    return choices[found[2]].label if found and found[1] >= 75 else ""
