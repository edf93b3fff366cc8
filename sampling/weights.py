"""Laws in which matches weigh differently: a weight for each node at each slot, and their product for a match."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.cypher.shape import Shape
from kg.cypher.template import Template
from kg.snapshot.snapshot import Snapshot

Array = npt.NDArray[Any]


def slot_weights(template: Template, shape: Shape, snapshot: Snapshot) -> dict[int, Array]:
    """Slot -> weight of each node there, shape (n,), float64; slots that are left out weigh 1.

    The laws are those of `TemplateHeader.law`.
    """
    law = template.header.law
    if law == "inverse_degree":
        return dict.fromkeys(range(len(shape.slots)), _inverse_degree(snapshot))
    if law == "evidence":
        return dict.fromkeys({shape.variables[name] for name in template.evidence}, _evidence(snapshot))
    return {}


@lru_cache(maxsize=2)
def _inverse_degree(snapshot: Snapshot) -> Array:
    return 1.0 / np.maximum(snapshot.degrees, 1)


@lru_cache(maxsize=2)
def _evidence(snapshot: Snapshot) -> Array:
    """Confidence (1 where it is not stated, 0 below 0) times the number of supports, at least 1."""
    confidence = np.ones(snapshot.n)
    for label in snapshot.labels:
        if snapshot.properties(label).get("confidence") in ("float64", "int64"):
            lo, hi = snapshot.ranges[label]
            stated = snapshot.column(label, "confidence").astype(np.float64)
            confidence[lo:hi] = np.where(np.isnan(stated), 1.0, np.maximum(stated, 0.0))
    supports = np.diff(snapshot.adjacency(("SUPPORTED_BY",), 1).indptr)
    found: Array = confidence * np.maximum(supports, 1)
    return found
