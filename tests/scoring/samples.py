"""Small samples for tests of scoring and selection."""

from typing import Any

from schemas.sample import Check, Derivation, Evidence, Sample, SampleMatch, Step


def evidence(element: str = "t1", document: str = "d1", **fields: Any) -> Evidence:
    plain: dict[str, Any] = {
        "document": document,
        "path": f"{document}.pdf",
        "node": f"{element}-cell",
        "element": element,
        "kind": "value",
        "modality": "table",
        "text": "42",
        "sha256": "0" * 64,
    }
    return Evidence(**{**plain, **fields})


def sample(name: str, **fields: Any) -> Sample:
    plain: dict[str, Any] = {
        "id": name,
        "question": f"What is the length of river {name} in kilometres?",
        "answer": "42",
        "answer_type": "number",
        "answer_value": "42",
        "task": "value",
        "hops": 0,
        "modalities": ("table",),
        "evidence": (evidence(),),
        "match": SampleMatch(template="value", template_sha="s", snapshot="g", rank=0, bindings={}, nodes=(), edges=()),
        "claims": (),
        "derivation": Derivation(lang="binding", code="f.number", result="42", steps=(Step(op="look_up", text="42"),)),
        "checks": {"unique": Check(result="pass")},
        "proved": True,
        "split": "train",
    }
    return Sample(**{**plain, **fields})
