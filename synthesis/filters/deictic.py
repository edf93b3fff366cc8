"""`deictic`: a question that points instead of naming."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate

POINTERS: Final = (
    (r"\b(?:table|figure|fig|section|sec|appendix|equation|eq|column|row|page|chapter|footnote|line)s?\.? ?\(?\d", "numbers a place"),
    (r"\b(?:table|figure|section|appendix) [A-Z]\b", "numbers a place"),
    (r"\b(?:this|these|those(?! (?:of|in|on|for|with|from|at)\b))\b", "points with a pronoun"),
    (r"\b(?:the )?(?:above|below|following|preceding|aforementioned)\b(?! (?:\$|\d|sea|mean|average|ground|the\b|zero|\w+'s))", "points to a place"),
    (r"\b(?:the|our|an?) (?:table|figure|chart|passage|paragraph|excerpt|row|column)\b", "names a layout element"),
    (r"\b(?:according to|in|from|of|by) the (?:document|text|report|paper|article|study|authors?|dataset|company)(?: (?:above|itself))?(?=[?,.]|$| (?:as|what|how|which|is|are|has|have)\b)", "names no document"),
    (r"\.(?:pdf|docx?|xlsx?|csv|html?|md|tex)\b", "names a file"),
    (r"\b(?:we|our|ours|us|I|my|herein|hereof|thereof|respectively)\b(?!\.)", "speaks as the document"),
    (r"\b(?:see note|note \d)", "points to a note"),
)  # fmt: skip


@final
@dataclass(frozen=True, slots=True)
class Deictic:
    """No number of a table, figure, row or section; no "this", "the above", "the document", "our"; no file name.

    Such a question leans on a page that the reader of a corpus-wide benchmark does not see.
    """

    name: str = "deictic"

    def reason(self, candidate: Candidate) -> str | None:
        for pattern, why in POINTERS:
            flags = 0 if "[A-Z]" in pattern or "|us|" in pattern else re.IGNORECASE
            if found := re.search(pattern, candidate.question.text, flags):
                return f"{why}: {found[0]!r}"
        return None
