"""English noun phrases: head, number, article, possessive. Word lists and suffix rules instead of a tagger."""

from __future__ import annotations

import re
from typing import Final

from kg.values import name as names
from synthesis.wording.word_sets import words

PREPOSITIONS: Final = words(
    "of in on for from per at by with to before after under over above below than between during as within "
    "without since until used given that which whose attributable related"
)
"""Words that end the head of a noun phrase."""

SINGULAR_WORDS: Final = words("always gross gps process business access loss less progress success class")
UNCHANGED: Final = words("aircraft spacecraft watercraft hovercraft offspring series species")
PLURAL_WORDS: Final = words("people children men women criteria phenomena indices matrices vertices feet")
TRAILING_ADJECTIVES: Final = words(
    "net gross payable receivable outstanding issued diluted basic total listed used tested"
)
DETERMINERS: Final = ("the ", "a ", "an ", "its ", "their ", "our ", "this ", "these ")
VOWEL_SOUND_LETTERS: Final = frozenset("AEFHILMNORSX")
FOOTNOTE_MARK: Final = re.compile(r"\s*(?:[*†‡§¹²³]+|\(\d\)|\[\d+\])\s*$")


def phrase(text: str) -> str:
    """A label as running text: no footnote mark, no colon, one space, first letter lowered unless it is a name."""
    text = FOOTNOTE_MARK.sub("", " ".join(text.split())).strip(" :;,.–—-")
    return lower_first(text)


ORDINARY: Final = words(
    "the a an our its their this all both most each it they total net gross other overall average operating "
    "selling research general sales revenue revenues income cost costs cash interest depreciation amortization "
    "accounts provision inventory inventories demand expenses spending profit growth compensation gains losses "
    "effective higher lower increased decreased shareholders’ shareholders' stockholders’ current non-current "
    "change adjustments assets liabilities unit units performance accuracy "
)
"""Words that open a sentence or a label with a capital only because they open it."""


def unraised(text: str) -> str:
    """Lower the first word where it is an ordinary one: `Net sales of iPhone`, not `Mac net sales`."""
    first, space, rest = text.partition(" ")
    return f"{first.lower()}{space}{rest}" if first.lower() in ORDINARY else text


def lower_first(text: str) -> str:
    """Lower the first letter of an ordinary capitalised word; names in mixed case, acronyms and digits keep theirs.

    One capitalised word alone, and a title-case phrase, is a name and stays: extraction lowers ordinary labels.
    """
    words = text.split()
    if not words or not re.fullmatch(r"[A-Z][a-z-]+[,;]?", words[0]):
        return text
    others = [word for word in words[1:] if word[0].isalpha() and len(word) > 3]
    if not others or all(word[0].isupper() for word in others):
        return text
    if words[1][0].isupper() and words[0].lower() not in ORDINARY:
        return text  # a term that the document defines: `Commercial Paper outstanding`
    return text[0].lower() + text[1:]


def head(text: str) -> str:
    """The head noun: the last word before the first preposition, trailing adjectives and ", net" skipped."""
    words: list[str] = []
    for word in re.sub(r",? net$", "", text).split():
        if word.lower() in PREPOSITIONS and words:
            break
        words.append(word.strip("()"))
    words = [word.rstrip(",;:") for word in words if word.rstrip(",;:")]
    while len(words) > 1 and words[-1].lower() in TRAILING_ADJECTIVES:
        words.pop()
    return words[-1] if words else ""


def is_plural(text: str) -> bool:
    """True where the phrase takes "were": `net sales of services`, `accounts receivable`; False for `net income`."""
    word = head(text)
    low = word.lower()
    if low in PLURAL_WORDS:
        return True
    if low in SINGULAR_WORDS or (word.isupper() and len(word) <= 6):
        return False
    return low.isalpha() and names.singular(low) != low


def plural(text: str) -> str:
    """Plural of a singular noun phrase: `reward model` -> `reward models`; what has no plural form stays."""
    return text if head(text).lower() in UNCHANGED else names.plural(text)


def singular(text: str) -> str:
    """Singular of a plural noun phrase: `reward models` -> `reward model`; singular phrases stay."""
    word = head(text)
    match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) if is_plural(text) else None
    if match is None:
        return text
    made = names.singular(word.lower())
    made = word[0] + made[1:] if word[0].isupper() else made
    return text[: match.start()] + made + text[match.end() :]


def article(text: str) -> str:
    """`text` with "a" or "an" by sound: `an NTSB report`, `a US company`, `an hour`."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    if first.isupper() and len(first) > 1:
        vowel = first[0] in VOWEL_SOUND_LETTERS
    else:
        vowel = bool(re.match(r"(?i)[aeiou]|hour|honest|heir|8|11\b|18\b", first)) and not re.match(
            r"(?i)uni|use|usu|eu|one\b|once", first
        )
    return f"{'an' if vowel else 'a'} {text}"


def definite(text: str) -> str:
    """`text` with "the", unless it has a determiner or opens with a possessive."""
    if text.lower().startswith(DETERMINERS) or re.match(r"\S+['’]s? ", text):
        return text
    return f"the {text}"


def possessive(name: str) -> str | None:
    """`Apple's`; None where "of" reads better (long names, names with digits or articles)."""
    if not re.fullmatch(r"[A-Z][A-Za-z.&-]*(?: [A-Z][A-Za-z.&-]*)?", name):
        return None
    return f"{name}'" if name.endswith("s") else f"{name}'s"
