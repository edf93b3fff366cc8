"""From a binding to an answer, with everything that is needed to compute it again without the graph."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kg.proof import arithmetic, exact, own_rows, sql
from kg.proof.derived import Derived, answer_row
from kg.proof.expression import formulas, parse, references
from kg.proof.reading import Answer, answers_at, fact_text, number_of, own_value, said
from kg.proof.relations import ANSWER, HasNodes, Nodes, Rows, mentioned, rows_key, rows_of, variable_row
from kg.proof.things import property_text
from kg.snapshot.snapshot import Snapshot
from schemas.errors import DerivationError
from schemas.fact import Value
from schemas.sample import AnswerType, Derivation, Step
from schemas.template import Derive, TemplateHeader


def derive(header: TemplateHeader, binding: HasNodes | Nodes, snapshot: Snapshot) -> Derived:
    """Compute the answer of one binding.

    Raises:
        DerivationError: no value, unlike units, a tie, or a computation that fails; the message is the reason.
    """
    nodes: Nodes = binding if isinstance(binding, Mapping) else binding.nodes
    if ANSWER in nodes:
        raise DerivationError(f"the name {ANSWER} is reserved")
    if header.derive is None:
        return _bind(header, nodes, snapshot)
    if header.derive.sql is not None:
        return _sql(header, header.derive, nodes, snapshot)
    if header.derive.sympy is not None:
        return _sympy(header, header.derive, nodes, snapshot)
    raise DerivationError("derive names neither sql nor sympy")


def signature(header: TemplateHeader, nodes: Nodes, snapshot: Snapshot) -> tuple[Hashable, ...]:
    """What the answer of a binding depends on: bindings with one signature have one answer."""
    spec = header.derive
    if spec is None:
        return (nodes.get((header.answer or "").partition(".")[0]),)
    if spec.sql is None:
        tree = parse(spec.sympy or "")
        symbols = [name for call in formulas(tree) for name, _ in call.arguments if name is not None]
        return tuple(nodes[name] for name in (*symbols, *(r.variable for r in references(tree))) if name in nodes)
    rows = tuple(rows_key(text, snapshot, nodes) for _, text in sorted(spec.rows.items()))
    seen = (_without_id(variable_row(snapshot, nodes[name], spec.sql)) for name in mentioned(spec.sql, nodes))
    return (*seen, *rows)


def _without_id(row: dict[str, Any]) -> str:
    return repr({key: value for key, value in row.items() if key != "id"})


# A property of the binding --------------------------------------------------------------------------------------------


def _bind(header: TemplateHeader, nodes: Nodes, snapshot: Snapshot) -> Derived:
    variable, _, prop = (header.answer or "").partition(".")
    if variable not in nodes or not prop:
        raise DerivationError(f"no answer: {header.answer!r} is not variable.property of the match")
    node, house = nodes[variable], snapshot.roles.house
    answers = answers_at(snapshot, node, prop, header.answer_type)
    answer, canonical = answers[0], "|".join(answer.canonical for answer in answers)
    value = answer.value
    fact = snapshot.label_of(node) == "Assertion" or not house
    row = {"id": snapshot.id_of(node), prop: canonical, "unit": value.unit, "scale": value.scale}
    text = fact_text(snapshot, node) if fact else f"{prop} = {said(value)}"
    if not house:
        row[prop], text = canonical, property_text(snapshot, node, prop)
    number = value.kind == "number"
    return Derived(
        answers=answers,
        canonical=canonical,
        kind=header.answer_type or ("set" if len(answers) > 1 else _kind(answer)),
        unit=value.unit,
        scale=value.scale,
        decimals=value.decimals if number else None,
        lang="binding",
        code=f"{variable}.{prop}",
        relations={
            variable: [row],
            ANSWER: answer_row(value.unit, value.scale, value.decimals if number else None, ""),
        },
        result=canonical,
        steps=(Step(op="look_up", text=text, value=canonical, node=snapshot.id_of(node)),),
        operands=(snapshot.id_of(node),) if fact else (),
    )


def _kind(answer: Answer) -> AnswerType:
    if answer.value.kind == "number":
        return "percent" if answer.value.unit == "%" else "number"
    return answer.value.kind


# SQL ------------------------------------------------------------------------------------------------------------------


def _sql(header: TemplateHeader, spec: Derive, nodes: Nodes, snapshot: Snapshot) -> Derived:
    code = spec.sql or ""
    made = {name: rows_of(text, snapshot, nodes) for name, text in sorted(spec.rows.items())}
    for name in made:
        if name in nodes or name == ANSWER:
            raise DerivationError(f"the relation {name} has the name of a variable")
    variables = mentioned(code, nodes)
    full = {name: [variable_row(snapshot, nodes[name], code)] for name in variables}
    many = spec.tie == "set" or header.answer_type == "set"
    relations: dict[str, list[dict[str, Any]]] = {**full, **{name: list(rows.rows) for name, rows in made.items()}}
    outcome = sql.run(code, relations, tie="set" if many else "reject")
    cells = _cells(outcome, many=many)
    named = [nodes[name] for name in variables]
    if snapshot.roles.house:
        facts = [node for rows in made.values() for node in rows.nodes(snapshot, "Assertion")]
        named = [node for node in named if snapshot.label_of(node) == "Assertion"]
        stated = _stated(header, spec, named + facts if "number" in code else facts + named, snapshot, cells)
        entities = _entities(snapshot, nodes, made.values())
    else:
        facts = [thing for rows in made.values() for thing in rows.things()]
        stated = own_rows.stated(header, nodes, made, snapshot, cells)
        entities = own_rows.entities(code, nodes, made, outcome, cells, snapshot)
    unit, scale, _ = stated
    answers = tuple(sorted((_cell(cell, header, stated, entities) for cell in cells), key=lambda a: a.canonical))
    number = answers[0].value.kind == "number"
    kept = {**_pruned(full, outcome.reads), **{name: list(rows.rows) for name, rows in made.items()}}
    kept[ANSWER] = answer_row(unit, scale, answers[0].value.decimals if number else None, "set" if many else "")
    canonical = "|".join(answer.canonical for answer in answers)
    return Derived(
        answers=answers,
        canonical=canonical,
        kind=header.answer_type or ("set" if len(answers) > 1 else _kind(answers[0])),
        unit=unit if number else None,
        scale=scale if number else 0,
        decimals=answers[0].value.decimals if number else None,
        lang="sql",
        code=code,
        relations=kept,
        result=_result(cells),
        steps=_sql_steps(header, snapshot, named, facts, canonical, answers),
        operands=tuple(snapshot.id_of(node) for node in dict.fromkeys(_operands(header, nodes, named))),
        members=tuple(snapshot.id_of(node) for node in dict.fromkeys(facts)),
    )


def _cells(outcome: sql.Outcome, *, many: bool) -> list[Any]:
    """The answer column: the one that is called `answer`, else the first."""
    column = outcome.columns.index(ANSWER) if ANSWER in outcome.columns else 0
    cells = list({repr(row[column]): row[column] for row in outcome.rows}.values())
    if not cells or any(cell is None or cell == "" for cell in cells):
        raise DerivationError("no answer: the SQL gives no value")
    if len(cells) > 1 and not many:
        raise DerivationError(f"tie: {len(cells)} answers: {', '.join(str(cell) for cell in cells[:4])}")
    return cells


def _result(cells: list[Any]) -> str:
    texts = [exact.to_text(Fraction(cell)) if isinstance(cell, Decimal) else str(cell) for cell in cells]
    return "|".join(sorted(texts))


def _cell(
    cell: Any, header: TemplateHeader, stated: tuple[str | None, int, int | None], entities: Mapping[str, str | None]
) -> Answer:
    if not isinstance(cell, Decimal):
        name = entities.get(str(cell))
        if name is None and header.answer_type == "date":
            return own_value(str(cell), kind="date")
        return Answer(Value(kind="entity" if name else "text", text=str(cell)), name)
    if header.answer_type == "boolean":
        return Answer(Value(kind="boolean", text="yes" if cell else "no"))
    if header.answer_type == "date":
        return own_value(format(cell.normalize(), "f"), kind="date")
    unit, scale, decimals = stated
    return Answer(_rounded(Fraction(cell), unit, scale, decimals))


def _rounded(value: Fraction, unit: str | None, scale: int, decimals: int | None) -> Value:
    places = decimals if decimals is not None else 0 if value.denominator == 1 else 2
    number = exact.rounded(value, places)
    return Value(
        kind="number", text=format(number, "f"), number=number, unit=unit, scale=scale, decimals=max(places, 0)
    )


def _stated(
    header: TemplateHeader, spec: Derive, facts: list[int], snapshot: Snapshot, cells: list[Any]
) -> tuple[str | None, int, int | None]:
    """(unit, scale, decimals) of an SQL result; a number that was only picked keeps the decimals of its print."""
    if header.answer_type == "count":
        return None, 0, 0
    numeric = [node for node in facts if snapshot.get(node, "kind") == "number"]
    # What the rows are only ordered by is another quantity: it does not say how the answer is printed.
    like = [node for node in numeric if snapshot.get(node, "quantity") == snapshot.get(numeric[0], "quantity")]
    values = [number_of(snapshot, node) for node in like]
    if spec.unit == "same" and not values:
        raise DerivationError("unit: same, but the rows hold no number")
    decimals = spec.decimals
    if decimals is None and spec.unit == "same":
        picked = [value for value in values if len(cells) == 1 and value.number == cells[0]]
        decimals = max(value.decimals for value in picked or values)
    if spec.unit == "same":
        return values[0].unit, values[0].scale, decimals
    return spec.unit, 0, decimals


def _entities(snapshot: Snapshot, nodes: Nodes, made: Any) -> dict[str, str | None]:
    """Name -> id of the entities that were matched; None where two share the name."""
    found: dict[str, str | None] = {}
    seen = [node for node in nodes.values() if snapshot.label_of(node) == "Entity"]
    seen += [node for rows in made for node in rows.nodes(snapshot, "Entity")]
    for node in dict.fromkeys(seen):
        for prop in ("name", "described"):
            name = snapshot.get(node, prop)
            if name:
                same = found.setdefault(str(name), snapshot.id_of(node))
                found[str(name)] = same if same == snapshot.id_of(node) else None
    return found


def _pruned(
    full: Mapping[str, list[dict[str, Any]]], reads: tuple[tuple[str, str], ...]
) -> dict[str, list[dict[str, Any]]]:
    """Only what the query looked at, and ids: a proof pack need not carry whole paragraphs."""
    wanted = {name: {column for relation, column in reads if relation == name.lower()} | {"id"} for name in full}
    used = {relation for relation, _ in reads}
    return {
        name: [{key: value for key, value in rows[0].items() if key.lower() in wanted[name]}]
        for name, rows in full.items()
        if name.lower() in used
    }


def _operands(header: TemplateHeader, nodes: Nodes, default: list[int]) -> list[int]:
    named = [nodes[name.partition(".")[0]] for name in header.operands if name.partition(".")[0] in nodes]
    return named or default


def _sql_steps(
    header: TemplateHeader, snapshot: Snapshot, named: list[int], facts: list[int], canonical: str, answers: Any
) -> tuple[Step, ...]:
    steps = [Step(op="look_up", text=fact_text(snapshot, node), node=snapshot.id_of(node)) for node in named]
    if facts:
        some = "; ".join(fact_text(snapshot, node) for node in facts[:12])
        more = f"; and {len(facts) - 12} more" if len(facts) > 12 else ""
        steps.append(Step(op="select", text=f"{len(facts)} facts: {some}{more}", value=str(len(facts))))
    op = "count" if header.answer_type == "count" else "compare"
    text = ", ".join(said(answer.value) for answer in answers)
    return (*steps, Step(op=op, text=text, value=canonical))


# Arithmetic and formulas ----------------------------------------------------------------------------------------------


def _sympy(header: TemplateHeader, spec: Derive, nodes: Nodes, snapshot: Snapshot) -> Derived:
    code = spec.sympy or ""
    relations, facts = arithmetic.pack(code, nodes, snapshot)
    found = arithmetic.evaluated(code, relations)
    unit, scale, decimals = arithmetic.stated(code, spec, relations, found)
    relations[ANSWER] = answer_row(unit, scale, decimals, "")
    result = arithmetic.scaled(code, found, unit, scale)
    answer = Answer(_rounded(result, unit, scale, decimals))
    if result and not answer.value.number and not snapshot.roles.house:
        raise DerivationError("rounded as the header says, nothing is left: state more decimals or another unit")
    steps = [
        Step(
            op="look_up",
            text=text,
            value=value,
            node=snapshot.id_of(node),
        )
        for node, text, value in _looked_up(code, relations, facts, snapshot)
    ]
    steps.append(Step(op="compute", text=f"{code} = {said(answer.value)}", value=answer.canonical))
    return Derived(
        answers=(answer,),
        canonical=answer.canonical,
        kind=header.answer_type or _kind(answer),
        unit=unit,
        scale=scale,
        decimals=answer.value.decimals,
        lang="sympy",
        code=code,
        relations=relations,
        result=exact.to_text(result),
        steps=tuple(steps),
        operands=tuple(snapshot.id_of(node) for node in dict.fromkeys(facts.values())),
    )


def _looked_up(
    code: str, relations: arithmetic.Relations, facts: Mapping[str, int], snapshot: Snapshot
) -> Iterator[tuple[int, str, str | None]]:
    """(fact, what it says, its number) of the operands; in a user's own graph one for each property."""
    if snapshot.roles.house:
        for name, node in facts.items():
            yield node, fact_text(snapshot, node), relations[name][0].get("number")
        return
    for name, prop in dict.fromkeys((r.variable, r.prop) for r in references(parse(code))):
        yield facts[name], property_text(snapshot, facts[name], prop), relations[name][0].get(prop)


