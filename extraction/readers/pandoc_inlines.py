"""Pandoc inlines to plain text with spans: links, formulas, images, notes and anchors keep their place in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.element import Link

Node = dict[str, Any]
"""A node of pandoc's JSON AST: {"t": type, "c": content}."""

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u2060\ufeff"))
_SUPER: Final = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_SUB: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_MARK: Final = re.compile(r"^\[?(?:[*†‡§¶#]+|[a-m](?:,\s*[a-m])*|note \d+|\d{1,3}\])\]?$")
"""A raised footnote mark: no part of a name or a value."""
_PLAIN_MATH: Final = re.compile(
    r"^[-+−]?(?:[\d.,]+\s*\\(?:times|cdot)\s*)?(?:10\s*\^\s*\{?\s*[-−]?\d+\s*\}?|[\d.,]+)\s*(?:\\?%)?$"
)
_ORDINALS: Final = frozenset({"st", "nd", "rd", "th", "er", "e"})


@dataclass(frozen=True, slots=True)
class Formula:
    """latex: without delimiters. at: character offset in the text where a display formula interrupts it."""

    latex: str
    display: bool
    at: int


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it stands in the text. target: path, URI or data URI as written, never followed here."""

    alt: str
    target: str
    anchor: str


@dataclass(slots=True)
class Run:
    """What a sequence of inlines says. Spans refer to `text`, which is NFC with single spaces."""

    text: str = ""
    links: list[Link] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    notes: list[list[Node]] = field(default_factory=list)
    """Blocks of footnotes, in order."""
    bold: bool = False
    """All letters and digits are bold."""
    indent: int = 0
    """Leading hard spaces."""


class Writer:
    """Walks inlines once. `numbers` gives the printed number of a LaTeX label, for references that have no text."""

    def __init__(self, numbers: dict[str, str], *, breaks: str = "\n", cut: bool = True) -> None:
        self.run = Run()
        self._numbers = numbers
        self._breaks = breaks
        self._cut = cut
        self._parts: list[str] = []
        self._length = 0
        self._last = ""
        self._bold = 0
        self._seen = {"bold": 0, "plain": 0}

    def write(self, inlines: Iterable[Node]) -> None:
        for node in inlines:
            kind = node["t"]
            action = _ACTIONS.get(kind)
            if action is not None:
                action(self, node.get("c"))

    def finish(self) -> Run:
        text = "".join(self._parts).rstrip()
        run = self.run
        run.text = text
        run.bold = self._seen["bold"] > 0 and self._seen["plain"] == 0
        run.links = [
            link.model_copy(update={"span": (link.span[0], min(link.span[1], len(text)))})
            for link in run.links
            if link.span and link.span[0] < len(text)
        ]
        return run

    def put(self, text: str) -> None:
        """Adds visible text; white space in it is collapsed."""
        if not self._parts and not self.run.formulas:
            self.run.indent += len(text) - len(text.lstrip("\u00a0\u2003\u2002"))
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
        for piece in re.split(r"(\s+)", text):
            if not piece:
                continue
            if piece.isspace():
                self.space(" ")
            else:
                self._append(piece)
                self._seen["bold" if self._bold else "plain"] += any(letter.isalnum() for letter in piece)

    def space(self, mark: str) -> None:
        """Adds white space, once, and never at the start."""
        if not self._parts:
            return
        if self._last.isspace():
            if mark == "\n" and self._last == " ":
                self._parts[-1] = "\n"
                self._last = "\n"
            return
        self._append(mark)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self._last = text[-1]

    def styled(self, content: list[Node]) -> None:
        self.write(content)

    def strong(self, content: list[Node]) -> None:
        self._bold += 1
        self.write(content)
        self._bold -= 1

    def line_break(self, _: object) -> None:
        self.space(self._breaks)

    def quoted(self, content: list[Any]) -> None:
        single = content[0]["t"] == "SingleQuote"
        self.put("‘" if single else "“")
        self.write(content[1])
        self.put("’" if single else "”")

    def superscript(self, content: list[Node]) -> None:
        raised = plain_text(content)
        if _MARK.match(raised) and not (raised.isdigit() and self._last.isdigit()):
            self._collect(content)
        elif self._last.isdigit() and re.fullmatch(r"[-+−]?\d+", raised):
            self.put("^" + raised)
        elif re.fullmatch(r"[-+−]?[\dn]+", raised):
            self.put(raised.translate(_SUPER))
        elif raised in _ORDINALS or not raised.isascii():
            self.write(content)
        elif raised:
            self.put("^" + raised)

    def subscript(self, content: list[Node]) -> None:
        lowered = plain_text(content)
        if lowered.isdigit():
            self.put(lowered.translate(_SUB))
        elif lowered:
            self.put("_" + lowered)

    def _collect(self, content: list[Node]) -> None:
        """Keeps links, notes and anchors of text that is not printed into the run."""
        aside = Writer(self._numbers)
        aside.write(content)
        self.run.anchors += aside.run.anchors
        self.run.notes += aside.run.notes

    def span(self, content: list[Any]) -> None:
        self._anchor(content[0])
        self.write(content[1])

    def _anchor(self, attributes: list[Any]) -> None:
        if attributes[0]:
            self.run.anchors.append(attributes[0])

    def code(self, content: list[Any]) -> None:
        self.put(content[1])

    def math(self, content: list[Any]) -> None:
        latex = content[1].strip()
        if not latex:
            return
        if content[0]["t"] == "DisplayMath" and self._cut:
            self.run.formulas.append(Formula(latex, display=True, at=self._length))
            self.space(" ")
            return
        if _PLAIN_MATH.match(latex):
            self.put(plain_number(latex))
            return
        self.run.formulas.append(Formula(latex, display=False, at=self._length))
        self.put("$" + re.sub(r"\s+", " ", latex) + "$")

    def link(self, content: list[Any]) -> None:
        attributes, inlines, (target, _) = content
        self._anchor(attributes)
        named = dict(attributes[2])
        start = self._length
        reference = named.get("reference")
        if reference in self._numbers and re.fullmatch(r"\[.*\]", plain_text(inlines)):
            number = self._numbers[reference]
            self.put(f"({number})" if named.get("reference-type") == "eqref" else number)
        else:
            self.write(inlines)
        text = "".join(self._parts)[start:].strip()
        if text and target:
            span = (self._length - len("".join(self._parts)[start:].lstrip()), self._length)
            self.run.links.append(Link(text=text, span=span, uri=target))

    def image(self, content: list[Any]) -> None:
        attributes, inlines, (target, _) = content
        self.run.pictures.append(Picture(alt=plain_text(inlines), target=target, anchor=attributes[0]))

    def cite(self, content: list[Any]) -> None:
        citations, inlines = content
        start = self._length
        if all(node["t"] == "RawInline" for node in inlines):
            self.put("[" + ", ".join(citation["citationId"] for citation in citations) + "]")
        else:
            self.write(inlines)
        text = "".join(self._parts)[start:].strip()
        for citation in citations if text else ():
            label = f"cite {citation['citationId'].lower()}"
            self.run.links.append(Link(text=text, span=(self._length - len(text), self._length), label=label))

    def note(self, content: list[Node]) -> None:
        self.run.notes.append(content)


_ACTIONS: Final[dict[str, Callable[[Writer, Any], None]]] = {
    "Str": Writer.put,
    "Space": lambda writer, _: writer.space(" "),
    "SoftBreak": lambda writer, _: writer.space(" "),
    "LineBreak": Writer.line_break,
    "Emph": Writer.styled,
    "Underline": Writer.styled,
    "SmallCaps": Writer.styled,
    "Strong": Writer.strong,
    "Superscript": Writer.superscript,
    "Subscript": Writer.subscript,
    "Quoted": Writer.quoted,
    "Span": Writer.span,
    "Code": Writer.code,
    "Math": Writer.math,
    "Link": Writer.link,
    "Image": Writer.image,
    "Cite": Writer.cite,
    "Note": Writer.note,
}
"""Not listed, so dropped: Strikeout (deleted text) and RawInline (another format's code)."""


def read_inlines(inlines: Sequence[Node], numbers: dict[str, str], *, breaks: str = "\n", cut: bool = True) -> Run:
    """One paragraph's inlines.

    Args:
        inlines: pandoc inlines.
        numbers: printed numbers of LaTeX labels.
        breaks: what a forced line break becomes.
        cut: a display formula interrupts the text; else it stands in it as `$...$`.
    """
    writer = Writer(numbers, breaks=breaks, cut=cut)
    writer.write(inlines)
    return writer.finish()


def plain_text(inlines: Sequence[Node]) -> str:
    """The text of inlines in one line, without notes."""
    return read_inlines(inlines, {}, breaks=" ").text


def plain_number(latex: str) -> str:
    r"""A number that was set as maths: `5.97 \times 10^{24}` -> `5.97 × 10^24`."""
    text = re.sub(r"\\(?:times|cdot)", "×", latex).replace("\\%", "%").replace("-", "−")
    text = re.sub(r"\s*×\s*", " × ", text)
    return re.sub(r"10\s*\^\s*\{?\s*([-−]?\d+)\s*\}?", r"10^\1", text).strip()
