r"""What pandoc leaves undone for LaTeX: `\input`, rows of displays, and the numbers that TeX prints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from extraction.readers.encoding import decoded
from extraction.readers.pandoc_inlines import Node
from schemas.errors import DocumentError

MAX_DEPTH: Final = 10
MAX_BYTES: Final = 20 << 20
"""Bytes of LaTeX after expanding inclusions."""

_INPUT: Final = re.compile(r"\\(?:input|include|subfile)\s*\{([^{}\n]*)\}")
_COMMENT: Final = re.compile(r"(?<!\\)(?:\\\\)*%")
_ENVIRONMENT: Final = re.compile(
    r"^\s*\\begin\{(equation|align|gather|multline|eqnarray|flalign|alignat|displaymath|math)(\*?)\}(.*)\\end\{\1\2\}\s*$",
    re.DOTALL,
)
_LABEL: Final = re.compile(r"\\label\s*\{([^{}]*)\}\s*")
_TAG: Final = re.compile(r"\\tag\*?\s*\{([^{}]*)\}\s*")
_UNNUMBERED: Final = re.compile(r"\\(?:nonumber|notag)\b\s*")
_TOKEN: Final = re.compile(r"\\begin\{[^}]*\}|\\end\{[^}]*\}|\\\\(?:\[[^\]]*\])?|\\.|[{}&]", re.DOTALL)
_ONE_NUMBER: Final = frozenset({"equation", "multline"})
_SIGNS: Final = r"^\s*(?:[=<>+-]|\\(?:leq?|geq?|approx|sim|equiv|times|cdot|quad|qquad|propto)\b)"


@dataclass(frozen=True, slots=True)
class FormulaRow:
    """One formula of a display. number: as printed, without parentheses; numbered: rows that TeX counts."""

    latex: str
    number: str | None
    labels: tuple[str, ...]
    numbered: int


def expand_inputs(path: Path, root: Path, files: list[str], stack: tuple[Path, ...] = ()) -> str:
    r"""The source with `\input` replaced by the files of its own folder; others stay as they are.

    Args:
        path: the file to read.
        root: the folder, resolved; nothing outside is read, not by a symlink either.
        files: collects the names of what was read, relative to `root`.
        stack: files that are being expanded; one of them is not included again.
    """
    if path.stat().st_size > MAX_BYTES:
        raise DocumentError("too_large", f"LaTeX above {MAX_BYTES} bytes")
    source = decoded(path.read_bytes())
    opened = (*stack, path.resolve())

    def replaced(match: re.Match[str]) -> str:
        line = source[source.rfind("\n", 0, match.start()) + 1 : match.start()]
        target = _inside(root, match[1].strip())
        if _COMMENT.search(line) or target is None or target in opened or len(stack) >= MAX_DEPTH:
            return match[0]
        name = target.relative_to(root).as_posix()
        files.append(name)
        if len(files) > 1000:
            raise DocumentError("too_large", "more than 1000 included files")
        return expand_inputs(target, root, files, opened)

    expanded = _INPUT.sub(replaced, source)
    if len(expanded) > MAX_BYTES:
        raise DocumentError("too_large", f"LaTeX above {MAX_BYTES} bytes")
    return expanded


def _inside(root: Path, name: str) -> Path | None:
    for candidate in (name, f"{name}.tex"):
        target = (root / candidate).resolve()
        if target.is_relative_to(root) and target.is_file():
            return target
    return None


def display_rows(latex: str) -> tuple[FormulaRow, ...]:
    """The formulas of one display: one for each row of align and its kin, continuation rows joined."""
    match = _ENVIRONMENT.match(latex)
    name, star, body = (match[1], match[2], match[3]) if match else ("", "*", latex)
    if name == "alignat":
        body = re.sub(r"^\s*\{\d+\}", "", body)
    pieces = _split_rows(body) if name not in _ONE_NUMBER | {""} else [body]
    joined: list[list[str]] = []
    for piece in pieces:
        continued = re.sub(r"^[\s&]*", "", _bare(piece))
        if joined and (piece.lstrip().startswith("&") or re.match(_SIGNS, continued)):
            joined[-1].append(piece)
        else:
            joined.append([piece])
    rows = (_row(pieces, starred=bool(star)) for pieces in joined)
    return tuple(row for row in rows if row.latex)


def _bare(piece: str) -> str:
    return _UNNUMBERED.sub("", _TAG.sub("", _LABEL.sub("", piece)))


def _row(pieces: list[str], *, starred: bool) -> FormulaRow:
    piece = " ".join(pieces)
    tag = _TAG.search(piece)
    bare = _without_alignment(_bare(piece))
    numbered = 0 if starred else sum(not (_TAG.search(part) or _UNNUMBERED.search(part)) for part in pieces)
    # A space before the full stop or comma that ends the sentence goes with it.
    bare = re.sub(r"\s*(?:\\,|\\;|\\ )?[.,;]$", "", re.sub(r"\s+", " ", bare).strip())
    return FormulaRow(bare, tag[1] if tag else None, tuple(_LABEL.findall(piece)), numbered)


def _tokens_at_top(body: str) -> Iterator[re.Match[str]]:
    """Row ends and alignment marks that belong to this environment, not to one inside."""
    depth = 0
    for token in _TOKEN.finditer(body):
        text = token[0]
        if text == "{" or text.startswith("\\begin{"):
            depth += 1
        elif text == "}" or text.startswith("\\end{"):
            depth -= 1
        elif depth == 0 and (text.startswith("\\\\") or text == "&"):
            yield token


def _split_rows(body: str) -> list[str]:
    pieces, start = [], 0
    for token in _tokens_at_top(body):
        if token[0] != "&":
            pieces.append(body[start : token.start()])
            start = token.end()
    return [*pieces, body[start:]]


def _without_alignment(body: str) -> str:
    pieces, start = [], 0
    for token in _tokens_at_top(body):
        if token[0] == "&":
            pieces.append(body[start : token.start()])
            start = token.end()
    return "".join([*pieces, body[start:]])


class Numbering:
    r"""Numbers equations, tables, figures and sections as TeX's article class does.

    The tree is changed in place: a numbered formula row gets `\tag{n}`, a caption without a label gets `Table n:` in
    front, a header gets the attribute `number`; so that what follows reads LaTeX like every other format.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, str] = {}
        self._count: Counter[str] = Counter()
        self._sections: list[int] = []

    def walk(self, node: Any) -> None:
        """node: any part of pandoc's JSON tree."""
        if isinstance(node, list):
            for item in node:
                self.walk(item)
        elif isinstance(node, dict):
            self._visit(node)
            for value in list(node.values()):
                self.walk(value)

    def _visit(self, node: Node) -> None:
        kind = node.get("t")
        if kind == "Math" and node["c"][0]["t"] == "DisplayMath":
            self._equation(node)
        elif kind == "Header":
            self._header(node)
        elif kind == "Table":
            self._captioned("Table", node["c"][0][0], node["c"][1])
        elif kind == "Figure" and not any(_holds(block, "Table") for block in node["c"][2]):
            self._captioned("Figure", node["c"][0][0], node["c"][1])
        elif kind == "Div" and node["c"][0][0]:
            # `\label` of a table lands on a Div around it.
            tables = [block for block in node["c"][1] if block.get("t") == "Table"]
            if tables and not tables[0]["c"][0][0]:
                tables[0]["c"][0][0] = node["c"][0][0]

    def _equation(self, node: Node) -> None:
        rows = []
        for row in display_rows(node["c"][1]):
            number = row.number
            if row.numbered:
                # A continued row has the number of its first line; TeX counts the others as well.
                number = str(self._count["equation"] + 1)
                self._count["equation"] += row.numbered
            for label in row.labels if number else ():
                self.numbers[label] = number or ""
            rows.append(
                row.latex
                + "".join(f"\\label{{{label}}}" for label in row.labels)
                + (f"\\tag{{{number}}}" if number else "")
            )
        node["c"][1] = rows[0] if len(rows) == 1 else "\\begin{gather*}" + "\\\\".join(rows) + "\\end{gather*}"

    def _header(self, node: Node) -> None:
        level, attributes = node["c"][0], node["c"][1]
        if "unnumbered" in attributes[1]:
            return
        self._sections = [*self._sections[:level], *([0] * (level - len(self._sections)))]
        self._sections[level - 1] += 1
        number = ".".join(map(str, self._sections))
        attributes[2].append(["number", number])
        if attributes[0]:
            self.numbers[attributes[0]] = number

    def _captioned(self, noun: str, label: str, caption: list[Any]) -> None:
        if not caption[1]:
            return
        self._count[noun] += 1
        number = str(self._count[noun])
        caption[1][0]["c"][:0] = [
            {"t": "Str", "c": f"{noun}"},
            {"t": "Space"},
            {"t": "Str", "c": f"{number}:"},
            {"t": "Space"},
        ]
        if label:
            self.numbers[label] = number


def _holds(node: Any, kind: str) -> bool:
    if isinstance(node, list):
        return any(_holds(item, kind) for item in node)
    if isinstance(node, dict):
        return node.get("t") == kind or _holds(node.get("c"), kind)
    return False
