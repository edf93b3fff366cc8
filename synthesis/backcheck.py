"""The back-check: the words of a question against the claims of its template.

A question is right only if it says every given value and nothing else of what was matched. Both are checked on the
finished text, not on the template: an empty clause or a filter that drops a word is found here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from schemas.template import TemplateHeader
from synthesis.question import Question, surfaces
from synthesis.scene import Scene

VACUOUS_WHEN_EMPTY = frozenset(("scope", "period", "condition", "group"))
"""Claims of these properties may be empty: then they say "has none", and nothing needs saying."""

TELLING = ("name", "quantity", "period_text", "condition_text", "text")
"""Properties whose words would give away what the template does not claim."""


def missing(header: TemplateHeader, scene: Scene, question: Question, closed: str) -> str | None:
    """The first given value that the question does not say, as a reason; None where all are said."""
    spoken = surfaces(question.said)
    text = squeezed(question.text)
    for dotted in header.given:
        variable, _, prop = dotted.partition(".")
        prop = prop or "name"
        view = scene.views[variable]
        value = view.text(prop)
        if not value:
            if prop in VACUOUS_WHEN_EMPTY:
                continue
            return f"{dotted} is empty"
        words = [word for word in spoken.get((variable, prop), ()) if word]
        words += _said_of_twins(scene, spoken, variable, prop, value)
        if prop == "set" and closed:
            words.append(closed)
        if not any(squeezed(word) in text for word in words) and squeezed(value) not in text:
            return f"{dotted} = {value!r} is given, but the question does not say it: write {{{{ {dotted} }}}} there"
    return None


def _said_of_twins(
    scene: Scene, spoken: Mapping[tuple[str, str], tuple[str, ...]], variable: str, prop: str, value: str
) -> list[str]:
    """Words for the same property with the same value of another variable: said once, claimed of both."""
    return [
        word
        for (other, twin), words in spoken.items()
        if twin == prop and other != variable and other in scene.views and scene.views[other].text(prop) == value
        for word in words
        if word
    ]


def unclaimed(header: TemplateHeader, scene: Scene, question: Question, closed: str) -> str | None:
    """The first property beyond the claims that the question uses or gives away; None where there is none."""
    given = {tuple((dotted if "." in dotted else f"{dotted}.name").split(".", 1)) for dotted in header.given}
    for said in question.said:
        if (said.variable, said.prop) not in given and said.words:
            return f"{said.variable}.{said.prop} is said, but not given"
    rest = squeezed(question.text)
    allowed = [squeezed(said.words) for said in question.said] + [squeezed(closed)]
    allowed += [squeezed(scene.views[variable].text(prop)) for variable, prop in sorted(given)]
    for words in sorted((word for word in allowed if word), key=len, reverse=True):
        rest = rest.replace(words, " | ")
    for variable, view in scene.views.items():
        for prop in (*view.names[:1], *view.roles.texts.values()) if scene.own else TELLING:
            value = squeezed(view.text(prop)) if (variable, prop) not in given else ""
            if len(value) > 3 and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", rest):
                return f"{variable}.{prop} = {view.text(prop)!r} is given away"
    return None


def squeezed(text: str) -> str:
    """Lower case, one space, no quotes: the form in which words are looked for in a question."""
    return " ".join(text.lower().replace("’", "'").split()).strip(" .,;:?")
