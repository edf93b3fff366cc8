"""`derive: sympy` over packed operands: the same code runs when the draft is made and when the export is verified.

Numbers enter in base units (number times its scale); the result is in the scale of the answer, an exact rational.

In `formula(x, s = p.number)` numbers are converted to base units (`kg.proof.dimension`), and the result to the unit
that is stated. `s` is a matched Symbol, whose text must denote the quantity of the fact p, or a symbol's own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from kg.proof import dimension, expression, own_rows, sympy
from kg.proof.exact import from_text, guard
from kg.proof.expression import Quantity
from kg.proof.reading import number_of
from kg.proof.relations import ANSWER, Nodes
from kg.snapshot.snapshot import Snapshot
from kg.values.name import normal
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
    tree = expression.parse(code)
    for call in expression.formulas(tree):
        for name, argument in call.arguments:
            if name is not None and name in nodes and snapshot.label_of(nodes[name]) == "Symbol":
                relations[name] = [_symbol(snapshot, nodes[name], argument, nodes)]
    for reference in expression.references(tree):
        name, prop = reference.variable, reference.prop
        if name not in nodes:
            if not prop:
                continue  # a bare name is looked up only where a formula stands, and fails there
            raise DerivationError(f"unknown variable {name}")
        node = nodes[name]
        row = relations.setdefault(name, [{"id": snapshot.id_of(node)}])[0]
        if snapshot.label_of(node) == "Assertion" or not snapshot.roles.house:
            facts[name] = node
        own = prop and not snapshot.roles.house
        row.update(own_rows.number_row(snapshot, node, prop) if own else _packed(snapshot, node, prop))
    return relations, facts


OWN_PARTS: Final = frozenset({"orbit", "body", "object", "system", "item", "sample"})
"""`semi-major axis of the orbit` is the semi-major axis of whatever has the orbit."""


def _symbol(snapshot: Snapshot, node: int, argument: expression.Expression, nodes: Nodes) -> dict[str, Any]:
    """The row of a matched symbol that a formula is given a value for.

    Raises:
        DerivationError: its text says that it denotes something else than the fact states.
    """
    name, denotes = snapshot.get(node, "name"), str(snapshot.get(node, "denotes") or "")
    fact = nodes.get(argument.variable) if isinstance(argument, expression.Reference) else None
    if fact is not None and snapshot.label_of(fact) == "Assertion" and not is_meant(snapshot, fact, denotes):
        raise DerivationError(f"formula: {name} denotes {denotes or 'nothing'}, not {snapshot.get(fact, 'quantity')}")
    return {"id": snapshot.id_of(node), "symbol": name, "denotes": denotes}


def is_meant(snapshot: Snapshot, fact: int, denotes: str) -> bool:
    """Whether a symbol that denotes `mean radius of the planet` takes the value of a fact: the mean radius of a planet.

    A fact `value` of a constant is meant by the constant's name.
    """
    quantity, kind = str(snapshot.get(fact, "quantity") or ""), str(snapshot.get(fact, "subject_kind") or "")
    if kind == "constant":
        return normal(denotes) == normal(str(snapshot.get(fact, "subject") or ""))
    if normal(denotes) == normal(quantity):
        return bool(quantity)
    head, of, whose = denotes.rpartition(" of the ")
    return bool(of) and normal(head) == normal(quantity) and (whose in OWN_PARTS or normal(whose) == normal(kind))


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


def evaluated(code: str, relations: Relations) -> Quantity:
    """The exact result in base units.

    Raises:
        DerivationError: the expression cannot be evaluated on these relations.
    """
    return expression.evaluate(expression.parse(code), Packed(relations))


def stated(code: str, spec: Derive, relations: Relations, found: Quantity) -> tuple[str | None, int, int | None]:
    """(unit, scale, decimals) in which a result is stated; checks that the unit fits its dimension.

    Raises:
        DerivationError: the header's unit is not that of the result.
    """
    tree = expression.parse(code)
    numbers = [number for rows in relations.values() if rows for number in _numbers(rows[0])]
    if next(expression.formulas(tree), None) is not None:
        return _formula_stated(found, spec, numbers)
    if spec.unit == "same":
        if not numbers:
            raise DerivationError("unit: same, but there is no operand")
        first = numbers[0]
        if found.dimension not in (None, _dimension(first["unit"])):
            raise DerivationError(f"the result is in {expression.spoken(found.dimension)}, not in {first['unit']}")
        shifts = [row["decimals"] + first["scale"] - row["scale"] for row in numbers]
        decimals = spec.decimals if spec.decimals is not None else max(0, *shifts)
        return first["unit"], first["scale"], decimals
    if found.dimension and expression.atoms(found.dimension) != expression.atoms(_dimension(spec.unit)):
        bare = [
            name for name, rows in relations.items() if rows and any(row["unit"] is None for row in _numbers(rows[0]))
        ]
        raise DerivationError(_misstated(found.dimension, spec.unit, bare))
    decimals = spec.decimals
    if decimals is None and found.value.denominator != 1:
        decimals = max([row["decimals"] for row in numbers], default=2)
    return spec.unit, 0, decimals if decimals is not None else 0


def _misstated(found: expression.Dimension, unit: str | None, bare: list[str]) -> str:
    """The header's unit is another one than the result's: which operand has none, or what to write instead."""
    said = expression.spoken(tuple(sorted(expression.atoms(found))))
    there = f"not in {unit}" if unit else "and the header has no unit"
    if unit and bare:
        return f"the result is in {said}, {there}: {', '.join(bare)} is printed without a unit"
    return f"the result is in {said}, {there}: write `unit: {said}`, or convert it"


def _numbers(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The operands of a packed row: that of a fact, or the numeric properties of a thing of a user's own graph."""
    own = [name.removesuffix(":unit") for name in row if name.endswith(":unit")]
    if own:
        return [
            {"number": row[name], "unit": row[f"{name}:unit"], "scale": 0, "decimals": row[f"{name}:decimals"]}
            for name in own
        ]
    return [dict(row)] if "number" in row else []


