"""Whom or what a document is about, as this document alone shows it.

Sources, in order: the registrant's line of a filing, the key-value head of a form, the name in a paper's title or in
"we introduce X", a short title or heading (a web page, a sheet).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, final

from extraction.extractors import form_pairs, phrases
from kg.values import date as dates
from schemas.element import Element, Elements
from schemas.fact import Facts, Subject

REGISTRANT: Final = re.compile(r"\(\s*exact name of (?:the )?(?:registrant|company|issuer|filer)\b", re.IGNORECASE)
PERIOD: Final = re.compile(
    r"\bfor the (?P<kind>quarterly|annual|transition|fiscal)\s+(?:period|year)\s+(?:ended|ending)\s+"
    r"(?P<date>[A-Z][a-z]+\.? \d{1,2}, ?\d{4})",
    re.IGNORECASE,
)
FORM: Final = re.compile(r"\bform\s+(?P<form>\d{1,2}-?[A-Z](?:/A)?|[A-Z]-\d+)\b", re.IGNORECASE)
FILE_NUMBER: Final = re.compile(r"\bfile (?:number|no\.?):?\s*(?P<number>[\d][\d-]+)", re.IGNORECASE)

HEAD_ROLES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("model", ("aircraft", "vehicle", "vessel", "product", "device", "equipment", "instrument", "machine", "model")),
    ("name", ("name", "patient", "company", "customer", "client", "employee", "project", "planet", "organization")),
    ("registration", ("registration", "serial number", "vin", "tail number", "license plate", "part number")),
    ("location", ("location", "place", "city", "site", "address")),
    ("date", ("date", "date & time", "date and time", "date/time", "event date")),
    ("accession", ("accident number", "case number", "report number", "file number", "docket number", "id")),
)
"""Role -> labels that a form's head has for it."""

EVENTS: Final = phrases.words("accident incident crash collision fire outage failure flood spill recall derailment")
EVENT_REPORT: Final = re.compile(rf"\b((?:[A-Z]\w+ )?(?:{'|'.join(sorted(EVENTS))}))\b[\w\s]*\breport\b", re.IGNORECASE)

ARTEFACTS: Final = (
    "benchmark", "dataset", "data set", "corpus", "framework", "toolkit", "library", "language model", "model",
    "algorithm", "metric", "method", "approach", "system", "task", "survey",
)  # fmt: skip
INTRODUCES: Final = re.compile(
    r"\b[Ww]e (?:introduce|propose|present|develop|construct|build|create|release|name|call)\s+"
    r"(?:(?:a|an|the|our|it|this)\s+)?(?:[a-z][\w-]*,?\s+){0,8}?"
    r"(?P<name>[A-Z][\w+]*(?:-[\w+]+)*(?: [A-Z][\w+]*(?:-[\w+]+)*){0,4})(?:\s*\((?P<short>[A-Z][\w-]+)\))?"
)
LEAST_USES: Final = 8
"""How often a document names what it introduces."""
MOST_TITLE_WORDS: Final = 6
"""A title of more words is a sentence, not a name."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StructureExtractor:
    """The document's subject and what describes it."""

    name: str = "structure"
    version: int = 1

    def extract(self, elements: Elements, earlier: Facts) -> Facts:  # noqa: ARG002 - the seam passes it
        """See `extraction.extractors.Extractor`; adds `subject` and `subject_facts` only."""
        for source in (_registrant, _form_head, _artefact, _short_title):
            found = source(elements)
            if found is not None:
                subject, roles = found
                return Facts(
                    document=elements.document.id,
                    extractors=(),
                    subject=subject,
                    subject_facts=dict(sorted(roles.items())),
                )
        return Facts(document=elements.document.id, extractors=())


Found = tuple[Subject, dict[str, str]] | None


def texts(elements: Elements, first: int | None = None) -> list[Element]:
    """Sections and chunks with text, in order; only those of the first pages where `first` is given."""
    return [
        e
        for e in elements.elements
        if e.kind in ("section", "chunk")
        and e.text.strip()
        and (first is None or not e.places or (e.places[0].page or 1) <= first)
    ]


def _registrant(elements: Elements) -> Found:
    opening = texts(elements, first=2)
    for index, element in enumerate(opening):
        match = REGISTRANT.search(element.text)
        if match is None:
            continue
        before = element.text[: match.start()].strip()
        name = _last_line(before) if before else _name_before(opening[:index])
        if not name:
            return None
        roles = {"name": name}
        whole = " ".join(e.text for e in opening)
        if found := PERIOD.search(whole):
            roles["period"] = dates.parse(found["date"]) or found["date"]
            roles["period_kind"] = found["kind"].lower()
        if found := FORM.search(whole):
            roles["form"] = found["form"].upper()
        if found := FILE_NUMBER.search(whole):
            roles["accession"] = found["number"]
        return Subject(name=name, kind="company"), roles
    return None


def _last_line(text: str) -> str:
    words = re.split(r"(?<=\d)\s+(?=[A-Z])|\s{2,}|\n", text)[-1].strip()
    return words if 0 < len(words.split()) <= 8 else ""


def _name_before(opening: Sequence[Element]) -> str:
    """The nearest short line before that is a name (a logo may stand between)."""
    for element in reversed(opening[-4:]):
        text = element.text.strip(" _")
        if 0 < len(text.split()) <= 8 and re.search(r"[A-Za-z]{2}", text) and not text.endswith((":", ".)")):
            return text
    return ""


