"""From a stream of blocks in reading order to elements with ids, parents, order and resolved links.

Every reader feeds one `Assembler`, so that what an id, a parent or a resolved cross reference is has one meaning:
id = H(document, kind, text, occurrence), occurrence counting equal (kind, text) in reading order; parent = the
innermost open section; a link resolves to the first element that carries its anchor or its label.
"""

from __future__ import annotations

import hashlib
import os
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.graph.ids import digest
from schemas.base import Place
from schemas.element import ChunkRole, Element, ElementKind, Grid, Link


def document_id(path: Path) -> str:
    """sha256 of the file's bytes, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store_blob(data: bytes, blobs: Path) -> str:
    """Writes an image's bytes to `blobs/<sha256>` and returns the sha256."""
    name = hashlib.sha256(data).hexdigest()
    target = blobs / name
    if not target.exists():
        # Another worker may write the same content: a rename is atomic, both write the same bytes.
        part = blobs / f"{name}.{os.getpid()}-{threading.get_ident()}.part"
        part.write_bytes(data)
        part.replace(target)
    return name


def grid_text(grid: Grid) -> str:
    """The text of a table element: cells joined by tabs, rows by line ends."""
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return "\n".join("\t".join(rows[row]) for row in sorted(rows))


class Assembler:
    """Collects the blocks of one document. Every method returns a handle for `amend`."""

    def __init__(self, document: str) -> None:
        self.document = document
        self._rows: list[dict[str, Any]] = []
        self._open: list[tuple[int, int]] = []
        """(level, handle) of the open sections, outermost first."""

    def section(
        self,
        text: str,
        *,
        level: int,
        places: Iterable[Place] = (),
        anchors: Iterable[str] = (),
        links: Iterable[Link] = (),
        label: str | None = None,
        **more: Any,
    ) -> int:
        """Opens a section; sections of the same or a deeper level end here. level: 1 = top."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        handle = self._add(
            "section", text, level=level, places=places, anchors=anchors, links=links, label=label, **more
        )
        self._open.append((level, handle))
        return handle

    def chunk(
        self,
        text: str,
        *,
        role: ChunkRole = "text",
        places: Iterable[Place] = (),
        links: Iterable[Link] = (),
        anchors: Iterable[str] = (),
        **more: Any,
    ) -> int:
        """A paragraph, list item, caption, footnote, running header or footer."""
        return self._add("chunk", text, role=role, places=places, links=links, anchors=anchors, **more)

    def table(self, grid: Grid, *, places: Iterable[Place] = (), **more: Any) -> int:
        """A table; more: label, caption, caption_place, head, head_place, notes, links, anchors, confidence."""
        return self._add("table", grid_text(grid), grid=grid, places=places, **more)

    def formula(self, latex: str, *, places: Iterable[Place] = (), label: str | None = None, **more: Any) -> int:
        """A display or inline formula. latex: without delimiters and without its number."""
        return self._add("formula", latex, places=places, label=label, **more)

    def image(self, text: str, *, blob: str | None, places: Iterable[Place] = (), **more: Any) -> int:
        """An image; text: alternative text, "" where there is none."""
        return self._add("image", text, blob=blob, places=places, **more)

    def amend(self, handle: int, **changes: Any) -> None:
        """Changes fields of a block that was added before, e.g. the caption that comes after a table."""
        self._rows[handle].update({key: _plain(key, value) for key, value in changes.items()})

    def field(self, handle: int, name: str) -> Any:
        """A field of a block as it stands now, None where it was not given."""
        return self._rows[handle].get(name)

    def last(self, kind: ElementKind) -> int | None:
        """Handle of the block that was added last, where it is of this kind."""
        return len(self._rows) - 1 if self._rows and self._rows[-1]["kind"] == kind else None

    def path(self) -> tuple[str, ...]:
        """Headings of the open sections, outermost first."""
        return tuple(self._rows[handle]["text"] for _, handle in self._open)

    def finish(self) -> tuple[Element, ...]:
        """All elements with ids, parents and order; links that point inside the document have a target."""
        seen: Counter[tuple[str, str]] = Counter()
        ids: list[str] = []
        for row in self._rows:
            key = (row["kind"], row["text"])
            ids.append(digest(self.document, *key, str(seen[key])))
            seen[key] += 1
        targets = self._targets(ids)
        return tuple(
            Element(
                id=ids[order],
                document=self.document,
                order=order,
                **{
                    **row,
                    "parent": None if row["parent"] is None else ids[row["parent"]],
                    "links": tuple(_resolved(link, targets, own=ids[order]) for link in row["links"]),
                },
            )
            for order, row in enumerate(self._rows)
        )

    def _add(self, kind: ElementKind, text: str, **fields: Any) -> int:
        parent = self._open[-1][1] if self._open else None
        row: dict[str, Any] = {"kind": kind, "text": unicodedata.normalize("NFC", text), "parent": parent, "links": ()}
        row.update({key: _plain(key, value) for key, value in fields.items() if value is not None})
        self._rows.append(row)
        return len(self._rows) - 1

    def _targets(self, ids: list[str]) -> dict[str, tuple[str, str | None]]:
        """`#anchor` or label -> (element id, the element's own label); the first element wins."""
        targets: dict[str, tuple[str, str | None]] = {}
        for element, row in zip(ids, self._rows, strict=True):
            own = row.get("label")
            for anchor in row.get("anchors", ()):
                targets.setdefault(f"#{anchor}", (element, own))
            if own:
                targets.setdefault(own, (element, own))
        return targets


def _plain(key: str, value: Any) -> Any:
    return tuple(value) if key in {"places", "links", "anchors", "notes"} else value


def _resolved(link: Link, targets: dict[str, tuple[str, str | None]], *, own: str) -> Link:
    """The link with its target, where its anchor (before its label) names an element of this document."""
    if link.target is not None:
        return link
    for key in (link.uri, link.label):
        if key and key in targets:
            target, label = targets[key]
            if target == own:
                return link
            uri = None if key == link.uri else link.uri
            return link.model_copy(update={"target": target, "label": link.label or label, "uri": uri})
    return link
