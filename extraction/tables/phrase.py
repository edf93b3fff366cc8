"""Labels to noun phrases: what survives "What was the ... of X?"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from extraction.tables import measure
from extraction.tables.cell import without_citation, without_footnote
from kg.values.date import MONTHS
from kg.values.name import plural, singular
from schemas.element import Element

_EXPANSIONS: Final = {
    "avg": "average", "ave": "average", "max": "maximum", "min": "minimum", "std": "standard deviation",
    "temp": "temperature",
    "lang": "language", "qty": "quantity", "pop": "population", "dist": "distance", "approx": "approximate",
    "dept": "department",
    "est": "estimated", "pct": "percentage", "num": "number", "acc": "accuracy", "wt": "weight", "mfr": "manufacturer",
    "var": "variance", "govt": "government", "intl": "international", "dev": "development", "prob": "probability",
    "param": "parameter", "params": "parameters", "freq": "frequency", "ref": "reference", "att": "attendance",
}  # fmt: skip
_WORD: Final = re.compile(r"[^\W_][\w'’\-]*")
_PROPER_DEFAULT: Final = frozenset(m.casefold() for m in MONTHS)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How the running text of one document writes its words: what is a proper name, what an abbreviation stands for."""

    lower: frozenset[str] = field(default=frozenset(), repr=False)
    """Words that occur in lower case (casefolded)."""
    proper: frozenset[str] = field(default=frozenset(), repr=False)
    """Words that occur capitalised in mid-sentence and never in lower case (casefolded)."""
    bigrams: frozenset[str] = field(default=frozenset(), repr=False)
    """Pairs of neighbouring words, casefolded."""
    text: str = field(default="", repr=False)
    """The running text."""
    known: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)
    """What `is_name` found, by label."""

    @classmethod
    def of(cls, elements: Iterable[Element]) -> Vocabulary:
        low: set[str] = set()
        capital: Counter[str] = Counter()
        pairs: set[str] = set()
        texts: list[str] = []
        for element in elements:
            if element.kind == "chunk" and element.role in (None, "text", "list-item", "caption", "footnote"):
                _count(element.text, low, capital, pairs)
                texts.append(element.text)
            for extra in (element.caption, element.head):
                if extra:
                    _count(extra, low, capital, pairs)
        proper = {word for word, n in capital.items() if word not in low and n >= 2}
        return cls(frozenset(low), frozenset(proper | _PROPER_DEFAULT), frozenset(pairs), "\n".join(texts))

    def is_name(self, label: str) -> bool:
        """Whether the running text writes a capitalised label so in mid-sentence, more often than in lower case."""
        if label not in self.known:
            self.known[label] = self._is_name(label)
        return self.known[label]

    def _is_name(self, label: str) -> bool:
        if not label[:1].isupper() or label not in self.text:
            return False
        inside = len(re.findall(rf"{re.escape(label)}(?!\w)(?<=[a-z,] {re.escape(label)})", self.text))
        return inside > len(
            re.findall(rf"{re.escape(label.lower())}(?!\w)(?<!\w{re.escape(label.lower())})", self.text)
        )

    def repaired(self, label: str) -> str:
        """A label whose first capital was lost to small capitals: `RANSLATION` where the text writes `TRANSLATION`."""
        first = re.match(r"[A-Z]{5,}", label)
        if first is None or re.search(rf"(?<![A-Za-z]){first[0]}", self.text):
            return label
        hits = set(re.findall(rf"\b([A-Z]{first[0]})\b", self.text))
        return hits.pop() + label[first.end() :] if len(hits) == 1 else label

    def spelled(self, label: str, beside: Iterable[str]) -> str | None:
        """A label with its clipped words written out, None where nobody says what one stands for.

        `Product-Script Veri.` beside `Script Verification` -> `Product-Script Verification`.
        """
        words = label.split()
        others = [word for other in beside for word in other.split()]
        for at, word in enumerate(words):
            if not re.fullmatch(r"[A-Z]?[a-z]{1,6}\.", word) or word.casefold() in ("vs.", "no."):
                continue
            stem = word.rstrip(".")
            hits = {o for o in others if o.startswith(stem) and len(o) > len(stem) + 1 and o.isalpha()}
            follower = words[at + 1] if at + 1 < len(words) else ""
            long = hits.pop() if len(hits) == 1 else self.expand(word, follower)
            if long is None:
                return None
            words[at] = long.capitalize() if stem[0].isupper() else long
        return " ".join(words)

    def expand(self, short: str, follower: str) -> str | None:
        """What `Res.` stands for before `Class`: a word of the text that begins so and stands before the follower."""
        stem = short.rstrip(".").casefold()
        if follower:
            hits = {
                p.split(" ")[0] for p in self.bigrams if p.startswith(stem) and p.endswith(f" {follower.casefold()}")
            }
            hits |= {
                p.split(" ")[0]
                for p in self.bigrams
                if p.startswith(stem) and singular(p.split(" ")[1]) == follower.casefold()
            }
            hits = {h for h in hits if len(h) > len(stem) + 1}
            if len(hits) == 1:
                return hits.pop()
        return _EXPANSIONS.get(stem)


