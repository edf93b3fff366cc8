"""Values that are parts of one another: a set counted by one of them has two answers."""

from __future__ import annotations

import re

from kg.values.name import normal
from synthesis.filters import Candidate
from synthesis.scene import View


def overlapping(candidate: Candidate) -> str | None:
    """Another value of the set's quantity that holds the given one or lies in it, in words; None where there is none.

    "In how many reports is the medical certification Class 3?" where others say "Class 3 Without Waivers".
    """
    if candidate.header.closed is None:
        return None
    for dotted in candidate.header.given:
        variable, _, prop = dotted.partition(".")
        view = candidate.scene.views.get(variable)
        if prop == "text" and view is not None and view.get("shape") == "form" and view.get("kind") == "text":
            return _rival(view)
    return None


def _rival(view: View) -> str | None:
    find = getattr(view.graph, "find", None)
    if find is None:
        return None
    given = normal(view.text("text"))
    for index in find("Assertion", "quantity", normal(view.text("quantity"))):
        other = View.of(view.graph, int(index)).text("text")
        if normal(other) != given and (_within(given, normal(other)) or _within(normal(other), given)):
            return f"{view.text('text')!r} and {other!r} are values of one quantity"
    return None


def _within(part: str, whole: str) -> bool:
    return bool(part) and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", whole) is not None
