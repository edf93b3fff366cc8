"""What Ladybug would take and mean otherwise: values of two types where Neo4j keeps them apart.

Its columns have one type, so it casts: `p.year = '1994'` finds the number 1994 there, and `coalesce(p.year, 'none')`
is a string. Types are known before a query runs: a property has its column's, a parameter its value's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, final

from kg.cypher import ast
from kg.cypher.dialects.writer import refuse
from kg.cypher.functions import written
from kg.cypher.kinds import ELEMENT, ELEMENTS, Kind, kind_of
from kg.cypher.pipeline import Matched, Pipeline, Unwound
from kg.cypher.plan import Plan


class Type(NamedTuple):
    name: str
    """`null`, `number`, `string`, `boolean`, `list`, `element`, or `mixed`: several of them."""
    member: Type | None = None
    """Of a list."""
    nullable: bool = False
    """Of a list: a member may be null."""


NULL, NUMBER, STRING, BOOLEAN = Type("null"), Type("number"), Type("string"), Type("boolean")
ELEMENT_TYPE, MIXED = Type("element"), Type("mixed")
COLUMNS: Final = {"string": STRING, "int64": NUMBER, "float64": NUMBER, "bool": BOOLEAN}
TAKES: Final = {
    **dict.fromkeys(("tolower", "toupper", "ltrim", "rtrim", "trim"), "string"),
    **dict.fromkeys(("abs", "ceil", "floor", "round", "sign", "sqrt", "sum", "avg", "range"), "number"),
}
"""Function -> type of its arguments."""
GIVES: Final = {
    **dict.fromkeys(("tolower", "toupper", "ltrim", "rtrim", "trim", "tostring", "type"), STRING),
    **dict.fromkeys(("abs", "ceil", "floor", "round", "sign", "sqrt", "sum", "avg", "count", "size", "length"), NUMBER),
    **dict.fromkeys(("tointeger", "tofloat"), NUMBER),
    **dict.fromkeys(("startnode", "endnode"), ELEMENT_TYPE),
    **dict.fromkeys(("nodes", "relationships"), Type("list", ELEMENT_TYPE)),
    "labels": Type("list", STRING),
    "range": Type("list", NUMBER),
}
"""Function -> type of its value; the others give that of their arguments."""


@final
@dataclass(frozen=True)
class Columns:
    """Types of a graph's properties, whatever the label, and of a query's parameters."""

    properties: Mapping[str, Type] = field(default_factory=dict)
    parameters: Mapping[str, Type] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Iterable[tuple[str, str]], parameters: Mapping[str, Any]) -> Columns:
        """From (name, type) of all tables' columns, see `kg.graph.tables.ARROW`, and the parameters' values."""
        found: dict[str, Type] = {}
        for name, kind in columns:
            made = COLUMNS.get(kind) or Type("list", COLUMNS.get(kind.removeprefix("list<").removesuffix(">"), MIXED))
            found[name] = made if found.get(name, made) == made else MIXED
        return cls({**found, "id": STRING}, {name: _of_value(value) for name, value in parameters.items()})


def check(made: Pipeline, columns: Columns) -> None:
    """Refuse a query whose values Ladybug would cast.

    Raises:
        TemplateError: names what.
    """
    scope: dict[str, Type] = {}
    for stage in made.stages:
        if isinstance(stage, Matched):
            _matched(stage.plan, _Types(columns, scope, stage.plan.scope))
        elif isinstance(stage, Unwound):
            source = _Types(columns, scope, stage.scope).of(stage.source)
            scope = {**scope, stage.name: source.member or NULL}
        else:
            types = _Types(columns, scope, stage.scope)
            parts = [(item.column_name, item.expression) for item in stage.projection.items]
            found = {name: types.of(part) for name, part in parts if part is not None}
            scope = {**scope, **found}
            after = _Types(columns, scope, stage.scope)
            for part in (*(order.expression for order in stage.projection.order), stage.where):
                if part is not None:
                    after.of(part)


def _matched(plan: Plan, types: _Types) -> None:
    for condition in (*(part for _, part in plan.masks), *plan.cross):
        types.of(condition)


@dataclass(frozen=True)
class _Types:
    columns: Columns
    values: Mapping[str, Type]
    """Of variables that are values."""
    scope: Mapping[str, Kind]

    def of(self, part: ast.Expr) -> Type:
        """Type of an expression.

        Raises:
            TemplateError: Ladybug would cast a value in it.
        """
        match part:
            case ast.Literal(value=value):
                return _of_value(value)
            case ast.Parameter(name=name):
                return self.columns.parameters.get(name, NULL)
            case ast.Variable(name=name):
                return self._variable(name)
            case ast.Property(key=key):
                return self.columns.properties.get(key, NULL)
            case ast.ListOf(items=items):
                return Type("list", self._one(part, items), nullable=not all(map(_certain, items)))
            case ast.Not(operand=operand):
                return self._want(BOOLEAN, operand)
            case ast.Negate(operand=operand):
                return self._want(NUMBER, operand)
            case ast.Logic(left=left, right=right):
                self._want(BOOLEAN, left)
                return self._want(BOOLEAN, right)
            case ast.Binary():
                return self._binary(part)
            case ast.IsNull(operand=operand):
                self.of(operand)
                return BOOLEAN
            case ast.Call():
                return self._call(part)
            case ast.Quantifier():
                return self._quantifier(part)
            case ast.Subquery():
                return self._subquery(part)
            case ast.Case():
                return self._case(part)

    def _variable(self, name: str) -> Type:
        kind = self.scope.get(name, "value")
        if kind in ELEMENTS:
            return Type("list", ELEMENT_TYPE) if kind in ELEMENT else ELEMENT_TYPE
        return self.values.get(name, NULL)

    def _want(self, wanted: Type, part: ast.Expr) -> Type:
        found = self.of(part)
        if found.name not in (wanted.name, "null"):
            raise refuse(part, f"a {found.name} where a {wanted.name} is wanted")
        return wanted

    def _one(self, part: ast.Part, parts: Sequence[ast.Expr]) -> Type:
        """The one type of several expressions."""
        return _together(part, [self.of(each) for each in parts])

    def _binary(self, part: ast.Binary) -> Type:
        left, right = self.of(part.left), self.of(part.right)
        match part.op:
            case "IN":
                if right.name not in ("list", "null") or (right.member is not None and right.member.name == "list"):
                    raise refuse(part, f"IN a {right.name}")
                _together(part, [left, right.member or NULL])
                return BOOLEAN
            case "STARTS WITH" | "ENDS WITH" | "CONTAINS":
                _together(part, [left, right, STRING])
                return BOOLEAN
            case "+":
                found = _together(part, [left, right])
                if found.name in ("boolean", "element"):
                    raise refuse(part, f"+ of a {found.name}")
                return found
            case "-" | "*" | "/" | "%" | "^":
                return _together(part, [left, right, NUMBER])
        if "list" in (left.name, right.name) and (left.nullable or right.nullable):
            raise refuse(part, "a comparison of lists that may hold null")
        _together(part, [left, right])
        return BOOLEAN

    def _call(self, part: ast.Call) -> Type:
        if part.star:
            return NUMBER
        arguments = [self.of(argument) for argument in part.arguments]
        wanted = TAKES.get(part.name)
        for argument, found in zip(part.arguments, arguments, strict=True):
            if wanted is not None and found.name not in (wanted, "null"):
                raise refuse(argument, f"{written(part.name)}() of a {found.name}")
        if part.name == "size" and arguments[0].name not in ("string", "list", "null"):
            raise refuse(part, f"size() of a {arguments[0].name}")
        if part.name == "round" and not all(_places(argument) for argument in part.arguments[1:]):
            raise refuse(part, "round() to places that are no whole number from 0 on")
        if part.name in GIVES:
            return GIVES[part.name]
        if part.name in ("head", "last"):
            return arguments[0].member or NULL
        found = _together(part, arguments)
        return Type("list", found) if part.name == "collect" else found

    def _quantifier(self, part: ast.Quantifier) -> Type:
        source = self.of(part.source)
        inner = dict(self.scope)
        inner.pop(part.variable, None)
        if source.member == ELEMENT_TYPE:
            inner[part.variable] = ELEMENT[kind_of(part.source, self.scope)]
        _Types(self.columns, {**self.values, part.variable: source.member or NULL}, inner).of(part.where)
        # Ladybug's any, all, none and single take a null of the condition for false.
        leaves = [each for each in ast.walk(part.where) if not list(ast.children(each))]
        own = all(_certain(leaf) or leaf == ast.Variable(name=part.variable) for leaf in leaves)
        if source.member not in (None, ELEMENT_TYPE) and (source.nullable or not own):
            raise refuse(part, f"{part.kind}() over values whose condition may be null")
        return BOOLEAN

    def _subquery(self, part: ast.Subquery) -> Type:
        elements: dict[str, Kind] = {}
        for each in ast.walk(part):
            if isinstance(each, ast.Node | ast.Relationship) and each.name is not None:
                elements[each.name] = "node" if isinstance(each, ast.Node) else "relationship"
        inner = _Types(self.columns, self.values, {**self.scope, **elements})
        for each in ast.walk(part):
            if isinstance(each, ast.Node | ast.Relationship):
                for key, value in each.properties:
                    _together(value, [inner.of(value), self.columns.properties.get(key, NULL)])
            elif isinstance(each, ast.MatchClause) and each.where is not None:
                inner.of(each.where)
        return NUMBER if part.kind == "count" else BOOLEAN

    def _case(self, part: ast.Case) -> Type:
        subject = BOOLEAN if part.subject is None else self.of(part.subject)
        for when, _ in part.branches:
            _together(when, [subject, self.of(when)])
        results = [then for _, then in part.branches]
        return self._one(part, results if part.otherwise is None else [*results, part.otherwise])


def _of_value(value: Any) -> Type:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int | float):
        return NUMBER
    if isinstance(value, str):
        return STRING
    if not isinstance(value, list | tuple):
        return MIXED
    members = {_of_value(member) for member in value}
    kinds = members - {NULL}
    return Type("list", None if not kinds else kinds.pop() if len(kinds) == 1 else MIXED, nullable=NULL in members)


def _together(part: ast.Part, types: Sequence[Type]) -> Type:
    """The one type of values in one place."""
    kinds = {(found.name, found.member and found.member.name): found for found in types if found != NULL}
    names = sorted({name for name, _ in kinds})
    members = {member for name, member in kinds if name == "list" and member not in (None, "null")}
    if len(names) > 1 or "mixed" in names or len(members) > 1 or "mixed" in members:
        said = "values of several types" if len(names) < 2 else f"a {' and a '.join(names)}"
        raise refuse(part, f"{said} in one place")
    if not kinds:
        return NULL
    found = next((found for found in kinds.values() if found.member is not None), next(iter(kinds.values())))
    return found._replace(nullable=any(each.nullable for each in types))


def _certain(part: ast.Part) -> bool:
    """A literal other than null."""
    value = part.value if isinstance(part, ast.Literal) else None
    return value is not None and not (isinstance(value, tuple) and None in value)


def _places(part: ast.Expr) -> bool:
    return isinstance(part, ast.Literal) and isinstance(part.value, int) and part.value >= 0
