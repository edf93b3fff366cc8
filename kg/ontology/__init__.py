"""The user's schema: read, checked, imported, exported, and indexed by what documents call things."""

from kg.ontology.load import check, load, read
from kg.ontology.problem import Problem, SchemaError
from kg.ontology.vocabulary import Vocabulary, terms

__all__ = ["Problem", "SchemaError", "Vocabulary", "check", "load", "read", "terms"]
