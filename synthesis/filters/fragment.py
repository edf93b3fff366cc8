"""`fragment`: an entity, span or answer that is cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate
from synthesis.filters.noun_phrase import ENDING, flaw, unbalanced

CUT_START: Final = re.compile(r"^[,.;:)\]%]|^(?:and|or|but|which|who|that|of|than|nor)\b", re.IGNORECASE)
CUT_END: Final = re.compile(r"(?:[,;:(\[/-]|\b\w-)$")


@final
@dataclass(frozen=True, slots=True)
class Fragment:
    """Names pass a noun-phrase test; answers begin and end at borders of tokens and clauses, brackets closed.

    "What is 'the airplane contacted'?" asks for a piece of a sentence.
    """

    name: str = "fragment"

    def reason(self, candidate: Candidate) -> str | None:
        if why := self._names(candidate):
            return why
        text = candidate.answer.text
        if candidate.answer.type in ("number", "percent", "count", "date"):
            return None
        if unbalanced(text):
            return f"answer {text!r}: unbalanced brackets or quotes"
        if found := CUT_START.search(text) or CUT_END.search(text):
            return f"answer {text!r}: cut at {found[0]!r}"
        words = text.split()
        if len(words) > 1 and words[-1].lower().strip(".") in ENDING and words[-1].islower():
            return f"answer {text!r}: ends with {words[-1]!r}"
        if candidate.answer.type == "entity" and (why := flaw(text)) and why != "no word":
            return f"answer {text!r}: {why}"
        if not re.search(r"\w", text):
            return f"answer {text!r}: no word"
        return None

    def _names(self, candidate: Candidate) -> str | None:
        for said in candidate.question.said:
            view = candidate.scene.views.get(said.variable)
            if view is None or view.label != "Entity" or said.prop != "name":
                continue
            text = view.text("name")
            if (why := flaw(text)) and why != "no word":
                return f"{said.variable}.name {text!r}: {why}"
            if len(text.strip()) < 2:
                return f"{said.variable}.name {text!r}: one character"
        return None
