"""Answers as a person writes them: text, aliases, unit, tolerance; and what the question must say about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kg.proof.derived import Derived
from kg.values import date as dates
from kg.values import number as numbers
from kg.values import unit as units
from schemas.errors import DerivationError
from schemas.sample import AnswerType
from schemas.template import TemplateHeader
from synthesis.scene import Scene, View
from synthesis.wording.english_events import OF_EVENT
from synthesis.wording.english_values import figure

MAX_TEXT: Final = 300
"""Characters of a text answer: a clause or two, not a paragraph."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in words, with what the question has to state about it."""

    text: str
    type: AnswerType
    value: str
    """Canonical, see `Draft.answer_value`."""
    aliases: tuple[str, ...] = ()
    unit: str | None = None
    """Canonical unit; None for bare numbers and words."""
    scale: int = 0
    decimals: int | None = None
    """Digits of a rounded result; None where nothing is rounded."""
    tolerance: str | None = None

    @property
    def unit_words(self) -> str | None:
        """Unit with scale as said: `million US dollars`, `%`, `hours`."""
        if self.unit == "%" and not self.scale:
            return "%"
        return units.spoken(self.unit, self.scale, many=self.text not in ("1", "-1")) or None


def answer_of(header: TemplateHeader, scene: Scene, derived: Derived) -> Answer:
    """The answer of a template's derivation or binding.

    Raises:
        DerivationError: the derived value has no words (an empty set, a missing name, a very long text).
    """
    if len(derived.answers) > 1 or derived.kind == "set":
        return _listed(derived, own=scene.own)
    if derived.value.kind == "number":
        return _number(header, derived, own=scene.own)
    if derived.value.kind == "date" and derived.value.date:
        return _dated(derived)
    if scene.own:
        return _worded(derived, _own_names(scene, derived))
    if (event := _event(scene, derived)) is not None:
        return Answer(text=event[0], type=derived.kind, value=derived.canonical, aliases=_distinct(*event))
    return _worded(derived, (*_aliases(scene, derived), *_members(derived)))


def _event(scene: Scene, derived: Derived) -> tuple[str, tuple[str, ...]] | None:
    """(words, aliases) of the thing in an event that has no name of its own: `the Cessna 172 in Boquete, Panama`.

    Its bare name is no answer: another accident may involve a Cessna 172, too.
    """
    index = scene.graph.index_of(derived.entities[0]) if derived.entities else None
    described = View.of(scene.graph, index).text("described") if index is not None else ""
    if index is None or not OF_EVENT.search(described):
        return None
    aliases = (str(alias) for alias in View.of(scene.graph, index).get("aliases") or ())
    text = OF_EVENT.sub(" ", described)
    return text, (text.removeprefix("the "), described, *aliases)


def _own_names(scene: Scene, derived: Derived) -> tuple[str, ...]:
    """Other names of the node that the answer is, in a user's own graph."""
    index = scene.graph.index_of(derived.entities[0]) if derived.entities else None
    if index is None:
        return ()
    view = View.of(scene.graph, index)
    values = [view.get(name) for name in view.names]
    return tuple(str(name) for value in values for name in (value if isinstance(value, list) else [value]) if name)


def _number(header: TemplateHeader, derived: Derived, *, own: bool = False) -> Answer:
    value, computed = derived.value, header.derive is not None
    assert value.number is not None
    text = figure(value.text, value.number)
    if computed or (own and derived.unit):
        text = numbers.format_number(value.number, derived.decimals)
    if header.answer_type == "count":
        return Answer(
            text=text, type="count", value=derived.canonical, aliases=_distinct(text, [text.replace(",", "")])
        )
    unit = "pp" if computed and derived.unit == "%" and header.derive and header.derive.unit == "same" else derived.unit
    stated = header.derive.decimals if header.derive else None
    if header.derive and stated is None and "formula(" in (header.derive.sympy or ""):
        stated = derived.decimals  # the operands decide, so the question must say it
    return Answer(
        text=text,
        type="percent" if unit == "%" else "number",
        value=derived.canonical,
        aliases=number_aliases(text, unit, derived.scale, () if computed else (value.text,)),
        unit=unit,
        scale=derived.scale,
        decimals=stated,
        tolerance=half_unit(derived.decimals or 0),
    )


