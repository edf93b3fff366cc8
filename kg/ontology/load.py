"""schema.yaml (or .json) to a schema; every mistake with file, line and column."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ValidationError

from kg.ontology.problem import Loc, Places, Problem, SchemaError
from kg.ontology.rules import problems_of
from kg.values import unit as units
from schemas.errors import ConfigError
from schemas.ontology import (
    VALUE_TYPES,
    Instance,
    NodeType,
    PropertyType,
    RelationshipType,
    Schema,
)

MOST_NODES: Final = 2_000_000
"""YAML nodes of one file; aliases that multiply themselves end here."""
TYPE_NAMES: Final = {
    "INT": "INTEGER", "LONG": "INTEGER", "DOUBLE": "FLOAT", "NUMBER": "FLOAT", "DECIMAL": "FLOAT", "TEXT": "STRING",
    "STR": "STRING", "BOOL": "BOOLEAN", "DATETIME": "ZONED_DATETIME", "ARRAY": "LIST",
}  # fmt: skip
"""What other programs call property types."""
MODELS: Final[dict[tuple[str, ...], type[BaseModel]]] = {
    (): Schema,
    ("node_types",): NodeType,
    ("node_types", "properties"): PropertyType,
    ("node_types", "instances"): Instance,
    ("relationship_types",): RelationshipType,
    ("relationship_types", "properties"): PropertyType,
}
"""Keys on the way down -> what stands there."""
SHORT: Final = {"node_types": "label", "relationship_types": "label", "properties": "name", "instances": "name"}
"""A plain string in such a list is short for its first field."""
PATTERN: Final = ("source", "relationship", "target")
CONSTRAINTS: Final = {
    "UNIQUENESS": frozenset({"unique"}),
    "EXISTENCE": frozenset({"required"}),
    "KEY": frozenset({"unique", "required"}),
}
"""neo4j-graphrag's constraints -> what they say of a property."""


def load(path: Path) -> Schema:
    """The schema of a file.

    Raises:
        SchemaError: it has mistakes; all are in `problems`.
        ConfigError: there is no such file, or it is no text.
    """
    schema, problems = read(str(path), _text(path))
    errors = [problem for problem in problems if problem.level == "error"]
    if schema is None or errors:
        raise SchemaError(errors)
    return schema


def check(path: Path) -> tuple[Problem, ...]:
    """Every error and warning of a file, in the order of its lines.

    Raises: ConfigError: there is no such file, or it is no text.
    """
    return read(str(path), _text(path))[1]


