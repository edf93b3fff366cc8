"""Judges of multiple choice: the letter, the text, or both if they agree."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from scoring.answers import names, numbers
from scoring.answers.amount import only
from scoring.answers.clean import bare, plain
from scoring.answers.expected import Expected

_LETTERS: Final = "ABCDEFGHIJ"
_OPTION: Final = re.compile(
    r"^\s*(?:(?:option|choice|answer|letter|the\s+(?:correct\s+)?(?:answer|option|choice)\s+is)\s*:?\s*)?"
    r"[(\[]?(?P<letter>[A-Ja-j])(?:[)\].:,]|\s+[-–—]|\s*$)\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ANYWHERE: Final = re.compile(r"\b(?:option|choice|answer\s+is|is)\s+[(\[]?([A-J])(?:[)\].,]|\s*$)|[(\[]([A-J])[)\]]")


def right_index(expected: Expected) -> int | None:
    """Which of the choices is right: the one with the answer's text, else the one of its letter."""
    for index, choice in enumerate(expected.choices):
        if names.folded(choice) == names.folded(expected.text):
            return index
    letter = expected.text.strip("() .").upper()
    if len(letter) == 1 and letter in _LETTERS[: len(expected.choices)]:
        return _LETTERS.index(letter)
    return None


def judge(text: str, expected: Expected) -> bool | None:
    """Whether a statement picks the right choice; letter and text that contradict are wrong."""
    right = right_index(expected)
    if right is None:
        return None
    clean = plain(text).strip()
    by_text = _texts(clean, expected)
    if by_text == {right}:
        return True
    letters, rest = _letter(clean, len(expected.choices))
    if not letters:
        return False if by_text or not clean else None
    if len(letters) > 1 or letters != {right}:
        return False
    named = _texts(rest, expected) if rest.strip(" .)") else set()
    return named <= {right}


def _letter(text: str, size: int) -> tuple[set[int], str]:
    allowed = _LETTERS[:size]
    match = _OPTION.match(text)
    if match and match["letter"].upper() in allowed and (match["letter"].isupper() or not match["rest"]):
        others = {
            _LETTERS.index(letter)
            for found in _ANYWHERE.findall(match["rest"])
            for letter in found
            if letter in allowed and letter
        }
        return {_LETTERS.index(match["letter"].upper())} | others, match["rest"]
    found = {
        _LETTERS.index(letter) for pair in _ANYWHERE.findall(text) for letter in pair if letter and letter in allowed
    }
    return found, ""


def _texts(text: str, expected: Expected) -> set[int]:
    """The choices that a statement gives as its answer by their text."""
    said = bare(text)
    if not said:
        return set()
    equal = {index for index, choice in enumerate(expected.choices) if names.folded(said) == names.folded(choice)}
    if equal:
        return equal
    found = set()
    for index, choice in enumerate(expected.choices):
        other = replace(expected, text=choice, aliases=(), value="", kind="text", choices=())
        judged = numbers.judge if only(bare(choice), expected.language) else names.judge
        if judged(said, other):
            found.add(index)
    return found
