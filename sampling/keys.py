"""What a match counts for: its document, its split, its answer, a property, the degree band of a node.

Each of these is decided by one node of the match, so a key is a function of nodes; over all nodes it is an array of
codes, computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.cypher.lint_header import DEGREE
from kg.cypher.template import Template
from kg.snapshot.snapshot import Snapshot
from schemas.errors import TemplateError

Array = npt.NDArray[Any]

KNOWN: Final = "document, answer, split, variable.property or degree(variable)"


@final
@dataclass(frozen=True)
class Key:
    """A value of one variable's node."""

    variable: str
    value: Callable[[int], str]
    """Of a node."""
    codes: Callable[[], tuple[Array, Sequence[str]]]
    """Number of every node's value, shape (n,), int32 or int64, and the values by number. A node that the variable's
    labels do not allow has any number."""


@final
@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of a template by name."""

    template: Template
    snapshot: Snapshot
    splits: Mapping[str, str] | None = None
    """Id of a document, an element or a node -> split."""

    def of(self, name: str) -> Key:
        """The key that a stratum or a limit names.

        Raises:
            TemplateError: there is none of this name.
        """
        evidence = self.template.evidence[0] if self.template.evidence else self.template.plan.nodes[0].name
        if name == "document":
            return Key(evidence, self.document, lambda: documents(self.snapshot))
        if name == "split":
            return self._split(evidence)
        if name == "answer":
            answer = self.template.header.answer
            if answer is None or self.template.plan.node(answer.partition(".")[0]) is None:
                return Key(evidence, self.snapshot.id_of, lambda: _each(self.snapshot))
            return self._property(name, answer)
        band = DEGREE.fullmatch(name)
        if band is not None and self.template.plan.node(band[1]) is not None:
            return Key(band[1], self._band, lambda: _bands(self.snapshot))
        return self._property(name, name)

    def document(self, node: int) -> str:
        """Document of a node, empty where it has none."""
        prop = document_property(self.snapshot.label_of(node), self.snapshot)
        return "" if prop is None else str(self.snapshot.get(node, prop) or "")

    def _split(self, evidence: str) -> Key:
        splits = self.splits
        if splits is None:
            raise self._error("split", "`split` needs splits, which `kgmine run` assigns: run it once")

        def value(node: int) -> str:
            places = (self.snapshot.id_of(node), str(self.snapshot.get(node, "element")), self.document(node))
            return next((splits[place] for place in places if place in splits), "")

        return Key(evidence, value, lambda: self._coded(value))

    def _coded(self, value: Callable[[int], str]) -> tuple[Array, Sequence[str]]:
        names: dict[str, int] = {}
        codes = [names.setdefault(value(node), len(names)) for node in range(self.snapshot.n)]
        order = {name: k for k, name in enumerate(sorted(names))}
        return np.array([order[name] for name in names], np.int64)[codes], sorted(names)

    def _band(self, node: int) -> str:
        return band(int(self.snapshot.degrees[node]))

    def _property(self, name: str, text: str) -> Key:
        variable, dot, prop = text.partition(".")
        node = self.template.plan.node(variable)
        if not dot or node is None:
            raise self._error(name, f"unknown stratum `{text}`; write {KNOWN}")
        labels = node.labels

        def value(i: int) -> str:
            return self.snapshot.normal(i, prop)

        return Key(variable, value, lambda: _normals(self.snapshot, labels, prop))

    def _error(self, name: str, message: str) -> TemplateError:
        strata = self.template.header.strata
        path = ("strata", strata.index(name)) if name in strata else ("limit_per", name)
        places = self.template.places
        return self.template.error(message, places.get(path, places.get(path[:1], (1, 1))))


def band(degree: int) -> str:
    """The power-of-two band of a degree: `0`, `1`, `2-3`, `4-7`, ..."""
    if degree < 2:
        return str(degree)
    low = 1 << (degree.bit_length() - 1)
    return f"{low}-{2 * low - 1}"


def document_property(label: str, snapshot: Snapshot) -> str | None:
    """The property that holds a node's document; a Document is its own."""
    if label == "Document":
        return "id"
    return "document" if snapshot.properties(label).get("document") == "string" else None


@lru_cache(maxsize=4)
def documents(snapshot: Snapshot) -> tuple[Array, Sequence[str]]:
    """Number of each node's document, shape (n,), int32, and the documents by number, sorted.

    A node without one has -1; the last name, found at -1, is empty.
    """
    found = {}
    for label in snapshot.labels:
        prop = document_property(label, snapshot)
        if prop is not None:
            found[label] = snapshot.strings(label, prop)
    names = sorted({text for _, texts in found.values() for text in texts if text})
    numbers = {name: k for k, name in enumerate(names)}
    out = np.full(snapshot.n, -1, np.int32)
    for label, (codes, texts) in found.items():
        lo, hi = snapshot.ranges[label]
        out[lo:hi] = np.array([*(numbers.get(text, -1) for text in texts), -1], np.int32)[codes]
    return out, [*names, ""]


@lru_cache(maxsize=4)
def _each(snapshot: Snapshot) -> tuple[Array, Sequence[str]]:
    names = [text for label in snapshot.labels for text in snapshot.column(label, "id").tolist()]
    return np.arange(snapshot.n, dtype=np.int64), names


@lru_cache(maxsize=4)
def _bands(snapshot: Snapshot) -> tuple[Array, Sequence[str]]:
    codes = np.frexp(snapshot.degrees.astype(np.float64))[1].astype(np.int64)
    return codes, [band(1 << k >> 1) for k in range(int(codes.max(initial=0)) + 1)]


@lru_cache(maxsize=16)
def _normals(snapshot: Snapshot, labels: tuple[str, ...] | None, prop: str) -> tuple[Array, Sequence[str]]:
    codes = np.full(snapshot.n, -1, np.int64)
    numbers: dict[str, int] = {}
    for label in snapshot.labels:
        if labels is not None and label not in labels:
            continue
        lo, hi = snapshot.ranges[label]
        if snapshot.properties(label).get(prop, "").startswith("list<"):
            texts = [snapshot.normal(i, prop) for i in range(lo, hi)]
            codes[lo:hi] = [numbers.setdefault(text, len(numbers)) for text in texts]
        elif prop == "id":
            codes[lo:hi] = [numbers.setdefault(snapshot.normal(i, prop), len(numbers)) for i in range(lo, hi)]
        else:
            found = snapshot.postings(label, prop)
            renumbered = [numbers.setdefault(text, len(numbers)) for text in found.normals]
            codes[lo:hi] = np.array(renumbered, np.int64)[found.codes]
    return codes, [*numbers, ""]
