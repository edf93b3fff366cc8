"""`trivial`: the question gives its answer away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, final

from kg.values.name import normal
from synthesis.filters import Candidate
from synthesis.filters.computing import no_news
from synthesis.wording.word_sets import words

EMPTY_WORDS: Final = words("the a an of in on for and or with to by at from")


@final
@dataclass(frozen=True, slots=True)
class Trivial:
    """The answer, an alias or a telling part of it is not in the question, and no given value equals it."""

    name: str = "trivial"
    short: int = 6
    """Words up to which a rare word that answer and name share gives the answer away."""

    def reason(self, candidate: Candidate) -> str | None:
        if why := self._no_news(candidate):
            return why
        answer = candidate.answer
        if answer.type in ("number", "percent", "count"):
            return self._number(candidate)
        question = f" {normal(candidate.question.text)} "
        for form in (answer.text, *answer.aliases):
            words = normal(form)
            if len(words) > 1 and f" {words} " in question and not _alternative(candidate, words):
                return f"{form!r} is in the question"
        for said in candidate.question.said:
            text = said.prop == "text" and not candidate.scene.own
            value = normal(candidate.scene.views[said.variable].text("text")) if text else ""
            if len(value) > 1 and f" {value} " in f" {normal(answer.text)} ":
                return f"the given {said.words!r} is in the answer"
        return self._echo(candidate)

    def _no_news(self, candidate: Candidate) -> str | None:
        nothing = no_news(candidate.header.derive)
        try:
            value = Decimal(candidate.answer.text.replace(",", ""))
        except InvalidOperation:
            return None
        if any(value == Decimal(none) for none in nothing):
            return f"{candidate.answer.text} tells nothing; more decimals may, or a WHERE that leaves such facts out"
        return None

    def _number(self, candidate: Candidate) -> str | None:
        """A number counts as said where it stands as an own token and is not a part of a date or a name."""
        if candidate.answer.type == "count" and candidate.answer.text.isdigit() and len(candidate.answer.text) < 3:
            return None  # "of the ten ..." and "top-10" do not tell a small count
        words = candidate.question.text
        for said in candidate.question.said:
            named = said.prop in ("scope", "set", "period", "condition") or candidate.is_name(said)
            if named and said.words:
                words = words.replace(candidate.scene.views[said.variable].text(said.prop), " ").replace(
                    said.words, " "
                )
        found = re.search(rf"(?<![\w.,-]){re.escape(candidate.answer.text)}(?![\w-]|[.,]\d)", words)
        if found and len(candidate.answer.text) > 2:
            return f"{candidate.answer.text!r} is in the question"
        return None

    def _echo(self, candidate: Candidate) -> str | None:
        """A text answer whose words the claims already hold: "the registration of N5921D"."""
        words = [word for word in normal(candidate.answer.text).split() if word not in EMPTY_WORDS]
        claims = {word for said in candidate.question.said for word in normal(said.words).split()}
        kind = candidate.answer.type if candidate.scene.own else candidate.header.answer_type
        if kind != "entity" and words and all(word in claims for word in words):
            return "all words of the answer are in the question"
        if len([said for said in candidate.question.said if candidate.is_name(said)]) > 1:
            return None  # a choice between named ones
        names = [
            normal(candidate.scene.views[said.variable].text(said.prop))
            for said in candidate.question.said
            if (said.prop == "scope" or candidate.is_name(said)) and said.words
        ]
        if len(words) == 1 and (stem := _same_stem(candidate, words[0])):
            return f"{words[0]!r} is {stem!r} with another ending"
        if candidate.answer.type in ("text", "entity") and 1 < len(words) <= self.short:
            for name in names:
                rare = [word for word in words if re.search(r"\d", word) and word in name.split()]
                if rare:
                    return f"{rare[0]!r} of the answer is in the name {name!r}"
        return None


def _same_stem(candidate: Candidate, answer: str) -> str | None:
    """A word of a given name or value that differs from the answer in its ending only: `Korean` and `Koreanic`."""
    for said in candidate.question.said:
        if said.prop != "text" and not candidate.is_name(said):
            continue
        for word in normal(said.words).split():
            same = next(
                (at for at, (a, b) in enumerate(zip(word, answer, strict=False)) if a != b), min(len(word), len(answer))
            )
            if same >= 4 and same >= min(len(word), len(answer)) - 1 and not answer.isdigit():
                return word
    return None


def _alternative(candidate: Candidate, words: str) -> bool:
    """A choice between named ones says them all by its nature: the answer is computed, and is one of them."""
    names = {normal(said.words) for said in candidate.question.said if candidate.is_name(said) and said.words}
    computed = candidate.header.derive is not None and candidate.answer.type == "entity"
    return computed and len(names) > 1 and any(words in name or name in words for name in names)
