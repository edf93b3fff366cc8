"""Judges of sets and lists: every member, nothing else; order and repetition do not count."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from scoring.answers.amount import amounts, only
from scoring.answers.clean import plain
from scoring.answers.expected import Expected
from scoring.answers.names import folded

_BULLET: Final = re.compile(r"^\s*(?:[-*•–+]|\(?\d{1,2}[.)]|[a-z]\))\s+", re.MULTILINE)
_AND: Final = r"(?:and|und|et|y|e|as well as|&)"
_STOP: Final = frozenset(
    ["the", "a", "an", "is", "are", "was", "were", "be", "of", "for", "in", "on", "at", "to", "by", "with",
     "and", "or", "from", "as", "it", "they", "these", "those", "following", "answer", "answers", "list",
     "listed", "all", "only", "there", "that", "which", "who", "have", "has", "had", "set", "two", "three",
     "four", "five", "six", "seven", "eight", "nine", "ten", "members", "here", "namely", "include", "includes",
     "including", "consist", "consists", "so", "therefore", "thus", "final", "both", "met", "meets",
     "condition"]
)  # fmt: skip
_CLOSES_LEAD: Final = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "be",
        "include",
        "includes",
        "including",
        "namely",
        "following",
        "by",
        "as",
        "of",
        "for",
    ]
)
_OPENS_TAIL: Final = frozenset(
    ["is", "are", "was", "were", "have", "has", "had", "meet", "met", "do", "did", "all", "in", "on", "by",
     "from", "both", "that", "which", "who"]
)  # fmt: skip


def members(expected: Expected) -> list[str]:
    """The members of the expected set as they are written: the spelling whose number of parts is the right one."""
    size = expected.value.count("|") + 1 if expected.value else 0
    splits = [
        split
        for form in expected.forms
        for split in (
            re.split(r"\s*[;|]\s*", form),
            re.split(r"\s*,\s+", form),
            re.split(rf"\s*,\s+(?:{_AND}\s+)?|\s+{_AND}\s+", form),
        )
    ]
    for split in splits:
        if size and len(split) == size:
            return split
    if size:
        return expected.value.split("|")
    text = expected.text.strip("[]{}()")
    if re.search(r"[;|]", text):
        return re.split(r"\s*[;|]\s*", text)
    return [part for part in re.split(rf"\s*,\s+(?:{_AND}\s+)?|\s+{_AND}\s+", text) if part]


def judge(text: str, expected: Expected) -> bool | None:
    """Whether a statement lists all members of the expected set and no other."""
    right = members(expected)
    clean = plain(text).strip().strip("[]{}").strip()
    if not clean:
        return None
    numbers = [only(member, expected.language) for member in right]
    if all(number is not None for number in numbers):
        wanted = {(number.value, number.unit) for number in numbers if number is not None}
        body = _BULLET.sub("", clean)
        return {
            (a.value, a.unit) for a in amounts(re.sub(r",(?=\S)(?!\d{3}\b)", ", ", body), expected.language)
        } == wanted
    return _covers(clean, right, expected)


def _covers(text: str, right: list[str], expected: Expected) -> bool:
    """Masks the members and looks at what is left: connectors between them, known words before and behind."""
    text, right = _without_separators(text, right)
    lines = [line for line in text.split("\n") if line.strip()]
    bullets = [line for line in lines if _BULLET.match(line)]
    if bullets and len(lines) > 1:
        rest = [line for line in lines if line not in bullets]
        if any(_has_member(line, right) for line in rest):
            return False
        return _items([_BULLET.sub("", line) for line in bullets], right)
    body = "; ".join(lines) if len(lines) > 1 and not lines[0].rstrip().endswith((":", ".")) else " ".join(lines)
    return _sentence(_BULLET.sub("", body), right, expected)


def _without_separators(text: str, right: list[str]) -> tuple[str, list[str]]:
    """Members that hold a comma or an `and` are replaced by one word each, in the text and in the set."""
    plainer = []
    for number, member in enumerate(right):
        word = member
        if re.search(rf"[,;|]|\s{_AND}\s", member):
            word = f"member{number}"
            text = re.sub(rf"(?<!\w){re.escape(member)}(?!\w)", word, text, flags=re.IGNORECASE)
        plainer.append(word)
    return text, plainer


def _items(items: list[str], right: list[str]) -> bool:
    wanted = {folded(member) for member in right}
    found = set()
    for item in items:
        names = {folded(item), folded(re.split(r"\s+[–—-]\s+|:\s|\s+\(|,\s", item, maxsplit=1)[0])} & wanted
        if not names:
            return False
        found |= names
    return found == wanted


def _has_member(text: str, right: list[str]) -> bool:
    return any(f" {folded(member)} " in f" {folded(text)} " for member in right)


def _sentence(text: str, right: list[str], expected: Expected) -> bool:
    parts = [part for part in re.split(r"\s*[;|]\s*|\s*,\s*|\n", text) if part.strip()]
    if _exact(parts, right) or _exact(
        [p for part in parts for p in re.split(rf"\s+{_AND}\s+|^{_AND}\s+", part) if p], right
    ):
        return True
    masked = re.sub(r"[;,|\n]", " \x02 ", text)
    marked = _mask(masked, right)
    if marked is None:
        return False
    words = marked.split()
    at = [index for index, word in enumerate(words) if word == "\x01"]
    known = set(folded(expected.question).split()) | _STOP
    lead, body, tail = words[: at[0]], words[at[0] : at[-1]], words[at[-1] + 1 :]
    between = {"and", "und", "et", "y", "e", "&", "\x01", "\x02", "as", "well", "the"}
    lead_ok = not lead or (set(lead) <= known | {"\x02"} and (lead[-1] in _CLOSES_LEAD or lead[-1] == "\x03"))
    return set(body) <= between and _separated(words[at[0] : at[-1] + 1]) and lead_ok and _tail(tail, known)


def _tail(tail: list[str], known: set[str]) -> bool:
    return not tail or (tail[0] in _OPENS_TAIL and set(tail) <= known)


def _separated(words: list[str]) -> bool:
    """No two members side by side without a connector: `Paris London` may be one name."""
    return all(not (a == "\x01" == b) for a, b in pairwise(words))


def _exact(parts: list[str], right: list[str]) -> bool:
    return {folded(re.sub(rf"^{_AND}\s+", "", part.strip(" .\"'“”"))) for part in parts} == {
        folded(member) for member in right
    }


def _mask(text: str, right: list[str]) -> str | None:
    """The folded text with a mark for each member; None where one is missing."""
    pieces = [
        folded(piece) if piece not in {"\x02", "\x03"} else piece
        for piece in re.split(r"(\x02|\x03)", text.replace(":", " \x03 "))
    ]
    joined = f" {' '.join(piece for piece in pieces if piece)} "
    names = sorted({folded(member) for member in right}, key=len, reverse=True)
    # A name that ends in a plural loses its s only at the end of a phrase; both spellings are tried.
    for name in names:
        count = 0
        for spelling in dict.fromkeys((name, f"{name}s")):
            joined, hits = re.subn(rf"(?<= ){re.escape(spelling)}(?= )", "\x01", joined)
            count += hits
        if not count:
            return None
    return joined.replace("the \x01", "\x01")
