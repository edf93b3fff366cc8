"""Words and noun phrases without a tagger: stop words, suffix rules and short lists."""

from __future__ import annotations

import re
from typing import Final


def words(text: str) -> frozenset[str]:
    """A list of words as a set: `words("a an the")`."""
    return frozenset(text.split())


STOP: Final = words(
    "a an the of in on for to and or with by from as at is are was were be been being this that these those it its "
    "their our we they which who whom whose not no nor can could may might will would shall should do does did has "
    "have had but if then than so such more most much many other another each every both all any some few into over "
    "under between among while when where how what why also only very just however thus therefore further there here "
    "he she his her him them us you your i my me"
)
PRONOUNS: Final = words(
    "it its this that these those they their them he she his her him we our us you your i my such here there"
)
PERSONS: Final = words(
    "pilot driver patient applicant employee student author investigator passenger captain client tenant manager "
    "customer officer director operator owner engineer teacher crew inventor discoverer astronaut founder designer "
    "member instructor"
)
VERBAL: Final = re.compile(
    r"^(?:is|are|was|were|be|has|have|had|do|does|did|can|will|would|should|may|must|shows?|uses?|makes?|gives?|takes?"
    r"|provides?|contains?|includes?|remains?|becomes?|outperforms?|achieves?|increases?d?|decreases?d?|improves?d?"
    r"|reported|stated|found|said|made|led|let|set|see|use|show|note)$",
    re.IGNORECASE,
)
_NAME_WORD: Final = re.compile(
    r"^(?:[A-Z]{2,}[\w+./-]*|[A-Z][a-z0-9]*[A-Z0-9][\w+./-]*|[A-Z]-[A-Z]\w+|[a-z]+[A-Z]\w*)$"
)
_SMALL: Final = words("a an the of in on for to and or with by from as at via vs")


def is_name(text: str) -> bool:
    """Whether one of the words is spelled as only names are: mixed case, digits, capitals, or all are Title Case."""
    parts = text.replace("(", " ").replace(")", " ").split()
    return bool(parts) and (any(_NAME_WORD.match(w.strip(",;:.")) for w in parts) or is_title_case(text))


def is_title_case(text: str) -> bool:
    """Whether every word but the small ones begins with a capital or a digit."""
    parts = [w for w in re.split(r"[\s/-]+", text) if w and w.lower() not in _SMALL]
    return bool(parts) and all(w[0].isupper() or w[0].isdigit() or not w[0].isalpha() for w in parts)


def lowered(label: str) -> str:
    """A label in running text: Title Case words lowered, acronyms and mixed-case words kept.

    Where only the first word is capitalised, the others that are capitalised are names and stay.
    """
    parts = label.split()
    content = [w for w in parts if w.lower() not in _SMALL and w[:1].isalpha()]
    everywhere = sum(w[0].isupper() for w in content) >= max(2, 0.75 * len(content)) or len(content) == 1
    return " ".join(_lower(w) if everywhere or i == 0 else w for i, w in enumerate(parts))


def _lower(word: str) -> str:
    bare = re.sub(r"[^\w]", "", word)
    if len(bare) > 1 and (bare.isupper() or any(c.isupper() for c in bare[1:]) or any(c.isdigit() for c in bare)):
        parts = re.split(r"([-/])", word)
        return "".join(_lower(p) for p in parts) if len(parts) > 1 else word
    return word.lower()


def head(phrase: str) -> str:
    """Last word before the first preposition or participle clause: the head noun, lower case."""
    found: list[str] = []
    for word in re.sub(r"\([^()]*\)", " ", phrase).lower().split():
        if found and word in ("of", "in", "on", "for", "from", "at", "by", "with", "to", "since", "under", "per", "as"):
            break
        found.append(word.strip(",;:"))
    return found[-1] if found else ""


def is_noun_phrase(text: str, *, longest: int = 12) -> bool:
    """Whether a text can be a noun phrase: no pronoun, no finite verb, no loose end, not too long."""
    parts = text.split()
    if not parts or len(parts) > longest or not re.search(r"[^\W\d_]{2}", text):
        return False
    if text.count("(") != text.count(")") or text.count('"') % 2 or re.search(r"[.;:?!](?:\s|$)", text):
        return False
    low = [w.strip(",'\"“”()").lower() for w in parts]
    if low[0] in PRONOUNS or low[-1] in STOP or low[0] in ("of", "in", "on", "for", "to", "and", "or", "by", "with"):
        return False
    return not any(VERBAL.match(w) for w in low)


_IS_A: Final = r"(?:is|was|are)\s+(?:an?|the|one of the)\s+(?P<rest>(?:[\w'’-]+\s+){0,6}?[\w'’-]+)"
_RELATION: Final = re.compile(
    r"^(?:of|in|on|for|from|at|by|with|to|that|which|who|where|whose|and|or|orbiting|located|discovered|known|named)$"
)


def kind_in(name: str, text: str) -> str | None:
    """`planet` from "Jupiter is the largest planet in ..." where the text opens with the name; else None."""
    match = re.match(rf"(?:The )?{re.escape(name)}(?:\s*\([^)]*\))?,?\s+{_IS_A}(?=[\s,.;])", text)
    if match is None:
        return None
    found: list[str] = []
    for word in text[match.start("rest") :].split():
        bare = word.strip(",.;:")
        if _RELATION.match(bare.lower()):
            break
        found.append(bare)
        if word[-1] in ",.;:":
            break
    noun = found[-1].lower() if found else ""
    return noun if noun.isalpha() and noun not in STOP else None
