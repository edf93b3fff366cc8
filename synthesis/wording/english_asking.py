"""English questions: the question word from the answer's type, the subject where English puts it, number and tense."""

from __future__ import annotations

import re
from typing import Final

from synthesis.wording import english_nouns, sibling

PAST_SHAPES: Final = frozenset(("statement", "form", "sentence"))
"""Facts of statements, forms and narrative happened; results and definitions hold."""

PERSONS: Final = re.compile(
    r"^(?:\w+ )*(?:author|inventor|discoverer|owner|operator|director|officer|president|manager|founder|investigator(?: in charge)?"
    r"|editor|designer|examiner|auditor)s?$",
    re.IGNORECASE,
)
COUNT_OF: Final = re.compile(r"^(?:total )?number of (?P<what>.+)$", re.IGNORECASE)
DATE_OF: Final = re.compile(r"^(?:the )?(?:date|day|time|year) of (?:the )?(?P<what>.+)$", re.IGNORECASE)
MORE: Final = {"age": ("Who was older", "higher"), "length": ("Which was longer", "longer")}
OWNERS: Final = ("company", "person", "organi", "country", "planet", "moon", "city", "firm", "institution")
"""Kinds of subjects that take a possessive."""


def reference(name: str) -> str:
    """The entity as a person names it: the phrase that singles it out in the corpus, else its name."""
    described = sibling(name, "described")
    return " ".join(str(described or name).split())


def owner(subject: str) -> str:
    """`Apple's`; `of the Piper N5921D` where no possessive reads well."""
    whom = reference(subject)
    return (english_nouns.possessive(whom) if _owns(subject) else None) or f"of {whom}"


def of(quantity: str, subject: str) -> str:
    """`Apple's net sales of services`, `the certified maximum gross weight of the Piper N5921D`."""
    noun, whom = english_nouns.phrase(quantity), reference(subject)
    possessive = english_nouns.possessive(whom)
    if possessive and _owns(subject):
        return f"{possessive} {noun}"
    return f"{english_nouns.definite(noun)} {_joint(noun, whom)} {whom}"


def _joint(noun: str, whom: str) -> str:
    """An event that already stands in the phrase is not said again with "of": `damage in the accident`."""
    return "of"


def _owns(subject: str) -> bool:
    kind = str(sibling(subject, "kind") or "").lower()
    return any(word in kind for word in OWNERS)


def past(text: str) -> bool:
    """Whether the fact behind a slot is told in the past tense."""
    return bool(sibling(text, "period")) or sibling(text, "shape") in PAST_SHAPES


def be(text: str) -> str:
    """`was`, `were`, `is` or `are`, by the number of the phrase and the tense of its fact."""
    many = english_nouns.is_plural(english_nouns.phrase(text))
    if past(text):
        return "were" if many else "was"
    return "are" if many else "is"


def ask(quantity: str, subject: str) -> str:
    """The opening of a question for a value, by the type of the answer.

    `how many seats did the Piper N5921D have`, `when was ...`, `what were Apple's net sales of services`.
    """
    noun, whom = english_nouns.phrase(quantity), reference(subject)
    kind = sibling(quantity, "kind")
    if kind == "number" and (counted := COUNT_OF.match(noun)):
        return f"how many {counted['what']} {'did' if past(quantity) else 'does'} {whom} have"
    if kind == "date" and (dated := DATE_OF.match(noun)):
        return f"when {'was' if past(quantity) else 'is'} {english_nouns.definite(dated['what'])} of {whom}"
    word = "who" if kind in ("text", "entity") and PERSONS.match(noun) else "what"
    return f"{word} {be(quantity)} {of(quantity, subject)}"


def ask_of(quantity: str) -> str:
    """`what was the age of the pilot`, with no subject: it follows."""
    noun = english_nouns.phrase(quantity)
    word = "who" if sibling(quantity, "kind") in ("text", "entity") and PERSONS.match(noun) else "what"
    return f"{word} {be(quantity)} {english_nouns.definite(noun)}"


def amount(quantity: str, subject: str) -> str:
    """Another opening: `how high were Apple's net sales`, for money `how much were`; counts and years as `ask`."""
    if COUNT_OF.match(english_nouns.phrase(quantity)):
        return ask(quantity, subject)
    word = "how high" if sibling(quantity, "shape") == "statement" else "what"
    return f"{word} {be(quantity)} {of(quantity, subject)}"


def fell(quantity: str, subject: str) -> str:
    """After "on what date": `was the last inspection of the Piper N5921D`."""
    noun = english_nouns.phrase(quantity)
    dated = DATE_OF.match(noun)
    what = dated["what"] if dated else noun
    return f"was {english_nouns.definite(what)} of {reference(subject)}"


def which_more(quantity: str) -> str:
    """`which had the higher age of the pilot`."""
    verb = "had" if past(quantity) else "has"
    return f"which {verb} the higher {english_nouns.phrase(quantity)}"


AUXILIARY: Final = re.compile(r"^(?P<who>.+?) (?P<verb>was|were|had|is|are|has|did) (?P<rest>.+)$")
PAST_VERB: Final = re.compile(
    r"^(?P<who>.+?) (?P<verb>increased|decreased|declined|grew|rose|fell|dropped|improved|remained|changed|exceeded|lost|gained|failed|crashed|struck)\b(?P<rest>.*)$"
)
BASE: Final = {"grew": "grow", "rose": "rise", "fell": "fall", "lost": "lose", "struck": "strike", "dropped": "drop", "declined": "decline",
               "increased": "increase", "decreased": "decrease", "improved": "improve", "remained": "remain", "changed": "change",
               "exceeded": "exceed", "gained": "gain", "failed": "fail", "crashed": "crash"}  # fmt: skip


def why(clause: str, subject: str) -> str:
    """`why did Apple's net sales of services increase ...`, of a finite past clause."""
    text = clause_of(clause, subject)
    if found := PAST_VERB.match(text):
        return f"why did {found['who']} {BASE[found['verb']]}{found['rest']}"
    if found := AUXILIARY.match(text):
        return f"why {found['verb']} {found['who']} {found['rest']}"
    return f"why was it that {text}"


def clause_of(clause: str, subject: str) -> str:
    """The clause with its subject spelled out: a company's quantity takes the possessive, "it" becomes the name."""
    text = english_nouns.lower_first(" ".join(clause.split()).rstrip("."))
    whom = reference(subject)
    if whom.lower() in text.lower():
        return text
    possessive = english_nouns.possessive(whom) if _owns(subject) else None
    bare = re.sub(r"^(?:the company['’]s|our|its|the|their)\s+", "", text, flags=re.IGNORECASE)
    return f"{possessive} {bare}" if possessive else text
