"""What a work is made of and how it was made: its sizes, its settings, what was used as what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extraction.extractors import phrases
from extraction.extractors.clauses import CITATION, sentences, stands_alone, trimmed
from extraction.extractors.told import Told
from kg.values import number as numbers
from kg.values.name import normal, singular
from schemas.fact import Fact, Qualifiers, Subject, Value

_NUMBER: Final = r"\d[\d,]*(?:\.\d+)?(?:e-?\d+|[kKMB](?!\w)|%| million| billion)?"
_NAME: Final = r"[A-Z][\w.+@-]*(?: [A-Z0-9][\w.+@-]*){0,3}"
_SMALL: Final = (
    r"(?:from|in|of|for|with|and|or|to|by|on|as|at|that|which|across|over|per|into|between|under|than|plus|versus)\b"
)
_WORDS: Final = rf"(?<![\w-])(?:(?!{_SMALL})[A-Za-z][\w-]* ){{0,3}}"
_THINGS: Final = rf"{_WORDS}(?!{_SMALL})[a-z-]+s"
SETTING: Final = re.compile(
    rf"(?P<noun>{_WORDS}(?:rate|size|temperature|length|threshold|rank|decay|dropout|ratio|coefficient|stride"
    r"|dimension|agreement|wage|salary|limit|factor|value))"
    r"(?: \([A-Z]{2,6}\))?(?:,? [\wτλαβγ],?)?\s+(?:of(?: [\wτλαβγ] =)?|is set to|was set to|is|was|=)\s+"
    rf"(?P<a>\$?{_NUMBER})(?=[,.;)\s]|$)"
)
EPOCHS: Final = re.compile(r"\b(?:fine-?)?(?:tuned|trained) for (?P<a>\d+) epochs")
SIZE: Final = re.compile(
    rf"(?P<who>{_NAME}),?(?: (?:which|that))?\s+(?:includes?|including|comprises?|comprising|contains?|containing"
    rf"|consists of|consisting of|covers?|covering|spans?|spanning)\s+(?P<a>{_NUMBER})\s+(?P<noun>{_THINGS})\b"
)
SECOND: Final = re.compile(rf"^ (?:for|across|in|with|and) (?P<a>{_NUMBER}) (?P<noun>{_THINGS})\b")
COLLECTED: Final = re.compile(
    rf"\b[Ww]e (?:collect|construct|obtain|gather|annotate)(?:ed)? (?P<a>{_NUMBER}) (?P<noun>{_THINGS})\b"
)
ROLE: Final = re.compile(
    rf"(?:\b(?:[Uu]se|[Uu]sed|[Aa]dopt|[Ee]mploy|[Cc]hoose|[Cc]hose|[Ss]elect|[Uu]tilize)(?:s|ed)?|\band)\s+"
    rf"(?P<value>{_NAME})(?:\s*\([^()]*\))?\s+as\s+(?:the|our|an?|its)\s+"
    r"(?P<noun>(?:[a-zA-Z][\w-]* ){0,3}[a-z][\w-]+)"
    r"(?=[,.;:]|\s(?:and|for|to|in|of|with|from)\b|$)"
)
HAS: Final = re.compile(
    rf"(?:^|[,;] |\band |\bwhile )(?P<who>{_NAME}) (?:has|had) an? (?P<noun>{_WORDS}[a-z-]+) of "
    r"(?P<a>[-−]?\$?\d[\d,]*(?:\.\d+)?(?: (?:million|billion))?(?: ?[%°][CF]?| [a-zA-Zµ°/]+)?)(?=[,.; ]|$)"
)
_SUBJECTS: Final = re.compile(rf"^(?:Both )?(?P<one>{_NAME})(?: and (?P<two>{_NAME}))? (?:is|are|was|were) ")
_GENERIC: Final = phrases.words("value factor size length limit rate rank")
"""Nouns that say nothing without a word before them."""
TRAINING: Final = re.compile(r"\b(?:learning|batch|dropout|decay|stride|epochs?|rank|temperature|warmup|top-p)\b")
"""Settings of a training or a decoding, not of a collection."""
_NO_ROLES: Final = phrases.words("example result well such key")
_FOR: Final = re.compile(r"^(?P<prep>[Ff]or|[Oo]n) (?P<what>[^,]{3,50}), ")
COLLECTIONS: Final = phrases.words("benchmark dataset corpus")
_NOT_NAMES: Final = phrases.words("we it this these the our in for table figure section to each all")


def settings(told: Told) -> Iterator[Fact]:
    """Facts of the document's own subject, or of what the sentence names."""
    if told.company or told.event is not None:
        return
    text = told.chunk.text
    for sentence in sentences(text):
        start, end = trimmed(text, sentence)
        piece = text[start:end]
        yield from _sizes(told, piece, start)
        yield from _attributes(told, piece, start)
        yield from _settings(told, piece, start)
        yield from _roles(told, piece, start)


def _subjects(told: Told, piece: str) -> list[Subject]:
    """Whom the sentence is about: names before its verb, else the document's own subject."""
    match = _SUBJECTS.match(piece)
    names = [match["one"], match["two"]] if match else []
    found = [
        Subject(name=name, kind="term")
        for name in names
        if name and phrases.is_name(name) and name.split()[0].lower() not in _NOT_NAMES
        and re.search(r"[A-Z0-9].*[A-Z0-9]", name)
    ]  # fmt: skip
    own = told.own()
    return found or ([own] if own else [])


