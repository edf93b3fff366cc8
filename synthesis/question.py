"""Questions: a template's paraphrase rendered over a scene, with a record of what it says of the graph."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from kg.graph.ids import digest
from kg.proof.own_closed import GRAPH
from kg.proof.stating import stating_all
from kg.snapshot.snapshot import Snapshot
from schemas.errors import DerivationError
from synthesis.answer import Answer
from synthesis.scene import Scene, View
from synthesis.wording import Language, Slot

FEW: Final = 3
"""Documents of a kind from which on "which of them" is a question."""


@dataclass(frozen=True, slots=True)
class Said:
    """One property of one matched node that a question says, and in which words (empty: nothing to say)."""

    variable: str
    prop: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    said: tuple[Said, ...]
    paraphrase: int


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What a question may say about its answer: never the answer."""

    unit: str
    """The clause that states unit and rounding, with its comma: `, in millions of US dollars`."""
    rounding: str
    """The clause that states the rounding alone."""
    type: str


class Shown:
    """A matched node inside a question: every attribute is a `Slot` of the node; bare, it is the node's name."""

    __slots__ = ("_view",)

    def __init__(self, view: View) -> None:
        self._view = view

    def __getattr__(self, name: str) -> Slot:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._view.slot(name)

    def __str__(self) -> str:
        return str(self._view)


@dataclass(slots=True)
class Renderer:
    """Renders the questions of one language; compiled templates are kept."""

    language: Language
    said: list[Said] = field(default_factory=list)
    environment: SandboxedEnvironment = field(init=False)
    compiled: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environment = SandboxedEnvironment(
            undefined=StrictUndefined, finalize=self._finalize, autoescape=False, trim_blocks=True
        )
        self.environment.filters.update({name: self._noted(f) for name, f in self.language.filters().items()})

    def render(self, source: str, scene: Scene, answer: Answer, closed: str) -> tuple[str, tuple[Said, ...]]:
        """One paraphrase in words.

        Raises:
            DerivationError: the template names what the scene does not have, or a filter of Jinja cannot take it.
        """
        self.said.clear()
        view = AnswerView(
            unit=self.language.unit_clause(answer.unit, answer.scale, answer.decimals),
            rounding=self.language.unit_clause(None, 0, answer.decimals),
            type=answer.type,
        )
        shown = {name: Shown(node) for name, node in scene.views.items()}
        try:
            text = self._compiled(source).render({**shown, "answer": view, "closed": closed})
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise DerivationError(f"question: {error}") from error
        return self.language.sentence(text), tuple(dict.fromkeys(self.said))

    def _compiled(self, source: str) -> Any:
        if source not in self.compiled:
            self.compiled[source] = self.environment.from_string(source)
        return self.compiled[source]

    def _note(self, value: object, words: str) -> None:
        if isinstance(value, Slot) and isinstance(value.node, View):
            self.said.append(Said(value.node.variable, value.prop, " ".join(words.split())))

    def _finalize(self, value: object) -> object:
        value = value.name if isinstance(value, Shown) else value
        self._note(value, str(value))
        return value

    def _noted(self, function: Callable[..., str]) -> Callable[..., str]:
        """A filter that records which slots went into its words, and takes a bare view as its name."""

        @functools.wraps(function)
        def noted(*values: Any) -> str:
            values = tuple(value.name if isinstance(value, Shown) else value for value in values)
            words = function(*values)
            for value in values:
                self._note(value, words)
            return words

        return noted


def choose(paraphrases: Sequence[str], *, seed: int, draft: str) -> int:
    """Index of the paraphrase: a keyed hash, so that it depends on nothing but seed and draft."""
    return int(digest("paraphrase", str(seed), draft), 16) % len(paraphrases)


def closed_words(scene: Scene, closed: str | None, language: Language, *, needed: bool = True) -> str:
    """The closed set as a noun phrase: a table's own (`languages listed`), or the documents of a kind.

    Args:
        needed: False where the question names the set by other words, e.g. the group of a statement's rows.

    Raises:
        DerivationError: the set has no words.
    """
    if closed is None:
        return ""
    if closed not in scene.views and closed == GRAPH:
        return language.recorded()
    if closed.startswith("kind("):
        view = scene.views[closed[5:-1].strip()]
        kind, report, total = _documents(scene, view)
        return language.documents(kind, report, total)
    if closed.startswith("stating("):
        return _stating_words(scene, [scene.views[name.strip()] for name in closed[8:-1].split(",")], language)
    words = scene.views[closed].text("set")
    if not words and needed:
        raise DerivationError("the closed set has no words")
    return words


def _documents(scene: Scene, subject: View) -> tuple[str, str, int]:
    """(kind of the subjects, kind of the documents, number of documents about such subjects).

    Raises:
        DerivationError: the subject has no kind.
    """
    kind = subject.text("kind")
    if not kind or kind == "thing":
        raise DerivationError("the closed set has no kind")
    found = [
        document.text("kind")
        for document in scene.of_label("Document")
        if any(entity.text("kind") == kind for entity, _ in document.neighbours("ABOUT"))
    ]
    if len(found) < FEW:
        raise DerivationError(f"a closed set of {len(found)} documents")
    return kind, found[0], len(found)


def _stating_words(scene: Scene, facts: Sequence[View], language: Language) -> str:
    """`seven aircraft accidents whose reports state the age of the pilot`; all of the kind are just those on file.

    Raises:
        DerivationError: the subject has no kind, or there are too few such documents.
    """
    if not isinstance(scene.graph, Snapshot):
        raise DerivationError("a closed set of documents needs a snapshot")
    found, _ = stating_all(scene.graph, [fact.index for fact in facts])
    document = scene.document(facts[0])
    kinds = [View.of(scene.graph, subject).text("kind") for subject in sorted(found.subjects)]
    if document is None or not kinds or not kinds[0] or kinds[0] == "thing":
        raise DerivationError("the closed set has no kind")
    if len(found.documents) < FEW:
        raise DerivationError(f"a closed set of {len(found.documents)} documents")
    report = document.text("kind")
    said = [language.stated(fact.slot("quantity"), fact.slot("condition"), report) for fact in facts]
    return language.documents(kinds[0], report, len(found.documents), said if found.silent else ())


def surfaces(said: Sequence[Said]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(variable, property) -> the words that stand for it in the question."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for item in said:
        key = item.variable, item.prop
        found[key] = (*found.get(key, ()), item.words)
    return found
