"""A table of what models say, and whether it is the answer."""

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from schemas.sample import Sample
from scoring.answers import Expected, grade, of_text
from tests.scoring.samples import sample

TABLE: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "answers.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)
PAIRS = [
    (group, said, verdict)
    for group in TABLE
    for verdict, key in ((True, "right"), (False, "wrong"), (None, "missing"))
    for said in group.get(key, [])
]


def expected_of(group: dict[str, Any]) -> Sample | Expected:
    """The sample of a group, or the user's own row where it has a `kind` instead of a type."""
    if "kind" in group:
        return of_text(group["answer"], question=group["question"], kind=group["kind"])
    return sample(
        "a",
        question=group["question"],
        answer=group["answer"],
        answer_aliases=tuple(group.get("aliases", ())),
        answer_type=group["type"],
        answer_unit=group.get("unit"),
        answer_value=group["value"],
        tolerance=group.get("tolerance"),
        choices=tuple(group.get("choices", ())),
        language=group.get("language", "en"),
    )


def test_every_answer_of_the_table_is_graded_as_a_person_would() -> None:
    errors = [
        f"{group['answer']!r} <- {said!r}: {found.correct} ({found.how}), not {verdict}"
        for group, said, verdict in PAIRS
        if (found := grade(said, expected_of(group))).correct is not verdict
    ]
    assert errors == []


def test_the_table_is_large_and_holds_all_kinds() -> None:
    counts = Counter(verdict for _, _, verdict in PAIRS)
    assert len(PAIRS) >= 300
    assert counts[True] >= 150
    assert counts[False] >= 150
    kinds = {group.get("type") or group["kind"] for group in TABLE}
    assert kinds >= {"number", "percent", "count", "date", "text", "entity", "set", "boolean", "formula"}
