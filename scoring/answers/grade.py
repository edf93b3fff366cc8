"""From an output to a grade: find the final answer and let the judge of its kind decide; doubt is not correct."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from schemas.base import Row
from schemas.sample import Answered, Sample
from scoring.answers import choice, dated, formula, names, numbers, output, sets, squad
from scoring.answers.clean import bare, plain
from scoring.answers.expected import Expected, of_sample, truth
from scoring.answers.words import NO, YES

MAX_OUTPUT: Final = 200_000
"""Characters of an output that are read: the last ones."""


class Grade(Row):
    """What an output is worth. All None where there is nothing to grade: an empty output, a transport error."""

    correct: bool | None
    """Whether the final answer is right; doubt, contradiction and no answer are False."""
    exact_match: bool | None = None
    """Of the extracted answer with one of the right forms (SQuAD)."""
    soft_exact_match: bool | None = None
    """One of the right forms stands in what the reader sees."""
    f1: float | None = None
    """Token F1 of the extracted answer, 0..1."""
    extracted: str | None = None
    """The final answer as said."""
    how: str = ""
    """Kind of judge and where the answer stood, `number: box`; or why there is none."""


def grade(said: str | None, expected: Sample | Answered | Expected) -> Grade:
    """Grades one output against a sample.

    Args:
        said: the output as generated, thinking included; None for a transport error.
        expected: the sample, or an `Expected` of a user's own row.
    """
    if said is None:
        return Grade(correct=None, how="no output")
    wanted = expected if isinstance(expected, Expected) else of_sample(expected)
    text, cut = output.visible(said[-MAX_OUTPUT:])
    if cut and not text:
        return _graded(wanted, "", "", correct=False, how="thinking without an answer")
    if not text.strip():
        return Grade(correct=None, how="empty output")
    found = output.candidates(text)
    if wanted.kind == "set" and sum(candidate.mark == "box" for candidate in found) > 1:
        joined = "; ".join(candidate.text for candidate in found if candidate.mark == "box")
        found = [output.Candidate(joined, "box")]
    verdicts = [(candidate, verdict) for candidate in found if (verdict := _line(candidate.text, wanted)) is not None]
    if verdicts:
        return _stated(verdicts, wanted, text)
    return _implied(text, wanted)


def judge(text: str, expected: Expected) -> bool | None:
    """Whether one statement gives the expected answer; None where it gives none of its kind."""
    kind = expected.kind
    if kind not in {"formula", "choice"} and _letters(text) in {_letters(form) for form in expected.forms} - {""}:
        return True
    if kind in {"number", "count"}:
        return numbers.judge(text, expected)
    if kind == "formula":
        return formula.judge(text, expected.forms)
    if kind == "boolean":
        return _boolean(text, expected)
    judges = {"date": dated.judge, "set": sets.judge, "choice": choice.judge}
    return judges.get(kind, names.judge)(text, expected)


def _letters(text: str) -> str:
    """A phrase without outer marks, case and blanks: what is written like a right form is right."""
    return "".join(bare(text).casefold().split())


def _line(text: str, expected: Expected) -> bool | None:
    """The verdict on a statement and what follows it in its line: the line as a whole, else its first sentence."""
    whole = judge(text, expected)
    if whole or output.corrected(text):
        return whole
    parts = output.sentences(text)
    first = judge(parts[0], expected) if len(parts) > 1 and expected.kind != "set" else None
    return whole if first is None else first


def _stated(verdicts: Sequence[tuple[output.Candidate, bool]], expected: Expected, text: str) -> Grade:
    candidate, last = verdicts[-1]
    how = f"{expected.kind}: {candidate.mark}"
    if len({verdict for _, verdict in verdicts}) > 1:
        return _graded(expected, candidate.text, text, correct=False, how=f"{how}, contradicted by another answer")
    return _graded(expected, candidate.text, text, correct=last, how=how)


def _implied(text: str, expected: Expected) -> Grade:
    """Without a stated answer: the whole, else the last sentence that says one, else a first one that stands alone."""
    whole = judge(text, expected)
    parts = output.sentences(text)
    if whole and (len(parts) == 1 or not output.corrected(text)):
        return _graded(expected, text, text, correct=True, how=f"{expected.kind}: whole")
    if len(parts) <= 1:
        how = f"{expected.kind}: whole" if whole is not None else f"{expected.kind}: no answer found"
        return _graded(expected, text, text, correct=False, how=how)
    verdicts = [(part, verdict) for part in parts if (verdict := judge(part, expected)) is not None]
    if not verdicts:
        return _graded(expected, parts[-1], text, correct=False, how=f"{expected.kind}: no answer found")
    if verdicts[-1][1]:
        return _graded(expected, verdicts[-1][0], text, correct=True, how=f"{expected.kind}: last sentence")
    first = _first(text, parts, expected)
    if first is not None:
        return _graded(expected, first, text, correct=True, how=f"{expected.kind}: first")
    return _graded(expected, verdicts[-1][0], text, correct=False, how=f"{expected.kind}: last sentence")


def _first(text: str, parts: Sequence[str], expected: Expected) -> str | None:
    """An answer that comes first and is explained behind: the first sentence alone, or all that is set in bold."""
    if output.corrected(text):
        return None
    alone = bare(parts[0])
    words = expected.kind in {"text", "entity", "boolean", "choice", "formula"}
    if (words or len(alone.split()) <= 6) and judge(parts[0], expected):
        return parts[0]
    strong = [verdict for part in output.bold(text) if (verdict := judge(part, expected)) is not None]
    return output.bold(text)[0] if strong and all(strong) and not words else None


def _boolean(text: str, expected: Expected) -> bool | None:
    right = truth(expected)
    words = re.findall(r"[^\W\d_]+", plain(text).casefold())
    if right is None or not words:
        return None
    yes, no = any(word in YES for word in words), any(word in NO - {"no"} for word in words)
    first = "true" if words[0] in YES else "false" if words[0] in NO else None
    if first is None:
        if yes == no or "not" in words:
            return None if not (yes or no) else False
        first = "true" if yes else "false"
    elif (first == "true" and (no or "no" in words[1:])) or (first == "false" and yes):
        return False
    return first == right


def _graded(expected: Expected, said: str, text: str, *, correct: bool, how: str) -> Grade:
    clean = bare(said)
    forms = expected.forms
    if expected.kind == "choice" and (index := choice.right_index(expected)) is not None:
        forms = (*forms, expected.choices[index])
    return Grade(
        correct=correct,
        exact_match=squad.exact_match(clean, forms),
        soft_exact_match=squad.soft_exact_match(plain(text), forms),
        f1=round(squad.f1(clean, forms), 6),
        extracted=clean or None,
        how=how,
    )
