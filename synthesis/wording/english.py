"""English: the filters of the question templates, and the assembly of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import final

from synthesis.wording import (
    english_asking,
    english_clauses,
    english_degrees,
    english_nouns,
    english_reasons,
    english_reports,
    english_shares,
    english_values,
)


@final
@dataclass(frozen=True, slots=True)
class English:
    """The English of questions."""

    code: str = "en"

    def filters(self) -> Mapping[str, Callable[..., str]]:
        """See `synthesis.wording.Language`."""
        return {**_phrases(), **_questions()}

    def sentence(self, text: str) -> str:
        """See `synthesis.wording.Language`."""
        text = re.sub(r"\s+([,.;?!])", r"\1", " ".join(text.split()))
        text = re.sub(r",(?:,)+", ",", text).replace(",?", "?")
        text = re.sub(r"\b(how old\b[^?]*), in years\b", r"\1", text, flags=re.IGNORECASE)
        text = re.sub(r"\b(how many (?:\w+ ){1,2}hours\b[^?]*), in hours\b", r"\1", text, flags=re.IGNORECASE)
        text = re.sub(r"\b(the|of the) (?:the|a|an) ", r"\1 ", text)
        return text[:1].upper() + text[1:]

    def documents(self, kind: str, report: str, total: int, stated: Sequence[str] = ()) -> str:
        """See `synthesis.wording.Language`."""
        return english_reports.documents(kind, report, total, stated)

    def stated(self, quantity: str, condition: str, report: str) -> str:
        """See `synthesis.wording.Language`."""
        return english_reports.stated(quantity, condition, report)

    def recorded(self) -> str:
        """See `synthesis.wording.Language`."""
        return "on record"

    def unit_clause(self, unit: str | None, scale: int, decimals: int | None) -> str:
        """See `synthesis.wording.Language`."""
        words = english_values.in_units(unit, scale)
        rounding = english_values.rounding_words(decimals)
        said = ", ".join(part for part in (f"in {words}" if words else "", rounding) if part)
        return f", {said}" if said else ""


def _phrases() -> dict[str, Callable[..., str]]:
    """Filters that say a thing: noun phrases and the clauses behind them."""
    nouns, clauses, asking = english_nouns, english_clauses, english_asking
    return {
        "phrase": nouns.phrase,
        "noun": lambda text: nouns.singular(nouns.phrase(text)),
        "plural": lambda text: nouns.plural(nouns.phrase(text)),
        "singular": nouns.singular,
        "article": nouns.article,
        "the": lambda text: nouns.definite(nouns.phrase(text)),
        "of": asking.of,
        "owner": asking.owner,
        "reference": asking.reference,
        "possessive": asking.owner,
        "pronoun": asking.pronoun,
        "twin": asking.twin,
        "case": asking.case,
        "why": english_reasons.why,
        "clause": english_reasons.clause_of,
        "be": asking.be,
        "do": lambda text: "did" if asking.past(text) else ("do" if nouns.is_plural(text) else "does"),
        "spoken": clauses.spoken,
        "period": lambda text: clauses.trailing(clauses.when(text)),
        "portion": english_shares.portion,
        "from_to": clauses.from_to,
        "condition": clauses.conditioned,
        "before": clauses.before,
        "after": clauses.after,
        "member": clauses.members,
        "scope": lambda text: clauses.trailing(text, preposition="in"),
        "term": clauses.quoted,
        "meant": asking.meant,
        "cap": lambda text: text[:1].upper() + text[1:],
        "lower_first": nouns.lower_first,
        "group": asking.group,
    }


def _questions() -> dict[str, Callable[..., str]]:
    """Filters that open a question or compare."""
    asking, reports = english_asking, english_reports
    return {
        "ask": asking.ask,
        "ask_of": asking.ask_of,
        "inside": asking.inside,
        "amount": asking.amount,
        "fell": asking.fell,
        "which_more": reports.whose_more,
        "ask_in": reports.ask_in,
        "happening": reports.happening,
        "picked": reports.picked,
        "peer": reports.peer,
        "gap": reports.gap,
        "rival": reports.rival,
        "of_two": reports.of_two,
        "one_of_two": reports.one_of_two,
        "than": reports.than,
        "in_which": reports.in_which,
        "extreme": reports.extreme,
        "beyond": reports.beyond,
        "graded": asking.graded,
        "degree": english_degrees.degree,
        "having": asking.having,
        "more": asking.more,
        "most": asking.most,
    }