def _form_head(elements: Elements) -> Found:
    head = _head_pairs(elements)
    roles: dict[str, str] = {}
    kind = ""
    for role, labels in HEAD_ROLES:
        for label, value in head:
            low = label.lower().strip(" :")
            if low in labels and value and role not in roles:
                roles[role] = value
                kind = kind or (low if role in ("model", "name") and low not in ("name", "model") else "")
    if "model" in roles:
        roles["model"] = _without_builder(roles["model"], elements)
    if "model" not in roles and "name" not in roles:
        titled = _in_title(elements, head)
        if titled is None:
            return None
        kind, roles["name"] = titled
    if "date" in roles:
        roles["date"] = _iso(roles["date"])
    if event := _event(elements):
        roles["event"] = event
    named = roles.get("name") or " ".join(filter(None, (roles.get("model"), roles.get("registration"))))
    return Subject(name=named, kind=kind or "thing"), roles


def _without_builder(model: str, elements: Elements) -> str:
    """`Doe, Jane P Skylark 7` -> `Skylark 7` where a form gives `Doe, Jane P` as the make: somebody built it."""
    for element in elements.elements:
        for pair in form_pairs.pairs(element) if element.kind == "table" else ():
            words = pair.label.lower().strip(" :").split()
            if words[-1:] in (["make"], ["manufacturer"], ["builder"]) and re.match(r"[A-Z]\w+, [A-Z]", pair.value):
                return model.removeprefix(pair.value).strip() or model
    return model


def _in_title(elements: Elements, head: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """(label, value) of the first pair whose value stands in the document's title: `Spacecraft`, `Rosetta`."""
    title = elements.document.title or ""
    for label, value in head:
        if len(value) > 2 and phrases.is_name(value) and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", title):
            return phrases.lowered(label.strip(" :")), value
    return None


def _head_pairs(elements: Elements) -> list[tuple[str, str]]:
    """The pairs of the first form, if it stands on the first page."""
    for element in elements.elements:
        if element.kind == "table" and (not element.places or (element.places[0].page or 1) == 1):
            pairs = form_pairs.pairs(element)
            if pairs:
                return [(pair.label, pair.value) for pair in pairs]
    return []


def _iso(text: str) -> str:
    return dates.parse(text) or dates.parse(text.partition(",")[0]) or text


def _event(elements: Elements) -> str | None:
    """`accident`: what a report's title says that happened."""
    lines = [elements.document.title or ""] + [e.text for e in texts(elements, first=1)[:8]]
    for line in lines:
        if match := EVENT_REPORT.search(line):
            return match[1].lower()
    return None


def _artefact(elements: Elements) -> Found:
    title = elements.document.title or ""
    if not _is_paper(elements):
        return None
    opening = [e.text for e in texts(elements, first=2)]
    everything = [e.text for e in texts(elements)]
    name = _before_colon(title) or _introduced(opening, everything)
    if name is None:
        return (Subject(name=title, kind="paper"), {"name": title, "title": title}) if title else None
    name = _usual_spelling(name, [*everything, *(e.text for e in elements.elements if e.kind == "image")])
    return Subject(name=name, kind=_artefact_kind(title, name, opening)), {"name": name, "title": title}


def _is_paper(elements: Elements) -> bool:
    headings = [e.text.lower().strip(" 0123456789.") for e in elements.elements if e.kind == "section"]
    return "abstract" in headings or ("references" in headings and "introduction" in headings)


def _before_colon(title: str) -> str | None:
    name, colon, _ = title.partition(":")
    words = name.split()
    if colon and 0 < len(words) <= 3 and phrases.is_name(name):
        return name.strip()
    return None


def _introduced(opening: Iterable[str], everything: Sequence[str]) -> str | None:
    """The name behind "we introduce" that the document goes on to use; a plural acronym is no name."""
    counts: Counter[str] = Counter()
    for text in opening:
        for match in INTRODUCES.finditer(text):
            name = match["name"]
            if not re.fullmatch(r"[A-Z]{2,}s?", name):
                counts[name] = sum(text.count(name) for text in everything)
    counts = Counter({name: n for name, n in counts.items() if n >= LEAST_USES})
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return best[0][0] if best else None


def _usual_spelling(name: str, everything: Sequence[str]) -> str:
    """The most frequent spelling of a name, one with capitals inside first; titles are often in (small) capitals."""
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?![\w-])", re.IGNORECASE)
    counts = Counter(match[0] for text in everything for match in pattern.finditer(text) if not match[0].islower())
    ranked = sorted(
        counts.items(), key=lambda item: (not re.search(r"[a-z][A-Z]", item[0]), -item[1], item[0].isupper(), item[0])
    )
    return ranked[0][0] if ranked else name


def _artefact_kind(title: str, name: str, opening: Sequence[str]) -> str:
    rest = title.partition(":")[2].lower() or title.lower()
    for noun in ARTEFACTS:
        if re.search(rf"\b{noun}\b", rest):
            return noun
    near = " ".join(text for text in opening if name.lower() in text.lower()).lower()
    found = [(match.start(), noun) for noun in ARTEFACTS if (match := re.search(rf"\b{noun}\b", near))]
    return min(found)[1] if found else "method"


def _short_title(elements: Elements) -> Found:
    sections = [e for e in elements.elements if e.kind == "section"]
    for title in (elements.document.title, sections[0].text if sections else None):
        if title and len(title.split()) <= MOST_TITLE_WORDS and phrases.is_title_case(title):
            name = title.split(" - ")[0].split(" | ")[0].strip()
            kind = next(filter(None, (phrases.kind_in(name, e.text) for e in texts(elements)[:12])), None)
            return (Subject(name=name, kind=kind), {"name": name, "title": title}) if kind else None
    return None
