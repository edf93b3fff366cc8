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

TABLE: Final = 1 << 16
"""Domains up to this size are sorted."""


@final
class Permutation:
    """`apply` maps positions to ranks, `invert` ranks to positions; both vectorised."""

    def __init__(self, size: int, *key: str) -> None:
        self.size = size
        text = "\x1f".join(key).encode()
        digest = hashlib.sha256(text).digest()
        bits = max(size - 1, 1).bit_length()
        self._right = bits - bits // 2
        # Of an odd number of bits the halves differ by one and swap their widths in each of the eight rounds.
        low = [np.uint32((1 << width) - 1) for width in (bits // 2, self._right)]
        self._rounds = [(part, low[k % 2]) for k, part in enumerate(np.frombuffer(digest, "<u4").astype(np.uint32))]
        self._table: Array | None = None
        self._inverse: Array | None = None
        if size <= TABLE:
            every = np.arange(size, dtype=np.uint64)
            keys = np.frombuffer(digest, "<u8").astype(np.uint64)
            self._table = np.lexsort((_mix(every ^ keys[1]), _mix(_mix(every ^ keys[0]) ^ keys[2])))
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
        left, right = self._halves(values)
        for part, low in self._rounds:
            left, right = right, left ^ (_mix32(right ^ part) & low)
        return self._joined(left, right)

    def _backward(self, values: Array) -> Array:
        left, right = self._halves(values)
        for part, low in self._rounds[::-1]:
            left, right = right ^ (_mix32(left ^ part) & low), left
        return self._joined(left, right)

    def _halves(self, values: Array) -> tuple[Array, Array]:
        right = (values & np.uint64((1 << self._right) - 1)).astype(np.uint32)
        return (values >> np.uint64(self._right)).astype(np.uint32), right

    def _joined(self, left: Array, right: Array) -> Array:
        return (left.astype(np.uint64) << np.uint64(self._right)) | right


def _mix32(values: Array) -> Array:
    """The same for 32 bits, three times as fast; it overwrites its argument.

    Source: Wellons 2018, "Prospecting for Hash Functions" (lowbias32).
    """
    shifted = values >> np.uint32(16)
    values ^= shifted
    values *= np.uint32(0x7FEB352D)
    np.right_shift(values, np.uint32(15), out=shifted)
    values ^= shifted
    values *= np.uint32(0x846CA68B)
    np.right_shift(values, np.uint32(16), out=shifted)
    values ^= shifted
    return values


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
