"""Names of measures: how they are said, which end is better, and what may be added up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from kg.values.unit import is_currency

Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as a question names it."""

    phrase: str
    better: Better | None
    span: tuple[int, int]
    """Where it stands in the text it was found in."""


_HIGHER: Final = (
    (r"(?:top-?\d+\s+)?accurac(?:y|ies)|acc\.?", "accuracy"),
    (r"(?:ma(?:cro)?)[-\s.]?f1(?:[-\s]?scores?)?", "macro-F1 score"),
    (r"(?:mi(?:cro)?)[-\s.]?f1(?:[-\s]?scores?)?", "micro-F1 score"),
    (r"f1(?:[-\s]?scores?)?|f-?scores?|f-?measure", "F1 score"),
    (r"(?:roc-?\s?auc|auroc)", "AUROC"),
    (r"auc(?:-?pr)?", "AUC"),
    (r"n?dcg\s?@\s?\d+", None),
    (r"(?:recall|precision|hits?|hit|pass|mrr|map|acc|r|p)\s?@\s?\d+", None),
    (r"precision", "precision"),
    (r"recall", "recall"),
    (r"exact match(?:es)?", "exact match score"),
    (r"\bEM\b", "exact match score"),
    (r"(?:sacre)?bleu(?:-\d)?", None),
    (r"rouge-?(?:\d|l|lsum)?", None),
    (r"chrf(?:\+\+)?|meteor|bertscore|bleurt|comet(?:kiwi)?|bartscore", None),
    (r"\bmAP\b|\bMRR\b|\bMAP\b|\bmIoU\b|\bIoU\b|\bPSNR\b|\bSSIM\b", None),
    (r"(?:lc|length-controlled)[-\s]win[-\s]?rates?", "length-controlled win rate"),
    (r"win(?:ning)?[-\s]?rates?", "win rate"),
    (r"success[-\s]?rates?", "success rate"),
    (r"(?:percentage |inter-annotator )?agreement", None),
    (r"cohen[’']?s kappa|kappa", "Cohen's kappa"),
    (r"throughput", "throughput"),
    (r"(?:spearman|pearson|kendall)[’']?s?(?:\s\w+)?\s?(?:correlations?)?", None),
)  # fmt: skip
_LOWER: Final = (
    (r"perplexity|ppl", "perplexity"),
    (r"(?:word )?error rates?|wer|cer", None),
    (r"\bRMSE\b|\bMAE\b|\bMSE\b|\bFID\b|\bFVD\b|\bECE\b", None),
    (r"latency", "latency"),
    (r"(?:training |validation |test )?loss", None),
    (r"inference time|training time|run ?time", None),
)  # fmt: skip
_NEUTRAL: Final = (
    (r"var(?:iance)?\.?", "variance"),
    (r"std(?:\.|\s?dev(?:iation)?\.?)?|standard deviation", "standard deviation"),
    (r"performance drop|performance gain", None),
    (r"\bscores?\b", "score"),
)

_DIRECTIONS: Final[tuple[tuple[tuple[tuple[str, str | None], ...], Better | None], ...]] = (
    (_HIGHER, "higher"),
    (_LOWER, "lower"),
    (_NEUTRAL, None),
)
_TABLE: Final[tuple[tuple[re.Pattern[str], str | None, Better | None], ...]] = tuple(
    (
        re.compile(rf"(?<![\w@-])(?:{pattern})(?![\w@])", 0 if pattern.startswith(r"\b") else re.IGNORECASE),
        phrase,
        better,
    )
    for rows, better in _DIRECTIONS
    for pattern, phrase in rows
)

_ACRONYM: Final = re.compile(r"[@\d]|^[A-Za-z]*[A-Z]{2}")
_MEAN: Final = re.compile(r"^(?:avg|average|mean|overall|macro[- ]?avg|ave)\b\.?", re.IGNORECASE)
_LOWER_WORDS: Final = re.compile(r"\b(?:error|loss|latency|perplexity|false (?:positive|negative))\b", re.IGNORECASE)
_HIGHER_WORDS: Final = re.compile(
    r"\b(?:accuracy|score|precision|recall|f1|throughput|speedup|win rate|agreement)\b", re.IGNORECASE
)

