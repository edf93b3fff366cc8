"""Pandoc's tree without its wrappers: blocks with the context that Divs and quotes give them, inlines of any block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from extraction.readers.pandoc_inlines import Node
from schemas.element import ChunkRole
from schemas.errors import DocumentError

MAX_NESTING: Final = 100
_ROLES: Final[dict[str, ChunkRole]] = {"header": "header", "footer": "footer", "nav": "header", "footnotes": "footnote"}


@dataclass(frozen=True, slots=True)
class Item:
    """A block with what the containers around it say."""

    node: Node
    anchors: tuple[str, ...] = ()
    style: str = ""
    """Word's paragraph style, lower case."""
    role: ChunkRole = "text"
    wrapped: bool = False
    """Stands in a table's wrapper (JATS), where the paragraph before the table is its caption."""


def unwrapped(blocks: Sequence[Node], outer: Item | None = None, depth: int = 0) -> Iterator[Item]:
    """Blocks with Divs and quotes opened, so that a caption and its table are neighbours."""
    if depth > MAX_NESTING:
        raise DocumentError("too_nested", f"blocks nested more than {MAX_NESTING} deep")
    anchors = outer.anchors if outer else ()
    for node in blocks:
        kind = node["t"]
        context = replace(outer, node=node, anchors=anchors) if outer else Item(node)
        if kind == "Div":
            identifier, classes, named = node["c"][0]
            style = dict(named).get("custom-style", context.style).lower()
            role = next((_ROLES[name] for name in (*classes, identifier) if name in _ROLES), context.role)
            inner = replace(
                context,
                anchors=(*anchors, *([identifier] if identifier else [])),
                style=style,
                role=role,
                wrapped=context.wrapped or "table-wrap" in classes,
            )
            yield from unwrapped(node["c"][1], inner, depth + 1)
        elif kind == "BlockQuote":
            yield from unwrapped(node["c"], context, depth + 1)
        else:
            yield context
        anchors = ()


def content_of(node: Node) -> Any:
    """What a node holds; its shape depends on the type."""
    return node.get("c", [])


def anchors_of(item: Item, own: str) -> tuple[str, ...]:
    return (*item.anchors, own) if own and own not in item.anchors else item.anchors


def is_picture(node: Node) -> bool:
    if node["t"] == "Figure":
        return True
    return node["t"] in {"Para", "Plain"} and bool(node["c"]) and all(part["t"] == "Image" for part in node["c"])


def inlines_of(node: Node, depth: int) -> list[Node]:
    """The inlines of a block and of the blocks in it, with spaces between; nested tables are left out."""
    if depth > MAX_NESTING:
        raise DocumentError("too_nested", f"blocks nested more than {MAX_NESTING} deep")
    kind, content = node["t"], content_of(node)
    if kind in {"Para", "Plain"}:
        return list(content)
    if kind == "Header":
        return list(content[2])
    if kind == "CodeBlock":
        return [{"t": "Str", "c": content[1]}]
    groups: list[list[Node]] = []
    if kind == "LineBlock":
        return [part for line in content for part in (*line, {"t": "Space"})]
    if kind == "BulletList":
        groups = content
    elif kind == "OrderedList":
        groups = content[1]
    elif kind == "DefinitionList":
        groups = [[{"t": "Plain", "c": term}, *(b for d in definitions for b in d)] for term, definitions in content]
    elif kind == "BlockQuote":
        groups = [content]
    elif kind in {"Div", "Figure"}:
        groups = [content[-1]]
    return [part for group in groups for block in group for part in (*inlines_of(block, depth + 1), {"t": "Space"})]
