"""How many walks a tree has where int64 cannot count them: the count modulo several primes, put together.

The dynamic program of `sampling.unrank` uses sums and products only, so it runs modulo a prime below 2**31 without
overflow; the Chinese remainder theorem gives the count once the primes' product exceeds it.
"""

from __future__ import annotations

from math import log2
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kg.cypher.shape import Shape
from kg.snapshot.evaluate_masks import Masks
from sampling.tree import Tree
from sampling.unrank import edge_mask

Array = npt.NDArray[Any]

FIRST: Final = 2**31 - 1
"""The largest prime below 2**31."""


def count_walks(shape: Shape, tree: Tree, masks: Masks, about: float) -> int:
    """The exact number of walks.

    Args:
        about: the number, right to a factor of two.
    """
    found, modulus = 0, 1
    for prime in _primes(about):
        rest = _count_modulo(shape, tree, masks, prime)
        # The number that is `found` modulo `modulus` and `rest` modulo `prime`.
        found += modulus * ((rest - found) * pow(modulus, -1, prime) % prime)
        modulus *= prime
    return found


def _primes(about: float) -> list[int]:
    """Primes below 2**31, from the largest, whose product exceeds twice a number."""
    wanted, bits, found, candidate = log2(max(about, 1.0)) + 2, 0.0, [], FIRST
    while bits < wanted:
        if all(candidate % k for k in range(3, int(candidate**0.5) + 1, 2)):
            found.append(candidate)
            bits += log2(candidate)
        candidate -= 2
    return found


def _count_modulo(shape: Shape, tree: Tree, masks: Masks, prime: int) -> int:
    below = {k: masks.nodes(slot).astype(np.int64) for k, slot in enumerate(shape.slots)}
    for branch in reversed(tree.branches):
        counts = below.pop(branch.child)[branch.indices]
        edges = edge_mask(shape, branch, masks)
        if edges is not None and branch.edge_ids is not None:
            counts *= edges[branch.edge_ids]
        cum = np.concatenate(([0], np.cumsum(counts)))
        below[branch.parent] = below[branch.parent] * ((cum[branch.hi] - cum[branch.lo]) % prime) % prime
    return int(below[tree.root].sum() % prime)