AMOUNT_WORDS: Final = re.compile(
    r"\b(?:number|count|population|instances|problems|samples|goals|points|laps|employees|passengers|votes|seats|items"
    r"|documents|sentences|tokens|words|pages|medals|wins|losses|deaths|births|students|shares|units|launches"
    r"|missions|moons)\b",
    re.IGNORECASE,
)
_AVERAGED: Final = r"average|mean|avg|median|ratio|percentage|percent|share of|per|rank|index|price|weighted"
_NO_SUM: Final = re.compile(
    rf"\b(?:{_AVERAGED}|rate|score|accuracy|age|density|temperature|year|speed|height|term)\b|%|@", re.IGNORECASE
)
_NO_SUM_OF_MONEY: Final = re.compile(rf"\b(?:{_AVERAGED})\b|%$|@", re.IGNORECASE)
"""`term debt`, `notional amount of interest rate contracts` and `3.20% notes due 2026` are amounts that add up."""


def find_all(text: str) -> list[Measure]:
    """Measures named in a text, in order; of overlapping ones the longest."""
    found: list[Measure] = []
    for pattern, phrase, better in _TABLE:
        for match in pattern.finditer(text):
            if not any(m.span[0] < match.end() and match.start() < m.span[1] for m in found):
                found.append(Measure(phrase or said(match[0]), better, match.span()))
    return sorted(found, key=lambda m: m.span)


def only(text: str) -> Measure | None:
    """The one measure that a text names; None where it names none or several. A bare `score` counts only alone."""
    found = find_all(text)
    named = [m for m in found if m.phrase != "score"] or found
    phrases = {m.phrase for m in named}
    return named[0] if len(phrases) == 1 else None


def whole(label: str) -> Measure | None:
    """The measure that a header label is as a whole (arrows, percent signs and brackets aside)."""
    bare = re.sub(r"[↑↓]|\(%\)|%", "", label).strip(" .:")
    for measure in find_all(bare):
        if measure.span[0] == 0 and not bare[measure.span[1] :].strip(" ."):
            return Measure(measure.phrase, arrow(label) or measure.better, measure.span)
    return None


def said(label: str) -> str:
    """A measure's name as said in a sentence: acronyms and names with digits as printed, words in lower case."""
    words = label.split()
    return " ".join(w if _ACRONYM.search(w) or not w[1:].islower() else w.lower() for w in words)


def arrow(label: str) -> Better | None:
    """What an arrow in a header says."""
    if "↑" in label:
        return "higher"
    return "lower" if "↓" in label else None


def better_of(quantity: str) -> Better | None:
    """Which end of a quantity is better, where its words say so."""
    found = only(quantity)
    if found and found.better:
        return found.better
    if _LOWER_WORDS.search(quantity):
        return "lower"
    return "higher" if _HIGHER_WORDS.search(quantity) else None


def is_mean(label: str) -> bool:
    """Whether a header or row label names a mean over the others: never an operand beside them."""
    return bool(_MEAN.match(label.strip()))


def role_of(quantity: str) -> Literal["data", "rank"]:
    """Whether a quantity is a rank by its words."""
    if re.search(r"\b(?:rank|ranking|position|place|tier|standing|seed)$", quantity, re.IGNORECASE):
        return "rank"
    return "data"


def is_additive(quantity: str, unit: str | None) -> bool:
    """Whether values of a quantity may be summed over the members of a set: amounts and counts, not rates or scores."""
    if is_currency(unit) and "/" not in str(unit):
        return not _NO_SUM_OF_MONEY.search(quantity)
    if _NO_SUM.search(quantity) or unit in ("%", "pp", "bps") or (unit and "/" in unit):
        return False
    return unit in ("share", "token", "employee", "person") or bool(AMOUNT_WORDS.search(quantity))
