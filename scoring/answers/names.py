"""Judges of names and texts: whether a statement gives the expected words as its answer, and nothing against them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from kg.values.name import normal
from scoring.answers.clean import bare
from scoring.answers.expected import Expected

LONG: Final = 6
"""Words from which a text is a clause: it may stand anywhere in the statement."""

_SPECIAL: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
_NEGATION: Final = frozenset(
    ["not", "no", "never", "neither", "nor", "cannot", "without", "except", "instead", "unlike", "nobody", "none",
     "nicht", "kein", "pas", "ni", "unknown", "unclear", "unsure", "rather", "n't", "false", "wrong", "incorrect"]
)  # fmt: skip
_BEFORE: Final = frozenset(
    ["is", "was", "are", "were", "be", "been", "by", "in", "named", "called", "titled", "entitled", "as", "at",
     "from", "to", "of", "for", "with", "on", "the", "a", "an", "ist", "war", "der", "die", "das", "est",
     "était", "le", "la", "les", "es", "era", "el", "è", "il", "it's", "that's", "probably", "likely",
     "definitely", "namely", "in:", "answer", "answer:", "film", "movie", "person", "country", "city",
     "company", "language", "he", "she", "they", "this", "that", "und", "it"]
)  # fmt: skip
_AFTER: Final = frozenset(
    ["is", "was", "are", "were", "has", "had", "have", "did", "does", "do", "because", "since", "as", "which",
     "who", "that", "with", "by", "in", "on", "at", "from", "for", "of", "to", "ist", "war", "hat", "est",
     "était", "a", "es", "era", "shows", "had's"]
)  # fmt: skip
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
    for variant in (said, _LEAD.sub("", said), _without_aside(said, form, expected)):
        whole = folded(bare(variant))
        if whole == form or _TITLE.sub("", whole) == form:
            return True
    if _denied(said, form, expected):
        return False
    said = _LEAD.sub("", said)
    long = len(form.split()) >= LONG
    return any(_stands(folded(said), name, expected, anywhere=long) for name in names) or _stands_marked(said, form)


def _denied(said: str, form: str, expected: Expected) -> bool:
    """Whether the statement says no, or or, where question and answer do not."""
    known = set(folded(expected.question).split()) | set(form.split())
    text = re.sub(r"n['’]t\b", " not", said.casefold())
    words = set(re.findall(r"[^\W_]+", text))
    if words & _NEGATION - known:
        return True
    return bool(words & {"or", "either", "oder", "ou", "maybe", "perhaps", "possibly"} - set(form.split()))


def _without_aside(said: str, form: str, expected: Expected) -> str:
    """Without a parenthesis at the end that only says the name again: its acronym, an alias, words of the question."""
    match = re.search(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$", said)
    if match is None:
        return said
    inside = folded(match[1])
    initials = "".join(word[0] for word in form.split())
    known = {*folded(expected.question).split(), *folded(expected.value).split(), "of", "the", "in"}
    aliases = {folded(alias) for alias in expected.forms}
    restated = inside.replace(" ", "") == initials or inside in aliases or set(inside.split()) <= known
    return said[: match.start()] if restated else said


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
        return bool(tail) and (tail[0] in _AFTER or (tail[0] in asked and tail[0] not in _names(expected)))
    if not tail:
        return head[-1] in _BEFORE and set(head) & (_BEFORE - {"the", "a", "an"}) != set()
    return False


def _names(expected: Expected) -> set[str]:
    """Words with a capital in the question: they may go on a name, not follow one."""
    return {word for name in re.findall(r"(?<!^)\b[A-Z][\w'’-]*", expected.question) for word in (folded(name) + " " + running(name)).split()}


def _stands_marked(said: str, form: str) -> bool:
    """Whether the name is the first thing and a colon, dash or semicolon ends it, or it follows the last colon."""
    first = re.split(r"\s[–—-]\s|[:;—]|,\s+(?:because|since|as|which|who|where|with)\b", said, maxsplit=1)[0]
    last = said.rsplit(":", 1)[-1]
    return form in (folded(bare(first)), folded(bare(last)))
