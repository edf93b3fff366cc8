"""Reasons: "X increased during P compared to Q due primarily to Y", "X is excluded because Y"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extraction.extractors import phrases
from extraction.extractors.clauses import HEDGED, closed, sentences, stands_alone, subject_of, trimmed, whole
from extraction.extractors.told import Told
from kg.values.name import normal
from schemas.fact import Fact, Subject

_ADVERB: Final = r"(?:(?:primarily|mainly|largely|principally|mostly|chiefly)\s+)?"
_CUES: Final = (
    rf"{_ADVERB}due\s+(?:primarily\s+|mainly\s+|largely\s+)?to",
    rf"{_ADVERB}(?:driven|caused)\s+{_ADVERB}by",
    rf"{_ADVERB}attributable\s+{_ADVERB}to",
    r"because(?!\s+of\b)",
    r"because\s+of",
    r"as\s+a\s+result\s+of",
)
CUES: Final = (
    *(re.compile(rf"^(?P<clause>.+?),?\s+{cue}\s+(?P<reason>\S.+)$") for cue in _CUES),
    re.compile(r"^(?P<clause>.+?), (?:which primarily reflects|primarily reflecting|reflecting)\s+(?P<reason>\S.+)$"),
)
_AUXILIARY: Final = re.compile(r"\b(?:is|are|was|were|be|been|being|has|have|had|that|and|to)$")
CHANGE: Final = re.compile(
    r"^The (?P<change>increase|decrease|growth|decline)s? in (?P<noun>.+?)(?P<when> (?:for|in|during) the .+?)? "
    rf"(?:was|were) {_ADVERB}(?:due {_ADVERB}to|driven by|attributable to|caused by) (?P<reason>\S.+)$"
)
PAST: Final = {"increase": "increased", "decrease": "decreased", "growth": "grew", "decline": "declined"}
PERIOD: Final = re.compile(r"\b(?:quarter|months?|fiscal|year|20\d\d|19\d\d)\b")
_OWN: Final = re.compile(r"^(?:[Oo]ur|[Tt]he [Cc]ompany[’']s)\s+")
_WE: Final = re.compile(
    r"^[Ww]e (?:(?P<adverb>also|then|only|further|explicitly|manually|randomly) )?(?P<verb>[a-z]+) (?P<rest>.+)$"
)
_IRREGULAR: Final = {
    "choose": "chose", "take": "took", "use": "used", "make": "made", "find": "found", "set": "set", "build": "built",
    "do": "did", "keep": "kept", "leave": "left", "draw": "drew", "give": "gave", "get": "got", "run": "ran",
}  # fmt: skip
_NOT_VERBS: Final = phrases.words("are have cannot can could may might will would did do believe hope expect see note")
_FISCAL: Final = re.compile(r"\b((?:quarters?|months) (?:of|in)) ((?:19|20)\d\d)\b")
"""A filing counts its own fiscal year's quarters: outside of it, "the first quarter of 2023" is another one."""
LONGEST_CLAUSE: Final = 36


def reasons(told: Told) -> Iterator[Fact]:
    """One fact per sentence at most. The clause that is explained must stand on its own."""
    text = told.chunk.text
    for sentence in sentences(text):
        start, end = trimmed(text, sentence)
        piece = text[start:end]
        match = next((m for cue in CUES if (m := cue.match(piece))), None)
        change = CHANGE.match(piece)
        if change:
            match = change
        if match is None or (told.event is not None and not change):
            continue
        span = closed(text, (start + match.start("reason"), start + match.end("reason")))
        reason = text[span[0] : span[1]]
        if (
            not whole(reason)
            or HEDGED.search(match["clause"] if not change else "")
            or re.search(r"\bdue to\b", reason[:20])
        ):
            continue
        explained = _changed(change) if change else _explained(match["clause"])
        if explained and "year-over-year" in text[sentence[0] : start].lower():
            explained += " compared to the same period a year earlier"
        made = _subject_and_clause(told, explained) if explained else None
        if made and not set(normal(reason).split()) <= set(normal(made[1]).split()):
            yield told.text_fact(made[0], "reason", made[1], span)


def _changed(match: re.Match[str]) -> str | None:
    """`interest income increased in the first quarter` from "The increase in interest income in ... was due to"."""
    if not match["when"]:
        return None
    noun = re.sub(r"^(?:the|our)\s+", "", match["noun"])
    return f"{noun} {PAST[match['change']]}{match['when'].replace(' for ', ' in ', 1)}"


def _explained(clause: str) -> str | None:
    """The last complete clause before the cue, without a leading linker."""
    clause = clause.strip(" ,")
    for joint in ("; ", ", and ", ", but ", ", while "):
        _, found, last = clause.rpartition(joint)
        if found and (subject_of(last) or _WE.match(last)) and len(last.split()) >= 3:
            clause = last
    clause = re.sub(r"^(?:while|although|since|as|and|but)\s+", "", clause)
    clause = re.sub(r"^([\w&, ]+?) - (?=[A-Z])", r"\1 ", clause)
    if (
        len(clause.split()) > LONGEST_CLAUSE
        or _AUXILIARY.search(clause)
        or re.search(r"[:;?!]|\b(?:Figure|Table|Section) \d", clause)
    ):
        return None
    return clause if clause.count("(") == clause.count(")") else None


def _subject_and_clause(told: Told, clause: str) -> tuple[Subject, str] | None:
    """Whom the clause is about, and the clause as it can be asked about; None where it does not stand alone."""
    if told.company:
        bare = _OWN.sub("", clause)
        noun = subject_of(bare)
        own = told.own()
        if own is None or noun is None or not stands_alone(noun) or not PERIOD.search(bare):
            return None
        if re.search(r"\b(?:we|our|us)\b", bare, re.IGNORECASE):
            return None
        return own, _FISCAL.sub(r"\1 fiscal \2", bare)
    if match := _WE.match(clause):
        past = _past(match["verb"])
        rest = match["rest"]
        if past is None or re.search(r"\b(?:we|our|it|them|they|this|these)\b", rest):
            return None
        adverb = f"{match['adverb']} " if match["adverb"] not in (None, "also", "then", "further") else ""
        return Subject(name="the authors", kind="person"), f"the authors {adverb}{past} {rest}"
    noun = subject_of(clause)
    if noun is None or not stands_alone(clause) or re.search(r"\b(?:we|our|us)\b", clause, re.IGNORECASE):
        return None
    own = told.own()
    if own is not None and told.mentions_own(clause):
        return own, clause
    name = re.sub(r"^(?:[Tt]he|[Aa]n?)\s+", "", noun)
    return Subject(name=name, kind="term"), clause


def _past(verb: str) -> str | None:
    if verb in _NOT_VERBS or verb.endswith(("ly", "s")):
        return None
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("ed"):
        return verb
    if verb.endswith("e"):
        return f"{verb}d"
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ied"
    return f"{verb}ed"
