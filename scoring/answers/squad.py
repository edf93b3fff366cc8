"""Exact match, soft exact match and token F1, normalised as SQuAD does.

Source: Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text", evaluation script.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable
from typing import Final

_ARTICLES: Final = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION: Final = frozenset(string.punctuation)


def normal(text: str) -> str:
    """Lower case, no punctuation, no articles, single spaces."""
    text = "".join(char for char in text.lower() if char not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", text).split())


def exact_match(said: str, forms: Iterable[str]) -> bool:
    """Whether the answer equals one of the right forms."""
    return any(normal(said) == normal(form) for form in forms)


def soft_exact_match(text: str, forms: Iterable[str]) -> bool:
    """Whether one of the right forms stands in the text as whole words."""
    padded = f" {normal(text)} "
    return any(f" {normal(form)} " in padded for form in forms if normal(form))


def f1(said: str, forms: Iterable[str]) -> float:
    """Harmonic mean of precision and recall over tokens, the best over all forms; 0..1."""
    return max((_f1(normal(said).split(), normal(form).split()) for form in forms), default=0.0)


def _f1(said: list[str], right: list[str]) -> float:
    if not said or not right:
        return float(said == right)
    common = sum((Counter(said) & Counter(right)).values())
    return 2 * common / (len(said) + len(right))
