"""What is said about a drawn list: its law, its population, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass

from sampling.count import Count


@dataclass(frozen=True, slots=True)
class Report:
    template: str
    template_sha: str
    snapshot: str
    law: str
    population: Count
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
            "seed": self.seed,
            "asked": self.asked,
            "drawn": self.drawn,
            "limited": self.limited,
            "acceptance": self.acceptance,
            "complete": self.complete,
            "documents_drawn": self.documents,
            "documents_with_matches": self.documents_with_matches,
            "answers_drawn": self.answers,
            "hub_share": self.hub_share,
        }

    def __str__(self) -> str:
        acceptance = "" if self.acceptance in (None, 1.0) else f", acceptance {self.acceptance:.3g}"
        reach = f"{self.documents} of {self.documents_with_matches} documents, {self.answers} answers"
        hub = "" if self.hub_share is None else f", hub share {self.hub_share:.0%}"
        return (
            f"{self.template}: {self.drawn} of {self.population} matches, {self.law}, seed {self.seed}{acceptance}; "
            f"{reach}{hub}"
        )
