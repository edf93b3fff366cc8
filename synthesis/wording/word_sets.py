"""Sets of words, written as people read them."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """`words("a b")` -> frozenset of a, b."""
    return frozenset(text.split())