def _dated(derived: Derived) -> Answer:
    iso = str(derived.value.date)
    text = dates.spoken(iso)
    forms = [iso, derived.value.text]
    if len(iso) == 10:
        forms.append(f"{int(iso[5:7])}/{int(iso[8:])}/{iso[:4]}")
    return Answer(text=text, type="date", value=derived.canonical, aliases=_distinct(text, forms))


def _aliases(scene: Scene, derived: Derived) -> tuple[str, ...]:
    """Other names of the entity that the answer is."""
    index = scene.graph.index_of(derived.entities[0]) if derived.entities else None
    if index is None:
        return ()
    view = View.of(scene.graph, index)
    return (*(str(alias) for alias in view.get("aliases") or ()), view.text("described"), view.text("name"))


def _members(derived: Derived) -> tuple[str, ...]:
    """What a reader would answer for a chosen part: `Japan` for `net sales of the Japan segment`."""
    _, of, part = derived.value.text.partition(" of ")
    if derived.lang != "sql" or derived.kind != "text" or not of:
        return ()
    bare = re.sub(r"^the | (?:segment|region|division|market)$", "", part)
    return tuple(dict.fromkeys((part, bare, re.sub(r"^the ", "", part))))


def _worded(derived: Derived, aliases: Iterable[str]) -> Answer:
    text = re.sub(r"\s+([,.;])", r"\1", " ".join(re.sub("[®™©]", " ", derived.value.text).split()))
    sentence = derived.kind == "text" and len(text.split()) > 6
    if not sentence and not re.search(r"\b[A-Z]\.$|\b(?:Inc|Corp|Ltd|Co|Jr|Sr)\.$", text):
        text = text.rstrip(".")
    if not text:
        raise DerivationError("an answer without words")
    if len(text) > MAX_TEXT:
        raise DerivationError(f"an answer of {len(text)} characters")
    return Answer(text=text, type=derived.kind, value=derived.canonical, aliases=_distinct(text, aliases))


def _listed(derived: Derived, *, own: bool = False) -> Answer:
    names = sorted({" ".join(answer.value.text.split()) for answer in derived.answers}, key=str.casefold)
    if not all(names):
        raise DerivationError("a member without words")
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if own and any(mark in name for mark in (",", " and ", "&") for name in names):
        text = "; ".join(names)  # `The Good, the Bad and the Ugly` would read as three
    return Answer(text=text, type="set", value=derived.canonical, aliases=_distinct(text, [", ".join(names)]))


def half_unit(decimals: int) -> str:
    """Half a unit of the last stated digit, as a decimal string: `0.05` for one decimal."""
    return f"{Decimal(5).scaleb(-decimals - 1):f}"


def number_aliases(text: str, unit: str | None, scale: int, printed: Iterable[str]) -> tuple[str, ...]:
    """Other ways to write a number with its unit: `19604`, `19,604 million US dollars`, `12.1%`, `12.1 percent`."""
    forms = [text.replace(",", "")]
    if unit == "%":
        forms += [f"{text}%", f"{text} %", f"{text} percent"]
    elif unit:
        forms.append(f"{text} {units.spoken(unit, scale, many=text not in ('1', '-1'))}")
    if unit == "USD":
        money = f"-${text[1:]}" if text.startswith("-") else f"${text}"
        forms.append(f"{money} {units.spoken(None, scale)}".strip())
    return _distinct(text, [*forms, *printed])


def _distinct(text: str, forms: Iterable[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(" ".join(form.split()) for form in forms)
    return tuple(form for form in kept if form and form != text)
