"""Judges of names and texts: whether a statement gives the expected words as its answer, and nothing against them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from kg.values.name import normal
from scoring.answers.clean import bare
from scoring.answers.expected import Expected
from scoring.answers.output import sentences

LONG: Final = 6
"""Words from which a text is a clause: it may stand anywhere in the statement."""

STEM: Final = 6
"""Letters by which `discovered` is known where the question says `discoverer`."""
_SPECIAL: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
_NEGATION: Final = frozenset(
    ["not", "no", "never", "neither", "nor", "cannot", "without", "except", "instead", "unlike", "nobody", "none",
     "nicht", "kein", "pas", "ni", "unknown", "unclear", "unsure", "rather", "n't", "false", "wrong", "incorrect"]
)  # fmt: skip
_DOUBT: Final = frozenset(
    ["or", "either", "oder", "ou", "maybe", "perhaps", "possibly", "but", "however", "although", "though", "whereas"]
)
_BEFORE: Final = frozenset(
    ["is", "was", "are", "were", "be", "been", "by", "in", "named", "called", "titled", "entitled", "as", "at",
     "from", "to", "for", "with", "on", "the", "a", "an", "ist", "war", "der", "die", "das", "est",
     "était", "le", "la", "les", "es", "era", "el", "è", "il", "it's", "that's", "probably", "likely",
     "definitely", "namely", "in:", "answer", "answer:", "film", "movie", "person", "country", "city",
     "company", "language", "he", "she", "they", "this", "that", "und", "it"]
)  # fmt: skip
_AFTER: Final = frozenset(
    ["is", "was", "are", "were", "has", "have", "had", "did", "does", "do", "because", "since", "as", "which", "who",
     "that", "ist", "war", "hat", "est", "était", "es", "era"]
)  # fmt: skip
"""What may follow a name that begins a statement. No prepositions: they go on titles, `Die Hard with a Vengeance`."""
_PREPOSITIONS: Final = frozenset(["in", "by", "for", "from", "on", "at", "to", "with", "as", "named", "called"])
"""Before a name; the word before them must be known: `was born in Italy`, not `he died in Italy`."""
_PLACED: Final = frozenset(
    ["lies", "lie", "located", "situated", "found", "born", "lives", "is", "was", "star", "stars", "starred"]
)
_SMALL: Final = frozenset(
    ["the", "a", "an", "of", "in", "on", "at", "for", "to", "by", "it", "its", "he", "she", "they", "this", "that",
     "is", "was", "are", "were", "be", "been", "answer", "which", "one", "from", "as", "with"]
)  # fmt: skip
_CLAUSE: Final = re.compile(r",\s+(?:\w+ed|because|since|as|which|who|where|with|a|an|the|written|made)\b")
_LEAD: Final = re.compile(
    r"^(?:(?:so|thus|therefore|hence|sure|okay|ok|yes|well|based\s+on\s+[^,]{1,80}|according\s+to\s+[^,]{1,80})[,:]\s*)+",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(r"^(?:mr|mrs|ms|dr|prof|sir|professor|doctor)\s+(?=\w+\s)")


def folded(text: str) -> str:
    """The normal form of a name without accents, so that `Goransson` is `Göransson`."""
    text = unicodedata.normalize("NFKD", normal(text).translate(_SPECIAL))
    return "".join(char for char in text if not unicodedata.combining(char))


def running(text: str) -> str:
    """The normal form inside a longer text, where the last word keeps its plural: `cassini huygens`."""
    return folded(f"{text} x").removesuffix(" x")


def judge(text: str, expected: Expected) -> bool | None:
    """Whether a statement gives one of the expected names as its answer.

    The name is the statement, or its subject (`Vangelis composed the score`), or its end behind `is`, `by`, `in`, ...
    (`The score is by Vangelis`). A denial, an alternative (`or`) or an unknown word at the name is doubt.
    """
    said = bare(text)
    if not folded(said):
        return None
    inside = {form: dict.fromkeys((form, running(written))) for written in expected.forms if (form := folded(written))}
    return any(_gives(said, form, names, expected) for form, names in inside.items())


def _gives(said: str, form: str, names: Iterable[str], expected: Expected) -> bool:
    for variant in (said, _LEAD.sub("", said), _without_asides(said, form, expected)):
        whole = folded(bare(variant))
        if whole == form or _TITLE.sub("", whole) == form:
            return True
    if _denied(said, form, expected):
        return False
    long = len(form.split()) >= LONG
    if not long and len(sentences(said)) > 1:
        return False
    said = _without_asides(_LEAD.sub("", said), form, expected)
    clauses = dict.fromkeys((re.split(r"[:;]\s", said)[-1], _CLAUSE.split(re.split(r"[:;]\s", said)[0], maxsplit=1)[0]))
    stands = any(_stands(folded(clause), name, expected, anywhere=long) for name in names for clause in clauses)
    return stands or _stands_marked(said, form)


def _denied(said: str, form: str, expected: Expected) -> bool:
    """Whether the statement says no, or or, where question and answer do not."""
    known = set(folded(expected.question).split()) | set(form.split())
    text = re.sub(r"n['’]t\b", " not", said.casefold())
    words = set(re.findall(r"[^\W_]+", text))
    if words & _NEGATION - known:
        return True
    return bool(words & _DOUBT - set(form.split()))


def _without_asides(said: str, form: str, expected: Expected) -> str:
    """Without parentheses that only say the name again: acronym, alias, another script, words of the question."""
    known = {*folded(expected.question).split(), *folded(expected.value).split(), "of", "the", "in"}
    aliases = {folded(alias) for alias in expected.forms}
    initials = "".join(word[0] for word in form.split())

    def kept(match: re.Match[str]) -> str:
        inside = folded(match[1])
        foreign = not re.search(r"[a-z0-9]", inside)
        restated = inside.replace(" ", "") == initials or inside in aliases or set(inside.split()) <= known
        return "" if restated or foreign else match[0]

    return re.sub(r"\s*[(\[]([^()\[\]]*)[)\]]", kept, said)


def _stands(said: str, form: str, expected: Expected, *, anywhere: bool) -> bool:
    padded, name = f" {said} ", f" {form} "
    if name not in padded:
        return False
    if anywhere:
        return True
    before, _, after = padded.partition(name)
    asked = set(folded(expected.question).split()) - {"or", "and", "but"}
    head, tail = before.split(), after.split()
    if not head or head == ["the"]:
        if name.strip() in f" {folded(expected.question)} ":  # one of two that the question names: every word counts
            return bool(tail) and set(tail) <= asked | _SMALL | {"than"}
        goes_on = len(tail) > 1 and tail[0] in asked - _names(expected) - _SMALL
        return bool(tail) and (tail[0] in _AFTER or goes_on)
    while head and head[-1] in {"the", "a", "an"}:
        head.pop()
    known, stems = asked | _SMALL | _PLACED, {word[:STEM] for word in asked if len(word) >= STEM}
    if not head or (
        head[-1] in _PREPOSITIONS and len(head) > 1 and head[-2] not in known and head[-2][:STEM] not in stems
    ):
        return False
    return head[-1] in _BEFORE and (not tail or (tail[0] in _SMALL and set(tail) <= asked | _SMALL))


def _names(expected: Expected) -> set[str]:
    """Words with a capital in the question: they may go on a name, not follow one."""
    return {
        word
        for name in re.findall(r"(?<!^)\b[A-Z][\w'’-]*", expected.question)
        for word in (folded(name) + " " + running(name)).split()
    }


def _stands_marked(said: str, form: str) -> bool:
    """Whether the name is the first thing and a colon, dash or semicolon ends it, or it follows the last colon."""
    first = re.split(
        r"(?:\s[–—-]|[:—])\s+(?=[a-z\d])|,\s+(?:because|since|as|which|who|where|with)\b", said, maxsplit=1
    )[0]
    last = said.rsplit(":", 1)[-1]
    return form in (folded(bare(first)), folded(bare(last)))
