"""Definitions: "X is a Y that ...", "X refers to ...", "“X” means ...", "we define X as ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extraction.extractors import phrases
from extraction.extractors.acronyms import acronyms
from extraction.extractors.clauses import CITATION, closed, sentences, stands_alone, trimmed, whole
from extraction.extractors.told import Told
from kg.values.name import normal
from schemas.fact import Fact, Subject

_TERM: Final = r"(?:\*\*)?(?:An? )?[“\"‘']?(?P<term>[A-Za-z][\w’'&/+.@-]*(?: [\w’'&/+.@-]+){0,5}?)[”\"’']?(?:\*\*)?"
_AFTER: Final = r"(?:\s*\([^()]*\))?,?\s+"
PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?:The term )?{_TERM}{_AFTER}(?:refers? to|(?:is|are) defined (?:as|to be)|stands for)\s+(?P<value>\S.+)$",
        r"^(?:For purposes of [^,]{3,60}, )?[“\"](?P<term>[^”\"]{3,50})[”\"]\s+(?:means|refers? to|shall mean)\s+"
        r"(?P<value>\S.+)$",
        rf"^(?:Here, |Formally, |In this \w+, )?[Ww]e define {_TERM} as (?P<value>\S.+)$",
        rf"^{_TERM}{_AFTER}is (?P<value>an? (?:[\w’'/-]+,? (?:and )?){{1,8}}?(?:that|which|for|of|where|in which"
        r"|designed|derived|used|containing|consisting|between|from|based|to)\b.+)$",
    )
)
_NOT_TERMS: Final = phrases.words(
    "there here it this that these those which what who one he she they we you i result results figure table work "
    "paper section study goal purpose aim task final main key first second third next following example case reason "
    "each our your its"
)
_CONTEXT: Final = re.compile(r"\b(?:this|these|those|above|below|previous|respectively|following)\b", re.IGNORECASE)
_PRAISE: Final = re.compile(
    r"(?:an? |the |one of )?(?:most |more |very |widely )?(?:popular|used|known|well-known|powerful|important|crucial"
    r"|critical|promising|essential|effective|challenging|significant|common|fundamental|key)\b",
    re.IGNORECASE,
)
"""`a popular benchmark` says what people think of it."""
LONGEST: Final = 55


def definitions(told: Told) -> Iterator[Fact]:
    """Terms with what the text says that they are. A term is a subject of its own, not the document's."""
    text = told.chunk.text
    yield from _long_forms(told, text)
    for sentence in sentences(text):
        start, end = trimmed(text, sentence)
        start = _behind_run_in(text, start, end)
        match = next((m for pattern in PATTERNS if (m := pattern.match(text[start:end]))), None)
        if match is None:
            continue
        term = _without_heading(match["term"].strip(" ,*'’"))
        span = closed(text, (start + match.start("value"), start + match.end("value")))
        value = text[span[0] : span[1]]
        if _is_term(term) and whole(value, shortest=4, longest=LONGEST) and not _says_nothing(term, value):
            yield told.text_fact(Subject(name=term, kind="term"), "definition", "definition", span)


def _long_forms(told: Told, text: str) -> Iterator[Fact]:
    """What acronyms of a paper or manual stand for."""
    for acronym in acronyms(text):
        if not told.company and told.event is None and _is_term(acronym.long) and acronym.short.isupper():
            start = acronym.long_span[0]
            span = (start, start + len(acronym.long))
            yield told.text_fact(Subject(name=acronym.short, kind="acronym"), "definition", "definition", span)


def _behind_run_in(text: str, start: int, end: int) -> int:
    """Behind a run-in heading that repeats the term: `**Problem Resolution**: Problem Resolution refers to`."""
    match = re.match(r"(?:\d{1,2}[.)]\s+)?\**(?P<head>[A-Z][\w -]{2,50}?)\**:\s+", text[start:end])
    return start + match.end() if match and text[start + match.end() :].startswith(match["head"][:6]) else start


def _without_heading(term: str) -> str:
    """A name behind a run-in heading: `RewardBench` of "Reward model evaluation RewardBench is a ..."."""
    words = term.split()
    if len(words) > 2 and phrases.is_name(words[-1]) and not words[-1].istitle() and words[1].islower():
        return words[-1]
    return term


def _is_term(term: str) -> bool:
    words = term.split()
    if not words or words[0].lower() in _NOT_TERMS or not stands_alone(term) or len(normal(term)) < 3:
        return False
    return phrases.is_noun_phrase(term, longest=6) and not CITATION.search(term)


def _says_nothing(term: str, value: str) -> bool:
    """Whether the value leans on what stands before, praises instead of defining, or only repeats the term."""
    opening = " ".join(value.split()[:12])
    return (
        bool(_CONTEXT.search(opening) or _PRAISE.match(value))
        or set(normal(value).split()) <= set(normal(term).split()) | phrases.STOP
    )