def _formula_stated(found: Quantity, spec: Derive, numbers: list[dict[str, Any]]) -> tuple[str | None, int, int | None]:
    """As the header says, else a usual unit of the dimension, with the digits of the least precise operand."""
    powers = found.dimension or ()
    printed = [dimension.digits_of(row["number"], row["decimals"]) for row in numbers]
    digits = min(dimension.MOST_DIGITS, max(2, min(printed, default=dimension.MOST_DIGITS)))
    unit, scale = dimension.stated(powers, found.value, digits) if spec.unit is None else (spec.unit, 0)
    if spec.unit == "same" and numbers:
        unit, scale = numbers[0]["unit"], numbers[0]["scale"]
    factor, wanted = dimension.base_of(unit)
    if tuple((name, int(power)) for name, power in wanted) != powers:
        raise DerivationError(f"the result is in {expression.spoken(powers)}, not in {unit or 'a bare number'}")
    shown = found.value / factor / Fraction(10) ** scale
    return unit, scale, spec.decimals if spec.decimals is not None else dimension.decimals_of(shown, digits)


def run(code: str, relations: Relations) -> Fraction:
    """The exact result in the scale of the answer.

    Raises:
        DerivationError: the expression cannot be evaluated on these relations.
    """
    answer = (relations.get(ANSWER) or [{}])[0]
    return scaled(code, evaluated(code, relations), answer.get("unit"), int(answer.get("scale") or 0))


def scaled(code: str, found: Quantity, unit: str | None, scale: int) -> Fraction:
    """A result in the unit and scale in which it is stated.

    Raises:
        DerivationError: a number of too many digits.
    """
    value = found.value
    if next(expression.formulas(expression.parse(code)), None) is not None:
        value /= dimension.base_of(unit)[0]
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
        if f"{prop}:unit" in row:
            return Quantity(guard(value), _dimension(row[f"{prop}:unit"]))
        if prop in {"number", "exact", "value"} and "scale" in row:
            return Quantity(guard(value * Fraction(10) ** int(row["scale"])), _dimension(row["unit"]))
        return Quantity(value, ())

    def date(self, variable: str, prop: str) -> str:
        return str(self._row(variable).get(prop, ""))

    def formula(self, variable: str, symbols: Mapping[str, Quantity]) -> Quantity:
        row = self._row(variable)
        if not row.get("sympy"):
            raise DerivationError(f"{variable} is no formula")
        named = {self._spelled(name): quantity for name, quantity in symbols.items()}
        values, powers = {}, {}
        for name, quantity in named.items():
            factor, powers[name] = _in_base(quantity.dimension)
            values[name] = quantity.value * factor
        text, target = str(row["sympy"]), row.get("target")
        found = dimension.of_expression(sympy.solved(text, target, values), powers)
        return Quantity(sympy.value_of(text, target, values), dimension.whole(found))

    def _spelled(self, name: str) -> str:
        """The name of a matched symbol; any other name is the symbol's own."""
        return str((self.relations.get(name) or [{}])[0].get("symbol", name))


def _in_base(of: expression.Dimension) -> tuple[Fraction, dimension.Powers]:
    """(factor to base units, powers of them) of what was computed from units as printed."""
    factor, powers = Fraction(1), dict[str, Fraction]()
    for unit, count in of or ():
        one, inner = dimension.base_of(unit)
        factor *= one**count
        for name, power in inner:
            powers[name] = powers.get(name, Fraction(0)) + power * count
    return factor, {name: power for name, power in powers.items() if power}
