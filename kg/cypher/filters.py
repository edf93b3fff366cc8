"""The filters that a question may use beside Jinja's own: how each is called. `synthesis.wording` defines them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FILTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "after": ("b.condition", "a.condition"),
    "amount": ("f.quantity", "e.name"),
    "article": ("e.kind",),
    "ask": ("f.quantity", "e.name"),
    "ask_in": ("f.quantity", "d.kind", "e.kind"),
    "ask_of": ("f.quantity", "d.kind?"),
    "be": ("f.quantity",),
    "before": ("a.condition", "b.condition"),
    "beyond": ("f.quantity", "'higher'", "f.condition", "closed", "d.kind"),
    "cap": ("f.quantity",),
    "case": ("e.kind", "d.kind"),
    "clause": ("f.quantity", "e.name"),
    "condition": ("f.condition",),
    "degree": ("f.quantity", "'highest'"),
    "do": ("f.quantity",),
    "extreme": ("f.quantity", "'highest'", "f.condition", "closed", "d.kind"),
    "fell": ("f.quantity", "e.name"),
    "from_to": ("a.period", "b.period"),
    "gap": ("f.quantity", "e.name"),
    "graded": ("f.quantity", "'higher'"),
    "group": ("f.group",),
    "happening": ("f.quantity", "f.text", "e.kind", "d.kind", "'that'?"),
    "having": ("f.quantity", "f.text"),
    "in_which": ("d.kind",),
    "inside": ("f.quantity", "d.kind?"),
    "lower_first": ("f.quantity",),
    "meant": ("s.denotes",),
    "member": ("f.condition",),
    "more": ("f.quantity", "'higher'?", "f.condition?"),
    "most": ("f.quantity", "'highest'?", "f.condition?"),
    "noun": ("e.kind",),
    "of": ("f.quantity", "e.name"),
    "of_two": ("f.quantity",),
    "one_of_two": ("e.name", "f.quantity"),
    "owner": ("e.name",),
    "peer": ("e.name", "d.kind"),
    "period": ("f.period",),
    "phrase": ("f.quantity",),
    "picked": ("f.quantity", "f.text", "'how many of the'", "closed", "e.kind", "d.kind"),
    "plural": ("e.kind",),
    "portion": ("part.quantity", "whole.quantity"),
    "possessive": ("e.name",),
    "pronoun": ("f.quantity", "e.name"),
    "reference": ("e.name",),
    "rival": ("f.quantity", "e.name"),
    "scope": ("f.scope",),
    "singular": ("e.kind",),
    "spoken": ("f.text",),
    "term": ("e.name",),
    "than": ("f.quantity", "'higher'", "f.condition"),
    "the": ("f.quantity",),
    "twin": ("f.quantity", "e.name"),
    "which_more": ("f.quantity", "e.name"),
    "why": ("f.quantity", "e.name"),
}
"""Name -> what it is usually given, the filtered value first; `?` marks what may be left out."""


def call(name: str) -> str:
    """How a filter is usually called: `f.quantity | having(f.text)`."""
    first, *rest = (each.removesuffix("?") for each in FILTERS[name])
    return f"{first} | {name}" + (f"({', '.join(rest)})" if rest else "")


def arguments(name: str) -> tuple[int, int]:
    """(fewest, most) values that a filter takes in its brackets."""
    rest = FILTERS[name][1:]
    return sum(not each.endswith("?") for each in rest), len(rest)
