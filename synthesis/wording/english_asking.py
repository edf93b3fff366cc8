"""English questions: the question word from the answer's type, the subject where English puts it, number and tense."""

from __future__ import annotations

import re
from typing import Final

from synthesis.wording import Slot, english_events, english_nouns, sibling
from synthesis.wording.english_clauses import conditioned, spoken
from synthesis.wording.english_degrees import degree
from synthesis.wording.word_sets import words

PAST_SHAPES: Final = frozenset(("statement", "form", "sentence"))
"""Facts of statements, forms and narrative happened; results and definitions hold."""

PERSONS: Final = re.compile(
    r"^(?:[\w-]+ )*(?:author|inventor|discoverer|owner|operator|director|officer|president|manager|founder|investigator"
    r"|editor|designer|examiner|auditor)s?(?: in charge)?(?: of .+)?$",
    re.IGNORECASE,
)
COUNT_OF: Final = re.compile(r"^(?:total )?number of (?P<what>.+)$", re.IGNORECASE)
COUNT_IN: Final = re.compile(r"^(?:total )?number of (?P<what>.+?) in the (?P<event>\w+)$", re.IGNORECASE)
YEAR_OF: Final = re.compile(r"^(?:the )?year of (?:the )?(?P<what>.+)$", re.IGNORECASE)
DATE_OF: Final = re.compile(r"^(?:the )?(?:date|day) of (?:the )?(?P<what>.+)$", re.IGNORECASE)
TIME_OF: Final = re.compile(r"^(?:local )?time of (?:the )?(?P<what>.+)$", re.IGNORECASE)
FEWER: Final = {"higher": "more", "lower": "fewer"}
WORKS: Final = words("paper method approach framework algorithm benchmark dataset system term")
"""Kinds of subjects for which something is used: `what evaluation metric was used in the paper ...`."""
OWNERS: Final = ("company", "person", "organi", "country", "planet", "moon", "city", "firm", "institution")
"""Kinds of subjects that take a possessive."""


def reference(name: str) -> str:
    """The entity as a person names it: the phrase that singles it out in the corpus, else its name."""
    described = sibling(name, "described")
    return " ".join(str(described or name).split())


def owner(subject: str) -> str:
    """`Apple's`; `of the Piper N5921D` where no possessive reads well."""
    whom = reference(subject)
    return (english_nouns.possessive(whom) if owns(subject) else None) or f"of {whom}"


def of(quantity: str, subject: str) -> str:
    """`Apple's net sales of services`, `the certified maximum gross weight of the Piper N5921D`."""
    noun, whom = english_nouns.unraised(english_nouns.phrase(quantity)), reference(subject)
    possessive = english_nouns.possessive(whom)
    if possessive and owns(subject):
        return f"{possessive} {noun}"
    return english_events.owned(noun, whom)


def pronoun(quantity: str, subject: str) -> str:
    """`its manufacturing purchase obligations`: the subject was just named."""
    noun = english_nouns.phrase(quantity)
    return f"its {noun}" if owns(subject) and " of " not in noun else english_nouns.definite(noun)


def twin(quantity: str, subject: str) -> str:
    """The same quantity of another subject: `NVIDIA's`, `that of the Piper N5921D`, `those of Venus`."""
    noun, whom = english_nouns.phrase(quantity), reference(subject)
    possessive = english_nouns.possessive(whom)
    if possessive and owns(subject):
        return possessive
    return english_events.twin(noun, whom) or f"{'those' if english_nouns.is_plural(noun) else 'that'} of {whom}"


def owns(subject: str) -> bool:
    """Whether a subject takes a possessive: by its kind, in a user's own graph by its label."""
    node = subject.node if isinstance(subject, Slot) else None
    kind = str(sibling(subject, "kind") or (node.label if node is not None else "")).lower()
    return any(word in kind for word in OWNERS)


REPORT: Final = re.compile(r"^(?P<event>\w+) report$")
NO_EVENTS: Final = frozenset(("quarterly", "annual", "transition", "technical", "progress", "interim", "final"))


def case(kind: str, report: str) -> str:
    """What a document of a kind tells: an event where it reports one (`aircraft accident`), else its subject's kind."""
    found = REPORT.match(report)
    noun = english_nouns.singular(english_nouns.phrase(kind))
    if found is None or found["event"] in NO_EVENTS or found["event"] in noun.split():
        return noun
    return f"{noun} {found['event']}"


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
    if kind == "number" and (counted := COUNT_IN.match(noun)):
        there = "were there" if past(quantity) else "are there"
        return (
            f"how many {counted['what']} {there} in the {counted['event']} involving {english_events.once(noun, whom)}"
        )
    if kind == "number" and (counted := COUNT_OF.match(noun)):
        return f"how many {counted['what']} {'did' if past(quantity) else 'does'} {whom} have"
    if kind in ("date", "number") and (year := YEAR_OF.match(noun)):
        return f"in which year {_happened(year['what'], whom)}"
    if (opening := english_events.asked(noun, str(kind), whom, past=past(quantity))) is not None:
        return opening
    if kind == "date" and (dated := DATE_OF.match(noun)):
        return f"when {'was' if past(quantity) else 'is'} {english_events.owned(dated['what'], whom)}"
    if kind == "text" and (timed := TIME_OF.match(noun)):
        happened = "was" if past(quantity) else "is"
        return f"at what time {happened} {english_events.owned(timed['what'], whom)}"
    if kind == "text" and sibling(quantity, "shape") == "sentence" and sibling(subject, "kind") in WORKS:
        inside = whom.startswith("the paper") or str(sibling(quantity, "condition_text") or "").startswith("for ")
        return f"what {noun} was used {'in' if inside else 'for'} {whom}"
    word = "who" if kind in ("text", "entity") and PERSONS.match(noun) else "what"
    return f"{word} {be(quantity)} {of(quantity, subject)}"


