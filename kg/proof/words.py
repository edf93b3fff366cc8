"""An inverted index from words to the elements that hold them: which element holds all words of a claim?

An element is a chunk, a table (with caption and the line above it), an image's caption, or a table's caption by itself.
An element holds the words of a claim when they stand in it. A document's own subject, and the document itself, need
not be named in each of its elements: a filing says "net sales", not "Apple's net sales".

Words of a claim: of a name, the words of the name or of one of its aliases; of a period, those of its last day; of a
condition, those of its members; of a value, the value itself, in any spelling that `kg.values` reads.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.proof.held import NOWHERE, Held, all_held, united
from kg.proof.reading import Answer, agree, neighbours
from kg.proof.scan import Stated, stated, tokens
from kg.proof.things import names_of
from kg.snapshot.adjacency import pointers
from kg.snapshot.snapshot import Snapshot
from kg.values import date as dates
from kg.values import period as periods
from schemas.fact import Value
from schemas.sample import Claim, Modality

Array = npt.NDArray[Any]

STOP: Final = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "had", "has", "have", "in", "into"}
    | {"is", "it", "its", "of", "on", "or", "per", "s", "that", "the", "their", "these", "this", "those", "to", "was"}
    | {"were", "what", "which", "who", "whose", "with"}
)
Fields = tuple[tuple[Modality, tuple[str, ...]], ...]
FIELDS: Final[dict[str, Fields]] = {
    "Chunk": (("text", ("text",)),),
    "Table": (("table", ("caption", "head", "text")), ("text", ("caption",))),
    "Image": (("image", ("caption", "text")), ("text", ("caption",))),
    "Formula": (("formula", ("text",)),),
}
"""Label -> the elements that a node of it makes: (modality, properties). Of a user's own graph the roles say it."""
NO_EVIDENCE: Final = frozenset({"header", "footer"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One element of the index."""

    snapshot: Snapshot
    node: int
    modality: Modality
    properties: tuple[str, ...]
    """Those that make its text."""

    @property
    def text(self) -> str:
        """Read when it is asked for: what an element is, rules most of them out."""
        return _text(self.snapshot, self.node, self.properties)


@final
class Pieces(Sequence[Piece]):
    """All elements, in the order of labels and nodes. They are read when they are asked for: millions of objects would
    slow down everything else in the process.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._fields = _fields(snapshot)
        rows = list(_places(snapshot, self._fields))
        self.nodes = np.array([node for node, _ in rows], np.int32)
        """Node of each element; not in order where a label has two kinds of elements."""
        self.captions = np.array([place > 0 for _, place in rows], bool)
        self._order = np.argsort(self.nodes, kind="stable").astype(np.int32)
        self._starts = pointers(self.nodes, snapshot.n)
        self._place = np.array([place for _, place in rows], np.int8)

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, number: Any) -> Any:
        node, place = int(self.nodes[number]), int(self._place[number])
        modality, properties = self._fields[self.snapshot.label_of(node)][place]
        return Piece(self.snapshot, node, modality, properties)

    def of(self, node: int) -> list[int]:
        """Elements that a node makes."""
        numbers: list[int] = self._order[self._starts[node] : self._starts[node + 1]].tolist()
        return numbers


def _places(snapshot: Snapshot, fields: Mapping[str, Fields]) -> Iterator[tuple[int, int]]:
    """(node, which of its label's elements) of every element with a text."""
    for label, kinds in fields.items():
        for node in range(*snapshot.ranges.get(label, (0, 0))):
            if snapshot.roles.house and label == "Chunk" and snapshot.get(node, "role") in NO_EVIDENCE:
                continue
            for place, (_, properties) in enumerate(kinds):
                if _text(snapshot, node, properties):
                    yield node, place


def _text(snapshot: Snapshot, node: int, properties: Sequence[str]) -> str:
    return "\n".join(str(part) for name in properties if (part := snapshot.get(node, name)))


class Words:
    """The index of one snapshot; get it from `words_of`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.pieces = Pieces(snapshot)
        documents: dict[str, array[int]] = defaultdict(lambda: array("i"))
        found: dict[str, array[int]] = defaultdict(lambda: array("i"))
        for number, piece in enumerate(self.pieces):
            documents[snapshot.get(piece.node, "document") or ""].append(number)
            for word in dict.fromkeys(tokens(piece.text)):
                found[word].append(number)
        self._places = {word: np.array(numbers, np.int32) for word, numbers in found.items()}
        self._of_document = {id_: np.array(numbers, np.int32) for id_, numbers in documents.items()}
        self._by_subject = self._subjects()
        self._padded: dict[int, str] = {}

    def _subjects(self) -> dict[int, Array]:
        """Entity -> pieces of the documents whose own subject it is, ascending."""
        found: dict[int, list[str]] = {}
        for node in range(*self.snapshot.ranges.get("Document", (0, 0))):
            for entity in neighbours(self.snapshot, node, "ABOUT", 1):
                found.setdefault(entity, []).append(self.snapshot.id_of(node))
        return {entity: self.of_documents(documents) for entity, documents in found.items()}

    def with_words(self, words: Iterable[str]) -> tuple[Array, ...]:
        """The pieces that hold each word, ascending: one list for each."""
        return tuple(self._places.get(word, NOWHERE) for word in dict.fromkeys(words))

    def held(self, *ways: tuple[Array, ...]) -> Held:
        """What holds a claim that can be made in several ways."""
        return Held(len(self.pieces), tuple(tuple(sorted(way, key=len)) for way in ways))

    def of_documents(self, documents: Iterable[str]) -> Array:
        """Pieces of some documents, ascending."""
        return united([self._of_document[document] for document in documents if document in self._of_document])

    def of_nodes(self, nodes: Iterable[int]) -> list[int]:
        """Pieces that are these elements as a whole (captions by themselves left out), ascending."""
        numbers = (number for node in nodes for number in self.pieces.of(node))
        return sorted(number for number in numbers if not self.pieces.captions[number])

    def about(self, entities: Iterable[int]) -> Array:
        """Pieces of the documents whose own subject is one of these entities; in a user's own graph, the texts that
        the entity has or is joined to.
        """
        if not self.snapshot.roles.house:
            return self._beside(entities)
        return united([self._by_subject[entity] for entity in entities if entity in self._by_subject])

    def _beside(self, entities: Iterable[int]) -> Array:
        every = self.snapshot.adjacency(None, 0)
        near = {e: every.neighbours(e) for e in entities if e >= 0}
        numbers = {number for e, others in near.items() for node in (e, *others) for number in self.pieces.of(node)}
        return np.array(sorted(numbers), np.int32)

    def padded(self, number: int) -> str:
        """The tokens of a piece, one space before and after each."""
        if number not in self._padded:
            self._padded[number] = f" {' '.join(tokens(self.pieces[number].text))} "
        return self._padded[number]

    def states(self, number: int, answer: Answer) -> bool:
        """Whether a piece contains an answer."""
        piece, value = self.pieces[number], answer.value
        if value.kind in {"number", "date"}:
            if any(agree(Answer(item.value), Answer(value)) for item in stated(piece.text)):
                return True
            return piece.modality == "table" and value.kind == "number" and self._in_table(piece, value)
        words = " ".join(tokens(value.text))
        return bool(words) and f" {words} " in self.padded(number)

    def _in_table(self, piece: Piece, value: Value) -> bool:
        """A table prints numbers without their unit and scale: its facts know them."""
        for node in neighbours(self.snapshot, piece.node, "STATES", 1):
            if self.snapshot.get(node, "kind") == "number":
                from kg.proof.reading import number_of

                if agree(Answer(number_of(self.snapshot, node)), Answer(value)):
                    return True
        return False


@lru_cache(maxsize=2)
def words_of(snapshot: Snapshot) -> Words:
    """The index of a snapshot, built at the first question."""
    return Words(snapshot)


def _fields(snapshot: Snapshot) -> dict[str, Fields]:
    roles = snapshot.roles
    if roles.house:
        return FIELDS
    found: dict[str, Fields] = {}
    pairs: tuple[tuple[Modality, dict[str, str]], ...] = (("text", roles.texts), ("table", roles.tables))
    for modality, labels in pairs:
        for label, prop in sorted(labels.items()):
            found[label] = (*found.get(label, ()), (modality, (prop,)))
    return found


def claim_words(claim: Claim) -> tuple[str, ...]:
    """The words that a text must hold to make a claim; numbers and dates are not words, see `holders`."""
    text = claim.surface or claim.value
    if claim.property == "period":
        return _period_words(text)
    if claim.property == "condition":
        text = " ".join(part.split("=", 1)[-1] for part in text.split("; "))
    return content(text)


@lru_cache(maxsize=1 << 16)
def content(text: str) -> tuple[str, ...]:
    """The words of a phrase without the small ones."""
    return tuple(word for word in tokens(text) if word not in STOP) or tokens(text)


@lru_cache(maxsize=4096)
def _period_words(normal: str) -> tuple[str, ...]:
    end = periods.end_of(normal.split(" ", maxsplit=1)[0]) if normal else ""
    try:
        return tokens(dates.spoken(end))
    except ValueError:
        return tokens(end)


def holders(words: Words, claim: Claim, node: int) -> Held:
    """Pieces that hold one claim.

    Args:
        words: the index.
        claim: with a value; a claim of "has none" demands no words, and every piece holds it.
        node: what the claim's variable is bound to.
    """
    snapshot = words.snapshot
    if not claim.value:
        return words.held(())
    label = snapshot.label_of(node)
    if label == "Entity" or claim.property in names_of(snapshot, label):
        return _entity_holders(words, claim, [node])
    if snapshot.roles.house and label == "Assertion" and claim.property == "subject":
        return _entity_holders(words, claim, neighbours(snapshot, node, "SUBJECT", 1))
    own = words.with_words(claim_words(claim))
    if not snapshot.roles.house:
        return words.held(own)
    if claim.property == "scope":
        return words.held((words.of_documents([snapshot.get(node, "document") or ""]),), own)
    if label == "Document":
        return words.held((words.of_documents([snapshot.id_of(node)]),), own)
    return words.held(own)


def _entity_holders(words: Words, claim: Claim, entities: list[int]) -> Held:
    phrases = [claim_words(claim)]
    house, about = words.snapshot.roles.house, NOWHERE
    if claim.property in {"name", "described", "subject"} or not house:
        about = words.about(entities)
        for entity in entities if house else ():
            names = [words.snapshot.get(entity, "name") or "", *(words.snapshot.get(entity, "aliases") or ())]
            phrases += [content(name) for name in names if content(name)]
    ways = [words.with_words(phrase) for phrase in dict.fromkeys(phrases)]
    return words.held(*ways, (about,)) if len(about) else words.held(*ways)


def all_holders(words: Words, claims: Iterable[Claim], nodes: dict[str, int]) -> Array:
    """Pieces that hold every claim, ascending."""
    demanding = [holders(words, claim, nodes[claim.variable]) for claim in claims if claim.value]
    return all_held(len(words.pieces), demanding)


__all__ = ["Piece", "Stated", "Words", "all_holders", "claim_words", "content", "holders", "words_of"]
