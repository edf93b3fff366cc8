"""What a model said at last: its output without thinking, and the places where it states its final answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from scoring.answers.clean import plain
from scoring.answers.words import MONTHS

_THINK: Final = re.compile(
    r"<(think|thinking|thought|reasoning|scratchpad|reflection)>.*?</\1>|<\|begin_of_thought\|>.*?<\|end_of_thought\|>"
    r"|\[THINK\].*?\[/THINK\]|<\|channel\|>analysis.*?(?=<\|channel\|>final|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_CLOSED: Final = re.compile(
    r"^.*(?:</(?:think|thinking|thought|reasoning)>|<\|end_of_thought\|>|\[/THINK\])", re.DOTALL | re.IGNORECASE
)
_OPENED: Final = re.compile(
    r"<(?:think|thinking|thought|reasoning)>|<\|begin_of_thought\|>|\[THINK\]|<\|channel\|>analysis", re.IGNORECASE
)
_TURN: Final = re.compile(r"<\|im_end\|>|<\|endoftext\|>|<\|eot_id\|>|</s>|<\|return\|>|<end_of_turn>")
_SPECIAL: Final = re.compile(
    r"<\|(?:im_start|start|begin_of_solution|end_of_solution|message|channel)\|>(?:assistant|final)?", re.IGNORECASE
)

_KEYS: Final = ("final_answer", "finalanswer", "final answer", "answer", "result", "response", "output", "value")
_NOUN: Final = (
    r"(?:(?:the|my|our|die|la|a|o)\s+)?(?:(?:final|correct|short|best|overall|exact|richtige|endgültige)\s+)?"
    r"(?:answer|answers|antwort|réponse(?:\s+finale)?|respuesta(?:\s+final)?|risposta(?:\s+finale)?|resposta(?:\s+final)?|antwoord|ответ)"
    r"(?:\s+to\s+(?:the|your|this)\s+question)?"
)
_STATED: Final = re.compile(
    rf"(?:^|(?<=[\s>*_#(|,.;-]))(?:{_NOUN}[*_]*\s*(?::|：|=|(?:is|are|was|were|would\s+be|will\s+be|should\s+be|must\s+be|ist|lautet|est|es|è|é|это)\b\s*:?)"
    r"|(?:最终)?答案(?:是|为)?\s*[:：]?|答えは|回答\s*[:：]|final\s+result\s*[:=]|\#{4}\s|^A:\s)[*_]*\s*",
    re.IGNORECASE | re.MULTILINE,
)
_CORRECTION: Final = re.compile(
    r"\b(?:wait|actually|correction|sorry|apolog\w+|my\s+mistake|i\s+made\s+(?:a|an)\s+(?:mistake|error)|on\s+second\s+thought"
    r"|let\s+me\s+(?:re|double)\W?(?:check|consider|calculate|do|think)|no,|scratch\s+that|in\s+fact|alternatively|or\s+rather)",
    re.IGNORECASE,
)
_ABBREVIATION: Final = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|Inc|Corp|Ltd|Co|Jr|Sr|No|vs|approx|ca|etc|e\.g|i\.e|Mio|Mrd|Fig|Gen|Rev|Sen|Capt|Lt|bzw|z\.B|d\.h))\.$"
)


_MONTH: Final = re.compile(rf"(?:{'|'.join([*MONTHS, *MONTHS.values()])})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that states a final answer."""

    text: str
    """To the end of its line, or of its list."""
    mark: str
    """json, tag, box, stated."""


def visible(output: str) -> tuple[str, bool]:
    """(what a reader sees, whether the thinking was cut off): thinking, special tokens and further turns are gone."""
    text = _THINK.sub(" ", output)
    text = _CLOSED.sub("", text)
    parts = [part for part in _TURN.split(text) if part.strip()]
    text = parts[0] if parts else ""
    if match := _OPENED.search(text):
        return _SPECIAL.sub(" ", text[: match.start()]).strip(), True
    return _SPECIAL.sub(" ", text).strip(), False


