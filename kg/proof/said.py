"""Not said: the question does not give its answer away.

Neither the answer nor an alias stands in the question, word for word, and no claim is the answer in normal form.
Numbers are compared as numbers where no letter touches them; the words of periods are left out (a `4` in `June 4,
2022` says nothing). A question that offers alternatives ("A or B?") says its answer by nature: allowed where the
answer is computed and another claim of the same kind offers a rival.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from kg.proof.case import PASS, Case, failed, not_applicable
from kg.proof.scan import tokens
from kg.proof.things import names_of
from kg.values import canonical
from kg.values import date as dates
from schemas.sample import Check, Claim

_JOINED_BEFORE: Final = re.compile(r"[\w.,/\-−–]")
_JOINED_AFTER: Final = re.compile(r"[\w/\-−–]|[.,]\d")


def check_said(case: Case) -> Check:
    """Fail with what gives the answer away."""
    draft = case.draft
    if draft.answer_type == "boolean":
        return not_applicable("yes or no is said in no question")
    given = next(_given(case), None)
    offered = given is not None and _offered(case, given)
    if given is not None and not offered:
        return failed(f"the claim {given.variable}.{given.property} is the answer")
    question = without_periods(case)
    if case.header.derive is not None and case.derived.value.kind == "number":
        # A computed number that also stands in what is claimed ("Class 3") says nothing about the result.
        for claim in case.claims:
            question = question.replace(claim.surface, " ") if claim.surface else question
    for text in dict.fromkeys([draft.answer, *draft.answer_aliases]):
        if stands(text, question) and not offered:
            return failed(f"{text!r} stands in the question")
    return PASS


def stands(text: str, question: str) -> bool:
    """Whether an answer stands in a question as words of its own; the `22` of `PA-22-150` is no number."""
    if not any(char.isalpha() for char in text) and any(char.isdigit() for char in text):
        bare = text.strip().removeprefix("$")
        return _stands_alone(bare, question)
    words = " ".join(tokens(text))
    return bool(words) and f" {words} " in f" {' '.join(tokens(question))} "


def _stands_alone(bare: str, question: str) -> bool:
    at = question.find(bare)
    while at >= 0:
        before, after = question[at - 1 : at] if at else "", question[at + len(bare) : at + len(bare) + 2]
        if not _JOINED_BEFORE.match(before) and not _JOINED_AFTER.match(after):
            return True
        at = question.find(bare, at + 1)
    return False


def _given(case: Case) -> Iterator[Claim]:
    """Claims that are the answer."""
    answers = {canonical(case.draft.answer), *(canonical(answer.value) for answer in case.derived.answers)}
    entities = set(case.derived.entities)
    for claim in case.claims:
        node = case.nodes.get(claim.variable)
        named = node is not None and claim.property in names_of(case.snapshot, case.snapshot.label_of(node))
        if (claim.value and claim.value in answers) or (
            named and node is not None and case.snapshot.id_of(node) in entities
        ):
            yield claim


def _offered(case: Case, claim: Claim) -> bool:
    """Whether the claim is one of several alternatives between which a computation chooses."""
    return case.header.derive is not None and any(
        other.variable != claim.variable and other.property == claim.property and other.value != claim.value
        for other in case.claims
    )


def without_periods(case: Case) -> str:
    """The question without the words of the periods and dates that it claims."""
    question = case.draft.question
    for claim in case.claims:
        if claim.property not in {"period", "period_text", "date"}:
            continue
        node = case.nodes.get(claim.variable)
        texts = [claim.surface, case.snapshot.get(node, "period_text") if node is not None else None]
        end = claim.surface.split("/")[-1]
        with suppress(ValueError):
            texts.append(dates.spoken(end))
        for text in texts:
            if text:
                question = question.replace(str(text), " ")
    return question
