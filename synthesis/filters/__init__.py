"""Filters: one per name of a bad question. A filter gives the reason why a draft is bad, or None.

A filter is a frozen dataclass with `name` and `reason(candidate)`; its rule is its docstring, its thresholds are its
fields. It sees the finished words and the matched facts, and it never looks at what a question "means".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from schemas.template import TemplateHeader
from synthesis.answer import Answer
from synthesis.question import Question, Said
from synthesis.scene import Scene, View


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question with its answer before it becomes a draft."""

    header: TemplateHeader
    scene: Scene
    question: Question
    answer: Answer
    closed: str
    """Words of the closed set; empty where there is none."""
    operands: tuple[View, ...]
    """Assertions that the computation uses."""
    members: tuple[View, ...]
    """Assertions or entities of the closed set."""
    sources: tuple[View, ...]
    """Nodes that the facts stand on: cells, chunks, formulas and their tables."""
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Relation of the derivation -> its rows."""

    def is_name(self, said: Said) -> bool:
        """Whether what is said names a node."""
        view = self.scene.views.get(said.variable)
        return view is not None and said.prop in view.names

    def given(self, variable: str, prop: str) -> bool:
        return f"{variable}.{prop}" in self.header.given or (prop == "name" and variable in self.header.given)


class Filter(Protocol):
    """One way in which a question can be bad."""

    @property
    def name(self) -> str: ...

    def reason(self, candidate: Candidate) -> str | None:
        """Why the candidate is bad in this way; None where it is not."""
        ...


def shipped(*, own: bool = False) -> Sequence[Filter]:
    """All filters in the order in which they are asked: what the words show first, what the facts show last.

    Args:
        own: of a user's own graph: without those that judge headers, layout and running text.
    """
    from synthesis.filters.boilerplate import Boilerplate
    from synthesis.filters.co_mention import CoMention
    from synthesis.filters.deictic import Deictic
    from synthesis.filters.fragment import Fragment
    from synthesis.filters.guessable import Guessable
    from synthesis.filters.header_salad import HeaderSalad
    from synthesis.filters.no_subject import NoSubject
    from synthesis.filters.nobody_cares import NobodyCares
    from synthesis.filters.senseless_operation import SenselessOperation
    from synthesis.filters.trivial import Trivial
    from synthesis.filters.unstated_rounding import UnstatedRounding
    from synthesis.filters.wrong_grain import WrongGrain

    if own:
        return (
            Deictic(),
            NoSubject(),
            Trivial(),
            UnstatedRounding(),
            SenselessOperation(),
            WrongGrain(),
            Guessable(),
            NobodyCares(),
        )
    return (
        Deictic(),
        HeaderSalad(),
        Fragment(),
        NoSubject(),
        Trivial(),
        UnstatedRounding(),
        SenselessOperation(),
        WrongGrain(),
        Boilerplate(),
        CoMention(),
        Guessable(),
        NobodyCares(),
    )
