"""JSON Schema of a template's header: editors complete and check it while it is written."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from typing import Any, Final

from pydantic import BaseModel

from schemas.template import NUMBER, Derive, Expect, TemplateHeader

URI: Final = "urn:kgmine:template"
_LISTS: Final = ("question", "given", "strata", "evidence", "operands")
"""Keys of a header whose list may be one text."""
_REFERENCE: Final = r"^[A-Za-z_]\w*\.[A-Za-z_]\w*$"


def json_schema() -> dict[str, Any]:
    """Draft 2020-12; descriptions are the docstrings of the fields."""
    made = TemplateHeader.model_json_schema()
    _describe(made, TemplateHeader)
    for model in (Derive, Expect):
        _describe(made["$defs"][model.__name__], model)
    keys = made["properties"]
    for name in _LISTS:
        _or_text(keys[name])
    expect = made["$defs"]["Expect"]["properties"]
    _or_text(expect["questions"])
    for name in ("matches", "samples"):
        described = {"description": expect[name]["description"]}
        expect[name] = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": f"^({NUMBER.pattern})$"}]}
        expect[name] |= described
    for part in keys["given"]["anyOf"]:
        part.get("items", part)["pattern"] = _REFERENCE
    keys["question"]["anyOf"][0]["minItems"] = 1
    made["oneOf"] = [{"required": ["answer"]}, {"required": ["derive"]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": URI, **made, "title": "kgmine template"}


def _or_text(part: dict[str, Any]) -> None:
    kept = {key: part.pop(key) for key in list(part) if key in ("title", "description", "default")}
    array = dict(part)
    part.clear()
    part.update(kept, anyOf=[array, {"type": "string"}])


def _describe(made: dict[str, Any], model: type[BaseModel]) -> None:
    """Add each field's docstring, which pydantic reads only where a model asks for it."""
    (body,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(body, ast.ClassDef)
    for field, text in pairwise(body.body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            made["properties"][field.target.id]["description"] = " ".join(str(text.value.value).split())
