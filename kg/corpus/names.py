"""Names that mean one entity: normal form without legal forms, heads of kinds, usual spellings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from kg.values.name import normal, singular

LEGAL: Final = re.compile(
    r",?\s+(?:incorporated|inc|corporation|corp|company|co|limited|ltd|llc|l\.l\.c|llp|plc|gmbh|ag|s\.a|sa|n\.v|nv|b\.v|bv"
    r"|kgaa|oyj|ab|s\.p\.a|spa|pty)\.?$",
    re.IGNORECASE,
)
_MODEL: Final = re.compile(r"(?:[lpv]?lm|plm|ptlm|llm|vlm|mllm|rm)s?")
"""Acronyms of kinds of models, in normal form."""
_INNER_CAPITAL: Final = re.compile(r"[a-z][A-Z]")
UNTYPED: Final = frozenset({"term", "thing", ""})
"""Kinds that say nothing: such a name joins the one typed entity of the same name."""


def plain(name: str) -> str:
    """A name without its legal form: `Apple` for `Apple Inc.`; the name itself where nothing else would be left."""
    bare = LEGAL.sub("", name.strip())
    return bare if re.search(r"\w", bare) else name.strip()


def base(name: str) -> str:
    """What two spellings of one name share: the normal form without the legal form."""
    return normal(plain(name)) or normal(name)


def kind_head(kind: str) -> str:
    """Head noun of a kind: `model` for `reward models` and `LLM`. Kinds with one head are one kind."""
    words = normal(kind).split(" of ")[0].split()
    if normal(kind) in UNTYPED or not words:
        return ""
    return "model" if _MODEL.fullmatch(words[-1]) else singular(words[-1])


def is_coined(name: str) -> bool:
    """Whether nobody would give another thing this name: letters with digits, or capitals inside (`GPT-4o`)."""
    bare = re.sub(r"\s*\([^()]*\)$", "", name)
    return len(base(bare)) > 3 and bool(
        _INNER_CAPITAL.search(bare) or (re.search(r"[A-Za-z]{2}", bare) and re.search(r"\d", bare))
    )


def most_frequent(surfaces: Counter[str]) -> str:
    """The most frequent surface form; of equals the smallest.

    Of its spellings one with capitals inside wins, however rare: small capitals print `RewardBench` as `REWARDBENCH`.
    """
    best = min(surfaces.items(), key=lambda item: (-item[1], item[0]))[0]
    inner = {s: n for s, n in surfaces.items() if s.casefold() == best.casefold() and _INNER_CAPITAL.search(s)}
    return min(inner.items(), key=lambda item: (-item[1], item[0]))[0] if inner else best


def usual_spelling(name: str, texts: Iterable[str]) -> str:
    """How texts spell a name most often; the name itself where they do not contain it."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    counts = Counter(match[0] for text in texts for match in pattern.finditer(text) if not match[0].islower())
    counts[name] += 1 if _INNER_CAPITAL.search(name) else 0
    return most_frequent(counts) if +counts else name