def candidates(text: str) -> list[Candidate]:
    """All statements of a final answer: JSON, tags, boxes, `Answer: ...`, in this order; empty where there is none."""
    found = [Candidate(answer, "json") for answer in _json(text)]
    found += [
        Candidate(match.strip(), "tag")
        for match in re.findall(r"(?is)<(?:final_)?answer>(.*?)</(?:final_)?answer>", text)
    ]
    found += [Candidate(box, "box") for box in boxes(text)]
    if any(candidate.mark == "json" for candidate in found):
        return found
    for match in _STATED.finditer(text):
        said = _said(text[match.end() :])
        if said and not said.startswith(("\\boxed", "$\\boxed", "<answer>")) and "\\boxed" not in said:
            found.append(Candidate(said, "stated"))
    return [candidate for candidate in found if candidate.text.strip()]


def _said(rest: str) -> str:
    """The line behind a mark, or the next line that says something; with the list that follows `:`."""
    rest = rest.lstrip(" \t*_")
    if rest.startswith("\n"):
        rest = rest.lstrip("\n \t")
        return (
            re.split(r"\n\s*\n", rest, maxsplit=1)[0].strip()
            if re.match(r"[-*•]\s|\d+[.)]\s", rest)
            else rest.split("\n", 1)[0].strip()
        )
    line, _, more = rest.partition("\n")
    if re.match(r"\s*(?:[-*•]|\d+[.)])\s", more) and line.rstrip().endswith(":"):
        return line + "\n" + re.split(r"\n\s*\n", more, maxsplit=1)[0]
    return line.strip()


def boxes(text: str) -> list[str]:
    r"""The contents of all `\boxed{...}`, braces matched."""
    found = []
    for match in re.finditer(r"\\f?boxed\s*\{", text):
        depth, end = 1, match.end()
        while end < len(text) and depth:
            depth += (text[end] == "{") - (text[end] == "}")
            end += 1
        if not depth:
            found.append(text[match.end() : end - 1].strip())
    return found


def _json(text: str) -> list[str]:
    """The answer field of a JSON object that is the whole output, a fenced block, or its last line."""
    fenced = re.findall(r"```(?:json)?\s*(\{.*?\}|\[.*?\])\s*```", text, re.DOTALL)
    last = text.rstrip().rsplit("\n", 1)[-1].strip()
    for source in (text.strip(), *reversed(fenced), last):
        if source.startswith(("{", "[")) and len(source) < 100_000:
            try:
                data = json.loads(source, parse_float=str, parse_int=str)
            except (json.JSONDecodeError, RecursionError):
                continue
            answer = _field(data)
            if answer is not None:
                return [answer]
    return []


def _field(data: Any) -> str | None:
    if isinstance(data, list):
        return _written(data) if all(isinstance(item, str | bool) for item in data) else None
    if not isinstance(data, dict):
        return None
    folded = {str(key).casefold(): value for key, value in data.items()}
    for key in _KEYS:
        if key in folded:
            unit = folded.get("unit")
            return _written(folded[key]) + (f" {unit}" if isinstance(unit, str) and unit else "")
    return _written(next(iter(folded.values()))) if len(folded) == 1 else None


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(_written(item) for item in value)
    return "" if value is None else _field(value) or "" if isinstance(value, dict) else str(value)


def sentences(text: str) -> list[str]:
    """Sentences and lines, without Markdown; abbreviations, initials and `2. Juli` do not end one."""
    found = []
    for line in plain(text).split("\n"):
        start = 0
        for match in re.finditer(r"[.!?]+[\"'”’)]*\s+(?=[\"'“(]?[A-ZÀ-ÞА-Я\d\-])|[。！？]", line):
            head = line[start : match.end()].rstrip()
            day = re.search(r"(?:^|[^\d.,])\d{1,2}\.$", head) and _MONTH.match(line[match.end() :])
            if _ABBREVIATION.search(head) or day:
                continue
            found.append(head)
            start = match.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if sentence.strip(" -=_*|#")]


def bold(text: str) -> list[str]:
    """What is set in bold in Markdown."""
    return [match.strip(" :") for match in re.findall(r"\*\*([^*\n]{1,200})\*\*", text) if match.strip(" :")]


def corrected(text: str) -> bool:
    """Whether the text takes something back: then only a stated final answer counts."""
    return _CORRECTION.search(text) is not None
