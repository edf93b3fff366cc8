"""Only here a Draft becomes a Sample: every check of section 6 is run and recorded, and what fails is a reject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kg.proof import own_evidence
from kg.proof.case import ELEMENTS, PASS, Case, Templated, failed, not_applicable, open_case
from kg.proof.claims import claims_of
from kg.proof.closed import check_closed
from kg.proof.contested import check_contested
from kg.proof.derive import re_execute, restate
from kg.proof.edited import USER_WROTE, is_edited, without_places
from kg.proof.evidence import evidence_of
from kg.proof.needed import Needed, check_needed
from kg.proof.said import check_said
from kg.proof.source import SourceIndex
from kg.proof.unique import check_unique
from kg.snapshot.snapshot import Snapshot
from schemas.errors import DerivationError
from schemas.reject import Rejected
from schemas.sample import Check, CheckName, Draft, Evidence, Sample

STAGE: Final = "proof"
REJECTS: Final[dict[CheckName, str]] = {"closed_set": "open_set", "not_contested": "contested"}
"""Check -> name of its reject, where it differs."""
GRAPH_IS_SOURCE: Final = not_applicable("the graph is the source: `verify` compares with its pinned tables")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks found about one draft."""

    checks: dict[CheckName, Check]
    evidence: tuple[Evidence, ...] = ()
    needed: Needed | None = None
    case: Case | None = None
    edited: bool = False
    """Something that the draft rests on was made or changed by a user."""

    @property
    def fail(self) -> tuple[CheckName, Check] | None:
        """The first check that failed."""
        return next(((name, check) for name, check in self.checks.items() if check.result == "fail"), None)


def prove(draft: Draft, template: Templated, snapshot: Snapshot, sources: SourceIndex) -> Sample | Rejected:
    """Run the checks on a draft, cheapest first; the first fail ends it.

    Args:
        draft: of `template`, made on `snapshot`.
        template: as `kg.cypher.template.load` gives it.
        snapshot: the pinned snapshot.
        sources: where the source files are.

    Returns: a Sample with every check recorded (`proved`: no fail and no unknown), or a Rejected with the failed check.
    """
    verdict = examine(draft, template, snapshot, sources, thorough=False)
    if verdict.fail is not None:
        name, check = verdict.fail
        return Rejected(
            item=draft.id,
            stage=STAGE,
            check=REJECTS.get(name, name),
            reason=check.reason.removeprefix("open_set: "),
            document=draft.evidence[0].document if draft.evidence else None,
            template=draft.match.template,
            details={"question": draft.question, "answer": draft.answer},
        )
    assert verdict.case is not None
    assert verdict.needed is not None
    return _sample(verdict.case, verdict.needed, verdict)


def examine(
    draft: Draft, template: Templated, snapshot: Snapshot, sources: SourceIndex | None, *, thorough: bool
) -> Verdict:
    """All checks on a draft.

    Args:
        sources: None: the sources are not read again (`unknown`).
        thorough: go on after a fail.
    """
    checks: dict[CheckName, Check] = {}
    try:
        case = open_case(draft, template, snapshot)
    except DerivationError as error:
        return Verdict({"derivation": failed(str(error))})
    evidence: tuple[Evidence, ...] = ()
    needed: Needed | None = None
    for name, run in CHECKS:
        checks[name] = run(case)
        if checks[name].result == "fail" and not thorough:
            return Verdict(checks, case=case)
    needed = check_needed(case)
    checks["hops_needed"], checks["modalities_needed"] = needed.hop_check, needed.modality_check
    if needed.modality_check.result == "fail" and not thorough:
        return Verdict(checks, case=case, needed=needed)
    evidence = evidence_of(case)
    edited = is_edited(case, evidence)
    if not case.house:
        checks["source_reread"] = GRAPH_IS_SOURCE
    elif edited:
        evidence, checks["source_reread"] = without_places(evidence, case), USER_WROTE
    else:
        checks["source_reread"] = _reread(evidence, sources)
    return Verdict(checks, evidence, needed, case, edited)


def _reread(evidence: tuple[Evidence, ...], sources: SourceIndex | None) -> Check:
    if sources is None:
        return Check(result="unknown", reason="the sources were not read again")
    if not evidence:
        return failed("no evidence")
    return sources.reread(evidence)


