"""From drawn matches to drafts: derive, answer, word, check back, filter. Deterministic; no model.

    match -> claims -> derivation (kg.proof) -> answer in words -> paraphrase -> back-check -> filters -> Draft

Every match gives exactly one Draft or one Rejected, in the order of the matches, except that a draft with an id that
was already seen (equal claims and answer) is a reject `duplicate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import final

from kg.cypher.template import Template
from kg.graph.ids import digest
from kg.proof.claims import claims_of
from kg.proof.derive import derive
from kg.proof.derived import Derived
from kg.proof.things import bound, edge_text
from kg.snapshot.snapshot import Snapshot
from schemas.errors import DerivationError
from schemas.match import Match
from schemas.reject import Rejected
from schemas.sample import Claim, Derivation, Draft, SampleMatch, Step
from synthesis.answer import Answer, answer_of
from synthesis.backcheck import missing, unclaimed
from synthesis.evidence import evidence_of, sources
from synthesis.filters import Candidate, Filter, shipped
from synthesis.question import Question, Renderer, choose, closed_words
from synthesis.scene import Scene, View
from synthesis.wording import Language, languages

STAGE = "synthesis"


def synthesize(
    template: Template, matches: Iterable[Match], snapshot: Snapshot, *, seed: int, language: str = "en"
) -> Iterator[Draft | Rejected]:
    """Drafts of the matches of one template.

    Args:
        template: as `kg.cypher.template.load` gives it.
        matches: drawn from this snapshot with this template.
        snapshot: the pinned snapshot.
        seed: chooses the paraphrase; the draft's id does not depend on it.
        language: code of a shipped language.
    """
    bench = bench_of(template, snapshot, seed=seed, language=language)
    seen: set[str] = set()
    for match in matches:
        item = bench.draft(match)
        if isinstance(item, Draft) and item.id in seen:
            yield bench.rejected(match, "duplicate", f"same claims and answer as an earlier match: {item.id}")
            continue
        if isinstance(item, Draft):
            seen.add(item.id)
        yield item


def bench_of(template: Template, snapshot: Snapshot, *, seed: int, language: str = "en") -> Bench:
    """Where one template's matches are worked on, one at a time."""
    filters = shipped(own=not snapshot.roles.house)
    return Bench(template, snapshot, Renderer(languages()[language]), seed=seed, filters=filters)


