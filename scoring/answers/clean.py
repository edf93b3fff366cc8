"""Answers without their dress: Markdown, LaTeX, quotes, typographic variants."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FRACTION: Final = re.compile(r"\\[dtc]?frac\s*(?:\{([^{}]*)\}\s*\{([^{}]*)\}|(\d)\s*(\d))")
_WRAPPED: Final = re.compile(
    r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|mbox|operatorname|emph|underline)\s*\{([^{}]*)\}"
)
_TO: Final = (
    (re.compile(r"\\(?:times|cdot)(?![a-zA-Z])"), " × "),
    (re.compile(r"\\(?:approx|simeq|sim)(?![a-zA-Z])"), " ≈ "),
    (re.compile(r"\^\s*\{?\s*\\circ\s*\}?|\\(?:degree|circ)(?![a-zA-Z])"), "°"),
    (re.compile(r"\\pm(?![a-zA-Z])"), " ± "),
    (re.compile(r"\\(?:geq?|geqslant)(?![a-zA-Z])"), " ≥ "),
    (re.compile(r"\\(?:leq?|leqslant)(?![a-zA-Z])"), " ≤ "),
    (re.compile(r"\{([,.])\}"), r"\1"),
    (re.compile(r"\\(?:left|right|displaystyle|quad|qquad)(?![a-zA-Z])"), " "),
    (re.compile(r"\\[,;:! ]|(?<=\d)~(?=[\d\w])"), " "),
    (re.compile(r"\\([%$#&_{}])"), r"\1"),
    (re.compile(r"\\\(|\\\)|\\\[|\\\]|\$\$"), " "),
    (re.compile(r"\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|`+|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)"), ""),
    (re.compile(r"^\s{0,3}(?:#{1,6}\s+|>(?!\s*[\d$€£<>=.-])\s*)", re.MULTILINE), ""),
    (re.compile(r"</?(?:b|i|em|strong|u|sup|sub|p|br|span|code|mark)\s*/?>", re.IGNORECASE), ""),
)  # fmt: skip
_MATH: Final = re.compile(r"(?<!\\)\$\$?([^$\n]{0,400}[^$\s\\(*/+-]|[^$\n]{0,400}\\\$[^$\n]{0,40})(?<!\\)\$\$?(?!\d)")
_QUOTES: Final = "\"'“”„‟«»‘’‚‹›「」『』`"
_BLANKS: Final = re.compile(r"[\u00a0\u2007\u2009\u200a\u202f]")
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


def plain(text: str) -> str:
    """The words and numbers of an answer without Markdown, LaTeX and HTML; line breaks stay."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = _MATH.sub(_unwrapped, _BLANKS.sub("\u00a0", text))
    for _ in range(4):  # nested \text{\mathbf{..}}: four levels are more than anybody writes
        text = _FRACTION.sub(lambda m: f" {m[1] or m[3]}/{m[2] or m[4]} ", _WRAPPED.sub(r"\1", text))
    for pattern, replacement in _TO:
        text = pattern.sub(replacement, text)
    return "\n".join(re.sub(r" {2,}", " ", line).strip(" ") for line in text.split("\n"))


def _unwrapped(match: re.Match[str]) -> str:
    """The inside of `$...$`; two dollar signs with words between them are money."""
    words = re.sub(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})?", " ", match[1])
    return match[0] if re.search(r"[^\W\d_]{3,}", words) else f" {match[1]} "


def bare(text: str) -> str:
    """One phrase without outer quotes, brackets of a list item and final punctuation."""
    text = plain(text).strip()
    previous = None
    while text != previous:
        previous = text
        text = text.strip().strip(_QUOTES).strip().rstrip(",;:!").strip()
        if text.endswith(".") and not re.search(r"(?:\b[A-Z]|\b(?:Inc|Corp|Ltd|Co|Jr|Sr))\.$", text):
            text = text[:-1]
    return text