def inside(quantity: str, report: str = "") -> str:
    """The phrase inside its event, which need not be named again: `location of the accident` -> `location`."""
    noun, found = english_nouns.phrase(quantity), REPORT.match(report)
    return re.sub(rf" (?:of|in|at the time of) the {found['event']}\b", "", noun) if found else noun


def ask_of(quantity: str, report: str = "") -> str:
    """`what was the age of the pilot`, with no subject: it follows, or the event that the sentence names."""
    noun = inside(quantity, report)
    if sibling(quantity, "kind") == "number" and (counted := COUNT_OF.match(noun)):
        return f"how many {counted['what']} {'were' if past(quantity) else 'are'} there"
    if sibling(quantity, "kind") == "date" and (dated := DATE_OF.match(noun)):
        return f"when {'was' if past(quantity) else 'is'} {english_nouns.definite(dated['what'])}"
    word = "who" if sibling(quantity, "kind") in ("text", "entity") and PERSONS.match(noun) else "what"
    return f"{word} {be(quantity)} {english_nouns.definite(noun)}"


def meant(denotes: str) -> str:
    """What a symbol denotes, asked of a subject that is named: `mass of the planet` -> `mass`."""
    return english_nouns.phrase(re.sub(r" of the [\w -]+$", "", denotes))


def amount(quantity: str, subject: str) -> str:
    """Another opening: `how high were Apple's net sales`, for money `how much were`; counts and years as `ask`."""
    if COUNT_OF.match(english_nouns.phrase(quantity)) or sibling(quantity, "shape") == "form":
        return ask(quantity, subject)
    word = "how high" if sibling(quantity, "shape") == "statement" else "what"
    return f"{word} {be(quantity)} {of(quantity, subject)}"


def _happened(what: str, whom: str) -> str:
    """`was Gerard Kuiper born`, `did Gerard Kuiper die`, `was the discovery of Titan`."""
    if what in ("birth", "death"):
        return f"was {whom} born" if what == "birth" else f"did {whom} die"
    return f"was {english_events.owned(what, whom)}"


def fell(quantity: str, subject: str) -> str:
    """Another opening for a full date: `on what date was the last inspection of the Piper N5921D`; else as `ask`."""
    noun = english_nouns.phrase(quantity)
    dated = DATE_OF.match(noun)
    if dated is None or len(str(sibling(quantity, "date") or "")) < 10:
        return ask(quantity, subject)
    if dated["what"] in english_events.EVENTS:
        return ask(quantity, subject).replace("when", "on what date", 1)
    return f"on what date {_happened(dated['what'], reference(subject))}"


def which_more(quantity: str, subject: str) -> str:
    """`which company had the higher net income`; things without an own kind: `which had the higher ...`."""
    verb = "had" if past(quantity) else "has"
    kind = str(sibling(subject, "kind") or "") if owns(subject) else ""
    return f"which {kind} {verb} the {degree(quantity, 'higher')} {english_nouns.phrase(quantity)}"


def graded(quantity: str, word: str) -> str:
    """`a higher score`, `higher NASA appropriations`, `a longer orbital period`, `fewer known moons`."""
    noun = english_nouns.phrase(quantity)
    counted = COUNT_OF.match(noun)
    if counted and word in FEWER and not COUNT_IN.match(noun):
        return f"{FEWER[word]} {counted['what']}"
    said = degree(quantity, word)
    return f"{said} {noun}" if english_nouns.is_plural(noun) else english_nouns.article(f"{said} {noun}")


def having(quantity: str, value: str) -> str:
    """`a launch mass of 629 kilograms`, `“Venus” as destination`."""
    noun = english_nouns.phrase(quantity)
    if sibling(value, "kind") == "number" and not english_nouns.is_plural(noun):
        return f"{english_nouns.article(noun)} of {spoken(value)}"
    return f"{spoken(value)} as {noun}"


def more(quantity: str, word: str = "higher", condition: str = "") -> str:
    """`was the certified maximum gross weight higher`; ages: `was the pilot older`."""
    return _graded(quantity, word, "", condition)


def most(quantity: str, word: str = "highest", condition: str = "") -> str:
    """`was the certified maximum gross weight the highest`; ages: `was the pilot the oldest`."""
    return _graded(quantity, word, "the ", condition)


def _graded(quantity: str, word: str, article: str, condition: str) -> str:
    noun, under = english_nouns.phrase(quantity), conditioned(condition)
    if found := english_events.sized(noun, word):
        return f"{be(quantity)} {english_nouns.definite(found[0])}{under} {article}{found[1]}"
    return f"{be(quantity)} {english_nouns.definite(noun)}{under} {article}{degree(quantity, word)}"


def group(label: str) -> str:
    """A row group's label as running text: `Revenue` -> `revenue`."""
    return english_nouns.unraised(english_nouns.phrase(label))
