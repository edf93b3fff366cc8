"""Unique: whoever puts the claims back gets one answer, over the whole snapshot.

    Ans(C) = the answers of all matches of the pattern, without its predicates, that satisfy the claims C

Every member of Ans is compared with the sample's answer, never with one another. A match that has no answer (a value
that is no number, unlike units) says nothing; one whose derivation is tied has two answers, so it speaks against the
sample.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from kg.cypher.plan import Plan
from kg.proof.case import PASS, Case, failed
from kg.proof.derive import Derived, derive, signature
from kg.proof.putback import TooManyError, matches
from kg.proof.reading import agree_all
from schemas.errors import DerivationError
from schemas.sample import Check, Claim

MOST_DERIVED: Final = 2_000
"""Derivations per question: some milliseconds each."""
PATIENCE: Final = 50
"""Matches that are looked at after the first rival, for the reason's sake."""


def answers(case: Case, plan: Plan, claims: Sequence[Claim]) -> Iterator[tuple[dict[str, int], Derived | str]]:
    """The members of Ans(claims) with their nodes, one per distinct binding; a string is the reason of a tie.

    Raises:
        TooManyError: more matches or derivations than are worth it.
    """
    known: dict[tuple[Hashable, ...], Derived | str | None] = {}
    for found in matches(plan, claims, case.snapshot):
        key = signature(case.header, found, case.snapshot)
        if key not in known:
            if len(known) >= MOST_DERIVED:
                raise TooManyError
            known[key] = _derived(case, found)
        answer = known[key]
        if answer is not None:
            yield found, answer


def _derived(case: Case, nodes: dict[str, int]) -> Derived | str | None:
    if nodes == case.nodes:
        return case.derived
    try:
        return derive(case.header, nodes, case.snapshot)
    except DerivationError as error:
        return str(error) if str(error).startswith("tie") else None


def rival(case: Case, plan: Plan, claims: Sequence[Claim]) -> str | None:
    """The first member of Ans(claims) that is not the sample's answer, in words; None where there is none.

    Raises:
        TooManyError: more matches than are worth enumerating.
    """
    for _, found in answers(case, plan, claims):
        if isinstance(found, str):
            return found
        if not agree_all(found.answers, case.derived.answers):
            return found.canonical
    return None


def check_unique(case: Case) -> Check:
    """Fail with the answers where there is more than one, or where the claims do not lead to the match at all."""
    others: dict[str, None] = {}
    own, patience = False, PATIENCE
    try:
        for nodes, found in answers(case, case.template.plan, case.claims):
            own = own or nodes == case.nodes
            if isinstance(found, str) or not agree_all(found.answers, case.derived.answers):
                others[found if isinstance(found, str) else _named(found)] = None
            patience -= bool(others)
            if len(others) >= 3 or not patience:
                break
    except TooManyError:
        return failed("the claims leave thousands of matches open")
    if others:
        count = f"at least {len(others) + 1}" if len(others) >= 3 or not patience else str(len(others) + 1)
        return failed(f"{count} answers: {', '.join([case.derived.text, *others])}")
    return PASS if own else failed("the match itself does not satisfy the claims")


def _named(found: Derived) -> str:
    """Entities with their id: two of one name are two answers."""
    return f"{found.text} ({found.canonical})" if found.entities else found.text
