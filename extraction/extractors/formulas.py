"""Formulas: their strict reading, their symbols, what the text says that these denote, and what it calls them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from extraction.extractors import latex, phrases
from schemas.element import Element, Elements
from schemas.fact import Facts, FormulaReading, SymbolDefinition

REACH: Final = 3
"""Text elements after (for definitions) and before (for the name) a formula that are looked at."""
_SYMBOL: Final = r"(?:\$(?P<tex>[^$]{1,60})\$|(?P<plain>[A-Za-zα-ωΑ-Ω][A-Za-z0-9*∗]{0,3}(?:_[A-Za-z0-9]{1,3})?))"
DENOTES: Final = re.compile(
    rf"(?:\b(?:where|[Hh]ere,?|and|with|let|Let)\s+|[,;]\s*|^){_SYMBOL}\s+"
    r"(?:denotes?|represents?|indicates?|stands for|refers to|is|are|be|means)\s+(?:the\s+|an?\s+)?"
    r"(?P<meaning>[A-Za-z][^,.;:$()]{2,80}?)"
    rf"(?=\s*(?:[,.;:(]|$|\s(?:and|where|which|that|while|in which)\s))"
)
NAMED: Final = (
    re.compile(
        r"\b(?:[Tt]he|[Aa]n?|[Ii]ts)\s+(?P<name>[a-z][a-z' -]{2,50}?)\s+(?:\$[^$]+\$\s+)?(?:of [^.,:;]{1,60}?\s+)?"
        r"(?:is|are|can be|follows|comes)\s+(?:then\s+)?(?:given|defined|computed|calculated|expressed|written"
        r"|formulated|obtained|as|from|by)"
    ),
    re.compile(r"\b(?:[Tt]he|[Aa]n?)\s+(?P<name>[a-z][a-z' -]{2,50}?)\s+\$[^$]+\$\s*(?:is|:|,|$)"),
)

_GREEK: Final = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "  # noqa: SIM905
        "omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        strict=True,
    )
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FormulasExtractor:
    """Readings and symbol definitions of all formula elements."""

    name: str = "formulas"
    version: int = 1

    def extract(self, elements: Elements, earlier: Facts) -> Facts:  # noqa: ARG002 - the seam passes it
        """See `extraction.extractors.Extractor`; adds `formulas` and `symbols`."""
        ordered = [e for e in elements.elements if e.role not in ("header", "footer")]
        readings, definitions = [], []
        for index, element in enumerate(ordered):
            if element.kind != "formula":
                continue
            reading = latex.read(element.text)
            names = reading.symbols if reading else latex.symbols(element.text)
            defined = _definitions(element, names, _near(ordered, index, forward=True), _near(ordered, index))
            definitions += defined
            meanings = {d.symbol: d.denotes for d in defined}
            target = reading.target if reading else None
            readings.append(
                FormulaReading(
                    element=element.id,
                    sympy=reading.sympy if reading else None,
                    target=target,
                    symbols=names,
                    name=(meanings.get(target) if target else None) or _named(_near(ordered, index)),
                )
            )
        return Facts(document=elements.document.id, extractors=(), symbols=tuple(definitions), formulas=tuple(readings))


def _near(ordered: Sequence[Element], index: int, *, forward: bool = False) -> list[Element]:
    """Chunks next to a formula, nearest first, up to the next section."""
    found: list[Element] = []
    step = 1 if forward else -1
    at = index + step
    while 0 <= at < len(ordered) and ordered[at].kind != "section" and len(found) < REACH:
        if ordered[at].kind == "chunk":
            found.append(ordered[at])
        at += step
    return found


def _definitions(
    formula: Element, names: Sequence[str], after: Sequence[Element], before: Sequence[Element]
) -> list[SymbolDefinition]:
    """One definition per symbol: the first that the text gives, behind the formula before in front of it."""
    wanted = {_key(name): name for name in names}
    found: dict[str, SymbolDefinition] = {}
    for chunk in (*after, *before):
        for match in DENOTES.finditer(chunk.text):
            name = wanted.get(_key(match["tex"] or match["plain"]))
            meaning = match["meaning"].strip()
            if name is None or name in found or not phrases.is_noun_phrase(meaning):
                continue
            place = chunk.places[0].model_copy(update={"span": match.span("meaning")}) if chunk.places else None
            found[name] = SymbolDefinition(
                formula=formula.id,
                symbol=name,
                denotes=meaning,
                element=chunk.id,
                span=match.span("meaning"),
                place=place,
            )
    return [found[name] for name in names if name in found]


def _key(symbol: str) -> str:
    """What two spellings of one symbol share: `p_{i}`, `p_i` and a PDF's `pi`."""
    spelled = "".join(_GREEK.get(char, char) for char in symbol)
    return re.sub(r"\\(?:mathrm|mathit|text)(?=\{)|[\\{}_\s]", "", spelled)


def _named(before: Sequence[Element]) -> str | None:
    """`escape velocity` from "The escape velocity is given by"; only the text right before the formula counts."""
    for chunk in before[:1]:
        last = re.split(r"(?<=[.!?])\s+", chunk.text.strip())[-1]
        for pattern in NAMED:
            for match in pattern.finditer(last):
                name = match["name"].strip()
                if phrases.is_noun_phrase(name, longest=6):
                    return name
    return None