# Again, without the graph ---------------------------------------------------------------------------------------------


def re_execute(derivation: Derivation) -> str:
    """Run a derivation again on the rows that it carries.

    Returns:
        The result, to be compared with `Derivation.result`.

    Raises:
        DerivationError: it cannot be executed.
    """
    relations = derivation.relations
    if derivation.lang == "binding":
        variable, _, prop = derivation.code.partition(".")
        try:
            return str(relations[variable][0][prop])
        except (KeyError, IndexError) as error:
            raise DerivationError(f"the proof pack has no {derivation.code}") from error
    if derivation.lang == "sympy":
        return exact.to_text(arithmetic.run(derivation.code, relations))
    many = bool(relations.get(ANSWER)) and relations[ANSWER][0].get("kind") == "set"
    tables = {name: rows for name, rows in relations.items() if name != ANSWER}
    outcome = sql.run(derivation.code, tables, tie="set" if many else "reject")
    return _result(_cells(outcome, many=many))


def restate(derivation: Derivation, result: str) -> str | None:
    """The result at the stated rounding, as `answer_value` should have it; None where the result is no number."""
    row = (derivation.relations.get(ANSWER) or [{}])[0]
    if row.get("decimals") is None or derivation.lang == "binding":
        return None
    return format(exact.rounded(exact.from_text(result), int(row["decimals"])), "f")


__all__ = ["Derived", "Rows", "derive", "re_execute", "restate"]
