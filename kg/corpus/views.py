"""What a document is, what it is about, and the noun phrases that single both out in the corpus."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from kg.corpus import names
from kg.values import date as dates
from kg.values.name import normal, plural
from schemas.element import Elements
from schemas.fact import Facts

FORMATS: Final = {
    "xlsx": "workbook", "xls": "workbook", "ods": "workbook", "csv": "table", "tsv": "table", "pptx": "presentation",
    "html": "web page", "epub": "book",
}  # fmt: skip
FILINGS: Final = {
    "quarterly": ("quarterly report", "the quarter ended"),
    "annual": ("annual report", "the fiscal year ended"),
    "fiscal": ("annual report", "the fiscal year ended"),
    "transition": ("transition report", "the transition period ended"),
}
REPORT: Final = re.compile(
    r"\b(?P<what>[A-Z][a-z]+)(?: (?:Final|Factual|Annual|Interim|Preliminary|Progress|Technical))? Report\b"
)
DESCRIBED_BY: Final[tuple[tuple[str, ...], ...]] = (
    ("registration",),
    ("registration", "location"),
    ("location",),
    ("location", "date"),
    ("date",),
)
"""What is added to model and name, in this order, until the description is unique; only roles that are there."""


@dataclass(frozen=True, slots=True)
class About:
    """One document with what it says about itself."""

    elements: Elements
    facts: Facts

    @property
    def roles(self) -> dict[str, str]:
        return self.facts.subject_facts

    @property
    def event(self) -> str | None:
        """`accident`, where the document reports one."""
        return self.roles["event"].split()[-1] if "event" in self.roles else None

    @property
    def title(self) -> str:
        """As the document gives it, else the subject's name, else the file's name."""
        path = PurePosixPath(self.elements.document.paths[0]).stem if self.elements.document.paths else ""
        return self._own_title or self.roles.get("name") or re.sub(r"[\s_]+", " ", path)

    @property
    def _own_title(self) -> str | None:
        """The title that is none of the file's names."""
        title = self.elements.document.title
        files = {PurePosixPath(path).name for path in self.elements.document.paths}
        return None if title in {name for file in files for name in (file, PurePosixPath(file).stem)} else title

    @property
    def rows(self) -> str | None:
        """`moons`, where the document is one table without a title and its rows have a kind."""
        if self._own_title or FORMATS.get(self.elements.document.format) != "table":
            return None
        kinds = {structure.kind for structure in self.facts.structures if structure.kind}
        return plural(kinds.pop()) if len(kinds) == 1 else None

    @property
    def short_title(self) -> str:
        """The part before the colon, where it is more than a name."""
        head, colon, _ = self.title.partition(":")
        return head.strip() if colon and len(head.split()) >= 3 else self.title

    @property
    def kind(self) -> str:
        """Singular noun of what the document is."""
        if self.roles.get("period_kind") in FILINGS:
            return FILINGS[self.roles["period_kind"]][0]
        if self.event:
            return f"{self.event} report"
        if self._is_paper():
            return "paper"
        if match := REPORT.search(self.title):
            return f"{match['what'].lower()} report"
        return FORMATS.get(self.elements.document.format, "document")

    def _is_paper(self) -> bool:
        headings = {normal(e.text).lstrip("0123456789. ") for e in self.elements.elements if e.kind == "section"}
        return "abstract" in headings or {"introduction", "reference"} <= headings

    @property
    def spelled(self) -> str:
        """The subject's name without its legal form, as the text spells it."""
        if self.facts.subject is not None and self.facts.subject.kind == "paper":
            return f"the paper “{self.short_title}”"
        name = (self.facts.subject.name if self.facts.subject else None) or self.title
        bare = names.plain(name)
        return names.usual_spelling(bare, (e.text for e in self.elements.elements if e.kind == "chunk"))


def descriptions(documents: list[About]) -> dict[str, str]:
    """Document id -> shortest description of its subject that is unique among the subjects of the corpus."""
    return {
        about.elements.document.id: _described(about, documents)
        for about in documents
        if about.facts.subject is not None
    }


def _described(about: About, documents: list[About]) -> str:
    if about.event is None:
        return about.spelled
    rivals = [other for other in documents if other.event and other is not about]
    model = about.roles.get("model") or about.spelled
    for extra in ((), *DESCRIBED_BY):
        if not all(about.roles.get(role) for role in extra):
            continue
        if "registration" in about.roles and not _enough(about, extra):
            continue
        clash = [
            o
            for o in rivals
            if normal(o.roles.get("model", "")) == normal(about.roles.get("model", ""))
            and all(normal(o.roles.get(role, "")) == normal(about.roles[role]) for role in extra)
        ]
        if not clash and (extra or not about.roles.get("location")):
            return _phrase(model, about, extra)
    return _phrase(model, about, tuple(r for r in ("registration", "location", "date") if about.roles.get(r)))


def _enough(about: About, extra: tuple[str, ...]) -> bool:
    """Of a thing with an official name people say the name, and where it happened: its pilot is that of one event."""
    return "registration" in extra and ("location" in extra or not about.roles.get("location"))


def _phrase(model: str, about: About, extra: tuple[str, ...]) -> str:
    text = f"the {model}"
    if "registration" in extra:
        text += f" {about.roles['registration']}"
    if "location" in extra or "date" in extra:
        article = "an" if (about.event or "")[:1] in "aeiou" else "a"
        text += f" that had {article} {about.event}"
        text += f" in {about.roles['location']}" if "location" in extra else ""
        text += f" on {_spoken(about.roles['date'])}" if "date" in extra else ""
    return text


def _spoken(iso: str) -> str:
    return dates.spoken(iso) if re.fullmatch(r"\d{4}(-\d\d){0,2}", iso) else iso


def references(documents: list[About], described: dict[str, str]) -> dict[str, str]:
    """Document id -> noun phrase that singles the document out in the corpus, ready after `in`."""
    first = {about.elements.document.id: _reference(about, described) for about in documents}
    counts = Counter(first.values())
    second = {
        about.elements.document.id: first[about.elements.document.id]
        if counts[first[about.elements.document.id]] == 1
        else _titled(about, whole=True)
        for about in documents
    }
    counts = Counter(second.values())
    return {id_: text if counts[text] == 1 else f"{text} ({_file(documents, id_)})" for id_, text in second.items()}


def _file(documents: list[About], id_: str) -> str:
    document = next(about.elements.document for about in documents if about.elements.document.id == id_)
    return document.paths[0] if document.paths else id_[:8]


def _titled(about: About, *, whole: bool = False) -> str:
    if about.rows and not whole:
        return f"the table of {about.rows}"
    return f"the {about.kind} “{about.title if whole else about.short_title}”"


def _reference(about: About, described: dict[str, str]) -> str:
    id_ = about.elements.document.id
    if about.roles.get("period_kind") in FILINGS and "period" in about.roles and id_ in described:
        noun, span = FILINGS[about.roles["period_kind"]]
        return f"{_possessive(described[id_])} {noun} for {span} {_spoken(about.roles['period'])}"
    if about.event and id_ in described:
        plain = described[id_].replace(f" that had an {about.event}", "").replace(f" that had a {about.event}", "")
        return f"the report on the {about.event} of {plain}"
    subject = about.facts.subject
    if about.kind == "paper" and subject is not None and subject.kind != "paper":
        return f"the {about.spelled} paper"
    if about.kind.endswith(" report") and id_ in described:
        return f"the {about.kind} on {described[id_]}"
    return _titled(about)


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"
