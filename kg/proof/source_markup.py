"""Words of marked-up text: docx by zipfile and XML, html and epub by html.parser, everything else as plain text."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Final, final
from xml.etree import ElementTree as ET

from kg.proof.compare_text import letters, occurs, plain
from schemas.sample import Evidence

MOST_BYTES: Final = 256 * 2**20
"""Bytes of one member of an archive: more is a bomb."""
WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_INLINE: Final = re.compile(r"\$[^$]*\$")
_LABEL: Final = re.compile(r"\b(tables?|figures?|fig\.|equations?|eq\.|sections?)[\s~]*\(?\d[\d.]*\)?", re.IGNORECASE)
"""A resolved reference: its number stands in no source that is typeset later."""
_COMMAND: Final = re.compile(r"\\([a-zA-Z]+)")

Table = list[list[str]]


@final
@dataclass
class MarkupSource:
    """Text and tables of a file."""

    text: str = ""
    tables: list[Table] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """Lines of a plain text, where tables are known by their lines only."""
    formulas: list[str] = field(default_factory=list)
    """Visible characters of each formula (OMML, MathML); a plain text has its formulas in the text."""

    def missing(self, rows: Sequence[Evidence]) -> str | None:
        cells = [row for row in rows if row.modality == "table" and row.node != row.element]
        if cells and not self._in_one_table(cells):
            return f"no table holds {', '.join(repr(row.text[:40]) for row in cells[:4])} together"
        for row in rows:
            if row in cells or self._stands(row):
                continue
            return f"{row.kind} {row.text[:80]!r} is not in the text"
        return None

    def _stands(self, row: Evidence) -> bool:
        if row.modality == "formula":
            return self._has_formula(row.text)
        text = _LABEL.sub(r"\1", row.text) if self.lines else row.text
        parts = [part for part in _INLINE.split(text) if letters(part)] if "$" in text else [text]
        return all(occurs(part, self.text) or occurs(part, self.unmarked) for part in parts)

    def _has_formula(self, latex: str) -> bool:
        wanted = letters(_math(latex))
        if wanted and wanted in letters(_math(self.text)):
            return True
        signs = Counter(letters(_visible(latex)))
        return bool(signs) and any(_alike(signs, Counter(letters(formula))) for formula in self.formulas)

    @cached_property
    def unmarked(self) -> str:
        return _unmarked(self.text)

    def _in_one_table(self, cells: Sequence[Evidence]) -> bool:
        value = next((row.text for row in cells if row.kind in {"value", "set"}), None)
        others = [row.text for row in cells if row.kind not in {"value", "set"}]
        values = [row.text for row in cells if row.kind in {"value", "set"}]
        if any(_holds(table, values, others) for table in self.tables):
            return True
        if self.tables and not self.lines:
            return False
        texts = [row.text for row in cells]
        if not all(occurs(text, self.unmarked) or occurs(text, self.text) for text in texts):
            return False
        beside = [line for line in self.lines if value is None or occurs(value, line) or occurs(value, _unmarked(line))]
        return bool(beside) and (not others or len(self.lines) < 2 or any(_any_in(others, line) for line in beside))


def _any_in(texts: Sequence[str], line: str) -> bool:
    return any(occurs(text, line) or occurs(text, _unmarked(line)) for text in texts) or (
        "|" not in line and "&" not in line
    )


def _holds(table: Table, values: Sequence[str], others: Sequence[str]) -> bool:
    """Every value and every header stands in a cell, and a value shares its row with the header that begins one."""
    cells = {letters(cell) or plain(cell) for row in table for cell in row}
    wanted = [letters(text) or plain(text) for text in (*values, *others)]
    if not all(text in cells for text in wanted):
        return False
    heads = {letters(text) or plain(text) for text in others}
    first = {letters(row[0]) or plain(row[0]) for row in table[1:] if row} & heads
    for text in values:
        rows = [{letters(cell) or plain(cell) for cell in row} for row in table if any(occurs(text, c) for c in row)]
        if not rows or (len(values) == 1 and first and not any(first & row for row in rows)):
            return False
    return True


def open_markup(data: bytes, suffix: str) -> MarkupSource | str:
    """Open a file by its suffix; a string says why not."""
    try:
        if suffix == ".docx":
            return _docx(data)
        if suffix == ".epub":
            return _epub(data)
    except (zipfile.BadZipFile, ET.ParseError, KeyError, OSError) as error:
        return f"cannot be opened: {error}"
    text = data.decode("utf-8-sig", "replace")
    if suffix in {".html", ".htm", ".xhtml"} or text.lstrip()[:200].lower().startswith(("<!doctype html", "<html")):
        return _html([text])
    if suffix in {".xml", ".jats", ".nxml", ".odt", ".fb2"}:
        return _html([text])
    rows = re.split(r"\\\\", text) if "\\\\" in text else []
    return MarkupSource(text=text, lines=[*text.splitlines(), *rows])


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MOST_BYTES:
        raise zipfile.BadZipFile(f"{name} is larger than {MOST_BYTES} bytes")
    return archive.read(name)


def _docx(data: bytes) -> MarkupSource:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [
            n
            for n in archive.namelist()
            if re.match(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml$", n)
        ]
        roots = [_xml(_member(archive, name)) for name in sorted(names)]
    found = MarkupSource()
    for root in roots:
        paragraphs = [_text(paragraph) for paragraph in root.iter(f"{WORD}p")]
        found.text += "\n".join(paragraphs) + "\n"
        found.formulas += [_text(formula) for formula in root.iter(f"{MATH}oMath")]
        found.tables += [
            [[_text(cell) for cell in row.iter(f"{WORD}tc")] for row in table.iter(f"{WORD}tr")]
            for table in root.iter(f"{WORD}tbl")
        ]
    return found


def _xml(data: bytes) -> ET.Element:
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise ET.ParseError("declares entities")
    return ET.fromstring(data)  # noqa: S314  entity declarations are refused above


def _text(element: ET.Element) -> str:
    parts = []
    for part in element.iter():
        if part.tag in {f"{WORD}t", f"{MATH}t"}:
            parts.append(part.text or "")
        elif part.tag in {f"{WORD}tab", f"{WORD}br", f"{WORD}p"}:
            parts.append(" ")
    return "".join(parts).strip()


def _epub(data: bytes) -> MarkupSource:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(n for n in archive.namelist() if n.lower().endswith((".xhtml", ".html", ".htm")))
        return _html([_member(archive, name).decode("utf-8", "replace") for name in names])


def _html(pages: Sequence[str]) -> MarkupSource:
    found = MarkupSource()
    for page in pages:
        reader = _Html()
        reader.feed(page)
        reader.close()
        found.text += "".join(reader.parts) + "\n"
        found.tables += reader.tables
        found.formulas += reader.formulas
    return found


class _Html(HTMLParser):
    """Text without script and style, and the cells of tables, nested ones included."""

    BLOCKS: Final = frozenset(
        {"p", "div", "li", "br", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article"}
        | {"caption", "figcaption", "dt", "dd"}
    )
    SILENT: Final = frozenset({"script", "style", "template", "annotation", "annotation-xml"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.tables: list[Table] = []
        self.formulas: list[str] = []
        self._open: list[Table] = []
        self._silent = self._math = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in self.SILENT:
            self._silent += 1
        if tag == "math":
            self.formulas.append("")
            self._math += 1
        if tag in self.BLOCKS:
            self.parts.append("\n")
        if tag == "table":
            self._open.append([])
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._open[-1].append([])
        elif tag in {"td", "th"} and self._open:
            if not self._open[-1]:
                self._open[-1].append([])
            self._open[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT and self._silent:
            self._silent -= 1
        if tag == "math" and self._math:
            self._math -= 1
        if tag == "table" and self._open:
            self._open.pop()
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.parts.append(data)
        if self._math:
            self.formulas[-1] += data
        if self._open and self._open[-1] and self._open[-1][-1]:
            self._open[-1][-1][-1] += data


def _unmarked(text: str) -> str:
    """Plain text with the commonest marks of Markdown and LaTeX taken out."""
    text = re.sub(r"\\(?:eqref|ref|autoref|cref|cite[a-z]*|label)\{[^{}]*\}", " ", text)
    text = re.sub(r"\\(?:textbf|textit|emph|text|mathrm|textsc|texttt|underline)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\[,;:!~ ]|~", " ", text)
    text = re.sub(r"\\([%$&#_{}])", r"\1", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return html.unescape(re.sub(r"[*_`{}]|\$", "", text))


def _visible(latex: str) -> str:
    """The characters that a formula shows: Greek letters as such, function names as they are, no other commands."""

    def shown(match: re.Match[str]) -> str:
        name = match[1].removeprefix("var").replace("ambda", "amda")  # as Unicode spells it
        kind = "CAPITAL" if name[:1].isupper() else "SMALL"
        if name in {"ln", "log", "sin", "cos", "tan", "exp", "max", "min"}:
            return name
        try:
            return unicodedata.lookup(f"GREEK {kind} LETTER {name.upper()}")
        except KeyError:
            return " "

    return _COMMAND.sub(shown, latex)


def _alike(one: Counter[str], other: Counter[str]) -> bool:
    """At least nine of ten characters are the same, both ways."""
    common = sum((one & other).values())
    return common >= 0.9 * max(sum(one.values()), sum(other.values()))


def _math(text: str) -> str:
    return re.sub(r"\\(?:left|right|mathrm|text|displaystyle|frac|cdot|times|,|;|quad)", " ", text)
