"""What is said about a drawn list: its law, its population, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sampling.count import Count
from sampling.population import GROUPED
from sampling.strata import Order
from schemas.template import TemplateHeader

LAWS: Final = {
    "uniform": "uniform over matches",
    "inverse_degree": "each match by the product of 1 / degree over its nodes, without replacement",
    "evidence": "each match by confidence times supports of its evidence, without replacement",
}


def law_of(header: TemplateHeader, order: Order, shard: tuple[int, int] | None = None) -> str:
    """The law in words, as far as drawing has shown it."""
    law = LAWS[header.law]
    if not order.pop.ranked:
        law = f"{law}, by float64 weights (more than 9e18 walks)"
    if header.strata:
        shares = f"{header.shares} shares" + (" (by estimated counts)" if order.estimated else "")
        within = "uniform" if header.law == "uniform" and order.pop.ranked else law
        law = f"{shares} over {', then over '.join(header.strata)}, {within} within"
    if order.cut:
        law = f"{law}; inner strata from the first {GROUPED:,} matches of each"
    if header.limit_per:
        limits = ", ".join(f"at most {most} per {name}" for name, most in header.limit_per.items())
        law = f"{law}; in that random order {limits}"
    if header.symmetric == "once":
        law = f"{law}; symmetric matches once"
    if shard is not None:
        law = f"{law}; shard {shard[0] + 1} of {shard[1]} by ranks"
    return law


@dataclass(frozen=True, slots=True)
class Report:
    template: str
    template_sha: str
    snapshot: str
    law: str
    population: Count
    ranked: bool
    """False: more walks than int64 numbers; they were drawn by float64 weights."""
    seed: int
    asked: int
    drawn: int
    limited: int
    """Matches that `limit_per` passed over; a document that is full is not looked at further."""
    tries: int
    """Ranks that were looked at."""
    hits: int
    """Of these, matches."""
    enumerated: int
    """Ranks of strata that were enumerated because few of them are matches."""
    complete: bool
    """False: drawing gave up, because next to no rank of a stratum is a match or the limits let nothing more pass."""
    documents: int
    """Documents among the drawn matches."""
    documents_with_matches: int
    """Documents with a rank, before rejection."""
    answers: int
    """Different answers among the drawn matches."""
    answers_with_matches: int
    """Different answers of the ranks, before rejection."""
    hub_share: float | None
    """Share of the drawn matches that hold the most frequent node; None: nothing was drawn."""

    @property
    def acceptance(self) -> float | None:
        """Share of the ranks looked at that are matches; None: none was looked at."""
        return self.hits / self.tries if self.tries else None

    def row(self) -> dict[str, int | float | str | bool | None]:
        """For counts.json and tables."""
        low, high = self.population.interval
        return {
            "template": self.template,
            "law": self.law,
            "population": self.population.value,
            "population_exact": self.population.exact,
            "population_low": low,
            "population_high": high,
            "population_text": str(self.population),
            "weights": "int64" if self.ranked else "float64",
            "seed": self.seed,
            "asked": self.asked,
            "drawn": self.drawn,
            "limited": self.limited,
            "acceptance": self.acceptance,
            "complete": self.complete,
            "documents_drawn": self.documents,
            "documents_with_matches": self.documents_with_matches,
            "answers_drawn": self.answers,
            "answers_with_matches": self.answers_with_matches,
            "hub_share": self.hub_share,
        }

    def __str__(self) -> str:
        acceptance = "" if self.acceptance is None else f", acceptance {self.acceptance:.3g}"
        documents = f"{self.documents} of {self.documents_with_matches} documents"
        reach = f"{documents}, {self.answers} of {self.answers_with_matches} answers"
        hub = "" if self.hub_share is None else f", hub share {self.hub_share:.0%}"
        return (
            f"{self.template}: {self.drawn} of {self.population} matches, {self.law}, seed {self.seed}{acceptance}; "
            f"{reach}{hub}"
        )