def check_derivation(case: Case) -> Check:
    """The derivation gives the answer again, from its own rows and on the snapshot; the claims are the match's."""
    draft = case.draft
    why = rerun(draft)
    if why is not None:
        return failed(why)
    if case.derived.canonical != draft.answer_value:
        return failed(f"the graph gives {case.derived.canonical}, the draft says {draft.answer_value}")
    if case.derived.relations != draft.derivation.relations:
        return failed(f"the rows of the graph are not those of the proof pack: {_difference(case)}")
    claims = claims_of(case.header, case.nodes, case.snapshot)
    if claims != draft.claims:
        other = next((c for c in claims if c not in draft.claims), None)
        return failed(
            f"the graph claims {other.variable}.{other.property} = {other.value!r}" if other else "other claims"
        )
    return PASS


def _difference(case: Case) -> str:
    now, then = case.derived.relations, case.draft.derivation.relations
    return ", ".join(name for name in sorted({*now, *then}) if now.get(name) != then.get(name))


def rerun(draft: Draft | Sample) -> str | None:
    """Why the derivation does not give the answer from its own rows; None where it does."""
    try:
        result = re_execute(draft.derivation)
        stated = restate(draft.derivation, result)
    except DerivationError as error:
        return str(error)
    if result != draft.derivation.result:
        return f"run again it gives {result}, not {draft.derivation.result}"
    if stated is not None and stated != draft.answer_value:
        return f"{result} is {stated} when rounded, not {draft.answer_value}"
    return None


CHECKS: Final[tuple[tuple[CheckName, Callable[[Case], Check]], ...]] = (
    ("derivation", check_derivation),
    ("not_said", check_said),
    ("closed_set", check_closed),
    ("not_contested", check_contested),
    ("unique", check_unique),
)
"""Cheapest first; what needs the answer only, before what searches the graph."""


def _sample(case: Case, needed: Needed, verdict: Verdict) -> Sample:
    draft, snapshot = case.draft, case.snapshot
    results = [check.result for check in verdict.checks.values()]
    kept = {name: getattr(draft, name) for name in Draft.model_fields if name != "evidence"}
    return Sample(
        **kept,
        hops=needed.hops,
        modalities=needed.modalities,
        images=_images(case, verdict.evidence),
        context=_context(case, verdict.evidence),
        evidence=verdict.evidence,
        fact_keys=_fact_keys(case),
        answer_entities=case.derived.entities,
        provenance="user" if verdict.edited else "source",
        checks=dict(sorted(verdict.checks.items())),
        proved=not {"fail", "unknown"} & set(results),
        language=_language(snapshot, verdict.evidence),
    )


def _elements(case: Case, evidence: tuple[Evidence, ...]) -> list[int]:
    found = (case.snapshot.index_of(id_) for id_ in dict.fromkeys(row.element for row in evidence))
    return [node for node in found if node is not None]


def _images(case: Case, evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    nodes = [node for node in _elements(case, evidence) if case.snapshot.label_of(node) == "Image"]
    return tuple(str(blob) for node in nodes if (blob := case.snapshot.get(node, "blob")))


def _context(case: Case, evidence: tuple[Evidence, ...]) -> tuple[dict[str, str], ...]:
    snapshot = case.snapshot
    if not case.house:
        return own_evidence.context_of(case, evidence)
    rows = []
    for node in _elements(case, evidence):
        parts = [snapshot.get(node, name) for name in ("caption", "head")] if snapshot.label_of(node) == "Table" else []
        text = "\n".join(str(part) for part in [*parts, snapshot.text(node)] if part)
        kind = ELEMENTS.get(snapshot.label_of(node), "text")
        rows.append({"element": snapshot.id_of(node), "kind": kind, "text": text})
    return tuple(rows)


def _fact_keys(case: Case) -> tuple[str, ...]:
    if not case.house:
        return own_evidence.fact_keys(case)
    keys = (case.snapshot.get(node, "fact_key") for node in (*case.operands, *case.stated, *case.members))
    return tuple(sorted({str(key) for key in keys if key}))


def _language(snapshot: Snapshot, evidence: tuple[Evidence, ...]) -> str:
    document = snapshot.index_of(evidence[0].document, "Document") if evidence else None
    return str(snapshot.get(document, "language") or "en") if document is not None else "en"
