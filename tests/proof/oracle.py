"""Section 6 of the design, read literally: every assignment of nodes is tried, every element is read. Slow on purpose.

It shares with the code under test only `kg.values` (what "equal" means) and the definition of the pattern.
"""

from itertools import product

from kg.values import canonical, compatible
from kg.values.name import singular
from schemas.fact import Value


class Graph:
    """Nodes and edges as lists of dicts."""

    def __init__(self, nodes, edges):
        self.nodes = {node["id"]: {**node["properties"], "id": node["id"], "label": node["label"]} for node in nodes}
        self.edges = [(edge["type"], edge["source"], edge["target"]) for edge in edges]

    def of(self, label):
        return [node for node in self.nodes.values() if node["label"] == label]

    def out(self, type_, source):
        return [target for kind, start, target in self.edges if kind == type_ and start == source]


def value(fact):
    if fact["kind"] == "number":
        return Value(
            kind="number",
            text=fact["text"],
            number=fact["exact"],
            unit=fact["unit"],
            scale=0,
            decimals=fact["decimals"],
        )
    return Value(kind="text", text=fact["text"])


def assignments(graph, pattern):
    """Every way to give the variables nodes so that each hop has an edge of its own.

    pattern: ({variable: label}, [(source variable, type, target variable)]).
    """
    labels, hops = pattern
    names = list(labels)
    for choice in product(*(graph.of(labels[name]) for name in names)):
        row = {name: node["id"] for name, node in zip(names, choice, strict=True)}
        options = [
            [k for k, edge in enumerate(graph.edges) if edge == (kind, row[source], row[target])]
            for source, kind, target in hops
        ]
        if any(len(set(used)) == len(used) for used in product(*options)):
            yield row


def holds(graph, claim, node_id, sample_row):
    """Whether a node satisfies a claim, by the words of the design."""
    node, wanted = graph.nodes[node_id], graph.nodes[sample_row[claim.variable]]
    if node["label"] == "Entity" and claim.property == "name":
        twins = {a if b == node_id else b for kind, a, b in graph.edges if kind == "SAME_AS" and node_id in (a, b)}
        return any(_named(graph.nodes[other], claim.value) for other in {node_id, *twins})
    if claim.property == "text" and wanted["kind"] == "number":
        return (node["kind"] == "number" and compatible(value(node), value(wanted))) or canonical(
            value(node)
        ) == claim.value
    if claim.property == "scope" and not claim.value:
        return True
    return canonical(node.get(claim.property) or "") == claim.value


def _named(entity, normal):
    return normal in [canonical(name) for name in (entity["name"], *entity["aliases"])]


def answer(graph, question, row):
    """The answer of one assignment; None where there is none."""
    kind, *rest = question
    if kind == "difference":
        one, two = (graph.nodes[row[name]] for name in rest)
        if one["kind"] != "number" or two["kind"] != "number" or one["unit"] != two["unit"]:
            return None
        decimals = max(one["decimals"], two["decimals"])
        from decimal import Decimal

        number = (Decimal(one["exact"]) - Decimal(two["exact"])).quantize(Decimal(1).scaleb(-decimals))
        return Value(kind="number", text=str(number), number=number, unit=one["unit"], decimals=decimals)
    return value(graph.nodes[row[rest[0]]])


def answers(graph, pattern, question, claims, sample_row):
    """Ans(C)."""
    for row in assignments(graph, pattern):
        if all(holds(graph, claim, row[claim.variable], sample_row) for claim in claims if claim.variable in row):
            found = answer(graph, question, row)
            if found is not None:
                yield found


def unique(graph, pattern, question, claims, row):
    own = answer(graph, question, row)
    return all(compatible(other, own) for other in answers(graph, pattern, question, claims, row))


def contested(graph, facts):
    """Facts with one fact key disagree, or a text with all claim words states another value only."""
    for id_ in facts:
        fact = graph.nodes[id_]
        for other in graph.of("Assertion"):
            if other["fact_key"] == fact["fact_key"] and not compatible(value(other), value(fact)):
                return True
        if fact["kind"] == "number" and any(_contradicts(graph, fact, chunk) for chunk in graph.of("Chunk")):
            return True
    return False


def words(text):
    stop = {"the", "of", "is", "a"}
    return [singular(word) for word in text.lower().replace(".", " . ").replace(" . ", " ").split() if word not in stop]


def _contradicts(graph, fact, chunk):
    """Texts of this oracle's worlds are `The <quantity> of <name> is <number>.` with an optional ` in <year>`."""
    if chunk["id"] == fact["element"]:
        return False
    have = set(words(chunk["text"]))
    subject = graph.out("SUBJECT", fact["id"])[0]
    names = [graph.nodes[subject]["name"], *graph.nodes[subject]["aliases"]]
    if not any(set(words(name)) <= have for name in names) or not set(words(fact["quantity"])) <= have:
        return False
    if fact["period"] and fact["period"] not in have:
        return False
    stated = Value(kind="number", text=chunk["number"], number=chunk["number"])
    same_dimension = fact["unit"] is None
    return same_dimension and not compatible(stated, value(fact))


def needed(graph, pattern, question, claims, row, group):
    """Whether the answer is lost or has a rival without a group of variables and what that cuts off."""
    labels, hops = pattern
    asked = set(question[1:])
    if set(group) & asked:
        return True
    left = [hop for hop in hops if hop[0] not in group and hop[2] not in group]
    kept, grown = {question[1]}, True
    while grown:
        more = {end for source, _, target in left for end in (source, target) if {source, target} & kept}
        grown, kept = not more <= kept, kept | more
    if not asked <= kept:
        return True
    part = ({name: label for name, label in labels.items() if name in kept}, [hop for hop in left if hop[0] in kept])
    own = answer(graph, question, row)
    return not all(compatible(other, own) for other in answers(graph, part, question, claims, row))


def hops(graph, pattern, question, claims, row):
    """Joins of groups (facts of one element) that are needed; single elements that say it all are not looked for."""
    groups = {}
    for name, label in pattern[0].items():
        if label == "Assertion":
            groups.setdefault(graph.nodes[row[name]]["element"], []).append(name)
    return sum(needed(graph, pattern, question, claims, row, group) for group in groups.values()) - 1
