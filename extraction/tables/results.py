"""Results: methods x benchmarks. Every column holds a named measure under conditions that its header path names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from extraction.tables import entities, measure, row_keys
from extraction.tables import scale as scales
from extraction.tables.cell import without_citation, without_footnote
from extraction.tables.languages import language
from extraction.tables.measure import Better, Measure
from extraction.tables.phrase import set_phrase
from extraction.tables.rows import RowView
from extraction.tables.sheet import Sheet
from kg.values.name import normal
from schemas.fact import Fact, Qualifiers, Subject

_PREPOSITION: Final = re.compile(
    r"^(?:before|after|with|without|w/o|w/|under|in|on|at|for|from|using|all|no)\b", re.IGNORECASE
)
_SCORED: Final = re.compile(
    r"\b(?:performances?|results?|scores?|leaderboard|top[- ](?:\w+)|evaluat(?:ion|ed))\b", re.IGNORECASE
)
_ON: Final = re.compile(
    r"\bon\s+(?:the\s+)?((?:[A-Z][\w\-]*[A-Z\d][\w\-]*"
    r"|[A-Z]{2,}[\w\-]*)(?:\s+[A-Z][\w\-]*\d[\w\-]*)?)(?!\s+[A-Z]\b)(?=[\s.,;:)]|$)"
)
_TASK: Final = re.compile(r"\bin\s+the\s+([a-z][a-z\-]*(?:\s[a-z\-]+)?)\s+task\b")
_METHOD_KINDS: Final = re.compile(
    r"\b(?:models?|methods?|systems?|approach(?:es)?|baselines?|LLMs?|RMs?|backbones?|algorithms?|variants?"
    r"|strateg\w+|retrievers?|rerankers?|teachers?|agents?)$"
)


@dataclass(frozen=True, slots=True)
class Score:
    """One column: what was measured, under which conditions."""

    col: int
    phrase: str
    better: Better | None
    conditions: tuple[tuple[str, str], ...]
    condition_text: str | None
    unit: str | None
    mean: bool


def is_results(sheet: Sheet, kind: str) -> bool:
    """Whether the rows are methods and most numeric columns are scores."""
    numeric = [c for c in sheet.value_columns if c > sheet.key and sheet.numeric(c)]
    if not numeric or not (_METHOD_KINDS.search(kind) or _named_scores(sheet, numeric)):
        return False
    shared = caption_measure(sheet)
    named = sum(any(measure.whole(p) for p in sheet.path(c)) for c in numeric)
    if named and 2 * named >= len(numeric):
        return True
    return shared is not None and len(numeric) >= 2 and _alike(sheet, numeric) and not _has_units(sheet, numeric)


def _named_scores(sheet: Sheet, numeric: list[int]) -> bool:
    return all(any(measure.whole(p) for p in sheet.path(c)) for c in numeric)


def _has_units(sheet: Sheet, numeric: list[int]) -> bool:
    return any(scales.of_header(sheet.path(c)[-1])[1] not in (None, "%") for c in numeric if sheet.path(c))


def _alike(sheet: Sheet, numeric: list[int]) -> bool:
    """One measure prints one number of digits, and none of its values are counts or years."""
    digits: dict[int, int] = {}
    for col in numeric:
        for reading in sheet.readings(col):
            if reading.value is not None and reading.kind == "number":
                digits[reading.value.decimals] = digits.get(reading.value.decimals, 0) + 1
    total = sum(digits.values())
    best = max(digits, key=lambda d: (digits[d], d), default=0)
    return best > 0 and 5 * digits[best] >= 4 * total


def caption_measure(sheet: Sheet) -> Measure | None:
    """The one measure that the caption names, or `score` where it speaks of performance or results."""
    caption = sheet.element.caption or sheet.element.head or ""
    first = re.split(r"(?<=[a-z)\]])\.\s+(?=[A-Z])", caption, maxsplit=1)[0]
    found = measure.only(first) or measure.only(_bracketed(first))
    if found and found.phrase != "score":
        return found
    if measure.find_all(first) and not found:
        return None
    if found or _SCORED.search(first):
        return Measure("score", "higher", (0, 0))
    reported = re.search(r"\b(?:[Ww]e|[Tt]able) (?:report|show)s?\s+([^.;]+)", caption[len(first) :])
    return measure.only(reported[1]) if reported else None


def _bracketed(text: str) -> str:
    match = re.search(r"\(([^()]+)\)", text)
    return match[1] if match else ""


def scores(sheet: Sheet) -> tuple[tuple[Score, ...], tuple[str, ...]]:
    """(columns that hold a score, reasons why others hold none)."""
    shared = caption_measure(sheet)
    place = caption_place(sheet.element.caption or "")
    found: list[Score] = []
    refused: list[str] = []
    for col in (c for c in sheet.value_columns if c > sheet.key and sheet.numeric(c)):
        one = _score(sheet, col, shared, place)
        if isinstance(one, str):
            refused.append(one)
        else:
            found.append(one)
    found = [_over_all(sheet, s, place) if s.mean and s.conditions else s for s in found]
    found, lost = _spanned(sheet, found)
    refused += lost
    keys = [(normal(s.phrase), s.conditions) for s in found]
    clear = tuple(s for s, k in zip(found, keys, strict=True) if keys.count(k) == 1)
    refused += [f"header_salad: column {s.col + 1} is not told apart by its headers" for s in found if s not in clear]
    return clear, tuple(refused)


def _spanned(sheet: Sheet, found: list[Score]) -> tuple[list[Score], list[str]]:
    """Columns whose like-named neighbour has a spanning header and they have none: theirs is lost."""
    longest: dict[str, int] = {}
    for score in found:
        path = sheet.path(score.col)
        longest[path[-1]] = max(longest.get(path[-1], 0), len(path))
    lost = [s for s in found if len(sheet.path(s.col)) < longest[sheet.path(s.col)[-1]]]
    reasons = [f"header_salad: the spanning header of {sheet.path(s.col)[-1]!r} is lost" for s in lost]
    return [s for s in found if s not in lost], reasons


def _over_all(sheet: Sheet, score: Score, place: tuple[tuple[str, str], str] | None) -> Score:
    """A mean that stands under a spanning header but is the mean of all columns: the condition is not its own."""
    others = [c for c in sheet.value_columns if c > sheet.key and c != score.col and sheet.numeric(c)]
    same = [c for c in others if sheet.path(c)[:-1] == sheet.path(score.col)[:-1]]
    if (
        len(others) > len(same) >= 2
        and _is_mean_of(sheet, score.col, others)
        and not _is_mean_of(sheet, score.col, same)
    ):
        kept = (place[0],) if place else ()
        return replace(score, conditions=kept, condition_text=place[1] if place else None)
    return score


def _is_mean_of(sheet: Sheet, col: int, others: list[int]) -> bool:
    """Whether most rows of a column print the mean of the others, off by no more than 0.6 of the last digit."""
    good = total = 0
    for row in sheet.data:
        value = sheet.reading(row.index, col).value
        parts = [v.number for c in others if (v := sheet.reading(row.index, c).value) and v.number is not None]
        if value is None or value.number is None or len(parts) < len(others):
            continue
        total += 1
        good += abs(sum(parts, Decimal(0)) / len(parts) - value.number) <= Decimal("0.6").scaleb(-value.decimals)
    return total > 0 and 5 * good >= 4 * total


def caption_place(caption: str) -> tuple[tuple[str, str], str] | None:
    """((axis, member), words) of what the caption names: `on TREC DL19`, `in the translation task`."""
    first = re.split(r"(?<=[a-z)\]])\.\s+(?=[A-Z])", caption, maxsplit=1)[0]
    if match := _TASK.search(first):
        return ("task", match[1]), f"in the {match[1]} task"
    hits = [m[1].rstrip(".,") for m in _ON.finditer(first)][-1:]
    if hits and not re.search(rf"on\s+(?:the\s+)?{re.escape(hits[0])}\s+(?:and|with|when|under)\b", first):
        return ("", hits[0]), f"on {hits[0]}"
    return None


def _score(sheet: Sheet, col: int, shared: Measure | None, place: tuple[tuple[str, str], str] | None) -> Score | str:
    path = [sheet.vocabulary.repaired(without_citation(without_footnote(p))) for p in sheet.path(col)]
    if not path:
        return f"header_salad: column {col + 1} has no header"
    own: Measure | None = None
    unit: str | None = None
    rest: list[str] = []
    mean = False
    for part in path:
        label, found_unit, _ = scales.of_header(part)
        unit = found_unit or unit
        if (named := measure.whole(label)) and own is None:
            own = Measure(named.phrase, measure.arrow(part) or named.better, named.span)
        elif measure.is_mean(label) and len(label.split()) == 1:
            mean = True
        elif of_mean := re.match(r"^(.{2,}?)[\s-]+(?:[Aa]vg|[Aa]verage)\.?$", label):
            mean = True
            rest.append(of_mean[1])
        elif own is None and (ending := _ending(label)):
            rest.append(label[: ending.span[0]].strip(" -:,"))
            own = ending
        elif label:
            rest.append(re.sub(r"\s*[↑↓]", "", label))
    chosen = own or shared
    if chosen is None:
        return f"header_salad: nothing names what column {' > '.join(path)!r} measures"
    words = _conditions(rest, sheet)
    if words is None:
        return f"header_salad: {' > '.join(path)!r} does not say under which condition"
    conditions, text = words
    if place and not (" on " in f" {text}" and place[1].startswith("on ")) and not _told(place[0][1], text):
        conditions, text = (*conditions, place[0]), " ".join(t for t in (text, place[1]) if t)
    if chosen.phrase in ("variance", "standard deviation"):
        if shared is None or shared.phrase == chosen.phrase:
            return f"header_salad: {path[-1]!r} of what"
        chosen, mean = Measure(f"{chosen.phrase} of the {shared.phrase}", None, (0, 0)), True
        phrase = chosen.phrase
    else:
        phrase = f"average {chosen.phrase}" if mean else chosen.phrase
    percent = unit or ("%" if re.search(r"[(,]\s*%\s*\)|in percent", sheet.context) else None)
    return Score(
        col, phrase, chosen.better, tuple(sorted(conditions)), text or None, percent if percent == "%" else unit, mean
    )


def _told(member: str, text: str) -> bool:
    """Whether the header's words name the caption's place already: the translation task, `in TRANSLATION-EASY`."""
    return member.casefold() in re.split(r"[\s-]+", text.casefold())


def _ending(label: str) -> Measure | None:
    """A measure behind the name of a benchmark: `Recipes win-rate`."""
    found = [
        m for m in measure.find_all(label) if not label[m.span[1] :].strip() and m.span[0] > 1 and m.phrase != "score"
    ]
    return found[-1] if found else None


def _conditions(labels: list[str], sheet: Sheet) -> tuple[tuple[tuple[str, str], ...], str] | None:
    """Header labels as conditions and as words: the innermost first, `on Easy in Contamination Evaluation`."""
    conditions: list[tuple[str, str]] = []
    words: list[str] = []
    heads = frozenset(path[-1] for path in sheet.header.paths if path)
    for depth, label in enumerate(reversed(labels)):
        if re.fullmatch(
            r"(?:languages?|datasets?|benchmarks?|tasks?|metrics?|models?|categor(?:y|ies)|results?)",
            label,
            re.IGNORECASE,
        ):
            continue
        spelled = sheet.vocabulary.spelled(label, (part for path in sheet.header.paths for part in path))
        axis, member, text = _condition(spelled or "", heads)
        if member is None:
            return None
        conditions.append((axis, member))
        words.append(text if depth == 0 or not text.startswith("on ") else f"in {member}")
    return tuple(conditions), " ".join(words)


def _condition(label: str, beside: frozenset[str]) -> tuple[str, str | None, str]:
    """(axis, member, words) of one label; member None where the label says nothing a reader would understand."""
    if name := language(label, beside):
        return "language", name, f"for {name}"
    if (
        re.fullmatch(r"[a-z]{2,3}", label)
        or len(label) < 2
        or not re.search(r"[^\W\d_]", label)
        or len(label.split()) > 6
    ):
        return "", None, ""
    if re.search(r"[<>=?!|]", label) or label.startswith("-") or re.search(r"\b[A-Z]$", label):
        return "", None, ""
    if _PREPOSITION.match(label):
        return "", label, label[0].lower() + label[1:] if label[1:2].islower() else label
    if label.startswith("+"):
        return "", label, f"with {label.lstrip('+ ')}"
    if pair := re.fullmatch(r"([a-z]{2})\s*(?:→|->|–|-)\s*([a-z]{2})", label):
        source, target = language(pair[1]), language(pair[2])
        if source and target:
            return "direction", f"{source} to {target}", f"from {source} to {target}"
    return "", label, f"on {label}"


def facts(sheet: Sheet, document: str, kind: str) -> Iterator[Fact]:
    """One fact for each score."""
    found, _ = scores(sheet)
    named = entities.names(sheet)
    compared = compared_set(sheet, kind)
    second = row_keys.second_key(sheet)
    clear = row_keys.clear_rows(sheet)
    for row in sheet.rows:
        if row.role not in ("data", "total") or (row.role == "data" and row.index not in clear):
            continue
        for score in found:
            value = sheet.reading(row.index, score.col).value
            if value is None or value.kind != "number" or (score.phrase.endswith("score") and value.scale):
                continue
            yield _fact(sheet, document, row, score, Subject(name=named[row.index], kind=kind), compared, second)


def compared_set(sheet: Sheet, kind: str) -> str:
    """`models compared`, `top ten models compared`, `top ten models in the translation task`."""
    chosen = entities.selected(sheet, kind)
    place = caption_place(sheet.element.caption or "") if chosen else None
    return set_phrase(kind, place[1] if place and place[1].startswith("in ") else "compared", chosen)


def _fact(
    sheet: Sheet,
    document: str,
    row: RowView,
    score: Score,
    subject: Subject,
    compared: str,
    second: dict[int, tuple[str, str]],
) -> Fact:
    value = sheet.reading(row.index, score.col).value
    assert value is not None
    conditions, text = score.conditions, score.condition_text
    if doing := row_keys.trained(sheet, row):
        conditions = tuple(sorted((*conditions, ("", doing))))
        text = " ".join(t for t in (text, f"when {doing}") if t)
    if row.index in second:
        axis, member = second[row.index]
        conditions = tuple(sorted((*conditions, (axis, member))))
        text = " ".join(t for t in (text, _with(axis, member)) if t)
    mean = score.mean or entities.is_mean_row(sheet, row)
    return Fact(
        id=sheet.fact_id(row.index, score.col, score.phrase),
        document=document,
        subject=subject,
        shape="results",
        quantity=score.phrase,
        qualifiers=Qualifiers(conditions=conditions, condition_text=text),
        value=value.model_copy(update={"unit": value.unit or score.unit}),
        supports=sheet.supports(row, score.col, subject=True),
        role="total" if row.role == "total" else "mean" if mean else "data",
        additive=False,
        group=row.groups[-1] if row.groups else None,
        set=compared,
        better=score.better,
    )


def _with(axis: str, member: str) -> str:
    """`with a passage number of 20`, `with the Full strategy`, `with N = 20`, `in the zero-shot setting`."""
    if len(axis) <= 2:
        return f"with {axis} = {member}"
    if re.fullmatch(r"(?:zero|one|few|\d+)-shots?", member, re.IGNORECASE):
        return f"in the {member.lower()} setting"
    if axis.rsplit(maxsplit=1)[-1] in ("data", "input", "context"):
        return f"with {member} as {axis}"
    return f"with a {axis} of {member}" if re.fullmatch(r"[\d.,]+", member) else f"with the {member} {axis}"
