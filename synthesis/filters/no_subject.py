"""`no_subject`: a question about nobody in particular."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate
from synthesis.wording.word_sets import words

NOBODY: Final = words(
    "total totals other others value values average mean overall all none company registrant document report paper "
    "table item items name model method baseline ours proposed we thing result results unknown yes no average rank"
)
"""Names that single nothing out, in lower case."""


@final
@dataclass(frozen=True, slots=True)
class NoSubject:
    """The question names a subject, a scope or a closed set, and the name is one. Whether it is the only one in the
    corpus is proved later (`unique`): "What was the net income in 2022?" fails there where three companies have one.
    """

    name: str = "no_subject"

    def reason(self, candidate: Candidate) -> str | None:
        if candidate.scene.own:
            said_anything = any(said.words for said in candidate.question.said)
            return None if said_anything or candidate.closed else "nothing is named"
        named = False
        for said in candidate.question.said:
            if said.prop == "name" and said.words:
                bare = candidate.scene.views[said.variable].text("name").strip().lower()
                if bare in NOBODY or not re.search(r"[^\W_]", bare):
                    return f"{said.variable} is called {bare!r}"
                named = True
            described = said.prop == "kind" and any(dotted.endswith(".text") for dotted in candidate.header.given)
            named = (
                named
                or (described and bool(said.words))
                or (said.prop in ("scope", "reference", "title", "described") and bool(said.words))
            )
        if not named and not candidate.closed:
            return (
                "neither a subject nor a scope nor a set is named: say e.name, f.scope, `closed`, "
                "or e.kind beside a given f.text"
            )
        return None
