"""What the drawn order depends on beside the seed: the meaning of a template, not its text.

A comment, white space, a variable's name, the question and the limits may change: the list stays. Another pattern,
condition, law or stratum draws another list. The bytes of the file are pinned beside it, by `Match.template_sha`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from kg.cypher.form import pattern_form
from kg.cypher.lint_header import DEGREE
from kg.cypher.template import Template


def identity(template: Template) -> str:
    """sha256 (hex) of the canonical form of a template's population and law."""
    header = template.header
    pattern, names = pattern_form(template.plan)
    evidence = [names.get(name, name) for name in template.evidence]
    strata = [_stratum(header.answer or "" if name == "answer" else name, names) for name in header.strata]
    law = (header.law, header.shares if strata else "", header.symmetric, strata)
    # The first evidence variable roots the trees of which ranks are numbers; the law by evidence weighs all of them.
    rooted = evidence if header.law == "evidence" else evidence[:1]
    return hashlib.sha256(repr((pattern, law, rooted)).encode()).hexdigest()


def _stratum(name: str, names: Mapping[str, str]) -> Any:
    band = DEGREE.fullmatch(name)
    if band is not None:
        return "degree", names.get(band[1], band[1])
    variable, dot, prop = name.partition(".")
    return names.get(variable, variable) + dot + prop
