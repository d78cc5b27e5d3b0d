"""Three hundred damaged returns: no crash, no hang, no typed cell that is gone without a word. More: `make fuzz`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import pytest

from fuzz_returns import faults, mutation, other_formats

MUTATIONS, AT_ONCE = 300, 50


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, node_client: Callable[..., str]) -> Mapping[str, bytes]:
    """A good return in the formats that only other programs write."""
    del node_client  # says how to install what is missing
    return other_formats(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("first", range(0, MUTATIONS, AT_ONCE))
def test_a_damaged_return_is_read_or_refused_and_nothing_is_lost(first: int, books: Mapping[str, bytes]) -> None:
    # other seeds in each run, each told where it fails: python tests/fuzz_returns.py 1 SEED
    start = Random().randrange(10**9) + first
    wrong = {seed: found for seed in range(start, start + AT_ONCE) if (found := list(faults(mutation(seed, books))))}
    assert wrong == {}


def test_a_mutation_is_the_same_for_the_same_seed(books: Mapping[str, bytes]) -> None:
    first = [mutation(seed, books) for seed in range(12)]
    assert first == [mutation(seed, books) for seed in range(12)]
    assert sum(bool(one.typed) for one in first) >= 2
    assert len({one.kind for one in first}) >= 4
