"""An ontology (RDFS, OWL) or a vocabulary (SKOS) as a schema.

    class                               node type; subclasses inherit properties and patterns; no hierarchy
    datatype property, domain, range    property of the domain and of its subclasses; xsd type -> property type
    object property, domain, range      relationship type and patterns
    restriction                         min. cardinality, some: required; only: narrows a pattern
    key, inverse functional             unique
    individual, enumerated class        instances: the gazetteer
    SKOS scheme or top concept          node type; its concepts are instances, alternative labels their synonyms

What has no place in a schema (axioms, annotations, remote imports) is said in the notes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.sax import SAXException, SAXParseException

from kg.ontology.rdf_classes import Classes, classes_of
from kg.ontology.rdf_names import Source
from kg.ontology.rdf_properties import relations_of, with_properties
from kg.ontology.rdf_tidy import tidy
from kg.ontology.skos import schemes_of
from schemas.errors import ConfigError
from schemas.ontology import NodeType, Schema

FORMATS: Final = {
    ".ttl": "turtle", ".turtle": "turtle", ".n3": "n3", ".nt": "nt", ".nq": "nquads", ".trig": "trig", ".rdf": "xml",
    ".owl": "xml", ".xml": "xml", ".rdfs": "xml", ".skos": "xml", ".jsonld": "json-ld", ".json": "json-ld",
}  # fmt: skip
"""File ending -> rdflib's parser. An `.owl` or `.rdf` that does not begin with `<?xml` or `<rdf` is read as Turtle."""

MOST_ENTITY: Final = 1000
"""Characters that an XML entity may stand for."""
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(?:%\s+)?\S+\s+(?P<value>(?:\"[^\"]*\"|'[^']*'|[^>])*)>")
_QUOTED: Final = re.compile(rb"\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True, slots=True)
class Imported:
    """A schema and what could not be said in it."""

    schema: Schema
    notes: tuple[str, ...]


def read_rdf(paths: Sequence[Path], *, language: str = "en") -> Imported:
    """The schema of some RDF files together. Nothing is fetched: what they import must be among them.

    Args:
        paths: files of one ontology.
        language: of the labels that are used where there are several, ISO 639.

    Raises:
        ConfigError: a file is missing, of no known format, broken (with its line, where the parser knows it), or needs
            the network; or nothing in the files is a class, a property or a concept.
    """
    from rdflib import Dataset

    graph = Dataset(default_union=True)
    for path in paths:
        _parse(graph, path)
    return read_graph(graph, language=language, name=", ".join(path.name for path in paths))


def read_graph(graph: Any, *, language: str = "en", name: str = "the graph") -> Imported:
    """The schema of a parsed graph (`rdflib.Graph`).

    Raises: ConfigError: nothing in it is a class, a property or a concept.
    """
    source = Source(graph, language.lower())
    classes = classes_of(source)
    rows = with_properties(source, classes)
    relations, patterns = relations_of(source, classes)
    schemes = schemes_of(source, classes)
    if not rows and not relations and not schemes:
        raise ConfigError(f"{name}: no class, property or concept in it")
    given = {
        "node_types": (*rows, *_apart(schemes, rows, source)),
        "relationship_types": relations,
        "patterns": patterns,
    }
    schema = Schema.model_validate({**given, **_said(source, classes)})
    return Imported(tidy(schema, source), tuple(source.notes))


def _apart(schemes: Sequence[NodeType], rows: Sequence[NodeType], source: Source) -> list[NodeType]:
    """Node types of concept schemes whose label no class has."""
    taken = {row.label for row in rows}
    for scheme in schemes:
        if scheme.label in taken:
            source.note(f"{scheme.label}: a class and a concept scheme; the concepts are left out")
    return [scheme for scheme in schemes if scheme.label not in taken]


def _said(source: Source, classes: Classes) -> dict[str, bool]:
    """What the ontology says of itself in our own annotations, and what it imports."""
    from rdflib.namespace import OWL, RDF

    found = {}
    for ontology in sorted(set(source.graph.subjects(RDF.type, OWL.Ontology)), key=str):
        for key, name in (
            ("additional_node_types", "additionalNodeTypes"),
            ("additional_relationship_types", "additionalRelationshipTypes"),
            ("additional_patterns", "additionalPatterns"),
        ):
            if (value := source.own(ontology, name)) is not None:
                found[key] = value == "true"
        for other in sorted(set(source.graph.objects(ontology, OWL.imports)), key=str):
            if not any(str(iri).startswith(str(other)) for iri in classes.labels):
                source.note(f"imports {other}: not fetched; give its file, too, if it has classes that you need")
    return found


def _parse(graph: Any, path: Path) -> None:
    from rdflib.exceptions import ParserError
    from rdflib.plugins.parsers.notation3 import BadSyntax
    from rdflib.plugins.parsers.ntriples import ParseError

    try:
        data = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise ConfigError(f"{path}: no such file") from None
    form = _format(path, data)
    if form == "json-ld":
        _refuse_remote(path, data)
    if form == "xml":
        _refuse_entities(path, data)
    try:
        graph.parse(data=data, format=form, publicID=f"urn:kgmine:file:{path.name}#")
    except BadSyntax as error:
        raise ConfigError(_located(path, form, data, error)) from error
    except SAXParseException as error:
        where = f"{path}:{error.getLineNumber()}:{(error.getColumnNumber() or 0) + 1}"
        raise ConfigError(f"{where}: no RDF/XML: {error.getMessage()}") from error
    except (ParserError, ParseError, SAXException, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: no {form}: {' '.join(str(error).split())[:200]}") from error


def _located(path: Path, form: str, data: bytes, error: Any) -> str:
    """Where Turtle and its kin break: the parser counts characters right and lines wrong."""
    before = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")[: error._i]  # noqa: SLF001
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"{path}:{line}:{column}: no {form}: {' '.join(str(error._why).split())}"  # noqa: SLF001


def _format(path: Path, data: bytes) -> str:
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise ConfigError(f"{path}: no RDF file; endings are {', '.join(FORMATS)}")
    begin = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return "turtle" if form == "xml" and begin and begin != b"<" else form


def _refuse_entities(path: Path, data: bytes) -> None:
    """Short names of namespaces are usual; what names a file, or multiplies itself, is not."""
    if b"\x00" in data:
        raise ConfigError(f"{path}: save it as UTF-8")
    for match in _ENTITY.finditer(data):
        line = data.count(b"\n", 0, match.start()) + 1
        value = _QUOTED.fullmatch(match["value"].strip())
        if value is None or len(value[0]) > MOST_ENTITY or re.search(rb"[&%]\w", value[0]):
            raise ConfigError(
                f"{path}:{line}: an entity may stand for a short text only: {match[0][:60].decode(errors='replace')}"
            )


def _refuse_remote(path: Path, data: bytes) -> None:
    """A context that names a file or an address would be fetched."""
    try:
        stack = [json.loads(data)]
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: no JSON: {error}") from error
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            contexts = value.get("@context", [])
            named = [c for c in (contexts if isinstance(contexts, list) else [contexts]) if isinstance(c, str)]
            named += [str(value["@import"])] if "@import" in value else []
            if named:
                raise ConfigError(
                    f"{path}: its context {named[0]} would have to be fetched; write the context into the file"
                )
            stack += value.values()
        elif isinstance(value, list):
            stack += value
