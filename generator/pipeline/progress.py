"""Progress: how long work tells how far it is.

In:   nothing. Out: the type of whoever is told, and one that shows nothing. Imports nothing of the house.
"""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with how much is done, and of how much."""


def silent(_done: int, _total: int) -> None:
    """Shows nothing."""
