"""Ladybug's text of a query: variable lengths written out, relationships used once, self-loops once.

Each shape of the plan (`kg.cypher.shape`) becomes one MATCH of single hops, and several shapes a UNION ALL. Checked
against Neo4j and a literal enumeration: `id(x) <> id(y)` for each pair of links that might be one relationship;
distinct keys of all nodes and links where a hop is undirected, because Ladybug gives a self-loop there twice.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Final

from kg.cypher import ast
from kg.cypher.dialects.writer import Env, Writer, is_element, quoted, refuse
from kg.cypher.pipeline import Matched, Projected, Stage, Unwound, pipeline
from kg.cypher.plan import plan
from kg.cypher.project import aggregates_in
from kg.cypher.shape import Cross, Link, Shape, shapes

MOST_LINKS: Final = 2
"""Hops of one MATCH among which a condition on two of them is safe where it stands."""
MOST_CYCLIC: Final = 3
"""Hops of a pattern with a cycle: of more Ladybug 0.22 loses rows (measured)."""


def rewritten(query: ast.Query) -> str:
    """See `kg.cypher.dialects.ladybug`."""
    stages = pipeline(query).stages
    first = stages[0]
    if not isinstance(first, Matched) or first.optional:
        return _branch(stages, None, query)
    found = [each for shape in shapes(first.plan) for each in (_oriented(shape) if _is_split(shape) else [shape])]
    for shape in found:
        if len(shape.links) > MOST_CYCLIC and _closes(shape):
            raise refuse(query, f"a cycle in a pattern of more than {MOST_CYCLIC} hops")
    if len(found) > 1 and not all(_row_wise(stage) for stage in stages):
        raise refuse(query, "several lengths, or undirected hops of a tree, under an aggregate, DISTINCT or an order")
    return " UNION ALL ".join(_branch(stages, shape, query) for shape in found)


def _closes(shape: Shape) -> bool:
    """Whether a link joins slots that other links join already."""
    group = list(range(len(shape.slots)))
    for link in shape.links:
        one, two = group[link.source], group[link.target]
        if one == two:
            return True
        group = [one if each == two else each for each in group]
    return False


def _is_split(shape: Shape) -> bool:
    """Undirected hops in more than one chain: joined by commas Ladybug 0.22 loses rows of them (measured)."""
    return any(link.direction == 0 for link in shape.links) and _chains(shape) > 1


def _chains(shape: Shape) -> int:
    return sum(not _follows(shape, k) for k in range(len(shape.links)))


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
    if shape.trails or shape.cross or any(link.direction == 0 for link in shape.links):
        env, head = _matched(replace(shape, trails=(), cross=()), Env(), "MATCH", "_")
        env = replace(env, folded=frozenset(_link_name(shape, k, "_") for k in range(len(shape.links))))
        where = _several(shape, [_link_name(shape, k, "_") for k in range(len(shape.links))], env)
        env, text = _stages(stages[1:], env, query)
        return f"{head} {_folded(shape, env)}{' WHERE ' if where else ''}{' AND '.join(where)} {text}"
    env, head = _matched(shape, Env(), "MATCH", "_")
    return f"{head} {_stages(stages[1:], env, query)[1]}"


def _stages(stages: tuple[Stage, ...], env: Env, query: ast.Query) -> tuple[Env, str]:
    texts = []
    folded = env
    for stage in stages:
        env, text = _stage(stage, env, query)
        texts.append(text)
    return folded, " ".join(texts)


def _folded(shape: Shape, env: Env) -> str:
    """A WITH of the columns that tell matches apart, and of those that later clauses read.

    Conditions on several elements stand behind it: in the WHERE of a MATCH of four hops Ladybug 0.22 lets some rows
    through that they exclude (measured).
    """
    nodes = [quoted(_node_name(shape, k, "_")) for k in range(len(shape.slots))]
    for k in range(len(shape.links)):
        env.columns.setdefault((_link_name(shape, k, "_"), "id"), f"{_link_name(shape, k, '_')}.id")
    links = [
        f"{f'label({quoted(link)})' if key == ':type' else f'{quoted(link)}.{quoted(key)}'} AS {quoted(column)}"
        for (link, key), column in env.columns.items()
    ]
    distinct = "DISTINCT " if any(link.direction == 0 for link in shape.links) else ""
    return f"WITH {distinct}{', '.join([*nodes, *links])}"


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
    conditions = [*_single(shape, nodes, links, after), *_several(shape, links, after)]
    patterns = _patterns(shape, nodes, links, bound, conditions)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return after, f"{word} {', '.join(patterns)}{where}"


def _patterns(shape: Shape, nodes: list[str], links: list[str], bound: set[str], conditions: list[str]) -> list[str]:
    """Chains of links as they follow each other, and slots that no link reaches; labels where a slot stands first.

    A chain that is cut into parts with commas loses rows of undirected hops in Ladybug 0.22 (measured).
    """
    seen: set[int] = set()

    def node(slot: int) -> str:
        labels = shape.slots[slot].labels
        first = slot not in seen
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
    return found + [node(slot) for slot in range(len(shape.slots)) if slot not in seen]


def _arrow(link: Link, name: str) -> str:
    types = ":" + "|".join(map(quoted, link.types)) if link.types else ""
    return f"{'<' if link.direction < 0 else ''}-[{quoted(name)}{types}]-{'>' if link.direction > 0 else ''}"


def _single(shape: Shape, nodes: list[str], links: list[str], env: Env) -> list[str]:
    """Conditions on one element."""
    found = []
    for k, slot in enumerate(shape.slots):
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
        if not shape.links and all(_outer(shape, k, env) for k in range(len(shape.slots))):
            raise refuse(part, "a subquery that matches nothing new")
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