def read(name: str, text: str) -> tuple[Schema | None, tuple[Problem, ...]]:
    """A schema (None where its form is wrong) and its problems, sorted by line.

    Args:
        name: of the file, for the messages.
        text: YAML, or JSON.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = f"no YAML: {error.problem or error.context}"
        return None, (Problem(name, line, column, said),)
    except yaml.YAMLError as error:
        return None, (Problem(name, 1, 1, f"no YAML: {' '.join(str(error).split())}"),)
    tree = _Tree(name)
    data = tree.value(root, ()) if root is not None else {}
    if not isinstance(data, dict):
        return None, (tree.places.problem((), "a schema has keys: node_types, relationship_types, patterns"),)
    data = tree.normal(data)
    try:
        schema = Schema.model_validate(data)
    except ValidationError as error:
        found = [*tree.problems, *_said(error, tree.places)]
        return None, tuple(sorted(set(found)))
    return schema, tuple(sorted({*tree.problems, *problems_of(schema, tree.places)}))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (IsADirectoryError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: no text file in UTF-8: {error}") from error


class _Tree:
    """Values of a YAML tree with the places where they stand."""

    def __init__(self, path: str) -> None:
        self.problems: list[Problem] = []
        self._keys: dict[Loc, tuple[int, int]] = {}
        self._values: dict[Loc, tuple[int, int]] = {}
        self.places = Places(path, self._keys, self._values)
        self._constructor = yaml.constructor.SafeConstructor()
        self._count = 0

    def value(self, node: yaml.Node, loc: Loc) -> Any:
        """The value of a node; keys whose value is null are left out."""
        self._values[loc] = _at(node)
        self._count += 1
        if self._count > MOST_NODES or len(loc) > 12:
            self.problems.append(self.places.problem(loc, "nested too deeply, or aliases that multiply themselves"))
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.value(member, (*loc, index)) for index, member in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        try:
            return self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self.problems.append(self.places.problem(loc, f"no value: {' '.join(str(error).split())}"))
            return None

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, member in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            place = (*loc, name)
            if name in found:
                line = self._keys[place][0]
                self.problems.append(Problem(self.places.path, *_at(key), f"{name} stands twice; first in line {line}"))
                continue
            self._keys[place] = _at(key)
            found[name] = self.value(member, place)
        return {name: member for name, member in found.items() if member is not None}

    def normal(self, data: dict[str, Any]) -> dict[str, Any]:
        """The long form of everything that may be said in short."""
        made = {key: [_long(key, row) for row in rows] if key in SHORT and isinstance(rows, list) else rows
                for key, rows in data.items()}  # fmt: skip
        for key in ("node_types", "relationship_types"):
            for row in made.get(key, []) if isinstance(made.get(key), list) else []:
                if isinstance(row, dict):
                    _spell_out(row)
        if isinstance(made.get("patterns"), list):
            made["patterns"] = [self._pattern(row, index) for index, row in enumerate(made["patterns"])]
        if (constraints := made.pop("constraints", None)) is not None:
            self._constrain(made, constraints)
        return made

    def _pattern(self, row: Any, index: int) -> Any:
        if isinstance(row, dict) and set(row) == set(PATTERN):
            row = [row[key] for key in PATTERN]
        if not isinstance(row, list) or len(row) != 3:
            said = "a pattern has three parts: [Aircraft, OPERATED_BY, Operator]"
            self.problems.append(self.places.problem(("patterns", index), said))
            return ["?", "?", "?"]
        return row

    def _constrain(self, data: dict[str, Any], rows: Any) -> None:
        """neo4j-graphrag says apart which properties must be there or be unique: fold it into the properties."""
        for index, row in enumerate(rows if isinstance(rows, list) else [rows]):
            loc = ("constraints", index)
            owner = (row.get("node_type") or row.get("relationship_type")) if isinstance(row, dict) else None
            names = (row.get("property_names") or [row.get("property_name")]) if isinstance(row, dict) else []
            if not owner or not names or row.get("type") not in CONSTRAINTS:
                said = "a constraint is {type: UNIQUENESS, node_type: …, property_names: […]}; or say `unique: true`"
                self.problems.append(self.places.problem(loc, said))
                continue
            flags = CONSTRAINTS[row["type"]]
            if len(names) > 1 and "unique" in flags:
                said = f"{' and '.join(map(str, names))} together are not checked to be unique"
                self.problems.append(self.places.problem(loc, said, level="warning"))
                flags = flags - {"unique"}
            for name in names:
                named = [p for p in _properties_of(data, owner) if p.get("name") == name]
                if not named:
                    self.problems.append(self.places.problem(loc, f"{owner} has no property {name}"))
                for property_ in named:
                    property_.update(dict.fromkeys(flags, True))


def _properties_of(data: dict[str, Any], owner: Any) -> list[dict[str, Any]]:
    rows = [row for key in ("node_types", "relationship_types") for row in data.get(key, []) if isinstance(row, dict)]
    return [p for row in rows if row.get("label") == owner for p in row.get("properties", []) if isinstance(p, dict)]


def _at(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _long(key: str, row: Any) -> Any:
    return {SHORT[key]: row} if isinstance(row, str) else row


def _spell_out(row: dict[str, Any]) -> None:
    for key in ("properties", "instances"):
        if isinstance(row.get(key), list):
            row[key] = [_long(key, member) for member in row[key]]
    for property_ in row.get("properties", []) if isinstance(row.get("properties"), list) else []:
        if not isinstance(property_, dict):
            continue
        if isinstance(property_.get("type"), str):
            said = property_["type"].strip().upper().replace(" ", "_")
            property_["type"] = TYPE_NAMES.get(said, said)
        if isinstance(property_.get("unit"), str):
            property_["unit"] = units.find(property_["unit"]) or property_["unit"]


def _said(error: ValidationError, places: Places) -> Iterator[Problem]:
    """What pydantic found, in words, at its place."""
    for one in error.errors():
        loc = tuple(one["loc"])
        name = str(loc[-1]) if loc else ""
        kind, value = one["type"], one.get("input")
        if kind == "default_factory_not_called":
            continue  # follows from another mistake
        if kind == "extra_forbidden":
            yield places.problem(loc, _unknown(loc, name), key=True)
        elif kind == "missing":
            yield places.problem(loc[:-1], f"{name} is missing")
        elif kind == "literal_error":
            near = get_close_matches(str(value), VALUE_TYPES, n=1, cutoff=0.4)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(VALUE_TYPES)}"
            yield places.problem(loc, f"{value} is no property type; {hint}")
        elif kind == "string_type" and isinstance(value, bool | int | float):
            yield places.problem(loc, f"{name}: {str(value).lower()} is no text here; put it in quotes")
        elif kind == "value_error":
            yield places.problem(loc, str(one["msg"]).removeprefix("Value error, "))
        else:
            yield places.problem(loc, f"{name}: {_expected(kind)}")


def _expected(kind: str) -> str:
    return {
        "string_type": "a text is expected",
        "bool_parsing": "true or false is expected",
        "bool_type": "true or false is expected",
        "tuple_type": "a list is expected",
        "model_type": "keys are expected, or a plain name",
    }.get(kind, kind.replace("_", " "))


def _unknown(loc: Loc, name: str) -> str:
    model = MODELS[tuple(str(part) for part in loc[:-1] if isinstance(part, str))]
    known = [*model.model_fields, *(["constraints"] if model is Schema else [])]
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"unknown key {name}; " + (f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}")
