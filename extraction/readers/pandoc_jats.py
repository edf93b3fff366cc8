"""What pandoc leaves beside JATS tables and figures: captions, labels and identifiers go where they belong."""

from __future__ import annotations

import re
from typing import Any, Final

from extraction.readers.pandoc_inlines import Node, plain_text
from extraction.readers.references import own_label

_IDENTIFIER: Final = re.compile(r"^(?:doi:)?10\.\d{4,}/\S+$")
_FLOATS: Final = frozenset({"table", "fig"})


def settle_floats(blocks: list[Node]) -> None:
    """Changes the tree in place: a table wrapper's caption becomes its table's, with the label that links print.

    `<label>Table 1</label>` is dropped by pandoc, but the cross references that point there still say `Table 1`.
    """
    labels: dict[str, str] = {}
    _collect(blocks, labels)
    _settle(blocks, labels)


def _collect(node: Any, labels: dict[str, str]) -> None:
    """Target id -> printed label, from cross references to tables and figures."""
    if isinstance(node, list):
        for item in node:
            _collect(item, labels)
    elif isinstance(node, dict):
        if node.get("t") == "Link":
            attributes, inlines, (target, _) = node["c"]
            text = plain_text(inlines)
            if dict(attributes[2]).get("ref-type") in _FLOATS and own_label(text)[0]:
                labels.setdefault(target.removeprefix("#"), text)
        _collect(node.get("c"), labels)


def _settle(blocks: list[Node], labels: dict[str, str]) -> None:
    for block in blocks:
        if block["t"] == "Figure":
            attributes, caption, content = block["c"]
            block["c"][2] = [part for part in content if not _is_identifier(part)]
            _prefix(caption[1], labels.get(attributes[0]))
        elif block["t"] == "Div":
            if "table-wrap" in block["c"][0][1]:
                _wrapper(block, labels)
            _settle(block["c"][1], labels)


def _wrapper(block: Node, labels: dict[str, str]) -> None:
    (identifier, _, _), content = block["c"]
    table = next((part for part in content if part["t"] == "Table"), None)
    if table is None:
        return
    captions = [part for part in content if part["t"] == "Div" and "caption" in part["c"][0][1]]
    text: list[Node] = []
    for caption in captions:
        for part in caption["c"][1]:
            inlines = part["c"][2] if part["t"] == "Header" else part["c"] if part["t"] in {"Para", "Plain"} else []
            text += [*inlines, {"t": "Space"}]
    if text and not table["c"][1][1]:
        table["c"][1][1] = [{"t": "Plain", "c": text}]
    _prefix(table["c"][1][1], labels.get(identifier))
    # The picture in the wrapper shows the same table.
    block["c"][1] = [
        part for part in content if part not in captions and not _is_identifier(part) and not _is_image(part)
    ]


def _prefix(caption: list[Node], label: str | None) -> None:
    if label and caption and caption[0]["t"] in {"Para", "Plain"} and own_label(plain_text(caption[0]["c"]))[0] is None:
        caption[0]["c"][:0] = [{"t": "Str", "c": f"{label}:"}, {"t": "Space"}]


def _is_identifier(block: Node) -> bool:
    return block["t"] in {"Para", "Plain"} and bool(_IDENTIFIER.match(plain_text(block["c"])))


def _is_image(block: Node) -> bool:
    return block["t"] in {"Para", "Plain"} and bool(block["c"]) and all(part["t"] == "Image" for part in block["c"])
