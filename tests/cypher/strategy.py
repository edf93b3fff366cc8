"""Random queries of the portable subset by hypothesis, production by production, over a small schema; random graphs.

`templates()` gives what a template may be: MATCH and WHERE, every named variable returned. `queries()` adds what only
`kgmine query` and `derive` take: OPTIONAL MATCH, WITH, UNWIND, aggregates, DISTINCT, ORDER BY, SKIP, LIMIT.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hypothesis import strategies as st

LABELS, TYPES = ("Entity", "Chunk", "Assertion"), ("MENTIONS", "SUBJECT")
NAMES = ("x", "y", "Zoë", "it's", "")


def random_rows(seed, nodes=6, edges=16):
    """Rows of a multigraph with self-loops and parallel edges; every label and type has every property somewhere."""
    rng = random.Random(seed)
    made = []
    for i in range(nodes):
        node = {
            "id": f"n{i}",
            "label": LABELS[i] if i < len(LABELS) else rng.choice(LABELS),
            "name": rng.choice([*NAMES, None]),
            "position": rng.choice([-1, 0, 1, 2, 3, None]),
            "score": rng.choice([-0.5, 0.0, 1.0, 2.5, None]),
            "flag": rng.choice([True, False, None]),
            "tags": rng.choice([["x"], ["x", "y"], ["y", "y", "z"], None]),
        }
        if i < len(LABELS):
            node.update(name="x", position=1, score=1.0, flag=True, tags=["x", "z"])
        made.append(node)
    links = []
    for k in range(edges):
        link = {
            "type": TYPES[k] if k < len(TYPES) else rng.choice(TYPES),
            "id": f"r{k}",
            "source": f"n{rng.randrange(nodes)}",
            "target": f"n{rng.randrange(nodes)}",
            "weight": rng.choice([1, 2, None]) if k >= len(TYPES) else 1,
            "source_text": rng.choice(["x", "y", None]) if k >= len(TYPES) else "x",
        }
        links.append(link)
    return made, links


@dataclass
class Names:
    """Variables in scope by kind."""

    nodes: list[str] = field(default_factory=list)
    edges: list[str] = field(default_factory=list)
    ranged: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    fresh: int = 0

    def new(self, letter):
        self.fresh += 1
        return f"{letter}{self.fresh}"

    @property
    def everything(self):
        return [*self.nodes, *self.edges, *self.ranged, *self.paths, *self.numbers, *self.strings]


def one(draw, *options):
    """One of several productions; the first is what hypothesis shrinks to."""
    return draw(st.sampled_from(options))


def chance(draw, percent):
    return draw(st.integers(0, 99)) < percent


# Patterns -----------------------------------------------------------------------------------------------------------


def node_text(draw, name, *, labels=25):
    label = ""
    if chance(draw, labels):
        label = ":" + "|".join(draw(st.lists(st.sampled_from(LABELS), min_size=1, max_size=2, unique=True)))
    props = one(draw, *[""] * 20, " {name: 'x'}", " {position: 1}")
    return f"({name}{label}{props})"


def hop_text(draw, names, *, fixed):
    types = one(draw, "", ":MENTIONS", ":SUBJECT", ":MENTIONS|SUBJECT")
    length = "" if fixed else one(draw, "", "", "", "*1..2", "*2", "*0..1", "*..2")
    name = ""
    if chance(draw, 60):
        name = names.new("r")
        (names.ranged if length else names.edges).append(name)
    props = " {weight: 1}" if not length and chance(draw, 8) else ""
    body = f"[{name}{types}{length}{props}]" if name or types or length or props else ""
    return one(draw, f"-{body}->", f"<-{body}-", f"-{body}-")


def chain_text(draw, names, hops, *, fixed, start=None):
    """One pattern part; nodes may be old ones, which makes trees and cycles."""
    text = node_text(draw, start or names.nodes[0])
    for _ in range(hops):
        if chance(draw, 12):
            name = one(draw, *names.nodes)
        else:
            name = names.new("v")
            names.nodes.append(name)
        text += hop_text(draw, names, fixed=fixed) + node_text(draw, name, labels=15)
    return text


def match_text(draw, names, *, fixed, hops=3):
    """A MATCH of one chain, or of several parts that share variables."""
    if not names.nodes:
        names.nodes.append(names.new("v"))
    parts, left = [], draw(st.integers(0, hops))
    while True:
        count = draw(st.integers(1, left)) if left else 0
        part = chain_text(draw, names, count, fixed=fixed, start=one(draw, *names.nodes))
        left -= count
        if count and chance(draw, 20):
            name = names.new("p")
            names.paths.append(name)
            part = f"{name} = {part}"
        parts.append(part)
        if not left:
            return "MATCH " + ", ".join(parts)


# Expressions --------------------------------------------------------------------------------------------------------


def number(draw, names, depth):
    leaves = ["1", "2", "0", "-1", "2.5", "null"]
    leaves += [f"{v}.{p}" for v in names.nodes for p in ("position", "score")] * 2
    leaves += [f"{e}.weight" for e in names.edges] + [f"length({p})" for p in names.paths] + names.numbers * 2
    if depth <= 0 or chance(draw, 50):
        return one(draw, *leaves)
    a = number(draw, names, depth - 1)
    return one(
        draw,
        lambda: f"({a} + {number(draw, names, depth - 1)})",
        lambda: f"({a} - {number(draw, names, depth - 1)})",
        lambda: f"{a} * 2",
        lambda: f"{a} % 3" if a != "null" else "1",
        lambda: f"abs({a})",
        lambda: f"coalesce({a}, 0)",
        lambda: f"-({a})",
        lambda: f"size({string(draw, names, depth - 1)})",
        lambda: f"size({one(draw, *names.nodes)}.tags)" if names.nodes else "3",
        lambda: f"CASE WHEN {boolean(draw, names, depth - 1)} THEN {a} ELSE 2 END",
        lambda: f"COUNT {{ {subquery(draw, names, depth - 1)} }}" if names.nodes else "4",
        lambda: f"floor({a})",
        lambda: f"sign({a})",
    )()


def string(draw, names, depth):
    leaves = ["'x'", "'y'", '"it\'s"', "''", "'Zo\\u00eb'", "null"]
    leaves += [f"{v}.name" for v in names.nodes] * 3 + [f"{v}.id" for v in [*names.nodes, *names.edges]]
    leaves += [f"type({e})" for e in names.edges] + [f"{e}.source_text" for e in names.edges] + names.strings * 2
    if depth <= 0 or chance(draw, 60):
        return one(draw, *leaves)
    a = string(draw, names, depth - 1)
    return one(
        draw,
        lambda: f"toUpper({a})",
        lambda: f"toLower({a})",
        lambda: f"coalesce({a}, '')",
        lambda: f"({a} + {string(draw, names, depth - 1)})",
        lambda: f"trim({a})",
        lambda: f"CASE {a} WHEN 'x' THEN 'is x' WHEN null THEN 'no' END",
        lambda: f"head({one(draw, *names.nodes)}.tags)" if names.nodes else "'z'",
    )()


def subquery(draw, names, depth):
    inner = Names(list(names.nodes), list(names.edges), fresh=names.fresh + 10 * (depth + 2))
    start = one(draw, *names.nodes)
    hops = draw(st.integers(1, 2))
    text = "MATCH " + chain_text(draw, inner, hops, fixed=chance(draw, 80), start=start)
    return text + (f" WHERE {boolean(draw, inner, depth - 1)}" if depth > 0 and chance(draw, 50) else "")


COMPARE = ("=", "<>", "<", "<=", ">", ">=")


def comparison(draw, names, depth):
    op = one(draw, *COMPARE)
    if chance(draw, 50):
        return f"{number(draw, names, depth)} {op} {number(draw, names, depth)}"
    return f"{string(draw, names, depth)} {op} {string(draw, names, depth)}"


def test(draw, names, depth):
    """A condition without AND, OR, NOT."""
    elements = [(a, b) for group in (names.nodes, names.edges) for a in group for b in group]
    productions = [
        lambda: comparison(draw, names, depth),
        lambda: comparison(draw, names, depth),
        lambda: (
            f"{string(draw, names, depth)} {one(draw, 'STARTS WITH', 'ENDS WITH', 'CONTAINS')} "
            f"{string(draw, names, depth)}"
        ),
        lambda: f"{one(draw, number, string)(draw, names, depth)} IS {one(draw, '', 'NOT ')}NULL",
        lambda: (
            f"{string(draw, names, depth)} IN {one(draw, chr(91) + chr(39) + 'x' + chr(39) + ', null]', '[]', '[' + repr('x') + ', ' + repr('y') + ']')}"
        ),
        lambda: f"{number(draw, names, depth)} IN [1, 2]",
        lambda: f"0 < {number(draw, names, depth)} <= 2",
    ]
    if names.nodes:
        v = one(draw, *names.nodes)
        productions += [
            lambda: f"{v}.flag",
            lambda: f"{string(draw, names, 0)} IN {v}.tags",
            lambda: (
                f"{one(draw, 'all', 'any', 'none', 'single')}(t IN {v}.tags WHERE t {one(draw, '=', '<>', '>')} 'x')"
            ),
            lambda: f"EXISTS {{ {subquery(draw, names, depth)} }}",
            lambda: f"COUNT {{ {subquery(draw, names, depth)} }} {one(draw, '>', '=', '<')} 1",
        ]
    if elements:
        productions.append(lambda: "{0} {2} {1}".format(*one(draw, *elements), one(draw, "=", "<>")))
    for path in names.paths:
        kind = one(draw, "all", "any", "none", "single")
        on = one(draw, f"nodes({path}) WHERE x.position > 0", f"relationships({path}) WHERE x.weight = 1")
        productions.append(lambda kind=kind, on=on: f"{kind}(x IN {on})")
    return one(draw, *productions)()


def boolean(draw, names, depth):
    if depth <= 0 or chance(draw, 50):
        return test(draw, names, max(depth, 0))
    a = boolean(draw, names, depth - 1)
    return one(
        draw,
        lambda: f"NOT ({a})",
        lambda: f"({a} AND {boolean(draw, names, depth - 1)})",
        lambda: f"({a} OR {boolean(draw, names, depth - 1)})",
        lambda: f"({a} XOR {boolean(draw, names, depth - 1)})",
    )()


# Queries ------------------------------------------------------------------------------------------------------------


@st.composite
def templates(draw):
    """`MATCH … [WHERE …] [MATCH … [WHERE …]] RETURN every named variable`."""
    names, parts = Names(), []
    fixed = chance(draw, 60)
    for _ in range(2 if chance(draw, 25) else 1):
        text = match_text(draw, names, fixed=fixed, hops=3 if not parts else 2)
        parts.append(text + (f" WHERE {boolean(draw, names, 2)}" if chance(draw, 70) else ""))
    return " ".join(parts) + " RETURN " + ", ".join(names.everything)


def clause(draw, names):
    """A clause between the first MATCH and RETURN."""

    def optional():
        text = "OPTIONAL " + match_text(draw, names, fixed=chance(draw, 80), hops=2)
        return text + (f" WHERE {boolean(draw, names, 1)}" if chance(draw, 50) else "")

    def unwind():
        name = names.new("u")
        if names.nodes and chance(draw, 50):
            source = f"{one(draw, *names.nodes)}.tags"
            text = f"UNWIND {source} AS {name}"
            names.strings.append(name)
        else:
            text = f"UNWIND [1, {number(draw, names, 0)}, 3] AS {name}"
            names.numbers.append(name)
        return text

    def group():
        kept = draw(st.lists(st.sampled_from(names.nodes), min_size=1, max_size=2, unique=True))
        name = names.new("g")
        text = f"WITH {', '.join(kept)}, {aggregate(draw, names)} AS {name}"
        where = f" WHERE {name} > 0" if chance(draw, 40) else ""
        names.nodes, names.edges, names.ranged, names.paths, names.strings = kept, [], [], [], []
        names.numbers = [name]
        return text + where

    def rename():
        name, new = one(draw, *names.nodes), names.new("w")
        text = f"WITH {'DISTINCT ' if chance(draw, 50) else ''}{name} AS {new}, {string(draw, names, 1)} AS s_{new}"
        where = f" WHERE {new}.position > 0" if chance(draw, 30) else ""
        names.nodes, names.edges, names.ranged, names.paths = [new], [], [], []
        names.numbers, names.strings = [], [f"s_{new}"]
        return text + where

    return one(draw, optional, optional, unwind, group, rename)()


def aggregate(draw, names):
    """A number: an aggregate over the rows of a group."""
    return one(
        draw,
        "count(*)",
        f"count({string(draw, names, 0)})",
        f"count(DISTINCT {string(draw, names, 0)})",
        f"sum({number(draw, names, 1)})",
        f"max({number(draw, names, 1)})",
        f"avg({number(draw, names, 1)})",
        f"min({number(draw, names, 1)})",
    )


@st.composite
def queries(draw):
    """A query with RETURN of values; ORDER BY over all columns wherever rows are cut."""
    names = Names()
    text = match_text(draw, names, fixed=chance(draw, 80), hops=2)
    text += f" WHERE {boolean(draw, names, 1)}" if chance(draw, 50) else ""
    for _ in range(draw(st.integers(0, 2))):
        text += " " + clause(draw, names)
    columns = [one(draw, number, string)(draw, names, 1) for _ in range(draw(st.integers(1, 2)))]
    columns = [f"{part} AS c{k}" for k, part in enumerate(columns)]
    if chance(draw, 50):
        columns.append(f"{aggregate(draw, names)} AS a0")
        if chance(draw, 30):
            columns.append(f"collect({string(draw, names, 0)}) AS l0")
    ordered = [part.rpartition(" AS ")[2] for part in columns if not part.startswith("collect")]
    text += f" RETURN {'DISTINCT ' if chance(draw, 25) else ''}{', '.join(columns)}"
    if chance(draw, 50):
        text += " ORDER BY " + ", ".join(name + one(draw, "", " DESC") for name in ordered)
        if len(ordered) == len(columns):
            text += one(draw, "", " LIMIT 3", " SKIP 1", " SKIP 1 LIMIT 2")
    return text
