"""From glyphs and bars of one display formula to LaTeX.

Order: radicals and fractions (widest bar first), accents, limits of large operators, then sub- and superscripts by
baseline and size. Matrices, cases and stretched braces are not understood; the caller lowers its confidence for them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from extraction.readers.pdf_symbols import FUNCTIONS, LIMITS, meaning
from runtime.pdf_model import Rule
from runtime.pdf_words import Glyph

SCRIPT: Final = 0.92
"""Share of the line's size below which a glyph is a script."""
RAISED: Final = 0.18
"""Share of the size that a script's baseline lies above the line's to be a superscript."""
LOWERED: Final = 0.07
CONTIGUOUS: Final = 0.75
"""Share of the size; a wider vertical gap ends the numerator or denominator of a bar."""


@dataclass(slots=True)
class Node:
    """A piece of LaTeX with its extent, points."""

    tex: str
    kind: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


def nodes_of(glyphs: Sequence[Glyph]) -> list[Node]:
    """Visible glyphs as nodes."""
    found: list[Node] = []
    for glyph in glyphs:
        if glyph.char.isspace():
            continue
        tex, kind = meaning(glyph)
        if tex:
            found.append(Node(tex, kind, *glyph.box, glyph.origin[1], glyph.size))
    return found


def latex(nodes: Sequence[Node], bars: Sequence[Rule]) -> str:
    """LaTeX of one row."""
    left = list(nodes)
    open_bars = sorted(bars, key=lambda bar: (bar.x0 - bar.x1, bar.y0))
    while open_bars:
        bar = open_bars.pop(0)
        inner = [other for other in open_bars if other.x0 >= bar.x0 - 1.5 and other.x1 <= bar.x1 + 1.5]
        node, used, eaten = _radical(bar, left, inner) or _fraction(bar, left, inner) or (None, [], [])
        if node is not None:
            left = [n for n in left if not any(n is u for u in used)] + [node]
            open_bars = [other for other in open_bars if other not in eaten]
    return re.sub(r"\s+", " ", _line(left)).strip() if left else ""


_Built = tuple[Node, list[Node], list[Rule]]


def _radical(bar: Rule, nodes: Sequence[Node], inner: Sequence[Rule]) -> _Built | None:
    sign = next(
        (n for n in nodes if n.kind == "radical" and abs(n.x1 - bar.x0) < 2.5 and n.y0 - 3 < bar.y0 < n.y1 + 3), None
    )
    if sign is None:
        return None
    body = [n for n in _over(bar, nodes) if n is not sign and bar.y0 < n.middle[1] < max(sign.y1, sign.base) + 6]
    if not body:
        return None
    bars = [other for other in inner if other.y0 > bar.y0]
    return _node(rf"\sqrt{{{latex(body, bars)}}}", [*body, sign], _base(body)), [*body, sign], bars


def _fraction(bar: Rule, nodes: Sequence[Node], inner: Sequence[Rule]) -> _Built | None:
    over = _over(bar, nodes)
    above = _contiguous([n for n in over if n.middle[1] < bar.y0], bar.y0, up=True)
    below = _contiguous([n for n in over if n.middle[1] > bar.y0], bar.y0, up=False)
    if not above or not below:
        return None
    upper = [b for b in inner if b.y0 < bar.y0 - 1]
    lower = [b for b in inner if b.y0 > bar.y0 + 1]
    size = max(n.size for n in (*above, *below))
    tex = rf"\frac{{{latex(above, upper)}}}{{{latex(below, lower)}}}"
    node = _node(tex, [*above, *below], bar.y0 + 0.25 * size)
    return node, [*above, *below], [*upper, *lower]


def _over(bar: Rule, nodes: Sequence[Node]) -> list[Node]:
    return [n for n in nodes if bar.x0 - 1.5 <= n.middle[0] <= bar.x1 + 1.5]


def _contiguous(nodes: Sequence[Node], y: float, *, up: bool) -> list[Node]:
    """Nodes reached from the bar without a wide vertical gap."""
    found: list[Node] = []
    edge = y
    for node in sorted(nodes, key=lambda n: y - n.y1 if up else n.y0 - y):
        if (edge - node.y1 if up else node.y0 - edge) > CONTIGUOUS * node.size:
            break
        found.append(node)
        edge = min(edge, node.y0) if up else max(edge, node.y1)
    return found


def _node(tex: str, parts: Sequence[Node], base: float, kind: str = "plain") -> Node:
    x0, y0 = min(n.x0 for n in parts), min(n.y0 for n in parts)
    x1, y1 = max(n.x1 for n in parts), max(n.y1 for n in parts)
    return Node(tex, kind, x0, y0, x1, y1, base, max(n.size for n in parts))


def _base(nodes: Sequence[Node]) -> float:
    """Baseline of most of the full-size nodes, by width."""
    size = max(n.size for n in nodes)
    weights: Counter[float] = Counter()
    for node in nodes:
        if node.size > 0.85 * size and node.kind in {"plain", "roman"}:
            weights[round(node.base)] += max(node.x1 - node.x0, 0.1)  # type: ignore[assignment]
    return max(weights.items(), key=lambda item: (item[1], -item[0]))[0] if weights else nodes[0].base


