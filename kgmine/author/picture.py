"""The pattern of a template as a Mermaid flowchart, which GitHub and most editors draw."""

from __future__ import annotations

from collections.abc import Iterator

from kg.cypher.plan import Hop, joins
from kg.cypher.template import Template


def mermaid(template: Template) -> str:
    """Nodes by variable and label: thick is what the question tells of, dashed what it asks for."""
    return "\n".join(_lines(template))


def _lines(template: Template) -> Iterator[str]:
    plan, header = template.plan, template.header
    numbers = {node.name: f"n{k}" for k, node in enumerate(plan.nodes)}
    given = {text.partition(".")[0] for text in header.given}
    asked = (header.answer or "").partition(".")[0]
    yield "graph LR"
    for node in plan.nodes:
        label = "|".join(node.labels or ("any",))
        said = f"{node.name} : {label}" if node.named else label
        yield f'  {numbers[node.name]}("{_safe(said)}")' + (
            ":::asked" if node.name == asked else ":::given" if node.name in given else ""
        )
    for hop in plan.hops:
        yield f"  {_hop(hop, numbers)}"
    for one, two in dict.fromkeys(joins(plan)):
        yield f'  {numbers[one]} -.-|"="| {numbers[two]}'
    yield "  classDef given stroke-width:3px"
    yield "  classDef asked stroke-width:3px,stroke-dasharray:6 3"


def _hop(hop: Hop, numbers: dict[str, str]) -> str:
    ends = (hop.target, hop.source) if hop.direction < 0 else (hop.source, hop.target)
    length = f" {hop.low}..{hop.high}" if hop.ranged else ""
    line = "-->" if hop.direction else "---"
    return f'{numbers[ends[0]]} {line}|"{_safe("|".join(hop.types) or "any")}{length}"| {numbers[ends[1]]}'


def _safe(text: str) -> str:
    return text.replace('"', "#quot;").replace("|", " or ")
