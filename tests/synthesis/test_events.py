"""Event reports: what is the pilot's, the aircraft's and the accident's; documents as a set named by what they state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from kg.snapshot.snapshot import Snapshot
from schemas.sample import Draft
from synthesis.wording import Slot, english_asking, english_events, english_reports
from tests.synthesis import world
from tests.synthesis.test_synthesize import drafts

REPORT = "accident report"


@dataclass
class Node:
    properties: dict[str, Any] = field(default_factory=dict)
    label: str = "Assertion"
    units: None = None

    def get(self, prop: str) -> Any:
        return self.properties.get(prop)


def slot(text: str, **properties: Any) -> Slot:
    return Slot.of(text, Node({"quantity": text, "shape": "form", **properties}), "quantity")


SKYLARK = Slot.of(
    "Skylark 7", Node({"kind": "aircraft", "described": "the Skylark 7 that had an accident in Oslo"}), "name"
)


@pytest.mark.parametrize(
    ("quantity", "kind", "opening"),
    [
        ("age of the pilot", "number", "how old was the pilot of the Skylark 7 that had an accident in Oslo"),
        ("total flight time of the pilot", "number", "how many total flight hours did the pilot of the Skylark 7 that had an accident in Oslo have"),
        ("length of the runway in the accident", "number", "how long was the runway in the accident involving the Skylark 7 in Oslo"),
        ("dew point at the time of the accident", "number", "what was the dew point at the time of the accident involving the Skylark 7 in Oslo"),
        ("location of the accident", "text", "where did the accident involving the Skylark 7 in Oslo happen"),
        ("date of the accident", "date", "when did the accident involving the Skylark 7 in Oslo happen"),
        ("time of the accident", "text", "at what time did the accident involving the Skylark 7 in Oslo happen"),
        ("airport in the accident", "text", "at which airport did the accident involving the Skylark 7 in Oslo happen"),
        ("certificate of the pilot", "text", "what certificate did the pilot of the Skylark 7 that had an accident in Oslo hold"),
        ("seat occupied by the pilot", "text", "what seat did the pilot of the Skylark 7 that had an accident in Oslo occupy"),
    ],
)  # fmt: skip
def test_a_report_is_asked_for_whose_fact_it_is(quantity: str, kind: str, opening: str) -> None:
    assert english_asking.ask(slot(quantity, kind=kind), SKYLARK) == opening


@pytest.mark.parametrize(
    ("quantity", "value", "clause"),
    [
        ("location of the accident", "Oslo", "aircraft accident in Oslo"),
        ("departure point", "BERGEN", "aircraft accident on a flight from Bergen"),
        ("operator", "Fjord Air", "accident involving an aircraft operated by Fjord Air"),
        ("landing gear type", "Tricycle", "aircraft accident in which the landing gear type was Tricycle"),
    ],
)
def test_an_event_is_singled_out_as_people_do(quantity: str, value: str, clause: str) -> None:
    assert english_reports.happening(slot(quantity), value, "aircraft", REPORT) == clause


def test_inside_an_event_its_name_is_not_said_again() -> None:
    asked = english_reports.ask_in(slot("dew point at the time of the accident", kind="number"), REPORT, "aircraft")
    assert asked == "what was the dew point"
    asked = english_reports.ask_in(slot("rated power", kind="number"), REPORT, "aircraft")
    assert asked == "what was the rated power of the aircraft"


def test_two_events_are_compared_as_events_and_two_pilots_as_pilots() -> None:
    dew, age = slot("dew point at the time of the accident", kind="number"), slot("age of the pilot", kind="number")
    assert (
        english_reports.whose_more(dew, SKYLARK) == "in the accident involving which aircraft was the dew point higher"
    )
    assert english_reports.whose_more(age, SKYLARK) == "the pilot of which aircraft was older"
    assert english_events.twin(dew, "the Heron 2") == "that at the time of the accident involving the Heron 2"


@pytest.fixture
def partly() -> Snapshot:
    """The world's four accidents; three reports state a speed, in the other's place stands what `silent` says."""
    return _world("")


def _world(silent: str) -> Snapshot:
    from kg.snapshot.build import snapshot_from

    world.snapshot()
    for number, key in enumerate(("N5921D", "N8770M", "N1458U", "N6135M")):
        document, table = f"doc-{key}", f"table-{key}"
        row = world.node(f"row-{key}", "Row", document=document, table=table)
        world.edge("HAS_ROW", table, row)
        label = world.node(f"label-{key}", "Cell", document=document, table=table, text="Speed:", row=0, col=0, page=1)
        world.edge("HAS_CELL", row, label)
        if number < 3:
            id_ = world.fact(f"speed-{key}", key, table, document, quantity="speed", number=80 + number, unit="knot",
                             shape="form", row=0, col=1)  # fmt: skip
            world.edge("SUPPORTED_BY", id_, label, role="header")
        else:
            cell = world.node(
                f"beside-{key}", "Cell", document=document, table=table, text=silent, row=0, col=1, page=1
            )
            world.edge("HAS_CELL", row, cell)
    return snapshot_from(world.NODES, world.EDGES)


def _named(found: list[Draft]) -> list[Draft]:
    return [draft for draft in found if "three aircraft accidents whose reports state the speed" in draft.question]


def test_the_set_of_a_superlative_is_named_by_what_its_documents_state(partly: Snapshot) -> None:
    found = _named(drafts("cross_document_highest", partly))
    assert [draft.answer for draft in found] == ["Cessna N1458U"]
    assert "in which was it the highest" in found[0].question.lower() or "was it the highest" in found[0].question


def test_where_all_documents_state_it_the_set_is_those_on_file(partly: Snapshot) -> None:
    found = [d for d in drafts("cross_document_highest", partly) if "pilot the oldest" in d.question]
    assert found
    assert all("four aircraft accidents on file" in draft.question for draft in found)
