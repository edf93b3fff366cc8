"""`deictic`: a question that points instead of naming."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate

PLACES: Final = "table|figure|fig|section|sec|appendix|equation|eq|column|row|page|chapter|footnote|line"
PAPERS: Final = "document|text|report|paper|article|study|authors?|dataset|company"
MEASURED: Final = r"\$|\d|sea|mean|average|ground|the\b|zero|\w+'s"
"""What may follow "above" and "below" where they compare: `above 9,000 feet`, `above ground level`."""
UNNAMED: Final = r"(?=[?,.]|$| (?:as|what|how|which|is|are|has|have)\b)"
"""What follows a document that is not named; "the report on the accident of ..." is."""

POINTERS: Final = (
    (rf"\b(?:{PLACES})s?\.? ?\(?\d", "numbers a place"),
    (r"\b(?:table|figure|section|appendix) [A-Z]\b", "numbers a place"),
    (r"\b(?:this|these|those(?! (?:of|in|on|for|with|from|at)\b))\b", "points with a pronoun"),
    (rf"\b(?:the )?(?:above|below|following|preceding|aforementioned)\b(?! (?:{MEASURED}))", "points to a place"),
    (rf"\b(?:the|our) (?:table|figure|chart|passage|paragraph|excerpt|row|column){UNNAMED}", "names a layout element"),
    (rf"\b(?:according to|in|from|of|by) the (?:{PAPERS})(?: (?:above|itself))?{UNNAMED}", "names no document"),
    (r"\.(?:pdf|docx?|xlsx?|csv|html?|md|tex)\b", "names a file"),
    (r"\b(?:we|our|ours|us|I|my|herein|hereof|thereof|respectively)\b(?!\.)", "speaks as the document"),
    (r"\bthe (?:Notes|Plan|Agreement|Program|Offering|Awards?|Company)\b(?! [A-Z])", "names what one document defines"),
    (r"\b(?:see note|note \d)", "points to a note"),
)
"""(pattern, what it does instead of naming)."""


@final
@dataclass(frozen=True, slots=True)
class Deictic:
    """No number of a table, figure, row or section; no "this", "the above", "the document", "our"; no file name.

    Such a question leans on a page that the reader of a corpus-wide benchmark does not see.
    """

    name: str = "deictic"

    def reason(self, candidate: Candidate) -> str | None:
        question = _unnamed(candidate) if candidate.scene.own else candidate.question.text
        for pattern, why in POINTERS:
            flags = 0 if "[A-Z]" in pattern or "|us|" in pattern else re.IGNORECASE
            if found := re.search(pattern, question, flags):
                return f"{why}: {found[0]!r}"
        return None


def _unnamed(candidate: Candidate) -> str:
    """The question without the values that it gives: a film may be called `This Is Spinal Tap`."""
    text = candidate.question.text
    for said in candidate.question.said:
        for words in (said.words, candidate.scene.views[said.variable].text(said.prop)):
            text = text.replace(words, "X") if words else text
    return text
