"""`derive: sympy` over packed operands: the same code runs when the draft is made and when the export is verified.

Numbers enter in base units (number times its scale); the result is in the scale of the answer, an exact rational.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kg.proof import expression, sympy
from kg.proof.exact import from_text, guard
from kg.proof.expression import Quantity
from kg.proof.reading import number_of
from kg.proof.relations import ANSWER, Nodes
from kg.snapshot.snapshot import Snapshot
from schemas.errors import DerivationError
from schemas.template import Derive

Relations = Mapping[str, list[dict[str, Any]]]


def pack(code: str, nodes: Nodes, snapshot: Snapshot) -> tuple[dict[str, list[dict[str, Any]]], dict[str, int]]:
    """The relations that an expression needs, and its facts by variable.

    Raises:
        DerivationError: an unknown variable, or a property without a value.
    """
    relations: dict[str, list[dict[str, Any]]] = {}
    facts: dict[str, int] = {}
    for reference in expression.references(expression.parse(code)):
        name, prop = reference.variable, reference.prop
        if name not in nodes:
            if not prop:
                continue  # a bare name is looked up only where a formula stands, and fails there
            raise DerivationError(f"unknown variable {name}")
        node = nodes[name]
        row = relations.setdefault(name, [{"id": snapshot.id_of(node)}])[0]
        if snapshot.label_of(node) == "Assertion":
            facts[name] = node
        row.update(_packed(snapshot, node, prop))
    return relations, facts


def _packed(snapshot: Snapshot, node: int, prop: str) -> dict[str, Any]:
    label = snapshot.label_of(node)
    if not prop:
        if label != "Formula" or not snapshot.get(node, "sympy"):
            raise DerivationError(f"{label} without a formula")
        return {"sympy": snapshot.get(node, "sympy"), "target": snapshot.get(node, "target")}
    if label in {"Assertion", "Cell"} and prop in {"number", "exact", "value"}:
        value = number_of(snapshot, node)
        row = {"number": str(value.number), "unit": value.unit, "scale": value.scale, "decimals": value.decimals}
        return {**row, prop: row["number"]}
    found = snapshot.get(node, prop)
    if found is None or found == "":
        raise DerivationError(f"{label}.{prop} has no value")
    return {prop: str(found)}


def stated(code: str, spec: Derive, relations: Relations) -> tuple[str | None, int, int | None]:
    """(unit, scale, decimals) in which the result is stated; checks that the unit fits the dimension of the result.

    Raises:
        DerivationError: the header's unit is not that of the result.
    """
    found = expression.evaluate(expression.parse(code), Packed(relations))
    numbers = [rows[0] for rows in relations.values() if rows and "number" in rows[0]]
    if spec.unit == "same":
        if not numbers:
            raise DerivationError("unit: same, but there is no operand")
        first = numbers[0]
        if found.dimension not in (None, _dimension(first["unit"])):
            raise DerivationError(f"the result is in {expression.spoken(found.dimension)}, not in {first['unit']}")
        shifts = [row["decimals"] + first["scale"] - row["scale"] for row in numbers]
        decimals = spec.decimals if spec.decimals is not None else max(0, *shifts)
        return first["unit"], first["scale"], decimals
    if spec.unit is None and found.dimension:
        raise DerivationError(f"the result is in {expression.spoken(found.dimension)}, not a bare number")
    if spec.unit is not None and found.dimension and len(found.dimension) == 1:
        (unit, power), *_ = found.dimension
        if power == 1 and unit != spec.unit:
            raise DerivationError(f"the result is in {unit}, not in {spec.unit}")
    decimals = spec.decimals
    if decimals is None and found.value.denominator != 1:
        decimals = max([row["decimals"] for row in numbers], default=2)
    return spec.unit, 0, decimals if decimals is not None else 0


def run(code: str, relations: Relations) -> Fraction:
    """The exact result in the scale of the answer.

    Raises:
        DerivationError: the expression cannot be evaluated on these relations.
    """
    value = expression.evaluate(expression.parse(code), Packed(relations)).value
    scale = int((relations.get(ANSWER) or [{"scale": 0}])[0].get("scale") or 0)
    return guard(value / Fraction(10) ** scale)


def _dimension(unit: str | None) -> expression.Dimension:
    return ((unit, 1),) if unit else ()


@dataclass(frozen=True, slots=True)
class Packed:
    """Operands out of a proof pack."""

    relations: Relations

    def _row(self, variable: str) -> dict[str, Any]:
        rows = self.relations.get(variable)
        if not rows:
            raise DerivationError(f"unknown variable {variable}")
        return rows[0]

    def number(self, variable: str, prop: str) -> Quantity:
        row = self._row(variable)
        if prop not in row:
            raise DerivationError(f"unknown operand {variable}.{prop}" if prop else f"{variable} is no number")
        value = from_text(str(row[prop]))
        if prop in {"number", "exact", "value"} and "scale" in row:
            return Quantity(guard(value * Fraction(10) ** int(row["scale"])), _dimension(row["unit"]))
        return Quantity(value, ())

    def date(self, variable: str, prop: str) -> str:
        return str(self._row(variable).get(prop, ""))

    def formula(self, variable: str, symbols: Mapping[str, Quantity]) -> Quantity:
        row = self._row(variable)
        if not row.get("sympy"):
            raise DerivationError(f"{variable} is no formula")
        values = {name: quantity.value for name, quantity in symbols.items()}
        return Quantity(sympy.value_of(str(row["sympy"]), row.get("target"), values))