def _condition(piece: str) -> Qualifiers:
    """`for SentenceBERT`, where the sentence opens with it."""
    match = _FOR.match(piece)
    if match is None or not phrases.is_noun_phrase(match["what"]) or not stands_alone(match["what"]):
        return Qualifiers()
    return Qualifiers(
        conditions=(("", normal(match["what"])),), condition_text=f"{match['prep'].lower()} {match['what']}"
    )


def _settings(told: Told, piece: str, start: int) -> Iterator[Fact]:
    for match in (*SETTING.finditer(piece), *EPOCHS.finditer(piece)):
        value = _plain(numbers.parse(match["a"]))
        if value is None or "respectively" in piece[match.end() : match.end() + 60]:
            continue
        noun = "number of training epochs" if match.re is EPOCHS else _tidy(match["noun"])
        if noun is None:
            continue
        span = (start + match.start("a"), start + match.end("a"))
        for subject in _subjects(told, piece):
            own = subject.name is None and told.subject is not None and told.subject.kind in COLLECTIONS
            if own and TRAINING.search(noun) and not _condition(piece).conditions:
                continue  # of a benchmark nobody asks the batch size
            yield told.fact(subject, "sentence", noun, value, span, qualifiers=_condition(piece), confidence=0.8)


def _plain(value: Value | None) -> Value | None:
    """`5e-6` as 0.000005: nobody says it in millionths."""
    if value is None or value.number is None or value.scale >= 0:
        return value
    number = value.number.scaleb(value.scale)
    return value.model_copy(update={"number": number, "scale": 0, "decimals": value.decimals - value.scale})


def _tidy(noun: str) -> str | None:
    words = noun.split()
    articles = [i for i, word in enumerate(words) if word.lower() in ("a", "an", "the", "our")]
    words = words[articles[-1] + 1 :] if articles else words
    while words and words[0].lower() in phrases.STOP | _NOT_NAMES | {"an", "use", "using", "used", "default"}:
        words.pop(0)
    if not words or (len(words) == 1 and words[0].lower() in _GENERIC):
        return None
    noun = phrases.lowered(" ".join(words)) if words[0][0].isupper() and words[0][1:].islower() else " ".join(words)
    return noun if phrases.is_noun_phrase(noun) else None


def _sizes(told: Told, piece: str, start: int) -> Iterator[Fact]:
    """`number of preference instances` of M-RewardBench."""
    for match in SIZE.finditer(piece):
        who = match["who"].strip(" ,")
        subject = told.own() if told.mentions_own(who) else Subject(name=who, kind="term")
        if subject is None or who.split()[0].lower() in _NOT_NAMES or not re.search(r"[A-Z0-9].*[A-Z0-9]", who):
            continue
        yield from _count(told, subject, match, start)
        if second := SECOND.match(piece[match.end() :]):
            yield from _count(told, subject, second, start + match.end())
    own = told.own()
    if re.search(r"\b(?:each|per|every)\b", piece):
        return
    if own is not None and told.subject is not None and told.subject.kind in COLLECTIONS:
        for match in COLLECTED.finditer(piece):
            yield from _count(told, own, match, start)


def _attributes(told: Told, piece: str, start: int) -> Iterator[Fact]:
    """`mean radius` of Mercury: what the text says that a named thing has."""
    for match in HAS.finditer(piece):
        who, text = match["who"], match["a"]
        value = numbers.parse(text) or numbers.parse(text.split(" ")[0])
        if (
            value is None
            or who.split()[0].lower() in _NOT_NAMES | phrases.STOP
            or not phrases.is_noun_phrase(match["noun"])
        ):
            continue
        end = match.start("a") + len(value.text)
        subject = told.own() if told.mentions_own(who) else Subject(name=who, kind="term")
        if subject is not None and value.unit is not None:
            yield told.fact(subject, "sentence", match["noun"], value, (start + match.start("a"), start + end))


def _count(told: Told, subject: Subject, match: re.Match[str], start: int) -> Iterator[Fact]:
    value, noun = numbers.parse(match["a"]), match["noun"]
    if value is None or value.unit is not None or not phrases.is_noun_phrase(noun):
        return
    span = (start + match.start("a"), start + match.end("a"))
    yield told.fact(subject, "sentence", f"number of {noun}", value, span, additive=True)


def _roles(told: Told, piece: str, start: int) -> Iterator[Fact]:
    """`evaluation metric`: NDCG@10."""
    own = told.own()
    for match in ROLE.finditer(piece):
        value, noun = match["value"].rstrip("."), match["noun"]
        if own is None or CITATION.search(value) or not re.search(r"[A-Z0-9].*[A-Z0-9]", value):
            continue
        if not phrases.is_noun_phrase(noun) or singular(noun.split()[-1]) != noun.split()[-1] or noun in _NO_ROLES:
            continue
        span = (start + match.start("value"), start + match.start("value") + len(value))
        found = Value(kind="text", text=value)
        yield told.fact(own, "sentence", noun, found, span, qualifiers=_condition(piece))
