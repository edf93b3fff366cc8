"""`guessable`: the answer can be had without the documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import final

from kg.snapshot.snapshot import Snapshot
from kg.values.name import normal
from synthesis.filters import Candidate
from synthesis.scene import View
from synthesis.wording.word_sets import words

ONE_SIDED = words("yes no none n a unknown not applicable not available other true false null")


@final
@dataclass(frozen=True, slots=True)
class Guessable:
    """No yes/no with one side, no value that nearly every sibling fact has, no count that is all or none."""

    name: str = "guessable"
    share: float = 0.75
    """Share of the facts of one quantity that have the answer's value, from which on it is a safe guess; 0..1."""
    few: int = 4
    """Facts of one quantity from which on a share says something."""

    def reason(self, candidate: Candidate) -> str | None:
        answer = candidate.answer
        if answer.type == "boolean" or (
            answer.type == "text" and all(w in ONE_SIDED for w in normal(answer.text).split())
        ):
            return f"{answer.text!r} is one of two or few"
        if candidate.scene.own:
            return self._in_own_graph(candidate)
        if answer.type == "count" and candidate.members:
            if answer.text in ("0", f"{len(candidate.members):,}"):
                return f"{answer.text} of {len(candidate.members)}"
            if (
                answer.text == "1"
                and len(candidate.header.derive.rows if candidate.header.derive else ()) < 2
                and any(dotted.endswith(".text") for dotted in candidate.header.given)
            ):
                return "only one has it: ask which"
        if answer.type in ("text", "entity", "date", "number") and candidate.header.answer:
            view = candidate.scene.views[candidate.header.answer.partition(".")[0]]
            if view.get("shape") == "definition" and view.get("subject_kind") == "acronym":
                return self._known(view)
            return self._common(view) if view.label == "Assertion" and self._asked(view) else None
        return None

    def _in_own_graph(self, candidate: Candidate) -> str | None:
        """None of them, or the value or node that most of its kind have: `in which country` where nine of ten agree."""
        if candidate.answer.type == "count":
            return "none of them" if candidate.answer.text == "0" else None
        variable, _, prop = (candidate.header.answer or "").partition(".")
        view = candidate.scene.views.get(variable)
        if view is None or not isinstance(view.graph, Snapshot):
            return None
        graph = view.graph
        if prop in view.names:
            return self._most_joined(graph, view)
        if view.index < 0:
            return None
        low, high = graph.ranges[view.label]
        same = len(graph.find(view.label, prop, graph.normal(view.index, prop)))
        filled = high - low - len(graph.find(view.label, prop, ""))
        if filled >= self.few and same >= self.share * filled:
            return f"{same} of {filled} have {prop} {view.text(prop)!r}"
        return None

    def _most_joined(self, graph: Snapshot, view: View) -> str | None:
        for group in graph.groups:
            if group.count < self.few or view.label not in (group.source, group.target):
                continue
            direction = 1 if group.source == view.label else -1
            csr = graph.csr(group.source, group.type, group.target, direction)
            row = view.index - graph.ranges[view.label][0]
            joined = int(csr.indptr[row + 1] - csr.indptr[row])
            if joined >= self.share * group.count:
                return f"{joined} of {group.count} {group.type} relationships lead to {str(view)!r}"
        return None

    def _asked(self, view: View) -> bool:
        """Numbers are guessed on forms only (one engine each); in tables the same number twice is chance."""
        return bool(view.get("kind") != "number" or view.get("shape") == "form")

    def _known(self, view: View) -> str | None:
        """An acronym that two documents spell out alike belongs to the trade, not to one of them."""
        find = getattr(view.graph, "find", None)
        same = find("Assertion", "subject", normal(view.text("subject"))) if find else ()
        documents = {
            other.text("document")
            for other in (View.of(view.graph, int(index)) for index in same)
            if other.get("shape") == "definition" and normal(other.text("text")) == normal(view.text("text"))
        }
        return f"{len(documents)} documents spell it out alike" if len(documents) > 1 else None

    def _common(self, view: View) -> str | None:
        find = getattr(view.graph, "find", None)
        if find is None:
            return None
        siblings = [View.of(view.graph, int(i)) for i in find("Assertion", "quantity", normal(view.text("quantity")))]
        values = Counter(normal(sibling.text("text")) for sibling in siblings)
        most = values[normal(view.text("text"))]
        if len(siblings) >= self.few and most >= self.share * len(siblings):
            return f"{most} of {len(siblings)} facts of this quantity have the value {view.text('text')!r}"
        return None
