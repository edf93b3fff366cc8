"""One normal form for names and phrases: case, punctuation, articles, and the plural of the last word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_POSSESSIVE: Final = re.compile(r"(?<=\w)['’]s?(?!\w)")
_LETTER_HYPHEN: Final = re.compile(r"(?<!\w)([^\W\d_])[-‐‑–](?=\w)")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SIGN: Final = re.compile(r"(?<![\w.\-)])[-−‐‑–](?=\.?\d)")
_POINT: Final = re.compile(r"(?<=\d)\.(?=\d)|(?<!\w)\.(?=\d)")
_ARTICLE: Final = re.compile(r"^(?:(?:the|an)\s+(?=\S)|a\s+(?=[^\W\d_]{2}))", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+$")

_KEPT_PUNCTUATION: Final = frozenset("%#@*\x00\x01")
"""`@` and `#` carry meaning in names of measures and ids; the control characters stand for a kept point and sign."""

_UNCHANGED: Final = frozenset(
    ["series", "species", "news", "means", "headquarters", "diabetes", "physics", "mathematics", "economics",
     "statistics", "lens", "always"]
)  # fmt: skip
_IRREGULAR: Final = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "people": "person",
    "indices": "index",
    "matrices": "matrix",
    "vertices": "vertex",
    "axes": "axis",
    "analyses": "analysis",
    "hypotheses": "hypothesis",
    "criteria": "criterion",
    "phenomena": "phenomenon",
    "movies": "movie",
    "cookies": "cookie",
    "calories": "calorie",
    "ties": "tie",
    "lies": "lie",
    "pies": "pie",
    "leaves": "leaf",
    "lives": "life",
    "halves": "half",
    "shelves": "shelf",
    "feet": "foot",
    "teeth": "tooth",
    "mice": "mouse",
    "buses": "bus",
    "gases": "gas",
    "statuses": "status",
    "losses": "loss",
}
_PLURALS: Final = {v: k for k, v in _IRREGULAR.items()}


def singular(word: str) -> str:
    """The singular of one lower-case word, conservatively: what is not clearly a plural stays as it is."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.endswith("s") or word in _UNCHANGED or word.endswith(("ss", "us", "is", "as", "os")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word
    if word.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    if word.endswith("oes") and len(word) > 5:
        return word[:-2]
    return word[:-1]


def plural(phrase: str) -> str:
    """The plural of a singular noun phrase: of its last word, or of the word before `of`, `in`, `for`, `with`."""
    head = re.match(r"(.+?)(\s+(?:of|in|for|with|on|per|from)\s+.+)$", phrase)
    if head:
        return plural(head[1]) + head[2]
    match = _WORD.search(phrase)
    if not match:
        return phrase
    word = match[0]
    return phrase[: match.start()] + _plural_word(word)


def _plural_word(word: str) -> str:
    low = word.casefold()
    if low in _PLURALS:
        return _PLURALS[low] if word.islower() else word[0] + _PLURALS[low][1:]
    if low in _UNCHANGED or (len(low) > 3 and singular(low) != low):
        return word
    if word.isupper():
        return word + "s"
    if low.endswith("y") and len(low) > 1 and low[-2] not in "aeiou":
        return word[:-1] + "ies"
    if low.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


@lru_cache(maxsize=1 << 17)
def normal(text: str) -> str:
    """The normal form of a name or phrase. Idempotent; `""` where nothing but punctuation stands.

    NFKC, casefold, `&` to `and`, possessive and leading articles dropped, punctuation and hyphens to one space
    (thousands commas vanish, decimal points, signs of numbers and symbols like `%`, `+`, `@` stay), a single letter
    before a hyphen is joined (`A-10` = `A10`), the last word put into the singular. Legal forms stay.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = text.replace("\x00", " ").replace("\x01", " ").strip()
    text = _POSSESSIVE.sub("", text).replace("&", " and ")
    text = _LETTER_HYPHEN.sub(r"\1", _THOUSANDS.sub("", text))
    text = _POINT.sub("\x00", _SIGN.sub("\x01", text))
    text = "".join(c if _kept(c) else " " for c in text)
    text = " ".join(text.split()).replace("\x00", ".").replace("\x01", "-")
    while shorter := _ARTICLE.sub("", text):
        if shorter == text:
            break
        text = shorter
    return _singular_last(text)


def _kept(char: str) -> bool:
    return char in _KEPT_PUNCTUATION or char.isalnum() or unicodedata.category(char)[0] in "SM"


def _singular_last(text: str) -> str:
    head, space, last = text.rpartition(" ")
    return head + space + singular(last) if last.isalpha() else text
