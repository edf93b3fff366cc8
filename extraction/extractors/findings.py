"""Findings: "X determines the probable cause of this accident to be: ...", in one chunk or in the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extraction.extractors.clauses import whole
from extraction.extractors.told import Told
from schemas.element import Element
from schemas.fact import Fact, Support

FINDING: Final = re.compile(
    r"^(?P<who>[A-Z].{2,80}?) (?:determines?|determined|finds|found|concludes?|concluded|identified)(?: that)? "
    r"the (?P<what>[a-z][a-z ]{2,40}?(?:\(s\))?)(?: of| for) (?:this|the) (?P<event>[a-z]+) "
    r"(?:to be|was|is|as follows)\s*:\s*"
)
LONGEST: Final = 90
"""Words of a finding."""


def findings(told: Told, following: Element | None) -> Iterator[Fact]:
    """`probable cause of the accident`, with the full text behind the colon or of the next chunk."""
    match = FINDING.match(told.chunk.text)
    subject = told.own()
    if match is None or subject is None:
        return
    quantity = f"{match['what'].replace('(s)', '').strip()} of the {match['event']}"
    rest = told.chunk.text[match.end() :].rstrip()
    if rest:
        span = (match.end(), match.end() + len(rest))
        if whole(rest.rstrip("."), longest=LONGEST):
            yield told.text_fact(subject, "sentence", quantity, span)
    elif following is not None and whole(following.text.rstrip(". "), longest=LONGEST):
        support = Support(element=told.chunk.id, span=match.span(), role="header")
        told_next = Told(told.document, told.subject, told.event, told.extractor, following, told.names)
        fact = told_next.text_fact(subject, "sentence", quantity, (0, len(following.text.rstrip())))
        yield fact.model_copy(update={"supports": (*fact.supports, support)})