def _count(text: str, low: set[str], capital: Counter[str], pairs: set[str]) -> None:
    for sentence in re.split(r"(?<=[.!?:;])\s+|\n", text):
        words = _WORD.findall(sentence)
        for index, word in enumerate(words):
            if word[0].islower():
                low.add(word.casefold())
            elif index > 0 and word[0].isupper() and word[1:].islower():
                capital[word.casefold()] += 1
            if index > 0:
                pairs.add(f"{words[index - 1].casefold()} {word.casefold()}")


def lowered(text: str, vocabulary: Vocabulary) -> str:
    """A label in the case of running text: lower but for acronyms, inner capitals, digits and proper names."""
    if text.isupper() and len(text) > 5 and " " in text:
        text = text.title().replace("’S", "’s").replace("'S", "'s")
    words = re.split(r"(\s+|/|(?<=\w)-(?=\w)|\(|\))", text)
    return "".join(_lower_word(w, vocabulary) for w in words)


def _lower_word(word: str, vocabulary: Vocabulary) -> str:
    bare = word.strip(".,;:’'\"()")
    if not bare or not bare[0].isupper():
        return word
    if (
        len(bare) > 1
        and not bare[1:].islower()
        and not (bare.isupper() and len(bare) > 4 and bare.casefold() in vocabulary.lower)
    ):
        return word
    if len(bare) == 1 and bare not in ("A", "I"):
        return word
    if bare.casefold() in vocabulary.proper and bare.casefold() not in vocabulary.lower:
        return word
    if bare.isupper() and len(bare) > 1:
        return word.lower()
    return word[0].lower() + word[1:] if word[0].isalpha() else word.lower()


def noun_phrase(label: str, vocabulary: Vocabulary) -> str | None:
    """A column or row label as a noun phrase, None where it has no good words.

    `# Instances` -> `number of instances`, `Avg. #Turns` -> `average number of turns`, `Res. Class` -> ...
    """
    text = without_citation(without_footnote(label)).strip(" :.;,–—-")
    text = re.sub(r"[↑↓→←]|\s+(?:at|as of|as at)$", "", text)
    text = re.sub(r"#\s*(?=\w)|\bNo\.\s*(?:of\s+)?(?=\w)|\bNum(?:ber|\.)?\s+of\s+(?=\w)", "number of ", text).strip()
    if whole := measure.whole(text):
        return whole.phrase
    words = text.split()
    if not words or len(words) > 14 or not re.search(r"[^\W\d_]{2}", text):
        return None
    expanded = [_expanded(w, words[i + 1] if i + 1 < len(words) else "", vocabulary) for i, w in enumerate(words)]
    if any(w is None for w in expanded):
        return None
    phrase = lowered(" ".join(w for w in expanded if w), vocabulary)
    phrase = re.sub(r"\s*\(\s*\)", "", phrase)
    if re.fullmatch(r"[a-z]{1,3}", phrase) and phrase not in ("age", "sex", "fee", "tax", "gas", "day", "era"):
        return None
    return phrase if is_noun_phrase(phrase) else None


def _expanded(word: str, follower: str, vocabulary: Vocabulary) -> str | None:
    """The word, its long form where it is an abbreviation, None where nobody says what it stands for."""
    bare = word.strip("(),")
    stem = bare.rstrip(".").casefold()
    if bare.endswith(".") and len(stem) > 1 and stem.isalpha():
        return vocabulary.expand(bare, follower)
    if stem in _EXPANSIONS and stem not in ("est", "pop", "ref", "prob", "dev", "att", "temp", "min", "max"):
        return vocabulary.expand(bare, follower)
    if stem in ("temp", "min", "max"):
        return _EXPANSIONS[stem]
    return word


