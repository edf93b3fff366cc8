"""A set of documents is named by what they state; a silent document must really be silent."""

from __future__ import annotations

from typing import Any

from kg.proof.stating import flaw, stating, stating_all
from kg.snapshot.build import snapshot_from
from kg.snapshot.snapshot import Snapshot


def _reports(*speeds: tuple[str, str | None], report: str = "accident report") -> Snapshot:
    """One report per (printed value, unit); no unit: the label stands there, and no fact was read from its cell."""
    nodes: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for n, (text, unit) in enumerate(speeds):
        kind = report if n else "accident report"
        nodes += [
            {"id": f"d{n}", "label": "Document", "kind": kind, "path": f"{n}.pdf"},
            {"id": f"e{n}", "label": "Entity", "name": f"Skylark {n}", "kind": "aircraft"},
            {"id": f"t{n}", "label": "Table", "document": f"d{n}"},
            {"id": f"r{n}", "label": "Row", "document": f"d{n}", "table": f"t{n}"},
            {
                "id": f"l{n}",
                "label": "Cell",
                "document": f"d{n}",
                "table": f"t{n}",
                "text": "Speed:",
                "row": 0,
                "col": 0,
            },
            {"id": f"c{n}", "label": "Cell", "document": f"d{n}", "table": f"t{n}", "text": text, "row": 0, "col": 1},
        ]
        edges += [
            {"type": "ABOUT", "source": f"d{n}", "target": f"e{n}"},
            {"type": "HAS_CELL", "source": f"r{n}", "target": f"l{n}"},
            {"type": "HAS_CELL", "source": f"r{n}", "target": f"c{n}"},
        ]
        if unit is None:
            continue
        number = text.split()[0]
        value: dict[str, Any] = (
            {"kind": "number", "number": float(number), "exact": number} if number.isdigit() else {"kind": "text"}
        )
        nodes.append({"id": f"f{n}", "label": "Assertion", "document": f"d{n}", "element": f"t{n}", "quantity": "speed",
                      "text": text, "unit": unit or None, "scale": 0, "row": 0, "col": 1, **value})  # fmt: skip
        edges += [
            {"type": "SUBJECT", "source": f"f{n}", "target": f"e{n}"},
            {"type": "SUPPORTED_BY", "source": f"f{n}", "target": f"c{n}", "role": "value"},
            {"type": "SUPPORTED_BY", "source": f"f{n}", "target": f"l{n}", "role": "header"},
        ]
    return snapshot_from(nodes, edges)


def _first(snapshot: Snapshot) -> int:
    found = snapshot.index_of("f0")
    assert found is not None
    return found


def test_documents_without_the_fact_are_outside_the_set() -> None:
    graph = _reports(("80 knots", "knot"), ("90 knots", "knot"), ("", None))
    found = stating(graph, _first(graph))
    assert (len(found.documents), len(found.facts), len(found.silent)) == (2, 2, 1)
    assert flaw(graph, found) is None


def test_a_document_whose_label_stands_beside_something_unread_opens_the_set() -> None:
    graph = _reports(("80 knots", "knot"), ("90 knots", "knot"), ("95 (estimated)", None))
    assert "95 (estimated)" in str(flaw(graph, stating(graph, _first(graph))))


def test_none_beside_the_label_is_a_statement() -> None:
    graph = _reports(("80 knots", "knot"), ("90 knots", "knot"), ("None", None))
    assert "None" in str(flaw(graph, stating(graph, _first(graph))))


def test_values_of_two_units_cannot_be_ranked() -> None:
    graph = _reports(("80 knots", "knot"), ("90 mph", "mile per hour"))
    assert "cannot be compared" in str(flaw(graph, stating(graph, _first(graph))))


def test_a_word_among_numbers_cannot_be_ranked() -> None:
    graph = _reports(("80 knots", "knot"), ("calm", ""))
    assert "cannot be compared" in str(flaw(graph, stating(graph, _first(graph))))


def test_documents_of_another_kind_are_another_set() -> None:
    graph = _reports(("80 knots", "knot"), ("90 knots", "knot"), report="incident report")
    assert len(stating(graph, _first(graph)).documents) == 1


def test_a_set_by_several_facts_holds_the_documents_that_state_them_all() -> None:
    nodes: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for n, said in enumerate((("gear", "age"), ("gear",), ("gear", "age"), ())):
        nodes.append({"id": f"d{n}", "label": "Document", "kind": "accident report"})
        nodes.append({"id": f"e{n}", "label": "Entity", "name": f"Skylark {n}", "kind": "aircraft"})
        edges.append({"type": "ABOUT", "source": f"d{n}", "target": f"e{n}"})
        for quantity in said:
            nodes.append({"id": f"{quantity}{n}", "label": "Assertion", "document": f"d{n}", "quantity": quantity})
            edges.append({"type": "SUBJECT", "source": f"{quantity}{n}", "target": f"e{n}"})
    graph = snapshot_from(nodes, edges)
    facts = [index for id_ in ("gear0", "age0") if (index := graph.index_of(id_)) is not None]
    found, parts = stating_all(graph, facts)
    assert {graph.id_of(fact) for fact in found.facts} == {"gear0", "age0", "gear2", "age2"}
    assert {graph.id_of(document) for document in found.documents} == {"d0", "d2"}
    assert {graph.id_of(document) for document in found.silent} == {"d1", "d3"}
    assert [len(part.documents) for part in parts] == [3, 2]
