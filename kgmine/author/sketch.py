"""A template that does not exist yet: what `template new` proposes, and how it is written as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

NOTES = """# The MATCH below draws paths; this header says what a question tells, what it asks and how it is worded.
# After a change: kgmine template lint | count --prefixes | preview | test FILE --workspace WS (docs/templates.md)."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """One proposal."""

    task: str
    description: str
    given: tuple[str, ...]
    answer: str
    question: tuple[str, ...]
    match: str
    where: tuple[str, ...]
    returns: tuple[str, ...]
    strata: tuple[str, ...] = ("answer",)
    limit_per: tuple[tuple[str, int], ...] = (("answer", 3),)

    def text(self, matches: int = 1, samples: int = 1) -> str:
        """The file; what was found is what `template test` expects from now on."""
        return "\n".join(self._lines(matches, samples)) + "\n"

    def _lines(self, matches: int, samples: int) -> Iterator[str]:
        limits = ", ".join(f"{name}: {most}" for name, most in self.limit_per)
        yield f"/*\n{NOTES}"
        yield f"task: {self.task}  # the kind of question, as the export names it"
        yield f"description: {self.description}"
        yield "# What the question tells. All else on the path stays hidden, so the reader must follow it."
        yield f"given: [{', '.join(self.given)}]"
        yield "# What is asked. To compute something instead: derive, with sql or sympy."
        yield f"answer: {self.answer}"
        yield "# Jinja; several lines are paraphrases of one meaning. Say it as a person would."
        yield "question:"
        yield from (f'  - "{line}"' for line in self.question)
        yield "# Equal shares of the draws for each of these, and at most so many of one value."
        yield f"strata: [{', '.join(self.strata)}]"
        yield f"limit_per: {{{limits}}}"
        yield "# What `kgmine template test` checks: found when the file was written."
        yield f'expect: {{matches: ">= {matches}", samples: ">= {samples}"}}'
        yield "*/"
        yield f"MATCH {self.match}"
        if self.where:
            yield "WHERE " + "\n  AND ".join(self.where)
        yield f"RETURN {', '.join(self.returns)}"
