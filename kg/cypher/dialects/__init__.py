"""The same query for each engine: parse once, write what the engine understands, or refuse by name.

Neo4j takes the portable subset as it is. Ladybug lets a relationship occur twice in a match, counts a self-loop twice
on an undirected hop, and lacks some functions: its text is rewritten so that the meaning stays Neo4j's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.errors import TemplateError

if TYPE_CHECKING:
    from kg.cypher.dialects.strict import Columns

DIFFERS: Final = ("a node of this graph has one label", "indexing", "substring()", "functions with a namespace")
"""Beginnings of messages about what Ladybug takes, too, but means otherwise than Neo4j."""


def passes(error: TemplateError) -> bool:
    """Whether a query that is not portable may be given to an engine as it is, with its own meaning and a note."""
    named = "not in the portable subset" in error.message or error.message.startswith("unknown function")
    return named and not error.message.startswith(DIFFERS)


def neo4j(text: str) -> str:
    """The query for Neo4j: verbatim, once it parses.

    Raises:
        TemplateError: it is not in the portable subset.
    """
    from kg.cypher.check import check_pipeline
    from kg.cypher.dialects.writer import with_dummies
    from kg.cypher.parse import located, parse_query
    from kg.cypher.pipeline import pipeline

    try:
        query = parse_query(text)
        check_pipeline(pipeline(with_dummies(query)))
    except TemplateError as error:
        raise located(error, text, "query") from None
    return text


def ladybug(text: str, columns: Columns | None = None) -> str:
    """The query for Ladybug, with Neo4j's meaning.

    Args:
        text: of the query.
        columns: types of the graph's properties; without them values of two types are not told apart.

    Raises:
        TemplateError: it is not in the portable subset, or Ladybug cannot say it; the message names what.
    """
    from kg.cypher.check import check_pipeline
    from kg.cypher.dialects.rewrite import rewritten
    from kg.cypher.dialects.strict import check
    from kg.cypher.dialects.writer import with_dummies
    from kg.cypher.parse import located, parse_query
    from kg.cypher.pipeline import pipeline

    try:
        query = parse_query(text)
        check_pipeline(pipeline(with_dummies(query)))
        if columns is not None:
            check(pipeline(query), columns)
        return rewritten(query)
    except TemplateError as error:
        raise located(error, text, "query") from None