@final
@dataclass(slots=True)
class Bench:
    """Where the matches of one template become drafts."""

    template: Template
    snapshot: Snapshot
    renderer: Renderer
    seed: int
    filters: Sequence[Filter] = field(default_factory=shipped)

    @property
    def language(self) -> Language:
        return self.renderer.language

    def draft(self, match: Match) -> Draft | Rejected:
        """One match as a draft, or the reason why it is none."""
        nodes, _ = bound(self.template.plan, match.bindings, self.snapshot)
        scene = Scene.of(self.snapshot, nodes)
        try:
            claims = claims_of(self.template, nodes, self.snapshot)
            derived = derive(self.template.header, nodes, self.snapshot)
            answer = answer_of(self.template.header, scene, derived)
            candidate = self._worded(scene, claims, derived, answer)
        except DerivationError as error:
            return self.rejected(match, "derivation", str(error), scene)
        if (why := missing(candidate.header, scene, candidate.question, candidate.closed)) is not None:
            return self.rejected(match, "back_check", why, scene, candidate.question)
        if (why := unclaimed(candidate.header, scene, candidate.question, candidate.closed)) is not None:
            return self.rejected(match, "back_check", why, scene, candidate.question)
        for each in self.filters:
            if (why := each.reason(candidate)) is not None:
                return self.rejected(match, each.name, why, scene, candidate.question, answer)
        return self._assembled(match, candidate, claims, derived)

    def _worded(self, scene: Scene, claims: Sequence[Claim], derived: Derived, answer: Answer) -> Candidate:
        header = self.template.header
        chosen = choose(header.question, seed=self.seed, draft=self._id(claims, answer))
        named = "closed" in header.question[chosen]
        closed = closed_words(scene, header.closed, self.language, needed=named)
        text, said = self.renderer.render(header.question[chosen], scene, answer, closed)
        operands, members = self._views(derived.operands), self._views(derived.members)
        facts = _facts(scene, operands, members)
        return Candidate(
            header=header,
            scene=scene,
            question=Question(text, said, chosen),
            answer=answer,
            closed=closed,
            operands=operands,
            members=members,
            sources=sources(facts),
            rows=derived.relations,
        )

    def _assembled(self, match: Match, candidate: Candidate, claims: Sequence[Claim], derived: Derived) -> Draft:
        answer = candidate.answer
        facts = _facts(candidate.scene, candidate.operands, candidate.members)
        return Draft(
            id=self._id(claims, answer),
            question=candidate.question.text,
            answer=answer.text,
            answer_aliases=answer.aliases,
            answer_type=answer.type,
            answer_unit=answer.unit_words,
            answer_value=answer.value,
            tolerance=answer.tolerance,
            task=candidate.header.task,
            claims=tuple(claims),
            evidence=evidence_of(candidate.scene, facts),
            derivation=Derivation(
                lang=derived.lang,
                code=derived.code,
                relations=derived.relations,
                result=derived.result,
                steps=(*self._walked(match), *derived.steps),
            ),
            match=_sample_match(match),
            operands=tuple(derived.operands),
            set_members=tuple(derived.members),
        )

    def _walked(self, match: Match) -> tuple[Step, ...]:
        """The relationships of a match in a user's own graph, as steps of the derivation."""
        edges = match.edges if not self.snapshot.roles.house else ()
        found = (self.snapshot.edge_index(id_) for id_ in edges)
        return tuple(
            Step(op="look_up", text=edge_text(self.snapshot, edge), node=self.snapshot.id_of(~edge))
            for edge in found
            if edge is not None
        )

    def _id(self, claims: Sequence[Claim], answer: Answer) -> str:
        said = (f"{claim.variable}.{claim.property}={claim.value}" for claim in claims)
        return digest(self.template.name, *said, answer.value)

    def _views(self, ids: Iterable[str]) -> tuple[View, ...]:
        found = (self.snapshot.thing_of(id_) for id_ in ids)
        return tuple(View.of(self.snapshot, index) for index in found if index is not None)

    def rejected(
        self,
        match: Match,
        check: str,
        reason: str,
        scene: Scene | None = None,
        question: Question | None = None,
        answer: Answer | None = None,
    ) -> Rejected:
        """A reject of this stage; `details` has question and answer as far as they were made."""
        details = {"question": question.text} if question else {}
        details |= {"answer": answer.text} if answer else {}
        return Rejected(
            item=f"{match.template}:{match.rank}",
            stage=STAGE,
            check=check,
            reason=reason,
            document=_first_document(scene) if scene else None,
            template=match.template,
            details=details,
        )


def _facts(scene: Scene, operands: Sequence[View], members: Sequence[View]) -> tuple[View, ...]:
    """Facts, formulas and texts that an answer rests on, each once: the matched ones, then the set's."""
    matched = [view for view in scene.views.values() if view.label in ("Assertion", "Formula", "Chunk")]
    others = [view for view in (*operands, *members) if view.label == "Assertion"]
    return tuple({view.index: view for view in reversed([*matched, *others])}.values())[::-1]


def _first_document(scene: Scene) -> str | None:
    for view in scene.views.values():
        document = scene.document(view)
        if document is not None:
            return document.id
    return None


def _sample_match(match: Match) -> SampleMatch:
    return SampleMatch(
        template=match.template,
        template_sha=match.template_sha,
        snapshot=match.snapshot,
        rank=match.rank,
        bindings=match.bindings,
        nodes=match.nodes,
        edges=match.edges,
    )
