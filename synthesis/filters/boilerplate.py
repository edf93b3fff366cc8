"""`boilerplate`: evidence that is no evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate

ROLES: Final = frozenset(("header", "footer", "reference"))
SECTIONS: Final = re.compile(
    r"^\W*(?:[A-Z\d.]+ )?(?:references?|bibliography|acknowledge?ments?|table of contents|contents|index"
    r"|ethics statement|signatures?|exhibit index|legal notice|disclaimers?|copyright|forward[- ]looking statements?"
    r"|author contributions?|about the authors?)\b",
    re.IGNORECASE,
)


@final
@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Nothing rests on text that recurs in most documents, headers, footers, legal notes, references, contents,
    acknowledgements.

    "What is the definition of the National Transportation Safety Board?" asks for the last page of every report.
    """

    name: str = "boilerplate"

    def reason(self, candidate: Candidate) -> str | None:
        for view in (*candidate.sources, *candidate.scene.views.values()):
            if view.get("boilerplate"):
                return f"{view.label.lower()} {view.id} recurs in the corpus"
            if view.label == "Chunk" and view.get("role") in ROLES:
                return f"a {view.get('role')} is no evidence"
            if view.label not in ("Chunk", "Table"):
                continue
            for parent, _ in view.neighbours("CONTAINS", -1):
                if parent.label == "Section" and SECTIONS.match(parent.text("title")):
                    return f"stands in {parent.text('title')!r}"
        return None
