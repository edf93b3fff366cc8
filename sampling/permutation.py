"""A keyed permutation of [0, size): the order in which ranks are drawn.

The first 300 of 500 draws are the 300 draws; a shard takes a range of positions; nothing is remembered between runs.
Small domains are sorted by a keyed hash; larger ones go through a Feistel network with cycle walking (Black and Rogaway
2002, "Ciphers with Arbitrary Finite Domains").
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

ROUNDS: Final = 8
TABLE: Final = 1 << 16
"""Domains up to this size are sorted."""


@final
class Permutation:
    """`apply` maps positions to ranks, `invert` ranks to positions; both vectorised."""

    def __init__(self, size: int, *key: str) -> None:
        self.size = size
        text = "\x1f".join(key).encode()
        digests = b"".join(hashlib.sha256(bytes([k]) + text).digest() for k in range(ROUNDS // 4))
        self._keys = np.frombuffer(digests, "<u8").astype(np.uint64)
        self._half = np.uint64(max(1, -(-max(size - 1, 1).bit_length() // 2)))
        self._low = np.uint64((1 << int(self._half)) - 1)
        self._table: Array | None = None
        self._inverse: Array | None = None
        if size <= TABLE:
            every = np.arange(size, dtype=np.uint64)
            self._table = np.lexsort((_mix(every ^ self._keys[1]), _mix(_mix(every ^ self._keys[0]) ^ self._keys[2])))
            self._inverse = np.argsort(self._table)

    def apply(self, positions: Array) -> Array:
        """Ranks at these positions, int64."""
        if self._table is not None:
            found: Array = self._table[positions]
            return found
        return self._walk(positions, self._forward)

    def invert(self, ranks: Array) -> Array:
        """Positions of these ranks, int64."""
        if self._inverse is not None:
            return self._inverse[ranks]
        return self._walk(ranks, self._backward)

    def _walk(self, values: Array, step: Callable[[Array], Array]) -> Array:
        """Repeat until inside the domain: a permutation of the larger domain restricted to this one."""
        out = step(values.astype(np.uint64))
        outside = np.flatnonzero(out >= np.uint64(self.size))
        while len(outside):
            out[outside] = step(out[outside])
            outside = outside[out[outside] >= np.uint64(self.size)]
        return out.astype(np.int64)

    def _forward(self, values: Array) -> Array:
        left, right = values >> self._half, values & self._low
        for key in self._keys:
            left, right = right, left ^ (_mix(right ^ key) & self._low)
        return (left << self._half) | right

    def _backward(self, values: Array) -> Array:
        left, right = values >> self._half, values & self._low
        for key in self._keys[::-1]:
            left, right = right ^ (_mix(left ^ key) & self._low), left
        return (left << self._half) | right


def _mix(values: Array) -> Array:
    """splitmix64's finaliser: each bit of the result depends on every bit of the value."""
    z = values + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@final
class Hashed:
    """Uniform numbers by position: the same whatever was drawn before."""

    def __init__(self, *key: str) -> None:
        self._key = np.uint64(keyed(*key))

    def bits(self, positions: Array, stream: int) -> Array:
        """64 bits for each position, uint64; each stream is independent of the others."""
        base = _mix(positions.astype(np.uint64) ^ self._key)
        return _mix(base + _mix(np.full(1, stream, np.uint64))[0])

    def uniform(self, positions: Array, stream: int) -> Array:
        """Numbers in [0, 1) with 53 bits."""
        found: Array = (self.bits(positions, stream) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return found


def keyed(*key: str) -> int:
    """A 64-bit hash of a key: the order of strata."""
    return int.from_bytes(hashlib.sha256("\x1f".join(key).encode()).digest()[:8], "big")
