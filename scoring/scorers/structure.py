"""Structure: what the proof says of a sample."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import ClassVar, final

from schemas.sample import Sample
from schemas.score import Score

OPERATIONS = {"look_up": 0.0, "select": 0.5, "compare": 0.5, "count": 0.7, "compute": 0.7, "join": 1.0}
"""Weight of the kinds of steps of a derivation."""


@final
@dataclass(frozen=True, slots=True)
class HopCount:
    """Joins that are needed, as the proof found them."""

    name: ClassVar[str] = "hops"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 6.0
    larger_is_better: ClassVar[bool] = True

    def score(self, sample: Sample) -> Score:
        return Score(value=float(min(sample.hops, 6)))


@final
@dataclass(frozen=True, slots=True)
class ModalityCount:
    """Modalities of the evidence."""

    name: ClassVar[str] = "modalities"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 4.0
    larger_is_better: ClassVar[bool] = True

    def score(self, sample: Sample) -> Score:
        return Score(value=float(len(set(sample.modalities))))


@final
@dataclass(frozen=True, slots=True)
class EvidenceSpread:
    """Documents and elements that the evidence lies in: log2(1 + elements) + log2(documents), at most 8."""

    name: ClassVar[str] = "evidence_spread"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 8.0
    larger_is_better: ClassVar[bool] = True

    def score(self, sample: Sample) -> Score:
        if not sample.evidence:
            return Score(value=None, reason="no evidence")
        elements = len({item.element for item in sample.evidence})
        documents = len({item.document for item in sample.evidence})
        return Score(value=min(8.0, log2(1 + elements) + log2(documents)))


@final
@dataclass(frozen=True, slots=True)
class OperationDepth:
    """How much is done to the values that are read: sum of the weights of the derivation's steps, at most 4."""

    name: ClassVar[str] = "operation_depth"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 4.0
    larger_is_better: ClassVar[bool] = True

    def score(self, sample: Sample) -> Score:
        if not sample.derivation.steps:
            return Score(value=None, reason="no steps")
        return Score(value=min(4.0, sum(OPERATIONS.get(step.op, 0.5) for step in sample.derivation.steps)))


@final
@dataclass(frozen=True, slots=True)
class SetSize:
    """log2 of the closed set that the derivation ran over, at most 8; None where there is no set."""

    name: ClassVar[str] = "set_size"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 8.0
    larger_is_better: ClassVar[bool] = True

    def score(self, sample: Sample) -> Score:
        if not sample.set_members:
            return Score(value=None, reason="no set")
        return Score(value=min(8.0, log2(len(sample.set_members))))