def is_noun_phrase(phrase: str) -> bool:
    """Whether a phrase can stand behind `the`: letters, no colon or arrow, balanced brackets, no loose ends."""
    if re.search(r"[:;=<>{}|\\^~✓✗?!→ˆ∗θ_`]|\d{4}-\d\d|https?|//", phrase) or phrase.count("(") != phrase.count(")"):
        return False
    words = phrase.split()
    if not words or words[-1].casefold() in ("of", "by", "the", "and", "or", "for", "with", "in", "to", "as", "per"):
        return False
    if (
        words[0].casefold() in _NOT_FIRST
        or (words[0] == "all" and len(words) < 3)
        or phrase.casefold() in NO_NOUN
        or phrase.startswith("-")
    ):
        return False
    if len(words) == 1 and re.fullmatch(r"(?!need|speed|seed|feed|breed|bed)\w{2,}ed", words[0]):
        return False
    return any(len(w) > 1 and w[0].isalpha() for w in words) and not _fragment(words) and not words[-1].endswith("#")


_NOT_FIRST: Final = frozenset(
    ["of", "by", "and", "or", "to", "if", "when", "we", "is", "are", "was", "it", "do", "does", "can", "you",
     "due", "less", "more", "greater", "within", "over", "under", "between", "designated", "non-designated",
     "before", "after", "-", "where", "which", "not", "from", "at", "as", "balance", "balances", "outstanding",
     "commenced", "behind", "granted", "vested", "exercised", "add", "plus", "minus", "how", "what", "who"]
)  # fmt: skip
NO_NOUN: Final = frozenset(
    ["third", "fourth", "behind", "north", "south", "east", "west", "original", "overall", "human", "automatic",
     "new", "old", "first", "second", "easy", "medium", "middle", "hard", "difficult", "yes", "no", "other",
     "others", "all", "full", "utilization", "additions", "deductions", "average", "total", "name", "value", "type"]
)  # fmt: skip
"""Words that are no quantity and no attribute by themselves."""


def _fragment(words: list[str]) -> bool:
    singles = sum(len(w) == 1 and w.isalpha() and w.casefold() not in ("a", "i") for w in words)
    return singles >= max(2, (len(words) + 1) // 2)


def kind_noun(label: str, vocabulary: Vocabulary) -> str | None:
    """The key column's header as a singular kind: `Reward Models` -> `reward model`; None where it names no kind."""
    label = re.sub(r"\s*\([^()]*\)$|\s+[Nn]ames?$", "", label.strip())
    if label.casefold() in NO_KIND:
        return None
    phrase = noun_phrase(label, vocabulary)
    if (
        phrase is None
        or re.match(r"(?:title|name|number|type|kind) of\b", phrase)
        or len(phrase.split()) > 4
        or any(ch.isdigit() for ch in phrase)
    ):
        return None
    head, space, last = phrase.rpartition(" ")
    noun = head + space + (singular(last) if last.islower() else re.sub(r"(?<=[A-Z])s$", "", last))
    return None if noun.casefold() in NO_KIND or last.casefold() in NO_KIND_LAST else noun


NO_KIND: Final = frozenset(
    ["name", "title", "item", "id", "date", "year", "season", "no", "number", "value", "description", "note",
     "total", "rank", "pos", "position", "week", "round", "time", "key", "code", "label", "entry", "property",
     "parameter name", "field", "type", "detail", "page", "reference", "link", "content", "metric", "measure",
     "result", "data", "score", "setting", "stage", "n", "place", "opponent", "winner", "runner-up", "home team",
     "away team", "represent", "north", "south", "east", "west", "location", "venue", "competition", "nominee",
     "men's winner", "nominated work", "award"]
)  # fmt: skip
NO_KIND_LAST: Final = frozenset(["date", "no", "number", "rank", "id", "%", "value", "total"])


def set_phrase(kind: str, participle: str, qualifier: str = "") -> str:
    """`languages listed`, `top ten reward models compared`."""
    return f"{qualifier + ' ' if qualifier else ''}{plural(kind)} {participle}"