def _line(nodes: Sequence[Node]) -> str:
    size = max(n.size for n in nodes)
    row = _limits(_words(_accented(list(nodes), size)), size)
    return _scripted(sorted(row, key=lambda n: (n.x0, n.x1)), _base(row), max(n.size for n in row))


def _accented(nodes: list[Node], size: float) -> list[Node]:
    for accent in [n for n in nodes if n.kind == "accent"]:
        under = [
            n for n in nodes
            if n is not accent and n.kind != "accent" and n.x0 - 0.3 * n.size <= accent.middle[0] <= n.x1 + 0.3 * n.size
            and -1 <= n.y0 - accent.y0 < size
        ]  # fmt: skip
        body = min(under, key=lambda n: (abs(n.middle[0] - accent.middle[0]), n.x0), default=None)
        if body is None:
            continue
        made = _node(f"{accent.tex}{{{body.tex}}}", [body, accent], body.base)
        made.size = body.size
        nodes = [n for n in nodes if n is not accent and n is not body] + [made]
    return [n for n in nodes if n.kind != "accent"]


def _words(nodes: list[Node]) -> list[Node]:
    """Upright letters side by side are one word: a function, or text."""
    letters = sorted((n for n in nodes if n.kind == "roman"), key=lambda n: (round(n.base), n.x0))
    runs: list[list[Node]] = []
    for node in letters:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and abs(last.base - node.base) < 1
            and abs(last.size - node.size) < 0.5
            and node.x0 - last.x1 < 0.14 * node.size
        ):
            runs[-1].append(node)
        else:
            runs.append([node])
    made = [_word(run) for run in runs]
    return [n for n in nodes if n.kind != "roman"] + made


def _word(run: Sequence[Node]) -> Node:
    text = "".join(n.tex for n in run)
    kind = "large" if text in LIMITS else "plain"
    if text in FUNCTIONS:
        return _node(f"\\{text}", run, run[0].base, kind)
    return _node(rf"\mathrm{{{text}}}", run, run[0].base, kind)


def _limits(nodes: list[Node], size: float) -> list[Node]:
    """Scripts right above and below a large operator."""
    for operator in sorted((n for n in nodes if n.kind == "large"), key=lambda n: n.x0):
        small = [n for n in nodes if n is not operator and n.size < SCRIPT * size]
        low = _run(operator, [n for n in small if operator.y1 - 2.5 <= n.y0 < operator.y1 + size], size)
        high = _run(operator, [n for n in small if operator.y0 - size < n.y1 <= operator.y0 + 2.5], size)
        tex = operator.tex + (f"_{{{latex(low, ())}}}" if low else "") + (f"^{{{latex(high, ())}}}" if high else "")
        if low or high:
            made = _node(tex, [operator, *low, *high], operator.base, "done")
            nodes = [n for n in nodes if not any(n is used for used in (operator, *low, *high))] + [made]
    return nodes


def _run(operator: Node, nodes: Sequence[Node], size: float) -> list[Node]:
    """The run of neighbours that stands over or under the operator."""
    runs: list[list[Node]] = []
    for node in sorted(nodes, key=lambda n: n.x0):
        if runs and node.x0 - max(n.x1 for n in runs[-1]) < 0.45 * size:
            runs[-1].append(node)
        else:
            runs.append([node])
    near = [run for run in runs if run[0].x0 <= operator.x1 + 1 and max(n.x1 for n in run) >= operator.x0 - 1]
    middle = operator.middle[0]
    return min(near, key=lambda run: abs((run[0].x0 + max(n.x1 for n in run)) / 2 - middle), default=[])


def _scripted(row: Sequence[Node], base: float, size: float) -> str:
    parts: list[str] = []
    up: list[Node] = []
    down: list[Node] = []
    for node in row:
        place = _place(node, base, size, up, down)
        if place > 0:
            up.append(node)
        elif place < 0:
            down.append(node)
        else:
            parts.extend((_scripts(up, down), _spaced(node.tex)))
            up, down = [], []
    return "".join([*parts, _scripts(up, down)])


def _place(node: Node, base: float, size: float, up: Sequence[Node], down: Sequence[Node]) -> int:
    """1 superscript, -1 subscript, 0 on the line."""
    if node.kind in {"delimiter", "large", "done"} and node.size > SCRIPT * size:
        return 0
    off = base - node.base
    if node.size < 0.62 * size and (up or down):
        # The script of a script stays with the script before it.
        return 1 if max((*up, *down), key=lambda n: n.x1) in up else -1
    if node.size < SCRIPT * size:
        return 1 if off > RAISED * size else -1 if off < -LOWERED * size else 0
    # Typst and Word raise primes and stars without shrinking them.
    return 1 if node.tex in {r"\prime", "*"} and off > RAISED * size else 0


def _scripts(up: Sequence[Node], down: Sequence[Node]) -> str:
    return (f"_{{{latex(down, ())}}}" if down else "") + (f"^{{{latex(up, ())}}}" if up else "")


def _spaced(tex: str) -> str:
    return tex + " " if re.search(r"\\[A-Za-z]+$", tex) else tex
