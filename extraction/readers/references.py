"""Labels as people print them: "Table 3:", "Fig. 2", "Eq. (5)", "Section 5.1", in normal form."""

from __future__ import annotations

import re
from typing import Final

from schemas.element import Link

_NOUNS: Final[dict[str, str]] = {
    "table": "table",
    "tab": "table",
    "figure": "figure",
    "fig": "figure",
    "equation": "equation",
    "eq": "equation",
    "eqn": "equation",
    "section": "section",
    "sec": "section",
    "appendix": "section",
    "listing": "listing",
    "algorithm": "algorithm",
}
_NUMBER: Final = r"(?:[A-Z]\.?)?\d+(?:[.\-]\d+)*[a-z]?|[A-Z](?:\.\d+)*|[IVX]+"
_OWN: Final = re.compile(
    rf"(?P<noun>Table|Tab\.|Figure|Fig\.?|Listing|Algorithm)\s*(?P<number>{_NUMBER})\s*(?:[:.|—–]\s*|\s-\s+|$)",
    re.IGNORECASE,
)
_MENTION: Final = re.compile(
    r"\b(?P<noun>Tables?|Tab\.|Figures?|Figs?\.?|Equations?|Eqs?\.|Eqns?\.|Sections?|Secs?\.|Appendix|Listing|Algorithm|§)"
    rf"\s*(?P<first>\(?(?:{_NUMBER})(?![A-Za-z])\)?)(?P<more>(?:\s*(?:,|and|or|&|,\s*and)\s*\(?\d+(?:\.\d+)*[a-z]?\)?(?!\w|\s*%))*)",
)
_ITEM: Final = re.compile(rf"\(?(?P<number>{_NUMBER})\)?")


def label_of(noun: str, number: str) -> str:
    """The normal label: ("Fig.", "2") -> `figure 2`. Unknown nouns stay, in lower case."""
    key = noun.lower().rstrip(".").removesuffix("s") if noun != "§" else "section"
    return f"{_NOUNS.get(key, key)} {number.strip('().').lower()}"


def own_label(caption: str) -> tuple[str | None, str]:
    """Splits a caption into its normal label and its text: "Table 3: Moons" -> (`table 3`, "Moons")."""
    match = _OWN.match(caption.strip())
    if match is None:
        return None, caption.strip()
    return label_of(match["noun"], match["number"]), caption.strip()[match.end() :].strip()


def mentions(text: str) -> tuple[Link, ...]:
    """Cross references in running text, one link for each number: "Tables 1 and 2" gives two."""
    links: list[Link] = []
    for match in _MENTION.finditer(text):
        noun = match["noun"]
        first = match.start("first")
        for item in _ITEM.finditer(text, first, match.end()):
            if item.start() > first and not item["number"][0].isdigit():
                continue
            start = match.start() if item.start() == first else item.start()
            links.append(
                Link(text=text[start : item.end()], span=(start, item.end()), label=label_of(noun, item["number"]))
            )
    return tuple(links)


def with_mentions(text: str, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The given links, and the printed cross references that none of them covers."""
    taken = [link.span for link in links if link.span]
    free = [
        mention
        for mention in mentions(text)
        if mention.span and not any(a < mention.span[1] and mention.span[0] < b for a, b in taken)
    ]
    return tuple(sorted((*links, *free), key=lambda link: link.span or (len(text), 0)))
