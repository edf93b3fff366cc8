"""Sentences and clauses with their spans: where they begin and end, and whether they stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extraction.extractors import phrases

_END: Final = re.compile(r"[.!?][”\"')\]]?\d{0,2}\s+(?=[\"“(\[]?[A-Z0-9•])")
_ABBREVIATED: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|vs|cf|etc|Fig|Figs|Eq|Sec|Tab|No|Nos|Mr|Mrs|Ms|Dr|Prof|Inc|Corp|Co|Ltd|St|Jr|Sr|approx"
    r"|resp|Vol|pp|Art|al)|\b[A-Z]|\b(?:[A-Z]\.)+[A-Z])\.$"
)
CITATION: Final = re.compile(r"\s*\((?:[^()]*?\b(?:19|20)\d\d[a-z]?(?:\s*,\s*[a-z])?\b[^()]*)\)")
_TAIL: Final = re.compile(
    r",?\s+(?:(?:thus|thereby|hence|therefore)\s+\w+ing|(?:leading|resulting|proving|indicating|suggesting|demonstrating"
    r"|showing|highlighting|making|yielding|producing)\b|which (?:leads?|results?|in turn|makes?|is|are|may|can)\b"
    r"|while\b|whereas\b|as (?:shown|illustrated|described|presented|discussed)\b|see\b|following\b).*$"
)
_LEAD: Final = re.compile(
    r"^(?:(?:However|Moreover|Furthermore|Additionally|Besides|Notably|Specifically|Also|In addition|For example"
    r"|For instance|Similarly|Consequently|Therefore|Thus|Hence|First|Second|Third|Finally|Interestingly|In particular"
    r"|In contrast|Meanwhile|As a result|Indeed|Overall|Note that|[•●▪‣–-]|\(\w{1,3}\)|\d{1,2}[.)])[,:]?\s+"
    r"|Year-over-year\s+)+"
)
HEDGED: Final = re.compile(
    r"\b(?:may|might|could|possibly|probably|perhaps|likely|presumably|potentially|if|whether|would)\b", re.IGNORECASE
)
FINITE: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|did|do|cannot|can|will|increased|decreased|declined|rose|fell|grew|dropped"
    r"|improved|remained|changed|exceeded|lost|gained|failed|looks?|looked|turns?|turned|moves?|moved|shares?|carried|retired|pulls?|outperformed|underperformed|performed|achieved|showed)\b"
)
_DEICTIC: Final = re.compile(
    r"\b(?:this|these|those|that|such|it|its|they|their|them|he|she|his|her|the (?:latter|former|above|following)|here"
    r"|another|both|others?)\b",
    re.IGNORECASE,
)

Span = tuple[int, int]


def sentences(text: str) -> Iterator[Span]:
    """[start, end) of each sentence, without the white space between."""
    start = 0
    for match in _END.finditer(text):
        stop = match.end() - len(match[0]) + len(match[0].rstrip())
        if _ABBREVIATED.search(text[start : match.start() + 1]):
            continue
        yield start, stop
        start = match.end()
    if text[start:].strip():
        yield start, len(text.rstrip())


def trimmed(text: str, span: Span) -> Span:
    """The span without leading linkers and bullets."""
    match = _LEAD.match(text[span[0] : span[1]])
    return (span[0] + match.end(), span[1]) if match else span


def closed(text: str, span: Span) -> Span:
    """The span cut at its clause border: without the final stop, a trailing citation and what follows from it."""
    start, end = span
    piece = text[start:end]
    piece = piece[: len(piece) - len(piece.lstrip())] + piece.strip()
    if match := _TAIL.search(piece):
        piece = piece[: match.start()]
    piece = re.sub(r"[.;,:]?\d{0,2}$", "", piece) if re.search(r"[a-z)”\"%][.;,:]\d{0,2}$", piece) else piece
    if match := re.search(CITATION.pattern + r"$", piece):
        piece = piece[: match.start()]
    piece = piece.rstrip(" .;,:")
    return start, start + len(piece)


def whole(text: str, *, shortest: int = 2, longest: int = 60) -> bool:
    """Whether a span can be an answer: complete brackets and quotes, no citation inside, no loose end."""
    words = text.split()
    if not shortest <= len(words) <= longest or CITATION.search(text):
        return False
    if any(text.count(a) != text.count(b) for a, b in ("()", "[]", "“”")) or text.count('"') % 2:
        return False
    if re.search(r"\b(?:Figure|Table|Section|Appendix|Eq\w*|Note) ?\d|\$|[�]|\\", text.replace("$ ", "")):
        return bool(re.search(r"\$\d", text)) and not re.search(r"\b(?:Figure|Table|Section|Appendix) ?\d", text)
    return words[-1].strip(",;").lower() not in phrases.STOP


def stands_alone(noun: str) -> bool:
    """Whether a subject can be said without what stands before it: no pronoun, no "this", no "the former"."""
    words = noun.split()
    return bool(words) and words[0].lower() not in phrases.PRONOUNS and not _DEICTIC.search(noun)


def subject_of(clause: str) -> str | None:
    """The words before the finite verb, None where there is no verb or no noun phrase before it."""
    match = FINITE.search(clause)
    if match is None or match.start() == 0:
        return None
    noun = clause[: match.start()].strip(" ,")
    return noun if phrases.is_noun_phrase(noun, longest=16) else None
