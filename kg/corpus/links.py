"""Links between documents of the corpus: relative paths and names of files that stand in the text's links."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from schemas.element import Elements


def links(documents: Sequence[Elements]) -> tuple[tuple[str, str, str], ...]:
    """(element id, document or element id, link text), sorted; links that leave the corpus are left out."""
    by_path: dict[str, Elements] = {}
    for elements in documents:
        for path in elements.document.paths:
            by_path[path] = elements
    found: set[tuple[str, str, str]] = set()
    for elements in documents:
        folder = posixpath.dirname(elements.document.paths[0]) if elements.document.paths else ""
        for element in elements.elements:
            for link in element.links:
                target = _target(link.uri, folder, by_path) if link.uri else None
                if target and target[0].document.id != elements.document.id:
                    found.add((element.id, _anchor(*target), link.text))
    return tuple(sorted(found))


def _target(uri: str, folder: str, by_path: dict[str, Elements]) -> tuple[Elements, str] | None:
    parts = urlsplit(uri)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path = posixpath.normpath(posixpath.join(folder, unicodedata.normalize("NFC", unquote(parts.path))))
    return (by_path[path], parts.fragment) if path in by_path else None


def _anchor(elements: Elements, fragment: str) -> str:
    if fragment:
        for element in elements.elements:
            if fragment in element.anchors:
                return element.id
    return elements.document.id
