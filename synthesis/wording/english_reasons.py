"""English why-questions: a finite clause as a text has it becomes a question, with its subject spelled out."""

from __future__ import annotations

import re
from typing import Final

from synthesis.wording import english_nouns
from synthesis.wording.english_asking import owns, reference

BASE: Final = {
    "grew": "grow", "rose": "rise", "fell": "fall", "lost": "lose", "struck": "strike", "dropped": "drop",
    "declined": "decline", "increased": "increase", "decreased": "decrease", "improved": "improve",
    "remained": "remain", "changed": "change", "exceeded": "exceed", "gained": "gain", "failed": "fail",
    "crashed": "crash", "carried": "carry", "excluded": "exclude", "chose": "choose", "used": "use",
    "reached": "reach", "left": "leave", "missed": "miss", "adopted": "adopt", "selected": "select",
}  # fmt: skip
"""Past tense -> base form of the verbs that a "why did" question can turn round."""
AUXILIARY: Final = re.compile(r"^(?P<who>.+?) (?P<verb>was|were|had|is|are|has|did) (?P<rest>.+)$")
PAST_VERB: Final = re.compile(rf"^(?P<who>.+?) (?P<verb>{'|'.join(BASE)})\b(?P<rest>.*)$")


def why(clause: str, subject: str) -> str:
    """`why did Apple's net sales of services increase ...`, of a finite clause."""
    text = clause_of(clause, subject)
    verb, auxiliary = PAST_VERB.match(text), AUXILIARY.match(text)
    if auxiliary and (verb is None or auxiliary.start("verb") < verb.start("verb")):
        return f"why {auxiliary['verb']} {auxiliary['who']} {auxiliary['rest']}"
    if verb:
        return f"why did {verb['who']} {BASE[verb['verb']]}{verb['rest']}"
    return f"why was it that {text}"


def clause_of(clause: str, subject: str) -> str:
    """The clause with its subject spelled out: a company's quantity takes the possessive."""
    text = english_nouns.unraised(" ".join(clause.split()).rstrip("."))
    whom = reference(subject)
    if whom.lower() in text.lower():
        return text
    possessive = english_nouns.possessive(whom) if owns(subject) else None
    bare = re.sub(r"^(?:the company['’]s|our|its|the|their)\s+", "", text, flags=re.IGNORECASE)
    return f"{possessive} {bare}" if possessive else text
