"""Ladybug's text of a query: variable lengths written out, relationships used once, self-loops once.

Each shape of the plan (`kg.cypher.shape`) becomes a row of single hops, and several shapes a UNION ALL. Checked against
Neo4j and a literal enumeration: different ids for each pair of links that might be one relationship; distinct keys of
all nodes and links where a hop is undirected, because Ladybug gives a self-loop there twice.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Final, final

from kg.cypher import ast
from kg.cypher.dialects.writer import Env, Writer, is_element, quoted, refuse
from kg.cypher.pipeline import Matched, Projected, Stage, Unwound, pipeline
from kg.cypher.plan import plan
from kg.cypher.project import aggregates_in
from kg.cypher.shape import Cross, Link, Shape, shapes

MOST_LINKS: Final = 2
"""Hops of one MATCH among which a condition on two of them is safe where it stands."""


def rewritten(query: ast.Query) -> str:
    """See `kg.cypher.dialects.ladybug`."""
    stages = pipeline(query).stages
    first = stages[0]
    if not isinstance(first, Matched) or first.optional:
        return _branch(stages, None, query)
    found = shapes(first.plan)
    if len(found) > 1 and not all(_row_wise(stage) for stage in stages):
        raise refuse(query, "several lengths under an aggregate, DISTINCT or an order")
    return " UNION ALL ".join(_branch(stages, shape, query) for shape in found)


def _follows(shape: Shape, k: int) -> bool:
    """Whether a link goes on from the link before it."""
    before, link = shape.links[k - 1], shape.links[k]
    return k > 0 and before.target == link.source and before.clause == link.clause


def _row_wise(stage: Stage) -> bool:
    """Whether what a stage makes of several sets of rows is the union of what it makes of each."""
    if not isinstance(stage, Projected):
        return True
    part = stage.projection
    expressions = [item.expression for item in part.items if item.expression is not None]
    return not (part.distinct or part.order or part.skip or part.limit or aggregates_in(expressions))


def _branch(stages: tuple[Stage, ...], shape: Shape | None, query: ast.Query) -> str:
    """One UNION branch: the first MATCH in one shape, then the other stages."""
    if shape is None:
        return _stages(stages, Env(), query)[1]
    if len(shape.links) > 1 or shape.cross or any(link.direction == 0 for link in shape.links):
        return _stepwise(shape, stages[1:], query)
    env, head = _matched(shape, Env(), "MATCH", "_")
    return f"{head} {_stages(stages[1:], env, query)[1]}"


def _stepwise(shape: Shape, stages: tuple[Stage, ...], query: ast.Query) -> str:
    """One MATCH for each link, and a WITH of what is bound behind it.

    Several links or conditions in one MATCH lose or add rows in Ladybug 0.22, by the joins that it plans (measured: 7
    of 480 random trees; none of 480 link by link). A WITH DISTINCT puts the self-loops of an undirected hop right.
    """
    names = [_link_name(shape, k, "_") for k in range(len(shape.links))]
    bare = replace(shape, trails=(), cross=())
    env = replace(_matched(bare, Env(), "MATCH", "_")[0], folded=frozenset(names))
    for name in names:
        env.columns[name, "id"] = f"{name}.id"
    conditions = [f"({Writer(env, _subquery).expression(part.expression)})" for part in shape.cross]
    _, rest = _stages(stages, env, query)  # both say which columns they read
    steps = _Steps(shape, names, env)
    text = " ".join(steps.text(k) for k in _order_of(shape))
    return f"{text} {steps.alone(conditions)}{rest}"


@final
class _Steps:
    """The MATCH and WITH clauses of a shape, in the order in which they are asked for."""

    def __init__(self, shape: Shape, names: list[str], env: Env) -> None:
        self.shape, self.names, self.env = shape, names, env
        self.nodes = [_node_name(shape, k, "_") for k in range(len(shape.slots))]
        self.slots: list[int] = []
        self.links: list[int] = []

    def text(self, k: int) -> str:
        link = self.shape.links[k]
        new = [slot for slot in dict.fromkeys((link.source, link.target)) if slot not in self.slots]
        one = replace(self.shape, links=(link,), trails=(), cross=())
        conditions: list[str] = []
        (pattern,) = _patterns(one, self.nodes, [self.names[k]], {self.nodes[s] for s in self.slots}, conditions, new)
        conditions += _single(one, self.nodes, [self.names[k]], replace(self.env, folded=frozenset()), new)
        pairs = [pair for pair in self.shape.trails if k in pair and set(pair) <= {k, *self.links}]
        apart = [f"{quoted(f'{self.names[i]}.id')} <> {quoted(f'{self.names[j]}.id')}" for i, j in pairs]
        self.slots += new
        columns = [*map(quoted, (self.nodes[slot] for slot in self.slots)), *self._carried(), *self._made(k)]
        self.links.append(k)
        distinct = "DISTINCT " if link.direction == 0 else ""
        return f"MATCH {pattern}{_where(conditions)} WITH {distinct}{', '.join(columns)}{_where(apart)}"

    def alone(self, conditions: list[str]) -> str:
        """Slots that no link reaches, then the conditions on several elements."""
        left = [slot for slot in range(len(self.shape.slots)) if slot not in self.slots]
        tests: list[str] = []
        patterns = _patterns(replace(self.shape, links=()), self.nodes, [], set(), tests, left)
        tests += _single(replace(self.shape, links=()), self.nodes, [], self.env, left)
        head = f"MATCH {', '.join(patterns)}{_where(tests)} " if left else ""
        if not conditions:
            return head
        return f"{head}WITH {', '.join([*map(quoted, self.nodes), *self._carried()])}{_where(conditions)} "

    def _carried(self) -> list[str]:
        bound = {self.names[k] for k in self.links}
        return [quoted(column) for (name, _), column in self.env.columns.items() if name in bound]

    def _made(self, k: int) -> list[str]:
        """The columns of a link, while it is there."""
        name = quoted(self.names[k])
        return [
            f"{f'label({name})' if key == ':type' else f'{name}.{quoted(key)}'} AS {quoted(column)}"
            for (link, key), column in self.env.columns.items()
            if link == self.names[k]
        ]


def _order_of(shape: Shape) -> list[int]:
    """Links in the order of the text, each as soon as it touches what is bound."""
    left, bound, found = list(range(len(shape.links))), set[int](), list[int]()
    while left:
        ends = {k: {shape.links[k].source, shape.links[k].target} for k in left}
        k = next((k for k in left if ends[k] & bound), left[0])
        bound |= ends[k]
        left.remove(k)
        found.append(k)
    return found


def _where(conditions: list[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _stages(stages: tuple[Stage, ...], env: Env, query: ast.Query) -> tuple[Env, str]:
    texts = []
    folded = env
    for stage in stages:
        env, text = _stage(stage, env, query)
        texts.append(text)
    return folded, " ".join(texts)


def _stage(stage: Stage, env: Env, query: ast.Query) -> tuple[Env, str]:
    match stage:
        case Matched(plan=made, optional=optional):
            found = shapes(made)
            if len(found) > 1:
                raise refuse(query, "several lengths in a later MATCH")
            if any(link.direction == 0 for link in found[0].links):
                raise refuse(query, "an undirected hop in a later MATCH")
            if found[0].trails and len(found[0].links) > MOST_LINKS:
                raise refuse(query, "more than two hops of one type in a later MATCH")
            if optional and (made.paths or any(hop.ranged for hop in made.hops)):
                raise refuse(query, "a path or a length in OPTIONAL MATCH")
            return _matched(found[0], env, "OPTIONAL MATCH" if optional else "MATCH", f"_{len(env.scope)}_")
        case Unwound(source=source, name=name):
            if is_element(source, env) or is_element(ast.Call(name="head", arguments=(source,)), env):
                raise refuse(query, "UNWIND of nodes or relationships")
            after = replace(env, scope={**env.scope, name: "value"})
            return after, f"UNWIND {Writer(env, _subquery).expression(source)} AS {quoted(name)}"
        case Projected():
            return _projected(stage, env)


# MATCH ----------------------------------------------------------------------------------------------------------------


def _node_name(shape: Shape, slot: int, prefix: str, env: Env | None = None) -> str:
    names = shape.slots[slot].names
    outer = [env.nodes[name] for name in names if env is not None and name in env.nodes]
    named = [name for name in names if not name.startswith("#") and "." not in name]
    return next(iter([*outer, *named]), f"{prefix}n{slot}")


def _link_name(shape: Shape, k: int, prefix: str) -> str:
    name = shape.links[k].hop
    return name if shape.relationships.get(name) == k and not name.startswith("#") else f"{prefix}r{k}"


def _matched(shape: Shape, env: Env, word: str, prefix: str) -> tuple[Env, str]:
    """The clause, and the names after it."""
    nodes = [_node_name(shape, k, prefix, env) for k in range(len(shape.slots))]
    links = [_link_name(shape, k, prefix) for k in range(len(shape.links))]
    lists = {name: found for name, found in shape.relationships.items() if isinstance(found, tuple)}
    after = replace(
        env,
        scope={**env.scope, **shape.plan.scope},
        nodes={**env.nodes, **{name: nodes[k] for k, slot in enumerate(shape.slots) for name in slot.names}},
        links={**env.links, **{name: links[k] for name, k in shape.relationships.items() if isinstance(k, int)}},
        lists={**env.lists, **{name: tuple(links[k] for k in found) for name, found in lists.items()}},
        paths={
            **env.paths,
            **{
                name: (tuple(nodes[k] for k in slots), tuple(links[k] for k in numbers))
                for name, (slots, numbers) in shape.paths.items()
            },
        },
    )
    bound = set(env.nodes.values())
    slots = list(range(len(shape.slots)))
    conditions = [*_single(shape, nodes, links, after, slots), *_several(shape, links, after)]
    patterns = _patterns(shape, nodes, links, bound, conditions, slots)
    return after, f"{word} {', '.join(patterns)}{_where(conditions)}"


def _patterns(
    shape: Shape, nodes: list[str], links: list[str], bound: set[str], conditions: list[str], new: list[int]
) -> list[str]:
    """Chains of links as they follow each other, and slots that no link reaches; labels where a slot stands first.

    A chain that is cut into parts with commas loses rows of undirected hops in Ladybug 0.22 (measured).
    """
    seen: set[int] = set()

    def node(slot: int) -> str:
        labels = shape.slots[slot].labels
        first = slot not in seen and slot in new
        seen.add(slot)
        if labels is None or not first:
            return f"({quoted(nodes[slot])})"
        if nodes[slot] in bound or not labels:  # a label in a later pattern is another meaning in Ladybug
            conditions.append(" OR ".join(f"label({quoted(nodes[slot])}) = '{label}'" for label in labels) or "false")
            conditions[-1] = f"({conditions[-1]})"
            return f"({quoted(nodes[slot])})"
        return f"({quoted(nodes[slot])}:{'|'.join(map(quoted, labels))})"

    found: list[str] = []
    for k, link in enumerate(shape.links):
        if _follows(shape, k):
            found[-1] += f"{_arrow(link, links[k])}{node(link.target)}"
        else:
            found.append(f"{node(link.source)}{_arrow(link, links[k])}{node(link.target)}")
    return found + [node(slot) for slot in new if slot not in seen]


def _arrow(link: Link, name: str) -> str:
    types = ":" + "|".join(map(quoted, link.types)) if link.types else ""
    return f"{'<' if link.direction < 0 else ''}-[{quoted(name)}{types}]-{'>' if link.direction > 0 else ''}"


def _single(shape: Shape, nodes: list[str], links: list[str], env: Env, new: list[int]) -> list[str]:
    """Conditions on one element: the links and the new slots."""
    found = []
    for k, slot in ((k, shape.slots[k]) for k in new):
        for name, expression in slot.masks:
            about = replace(env, nodes={**env.nodes, name: nodes[k]}, scope={**env.scope, name: "node"})
            found.append(Writer(about, _subquery).expression(expression))
    for k, link in enumerate(shape.links):
        for name, expression in link.masks:
            about = replace(env, links={**env.links, name: links[k]}, scope={**env.scope, name: "relationship"})
            found.append(Writer(about, _subquery).expression(expression))
    return [f"({text})" for text in found]


def _several(shape: Shape, links: list[str], env: Env) -> list[str]:
    """No relationship twice; conditions on several elements."""
    writer = Writer(env, _subquery)
    found = [f"{writer.link(links[i], 'id')} <> {writer.link(links[j], 'id')}" for i, j in shape.trails]
    found += [writer.expression(part.expression) for part in shape.cross]
    return [f"({text})" for text in found]


def _subquery(part: ast.Subquery, env: Env) -> str:
    """EXISTS: one of the shapes; COUNT: the sum over the shapes, each undirected hop in both directions."""
    named = {name: kind for name, kind in env.scope.items() if not name.startswith("#")}
    inner = plan(ast.Query(clauses=part.matches, line=part.line, column=part.column), outer=named)
    prefix = f"_{part.line}_{part.column}_"
    found = [each for shape in shapes(inner) for each in (_oriented(shape) if part.kind == "count" else [shape])]
    texts = []
    for shape in found:
        outer = {slot for slot in range(len(shape.slots)) if _outer(shape, slot, env)}
        if any({link.source, link.target} <= outer for link in shape.links) or len(outer) == len(shape.slots):
            raise refuse(part, "a subquery between nodes that are known")
        if shape.trails and len(shape.links) > MOST_LINKS:
            raise refuse(part, "more than two hops of one type in a subquery")
        _, text = _matched(shape, env, "MATCH", prefix)
        texts.append(f"{part.kind.upper()} {{ {text} }}")
    return f"({(' OR ' if part.kind == 'exists' else ' + ').join(texts)})"


def _outer(shape: Shape, slot: int, env: Env) -> bool:
    return any(name in env.nodes for name in shape.slots[slot].names)


def _oriented(shape: Shape) -> list[Shape]:
    """A shape with its undirected hops directed, in each way; a self-loop only forwards."""
    either = [k for k, link in enumerate(shape.links) if link.direction == 0]
    found = []
    for ways in product((1, -1), repeat=len(either)):
        links = list(shape.links)
        cross = list(shape.cross)
        for k, way in zip(either, ways, strict=True):
            links[k] = replace(links[k], direction=1 if way > 0 else -1)
        backwards = [links[k] for k, way in zip(either, ways, strict=True) if way < 0]
        if any(link.source == link.target for link in backwards):
            continue
        for link in backwards:
            one, two = (shape.slots[slot].names[0] for slot in (link.source, link.target))
            apart = ast.Binary(op="<>", left=ast.Variable(name=one), right=ast.Variable(name=two))
            cross.append(Cross(apart, frozenset(), frozenset()))
        found.append(replace(shape, links=tuple(links), cross=tuple(cross)))
    return found


# WITH and RETURN ------------------------------------------------------------------------------------------------------


def _projected(stage: Projected, env: Env) -> tuple[Env, str]:
    part, writer = stage.projection, Writer(env, _subquery)
    items, columns, seen = [], {}, set[str]()
    after = Env(folded=env.folded, columns=env.columns)
    for item in part.items:
        assert item.expression is not None
        text, after = _item(item, writer, after, last=stage.last)
        while stage.last and text in seen:  # one expression twice confuses UNION ALL
            text = f"coalesce({text}, {text})"
        seen.add(text)
        items.append(f"{text} AS {quoted(item.column_name)}")
        columns[item.expression] = quoted(item.column_name)
    text = f"{'RETURN' if stage.last else 'WITH'} {'DISTINCT ' if part.distinct else ''}{', '.join(items)}"
    names = {item.column_name for item in part.items}
    if part.order:
        orders = [_order(each, writer, columns, names) for each in part.order]
        text += " ORDER BY " + ", ".join(orders)
        if not stage.last and part.skip is None and part.limit is None:
            raise refuse(part, "ORDER BY in a WITH without LIMIT")
    for word, amount in (("SKIP", part.skip), ("LIMIT", part.limit)):
        text += f" {word} {writer.expression(amount)}" if amount is not None else ""
    if stage.where is not None:
        unnamed = set(ast.names_in(stage.where)) - names
        if unnamed:
            raise refuse(stage.where, "a WHERE after WITH on a variable that WITH does not name")
        text += f" WHERE {Writer(after, _subquery).expression(stage.where)}"
    return after, text


def _item(item: ast.Item, writer: Writer, after: Env, *, last: bool) -> tuple[str, Env]:
    """The text of a column, and the names with it."""
    expression, name = item.expression, item.column_name
    assert expression is not None
    if last or not is_element(expression, writer.env):
        return writer.expression(expression), replace(after, scope={**after.scope, name: "value"})
    if isinstance(expression, ast.Variable) and expression.name in writer.env.nodes:
        scope = {**after.scope, name: writer.env.scope[expression.name]}
        return quoted(writer.env.nodes[expression.name]), replace(after, scope=scope, nodes={**after.nodes, name: name})
    raise refuse(item, "a relationship, a path or a computed node in WITH")


def _order(part: ast.Order, writer: Writer, columns: dict[ast.Expr, str], names: set[str]) -> str:
    expression = part.expression
    if isinstance(expression, ast.Variable) and expression.name in names:
        text = quoted(expression.name)
    else:
        text = columns.get(expression) or writer.expression(expression)
    return f"{text}{' DESC' if part.descending else ''}"
