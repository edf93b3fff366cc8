"""`nobody_cares`: an operation or a quantity that nobody asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate
from synthesis.filters.computing import divides, subtracts
from synthesis.scene import View
from synthesis.wording.word_sets import words

META: Final = re.compile(
    r"\b(?:first|second|third|fourth|last|next|previous) (?:column|row|entry|cell|line)\b"
    r"|\bhow many (?:words|letters|characters|rows|columns|pages|cells|tables|figures|lines)\b",
    re.IGNORECASE,
)
"""Questions about the layout. People ask for values, changes, shares, superlatives, counts, comparisons and reasons."""

ADMINISTRATIVE: Final = re.compile(
    r"\b(?:publish(?:ed)? date|report date|date of publication|additional participating|investigation docket|page count"
    r"|file name|document id|footer|irs employer|commission file|area code|telephone|zip code|trading symbol|signature"
    r"|liabilities and (?:share|stock)holders['’] equit(?:y|ies)"
    r"|copyright|isbn|doi|url|e-?mail|observation (?:time|facility)|check ?mark|elt|random seeds?"
    r"|latitude|longitude|serial number|accident number)s?\b",
    re.IGNORECASE,
)
"""Quantities of a document's administration, and places and things by number."""

CODE: Final = re.compile(r"[\W\d_]+[A-Z]?|[A-Z]{1,2}")
"""A runway, a type or a class by its code: `12`, `090`, `04L`."""

LEVELS: Final = words(
    "easy medium middle moderate hard difficult simple complex low mid high short long small large base full original "
    "seen unseen clean noisy zero-shot few-shot overall"
)
"""Members that are grades of one thing."""

TREATED: Final = re.compile(r"^(.+?) (?:with|\+) (.+)$")
"""A subject with what was added to it: `Ant + SFT`, `Ant with tutor feedback`."""


@final
@dataclass(frozen=True, slots=True)
class NobodyCares:
    """The question is about the world, not the layout ("the third column") or the paperwork ("the publish date"), and
    what it compares are variants of one thing, not two benchmarks.
    """

    name: str = "nobody_cares"
    longest_list: int = 6
    """Members of a list that a person would still ask for and write down."""

    def reason(self, candidate: Candidate) -> str | None:
        if found := META.search(candidate.question.text):
            return f"{found[0]!r} asks for the layout"
        if candidate.answer.type == "set" and not 2 <= candidate.answer.value.count("|") + 1 <= self.longest_list:
            return f"a list of {candidate.answer.value.count('|') + 1}"
        if candidate.scene.own:
            return None
        if why := _unlike(candidate) or _two_ways(candidate):
            return why
        if candidate.answer.type == "text" and CODE.fullmatch(candidate.answer.text):
            return f"{candidate.answer.text!r} is a bare code"
        for said in candidate.question.said:
            view = candidate.scene.views.get(said.variable)
            if said.prop == "text" and view is not None and _coded(view):
                return f"{said.words!r} is a bare code"
            if said.prop == "quantity" and (
                found := ADMINISTRATIVE.search(candidate.scene.views[said.variable].text("quantity"))
            ):
                return f"{found[0]!r} is paperwork"
        return None


def _coded(view: View) -> bool:
    """Whether a fact's value is a code by itself: `12` of a runway is, a date or `61`, an age in years, is none."""
    measured = view.get("kind") == "date" or (view.get("kind") == "number" and view.get("unit") is not None)
    return not measured and CODE.fullmatch(view.text("text")) is not None


def _unlike(candidate: Candidate) -> str | None:
    """Why nobody would compare one subject under two conditions: they are no variants of one thing.

    `on Easy` and `on Hard`, `for French` and `for Polish`, `on Eval` and `on Eval-2` are; `on Recipes` and `on News`
    are two benchmarks with two scales.
    """
    derive = candidate.header.derive
    apart = derive is not None and derive.unit != "%" and (divides(derive) or subtracts(derive))
    if not apart or len(candidate.operands) != 2:
        return None
    one, two = (_parts(view.text("condition")) for view in candidate.operands)
    own, others = one - two, two - one
    if not own and not others:
        return None
    if len(own) != 1 or len(others) != 1:
        return f"conditions differ in more than one way: {sorted(own)}, {sorted(others)}"
    (first_axis, first), (second_axis, second) = next(iter(own)), next(iter(others))
    if first_axis and first_axis == second_axis:
        return None
    shared = _tokens(first) & _tokens(second)
    if {first.lower(), second.lower()} <= LEVELS or 2 * len(shared) >= min(len(_tokens(first)), len(_tokens(second))):
        return None
    return f"{first!r} and {second!r} are no variants of one thing"


def _two_ways(candidate: Candidate) -> str | None:
    """Why nobody would compare two subjects: they differ in what they are and in what was done to them.

    `Ant with tutor feedback` and `Ant` differ in one way, `Ant + SFT` and `Bee + SFT`, too; `Ant + SFT` and `Bee` do
    not.
    """
    if candidate.header.derive is None:
        return None
    names = [view.text("name") for view in candidate.scene.views.values() if view.label == "Entity"]
    if len(names) != 2:
        return None
    (one, done), (two, other) = _treated(names[0]), _treated(names[1])
    return f"{names[0]!r} and {names[1]!r} differ in two ways" if one != two and done != other else None


def _treated(name: str) -> tuple[str, str]:
    """(subject, what was added to it)."""
    match = TREATED.match(name)
    return (match[1], match[2]) if match else (name, "")


def _parts(condition: str) -> frozenset[tuple[str, str]]:
    """`News; strategy=Full` -> ("", "News"), ("strategy", "Full")."""
    pairs = (part.strip().rpartition("=") for part in condition.split(";") if part.strip())
    return frozenset((axis, member) for axis, _, member in pairs)


def _tokens(member: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", member.lower()))
